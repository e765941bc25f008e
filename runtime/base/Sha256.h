//===- Sha256.h - digest of constants files --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_BASE_SHA256_H
#define INGOT_RUNTIME_BASE_SHA256_H

#include "base/Base.h"

namespace ingot::rt {

/// First 8 bytes of the SHA-256 of `data`, as a little-endian number.
uint64_t sha256Prefix(const void *data, uint64_t size);

} // namespace ingot::rt

#endif
