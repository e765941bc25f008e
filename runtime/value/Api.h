//===- Api.h - values' part of the function table --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What each function promises is said in ingot.h.
#ifndef INGOT_RUNTIME_VALUE_API_H
#define INGOT_RUNTIME_VALUE_API_H

#include "value/Value.h"

namespace ingot::rt {

Status *valueNone(Value **out);
Status *valueInt(int64_t number, Value **out);
Status *valueFloat(double number, Value **out);
Status *valueBool(int32_t truth, Value **out);
Status *valueComplex(double re, double im, Value **out);
Status *valueString(const char *data, size_t size, Value **out);
Status *valueDType(int32_t dtype, Value **out);
Status *valueDevice(const char *name, Value **out);
Status *valueSequence(int32_t kind, const char *className, const char *const *names, Value *const *items, size_t count,
                      Value **out);
Status *valueDict(Value *const *keys, Value *const *items, size_t count, Value **out);
Status *valueTensor(void *data, int32_t dtype, int32_t rank, const int64_t *sizes, const int64_t *strides,
                    void (*deleter)(void *context), void *context, Value **out);
Status *valueEmpty(int32_t dtype, int32_t rank, const int64_t *sizes, const ingot_allocator *allocator, Value **out);
Status *valueView(const Value *base, int64_t offset, int32_t rank, const int64_t *sizes, const int64_t *strides,
                  Value **out);
Status *valueFromDLPack(DLManagedTensorVersioned *managed, Value **out);
Status *valueToDLPack(Value *value, DLManagedTensorVersioned **out);
Status *valueFromDLPackUnversioned(DLManagedTensor *managed, Value **out);
Status *valueToDLPackUnversioned(Value *value, DLManagedTensor **out);
void valueRetain(Value *value);
void valueRelease(Value *value);
int32_t valueKind(const Value *value);
Status *valueGetInt(const Value *value, int64_t *out);
Status *valueGetFloat(const Value *value, double *out);
Status *valueGetComplex(const Value *value, double *re, double *im);
Status *valueGetString(const Value *value, const char **data, size_t *size);
Status *valueGetTensor(const Value *value, ingot_tensor_info *out, size_t size);
size_t valueSize(const Value *value);
Value *valueItem(const Value *value, size_t index);
Value *valueKey(const Value *value, size_t index);
const char *valueName(const Value *value, size_t index);
const char *valueClassName(const Value *value);
Status *valueError(const Value *value);

/// A tensor over memory of the caller's. Strides may be null.
Status *createBorrowed(void *data, int32_t dtype, int32_t rank, const int64_t *sizes, const int64_t *strides,
                       bool readOnly, void (*deleter)(void *), void *context, Value **out);
/// "expected <expected>, found <value>"
Status *wrongKind(const char *expected, const Value *value);
/// Whether two keys of dicts are equal.
bool keysEqual(const Value *a, const Value *b);
/// Copies as much of `from` as a caller built with an older header knows.
template <typename Info>
void fillInfo(Info *out, size_t size, const Info &from) {
  memcpy(out, &from, minOf(size, sizeof(Info)));
}

} // namespace ingot::rt

#endif
