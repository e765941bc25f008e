//===- ControlFlow.cpp - regions of branches and loops ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// scf ops stay; their regions are lowered like the method's body.
#include "ControlFlow.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

static bool isToken(Value v) { return isa<graph::TokenType>(v.getType()); }

static void dropTokensOf(Operation *op, Value dummy) {
  auto dropOperands = [](Operation *from) {
    for (unsigned i = from->getNumOperands(); i-- > 0;)
      if (isToken(from->getOperand(i)))
        from->eraseOperand(i);
  };
  for (Region &region : op->getRegions())
    for (Block &block : region) {
      dropOperands(block.getTerminator());
      for (unsigned i = block.getNumArguments(); i-- > 0;)
        if (isToken(block.getArgument(i))) {
          block.getArgument(i).replaceAllUsesWith(dummy);
          block.eraseArgument(i);
        }
    }
  dropOperands(op);
  if (llvm::none_of(op->getResults(), isToken))
    return;
  OperationState state(op->getLoc(), op->getName());
  state.addOperands(op->getOperands());
  state.addAttributes(op->getAttrs());
  for (Value r : op->getResults())
    if (!isToken(r))
      state.addTypes(r.getType());
  for (Region &region : op->getRegions())
    state.addRegion()->takeBody(region);
  OpBuilder b(op);
  Operation *plain = b.create(state);
  unsigned next = 0;
  for (Value r : op->getResults())
    r.replaceAllUsesWith(isToken(r) ? dummy : Value(plain->getResult(next++)));
  op->erase();
}

void lowering::dropTokens(func::FuncOp function) {
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) {
    if (!isa<scf::IfOp, scf::ForOp, scf::WhileOp>(op))
      return;
    bool any = llvm::any_of(op->getOperands(), isToken) || llvm::any_of(op->getResults(), isToken);
    for (Region &region : op->getRegions())
      for (Block &block : region)
        any |= llvm::any_of(block.getArguments(), isToken);
    if (any)
      ops.push_back(op);
  });
  if (ops.empty())
    return;
  OpBuilder b(&function.getBody().front(), function.getBody().front().begin());
  Value dummy = graph::MakeTokenOp::create(b, function.getLoc(), graph::TokenType::get(function.getContext()),
                                           b.getStringAttr("ordered"));
  for (Operation *op : ops)
    dropTokensOf(op, dummy);
}

/// A tensor whose sizes have other names outside a region.
static LogicalResult lowerRename(UnrealizedConversionCastOp op, Lowering &l) {
  if (op.getNumOperands() != 1 || op.getNumResults() != 1 || !isa<RankedTensorType>(op.getOperand(0).getType()) ||
      !isa<RankedTensorType>(op.getResult(0).getType()))
    return op.emitOpError("has no lowering");
  l.set(op.getResult(0), l.get(op.getOperand(0)));
  return success();
}

void lowering::addControlFlowRules(RuleTable &table) { table.add<UnrealizedConversionCastOp>(lowerRename); }
