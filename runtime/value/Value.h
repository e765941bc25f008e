//===- Value.h - storages and values ---------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A storage is reference-counted memory; a tensor value is a view of one.
// Values are immutable (but for tensors' elements) and recycled by the thread
// that drops the last reference.
#ifndef INGOT_RUNTIME_VALUE_VALUE_H
#define INGOT_RUNTIME_VALUE_VALUE_H

#include "base/Memory.h"
#include "base/Status.h"

namespace ingot::rt {

//===----------------------------------------------------------------------===//
// Storage
//===----------------------------------------------------------------------===//

struct Storage {
  enum Kind : uint8_t {
    Block,    // header and bytes in one block of ours
    External, // the caller's memory, with a deleter or not
    Allocator // of the caller's allocator
  };
  RefCount refs;
  Kind kind;
  bool readOnly;
  char *base;      // first byte
  uint64_t nbytes; // External: as far as the first tensor over it reached
  union {
    void (*deleter)(void *context);
    void (*deallocate)(void *context, void *memory, size_t nbytes);
  };
  void *context;

  char *end() const { return base + nbytes; }
};
static_assert(sizeof(Storage) <= kAlignment, "the bytes follow in the same block");

/// Uninitialised, 64-byte aligned; null when out of memory. `allocator` may be
/// null.
Storage *createStorage(uint64_t nbytes, const ingot_allocator *allocator);
Storage *createExternalStorage(void *base, uint64_t nbytes, void (*deleter)(void *), void *context);
INGOT_NOINLINE void destroyStorage(Storage *storage);
inline void releaseStorage(Storage *storage) {
  if (storage->refs.release())
    destroyStorage(storage);
}

//===----------------------------------------------------------------------===//
// Value
//===----------------------------------------------------------------------===//

constexpr int32_t kInlineRank = 6;
constexpr size_t kInlineItems = 8;
constexpr int32_t kMaxRank = 64;

/// Names of a namedtuple or object; shared by values of one type.
struct Names {
  RefCount refs;
  uint32_t size; // of the block
  const char *className;
  const char *const *fields;     // or null
  void (*destroy)(Names *names); // null: freeBlock
  void *owner;
};

} // namespace ingot::rt

struct ingot_value {
  ingot::rt::RefCount refs;
  int32_t kind;
  union {
    struct {
      ingot_abi_tensor tensor; // its storage is an ingot::rt::Storage
      int64_t dims[2 * ingot::rt::kInlineRank];
    };
    int64_t integer;
    double real;
    struct {
      double re, im;
    };
    struct {
      void *scriptObject;
      const ingot_class *scriptClass;
    };
    struct {
      char *text; // NUL-terminated block of textSize + 1
      size_t textSize;
    };
    struct {
      ingot_value **items;
      ingot_value **keys; // dict: same block as the items, behind them
      size_t count;
      ingot::rt::Names *names;
      ingot_status *error; // of a future whose function raised: it has no item
      ingot_value *inlineItems[ingot::rt::kInlineItems];
    };
  };
};

namespace ingot::rt {
using Value = ingot_value;

/// Null when out of memory; kind is set, the rest is not.
inline Value *allocateValue(int32_t kind) {
  auto *value = static_cast<Value *>(allocateBlock(sizeof(Value)));
  if (INGOT_LIKELY(value != nullptr)) {
    new (&value->refs) RefCount;
    value->kind = kind;
  }
  return value;
}
INGOT_NOINLINE void destroyValue(Value *value);
void destroyTensor(Value *value);
inline void releaseValue(Value *value) {
  if (!value->refs.release())
    return;
  if (INGOT_LIKELY(value->kind == INGOT_TENSOR))
    destroyTensor(value);
  else
    destroyValue(value);
}

/// Takes over the reference to `storage`, on failure too. Null: out of memory.
Value *createTensor(Storage *storage, void *data, int32_t dtype, int32_t rank, const int64_t *sizes,
                    const int64_t *strides);
Value *createInt(int32_t kind, int64_t number);
Value *createFloat(double number);
Value *createComplex(double re, double im);
Value *createText(int32_t kind, const char *data, size_t size);
/// A list, tuple, object or dict with room for `count` items (and keys), which
/// the caller fills; null items are allowed on release. Takes over `names`.
Value *createContainer(int32_t kind, size_t count, Names *names);
Names *createNames(const char *className, const char *const *fields, size_t count);
void releaseNames(Names *names);

/// Row-major strides; false when the elements' number or bytes overflow.
bool rowMajor(const int64_t *sizes, int32_t rank, size_t elementSize, int64_t *strides, uint64_t &nbytes);
inline int64_t elementCount(const int64_t *sizes, int32_t rank) {
  int64_t n = 1;
  for (int32_t d = 0; d < rank; ++d)
    n *= sizes[d];
  return n;
}
/// Whether elements lie row-major without gaps.
inline bool isDense(const int64_t *sizes, const int64_t *strides, int32_t rank) {
  int64_t expected = 1;
  for (int32_t d = rank - 1; d >= 0; --d) {
    if (sizes[d] == 1)
      continue;
    if (sizes[d] == 0)
      return true;
    if (strides[d] != expected)
      return false;
    expected *= sizes[d];
  }
  return true;
}
/// First byte and one past the last of a tensor's elements.
struct Extent {
  const char *begin, *end;
  bool overlaps(const Extent &other) const { return begin < other.end && other.begin < end; }
};
Extent extentOf(const ingot_abi_tensor &tensor);
/// Whether a dimension steps over several elements in one place (an expanded
/// tensor's): then nothing may be written to it.
bool isExpanded(const ingot_abi_tensor &tensor);

/// "float32[2, 3]", "int", "list of 3"
void describeValue(const Value *value, Text &text);
const char *kindName(int32_t kind);

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

/// artifact.h's copy_strided.
void copyStrided(void *dst, const int64_t *dstStrides, const void *src, const int64_t *srcStrides, const int64_t *sizes,
                 int32_t rank, int32_t elementSize);

} // namespace ingot::rt

#endif
