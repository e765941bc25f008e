//===- Stack.cpp - more stack for deep chains of waits ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "task/Stack.h"

#include <pthread.h>
#include <sys/mman.h>

namespace ingot::rt {

// Changes the stack pointer around one call. Nothing unwinds through it: there
// are no exceptions. The frame pointer links both stacks for a debugger.
#if defined(__x86_64__)
asm(R"(
.pushsection .text.ingot_call_on_stack,"ax",@progbits
.local ingot_call_on_stack
.type ingot_call_on_stack,@function
ingot_call_on_stack:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  movq %rdx, %rsp
  movq %rdi, %rax
  movq %rsi, %rdi
  callq *%rax
  movq %rbp, %rsp
  popq %rbp
  .cfi_def_cfa %rsp, 8
  retq
  .cfi_endproc
.size ingot_call_on_stack, .-ingot_call_on_stack
.popsection
)");
#elif defined(__aarch64__)
asm(R"(
.pushsection .text.ingot_call_on_stack,"ax",@progbits
.local ingot_call_on_stack
.type ingot_call_on_stack,@function
ingot_call_on_stack:
  .cfi_startproc
  stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset x29, -16
  .cfi_offset x30, -8
  mov x29, sp
  .cfi_def_cfa_register x29
  mov sp, x2
  mov x9, x0
  mov x0, x1
  blr x9
  mov sp, x29
  ldp x29, x30, [sp], #16
  .cfi_def_cfa sp, 16
  ret
  .cfi_endproc
.size ingot_call_on_stack, .-ingot_call_on_stack
.popsection
)");
#else
#error "no way to change the stack on this processor"
#endif
extern "C" void ingot_call_on_stack(void (*function)(void *), void *argument, void *top);

void Stack::initialise() {
  auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  pthread_attr_t attributes;
  void *low = nullptr;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_destroy(&attributes);
  }
  auto begin = reinterpret_cast<uintptr_t>(low);
  // A program that runs us on a stack of its own: it has a little, we hope.
  if (here < begin || here >= begin + size)
    limit = here - (size_t(16) << 10);
  else
    limit = begin + minOf(kReserve, size / 2);
}

bool Stack::callOnSegment(void (*function)(void *), void *argument) {
  void *segment = nullptr;
  for (void *&spare : spares)
    if (!segment && spare) {
      segment = spare;
      spare = nullptr;
    }
  if (!segment) {
    segment =
        mmap(nullptr, kSegment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (segment == MAP_FAILED)
      return false;
    mprotect(segment, 4096, PROT_NONE); // an overflow is a fault
  }
  uintptr_t outer = limit;
  limit = reinterpret_cast<uintptr_t>(segment) + kReserve;
  ingot_call_on_stack(function, argument, static_cast<char *>(segment) + kSegment);
  limit = outer;
  for (void *&spare : spares)
    if (segment && !spare) {
      spare = segment;
      segment = nullptr;
    }
  if (segment)
    munmap(segment, kSegment);
  return true;
}

void Stack::destroy() {
  for (void *&spare : spares) {
    if (spare)
      munmap(spare, kSegment);
    spare = nullptr;
  }
}

} // namespace ingot::rt
