//===- IndexingGradients.cpp - backward of parts, look-ups and attention -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Attention.h"
#include "GradientSupport.h"
#include "OperatorCalls.h"

#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

constexpr int64_t kLong = int64_t(DType::Int64);

//===----------------------------------------------------------------------===//
// Views: the gradient's place in a tensor of zeros
//===----------------------------------------------------------------------===//

/// `scatter` is the functional write of the view: aten::select_scatter for aten::select.
Result placed(OpCall &c, StringRef scatter, ArrayRef<StringRef> arguments) {
  GraphBuilder &b = c.b;
  Value g = c.value("grad_output");
  SmallVector<AV> args{b.fresh(b.full(c.integers("input_sizes"), 0.0, b.dtype(g))), c.arg("grad_output")};
  for (StringRef name : arguments)
    args.push_back(c.arg(name));
  return callOperator(b, scatter, args);
}
Result selectBackward(OpCall &c) { return placed(c, "aten::select_scatter", {"dim", "index"}); }
Result sliceBackward(OpCall &c) { return placed(c, "aten::slice_scatter", {"dim", "start", "end", "step"}); }
Result diagonalBackward(OpCall &c) { return placed(c, "aten::diagonal_scatter", {"offset", "dim1", "dim2"}); }

Result unfoldBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value g = c.value("grad_in");
  Sizes sizes = c.integers("input_sizes");
  int64_t rank = sizes.size(), dim = c.dim("dim", rank), size = c.constInt("size"), step = c.constInt("step", 1);
  if (rank == 0)
    return c.unsupported("a tensor without dimensions");
  if (b.failed())
    return {};
  // [..., windows, ..., size] to [..., windows * size, ...].
  Dims order;
  for (int64_t d = 0; d < rank; ++d) {
    order.push_back(d);
    if (d == dim)
      order.push_back(rank);
  }
  Int windows = b.size(g, dim);
  g = b.permute(g, order);
  Sizes flat = sizes;
  flat[dim] = mul(windows, b.size(size));
  Value first = b.mul(b.iota({windows, b.size(1)}, 0, kLong), double(step));
  Value places = b.flatten(b.add(first, b.iota({b.size(1), b.size(size)}, 1, kLong)));
  return addedAt(b, b.reshape(g, flat), dim, places, sizes[dim]);
}

Result valueSelectingBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value g = c.value("grad"), index = c.value("indices");
  Sizes sizes = c.integers("sizes");
  int64_t dim = c.dim("dim", sizes.size());
  if (b.failed())
    return {};
  if (sizes.empty())
    return g;
  if (!c.flag("keepdim")) {
    g = b.unsqueeze(g, dim);
    index = b.unsqueeze(index, dim);
  }
  return scatterOf(b, b.full(sizes, 0.0, b.dtype(g)), index, g, dim, "none");
}

//===----------------------------------------------------------------------===//
// Look-ups
//===----------------------------------------------------------------------===//

Result embeddingBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  int64_t dtype = b.dtype(c.value("grad_output")), padding = c.constInt("padding_idx", -1);
  Value g = wide(c, "grad_output"), index = b.flatten(b.cast(c.value("indices"), kLong));
  Int rows = c.integer("num_weights"), width = b.size(g, b.rank(g) - 1);
  if (b.failed())
    return {};
  g = b.reshape(g, {b.size(index, 0), width});
  auto column = [&](Value v) { return b.reshape(v, {b.size(v, 0), b.size(1)}); };
  if (c.flag("scale_grad_by_freq")) {
    Value ones = b.full(b.sizes(index), 1.0, kLong);
    Value counts = scatterOf(b, b.full({rows}, 0.0, kLong), index, ones, 0, "sum");
    g = b.div(g, b.cast(column(b.indexSelect(counts, index, 0)), b.dtype(g)));
  }
  Value kept = b.compare<graph::NeOp>(column(index), b.scalarInt(padding, kLong));
  g = b.where(b.expand(kept, b.sizes(g)), g, b.full(b.sizes(g), 0.0, b.dtype(g)));
  return b.cast(addedAt(b, g, 0, index, rows), dtype);
}

/// Of one sample, a batch, or images: classes in dimension 1 (0 of one sample).
Result nllBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value x = c.value("self"), g = wide(c, "grad_output"), target = b.cast(c.value("target"), kLong);
  int64_t dim = b.rank(x) < 2 ? 0 : 1, dtype = b.dtype(g);
  if (c.constInt("reduction", 1) == 1)
    g = b.div(g, b.cast(c.value("total_weight"), dtype));
  if (b.failed())
    return {};
  target = b.unsqueeze(target, dim);
  if (b.rank(g) > 0 && b.rank(g) < b.rank(x))
    g = b.unsqueeze(g, dim);
  Value kept = b.compare<graph::NeOp>(target, b.scalarInt(c.constInt("ignore_index", -100), kLong));
  Value safe = b.where(kept, target, b.full(b.sizes(target), 0.0, kLong));
  Value slope = b.unary<graph::NegOp>(b.expand(g, b.sizes(target)));
  if (c.has("weight")) {
    Value weights = b.indexSelect(wide(c, "weight"), b.flatten(safe), 0);
    slope = b.mul(slope, b.reshape(weights, b.sizes(safe)));
  }
  slope = b.where(kept, slope, b.full(b.sizes(slope), 0.0, dtype));
  Value out = scatterOf(b, b.full(b.sizes(x), 0.0, dtype), safe, slope, dim, "none");
  return b.cast(out, b.dtype(x));
}

//===----------------------------------------------------------------------===//
// Attention and distances
//===----------------------------------------------------------------------===//

/// Scores [B, H, T, S] of query and key, masked.
Value attentionScores(OpCall &c, Value q, Value k, double scale) {
  GraphBuilder &b = c.b;
  Value scores = b.mul(b.matmul(q, b.transpose(k, 2, 3)), scale);
  Value hidden = b.full(b.sizes(scores), -INFINITY, b.dtype(scores));
  if (c.flag("is_causal")) {
    Value seen = causalMask(b, b.size(q, 2), b.size(k, 2));
    scores = b.where(b.expand(seen, b.sizes(scores)), scores, hidden);
  }
  if (c.has("attn_mask")) {
    scores = b.add(scores, wide(c, "attn_mask"));
  }
  return scores;
}

std::optional<double> attentionScale(OpCall &c) {
  GraphBuilder &b = c.b;
  for (StringRef name : {"query", "key", "value"})
    if (b.rank(c.value(name)) != 4) {
      b.raise("RuntimeError", "scaled_dot_product_attention_flash_attention: Accept only 4 dims inputs shape of {B, H, "
                              "T, K}");
      return std::nullopt;
    }
  if (c.has("attn_mask") && b.dtype(c.value("attn_mask")) != b.dtype(c.value("query"))) {
    b.raise("RuntimeError",
            "scaled_dot_product_attention_flash_attention: Attention mask is the same data type as query");
    return std::nullopt;
  }
  if (c.constFloat("dropout_p") != 0) {
    b.raise("RuntimeError", "scaled_dot_product_attention_flash_attention: Currently do not support dropout > 0");
    return std::nullopt;
  }
  if (c.has("scale"))
    return c.constFloat("scale");
  std::optional<int64_t> width = known(b.size(c.value("query"), 3));
  if (!width) {
    b.unsupported("heads whose width is not known at compile time, without a scale");
    return std::nullopt;
  }
  return 1 / std::sqrt(double(*width));
}

struct AttentionWeights {
  Value weights, logSums; // [B, H, T, S]; [B, H, T]
};

/// Rows that see nothing weigh nothing, as in ATen's kernel.
AttentionWeights attentionWeights(OpCall &c, double scale) {
  GraphBuilder &b = c.b;
  Value scores = attentionScores(c, wide(c, "query"), wide(c, "key"), scale);
  Value most = b.reduce<graph::AmaxOp>(scores, {3}, true);
  Value blind = b.compare<graph::EqOp>(most, b.scalar(-INFINITY, b.dtype(most)));
  most = b.where(blind, b.full(b.sizes(most), 0.0, b.dtype(most)), most);
  Value e = b.unary<graph::ExpOp>(b.sub(scores, most)), sum = b.reduce<graph::SumOp>(e, {3}, true);
  sum = b.where(blind, b.full(b.sizes(sum), 1.0, b.dtype(sum)), sum);
  return {b.div(e, sum), b.squeeze(b.add(most, b.unary<graph::LogOp>(sum)), 3)};
}

Result flashAttention(OpCall &c) {
  GraphBuilder &b = c.b;
  std::optional<double> scale = attentionScale(c);
  if (!scale || b.failed())
    return {};
  AttentionWeights w = attentionWeights(c, *scale);
  return {b.cast(b.matmul(w.weights, wide(c, "value")), b.dtype(c.value("query"))), w.logSums};
}

/// The weights are computed again (Dao et al., FlashAttention, 2022, algorithm 4), and not from `logsumexp`: where
/// torch.export decomposes the forward operator it gives the weights themselves for it (PyTorch 2.13), and PyTorch's
/// own gradients are wrong.
Result flashAttentionBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  std::optional<double> scale = attentionScale(c);
  if (!scale || b.failed())
    return {};
  int64_t dtype = b.dtype(c.value("query"));
  Value q = wide(c, "query"), k = wide(c, "key"), v = wide(c, "value"), g = wide(c, "grad_out");
  Value weights = attentionWeights(c, *scale).weights;
  Value share = b.reduce<graph::SumOp>(b.mul(g, b.matmul(weights, v)), {3}, true);
  Value slope = b.mul(b.mul(weights, b.sub(b.matmul(g, b.transpose(v, 2, 3)), share)), *scale);
  return {b.cast(b.matmul(slope, k), dtype), b.cast(b.matmul(b.transpose(slope, 2, 3), q), dtype),
          b.cast(b.matmul(b.transpose(weights, 2, 3), g), dtype)};
}

/// Of the first set of points; [..., P, M] and [..., R, M] with distances [..., P, R].
Result cdistBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value x1 = c.value("x1"), x2 = c.value("x2"), distance = b.unsqueeze(c.value("cdist"), b.rank(x1));
  Value g = b.unsqueeze(c.value("grad"), b.rank(x1));
  double p = c.constFloat("p");
  if (b.failed())
    return {};
  Value gap = b.sub(b.unsqueeze(x1, b.rank(x1) - 1), b.unsqueeze(x2, b.rank(x2) - 2));
  Value sign = b.unary<graph::SignOp>(gap), size = b.unary<graph::AbsOp>(gap), slope;
  auto none = [&] { return b.full(b.sizes(gap), 0.0, b.dtype(gap)); };
  // Points at one place have no slope.
  auto unlessSame = [&](Value v) {
    Value same = b.compare<graph::EqOp>(distance, b.scalar(0.0, b.dtype(distance)));
    return b.where(b.expand(same, b.sizes(gap)), none(), v);
  };
  auto power = [&](Value v, double e) { return b.binary<graph::PowOp>(v, e); };
  if (p == 0)
    slope = none();
  else if (p == 1)
    slope = b.mul(sign, g);
  else if (p == 2)
    slope = unlessSame(b.div(b.mul(g, gap), distance));
  else if (std::isinf(p))
    slope = b.mul(b.mul(sign, g), b.cast(b.compare<graph::EqOp>(size, distance), b.dtype(gap)));
  else
    slope = unlessSame(b.div(b.mul(b.mul(sign, power(size, p - 1)), g), power(distance, p - 1)));
  if (p > 0 && p < 1) // and neither have equal coordinates, where |0|^(p-1) has no value
    slope = b.where(b.compare<graph::EqOp>(size, b.scalar(0.0, b.dtype(size))), none(), slope);
  return b.reduce<graph::SumOp>(slope, {b.rank(slope) - 2}, false);
}

constexpr OperatorRow rows[] = {
    {"aten::select_backward", selectBackward},
    {"aten::slice_backward", sliceBackward},
    {"aten::diagonal_backward", diagonalBackward},
    {"aten::unfold_backward", unfoldBackward},
    {"aten::value_selecting_reduction_backward", valueSelectingBackward},
    {"aten::embedding_dense_backward", embeddingBackward},
    {"aten::nll_loss_backward", nllBackward},
    {"aten::nll_loss2d_backward", nllBackward},
    {"aten::_scaled_dot_product_flash_attention_for_cpu", flashAttention},
    {"aten::_scaled_dot_product_flash_attention_for_cpu_backward", flashAttentionBackward},
    {"aten::_cdist_backward", cdistBackward},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::indexingGradients() { return rows; }
