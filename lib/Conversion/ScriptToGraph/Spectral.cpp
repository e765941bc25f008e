//===- Spectral.cpp - eigenvalues, singular values --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Assume.h"
#include "ComplexFunctions.h"
#include "MatrixSupport.h"

#include <limits>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using namespace ingot::eval::matrices;

namespace {

int64_t realOf(GraphBuilder &b, int64_t dtype) { return b.isComplex(dtype) ? b.realOf(dtype) : dtype; }
double epsilonOf(GraphBuilder &b, int64_t dtype) {
  return realOf(b, dtype) == int64_t(DType::Float64) ? std::numeric_limits<double>::epsilon()
                                                     : std::numeric_limits<float>::epsilon();
}

struct SVD {
  Value u, s, vh;
};
SVD svdOf(GraphBuilder &b, Value a, bool full) {
  Sizes batch = batchOf(b, a), left = batch, values = batch, right = batch;
  Int m = rowsOf(b, a), n = columnsOf(b, a), k = b.minInt(m, n);
  int64_t dtype = b.dtype(a);
  left.append({m, full ? m : k});
  values.push_back(k);
  right.append({full ? n : k, n});
  Values v = native(b, "svd", {a}, {{left, dtype}, {values, realOf(b, dtype)}, {right, dtype}}, batch.size());
  return {v[0], v[1], v[2]};
}
std::pair<Value, Value> eighOf(GraphBuilder &b, Value a, bool upper) {
  Sizes values = b.sizes(a);
  values.pop_back();
  Values v =
      native(b, "eigh", {a}, {{values, realOf(b, b.dtype(a))}, {b.sizes(a), b.dtype(a)}}, values.size() - 1, {upper});
  return {v[0], v[1]};
}
bool isUpper(OpCall &c) {
  std::string s = c.string("UPLO", "L");
  if (s != "U" && s != "u" && s != "L" && s != "l")
    c.b.raise("RuntimeError", "Expected UPLO argument to be 'L' or 'U', but got " + s);
  return s == "U" || s == "u";
}

Result eigh(OpCall &c) {
  Value a = matrix(c, c.schema.arguments[0].name, true);
  bool upper = isUpper(c);
  if (c.b.failed())
    return {};
  auto [values, vectors] = eighOf(c.b, a, upper);
  if (c.schema.name == "linalg_eigvalsh")
    return values;
  return {values, vectors};
}
Result eig(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = matrix(c, "self", true);
  if (b.failed())
    return {};
  int64_t dtype = b.isComplex(b.dtype(a)) ? b.dtype(a) : b.complexOf(b.dtype(a));
  Sizes values = b.sizes(a), batch = batchOf(b, a);
  values.pop_back();
  Values v =
      native(b, "eig", {a}, {{values, dtype}, {b.sizes(a), dtype}, {batch, int64_t(DType::Int32)}}, batch.size());
  checkInfo(b, v[2],
            "linalg.eig: The algorithm failed to converge because the input matrix is ill-conditioned or has too "
            "many repeated eigenvalues.");
  if (c.schema.name == "linalg_eigvals")
    return v[0];
  return {v[0], v[1]};
}

Result svd(OpCall &c) {
  Value a = matrix(c, "A", false);
  if (c.b.failed())
    return {};
  SVD d = svdOf(c.b, a, c.flag("full_matrices", true));
  return {d.u, d.s, d.vh};
}
Result svdvals(OpCall &c) {
  Value a = matrix(c, "A", false);
  if (c.b.failed())
    return {};
  return singularValues(c.b, a);
}
Result svdOld(OpCall &c) { // U, S, V
  GraphBuilder &b = c.b;
  Value a = matrix(c, "self", false);
  if (b.failed())
    return {};
  if (!c.flag("compute_uv", true)) {
    Sizes left = batchOf(b, a), right = left;
    left.append({rowsOf(b, a), rowsOf(b, a)});
    right.append({columnsOf(b, a), columnsOf(b, a)});
    return {b.full(left, 0.0, b.dtype(a)), singularValues(b, a), b.full(right, 0.0, b.dtype(a))};
  }
  SVD d = svdOf(b, a, !c.flag("some", true));
  return {d.u, d.s, adjointOf(b, d.vh)};
}

//===----------------------------------------------------------------------===//
// What is cut off at a tolerance
//===----------------------------------------------------------------------===//

/// A tolerance as [..]: an argument, or a number.
Value toleranceOf(OpCall &c, StringRef name, double otherwise, int64_t dtype) {
  if (!c.has(name))
    return c.b.scalar(otherwise, dtype);
  return c.b.cast(c.value(name), dtype);
}
/// max(atol, rtol * largest), with a dimension for the values.
Value cutOff(OpCall &c, Value a, Value largest) {
  GraphBuilder &b = c.b;
  int64_t dtype = b.dtype(largest);
  StringRef old = c.schema.argumentIndex("tol") >= 0 ? "tol" : "rcond";
  bool plain = c.schema.argumentIndex(old) >= 0 && c.has(old);
  Value atol, rtol;
  if (plain && old == "tol") {
    atol = toleranceOf(c, old, 0, dtype);
    rtol = b.scalar(0.0, dtype);
  } else if (plain) {
    atol = b.scalar(0.0, dtype);
    rtol = toleranceOf(c, old, 0, dtype);
  } else {
    // Only where no absolute tolerance is given is there a relative one.
    Value size = b.mul(b.scalar(AV::integer(b.maxInt(rowsOf(b, a), columnsOf(b, a))), dtype), epsilonOf(b, dtype));
    atol = toleranceOf(c, "atol", 0, dtype);
    if (c.has("rtol"))
      rtol = toleranceOf(c, "rtol", 0, dtype);
    else if (c.has("atol"))
      rtol = b.where(b.compare<graph::GtOp>(atol, b.scalar(0.0, dtype)), b.full(b.sizes(atol), 0.0, dtype),
                     b.expand(size, b.sizes(atol)));
    else
      rtol = size;
  }
  auto column = [&](Value v) { return b.rank(v) ? b.unsqueeze(v, b.rank(v)) : v; };
  return b.binary<graph::MaximumOp>(column(atol), b.mul(column(rtol), largest));
}
Value largestOf(GraphBuilder &b, Value s) { // of what may be nothing: with a zero
  int64_t last = b.rank(s) - 1;
  Sizes one = b.sizes(s);
  one[last] = b.size(1);
  return b.reduce<graph::AmaxOp>(b.concat({s, b.full(one, 0.0, b.dtype(s))}, last), {last}, true);
}

Result pinv(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = matrix(c, "self", false);
  bool hermitian = c.flag("hermitian");
  if (b.failed())
    return {};
  auto scaled = [&](Value columns, Value factors, Value rows) {
    int64_t r = b.rank(columns);
    Value wide = b.unsqueeze(b.cast(factors, b.dtype(a)), r - 2);
    return b.matmul(b.mul(columns, wide), rows);
  };
  if (hermitian) {
    auto [values, vectors] = eighOf(b, a, false);
    Value size = b.unary<graph::AbsOp>(values), tolerance = cutOff(c, a, largestOf(b, size));
    Value inverse = b.where(b.compare<graph::GtOp>(size, tolerance), b.unary<graph::ReciprocalOp>(values),
                            b.full(b.sizes(values), 0.0, b.dtype(values)));
    return scaled(vectors, inverse, adjointOf(b, vectors));
  }
  SVD d = svdOf(b, a, false);
  Value tolerance = cutOff(c, a, largestOf(b, d.s));
  Value inverse = b.where(b.compare<graph::GtOp>(d.s, tolerance), b.unary<graph::ReciprocalOp>(d.s),
                          b.full(b.sizes(d.s), 0.0, b.dtype(d.s)));
  return scaled(adjointOf(b, d.vh), inverse, adjointOf(b, d.u));
}
Result matrixRank(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = matrix(c, c.schema.arguments[0].name, false);
  bool hermitian = c.flag("hermitian");
  if (b.failed())
    return {};
  Value s = hermitian ? b.unary<graph::AbsOp>(eighOf(b, a, false).first) : singularValues(b, a);
  Value above = b.compare<graph::GtOp>(s, cutOff(c, a, largestOf(b, s)));
  return b.reduce<graph::SumOp>(b.cast(above, int64_t(DType::Int64)), {b.rank(above) - 1}, false);
}

Result condition(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = matrix(c, "self", false);
  if (b.failed())
    return {};
  const AV &p = c.arg("p");
  std::optional<double> order = p.isNone()            ? std::optional<double>(2)
                                : p.is(AV::Kind::Str) ? std::nullopt
                                                      : p.knownDouble();
  if (order && std::fabs(*order) == 2) {
    Value s = singularValues(b, a);
    int64_t last = b.rank(s) - 1;
    Value first = b.select(s, last, b.size(0)), least = b.select(s, last, sub(b.size(s, last), b.size(1)));
    return *order > 0 ? b.div(first, least) : b.div(least, first);
  }
  auto norm = [&](Value v) {
    std::vector<AV> dims{AV::integer(-2, b.context()), AV::integer(-1, b.context())};
    std::vector<AV> out =
        runOperator(b, p.is(AV::Kind::Str) ? "aten::linalg_matrix_norm.str_ord" : "aten::linalg_matrix_norm",
                    {b.fresh(v), p, AV::list(dims), AV::boolean(false)});
    return b.failed() ? b.placeholder({}, b.dtype(v)) : b.read(out[0]);
  };
  std::vector<AV> out = runOperator(b, "aten::linalg_inv_ex", {b.fresh(a), AV::boolean(false)});
  if (b.failed())
    return {};
  Value both = b.mul(norm(a), norm(b.read(out[0])));
  if (b.failed())
    return {};
  Value info = b.read(out[1]);
  Value singular = b.compare<graph::NeOp>(info, b.scalarInt(0, b.dtype(info)));
  return b.where(singular, b.full(b.sizes(both), INFINITY, b.dtype(both)), both);
}

/// Least squares by singular values: the shortest solution. (solution, residuals,
/// rank, singular values), the last three as torch's driver leaves them.
Result lstsq(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = matrix(c, "self", false);
  if (b.failed())
    return {};
  Value x = b.cast(c.value("b"), b.dtype(a));
  std::string driver = c.string("driver", "gelsy");
  bool gels = driver == "gels", bySVD = driver == "gelsd" || driver == "gelss";
  if (driver != "gelsy" && !gels && !bySVD) {
    b.raise("RuntimeError", "torch.linalg.lstsq: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)");
    return {};
  }
  bool vector = b.rank(x) == 1 || b.rank(x) + 1 == b.rank(a);
  if (vector)
    x = b.unsqueeze(x, b.rank(x));
  SVD d = svdOf(b, a, false);
  int64_t real = b.dtype(d.s);
  Value size = b.mul(b.scalar(AV::integer(b.maxInt(rowsOf(b, a), columnsOf(b, a))), real), epsilonOf(b, real));
  Value rcond = c.has("rcond") ? b.cast(c.value("rcond"), real) : size;
  Value above = b.compare<graph::GtOp>(d.s, b.mul(rcond, largestOf(b, d.s)));
  Value inverse = b.where(above, b.unary<graph::ReciprocalOp>(d.s), b.full(b.sizes(d.s), 0.0, real));
  Value projected = b.matmul(adjointOf(b, d.u), x);
  Value out = b.matmul(adjointOf(b, d.vh), b.mul(projected, b.unsqueeze(b.cast(inverse, b.dtype(a)), b.rank(inverse))));
  Value rank = b.reduce<graph::SumOp>(b.cast(above, int64_t(DType::Int64)), {b.rank(above) - 1}, false);
  Value nothing = b.full({b.size(0)}, 0.0, real);
  Value residuals = nothing;
  if (gels || bySVD) { // there are some of overdetermined systems of full rank only
    Int rows = rowsOf(b, a), columns = columnsOf(b, a);
    AV over = b.compareInt(arith::CmpIPredicate::sgt, rows, columns);
    if (bySVD && over.knownBool() != std::optional(false)) {
      Value full = b.compare<graph::EqOp>(rank, b.scalar(AV::integer(columns), int64_t(DType::Int64)));
      full = b.reduce<graph::AllOp>(full, b.wrapDims({}, b.rank(full)), false);
      over = b.andBool(over, b.item(full));
    }
    if (gels)
      rank = b.full({b.size(0)}, 0.0, int64_t(DType::Int64));
    std::optional<int64_t> n = b.recorded(rows), m = b.recorded(columns);
    // Of one system there are none as a vector of nothing, of a batch with fewer dimensions.
    if (b.rank(a) == 2 || assume(b, "linalg.lstsq", over, n && m ? std::optional(*n > *m) : std::nullopt, true,
                                 "there are more rows ({0}) than columns ({1}) and full rank", {rows, columns})) {
      Value rest = magnitude(b, b.sub(b.matmul(a, out), x));
      residuals = b.reduce<graph::SumOp>(b.mul(rest, rest), {b.rank(rest) - 2}, false);
      if (b.rank(a) == 2)
        residuals = b.slice(residuals, 0, b.size(0), b.selectInt(over, b.size(residuals, 0), b.size(0)));
    }
  }
  return {vector ? b.squeeze(out, b.rank(out) - 1) : out, residuals, rank, bySVD ? d.s : nothing};
}

const OperatorRow rows[] = {
    {"aten::linalg_eigh", eigh},
    {"aten::linalg_eigvalsh", eigh},
    {"aten::_linalg_eigh", eigh},
    {"aten::linalg_eig", eig},
    {"aten::linalg_eigvals", eig},
    {"aten::linalg_svd", svd},
    {"aten::_linalg_svd", svd},
    {"aten::linalg_svdvals", svdvals},
    {"aten::svd", svdOld},
    {"aten::linalg_pinv", pinv},
    {"aten::linalg_pinv.rcond_tensor", pinv},
    {"aten::linalg_pinv.atol_rtol_tensor", pinv},
    {"aten::linalg_pinv.atol_rtol_float", pinv},
    {"aten::pinverse", pinv},
    {"aten::linalg_matrix_rank", matrixRank},
    {"aten::linalg_matrix_rank.tol_tensor", matrixRank},
    {"aten::linalg_matrix_rank.atol_rtol_tensor", matrixRank},
    {"aten::linalg_matrix_rank.atol_rtol_float", matrixRank},
    {"aten::linalg_cond", condition},
    {"aten::linalg_cond.p_str", condition},
    {"aten::linalg_lstsq", lstsq},
};

} // namespace

Value matrices::singularValues(GraphBuilder &b, Value a) { return svdOf(b, a, false).s; }

ArrayRef<OperatorRow> eval::spectralOperators() { return rows; }
