//===- Phases.h - the phases of a compile -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One enum drives --stop-after, --start-from, --dump-phases and the help text.
// Each phase is one function with an options struct; its module in text is an
// input of the next one.
#ifndef INGOT_PIPELINE_PHASES_H
#define INGOT_PIPELINE_PHASES_H

#include "ingot/Codegen/CPU/Object.h"
#include "ingot/Conversion/ScriptToGraph.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/ArrayRef.h"
#include <optional>

namespace ingot {

enum class Phase { Import, Normalize, Decompose, Linalg, Tiled, LLVM, Object };

struct PhaseInfo {
  Phase phase;
  llvm::StringLiteral name;
  llvm::StringLiteral description; // what is true when it ends
};

llvm::ArrayRef<PhaseInfo> phases();
const PhaseInfo &phaseInfo(Phase phase);
std::optional<Phase> parsePhase(llvm::StringRef name);

/// The phase that has to run first on a module read from text: the one after
/// the level of its operations.
Phase firstPhaseFor(mlir::ModuleOp module);

struct PipelineOptions {
  NormalizeOptions normalize;
  llvm::SmallVector<CpuVariant> cpus;
  unsigned optLevel = 2;
  bool lineTables = true;
  bool elideForks = true, winograd = true;
};

/// Runs one phase, Normalize to LLVM; `module` is the result's module. What is
/// not legal at the phase's end is reported, all of it.
mlir::LogicalResult runPhase(Phase phase, mlir::OwningOpRef<mlir::ModuleOp> &module, const PipelineOptions &options);

/// One module a CPU variant: the module itself, or the modules inside.
llvm::SmallVector<mlir::ModuleOp> variantModules(mlir::ModuleOp module);

} // namespace ingot

#endif
