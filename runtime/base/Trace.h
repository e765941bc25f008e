//===- Trace.h - INGOT_TRACE -----------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// INGOT_TRACE=file.json writes Chrome's trace-event format (chrome://tracing,
// Perfetto): calls, and the chunks of parallel loops on each thread.
#ifndef INGOT_RUNTIME_BASE_TRACE_H
#define INGOT_RUNTIME_BASE_TRACE_H

#include "base/Base.h"

namespace ingot::rt {

extern std::atomic<int32_t> traceState; // -1: not asked yet, 0: off, 1: on
INGOT_NOINLINE bool openTrace();

inline bool tracing() {
  int32_t state = traceState.load(std::memory_order_acquire);
  return INGOT_UNLIKELY(state != 0) && (state > 0 || openTrace());
}

/// A span from `start` to `end` (nowNs) of this thread. `name` null: the
/// address `code` stands for it, relative to its file, as addr2line wants it.
void traceSpan(const char *category, const char *name, const void *code, int64_t start, int64_t end);

} // namespace ingot::rt

#endif
