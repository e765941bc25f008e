//===- Decompose.cpp - operators in terms of simpler ones -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What has no kernel of its own becomes what has one: one-dimensional
// convolutions are two-dimensional ones of height 1, transposed convolutions are
// matrix products or convolutions, pooling to one element is a mean.
#include "GraphRewrite.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::transforms;

namespace {

SmallVector<int64_t> withFront(int64_t value, ArrayRef<int64_t> rest) {
  SmallVector<int64_t> result{value};
  llvm::append_range(result, rest);
  return result;
}

/// [N, C, L] -> [N, C, 1, L].
Value addHeight(OpBuilder &b, Location loc, Value v) {
  SmallVector<AffineExpr> sizes = graph::getSizes(typeOf(v));
  sizes.insert(sizes.begin() + 2, b.getAffineConstantExpr(1));
  return reshapeTo(b, loc, v, sizes);
}

RankedTensorType withHeight(OpBuilder &b, RankedTensorType type) {
  SmallVector<AffineExpr> sizes = graph::getSizes(type);
  sizes.insert(sizes.begin() + 2, b.getAffineConstantExpr(1));
  return graph::getTensorType(sizes, type.getElementType());
}

bool isLine(Operation *op) {
  return typeOf(op->getOperand(0)).getRank() == 3 && !op->hasAttr("channels_last") && knownSizes(op->getOperand(0)) &&
         knownSizes(op->getOperand(1)) && knownSizes(op->getResult(0));
}

struct Convolution1D : OpRewritePattern<graph::ConvolutionOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(graph::ConvolutionOp op, PatternRewriter &b) const override {
    if (!isLine(op))
      return failure();
    Location loc = op.getLoc();
    Value result = graph::ConvolutionOp::create(b, loc, withHeight(b, typeOf(op.getResult())),
                                                addHeight(b, loc, op.getInput()), addHeight(b, loc, op.getWeight()),
                                                withFront(1, op.getStride()), withFront(0, op.getPadding()),
                                                withFront(1, op.getDilation()), op.getGroups(), false);
    b.replaceOp(op, reshapeTo(b, loc, result, graph::getSizes(typeOf(op.getResult()))));
    return success();
  }
};

struct ConvTranspose1D : OpRewritePattern<graph::ConvTransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(graph::ConvTransposeOp op, PatternRewriter &b) const override {
    if (!isLine(op))
      return failure();
    Location loc = op.getLoc();
    Value result = graph::ConvTransposeOp::create(
        b, loc, withHeight(b, typeOf(op.getResult())), addHeight(b, loc, op.getInput()),
        addHeight(b, loc, op.getWeight()), withFront(1, op.getStride()), withFront(0, op.getPadding()),
        withFront(1, op.getDilation()), withFront(0, op.getOutputPadding()), op.getGroups(), false);
    b.replaceOp(op, reshapeTo(b, loc, result, graph::getSizes(typeOf(op.getResult()))));
    return success();
  }
};

const int64_t kToLast[] = {0, 2, 3, 1}, kToFirst[] = {0, 3, 1, 2};

struct ConvTranspose2D : OpRewritePattern<graph::ConvTransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(graph::ConvTransposeOp op, PatternRewriter &b) const override {
    RankedTensorType weightType = typeOf(op.getWeight());
    if (weightType.getRank() != 4 || op.getChannelsLast() || !weightType.hasStaticShape() ||
        !knownSizes(op.getInput()) || !knownSizes(op.getResult()))
      return failure();
    bool simple = op.getGroups() == 1;
    for (int i = 0; i < 2; ++i)
      simple &= op.getStride()[i] == weightType.getDimSize(2 + i) && op.getPadding()[i] == 0 &&
                op.getDilation()[i] == 1 && op.getOutputPadding()[i] == 0;
    Location loc = op.getLoc();
    Value x = permute(b, loc, op.getInput(), kToLast);
    Value y = simple ? disjointWindows(b, op, x) : general(b, op, x);
    b.replaceOp(op, permute(b, loc, y, kToFirst));
    return success();
  }

  /// Windows that do not meet: every input pixel makes its own block by a
  /// product with [C, KH * KW * F].
  static Value disjointWindows(PatternRewriter &b, graph::ConvTransposeOp op, Value x) {
    Location loc = op.getLoc();
    ArrayRef<int64_t> w = typeOf(op.getWeight()).getShape();
    auto c = [&](int64_t v) { return b.getAffineConstantExpr(v); };
    Value weight = permute(b, loc, op.getWeight(), {0, 2, 3, 1});
    weight = reshapeTo(b, loc, weight, {c(w[0]), c(w[2] * w[3] * w[1])});
    SmallVector<AffineExpr> in = graph::getSizes(typeOf(x)); // N, H, W, C
    weight = expandTo(b, loc, weight, {in[0], in[1], c(w[0]), c(w[2] * w[3] * w[1])});
    Type element = typeOf(x).getElementType();
    Value product = graph::MatmulOp::create(
        b, loc, graph::getTensorType({in[0], in[1], in[2], c(w[2] * w[3] * w[1])}, element), x, weight);
    Value blocks = reshapeTo(b, loc, product, {in[0], in[1], in[2], c(w[2]), c(w[3]), c(w[1])});
    blocks = permute(b, loc, blocks, {0, 1, 3, 2, 4, 5});
    return reshapeTo(b, loc, blocks, {in[0], in[1] * w[2], in[2] * w[3], c(w[1])});
  }

  /// A convolution of the input with stride - 1 zeros between its elements, by
  /// the kernel turned round.
  static Value general(PatternRewriter &b, graph::ConvTransposeOp op, Value x) {
    Location loc = op.getLoc();
    ArrayRef<int64_t> w = typeOf(op.getWeight()).getShape(), stride = op.getStride();
    int64_t groups = op.getGroups();
    Type element = typeOf(x).getElementType();
    auto c = [&](int64_t v) { return b.getAffineConstantExpr(v); };
    RankedTensorType scalar = RankedTensorType::get({}, element);
    DenseElementsAttr nothing;
    if (auto complex = dyn_cast<ComplexType>(element)) {
      APFloat part = APFloat::getZero(cast<FloatType>(complex.getElementType()).getFloatSemantics());
      nothing = DenseElementsAttr::get(scalar, std::complex<APFloat>(part, part));
    } else {
      nothing = DenseElementsAttr::get(scalar, b.getZeroAttr(element));
    }
    Value zero = graph::ConstantOp::create(b, loc, scalar, nothing);
    SmallVector<AffineExpr> in = graph::getSizes(typeOf(x));
    if (stride[0] > 1 || stride[1] > 1) {
      x = reshapeTo(b, loc, x, {in[0], in[1], c(1), in[2], c(1), in[3]});
      SmallVector<AffineExpr> spread{in[0], in[1], c(stride[0]), in[2], c(stride[1]), in[3]};
      x = graph::PadOp::create(b, loc, graph::getTensorType(spread, element), x, zero,
                               ArrayRef<int64_t>{0, 0, 0, 0, 0, 0},
                               ArrayRef<int64_t>{0, 0, stride[0] - 1, 0, stride[1] - 1, 0}, "constant");
      in[1] = in[1] * stride[0];
      in[2] = in[2] * stride[1];
      x = reshapeTo(b, loc, x, in);
    }
    SmallVector<int64_t> low{0}, high{0};
    for (int i = 0; i < 2; ++i) {
      int64_t reach = op.getDilation()[i] * (w[2 + i] - 1);
      low.push_back(reach - op.getPadding()[i]);
      high.push_back(reach - op.getPadding()[i] + op.getOutputPadding()[i] - (stride[i] - 1));
      in[1 + i] = in[1 + i] + (low.back() + high.back());
    }
    low.push_back(0);
    high.push_back(0);
    x = graph::PadOp::create(b, loc, graph::getTensorType(in, element), x, zero, low, high, "constant");
    // [C, F / g, KH, KW] -> [F, C / g, KH, KW], turned round.
    Value weight = op.getWeight();
    weight = reshapeTo(b, loc, weight, {c(groups), c(w[0] / groups), c(w[1]), c(w[2]), c(w[3])});
    weight = permute(b, loc, weight, {0, 2, 1, 3, 4});
    weight = reshapeTo(b, loc, weight, {c(groups * w[1]), c(w[0] / groups), c(w[2]), c(w[3])});
    weight = graph::FlipOp::create(b, loc, weight.getType(), weight, ArrayRef<int64_t>{2, 3});
    SmallVector<AffineExpr> out = graph::getSizes(typeOf(op.getResult()));
    auto type = graph::getTensorType(permuted<AffineExpr>(out, kToLast), element);
    return graph::ConvolutionOp::create(b, loc, type, x, weight, ArrayRef<int64_t>{1, 1}, ArrayRef<int64_t>{0, 0},
                                        op.getDilation(), groups, true);
  }
};

struct AdaptiveAveragePool : OpRewritePattern<graph::AdaptiveAvgPoolOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(graph::AdaptiveAvgPoolOp op, PatternRewriter &b) const override {
    auto in = knownSizes(op.getInput()), out = knownSizes(op.getResult());
    Type element = typeOf(op.getResult()).getElementType();
    // f16 sums could overflow before the division.
    if (!in || !out || !(element.isF32() || element.isF64()))
      return failure();
    Location loc = op.getLoc();
    size_t first = op.getChannelsLast() ? 1 : 2, spatial = in->size() - 2;
    SmallVector<int64_t> dims, kernel, padding(spatial, 0);
    bool single = true, even = true;
    for (size_t i = 0; i < spatial; ++i) {
      dims.push_back(first + i);
      single &= isOne((*out)[first + i]);
      auto a = dyn_cast<AffineConstantExpr>((*in)[first + i]);
      auto c = dyn_cast<AffineConstantExpr>((*out)[first + i]);
      even &= a && c && c.getValue() > 0 && a.getValue() % c.getValue() == 0 && a.getValue() > 0;
      if (even)
        kernel.push_back(a.getValue() / c.getValue());
    }
    if (!single && even) {
      b.replaceOp(op, graph::AvgPoolOp::create(b, loc, op.getType(), op.getInput(), kernel, kernel, padding, true,
                                               IntegerAttr(), op.getChannelsLast()));
      return success();
    }
    if (!single)
      return failure();
    Value sum = graph::SumOp::create(b, loc, op.getType(), op.getInput(), dims, true);
    Value count;
    auto scalar = RankedTensorType::get({}, element);
    if (even) {
      int64_t n = 1;
      for (int64_t k : kernel)
        n *= k;
      count =
          graph::ConstantOp::create(b, loc, scalar, DenseElementsAttr::get(scalar, b.getFloatAttr(element, double(n))));
    } else {
      Value n = arith::ConstantIndexOp::create(b, loc, 1);
      for (int64_t d : dims)
        n = arith::MulIOp::create(b, loc, n, graph::DimOp::create(b, loc, op.getInput(), d));
      count = graph::FromScalarOp::create(b, loc, scalar, n);
    }
    count = graph::ExpandOp::create(b, loc, op.getType(), count);
    b.replaceOpWithNewOp<graph::DivOp>(op, op.getType(), sum, count);
    return success();
  }
};

} // namespace

void transforms::addDecomposePatterns(RewritePatternSet &patterns) {
  patterns.add<Convolution1D, ConvTranspose1D, ConvTranspose2D, AdaptiveAveragePool>(patterns.getContext());
}
