//===- DLPack.h - layouts of DLPack 1.x ------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The structs of https://github.com/dmlc/dlpack (Apache-2.0), whose layout is
// its ABI, written anew: only the layout is taken.
#ifndef INGOT_RUNTIME_VALUE_DLPACK_H
#define INGOT_RUNTIME_VALUE_DLPACK_H

#include <stdint.h>

struct DLDevice {
  int32_t device_type;
  int32_t device_id;
};
struct DLDataType {
  uint8_t code;
  uint8_t bits;
  uint16_t lanes;
};
struct DLTensor {
  void *data;
  DLDevice device;
  int32_t ndim;
  DLDataType dtype;
  int64_t *shape;
  int64_t *strides; // null: row-major
  uint64_t byte_offset;
};
struct DLManagedTensor {
  DLTensor dl_tensor;
  void *manager_ctx;
  void (*deleter)(DLManagedTensor *self);
};
struct DLManagedTensorVersioned {
  struct {
    uint32_t major, minor;
  } version;
  void *manager_ctx;
  void (*deleter)(DLManagedTensorVersioned *self);
  uint64_t flags;
  DLTensor dl_tensor;
};

namespace ingot::rt::dlpack {
enum Code { kInt = 0, kUInt = 1, kFloat = 2, kBfloat = 4, kComplex = 5, kBool = 6 };
enum : int32_t { kCpu = 1 };
enum : uint64_t { kReadOnly = 1 };
} // namespace ingot::rt::dlpack

#endif
