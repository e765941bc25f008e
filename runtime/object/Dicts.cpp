//===- Dicts.cpp - functions over dicts ------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "object/Declarations.h"

namespace ingot::rt::object {

static void raiseKey(Call *call, const Dict &d, Slot key) {
  Text text;
  printSlot(text, d.key, key);
  raise(contextOf(call), "KeyError", text);
}
/// Position of a key; raises KeyError.
static int64_t require(Call *call, Dict &d, Slot key) {
  int64_t at = findKey(d, key);
  if (INGOT_UNLIKELY(at < 0))
    raiseKey(call, d, key);
  return at;
}
/// The value of an entry that leaves the dict.
static Slot takeValue(Call *call, Dict &d, int64_t at) {
  Slot key = d.keys[at], value = d.values[at];
  takeEntry(d, at);
  releaseSlot(d.key, key);
  return d.element == INGOT_ABI_SLOT_OBJECT ? slotOf(own(contextOf(call), objectOf(value))) : value;
}

Object *dict(Call *call, int64_t key, int64_t value) {
  return own(contextOf(call), newDict(uint8_t(key), uint8_t(value)));
}
Slot dict_get(Call *call, Object *object, Slot key) {
  Dict &d = dictOf(object);
  int64_t at = require(call, d, key);
  return at < 0 ? 0 : lend(contextOf(call), d.element, d.values[at]);
}
Slot dict_get_default(Call *call, Object *object, Slot key, Slot otherwise) {
  Dict &d = dictOf(object);
  int64_t at = findKey(d, key);
  return at < 0 ? otherwise : lend(contextOf(call), d.element, d.values[at]);
}
Object *dict_get_optional(Call *call, Object *object, Slot key) {
  Dict &d = dictOf(object);
  int64_t at = findKey(d, key);
  return own(contextOf(call), at < 0 ? retain(noneObject()) : boxSlot(d.element, d.values[at]));
}
int64_t dict_contains(Call *, Object *object, Slot key) { return findKey(dictOf(object), key) >= 0; }
void dict_set(Call *call, Object *object, Slot key, Slot value) {
  if (!setEntry(dictOf(object), key, value))
    fail(call);
}
Slot dict_pop(Call *call, Object *object, Slot key) {
  Dict &d = dictOf(object);
  int64_t at = require(call, d, key);
  return at < 0 ? 0 : takeValue(call, d, at);
}
Slot dict_pop_default(Call *call, Object *object, Slot key, Slot otherwise) {
  Dict &d = dictOf(object);
  int64_t at = findKey(d, key);
  return at < 0 ? otherwise : takeValue(call, d, at);
}
static Tuple *pairOf(const Dict &d, int64_t at) {
  Tuple *pair = newTuple(2);
  if (!pair)
    return nullptr;
  pair->items()[0] = boxSlot(d.key, d.keys[at]);
  pair->items()[1] = boxSlot(d.element, d.values[at]);
  if (pair->items()[0] && pair->items()[1])
    return pair;
  release(pair);
  return nullptr;
}
Object *dict_popitem(Call *call, Object *object) {
  Dict &d = dictOf(object);
  if (!d.count) {
    raise(contextOf(call), "RuntimeError", "popitem(): dictionary is empty");
    return nullptr;
  }
  // TorchScript takes the first entry, where Python takes the last.
  Tuple *pair = pairOf(d, 0);
  if (pair) {
    Slot key = d.keys[0], value = d.values[0];
    takeEntry(d, 0);
    releaseSlot(d.key, key);
    releaseSlot(d.element, value);
  }
  return own(contextOf(call), pair);
}
void dict_delete(Call *call, Object *object, Slot key) {
  Dict &d = dictOf(object);
  int64_t at = require(call, d, key);
  if (at < 0)
    return;
  Slot oldKey = d.keys[at], value = d.values[at];
  takeEntry(d, at);
  releaseSlot(d.key, oldKey);
  releaseSlot(d.element, value);
}
Slot dict_setdefault(Call *call, Object *object, Slot key, Slot otherwise) {
  Dict &d = dictOf(object);
  int64_t at = findKey(d, key);
  if (at >= 0)
    return lend(contextOf(call), d.element, d.values[at]);
  if (!setEntry(d, key, otherwise))
    fail(call);
  return otherwise;
}
static bool addAll(Dict &to, const Dict &from) {
  for (int64_t i = 0; i < from.count; ++i)
    if (!setEntry(to, from.keys[i], from.values[i]))
      return false;
  return true;
}
void dict_update(Call *call, Object *object, Object *more) {
  if (object != more && !addAll(dictOf(object), dictOf(more)))
    fail(call);
}
static Object *column(Call *call, uint8_t kind, const Slot *slots, int64_t count) {
  List *out = newList(kind, count);
  for (int64_t i = 0; out && i < count; ++i) {
    retainSlot(kind, slots[i]);
    out->slots[out->count++] = slots[i];
  }
  return ownIf(call, out, out);
}
Object *dict_keys(Call *call, Object *object) { return column(call, object->key, dictOf(object).keys, object->count); }
Object *dict_values(Call *call, Object *object) {
  return column(call, object->element, dictOf(object).values, object->count);
}
Object *dict_items(Call *call, Object *object) {
  const Dict &d = dictOf(object);
  List *out = newList(INGOT_ABI_SLOT_OBJECT, d.count);
  bool good = out;
  for (int64_t i = 0; good && i < d.count; ++i) {
    Tuple *pair = pairOf(d, i);
    good = pair && push(*out, slotOf(pair));
  }
  return ownIf(call, good, out);
}
Object *dict_copy(Call *call, Object *object) {
  Dict *copy = newDict(object->key, object->element);
  return ownIf(call, copy && addAll(*copy, dictOf(object)), copy);
}
void dict_clear(Call *, Object *object) {
  Dict &d = dictOf(object);
  while (d.count) {
    Slot key = d.keys[d.count - 1], value = d.values[d.count - 1];
    takeEntry(d, d.count - 1);
    releaseSlot(d.key, key);
    releaseSlot(d.element, value);
  }
  d.changed |= kChanged;
}
/// A slot of `kind` with what the object holds; borrowed from the object.
static Slot unboxed(uint8_t kind, Object *object) {
  return kind == INGOT_ABI_SLOT_OBJECT ? slotOf(object) : static_cast<Number *>(object)->integer;
}
Object *dict_from_items(Call *call, Object *object, int64_t key, int64_t value) {
  Dict *d = newDict(uint8_t(key), uint8_t(value));
  bool good = d;
  for (int64_t i = 0; good && i < object->count; ++i) {
    auto *pair = static_cast<Tuple *>(objectOf(listOf(object).slots[i]));
    good = setEntry(*d, unboxed(d->key, pair->items()[0]), unboxed(d->element, pair->items()[1]));
  }
  return ownIf(call, good, d);
}

} // namespace ingot::rt::object
