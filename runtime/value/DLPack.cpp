//===- DLPack.cpp - tensors in and out without a copy ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "value/DLPack.h"

#include "value/Api.h"
#include "value/DType.h"
#include "value/Value.h"

namespace ingot::rt {

template <typename Managed>
static void deleteManaged(void *context) {
  auto *managed = static_cast<Managed *>(context);
  if (managed->deleter)
    managed->deleter(managed);
}

template <typename Managed>
static Status *import(Managed *managed, bool readOnly, Value **out) {
  *out = nullptr;
  const DLTensor &tensor = managed->dl_tensor;
  Text text;
  if (tensor.device.device_type != dlpack::kCpu)
    return makeStatus(INGOT_UNSUPPORTED, text << "DLPack tensor is on device type " << tensor.device.device_type
                                              << ", expected the CPU (1)");
  int32_t dtype = dtypeFromDLPack(tensor.dtype.code, tensor.dtype.bits, tensor.dtype.lanes);
  if (dtype < 0)
    return makeStatus(INGOT_UNSUPPORTED, text << "DLPack tensor has an unknown type: code "
                                              << int32_t(tensor.dtype.code) << ", " << int32_t(tensor.dtype.bits)
                                              << " bits, " << int32_t(tensor.dtype.lanes) << " lanes");
  void *data = tensor.data ? static_cast<char *>(tensor.data) + tensor.byte_offset : nullptr;
  return createBorrowed(data, dtype, tensor.ndim, tensor.shape, tensor.strides, readOnly, deleteManaged<Managed>,
                        managed, out);
}

Status *valueFromDLPack(DLManagedTensorVersioned *managed, Value **out) {
  *out = nullptr;
  if (managed->version.major != 1) {
    Text text;
    return makeStatus(INGOT_UNSUPPORTED, text << "DLPack tensor of version " << managed->version.major << "."
                                              << managed->version.minor << ", expected 1.x");
  }
  return import(managed, managed->flags & dlpack::kReadOnly, out);
}

Status *valueFromDLPackUnversioned(DLManagedTensor *managed, Value **out) { return import(managed, false, out); }

template <typename Managed>
static void releaseManaged(Managed *self) {
  releaseValue(static_cast<Value *>(self->manager_ctx));
  freeBlock(self, sizeof(Managed));
}

template <typename Managed>
static Status *exportTensor(Value *value, Managed **out) {
  *out = nullptr;
  if (value->kind != INGOT_TENSOR)
    return wrongKind("a tensor", value);
  auto *managed = static_cast<Managed *>(allocateBlock(sizeof(Managed)));
  if (!managed)
    return outOfMemory();
  value->refs.retain();
  managed->manager_ctx = value;
  managed->deleter = releaseManaged<Managed>;
  const ingot_abi_tensor &tensor = value->tensor;
  managed->dl_tensor = {tensor.data,
                        {dlpack::kCpu, 0},
                        tensor.rank,
                        {uint8_t(dtypeToDLPack(tensor.dtype)), uint8_t(dtypeSize(tensor.dtype) * 8), 1},
                        const_cast<int64_t *>(tensor.sizes),
                        const_cast<int64_t *>(tensor.strides),
                        0};
  *out = managed;
  return nullptr;
}

Status *valueToDLPack(Value *value, DLManagedTensorVersioned **out) {
  if (Status *status = exportTensor(value, out))
    return status;
  (*out)->version = {1, 0};
  (*out)->flags = static_cast<Storage *>(value->tensor.storage)->readOnly ? uint64_t(dlpack::kReadOnly) : 0;
  return nullptr;
}

Status *valueToDLPackUnversioned(Value *value, DLManagedTensor **out) {
  if (value->kind == INGOT_TENSOR && static_cast<Storage *>(value->tensor.storage)->readOnly) {
    *out = nullptr;
    return makeStatus(INGOT_UNSUPPORTED, "a read-only tensor can only be exported as a versioned DLPack tensor");
  }
  return exportTensor(value, out);
}

} // namespace ingot::rt
