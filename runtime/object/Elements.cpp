//===- Elements.cpp - single elements of tensors ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "object/Elements.h"
#include "value/DType.h"

#include <math.h>

namespace ingot::rt {

namespace {

template <typename T>
T read(const ingot_abi_tensor &t, int64_t offset, int64_t part = 0) {
  T number;
  memcpy(&number, static_cast<const char *>(t.data) + offset * int64_t(dtypeSize(t.dtype)) + part * int64_t(sizeof(T)),
         sizeof number);
  return number;
}

double half(uint16_t bits) {
  int exponent = bits >> 10 & 31, mantissa = bits & 1023;
  double size = exponent == 31  ? (mantissa ? double(NAN) : double(INFINITY))
                : exponent == 0 ? ldexp(mantissa, -24)
                                : ldexp(mantissa + 1024, exponent - 25);
  return bits >> 15 ? -size : size;
}

} // namespace

const char *typeText(int32_t dtype) {
  switch (dtype) {
  case INGOT_UINT8:
    return "Byte";
  case INGOT_INT8:
    return "Char";
  case INGOT_INT16:
    return "Short";
  case INGOT_INT32:
    return "Int";
  case INGOT_INT64:
    return "Long";
  case INGOT_FLOAT16:
    return "Half";
  case INGOT_FLOAT32:
    return "Float";
  case INGOT_FLOAT64:
    return "Double";
  case INGOT_BOOL8:
    return "Bool";
  case INGOT_BFLOAT16:
    return "BFloat16";
  case INGOT_UINT16:
    return "UInt16";
  case INGOT_UINT32:
    return "UInt32";
  case INGOT_UINT64:
    return "UInt64";
  default:
    return nullptr;
  }
}

bool isFloating(int32_t dtype) {
  return dtype == INGOT_FLOAT16 || dtype == INGOT_FLOAT32 || dtype == INGOT_FLOAT64 || dtype == INGOT_BFLOAT16;
}
bool isComplex(int32_t dtype) { return dtype == INGOT_COMPLEX64 || dtype == INGOT_COMPLEX128; }

int64_t integerAt(const ingot_abi_tensor &t, int64_t offset) {
  switch (t.dtype) {
  case INGOT_UINT8:
    return read<uint8_t>(t, offset);
  case INGOT_INT8:
    return read<int8_t>(t, offset);
  case INGOT_INT16:
    return read<int16_t>(t, offset);
  case INGOT_INT32:
    return read<int32_t>(t, offset);
  case INGOT_BOOL8:
    return read<uint8_t>(t, offset) != 0;
  case INGOT_UINT16:
    return read<uint16_t>(t, offset);
  case INGOT_UINT32:
    return read<uint32_t>(t, offset);
  default:
    return read<int64_t>(t, offset);
  }
}

double elementAt(const ingot_abi_tensor &t, int64_t offset) {
  switch (t.dtype) {
  case INGOT_FLOAT16:
    return half(read<uint16_t>(t, offset));
  case INGOT_FLOAT32:
    return double(read<float>(t, offset));
  case INGOT_COMPLEX64:
    return double(read<float>(t, offset));
  case INGOT_FLOAT64:
  case INGOT_COMPLEX128:
    return read<double>(t, offset);
  case INGOT_BFLOAT16:
    return double(__builtin_bit_cast(float, uint32_t(read<uint16_t>(t, offset)) << 16));
  case INGOT_UINT64:
    return double(read<uint64_t>(t, offset));
  default:
    return double(integerAt(t, offset));
  }
}

double imaginaryAt(const ingot_abi_tensor &t, int64_t offset) {
  return t.dtype == INGOT_COMPLEX64    ? double(read<float>(t, offset, 1))
         : t.dtype == INGOT_COMPLEX128 ? read<double>(t, offset, 1)
                                       : 0;
}

int64_t countElements(const ingot_abi_tensor &t) {
  int64_t count = 1;
  for (int32_t d = 0; d < t.rank; ++d)
    count *= t.sizes[d];
  return count;
}

int compareElements(const ingot_abi_tensor &a, const ingot_abi_tensor &b) {
  bool real = isFloating(a.dtype) || isFloating(b.dtype) || isComplex(a.dtype) || isComplex(b.dtype);
  if (!real) {
    int64_t x = integerAt(a, 0), y = integerAt(b, 0);
    return x < y ? -1 : x > y;
  }
  double x = elementAt(a, 0), y = elementAt(b, 0);
  if (isComplex(a.dtype) || isComplex(b.dtype))
    return x == y && imaginaryAt(a, 0) == imaginaryAt(b, 0) ? 0 : 2;
  return x < y ? -1 : x > y ? 1 : x == y ? 0 : 2;
}

} // namespace ingot::rt
