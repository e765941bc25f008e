//===- Cpu.h - what this machine's CPU can do ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_BASE_CPU_H
#define INGOT_RUNTIME_BASE_CPU_H

#include "base/Text.h"

namespace ingot::rt {

/// The highest x86-64 level (1 to 4) that CPU and system offer; 0 elsewhere.
int cpuLevel();

/// Whether code for `cpu` ("name;feature,feature", see artifact.h) runs here;
/// otherwise `missing` says what is missing.
bool cpuSupports(const char *cpu, Text &missing);

} // namespace ingot::rt

#endif
