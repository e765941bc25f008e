//===- NodeImporter.cpp - the nodes of a graph ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes of structure have ops of their own; every node with a schema becomes
// `script.aten` under the schema's name; what is left is refused by name.
#include "Importer.h"

using namespace mlir;
namespace jit = torch::jit;
namespace s = ingot::script;
namespace prim = c10::prim;
namespace attr = c10::attr;

namespace ingot::torchscript {

void FunctionImporter::importNode(jit::Node *node) {
  StringRef shortName = StringRef(name).rsplit('.').second;
  Location own = program.locations.of(node, shortName.empty() ? StringRef(name) : shortName);
  if (!isa<UnknownLoc>(own)) // else: as the node before
    loc = own;
  switch (node->kind()) {
  case prim::Constant:
    return importConstant(node);
  case prim::If:
    return importIf(node);
  case prim::Loop:
    return importLoop(node);
  case prim::CallFunction:
    return importCall(node);
  case prim::CallMethod:
    return importMethodCall(node);
  default:
    if (!importStructure(node) && !importTask(node))
      importOperator(node);
  }
}

void FunctionImporter::importCall(jit::Node *node) {
  jit::Value *callee = node->input(0);
  SmallVector<Value> arguments = getAll(node->inputs().slice(1));
  auto type = callee->type()->cast<c10::FunctionType>();
  if (type && callee->node()->kind() == prim::Constant) {
    FlatSymbolRefAttr symbol = program.require(*type->function(), loc);
    if (!symbol)
      return;
    auto op = s::CallOp::create(builder, loc, typesOf(node->outputs()), symbol, arguments);
    return setAll(node, op->getResults());
  }
  auto op = s::CallValueOp::create(builder, loc, typesOf(node->outputs()), get(callee), arguments);
  setAll(node, op->getResults());
}

void FunctionImporter::importMethodCall(jit::Node *node) {
  const std::string &method = node->s(attr::name);
  c10::TypePtr type = node->input(0)->type();
  SmallVector<Value> arguments = getAll(node->inputs().slice(1));
  if (auto interface = type->cast<c10::InterfaceType>()) {
    program.requireInterfaceMethod(interface, method);
  } else if (auto classType = type->cast<c10::ClassType>()) {
    jit::Function *function = classType->findMethod(method);
    if (!function && (function = classType->findHook(method))) {
      // A hook is no method: it is called as the function that it is.
      FlatSymbolRefAttr symbol = program.require(*function, loc);
      if (!symbol)
        return;
      SmallVector<Value> all = getAll(node->inputs());
      auto op = s::CallOp::create(builder, loc, typesOf(node->outputs()), symbol, all);
      return setAll(node, op->getResults());
    }
    if (!function)
      return refuse("the class " + classType->repr_str() + " has no method '" + method + "'");
    if (!program.require(*function, loc))
      return;
  } else {
    return refuse("a method call on a value of type " + type->repr_str() + " cannot be imported");
  }
  auto op = s::CallMethodOp::create(builder, loc, typesOf(node->outputs()), get(node->input(0)),
                                    builder.getStringAttr(method), arguments);
  setAll(node, op->getResults());
}

bool FunctionImporter::importStructure(jit::Node *node) {
  auto one = [&] { return typeOf(node->output()); };
  auto done = [&](Operation *op) {
    setAll(node, op->getResults());
    return true;
  };
  switch (node->kind()) {
  case prim::ListConstruct:
    return done(s::ListOp::create(builder, loc, one(), getAll(node->inputs())));
  case prim::TupleConstruct:
    return done(s::TupleOp::create(builder, loc, one(), getAll(node->inputs())));
  case prim::DictConstruct:
    return done(s::DictOp::create(builder, loc, one(), getAll(node->inputs())));
  case prim::ListUnpack:
  case prim::TupleUnpack:
    return done(s::UnpackOp::create(builder, loc, typesOf(node->outputs()), get(node->input())));
  case prim::TupleIndex:
    return done(s::TupleIndexOp::create(builder, loc, one(), get(node->input(0)), get(node->input(1))));
  case prim::TupleSlice:
    return done(s::TupleSliceOp::create(builder, loc, one(), get(node->input()),
                                        builder.getI64IntegerAttr(node->i(attr::beg)),
                                        builder.getI64IntegerAttr(node->i(attr::end))));
  case prim::GetAttr:
    return done(
        s::GetAttrOp::create(builder, loc, one(), get(node->input()), builder.getStringAttr(node->s(attr::name))));
  case prim::SetAttr:
    return done(s::SetAttrOp::create(builder, loc, get(node->input(0)), builder.getStringAttr(node->s(attr::name)),
                                     get(node->input(1))));
  case prim::CreateObject:
    return done(s::NewOp::create(builder, loc, one()));
  case prim::Uninitialized:
    return done(s::UninitializedOp::create(builder, loc, one()));
  case prim::unchecked_cast:
    return done(s::CastOp::create(builder, loc, one(), get(node->input())));
  case prim::isinstance: {
    SmallVector<Attribute> types;
    for (const c10::TypePtr &type : node->tys(attr::types))
      types.push_back(TypeAttr::get(program.types.of(type, loc)));
    return done(
        s::IsInstanceOp::create(builder, loc, builder.getI1Type(), get(node->input()), builder.getArrayAttr(types)));
  }
  case prim::RaiseException: {
    bool typed = node->inputs().size() > 1 && node->input(1)->type()->kind() != c10::TypeKind::NoneType;
    return done(s::RaiseOp::create(builder, loc, get(node->input(0)),
                                   /*exception=*/StringAttr(), typed ? get(node->input(1)) : Value()));
  }
  case prim::Enter:
    program.requireMethod(node->input()->type(), "__enter__", loc);
    return done(s::EnterOp::create(builder, loc, one(), get(node->input())));
  case prim::Exit:
    program.requireMethod(node->input(0)->type(), "__exit__", loc);
    s::ExitOp::create(builder, loc, get(node->input(0)));
    return true; // its output has no value: get() covers a use
  default:
    return false;
  }
}

bool FunctionImporter::importTask(jit::Node *node) {
  auto done = [&](Operation *op) {
    setAll(node, op->getResults());
    return true;
  };
  switch (node->kind()) {
  case prim::fork:
  case prim::awaitable: {
    bool fork = node->kind() == prim::fork;
    std::shared_ptr<jit::Graph> body = node->g(attr::Subgraph);
    if (body->outputs().size() != 1) {
      refuse("a fork's body must return one value");
      return true;
    }
    std::string symbol = name + (fork ? "$fork" : "$await") + std::to_string(bodies++);
    FunctionImporter(program, symbol).import(*body, nullptr);
    auto callee = FlatSymbolRefAttr::get(builder.getContext(), symbol);
    Type type = typeOf(node->output());
    SmallVector<Value> captured = getAll(node->inputs());
    if (fork)
      return done(s::ForkOp::create(builder, loc, type, callee, captured));
    return done(s::AwaitableOp::create(builder, loc, type, callee, captured));
  }
  case prim::awaitable_nowait:
    return done(s::AwaitableNowaitOp::create(builder, loc, typeOf(node->output()), get(node->input())));
  case prim::awaitable_wait:
  case c10::aten::wait:
    return done(s::WaitOp::create(builder, loc, typeOf(node->output()), get(node->input())));
  default:
    return false;
  }
}

void FunctionImporter::importOperator(jit::Node *node) {
  std::string kind = node->kind().toQualString();
  if (program.archive.unknownOperators().count(kind))
    return refuse("unknown operator '" + kind + "': a custom operator needs its schema, --operators FILE");
  const c10::FunctionSchema *schema = node->maybeSchema();
  if (!node->blocks().empty() || (!schema && node->numAttributes()) ||
      !(schema || node->kind().is_prim() || node->kind().is_aten()))
    return refuse("the operation '" + kind + "' cannot be imported");
  std::string op = schema ? c10::toString(schema->operator_name()) : kind;
  // A profiler's region: its handle is never looked into, its end does nothing.
  if (kind == "profiler::_record_function_enter_new" || kind == "profiler::_record_function_enter")
    return set(node->output(), s::ConstantOp::create(builder, loc, builder.getI64Type(), builder.getI64IntegerAttr(0)));
  if (kind == "profiler::_record_function_exit")
    return;
  if (schema && !schema->is_vararg() && schema->arguments().size() != node->inputs().size())
    return refuse("'" + op + "' has " + llvm::Twine(node->inputs().size()) + " arguments, its schema " +
                  llvm::Twine(schema->arguments().size()));
  // The schemas differ in the result only, which LibTorch does not look at.
  if (node->kind() == prim::EnumValue)
    op = std::string("prim::EnumValue.") + (node->output()->type()->kind() == c10::TypeKind::FloatType    ? "float"
                                            : node->output()->type()->kind() == c10::TypeKind::StringType ? "str"
                                                                                                          : "int");
  // Sorting objects calls their own comparison.
  if ((op == "aten::sort.any" || op == "aten::sorted.any"))
    if (auto list = node->input(0)->type()->cast<c10::ListType>())
      program.requireMethod(list->getElementType(), "__lt__", loc);
  auto result =
      s::AtenOp::create(builder, loc, typesOf(node->outputs()), builder.getStringAttr(op), getAll(node->inputs()));
  setAll(node, result->getResults());
}

} // namespace ingot::torchscript
