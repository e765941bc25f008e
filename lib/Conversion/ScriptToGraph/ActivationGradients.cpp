//===- ActivationGradients.cpp - backward of activations and losses -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "GradientSupport.h"

#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

Value number(GraphBuilder &b, Value like, double x) { return b.scalar(x, b.dtype(like)); }
Value zerosLike(GraphBuilder &b, Value v) { return b.full(b.sizes(v), 0.0, b.dtype(v)); }
/// 1 - v
Value complement(GraphBuilder &b, Value v) { return b.sub(number(b, v, 1), v); }
Value sigmoid(GraphBuilder &b, Value v) { return b.unary<graph::SigmoidOp>(v); }
Value either(GraphBuilder &b, Value l, Value r) { return b.binary<graph::BitwiseOrOp>(l, r); }
Value both(GraphBuilder &b, Value l, Value r) { return b.binary<graph::BitwiseAndOp>(l, r); }

/// A number argument in the dtype of `like`.
Value scalarOf(OpCall &c, StringRef name, Value like, double otherwise = 0) {
  return c.b.scalar(c.has(name) ? c.number(name) : AV::real(otherwise), c.b.dtype(like));
}

//===----------------------------------------------------------------------===//
// Activations: rules from the gradient and what forward kept
//===----------------------------------------------------------------------===//

using Rule = Value (*)(OpCall &, Value grad, Value x);

template <Rule rule>
Result gradient(OpCall &c) {
  GraphBuilder &b = c.b;
  auto present = [&](std::initializer_list<StringRef> names) {
    return *llvm::find_if(names, [&](StringRef name) { return c.schema.argumentIndex(name) >= 0; });
  };
  StringRef gradName = present({"grad_output", "grad_out"});
  int64_t dtype = b.dtype(c.value(gradName));
  Value grad = wide(c, gradName), x = wide(c, present({"self", "output", "self_or_result"}));
  if (b.failed())
    return {};
  Values v = b.broadcast({grad, x});
  Value out = rule(c, v[0], v[1]);
  return b.failed() ? Result() : Result(b.cast(out, dtype));
}

Value sigmoidRule(OpCall &c, Value g, Value y) { return c.b.mul(g, c.b.mul(complement(c.b, y), y)); }
Value tanhRule(OpCall &c, Value g, Value y) { return c.b.mul(g, complement(c.b, c.b.mul(y, y))); }

Value thresholdRule(OpCall &c, Value g, Value x) {
  return c.b.where(c.b.compare<graph::LeOp>(x, scalarOf(c, "threshold", x)), zerosLike(c.b, g), g);
}
Value hardtanhRule(OpCall &c, Value g, Value x) {
  GraphBuilder &b = c.b;
  Value outside = either(b, b.compare<graph::LeOp>(x, scalarOf(c, "min_val", x)),
                         b.compare<graph::GeOp>(x, scalarOf(c, "max_val", x)));
  return b.where(outside, zerosLike(b, g), g);
}
Value hardswishRule(OpCall &c, Value g, Value x) {
  GraphBuilder &b = c.b;
  Value slope = b.mul(g, b.add(b.div(x, number(b, x, 3)), 0.5));
  Value above = b.where(b.compare<graph::LtOp>(x, number(b, x, 3)), slope, g);
  return b.where(b.compare<graph::LeOp>(x, number(b, x, -3)), zerosLike(b, g), above);
}
Value hardsigmoidRule(OpCall &c, Value g, Value x) {
  GraphBuilder &b = c.b;
  Value inside = both(b, b.compare<graph::GtOp>(x, number(b, x, -3)), b.compare<graph::LtOp>(x, number(b, x, 3)));
  return b.where(inside, b.mul(g, 1.0 / 6.0), zerosLike(b, g));
}
Value leakyReluRule(OpCall &c, Value g, Value x) {
  GraphBuilder &b = c.b;
  Value below = b.mul(g, scalarOf(c, "negative_slope", g));
  return b.where(b.compare<graph::GtOp>(x, number(b, x, 0)), g, below);
}
Value eluRule(OpCall &c, Value g, Value x) {
  GraphBuilder &b = c.b;
  Value scale = scalarOf(c, "scale", x), inputScale = scalarOf(c, "input_scale", x);
  Value negative = b.mul(scalarOf(c, "alpha", x), scale);
  Value tail = c.flag("is_result") ? b.add(x, negative) : b.mul(negative, b.unary<graph::ExpOp>(b.mul(x, inputScale)));
  Value below = b.mul(b.mul(g, inputScale), tail);
  return b.where(b.compare<graph::LeOp>(x, number(b, x, 0)), below, b.mul(g, scale));
}
Value geluRule(OpCall &c, Value g, Value x) {
  GraphBuilder &b = c.b;
  if (c.string("approximate", "none") == "tanh") {
    const double beta = M_SQRT2 * M_2_SQRTPI * 0.5, kappa = 0.044715;
    Value square = b.mul(x, x);
    Value t = b.unary<graph::TanhOp>(b.mul(b.add(x, b.mul(b.mul(square, x), kappa)), beta));
    Value inner = b.mul(b.add(b.mul(square, 3 * kappa), 1.0), beta);
    Value right = b.mul(b.mul(b.mul(x, 0.5), complement(b, b.mul(t, t))), inner);
    return b.mul(g, b.add(b.mul(b.add(t, 1.0), 0.5), right));
  }
  Value cdf = b.mul(b.add(b.unary<graph::ErfOp>(b.mul(x, M_SQRT1_2)), 1.0), 0.5);
  Value pdf = b.mul(b.unary<graph::ExpOp>(b.mul(b.mul(x, x), -0.5)), M_2_SQRTPI * M_SQRT1_2 * 0.5);
  return b.mul(g, b.add(cdf, b.mul(x, pdf)));
}
Value siluRule(OpCall &c, Value g, Value x) {
  GraphBuilder &b = c.b;
  Value s = sigmoid(b, x);
  return b.mul(g, b.mul(s, b.add(b.mul(x, complement(b, s)), 1.0)));
}
/// e^-|x|, which never overflows.
Value decay(GraphBuilder &b, Value x) { return b.unary<graph::ExpOp>(b.unary<graph::NegOp>(b.unary<graph::AbsOp>(x))); }
Value mishRule(OpCall &c, Value g, Value x) {
  GraphBuilder &b = c.b;
  Value softplus = b.add(b.binary<graph::MaximumOp>(x, 0.0), b.unary<graph::Log1pOp>(decay(b, x)));
  Value t = b.unary<graph::TanhOp>(softplus);
  return b.mul(g, b.add(t, b.mul(b.mul(x, sigmoid(b, x)), complement(b, b.mul(t, t)))));
}
Value softplusRule(OpCall &c, Value g, Value x) {
  GraphBuilder &b = c.b;
  Value scaled = b.mul(x, scalarOf(c, "beta", x, 1));
  return b.where(b.compare<graph::GtOp>(scaled, scalarOf(c, "threshold", x, 20)), g, b.mul(g, sigmoid(b, scaled)));
}
Value logSigmoidRule(OpCall &c, Value g, Value x) { return c.b.mul(g, sigmoid(c.b, c.b.unary<graph::NegOp>(x))); }
Value logitRule(OpCall &c, Value g, Value x) {
  GraphBuilder &b = c.b;
  double eps = c.constFloat("eps", -1), low = std::max(eps, 0.0);
  Value inside =
      both(b, b.compare<graph::GeOp>(x, number(b, x, low)), b.compare<graph::LeOp>(x, number(b, x, 1 - low)));
  Value outside = b.full(b.sizes(g), eps >= 0 ? 0.0 : NAN, b.dtype(g));
  return b.where(inside, b.div(g, b.mul(x, complement(b, x))), outside);
}
Value shrinkRule(OpCall &c, Value g, Value x) {
  GraphBuilder &b = c.b;
  Value by = scalarOf(c, "lambd", x, 0.5);
  Value inside = both(b, b.compare<graph::GeOp>(x, b.unary<graph::NegOp>(by)), b.compare<graph::LeOp>(x, by));
  return b.where(inside, zerosLike(b, g), g);
}
Value rreluRule(OpCall &c, Value g, Value x) {
  GraphBuilder &b = c.b;
  double lower = c.constFloat("lower", 0.125), upper = c.constFloat("upper", 1.0 / 3);
  if (c.flag("training") && upper - lower > 1e-6)
    return b.mul(g, wide(c, "noise"));
  Value below = b.mul(g, (lower + upper) / 2);
  return b.where(b.compare<graph::GtOp>(x, number(b, x, 0)), g, below);
}

Result gluBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value g = wide(c, "grad_output"), x = wide(c, "self");
  int64_t dtype = b.dtype(c.value("grad_output")), dim = c.dim("dim", b.rank(x), -1);
  if (b.failed())
    return {};
  Int half = floorDiv(b.size(x, dim), 2);
  Value first = b.slice(x, dim, b.size(0), half), s = sigmoid(b, b.slice(x, dim, half, half));
  Value gate = b.mul(b.mul(b.mul(complement(b, s), s), g), first);
  return b.cast(b.concat({b.mul(s, g), gate}, dim), dtype);
}

/// The weight has its channels in dimension 1 and ones elsewhere.
Result preluBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Values v = b.broadcast({wide(c, "grad_output"), wide(c, "self"), wide(c, "weight")});
  int64_t dtype = b.dtype(c.value("grad_output"));
  Value positive = b.compare<graph::GtOp>(v[1], number(b, v[1], 0));
  Value input = b.where(positive, v[0], b.mul(v[2], v[0]));
  Value weight = b.where(positive, zerosLike(b, v[0]), b.mul(v[1], v[0]));
  return {b.cast(input, dtype), b.cast(weight, dtype)};
}

template <bool log>
Result softmaxBackward(OpCall &c) {
  GraphBuilder &b = c.b;
  Value g = wide(c, "grad_output"), y = wide(c, "output");
  int64_t dim = c.dim("dim", b.rank(y)), dtype = c.constInt("input_dtype");
  if (b.failed())
    return {};
  auto sum = [&](Value v) { return b.rank(v) ? b.reduce<graph::SumOp>(v, {dim}, true) : v; };
  if (log)
    return b.cast(b.sub(g, b.mul(b.unary<graph::ExpOp>(y), sum(g))), dtype);
  Value product = b.mul(g, y);
  return b.cast(b.sub(product, b.mul(y, sum(product))), dtype);
}

//===----------------------------------------------------------------------===//
// Losses
//===----------------------------------------------------------------------===//

struct LossCall {
  Value grad, x, target;
  int64_t dtype;
};

LossCall lossCall(OpCall &c) {
  GraphBuilder &b = c.b;
  Values v = b.broadcast({wide(c, "self"), wide(c, "target")});
  Value grad = wide(c, "grad_output");
  if (c.constInt("reduction", 1) == 1)
    grad = b.div(grad, b.scalar(AV::integer(b.numel(v[0])), b.dtype(grad)));
  return {b.expand(grad, b.sizes(v[0])), v[0], v[1], b.dtype(c.value("self"))};
}

template <Value (*rule)(OpCall &, const LossCall &)>
Result lossGradient(OpCall &c) {
  LossCall loss = lossCall(c);
  if (c.b.failed())
    return {};
  return c.b.cast(rule(c, loss), loss.dtype);
}

Value mseRule(OpCall &c, const LossCall &l) { return c.b.mul(c.b.mul(c.b.sub(l.x, l.target), 2.0), l.grad); }
/// The quadratic part's slope within `bound`, a constant one outside.
Value clippedSlope(GraphBuilder &b, Value difference, double bound, double inner, double outer) {
  Value slope = b.mul(b.unary<graph::SignOp>(difference), outer);
  Value outside = b.compare<graph::GeOp>(b.unary<graph::AbsOp>(difference), number(b, difference, bound));
  return b.where(outside, slope, b.mul(difference, inner)); // NaN is not outside, and stays
}
Value smoothL1Rule(OpCall &c, const LossCall &l) {
  double beta = c.constFloat("beta", 1);
  return c.b.mul(clippedSlope(c.b, c.b.sub(l.x, l.target), beta, 1 / beta, 1), l.grad);
}
Value huberRule(OpCall &c, const LossCall &l) {
  double delta = c.constFloat("delta", 1);
  return c.b.mul(clippedSlope(c.b, c.b.sub(l.x, l.target), delta, 1, delta), l.grad);
}
Value crossEntropyRule(OpCall &c, const LossCall &l) {
  GraphBuilder &b = c.b;
  Value spread = b.binary<graph::MaximumOp>(b.mul(complement(b, l.x), l.x), 1e-12);
  Value out = b.div(b.mul(l.grad, b.sub(l.x, l.target)), spread);
  return c.has("weight") ? b.mul(out, wide(c, "weight")) : out;
}
Value softMarginRule(OpCall &c, const LossCall &l) {
  GraphBuilder &b = c.b;
  Value away = b.unary<graph::NegOp>(l.target);
  return b.mul(b.mul(away, l.grad), sigmoid(b, b.mul(away, l.x)));
}

constexpr OperatorRow rows[] = {
    {"aten::sigmoid_backward", gradient<sigmoidRule>},
    {"aten::tanh_backward", gradient<tanhRule>},
    {"aten::threshold_backward", gradient<thresholdRule>},
    {"aten::hardtanh_backward", gradient<hardtanhRule>},
    {"aten::hardswish_backward", gradient<hardswishRule>},
    {"aten::hardsigmoid_backward", gradient<hardsigmoidRule>},
    {"aten::leaky_relu_backward", gradient<leakyReluRule>},
    {"aten::elu_backward", gradient<eluRule>},
    {"aten::gelu_backward", gradient<geluRule>},
    {"aten::silu_backward", gradient<siluRule>},
    {"aten::mish_backward", gradient<mishRule>},
    {"aten::softplus_backward", gradient<softplusRule>},
    {"aten::log_sigmoid_backward", gradient<logSigmoidRule>},
    {"aten::logit_backward", gradient<logitRule>},
    {"aten::hardshrink_backward", gradient<shrinkRule>},
    {"aten::softshrink_backward", gradient<shrinkRule>},
    {"aten::rrelu_with_noise_backward", gradient<rreluRule>},
    {"aten::glu_backward", gluBackward},
    {"aten::_prelu_kernel_backward", preluBackward},
    {"aten::_softmax_backward_data", softmaxBackward<false>},
    {"aten::_log_softmax_backward_data", softmaxBackward<true>},
    {"aten::mse_loss_backward", lossGradient<mseRule>},
    {"aten::smooth_l1_loss_backward", lossGradient<smoothL1Rule>},
    {"aten::huber_loss_backward", lossGradient<huberRule>},
    {"aten::binary_cross_entropy_backward", lossGradient<crossEntropyRule>},
    {"aten::soft_margin_loss_backward", lossGradient<softMarginRule>},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::activationGradients() { return rows; }
