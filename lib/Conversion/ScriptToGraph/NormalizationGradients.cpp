//===- NormalizationGradients.cpp - backward of the norms -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "GradientSupport.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

Value countOf(GraphBuilder &b, Value v, ArrayRef<int64_t> dims) {
  Int count = b.size(1);
  for (int64_t d : dims)
    count = mul(count, b.size(v, d));
  return b.scalar(AV::integer(count), b.dtype(v));
}
Value sum(GraphBuilder &b, Value v, ArrayRef<int64_t> dims, bool keep) { return b.reduce<graph::SumOp>(v, dims, keep); }

/// The input's gradient where its mean and variance over `dims` were taken: `scaled` is the gradient times
/// the weight, `normal` the normalised input.
Value throughStatistics(GraphBuilder &b, Value scaled, Value normal, Value inverse, ArrayRef<int64_t> dims) {
  Value count = countOf(b, scaled, dims);
  Value mean = b.div(sum(b, scaled, dims, true), count);
  Value slope = b.div(sum(b, b.mul(scaled, normal), dims, true), count);
  return b.mul(b.sub(b.sub(scaled, mean), b.mul(normal, slope)), inverse);
}

Value inInput(OpCall &c, StringRef like, Value v) { return c.b.cast(v, c.b.dtype(c.value(like))); }
StringRef weightName(OpCall &c) { return c.has("weight") ? "weight" : "input"; }

Result batchNormBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value g = wide(c, "grad_out"), x = wide(c, "input");
  bool train = c.flag("train");
  int64_t dtype = b.dtype(x), rank = b.rank(x);
  if (rank < 2)
    return c.unsupported("an input of fewer than 2 dimensions");
  auto channels = [&](Value v) {
    Sizes sizes(rank, b.size(1));
    sizes[1] = b.size(x, 1);
    return b.reshape(b.cast(v, dtype), sizes);
  };
  Value mean = channels(c.value(train ? "save_mean" : "running_mean"));
  Value inverse = train ? channels(c.value("save_invstd"))
                        : b.unary<graph::RsqrtOp>(b.add(channels(c.value("running_var")), c.constFloat("eps")));
  if (b.failed())
    return {};
  Dims dims = otherDims(rank, {1});
  Value normal = b.mul(b.sub(x, mean), inverse);
  Value scaled = c.has("weight") ? b.mul(g, channels(c.value("weight"))) : g;
  return maskedResults(c, {[&] {
                             return inInput(c, "input",
                                            train ? throughStatistics(b, scaled, normal, inverse, dims)
                                                  : b.mul(scaled, inverse));
                           },
                           [&] { return inInput(c, weightName(c), sum(b, b.mul(g, normal), dims, false)); },
                           [&] { return inInput(c, weightName(c), sum(b, g, dims, false)); }});
}

Result layerNormBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value g = wide(c, "grad_out"), x = wide(c, "input"), mean = wide(c, "mean"), inverse = wide(c, "rstd");
  int64_t inner = c.integers("normalized_shape").size(), rank = b.rank(x);
  if (b.failed())
    return {};
  Dims batch, features;
  for (int64_t d = 0; d < rank; ++d)
    (d < rank - inner ? batch : features).push_back(d);
  Value normal = b.mul(b.sub(x, mean), inverse);
  Value scaled = c.has("weight") ? b.mul(g, wide(c, "weight")) : g;
  return maskedResults(c, {[&] { return inInput(c, "input", throughStatistics(b, scaled, normal, inverse, features)); },
                           [&] { return inInput(c, weightName(c), sum(b, b.mul(g, normal), batch, false)); },
                           [&] { return inInput(c, weightName(c), sum(b, g, batch, false)); }});
}

Result groupNormBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value g = wide(c, "grad_out"), x = wide(c, "input");
  Int images = c.integer("N"), channels = c.integer("C"), pixels = c.integer("HxW");
  int64_t groups = c.constInt("group");
  if (b.failed())
    return {};
  Int each = floorDiv(channels, groups);
  Sizes grouped{images, b.size(groups), each, pixels}, perGroup{images, b.size(groups), b.size(1), b.size(1)};
  Value inverse = b.reshape(wide(c, "rstd"), perGroup);
  Value wideGrad = b.reshape(g, grouped);
  Value normal = b.mul(b.sub(b.reshape(x, grouped), b.reshape(wide(c, "mean"), perGroup)), inverse);
  auto weighted = [&] {
    if (!c.has("weight"))
      return wideGrad;
    return b.mul(wideGrad, b.reshape(wide(c, "weight"), {b.size(1), b.size(groups), each, b.size(1)}));
  };
  auto perChannel = [&](Value v) { return inInput(c, weightName(c), b.reshape(sum(b, v, {0, 3}, false), {channels})); };
  return maskedResults(c, {[&] {
                             Value out = throughStatistics(b, weighted(), normal, inverse, {2, 3});
                             return inInput(c, "input", b.reshape(out, b.sizes(x)));
                           },
                           [&] { return perChannel(b.mul(wideGrad, normal)); }, [&] { return perChannel(wideGrad); }});
}

constexpr OperatorRow rows[] = {
    {"aten::native_batch_norm_backward", batchNormBackward},
    {"aten::native_layer_norm_backward", layerNormBackward},
    {"aten::native_group_norm_backward", groupNormBackward},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::normalizationGradients() { return rows; }
