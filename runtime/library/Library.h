//===- Library.h - libraries, methods, instances ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_LIBRARY_LIBRARY_H
#define INGOT_RUNTIME_LIBRARY_LIBRARY_H

#include "base/Status.h"
#include "ingot/ABI/object.h"
#include "value/Value.h"

#include <pthread.h>

namespace ingot::rt {
struct CallContext;
} // namespace ingot::rt

/// What is known of a method before any call.
struct ingot_method {
  const ingot_abi_method *abi;
  ingot_abi_method_fn function; // of the chosen CPU variant
  /// Which entry of the caller's outputs is for a result slot; -1: none.
  int32_t *outputOfSlot;
  /// And the dtype that it must have; in outputOfSlot's block.
  int32_t *dtypeOfSlot;
  int32_t outputCount;
  /// Names of the output's tuples and objects, in preorder; null where none.
  ingot::rt::Names **names;
  int32_t nameCount;
  /// One per input leaf: the method writes it. Null when it writes none.
  bool *leafMutated;
};

/// One per artifact however often it is opened; handles count in `refs`.
struct ingot_library {
  ingot::rt::RefCount refs;
  const ingot_abi_artifact *artifact;
  void *handle;        // of dlopen, or null
  ingot_library *next; // all libraries
  const char *constants;
  void *mapping; // of the constants' file, or null
  ingot_method *methods;
  int32_t variant; // index of the CPU variant
  char cpu[32];    // its name, without the features
};

struct ingot_instance {
  ingot::rt::RefCount refs;
  ingot_library *library;
  /// Held by each call when the library has mutable states.
  pthread_mutex_t lock;
  void **states; // data of each mutable state: call->states
  ingot::rt::Storage **storages;
  /// Attributes that are objects, made by the first call (object/State.cpp).
  ingot::rt::Array<ingot_abi_object *> objects;
  /// Script objects, made by the first call (object/Operators.cpp).
  ingot::rt::Array<ingot_value *> scriptObjects;
};

namespace ingot::rt {

using Library = ingot_library;
using Instance = ingot_instance;
using Method = ingot_method;

Status *libraryCreate(const void *artifact, void *handle, Library **out);
void libraryRetain(Library *library);
void libraryRelease(Library *library);
void libraryInfo(const Library *library, ingot_library_info *out, size_t size);
Status *libraryMethod(const Library *library, const char *name, const Method **out);
const Method *libraryMethodAt(const Library *library, size_t index);
Status *libraryStateInfo(const Library *library, size_t index, ingot_state_info *out, size_t size);

void methodInfo(const Method *method, ingot_method_info *out, size_t size);
Status *methodInput(const Method *method, size_t index, ingot_input_info *out, size_t size);
Status *methodSymbol(const Method *method, size_t index, ingot_symbol_info *out, size_t size);
void typeInfo(const ingot_type *type, ingot_type_info *out, size_t size);
const ingot_type *typeChild(const ingot_type *type, size_t index);

Status *instanceCreate(Library *library, Instance **out);
Status *instanceClone(Instance *instance, Instance **out);
void instanceRetain(Instance *instance);
void instanceRelease(Instance *instance);
Library *instanceLibrary(const Instance *instance);
Status *instanceGetState(Instance *instance, const char *name, Value **out);
Status *instanceManualSeed(Instance *instance, uint64_t seed);
Status *instanceSetState(Instance *instance, const char *name, const Value *value);
Status *instanceStateDict(Instance *instance, Value **out);
Status *instanceLoadStateDict(Instance *instance, const Value *dict);

/// Takes the lock unless the library has no mutable state; waits at most until
/// `deadline` (0: for ever) and while both flags are 0 (each may be null).
Status *lockInstance(Instance *instance, int64_t deadline, const int32_t *cancel, const int32_t *otherCancel,
                     bool &locked);

/// False: out of memory.
bool copyStateObjects(Instance &to, const Instance &from);
void releaseStateObjects(Instance &instance);

/// Prepares the method's output: names and slots. False: out of memory.
bool prepareMethod(Method &method, const ingot_abi_method &abi, int32_t variant);
void destroyMethod(Method &method);

/// The file's constants, mapped and checked.
Status *mapConstants(const ingot_abi_artifact &artifact, void *&mapping);

} // namespace ingot::rt

#endif
