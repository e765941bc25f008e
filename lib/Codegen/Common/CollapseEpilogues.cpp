//===- CollapseEpilogues.cpp - reshapes leave their products ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A linear layer on [batch, length, features] is a product of matrices whose result
// is expanded before the bias is added. The elementwise consumer is collapsed
// instead, so that it can be the product's epilogue; the expansion comes after it.
#include "ingot/Codegen/CPU/Codegen.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace ingot;

/// Whether `operand` of an elementwise operation is the expanded result of a
/// contraction or convolution that nobody else wants.
static bool isExpandedProduct(OpOperand *operand) {
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  auto expand = operand->get().getDefiningOp<tensor::ExpandShapeOp>();
  if (!consumer || !expand || !expand->hasOneUse() || !consumer.isDpsInput(operand) ||
      consumer.getNumParallelLoops() != consumer.getNumLoops() ||
      !consumer.getMatchingIndexingMap(operand).isIdentity())
    return false;
  auto product = expand.getSrc().getDefiningOp<linalg::GenericOp>();
  if (!product || !product->hasOneUse() || product->getBlock() != consumer->getBlock() ||
      (!product->hasAttr("ingot.contraction") && !product->hasAttr("ingot.convolution")))
    return false;
  // Indices would have to be split again inside the body.
  return llvm::none_of(*consumer.getBody(),
                       [](Operation &op) { return isa<linalg::IndexOp, tensor::ExtractOp>(op) || op.getNumRegions(); });
}

namespace {

struct CollapseEpiloguesPass : PassWrapper<CollapseEpiloguesPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CollapseEpiloguesPass)

  StringRef getArgument() const override { return "ingot-collapse-epilogues"; }
  StringRef getDescription() const override { return "Collapse elementwise consumers of expanded products"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<affine::AffineDialect, linalg::LinalgDialect, tensor::TensorDialect>();
  }

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    linalg::populateFoldReshapeOpsByCollapsingPatterns(patterns, isExpandedProduct);
    // A reshape and its inverse, which the collapse leaves behind.
    tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns, &getContext());
    tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, &getContext());
    FrozenRewritePatternSet frozen(std::move(patterns));
    GreedyRewriteConfig config;
    config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (failed(applyPatternsGreedily(func, frozen, config)))
        return signalPassFailure();
      // Sizes are asked of the expansion's operands: it is not a second reader.
      func.walk([](tensor::DimOp dim) {
        auto expand = dim.getSource().getDefiningOp<tensor::ExpandShapeOp>();
        std::optional<int64_t> index = dim.getConstantIndex();
        if (!expand || !index)
          return;
        OpBuilder b(dim);
        OpFoldResult size = expand.getMixedOutputShape()[*index];
        dim.replaceAllUsesWith(getValueOrCreateConstantIndexOp(b, dim.getLoc(), size));
      });
      if (failed(applyPatternsGreedily(func, frozen, config)))
        return signalPassFailure();
    }
  }
};

} // namespace

std::unique_ptr<Pass> ingot::createCollapseEpiloguesPass() { return std::make_unique<CollapseEpiloguesPass>(); }
