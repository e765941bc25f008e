//===- Task.h - forks and awaits -------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A task is one body that runs once and its value or error. A fork is a task
// in the queue of the thread that forked it, where other threads may steal it;
// an await is a task in no queue, which its first waiter runs. README.md has
// the states and why no graph of tasks can deadlock.
#ifndef INGOT_RUNTIME_TASK_TASK_H
#define INGOT_RUNTIME_TASK_TASK_H

#include "base/Base.h"
#include "base/Status.h"

namespace ingot::rt {

struct Scope;
struct Task;
struct TaskThread;

/// Computes the task's value into `words`, or returns the error, which the task
/// takes over.
using TaskBody = Status *(*)(Task * task);

/// A record of one cache line; what the body needs may follow it. Made by
/// createTask only.
struct alignas(64) Task {
  enum State : uint64_t { Queued = 0, Running = 1, Done = 2, Failed = 3 };
  /// Beside the state: no reference is left, the run that ends frees the
  /// record.
  static constexpr uint64_t kDetached = 4;
  static constexpr uint64_t kBits = 7;

  TaskBody body;
  /// Called when the last reference goes, or null. Function of the runtime
  /// only: a queue may keep a record for longer than the library is loaded.
  void (*destroy)(Task *task);
  /// State, kDetached, and above them the list of waiters.
  std::atomic<uint64_t> state;
  /// Handles, and entries that a queue still has of a task that a waiter took.
  /// The run itself counts for none: its end is its last look at the record.
  std::atomic<int32_t> refs;
  uint32_t size; // bytes of the record and what follows it
  Scope *scope;  // of a fork
  union {
    int64_t words[2]; // Done: the value
    Status *error;    // Failed
  };
  const char *name; // for traces: the Python function's; or null

  /// What follows the record.
  void *payload() { return this + 1; }
  State now() const { return State(state.load(std::memory_order_acquire) & 3); }
  bool finished() const { return now() >= Done; }
};
static_assert(sizeof(Task) == 64);

/// The forks of one call. join() comes back when all have ended, whether
/// somebody waited for them or not, and must be called before the scope goes,
/// by the thread that made the first fork.
struct Scope {
  /// The call has failed: what has not begun ends without running.
  void stop() { stopped.store(true, std::memory_order_relaxed); }
  /// Runs tasks of this scope and no others.
  void join() {
    if (INGOT_UNLIKELY(owner.load(std::memory_order_relaxed) != nullptr))
      joinSlow();
  }

  /// Owner of a scope that is joined, or that no thread could own.
  static inline TaskThread *const kNobody = reinterpret_cast<TaskThread *>(uintptr_t(64));

  // Forks that have not ended are `here` + `count` / 2, modulo 2^31: the
  // owner's thread counts without atomics until it joins. Bit 0 of `count`: the
  // join sleeps on the word.
  std::atomic<TaskThread *> owner{nullptr};
  std::atomic<uint32_t> count{0};
  uint32_t here = 0;
  std::atomic<bool> stopped{false};

private:
  INGOT_NOINLINE void joinSlow();
};

/// A task with one reference, the caller's, and `payloadSize` bytes behind it;
/// null when out of memory.
Task *createTask(TaskBody body, const char *name, size_t payloadSize = 0);
void retainTask(Task *task);
void releaseTask(Task *task);

/// Starts a task that was just created. Whatever it reads must live until the
/// scope is joined or a wait for the task has come back.
void forkTask(Scope &scope, Task *task);
/// Null: the value is in `words`; else the task's error, which it keeps.
/// Runs the task here when no thread has begun it, and no other task ever.
/// Each thread that may wait holds a reference of its own: a task with one
/// reference is waited for without atomic operations.
Status *waitTask(Task *task);

/// An await: runs the body unless an earlier run has succeeded. Null: the value
/// is in `words`; else the error of this run, the caller's: the next one runs
/// the body anew. Of several threads at once, each with a reference of its own,
/// one run succeeds.
Status *forceTask(Task *task);

/// INGOT_DETERMINISTIC=1: forks run where they are forked, in program order.
bool deterministic();
void setDeterministic(bool value); // for tests

} // namespace ingot::rt

#endif
