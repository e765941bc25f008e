//===- Scalars.cpp - host numbers and facts of tensors ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Operators.h"

#include <cmath>
#include <complex>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;
using Predicate = arith::CmpIPredicate;

namespace {

constexpr int64_t doubleDType = int64_t(DType::Float64);

bool isComplexNumber(const AV &v) { return v.is(Kind::Complex); }
bool isFloatNumber(const AV &v) { return v.is(Kind::Float); }

/// A bool as an int.
AV asInt(GraphBuilder &b, const AV &v) {
  if (!v.is(Kind::Bool))
    return v;
  if (std::optional<bool> k = v.knownBool())
    return AV::integer(*k, b.context());
  return AV::integer(b.fromSSA(arith::ExtUIOp::create(b.b, b.loc, b.b.getI64Type(), v.getSSA()), {0, 1}));
}
std::complex<double> asComplex(const AV &v) {
  return v.is(Kind::Complex) ? std::complex<double>(v.re(), v.im()) : std::complex<double>(v.knownDouble().value_or(0), 0);
}
/// A float truncated to an int.
AV truncated(GraphBuilder &b, const AV &v) {
  if (!v.is(Kind::Float))
    return asInt(b, v);
  if (auto k = v.knownDouble())
    return AV::integer(int64_t(*k), b.context());
  return AV::integer(b.fromSSA(arith::FPToSIOp::create(b.b, b.loc, b.b.getI64Type(), v.getSSA())));
}
AV truthOf(GraphBuilder &b, const AV &v) {
  if (v.is(Kind::Bool))
    return v;
  if (v.is(Kind::Int))
    return b.compareInt(Predicate::ne, v.getInt(), b.size(0));
  if (auto k = v.knownDouble())
    return AV::boolean(*k != 0);
  if (v.is(Kind::Complex))
    return AV::boolean(v.re() != 0 || v.im() != 0);
  return AV::runtime(arith::CmpFOp::create(b.b, b.loc, arith::CmpFPredicate::UNE, b.toF64(v), b.toF64(AV::real(0))));
}
/// A number in the kind that the schema's result has.
AV coerced(OpCall &c, AV v) {
  if (c.schema.results.empty() || !v.isNumber())
    return v;
  GraphBuilder &b = c.b;
  switch (c.schema.results[0].type.kind) {
  case schema::TypeKind::Float:
    if (v.is(Kind::Int) || v.is(Kind::Bool))
      return v.isKnownNumber() ? AV::real(*v.knownDouble()) : b.fromF64(b.toF64(v));
    return v;
  case schema::TypeKind::Int:
  case schema::TypeKind::SymInt:
    return truncated(b, v);
  case schema::TypeKind::Complex:
    return v.is(Kind::Complex) ? v : AV::complexNumber(v.knownDouble().value_or(0), 0);
  default:
    return v;
  }
}

/// A function of one float by way of a graph op on a rank-0 f64 tensor.
template <typename Op>
AV throughGraph(GraphBuilder &b, ArrayRef<AV> in) {
  Values v;
  for (const AV &x : in) {
    Value f = b.toF64(x);
    v.push_back(graph::FromScalarOp::create(b.b, b.loc, b.tensorType({}, doubleDType), f));
  }
  Value out;
  if constexpr (Op::template hasTrait<OpTrait::OneOperand>())
    out = b.unary<Op>(v[0]);
  else
    out = b.binary<Op>(v[0], v[1]);
  return AV::runtime(graph::ItemOp::create(b.b, b.loc, b.b.getF64Type(), out));
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

enum class Arith { Add, Sub, Mul, Div, FloorDiv, Mod, Pow, Fmod };

template <Arith Operation>
Result arithmetic(OpCall &c) {
  GraphBuilder &b = c.b;
  if (c.args.size() < 2)
    return c.unsupported("it has too few arguments");
  if (c.args[0].is(Kind::Str) && Operation == Arith::Add)
    return AV::str(c.args[0].getString() + c.args[1].getString());
  for (const AV &v : ArrayRef(c.args).take_front(2))
    if (!v.isNumber())
      return c.unsupported("on a " + typeName(v));
  AV x = c.args[0], y = c.args[1];
  if (isComplexNumber(x) || isComplexNumber(y)) {
    std::complex<double> p = asComplex(x), q = asComplex(y), r;
    switch (Operation) {
    case Arith::Add: r = p + q; break;
    case Arith::Sub: r = p - q; break;
    case Arith::Mul: r = p * q; break;
    case Arith::Div: r = p / q; break;
    case Arith::Pow: r = std::pow(p, q); break;
    default: return c.unsupported("on complex numbers");
    }
    return AV::complexNumber(r.real(), r.imag());
  }
  bool ints = !isFloatNumber(x) && !isFloatNumber(y);
  if (ints && Operation != Arith::Div) {
    Int i = asInt(b, x).getInt(), j = asInt(b, y).getInt();
    switch (Operation) {
    case Arith::Add: return coerced(c, AV::integer(add(i, j)));
    case Arith::Sub: return coerced(c, AV::integer(sub(i, j)));
    case Arith::Mul: return coerced(c, AV::integer(mul(i, j)));
    case Arith::FloorDiv: return coerced(c, AV::integer(b.floorDivInt(i, j)));
    case Arith::Mod: return coerced(c, AV::integer(b.modInt(i, j)));
    case Arith::Pow:
      if (known(i) && known(j)) {
        bool whole = c.schema.overload == "int_to_int" || *known(j) >= 0;
        double p = std::pow(double(*known(i)), double(*known(j)));
        return coerced(c, whole ? AV::integer(int64_t(p), b.context()) : AV::real(p));
      }
      if (known(j).value_or(-1) >= 0 && *known(j) < 8) {
        Int p = b.size(1);
        for (int64_t k = 0; k < *known(j); ++k)
          p = mul(p, i);
        return coerced(c, AV::integer(p));
      }
      break;
    default:
      break;
    }
  }
  auto p = x.knownDouble(), q = y.knownDouble();
  if (q && *q == 0 && (Operation == Arith::Div || Operation == Arith::FloorDiv || Operation == Arith::Mod)) {
    b.raise("ZeroDivisionError", Operation == Arith::Div ? "division by zero" : "float modulo");
    return AV::real(0);
  }
  if (p && q) {
    double r = 0;
    switch (Operation) {
    case Arith::Add: r = *p + *q; break;
    case Arith::Sub: r = *p - *q; break;
    case Arith::Mul: r = *p * *q; break;
    case Arith::Div: r = *p / *q; break;
    case Arith::FloorDiv: r = std::floor(*p / *q); break;
    case Arith::Mod: r = std::fmod(std::fmod(*p, *q) + *q, *q); break;
    case Arith::Pow: r = std::pow(*p, *q); break;
    case Arith::Fmod: r = std::fmod(*p, *q); break;
    }
    return coerced(c, AV::real(r));
  }
  Value l = b.toF64(x), r = b.toF64(y);
  switch (Operation) {
  case Arith::Add: return coerced(c, AV::runtime(arith::AddFOp::create(b.b, b.loc, l, r)));
  case Arith::Sub: return coerced(c, AV::runtime(arith::SubFOp::create(b.b, b.loc, l, r)));
  case Arith::Mul: return coerced(c, AV::runtime(arith::MulFOp::create(b.b, b.loc, l, r)));
  case Arith::Div:
    b.check(truthOf(b, y), "ZeroDivisionError", "division by zero");
    return coerced(c, AV::runtime(arith::DivFOp::create(b.b, b.loc, l, r)));
  case Arith::FloorDiv: {
    AV q2 = AV::runtime(arith::DivFOp::create(b.b, b.loc, l, r));
    return coerced(c, throughGraph<graph::FloorOp>(b, {q2}));
  }
  case Arith::Mod: return coerced(c, throughGraph<graph::RemainderOp>(b, {x, y}));
  case Arith::Pow: return coerced(c, throughGraph<graph::PowOp>(b, {x, y}));
  case Arith::Fmod: return coerced(c, throughGraph<graph::FmodOp>(b, {x, y}));
  }
  return c.unsupported("on these numbers");
}

Result negation(OpCall &c) {
  const AV &v = c.args[0];
  if (v.is(Kind::Complex))
    return AV::complexNumber(-v.re(), -v.im());
  if (!isFloatNumber(v))
    return AV::integer(mul(asInt(c.b, v).getInt(), c.b.size(-1)));
  if (auto k = v.knownDouble())
    return AV::real(-*k);
  return AV::runtime(arith::NegFOp::create(c.b.b, c.b.loc, v.getSSA()));
}
Result absolute(OpCall &c) {
  const AV &v = c.args[0];
  if (v.is(Kind::Complex))
    return AV::real(std::abs(asComplex(v)));
  if (!isFloatNumber(v)) {
    Int i = asInt(c.b, v).getInt();
    return AV::integer(c.b.maxInt(i, mul(i, c.b.size(-1))));
  }
  if (auto k = v.knownDouble())
    return AV::real(std::fabs(*k));
  return throughGraph<graph::AbsOp>(c.b, {v});
}

template <bool Max>
Result extreme(OpCall &c) { // prim::min, prim::max of two numbers or a list
  GraphBuilder &b = c.b;
  std::vector<AV> in(c.args.begin(), c.args.end());
  if (in.size() >= 1 && (in[0].is(Kind::List) || in[0].is(Kind::Tuple))) {
    if (c.args.size() >= 2 && in[1].is(Kind::List))
      return c.unsupported("of two lists");
    in = in[0].elements();
  }
  if (in.empty()) {
    b.raise("RuntimeError", Twine(Max ? "max" : "min") + "() arg is an empty sequence");
    return AV::integer(0, b.context());
  }
  AV best = in[0];
  for (const AV &v : ArrayRef(in).drop_front()) {
    if (!best.isNumber() || !v.isNumber())
      return c.unsupported("of values that are not numbers");
    if (!isFloatNumber(best) && !isFloatNumber(v)) {
      Int i = asInt(b, best).getInt(), j = asInt(b, v).getInt();
      best = AV::integer(Max ? b.maxInt(i, j) : b.minInt(i, j));
    } else if (auto x = best.knownDouble(), y = v.knownDouble(); x && y) {
      best = (Max ? *y > *x : *y < *x) ? AV::real(*y) : AV::real(*x);
    } else {
      best = Max ? throughGraph<graph::MaximumOp>(b, {best, v}) : throughGraph<graph::MinimumOp>(b, {best, v});
    }
  }
  return coerced(c, best);
}

template <Predicate I, arith::CmpFPredicate F>
Result comparison(OpCall &c) {
  GraphBuilder &b = c.b;
  const AV &x = c.args[0], &y = c.args[1];
  bool equality = I == Predicate::eq || I == Predicate::ne;
  if (x.isNumber() && y.isNumber() && !x.is(Kind::Complex) && !y.is(Kind::Complex)) {
    if (!isFloatNumber(x) && !isFloatNumber(y))
      return b.compareInt(I, asInt(b, x).getInt(), asInt(b, y).getInt());
    auto p = x.knownDouble(), q = y.knownDouble();
    if (!p || !q)
      return b.fromI1(arith::CmpFOp::create(b.b, b.loc, F, b.toF64(x), b.toF64(y)));
    switch (I) {
    case Predicate::eq: return AV::boolean(*p == *q);
    case Predicate::ne: return AV::boolean(*p != *q);
    case Predicate::slt: return AV::boolean(*p < *q);
    case Predicate::sle: return AV::boolean(*p <= *q);
    case Predicate::sgt: return AV::boolean(*p > *q);
    default: return AV::boolean(*p >= *q);
    }
  }
  if (x.is(Kind::Str) && y.is(Kind::Str) && !equality) {
    int order = x.getString().compare(y.getString());
    return AV::boolean(I == Predicate::slt ? order < 0 : I == Predicate::sle ? order <= 0 : I == Predicate::sgt ? order > 0 : order >= 0);
  }
  if (equality) {
    if (std::optional<bool> same = constantEqual(x, y))
      return AV::boolean(*same == (I == Predicate::eq));
    // Lists of ints that are not all known: equal where all elements are.
    if (x.is(Kind::List) && y.is(Kind::List) && x.elements().size() == y.elements().size()) {
      AV all = AV::boolean(true);
      for (auto [p, q] : llvm::zip(x.elements(), y.elements())) {
        if (!p.is(Kind::Int) || !q.is(Kind::Int))
          return c.unsupported("of lists that depend on data");
        all = b.andBool(all, b.compareInt(Predicate::eq, p.getInt(), q.getInt()));
      }
      return I == Predicate::eq ? all : b.notBool(all);
    }
  }
  return c.unsupported("of a " + typeName(x) + " and a " + typeName(y));
}

Result logicalNot(OpCall &c) { return c.b.notBool(truthOf(c.b, c.args[0])); }
template <int Operation> // 0 and, 1 or, 2 xor
Result logical(OpCall &c) {
  GraphBuilder &b = c.b;
  const AV &x = c.args[0], &y = c.args[1];
  if (x.is(Kind::Bool) && y.is(Kind::Bool)) {
    if (Operation == 0)
      return b.andBool(x, y);
    if (Operation == 1)
      return b.orBool(x, y);
    return b.orBool(b.andBool(x, b.notBool(y)), b.andBool(b.notBool(x), y));
  }
  auto i = x.knownInt(), j = y.knownInt();
  if (!i || !j)
    return c.unsupported("on ints that are not known at compile time");
  return AV::integer(Operation == 0 ? *i & *j : Operation == 1 ? *i | *j : *i ^ *j, b.context());
}
template <bool Left>
Result shift(OpCall &c) {
  auto i = c.args[0].knownInt(), j = c.args[1].knownInt();
  if (!i || !j)
    return c.unsupported("on ints that are not known at compile time");
  return AV::integer(Left ? *i << *j : *i >> *j, c.b.context());
}

template <double (*F)(double), typename Op>
Result function(OpCall &c) {
  const AV &v = c.args[0];
  if (!v.isNumber() || v.is(Kind::Complex))
    return c.unsupported("of a " + typeName(v));
  if (auto k = v.knownDouble())
    return coerced(c, AV::real(F(*k)));
  return coerced(c, throughGraph<Op>(c.b, {v}));
}
Result logarithm(OpCall &c) { // log(x), log(x, base)
  auto x = c.args[0].knownDouble();
  if (c.args.size() > 1) {
    auto base = c.args[1].knownDouble();
    if (!x || !base)
      return c.unsupported("with a base, of a number that is not known at compile time");
    return AV::real(std::log(*x) / std::log(*base));
  }
  return function<std::log, graph::LogOp>(c);
}
template <bool (*F)(double)>
Result floatTest(OpCall &c) {
  if (auto k = c.args[0].knownDouble())
    return AV::boolean(F(*k));
  return c.unsupported("of a number that depends on data");
}
bool testNan(double x) { return std::isnan(x); }
bool testInf(double x) { return std::isinf(x); }
bool testFinite(double x) { return std::isfinite(x); }
double roundEven(double x) { return std::nearbyint(x); }

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

Result toInt(OpCall &c) {
  if (c.args[0].is(Kind::Str)) {
    int64_t n;
    if (!StringRef(c.args[0].getString()).trim().getAsInteger(10, n))
      return AV::integer(n, c.b.context());
    c.b.raise("ValueError", "could not convert string to int: '" + c.args[0].getString() + "'");
    return AV::integer(0, c.b.context());
  }
  return truncated(c.b, c.number(c.schema.arguments[0].name));
}
Result toFloat(OpCall &c) {
  if (c.args[0].is(Kind::Str)) {
    double d;
    if (!StringRef(c.args[0].getString()).trim().getAsDouble(d))
      return AV::real(d);
    c.b.raise("ValueError", "could not convert string to float: '" + c.args[0].getString() + "'");
    return AV::real(0);
  }
  AV n = c.number(c.schema.arguments[0].name);
  if (auto k = n.knownDouble())
    return AV::real(*k);
  return n.is(Kind::Complex) ? c.unsupported("of a complex number") : Result(c.b.fromF64(c.b.toF64(n)));
}
Result toBool(OpCall &c) { return truthOf(c.b, c.number(c.schema.arguments[0].name)); }
Result toComplex(OpCall &c) {
  AV re = c.number(c.schema.arguments[0].name);
  double im = c.args.size() > 1 ? c.args[1].knownDouble().value_or(0) : re.im();
  if (!re.isKnownNumber())
    return c.unsupported("of a number that depends on data");
  return AV::complexNumber(re.is(Kind::Complex) ? re.re() : *re.knownDouble(), im);
}
Result item(OpCall &c) { return c.number(c.schema.arguments[0].name); }
Result numToTensor(OpCall &c) {
  const AV &v = c.args[0];
  if (v.isTensor())
    return v;
  int64_t d = v.is(Kind::Float)     ? int64_t(DType::Float64)
              : v.is(Kind::Bool)    ? int64_t(DType::Bool)
              : v.is(Kind::Complex) ? int64_t(DType::Complex128)
                                    : int64_t(DType::Int64);
  return c.b.scalar(v, d);
}

//===----------------------------------------------------------------------===//
// Facts of tensors
//===----------------------------------------------------------------------===//

AV intOf(OpCall &c, int64_t i) { return AV::integer(i, c.b.context()); }
Sizes sizesOf(OpCall &c, StringRef name = "self") {
  Sizes out;
  for (Int s : c.tensor(name).getTensor()->node->sizes)
    out.push_back(c.b.resolve(s));
  return out;
}
AV listOf(ArrayRef<Int> sizes) {
  std::vector<AV> out;
  for (Int s : sizes)
    out.push_back(AV::integer(s));
  return AV::list(std::move(out));
}
Result size(OpCall &c) {
  Sizes s = sizesOf(c, c.schema.arguments[0].name);
  if (c.schema.argumentIndex("dim") < 0)
    return listOf(s);
  int64_t d = c.dim("dim", s.size());
  if (s.empty()) {
    c.b.raise("IndexError", "Dimension specified as " + Twine(c.constInt("dim")) + " but tensor has no dimensions");
    return intOf(c, 0);
  }
  return AV::integer(s[d]);
}
Result dimensions(OpCall &c) { return intOf(c, sizesOf(c, c.schema.arguments[0].name).size()); }
Result elements(OpCall &c) { return AV::integer(numElements(sizesOf(c), c.b.context())); }
Result length(OpCall &c) { // len of a tensor
  Sizes s = sizesOf(c, c.schema.arguments[0].name);
  if (s.empty()) {
    c.b.raise("TypeError", "len() of a 0-d tensor");
    return intOf(c, 0);
  }
  return AV::integer(s[0]);
}
Result stride(OpCall &c) {
  AV t = c.tensor("self");
  c.b.assumeRowMajor(t, /*ifWritten=*/false);
  auto &strides = t.getTensor()->node->strides;
  if (!strides)
    return c.unsupported("the strides are not known at compile time");
  if (c.schema.argumentIndex("dim") < 0)
    return listOf(*strides);
  int64_t d = c.dim("dim", strides->size());
  return strides->empty() ? intOf(c, 1) : AV::integer((*strides)[d]);
}
Result storageOffset(OpCall &c) {
  c.b.assumeRowMajor(c.tensor("self"), /*ifWritten=*/false);
  return AV::integer(c.tensor("self").getTensor()->node->storageOffset);
}
Result isContiguousTensor(OpCall &c) {
  c.b.assumeRowMajor(c.tensor("self"), /*ifWritten=*/false);
  ViewNode &node = *c.tensor("self").getTensor()->node;
  if (!node.strides)
    return c.unsupported("the strides are not known at compile time");
  return AV::boolean(isContiguous(node.sizes, *node.strides));
}
int64_t dtypeOf(OpCall &c) {
  return typeToDType(c.tensor(c.schema.arguments[0].name).getTensor()->node->elementType);
}
Result dtype(OpCall &c) { return intOf(c, dtypeOf(c)); }
Result elementSize(OpCall &c) { return intOf(c, dtypeSize(dtypeOf(c))); }
Result isFloatingPoint(OpCall &c) { return AV::boolean(GraphBuilder::isFloating(dtypeOf(c))); }
Result isComplexTensor(OpCall &c) { return AV::boolean(GraphBuilder::isComplex(dtypeOf(c))); }
Result isSigned(OpCall &c) {
  int64_t d = dtypeOf(c);
  return AV::boolean(!GraphBuilder::isUnsigned(d) && d != int64_t(DType::Bool));
}
Result isSameSize(OpCall &c) {
  Sizes a = sizesOf(c), o = sizesOf(c, "other");
  if (a.size() != o.size())
    return AV::boolean(false);
  AV all = AV::boolean(true);
  for (auto [x, y] : llvm::zip(a, o))
    all = c.b.andBool(all, c.b.compareInt(Predicate::eq, x, y));
  return all;
}
Result device(OpCall &c) { return AV::text(Kind::Device, "cpu"); }
Result requiresGrad(OpCall &c) {
  return AV::boolean(c.tensor(c.schema.arguments.empty() ? "a" : c.schema.arguments[0].name).getTensor()->requiresGrad);
}
Result always(OpCall &) { return AV::boolean(true); }
Result never(OpCall &) { return AV::boolean(false); }
Result zero(OpCall &c) { return intOf(c, 0); }
Result isNonzero(OpCall &c) { return truthOf(c.b, c.b.item(c.value("self"))); }
Result canCast(OpCall &c) { return AV::boolean(GraphBuilder::canCast(c.constInt("from_"), c.constInt("to"))); }
Result promoteTypes(OpCall &c) { return intOf(c, GraphBuilder::promoteTypes(c.constInt("type1"), c.constInt("type2"))); }
Result resultType(OpCall &c) {
  std::vector<Operand> in;
  for (const AV &v : c.args)
    if (v.isTensor())
      in.push_back({c.b.read(v), false});
    else
      in.push_back(c.b.wrap(v));
  return intOf(c, c.b.promote(in));
}
Result broadcastShapes(OpCall &c) { // _infer_size
  return listOf(c.b.broadcastSizes(c.integers("a"), c.integers("b")));
}
Result makeDevice(OpCall &c) { return AV::text(Kind::Device, c.string(c.schema.arguments[0].name)); }
Result deviceIndex(OpCall &) { return AV::none(); }
Result deviceType(OpCall &c) {
  return AV::str(StringRef(c.args[0].getString()).split(':').first.str());
}

#define BOTH(name, function) {"aten::" name ".*", function}
#define MATH(name, F, Op) {"aten::" name ".*", function<F, graph::Op>}

const OperatorRow rows[] = {
    BOTH("add", arithmetic<Arith::Add>), BOTH("sub", arithmetic<Arith::Sub>), BOTH("mul", arithmetic<Arith::Mul>),
    BOTH("div", arithmetic<Arith::Div>), BOTH("floordiv", arithmetic<Arith::FloorDiv>),
    BOTH("remainder", arithmetic<Arith::Mod>), BOTH("pow", arithmetic<Arith::Pow>),
    {"prim::pow", arithmetic<Arith::Pow>}, BOTH("fmod", arithmetic<Arith::Fmod>),
    BOTH("neg", negation), {"prim::abs.*", absolute}, BOTH("fabs", absolute),
    {"prim::min.*", extreme<false>}, {"prim::max.*", extreme<true>}, {"aten::sym_max", extreme<true>},
    {"aten::sym_min", extreme<false>},
    BOTH("eq", (comparison<Predicate::eq, arith::CmpFPredicate::OEQ>)),
    BOTH("ne", (comparison<Predicate::ne, arith::CmpFPredicate::UNE>)),
    BOTH("lt", (comparison<Predicate::slt, arith::CmpFPredicate::OLT>)),
    BOTH("le", (comparison<Predicate::sle, arith::CmpFPredicate::OLE>)),
    BOTH("gt", (comparison<Predicate::sgt, arith::CmpFPredicate::OGT>)),
    BOTH("ge", (comparison<Predicate::sge, arith::CmpFPredicate::OGE>)),
    {"aten::__not__", logicalNot}, {"aten::__and__.bool", logical<0>}, {"aten::__and__.int", logical<0>},
    {"aten::__or__.bool", logical<1>}, {"aten::__or__.int", logical<1>}, {"aten::__xor__.bool", logical<2>},
    {"aten::__xor__.int", logical<2>}, {"aten::__lshift__.int", shift<true>}, {"aten::__rshift__.int", shift<false>},
    MATH("sqrt", std::sqrt, SqrtOp), MATH("exp", std::exp, ExpOp), BOTH("log", logarithm),
    MATH("log10", std::log10, Log10Op), MATH("log1p", std::log1p, Log1pOp), MATH("expm1", std::expm1, Expm1Op),
    MATH("sin", std::sin, SinOp), MATH("cos", std::cos, CosOp), MATH("tan", std::tan, TanOp),
    MATH("asin", std::asin, AsinOp), MATH("acos", std::acos, AcosOp), MATH("atan", std::atan, AtanOp),
    MATH("sinh", std::sinh, SinhOp), MATH("cosh", std::cosh, CoshOp), MATH("tanh", std::tanh, TanhOp),
    MATH("asinh", std::asinh, AsinhOp), MATH("acosh", std::acosh, AcoshOp), MATH("atanh", std::atanh, AtanhOp),
    MATH("erf", std::erf, ErfOp), MATH("erfc", std::erfc, ErfcOp), MATH("lgamma", std::lgamma, LgammaOp),
    {"aten::ceil.*", function<std::ceil, graph::CeilOp>}, {"aten::floor.*", function<std::floor, graph::FloorOp>},
    {"aten::round.*", function<roundEven, graph::RoundOp>}, {"aten::isnan.*", floatTest<testNan>},
    {"aten::isinf.*", floatTest<testInf>}, {"aten::isfinite.*", floatTest<testFinite>},

    {"aten::Int.*", toInt}, {"aten::Float.*", toFloat}, {"aten::Bool.*", toBool}, {"aten::Complex.*", toComplex},
    {"aten::IntImplicit", toInt}, {"aten::FloatImplicit", toFloat}, {"aten::ComplexImplicit", item},
    {"aten::ScalarImplicit", item}, {"aten::item", item}, {"aten::_local_scalar_dense", item},
    {"prim::NumToTensor.*", numToTensor},

    {"aten::size", size}, {"aten::size.int", size}, {"aten::sym_size", size}, {"aten::sym_size.int", size},
    {"prim::shape", size}, {"aten::dim", dimensions}, {"prim::ndim", dimensions}, {"aten::numel", elements},
    {"aten::sym_numel", elements}, {"aten::len.Tensor", length}, {"aten::stride", stride}, {"aten::stride.int", stride},
    {"aten::sym_stride", stride}, {"aten::sym_stride.int", stride}, {"aten::storage_offset", storageOffset},
    {"aten::sym_storage_offset", storageOffset}, {"aten::is_contiguous", isContiguousTensor},
    {"prim::dtype", dtype}, {"aten::element_size", elementSize}, {"prim::itemsize", elementSize},
    {"aten::is_floating_point", isFloatingPoint}, {"aten::is_complex", isComplexTensor}, {"aten::is_signed", isSigned},
    {"aten::is_same_size", isSameSize}, {"prim::device", device}, {"prim::layout", zero},
    {"prim::requires_grad", requiresGrad}, {"aten::is_nonzero", isNonzero}, {"prim::is_cpu", always},
    {"prim::is_cuda", never}, {"prim::is_xpu", never}, {"prim::is_mps", never}, {"prim::is_meta", never},
    {"prim::is_sparse", never}, {"prim::is_quantized", never}, {"prim::is_mkldnn", never}, {"prim::is_nested", never},
    {"prim::is_sparse_csr", never}, {"aten::is_grad_enabled", never}, {"aten::is_scripting", always},
    {"aten::is_autocast_enabled", never}, {"aten::is_autocast_cpu_enabled", never}, {"aten::get_device", zero},
    {"aten::can_cast", canCast}, {"aten::promote_types", promoteTypes}, {"aten::result_type.*", resultType},
    {"aten::_infer_size", broadcastShapes}, {"aten::device", makeDevice}, {"prim::index", deviceIndex},
    {"prim::type", deviceType},
};

} // namespace

ArrayRef<OperatorRow> eval::scalarOperators() { return rows; }
