//===- Search.cpp - searchsorted, unique, mode, histograms ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "IndexingSupport.h"
#include "Native.h"
#include "Operators.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

constexpr int64_t kLong = int64_t(DType::Int64), kBool = int64_t(DType::Bool);

/// The dtype that keys are compared in: exact for all of `dtype`.
int64_t keyDType(GraphBuilder &b, int64_t dtype) {
  return dtype == int64_t(DType::Float64) ? dtype : b.isFloating(dtype) ? int64_t(DType::Float32) : kLong;
}
bool comparable(OpCall &c, int64_t dtype) {
  if (!c.b.isComplex(dtype))
    return true;
  c.b.raise("RuntimeError", "\"" + c.schema.name + "\" not implemented for '" + c.b.scalarTypeName(dtype) + "'");
  return false;
}

//===----------------------------------------------------------------------===//
// Places in a sorted sequence
//===----------------------------------------------------------------------===//

Result searchInto(OpCall &c, Operand sequence, Operand values, bool right) {
  GraphBuilder &b = c.b;
  int64_t rank = b.rank(values.value), key = b.promote({sequence, values});
  if (!comparable(c, key))
    return {};
  key = keyDType(b, key);
  Value s = b.cast(sequence.value, key), v = b.cast(values.value, key);
  if (b.rank(s) == 0)
    b.raise("RuntimeError", "torch.searchsorted(): sequences must have at least one dimension");
  bool one = b.rank(s) == 1;
  if (!one && b.rank(s) != rank)
    b.raise("RuntimeError",
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of "
            "boundaries tensor and input value tensor must match");
  if (b.failed())
    return {};
  if (!one)
    for (int64_t d = 0; d + 1 < rank; ++d)
      b.checkEqual(
          b.size(s, d), b.size(v, d), "RuntimeError",
          "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries "
          "tensor and input value tensor must match");
  Values operands{b.refine(s), rank ? b.refine(v) : b.unsqueeze(v, 0)};
  bool sorter = c.schema.argumentIndex("sorter") >= 0 && c.has("sorter");
  if (sorter)
    operands.push_back(b.cast(c.value("sorter"), kLong));
  Sizes sizes = b.sizes(operands[1]);
  Value out = native(b, "searchsorted", operands, {{sizes, kLong}}, sizes.size(), {right, one, sorter})[0];
  if (!rank)
    out = b.squeeze(out, 0);
  return b.cast(out, c.flag("out_int32") ? int64_t(DType::Int32) : kLong);
}
Result searchSorted(OpCall &c) {
  bool right = c.flag("right");
  if (c.has("side")) {
    std::string side = c.string("side");
    if (side != "left" && side != "right")
      c.b.raise("RuntimeError", "torch.searchsorted(): side can only be 'left' or 'right' but got " + side);
    else if (side == "left" && right)
      c.b.raise("RuntimeError",
                "torch.searchsorted(): side and right can't be set to opposites, got side of left while "
                "right was True");
    right = side == "right";
  }
  return searchInto(c, c.operand("sorted_sequence"), c.operand("self"), right);
}
Result bucketize(OpCall &c) { return searchInto(c, c.operand("boundaries"), c.operand("self"), c.flag("right")); }

//===----------------------------------------------------------------------===//
// Unique elements
//===----------------------------------------------------------------------===//

/// Of rows [n, m]: the first of each group, each row's group, sizes of the groups.
struct Groups {
  Value first, group, counts;
};
Groups groupsOf(GraphBuilder &b, Value rows, bool consecutive) {
  Int n = b.size(rows, 0);
  Values v = native(b, "unique", {b.cast(rows, keyDType(b, b.dtype(rows)))},
                    {{{n}, kLong}, {{n}, kLong}, {{n}, kLong}, {{}, kLong}}, 0, {consecutive});
  Int count = b.fromSSA(graph::ItemOp::create(b.b, b.loc, b.b.getI64Type(), v[3]), {0, INT64_MAX});
  return {b.slice(v[0], 0, b.size(0), count), v[1], b.slice(v[2], 0, b.size(0), count)};
}
Result unique(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  bool consecutive = StringRef(c.schema.name).ends_with("_consecutive");
  if (!comparable(c, b.dtype(v)))
    return {};
  Value nothing = b.full({b.size(0)}, 0.0, kLong);
  bool along = c.schema.argumentIndex("dim") >= 0 && c.has("dim");
  bool wantInverse = c.flag("return_inverse"), wantCounts = c.flag("return_counts");
  if (!along) {
    Value flat = b.flatten(v);
    Groups g = groupsOf(b, b.unsqueeze(flat, 1), consecutive);
    return {b.indexSelect(flat, g.first, 0), wantInverse ? b.reshape(g.group, b.sizes(v)) : nothing,
            wantCounts ? g.counts : nothing};
  }
  int64_t dim = c.dim("dim", b.rank(v));
  if (b.failed())
    return {};
  if (b.rank(v) == 0)
    return c.unsupported("along a dimension of a tensor without dimensions");
  Value first = b.transpose(v, 0, dim);
  Int n = b.size(first, 0), m = b.size(1);
  for (Int s : ArrayRef(b.sizes(first)).drop_front())
    m = mul(m, s);
  Groups g = groupsOf(b, b.reshape(first, {n, m}), consecutive);
  bool both = c.schema.name == "unique_dim"; // which gives both always
  return {b.indexSelect(v, g.first, dim), both || wantInverse ? g.group : nothing,
          both || wantCounts ? g.counts : nothing};
}

Result mode(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t rank = b.rank(v), dim = c.dim("dim", rank, -1);
  bool keep = c.flag("keepdim");
  if (b.failed() || !comparable(c, b.dtype(v)))
    return {};
  if (rank == 0)
    return {v, b.full({}, 0.0, kLong)};
  b.check(b.compareInt(arith::CmpIPredicate::sgt, b.size(v, dim), b.size(0)), "IndexError",
          "mode(): Expected reduction dim " + Twine(dim) + " to have non-zero size.");
  Value last = b.transpose(b.cast(v, keyDType(b, b.dtype(v))), dim, rank - 1);
  Sizes lines = b.sizes(last);
  lines.pop_back();
  Value at = native(b, "mode", {last}, {{lines, kLong}}, lines.size())[0];
  at = b.transpose(b.unsqueeze(at, rank - 1), dim, rank - 1);
  Value values = gatherOf(b, v, at, dim);
  if (!keep) {
    values = b.squeeze(values, dim);
    at = b.squeeze(at, dim);
  }
  return {values, at};
}

//===----------------------------------------------------------------------===//
// Histograms
//===----------------------------------------------------------------------===//

/// start .. end in equal steps, from both ends as torch computes it: in the result's dtype, f16 and bf16 too.
Value linspaceOf(GraphBuilder &b, Value start, Value end, Int steps, int64_t dtype) {
  int64_t wide = b.isIntegral(dtype, true) ? int64_t(DType::Float64) : dtype;
  start = b.cast(b.cast(start, dtype), wide); // integers have their ends cut first
  end = b.cast(b.cast(end, dtype), wide);
  Value i = b.iota({steps}, 0, kLong);
  Value last = b.scalar(AV::integer(b.maxInt(sub(steps, b.size(1)), b.size(1))), wide);
  Value step = b.div(b.sub(end, start), last);
  Value up = b.add(start, b.mul(step, b.cast(i, wide)));
  Value rest = b.sub(b.scalar(AV::integer(sub(steps, b.size(1))), kLong), i);
  Value down = b.sub(end, b.mul(step, b.cast(rest, wide)));
  Value half = b.scalar(AV::integer(floorDiv(steps, 2)), kLong);
  Value out = b.where(b.compare<graph::LtOp>(i, half), up, down);
  if (!isKnown(steps, 1)) { // one step is the start
    Value single = b.compare<graph::EqOp>(b.scalar(AV::integer(steps), kLong), b.scalarInt(1, kLong));
    out = b.where(single, b.expand(start, b.sizes(out)), out);
  } else {
    out = b.expand(start, b.sizes(out));
  }
  return b.cast(out, dtype);
}
Result linspace(OpCall &c) {
  GraphBuilder &b = c.b;
  // Numbers in f64: the result's dtype decides what is kept of them.
  auto border = [&](StringRef name) {
    const AV &a = c.arg(name);
    bool complex = a.is(AV::Kind::Complex);
    return a.isTensor() ? b.read(a) : b.scalar(a, int64_t(complex ? DType::Complex128 : DType::Float64));
  };
  Value start = border("start"), end = border("end");
  bool complex = b.isComplex(b.dtype(start)) || b.isComplex(b.dtype(end));
  int64_t dtype = c.dtype("dtype", b.defaultDType);
  if (complex && !b.isComplex(dtype)) {
    if (c.has("dtype"))
      b.raise("RuntimeError", "torch.linspace(): inferred dtype is complex and cannot be converted to a real dtype");
    dtype = b.complexOf(b.defaultDType);
  }
  Int steps = c.integer("steps");
  b.check(b.compareInt(arith::CmpIPredicate::sge, steps, b.size(0)), "RuntimeError",
          "number of steps must be non-negative");
  if (b.rank(start) || b.rank(end))
    b.raise("RuntimeError", c.schema.name + " only supports 0-dimensional start and end tensors, but got start with " +
                                Twine(b.rank(start)) + " dimension(s) and end with " + Twine(b.rank(end)) +
                                " dimension(s).");
  if (b.failed())
    return {};
  if (c.schema.name == "linspace")
    return linspaceOf(b, start, end, steps, dtype);
  // Powers are taken before the conversion to an integer dtype.
  int64_t wide = b.isIntegral(dtype, true) ? int64_t(DType::Float64) : computeDType(dtype);
  Value from = b.cast(start, dtype), to = b.cast(end, dtype);
  Value power = linspaceOf(b, from, to, steps, wide);
  return b.cast(b.binary<graph::PowOp>(b.full(b.sizes(power), c.constFloat("base", 10), wide), power), dtype);
}

/// Smallest and largest element, [d] each; 0 and 1 of nothing.
std::pair<Value, Value> rangeOf(GraphBuilder &b, Value samples) {
  int64_t dtype = b.dtype(samples);
  AV none = b.compareInt(arith::CmpIPredicate::eq, b.numel(samples), b.size(0));
  Value low = b.reduce<graph::AminOp>(samples, {0}, false), high = b.reduce<graph::AmaxOp>(samples, {0}, false);
  if (none.knownBool() == false)
    return {low, high};
  Value empty = b.scalar(none, kBool);
  return {b.where(empty, b.full(b.sizes(low), 0.0, dtype), low),
          b.where(empty, b.full(b.sizes(high), 1.0, dtype), high)};
}
void checkFinite(GraphBuilder &b, Value v, StringRef name) {
  Value finite = b.compare<graph::LtOp>(b.unary<graph::AbsOp>(v), b.scalar(INFINITY, b.dtype(v)));
  b.check(b.item(b.reduce<graph::AllOp>(finite, b.wrapDims({}, b.rank(v)), false)), "RuntimeError",
          name + ": the range of the data is not finite");
}

/// Counts of samples [n, d] between edges.
Value countsOf(GraphBuilder &b, Value samples, Value weights, ArrayRef<Value> edges, int64_t method) {
  Values operands{samples, weights};
  Sizes sizes;
  for (Value e : edges) {
    operands.push_back(e);
    sizes.push_back(sub(b.size(e, 0), b.size(1)));
  }
  return native(b, "histogram", operands, {{sizes, b.dtype(samples)}}, 0, {method})[0];
}

Result histc(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dtype = b.dtype(v), compute = computeDType(dtype);
  if (!b.isFloating(dtype)) {
    b.raise("RuntimeError", "\"histogram_cpu\" not implemented for '" + b.scalarTypeName(dtype) + "'");
    return {};
  }
  Value samples = b.unsqueeze(b.cast(b.flatten(v), compute), 1);
  double low = c.constFloat("min"), high = c.constFloat("max");
  if (low > high)
    b.raise("RuntimeError", "torch.histc: max must be larger than min");
  Value left = b.full({b.size(1)}, low, compute), right = b.full({b.size(1)}, high, compute);
  if (low == high) {
    auto [least, most] = rangeOf(b, samples);
    AV none = b.compareInt(arith::CmpIPredicate::eq, b.numel(v), b.size(0));
    if (none.knownBool() != true) {
      Value empty = b.scalar(none, kBool);
      least = b.where(empty, left, least);
      most = b.where(empty, right, most);
      Value same = b.compare<graph::EqOp>(least, most);
      left = b.where(same, b.add(least, -1.0), least);
      right = b.where(same, b.add(most, 1.0), most);
      checkFinite(b, b.concat({left, right}, 0), "torch.histc");
    } else {
      left = b.full({b.size(1)}, low - 1, compute);
      right = b.full({b.size(1)}, high + 1, compute);
    }
  }
  Value edges = linspaceOf(b, b.squeeze(left, 0), b.squeeze(right, 0), add(c.integer("bins"), b.size(1)), compute);
  Value ones = b.full({b.size(samples, 0)}, 1.0, compute);
  return b.cast(countsOf(b, samples, ones, edges, 0), dtype);
}

/// torch.histogram and histogramdd: (counts, edges..).
Result histogram(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  bool many = c.schema.name == "histogramdd" || c.schema.name == "_histogramdd_bin_edges";
  int64_t dtype = b.dtype(v);
  if (dtype != int64_t(DType::Float32) && dtype != int64_t(DType::Float64)) {
    b.raise("RuntimeError", "\"histogramdd\" not implemented for '" + b.scalarTypeName(dtype) + "'");
    return {};
  }
  if (many && b.rank(v) < 2) {
    b.raise("RuntimeError", "torch.histogramdd: input tensor should have at least 2 dimensions");
    return {};
  }
  std::optional<int64_t> d = many ? known(b.size(v, b.rank(v) - 1)) : std::optional<int64_t>(1);
  const AV &bins = c.arg("bins");
  bool listed = bins.is(AV::Kind::List) || bins.is(AV::Kind::Tuple);
  if (!d && listed) // checked: as many as there are bins
    d = bins.elements().size();
  if (!d || *d > 8 || *d < 1)
    return c.unsupported("of this number of dimensions");
  if (many)
    b.checkEqual(b.size(v, b.rank(v) - 1), b.size(*d), "RuntimeError",
                 "torch.histogramdd: the innermost dimension of the input and the bins should be of the same size");
  v = b.refine(v);
  Int n = b.size(1);
  Sizes sizes = b.sizes(v);
  for (Int s : many ? ArrayRef(sizes).drop_back() : ArrayRef(sizes))
    n = mul(n, s);
  Value samples = b.reshape(v, {n, b.size(*d)});
  Value weights = c.has("weight") ? b.reshape(b.cast(c.value("weight"), dtype), {n}) : b.full({n}, 1.0, dtype);
  Values edges;
  bool given = false;
  if (listed && !bins.elements().empty() && bins.elements()[0].isTensor()) {
    edges = c.values("bins");
    given = true;
  } else if (bins.isTensor()) {
    edges = {c.value("bins")};
    given = true;
  } else {
    Sizes counts = listed ? c.integers("bins") : Sizes(*d, c.integer("bins"));
    std::vector<AV> range = c.has("range") ? c.arg("range").elements() : std::vector<AV>();
    if (!range.empty() && int64_t(range.size()) != 2 * *d)
      b.raise("RuntimeError", "torch.histogramdd: for a " + Twine(*d) + "-dimensional histogram range should have " +
                                  Twine(2 * *d) + " elements, but got " + Twine(range.size()));
    if (b.failed())
      return {};
    auto [low, high] = rangeOf(b, samples);
    if (range.empty())
      checkFinite(b, b.concat({low, high}, 0), "torch." + c.schema.name);
    for (int64_t k = 0; k < *d; ++k) {
      Value left = range.empty() ? b.select(low, 0, b.size(k)) : b.scalar(range[2 * k], dtype);
      Value right = range.empty() ? b.select(high, 0, b.size(k)) : b.scalar(range[2 * k + 1], dtype);
      Value same = b.compare<graph::EqOp>(left, right);
      Value from = b.where(same, b.add(left, -0.5), left), to = b.where(same, b.add(right, 0.5), right);
      edges.push_back(linspaceOf(b, from, to, add(counts[k], b.size(1)), dtype));
    }
  }
  if (c.schema.name == "_histogramdd_bin_edges") {
    std::vector<AV> list;
    for (Value e : edges)
      list.push_back(b.fresh(e));
    return AV::list(list);
  }
  Value counts = countsOf(b, samples, weights, edges, given ? 2 : 1);
  if (c.flag("density")) {
    counts = b.div(counts, b.reduce<graph::SumOp>(counts, b.wrapDims({}, b.rank(counts)), false));
    for (auto [k, e] : llvm::enumerate(edges)) {
      Int m = sub(b.size(e, 0), b.size(1));
      Value width = b.sub(b.slice(e, 0, b.size(1), m), b.slice(e, 0, b.size(0), m));
      Sizes shape(edges.size(), b.size(1));
      shape[k] = m;
      counts = b.div(counts, b.reshape(width, shape));
    }
  }
  if (!many)
    return {counts, edges[0]};
  std::vector<AV> list;
  for (Value e : edges)
    list.push_back(b.fresh(e));
  return Result::several({b.fresh(counts), AV::list(list)});
}

//===----------------------------------------------------------------------===//
// Selections
//===----------------------------------------------------------------------===//

Result nonzeroStatic(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t rank = b.rank(v);
  Int want = c.integer("size");
  if (rank == 0)
    return b.full({want, b.size(0)}, 0.0, kLong);
  Value found = nonzeroOf(b, v);
  Value filler = b.full({want, b.size(rank)}, c.arg("fill_value"), kLong);
  return b.slice(b.concat({found, filler}, 0), 0, b.size(0), want);
}
/// Elements of the source, one after another, where the mask holds.
Result maskedScatter(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), mask = c.value("mask"), source = b.flatten(c.value("source"));
  if (b.dtype(mask) != kBool)
    b.raise("RuntimeError",
            "masked_scatter_ only supports boolean masks, but got mask with dtype " + b.scalarTypeName(b.dtype(mask)));
  else if (b.dtype(source) != b.dtype(v))
    b.raise("RuntimeError", "masked_scatter: expected self and source to have same dtypes");
  if (b.failed())
    return {};
  Values both = b.broadcast({v, mask});
  Value places = b.select(nonzeroOf(b, b.flatten(both[1])), 1, b.size(0));
  Int count = b.size(places, 0);
  b.check(b.compareInt(arith::CmpIPredicate::sle, count, b.size(source, 0)), "RuntimeError",
          "Number of elements of source < number of ones in mask");
  Value out = scatterOf(b, b.flatten(both[0]), places, b.slice(source, 0, b.size(0), count), 0, "none");
  return b.reshape(out, b.sizes(both[0]));
}
Result put(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), index = b.flatten(wrapIndex(b, c.value("index"), b.numel(v)));
  Value source = b.flatten(c.value("source"));
  b.checkEqual(b.size(index, 0), b.size(source, 0), "IndexError",
               "put_(): Expected source and index to have the same number of elements, but got source.numel() = {1}, "
               "index.numel() = {0}",
               {b.size(index, 0), b.size(source, 0)});
  if (b.dtype(source) != b.dtype(v))
    b.raise("RuntimeError", "put_(): self and source expected to have the same dtype");
  if (b.failed())
    return {};
  Value out = scatterOf(b, b.flatten(v), b.refine(index), b.refine(source), 0, c.flag("accumulate") ? "sum" : "none");
  return b.reshape(out, b.sizes(v));
}
Result takeAlong(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), index = c.value("indices");
  if (!c.has("dim")) {
    v = b.flatten(v);
    return gatherOf(b, v, wrapIndex(b, b.flatten(index), b.size(v, 0)), 0);
  }
  if (b.rank(v) != b.rank(index))
    b.raise("RuntimeError",
            "torch.take_along_dim(): input and indices should have the same number of dimensions, but got " +
                Twine(b.rank(v)) + " dimensions for input, and " + Twine(b.rank(index)) + " dimensions for indices");
  int64_t dim = c.dim("dim", b.rank(v));
  if (b.failed())
    return {};
  // All but `dim` broadcast.
  Sizes from = b.sizes(v), at = b.sizes(index);
  from[dim] = at[dim] = b.size(1);
  Sizes common = b.broadcastSizes(from, at), wide = common;
  wide[dim] = b.size(v, dim);
  common[dim] = b.size(index, dim);
  v = b.expand(v, wide);
  return gatherOf(b, v, wrapIndex(b, b.expand(index, common), b.size(v, dim)), dim);
}
Result combinations(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t r = c.constInt("r", 2);
  bool repeat = c.flag("with_replacement");
  if (b.rank(v) != 1)
    b.raise("RuntimeError", "Expect a 1D vector, but got shape with " + Twine(b.rank(v)) + " dimensions");
  if (b.failed())
    return {};
  if (r == 0)
    return b.full({b.size(0)}, 0.0, b.dtype(v));
  Sizes grid(r, b.size(v, 0));
  Value mask = b.full(grid, 1.0, kBool);
  for (int64_t i = 0; i + 1 < r; ++i) {
    Value x = b.iota(grid, i, kLong), y = b.iota(grid, i + 1, kLong);
    mask = b.binary<graph::BitwiseAndOp>(mask, repeat ? b.compare<graph::LeOp>(x, y) : b.compare<graph::LtOp>(x, y));
  }
  return b.indexSelect(v, nonzeroOf(b, mask), 0);
}
Result cartesianProduct(OpCall &c) {
  GraphBuilder &b = c.b;
  Values v = c.values("tensors");
  if (v.size() == 1)
    return v[0];
  Sizes grid;
  for (Value x : v)
    grid.push_back(b.size(x, 0));
  Values columns;
  for (auto [i, x] : llvm::enumerate(v)) {
    Sizes shape(grid.size(), b.size(1));
    shape[i] = grid[i];
    columns.push_back(b.flatten(b.expand(b.reshape(x, shape), grid)));
  }
  return b.stack(columns, 1);
}
/// Distances of all pairs of rows.
Result pdist(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  double p = c.constFloat("p", 2);
  if (b.rank(v) != 2)
    b.raise("RuntimeError", "pdist only supports 2D tensors, got: " + Twine(b.rank(v)) + "D");
  if (b.failed())
    return {};
  Sizes square{b.size(v, 0), b.size(v, 0)};
  Value pairs = nonzeroOf(b, b.compare<graph::LtOp>(b.iota(square, 0, kLong), b.iota(square, 1, kLong)));
  Value gap =
      b.sub(b.indexSelect(v, b.select(pairs, 1, b.size(0)), 0), b.indexSelect(v, b.select(pairs, 1, b.size(1)), 0));
  std::vector<AV> dims{AV::integer(1, b.context())};
  std::vector<AV> out =
      runOperator(b, "aten::linalg_vector_norm", {b.fresh(gap), AV::real(p), AV::list(dims), AV::boolean(false)});
  return b.failed() ? Result() : Result(out[0]);
}

template <bool multiple>
Result greatestDivisor(OpCall &c) { // gcd, lcm
  GraphBuilder &b = c.b;
  Operand x = c.operand("self"), y = c.operand("other");
  int64_t dtype = b.promote({x, y}), wide = int64_t(DType::Int64);
  if (!b.isIntegral(dtype, false))
    b.raise("RuntimeError", "\"" + c.schema.name + "_cpu\" not implemented for '" + b.scalarTypeName(dtype) + "'");
  if (b.failed())
    return {};
  Values v = b.broadcast({b.cast(x.value, wide), b.cast(y.value, wide)});
  Value out = native(b, "gcd", v, {{b.sizes(v[0]), wide}}, b.rank(v[0]), {multiple})[0];
  return b.cast(out, dtype);
}

/// The exclusive or of the elements' words, those of floats as f64.
Result hashTensor(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dtype = b.dtype(v), rank = b.rank(v);
  Dims dims = c.dims("dim", rank), order;
  if (c.constInt("mode") != 0)
    b.raise("RuntimeError", "hash_tensor: Unknown mode");
  if (b.isComplex(dtype))
    b.raise("RuntimeError", "\"hash_tensor\" not implemented for '" + b.scalarTypeName(dtype) + "'");
  if (b.failed())
    return {};
  bool given = !c.constInts("dim").empty();
  Int n = b.size(1);
  for (int64_t d : dims) {
    n = mul(n, b.size(v, d));
    if (given)
      b.check(b.compareInt(arith::CmpIPredicate::ne, b.size(v, d), b.size(0)), "IndexError",
              "hash_tensor: Expected reduction dim " + Twine(d) + " to have non-zero size.");
  }
  if (!given)
    b.check(
        b.compareInt(arith::CmpIPredicate::ne, n, b.size(0)), "RuntimeError",
        "hash_tensor: Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with "
        "the 'dim' argument.");
  auto bits = [&](Value x, int64_t as) -> Value {
    return graph::BitcastOp::create(b.b, b.loc, b.tensorType(b.sizes(x), as), x);
  };
  Value words = b.isFloating(dtype)               ? bits(b.cast(v, int64_t(DType::Float64)), kLong)
                : dtype == int64_t(DType::UInt64) ? bits(v, kLong)
                                                  : b.cast(v, kLong);
  Sizes lines;
  for (int64_t d = 0; d < rank; ++d)
    if (!llvm::is_contained(dims, d)) {
      order.push_back(d);
      lines.push_back(b.size(v, d));
    }
  order.append(dims.begin(), dims.end());
  Sizes flat = lines;
  flat.push_back(n);
  words = b.reshape(b.permute(words, order), flat);
  Value hash = native(b, "xor_last", {words}, {{lines, kLong}}, lines.size())[0];
  return bits(b.reshape(hash, b.reducedSizes(v, dims, c.flag("keepdim"))), int64_t(DType::UInt64));
}

constexpr OperatorRow rows[] = {
    {"aten::hash_tensor", hashTensor},
    {"aten::gcd", greatestDivisor<false>},
    {"aten::lcm", greatestDivisor<true>},
    {"aten::searchsorted.Tensor", searchSorted},
    {"aten::searchsorted.Scalar", searchSorted},
    {"aten::bucketize.Tensor", bucketize},
    {"aten::bucketize.Scalar", bucketize},
    {"aten::_unique2", unique},
    {"aten::unique_dim", unique},
    {"aten::unique_consecutive", unique},
    {"aten::unique_dim_consecutive", unique},
    {"aten::mode", mode},
    {"aten::linspace", linspace},
    {"aten::linspace.Tensor_Tensor", linspace},
    {"aten::linspace.Tensor_Scalar", linspace},
    {"aten::linspace.Scalar_Tensor", linspace},
    {"aten::logspace", linspace},
    {"aten::logspace.Tensor_Tensor", linspace},
    {"aten::logspace.Tensor_Scalar", linspace},
    {"aten::logspace.Scalar_Tensor", linspace},
    {"aten::histc", histc},
    {"aten::histogram.bins_tensor", histogram},
    {"aten::histogram.bin_ct", histogram},
    {"aten::_histogramdd_bin_edges", histogram},
    {"aten::histogramdd", histogram},
    {"aten::histogramdd.int_bins", histogram},
    {"aten::histogramdd.TensorList_bins", histogram},
    {"aten::nonzero_static", nonzeroStatic},
    {"aten::masked_scatter", maskedScatter},
    {"aten::put", put},
    {"aten::take_along_dim", takeAlong},
    {"aten::combinations", combinations},
    {"aten::cartesian_prod", cartesianProduct},
    {"aten::pdist", pdist},
    {"aten::_pdist_forward", pdist},
};

} // namespace

ArrayRef<OperatorRow> eval::searchOperators() { return rows; }
