//===- Importer.h - a torch.export archive as script ops --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_IMPORT_EXPORT_IMPORTER_H
#define INGOT_LIB_IMPORT_EXPORT_IMPORTER_H

#include "Emitter.h"
#include "Json.h"
#include "SymbolicExpression.h"
#include "ingot/Import/Archive.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace ingot::exported {

/// The entries of the one model of an archive.
struct ModelEntries {
  std::string model;           // models/model.json
  std::string weightsConfig;   // data/weights/model_weights_config.json
  std::string constantsConfig; // data/constants/model_constants_config.json
};

/// Checks the archive's format, version and byte order and finds its model.
llvm::Expected<ModelEntries> findModel(const Archive &archive);

/// A tensor of the archive's weights or constants.
struct StateTensor {
  std::string name;    // its FQN
  std::string storage; // "weights/weight_0"
  int64_t dtype = 0;
  llvm::SmallVector<int64_t> sizes, strides;
  int64_t storageOffset = 0;
  uint64_t offset = 0, nbytes = 0;
  bool requiresGrad = false;
};

/// Reads a weights or constants config. `folder` is "weights" or "constants".
/// Entries that hold pickled objects are left out of `tensors`.
mlir::LogicalResult readState(const Archive &archive, llvm::StringRef entry, llvm::StringRef folder,
                              mlir::Location location, std::vector<StateTensor> &tensors);

/// The symbols of a program's inputs and their ranges.
class InputSymbols {
public:
  explicit InputSymbols(mlir::MLIRContext *context) : context(context) {}

  /// Ranges of `range_constraints`, by symbol.
  void setRange(llvm::StringRef symbol, std::optional<int64_t> min, std::optional<int64_t> max);
  /// A size that is a symbol by itself. Call it for all of them first, so that
  /// sizes computed from symbols find them.
  void declare(llvm::StringRef symbol);
  /// The size as an affine expression of the symbols; a size that is none
  /// becomes a symbol of its own.
  mlir::AffineExpr resolve(const SymbolicExpression &size);
  /// The value of `graph.symbols`.
  mlir::ArrayAttr attribute() const;
  unsigned count() const { return symbols.size(); }

private:
  struct Range {
    int64_t min, max;
  };
  struct Symbol {
    std::string name;
    Range range;
  };
  /// A symbol that no size shows bare: it is (symbol `position` - constant) /
  /// coefficient.
  struct Derived {
    unsigned position;
    int64_t coefficient, constant;
  };
  mlir::MLIRContext *context;
  std::vector<Symbol> symbols;
  llvm::StringMap<unsigned> positions;
  llvm::StringMap<Derived> derived;
  llvm::StringMap<Range> ranges;

  Range rangeOf(llvm::StringRef symbol) const;
  mlir::AffineExpr add(llvm::StringRef name, Range range);
};

/// Leaves of a pytree spec: their paths ("['x'][0]"), in order.
struct TreeLeaves {
  std::vector<std::string> paths;
};
/// Reads a treespec's JSON. `names` are those of the positional arguments and
/// apply to an input spec, a tuple (args, kwargs); an output spec has none.
llvm::Expected<TreeLeaves> readTreeSpec(llvm::StringRef text, bool isInput, llvm::ArrayRef<std::string> names);

/// "torch.ops.aten.add.Tensor" -> "aten::add.Tensor"; empty when it is no
/// operator's name.
std::string operatorName(llvm::StringRef target);

/// Values of one FX graph by name.
struct Scope {
  llvm::StringMap<mlir::Value> values;
  /// The graph: it says what its values are.
  const llvm::json::Value *graph = nullptr;
};

/// Imports one archive.
class Importer {
public:
  Importer(mlir::MLIRContext &context, const Archive &archive, const std::string &modelEntry);

  mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> run(const ModelEntries &entries);

private:
  using Json = llvm::json::Value;
  struct InputSpec {
    enum class Kind { Parameter, Buffer, Constant, Object, Token, User };
    Kind kind = Kind::User;
    std::string name;               // of the graph's input
    std::string target;             // FQN of a parameter, buffer, constant or object
    std::string className;          // of an object: "space::Class"
    const Json *argument = nullptr; // of a user input
    const Json *constant = nullptr; // value of a constant input
  };

  mlir::MLIRContext &context;
  const Archive &archive;
  mlir::Location fileLoc;
  JsonReader json;
  mlir::OpBuilder builder;
  Emitter emit;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<StateTensor> state;
  llvm::StringMap<size_t> stateIndex;
  /// FQNs that the signature calls parameters and buffers.
  std::vector<std::string> parameters, buffers;
  InputSymbols symbols;
  mlir::Type selfType;
  mlir::Value self;
  /// Errors that do not stop the import, so that all of them are shown.
  unsigned errors = 0;

  // Importer.cpp: the program
  mlir::LogicalResult checkVersion();
  mlir::LogicalResult importState(llvm::StringRef constantsConfig);
  mlir::LogicalResult importForward();
  std::vector<InputSpec> readInputSpecs(const Json *signature);
  mlir::LogicalResult checkGraphInputs(llvm::ArrayRef<InputSpec> specs, const Json *graph);
  mlir::LogicalResult readRanges();
  struct UserInput {
    mlir::Type type;
    mlir::DictionaryAttr attributes;
    llvm::SmallVector<mlir::AffineExpr> expressions;
  };
  mlir::FailureOr<std::vector<UserInput>> readUserInputs(llvm::ArrayRef<const InputSpec *> inputs, const Json *graph);
  mlir::FailureOr<UserInput> readUserInput(const InputSpec &spec, const Json *graph);
  mlir::FailureOr<std::optional<SymbolicExpression>> readSize(const Json *size, int64_t &value);
  mlir::LogicalResult importGuards(llvm::ArrayRef<std::string> paths, mlir::ValueRange arguments,
                                   llvm::ArrayRef<UserInput> inputs);
  mlir::LogicalResult importOutputs(const Json *signature, const Json *graph, Scope &scope, unsigned expectedUsers,
                                    llvm::SmallVectorImpl<mlir::Value> &results,
                                    llvm::SmallVectorImpl<mlir::Attribute> &kinds);

  // Nodes.cpp: nodes and their arguments
  mlir::LogicalResult importNodes(const Json *graph, Scope &scope);
  mlir::LogicalResult importNode(const Json *node, Scope &scope);
  mlir::LogicalResult importOperator(const Json *node, llvm::StringRef target, llvm::ArrayRef<Json> inputs,
                                     llvm::ArrayRef<Json> outputs, bool inEffects, Scope &scope);
  mlir::LogicalResult importPythonOperator(const Json *node, llvm::StringRef target, Scope &scope);
  mlir::LogicalResult importCall(const Json *node, const std::string &name, llvm::ArrayRef<Json> inputs,
                                 llvm::ArrayRef<Json> outputs, bool inEffects, bool byPosition, Scope &scope);
  /// For each result what the graph says of its tensors.
  mlir::ArrayAttr resultTypes(llvm::ArrayRef<Json> outputs, const Scope &scope);
  mlir::LogicalResult gatherOperands(const Json *node, const schema::OperatorSchema &schema,
                                     llvm::ArrayRef<Json> inputs, bool inEffects, bool byPosition, Scope &scope,
                                     llvm::SmallVectorImpl<mlir::Value> &operands);
  mlir::LogicalResult bindOutputs(const Json *node, llvm::ArrayRef<Json> outputs, mlir::ValueRange values,
                                  Scope &scope);
  /// After an unsupported node: its results are values that nobody reads.
  mlir::LogicalResult bindUnsupported(const Json *node, Scope &scope);
  mlir::Type typeOfOutput(const Json *output, const schema::Type *expected);
  /// Null after an error.
  mlir::Value argument(const Json *argument, const schema::Type *expected, Scope &scope);
  mlir::Value listArgument(const Json *payload, mlir::Type element, llvm::function_ref<mlir::Value(const Json *)> one);
  mlir::Value symbolArgument(const Json *payload, llvm::StringRef kind, Scope &scope);
  mlir::Value convertTo(mlir::Value value, const schema::Type *expected);
  mlir::Value lookup(const Json *where, llvm::StringRef name, const Scope &scope);
  mlir::LogicalResult define(const Json *where, llvm::StringRef name, mlir::Value value, Scope &scope);
  std::optional<std::pair<llvm::StringRef, unsigned>> nodeFrame(const Json *node);
  mlir::Location nodeLocation(const Json *node);
  /// Reports an error of the program at the current node; the import goes on.
  void unsupported(const llvm::Twine &message);

  // ScriptObjects.cpp: objects of C++ classes
  /// Name and class of each.
  std::vector<std::pair<std::string, std::string>> scriptObjects;
  /// "__torch__.torch.classes.space.Class" -> "space::Class"; empty when it is no
  /// such class.
  static std::string scriptClass(llvm::StringRef fqn);
  mlir::Type scriptObjectType(llvm::StringRef className) {
    return script::ObjectType::get(&context, builder.getStringAttr(className));
  }
  mlir::LogicalResult importScriptObjects(llvm::StringRef constantsConfig, llvm::SmallVectorImpl<mlir::Value> &values,
                                          llvm::SmallVectorImpl<mlir::Attribute> &names);
  mlir::LogicalResult importMethodOfObject(const Json *node, llvm::ArrayRef<Json> inputs, llvm::ArrayRef<Json> outputs,
                                           bool inEffects, Scope &scope);

  // Functionalized.cpp: custom operators that write
  mlir::LogicalResult importFunctionalized(const Json *node, bool byBases, Scope &scope);
  mlir::Value regenerateView(const Json *node, const llvm::StringMap<const Json *> &given, const std::string &name,
                             llvm::ArrayRef<mlir::Value> bases, Scope &scope);

  // HigherOrder.cpp: operators that carry graphs
  mlir::LogicalResult importHigherOrder(const Json *node, llvm::StringRef name, Scope &scope);
  mlir::LogicalResult importWithEffects(const Json *node, Scope &scope);
  mlir::LogicalResult importCond(const Json *node, Scope &scope);
  mlir::LogicalResult importWhileLoop(const Json *node, Scope &scope);
  mlir::LogicalResult importMap(const Json *node, Scope &scope);
  mlir::LogicalResult importScan(const Json *node, Scope &scope);
  mlir::LogicalResult importLoopOverFirst(const Json *node, const Json *graph, llvm::ArrayRef<mlir::Value> inits,
                                          llvm::ArrayRef<mlir::Value> xs, llvm::ArrayRef<mlir::Value> extra,
                                          Scope &scope);
  mlir::LogicalResult importInlined(const Json *node, unsigned graphPosition, unsigned firstOperand, Scope &scope);
  mlir::FailureOr<llvm::SmallVector<mlir::Value>> inlineGraph(const Json *graph, mlir::ValueRange operands);
  const Json *graphInput(const Json *node, unsigned position);
  const Json *nodeInput(const Json *node, unsigned position);
  mlir::LogicalResult flatten(const Json *argument, Scope &scope, llvm::SmallVectorImpl<mlir::Value> &values);
  mlir::LogicalResult flattenFrom(const Json *node, unsigned first, Scope &scope,
                                  llvm::SmallVectorImpl<mlir::Value> &values);
  mlir::LogicalResult bindFlat(const Json *node, mlir::ValueRange values, Scope &scope);
  mlir::Value toCondition(mlir::Value value);
};

} // namespace ingot::exported

#endif
