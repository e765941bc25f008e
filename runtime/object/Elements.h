//===- Elements.h - single elements of tensors -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_OBJECT_ELEMENTS_H
#define INGOT_RUNTIME_OBJECT_ELEMENTS_H

#include "object/Object.h"

namespace ingot::rt {

/// "Float", "Long": as torch names a type in messages.
const char *typeText(int32_t dtype);
bool isFloating(int32_t dtype);
bool isComplex(int32_t dtype);
/// An element as a double; halves by their bits, a complex number's real part.
/// `offset` counts elements.
double elementAt(const ingot_abi_tensor &t, int64_t offset);
double imaginaryAt(const ingot_abi_tensor &t, int64_t offset);
/// An element of a tensor of ints or bools.
int64_t integerAt(const ingot_abi_tensor &t, int64_t offset);
/// -1, 0 or 1 for two tensors of one element each, as torch compares them;
/// 2 where they have no order: a NaN, or complex numbers that differ.
int compareElements(const ingot_abi_tensor &a, const ingot_abi_tensor &b);
int64_t countElements(const ingot_abi_tensor &t);

} // namespace ingot::rt

#endif
