//===- Thread.h - what each thread keeps -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_BASE_THREAD_H
#define INGOT_RUNTIME_BASE_THREAD_H

#include "base/Memory.h"

namespace ingot::rt {

struct CallContext;
struct TaskThread;

/// Depth of parallel loops inside each other that have scratch of their own.
constexpr int kScratchDepth = 4;

struct ThreadContext {
  BlockCache blocks;
  CallContext *calls;           // free call contexts
  TaskThread *tasks;            // null until this thread forks or runs tasks
  void *scratch[kScratchDepth]; // of kernels, by depth of nested loops
  size_t scratchSize[kScratchDepth];
  int loopDepth;
  uint32_t id; // small number for traces
};

extern constinit thread_local ThreadContext *currentThread;
INGOT_NOINLINE ThreadContext *createThreadContext();

/// Null when out of memory.
inline ThreadContext *threadContext() {
  ThreadContext *context = currentThread;
  return INGOT_LIKELY(context != nullptr) ? context : createThreadContext();
}

/// Gives back all that this thread keeps.
void trimThread();

} // namespace ingot::rt

#endif
