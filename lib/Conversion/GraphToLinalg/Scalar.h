//===- Scalar.h - expressions over elements ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CONVERSION_GRAPHTOLINALG_SCALAR_H
#define INGOT_LIB_CONVERSION_GRAPHTOLINALG_SCALAR_H

#include "Lowering.h"

namespace ingot::lowering {

/// Writes scalar expressions. Types are signless; operations whose meaning
/// depends on signedness take it.
class Scalar {
public:
  Scalar(ImplicitLocOpBuilder &b, ModuleOp module = {}) : b(b), module(module) {}

  Value constant(Type type, double value);
  Value constantInt(Type type, int64_t value);
  Value index(int64_t value);
  Value zero(Type type);
  Value one(Type type);

  Value add(Value x, Value y);
  Value sub(Value x, Value y);
  Value mul(Value x, Value y);
  Value div(Value x, Value y);
  Value fma(Value x, Value y, Value z);
  Value select(Value c, Value x, Value y);
  Value andi(Value x, Value y);
  Value ori(Value x, Value y);
  Value xori(Value x, Value y);
  Value notBool(Value x);

  Value compare(arith::CmpFPredicate p, Value x, Value y);
  Value compare(arith::CmpIPredicate p, Value x, Value y);
  /// x < y and x > y of numbers; false when either is NaN.
  Value less(Value x, Value y, bool isUnsigned);
  Value isNan(Value x);
  Value nonZero(Value x);
  /// Magnitude of x, sign of y.
  Value copySign(Value x, Value y);
  /// Larger (smaller) of both, NaN if either is.
  Value maximum(Value x, Value y, bool isUnsigned);
  Value minimum(Value x, Value y, bool isUnsigned);
  /// What every number of the type is at least (at most).
  Value lowest(Type type, bool isUnsigned);
  Value highest(Type type, bool isUnsigned);

  /// Tensor.to(dtype) of an element; types with signedness.
  Value cast(Value x, Type from, Type to);
  Value toIndex(Value x) { return arith::IndexCastOp::create(b, b.getIndexType(), x); }
  Value fromIndex(Value x, Type signlessType) { return arith::IndexCastOp::create(b, signlessType, x); }

  /// A function of libm (or of ours) of pure numbers.
  Value call(StringRef name, ValueRange args);
  /// name for f64, namef for f32.
  Value libm(StringRef name, ValueRange args);
  /// A function of runtime/native: ingot_NAME_f64 or ingot_NAME_f32.
  Value library(StringRef name, ValueRange args) {
    return call(("ingot_" + name + (args[0].getType().isF64() ? "_f64" : "_f32")).str(), args);
  }

  //===--- functions (f32 or f64) -------------------------------------------//
  Value exp(Value x);
  Value expm1(Value x);
  Value log1p(Value x);
  /// The next number of the type (any float) after x on the way to y.
  Value nextAfter(Value x, Value y);
  Value sin(Value x);
  Value cos(Value x);
  Value tan(Value x);
  Value digamma(Value x);
  Value sigmoid(Value x);
  Value power(Value x, Value y, TypedAttr constantExponent);
  Value integerPower(Value x, Value y, bool isUnsigned);
  Value sqrt(Value x) { return math::SqrtOp::create(b, x); }

  ImplicitLocOpBuilder &b;
  ModuleOp module;

private:
  /// Quadrant (0 to 3, as f64) of an f32 and its sine and cosine within.
  void reduceAngle(Value x, Value &quadrant, Value &sine, Value &cosine);
};

} // namespace ingot::lowering

#endif
