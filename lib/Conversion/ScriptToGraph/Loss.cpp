//===- Loss.cpp - losses and distances --------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ComplexFunctions.h"
#include "Native.h"
#include "Operators.h"

#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

constexpr int64_t longDType = int64_t(DType::Int64);

Value number(GraphBuilder &b, Value like, double n) { return b.scalar(n, b.dtype(like)); }
Value square(GraphBuilder &b, Value v) { return b.mul(v, v); }
Value clampMin(GraphBuilder &b, Value v, double low) { return b.binary<graph::MaximumOp>(v, low); }
Value negate(GraphBuilder &b, Value v) { return b.unary<graph::NegOp>(v); }
Value total(GraphBuilder &b, Value v) { return b.reduce<graph::SumOp>(v, b.wrapDims({}, b.rank(v)), false); }
Value sumOver(GraphBuilder &b, Value v, int64_t dim, bool keep = false) {
  return b.reduce<graph::SumOp>(v, {dim}, keep);
}

/// reduction: 0 none, 1 mean, 2 sum.
Value reduced(OpCall &c, Value v) {
  GraphBuilder &b = c.b;
  int64_t mode = c.constInt("reduction", 1);
  if (mode == 0)
    return v;
  if (mode == 1 && b.isIntegral(b.dtype(v), true)) {
    b.raise("RuntimeError", "mean(): could not infer output dtype. Input dtype must be either a floating point or "
                            "complex dtype. Got: " +
                                b.scalarTypeName(b.dtype(v)));
    return v;
  }
  Value sum = total(b, v);
  return mode == 2 ? sum : b.div(sum, b.scalar(AV::integer(b.numel(v)), b.dtype(v)));
}
/// Two operands in their common dtype.
std::pair<Value, Value> pair(OpCall &c, StringRef x, StringRef y) {
  Operand a = c.operand(x), o = c.operand(y);
  int64_t d = c.b.promote({a, o});
  Values v = c.b.broadcast({c.b.cast(a.value, d), c.b.cast(o.value, d)});
  return {v[0], v[1]};
}

/// Integers as numbers of the default dtype: margins and logarithms are not integers.
Value floating(GraphBuilder &b, Value v) { return b.isIntegral(b.dtype(v), true) ? b.cast(v, b.defaultDType) : v; }
std::pair<Value, Value> floatingPair(OpCall &c, StringRef x, StringRef y) {
  auto [a, o] = pair(c, x, y);
  return {floating(c.b, a), floating(c.b, o)};
}
/// The difference of two operands, which wraps where they are integers, as a float.
Value difference(OpCall &c, StringRef x, StringRef y) {
  auto [a, o] = pair(c, x, y);
  return floating(c.b, c.b.sub(a, o));
}

Result mseLoss(OpCall &c) {
  auto [x, y] = pair(c, "self", "target");
  return reduced(c, square(c.b, c.b.sub(x, y)));
}
Result l1Loss(OpCall &c) {
  auto [x, y] = pair(c, "self", "target");
  return reduced(c, magnitude(c.b, c.b.sub(x, y)));
}
Result huberLoss(OpCall &c) { // and smooth_l1
  GraphBuilder &b = c.b;
  auto [x, y] = pair(c, "self", "target");
  int64_t dtype = b.dtype(x); // in f32 where it is a half
  x = b.cast(x, computeDType(dtype));
  y = b.cast(y, computeDType(dtype));
  bool huber = c.schema.name == "huber_loss";
  double delta = c.constFloat(huber ? "delta" : "beta", 1);
  Value z = magnitude(b, b.sub(x, y));
  if (!huber && delta == 0)
    return reduced(c, b.cast(z, dtype));
  Value small = b.mul(square(b, z), huber ? 0.5 : 0.5 / delta);
  Value large = huber ? b.mul(b.add(z, -0.5 * delta), delta) : b.add(z, -0.5 * delta);
  Value inside =
      huber ? b.compare<graph::LeOp>(z, number(b, z, delta)) : b.compare<graph::LtOp>(z, number(b, z, delta));
  return reduced(c, b.cast(b.where(inside, small, large), dtype));
}
Result softMarginLoss(OpCall &c) {
  GraphBuilder &b = c.b;
  auto [x, y] = pair(c, "self", "target");
  return reduced(c, b.unary<graph::Log1pOp>(b.unary<graph::ExpOp>(negate(b, b.mul(x, y)))));
}
/// Times the argument `weight`, where it is given.
Value weighted(OpCall &c, Value loss) {
  return c.has("weight") ? c.b.mul(loss, c.b.cast(c.value("weight"), c.b.dtype(loss))) : loss;
}
Result binaryCrossEntropy(OpCall &c) {
  GraphBuilder &b = c.b;
  auto [x, y] = pair(c, "self", "target");
  Value one = number(b, x, 1);
  Value logX = clampMin(b, b.unary<graph::LogOp>(x), -100),
        logRest = clampMin(b, b.unary<graph::Log1pOp>(negate(b, x)), -100);
  // (y - 1) * log(1 - x) - y * log(x)
  Value loss = b.sub(b.mul(b.sub(y, one), logRest), b.mul(y, logX));
  return reduced(c, weighted(c, loss));
}
Result binaryCrossEntropyWithLogits(OpCall &c) {
  GraphBuilder &b = c.b;
  auto [x, y] = pair(c, "self", "target");
  // log(1 + e^-x) without overflow
  Value softplus =
      b.add(clampMin(b, negate(b, x), 0), b.unary<graph::Log1pOp>(b.unary<graph::ExpOp>(negate(b, magnitude(b, x)))));
  Value one = number(b, x, 1);
  Value loss;
  if (c.has("pos_weight")) {
    Value weight = b.add(b.mul(b.sub(b.cast(c.value("pos_weight"), b.dtype(x)), one), y), one);
    loss = b.add(b.mul(b.sub(one, y), x), b.mul(weight, softplus));
  } else {
    loss = b.add(b.mul(b.sub(one, y), x), softplus);
  }
  return reduced(c, weighted(c, loss));
}
Result klDivergence(OpCall &c) {
  GraphBuilder &b = c.b;
  auto [x, y] = pair(c, "self", "target");
  Value zero = b.full(b.sizes(y), 0.0, b.dtype(y));
  if (c.flag("log_target"))
    return reduced(c, b.mul(b.unary<graph::ExpOp>(y), b.sub(y, x)));
  Value entropy = b.where(b.compare<graph::EqOp>(y, number(b, y, 0)), zero, b.mul(y, b.unary<graph::LogOp>(y)));
  return reduced(c, b.sub(entropy, b.mul(y, x)));
}
Result poissonLoss(OpCall &c) {
  GraphBuilder &b = c.b;
  auto [x, y] = floatingPair(c, "input", "target");
  Value loss = c.flag("log_input") ? b.sub(b.unary<graph::ExpOp>(x), b.mul(y, x))
                                   : b.sub(x, b.mul(y, b.unary<graph::LogOp>(b.add(x, c.constFloat("eps")))));
  if (c.flag("full")) {
    Value stirling =
        b.add(b.sub(b.mul(y, b.unary<graph::LogOp>(y)), y), b.mul(b.unary<graph::LogOp>(b.mul(y, 2 * M_PI)), 0.5));
    loss =
        b.add(loss, b.where(b.compare<graph::LeOp>(y, number(b, y, 1)), b.full(b.sizes(y), 0.0, b.dtype(y)), stirling));
  }
  return reduced(c, loss);
}
Result hingeEmbeddingLoss(OpCall &c) {
  GraphBuilder &b = c.b;
  auto [x, y] = pair(c, "self", "target");
  Value zero = b.full(b.sizes(x), 0.0, b.dtype(x));
  Value margin = b.where(b.compare<graph::EqOp>(y, number(b, y, 1)), zero,
                         clampMin(b, b.add(negate(b, x), c.constFloat("margin", 1)), 0));
  Value self = b.where(b.compare<graph::EqOp>(y, number(b, y, -1)), zero, x);
  return reduced(c, b.add(margin, self));
}
Result marginRankingLoss(OpCall &c) {
  GraphBuilder &b = c.b;
  auto [x, y] = pair(c, "input1", "input2");
  Value target = b.cast(c.value("target"), b.dtype(x));
  Value gap = floating(b, b.mul(negate(b, target), b.sub(x, y)));
  return reduced(c, clampMin(b, b.add(gap, c.constFloat("margin")), 0));
}

//===----------------------------------------------------------------------===//
// Classification
//===----------------------------------------------------------------------===//

/// Negative log-likelihood of log-probabilities with classes in dimension 1 (or
/// 0 of one sample): the loss and the weights' sum.
std::pair<Value, Value> nllOf(OpCall &c, Value logp, Value target) {
  GraphBuilder &b = c.b;
  int64_t classDim = b.rank(logp) == 1 ? 0 : 1, d = b.dtype(logp), mode = c.constInt("reduction", 1);
  int64_t ignored = c.constInt("ignore_index", -100);
  Value keep = b.compare<graph::NeOp>(target, b.scalarInt(ignored, longDType));
  Value safe = b.where(keep, target, b.full(b.sizes(target), 0.0, longDType));
  b.mayRaise();
  Value index = b.unsqueeze(safe, classDim);
  Value picked = graph::GatherOp::create(b.b, b.loc, b.tensorType(b.sizes(index), d), logp, index,
                                         b.b.getI64IntegerAttr(classDim));
  picked = b.squeeze(picked, classDim);
  Value weight =
      c.has("weight") ? b.indexSelect(b.cast(c.value("weight"), d), safe, 0) : b.full(b.sizes(target), 1.0, d);
  weight = b.where(keep, weight, b.full(b.sizes(weight), 0.0, d));
  Value loss = b.where(keep, negate(b, b.mul(picked, weight)), b.full(b.sizes(picked), 0.0, d));
  Value sum = total(b, weight);
  if (mode == 0)
    return {loss, sum};
  Value all = total(b, loss);
  return {mode == 2 ? all : b.div(all, sum), sum};
}
Result nllLoss(OpCall &c) {
  auto [loss, weight] = nllOf(c, c.value("self"), c.value("target"));
  if (c.schema.results.size() == 2)
    return {loss, weight};
  return loss;
}
Value logSoftmax(GraphBuilder &b, Value v, int64_t dim) {
  Value shifted = b.sub(v, b.reduce<graph::AmaxOp>(v, {dim}, true));
  return b.sub(shifted, b.unary<graph::LogOp>(sumOver(b, b.unary<graph::ExpOp>(shifted), dim, true)));
}
Result crossEntropy(OpCall &c) {
  GraphBuilder &b = c.b;
  Value x = c.value("self"), target = c.value("target");
  int64_t dim = b.rank(x) == 1 ? 0 : 1, d = b.dtype(x), mode = c.constInt("reduction", 1);
  double smoothing = c.constFloat("label_smoothing");
  Value logp = logSoftmax(b, x, dim);
  if (b.isFloating(b.dtype(target))) { // probabilities of the classes
    Value classes = b.scalar(AV::integer(b.size(x, dim)), d);
    Value p = target;
    if (smoothing > 0)
      p = b.add(b.mul(p, 1 - smoothing), b.div(b.scalar(smoothing, d), classes));
    Value weighted = b.mul(logp, p);
    if (c.has("weight")) {
      Sizes line(b.rank(x), b.size(1));
      line[dim] = b.size(x, dim);
      weighted = b.mul(weighted, b.reshape(c.value("weight"), line));
    }
    Value loss = negate(b, sumOver(b, weighted, dim));
    if (mode == 0)
      return loss;
    Value all = total(b, loss);
    Int samples = exactDiv(b.numel(x), b.size(x, dim));
    return mode == 2 ? all : b.div(all, b.scalar(AV::integer(samples ? samples : b.size(1)), d));
  }
  auto [loss, weight] = nllOf(c, logp, target);
  if (smoothing <= 0)
    return loss;
  int64_t ignored = c.constInt("ignore_index", -100);
  Value keep = b.compare<graph::NeOp>(target, b.scalarInt(ignored, longDType));
  Value smooth = logp;
  if (c.has("weight")) {
    Sizes line(b.rank(x), b.size(1));
    line[dim] = b.size(x, dim);
    smooth = b.mul(smooth, b.reshape(c.value("weight"), line));
  }
  smooth = negate(b, sumOver(b, smooth, dim));
  smooth = b.where(keep, smooth, b.full(b.sizes(smooth), 0.0, d));
  if (mode != 0) {
    smooth = total(b, smooth);
    if (mode == 1)
      smooth = b.div(smooth, weight);
  }
  Value classes = b.scalar(AV::integer(b.size(x, dim)), d);
  return b.add(b.mul(loss, 1 - smoothing), b.mul(b.div(smooth, classes), smoothing));
}
Result multiMarginLoss(OpCall &c) {
  GraphBuilder &b = c.b;
  Value x = c.value("self"), target = c.value("target");
  double p = c.constFloat("p", 1);
  bool one = b.rank(x) < 2;
  if (p != 1 && p != 2)
    b.raise("RuntimeError", "only p == 1 and p == 2 supported");
  else if (b.rank(x) > 2)
    b.raise("RuntimeError", "Expected non-empty vector or matrix with optional 0-dim batch size, but got a tensor of " +
                                Twine(b.rank(x)) + " dimensions");
  else if (b.rank(target) > 1)
    b.raise("RuntimeError", "inconsistent target size, got " + Twine(b.rank(target)) + " dimensions");
  else if (b.dtype(target) != longDType)
    b.raise("RuntimeError", "expected scalar type Long but found " + b.scalarTypeName(b.dtype(target)));
  if (b.failed())
    return {};
  Int count = one ? b.size(1) : b.size(x, 0);
  b.checkEqual(b.numel(target), count, "RuntimeError", "inconsistent target size, expected {0} but got {1}",
               {count, b.numel(target)});
  x = b.refine(x);
  if (one)
    x = b.reshape(x, {count, b.numel(x)});
  target = b.reshape(b.refine(target), {b.size(x, 0)});
  int64_t d = b.dtype(x);
  b.mayRaise();
  Value index = b.unsqueeze(target, 1);
  Value own = graph::GatherOp::create(b.b, b.loc, b.tensorType(b.sizes(index), d), x, index, b.b.getI64IntegerAttr(1));
  Value z = clampMin(b, b.add(b.sub(x, own), c.constFloat("margin", 1)), 0);
  if (p == 2)
    z = square(b, z);
  if (c.has("weight"))
    z = b.mul(z, b.unsqueeze(b.indexSelect(c.value("weight"), target, 0), 1));
  Value classes = b.iota(b.sizes(x), 1, longDType);
  z = b.where(b.compare<graph::EqOp>(classes, index), b.full(b.sizes(x), 0.0, d), z);
  Value loss = b.div(sumOver(b, z, 1), b.scalar(AV::integer(b.size(x, 1)), d));
  if (c.constInt("reduction", 1) == 0 && b.rank(c.value("self")) < 2)
    return b.reshape(loss, {});
  return reduced(c, loss);
}

//===----------------------------------------------------------------------===//
// Distances
//===----------------------------------------------------------------------===//

Value norm(GraphBuilder &b, Value v, double p, int64_t dim, bool keep) {
  if (b.isComplex(b.dtype(v)))
    v = magnitude(b, v);
  if (p == 2)
    return b.unary<graph::SqrtOp>(sumOver(b, square(b, v), dim, keep));
  Value a = magnitude(b, v);
  if (p == 1)
    return sumOver(b, a, dim, keep);
  if (std::isinf(p))
    return p > 0 ? b.reduce<graph::AmaxOp>(a, {dim}, keep) : b.reduce<graph::AminOp>(a, {dim}, keep);
  if (p == 0)
    return sumOver(b, b.cast(b.compare<graph::NeOp>(v, number(b, v, 0)), b.dtype(v)), dim, keep);
  return b.binary<graph::PowOp>(sumOver(b, b.binary<graph::PowOp>(a, p), dim, keep), 1 / p);
}
Result pairwiseDistance(OpCall &c) {
  GraphBuilder &b = c.b;
  Value gap = b.add(difference(c, "x1", "x2"), c.constFloat("eps", 1e-6));
  return norm(b, gap, c.constFloat("p", 2), b.rank(gap) - 1, c.flag("keepdim"));
}
Result distance(OpCall &c) { // dist
  auto [x, y] = pair(c, "self", "other");
  return norm(c.b, c.b.flatten(c.b.sub(x, y)), c.constFloat("p", 2), 0, false);
}
Value cosine(GraphBuilder &b, Value x, Value y, int64_t dim, double eps) {
  Value nx = clampMin(b, b.unary<graph::SqrtOp>(sumOver(b, square(b, x), dim, true)), eps);
  Value ny = clampMin(b, b.unary<graph::SqrtOp>(sumOver(b, square(b, y), dim, true)), eps);
  return sumOver(b, b.mul(b.div(x, nx), b.div(y, ny)), dim);
}
Result cosineSimilarity(OpCall &c) {
  GraphBuilder &b = c.b;
  auto [x, y] = pair(c, "x1", "x2");
  int64_t dtype = b.dtype(x), wide = computeDType(dtype), dim = c.dim("dim", b.rank(x), 1);
  if (!b.isFloating(dtype))
    b.raise("RuntimeError",
            "expected common dtype to be floating point, yet common dtype is " + b.scalarTypeName(dtype));
  if (b.failed())
    return {};
  Sizes sizes = b.sizes(x);
  if (sizes.empty())
    sizes = {b.size(1)};
  auto operand = [&](Value v) { return b.reshape(b.cast(v, wide), sizes); };
  return b.cast(cosine(b, operand(x), operand(y), dim, c.constFloat("eps", 1e-8)), dtype);
}
Result cosineEmbeddingLoss(OpCall &c) {
  GraphBuilder &b = c.b;
  auto [x, y] = floatingPair(c, "input1", "input2");
  Value target = c.value("target");
  int64_t dim = b.rank(target), d = b.dtype(x);
  Value xy = sumOver(b, b.mul(x, y), dim);
  Value xx = b.add(sumOver(b, square(b, x), dim), 1e-12), yy = b.add(sumOver(b, square(b, y), dim), 1e-12);
  Value cos = b.div(xy, b.unary<graph::SqrtOp>(b.mul(xx, yy)));
  Value zero = b.full(b.sizes(cos), 0.0, d), t = b.cast(target, d);
  Value positive = b.where(b.compare<graph::EqOp>(t, number(b, t, 1)), b.sub(number(b, cos, 1), cos), zero);
  Value negative =
      b.where(b.compare<graph::EqOp>(t, number(b, t, -1)), clampMin(b, b.add(cos, -c.constFloat("margin")), 0), zero);
  return reduced(c, b.add(positive, negative));
}
Result tripletMarginLoss(OpCall &c) {
  GraphBuilder &b = c.b;
  double p = c.constFloat("p", 2), eps = c.constFloat("eps", 1e-6);
  auto far = [&](StringRef first, StringRef second) {
    Value gap = b.add(difference(c, first, second), eps);
    return norm(b, gap, p, b.rank(gap) - 1, false);
  };
  Value near = far("anchor", "positive"), away = far("anchor", "negative");
  if (c.flag("swap"))
    away = b.binary<graph::MinimumOp>(away, far("positive", "negative"));
  return reduced(c, clampMin(b, b.add(b.sub(near, away), c.constFloat("margin", 1)), 0));
}
Result cdist(OpCall &c) {
  GraphBuilder &b = c.b;
  Value x = c.value("x1"), y = c.value("x2");
  Value wide = b.unsqueeze(x, b.rank(x) - 1), tall = b.unsqueeze(y, b.rank(y) - 2);
  Value gap = b.sub(wide, tall);
  return norm(b, gap, c.constFloat("p", 2), b.rank(gap) - 1, false);
}

/// Lengths of sequences, a tensor or a list of ints, as many as there are sequences.
Value lengthsOf(OpCall &c, StringRef name, Int count) {
  GraphBuilder &b = c.b;
  Value v;
  if (c.arg(name).isTensor()) {
    v = b.cast(c.value(name), longDType);
  } else {
    Values each;
    for (Int n : c.integers(name))
      each.push_back(b.scalar(AV::integer(n), longDType));
    v = each.empty() ? b.full({b.size(0)}, 0.0, longDType) : b.stack(each, 0);
  }
  if (b.rank(v) == 0)
    v = b.reshape(v, {b.size(1)});
  if (b.rank(v) != 1)
    b.raise("RuntimeError", name + " must be a vector");
  if (b.failed())
    return v;
  b.checkEqual(b.size(v, 0), count, "RuntimeError", name + " must be of size batch_size");
  return b.refine(v);
}
/// Raises where one of the elements is not in [0, most].
void checkWithin(OpCall &c, Value v, Int most, StringRef name) {
  GraphBuilder &b = c.b;
  Value limit = b.scalar(AV::integer(most), longDType);
  Value bad =
      b.binary<graph::BitwiseOrOp>(b.compare<graph::LtOp>(v, number(b, v, 0)), b.compare<graph::GtOp>(v, limit));
  b.check(b.notBool(b.item(b.reduce<graph::AnyOp>(bad, {0}, false))), "RuntimeError",
          "Expected " + name + " to have value at least 0 and at most {0} (while checking arguments for ctc_loss_cpu)",
          {most});
}
Result ctcLoss(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("log_probs"), targets = b.cast(c.value("targets"), longDType);
  int64_t own = b.dtype(v), blank = c.constInt("blank"), mode = c.constInt("reduction", 1);
  bool batched = b.rank(v) == 3;
  if (!batched && b.rank(v) != 2)
    b.raise("RuntimeError", "ctc_loss: log_probs must have 2 or 3 dimensions");
  else if (b.rank(targets) != 1 && b.rank(targets) != 2)
    b.raise("RuntimeError", "ctc_loss: targets must have 1 or 2 dimensions");
  else if (!b.isFloating(own))
    b.raise("RuntimeError", "\"ctc_loss_cpu\" not implemented for '" + b.scalarTypeName(own) + "'");
  if (b.failed())
    return {};
  if (!batched)
    v = b.unsqueeze(v, 1);
  Int count = b.size(v, 1), classes = b.size(v, 2);
  b.check(b.compareInt(arith::CmpIPredicate::sgt, classes, b.size(blank)), "RuntimeError",
          "blank must be in label range");
  Value inputs = lengthsOf(c, "input_lengths", count), lengths = lengthsOf(c, "target_lengths", count);
  if (blank < 0)
    b.raise("RuntimeError", "blank must be in label range");
  if (b.failed())
    return {};
  checkWithin(c, inputs, b.size(v, 0), "input_lengths");
  if (b.rank(targets) == 2) {
    b.checkEqual(b.size(targets, 0), count, "RuntimeError", "ctc_loss: as many targets as batch_size expected");
    checkWithin(c, lengths, b.size(targets, 1), "target_lengths");
  } else {
    checkWithin(c, lengths, b.size(targets, 0), "target_lengths");
    Value all = b.reduce<graph::SumOp>(lengths, {0}, false);
    Value fits = b.compare<graph::EqOp>(all, b.scalar(AV::integer(b.size(targets, 0)), longDType));
    b.check(b.item(fits), "RuntimeError", "Expected targets of the size {0} that target_lengths sum to",
            {b.size(targets, 0)});
  }
  if (b.failed())
    return {};
  int64_t dtype = computeDType(own);
  Value loss = native(b, "ctc_loss", {b.cast(b.refine(v), dtype), b.refine(targets), inputs, lengths},
                      {{{count}, dtype}}, 1, {blank})[0];
  if (c.flag("zero_infinity")) {
    Value infinite = b.compare<graph::EqOp>(loss, number(b, loss, std::numeric_limits<double>::infinity()));
    loss = b.where(infinite, b.full(b.sizes(loss), 0.0, dtype), loss);
  }
  if (mode == 1)
    loss = b.div(loss, clampMin(b, b.cast(lengths, dtype), 1));
  loss = b.cast(reduced(c, loss), own);
  return mode == 0 && !batched ? b.squeeze(loss, 0) : loss;
}

const OperatorRow rows[] = {
    {"aten::mse_loss", mseLoss},
    {"aten::l1_loss", l1Loss},
    {"aten::smooth_l1_loss", huberLoss},
    {"aten::huber_loss", huberLoss},
    {"aten::soft_margin_loss", softMarginLoss},
    {"aten::binary_cross_entropy", binaryCrossEntropy},
    {"aten::binary_cross_entropy_with_logits", binaryCrossEntropyWithLogits},
    {"aten::kl_div", klDivergence},
    {"aten::poisson_nll_loss", poissonLoss},
    {"aten::hinge_embedding_loss", hingeEmbeddingLoss},
    {"aten::margin_ranking_loss", marginRankingLoss},
    {"aten::nll_loss", nllLoss},
    {"aten::nll_loss2d", nllLoss},
    {"aten::nll_loss_nd", nllLoss},
    {"aten::nll_loss_forward", nllLoss},
    {"aten::nll_loss2d_forward", nllLoss},
    {"aten::cross_entropy_loss", crossEntropy},
    {"aten::multi_margin_loss", multiMarginLoss},
    {"aten::pairwise_distance", pairwiseDistance},
    {"aten::dist", distance},
    {"aten::cosine_similarity", cosineSimilarity},
    {"aten::cosine_embedding_loss", cosineEmbeddingLoss},
    {"aten::triplet_margin_loss", tripletMarginLoss},
    {"aten::cdist", cdist},
    {"aten::ctc_loss.IntList", ctcLoss},
    {"aten::ctc_loss.Tensor", ctcLoss},
    {"aten::_cdist_forward", cdist},
};

} // namespace

ArrayRef<OperatorRow> eval::lossOperators() { return rows; }
