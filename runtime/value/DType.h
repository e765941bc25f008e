//===- DType.h - torch's dtypes --------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_VALUE_DTYPE_H
#define INGOT_RUNTIME_VALUE_DTYPE_H

#include "base/Base.h"

namespace ingot::rt {

/// Bytes of one element; 0 when there is no such dtype.
size_t dtypeSize(int32_t dtype);
/// "float32"; null when there is no such dtype.
const char *dtypeName(int32_t dtype);
/// DLPack's type code; -1 when it has none. Bits are 8 * dtypeSize.
int dtypeToDLPack(int32_t dtype);
/// -1 when there is no such dtype.
int32_t dtypeFromDLPack(int code, int bits, int lanes);

} // namespace ingot::rt

#endif
