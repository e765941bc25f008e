//===- Creation.cpp - tensors from sizes, numbers and lists -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Operators.h"

#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

constexpr int64_t kBool = int64_t(DType::Bool), kInt64 = int64_t(DType::Int64), kFloat64 = int64_t(DType::Float64);

Sizes sizesOf(OpCall &c, StringRef name = "size") {
  Sizes sizes = c.integers(name);
  for (Int s : sizes)
    c.b.check(c.b.compareInt(arith::CmpIPredicate::sge, s, c.b.size(0)), "RuntimeError",
              "Trying to create tensor with negative dimension {0}", {s});
  return sizes;
}

/// The dtype of a tensor made from a number.
int64_t dtypeOf(GraphBuilder &b, const AV &number) {
  switch (number.kind()) {
  case AV::Kind::Bool:
    return kBool;
  case AV::Kind::Int:
    return kInt64;
  case AV::Kind::Complex:
    return b.complexOf(b.defaultDType);
  default:
    return b.defaultDType;
  }
}

template <int number>
Result filled(OpCall &c) {
  Sizes sizes = sizesOf(c);
  return c.b.full(sizes, double(number), c.dtype("dtype", c.b.defaultDType));
}

Result full(OpCall &c) {
  Sizes sizes = sizesOf(c);
  const AV &value = c.arg("fill_value");
  return c.b.full(sizes, value, c.dtype("dtype", dtypeOf(c.b, value)));
}

template <int number>
Result filledLike(OpCall &c) {
  Value v = c.value("self");
  return c.b.full(c.b.sizes(v), double(number), c.dtype("dtype", c.b.dtype(v)));
}

Result fullLike(OpCall &c) {
  Value v = c.value("self");
  return c.b.full(c.b.sizes(v), c.arg("fill_value"), c.dtype("dtype", c.b.dtype(v)));
}

template <int number>
Result newFilled(OpCall &c) {
  Value v = c.value("self");
  return c.b.full(sizesOf(c), double(number), c.dtype("dtype", c.b.dtype(v)));
}

Result newFull(OpCall &c) {
  Value v = c.value("self");
  return c.b.full(sizesOf(c), c.arg("fill_value"), c.dtype("dtype", c.b.dtype(v)));
}

//===----------------------------------------------------------------------===//
// Sequences
//===----------------------------------------------------------------------===//

Result arangeOfInts(OpCall &c, Int start, Int end, Int step, int64_t dtype) {
  GraphBuilder &b = c.b;
  // The count is known by division: of a step of unknown sign, which is not 0, by the step itself.
  std::optional<int64_t> by = known(step);
  if (!by)
    b.check(b.compareInt(arith::CmpIPredicate::ne, step, b.size(0)), "RuntimeError", "step must be nonzero");
  bool negative = by ? *by < 0 : b.range(step).max < 0;
  if (!by && !negative && b.range(step).min < 0)
    return c.unsupported("a step of unknown sign");
  Int distance = negative ? sub(start, end) : sub(end, start);
  b.check(b.compareInt(arith::CmpIPredicate::sge, distance, b.size(0)), "RuntimeError",
          "upper bound and lower bound inconsistent with step sign");
  Int count;
  if (by)
    count = b.ceilDivInt(distance, std::abs(*by));
  else if (Int exact = exactDiv(distance, negative ? sub(b.size(0), step) : step))
    count = exact;
  else
    count = b.floorDivInt(negative ? add(distance, sub(b.size(0), add(step, b.size(1))))
                                   : add(distance, sub(step, b.size(1))),
                          negative ? sub(b.size(0), step) : step);
  // Integers count exactly; floats from integers do below 2^24, as torch's.
  int64_t counting = b.isFloating(dtype) ? kFloat64 : kInt64;
  Value v = b.iota({count}, 0, counting);
  if (!isKnown(step, 1))
    v = b.mul(v, b.scalar(AV::integer(step), counting));
  if (!isKnown(start, 0))
    v = b.add(v, b.scalar(AV::integer(start), counting));
  return b.cast(v, dtype);
}

Result arange(OpCall &c) {
  GraphBuilder &b = c.b;
  AV start = c.has("start") ? c.number("start") : AV::integer(b.size(0));
  AV end = c.number("end"), step = c.has("step") ? c.number("step") : AV::integer(b.size(1));
  bool ints = start.is(AV::Kind::Int) && end.is(AV::Kind::Int) && step.is(AV::Kind::Int);
  int64_t dtype = c.dtype("dtype", ints ? kInt64 : b.defaultDType);
  if (b.failed())
    return {};
  if (step.knownDouble() == 0) {
    b.raise("RuntimeError", "step must be nonzero");
    return {};
  }
  if (ints)
    return arangeOfInts(c, start.getInt(), end.getInt(), b.resolve(step.getInt()), dtype);
  auto s = start.knownDouble(), e = end.knownDouble(), by = step.knownDouble();
  if (!s || !e || !by)
    return c.unsupported("arange with a float or a step that is only known at run time");
  if ((*by > 0 && *e < *s) || (*by < 0 && *e > *s)) {
    b.raise("RuntimeError", "upper bound and lower bound inconsistent with step sign");
    return {};
  }
  Value v = b.iota({b.size(int64_t(std::ceil((*e - *s) / *by)))}, 0, kFloat64);
  return b.cast(b.add(b.mul(v, *by), *s), dtype);
}

Result linspace(OpCall &c) {
  GraphBuilder &b = c.b;
  auto start = c.arg("start").knownDouble(), end = c.arg("end").knownDouble();
  auto steps = c.arg("steps").knownInt();
  int64_t dtype = c.dtype("dtype", b.defaultDType);
  if (!start || !end || !steps)
    return c.unsupported("linspace with numbers that are only known at run time");
  if (*steps < 0) {
    b.raise("RuntimeError", "number of steps must be non-negative");
    return {};
  }
  // From both ends, so that it is symmetric and the last element is exact.
  double by = *steps > 1 ? (*end - *start) / (*steps - 1) : 0;
  Sizes sizes{b.size(*steps)};
  Value i = b.iota(sizes, 0, kFloat64);
  Value forward = b.add(b.mul(i, by), *start);
  Value backward = b.add(b.mul(b.sub(b.scalar(double(*steps - 1), kFloat64), i), -by), *end);
  Value first = b.compare<graph::LtOp>(i, b.scalar(double(*steps / 2), kFloat64));
  if (*steps == 1)
    return b.cast(forward, dtype);
  return b.cast(b.where(first, forward, backward), dtype);
}

Result eye(OpCall &c) {
  GraphBuilder &b = c.b;
  Int n = c.integer("n");
  Sizes sizes{n, c.has("m") ? c.integer("m") : n};
  Value same = b.compare<graph::EqOp>(b.iota(sizes, 0, kInt64), b.iota(sizes, 1, kInt64));
  return b.cast(same, c.dtype("dtype", b.defaultDType));
}

/// Keeps the elements on one side of a diagonal of the last two dimensions.
template <bool lower>
Result triangle(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t rank = b.rank(v);
  if (rank < 2) {
    b.raise("RuntimeError", Twine(lower ? "tril" : "triu") + ": input tensor must have at least 2 dimensions");
    return {};
  }
  AV diagonal = c.number("diagonal");
  Sizes sizes = b.sizes(v);
  Value rows = b.iota(sizes, rank - 2, kInt64), columns = b.iota(sizes, rank - 1, kInt64);
  Value edge = b.add(rows, b.scalar(diagonal, kInt64));
  Value keep = lower ? b.compare<graph::LeOp>(columns, edge) : b.compare<graph::GeOp>(columns, edge);
  return b.where(keep, v, b.full(sizes, 0.0, b.dtype(v)));
}

/// Rows and columns of a matrix's lower (upper) triangle, [2, n].
template <bool lower>
Result triangleIndices(OpCall &c) {
  GraphBuilder &b = c.b;
  int64_t rows = c.constInt("row"), columns = c.constInt("col"), offset = c.constInt("offset");
  if (rows < 0 || columns < 0)
    b.raise("RuntimeError", (rows < 0 ? "row must be non-negative, got" : "col must be non-negative, got") +
                                Twine(rows < 0 ? rows : columns));
  if (!b.failed() && rows * columns > 1 << 20)
    b.unsupported("of more than a million places");
  if (b.failed())
    return {};
  Dims places[2];
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j)
      if (lower ? j <= i + offset : j >= i + offset) {
        places[0].push_back(i);
        places[1].push_back(j);
      }
  Int count = b.size(places[0].size());
  places[0].append(places[1]);
  return b.cast(b.reshape(b.constantInts(places[0]), {b.size(2), count}), c.dtype("dtype", kInt64));
}

//===----------------------------------------------------------------------===//
// From numbers and lists
//===----------------------------------------------------------------------===//

Result scalarTensor(OpCall &c) {
  const AV &s = c.arg("s");
  return c.b.scalar(s, c.dtype("dtype", c.b.defaultDType));
}

/// Numbers of a nested list, and the dtype they ask for: that of the widest.
bool collect(const AV &v, std::vector<AV> &leaves) {
  if (v.is(AV::Kind::List) || v.is(AV::Kind::Tuple)) {
    for (const AV &e : v.elements())
      if (!collect(e, leaves))
        return false;
    return true;
  }
  leaves.push_back(v);
  return v.isNumber();
}

Value build(GraphBuilder &b, const AV &v, int64_t dtype) {
  if (v.isNumber())
    return b.scalar(v, dtype);
  Values parts;
  for (const AV &e : v.elements())
    parts.push_back(build(b, e, dtype));
  if (parts.empty())
    return b.full({b.size(0)}, 0.0, dtype);
  for (Value p : parts)
    if (b.rank(p) != b.rank(parts[0]) || !graph::sameSizes(b.type(p), b.type(parts[0]))) {
      b.raise("ValueError", "expected sequences of equal length");
      return parts[0];
    }
  return b.stack(parts, 0);
}

Result tensorOfData(OpCall &c) {
  GraphBuilder &b = c.b;
  StringRef name = c.schema.argumentIndex("data") >= 0 ? "data" : "t";
  const AV &data = c.arg(name);
  if (data.isTensor()) {
    Value v = b.read(data);
    return b.cast(v, c.dtype("dtype", b.dtype(v)));
  }
  std::vector<AV> leaves;
  if (!collect(data, leaves))
    return c.unsupported("a tensor of " + typeName(data));
  int64_t dtype = leaves.empty() ? b.defaultDType : kBool;
  for (const AV &leaf : leaves)
    dtype = b.promoteTypes(dtype, dtypeOf(b, leaf));
  return build(b, data, c.dtype("dtype", dtype));
}

constexpr OperatorRow rows[] = {
    {"aten::zeros", filled<0>},
    {"aten::ones", filled<1>},
    // What is in an uninitialised tensor is anything; zeros are deterministic.
    {"aten::empty.memory_format", filled<0>},
    {"aten::empty_strided", filled<0>},
    {"aten::empty_permuted", filled<0>},
    {"aten::full", full},
    {"aten::zeros_like", filledLike<0>},
    {"aten::ones_like", filledLike<1>},
    {"aten::empty_like", filledLike<0>},
    {"aten::full_like", fullLike},
    {"aten::new_zeros", newFilled<0>},
    {"aten::new_ones", newFilled<1>},
    {"aten::new_empty", newFilled<0>},
    {"aten::new_empty_strided", newFilled<0>},
    {"aten::new_full", newFull},
    {"aten::arange", arange},
    {"aten::arange.start", arange},
    {"aten::arange.start_step", arange},
    {"aten::linspace", linspace},
    {"aten::eye", eye},
    {"aten::eye.m", eye},
    {"aten::tril", triangle<true>},
    {"aten::triu", triangle<false>},
    {"aten::tril_indices", triangleIndices<true>},
    {"aten::triu_indices", triangleIndices<false>},
    {"aten::scalar_tensor", scalarTensor},
    {"aten::tensor", tensorOfData},
    {"aten::tensor.float", tensorOfData},
    {"aten::tensor.int", tensorOfData},
    {"aten::tensor.bool", tensorOfData},
    {"aten::tensor.complex", tensorOfData},
    {"aten::as_tensor.float", tensorOfData},
    {"aten::as_tensor.int", tensorOfData},
    {"aten::as_tensor.bool", tensorOfData},
    {"aten::as_tensor.list", tensorOfData},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::creationOperators() { return rows; }
