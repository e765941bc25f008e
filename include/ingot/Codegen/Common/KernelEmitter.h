//===- KernelEmitter.h - how a dispatch becomes a kernel --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A dispatch is a small DAG of operations on tensors that one kernel computes.
// Emitters are tried in order (contraction, convolution, ..., loops); the first
// that matches emits the kernel's function and its launch in the host program.
#ifndef INGOT_CODEGEN_COMMON_KERNELEMITTER_H
#define INGOT_CODEGEN_COMMON_KERNELEMITTER_H

#include "ingot/Codegen/CPU/Codegen.h"
#include "ingot/Codegen/Common/HostBuilder.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinOps.h"

namespace ingot::graph {
class WeightOp;
} // namespace ingot::graph

namespace ingot::codegen {

/// A tensor in memory: `memory` is the flat memory of a storage, memref<?xT>;
/// element [i0, i1, ...] is at offset + i0 * strides[0] + .... Views share
/// `memory` and differ in the rest. T is i8 for bool and signless for integers.
struct Buffer {
  mlir::Value memory;
  mlir::AffineExpr offset;
  llvm::SmallVector<mlir::AffineExpr> sizes, strides;
  /// Who else sees this memory: views of one storage have one number.
  unsigned storage = 0;
  /// The graph.weight whose unchanged contents these are (through views too).
  mlir::FlatSymbolRefAttr weight;

  mlir::Type getElementType() const { return llvm::cast<mlir::MemRefType>(memory.getType()).getElementType(); }
  int64_t getRank() const { return sizes.size(); }
};

/// The element type in memory of a tensor's element type.
mlir::Type getMemoryType(mlir::Type elementType);

/// What one kernel computes.
struct Dispatch {
  /// In program order; all but the last are used by later ones of this dispatch
  /// only. Results of the last one are the dispatch's results. An `ingot.contraction`
  /// or `ingot.convolution` comes first, its elementwise epilogue second.
  llvm::SmallVector<mlir::linalg::LinalgOp, 2> ops;

  mlir::linalg::LinalgOp root() const { return ops.front(); }
  mlir::linalg::LinalgOp last() const { return ops.back(); }
  /// The epilogue: a linalg.generic, all parallel, that reads the root's result
  /// through the identity map and writes through the identity map; its other
  /// inputs have projected-permutation maps. Null when there is none.
  mlir::linalg::GenericOp epilogue() const {
    return ops.size() > 1 ? llvm::cast<mlir::linalg::GenericOp>(mlir::linalg::LinalgOp(ops[1]).getOperation())
                          : mlir::linalg::GenericOp();
  }
};

/// What emitters ask of the lowering of the host program.
class KernelContext {
public:
  KernelContext(HostBuilder &host, mlir::ModuleOp module, const CodegenOptions &options)
      : host(host), module(module), options(options) {}
  virtual ~KernelContext();

  HostBuilder &host;
  mlir::ModuleOp module;
  const CodegenOptions &options;

  /// Where a tensor of the method stands. Function arguments come dense.
  virtual Buffer getBuffer(mlir::Value tensor) = 0;
  /// The same with row-major strides; copies (once per tensor) when it has others.
  virtual Buffer getDense(mlir::Value tensor) = 0;
  /// A host number (index, integer or float) of the method.
  virtual mlir::Value getScalar(mlir::Value scalar) = 0;
  /// The constant that fills the whole tensor (linalg.fill or a splat), else null.
  virtual mlir::TypedAttr getFillValue(mlir::Value tensor) = 0;
  /// Sizes of any tensor of the method, also of tensor.empty and fills.
  virtual llvm::SmallVector<mlir::AffineExpr> getSizes(mlir::Value tensor) = 0;

  /// Memory for a result of the dispatch, which then stands there. Row-major, but
  /// of a contraction whose only reader permutes it: then dense for that reader; and
  /// of a convolution around which a reader puts a border: then inside that border.
  virtual Buffer createResult(mlir::OpResult result) = 0;
  /// Whether createResult gives row-major memory.
  virtual bool isResultRowMajor(mlir::OpResult result) = 0;
  /// Scratch that lives until the next dispatch (arena memory).
  virtual Buffer createScratch(llvm::ArrayRef<mlir::AffineExpr> sizes, mlir::Type elementType) = 0;
  /// The dense memory of a graph.weight, e.g. of one packed by the emitter.
  virtual Buffer getWeight(mlir::FlatSymbolRefAttr name) = 0;

  /// A new kernel: func.func private @<name>(begin, end, operands...); `name` is
  /// made unique; kernels with equal bodies are merged later. The entry block is
  /// there, with its return; the caller fills it before the return.
  mlir::func::FuncOp createKernel(llvm::StringRef name, mlir::TypeRange operands);
  /// Runs it over [0, count) in chunks of at least `grain`.
  void launch(mlir::func::FuncOp kernel, mlir::AffineExpr count, mlir::AffineExpr grain, mlir::ValueRange operands);
  void launch(mlir::func::FuncOp kernel, mlir::Value count, mlir::Value grain, mlir::ValueRange operands);

  /// The buffer as a memref with its offset, sizes and strides (host code).
  mlir::Value asMemRef(const Buffer &buffer);
  /// Whether the strides are row-major (sizes of 1 do not count) and the offset is 0.
  bool isDense(const Buffer &buffer, bool anyOffset = false);
  llvm::SmallVector<mlir::AffineExpr> rowMajorStrides(llvm::ArrayRef<mlir::AffineExpr> sizes);

private:
  unsigned kernelCount = 0;
};

/// Reads element `indices` of a tensor from outside.
using ExtractFn = llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Value tensor, mlir::ValueRange indices)>;

/// Clones the body of a linalg op at `b`: `arguments` stand for the block
/// arguments (inputs, then outputs; null where unused), `indices` for
/// linalg.index. Scalars from outside are mapped by `captured`, tensor.extract
/// by `extract` (an epilogue of a contraction has none). Returns what the body
/// yields.
llvm::SmallVector<mlir::Value> cloneBody(mlir::OpBuilder &b, mlir::linalg::LinalgOp op, mlir::ValueRange arguments,
                                         mlir::ValueRange indices,
                                         llvm::function_ref<mlir::Value(mlir::Value)> captured,
                                         ExtractFn extract = nullptr);

/// Values that the body uses from outside, in order: scalars, and tensors that it
/// reads with tensor.extract. Constants are not among them.
llvm::SmallVector<mlir::Value> getCaptured(mlir::linalg::LinalgOp op);

/// Element of the flat memory of a tensor with memory type conversion: bool is i8 there.
mlir::Value loadElement(mlir::OpBuilder &b, mlir::Location loc, mlir::Value memory, mlir::Value index,
                        mlir::Type elementType);
void storeElement(mlir::OpBuilder &b, mlir::Location loc, mlir::Value value, mlir::Value memory, mlir::Value index);

/// What the lowering of the host program asks of a target besides emitters.
class Target {
public:
  virtual ~Target();
  /// Computes a dispatch of any linalg operations; emitters are tried inside.
  virtual mlir::LogicalResult emit(const Dispatch &dispatch, KernelContext &context) = 0;
  /// Whether a special emitter takes the contraction or convolution with this epilogue.
  virtual bool fusesEpilogue(const Dispatch &dispatch) = 0;
  virtual void emitCopy(const Buffer &from, const Buffer &to, KernelContext &context) = 0;
  /// `value`: a host scalar of the buffer's memory type.
  virtual void emitFill(mlir::Value value, const Buffer &to, KernelContext &context) = 0;
  /// `to` is `from` with `low` elements before it in each dimension and `value` around.
  virtual void emitPad(const Buffer &from, llvm::ArrayRef<mlir::AffineExpr> low, mlir::Value value, const Buffer &to,
                       KernelContext &context) = 0;
  /// The same where `from` is already the inside of `to`: the border only.
  virtual void emitBorder(const Buffer &from, llvm::ArrayRef<mlir::AffineExpr> low, mlir::Value value, const Buffer &to,
                          KernelContext &context) = 0;
};

class KernelEmitter {
public:
  virtual ~KernelEmitter();
  /// Decides by the tensor operations alone; also asked with the epilogue
  /// before it is fused.
  virtual bool matches(const Dispatch &dispatch) = 0;
  virtual mlir::LogicalResult emit(const Dispatch &dispatch, KernelContext &context) = 0;
};

} // namespace ingot::codegen

#endif
