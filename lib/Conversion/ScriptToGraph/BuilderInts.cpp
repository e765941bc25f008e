//===- BuilderInts.cpp - host numbers and run-time checks -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "GraphBuilder.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Predicate = arith::CmpIPredicate;

//===----------------------------------------------------------------------===//
// Errors and checks
//===----------------------------------------------------------------------===//

void GraphBuilder::raise(StringRef exception, const Twine &message) {
  if (failed())
    return;
  if (onMayRaise)
    onMayRaise();
  raised = true;
  raisedException = exception.str();
  raisedMessage = message.str();
  Value no = arith::ConstantOp::create(b, loc, b.getBoolAttr(false));
  raisePoint =
      graph::CheckOp::create(b, loc, no, b.getStringAttr(exception), b.getStringAttr(raisedMessage), ValueRange());
}

std::string eval::fillHoles(StringRef message, unsigned count, llvm::function_ref<std::string(unsigned)> text) {
  std::string filled = message.str();
  for (unsigned i = 0; i < count; ++i) {
    std::string hole = "{" + std::to_string(i) + "}", value = text(i);
    for (size_t at = 0; !value.empty() && (at = filled.find(hole, at)) != std::string::npos; at += value.size())
      filled.replace(at, hole.size(), value);
  }
  return filled;
}

void GraphBuilder::unsupported(const Twine &reason) {
  if (!failed())
    unsupportedReason = reason.str();
}

void GraphBuilder::mayRaise() {
  raises = true;
  if (onMayRaise)
    onMayRaise();
}

void GraphBuilder::check(const AV &condition, StringRef exception, const Twine &message, ArrayRef<Int> values) {
  if (failed())
    return;
  if (std::optional<bool> k = condition.knownBool()) {
    if (*k)
      return;
    // Fill in what is known: the message of an unconditional error is final.
    bool final = true;
    std::string text = fillHoles(message.str(), values.size(), [&](unsigned i) {
      std::optional<int64_t> n = known(values[i]);
      final &= n.has_value();
      return n ? std::to_string(*n) : "";
    });
    if (final)
      return raise(exception, text);
  }
  if (onMayRaise)
    onMayRaise();
  Value ok = toI1(condition);
  Values operands;
  for (Int v : values)
    operands.push_back(toIndex(v));
  auto op = graph::CheckOp::create(b, loc, ok, b.getStringAttr(exception), b.getStringAttr(message.str()), operands);
  if (condition.knownBool()) { // false: the message needs run-time values
    raised = true;
    raisedException = exception.str();
    raisedMessage = message.str();
    raisePoint = op;
  }
}

void GraphBuilder::checkEqual(Int lhs, Int rhs, StringRef exception, const Twine &message, ArrayRef<Int> values) {
  lhs = resolve(lhs);
  rhs = resolve(rhs);
  AV same = compareInt(Predicate::eq, lhs, rhs);
  if (same.knownBool().value_or(false))
    return;
  check(same, exception, message, values);
  if (!failed())
    learnEqual(lhs, rhs);
}

void GraphBuilder::learnEqual(Int lhs, Int rhs) {
  // Where the equation gives a symbol; the later one is replaced.
  auto l = dyn_cast<AffineSymbolExpr>(lhs), r = dyn_cast<AffineSymbolExpr>(rhs);
  if (l && r && l.getPosition() < r.getPosition())
    std::swap(l, r), std::swap(lhs, rhs);
  if (!l) {
    std::swap(l, r);
    std::swap(lhs, rhs);
  }
  if (!l)
    return;
  bool cyclic = false;
  rhs.walk([&](AffineExpr e) { cyclic |= e == lhs; });
  if (!cyclic)
    equalities.push_back({l.getPosition(), rhs});
}

Int GraphBuilder::resolve(Int value) const {
  if (equalities.empty() || isa<AffineConstantExpr>(value))
    return value;
  // Later equations may use the symbols that earlier ones replace with.
  Int before;
  do {
    before = value;
    for (auto &[symbol, expr] : equalities)
      value = value.replace(getAffineSymbolExpr(symbol, context()), expr);
  } while (value != before);
  return canonical(value);
}

//===----------------------------------------------------------------------===//
// Ints
//===----------------------------------------------------------------------===//

Int GraphBuilder::newSymbol(Value index, Interval range, StringRef name) {
  Int symbol = declareSymbol(range, name);
  bindSymbol(symbol, index);
  return symbol;
}

Int GraphBuilder::declareSymbol(Interval range, StringRef name) {
  unsigned position = symbols.size();
  symbols.push_back({name.empty() ? "u" + std::to_string(position) : name.str(), range, Value()});
  return getAffineSymbolExpr(position, context());
}

void GraphBuilder::bindSymbol(Int symbol, Value index) {
  unsigned position = cast<AffineSymbolExpr>(symbol).getPosition();
  graph::BindSymbolOp::create(b, loc, index, b.getI64IntegerAttr(position));
  symbols[position].value = index;
  indices[symbol] = index;
}

GraphBuilder::Facts GraphBuilder::saveFacts() const {
  return {indices, minimumOf, memo, equalities, scalars, tokens, modes};
}

void GraphBuilder::restoreFacts(const Facts &facts) {
  indices = facts.indices;
  minimumOf = facts.minimumOf;
  memo = facts.memo;
  equalities = facts.equalities;
  scalars = facts.scalars;
  tokens = facts.tokens;
  modes = facts.modes;
}

Int GraphBuilder::fromSSA(Value value, Interval range) {
  if (auto c = value.getDefiningOp<arith::ConstantOp>())
    if (auto i = dyn_cast<IntegerAttr>(c.getValue()))
      return size(i.getInt());
  if (!value.getType().isIndex())
    value = arith::IndexCastOp::create(b, loc, b.getIndexType(), value);
  return newSymbol(value, range);
}

Value GraphBuilder::toIndex(Int value) {
  auto it = indices.find(value);
  if (it != indices.end())
    return it->second;
  Value v;
  if (auto c = dyn_cast<AffineConstantExpr>(value)) {
    v = arith::ConstantOp::create(b, loc, b.getIndexAttr(c.getValue()));
  } else {
    auto bin = cast<AffineBinaryOpExpr>(value);
    Value lhs = toIndex(bin.getLHS()), rhs = toIndex(bin.getRHS());
    switch (bin.getKind()) {
    case AffineExprKind::Add:
      v = arith::AddIOp::create(b, loc, lhs, rhs);
      break;
    case AffineExprKind::Mul:
      v = arith::MulIOp::create(b, loc, lhs, rhs);
      break;
    case AffineExprKind::FloorDiv:
      v = arith::FloorDivSIOp::create(b, loc, lhs, rhs);
      break;
    case AffineExprKind::CeilDiv:
      v = arith::CeilDivSIOp::create(b, loc, lhs, rhs);
      break;
    default: {
      Value q = arith::FloorDivSIOp::create(b, loc, lhs, rhs);
      v = arith::SubIOp::create(b, loc, lhs, arith::MulIOp::create(b, loc, q, rhs));
      break;
    }
    }
  }
  indices[value] = v;
  return v;
}

Value GraphBuilder::toI64(Int value) {
  if (std::optional<int64_t> k = known(value))
    return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(*k));
  return arith::IndexCastOp::create(b, loc, b.getI64Type(), toIndex(value));
}

Interval GraphBuilder::range(Int value) const {
  SmallVector<Interval> ranges;
  for (const SymbolInfo &s : symbols)
    ranges.push_back(s.range);
  return bounds(value, ranges);
}

std::optional<int64_t> GraphBuilder::recorded(Int value) const {
  SmallVector<Interval> ranges;
  for (const SymbolInfo &s : symbols)
    ranges.push_back(s.recorded < 0 ? s.range : Interval{s.recorded, s.recorded});
  Interval i = bounds(value, ranges);
  return i.min == i.max ? std::optional(i.min) : std::nullopt;
}

Int GraphBuilder::memoized(unsigned op, Int lhs, Int rhs, llvm::function_ref<Int()> build) {
  auto key = std::make_pair(op, std::make_pair(lhs, rhs));
  auto it = memo.find(key);
  if (it != memo.end())
    return it->second;
  Int result = build();
  memo[key] = result;
  return result;
}

namespace {
enum MemoOp : unsigned { MaxOp, MinOp, FloorDivOp, WrapOp, BroadcastOp };
}

Int GraphBuilder::maxInt(Int lhs, Int rhs) {
  Interval d = range(eval::sub(lhs, rhs));
  if (d.min >= 0)
    return lhs;
  if (d.max <= 0)
    return rhs;
  return memoized(MaxOp, lhs, rhs, [&] {
    Interval a = range(lhs), c = range(rhs);
    Int symbol = newSymbol(arith::MaxSIOp::create(b, loc, toIndex(lhs), toIndex(rhs)),
                           {std::max(a.min, c.min), std::max(a.max, c.max)});
    if (std::optional<int64_t> x = recorded(lhs), y = recorded(rhs); x && y)
      symbols.back().recorded = std::max(*x, *y);
    return symbol;
  });
}

Int GraphBuilder::minInt(Int lhs, Int rhs) {
  Interval d = range(eval::sub(lhs, rhs));
  if (d.min >= 0)
    return rhs;
  if (d.max <= 0)
    return lhs;
  return memoized(MinOp, lhs, rhs, [&] {
    Interval a = range(lhs), c = range(rhs);
    Int symbol = newSymbol(arith::MinSIOp::create(b, loc, toIndex(lhs), toIndex(rhs)),
                           {std::min(a.min, c.min), std::min(a.max, c.max)});
    if (std::optional<int64_t> x = recorded(lhs), y = recorded(rhs); x && y)
      symbols.back().recorded = std::min(*x, *y);
    if (known(rhs).value_or(0) >= 2)
      minimumOf[symbol] = lhs;
    else if (known(lhs).value_or(0) >= 2)
      minimumOf[symbol] = rhs;
    return symbol;
  });
}

Int GraphBuilder::floorDivInt(Int lhs, Int rhs) {
  if (std::optional<int64_t> d = known(rhs)) {
    if (*d == 0) {
      raise("ZeroDivisionError", "integer division or modulo by zero");
      return size(0);
    }
    return floorDiv(lhs, *d);
  }
  check(compareInt(Predicate::ne, rhs, size(0)), "ZeroDivisionError", "integer division or modulo by zero");
  if (Int q = exactDiv(lhs, rhs))
    return q;
  return memoized(FloorDivOp, lhs, rhs, [&] {
    Interval a = range(lhs), d = range(rhs);
    Interval r;
    if (a.min >= 0 && d.min >= 0)
      r = {0, a.max};
    // Whoever moves the division before the check must not divide by zero.
    Value divisor = toIndex(rhs);
    if (d.min <= 0 && d.max >= 0) {
      Value zero = arith::CmpIOp::create(b, loc, Predicate::eq, divisor, toIndex(size(0)));
      divisor = arith::SelectOp::create(b, loc, zero, toIndex(size(1)), divisor);
    }
    return newSymbol(arith::FloorDivSIOp::create(b, loc, toIndex(lhs), divisor), r);
  });
}

Int GraphBuilder::modInt(Int lhs, Int rhs) {
  Int q = floorDivInt(lhs, rhs);
  return eval::sub(lhs, eval::mul(q, rhs));
}

Int GraphBuilder::selectInt(const AV &condition, Int lhs, Int rhs) {
  if (equal(lhs, rhs))
    return lhs;
  if (std::optional<bool> k = condition.knownBool())
    return *k ? lhs : rhs;
  Interval a = range(lhs), c = range(rhs);
  return newSymbol(arith::SelectOp::create(b, loc, condition.getSSA(), toIndex(lhs), toIndex(rhs)),
                   {std::min(a.min, c.min), std::max(a.max, c.max)});
}

Int GraphBuilder::wrapInt(Int value, Int size) {
  Interval r = range(value);
  if (r.min >= 0)
    return value;
  if (r.max < 0)
    return eval::add(value, size);
  return memoized(WrapOp, value, size, [&] {
    return selectInt(compareInt(Predicate::slt, value, this->size(0)), eval::add(value, size), value);
  });
}

AV GraphBuilder::compareInt(Predicate predicate, Int lhs, Int rhs) {
  Int d = eval::sub(resolve(lhs), resolve(rhs));
  Interval r = range(d);
  auto decide = [&](bool yes, bool no) -> std::optional<bool> {
    return yes ? std::optional<bool>(true) : no ? std::optional<bool>(false) : std::nullopt;
  };
  std::optional<bool> k;
  switch (predicate) {
  case Predicate::eq:
    k = decide(r.min == 0 && r.max == 0, r.min > 0 || r.max < 0);
    break;
  case Predicate::ne:
    k = decide(r.min > 0 || r.max < 0, r.min == 0 && r.max == 0);
    break;
  case Predicate::slt:
    k = decide(r.max < 0, r.min >= 0);
    break;
  case Predicate::sle:
    k = decide(r.max <= 0, r.min > 0);
    break;
  case Predicate::sgt:
    k = decide(r.min > 0, r.max <= 0);
    break;
  case Predicate::sge:
    k = decide(r.min >= 0, r.max < 0);
    break;
  default:
    llvm_unreachable("ints are signed");
  }
  if (k)
    return AV::boolean(*k);
  return AV::runtime(arith::CmpIOp::create(b, loc, predicate, toIndex(lhs), toIndex(rhs)));
}

//===----------------------------------------------------------------------===//
// Floats and bools
//===----------------------------------------------------------------------===//

Value GraphBuilder::toF64(const AV &number) {
  if (number.is(AV::Kind::Int)) {
    if (std::optional<int64_t> k = number.knownInt())
      return arith::ConstantOp::create(b, loc, b.getF64FloatAttr(double(*k)));
    return arith::SIToFPOp::create(b, loc, b.getF64Type(), toI64(number.getInt()));
  }
  if (!number.getSSA())
    return arith::ConstantOp::create(b, loc, b.getF64FloatAttr(number.re()));
  if (number.is(AV::Kind::Bool))
    return arith::UIToFPOp::create(b, loc, b.getF64Type(), number.getSSA());
  return number.getSSA();
}

Value GraphBuilder::toI1(const AV &boolean) {
  if (std::optional<bool> k = boolean.knownBool())
    return arith::ConstantOp::create(b, loc, b.getBoolAttr(*k));
  return boolean.getSSA();
}

AV GraphBuilder::fromF64(Value value) {
  if (auto c = value.getDefiningOp<arith::ConstantOp>())
    return AV::real(cast<FloatAttr>(c.getValue()).getValueAsDouble());
  return AV::runtime(value);
}
AV GraphBuilder::fromI1(Value value) {
  if (auto c = value.getDefiningOp<arith::ConstantOp>())
    return AV::boolean(cast<BoolAttr>(c.getValue()).getValue());
  return AV::runtime(value);
}

AV GraphBuilder::notBool(const AV &a) {
  if (std::optional<bool> k = a.knownBool())
    return AV::boolean(!*k);
  return AV::runtime(arith::XOrIOp::create(b, loc, a.getSSA(), toI1(AV::boolean(true))));
}
AV GraphBuilder::andBool(const AV &a, const AV &c) {
  if (std::optional<bool> k = a.knownBool())
    return *k ? c : a;
  if (std::optional<bool> k = c.knownBool())
    return *k ? a : c;
  return AV::runtime(arith::AndIOp::create(b, loc, a.getSSA(), c.getSSA()));
}
AV GraphBuilder::orBool(const AV &a, const AV &c) { return notBool(andBool(notBool(a), notBool(c))); }
