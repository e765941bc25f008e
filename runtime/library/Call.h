//===- Call.h - one call of a method ---------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_LIBRARY_CALL_H
#define INGOT_RUNTIME_LIBRARY_CALL_H

#include "base/Memory.h"
#include "ingot/ABI/object.h"
#include "library/Library.h"
#include "task/Task.h"

namespace ingot::rt {

/// What the method gave for one result slot.
struct ResultSlot {
  enum State : int32_t { Missing, Object, Integer, Real, Borrowed };
  State state;
  union {
    Value *value;             // Object: a reference
    ingot_abi_object *object; // Borrowed: the call's
  };
  int64_t integer;
  double real;
};

/// All that a call needs; kept by the thread for its next call, with the slab
/// and the arrays as large as they have become.
struct CallContext {
  ingot_abi_call abi; // first: generated code is given its address
  CallContext *next;  // free list of the thread
  Arena arena;
  std::atomic<Status *> error; // the first one
  const Method *method;
  Instance *instance;
  // Of the options.
  Value *const *outputs;
  size_t outputCount;
  const ingot_allocator *allocator;
  int64_t deadline;
  const int32_t *cancel;      // the caller's
  const int32_t *asyncCancel; // ingot_async_cancel's

  Array<ingot_abi_leaf> leaves;
  Array<Value *> leafValues;   // borrowed; null for a default
  Array<int64_t> symbols;      // kUnbound until a size gives it
  Array<int32_t> symbolInputs; // the input that gave it
  Array<ResultSlot> results;
  Array<Storage *> blocks;           // references to this call's result blocks
  Array<ingot_abi_object *> objects; // references that generated code borrows
  /// Containers of the caller and what generated code has for them.
  struct Import {
    ingot_abi_object *object; // in `objects`
    Value *value;             // borrowed
    const ingot_abi_type *type;
  };
  Array<Import> imports;
  Array<const char *> warned; // sites that have warned

  Scope scope;         // of the call's forks
  Array<Task *> forks; // that were not joined, a reference to each

  static constexpr int64_t kUnbound = INT64_MIN;

  static CallContext *of(ingot_abi_call *call) { return reinterpret_cast<CallContext *>(call); }
  /// Keeps the first error; takes over the status.
  void fail(Status *status);
  /// Sets the error when the call was cancelled or is late.
  bool cancelled();
  /// Waits for the forks; with `stop` those that have not begun do not run.
  void joinForks(bool stop);
};

/// Frees a thread's list.
void destroyCallContexts(CallContext *list);

/// Checks the inputs against the method's types and flattens them into
/// `leaves`.
Status *flattenInputs(CallContext &call, Value *const *inputs, size_t count);
/// Builds the output from the results. Null status: `out` is set.
Status *buildOutput(CallContext &call, Value **out);
/// The result lies in the caller's output for this slot, if it gave one.
Value *callerOutput(const CallContext &call, int32_t slot);

extern const ingot_abi_runtime abiRuntime;

Status *callMethod(Instance *instance, const Method *method, Value *const *inputs, size_t inputCount,
                   const ingot_call_options *options, Value **out);
/// As callMethod, with options that are complete and another word that cancels.
Status *runCall(Instance *instance, const Method *method, Value *const *inputs, size_t inputCount,
                const ingot_call_options &options, const int32_t *asyncCancel, Value **out);

Status *asyncStart(Instance *instance, const Method *method, Value *const *inputs, size_t inputCount,
                   const ingot_call_options *options, ingot_async **out);
Status *asyncWait(ingot_async *call, Value **out);
int32_t asyncWaitUntil(ingot_async *call, int64_t time);
void asyncCancel(ingot_async *call);
void asyncRetain(ingot_async *call);
void asyncRelease(ingot_async *call);

// Forks.cpp: of generated code's table.
void *abiFork(ingot_abi_call *abi, ingot_abi_kernel kernel, const int64_t *words, int32_t wordCount, const char *name);
void abiJoin(ingot_abi_call *abi, void *task);

void setPrintCallback(ingot_print_callback callback, void *context);

/// Copies the options that the caller's header knows.
ingot_call_options completeOptions(const ingot_call_options *options);

} // namespace ingot::rt

#endif
