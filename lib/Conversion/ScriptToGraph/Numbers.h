//===- Numbers.h - arithmetic of host numbers -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_NUMBERS_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_NUMBERS_H

#include "RuntimeValue.h"
#include <complex>

namespace ingot::eval {

/// int(v): a float is truncated, a bool is 0 or 1.
AV truncatedNumber(GraphBuilder &b, const AV &v);
/// bool(v).
AV truthOfNumber(GraphBuilder &b, const AV &v);
/// A number in the kind that the schema's result has.
AV coercedNumber(OpCall &c, AV v);

Value compareFloat(GraphBuilder &b, mlir::arith::CmpFPredicate predicate, Value x, Value y);
Value constantF64(GraphBuilder &b, double x);

/// A function of floats by way of a graph op on rank-0 f64 tensors.
template <typename Op>
AV throughGraph(GraphBuilder &b, llvm::ArrayRef<AV> in) {
  Values v;
  for (const AV &x : in)
    v.push_back(graph::FromScalarOp::create(b.b, b.loc, b.tensorType({}, int64_t(DType::Float64)), b.toF64(x)));
  Value out;
  if constexpr (Op::template hasTrait<mlir::OpTrait::OneOperand>())
    out = b.unary<Op>(v[0]);
  else
    out = b.binary<Op>(v[0], v[1]);
  return AV::runtime(graph::ItemOp::create(b.b, b.loc, b.b.getF64Type(), out));
}

/// Functions of the runtime's (INGOT_ABI_MATH_*).
AV realFunction(GraphBuilder &b, int64_t code, Value x, Value y = {});
AV intFunction(GraphBuilder &b, int64_t code, Int x, Int y);

/// A complex number's parts; a real one has the imaginary part 0.
struct Parts {
  Value re, im;
};
Parts partsOf(GraphBuilder &b, const AV &v);
AV complexFunction(GraphBuilder &b, int64_t code, Parts x, Parts y);

} // namespace ingot::eval

#endif
