//===- Futex.h - waiting on a word -----------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_BASE_FUTEX_H
#define INGOT_RUNTIME_BASE_FUTEX_H

#include "base/Base.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ingot::rt {

/// Sleeps while *word == expected, until woken or, when `until` is not 0,
/// CLOCK_MONOTONIC shows it. May return early.
inline void futexWait(std::atomic<uint32_t> &word, uint32_t expected, int64_t until = 0) {
  timespec time = {until / 1000000000, long(until % 1000000000)};
  syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, expected, until ? &time : nullptr, nullptr,
          FUTEX_BITSET_MATCH_ANY);
}
inline void futexWake(std::atomic<uint32_t> &word, int count) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
}

class LockGuard {
public:
  explicit LockGuard(pthread_mutex_t &mutex) : mutex(mutex) { pthread_mutex_lock(&mutex); }
  ~LockGuard() { pthread_mutex_unlock(&mutex); }
  LockGuard(const LockGuard &) = delete;
  LockGuard &operator=(const LockGuard &) = delete;

private:
  pthread_mutex_t &mutex;
};

} // namespace ingot::rt

#endif
