//===- Phases.cpp - the phases of a compile ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Pipeline/Phases.h"
#include "Legality.h"

#include "ingot/Codegen/CPU/Codegen.h"
#include "ingot/Conversion/GraphToLinalg.h"
#include "ingot/Conversion/TaskToLLVM.h"
#include "ingot/Transforms/Passes.h"

#include "dialects/Graph/Graph.h"
#include "dialects/Script/Script.h"
#include "dialects/Task/Task.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace ingot;

static constexpr PhaseInfo table[] = {
    {Phase::Import, "import", "the saved program in the script dialect, nothing lost"},
    {Phase::Normalize, "normalize", "tensor values with ranks, dtypes and symbolic sizes; no Python left"},
    {Phase::Decompose, "decompose", "constants folded, layouts chosen"},
    {Phase::Linalg, "linalg", "linalg on tensors, fused"},
    {Phase::Tiled, "tiled", "a host program and kernels on planned memory"},
    {Phase::LLVM, "llvm", "LLVM, one module a CPU variant"},
    {Phase::Object, "object", "machine code and constants, linked"},
};

ArrayRef<PhaseInfo> ingot::phases() { return table; }

const PhaseInfo &ingot::phaseInfo(Phase phase) { return table[unsigned(phase)]; }

std::optional<Phase> ingot::parsePhase(StringRef name) {
  for (const PhaseInfo &info : table)
    if (info.name == name)
      return info.phase;
  return std::nullopt;
}

Phase ingot::firstPhaseFor(ModuleOp module) {
  // The highest level that occurs decides.
  bool script = false, graph = false, tensors = false, tasks = false, llvm = false;
  module.walk([&](Operation *op) {
    Dialect *dialect = op->getDialect();
    script |= isa_and_nonnull<script::ScriptDialect>(dialect);
    if (isa_and_nonnull<graph::GraphDialect>(dialect))
      graph |= !isa<graph::WeightOp, graph::GetWeightOp, graph::LoadStateOp, graph::StoreStateOp, graph::WriteBackOp,
                    graph::AliasOp, graph::CheckOp>(op);
    llvm |= isa<LLVM::LLVMFuncOp>(op);
    if (auto function = dyn_cast<func::FuncOp>(op))
      if (function->hasAttr("ingot.method"))
        (function.getNumArguments() + function.getNumResults() ? tensors : tasks) = true;
  });
  if (script)
    return Phase::Normalize;
  if (graph)
    return Phase::Decompose;
  if (tensors)
    return Phase::Tiled;
  if (llvm && !tasks)
    return Phase::Object;
  return tasks ? Phase::LLVM : Phase::Normalize;
}

SmallVector<ModuleOp> ingot::variantModules(ModuleOp module) {
  SmallVector<ModuleOp> modules = llvm::to_vector(module.getOps<ModuleOp>());
  if (modules.empty())
    modules.push_back(module);
  return modules;
}

//===----------------------------------------------------------------------===//
// The phases
//===----------------------------------------------------------------------===//

static LogicalResult run(PassManager &pm, ModuleOp module) {
  // Verified once, at the phase's end: per pass it costs a third of the time.
  pm.enableVerifier(false);
  return pm.run(module);
}

static LogicalResult runNormalize(OwningOpRef<ModuleOp> &module, const PipelineOptions &options) {
  OwningOpRef<ModuleOp> graphModule;
  if (failed(normalize(*module, options.normalize, graphModule)))
    return failure();
  module = std::move(graphModule);
  return success();
}

static LogicalResult runDecompose(ModuleOp module) {
  PassManager pm(module.getContext());
  buildDecomposePipeline(pm);
  return run(pm, module);
}

static LogicalResult runLinalg(ModuleOp module) {
  PassManager pm(module.getContext());
  pm.addPass(createGraphToLinalgPass());
  buildFusionPipeline(pm);
  return run(pm, module);
}

static LogicalResult runTiled(OwningOpRef<ModuleOp> &module, const PipelineOptions &options) {
  auto generate = [&](ModuleOp target, const CpuVariant &cpu) {
    PassManager pm(target.getContext());
    CodegenOptions codegen;
    codegen.cpu = cpu.cpu;
    codegen.features = cpu.features;
    codegen.vectorBits = cpu.vectorBits;
    codegen.elideForks = options.elideForks;
    codegen.winograd = options.winograd;
    buildCodegenPipeline(pm, codegen);
    return run(pm, target);
  };
  if (options.cpus.size() == 1)
    return generate(*module, options.cpus.front());
  // Code generation chooses tiles by the width of vectors: each variant has a
  // module of its own. The attributes that hold weights are shared.
  OwningOpRef<ModuleOp> all = ModuleOp::create(module->getLoc());
  for (const CpuVariant &cpu : options.cpus) {
    ModuleOp clone = (*module).clone();
    clone.setSymName(cpu.name);
    all->push_back(clone);
    if (failed(generate(clone, cpu)))
      return failure();
  }
  module = std::move(all);
  return success();
}

static LogicalResult runLLVM(ModuleOp module, const PipelineOptions &options) {
  if (failed(assignConstantOffsets(module)))
    return failure();
  for (ModuleOp variant : variantModules(module)) {
    PassManager pm(module.getContext());
    TaskToLLVMOptions lowering;
    lowering.lineTables = options.lineTables;
    buildTaskToLLVMPipeline(pm, lowering);
    if (failed(run(pm, variant)))
      return failure();
  }
  return success();
}

LogicalResult ingot::runPhase(Phase phase, OwningOpRef<ModuleOp> &module, const PipelineOptions &options) {
  LogicalResult result = success();
  switch (phase) {
  case Phase::Normalize:
    result = runNormalize(module, options);
    break;
  case Phase::Decompose:
    result = runDecompose(*module);
    break;
  case Phase::Linalg:
    result = runLinalg(*module);
    break;
  case Phase::Tiled:
    result = runTiled(module, options);
    break;
  case Phase::LLVM:
    result = runLLVM(*module, options);
    break;
  case Phase::Import:
  case Phase::Object:
    llvm_unreachable("begins or ends with files: the driver's");
  }
  if (failed(result))
    return failure();
  if (failed(verify(*module)))
    return failure();
  return checkLegality(phase, *module);
}
