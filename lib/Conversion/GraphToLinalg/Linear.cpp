//===- Linear.cpp - matrix products -----------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One linalg.generic per product, tagged `ingot.contraction`. Transposes and
// broadcasts of the operands are in its indexing maps: a right side that does not
// depend on the batch dimensions makes them rows.
#include "Contraction.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

Value lowering::contract(Lowering &l, ValueRange inputs, ArrayRef<OpFoldResult> sizes, ArrayRef<AffineMap> maps,
                         ArrayRef<utils::IteratorType> iterators, StringRef tag, Attribute tagValue) {
  Type own = cast<RankedTensorType>(inputs[0].getType()).getElementType();
  Type accumulator = accumulatorType(own);
  Value init = l.zeros(sizes, accumulator);
  auto generic = l.generic(inputs, init, maps, iterators, [&](ImplicitLocOpBuilder &b, ValueRange args) {
    Scalar s(b);
    Value x = s.cast(args[0], own, accumulator);
    Value y = s.cast(args[1], own, accumulator);
    return SmallVector<Value>{s.add(args[2], s.mul(x, y))};
  });
  if (isa<FloatType>(own))
    generic->setAttr(tag, tagValue);
  Value result = generic.getResult(0);
  if (accumulator == own)
    return result;
  return l.parallel(sizes, own, result, l.identity(sizes.size()), [&](ImplicitLocOpBuilder &b, ValueRange args) {
    return SmallVector<Value>{Scalar(b).cast(args[0], accumulator, own)};
  });
}

static LogicalResult lowerMatmul(graph::MatmulOp op, Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  unsigned rank = l.resultType(op).getRank(), batch = rank - 2;
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  if (l.elementType(op.getLhs()).isInteger(1))
    return op.emitOpError("has no lowering on bool");

  auto dim = [&](unsigned i) { return b.getAffineDimExpr(i); };
  Operand lhs = l.resolveTensor(op.getLhs(), true), rhs = l.resolveTensor(op.getRhs(), true);

  // Loops: batch..., m, n, k. The last two dimensions of either side name theirs.
  SmallVector<AffineExpr> left, right, result;
  for (unsigned i = 0; i < batch; ++i) {
    left.push_back(dim(i));
    right.push_back(dim(i));
    result.push_back(dim(i));
  }
  AffineExpr m = dim(batch), n = dim(batch + 1), k = dim(batch + 2);
  left.append({m, k});
  right.append({k, n});
  result.append({m, n});
  // A loop whose size only a broadcast operand gives comes from the result; k
  // has to come from one of the operands.
  if (!lhs.map.isFunctionOfDim(rank - 1) && !rhs.map.isFunctionOfDim(rank - 2))
    lhs = {{}, l.get(op.getLhs()), l.identity(rank)};
  MLIRContext *c = b.getContext();
  unsigned loops = batch + 3;
  SmallVector<AffineMap> maps{lhs.map.compose(AffineMap::get(loops, 0, left, c)),
                              rhs.map.compose(AffineMap::get(loops, 0, right, c)), AffineMap::get(loops, 0, result, c)};
  SmallVector<utils::IteratorType> iterators(loops, utils::IteratorType::parallel);
  iterators.back() = utils::IteratorType::reduction;
  l.set(op.getResult(),
        contract(l, {lhs.tensor, rhs.tensor}, *sizes, maps, iterators, "ingot.contraction", b.getUnitAttr()));
  return success();
}

void lowering::addLinearRules(RuleTable &table) { table.add<graph::MatmulOp>(lowerMatmul); }
