//===- Contraction.cpp - matrix products as panel products ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Emitters.h"

#include "LoopKernel.h"
#include "PanelProduct.h"
#include "TileEpilogue.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;
using namespace ingot::cpu;

namespace {

/// The loops of a contraction by role. A is the operand with the rows, B the one
/// with the columns; the columns are the last dimension of the result.
struct ContractionDims {
  SmallVector<int64_t> batch, rows; // loop dimensions, in the result's order
  int64_t column, reduction;
  unsigned a, b; // operand numbers

  static std::optional<ContractionDims> infer(linalg::GenericOp op);
};

bool isZeroFilled(Value tensor) {
  auto fill = tensor.getDefiningOp<linalg::FillOp>();
  auto constant = fill ? fill.getInputs()[0].getDefiningOp<arith::ConstantOp>() : arith::ConstantOp();
  auto zero = constant ? dyn_cast<FloatAttr>(constant.getValue()) : FloatAttr();
  return zero && zero.getValue().isZero();
}

/// acc + x * y of the two inputs.
bool isMultiplyAdd(linalg::GenericOp op) {
  Block *body = op.getBody();
  auto add = body->getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  if (!add)
    return false;
  Value acc = body->getArgument(2);
  Value product = add.getLhs() == acc ? add.getRhs() : add.getRhs() == acc ? add.getLhs() : Value();
  auto mul = product ? product.getDefiningOp<arith::MulFOp>() : arith::MulFOp();
  Value x = body->getArgument(0), y = body->getArgument(1);
  return mul && ((mul.getLhs() == x && mul.getRhs() == y) || (mul.getLhs() == y && mul.getRhs() == x));
}

bool allF32(linalg::LinalgOp op) {
  return llvm::all_of(op->getOperandTypes(),
                      [](Type type) { return getElementTypeOrSelf(type).isF32() && isa<RankedTensorType>(type); });
}

std::optional<ContractionDims> ContractionDims::infer(linalg::GenericOp op) {
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 || op.getNumReductionLoops() != 1)
    return std::nullopt;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  for (AffineMap map : maps)
    if (!map.isProjectedPermutation())
      return std::nullopt;
  if (maps[2].getNumResults() == 0)
    return std::nullopt;
  auto uses = [&](unsigned operand, int64_t dim) { return maps[operand].isFunctionOfDim(dim); };
  ContractionDims dims;
  dims.column = maps[2].getDimPosition(maps[2].getNumResults() - 1);
  if (uses(0, dims.column) == uses(1, dims.column))
    return std::nullopt;
  dims.b = uses(0, dims.column) ? 0 : 1;
  dims.a = 1 - dims.b;
  SmallVector<unsigned> reductions;
  op.getReductionDims(reductions);
  dims.reduction = reductions.front();
  if (!uses(0, dims.reduction) || !uses(1, dims.reduction))
    return std::nullopt;
  for (unsigned i = 0; i + 1 < maps[2].getNumResults(); ++i) {
    int64_t dim = maps[2].getDimPosition(i);
    // The result is written row by row: its map must be the identity, which the
    // epilogue's identity map also rests on.
    if (dim != i)
      return std::nullopt;
    (uses(dims.b, dim) ? dims.batch : dims.rows).push_back(dim);
  }
  // Tiles take rows from the dimensions just before the columns.
  if (!dims.rows.empty() && !dims.batch.empty() && dims.batch.back() > dims.rows.front()) {
    // Rows before a batch dimension are batch dimensions of which B knows nothing.
    SmallVector<int64_t> rows;
    for (int64_t row : dims.rows)
      (row < dims.batch.back() ? dims.batch : rows).push_back(row);
    dims.rows = rows;
  }
  return dims;
}

class ContractionEmitter : public KernelEmitter {
public:
  explicit ContractionEmitter(const CodegenOptions &options) : shape(MicrokernelShape::get(options.vectorBits)) {}

  bool matches(const Dispatch &dispatch) override {
    auto op = dyn_cast<linalg::GenericOp>(dispatch.root().getOperation());
    return op && allF32(op) && ContractionDims::infer(op) && isMultiplyAdd(op) && isZeroFilled(op.getDpsInits()[0]) &&
           isTileEpilogue(dispatch);
  }

  LogicalResult emit(const Dispatch &dispatch, KernelContext &context) override {
    auto op = cast<linalg::GenericOp>(dispatch.root().getOperation());
    ContractionDims dims = *ContractionDims::infer(op);
    HostBuilder &host = context.host;
    Value aTensor = op->getOperand(dims.a), bTensor = op->getOperand(dims.b);
    AffineMap aMap = op.getIndexingMapsArray()[dims.a], bMap = op.getIndexingMapsArray()[dims.b];
    Buffer a = context.getBuffer(aTensor), b = context.getBuffer(bTensor);
    auto along = [&](const SmallVectorImpl<AffineExpr> &values, AffineMap map, int64_t dim) {
      for (auto [i, result] : llvm::enumerate(map.getResults()))
        if (int64_t(cast<AffineDimExpr>(result).getPosition()) == dim)
          return values[i];
      return host.expr(0);
    };
    // The reduction runs over neighbours of A.
    if (!host.isConstant(along(a.strides, aMap, dims.reduction), 1))
      a = copyReductionInnermost(a, aMap, dims, context);
    PanelProduct product;
    product.a = a;
    product.b = b;
    // A dimension may be the result's alone: a vector as a matrix of one row.
    SmallVector<AffineExpr> outSizes = context.getSizes(op.getDpsInits()[0]);
    AffineMap outMap = op.getIndexingMapsArray()[2];
    for (int64_t dim : dims.batch) {
      AffineExpr size = along(outSizes, outMap, dim);
      AffineExpr bStride = along(b.strides, bMap, dim);
      product.batch.push_back({size, along(a.strides, aMap, dim), bStride, dim});
      product.bBatch.push_back({bMap.isFunctionOfDim(dim) ? size : host.expr(1), bStride});
    }
    for (int64_t dim : dims.rows)
      product.rows.push_back({along(outSizes, outMap, dim), along(a.strides, aMap, dim), host.expr(0), dim});
    product.collapseRows = true;
    product.inner = along(a.sizes, aMap, dims.reduction);
    product.outer = product.middle = host.expr(1);
    product.outerStride = product.middleStride = host.expr(0);
    product.columns = along(b.sizes, bMap, dims.column);
    product.columnDim = dims.column;
    product.bReduction = {{product.inner, along(b.strides, bMap, dims.reduction)}};
    product.bColumnStride = along(b.strides, bMap, dims.column);
    return emitPanelProduct(std::move(product), dispatch, context, shape, "matmul_f32");
  }

private:
  /// A copy of A whose last dimension is the reduction's; its sizes and strides
  /// keep the order of A's map.
  Buffer copyReductionInnermost(const Buffer &a, AffineMap map, const ContractionDims &dims, KernelContext &context) {
    SmallVector<unsigned> order;
    unsigned last = 0;
    for (auto [i, result] : llvm::enumerate(map.getResults())) {
      if (int64_t(cast<AffineDimExpr>(result).getPosition()) == dims.reduction)
        last = i;
      else
        order.push_back(i);
    }
    order.push_back(last);
    Buffer source = a, target;
    for (auto [k, i] : llvm::enumerate(order)) {
      source.sizes[k] = a.sizes[i];
      source.strides[k] = a.strides[i];
    }
    target = context.createScratch(source.sizes, a.getElementType());
    emitCopyLoops(source, target, context);
    Buffer result = target;
    for (auto [k, i] : llvm::enumerate(order)) {
      result.sizes[i] = target.sizes[k];
      result.strides[i] = target.strides[k];
    }
    return result;
  }

  MicrokernelShape shape;
};

} // namespace

std::unique_ptr<KernelEmitter> cpu::createContractionEmitter(const CodegenOptions &options) {
  return std::make_unique<ContractionEmitter>(options);
}
