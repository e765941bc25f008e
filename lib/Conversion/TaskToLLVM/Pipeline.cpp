//===- Pipeline.cpp - the llvm phase ----------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Conversion/TaskToLLVM.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Conversion/VectorToSCF/VectorToSCF.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace ingot;

void ingot::buildTaskToLLVMPipeline(OpPassManager &pm, const TaskToLLVMOptions &options) {
  // Multi-dimensional transfers become loops over vectors before the loops go.
  pm.addPass(createConvertVectorToSCFPass(VectorTransferToSCFOptions().enableFullUnroll(true)));
  // Subviews, reshapes and casts become address arithmetic (affine.apply),
  // which in turn becomes arith.
  pm.addPass(memref::createExpandOpsPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createConvertComplexToStandardPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createMarkAttemptsPass());
  pm.addPass(createSCFToControlFlowPass());
  // After scf (a check ends its block), before memref and func are gone.
  pm.addPass(createLowerTaskPass());
  // bf16 as integer arithmetic: exact on every CPU variant, and no calls into
  // compiler-rt where AVX512-BF16 is absent.
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = true;
  pm.addPass(arith::createArithExpandOpsPass(expand));
  // libm takes what the LLVM intrinsics do not have (erf); the intrinsics must
  // come first, they vectorise.
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createConvertComplexToLLVMPass());
  ConvertVectorToLLVMPassOptions vector;
  vector.x86Vector = true;
  pm.addPass(createConvertVectorToLLVMPass(vector));
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createFinishLLVMPass());
  if (options.lineTables) {
    LLVM::DIScopeForLLVMFuncOpPassOptions scope;
    scope.emissionKind = LLVM::DIEmissionKind::LineTablesOnly;
    pm.addPass(LLVM::createDIScopeForLLVMFuncOpPass(scope));
  }
}

namespace {
struct PipelineOptions : PassPipelineOptions<PipelineOptions> {
  Option<bool> lineTables{*this, "line-tables", llvm::cl::desc("Emit line tables of the source"),
                          llvm::cl::init(false)};
};
} // namespace

void ingot::registerTaskToLLVMPasses() {
  registerPass(createAssignConstantOffsetsPass);
  registerPass(createMarkAttemptsPass);
  registerPass(createLowerTaskPass);
  registerPass(createFinishLLVMPass);
  PassPipelineRegistration<PipelineOptions>("task-to-llvm", "The llvm phase: host functions and kernels to LLVM",
                                            [](OpPassManager &pm, const PipelineOptions &options) {
                                              pm.addPass(createAssignConstantOffsetsPass());
                                              buildTaskToLLVMPipeline(pm, {options.lineTables});
                                            });
}
