//===- MethodLowering.h - a method becomes host and kernels -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks a method on tensors in program order and builds its host program. Tensors
// are values: each result of a dispatch gets fresh memory (memref.alloc, which the
// arena planner replaces), views are other strides over the same memory, and
// memory is written in place only where nobody sees the old contents any more.
#ifndef INGOT_LIB_CODEGEN_COMMON_METHODLOWERING_H
#define INGOT_LIB_CODEGEN_COMMON_METHODLOWERING_H

#include "dialects/Graph/Graph.h"
#include "dialects/Task/Task.h"
#include "ingot/Codegen/Common/KernelEmitter.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace ingot::codegen {

class MethodLowering : public KernelContext {
public:
  MethodLowering(mlir::func::FuncOp source, HostBuilder &host, mlir::ModuleOp module, const CodegenOptions &options,
                 Target &target)
      : KernelContext(host, module, options), source(source), target(target) {}

  mlir::LogicalResult run();

  //===--- KernelContext ---------------------------------------------------===//
  Buffer getBuffer(mlir::Value tensor) override;
  Buffer getDense(mlir::Value tensor) override;
  mlir::Value getScalar(mlir::Value scalar) override;
  mlir::TypedAttr getFillValue(mlir::Value tensor) override;
  llvm::SmallVector<mlir::AffineExpr> getSizes(mlir::Value tensor) override;
  Buffer createResult(mlir::OpResult result) override;
  bool isResultRowMajor(mlir::OpResult result) override { return !permutedReader(result) && !paddedReader(result); }
  Buffer createScratch(llvm::ArrayRef<mlir::AffineExpr> sizes, mlir::Type elementType) override;
  Buffer getWeight(mlir::FlatSymbolRefAttr name) override;

private:
  using Sizes = llvm::SmallVector<mlir::AffineExpr>;

  /// Memory and the tensors that are seen through it.
  struct Storage {
    enum Kind { Fresh, Input, Constant, State } kind = Fresh;
    /// Region of the method in which the contents are made.
    mlir::Region *region = nullptr;
    unsigned leaf = 0;     // of an input
    mlir::StringRef state; // name of a state
    llvm::SmallVector<mlir::Value> tensors;
  };
  /// A tensor that has no memory yet.
  struct Lazy {
    enum Kind { Empty, Fill, Elements } kind = Empty;
    llvm::SmallVector<mlir::Value> values; // of the method: the fill, the elements
    mlir::TypedAttr constant;              // of a constant fill
  };

  // MethodLowering.cpp
  mlir::LogicalResult lowerBlock(mlir::Block &block);
  mlir::LogicalResult lowerOp(mlir::Operation *op);
  mlir::LogicalResult lowerLinalg(mlir::linalg::LinalgOp op);
  mlir::LogicalResult lowerCompute(task::ComputeOp op);
  mlir::LogicalResult lowerConstant(mlir::Operation *op);
  void lowerScalar(mlir::Operation *op);
  void formDispatches();
  void setScalar(mlir::Value v, mlir::Value hostValue);
  void setBuffer(mlir::Value tensor, const Buffer &buffer);
  Sizes typeSizes(mlir::RankedTensorType type, mlir::ValueRange dynamicSizes);
  /// Fresh row-major memory, of no tensor yet.
  Buffer allocate(llvm::ArrayRef<mlir::AffineExpr> sizes, mlir::Type memoryType, mlir::Region *region);
  Buffer copyToFresh(const Buffer &from, mlir::Region *region);
  void copy(const Buffer &from, const Buffer &to) { target.emitCopy(from, to, *this); }
  unsigned addStorage(Storage storage) {
    storages.push_back(std::move(storage));
    return storages.size() - 1;
  }
  mlir::Value linearIndex(const Buffer &buffer, mlir::ValueRange indices);
  /// Whether nothing after `op` sees the storage, and `op`'s region made it: then
  /// `op` may overwrite it.
  bool diesAt(unsigned storage, mlir::Operation *op);
  bool isUsedAfter(mlir::Value tensor, mlir::Operation *op);
  mlir::Region *regionOf(mlir::Value v) { return v.getParentRegion(); }

  // MethodViews.cpp
  /// The view of `from` that the operation makes; none where memory must move.
  std::optional<Buffer> view(mlir::Operation *op, const Buffer &from);
  static mlir::Value viewSource(mlir::Operation *op);
  /// The only reader of a contraction's result, when it permutes it and leaves the
  /// last dimension in place.
  mlir::linalg::GenericOp permutedReader(mlir::OpResult result);
  /// A reader that puts a border around a convolution's result: then the result is
  /// written inside the border from the start. None where the memory is to be dense
  /// for another reader.
  mlir::tensor::PadOp paddedReader(mlir::OpResult result);
  Sizes viewSizes(mlir::Operation *op);
  mlir::LogicalResult lowerView(mlir::Operation *op);
  mlir::LogicalResult lowerInsertSlice(mlir::tensor::InsertSliceOp op);
  mlir::LogicalResult lowerInsert(mlir::tensor::InsertOp op);
  mlir::LogicalResult lowerExtract(mlir::tensor::ExtractOp op);
  mlir::LogicalResult lowerPad(mlir::tensor::PadOp op);
  /// Sizes of the padded tensor, and the border before the source's elements.
  Sizes paddedSizes(mlir::tensor::PadOp op, Sizes &low);
  mlir::LogicalResult lowerConcat(mlir::tensor::ConcatOp op);
  std::optional<Buffer> sliceOf(const Buffer &from, llvm::ArrayRef<mlir::OpFoldResult> offsets,
                                llvm::ArrayRef<mlir::OpFoldResult> sizes, llvm::ArrayRef<mlir::OpFoldResult> strides,
                                const llvm::SmallBitVector &dropped);
  mlir::AffineExpr exprOf(mlir::OpFoldResult v);
  /// A buffer that `op` may overwrite with the contents of `tensor`.
  Buffer takeOver(mlir::Value tensor, mlir::Operation *op);

  // MethodControlFlow.cpp
  mlir::LogicalResult lowerFor(mlir::scf::ForOp op);
  mlir::LogicalResult lowerWhile(mlir::scf::WhileOp op);
  mlir::LogicalResult lowerIf(mlir::scf::IfOp op);
  void expandSelects();
  struct RegionScope;
  /// Memory in which a loop-carried tensor stays, with its first contents.
  Buffer beginCarried(mlir::Value init, mlir::Operation *loop);
  /// Moves the next contents there; the values' sizes equal the carried ones'. `passed`: what leaves the block as
  /// memory besides.
  void endCarried(llvm::ArrayRef<Buffer> values, llvm::ArrayRef<Buffer> carried, mlir::Block *block,
                  llvm::MutableArrayRef<Buffer> passed);
  /// Puts `value` where `target` is, if nobody in `block` misses the old contents.
  bool coalesce(const Buffer &value, const Buffer &target, mlir::Block *block);
  bool sameSizes(llvm::ArrayRef<mlir::AffineExpr> a, llvm::ArrayRef<mlir::AffineExpr> b);
  /// A tensor seen through `buffer`'s memory from now on, in `region`.
  void rebind(mlir::Value tensor, Buffer buffer, mlir::Region *region);
  /// A tensor's memory and its sizes that are not constant, as values of a region.
  static void flatten(HostBuilder &host, const Buffer &buffer, llvm::SmallVectorImpl<mlir::Value> &values);
  Buffer unflatten(const Sizes &like, mlir::ValueRange values);
  mlir::LogicalResult lowerFor(mlir::scf::ForOp op, llvm::SmallBitVector &resized, bool &retry);
  mlir::LogicalResult lowerWhile(mlir::scf::WhileOp op, llvm::SmallBitVector &resized, bool &retry);

  // MethodEffects.cpp
  Buffer getInput(unsigned leaf, bool dense);
  std::optional<Buffer> getOriginal(mlir::Value tensor);
  mlir::LogicalResult lowerReturn(mlir::func::ReturnOp op);
  mlir::LogicalResult lowerWriteBack(graph::WriteBackOp op);
  mlir::LogicalResult lowerAlias(graph::AliasOp op);
  mlir::LogicalResult lowerLoadState(graph::LoadStateOp op);
  mlir::LogicalResult lowerStoreState(graph::StoreStateOp op);
  mlir::LogicalResult lowerBox(task::BoxOp op);
  mlir::LogicalResult lowerUnbox(task::UnboxOp op);
  void save(mlir::Value tensor);
  /// What the signature says of the tensor of a result.
  mlir::DictionaryAttr resultType(unsigned slot);
  int64_t resultDType(unsigned slot, mlir::Type elementType);

  mlir::func::FuncOp source;
  Target &target;
  llvm::DenseMap<mlir::Value, Buffer> buffers;
  llvm::DenseMap<mlir::Value, mlir::Value> scalars;
  llvm::DenseMap<mlir::Value, Lazy> lazies;
  llvm::DenseMap<mlir::Value, Sizes> tensorSizes;
  /// Tensors that must be read where they were saved, not from the input.
  llvm::DenseSet<mlir::Value> saved;
  llvm::DenseMap<unsigned, Buffer> inputBuffers[2]; // original, dense
  std::vector<Storage> storages;
  /// Tensors that got memory inside regions that are still open.
  llvm::SmallVector<std::pair<mlir::Value, std::optional<Buffer>>> locals;
  void setLocal(mlir::Value tensor, const Buffer &buffer);
  llvm::DenseMap<mlir::Operation *, Dispatch> dispatches; // by the last operation
  llvm::DenseSet<mlir::Operation *> fused;
  /// Memory of padded tensors whose sources already stand inside it.
  llvm::DenseMap<mlir::Operation *, Buffer> bordered;
  mlir::Operation *current = nullptr; // of the method
};

} // namespace ingot::codegen

#endif
