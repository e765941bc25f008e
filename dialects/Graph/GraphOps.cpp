//===- GraphOps.cpp - effects and folds of graph ops -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/Graph/Graph.h"

#include "ingot/Support/Schema.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::graph;

#define GET_OP_CLASSES
#include "dialects/Graph/GraphOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Effects
//===----------------------------------------------------------------------===//

LogicalResult WithEffectsOp::verify() {
  if (!getName().contains("::"))
    return emitOpError("name must be \"namespace::operator.overload\"");
  if (const schema::OperatorSchema *known = schema::lookup(getName()); known && known->aliasesInputs())
    return emitOpError("Ops with aliasing is not supported");
  return success();
}

//===----------------------------------------------------------------------===//
// Folds
//===----------------------------------------------------------------------===//

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto inner = getInput().getDefiningOp<ReshapeOp>()) {
    if (inner.getInput().getType() == getType())
      return inner.getInput();
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return {};
}

OpFoldResult PermuteOp::fold(FoldAdaptor) {
  bool identity = getInput().getType() == getType();
  for (auto [i, dim] : llvm::enumerate(getPermutation()))
    identity &= int64_t(i) == dim;
  if (identity)
    return getInput();
  if (auto inner = getInput().getDefiningOp<PermuteOp>()) {
    SmallVector<int64_t> combined;
    for (int64_t dim : getPermutation())
      combined.push_back(inner.getPermutation()[dim]);
    setPermutation(combined);
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return {};
}

OpFoldResult ExpandOp::fold(FoldAdaptor) {
  // Equal types with an expression for every size: nothing is repeated.
  if (getInput().getType() == getType() &&
      sameSizes(cast<RankedTensorType>(getType()), cast<RankedTensorType>(getType())))
    return getInput();
  return {};
}
