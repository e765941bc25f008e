//===- Async.cpp - calls that were started ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/Futex.h"
#include "library/Call.h"
#include "task/Executor.h"

struct ingot_async {
  ingot::rt::Job job; // first: the executor gives it back
  ingot::rt::RefCount refs;
  std::atomic<uint32_t> done{0};
  ingot_instance *instance;
  const ingot_method *method;
  ingot_call_options options;
  ingot_allocator allocator;
  int32_t cancel; // atomic accesses only
  size_t inputCount;
  // Written by the run, read once `done` is set.
  ingot_status *status;
  ingot_value *result;
  ingot::rt::Executor *executor;
  ingot_value *values[1]; // inputs, then outputs
};

namespace ingot::rt {

using Async = ingot_async;

static size_t sizeOf(const Async *call) {
  return sizeof(Async) + (call->inputCount + call->options.output_count) * sizeof(Value *);
}

static void runAsync(Job *job) {
  auto *call = reinterpret_cast<Async *>(job);
  call->status = runCall(call->instance, call->method, call->values, call->inputCount, call->options, &call->cancel,
                         &call->result);
  call->done.store(1, std::memory_order_release);
  futexWake(call->done, INT32_MAX);
  asyncRelease(call); // the queue's reference
}

void asyncRetain(Async *call) { call->refs.retain(); }

void asyncRelease(Async *call) {
  if (!call->refs.release())
    return;
  ingot_status_release(call->status);
  if (call->result)
    releaseValue(call->result);
  for (size_t i = 0; i < call->inputCount + call->options.output_count; ++i)
    if (call->values[i])
      releaseValue(call->values[i]);
  instanceRelease(call->instance);
  freeBlock(call, sizeOf(call));
}

Status *asyncStart(Instance *instance, const Method *method, Value *const *inputs, size_t inputCount,
                   const ingot_call_options *given, Async **out) {
  *out = nullptr;
  const ingot_abi_artifact &artifact = *instance->library->artifact;
  if (!method || method->abi < artifact.methods || method->abi >= artifact.methods + artifact.n_methods)
    return makeStatus(INGOT_INVALID_ARGUMENT, "the method is not one of the instance's library");
  ingot_call_options options = completeOptions(given);
  if (inputCount > SIZE_MAX / 64 || options.output_count > SIZE_MAX / 64)
    return makeStatus(INGOT_INVALID_ARGUMENT, "too many inputs or outputs");
  void *memory = allocateBlock(sizeof(Async) + (inputCount + options.output_count) * sizeof(Value *));
  if (!memory)
    return outOfMemory();
  auto *call = new (memory) Async();
  call->instance = instance;
  instanceRetain(instance);
  call->method = method;
  call->inputCount = inputCount;
  call->options = options;
  auto keep = [](Value **to, Value *const *from, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      to[i] = from[i];
      if (to[i])
        to[i]->refs.retain();
    }
  };
  keep(call->values, inputs, inputCount);
  keep(call->values + inputCount, options.outputs, options.output_count);
  call->options.outputs = call->values + inputCount;
  if (options.allocator) {
    call->allocator = *options.allocator;
    call->options.allocator = &call->allocator;
  }
  call->job.run = runAsync;
  call->executor = &executor();
  call->refs.retain();
  call->executor->submit(&call->job);
  *out = call;
  return nullptr;
}

Status *asyncWait(Async *call, Value **out) {
  *out = nullptr;
  if (!call->done.load(std::memory_order_acquire) && call->executor->claim(&call->job))
    runAsync(&call->job);
  while (!call->done.load(std::memory_order_acquire))
    futexWait(call->done, 0);
  if (call->status)
    return copyStatus(call->status);
  call->result->refs.retain();
  *out = call->result;
  return nullptr;
}

int32_t asyncWaitUntil(Async *call, int64_t time) {
  while (!call->done.load(std::memory_order_acquire)) {
    if (time <= 0 || nowNs() >= time)
      return 0;
    futexWait(call->done, 0, time);
  }
  return 1;
}

void asyncCancel(Async *call) { __atomic_store_n(&call->cancel, 1, __ATOMIC_RELEASE); }

} // namespace ingot::rt
