//===- Simplify.cpp - what stands between products and loops ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kept dimensions of reductions come back as views only where somebody wants
// them: statistics ([B, S, 1] of a normalisation) are computed as [B, S], and
// the reshape meets the expand that reads it.
#include "ConstantTensor.h"
#include "GraphRewrite.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::transforms;

namespace {

template <typename Op>
struct DropKeptDims : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    if (!op.getKeepdim() || !knownSizes(op.getResult()))
      return failure();
    SmallVector<AffineExpr> out = graph::getSizes(typeOf(op.getResult())), sizes;
    for (auto [i, expr] : llvm::enumerate(out))
      if (!llvm::is_contained(op.getDims(), int64_t(i)))
        sizes.push_back(expr);
    auto type = graph::getTensorType(sizes, typeOf(op.getResult()).getElementType());
    Value result = Op::create(b, op.getLoc(), type, op.getInput(), op.getDims(), false);
    b.replaceOp(op, reshapeTo(b, op.getLoc(), result, out));
    return success();
  }
};

/// The dimensions of `to` that are not in `from`, when a reshape only adds 1s.
std::optional<SmallVector<bool>> addedOnes(ArrayRef<AffineExpr> from, ArrayRef<AffineExpr> to) {
  SmallVector<bool> added;
  size_t i = 0;
  for (AffineExpr size : to) {
    bool matches = i < from.size() && from[i] == size;
    if (!matches && !isOne(size))
      return std::nullopt;
    added.push_back(!matches);
    i += matches;
  }
  if (i != from.size() || from.size() == to.size())
    return std::nullopt;
  return added;
}

struct SinkUnitReshape : RewritePattern {
  SinkUnitReshape(MLIRContext *c) : RewritePattern(MatchAnyOpTypeTag(), 1, c) {}
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &b) const override {
    if (!isElementwise(op) || !knownSizes(op->getResult(0)))
      return failure();
    SmallVector<AffineExpr> out = graph::getSizes(typeOf(op->getResult(0)));
    std::optional<SmallVector<bool>> added;
    SmallVector<AffineExpr> sizes;
    for (Value operand : op->getOperands()) {
      auto reshape = operand.getDefiningOp<graph::ReshapeOp>();
      if (!reshape || !knownSizes(reshape.getInput()))
        continue;
      sizes = graph::getSizes(typeOf(reshape.getInput()));
      added = addedOnes(sizes, out);
      if (added)
        break;
    }
    if (!added)
      return failure();
    // All operands first: nothing is made when one cannot follow.
    for (Value operand : op->getOperands()) {
      auto known = knownSizes(operand);
      Operation *def = operand.getDefiningOp();
      auto reshape = dyn_cast_or_null<graph::ReshapeOp>(def);
      bool same = reshape && graph::getSizes(typeOf(reshape.getInput())) == sizes;
      bool broadcast = isa_and_nonnull<graph::FullOp, graph::ExpandOp>(def);
      if (auto constant = dyn_cast_or_null<graph::ConstantOp>(def)) {
        auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
        broadcast = dense && dense.isSplat();
      }
      if (!known || !(same || broadcast))
        return failure();
    }
    SmallVector<Value> operands;
    for (Value operand : op->getOperands()) {
      auto reshape = operand.getDefiningOp<graph::ReshapeOp>();
      Value reduced = reshape ? Value(reshape.getInput()) : dropFromBroadcast(b, op->getLoc(), operand, *added);
      if (!reduced)
        return failure();
      operands.push_back(reduced);
    }
    Value result = cloneElementwise(b, op, operands, sizes);
    b.replaceOp(op, reshapeTo(b, op->getLoc(), result, out));
    return success();
  }
};

/// reshape([B * S, K] x [K, N]) to [B, S, N] of a reshaped [B, S, K]: without
/// the reshapes, which stand between the product and its epilogue.
struct UnflattenMatmul : OpRewritePattern<graph::ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(graph::ReshapeOp op, PatternRewriter &b) const override {
    auto product = op.getInput().getDefiningOp<graph::MatmulOp>();
    if (!product || !product->hasOneUse() || typeOf(product.getResult()).getRank() != 2)
      return failure();
    auto flat = product.getLhs().getDefiningOp<graph::ReshapeOp>();
    if (!flat)
      return failure();
    auto in = knownSizes(flat.getInput()), out = knownSizes(op.getResult());
    auto weight = knownSizes(product.getRhs());
    if (!in || !out || !weight || in->size() != out->size() || in->size() < 3 ||
        ArrayRef(*in).drop_back() != ArrayRef(*out).drop_back() || in->back() != (*weight)[0] ||
        out->back() != (*weight)[1])
      return failure();
    SmallVector<AffineExpr> batched(in->begin(), in->end() - 2);
    batched.append(weight->begin(), weight->end());
    Value rhs = expandTo(b, op.getLoc(), product.getRhs(), batched);
    b.replaceOp(op, graph::MatmulOp::create(b, product.getLoc(), op.getType(), flat.getInput(), rhs));
    return success();
  }
};

/// Rows chosen by 0, 1, 2, ... (positions of an embedding) are a slice.
struct SelectIota : OpRewritePattern<graph::IndexSelectOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(graph::IndexSelectOp op, PatternRewriter &b) const override {
    Value index = op.getIndex();
    RankedTensorType indexType = typeOf(index);
    Value start;
    if (auto slice = index.getDefiningOp<graph::SliceOp>()) {
      if (slice.getStep() != 1 || slice.getDim() != indexType.getRank() - 1)
        return failure();
      start = slice.getStart();
      index = slice.getInput();
    }
    auto type = typeOf(index);
    auto rows = dyn_cast_or_null<AffineConstantExpr>(graph::getSizes(typeOf(op.getInput()))[op.getDim()]);
    auto sizes = knownSizes(op.getResult());
    if (!rows || !sizes || !type.hasStaticShape() || type.getRank() == 0 ||
        type.getNumElements() != type.getShape().back() || type.getNumElements() > rows.getValue() || !isIota(index))
      return failure();
    if (!start)
      start = arith::ConstantIndexOp::create(b, op.getLoc(), 0);
    // The index's other dimensions are 1s.
    int64_t dim = op.getDim(), rank = indexType.getRank();
    SmallVector<AffineExpr> sliced(*sizes);
    sliced.erase(sliced.begin() + dim, sliced.begin() + dim + rank - 1);
    auto slicedType = graph::getTensorType(sliced, typeOf(op.getInput()).getElementType());
    Value result = graph::SliceOp::create(b, op.getLoc(), slicedType, op.getInput(), start, dim, 1);
    b.replaceOp(op, reshapeTo(b, op.getLoc(), result, *sizes));
    return success();
  }

  static bool isIota(Value index) {
    if (auto iota = index.getDefiningOp<graph::IotaOp>())
      return iota.getDim() == typeOf(index).getRank() - 1;
    Operation *def = index.getDefiningOp();
    if (!def || !isa<graph::ConstantOp, graph::GetWeightOp>(def) || !typeOf(index).getElementType().isInteger(64))
      return false;
    ConstantReader reader(def->getParentOfType<ModuleOp>());
    const ConstantTensor *tensor = reader.read(index);
    if (!tensor || !tensor->isContiguous())
      return false;
    const auto *values = reinterpret_cast<const int64_t *>(tensor->data);
    for (int64_t i = 0, n = tensor->count(); i < n; ++i)
      if (values[i] != i)
        return false;
    return true;
  }
};

} // namespace

void transforms::addSimplifyPatterns(RewritePatternSet &patterns) {
  MLIRContext *c = patterns.getContext();
  patterns.add<DropKeptDims<graph::SumOp>, DropKeptDims<graph::ProdOp>, DropKeptDims<graph::AmaxOp>,
               DropKeptDims<graph::AminOp>, DropKeptDims<graph::AnyOp>, DropKeptDims<graph::AllOp>, SinkUnitReshape,
               UnflattenMatmul, SelectIota>(c);
}
