//===- Task.cpp - forks and awaits -----------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "task/Task.h"

#include "base/Futex.h"
#include "base/Trace.h"
#include "task/Executor.h"
#include "task/Queues.h"

namespace ingot::rt {

namespace {
/// Who sleeps until a task ends: on the sleeper's stack, in the task's list. A
/// suspended coroutine would be another kind of waiter.
struct Waiter {
  Waiter *next;
  std::atomic<uint32_t> ready{0};
};
static_assert(alignof(Waiter) > Task::kBits, "the state is in the low bits");

constexpr uint32_t kJoining = 1, kOne = 2; // of Scope::count
/// Claims that may leave an entry behind before the deque is swept.
constexpr uint32_t kSweepEvery = 256;

Status skipped = {INGOT_CANCELLED, 0, nullptr, "the call has failed", nullptr, nullptr};
} // namespace

//===----------------------------------------------------------------------===//
// Records
//===----------------------------------------------------------------------===//

Task *createTask(TaskBody body, const char *name, size_t payloadSize) {
  if (payloadSize > UINT32_MAX - sizeof(Task))
    return nullptr;
  size_t size = sizeof(Task) + payloadSize;
  void *memory = allocateBlock(size);
  if (INGOT_UNLIKELY(!memory))
    return nullptr;
  auto *task = static_cast<Task *>(memory);
  task->body = body;
  task->destroy = nullptr;
  new (&task->state) std::atomic<uint64_t>(Task::Queued);
  new (&task->refs) std::atomic<int32_t>(1);
  task->size = uint32_t(size);
  task->scope = nullptr;
  task->name = name;
  return task;
}

void retainTask(Task *task) { task->refs.fetch_add(1, std::memory_order_relaxed); }

static void freeTask(Task *task) {
  if (INGOT_UNLIKELY(task->destroy != nullptr))
    task->destroy(task);
  if (INGOT_UNLIKELY(task->now() == Task::Failed))
    ingot_status_release(task->error);
  freeBlock(task, task->size);
}

void releaseTask(Task *task) {
  if (task->refs.load(std::memory_order_acquire) != 1 && task->refs.fetch_sub(1, std::memory_order_acq_rel) != 1)
    return;
  // A fork whose run has not ended is freed at its end.
  if (INGOT_UNLIKELY(task->scope && !task->finished()) &&
      (task->state.fetch_or(Task::kDetached, std::memory_order_acq_rel) & 3) < Task::Done)
    return;
  freeTask(task);
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

static Status *runBody(Task *task) {
  if (!tracing())
    return task->body(task);
  int64_t start = nowNs();
  Status *error = task->body(task);
  traceSpan("task", task->name, reinterpret_cast<const void *>(task->body), start, nowNs());
  return error;
}

/// Ends a run whose value is written. `waiter`: the caller holds a reference;
/// else the record may be gone.
static void finish(Task *task, Task::State state, bool waiter) {
  // Who holds the only reference and runs the task is the only one to see it.
  if (waiter && task->refs.load(std::memory_order_acquire) == 1) {
    task->state.store(state, std::memory_order_relaxed);
    return;
  }
  uint64_t before = task->state.exchange(state, std::memory_order_acq_rel);
  if (before & Task::kDetached)
    return freeTask(task);
  auto *next = reinterpret_cast<Waiter *>(before & ~Task::kBits);
  while (INGOT_UNLIKELY(next != nullptr)) {
    // Gone as soon as it is ready; waking an address needs no memory there.
    std::atomic<uint32_t> &word = next->ready;
    next = next->next;
    word.store(1, std::memory_order_release);
    futexWake(word, 1);
  }
}

static void runFork(TaskThread *self, Task *task, bool waiter) {
  Scope *scope = task->scope;
  Status *error = INGOT_UNLIKELY(scope->stopped.load(std::memory_order_relaxed)) ? &skipped : runBody(task);
  if (INGOT_UNLIKELY(error != nullptr))
    task->error = error;
  finish(task, error ? Task::Failed : Task::Done, waiter);
  // Last: the scope goes when nothing is left.
  if (self && scope->owner.load(std::memory_order_relaxed) == self) {
    --scope->here;
    return;
  }
  uint32_t before = scope->count.fetch_sub(kOne, std::memory_order_acq_rel);
  if (INGOT_UNLIKELY(before == (kOne | kJoining)))
    futexWake(scope->count, 1);
}

void runTask(TaskThread *self, Task *task) { runFork(self, task, false); }

/// As runFork, for a waiter; on a new segment of stack when this one runs
/// short.
static void runInline(TaskThread *self, Task *task) {
  if (INGOT_LIKELY(!self || self->stack.hasRoom()))
    return runFork(self, task, true);
  struct Run {
    TaskThread *self;
    Task *task;
  } run{self, task};
  auto function = [](void *argument) {
    auto *run = static_cast<Run *>(argument);
    runFork(run->self, run->task, true);
  };
  if (!self->stack.callOnSegment(function, &run))
    function(&run); // no memory for it: as deep as the stack goes
}

//===----------------------------------------------------------------------===//
// Forks
//===----------------------------------------------------------------------===//

static std::atomic<int32_t> deterministicState{-1};

bool deterministic() {
  int32_t state = deterministicState.load(std::memory_order_relaxed);
  if (INGOT_UNLIKELY(state < 0)) {
    const char *text = getenv("INGOT_DETERMINISTIC");
    state = text && *text && strcmp(text, "0") != 0;
    deterministicState.store(state, std::memory_order_relaxed);
  }
  return state != 0;
}

void setDeterministic(bool value) { deterministicState.store(value, std::memory_order_relaxed); }

/// Counts a fork; true: the join sleeps.
static bool enterScope(Scope &scope, TaskThread *self) {
  TaskThread *owner = scope.owner.load(std::memory_order_relaxed);
  if (INGOT_UNLIKELY(!owner)) { // the first fork
    owner = self ? self : Scope::kNobody;
    scope.owner.store(owner, std::memory_order_relaxed);
  }
  if (owner == self) {
    ++scope.here;
    return false;
  }
  return scope.count.fetch_add(kOne, std::memory_order_relaxed) & kJoining;
}

void forkTask(Scope &scope, Task *task) {
  TaskThread *self = taskThread(threadContext());
  task->scope = &scope;
  bool joining = enterScope(scope, self);
  bool shared = numThreads() > 1;
  if (INGOT_UNLIKELY(deterministic() || !self || !self->deque.push(task, &scope, shared))) {
    // In program order: nothing it can wait for comes after it.
    claimTask(task);
    runInline(self, task);
    return;
  }
  if (INGOT_UNLIKELY(joining))
    futexWake(scope.count, 1); // the join can help
  if (shared)
    executor().taskQueued();
}

/// Sleeps until the task's run ends.
INGOT_NOINLINE static void sleepOn(Task *task) {
  if (int64_t spin = spinTime()) {
    int64_t until = nowNs() + spin;
    do
      for (int i = 0; i < 32; ++i) {
        cpuRelax();
        if (task->now() != Task::Running)
          return;
      }
    while (nowNs() < until);
  }
  Waiter waiter;
  uint64_t state = task->state.load(std::memory_order_acquire);
  do {
    if ((state & 3) != Task::Running)
      return;
    waiter.next = reinterpret_cast<Waiter *>(state & ~Task::kBits);
  } while (!task->state.compare_exchange_weak(state, reinterpret_cast<uint64_t>(&waiter) | Task::Running,
                                              std::memory_order_acq_rel, std::memory_order_acquire));
  bool replaced = beginBlocking();
  while (!waiter.ready.load(std::memory_order_acquire))
    futexWait(waiter.ready, 0);
  if (replaced)
    endBlocking();
}

/// Takes the task over if no thread has begun it; `alone`: only this thread
/// can.
static bool claimForWaiter(Task *task, bool alone) {
  if (alone && task->refs.load(std::memory_order_acquire) == 1) {
    if (task->now() != Task::Queued)
      return false;
    task->state.store(Task::Running, std::memory_order_relaxed);
    return true;
  }
  return claimTask(task);
}

/// Runs a task that no thread has begun.
static void runHere(Task *task) {
  TaskThread *self = taskThread(threadContext());
  if (INGOT_LIKELY(self != nullptr)) {
    // Where it lies at an end of this thread's queue its entry goes with it.
    // What is taken is `task`: nobody else pushes here.
    TaskDeque &deque = self->deque;
    Task *taken = nullptr;
    Scope *owner = nullptr;
    bool mine =
        deque.last() == task ? deque.pop() != nullptr : deque.steal(taken, owner, nullptr, task) == TaskDeque::Taken;
    if (mine) {
      if (claimForWaiter(task, true))
        runInline(self, task);
      else
        releaseTask(task); // whoever took it left the entry a reference
      return;
    }
  }
  // The entry, wherever it is, keeps a reference: before anybody can find that
  // the task is taken.
  retainTask(task);
  if (!claimTask(task))
    return releaseTask(task);
  if (self && ++self->claimed >= kSweepEvery)
    sweep(*self);
  runInline(self, task);
}

Status *waitTask(Task *task) {
  for (;;) {
    Task::State state = task->now();
    if (INGOT_LIKELY(state == Task::Done))
      return nullptr;
    if (state == Task::Failed)
      return task->error;
    if (state == Task::Queued)
      runHere(task);
    else
      sleepOn(task);
  }
}

//===----------------------------------------------------------------------===//
// Scopes
//===----------------------------------------------------------------------===//

void Scope::joinSlow() {
  TaskThread *self = taskThread(threadContext());
  int64_t until = 0;
  // From here on all threads count in one place.
  owner.store(kNobody, std::memory_order_relaxed);
  count.fetch_add(here * kOne, std::memory_order_acq_rel);
  here = 0;
  for (;;) {
    uint32_t state = count.load(std::memory_order_acquire);
    if ((state & ~kJoining) == 0)
      break;
    if (self && runQueuedTask(*self, this)) {
      until = 0;
      continue;
    }
    // The rest runs on other threads, or is on its way to a queue.
    int64_t now = nowNs();
    if (until == 0)
      until = now + spinTime();
    if (now < until) {
      for (int i = 0; i < 32; ++i)
        cpuRelax();
      continue;
    }
    if (!(state & kJoining)) {
      count.fetch_or(kJoining, std::memory_order_acq_rel);
      continue; // look once more before sleeping
    }
    bool replaced = beginBlocking();
    futexWait(count, state);
    if (replaced)
      endBlocking();
    until = 0;
  }
  count.store(0, std::memory_order_relaxed);
  owner.store(nullptr, std::memory_order_relaxed);
  // Entries of tasks that a waiter ran: no record outlives its call.
  Scope *owner = nullptr;
  while (self && self->deque.last(&owner) && owner == this)
    if (Task *task = self->deque.pop())
      releaseTask(task);
}

//===----------------------------------------------------------------------===//
// Awaits
//===----------------------------------------------------------------------===//

Status *forceTask(Task *task) {
  for (;;) {
    Task::State state = task->now();
    if (INGOT_LIKELY(state == Task::Done))
      return nullptr;
    if (state == Task::Running) {
      sleepOn(task);
      continue;
    }
    if (!claimForWaiter(task, true))
      continue;
    struct Run {
      Task *task;
      Status *error;
    } run{task, nullptr};
    auto body = [](void *argument) {
      auto *run = static_cast<Run *>(argument);
      run->error = runBody(run->task);
    };
    TaskThread *self = taskThread(threadContext());
    if (INGOT_LIKELY(!self || self->stack.hasRoom()) || !self->stack.callOnSegment(body, &run))
      body(&run);
    // After an error it is as if nothing had run: waiters try themselves.
    finish(task, run.error ? Task::Queued : Task::Done, true);
    return run.error;
  }
}

} // namespace ingot::rt
