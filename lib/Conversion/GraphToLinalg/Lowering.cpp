//===- Lowering.cpp - what every family's lowering shares -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Lowering.h"

#include "dialects/Graph/SizeExpressions.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

Type lowering::signless(Type type) {
  if (auto integer = dyn_cast<IntegerType>(type))
    return IntegerType::get(type.getContext(), integer.getWidth());
  return type;
}

RankedTensorType lowering::plainType(RankedTensorType type) {
  return RankedTensorType::get(type.getShape(), signless(type.getElementType()));
}

Type lowering::computeType(Type type) {
  if (type.isF16() || type.isBF16())
    return Float32Type::get(type.getContext());
  return type;
}

Lowering::Lowering(func::FuncOp function, SymbolTable &moduleSymbols)
    : b(function.getLoc(), function.getContext()), function(function), moduleSymbols(moduleSymbols) {}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Value Lowering::get(Value v) const {
  auto it = values.find(v);
  return it == values.end() ? v : it->second;
}

SmallVector<Value> Lowering::get(ValueRange range) const {
  SmallVector<Value> result;
  for (Value v : range)
    result.push_back(get(v));
  return result;
}

void Lowering::set(Value graphValue, Value lowered) {
  if (auto type = dyn_cast<RankedTensorType>(graphValue.getType()))
    lowered = castTo(lowered, plainType(type));
  values[graphValue] = lowered;
}

RankedTensorType Lowering::graphType(Value v) const {
  auto it = types.find(v);
  return it == types.end() ? cast<RankedTensorType>(v.getType()) : it->second;
}

Value Lowering::castTo(Value tensor, RankedTensorType plain) {
  if (tensor.getType() == plain)
    return tensor;
  return tensor::CastOp::create(b, plain, tensor);
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

void Lowering::bindSymbol(int64_t symbol, Value value) { symbols[symbol] = value; }

bool Lowering::isBound(AffineExpr expr) const {
  if (!expr)
    return false;
  bool bound = true;
  expr.walk([&](AffineExpr e) {
    if (auto s = dyn_cast<AffineSymbolExpr>(e))
      bound &= symbols.contains(s.getPosition());
  });
  return bound;
}

// Sizes may be semi-affine (a product of two symbols), which affine.apply's
// lowering refuses for division: plain arithmetic serves all.
Value Lowering::emitSize(AffineExpr expr) {
  auto key = std::make_pair(b.getInsertionBlock(), expr);
  if (Value cached = sizeCache.lookup(key))
    return cached;
  Value result;
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    return index(constant.getValue());
  } else if (auto symbol = dyn_cast<AffineSymbolExpr>(expr)) {
    return symbols.lookup(symbol.getPosition());
  } else {
    auto binary = cast<AffineBinaryOpExpr>(expr);
    Value lhs = emitSize(binary.getLHS()), rhs = emitSize(binary.getRHS());
    switch (expr.getKind()) {
    case AffineExprKind::Add:
      result = b.createOrFold<arith::AddIOp>(lhs, rhs);
      break;
    case AffineExprKind::Mul:
      result = b.createOrFold<arith::MulIOp>(lhs, rhs);
      break;
    case AffineExprKind::FloorDiv:
      result = b.createOrFold<arith::FloorDivSIOp>(lhs, rhs);
      break;
    case AffineExprKind::CeilDiv:
      result = b.createOrFold<arith::CeilDivSIOp>(lhs, rhs);
      break;
    case AffineExprKind::Mod: {
      Value quotient = b.createOrFold<arith::FloorDivSIOp>(lhs, rhs);
      Value whole = b.createOrFold<arith::MulIOp>(quotient, rhs);
      result = b.createOrFold<arith::SubIOp>(lhs, whole);
      break;
    }
    default:
      llvm_unreachable("not a size expression");
    }
  }
  sizeCache[key] = result;
  return result;
}

OpFoldResult Lowering::size(AffineExpr expr) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return b.getIndexAttr(constant.getValue());
  return getAsOpFoldResult(emitSize(expr));
}

SmallVector<OpFoldResult> Lowering::sizes(Value v) {
  SmallVector<OpFoldResult> result;
  for (auto [i, expr] : llvm::enumerate(graph::getSizes(graphType(v))))
    result.push_back(isBound(expr) ? size(expr) : b.createOrFold<tensor::DimOp>(get(v), int64_t(i)));
  return result;
}

FailureOr<SmallVector<OpFoldResult>> Lowering::resultSizes(Operation *op, unsigned i) {
  SmallVector<OpFoldResult> result;
  for (auto [dim, expr] : llvm::enumerate(graph::getSizes(resultType(op, i)))) {
    if (!isBound(expr))
      return op->emitOpError("size ") << dim << " of result " << i
                                      << (expr ? " uses a symbol that graph.bind_symbol has not bound here"
                                               : " is dynamic and has no expression in #graph.sizes");
    result.push_back(size(expr));
  }
  return result;
}

Value Lowering::toValue(OpFoldResult ofr) { return getValueOrCreateConstantIndexOp(b, b.getLoc(), ofr); }

Value Lowering::product(ArrayRef<OpFoldResult> factors) {
  Value result = index(1);
  for (OpFoldResult factor : factors)
    result = b.createOrFold<arith::MulIOp>(result, toValue(factor));
  return result;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

Value Lowering::empty(ArrayRef<OpFoldResult> sizes, Type elementType) {
  return tensor::EmptyOp::create(b, sizes, elementType);
}

Value Lowering::filled(ArrayRef<OpFoldResult> sizes, TypedAttr value) {
  Value out = empty(sizes, value.getType());
  return linalg::FillOp::create(b, ValueRange{constantOf(value)}, ValueRange{out}).getResult(0);
}

Value Lowering::zeros(ArrayRef<OpFoldResult> sizes, Type elementType) {
  if (auto complexType = dyn_cast<ComplexType>(elementType)) {
    Attribute zero = b.getZeroAttr(complexType.getElementType());
    Value value = complex::ConstantOp::create(b, complexType, b.getArrayAttr({zero, zero}));
    return linalg::FillOp::create(b, ValueRange{value}, ValueRange{empty(sizes, elementType)}).getResult(0);
  }
  return filled(sizes, b.getZeroAttr(elementType));
}

Value Lowering::dropUnitDims(Value tensor, const llvm::SmallBitVector &dropped) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (dropped.none())
    return tensor;
  // An expand_shape that added exactly these dimensions is undone.
  SmallVector<ReassociationIndices> groups;
  if (dropped.count() < size_t(type.getRank())) {
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      bool opensGroup =
          groups.empty() || (!dropped[dim] && llvm::any_of(groups.back(), [&](int64_t d) { return !dropped[d]; }));
      if (opensGroup)
        groups.emplace_back();
      groups.back().push_back(dim);
    }
  }
  SmallVector<int64_t> shape;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (!dropped[dim])
      shape.push_back(type.getDimSize(dim));
  if (auto expand = tensor.getDefiningOp<tensor::ExpandShapeOp>())
    if (expand.getSrcType().getShape() == ArrayRef(shape) && expand.getReassociationIndices() == groups)
      return expand.getSrc();
  return tensor::CollapseShapeOp::create(b, RankedTensorType::get(shape, type.getElementType()), tensor, groups);
}

static TypedAttr splatValue(graph::ConstantOp constant) {
  auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
  if (!dense || !dense.isSplat())
    return {};
  Attribute value = dense.getSplatValue<Attribute>();
  if (auto integer = dyn_cast<IntegerAttr>(value))
    return IntegerAttr::get(signless(integer.getType()), integer.getValue());
  return dyn_cast<FloatAttr>(value);
}

/// The dimension of `to` that dimension i of `from` becomes, -1 for a size of 1
/// that goes; nothing when the reshape is more than adding and removing 1s.
static std::optional<SmallVector<int64_t>> unitReshape(RankedTensorType from, RankedTensorType to) {
  SmallVector<AffineExpr> a = graph::getSizes(from), c = graph::getSizes(to);
  SmallVector<int64_t> result;
  auto isOne = [](AffineExpr e) {
    auto constant = dyn_cast_or_null<AffineConstantExpr>(e);
    return constant && constant.getValue() == 1;
  };
  size_t j = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    if (isOne(a[i])) {
      result.push_back(-1);
      continue;
    }
    while (j < c.size() && isOne(c[j]))
      ++j;
    if (j == c.size() || !a[i] || a[i] != c[j])
      return std::nullopt;
    result.push_back(j++);
  }
  for (; j < c.size(); ++j)
    if (!isOne(c[j]))
      return std::nullopt;
  return result;
}

Operand Lowering::resolve(Value v, bool throughPermute) {
  unsigned rank = graphType(v).getRank();
  // Per dimension of `v` as it moves up: the loop expression; null is a size of
  // 1 read at 0.
  SmallVector<AffineExpr> exprs;
  for (unsigned i = 0; i < rank; ++i)
    exprs.push_back(b.getAffineDimExpr(i));
  while (Operation *def = v.getDefiningOp()) {
    RankedTensorType type = graphType(v);
    if (auto constant = dyn_cast<graph::ConstantOp>(def)) {
      if (TypedAttr splat = splatValue(constant))
        return {splat, {}, {}};
      break;
    }
    if (auto full = dyn_cast<graph::FullOp>(def)) {
      v = full.getValue();
      exprs.clear();
      continue;
    }
    if (auto expand = dyn_cast<graph::ExpandOp>(def)) {
      SmallVector<AffineExpr> in = graph::getSizes(graphType(expand.getInput()));
      SmallVector<AffineExpr> out = graph::getSizes(type);
      size_t offset = out.size() - in.size();
      SmallVector<AffineExpr> next;
      for (size_t i = 0; i < in.size(); ++i) {
        auto constant = dyn_cast_or_null<AffineConstantExpr>(in[i]);
        if (constant && constant.getValue() == 1)
          next.push_back({});
        else if (in[i] && in[i] == out[i + offset])
          next.push_back(exprs[i + offset]);
        else
          break;
      }
      if (next.size() != in.size())
        break;
      exprs = next;
      v = expand.getInput();
      continue;
    }
    if (auto reshape = dyn_cast<graph::ReshapeOp>(def)) {
      auto mapping = unitReshape(graphType(reshape.getInput()), type);
      if (!mapping)
        break;
      SmallVector<AffineExpr> next;
      for (int64_t dim : *mapping)
        next.push_back(dim < 0 ? AffineExpr() : exprs[dim]);
      exprs = next;
      v = reshape.getInput();
      continue;
    }
    if (auto permute = dyn_cast<graph::PermuteOp>(def); permute && throughPermute) {
      SmallVector<AffineExpr> next(exprs.size());
      for (auto [i, dim] : llvm::enumerate(permute.getPermutation()))
        next[dim] = exprs[i];
      exprs = next;
      v = permute.getInput();
      continue;
    }
    break;
  }
  llvm::SmallBitVector dropped(exprs.size());
  SmallVector<AffineExpr> kept;
  for (auto [i, expr] : llvm::enumerate(exprs)) {
    if (expr)
      kept.push_back(expr);
    else
      dropped.set(i);
  }
  return {{}, dropUnitDims(get(v), dropped), AffineMap::get(rank, 0, kept, b.getContext())};
}

Operand Lowering::resolveTensor(Value v, bool throughPermute) {
  Operand operand = resolve(v, throughPermute);
  if (operand.splat)
    return {{}, get(v), identity(graphType(v).getRank())};
  return operand;
}

/// Groups of input and output dimensions with equal element counts.
static bool reshapeGroups(ArrayRef<AffineExpr> from, ArrayRef<AffineExpr> to,
                          SmallVectorImpl<std::pair<ReassociationIndices, ReassociationIndices>> &groups) {
  auto equal = [](AffineExpr a, AffineExpr c) { return a && a == c; };
  size_t i = 0, j = 0, iEnd = from.size(), jEnd = to.size();
  while (i < iEnd && j < jEnd && equal(from[iEnd - 1], to[jEnd - 1]))
    --iEnd, --jEnd;
  size_t trailing = from.size() - iEnd;
  while (i < iEnd && j < jEnd) {
    if (equal(from[i], to[j])) {
      groups.push_back({{int64_t(i++)}, {int64_t(j++)}});
      continue;
    }
    // The smallest groups whose products are provably equal.
    bool found = false;
    for (size_t total = 3; !found && total <= (iEnd - i) + (jEnd - j); ++total)
      for (size_t n = 1; !found && n < total; ++n) {
        size_t m = total - n;
        if (n > iEnd - i || m > jEnd - j || (n > 1 && m > 1))
          continue;
        AffineExpr p = getAffineConstantExpr(1, from[i] ? from[i].getContext() : to[j].getContext()), q = p;
        bool known = true;
        for (size_t k = 0; k < n && known; ++k)
          (known = bool(from[i + k])) ? void(p = p * from[i + k]) : void();
        for (size_t k = 0; k < m && known; ++k)
          (known = bool(to[j + k])) ? void(q = q * to[j + k]) : void();
        if (!known || graph::simplifySize(p) != graph::simplifySize(q))
          continue;
        ReassociationIndices in, out;
        for (size_t k = 0; k < n; ++k)
          in.push_back(i + k);
        for (size_t k = 0; k < m; ++k)
          out.push_back(j + k);
        groups.push_back({in, out});
        i += n, j += m;
        found = true;
      }
    if (!found)
      break;
  }
  if (i < iEnd || j < jEnd) {
    ReassociationIndices in, out;
    for (; i < iEnd; ++i)
      in.push_back(i);
    for (; j < jEnd; ++j)
      out.push_back(j);
    // Only 1s are left on one side: they join a neighbour.
    if (in.empty() || out.empty()) {
      if (groups.empty() && !trailing)
        return false;
      if (!groups.empty()) {
        groups.back().first.append(in);
        groups.back().second.append(out);
      } else {
        in.push_back(iEnd);
        out.push_back(jEnd);
        ++iEnd, ++jEnd, --trailing;
        groups.push_back({in, out});
      }
    } else {
      groups.push_back({in, out});
    }
  }
  for (size_t k = 0; k < trailing; ++k)
    groups.push_back({{int64_t(iEnd + k)}, {int64_t(jEnd + k)}});
  return true;
}

Value Lowering::reshape(Value tensor, RankedTensorType from, RankedTensorType to) {
  RankedTensorType plain = plainType(to);
  if (tensor.getType() == plain && graph::sameSizes(from, to))
    return tensor;
  SmallVector<AffineExpr> in = graph::getSizes(from), out = graph::getSizes(to);
  SmallVector<OpFoldResult> outSizes;
  for (AffineExpr expr : out)
    outSizes.push_back(size(expr));
  // Nothing to arrange: no element, and any product of sizes is equal to another.
  if (llvm::is_contained(from.getShape(), 0) || llvm::is_contained(to.getShape(), 0))
    return castTo(empty(outSizes, plain.getElementType()), plain);
  SmallVector<std::pair<ReassociationIndices, ReassociationIndices>> groups;
  if (in.empty() || out.empty()) {
    // To or from rank 0: all other sizes are 1 (checked when dynamic).
    if (in.empty() && out.empty())
      return tensor;
    if (out.empty()) {
      SmallVector<int64_t> ones(in.size(), 1);
      return tensor::CollapseShapeOp::create(b, plain,
                                             castTo(tensor, RankedTensorType::get(ones, plain.getElementType())),
                                             ArrayRef<ReassociationIndices>{});
    }
    SmallVector<int64_t> ones(out.size(), 1);
    SmallVector<OpFoldResult> oneSizes(out.size(), b.getIndexAttr(1));
    return castTo(tensor::ExpandShapeOp::create(b, RankedTensorType::get(ones, plain.getElementType()), tensor,
                                                ArrayRef<ReassociationIndices>{}, oneSizes),
                  plain);
  }
  if (!reshapeGroups(in, out, groups)) {
    ReassociationIndices all, every;
    for (size_t i = 0; i < in.size(); ++i)
      all.push_back(i);
    for (size_t i = 0; i < out.size(); ++i)
      every.push_back(i);
    groups = {{all, every}};
  }
  // Collapse every input group to one dimension, then expand to the output's.
  SmallVector<ReassociationIndices> collapse, expand;
  SmallVector<int64_t> collapsed, wanted;
  auto productOf = [](RankedTensorType type, ArrayRef<int64_t> dims) {
    int64_t product = 1;
    for (int64_t d : dims) {
      if (type.isDynamicDim(d))
        return ShapedType::kDynamic;
      product *= type.getDimSize(d);
    }
    return product;
  };
  auto inType = cast<RankedTensorType>(tensor.getType());
  for (auto &[inGroup, outGroup] : groups) {
    collapse.push_back(inGroup);
    expand.push_back(outGroup);
    collapsed.push_back(productOf(inType, inGroup));
    wanted.push_back(productOf(plain, outGroup));
  }
  Type element = plain.getElementType();
  Value flat = tensor;
  if (collapsed.size() != in.size())
    flat = tensor::CollapseShapeOp::create(b, RankedTensorType::get(collapsed, element), tensor, collapse);
  // Where only one side knows a group's count, a cast states it.
  flat = castTo(flat, RankedTensorType::get(wanted, element));
  if (wanted.size() != out.size())
    flat = tensor::ExpandShapeOp::create(b, plain, flat, expand, outSizes);
  return castTo(flat, plain);
}

//===----------------------------------------------------------------------===//
// Loop nests
//===----------------------------------------------------------------------===//

linalg::GenericOp Lowering::generic(ValueRange inputs, ValueRange outputs, ArrayRef<AffineMap> maps,
                                    ArrayRef<utils::IteratorType> iterators, Body body) {
  return linalg::GenericOp::create(b, TypeRange(outputs), inputs, outputs, maps, iterators,
                                   [&](OpBuilder &nested, Location loc, ValueRange args) {
                                     ImplicitLocOpBuilder inner(loc, nested);
                                     linalg::YieldOp::create(inner, body(inner, args));
                                   });
}

SmallVector<Value> Lowering::parallel(ArrayRef<OpFoldResult> sizes, TypeRange elementTypes, ValueRange inputs,
                                      ArrayRef<AffineMap> maps, Body body) {
  SmallVector<AffineMap> all(maps);
  SmallVector<Value> outs;
  for (Type type : elementTypes) {
    outs.push_back(empty(sizes, type));
    all.push_back(identity(sizes.size()));
  }
  SmallVector<utils::IteratorType> iterators(sizes.size(), utils::IteratorType::parallel);
  return llvm::to_vector_of<Value>(generic(inputs, outs, all, iterators, body).getResults());
}

Value Lowering::parallel(ArrayRef<OpFoldResult> sizes, Type elementType, ValueRange inputs, ArrayRef<AffineMap> maps,
                         Body body) {
  return parallel(sizes, TypeRange(elementType), inputs, maps, body).front();
}

//===----------------------------------------------------------------------===//
// Host
//===----------------------------------------------------------------------===//

void Lowering::check(Value condition, StringRef exception, StringRef message, ValueRange values) {
  graph::CheckOp::create(b, condition, b.getStringAttr(exception), b.getStringAttr(message), values);
}

Value Lowering::constantOf(TypedAttr attr) { return arith::ConstantOp::create(b, attr); }

Value Lowering::index(int64_t value) { return arith::ConstantIndexOp::create(b, value); }

Value Lowering::weight(ElementsAttr data, RankedTensorType plain) {
  ModuleOp module = function->getParentOfType<ModuleOp>();
  OpBuilder top = OpBuilder::atBlockBegin(module.getBody());
  auto op = graph::WeightOp::create(top, b.getLoc(), b.getStringAttr("constant"), TypeAttr::get(plain), data,
                                    StringAttr(), UnitAttr(), UnitAttr());
  moduleSymbols.insert(op);
  return graph::GetWeightOp::create(b, plain, op.getSymName());
}
