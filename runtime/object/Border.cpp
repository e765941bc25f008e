//===- Border.cpp - values of the C API to objects and back ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "object/Object.h"

namespace ingot::rt {

uint8_t slotKindOf(const ingot_abi_type &type) {
  switch (type.kind) {
  case INGOT_ABI_KIND_INT:
  case INGOT_ABI_KIND_DTYPE:
    return INGOT_ABI_SLOT_INT;
  case INGOT_ABI_KIND_FLOAT:
    return INGOT_ABI_SLOT_FLOAT;
  case INGOT_ABI_KIND_BOOL:
    return INGOT_ABI_SLOT_BOOL;
  default:
    return INGOT_ABI_SLOT_OBJECT;
  }
}

//===----------------------------------------------------------------------===//
// In
//===----------------------------------------------------------------------===//

static Object *import(CallContext &call, const ingot_abi_type &type, Value *value);

/// A new reference where the slot is an object.
static bool importInto(CallContext &call, const ingot_abi_type &type, Value *value, Slot &slot) {
  switch (slotKindOf(type)) {
  case INGOT_ABI_SLOT_FLOAT:
    slot = slotOf(value->kind == INGOT_FLOAT ? value->real : double(value->integer));
    return true;
  case INGOT_ABI_SLOT_OBJECT:
    slot = slotOf(import(call, type, value));
    return slot;
  default:
    slot = value->integer;
    return true;
  }
}

static List *importList(CallContext &call, const ingot_abi_type &element, Value *value) {
  List *list = newList(slotKindOf(element), int64_t(value->count));
  for (size_t i = 0; list && i < value->count; ++i) {
    Slot slot;
    if (!importInto(call, element, value->items[i], slot) || !push(*list, slot)) {
      release(list);
      return nullptr;
    }
  }
  return list;
}

static Dict *importDict(CallContext &call, const ingot_abi_type &key, const ingot_abi_type &item, Value *value) {
  Dict *dict = newDict(slotKindOf(key), slotKindOf(item));
  for (size_t i = 0; dict && i < value->count; ++i) {
    Slot name = 0, entry = 0;
    bool good = importInto(call, key, value->keys[i], name) && importInto(call, item, value->items[i], entry) &&
                setEntry(*dict, name, entry);
    releaseSlot(dict->key, name);
    releaseSlot(dict->element, entry);
    if (!good) {
      release(dict);
      return nullptr;
    }
  }
  return dict;
}

static Tuple *importTuple(CallContext &call, const ingot_abi_type &type, Value *value) {
  Tuple *tuple = newTuple(int64_t(value->count));
  for (size_t i = 0; tuple && i < value->count; ++i)
    if (!(tuple->items()[i] = import(call, type.children[i], value->items[i]))) {
      release(tuple);
      return nullptr;
    }
  return tuple;
}

/// Class, name and value of an enum's member.
static Tuple *importMember(CallContext &call, const char *className, Value *value) {
  static const ingot_abi_type any = {.kind = INGOT_ABI_KIND_ANY};
  Tuple *member = newTuple(3);
  if (!member)
    return nullptr;
  const char *name = value->names->fields[0];
  member->items()[0] = newString(className, strlen(className));
  member->items()[1] = newString(name, strlen(name));
  member->items()[2] = import(call, any, value->items[0]);
  member->kind = INGOT_ENUM;
  if (member->items()[0] && member->items()[1] && member->items()[2])
    return member;
  release(member);
  return nullptr;
}

/// A new reference; null when out of memory.
static Object *import(CallContext &call, const ingot_abi_type &type, Value *value) {
  if (value->kind == INGOT_NONE)
    return retain(noneObject());
  switch (type.kind) {
  case INGOT_ABI_KIND_OPTIONAL:
    return import(call, type.children[0], value);
  case INGOT_ABI_KIND_FLOAT:
    return newNumber(INGOT_FLOAT, slotOf(value->kind == INGOT_FLOAT ? value->real : double(value->integer)));
  case INGOT_ABI_KIND_COMPLEX:
    if (value->kind != INGOT_COMPLEX)
      return newComplex(value->kind == INGOT_FLOAT ? value->real : double(value->integer), 0);
    break;
  case INGOT_ABI_KIND_INT:
  case INGOT_ABI_KIND_DTYPE:
    return newNumber(INGOT_INT, value->integer);
  case INGOT_ABI_KIND_LIST:
  case INGOT_ABI_KIND_DICT: {
    // One list of the caller's is one list of the program.
    for (CallContext::Import &made : call.imports)
      if (made.value == value)
        return retain(made.object);
    Object *object = type.kind == INGOT_ABI_KIND_LIST ? static_cast<Object *>(importList(call, type.children[0], value))
                                                      : importDict(call, type.children[0], type.children[1], value);
    if (!object)
      return nullptr;
    object->changed = kImported;
    if (call.imports.push({object, value, &type}) && call.objects.push(retain(object)))
      return object;
    release(object);
    return nullptr;
  }
  case INGOT_ABI_KIND_TUPLE:
    return importTuple(call, type, value);
  case INGOT_ABI_KIND_ENUM:
    return importMember(call, type.name ? type.name : "", value);
  default:
    break;
  }
  // What a program takes as Any, it only passes on and shows.
  static const ingot_abi_type any = {.kind = INGOT_ABI_KIND_ANY};
  switch (value->kind) {
  case INGOT_LIST:
    return importList(call, any, value);
  case INGOT_DICT:
    return importDict(call, any, any, value);
  case INGOT_TUPLE: {
    Tuple *tuple = newTuple(int64_t(value->count));
    for (size_t i = 0; tuple && i < value->count; ++i)
      if (!(tuple->items()[i] = import(call, any, value->items[i]))) {
        release(tuple);
        return nullptr;
      }
    return tuple;
  }
  case INGOT_ENUM: {
    const char *name = value->names->className;
    return importMember(call, name ? name : "", value);
  }
  case INGOT_STRING:
  case INGOT_DEVICE:
    return newString(value->text, value->textSize, value->kind);
  case INGOT_TENSOR:
  case INGOT_SCRIPT_OBJECT:
    return newValueBox(value);
  case INGOT_COMPLEX:
    return newComplex(value->re, value->im);
  case INGOT_FLOAT:
    return newNumber(INGOT_FLOAT, slotOf(value->real));
  default:
    return newNumber(value->kind, value->integer);
  }
}

bool importSlot(CallContext &call, const ingot_abi_type &type, Value *value, Slot &slot) {
  slot = slotOf(own(call, import(call, type, value)));
  return slot;
}

//===----------------------------------------------------------------------===//
// Out
//===----------------------------------------------------------------------===//

static const ingot_abi_type *childOf(const ingot_abi_type *type, int64_t index) {
  return type && index < type->n_children ? &type->children[index] : nullptr;
}

static bool isTask(const ingot_abi_type *type) {
  return type && (type->kind == INGOT_ABI_KIND_FUTURE || type->kind == INGOT_ABI_KIND_AWAIT);
}

/// A future or await around its value, which it takes over.
static Value *wrap(int32_t kind, Value *inner) {
  Value *value = inner ? createContainer(kind, 1, nullptr) : nullptr;
  if (value)
    value->items[0] = inner;
  else if (inner)
    releaseValue(inner);
  return value;
}

Value *createFuture(Value *inner, Object *error) {
  if (INGOT_LIKELY(error->kind == INGOT_NONE))
    return wrap(INGOT_FUTURE, inner);
  Value *value = createContainer(INGOT_FUTURE, 0, nullptr);
  if (!value)
    return nullptr;
  value->error = statusOfError(error);
  if (value->error)
    return value;
  releaseValue(value);
  return nullptr;
}

static Value *exportSlot(CallContext &call, const ingot_abi_type *type, uint8_t kind, Slot slot) {
  if (type && type->kind == INGOT_ABI_KIND_AWAIT)
    return wrap(INGOT_AWAIT, exportSlot(call, childOf(type, 0), kind, slot));
  switch (kind) {
  case INGOT_ABI_SLOT_OBJECT:
    return exportObject(call, type, objectOf(slot));
  case INGOT_ABI_SLOT_FLOAT:
    return createFloat(realOf(slot));
  default:
    return createInt(type && type->kind == INGOT_ABI_KIND_DTYPE ? INGOT_DTYPE : kind, slot);
  }
}

static Value *exportFresh(CallContext &call, const ingot_abi_type *type, Object *object) {
  Names *names = nullptr;
  if (object->kind == INGOT_TUPLE && type && type->names && type->n_children == object->count) {
    names = createNames(type->name, type->names, size_t(object->count));
    if (!names)
      return nullptr;
  }
  Value *value = createContainer(object->kind, size_t(object->count), names);
  for (int64_t i = 0; value && i < object->count; ++i) {
    Value *item = nullptr;
    bool good = true;
    if (object->kind == INGOT_LIST) {
      item = exportSlot(call, childOf(type, 0), object->element, static_cast<List *>(object)->slots[i]);
    } else if (object->kind == INGOT_TUPLE) {
      item = exportObject(call, childOf(type, i), static_cast<Tuple *>(object)->items()[i]);
    } else {
      auto *dict = static_cast<Dict *>(object);
      value->keys[i] = exportSlot(call, childOf(type, 0), dict->key, dict->keys[i]);
      good = value->keys[i];
      item = exportSlot(call, childOf(type, 1), dict->element, dict->values[i]);
    }
    value->items[i] = item;
    if (!item || !good) {
      releaseValue(value);
      return nullptr;
    }
  }
  return value;
}

Value *exportObject(CallContext &call, const ingot_abi_type *type, Object *object) {
  bool optional = false;
  for (; type && type->kind == INGOT_ABI_KIND_OPTIONAL; type = &type->children[0])
    optional = true;
  if (isTask(type) && !(optional && object->kind == INGOT_NONE)) {
    if (type->kind == INGOT_ABI_KIND_FUTURE && type->n_children < 2) // of a library in front of minor 7
      return wrap(INGOT_FUTURE, exportObject(call, childOf(type, 0), object));
    if (type->kind == INGOT_ABI_KIND_FUTURE) {
      Object **parts = static_cast<Tuple *>(object)->items(); // its value and its error
      bool failed = parts[1]->kind != INGOT_NONE;
      return createFuture(failed ? nullptr : exportObject(call, childOf(type, 0), parts[0]), parts[1]);
    }
    return wrap(INGOT_AWAIT, exportObject(call, childOf(type, 0), object));
  }
  auto *number = static_cast<Number *>(object);
  switch (object->kind) {
  case INGOT_NONE:
    return createInt(INGOT_NONE, 0);
  case INGOT_FLOAT:
    return createFloat(number->real);
  case INGOT_COMPLEX:
    return createComplex(number->re, number->im);
  case INGOT_STRING:
  case INGOT_DEVICE:
    return createText(object->kind, static_cast<String *>(object)->data(), size_t(object->count));
  case INGOT_TENSOR:
  case INGOT_SCRIPT_OBJECT: {
    Value *value = static_cast<TensorBox *>(object)->value;
    value->refs.retain();
    return value;
  }
  case INGOT_TUPLE:
    return exportFresh(call, type, object);
  case INGOT_ENUM: {
    auto *member = static_cast<Tuple *>(object);
    const char *name = static_cast<String *>(member->items()[1])->data();
    Names *names = createNames(static_cast<String *>(member->items()[0])->data(), &name, 1);
    Value *value = names ? createContainer(INGOT_ENUM, 1, names) : nullptr;
    if (value && !(value->items[0] = exportObject(call, nullptr, member->items()[2]))) {
      releaseValue(value);
      return nullptr;
    }
    return value;
  }
  case INGOT_LIST:
  case INGOT_DICT: {
    if (object->changed & kImported)
      for (CallContext::Import &made : call.imports)
        if (made.object == object) {
          made.value->refs.retain();
          return made.value;
        }
    Value *value = exportFresh(call, type, object);
    // Met again, it is the same value.
    if (value && call.imports.push({object, value, type}))
      object->changed = kImported;
    return value;
  }
  default:
    return createInt(object->kind, number->integer);
  }
}

bool writeBackImports(CallContext &call) {
  for (size_t k = 0, n = call.imports.size; k < n; ++k) {
    CallContext::Import made = call.imports[k];
    if (!(made.object->changed & kChanged))
      continue;
    made.object->changed &= uint8_t(~kChanged);
    Value *fresh = exportFresh(call, made.type, made.object);
    if (!fresh)
      return false;
    // The payloads change places; what is inside a value moves with it.
    Value old = {};
    auto payload = [](Value &value) { return reinterpret_cast<char *>(&value.items); };
    size_t size = reinterpret_cast<char *>(fresh + 1) - payload(*fresh);
    auto repair = [](Value &value, const Value &from) {
      if (value.items == from.inlineItems) {
        value.items = value.inlineItems;
        if (value.keys)
          value.keys = value.items + value.count;
      }
    };
    memcpy(payload(old), payload(*made.value), size);
    memcpy(payload(*made.value), payload(*fresh), size);
    repair(*made.value, *fresh);
    memcpy(payload(*fresh), payload(old), size);
    repair(*fresh, *made.value);
    // What was in the list may still be a result: it stays until the call ends.
    Object *kept = newTensorBox(fresh);
    releaseValue(fresh);
    if (!kept || !call.objects.push(kept))
      return false;
  }
  return true;
}

} // namespace ingot::rt
