//===- Convolution.cpp - convolutions ---------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// linalg.generic over the padded input. Two-dimensional channels_last ones are
// tagged `ingot.convolution` for the tiled kernels; the rest are plain loops
// (the layout pass turns one and two dimensions into that form before).
#include "Contraction.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

Value lowering::padSpatial(Lowering &l, Value tensor, ArrayRef<OpFoldResult> low, ArrayRef<OpFoldResult> high,
                           Value padding) {
  auto isZero = [](OpFoldResult ofr) { return isConstantIntValue(ofr, 0); };
  if (llvm::all_of(low, isZero) && llvm::all_of(high, isZero))
    return tensor;
  return tensor::PadOp::create(l.b, Type(), tensor, low, high, padding).getResult();
}

/// Groups of a size known at run time only: no affine map finds a group's input
/// channels, so that the body reads the (padded) input by itself.
static Value gatherGroups(graph::ConvolutionOp op, Lowering &l, Value input, ArrayRef<OpFoldResult> sizes,
                          const ImageLayout &layout, AffineMap weightMap, AffineMap outMap,
                          ArrayRef<utils::IteratorType> iterators) {
  ImplicitLocOpBuilder &b = l.b;
  unsigned spatial = layout.spatial, rank = spatial + 2;
  SmallVector<OpFoldResult> weightSizes = l.sizes(op.getWeight());
  Value inPerGroup = l.toValue(weightSizes[1]);
  Value outPerGroup = arith::DivUIOp::create(b, l.toValue(weightSizes[0]), Scalar(b).index(op.getGroups()));
  Type own = plainType(l.graphType(op.getInput())).getElementType(), accumulator = accumulatorType(own);
  auto generic = l.generic(l.get(op.getWeight()), l.zeros(sizes, accumulator), {weightMap, outMap}, iterators,
                           [&](ImplicitLocOpBuilder &b, ValueRange args) {
                             Scalar s(b);
                             auto loop = [&](unsigned d) -> Value { return linalg::IndexOp::create(b, d); };
                             Value group = arith::DivUIOp::create(b, loop(spatial + 1), outPerGroup);
                             SmallVector<Value> at(rank);
                             at[0] = loop(0);
                             at[layout.channel()] = s.add(s.mul(group, inPerGroup), loop(2 * spatial + 2));
                             for (unsigned i = 0; i < spatial; ++i)
                               at[layout.space(i)] = s.add(s.mul(loop(1 + i), s.index(op.getStride()[i])),
                                                           s.mul(loop(spatial + 2 + i), s.index(op.getDilation()[i])));
                             Value x = tensor::ExtractOp::create(b, input, at);
                             Value product = s.mul(s.cast(x, own, accumulator), s.cast(args[0], own, accumulator));
                             return SmallVector<Value>{s.add(args[1], product)};
                           });
  Value result = generic.getResult(0);
  if (accumulator == own)
    return result;
  return l.parallel(sizes, own, result, l.identity(rank), [&](ImplicitLocOpBuilder &b, ValueRange args) {
    return SmallVector<Value>{Scalar(b).cast(args[0], accumulator, own)};
  });
}

static LogicalResult lowerConvolution(graph::ConvolutionOp op, Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  RankedTensorType inputType = l.graphType(op.getInput()), type = l.resultType(op);
  RankedTensorType weightType = l.graphType(op.getWeight());
  unsigned rank = type.getRank();
  ImageLayout layout(rank, op.getChannelsLast());
  unsigned spatial = layout.spatial;
  int64_t groups = op.getGroups();
  int64_t inPerGroup = weightType.getDimSize(1), outChannels = weightType.getDimSize(0);
  bool fixed = !ShapedType::isDynamic(inPerGroup) && !ShapedType::isDynamic(outChannels);
  int64_t outPerGroup = fixed ? outChannels / groups : 0;
  bool depthwise = fixed && groups > 1 && inPerGroup == 1 && outPerGroup == 1;

  SmallVector<OpFoldResult> low(rank, b.getIndexAttr(0)), high = low;
  for (unsigned i = 0; i < spatial; ++i)
    low[layout.space(i)] = high[layout.space(i)] = b.getIndexAttr(op.getPadding()[i]);
  Type element = plainType(inputType).getElementType();
  Value input = padSpatial(l, l.get(op.getInput()), low, high, Scalar(b).zero(element));

  // Loops: n, out..., f, kernel..., c (depthwise has no c).
  auto dim = [&](unsigned i) { return b.getAffineDimExpr(i); };
  AffineExpr n = dim(0), f = dim(spatial + 1), c = dim(2 * spatial + 2);
  unsigned loops = depthwise ? 2 * spatial + 2 : 2 * spatial + 3;
  SmallVector<AffineExpr> in(rank), out(rank), weight{f};
  in[0] = out[0] = n;
  out[layout.channel()] = f;
  if (depthwise) {
    in[layout.channel()] = f;
    weight.push_back(b.getAffineConstantExpr(0));
  } else {
    in[layout.channel()] = groups == 1 ? c : f.floorDiv(outPerGroup) * inPerGroup + c;
    weight.push_back(c);
  }
  for (unsigned i = 0; i < spatial; ++i) {
    AffineExpr o = dim(1 + i), k = dim(spatial + 2 + i);
    in[layout.space(i)] = o * op.getStride()[i] + k * op.getDilation()[i];
    out[layout.space(i)] = o;
    weight.push_back(k);
  }
  SmallVector<utils::IteratorType> iterators(loops, utils::IteratorType::reduction);
  std::fill_n(iterators.begin(), spatial + 2, utils::IteratorType::parallel);
  MLIRContext *context = b.getContext();
  if (groups > 1 && !fixed) {
    l.set(op.getResult(), gatherGroups(op, l, input, *sizes, layout, AffineMap::get(loops, 0, weight, context),
                                       AffineMap::get(loops, 0, out, context), iterators));
    return success();
  }
  Attribute tag = b.getDictionaryAttr({b.getNamedAttr("stride", b.getDenseI64ArrayAttr(op.getStride())),
                                       b.getNamedAttr("dilation", b.getDenseI64ArrayAttr(op.getDilation())),
                                       b.getNamedAttr("groups", b.getI64IntegerAttr(groups))});
  bool tiled = spatial == 2 && op.getChannelsLast();
  l.set(op.getResult(), contract(l, {input, l.get(op.getWeight())}, *sizes,
                                 {AffineMap::get(loops, 0, in, context), AffineMap::get(loops, 0, weight, context),
                                  AffineMap::get(loops, 0, out, context)},
                                 iterators, tiled ? "ingot.convolution" : "ingot.window", tag));
  return success();
}

// The gradient of a convolution: every output element sums the inputs whose
// windows hold it, found by division by the stride. Transforms rewrites the
// common cases to matmuls and convolutions; this serves all others.
static LogicalResult lowerConvTranspose(graph::ConvTransposeOp op, Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  RankedTensorType inputType = l.graphType(op.getInput()), type = l.resultType(op);
  unsigned rank = type.getRank();
  ImageLayout layout(rank, op.getChannelsLast());
  unsigned spatial = layout.spatial;
  int64_t groups = op.getGroups();
  Type own = plainType(inputType).getElementType(), accumulator = accumulatorType(own);
  Value input = l.get(op.getInput()), weight = l.get(op.getWeight());
  SmallVector<OpFoldResult> inSizes = l.sizes(op.getInput()), weightSizes = l.sizes(op.getWeight());
  Value outPerGroup = l.toValue(weightSizes[1]);
  OpFoldResult inPerGroup =
      affine::makeComposedFoldedAffineApply(b, b.getLoc(), b.getAffineSymbolExpr(0).floorDiv(groups), {weightSizes[0]});
  Value inGroup = l.toValue(inPerGroup);
  SmallVector<Value> inBounds;
  for (unsigned i = 0; i < spatial; ++i)
    inBounds.push_back(l.toValue(inSizes[layout.space(i)]));

  // Loops: the result's dimensions, kernel..., c. A tensor without contents
  // gives the reduction's sizes.
  unsigned loops = rank + spatial + 1;
  SmallVector<OpFoldResult> window;
  SmallVector<AffineExpr> windowExprs;
  for (unsigned i = 0; i < spatial; ++i) {
    window.push_back(weightSizes[2 + i]);
    windowExprs.push_back(b.getAffineDimExpr(rank + i));
  }
  window.push_back(inPerGroup);
  windowExprs.push_back(b.getAffineDimExpr(loops - 1));
  SmallVector<AffineExpr> out;
  for (unsigned i = 0; i < rank; ++i)
    out.push_back(b.getAffineDimExpr(i));
  SmallVector<utils::IteratorType> iterators(loops, utils::IteratorType::reduction);
  std::fill_n(iterators.begin(), rank, utils::IteratorType::parallel);
  auto generic = l.generic(
      l.empty(window, own), l.zeros(*sizes, accumulator),
      {AffineMap::get(loops, 0, windowExprs, b.getContext()), AffineMap::get(loops, 0, out, b.getContext())}, iterators,
      [&](ImplicitLocOpBuilder &b, ValueRange args) {
        using I = arith::CmpIPredicate;
        Scalar s(b);
        auto loop = [&](unsigned d) -> Value { return linalg::IndexOp::create(b, d); };
        Value f = loop(layout.channel());
        Value group = arith::DivUIOp::create(b, f, outPerGroup);
        Value channel = s.add(s.mul(group, inGroup), loop(loops - 1));
        SmallVector<Value> at(rank), weightAt{channel, arith::RemUIOp::create(b, f, outPerGroup)};
        at[0] = loop(0);
        at[layout.channel()] = channel;
        Value valid = s.constantInt(b.getI1Type(), 1);
        for (unsigned i = 0; i < spatial; ++i) {
          Value k = loop(rank + i);
          // o + padding - k * dilation = stride * position
          Value offset =
              s.sub(s.add(loop(layout.space(i)), s.index(op.getPadding()[i])), s.mul(k, s.index(op.getDilation()[i])));
          Value stride = s.index(op.getStride()[i]);
          Value position = arith::DivSIOp::create(b, offset, stride);
          Value exact = s.compare(I::eq, s.mul(position, stride), offset);
          Value inside = s.andi(s.compare(I::sge, offset, s.index(0)), s.compare(I::slt, position, inBounds[i]));
          Value good = s.andi(exact, inside);
          valid = s.andi(valid, good);
          at[layout.space(i)] = s.select(good, position, s.index(0));
          weightAt.push_back(k);
        }
        Value x = tensor::ExtractOp::create(b, input, at);
        Value w = tensor::ExtractOp::create(b, weight, weightAt);
        Value product = s.mul(s.cast(x, own, accumulator), s.cast(w, own, accumulator));
        return SmallVector<Value>{s.add(args[1], s.select(valid, product, s.zero(accumulator)))};
      });
  Value result = generic.getResult(0);
  if (accumulator != own)
    result = l.parallel(*sizes, own, result, l.identity(rank), [&](ImplicitLocOpBuilder &b, ValueRange args) {
      return SmallVector<Value>{Scalar(b).cast(args[0], accumulator, own)};
    });
  l.set(op.getResult(), result);
  return success();
}

void lowering::addConvolutionRules(RuleTable &table) {
  table.add<graph::ConvolutionOp>(lowerConvolution);
  table.add<graph::ConvTransposeOp>(lowerConvTranspose);
}
