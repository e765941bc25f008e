//===- DType.cpp - torch's dtypes by their ScalarType code ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Support/DType.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace {
struct Row {
  int64_t code;
  const char *name, *shortName;
  int64_t size;
};
constexpr Row rows[] = {
    {0, "uint8", "u8", 1},
    {1, "int8", "i8", 1},
    {2, "int16", "i16", 2},
    {3, "int32", "i32", 4},
    {4, "int64", "i64", 8},
    {5, "float16", "f16", 2},
    {6, "float32", "f32", 4},
    {7, "float64", "f64", 8},
    {8, "complex32", "c32", 4},
    {9, "complex64", "c64", 8},
    {10, "complex128", "c128", 16},
    {11, "bool", "b8", 1},
    {12, "qint8", "qi8", 1},
    {13, "quint8", "qu8", 1},
    {14, "qint32", "qi32", 4},
    {15, "bfloat16", "bf16", 2},
    {23, "float8_e5m2", "f8e5m2", 1},
    {24, "float8_e4m3fn", "f8e4m3fn", 1},
    {27, "uint16", "u16", 2},
    {28, "uint32", "u32", 4},
    {29, "uint64", "u64", 8},
};
const Row *find(int64_t code) {
  for (const Row &row : rows)
    if (row.code == code)
      return &row;
  return nullptr;
}
} // namespace

bool ingot::isKnownDType(int64_t code) { return find(code); }

int64_t ingot::dtypeSize(int64_t code) {
  const Row *row = find(code);
  return row ? row->size : 1;
}

std::string ingot::dtypeName(int64_t code) {
  const Row *row = find(code);
  return row ? row->name : "dtype " + std::to_string(code);
}

std::optional<int64_t> ingot::parseDType(StringRef name) {
  name.consume_front("torch.");
  for (const Row &row : rows)
    if (name == row.name || name == row.shortName)
      return row.code;
  return std::nullopt;
}

Type ingot::dtypeToType(int64_t code, MLIRContext *context) {
  Builder b(context);
  switch (DType(code)) {
  case DType::UInt8:
    return b.getIntegerType(8, false);
  case DType::Int8:
    return b.getIntegerType(8);
  case DType::Int16:
    return b.getIntegerType(16);
  case DType::Int32:
    return b.getIntegerType(32);
  case DType::Int64:
    return b.getIntegerType(64);
  case DType::Float16:
    return b.getF16Type();
  case DType::Float32:
    return b.getF32Type();
  case DType::Float64:
    return b.getF64Type();
  case DType::Complex64:
    return ComplexType::get(b.getF32Type());
  case DType::Complex128:
    return ComplexType::get(b.getF64Type());
  case DType::Bool:
    return b.getI1Type();
  case DType::BFloat16:
    return b.getBF16Type();
  case DType::UInt16:
    return b.getIntegerType(16, false);
  case DType::UInt32:
    return b.getIntegerType(32, false);
  case DType::UInt64:
    return b.getIntegerType(64, false);
  default:
    return {};
  }
}

int64_t ingot::typeToDType(Type type) {
  for (const Row &row : rows)
    if (Type t = dtypeToType(row.code, type.getContext()); t && t == type)
      return row.code;
  return -1;
}
