//===- DType.h - torch's dtypes by their ScalarType code --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One table of dtypes: code (c10::ScalarType), torch's name, the short name of
// `--input` specs, bytes, and the MLIR element type.
#ifndef INGOT_SUPPORT_DTYPE_H
#define INGOT_SUPPORT_DTYPE_H

#include "mlir/IR/Types.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace ingot {

enum class DType : int64_t {
  UInt8 = 0,
  Int8 = 1,
  Int16 = 2,
  Int32 = 3,
  Int64 = 4,
  Float16 = 5,
  Float32 = 6,
  Float64 = 7,
  ComplexHalf = 8,
  Complex64 = 9,
  Complex128 = 10,
  Bool = 11,
  QInt8 = 12,
  QUInt8 = 13,
  QInt32 = 14,
  BFloat16 = 15,
  Float8E5M2 = 23,
  Float8E4M3FN = 24,
  UInt16 = 27,
  UInt32 = 28,
  UInt64 = 29,
};

bool isKnownDType(int64_t code);
/// Bytes of one element in memory (bool: 1).
int64_t dtypeSize(int64_t code);
/// "float32", "int64", ...; "dtype <code>" when unknown.
std::string dtypeName(int64_t code);
/// From "float32", "f32", "i64", "bool", "bf16", ...
std::optional<int64_t> parseDType(llvm::StringRef name);
/// i1 for bool, ui8 for uint8, complex<f32>; null when MLIR has none of ours.
mlir::Type dtypeToType(int64_t code, mlir::MLIRContext *context);
/// -1 when the type is not a tensor element type of ours.
int64_t typeToDType(mlir::Type type);

} // namespace ingot

#endif
