//===- Evaluator.h - runs script ops at compile time ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_EVALUATOR_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_EVALUATOR_H

#include "Operators.h"
#include "Weights.h"
#include "dialects/Script/Script.h"
#include "ingot/Conversion/ScriptToGraph.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseSet.h"

namespace ingot::eval {

/// What cannot be compiled, gathered to be told at once.
class Offenders {
public:
  void add(mlir::Location loc, const llvm::Twine &what);
  bool empty() const { return entries.empty(); }
  size_t size() const { return entries.size(); }
  /// Forgets what a discarded evaluation has added.
  void truncate(size_t size) { entries.erase(entries.begin() + size, entries.end()); }
  const std::string &last() const { return entries.back().second; }
  /// One error with a note per offender.
  void emit(mlir::Location loc) const;

private:
  using Entry = std::pair<mlir::Location, std::string>;
  std::vector<Entry> entries;
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

  /// To be called before the method is evaluated.
  void prepare();
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

  // EvaluatorBranch.cpp
  /// One side of a branch on run-time data, evaluated into a block of its own.
  struct Way;
  struct Branch;
  using Side = llvm::function_ref<Flow(std::vector<AV> &)>;
  /// Evaluates both sides and joins what they give, for an operation of the
  /// program.
  Flow runBranch(mlir::Operation *op, const AV &condition, Side yes, Side no, std::vector<AV> &out);
  void runWay(Way &way, Side side);
  enum class Joined {
    Built,
    Again,   // containers in front of the branch are objects of the runtime now
    Refused, // `Branch::problem` says why
  };
  /// What both ways give, as results of the branch.
  Joined join(Branch &branch, std::vector<AV> &out);
  /// How an evaluation ended whose errors are kept.
  struct Attempt {
    /// The error: none, or as TaskObject::failure.
    AV failure = AV::none();
    bool always = false;
  };
  /// Evaluates `body` so that what it raises at run time ends it and nothing else.
  Flow attempt(mlir::Operation *op, Side body, Attempt &attempt, std::vector<AV> &out);
  Flow runIfRegions(script::IfOp op, const AV &condition, Env &env);
  /// An operator on a tensor of one of several dtypes or ranks, for each of
  /// them.
  Flow runOnVariants(script::AtenOp op, llvm::ArrayRef<AV> args, unsigned index, std::vector<AV> &results);
  Flow runOperatorOn(script::AtenOp op, llvm::ArrayRef<AV> args, std::vector<AV> &results);
  /// A module of a container at a place that data chooses: what it may be, and when. By the object that stands for it.
  using ModuleChoice = std::vector<std::pair<AV, AV>>;
  llvm::DenseMap<mlir::Value, ModuleChoice> moduleChoices;
  std::optional<AV> chooseModule(llvm::ArrayRef<AV> args);
  Flow callOnChoice(mlir::Location loc, const ModuleChoice &modules, llvm::StringRef method, llvm::ArrayRef<AV> args,
                    std::vector<AV> &results);

  // EvaluatorModes.cpp
  Flow enterAutocast(mlir::Operation &op, const AV &block, Env &env);

  // EvaluatorChoices.cpp
  /// An argument that must be known at compile time and has a few values at run time.
  struct Choice {
    unsigned argument = 0;
    /// What tells the values apart, at run time.
    Int tag;
    struct Option {
      int64_t tag;
      std::function<AV()> value;
    };
    std::vector<Option> options;
    std::string otherwise; // the error of any other value
  };
  std::optional<Choice> findChoice(llvm::StringRef name, llvm::ArrayRef<AV> args);
  Flow runOnChoices(script::AtenOp op, llvm::ArrayRef<AV> args, const Choice &choice, std::vector<AV> &results);
  /// An attribute of an object of the runtime.
  AV readAttribute(const AV &object, llvm::StringRef name, mlir::Type declared);
  void writeAttribute(const AV &object, llvm::StringRef name, const AV &value);

  // EvaluatorLoop.cpp
  enum class LoopKind {
    Built,    // a loop at run time
    Unrolled, // `probe` was asked for, and the second iteration's condition is
              // known
    Refused,  // an offender says why
    Again,    // containers in front of the loop are objects of the runtime now
    Raised,
  };
  /// Builds a loop at run time that begins with iteration `first`.
  LoopKind buildLoop(script::LoopOp op, Env &env, int64_t first, const AV &condition, std::vector<AV> &carried,
                     bool probe);

  /// Where evaluation stands, outermost first.
  struct Frame {
    Env *env;
    mlir::Operation *op;
  };
  std::vector<Frame> frames;
  /// What is reachable from values that are still used, after the present
  /// operation (or, where it repeats, in it).
  llvm::DenseSet<const void *> reachable(bool repeats);
  /// What evaluation has noted besides the program, to be taken back.
  struct Notes {
    size_t offenders, uses, writes, symbols;
    int64_t iterations;
  };
  Notes saveNotes() const;
  void restoreNotes(const Notes &notes);
  Flow runRaise(script::RaiseOp op, Env &env);
  /// Sorts objects by their own `__lt__`, where it is known what it says.
  Flow sortObjects(mlir::Operation &op, AV &list, const AV &descending);
  Flow runUnpack(script::UnpackOp op, Env &env);
  Flow runIsInstance(script::IsInstanceOp op, Env &env);
  Flow callMethod(mlir::Location loc, AV object, llvm::StringRef method, llvm::ArrayRef<AV> args,
                  std::vector<AV> &results);

  // EvaluatorTasks.cpp
  Flow runFork(script::ForkOp op, Env &env);
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
  std::optional<bool> isInstance(const AV &value, mlir::Type type);
  /// Whether values of a run-time type are instances; nullopt: not decided.
  static std::optional<bool> isInstanceOf(const TypeSpec &have, mlir::Type type);
};

} // namespace ingot::eval

#endif
