//===- Statistics.cpp - quantiles, covariance, differences ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "IndexingSupport.h"
#include "Native.h"
#include "Operators.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

constexpr int64_t kLong = int64_t(DType::Int64), kBool = int64_t(DType::Bool);

/// Linear interpolation, from the nearer end as torch's lerp.
Value lerp(GraphBuilder &b, Value from, Value to, Value weight) {
  Value gap = b.sub(to, from), near = b.add(from, b.mul(weight, gap));
  Value far = b.sub(to, b.mul(gap, b.sub(b.full(b.sizes(weight), 1.0, b.dtype(weight)), weight)));
  return b.where(b.compare<graph::LtOp>(weight, b.scalar(0.5, b.dtype(weight))), near, far);
}

Result quantile(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dtype = b.dtype(v);
  bool skipNan = c.schema.name == "nanquantile", keep = c.flag("keepdim"), scalar = !c.arg("q").isTensor();
  Value q = scalar ? b.scalar(c.number("q"), dtype) : c.value("q");
  std::string mode = c.string("interpolation", "linear");
  if (dtype != int64_t(DType::Float32) && dtype != int64_t(DType::Float64))
    b.raise("RuntimeError", "quantile() input tensor must be either float or double dtype");
  else if (b.rank(q) > 1)
    b.raise("RuntimeError", "quantile() q must be a scalar or 1D tensor");
  else if (b.dtype(q) != dtype)
    b.raise("RuntimeError", "quantile() q tensor must be same dtype as the input tensor");
  else if (mode != "linear" && mode != "lower" && mode != "higher" && mode != "midpoint" && mode != "nearest")
    b.raise("RuntimeError",
            "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got " + mode);
  else
    b.check(b.compareInt(arith::CmpIPredicate::sgt, b.numel(v), b.size(0)), "RuntimeError",
            "quantile() input tensor must be non-empty");
  if (b.failed())
    return {};
  Value good = b.binary<graph::BitwiseAndOp>(b.compare<graph::GeOp>(q, b.scalar(0.0, dtype)),
                                             b.compare<graph::LeOp>(q, b.scalar(1.0, dtype)));
  b.check(b.item(b.reduce<graph::AllOp>(good, b.wrapDims({}, b.rank(good)), false)), "RuntimeError",
          "quantile() q values must be in the range [0, 1]");
  // Lines last.
  int64_t rank = b.rank(v), dim = 0;
  bool whole = !c.has("dim");
  Value lines = whole ? b.flatten(v) : v;
  if (!whole) {
    dim = c.dim("dim", rank);
    if (b.failed())
      return {};
    if (rank == 0)
      lines = b.unsqueeze(v, 0);
    else
      lines = b.transpose(v, dim, rank - 1);
  }
  int64_t last = b.rank(lines) - 1;
  Int n = b.size(lines, last);
  b.check(b.compareInt(arith::CmpIPredicate::sgt, n, b.size(0)), "RuntimeError",
          "quantile() input tensor must be non-empty");
  auto sort = graph::SortOp::create(b.b, b.loc, TypeRange{lines.getType(), b.tensorType(b.sizes(lines), kLong)}, lines,
                                    b.b.getI64IntegerAttr(last), b.b.getBoolAttr(false));
  Value sorted = sort.getValues();
  Value nans = b.reduce<graph::SumOp>(b.cast(b.predicate<graph::IsNanOp>(sorted), kLong), {last}, true);
  Value top = b.scalar(AV::integer(sub(n, b.size(1))), kLong); // the last place
  Value rankOfQ;
  if (skipNan) {
    Value count = b.binary<graph::MaximumOp>(b.sub(top, nans), b.scalarInt(0, kLong));
    rankOfQ = b.mul(q, b.cast(count, dtype));
  } else { // any NaN: the last element, which is one
    Value plain = b.mul(q, b.cast(top, dtype));
    rankOfQ = b.where(b.compare<graph::GtOp>(nans, b.scalarInt(0, kLong)), b.expand(b.cast(top, dtype), b.sizes(nans)),
                      plain);
  }
  if (mode == "lower")
    rankOfQ = b.unary<graph::FloorOp>(rankOfQ);
  else if (mode == "higher")
    rankOfQ = b.unary<graph::CeilOp>(rankOfQ);
  else if (mode == "nearest")
    rankOfQ = b.unary<graph::RoundOp>(rankOfQ);
  Value below = b.unary<graph::FloorOp>(rankOfQ), out = gatherOf(b, sorted, b.cast(below, kLong), last);
  if (mode == "linear" || mode == "midpoint") {
    Value weight = mode == "midpoint" ? b.full(b.sizes(rankOfQ), 0.5, dtype) : b.sub(rankOfQ, below);
    out = lerp(b, out, gatherOf(b, sorted, b.cast(b.unary<graph::CeilOp>(rankOfQ), kLong), last), weight);
  }
  // [.., q]: one for a number, else the first dimension.
  if (b.rank(q) == 0)
    out = b.squeeze(out, last);
  else if (last > 0) {
    Dims order{last};
    for (int64_t d = 0; d < last; ++d)
      order.push_back(d);
    out = b.permute(out, order);
  }
  int64_t lead = b.rank(q);
  if (whole)
    return keep ? b.reshape(out,
                            [&] {
                              Sizes s = b.sizes(out);
                              s.resize(lead);
                              s.append(rank, b.size(1));
                              return s;
                            }())
                : out;
  if (rank == 0)
    return out;
  // The reduced dimension took the last one's place, which is where dim was.
  out = b.unsqueeze(out, lead + rank - 1);
  out = b.transpose(out, lead + dim, lead + rank - 1);
  return keep ? out : b.squeeze(out, lead + dim);
}

Value conjugate(GraphBuilder &b, Value v) { return b.isComplex(b.dtype(v)) ? b.unary<graph::ConjOp>(v) : v; }

Value covariance(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  if (b.rank(v) > 2) {
    b.raise("RuntimeError", "cov(): expected input to have two or fewer dimensions but got an input with " +
                                Twine(b.rank(v)) + " dimensions");
    return v;
  }
  Int observations = b.rank(v) == 2 ? b.size(v, 1) : b.numel(v);
  for (StringRef name : {"fweights", "aweights"})
    if (c.schema.argumentIndex(name) >= 0 && c.has(name)) {
      Value w = c.value(name);
      bool frequency = name == "fweights";
      bool fits = frequency ? b.isIntegral(b.dtype(w), false) : b.isFloating(b.dtype(w));
      if (b.rank(w) > 1)
        b.raise("RuntimeError", "cov(): expected " + name + " to have one or fewer dimensions but got " + name +
                                    " with " + Twine(b.rank(w)) + " dimensions");
      else if (!fits)
        b.raise("RuntimeError", "cov(): expected " + name + " to have " + (frequency ? "integral" : "floating point") +
                                    " dtype but got " + name + " with " + b.scalarTypeName(b.dtype(w)) + " dtype");
      if (b.failed())
        return v;
      b.checkEqual(b.numel(w), observations, "RuntimeError",
                   "cov(): expected " + name +
                       " to have the same numel as there are observations in the input but got {0} != {1}",
                   {b.numel(w), observations});
      Value negative = b.compare<graph::LtOp>(w, b.full({}, 0.0, b.dtype(w)));
      b.check(b.notBool(b.item(b.reduce<graph::AnyOp>(negative, b.wrapDims({}, b.rank(w)), false))), "RuntimeError",
              "cov(): " + name + " cannot be negative");
    }
  if (b.isIntegral(b.dtype(v), true))
    v = b.cast(v, b.defaultDType);
  for (StringRef name : {"fweights", "aweights"})
    if (c.schema.argumentIndex(name) >= 0 && c.has(name))
      v = b.cast(v, b.promote({{v, false}, c.operand(name)}));
  int64_t dtype = b.dtype(v), real = b.isComplex(dtype) ? b.realOf(dtype) : dtype;
  bool one = b.rank(v) < 2;
  if (one)
    v = b.reshape(v, {b.size(1), b.numel(v)});
  Int n = b.size(v, 1);
  Value count = b.scalar(AV::integer(n), real), weights, factor;
  double correction = c.schema.argumentIndex("correction") >= 0 ? c.constFloat("correction", 1) : 1;
  bool f = c.schema.argumentIndex("fweights") >= 0 && c.has("fweights");
  bool a = c.schema.argumentIndex("aweights") >= 0 && c.has("aweights");
  if (f)
    weights = b.cast(c.value("fweights"), real);
  Value reliability = a ? b.cast(c.value("aweights"), real) : Value();
  if (a)
    weights = f ? b.mul(weights, reliability) : reliability;
  Value total = weights ? b.reduce<graph::SumOp>(weights, {0}, false) : count;
  Value weighted = weights ? b.mul(v, b.cast(weights, dtype)) : v;
  Value mean = b.div(b.reduce<graph::SumOp>(weighted, {1}, true), b.cast(total, dtype));
  if (a && correction != 0)
    factor =
        b.sub(total, b.div(b.mul(b.reduce<graph::SumOp>(b.mul(weights, reliability), {0}, false), correction), total));
  else
    factor = b.add(total, a ? 0.0 : -correction);
  factor = b.binary<graph::MaximumOp>(factor, b.scalar(0.0, real));
  v = b.sub(v, mean);
  Value right = weights ? b.mul(v, b.cast(weights, dtype)) : v;
  Value out = b.div(b.matmul(v, b.transpose(conjugate(b, right), 0, 1)), b.cast(factor, dtype));
  if (one)
    return b.reshape(out, {});
  std::vector<AV> squeezed = runOperator(b, "aten::squeeze", {b.fresh(out)});
  return b.failed() ? out : b.read(squeezed[0]);
}
Result cov(OpCall &c) { return covariance(c); }
Result corrcoef(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = covariance(c);
  if (b.failed())
    return {};
  if (b.rank(v) == 0)
    return b.div(v, v);
  int64_t dtype = b.dtype(v);
  Sizes s = b.sizes(v);
  Value on = b.compare<graph::EqOp>(b.iota(s, 0, kLong), b.iota(s, 1, kLong));
  Value diagonal = b.reduce<graph::SumOp>(b.where(on, v, b.full(s, 0.0, dtype)), {1}, false);
  bool complex = b.isComplex(dtype);
  int64_t real = complex ? b.realOf(dtype) : dtype;
  if (complex)
    diagonal = b.predicate<graph::RealOp>(diagonal, real);
  Value deviation = b.cast(b.unary<graph::SqrtOp>(diagonal), dtype);
  v = b.div(b.div(v, b.unsqueeze(deviation, 1)), b.unsqueeze(deviation, 0));
  auto cut = [&](Value x) {
    return b.binary<graph::MaximumOp>(b.binary<graph::MinimumOp>(x, b.scalar(1.0, real)), b.scalar(-1.0, real));
  };
  if (!complex)
    return cut(v);
  return Value(graph::ComplexOp::create(b.b, b.loc, v.getType(), cut(b.predicate<graph::RealOp>(v, real)),
                                        cut(b.predicate<graph::ImagOp>(v, real))));
}

/// Derivatives along dimensions: central, of the given order at the edges.
Result gradient(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t rank = b.rank(v), order = c.constInt("edge_order", 1);
  Dims dims = c.has("dim") ? c.dims("dim", rank) : b.wrapDims({}, rank);
  bool several = c.has("spacing") && (c.arg("spacing").is(AV::Kind::List) || c.arg("spacing").is(AV::Kind::Tuple));
  if (order != 1 && order != 2)
    b.raise("RuntimeError", "torch.gradient only supports edge_order=1 and edge_order=2.");
  if (several && c.arg("spacing").elements().size() != dims.size())
    b.raise("RuntimeError",
            "torch.gradient expected spacing to be unspecified, a scalar, or a list of as many as dimensions");
  if (b.failed())
    return {};
  if (b.isIntegral(b.dtype(v), true))
    v = b.cast(v, b.defaultDType);
  int64_t dtype = b.dtype(v);
  std::vector<AV> out;
  for (auto [i, d] : llvm::enumerate(dims)) {
    Int n = b.size(v, d);
    b.check(b.compareInt(arith::CmpIPredicate::sge, n, b.size(order + 1)), "RuntimeError",
            "torch.gradient expected each dimension size to be at least edge_order+1");
    AV spacing = several ? c.arg("spacing").elements()[i] : c.has("spacing") ? c.arg("spacing") : AV::real(1);
    auto at = [&](Int start, Int count) { return b.slice(v, d, start, count); };
    Int inner = sub(n, b.size(2)), one = b.size(1);
    Value left = at(b.size(0), inner), middle = at(one, inner), right = at(b.size(2), inner);
    Value first, center, last;
    if (spacing.isTensor()) { // coordinates
      Value x = b.cast(b.read(spacing), dtype);
      Sizes line(rank, one);
      auto steps = [&](Int start, Int count) {
        Value s = b.sub(b.slice(x, 0, add(start, one), count), b.slice(x, 0, start, count));
        Sizes shape = line;
        shape[d] = count;
        return b.reshape(s, shape);
      };
      Value h = steps(b.size(0), inner), k = steps(one, inner), sum = b.add(h, k);
      Value wl = b.unary<graph::NegOp>(b.div(k, b.mul(h, sum))), wm = b.div(b.sub(k, h), b.mul(h, k)),
            wr = b.div(h, b.mul(k, sum));
      center = b.add(b.add(b.mul(wl, left), b.mul(wm, middle)), b.mul(wr, right));
      if (order == 2) {
        auto edge = [&](Int start, bool begin) {
          Value p = steps(begin ? b.size(0) : sub(n, b.size(2)), one), q = steps(begin ? one : sub(n, b.size(3)), one);
          Value s = b.add(p, q);
          Value w0 = b.unary<graph::NegOp>(b.div(b.add(b.mul(p, 2.0), q), b.mul(p, s))), w1 = b.div(s, b.mul(p, q)),
                w2 = b.unary<graph::NegOp>(b.div(p, b.mul(q, s)));
          auto place = [&](int64_t o) { return at(begin ? b.size(o) : sub(n, b.size(o + 1)), one); };
          Value e = b.add(b.add(b.mul(w0, place(0)), b.mul(w1, place(1))), b.mul(w2, place(2)));
          return begin ? e : Value(b.unary<graph::NegOp>(e));
        };
        first = edge(b.size(0), true);
        last = edge(b.size(0), false);
      } else {
        first = b.div(b.sub(at(one, one), at(b.size(0), one)), steps(b.size(0), one));
        last = b.div(b.sub(at(sub(n, one), one), at(sub(n, b.size(2)), one)), steps(sub(n, b.size(2)), one));
      }
    } else {
      Value h = b.scalar(spacing, dtype);
      center = b.div(b.mul(b.sub(right, left), 0.5), h);
      auto place = [&](int64_t o, bool begin) { return at(begin ? b.size(o) : sub(n, b.size(o + 1)), one); };
      auto edge = [&](bool begin) {
        Value e;
        if (order == 1)
          e = b.sub(place(1, begin), place(0, begin));
        else
          e = b.sub(b.mul(place(1, begin), 2.0), b.add(b.mul(place(0, begin), 1.5), b.mul(place(2, begin), 0.5)));
        return b.div(begin ? e : Value(b.unary<graph::NegOp>(e)), h);
      };
      first = edge(true);
      last = edge(false);
    }
    Value all = b.concat({first, center, last}, d);
    out.push_back(b.fresh(b.refine(b.reshape(all, b.sizes(v)))));
  }
  return AV::list(out);
}

Result renorm(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t rank = b.rank(v), dim = c.dim("dim", rank);
  if (rank < 2)
    b.raise("RuntimeError", "renorm: input needs at least 2 dimensions, got " + Twine(rank) + " dimensions");
  if (b.failed())
    return {};
  std::vector<AV> others;
  for (int64_t d = 0; d < rank; ++d)
    if (d != dim)
      others.push_back(AV::integer(d, b.context()));
  std::vector<AV> n =
      runOperator(b, "aten::linalg_vector_norm", {b.fresh(v), c.arg("p"), AV::list(others), AV::boolean(true)});
  if (b.failed())
    return {};
  Value norm = b.read(n[0]);
  int64_t real = b.dtype(norm);
  double most = c.constFloat("maxnorm");
  Value factor = b.div(b.full(b.sizes(norm), most, real), b.add(norm, 1e-7));
  factor = b.where(b.compare<graph::GtOp>(norm, b.scalar(most, real)), factor, b.full(b.sizes(norm), 1.0, real));
  return b.mul(v, b.cast(factor, b.dtype(v)));
}

Result logCumulativeSum(OpCall &c) {
  GraphBuilder &b = c.b;
  Operand a = c.operand("self");
  int64_t dtype = b.promoteToFloat({a}), rank = b.rank(a.value), dim = c.dim("dim", rank);
  if (b.failed() || rank == 0)
    return b.cast(a.value, dtype);
  Value v = b.transpose(b.cast(a.value, computeDType(dtype)), dim, rank - 1);
  Value out = native(b, "logcumsumexp", {v}, {{b.sizes(v), b.dtype(v)}}, rank - 1)[0];
  return b.cast(b.transpose(out, dim, rank - 1), dtype);
}

Result binCount(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  if (b.rank(v) != 1 || !b.isIntegral(b.dtype(v), false))
    b.raise("RuntimeError", "bincount only supports 1-d non-negative integral inputs.");
  if (b.failed())
    return {};
  v = b.cast(v, kLong);
  // With a -1 at the end there is a largest and, as a check, a smallest one.
  Value most = b.reduce<graph::AmaxOp>(b.concat({v, b.full({b.size(1)}, -1.0, kLong)}, 0), {0}, false);
  Value least = b.reduce<graph::AminOp>(b.concat({v, b.full({b.size(1)}, 0.0, kLong)}, 0), {0}, false);
  b.check(b.item(b.compare<graph::GeOp>(least, b.scalarInt(0, kLong))), "RuntimeError",
          "bincount only supports 1-d non-negative integral inputs.");
  Int top = b.fromSSA(graph::ItemOp::create(b.b, b.loc, b.b.getI64Type(), most), {-1, INT64_MAX - 1});
  Int size = b.maxInt(add(top, b.size(1)), c.integer("minlength"));
  bool weighted = c.has("weights");
  Value weights = weighted ? c.value("weights") : b.full(b.sizes(v), 1.0, kLong);
  int64_t dtype = !weighted                                     ? kLong
                  : b.dtype(weights) == int64_t(DType::Float32) ? b.dtype(weights)
                                                                : int64_t(DType::Float64);
  if (weighted)
    b.checkEqual(b.size(weights, 0), b.size(v, 0), "RuntimeError",
                 "weights should be 1-d and have the same length as input");
  return scatterOf(b, b.full({size}, 0.0, dtype), b.refine(v), b.refine(b.cast(weights, dtype)), 0, "sum");
}

Result frexp(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dtype = b.dtype(v);
  if (!b.isFloating(dtype)) {
    b.raise("RuntimeError", "torch.frexp() only supports floating-point dtypes");
    return {};
  }
  Value x = b.cast(v, computeDType(dtype));
  return {b.cast(special(b, "frexp_mantissa", {x}), dtype),
          b.cast(special(b, "frexp_exponent", {x}), int64_t(DType::Int32))};
}

//===----------------------------------------------------------------------===//
// Softmax and losses
//===----------------------------------------------------------------------===//

Result safeSoftmax(OpCall &c) { // 0 where there is nothing but -inf
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dim = c.dim("dim", b.rank(v));
  std::vector<AV> out = runOperator(b, "aten::softmax.int", {c.arg("self"), c.arg("dim"), c.arg("dtype")});
  if (b.failed())
    return {};
  Value none = b.compare<graph::EqOp>(v, b.scalar(-INFINITY, b.dtype(v)));
  if (b.rank(v))
    none = b.reduce<graph::AllOp>(none, {dim}, true);
  Value y = b.read(out[0]);
  return b.where(none, b.full(b.sizes(y), 0.0, b.dtype(y)), y);
}
Result multiLabelMargin(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), target = b.cast(c.value("target"), kLong);
  int64_t rank = b.rank(v), dtype = b.dtype(v), reduction = c.constInt("reduction", 1);
  SmallVector<Int> holes;
  std::string input = b.sizesText(b.sizes(v), holes), text = "inconsistent target size: ";
  if (rank > 2)
    b.raise("RuntimeError", "Expected non-empty vector or matrix with optional 0-dim batch size, but got a tensor of " +
                                Twine(rank) + " dimensions");
  else if (b.rank(target) != rank && (rank == 2 || b.rank(target) > 1))
    b.raise("RuntimeError",
            "inconsistent target size: " + Twine(b.rank(target)) + " dimensions for input of " + Twine(rank));
  else if (rank)
    b.check(b.compareInt(arith::CmpIPredicate::ne, b.size(v, rank - 1), b.size(0)), "RuntimeError",
            "Expected non-empty vector or matrix with optional 0-dim batch size, but got: " + input, holes);
  if (b.failed())
    return {};
  text += b.sizesText(b.sizes(target), holes) + " for input of size: " + input;
  auto matrix = [&](Value x) { return b.rank(x) == 2 ? x : b.reshape(x, {b.size(1), b.numel(x)}); };
  v = matrix(v);
  target = matrix(target);
  for (int64_t d = 0; d < 2; ++d)
    b.checkEqual(b.size(v, d), b.size(target, d), "RuntimeError", text, holes);
  v = b.refine(v);
  target = b.refine(target);
  Int classes = b.size(v, 1);
  // Targets count up to the first negative one.
  Value given = b.cast(b.compare<graph::GeOp>(target, b.scalarInt(0, kLong)), kLong);
  Value valid = graph::CumprodOp::create(b.b, b.loc, given.getType(), given, b.b.getI64IntegerAttr(1));
  valid = b.cast(valid, kBool); // [n, j]
  Value safe = b.where(valid, target, b.full(b.sizes(target), 0.0, kLong));
  Value atTarget = gatherOf(b, v, safe, 1);
  Sizes cube{b.size(v, 0), classes, classes}; // [n, j, i]
  Value hits = b.binary<graph::BitwiseAndOp>(b.expand(b.unsqueeze(valid, 2), cube),
                                             b.compare<graph::EqOp>(b.unsqueeze(target, 2), b.iota(cube, 2, kLong)));
  Value isTarget = b.reduce<graph::AnyOp>(hits, {1}, false); // [n, i]
  Value margin = b.add(b.sub(b.unsqueeze(v, 1), b.unsqueeze(atTarget, 2)), 1.0);
  Value counted = b.binary<graph::BitwiseAndOp>(b.expand(b.unsqueeze(valid, 2), cube),
                                                b.expand(b.unary<graph::BitwiseNotOp>(b.unsqueeze(isTarget, 1)), cube));
  Value zero = b.full(cube, 0.0, dtype);
  Value loss = b.where(counted, b.binary<graph::MaximumOp>(margin, zero), zero);
  loss = b.div(b.reduce<graph::SumOp>(loss, {1, 2}, false), b.scalar(AV::integer(classes), dtype));
  if (reduction == 0)
    return rank == 2 ? loss : b.reshape(loss, {});
  Value sum = b.reduce<graph::SumOp>(loss, {0}, false);
  return reduction == 2 ? sum : b.div(sum, b.scalar(AV::integer(b.size(v, 0)), dtype));
}

/// Segments of dimension `axis`, by their lengths or by the places between them, one row of those for
/// each index of the dimensions before.
Result segmentReduce(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("data");
  std::string reduction = c.string("reduce");
  if (c.has("indices"))
    return c.unsupported("by indices");
  bool byOffsets = c.has("offsets");
  if (!byOffsets && !c.has("lengths"))
    b.raise("RuntimeError", "segment_reduce(): Either lengths or offsets must be defined.");
  if (b.failed())
    return {};
  int64_t axis = c.dim("axis", b.rank(v));
  Value borders = b.cast(c.value(byOffsets ? "offsets" : "lengths"), kLong);
  if (b.rank(borders) != axis + 1) {
    b.raise("RuntimeError", "Expected axis to be the last dimension of lengths or offsets, but got " + Twine(axis));
    return {};
  }
  // [rows, n, rest...]: the dimensions before the axis are one.
  Sizes whole = b.sizes(v);
  Int rows = b.size(1), n = whole[axis];
  for (int64_t d = 0; d < axis; ++d) {
    b.checkEqual(whole[d], b.size(borders, d), "RuntimeError",
                 "segment_reduce(): sizes of data and lengths differ before the axis", {});
    rows = mul(rows, whole[d]);
  }
  if (b.failed())
    return {};
  Sizes flat{rows, n};
  flat.append(whole.begin() + axis + 1, whole.end());
  v = b.reshape(v, flat);
  Int segments = b.size(borders, axis);
  borders = b.reshape(b.refine(borders), {rows, segments});
  if (byOffsets) {
    segments = sub(segments, b.size(1));
    borders = b.slice(borders, 1, b.size(1), segments); // the ends
  } else {
    Value lengths = borders;
    borders = graph::CumsumOp::create(b.b, b.loc, borders.getType(), borders, b.b.getI64IntegerAttr(1));
    if (!c.flag("unsafe")) {
      auto all = [&](Value holds) { return b.item(b.reduce<graph::AllOp>(holds, {0}, false)); };
      Value least = b.flatten(b.compare<graph::GeOp>(lengths, b.scalarInt(0, kLong)));
      b.check(all(least), "RuntimeError", "lengths contains negative value!");
      Value sums = b.reduce<graph::SumOp>(lengths, {1}, false);
      b.check(all(b.compare<graph::EqOp>(sums, b.scalar(AV::integer(n), kLong))), "RuntimeError",
              "segment_reduce(): Expected all rows of lengths along axis to sum to data.size(lengths.dim()-1) when "
              "!unsafe.");
    }
  }
  int64_t dtype = b.dtype(v);
  // A place's segment: how many ends are not behind it.
  Value segment =
      native(b, "searchsorted", {borders, b.iota({rows, n}, 1, kLong)}, {{{rows, n}, kLong}}, 2, {1, 0, 0})[0];
  bool mean = reduction == "mean", sum = reduction == "sum", prod = reduction == "prod", max = reduction == "max";
  if (!mean && !sum && !prod && !max && reduction != "min") {
    b.raise("RuntimeError", "unsupported reduction given! " + reduction);
    return {};
  }
  Sizes sizes = b.sizes(v), column(b.rank(v), b.size(1));
  // One segment more, for what is behind all of them.
  Int slots = add(segments, b.size(1));
  sizes[1] = slots;
  column[0] = rows;
  column[1] = n;
  Value start = c.has("initial") ? b.full(sizes, c.number("initial"), dtype)
                                 : b.full(sizes,
                                          prod                 ? 1.0
                                          : max                ? -INFINITY
                                          : reduction == "min" ? INFINITY
                                                               : 0.0,
                                          dtype);
  Value out = scatterOf(b, start, b.expand(b.reshape(segment, column), b.sizes(v)), v, 1,
                        prod                 ? "prod"
                        : max                ? "amax"
                        : reduction == "min" ? "amin"
                                             : "sum");
  Sizes result(whole.begin(), whole.begin() + axis);
  result.push_back(segments);
  result.append(sizes.begin() + 2, sizes.end());
  auto finish = [&](Value v) { return b.reshape(b.slice(v, 1, b.size(0), segments), result); };
  if (!mean)
    return finish(out);
  Value count = scatterOf(b, b.full({rows, slots}, 0.0, kLong), segment, b.full({rows, n}, 1.0, kLong), 1, "sum");
  column[1] = slots;
  count = b.reshape(count, column);
  out = b.div(out, b.cast(b.binary<graph::MaximumOp>(count, b.scalarInt(1, kLong)), dtype));
  if (!c.has("initial"))
    out =
        b.where(b.expand(b.compare<graph::EqOp>(count, b.scalarInt(0, kLong)), sizes), b.full(sizes, NAN, dtype), out);
  return finish(out);
}

const OperatorRow rows[] = {
    {"aten::quantile", quantile},
    {"aten::quantile.scalar", quantile},
    {"aten::nanquantile", quantile},
    {"aten::nanquantile.scalar", quantile},
    {"aten::cov", cov},
    {"aten::corrcoef", corrcoef},
    {"aten::gradient.*", gradient},
    {"aten::renorm", renorm},
    {"aten::logcumsumexp", logCumulativeSum},
    {"aten::_logcumsumexp", logCumulativeSum},
    {"aten::bincount", binCount},
    {"aten::frexp.Tensor", frexp},
    {"aten::_safe_softmax", safeSoftmax},
    {"aten::multilabel_margin_loss", multiLabelMargin},
    {"aten::segment_reduce", segmentReduce},
};

} // namespace

ArrayRef<OperatorRow> eval::statisticsOperators() { return rows; }
