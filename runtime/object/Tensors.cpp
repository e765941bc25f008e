//===- Tensors.cpp - functions over tensors in objects ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors whose number, dtype or rank is known at run time only.
#include "object/Declarations.h"
#include "object/Elements.h"
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

/// The elements from dimension `d` on as lists in lists; null when out of memory.
static List *listElements(const ingot_abi_tensor &t, int32_t d, int64_t offset, uint8_t kind) {
  bool last = d + 1 == t.rank;
  List *out = newList(last ? kind : uint8_t(INGOT_ABI_SLOT_OBJECT), t.sizes[d]);
  for (int64_t i = 0; out && i < t.sizes[d]; ++i, offset += t.strides[d]) {
    Slot slot = 0;
    if (!last)
      slot = slotOf(listElements(t, d + 1, offset, kind));
    else if (kind == INGOT_ABI_SLOT_OBJECT)
      slot = slotOf(newComplex(elementAt(t, offset), imaginaryAt(t, offset)));
    else
      slot = kind == INGOT_ABI_SLOT_FLOAT ? slotOf(elementAt(t, offset)) : integerAt(t, offset);
    if (out->element == INGOT_ABI_SLOT_OBJECT && !slot) {
      release(out);
      return nullptr;
    }
    out->slots[out->count++] = slot;
  }
  return out;
}

Object *tensor_list(Call *call, Object *object, int64_t dims, int64_t kind) {
  const ingot_abi_tensor *t = tensorOf(call, object);
  if (!t)
    return nullptr;
  int64_t have = isFloating(t->dtype)      ? INGOT_ABI_SLOT_FLOAT
                 : isComplex(t->dtype)     ? INGOT_ABI_SLOT_OBJECT
                 : t->dtype == INGOT_BOOL8 ? INGOT_ABI_SLOT_BOOL
                 : t->dtype == INGOT_INT64 ? INGOT_ABI_SLOT_INT
                                           : -1;
  if (have != kind) {
    static const char *const wanted[] = {"ComplexDouble", "Long", "Float", "Bool"};
    Text text;
    raise(contextOf(call), "RuntimeError",
          text << "Output annotation element type and runtime tensor element type must match for tolist(): "
               << wanted[kind] << " vs "
               << (isComplex(t->dtype) ? (t->dtype == INGOT_COMPLEX64 ? "ComplexFloat" : "ComplexDouble")
                                       : typeText(t->dtype)));
    return nullptr;
  }
  if (t->rank != dims) {
    raise(contextOf(call), "RuntimeError",
          "Output annotation list dimension and runtime tensor dimension must match for tolist()");
    return nullptr;
  }
  if (!dims) {
    if (have == INGOT_ABI_SLOT_OBJECT)
      return own(contextOf(call), newComplex(elementAt(*t, 0), imaginaryAt(*t, 0)));
    return own(contextOf(call),
               have == INGOT_ABI_SLOT_FLOAT
                   ? newNumber(INGOT_FLOAT, slotOf(elementAt(*t, 0)))
                   : newNumber(have == INGOT_ABI_SLOT_BOOL ? INGOT_BOOL : INGOT_INT, integerAt(*t, 0)));
  }
  List *out = listElements(*t, 0, 0, uint8_t(kind));
  return ownIf(call, out, out);
}

/// Copies the numbers of lists in lists; false: it raised.
static bool fillFrom(Call *call, const Object *object, const int64_t *sizes, int64_t d, int64_t dims, char *&to) {
  const List &list = *static_cast<const List *>(object);
  if (list.count != sizes[d]) {
    Text text;
    raise(contextOf(call), "ValueError",
          text << "Expected sequence of length " << sizes[d] << " at dim " << d << " (got " << list.count << ")");
    return false;
  }
  for (int64_t i = 0; i < list.count; ++i) {
    if (d + 1 < dims) {
      if (!fillFrom(call, objectOf(list.slots[i]), sizes, d + 1, dims, to))
        return false;
    } else if (list.element == INGOT_ABI_SLOT_BOOL) {
      *to++ = char(list.slots[i]);
    } else {
      size_t size = list.element == INGOT_ABI_SLOT_OBJECT ? 2 * sizeof(double) : sizeof(Slot);
      memcpy(to,
             list.element == INGOT_ABI_SLOT_OBJECT
                 ? static_cast<const void *>(&static_cast<const Number *>(objectOf(list.slots[i]))->re)
                 : &list.slots[i],
             size);
      to += size;
    }
  }
  return true;
}

Object *tensor_of_list(Call *call, Object *object, int64_t dtype, int64_t dims) {
  int64_t sizes[kMaxRank], strides[kMaxRank];
  uint64_t nbytes = 0;
  const Object *inner = object;
  for (int64_t d = 0; d < dims; ++d) {
    sizes[d] = inner ? inner->count : 0;
    inner = sizes[d] && d + 1 < dims ? objectOf(static_cast<const List *>(inner)->slots[0]) : nullptr;
  }
  Storage *storage = rowMajor(sizes, int32_t(dims), dtypeSize(int32_t(dtype)), strides, nbytes)
                         ? createStorage(nbytes, nullptr)
                         : nullptr;
  Value *value =
      storage ? createTensor(storage, storage->base, int32_t(dtype), int32_t(dims), sizes, strides) : nullptr;
  if (!value) {
    fail(call);
    return nullptr;
  }
  char *to = storage->base;
  TensorBox *box = fillFrom(call, object, sizes, 0, dims, to) ? newTensorBox(value) : nullptr;
  releaseValue(value);
  if (contextOf(call).abi.failed)
    return nullptr;
  return own(contextOf(call), box);
}

} // namespace ingot::rt::object
