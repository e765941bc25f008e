//===- Legality.cpp - what may stand in a module after a phase --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Legality.h"

#include "dialects/Graph/Graph.h"
#include "dialects/Script/Script.h"
#include "dialects/Task/Task.h"

#include "ingot/Transforms/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace ingot;

/// Why `op` must not stand after `phase`; empty when it may.
static StringRef reason(Phase phase, Operation *op) {
  Dialect *dialect = op->getDialect();
  if (phase >= Phase::Normalize && isa_and_nonnull<script::ScriptDialect>(dialect))
    return "was not normalised";
  // Weights, state and checks stay graph ops until code generation.
  bool kept = isa<graph::WeightOp, graph::GetWeightOp, graph::LoadStateOp, graph::StoreStateOp, graph::WriteBackOp,
                  graph::AliasOp, graph::CheckOp>(op);
  if (phase == Phase::Linalg && isa_and_nonnull<graph::GraphDialect>(dialect) && !kept)
    return "has no lowering to linalg";
  if (phase >= Phase::Tiled) {
    if (isa_and_nonnull<graph::GraphDialect>(dialect) && !isa<graph::WeightOp>(op))
      return "has no code generation";
    if (isa_and_nonnull<linalg::LinalgDialect, tensor::TensorDialect>(dialect))
      return "has no code generation";
  }
  if (phase >= Phase::LLVM && !isa_and_nonnull<LLVM::LLVMDialect>(dialect) && !isa<graph::WeightOp, ModuleOp>(op))
    return "was not lowered to LLVM";
  return "";
}

LogicalResult ingot::checkLegality(Phase phase, ModuleOp module) {
  bool ok = true;
  module.walk([&](Operation *op) {
    StringRef why = reason(phase, op);
    if (why.empty())
      return;
    ok = false;
    op->emitError() << "'" << op->getName() << "' " << why;
  });
  // Later there are no tokens.
  if (phase == Phase::Normalize || phase == Phase::Decompose)
    ok &= succeeded(verifyTokens(module));
  return success(ok);
}
