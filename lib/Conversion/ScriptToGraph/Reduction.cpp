//===- Reduction.cpp - sums, means, extremes, scans -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Operators.h"
#include "ShapeSupport.h"

#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

constexpr int64_t boolDType = int64_t(DType::Bool);
constexpr int64_t longDType = int64_t(DType::Int64);

/// The dtype of sum and prod: integers become int64.
int64_t sumDType(OpCall &c, Value v) {
  int64_t d = c.b.dtype(v);
  return c.dtype("dtype", c.b.isIntegral(d, true) ? longDType : d);
}

Result sum(OpCall &c) {
  Value v = c.value("self");
  v = c.b.cast(v, sumDType(c, v));
  return c.b.reduce<graph::SumOp>(v, c.dims("dim", c.b.rank(v)), c.flag("keepdim"));
}
Result nansum(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  if (b.isFloating(b.dtype(v)))
    v = b.where(b.predicate<graph::IsNanOp>(v), b.full(b.sizes(v), 0.0, b.dtype(v)), v);
  v = b.cast(v, sumDType(c, v));
  return b.reduce<graph::SumOp>(v, c.dims("dim", b.rank(v)), c.flag("keepdim"));
}
Result prod(OpCall &c) {
  Value v = c.value("self");
  v = c.b.cast(v, sumDType(c, v));
  Dims dims = c.has("dim") ? c.b.wrapDims({c.constInt("dim")}, c.b.rank(v)) : c.b.wrapDims({}, c.b.rank(v));
  return c.b.reduce<graph::ProdOp>(v, dims, c.flag("keepdim"));
}

/// How many elements each result combines, as an int.
Int reducedCount(GraphBuilder &b, Value v, ArrayRef<int64_t> dims) {
  Int n = b.size(1);
  for (int64_t d : dims)
    n = mul(n, b.size(v, d));
  return n;
}

Value meanOf(GraphBuilder &b, Value v, ArrayRef<int64_t> dims, bool keepdim) {
  int64_t d = b.dtype(v);
  bool half = d == int64_t(DType::Float16) || d == int64_t(DType::BFloat16);
  if (half)
    v = b.cast(v, int64_t(DType::Float32));
  Value count = b.scalar(AV::integer(reducedCount(b, v, dims)), b.dtype(v));
  Value out = b.div(b.reduce<graph::SumOp>(v, dims, keepdim), count);
  return half ? b.cast(out, d) : out;
}

Result mean(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t d = c.dtype("dtype", b.dtype(v));
  if (b.isIntegral(d, true)) {
    b.raise("RuntimeError", "mean(): could not infer output dtype. Input dtype must be either a floating point or "
                            "complex dtype. Got: " +
                                b.scalarTypeName(d));
    d = b.defaultDType;
  }
  v = b.cast(v, d);
  return meanOf(b, v, c.dims("dim", b.rank(v)), c.flag("keepdim"));
}
Result nanmean(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = b.cast(c.value("self"), c.dtype("dtype", b.dtype(c.value("self"))));
  Dims dims = c.dims("dim", b.rank(v));
  Value nan = b.predicate<graph::IsNanOp>(v);
  Value kept = b.cast(b.unary<graph::BitwiseNotOp>(nan), b.dtype(v));
  Value total = b.where(nan, b.full(b.sizes(v), 0.0, b.dtype(v)), v);
  bool keep = c.flag("keepdim");
  return b.div(b.reduce<graph::SumOp>(total, dims, keep), b.reduce<graph::SumOp>(kept, dims, keep));
}

/// Variance with `correction` (and the mean), over `dims`.
struct Moments {
  Value variance, mean;
};
Moments moments(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  bool keep = c.flag("keepdim");
  Dims dims = c.dims("dim", b.rank(v));
  double correction = 1;
  if (c.schema.argumentIndex("unbiased") >= 0)
    correction = c.flag("unbiased", true);
  else if (c.has("correction"))
    correction = c.constFloat("correction");
  int64_t d = b.dtype(v);
  if (b.isIntegral(d, true))
    b.raise("RuntimeError", c.schema.name + " only support floating point and complex dtypes");
  bool half = d == int64_t(DType::Float16) || d == int64_t(DType::BFloat16);
  if (half)
    v = b.cast(v, int64_t(DType::Float32));
  Value mean = meanOf(b, v, dims, true);
  Value gap = b.sub(v, mean);
  Value squares = b.isComplex(d) ? b.predicate<graph::ComplexAbsOp>(gap, b.realOf(d)) : gap;
  squares = b.mul(squares, squares);
  Int n = reducedCount(b, v, dims);
  Value count = b.add(b.scalar(AV::integer(n), b.dtype(squares)), -correction);
  count = b.binary<graph::MaximumOp>(count, 0.0);
  Value variance = b.div(b.reduce<graph::SumOp>(squares, dims, keep), count);
  if (!keep)
    mean = b.reshape(mean, b.reducedSizes(v, dims, false));
  if (half) {
    variance = b.cast(variance, d);
    mean = b.cast(mean, d);
  }
  return {variance, mean};
}
Result var(OpCall &c) { return moments(c).variance; }
Result standardDeviation(OpCall &c) { return c.b.unary<graph::SqrtOp>(moments(c).variance); }
Result varMean(OpCall &c) {
  Moments m = moments(c);
  return {m.variance, m.mean};
}
Result stdMean(OpCall &c) {
  Moments m = moments(c);
  return {c.b.unary<graph::SqrtOp>(m.variance), m.mean};
}

//===----------------------------------------------------------------------===//
// Extremes
//===----------------------------------------------------------------------===//

/// torch's error for an extreme of nothing.
void refuseEmpty(OpCall &c, Value v, ArrayRef<int64_t> dims, bool named) {
  GraphBuilder &b = c.b;
  auto nonzero = [&](Int n) { return b.compareInt(arith::CmpIPredicate::ne, n, b.size(0)); };
  if (named) {
    for (int64_t d : dims)
      b.check(nonzero(b.size(v, d)), "IndexError",
              c.schema.name + "(): Expected reduction dim " + std::to_string(d) + " to have non-zero size.");
    return;
  }
  b.check(nonzero(b.numel(v)), "RuntimeError",
          c.schema.name + "(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction "
                          "dim with the 'dim' argument.");
}

template <typename Op>
Result extremes(OpCall &c) { // amax, amin
  Value v = c.value("self");
  Dims given = c.constInts("dim");
  Dims dims = c.dims("dim", c.b.rank(v));
  refuseEmpty(c, v, dims, !given.empty());
  return c.b.reduce<Op>(v, dims, c.flag("keepdim"));
}
template <typename Op>
Result extremeOfAll(OpCall &c) { // max, min
  Value v = c.value("self");
  refuseEmpty(c, v, {}, false);
  return c.b.reduce<Op>(v, c.b.wrapDims({}, c.b.rank(v)), false);
}
template <typename Op, typename ArgOp>
Result extremeAndIndex(OpCall &c) { // max.dim, min.dim
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  if (b.rank(v) == 0)
    return {v, b.full({}, 0.0, longDType)};
  int64_t d = c.dim("dim", b.rank(v));
  bool keep = c.flag("keepdim");
  refuseEmpty(c, v, {d}, true);
  Value in = b.dtype(v) == boolDType ? b.cast(v, int64_t(DType::UInt8)) : v;
  Value best = b.reduce<Op>(in, {d}, keep);
  return {b.cast(best, b.dtype(v)), b.argReduce<ArgOp>(in, d, keep)};
}
template <typename Op>
Result argument(OpCall &c) { // argmax, argmin
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  if (b.dtype(v) == boolDType)
    b.raise("RuntimeError", "\"" + c.schema.name + "_cpu\" not implemented for 'Bool'");
  bool keep = c.flag("keepdim");
  if (!c.has("dim")) {
    refuseEmpty(c, v, {}, false);
    Value out = b.argReduce<Op>(b.flatten(v), 0, false);
    return keep ? b.reshape(out, Sizes(b.rank(v), b.size(1))) : out;
  }
  if (b.rank(v) == 0)
    return b.full({}, 0.0, longDType);
  int64_t d = c.dim("dim", b.rank(v));
  refuseEmpty(c, v, {d}, true);
  return b.argReduce<Op>(v, d, keep);
}
Result aminmax(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  Dims dims = c.has("dim") ? b.wrapDims({c.constInt("dim")}, b.rank(v)) : b.wrapDims({}, b.rank(v));
  refuseEmpty(c, v, dims, c.has("dim"));
  bool keep = c.flag("keepdim");
  return {b.reduce<graph::AminOp>(v, dims, keep), b.reduce<graph::AmaxOp>(v, dims, keep)};
}

template <typename Op>
Result truth(OpCall &c) { // any, all
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  bool byte = b.dtype(v) == int64_t(DType::UInt8);
  Dims dims = c.schema.argumentIndex("dim") < 0 || c.arg("dim").isNone()
                  ? b.wrapDims({}, b.rank(v))
                  : b.wrapDims(c.constInts("dim"), b.rank(v), false);
  if (c.has("dim") && c.arg("dim").is(AV::Kind::List) && c.constInts("dim").empty())
    dims = b.wrapDims({}, b.rank(v));
  Value out = b.reduce<Op>(b.cast(v, boolDType), dims, c.flag("keepdim"));
  return byte ? b.cast(out, int64_t(DType::UInt8)) : out;
}
Result countNonzero(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = b.cast(b.cast(c.value("self"), boolDType), longDType);
  return b.reduce<graph::SumOp>(v, c.dims("dim", b.rank(v)), false);
}

//===----------------------------------------------------------------------===//
// Norms and log-sum-exp
//===----------------------------------------------------------------------===//

Value normOf(OpCall &c, Value v, double p, ArrayRef<int64_t> dims, bool keep) {
  GraphBuilder &b = c.b;
  if (b.isComplex(b.dtype(v)))
    v = b.predicate<graph::ComplexAbsOp>(v, b.realOf(b.dtype(v)));
  Value a = b.unary<graph::AbsOp>(v);
  if (p == 2)
    return b.unary<graph::SqrtOp>(b.reduce<graph::SumOp>(b.mul(v, v), dims, keep));
  if (p == 1)
    return b.reduce<graph::SumOp>(a, dims, keep);
  if (p == 0) {
    Value nonzero = b.compare<graph::NeOp>(v, b.scalar(0.0, b.dtype(v)));
    return b.reduce<graph::SumOp>(b.cast(nonzero, b.dtype(v)), dims, keep);
  }
  if (std::isinf(p))
    return p > 0 ? b.reduce<graph::AmaxOp>(a, dims, keep) : b.reduce<graph::AminOp>(a, dims, keep);
  Value powers = b.binary<graph::PowOp>(a, p);
  return b.binary<graph::PowOp>(b.reduce<graph::SumOp>(powers, dims, keep), 1 / p);
}
Result vectorNorm(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  v = b.cast(v, c.dtype("dtype", b.dtype(v)));
  StringRef p = c.schema.argumentIndex("ord") >= 0 ? "ord" : "p";
  Dims dims = c.dims("dim", b.rank(v));
  int64_t d = b.dtype(v);
  bool half = d == int64_t(DType::Float16) || d == int64_t(DType::BFloat16);
  if (b.isIntegral(d, true))
    b.raise("RuntimeError",
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got " + b.scalarTypeName(d));
  double order = c.constFloat(p, 2);
  if (c.schema.name == "linalg_vector_norm" && (order < 0 || std::isinf(order))) {
    std::string text = "linalg.vector_norm cannot compute the " + numberText(order) + " norm on ";
    if (c.constInts("dim").empty())
      b.check(b.compareInt(arith::CmpIPredicate::sgt, b.numel(v), b.size(0)), "RuntimeError",
              text + "an empty tensor because the operation does not have an identity");
    else
      for (int64_t dim : dims)
        b.check(b.compareInt(arith::CmpIPredicate::sgt, b.size(v, dim), b.size(0)), "RuntimeError",
                text + "the dimension " + Twine(dim) +
                    "because this dimension is empty and the operation does not have an identity");
  }
  if (b.failed())
    return {};
  Value out = normOf(c, half ? b.cast(v, int64_t(DType::Float32)) : v, order, dims, c.flag("keepdim"));
  return half ? b.cast(out, d) : out;
}
/// The norm over all dimensions but one.
Value normExcept(OpCall &c, Value v, double p, int64_t dim) {
  Dims others;
  for (int64_t d = 0; d < c.b.rank(v); ++d)
    if (d != dim)
      others.push_back(d);
  return normOf(c, v, p, others, dim >= 0);
}
Result normExceptDim(OpCall &c) { return normExcept(c, c.value("v"), double(c.constInt("pow", 2)), c.constInt("dim")); }
/// v scaled to the norms g.
Result weightNorm(OpCall &c) {
  Value v = c.value("v");
  Value norm = normExcept(c, v, 2, c.constInt("dim"));
  return c.b.failed() ? v : c.b.mul(v, c.b.div(c.value("g"), norm));
}
Result logSumExp(OpCall &c) {
  GraphBuilder &b = c.b;
  Operand s = c.operand("self");
  Value v = b.cast(s.value, b.promoteToFloat({s}));
  Dims dims = c.dims("dim", b.rank(v));
  bool keep = c.flag("keepdim");
  int64_t real = b.realOf(b.dtype(v));
  Value high = b.reduce<graph::AmaxOp>(b.isComplex(b.dtype(v)) ? b.predicate<graph::RealOp>(v, real) : v, dims, true);
  high = b.where(b.predicate<graph::IsInfOp>(high), b.full(b.sizes(high), 0.0, real), high);
  high = b.cast(high, b.dtype(v));
  Value total = b.reduce<graph::SumOp>(b.unary<graph::ExpOp>(b.sub(v, high)), dims, keep);
  if (!keep)
    high = b.reshape(high, b.sizes(total));
  return b.add(b.unary<graph::LogOp>(total), high);
}

//===----------------------------------------------------------------------===//
// Scans
//===----------------------------------------------------------------------===//

template <typename Op>
Result scan(OpCall &c) { // cumsum, cumprod
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  v = b.cast(v, sumDType(c, v));
  if (b.rank(v) == 0)
    return v;
  return Value(Op::create(b.b, b.loc, v.getType(), v, b.b.getI64IntegerAttr(c.dim("dim", b.rank(v)))));
}
/// cummax, cummin: the running extreme, and the last place where it was met.
template <typename Scan>
Result runningExtreme(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  if (b.rank(v) == 0)
    return {v, b.full({}, 0.0, longDType)};
  int64_t d = c.dim("dim", b.rank(v));
  IntegerAttr dim = b.b.getI64IntegerAttr(d);
  Value in = b.dtype(v) == boolDType ? b.cast(v, int64_t(DType::UInt8)) : v;
  Value best = Scan::create(b.b, b.loc, in.getType(), in, dim);
  Value met = b.compare<graph::EqOp>(in, best);
  if (b.isFloating(b.dtype(in)))
    met = b.binary<graph::BitwiseOrOp>(met, b.predicate<graph::IsNanOp>(in));
  Sizes s = b.sizes(v);
  Value places = b.where(met, b.iota(s, d, longDType), b.full(s, 0.0, longDType));
  Value last = graph::CummaxOp::create(b.b, b.loc, places.getType(), places, dim);
  return {b.cast(best, b.dtype(v)), last};
}
Result sumToSize(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  Sizes to = c.integers("size"), from = b.sizes(v);
  if (to.size() > from.size()) {
    b.raise("RuntimeError", "size is not expandable to the size of the tensor");
    return v;
  }
  Dims dims;
  size_t lead = from.size() - to.size();
  for (size_t d = 0; d < from.size(); ++d)
    if (d < lead || (isKnown(to[d - lead], 1) && !isKnown(from[d], 1)))
      dims.push_back(d);
  // A sum to one number is one even where there was one.
  if ((!dims.empty() || to.empty()) && b.isIntegral(b.dtype(v), true))
    v = b.cast(v, longDType);
  return b.reshape(b.reduce<graph::SumOp>(v, dims, true), to);
}

/// Differences of neighbours along a dimension.
Value difference(GraphBuilder &b, Value v, int64_t d) {
  // One less than there are elements; none of none.
  Int n = b.maxInt(sub(b.size(v, d), b.size(1)), b.size(0));
  Value high = b.slice(v, d, sub(b.size(v, d), n), n), low = b.slice(v, d, b.size(0), n);
  return b.dtype(v) == boolDType ? b.binary<graph::BitwiseXorOp>(high, low) : b.sub(high, low);
}
Result diff(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t d = c.dim("dim", b.rank(v), -1), times = c.constInt("n", 1);
  if (b.rank(v) == 0)
    b.raise("RuntimeError", "diff expects input to be at least one-dimensional");
  else if (times < 0)
    b.raise("RuntimeError", "order must be non-negative but got " + Twine(times));
  if (b.failed())
    return {};
  if (times == 0) // and nothing is put in front or behind
    return v;
  Values parts;
  if (c.has("prepend"))
    parts.push_back(c.value("prepend"));
  parts.push_back(v);
  if (c.has("append"))
    parts.push_back(c.value("append"));
  v = b.concat(parts, d);
  for (int64_t i = 0; i < times; ++i)
    v = difference(b, v, d);
  return v;
}
/// The areas between neighbours: trapezoid and cumulative_trapezoid.
Result trapezoid(OpCall &c) {
  GraphBuilder &b = c.b;
  Value y = c.value("y");
  int64_t d = c.dim("dim", b.rank(y), -1);
  // One area less than there are points; none of none.
  Int n = b.maxInt(sub(b.size(y, d), b.size(1)), b.size(0));
  Value pairs = b.add(b.slice(y, d, sub(b.size(y, d), n), n), b.slice(y, d, b.size(0), n));
  bool running = c.schema.name == "cumulative_trapezoid";
  auto floating = [&](Value v) { return b.isIntegral(b.dtype(v), true) ? b.cast(v, b.defaultDType) : v; };
  // Integers stay integers until they are halved, wherever torch halves.
  auto total = [&](Value v) -> Value {
    v = b.cast(v, b.isIntegral(b.dtype(v), true) ? longDType : b.dtype(v));
    if (running)
      return graph::CumsumOp::create(b.b, b.loc, v.getType(), v, b.b.getI64IntegerAttr(d));
    return b.reduce<graph::SumOp>(v, {d}, false);
  };
  if (c.has("x")) {
    Value x = c.value("x");
    if (b.rank(x) == 1 && b.rank(y) != 1) {
      Sizes line(b.rank(y), b.size(1));
      line[d] = b.size(x, 0);
      x = b.reshape(x, line);
    }
    int64_t xd = d - (b.rank(y) - b.rank(x));
    Int m = b.maxInt(sub(b.size(x, xd), b.size(1)), b.size(0));
    Value steps = b.sub(b.slice(x, xd, sub(b.size(x, xd), m), m), b.slice(x, xd, b.size(0), m));
    int64_t dtype = b.promote({{pairs, false}, {steps, false}});
    return b.mul(floating(total(b.mul(b.cast(steps, dtype), b.cast(pairs, dtype)))), 0.5);
  }
  AV dx = c.has("dx") ? c.number("dx") : AV::real(1);
  if (running) {
    pairs = floating(pairs);
    return total(b.mul(pairs, b.mul(b.scalar(dx, b.dtype(pairs)), 0.5)));
  }
  // All points but half of the first and the last; nothing of none.
  Value sum = floating(total(y));
  Int size = b.size(y, d), few = b.minInt(size, b.size(1));
  auto end = [&](Int start) { return b.reduce<graph::SumOp>(b.slice(y, d, start, few), {d}, false); };
  Value ends = floating(b.add(end(b.size(0)), end(sub(size, few))));
  return b.mul(b.sub(sum, b.mul(ends, 0.5)), b.scalar(dx, b.dtype(sum)));
}
Result trace(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  if (b.rank(v) != 2) {
    b.raise("RuntimeError", "trace: expected a matrix, but got a tensor with dim " + Twine(b.rank(v)));
    return v;
  }
  Sizes s = b.sizes(v);
  Value row = b.iota(s, 0, longDType), column = b.iota(s, 1, longDType);
  Value diagonal = b.where(b.compare<graph::EqOp>(row, column), v, b.full(s, 0.0, b.dtype(v)));
  int64_t d = b.isIntegral(b.dtype(v), true) ? longDType : b.dtype(v);
  return b.reduce<graph::SumOp>(b.cast(diagonal, d), {0, 1}, false);
}

const OperatorRow rows[] = {
    {"aten::sum", sum},
    {"aten::sum.dim_IntList", sum},
    {"aten::nansum", nansum},
    {"aten::prod", prod},
    {"aten::prod.dim_int", prod},
    {"aten::mean", mean},
    {"aten::mean.dim", mean},
    {"aten::nanmean", nanmean},
    {"aten::var", var},
    {"aten::var.dim", var},
    {"aten::var.correction", var},
    {"aten::std", standardDeviation},
    {"aten::std.dim", standardDeviation},
    {"aten::std.correction", standardDeviation},
    {"aten::var_mean", varMean},
    {"aten::var_mean.dim", varMean},
    {"aten::var_mean.correction", varMean},
    {"aten::std_mean", stdMean},
    {"aten::std_mean.dim", stdMean},
    {"aten::std_mean.correction", stdMean},
    {"aten::amax", extremes<graph::AmaxOp>},
    {"aten::amin", extremes<graph::AminOp>},
    {"aten::max", extremeOfAll<graph::AmaxOp>},
    {"aten::min", extremeOfAll<graph::AminOp>},
    {"aten::max.dim", extremeAndIndex<graph::AmaxOp, graph::ArgmaxOp>},
    {"aten::min.dim", extremeAndIndex<graph::AminOp, graph::ArgminOp>},
    {"aten::argmax", argument<graph::ArgmaxOp>},
    {"aten::argmin", argument<graph::ArgminOp>},
    {"aten::aminmax", aminmax},
    {"aten::any", truth<graph::AnyOp>},
    {"aten::any.dim", truth<graph::AnyOp>},
    {"aten::any.dims", truth<graph::AnyOp>},
    {"aten::all", truth<graph::AllOp>},
    {"aten::all.dim", truth<graph::AllOp>},
    {"aten::all.dims", truth<graph::AllOp>},
    {"aten::count_nonzero", countNonzero},
    {"aten::count_nonzero.dim_IntList", countNonzero},
    {"aten::linalg_vector_norm", vectorNorm},
    {"aten::norm_except_dim", normExceptDim},
    {"aten::_weight_norm", weightNorm},
    {"aten::norm.Scalar", vectorNorm},
    {"aten::norm.ScalarOpt_dim", vectorNorm},
    {"aten::norm.ScalarOpt_dtype", vectorNorm},
    {"aten::norm.ScalarOpt_dim_dtype", vectorNorm},
    {"aten::logsumexp", logSumExp},
    {"aten::special_logsumexp", logSumExp},
    {"aten::cumsum", scan<graph::CumsumOp>},
    {"aten::cumprod", scan<graph::CumprodOp>},
    {"aten::trace", trace},
    {"aten::cummax", runningExtreme<graph::CummaxOp>},
    {"aten::cummin", runningExtreme<graph::CumminOp>},
    {"aten::sum_to_size", sumToSize},
    {"aten::diff", diff},
    {"aten::trapezoid.x", trapezoid},
    {"aten::trapezoid.dx", trapezoid},
    {"aten::trapz.x", trapezoid},
    {"aten::trapz.dx", trapezoid},
    {"aten::cumulative_trapezoid.x", trapezoid},
    {"aten::cumulative_trapezoid.dx", trapezoid},
};

} // namespace

ArrayRef<OperatorRow> eval::reductionOperators() { return rows; }
