//===- Queues.cpp - the deques of all threads ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "task/Queues.h"

#include "base/Futex.h"
#include "task/Executor.h"
#include "task/Task.h"

namespace ingot::rt {

//===----------------------------------------------------------------------===//
// Deques
//===----------------------------------------------------------------------===//

bool TaskDeque::makeRoom(int64_t at, Buffer *&current) {
  topSeen = top.load(std::memory_order_acquire);
  if (current && at - topSeen <= current->mask)
    return true;
  int64_t capacity = current ? (current->mask + 1) * 2 : 256;
  auto *grown = static_cast<Buffer *>(malloc(sizeof(Buffer) + size_t(capacity) * sizeof(Entry)));
  if (!grown)
    return false;
  grown->older = current;
  grown->mask = capacity - 1;
  for (int64_t i = 0; i < capacity; ++i)
    new (&grown->entries[i]) Entry();
  for (int64_t i = topSeen; i < at; ++i) {
    Entry &from = current->at(i), &to = grown->at(i);
    to.task.store(from.task.load(std::memory_order_relaxed), std::memory_order_relaxed);
    to.scope.store(from.scope.load(std::memory_order_relaxed), std::memory_order_relaxed);
  }
  buffer.store(grown, std::memory_order_release);
  current = grown;
  return true;
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

namespace {
constexpr uint32_t kMaxTaskThreads = 2 * kMaxThreads;
/// A lone entry is left to its owner for so long: forks that are waited for at
/// once would else wander from core to core.
constexpr int64_t kPatienceNs = 500;
/// Entries that a thief takes along at most.
constexpr int64_t kBatch = 64;

constinit std::atomic<TaskThread *> table[kMaxTaskThreads];
constinit std::atomic<uint32_t> tableSize{0};
pthread_mutex_t tableLock = PTHREAD_MUTEX_INITIALIZER;
TaskThread *freeThreads;
} // namespace

TaskThread *createTaskThread(ThreadContext *thread) {
  TaskThread *made = nullptr;
  {
    LockGuard guard(tableLock);
    if ((made = freeThreads)) {
      freeThreads = made->nextFree;
    } else if (uint32_t size = tableSize.load(std::memory_order_relaxed); size < kMaxTaskThreads) {
      if (void *memory = aligned_alloc(64, sizeof(TaskThread))) {
        made = new (memory) TaskThread();
        made->index = size;
        table[size].store(made, std::memory_order_relaxed);
        tableSize.store(size + 1, std::memory_order_release);
      }
    }
  }
  if (made)
    made->stack.initialise();
  return thread->tasks = made;
}

void releaseTaskThread(TaskThread *thread) {
  if (!thread)
    return;
  // Its calls have joined, and only workers, which end with an empty deque, take along
  // others' entries: what is left are entries whose tasks have run.
  while (Task *task = thread->deque.pop())
    releaseTask(task);
  thread->claimed = 0;
  thread->stack.destroy();
  LockGuard guard(tableLock);
  thread->nextFree = freeThreads;
  freeThreads = thread;
}

void forgetOtherTaskThreads() {
  tableLock = PTHREAD_MUTEX_INITIALIZER;
  TaskThread *self = currentThread ? currentThread->tasks : nullptr;
  for (uint32_t i = 0; i < tableSize.load(std::memory_order_relaxed); ++i)
    if (TaskThread *other = table[i].load(std::memory_order_relaxed); other != self)
      other->deque.clear();
}

//===----------------------------------------------------------------------===//
// Taking tasks
//===----------------------------------------------------------------------===//

bool claimTask(Task *task) {
  uint64_t state = task->state.load(std::memory_order_relaxed);
  while ((state & 3) == Task::Queued)
    if (task->state.compare_exchange_weak(state, state | Task::Running, std::memory_order_acq_rel,
                                          std::memory_order_relaxed))
      return true;
  return false;
}

/// An entry that was taken out; a waiter that was faster left a reference.
static void runEntry(TaskThread &self, Task *task) {
  if (claimTask(task))
    runTask(&self, task);
  else
    releaseTask(task);
}

/// Looks at a deque of one entry: has it stood still for long enough?
enum class Lone { Settled, Watched, Moved };
static Lone watch(TaskThread::Sight &sight, const TaskDeque &deque) {
  if (sight.pops != deque.pops() || sight.first != deque.first())
    return Lone::Moved;
  return nowNs() - sight.since >= kPatienceNs ? Lone::Settled : Lone::Watched;
}

/// Moves up to half of what is left to the thief's own deque: who waits for its
/// forks in their order would else meet the thief at each of them.
static void stealMore(TaskThread &self, TaskDeque &from) {
  int64_t batch = minOf(from.size() / 2, kBatch);
  for (int64_t left = batch; left > 0; --left) {
    Task *task;
    Scope *owner;
    if (from.steal(task, owner) != TaskDeque::Taken)
      return;
    if (!self.deque.push(task, owner))
      return runEntry(self, task); // no memory for it
  }
  if (batch > 0)
    executor().taskQueued(); // who looked between saw them in no deque
}

static Task *stealTask(TaskThread &self, Scope *scope) {
  uint32_t size = tableSize.load(std::memory_order_acquire);
  auto dequeAt = [](uint32_t at) -> TaskDeque & { return table[at].load(std::memory_order_relaxed)->deque; };
  TaskThread::Sight &sight = self.sight;
  // Lone entries are watched one after another: each gets its turn, also beside a
  // thread that forks and waits all the time.
  constexpr uint32_t kNone = UINT32_MAX;
  uint32_t next = kNone;
  bool keep = false;
  for (uint32_t i = 1; i < size; ++i) {
    uint32_t at = (self.index + i) % size;
    TaskDeque &deque = dequeAt(at);
    int64_t entries = deque.size();
    if (entries <= 0)
      continue;
    if (entries == 1) {
      bool isWatched = at == sight.victim;
      Lone lone = isWatched ? watch(sight, deque) : Lone::Moved;
      keep |= isWatched && lone == Lone::Watched;
      if (lone == Lone::Moved && (next == kNone || (next <= sight.victim && at > sight.victim)))
        next = at;
      if (lone != Lone::Settled)
        continue;
    }
    Task *task = nullptr;
    Scope *owner;
    TaskDeque::Stolen result;
    do
      result = deque.steal(task, owner, scope);
    while (result == TaskDeque::Lost);
    if (result != TaskDeque::Taken)
      continue;
    if (!scope)
      stealMore(self, deque);
    return task;
  }
  if (!keep && next != kNone)
    sight = {next, dequeAt(next).pops(), dequeAt(next).first(), nowNs()};
  return nullptr;
}

bool runQueuedTask(TaskThread &self, Scope *scope) {
  Scope *owner = nullptr;
  Task *task = self.deque.last(&owner);
  if (task)
    // Scopes of one thread nest, so their entries do.
    task = !scope || owner == scope ? self.deque.pop() : nullptr;
  if (!task)
    task = stealTask(self, scope);
  if (!task)
    return false;
  runEntry(self, task);
  return true;
}

bool anyQueuedTask() {
  uint32_t size = tableSize.load(std::memory_order_acquire);
  for (uint32_t i = 0; i < size; ++i)
    if (table[i].load(std::memory_order_relaxed)->deque.size() > 0)
      return true;
  return false;
}

void sweep(TaskThread &self) {
  int64_t size = self.deque.size();
  if (int64_t(self.claimed) * 2 < size)
    return;
  self.claimed = 0;
  struct Kept {
    Task *task;
    Scope *scope;
  };
  size_t bytes = size_t(size) * sizeof(Kept);
  auto *kept = size > 0 ? static_cast<Kept *>(allocateBlock(bytes)) : nullptr;
  if (!kept)
    return;
  int64_t count = 0;
  while (count < size) {
    Scope *scope = nullptr;
    Task *task = self.deque.last(&scope);
    if (!task || !(task = self.deque.pop()))
      break;
    if (task->now() == Task::Queued)
      kept[count++] = {task, scope};
    else
      releaseTask(task);
  }
  if (count)
    executor().taskQueued(); // who looked meanwhile saw less
  while (count-- > 0)
    (void)self.deque.push(kept[count].task, kept[count].scope); // has room
  freeBlock(kept, bytes);
}

} // namespace ingot::rt
