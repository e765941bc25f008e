//===- Copy.cpp - strided copies -------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any rank, any strides. Dimensions are sorted by the target's stride and those
// that lie behind each other are merged, so a transposed or padded copy is a
// matter of one to three loops; the two innermost go in blocks, so that neither
// side walks through memory with one element per cache line.
#include "value/Value.h"

#include "task/Executor.h"

namespace ingot::rt {

namespace {
struct Dim {
  int64_t size, dst, src; // strides in bytes
};

template <typename T>
void copyLine(char *dst, int64_t dstStride, const char *src, int64_t srcStride, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    T element;
    __builtin_memcpy(&element, src + i * srcStride, sizeof(T));
    __builtin_memcpy(dst + i * dstStride, &element, sizeof(T));
  }
}
struct Pair {
  uint64_t a, b;
};

void copyElements(char *dst, int64_t dstStride, const char *src, int64_t srcStride, int64_t n, int32_t size) {
  switch (size) {
  case 1:
    return copyLine<uint8_t>(dst, dstStride, src, srcStride, n);
  case 2:
    return copyLine<uint16_t>(dst, dstStride, src, srcStride, n);
  case 4:
    return copyLine<uint32_t>(dst, dstStride, src, srcStride, n);
  case 8:
    return copyLine<uint64_t>(dst, dstStride, src, srcStride, n);
  case 16:
    return copyLine<Pair>(dst, dstStride, src, srcStride, n);
  default:
    for (int64_t i = 0; i < n; ++i)
      memcpy(dst + i * dstStride, src + i * srcStride, size_t(size));
  }
}

struct Plan {
  Dim dims[kMaxRank]; // innermost first
  int32_t rank;
  int32_t elementSize;

  void run(char *dst, const char *src) const {
    if (rank == 0) {
      memcpy(dst, src, size_t(elementSize));
      return;
    }
    runDim(rank - 1, dst, src);
  }

  void runLine(char *dst, const char *src, int64_t n) const {
    const Dim &d = dims[0];
    if (d.dst == elementSize && d.src == elementSize)
      memcpy(dst, src, size_t(n * elementSize));
    else
      copyElements(dst, d.dst, src, d.src, n, elementSize);
  }

  void runDim(int32_t level, char *dst, const char *src) const {
    const Dim &d = dims[level];
    if (level == 0)
      return runLine(dst, src, d.size);
    if (level == 1 && dims[0].src != elementSize && d.src == elementSize)
      return runBlocked(dst, src);
    for (int64_t i = 0; i < d.size; ++i)
      runDim(level - 1, dst + i * d.dst, src + i * d.src);
  }

  void runBlocked(char *dst, const char *src) const {
    constexpr int64_t kBlock = 32;
    const Dim &inner = dims[0], &outer = dims[1];
    for (int64_t o = 0; o < outer.size; o += kBlock)
      for (int64_t i = 0; i < inner.size; i += kBlock) {
        int64_t rows = minOf(kBlock, outer.size - o), n = minOf(kBlock, inner.size - i);
        for (int64_t r = o; r < o + rows; ++r)
          runLine(dst + r * outer.dst + i * inner.dst, src + r * outer.src + i * inner.src, n);
      }
  }
};

struct Chunked {
  Plan plan;
  char *dst;
  const char *src;

  static void run(void *context, int64_t begin, int64_t end) {
    const auto *self = static_cast<const Chunked *>(context);
    Plan part = self->plan;
    Dim &outer = part.dims[part.rank - 1];
    outer.size = end - begin;
    part.run(self->dst + begin * outer.dst, self->src + begin * outer.src);
  }
};
} // namespace

void copyStrided(void *dst, const int64_t *dstStrides, const void *src, const int64_t *srcStrides, const int64_t *sizes,
                 int32_t rank, int32_t elementSize) {
  Chunked job;
  job.plan.rank = 0;
  job.plan.elementSize = elementSize;
  job.dst = static_cast<char *>(dst);
  job.src = static_cast<const char *>(src);
  Plan &plan = job.plan;
  int64_t bytes = elementSize;
  auto magnitude = [](int64_t stride) { return stride < 0 ? -stride : stride; };
  for (int32_t d = rank - 1; d >= 0; --d) {
    if (sizes[d] == 0)
      return;
    if (sizes[d] == 1)
      continue;
    bytes *= sizes[d];
    Dim dim = {sizes[d], dstStrides[d] * elementSize, srcStrides[d] * elementSize};
    // Insertion by the target's stride keeps equal ones in their order.
    int32_t at = plan.rank++;
    for (; at > 0 && magnitude(plan.dims[at - 1].dst) > magnitude(dim.dst); --at)
      plan.dims[at] = plan.dims[at - 1];
    plan.dims[at] = dim;
  }
  int32_t merged = 0;
  for (int32_t d = 1; d < plan.rank; ++d) {
    Dim &inner = plan.dims[merged];
    const Dim &outer = plan.dims[d];
    if (outer.dst == inner.dst * inner.size && outer.src == inner.src * inner.size)
      inner.size *= outer.size;
    else
      plan.dims[++merged] = outer;
  }
  if (plan.rank)
    plan.rank = merged + 1;
  constexpr int64_t kParallelBytes = int64_t(1) << 20;
  if (bytes < 2 * kParallelBytes)
    return plan.run(job.dst, job.src);
  const Dim &outer = plan.dims[plan.rank - 1];
  int64_t perStep = maxOf<int64_t>(bytes / outer.size, 1);
  executor().parallelFor(Chunked::run, &job, outer.size, maxOf<int64_t>(kParallelBytes / perStep, 1));
}

} // namespace ingot::rt
