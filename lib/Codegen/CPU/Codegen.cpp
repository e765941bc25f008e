//===- Codegen.cpp - linalg on tensors to kernels and a host ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Codegen/CPU/Codegen.h"

#include "lib/Codegen/CPU/Target.h"
#include "lib/Codegen/Common/ArenaPlanning.h"
#include "lib/Codegen/Common/Forks.h"
#include "lib/Codegen/Common/MethodLowering.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;

namespace {

struct LowerToKernelsPass : PassWrapper<LowerToKernelsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(LowerToKernelsPass)

  LowerToKernelsPass() = default;
  explicit LowerToKernelsPass(const CodegenOptions &options) : options(options) {}
  LowerToKernelsPass(const LowerToKernelsPass &other) : PassWrapper(other), options(other.options) {}

  StringRef getArgument() const override { return "ingot-lower-to-kernels"; }
  StringRef getDescription() const override {
    return "Turn methods on tensors into host programs, planned memory and kernels";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry
        .insert<affine::AffineDialect, arith::ArithDialect, complex::ComplexDialect, func::FuncDialect,
                graph::GraphDialect, linalg::LinalgDialect, LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect,
                scf::SCFDialect, task::TaskDialect, tensor::TensorDialect, vector::VectorDialect>();
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    std::unique_ptr<Target> target = cpu::createTarget(options);
    SmallVector<func::FuncOp> methods;
    for (auto func : module.getOps<func::FuncOp>())
      if (func->hasAttr("ingot.method") && !func.isDeclaration())
        methods.push_back(func);
    bool failed_ = false;
    for (func::FuncOp method : methods) {
      OpBuilder b(method);
      auto host = func::FuncOp::create(b, method.getLoc(), method.getName(), b.getFunctionType({}, {}));
      for (NamedAttribute attr : method->getDiscardableAttrs())
        host->setDiscardableAttr(attr.getName(), attr.getValue());
      host.addEntryBlock();
      {
        HostBuilder builder(host);
        MethodLowering lowering(method, builder, module, options, *target);
        if (failed(lowering.run())) {
          failed_ = true;
          continue;
        }
        builder.finish();
      }
      formForks(host, options.elideForks);
      planArena(host);
      method.erase();
    }
    if (failed_)
      signalPassFailure();
  }

  CodegenOptions options;
};

} // namespace

std::unique_ptr<Pass> ingot::createLowerToKernelsPass(const CodegenOptions &options) {
  return std::make_unique<LowerToKernelsPass>(options);
}

void ingot::buildCodegenPipeline(OpPassManager &pm, const CodegenOptions &options) {
  // Equal size arithmetic must be one value before sizes are compared. No
  // canonicalizer here: it would drop copies that the program asked for.
  pm.addPass(createCSEPass());
  pm.addPass(createCollapseEpiloguesPass());
  pm.addPass(createCSEPass());
  pm.addPass(createLowerToKernelsPass(options));
  pm.addPass(createExpandMathPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createMergeKernelsPass());
}

void ingot::registerCodegenPasses() {
  registerPass([] { return createLowerToKernelsPass({}); });
  registerPass(createCollapseEpiloguesPass);
  registerPass(createMergeKernelsPass);
  registerPass(createExpandMathPass);
  PassPipelineRegistration<>("ingot-codegen", "From linalg on tensors to kernels and a host",
                             [](OpPassManager &pm) { buildCodegenPipeline(pm, {}); });
}
