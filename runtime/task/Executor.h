//===- Executor.h - who runs loops and started calls -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two executors keep one contract (test/runtime/ExecutorTest.cpp): Executor
// itself runs all on the thread that asks; Pool adds worker threads. The
// process has one of each, and executor() gives the one in charge.
#ifndef INGOT_RUNTIME_TASK_EXECUTOR_H
#define INGOT_RUNTIME_TASK_EXECUTOR_H

#include "base/Base.h"

namespace ingot::rt {

/// Work that runs once, on some thread. The owner keeps it alive until `run`
/// returns.
struct Job {
  void (*run)(Job *job) = nullptr;
  // Of the executor's queue.
  Job *previous = nullptr, *next = nullptr;
  bool queued = false;
};

/// Executors live as long as the process: nothing deletes one.
class Executor {
public:
  /// Runs kernel(context, begin, end) over disjoint chunks that cover [0, n),
  /// each of at least `grain` iterations but for the last; returns when all
  /// have ended. May be called inside a chunk, and by many threads at once.
  virtual void parallelFor(ingot_abi_kernel kernel, void *context, int64_t n, int64_t grain);
  /// Runs the job soon; here: before it returns.
  virtual void submit(Job *job);
  /// Takes back a job that no thread has begun; then the caller must run it.
  virtual bool claim(Job *job);
  /// A fork lies in a deque (Queues.h); here: until somebody waits for it or
  /// its scope is joined.
  virtual void taskQueued();
};

/// Runs [begin, end) on this thread: counts the depth, traces.
void runChunk(ingot_abi_kernel kernel, void *context, int64_t begin, int64_t end);

constexpr int32_t kMaxThreads = 1024;

/// The executor in charge: the pool when it has workers.
Executor &executor();
/// Both, for the tests.
Executor &inlineExecutor();
Executor &poolExecutor();

/// The calling thread is about to sleep until another one has done something:
/// a worker more takes its place. True: endBlocking() must follow.
bool beginBlocking();
void endBlocking();
/// How long a thread spins before it sleeps, in ns.
int64_t spinTime();

int32_t numThreads();
/// Of 1 to kMaxThreads. What waits in the queue is run when no worker is left.
void setNumThreads(int32_t count);

} // namespace ingot::rt

#endif
