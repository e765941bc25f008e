//===- Api.cpp - values' part of the function table ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "value/Api.h"

#include "value/DType.h"

namespace ingot::rt {

static Status *give(Value *value, Value **out) {
  *out = value;
  return INGOT_LIKELY(value != nullptr) ? nullptr : outOfMemory();
}

static Status *refuse(const char *message, Value **out) {
  *out = nullptr;
  return makeStatus(INGOT_INVALID_ARGUMENT, message);
}

//===----------------------------------------------------------------------===//
// Numbers and texts
//===----------------------------------------------------------------------===//

Status *valueNone(Value **out) { return give(createInt(INGOT_NONE, 0), out); }
Status *valueInt(int64_t number, Value **out) { return give(createInt(INGOT_INT, number), out); }
Status *valueFloat(double number, Value **out) { return give(createFloat(number), out); }
Status *valueBool(int32_t truth, Value **out) { return give(createInt(INGOT_BOOL, truth != 0), out); }
Status *valueComplex(double re, double im, Value **out) { return give(createComplex(re, im), out); }

Status *valueString(const char *data, size_t size, Value **out) {
  return give(createText(INGOT_STRING, data, size), out);
}

Status *valueDType(int32_t dtype, Value **out) {
  if (!dtypeName(dtype))
    return refuse("no such dtype", out);
  return give(createInt(INGOT_DTYPE, dtype), out);
}

Status *valueDevice(const char *name, Value **out) {
  if (!name)
    return refuse("the name is NULL", out);
  return give(createText(INGOT_DEVICE, name, strlen(name)), out);
}

//===----------------------------------------------------------------------===//
// Containers
//===----------------------------------------------------------------------===//

static bool anyNull(Value *const *items, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (!items[i])
      return true;
  return false;
}

static void fill(Value **to, Value *const *from, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    from[i]->refs.retain();
    to[i] = from[i];
  }
}

Status *valueSequence(int32_t kind, const char *className, const char *const *fields, Value *const *items, size_t count,
                      Value **out) {
  if (kind != INGOT_LIST && kind != INGOT_TUPLE && kind != INGOT_OBJECT &&
      !(kind == INGOT_ENUM && className && fields && count == 1))
    return refuse("not the kind of a sequence", out);
  if (anyNull(items, count))
    return refuse("an item is NULL", out);
  Names *names = nullptr;
  if (className || fields) {
    names = createNames(className, fields, count);
    if (!names)
      return give(nullptr, out);
  }
  Value *value = createContainer(kind, count, names);
  if (value)
    fill(value->items, items, count);
  return give(value, out);
}

bool keysEqual(const Value *a, const Value *b) {
  bool texts = a->kind == INGOT_STRING;
  if (texts != (b->kind == INGOT_STRING))
    return false;
  if (a->kind == INGOT_TENSOR || b->kind == INGOT_TENSOR)
    return a == b;
  if (a->kind == INGOT_COMPLEX || b->kind == INGOT_COMPLEX)
    return a->kind == b->kind && a->re == b->re && a->im == b->im;
  if (texts)
    return a->textSize == b->textSize && memcmp(a->text, b->text, a->textSize) == 0;
  // As in Python, 1, 1.0 and True are one key.
  bool realA = a->kind == INGOT_FLOAT, realB = b->kind == INGOT_FLOAT;
  if (!realA && !realB)
    return a->integer == b->integer;
  return (realA ? a->real : double(a->integer)) == (realB ? b->real : double(b->integer));
}

Status *valueDict(Value *const *keys, Value *const *items, size_t count, Value **out) {
  if (anyNull(keys, count) || anyNull(items, count))
    return refuse("a key or an item is NULL", out);
  for (size_t i = 0; i < count; ++i) {
    int32_t kind = keys[i]->kind;
    if (kind != INGOT_STRING && kind != INGOT_INT && kind != INGOT_FLOAT && kind != INGOT_BOOL &&
        kind != INGOT_COMPLEX && kind != INGOT_TENSOR) {
      *out = nullptr;
      return wrongKind("a str, number or Tensor as key", keys[i]);
    }
    for (size_t j = 0; j < i; ++j)
      if (keysEqual(keys[i], keys[j]))
        return refuse("a key is given twice", out);
  }
  Value *value = createContainer(INGOT_DICT, count, nullptr);
  if (value) {
    fill(value->items, items, count);
    fill(value->keys, keys, count);
  }
  return give(value, out);
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

static Status *checkShape(int32_t dtype, int32_t rank, const int64_t *sizes) {
  Text text;
  if (dtypeSize(dtype) == 0)
    return makeStatus(INGOT_INVALID_ARGUMENT, text << "no dtype has the number " << dtype);
  if (rank < 0 || rank > kMaxRank)
    return makeStatus(INGOT_INVALID_ARGUMENT, text << "rank " << rank << " is outside 0 to " << kMaxRank);
  for (int32_t d = 0; d < rank; ++d)
    if (sizes[d] < 0)
      return makeStatus(INGOT_INVALID_ARGUMENT, text << "size " << d << " is " << sizes[d]);
  return nullptr;
}

static Status *tooLarge(const int64_t *sizes, int32_t rank) {
  Text text;
  text << "a tensor of sizes ";
  return makeStatus(INGOT_INVALID_ARGUMENT, text.addSizes(sizes, rank) << " is too large");
}

Status *createBorrowed(void *data, int32_t dtype, int32_t rank, const int64_t *sizes, const int64_t *strides,
                       bool readOnly, void (*deleter)(void *), void *context, Value **out) {
  *out = nullptr;
  if (Status *status = checkShape(dtype, rank, sizes))
    return status;
  int64_t own[kMaxRank];
  uint64_t nbytes;
  if (!rowMajor(sizes, rank, dtypeSize(dtype), own, nbytes))
    return tooLarge(sizes, rank);
  if (!data && nbytes)
    return makeStatus(INGOT_INVALID_ARGUMENT, "the tensor's data is NULL");
  void *base = data;
  if (strides) {
    Extent extent = extentOf({data, sizes, strides, nullptr, dtype, rank});
    base = const_cast<char *>(extent.begin);
    nbytes = uint64_t(extent.end - extent.begin);
  }
  Storage *storage = createExternalStorage(base, nbytes, nullptr, nullptr);
  if (!storage)
    return outOfMemory();
  Value *value = createTensor(storage, data, dtype, rank, sizes, strides ? strides : own);
  if (!value)
    return outOfMemory();
  // Only now: on failure the memory stays the caller's.
  storage->readOnly = readOnly;
  storage->deleter = deleter;
  storage->context = context;
  *out = value;
  return nullptr;
}

Status *valueTensor(void *data, int32_t dtype, int32_t rank, const int64_t *sizes, const int64_t *strides,
                    void (*deleter)(void *context), void *context, Value **out) {
  return createBorrowed(data, dtype, rank, sizes, strides, false, deleter, context, out);
}

Status *valueEmpty(int32_t dtype, int32_t rank, const int64_t *sizes, const ingot_allocator *allocator, Value **out) {
  *out = nullptr;
  if (Status *status = checkShape(dtype, rank, sizes))
    return status;
  int64_t strides[kMaxRank];
  uint64_t nbytes;
  if (!rowMajor(sizes, rank, dtypeSize(dtype), strides, nbytes))
    return tooLarge(sizes, rank);
  Storage *storage = createStorage(nbytes, allocator);
  if (!storage)
    return outOfMemory();
  return give(createTensor(storage, storage->base, dtype, rank, sizes, strides), out);
}

Status *valueView(const Value *base, int64_t offset, int32_t rank, const int64_t *sizes, const int64_t *strides,
                  Value **out) {
  *out = nullptr;
  if (base->kind != INGOT_TENSOR)
    return wrongKind("a tensor", base);
  const ingot_abi_tensor &tensor = base->tensor;
  if (Status *status = checkShape(tensor.dtype, rank, sizes))
    return status;
  auto *storage = static_cast<Storage *>(tensor.storage);
  storage->refs.retain();
  char *data = static_cast<char *>(tensor.data) + offset * int64_t(dtypeSize(tensor.dtype));
  return give(createTensor(storage, data, tensor.dtype, rank, sizes, strides), out);
}

//===----------------------------------------------------------------------===//
// Getters
//===----------------------------------------------------------------------===//

void valueRetain(Value *value) { value->refs.retain(); }
void valueRelease(Value *value) { releaseValue(value); }
int32_t valueKind(const Value *value) { return value->kind; }

Status *wrongKind(const char *expected, const Value *value) {
  Text text;
  text << "expected " << expected << ", found ";
  describeValue(value, text);
  return makeStatus(INGOT_INVALID_ARGUMENT, text);
}

Status *valueGetInt(const Value *value, int64_t *out) {
  *out = 0;
  if (value->kind != INGOT_INT && value->kind != INGOT_BOOL && value->kind != INGOT_DTYPE)
    return wrongKind("an int, bool or dtype", value);
  *out = value->integer;
  return nullptr;
}

Status *valueGetFloat(const Value *value, double *out) {
  *out = 0;
  if (value->kind != INGOT_FLOAT)
    return wrongKind("a float", value);
  *out = value->real;
  return nullptr;
}

Status *valueGetComplex(const Value *value, double *re, double *im) {
  *re = *im = 0;
  if (value->kind != INGOT_COMPLEX)
    return wrongKind("a complex", value);
  *re = value->re;
  *im = value->im;
  return nullptr;
}

Status *valueGetString(const Value *value, const char **data, size_t *size) {
  *data = nullptr;
  *size = 0;
  if (value->kind != INGOT_STRING && value->kind != INGOT_DEVICE)
    return wrongKind("a str or device", value);
  *data = value->text;
  *size = value->textSize;
  return nullptr;
}

Status *valueGetTensor(const Value *value, ingot_tensor_info *out, size_t size) {
  if (value->kind != INGOT_TENSOR) {
    memset(out, 0, size);
    return wrongKind("a tensor", value);
  }
  const ingot_abi_tensor &tensor = value->tensor;
  fillInfo(out, size,
           {tensor.data, tensor.sizes, tensor.strides, tensor.storage, elementCount(tensor.sizes, tensor.rank),
            tensor.dtype, tensor.rank, static_cast<Storage *>(tensor.storage)->base});
  return nullptr;
}

static bool isContainer(const Value *value) {
  return (value->kind >= INGOT_LIST && value->kind <= INGOT_OBJECT) || value->kind == INGOT_FUTURE ||
         value->kind == INGOT_AWAIT || value->kind == INGOT_ENUM;
}

size_t valueSize(const Value *value) { return isContainer(value) ? value->count : 0; }

Value *valueItem(const Value *value, size_t index) { return index < valueSize(value) ? value->items[index] : nullptr; }

Value *valueKey(const Value *value, size_t index) {
  return value->kind == INGOT_DICT && index < value->count ? value->keys[index] : nullptr;
}

const char *valueName(const Value *value, size_t index) {
  if (index >= valueSize(value) || !value->names || !value->names->fields)
    return nullptr;
  return value->names->fields[index];
}

Status *valueError(const Value *value) {
  return value->kind == INGOT_FUTURE && value->error ? copyStatus(value->error) : nullptr;
}

const char *valueClassName(const Value *value) {
  return isContainer(value) && value->names ? value->names->className : nullptr;
}

} // namespace ingot::rt
