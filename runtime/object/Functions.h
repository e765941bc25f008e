//===- Functions.h - the functions of the object table ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_OBJECT_FUNCTIONS_H
#define INGOT_RUNTIME_OBJECT_FUNCTIONS_H

#include "object/Object.h"

namespace ingot::rt::object {

using Call = ingot_abi_call;

inline CallContext &contextOf(Call *call) { return *CallContext::of(call); }
inline List &listOf(Object *object) { return *static_cast<List *>(object); }
inline Dict &dictOf(Object *object) { return *static_cast<Dict *>(object); }
inline String &stringOf(Object *object) { return *static_cast<String *>(object); }
inline Object *ownString(Call *call, const char *data, size_t size) {
  return own(contextOf(call), newString(data, size));
}
inline Object *ownText(Call *call, const Text &text) { return ownString(call, text.str(), text.size()); }
inline void fail(Call *call) { contextOf(call).fail(outOfMemory()); }
/// Gives back the list, or fails when an append did.
inline Object *ownIf(Call *call, bool good, Object *object) {
  if (good && object)
    return own(contextOf(call), object);
  if (object)
    release(object);
  fail(call);
  return nullptr;
}

} // namespace ingot::rt::object

#endif
