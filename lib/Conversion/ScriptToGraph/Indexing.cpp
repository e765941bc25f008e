//===- Indexing.cpp - elements chosen by tensors ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Index tensors become i64 with negative indices wrapped; the lowering checks
// that they are in range and raises torch's IndexError.
#include "IndexingSupport.h"
#include "OperatorCalls.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

constexpr int64_t kBool = int64_t(DType::Bool), kInt64 = int64_t(DType::Int64);

Value eval::wrapIndex(GraphBuilder &b, Value index, Int size) {
  Value v = b.cast(index, kInt64);
  Value negative = b.compare<graph::LtOp>(v, b.scalarInt(0, kInt64));
  return b.where(negative, b.add(v, b.scalar(AV::integer(size), kInt64)), v);
}

Value eval::nonzeroOf(GraphBuilder &b, Value v) {
  int64_t rank = b.rank(v);
  Sizes all{b.numel(v), b.size(rank)};
  auto op = graph::NonzeroOp::create(b.b, b.loc, b.tensorType(all, kInt64), b.b.getIndexType(), v);
  Int count = b.newSymbol(op.getCount(), {0, INT64_MAX});
  return b.slice(b.note(op.getIndices()), 0, b.size(0), count);
}

Value eval::scatterOf(GraphBuilder &b, Value v, Value index, Value source, int64_t dim, StringRef reduction) {
  // Only the part of the source that has an index is read.
  Sizes sizes = b.sizes(index);
  for (int64_t d = 0; d < b.rank(index); ++d)
    if (!equal(b.size(source, d), sizes[d]))
      source = b.slice(source, d, b.size(0), sizes[d]);
  b.mayRaise();
  return b.note(graph::ScatterOp::create(b.b, b.loc, v.getType(), v, index, source, b.b.getI64IntegerAttr(dim),
                                         b.b.getStringAttr(reduction)));
}

Value eval::gatherOf(GraphBuilder &b, Value v, Value index, int64_t dim) {
  b.mayRaise();
  return b.note(graph::GatherOp::create(b.b, b.loc, b.tensorType(b.sizes(index), b.dtype(v)), v, index,
                                        b.b.getI64IntegerAttr(dim)));
}

namespace {

bool isMask(GraphBuilder &b, Value v) { return b.dtype(v) == kBool || b.dtype(v) == int64_t(DType::UInt8); }

Result nonzero(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  if (b.rank(v) == 0) // a row of no indices, or none
    return b.slice(nonzeroOf(b, b.unsqueeze(v, 0)), 1, b.size(0), b.size(0));
  return nonzeroOf(b, v);
}

/// The indices of each dimension, as a list; a number counts as a vector of one.
Result nonzeroNumpy(OpCall &c) { // and where of a condition alone
  GraphBuilder &b = c.b;
  Value v = c.value(c.schema.arguments[0].name);
  if (b.rank(v) == 0)
    v = b.unsqueeze(v, 0);
  Value places = nonzeroOf(b, v);
  std::vector<AV> out;
  for (int64_t d = 0; d < b.rank(v); ++d)
    out.push_back(b.fresh(b.select(places, 1, b.size(d))));
  return AV::list(std::move(out));
}

//===----------------------------------------------------------------------===//
// Along one dimension
//===----------------------------------------------------------------------===//

Result embedding(OpCall &c) {
  GraphBuilder &b = c.b;
  Value weight = c.value("weight"), indices = c.value("indices");
  if (b.rank(weight) != 2) {
    b.raise("RuntimeError", "'weight' must be 2-D");
    return {};
  }
  if (b.dtype(indices) != kInt64 && b.dtype(indices) != int64_t(DType::Int32)) {
    b.raise("RuntimeError", "Expected tensor for argument #1 'indices' to have one of the following scalar types: "
                            "Long, Int; but got torch." +
                                b.scalarTypeName(b.dtype(indices)) +
                                "Tensor instead (while checking arguments for embedding)");
    return {};
  }
  b.mayRaise();
  return b.indexSelect(weight, b.cast(indices, kInt64), 0);
}

/// Rows that are looked up are made at most `max_norm` long, in place.
Result embeddingRenorm(OpCall &c) {
  GraphBuilder &b = c.b;
  AV self = c.tensor("self");
  Value weight = b.read(self), indices = b.flatten(b.cast(c.value("indices"), kInt64));
  int64_t dtype = b.dtype(weight);
  if (b.rank(weight) != 2) {
    b.raise("RuntimeError", "'self' must be 2-D");
    return {};
  }
  AV dims = AV::list({AV::integer(1, b.context())});
  Value norms = callOperator(b, "aten::norm.ScalarOpt_dim", {self, c.arg("norm_type"), dims, AV::boolean(true)});
  if (b.failed())
    return {};
  Int rows = b.size(weight, 0);
  Value used = scatterOf(b, b.full({rows}, 0.0, kBool), indices, b.full(b.sizes(indices), 1.0, kBool), 0, "none");
  Value limit = b.scalar(c.number("max_norm"), dtype);
  Value longer = b.binary<graph::BitwiseAndOp>(b.unsqueeze(used, 1), b.compare<graph::GtOp>(norms, limit));
  Value shorter = b.mul(weight, b.div(limit, b.add(norms, 1e-7)));
  b.write(self, b.where(b.expand(longer, b.sizes(weight)), shorter, weight));
  return self;
}

Result indexSelect(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), index = c.value("index");
  if (b.rank(index) > 1) {
    b.raise("IndexError", "index_select(): Index is supposed to be a vector");
    return {};
  }
  if (b.rank(v) == 0)
    return v;
  int64_t dim = c.dim("dim", b.rank(v));
  if (b.failed())
    return {};
  b.mayRaise();
  index = b.cast(index, kInt64);
  return b.indexSelect(v, b.rank(index) ? index : b.unsqueeze(index, 0), dim);
}

/// An index tensor reaches no further than `other` in any dimension but `dim` (-1: in none), where it
/// has elements at all.
void checkNoLarger(GraphBuilder &b, Value index, Value other, int64_t dim, const Twine &message) {
  AV fits = AV::boolean(true);
  for (int64_t d = 0; d < b.rank(index); ++d)
    if (d != dim)
      fits = b.andBool(fits, b.compareInt(arith::CmpIPredicate::sle, b.size(index, d), b.size(other, d)));
  if (fits.knownBool() == true)
    return;
  b.check(b.orBool(fits, b.compareInt(arith::CmpIPredicate::eq, b.numel(index), b.size(0))), "RuntimeError", message);
}

Result gather(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), index = c.value("index");
  bool numbers = b.rank(index) == 0;
  int64_t dim = c.dim("dim", b.rank(v));
  if (b.failed())
    return {};
  // A tensor without dimensions counts as one of one element.
  v = b.rank(v) ? v : b.unsqueeze(v, 0);
  index = numbers ? b.unsqueeze(index, 0) : index;
  AV none = b.compareInt(arith::CmpIPredicate::eq, b.numel(index), b.size(0));
  auto checkUnlessEmpty = [&](bool fits, const Twine &message) {
    if (!fits)
      b.check(none, "RuntimeError", message);
    return fits;
  };
  int64_t dtype = b.dtype(index);
  bool fits = checkUnlessEmpty(dtype == kInt64 || dtype == int64_t(DType::Int32),
                               "gather(): Expected dtype int32/int64 for index") &&
              checkUnlessEmpty(b.rank(v) == b.rank(index),
                               "Index tensor must have the same number of dimensions as input tensor");
  if (!fits) // it is empty
    return b.full(b.sizes(index), 0.0, b.dtype(v));
  index = b.cast(index, kInt64);
  checkNoLarger(b, index, v, dim, "Expected index to be no larger than self apart from dimension " + Twine(dim));
  Value out = gatherOf(b, v, index, dim);
  return numbers ? b.squeeze(out, 0) : out;
}

Result take(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  b.mayRaise();
  return b.indexSelect(b.flatten(v), wrapIndex(b, c.value("index"), b.numel(v)), 0);
}

/// What scatter's index must fit into.
void checkScattered(GraphBuilder &b, Value v, Value index, Value source, int64_t dim) {
  std::string message = ("Expected index to be no larger than self apart from dimension " + Twine(dim)).str();
  checkNoLarger(b, index, v, dim, message);
  checkNoLarger(b, index, source, -1, message + " and to be no larger size than src");
}

Result scatterWith(OpCall &c, Value source, StringRef reduction) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), index = b.cast(c.value("index"), kInt64);
  int64_t dim = c.dim("dim", b.rank(v));
  if (b.failed())
    return {};
  if (!source)
    source = b.full(b.sizes(index), c.arg("value"), b.dtype(v));
  bool scalar = b.rank(v) == 0;
  auto line = [&](Value x) { return b.rank(x) ? x : b.unsqueeze(x, 0); };
  v = line(v);
  index = line(index);
  source = line(source);
  if (b.rank(v) != b.rank(index) || b.rank(source) != b.rank(index)) {
    b.raise("RuntimeError", "Index tensor must have the same number of dimensions as self tensor");
    return {};
  }
  if (b.dtype(source) != b.dtype(v)) {
    b.raise("RuntimeError", "scatter(): Expected self.dtype to be equal to src.dtype");
    return {};
  }
  checkScattered(b, v, index, source, dim);
  if (b.failed())
    return {};
  Value out = scatterOf(b, v, index, source, dim, reduction);
  return scalar ? b.squeeze(out, 0) : out;
}

/// The reduction's name in graph.scatter.
StringRef reductionName(StringRef torchName) {
  return torchName == "add" ? "sum" : torchName == "multiply" ? "prod" : torchName;
}

Result scatterSource(OpCall &c) { return scatterWith(c, c.value("src"), "none"); }
Result scatterValue(OpCall &c) { return scatterWith(c, {}, "none"); }
Result scatterAdd(OpCall &c) { return scatterWith(c, c.value("src"), "sum"); }
Result scatterReduceOld(OpCall &c) {
  return scatterWith(c, c.has("src") ? c.value("src") : Value(), reductionName(c.string("reduce")));
}

/// What a reduction of nothing is; the mean is a sum.
Value neutral(GraphBuilder &b, ArrayRef<Int> sizes, StringRef reduction, int64_t dtype) {
  if (reduction == "sum" || reduction == "mean" || reduction == "prod")
    return b.full(sizes, reduction == "prod" ? 1.0 : 0.0, dtype);
  bool largest = reduction == "amax";
  if (b.isFloating(dtype))
    return b.full(sizes, largest ? -INFINITY : INFINITY, dtype);
  if (dtype == kBool)
    return b.full(sizes, largest ? 0.0 : 1.0, dtype);
  unsigned bits = 8 * dtypeSize(dtype);
  int64_t least = b.isUnsigned(dtype) ? 0 : INT64_MIN >> (64 - bits),
          most = b.isUnsigned(dtype) ? (bits == 64 ? -1 : (INT64_C(1) << bits) - 1) : ~least;
  return b.full(sizes, AV::integer(largest ? least : most, b.context()), dtype);
}

/// Elements of `source` combined at the places of `index` along `dim`.
Value reduceInto(OpCall &c, Value v, Value index, Value source, int64_t dim, StringRef reduction, bool includeSelf) {
  GraphBuilder &b = c.b;
  Sizes sizes = b.sizes(v);
  int64_t dtype = b.dtype(v);
  Value ones = b.full(b.sizes(index), 1.0, kInt64);
  Value count = scatterOf(b, b.full(sizes, includeSelf ? 1.0 : 0.0, kInt64), index, ones, dim, "sum");
  Value begin = v;
  if (!includeSelf) // places that nothing is written to keep their own element
    begin = b.where(b.compare<graph::EqOp>(count, b.scalarInt(0, kInt64)), v, neutral(b, sizes, reduction, dtype));
  Value out = scatterOf(b, begin, index, source, dim, reduction == "mean" ? "sum" : reduction);
  if (reduction != "mean")
    return out;
  Value divisor = b.cast(b.binary<graph::MaximumOp>(count, b.scalarInt(1, kInt64)), dtype);
  return b.isFloating(dtype) || b.isComplex(dtype) ? b.div(out, divisor) : b.binary<graph::FloorDivideOp>(out, divisor);
}

bool isReduction(OpCall &c, StringRef reduction) {
  if (llvm::is_contained({"sum", "prod", "mean", "amax", "amin"}, reduction))
    return true;
  c.b.raise("RuntimeError", "reduce argument must be either sum, prod, mean, amax or amin, got " + reduction);
  return false;
}

Result scatterReduce(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), index = b.cast(c.value("index"), kInt64), source = c.value("src");
  std::string reduction = c.string("reduce");
  int64_t dim = c.dim("dim", b.rank(v));
  if (b.failed() || !isReduction(c, reduction))
    return {};
  if (b.dtype(source) != b.dtype(v)) {
    b.raise("RuntimeError", "scatter(): Expected self.dtype to be equal to src.dtype");
    return {};
  }
  bool scalar = b.rank(v) == 0;
  auto line = [&](Value x) { return b.rank(x) ? x : b.unsqueeze(x, 0); };
  if (b.rank(line(v)) != b.rank(line(index)) || b.rank(line(source)) != b.rank(line(index))) {
    b.raise("RuntimeError", "Index tensor must have the same number of dimensions as self tensor");
    return {};
  }
  checkScattered(b, line(v), line(index), line(source), dim);
  if (b.failed())
    return {};
  Value out = reduceInto(c, line(v), line(index), line(source), dim, reduction, c.flag("include_self", true));
  return scalar ? b.squeeze(out, 0) : out;
}

/// Whole slices of dimension `dim` at the places of a vector.
Result scatterSlices(OpCall &c, Value source, StringRef reduction, bool includeSelf = true) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), index = b.cast(c.value("index"), kInt64);
  bool scalar = b.rank(v) == 0;
  int64_t dim = c.dim("dim", b.rank(v));
  if (b.failed())
    return {};
  if (b.rank(index) == 0)
    index = b.unsqueeze(index, 0);
  if (scalar)
    v = b.unsqueeze(v, 0);
  index = wrapIndex(b, index, b.size(v, dim));
  Sizes sizes = b.sizes(v), column(b.rank(v), b.size(1));
  sizes[dim] = column[dim] = b.size(index, 0);
  if (b.rank(index) > 1)
    b.raise("IndexError", c.schema.name + "(): Index should have dimension 1 or 0 (got " + Twine(b.rank(index)) + ")");
  if (b.rank(source) == 0)
    source = b.expand(b.cast(source, b.dtype(v)), sizes);
  if (b.rank(source) != b.rank(v))
    b.raise("RuntimeError", c.schema.name + "(): Source and destination must have the same number of dimensions");
  if (b.dtype(source) != b.dtype(v))
    b.raise("RuntimeError", c.schema.name + "(): self and source expected to have the same dtype, but got (self) " +
                                b.scalarTypeName(b.dtype(v)) + " and (source) " + b.scalarTypeName(b.dtype(source)));
  if (b.failed())
    return {};
  for (int64_t d = 0; d < b.rank(v); ++d)
    b.checkEqual(sizes[d], b.size(source, d), "RuntimeError",
                 c.schema.name + "(): " +
                     (d == dim ? "Number of indices ({0}) should be equal to the source's size ({1}) in dimension "
                               : "self has size {0} and the source {1} in dimension ") +
                     Twine(d),
                 {sizes[d], b.size(source, d)});
  source = b.refine(source);
  Value wide = b.expand(b.reshape(index, column), sizes);
  bool plain = reduction == "none" || (includeSelf && reduction != "mean");
  Value out = plain ? scatterOf(b, v, wide, source, dim, reduction)
                    : reduceInto(c, v, wide, source, dim, reduction, includeSelf);
  return scalar ? b.squeeze(out, 0) : out;
}

Result indexReduce(OpCall &c) {
  std::string reduction = c.string("reduce");
  if (!isReduction(c, reduction))
    return {};
  return scatterSlices(c, c.value("source"), reduction, c.flag("include_self", true));
}

Result indexAdd(OpCall &c) {
  GraphBuilder &b = c.b;
  Value source = c.value("source");
  if (c.arg("alpha").knownDouble() != 1 && c.has("alpha"))
    source = b.mul(source, b.scalar(c.arg("alpha"), b.dtype(source)));
  return scatterSlices(c, source, "sum");
}
Result indexCopy(OpCall &c) { return scatterSlices(c, c.value("source"), "none"); }
Result indexFill(OpCall &c) { return scatterSlices(c, c.b.cast(c.value("value"), c.b.dtype(c.value("self"))), "none"); }

//===----------------------------------------------------------------------===//
// Advanced indexing
//===----------------------------------------------------------------------===//

struct Indices {
  Values values; // i64, broadcast to one shape
  Dims dims;
  int64_t position = 0;
  Sizes result;
};

bool tooManyIndices(GraphBuilder &b, Value v, size_t count) {
  if (int64_t(count) <= b.rank(v))
    return false;
  b.raise("IndexError", "too many indices for tensor of dimension " + Twine(b.rank(v)) + " (got " + Twine(count) + ")");
  return true;
}

/// torch's rules: masks become the indices of their true elements; the indexed
/// dimensions, when adjacent, are replaced in place, else they come first.
std::optional<Indices> resolveIndices(OpCall &c, Value v) {
  GraphBuilder &b = c.b;
  const AV &list = c.arg("indices");
  if (!list.is(AV::Kind::List)) {
    b.unsupported("indices that are not a list");
    return std::nullopt;
  }
  if (tooManyIndices(b, v, list.elements().size()))
    return std::nullopt;
  Indices out;
  int64_t dim = 0;
  for (const AV &e : list.elements()) {
    if (e.isNone()) {
      ++dim;
      continue;
    }
    if (!e.isTensor()) {
      b.unsupported("an index that is " + typeName(e));
      return std::nullopt;
    }
    Value index = b.read(e);
    int64_t consumed = isMask(b, index) ? b.rank(index) : 1;
    if (isMask(b, index) && b.rank(index) == 0) {
      b.unsupported("a mask without dimensions as an index");
      return std::nullopt;
    }
    if (dim + consumed > b.rank(v)) {
      b.raise("IndexError", "too many indices for tensor of dimension " + Twine(b.rank(v)));
      return std::nullopt;
    }
    if (!isMask(b, index)) {
      out.values.push_back(wrapIndex(b, index, b.size(v, dim)));
      out.dims.push_back(dim++);
      continue;
    }
    for (int64_t i = 0; i < b.rank(index); ++i)
      b.checkEqual(b.size(index, i), b.size(v, dim + i), "IndexError",
                   "The shape of the mask at index " + Twine(i) +
                       " does not match the shape of the indexed tensor: {0} and {1}",
                   {b.size(index, i), b.size(v, dim + i)});
    Value places = nonzeroOf(b, b.cast(index, kBool));
    for (int64_t i = 0; i < b.rank(index); ++i) {
      out.values.push_back(b.select(places, 1, b.size(i)));
      out.dims.push_back(dim++);
    }
  }
  if (out.values.empty()) {
    out.result = b.sizes(v);
    return out;
  }
  out.values = b.broadcast(out.values);
  bool adjacent = true;
  for (size_t i = 1; i < out.dims.size(); ++i)
    adjacent &= out.dims[i] == out.dims[i - 1] + 1;
  out.position = adjacent ? out.dims[0] : 0;
  for (int64_t d = 0; d < b.rank(v); ++d)
    if (!llvm::is_contained(out.dims, d))
      out.result.push_back(b.size(v, d));
  Sizes places = b.sizes(out.values[0]);
  out.result.insert(out.result.begin() + out.position, places.begin(), places.end());
  return out;
}

Result index(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  std::optional<Indices> at = resolveIndices(c, v);
  if (!at || b.failed())
    return {};
  if (at->values.empty())
    return v;
  b.mayRaise();
  return b.note(graph::IndexOp::create(b.b, b.loc, b.tensorType(at->result, b.dtype(v)), v, at->values,
                                       b.b.getDenseI64ArrayAttr(at->dims), b.b.getI64IntegerAttr(at->position)));
}

Value filledWhere(GraphBuilder &b, Value v, Value mask, Value value) {
  Values both = b.broadcast({v, b.cast(mask, kBool)});
  return b.where(both[1], b.expand(value, b.sizes(both[0])), both[0]);
}

Result indexPut(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), source = c.value("values");
  bool accumulate = c.flag("accumulate");
  if (b.dtype(v) != b.dtype(source)) {
    b.raise("RuntimeError", "Index put requires the source and destination dtypes match, got " +
                                b.scalarTypeName(b.dtype(v)) + " for the destination and " +
                                b.scalarTypeName(b.dtype(source)) + " for the source.");
    return {};
  }
  // x[mask] = number is a choice by the mask: no indices are made.
  const AV &list = c.arg("indices");
  if (!accumulate && b.rank(source) == 0 && list.is(AV::Kind::List) && list.elements().size() == 1 &&
      list.elements()[0].isTensor()) {
    Value mask = b.read(list.elements()[0]);
    if (tooManyIndices(b, v, 1))
      return {};
    if (isMask(b, mask) && b.rank(mask) <= b.rank(v)) {
      Sizes sizes = b.sizes(mask);
      for (int64_t i = 0; i < b.rank(mask); ++i)
        b.checkEqual(sizes[i], b.size(v, i), "IndexError",
                     "The shape of the mask does not match the shape of the indexed tensor");
      sizes.resize(b.rank(v), b.size(1));
      return filledWhere(b, v, b.reshape(mask, sizes), source);
    }
  }
  std::optional<Indices> at = resolveIndices(c, v);
  if (!at || b.failed())
    return {};
  if (at->values.empty())
    return accumulate ? b.add(v, source) : b.expand(source, b.sizes(v));
  // A source with more leading ones than the places is allowed.
  while (b.rank(source) > int64_t(at->result.size()) && isKnown(b.size(source, 0), 1))
    source = b.squeeze(source, 0);
  source = b.expand(source, at->result);
  b.mayRaise();
  return b.note(graph::IndexPutOp::create(b.b, b.loc, v.getType(), v, source, at->values,
                                          b.b.getDenseI64ArrayAttr(at->dims), b.b.getI64IntegerAttr(at->position),
                                          b.b.getBoolAttr(accumulate)));
}

/// The indices of _unsafe_masked_index, whose masked ones may lie anywhere: clamped.
AV clampedIndices(OpCall &c) {
  GraphBuilder &b = c.b;
  std::vector<AV> out;
  Value v = c.value("self");
  for (auto [d, e] : llvm::enumerate(c.arg("indices").elements())) {
    if (!e.isTensor() || int64_t(d) >= b.rank(v)) {
      out.push_back(e);
      continue;
    }
    Value index = b.cast(b.read(e), kInt64), size = b.scalar(AV::integer(b.size(v, d)), kInt64);
    Value low = b.binary<graph::MaximumOp>(index, b.unary<graph::NegOp>(size));
    out.push_back(b.fresh(b.binary<graph::MinimumOp>(low, b.add(size, -1.0))));
  }
  return AV::list(out);
}
Result maskedIndex(OpCall &c) {
  GraphBuilder &b = c.b;
  std::vector<AV> taken = runOperator(b, "aten::index.Tensor", {c.arg("self"), clampedIndices(c)});
  if (b.failed())
    return {};
  Value v = b.read(taken[0]);
  return filledWhere(b, v, b.unary<graph::BitwiseNotOp>(b.cast(c.value("mask"), kBool)),
                     b.scalar(c.number("fill"), b.dtype(v)));
}
Result maskedIndexPut(OpCall &c) {
  GraphBuilder &b = c.b;
  Value values = c.value("values");
  Value kept = filledWhere(b, values, b.unary<graph::BitwiseNotOp>(b.cast(c.value("mask"), kBool)),
                           b.scalar(0.0, b.dtype(values)));
  std::vector<AV> out =
      runOperator(b, "aten::index_put", {c.arg("self"), clampedIndices(c), b.fresh(kept), AV::boolean(true)});
  return b.failed() ? Result() : Result(b.read(out[0]));
}

//===----------------------------------------------------------------------===//
// Masks and look-ups
//===----------------------------------------------------------------------===//

Result maskedFill(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  const AV &number = c.arg("value");
  if (number.isTensor() && !b.isComplex(b.dtype(v)) && b.isComplex(b.dtype(b.read(number)))) {
    Value given = b.read(number);
    Value imaginary = b.predicate<graph::ImagOp>(given, b.realOf(b.dtype(given)));
    Value zero = b.scalar(0.0, b.dtype(imaginary));
    Value real = b.reduce<graph::AllOp>(b.compare<graph::EqOp>(imaginary, zero), b.wrapDims({}, b.rank(given)), false);
    b.check(b.item(real), "RuntimeError", "value cannot be converted to type without overflow");
  }
  Value value = number.isTensor() ? b.cast(b.read(number), b.dtype(v)) : b.scalar(number, b.dtype(v));
  if (b.rank(value) != 0) {
    b.raise("RuntimeError", "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with " +
                                Twine(b.rank(value)) + " dimension(s).");
    return {};
  }
  return filledWhere(b, v, c.value("mask"), value);
}

Result maskedSelect(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), mask = c.value("mask");
  Values both = b.broadcast({v, b.cast(mask, kBool)});
  Value places = nonzeroOf(b, b.flatten(both[1]));
  return b.indexSelect(b.flatten(both[0]), b.select(places, 1, b.size(0)), 0);
}

Result oneHot(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  Int classes = c.has("num_classes") ? c.integer("num_classes") : b.size(-1);
  if (b.failed())
    return {};
  if (isKnown(classes, -1)) {
    AV most = b.item(callOperator(b, "aten::max", {b.fresh(v)}));
    if (!most.is(AV::Kind::Int))
      return c.unsupported("one_hot of other numbers than int64");
    classes = add(most.getInt(), b.size(1));
  }
  Sizes sizes = b.sizes(v);
  sizes.push_back(classes);
  return b.cast(b.compare<graph::EqOp>(b.unsqueeze(v, b.rank(v)), b.iota(sizes, b.rank(v), kInt64)), kInt64);
}

Result isin(OpCall &c) {
  GraphBuilder &b = c.b;
  Operand elements = c.operand(c.schema.argumentIndex("elements") >= 0 ? "elements" : "element");
  Operand tests = c.operand(c.schema.argumentIndex("test_elements") >= 0 ? "test_elements" : "test_element");
  int64_t dtype = b.promote({elements, tests}), rank = b.rank(elements.value);
  Value x = b.unsqueeze(b.cast(elements.value, dtype), rank), t = b.flatten(b.cast(tests.value, dtype));
  Value found = b.reduce<graph::AnyOp>(b.compare<graph::EqOp>(x, t), {rank}, false);
  return c.flag("invert") ? b.unary<graph::BitwiseNotOp>(found) : found;
}

constexpr OperatorRow rows[] = {
    {"aten::nonzero", nonzero},
    {"aten::nonzero_numpy", nonzeroNumpy},
    {"aten::where", nonzeroNumpy},
    {"aten::argwhere", nonzero},
    {"aten::embedding", embedding},
    {"aten::embedding_renorm_", embeddingRenorm},
    {"aten::index_select", indexSelect},
    {"aten::gather", gather},
    {"aten::take", take},
    {"aten::scatter.src", scatterSource},
    {"aten::scatter.value", scatterValue},
    {"aten::scatter.reduce", scatterReduceOld},
    {"aten::scatter.value_reduce", scatterReduceOld},
    {"aten::scatter_add", scatterAdd},
    {"aten::scatter_reduce.two", scatterReduce},
    {"aten::index_add", indexAdd},
    {"aten::index_copy", indexCopy},
    {"aten::index_reduce", indexReduce},
    {"aten::index_fill.int_Scalar", indexFill},
    {"aten::index_fill.int_Tensor", indexFill},
    {"aten::index.Tensor", index},
    {"aten::index.Tensor_hacked_twin", index},
    {"aten::_unsafe_index.Tensor", index},
    {"aten::_unsafe_index.Tensor_hacked_twin", index},
    {"aten::index_put", indexPut},
    {"aten::index_put.hacked_twin", indexPut},
    {"aten::_unsafe_index_put", indexPut},
    {"aten::_unsafe_masked_index", maskedIndex},
    {"aten::_unsafe_masked_index_put_accumulate", maskedIndexPut},
    {"aten::masked_fill.Scalar", maskedFill},
    {"aten::masked_fill.Tensor", maskedFill},
    {"aten::masked_select", maskedSelect},
    {"aten::one_hot", oneHot},
    {"aten::isin.Tensor_Tensor", isin},
    {"aten::isin.Tensor_Scalar", isin},
    {"aten::isin.Scalar_Tensor", isin},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::indexingOperators() { return rows; }
