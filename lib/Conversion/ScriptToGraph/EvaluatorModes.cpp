//===- EvaluatorModes.cpp - autocast blocks ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A script's autocast block is a mark: the interpreter's autocast pass casts the
// tensors of the operators in it (torch/csrc/jit/passes/autocast.cpp), and knows
// no dtypes while it does, so that operators that "promote" compute in f32. The
// lists are those that the pass of PyTorch 2.13 shows.
#include "EvaluatorModes.h"
#include "Evaluator.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Flow = Evaluator::Flow;

static bool isReduced(StringRef name) {
  static const llvm::StringSet<> names{
      // clang-format off
      "_convolution", "_thnn_fused_gru_cell", "_thnn_fused_lstm_cell", "addbmm", "addmm", "addmv", "addr",
      "baddbmm", "bmm", "conv1d", "conv2d", "conv3d", "conv_tbc", "conv_transpose1d", "convolution", "gru_cell",
      "linear", "lstm_cell", "matmul", "mm", "mv", "prelu", "rnn_relu_cell", "rnn_tanh_cell",
      // clang-format on
  };
  return names.contains(name);
}

static bool isFull(StringRef name) {
  static const llvm::StringSet<> names{
      // clang-format off
      "acos", "add", "addcdiv", "addcmul", "asin", "atan2", "bilinear", "binary_cross_entropy_with_logits",
      "cdist", "cosh", "cosine_embedding_loss", "cosine_similarity", "cross", "dist", "div", "dot", "equal",
      "erfinv", "exp", "expm1", "frobenius_norm", "gelu", "group_norm", "hinge_embedding_loss", "index_put",
      "kl_div", "l1_loss", "layer_norm", "log", "log10", "log1p", "log2", "logsumexp", "margin_ranking_loss",
      "mse_loss", "mul", "multi_margin_loss", "multilabel_margin_loss", "native_layer_norm", "nll_loss",
      "nll_loss2d", "nuclear_norm", "pdist", "pow", "reciprocal", "renorm", "rsqrt", "sinh", "smooth_l1_loss",
      "soft_margin_loss", "softplus", "sub", "tan", "tensordot", "triplet_margin_loss",
      // clang-format on
  };
  return names.contains(name);
}

bool eval::isAutocast(const AV &object) {
  return object.is(AV::Kind::Object) &&
         StringRef(object.getObject()->className).ends_with("amp.autocast_mode.autocast");
}

void eval::autocastArguments(GraphBuilder &b, StringRef name, MutableArrayRef<AV> args) {
  if (b.modes.autocast.empty() || !b.modes.autocast.back() || !name.consume_front("aten::"))
    return;
  StringRef base = name.split('.').first;
  bool reduces = isReduced(base);
  if (!reduces && !isFull(base))
    return;
  for (AV &a : args) {
    if (!a.isTensor())
      continue;
    int64_t d = typeToDType(a.getTensor()->node->elementType), single = int64_t(DType::Float32);
    bool isHalf = d == int64_t(DType::Float16) || d == int64_t(DType::BFloat16);
    if (reduces ? d == single : isHalf)
      a = b.fresh(b.cast(b.read(a), reduces ? *b.modes.autocast.back() : single));
  }
}

Flow Evaluator::enterAutocast(Operation &op, const AV &block, Env &env) {
  AV *device = block.getObject()->find("device"), *dtype = block.getObject()->find("fast_dtype"),
     *enabled = block.getObject()->find("_enabled");
  if (!device || !dtype || !enabled || !device->is(AV::Kind::Str) || !dtype->knownInt() || !enabled->knownBool())
    return unsupported(op, "autocast whose dtype or flag depends on data is not compiled yet", env);
  // On the CPU, blocks of other devices change nothing.
  std::optional<int64_t> to;
  if (!b.modes.autocast.empty())
    to = b.modes.autocast.back();
  if (device->getString() == "cpu")
    to = *enabled->knownBool() ? dtype->knownInt() : std::nullopt;
  b.modes.autocast.push_back(to);
  set(op.getResults(), {block}, env);
  return Flow::Normal;
}
