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

/// The dtype in which statistics are handed out: the weight's, else the input's.
int64_t statisticsDType(OpCall &c, Value v) { return c.b.dtype(c.has("weight") ? c.value("weight") : v); }

Value optional(OpCall &c, StringRef name) { return c.has(name) ? c.value(name) : Value(); }

/// What keeps a variance from 0; a number that may be known at run time only.
AV epsilon(OpCall &c, double otherwise = 1e-5) { return c.has("eps") ? c.number("eps") : AV::real(otherwise); }

/// rsqrt(variance + eps)
Value inverseDeviation(GraphBuilder &b, Value variance, const AV &eps) {
  return b.unary<graph::RsqrtOp>(b.add(variance, b.scalar(eps, b.dtype(variance))));
}

/// ((v - mean) * rsqrt(variance + eps)) * weight + bias; each but v may be null.
Value applyStatistics(GraphBuilder &b, Value v, Moments m, const AV &eps, Value weight, Value bias) {
  Value scale = inverseDeviation(b, m.variance, eps);
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
Value batchNormFixed(GraphBuilder &b, Value v, Value weight, Value bias, Value mean, Value variance, const AV &eps) {
  int64_t dtype = b.dtype(v), rank = b.rank(v), acc = accumulateDType(dtype); // f16 and bf16 round once
  Value scale = inverseDeviation(b, b.cast(variance, acc), eps);
  if (weight)
    scale = b.mul(scale, b.cast(weight, acc));
  Value shift = b.unary<graph::NegOp>(b.mul(b.cast(mean, acc), scale));
  if (bias)
    shift = b.add(shift, b.cast(bias, acc));
  Value y = b.add(b.mul(b.cast(v, acc), alongChannels(b, scale, rank)), alongChannels(b, shift, rank));
  return b.cast(y, dtype);
}

/// One number a channel: torch's error for another count.
void checkPerChannel(OpCall &c, Value v, ArrayRef<StringRef> names) {
  GraphBuilder &b = c.b;
  for (StringRef name : names)
    if (c.has(name))
      b.checkEqual(b.size(v, 1), b.numel(c.value(name)), "RuntimeError", name + " should contain {0} elements not {1}",
                   {b.size(v, 1), b.numel(c.value(name))});
}

/// (1 - momentum) * old + momentum * batch.
Value blended(OpCall &c, Value old, Value batch) {
  GraphBuilder &b = c.b;
  int64_t dtype = b.dtype(old), acc = accumulateDType(dtype);
  Value momentum = c.has("momentum") ? b.scalar(c.number("momentum"), acc) : b.scalar(0.1, acc);
  Value rest = b.sub(b.scalar(1.0, acc), momentum);
  Value next = b.add(b.mul(b.cast(old, acc), rest), b.mul(b.cast(b.reshape(batch, b.sizes(old)), acc), momentum));
  return b.cast(next, dtype);
}

/// The variance over `dims` with Bessel's correction.
Value unbiased(GraphBuilder &b, Value v, llvm::ArrayRef<int64_t> dims, Value variance) {
  Value count = countAs(b, v, dims, b.dtype(variance));
  return b.mul(variance, b.div(count, b.sub(count, b.scalar(1.0, b.dtype(variance)))));
}

struct BatchNormResult {
  Value output, mean, inverse;
  Value runningMean, runningVariance; // after this batch; null where they stay
};

BatchNormResult batchNormOf(OpCall &c, bool training) {
  GraphBuilder &b = c.b;
  Value v = c.value("input"), weight = optional(c, "weight"), bias = optional(c, "bias");
  if (b.rank(v) == 1 && c.schema.name == "batch_norm") { // of nothing torch has no channels to look at
    b.check(b.compareInt(arith::CmpIPredicate::eq, b.size(v, 0), b.size(0)), "RuntimeError",
            "batch_norm: expected an input of at least 2 dimensions, but got 1");
    return {b.slice(v, 0, b.size(0), b.size(0)), v, v, {}, {}};
  }
  if (b.rank(v) < 2) {
    b.raise("RuntimeError", "batch_norm: expected an input of at least 2 dimensions, but got " + Twine(b.rank(v)));
    return {v, v, v, {}, {}};
  }
  checkPerChannel(c, v, {"weight", "bias", "running_mean", "running_var"});
  AV eps = epsilon(c);
  int64_t dtype = b.dtype(v), acc = accumulateDType(dtype);
  int64_t own = statisticsDType(c, v);
  Value empty = b.full({b.size(0)}, 0.0, own);
  if (!training)
    return {
        batchNormFixed(b, v, weight, bias, c.value("running_mean"), c.value("running_var"), eps), empty, empty, {}, {}};
  Dims dims;
  for (int64_t i = 0; i < b.rank(v); ++i)
    if (i != 1)
      dims.push_back(i);
  Value x = b.cast(v, acc);
  Moments m = moments(b, x, dims);
  auto wide = [&](Value p) { return p ? alongChannels(b, b.cast(p, acc), b.rank(v)) : Value(); };
  Value y = applyStatistics(b, x, m, eps, wide(weight), wide(bias));
  Sizes channels{b.size(v, 1)};
  Value inverse = inverseDeviation(b, m.variance, eps);
  BatchNormResult r{
      b.cast(y, dtype), b.cast(b.reshape(m.mean, channels), own), b.cast(b.reshape(inverse, channels), own), {}, {}};
  // A batch of nothing: batch_norm leaves the statistics as they are.
  bool mayBeEmpty = b.range(b.numel(v)).min < 1;
  if (mayBeEmpty && c.schema.name != "batch_norm")
    b.check(b.compareInt(arith::CmpIPredicate::ne, b.numel(v), b.size(0)), "RuntimeError",
            "input tensor must have at least one element");
  if (c.has("running_mean") && c.has("running_var")) {
    r.runningMean = blended(c, c.value("running_mean"), m.mean);
    r.runningVariance = blended(c, c.value("running_var"), unbiased(b, x, dims, m.variance));
    if (mayBeEmpty && c.schema.name == "batch_norm") {
      int64_t kLong = int64_t(DType::Int64);
      Value some = b.compare<graph::GtOp>(b.scalar(AV::integer(b.numel(v)), kLong), b.scalarInt(0, kLong));
      auto keep = [&](Value next, Value old) { return b.where(b.expand(some, b.sizes(old)), next, old); };
      r.runningMean = keep(r.runningMean, c.value("running_mean"));
      r.runningVariance = keep(r.runningVariance, c.value("running_var"));
    }
  }
  return r;
}

/// Writes the new running statistics to the buffers.
BatchNormResult updatingBatchNorm(OpCall &c, bool training) {
  BatchNormResult r = batchNormOf(c, training);
  if (r.runningMean && !c.b.failed()) {
    c.b.write(c.tensor("running_mean"), r.runningMean);
    c.b.write(c.tensor("running_var"), r.runningVariance);
  }
  return r;
}

bool isTraining(OpCall &c) { return c.flag("training") || !c.has("running_mean"); }

Result batchNorm(OpCall &c) { return updatingBatchNorm(c, isTraining(c)).output; }

Result nativeBatchNorm(OpCall &c) {
  BatchNormResult r = updatingBatchNorm(c, isTraining(c));
  return {r.output, r.mean, r.inverse};
}

Result nativeBatchNormNoStats(OpCall &c) {
  BatchNormResult r = batchNormOf(c, true);
  return {r.output, r.mean, r.inverse};
}

Result nativeBatchNormNoTraining(OpCall &c) {
  BatchNormResult r = batchNormOf(c, false);
  return {r.output, r.mean, r.inverse};
}

/// What a backend keeps for the backward pass is nothing on the CPU.
Value noReserve(OpCall &c) { return c.b.full({c.b.size(0)}, 0.0, int64_t(DType::UInt8)); }

Result batchNormWithUpdate(OpCall &c) {
  BatchNormResult r = updatingBatchNorm(c, true);
  return {r.output, r.mean, r.inverse, noReserve(c)};
}

Result batchNormNoUpdate(OpCall &c) {
  BatchNormResult r = batchNormOf(c, !c.has("running_mean"));
  return {r.output, r.mean, r.inverse, noReserve(c)};
}

/// The running statistics are results.
template <bool reserve>
Result functionalBatchNorm(OpCall &c) {
  BatchNormResult r = batchNormOf(c, reserve || c.flag("training"));
  if (c.b.failed())
    return {};
  Value mean = r.runningMean ? r.runningMean : c.value("running_mean");
  Value variance = r.runningVariance ? r.runningVariance : c.value("running_var");
  if (reserve)
    return {r.output, r.mean, r.inverse, noReserve(c), mean, variance};
  return {r.output, r.mean, r.inverse, mean, variance};
}

//===----------------------------------------------------------------------===//
// Layer, group, instance and RMS norm
//===----------------------------------------------------------------------===//

struct LayerNormResult {
  Value output, mean, inverse;
};

/// The dimensions of normalized_shape, with torch's checks of the input's and the parameters' sizes.
Dims normalizedDims(OpCall &c, Value v) {
  GraphBuilder &b = c.b;
  Sizes normalized = c.integers("normalized_shape");
  int64_t rank = b.rank(v), first = rank - normalized.size();
  SmallVector<Int> holes;
  std::string shape = b.sizesText(normalized, holes);
  Dims dims;
  if (normalized.empty())
    b.raise("RuntimeError", "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one "
                            "element, but got normalized_shape = []");
  for (StringRef name : {"weight", "bias"}) {
    Value p = optional(c, name);
    if (!p)
      continue;
    SmallVector<Int> values = holes;
    std::string text =
        ("Expected " + name + " to be of same shape as normalized_shape, but got " + name + " of shape ").str();
    text += b.sizesText(b.sizes(p), values) + " and normalized_shape = " + shape;
    if (b.rank(p) != int64_t(normalized.size()))
      b.check(AV::boolean(false), "RuntimeError", text, values);
    else
      for (auto [have, want] : llvm::zip(b.sizes(p), normalized))
        b.checkEqual(have, want, "RuntimeError", text, values);
  }
  std::string star = c.schema.name == "rms_norm" ? "[*" : "[*, ";
  std::string text = "Given normalized_shape=" + shape + ", expected input with shape " + star + shape.substr(1) +
                     ", but got input of size" + b.sizesText(b.sizes(v), holes);
  if (first < 0)
    b.raise("RuntimeError", text);
  for (int64_t i = first; i < rank && !b.failed(); ++i) {
    dims.push_back(i);
    b.checkEqual(b.size(v, i), normalized[i - first], "RuntimeError", text, holes);
  }
  return dims;
}

LayerNormResult layerNormOf(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("input"), weight = optional(c, "weight"), bias = optional(c, "bias");
  int64_t dtype = b.dtype(v), acc = accumulateDType(dtype);
  Dims dims = normalizedDims(c, v);
  if (b.failed())
    return {v, v, v};
  Value x = b.cast(v, acc);
  Moments m = moments(b, x, dims);
  AV eps = epsilon(c);
  auto wide = [&](Value p) { return p ? b.cast(p, acc) : Value(); };
  Value y = applyStatistics(b, x, m, eps, wide(weight), wide(bias));
  int64_t own = statisticsDType(c, v);
  return {b.cast(y, dtype), b.cast(m.mean, own), b.cast(inverseDeviation(b, m.variance, eps), own)};
}

Result layerNorm(OpCall &c) { return layerNormOf(c).output; }
Result nativeLayerNorm(OpCall &c) {
  LayerNormResult r = layerNormOf(c);
  return {r.output, r.mean, r.inverse};
}

Result rmsNorm(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("input");
  int64_t dtype = b.dtype(v), acc = accumulateDType(dtype);
  Dims dims = normalizedDims(c, v);
  if (b.failed())
    return {};
  Value x = b.cast(v, acc);
  Value square = b.div(b.reduce<graph::SumOp>(b.mul(x, x), dims, true), countAs(b, x, dims, acc));
  AV eps = epsilon(c, acc == int64_t(DType::Float64) ? 2.220446049250313e-16 : 1.1920928955078125e-07);
  Value y = b.mul(x, inverseDeviation(b, square, eps));
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
  AV eps = epsilon(c);
  Value scale = inverseDeviation(b, m.variance, eps);
  Value y = b.reshape(b.mul(b.sub(x, m.mean), scale), b.sizes(v));
  if (weight)
    y = b.mul(y, alongChannels(b, b.cast(weight, acc), b.rank(v)));
  if (bias)
    y = b.add(y, alongChannels(b, b.cast(bias, acc), b.rank(v)));
  Sizes stats{n, b.size(groups)};
  int64_t own = statisticsDType(c, v);
  return {b.cast(y, dtype), b.cast(b.reshape(m.mean, stats), own), b.cast(b.reshape(scale, stats), own)};
}

/// Group norm of an input whose channels the groups divide.
std::optional<LayerNormResult> checkedGroupNorm(OpCall &c, StringRef name) {
  GraphBuilder &b = c.b;
  int64_t groups = c.constInt(name, 1);
  Value v = c.value("input");
  if (b.rank(v) < 2)
    b.raise("RuntimeError", "Expected at least 2 dimensions for input tensor but received " + Twine(b.rank(v)));
  else if (groups < 1)
    b.raise("RuntimeError", "Expected num groups to be greater than 0, got " + Twine(groups));
  if (b.failed())
    return std::nullopt;
  Int channels = b.size(v, 1);
  b.check(b.compareInt(arith::CmpIPredicate::eq, mul(floorDiv(channels, groups), b.size(groups)), channels),
          "RuntimeError",
          "Expected number of channels in input to be divisible by num_groups, but got input of {0} channels and "
          "num_groups=" +
              Twine(groups),
          {channels});
  checkPerChannel(c, v, {"weight", "bias"});
  if (b.failed())
    return std::nullopt;
  return groupNormOf(c, groups);
}

Result groupNorm(OpCall &c) {
  std::optional<LayerNormResult> r = checkedGroupNorm(c, "num_groups");
  return r ? Result(r->output) : Result();
}

Result nativeGroupNorm(OpCall &c) {
  std::optional<LayerNormResult> r = checkedGroupNorm(c, "group");
  return r ? Result{r->output, r->mean, r->inverse} : Result();
}

Result instanceNorm(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("input");
  if (b.rank(v) < 3) {
    b.raise("RuntimeError", "instance_norm: expected an input of at least 3 dimensions, but got " + Twine(b.rank(v)));
    return {};
  }
  checkPerChannel(c, v, {"weight", "bias", "running_mean", "running_var"});
  if (!c.flag("use_input_stats", true))
    return batchNormFixed(b, v, optional(c, "weight"), optional(c, "bias"), c.value("running_mean"),
                          c.value("running_var"), epsilon(c));
  Dims dims;
  for (int64_t i = 2; i < b.rank(v); ++i)
    dims.push_back(i);
  int64_t dtype = b.dtype(v), acc = accumulateDType(dtype);
  Value x = b.cast(v, acc);
  Moments m = moments(b, x, dims);
  auto wide = [&](StringRef name) {
    return c.has(name) ? alongChannels(b, b.cast(c.value(name), acc), b.rank(v)) : Value();
  };
  Value y = applyStatistics(b, x, m, epsilon(c), wide("weight"), wide("bias"));
  if (!c.has("running_mean") || b.failed())
    return b.cast(y, dtype);
  // Each image has statistics of its own; the buffers take their mean.
  auto mean = [&](Value perImage) {
    Value sum = b.reduce<graph::SumOp>(perImage, {0}, true);
    return b.div(sum, countAs(b, v, {0}, acc));
  };
  Value newMean = blended(c, c.value("running_mean"), mean(m.mean));
  Value newVariance = blended(c, c.value("running_var"), mean(unbiased(b, x, dims, m.variance)));
  b.write(c.tensor("running_mean"), newMean);
  b.write(c.tensor("running_var"), newVariance);
  return b.cast(y, dtype);
}

constexpr OperatorRow rows[] = {
    {"aten::batch_norm", batchNorm},
    {"aten::native_batch_norm", nativeBatchNorm},
    {"aten::_native_batch_norm_legit", nativeBatchNorm},
    {"aten::_native_batch_norm_legit.no_stats", nativeBatchNormNoStats},
    {"aten::_native_batch_norm_legit_no_training", nativeBatchNormNoTraining},
    {"aten::_native_batch_norm_legit_functional", functionalBatchNorm<false>},
    {"aten::_batch_norm_with_update_functional", functionalBatchNorm<true>},
    {"aten::_batch_norm_with_update", batchNormWithUpdate},
    {"aten::_batch_norm_no_update", batchNormNoUpdate},
    {"aten::layer_norm", layerNorm},
    {"aten::native_layer_norm", nativeLayerNorm},
    {"aten::rms_norm", rmsNorm},
    {"aten::group_norm", groupNorm},
    {"aten::native_group_norm", nativeGroupNorm},
    {"aten::instance_norm", instanceNorm},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::normalizationOperators() { return rows; }
