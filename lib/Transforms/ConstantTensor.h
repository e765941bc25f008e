//===- ConstantTensor.h - tensors known at compile time ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_TRANSFORMS_CONSTANTTENSOR_H
#define INGOT_LIB_TRANSFORMS_CONSTANTTENSOR_H

#include "dialects/Graph/Graph.h"
#include "ingot/Support/WeightData.h"

namespace ingot::transforms {

/// A strided view of known elements. Memory form: bool is a byte.
struct ConstantTensor {
  mlir::Type element;                 // with signedness
  llvm::SmallVector<int64_t> sizes;   // dynamic only where the stride is 0
  llvm::SmallVector<int64_t> strides; // in elements
  const char *data = nullptr;         // the first element
  std::shared_ptr<void> owner;

  bool isStatic() const { return !mlir::ShapedType::isDynamicShape(sizes); }
  int64_t count() const;
  /// How many different elements the view shows, at most.
  int64_t distinct() const;
  bool isContiguous() const;
  int64_t width() const;
};

/// Bytes of an element in memory.
int64_t elementWidth(mlir::Type element);

/// Reads the values of graph operators that depend on constants only. Views are
/// free; elementwise results are computed and kept.
class ConstantReader {
public:
  explicit ConstantReader(mlir::ModuleOp module) : module(module), symbols(module) {}

  /// Null when the value is not known.
  const ConstantTensor *read(mlir::Value value);
  /// A view of dimension `dim` alone: nothing when another dimension matters.
  static std::optional<ConstantTensor> along(const ConstantTensor &tensor, int64_t dim);
  static ConstantTensor contiguous(const ConstantTensor &tensor);
  /// A constant or weight op of the tensor's elements at the builder's place.
  mlir::Value materialize(mlir::OpBuilder &b, mlir::Location loc, const ConstantTensor &tensor);
  void forget(mlir::Value value) { known.erase(value); }

  mlir::ModuleOp module;
  mlir::SymbolTable symbols;

private:
  std::optional<ConstantTensor> compute(mlir::Operation *op);
  std::optional<ConstantTensor> fromAttribute(mlir::Attribute data, mlir::RankedTensorType type);
  std::optional<ConstantTensor> computeView(mlir::Operation *op);
  std::optional<ConstantTensor> computeConcat(graph::ConcatOp op);

  llvm::DenseMap<mlir::Value, std::unique_ptr<ConstantTensor>> known;
  WeightData files;
};

/// One elementwise operator on known operands (views of equal sizes); nothing
/// when the operator or a type is not supported.
std::optional<ConstantTensor> evaluateElementwise(mlir::Operation *op, llvm::ArrayRef<const ConstantTensor *> inputs);
/// Whether evaluateElementwise may know the operator.
bool canEvaluate(mlir::Operation *op);

/// Fresh memory for elements, row-major.
ConstantTensor allocateTensor(mlir::Type element, llvm::ArrayRef<int64_t> sizes);

} // namespace ingot::transforms

#endif
