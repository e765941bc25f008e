//===- MemoryOrder.h - how a tensor lies in memory --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_MEMORYORDER_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_MEMORYORDER_H

#include "Operators.h"

namespace ingot::eval {

/// The dimensions of a tensor from the slowest to the fastest in memory: in this order torch fills it, and a new
/// tensor with its layout (torch.preserve_format) lies.
class MemoryOrder {
public:
  /// Of a tensor that is filled where it is.
  MemoryOrder(OpCall &c, llvm::StringRef name) : MemoryOrder(c.tensor(name)) {}
  explicit MemoryOrder(const AV &tensor);
  /// Of a new one with its layout, which is dense, unless `memory_format` asks for another.
  static MemoryOrder like(OpCall &c, llvm::StringRef name);
  /// The order of a tensor that is provably dense.
  static std::optional<Dims> ofDense(const AV &tensor);
  /// Of what ATen's TensorIterator makes of the operands, which broadcast to `sizes`.
  static MemoryOrder ofElementwise(llvm::ArrayRef<AV> operands, llvm::ArrayRef<Int> sizes);

  /// Whether its memory is row-major without gaps.
  bool contiguous = true;
  /// Whether the strides tell at compile time; where they do not, new tensors have none that are known.
  bool known = true;

  /// `v` with its dimensions in that order.
  Value stored(GraphBuilder &b, Value v) const { return inOrder() ? v : b.permute(v, order); }
  /// What `body` gives for sizes in that order, with the dimensions put back: a value of `sizes`. What it gives for
  /// an element depends on the element's place in memory.
  Value fill(GraphBuilder &b, llvm::ArrayRef<Int> sizes, llvm::function_ref<Value(const Sizes &)> body) const;
  /// The same as a new tensor that lies so.
  AV makeFilled(GraphBuilder &b, llvm::ArrayRef<Int> sizes, llvm::function_ref<Value(const Sizes &)> body) const;
  /// `v` as a new tensor that lies so.
  AV make(GraphBuilder &b, Value v) const;

private:
  MemoryOrder() = default;
  bool inOrder() const { return llvm::is_sorted(order); }
  Sizes storedSizes(llvm::ArrayRef<Int> sizes) const;
  Dims inverse() const;
  void find(llvm::ArrayRef<AV> operands, llvm::ArrayRef<Int> sizes);

  Dims order;
  llvm::SmallVector<AV, 1> sources; // whose memory it follows
};

/// The result of an operator, in memory as ATen's lies.
AV laidOut(GraphBuilder &b, const schema::OperatorSchema &op, llvm::ArrayRef<AV> args, Value result);

} // namespace ingot::eval

#endif
