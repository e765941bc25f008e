//===- Creation.cpp - tensors from sizes, numbers and lists -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "MemoryOrder.h"
#include "Numbers.h"
#include "OperatorCalls.h"
#include "llvm/Support/Format.h"

#include <cmath>
#include <cstring>

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

/// empty with its dimensions ordered in memory, which must be all of them.
Result emptyPermuted(OpCall &c) {
  GraphBuilder &b = c.b;
  int64_t rank = c.integers("size").size();
  Dims order = c.constInts("physical_layout");
  if (int64_t(order.size()) != rank)
    b.raise("RuntimeError", "Number of dimensions in size does not match the length of the physical_layout; i.e. "
                            "len(size) = " +
                                Twine(rank) + " is not equal to len(physical_layout) = " + Twine(order.size()));
  for (auto [i, d] : llvm::enumerate(order)) {
    if (d < 0 || d >= rank)
      b.raise("RuntimeError", "Dimension out of range (expected to be between 0 and " + Twine(rank - 1) + ", but got " +
                                  Twine(d) + " at index " + Twine(i) +
                                  ").  NB: negative dims not currently supported; file an issue if you want it.");
    else if (llvm::is_contained(ArrayRef(order).take_front(i), d))
      b.raise("RuntimeError", "Duplicate dim not allowed");
    if (b.failed())
      return {};
  }
  Sizes sizes = c.integers("size"), stored;
  Dims back(rank);
  for (auto [i, d] : llvm::enumerate(order)) {
    stored.push_back(sizes[d]);
    back[d] = i;
  }
  return b.viewPermute(b.fresh(b.full(stored, 0.0, c.dtype("dtype", b.defaultDType))), back);
}

Result full(OpCall &c) {
  Sizes sizes = sizesOf(c);
  const AV &value = c.arg("fill_value");
  return c.b.full(sizes, value, c.dtype("dtype", dtypeOf(c.b, value)));
}

template <int number>
Result filledLike(OpCall &c) {
  Value v = c.value("self");
  int64_t dtype = c.dtype("dtype", c.b.dtype(v));
  return MemoryOrder::like(c, "self").make(c.b, c.b.full(c.b.sizes(v), double(number), dtype));
}

Result fullLike(OpCall &c) {
  Value v = c.value("self");
  int64_t dtype = c.dtype("dtype", c.b.dtype(v));
  return MemoryOrder::like(c, "self").make(c.b, c.b.full(c.b.sizes(v), c.arg("fill_value"), dtype));
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

/// A number without its fraction.
Int wholeOf(GraphBuilder &b, const AV &number) {
  if (number.is(AV::Kind::Int))
    return number.getInt();
  if (auto x = number.knownDouble(); x && std::fabs(*x) < 0x1p62)
    return b.size(int64_t(*x));
  return truncatedNumber(b, number).getInt();
}

/// start + i * step for `count` numbers: of integers all are without fraction, as torch's.
Result countedFrom(GraphBuilder &b, const AV &start, const AV &step, Int count, int64_t dtype) {
  bool whole = b.isIntegral(dtype, true);
  auto number = [&](const AV &n) {
    return whole ? b.scalar(AV::integer(wholeOf(b, n)), kInt64) : b.scalar(n, kFloat64);
  };
  Value i = b.iota({count}, 0, whole ? kInt64 : kFloat64);
  return b.cast(b.add(b.mul(i, number(step)), number(start)), dtype);
}

/// end - start, checked to be in the direction of the step.
Value distanceOf(GraphBuilder &b, Value start, Value end, Value by) {
  Value distance = arith::SubFOp::create(b.b, b.loc, end, start), zero = constantF64(b, 0);
  auto test = [&](arith::CmpFPredicate p, Value x) { return AV::runtime(compareFloat(b, p, x, zero)); };
  b.check(test(arith::CmpFPredicate::UNE, by), "RuntimeError", "step must be nonzero");
  AV up = test(arith::CmpFPredicate::OGT, by);
  b.check(b.orBool(b.andBool(up, test(arith::CmpFPredicate::OGE, distance)),
                   b.andBool(b.notBool(up), test(arith::CmpFPredicate::OLE, distance))),
          "RuntimeError", "upper bound and lower bound inconsistent with step sign");
  return distance;
}

/// Where a number is known at run time only.
Result arangeOfFloats(GraphBuilder &b, const AV &start, const AV &end, const AV &step, int64_t dtype) {
  Value s = b.toF64(start), by = b.toF64(step);
  Value distance = distanceOf(b, s, b.toF64(end), by);
  Value quotient = arith::DivFOp::create(b.b, b.loc, distance, by);
  AV count = truncatedNumber(b, throughGraph<graph::CeilOp>(b, {AV::runtime(quotient)}));
  b.mayRaise();
  return countedFrom(b, AV::runtime(s), AV::runtime(by), b.maxInt(count.getInt(), b.size(0)), dtype);
}

Result arangeOfInts(OpCall &c, Int start, Int end, Int step, int64_t dtype) {
  GraphBuilder &b = c.b;
  // The count is known by division: of a step of unknown sign, which is not 0, by the step itself.
  std::optional<int64_t> by = known(step);
  if (by == 0) {
    b.raise("RuntimeError", "step must be nonzero");
    return {};
  }
  if (!by)
    b.check(b.compareInt(arith::CmpIPredicate::ne, step, b.size(0)), "RuntimeError", "step must be nonzero");
  bool negative = by ? *by < 0 : b.range(step).max < 0;
  if (!by && !negative && b.range(step).min < 0)
    return arangeOfFloats(b, AV::integer(start), AV::integer(end), AV::integer(step), dtype);
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
  if (s && e && by && ((*by > 0 && *e < *s) || (*by < 0 && *e > *s))) {
    b.raise("RuntimeError", "upper bound and lower bound inconsistent with step sign");
    return {};
  }
  if ((s && !std::isfinite(*s)) || (e && !std::isfinite(*e))) {
    std::string text;
    llvm::raw_string_ostream(text) << llvm::format("unsupported range: %g -> %g", s.value_or(0), e.value_or(0));
    b.raise("RuntimeError", text);
    return {};
  }
  if (dtype == kInt64) // torch counts these without fractions, those of other dtypes with them
    return arangeOfInts(c, wholeOf(b, start), wholeOf(b, end), wholeOf(b, step), dtype);
  if (!s || !e || !by)
    return arangeOfFloats(b, start, end, step, dtype);
  return countedFrom(b, start, step, b.size(int64_t(std::ceil((*e - *s) / *by))), dtype);
}

/// torch.range whose bounds are known at run time only.
Result closedRangeAtRunTime(OpCall &c) {
  GraphBuilder &b = c.b;
  AV start = c.number("start"), step = c.has("step") ? c.number("step") : AV::integer(b.size(1));
  int64_t dtype = c.dtype("dtype", b.defaultDType);
  Value s = b.toF64(start), by = b.toF64(step);
  Value distance = distanceOf(b, s, b.toF64(c.number("end")), by);
  if (b.failed())
    return {};
  AV steps = truncatedNumber(b, AV::runtime(arith::DivFOp::create(b.b, b.loc, distance, by)));
  b.mayRaise();
  return countedFrom(b, start, step, b.maxInt(add(steps.getInt(), b.size(1)), b.size(0)), dtype);
}

/// torch.range: with its end.
Result closedRange(OpCall &c) {
  GraphBuilder &b = c.b;
  auto number = [&](StringRef name) { return c.has(name) ? c.arg(name).knownDouble() : std::optional<double>(1); };
  std::optional<double> start = number("start"), end = number("end"), step = number("step");
  if (!start || !end || !step)
    return closedRangeAtRunTime(c);
  if (*step == 0)
    b.raise("RuntimeError", "step must be nonzero");
  else if ((*end - *start) / *step < 0)
    b.raise("RuntimeError", "upper bound and lower bound inconsistent with step sign");
  else if (!(std::fabs((*end - *start) / *step) < 0x1p62))
    return c.unsupported("its bounds are not finite");
  if (b.failed())
    return {};
  return countedFrom(b, AV::real(*start), AV::real(*step), b.size(int64_t((*end - *start) / *step) + 1),
                     c.dtype("dtype", b.defaultDType));
}

Result eye(OpCall &c) {
  GraphBuilder &b = c.b;
  Int n = c.integer("n");
  Sizes sizes{n, c.has("m") ? c.integer("m") : n};
  for (auto [name, size] : llvm::zip(StringRef("nm"), sizes))
    b.check(b.compareInt(arith::CmpIPredicate::sge, size, b.size(0)), "RuntimeError",
            Twine(name) + " must be greater or equal to 0, got {0}", {size});
  if (b.failed())
    return {};
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
  Int rows = c.integer("row"), columns = c.integer("col");
  AV offset = c.number("offset");
  b.check(b.compareInt(arith::CmpIPredicate::sge, rows, b.size(0)), "RuntimeError", "row must be non-negative, got{0}",
          {rows});
  b.check(b.compareInt(arith::CmpIPredicate::sge, columns, b.size(0)), "RuntimeError",
          "col must be non-negative, got{0}", {columns});
  if (b.failed())
    return {};
  std::optional<int64_t> r = known(rows), n = known(columns), k = offset.knownInt();
  if (!r || !n || !k) {
    Sizes sizes{rows, columns};
    Value edge = b.add(b.iota(sizes, 0, kInt64), b.scalar(offset, kInt64)), column = b.iota(sizes, 1, kInt64);
    Value is = lower ? b.compare<graph::LeOp>(column, edge) : b.compare<graph::GeOp>(column, edge);
    Value places = callOperator(b, "aten::nonzero", {b.fresh(is)});
    return b.failed() ? places : b.cast(b.transpose(places, 0, 1), c.dtype("dtype", kInt64));
  }
  if (*r * *n > 1 << 20)
    return c.unsupported("of more than a million places");
  Dims places[2];
  for (int64_t i = 0; i < *r; ++i)
    for (int64_t j = 0; j < *n; ++j)
      if (lower ? j <= i + *k : j >= i + *k) {
        places[0].push_back(i);
        places[1].push_back(j);
      }
  Int count = b.size(places[0].size());
  places[0].append(places[1]);
  return b.cast(b.reshape(b.constantInts(places[0]), {b.size(2), count}), c.dtype("dtype", kInt64));
}

/// Writes a number where all indices are equal; with `wrap`, a tall matrix has its diagonal again below.
Result fillDiagonal(OpCall &c) {
  GraphBuilder &b = c.b;
  AV self = c.tensor("self");
  Value v = b.read(self);
  Sizes sizes = b.sizes(v);
  if (sizes.size() < 2) {
    b.raise("RuntimeError", "dimensions must larger than 1");
    return {};
  }
  bool wrap = c.flag("wrap") && sizes.size() == 2;
  Value first = b.iota(sizes, 0, kInt64);
  if (wrap)
    first = b.binary<graph::RemainderOp>(first, b.scalar(AV::integer(add(sizes[1], b.size(1))), kInt64));
  Value isOn;
  for (size_t d = 1; d < sizes.size(); ++d) {
    if (sizes.size() > 2)
      b.check(b.compareInt(arith::CmpIPredicate::eq, sizes[0], sizes[d]), "RuntimeError",
              "all dimensions of input must be of equal length");
    Value same = b.compare<graph::EqOp>(first, b.iota(sizes, d, kInt64));
    isOn = isOn ? b.binary<graph::BitwiseAndOp>(isOn, same) : same;
  }
  b.write(self, b.where(isOn, b.expand(b.scalar(c.number("fill_value"), b.dtype(v)), sizes), v));
  return self;
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
    int64_t dtype = c.dtype("dtype", b.dtype(v));
    // as_tensor is the tensor itself where it has the dtype.
    if (c.schema.name == "as_tensor" && dtype == b.dtype(v))
      return data;
    return b.cast(v, dtype);
  }
  std::vector<AV> leaves;
  if (!collect(data, leaves))
    return c.unsupported("a tensor of " + typeName(data));
  int64_t dtype = leaves.empty() ? b.defaultDType : kBool;
  for (const AV &leaf : leaves)
    dtype = b.promoteTypes(dtype, dtypeOf(b, leaf));
  return build(b, data, c.dtype("dtype", dtype));
}

/// The sizes as a tensor, and a tensor of such sizes.
Result shapeAsTensor(OpCall &c) {
  GraphBuilder &b = c.b;
  std::vector<AV> sizes;
  for (Int s : b.sizes(c.value("self")))
    sizes.push_back(AV::integer(s));
  return build(b, AV::list(std::move(sizes)), kInt64);
}
Result reshapeFromTensor(OpCall &c) {
  GraphBuilder &b = c.b;
  Value shape = c.value("shape");
  std::optional<int64_t> rank = b.rank(shape) == 1 ? known(b.size(shape, 0)) : std::nullopt;
  if (!rank)
    return c.unsupported("a shape of a length that is known at run time only");
  std::vector<AV> sizes;
  for (int64_t d = 0; d < *rank; ++d)
    sizes.push_back(b.item(b.select(shape, 0, b.size(d))));
  return Result::several(runOperator(b, "aten::reshape", {c.tensor("self"), AV::list(std::move(sizes))}));
}

/// torch.nn.init writes as fill_, zero_, uniform_ and normal_ do.
Result initialised(OpCall &c) {
  std::string name = ("aten::" + StringRef(c.schema.name).drop_front(strlen("_no_grad_"))).str();
  return Result::several(runOperator(c.b, name == "aten::fill_" ? "aten::fill_.Scalar" : name, c.args));
}

constexpr OperatorRow rows[] = {
    {"aten::zeros", filled<0>},
    {"aten::ones", filled<1>},
    // What is in an uninitialised tensor is anything; zeros are deterministic.
    {"aten::empty.memory_format", filled<0>},
    {"aten::empty_strided", filled<0>},
    {"aten::empty_permuted", emptyPermuted},
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
    {"aten::range", closedRange},
    {"aten::range.step", closedRange},
    {"aten::_shape_as_tensor", shapeAsTensor},
    {"aten::_reshape_from_tensor", reshapeFromTensor},
    {"aten::eye", eye},
    {"aten::eye.m", eye},
    {"aten::tril", triangle<true>},
    {"aten::triu", triangle<false>},
    {"aten::tril_indices", triangleIndices<true>},
    {"aten::triu_indices", triangleIndices<false>},
    {"aten::fill_diagonal_", fillDiagonal},
    {"aten::scalar_tensor", scalarTensor},
    {"aten::tensor", tensorOfData},
    {"aten::tensor.float", tensorOfData},
    {"aten::tensor.int", tensorOfData},
    {"aten::tensor.bool", tensorOfData},
    {"aten::tensor.complex", tensorOfData},
    {"aten::_no_grad_fill_", initialised},
    {"aten::_no_grad_zero_", initialised},
    {"aten::_no_grad_uniform_", initialised},
    {"aten::_no_grad_normal_", initialised},
    {"aten::as_tensor", tensorOfData},
    {"aten::as_tensor.float", tensorOfData},
    {"aten::as_tensor.int", tensorOfData},
    {"aten::as_tensor.bool", tensorOfData},
    {"aten::as_tensor.list", tensorOfData},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::creationOperators() { return rows; }
