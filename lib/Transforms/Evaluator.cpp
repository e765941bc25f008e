//===- Evaluator.cpp - elementwise operators on constants -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// f32 is computed in float and rounded once per operator, as the program would
// have done it at run time.
#include "ConstantTensor.h"

#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::transforms;

namespace {

using Inputs = ArrayRef<const ConstantTensor *>;

/// Calls f for every element; N operands of type T, results of type R.
template <typename T, typename R, unsigned N, typename F>
ConstantTensor apply(Inputs inputs, Type resultElement, F f) {
  ArrayRef<int64_t> sizes = inputs[0]->sizes;
  ConstantTensor result = allocateTensor(resultElement, sizes);
  R *out = reinterpret_cast<R *>(const_cast<char *>(result.data));
  int64_t rank = sizes.size(), inner = rank ? sizes.back() : 1;
  int64_t outer = inner ? result.count() / inner : 0;
  SmallVector<int64_t> at(rank);
  for (int64_t o = 0; o < outer; ++o) {
    const T *in[N];
    int64_t step[N];
    for (unsigned k = 0; k < N; ++k) {
      int64_t place = 0;
      for (int64_t d = 0; d + 1 < rank; ++d)
        place += at[d] * inputs[k]->strides[d];
      in[k] = reinterpret_cast<const T *>(inputs[k]->data) + place;
      step[k] = rank ? inputs[k]->strides.back() : 0;
    }
    for (int64_t i = 0; i < inner; ++i) {
      if constexpr (N == 1)
        *out++ = R(f(in[0][i * step[0]]));
      else
        *out++ = R(f(in[0][i * step[0]], in[1][i * step[1]]));
    }
    for (int64_t d = rank - 1; d-- > 0;) {
      if (++at[d] < sizes[d])
        break;
      at[d] = 0;
    }
  }
  return result;
}

template <typename T>
std::optional<ConstantTensor> compare(Operation *op, Inputs in, Type result) {
  using Out = std::optional<ConstantTensor>;
  return TypeSwitch<Operation *, Out>(op)
      .Case([&](graph::EqOp) -> Out { return apply<T, char, 2>(in, result, [](T x, T y) { return x == y; }); })
      .Case([&](graph::NeOp) -> Out { return apply<T, char, 2>(in, result, [](T x, T y) { return x != y; }); })
      .Case([&](graph::LtOp) -> Out { return apply<T, char, 2>(in, result, [](T x, T y) { return x < y; }); })
      .Case([&](graph::LeOp) -> Out { return apply<T, char, 2>(in, result, [](T x, T y) { return x <= y; }); })
      .Case([&](graph::GtOp) -> Out { return apply<T, char, 2>(in, result, [](T x, T y) { return x > y; }); })
      .Case([&](graph::GeOp) -> Out { return apply<T, char, 2>(in, result, [](T x, T y) { return x >= y; }); })
      .Default([](Operation *) { return std::nullopt; });
}

template <typename T>
std::optional<ConstantTensor> floating(Operation *op, Inputs in, Type result) {
  using Out = std::optional<ConstantTensor>;
  if (Out compared = compare<T>(op, in, result))
    return compared;
  auto unary = [&](auto f) -> Out { return apply<T, T, 1>(in, result, f); };
  auto binary = [&](auto f) -> Out { return apply<T, T, 2>(in, result, f); };
  return TypeSwitch<Operation *, Out>(op)
      .Case([&](graph::AddOp) { return binary([](T x, T y) { return x + y; }); })
      .Case([&](graph::SubOp) { return binary([](T x, T y) { return x - y; }); })
      .Case([&](graph::MulOp) { return binary([](T x, T y) { return x * y; }); })
      .Case([&](graph::DivOp) { return binary([](T x, T y) { return x / y; }); })
      .Case(
          [&](graph::MaximumOp) { return binary([](T x, T y) { return x != x || y != y ? x + y : std::max(x, y); }); })
      .Case(
          [&](graph::MinimumOp) { return binary([](T x, T y) { return x != x || y != y ? x + y : std::min(x, y); }); })
      .Case([&](graph::PowOp) { return binary([](T x, T y) { return y == 2 ? x * x : std::pow(x, y); }); })
      .Case([&](graph::NegOp) { return unary([](T x) { return -x; }); })
      .Case([&](graph::AbsOp) { return unary([](T x) { return std::fabs(x); }); })
      .Case([&](graph::SqrtOp) { return unary([](T x) { return std::sqrt(x); }); })
      .Case([&](graph::RsqrtOp) { return unary([](T x) { return T(1) / std::sqrt(x); }); })
      .Case([&](graph::ReciprocalOp) { return unary([](T x) { return T(1) / x; }); })
      .Case([&](graph::ExpOp) { return unary([](T x) { return std::exp(x); }); })
      .Case([&](graph::LogOp) { return unary([](T x) { return std::log(x); }); })
      .Case([&](graph::SinOp) { return unary([](T x) { return std::sin(x); }); })
      .Case([&](graph::CosOp) { return unary([](T x) { return std::cos(x); }); })
      .Case([&](graph::TanhOp) { return unary([](T x) { return std::tanh(x); }); })
      .Case([&](graph::SigmoidOp) { return unary([](T x) { return T(1) / (T(1) + std::exp(-x)); }); })
      .Case([&](graph::ReluOp) { return unary([](T x) { return T(0) > x ? T(0) : x; }); })
      .Case([&](graph::FloorOp) { return unary([](T x) { return std::floor(x); }); })
      .Case([&](graph::CeilOp) { return unary([](T x) { return std::ceil(x); }); })
      .Case([&](graph::TruncOp) { return unary([](T x) { return std::trunc(x); }); })
      .Case([&](graph::RoundOp) { return unary([](T x) { return std::nearbyint(x); }); })
      .Default([](Operation *) { return std::nullopt; });
}

/// Wraps: sums of the unsigned counterpart.
template <typename T>
std::optional<ConstantTensor> integer(Operation *op, Inputs in, Type result) {
  using Out = std::optional<ConstantTensor>;
  using U = std::make_unsigned_t<T>;
  if (Out compared = compare<T>(op, in, result))
    return compared;
  auto unary = [&](auto f) -> Out { return apply<T, T, 1>(in, result, f); };
  auto binary = [&](auto f) -> Out { return apply<T, T, 2>(in, result, f); };
  return TypeSwitch<Operation *, Out>(op)
      .Case([&](graph::AddOp) { return binary([](T x, T y) { return T(U(x) + U(y)); }); })
      .Case([&](graph::SubOp) { return binary([](T x, T y) { return T(U(x) - U(y)); }); })
      .Case([&](graph::MulOp) { return binary([](T x, T y) { return T(uint64_t(x) * uint64_t(y)); }); })
      .Case([&](graph::MaximumOp) { return binary([](T x, T y) { return std::max(x, y); }); })
      .Case([&](graph::MinimumOp) { return binary([](T x, T y) { return std::min(x, y); }); })
      .Case([&](graph::BitwiseAndOp) { return binary([](T x, T y) { return T(x & y); }); })
      .Case([&](graph::BitwiseOrOp) { return binary([](T x, T y) { return T(x | y); }); })
      .Case([&](graph::BitwiseXorOp) { return binary([](T x, T y) { return T(x ^ y); }); })
      .Case([&](graph::NegOp) { return unary([](T x) { return T(U(0) - U(x)); }); })
      .Case([&](graph::BitwiseNotOp) { return unary([](T x) { return T(~x); }); })
      .Default([](Operation *) { return std::nullopt; });
}

std::optional<ConstantTensor> boolean(Operation *op, Inputs in, Type result) {
  using Out = std::optional<ConstantTensor>;
  if (Out compared = compare<uint8_t>(op, in, result))
    return compared;
  auto binary = [&](auto f) -> Out { return apply<uint8_t, uint8_t, 2>(in, result, f); };
  return TypeSwitch<Operation *, Out>(op)
      .Case<graph::AddOp, graph::BitwiseOrOp, graph::MaximumOp>(
          [&](auto) { return binary([](uint8_t x, uint8_t y) { return x | y; }); })
      .Case<graph::MulOp, graph::BitwiseAndOp, graph::MinimumOp>(
          [&](auto) { return binary([](uint8_t x, uint8_t y) { return x & y; }); })
      .Case([&](graph::BitwiseXorOp) { return binary([](uint8_t x, uint8_t y) { return x ^ y; }); })
      .Case([&](graph::BitwiseNotOp) -> Out {
        return apply<uint8_t, uint8_t, 1>(in, result, [](uint8_t x) { return !x; });
      })
      .Default([](Operation *) { return std::nullopt; });
}

/// Calls f with a value of the C++ type; false for types that are not evaluated.
template <typename F>
bool withType(Type type, F f) {
  if (type.isF32())
    return f(float()), true;
  if (type.isF64())
    return f(double()), true;
  if (type.isUnsignedInteger(8))
    return f(uint8_t()), true;
  if (type.isSignlessInteger(64))
    return f(int64_t()), true;
  if (type.isSignlessInteger(32))
    return f(int32_t()), true;
  if (type.isSignlessInteger(16))
    return f(int16_t()), true;
  if (type.isSignlessInteger(8))
    return f(int8_t()), true;
  return false;
}

std::optional<ConstantTensor> evaluateCast(Inputs in, Type from, Type to) {
  std::optional<ConstantTensor> result;
  auto convert = [&](auto source) {
    using S = decltype(source);
    if (to.isInteger(1)) {
      result = apply<S, char, 1>(in, to, [](S x) { return x != S(0); });
      return;
    }
    withType(to, [&](auto target) {
      using R = decltype(target);
      // Numbers beyond the target's range are left to run time.
      bool fits = true;
      auto value = apply<S, R, 1>(in, to, [&](S x) {
        if constexpr (std::is_floating_point_v<S> && std::is_integral_v<R>) {
          if (!(x > -9.2e18 && x < 9.2e18)) {
            fits = false;
            return R(0);
          }
          return R(int64_t(x));
        }
        return R(x);
      });
      if (fits)
        result = value;
    });
  };
  if (from.isInteger(1))
    convert(uint8_t());
  else
    withType(from, convert);
  return result;
}

std::optional<ConstantTensor> where(Inputs in, Type type) {
  int64_t width = elementWidth(type);
  ConstantTensor result = allocateTensor(type, in[0]->sizes);
  ConstantTensor condition = ConstantReader::contiguous(*in[0]);
  ConstantTensor lhs = ConstantReader::contiguous(*in[1]), rhs = ConstantReader::contiguous(*in[2]);
  char *out = const_cast<char *>(result.data);
  for (int64_t i = 0, n = result.count(); i < n; ++i)
    std::memcpy(out + i * width, (condition.data[i] ? lhs : rhs).data + i * width, width);
  return result;
}

} // namespace

bool transforms::canEvaluate(Operation *op) {
  return op->hasTrait<OpTrait::Elementwise>() && isa<graph::GraphDialect>(op->getDialect()) &&
         op->getNumOperands() <= 3;
}

std::optional<ConstantTensor> transforms::evaluateElementwise(Operation *op, Inputs in) {
  Type from = in[0]->element;
  Type to = cast<RankedTensorType>(op->getResult(0).getType()).getElementType();
  if (isa<graph::WhereOp>(op))
    return where(in, to);
  if (in.size() > 2)
    return std::nullopt;
  if (isa<graph::CastOp>(op))
    return evaluateCast(in, from, to);
  if (from.isInteger(1))
    return boolean(op, in, to);
  // Comparisons give bools; the others keep the type.
  if (to != from && !to.isInteger(1))
    return std::nullopt;
  std::optional<ConstantTensor> result;
  withType(from, [&](auto sample) {
    using T = decltype(sample);
    if constexpr (std::is_floating_point_v<T>)
      result = floating<T>(op, in, to);
    else
      result = integer<T>(op, in, to);
  });
  return result;
}
