//===- Sampling.cpp - grid_sample, unpooling, windows -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "IndexingSupport.h"
#include "Native.h"
#include "Operators.h"
#include "Padding.h"
#include "RuntimeWindows.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

constexpr int64_t kLong = int64_t(DType::Int64);

Result gridSample(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("input"), grid = c.value("grid");
  int64_t rank = b.rank(v), dtype = b.dtype(v), mode = c.constInt("interpolation_mode");
  if ((rank != 4 && rank != 5) || b.rank(grid) != rank)
    b.raise("RuntimeError", "grid_sampler(): expected 4D or 5D input and grid with same number of dimensions");
  else if (b.dtype(grid) != dtype)
    b.raise("RuntimeError", "grid_sampler(): expected input and grid to have same dtype");
  else if (mode == 2 && rank == 5)
    b.raise("RuntimeError", "grid_sampler(): bicubic interpolation only supports 4D input");
  if (b.failed())
    return {};
  b.checkEqual(
      b.size(v, 0), b.size(grid, 0), "RuntimeError",
      "grid_sampler(): expected grid and input to have same batch size, but got input with sizes {0} and grid with "
      "sizes {1}",
      {b.size(v, 0), b.size(grid, 0)});
  b.checkEqual(b.size(grid, rank - 1), b.size(rank - 2), "RuntimeError",
               "grid_sampler(): expected grid to have size " + Twine(rank - 2) + " in last dimension, but got {0}",
               {b.size(grid, rank - 1)});
  for (int64_t d = 2; d < rank; ++d)
    b.check(b.compareInt(arith::CmpIPredicate::sgt, b.size(v, d), b.size(0)), "RuntimeError",
            "grid_sampler(): expected input to have non-empty spatial dimensions");
  Sizes sizes = b.sizes(grid);
  sizes.pop_back();
  sizes.insert(sizes.begin() + 1, b.size(v, 1));
  int64_t compute = computeDType(dtype);
  return b.cast(native(b, "grid_sample", {b.cast(v, compute), b.cast(grid, compute)}, {{sizes, compute}}, 2,
                       {mode, c.constInt("padding_mode"), c.flag("align_corners")})[0],
                dtype);
}

/// -1 to 1 in equal steps, counted from the nearer end as torch.linspace does; with `alignCorners`
/// false the middles of as many equal parts. 0 where there is one.
Value centred(GraphBuilder &b, Int count, bool alignCorners, int64_t dtype) {
  Value n = b.scalar(AV::integer(count), dtype), one = b.scalar(1.0, dtype), i = b.iota({count}, 0, dtype);
  Value steps = b.binary<graph::MaximumOp>(b.sub(n, one), one), step = b.div(b.scalar(2.0, dtype), steps);
  Value low = b.add(b.mul(i, step), -1.0), high = b.sub(one, b.mul(b.sub(steps, i), step));
  Value v = b.where(b.compare<graph::LtOp>(i, b.unary<graph::FloorOp>(b.mul(n, 0.5))), low, high);
  if (!alignCorners)
    v = b.mul(v, b.div(b.sub(n, one), n));
  Value many = b.compare<graph::GtOp>(n, one);
  return b.where(b.expand(many, b.sizes(v)), v, b.full(b.sizes(v), 0.0, dtype));
}

/// The places in [-1, 1] that affine maps give the elements of images of `size`.
Result affineGrid(OpCall &c) {
  GraphBuilder &b = c.b;
  Value theta = c.value("theta");
  Sizes size = c.integers("size");
  int64_t dims = int64_t(size.size()) - 2, dtype = b.dtype(theta);
  if (dims != 2 && dims != 3)
    b.raise("RuntimeError", "AffineGridGenerator needs 4d (spatial) or 5d (volumetric) inputs.");
  else if (b.rank(theta) != 3)
    b.raise("RuntimeError", "Expected a batch of affine matrices of shape Nx" + Twine(dims) + "x" + Twine(dims + 1));
  if (b.failed())
    return {};
  Sizes matrices{size[0], b.size(dims), b.size(dims + 1)};
  for (auto [d, want] : llvm::enumerate(matrices))
    b.checkEqual(b.size(theta, d), want, "RuntimeError",
                 "Expected a batch of affine matrices of shape Nx" + Twine(dims) + "x" + Twine(dims + 1) +
                     ", got size {0} in dimension " + Twine(d),
                 {b.size(theta, d)});
  theta = b.refine(theta);
  Sizes grid(size.begin() + 2, size.end());
  Int points = b.size(1);
  for (Int s : grid)
    points = mul(points, s);
  // The innermost dimension is x.
  Values coordinates;
  for (int64_t d = dims; d-- > 0;) {
    Sizes line(dims, b.size(1));
    line[d] = grid[d];
    Value v = b.reshape(centred(b, grid[d], c.flag("align_corners"), dtype), line);
    coordinates.push_back(b.reshape(b.expand(v, grid), {points}));
  }
  coordinates.push_back(b.full({points}, 1.0, dtype));
  if (b.failed())
    return {};
  Value base = b.unsqueeze(b.stack(coordinates, 1), 0);
  Value out = b.matmul(b.expand(base, {size[0], points, b.size(dims + 1)}), b.transpose(theta, 1, 2));
  Sizes sizes{size[0]};
  sizes.append(grid);
  sizes.push_back(b.size(dims));
  return b.reshape(out, sizes);
}

/// Elements at the flat places of their images.
template <int Dims>
Result maxUnpool(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), index = c.value("indices");
  Sizes size = c.integers("output_size"), sizes = b.sizes(v);
  if (b.dtype(index) != kLong)
    b.raise("RuntimeError", "elements in indices should be type int64");
  if (b.rank(v) != Dims + 1 && b.rank(v) != Dims + 2)
    b.raise("RuntimeError",
            "Input to max_unpooling should be a " + Twine(Dims + 1) + "d or " + Twine(Dims + 2) + "d Tensor");
  if (b.rank(index) != b.rank(v) || size.size() != Dims)
    b.raise("RuntimeError", "Expected shape of indices to be same as that of the input tensor");
  if (b.failed())
    return {};
  for (int64_t d = 0; d < b.rank(v); ++d)
    b.checkEqual(b.size(v, d), b.size(index, d), "RuntimeError",
                 "Expected shape of indices to be same as that of the input tensor");
  Int images = b.size(1), from = b.size(1), to = b.size(1);
  int64_t first = b.rank(v) - Dims;
  for (int64_t d = 0; d < b.rank(v); ++d)
    (d < first ? images : from) = mul(d < first ? images : from, sizes[d]);
  for (Int s : size)
    to = mul(to, s);
  Value out = scatterOf(b, b.full({images, to}, 0.0, b.dtype(v)), b.reshape(b.refine(index), {images, from}),
                        b.reshape(b.refine(v), {images, from}), 1, "none");
  sizes.resize(first);
  sizes.append(size.begin(), size.end());
  return b.reshape(out, sizes);
}

//===----------------------------------------------------------------------===//
// Pooling over windows of unequal sizes
//===----------------------------------------------------------------------===//

/// starts and ends: [1 or images, dims, positions].
Result maxOfWindows(GraphBuilder &b, Value v, int64_t dims, const Sizes &out, Value starts, Value ends) {
  Sizes sizes = b.sizes(v), flat{b.size(1)}, result;
  int64_t first = b.rank(v) - dims;
  for (int64_t d = 0; d < first; ++d)
    flat[0] = mul(flat[0], sizes[d]);
  result.push_back(flat[0]);
  flat.append(sizes.begin() + first, sizes.end());
  result.append(out.begin(), out.end());
  int64_t dtype = b.dtype(v), compute = computeDType(dtype);
  Values r = native(b, "max_of_windows", {b.cast(b.reshape(v, flat), compute), starts, ends},
                    {{result, compute}, {result, kLong}}, 1);
  sizes.resize(first);
  sizes.append(out.begin(), out.end());
  return {b.cast(b.reshape(r[0], sizes), dtype), b.reshape(r[1], sizes)};
}
Int longest(GraphBuilder &b, ArrayRef<Int> sizes) {
  Int n = sizes[0];
  for (Int s : sizes.drop_front())
    n = b.maxInt(n, s);
  return n;
}

template <int Dims>
Result adaptiveMaxPool(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  Sizes out = c.integers("output_size");
  if (out.size() != Dims)
    b.raise("RuntimeError", c.schema.name + "(): internal error: output_size.size() must be " + Twine(Dims));
  if (b.rank(v) != Dims + 1 && b.rank(v) != Dims + 2)
    b.raise("RuntimeError", c.schema.name + "(): Expected " + Twine(Dims + 1) + "D or " + Twine(Dims + 2) + "D tensor");
  if (!b.isFloating(b.dtype(v)))
    b.raise("RuntimeError", "\"" + c.schema.name + "\" not implemented for '" + b.scalarTypeName(b.dtype(v)) + "'");
  for (Int size : out)
    b.check(b.compareInt(arith::CmpIPredicate::sge, size, b.size(0)), "RuntimeError",
            "Trying to create tensor with negative dimension {0}", {size});
  if (b.failed())
    return {};
  Int positions = longest(b, out);
  Values starts, ends;
  for (int64_t d = 0; d < Dims; ++d) {
    Int in = b.size(v, b.rank(v) - Dims + d);
    b.check(b.compareInt(arith::CmpIPredicate::sgt, in, b.size(0)), "RuntimeError",
            c.schema.name + "(): Expected input to have non-zero size for non-batch dimensions");
    Value i = b.iota({positions}, 0, kLong), n = b.scalar(AV::integer(in), kLong),
          m = b.scalar(AV::integer(out[d]), kLong);
    Value safe = b.binary<graph::MaximumOp>(m, b.scalarInt(1, kLong));
    starts.push_back(b.binary<graph::FloorDivideOp>(b.mul(i, n), safe));
    Value next = b.add(b.mul(b.add(i, 1.0), n), b.add(safe, -1.0));
    ends.push_back(b.binary<graph::FloorDivideOp>(next, safe));
  }
  Sizes shape{b.size(1), b.size(Dims), positions};
  return maxOfWindows(b, v, Dims, out, b.reshape(b.stack(starts, 0), shape), b.reshape(b.stack(ends, 0), shape));
}

/// Window starts from one random number for each image and dimension.
template <int Dims>
Result fractionalMaxPool(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), samples = c.value("random_samples");
  Sizes out = c.integers("output_size"), kernel = c.integers("kernel_size");
  int64_t rank = b.rank(v), dtype = computeDType(b.dtype(v));
  if (rank != Dims + 1 && rank != Dims + 2)
    b.raise("RuntimeError", c.schema.name + "(): Expected " + Twine(Dims + 1) + "D or " + Twine(Dims + 2) + "D tensor");
  if (b.failed())
    return {};
  Int images = b.size(1), positions = longest(b, out);
  for (int64_t d = 0; d < rank - Dims; ++d)
    images = mul(images, b.size(v, d));
  samples = b.cast(b.reshape(samples, {images, b.size(Dims)}), dtype);
  Values starts, ends;
  for (int64_t d = 0; d < Dims; ++d) {
    Int in = b.size(v, rank - Dims + d), last = sub(in, kernel[d]);
    b.check(b.compareInt(arith::CmpIPredicate::sle, sub(add(out[d], kernel[d]), b.size(1)), in), "RuntimeError",
            c.schema.name + "(): pool size too large relative to input size");
    // The samples go from the last dimension to the first in 2-D, and in order in 3-D.
    Value u = b.slice(samples, 1, b.size(Dims == 2 ? 1 - d : d), b.size(1));
    Value i = b.cast(b.iota({b.size(1), positions}, 1, kLong), dtype);
    Value steps = b.scalar(AV::integer(b.maxInt(sub(out[d], b.size(1)), b.size(1))), dtype);
    Value alpha = b.div(b.scalar(AV::integer(last), dtype), steps);
    Value place = b.sub(b.unary<graph::TruncOp>(b.mul(b.add(i, u), alpha)), b.unary<graph::TruncOp>(b.mul(u, alpha)));
    Value final = b.compare<graph::GeOp>(i, b.scalar(AV::integer(sub(out[d], b.size(1))), dtype));
    Value end = b.scalar(AV::integer(last), kLong);
    Value start = b.where(final, b.expand(end, b.sizes(place)), b.cast(place, kLong));
    starts.push_back(start);
    ends.push_back(b.add(start, b.scalar(AV::integer(kernel[d]), kLong)));
  }
  return maxOfWindows(b, v, Dims, out, b.stack(starts, 1), b.stack(ends, 1));
}

//===----------------------------------------------------------------------===//
// Windows as columns
//===----------------------------------------------------------------------===//

Result im2col(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  OpenWindow w{openInts(c, "kernel_size", 2), openInts(c, "stride", 2), openInts(c, "padding", 2),
               openInts(c, "dilation", 2)};
  bool batched = b.rank(v) == 4;
  if (b.rank(v) != 3 && !batched)
    b.raise("RuntimeError", "Expected 3D or 4D (batch mode) tensor for im2col");
  if (b.failed())
    return {};
  if (!batched)
    v = b.unsqueeze(v, 0);
  v = padded(c, v, {w.padding[1], w.padding[1], w.padding[0], w.padding[0]}, "constant", AV::real(0));
  Sizes windows;
  for (int d = 0; d < 2; ++d) {
    Int reach = add(mul(w.dilation[d], sub(w.kernel[d], b.size(1))), b.size(1)), span = sub(b.size(v, 2 + d), reach);
    b.check(b.compareInt(arith::CmpIPredicate::sge, span, b.size(0)), "RuntimeError",
            "im2col: the calculated shape of the array of sliding blocks is too small (non-positive)");
    windows.push_back(add(b.floorDivInt(span, w.stride[d]), b.size(1)));
  }
  v = b.permute(slidingWindows(b, v, w, windows), {0, 1, 2, 4, 3, 5});
  v = b.reshape(v, {b.size(v, 0), mul(b.size(v, 1), mul(w.kernel[0], w.kernel[1])), mul(windows[0], windows[1])});
  return batched ? v : b.squeeze(v, 0);
}

/// Columns added up to an image: what im2col takes apart.
Result col2im(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  Sizes image = c.integers("output_size");
  Dims kernel = c.constInts("kernel_size", 2), dilation = c.constInts("dilation", 2),
       padding = c.constInts("padding", 2), stride = c.constInts("stride", 2);
  bool batched = b.rank(v) == 3;
  if (b.rank(v) != 2 && !batched)
    b.raise("RuntimeError", "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero "
                            "dimensions for input");
  if (b.failed())
    return {};
  if (!batched)
    v = b.unsqueeze(v, 0);
  int64_t elements = kernel[0] * kernel[1];
  Int channels = floorDiv(b.size(v, 1), elements);
  b.check(b.compareInt(arith::CmpIPredicate::eq, mul(channels, b.size(elements)), b.size(v, 1)), "RuntimeError",
          "Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got "
          "input.size(1)={0} and kernel_size=(" +
              Twine(kernel[0]) + ", " + Twine(kernel[1]) + ").",
          {b.size(v, 1)});
  // Places in the padded image, [kernel, kernel, windows, windows].
  Sizes windows, padded;
  Value place;
  for (int64_t d = 0; d < 2; ++d) {
    padded.push_back(add(image[d], b.size(2 * padding[d])));
    Int span = sub(padded[d], b.size(dilation[d] * (kernel[d] - 1) + 1));
    b.check(b.compareInt(arith::CmpIPredicate::sge, span, b.size(0)), "RuntimeError",
            "col2im: the calculated shape of the array of sliding blocks is too small (non-positive)");
    windows.push_back(add(floorDiv(span, stride[d]), b.size(1)));
  }
  for (int64_t d = 0; d < 2; ++d) {
    Sizes inside(4, b.size(1)), along(4, b.size(1));
    inside[d] = b.size(kernel[d]);
    along[2 + d] = windows[d];
    Value at = b.add(b.mul(b.iota(inside, d, kLong), double(dilation[d])),
                     b.mul(b.iota(along, 2 + d, kLong), double(stride[d])));
    place = d == 0 ? b.mul(at, b.scalar(AV::integer(padded[1]), kLong)) : b.add(place, at);
  }
  Int blocks = mul(windows[0], windows[1]);
  b.checkEqual(b.size(v, 2), blocks, "RuntimeError",
               "Given output_size, expected size of input's dimension 2 to match the calculated number of sliding "
               "blocks {0}, but got input.size(2)={1}.",
               {blocks, b.size(v, 2)});
  if (b.failed())
    return {};
  v = b.refine(v);
  Int images = mul(b.size(v, 0), channels), places = mul(b.size(elements), blocks);
  Value source = b.reshape(v, {images, places});
  Value index = b.expand(b.reshape(place, {b.size(1), places}), {images, places});
  Value out = scatterOf(b, b.full({images, mul(padded[0], padded[1])}, 0.0, b.dtype(v)), index, source, 1, "sum");
  out = b.reshape(out, {b.size(v, 0), channels, padded[0], padded[1]});
  for (int64_t d = 0; d < 2; ++d)
    out = b.slice(out, 2 + d, b.size(padding[d]), image[d]);
  return batched ? out : b.squeeze(out, 0);
}

/// Sums, means or maxima of bags of rows: (result, bags of the indices, sizes of the
/// bags, places of the maxima).
Result embeddingBag(OpCall &c) {
  GraphBuilder &b = c.b;
  Value weight = c.value("weight"), indices = b.cast(c.value("indices"), kLong),
        offsets = b.cast(c.value("offsets"), kLong);
  int64_t mode = c.constInt("mode"), own = b.dtype(weight), dtype = computeDType(own);
  weight = b.cast(weight, dtype);
  if (b.rank(indices) != 1 || b.rank(offsets) != 1 || b.rank(weight) != 2)
    b.raise("RuntimeError", "embedding_bag: indices and offsets are vectors, weight is a matrix");
  if (b.failed())
    return {};
  Int count = b.size(indices, 0), bags = b.size(offsets, 0);
  if (c.flag("include_last_offset"))
    bags = sub(bags, b.size(1));
  offsets = b.slice(offsets, 0, b.size(0), bags);
  // The bag of an index is the last one that does not begin behind it.
  Value bag = native(b, "searchsorted", {offsets, b.iota({count}, 0, kLong)}, {{{count}, kLong}}, 1, {1, 1, 0})[0];
  bag = b.add(bag, -1.0);
  Int columns = b.size(weight, 1);
  Value rows = b.indexSelect(weight, wrapIndex(b, indices, b.size(weight, 0)), 0);
  if (c.has("per_sample_weights"))
    rows = b.mul(rows, b.unsqueeze(b.cast(c.value("per_sample_weights"), dtype), 1));
  Value counted = b.full({count}, 1.0, kLong), zero = b.scalarInt(0, kLong);
  if (c.has("padding_idx")) {
    Int padding = c.integer("padding_idx");
    // None is -1 to the inner operators.
    if (c.schema.name == "embedding_bag")
      padding = b.wrapInt(padding, b.size(weight, 0));
    Value kept = b.compare<graph::NeOp>(indices, b.scalar(AV::integer(padding), kLong));
    counted = b.cast(kept, kLong);
    rows = b.where(b.unsqueeze(kept, 1), rows, b.full(b.sizes(rows), mode == 2 ? -INFINITY : 0.0, dtype));
  }
  Value sizes = scatterOf(b, b.full({bags}, 0.0, kLong), bag, counted, 0, "sum");
  Value wide = b.expand(b.unsqueeze(bag, 1), b.sizes(rows));
  Value out = scatterOf(b, b.full({bags, columns}, mode == 2 ? -INFINITY : 0.0, dtype), wide, rows, 0,
                        mode == 2 ? "amax" : "sum");
  Value column = b.unsqueeze(sizes, 1);
  if (mode == 1)
    out = b.div(out, b.cast(b.binary<graph::MaximumOp>(column, b.scalarInt(1, kLong)), dtype));
  if (mode == 2)
    out = b.where(b.compare<graph::EqOp>(column, zero), b.full(b.sizes(out), 0.0, dtype), out);
  return Result::several({b.fresh(b.cast(out, own)), b.fresh(bag), b.fresh(sizes), AV::unknown()});
}

const OperatorRow rows[] = {
    {"aten::grid_sampler", gridSample},
    {"aten::grid_sampler_2d", gridSample},
    {"aten::grid_sampler_3d", gridSample},
    {"aten::max_unpool2d", maxUnpool<2>},
    {"aten::max_unpool3d", maxUnpool<3>},
    {"aten::adaptive_max_pool1d", adaptiveMaxPool<1>},
    {"aten::adaptive_max_pool2d", adaptiveMaxPool<2>},
    {"aten::adaptive_max_pool3d", adaptiveMaxPool<3>},
    {"aten::fractional_max_pool2d", fractionalMaxPool<2>},
    {"aten::fractional_max_pool3d", fractionalMaxPool<3>},
    {"aten::im2col", im2col},
    {"aten::col2im", col2im},
    {"aten::affine_grid_generator", affineGrid},
    {"aten::_embedding_bag", embeddingBag},
    {"aten::_embedding_bag_forward_only", embeddingBag},
    {"aten::embedding_bag", embeddingBag},
    {"aten::embedding_bag.padding_idx", embeddingBag},
};

} // namespace

ArrayRef<OperatorRow> eval::samplingOperators() { return rows; }
