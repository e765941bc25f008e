//===- Stack.h - more stack for deep chains of waits -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A wait that runs its task inline takes stack of the waiter's thread. Before
// that runs short the task gets a segment of its own, and the thread comes back
// to its old stack when the task returns: a chain of a million waits needs
// memory, as any recursion, but no big stack.
#ifndef INGOT_RUNTIME_TASK_STACK_H
#define INGOT_RUNTIME_TASK_STACK_H

#include "base/Base.h"

namespace ingot::rt {

class Stack {
public:
  /// Whether a body can begin here: there is room for it and what it calls.
  bool hasRoom() const { return reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) >= limit; }
  /// Finds out where the current thread's stack ends.
  void initialise();
  /// Calls function(argument) on a new segment; false: there is no memory for
  /// one, and nothing was called.
  bool callOnSegment(void (*function)(void *), void *argument);
  void destroy();

private:
  /// Left for a body that waits for nothing, and for the kernels it calls.
  static constexpr size_t kReserve = size_t(256) << 10;
  static constexpr size_t kSegment = size_t(4) << 20;
  static constexpr int kSpares = 2;

  uintptr_t limit = 0;
  void *spares[kSpares] = {};
};

} // namespace ingot::rt

#endif
