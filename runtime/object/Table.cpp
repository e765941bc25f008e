//===- Table.cpp - the object functions' table -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "object/Declarations.h"

namespace ingot::rt {

#define INGOT_OBJECT_ENTRY(name, ...) reinterpret_cast<ingot_abi_object_fn>(object::name),
const ingot_abi_objects objectTable = {sizeof(ingot_abi_objects), 0, INGOT_OBJECT_FUNCTIONS(INGOT_OBJECT_ENTRY)};

} // namespace ingot::rt
