//===- Sorting.cpp - sort, topk, median -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Operators.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

struct Sorted {
  Value values, indices;
};

Sorted sortAlong(GraphBuilder &b, Value v, int64_t dim, bool descending) {
  if (b.rank(v) == 0)
    return {v, b.full({}, 0.0, int64_t(DType::Int64))};
  auto op = graph::SortOp::create(b.b, b.loc, TypeRange{v.getType(), b.tensorType(b.sizes(v), int64_t(DType::Int64))}, v,
                                  b.b.getI64IntegerAttr(dim), b.b.getBoolAttr(descending));
  return {b.note(op.getValues()), b.note(op.getIndices())};
}

Sorted sorted(OpCall &c) {
  Value v = c.value("self");
  return sortAlong(c.b, v, c.dim("dim", c.b.rank(v), -1), c.flag("descending"));
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
  // torch calls a NaN larger than any number, as sort does: largest first is sort's
  // descending order.
  Sorted s = sortAlong(b, v, dim, c.flag("largest", true));
  return {b.slice(s.values, dim, b.size(0), k), b.slice(s.indices, dim, b.size(0), k)};
}

Result kthvalue(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dim = c.dim("dim", b.rank(v), -1);
  bool keepdim = c.flag("keepdim");
  Int k = c.integer("k");
  if (b.failed() || b.rank(v) == 0)
    return {v, b.full({}, 0.0, int64_t(DType::Int64))};
  b.check(b.andBool(b.compareInt(arith::CmpIPredicate::sge, k, b.size(1)),
                    b.compareInt(arith::CmpIPredicate::sle, k, b.size(v, dim))),
          "RuntimeError", "kthvalue(): selected number k out of range for dimension " + Twine(dim));
  Sorted s = sortAlong(b, v, dim, false);
  Values out;
  for (Value x : {s.values, s.indices}) {
    Value y = b.select(x, dim, sub(k, b.size(1)));
    out.push_back(keepdim ? b.unsqueeze(y, dim) : y);
  }
  return {out[0], out[1]};
}

constexpr OperatorRow rows[] = {
    {"aten::sort", sort},       {"aten::sort.stable", sort}, {"aten::argsort", argsort},
    {"aten::argsort.stable", argsort}, {"aten::msort", msort}, {"aten::topk", topk},
    {"aten::kthvalue", kthvalue},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::sortingOperators() { return rows; }
