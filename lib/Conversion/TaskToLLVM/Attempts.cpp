//===- Attempts.cpp - where an error within an attempt goes -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An attempt is an scf.if whose condition is a task.attempt. Behind the
// conversion to branches nothing tells any more what its first region held, so
// the operations that can raise are given the number of the innermost attempt
// around them, and the call that takes the error its own.
#include "LowerTask.h"

#include "ingot/Conversion/TaskToLLVM.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/Pass.h"

using namespace mlir;
using namespace ingot;

static void mark(Region &region, int64_t handler, int64_t &count);

static void mark(Operation &op, int64_t handler, int64_t &count) {
  Builder b(op.getContext());
  if (handler >= 0 && isa<task::CheckOp, task::CallRuntimeOp, task::UnboxOp>(op))
    op.setAttr(handlerAttrName, b.getI64IntegerAttr(handler));
  auto branch = dyn_cast<scf::IfOp>(op);
  if (!branch || !branch.getCondition().getDefiningOp<task::AttemptOp>()) {
    for (Region &region : op.getRegions())
      mark(region, handler, count);
    return;
  }
  int64_t own = count++;
  bool taken = false;
  if (!branch.getElseRegion().empty())
    for (auto call : branch.elseBlock()->getOps<task::CallRuntimeOp>())
      if (call.getCallee() == "take_error" && !taken) {
        call->setAttr(attemptAttrName, b.getI64IntegerAttr(own));
        taken = true;
      }
  mark(branch.getThenRegion(), taken ? own : handler, count);
  mark(branch.getElseRegion(), handler, count);
}

static void mark(Region &region, int64_t handler, int64_t &count) {
  for (Block &block : region)
    for (Operation &op : block)
      mark(op, handler, count);
}

namespace {
struct MarkAttempts : PassWrapper<MarkAttempts, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(MarkAttempts)
  StringRef getArgument() const override { return "mark-attempts"; }
  StringRef getDescription() const override { return "Says of operations within attempts where their errors go"; }
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      int64_t count = 0;
      if (function->hasAttr("ingot.method"))
        mark(function.getBody(), /*handler=*/-1, count);
    }
  }
};
} // namespace

std::unique_ptr<Pass> ingot::createMarkAttemptsPass() { return std::make_unique<MarkAttempts>(); }
