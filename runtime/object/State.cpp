//===- State.cpp - attributes of the instance ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes that are no tensors or numbers of fixed form: an instance keeps
// their objects. A call holds the instance's lock meanwhile.
#include "object/Declarations.h"

namespace ingot::rt {

/// A copy that shares only what cannot change; null: out of memory.
static Object *copyObject(Object *object) {
  switch (object->kind) {
  case INGOT_LIST: {
    auto &from = static_cast<List &>(*object);
    List *list = newList(from.element, from.count);
    for (int64_t i = 0; list && i < from.count; ++i) {
      Slot slot = from.slots[i];
      if (from.element == INGOT_ABI_SLOT_OBJECT)
        slot = slotOf(copyObject(objectOf(slot)));
      if ((from.element == INGOT_ABI_SLOT_OBJECT && !slot) || !push(*list, slot)) {
        release(list);
        return nullptr;
      }
    }
    return list;
  }
  case INGOT_DICT: {
    auto &from = static_cast<Dict &>(*object);
    Dict *dict = newDict(from.key, from.element);
    for (int64_t i = 0; dict && i < from.count; ++i) {
      Slot value = from.values[i];
      bool boxed = from.element == INGOT_ABI_SLOT_OBJECT;
      if (boxed)
        value = slotOf(copyObject(objectOf(value)));
      bool good = (!boxed || value) && setEntry(*dict, from.keys[i], value);
      if (boxed && value)
        release(objectOf(value));
      if (!good) {
        release(dict);
        return nullptr;
      }
    }
    return dict;
  }
  case INGOT_TUPLE: {
    auto &from = static_cast<Tuple &>(*object);
    Tuple *tuple = newTuple(from.count);
    for (int64_t i = 0; tuple && i < from.count; ++i)
      if (!(tuple->items()[i] = copyObject(from.items()[i]))) {
        release(tuple);
        return nullptr;
      }
    return tuple;
  }
  default:
    return retain(object);
  }
}

bool copyStateObjects(Instance &to, const Instance &from) {
  for (size_t i = 0; i < from.objects.size; ++i) {
    Object *copy = from.objects[i] ? copyObject(from.objects[i]) : nullptr;
    if ((from.objects[i] && !copy) || !to.objects.push(copy)) {
      if (copy)
        release(copy);
      return false;
    }
  }
  return true;
}

void releaseStateObjects(Instance &instance) {
  for (size_t i = 0; i < instance.objects.size; ++i)
    if (instance.objects[i])
      release(instance.objects[i]);
  instance.objects.size = 0;
}

namespace object {

/// Room for the attribute; null: out of memory, and the call has failed.
static Object **place(Call *call, int64_t number) {
  auto &objects = contextOf(call).instance->objects;
  while (objects.size <= size_t(number))
    if (!objects.push(nullptr)) {
      fail(call);
      return nullptr;
    }
  return &objects[size_t(number)];
}

Object *state_object(Call *call, int64_t number, Object *first) {
  Object **at = place(call, number);
  if (!at)
    return nullptr;
  if (!*at)
    *at = retain(first);
  // What the caller gave stays the caller's: changes of it are not its own.
  return own(contextOf(call), retain(*at));
}

void set_state_object(Call *call, int64_t number, Object *value) {
  Object **at = place(call, number);
  if (!at || *at == value)
    return;
  if (*at)
    release(*at);
  *at = retain(value);
}

} // namespace object
} // namespace ingot::rt
