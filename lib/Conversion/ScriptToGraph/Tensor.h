//===- Tensor.h - storages, views and their write-back ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A tensor of the program is a reference: a storage, seen through a chain of
// views. The storage has one current value; a read applies the views to it, a
// write goes back through their inverses and gives the storage a new value. So
// mutation becomes value semantics exactly, as in functorch: every view sees
// every write. Values of nodes are kept until the next write.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_TENSOR_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_TENSOR_H

#include "Heap.h"
#include "SymbolicInt.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/SetVector.h"
#include <memory>
#include <string>

namespace ingot::eval {

struct ViewNode;

struct Storage : HeapCell {
  Storage() : HeapCell(CellKind::Storage) {}
  enum class Origin { Fresh, Input, Weight };

  Origin origin = Origin::Fresh;
  /// Counts writes; a node's kept value is of one version.
  unsigned version = 0;
  /// Value of the root node: the contents as a row-major tensor.
  mlir::Value base;
  /// Leaf number of an input; symbol of a weight.
  unsigned inputLeaf = 0;
  std::string weight;
  bool isParameter = false;
  /// Arguments whose order in memory decides how this new tensor lies.
  llvm::SmallSetVector<unsigned, 2> liesAs;
  /// A view of it is one only where those are row-major: a write needs to know.
  bool writesSeeLayout = false;
  /// An object of the runtime holds the tensor: it must not be written.
  bool boxed = false;
  /// Storages that may be this one, depending on data: neither may be written
  /// while both live.
  llvm::SmallVector<std::weak_ptr<Storage>> mayShare;
  /// Tensors that this one is, each where its condition holds: writes reach
  /// them, and theirs reach this one.
  struct Choice {
    std::shared_ptr<ViewNode> node;
    mlir::Value isIt;
  };
  llvm::SmallVector<Choice, 0> choices;
  llvm::SmallVector<std::weak_ptr<Storage>> chosenBy;

  bool mutated() const { return version != 0; }
};

struct ViewStep {
  enum class Kind {
    Root,
    Reshape,
    Permute,
    Slice, // of one dimension
    Expand,
    AsStrided, // of the parent's elements in row-major order
    Real,      // of complex elements
    Imag,
    ViewAsReal,
    ViewAsComplex,
    Bitcast, // view(dtype) of the same width
    Conj,
    Neg,
  };
  Kind kind = Kind::Root;
  llvm::SmallVector<int64_t> permutation; // Permute
  int64_t dim = 0, step = 1;              // Slice
  Int start;                              // Slice: within [0, size]; AsStrided: offset
  llvm::SmallVector<Int> strides;         // AsStrided
  bool showsOnce = true;                  // AsStrided, Expand: no element of the parent is shown twice

  static ViewStep of(Kind kind) {
    ViewStep s;
    s.kind = kind;
    return s;
  }
};

/// A storage seen through the views from the root to this node.
struct ViewNode : HeapCell {
  ViewNode() : HeapCell(CellKind::Node) {}
  std::shared_ptr<Storage> storage;
  std::shared_ptr<ViewNode> parent; // null for the root
  ViewStep step;
  llvm::SmallVector<Int> sizes;
  mlir::Type elementType;
  /// torch's strides and storage offset (in elements of the storage); empty
  /// optional where they are not known at compile time.
  std::optional<llvm::SmallVector<Int>> strides;
  Int storageOffset;
  /// The node's value and the version of the storage it belongs to.
  mlir::Value cached;
  unsigned cachedVersion = 0;
};

/// What `is` compares: the tensor object.
struct TensorObject {
  std::shared_ptr<ViewNode> node;
  /// Set on the tensor itself: a parameter, an argument, `requires_grad_`.
  bool requiresGrad = false;
  /// Computed from such tensors where gradients are on: torch keeps its history. Nothing is recorded here.
  bool hasHistory = false;
  bool needsGrad() const { return requiresGrad || hasHistory; }
  /// Made from a Python number: takes no part in promotion within a category.
  bool wrappedNumber = false;
  /// Set for the object that is argument number `inputLeaf` itself.
  bool isInput = false;
  unsigned inputLeaf = 0;
  /// What a branch or loop gave: the object of the tensor that it is there.
  bool isJoined = false;
  /// The object of the runtime that is this very tensor (!task.object), or null.
  mlir::Value object;
};

/// Row-major strides of the sizes.
llvm::SmallVector<Int> contiguousStrides(llvm::ArrayRef<Int> sizes, mlir::MLIRContext *context);
/// Strides of dense memory with the dimensions from the slowest to the fastest in that order.
llvm::SmallVector<Int> denseStrides(llvm::ArrayRef<int64_t> order, llvm::ArrayRef<Int> sizes);
/// Arguments whose order in memory decides how a tensor lies; one dimension has no order.
llvm::SmallSetVector<unsigned, 2> layoutSources(const ViewNode &node);
/// Product of the sizes.
Int numElements(llvm::ArrayRef<Int> sizes, mlir::MLIRContext *context);
/// Whether the strides are provably those of a row-major tensor (dimensions of
/// size 1 may have any).
bool isContiguous(llvm::ArrayRef<Int> sizes, llvm::ArrayRef<Int> strides);
/// torch's computeStride: the strides of a view with other sizes; nullopt when
/// no view provably exists.
std::optional<llvm::SmallVector<Int>> reshapeStrides(llvm::ArrayRef<Int> sizes, llvm::ArrayRef<Int> strides,
                                                     llvm::ArrayRef<Int> newSizes);

} // namespace ingot::eval

#endif
