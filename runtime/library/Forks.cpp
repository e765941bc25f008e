//===- Forks.cpp - forks of generated code ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "library/Call.h"

namespace ingot::rt {

namespace {
struct Payload {
  ingot_abi_kernel kernel;
  int64_t words[1];
};
} // namespace

static Status *runKernel(Task *task) {
  auto *payload = static_cast<Payload *>(task->payload());
  payload->kernel(payload->words, 0, 1);
  return nullptr;
}

void *abiFork(ingot_abi_call *abi, ingot_abi_kernel kernel, const int64_t *words, int32_t wordCount, const char *name) {
  CallContext *call = CallContext::of(abi);
  // What a task forks it joins: the list is the method's thread's alone.
  bool nested = wordCount & INGOT_ABI_FORK_NESTED;
  size_t bytes = size_t(wordCount & ~INGOT_ABI_FORK_NESTED) * sizeof(int64_t);
  Task *task = createTask(runKernel, name, sizeof(Payload) + bytes);
  if (INGOT_UNLIKELY(!task || (!nested && !call->forks.push(task)))) {
    // Without memory for a task its work is done here, in program order.
    if (task)
      releaseTask(task);
    kernel(const_cast<int64_t *>(words), 0, 1);
    return nullptr;
  }
  auto *payload = static_cast<Payload *>(task->payload());
  payload->kernel = kernel;
  memcpy(payload->words, words, bytes);
  forkTask(call->scope, task);
  return task;
}

void abiJoin(ingot_abi_call *abi, void *handle) {
  if (!handle)
    return;
  auto *task = static_cast<Task *>(handle);
  (void)waitTask(task);
  if (!abi)
    return releaseTask(task);
  // Mostly the last or the first one.
  Array<Task *> &forks = CallContext::of(abi)->forks;
  size_t at = forks.size - 1;
  while (forks[at] != task)
    --at;
  forks[at] = forks[--forks.size];
  releaseTask(task);
}

void CallContext::joinForks(bool stop) {
  if (stop)
    scope.stop();
  scope.join();
  for (Task *task : forks)
    releaseTask(task);
  forks.size = 0;
  scope.stopped.store(false, std::memory_order_relaxed);
}

} // namespace ingot::rt
