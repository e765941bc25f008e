//===- TargetMachine.h - LLVM's machine of a variant ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CODEGEN_CPU_TARGETMACHINE_H
#define INGOT_LIB_CODEGEN_CPU_TARGETMACHINE_H

#include "ingot/Codegen/CPU/Object.h"
#include "llvm/Target/TargetMachine.h"

namespace ingot {

std::unique_ptr<llvm::TargetMachine> createTargetMachine(const CpuVariant &variant, unsigned optLevel,
                                                         std::string &error);

} // namespace ingot

#endif
