//===- Status.h - errors ---------------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_BASE_STATUS_H
#define INGOT_RUNTIME_BASE_STATUS_H

#include "base/Text.h"

namespace ingot::rt {

/// An error with a copy of the texts; never null. When there is no memory for
/// it, it is the static out-of-memory status.
INGOT_NOINLINE Status *makeStatus(ingot_code code, const char *message, const char *type = nullptr,
                                  const char *where = nullptr);
inline Status *makeStatus(ingot_code code, const Text &message) { return makeStatus(code, message.str()); }
/// Static: needs no memory.
INGOT_NOINLINE Status *outOfMemory();
INGOT_NOINLINE Status *copyStatus(const Status *status);

} // namespace ingot::rt

#endif
