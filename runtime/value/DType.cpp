//===- DType.cpp - torch's dtypes ------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "value/DType.h"

#include "value/DLPack.h"

namespace ingot::rt {

namespace {
struct Row {
  int32_t dtype;
  uint8_t size;
  int8_t dlpack;
  const char *name;
};
constexpr Row rows[] = {{INGOT_UINT8, 1, dlpack::kUInt, "uint8"},
                        {INGOT_INT8, 1, dlpack::kInt, "int8"},
                        {INGOT_INT16, 2, dlpack::kInt, "int16"},
                        {INGOT_INT32, 4, dlpack::kInt, "int32"},
                        {INGOT_INT64, 8, dlpack::kInt, "int64"},
                        {INGOT_FLOAT16, 2, dlpack::kFloat, "float16"},
                        {INGOT_FLOAT32, 4, dlpack::kFloat, "float32"},
                        {INGOT_FLOAT64, 8, dlpack::kFloat, "float64"},
                        {INGOT_COMPLEX64, 8, dlpack::kComplex, "complex64"},
                        {INGOT_COMPLEX128, 16, dlpack::kComplex, "complex128"},
                        {INGOT_BOOL8, 1, dlpack::kBool, "bool"},
                        {INGOT_BFLOAT16, 2, dlpack::kBfloat, "bfloat16"},
                        {INGOT_UINT16, 2, dlpack::kUInt, "uint16"},
                        {INGOT_UINT32, 4, dlpack::kUInt, "uint32"},
                        {INGOT_UINT64, 8, dlpack::kUInt, "uint64"}};

const Row *find(int32_t dtype) {
  for (const Row &row : rows)
    if (row.dtype == dtype)
      return &row;
  return nullptr;
}
} // namespace

size_t dtypeSize(int32_t dtype) {
  // On the way of every call: the rows are for the rest.
  switch (dtype) {
  case INGOT_FLOAT32:
    return 4;
  case INGOT_INT64:
    return 8;
  default:
    const Row *row = find(dtype);
    return row ? row->size : 0;
  }
}

const char *dtypeName(int32_t dtype) {
  const Row *row = find(dtype);
  return row ? row->name : nullptr;
}

int dtypeToDLPack(int32_t dtype) {
  const Row *row = find(dtype);
  return row ? row->dlpack : -1;
}

int32_t dtypeFromDLPack(int code, int bits, int lanes) {
  if (lanes != 1)
    return -1;
  for (const Row &row : rows)
    if (row.dlpack == code && row.size * 8 == bits)
      return row.dtype;
  return -1;
}

} // namespace ingot::rt
