//===- GraphOps.cpp - verifiers and folds of graph ops ----------*- C++ -*-===//
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
// Verifiers
//===----------------------------------------------------------------------===//

LogicalResult WhereOp::verify() {
  auto type = cast<RankedTensorType>(getType());
  if (getLhs().getType() != type || getRhs().getType() != type)
    return emitOpError("branches must have the result's type ") << type;
  auto condition = cast<RankedTensorType>(getCondition().getType());
  if (!condition.getElementType().isInteger(1) || condition.getShape() != type.getShape())
    return emitOpError("condition must be a bool tensor of the result's sizes");
  return success();
}

template <typename Op>
static LogicalResult verifyReduction(Op op) {
  auto in = cast<RankedTensorType>(op.getInput().getType());
  auto out = cast<RankedTensorType>(op.getType());
  int64_t last = -1;
  for (int64_t dim : op.getDims()) {
    if (dim <= last || dim >= in.getRank())
      return op.emitOpError("dims must be sorted, distinct and below the rank ") << in.getRank();
    last = dim;
  }
  int64_t rank = op.getKeepdim() ? in.getRank() : in.getRank() - int64_t(op.getDims().size());
  if (out.getRank() != rank)
    return op.emitOpError("result must have rank ") << rank;
  return success();
}
LogicalResult SumOp::verify() { return verifyReduction(*this); }
LogicalResult ProdOp::verify() { return verifyReduction(*this); }
LogicalResult AmaxOp::verify() { return verifyReduction(*this); }
LogicalResult AminOp::verify() { return verifyReduction(*this); }
LogicalResult AnyOp::verify() { return verifyReduction(*this); }
LogicalResult AllOp::verify() { return verifyReduction(*this); }

LogicalResult MatmulOp::verify() {
  auto a = cast<RankedTensorType>(getLhs().getType());
  auto b = cast<RankedTensorType>(getRhs().getType());
  int64_t rank = a.getRank();
  if (rank < 2 || b.getRank() != rank || cast<RankedTensorType>(getType()).getRank() != rank)
    return emitOpError("operands and result must have one rank of at least 2");
  int64_t ka = a.getDimSize(rank - 1), kb = b.getDimSize(rank - 2);
  if (!ShapedType::isDynamic(ka) && !ShapedType::isDynamic(kb) && ka != kb)
    return emitOpError("contracts ") << ka << " with " << kb << " elements";
  return success();
}

LogicalResult ConvolutionOp::verify() {
  auto in = cast<RankedTensorType>(getInput().getType());
  size_t spatial = in.getRank() - 2;
  if (in.getRank() < 3 || cast<RankedTensorType>(getWeight().getType()).getRank() != in.getRank())
    return emitOpError("input and weight must have one rank of at least 3");
  if (getStride().size() != spatial || getPadding().size() != spatial || getDilation().size() != spatial)
    return emitOpError("needs ") << spatial << " strides, paddings and dilations";
  if (int64_t(getGroups()) < 1) // the getter is unsigned
    return emitOpError("groups must be positive");
  return success();
}

LogicalResult PermuteOp::verify() {
  auto in = cast<RankedTensorType>(getInput().getType());
  SmallVector<bool> seen(in.getRank());
  if (int64_t(getPermutation().size()) != in.getRank())
    return emitOpError("permutation must name ") << in.getRank() << " dimensions";
  for (int64_t dim : getPermutation()) {
    if (dim < 0 || dim >= in.getRank() || seen[dim])
      return emitOpError("permutation must name each dimension once");
    seen[dim] = true;
  }
  return success();
}

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
