//===- Numbers.cpp - arithmetic of host numbers -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Known numbers are computed here; others by instructions, by graph ops of rank
// 0 (elementary functions), or by a function of the runtime. Errors and special
// cases are TorchScript's: ints divide to floats without an error, say.
#include "Numbers.h"

#include "ingot/ABI/object.h"

#include <cmath>
#include <complex>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;
using Predicate = arith::CmpIPredicate;

/// A bool as an int.
static AV asInt(GraphBuilder &b, const AV &v) {
  if (!v.is(Kind::Bool))
    return v;
  if (std::optional<bool> k = v.knownBool())
    return AV::integer(*k, b.context());
  return AV::integer(b.fromSSA(arith::ExtUIOp::create(b.b, b.loc, b.b.getI64Type(), v.getSSA()), {0, 1}));
}

AV eval::truncatedNumber(GraphBuilder &b, const AV &v) {
  if (!v.is(Kind::Float))
    return asInt(b, v);
  if (auto k = v.knownDouble())
    return AV::integer(int64_t(*k), b.context());
  return AV::integer(b.fromSSA(arith::FPToSIOp::create(b.b, b.loc, b.b.getI64Type(), v.getSSA())));
}

Value eval::compareFloat(GraphBuilder &b, arith::CmpFPredicate predicate, Value x, Value y) {
  return arith::CmpFOp::create(b.b, b.loc, predicate, x, y);
}
Value eval::constantF64(GraphBuilder &b, double x) { return b.toF64(AV::real(x)); }

AV eval::truthOfNumber(GraphBuilder &b, const AV &v) {
  if (v.is(Kind::Bool))
    return v;
  if (v.is(Kind::Int))
    return b.compareInt(Predicate::ne, v.getInt(), b.size(0));
  if (auto k = v.knownDouble())
    return AV::boolean(*k != 0);
  auto nonzero = [&](Value x) { return AV::runtime(compareFloat(b, arith::CmpFPredicate::UNE, x, constantF64(b, 0))); };
  if (v.is(Kind::Complex) && !v.getSSA())
    return AV::boolean(v.re() != 0 || v.im() != 0);
  if (v.is(Kind::Complex))
    return b.orBool(nonzero(v.getSSA()), nonzero(v.getImaginarySSA()));
  return nonzero(b.toF64(v));
}

AV eval::coercedNumber(OpCall &c, AV v) {
  if (c.schema.results.empty() || !v.isNumber())
    return v;
  GraphBuilder &b = c.b;
  switch (c.schema.results[0].type.kind) {
  case schema::TypeKind::Float:
    if (v.is(Kind::Int) || v.is(Kind::Bool))
      return v.isKnownNumber() ? AV::real(*v.knownDouble()) : b.fromF64(b.toF64(v));
    return v;
  case schema::TypeKind::Int:
  case schema::TypeKind::SymInt:
    return truncatedNumber(b, v);
  case schema::TypeKind::Complex:
    if (v.is(Kind::Complex))
      return v;
    if (v.isKnownNumber())
      return AV::complexNumber(*v.knownDouble(), 0);
    return AV::runtimeComplex(b.toF64(v), constantF64(b, 0));
  default:
    return v;
  }
}

/// A function of the runtime's (INGOT_ABI_MATH_*).
AV eval::realFunction(GraphBuilder &b, int64_t code, Value x, Value y) {
  return AV::runtime(
      callRuntime(b, "real_math", {constantI64(b, code), x, y ? y : constantF64(b, 0)}, b.b.getF64Type()));
}
AV eval::intFunction(GraphBuilder &b, int64_t code, Int x, Int y) {
  return AV::integer(
      b.fromSSA(callRuntime(b, "int_math", {constantI64(b, code), b.toI64(x), b.toI64(y)}, b.b.getI64Type())));
}

//===----------------------------------------------------------------------===//
// Complex numbers
//===----------------------------------------------------------------------===//

Parts eval::partsOf(GraphBuilder &b, const AV &v) {
  if (!v.is(Kind::Complex))
    return {b.toF64(v), constantF64(b, 0)};
  if (v.getSSA())
    return {v.getSSA(), v.getImaginarySSA()};
  return {constantF64(b, v.re()), constantF64(b, v.im())};
}
static std::complex<double> constantComplex(const AV &v) {
  return v.is(Kind::Complex) ? std::complex<double>(v.re(), v.im())
                             : std::complex<double>(v.knownDouble().value_or(0), 0);
}
AV eval::complexFunction(GraphBuilder &b, int64_t code, Parts x, Parts y) {
  Value object = callRuntime(b, "complex_math", {constantI64(b, code), x.re, x.im, y.re, y.im},
                             task::ObjectType::get(b.context()));
  return fromObject(b, object, simple(Spec::Complex));
}

namespace {

bool isFloatNumber(const AV &v) { return v.is(Kind::Float); }

enum class Arith { Add, Sub, Mul, Div, FloorDiv, Mod, Pow, Fmod };

Result complexArithmetic(OpCall &c, Arith operation, const AV &x, const AV &y) {
  GraphBuilder &b = c.b;
  bool known = x.isKnownNumber() && y.isKnownNumber();
  if (known && operation != Arith::Div) {
    std::complex<double> p = constantComplex(x), q = constantComplex(y), r;
    switch (operation) {
    case Arith::Add:
      r = p + q;
      break;
    case Arith::Sub:
      r = p - q;
      break;
    case Arith::Mul:
      r = p * q;
      break;
    case Arith::Pow:
      r = std::pow(p, q);
      break;
    default:
      return c.unsupported("on complex numbers");
    }
    return AV::complexNumber(r.real(), r.imag());
  }
  Parts p = partsOf(b, x), q = partsOf(b, y);
  auto add = [&](Value l, Value r) -> Value { return arith::AddFOp::create(b.b, b.loc, l, r); };
  auto sub = [&](Value l, Value r) -> Value { return arith::SubFOp::create(b.b, b.loc, l, r); };
  auto mul = [&](Value l, Value r) -> Value { return arith::MulFOp::create(b.b, b.loc, l, r); };
  switch (operation) {
  case Arith::Add:
    return AV::runtimeComplex(add(p.re, q.re), add(p.im, q.im));
  case Arith::Sub:
    return AV::runtimeComplex(sub(p.re, q.re), sub(p.im, q.im));
  case Arith::Mul:
    return AV::runtimeComplex(sub(mul(p.re, q.re), mul(p.im, q.im)), add(mul(p.re, q.im), mul(p.im, q.re)));
  case Arith::Div:
    return complexFunction(b, INGOT_ABI_MATH_DIV, p, q);
  case Arith::Pow:
    return complexFunction(b, INGOT_ABI_MATH_POW, p, q);
  default:
    return c.unsupported("on complex numbers");
  }
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

std::optional<Result> intArithmetic(OpCall &c, Arith operation, const AV &x, const AV &y) {
  GraphBuilder &b = c.b;
  Int i = asInt(b, x).getInt(), j = asInt(b, y).getInt();
  switch (operation) {
  case Arith::Add:
    return coercedNumber(c, AV::integer(add(i, j)));
  case Arith::Sub:
    return coercedNumber(c, AV::integer(sub(i, j)));
  case Arith::Mul:
    return coercedNumber(c, AV::integer(mul(i, j)));
  case Arith::FloorDiv:
    b.check(b.compareInt(Predicate::ne, j, b.size(0)), "ZeroDivisionError", "division by 0");
    return b.failed() ? AV::integer(i) : coercedNumber(c, AV::integer(b.floorDivInt(i, j)));
  case Arith::Mod:
    return coercedNumber(c, AV::integer(b.modInt(i, j)));
  case Arith::Pow:
    if (known(i) && known(j)) {
      bool whole = c.schema.overload == "int_to_int" || *known(j) >= 0;
      double p = std::pow(double(*known(i)), double(*known(j)));
      return coercedNumber(c, whole ? AV::integer(int64_t(p), b.context()) : AV::real(p));
    }
    if (known(j).value_or(-1) >= 0 && *known(j) < 8) {
      Int p = b.size(1);
      for (int64_t k = 0; k < *known(j); ++k)
        p = mul(p, i);
      return coercedNumber(c, AV::integer(p));
    }
    if (c.schema.overload == "int_to_int")
      return intFunction(b, INGOT_ABI_MATH_POW, i, j);
    return std::nullopt;
  default:
    return std::nullopt;
  }
}

template <Arith Operation>
Result arithmetic(OpCall &c) {
  GraphBuilder &b = c.b;
  if (c.args.size() < 2)
    return c.unsupported("it has too few arguments");
  if (c.args[0].is(Kind::Str) && c.args[1].is(Kind::Str) && Operation == Arith::Add)
    return AV::str(c.args[0].getString() + c.args[1].getString());
  for (const AV &v : ArrayRef(c.args).take_front(2))
    if (!v.isNumber())
      return c.unsupported("on a " + typeName(v));
  const AV x = c.args[0], y = c.args[1];
  if (x.is(Kind::Complex) || y.is(Kind::Complex))
    return complexArithmetic(c, Operation, x, y);
  if (!isFloatNumber(x) && !isFloatNumber(y) && Operation != Arith::Div)
    if (std::optional<Result> r = intArithmetic(c, Operation, x, y))
      return *r;
  auto p = x.knownDouble(), q = y.knownDouble();
  if (p && q) {
    double r = 0;
    switch (Operation) {
    case Arith::Add:
      r = *p + *q;
      break;
    case Arith::Sub:
      r = *p - *q;
      break;
    case Arith::Mul:
      r = *p * *q;
      break;
    case Arith::Div:
      r = *p / *q;
      break;
    case Arith::FloorDiv:
      r = std::floor(*p / *q);
      break;
    case Arith::Mod:
      r = std::fmod(std::fmod(*p, *q) + *q, *q);
      break;
    case Arith::Pow:
      r = std::pow(*p, *q);
      break;
    case Arith::Fmod:
      r = std::fmod(*p, *q);
      break;
    }
    return coercedNumber(c, AV::real(r));
  }
  Value l = b.toF64(x), r = b.toF64(y);
  switch (Operation) {
  case Arith::Add:
    return coercedNumber(c, AV::runtime(arith::AddFOp::create(b.b, b.loc, l, r)));
  case Arith::Sub:
    return coercedNumber(c, AV::runtime(arith::SubFOp::create(b.b, b.loc, l, r)));
  case Arith::Mul:
    return coercedNumber(c, AV::runtime(arith::MulFOp::create(b.b, b.loc, l, r)));
  case Arith::Div:
    return coercedNumber(c, AV::runtime(arith::DivFOp::create(b.b, b.loc, l, r)));
  case Arith::FloorDiv: {
    AV quotient = AV::runtime(arith::DivFOp::create(b.b, b.loc, l, r));
    return coercedNumber(c, throughGraph<graph::FloorOp>(b, {quotient}));
  }
  case Arith::Mod:
    return coercedNumber(c, realFunction(b, INGOT_ABI_MATH_REMAINDER, l, r));
  case Arith::Pow:
    return coercedNumber(c, realFunction(b, INGOT_ABI_MATH_POW, l, r));
  case Arith::Fmod:
    return coercedNumber(c, realFunction(b, INGOT_ABI_MATH_FMOD, l, r));
  }
  return c.unsupported("on these numbers");
}

Result quotientAndRest(OpCall &c) { // divmod
  GraphBuilder &b = c.b;
  const AV &x = c.args[0], &y = c.args[1];
  if (x.is(Kind::Int) && y.is(Kind::Int)) {
    b.check(truthOfNumber(b, y), "ZeroDivisionError", "integer division or modulo by zero");
    if (b.failed())
      return Result::several({x, y});
    Int q = b.floorDivInt(x.getInt(), y.getInt());
    return Result::several({AV::integer(q), AV::integer(sub(x.getInt(), mul(q, y.getInt())))});
  }
  b.check(truthOfNumber(b, y), "ZeroDivisionError", "float divmod()");
  if (b.failed())
    return Result::several({AV::real(0), AV::real(0)});
  Value l = b.toF64(x), r = b.toF64(y), zero = constantF64(b, 0);
  Value rest = realFunction(b, INGOT_ABI_MATH_FMOD, l, r).getSSA();
  auto negative = [&](Value v) { return AV::runtime(compareFloat(b, arith::CmpFPredicate::OLT, v, zero)); };
  AV signs = AV::runtime(arith::XOrIOp::create(b.b, b.loc, negative(l).getSSA(), negative(r).getSSA()));
  AV moved = b.andBool(AV::runtime(compareFloat(b, arith::CmpFPredicate::UNE, rest, zero)), signs);
  rest = arith::SelectOp::create(b.b, b.loc, b.toI1(moved), arith::AddFOp::create(b.b, b.loc, rest, r), rest);
  Value quotient = arith::DivFOp::create(b.b, b.loc, arith::SubFOp::create(b.b, b.loc, l, rest), r);
  return Result::several({AV::runtime(quotient), AV::runtime(rest)});
}

Result negation(OpCall &c) {
  GraphBuilder &b = c.b;
  const AV &v = c.args[0];
  auto negative = [&](Value x) -> Value { return arith::NegFOp::create(b.b, b.loc, x); };
  if (v.is(Kind::Complex) && v.getSSA())
    return AV::runtimeComplex(negative(v.getSSA()), negative(v.getImaginarySSA()));
  if (v.is(Kind::Complex))
    return AV::complexNumber(-v.re(), -v.im());
  if (!isFloatNumber(v))
    return AV::integer(mul(asInt(b, v).getInt(), b.size(-1)));
  if (auto k = v.knownDouble())
    return AV::real(-*k);
  return AV::runtime(negative(v.getSSA()));
}
Result absolute(OpCall &c) {
  const AV &v = c.args[0];
  if (v.is(Kind::Complex) && v.getSSA())
    return realFunction(c.b, INGOT_ABI_MATH_HYPOT, v.getSSA(), v.getImaginarySSA());
  if (v.is(Kind::Complex))
    return AV::real(std::abs(constantComplex(v)));
  if (!isFloatNumber(v)) {
    Int i = asInt(c.b, v).getInt();
    return coercedNumber(c, AV::integer(c.b.maxInt(i, mul(i, c.b.size(-1)))));
  }
  if (auto k = v.knownDouble())
    return AV::real(std::fabs(*k));
  return throughGraph<graph::AbsOp>(c.b, {v});
}

template <bool Max>
Result extreme(OpCall &c) { // prim::min, prim::max of two numbers or a list
  GraphBuilder &b = c.b;
  std::vector<AV> in(c.args.begin(), c.args.end());
  // A comparison with NaN is false: of two numbers that gives the second, of a list the one before.
  bool ofList = false;
  if (in.size() >= 1 && (in[0].is(Kind::List) || in[0].is(Kind::Tuple))) {
    if (c.args.size() >= 2)
      return c.unsupported("of two lists");
    in = in[0].elements();
    ofList = true;
  }
  if (in.empty()) {
    b.raise("RuntimeError", Twine(Max ? "max" : "min") + "() arg is an empty sequence");
    return AV::integer(0, b.context());
  }
  AV best = in[0];
  for (const AV &v : ArrayRef(in).drop_front()) {
    if (!best.isNumber() || !v.isNumber())
      return c.unsupported("of values that are not numbers");
    if (!isFloatNumber(best) && !isFloatNumber(v)) {
      Int i = asInt(b, best).getInt(), j = asInt(b, v).getInt();
      best = AV::integer(Max ? b.maxInt(i, j) : b.minInt(i, j));
    } else if (auto x = best.knownDouble(), y = v.knownDouble(); x && y) {
      double first = ofList ? *y : *x, second = ofList ? *x : *y;
      best = AV::real((Max ? first > second : first < second) ? first : second);
    } else {
      Value first = b.toF64(ofList ? v : best), second = b.toF64(ofList ? best : v);
      Value wins =
          arith::CmpFOp::create(b.b, b.loc, Max ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT, first, second);
      best = b.fromF64(arith::SelectOp::create(b.b, b.loc, wins, first, second));
    }
  }
  return coercedNumber(c, best);
}

//===----------------------------------------------------------------------===//
// Comparisons, logic
//===----------------------------------------------------------------------===//

/// Equality of values of which something is known at run time only; null: of
/// kinds that have none.
std::optional<AV> runtimeEqual(GraphBuilder &b, const AV &x, const AV &y) {
  if (std::optional<bool> k = constantEqual(x, y))
    return AV::boolean(*k);
  auto floats = [&](Value l, Value r) { return AV::runtime(compareFloat(b, arith::CmpFPredicate::OEQ, l, r)); };
  if (x.is(Kind::Complex) || y.is(Kind::Complex)) {
    if (!x.isNumber() || !y.isNumber())
      return std::nullopt;
    Parts p = partsOf(b, x), q = partsOf(b, y);
    return b.andBool(floats(p.re, q.re), floats(p.im, q.im));
  }
  if (x.isNumber() && y.isNumber()) {
    if (!isFloatNumber(x) && !isFloatNumber(y))
      return b.compareInt(Predicate::eq, asInt(b, x).getInt(), asInt(b, y).getInt());
    return floats(b.toF64(x), b.toF64(y));
  }
  bool sequences = x.kind() == y.kind() && (x.is(Kind::List) || x.is(Kind::Tuple));
  if (!sequences || x.elements().size() != y.elements().size())
    return std::nullopt;
  AV all = AV::boolean(true);
  for (auto [p, q] : llvm::zip(x.elements(), y.elements())) {
    std::optional<AV> one = runtimeEqual(b, p, q);
    if (!one)
      return std::nullopt;
    all = b.andBool(all, *one);
  }
  return all;
}

template <Predicate I, arith::CmpFPredicate F>
Result comparison(OpCall &c) {
  GraphBuilder &b = c.b;
  const AV &x = c.args[0], &y = c.args[1];
  bool equality = I == Predicate::eq || I == Predicate::ne;
  if (x.isNumber() && y.isNumber() && !x.is(Kind::Complex) && !y.is(Kind::Complex)) {
    if (!isFloatNumber(x) && !isFloatNumber(y))
      return b.compareInt(I, asInt(b, x).getInt(), asInt(b, y).getInt());
    auto p = x.knownDouble(), q = y.knownDouble();
    // LibTorch does not look whether a value equals itself: NaN does.
    if (equality && x.getSSA() && x.getSSA() == y.getSSA())
      return AV::boolean(I == Predicate::eq);
    if (!p || !q)
      return b.fromI1(compareFloat(b, F, b.toF64(x), b.toF64(y)));
    switch (I) {
    case Predicate::eq:
      return AV::boolean(*p == *q);
    case Predicate::ne:
      return AV::boolean(*p != *q);
    case Predicate::slt:
      return AV::boolean(*p < *q);
    case Predicate::sle:
      return AV::boolean(*p <= *q);
    case Predicate::sgt:
      return AV::boolean(*p > *q);
    default:
      return AV::boolean(*p >= *q);
    }
  }
  if (x.is(Kind::Str) && y.is(Kind::Str) && !equality) {
    int order = x.getString().compare(y.getString());
    return AV::boolean(I == Predicate::slt   ? order < 0
                       : I == Predicate::sle ? order <= 0
                       : I == Predicate::sgt ? order > 0
                                             : order >= 0);
  }
  if (equality)
    if (std::optional<AV> same = runtimeEqual(b, x, y))
      return I == Predicate::eq ? *same : b.notBool(*same);
  return c.unsupported("of a " + typeName(x) + " and a " + typeName(y));
}

Result logicalNot(OpCall &c) { return c.b.notBool(truthOfNumber(c.b, c.args[0])); }

/// An instruction on two ints.
template <typename Op>
AV bitwise(GraphBuilder &b, const AV &x, const AV &y) {
  return AV::integer(b.fromSSA(Op::create(b.b, b.loc, b.toI64(asInt(b, x).getInt()), b.toI64(asInt(b, y).getInt()))));
}
template <int Operation> // 0 and, 1 or, 2 xor
Result logical(OpCall &c) {
  GraphBuilder &b = c.b;
  const AV &x = c.args[0], &y = c.args[1];
  if (!x.isNumber() || !y.isNumber())
    return c.unsupported("of a " + typeName(x) + " and a " + typeName(y));
  if (x.is(Kind::Bool) && y.is(Kind::Bool)) {
    if (Operation == 0)
      return b.andBool(x, y);
    if (Operation == 1)
      return b.orBool(x, y);
    return b.orBool(b.andBool(x, b.notBool(y)), b.andBool(b.notBool(x), y));
  }
  auto i = x.knownInt(), j = y.knownInt();
  if (i && j)
    return AV::integer(Operation == 0 ? *i & *j : Operation == 1 ? *i | *j : *i ^ *j, b.context());
  return Operation == 0   ? bitwise<arith::AndIOp>(b, x, y)
         : Operation == 1 ? bitwise<arith::OrIOp>(b, x, y)
                          : bitwise<arith::XOrIOp>(b, x, y);
}
template <bool Left>
Result shift(OpCall &c) {
  GraphBuilder &b = c.b;
  auto i = c.args[0].knownInt(), j = c.args[1].knownInt();
  // The machine looks at six bits of the count.
  if (i && j)
    return AV::integer(Left ? int64_t(uint64_t(*i) << (*j & 63)) : *i >> (*j & 63), b.context());
  AV count = j ? AV::integer(*j & 63, b.context()) : bitwise<arith::AndIOp>(b, c.args[1], AV::integer(63, b.context()));
  return Left ? bitwise<arith::ShLIOp>(b, c.args[0], count) : bitwise<arith::ShRSIOp>(b, c.args[0], count);
}

#define BOTH(name, function) {"aten::" name ".*", function}

const OperatorRow rows[] = {
    BOTH("add", arithmetic<Arith::Add>),
    BOTH("sub", arithmetic<Arith::Sub>),
    BOTH("mul", arithmetic<Arith::Mul>),
    BOTH("div", arithmetic<Arith::Div>),
    BOTH("floordiv", arithmetic<Arith::FloorDiv>),
    BOTH("remainder", arithmetic<Arith::Mod>),
    BOTH("pow", arithmetic<Arith::Pow>),
    {"prim::pow", arithmetic<Arith::Pow>},
    BOTH("fmod", arithmetic<Arith::Fmod>),
    BOTH("divmod", quotientAndRest),
    BOTH("neg", negation),
    {"prim::abs.*", absolute},
    BOTH("fabs", absolute),
    {"prim::min.*", extreme<false>},
    {"prim::max.*", extreme<true>},
    {"aten::sym_max", extreme<true>},
    {"aten::sym_min", extreme<false>},
    BOTH("eq", (comparison<Predicate::eq, arith::CmpFPredicate::OEQ>)),
    BOTH("ne", (comparison<Predicate::ne, arith::CmpFPredicate::UNE>)),
    BOTH("lt", (comparison<Predicate::slt, arith::CmpFPredicate::OLT>)),
    BOTH("le", (comparison<Predicate::sle, arith::CmpFPredicate::OLE>)),
    BOTH("gt", (comparison<Predicate::sgt, arith::CmpFPredicate::OGT>)),
    BOTH("ge", (comparison<Predicate::sge, arith::CmpFPredicate::OGE>)),
    {"aten::__not__", logicalNot},
    {"aten::__and__.bool", logical<0>},
    {"aten::__and__.int", logical<0>},
    {"aten::__or__.bool", logical<1>},
    {"aten::__or__.int", logical<1>},
    {"aten::__xor__.bool", logical<2>},
    {"aten::__xor__.int", logical<2>},
    {"aten::__lshift__.int", shift<true>},
    {"aten::__rshift__.int", shift<false>},
};

} // namespace

ArrayRef<OperatorRow> eval::numberOperators() { return rows; }
