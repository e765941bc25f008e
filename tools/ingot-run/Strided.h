//===- Strided.h - memory of strided tensors --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUN_STRIDED_H
#define INGOT_RUN_STRIDED_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ingot::run {

/// A 64-byte-aligned block, zero-filled, of at least one byte: its address is
/// the identity of a storage.
class Storage {
public:
  explicit Storage(size_t size);
  Storage(const Storage &) = delete;
  ~Storage();
  char *data() const { return base; }
  size_t size() const { return length; }

private:
  void *block;
  char *base;
  size_t length;
};

using Dims = std::vector<int64_t>;

/// Elements of a shape; throws UserError when a size is negative or the bytes
/// would pass 2^62.
int64_t elementCount(const Dims &sizes, int64_t elementSize);
/// Bytes that a tensor needs from its storage's begin; 0 when it has no
/// elements. Throws UserError for negative strides and overflow.
int64_t storageExtent(const Dims &sizes, const Dims &strides, int64_t offset, int64_t elementSize);
Dims rowMajorStrides(const Dims &sizes);

/// Row-major `dst` from the strided `src`, and back.
void gather(char *dst, const char *src, const int64_t *sizes, const int64_t *strides, int rank, int64_t elementSize);
void scatter(char *dst, const int64_t *strides, const char *src, const int64_t *sizes, int rank, int64_t elementSize);

} // namespace ingot::run

#endif
