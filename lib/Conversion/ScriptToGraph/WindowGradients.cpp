//===- WindowGradients.cpp - backward of convolution, pooling, padding, resampling -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Convolution.h"
#include "GradientSupport.h"
#include "MatrixSupport.h"
#include "Padding.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

constexpr int64_t kLong = int64_t(DType::Int64);

/// From `start` on `size` elements of a dimension; behind its end are zeros.
Value cutOrPadded(GraphBuilder &b, Value v, int64_t dim, Int start, Int size) {
  Int missing = sub(add(start, size), b.size(v, dim));
  if (!known(missing) || *known(missing) > 0) {
    Sizes zeros = b.sizes(v);
    zeros[dim] = b.maxInt(missing, b.size(0));
    v = b.concat({v, b.full(zeros, 0.0, b.dtype(v))}, dim);
  }
  return b.slice(v, dim, start, size);
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

/// What a convolution's transpose gives, of the spatial sizes `wanted`.
Value convolvedBack(GraphBuilder &b, Value grad, Value weight, Geometry g, ArrayRef<Int> wanted) {
  int64_t spatial = wanted.size();
  Geometry t = g;
  t.transposed = true;
  t.outputPadding.assign(spatial, 0);
  bool exact = true;
  for (int64_t i = 0; i < spatial; ++i) {
    Int reach = mul(sub(b.size(weight, i + 2), b.size(1)), b.size(g.dilation[i]));
    Int plain =
        add(add(mul(sub(b.size(grad, i + 2), b.size(1)), b.size(g.stride[i])), reach), b.size(1 - 2 * g.padding[i]));
    auto rest = known(sub(wanted[i], plain));
    exact &= rest && *rest >= 0 && *rest < std::max(g.stride[i], g.dilation[i]);
    t.outputPadding[i] = rest.value_or(0);
  }
  if (exact)
    return convolve(b, grad, weight, {}, t);
  // Sizes that only the call knows: all of it, and then the part.
  t.outputPadding.assign(spatial, 0);
  t.padding.assign(spatial, 0);
  Value all = convolve(b, grad, weight, {}, t);
  for (int64_t i = 0; i < spatial; ++i)
    all = cutOrPadded(b, all, i + 2, b.size(g.padding[i]), wanted[i]);
  return all;
}

/// The sums of products of `moved`'s windows with `fixed`, over images and places: [fixed's channels,
/// moved's channels / groups, kernel...]. A convolution whose channels are the images.
Value windowProducts(GraphBuilder &b, Value moved, Value fixed, const Geometry &g, ArrayRef<Int> kernel) {
  int64_t spatial = kernel.size();
  Int images = b.size(moved, 0), channels = b.size(moved, 1), each = floorDiv(channels, g.groups);
  Sizes split{images, b.size(g.groups), each}, joined{each, mul(images, b.size(g.groups))};
  Dims order{2, 1, 0}, swap{1, 0};
  for (int64_t i = 0; i < spatial; ++i) {
    split.push_back(b.size(moved, i + 2));
    joined.push_back(b.size(moved, i + 2));
    order.push_back(i + 3);
    swap.push_back(i + 2);
  }
  Geometry t;
  t.stride = g.dilation;
  t.dilation = g.stride;
  t.padding = g.padding;
  t.groups = g.groups;
  Value input = b.reshape(b.permute(b.reshape(moved, split), order), joined);
  Value out = b.permute(convolve(b, input, b.permute(fixed, swap), {}, t), swap);
  for (int64_t i = 0; i < spatial; ++i)
    out = b.slice(out, i + 2, b.size(0), kernel[i]);
  return out;
}

Result convolutionBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value grad = wide(c, "grad_output"), x = wide(c, "input"), weight = wide(c, "weight");
  int64_t dtype = b.dtype(c.value("input")), spatial = b.rank(weight) - 2;
  Geometry g;
  g.stride = c.constInts("stride", spatial);
  g.padding = c.constInts("padding", spatial);
  g.dilation = c.constInts("dilation", spatial);
  g.groups = c.constInt("groups", 1);
  bool transposed = c.flag("transposed");
  if (b.failed())
    return {};
  if (b.rank(x) != spatial + 2)
    return c.unsupported("an input without a batch dimension");
  Sizes in = b.sizes(x), kernel(llvm::drop_begin(b.sizes(weight), 2));
  ArrayRef<Int> wanted = ArrayRef(in).drop_front(2);
  return maskedResults(c, {[&] {
                             if (!transposed)
                               return b.cast(convolvedBack(b, grad, weight, g, wanted), dtype);
                             Value out = convolve(b, grad, weight, {}, g);
                             for (int64_t i = 0; i < spatial; ++i)
                               out = b.slice(out, i + 2, b.size(0), wanted[i]);
                             return b.cast(out, dtype);
                           },
                           [&] {
                             Value out = transposed ? windowProducts(b, grad, x, g, kernel)
                                                    : windowProducts(b, x, grad, g, kernel);
                             return b.cast(out, dtype);
                           },
                           [&] {
                             Dims dims = otherDims(spatial + 2, {1});
                             return b.cast(b.reduce<graph::SumOp>(grad, dims, false), dtype);
                           }});
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// [images * channels, spatial...]
Value flatImages(GraphBuilder &b, Value v, int64_t spatial) {
  Sizes sizes{b.size(1)};
  for (int64_t d = 0; d < b.rank(v) - spatial; ++d)
    sizes[0] = mul(sizes[0], b.size(v, d));
  for (int64_t d = b.rank(v) - spatial; d < b.rank(v); ++d)
    sizes.push_back(b.size(v, d));
  return b.reshape(v, sizes);
}

/// Each gradient goes where the maximum was.
template <int spatial>
Result maxPoolBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value x = c.value("self"), g = wide(c, "grad_output");
  auto plane = [&](Value v) {
    Value images = flatImages(b, v, spatial);
    Int pixels = b.size(1);
    for (int64_t d = 1; d <= spatial; ++d)
      pixels = mul(pixels, b.size(images, d));
    return b.reshape(images, {b.size(images, 0), pixels});
  };
  if (b.rank(x) < spatial + 1 || b.rank(g) != b.rank(x))
    return c.unsupported("a gradient of another rank");
  Sizes sizes = b.sizes(plane(x));
  Value out = scatterOf(b, b.full(sizes, 0.0, b.dtype(g)), plane(c.value("indices")), plane(g), 1, "sum");
  return b.cast(b.reshape(out, b.sizes(x)), b.dtype(x));
}

/// How many elements each window of a dimension counts.
Value windowCounts(GraphBuilder &b, Int in, Int out, int64_t kernel, int64_t stride, int64_t padding,
                   bool withPadding) {
  auto at = [&](Int n) { return b.scalar(AV::integer(n), kLong); };
  Value first = b.add(b.mul(b.iota({out}, 0, kLong), double(stride)), double(-padding));
  Value end = b.binary<graph::MinimumOp>(b.add(first, double(kernel)), at(add(in, b.size(padding))));
  if (!withPadding) {
    end = b.binary<graph::MinimumOp>(end, at(in));
    first = b.binary<graph::MaximumOp>(first, at(b.size(0)));
  }
  return b.sub(end, first);
}

template <int spatial>
Result avgPoolBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value x = c.value("self"), g = wide(c, "grad_output");
  Geometry geometry;
  Dims kernel = c.constInts("kernel_size", spatial);
  const AV &stride = c.arg("stride");
  geometry.stride = stride.elements().empty() ? kernel : c.constInts("stride", spatial);
  geometry.padding = c.constInts("padding", spatial);
  geometry.dilation.assign(spatial, 1);
  if (b.failed())
    return {};
  Value grad = flatImages(b, g, spatial);
  Sizes ones(2, b.size(1)), wanted;
  for (int64_t i = 0; i < spatial; ++i) {
    ones.push_back(b.size(kernel[i]));
    wanted.push_back(b.size(x, b.rank(x) - spatial + i));
  }
  if (c.has("divisor_override")) {
    grad = b.div(grad, b.scalar(c.number("divisor_override"), b.dtype(g)));
  } else {
    for (int64_t i = 0; i < spatial; ++i) {
      Value counts = windowCounts(b, wanted[i], b.size(grad, i + 1), kernel[i], geometry.stride[i], geometry.padding[i],
                                  c.flag("count_include_pad", true));
      Sizes line(spatial + 1, b.size(1));
      line[i + 1] = b.size(counts, 0);
      grad = b.div(grad, b.cast(b.reshape(counts, line), b.dtype(grad)));
    }
  }
  Value out = convolvedBack(b, b.unsqueeze(grad, 1), b.full(ones, 1.0, b.dtype(grad)), geometry, wanted);
  return b.cast(b.reshape(out, b.sizes(x)), b.dtype(x));
}

//===----------------------------------------------------------------------===//
// Linear maps of one dimension after the other
//===----------------------------------------------------------------------===//

/// `v` with dimension `dim` taken through a matrix [in, out] backwards.
Value throughMatrix(GraphBuilder &b, Value v, int64_t dim, Value matrix) {
  int64_t last = b.rank(v) - 1;
  return b.transpose(b.matmulAny(b.transpose(v, dim, last), b.transpose(matrix, 0, 1)), dim, last);
}

template <int spatial>
Result adaptiveAvgPoolBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value x = c.value("self"), g = wide(c, "grad_output");
  int64_t dtype = b.dtype(g), first = b.rank(x) - spatial;
  if (first < 1)
    return c.unsupported("an input without channels");
  for (int64_t d = first; d < b.rank(x); ++d) {
    Int in = b.size(x, d), out = b.size(g, d);
    Value rows = b.reshape(matrices::identity(b, in, in, dtype), {b.size(1), in, in});
    Value pooled =
        b.note(graph::AdaptiveAvgPoolOp::create(b.b, b.loc, b.tensorType({b.size(1), in, out}, dtype), rows, false));
    g = throughMatrix(b, g, d, b.reshape(pooled, {in, out}));
  }
  return b.cast(g, b.dtype(x));
}

template <int spatial>
Result resizeBackward(OpCall &c, StringRef mode) {
  GraphBuilder &b = c.b;
  Value g = wide(c, "grad_output");
  int64_t dtype = b.dtype(g);
  Sizes sizes = c.integers("input_size");
  if (b.failed())
    return {};
  if (b.rank(g) != spatial + 2 || sizes.size() != spatial + 2)
    return c.unsupported("a gradient of another rank");
  static const StringRef names[] = {"scales_d", "scales_h", "scales_w"};
  for (int64_t i = 0; i < spatial; ++i) {
    StringRef name = spatial == 1 ? StringRef("scales") : names[3 - spatial + i];
    double scale = c.has(name) ? c.constFloat(name) : 0;
    Int in = sizes[i + 2], out = b.size(g, i + 2);
    if (mode.starts_with("nearest")) { // each place is one element's
      constexpr int64_t kDouble = int64_t(DType::Float64);
      Value line = b.iota({b.size(1), b.size(1), in}, 2, kDouble);
      Value places = b.note(graph::ResizeOp::create(b.b, b.loc, b.tensorType({b.size(1), b.size(1), out}, kDouble),
                                                    line, mode, false, ArrayRef<double>(scale), false));
      g = addedAt(b, g, i + 2, b.cast(b.reshape(places, {out}), kLong), in);
      continue;
    }
    // The rows of the identity are what each element contributes; cubic is of two dimensions.
    bool cubic = mode == "cubic";
    Sizes from{b.size(1), in, in}, to{b.size(1), in, out};
    SmallVector<double> scales{scale};
    if (cubic) {
      from.insert(from.begin() + 2, b.size(1));
      to.insert(to.begin() + 2, b.size(1));
      scales.insert(scales.begin(), 0);
    }
    Value rows = b.reshape(matrices::identity(b, in, in, dtype), from);
    Value matrix = b.note(graph::ResizeOp::create(b.b, b.loc, b.tensorType(to, dtype), rows, mode,
                                                  c.flag("align_corners"), scales, false));
    g = throughMatrix(b, g, i + 2, b.reshape(matrix, {in, out}));
  }
  return b.cast(g, b.dtype(c.value("grad_output")));
}
template <int spatial>
Result nearestBackward(OpCall &c) {
  return resizeBackward<spatial>(c, "nearest");
}
template <int spatial>
Result nearestExactBackward(OpCall &c) {
  return resizeBackward<spatial>(c, "nearest-exact");
}
template <int spatial>
Result linearBackward(OpCall &c) {
  return resizeBackward<spatial>(c, "linear");
}
Result cubicBackward(OpCall &c) { return resizeBackward<2>(c, "cubic"); }

/// Padding reads places of the tensor; the gradient is added at them.
template <bool reflect>
Result padBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value g = wide(c, "grad_output"), x = c.value("self");
  Sizes amounts = c.integers("padding");
  for (size_t i = 0; i < amounts.size() / 2 && !b.failed(); ++i) {
    int64_t dim = b.rank(x) - 1 - i;
    Value line = b.iota({b.size(1), b.size(x, dim)}, 1, kLong);
    Value places =
        padded(c, line, {amounts[2 * i], amounts[2 * i + 1]}, reflect ? "reflect" : "replicate", AV::real(0));
    if (b.failed())
      return {};
    b.checkEqual(b.size(g, dim), b.size(places, 1), "RuntimeError", "grad_output has size {0}, expected {1}",
                 {b.size(g, dim), b.size(places, 1)});
    g = addedAt(b, b.refine(g), dim, b.reshape(places, {b.size(places, 1)}), b.size(x, dim));
  }
  return b.cast(g, b.dtype(x));
}

constexpr OperatorRow rows[] = {
    {"aten::convolution_backward", convolutionBackward},
    {"aten::max_pool2d_with_indices_backward", maxPoolBackward<2>},
    {"aten::max_pool3d_with_indices_backward", maxPoolBackward<3>},
    {"aten::adaptive_max_pool2d_backward", maxPoolBackward<2>},
    {"aten::adaptive_max_pool3d_backward", maxPoolBackward<3>},
    {"aten::avg_pool2d_backward", avgPoolBackward<2>},
    {"aten::avg_pool3d_backward", avgPoolBackward<3>},
    {"aten::_adaptive_avg_pool2d_backward", adaptiveAvgPoolBackward<2>},
    {"aten::_adaptive_avg_pool3d_backward", adaptiveAvgPoolBackward<3>},
    {"aten::upsample_nearest1d_backward", nearestBackward<1>},
    {"aten::upsample_nearest2d_backward", nearestBackward<2>},
    {"aten::upsample_nearest3d_backward", nearestBackward<3>},
    {"aten::_upsample_nearest_exact1d_backward", nearestExactBackward<1>},
    {"aten::_upsample_nearest_exact2d_backward", nearestExactBackward<2>},
    {"aten::_upsample_nearest_exact3d_backward", nearestExactBackward<3>},
    {"aten::upsample_linear1d_backward", linearBackward<1>},
    {"aten::upsample_bilinear2d_backward", linearBackward<2>},
    {"aten::upsample_trilinear3d_backward", linearBackward<3>},
    {"aten::upsample_bicubic2d_backward", cubicBackward},
    {"aten::reflection_pad1d_backward", padBackward<true>},
    {"aten::reflection_pad2d_backward", padBackward<true>},
    {"aten::reflection_pad3d_backward", padBackward<true>},
    {"aten::replication_pad1d_backward", padBackward<false>},
    {"aten::replication_pad2d_backward", padBackward<false>},
    {"aten::replication_pad3d_backward", padBackward<false>},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::windowGradients() { return rows; }
