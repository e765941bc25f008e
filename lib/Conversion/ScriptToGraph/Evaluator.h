//===- Evaluator.h - runs script ops at compile time ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_EVALUATOR_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_EVALUATOR_H

#include "Operators.h"
#include "Weights.h"
#include "dialects/Script/Script.h"
#include "ingot/Conversion/ScriptToGraph.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace ingot::eval {

/// What cannot be compiled, gathered to be told at once.
class Offenders {
public:
  void add(mlir::Location loc, const llvm::Twine &what);
  bool empty() const { return entries.empty(); }
  /// One error with a note per offender.
  void emit(mlir::Location loc) const;

private:
  std::vector<std::pair<mlir::Location, std::string>> entries;
};

class Evaluator {
public:
  enum class Flow {
    Normal,
    Raised, // the builder holds the exception
    Failed, // reported: the rest cannot be evaluated
  };

  Evaluator(mlir::ModuleOp script, GraphBuilder &b, WeightTable &weights, Offenders &offenders,
            const NormalizeOptions &options)
      : script(script), b(b), weights(weights), offenders(offenders), options(options), symbols(script) {}

  /// The root object of the instance; null payload kind None without one.
  AV evaluateInstance();
  Flow callFunction(llvm::StringRef symbol, mlir::Location loc, llvm::ArrayRef<AV> args, std::vector<AV> &results);

  /// A constant attribute as a value of the type.
  AV constantOf(mlir::Attribute value, mlir::Type type) { return constant(value, type); }
  /// Runs the awaits within an output: a value that leaves the call is complete.
  Flow finishTasks(mlir::Location loc, const AV &value);

private:
  using Env = llvm::DenseMap<mlir::Value, AV>;

  mlir::ModuleOp script;
  GraphBuilder &b;
  WeightTable &weights;
  Offenders &offenders;
  const NormalizeOptions &options;
  mlir::SymbolTable symbols;
  int64_t iterations = 0;
  unsigned depth = 0;

  Flow runBlock(mlir::Block &block, Env &env, std::vector<AV> &yielded);
  Flow run(mlir::Operation &op, Env &env);
  Flow runAten(script::AtenOp op, Env &env);
  Flow runIf(script::IfOp op, Env &env);
  Flow runLoop(script::LoopOp op, Env &env);
  Flow runBranch(mlir::Region &region, const AV &condition, Env &env, std::vector<AV> &out);
  Flow runRaise(script::RaiseOp op, Env &env);
  Flow runUnpack(script::UnpackOp op, Env &env);
  Flow runIsInstance(script::IsInstanceOp op, Env &env);
  Flow callMethod(mlir::Location loc, AV object, llvm::StringRef method, llvm::ArrayRef<AV> args,
                  std::vector<AV> &results);
  Flow wait(mlir::Location loc, const AV &task, AV &result);
  /// An await stands for its value where an attribute or a method is asked.
  Flow waitIfTask(mlir::Location loc, AV &value);

  AV constant(script::ConstantOp op);
  AV constant(mlir::Attribute value, mlir::Type type);
  AV &get(mlir::Value v, Env &env);
  llvm::SmallVector<AV> getAll(mlir::ValueRange values, Env &env);
  /// Remembers a container's script type, for when it is empty.
  void noteType(AV &v, mlir::Type type);
  void set(mlir::ValueRange results, llvm::ArrayRef<AV> values, Env &env);
  Flow unsupported(mlir::Operation &op, const llvm::Twine &what, Env &env);
  /// Turns what the builder's flags say into a flow.
  Flow settle(mlir::Operation &op, llvm::StringRef what, Env &env);
  std::optional<AV> merge(const AV &condition, const AV &a, const AV &b);
  std::optional<bool> isInstance(const AV &value, mlir::Type type);
};

} // namespace ingot::eval

#endif
