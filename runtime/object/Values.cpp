//===- Values.cpp - functions over objects of any kind ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "object/Declarations.h"

namespace ingot::rt::object {

Object *text(Call *call, ConstantText text) { return ownString(call, text.data, size_t(text.size)); }
Object *device(Call *call, ConstantText text) {
  return own(contextOf(call), newString(text.data, size_t(text.size), INGOT_DEVICE));
}
Object *none(Call *) { return noneObject(); }
Object *box(Call *call, int64_t kind, Slot slot) { return own(contextOf(call), newNumber(int32_t(kind), slot)); }
Object *box_complex(Call *call, double re, double im) { return own(contextOf(call), newComplex(re, im)); }
Slot unbox(Call *call, Object *object, int64_t kind) {
  if (INGOT_LIKELY(object->kind == kind))
    return static_cast<Number *>(object)->integer;
  Text text;
  raise(contextOf(call), "RuntimeError",
        object->kind == INGOT_NONE
            ? text << "Unwrapping null optional"
            : text << "expected a value of type " << kindName(int32_t(kind)) << ", found " << kindName(object->kind));
  return 0;
}
int64_t is_none(Call *, Object *object) { return object->kind == INGOT_NONE; }
int64_t kind_of(Call *, Object *object) { return object->kind; }
int64_t same(Call *, Object *a, Object *b) {
  if (a == b)
    return 1;
  return a->kind == INGOT_TENSOR && b->kind == INGOT_TENSOR &&
         static_cast<TensorBox *>(a)->value == static_cast<TensorBox *>(b)->value;
}
int64_t length(Call *, Object *object) { return object->count; }
Object *str_of(Call *call, Object *object) {
  Text text;
  printObject(text, object);
  return ownText(call, text);
}
void print(Call *call, Object *object) {
  Text text;
  printObject(text, object);
  abiRuntime.print(call, text.str(), int64_t(text.size()));
}
Object *enum_member(Call *, Object *tuple) {
  tuple->kind = INGOT_ENUM;
  return tuple;
}
void check_text(Call *call, int64_t holds, ConstantText type, Object *message) {
  if (INGOT_LIKELY(holds))
    return;
  raise(contextOf(call), type.data, message->kind == INGOT_STRING ? stringOf(message).data() : "");
}

Object *take_error(Call *call) {
  CallContext &context = contextOf(call);
  // What the part that failed has begun still uses its memory.
  for (Task *task : context.forks)
    (void)waitTask(task);
  Status *status = context.error.load(std::memory_order_acquire);
  if (!status || status->code != INGOT_PROGRAM_ERROR)
    return nullptr; // cancelled, late, no memory: that ends the call
  const char *texts[] = {status->type, status->message, status->where};
  Object *error = newTuple(3);
  for (size_t i = 0; error && i < 3; ++i) {
    Object *text = newString(texts[i] ? texts[i] : "", texts[i] ? strlen(texts[i]) : 0);
    static_cast<Tuple *>(error)->items()[i] = text ? text : noneObject();
    if (!text) {
      release(error);
      error = nullptr;
    }
  }
  if (!error)
    return nullptr;
  context.error.store(nullptr, std::memory_order_relaxed);
  __atomic_store_n(&call->failed, 0, __ATOMIC_RELEASE);
  ingot_status_release(status);
  return own(context, error);
}

void raise_error(Call *call, Object *error) {
  if (INGOT_UNLIKELY(error->kind != INGOT_NONE))
    contextOf(call).fail(statusOfError(error));
}

} // namespace ingot::rt::object

ingot::rt::Status *ingot::rt::statusOfError(Object *error) {
  auto text = [&](int i) {
    Object *item = static_cast<Tuple *>(error)->items()[i];
    return item->count ? object::stringOf(item).data() : nullptr;
  };
  const char *message = text(1);
  return makeStatus(INGOT_PROGRAM_ERROR, message ? message : "", text(0), text(2));
}
