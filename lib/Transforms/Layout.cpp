//===- Layout.cpp - images with the channels last ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every two-dimensional operator becomes channels_last between a permute and
// its inverse; inverses move down through everything that does not care, and
// meet the next operator's permute. A network keeps one at its start.
#include "GraphRewrite.h"
#include "dialects/Graph/SizeExpressions.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::transforms;

namespace {

const int64_t kToLast[] = {0, 2, 3, 1}, kToFirst[] = {0, 3, 1, 2};

/// The operand of a permute from channels last to channels first.
Value lastOf(Value v) {
  auto op = v.getDefiningOp<graph::PermuteOp>();
  return op && op.getPermutation() == ArrayRef(kToFirst) && knownSizes(op.getInput()) ? op.getInput() : Value();
}

SmallVector<AffineExpr> lastSizes(Value v) {
  SmallVector<AffineExpr> sizes = graph::getSizes(typeOf(v));
  return permuted<AffineExpr>(sizes, kToLast);
}

template <typename Op>
struct ToChannelsLast : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    if (op.getChannelsLast() || typeOf(op.getInput()).getRank() != 4 || !knownSizes(op.getInput()) ||
        !knownSizes(op.getResult()))
      return failure();
    Location loc = op.getLoc();
    Value in = permute(b, loc, op.getInput(), kToLast);
    auto type = graph::getTensorType(lastSizes(op.getResult()), typeOf(op.getResult()).getElementType());
    auto other = cast<Op>(b.clone(*op));
    other->setOperand(0, in);
    other->getResult(0).setType(type);
    other.setChannelsLast(true);
    b.replaceOp(op, permute(b, loc, other->getResult(0), kToFirst));
    return success();
  }
};

/// The operands of `op` with channels last, if that moves no more tensors than
/// it saves.
std::optional<SmallVector<Value>> lastOperands(Operation *op, ValueRange operands, PatternRewriter &b) {
  int saved = 0, moved = 0;
  for (Value v : operands) {
    if (typeOf(v).getRank() != 4 || !knownSizes(v))
      return std::nullopt;
    Operation *def = v.getDefiningOp();
    if (lastOf(v))
      ++saved;
    else if (!isa_and_nonnull<graph::ConstantOp, graph::FullOp, graph::ExpandOp>(def))
      ++moved;
  }
  if (saved == 0 || moved > saved)
    return std::nullopt;
  SmallVector<Value> result;
  for (Value v : operands) {
    Value last = lastOf(v);
    if (!last)
      last = permuteBroadcast(b, op->getLoc(), v, kToLast);
    if (!last)
      last = permute(b, op->getLoc(), v, kToLast);
    result.push_back(last);
  }
  return result;
}

struct SinkThroughElementwise : RewritePattern {
  SinkThroughElementwise(MLIRContext *c) : RewritePattern(MatchAnyOpTypeTag(), 1, c) {}
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &b) const override {
    if (!isElementwise(op) || typeOf(op->getResult(0)).getRank() != 4 || !knownSizes(op->getResult(0)))
      return failure();
    auto operands = lastOperands(op, op->getOperands(), b);
    if (!operands)
      return failure();
    Value result = cloneElementwise(b, op, *operands, lastSizes(op->getResult(0)));
    b.replaceOp(op, permute(b, op->getLoc(), result, kToFirst));
    return success();
  }
};

struct SinkThroughConcat : OpRewritePattern<graph::ConcatOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(graph::ConcatOp op, PatternRewriter &b) const override {
    if (typeOf(op.getResult()).getRank() != 4 || !knownSizes(op.getResult()))
      return failure();
    auto operands = lastOperands(op, op.getInputs(), b);
    if (!operands)
      return failure();
    auto type = graph::getTensorType(lastSizes(op.getResult()), typeOf(op.getResult()).getElementType());
    Value result = graph::ConcatOp::create(b, op.getLoc(), type, *operands, kToFirst[op.getDim()]);
    b.replaceOp(op, permute(b, op.getLoc(), result, kToFirst));
    return success();
  }
};

struct SinkThroughPad : OpRewritePattern<graph::PadOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(graph::PadOp op, PatternRewriter &b) const override {
    Value last = lastOf(op.getInput());
    if (!last || !knownSizes(op.getResult()))
      return failure();
    auto type = graph::getTensorType(lastSizes(op.getResult()), typeOf(op.getResult()).getElementType());
    Value result =
        graph::PadOp::create(b, op.getLoc(), type, last, op.getValue(), permuted<int64_t>(op.getLow(), kToLast),
                             permuted<int64_t>(op.getHigh(), kToLast), op.getMode());
    b.replaceOp(op, permute(b, op.getLoc(), result, kToFirst));
    return success();
  }
};

struct SinkThroughSlice : OpRewritePattern<graph::SliceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(graph::SliceOp op, PatternRewriter &b) const override {
    Value last = lastOf(op.getInput());
    if (!last || !knownSizes(op.getResult()))
      return failure();
    auto type = graph::getTensorType(lastSizes(op.getResult()), typeOf(op.getResult()).getElementType());
    Value result =
        graph::SliceOp::create(b, op.getLoc(), type, last, op.getStart(), kToFirst[op.getDim()], op.getStep());
    b.replaceOp(op, permute(b, op.getLoc(), result, kToFirst));
    return success();
  }
};

template <typename Op>
struct SinkThroughReduction : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    Value last = lastOf(op.getInput());
    if (!last || !knownSizes(op.getResult()))
      return failure();
    SmallVector<int64_t> dims;
    for (int64_t d : op.getDims())
      dims.push_back(kToFirst[d]);
    llvm::sort(dims);
    SmallVector<AffineExpr> in = graph::getSizes(typeOf(last)), sizes;
    SmallVector<int64_t> kept; // dimensions of `last` that stay
    for (int64_t d = 0; d < 4; ++d) {
      bool reduced = llvm::is_contained(dims, d);
      if (!reduced)
        kept.push_back(d);
      if (!reduced)
        sizes.push_back(in[d]);
      else if (op.getKeepdim())
        sizes.push_back(b.getAffineConstantExpr(1));
    }
    Type element = typeOf(op.getResult()).getElementType();
    Value result = Op::create(b, op.getLoc(), graph::getTensorType(sizes, element), last, dims, op.getKeepdim());
    if (op.getKeepdim()) {
      result = permute(b, op.getLoc(), result, kToFirst);
    } else {
      SmallVector<int64_t> order;
      for (int64_t d = 0; d < 4; ++d)
        if (!llvm::is_contained(op.getDims(), d))
          order.push_back(llvm::find(kept, kToFirst[d]) - kept.begin());
      result = permute(b, op.getLoc(), result, order);
    }
    b.replaceOp(op, result);
    return success();
  }
};

/// [N, C, H, W] -> [N, C, H * W] and the like: dimensions that stay neighbours
/// merge before the permute.
struct SinkThroughReshape : OpRewritePattern<graph::ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(graph::ReshapeOp op, PatternRewriter &b) const override {
    Value last = lastOf(op.getInput());
    auto from = knownSizes(op.getInput()), to = knownSizes(op.getResult());
    if (!last || !from || !to)
      return failure();
    // Result dimensions as runs [begin, end) of the input's.
    SmallVector<std::pair<int64_t, int64_t>> runs;
    size_t next = 0;
    for (AffineExpr size : *to) {
      size_t begin = next;
      AffineExpr product = b.getAffineConstantExpr(1);
      do {
        if (next == from->size())
          return failure();
        product = graph::simplifySize(product * (*from)[next++]);
      } while (product != graph::simplifySize(size));
      for (size_t i = begin + 1; i < next; ++i)
        if (kToFirst[i] != kToFirst[i - 1] + 1)
          return failure();
      runs.push_back({begin, next});
    }
    if (next != from->size())
      return failure();
    // The runs in the order of `last`.
    SmallVector<int64_t> order(runs.size());
    std::iota(order.begin(), order.end(), 0);
    llvm::sort(order, [&](int64_t x, int64_t y) { return kToFirst[runs[x].first] < kToFirst[runs[y].first]; });
    Value result = reshapeTo(b, op.getLoc(), last, permuted<AffineExpr>(*to, order));
    b.replaceOp(op, permute(b, op.getLoc(), result, inverse(order)));
    return success();
  }
};

/// A permute that moves only 1s is a reshape.
struct UnitPermute : OpRewritePattern<graph::PermuteOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(graph::PermuteOp op, PatternRewriter &b) const override {
    auto in = knownSizes(op.getInput());
    if (!in)
      return failure();
    int64_t previous = -1;
    for (int64_t dim : op.getPermutation()) {
      if (isOne((*in)[dim]))
        continue;
      if (dim < previous)
        return failure();
      previous = dim;
    }
    b.replaceOp(op, reshapeTo(b, op.getLoc(), op.getInput(), graph::getSizes(typeOf(op.getResult()))));
    return success();
  }
};

} // namespace

void transforms::addLayoutPatterns(RewritePatternSet &patterns) {
  MLIRContext *c = patterns.getContext();
  patterns
      .add<ToChannelsLast<graph::ConvolutionOp>, ToChannelsLast<graph::ConvTransposeOp>,
           ToChannelsLast<graph::MaxPoolOp>, ToChannelsLast<graph::MaxPoolIndicesOp>, ToChannelsLast<graph::AvgPoolOp>,
           ToChannelsLast<graph::AdaptiveAvgPoolOp>, ToChannelsLast<graph::AdaptiveMaxPoolOp>,
           ToChannelsLast<graph::ResizeOp>, SinkThroughElementwise, SinkThroughConcat, SinkThroughPad, SinkThroughSlice,
           SinkThroughReduction<graph::SumOp>, SinkThroughReduction<graph::AmaxOp>, SinkThroughReduction<graph::AminOp>,
           SinkThroughReshape, UnitPermute>(c);
}
