//===- Queues.h - the deques of all threads --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_TASK_QUEUES_H
#define INGOT_RUNTIME_TASK_QUEUES_H

#include "base/Thread.h"
#include "task/Deque.h"
#include "task/Stack.h"

namespace ingot::rt {

/// What a thread that forks or runs tasks keeps. Never freed, as thieves look
/// at it: the next thread takes it over.
struct alignas(64) TaskThread {
  TaskDeque deque;
  // The owner's.
  Stack stack;
  uint32_t index = 0;   // in the table of all
  uint32_t claimed = 0; // waits since the last sweep that left an entry behind
  TaskThread *nextFree = nullptr;
  // What it saw when it last came to steal from a deque of one entry.
  struct Sight {
    uint32_t victim, pops;
    int64_t first;
    int64_t since;
  } sight = {UINT32_MAX, 0, 0, 0};
};

INGOT_NOINLINE TaskThread *createTaskThread(ThreadContext *thread);
/// Null: out of memory, or there are more threads than the table has places.
inline TaskThread *taskThread(ThreadContext *thread) {
  if (INGOT_UNLIKELY(!thread))
    return nullptr;
  return INGOT_LIKELY(thread->tasks != nullptr) ? thread->tasks : createTaskThread(thread);
}
/// The thread ends.
void releaseTaskThread(TaskThread *thread);
/// In the child of a process's fork: this thread is the only one.
void forgetOtherTaskThreads();

/// Runs a queued task, this thread's newest or another's oldest. With `scope`
/// one of that scope only. False: there is none.
bool runQueuedTask(TaskThread &self, Scope *scope = nullptr);
/// Whether a deque has an entry.
bool anyQueuedTask();
/// Drops entries of this thread's deque whose task a waiter has run.
void sweep(TaskThread &self);

/// Takes the task over if no thread has begun it.
bool claimTask(Task *task);
/// Runs a claimed fork, for a queue's entry; the record may be gone then.
void runTask(TaskThread *self, Task *task);

} // namespace ingot::rt

#endif
