//===- HoistObjects.cpp - objects that never change ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A text in a loop, or a list or dict of constants that the loop only reads, is
// made once in front of the loop. MLIR's own code motion leaves makers of memory
// where they are: it cannot know that nobody writes to it.
#include "ingot/Transforms/Passes.h"

#include "dialects/Task/Task.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace ingot;

namespace {

bool isMakerOfImmutable(StringRef name) {
  return name == "text" || name == "device" || name == "none" || name == "box";
}
bool isMakerOfContainer(StringRef name) { return name == "list" || name == "dict"; }
bool isFiller(StringRef name) { return name == "list_append" || name == "dict_set"; }

/// Functions that neither change nor keep a container among their operands. What
/// they lend of one is a number or an immutable object, for no other is put into
/// a container that is hoisted.
bool isReader(StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases({"is_none", "kind_of", "equal", "compare", "length", "str_of", "print"}, true)
      .Cases({"list_get", "list_index", "list_count", "list_contains", "list_copy", "list_slice", "list_concat"}, true)
      .Cases({"list_sum", "list_extreme", "list_any", "list_all", "expect_length", "str_join"}, true)
      .Cases({"dict_get", "dict_get_default", "dict_get_optional", "dict_contains"}, true)
      .Cases({"dict_keys", "dict_values", "dict_items", "dict_copy"}, true)
      .Default(false);
}

class HoistObjectsPass : public PassWrapper<HoistObjectsPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(HoistObjectsPass)
  StringRef getArgument() const override { return "ingot-hoist-objects"; }
  StringRef getDescription() const override { return "Make texts and constant containers once, in front of loops"; }
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      function.walk<WalkOrder::PreOrder>([&](LoopLikeOpInterface loop) {
        hoist(loop);
        return WalkResult::skip(); // what stands in front of the outermost loop is best
      });
  }

private:
  void hoist(Operation *loop);
  /// Moves the constants among the operands in front of the loop; whether all
  /// operands stand there then.
  bool bringOperands(Operation *op, Operation *loop, unsigned first = 0);
  void hoistContainer(task::CallRuntimeOp maker, Operation *loop);
};

} // namespace

static bool isInside(Value v, Operation *loop) { return loop->isAncestor(v.getParentRegion()->getParentOp()); }
static bool canStandBefore(Value v, Operation *loop) {
  return !isInside(v, loop) || v.getDefiningOp<arith::ConstantOp>();
}

bool HoistObjectsPass::bringOperands(Operation *op, Operation *loop, unsigned first) {
  auto operands = op->getOperands().drop_front(first);
  if (!llvm::all_of(operands, [&](Value v) { return canStandBefore(v, loop); }))
    return false;
  for (Value v : operands)
    if (isInside(v, loop))
      v.getDefiningOp()->moveBefore(loop);
  return true;
}

void HoistObjectsPass::hoistContainer(task::CallRuntimeOp maker, Operation *loop) {
  SmallVector<Operation *> fillers;
  Operation *lastFiller = maker, *firstReader = nullptr;
  for (OpOperand &use : maker->getUses()) {
    auto call = dyn_cast<task::CallRuntimeOp>(use.getOwner());
    if (call && isFiller(call.getCallee()) && use.getOperandNumber() == 0 && call->getBlock() == maker->getBlock()) {
      fillers.push_back(call);
      if (lastFiller->isBeforeInBlock(call))
        lastFiller = call;
      continue;
    }
    Operation *reader = call && isReader(call.getCallee()) ? maker->getBlock()->findAncestorOpInBlock(*call) : nullptr;
    if (!reader)
      return;
    if (!firstReader || reader->isBeforeInBlock(firstReader))
      firstReader = reader;
  }
  if (firstReader && !lastFiller->isBeforeInBlock(firstReader))
    return;
  // An object from elsewhere might change: of objects, only those of this pass.
  auto isImmutable = [&](Value v) {
    auto call = v.getDefiningOp<task::CallRuntimeOp>();
    return !isa<task::ObjectType>(v.getType()) || (call && isMakerOfImmutable(call.getCallee()));
  };
  for (Operation *filler : fillers)
    for (Value v : filler->getOperands().drop_front())
      if (!canStandBefore(v, loop) || !isImmutable(v))
        return;
  if (!bringOperands(maker, loop))
    return;
  llvm::sort(fillers, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  maker->moveBefore(loop);
  for (Operation *filler : fillers) {
    bringOperands(filler, loop, /*first=*/1);
    filler->moveBefore(loop);
  }
}

void HoistObjectsPass::hoist(Operation *loop) {
  SmallVector<task::CallRuntimeOp> makers, containers;
  loop->walk([&](task::CallRuntimeOp call) {
    if (isMakerOfImmutable(call.getCallee()))
      makers.push_back(call);
    else if (isMakerOfContainer(call.getCallee()))
      containers.push_back(call);
  });
  for (task::CallRuntimeOp maker : makers)
    if (bringOperands(maker, loop))
      maker->moveBefore(loop);
  for (task::CallRuntimeOp maker : containers)
    hoistContainer(maker, loop);
}

std::unique_ptr<Pass> ingot::createHoistObjectsPass() { return std::make_unique<HoistObjectsPass>(); }
