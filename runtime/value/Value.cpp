//===- Value.cpp - storages and values -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "value/Value.h"

#include "value/DType.h"

namespace ingot::rt {

//===----------------------------------------------------------------------===//
// Storage
//===----------------------------------------------------------------------===//

static Storage *newStorage(void *memory, Storage::Kind kind) {
  auto *storage = static_cast<Storage *>(memory);
  new (&storage->refs) RefCount;
  storage->kind = kind;
  storage->readOnly = false;
  storage->deleter = nullptr;
  storage->context = nullptr;
  return storage;
}

Storage *createStorage(uint64_t nbytes, const ingot_allocator *allocator) {
  if (INGOT_UNLIKELY(allocator && allocator->allocate)) {
    void *header = allocateBlock(sizeof(Storage));
    if (!header)
      return nullptr;
    void *memory = allocator->allocate(allocator->context, nbytes ? nbytes : 1, kAlignment);
    if (!memory) {
      freeBlock(header, sizeof(Storage));
      return nullptr;
    }
    Storage *storage = newStorage(header, Storage::Allocator);
    storage->base = static_cast<char *>(memory);
    storage->nbytes = nbytes;
    storage->deallocate = allocator->deallocate;
    storage->context = allocator->context;
    return storage;
  }
  if (nbytes > UINT64_MAX - 2 * kAlignment)
    return nullptr;
  void *block = allocateBlock(kAlignment + nbytes);
  if (!block)
    return nullptr;
  Storage *storage = newStorage(block, Storage::Block);
  storage->base = static_cast<char *>(block) + kAlignment;
  storage->nbytes = nbytes;
  return storage;
}

Storage *createExternalStorage(void *base, uint64_t nbytes, void (*deleter)(void *), void *context) {
  void *header = allocateBlock(sizeof(Storage));
  if (!header)
    return nullptr;
  Storage *storage = newStorage(header, Storage::External);
  storage->base = static_cast<char *>(base);
  storage->nbytes = nbytes;
  storage->deleter = deleter;
  storage->context = context;
  return storage;
}

void destroyStorage(Storage *storage) {
  size_t size = sizeof(Storage);
  switch (storage->kind) {
  case Storage::Block:
    size = kAlignment + storage->nbytes;
    break;
  case Storage::External:
    if (storage->deleter)
      storage->deleter(storage->context);
    break;
  case Storage::Allocator:
    if (storage->deallocate)
      storage->deallocate(storage->context, storage->base, storage->nbytes ? storage->nbytes : 1);
    break;
  }
  freeBlock(storage, size);
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

static size_t dimsSize(int32_t rank) { return size_t(rank) * 2 * sizeof(int64_t); }

Value *createTensor(Storage *storage, void *data, int32_t dtype, int32_t rank, const int64_t *sizes,
                    const int64_t *strides) {
  Value *value = allocateValue(INGOT_TENSOR);
  if (!value) {
    releaseStorage(storage);
    return nullptr;
  }
  int64_t *dims = value->dims;
  if (INGOT_UNLIKELY(rank > kInlineRank)) {
    dims = static_cast<int64_t *>(allocateBlock(dimsSize(rank)));
    if (!dims) {
      freeBlock(value, sizeof(Value));
      releaseStorage(storage);
      return nullptr;
    }
  }
  for (int32_t d = 0; d < rank; ++d) {
    dims[d] = sizes[d];
    dims[rank + d] = strides[d];
  }
  value->tensor = {data, dims, dims + rank, storage, dtype, rank};
  return value;
}

void destroyTensor(Value *value) {
  releaseStorage(static_cast<Storage *>(value->tensor.storage));
  if (INGOT_UNLIKELY(value->tensor.rank > kInlineRank))
    freeBlock(const_cast<int64_t *>(value->tensor.sizes), dimsSize(value->tensor.rank));
  freeBlock(value, sizeof(Value));
}

Value *createInt(int32_t kind, int64_t number) {
  Value *value = allocateValue(kind);
  if (value)
    value->integer = number;
  return value;
}

Value *createFloat(double number) {
  Value *value = allocateValue(INGOT_FLOAT);
  if (value)
    value->real = number;
  return value;
}

Value *createComplex(double re, double im) {
  Value *value = allocateValue(INGOT_COMPLEX);
  if (value) {
    value->re = re;
    value->im = im;
  }
  return value;
}

Value *createText(int32_t kind, const char *data, size_t size) {
  if (size > SIZE_MAX - 2 * kAlignment)
    return nullptr;
  Value *value = allocateValue(kind);
  if (!value)
    return nullptr;
  value->text = static_cast<char *>(allocateBlock(size + 1));
  if (!value->text) {
    freeBlock(value, sizeof(Value));
    return nullptr;
  }
  if (size)
    memcpy(value->text, data, size);
  value->text[size] = 0;
  value->textSize = size;
  return value;
}

static size_t itemSlots(const Value *value) { return value->kind == INGOT_DICT ? value->count * 2 : value->count; }

Value *createContainer(int32_t kind, size_t count, Names *names) {
  Value *value = count > SIZE_MAX / 64 ? nullptr : allocateValue(kind);
  if (!value) {
    if (names)
      releaseNames(names);
    return nullptr;
  }
  value->count = count;
  value->names = names;
  value->error = nullptr;
  value->items = value->inlineItems;
  size_t slots = itemSlots(value);
  if (slots > kInlineItems) {
    value->items = static_cast<Value **>(allocateBlock(slots * sizeof(Value *)));
    if (!value->items) {
      if (names)
        releaseNames(names);
      freeBlock(value, sizeof(Value));
      return nullptr;
    }
  }
  value->keys = kind == INGOT_DICT ? value->items + count : nullptr;
  memset(static_cast<void *>(value->items), 0, slots * sizeof(Value *));
  return value;
}

void destroyValue(Value *value) {
  switch (value->kind) {
  case INGOT_TENSOR:
    return destroyTensor(value);
  case INGOT_SCRIPT_OBJECT:
    if (value->scriptClass->destroy)
      value->scriptClass->destroy(value->scriptClass->context, value->scriptObject);
    break;
  case INGOT_STRING:
  case INGOT_DEVICE:
    freeBlock(value->text, value->textSize + 1);
    break;
  case INGOT_LIST:
  case INGOT_TUPLE:
  case INGOT_DICT:
  case INGOT_OBJECT:
  case INGOT_FUTURE:
  case INGOT_AWAIT:
  case INGOT_ENUM: {
    size_t slots = itemSlots(value);
    for (size_t i = 0; i < slots; ++i)
      if (value->items[i])
        releaseValue(value->items[i]);
    if (value->items != value->inlineItems)
      freeBlock(value->items, slots * sizeof(Value *));
    if (value->names)
      releaseNames(value->names);
    if (value->error)
      ingot_status_release(value->error);
    break;
  }
  default:
    break;
  }
  freeBlock(value, sizeof(Value));
}

Names *createNames(const char *className, const char *const *fields, size_t count) {
  uint64_t size = sizeof(Names) + (fields ? count * sizeof(char *) : 0) + (className ? strlen(className) + 1 : 0);
  for (size_t i = 0; fields && i < count; ++i)
    size += strlen(fields[i]) + 1;
  if (size > UINT32_MAX)
    return nullptr;
  auto *names = static_cast<Names *>(allocateBlock(size));
  if (!names)
    return nullptr;
  new (&names->refs) RefCount;
  names->size = uint32_t(size);
  names->destroy = nullptr;
  names->owner = nullptr;
  auto **table = reinterpret_cast<const char **>(names + 1);
  char *text = reinterpret_cast<char *>(table + (fields ? count : 0));
  auto copy = [&](const char *from) {
    char *to = text;
    size_t n = strlen(from) + 1;
    memcpy(to, from, n);
    text += n;
    return to;
  };
  names->className = className ? copy(className) : nullptr;
  for (size_t i = 0; fields && i < count; ++i)
    table[i] = copy(fields[i]);
  names->fields = fields ? table : nullptr;
  return names;
}

void releaseNames(Names *names) {
  if (!names->refs.release())
    return;
  if (names->destroy)
    names->destroy(names);
  else
    freeBlock(names, names->size);
}

//===----------------------------------------------------------------------===//
// Shapes and texts
//===----------------------------------------------------------------------===//

bool rowMajor(const int64_t *sizes, int32_t rank, size_t elementSize, int64_t *strides, uint64_t &nbytes) {
  // Strides count a size 0 as 1, as torch's do; only their product may
  // overflow.
  int64_t stride = 1;
  bool empty = false;
  for (int32_t d = rank - 1; d >= 0; --d) {
    strides[d] = stride;
    empty |= sizes[d] == 0;
    if (__builtin_mul_overflow(stride, maxOf<int64_t>(sizes[d], 1), &stride))
      return false;
  }
  int64_t bytes;
  if (__builtin_mul_overflow(stride, int64_t(elementSize), &bytes))
    return false;
  nbytes = empty ? 0 : uint64_t(bytes);
  return true;
}

Extent extentOf(const ingot_abi_tensor &tensor) {
  const char *begin = static_cast<const char *>(tensor.data), *end = begin;
  auto elementSize = int64_t(dtypeSize(tensor.dtype));
  for (int32_t d = 0; d < tensor.rank; ++d) {
    if (tensor.sizes[d] == 0)
      return {begin, begin};
    int64_t reach = (tensor.sizes[d] - 1) * tensor.strides[d] * elementSize;
    (reach < 0 ? begin : end) += reach;
  }
  return {begin, end + elementSize};
}

bool isExpanded(const ingot_abi_tensor &tensor) {
  bool expanded = false;
  for (int32_t d = 0; d < tensor.rank; ++d) {
    if (tensor.sizes[d] == 0)
      return false;
    expanded |= tensor.strides[d] == 0 && tensor.sizes[d] > 1;
  }
  return expanded;
}

const char *kindName(int32_t kind) {
  switch (kind) {
  case INGOT_TENSOR:
    return "tensor";
  case INGOT_INT:
    return "int";
  case INGOT_FLOAT:
    return "float";
  case INGOT_BOOL:
    return "bool";
  case INGOT_COMPLEX:
    return "complex";
  case INGOT_STRING:
    return "str";
  case INGOT_NONE:
    return "None";
  case INGOT_DTYPE:
    return "dtype";
  case INGOT_DEVICE:
    return "device";
  case INGOT_LIST:
    return "list";
  case INGOT_TUPLE:
    return "tuple";
  case INGOT_DICT:
    return "dict";
  case INGOT_OBJECT:
    return "object";
  case INGOT_FUTURE:
    return "future";
  case INGOT_AWAIT:
    return "await";
  case INGOT_ENUM:
    return "enum";
  case INGOT_SCRIPT_OBJECT:
    return "script object";
  default:
    return "unknown kind";
  }
}

void describeValue(const Value *value, Text &text) {
  switch (value->kind) {
  case INGOT_TENSOR:
    text << dtypeName(value->tensor.dtype);
    text.addSizes(value->tensor.sizes, value->tensor.rank);
    break;
  case INGOT_LIST:
  case INGOT_TUPLE:
  case INGOT_DICT:
    text << kindName(value->kind) << " of " << int64_t(value->count);
    break;
  case INGOT_OBJECT:
    text << "object";
    if (value->names && value->names->className)
      text << " of class " << value->names->className;
    break;
  case INGOT_SCRIPT_OBJECT:
    text << "script object of class " << value->scriptClass->name;
    break;
  case INGOT_INT:
    text << "int " << value->integer;
    break;
  case INGOT_BOOL:
    text << (value->integer ? "True" : "False");
    break;
  case INGOT_FLOAT:
    text << "float " << value->real;
    break;
  case INGOT_STRING:
    text << "str '";
    text.add(value->text, minOf<size_t>(value->textSize, 60)) << "'";
    break;
  case INGOT_DEVICE:
    text << "device '" << value->text << "'";
    break;
  case INGOT_DTYPE:
    text << "dtype " << dtypeName(int32_t(value->integer));
    break;
  default:
    text << kindName(value->kind);
  }
}

} // namespace ingot::rt
