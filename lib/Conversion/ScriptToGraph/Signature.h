//===- Signature.h - a method's inputs and outputs --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds abstract values for typed inputs and the `ingot.signature` attribute
// (see include/ingot/Conversion/Signature.h).
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_SIGNATURE_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_SIGNATURE_H

#include "GraphBuilder.h"
#include "dialects/Script/Script.h"
#include "ingot/Support/InputSpec.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"

namespace ingot::eval {

/// Whether types given for a method are those of another: `__call__` is forward, perhaps with hooks around it.
inline bool isCallOf(llvm::StringRef given, llvm::StringRef method) {
  auto called = [](llvm::StringRef name) { return name == "forward" || name == "__call__"; };
  return given == method || (called(given) && called(method));
}

/// One entry of the signature's inputs.
struct InputEntry {
  std::string name;
  mlir::Attribute type;
  bool hasDefault = false;
  bool mutated = false;
  bool rowMajor = false;
};

class InputBuilder {
public:
  InputBuilder(GraphBuilder &b, mlir::Block *entry, mlir::ModuleOp script) : b(b), entry(entry), script(script) {}

  /// Values of the method's arguments (self is not one), in order.
  mlir::LogicalResult build(mlir::func::FuncOp method, unsigned firstArgument, llvm::StringRef methodName,
                            llvm::ArrayRef<InputSpec> specs, std::vector<AV> &args);
  std::vector<InputEntry> entries;
  /// Inputs (by position) whose structure is known at compile time only.
  llvm::SmallSet<unsigned, 4> staticInputs;
  bool allStatic = false;
  /// Whether an input is an object of the runtime.
  bool hasObjects = false;
  /// A recorded call has arguments that the method does not take.
  bool contradiction = false;
  /// Leaf tensors, null where the leaf is a number.
  std::vector<AV> leaves;

private:
  GraphBuilder &b;
  mlir::Block *entry;
  mlir::ModuleOp script;
  mlir::Location loc = mlir::UnknownLoc::get(b.context());
  llvm::StringMap<Int> namedSymbols;
  std::vector<std::string> missing; // paths of tensors without a type
  unsigned argument = 0;            // whose value is made
  bool recorded = false;            // the spec that is merged, or of the argument

  /// The type of an object for an input; nullopt where its structure must be, or
  /// is wanted, at compile time.
  std::optional<TypeSpec> runtimeSpec(mlir::Type type, const TypeSpec &spec);

  /// Who told the type of an input.
  enum class Given { Nothing, Recorded, ByUser };
  mlir::LogicalResult readSpecs(mlir::func::FuncOp method, llvm::StringRef methodName, llvm::ArrayRef<InputSpec> specs,
                                llvm::ArrayRef<std::string> names, std::vector<TypeSpec> &trees,
                                std::vector<Given> &given);
  TypeSpec fromType(mlir::Type type);
  mlir::LogicalResult apply(TypeSpec &tree, llvm::StringRef path, const TypeSpec &given, llvm::StringRef whole);
  mlir::LogicalResult merge(TypeSpec &tree, const TypeSpec &given, llvm::StringRef path);
  mlir::FailureOr<AV> value(mlir::Type type, const TypeSpec &spec, const std::string &path, mlir::Attribute &out);
  mlir::LogicalResult buildExported(mlir::func::FuncOp method, unsigned firstArgument, llvm::StringRef methodName,
                                    llvm::ArrayRef<InputSpec> specs, std::vector<AV> &args);
  AV leafTensor(mlir::BlockArgument leaf, llvm::ArrayRef<Int> sizes);
  mlir::BlockArgument addLeaf(mlir::Type type);
  mlir::Attribute tensorType(llvm::ArrayRef<Int> sizes, int64_t dtype, unsigned leaf);
  mlir::Attribute leafType(llvm::StringRef kind, unsigned leaf);
};

/// "a Tensor", "an int": for messages.
llvm::StringRef kindName(TypeSpec::Kind kind);

/// Attributes of the signature's types.
mlir::DictionaryAttr signatureType(mlir::MLIRContext *context, llvm::StringRef kind,
                                   llvm::ArrayRef<mlir::NamedAttribute> more = {});
mlir::DictionaryAttr containerType(mlir::MLIRContext *context, llvm::StringRef kind,
                                   llvm::ArrayRef<mlir::Attribute> children, llvm::ArrayRef<std::string> names = {},
                                   llvm::StringRef name = "");
/// The constant's type, with its value; null when it is none.
mlir::Attribute constantType(const AV &value, GraphBuilder &b);
mlir::DenseI64ArrayAttr sizesAttr(llvm::ArrayRef<Int> sizes, GraphBuilder &b);

/// The type of an object of the runtime; with a leaf at the root of its tree.
mlir::Attribute runtimeType(GraphBuilder &b, const TypeSpec &type, std::optional<int64_t> leaf = std::nullopt);

class OutputBuilder {
public:
  OutputBuilder(GraphBuilder &b, llvm::ArrayRef<AV> inputLeaves) : b(b), inputLeaves(inputLeaves) {}

  /// The type of the output; its leaves are `results`. Null after an error.
  mlir::Attribute build(const AV &value) {
    count(value);
    return visit(value);
  }
  llvm::SmallVector<Value> results;
  std::string problem;

private:
  GraphBuilder &b;
  llvm::ArrayRef<AV> inputLeaves;
  llvm::DenseMap<const void *, mlir::Attribute> slots; // of tensor objects
  llvm::DenseSet<const Storage *> storages;
  llvm::DenseMap<const Storage *, Value> joined;      // objects of tensors that results choose from
  llvm::DenseMap<const Storage *, unsigned> chosenBy; // how many results may be it
  llvm::DenseMap<const Storage *, llvm::SmallPtrSet<const TensorObject *, 2>> tensorsOf;

  /// Finds the results of each storage.
  void count(const AV &value);
  void countChoices(const Storage &storage);
  mlir::Attribute visit(const AV &value);
  mlir::Attribute tensor(const AV &value);
  /// `base`: memory with the root's contents; null: the root's own.
  mlir::Value alias(ViewNode &node, mlir::Value base = {});
  /// A tensor whose storage data chooses, as an object that shares it; null where none of them is another's.
  mlir::Value chosenObject(ViewNode &node, bool isView);
};

} // namespace ingot::eval

#endif
