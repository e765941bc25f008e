//===- DType.h - dtypes by torch's ScalarType code --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The runtime's tools stand without LLVM, so this table is theirs; the compiler
// has its own with MLIR types in include/ingot/Support/DType.h.
#ifndef INGOT_RUN_DTYPE_H
#define INGOT_RUN_DTYPE_H

#include <cstdint>
#include <string>
#include <string_view>

namespace ingot::run {

enum class DTypeClass : uint8_t { Unsigned, Signed, Float, Complex, Bool };

struct DTypeInfo {
  int32_t code;          ///< torch's ScalarType
  const char *name;      ///< torch's name: "float32"
  const char *shortName; ///< of specs: "f32"
  uint8_t size;
  DTypeClass kind;
  double rtol, atol; ///< torch.testing's defaults
};

/// Null when unknown.
const DTypeInfo *findDType(int32_t code);
/// By torch's or the short name; null when unknown.
const DTypeInfo *findDType(std::string_view name);
/// "float32", or "dtype 99".
std::string dtypeName(int32_t code);
/// "f32", or "dtype 99".
std::string dtypeShortName(int32_t code);

} // namespace ingot::run

#endif
