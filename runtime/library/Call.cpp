//===- Call.cpp - one call of a method -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "library/Call.h"

#include "base/Thread.h"
#include "base/Trace.h"
#include "object/Object.h"

namespace ingot::rt {

//===----------------------------------------------------------------------===//
// Contexts
//===----------------------------------------------------------------------===//

static_assert(__builtin_offsetof(CallContext, abi) == 0);

static CallContext *createContext() {
  void *memory = calloc(1, sizeof(CallContext));
  return memory ? new (memory) CallContext() : nullptr;
}

static void destroyContext(CallContext *call) {
  call->arena.destroy();
  call->leaves.destroy();
  call->leafValues.destroy();
  call->symbols.destroy();
  call->symbolInputs.destroy();
  call->results.destroy();
  call->blocks.destroy();
  call->objects.destroy();
  call->imports.destroy();
  call->warned.destroy();
  call->forks.destroy();
  free(call);
}

void destroyCallContexts(CallContext *list) {
  while (CallContext *call = list) {
    list = call->next;
    destroyContext(call);
  }
}

static CallContext *takeContext() {
  ThreadContext *thread = threadContext();
  if (!thread)
    return nullptr;
  CallContext *call = thread->calls;
  if (INGOT_LIKELY(call != nullptr)) {
    thread->calls = call->next;
    return call;
  }
  return createContext();
}

/// Drops what the call holds; the context waits for the thread's next call.
static void giveBack(CallContext *call) {
  for (ResultSlot &slot : call->results)
    if (slot.state == ResultSlot::Object)
      releaseValue(slot.value);
  for (Storage *block : call->blocks)
    releaseStorage(block);
  for (ingot_abi_object *object : call->objects)
    release(object);
  call->results.size = call->blocks.size = 0;
  call->objects.size = call->imports.size = call->warned.size = 0;
  call->arena.reset();
  ThreadContext *thread = threadContext();
  call->next = thread->calls; // the thread's context is there: takeContext saw it
  thread->calls = call;
}

void CallContext::fail(Status *status) {
  Status *none = nullptr;
  __atomic_store_n(&abi.failed, 1, __ATOMIC_RELEASE);
  if (!error.compare_exchange_strong(none, status, std::memory_order_acq_rel))
    ingot_status_release(status);
}

bool CallContext::cancelled() {
  if (cancel && __atomic_load_n(cancel, __ATOMIC_ACQUIRE))
    fail(makeStatus(INGOT_CANCELLED, "the call was cancelled"));
  else if (asyncCancel && __atomic_load_n(asyncCancel, __ATOMIC_ACQUIRE))
    fail(makeStatus(INGOT_CANCELLED, "the call was cancelled"));
  else if (deadline && nowNs() >= deadline)
    fail(makeStatus(INGOT_DEADLINE_EXCEEDED, "the call did not end before its deadline"));
  return error.load(std::memory_order_relaxed) != nullptr;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

ingot_call_options completeOptions(const ingot_call_options *options) {
  ingot_call_options complete = {};
  if (options)
    memcpy(&complete, options, minOf(options->size, sizeof complete));
  return complete;
}

static Status *prepare(CallContext &call) {
  const ingot_abi_method &abi = *call.method->abi;
  auto leaves = size_t(abi.n_input_leaves), symbols = size_t(abi.n_symbols), results = size_t(abi.n_results);
  if (!call.leaves.reserve(leaves) || !call.leafValues.reserve(leaves) || !call.symbols.reserve(symbols) ||
      !call.symbolInputs.reserve(symbols) || !call.results.reserve(results))
    return outOfMemory();
  for (size_t i = 0; i < symbols; ++i)
    call.symbols[i] = CallContext::kUnbound;
  for (size_t i = 0; i < leaves; ++i)
    call.leafValues[i] = nullptr;
  for (size_t i = 0; i < results; ++i)
    call.results[i].state = ResultSlot::Missing;
  call.results.size = results;
  return nullptr;
}

static Status *execute(CallContext &call, Value *const *inputs, size_t inputCount, Value **out) {
  if (Status *status = prepare(call))
    return status;
  if (Status *status = flattenInputs(call, inputs, inputCount))
    return status;
  if (call.outputCount > size_t(call.method->outputCount)) {
    Text text;
    return makeStatus(INGOT_INVALID_ARGUMENT, text << uint64_t(call.outputCount) << " outputs are given, the method '"
                                                   << call.method->abi->name << "' computes "
                                                   << call.method->outputCount << " tensors");
  }
  bool locked;
  if (Status *status = lockInstance(call.instance, call.deadline, call.cancel, call.asyncCancel, locked))
    return status;
  int32_t failed = 1;
  if (!(call.abi.watched && call.cancelled()))
    failed = call.method->function(&call.abi, call.leaves.data);
  call.joinForks(failed != 0);
  if (locked)
    pthread_mutex_unlock(&call.instance->lock);
  if (Status *status = call.error.load(std::memory_order_acquire)) {
    call.error.store(nullptr, std::memory_order_relaxed);
    return status;
  }
  if (failed) {
    Text text;
    return makeStatus(INGOT_PROGRAM_ERROR,
                      text << "the method '" << call.method->abi->name << "' failed without saying why");
  }
  // As the program has it, before it returns: even where the output fails.
  if (INGOT_UNLIKELY(call.imports.size) && !writeBackImports(call))
    return outOfMemory();
  return buildOutput(call, out);
}

Status *runCall(Instance *instance, const Method *method, Value *const *inputs, size_t inputCount,
                const ingot_call_options &options, const int32_t *asyncCancel, Value **out) {
  *out = nullptr;
  CallContext *call = takeContext();
  if (INGOT_UNLIKELY(!call))
    return outOfMemory();
  call->abi.runtime = &abiRuntime;
  call->abi.constants = instance->library->constants;
  call->abi.states = instance->states;
  call->abi.failed = 0;
  call->abi.watched = options.deadline || options.cancel || asyncCancel;
  call->error.store(nullptr, std::memory_order_relaxed);
  call->method = method;
  call->instance = instance;
  call->outputs = options.outputs;
  call->outputCount = options.output_count;
  call->allocator = options.allocator;
  call->deadline = options.deadline;
  call->cancel = options.cancel;
  call->asyncCancel = asyncCancel;
  int64_t start = tracing() ? nowNs() : 0;
  Status *status = execute(*call, inputs, inputCount, out);
  if (INGOT_UNLIKELY(start != 0))
    traceSpan("call", method->abi->name, nullptr, start, nowNs());
  giveBack(call);
  return status;
}

Status *callMethod(Instance *instance, const Method *method, Value *const *inputs, size_t inputCount,
                   const ingot_call_options *options, Value **out) {
  const ingot_abi_artifact &artifact = *instance->library->artifact;
  if (INGOT_UNLIKELY(!method || method->abi < artifact.methods ||
                     method->abi >= artifact.methods + artifact.n_methods)) {
    *out = nullptr;
    return makeStatus(INGOT_INVALID_ARGUMENT, "the method is not one of the instance's library");
  }
  return runCall(instance, method, inputs, inputCount, completeOptions(options), nullptr, out);
}

} // namespace ingot::rt
