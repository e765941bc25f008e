//===- Lowering.h - what every family's lowering shares ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One Lowering walks one function in program order. Old graph ops stay until
// the end, so that a rule may look at the operators behind its operands
// (transposes before a matmul, broadcasts before an addition).
#ifndef INGOT_LIB_CONVERSION_GRAPHTOLINALG_LOWERING_H
#define INGOT_LIB_CONVERSION_GRAPHTOLINALG_LOWERING_H

#include "dialects/Graph/Graph.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"
#include <map>

namespace ingot::lowering {

using namespace mlir;

class Lowering;
using Rule = std::function<LogicalResult(Operation *, Lowering &)>;

/// Rules by operator.
class RuleTable {
public:
  template <typename Op>
  void add(LogicalResult (*rule)(Op, Lowering &)) {
    rules[TypeID::get<Op>()] = [rule](Operation *op, Lowering &l) { return rule(cast<Op>(op), l); };
  }
  template <typename... Ops>
  void addGeneric(LogicalResult (*rule)(Operation *, Lowering &)) {
    ((rules[TypeID::get<Ops>()] = rule), ...);
  }
  const Rule *find(Operation *op) const {
    auto it = rules.find(op->getName().getTypeID());
    return it == rules.end() ? nullptr : &it->second;
  }

private:
  DenseMap<TypeID, Rule> rules;
};

void addElementwiseRules(RuleTable &);
void addReductionRules(RuleTable &);
void addLinearRules(RuleTable &);
void addConvolutionRules(RuleTable &);
void addPoolingRules(RuleTable &);
void addResizeRules(RuleTable &);
void addShapeRules(RuleTable &);
void addIndexingRules(RuleTable &);
void addScatterRules(RuleTable &);
void addCreationRules(RuleTable &);
void addSortingRules(RuleTable &);
void addRecurrentRules(RuleTable &);
void addEffectRules(RuleTable &);
void addNativeRules(RuleTable &);

/// ui8 -> i8 and so on: at the linalg level the operations know the signedness.
Type signless(Type elementType);
/// Without encoding, signless elements.
RankedTensorType plainType(RankedTensorType type);
/// What `type` computes in: f32 for f16 and bf16, else itself.
Type computeType(Type elementType);
/// The accumulator of a sum over `type`: f32 for f16 and bf16, else itself.
inline Type accumulatorType(Type elementType) { return computeType(elementType); }

/// How a graph value is read by a loop nest over its own dimensions: a splat
/// constant, or a tensor through a map (broadcasts and transposes looked
/// through).
struct Operand {
  TypedAttr splat;
  Value tensor;
  AffineMap map;
};

class Lowering {
public:
  Lowering(func::FuncOp function, SymbolTable &moduleSymbols);

  ImplicitLocOpBuilder b;

  //===--- values -----------------------------------------------------------//
  Value get(Value graphValue) const;
  SmallVector<Value> get(ValueRange values) const;
  void set(Value graphValue, Value lowered);
  /// Type with encoding and signedness.
  RankedTensorType graphType(Value graphValue) const;
  RankedTensorType resultType(Operation *op, unsigned i = 0) const { return graphType(op->getResult(i)); }
  Type elementType(Value graphValue) const { return graphType(graphValue).getElementType(); }
  void rememberType(Value v, RankedTensorType type) { types[v] = type; }

  //===--- sizes ------------------------------------------------------------//
  void bindSymbol(int64_t symbol, Value value);
  bool isBound(AffineExpr expr) const;
  OpFoldResult size(AffineExpr expr);
  /// Sizes of a value that exists already (tensor.dim where the type has no
  /// expression).
  SmallVector<OpFoldResult> sizes(Value graphValue);
  OpFoldResult size(Value graphValue, int64_t dim) { return sizes(graphValue)[dim]; }
  /// Sizes of a result to be made; fails with a diagnostic when the type leaves
  /// one open.
  FailureOr<SmallVector<OpFoldResult>> resultSizes(Operation *op, unsigned i = 0);
  Value toValue(OpFoldResult ofr);
  Value product(ArrayRef<OpFoldResult> sizes);
  OpFoldResult constantIndex(int64_t value) { return b.getIndexAttr(value); }

  //===--- tensors ----------------------------------------------------------//
  Value empty(ArrayRef<OpFoldResult> sizes, Type plainElementType);
  Value filled(ArrayRef<OpFoldResult> sizes, TypedAttr value);
  Value zeros(ArrayRef<OpFoldResult> sizes, Type plainElementType);
  Operand resolve(Value graphValue, bool throughPermute);
  /// resolve() that always gives a tensor.
  Operand resolveTensor(Value graphValue, bool throughPermute);
  /// Drops dimensions of static size 1.
  Value dropUnitDims(Value tensor, const llvm::SmallBitVector &dropped);
  /// Reassociated to `sizes` (equal element counts).
  Value reshape(Value tensor, RankedTensorType from, RankedTensorType to);
  Value castTo(Value tensor, RankedTensorType plain);

  //===--- loop nests -------------------------------------------------------//
  using Body = llvm::function_ref<SmallVector<Value>(ImplicitLocOpBuilder &, ValueRange)>;
  /// linalg.generic over `iterators`; maps: inputs, then outputs.
  linalg::GenericOp generic(ValueRange inputs, ValueRange outputs, ArrayRef<AffineMap> maps,
                            ArrayRef<utils::IteratorType> iterators, Body body);
  /// All parallel over the sizes; the inputs are read through `maps`; the
  /// body gives one value.
  Value parallel(ArrayRef<OpFoldResult> sizes, Type plainElementType, ValueRange inputs, ArrayRef<AffineMap> maps,
                 Body body);
  /// Same with as many results as element types.
  SmallVector<Value> parallel(ArrayRef<OpFoldResult> sizes, TypeRange elementTypes, ValueRange inputs,
                              ArrayRef<AffineMap> maps, Body body);
  AffineMap identity(unsigned rank) { return b.getMultiDimIdentityMap(rank); }

  //===--- host -------------------------------------------------------------//
  void check(Value condition, StringRef exception, StringRef message, ValueRange values = {});
  Value constantOf(TypedAttr attr);
  Value index(int64_t value);
  /// A module-level graph.weight holding `data`, and its value here.
  Value weight(ElementsAttr data, RankedTensorType plain);

  func::FuncOp function;
  SymbolTable &moduleSymbols;

private:
  DenseMap<Value, Value> values;
  DenseMap<Value, RankedTensorType> types;
  DenseMap<int64_t, Value> symbols;
  DenseMap<std::pair<Block *, AffineExpr>, Value> sizeCache;
  Value emitSize(AffineExpr expr);
};

} // namespace ingot::lowering

#endif
