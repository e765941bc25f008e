//===- Pooling.cpp - pooling and resampling ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Operators.h"
#include "RuntimeWindows.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

/// The input with a batch dimension, and how to take it away again.
struct Batched {
  GraphBuilder &b;
  Value value;
  bool added;

  Batched(GraphBuilder &b, Value v, int64_t spatial) : b(b), value(v), added(b.rank(v) == spatial + 1) {
    if (added)
      value = b.unsqueeze(v, 0);
    if (b.rank(value) != spatial + 2)
      b.raise("RuntimeError", "non-empty " + Twine(spatial + 1) + "D or " + Twine(spatial + 2) +
                                  "D (batch mode) tensor expected for input");
  }
  Value result(Value v) { return added ? b.squeeze(v, 0) : v; }
};

/// torch's pooling_output_shape.
Int pooledSize(GraphBuilder &b, Int in, Int kernel, Int stride, Int padding, Int dilation, bool ceil) {
  Int one = b.size(1), reach = mul(dilation, sub(kernel, one));
  Int room = sub(add(in, mul(padding, b.size(2))), add(reach, one));
  if (ceil)
    room = add(room, sub(stride, one));
  Int out = add(b.floorDivInt(room, stride), one);
  if (ceil) {
    // The last window starts inside the input or its left padding.
    AV outside = b.compareInt(arith::CmpIPredicate::sge, mul(sub(out, one), stride), add(in, padding));
    out = b.selectInt(outside, sub(out, b.size(1)), out);
  }
  return out;
}

struct Window {
  Dims kernel, stride, padding, dilation;
};

Window window(OpCall &c, int64_t spatial) {
  Window w;
  w.kernel = c.constInts("kernel_size", spatial);
  w.stride = w.kernel;
  const AV &stride = c.arg("stride");
  if (!stride.isNone() && !(stride.is(AV::Kind::List) && stride.elements().empty()))
    w.stride = c.constInts("stride", spatial);
  w.padding = c.constInts("padding", spatial);
  w.dilation = c.arg("dilation").isNone() ? Dims(spatial, 1) : c.constInts("dilation", spatial);
  if (c.b.failed())
    return w;
  auto below = [](ArrayRef<int64_t> values, int64_t least) {
    return llvm::any_of(values, [&](int64_t v) { return v < least; });
  };
  if (below(w.kernel, 1))
    c.b.raise("RuntimeError", "kernel size should be greater than zero");
  else if (below(w.stride, 1))
    c.b.raise("RuntimeError", "stride should not be zero");
  else if (below(w.dilation, 1))
    c.b.raise("RuntimeError", "dilation should be greater than zero");
  else if (below(w.padding, 0))
    c.b.raise("RuntimeError", "pad must be non-negative, but got pad: " + Twine(*llvm::min_element(w.padding)));
  if (c.b.failed())
    return w;
  for (int64_t i = 0; i < spatial; ++i)
    if (w.padding[i] * 2 > w.kernel[i])
      c.b.raise("RuntimeError",
                "pad should be at most half of effective kernel size, but got pad=" + Twine(w.padding[i]) +
                    ", kernel_size=" + Twine(w.kernel[i]) + " and dilation=" + Twine(w.dilation[i]));
  return w;
}

/// The same window, of ints that the program may know at run time only.
OpenWindow openWindow(OpCall &c, int64_t spatial) {
  OpenWindow w;
  w.kernel = openInts(c, "kernel_size", spatial);
  const AV &stride = c.arg("stride");
  bool own = !stride.isNone() && !(stride.is(AV::Kind::List) && stride.elements().empty());
  w.stride = own ? openInts(c, "stride", spatial) : w.kernel;
  w.padding = openInts(c, "padding", spatial);
  w.dilation = c.arg("dilation").isNone() ? Sizes(spatial, c.b.size(1)) : openInts(c, "dilation", spatial);
  return w;
}
bool isWindowKnown(OpCall &c) { return areKnown(c, {"kernel_size", "stride", "padding", "dilation"}); }

/// torch's words; {0} are the channels, then come the input's and the result's sizes.
StringRef tooSmall(OpCall &c, size_t spatial) {
  if (spatial == 3)
    return "Given input size: ({0}x{1}x{2}x{3}). Calculated output size: ({0}x{4}x{5}x{6}). Output size is too small";
  if (spatial == 2)
    return "Given input size: ({0}x{1}x{2}). Calculated output size: ({0}x{3}x{4}). Output size is too small";
  return c.schema.name == "avg_pool1d"
             ? "Given input size: ({0}x1x{1}). Calculated output size: ({0}x1x{2}). Output size is too small"
             : "max_pool1d() Invalid computed output size: {2}";
}

template <typename W>
Sizes pooledSizes(OpCall &c, Value input, const W &w) {
  Sizes sizes = c.b.sizes(input);
  bool ceil = c.flag("ceil_mode");
  auto number = [&](auto n) {
    if constexpr (std::is_same_v<decltype(n), int64_t>)
      return c.b.size(n);
    else
      return n;
  };
  SmallVector<Int> values{sizes[1]};
  for (size_t i = 0; i < w.kernel.size(); ++i) {
    values.push_back(sizes[i + 2]);
    sizes[i + 2] = pooledSize(c.b, sizes[i + 2], number(w.kernel[i]), number(w.stride[i]), number(w.padding[i]),
                              number(w.dilation[i]), ceil);
  }
  values.append(sizes.begin() + 2, sizes.end());
  for (Int size : ArrayRef(sizes).drop_front(2))
    c.b.check(c.b.compareInt(arith::CmpIPredicate::sge, size, c.b.size(1)), "RuntimeError",
              tooSmall(c, w.kernel.size()), values);
  return sizes;
}

/// Channels and windows over nothing have no values; a batch may be empty.
void checkNotEmpty(OpCall &c, const Batched &in, int64_t spatial) {
  GraphBuilder &b = c.b;
  if (b.failed())
    return;
  SmallVector<Int> holes;
  Sizes sizes = b.sizes(in.value);
  std::string text = b.sizesText(in.added ? ArrayRef(sizes).drop_front() : ArrayRef(sizes), holes);
  for (auto [i, size] : llvm::enumerate(ArrayRef(sizes).drop_front())) {
    std::string message =
        spatial == 3
            ? ("Expected input's non-batch dimensions to have positive length, but input has a shape of " + text +
               " and non-batch dimension " + Twine(i + !in.added) + " has length zero!")
                  .str()
            : ((spatial == 1 ? "max_pool1d: " : "") + ("Expected " + Twine(spatial + 1) + "D or ") +
               Twine(spatial + 2) + "D (batch mode) tensor with optional 0 dim batch size for input, but got:" + text)
                  .str();
    b.check(b.compareInt(arith::CmpIPredicate::sgt, size, b.size(0)), "RuntimeError", message, holes);
  }
}

template <int spatial, bool indices>
Result maxPool(OpCall &c) {
  GraphBuilder &b = c.b;
  Batched in(b, c.value("self"), spatial);
  if (!indices && !isWindowKnown(c)) {
    OpenWindow open = openWindow(c, spatial);
    checkNotEmpty(c, in, spatial);
    if (b.failed())
      return {};
    return in.result(maxPoolAtRunTime(c, in.value, open, pooledSizes(c, in.value, open)));
  }
  Window w = window(c, spatial);
  checkNotEmpty(c, in, spatial);
  if (b.failed())
    return {};
  Sizes sizes = pooledSizes(c, in.value, w);
  Value y = b.note(graph::MaxPoolOp::create(b.b, b.loc, b.tensorType(sizes, b.dtype(in.value)), in.value, w.kernel,
                                            w.stride, w.padding, w.dilation, false));
  if (!indices)
    return in.result(y);
  Value at = b.note(graph::MaxPoolIndicesOp::create(b.b, b.loc, b.tensorType(sizes, int64_t(DType::Int64)), in.value,
                                                    w.kernel, w.stride, w.padding, w.dilation, false));
  return {in.result(y), in.result(at)};
}

template <int spatial>
Result avgPool(OpCall &c) {
  GraphBuilder &b = c.b;
  Batched in(b, c.value("self"), spatial);
  if (!isWindowKnown(c)) {
    OpenWindow open = openWindow(c, spatial);
    checkNotEmpty(c, in, spatial);
    if (b.failed())
      return {};
    return in.result(avgPoolAtRunTime(c, in.value, open, pooledSizes(c, in.value, open)));
  }
  Window w = window(c, spatial);
  checkNotEmpty(c, in, spatial);
  if (b.failed())
    return {};
  Sizes sizes = pooledSizes(c, in.value, w);
  IntegerAttr divisor;
  if (c.has("divisor_override"))
    divisor = b.b.getI64IntegerAttr(c.constInt("divisor_override"));
  if (divisor && divisor.getInt() == 0)
    b.raise("RuntimeError", "divisor must be not zero");
  if (b.failed())
    return {};
  Value y = graph::AvgPoolOp::create(b.b, b.loc, b.tensorType(sizes, b.dtype(in.value)), in.value,
                                     b.b.getDenseI64ArrayAttr(w.kernel), b.b.getDenseI64ArrayAttr(w.stride),
                                     b.b.getDenseI64ArrayAttr(w.padding),
                                     b.b.getBoolAttr(c.flag("count_include_pad", true)), divisor, UnitAttr());
  return in.result(b.note(y));
}

Sizes adaptiveSizes(OpCall &c, Value input, int64_t spatial) {
  Sizes sizes = c.b.sizes(input), wanted = c.integers("output_size");
  if (wanted.empty())
    c.b.raise("RuntimeError", c.schema.name + ": output_size must be " + Twine(spatial));
  for (int64_t i = 0; i < spatial; ++i)
    if (!wanted.empty())
      sizes[i + 2] = wanted[std::min<int64_t>(i, wanted.size() - 1)];
  SmallVector<Int> holes;
  std::string text = c.b.sizesText(wanted, holes);
  for (int64_t d = 2; d < spatial + 2; ++d)
    c.b.check(c.b.compareInt(arith::CmpIPredicate::sgt, c.b.size(input, d), c.b.size(0)), "RuntimeError",
              c.schema.name + "(): Expected input to have non-zero size for non-batch dimensions, but dimension " +
                  Twine(d) + " is empty");
  for (Int size : wanted)
    c.b.check(c.b.compareInt(arith::CmpIPredicate::sge, size, c.b.size(0)), "RuntimeError",
              c.schema.name + ": elements of output_size must be greater than or equal to 0 but received {{" +
                  StringRef(text).drop_front().drop_back() + "}",
              holes);
  return sizes;
}

template <int spatial>
Result adaptiveAvgPool(OpCall &c) {
  GraphBuilder &b = c.b;
  Batched in(b, c.value("self"), spatial);
  if (b.failed())
    return {};
  Sizes sizes = adaptiveSizes(c, in.value, spatial);
  if (b.failed())
    return {};
  // One window over everything is a mean, which fuses.
  bool whole = llvm::all_of(llvm::drop_begin(sizes, 2), [](Int s) { return isKnown(s, 1); });
  if (whole) {
    Dims dims;
    Int count = b.size(1);
    for (int64_t i = 0; i < spatial; ++i) {
      dims.push_back(i + 2);
      count = mul(count, b.size(in.value, i + 2));
    }
    Value sum = b.reduce<graph::SumOp>(in.value, dims, true);
    return in.result(b.div(sum, b.scalar(AV::integer(count), b.dtype(in.value))));
  }
  Value y = graph::AdaptiveAvgPoolOp::create(b.b, b.loc, b.tensorType(sizes, b.dtype(in.value)), in.value, false);
  return in.result(b.note(y));
}

//===----------------------------------------------------------------------===//
// Resampling
//===----------------------------------------------------------------------===//

/// The output sizes and the factors that the user gave (0: the ratio of sizes
/// counts), of the plain overloads (output_size, scales_h, scales_w) and of the
/// .vec ones (output_size or scale_factors).
bool resizeTarget(OpCall &c, Value input, int64_t spatial, Sizes &sizes, SmallVectorImpl<double> &scales) {
  GraphBuilder &b = c.b;
  sizes = b.sizes(input);
  SmallVector<Int> holes;
  std::string text = b.sizesText(sizes, holes);
  b.check(b.compareInt(arith::CmpIPredicate::sgt, sizes[1], b.size(0)), "RuntimeError",
          "Non-empty " + Twine(spatial + 2) + "D data tensor expected but got a tensor with sizes " + text, holes);
  scales.assign(spatial, 0);
  if (c.has("scale_factors")) {
    const AV &factors = c.arg("scale_factors");
    for (int64_t i = 0; i < spatial; ++i) {
      auto factor = factors.elements()[i].knownDouble();
      if (!factor) {
        b.unsupported("scale factors that are not known at compile time");
        return false;
      }
      scales[i] = *factor;
      // floor(size * factor); exact where the factor is an integer or its inverse.
      if (*factor == double(int64_t(*factor)))
        sizes[i + 2] = mul(sizes[i + 2], b.size(int64_t(*factor)));
      else if (double inverse = 1 / *factor; inverse == double(int64_t(inverse)))
        sizes[i + 2] = floorDiv(sizes[i + 2], int64_t(inverse));
      else {
        Value size = arith::SIToFPOp::create(b.b, b.loc, b.b.getF64Type(), b.toI64(sizes[i + 2]));
        Value f = arith::ConstantOp::create(b.b, b.loc, b.b.getF64FloatAttr(*factor));
        Value scaled =
            arith::FPToSIOp::create(b.b, b.loc, b.b.getI64Type(), arith::MulFOp::create(b.b, b.loc, size, f));
        sizes[i + 2] =
            known(sizes[i + 2]) ? b.size(int64_t(*known(sizes[i + 2]) * *factor)) : b.fromSSA(scaled, {0, INT64_MAX});
      }
    }
    return true;
  }
  Sizes wanted = c.integers("output_size");
  if (int64_t(wanted.size()) != spatial) {
    b.raise("RuntimeError",
            "It is expected output_size equals to " + Twine(spatial) + ", but got size " + Twine(wanted.size()));
    return false;
  }
  static const StringRef names[] = {"scales_d", "scales_h", "scales_w"};
  for (int64_t i = 0; i < spatial; ++i) {
    sizes[i + 2] = wanted[i];
    StringRef name = spatial == 1 ? StringRef("scales") : names[3 - spatial + i];
    if (c.has(name))
      scales[i] = c.constFloat(name);
  }
  return !b.failed();
}

template <int spatial>
Result resize(OpCall &c, StringRef mode) {
  GraphBuilder &b = c.b;
  Value input = c.value(c.schema.argumentIndex("input") >= 0 ? "input" : "self");
  if (b.rank(input) != spatial + 2) {
    b.raise("RuntimeError",
            "It is expected input_size equals to " + Twine(spatial + 2) + ", but got size " + Twine(b.rank(input)));
    return {};
  }
  Sizes sizes;
  SmallVector<double> scales;
  if (!mode.starts_with("nearest") && !b.isFloating(b.dtype(input)))
    return c.unsupported("of dtype " + dtypeName(b.dtype(input)));
  if (!resizeTarget(c, input, spatial, sizes, scales))
    return {};
  for (int64_t i = 0; i < spatial; ++i)
    b.check(b.andBool(b.compareInt(arith::CmpIPredicate::sgt, sizes[i + 2], b.size(0)),
                      b.compareInt(arith::CmpIPredicate::sgt, b.size(input, i + 2), b.size(0))),
            "RuntimeError", "Input and output sizes should be greater than 0, but got input {0} output {1}",
            {b.size(input, i + 2), sizes[i + 2]});
  Value y = graph::ResizeOp::create(b.b, b.loc, b.tensorType(sizes, b.dtype(input)), input, mode,
                                    c.flag("align_corners"), scales, false);
  return b.note(y);
}

/// The weights [out, in] of one dimension's antialiased resampling: a window as wide as the scale, of
/// which the part inside counts. `reach` is the filter's half width.
Value windowWeights(GraphBuilder &b, Int in, Int out, double factor, bool alignCorners, double reach,
                    llvm::function_ref<Value(Value)> filter, int64_t dtype) {
  auto number = [&](Int n) { return b.scalar(AV::integer(n), dtype); };
  Value scale; // input elements an output element
  if (alignCorners) {
    Value steps = b.add(number(out), -1.0), one = b.scalar(1.0, dtype);
    Value ratio = b.div(b.add(number(in), -1.0), b.binary<graph::MaximumOp>(steps, one));
    scale = b.where(b.compare<graph::GeOp>(steps, one), ratio, b.scalar(0.0, dtype));
  } else {
    scale = factor > 0 ? b.scalar(1 / factor, dtype) : b.div(number(in), number(out));
  }
  Value wide = b.binary<graph::MaximumOp>(scale, 1.0), support = b.mul(wide, reach);
  Sizes sizes{out, in};
  Value center = b.mul(b.add(b.iota({out, b.size(1)}, 0, dtype), 0.5), scale);
  auto whole = [&](Value v) { return b.unary<graph::TruncOp>(b.add(v, 0.5)); };
  Value first = b.binary<graph::MaximumOp>(whole(b.sub(center, support)), 0.0);
  Value end = b.binary<graph::MinimumOp>(whole(b.add(center, support)), number(in));
  Value place = b.expand(b.iota({b.size(1), in}, 1, dtype), sizes);
  Value w = filter(b.div(b.add(b.sub(place, center), 0.5), wide));
  Value inside =
      b.binary<graph::BitwiseAndOp>(b.compare<graph::GeOp>(place, first), b.compare<graph::LtOp>(place, end));
  w = b.where(inside, w, b.full(sizes, 0.0, dtype));
  return b.div(w, b.reduce<graph::SumOp>(w, {1}, true));
}

/// 1 - |x| within 1.
Value triangle(GraphBuilder &b, Value x) {
  return b.binary<graph::MaximumOp>(b.sub(b.scalar(1.0, b.dtype(x)), b.unary<graph::AbsOp>(x)), 0.0);
}

/// Keys' cubic with a = -0.5, within 2.
Value keys(GraphBuilder &b, Value x) {
  int64_t dtype = b.dtype(x);
  Value a = b.unary<graph::AbsOp>(x), square = b.mul(a, a);
  Value near = b.add(b.mul(b.sub(b.mul(a, 1.5), b.scalar(2.5, dtype)), square), 1.0);
  Value far = b.add(b.mul(b.sub(b.mul(b.add(b.mul(a, -0.5), 2.5), a), b.scalar(4.0, dtype)), a), 2.0);
  Value zero = b.full(b.sizes(x), 0.0, dtype);
  Value outer = b.where(b.compare<graph::LtOp>(a, b.scalar(2.0, dtype)), far, zero);
  return b.where(b.compare<graph::LtOp>(a, b.scalar(1.0, dtype)), near, outer);
}

/// Each dimension's resampling is a product with its weights.
template <bool cubicFilter>
Result antialiased(OpCall &c) {
  GraphBuilder &b = c.b;
  Value input = c.value(c.schema.argumentIndex("input") >= 0 ? "input" : "self");
  if (b.rank(input) != 4) {
    b.raise("RuntimeError", "It is expected input_size equals to 4, but got size " + Twine(b.rank(input)));
    return {};
  }
  Sizes sizes;
  SmallVector<double> scales;
  if (!resizeTarget(c, input, 2, sizes, scales))
    return {};
  int64_t dtype = b.dtype(input), wide = dtype == int64_t(DType::Float64) ? dtype : int64_t(DType::Float32);
  if (!b.isFloating(dtype))
    return c.unsupported("of integers");
  auto weights = [&](int64_t d) {
    return windowWeights(
        b, b.size(input, 2 + d), sizes[2 + d], scales[d], c.flag("align_corners"), cubicFilter ? 2 : 1,
        [&](Value x) { return cubicFilter ? keys(b, x) : triangle(b, x); }, wide);
  };
  // Rows first, as ATen does: [N, C, H, W] x [W, W'], then [H', H] x [N, C, H, W'].
  Value y = b.matmulAny(b.cast(input, wide), b.transpose(weights(1), 0, 1));
  y = b.matmulAny(weights(0), y);
  return b.cast(y, dtype);
}

template <int spatial>
Result nearest(OpCall &c) {
  return resize<spatial>(c, "nearest");
}
template <int spatial>
Result nearestExact(OpCall &c) {
  return resize<spatial>(c, "nearest-exact");
}
template <int spatial>
Result linear(OpCall &c) {
  return resize<spatial>(c, "linear");
}
Result cubic(OpCall &c) { return resize<2>(c, "cubic"); }

constexpr OperatorRow rows[] = {
    {"aten::max_pool1d", maxPool<1, false>},
    {"aten::max_pool2d", maxPool<2, false>},
    {"aten::max_pool3d", maxPool<3, false>},
    {"aten::max_pool1d_with_indices", maxPool<1, true>},
    {"aten::max_pool2d_with_indices", maxPool<2, true>},
    {"aten::max_pool3d_with_indices", maxPool<3, true>},
    {"aten::avg_pool1d", avgPool<1>},
    {"aten::avg_pool2d", avgPool<2>},
    {"aten::avg_pool3d", avgPool<3>},
    {"aten::adaptive_avg_pool1d", adaptiveAvgPool<1>},
    {"aten::adaptive_avg_pool2d", adaptiveAvgPool<2>},
    {"aten::_adaptive_avg_pool2d", adaptiveAvgPool<2>},
    {"aten::adaptive_avg_pool3d", adaptiveAvgPool<3>},
    {"aten::_adaptive_avg_pool3d", adaptiveAvgPool<3>},
    {"aten::upsample_nearest1d.*", nearest<1>},
    {"aten::upsample_nearest2d.*", nearest<2>},
    {"aten::upsample_nearest3d.*", nearest<3>},
    {"aten::_upsample_nearest_exact1d.*", nearestExact<1>},
    {"aten::_upsample_nearest_exact2d.*", nearestExact<2>},
    {"aten::_upsample_nearest_exact3d.*", nearestExact<3>},
    {"aten::upsample_linear1d.*", linear<1>},
    {"aten::upsample_bilinear2d.*", linear<2>},
    {"aten::upsample_trilinear3d.*", linear<3>},
    {"aten::upsample_bicubic2d.*", cubic},
    {"aten::_upsample_bilinear2d_aa.*", antialiased<false>},
    {"aten::_upsample_bicubic2d_aa.*", antialiased<true>},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::poolingOperators() { return rows; }
