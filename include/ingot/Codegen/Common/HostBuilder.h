//===- HostBuilder.h - the host program and its symbolic sizes --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The host program of a method: where operations are put, and index arithmetic
// as affine expressions (also of products of symbols). Equal sizes are equal
// expressions, which is what decides whether dimensions collapse, whether a
// memory slot can be reused and whether a loop-carried tensor keeps its sizes.
#ifndef INGOT_CODEGEN_COMMON_HOSTBUILDER_H
#define INGOT_CODEGEN_COMMON_HOSTBUILDER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace ingot::codegen {

class HostBuilder : public mlir::OpBuilder {
public:
  /// Builds into the (empty) entry block of `host`.
  explicit HostBuilder(mlir::func::FuncOp host);

  mlir::Location loc;
  mlir::func::FuncOp getFunction() { return host; }

  //===--- Symbolic index arithmetic ---------------------------------------===//

  /// The expression of an index value; integer arithmetic is looked through.
  mlir::AffineExpr expr(mlir::Value index);
  mlir::AffineExpr expr(mlir::OpFoldResult index);
  mlir::AffineExpr expr(int64_t constant) { return mlir::getAffineConstantExpr(constant, getContext()); }
  /// Canonical form: equal results are equal expressions.
  mlir::AffineExpr simplify(mlir::AffineExpr e);
  mlir::AffineExpr product(llvm::ArrayRef<mlir::AffineExpr> factors);
  static std::optional<int64_t> constant(mlir::AffineExpr e);
  static bool isConstant(mlir::AffineExpr e, int64_t value) { return constant(e) == value; }

  /// The expression as an index value, available at the insertion point.
  /// Expressions of sizes known at entry are computed once, in the prologue.
  mlir::Value value(mlir::AffineExpr e);
  mlir::Value value(int64_t c) { return value(expr(c)); }
  mlir::OpFoldResult foldResult(mlir::AffineExpr e);

  //===--- Operations ------------------------------------------------------===//

  /// Clones a scalar operation whose operands are already mapped. Pure ones are
  /// shared, and stand in the prologue when all their operands do.
  llvm::SmallVector<mlir::Value> cloneScalar(mlir::Operation *op, mlir::ValueRange operands);

  /// Builds `create` in the prologue: the first operations of the host program.
  mlir::Value inPrologue(llvm::function_ref<mlir::Value()> create);
  bool isPrologue(mlir::Value v) const { return prologueValues.contains(v); }
  bool isPrologue(mlir::AffineExpr e);
  /// The operation that ends the prologue.
  mlir::Operation *prologueEnd() { return marker; }

  /// Values made inside a region are forgotten when it is left.
  struct Scope {
    explicit Scope(HostBuilder &host) : host(host) { host.scopes.emplace_back(); }
    ~Scope() { host.scopes.pop_back(); }
    HostBuilder &host;
  };

  /// Whether the expression can be computed where `op` stands.
  bool isAvailableBefore(mlir::AffineExpr e, mlir::Operation *op);
  /// Forgets the values of an operation that is about to be erased.
  void forget(mlir::Operation *op);

  /// Removes the builder's own marks; call once when the host is complete.
  void finish();

private:
  friend struct Scope;
  struct Cache {
    llvm::DenseMap<mlir::AffineExpr, mlir::Value> values;
    llvm::DenseMap<unsigned, llvm::SmallVector<mlir::Operation *, 1>> operations;
  };
  unsigned symbolOf(mlir::Value v);
  mlir::Value build(mlir::AffineExpr e);

  mlir::func::FuncOp host;
  mlir::Operation *marker;
  llvm::SmallVector<mlir::Value> symbols;
  llvm::DenseMap<mlir::Value, unsigned> symbolNumbers;
  llvm::DenseMap<mlir::Value, mlir::AffineExpr> exprs;
  llvm::DenseSet<mlir::Value> prologueValues;
  Cache prologue;
  llvm::SmallVector<Cache> scopes;
};

} // namespace ingot::codegen

#endif
