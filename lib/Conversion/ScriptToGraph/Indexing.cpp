//===- Indexing.cpp - elements chosen by tensors ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Index tensors become i64 with negative indices wrapped; the lowering checks
// that they are in range and raises torch's IndexError.
#include "Operators.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

constexpr int64_t kBool = int64_t(DType::Bool), kInt64 = int64_t(DType::Int64);

bool isMask(GraphBuilder &b, Value v) { return b.dtype(v) == kBool || b.dtype(v) == int64_t(DType::UInt8); }

/// i64, with `size` added to negative ones.
Value wrapIndex(GraphBuilder &b, Value index, Int size) {
  Value v = b.cast(index, kInt64);
  Value negative = b.compare<graph::LtOp>(v, b.scalarInt(0, kInt64));
  return b.where(negative, b.add(v, b.scalar(AV::integer(size), kInt64)), v);
}

/// Indices [count, rank] of the non-zero elements.
Value nonzeroOf(GraphBuilder &b, Value v) {
  int64_t rank = b.rank(v);
  Sizes all{b.numel(v), b.size(rank)};
  auto op = graph::NonzeroOp::create(b.b, b.loc, b.tensorType(all, kInt64), b.b.getIndexType(), v);
  Int count = b.newSymbol(op.getCount(), {0, INT64_MAX});
  return b.slice(b.note(op.getIndices()), 0, b.size(0), count);
}

Result nonzero(OpCall &c) {
  Value v = c.value("self");
  if (c.b.rank(v) == 0)
    return c.unsupported("nonzero of a tensor without dimensions");
  return nonzeroOf(c.b, v);
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
  b.mayRaise();
  return b.indexSelect(weight, b.cast(indices, kInt64), 0);
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

Result gather(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), index = b.cast(c.value("index"), kInt64);
  if (b.rank(v) == 0 || b.rank(index) == 0) {
    if (b.rank(v) == 0 && b.rank(index) == 0)
      return v;
    return c.unsupported("gather with a tensor without dimensions");
  }
  int64_t dim = c.dim("dim", b.rank(v));
  if (b.failed())
    return {};
  if (b.rank(v) != b.rank(index)) {
    b.raise("RuntimeError", "Index tensor must have the same number of dimensions as input tensor");
    return {};
  }
  b.mayRaise();
  return b.note(graph::GatherOp::create(b.b, b.loc, b.tensorType(b.sizes(index), b.dtype(v)), v, index,
                                        b.b.getI64IntegerAttr(dim)));
}

Result take(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  b.mayRaise();
  return b.indexSelect(b.flatten(v), wrapIndex(b, c.value("index"), b.numel(v)), 0);
}

Value scatterOf(GraphBuilder &b, Value v, Value index, Value source, int64_t dim, StringRef reduction) {
  // Only the part of the source that has an index is read.
  Sizes sizes = b.sizes(index);
  for (int64_t d = 0; d < b.rank(index); ++d)
    if (!equal(b.size(source, d), sizes[d]))
      source = b.slice(source, d, b.size(0), sizes[d]);
  b.mayRaise();
  return b.note(graph::ScatterOp::create(b.b, b.loc, v.getType(), v, index, source, b.b.getI64IntegerAttr(dim),
                                         b.b.getStringAttr(reduction)));
}

Result scatterWith(OpCall &c, Value source, StringRef reduction) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), index = b.cast(c.value("index"), kInt64);
  if (b.rank(v) == 0 || b.rank(index) == 0)
    return c.unsupported("scatter with a tensor without dimensions");
  int64_t dim = c.dim("dim", b.rank(v));
  if (b.failed())
    return {};
  if (!source)
    source = b.full(b.sizes(index), c.arg("value"), b.dtype(v));
  if (b.dtype(source) != b.dtype(v)) {
    b.raise("RuntimeError", "scatter(): Expected self.dtype to be equal to src.dtype");
    return {};
  }
  return scatterOf(b, v, index, source, dim, reduction);
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

Result scatterReduce(OpCall &c) {
  GraphBuilder &b = c.b;
  StringRef reduction = c.string("reduce") == "mean" ? "sum" : c.string("reduce") == "sum" ? "sum"
                        : c.string("reduce") == "prod" ? "prod" : c.string("reduce") == "amax" ? "amax" : "amin";
  bool mean = c.string("reduce") == "mean", includeSelf = c.flag("include_self", true);
  if (!includeSelf)
    return c.unsupported("scatter_reduce with include_self=False");
  Result total = scatterWith(c, c.value("src"), reduction);
  if (!mean || b.failed())
    return total;
  Value v = c.value("self"), index = b.cast(c.value("index"), kInt64);
  Value ones = b.full(b.sizes(index), 1.0, b.dtype(v));
  Value count = scatterOf(b, b.full(b.sizes(v), 1.0, b.dtype(v)), index, ones, c.dim("dim", b.rank(v)), "sum");
  Value sum = total.items[0].value;
  return b.isFloating(b.dtype(v)) ? b.div(sum, count) : b.binary<graph::FloorDivideOp>(sum, count);
}

/// Whole slices of dimension `dim` at the places of a vector.
Result scatterSlices(OpCall &c, Value source, StringRef reduction) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), index = b.cast(c.value("index"), kInt64);
  if (b.rank(v) == 0)
    return c.unsupported("indexing a tensor without dimensions");
  int64_t dim = c.dim("dim", b.rank(v));
  if (b.failed())
    return {};
  if (b.rank(index) == 0)
    index = b.unsqueeze(index, 0);
  index = wrapIndex(b, index, b.size(v, dim));
  Sizes sizes = b.sizes(v), column(b.rank(v), b.size(1));
  sizes[dim] = column[dim] = b.size(index, 0);
  if (!source)
    source = b.full(sizes, 0.0, b.dtype(v));
  else if (b.rank(source) == 0)
    source = b.expand(b.cast(source, b.dtype(v)), sizes);
  Value wide = b.expand(b.reshape(index, column), sizes);
  return scatterOf(b, v, wide, source, dim, reduction);
}

Result indexAdd(OpCall &c) {
  GraphBuilder &b = c.b;
  Value source = c.value("source");
  if (c.arg("alpha").knownDouble() != 1 && c.has("alpha"))
    source = b.mul(source, b.scalar(c.arg("alpha"), b.dtype(source)));
  return scatterSlices(c, source, "sum");
}
Result indexCopy(OpCall &c) { return scatterSlices(c, c.value("source"), "none"); }
Result indexFill(OpCall &c) {
  return scatterSlices(c, c.b.cast(c.value("value"), c.b.dtype(c.value("self"))), "none");
}

//===----------------------------------------------------------------------===//
// Advanced indexing
//===----------------------------------------------------------------------===//

struct Indices {
  Values values; // i64, broadcast to one shape
  Dims dims;
  int64_t position = 0;
  Sizes result;
};

/// torch's rules: masks become the indices of their true elements; the indexed
/// dimensions, when adjacent, are replaced in place, else they come first.
std::optional<Indices> resolveIndices(OpCall &c, Value v) {
  GraphBuilder &b = c.b;
  const AV &list = c.arg("indices");
  if (!list.is(AV::Kind::List)) {
    b.unsupported("indices that are not a list");
    return std::nullopt;
  }
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
                   "The shape of the mask at index " + Twine(i) + " does not match the shape of the indexed tensor: {0} and {1}",
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
    b.raise("RuntimeError", "Index put requires the source and destination dtypes match, got " + b.scalarTypeName(b.dtype(v)) +
                                " for the destination and " + b.scalarTypeName(b.dtype(source)) + " for the source.");
    return {};
  }
  // x[mask] = number is a choice by the mask: no indices are made.
  const AV &list = c.arg("indices");
  if (!accumulate && b.rank(source) == 0 && list.is(AV::Kind::List) && list.elements().size() == 1 &&
      list.elements()[0].isTensor()) {
    Value mask = b.read(list.elements()[0]);
    if (isMask(b, mask) && b.rank(mask) && b.rank(mask) <= b.rank(v)) {
      Sizes sizes = b.sizes(mask);
      for (int64_t i = 0; i < b.rank(mask); ++i)
        b.checkEqual(sizes[i], b.size(v, i), "IndexError", "The shape of the mask does not match the shape of the indexed tensor");
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
  return b.note(graph::IndexPutOp::create(b.b, b.loc, v.getType(), v, source, at->values, b.b.getDenseI64ArrayAttr(at->dims),
                                          b.b.getI64IntegerAttr(at->position), b.b.getBoolAttr(accumulate)));
}

//===----------------------------------------------------------------------===//
// Masks and look-ups
//===----------------------------------------------------------------------===//

Result maskedFill(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  const AV &number = c.arg("value");
  Value value = number.isTensor() ? b.cast(b.read(number), b.dtype(v)) : b.scalar(number, b.dtype(v));
  if (b.rank(value) != 0) {
    b.raise("RuntimeError", "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with " + Twine(b.rank(value)) + " dimension(s).");
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
  int64_t classes = c.constInt("num_classes", -1);
  if (classes < 0)
    return c.unsupported("one_hot whose number of classes depends on the data");
  Sizes sizes = b.sizes(v);
  sizes.push_back(b.size(classes));
  return b.cast(b.compare<graph::EqOp>(b.unsqueeze(v, b.rank(v)), b.iota(sizes, b.rank(v), kInt64)), kInt64);
}

/// How many boundaries are below each element.
Result bucketize(OpCall &c) {
  GraphBuilder &b = c.b;
  Operand v = c.operand("self");
  Value boundaries = c.value("boundaries");
  int64_t dtype = b.promote({v, {boundaries, false}}), rank = b.rank(v.value);
  Value x = b.unsqueeze(b.cast(v.value, dtype), rank), edges = b.cast(boundaries, dtype);
  Value below = c.flag("right") ? b.compare<graph::LeOp>(edges, x) : b.compare<graph::LtOp>(edges, x);
  return b.cast(b.reduce<graph::SumOp>(b.cast(below, kInt64), {rank}, false),
                c.flag("out_int32") ? int64_t(DType::Int32) : kInt64);
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
    {"aten::argwhere", nonzero},
    {"aten::embedding", embedding},
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
    {"aten::index_fill.int_Scalar", indexFill},
    {"aten::index_fill.int_Tensor", indexFill},
    {"aten::index.Tensor", index},
    {"aten::index.Tensor_hacked_twin", index},
    {"aten::_unsafe_index.Tensor", index},
    {"aten::_unsafe_index.Tensor_hacked_twin", index},
    {"aten::index_put", indexPut},
    {"aten::index_put.hacked_twin", indexPut},
    {"aten::_unsafe_index_put", indexPut},
    {"aten::masked_fill.Scalar", maskedFill},
    {"aten::masked_fill.Tensor", maskedFill},
    {"aten::masked_select", maskedSelect},
    {"aten::one_hot", oneHot},
    {"aten::bucketize.Tensor", bucketize},
    {"aten::bucketize.Scalar", bucketize},
    {"aten::isin.Tensor_Tensor", isin},
    {"aten::isin.Tensor_Scalar", isin},
    {"aten::isin.Scalar_Tensor", isin},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::indexingOperators() { return rows; }
