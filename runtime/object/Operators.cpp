//===- Operators.cpp - calls of custom operators ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "library/Operators.h"

#include "object/Declarations.h"

namespace ingot::rt {

/// Whether the operator gave what its schema says.
static bool fits(const ingot_abi_type &type, const Value *value) {
  switch (type.kind) {
  case INGOT_ABI_KIND_ANY:
    return true;
  case INGOT_ABI_KIND_OPTIONAL:
    return value->kind == INGOT_NONE || fits(type.children[0], value);
  case INGOT_ABI_KIND_FLOAT:
    return value->kind == INGOT_FLOAT || value->kind == INGOT_INT;
  case INGOT_ABI_KIND_LIST:
  case INGOT_ABI_KIND_DICT:
  case INGOT_ABI_KIND_TUPLE: {
    if (value->kind != type.kind)
      return false;
    bool isTuple = type.kind == INGOT_ABI_KIND_TUPLE;
    if (isTuple && size_t(type.n_children) != value->count)
      return false;
    for (size_t i = 0; i < value->count; ++i) {
      if (type.kind == INGOT_ABI_KIND_DICT && !fits(type.children[0], value->keys[i]))
        return false;
      if (!fits(type.children[isTuple ? i : size_t(type.n_children) - 1], value->items[i]))
        return false;
    }
    return true;
  }
  default:
    return value->kind == type.kind;
  }
}

namespace object {

/// The values are in use until the call ends: objects made from them know them.
static bool keep(CallContext &call, Value *value) {
  bool kept = value && own(call, newValueBox(value));
  if (value)
    releaseValue(value);
  else
    call.fail(outOfMemory());
  return kept;
}

/// The error as the program's: with the operator's name where it says nothing of
/// a Python exception.
static void failWith(CallContext &call, const CustomOperator &op, Status *status) {
  bool own = status->code == INGOT_PROGRAM_ERROR && status->type;
  if (own || status->code == INGOT_OUT_OF_MEMORY || status->code == INGOT_CANCELLED)
    return call.fail(status);
  Text text;
  text.add(op.schema, op.nameSize) << ": " << status->message;
  raise(call, status->type ? status->type : "RuntimeError", text);
  ingot_status_release(status);
}

/// An object for a result, the call's; null: the call has failed.
static Object *resultObject(CallContext &call, const CustomOperator &op, size_t index, Value *value) {
  const ingot_abi_type &type = op.results[index];
  Text text;
  text.add(op.schema, op.nameSize);
  if (type.kind == INGOT_ABI_KIND_NONE) // an argument itself
    return noneObject();
  if (!value) {
    raise(call, "RuntimeError", text << " gave no result " << uint64_t(index));
    return nullptr;
  }
  if (!fits(type, value)) {
    text << " gave a result " << uint64_t(index) << " that its schema does not allow: ";
    describeValue(value, text);
    raise(call, "RuntimeError", text);
    return nullptr;
  }
  Slot slot;
  if (!own(call, newValueBox(value)))
    return nullptr;
  return importSlot(call, type, value, slot) ? objectOf(slot) : nullptr;
}

Object *call_operator(Call *abi, ConstantText schema, Object *arguments) {
  CallContext &call = contextOf(abi);
  Text text;
  const CustomOperator *op = findOperator(schema.data, size_t(schema.size));
  if (INGOT_UNLIKELY(!op)) {
    text << "custom operator '";
    raise(call, "RuntimeError", text.add(schema.data, size_t(schema.size)) << "' is not registered");
    return nullptr;
  }
  // The operator sees lists as they are now.
  if (call.imports.size && !writeBackImports(call)) {
    fail(abi);
    return nullptr;
  }
  auto &tuple = *static_cast<Tuple *>(arguments);
  auto count = size_t(tuple.count);
  size_t bytes = (count + op->resultCount + 1) * sizeof(Value *);
  auto **given = static_cast<Value **>(abiRuntime.arena(abi, bytes));
  if (!given)
    return nullptr;
  Value **results = given + count;
  memset(static_cast<void *>(given), 0, bytes);
  for (size_t i = 0; i < count; ++i) {
    given[i] = exportObject(call, nullptr, tuple.items()[i]);
    if (!keep(call, given[i]))
      return nullptr;
  }
  Object *out = nullptr;
  if (Status *status = op->function(op->context, given, count, results, op->resultCount))
    failWith(call, *op, status);
  else if (op->resultCount == 0)
    out = noneObject();
  else if (op->resultCount == 1)
    out = resultObject(call, *op, 0, results[0]);
  else if (Tuple *several = static_cast<Tuple *>(own(call, newTuple(int64_t(op->resultCount))))) {
    out = several;
    for (size_t i = 0; out && i < op->resultCount; ++i) {
      Object *part = resultObject(call, *op, i, results[i]);
      if (part)
        several->items()[i] = retain(part);
      else
        out = nullptr;
    }
  }
  for (size_t i = 0; i < op->resultCount; ++i)
    if (results[i])
      releaseValue(results[i]);
  return out;
}

Object *script_object(Call *abi, int64_t number, ConstantText name, Object *state) {
  CallContext &call = contextOf(abi);
  auto &objects = call.instance->scriptObjects;
  while (objects.size <= size_t(number))
    if (!objects.push(nullptr)) {
      fail(abi);
      return nullptr;
    }
  Value *&value = objects[size_t(number)];
  if (!value) {
    const ingot_class *known = findClass(name.data, size_t(name.size));
    Text text;
    if (!known) {
      text << "class '";
      raise(call, "RuntimeError", text.add(name.data, size_t(name.size)) << "' is not registered");
      return nullptr;
    }
    Value *saved = exportObject(call, nullptr, state);
    if (!keep(call, saved))
      return nullptr;
    void *object = nullptr;
    Status *status = known->create(known->context, saved, &object);
    if (!status && (status = scriptObjectCreate(known->name, object, &value)) && known->destroy)
      known->destroy(known->context, object);
    if (status) {
      call.fail(status);
      return nullptr;
    }
  }
  return own(call, newValueBox(value));
}

} // namespace object
} // namespace ingot::rt
