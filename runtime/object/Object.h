//===- Object.h - containers and strings of a running call -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What generated code works on where a list, dict or string is known at run
// time only: objects that change, with numbers in place, unlike the values of
// the C API, which are made from them and into them at the call's border.
#ifndef INGOT_RUNTIME_OBJECT_OBJECT_H
#define INGOT_RUNTIME_OBJECT_OBJECT_H

#include "ingot/ABI/object.h"
#include "library/Call.h"

namespace ingot::rt {

using Object = ingot_abi_object;
using Slot = int64_t;

// Bits of Object::changed.
constexpr uint8_t kChanged = 1, kImported = 2;

struct List : Object {
  int64_t capacity;
  Slot *slots;
};
static_assert(sizeof(List) == sizeof(ingot_abi_list));

struct Tuple : Object {
  Object **items() { return reinterpret_cast<Object **>(this + 1); }
};

/// Entries in insertion order; a hash index once there are many.
struct Dict : Object {
  int64_t capacity;
  Slot *keys, *values;
  int32_t *index; // position + 1, open addressing; null: not there or stale
  int64_t indexSize;
};

struct String : Object {
  char *data() { return reinterpret_cast<char *>(this + 1); }
  const char *data() const { return reinterpret_cast<const char *>(this + 1); }
  size_t size() const { return size_t(count); }
};

struct Number : Object {
  union {
    int64_t integer;
    double real;
    struct {
      double re, im;
    };
  };
};

struct TensorBox : Object {
  Value *value;
};

//===----------------------------------------------------------------------===//
// Lifetime
//===----------------------------------------------------------------------===//

inline Object *retain(Object *object) {
  __atomic_fetch_add(&object->refs, 1, __ATOMIC_RELAXED);
  return object;
}
void destroyObject(Object *object);
inline void release(Object *object) {
  if (__atomic_load_n(&object->refs, __ATOMIC_ACQUIRE) == 1 ||
      __atomic_fetch_sub(&object->refs, 1, __ATOMIC_ACQ_REL) == 1)
    destroyObject(object);
}

inline Object *objectOf(Slot slot) { return reinterpret_cast<Object *>(slot); }
inline Slot slotOf(const Object *object) { return reinterpret_cast<Slot>(object); }
inline double realOf(Slot slot) { return __builtin_bit_cast(double, slot); }
inline Slot slotOf(double number) { return __builtin_bit_cast(Slot, number); }

inline void retainSlot(uint8_t kind, Slot slot) {
  if (kind == INGOT_ABI_SLOT_OBJECT && slot)
    retain(objectOf(slot));
}
inline void releaseSlot(uint8_t kind, Slot slot) {
  if (kind == INGOT_ABI_SLOT_OBJECT && slot)
    release(objectOf(slot));
}

/// The call owns a new object from here on; null: out of memory, and the call
/// has failed.
Object *own(CallContext &call, Object *object);
/// A borrowed slot that the call keeps alive.
Slot lend(CallContext &call, uint8_t kind, Slot slot);
/// The call fails; `type` is the exception's name.
void raise(CallContext &call, const char *type, const Text &message);
void raise(CallContext &call, const char *type, const char *message);

//===----------------------------------------------------------------------===//
// Making
//===----------------------------------------------------------------------===//
// New references; null when out of memory.

String *newString(const char *data, size_t size, int32_t kind = INGOT_STRING);
Number *newNumber(int32_t kind, Slot bits);
Number *newComplex(double re, double im);
TensorBox *newTensorBox(Value *value); // retains the value
/// The same for a value of any kind, which the program does not look into.
TensorBox *newValueBox(Value *value);
Tuple *newTuple(int64_t count);
List *newList(uint8_t element, int64_t capacity);
Dict *newDict(uint8_t key, uint8_t value);
/// Never freed.
Object *noneObject();

/// Room for `count` slots; false when out of memory.
bool reserve(List &list, int64_t count);
/// Appends; takes over the slot's reference, on failure too.
bool push(List &list, Slot slot);
/// An object that holds the slot's value: a new reference.
Object *boxSlot(uint8_t kind, Slot slot);

/// Position of a key, or -1.
int64_t findKey(Dict &dict, Slot key);
/// Removes entry `at`; its references are the caller's now.
void takeEntry(Dict &dict, int64_t at);
/// Sets an entry; retains both. False when out of memory.
bool setEntry(Dict &dict, Slot key, Slot value);

//===----------------------------------------------------------------------===//
// Comparing, printing
//===----------------------------------------------------------------------===//

bool equalSlots(uint8_t kind, Slot a, Slot b);
bool equalObjects(const Object *a, const Object *b);
int compareStrings(const String &a, const String &b);
/// As TorchScript prints a value: strings have no quotes, in containers either.
void printObject(Text &text, const Object *object);
void printSlot(Text &text, uint8_t kind, Slot slot);
void printFloat(Text &text, double number);
/// False: the dtype has no text.
bool printTensor(Text &text, const ingot_abi_tensor &tensor);

//===----------------------------------------------------------------------===//
// The call's border
//===----------------------------------------------------------------------===//

/// The slot kind in which containers keep values of a type.
uint8_t slotKindOf(const ingot_abi_type &type);
/// Numbers as they are, the rest as an object that the call owns. The value has
/// been checked against the type.
bool importSlot(CallContext &call, const ingot_abi_type &type, Value *value, Slot &slot);
/// A reference; null when out of memory.
Value *exportObject(CallContext &call, const ingot_abi_type *type, Object *object);
/// Lists and dicts of the caller that the method changed get their new
/// contents. False when out of memory.
bool writeBackImports(CallContext &call);

extern const ingot_abi_objects objectTable;

/// The status of an error that a future keeps.
Status *statusOfError(Object *error);
/// A future with its value (taken over; null: no memory), or with the error that it keeps.
Value *createFuture(Value *inner, Object *error);

} // namespace ingot::rt

#endif
