//===- RuntimeValue.h - objects of the runtime ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A list, dict, string or optional whose length or content is known at run time
// only is an object of the runtime: one SSA value of type !task.object, changed
// and read by calls (task.call_runtime). Numbers in lists and dicts are slots
// of their own type.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_RUNTIMEVALUE_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_RUNTIMEVALUE_H

#include "Operators.h"
#include "dialects/Task/Task.h"

namespace ingot::eval {

using Spec = TypeSpec::Kind;

/// Whether generated code has to look for an error of the program behind a function of the runtime's object table.
bool mayRaise(llvm::StringRef function);
/// Calls a function of that table; null for one of no result.
Value callRuntime(GraphBuilder &b, llvm::StringRef name, llvm::ArrayRef<Value> operands = {}, mlir::Type result = {},
                  std::optional<llvm::StringRef> text = std::nullopt);

Value constantI64(GraphBuilder &b, int64_t value);

/// The type of objects that stand for a value.
TypeSpec specOf(const AV &value);
/// dtype of a tensor that a container has room for, and has had none yet.
constexpr int64_t noTensorYet = -2;
/// The type that holds values of both.
TypeSpec unify(const TypeSpec &a, const TypeSpec &b);
/// Whether both are one type.
bool isSame(const TypeSpec &a, const TypeSpec &b);
/// Whether something of the type has no form at run time.
bool isOpen(const TypeSpec &type);
TypeSpec listOf(TypeSpec element);
TypeSpec taskOf(TypeSpec value, bool isAwait);
/// Unknown where None and the value cannot be told apart at run time.
TypeSpec optionalOf(TypeSpec inner);
TypeSpec simple(Spec kind);
/// INGOT_ABI_SLOT_*: how containers keep values of the type.
int64_t slotKind(const TypeSpec &type);
/// i64, f64, i1 or !task.object.
mlir::Type slotType(GraphBuilder &b, const TypeSpec &type);

/// The value as an object. A container of known structure that is read only is
/// copied; so that both sides see changes it must be materialized first.
Value toObject(GraphBuilder &b, const AV &value);
/// A graph tensor as an object. `fresh`: nobody else sees its memory, which the object
/// then takes over.
Value boxTensor(GraphBuilder &b, Value tensor, bool fresh);
/// Turns every list and dict within a value into an object, for all that refer
/// to it: the value goes into an object, which shares it.
void materializeParts(GraphBuilder &b, const AV &value);
/// As an element of a container with elements of the type.
Value toSlot(GraphBuilder &b, const AV &value, const TypeSpec &type);
/// An abstract value for an object or slot: numbers are unboxed, tuples taken
/// apart, tensors guarded to have the dtype and rank of the type.
AV fromObject(GraphBuilder &b, Value object, const TypeSpec &type);
AV fromSlot(GraphBuilder &b, Value slot, const TypeSpec &type);
/// A value of one of several types that is now known to be one of those that `is` holds of; anything else as it is.
/// nullopt: that cannot be told.
std::optional<AV> narrow(GraphBuilder &b, const AV &value,
                         llvm::function_ref<std::optional<bool>(const TypeSpec &)> is);
/// The value of an optional that is not None; anything else as it is.
AV unwrapOptional(GraphBuilder &b, const AV &value);
AV runtimeValue(Value handle, TypeSpec type);

/// Turns a list or dict of known structure into an object of the runtime, for
/// all that refer to it; a str becomes one too. What is one already, and what
/// has no identity, stays. In a branch or loop it is an object on that way:
/// what joins the ways then makes it one in front of them. `widened` is the
/// type the container must be able to hold.
AV materialize(GraphBuilder &b, const AV &value, const TypeSpec *widened = nullptr);

/// Runs an operator on objects of the runtime; nullopt: it has no such form.
std::optional<Result> runRuntimeOperator(OpCall &c, llvm::StringRef fullName);

bool isRuntimeOperator(llvm::StringRef fullName);

/// The type of a script type; what has no object is Unknown.
TypeSpec specOfType(mlir::Type type);
/// As elements of a container that has had none yet.
TypeSpec specOfEmpty(mlir::Type type);

} // namespace ingot::eval

#endif
