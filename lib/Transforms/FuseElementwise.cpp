//===- FuseElementwise.cpp - elementwise fusion on linalg -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which generics become one is decided here; the fusion itself is upstream's.
// Work is never doubled: what several consumers read is fused into all of them
// only when it is a cast, a broadcast or computed from nothing.
#include "ingot/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace ingot;

namespace {

/// Beyond, register pressure and compile time cost more than the memory saved.
constexpr unsigned kMaxOperands = 24, kMaxBodyOps = 512;

/// Roots with kernels of their own.
bool isTagged(Operation *op) {
  return op->hasAttr("ingot.contraction") || op->hasAttr("ingot.convolution") || op->hasAttr("ingot.window");
}

bool isCast(Operation &op) {
  return isa<arith::ExtFOp, arith::TruncFOp, arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp, arith::SIToFPOp,
             arith::UIToFPOp, arith::IndexCastOp, arith::ConstantOp, linalg::IndexOp, linalg::YieldOp>(op);
}

/// Casts and copies: as cheap as reading the result.
bool isView(linalg::GenericOp op) { return llvm::all_of(*op.getBody(), isCast); }

/// A few arithmetic operations on less data than the result has.
bool isCheapBroadcast(linalg::GenericOp op) {
  unsigned work = 0;
  for (Operation &inner : *op.getBody()) {
    if (isCast(inner))
      continue;
    if (isa<math::MathDialect>(inner.getDialect()) || !isa<arith::ArithDialect>(inner.getDialect()) ||
        isa<arith::DivFOp, arith::RemFOp, arith::DivSIOp, arith::DivUIOp, arith::RemSIOp>(inner))
      return false;
    if (++work > 4)
      return false;
  }
  for (OpOperand *input : op.getDpsInputOperands())
    if (op.getMatchingIndexingMap(input).getNumResults() >= op.getNumLoops())
      return false;
  return true;
}

bool readsRoot(linalg::GenericOp op) {
  return llvm::any_of(op.getDpsInputs(), [](Value v) {
    Operation *def = v.getDefiningOp();
    return def && isTagged(def);
  });
}

bool shouldFuse(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!producer || !consumer || producer->getBlock() != consumer->getBlock())
    return false;
  if (isTagged(producer) || isTagged(consumer) || !producer.hasPureTensorSemantics())
    return false;
  if (producer.getNumDpsInputs() + consumer.getNumDpsInputs() > kMaxOperands ||
      producer.getBody()->getOperations().size() + consumer.getBody()->getOperations().size() > kMaxBodyOps)
    return false;
  if (isView(producer) || isCheapBroadcast(producer))
    return true;
  // One consumer, or work is done twice.
  if (producer->getNumResults() != 1 ||
      !llvm::all_of(producer->getUsers(), [&](Operation *user) { return user == consumer; }))
    return false;
  // Every element once: a consumer that repeats the operand would compute it
  // again and again.
  if (!consumer.getMatchingIndexingMap(operand).isPermutation())
    return false;
  // A root's epilogue stays with the root.
  if (consumer.getNumReductionLoops() && readsRoot(producer))
    return false;
  return true;
}

class FuseElementwisePass : public PassWrapper<FuseElementwisePass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FuseElementwisePass)
  StringRef getArgument() const override { return "ingot-fuse-elementwise"; }
  StringRef getDescription() const override { return "Fuse elementwise generics"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<affine::AffineDialect, linalg::LinalgDialect, tensor::TensorDialect>();
  }
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    linalg::populateElementwiseOpsFusionPatterns(patterns, shouldFuse);
    GreedyRewriteConfig config;
    config.setUseTopDownTraversal(true);
    FrozenRewritePatternSet frozen(std::move(patterns));
    for (auto function : getOperation().getOps<func::FuncOp>())
      (void)applyPatternsGreedily(function, frozen, config);
    // What was fused away leaves a generic without results; with a call inside it
    // does not count as dead.
    getOperation().walk([](linalg::GenericOp op) {
      if (op->getNumResults() == 0)
        op.erase();
    });
  }
};

} // namespace

std::unique_ptr<Pass> ingot::createFuseElementwisePass() { return std::make_unique<FuseElementwisePass>(); }
