//===- Passes.h - passes on graph and linalg --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_TRANSFORMS_PASSES_H
#define INGOT_TRANSFORMS_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include <memory>

namespace mlir {
class OpPassManager;
}

namespace ingot {

//===--- on graph -----------------------------------------------------------===//

/// conv(x, W) * s + b -> conv(x, W * s) + b for constants per output channel;
/// the same for matrix products.
std::unique_ptr<mlir::Pass> createFoldScalesPass();
/// Values that depend on weights and constants only become weights or constants.
std::unique_ptr<mlir::Pass> createFoldConstantsPass();
std::unique_ptr<mlir::Pass> createRemoveDeadWeightsPass();
std::unique_ptr<mlir::Pass> createDecomposePass();
/// Two-dimensional image operators become channels_last.
std::unique_ptr<mlir::Pass> createAssignLayoutPass();
std::unique_ptr<mlir::Pass> createSimplifyDimsPass();

//===--- on objects ---------------------------------------------------------===//

/// Texts and constant containers that a loop reads are made in front of it.
std::unique_ptr<mlir::Pass> createHoistObjectsPass();

//===--- on tokens ----------------------------------------------------------===//

/// Chains of effects begin as arguments and end as results.
std::unique_ptr<mlir::Pass> createLiftTokensPass();
/// Chains begin and end inside of the functions.
std::unique_ptr<mlir::Pass> createUnliftTokensPass();
/// Fails where a token is lost, or used more than once on a path.
std::unique_ptr<mlir::Pass> createVerifyTokensPass();
mlir::LogicalResult verifyTokens(mlir::ModuleOp module);

//===--- on linalg ----------------------------------------------------------===//

std::unique_ptr<mlir::Pass> createFuseElementwisePass();

//===--- pipelines ----------------------------------------------------------===//

/// The decompose phase: all of the passes on graph.
void buildDecomposePipeline(mlir::OpPassManager &pm);
/// After GraphToLinalg: elementwise fusion and clean-up.
void buildFusionPipeline(mlir::OpPassManager &pm);

void registerTransformsPasses();

} // namespace ingot

#endif
