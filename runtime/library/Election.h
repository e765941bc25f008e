//===- Election.h - one runtime for the process ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_LIBRARY_ELECTION_H
#define INGOT_RUNTIME_LIBRARY_ELECTION_H

#include "base/Base.h"

namespace ingot::rt {

/// Asked of ingot_query instead of an API's major: gives that file's own
/// runtime, elected or not.
constexpr uint32_t kQueryOwnRuntime = 0xfffffff1u;

extern const ingot_api apiTable;

/// What the first loaded library's `ingot_query` gives for kQueryOwnRuntime;
/// that library stays loaded from now on. Null when none is found.
const ingot_export *electRuntime();

} // namespace ingot::rt

#endif
