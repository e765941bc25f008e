//===- FunctionImporter.cpp - one graph to one function ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Importer.h"

using namespace mlir;
namespace jit = torch::jit;
namespace s = ingot::script;

namespace ingot::torchscript {

Value FunctionImporter::get(const jit::Value *value) {
  auto found = values.find(value);
  if (found != values.end() && found->second)
    return found->second;
  // Functions as values are built where they are used: most are only called.
  if (value->node()->kind() == c10::prim::Constant)
    if (auto type = value->type()->cast<c10::FunctionType>()) {
      FlatSymbolRefAttr symbol = program.require(*type->function(), loc);
      return s::ConstantOp::create(builder, loc, s::FunctionType::get(&program.context),
                                   symbol ? Attribute(symbol) : FlatSymbolRefAttr::get(&program.context, "?"));
    }
  // What stands for a value that was refused: the module is thrown away. Only
  // the result of __exit__ has no value by itself.
  if (program.offenders.empty() && value->node()->kind() != c10::prim::Exit)
    refuse(llvm::Twine("the value '") + value->debugName() + "' of '" + value->node()->kind().toQualString() +
           "' was not imported");
  return s::UninitializedOp::create(builder, loc, typeOf(value));
}

SmallVector<Value> FunctionImporter::getAll(at::ArrayRef<jit::Value *> list) {
  SmallVector<Value> result;
  for (const jit::Value *value : list)
    result.push_back(get(value));
  return result;
}

void FunctionImporter::setAll(jit::Node *node, ValueRange results) {
  for (auto [value, result] : llvm::zip_equal(node->outputs(), results))
    set(value, result);
}

Type FunctionImporter::typeOf(const jit::Value *value) { return program.types.of(value->type(), loc); }

SmallVector<Type> FunctionImporter::typesOf(at::ArrayRef<jit::Value *> list) {
  SmallVector<Type> result;
  for (const jit::Value *value : list)
    result.push_back(typeOf(value));
  return result;
}

void FunctionImporter::refuse(const llvm::Twine &message) { program.offenders.add(loc, message); }

func::FuncOp FunctionImporter::import(jit::Graph &graph, const c10::FunctionSchema *schema) {
  StringRef shortName = StringRef(name).rsplit('.').second;
  if (shortName.empty())
    shortName = name;
  for (const jit::Node *node : graph.nodes()) {
    loc = program.locations.of(node, shortName);
    if (!isa<UnknownLoc>(loc))
      break;
  }
  SmallVector<Type> arguments = typesOf(graph.inputs());
  SmallVector<Type> results = typesOf(graph.outputs());
  if (schema && schema->returns().size() == results.size())
    for (auto [type, argument] : llvm::zip(results, schema->returns()))
      type = program.types.of(argument.type(), loc);

  builder.setInsertionPointToEnd(program.module->getBody());
  auto function = func::FuncOp::create(builder, loc, name, builder.getFunctionType(arguments, results));
  function.setPrivate();
  bool named = schema && schema->arguments().size() == arguments.size();
  for (unsigned i = 0; i < arguments.size(); ++i) {
    std::string argument = named ? schema->arguments()[i].name() : graph.inputs()[i]->debugNameBase();
    function.setArgAttr(i, "script.name", builder.getStringAttr(argument));
    if (!named)
      continue;
    const c10::Argument &formal = schema->arguments()[i];
    if (formal.kwarg_only())
      function.setArgAttr(i, "script.kwarg_only", builder.getUnitAttr());
    if (formal.default_value()) {
      Values constants(builder, program.types, program.offenders, program.archive);
      if (Attribute value = constants.asAttribute(*formal.default_value(), loc))
        function.setArgAttr(i, "script.default", value);
    }
  }
  if (schema) {
    std::ostringstream text;
    text << *schema;
    function->setAttr("script.schema", builder.getStringAttr(text.str()));
  }

  Block *entry = function.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  for (auto [value, argument] : llvm::zip(graph.inputs(), entry->getArguments()))
    set(value, argument);
  for (jit::Node *node : graph.nodes())
    importNode(node);
  loc = function.getLoc();
  SmallVector<Value> outputs = getAll(graph.outputs());
  // A function may return a subtype of what its schema says.
  for (auto [output, type] : llvm::zip(outputs, results))
    if (output.getType() != type)
      output = s::CastOp::create(builder, loc, type, output);
  func::ReturnOp::create(builder, loc, outputs);
  return function;
}

void FunctionImporter::importRegion(Region &region, jit::Block *block) {
  OpBuilder::InsertionGuard guard(builder);
  Location parent = loc;
  Block &body = region.emplaceBlock();
  for (const jit::Value *input : block->inputs())
    set(input, body.addArgument(typeOf(input), loc));
  builder.setInsertionPointToStart(&body);
  for (jit::Node *node : block->nodes())
    importNode(node);
  loc = parent;
  s::YieldOp::create(builder, loc, getAll(block->outputs()));
}

void FunctionImporter::importIf(jit::Node *node) {
  auto op = s::IfOp::create(builder, loc, typesOf(node->outputs()), get(node->input()));
  setAll(node, op->getResults());
  importRegion(op.getThenRegion(), node->blocks()[0]);
  importRegion(op.getElseRegion(), node->blocks()[1]);
}

void FunctionImporter::importLoop(jit::Node *node) {
  SmallVector<Value> inputs = getAll(node->inputs());
  auto op =
      s::LoopOp::create(builder, loc, typesOf(node->outputs()), inputs[0], inputs[1], ValueRange(inputs).drop_front(2));
  setAll(node, op->getResults());
  importRegion(op.getBody(), node->blocks()[0]);
}

void FunctionImporter::importConstant(jit::Node *node) {
  jit::Value *output = node->output();
  if (output->type()->kind() == c10::TypeKind::FunctionType)
    return; // built at its uses, see get()
  std::optional<c10::IValue> value = jit::toIValue(output);
  if (!value)
    return refuse("a constant of type " + output->type()->repr_str() + " cannot be imported");
  Values constants(builder, program.types, program.offenders, program.archive);
  set(output, constants.build(*value, loc, "constant"));
}

} // namespace ingot::torchscript
