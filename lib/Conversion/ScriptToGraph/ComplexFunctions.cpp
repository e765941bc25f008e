//===- ComplexFunctions.cpp - elementary functions of complex numbers -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Real formulas for both parts, in f64: what cancels in them costs half of the
// digits at worst, and f32 has fewer than that. Signed zeros choose the side of
// a branch cut, as in C.
#include "ComplexFunctions.h"

#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using llvm::StringRef;

namespace {

constexpr int64_t wide = int64_t(DType::Float64);

struct Parts {
  Value re, im;
};

template <typename Op>
Value f(GraphBuilder &b, Value x) {
  return b.unary<Op>(x);
}
Value neg(GraphBuilder &b, Value x) { return b.unary<graph::NegOp>(x); }
Value copySign(GraphBuilder &b, Value x, Value sign) { return b.binary<graph::CopysignOp>(x, sign); }

Parts exponential(GraphBuilder &b, Parts z) {
  Value r = f<graph::ExpOp>(b, z.re);
  return {b.mul(r, f<graph::CosOp>(b, z.im)), b.mul(r, f<graph::SinOp>(b, z.im))};
}

/// e^z - 1 without cancellation near 0: expm1(x) cos(y) - 2 sin(y/2)^2.
Parts exponentialMinusOne(GraphBuilder &b, Parts z) {
  Value half = f<graph::SinOp>(b, b.mul(z.im, 0.5));
  Value re = b.sub(b.mul(f<graph::Expm1Op>(b, z.re), f<graph::CosOp>(b, z.im)), b.mul(b.mul(half, half), 2.0));
  return {re, b.mul(f<graph::ExpOp>(b, z.re), f<graph::SinOp>(b, z.im))};
}

Parts logarithm(GraphBuilder &b, Parts z, double base = M_E) {
  double scale = base == M_E ? 1 : 1 / std::log(base);
  Value re = f<graph::LogOp>(b, b.binary<graph::HypotOp>(z.re, z.im));
  Value im = b.binary<graph::Atan2Op>(z.im, z.re);
  return scale == 1 ? Parts{re, im} : Parts{b.mul(re, scale), b.mul(im, scale)};
}

/// log(1 + z): log1p(x (2 + x) + y^2) / 2 keeps small z.
Parts logarithmPlusOne(GraphBuilder &b, Parts z) {
  Value square = b.add(b.mul(z.re, b.add(z.re, 2.0)), b.mul(z.im, z.im));
  return {b.mul(f<graph::Log1pOp>(b, square), 0.5), b.binary<graph::Atan2Op>(z.im, b.add(z.re, 1.0))};
}

Parts hyperbolicSine(GraphBuilder &b, Parts z) {
  return {b.mul(f<graph::SinhOp>(b, z.re), f<graph::CosOp>(b, z.im)),
          b.mul(f<graph::CoshOp>(b, z.re), f<graph::SinOp>(b, z.im))};
}

Parts hyperbolicCosine(GraphBuilder &b, Parts z) {
  return {b.mul(f<graph::CoshOp>(b, z.re), f<graph::CosOp>(b, z.im)),
          b.mul(f<graph::SinhOp>(b, z.re), f<graph::SinOp>(b, z.im))};
}

/// The elliptic coordinates of z between the foci -1 and 1: z = cosh(mu + i nu).
struct Elliptic {
  Value mu, cosNu; // mu is not negative
};
Elliptic elliptic(GraphBuilder &b, Parts z) {
  Value right = b.binary<graph::HypotOp>(b.add(z.re, 1.0), z.im);
  Value left = b.binary<graph::HypotOp>(b.add(z.re, -1.0), z.im);
  Value a = b.mul(b.add(right, left), 0.5);
  a = b.binary<graph::MaximumOp>(a, 1.0);
  Value cosNu = b.div(z.re, a);
  cosNu = b.binary<graph::MaximumOp>(b.binary<graph::MinimumOp>(cosNu, 1.0), -1.0);
  return {f<graph::AcoshOp>(b, a), cosNu};
}

Parts arcSine(GraphBuilder &b, Parts z) {
  Elliptic e = elliptic(b, z);
  return {f<graph::AsinOp>(b, e.cosNu), copySign(b, e.mu, z.im)};
}

Parts arcCosine(GraphBuilder &b, Parts z) {
  Elliptic e = elliptic(b, z);
  return {f<graph::AcosOp>(b, e.cosNu), copySign(b, e.mu, neg(b, z.im))};
}

Parts timesI(GraphBuilder &b, Parts z) { return {neg(b, z.im), z.re}; }
Parts overI(GraphBuilder &b, Parts z) { return {z.im, neg(b, z.re)}; }

Parts areaCosine(GraphBuilder &b, Parts z) {
  Elliptic e = elliptic(b, z);
  return {e.mu, copySign(b, f<graph::AcosOp>(b, e.cosNu), z.im)};
}

/// log1p(4x / ((1 - x)^2 + y^2)) / 4, atan2(2y, (1 - x)(1 + x) - y^2) / 2.
Parts areaTangent(GraphBuilder &b, Parts z) {
  Value one = b.scalar(1.0, wide), less = b.sub(one, z.re), square = b.mul(z.im, z.im);
  Value re = f<graph::Log1pOp>(b, b.div(b.mul(z.re, 4.0), b.add(b.mul(less, less), square)));
  Value im = b.binary<graph::Atan2Op>(b.mul(z.im, 2.0), b.sub(b.mul(less, b.add(z.re, 1.0)), square));
  return {b.mul(re, 0.25), b.mul(im, 0.5)};
}

/// 1 / (1 + e^-z), as a quotient of what does not overflow: with e^x factored out where x < 0.
Parts logistic(GraphBuilder &b, Parts z) {
  Value small = f<graph::ExpOp>(b, neg(b, f<graph::AbsOp>(b, z.re)));
  Value c = f<graph::CosOp>(b, z.im), s = f<graph::SinOp>(b, z.im);
  Value positive = b.compare<graph::GeOp>(z.re, b.scalar(0.0, wide));
  // x >= 0: 1 / (1 + t e^-iy); x < 0: t e^iy / (1 + t e^iy), t = e^-|x|.
  Value tc = b.mul(small, c), ts = b.mul(small, s);
  Value re = b.add(tc, 1.0), norm = b.add(b.mul(re, re), b.mul(ts, ts));
  Value low = b.div(b.add(tc, b.mul(small, small)), norm);
  return {b.where(positive, b.div(re, norm), low), b.div(ts, norm)};
}

using Function = Parts (*)(GraphBuilder &, Parts);

Function namedFunction(StringRef name) {
  return llvm::StringSwitch<Function>(name)
      .Case("graph.exp2",
            [](GraphBuilder &b, Parts z) { return exponential(b, {b.mul(z.re, M_LN2), b.mul(z.im, M_LN2)}); })
      .Case("graph.expm1", exponentialMinusOne)
      .Case("graph.log2", [](GraphBuilder &b, Parts z) { return logarithm(b, z, 2); })
      .Case("graph.log10", [](GraphBuilder &b, Parts z) { return logarithm(b, z, 10); })
      .Case("graph.log1p", logarithmPlusOne)
      .Case("graph.sinh", hyperbolicSine)
      .Case("graph.cosh", hyperbolicCosine)
      .Case("graph.asin", arcSine)
      .Case("graph.acos", arcCosine)
      .Case("graph.asinh", [](GraphBuilder &b, Parts z) { return overI(b, arcSine(b, timesI(b, z))); })
      .Case("graph.acosh", areaCosine)
      .Case("graph.atan", [](GraphBuilder &b, Parts z) { return overI(b, areaTangent(b, timesI(b, z))); })
      .Case("graph.atanh", areaTangent)
      .Case("graph.sigmoid", logistic)
      .Default(nullptr);
}

} // namespace

Value eval::complexFunction(GraphBuilder &b, StringRef operatorName, Value v) {
  Function function = namedFunction(operatorName);
  if (!function)
    return {};
  int64_t real = b.realOf(b.dtype(v));
  auto part = [&](Value x) { return b.cast(x, wide); };
  Parts z{part(b.predicate<graph::RealOp>(v, real)), part(b.predicate<graph::ImagOp>(v, real))};
  Parts w = function(b, z);
  Type type = b.tensorType(b.sizes(v), b.dtype(v));
  return graph::ComplexOp::create(b.b, b.loc, type, b.cast(w.re, real), b.cast(w.im, real));
}

Value eval::magnitude(GraphBuilder &b, Value v) {
  if (b.isComplex(b.dtype(v)))
    return b.predicate<graph::ComplexAbsOp>(v, b.realOf(b.dtype(v)));
  return b.unary<graph::AbsOp>(v);
}
