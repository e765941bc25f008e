//===- Outputs.cpp - builds a call's output --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "library/Call.h"

#include "object/Object.h"
#include "value/DType.h"

namespace ingot::rt {

namespace {
class Builder {
public:
  explicit Builder(CallContext &call) : call(call) {}
  /// Null: `status` says why, or there is no memory.
  Value *build(const ingot_abi_type &type);
  Status *status = nullptr;

private:
  Value *fromSlot(const ingot_abi_type &type);
  Value *fromConstant(const ingot_abi_type &type);
  Value *container(const ingot_abi_type &type);
  Value *future(const ingot_abi_type &type);

  CallContext &call;
  int32_t nextName = 0;
};

Value *Builder::fromSlot(const ingot_abi_type &type) {
  ResultSlot &slot = call.results[size_t(type.leaf)];
  bool object = type.kind == INGOT_ABI_KIND_TENSOR || type.kind == INGOT_ABI_KIND_COMPLEX ||
                type.kind == INGOT_ABI_KIND_STRING || type.kind == INGOT_ABI_KIND_DEVICE;
  if (object && slot.state == ResultSlot::Object && slot.value->kind == type.kind) {
    slot.value->refs.retain();
    return slot.value;
  }
  if (!object && slot.state == ResultSlot::Integer && type.kind != INGOT_ABI_KIND_FLOAT)
    return createInt(type.kind, type.kind == INGOT_ABI_KIND_BOOL ? slot.integer != 0 : slot.integer);
  if (type.kind == INGOT_ABI_KIND_FLOAT && slot.state == ResultSlot::Real)
    return createFloat(slot.real);
  Text text;
  status =
      makeStatus(INGOT_PROGRAM_ERROR, text << "the method '" << call.method->abi->name << "' did not give its result "
                                           << type.leaf << " as " << kindName(type.kind));
  return nullptr;
}

Value *Builder::fromConstant(const ingot_abi_type &type) {
  switch (type.kind) {
  case INGOT_ABI_KIND_FLOAT:
    return createFloat(type.f);
  case INGOT_ABI_KIND_COMPLEX: {
    double imaginary;
    memcpy(&imaginary, &type.i, sizeof imaginary);
    return createComplex(type.f, imaginary);
  }
  case INGOT_ABI_KIND_STRING:
  case INGOT_ABI_KIND_DEVICE:
    return createText(type.kind, type.name, strlen(type.name));
  default:
    return createInt(type.kind, type.i);
  }
}

/// Types in the tree that take a place in Method::names.
static int32_t namedTypes(const ingot_abi_type &type) {
  if (type.leaf_source == INGOT_ABI_LEAF_OBJECT)
    return 0;
  int32_t count = type.kind == INGOT_ABI_KIND_TUPLE || type.kind == INGOT_ABI_KIND_OBJECT;
  for (int32_t i = 0; i < type.n_children; ++i)
    count += namedTypes(type.children[i]);
  return count;
}

/// Its children: the value, and what its function may have raised instead.
Value *Builder::future(const ingot_abi_type &type) {
  const ResultSlot &error = call.results[size_t(type.children[1].leaf)];
  if (error.state != ResultSlot::Borrowed)
    return fromSlot(type.children[1]); // says what is wrong
  bool failed = error.object->kind != INGOT_NONE;
  if (failed)
    nextName += namedTypes(type.children[0]);
  return createFuture(failed ? nullptr : build(type.children[0]), error.object);
}

Value *Builder::container(const ingot_abi_type &type) {
  Names *names = nullptr;
  if (type.kind == INGOT_ABI_KIND_TUPLE || type.kind == INGOT_ABI_KIND_OBJECT) {
    names = call.method->names[nextName++];
    if (names)
      names->refs.retain();
  }
  bool dict = type.kind == INGOT_ABI_KIND_DICT;
  size_t count = size_t(type.n_children) / (dict ? 2 : 1);
  Value *value = createContainer(type.kind, count, names);
  for (int32_t i = 0; value && i < type.n_children; ++i) {
    Value *child = build(type.children[i]);
    if (!child) {
      releaseValue(value);
      return nullptr;
    }
    if (dict)
      (i % 2 ? value->items : value->keys)[i / 2] = child;
    else
      value->items[i] = child;
  }
  return value;
}

Value *Builder::build(const ingot_abi_type &type) {
  if (type.leaf_source == INGOT_ABI_LEAF_OBJECT) {
    const ResultSlot &slot = call.results[size_t(type.leaf)];
    if (slot.state == ResultSlot::Borrowed)
      return exportObject(call, &type, slot.object);
    return fromSlot(type); // says what is wrong
  }
  if (type.kind == INGOT_ABI_KIND_FUTURE && type.n_children == 2)
    return future(type);
  if (type.kind >= INGOT_ABI_KIND_LIST)
    return container(type);
  if (type.kind == INGOT_ABI_KIND_NONE)
    return createInt(INGOT_NONE, 0);
  switch (type.leaf_source) {
  case INGOT_ABI_LEAF_VALUE:
    return fromSlot(type);
  case INGOT_ABI_LEAF_INPUT: {
    Value *value = call.leafValues[size_t(type.leaf)];
    if (value) {
      value->refs.retain();
      return value;
    }
    // The input was left out: its default.
    const ingot_abi_leaf &leaf = call.leaves[size_t(type.leaf)];
    switch (type.kind) {
    case INGOT_ABI_KIND_FLOAT:
      return createFloat(leaf.f);
    case INGOT_ABI_KIND_COMPLEX:
      return createComplex(leaf.c.re, leaf.c.im);
    case INGOT_ABI_KIND_STRING:
    case INGOT_ABI_KIND_DEVICE:
      return createText(type.kind, leaf.s.data, size_t(leaf.s.size));
    default:
      return createInt(type.kind, leaf.i);
    }
  }
  default:
    return fromConstant(type);
  }
}
} // namespace

Status *buildOutput(CallContext &call, Value **out) {
  Builder builder(call);
  *out = builder.build(*call.method->abi->output);
  if (INGOT_LIKELY(*out != nullptr))
    return nullptr;
  return builder.status ? builder.status : outOfMemory();
}

Value *callerOutput(const CallContext &call, int32_t slot) {
  if (INGOT_LIKELY(call.outputCount == 0))
    return nullptr;
  int32_t index = call.method->outputOfSlot[slot];
  return index >= 0 && size_t(index) < call.outputCount ? call.outputs[index] : nullptr;
}

} // namespace ingot::rt
