//===- Strided.cpp - memory of strided tensors ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Strided.h"
#include "Error.h"

#include <cstdlib>
#include <cstring>

using namespace ingot::run;

static constexpr int64_t maxBytes = int64_t(1) << 40;

Storage::Storage(size_t size) : length(size) {
  // calloc leaves fresh pages untouched, so that gaps in a storage cost
  // nothing.
  block = std::calloc(1, size + 64);
  if (!block)
    fail("out of memory: an input needs " + std::to_string(size) + " bytes");
  auto address = reinterpret_cast<uintptr_t>(block);
  base = static_cast<char *>(block) + (64 - address % 64) % 64;
}

Storage::~Storage() { std::free(block); }

int64_t ingot::run::elementCount(const Dims &sizes, int64_t elementSize) {
  int64_t n = 1;
  bool empty = false;
  for (int64_t s : sizes) {
    if (s < 0)
      fail("a tensor has the negative size " + std::to_string(s));
    empty |= s == 0;
  }
  if (empty)
    return 0;
  for (int64_t s : sizes)
    if (__builtin_mul_overflow(n, s, &n) || n > maxBytes / elementSize)
      fail("a tensor is too large");
  return n;
}

int64_t ingot::run::storageExtent(const Dims &sizes, const Dims &strides, int64_t offset, int64_t elementSize) {
  if (offset < 0)
    fail("a tensor has a negative storage_offset");
  if (!elementCount(sizes, elementSize))
    return 0;
  __int128 last = offset;
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (strides[d] < 0)
      fail("a tensor has a negative stride");
    last += static_cast<__int128>(sizes[d] - 1) * strides[d];
    if (last > maxBytes)
      fail("a tensor's strides reach too far");
  }
  return static_cast<int64_t>((last + 1) * elementSize);
}

Dims ingot::run::rowMajorStrides(const Dims &sizes) {
  Dims strides(sizes.size(), 1);
  for (size_t d = sizes.size(); d-- > 1;)
    strides[d - 1] = strides[d] * (sizes[d] > 0 ? sizes[d] : 1);
  return strides;
}

namespace {
/// Copies between a strided and a row-major side, which moves on through
/// `flat`.
template <bool ToFlat>
struct Copier {
  const int64_t *sizes, *strides;
  int rank;
  int64_t elementSize;
  char *flat;

  void copy(char *strided, size_t bytes) {
    if constexpr (ToFlat)
      std::memcpy(flat, strided, bytes);
    else
      std::memcpy(strided, flat, bytes);
    flat += bytes;
  }

  void run(char *strided, int dim) {
    if (dim == rank)
      return copy(strided, elementSize);
    int64_t step = strides[dim] * elementSize;
    if (isDense(dim))
      return copy(strided, denseBytes(dim));
    for (int64_t i = 0; i < sizes[dim]; ++i)
      run(strided + i * step, dim + 1);
  }

  bool isDense(int dim) const {
    int64_t expected = 1;
    for (int d = rank; d-- > dim;) {
      if (sizes[d] != 1 && strides[d] != expected)
        return false;
      expected *= sizes[d];
    }
    return true;
  }

  size_t denseBytes(int dim) const {
    int64_t n = elementSize;
    for (int d = dim; d < rank; ++d)
      n *= sizes[d];
    return n;
  }
};
} // namespace

static bool isEmpty(const int64_t *sizes, int rank) {
  for (int d = 0; d < rank; ++d)
    if (sizes[d] == 0)
      return true;
  return false;
}

void ingot::run::gather(char *dst, const char *src, const int64_t *sizes, const int64_t *strides, int rank,
                        int64_t elementSize) {
  if (isEmpty(sizes, rank))
    return;
  Copier<true> c{sizes, strides, rank, elementSize, dst};
  c.run(const_cast<char *>(src), 0);
}

void ingot::run::scatter(char *dst, const int64_t *strides, const char *src, const int64_t *sizes, int rank,
                         int64_t elementSize) {
  if (isEmpty(sizes, rank))
    return;
  Copier<false> c{sizes, strides, rank, elementSize, const_cast<char *>(src)};
  c.run(dst, 0);
}
