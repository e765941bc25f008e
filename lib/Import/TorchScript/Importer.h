//===- Importer.h - from LibTorch's graphs to the script dialect *- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One import: types, locations, values, functions. LibTorch's names are always
// qualified here, MLIR's never: `Value` is MLIR's, `torch::jit::Value` the
// other.
#ifndef INGOT_LIB_IMPORT_TORCHSCRIPT_IMPORTER_H
#define INGOT_LIB_IMPORT_TORCHSCRIPT_IMPORTER_H

#include "Archive.h"
#include "Plugin.h"

#include "dialects/Script/Script.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/Twine.h"
#include <map>
#include <set>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/ir.h>

namespace ingot::torchscript {

/// What cannot be imported, collected: all of it is reported at once.
class Offenders {
public:
  void add(mlir::Location loc, const llvm::Twine &message);
  std::vector<Offender> take() { return std::move(list); }
  bool empty() const { return list.empty(); }

private:
  std::vector<Offender> list;
};

/// Source ranges to locations. A scripted node has the range of its Python
/// source; a traced one has the text of its Python call stack.
class Locations {
public:
  explicit Locations(mlir::MLIRContext *context) : context(context) {}
  mlir::Location of(const torch::jit::SourceRange &range, llvm::StringRef function);
  mlir::Location of(const torch::jit::Node *node, llvm::StringRef function);

private:
  std::optional<mlir::Location> fromStackText(llvm::StringRef text);
  mlir::MLIRContext *context;
  std::map<std::pair<const torch::jit::Source *, size_t>, mlir::LocationAttr> cache; // of the unnamed locations
};

/// TorchScript's types to the script dialect's. The named types that are met
/// are kept: the module describes them in `script.classes` and so on.
class Types {
public:
  Types(mlir::MLIRContext *context, Offenders &offenders) : context(context), offenders(offenders) {}
  /// Never null: what has no type of ours is an offender and becomes `any`.
  mlir::Type of(const c10::TypePtr &type, mlir::Location loc);

  llvm::MapVector<llvm::StringRef, c10::ClassTypePtr> classes;
  llvm::MapVector<llvm::StringRef, c10::InterfaceTypePtr> interfaces;
  llvm::MapVector<llvm::StringRef, c10::EnumTypePtr> enums;

private:
  mlir::Type convert(const c10::TypePtr &type, mlir::Location loc);
  mlir::StringAttr name(const c10::NamedType &type);
  mlir::MLIRContext *context;
  Offenders &offenders;
  std::map<const c10::Type *, mlir::Type> cache;
  std::vector<c10::TypePtr> keepAlive; // what `cache` is keyed by
};

/// Values of the interpreter (attributes, constants) to ops that build them.
/// Within one builder the same object, list or tensor becomes the same value.
class Values {
public:
  Values(mlir::OpBuilder &builder, Types &types, Offenders &offenders, const Archive &archive)
      : builder(builder), types(types), offenders(offenders), archive(archive) {}
  /// `path` names the value in errors. Null when it cannot be built.
  mlir::Value build(const c10::IValue &value, mlir::Location loc, const std::string &path);
  /// A constant's attribute and type; null for what is no plain constant.
  std::pair<mlir::Attribute, mlir::Type> constant(const c10::IValue &value, mlir::Location loc);
  /// Any value without identity as an attribute (defaults of arguments).
  mlir::Attribute asAttribute(const c10::IValue &value, mlir::Location loc);

private:
  mlir::Value refuse(mlir::Location loc, const llvm::Twine &message);
  mlir::Value buildTensor(const at::Tensor &tensor, mlir::Location loc, const std::string &path);
  mlir::Value buildObject(const c10::IValue &value, mlir::Location loc, const std::string &path);
  mlir::Value buildContainer(const c10::IValue &value, mlir::Location loc, const std::string &path);

  mlir::OpBuilder &builder;
  Types &types;
  Offenders &offenders;
  const Archive &archive;
  std::map<const void *, mlir::Value> built;
  std::set<const void *> beingBuilt;
  std::map<const void *, const void *> inlineStorages;
};

/// The whole program.
class Importer {
public:
  Importer(mlir::MLIRContext &context, const Archive &archive, const std::string &path);
  mlir::OwningOpRef<mlir::ModuleOp> run();
  Offenders offenders;

private:
  friend class FunctionImporter;
  /// The symbol of a function, which is imported later.
  mlir::FlatSymbolRefAttr require(torch::jit::Function &function, mlir::Location loc);
  /// A method called through an interface: of each class that has it.
  void requireInterfaceMethod(c10::InterfaceTypePtr interface, const std::string &method);
  /// A method that an operator calls (`__enter__`, `__lt__`), where it exists.
  void requireMethod(const c10::TypePtr &type, const std::string &method, mlir::Location loc);
  void importFunction(torch::jit::Function &function);
  void drain();
  void importInstance();
  void importCallWithHooks();
  void describeTypes();

  mlir::MLIRContext &context;
  const Archive &archive;
  mlir::OpBuilder builder;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  Locations locations;
  Types types;
  llvm::SetVector<torch::jit::Function *> functions;
  std::map<std::string, torch::jit::Function *> symbols;
  size_t imported = 0;
  std::vector<std::pair<c10::InterfaceTypePtr, std::string>> interfaceCalls;
};

/// One graph: a function's, or the body of a fork or an await.
class FunctionImporter {
public:
  FunctionImporter(Importer &program, std::string name)
      : program(program), name(std::move(name)), builder(&program.context) {}
  /// `schema` may be null (bodies of forks).
  mlir::func::FuncOp import(torch::jit::Graph &graph, const c10::FunctionSchema *schema);

private:
  void importBlock(torch::jit::Block *block, llvm::ArrayRef<mlir::Value> leading);
  void importNode(torch::jit::Node *node);
  void importConstant(torch::jit::Node *node);
  void importCall(torch::jit::Node *node);
  void importMethodCall(torch::jit::Node *node);
  void importIf(torch::jit::Node *node);
  void importLoop(torch::jit::Node *node);
  bool importStructure(torch::jit::Node *node);
  bool importTask(torch::jit::Node *node);
  void importOperator(torch::jit::Node *node);
  void importRegion(mlir::Region &region, torch::jit::Block *block);
  void refuse(const llvm::Twine &message);

  mlir::Value get(const torch::jit::Value *value);
  llvm::SmallVector<mlir::Value> getAll(at::ArrayRef<torch::jit::Value *> values);
  void set(const torch::jit::Value *value, mlir::Value to) { values[value] = to; }
  void setAll(torch::jit::Node *node, mlir::ValueRange results);
  mlir::Type typeOf(const torch::jit::Value *value);
  llvm::SmallVector<mlir::Type> typesOf(at::ArrayRef<torch::jit::Value *> values);

  Importer &program;
  std::string name;
  mlir::OpBuilder builder;
  mlir::Location loc = mlir::UnknownLoc::get(&program.context);
  std::unordered_map<const torch::jit::Value *, mlir::Value> values;
  unsigned bodies = 0;
};

} // namespace ingot::torchscript

#endif
