//===- Thread.cpp - what each thread keeps ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Freed by a pthread key: a destructor of a thread_local would need libstdc++.
#include "base/Thread.h"

#include "library/Call.h"
#include "task/Queues.h"

#include <pthread.h>

namespace ingot::rt {

constinit thread_local ThreadContext *currentThread = nullptr;

static pthread_once_t keyOnce = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool keyMade;
static std::atomic<uint32_t> lastId;

static void trimContext(ThreadContext *context) {
  destroyCallContexts(context->calls);
  context->calls = nullptr;
  if (context->loopDepth == 0)
    for (int i = 0; i < kScratchDepth; ++i) {
      if (context->scratch[i])
        freeBlock(context->scratch[i], context->scratchSize[i]);
      context->scratch[i] = nullptr;
      context->scratchSize[i] = 0;
    }
  trimBlocks(context->blocks);
}

static void destroyContext(void *memory) {
  auto *context = static_cast<ThreadContext *>(memory);
  currentThread = context; // so that frees below come here, not to a new one
  releaseTaskThread(context->tasks);
  context->tasks = nullptr;
  trimContext(context);
  currentThread = nullptr;
  free(context);
}

static void makeKey() { keyMade = pthread_key_create(&key, destroyContext) == 0; }

ThreadContext *createThreadContext() {
  pthread_once(&keyOnce, makeKey);
  auto *context = static_cast<ThreadContext *>(calloc(1, sizeof(ThreadContext)));
  if (!context)
    return nullptr;
  if (!keyMade || pthread_setspecific(key, context) != 0) {
    free(context);
    return nullptr;
  }
  context->id = lastId.fetch_add(1, std::memory_order_relaxed) + 1;
  currentThread = context;
  return context;
}

void trimThread() {
  if (currentThread)
    trimContext(currentThread);
}

} // namespace ingot::rt
