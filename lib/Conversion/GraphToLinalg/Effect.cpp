//===- Effect.cpp - effect tokens -------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Program order carries the effects from here on: tokens go, and effectful
// operators become host ops, which no later pass reorders.
#include "Lowering.h"
#include "dialects/Task/Task.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

static LogicalResult lowerMakeToken(graph::MakeTokenOp, Lowering &) { return success(); }
static LogicalResult lowerSinkTokens(graph::SinkTokensOp, Lowering &) { return success(); }

static LogicalResult lowerWithEffects(graph::WithEffectsOp op, Lowering &l) {
  auto text = op->getAttrOfType<StringAttr>("text");
  bool prints = op.getName() == "prim::Print" || op.getName().starts_with("aten::_print");
  if (prints && text && op.getOutputs().empty()) {
    task::PrintOp::create(l.b, text);
    return success();
  }
  // A function of the runtime's object table.
  if (auto function = op->getAttrOfType<StringAttr>("runtime")) {
    auto call = task::CallRuntimeOp::create(l.b, op.getOutputs().getTypes(), function, l.get(op.getArguments()), text);
    for (auto [result, value] : llvm::zip_equal(op.getOutputs(), call->getResults()))
      l.set(result, value);
    return success();
  }
  return op.emitOpError("effectful operator ") << op.getName() << " has no lowering";
}

void lowering::addEffectRules(RuleTable &table) {
  table.add<graph::MakeTokenOp>(lowerMakeToken);
  table.add<graph::SinkTokensOp>(lowerSinkTokens);
  table.add<graph::WithEffectsOp>(lowerWithEffects);
}
