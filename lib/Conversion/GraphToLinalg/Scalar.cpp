//===- Scalar.cpp - expressions over elements -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Scalar.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

Value Scalar::constant(Type type, double value) {
  if (auto floating = dyn_cast<FloatType>(type)) {
    APFloat number(value);
    bool losesInfo;
    number.convert(floating.getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
    return arith::ConstantOp::create(b, FloatAttr::get(type, number));
  }
  if (auto complexType = dyn_cast<ComplexType>(type)) {
    Type part = complexType.getElementType();
    return complex::CreateOp::create(b, type, constant(part, value), constant(part, 0));
  }
  return constantInt(type, int64_t(value));
}

Value Scalar::constantInt(Type type, int64_t value) {
  if (type.isIndex())
    return index(value);
  unsigned width = cast<IntegerType>(type).getWidth();
  return arith::ConstantOp::create(b, IntegerAttr::get(type, APInt(64, value, true).sextOrTrunc(width)));
}

Value Scalar::index(int64_t value) { return arith::ConstantIndexOp::create(b, value); }
Value Scalar::zero(Type type) { return constant(type, 0); }
Value Scalar::one(Type type) { return constant(type, 1); }

Value Scalar::add(Value x, Value y) {
  if (isa<ComplexType>(x.getType()))
    return complex::AddOp::create(b, x, y);
  if (isa<FloatType>(x.getType()))
    return arith::AddFOp::create(b, x, y);
  if (x.getType().isInteger(1))
    return arith::OrIOp::create(b, x, y);
  return arith::AddIOp::create(b, x, y);
}

Value Scalar::sub(Value x, Value y) {
  if (isa<ComplexType>(x.getType()))
    return complex::SubOp::create(b, x, y);
  if (isa<FloatType>(x.getType()))
    return arith::SubFOp::create(b, x, y);
  if (x.getType().isInteger(1))
    return arith::XOrIOp::create(b, x, y);
  return arith::SubIOp::create(b, x, y);
}

Value Scalar::mul(Value x, Value y) {
  if (isa<ComplexType>(x.getType()))
    return complex::MulOp::create(b, x, y);
  if (isa<FloatType>(x.getType()))
    return arith::MulFOp::create(b, x, y);
  if (x.getType().isInteger(1))
    return arith::AndIOp::create(b, x, y);
  return arith::MulIOp::create(b, x, y);
}

Value Scalar::div(Value x, Value y) {
  if (isa<ComplexType>(x.getType()))
    return complex::DivOp::create(b, x, y);
  return arith::DivFOp::create(b, x, y);
}

Value Scalar::fma(Value x, Value y, Value z) { return math::FmaOp::create(b, x, y, z); }
Value Scalar::select(Value c, Value x, Value y) { return arith::SelectOp::create(b, c, x, y); }
Value Scalar::andi(Value x, Value y) { return arith::AndIOp::create(b, x, y); }
Value Scalar::ori(Value x, Value y) { return arith::OrIOp::create(b, x, y); }
Value Scalar::xori(Value x, Value y) { return arith::XOrIOp::create(b, x, y); }
Value Scalar::notBool(Value x) { return xori(x, constantInt(x.getType(), -1)); }

Value Scalar::compare(arith::CmpFPredicate p, Value x, Value y) { return arith::CmpFOp::create(b, p, x, y); }
Value Scalar::compare(arith::CmpIPredicate p, Value x, Value y) { return arith::CmpIOp::create(b, p, x, y); }

Value Scalar::less(Value x, Value y, bool isUnsigned) {
  if (isa<FloatType>(x.getType()))
    return compare(arith::CmpFPredicate::OLT, x, y);
  if (x.getType().isInteger(1))
    isUnsigned = true;
  return compare(isUnsigned ? arith::CmpIPredicate::ult : arith::CmpIPredicate::slt, x, y);
}

Value Scalar::isNan(Value x) { return compare(arith::CmpFPredicate::UNO, x, x); }

Value Scalar::nonZero(Value x) {
  Type type = x.getType();
  if (auto complexType = dyn_cast<ComplexType>(type)) {
    Type part = complexType.getElementType();
    return ori(nonZero(complex::ReOp::create(b, part, x)), nonZero(complex::ImOp::create(b, part, x)));
  }
  if (isa<FloatType>(type))
    return compare(arith::CmpFPredicate::UNE, x, zero(type));
  if (type.isInteger(1))
    return x;
  return compare(arith::CmpIPredicate::ne, x, zero(type));
}

Value Scalar::copySign(Value x, Value y) {
  Type type = x.getType();
  unsigned width = type.getIntOrFloatBitWidth();
  Type bits = b.getIntegerType(width);
  auto mask = [&](const APInt &value) -> Value { return arith::ConstantOp::create(b, IntegerAttr::get(bits, value)); };
  APInt sign = APInt::getSignMask(width);
  Value magnitude = andi(arith::BitcastOp::create(b, bits, x), mask(~sign));
  Value signBit = andi(arith::BitcastOp::create(b, bits, y), mask(sign));
  return arith::BitcastOp::create(b, type, ori(magnitude, signBit));
}

Value Scalar::maximum(Value x, Value y, bool isUnsigned) {
  Type type = x.getType();
  if (isa<FloatType>(type))
    return arith::MaximumFOp::create(b, x, y);
  if (type.isInteger(1))
    return ori(x, y);
  if (isUnsigned)
    return arith::MaxUIOp::create(b, x, y);
  return arith::MaxSIOp::create(b, x, y);
}

Value Scalar::minimum(Value x, Value y, bool isUnsigned) {
  Type type = x.getType();
  if (isa<FloatType>(type))
    return arith::MinimumFOp::create(b, x, y);
  if (type.isInteger(1))
    return andi(x, y);
  if (isUnsigned)
    return arith::MinUIOp::create(b, x, y);
  return arith::MinSIOp::create(b, x, y);
}

Value Scalar::lowest(Type type, bool isUnsigned) {
  if (auto floating = dyn_cast<FloatType>(type))
    return arith::ConstantOp::create(b, FloatAttr::get(type, APFloat::getInf(floating.getFloatSemantics(), true)));
  unsigned width = cast<IntegerType>(type).getWidth();
  APInt value = isUnsigned || width == 1 ? APInt(width, 0) : APInt::getSignedMinValue(width);
  return arith::ConstantOp::create(b, IntegerAttr::get(type, value));
}

Value Scalar::highest(Type type, bool isUnsigned) {
  if (auto floating = dyn_cast<FloatType>(type))
    return arith::ConstantOp::create(b, FloatAttr::get(type, APFloat::getInf(floating.getFloatSemantics(), false)));
  unsigned width = cast<IntegerType>(type).getWidth();
  APInt value = isUnsigned || width == 1 ? APInt::getAllOnes(width) : APInt::getSignedMaxValue(width);
  return arith::ConstantOp::create(b, IntegerAttr::get(type, value));
}

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

Value Scalar::cast(Value x, Type from, Type to) {
  if (from == to)
    return x;
  Type target = signless(to);
  if (auto fromComplex = dyn_cast<ComplexType>(from)) {
    Type part = fromComplex.getElementType();
    if (auto toComplex = dyn_cast<ComplexType>(to)) {
      Value re = complex::ReOp::create(b, part, x), im = complex::ImOp::create(b, part, x);
      return complex::CreateOp::create(b, to, cast(re, part, toComplex.getElementType()),
                                       cast(im, part, toComplex.getElementType()));
    }
    if (to.isInteger(1))
      return nonZero(x);
    return cast(complex::ReOp::create(b, part, x), part, to);
  }
  if (auto toComplex = dyn_cast<ComplexType>(to)) {
    Type part = toComplex.getElementType();
    return complex::CreateOp::create(b, to, cast(x, from, part), zero(part));
  }
  if (to.isInteger(1))
    return nonZero(x);
  auto fromFloat = dyn_cast<FloatType>(from), toFloat = dyn_cast<FloatType>(to);
  if (fromFloat && toFloat) {
    if (fromFloat.getWidth() < toFloat.getWidth())
      return arith::ExtFOp::create(b, to, x);
    // Halves are made from floats: f64 -> f16 rounds twice, as c10::Half does;
    // f16 <-> bf16 goes through f32 too.
    if (toFloat.getWidth() == 16 && fromFloat.getWidth() != 32) {
      Type f32 = b.getF32Type();
      return cast(cast(x, from, f32), f32, to);
    }
    return arith::TruncFOp::create(b, to, x);
  }
  if (fromFloat) {
    if (fromFloat.getWidth() == 16)
      return cast(cast(x, from, b.getF32Type()), b.getF32Type(), to);
    // As torch's C++ on x86: narrow integers go through i32, unsigned ones
    // through i64, and the low bits stay.
    unsigned width = ::cast<IntegerType>(to).getWidth();
    bool isUnsigned = to.isUnsignedInteger();
    if (isUnsigned && width == 64)
      return arith::FPToUIOp::create(b, target, x);
    Type wide = b.getIntegerType(width == 64 || isUnsigned ? 64 : 32);
    Value whole = arith::FPToSIOp::create(b, wide, x);
    return wide == target ? whole : Value(arith::TruncIOp::create(b, target, whole));
  }
  if (toFloat) {
    if (toFloat.getWidth() == 16)
      return cast(cast(x, from, b.getF32Type()), b.getF32Type(), to);
    if (from.isInteger(1) || from.isUnsignedInteger())
      return arith::UIToFPOp::create(b, to, x);
    return arith::SIToFPOp::create(b, to, x);
  }
  unsigned a = ::cast<IntegerType>(from).getWidth(), c = ::cast<IntegerType>(to).getWidth();
  if (a == c)
    return x;
  if (a > c)
    return arith::TruncIOp::create(b, target, x);
  if (from.isInteger(1) || from.isUnsignedInteger())
    return arith::ExtUIOp::create(b, target, x);
  return arith::ExtSIOp::create(b, target, x);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

Value Scalar::call(StringRef name, ValueRange args) {
  Type type = args[0].getType();
  if (!module.lookupSymbol(name)) {
    OpBuilder top = OpBuilder::atBlockEnd(module.getBody());
    auto declaration = func::FuncOp::create(top, b.getLoc(), name, b.getFunctionType(TypeRange(args), TypeRange(type)));
    declaration.setPrivate();
    // As MathToLibm marks them: calls may be merged, moved and dropped.
    declaration->setAttr("llvm.readnone", b.getUnitAttr());
  }
  return func::CallOp::create(b, name, TypeRange(type), args).getResult(0);
}

Value Scalar::libm(StringRef name, ValueRange args) {
  return args[0].getType().isF64() ? call(name, args) : call((name + "f").str(), args);
}
