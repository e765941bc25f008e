//===- Passes.cpp - passes by patterns, pipelines ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Transforms/Passes.h"

#include "GraphRewrite.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace ingot;

namespace {

/// One set of patterns as a pass.
template <typename Self>
class PatternPass : public PassWrapper<Self, OperationPass<ModuleOp>> {
public:
  PatternPass() = default;
  PatternPass(const PatternPass &other) : PassWrapper<Self, OperationPass<ModuleOp>>(other) {}
  void getDependentDialects(DialectRegistry &registry) const override { registry.insert<arith::ArithDialect>(); }
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    static_cast<Self *>(this)->add(set);
    patterns = FrozenRewritePatternSet(std::move(set));
    return success();
  }
  void runOnOperation() override {
    GreedyRewriteConfig config;
    // Program order: producers settle before their users are looked at.
    config.setUseTopDownTraversal(true);
    for (auto function : this->getOperation().template getOps<func::FuncOp>())
      (void)applyPatternsGreedily(function, patterns, config);
  }

private:
  FrozenRewritePatternSet patterns;
};

class DecomposePass : public PatternPass<DecomposePass> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(DecomposePass)
  StringRef getArgument() const override { return "ingot-decompose"; }
  StringRef getDescription() const override {
    return "Rewrite operators without kernels of their own in terms of others";
  }
  void add(RewritePatternSet &set) { transforms::addDecomposePatterns(set); }
};

class LayoutPass : public PatternPass<LayoutPass> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(LayoutPass)
  StringRef getArgument() const override { return "ingot-assign-layout"; }
  StringRef getDescription() const override {
    return "Put the channels of images last and move the permutes out of the way";
  }
  void add(RewritePatternSet &set) { transforms::addLayoutPatterns(set); }
};

class SimplifyPass : public PatternPass<SimplifyPass> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SimplifyPass)
  StringRef getArgument() const override { return "ingot-simplify-dims"; }
  StringRef getDescription() const override { return "Compute without dimensions of size 1 that reductions kept"; }
  void add(RewritePatternSet &set) { transforms::addSimplifyPatterns(set); }
};

} // namespace

std::unique_ptr<Pass> ingot::createDecomposePass() { return std::make_unique<DecomposePass>(); }
std::unique_ptr<Pass> ingot::createAssignLayoutPass() { return std::make_unique<LayoutPass>(); }
std::unique_ptr<Pass> ingot::createSimplifyDimsPass() { return std::make_unique<SimplifyPass>(); }

void ingot::buildDecomposePipeline(OpPassManager &pm) {
  // Text may have its tokens lifted.
  pm.addPass(createUnliftTokensPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createHoistObjectsPass());
  // One value per weight and constant: later passes ask for single uses.
  pm.addPass(createCSEPass());
  // Before decomposition: it puts reshapes between products and their scales.
  pm.addPass(createFoldScalesPass());
  // Folded scales and shifts are constants before the layout looks at them.
  pm.addPass(createFoldConstantsPass());
  pm.addPass(createDecomposePass());
  pm.addPass(createAssignLayoutPass());
  pm.addPass(createSimplifyDimsPass());
  pm.addPass(createCSEPass());
  pm.addPass(createFoldConstantsPass());
  pm.addPass(createCSEPass());
  pm.addPass(createRemoveDeadWeightsPass());
}

/// Without the pattern that gives a loop's tensor the static sizes of the first one: a tensor that grows from nothing
/// (`empty(n, 0)`, then `cat`) has others after an iteration. test/e2e/language/networks.py tells when it is back.
static std::unique_ptr<Pass> createTensorCanonicalizerPass() {
  return createCanonicalizerPass(GreedyRewriteConfig(), {"(anonymous namespace)::ForOpTensorCastFolder"});
}

void ingot::buildFusionPipeline(OpPassManager &pm) {
  pm.addPass(createTensorCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createFuseElementwisePass());
  pm.addPass(createTensorCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void ingot::registerTransformsPasses() {
  registerPass(createDecomposePass);
  registerPass(createAssignLayoutPass);
  registerPass(createSimplifyDimsPass);
  registerPass(createFoldConstantsPass);
  registerPass(createFoldScalesPass);
  registerPass(createRemoveDeadWeightsPass);
  registerPass(createFuseElementwisePass);
  registerPass(createHoistObjectsPass);
  registerPass(createLiftTokensPass);
  registerPass(createUnliftTokensPass);
  registerPass(createVerifyTokensPass);
  PassPipelineRegistration<>("ingot-decompose-pipeline", "The decompose phase",
                             [](OpPassManager &pm) { buildDecomposePipeline(pm); });
  PassPipelineRegistration<>("ingot-fusion-pipeline", "Fusion on linalg",
                             [](OpPassManager &pm) { buildFusionPipeline(pm); });
}
