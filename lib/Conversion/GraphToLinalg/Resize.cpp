//===- Resize.cpp - resampling ----------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coordinates as ATen's upsample kernels compute them: in f32 for f32 and
// below, in f64 for f64.
#include "Contraction.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

namespace {

/// One spatial dimension's sizes and scale, as values outside the loops.
struct Axis {
  Value in, out; // index
  Value scale;   // of the coordinates' type
};

struct Tap {
  Value index, weight;
};

} // namespace

static Value number(Scalar &s, Value index, Type type) {
  return arith::SIToFPOp::create(s.b, type, s.fromIndex(index, s.b.getI64Type()));
}

static Value toIndex(Scalar &s, Value x) { return s.toIndex(arith::FPToSIOp::create(s.b, s.b.getI64Type(), x)); }

static Value clamp(Scalar &s, Value index, Value size) {
  Value last = s.sub(size, s.index(1));
  Value low = arith::MaxSIOp::create(s.b, index, s.index(0));
  return arith::MinSIOp::create(s.b, low, last);
}

static Axis makeAxis(Lowering &l, OpFoldResult in, OpFoldResult out, double scale, bool alignCorners, Type type) {
  Scalar s(l.b);
  Axis axis{l.toValue(in), l.toValue(out), {}};
  if (alignCorners) {
    Value one = s.one(type), zero = s.zero(type);
    Value steps = s.sub(number(s, axis.out, type), one);
    Value ratio = s.div(s.sub(number(s, axis.in, type), one), steps);
    axis.scale = s.select(s.compare(arith::CmpFPredicate::OGT, steps, zero), ratio, zero);
  } else if (scale > 0) {
    axis.scale = s.constant(type, 1.0 / scale);
  } else {
    axis.scale = s.div(number(s, axis.in, type), number(s, axis.out, type));
  }
  return axis;
}

static SmallVector<Tap> nearestTap(Scalar &s, const Axis &axis, Value o, Type type, bool exact) {
  Value x = number(s, o, type);
  if (exact)
    x = s.add(x, s.constant(type, 0.5));
  Value i = toIndex(s, math::FloorOp::create(s.b, s.mul(x, axis.scale)));
  return {{clamp(s, i, axis.in), {}}};
}

static Value sourceCoordinate(Scalar &s, const Axis &axis, Value o, Type type, bool alignCorners) {
  Value x = number(s, o, type);
  if (alignCorners)
    return s.mul(axis.scale, x);
  Value half = s.constant(type, 0.5);
  return s.sub(s.mul(axis.scale, s.add(x, half)), half);
}

static SmallVector<Tap> linearTaps(Scalar &s, const Axis &axis, Value o, Type type, bool alignCorners) {
  using F = arith::CmpFPredicate;
  Value x = sourceCoordinate(s, axis, o, type, alignCorners);
  Value zero = s.zero(type), one = s.one(type);
  x = s.select(s.compare(F::OLT, x, zero), zero, x);
  Value i = clamp(s, toIndex(s, x), axis.in);
  Value next = clamp(s, s.add(i, s.index(1)), axis.in);
  Value t = s.sub(x, number(s, i, type));
  t = s.select(s.compare(F::OGT, t, one), one, t);
  // Equal sizes copy: the coordinate is whole then, up to rounding.
  Value same = s.compare(arith::CmpIPredicate::eq, axis.in, axis.out);
  i = s.select(same, o, i);
  t = s.select(same, zero, t);
  return {{i, s.sub(one, t)}, {next, t}};
}

static SmallVector<Tap> cubicTaps(Scalar &s, const Axis &axis, Value o, Type type, bool alignCorners) {
  Value x = sourceCoordinate(s, axis, o, type, alignCorners);
  Value floor = math::FloorOp::create(s.b, x);
  Value i = toIndex(s, floor), t = s.sub(x, floor), one = s.one(type);
  const double a = -0.75;
  auto c = [&](double v) { return s.constant(type, v); };
  // |x| <= 1: ((a + 2) x - (a + 3)) x^2 + 1; 1 < |x| < 2: ((a x - 5a) x + 8a) x - 4a.
  auto near = [&](Value x) {
    Value p = s.sub(s.mul(c(a + 2), x), c(a + 3));
    return s.add(s.mul(s.mul(p, x), x), one);
  };
  auto far = [&](Value x) {
    Value p = s.sub(s.mul(c(a), x), c(5 * a));
    p = s.add(s.mul(p, x), c(8 * a));
    return s.sub(s.mul(p, x), c(4 * a));
  };
  Value rest = s.sub(one, t);
  Value weights[] = {far(s.add(t, one)), near(t), near(rest), far(s.add(rest, one))};
  SmallVector<Tap> taps;
  for (int k = 0; k < 4; ++k)
    taps.push_back({clamp(s, s.add(i, s.index(k - 1)), axis.in), weights[k]});
  return taps;
}

static LogicalResult lowerResize(graph::ResizeOp op, Lowering &l) {
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  StringRef mode = op.getMode();
  bool nearest = mode == "nearest" || mode == "nearest-exact";
  if (!nearest && mode != "linear" && mode != "cubic")
    return op.emitOpError("mode must be nearest, nearest-exact, linear or cubic, not ") << mode;
  Type own = signless(l.elementType(op.getInput()));
  if (!nearest && !isa<FloatType>(own))
    return op.emitOpError("has no lowering of mode ") << mode << " on " << own;
  Type wide = isa<FloatType>(own) ? accumulatorType(own) : own;
  Type coordinate = own.isF64() && !nearest ? own : Type(l.b.getF32Type());
  ImageLayout layout(sizes->size(), op.getChannelsLast());
  SmallVector<OpFoldResult> inSizes = l.sizes(op.getInput());
  bool align = op.getAlignCorners() && !nearest;
  SmallVector<Axis> axes;
  for (unsigned i = 0; i < layout.spatial; ++i) {
    unsigned d = layout.space(i);
    double scale = i < op.getScales().size() ? op.getScales()[i] : 0;
    axes.push_back(makeAxis(l, inSizes[d], (*sizes)[d], scale, align, coordinate));
  }
  Value input = l.get(op.getInput());
  Value result = l.parallel(*sizes, own, {}, {}, [&](ImplicitLocOpBuilder &b, ValueRange) {
    Scalar s(b);
    SmallVector<Value> at;
    for (unsigned i = 0; i < sizes->size(); ++i)
      at.push_back(linalg::IndexOp::create(b, i));
    SmallVector<SmallVector<Tap>> taps;
    for (unsigned i = 0; i < layout.spatial; ++i) {
      Value o = at[layout.space(i)];
      taps.push_back(nearest            ? nearestTap(s, axes[i], o, coordinate, mode == "nearest-exact")
                     : mode == "linear" ? linearTaps(s, axes[i], o, coordinate, align)
                                        : cubicTaps(s, axes[i], o, coordinate, align));
    }
    // The weighted sum, innermost dimension first as ATen sums it.
    std::function<Value(unsigned)> sum = [&](unsigned axis) -> Value {
      if (axis == layout.spatial) {
        Value x = tensor::ExtractOp::create(b, input, at);
        return nearest ? x : s.cast(x, own, wide);
      }
      Value total;
      for (Tap &tap : taps[axis]) {
        at[layout.space(axis)] = tap.index;
        Value x = sum(axis + 1);
        if (tap.weight)
          x = s.mul(x, s.cast(tap.weight, coordinate, wide));
        total = total ? s.add(total, x) : x;
      }
      return total;
    };
    Value x = sum(0);
    return SmallVector<Value>{nearest ? x : s.cast(x, wide, own)};
  });
  l.set(op.getResult(), result);
  return success();
}

void lowering::addResizeRules(RuleTable &table) { table.add<graph::ResizeOp>(lowerResize); }
