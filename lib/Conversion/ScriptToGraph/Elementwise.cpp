//===- Elementwise.cpp - arithmetic, comparisons, selection -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ComplexFunctions.h"
#include "Operators.h"
#include "ShapeSupport.h"

#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

constexpr int64_t boolDType = int64_t(DType::Bool);

/// Both operands in their common dtype.
struct Pair {
  Value lhs, rhs;
  int64_t dtype;
};
Pair promoted(OpCall &c, StringRef lhs = "self", StringRef rhs = "other", bool toFloat = false) {
  Operand a = c.operand(lhs), o = c.operand(rhs);
  int64_t d = toFloat ? c.b.promoteToFloat({a, o}) : c.b.promote({a, o});
  return {c.b.cast(a.value, d), c.b.cast(o.value, d), d};
}

/// A tensor with ints and bools made the default float.
Value floating(OpCall &c, StringRef name = "self") {
  Operand a = c.operand(name);
  return c.b.cast(a.value, c.b.promoteToFloat({a}));
}

template <typename Op>
Result floatUnary(OpCall &c) {
  return functionOf<Op>(c.b, floating(c));
}
/// Integers stay as they are.
template <typename Op>
Result roundingUnary(OpCall &c) {
  Value v = c.value("self");
  if (c.b.isIntegral(c.b.dtype(v), true))
    return v;
  return c.b.unary<Op>(v);
}
template <typename Op>
Result sameBinary(OpCall &c) {
  Pair p = promoted(c);
  return c.b.binary<Op>(p.lhs, p.rhs);
}
template <typename Op>
Result floatBinary(OpCall &c) {
  Pair p = promoted(c, "self", "other", true);
  return c.b.binary<Op>(p.lhs, p.rhs);
}
template <typename Op>
Result comparison(OpCall &c) {
  Pair p = promoted(c);
  return c.b.compare<Op>(p.lhs, p.rhs);
}
template <typename Op>
Result bitwise(OpCall &c) {
  Pair p = promoted(c);
  if (!c.b.isIntegral(p.dtype, true))
    c.b.raise("RuntimeError",
              "\"" + Twine(c.schema.name) + "_cpu\" not implemented for '" + c.b.scalarTypeName(p.dtype) + "'");
  return c.b.binary<Op>(p.lhs, p.rhs);
}

//===----------------------------------------------------------------------===//
// Unary
//===----------------------------------------------------------------------===//

Result absolute(OpCall &c) {
  Value v = c.value(c.schema.arguments[0].name); // prim::abs has another
  int64_t d = c.b.dtype(v);
  if (d == boolDType || c.b.isUnsigned(d))
    return v;
  if (c.b.isComplex(d))
    return c.b.predicate<graph::ComplexAbsOp>(v, c.b.realOf(d));
  return c.b.unary<graph::AbsOp>(v);
}
Result negate(OpCall &c) {
  Value v = c.value("self");
  if (c.b.dtype(v) == boolDType)
    c.b.raise("RuntimeError", "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
                              "invert a mask, use the `~` or `logical_not()` operator instead.");
  return c.b.unary<graph::NegOp>(v);
}
Result sign(OpCall &c) {
  Value v = c.value("self");
  int64_t d = c.b.dtype(v);
  if (d == boolDType)
    return v;
  if (c.b.isComplex(d)) { // z / |z|, 0 for 0
    GraphBuilder &b = c.b;
    Value magnitude = b.cast(b.predicate<graph::ComplexAbsOp>(v, b.realOf(d)), d);
    Value zero = b.scalar(0.0, d);
    return b.where(b.compare<graph::EqOp>(v, zero), b.full(b.sizes(v), 0.0, d), b.div(v, magnitude));
  }
  return c.b.unary<graph::SignOp>(v);
}
Result identity(OpCall &c) { return c.tensor("self"); }
Result square(OpCall &c) {
  Value v = c.value("self");
  if (c.b.dtype(v) == boolDType) // a power of 2
    v = c.b.cast(v, int64_t(DType::Int64));
  return c.b.mul(v, v);
}
Result frac(OpCall &c) {
  Value v = c.value("self");
  return c.b.sub(v, c.b.unary<graph::TruncOp>(v));
}
Result roundDecimals(OpCall &c) {
  Value v = c.value("self");
  int64_t decimals = c.constInt("decimals");
  if (decimals == 0 || c.b.isIntegral(c.b.dtype(v), true))
    return roundingUnary<graph::RoundOp>(c);
  double scale = std::pow(10.0, double(std::abs(decimals)));
  GraphBuilder &b = c.b;
  Value s = b.scalar(scale, b.dtype(v));
  if (decimals < 0)
    return b.mul(b.unary<graph::RoundOp>(b.div(v, s)), s);
  return b.div(b.unary<graph::RoundOp>(b.mul(v, s)), s);
}
Result deg2rad(OpCall &c) { return c.b.mul(floating(c), M_PI / 180); }
Result rad2deg(OpCall &c) { return c.b.mul(floating(c), 180 / M_PI); }
Result sinc(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = floating(c), x = b.mul(v, M_PI);
  Value zero = b.compare<graph::EqOp>(v, b.scalar(0.0, b.dtype(v)));
  return b.where(zero, b.full(b.sizes(v), 1.0, b.dtype(v)), b.div(b.unary<graph::SinOp>(x), x));
}
Result logit(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = floating(c);
  if (c.has("eps")) {
    double eps = c.constFloat("eps");
    if (eps >= 0)
      v = b.binary<graph::MinimumOp>(b.binary<graph::MaximumOp>(v, eps), 1 - eps);
  }
  Value one = b.scalar(1.0, b.dtype(v));
  return b.unary<graph::LogOp>(b.div(v, b.sub(one, v)));
}
Result isFinite(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  if (b.isIntegral(b.dtype(v), true))
    return b.full(b.sizes(v), 1.0, boolDType);
  if (b.isComplex(b.dtype(v)))
    v = b.predicate<graph::ComplexAbsOp>(v, b.realOf(b.dtype(v)));
  return b.compare<graph::LtOp>(b.unary<graph::AbsOp>(v), b.scalar(INFINITY, b.dtype(v)));
}
template <typename Op>
Result floatPredicate(OpCall &c) {
  Value v = c.value("self");
  if (c.b.isIntegral(c.b.dtype(v), true))
    return c.b.full(c.b.sizes(v), 0.0, boolDType);
  if (c.b.isComplex(c.b.dtype(v)))
    v = c.b.predicate<graph::ComplexAbsOp>(v, c.b.realOf(c.b.dtype(v)));
  return c.b.predicate<Op>(v);
}
template <int Sign>
Result isSignedInfinity(OpCall &c) {
  Value v = c.value("self");
  if (c.b.isIntegral(c.b.dtype(v), true))
    return c.b.full(c.b.sizes(v), 0.0, boolDType);
  return c.b.compare<graph::EqOp>(v, c.b.scalar(Sign * INFINITY, c.b.dtype(v)));
}
Result isReal(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  if (!b.isComplex(b.dtype(v)))
    return b.full(b.sizes(v), 1.0, boolDType);
  int64_t real = b.realOf(b.dtype(v));
  return b.compare<graph::EqOp>(b.predicate<graph::ImagOp>(v, real), b.scalar(0.0, real));
}
Result signbit(OpCall &c) {
  Value v = c.value("self");
  if (c.b.isIntegral(c.b.dtype(v), true)) {
    if (c.b.dtype(v) == boolDType || c.b.isUnsigned(c.b.dtype(v)))
      return c.b.full(c.b.sizes(v), 0.0, boolDType);
    return c.b.compare<graph::LtOp>(v, c.b.scalarInt(0, c.b.dtype(v)));
  }
  return c.b.predicate<graph::SignbitOp>(v);
}
Result bitwiseNot(OpCall &c) { return c.b.unary<graph::BitwiseNotOp>(c.value("self")); }
Result logicalNot(OpCall &c) { return c.b.unary<graph::BitwiseNotOp>(c.b.cast(c.value("self"), boolDType)); }
Result angle(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  if (b.isComplex(b.dtype(v)))
    return b.predicate<graph::AngleOp>(v, b.realOf(b.dtype(v)));
  v = floating(c);
  Value zero = b.scalar(0.0, b.dtype(v));
  Value out = b.where(b.compare<graph::LtOp>(v, zero), b.full(b.sizes(v), M_PI, b.dtype(v)),
                      b.full(b.sizes(v), 0.0, b.dtype(v)));
  return b.where(b.predicate<graph::IsNanOp>(v), v, out);
}
Result nanToNum(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t d = b.dtype(v);
  if (b.isIntegral(d, true))
    return v;
  double limit = d == int64_t(DType::Float64)    ? 1.7976931348623157e308
                 : d == int64_t(DType::Float16)  ? 65504
                 : d == int64_t(DType::BFloat16) ? 3.3895313892515355e38
                                                 : 3.4028234663852886e38;
  auto fill = [&](Value condition, double number, Value rest) {
    return b.where(condition, b.full(b.sizes(v), number, d), rest);
  };
  Value out = fill(b.compare<graph::EqOp>(v, b.scalar(INFINITY, d)), c.constFloat("posinf", limit), v);
  out = fill(b.compare<graph::EqOp>(v, b.scalar(-INFINITY, d)), c.constFloat("neginf", -limit), out);
  return fill(b.predicate<graph::IsNanOp>(v), c.constFloat("nan", 0), out);
}

//===----------------------------------------------------------------------===//
// Binary
//===----------------------------------------------------------------------===//

/// `v` times the operator's alpha, where it is not 1.
Value scaled(OpCall &c, Value v) {
  const AV &alpha = c.arg("alpha");
  if (alpha.isNone() || alpha.knownDouble() == 1.0)
    return v;
  return c.b.mul(v, c.b.scalar(alpha, c.b.dtype(v)));
}
Result addition(OpCall &c) {
  Pair p = promoted(c);
  return c.b.add(p.lhs, scaled(c, p.rhs));
}
Result subtraction(OpCall &c) {
  Pair p = promoted(c);
  if (c.b.dtype(c.value("self")) == boolDType && c.b.dtype(c.value("other")) == boolDType)
    c.b.raise("RuntimeError", "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or "
                              "`logical_xor()` operator instead.");
  return c.b.sub(p.lhs, scaled(c, p.rhs));
}
Result reversedSubtraction(OpCall &c) {
  Pair p = promoted(c);
  return c.b.sub(p.rhs, scaled(c, p.lhs));
}
Result floorDivision(OpCall &c) {
  Pair p = promoted(c);
  if (c.b.isIntegral(p.dtype, true))
    c.b.mayRaise();
  return c.b.binary<graph::FloorDivideOp>(p.lhs, p.rhs);
}
Result division(OpCall &c) {
  std::string mode = c.string("rounding_mode");
  if (mode.empty())
    return floatBinary<graph::DivOp>(c);
  if (mode == "floor")
    return floorDivision(c);
  Pair p = promoted(c);
  if (c.b.isIntegral(p.dtype, true))
    c.b.mayRaise();
  return c.b.binary<graph::TruncDivideOp>(p.lhs, p.rhs);
}
template <typename Op>
Result modulus(OpCall &c) {
  Pair p = promoted(c);
  if (c.b.isIntegral(p.dtype, true))
    c.b.mayRaise();
  return c.b.binary<Op>(p.lhs, p.rhs);
}
Result power(OpCall &c) {
  GraphBuilder &b = c.b;
  Pair p = promoted(c, "self", "exponent");
  const AV &exponent = c.arg("exponent");
  std::optional<double> e = exponent.isNumber() ? exponent.knownDouble() : std::nullopt;
  bool integral = b.isIntegral(p.dtype, true);
  if (e && integral && *e < 0)
    b.raise("RuntimeError", "Integers to negative integer powers are not allowed.");
  if (e && *e == 1)
    return p.lhs;
  if (e && *e == 2)
    return b.mul(p.lhs, p.lhs);
  if (e && *e == 3)
    return b.mul(b.mul(p.lhs, p.lhs), p.lhs);
  if (e && !integral && !b.isComplex(p.dtype)) {
    if (*e == 0.5)
      return b.unary<graph::SqrtOp>(p.lhs);
    if (*e == -0.5)
      return b.unary<graph::RsqrtOp>(p.lhs);
    if (*e == -1)
      return b.unary<graph::ReciprocalOp>(p.lhs);
    if (*e == -2)
      return b.unary<graph::ReciprocalOp>(b.mul(p.lhs, p.lhs));
  }
  return b.binary<graph::PowOp>(p.lhs, p.rhs);
}
Result floatPower(OpCall &c) {
  Operand a = c.operand("self"), e = c.operand("exponent");
  int64_t d = c.b.isComplex(c.b.promote({a, e})) ? int64_t(DType::Complex128) : int64_t(DType::Float64);
  return c.b.binary<graph::PowOp>(c.b.cast(a.value, d), c.b.cast(e.value, d));
}
template <typename Op>
Result logical(OpCall &c) {
  return c.b.binary<Op>(c.b.cast(c.value("self"), boolDType), c.b.cast(c.value("other"), boolDType));
}
Result xlogy(OpCall &c) {
  GraphBuilder &b = c.b;
  Pair p = promoted(c, "self", "other", true);
  Values v = b.broadcast({p.lhs, p.rhs});
  Value zero = b.scalar(0.0, p.dtype);
  Value product =
      b.mul(v[0], c.schema.name == "special_xlog1py" ? b.unary<graph::Log1pOp>(v[1]) : b.unary<graph::LogOp>(v[1]));
  Value out = b.where(b.compare<graph::EqOp>(v[0], zero), b.full(b.sizes(v[0]), 0.0, p.dtype), product);
  return b.where(b.predicate<graph::IsNanOp>(v[1]), v[1], out);
}
Result heaviside(OpCall &c) {
  GraphBuilder &b = c.b;
  Values v = b.broadcast({c.value("self"), c.value("values")});
  int64_t d = b.dtype(v[0]);
  Value zero = b.scalar(0.0, d);
  Value step = b.cast(b.compare<graph::GtOp>(v[0], zero), d);
  step = b.where(b.compare<graph::EqOp>(v[0], zero), v[1], step);
  return b.isIntegral(d, true) ? step : b.where(b.predicate<graph::IsNanOp>(v[0]), v[0], step);
}
Result ldexp(OpCall &c) {
  Operand x = c.operand("self"), e = c.operand("other");
  GraphBuilder &b = c.b;
  Value two = functionOf<graph::Exp2Op>(b, b.cast(e.value, b.promoteToFloat({e})));
  int64_t d = b.promote({x, {two, false}});
  return b.mul(b.cast(x.value, d), b.cast(two, d));
}
Result complexOf(OpCall &c) {
  GraphBuilder &b = c.b;
  Values v{c.value("real"), c.value("imag")};
  int64_t re = b.dtype(v[0]), im = b.dtype(v[1]);
  if (!b.isFloating(re) || !b.isFloating(im))
    b.raise("RuntimeError", "Expected both inputs to be Half, Float or Double tensors but got " + b.scalarTypeName(re) +
                                " and " + b.scalarTypeName(im));
  else if (re != im)
    b.raise("RuntimeError", "Expected object of scalar type " + b.scalarTypeName(re) + " but got scalar type " +
                                b.scalarTypeName(im) + " for second argument");
  if (b.failed())
    return {};
  v = b.broadcast(v);
  return Value(graph::ComplexOp::create(c.b.b, c.b.loc, c.b.tensorType(c.b.sizes(v[0]), c.b.complexOf(c.b.dtype(v[0]))),
                                        v[0], v[1]));
}
Result polar(OpCall &c) {
  Values v = c.b.broadcast({c.value("abs"), c.value("angle")});
  Value re = c.b.mul(v[0], c.b.unary<graph::CosOp>(v[1])), im = c.b.mul(v[0], c.b.unary<graph::SinOp>(v[1]));
  return Value(
      graph::ComplexOp::create(c.b.b, c.b.loc, c.b.tensorType(c.b.sizes(re), c.b.complexOf(c.b.dtype(re))), re, im));
}

//===----------------------------------------------------------------------===//
// Several operands
//===----------------------------------------------------------------------===//

Result where(OpCall &c) {
  GraphBuilder &b = c.b;
  Pair p = promoted(c);
  return b.where(b.cast(c.value("condition"), boolDType), p.lhs, p.rhs);
}
Result clamp(OpCall &c) {
  GraphBuilder &b = c.b;
  std::vector<Operand> operands{c.operand("self")};
  bool low = c.has("min"), high = c.has("max");
  if (!low && !high)
    b.raise("RuntimeError", "torch.clamp: At least one of 'min' or 'max' must not be None");
  if (low)
    operands.push_back(c.operand("min"));
  if (high)
    operands.push_back(c.operand("max"));
  int64_t d = b.promote(operands);
  Value v = b.cast(operands[0].value, d);
  size_t next = 1;
  if (low)
    v = b.binary<graph::MaximumOp>(v, b.cast(operands[next++].value, d));
  if (high)
    v = b.binary<graph::MinimumOp>(v, b.cast(operands[next].value, d));
  return v;
}
template <bool Multiply>
Result addProduct(OpCall &c) { // addcmul, addcdiv
  GraphBuilder &b = c.b;
  Operand s = c.operand("self"), x = c.operand("tensor1"), y = c.operand("tensor2");
  int64_t d = b.promote({s, x, y});
  Value v = Multiply ? b.mul(b.cast(x.value, d), b.cast(y.value, d)) : b.div(b.cast(x.value, d), b.cast(y.value, d));
  const AV &factor = c.arg("value");
  if (!factor.isNone() && factor.knownDouble() != 1.0)
    v = b.mul(v, b.scalar(factor, d));
  return b.add(b.cast(s.value, d), v);
}
Result lerp(OpCall &c) {
  GraphBuilder &b = c.b;
  Value start = c.value("self"), end = c.value("end");
  Value weight = b.cast(c.value("weight"), b.dtype(start));
  Values v = b.broadcast({start, end, weight});
  Value gap = b.sub(v[1], v[0]), one = b.scalar(1.0, b.dtype(start));
  Value low = b.add(v[0], b.mul(v[2], gap));
  Value high = b.sub(v[1], b.mul(gap, b.sub(one, v[2])));
  Value small = b.compare<graph::LtOp>(
      magnitude(b, v[2]), b.scalar(0.5, b.isComplex(b.dtype(start)) ? b.realOf(b.dtype(start)) : b.dtype(start)));
  return b.where(small, low, high);
}
Result isClose(OpCall &c) {
  GraphBuilder &b = c.b;
  Pair p = promoted(c, "self", "other");
  Values v = b.broadcast({p.lhs, p.rhs});
  int64_t d = p.dtype;
  Value close = b.compare<graph::EqOp>(v[0], v[1]);
  if (!b.isIntegral(d, true) && c.flag("equal_nan"))
    close = b.binary<graph::BitwiseOrOp>(
        close, b.binary<graph::BitwiseAndOp>(b.predicate<graph::IsNanOp>(v[0]), b.predicate<graph::IsNanOp>(v[1])));
  double rtol = c.constFloat("rtol", 1e-5), atol = c.constFloat("atol", 1e-8);
  for (auto [name, given] : {std::pair("rtol", rtol), std::pair("atol", atol)})
    if (given < 0)
      b.raise("RuntimeError", Twine(name) + " must be greater than or equal to zero, but got " + numberText(given));
  if (b.failed())
    return {};
  if (rtol == 0 && atol == 0)
    return close;
  if (b.isIntegral(d, true))
    for (Value &x : v)
      x = b.cast(x, b.defaultDType);
  Value allowed = b.add(magnitude(b, b.mul(v[1], rtol)), atol);
  Value actual = magnitude(b, b.sub(v[0], v[1]));
  Value finite = b.compare<graph::LtOp>(actual, b.scalar(INFINITY, b.dtype(actual)));
  Value within = b.binary<graph::BitwiseAndOp>(finite, b.compare<graph::LeOp>(actual, allowed));
  return b.binary<graph::BitwiseOrOp>(close, within);
}
Result conjugate(OpCall &c) {
  Value v = c.value("self");
  return c.b.isComplex(c.b.dtype(v)) ? c.b.unary<graph::ConjOp>(v) : v;
}

#define UNARY(name, Op) {"aten::" name, floatUnary<graph::Op>}
#define BINARY(name, function)                                                                                         \
  {"aten::" name ".Tensor", function}, { "aten::" name ".Scalar", function }
#define BITWISE(name, Op)                                                                                              \
  BINARY(name, bitwise<graph::Op>), { "aten::" name ".Scalar_Tensor", bitwise<graph::Op> }

const OperatorRow rows[] = {
    UNARY("sqrt", SqrtOp),
    UNARY("rsqrt", RsqrtOp),
    UNARY("reciprocal", ReciprocalOp),
    UNARY("exp", ExpOp),
    UNARY("exp2", Exp2Op),
    UNARY("special_exp2", Exp2Op),
    UNARY("expm1", Expm1Op),
    UNARY("special_expm1", Expm1Op),
    UNARY("log", LogOp),
    UNARY("log2", Log2Op),
    UNARY("log10", Log10Op),
    UNARY("log1p", Log1pOp),
    UNARY("special_log1p", Log1pOp),
    UNARY("sin", SinOp),
    UNARY("cos", CosOp),
    UNARY("tan", TanOp),
    UNARY("asin", AsinOp),
    UNARY("arcsin", AsinOp),
    UNARY("acos", AcosOp),
    UNARY("arccos", AcosOp),
    UNARY("atan", AtanOp),
    UNARY("arctan", AtanOp),
    UNARY("sinh", SinhOp),
    UNARY("cosh", CoshOp),
    UNARY("tanh", TanhOp),
    UNARY("asinh", AsinhOp),
    UNARY("arcsinh", AsinhOp),
    UNARY("acosh", AcoshOp),
    UNARY("arccosh", AcoshOp),
    UNARY("atanh", AtanhOp),
    UNARY("arctanh", AtanhOp),
    UNARY("erf", ErfOp),
    UNARY("special_erf", ErfOp),
    UNARY("erfc", ErfcOp),
    UNARY("special_erfc", ErfcOp),
    UNARY("lgamma", LgammaOp),
    UNARY("special_gammaln", LgammaOp),
    UNARY("digamma", DigammaOp),
    UNARY("special_psi", DigammaOp),
    UNARY("special_digamma", DigammaOp),
    UNARY("sigmoid", SigmoidOp),
    UNARY("special_expit", SigmoidOp),
    {"aten::ceil", roundingUnary<graph::CeilOp>},
    {"aten::floor", roundingUnary<graph::FloorOp>},
    {"aten::trunc", roundingUnary<graph::TruncOp>},
    {"aten::fix", roundingUnary<graph::TruncOp>},
    {"aten::round", roundingUnary<graph::RoundOp>},
    {"aten::round.decimals", roundDecimals},
    {"aten::special_round", roundDecimals},
    {"aten::abs", absolute},
    {"aten::absolute", absolute},
    {"prim::abs", absolute},
    {"aten::neg", negate},
    {"aten::negative", negate},
    {"aten::sign", sign},
    {"aten::sgn", sign},
    {"aten::positive", identity},
    {"aten::square", square},
    {"aten::frac", frac},
    {"aten::deg2rad", deg2rad},
    {"aten::rad2deg", rad2deg},
    {"aten::sinc", sinc},
    {"aten::special_sinc", sinc},
    {"aten::logit", logit},
    {"aten::special_logit", logit},
    {"aten::isfinite", isFinite},
    {"aten::isinf", floatPredicate<graph::IsInfOp>},
    {"aten::isnan", floatPredicate<graph::IsNanOp>},
    {"aten::isposinf", isSignedInfinity<1>},
    {"aten::isneginf", isSignedInfinity<-1>},
    {"aten::isreal", isReal},
    {"aten::signbit", signbit},
    {"aten::bitwise_not", bitwiseNot},
    {"aten::logical_not", logicalNot},
    {"aten::angle", angle},
    {"aten::nan_to_num", nanToNum},
    {"aten::conj_physical", conjugate},

    BINARY("add", addition),
    BINARY("sub", subtraction),
    BINARY("subtract", subtraction),
    BINARY("rsub", reversedSubtraction),
    BINARY("mul", sameBinary<graph::MulOp>),
    BINARY("multiply", sameBinary<graph::MulOp>),
    BINARY("div", division),
    BINARY("divide", division),
    BINARY("true_divide", division),
    {"aten::div.Tensor_mode", division},
    {"aten::div.Scalar_mode", division},
    {"aten::divide.Tensor_mode", division},
    {"aten::divide.Scalar_mode", division},
    {"aten::floor_divide", floorDivision},
    {"aten::floor_divide.Scalar", floorDivision},
    BINARY("remainder", modulus<graph::RemainderOp>),
    {"aten::remainder.Scalar_Tensor", modulus<graph::RemainderOp>},
    BINARY("fmod", modulus<graph::FmodOp>),
    {"aten::pow.Tensor_Tensor", power},
    {"aten::pow.Tensor_Scalar", power},
    {"aten::pow.Scalar", power},
    {"aten::float_power.Tensor_Tensor", floatPower},
    {"aten::float_power.Tensor_Scalar", floatPower},
    {"aten::float_power.Scalar", floatPower},
    {"aten::atan2", floatBinary<graph::Atan2Op>},
    {"aten::arctan2", floatBinary<graph::Atan2Op>},
    {"aten::maximum", sameBinary<graph::MaximumOp>},
    {"aten::minimum", sameBinary<graph::MinimumOp>},
    {"aten::max.other", sameBinary<graph::MaximumOp>},
    {"aten::min.other", sameBinary<graph::MinimumOp>},
    {"aten::fmax", sameBinary<graph::FmaxOp>},
    {"aten::fmin", sameBinary<graph::FminOp>},
    {"aten::hypot", sameBinary<graph::HypotOp>},
    BINARY("copysign", floatBinary<graph::CopysignOp>),
    {"aten::nextafter", sameBinary<graph::NextafterOp>},
    BITWISE("bitwise_and", BitwiseAndOp),
    BITWISE("bitwise_or", BitwiseOrOp),
    BITWISE("bitwise_xor", BitwiseXorOp),
    BINARY("__and__", bitwise<graph::BitwiseAndOp>),
    BINARY("__or__", bitwise<graph::BitwiseOrOp>),
    BINARY("__xor__", bitwise<graph::BitwiseXorOp>),
    BINARY("bitwise_left_shift", bitwise<graph::ShiftLeftOp>),
    BINARY("__lshift__", bitwise<graph::ShiftLeftOp>),
    BINARY("bitwise_right_shift", bitwise<graph::ShiftRightOp>),
    BINARY("__rshift__", bitwise<graph::ShiftRightOp>),
    {"aten::bitwise_left_shift.Tensor_Scalar", bitwise<graph::ShiftLeftOp>},
    {"aten::bitwise_right_shift.Tensor_Scalar", bitwise<graph::ShiftRightOp>},
    {"aten::logical_and", logical<graph::BitwiseAndOp>},
    {"aten::logical_or", logical<graph::BitwiseOrOp>},
    {"aten::logical_xor", logical<graph::BitwiseXorOp>},
    BINARY("eq", comparison<graph::EqOp>),
    BINARY("ne", comparison<graph::NeOp>),
    BINARY("not_equal", comparison<graph::NeOp>),
    BINARY("lt", comparison<graph::LtOp>),
    BINARY("less", comparison<graph::LtOp>),
    BINARY("le", comparison<graph::LeOp>),
    BINARY("less_equal", comparison<graph::LeOp>),
    BINARY("gt", comparison<graph::GtOp>),
    BINARY("greater", comparison<graph::GtOp>),
    BINARY("ge", comparison<graph::GeOp>),
    BINARY("greater_equal", comparison<graph::GeOp>),
    {"aten::xlogy.*", xlogy},
    {"aten::special_xlogy.*", xlogy},
    {"aten::special_xlog1py.*", xlogy},
    {"aten::heaviside", heaviside},
    {"aten::ldexp.Tensor", ldexp},
    {"aten::complex", complexOf},
    {"aten::polar", polar},

    {"aten::where.self", where},
    {"aten::where.ScalarSelf", where},
    {"aten::where.ScalarOther", where},
    {"aten::where.Scalar", where},
    {"aten::clamp", clamp},
    {"aten::clamp.Tensor", clamp},
    {"aten::clip", clamp},
    {"aten::clip.Tensor", clamp},
    {"aten::clamp_min", clamp},
    {"aten::clamp_min.Tensor", clamp},
    {"aten::clamp_max", clamp},
    {"aten::clamp_max.Tensor", clamp},
    {"aten::addcmul", addProduct<true>},
    {"aten::addcdiv", addProduct<false>},
    {"aten::lerp.Scalar", lerp},
    {"aten::lerp.Tensor", lerp},
    {"aten::isclose", isClose},
};

} // namespace

ArrayRef<OperatorRow> eval::elementwiseOperators() { return rows; }
