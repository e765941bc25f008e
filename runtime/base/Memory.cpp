//===- Memory.cpp - recycled memory ----------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/Memory.h"

#include "base/Thread.h"

#include <pthread.h>
#include <sys/mman.h>

namespace ingot::rt {

// Under the address sanitizer nothing is recycled, or it would see no misuse.
static constexpr bool kRecycle = !INGOT_ASAN;

//===----------------------------------------------------------------------===//
// Small blocks
//===----------------------------------------------------------------------===//

/// Classes are 64 << k and 96 << k from 128 on: at most a third is wasted.
static uint32_t classOf(size_t size) {
  if (size <= 64)
    return 0;
  if (size <= 128)
    return 1;
  // 2^top < size <= 2^(top+1)
  uint32_t top = 63 - uint32_t(__builtin_clzll(size - 1));
  bool half = size <= (size_t(3) << (top - 1));
  return (top - 7) * 2 + (half ? 2 : 3);
}
static size_t sizeOfClass(uint32_t cls) {
  if (cls <= 1)
    return 64u << cls;
  uint32_t k = (cls - 2) / 2;
  return cls % 2 == 0 ? size_t(192) << k : size_t(256) << k;
}
/// Blocks of a magazine.
static uint32_t limitOfClass(uint32_t cls) {
  size_t n = (size_t(64) << 10) / sizeOfClass(cls);
  return uint32_t(n > 128 ? 128 : n);
}

static void *systemAllocate(size_t size) { return aligned_alloc(kAlignment, size); }

namespace {
constexpr size_t kDepotBytes = size_t(64) << 20;

/// Full magazines of all threads.
struct Depot {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  BlockCache::Free *magazines[kBlockClasses];
  size_t bytes = 0;
};
Depot depot;
} // namespace

static void freeList(BlockCache::Free *list) {
  while (BlockCache::Free *block = list) {
    list = block->next;
    free(block);
  }
}

/// This thread's list of the class is empty.
INGOT_NOINLINE static void *refill(BlockCache &cache, uint32_t cls) {
  BlockCache::Free *block = cache.full[cls];
  cache.full[cls] = nullptr;
  if (!block) {
    pthread_mutex_lock(&depot.lock);
    if ((block = depot.magazines[cls])) {
      depot.magazines[cls] = block->nextMagazine;
      depot.bytes -= limitOfClass(cls) * sizeOfClass(cls);
    }
    pthread_mutex_unlock(&depot.lock);
  }
  if (!block)
    return nullptr;
  cache.lists[cls] = block->next;
  cache.counts[cls] = limitOfClass(cls) - 1;
  return block;
}

/// This thread's list of the class is a full magazine.
INGOT_NOINLINE static void spill(BlockCache &cache, uint32_t cls) {
  BlockCache::Free *magazine = cache.full[cls];
  cache.full[cls] = cache.lists[cls];
  cache.lists[cls] = nullptr;
  cache.counts[cls] = 0;
  if (!magazine)
    return;
  size_t bytes = limitOfClass(cls) * sizeOfClass(cls);
  pthread_mutex_lock(&depot.lock);
  if (depot.bytes + bytes <= kDepotBytes) {
    magazine->nextMagazine = depot.magazines[cls];
    depot.magazines[cls] = magazine;
    depot.bytes += bytes;
    magazine = nullptr;
  }
  pthread_mutex_unlock(&depot.lock);
  freeList(magazine);
}

static void trimDepot() {
  for (uint32_t cls = 0; cls < kBlockClasses; ++cls) {
    pthread_mutex_lock(&depot.lock);
    BlockCache::Free *magazine = depot.magazines[cls];
    depot.magazines[cls] = nullptr;
    for (BlockCache::Free *m = magazine; m; m = m->nextMagazine)
      depot.bytes -= limitOfClass(cls) * sizeOfClass(cls);
    pthread_mutex_unlock(&depot.lock);
    while (magazine) {
      BlockCache::Free *next = magazine->nextMagazine;
      freeList(magazine);
      magazine = next;
    }
  }
}

//===----------------------------------------------------------------------===//
// Large blocks
//===----------------------------------------------------------------------===//

namespace {
constexpr size_t kMapFrom = size_t(1) << 20;  // mapped rather than from malloc
constexpr size_t kHugeFrom = size_t(4) << 20; // worth 2 MB pages
constexpr size_t kHugePage = size_t(2) << 20;
constexpr size_t kKeepAtMost = size_t(256) << 20;
constexpr int kKeepBlocks = 32;

struct LargeCache {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  struct {
    void *memory;
    size_t size;
  } blocks[kKeepBlocks]; // oldest first
  int count = 0;
  size_t bytes = 0;
};
LargeCache largeCache;
} // namespace

/// Bytes that a large block of `size` really has.
static size_t roundLarge(size_t size) {
  size_t step = size >= kHugeFrom ? kHugePage : size_t(64) << 10;
  return (size + step - 1) & ~(step - 1);
}

static void *mapLarge(size_t size) {
  if (INGOT_ASAN || size < kMapFrom)
    return systemAllocate(size);
  size_t slack = size >= kHugeFrom ? kHugePage : 0;
  void *memory = mmap(nullptr, size + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return nullptr;
  if (slack) {
    auto address = reinterpret_cast<uintptr_t>(memory);
    uintptr_t aligned = (address + kHugePage - 1) & ~(uintptr_t(kHugePage) - 1);
    if (aligned > address)
      munmap(memory, aligned - address);
    if (address + slack > aligned)
      munmap(reinterpret_cast<void *>(aligned + size), address + slack - aligned);
    memory = reinterpret_cast<void *>(aligned);
    madvise(memory, size, MADV_HUGEPAGE);
  }
  return memory;
}

static void unmapLarge(void *memory, size_t size) {
  if (INGOT_ASAN || size < kMapFrom)
    free(memory);
  else
    munmap(memory, size);
}

static void trimLargeBlocks();

static void *allocateLarge(size_t asked) {
  if (asked > (size_t(1) << 62))
    return nullptr;
  size_t size = roundLarge(asked);
  void *found = nullptr;
  if (kRecycle) {
    pthread_mutex_lock(&largeCache.lock);
    // Exact sizes only: a block is freed by the size that was asked for.
    for (int i = largeCache.count - 1; i >= 0 && !found; --i) {
      if (largeCache.blocks[i].size != size)
        continue;
      found = largeCache.blocks[i].memory;
      largeCache.bytes -= size;
      --largeCache.count;
      memmove(&largeCache.blocks[i], &largeCache.blocks[i + 1],
              size_t(largeCache.count - i) * sizeof largeCache.blocks[0]);
    }
    pthread_mutex_unlock(&largeCache.lock);
  }
  if (!found)
    found = mapLarge(size);
  if (!found && kRecycle) { // what is kept may be what is missing
    trimLargeBlocks();
    found = mapLarge(size);
  }
  return found;
}

static void freeLarge(void *memory, size_t asked) {
  size_t size = roundLarge(asked);
  if (!kRecycle || size > kKeepAtMost / 2) {
    unmapLarge(memory, size);
    return;
  }
  for (;;) {
    void *evicted = nullptr;
    size_t evictedSize = 0;
    pthread_mutex_lock(&largeCache.lock);
    if (largeCache.count < kKeepBlocks && largeCache.bytes + size <= kKeepAtMost) {
      largeCache.blocks[largeCache.count].memory = memory;
      largeCache.blocks[largeCache.count++].size = size;
      largeCache.bytes += size;
      memory = nullptr;
    } else {
      evicted = largeCache.blocks[0].memory;
      evictedSize = largeCache.blocks[0].size;
      largeCache.bytes -= evictedSize;
      --largeCache.count;
      memmove(&largeCache.blocks[0], &largeCache.blocks[1], size_t(largeCache.count) * sizeof largeCache.blocks[0]);
    }
    pthread_mutex_unlock(&largeCache.lock);
    if (evicted)
      unmapLarge(evicted, evictedSize);
    if (!memory)
      return;
  }
}

static void trimLargeBlocks() {
  for (;;) {
    pthread_mutex_lock(&largeCache.lock);
    void *memory = nullptr;
    size_t size = 0;
    if (largeCache.count) {
      memory = largeCache.blocks[--largeCache.count].memory;
      size = largeCache.blocks[largeCache.count].size;
      largeCache.bytes -= size;
    }
    pthread_mutex_unlock(&largeCache.lock);
    if (!memory)
      return;
    unmapLarge(memory, size);
  }
}

void trimSharedBlocks() {
  trimDepot();
  trimLargeBlocks();
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

void *allocateBlock(size_t size) {
  if (INGOT_UNLIKELY(size > kLargestSmallBlock))
    return allocateLarge(size);
  uint32_t cls = classOf(size);
  if (kRecycle) {
    if (ThreadContext *thread = threadContext()) {
      BlockCache &cache = thread->blocks;
      if (BlockCache::Free *block = cache.lists[cls]) {
        cache.lists[cls] = block->next;
        --cache.counts[cls];
        return block;
      }
      if (void *block = refill(cache, cls))
        return block;
    }
  }
  // The sanitizer is given the asked size, so that it sees the last byte.
  return systemAllocate(kRecycle ? sizeOfClass(cls) : (size + kAlignment - 1) & ~(kAlignment - 1));
}

void freeBlock(void *memory, size_t size) {
  if (INGOT_UNLIKELY(size > kLargestSmallBlock))
    return freeLarge(memory, size);
  if (kRecycle) {
    if (ThreadContext *thread = threadContext()) {
      uint32_t cls = classOf(size);
      BlockCache &cache = thread->blocks;
      if (INGOT_UNLIKELY(cache.counts[cls] >= limitOfClass(cls)))
        spill(cache, cls);
      auto *block = static_cast<BlockCache::Free *>(memory);
      block->next = cache.lists[cls];
      cache.lists[cls] = block;
      ++cache.counts[cls];
      return;
    }
  }
  free(memory);
}

void trimBlocks(BlockCache &cache) {
  for (uint32_t cls = 0; cls < kBlockClasses; ++cls) {
    freeList(cache.lists[cls]);
    freeList(cache.full[cls]);
    cache.lists[cls] = cache.full[cls] = nullptr;
    cache.counts[cls] = 0;
  }
}

//===----------------------------------------------------------------------===//
// Arena
//===----------------------------------------------------------------------===//

bool Arena::grow(uint64_t nbytes) {
  uint64_t size = 0;
  if (!mulAdd(nbytes, 1, 2 * kAlignment - 1, size))
    return false;
  size &= ~uint64_t(kAlignment - 1);
  // The blocks' own sizes, so that no part of one lies idle.
  if (size <= kLargestSmallBlock)
    size = sizeOfClass(classOf(maxOf<uint64_t>(size, 4096)));
  else if (size <= uint64_t(1) << 62)
    size = roundLarge(size);
  auto *slab = static_cast<Slab *>(allocateBlock(size));
  if (!slab)
    return false;
  slab->next = slabs;
  slab->size = size;
  slabs = slab;
  position = slab->begin();
  limit = slab->end();
  return true;
}

void *Arena::allocateSlow(uint64_t nbytes) {
  // At least as much as there is, so that a first call grows in few steps.
  uint64_t have = 0;
  for (Slab *slab = slabs; slab; slab = slab->next)
    have += slab->size;
  uint64_t wanted = maxOf(nbytes, have);
  if (!grow(wanted) && (wanted == nbytes || !grow(nbytes)))
    return nullptr;
  return allocate(nbytes);
}

void Arena::merge() {
  uint64_t total = 0;
  while (Slab *slab = slabs) {
    total += slab->size - kAlignment;
    slabs = slab->next;
    freeBlock(slab, slab->size);
  }
  position = limit = nullptr;
  grow(total); // a failure is met again, and reported, by the next allocate
}

bool Arena::contains(const void *pointer) const {
  for (Slab *slab = slabs; slab; slab = slab->next)
    if (pointer >= static_cast<void *>(slab->begin()) && pointer < static_cast<void *>(slab->end()))
      return true;
  return false;
}

void Arena::destroy() {
  while (Slab *slab = slabs) {
    slabs = slab->next;
    freeBlock(slab, slab->size);
  }
  position = limit = nullptr;
}

} // namespace ingot::rt
