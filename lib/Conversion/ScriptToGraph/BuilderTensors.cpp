//===- BuilderTensors.cpp - tensor values and broadcasting ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "GraphBuilder.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Predicate = arith::CmpIPredicate;

//===----------------------------------------------------------------------===//
// Constants and numbers
//===----------------------------------------------------------------------===//

static Attribute elementAttr(Type type, const AV &number) {
  double re = number.is(AV::Kind::Int) ? double(*number.knownInt()) : number.re();
  if (auto f = dyn_cast<FloatType>(type)) {
    APFloat value(re);
    bool loses;
    value.convert(f.getFloatSemantics(), APFloat::rmNearestTiesToEven, &loses);
    return FloatAttr::get(type, value);
  }
  auto i = cast<IntegerType>(type);
  if (i.getWidth() == 1)
    return BoolAttr::get(type.getContext(), re != 0);
  int64_t n;
  if (number.is(AV::Kind::Int))
    n = *number.knownInt();
  else // as C++ converts: truncated; out of range is INT64_MIN on x86
    n = re >= -9223372036854775808.0 && re < 9223372036854775808.0 ? int64_t(re) : INT64_MIN;
  return IntegerAttr::get(type, APInt(64, uint64_t(n)).sextOrTrunc(i.getWidth()));
}

static DenseElementsAttr splat(RankedTensorType type, const AV &number) {
  if (auto c = dyn_cast<ComplexType>(type.getElementType())) {
    auto part = [&](double x) {
      APFloat value(x);
      bool loses;
      value.convert(cast<FloatType>(c.getElementType()).getFloatSemantics(), APFloat::rmNearestTiesToEven, &loses);
      return value;
    };
    double re = number.is(AV::Kind::Int) ? double(*number.knownInt()) : number.re();
    return DenseElementsAttr::get(type, std::complex<APFloat>(part(re), part(number.im())));
  }
  return DenseElementsAttr::get(type, elementAttr(type.getElementType(), number));
}

Value GraphBuilder::constant(DenseElementsAttr value) {
  return graph::ConstantOp::create(b, loc, value.getType(), value);
}

Value GraphBuilder::constantInts(ArrayRef<int64_t> values) {
  return constant(DenseElementsAttr::get(RankedTensorType::get({int64_t(values.size())}, b.getI64Type()), values));
}

Value GraphBuilder::scalar(const AV &number, int64_t dtype) {
  RankedTensorType t = tensorType({}, dtype);
  if (number.isKnownNumber()) {
    if (isa<ComplexType>(t.getElementType()) || !number.is(AV::Kind::Complex))
      return constant(splat(t, number));
    unsupported("a complex number cannot be converted to " + dtypeName(dtype));
    return constant(splat(t, AV::real(0)));
  }
  if (number.is(AV::Kind::Complex)) {
    if (!isa<ComplexType>(t.getElementType())) {
      unsupported("a complex number cannot be converted to " + dtypeName(dtype));
      return constant(splat(t, AV::real(0)));
    }
    Value re = scalar(AV::runtime(number.getSSA()), realOf(dtype));
    return graph::ComplexOp::create(b, loc, t, re, scalar(AV::runtime(number.getImaginarySSA()), realOf(dtype)));
  }
  Value host = number.is(AV::Kind::Int) ? toIndex(number.getInt()) : number.getSSA();
  Type element = t.getElementType();
  if (isa<ComplexType>(element)) { // from_scalar makes real elements only
    Value real = scalar(number, realOf(dtype));
    return cast(real, dtype);
  }
  Value v = graph::FromScalarOp::create(b, loc, t, host);
  if (number.is(AV::Kind::Int) && isIntegral(dtype, false))
    scalars[v] = number;
  return v;
}

Operand GraphBuilder::wrap(const AV &number) {
  int64_t d = int64_t(DType::Int64);
  if (number.is(AV::Kind::Float))
    d = int64_t(DType::Float64);
  else if (number.is(AV::Kind::Bool))
    d = int64_t(DType::Bool);
  else if (number.is(AV::Kind::Complex))
    d = int64_t(DType::Complex128);
  return {scalar(number, d), true};
}

Value GraphBuilder::full(ArrayRef<Int> sizes, const AV &number, int64_t dtype) {
  RankedTensorType t = tensorType(sizes, dtype);
  if (t.getRank() == 0)
    return scalar(number, dtype);
  return graph::FullOp::create(b, loc, t, scalar(number, dtype));
}

Value GraphBuilder::iota(ArrayRef<Int> sizes, int64_t dim, int64_t dtype) {
  return graph::IotaOp::create(b, loc, tensorType(sizes, dtype), b.getI64IntegerAttr(dim));
}

Value GraphBuilder::placeholder(ArrayRef<Int> sizes, int64_t dtype) { return full(sizes, AV::real(0), dtype); }

std::optional<AV> GraphBuilder::knownScalar(Value v) const {
  auto it = scalars.find(v);
  if (it != scalars.end())
    return it->second;
  auto c = v.getDefiningOp<graph::ConstantOp>();
  if (!c)
    return std::nullopt;
  auto dense = dyn_cast<DenseElementsAttr>(c.getValue());
  if (!dense || dense.getNumElements() != 1)
    return std::nullopt;
  Type t = dense.getElementType();
  if (isa<FloatType>(t))
    return AV::real((*dense.getValues<FloatAttr>().begin()).getValueAsDouble());
  if (auto i = dyn_cast<IntegerType>(t)) {
    APInt n = *dense.getValues<APInt>().begin();
    if (i.getWidth() == 1)
      return AV::boolean(!n.isZero());
    return AV::integer(i.isUnsigned() ? int64_t(n.getZExtValue()) : n.getSExtValue(), context());
  }
  if (isa<ComplexType>(t)) {
    auto z = *dense.getValues<std::complex<APFloat>>().begin();
    return AV::complexNumber(z.real().convertToDouble(), z.imag().convertToDouble());
  }
  return std::nullopt;
}

void GraphBuilder::setKnownScalar(Value v, const AV &number) { scalars[v] = number; }

/// Traced programs compute sizes with rank-0 tensors (prim::NumToTensor, then
/// aten::mul): their values stay known to the host.
Value GraphBuilder::note(Value v) {
  if (rank(v) != 0 || !isIntegral(dtype(v), false))
    return v;
  Operation *op = v.getDefiningOp();
  if (op->getNumOperands() == 0 || op->getNumOperands() > 2)
    return v;
  SmallVector<Int> in;
  for (Value o : op->getOperands()) {
    if (!isa<RankedTensorType>(o.getType()) || !isIntegral(dtype(o), false))
      return v;
    std::optional<AV> k = knownScalar(o);
    if (!k || !k->is(AV::Kind::Int))
      return v;
    in.push_back(k->getInt());
  }
  std::optional<Int> result;
  if (isa<graph::CastOp>(op))
    result = in[0];
  else if (isa<graph::NegOp>(op))
    result = eval::mul(in[0], size(-1));
  else if (isa<graph::AddOp>(op))
    result = eval::add(in[0], in[1]);
  else if (isa<graph::SubOp>(op))
    result = eval::sub(in[0], in[1]);
  else if (isa<graph::MulOp>(op))
    result = eval::mul(in[0], in[1]);
  else if (isa<graph::FloorDivideOp>(op) && known(in[1]).value_or(0) != 0)
    result = floorDivInt(in[0], in[1]);
  else if (isa<graph::TruncDivideOp>(op) && known(in[1]).value_or(0) > 0 && range(in[0]).min >= 0)
    result = floorDivInt(in[0], in[1]);
  else if (isa<graph::RemainderOp>(op) && known(in[1]).value_or(0) != 0)
    result = modInt(in[0], in[1]);
  if (result)
    scalars[v] = AV::integer(*result);
  return v;
}

AV GraphBuilder::item(Value v) {
  if (rank(v) != 0) {
    check(compareInt(Predicate::eq, numel(v), size(1)), "RuntimeError",
          "a Tensor with {0} elements cannot be converted to Scalar", {numel(v)});
    v = reshape(v, {});
  }
  if (std::optional<AV> k = knownScalar(v))
    return *k;
  int64_t d = dtype(v);
  if (isComplex(d)) {
    Value re = toF64(item(predicate<graph::RealOp>(v, realOf(d)))),
          im = toF64(item(predicate<graph::ImagOp>(v, realOf(d))));
    return AV::runtimeComplex(re, im);
  }
  if (isFloating(d))
    return AV::runtime(graph::ItemOp::create(b, loc, b.getF64Type(), v));
  if (d == int64_t(DType::Bool))
    return AV::runtime(graph::ItemOp::create(b, loc, b.getI1Type(), v));
  Value host = graph::ItemOp::create(b, loc, b.getI64Type(), v);
  AV number = AV::integer(fromSSA(host));
  scalars[v] = number;
  return number;
}

//===----------------------------------------------------------------------===//
// Broadcasting
//===----------------------------------------------------------------------===//

Value GraphBuilder::refine(Value v) {
  if (equalities.empty())
    return v;
  RankedTensorType t = type(v);
  Sizes resolved;
  for (Int s : sizes(v))
    resolved.push_back(resolve(s));
  RankedTensorType r = tensorType(resolved, t.getElementType());
  return r == t ? v : Value(graph::ReshapeOp::create(b, loc, r, v));
}

Int GraphBuilder::broadcastSize(Int a, Int c, int64_t dim, int64_t totalRank) {
  a = resolve(a);
  c = resolve(c);
  if (equal(a, c) || isKnown(c, 1))
    return a;
  if (isKnown(a, 1))
    return c;
  std::optional<int64_t> ka = known(a), kc = known(c);
  std::string message = "The size of tensor a ({0}) must match the size of tensor b ({1}) "
                        "at non-singleton dimension " +
                        std::to_string(dim);
  if (ka && kc) {
    check(AV::boolean(false), "RuntimeError", message, {a, c});
    return a;
  }
  // n against min(n, k), k >= 2 (a table of positions cut to the sequence): it
  // broadcasts exactly when both are equal, and they stay equal.
  for (auto [x, y] : {std::pair(a, c), std::pair(c, a)})
    if (Int whole = minimumOf.lookup(x); whole && equal(resolve(whole), y)) {
      checkEqual(a, c, "RuntimeError", message, {a, c});
      return resolve(y);
    }
  AV same = compareInt(Predicate::eq, a, c);
  AV ok = same;
  if (!kc)
    ok = orBool(ok, compareInt(Predicate::eq, c, size(1)));
  if (!ka)
    ok = orBool(ok, compareInt(Predicate::eq, a, size(1)));
  check(ok, "RuntimeError", message, {a, c});
  if (ka)
    return a;
  if (kc)
    return c;
  enum { Broadcast = 100 };
  return memoized(Broadcast, a, c, [&] {
    AV one = compareInt(Predicate::eq, a, size(1));
    Int common = selectInt(one, c, a);
    if (std::optional<int64_t> x = recorded(a), y = recorded(c); x && y && isa<AffineSymbolExpr>(common))
      symbols[cast<AffineSymbolExpr>(common).getPosition()].recorded = *x == 1 ? *y : *x;
    return common;
  });
}

/// From the last dimension, as torch does: of several that do not fit, the error names the last.
Sizes GraphBuilder::broadcastSizes(ArrayRef<Int> a, ArrayRef<Int> c) {
  if (a.size() < c.size()) {
    // Messages name the operands in order: keep a first.
    Sizes out(c.begin(), c.end());
    for (size_t i = a.size(); i-- > 0;) {
      size_t d = c.size() - a.size() + i;
      out[d] = broadcastSize(a[i], c[d], d, c.size());
    }
    return out;
  }
  Sizes out(a.begin(), a.end());
  for (size_t i = c.size(); i-- > 0;) {
    size_t d = a.size() - c.size() + i;
    out[d] = broadcastSize(a[d], c[i], d, a.size());
  }
  return out;
}

Value GraphBuilder::expand(Value v, ArrayRef<Int> to) {
  RankedTensorType t = tensorType(to, type(v).getElementType());
  if (t == type(v))
    return v;
  v = refine(v);
  if (rank(v) > int64_t(to.size()))
    return placeholder(to, dtype(v));
  bool renamed = rank(v) == int64_t(to.size());
  Sizes own = sizes(v); // reverse() keeps no temporary
  for (auto [have, want] : llvm::zip(llvm::reverse(own), llvm::reverse(to))) {
    std::optional<int64_t> h = known(have), w = known(want);
    if (h && w && *h != *w && *h != 1)
      return placeholder(to, dtype(v)); // has raised already
    renamed &= equal(resolve(have), resolve(want));
  }
  if (renamed) // the same sizes, provably: only their expressions differ
    return graph::ReshapeOp::create(b, loc, t, v);
  Value out = graph::ExpandOp::create(b, loc, t, v);
  if (auto k = knownScalar(v); k && t.getRank() == 0)
    scalars[out] = *k;
  return out;
}

Values GraphBuilder::broadcast(ArrayRef<Value> values) {
  Sizes common = sizes(values[0]);
  for (Value v : values.drop_front())
    common = broadcastSizes(common, sizes(v));
  Values out;
  for (Value v : values)
    out.push_back(expand(v, common));
  return out;
}

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

Value GraphBuilder::cast(Value v, int64_t to) {
  if (dtype(v) == to)
    return v;
  if (isComplex(dtype(v)) && !isComplex(to)) {
    Value real = predicate<graph::RealOp>(v, realOf(dtype(v)));
    return cast(real, to);
  }
  if (isComplex(to) && !isComplex(dtype(v))) {
    Value real = cast(v, realOf(to));
    Value zero = full(sizes(real), 0.0, realOf(to));
    return graph::ComplexOp::create(b, loc, tensorType(sizes(real), to), real, zero);
  }
  if (rank(v) == 0)
    if (std::optional<AV> k = knownScalar(v); k && k->isKnownNumber() && !k->is(AV::Kind::Complex))
      if (v.getDefiningOp<graph::ConstantOp>())
        return scalar(*k, to);
  return predicate<graph::CastOp>(v, to);
}

Value GraphBuilder::reshape(Value v, ArrayRef<Int> to) {
  RankedTensorType t = tensorType(to, type(v).getElementType());
  if (t == type(v))
    return v;
  std::optional<int64_t> have = known(numel(v)), want = known(numElements(to, context()));
  if (have && want && *have != *want) {
    if (!failed())
      unsupported("sizes of a reshape do not fit");
    return placeholder(to, dtype(v));
  }
  Value out = graph::ReshapeOp::create(b, loc, t, v);
  if (std::optional<AV> k = knownScalar(v))
    scalars[out] = *k;
  return out;
}

Value GraphBuilder::permute(Value v, ArrayRef<int64_t> permutation) {
  Sizes in = sizes(v), out;
  bool identity = true;
  for (auto [i, d] : llvm::enumerate(permutation)) {
    out.push_back(in[d]);
    identity &= int64_t(i) == d;
  }
  if (identity)
    return v;
  return graph::PermuteOp::create(b, loc, tensorType(out, type(v).getElementType()), v,
                                  b.getDenseI64ArrayAttr(permutation));
}

Value GraphBuilder::transpose(Value v, int64_t dim0, int64_t dim1) {
  Dims p;
  for (int64_t d = 0; d < rank(v); ++d)
    p.push_back(d == dim0 ? dim1 : d == dim1 ? dim0 : d);
  return permute(v, p);
}

Value GraphBuilder::slice(Value v, int64_t dim, Int start, Int count, int64_t step) {
  Sizes out = sizes(v);
  if (isKnown(start, 0) && step == 1 && equal(out[dim], count))
    return v;
  out[dim] = count;
  return graph::SliceOp::create(b, loc, tensorType(out, type(v).getElementType()), v, toIndex(start),
                                b.getI64IntegerAttr(dim), b.getI64IntegerAttr(step));
}

Value GraphBuilder::select(Value v, int64_t dim, Int index) { return squeeze(slice(v, dim, index, size(1)), dim); }

Value GraphBuilder::unsqueeze(Value v, int64_t dim) {
  Sizes s = sizes(v);
  s.insert(s.begin() + dim, size(1));
  return reshape(v, s);
}

Value GraphBuilder::squeeze(Value v, int64_t dim) {
  Sizes s = sizes(v);
  s.erase(s.begin() + dim);
  return reshape(v, s);
}

Value GraphBuilder::flatten(Value v) { return reshape(v, {numel(v)}); }

Value GraphBuilder::concat(ArrayRef<Value> values, int64_t dim) {
  if (values.size() == 1)
    return values[0];
  Sizes out = sizes(values[0]);
  for (Value v : values.drop_front())
    out[dim] = eval::add(out[dim], size(v, dim));
  return graph::ConcatOp::create(b, loc, tensorType(out, dtype(values[0])), values, b.getI64IntegerAttr(dim));
}

Value GraphBuilder::stack(ArrayRef<Value> values, int64_t dim) {
  Values rows;
  for (Value v : values)
    rows.push_back(unsqueeze(v, dim));
  return concat(rows, dim);
}

Value GraphBuilder::indexSelect(Value v, Value index, int64_t dim) {
  mayRaise();
  Sizes in = sizes(v), out(in.begin(), in.begin() + dim);
  llvm::append_range(out, sizes(index));
  out.append(in.begin() + dim + 1, in.end());
  return graph::IndexSelectOp::create(b, loc, tensorType(out, dtype(v)), v, index, b.getI64IntegerAttr(dim));
}

Value GraphBuilder::flip(Value v, ArrayRef<int64_t> dims) {
  if (dims.empty() || rank(v) == 0)
    return v;
  return graph::FlipOp::create(b, loc, v.getType(), v, b.getDenseI64ArrayAttr(dims));
}

Value GraphBuilder::pad(Value v, ArrayRef<int64_t> low, ArrayRef<int64_t> high, double value) {
  Sizes out;
  for (auto [i, s] : llvm::enumerate(sizes(v)))
    out.push_back(eval::add(s, size(low[i] + high[i])));
  return graph::PadOp::create(b, loc, tensorType(out, dtype(v)), v, scalar(value, dtype(v)),
                              b.getDenseI64ArrayAttr(low), b.getDenseI64ArrayAttr(high), b.getStringAttr("constant"));
}

Value GraphBuilder::where(Value condition, Value lhs, Value rhs) {
  Values v = broadcast({condition, lhs, rhs});
  return graph::WhereOp::create(b, loc, v[1].getType(), v[0], v[1], v[2]);
}

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

Value GraphBuilder::matmul(Value lhs, Value rhs) {
  int64_t r = std::max(rank(lhs), rank(rhs));
  Sizes a = sizes(lhs), c = sizes(rhs);
  Sizes batch = broadcastSizes(ArrayRef(a).drop_back(2), ArrayRef(c).drop_back(2));
  auto widen = [&](Value v, const Sizes &s) {
    Sizes to = batch;
    to.append(s.end() - 2, s.end());
    return expand(v, to);
  };
  lhs = widen(lhs, a);
  rhs = widen(rhs, c);
  Sizes out = batch;
  out.push_back(a[a.size() - 2]);
  out.push_back(c.back());
  (void)r;
  if (known(a.back()) && known(c[c.size() - 2]) && *known(a.back()) != *known(c[c.size() - 2]))
    return placeholder(out, dtype(lhs)); // has raised
  return graph::MatmulOp::create(b, loc, tensorType(out, dtype(lhs)), lhs, rhs);
}

Value GraphBuilder::matmulAny(Value lhs, Value rhs) {
  int64_t ra = rank(lhs), rb = rank(rhs);
  if (ra == 0 || rb == 0) {
    raise("RuntimeError",
          "both arguments to matmul need to be at least 1D, but they are " + Twine(ra) + "D and " + Twine(rb) + "D");
    return placeholder({}, dtype(lhs));
  }
  Value a = ra == 1 ? unsqueeze(lhs, 0) : lhs;
  Value c = rb == 1 ? unsqueeze(rhs, 1) : rhs;
  SmallVector<Int> values;
  Int ka = size(a, rank(a) - 1), kb = size(c, rank(c) - 2);
  if (ra == 1 && rb == 1) {
    checkEqual(ka, kb, "RuntimeError",
               "inconsistent tensor size, expected tensor [{0}] and src [{1}] to have the same number of elements, "
               "but got {0} and {1} elements respectively",
               {ka, kb});
  } else if (ra <= 2 && rb == 1) {
    checkEqual(ka, kb, "RuntimeError", "size mismatch, got input ({0}), mat ({0}x{1}), vec ({2})",
               {size(a, rank(a) - 2), ka, kb});
  } else if (rb <= 2 || (ra <= 2 && rb <= 2)) {
    Int rows = size(1);
    for (Int s : ArrayRef(sizes(a)).drop_back())
      rows = eval::mul(rows, s);
    checkEqual(ka, kb, "RuntimeError", "mat1 and mat2 shapes cannot be multiplied ({0}x{1} and {2}x{3})",
               {rows, ka, kb, size(c, rank(c) - 1)});
  } else {
    checkEqual(ka, kb, "RuntimeError",
               "Expected size for first two dimensions of batch2 tensor to be: [{0}, {1}] but got: [{0}, {2}].",
               {size(c, 0), ka, kb});
  }
  a = refine(a);
  c = refine(c);
  // [.., M, K] x [K, N] is one matrix product of flattened rows.
  Value out;
  if (rank(c) == 2 && rank(a) > 2) {
    Sizes s = sizes(a);
    Int rows = size(1);
    for (Int e : ArrayRef(s).drop_back())
      rows = eval::mul(rows, e);
    out = matmul(reshape(a, {rows, s.back()}), c);
    s.back() = size(c, 1);
    out = reshape(out, s);
  } else {
    out = matmul(a, c);
  }
  if (rb == 1)
    out = squeeze(out, rank(out) - 1);
  if (ra == 1)
    out = squeeze(out, rank(out) - (rb == 1 ? 1 : 2));
  return out;
}
