//===- Functionalized.cpp - operators that write, as torch writes them out -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// run_decompositions() wraps a custom operator that writes arguments in
// auto_functionalized_v2(op, arguments, _NAME_base_index and a view for each that
// is written, _all_bases): it works on copies of the bases, which are further
// results. Here the copies are made, and the operator is called as it is.
#include "Importer.h"
#include "ingot/Support/CustomOperators.h"

using namespace llvm;
using namespace mlir;
using namespace ingot;
using namespace ingot::exported;

namespace {
/// The keyword arguments of a node.
using Arguments = StringMap<const json::Value *>;
} // namespace

Value Importer::regenerateView(const Json *node, const Arguments &given, const std::string &name, ArrayRef<Value> bases,
                               Scope &scope) {
  auto find = [&](const char *suffix) { return given.lookup("_" + name + suffix); };
  const Json *indexArgument = find("_base_index");
  if (!indexArgument) {
    json.fail(node, "the node does not say what '" + name + "' is a view of");
    return nullptr;
  }
  auto [tag, payload] = json.tagged(indexArgument);
  if (tag == "as_none")
    return emit.none();
  int64_t index = json.integer(payload);
  if (json.failed())
    return nullptr;
  if (index < 0 || size_t(index) >= bases.size()) {
    json.fail(payload, "the node has no base " + Twine(index));
    return nullptr;
  }
  Value base = bases[index];
  auto view = [&](StringRef op, std::initializer_list<const char *> suffixes) -> Value {
    SmallVector<Value> operands = {base};
    for (const char *suffix : suffixes) {
      const Json *value = find(suffix);
      operands.push_back(value ? argument(value, nullptr, scope) : Value());
      if (!operands.back()) {
        json.fail(node, "the view of '" + name + "' is not complete");
        return nullptr;
      }
    }
    if (op == "aten::slice.Tensor")
      operands.push_back(emit.integer(1));
    return emit.aten(op, operands, emit.tensorType());
  };
  if (find("_size"))
    return view("aten::as_strided", {"_size", "_stride", "_storage_offset"});
  if (find("_slice_dim"))
    return view("aten::slice.Tensor", {"_slice_dim", "_slice_start", "_slice_end"});
  return base;
}

LogicalResult Importer::importFunctionalized(const Json *node, bool byBases, Scope &scope) {
  Arguments given;
  std::string target;
  for (const Json &input : json.array(node, "inputs")) {
    StringRef name = json.string(&input, "name");
    const Json *value = json.member(&input, "arg");
    auto [tag, payload] = json.tagged(value);
    if (json.failed())
      return failure();
    if (tag == "as_operator" && target.empty())
      target = operatorName(json.string(payload));
    else
      given[name] = value;
  }
  const schema::OperatorSchema *schema = schema::lookup(target);
  if (!schema) {
    unsupported("operator " + target + " has no schema: --operators FILE");
    return bindUnsupported(node, scope);
  }
  auto copy = [&](Value value) { return emit.aten("aten::clone", {value, emit.none()}, emit.tensorType()); };
  SmallVector<Value> bases, operands;
  if (byBases) {
    const Json *all = given.lookup("_all_bases");
    if (!all) {
      json.fail(node, "the node has no bases");
      return failure();
    }
    if (failed(flatten(all, scope, bases)))
      return failure();
    for (Value &base : bases)
      base = copy(base);
  }
  for (const schema::Argument &argument : schema->arguments) {
    Value value;
    const Json *own = given.lookup(argument.name);
    if (argument.isWrite() && byBases) {
      if (const Json *length = given.lookup("_" + argument.name + "_length")) {
        SmallVector<Value> elements;
        int64_t count = json.integer(json.tagged(length).second);
        for (int64_t i = 0; i < count && !json.failed(); ++i)
          elements.push_back(regenerateView(node, given, argument.name + "_" + std::to_string(i), bases, scope));
        if (json.failed())
          return failure();
        value = emit.list(emit.tensorType(), elements);
      } else {
        value = regenerateView(node, given, argument.name, bases, scope);
      }
    } else if (own) {
      value = this->argument(own, &argument.type, scope);
      if (value && argument.isWrite() && isa<script::TensorType>(value.getType()))
        bases.push_back(value = copy(value));
    } else if (argument.defaultValue) {
      value = emit.defaultValue(argument);
    } else if (argument.type.isOptional()) {
      value = emit.none();
    } else {
      json.fail(node, "operator " + target + " lacks its argument '" + argument.name + "'");
    }
    if (!value || json.failed())
      return failure();
    operands.push_back(value);
  }
  // Without a result of its own the operator has None in front.
  ArrayRef<Json> outputs = json.array(node, "outputs");
  size_t results = schema->results.size();
  if (outputs.size() < std::max<size_t>(1, results)) {
    json.fail(node, "the node has too few outputs");
    return failure();
  }
  ArrayRef<Json> own = outputs.take_front(results);
  SmallVector<Type> types;
  for (auto [output, result] : zip_equal(own, schema->results))
    types.push_back(typeOfOutput(&output, &result.type));
  if (json.failed())
    return failure();
  Operation *op = emit.aten(target, operands, types);
  if (schema::lookupCustom(target))
    op->setAttr("script.result_types", resultTypes(own, scope));
  if (failed(bindOutputs(node, own, op->getResults(), scope)))
    return failure();
  return bindOutputs(node, outputs.drop_front(std::max<size_t>(1, results)), bases, scope);
}
