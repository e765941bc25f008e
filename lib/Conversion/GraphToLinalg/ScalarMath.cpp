//===- ScalarMath.cpp - functions that need care ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// f32 functions become `math` operations where codegen has a vector form of
// them that is right everywhere; what that form gets wrong is mended here.
#include "Scalar.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

Value Scalar::exp(Value x) { return math::ExpOp::create(b, x); }

// e^x - 1 loses what x has below 1: near 0 its series (to the last bit on
// [-0.35, 0.35]), where e^x is far enough from 1 the difference.
Value Scalar::expm1(Value x) {
  Type type = x.getType();
  int terms = type.isF64() ? 14 : 8;
  double factorial = 1;
  for (int i = 2; i <= terms; ++i)
    factorial *= i;
  Value series = constant(type, 1 / factorial);
  for (int i = terms; i > 1; --i) {
    factorial /= i;
    series = fma(series, x, constant(type, 1 / factorial));
  }
  Value near = compare(arith::CmpFPredicate::OLE, math::AbsFOp::create(b, x), constant(type, 0.35));
  return select(near, mul(series, x), sub(exp(x), one(type)));
}

// log(1 + x) and what the rounding of 1 + x left out, to first order. There is
// no such rest of infinities and of -1.
Value Scalar::log1p(Value x) {
  Type type = x.getType();
  Value u = add(x, one(type)), log = math::LogOp::create(b, u);
  Value rest = div(sub(x, sub(u, one(type))), u);
  return select(isNan(rest), log, add(log, rest));
}

Value Scalar::nextAfter(Value x, Value y) {
  using F = arith::CmpFPredicate;
  Type type = x.getType(), bits = b.getIntegerType(type.getIntOrFloatBitWidth());
  auto word = [&](Value v) -> Value { return arith::BitcastOp::create(b, bits, v); };
  auto number = [&](Value v) -> Value { return arith::BitcastOp::create(b, type, v); };
  // Away from 0 is up in the word, whatever the sign.
  Value positive = compare(F::OGT, x, zero(type)), rises = compare(F::OLT, x, y);
  Value away = notBool(xori(positive, rises));
  Value step = select(away, constantInt(bits, 1), constantInt(bits, -1));
  Value next = number(add(word(x), step));
  Value least = copySign(number(constantInt(bits, 1)), y);
  Value result = select(compare(F::OEQ, x, zero(type)), least, next);
  result = select(compare(F::OEQ, x, y), y, result);
  return select(isNan(x), x, select(isNan(y), y, result));
}

Value Scalar::sigmoid(Value x) {
  Type type = x.getType();
  Value e = exp(arith::NegFOp::create(b, x));
  return div(one(type), add(one(type), e));
}

// Cody-Waite reduction of an f32 in f64: exact to the last bit of the f32 result
// up to 2^50, where pi/2 in two f64 parts (106 bits) runs out. The polynomials
// are Cephes' (0.5 ulp on [-pi/4, pi/4]). No integer conversion: infinities and
// NaN must give NaN and not poison.
void Scalar::reduceAngle(Value x, Value &quadrant, Value &sine, Value &cosine) {
  Type f64 = b.getF64Type(), f32 = b.getF32Type();
  Value wide = arith::ExtFOp::create(b, f64, x);
  Value k = math::RoundEvenOp::create(b, mul(wide, constant(f64, 0.63661977236758134308)));
  Value minusK = arith::NegFOp::create(b, k);
  Value r = fma(minusK, constant(f64, 0x1.921fb54442d18p+0), wide);
  r = fma(minusK, constant(f64, 0x1.1a62633145c07p-54), r);
  Value y = arith::TruncFOp::create(b, f32, r);
  Value quarter = math::FloorOp::create(b, mul(k, constant(f64, 0.25)));
  quadrant = fma(quarter, constant(f64, -4), k);
  Value z = mul(y, y);
  Value s = fma(z, constant(f32, -1.9515295891e-4), constant(f32, 8.3321608736e-3));
  s = fma(z, s, constant(f32, -1.6666654611e-1));
  sine = fma(mul(z, y), s, y);
  Value c = fma(z, constant(f32, 2.443315711809948e-5), constant(f32, -1.388731625493765e-3));
  c = fma(z, c, constant(f32, 4.166664568298827e-2));
  c = fma(z, c, constant(f32, -0.5));
  cosine = fma(z, c, constant(f32, 1));
}

static Value pick(Scalar &s, Value quadrant, Value sine, Value cosine, int shift) {
  // sin: s, c, -s, -c for quadrants 0 to 3; the cosine is one quadrant ahead.
  auto is = [&](int q) {
    return s.compare(arith::CmpFPredicate::OEQ, quadrant, s.constant(quadrant.getType(), (q - shift + 4) % 4));
  };
  Value useCosine = s.ori(is(1), is(3));
  Value negative = s.ori(is(2), is(3));
  Value value = s.select(useCosine, cosine, sine);
  return s.select(negative, arith::NegFOp::create(s.b, value), value);
}

Value Scalar::sin(Value x) {
  if (!x.getType().isF32())
    return math::SinOp::create(b, x);
  Value q, s, c;
  reduceAngle(x, q, s, c);
  return pick(*this, q, s, c, 0);
}

Value Scalar::cos(Value x) {
  if (!x.getType().isF32())
    return math::CosOp::create(b, x);
  Value q, s, c;
  reduceAngle(x, q, s, c);
  return pick(*this, q, s, c, 1);
}

Value Scalar::tan(Value x) {
  if (!x.getType().isF32())
    return math::TanOp::create(b, x);
  Value q, s, c;
  reduceAngle(x, q, s, c);
  Type f64 = b.getF64Type();
  Value odd = ori(compare(arith::CmpFPredicate::OEQ, q, constant(f64, 1)),
                  compare(arith::CmpFPredicate::OEQ, q, constant(f64, 3)));
  Value numerator = select(odd, arith::NegFOp::create(b, c), s);
  return div(numerator, select(odd, s, c));
}

// psi(x): reflection below 0, recurrence up to 10, then the asymptotic series,
// in f64 (torch's own f32 version is no more accurate).
Value Scalar::digamma(Value input) {
  Type f64 = b.getF64Type(), type = input.getType();
  Value x = cast(input, type, f64);
  Value zeroF = zero(f64), oneF = one(f64);
  Value negative = compare(arith::CmpFPredicate::OLT, x, zeroF);
  Value y = select(negative, sub(oneF, x), x);
  Value isZero = compare(arith::CmpFPredicate::OEQ, x, zeroF);
  Value sum = zeroF;
  Value z = y;
  for (int i = 0; i < 10; ++i) {
    Value low = compare(arith::CmpFPredicate::OLT, z, constant(f64, 10));
    sum = sub(sum, select(low, div(oneF, z), zeroF));
    z = select(low, add(z, oneF), z);
  }
  Value w = div(oneF, mul(z, z));
  const double series[] = {8.33333333333333333333e-2,  -2.10927960927960927961e-2, 7.57575757575757575758e-3,
                           -4.16666666666666666667e-3, 3.96825396825396825397e-3,  -8.33333333333333333333e-3,
                           8.33333333333333333333e-2};
  Value p = constant(f64, series[0]);
  for (int i = 1; i < 7; ++i)
    p = fma(p, w, constant(f64, series[i]));
  Value huge = compare(arith::CmpFPredicate::OGE, z, constant(f64, 1e17));
  Value tail = select(huge, zeroF, mul(w, p));
  Value logZ = math::LogOp::create(b, z);
  Value psi = add(sum, sub(sub(logZ, div(constant(f64, 0.5), z)), tail));
  // psi(x) = psi(1 - x) - pi / tan(pi x); a negative integer has no value.
  Value whole = math::TruncOp::create(b, x);
  Value fraction = sub(x, whole);
  Value pi = constant(f64, 3.14159265358979323846);
  Value reflected = sub(psi, div(pi, math::TanOp::create(b, mul(pi, fraction))));
  Value pole = compare(arith::CmpFPredicate::OEQ, fraction, zeroF);
  Value nan = constant(f64, std::numeric_limits<double>::quiet_NaN());
  Value result = select(negative, select(pole, nan, reflected), psi);
  Value infinity = copySign(constant(f64, std::numeric_limits<double>::infinity()), arith::NegFOp::create(b, x));
  return cast(select(isZero, infinity, result), f64, type);
}

Value Scalar::power(Value x, Value y, TypedAttr exponent) {
  Type type = x.getType();
  if (auto constantExponent = dyn_cast_or_null<FloatAttr>(exponent)) {
    double e = constantExponent.getValueAsDouble();
    Value unit = one(type);
    if (e == 0)
      return unit;
    if (e == 1)
      return x;
    if (e == 2)
      return mul(x, x);
    if (e == 3)
      return mul(mul(x, x), x);
    if (e == 4) {
      Value square = mul(x, x);
      return mul(square, square);
    }
    if (e == 0.5)
      return sqrt(x);
    if (e == -0.5)
      return div(unit, sqrt(x));
    if (e == -1)
      return div(unit, x);
    if (e == -2)
      return div(unit, mul(x, x));
  }
  return math::PowFOp::create(b, x, y);
}

// torch's powi: by squaring with wrap-around; a negative exponent leaves only
// 1 and -1 different from 0.
Value Scalar::integerPower(Value x, Value y, bool isUnsigned) {
  Type type = x.getType();
  unsigned width = ::cast<IntegerType>(type).getWidth();
  Value result = one(type), power = x, unit = one(type), zeroI = zero(type);
  APInt constantExponent;
  if (matchPattern(y, m_ConstantInt(&constantExponent)) && !(constantExponent.isNegative() && !isUnsigned)) {
    for (unsigned bit = 0; bit < constantExponent.getActiveBits(); ++bit) {
      if (constantExponent[bit])
        result = mul(result, power);
      if (bit + 1 < constantExponent.getActiveBits())
        power = mul(power, power);
    }
    return result;
  }
  for (unsigned bit = 0; bit < width; ++bit) {
    Value set = compare(arith::CmpIPredicate::ne, andi(y, constantInt(type, int64_t(uint64_t(1) << bit))), zeroI);
    result = mul(result, select(set, power, unit));
    power = mul(power, power);
  }
  if (isUnsigned)
    return result;
  Value minusOne = constantInt(type, -1);
  Value odd = compare(arith::CmpIPredicate::ne, andi(y, unit), zeroI);
  Value ofMinusOne = select(odd, minusOne, unit);
  Value isOne = compare(arith::CmpIPredicate::eq, x, unit);
  Value isMinusOne = compare(arith::CmpIPredicate::eq, x, minusOne);
  Value negative = select(isOne, unit, select(isMinusOne, ofMinusOne, zeroI));
  return select(compare(arith::CmpIPredicate::slt, y, zeroI), negative, result);
}
