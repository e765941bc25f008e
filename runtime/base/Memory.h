//===- Memory.h - recycled memory ------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A call in its steady state takes nothing from the system. Small blocks are
// recycled by size class in each thread, large ones by the process, as their
// page faults cost more than the lock. A block is freed by any thread.
#ifndef INGOT_RUNTIME_BASE_MEMORY_H
#define INGOT_RUNTIME_BASE_MEMORY_H

#include "base/Base.h"

namespace ingot::rt {

constexpr size_t kAlignment = 64;
/// Sizes of classes: 64, 128, 192, 256, 384, 512, 768, ... 65536.
constexpr uint32_t kBlockClasses = 20;
constexpr size_t kLargestSmallBlock = 65536;

/// Frees `block` of `size` bytes (as asked of allocateBlock).
void *allocateBlock(size_t size);
void freeBlock(void *block, size_t size);

/// What a thread keeps of freed memory: by class a list that it takes from and
/// adds to, and a full one. Further full ones (magazines, Bonwick 2001) go to
/// the process, as one thread may make what another frees.
struct BlockCache {
  struct Free {
    Free *next;
    Free *nextMagazine; // of a magazine's first block
  };
  Free *lists[kBlockClasses];
  uint32_t counts[kBlockClasses];
  Free *full[kBlockClasses];
};

/// Gives back what this thread and the process keep.
void trimBlocks(BlockCache &cache);
void trimSharedBlocks();

/// Memory that a call or a kernel uses and does not free piece by piece: one
/// slab, and more while a call outgrows it; reset() merges them into one of the
/// sum, so a call of the same sizes finds one slab.
class Arena {
public:
  /// Null when out of memory, and only then: of no bytes there is an address too.
  void *allocate(uint64_t nbytes) {
    nbytes += nbytes == 0;
    uint64_t rounded = (nbytes + kAlignment - 1) & ~uint64_t(kAlignment - 1);
    if (INGOT_LIKELY(rounded >= nbytes && rounded <= uint64_t(limit - position))) {
      char *memory = position;
      position += rounded;
      return memory;
    }
    return allocateSlow(nbytes);
  }
  void reset() {
    if (INGOT_UNLIKELY(slabs && slabs->next))
      merge();
    else if (slabs)
      position = slabs->begin();
  }
  bool contains(const void *pointer) const;
  void destroy();

private:
  struct Slab {
    Slab *next;
    size_t size; // of the block, this header included
    char *begin() { return reinterpret_cast<char *>(this) + kAlignment; }
    char *end() { return reinterpret_cast<char *>(this) + size; }
  };
  INGOT_NOINLINE void *allocateSlow(uint64_t nbytes);
  INGOT_NOINLINE void merge();
  bool grow(uint64_t nbytes);

  Slab *slabs = nullptr; // newest first
  char *position = nullptr, *limit = nullptr;
};

} // namespace ingot::rt

#endif
