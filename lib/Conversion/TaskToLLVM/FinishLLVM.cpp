//===- FinishLLVM.cpp - linkage, inlining, stack, libcalls ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the upstream conversions leave open, and the check that nothing is left
// over which the runtime does not have.
#include "ingot/Conversion/TaskToLLVM.h"

#include "dialects/Graph/Graph.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace ingot;

namespace {

struct FinishLLVM : PassWrapper<FinishLLVM, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FinishLLVM)
  StringRef getArgument() const override { return "finish-llvm"; }
  StringRef getDescription() const override { return "Sets linkage and inlining of methods and kernels"; }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    bool ok = true;
    // The debug-info pass looks for the function around an inlined location, and
    // crashes where there is none.
    if (isa<CallSiteLoc, FusedLoc>(module.getLoc()))
      module->setLoc(UnknownLoc::get(&getContext()));
    for (Operation &op : module.getOps()) {
      if (!isa<LLVM::LLVMFuncOp>(op))
        op.setLoc(UnknownLoc::get(&getContext()));
      if (auto function = dyn_cast<LLVM::LLVMFuncOp>(op)) {
        finish(function);
        ok &= check(function);
      } else if (!isa<LLVM::LLVMDialect>(op.getDialect()) && !isa<graph::WeightOp>(op)) {
        op.emitOpError("was not lowered to LLVM");
        ok = false;
      }
    }
    if (!ok)
      signalPassFailure();
  }

  void finish(LLVM::LLVMFuncOp function) {
    if (function.isExternal())
      return;
    if (function->hasAttr("ingot.method")) {
      function.setLinkage(LLVM::Linkage::External);
      function.setVisibility_(LLVM::Visibility::Hidden);
    } else {
      function.setLinkage(LLVM::Linkage::Internal);
    }
    function.setDsoLocal(true);
    // A kernel has one caller, its chunk function. Functions that kernels share
    // stay out of line: a kernel that holds every micro-kernel spills all of them.
    if (function->hasAttr("task.shared"))
      function.setNoInline(true);
    else if (function->hasAttr(kernelAttrName))
      function.setAlwaysInline(true);
    if (auto noalias = function->getAttrOfType<DenseI64ArrayAttr>(noaliasAttrName)) {
      for (int64_t index : noalias.asArrayRef())
        function.setArgAttr(index, LLVM::LLVMDialect::getNoAliasAttrName(), UnitAttr::get(&getContext()));
      function->removeAttr(noaliasAttrName);
    }
    if (function->hasAttr(chunkAttrName))
      function.setNoInline(true);
    // Nothing in generated code unwinds.
    function.setNoUnwind(true);
    hoistAllocas(function);
  }

  /// A constant-size alloca in a loop would grow the stack at each iteration.
  void hoistAllocas(LLVM::LLVMFuncOp function) {
    Block &entry = function.getBody().front();
    SmallVector<LLVM::AllocaOp> allocas;
    function.walk([&](LLVM::AllocaOp alloca) {
      if (alloca->getBlock() != &entry)
        allocas.push_back(alloca);
    });
    for (LLVM::AllocaOp alloca : allocas) {
      auto size = alloca.getArraySize().getDefiningOp<LLVM::ConstantOp>();
      if (!size)
        continue;
      alloca->moveBefore(&entry, entry.begin());
      size->moveBefore(&entry, entry.begin());
    }
  }

  bool check(LLVM::LLVMFuncOp function) {
    bool ok = true;
    if (function.isExternal()) {
      // Helpers of upstream's lowerings that no library of ours has.
      static const llvm::StringSet<> absent = {"memrefCopy", "malloc", "free", "aligned_alloc", "abort"};
      if (absent.contains(function.getSymName())) {
        function.emitOpError("is called, but generated code has no such "
                             "function: memory comes from the arena");
        ok = false;
      }
      return ok;
    }
    function.walk([&](Operation *op) {
      if (op != function && !isa<LLVM::LLVMDialect>(op->getDialect())) {
        op->emitOpError("was not lowered to LLVM");
        ok = false;
      }
    });
    return ok;
  }
};
} // namespace

std::unique_ptr<Pass> ingot::createFinishLLVMPass() { return std::make_unique<FinishLLVM>(); }
