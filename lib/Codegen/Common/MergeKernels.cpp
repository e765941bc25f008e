//===- MergeKernels.cpp - kernels with equal bodies become one --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/Task/Task.h"
#include "ingot/Codegen/CPU/Codegen.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace ingot;

namespace {

struct MergeKernelsPass : PassWrapper<MergeKernelsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(MergeKernelsPass)

  StringRef getArgument() const override { return "ingot-merge-kernels"; }
  StringRef getDescription() const override { return "Merge kernels with equal bodies and drop those never launched"; }

  void runOnOperation() override {
    // Kernels are launched, and call the micro-kernels that they share.
    DenseSet<StringAttr> used;
    getOperation().walk([&](Operation *op) {
      if (auto launch = dyn_cast<task::LaunchOp>(op))
        used.insert(launch.getKernelAttr().getAttr());
      else if (auto call = dyn_cast<func::CallOp>(op))
        used.insert(call.getCalleeAttr().getAttr());
    });
    // Locations are not printed: kernels of different source lines are equal.
    llvm::StringMap<StringAttr> byBody;
    DenseMap<StringAttr, StringAttr> replacement;
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      if (!kernel->hasAttr("task.kernel"))
        continue;
      StringAttr name = kernel.getSymNameAttr();
      if (!used.contains(name)) {
        kernel.erase();
        continue;
      }
      kernel.setName("kernel");
      std::string text;
      llvm::raw_string_ostream out(text);
      kernel->print(out, OpPrintingFlags().useLocalScope());
      kernel.setSymNameAttr(name);
      auto [it, inserted] = byBody.try_emplace(text, name);
      if (inserted)
        continue;
      replacement[name] = it->second;
      kernel.erase();
    }
    getOperation().walk([&](Operation *op) {
      if (auto launch = dyn_cast<task::LaunchOp>(op)) {
        if (StringAttr other = replacement.lookup(launch.getKernelAttr().getAttr()))
          launch.setKernelAttr(FlatSymbolRefAttr::get(other));
      } else if (auto call = dyn_cast<func::CallOp>(op)) {
        if (StringAttr other = replacement.lookup(call.getCalleeAttr().getAttr()))
          call.setCalleeAttr(FlatSymbolRefAttr::get(other));
      }
    });
  }
};

} // namespace

std::unique_ptr<Pass> ingot::createMergeKernelsPass() { return std::make_unique<MergeKernelsPass>(); }
