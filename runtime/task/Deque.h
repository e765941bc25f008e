//===- Deque.h - the queue of one thread's forks ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chase and Lev's work-stealing deque (SPAA 2005), with sequentially consistent
// operations where Lê et al. (PPoPP 2013) have fences, which the thread
// sanitizer does not know. The owner pushes and pops at the bottom, everybody
// steals at the top. An entry names its scope beside the task, so that a thief
// can choose without touching a record that may be gone.
#ifndef INGOT_RUNTIME_TASK_DEQUE_H
#define INGOT_RUNTIME_TASK_DEQUE_H

#include "base/Base.h"

namespace ingot::rt {

struct Scope;
struct Task;

class TaskDeque {
public:
  enum Stolen { Empty, Lost, Taken };

  int64_t size() const { return bottom.load(std::memory_order_seq_cst) - top.load(std::memory_order_seq_cst); }
  /// Changes whenever the owner took something.
  uint32_t pops() const { return popCount.load(std::memory_order_relaxed); }
  int64_t first() const { return top.load(std::memory_order_relaxed); }

  /// Owner. `shared`: other threads may sleep until there is an entry. False:
  /// out of memory.
  bool push(Task *task, Scope *scope, bool shared = true) {
    int64_t at = bottom.load(std::memory_order_relaxed);
    Buffer *to = buffer.load(std::memory_order_relaxed);
    if (INGOT_UNLIKELY(!to || at - topSeen > to->mask) && !makeRoom(at, to))
      return false;
    Entry &entry = to->at(at);
    entry.task.store(task, std::memory_order_relaxed);
    entry.scope.store(scope, std::memory_order_relaxed);
    // Sequentially consistent: who then sees no sleeper is seen by all that
    // look before they sleep.
    if (shared)
      bottom.exchange(at + 1, std::memory_order_seq_cst);
    else
      bottom.store(at + 1, std::memory_order_release);
    return true;
  }
  /// Owner. Null: empty.
  Task *pop() {
    int64_t at = bottom.load(std::memory_order_relaxed) - 1;
    if (top.load(std::memory_order_relaxed) > at)
      return nullptr;
    popCount.store(popCount.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    bottom.exchange(at, std::memory_order_seq_cst);
    int64_t begin = top.load(std::memory_order_seq_cst);
    topSeen = begin;
    if (begin > at) {
      bottom.store(at + 1, std::memory_order_relaxed);
      return nullptr;
    }
    Task *task = buffer.load(std::memory_order_relaxed)->at(at).task.load(std::memory_order_relaxed);
    if (begin == at) {
      if (!top.compare_exchange_strong(begin, begin + 1, std::memory_order_seq_cst))
        task = nullptr;
      bottom.store(at + 1, std::memory_order_relaxed);
    }
    return task;
  }
  /// Owner: what pop() would give if nobody steals; null: nothing.
  Task *last(Scope **scope = nullptr) {
    int64_t at = bottom.load(std::memory_order_relaxed) - 1;
    if (at < top.load(std::memory_order_relaxed))
      return nullptr;
    Entry &entry = buffer.load(std::memory_order_relaxed)->at(at);
    if (scope)
      *scope = entry.scope.load(std::memory_order_relaxed);
    return entry.task.load(std::memory_order_relaxed);
  }
  /// Takes the oldest entry, whose scope is `owner` then; of `scope`, where that is
  /// given, and of the task `wanted`.
  Stolen steal(Task *&task, Scope *&owner, Scope *scope = nullptr, Task *wanted = nullptr) {
    int64_t at = top.load(std::memory_order_seq_cst);
    if (at >= bottom.load(std::memory_order_seq_cst))
      return Empty;
    Entry &entry = buffer.load(std::memory_order_acquire)->at(at);
    task = entry.task.load(std::memory_order_relaxed);
    owner = entry.scope.load(std::memory_order_relaxed);
    if ((wanted && task != wanted) || (scope && owner != scope))
      return Empty;
    return top.compare_exchange_strong(at, at + 1, std::memory_order_seq_cst) ? Taken : Lost;
  }

  /// In the child of a process's fork, for a thread that is not there.
  void clear() { bottom.store(top.load(std::memory_order_relaxed), std::memory_order_relaxed); }

private:
  struct Entry {
    std::atomic<Task *> task;
    std::atomic<Scope *> scope;
  };
  struct Buffer {
    Buffer *older; // kept: a thief may be reading it
    int64_t mask;
    Entry entries[1];
    Entry &at(int64_t index) { return entries[index & mask]; }
  };
  INGOT_NOINLINE bool makeRoom(int64_t at, Buffer *&current);

  alignas(64) std::atomic<int64_t> top{0};
  alignas(64) std::atomic<int64_t> bottom{0};
  std::atomic<uint32_t> popCount{0};
  alignas(64) std::atomic<Buffer *> buffer{nullptr};
  int64_t topSeen = 0; // the owner's, at most `top`
};

} // namespace ingot::rt

#endif
