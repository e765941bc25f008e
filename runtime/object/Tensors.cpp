//===- Tensors.cpp - functions over tensors in objects ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors whose number, dtype or rank is known at run time only.
#include "object/Declarations.h"
#include "value/DType.h"

#include <string.h>

namespace ingot::rt::object {

/// The tensor that an object is, or null: the call has failed.
static const ingot_abi_tensor *tensorOf(Call *call, Object *object) {
  if (INGOT_LIKELY(object->kind == INGOT_TENSOR))
    return &static_cast<TensorBox *>(object)->value->tensor;
  Text text;
  raise(contextOf(call), "RuntimeError",
        text << "expected a tensor, found " << (object->kind == INGOT_NONE ? "None" : kindName(object->kind)));
  return nullptr;
}

int64_t tensor_kind(Call *call, Object *object) {
  const ingot_abi_tensor *t = tensorOf(call, object);
  return t ? int64_t(t->dtype) * kMaxRank + t->rank : 0;
}

static bool wrapDim(Call *call, int64_t &dim, int64_t rank) {
  int64_t low = rank ? -rank : -1, high = rank ? rank - 1 : 0;
  if (dim < low || dim > high) {
    Text text;
    raise(contextOf(call), "IndexError",
          text << "Dimension out of range (expected to be in range of [" << low << ", " << high << "], but got " << dim
               << ")");
    return false;
  }
  dim = dim < 0 ? dim + (rank ? rank : 1) : dim;
  return true;
}

int64_t tensor_size(Call *call, Object *object, int64_t dim) {
  const ingot_abi_tensor *t = tensorOf(call, object);
  if (!t || !wrapDim(call, dim, t->rank))
    return 0;
  if (!t->rank) {
    Text text;
    raise(contextOf(call), "IndexError", text << "Dimension specified as " << dim << " but tensor has no dimensions");
    return 0;
  }
  return t->sizes[dim];
}

/// Whether the tensors may stand side by side; raises torch's errors.
static bool checkParts(Call *call, const List &list, int64_t dim, bool stack, int64_t *sizes) {
  const ingot_abi_tensor *first = nullptr;
  for (int64_t i = 0; i < list.count; ++i) {
    const ingot_abi_tensor *t = tensorOf(call, objectOf(list.slots[i]));
    if (!t)
      return false;
    if (!first) {
      first = t;
      for (int32_t d = 0, to = 0; d < t->rank; ++d, ++to) {
        to += stack && d == dim;
        sizes[to] = t->sizes[d];
      }
      if (stack)
        sizes[dim] = list.count;
      continue;
    }
    Text text;
    bool same = t->rank == first->rank && t->dtype == first->dtype;
    for (int32_t d = 0; same && d < t->rank; ++d) {
      if (t->sizes[d] == first->sizes[d] || (!stack && d == dim))
        continue;
      if (stack) {
        same = false;
        break;
      }
      raise(contextOf(call), "RuntimeError",
            text << "Sizes of tensors must match except in dimension " << dim << ". Expected size " << first->sizes[d]
                 << " but got size " << t->sizes[d] << " for tensor number " << i << " in the list.");
      return false;
    }
    if (!same) {
      text << "stack expects each tensor to be equal size, but got ";
      text.addSizes(first->sizes, first->rank);
      text << " at entry 0 and ";
      text.addSizes(t->sizes, t->rank);
      raise(contextOf(call), "RuntimeError", text << " at entry " << i);
      return false;
    }
    if (!stack)
      sizes[dim] += t->sizes[dim];
  }
  return true;
}

Object *tensor_concat(Call *call, Object *object, int64_t dim, int64_t stack) {
  List &list = listOf(object);
  if (!list.count) {
    raise(contextOf(call), "RuntimeError",
          stack ? "stack expects a non-empty TensorList" : "torch.cat(): expected a non-empty list of Tensors");
    return nullptr;
  }
  const ingot_abi_tensor *first = tensorOf(call, objectOf(list.slots[0]));
  if (!first)
    return nullptr;
  if (!stack && !first->rank) {
    raise(contextOf(call), "RuntimeError", "zero-dimensional tensor (at position 0) cannot be concatenated");
    return nullptr;
  }
  int32_t rank = first->rank + int32_t(stack);
  int64_t sizes[kMaxRank], strides[kMaxRank];
  uint64_t nbytes = 0;
  if (!wrapDim(call, dim, rank) || !checkParts(call, list, dim, stack != 0, sizes))
    return nullptr;
  size_t elementSize = dtypeSize(first->dtype);
  Storage *storage = rowMajor(sizes, rank, elementSize, strides, nbytes) ? createStorage(nbytes, nullptr) : nullptr;
  if (!storage) {
    fail(call);
    return nullptr;
  }
  char *to = storage->base;
  Value *value = createTensor(storage, to, first->dtype, rank, sizes, strides);
  if (!value) {
    fail(call);
    return nullptr;
  }
  int64_t partStrides[kMaxRank];
  for (int32_t d = 0, from = 0; d < rank; ++d)
    if (!stack || d != dim)
      partStrides[from++] = strides[d];
  for (int64_t i = 0; i < list.count; ++i) {
    const ingot_abi_tensor &t = static_cast<TensorBox *>(objectOf(list.slots[i]))->value->tensor;
    copyStrided(to, partStrides, t.data, t.strides, t.sizes, t.rank, int32_t(elementSize));
    to += strides[dim] * (stack ? 1 : t.sizes[dim]) * int64_t(elementSize);
  }
  TensorBox *box = newTensorBox(value);
  releaseValue(value);
  return own(contextOf(call), box);
}

} // namespace ingot::rt::object
