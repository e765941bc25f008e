//===- SymbolicExpression.h - sizes as sympy writes them --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// torch.export writes a symbolic size as sympy's `srepr`:
//   Add(Mul(Integer(2), Symbol('s0', positive=True, integer=True)), Integer(1))
#ifndef INGOT_LIB_IMPORT_EXPORT_SYMBOLICEXPRESSION_H
#define INGOT_LIB_IMPORT_EXPORT_SYMBOLICEXPRESSION_H

#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ingot::exported {

/// A parsed expression. Heads we know nothing about are kept: such a size is a
/// symbol of its own.
struct SymbolicExpression {
  /// "Symbol", "Integer", "Add", ...
  std::string head;
  /// The name of a Symbol.
  std::string symbol;
  /// The value of an Integer.
  int64_t value = 0;
  std::vector<SymbolicExpression> operands;

  bool isSymbol() const { return head == "Symbol"; }
  /// As a person writes it: "2*s0 + 1".
  std::string str() const;
};

llvm::Expected<SymbolicExpression> parseSymbolicExpression(llvm::StringRef text);

/// A sum of symbols with integer coefficients.
struct LinearForm {
  std::map<std::string, int64_t> coefficients;
  int64_t constant = 0;
};
std::optional<LinearForm> toLinear(const SymbolicExpression &expression);

/// As an affine expression; `symbol` gives that of a symbol or null. Null when
/// the expression is not affine.
mlir::AffineExpr toAffine(const SymbolicExpression &expression, mlir::MLIRContext *context,
                          llvm::function_ref<mlir::AffineExpr(llvm::StringRef)> symbol);

} // namespace ingot::exported

#endif
