//===- Creation.cpp - tensors from nothing, weights, symbols ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Scalar.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

static LogicalResult lowerConstant(graph::ConstantOp op, Lowering &l) {
  RankedTensorType plain = plainType(l.resultType(op));
  Operand operand = l.resolve(op.getResult(), false);
  if (operand.splat) {
    SmallVector<OpFoldResult> sizes;
    for (int64_t size : plain.getShape())
      sizes.push_back(l.b.getIndexAttr(size));
    l.set(op.getResult(), l.filled(sizes, operand.splat));
    return success();
  }
  // Several values: data in the file, like a weight.
  ElementsAttr value = op.getValue();
  if (auto dense = dyn_cast<DenseElementsAttr>(value)) {
    if (dense.getElementType() != plain.getElementType())
      value = dense.bitcast(plain.getElementType());
    if (plain.getNumElements() == 0) {
      SmallVector<OpFoldResult> sizes;
      for (int64_t size : plain.getShape())
        sizes.push_back(l.b.getIndexAttr(size));
      l.set(op.getResult(), l.empty(sizes, plain.getElementType()));
      return success();
    }
    if (dense.isSplat() && isa<ComplexType>(plain.getElementType())) {
      auto parts = cast<ArrayAttr>(dense.getSplatValue<Attribute>());
      Value number = complex::ConstantOp::create(l.b, plain.getElementType(), parts);
      SmallVector<OpFoldResult> sizes;
      for (int64_t size : plain.getShape())
        sizes.push_back(l.b.getIndexAttr(size));
      Value out = l.empty(sizes, plain.getElementType());
      l.set(op.getResult(), linalg::FillOp::create(l.b, ValueRange{number}, ValueRange{out}).getResult(0));
      return success();
    }
  }
  l.set(op.getResult(), l.weight(value, plain));
  return success();
}

static LogicalResult lowerFull(graph::FullOp op, Lowering &l) {
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  Operand operand = l.resolve(op.getValue(), false);
  if (operand.splat) {
    l.set(op.getResult(), l.filled(*sizes, operand.splat));
    return success();
  }
  Value value = l.get(op.getValue());
  l.set(op.getResult(),
        l.parallel(*sizes, cast<RankedTensorType>(value.getType()).getElementType(), value,
                   AffineMap::get(sizes->size(), 0, l.b.getContext()),
                   [](ImplicitLocOpBuilder &, ValueRange args) { return SmallVector<Value>{args[0]}; }));
  return success();
}

static LogicalResult lowerIota(graph::IotaOp op, Lowering &l) {
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  Type element = l.resultType(op).getElementType();
  l.set(op.getResult(), l.parallel(*sizes, signless(element), {}, {}, [&](ImplicitLocOpBuilder &b, ValueRange) {
    Scalar s(b);
    Value here = s.fromIndex(linalg::IndexOp::create(b, op.getDim()), b.getI64Type());
    return SmallVector<Value>{s.cast(here, b.getI64Type(), element)};
  }));
  return success();
}

static LogicalResult lowerFromScalar(graph::FromScalarOp op, Lowering &l) {
  RankedTensorType type = l.resultType(op);
  Value value = l.get(op.getValue());
  Scalar s(l.b);
  if (value.getType().isIndex())
    value = s.fromIndex(value, l.b.getI64Type());
  value = s.cast(value, value.getType(), type.getElementType());
  l.set(op.getResult(), tensor::FromElementsOp::create(l.b, plainType(type), ValueRange{value}));
  return success();
}

static LogicalResult lowerItem(graph::ItemOp op, Lowering &l) {
  RankedTensorType type = l.graphType(op.getInput());
  SmallVector<Value> zeros(type.getRank(), type.getRank() ? l.index(0) : Value());
  Value value = tensor::ExtractOp::create(l.b, l.get(op.getInput()), zeros);
  Type to = op.getValue().getType();
  Scalar s(l.b);
  if (to.isIndex())
    value = s.toIndex(s.cast(value, type.getElementType(), l.b.getI64Type()));
  else
    value = s.cast(value, type.getElementType(), to);
  l.set(op.getValue(), value);
  return success();
}

static LogicalResult lowerBindSymbol(graph::BindSymbolOp op, Lowering &l) {
  l.bindSymbol(op.getSymbol(), l.get(op.getValue()));
  return success();
}

static LogicalResult lowerDim(graph::DimOp op, Lowering &l) {
  l.set(op.getSize(), l.toValue(l.size(op.getInput(), op.getDim())));
  return success();
}

static LogicalResult lowerTensorDim(tensor::DimOp op, Lowering &l) {
  auto dim = op.getConstantIndex();
  if (!dim || !isa<RankedTensorType>(op.getSource().getType()))
    return op.emitOpError("must be of a constant dimension");
  l.set(op.getResult(), l.toValue(l.size(op.getSource(), *dim)));
  return success();
}

//===----------------------------------------------------------------------===//
// What stays graph, on plain tensors
//===----------------------------------------------------------------------===//

static LogicalResult lowerGetWeight(graph::GetWeightOp op, Lowering &l) {
  l.set(op.getResult(), graph::GetWeightOp::create(l.b, plainType(l.resultType(op)), op.getNameAttr()));
  return success();
}

static LogicalResult lowerLoadState(graph::LoadStateOp op, Lowering &l) {
  l.set(op.getResult(), graph::LoadStateOp::create(l.b, plainType(l.resultType(op)), op.getNameAttr()));
  return success();
}

static LogicalResult lowerStoreState(graph::StoreStateOp op, Lowering &l) {
  graph::StoreStateOp::create(l.b, l.get(op.getValue()), op.getNameAttr());
  return success();
}

static LogicalResult lowerWriteBack(graph::WriteBackOp op, Lowering &l) {
  graph::WriteBackOp::create(l.b, l.get(op.getValue()), l.get(op.getInput()));
  return success();
}

static LogicalResult lowerAlias(graph::AliasOp op, Lowering &l) {
  l.set(op.getResult(), graph::AliasOp::create(l.b, plainType(l.resultType(op)), l.get(op.getBase()),
                                               l.get(op.getOffset()), l.get(op.getSizes()), l.get(op.getStrides())));
  return success();
}

static LogicalResult lowerCheck(graph::CheckOp op, Lowering &l) {
  Value condition = l.get(op.getCondition());
  APInt known;
  if (matchPattern(condition, m_ConstantInt(&known)) && known.isOne())
    return success();
  graph::CheckOp::create(l.b, condition, op.getExceptionAttr(), op.getMessageAttr(), l.get(op.getValues()));
  return success();
}

void lowering::addCreationRules(RuleTable &table) {
  table.add<graph::ConstantOp>(lowerConstant);
  table.add<graph::FullOp>(lowerFull);
  table.add<graph::IotaOp>(lowerIota);
  table.add<graph::FromScalarOp>(lowerFromScalar);
  table.add<graph::ItemOp>(lowerItem);
  table.add<graph::BindSymbolOp>(lowerBindSymbol);
  table.add<graph::DimOp>(lowerDim);
  table.add<tensor::DimOp>(lowerTensorDim);
  table.add<graph::GetWeightOp>(lowerGetWeight);
  table.add<graph::LoadStateOp>(lowerLoadState);
  table.add<graph::StoreStateOp>(lowerStoreState);
  table.add<graph::WriteBackOp>(lowerWriteBack);
  table.add<graph::AliasOp>(lowerAlias);
  table.add<graph::CheckOp>(lowerCheck);
}
