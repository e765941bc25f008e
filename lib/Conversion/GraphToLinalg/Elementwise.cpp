//===- Elementwise.cpp - one loop nest per operator -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Broadcasts and splat constants behind the operands are read in place. f16 and
// bf16 compute in f32 and round once per operator, as torch does.
#include "Scalar.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

namespace {

/// The operands of one element's computation.
struct Element {
  Operation *op;
  SmallVector<Value> args;       // signless, in the operand's own element type
  SmallVector<Type> types;       // with signedness
  SmallVector<TypedAttr> splats; // where an operand is constant
  Type result;                   // with signedness
  bool isUnsigned() const { return types[0].isUnsignedInteger(); }
  bool isFloat() const { return isa<FloatType>(types[0]); }
  bool isComplex() const { return isa<ComplexType>(types[0]); }
  bool isBool() const { return types[0].isInteger(1); }
};

template <typename Op>
Value unary(Scalar &s, Value x) {
  return Op::create(s.b, x);
}

} // namespace

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

/// Quotient rounded to zero. The divisor has been checked; the smallest number
/// divided by -1, which traps on x86, wraps as negation does.
static Value truncatingDivide(Scalar &s, Value x, Value y, bool isUnsigned) {
  Type type = x.getType();
  Value isZero = s.compare(arith::CmpIPredicate::eq, y, s.zero(type));
  if (isUnsigned)
    return arith::DivUIOp::create(s.b, x, s.select(isZero, s.one(type), y));
  Value isMinusOne = s.compare(arith::CmpIPredicate::eq, y, s.constantInt(type, -1));
  Value safe = s.select(s.ori(isZero, isMinusOne), s.one(type), y);
  Value quotient = arith::DivSIOp::create(s.b, x, safe);
  return s.select(isMinusOne, s.sub(s.zero(type), x), quotient);
}

static Value integerRemainder(Scalar &s, Value x, Value y, bool isUnsigned) {
  return s.sub(x, s.mul(truncatingDivide(s, x, y, isUnsigned), y));
}

static Value floorDivideIntegers(Scalar &s, Value x, Value y, bool isUnsigned) {
  Value quotient = truncatingDivide(s, x, y, isUnsigned);
  if (isUnsigned)
    return quotient;
  Type type = x.getType();
  Value rest = s.sub(x, s.mul(quotient, y));
  Value inexact = s.compare(arith::CmpIPredicate::ne, rest, s.zero(type));
  Value signs = s.compare(arith::CmpIPredicate::slt, s.xori(rest, y), s.zero(type));
  return s.select(s.andi(inexact, signs), s.sub(quotient, s.one(type)), quotient);
}

static Value pythonRemainderIntegers(Scalar &s, Value x, Value y, bool isUnsigned) {
  Value rest = integerRemainder(s, x, y, isUnsigned);
  if (isUnsigned)
    return rest;
  Type type = x.getType();
  Value inexact = s.compare(arith::CmpIPredicate::ne, rest, s.zero(type));
  Value signs = s.compare(arith::CmpIPredicate::slt, s.xori(rest, y), s.zero(type));
  return s.select(s.andi(inexact, signs), s.add(rest, y), rest);
}

static Value shift(Scalar &s, Value x, Value y, bool left, bool isUnsigned) {
  Type type = x.getType();
  unsigned width = cast<IntegerType>(type).getWidth();
  // Negative amounts are large unsigned ones.
  Value tooFar = s.compare(arith::CmpIPredicate::uge, y, s.constantInt(type, width));
  if (left) {
    Value amount = s.select(tooFar, s.zero(type), y);
    return s.select(tooFar, s.zero(type), arith::ShLIOp::create(s.b, x, amount));
  }
  if (isUnsigned) {
    Value amount = s.select(tooFar, s.zero(type), y);
    return s.select(tooFar, s.zero(type), arith::ShRUIOp::create(s.b, x, amount));
  }
  Value amount = s.select(tooFar, s.constantInt(type, width - 1), y);
  return arith::ShRSIOp::create(s.b, x, amount);
}

//===----------------------------------------------------------------------===//
// Floating division with torch's rounding rules
//===----------------------------------------------------------------------===//

static Value floorDivideFloats(Scalar &s, Value x, Value y) {
  using P = arith::CmpFPredicate;
  Type type = x.getType();
  Value zero = s.zero(type), one = s.one(type);
  Value plain = s.div(x, y);
  Value rest = arith::RemFOp::create(s.b, x, y);
  Value quotient = s.div(s.sub(x, rest), y);
  Value signs = s.xori(s.compare(P::OLT, y, zero), s.compare(P::OLT, rest, zero));
  Value adjust = s.andi(s.compare(P::UNE, rest, zero), signs);
  quotient = s.select(adjust, s.sub(quotient, one), quotient);
  Value floor = math::FloorOp::create(s.b, quotient);
  Value up = s.compare(P::OGT, s.sub(quotient, floor), s.constant(type, 0.5));
  Value whole = s.select(up, s.add(floor, one), floor);
  Value signedZero = s.copySign(zero, plain);
  Value result = s.select(s.compare(P::UNE, quotient, zero), whole, signedZero);
  return s.select(s.compare(P::OEQ, y, zero), plain, result);
}

static Value pythonRemainderFloats(Scalar &s, Value x, Value y) {
  using P = arith::CmpFPredicate;
  Value zero = s.zero(x.getType());
  Value rest = arith::RemFOp::create(s.b, x, y);
  Value signs = s.xori(s.compare(P::OLT, y, zero), s.compare(P::OLT, rest, zero));
  return s.select(s.andi(s.compare(P::UNE, rest, zero), signs), s.add(rest, y), rest);
}

//===----------------------------------------------------------------------===//
// By operator
//===----------------------------------------------------------------------===//

static Value emitComplex(Scalar &s, const Element &e) {
  Value x = e.args[0];
  Type part = cast<ComplexType>(e.types[0]).getElementType();
  auto re = [&](Value v) -> Value { return complex::ReOp::create(s.b, part, v); };
  auto im = [&](Value v) -> Value { return complex::ImOp::create(s.b, part, v); };
  return TypeSwitch<Operation *, Value>(e.op)
      .Case([&](graph::AddOp) { return s.add(x, e.args[1]); })
      .Case([&](graph::SubOp) { return s.sub(x, e.args[1]); })
      .Case([&](graph::MulOp) { return s.mul(x, e.args[1]); })
      .Case([&](graph::DivOp) { return s.div(x, e.args[1]); })
      .Case([&](graph::NegOp) { return unary<complex::NegOp>(s, x); })
      .Case([&](graph::ConjOp) { return unary<complex::ConjOp>(s, x); })
      .Case([&](graph::ExpOp) { return unary<complex::ExpOp>(s, x); })
      // In parts: complex.log of complex.exp would fold to its argument, whatever its angle.
      .Case([&](graph::LogOp) -> Value {
        Value re = complex::ReOp::create(s.b, x), im = complex::ImOp::create(s.b, x);
        Value length = math::LogOp::create(s.b, complex::AbsOp::create(s.b, x));
        return complex::CreateOp::create(s.b, x.getType(), length, math::Atan2Op::create(s.b, im, re));
      })
      .Case([&](graph::SqrtOp) { return unary<complex::SqrtOp>(s, x); })
      .Case([&](graph::RsqrtOp) { return unary<complex::RsqrtOp>(s, x); })
      .Case([&](graph::SinOp) { return unary<complex::SinOp>(s, x); })
      .Case([&](graph::CosOp) { return unary<complex::CosOp>(s, x); })
      .Case([&](graph::TanOp) { return unary<complex::TanOp>(s, x); })
      .Case([&](graph::TanhOp) { return unary<complex::TanhOp>(s, x); })
      .Case([&](graph::ReciprocalOp) { return s.div(s.one(e.types[0]), x); })
      .Case([&](graph::PowOp) -> Value { return complex::PowOp::create(s.b, x, e.args[1]); })
      .Case([&](graph::RealOp) { return re(x); })
      .Case([&](graph::ImagOp) { return im(x); })
      .Case([&](graph::ComplexAbsOp) { return s.library("hypot", {re(x), im(x)}); })
      .Case([&](graph::AngleOp) -> Value { return math::Atan2Op::create(s.b, im(x), re(x)); })
      .Case([&](graph::IsNanOp) { return s.ori(s.isNan(re(x)), s.isNan(im(x))); })
      .Case([&](graph::EqOp) -> Value { return complex::EqualOp::create(s.b, x, e.args[1]); })
      .Case([&](graph::NeOp) -> Value { return complex::NotEqualOp::create(s.b, x, e.args[1]); })
      .Default([](Operation *) { return Value(); });
}

static Value emitCompare(Scalar &s, const Element &e) {
  using F = arith::CmpFPredicate;
  using I = arith::CmpIPredicate;
  bool isUnsigned = e.isUnsigned() || e.isBool();
  auto compare = [&](F f, I i, I u) {
    if (e.isFloat())
      return s.compare(f, e.args[0], e.args[1]);
    return s.compare(isUnsigned ? u : i, e.args[0], e.args[1]);
  };
  return TypeSwitch<Operation *, Value>(e.op)
      .Case([&](graph::EqOp) { return compare(F::OEQ, I::eq, I::eq); })
      .Case([&](graph::NeOp) { return compare(F::UNE, I::ne, I::ne); })
      .Case([&](graph::LtOp) { return compare(F::OLT, I::slt, I::ult); })
      .Case([&](graph::LeOp) { return compare(F::OLE, I::sle, I::ule); })
      .Case([&](graph::GtOp) { return compare(F::OGT, I::sgt, I::ugt); })
      .Case([&](graph::GeOp) { return compare(F::OGE, I::sge, I::uge); })
      .Default([](Operation *) { return Value(); });
}

static Value emitInteger(Scalar &s, const Element &e) {
  using I = arith::CmpIPredicate;
  Value x = e.args[0], y = e.args.size() > 1 ? e.args[1] : Value();
  bool isUnsigned = e.isUnsigned() || e.isBool();
  Type type = x.getType();
  if (Value result = emitCompare(s, e))
    return result;
  return TypeSwitch<Operation *, Value>(e.op)
      .Case([&](graph::AddOp) { return s.add(x, y); })
      .Case([&](graph::SubOp) { return s.sub(x, y); })
      .Case([&](graph::MulOp) { return s.mul(x, y); })
      .Case([&](graph::FloorDivideOp) { return floorDivideIntegers(s, x, y, isUnsigned); })
      .Case([&](graph::TruncDivideOp) { return truncatingDivide(s, x, y, isUnsigned); })
      .Case([&](graph::RemainderOp) { return pythonRemainderIntegers(s, x, y, isUnsigned); })
      .Case([&](graph::FmodOp) { return integerRemainder(s, x, y, isUnsigned); })
      .Case([&](graph::PowOp) { return s.integerPower(x, y, isUnsigned); })
      .Case<graph::MaximumOp, graph::FmaxOp>([&](auto) { return s.maximum(x, y, isUnsigned); })
      .Case<graph::MinimumOp, graph::FminOp>([&](auto) { return s.minimum(x, y, isUnsigned); })
      .Case([&](graph::BitwiseAndOp) { return s.andi(x, y); })
      .Case([&](graph::BitwiseOrOp) { return s.ori(x, y); })
      .Case([&](graph::BitwiseXorOp) { return s.xori(x, y); })
      .Case([&](graph::BitwiseNotOp) { return s.notBool(x); })
      .Case([&](graph::ShiftLeftOp) { return shift(s, x, y, true, isUnsigned); })
      .Case([&](graph::ShiftRightOp) { return shift(s, x, y, false, isUnsigned); })
      .Case([&](graph::AbsOp) { return isUnsigned ? x : unary<math::AbsIOp>(s, x); })
      .Case([&](graph::NegOp) { return s.sub(s.zero(type), x); })
      .Case([&](graph::SignOp) -> Value {
        if (e.isBool())
          return x;
        Value positive = arith::ExtUIOp::create(s.b, type, s.compare(isUnsigned ? I::ne : I::sgt, x, s.zero(type)));
        if (isUnsigned)
          return positive;
        Value negative = arith::ExtUIOp::create(s.b, type, s.compare(I::slt, x, s.zero(type)));
        return s.sub(positive, negative);
      })
      .Case([&](graph::ReluOp) { return s.maximum(x, s.zero(type), isUnsigned); })
      .Case<graph::CeilOp, graph::FloorOp, graph::RoundOp, graph::TruncOp, graph::ConjOp, graph::RealOp>(
          [&](auto) { return x; })
      .Case([&](graph::SignbitOp) -> Value {
        return isUnsigned ? s.constantInt(s.b.getI1Type(), 0) : s.compare(I::slt, x, s.zero(type));
      })
      .Case<graph::IsNanOp, graph::IsInfOp>([&](auto) { return s.constantInt(s.b.getI1Type(), 0); })
      .Default([](Operation *) { return Value(); });
}

static Value emitFloatUnary(Scalar &s, const Element &e) {
  using P = arith::CmpFPredicate;
  Value x = e.args[0];
  Type type = x.getType();
  return TypeSwitch<Operation *, Value>(e.op)
      .Case([&](graph::AbsOp) { return unary<math::AbsFOp>(s, x); })
      .Case([&](graph::NegOp) { return unary<arith::NegFOp>(s, x); })
      // (0 < x) - (x < 0): NaN has the sign 0 in torch.
      .Case([&](graph::SignOp) {
        Value positive = s.select(s.compare(P::OGT, x, s.zero(type)), s.one(type), s.zero(type));
        return s.select(s.compare(P::OLT, x, s.zero(type)), s.constant(type, -1), positive);
      })
      .Case([&](graph::CeilOp) { return unary<math::CeilOp>(s, x); })
      .Case([&](graph::FloorOp) { return unary<math::FloorOp>(s, x); })
      .Case([&](graph::RoundOp) { return unary<math::RoundEvenOp>(s, x); })
      .Case([&](graph::TruncOp) { return unary<math::TruncOp>(s, x); })
      .Case([&](graph::SqrtOp) { return s.sqrt(x); })
      .Case([&](graph::RsqrtOp) { return s.div(s.one(type), s.sqrt(x)); })
      .Case([&](graph::ReciprocalOp) { return s.div(s.one(type), x); })
      .Case([&](graph::ExpOp) { return s.exp(x); })
      .Case([&](graph::Exp2Op) { return unary<math::Exp2Op>(s, x); })
      .Case([&](graph::Expm1Op) { return s.expm1(x); })
      .Case([&](graph::LogOp) { return unary<math::LogOp>(s, x); })
      .Case([&](graph::Log2Op) { return unary<math::Log2Op>(s, x); })
      .Case([&](graph::Log10Op) { return unary<math::Log10Op>(s, x); })
      .Case([&](graph::Log1pOp) { return s.log1p(x); })
      .Case([&](graph::SinOp) { return s.sin(x); })
      .Case([&](graph::CosOp) { return s.cos(x); })
      .Case([&](graph::TanOp) { return s.tan(x); })
      .Case([&](graph::AsinOp) { return unary<math::AsinOp>(s, x); })
      .Case([&](graph::AcosOp) { return unary<math::AcosOp>(s, x); })
      .Case([&](graph::AtanOp) { return unary<math::AtanOp>(s, x); })
      .Case([&](graph::SinhOp) { return unary<math::SinhOp>(s, x); })
      .Case([&](graph::CoshOp) { return unary<math::CoshOp>(s, x); })
      .Case([&](graph::TanhOp) { return unary<math::TanhOp>(s, x); })
      .Case([&](graph::AsinhOp) { return unary<math::AsinhOp>(s, x); })
      .Case([&](graph::AcoshOp) { return unary<math::AcoshOp>(s, x); })
      .Case([&](graph::AtanhOp) { return unary<math::AtanhOp>(s, x); })
      .Case([&](graph::ErfOp) { return unary<math::ErfOp>(s, x); })
      .Case([&](graph::ErfcOp) { return unary<math::ErfcOp>(s, x); })
      .Case([&](graph::LgammaOp) { return s.libm("lgamma", x); })
      .Case([&](graph::DigammaOp) { return s.digamma(x); })
      .Case([&](graph::SigmoidOp) { return s.sigmoid(x); })
      // One vmaxps: NaN and -0 in x stay.
      .Case([&](graph::ReluOp) { return s.select(s.compare(P::OGT, s.zero(type), x), s.zero(type), x); })
      .Case<graph::ConjOp, graph::RealOp>([&](auto) { return x; })
      .Case([&](graph::ImagOp) { return s.zero(type); })
      .Case([&](graph::IsNanOp) { return s.isNan(x); })
      .Case([&](graph::IsInfOp) {
        return s.compare(P::OEQ, unary<math::AbsFOp>(s, x), s.constant(type, std::numeric_limits<double>::infinity()));
      })
      .Case([&](graph::SignbitOp) {
        Type bits = s.b.getIntegerType(type.getIntOrFloatBitWidth());
        Value word = arith::BitcastOp::create(s.b, bits, x);
        return s.compare(arith::CmpIPredicate::slt, word, s.zero(bits));
      })
      // 0 or pi; NaN stays.
      .Case([&](graph::AngleOp) {
        Value angle =
            s.select(s.compare(P::OLT, x, s.zero(type)), s.constant(type, 3.14159265358979323846), s.zero(type));
        return s.select(s.isNan(x), x, angle);
      })
      .Default([](Operation *) { return Value(); });
}

static Value emitFloat(Scalar &s, const Element &e) {
  if (auto special = dyn_cast<graph::SpecialOp>(e.op))
    return s.library(special.getFunction(), e.args);
  if (Value result = emitCompare(s, e))
    return result;
  if (e.args.size() < 2)
    return emitFloatUnary(s, e);
  Value x = e.args[0], y = e.args[1];
  return TypeSwitch<Operation *, Value>(e.op)
      .Case([&](graph::AddOp) { return s.add(x, y); })
      .Case([&](graph::SubOp) { return s.sub(x, y); })
      .Case([&](graph::MulOp) { return s.mul(x, y); })
      .Case([&](graph::DivOp) { return s.div(x, y); })
      .Case([&](graph::FloorDivideOp) { return floorDivideFloats(s, x, y); })
      .Case([&](graph::TruncDivideOp) { return unary<math::TruncOp>(s, s.div(x, y)); })
      .Case([&](graph::RemainderOp) { return pythonRemainderFloats(s, x, y); })
      .Case([&](graph::FmodOp) -> Value { return arith::RemFOp::create(s.b, x, y); })
      .Case([&](graph::PowOp) { return s.power(x, y, e.splats[1]); })
      .Case([&](graph::Atan2Op) -> Value { return math::Atan2Op::create(s.b, x, y); })
      .Case([&](graph::MaximumOp) { return s.maximum(x, y, false); })
      .Case([&](graph::MinimumOp) { return s.minimum(x, y, false); })
      .Case([&](graph::FmaxOp) -> Value { return arith::MaxNumFOp::create(s.b, x, y); })
      .Case([&](graph::FminOp) -> Value { return arith::MinNumFOp::create(s.b, x, y); })
      .Case([&](graph::HypotOp) { return s.library("hypot", {x, y}); })
      .Case([&](graph::CopysignOp) { return s.copySign(x, y); })
      .Case([&](graph::ComplexOp) -> Value { return complex::CreateOp::create(s.b, e.result, x, y); })
      .Default([](Operation *) { return Value(); });
}

/// The element's value, null when the operator has no meaning on the type.
static Value emitElement(Scalar &s, Element e) {
  if (isa<graph::CastOp>(e.op))
    return s.cast(e.args[0], e.types[0], e.result);
  if (isa<graph::BitcastOp>(e.op)) {
    Type to = signless(e.result);
    return to == e.args[0].getType() ? e.args[0] : Value(arith::BitcastOp::create(s.b, to, e.args[0]));
  }
  if (isa<graph::WhereOp>(e.op))
    return s.select(e.args[0], e.args[1], e.args[2]);
  if (isa<graph::NextafterOp>(e.op)) // of the type itself: no detour by f32
    return s.nextAfter(e.args[0], e.args[1]);
  if (e.isComplex())
    return emitComplex(s, e);
  if (!e.isFloat())
    return emitInteger(s, e);
  Type own = e.types[0], compute = computeType(own);
  if (own != compute) {
    for (auto [value, type] : llvm::zip(e.args, e.types)) {
      value = s.cast(value, own, compute);
      type = compute;
    }
    for (TypedAttr &splat : e.splats)
      if (splat)
        splat = FloatAttr::get(compute, cast<FloatAttr>(splat).getValueAsDouble());
  }
  Value result = emitFloat(s, e);
  return result && result.getType() == compute && e.result == own && own != compute ? s.cast(result, compute, own)
                                                                                    : result;
}

//===----------------------------------------------------------------------===//
// Division by zero
//===----------------------------------------------------------------------===//

/// Raises torch's error when an element of an integer divisor is 0.
static void checkDivisor(Operation *op, Lowering &l) {
  Value divisor = op->getOperand(1);
  Operand operand = l.resolve(divisor, /*throughPermute=*/true);
  Value bad;
  if (operand.splat) {
    if (!cast<IntegerAttr>(operand.splat).getValue().isZero())
      return;
    bad = l.constantOf(l.b.getBoolAttr(true));
  } else {
    unsigned rank = cast<RankedTensorType>(operand.tensor.getType()).getRank();
    Value init = l.filled({}, l.b.getBoolAttr(false));
    SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::reduction);
    Value any =
        l.generic(operand.tensor, init, {l.identity(rank), AffineMap::get(rank, 0, l.b.getContext())}, iterators,
                  [&](ImplicitLocOpBuilder &b, ValueRange args) {
                    Scalar s(b);
                    Value zero = s.compare(arith::CmpIPredicate::eq, args[0], s.zero(args[0].getType()));
                    return SmallVector<Value>{s.ori(args[1], zero)};
                  })
            .getResult(0);
    bad = tensor::ExtractOp::create(l.b, any, ValueRange{});
  }
  // Without an element nothing is divided.
  Value count = l.product(l.sizes(divisor));
  Value none = l.b.createOrFold<arith::CmpIOp>(arith::CmpIPredicate::eq, count, l.index(0));
  Value good = l.b.createOrFold<arith::XOrIOp>(bad, l.constantOf(l.b.getBoolAttr(true)));
  l.check(l.b.createOrFold<arith::OrIOp>(good, none), "RuntimeError", "ZeroDivisionError");
}

//===----------------------------------------------------------------------===//
// The rule
//===----------------------------------------------------------------------===//

static LogicalResult lowerElementwise(Operation *op, Lowering &l) {
  // The result's sizes are those of its operands.
  SmallVector<OpFoldResult> sizes;
  bool known = llvm::all_of(graph::getSizes(l.resultType(op)), [&](AffineExpr e) { return l.isBound(e); });
  sizes = known ? *l.resultSizes(op) : l.sizes(op->getOperand(0));
  Type resultElement = l.resultType(op).getElementType();
  if (isa<graph::FloorDivideOp, graph::TruncDivideOp, graph::RemainderOp, graph::FmodOp>(op) &&
      isa<IntegerType>(resultElement))
    checkDivisor(op, l);

  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  SmallVector<TypedAttr> splats;
  for (Value operand : op->getOperands()) {
    Operand resolved = l.resolve(operand, /*throughPermute=*/false);
    splats.push_back(resolved.splat);
    if (resolved.splat)
      continue;
    inputs.push_back(resolved.tensor);
    maps.push_back(resolved.map);
  }
  bool supported = true;
  ModuleOp module = op->getParentOfType<ModuleOp>();
  Value result = l.parallel(sizes, signless(resultElement), inputs, maps,
                            [&](ImplicitLocOpBuilder &b, ValueRange args) -> SmallVector<Value> {
                              Scalar s(b, module);
                              Element e{op, {}, {}, splats, resultElement};
                              unsigned next = 0;
                              for (auto [operand, splat] : llvm::zip(op->getOperands(), splats)) {
                                e.args.push_back(splat ? Value(arith::ConstantOp::create(b, splat)) : args[next++]);
                                e.types.push_back(l.elementType(operand));
                              }
                              Value value = emitElement(s, e);
                              supported = value && value.getType() == signless(resultElement);
                              return {supported ? value : s.zero(signless(resultElement))};
                            });
  if (!supported)
    return op->emitOpError("has no lowering on element type ")
           << l.elementType(op->getOperand(0)) << " with result " << resultElement;
  l.set(op->getResult(0), result);
  return success();
}

void lowering::addElementwiseRules(RuleTable &table) {
  using namespace graph;
  table.addGeneric<AbsOp, NegOp, SignOp, CeilOp, FloorOp, RoundOp, TruncOp, SqrtOp, RsqrtOp, ReciprocalOp, ExpOp,
                   Exp2Op, Expm1Op, LogOp, Log2Op, Log10Op, Log1pOp, SinOp, CosOp, TanOp, AsinOp, AcosOp, AtanOp,
                   SinhOp, CoshOp, TanhOp, AsinhOp, AcoshOp, AtanhOp, ErfOp, ErfcOp, LgammaOp, DigammaOp, SigmoidOp,
                   ReluOp, BitwiseNotOp, ConjOp, IsNanOp, IsInfOp, CastOp, BitcastOp, RealOp, ImagOp, ComplexAbsOp,
                   AngleOp, SignbitOp, ComplexOp, AddOp, SubOp, MulOp, DivOp, FloorDivideOp, TruncDivideOp, RemainderOp,
                   FmodOp, PowOp, Atan2Op, MaximumOp, MinimumOp, FmaxOp, FminOp, HypotOp, CopysignOp, NextafterOp,
                   BitwiseAndOp, BitwiseOrOp, BitwiseXorOp, ShiftLeftOp, ShiftRightOp, EqOp, NeOp, LtOp, LeOp, GtOp,
                   GeOp, WhereOp, SpecialOp>(lowerElementwise);
}
