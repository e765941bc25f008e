//===- Contraction.cpp - einsum, tensordot and other products ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Assume.h"
#include "ComplexFunctions.h"
#include "MatrixSupport.h"
#include "Native.h"
#include "OperatorCalls.h"

#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

/// A tensor whose dimensions have labels.
struct Labelled {
  Value value;
  SmallVector<int> labels;
};

int64_t dimOf(const Labelled &t, int label) { return llvm::find(t.labels, label) - t.labels.begin(); }
bool has(const Labelled &t, int label) { return llvm::is_contained(t.labels, label); }

/// Sums away the labels that `keep` does not hold.
Labelled summed(GraphBuilder &b, Labelled t, ArrayRef<int> keep) {
  Dims dims;
  SmallVector<int> rest;
  for (auto [d, l] : llvm::enumerate(t.labels))
    if (llvm::is_contained(keep, l))
      rest.push_back(l);
    else
      dims.push_back(d);
  if (!dims.empty() && b.isIntegral(b.dtype(t.value), true)) // as torch.sum
    t.value = b.cast(t.value, int64_t(DType::Int64));
  return {b.reduce<graph::SumOp>(t.value, dims, false), rest};
}
Labelled ordered(GraphBuilder &b, Labelled t, ArrayRef<int> order) {
  Dims p;
  for (int l : order)
    p.push_back(dimOf(t, l));
  return {b.permute(t.value, p), SmallVector<int>(order)};
}

/// One matrix product: labels of both operands that `keep` does not hold are
/// contracted, the ones it holds are a batch.
Labelled contract(GraphBuilder &b, Labelled x, Labelled y, ArrayRef<int> keep) {
  // Labels of one operand alone that nobody needs are summed first.
  auto needed = [&](const Labelled &own, const Labelled &other) {
    SmallVector<int> l(keep);
    for (int e : own.labels)
      if (has(other, e))
        l.push_back(e);
    return l;
  };
  Labelled xs = summed(b, x, needed(x, y)), ys = summed(b, y, needed(y, x));
  SmallVector<int> batch, onlyX, onlyY, inner;
  for (int l : xs.labels)
    (has(ys, l) ? (llvm::is_contained(keep, l) ? batch : inner) : onlyX).push_back(l);
  for (int l : ys.labels)
    if (!has(xs, l))
      onlyY.push_back(l);
  // Sizes that differ only by a run-time or static 1 are broadcast.
  auto common = [&](int l) {
    Int m = b.size(xs.value, dimOf(xs, l)), n = b.size(ys.value, dimOf(ys, l));
    return b.broadcastSize(m, n, dimOf(xs, l), xs.labels.size());
  };
  auto sizesOf = [&](ArrayRef<int> labels, const Labelled &t, bool shared) {
    Sizes s;
    for (int l : labels)
      s.push_back(shared ? common(l) : b.size(t.value, dimOf(t, l)));
    return s;
  };
  Sizes batchSizes = sizesOf(batch, xs, true), innerSizes = sizesOf(inner, xs, true);
  Sizes rows = sizesOf(onlyX, xs, false), columns = sizesOf(onlyY, ys, false);
  auto flat = [&](ArrayRef<Int> s) { return numElements(s, b.context()); };
  auto prepare = [&](const Labelled &t, ArrayRef<int> first, ArrayRef<Int> firstSizes, ArrayRef<int> second,
                     ArrayRef<Int> secondSizes) {
    SmallVector<int> order(batch);
    llvm::append_range(order, first);
    llvm::append_range(order, second);
    Sizes to(batchSizes);
    llvm::append_range(to, firstSizes);
    llvm::append_range(to, secondSizes);
    Value v = b.expand(ordered(b, t, order).value, to);
    Sizes matrix(batchSizes);
    matrix.append({flat(firstSizes), flat(secondSizes)});
    return b.reshape(v, matrix);
  };
  Value product = b.matmul(prepare(xs, onlyX, rows, inner, innerSizes), prepare(ys, inner, innerSizes, onlyY, columns));
  Labelled out;
  Sizes to(batchSizes);
  llvm::append_range(to, rows);
  llvm::append_range(to, columns);
  out.value = b.reshape(product, to);
  out.labels = batch;
  llvm::append_range(out.labels, onlyX);
  llvm::append_range(out.labels, onlyY);
  return out;
}

Result einsum(OpCall &c) {
  GraphBuilder &b = c.b;
  std::string equation = c.string("equation");
  equation.erase(std::remove(equation.begin(), equation.end(), ' '), equation.end());
  std::vector<AV> in = c.tensors("tensors");
  StringRef left = equation, right;
  bool explicitOutput = left.contains("->");
  std::tie(left, right) = left.split("->");
  SmallVector<StringRef> terms;
  left.split(terms, ',');
  if (terms.size() != in.size()) {
    b.raise("RuntimeError", "einsum(): more operands were provided than specified in the equation");
    return {};
  }
  // Labels: letters are themselves; dimensions of an ellipsis are 256 + distance
  // from its end.
  std::vector<Labelled> operands;
  size_t widest = 0;
  for (auto [term, t] : llvm::zip(terms, in)) {
    AV view = t;
    StringRef rest = term;
    SmallVector<int> labels;
    size_t letters = 0;
    for (char l : term)
      letters += llvm::isAlpha(l);
    int64_t rank = b.rank(b.read(t)), dots = rank - int64_t(letters);
    while (!rest.empty()) {
      if (rest.consume_front("...")) {
        if (dots < 0)
          break;
        widest = std::max(widest, size_t(dots));
        for (int64_t i = dots; i-- > 0;)
          labels.push_back(256 + int(i));
        continue;
      }
      labels.push_back(rest.front());
      rest = rest.drop_front();
    }
    if (int64_t(labels.size()) != rank) {
      b.raise("RuntimeError", "einsum(): the number of subscripts in the equation (" + Twine(letters) +
                                  ") does not match the number of dimensions (" + Twine(rank) + ") for an operand");
      return {};
    }
    // A label twice in one operand is its diagonal.
    for (size_t i = 0; i < labels.size(); ++i)
      for (size_t j = i + 1; j < labels.size();) {
        if (labels[i] != labels[j]) {
          ++j;
          continue;
        }
        auto number = [&](int64_t n) { return AV::integer(n, b.context()); };
        std::vector<AV> d = runOperator(b, "aten::diagonal", {view, number(0), number(i), number(j)});
        if (b.failed())
          return {};
        view = d[0];
        int label = labels[i];
        labels.erase(labels.begin() + j);
        labels.erase(labels.begin() + i);
        labels.push_back(label); // the diagonal is the last dimension
        i = size_t(-1);
        break;
      }
    operands.push_back({b.read(view), labels});
  }
  SmallVector<int> output;
  if (explicitOutput) {
    StringRef rest = right;
    while (!rest.empty()) {
      if (rest.consume_front("...")) {
        for (size_t i = widest; i-- > 0;)
          output.push_back(256 + int(i));
        continue;
      }
      output.push_back(rest.front());
      rest = rest.drop_front();
    }
  } else {
    for (size_t i = widest; i-- > 0;)
      output.push_back(256 + int(i));
    auto order = [](char l) { return l >= 'A' && l <= 'Z' ? l - 'A' : l - 'a' + 26; };
    SmallVector<int> letters;
    for (char l : left)
      if (llvm::isAlpha(l) && llvm::count(left, l) == 1)
        letters.push_back(l);
    llvm::sort(letters, [&](int x, int y) { return order(char(x)) < order(char(y)); });
    llvm::append_range(output, letters);
  }
  Labelled acc = operands[0];
  for (size_t i = 1; i < operands.size(); ++i) {
    SmallVector<int> keep(output);
    for (size_t j = i + 1; j < operands.size(); ++j)
      llvm::append_range(keep, operands[j].labels);
    acc = contract(b, acc, operands[i], keep);
  }
  for (int l : output)
    if (!has(acc, l))
      return c.unsupported("an output label that no operand has");
  return ordered(b, summed(b, acc, output), output).value;
}

/// Contracts dimensions `dx` of x with `dy` of y.
Value contracted(GraphBuilder &b, Value x, Value y, ArrayRef<int64_t> dx, ArrayRef<int64_t> dy) {
  Labelled l{x, {}}, r{y, {}};
  int next = 0;
  SmallVector<int> keep;
  for (int64_t d = 0; d < b.rank(x); ++d) {
    l.labels.push_back(next);
    if (!llvm::is_contained(dx, d))
      keep.push_back(next);
    ++next;
  }
  for (int64_t d = 0; d < b.rank(y); ++d) {
    auto at = llvm::find(dy, d);
    if (at != dy.end()) {
      r.labels.push_back(int(dx[at - dy.begin()]));
      continue;
    }
    r.labels.push_back(next);
    keep.push_back(next++);
  }
  return ordered(b, contract(b, l, r, keep), keep).value;
}
Result tensordot(OpCall &c) {
  Value x = c.value("self"), y = c.value("other");
  Dims dx = c.b.wrapDims(c.constInts("dims_self"), c.b.rank(x), false);
  Dims dy = c.b.wrapDims(c.constInts("dims_other"), c.b.rank(y), false);
  if (dx.size() != dy.size())
    c.b.raise("RuntimeError", "both dimension lists should have same length");
  if (c.b.failed())
    return {};
  GraphBuilder &b = c.b;
  for (auto [i, j] : llvm::zip(dx, dy)) {
    Int m = b.size(x, i), n = b.size(y, j), one = b.size(1);
    if (equal(m, n))
      continue;
    // One that is 1 goes with all of the other.
    auto isOne = [&](Int size, Int other) {
      return isKnown(size, 1) || (b.recorded(size) == 1 && b.recorded(other).value_or(1) != 1 &&
                                  assumeEqual(b, "tensordot", size, one, "a contracted dimension of size {0} is 1"));
    };
    if (isOne(n, m)) {
      x = b.reduce<graph::SumOp>(x, {i}, true);
      continue;
    }
    if (isOne(m, n)) {
      y = b.reduce<graph::SumOp>(y, {j}, true);
      continue;
    }
    c.b.checkEqual(c.b.size(x, i), c.b.size(y, j), "RuntimeError",
                   "contracted dimensions need to match, but first has size {0} in dim " + Twine(i) +
                       " and second has size {1} in dim " + Twine(j),
                   {m, n});
  }
  return contracted(c.b, c.b.refine(x), c.b.refine(y), dx, dy);
}
Result inner(OpCall &c) {
  Value x = c.value("self"), y = c.value("other");
  if (c.b.rank(x) == 0 || c.b.rank(y) == 0)
    return c.b.mul(x, y);
  int64_t i = c.b.rank(x) - 1, j = c.b.rank(y) - 1;
  c.b.checkEqual(c.b.size(x, i), c.b.size(y, j), "RuntimeError",
                 "inner() the last dimension must match on both input tensors", {});
  return contracted(c.b, c.b.refine(x), c.b.refine(y), {i}, {j});
}
/// Sum of products along a dimension; the first operand conjugated.
Result vecdot(OpCall &c) {
  GraphBuilder &b = c.b;
  bool linalg = c.schema.name == "linalg_vecdot";
  Value x = c.value(linalg ? "x" : "self"), y = c.value(linalg ? "y" : "other");
  if (!linalg) {
    if (b.rank(x) != 1 || b.rank(y) != 1)
      b.raise("RuntimeError",
              "1D tensors expected, but got " + Twine(b.rank(x)) + "D and " + Twine(b.rank(y)) + "D tensors");
    else if (b.dtype(x) != b.dtype(y))
      b.raise("RuntimeError", "dot : expected both vectors to have same dtype, but found " +
                                  b.scalarTypeName(b.dtype(x)) + " and " + b.scalarTypeName(b.dtype(y)));
    else
      b.checkEqual(b.size(x, 0), b.size(y, 0), "RuntimeError",
                   "inconsistent tensor size, expected tensor [{0}] and src [{1}] to have the same number of elements, "
                   "but got {0} and {1} elements respectively",
                   {b.size(x, 0), b.size(y, 0)});
    if (b.failed())
      return {};
  }
  int64_t dtype = b.dtype(x), wide = computeDType(dtype);
  if (b.isComplex(dtype))
    x = b.unary<graph::ConjOp>(x);
  Value p = b.mul(b.cast(x, wide), b.cast(y, wide));
  return b.cast(b.reduce<graph::SumOp>(p, {linalg ? c.dim("dim", b.rank(p), -1) : 0}, false), dtype);
}
Result kron(OpCall &c) {
  GraphBuilder &b = c.b;
  Operand xo = c.operand("self"), yo = c.operand("other");
  int64_t d = b.promote({xo, yo});
  Value x = b.cast(xo.value, d), y = b.cast(yo.value, d);
  while (b.rank(x) < b.rank(y))
    x = b.unsqueeze(x, 0);
  while (b.rank(y) < b.rank(x))
    y = b.unsqueeze(y, 0);
  Sizes wx, wy, out;
  for (auto [m, n] : llvm::zip(b.sizes(x), b.sizes(y))) {
    wx.append({m, b.size(1)});
    wy.append({b.size(1), n});
    out.push_back(mul(m, n));
  }
  return b.reshape(b.mul(b.reshape(x, wx), b.reshape(y, wy)), out);
}
Result cross(OpCall &c) {
  GraphBuilder &b = c.b;
  Operand xo = c.operand("self"), yo = c.operand("other");
  int64_t d = b.promote({xo, yo});
  if (b.rank(xo.value) != b.rank(yo.value)) {
    b.raise("RuntimeError", "linalg.cross: inputs must have the same number of dimensions.");
    return {};
  }
  int64_t dim = -1;
  if (c.has("dim")) {
    dim = c.dim("dim", b.rank(xo.value), -1);
  } else {
    // The first one of size 3.
    for (auto [i, s] : llvm::enumerate(b.sizes(xo.value)))
      if (dim < 0 && assumeEqual(b, "cross", s, b.size(3), "the size {0} of dimension " + Twine(i) + " is 3"))
        dim = i;
  }
  if (dim < 0)
    return c.unsupported("no dimension is known to have size 3");
  if (b.failed())
    return {};
  SmallVector<Int> lengths{b.size(xo.value, dim), b.size(yo.value, dim)};
  for (Int length : lengths)
    b.checkEqual(length, b.size(3), "RuntimeError",
                 "linalg.cross: inputs dimension " + Twine(c.has("dim") ? c.constInt("dim") : dim) +
                     " must have length 3. Got {0} and {1}",
                 lengths);
  Values v = b.broadcast({b.refine(b.cast(xo.value, d)), b.refine(b.cast(yo.value, d))});
  auto part = [&](Value t, int64_t i) { return b.slice(t, dim, b.size(i), b.size(1)); };
  Values out;
  for (int64_t i = 0; i < 3; ++i) {
    int64_t j = (i + 1) % 3, k = (i + 2) % 3;
    out.push_back(b.sub(b.mul(part(v[0], j), part(v[1], k)), b.mul(part(v[0], k), part(v[1], j))));
  }
  return b.concat(out, dim);
}
Result multiDot(OpCall &c) {
  Values v = c.values(c.schema.argumentIndex("tensors") >= 0 ? "tensors" : "matrices");
  if (v.size() < 2) {
    c.b.raise("RuntimeError", "multi_dot(): expected at least 2 tensors but got " + Twine(v.size()));
    return {};
  }
  Value out = v[0];
  for (Value next : ArrayRef(v).drop_front())
    out = c.b.matmulAny(out, next);
  return out;
}
Result matrixPower(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t n = c.constInt("n"), r = b.rank(v);
  if (r < 2) {
    b.raise("RuntimeError", "linalg.matrix_power: The input tensor A must have at least 2 dimensions.");
    return {};
  }
  if (n < 0) {
    std::vector<AV> inverse = runOperator(b, "aten::linalg_inv", {b.fresh(v)});
    if (b.failed())
      return {};
    v = b.read(inverse[0]);
    n = -n;
  }
  if (n == 0) {
    Value row = b.iota(b.sizes(v), r - 2, int64_t(DType::Int64)),
          column = b.iota(b.sizes(v), r - 1, int64_t(DType::Int64));
    return b.cast(b.compare<graph::EqOp>(row, column), b.dtype(v));
  }
  Value out, square = v;
  for (; n; n /= 2) {
    if (n % 2)
      out = out ? b.matmul(out, square) : square;
    if (n > 1)
      square = b.matmul(square, square);
  }
  return out;
}
Result bilinear(OpCall &c) {
  GraphBuilder &b = c.b;
  Value x = c.value("input1"), y = c.value("input2"), w = c.value("weight");
  int64_t dtype = b.dtype(x), wide = computeDType(dtype);
  for (Value *v : {&x, &y, &w})
    *v = b.cast(*v, wide);
  // [..., i] x [o, i, j] x [..., j] -> [..., o]
  Value xw = contracted(b, x, w, {b.rank(x) - 1}, {1}); // [..., o, j]
  Value out = b.reduce<graph::SumOp>(b.mul(xw, b.unsqueeze(y, b.rank(y) - 1)), {b.rank(xw) - 1}, false);
  return b.cast(c.has("bias") ? b.add(out, b.cast(c.value("bias"), wide)) : out, dtype);
}
/// The largest of numbers that are not negative, 0 of none; or the smallest.
Value extreme(GraphBuilder &b, Value v, int64_t dim, bool largest, bool keep) {
  if (!largest) {
    b.check(b.compareInt(arith::CmpIPredicate::sgt, b.size(v, dim), b.size(0)), "IndexError",
            "amin(): Expected reduction dim " + Twine(dim) + " to have non-zero size.");
    return b.reduce<graph::AminOp>(v, {dim}, keep);
  }
  Sizes column = b.sizes(v);
  column[dim] = b.size(1);
  return b.reduce<graph::AmaxOp>(b.concat({v, b.full(column, 0.0, b.dtype(v))}, dim), {dim}, keep);
}
/// The older names of two norms; without dimensions they take those of a matrix.
template <bool Nuclear>
Result namedNorm(OpCall &c) {
  GraphBuilder &b = c.b;
  Dims dims = c.schema.argumentIndex("dim") >= 0 ? c.constInts("dim") : Dims();
  bool pair = dims.empty() && (Nuclear || c.tensor("self").getTensor()->node->sizes.size() == 2);
  if (Nuclear ? !dims.empty() && dims.size() != 2 : dims.size() > 2)
    b.raise("RuntimeError",
            Nuclear ? "nuclear_norm: Expected a 'dim' argument of 2 dimensions"
                    : "Expected at most 2 dimensions, but got " + std::to_string(dims.size()) + " dimensions instead.");
  if (b.failed())
    return {};
  std::vector<AV> over;
  for (int64_t d : pair ? Dims{-2, -1} : dims)
    over.push_back(AV::integer(d, b.context()));
  AV self = c.arg("self"), keep = c.arg("keepdim"), where = AV::list(over);
  if (Nuclear)
    return callOperator(b, "aten::linalg_matrix_norm.str_ord", {self, AV::str("nuc"), where, keep});
  return callOperator(b, "aten::linalg_vector_norm", {self, AV::real(2), over.empty() ? AV::none() : where, keep});
}
/// Norms of matrices.
Result matrixNorm(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value(c.schema.argumentIndex("A") >= 0 ? "A" : "self");
  v = b.cast(v, c.dtype("dtype", b.dtype(v)));
  bool keep = c.flag("keepdim");
  const AV &ord = c.arg("ord");
  Dims dims = c.constInts("dim");
  bool linalgNorm = c.schema.name == "linalg_norm";
  Value matrices = v;
  if (b.isComplex(b.dtype(v)))
    v = b.predicate<graph::ComplexAbsOp>(v, b.realOf(b.dtype(v)));
  // A combination of the singular values of the two dimensions.
  auto spectral = [&](auto combine) {
    Dims order;
    for (int64_t d = 0; d < b.rank(v); ++d)
      if (!llvm::is_contained(dims, d))
        order.push_back(d);
    order.append(dims.begin(), dims.end());
    Value s = matrices::singularValues(b, b.permute(matrices, order));
    Value out = combine(s, b.rank(s) - 1);
    return keep ? b.reshape(out, b.reducedSizes(v, dims, true)) : out;
  };
  auto frobenius = [&](ArrayRef<int64_t> over) {
    return b.unary<graph::SqrtOp>(b.reduce<graph::SumOp>(b.mul(v, v), over, keep));
  };
  if (linalgNorm && ord.isNone())
    return frobenius(b.wrapDims(dims, b.rank(v)));
  if (linalgNorm && dims.empty() && b.rank(v) == 1)
    dims = {0};
  if (linalgNorm && dims.empty())
    dims = {-2, -1};
  dims = b.wrapDims(dims, b.rank(v), false);
  if (dims.size() == 1) { // a vector norm
    std::vector<AV> list{AV::integer(dims[0], b.context())};
    std::vector<AV> out =
        runOperator(b, "aten::linalg_vector_norm",
                    {b.fresh(v), ord.isNone() ? AV::real(2) : ord, AV::list(list), AV::boolean(keep)});
    return b.failed() ? Result() : Result(out[0]);
  }
  if (dims.size() != 2)
    return c.unsupported("these dimensions");
  if (ord.is(AV::Kind::Str)) {
    if (ord.getString() == "fro")
      return frobenius(dims);
    if (ord.getString() != "nuc") {
      b.raise("RuntimeError", "linalg.matrix_norm: Order " + ord.getString() + " not supported.");
      return {};
    }
    return spectral([&](Value s, int64_t d) { return b.reduce<graph::SumOp>(s, {d}, false); });
  }
  double p = ord.knownDouble().value_or(NAN);
  bool rows = std::isinf(p);
  if (std::fabs(p) == 2)
    return spectral([&](Value s, int64_t d) { return extreme(b, s, d, p > 0, false); });
  if (!rows && std::fabs(p) != 1)
    return c.unsupported("this order");
  // Largest (or smallest) sum over the columns (or rows).
  int64_t sumDim = rows ? dims[1] : dims[0], otherDim = rows ? dims[0] : dims[1];
  Value sums = b.reduce<graph::SumOp>(magnitude(b, v), {sumDim}, true);
  Value best = extreme(b, sums, otherDim, p > 0, true);
  return keep ? best : b.reshape(best, b.reducedSizes(v, dims, false));
}

const OperatorRow rows[] = {
    {"aten::einsum", einsum},
    {"aten::tensordot", tensordot},
    {"aten::inner", inner},
    {"aten::vdot", vecdot},
    {"aten::linalg_vecdot", vecdot},
    {"aten::kron", kron},
    {"aten::cross", cross},
    {"aten::linalg_cross", cross},
    {"aten::linalg_multi_dot", multiDot},
    {"aten::chain_matmul", multiDot},
    {"aten::linalg_matrix_power", matrixPower},
    {"aten::matrix_power", matrixPower},
    {"aten::bilinear", bilinear},
    {"aten::frobenius_norm.dim", namedNorm<false>},
    {"aten::nuclear_norm", namedNorm<true>},
    {"aten::nuclear_norm.dim", namedNorm<true>},
    {"aten::linalg_matrix_norm", matrixNorm},
    {"aten::linalg_matrix_norm.str_ord", matrixNorm},
    {"aten::linalg_norm", matrixNorm},
    {"aten::linalg_norm.ord_str", matrixNorm},
};

} // namespace

ArrayRef<OperatorRow> eval::contractionOperators() { return rows; }
