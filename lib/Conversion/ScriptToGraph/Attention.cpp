//===- Attention.cpp - scaled dot-product attention and softmax -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Attention.h"
#include "OperatorCalls.h"

#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

Value eval::causalMask(GraphBuilder &b, Int rows, Int columns) {
  Sizes sizes{rows, columns};
  int64_t i64 = int64_t(DType::Int64);
  return b.compare<graph::GeOp>(b.iota(sizes, 0, i64), b.iota(sizes, 1, i64));
}

namespace {

/// Softmax in f32 for f16 and bf16.
Value softmaxAlong(GraphBuilder &b, Value v, int64_t dim, bool log) {
  int64_t dtype = b.dtype(v);
  bool half = dtype == int64_t(DType::Float16) || dtype == int64_t(DType::BFloat16);
  Value x = half ? b.cast(v, int64_t(DType::Float32)) : v;
  if (b.rank(v) == 0) {
    x = b.reshape(x, {b.size(1)});
    dim = 0;
  }
  Value shifted = b.sub(x, b.reduce<graph::AmaxOp>(x, {dim}, true));
  Value e = b.unary<graph::ExpOp>(shifted);
  Value sum = b.reduce<graph::SumOp>(e, {dim}, true);
  Value y = log ? b.sub(shifted, b.unary<graph::LogOp>(sum)) : b.div(e, sum);
  if (b.rank(v) == 0)
    y = b.reshape(y, {});
  return half ? b.cast(y, dtype) : y;
}

template <bool log>
Result softmax(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dtype = c.dtype("dtype", b.dtype(v));
  if (!b.isFloating(dtype)) {
    b.raise("RuntimeError", "\"softmax_lastdim_kernel_impl\" not implemented for '" + b.scalarTypeName(dtype) + "'");
    return {};
  }
  int64_t dim = b.rank(v) ? c.dim("dim", b.rank(v), -1) : 0;
  if (b.failed())
    return {};
  return softmaxAlong(b, b.cast(v, dtype), dim, log);
}

Result attention(OpCall &c) {
  GraphBuilder &b = c.b;
  Value q = c.value("query"), k = c.value("key"), v = c.value("value");
  double dropped = c.constFloat("dropout_p");
  if (b.failed())
    return {};
  int64_t rank = std::max({b.rank(q), b.rank(k), b.rank(v)}), dtype = b.dtype(q);
  if (std::min({b.rank(q), b.rank(k), b.rank(v)}) < 2) {
    b.raise("RuntimeError", "scaled_dot_product_attention: Expected query, key, and value to all be  at least 2 "
                            "dimensional, but got Query dim: " +
                                Twine(b.rank(q)) + ", Key dim: " + Twine(b.rank(k)) +
                                ", Value dim: " + Twine(b.rank(v)) + " instead.");
    return {};
  }
  // Batches broadcast.
  for (Value *t : {&q, &k, &v})
    while (b.rank(*t) < rank)
      *t = b.unsqueeze(*t, 0);
  if (c.flag("enable_gqa")) {
    // Each key and value head serves several query heads.
    auto repeat = [&](Value t) {
      Int heads = b.size(t, rank - 3), wanted = b.size(q, rank - 3);
      Int times = exactDiv(wanted, heads);
      if (!times || isKnown(times, 1))
        return t;
      Sizes wide = b.sizes(t), flat = wide;
      wide.insert(wide.begin() + rank - 2, times);
      flat[rank - 3] = wanted;
      return b.reshape(b.expand(b.unsqueeze(t, rank - 2), wide), flat);
    };
    k = repeat(k);
    v = repeat(v);
  }
  Int width = b.size(q, rank - 1);
  Value scores;
  Value kT = b.transpose(k, rank - 2, rank - 1);
  std::optional<int64_t> knownWidth = known(width);
  if (c.has("scale") || knownWidth) {
    double scale = c.has("scale") ? c.constFloat("scale") : 1.0 / std::sqrt(double(*knownWidth));
    if (b.failed())
      return {};
    scores = b.mul(b.matmul(q, kT), scale);
  } else {
    Value root = b.unary<graph::RsqrtOp>(b.scalar(AV::integer(width), dtype));
    scores = b.mul(b.matmul(q, kT), root);
  }
  auto weighted = [&](Value weights) -> Result {
    if (dropped != 0) {
      std::vector<AV> kept = runOperator(b, "aten::dropout", {b.fresh(weights), AV::real(dropped), AV::boolean(true)});
      if (b.failed())
        return {};
      weights = b.read(kept[0]);
    }
    return b.matmul(weights, v);
  };
  const double infinity = std::numeric_limits<double>::infinity();
  if (c.flag("is_causal")) {
    Value mask = causalMask(b, b.size(q, rank - 2), b.size(k, rank - 2));
    mask = b.expand(mask, b.sizes(scores));
    scores = b.where(mask, scores, b.full(b.sizes(scores), -infinity, dtype));
  }
  if (c.has("attn_mask")) {
    Value mask = c.value("attn_mask");
    if (b.dtype(mask) == int64_t(DType::Bool)) {
      Value wide = b.expand(mask, b.sizes(scores));
      scores = b.where(wide, scores, b.full(b.sizes(scores), -infinity, dtype));
      // A row that sees nothing attends to nothing: zeros, as torch's safe softmax.
      Value weights = softmaxAlong(b, scores, rank - 1, false);
      Value any = b.expand(b.reduce<graph::AnyOp>(wide, {rank - 1}, true), b.sizes(scores));
      weights = b.where(any, weights, b.full(b.sizes(scores), 0.0, dtype));
      return weighted(weights);
    }
    scores = b.add(scores, b.cast(mask, dtype));
  }
  return weighted(softmaxAlong(b, scores, rank - 1, false));
}

//===----------------------------------------------------------------------===//
// The fast path of nn.MultiheadAttention and nn.TransformerEncoderLayer
//===----------------------------------------------------------------------===//

/// x W^T + bias over the last dimension.
Value project(GraphBuilder &b, Value x, Value weight, Value bias) {
  return b.add(b.matmulAny(x, b.transpose(weight, 0, 1)), bias);
}

struct HeadWeights {
  Value qkvWeight, qkvBias, outWeight, outBias;
};

struct HeadResult {
  Value output, weights; // [B, T, E] and [B, heads, T, S]
};

/// Attention of all heads over inputs [B, T, E]. `mask` is true where nothing is seen: of type 0 it is [T, S],
/// of type 1 [B, S], else [B, heads, T, S].
std::optional<HeadResult> attendHeads(OpCall &c, Value query, Value key, Value value, int64_t heads, HeadWeights w,
                                      Value mask, int64_t maskType) {
  GraphBuilder &b = c.b;
  if (b.rank(query) != 3 || b.rank(key) != 3 || b.rank(value) != 3) {
    b.raise("RuntimeError", "expected 3-D `query`, `key` and `value`");
    return std::nullopt;
  }
  Int width = b.size(query, 2), each = floorDiv(width, heads);
  int64_t dtype = b.dtype(query);
  auto part = [&](Value v, int64_t i) { return b.slice(v, 0, mul(width, b.size(i)), width); };
  auto headsOf = [&](Value x) {
    return b.permute(b.reshape(x, {b.size(x, 0), b.size(x, 1), b.size(heads), each}), {0, 2, 1, 3});
  };
  Value q, k, v;
  if (query == key && key == value) {
    Value all = project(b, query, w.qkvWeight, w.qkvBias);
    auto third = [&](int64_t i) { return headsOf(b.slice(all, 2, mul(width, b.size(i)), width)); };
    q = third(0), k = third(1), v = third(2);
  } else {
    auto own = [&](Value x, int64_t i) { return headsOf(project(b, x, part(w.qkvWeight, i), part(w.qkvBias, i))); };
    q = own(query, 0), k = own(key, 1), v = own(value, 2);
  }
  q = b.mul(q, b.unary<graph::RsqrtOp>(b.scalar(AV::integer(each), dtype)));
  Value scores = b.matmul(q, b.transpose(k, 2, 3));
  if (mask) {
    mask = b.cast(mask, int64_t(DType::Bool));
    Sizes s = b.sizes(mask);
    if (maskType == 0 && s.size() == 2)
      mask = b.reshape(mask, {b.size(1), b.size(1), s[0], s[1]});
    else if (maskType == 1 && s.size() == 2)
      mask = b.reshape(mask, {s[0], b.size(1), b.size(1), s[1]});
    else if (s.size() != 4) {
      b.raise("RuntimeError", "Mask Type should be 0 (src_mask), 1 (src_key_padding_mask), or 2 (default_mask)");
      return std::nullopt;
    }
    Value hidden = b.full(b.sizes(scores), -std::numeric_limits<double>::infinity(), dtype);
    scores = b.where(b.expand(mask, b.sizes(scores)), hidden, scores);
  }
  Value weights = softmaxAlong(b, scores, 3, false);
  Value y = b.permute(b.matmul(weights, v), {0, 2, 1, 3});
  y = b.reshape(y, {b.size(query, 0), b.size(query, 1), width});
  return HeadResult{project(b, y, w.outWeight, w.outBias), weights};
}

HeadWeights headWeights(OpCall &c) {
  return {c.value("qkv_weight"), c.value("qkv_bias"), c.value("proj_weight"), c.value("proj_bias")};
}

Result nativeMultiHeadAttention(OpCall &c) {
  GraphBuilder &b = c.b;
  std::optional<HeadResult> r =
      attendHeads(c, c.value("query"), c.value("key"), c.value("value"), c.constInt("num_head"), headWeights(c),
                  c.has("mask") ? c.value("mask") : Value(), c.constInt("mask_type", 2));
  if (!r || b.failed())
    return {};
  if (!c.flag("need_weights", true))
    return Result::several({b.fresh(r->output), AV::unknown()});
  Value weights = r->weights;
  if (c.flag("average_attn_weights", true))
    weights =
        b.div(b.reduce<graph::SumOp>(weights, {1}, false), b.scalar(double(c.constInt("num_head")), b.dtype(weights)));
  return {r->output, weights};
}

Result transformerEncoderLayer(OpCall &c) {
  GraphBuilder &b = c.b;
  Value source = c.value("src");
  bool first = c.flag("norm_first");
  const AV &eps = c.arg("eps");
  auto norm = [&](Value x, StringRef number) {
    AV sizes = AV::list({AV::integer(b.size(x, b.rank(x) - 1))});
    AV weight = c.arg(("norm_weight_" + number).str()), bias = c.arg(("norm_bias_" + number).str());
    return callOperator(b, "aten::layer_norm", {b.fresh(x), sizes, weight, bias, eps, AV::boolean(false)});
  };
  Value x = first ? norm(source, "1") : source;
  if (b.failed())
    return {};
  std::optional<HeadResult> r = attendHeads(c, x, x, x, c.constInt("num_heads"), headWeights(c),
                                            c.has("mask") ? c.value("mask") : Value(), c.constInt("mask_type", 2));
  if (!r || b.failed())
    return {};
  x = b.add(r->output, source);
  if (!first)
    x = norm(x, "1");
  Value y = first ? norm(x, "2") : x;
  if (b.failed())
    return {};
  y = project(b, y, c.value("ffn_weight_1"), c.value("ffn_bias_1"));
  y = c.flag("use_gelu") ? callOperator(b, "aten::gelu", {b.fresh(y), AV::str("none")}) : b.unary<graph::ReluOp>(y);
  if (b.failed())
    return {};
  y = b.add(project(b, y, c.value("ffn_weight_2"), c.value("ffn_bias_2")), x);
  return first ? y : norm(y, "2");
}

constexpr OperatorRow rows[] = {
    {"aten::softmax.int", softmax<false>},
    {"aten::_softmax", softmax<false>},
    {"aten::special_softmax", softmax<false>},
    {"aten::log_softmax.int", softmax<true>},
    {"aten::_log_softmax", softmax<true>},
    {"aten::special_log_softmax", softmax<true>},
    {"aten::scaled_dot_product_attention", attention},
    {"aten::_native_multi_head_attention", nativeMultiHeadAttention},
    {"aten::_transformer_encoder_layer_fwd", transformerEncoderLayer},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::attentionOperators() { return rows; }
