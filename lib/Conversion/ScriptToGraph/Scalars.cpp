//===- Scalars.cpp - host numbers and facts of tensors ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "MemoryOrder.h"
#include "Numbers.h"
#include "OperatorCalls.h"
#include "ShapeSupport.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;
using Predicate = arith::CmpIPredicate;

namespace {

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
  return truncatedNumber(c.b, c.number(c.schema.arguments[0].name));
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
/// A tensor that stands where a number is asked for.
template <bool Integral>
Result implicitNumber(OpCall &c) {
  const AV &v = c.args[0];
  if (v.isTensor()) {
    const ViewNode &node = *v.getTensor()->node;
    int64_t dtype = typeToDType(node.elementType);
    if (v.getTensor()->needsGrad())
      c.b.raise("RuntimeError", "Cannot input a tensor that requires grad as a scalar argument");
    else if (!node.sizes.empty())
      c.b.raise("RuntimeError", "Cannot input a tensor of dimension other than 0 as a scalar argument");
    else if (Integral && (!GraphBuilder::isIntegral(dtype, false)))
      c.b.raise("RuntimeError",
                "Cannot input a tensor of type " + c.b.scalarTypeName(dtype) + " as an integral argument");
    if (c.b.failed())
      return AV::integer(0, c.b.context());
  }
  return Integral ? toInt(c) : toFloat(c);
}
Result toBool(OpCall &c) {
  if (c.args[0].isTensor()) {
    Int count = numElements(c.args[0].getTensor()->node->sizes, c.b.context());
    c.b.check(c.b.compareInt(Predicate::sle, count, c.b.size(1)), "RuntimeError",
              "Boolean value of Tensor with more than one value is ambiguous");
    c.b.check(c.b.compareInt(Predicate::sge, count, c.b.size(1)), "RuntimeError",
              "Boolean value of Tensor with no values is ambiguous");
    if (c.b.failed())
      return AV::boolean(false);
  }
  return truthOfNumber(c.b, c.number(c.schema.arguments[0].name));
}
Result toComplex(OpCall &c) {
  AV re = c.number(c.schema.arguments[0].name);
  if (c.args.size() < 2 && re.is(Kind::Complex))
    return re;
  AV im = c.args.size() > 1 ? c.args[1] : AV::real(0);
  if (re.isKnownNumber() && im.isKnownNumber())
    return AV::complexNumber(*re.knownDouble(), *im.knownDouble());
  return AV::runtimeComplex(c.b.toF64(re), c.b.toF64(im));
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
  return AV::boolean(isInFormat(node, c.constInt("memory_format")));
}
int64_t dtypeOf(OpCall &c) { return typeToDType(c.tensor(c.schema.arguments[0].name).getTensor()->node->elementType); }
Result dtype(OpCall &c) { return intOf(c, dtypeOf(c)); }
Result elementSize(OpCall &c) { return intOf(c, dtypeSize(dtypeOf(c))); }
Result never(OpCall &) { return AV::boolean(false); }
Result nothing(OpCall &) { return AV::none(); }
/// Whether both are the same elements of one storage in the same order.
Result isSetTo(OpCall &c) {
  GraphBuilder &b = c.b;
  const ViewNode &x = *c.tensor("self").getTensor()->node, &y = *c.tensor("tensor").getTensor()->node;
  using Origin = Storage::Origin;
  bool apart = x.storage->choices.empty() && y.storage->choices.empty() &&
               (x.storage->origin != Origin::Input || y.storage->origin != Origin::Input);
  if (x.storage != y.storage)
    return apart ? Result(AV::boolean(false)) : c.unsupported("whether these are one tensor is known at run time only");
  if (x.sizes.size() != y.sizes.size())
    return AV::boolean(false);
  if (!x.strides || !y.strides)
    return c.unsupported("the strides are not known at compile time");
  AV same = b.compareInt(Predicate::eq, x.storageOffset, y.storageOffset);
  for (auto [n, m, s, t] : llvm::zip(x.sizes, y.sizes, *x.strides, *y.strides))
    same = b.andBool(same, b.andBool(b.compareInt(Predicate::eq, n, m), b.compareInt(Predicate::eq, s, t)));
  return same;
}
Result isDense(OpCall &c) {
  AV t = c.tensor("self");
  c.b.assumeRowMajor(t, /*ifWritten=*/false);
  if (!t.getTensor()->node->strides)
    return c.unsupported("the strides are not known at compile time");
  bool dense = MemoryOrder::ofDense(t).has_value();
  auto isConstant = [](Int i) { return known(i).has_value(); };
  if (!dense && !(llvm::all_of(t.getTensor()->node->sizes, isConstant) &&
                  llvm::all_of(*t.getTensor()->node->strides, isConstant)))
    return c.unsupported("the sizes that decide it are not known at compile time");
  return AV::boolean(dense);
}
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
  return AV::boolean(c.tensor(c.schema.arguments.empty() ? "a" : c.schema.arguments[0].name).getTensor()->needsGrad());
}
Result bytes(OpCall &c) {
  return AV::integer(
      mul(numElements(sizesOf(c, c.schema.arguments[0].name), c.b.context()), c.b.size(dtypeSize(dtypeOf(c)))));
}
/// What the program computes with gradients is no leaf; nothing else has a history.
Result isLeaf(OpCall &c) { return AV::boolean(!c.tensor("self").getTensor()->hasHistory); }
Result always(OpCall &) { return AV::boolean(true); }
Result gradientsEnabled(OpCall &c) { return AV::boolean(c.b.modes.gradients); }
Result autocastDType(OpCall &c) {
  return intOf(c, int64_t(c.string("device_type") == "cpu" ? DType::BFloat16 : DType::Float16));
}
/// Whether all of a tensor's bools hold.
AV holdsEverywhere(GraphBuilder &b, Value v) { return b.item(callOperator(b, "aten::all", {b.fresh(v)})); }
Result equalTensors(OpCall &c) {
  GraphBuilder &b = c.b;
  Operand x = c.operand("self"), y = c.operand("other");
  if (b.rank(x.value) != b.rank(y.value))
    return AV::boolean(false);
  // Where sizes differ the parts that both have are compared, for nothing.
  int64_t dtype = b.promote({x, y});
  Value l = b.cast(x.value, dtype), r = b.cast(y.value, dtype);
  AV same = AV::boolean(true);
  Sizes xs = b.sizes(l), ys = b.sizes(r);
  for (size_t d = 0; d < xs.size(); ++d) {
    AV equal = b.compareInt(Predicate::eq, xs[d], ys[d]);
    if (equal.knownBool() == true)
      continue;
    same = b.andBool(same, equal);
    Int common = b.minInt(xs[d], ys[d]);
    l = b.slice(l, d, b.size(0), common);
    r = b.slice(r, d, b.size(0), common);
  }
  return b.andBool(same, holdsEverywhere(b, b.compare<graph::EqOp>(l, r)));
}
Result allClose(OpCall &c) { return holdsEverywhere(c.b, callOperator(c.b, "aten::isclose", c.args)); }
Result zero(OpCall &c) { return intOf(c, 0); }
Result isNonzero(OpCall &c) { return truthOfNumber(c.b, c.b.item(c.value("self"))); }
Result canCast(OpCall &c) { return AV::boolean(GraphBuilder::canCast(c.constInt("from_"), c.constInt("to"))); }
Result promoteTypes(OpCall &c) {
  return intOf(c, GraphBuilder::promoteTypes(c.constInt("type1"), c.constInt("type2")));
}
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
Result deviceType(OpCall &c) { return AV::str(StringRef(c.args[0].getString()).split(':').first.str()); }

const OperatorRow rows[] = {
    {"aten::is_inference", never},
    {"aten::retains_grad", never},
    {"prim::retains_grad", never},
    {"aten::retain_grad", nothing},
    {"prim::name", nothing},
    {"aten::is_set_to", isSetTo},
    {"aten::is_non_overlapping_and_dense", isDense},
    {"aten::Int.*", toInt},
    {"aten::Float.*", toFloat},
    {"aten::Bool.*", toBool},
    {"aten::Complex.*", toComplex},
    {"aten::IntImplicit", implicitNumber<true>},
    {"aten::FloatImplicit", implicitNumber<false>},
    {"aten::ComplexImplicit", item},
    {"aten::ScalarImplicit", item},
    {"aten::item", item},
    {"aten::_local_scalar_dense", item},
    {"prim::NumToTensor.*", numToTensor},

    {"aten::size", size},
    {"aten::size.int", size},
    {"aten::sym_size", size},
    {"aten::sym_size.int", size},
    {"prim::shape", size},
    {"aten::dim", dimensions},
    {"prim::ndim", dimensions},
    {"aten::numel", elements},
    {"aten::sym_numel", elements},
    {"aten::len.Tensor", length},
    {"aten::stride", stride},
    {"aten::stride.int", stride},
    {"aten::sym_stride", stride},
    {"aten::sym_stride.int", stride},
    {"aten::storage_offset", storageOffset},
    {"aten::sym_storage_offset", storageOffset},
    {"aten::is_contiguous", isContiguousTensor},
    {"aten::is_contiguous.memory_format", isContiguousTensor},
    {"prim::dtype", dtype},
    {"aten::element_size", elementSize},
    {"prim::itemsize", elementSize},
    {"prim::nbytes", bytes},
    {"aten::is_leaf", isLeaf},
    {"aten::is_floating_point", isFloatingPoint},
    {"aten::is_complex", isComplexTensor},
    {"aten::is_signed", isSigned},
    {"aten::is_same_size", isSameSize},
    {"prim::device", device},
    {"prim::layout", zero},
    {"prim::requires_grad", requiresGrad},
    {"aten::is_nonzero", isNonzero},
    {"prim::is_cpu", always},
    {"prim::is_cuda", never},
    {"prim::is_xpu", never},
    {"prim::is_mps", never},
    {"prim::is_meta", never},
    {"prim::is_sparse", never},
    {"prim::is_quantized", never},
    {"prim::is_mkldnn", never},
    {"prim::is_nested", never},
    {"prim::is_sparse_csr", never},
    {"aten::is_grad_enabled", gradientsEnabled},
    {"aten::get_autocast_dtype", autocastDType},
    {"aten::equal", equalTensors},
    {"aten::allclose", allClose},
    {"aten::is_scripting", always},
    {"aten::is_autocast_enabled", never},
    {"aten::is_autocast_cpu_enabled", never},
    {"aten::get_device", zero},
    {"aten::can_cast", canCast},
    {"aten::promote_types", promoteTypes},
    {"aten::result_type.*", resultType},
    {"aten::_infer_size", broadcastShapes},
    {"aten::broadcast_shapes", broadcastShapes},
    {"aten::device", makeDevice},
    {"prim::index", deviceIndex},
    {"prim::type", deviceType},
};

} // namespace

ArrayRef<OperatorRow> eval::scalarOperators() { return rows; }
