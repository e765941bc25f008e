//===- Sorting.cpp - sort, topk, median -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "IndexingSupport.h"
#include "Native.h"
#include "Operators.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

struct Sorted {
  Value values, indices;
};

/// A dtype of kernels that keeps the order of `dtype`.
int64_t keyDType(int64_t dtype) {
  return GraphBuilder::isFloating(dtype) ? computeDType(dtype) : int64_t(DType::Int64);
}

Sorted sortAlong(GraphBuilder &b, Value v, int64_t dim, bool descending) {
  if (b.rank(v) == 0)
    return {v, b.full({}, 0.0, int64_t(DType::Int64))};
  auto op = graph::SortOp::create(b.b, b.loc, TypeRange{v.getType(), b.tensorType(b.sizes(v), int64_t(DType::Int64))},
                                  v, b.b.getI64IntegerAttr(dim), b.b.getBoolAttr(descending));
  return {b.note(op.getValues()), b.note(op.getIndices())};
}

/// Equal elements in the order in which torch's algorithm leaves them.
Sorted sortUnstably(GraphBuilder &b, Value v, int64_t dim, bool descending) {
  int64_t rank = b.rank(v), own = b.dtype(v), key = keyDType(own);
  // Large vectors of integers go to a radix sort, which is stable.
  bool radix = rank == 1 && !descending && b.isIntegral(own, false);
  Value lines = b.transpose(b.cast(v, key), dim, rank - 1);
  Value places =
      native(b, "sort", {lines}, {{b.sizes(lines), int64_t(DType::Int64)}}, rank - 1, {descending, radix})[0];
  places = b.transpose(places, dim, rank - 1);
  return {gatherOf(b, v, places, dim), places};
}

Sorted sorted(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dim = c.dim("dim", b.rank(v), -1), dtype = b.dtype(v);
  bool descending = c.flag("descending");
  if (b.isComplex(dtype))
    b.raise("RuntimeError", "sort(): input tensor must be of non-complex type");
  if (b.failed())
    return {v, v};
  std::optional<int64_t> n = b.rank(v) ? known(b.size(v, dim)) : std::nullopt;
  // Of up to 16 elements the algorithm is stable.
  bool asStable = b.rank(v) == 0 || (n && *n <= 16) || dtype == int64_t(DType::UInt64);
  return asStable || c.flag("stable") ? sortAlong(b, v, dim, descending) : sortUnstably(b, v, dim, descending);
}

Result sort(OpCall &c) {
  Sorted s = sorted(c);
  return {s.values, s.indices};
}
Result argsort(OpCall &c) { return sorted(c).indices; }

Result msort(OpCall &c) { return sortAlong(c.b, c.value("self"), 0, false).values; }

Result topk(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  if (b.rank(v) == 0)
    return {v, b.full({}, 0.0, int64_t(DType::Int64))};
  int64_t dim = c.dim("dim", b.rank(v), -1);
  Int k = c.integer("k");
  if (b.failed())
    return {};
  b.check(b.andBool(b.compareInt(arith::CmpIPredicate::sge, k, b.size(0)),
                    b.compareInt(arith::CmpIPredicate::sle, k, b.size(v, dim))),
          "RuntimeError", "selected index k out of range");
  // The kernel takes lines of the last dimension, in a dtype that keeps the order.
  int64_t rank = b.rank(v), have = b.dtype(v);
  int64_t dtype = keyDType(have);
  SmallVector<int64_t> last;
  for (int64_t d = 0; d < rank; ++d)
    if (d != dim)
      last.push_back(d);
  last.push_back(dim);
  SmallVector<int64_t> back(rank);
  for (auto [i, d] : llvm::enumerate(last))
    back[d] = i;
  Value lines = b.permute(b.cast(v, dtype), last);
  Sizes sizes = b.sizes(lines);
  sizes.back() = k;
  Values out = native(b, "topk", {lines}, {{sizes, dtype}, {sizes, int64_t(DType::Int64)}}, rank - 1,
                      {c.flag("largest", true), c.flag("sorted", true)});
  return {b.cast(b.permute(out[0], back), have), b.permute(out[1], back)};
}

Result kthvalue(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t rank = b.rank(v), dim = c.dim("dim", rank, -1), dtype = b.dtype(v);
  bool keepdim = c.flag("keepdim");
  Int k = c.integer("k");
  if (b.isComplex(dtype))
    b.raise("RuntimeError", "\"kthvalue_cpu\" not implemented for '" + b.scalarTypeName(dtype) + "'");
  if (b.failed())
    return {v, v};
  b.check(b.andBool(b.compareInt(arith::CmpIPredicate::sge, k, b.size(1)),
                    b.compareInt(arith::CmpIPredicate::sle, k, rank ? b.size(v, dim) : b.size(1))),
          "RuntimeError", "kthvalue(): selected number k out of range for dimension " + Twine(dim));
  if (rank == 0)
    return {v, b.full({}, 0.0, int64_t(DType::Int64))};
  Value last = b.transpose(b.cast(v, keyDType(dtype)), dim, rank - 1);
  Sizes lines = b.sizes(last);
  lines.pop_back();
  Value place = native(b, "kthvalue", {last, b.scalar(AV::integer(k), int64_t(DType::Int64))},
                       {{lines, int64_t(DType::Int64)}}, lines.size())[0];
  place = b.transpose(b.unsqueeze(place, rank - 1), dim, rank - 1);
  Value values = gatherOf(b, v, place, dim);
  if (keepdim)
    return {values, place};
  return {b.squeeze(values, dim), b.squeeze(place, dim)};
}

/// The lower middle one of the sorted elements; a NaN wins, or (nanmedian) is left out.
Result median(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  bool skipNan = c.schema.name == "nanmedian", whole = c.schema.argumentIndex("dim") < 0;
  constexpr int64_t longDType = int64_t(DType::Int64);
  if (whole)
    v = b.flatten(v);
  if (b.rank(v) == 0)
    return {v, b.full({}, 0.0, longDType)};
  int64_t d = whole ? 0 : c.dim("dim", b.rank(v));
  bool keep = !whole && c.flag("keepdim"), real = b.isFloating(b.dtype(v));
  Int n = b.size(v, d);
  Value nans = real ? b.reduce<graph::SumOp>(b.cast(b.predicate<graph::IsNanOp>(v), longDType), {d}, true) : Value();
  // Of no floats at all the median is NaN: one is put behind them.
  if (whole && real && b.range(n).min < 1) {
    v = b.concat({v, b.full({b.size(1)}, NAN, b.dtype(v))}, 0);
  } else {
    b.check(b.compareInt(arith::CmpIPredicate::sgt, n, b.size(0)), "IndexError",
            c.schema.name + "(): Expected reduction dim " + Twine(d) + " to have non-zero size.");
  }
  Sorted s = sortAlong(b, v, d, false); // NaNs come last
  Value place;
  Value zero = b.scalarInt(0, longDType), two = b.scalarInt(2, longDType);
  if (real) {
    Value count = b.sub(b.scalar(AV::integer(n), longDType), nans); // of numbers
    Value middle = b.binary<graph::FloorDivideOp>(b.binary<graph::MaximumOp>(b.add(count, -1.0), zero), two);
    // Any NaN: the first of them.
    place = skipNan ? middle : b.where(b.compare<graph::GtOp>(nans, zero), count, b.expand(middle, b.sizes(nans)));
  } else {
    Sizes line = b.sizes(v);
    line[d] = b.size(1);
    place = b.full(line, AV::integer(floorDiv(sub(n, b.size(1)), 2)), longDType);
  }
  auto gathered = [&](Value from) -> Value {
    Value out = graph::GatherOp::create(b.b, b.loc, b.tensorType(b.sizes(place), b.dtype(from)), from, place,
                                        b.b.getI64IntegerAttr(d));
    return keep ? out : b.squeeze(out, d);
  };
  if (whole)
    return gathered(s.values);
  return {gathered(s.values), gathered(s.indices)};
}

constexpr OperatorRow rows[] = {
    {"aten::sort", sort},
    {"aten::sort.stable", sort},
    {"aten::argsort", argsort},
    {"aten::argsort.stable", argsort},
    {"aten::msort", msort},
    {"aten::topk", topk},
    {"aten::kthvalue", kthvalue},
    {"aten::median", median},
    {"aten::median.dim", median},
    {"aten::nanmedian", median},
    {"aten::nanmedian.dim", median},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::sortingOperators() { return rows; }
