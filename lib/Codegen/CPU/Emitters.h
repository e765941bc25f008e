//===- Emitters.h - the kernel emitters of CPUs -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CODEGEN_CPU_EMITTERS_H
#define INGOT_LIB_CODEGEN_CPU_EMITTERS_H

#include "ingot/Codegen/Common/KernelEmitter.h"

namespace ingot::cpu {

/// f32 matrix products, batched, with their epilogue.
std::unique_ptr<codegen::KernelEmitter> createContractionEmitter(const CodegenOptions &options);
/// 2-D convolutions over NHWC inputs, with their epilogue.
std::unique_ptr<codegen::KernelEmitter> createConvolutionEmitter(const CodegenOptions &options);

} // namespace ingot::cpu

#endif
