//===- Trace.cpp - INGOT_TRACE ---------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/Trace.h"

#include "base/Futex.h"
#include "base/Thread.h"

#include <dlfcn.h>
#include <stdio.h>

namespace ingot::rt {

std::atomic<int32_t> traceState{-1};
static pthread_mutex_t traceLock = PTHREAD_MUTEX_INITIALIZER;
static FILE *traceFile;
static bool firstEvent = true;

bool openTrace() {
  LockGuard guard(traceLock);
  if (traceState.load(std::memory_order_relaxed) >= 0)
    return traceState.load(std::memory_order_relaxed) > 0;
  const char *path = getenv("INGOT_TRACE");
  if (path && *path) {
    traceFile = fopen(path, "we");
    if (!traceFile)
      fprintf(stderr, "ingot: cannot write INGOT_TRACE file '%s'\n", path);
    else
      fputs("[", traceFile);
  }
  traceState.store(traceFile ? 1 : 0, std::memory_order_release);
  return traceFile != nullptr;
}

static void writeEscaped(const char *text) {
  for (; *text; ++text) {
    auto c = static_cast<unsigned char>(*text);
    if (c == '"' || c == '\\')
      fputc('\\', traceFile);
    if (c < 0x20)
      fprintf(traceFile, "\\u%04x", c);
    else
      fputc(c, traceFile);
  }
}

void traceSpan(const char *category, const char *name, const void *code, int64_t start, int64_t end) {
  ThreadContext *thread = threadContext();
  LockGuard guard(traceLock);
  if (!traceFile)
    return;
  fprintf(traceFile,
          "%s\n{\"ph\":\"X\",\"pid\":%d,\"tid\":%u,\"ts\":%lld.%03d,\"dur\":%"
          "lld.%03d,\"cat\":\"%s\",\"name\":\"",
          firstEvent ? "" : ",", int(getpid()), thread ? thread->id : 0, static_cast<long long>(start / 1000),
          int(start % 1000), static_cast<long long>((end - start) / 1000), int((end - start) % 1000), category);
  firstEvent = false;
  Dl_info info;
  if (name)
    writeEscaped(name);
  else if (code && dladdr(code, &info) && info.dli_sname && info.dli_saddr == code)
    writeEscaped(info.dli_sname);
  else if (code && dladdr(code, &info))
    fprintf(
        traceFile, "kernel+0x%llx",
        static_cast<unsigned long long>(static_cast<const char *>(code) - static_cast<const char *>(info.dli_fbase)));
  else
    fputs("kernel", traceFile);
  fputs("\"}", traceFile);
}

/// The elected library is never unloaded, so this runs at the process's end.
__attribute__((destructor)) static void closeTrace() {
  LockGuard guard(traceLock);
  if (!traceFile)
    return;
  fputs("\n]\n", traceFile);
  fclose(traceFile);
  traceFile = nullptr;
  traceState.store(0, std::memory_order_release);
}

} // namespace ingot::rt
