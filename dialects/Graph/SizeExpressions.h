//===- SizeExpressions.h - sizes in one form --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_DIALECTS_GRAPH_SIZEEXPRESSIONS_H
#define INGOT_DIALECTS_GRAPH_SIZEEXPRESSIONS_H

#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/ArrayRef.h"
#include <algorithm>

namespace ingot::graph {

/// Symbols of a function are numbered: one more than the highest that the sizes use.
inline unsigned countSymbols(llvm::ArrayRef<mlir::AffineExpr> sizes) {
  unsigned count = 0;
  for (mlir::AffineExpr size : sizes)
    size.walk([&](mlir::AffineExpr e) {
      if (auto s = mlir::dyn_cast<mlir::AffineSymbolExpr>(e))
        count = std::max(count, s.getPosition() + 1);
    });
  return count;
}

/// The form in which sizes are compared. MLIR writes past its arrays where it is told of fewer
/// symbols than there are.
inline mlir::AffineExpr simplifySize(mlir::AffineExpr size) {
  return mlir::simplifyAffineExpr(size, 0, countSymbols(size));
}

} // namespace ingot::graph

#endif
