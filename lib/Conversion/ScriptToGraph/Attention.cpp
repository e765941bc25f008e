//===- Attention.cpp - scaled dot-product attention and softmax -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Operators.h"

#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

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

/// The causal mask: position i sees positions up to i.
Value causalMask(GraphBuilder &b, Int rows, Int columns) {
  Sizes sizes{rows, columns};
  int64_t i64 = int64_t(DType::Int64);
  return b.compare<graph::GeOp>(b.iota(sizes, 0, i64), b.iota(sizes, 1, i64));
}

Result attention(OpCall &c) {
  GraphBuilder &b = c.b;
  Value q = c.value("query"), k = c.value("key"), v = c.value("value");
  if (c.constFloat("dropout_p") != 0)
    return c.unsupported("attention with dropout");
  if (b.failed())
    return {};
  int64_t rank = b.rank(q), dtype = b.dtype(q);
  if (rank < 2 || b.rank(k) != rank || b.rank(v) != rank)
    return c.unsupported("attention of query, key and value with different ranks");
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
      return b.matmul(weights, v);
    }
    scores = b.add(scores, b.cast(mask, dtype));
  }
  return b.matmul(softmaxAlong(b, scores, rank - 1, false), v);
}

constexpr OperatorRow rows[] = {
    {"aten::softmax.int", softmax<false>},
    {"aten::_softmax", softmax<false>},
    {"aten::special_softmax", softmax<false>},
    {"aten::log_softmax.int", softmax<true>},
    {"aten::_log_softmax", softmax<true>},
    {"aten::special_log_softmax", softmax<true>},
    {"aten::scaled_dot_product_attention", attention},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::attentionOperators() { return rows; }
