//===- Object.cpp - making and dropping objects ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "object/Object.h"

namespace ingot::rt {

//===----------------------------------------------------------------------===//
// Making
//===----------------------------------------------------------------------===//

template <typename T>
static T *allocate(int32_t kind, size_t extra = 0) {
  auto *object = static_cast<T *>(allocateBlock(sizeof(T) + extra));
  if (INGOT_LIKELY(object != nullptr)) {
    memset(static_cast<void *>(object), 0, sizeof(T));
    object->refs = 1;
    object->kind = uint8_t(kind);
  }
  return object;
}

String *newString(const char *data, size_t size, int32_t kind) {
  if (size > SIZE_MAX / 2)
    return nullptr;
  String *string = allocate<String>(kind, size + 1);
  if (!string)
    return nullptr;
  string->count = int64_t(size);
  if (data && size)
    memcpy(string->data(), data, size);
  string->data()[size] = 0;
  return string;
}

Number *newNumber(int32_t kind, Slot bits) {
  Number *number = allocate<Number>(kind);
  if (number)
    number->integer = bits;
  return number;
}

Number *newComplex(double re, double im) {
  Number *number = allocate<Number>(INGOT_COMPLEX);
  if (number) {
    number->re = re;
    number->im = im;
  }
  return number;
}

TensorBox *newTensorBox(Value *value) {
  TensorBox *box = allocate<TensorBox>(INGOT_TENSOR);
  if (box) {
    value->refs.retain();
    box->value = value;
  }
  return box;
}

TensorBox *newValueBox(Value *value) {
  TensorBox *box = newTensorBox(value);
  if (box && value->kind != INGOT_TENSOR)
    box->kind = INGOT_SCRIPT_OBJECT;
  return box;
}

Tuple *newTuple(int64_t count) {
  if (count < 0 || uint64_t(count) > SIZE_MAX / 64)
    return nullptr;
  Tuple *tuple = allocate<Tuple>(INGOT_TUPLE, size_t(count) * sizeof(Object *));
  if (!tuple)
    return nullptr;
  tuple->count = count;
  if (count)
    memset(static_cast<void *>(tuple->items()), 0, size_t(count) * sizeof(Object *));
  return tuple;
}

List *newList(uint8_t element, int64_t capacity) {
  List *list = allocate<List>(INGOT_LIST);
  if (!list)
    return nullptr;
  list->element = element;
  if (reserve(*list, capacity))
    return list;
  release(list);
  return nullptr;
}

Dict *newDict(uint8_t key, uint8_t value) {
  Dict *dict = allocate<Dict>(INGOT_DICT);
  if (dict) {
    dict->key = key;
    dict->element = value;
  }
  return dict;
}

Object *noneObject() {
  // Counted, but never to zero: the first reference is the program's.
  static Object none = {1, INGOT_NONE, 0, 0, 0, 0};
  return &none;
}

static bool grow(Slot *&slots, int64_t used, int64_t capacity, int64_t wanted) {
  if (uint64_t(wanted) > SIZE_MAX / (2 * sizeof(Slot)))
    return false;
  auto *grown = static_cast<Slot *>(allocateBlock(size_t(wanted) * sizeof(Slot)));
  if (!grown)
    return false;
  if (used)
    memcpy(grown, slots, size_t(used) * sizeof(Slot));
  if (slots)
    freeBlock(slots, size_t(capacity) * sizeof(Slot));
  slots = grown;
  return true;
}

bool reserve(List &list, int64_t count) {
  if (count <= list.capacity)
    return true;
  int64_t wanted = maxOf<int64_t>(maxOf<int64_t>(count, 8), list.capacity * 2);
  if (!grow(list.slots, list.count, list.capacity, wanted))
    return false;
  list.capacity = wanted;
  return true;
}

bool push(List &list, Slot slot) {
  if (INGOT_UNLIKELY(list.count == list.capacity) && !reserve(list, list.count + 1)) {
    releaseSlot(list.element, slot);
    return false;
  }
  list.slots[list.count++] = slot;
  return true;
}

Object *boxSlot(uint8_t kind, Slot slot) {
  if (kind != INGOT_ABI_SLOT_OBJECT)
    return newNumber(kind, slot);
  return retain(objectOf(slot));
}

//===----------------------------------------------------------------------===//
// Dropping
//===----------------------------------------------------------------------===//

void destroyObject(Object *object) {
  size_t size = 0;
  switch (object->kind) {
  case INGOT_STRING:
  case INGOT_DEVICE:
    size = sizeof(String) + size_t(object->count) + 1;
    break;
  case INGOT_LIST: {
    auto *list = static_cast<List *>(object);
    if (list->element == INGOT_ABI_SLOT_OBJECT)
      for (int64_t i = 0; i < list->count; ++i)
        releaseSlot(INGOT_ABI_SLOT_OBJECT, list->slots[i]);
    if (list->slots)
      freeBlock(list->slots, size_t(list->capacity) * sizeof(Slot));
    size = sizeof(List);
    break;
  }
  case INGOT_TUPLE:
  case INGOT_ENUM: {
    auto *tuple = static_cast<Tuple *>(object);
    for (int64_t i = 0; i < tuple->count; ++i)
      if (tuple->items()[i])
        release(tuple->items()[i]);
    size = sizeof(Tuple) + size_t(tuple->count) * sizeof(Object *);
    break;
  }
  case INGOT_DICT: {
    auto *dict = static_cast<Dict *>(object);
    for (int64_t i = 0; i < dict->count; ++i) {
      releaseSlot(dict->key, dict->keys[i]);
      releaseSlot(dict->element, dict->values[i]);
    }
    if (dict->keys)
      freeBlock(dict->keys, size_t(dict->capacity) * sizeof(Slot));
    if (dict->values)
      freeBlock(dict->values, size_t(dict->capacity) * sizeof(Slot));
    if (dict->index)
      freeBlock(dict->index, size_t(dict->indexSize) * sizeof(int32_t));
    size = sizeof(Dict);
    break;
  }
  case INGOT_TENSOR:
  case INGOT_SCRIPT_OBJECT:
    releaseValue(static_cast<TensorBox *>(object)->value);
    size = sizeof(TensorBox);
    break;
  case INGOT_NONE:
    return;
  default:
    size = sizeof(Number);
    break;
  }
  freeBlock(object, size);
}

//===----------------------------------------------------------------------===//
// Dicts' entries
//===----------------------------------------------------------------------===//

static uint64_t mix(uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdull;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ull;
  return x ^ (x >> 33);
}

static uint64_t hashSlot(uint8_t kind, Slot slot) {
  if (kind == INGOT_ABI_SLOT_FLOAT)
    return mix(realOf(slot) == 0 ? 0 : uint64_t(slot)); // -0.0 is 0.0
  if (kind != INGOT_ABI_SLOT_OBJECT)
    return mix(uint64_t(slot));
  const Object *object = objectOf(slot);
  switch (object->kind) {
  case INGOT_STRING: {
    uint64_t h = 0xcbf29ce484222325ull;
    const char *data = static_cast<const String *>(object)->data();
    for (int64_t i = 0; i < object->count; ++i)
      h = (h ^ uint8_t(data[i])) * 0x100000001b3ull;
    return mix(h);
  }
  case INGOT_TENSOR: // by identity
    return mix(uint64_t(reinterpret_cast<uintptr_t>(static_cast<const TensorBox *>(object)->value)));
  case INGOT_COMPLEX: {
    auto *number = static_cast<const Number *>(object);
    return mix(uint64_t(slotOf(number->re + 0.0)) ^ mix(uint64_t(slotOf(number->im + 0.0))));
  }
  default:
    return mix(uint64_t(static_cast<const Number *>(object)->integer));
  }
}

static bool equalKeys(uint8_t kind, Slot a, Slot b) {
  if (kind == INGOT_ABI_SLOT_OBJECT && objectOf(a)->kind == INGOT_TENSOR)
    return objectOf(b)->kind == INGOT_TENSOR &&
           static_cast<TensorBox *>(objectOf(a))->value == static_cast<TensorBox *>(objectOf(b))->value;
  return equalSlots(kind, a, b);
}

/// Few entries are compared one by one.
static constexpr int64_t kLinear = 8;

static void dropIndex(Dict &dict) {
  if (dict.index)
    freeBlock(dict.index, size_t(dict.indexSize) * sizeof(int32_t));
  dict.index = nullptr;
  dict.indexSize = 0;
}

static void addToIndex(Dict &dict, int64_t position) {
  auto mask = uint64_t(dict.indexSize - 1);
  uint64_t at = hashSlot(dict.key, dict.keys[position]) & mask;
  while (dict.index[at])
    at = (at + 1) & mask;
  dict.index[at] = int32_t(position + 1);
}

/// False: no memory, or too many for the index; the search is linear then.
static bool buildIndex(Dict &dict) {
  int64_t size = 32;
  while (size < dict.count * 3)
    size *= 2;
  dropIndex(dict);
  if (dict.count > INT32_MAX / 4)
    return false;
  dict.index = static_cast<int32_t *>(allocateBlock(size_t(size) * sizeof(int32_t)));
  if (!dict.index)
    return false;
  memset(dict.index, 0, size_t(size) * sizeof(int32_t));
  dict.indexSize = size;
  for (int64_t i = 0; i < dict.count; ++i)
    addToIndex(dict, i);
  return true;
}

int64_t findKey(Dict &dict, Slot key) {
  if (dict.count > kLinear && (dict.index || buildIndex(dict))) {
    auto mask = uint64_t(dict.indexSize - 1);
    for (uint64_t at = hashSlot(dict.key, key) & mask; dict.index[at]; at = (at + 1) & mask)
      if (int64_t i = dict.index[at] - 1; equalKeys(dict.key, dict.keys[i], key))
        return i;
    return -1;
  }
  for (int64_t i = 0; i < dict.count; ++i)
    if (equalKeys(dict.key, dict.keys[i], key))
      return i;
  return -1;
}

bool setEntry(Dict &dict, Slot key, Slot value) {
  dict.changed |= kChanged;
  int64_t at = findKey(dict, key);
  if (at >= 0) {
    retainSlot(dict.element, value);
    releaseSlot(dict.element, dict.values[at]);
    dict.values[at] = value;
    return true;
  }
  if (dict.count == dict.capacity) {
    int64_t wanted = maxOf<int64_t>(8, dict.capacity * 2);
    // Both or none: their blocks have one capacity.
    Slot *keys = nullptr, *values = nullptr;
    if (!grow(keys, 0, 0, wanted) || !grow(values, 0, 0, wanted)) {
      if (keys)
        freeBlock(keys, size_t(wanted) * sizeof(Slot));
      return false;
    }
    if (dict.count) {
      memcpy(keys, dict.keys, size_t(dict.count) * sizeof(Slot));
      memcpy(values, dict.values, size_t(dict.count) * sizeof(Slot));
      freeBlock(dict.keys, size_t(dict.capacity) * sizeof(Slot));
      freeBlock(dict.values, size_t(dict.capacity) * sizeof(Slot));
    }
    dict.keys = keys;
    dict.values = values;
    dict.capacity = wanted;
  }
  retainSlot(dict.key, key);
  retainSlot(dict.element, value);
  dict.keys[dict.count] = key;
  dict.values[dict.count++] = value;
  if (dict.index) {
    if (dict.count * 2 > dict.indexSize)
      dropIndex(dict); // the next search builds a larger one
    else
      addToIndex(dict, dict.count - 1);
  }
  return true;
}

void takeEntry(Dict &dict, int64_t at) {
  dict.changed |= kChanged;
  auto rest = size_t(dict.count - at - 1) * sizeof(Slot);
  memmove(dict.keys + at, dict.keys + at + 1, rest);
  memmove(dict.values + at, dict.values + at + 1, rest);
  --dict.count;
  dropIndex(dict); // positions have moved
}

//===----------------------------------------------------------------------===//
// The call's objects
//===----------------------------------------------------------------------===//

Object *own(CallContext &call, Object *object) {
  if (INGOT_LIKELY(object != nullptr)) {
    if (INGOT_LIKELY(call.objects.push(object)))
      return object;
    release(object);
  }
  call.fail(outOfMemory());
  return nullptr;
}

Slot lend(CallContext &call, uint8_t kind, Slot slot) {
  if (kind != INGOT_ABI_SLOT_OBJECT || !slot)
    return slot;
  return slotOf(own(call, retain(objectOf(slot))));
}

void raise(CallContext &call, const char *type, const char *message) {
  call.fail(makeStatus(INGOT_PROGRAM_ERROR, message, type));
}
void raise(CallContext &call, const char *type, const Text &message) { raise(call, type, message.str()); }

} // namespace ingot::rt
