//===- SymbolicInt.h - ints as expressions of symbols -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every int of the host program is an AffineExpr over the function's symbols,
// constants included. Products of symbols are allowed (semi-affine), so that
// `view(B * T, D)` and its inverse keep provably equal sizes; what no expression
// can hold (max, a quotient by a symbol, an item of a tensor) is a new symbol.
//
// Expressions are compared in one normal form: a polynomial over symbols and
// floordiv-by-constant atoms, with sorted monomials.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_SYMBOLICINT_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_SYMBOLICINT_H

#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <optional>

namespace ingot::eval {

using Int = mlir::AffineExpr;

/// The normal form of an expression; equal values of polynomials are equal
/// expressions.
Int canonical(Int a);

/// Constant value, if it is one.
std::optional<int64_t> known(Int a);
inline bool isKnown(Int a, int64_t value) {
  std::optional<int64_t> k = known(a);
  return k && *k == value;
}
/// Whether both are provably equal (for all values of the symbols).
bool equal(Int a, Int b);

Int add(Int a, Int b);
Int sub(Int a, Int b);
Int mul(Int a, Int b);
/// Floor division by a non-zero constant.
Int floorDiv(Int a, int64_t b);
/// a / b when b divides a exactly as a polynomial (b a single term); null when
/// it does not. The caller makes sure that b is not zero at run time.
Int exactDiv(Int a, Int b);

/// Inclusive interval; the extremes of int64_t stand for infinities.
struct Interval {
  int64_t min = INT64_MIN;
  int64_t max = INT64_MAX;
};
/// Bounds of an expression from the bounds of the symbols.
Interval bounds(Int a, llvm::ArrayRef<Interval> symbols);

/// Highest symbol used + 1.
unsigned numSymbols(Int a);

} // namespace ingot::eval

#endif
