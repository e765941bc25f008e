//===- VectorBody.cpp - elementwise bodies on whole vectors -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "VectorBody.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

static bool isVectorElement(Type type) { return type.isIntOrIndexOrFloat(); }

bool ingot::cpu::canVectorizeBody(linalg::GenericOp op) {
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (!llvm::all_of(inner.getResultTypes(), isVectorElement))
      return false;
    if (isa<arith::ConstantOp, linalg::IndexOp>(inner))
      continue;
    if (!OpTrait::hasElementwiseMappableTraits(&inner) || inner.getNumRegions())
      return false;
  }
  return true;
}

SmallVector<Value> ingot::cpu::cloneBodyOnVectors(OpBuilder &b, linalg::GenericOp op, int64_t lanes,
                                                  ValueRange arguments, ValueRange indices,
                                                  llvm::function_ref<Value(Value)> captured) {
  auto toVector = [&](Value v) -> Value {
    if (isa<VectorType>(v.getType()))
      return v;
    return vector::BroadcastOp::create(b, v.getLoc(), VectorType::get({lanes}, v.getType()), v);
  };
  IRMapping map;
  Block *body = op.getBody();
  for (auto [argument, value] : llvm::zip(body->getArguments(), arguments))
    if (value)
      map.map(argument, toVector(value));
  auto get = [&](Value v) -> Value {
    if (Value known = map.lookupOrNull(v))
      return known;
    Value vector = toVector(captured(v));
    map.map(v, vector);
    return vector;
  };
  for (Operation &inner : body->without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(inner)) {
      map.map(index.getResult(), toVector(indices[index.getDim()]));
      continue;
    }
    if (auto constant = dyn_cast<arith::ConstantOp>(inner)) {
      auto type = VectorType::get({lanes}, constant.getType());
      map.map(constant.getResult(),
              arith::ConstantOp::create(b, inner.getLoc(), DenseElementsAttr::get(type, constant.getValue())));
      continue;
    }
    OperationState state(inner.getLoc(), inner.getName());
    for (Value operand : inner.getOperands())
      state.operands.push_back(get(operand));
    for (Type type : inner.getResultTypes())
      state.types.push_back(VectorType::get({lanes}, type));
    state.attributes = llvm::to_vector(inner.getAttrs());
    state.propertiesAttr = inner.getPropertiesAsAttribute();
    Operation *clone = b.create(state);
    map.map(inner.getResults(), clone->getResults());
  }
  return llvm::map_to_vector(body->getTerminator()->getOperands(), get);
}
