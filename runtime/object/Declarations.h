//===- Declarations.h - the object functions by name -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declared from INGOT_OBJECT_FUNCTIONS: a definition with other operands is
// another overload, and then Table.cpp does not compile.
#ifndef INGOT_RUNTIME_OBJECT_DECLARATIONS_H
#define INGOT_RUNTIME_OBJECT_DECLARATIONS_H

#include "object/Functions.h"

namespace ingot::rt::object {

/// A constant text of generated code: in registers as a pointer and a size.
struct ConstantText {
  const char *data;
  int64_t size;
};

// The letters of INGOT_OBJECT_FUNCTIONS.
namespace letters {
using o = Object *;
using i = int64_t;
using s = Slot;
using b = int64_t;
using d = double;
using n = void;
using t = ConstantText;
#define INGOT_OBJECT_DECLARE(name, result, effects, ...) using name##_type = result(Call *__VA_OPT__(, ) __VA_ARGS__);
INGOT_OBJECT_FUNCTIONS(INGOT_OBJECT_DECLARE)
#undef INGOT_OBJECT_DECLARE
} // namespace letters

#define INGOT_OBJECT_DECLARE(name, ...) letters::name##_type name;
INGOT_OBJECT_FUNCTIONS(INGOT_OBJECT_DECLARE)
#undef INGOT_OBJECT_DECLARE

/// Number of elements of a slice, -1 when it raised; bounds become positions.
int64_t sliceRange(Call *call, int64_t size, int64_t &start, int64_t &end, int64_t &step);

} // namespace ingot::rt::object

#endif
