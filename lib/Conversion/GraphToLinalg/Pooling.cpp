//===- Pooling.cpp - windows ------------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fixed windows: generics over a padded input with a dummy operand for the
// window's sizes. Adaptive windows and indices: generics that extract.
#include "Contraction.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

namespace {

/// Attributes all fixed windows have.
struct Window {
  ArrayRef<int64_t> kernel, stride, padding;
  SmallVector<int64_t> dilation;
};

template <typename Op>
Window windowOf(Op op) {
  Window w{op.getKernel(), op.getStride(), op.getPadding(), {}};
  if constexpr (std::is_same_v<Op, graph::AvgPoolOp>)
    w.dilation.assign(w.kernel.size(), 1);
  else
    w.dilation.assign(op.getDilation().begin(), op.getDilation().end());
  return w;
}

} // namespace

/// Loops: the result's dimensions, then the window's. Pads so that the last
/// window is inside: ceil_mode lets windows run past the input.
static Value reduceWindows(Lowering &l, Value graphInput, const ImageLayout &layout, const Window &w,
                           ArrayRef<OpFoldResult> sizes, Type accumulator, Value neutral, Value padding,
                           llvm::function_ref<Value(Scalar &, Value acc, Value x)> combine) {
  ImplicitLocOpBuilder &b = l.b;
  unsigned rank = sizes.size(), spatial = layout.spatial;
  Type own = signless(l.elementType(graphInput));
  SmallVector<OpFoldResult> inSizes = l.sizes(graphInput);
  SmallVector<OpFoldResult> low(rank, b.getIndexAttr(0)), high = low;
  for (unsigned i = 0; i < spatial; ++i) {
    unsigned d = layout.space(i);
    low[d] = b.getIndexAttr(w.padding[i]);
    int64_t reach = (w.kernel[i] - 1) * w.dilation[i] + 1;
    auto in = getConstantIntValue(inSizes[d]), out = getConstantIntValue(sizes[d]);
    if (in && out) {
      int64_t needed = (*out - 1) * w.stride[i] + reach - w.padding[i] - *in;
      high[d] = b.getIndexAttr(std::max<int64_t>(needed, 0));
      continue;
    }
    Value needed = l.toValue(sizes[d]);
    needed = arith::MulIOp::create(b, needed, l.index(w.stride[i]));
    needed = arith::AddIOp::create(b, needed, l.index(reach - w.stride[i] - w.padding[i]));
    needed = arith::SubIOp::create(b, needed, l.toValue(inSizes[d]));
    high[d] = arith::MaxSIOp::create(b, needed, l.index(0)).getResult();
  }
  Value input = padSpatial(l, l.get(graphInput), low, high, padding);
  unsigned loops = rank + spatial;
  SmallVector<AffineExpr> in, out, window;
  SmallVector<OpFoldResult> windowSizes;
  for (unsigned i = 0; i < rank; ++i) {
    in.push_back(b.getAffineDimExpr(i));
    out.push_back(b.getAffineDimExpr(i));
  }
  for (unsigned i = 0; i < spatial; ++i) {
    AffineExpr k = b.getAffineDimExpr(rank + i);
    window.push_back(k);
    windowSizes.push_back(b.getIndexAttr(w.kernel[i]));
    AffineExpr &place = in[layout.space(i)];
    place = place * w.stride[i] + k * w.dilation[i];
  }
  SmallVector<utils::IteratorType> iterators(loops, utils::IteratorType::reduction);
  std::fill_n(iterators.begin(), rank, utils::IteratorType::parallel);
  Value init = linalg::FillOp::create(b, ValueRange{neutral}, ValueRange{l.empty(sizes, accumulator)}).getResult(0);
  MLIRContext *c = b.getContext();
  auto generic = l.generic(
      {input, l.empty(windowSizes, own)}, init,
      {AffineMap::get(loops, 0, in, c), AffineMap::get(loops, 0, window, c), AffineMap::get(loops, 0, out, c)},
      iterators, [&](ImplicitLocOpBuilder &b, ValueRange args) {
        Scalar s(b);
        return SmallVector<Value>{combine(s, args[2], s.cast(args[0], own, accumulator))};
      });
  generic->setAttr("ingot.window", b.getUnitAttr());
  return generic.getResult(0);
}

static LogicalResult lowerMaxPool(graph::MaxPoolOp op, Lowering &l) {
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  Type element = l.elementType(op.getInput()), own = signless(element);
  bool isUnsigned = element.isUnsignedInteger();
  Scalar host(l.b);
  Value lowest = host.lowest(own, isUnsigned);
  ImageLayout layout(sizes->size(), op.getChannelsLast());
  l.set(op.getResult(), reduceWindows(l, op.getInput(), layout, windowOf(op), *sizes, own, lowest, lowest,
                                      [&](Scalar &s, Value acc, Value x) { return s.maximum(acc, x, isUnsigned); }));
  return success();
}

/// Generic over windows whose bounds the body computes: [start, start + length)
/// of every spatial dimension, at most `extent` long. `combine` gets the valid
/// element, its spatial indices and the running values.
using Bounds =
    llvm::function_ref<void(Scalar &, unsigned spatialDim, Value out, Value &start, Value &step, Value &length)>;
using Combine =
    llvm::function_ref<SmallVector<Value>(Scalar &, ValueRange acc, Value x, Value valid, ArrayRef<Value> at)>;
static SmallVector<Value> extractWindows(Lowering &l, Value graphInput, const ImageLayout &layout,
                                         ArrayRef<OpFoldResult> extent, ValueRange inits, Bounds bounds,
                                         Combine combine) {
  ImplicitLocOpBuilder &b = l.b;
  Value input = l.get(graphInput);
  unsigned rank = l.graphType(graphInput).getRank(), spatial = layout.spatial;
  unsigned loops = rank + spatial;
  SmallVector<AffineExpr> window, out;
  for (unsigned i = 0; i < spatial; ++i)
    window.push_back(b.getAffineDimExpr(rank + i));
  for (unsigned i = 0; i < rank; ++i)
    out.push_back(b.getAffineDimExpr(i));
  MLIRContext *c = b.getContext();
  SmallVector<AffineMap> maps{AffineMap::get(loops, 0, window, c)};
  maps.append(inits.size(), AffineMap::get(loops, 0, out, c));
  SmallVector<utils::IteratorType> iterators(loops, utils::IteratorType::reduction);
  std::fill_n(iterators.begin(), rank, utils::IteratorType::parallel);
  auto generic =
      l.generic(l.empty(extent, b.getI8Type()), inits, maps, iterators, [&](ImplicitLocOpBuilder &b, ValueRange args) {
        using I = arith::CmpIPredicate;
        Scalar s(b);
        SmallVector<Value> at, space;
        for (unsigned i = 0; i < rank; ++i)
          at.push_back(linalg::IndexOp::create(b, i));
        Value valid = s.constantInt(b.getI1Type(), 1);
        for (unsigned i = 0; i < spatial; ++i) {
          Value start, step, length, k = linalg::IndexOp::create(b, rank + i);
          bounds(s, i, at[layout.space(i)], start, step, length);
          Value place = s.add(start, s.mul(k, step));
          valid = s.andi(valid, s.andi(s.compare(I::slt, k, length), s.compare(I::sge, place, s.index(0))));
          space.push_back(place);
        }
        // Outside of the window the element at 0 is read and not used.
        for (unsigned i = 0; i < spatial; ++i)
          at[layout.space(i)] = s.select(valid, space[i], s.index(0));
        Value x = tensor::ExtractOp::create(b, input, at);
        return combine(s, args.drop_front(), x, valid, space);
      });
  return llvm::to_vector_of<Value>(generic.getResults());
}

static Value fillWith(Lowering &l, ArrayRef<OpFoldResult> sizes, Value value) {
  return linalg::FillOp::create(l.b, ValueRange{value}, ValueRange{l.empty(sizes, value.getType())}).getResult(0);
}

static LogicalResult lowerMaxPoolIndices(graph::MaxPoolIndicesOp op, Lowering &l) {
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  ImageLayout layout(sizes->size(), op.getChannelsLast());
  Type element = l.elementType(op.getInput()), own = signless(element), i64 = l.b.getI64Type();
  bool isUnsigned = element.isUnsignedInteger();
  Scalar host(l.b);
  Window w = windowOf(op);
  SmallVector<OpFoldResult> extent;
  SmallVector<Value> in;
  SmallVector<OpFoldResult> inSizes = l.sizes(op.getInput());
  for (unsigned i = 0; i < layout.spatial; ++i) {
    extent.push_back(l.b.getIndexAttr(w.kernel[i]));
    in.push_back(l.toValue(inSizes[layout.space(i)]));
  }
  Value best = fillWith(l, *sizes, host.lowest(own, isUnsigned));
  Value index = fillWith(l, *sizes, host.constantInt(i64, -1));
  SmallVector<Value> results = extractWindows(
      l, op.getInput(), layout, extent, {best, index},
      [&](Scalar &s, unsigned i, Value out, Value &start, Value &step, Value &length) {
        start = s.sub(s.mul(out, s.index(w.stride[i])), s.index(w.padding[i]));
        step = s.index(w.dilation[i]);
        Value left = s.sub(in[i], start);
        length = arith::CeilDivSIOp::create(s.b, left, step);
      },
      [&](Scalar &s, ValueRange acc, Value x, Value valid, ArrayRef<Value> at) {
        Value flat = at[0];
        for (unsigned i = 1; i < at.size(); ++i)
          flat = s.add(s.mul(flat, in[i]), at[i]);
        // The last NaN wins; the first valid element always counts.
        Value better = s.less(acc[0], x, isUnsigned);
        if (isa<FloatType>(own))
          better = s.ori(better, s.isNan(x));
        better = s.ori(better, s.compare(arith::CmpIPredicate::slt, acc[1], s.zero(i64)));
        better = s.andi(better, valid);
        return SmallVector<Value>{s.select(better, x, acc[0]), s.select(better, s.fromIndex(flat, i64), acc[1])};
      });
  l.set(op.getResult(), results[1]);
  return success();
}

static LogicalResult lowerAvgPool(graph::AvgPoolOp op, Lowering &l) {
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  Type own = signless(l.elementType(op.getInput())), wide = accumulatorType(own);
  bool integer = l.elementType(op.getInput()).isSignlessInteger() && !own.isInteger(1);
  if (!isa<FloatType>(own) && !integer)
    return op.emitOpError("has no lowering on ") << own;
  ImageLayout layout(sizes->size(), op.getChannelsLast());
  Window w = windowOf(op);
  Scalar host(l.b);
  Value sum = reduceWindows(l, op.getInput(), layout, w, *sizes, wide, host.zero(wide), host.zero(own),
                            [&](Scalar &s, Value acc, Value x) { return s.add(acc, x); });
  // How many elements a window counts: clipped to the input, or to the padded
  // input with count_include_pad.
  SmallVector<OpFoldResult> inSizes = l.sizes(op.getInput());
  bool includePad = op.getCountIncludePad(), constantCount = true;
  SmallVector<Value> in;
  int64_t full = 1;
  for (unsigned i = 0; i < layout.spatial; ++i) {
    unsigned d = layout.space(i);
    in.push_back(l.toValue(inSizes[d]));
    full *= w.kernel[i];
    auto inSize = getConstantIntValue(inSizes[d]), outSize = getConstantIntValue((*sizes)[d]);
    int64_t pad = includePad ? w.padding[i] : 0;
    constantCount &= inSize && outSize && (includePad || w.padding[i] == 0) &&
                     (*outSize - 1) * w.stride[i] + w.kernel[i] <= *inSize + 2 * pad;
  }
  l.set(op.getResult(),
        l.parallel(*sizes, own, sum, l.identity(sizes->size()), [&](ImplicitLocOpBuilder &b, ValueRange args) {
          Scalar s(b);
          Value count;
          if (op.getDivisor() || constantCount) {
            int64_t divisor = op.getDivisor().value_or(full);
            count = integer ? s.constantInt(wide, divisor) : s.constant(wide, double(divisor));
          } else {
            Value total = s.index(1);
            for (unsigned i = 0; i < layout.spatial; ++i) {
              Value out = linalg::IndexOp::create(b, layout.space(i));
              Value start = s.sub(s.mul(out, s.index(w.stride[i])), s.index(w.padding[i]));
              Value end = s.add(start, s.index(w.kernel[i]));
              Value limit = s.add(in[i], s.index(includePad ? w.padding[i] : 0));
              end = arith::MinSIOp::create(b, end, limit);
              if (!includePad)
                start = arith::MaxSIOp::create(b, start, s.index(0));
              total = s.mul(total, s.sub(end, start));
            }
            Value number = s.fromIndex(total, b.getI64Type());
            count = integer ? s.cast(number, b.getI64Type(), wide) : arith::SIToFPOp::create(b, wide, number);
          }
          if (integer)
            return SmallVector<Value>{s.cast(arith::DivSIOp::create(b, args[0], count), wide, own)};
          return SmallVector<Value>{s.cast(s.div(args[0], count), wide, own)};
        }));
  return success();
}

/// Windows [floor(i * in / out), ceil((i + 1) * in / out)).
template <typename Op>
static LogicalResult lowerAdaptivePool(Op op, Lowering &l) {
  constexpr bool isMax = std::is_same_v<Op, graph::AdaptiveMaxPoolOp>;
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  ImageLayout layout(sizes->size(), op.getChannelsLast());
  Type own = signless(l.elementType(op.getInput()));
  if (!isa<FloatType>(own))
    return op.emitOpError("has no lowering on ") << own;
  Type wide = isMax ? own : accumulatorType(own);
  SmallVector<OpFoldResult> inSizes = l.sizes(op.getInput()), extent;
  SmallVector<Value> in, out;
  for (unsigned i = 0; i < layout.spatial; ++i) {
    in.push_back(l.toValue(inSizes[layout.space(i)]));
    out.push_back(l.toValue((*sizes)[layout.space(i)]));
    // A window is at most ceil(in / out) + 1 long.
    Value one = l.index(1);
    Value divisor = l.b.createOrFold<arith::MaxSIOp>(out[i], one);
    Value length = l.b.createOrFold<arith::CeilDivSIOp>(in[i], divisor);
    extent.push_back(getAsOpFoldResult(l.b.createOrFold<arith::AddIOp>(length, one)));
  }
  auto bounds = [&](Scalar &s, unsigned i, Value position, Value &start, Value &step, Value &length) {
    start = arith::DivUIOp::create(s.b, s.mul(position, in[i]), out[i]);
    Value end = arith::CeilDivSIOp::create(s.b, s.mul(s.add(position, s.index(1)), in[i]), out[i]);
    step = s.index(1);
    length = s.sub(end, start);
  };
  Scalar host(l.b);
  Value init = fillWith(l, *sizes, isMax ? host.lowest(wide, false) : host.zero(wide));
  Value result = extractWindows(l, op.getInput(), layout, extent, init, bounds,
                                [&](Scalar &s, ValueRange acc, Value x, Value valid, ArrayRef<Value>) {
                                  Value wideX = s.cast(x, own, wide);
                                  Value next = isMax ? s.maximum(acc[0], wideX, false) : s.add(acc[0], wideX);
                                  return SmallVector<Value>{s.select(valid, next, acc[0])};
                                })
                     .front();
  if (!isMax)
    result = l.parallel(*sizes, own, result, l.identity(sizes->size()), [&](ImplicitLocOpBuilder &b, ValueRange args) {
      Scalar s(b);
      Value total = s.index(1);
      for (unsigned i = 0; i < layout.spatial; ++i) {
        Value start, step, length;
        bounds(s, i, linalg::IndexOp::create(b, layout.space(i)), start, step, length);
        total = s.mul(total, length);
      }
      Value count = arith::SIToFPOp::create(b, wide, s.fromIndex(total, b.getI64Type()));
      return SmallVector<Value>{s.cast(s.div(args[0], count), wide, own)};
    });
  l.set(op.getResult(), result);
  return success();
}

void lowering::addPoolingRules(RuleTable &table) {
  table.add<graph::MaxPoolOp>(lowerMaxPool);
  table.add<graph::MaxPoolIndicesOp>(lowerMaxPoolIndices);
  table.add<graph::AvgPoolOp>(lowerAvgPool);
  table.add<graph::AdaptiveAvgPoolOp>(lowerAdaptivePool<graph::AdaptiveAvgPoolOp>);
  table.add<graph::AdaptiveMaxPoolOp>(lowerAdaptivePool<graph::AdaptiveMaxPoolOp>);
}
