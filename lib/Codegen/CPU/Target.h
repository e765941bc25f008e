//===- Target.h - CPUs as a target of the lowering --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CODEGEN_CPU_TARGET_H
#define INGOT_LIB_CODEGEN_CPU_TARGET_H

#include "ingot/Codegen/Common/KernelEmitter.h"

namespace ingot::cpu {

std::unique_ptr<codegen::Target> createTarget(const CodegenOptions &options);

} // namespace ingot::cpu

#endif
