//===- SymbolicInt.cpp - ints as expressions of symbols ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "SymbolicInt.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <map>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

/// A total order of expressions that does not depend on addresses.
static int compare(Int a, Int b) {
  if (a == b)
    return 0;
  if (a.getKind() != b.getKind())
    return a.getKind() < b.getKind() ? -1 : 1;
  if (auto x = dyn_cast<AffineConstantExpr>(a))
    return x.getValue() < cast<AffineConstantExpr>(b).getValue() ? -1 : 1;
  if (auto x = dyn_cast<AffineSymbolExpr>(a))
    return x.getPosition() < cast<AffineSymbolExpr>(b).getPosition() ? -1 : 1;
  if (auto x = dyn_cast<AffineDimExpr>(a))
    return x.getPosition() < cast<AffineDimExpr>(b).getPosition() ? -1 : 1;
  auto x = cast<AffineBinaryOpExpr>(a), y = cast<AffineBinaryOpExpr>(b);
  if (int order = compare(x.getLHS(), y.getLHS()))
    return order;
  return compare(x.getRHS(), y.getRHS());
}

namespace {
struct ByOrder {
  bool operator()(Int a, Int b) const { return compare(a, b) < 0; }
  bool operator()(const SmallVector<Int, 2> &a, const SmallVector<Int, 2> &b) const {
    if (a.size() != b.size())
      return a.size() > b.size(); // higher degrees first
    for (auto [x, y] : llvm::zip(a, b))
      if (int order = compare(x, y))
        return order < 0;
    return false;
  }
};
/// A product of atoms, sorted.
using Monomial = SmallVector<Int, 2>;

struct Polynomial {
  std::map<Monomial, int64_t, ByOrder> terms;

  void add(const Monomial &m, int64_t factor) {
    if (factor == 0)
      return;
    int64_t &c = terms[m];
    c += factor;
    if (c == 0)
      terms.erase(m);
  }
  void add(const Polynomial &p, int64_t factor) {
    for (auto &[m, c] : p.terms)
      add(m, c * factor);
  }
};
} // namespace

static Polynomial product(const Polynomial &a, const Polynomial &b) {
  Polynomial out;
  for (auto &[m, c] : a.terms)
    for (auto &[n, d] : b.terms) {
      Monomial both = m;
      llvm::append_range(both, n);
      llvm::sort(both, [](Int x, Int y) { return compare(x, y) < 0; });
      out.add(both, c * d);
    }
  return out;
}

static Int rebuild(const Polynomial &p, MLIRContext *context) {
  Int sum;
  for (auto &[m, c] : p.terms) {
    Int term;
    for (Int atom : m)
      term = term ? term * atom : atom;
    if (!term)
      term = getAffineConstantExpr(c, context);
    else if (c != 1)
      term = term * c;
    sum = sum ? sum + term : term;
  }
  return sum ? sum : getAffineConstantExpr(0, context);
}

static Polynomial flatten(Int a);

/// Floor division of a polynomial by a positive constant: what it divides is
/// taken out, the rest stays under one floordiv.
static Polynomial divide(const Polynomial &p, int64_t d, MLIRContext *context) {
  Polynomial out, rest;
  for (auto &[m, c] : p.terms) {
    int64_t q = llvm::divideFloorSigned(c, d), r = c - q * d;
    // Only a constant may be split: (5 * x) floordiv 2 is 2 * x + x floordiv 2,
    // which is right too and finds more equal forms.
    out.add(m, q);
    rest.add(m, r);
  }
  if (rest.terms.empty())
    return out;
  if (rest.terms.size() == 1 && rest.terms.begin()->first.empty())
    return out; // a constant in [0, d)
  Int inner = rebuild(rest, context);
  // (x floordiv a) floordiv b = x floordiv (a * b) for positive a and b.
  if (auto bin = dyn_cast<AffineBinaryOpExpr>(inner))
    if (bin.getKind() == AffineExprKind::FloorDiv)
      if (auto c = dyn_cast<AffineConstantExpr>(bin.getRHS()))
        if (c.getValue() > 0) {
          inner = bin.getLHS();
          d *= c.getValue();
        }
  Int atom = inner.floorDiv(d);
  if (auto c = dyn_cast<AffineConstantExpr>(atom))
    out.add(Monomial{}, c.getValue());
  else
    out.add(Monomial{atom}, 1);
  return out;
}

static Polynomial flatten(Int a) {
  Polynomial out;
  if (auto c = dyn_cast<AffineConstantExpr>(a)) {
    out.add(Monomial{}, c.getValue());
    return out;
  }
  auto bin = dyn_cast<AffineBinaryOpExpr>(a);
  if (!bin) {
    out.add(Monomial{a}, 1);
    return out;
  }
  Polynomial lhs = flatten(bin.getLHS());
  switch (bin.getKind()) {
  case AffineExprKind::Add:
    lhs.add(flatten(bin.getRHS()), 1);
    return lhs;
  case AffineExprKind::Mul:
    return product(lhs, flatten(bin.getRHS()));
  default:
    break;
  }
  auto divisor = dyn_cast<AffineConstantExpr>(bin.getRHS());
  if (!divisor || divisor.getValue() <= 0) {
    out.add(Monomial{a}, 1);
    return out;
  }
  int64_t d = divisor.getValue();
  MLIRContext *context = a.getContext();
  if (bin.getKind() == AffineExprKind::FloorDiv)
    return divide(lhs, d, context);
  if (bin.getKind() == AffineExprKind::CeilDiv) {
    lhs.add(Monomial{}, d - 1);
    return divide(lhs, d, context);
  }
  lhs.add(divide(lhs, d, context), -d); // a mod d = a - d * (a floordiv d)
  return lhs;
}

Int eval::canonical(Int a) {
  if (isa<AffineConstantExpr, AffineSymbolExpr>(a))
    return a;
  return rebuild(flatten(a), a.getContext());
}

std::optional<int64_t> eval::known(Int a) {
  if (auto c = dyn_cast<AffineConstantExpr>(a))
    return c.getValue();
  if (isa<AffineSymbolExpr>(a))
    return std::nullopt;
  if (auto c = dyn_cast<AffineConstantExpr>(canonical(a)))
    return c.getValue();
  return std::nullopt;
}

bool eval::equal(Int a, Int b) {
  if (a == b)
    return true;
  if (isa<AffineConstantExpr>(a) && isa<AffineConstantExpr>(b))
    return false;
  return canonical(a) == canonical(b);
}

Int eval::add(Int a, Int b) { return canonical(a + b); }
Int eval::sub(Int a, Int b) { return canonical(a - b); }
Int eval::mul(Int a, Int b) { return rebuild(product(flatten(a), flatten(b)), a.getContext()); }

Int eval::floorDiv(Int a, int64_t b) {
  assert(b != 0);
  Polynomial p = flatten(a);
  if (b < 0) {
    Polynomial negated;
    negated.add(p, -1);
    p = negated;
    b = -b;
  }
  return rebuild(divide(p, b, a.getContext()), a.getContext());
}

Int eval::exactDiv(Int a, Int b) {
  Polynomial num = flatten(a), den = flatten(b);
  MLIRContext *context = a.getContext();
  if (num.terms.empty())
    return getAffineConstantExpr(0, context);
  if (den.terms.size() != 1) {
    // A sum divides only a multiple of itself: try the ratio of first terms.
    if (den.terms.size() != num.terms.size() || den.terms.empty())
      return {};
    Monomial first = den.terms.begin()->first;
    Polynomial one;
    one.add(first, den.terms.begin()->second);
    Polynomial lead;
    lead.add(num.terms.begin()->first, num.terms.begin()->second);
    Int ratio = exactDiv(rebuild(lead, context), rebuild(one, context));
    if (ratio && equal(mul(ratio, b), a))
      return ratio;
    return {};
  }
  const auto &[divisor, factor] = *den.terms.begin();
  Polynomial out;
  for (auto &[m, c] : num.terms) {
    if (c % factor != 0)
      return {};
    Monomial rest = m;
    for (Int atom : divisor) {
      auto it = llvm::find(rest, atom);
      if (it == rest.end())
        return {};
      rest.erase(it);
    }
    out.add(rest, c / factor);
  }
  return rebuild(out, context);
}

static bool infinite(int64_t a) { return a == INT64_MIN || a == INT64_MAX; }
static int64_t saturatingAdd(int64_t a, int64_t b, int64_t infinity) {
  int64_t r;
  if (infinite(a) || infinite(b) || llvm::AddOverflow(a, b, r))
    return infinity;
  return r;
}
static int64_t saturatingMul(int64_t a, int64_t b) {
  if (a == 0 || b == 0)
    return 0;
  int64_t r;
  if (infinite(a) || infinite(b) || llvm::MulOverflow(a, b, r))
    return (a < 0) == (b < 0) ? INT64_MAX : INT64_MIN;
  return r;
}

static Interval times(Interval a, Interval b) {
  int64_t c[] = {saturatingMul(a.min, b.min), saturatingMul(a.min, b.max), saturatingMul(a.max, b.min),
                 saturatingMul(a.max, b.max)};
  return {*llvm::min_element(c), *llvm::max_element(c)};
}

Interval eval::bounds(Int a, ArrayRef<Interval> symbols) {
  auto atomBounds = [&](Int atom) -> Interval {
    if (auto s = dyn_cast<AffineSymbolExpr>(atom))
      return s.getPosition() < symbols.size() ? symbols[s.getPosition()] : Interval();
    auto bin = dyn_cast<AffineBinaryOpExpr>(atom);
    auto d = bin ? dyn_cast<AffineConstantExpr>(bin.getRHS()) : AffineConstantExpr();
    if (!d || d.getValue() <= 0 || bin.getKind() != AffineExprKind::FloorDiv)
      return {};
    Interval in = bounds(bin.getLHS(), symbols);
    auto div = [&](int64_t x) { return infinite(x) ? x : llvm::divideFloorSigned(x, d.getValue()); };
    return {div(in.min), div(in.max)};
  };
  Interval sum{0, 0};
  for (auto &[m, c] : flatten(a).terms) {
    Interval term{c, c};
    for (Int atom : m)
      term = times(term, atomBounds(atom));
    sum.min = saturatingAdd(sum.min, term.min, INT64_MIN);
    sum.max = saturatingAdd(sum.max, term.max, INT64_MAX);
  }
  return sum;
}

unsigned eval::numSymbols(Int a) {
  unsigned count = 0;
  a.walk([&](AffineExpr e) {
    if (auto s = dyn_cast<AffineSymbolExpr>(e))
      count = std::max(count, s.getPosition() + 1);
  });
  return count;
}
