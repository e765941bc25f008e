//===- ProgramImporter.cpp - the whole archive ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Importer.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include <ATen/core/jit_type.h>
#include <c10/util/Exception.h>

using namespace mlir;
namespace jit = torch::jit;
namespace s = ingot::script;

namespace ingot::torchscript {

Importer::Importer(MLIRContext &context, const Archive &archive, const std::string &path)
    : context(context), archive(archive), builder(&context),
      module(ModuleOp::create(FileLineColLoc::get(&context, path, 0, 0))), locations(&context),
      types(&context, offenders) {
  (*module)->setAttr("script.source", builder.getStringAttr(path));
  (*module)->setAttr("script.format", builder.getStringAttr("pt"));
}

FlatSymbolRefAttr Importer::require(jit::Function &function, Location loc) {
  std::string name = function.qualname().qualifiedName();
  if (!jit::tryToGraphFunction(function)) {
    offenders.add(loc, "the C++ function '" + name + "' cannot be imported");
    return {};
  }
  // A hook may bear the name of a method.
  auto found = symbols.find(name);
  while (found != symbols.end() && found->second != &function)
    found = symbols.find(name += "$");
  if (found == symbols.end())
    symbols[name] = &function;
  functions.insert(&function);
  return FlatSymbolRefAttr::get(&context, name);
}

void Importer::requireMethod(const c10::TypePtr &type, const std::string &method, Location loc) {
  if (auto interface = type->cast<c10::InterfaceType>())
    return requireInterfaceMethod(interface, method);
  if (auto classType = type->cast<c10::ClassType>())
    if (jit::Function *function = classType->findMethod(method))
      require(*function, loc);
}

void Importer::requireInterfaceMethod(c10::InterfaceTypePtr interface, const std::string &method) {
  for (const auto &[known, name] : interfaceCalls)
    if (known == interface && name == method)
      return;
  interfaceCalls.push_back({std::move(interface), method});
}

void Importer::importFunction(jit::Function &function) {
  function.ensure_defined();
  std::string name;
  for (const auto &[symbol, known] : symbols)
    if (known == &function)
      name = symbol;
  std::shared_ptr<jit::Graph> graph = jit::toGraphFunction(function).graph();
  FunctionImporter(*this, name).import(*graph, &function.getSchema());
}

/// Imports functions until none is missing. A method called through an
/// interface is needed of every class that the program can have made.
void Importer::drain() {
  size_t before;
  do {
    before = functions.size();
    while (imported < functions.size())
      importFunction(*functions[imported++]);
    for (const auto &[interface, method] : interfaceCalls)
      for (size_t i = 0; i < types.classes.size(); ++i) {
        c10::ClassTypePtr classType = types.classes.begin()[i].second;
        if (!classType->isSubtypeOf(*interface))
          continue;
        if (jit::Function *function = classType->findMethod(method))
          require(*function, UnknownLoc::get(&context));
      }
  } while (functions.size() != before || imported < functions.size());
}

void Importer::importInstance() {
  Location loc = module->getLoc();
  builder.setInsertionPointToEnd(module->getBody());
  auto instance = s::InstanceOp::create(builder, loc);
  builder.setInsertionPointToStart(&instance.getBody().emplaceBlock());
  Values values(builder, types, offenders, archive);
  Value root = values.build(archive.root()._ivalue(), loc, "self");
  if (root)
    s::YieldOp::create(builder, loc, root);
}

/// `__call__`: forward with the root's hooks around it. Calls of submodules
/// have their hooks in the graph already; the root's are run by its caller.
void Importer::importCallWithHooks() {
  c10::ClassTypePtr type = archive.root().type();
  jit::Function *forward = type->findMethod("forward");
  if (!forward || (type->getForwardHooks().empty() && type->getForwardPreHooks().empty()))
    return;
  Location loc = module->getLoc();
  FlatSymbolRefAttr callee = require(*forward, loc);
  auto source = module->lookupSymbol<func::FuncOp>(callee.getValue());
  if (!source)
    return;
  loc = source.getLoc();
  std::string name = type->name()->qualifiedName() + ".__call__";
  // The hooks decide the result's type: the last one that returns a value.
  builder.setInsertionPointToEnd(module->getBody());
  auto function = func::FuncOp::create(builder, loc, name, source.getFunctionType());
  function.setAllArgAttrs(ArrayAttr(source.getAllArgAttrs()));
  function->setAttr("script.method", builder.getStringAttr("__call__"));
  Block *entry = function.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  Value self = entry->getArgument(0);
  SmallVector<Value> inputs(entry->getArguments().drop_front());

  auto callHook = [&](jit::Function *hook, ArrayRef<Value> extra) {
    FlatSymbolRefAttr symbol = require(*hook, loc);
    SmallVector<Type> inputTypes(ValueRange(inputs).getTypes());
    SmallVector<Value> arguments{self,
                                 s::TupleOp::create(builder, loc, s::TupleType::get(&context, inputTypes), inputs)};
    arguments.append(extra.begin(), extra.end());
    Type result = types.of(hook->getSchema().returns().front().type(), loc);
    return s::CallOp::create(builder, loc, TypeRange(result), symbol, arguments).getOutputs().front();
  };
  // `replaced(value)` where the hook returned one, `kept` where it was None.
  auto unlessNone = [&](Value result, ArrayRef<Value> kept, auto replaced) -> SmallVector<Value> {
    if (isa<s::NoneType>(result.getType()))
      return SmallVector<Value>(kept);
    auto optional = dyn_cast<s::OptionalType>(result.getType());
    if (!optional)
      return replaced(result);
    Value isNone = s::IsInstanceOp::create(builder, loc, builder.getI1Type(), result,
                                           builder.getTypeArrayAttr({s::NoneType::get(&context)}));
    auto op = s::IfOp::create(builder, loc, ValueRange(kept).getTypes(), isNone);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&op.getThenRegion().emplaceBlock());
    s::YieldOp::create(builder, loc, kept);
    builder.setInsertionPointToStart(&op.getElseRegion().emplaceBlock());
    Value value = s::CastOp::create(builder, loc, optional.getElementType(), result);
    s::YieldOp::create(builder, loc, replaced(value));
    return SmallVector<Value>(op.getResults());
  };

  for (jit::Function *hook : type->getForwardPreHooks())
    inputs = unlessNone(callHook(hook, {}), inputs, [&](Value value) {
      auto tuple = dyn_cast<s::TupleType>(value.getType());
      if (!tuple)
        return SmallVector<Value>{value};
      auto op = s::UnpackOp::create(builder, loc, tuple.getTypes(), value);
      return SmallVector<Value>(op.getResults());
    });
  SmallVector<Value> arguments{self};
  arguments.append(inputs);
  Value output = s::CallOp::create(builder, loc, source.getResultTypes(), callee, arguments).getOutputs().front();
  for (jit::Function *hook : type->getForwardHooks())
    output = unlessNone(callHook(hook, output), output, [](Value value) { return SmallVector<Value>{value}; }).front();
  func::ReturnOp::create(builder, loc, output);
  function.setType(builder.getFunctionType(source.getArgumentTypes(), output.getType()));
}

void Importer::describeTypes() {
  Location loc = module->getLoc();
  SmallVector<NamedAttribute> classes, interfaces, enums;
  // Describing a class may meet further ones: the list grows on the way.
  for (size_t i = 0; i < types.classes.size(); ++i) {
    auto [name, type] = types.classes.begin()[i];
    SmallVector<Attribute> names, attributeTypes, methods;
    for (size_t k = 0; k < type->numAttributes(); ++k) {
      names.push_back(builder.getStringAttr(type->getAttributeName(k)));
      attributeTypes.push_back(TypeAttr::get(types.of(type->getAttribute(k), loc)));
    }
    SmallVector<NamedAttribute> fields{builder.getNamedAttr("names", builder.getArrayAttr(names)),
                                       builder.getNamedAttr("types", builder.getArrayAttr(attributeTypes))};
    if (type->is_module())
      fields.push_back(builder.getNamedAttr("module", builder.getUnitAttr()));
    classes.push_back(builder.getNamedAttr(name, builder.getDictionaryAttr(fields)));
  }
  for (const auto &[name, type] : types.interfaces) {
    SmallVector<Attribute> methods;
    for (const c10::FunctionSchema &method : type->methods())
      methods.push_back(builder.getStringAttr(method.name()));
    interfaces.push_back(builder.getNamedAttr(name, builder.getArrayAttr(methods)));
  }
  OpBuilder scratch(&context);
  Values values(scratch, types, offenders, archive);
  for (const auto &[name, type] : types.enums) {
    SmallVector<Attribute> members;
    for (const auto &[member, value] : type->enumNamesValues())
      members.push_back(builder.getArrayAttr({builder.getStringAttr(member), values.asAttribute(value, loc)}));
    enums.push_back(builder.getNamedAttr(name, builder.getArrayAttr(members)));
  }
  auto attach = [&](StringRef name, ArrayRef<NamedAttribute> entries) {
    if (!entries.empty())
      (*module)->setAttr(name, builder.getDictionaryAttr(entries));
  };
  attach("script.classes", classes);
  attach("script.interfaces", interfaces);
  attach("script.enums", enums);
}

OwningOpRef<ModuleOp> Importer::run() {
  importInstance();
  c10::ClassTypePtr type = archive.root().type();
  SmallVector<std::pair<FlatSymbolRefAttr, std::string>> methods;
  for (jit::Function *method : type->methods())
    // Saving and loading is LibTorch's business, not a method to call.
    if (method->name() != "__getstate__" && method->name() != "__setstate__")
      methods.push_back({require(*method, module->getLoc()), method->name()});
  drain();
  for (auto &[symbol, name] : methods) {
    auto function = symbol ? module->lookupSymbol<func::FuncOp>(symbol.getValue()) : func::FuncOp();
    if (!function)
      continue;
    function.setPublic();
    function->setAttr("script.method", builder.getStringAttr(name));
  }
  importCallWithHooks();
  drain();
  describeTypes();
  return std::move(module);
}

static std::string oneLine(StringRef text) {
  text = text.trim();
  return text.empty() ? "unknown error" : text.str();
}

ImportResult importArchive(const std::string &path, MLIRContext &context, const std::string &operators) noexcept {
  ImportResult result;
  std::string loading = "'" + path + "' cannot be loaded by LibTorch: ";
  try {
    Archive archive(path, operators);
    Importer importer(context, archive, path);
    result.module = importer.run();
    result.offenders = importer.offenders.take();
    if (!result.offenders.empty()) {
      result.module = {};
      size_t count = result.offenders.size();
      result.error = "'" + path + "' has " + (count == 1 ? "a part" : std::to_string(count) + " parts") +
                     " that cannot be imported";
      return result;
    }
    std::string problem;
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
        problem += (problem.empty() ? "" : "; ") + diagnostic.str();
      return success();
    });
    if (failed(verify(*result.module))) {
      result.module = {};
      result.error = "'" + path + "' is corrupted: " + problem;
    }
  } catch (const ArchiveError &error) {
    result.module = {};
    result.error = error.what();
    for (const ArchiveError::Note &note : error.notes)
      result.offenders.push_back({FileLineColLoc::get(&context, path + ":" + note.file, note.line, 0), note.message});
  } catch (const c10::Error &error) {
    result.module = {};
    result.error = loading + oneLine(error.what_without_backtrace());
  } catch (const std::exception &error) {
    result.module = {};
    result.error = loading + oneLine(error.what());
  }
  return result;
}

} // namespace ingot::torchscript
