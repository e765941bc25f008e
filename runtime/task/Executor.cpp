//===- Executor.cpp - the executor without threads -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "task/Executor.h"

#include "base/Thread.h"
#include "base/Trace.h"

namespace ingot::rt {

void runChunk(ingot_abi_kernel kernel, void *context, int64_t begin, int64_t end) {
  ThreadContext *thread = threadContext();
  if (thread)
    ++thread->loopDepth;
  if (tracing()) {
    int64_t start = nowNs();
    kernel(context, begin, end);
    traceSpan("loop", nullptr, reinterpret_cast<const void *>(kernel), start, nowNs());
  } else {
    kernel(context, begin, end);
  }
  if (thread)
    --thread->loopDepth;
}

void Executor::parallelFor(ingot_abi_kernel kernel, void *context, int64_t n, int64_t) {
  if (n > 0)
    runChunk(kernel, context, 0, n);
}

void Executor::submit(Job *job) { job->run(job); }

bool Executor::claim(Job *) { return false; }

void Executor::taskQueued() {}

} // namespace ingot::rt
