//===- Codegen.h - linalg on tensors to kernels and a host ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CODEGEN_CPU_CODEGEN_H
#define INGOT_CODEGEN_CPU_CODEGEN_H

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mlir {
class OpPassManager;
class Pass;
} // namespace mlir

namespace ingot {

namespace codegen {
class KernelEmitter;
} // namespace codegen

struct CodegenOptions {
  std::string cpu = "x86-64-v3"; // LLVM's name
  std::string features;          // "+avx512f,..."
  int64_t vectorBits = 256;      // widest registers worth using
  bool elideForks = true;        // a fork with little work runs in place
  bool winograd = true;          // 3x3 convolutions by fewer products
};

/// linalg phase -> tiled phase: every method function becomes a host program
/// and kernels.
void buildCodegenPipeline(mlir::OpPassManager &pm, const CodegenOptions &options);

/// The pass at its heart: dispatches, memory, kernels.
std::unique_ptr<mlir::Pass> createLowerToKernelsPass(const CodegenOptions &options);

/// Elementwise consumers of expanded products become fit to be their epilogues.
std::unique_ptr<mlir::Pass> createCollapseEpiloguesPass();

/// Kernels with equal bodies become one.
std::unique_ptr<mlir::Pass> createMergeKernelsPass();

/// exp, tanh, erf and log of f32 become polynomials that vectorise.
std::unique_ptr<mlir::Pass> createExpandMathPass();

void registerCodegenPasses();

namespace cpu {

/// The emitters in the order in which they are tried.
std::vector<std::unique_ptr<codegen::KernelEmitter>> createKernelEmitters(const CodegenOptions &options);

} // namespace cpu
} // namespace ingot

#endif
