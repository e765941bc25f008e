//===- DType.cpp - dtypes by torch's ScalarType code ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "DType.h"

using namespace ingot::run;

static constexpr DTypeInfo table[] = {
    {0, "uint8", "u8", 1, DTypeClass::Unsigned, 0, 0},
    {1, "int8", "i8", 1, DTypeClass::Signed, 0, 0},
    {2, "int16", "i16", 2, DTypeClass::Signed, 0, 0},
    {3, "int32", "i32", 4, DTypeClass::Signed, 0, 0},
    {4, "int64", "i64", 8, DTypeClass::Signed, 0, 0},
    {5, "float16", "f16", 2, DTypeClass::Float, 1e-3, 1e-5},
    {6, "float32", "f32", 4, DTypeClass::Float, 1.3e-6, 1e-5},
    {7, "float64", "f64", 8, DTypeClass::Float, 1e-7, 1e-7},
    {9, "complex64", "c64", 8, DTypeClass::Complex, 1.3e-6, 1e-5},
    {10, "complex128", "c128", 16, DTypeClass::Complex, 1e-7, 1e-7},
    {11, "bool", "bool", 1, DTypeClass::Bool, 0, 0},
    {15, "bfloat16", "bf16", 2, DTypeClass::Float, 1.6e-2, 1e-5},
    {27, "uint16", "u16", 2, DTypeClass::Unsigned, 0, 0},
    {28, "uint32", "u32", 4, DTypeClass::Unsigned, 0, 0},
    {29, "uint64", "u64", 8, DTypeClass::Unsigned, 0, 0},
};

const DTypeInfo *ingot::run::findDType(int32_t code) {
  for (const DTypeInfo &d : table)
    if (d.code == code)
      return &d;
  return nullptr;
}

const DTypeInfo *ingot::run::findDType(std::string_view name) {
  for (const DTypeInfo &d : table)
    if (name == d.name || name == d.shortName)
      return &d;
  return nullptr;
}

std::string ingot::run::dtypeName(int32_t code) {
  const DTypeInfo *d = findDType(code);
  return d ? d->name : "dtype " + std::to_string(code);
}

std::string ingot::run::dtypeShortName(int32_t code) {
  const DTypeInfo *d = findDType(code);
  return d ? d->shortName : "dtype " + std::to_string(code);
}
