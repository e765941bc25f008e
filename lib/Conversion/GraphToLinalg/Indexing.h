//===- Indexing.h - bounds checks -------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CONVERSION_GRAPHTOLINALG_INDEXING_H
#define INGOT_LIB_CONVERSION_GRAPHTOLINALG_INDEXING_H

#include "Scalar.h"

namespace ingot::lowering {

/// Emits, on the host, the check that every element of the i64 tensor is in
/// [0, size). With `message`, {0} is an offending index and {1} the size;
/// `wrapped`: negative indices were wrapped before, and the message shows them
/// as they were given. Nothing where it is known.
void checkIndices(Lowering &l, Value graphIndex, OpFoldResult size, StringRef exception, StringRef message,
                  bool wrapped);

} // namespace ingot::lowering

#endif
