//===- Factorization.cpp - LU, Cholesky, QR and solvers ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Assume.h"
#include "MatrixSupport.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using namespace ingot::eval::matrices;

namespace {

constexpr int64_t kInt = int64_t(DType::Int32);

//===----------------------------------------------------------------------===//
// LU
//===----------------------------------------------------------------------===//

struct LU {
  Value factors, pivots, info;
};

LU luOf(GraphBuilder &b, Value a, bool pivot = true) {
  Sizes batch = batchOf(b, a), pivots = batch;
  pivots.push_back(b.minInt(rowsOf(b, a), columnsOf(b, a)));
  Values v = native(b, "lu", {a}, {{b.sizes(a), b.dtype(a)}, {pivots, kInt}, {batch, kInt}}, batch.size(), {pivot});
  return {v[0], v[1], v[2]};
}
Value luSolve(GraphBuilder &b, Value factors, Value pivots, Value x, int64_t mode = 0) {
  return native(b, "lu_solve", {factors, pivots, x}, {{b.sizes(x), b.dtype(x)}}, b.rank(x) - 2, {mode})[0];
}

Result luFactorEx(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = matrix(c, c.schema.arguments[0].name, false);
  if (b.failed())
    return {};
  LU f = luOf(b, a, c.flag("pivot", true));
  if (c.flag("check_errors"))
    checkInfo(b, f.info, "torch.linalg.lu_factor: U is singular");
  return {f.factors, f.pivots, f.info};
}
Result luFactor(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = matrix(c, "A", false);
  if (b.failed())
    return {};
  LU f = luOf(b, a, c.flag("pivot", true));
  return {f.factors, f.pivots};
}

/// Unit lower [.., m, k] and upper [.., k, n] parts.
std::pair<Value, Value> partsOf(GraphBuilder &b, Value factors) {
  Int m = rowsOf(b, factors), n = columnsOf(b, factors), k = b.minInt(m, n);
  int64_t r = b.rank(factors);
  Value lower = triangle(b, b.slice(factors, r - 1, b.size(0), k), /*upper=*/false, -1);
  lower = b.add(lower, b.expand(identity(b, m, k, b.dtype(factors)), b.sizes(lower)));
  return {lower, triangle(b, b.slice(factors, r - 2, b.size(0), k), /*upper=*/true, 0)};
}
Value permutationOf(GraphBuilder &b, Value pivots, Int rows, int64_t dtype) {
  Sizes sizes = b.sizes(pivots);
  sizes.back() = rows;
  sizes.push_back(rows);
  return native(b, "lu_permutation", {pivots}, {{sizes, dtype}}, sizes.size() - 2)[0];
}
Result lu(OpCall &c) { // linalg_lu: P, L, U
  GraphBuilder &b = c.b;
  Value a = matrix(c, "A", false);
  if (b.failed())
    return {};
  bool pivot = c.flag("pivot", true);
  LU f = luOf(b, a, pivot);
  auto [lower, upper] = partsOf(b, f.factors);
  Value p = pivot ? permutationOf(b, f.pivots, rowsOf(b, a), b.dtype(a)) : b.full({b.size(0)}, 0.0, b.dtype(a));
  return {p, lower, upper};
}
Result luUnpack(OpCall &c) {
  GraphBuilder &b = c.b;
  Value factors = c.value("LU_data"), pivots = b.cast(c.value("LU_pivots"), kInt);
  Value nothing = b.full({b.size(0)}, 0.0, b.dtype(factors));
  Value p = c.flag("unpack_pivots", true) ? permutationOf(b, pivots, rowsOf(b, factors), b.dtype(factors)) : nothing;
  if (!c.flag("unpack_data", true))
    return {p, nothing, nothing};
  auto [lower, upper] = partsOf(b, factors);
  return {p, lower, upper};
}

/// A given by its factors; X A = B as A^T X^T = B^T.
Result luSolveWith(OpCall &c) {
  GraphBuilder &b = c.b;
  bool old = c.schema.name == "lu_solve";
  Value factors = c.value(old ? "LU_data" : "LU"), pivots = b.cast(c.value(old ? "LU_pivots" : "pivots"), kInt);
  Value x = c.value(old ? "self" : "B");
  bool left = c.flag("left", true), adjoint = c.flag("adjoint");
  Sizes batch = b.broadcastSizes(batchOf(b, factors), batchOf(b, x)), line = batch;
  line.push_back(columnsOf(b, pivots));
  factors = withBatch(b, factors, batch);
  pivots = b.expand(pivots, line);
  x = withBatch(b, x, batch);
  if (left)
    return luSolve(b, factors, pivots, x, adjoint ? 2 : 0);
  // X op(A) = B is op(A)^H X^H = B^H.
  return adjointOf(b, luSolve(b, factors, pivots, adjointOf(b, x), adjoint ? 0 : 2));
}

//===----------------------------------------------------------------------===//
// Solving and inverting
//===----------------------------------------------------------------------===//

struct Solved {
  Value x, info;
  LU factors;
};

Solved solve(OpCall &c, Value a, Value x, bool left) {
  GraphBuilder &b = c.b;
  // One vector for each matrix?
  bool vector = b.rank(x) == 1;
  if (!vector && b.rank(x) + 1 == b.rank(a)) {
    AV same = AV::boolean(true);
    std::optional<bool> recorded = true;
    for (int64_t d = 0; d < b.rank(x); ++d) {
      same = b.andBool(same, b.compareInt(arith::CmpIPredicate::eq, b.size(x, d), b.size(a, d)));
      std::optional<int64_t> n = b.recorded(b.size(x, d)), m = b.recorded(b.size(a, d));
      recorded = recorded && n && m ? std::optional(*recorded && *n == *m) : std::nullopt;
    }
    vector = assume(b, c.schema.name, same, recorded, false, "B is a batch of vectors, one for each matrix of A", {});
    for (int64_t d = 0; vector && d < b.rank(x); ++d)
      b.learnEqual(b.size(x, d), b.size(a, d));
  }
  if (vector)
    x = b.unsqueeze(x, b.rank(x));
  if (!left && !vector)
    x = adjointOf(b, x);
  b.checkEqual(rowsOf(b, x), rowsOf(b, a), "RuntimeError",
               "linalg.solve: Incompatible shapes of A and B for the equation AX = B ({0}x{0} and {1})",
               {rowsOf(b, a), rowsOf(b, x)});
  x = b.refine(x);
  a = b.refine(a);
  LU f = luOf(b, a);
  Sizes batch = b.broadcastSizes(batchOf(b, a), batchOf(b, x)), line = batch;
  line.push_back(columnsOf(b, f.pivots));
  Value out = luSolve(b, withBatch(b, f.factors, batch), b.expand(f.pivots, line), withBatch(b, x, batch),
                      left || vector ? 0 : 2);
  if (!left && !vector)
    out = adjointOf(b, out);
  return {vector ? b.squeeze(out, b.rank(out) - 1) : out, f.info, f};
}

constexpr const char *solveSingular = "torch.linalg.solve: The solver failed because the input matrix is singular.";
constexpr const char *invSingular = "linalg.inv: The diagonal element {0} is zero, the inversion could not be "
                                    "completed because the input matrix is singular.";

Result linalgSolve(OpCall &c) {
  Value a = matrix(c, "A", true);
  if (c.b.failed())
    return {};
  Solved s = solve(c, a, c.b.cast(c.value("B"), c.b.dtype(a)), c.flag("left", true));
  checkInfo(c.b, s.info, solveSingular);
  return s.x;
}
Result linalgSolveEx(OpCall &c) {
  Value a = matrix(c, "A", true);
  if (c.b.failed())
    return {};
  Solved s = solve(c, a, c.b.cast(c.value("B"), c.b.dtype(a)), c.flag("left", true));
  if (c.flag("check_errors"))
    checkInfo(c.b, s.info, solveSingular);
  if (c.schema.name == "_linalg_solve_ex")
    return {s.x, s.factors.factors, s.factors.pivots, s.info};
  return {s.x, s.info};
}

std::pair<Value, Value> inverseOf(GraphBuilder &b, Value a) {
  LU f = luOf(b, a);
  Value one = b.expand(identity(b, rowsOf(b, a), rowsOf(b, a), b.dtype(a)), b.sizes(a));
  return {luSolve(b, f.factors, f.pivots, one), f.info};
}
Result inverse(OpCall &c) {
  Value a = matrix(c, c.schema.arguments[0].name, true);
  if (c.b.failed())
    return {};
  auto [x, info] = inverseOf(c.b, a);
  checkInfo(c.b, info, invSingular);
  return x;
}
Result inverseEx(OpCall &c) {
  Value a = matrix(c, "A", true);
  if (c.b.failed())
    return {};
  auto [x, info] = inverseOf(c.b, a);
  if (c.flag("check_errors"))
    checkInfo(c.b, info, invSingular);
  return {x, info};
}

Int productOf(GraphBuilder &b, ArrayRef<Int> sizes) {
  Int n = b.size(1);
  for (Int s : sizes)
    n = mul(n, s);
  return n;
}
Result tensorInverse(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t index = c.constInt("ind", 2);
  if (index <= 0)
    b.raise("RuntimeError", "Expected a strictly positive integer for 'ind', but got " + Twine(index));
  if (b.failed())
    return {};
  Sizes sizes = b.sizes(v), first(sizes.begin(), sizes.begin() + std::min<size_t>(index, sizes.size())),
        rest(sizes.begin() + first.size(), sizes.end());
  b.checkEqual(
      productOf(b, first), productOf(b, rest), "RuntimeError",
      "Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got {1} != {0}",
      {productOf(b, first), productOf(b, rest)});
  Int n = b.resolve(productOf(b, rest));
  auto [x, info] = inverseOf(b, b.reshape(b.refine(v), {n, n}));
  checkInfo(b, info, invSingular);
  rest.append(first.begin(), first.end());
  return b.reshape(x, rest);
}
Result tensorSolve(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = c.value("self"), x = c.value("other");
  int64_t rank = b.rank(a);
  if (c.has("dims")) { // moved to the end
    Dims moved = c.dims("dims", rank, false), order;
    for (int64_t d = 0; d < rank; ++d)
      if (!llvm::is_contained(moved, d))
        order.push_back(d);
    order.append(moved.begin(), moved.end());
    a = b.permute(a, order);
  }
  Sizes sizes = b.sizes(a), result(sizes.begin() + std::min(b.rank(x), rank), sizes.end());
  Int n = productOf(b, result);
  b.checkEqual(
      n, b.numel(x), "RuntimeError",
      "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), "
      "but got {0} != {1}",
      {n, b.numel(x)});
  if (b.failed())
    return {};
  Solved s =
      solve(c, b.reshape(b.refine(a), {b.resolve(n), b.resolve(n)}), b.reshape(b.refine(x), {b.resolve(n)}), true);
  checkInfo(b, s.info, solveSingular);
  return b.reshape(s.x, result);
}

//===----------------------------------------------------------------------===//
// Determinants
//===----------------------------------------------------------------------===//

/// 1 or -1 by the number of exchanges, as [..].
Value signOf(GraphBuilder &b, Value pivots, int64_t dtype) {
  int64_t last = b.rank(pivots) - 1;
  Value places = b.add(b.iota(b.sizes(pivots), last, kInt), 1.0);
  Value exchanged = b.cast(b.compare<graph::NeOp>(pivots, places), int64_t(DType::Int64));
  Value count = b.reduce<graph::SumOp>(exchanged, {last}, false);
  Value odd = b.binary<graph::RemainderOp>(count, b.scalarInt(2, int64_t(DType::Int64)));
  return b.add(b.mul(b.cast(odd, dtype), -2.0), 1.0);
}
Value determinantOf(GraphBuilder &b, const LU &f) {
  Value d = diagonal(b, f.factors);
  return b.mul(b.reduce<graph::ProdOp>(d, {b.rank(d) - 1}, false), signOf(b, f.pivots, b.dtype(d)));
}
Result determinant(OpCall &c) {
  Value a = matrix(c, c.schema.arguments[0].name, true);
  if (c.b.failed())
    return {};
  LU f = luOf(c.b, a);
  Value d = determinantOf(c.b, f);
  if (c.schema.name == "_linalg_det")
    return {d, f.factors, f.pivots};
  return d;
}
struct SignLog {
  Value sign, log;
  LU factors;
};
SignLog signLog(GraphBuilder &b, Value a) {
  LU f = luOf(b, a);
  Value d = diagonal(b, f.factors);
  int64_t last = b.rank(d) - 1, real = b.isComplex(b.dtype(a)) ? b.realOf(b.dtype(a)) : b.dtype(a);
  Value size, unit;
  if (b.isComplex(b.dtype(a))) {
    size = b.predicate<graph::ComplexAbsOp>(d, real);
    unit = b.div(
        d, b.cast(b.where(b.compare<graph::EqOp>(size, b.scalar(0.0, real)), b.full(b.sizes(size), 1.0, real), size),
                  b.dtype(a)));
  } else {
    size = b.unary<graph::AbsOp>(d);
    unit = b.unary<graph::SignOp>(d);
  }
  Value sign = b.mul(b.reduce<graph::ProdOp>(unit, {last}, false), signOf(b, f.pivots, b.dtype(a)));
  return {sign, b.reduce<graph::SumOp>(b.unary<graph::LogOp>(size), {last}, false), f};
}
Result signLogDeterminant(OpCall &c) {
  Value a = matrix(c, c.schema.arguments[0].name, true);
  if (c.b.failed())
    return {};
  SignLog s = signLog(c.b, a);
  if (c.schema.name == "_linalg_slogdet")
    return {s.sign, s.log, s.factors.factors, s.factors.pivots};
  return {s.sign, s.log};
}
Result logDeterminant(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = matrix(c, "self", true);
  if (b.failed())
    return {};
  SignLog s = signLog(b, a);
  if (b.isComplex(b.dtype(a)))
    return b.add(b.unary<graph::LogOp>(s.sign), b.cast(s.log, b.dtype(a)));
  // The logarithm of a negative determinant is NaN.
  Value negative = b.compare<graph::EqOp>(s.sign, b.scalar(-1.0, b.dtype(s.sign)));
  return b.where(negative, b.full(b.sizes(s.log), NAN, b.dtype(s.log)), s.log);
}

//===----------------------------------------------------------------------===//
// Cholesky
//===----------------------------------------------------------------------===//

constexpr const char *notPositive =
    "linalg.cholesky: The factorization could not be completed because the input is not "
    "positive-definite (the leading minor of order {0} is not positive-definite).";

Result cholesky(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = matrix(c, "self", true);
  if (b.failed())
    return {};
  Sizes batch = batchOf(b, a);
  Values v = native(b, "cholesky", {a}, {{b.sizes(a), b.dtype(a)}, {batch, kInt}}, batch.size(), {c.flag("upper")});
  bool ex = c.schema.name == "linalg_cholesky_ex";
  if (!ex || c.flag("check_errors"))
    checkInfo(b, v[1], notPositive);
  if (ex)
    return {v[0], v[1]};
  return v[0];
}
/// Solves with L L^H (or U^H U).
Value choleskySolveWith(GraphBuilder &b, Value factor, Value x, bool upper) {
  return solveTriangular(b, factor, solveTriangular(b, factor, x, upper, false, upper ? 2 : 0), upper, false,
                         upper ? 0 : 2);
}
Result choleskySolve(OpCall &c) {
  GraphBuilder &b = c.b;
  Value x = matrix(c, "self", false), factor = matrix(c, "input2", true);
  if (b.failed())
    return {};
  Sizes batch = b.broadcastSizes(batchOf(b, x), batchOf(b, factor));
  return choleskySolveWith(b, withBatch(b, factor, batch), withBatch(b, x, batch), c.flag("upper"));
}
Result choleskyInverse(OpCall &c) {
  GraphBuilder &b = c.b;
  Value factor = matrix(c, "self", true);
  if (b.failed())
    return {};
  Value one = b.expand(identity(b, rowsOf(b, factor), rowsOf(b, factor), b.dtype(factor)), b.sizes(factor));
  return choleskySolveWith(b, factor, one, c.flag("upper"));
}

/// L D L^T (or L D L^H) of a lower triangle: LD, pivots, info.
Result ldlFactor(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = matrix(c, "self", true);
  if (b.failed())
    return {};
  Sizes batch = batchOf(b, a), pivots = batch;
  pivots.push_back(rowsOf(b, a));
  bool ex = c.schema.name == "linalg_ldl_factor_ex";
  Values v = native(b, "ldl_factor", {a}, {{b.sizes(a), b.dtype(a)}, {pivots, kInt}, {batch, kInt}}, batch.size(),
                    {c.flag("hermitian")});
  if (!ex || c.flag("check_errors"))
    checkInfo(b, v[2],
              "torch.linalg.ldl_factor: (Batch element 0): The diagonal element {0} is zero, the solve could "
              "not be completed because the input matrix is singular.");
  return ex ? Result{v[0], v[1], v[2]} : Result{v[0], v[1]};
}
Result ldlSolve(OpCall &c) {
  GraphBuilder &b = c.b;
  Value ld = matrix(c, "LD", true), x = matrix(c, "B", false), pivots = c.value("pivots");
  if (b.failed())
    return {};
  if (b.rank(pivots) != b.rank(ld) - 1 || !b.isIntegral(b.dtype(pivots), false))
    b.raise("RuntimeError", "torch.linalg.ldl_solve: Expected pivots to be integers, one for each row of LD");
  else if (b.dtype(ld) != b.dtype(x))
    b.raise("RuntimeError", "torch.linalg.ldl_solve: Expected LD and B to have the same dtype");
  if (b.failed())
    return {};
  b.checkEqual(rowsOf(b, ld), rowsOf(b, x), "RuntimeError",
               "linalg_ldl_solve: Incompatible shapes of A and B for the equation AX = B ({0}x{0} and {1}x{2})",
               {rowsOf(b, ld), rowsOf(b, x), columnsOf(b, x)});
  ld = b.refine(ld);
  Sizes batch = b.broadcastSizes(batchOf(b, ld), batchOf(b, x)), rows = batch;
  rows.push_back(rowsOf(b, ld));
  x = withBatch(b, b.refine(x), batch);
  pivots = b.expand(b.refine(b.cast(pivots, kInt)), rows);
  return native(b, "ldl_solve", {withBatch(b, ld, batch), pivots, x}, {{b.sizes(x), b.dtype(x)}}, batch.size(),
                {c.flag("hermitian")})[0];
}

//===----------------------------------------------------------------------===//
// Triangles and QR
//===----------------------------------------------------------------------===//

Result linalgSolveTriangular(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = matrix(c, "self", true), x = matrix(c, "B", false);
  bool upper = c.flag("upper"), unit = c.flag("unitriangular"), left = c.flag("left", true);
  if (b.failed())
    return {};
  Sizes batch = b.broadcastSizes(batchOf(b, a), batchOf(b, x));
  a = withBatch(b, a, batch);
  x = withBatch(b, x, batch);
  if (left)
    return solveTriangular(b, a, x, upper, unit, 0);
  int64_t r = b.rank(x);
  return b.transpose(solveTriangular(b, a, b.transpose(x, r - 2, r - 1), upper, unit, 1), r - 2, r - 1);
}
Result triangularSolve(OpCall &c) { // solution, copy of A
  GraphBuilder &b = c.b;
  Value a = matrix(c, "A", true), x = matrix(c, "self", false);
  if (b.failed())
    return {};
  Sizes batch = b.broadcastSizes(batchOf(b, a), batchOf(b, x));
  a = withBatch(b, a, batch);
  return {solveTriangular(b, a, withBatch(b, x, batch), c.flag("upper", true), c.flag("unitriangular"),
                          c.flag("transpose") ? 1 : 0),
          a};
}

std::pair<Value, Value> reflectors(GraphBuilder &b, Value a) {
  Sizes tau = batchOf(b, a);
  tau.push_back(b.minInt(rowsOf(b, a), columnsOf(b, a)));
  Values v = native(b, "geqrf", {a}, {{b.sizes(a), b.dtype(a)}, {tau, b.dtype(a)}}, tau.size() - 1);
  return {v[0], v[1]};
}
Value columnsOfQ(GraphBuilder &b, Value a, Value tau, Int columns) {
  Sizes sizes = b.sizes(a);
  sizes.back() = columns;
  return native(b, "householder_product", {a, tau}, {{sizes, b.dtype(a)}}, sizes.size() - 2)[0];
}
Result geqrf(OpCall &c) {
  Value a = matrix(c, "self", false);
  if (c.b.failed())
    return {};
  auto [v, tau] = reflectors(c.b, a);
  return {v, tau};
}
Result qr(OpCall &c) {
  GraphBuilder &b = c.b;
  bool old = c.schema.name == "qr";
  Value a = matrix(c, old ? "self" : "A", false);
  std::string mode = old ? (c.flag("some", true) ? "reduced" : "complete") : c.string("mode", "reduced");
  if (mode != "reduced" && mode != "complete" && mode != "r")
    b.raise("RuntimeError",
            "qr received unrecognized mode '" + mode + "' but expected one of 'reduced' (default), 'r', or 'complete'");
  if (b.failed())
    return {};
  auto [v, tau] = reflectors(b, a);
  Int rows = rowsOf(b, a), k = mode == "complete" ? rows : b.minInt(rows, columnsOf(b, a));
  Value r = triangle(b, mode == "complete" ? v : b.slice(v, b.rank(v) - 2, b.size(0), k), true, 0);
  if (mode == "r")
    return {b.full({b.size(0)}, 0.0, b.dtype(a)), r};
  return {columnsOfQ(b, v, tau, k), r};
}
Result householderProduct(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = matrix(c, c.schema.arguments[0].name, false), tau = c.value(c.schema.arguments[1].name);
  if (b.failed())
    return {};
  return columnsOfQ(b, a, tau, columnsOf(b, a));
}
Result ormqr(OpCall &c) {
  GraphBuilder &b = c.b;
  Value a = matrix(c, "self", false), x = c.value("input3");
  if (b.failed())
    return {};
  return native(b, "ormqr", {a, c.value("input2"), x}, {{b.sizes(x), b.dtype(x)}}, b.rank(x) - 2,
                {c.flag("left", true), c.flag("transpose")})[0];
}
Result matrixExp(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value(c.schema.arguments[0].name), wide = b.cast(v, computeDType(b.dtype(v)));
  OpCall of(b, c.schema, {b.fresh(wide)});
  Value a = matrix(of, c.schema.arguments[0].name, true);
  if (b.failed())
    return {};
  return b.cast(native(b, "matrix_exp", {a}, {{b.sizes(a), b.dtype(a)}}, b.rank(a) - 2)[0], b.dtype(v));
}
Result vander(OpCall &c) {
  GraphBuilder &b = c.b;
  Value x = c.value("x");
  if (b.rank(x) == 0)
    x = b.unsqueeze(x, 0);
  Int n = c.has("N") ? c.integer("N") : b.size(x, b.rank(x) - 1);
  int64_t dtype = b.isIntegral(b.dtype(x), true) ? int64_t(DType::Int64) : b.dtype(x);
  Sizes sizes = b.sizes(x);
  sizes.push_back(n);
  if (c.schema.name == "vander" && b.rank(x) != 1) {
    b.raise("RuntimeError", "x must be a one-dimensional tensor.");
    return {};
  }
  // 1 and then running products, as torch.
  Value base = b.expand(b.unsqueeze(b.cast(x, dtype), b.rank(x)), sizes);
  Value first =
      b.compare<graph::EqOp>(b.iota(sizes, b.rank(x), int64_t(DType::Int64)), b.scalarInt(0, int64_t(DType::Int64)));
  Value factors = b.where(first, b.full(sizes, 1.0, dtype), base);
  Value powers = graph::CumprodOp::create(b.b, b.loc, factors.getType(), factors, b.b.getI64IntegerAttr(b.rank(x)));
  bool falling = c.schema.name == "vander" && !c.flag("increasing");
  return falling ? b.flip(powers, {1}) : powers;
}

const OperatorRow rows[] = {
    {"aten::linalg_lu_factor_ex", luFactorEx},
    {"aten::_lu_with_info", luFactorEx},
    {"aten::linalg_lu_factor", luFactor},
    {"aten::linalg_lu", lu},
    {"aten::lu_unpack", luUnpack},
    {"aten::linalg_lu_solve", luSolveWith},
    {"aten::lu_solve", luSolveWith},
    {"aten::linalg_solve", linalgSolve},
    {"aten::linalg_solve_ex", linalgSolveEx},
    {"aten::_linalg_solve_ex", linalgSolveEx},
    {"aten::linalg_inv", inverse},
    {"aten::inverse", inverse},
    {"aten::linalg_inv_ex", inverseEx},
    {"aten::linalg_tensorinv", tensorInverse},
    {"aten::linalg_tensorsolve", tensorSolve},
    {"aten::linalg_det", determinant},
    {"aten::det", determinant},
    {"aten::_linalg_det", determinant},
    {"aten::linalg_slogdet", signLogDeterminant},
    {"aten::slogdet", signLogDeterminant},
    {"aten::_linalg_slogdet", signLogDeterminant},
    {"aten::logdet", logDeterminant},
    {"aten::linalg_cholesky", cholesky},
    {"aten::cholesky", cholesky},
    {"aten::linalg_ldl_factor", ldlFactor},
    {"aten::linalg_ldl_factor_ex", ldlFactor},
    {"aten::linalg_ldl_solve", ldlSolve},
    {"aten::linalg_cholesky_ex", cholesky},
    {"aten::cholesky_solve", choleskySolve},
    {"aten::cholesky_inverse", choleskyInverse},
    {"aten::linalg_solve_triangular", linalgSolveTriangular},
    {"aten::triangular_solve", triangularSolve},
    {"aten::geqrf", geqrf},
    {"aten::linalg_qr", qr},
    {"aten::qr", qr},
    {"aten::linalg_householder_product", householderProduct},
    {"aten::orgqr", householderProduct},
    {"aten::ormqr", ormqr},
    {"aten::matrix_exp", matrixExp},
    {"aten::linalg_matrix_exp", matrixExp},
    {"aten::linalg_vander", vander},
    {"aten::vander", vander},
};

} // namespace

ArrayRef<OperatorRow> eval::factorizationOperators() { return rows; }
