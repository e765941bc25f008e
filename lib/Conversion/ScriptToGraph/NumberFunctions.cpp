//===- NumberFunctions.cpp - functions of host numbers ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The math and cmath modules.
#include "Numbers.h"

#include "ingot/ABI/object.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;
using Predicate = arith::CmpIPredicate;

namespace {

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

template <double (*F)(double), typename Op, int64_t Complex = -1>
Result function(OpCall &c) {
  const AV &v = c.args[0];
  if (v.is(Kind::Complex) && Complex >= 0)
    return complexFunction(c.b, Complex, partsOf(c.b, v), partsOf(c.b, AV::real(0)));
  if (!v.isNumber() || v.is(Kind::Complex))
    return c.unsupported("of a " + typeName(v));
  if (auto k = v.knownDouble())
    return coercedNumber(c, AV::real(F(*k)));
  return coercedNumber(c, throughGraph<Op>(c.b, {v}));
}
Result logarithm(OpCall &c) { // log(x), log(x, base)
  if (c.args.size() < 2)
    return function<std::log, graph::LogOp, INGOT_ABI_MATH_LOG>(c);
  GraphBuilder &b = c.b;
  const AV &x = c.args[0], &base = c.args[1];
  if (x.is(Kind::Complex) || base.is(Kind::Complex)) {
    auto log = [&](const AV &v) {
      return complexFunction(b, INGOT_ABI_MATH_LOG, partsOf(b, v), partsOf(b, AV::real(0)));
    };
    AV over = log(x), under = log(base);
    return complexFunction(b, INGOT_ABI_MATH_DIV, partsOf(b, over), partsOf(b, under));
  }
  auto p = x.knownDouble(), q = base.knownDouble();
  if (p && q)
    return AV::real(std::log(*p) / std::log(*q));
  return realFunction(b, INGOT_ABI_MATH_LOG, b.toF64(x), b.toF64(base));
}

/// A function of two floats that the runtime has.
template <int64_t Code>
Result ofTwo(OpCall &c) {
  if (c.args[0].is(Kind::Complex) || c.args[1].is(Kind::Complex))
    return c.unsupported("of a complex number");
  return coercedNumber(c, realFunction(c.b, Code, c.b.toF64(c.args[0]), c.b.toF64(c.args[1])));
}
Result gammaFunction(OpCall &c) {
  return coercedNumber(c, realFunction(c.b, INGOT_ABI_MATH_GAMMA, c.b.toF64(c.args[0])));
}
Result fractionAndWhole(OpCall &c) { // modf
  Value x = c.b.toF64(c.args[0]);
  return Result::several({realFunction(c.b, INGOT_ABI_MATH_FRACTION, x), realFunction(c.b, INGOT_ABI_MATH_WHOLE, x)});
}
Result mantissaAndExponent(OpCall &c) { // frexp
  Value x = c.b.toF64(c.args[0]);
  AV exponent = truncatedNumber(c.b, realFunction(c.b, INGOT_ABI_MATH_EXPONENT, x));
  return Result::several({realFunction(c.b, INGOT_ABI_MATH_MANTISSA, x), exponent});
}
template <bool Degrees>
Result angleUnit(OpCall &c) { // the constants are torch's
  constexpr double radToDeg = 180.0 / M_PI, degToRad = M_PI / 180.0;
  double factor = Degrees ? radToDeg : degToRad;
  if (auto k = c.args[0].knownDouble())
    return AV::real(*k * factor);
  return AV::runtime(arith::MulFOp::create(c.b.b, c.b.loc, c.b.toF64(c.args[0]), constantF64(c.b, factor)));
}
Result factorial(OpCall &c) {
  const AV &n = c.args[0];
  if (!n.is(Kind::Int))
    return c.unsupported("of a " + typeName(n));
  c.b.check(c.b.compareInt(Predicate::sge, n.getInt(), c.b.size(0)), "ValueError",
            "factorial() not defined for negative values");
  return intFunction(c.b, INGOT_ABI_MATH_FACTORIAL, n.getInt(), c.b.size(0));
}
Result commonDivisor(OpCall &c) { return intFunction(c.b, INGOT_ABI_MATH_GCD, c.args[0].getInt(), c.args[1].getInt()); }
Result phase(OpCall &c) { // angle
  GraphBuilder &b = c.b;
  Parts p = partsOf(b, c.args[0]);
  return realFunction(b, INGOT_ABI_MATH_ATAN2, p.im, p.re);
}
Result fromPolar(OpCall &c) {
  GraphBuilder &b = c.b;
  Value r = b.toF64(c.args[0]);
  AV angle = AV::runtime(b.toF64(c.args[1]));
  auto part = [&](const AV &f) -> Value { return arith::MulFOp::create(b.b, b.loc, r, f.getSSA()); };
  return AV::runtimeComplex(part(throughGraph<graph::CosOp>(b, {angle})), part(throughGraph<graph::SinOp>(b, {angle})));
}

enum class Test { NaN, Infinite, Finite };
AV testFloat(GraphBuilder &b, Test test, const AV &v) {
  if (auto k = v.knownDouble())
    return AV::boolean(test == Test::NaN        ? std::isnan(*k)
                       : test == Test::Infinite ? std::isinf(*k)
                                                : std::isfinite(*k));
  Value x = b.toF64(v);
  if (test == Test::NaN)
    return AV::runtime(compareFloat(b, arith::CmpFPredicate::UNO, x, x));
  Value size = throughGraph<graph::AbsOp>(b, {v}).getSSA();
  Value infinity = constantF64(b, std::numeric_limits<double>::infinity());
  return AV::runtime(
      compareFloat(b, test == Test::Infinite ? arith::CmpFPredicate::OEQ : arith::CmpFPredicate::OLT, size, infinity));
}
template <Test T>
Result floatTest(OpCall &c) {
  GraphBuilder &b = c.b;
  const AV &v = c.args[0];
  if (!v.is(Kind::Complex))
    return testFloat(b, T, v);
  Parts p = partsOf(b, v);
  AV re = testFloat(b, T, b.fromF64(p.re)), im = testFloat(b, T, b.fromF64(p.im));
  return T == Test::Finite ? b.andBool(re, im) : b.orBool(re, im);
}
double roundEven(double x) { return std::nearbyint(x); }

#define BOTH(name, function) {"aten::" name ".*", function}
#define MATH(name, F, Op) {"aten::" name ".*", function<F, graph::Op>}
#define COMPLEX(name, F, Op, Code) {"aten::" name ".*", (function<F, graph::Op, INGOT_ABI_MATH_##Code>)}
/// The overloads for numbers of an operator that tensors have too.
#define PAIRS(name, function)                                                                                          \
  {"aten::" name ".int", function}, {"aten::" name ".float", function}, {"aten::" name ".int_float", function},        \
      {"aten::" name ".float_int", function}, {                                                                        \
    "aten::" name ".Scalar_Scalar", function                                                                           \
  }

const OperatorRow rows[] = {
    COMPLEX("sqrt", std::sqrt, SqrtOp, SQRT),
    COMPLEX("exp", std::exp, ExpOp, EXP),
    BOTH("log", logarithm),
    COMPLEX("log10", std::log10, Log10Op, LOG10),
    MATH("log1p", std::log1p, Log1pOp),
    MATH("expm1", std::expm1, Expm1Op),
    COMPLEX("sin", std::sin, SinOp, SIN),
    COMPLEX("cos", std::cos, CosOp, COS),
    COMPLEX("tan", std::tan, TanOp, TAN),
    COMPLEX("asin", std::asin, AsinOp, ASIN),
    COMPLEX("acos", std::acos, AcosOp, ACOS),
    COMPLEX("atan", std::atan, AtanOp, ATAN),
    COMPLEX("sinh", std::sinh, SinhOp, SINH),
    COMPLEX("cosh", std::cosh, CoshOp, COSH),
    COMPLEX("tanh", std::tanh, TanhOp, TANH),
    COMPLEX("asinh", std::asinh, AsinhOp, ASINH),
    COMPLEX("acosh", std::acosh, AcoshOp, ACOSH),
    COMPLEX("atanh", std::atanh, AtanhOp, ATANH),
    MATH("erf", std::erf, ErfOp),
    MATH("erfc", std::erfc, ErfcOp),
    MATH("lgamma", std::lgamma, LgammaOp),
    {"aten::ceil.*", function<std::ceil, graph::CeilOp>},
    {"aten::floor.*", function<std::floor, graph::FloorOp>},
    {"aten::round.*", function<roundEven, graph::RoundOp>},
    {"aten::isnan.*", floatTest<Test::NaN>},
    {"aten::isinf.*", floatTest<Test::Infinite>},
    {"aten::isfinite.*", floatTest<Test::Finite>},
    PAIRS("atan2", ofTwo<INGOT_ABI_MATH_ATAN2>),
    PAIRS("copysign", ofTwo<INGOT_ABI_MATH_COPYSIGN>),
    {"aten::copysign", ofTwo<INGOT_ABI_MATH_COPYSIGN>},
    PAIRS("mathremainder", ofTwo<INGOT_ABI_MATH_NEAREST_REMAINDER>),
    {"aten::mathremainder", ofTwo<INGOT_ABI_MATH_NEAREST_REMAINDER>},
    {"aten::ldexp", ofTwo<INGOT_ABI_MATH_LDEXP>},
    BOTH("gamma", gammaFunction),
    {"aten::modf", fractionAndWhole},
    {"aten::frexp", mantissaAndExponent},
    BOTH("degrees", angleUnit<true>),
    BOTH("radians", angleUnit<false>),
    {"aten::factorial.int", factorial},
    {"aten::gcd.int", commonDivisor},
    {"aten::angle.complex", phase},
    {"aten::angle.float", phase},
    {"aten::angle.int", phase},
    PAIRS("polar", fromPolar),
};

} // namespace

ArrayRef<OperatorRow> eval::numberFunctions() { return rows; }
