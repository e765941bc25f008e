//===- Normalization.cpp - batch, layer, group, instance norms --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Operators.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

/// Statistics in f32 for f16 and bf16, as ATen accumulates.
int64_t accumulateDType(int64_t dtype) {
  return dtype == int64_t(DType::Float16) || dtype == int64_t(DType::BFloat16) ? int64_t(DType::Float32) : dtype;
}

Value countAs(GraphBuilder &b, Value v, llvm::ArrayRef<int64_t> dims, int64_t dtype) {
  Int count = b.size(1);
  for (int64_t d : dims)
    count = mul(count, b.size(v, d));
  return b.scalar(AV::integer(count), dtype);
}

struct Moments {
  Value mean, variance; // keepdim; the variance is the biased one
};

Moments moments(GraphBuilder &b, Value v, llvm::ArrayRef<int64_t> dims) {
  Value count = countAs(b, v, dims, b.dtype(v));
  Value mean = b.div(b.reduce<graph::SumOp>(v, dims, true), count);
  Value centered = b.sub(v, mean);
  return {mean, b.div(b.reduce<graph::SumOp>(b.mul(centered, centered), dims, true), count)};
}

/// A per-channel vector against dimension 1.
Value alongChannels(GraphBuilder &b, Value v, int64_t rank) {
  Sizes sizes(rank, b.size(1));
  sizes[1] = b.size(v, 0);
  return b.reshape(v, sizes);
}

Value optional(OpCall &c, StringRef name) { return c.has(name) ? c.value(name) : Value(); }

/// ((v - mean) * rsqrt(variance + eps)) * weight + bias; each but v may be null.
Value applyStatistics(GraphBuilder &b, Value v, Moments m, double eps, Value weight, Value bias) {
  Value scale = b.unary<graph::RsqrtOp>(b.add(m.variance, eps));
  Value y = b.mul(b.sub(v, m.mean), scale);
  if (weight)
    y = b.mul(y, weight);
  return bias ? b.add(y, bias) : y;
}

//===----------------------------------------------------------------------===//
// Batch norm
//===----------------------------------------------------------------------===//

/// With fixed statistics: v * (weight * rsqrt(var + eps)) + (bias - mean * that),
/// per channel, so that constants fold into the convolution before it.
Value batchNormFixed(GraphBuilder &b, Value v, Value weight, Value bias, Value mean, Value variance, double eps) {
  int64_t dtype = b.dtype(v), rank = b.rank(v);
  Value scale = b.unary<graph::RsqrtOp>(b.add(variance, eps));
  if (weight)
    scale = b.mul(scale, weight);
  Value shift = b.unary<graph::NegOp>(b.mul(mean, scale));
  if (bias)
    shift = b.add(shift, bias);
  Value y = b.add(b.mul(b.cast(v, b.dtype(scale)), alongChannels(b, scale, rank)), alongChannels(b, shift, rank));
  return b.cast(y, dtype);
}

/// new = (1 - momentum) * old + momentum * batch, written to the running buffer.
void updateRunning(OpCall &c, StringRef name, Value batch, double momentum) {
  GraphBuilder &b = c.b;
  AV running = c.tensor(name);
  Value old = b.read(running);
  Value value = b.add(b.mul(old, 1 - momentum), b.mul(b.cast(b.reshape(batch, b.sizes(old)), b.dtype(old)), momentum));
  b.write(running, value);
}

struct BatchNormResult {
  Value output, mean, inverse;
};

BatchNormResult batchNormOf(OpCall &c, bool training, StringRef meanName, StringRef varianceName) {
  GraphBuilder &b = c.b;
  Value v = c.value("input"), weight = optional(c, "weight"), bias = optional(c, "bias");
  double eps = c.constFloat("eps", 1e-5);
  int64_t dtype = b.dtype(v), acc = accumulateDType(dtype);
  Value empty = b.full({b.size(0)}, 0.0, acc);
  if (!training)
    return {batchNormFixed(b, v, weight, bias, c.value(meanName), c.value(varianceName), eps), empty, empty};
  Dims dims;
  for (int64_t i = 0; i < b.rank(v); ++i)
    if (i != 1)
      dims.push_back(i);
  Value x = b.cast(v, acc);
  Moments m = moments(b, x, dims);
  auto wide = [&](Value p) { return p ? alongChannels(b, b.cast(p, acc), b.rank(v)) : Value(); };
  Value y = applyStatistics(b, x, m, eps, wide(weight), wide(bias));
  if (c.has(meanName) && c.has(varianceName)) {
    double momentum = c.constFloat("momentum", 0.1);
    updateRunning(c, meanName, m.mean, momentum);
    Value count = countAs(b, x, dims, acc);
    Value unbiased = b.mul(m.variance, b.div(count, b.sub(count, b.scalar(1.0, acc))));
    updateRunning(c, varianceName, unbiased, momentum);
  }
  Sizes channels{b.size(v, 1)};
  return {b.cast(y, dtype), b.reshape(m.mean, channels),
          b.reshape(b.unary<graph::RsqrtOp>(b.add(m.variance, eps)), channels)};
}

Result batchNorm(OpCall &c) {
  bool training = c.flag("training") || !c.has("running_mean");
  return batchNormOf(c, training, "running_mean", "running_var").output;
}

Result nativeBatchNorm(OpCall &c) {
  bool training = c.flag("training") || !c.has("running_mean");
  BatchNormResult r = batchNormOf(c, training, "running_mean", "running_var");
  return {r.output, r.mean, r.inverse};
}

Result nativeBatchNormNoStats(OpCall &c) {
  BatchNormResult r = batchNormOf(c, true, "running_mean", "running_var");
  return {r.output, r.mean, r.inverse};
}

Result nativeBatchNormNoTraining(OpCall &c) {
  BatchNormResult r = batchNormOf(c, false, "running_mean", "running_var");
  return {r.output, r.mean, r.inverse};
}

//===----------------------------------------------------------------------===//
// Layer, group, instance and RMS norm
//===----------------------------------------------------------------------===//

struct LayerNormResult {
  Value output, mean, inverse;
};

LayerNormResult layerNormOf(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("input"), weight = optional(c, "weight"), bias = optional(c, "bias");
  Sizes normalized = c.integers("normalized_shape");
  int64_t dtype = b.dtype(v), acc = accumulateDType(dtype), rank = b.rank(v), first = rank - normalized.size();
  if (first < 0) {
    b.raise("RuntimeError", "Given normalized_shape of " + Twine(normalized.size()) +
                                " dimensions, but got an input of rank " + Twine(rank));
    return {v, v, v};
  }
  Dims dims;
  for (int64_t i = first; i < rank; ++i) {
    dims.push_back(i);
    b.checkEqual(b.size(v, i), normalized[i - first], "RuntimeError",
                 "Given normalized_shape, expected input with size {1} but got {0}",
                 {b.size(v, i), normalized[i - first]});
  }
  Value x = b.cast(v, acc);
  Moments m = moments(b, x, dims);
  double eps = c.constFloat("eps", 1e-5);
  auto wide = [&](Value p) { return p ? b.cast(p, acc) : Value(); };
  Value y = applyStatistics(b, x, m, eps, wide(weight), wide(bias));
  return {b.cast(y, dtype), m.mean, b.unary<graph::RsqrtOp>(b.add(m.variance, eps))};
}

Result layerNorm(OpCall &c) { return layerNormOf(c).output; }
Result nativeLayerNorm(OpCall &c) {
  LayerNormResult r = layerNormOf(c);
  return {r.output, r.mean, r.inverse};
}

Result rmsNorm(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("input");
  int64_t dtype = b.dtype(v), acc = accumulateDType(dtype), rank = b.rank(v);
  Dims dims;
  for (int64_t i = rank - int64_t(c.integers("normalized_shape").size()); i < rank; ++i)
    dims.push_back(i);
  Value x = b.cast(v, acc);
  Value square = b.div(b.reduce<graph::SumOp>(b.mul(x, x), dims, true), countAs(b, x, dims, acc));
  double eps = c.has("eps")                     ? c.constFloat("eps")
               : acc == int64_t(DType::Float64) ? 2.220446049250313e-16
                                                : 1.1920928955078125e-07;
  Value y = b.mul(x, b.unary<graph::RsqrtOp>(b.add(square, eps)));
  if (c.has("weight"))
    y = b.mul(y, b.cast(c.value("weight"), acc));
  return b.cast(y, dtype);
}

LayerNormResult groupNormOf(OpCall &c, int64_t groups) {
  GraphBuilder &b = c.b;
  Value v = c.value("input"), weight = optional(c, "weight"), bias = optional(c, "bias");
  int64_t dtype = b.dtype(v), acc = accumulateDType(dtype);
  Int n = b.size(v, 0), channels = b.size(v, 1);
  Int each = exactDiv(b.numel(v), n) ? exactDiv(b.numel(v), mul(n, b.size(groups))) : Int();
  Sizes grouped{n, b.size(groups), floorDiv(channels, groups)};
  Int inner = b.size(1);
  for (int64_t i = 2; i < b.rank(v); ++i)
    inner = mul(inner, b.size(v, i));
  grouped[2] = each ? each : mul(floorDiv(channels, groups), inner);
  Value x = b.reshape(b.cast(v, acc), grouped);
  Moments m = moments(b, x, {2});
  double eps = c.constFloat("eps", 1e-5);
  Value scale = b.unary<graph::RsqrtOp>(b.add(m.variance, eps));
  Value y = b.reshape(b.mul(b.sub(x, m.mean), scale), b.sizes(v));
  if (weight)
    y = b.mul(y, alongChannels(b, b.cast(weight, acc), b.rank(v)));
  if (bias)
    y = b.add(y, alongChannels(b, b.cast(bias, acc), b.rank(v)));
  Sizes stats{n, b.size(groups)};
  return {b.cast(y, dtype), b.reshape(m.mean, stats), b.reshape(scale, stats)};
}

Result groupNorm(OpCall &c) {
  int64_t groups = c.constInt("num_groups", 1);
  if (c.b.failed())
    return {};
  auto channels = known(c.b.size(c.value("input"), 1));
  if (channels && *channels % groups)
    c.b.raise("RuntimeError", "Expected number of channels in input to be divisible by num_groups, but got input of " +
                                  Twine(*channels) + " channels and num_groups=" + Twine(groups));
  if (c.b.failed())
    return {};
  return groupNormOf(c, groups).output;
}

Result nativeGroupNorm(OpCall &c) {
  int64_t groups = c.constInt("group", 1);
  if (c.b.failed())
    return {};
  LayerNormResult r = groupNormOf(c, groups);
  return {r.output, r.mean, r.inverse};
}

Result instanceNorm(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("input");
  if (!c.flag("use_input_stats", true))
    return batchNormFixed(b, v, optional(c, "weight"), optional(c, "bias"), c.value("running_mean"),
                          c.value("running_var"), c.constFloat("eps", 1e-5));
  if (c.has("running_mean"))
    return c.unsupported("instance norm that updates running statistics");
  auto channels = known(b.size(v, 1));
  if (!channels)
    return c.unsupported("instance norm over a run-time number of channels");
  return groupNormOf(c, *channels).output;
}

constexpr OperatorRow rows[] = {
    {"aten::batch_norm", batchNorm},
    {"aten::native_batch_norm", nativeBatchNorm},
    {"aten::_native_batch_norm_legit", nativeBatchNorm},
    {"aten::_native_batch_norm_legit.no_stats", nativeBatchNormNoStats},
    {"aten::_native_batch_norm_legit_no_training", nativeBatchNormNoTraining},
    {"aten::layer_norm", layerNorm},
    {"aten::native_layer_norm", nativeLayerNorm},
    {"aten::rms_norm", rmsNorm},
    {"aten::group_norm", groupNorm},
    {"aten::native_group_norm", nativeGroupNorm},
    {"aten::instance_norm", instanceNorm},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::normalizationOperators() { return rows; }
