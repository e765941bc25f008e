//===- MemoryOrder.h - how a tensor lies in memory --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_MEMORYORDER_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_MEMORYORDER_H

#include "Operators.h"

namespace ingot::eval {

/// The dimensions of a tensor from the slowest to the fastest in memory: in this order torch fills it, and a new
/// tensor with its layout (torch.preserve_format) lies. Where strides are not known at compile time it is row-major.
class MemoryOrder {
public:
  /// Of a tensor that is filled where it is.
  MemoryOrder(OpCall &c, llvm::StringRef name) : MemoryOrder(c.b, c.tensor(name)) {}
  /// Of a new one with its layout, which is dense, unless `memory_format` asks for another.
  static MemoryOrder like(OpCall &c, llvm::StringRef name);

  /// Whether its memory is row-major without gaps.
  bool contiguous = true;

  /// `v` with its dimensions in that order.
  Value stored(GraphBuilder &b, Value v) const { return inOrder() ? v : b.permute(v, order); }
  /// What `body` gives for sizes in that order, with the dimensions put back: a value of `sizes`.
  Value fill(GraphBuilder &b, llvm::ArrayRef<Int> sizes, llvm::function_ref<Value(const Sizes &)> body) const;
  /// The same as a new tensor that lies so.
  AV make(GraphBuilder &b, llvm::ArrayRef<Int> sizes, llvm::function_ref<Value(const Sizes &)> body) const;

private:
  MemoryOrder(GraphBuilder &b, const AV &tensor);
  bool inOrder() const { return llvm::is_sorted(order); }
  Sizes storedSizes(llvm::ArrayRef<Int> sizes) const;
  Dims inverse() const;

  Dims order;
};

} // namespace ingot::eval

#endif
