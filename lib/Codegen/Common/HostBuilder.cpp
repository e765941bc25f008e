//===- HostBuilder.cpp - the host program and its sizes ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Codegen/Common/HostBuilder.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace ingot::codegen;

HostBuilder::HostBuilder(func::FuncOp host) : OpBuilder(host.getContext()), loc(host.getLoc()), host(host) {
  setInsertionPointToStart(&host.getBody().front());
  // A constant that nobody uses stands where the prologue ends.
  marker = arith::ConstantOp::create(*this, loc, getBoolAttr(false));
  scopes.emplace_back();
}

void HostBuilder::finish() {
  marker->erase();
  marker = nullptr;
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

unsigned HostBuilder::symbolOf(Value v) {
  auto [it, inserted] = symbolNumbers.try_emplace(v, symbols.size());
  if (inserted)
    symbols.push_back(v);
  return it->second;
}

std::optional<int64_t> HostBuilder::constant(AffineExpr e) {
  if (auto c = dyn_cast_or_null<AffineConstantExpr>(e))
    return c.getValue();
  return std::nullopt;
}

AffineExpr HostBuilder::simplify(AffineExpr e) { return simplifyAffineExpr(e, 0, symbols.size()); }

AffineExpr HostBuilder::product(ArrayRef<AffineExpr> factors) {
  AffineExpr result = expr(1);
  for (AffineExpr f : factors)
    result = simplify(result * f);
  return result;
}

AffineExpr HostBuilder::expr(OpFoldResult index) {
  if (auto attr = dyn_cast<Attribute>(index))
    return expr(cast<IntegerAttr>(attr).getInt());
  return expr(cast<Value>(index));
}

AffineExpr HostBuilder::expr(Value v) {
  if (auto it = exprs.find(v); it != exprs.end())
    return it->second;
  APInt value;
  AffineExpr result;
  Operation *op = v.getDefiningOp();
  if (matchPattern(v, m_ConstantInt(&value))) {
    result = expr(value.getSExtValue());
  } else if (isa_and_nonnull<arith::AddIOp>(op)) {
    result = simplify(expr(op->getOperand(0)) + expr(op->getOperand(1)));
  } else if (isa_and_nonnull<arith::SubIOp>(op)) {
    result = simplify(expr(op->getOperand(0)) - expr(op->getOperand(1)));
  } else if (isa_and_nonnull<arith::MulIOp>(op)) {
    result = simplify(expr(op->getOperand(0)) * expr(op->getOperand(1)));
  } else if (isa_and_nonnull<arith::IndexCastOp>(op) &&
             (op->getOperand(0).getType().isInteger(64) || op->getOperand(0).getType().isIndex()) &&
             (v.getType().isInteger(64) || v.getType().isIndex())) {
    result = expr(op->getOperand(0));
  } else if (auto apply = dyn_cast_or_null<affine::AffineApplyOp>(op)) {
    SmallVector<AffineExpr> dims, syms;
    AffineMap map = apply.getAffineMap();
    for (auto [i, operand] : llvm::enumerate(apply.getMapOperands()))
      (i < map.getNumDims() ? dims : syms).push_back(expr(operand));
    result = simplify(map.getResult(0).replaceDimsAndSymbols(dims, syms));
  } else {
    result = mlir::getAffineSymbolExpr(symbolOf(v), getContext());
  }
  exprs[v] = result;
  return result;
}

bool HostBuilder::isPrologue(AffineExpr e) {
  bool all = true;
  e.walk([&](AffineExpr x) {
    if (auto s = dyn_cast<AffineSymbolExpr>(x))
      all &= prologueValues.contains(symbols[s.getPosition()]);
  });
  return all;
}

Value HostBuilder::inPrologue(llvm::function_ref<Value()> create) {
  InsertionGuard guard(*this);
  setInsertionPoint(marker);
  Value v = create();
  prologueValues.insert(v);
  return v;
}

Value HostBuilder::value(AffineExpr e) {
  e = simplify(e);
  if (Value v = prologue.values.lookup(e))
    return v;
  for (Cache &scope : llvm::reverse(scopes))
    if (Value v = scope.values.lookup(e))
      return v;
  if (isPrologue(e)) {
    Value v = inPrologue([&] { return build(e); });
    prologue.values[e] = v;
    exprs.try_emplace(v, e);
    return v;
  }
  Value v = build(e);
  scopes.back().values[e] = v;
  exprs.try_emplace(v, e);
  return v;
}

OpFoldResult HostBuilder::foldResult(AffineExpr e) {
  e = simplify(e);
  if (auto c = constant(e))
    return getIndexAttr(*c);
  return value(e);
}

Value HostBuilder::build(AffineExpr e) {
  if (auto c = constant(e))
    return arith::ConstantIndexOp::create(*this, loc, *c);
  if (auto s = dyn_cast<AffineSymbolExpr>(e)) {
    Value v = symbols[s.getPosition()];
    if (v.getType().isIndex())
      return v;
    return arith::IndexCastOp::create(*this, loc, getIndexType(), v);
  }
  auto binary = cast<AffineBinaryOpExpr>(e);
  Value lhs = value(binary.getLHS());
  // a + b * -1 reads better, and costs less, as a - b.
  if (e.getKind() == AffineExprKind::Add) {
    if (auto mul = dyn_cast<AffineBinaryOpExpr>(binary.getRHS());
        mul && mul.getKind() == AffineExprKind::Mul && isConstant(mul.getRHS(), -1))
      return arith::SubIOp::create(*this, loc, lhs, value(mul.getLHS()));
    return arith::AddIOp::create(*this, loc, lhs, value(binary.getRHS()));
  }
  Value rhs = value(binary.getRHS());
  if (e.getKind() == AffineExprKind::Mul)
    return arith::MulIOp::create(*this, loc, lhs, rhs);
  // Prologue arithmetic runs before the program's checks: no division by zero.
  if (!constant(binary.getRHS()))
    rhs = arith::MaxSIOp::create(*this, loc, rhs, value(1));
  if (e.getKind() == AffineExprKind::FloorDiv)
    return arith::FloorDivSIOp::create(*this, loc, lhs, rhs);
  if (e.getKind() == AffineExprKind::CeilDiv)
    return arith::CeilDivSIOp::create(*this, loc, lhs, rhs);
  Value quotient = arith::FloorDivSIOp::create(*this, loc, lhs, rhs);
  return arith::SubIOp::create(*this, loc, lhs, arith::MulIOp::create(*this, loc, quotient, rhs));
}

//===----------------------------------------------------------------------===//
// Scalar operations
//===----------------------------------------------------------------------===//

SmallVector<Value> HostBuilder::cloneScalar(Operation *op, ValueRange operands) {
  IRMapping mapping;
  for (auto [from, to] : llvm::zip(op->getOperands(), operands))
    mapping.map(from, to);
  bool pure = isPure(op) && op->getNumRegions() == 0;
  bool early = pure && llvm::all_of(operands, [&](Value v) { return isPrologue(v); });
  InsertionGuard guard(*this);
  Cache &cache = early ? prologue : scopes.back();
  if (early)
    setInsertionPoint(marker);
  Operation *copy = clone(*op, mapping);
  auto remember = [&](ValueRange values) {
    if (early)
      prologueValues.insert_range(values);
    return llvm::to_vector(values);
  };
  if (!pure)
    return llvm::to_vector(ValueRange(copy->getResults()));
  // Index arithmetic has one value for each expression.
  if (copy->getNumResults() == 1 && copy->getResult(0).getType().isIndex()) {
    AffineExpr e = expr(copy->getResult(0));
    auto s = dyn_cast<AffineSymbolExpr>(e);
    if (!s || symbols[s.getPosition()] != copy->getResult(0)) {
      exprs.erase(copy->getResult(0));
      copy->erase();
      return {value(e)};
    }
    // An opaque value; a symbol stays its own unless an equal one exists below.
  }
  SmallVector<Value> folded;
  if (succeeded(tryFold(copy, folded)) && !folded.empty()) {
    for (Value r : copy->getResults())
      exprs.erase(r);
    copy->erase();
    return remember(folded);
  }
  unsigned hash =
      OperationEquivalence::computeHash(copy, OperationEquivalence::directHashValue,
                                        OperationEquivalence::ignoreHashValue, OperationEquivalence::IgnoreLocations);
  auto find = [&](Cache &c) -> Operation * {
    auto it = c.operations.find(hash);
    if (it == c.operations.end())
      return nullptr;
    for (Operation *other : it->second)
      if (OperationEquivalence::isEquivalentTo(copy, other, OperationEquivalence::exactValueMatch,
                                               /*markEquivalent=*/nullptr, OperationEquivalence::IgnoreLocations))
        return other;
    return nullptr;
  };
  Operation *equal = find(prologue);
  for (Cache &scope : llvm::reverse(scopes))
    if (!equal)
      equal = find(scope);
  if (equal) {
    for (Value r : copy->getResults())
      exprs.erase(r);
    copy->erase();
    return llvm::to_vector(ValueRange(equal->getResults()));
  }
  cache.operations[hash].push_back(copy);
  return remember(copy->getResults());
}

bool HostBuilder::isAvailableBefore(AffineExpr e, Operation *op) {
  bool all = true;
  e.walk([&](AffineExpr x) {
    auto s = dyn_cast<AffineSymbolExpr>(x);
    if (!s || !all)
      return;
    Value v = symbols[s.getPosition()];
    Block *block = v.getParentBlock();
    Operation *ancestor = block->findAncestorOpInBlock(*op);
    all &=
        ancestor && (!v.getDefiningOp() || prologueValues.contains(v) || v.getDefiningOp()->isBeforeInBlock(ancestor));
  });
  return all;
}

void HostBuilder::forget(Operation *op) {
  op->walk([&](Operation *inner) {
    for (Value r : inner->getResults())
      exprs.erase(r);
    for (Region &region : inner->getRegions())
      for (Block &block : region)
        for (Value a : block.getArguments())
          exprs.erase(a);
  });
}
