//===- Nodes.cpp - nodes of an FX graph and their arguments -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Importer.h"
#include "ingot/Support/CustomOperators.h"
#include "ingot/Support/DType.h"

#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace mlir;
using namespace ingot;
using namespace ingot::exported;
using schema::TypeKind;

//===----------------------------------------------------------------------===//
// Locations, names and errors
//===----------------------------------------------------------------------===//

/// The innermost frame of a stack trace that is the user's:
///   File "/src/model.py", line 27, in forward
static std::optional<std::pair<StringRef, unsigned>> userFrame(StringRef trace) {
  std::optional<std::pair<StringRef, unsigned>> best, fallback;
  while (!trace.empty()) {
    StringRef line;
    std::tie(line, trace) = trace.split('\n');
    line = line.ltrim();
    if (!line.consume_front("File \""))
      continue;
    auto [file, tail] = line.split("\", line ");
    unsigned number;
    if (tail.consumeInteger(10, number))
      continue;
    // Code that torch generated has no file.
    if (file.starts_with("<"))
      continue;
    fallback = {file, number};
    if (!file.contains("/torch/"))
      best = fallback;
  }
  return best ? best : fallback;
}

/// The user's frame of a node; a wrapper such as an autocast region has no
/// trace of its own and takes that of its graph's first node.
std::optional<std::pair<StringRef, unsigned>> Importer::nodeFrame(const Json *node) {
  if (const Json *metadata = json.optional(node, "metadata"))
    if (const Json *trace = json.optional(metadata, "stack_trace"))
      if (auto frame = userFrame(json.string(trace)))
        return frame;
  for (const Json &input : json.array(node, "inputs")) {
    auto [tag, payload] = json.tagged(json.member(&input, "arg"));
    if (tag != "as_graph")
      continue;
    ArrayRef<Json> nodes = json.array(json.member(payload, "graph"), "nodes");
    if (!nodes.empty())
      return nodeFrame(&nodes.front());
  }
  return std::nullopt;
}

Location Importer::nodeLocation(const Json *node) {
  Location where = fileLoc;
  if (auto frame = nodeFrame(node))
    where = FileLineColLoc::get(&context, frame->first, frame->second, 0);
  const Json *name = json.optional(node, "name");
  return name ? Location(NameLoc::get(builder.getStringAttr(json.string(name)), where)) : where;
}

Value Importer::lookup(const Json *where, StringRef name, const Scope &scope) {
  auto found = scope.values.find(name);
  if (found != scope.values.end())
    return found->second;
  json.fail(where, "there is no value '" + name + "' at this point");
  return nullptr;
}

LogicalResult Importer::define(const Json *where, StringRef name, Value value, Scope &scope) {
  if (!scope.values.try_emplace(name, value).second)
    json.fail(where, "the value '" + name + "' is defined twice");
  return failure(json.failed());
}

void Importer::unsupported(const Twine &message) {
  ++errors;
  mlir::emitError(emit.loc) << message;
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

Value Importer::listArgument(const Json *payload, Type element, llvm::function_ref<Value(const Json *)> one) {
  SmallVector<Value> values;
  for (const Json &item : json.array(payload)) {
    Value value = one(&item);
    if (!value)
      return nullptr;
    values.push_back(value);
  }
  return emit.list(element, values);
}

Value Importer::symbolArgument(const Json *payload, StringRef kind, Scope &scope) {
  auto [tag, value] = json.tagged(payload);
  if (json.failed())
    return nullptr;
  if (tag == "as_name")
    return lookup(payload, json.string(value), scope);
  if (tag == "as_int")
    return emit.integer(json.integer(value));
  if (tag == "as_float")
    return emit.real(json.number(value));
  if (tag == "as_bool")
    return emit.boolean(json.boolean(value));
  json.fail(payload, "unknown form '" + tag + "' of " + kind);
  return nullptr;
}

/// Fits a number to the schema's type, as torch does for an operator's call.
Value Importer::convertTo(Value value, const schema::Type *expected) {
  if (!value || !expected)
    return value;
  const schema::Type &type = expected->stripOptional();
  Type have = value.getType();
  bool isNumber = have.isInteger(64) || have.isInteger(1) || have.isF64();
  auto constant = value.getDefiningOp<script::ConstantOp>();
  if (type.kind == TypeKind::Float && isNumber && !have.isF64()) {
    if (!constant)
      return emit.toFloat(value);
    int64_t number = have.isInteger(1) ? cast<BoolAttr>(constant.getValue()).getValue()
                                       : cast<IntegerAttr>(constant.getValue()).getInt();
    constant.erase();
    return emit.real(number);
  }
  if ((type.kind == TypeKind::Int || type.kind == TypeKind::SymInt) && have.isInteger(1) && constant) {
    bool flag = cast<BoolAttr>(constant.getValue()).getValue();
    constant.erase();
    return emit.integer(flag);
  }
  if (type.kind == TypeKind::Bool && have.isInteger(64) && constant) {
    bool flag = cast<IntegerAttr>(constant.getValue()).getInt() != 0;
    constant.erase();
    return emit.boolean(flag);
  }
  if (type.isList() && (isNumber || (isa<script::TensorType>(have) && type.holdsTensor()))) {
    // int[2] takes one int for all of its elements.
    Value element = convertTo(value, &type.elements[0]);
    SmallVector<Value> values(std::max<int64_t>(1, type.fixedSize), element);
    return emit.list(emit.convert(type.elements[0]), values);
  }
  return value;
}

Value Importer::argument(const Json *argument, const schema::Type *expected, Scope &scope) {
  auto [tag, payload] = json.tagged(argument);
  if (json.failed())
    return nullptr;
  const schema::Type *element = nullptr;
  if (expected && expected->stripOptional().isList())
    element = &expected->stripOptional().elements[0];
  auto elementType = [&](Type byContent) { return element ? emit.convert(*element) : byContent; };
  auto tensor = [&](const Json *item) -> Value {
    Value value = lookup(item, json.string(item, "name"), scope);
    // A token looks like a tensor here; it was imported as None.
    if (value && !isa<script::TensorType, script::NoneType>(value.getType())) {
      json.fail(item, "'" + json.string(item, "name") + "' is not a tensor");
      return nullptr;
    }
    return value;
  };
  auto optionalTensor = [&](const Json *item) -> Value {
    auto [form, value] = json.tagged(item);
    return form == "as_none" ? emit.none() : tensor(value);
  };
  auto one = [&](auto &&make) { return [&, make](const Json *item) { return convertTo(make(item), element); }; };
  auto integers = one([&](const Json *i) { return emit.integer(json.integer(i)); });
  auto reals = one([&](const Json *i) { return emit.real(json.number(i)); });
  auto booleans = one([&](const Json *i) { return emit.boolean(json.boolean(i)); });
  auto symbols = one([&](const Json *i) { return symbolArgument(i, tag, scope); });
  auto strings = [&](const Json *i) { return emit.string(json.string(i)); };

  Value value;
  if (tag == "as_none")
    value = emit.none();
  else if (tag == "as_custom_obj")
    value = lookup(payload, json.string(payload, "name"), scope);
  else if (tag == "as_tensor")
    value = tensor(payload);
  else if (tag == "as_tensors")
    value = listArgument(payload, elementType(emit.tensorType()), tensor);
  else if (tag == "as_optional_tensor")
    value = optionalTensor(payload);
  else if (tag == "as_optional_tensors")
    value = listArgument(payload, elementType(emit.optionalOf(emit.tensorType())), optionalTensor);
  else if (tag == "as_nested_tensors")
    value = listArgument(payload, elementType(emit.listOf(emit.tensorType())),
                         [&](const Json *inner) { return listArgument(inner, emit.tensorType(), tensor); });
  else if (tag == "as_int")
    value = emit.integer(json.integer(payload));
  else if (tag == "as_float")
    value = emit.real(json.number(payload));
  else if (tag == "as_bool")
    value = emit.boolean(json.boolean(payload));
  else if (tag == "as_string")
    value = emit.string(json.string(payload));
  else if (tag == "as_complex")
    value = emit.complex(json.number(json.member(payload, "real")), json.number(json.member(payload, "imag")));
  else if (tag == "as_ints")
    value = listArgument(payload, elementType(emit.intType()), integers);
  else if (tag == "as_floats")
    value = listArgument(payload, elementType(emit.floatType()), reals);
  else if (tag == "as_bools")
    value = listArgument(payload, elementType(emit.boolType()), booleans);
  else if (tag == "as_strings")
    value = listArgument(payload, elementType(emit.strType()), strings);
  else if (tag == "as_sym_int" || tag == "as_sym_float" || tag == "as_sym_bool")
    value = symbolArgument(payload, tag, scope);
  else if (tag == "as_sym_ints")
    value = listArgument(payload, elementType(emit.intType()), symbols);
  else if (tag == "as_sym_floats")
    value = listArgument(payload, elementType(emit.floatType()), symbols);
  else if (tag == "as_sym_bools")
    value = listArgument(payload, elementType(emit.boolType()), symbols);
  else if (tag == "as_int_lists")
    value = listArgument(payload, elementType(emit.listOf(emit.intType())), [&](const Json *inner) {
      return listArgument(inner, emit.intType(), [&](const Json *i) { return emit.integer(json.integer(i)); });
    });
  else if (tag == "as_float_lists")
    value = listArgument(payload, elementType(emit.listOf(emit.floatType())), [&](const Json *inner) {
      return listArgument(inner, emit.floatType(), [&](const Json *i) { return emit.real(json.number(i)); });
    });
  else if (tag == "as_operator")
    value = emit.string(json.string(payload));
  else if (tag == "as_device") {
    std::string device = json.string(payload, "type").str();
    if (const Json *index = json.optional(payload, "index"))
      device += ":" + std::to_string(json.integer(index));
    value = emit.device(device);
  } else if (tag == "as_scalar_type" || tag == "as_layout" || tag == "as_memory_format") {
    int64_t code = json.integer(payload);
    int64_t ours = tag == "as_scalar_type" ? convertScalarType(code)
                   : tag == "as_layout"    ? convertLayout(code)
                                           : convertMemoryFormat(code);
    if (ours < 0)
      json.fail(payload, "unknown code " + Twine(code) + " of '" + tag + "'");
    value = emit.integer(ours);
  } else {
    unsupported("an argument of kind '" + tag + "' is not supported");
    value = script::UninitializedOp::create(builder, emit.loc, script::AnyType::get(&context));
  }
  if (json.failed())
    return nullptr;
  return convertTo(value, expected);
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

Type Importer::typeOfOutput(const Json *output, const schema::Type *expected) {
  auto [tag, payload] = json.tagged(output);
  Type byTag = llvm::StringSwitch<Type>(tag)
                   .Case("as_sym_int", emit.intType())
                   .Case("as_int", emit.intType())
                   .Case("as_sym_float", emit.floatType())
                   .Case("as_float", emit.floatType())
                   .Case("as_sym_bool", emit.boolType())
                   .Case("as_bool", emit.boolType())
                   .Case("as_tensor", emit.tensorType())
                   .Case("as_optional_tensor", emit.tensorType())
                   .Case("as_tensors", emit.listOf(emit.tensorType()))
                   .Case("as_optional_tensors", emit.listOf(emit.optionalOf(emit.tensorType())))
                   .Default(nullptr);
  if (expected && expected->kind != TypeKind::Scalar && expected->kind != TypeKind::Var &&
      expected->kind != TypeKind::Any)
    return emit.convert(*expected);
  if (!byTag && !expected && tag != "as_none") {
    unsupported("a result of kind '" + tag + "' is not supported");
  }
  if (byTag)
    return byTag;
  return expected ? emit.convert(*expected) : emit.noneType();
}

LogicalResult Importer::bindOutputs(const Json *node, ArrayRef<Json> outputs, ValueRange values, Scope &scope) {
  if (outputs.size() > values.size()) {
    json.fail(node, "the node has " + Twine(outputs.size()) + " outputs, its operator gives " + Twine(values.size()));
    return failure();
  }
  auto tensorName = [&](const Json *item) { return json.string(item, "name"); };
  for (auto [output, value] : zip(outputs, values)) {
    auto [tag, payload] = json.tagged(&output);
    if (json.failed())
      return failure();
    LogicalResult bound = success();
    if (tag == "as_tensor") {
      bound = define(payload, tensorName(payload), value, scope);
    } else if (tag == "as_optional_tensor") {
      auto [form, inner] = json.tagged(payload);
      if (form == "as_tensor")
        bound = define(inner, tensorName(inner), value, scope);
    } else if (tag == "as_sym_int" || tag == "as_sym_float" || tag == "as_sym_bool") {
      auto [form, inner] = json.tagged(payload);
      if (form == "as_name")
        bound = define(payload, json.string(inner), value, scope);
    } else if (tag == "as_tensors" || tag == "as_optional_tensors") {
      ArrayRef<Json> items = json.array(payload);
      if (!isa<script::ListType>(value.getType())) {
        json.fail(payload, "the operator does not give a list here");
        return failure();
      }
      SmallVector<Type> types(items.size(), emit.tensorType());
      auto unpack = script::UnpackOp::create(builder, emit.loc, types, value);
      for (auto [item, element] : zip(items, unpack.getElements())) {
        const Json *named = &item;
        if (tag == "as_optional_tensors") {
          auto [form, inner] = json.tagged(&item);
          if (form != "as_tensor")
            continue;
          named = inner;
        }
        if (failed(define(named, tensorName(named), element, scope)))
          return failure();
      }
    }
    if (failed(bound) || json.failed())
      return failure();
  }
  return success();
}

LogicalResult Importer::bindUnsupported(const Json *node, Scope &scope) {
  SmallVector<Value> values;
  ArrayRef<Json> outputs = json.array(node, "outputs");
  for (const Json &output : outputs)
    values.push_back(script::UninitializedOp::create(builder, emit.loc, typeOfOutput(&output, nullptr)));
  return json.failed() ? failure() : bindOutputs(node, outputs, values, scope);
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

std::string exported::operatorName(StringRef target) {
  if (!target.consume_front("torch.ops."))
    return "";
  auto [ns, rest] = target.split('.');
  auto [name, overload] = rest.split('.');
  if (ns.empty() || name.empty())
    return "";
  std::string result = (ns + "::" + name).str();
  if (!overload.empty() && overload != "default")
    result += ("." + overload).str();
  // What the tracer calls by its symbolic name is the ordinary operator.
  return llvm::StringSwitch<std::string>(result)
      .Case("aten::sym_size.int", "aten::size.int")
      .Case("aten::sym_size", "aten::size")
      .Case("aten::sym_stride.int", "aten::stride.int")
      .Case("aten::sym_stride", "aten::stride")
      .Case("aten::sym_numel", "aten::numel")
      .Case("aten::sym_storage_offset", "aten::storage_offset")
      .Default(result);
}

LogicalResult Importer::gatherOperands(const Json *node, const schema::OperatorSchema &schema, ArrayRef<Json> inputs,
                                       bool inEffects, bool byPosition, Scope &scope,
                                       SmallVectorImpl<Value> &operands) {
  SmallVector<const Json *> operandsGiven(schema.arguments.size(), nullptr);
  for (auto [position, input] : enumerate(inputs)) {
    StringRef name = json.string(&input, "name");
    if (json.failed())
      return failure();
    // Arguments inside of with_effects have no names.
    int index = byPosition || (name.empty() && inEffects) ? int(position) : schema.argumentIndex(name);
    if (index < 0 || size_t(index) >= operandsGiven.size()) {
      unsupported("operator " + schema.fullName + " has no argument '" + name + "'");
      return bindUnsupported(node, scope);
    }
    if (operandsGiven[index]) {
      json.fail(&input, "argument '" + name + "' is given twice");
      return failure();
    }
    operandsGiven[index] = json.member(&input, "arg");
  }
  for (auto [argument, given] : zip(schema.arguments, operandsGiven)) {
    Value value;
    if (given) {
      value = this->argument(given, &argument.type, scope);
      if (!value)
        return failure();
    } else if (argument.defaultValue) {
      value = emit.defaultValue(argument);
    } else if (argument.type.isOptional()) {
      value = emit.none();
    } else {
      json.fail(node, "operator " + schema.fullName + " lacks its argument '" + argument.name + "'");
      return failure();
    }
    operands.push_back(value);
  }
  return success();
}

LogicalResult Importer::importOperator(const Json *node, StringRef target, ArrayRef<Json> inputs,
                                       ArrayRef<Json> outputs, bool inEffects, Scope &scope) {
  std::string name = operatorName(target);
  if (name.empty()) {
    json.fail(node, "'" + target + "' is not the name of an operator");
    return failure();
  }
  if (name == "higher_order::call_torchbind")
    return importMethodOfObject(node, inputs, outputs, inEffects, scope);
  return importCall(node, name, inputs, outputs, inEffects, /*byPosition=*/false, scope);
}

/// dtype and sizes of a tensor as the graph has it; a unit where it does not say.
static Attribute tensorType(JsonReader &json, const json::Value *graph, StringRef name, MLIRContext *context) {
  const json::Value *meta = json.optional(json.member(graph, "tensor_values"), name);
  int64_t dtype = meta ? convertScalarType(json.integer(meta, "dtype")) : -1;
  Type element = isKnownDType(dtype) ? dtypeToType(dtype, context) : Type();
  if (!element)
    return UnitAttr::get(context);
  SmallVector<int64_t> sizes;
  for (const json::Value &size : json.array(meta, "sizes")) {
    auto [tag, value] = json.tagged(&size);
    sizes.push_back(tag == "as_int" ? json.integer(value) : ShapedType::kDynamic);
  }
  return TypeAttr::get(RankedTensorType::get(sizes, element));
}

ArrayAttr Importer::resultTypes(ArrayRef<Json> outputs, const Scope &scope) {
  SmallVector<Attribute> types;
  for (const Json &output : outputs) {
    auto [tag, payload] = json.tagged(&output);
    Attribute type = builder.getUnitAttr();
    if (tag == "as_tensor") {
      type = tensorType(json, scope.graph, json.string(payload, "name"), &context);
    } else if (tag == "as_tensors") {
      SmallVector<Attribute> list;
      for (const Json &item : json.array(payload))
        list.push_back(tensorType(json, scope.graph, json.string(&item, "name"), &context));
      if (llvm::all_of(list, llvm::IsaPred<TypeAttr>))
        type = builder.getArrayAttr(list);
    }
    types.push_back(type);
  }
  return builder.getArrayAttr(types);
}

LogicalResult Importer::importCall(const Json *node, const std::string &name, ArrayRef<Json> inputs,
                                   ArrayRef<Json> outputs, bool inEffects, bool byPosition, Scope &scope) {
  const schema::OperatorSchema *schema = schema::lookup(name);
  SmallVector<Value> operands;
  SmallVector<Type> types;
  SmallVector<Attribute> names;
  if (schema) {
    if (inEffects && (schema->aliasesInputs() || schema->isMutable())) {
      unsupported("Ops with aliasing is not supported: " + name);
      return bindUnsupported(node, scope);
    }
    unsigned before = errors;
    if (failed(gatherOperands(node, *schema, inputs, inEffects, byPosition, scope, operands)))
      return failure();
    if (errors != before && operands.size() != schema->arguments.size())
      return success();
    // A node without outputs has results that nobody uses.
    for (auto [position, result] : enumerate(schema->results))
      types.push_back(position < outputs.size() ? typeOfOutput(&outputs[position], &result.type)
                                                : emit.convert(result.type));
  } else {
    // An operator that is not torch's own: whether it can be compiled is for
    // later phases to say, for all such operators at once.
    for (const Json &input : inputs) {
      Value value = argument(json.member(&input, "arg"), /*expected=*/nullptr, scope);
      if (!value)
        return failure();
      operands.push_back(value);
      names.push_back(builder.getStringAttr(json.string(&input, "name")));
    }
    for (const Json &output : outputs)
      types.push_back(typeOfOutput(&output, nullptr));
  }
  if (json.failed())
    return failure();
  Operation *op = emit.aten(name, operands, types);
  if (!schema)
    op->setAttr("script.arg_names", builder.getArrayAttr(names));
  else if (schema::lookupCustom(name))
    op->setAttr("script.result_types", resultTypes(outputs, scope));
  return bindOutputs(node, outputs, op->getResults(), scope);
}

LogicalResult Importer::importPythonOperator(const Json *node, StringRef target, Scope &scope) {
  auto [moduleName, name] = target.rsplit('.');
  bool isKnown =
      llvm::StringSwitch<bool>(moduleName)
          .Cases({"_operator", "operator", "math", "torch", "builtins", "torch.fx.experimental.sym_node"}, true)
          .Default(false);
  SmallVector<Value> operands;
  for (const Json &input : json.array(node, "inputs")) {
    const Json *arg = json.member(&input, "arg");
    auto [tag, payload] = json.tagged(arg);
    // torch.sym_sum takes a list.
    if (tag == "as_sym_ints" || tag == "as_ints") {
      for (const Json &item : json.array(payload)) {
        Value value = tag == "as_ints" ? emit.integer(json.integer(&item)) : symbolArgument(&item, tag, scope);
        if (!value)
          return failure();
        operands.push_back(value);
      }
      continue;
    }
    Value value = argument(arg, nullptr, scope);
    if (!value)
      return failure();
    operands.push_back(value);
  }
  if (json.failed())
    return failure();
  Value result;
  if (isKnown && name == "sym_sum") {
    result = operands.empty() ? emit.integer(0) : operands[0];
    for (Value operand : ArrayRef(operands).drop_front(!operands.empty()))
      if (result)
        result = emit.python("add", {result, operand});
  } else if (isKnown && (name == "sym_max" || name == "sym_min" || name == "max" || name == "min") &&
             operands.size() > 2) {
    result = operands[0];
    for (Value operand : ArrayRef(operands).drop_front())
      if (result)
        result = emit.python(name, {result, operand});
  } else if (isKnown) {
    result = emit.python(name, operands);
  }
  if (!result) {
    unsupported("the Python function '" + target + "' is not supported on its operands");
    return bindUnsupported(node, scope);
  }
  return bindOutputs(node, json.array(node, "outputs"), result, scope);
}

LogicalResult Importer::importNode(const Json *node, Scope &scope) {
  StringRef target = json.string(node, "target");
  ArrayRef<Json> inputs = json.array(node, "inputs");
  ArrayRef<Json> outputs = json.array(node, "outputs");
  if (json.failed())
    return failure();
  emit.loc = nodeLocation(node);
  StringRef name = target;
  if (name.consume_front("torch.ops.higher_order."))
    return importHigherOrder(node, name, scope);
  if (target.starts_with("torch.ops."))
    return importOperator(node, target, inputs, outputs, false, scope);
  return importPythonOperator(node, target, scope);
}

LogicalResult Importer::importNodes(const Json *graph, Scope &scope) {
  for (const Json &node : json.array(graph, "nodes"))
    if (failed(importNode(&node, scope)) || json.failed())
      return failure();
  return failure(json.failed());
}
