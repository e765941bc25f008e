//===- GraphToLinalg.cpp - the conversion pass ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Conversion/GraphToLinalg.h"

#include "ControlFlow.h"
#include "dialects/Task/Task.h"

#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Iterators.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

namespace {

RuleTable makeRules() {
  RuleTable table;
  addElementwiseRules(table);
  addReductionRules(table);
  addLinearRules(table);
  addConvolutionRules(table);
  addPoolingRules(table);
  addResizeRules(table);
  addShapeRules(table);
  addIndexingRules(table);
  addScatterRules(table);
  addCreationRules(table);
  addSortingRules(table);
  addRecurrentRules(table);
  addEffectRules(table);
  addNativeRules(table);
  addControlFlowRules(table);
  return table;
}

class FunctionConversion {
public:
  FunctionConversion(func::FuncOp function, SymbolTable &symbols, const RuleTable &rules)
      : lowering(function, symbols), function(function), rules(rules) {}

  LogicalResult run() {
    dropTokens(function);
    // Plain types for all values that are no results of rules.
    function.walk([&](Block *block) {
      for (BlockArgument arg : block->getArguments())
        makePlain(arg);
    });
    LogicalResult result = success();
    convert(function.getBody(), result);
    if (failed(result))
      return failure();
    for (Operation *op : llvm::reverse(converted))
      op->erase();
    auto type = function.getFunctionType();
    SmallVector<Type> inputs, results;
    for (Type t : type.getInputs())
      inputs.push_back(plain(t));
    for (Type t : type.getResults())
      results.push_back(plain(t));
    function.setFunctionType(FunctionType::get(function.getContext(), inputs, results));
    removeDead();
    return success();
  }

private:
  static Type plain(Type type) {
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      return plainType(tensor);
    return type;
  }

  void makePlain(Value v) {
    if (auto tensor = dyn_cast<RankedTensorType>(v.getType())) {
      lowering.rememberType(v, tensor);
      v.setType(plainType(tensor));
    }
  }

  void convert(Region &region, LogicalResult &result) {
    for (Block &block : region)
      for (Operation &op : llvm::make_early_inc_range(block))
        convert(&op, result);
  }

  // All operators without a rule are told, not the first one only.
  void convert(Operation *op, LogicalResult &result) {
    if (const Rule *rule = rules.find(op)) {
      lowering.b.setInsertionPoint(op);
      lowering.b.setLoc(op->getLoc());
      if (failed((*rule)(op, lowering)))
        result = failure();
      converted.push_back(op);
      return;
    }
    if (isa<graph::GraphDialect>(op->getDialect())) {
      op->emitOpError("has no lowering");
      result = failure();
      return;
    }
    for (OpOperand &operand : op->getOpOperands())
      operand.set(lowering.get(operand.get()));
    for (Value v : op->getResults())
      makePlain(v);
    for (Region &region : op->getRegions())
      convert(region, result);
  }

  void removeDead() {
    function.walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
      if (isOpTriviallyDead(op))
        op->erase();
    });
  }

  Lowering lowering;
  func::FuncOp function;
  const RuleTable &rules;
  SmallVector<Operation *> converted;
};

class GraphToLinalgPass : public PassWrapper<GraphToLinalgPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(GraphToLinalgPass)
  StringRef getArgument() const override { return "ingot-graph-to-linalg"; }
  StringRef getDescription() const override { return "Lower graph operators to linalg on plain tensors"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry
        .insert<arith::ArithDialect, complex::ComplexDialect, func::FuncDialect, linalg::LinalgDialect,
                math::MathDialect, memref::MemRefDialect, scf::SCFDialect, task::TaskDialect, tensor::TensorDialect>();
  }
  void runOnOperation() override {
    static const RuleTable rules = makeRules();
    SymbolTable symbols(getOperation());
    for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (!function.isExternal() && failed(FunctionConversion(function, symbols, rules).run()))
        signalPassFailure();
  }
};

} // namespace

std::unique_ptr<Pass> ingot::createGraphToLinalgPass() { return std::make_unique<GraphToLinalgPass>(); }

void ingot::registerGraphToLinalgPasses() { PassRegistration<GraphToLinalgPass>(); }
