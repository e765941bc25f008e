//===- Base.h - what the whole runtime stands on ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The runtime is linked into every library that ingotc makes, and such a
// library needs libc, libm and the loader only: no libstdc++ beyond its
// headers, no exceptions, no RTTI, no objects with constructors or destructors
// at load.
#ifndef INGOT_RUNTIME_BASE_BASE_H
#define INGOT_RUNTIME_BASE_BASE_H

#include "ingot.h"
#include "ingot/ABI/artifact.h"

#include <atomic>
#include <new>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define INGOT_LIKELY(x) __builtin_expect(!!(x), 1)
#define INGOT_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define INGOT_NOINLINE __attribute__((noinline))

#if defined(__SANITIZE_ADDRESS__)
#define INGOT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INGOT_ASAN 1
#endif
#endif
#ifndef INGOT_ASAN
#define INGOT_ASAN 0
#endif

namespace ingot::rt {

using Status = ingot_status;

/// CLOCK_MONOTONIC in ns.
inline int64_t nowNs() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return int64_t(t.tv_sec) * 1000000000 + t.tv_nsec;
}

inline void cpuRelax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

template <typename T>
inline T minOf(T a, T b) {
  return a < b ? a : b;
}
template <typename T>
inline T maxOf(T a, T b) {
  return a < b ? b : a;
}

/// a * b + c, or false when it does not fit.
inline bool mulAdd(uint64_t a, uint64_t b, uint64_t c, uint64_t &out) {
  uint64_t product;
  return !__builtin_mul_overflow(a, b, &product) && !__builtin_add_overflow(product, c, &out);
}

/// A reference count that its owner checks: release() is true for the last.
struct RefCount {
  std::atomic<int32_t> count{1};
  void retain() { count.fetch_add(1, std::memory_order_relaxed); }
  bool release() {
    // The only reference needs no read-modify-write.
    if (count.load(std::memory_order_acquire) == 1)
      return true;
    return count.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }
};

/// A growing array of trivially copyable elements; growth may fail.
template <typename T>
struct Array {
  T *data = nullptr;
  size_t size = 0, capacity = 0;

  [[nodiscard]] bool reserve(size_t n) {
    if (n <= capacity)
      return true;
    size_t wanted = maxOf(n, capacity * 2);
    void *grown = wanted > SIZE_MAX / sizeof(T) ? nullptr : realloc(static_cast<void *>(data), wanted * sizeof(T));
    if (!grown)
      return false;
    data = static_cast<T *>(grown);
    capacity = wanted;
    return true;
  }
  [[nodiscard]] bool push(T element) {
    if (INGOT_UNLIKELY(size == capacity) && !reserve(maxOf<size_t>(size + 1, 8)))
      return false;
    data[size++] = element;
    return true;
  }
  T &operator[](size_t i) { return data[i]; }
  const T &operator[](size_t i) const { return data[i]; }
  T *begin() { return data; }
  T *end() { return data + size; }
  void destroy() {
    free(data);
    data = nullptr;
    size = capacity = 0;
  }
};

} // namespace ingot::rt

#endif
