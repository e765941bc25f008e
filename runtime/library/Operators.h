//===- Operators.h - custom operators and script objects -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_LIBRARY_OPERATORS_H
#define INGOT_RUNTIME_LIBRARY_OPERATORS_H

#include "library/Library.h"

namespace ingot::rt {

/// An operator of the user's own; registered for good.
struct CustomOperator {
  const char *schema;
  size_t nameSize; // of "space::name.overload", the schema's beginning
  ingot_operator_fn function;
  void *context;
  /// Types of the results; one that is an argument itself has kind NONE.
  const ingot_abi_type *results;
  size_t resultCount;
  CustomOperator *next;
};

/// By the whole schema, spaces aside; null when there is none.
const CustomOperator *findOperator(const char *schema, size_t size);
/// Null when there is none.
const ingot_class *findClass(const char *name, size_t size);

/// Whether operators were linked into the library.
inline bool bringsOperators(const ingot_abi_artifact &artifact) {
  // Structs of an older minor end before.
  return artifact.abi_minor >= 5 && artifact.register_operators;
}
/// Runs the registration that was linked into the library, if one was.
Status *registerLinked(const ingot_abi_artifact &artifact);
/// What the library needs and nobody has registered, in one error.
Status *checkOperators(const ingot_abi_artifact &artifact);

/// A clone's objects are made from the state of the others.
Status *copyScriptObjects(Instance &to, const Instance &from);
void releaseScriptObjects(Instance &instance);

// Of the API's table.
Status *registerOperator(const char *schema, ingot_operator_fn function, void *context);
Status *registerClass(const ingot_class *description);
Status *scriptObjectCreate(const char *className, void *object, Value **out);
Status *scriptObjectGet(const Value *value, const char *className, void **out);
const char *libraryOperator(const Library *library, size_t index);

// Warnings.cpp
void setWarningCallback(ingot_warning_callback callback, void *context);

} // namespace ingot::rt

#endif
