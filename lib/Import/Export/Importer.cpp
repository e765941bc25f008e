//===- Importer.cpp - a torch.export archive as script ops ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Importer.h"

#include "Guard.h"
#include "dialects/Graph/Graph.h"
#include "ingot/Import/Export.h"
#include "ingot/Support/DType.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include <limits>

using namespace llvm;
using namespace mlir;
using namespace ingot;
using namespace ingot::exported;

// The name of the root object's class: an archive has one, which it does not
// name.
static constexpr StringLiteral kRootClass = "ExportedProgram";
// The schema of torch/_export/serde/schema.py that this importer reads.
static constexpr int64_t kSchemaMajor = 8;

Importer::Importer(MLIRContext &context, const Archive &archive, const std::string &modelEntry)
    : context(context), archive(archive), fileLoc(FileLineColLoc::get(&context, archive.path(), 0, 0)),
      json(UnknownLoc::get(&context), (archive.path() + ": " + modelEntry).str()), builder(&context), emit(builder),
      symbols(&context) {
  emit.loc = fileLoc;
  selfType = script::ObjectType::get(&context, StringAttr::get(&context, kRootClass));
}

LogicalResult Importer::checkVersion() {
  const Json *version = json.member(json.root(), "schema_version");
  int64_t major = json.integer(version, "major");
  int64_t minor = json.integer(version, "minor");
  if (json.failed())
    return failure();
  if (major != kSchemaMajor)
    json.fail(version, "schema version " + Twine(major) + "." + Twine(minor) + " is not supported; expected " +
                           Twine(kSchemaMajor) + ".x (torch 2.8 or newer)");
  return failure(json.failed());
}

FailureOr<OwningOpRef<ModuleOp>> Importer::run(const ModelEntries &entries) {
  Expected<StringRef> text = archive.read(entries.model);
  if (!text)
    return emitError(UnknownLoc::get(&context)) << toString(text.takeError());
  if (failed(json.parse(*text)) || failed(checkVersion()))
    return failure();
  if (failed(readState(archive, entries.weightsConfig, "weights", UnknownLoc::get(&context), state)) ||
      failed(readState(archive, entries.constantsConfig, "constants", UnknownLoc::get(&context), state)))
    return failure();
  for (auto [position, tensor] : enumerate(state))
    if (!stateIndex.try_emplace(tensor.name, position).second)
      return emitError(UnknownLoc::get(&context)) << "the archive has two tensors '" << tensor.name << "'";
  module = ModuleOp::create(fileLoc);
  (*module)->setAttr("script.source", builder.getStringAttr(archive.path()));
  (*module)->setAttr("script.format", builder.getStringAttr("pt2"));
  builder.setInsertionPointToEnd(module->getBody());
  if (failed(importForward()) || json.failed() || errors)
    return failure();
  if (failed(importState(entries.constantsConfig)))
    return failure();
  if (failed(verify(*module)))
    return failure();
  return std::move(module);
}

LogicalResult Importer::importState(StringRef constantsConfig) {
  builder.setInsertionPointToStart(module->getBody());
  emit.loc = fileLoc;
  auto instance = script::InstanceOp::create(builder, fileLoc);
  builder.createBlock(&instance.getBody());
  // Tied tensors are one value; views of one storage share its key.
  using Key = std::tuple<std::string, int64_t, SmallVector<int64_t>, SmallVector<int64_t>, int64_t, bool>;
  std::map<Key, Value> weights;
  SmallVector<Value> values;
  SmallVector<Attribute> names;
  for (const StateTensor &tensor : state) {
    Value &weight = weights[Key(tensor.storage, tensor.dtype, tensor.sizes, tensor.strides, tensor.storageOffset,
                                tensor.requiresGrad)];
    if (!weight)
      weight =
          script::WeightOp::create(builder, NameLoc::get(builder.getStringAttr(tensor.name)), emit.tensorType(),
                                   tensor.storage, tensor.dtype, tensor.sizes, tensor.strides, tensor.storageOffset,
                                   tensor.offset, tensor.nbytes, tensor.requiresGrad, /*layout=*/StringAttr());
    values.push_back(weight);
    names.push_back(builder.getStringAttr(tensor.name));
  }
  if (failed(importScriptObjects(constantsConfig, values, names)))
    return failure();
  auto strings = [&](const std::vector<std::string> &list) {
    SmallVector<StringRef> refs(list.begin(), list.end());
    return builder.getStrArrayAttr(refs);
  };
  Value root = script::ObjectOp::create(builder, fileLoc, selfType, values, builder.getArrayAttr(names),
                                        /*is_module=*/true, strings(parameters), strings(buffers));
  script::YieldOp::create(builder, fileLoc, root);
  return success();
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

std::vector<Importer::InputSpec> Importer::readInputSpecs(const Json *signature) {
  using Kind = InputSpec::Kind;
  std::vector<InputSpec> specs;
  auto stateful = [&](const Json *payload, Kind kind, StringRef key) {
    InputSpec spec;
    spec.kind = kind;
    spec.name = json.string(json.member(payload, "arg"), "name").str();
    spec.target = json.string(payload, key).str();
    if (!json.failed() && kind != Kind::Object && !stateIndex.count(spec.target))
      json.fail(payload, "the archive has no tensor '" + spec.target + "'");
    return spec;
  };
  for (const Json &item : json.array(signature, "input_specs")) {
    auto [tag, payload] = json.tagged(&item);
    if (json.failed())
      break;
    if (tag == "parameter") {
      specs.push_back(stateful(payload, Kind::Parameter, "parameter_name"));
      parameters.push_back(specs.back().target);
    } else if (tag == "buffer") {
      specs.push_back(stateful(payload, Kind::Buffer, "buffer_name"));
      buffers.push_back(specs.back().target);
    } else if (tag == "tensor_constant") {
      specs.push_back(stateful(payload, Kind::Constant, "tensor_constant_name"));
    } else if (tag == "custom_obj") {
      specs.push_back(stateful(payload, Kind::Object, "custom_obj_name"));
      StringRef fqn = json.string(json.member(payload, "arg"), "class_fqn");
      specs.back().className = scriptClass(fqn);
      if (specs.back().className.empty())
        json.fail(payload, "'" + fqn + "' is no class of script objects");
      scriptObjects.push_back({specs.back().target, specs.back().className});
    } else if (tag == "token") {
      InputSpec spec;
      spec.kind = Kind::Token;
      spec.name = json.string(json.member(payload, "arg"), "name").str();
      specs.push_back(spec);
    } else if (tag == "user_input") {
      InputSpec spec;
      spec.argument = json.member(payload, "arg");
      specs.push_back(spec);
    } else if (tag == "constant_input") {
      InputSpec spec;
      spec.name = json.string(payload, "name").str();
      spec.constant = json.member(payload, "value");
      specs.push_back(spec);
    } else {
      json.fail(&item, "unknown kind of input '" + tag + "'");
    }
  }
  return specs;
}

LogicalResult Importer::readRanges() {
  const Json *ranges = json.member(json.root(), "range_constraints");
  for (const auto &[symbol, range] : json.object(ranges)) {
    auto bound = [&](StringRef key) -> std::optional<int64_t> {
      const Json *value = json.optional(&range, key);
      return value ? std::optional(json.integer(value)) : std::nullopt;
    };
    std::optional<int64_t> min = bound("min_val"), max = bound("max_val");
    if (min && max && *min > *max)
      json.fail(&range, "the range of '" + symbol.str() + "' is empty");
    symbols.setRange(symbol, min, max);
  }
  return failure(json.failed());
}

FailureOr<std::optional<SymbolicExpression>> Importer::readSize(const Json *size, int64_t &value) {
  auto [tag, payload] = json.tagged(size);
  if (json.failed())
    return failure();
  if (tag == "as_int") {
    value = json.integer(payload);
    if (value < 0)
      json.fail(size, "a size must not be negative, found " + Twine(value));
    return std::optional<SymbolicExpression>();
  }
  Expected<SymbolicExpression> expression = parseSymbolicExpression(json.string(payload, "expr_str"));
  if (!expression) {
    std::string message = toString(expression.takeError());
    json.fail(payload, message);
    return failure();
  }
  return std::optional(std::move(*expression));
}

FailureOr<Importer::UserInput> Importer::readUserInput(const InputSpec &spec, const Json *graph) {
  UserInput input;
  NamedAttrList attributes;
  attributes.set("script.name", builder.getStringAttr(spec.name));
  auto [tag, payload] = json.tagged(spec.constant ? spec.constant : spec.argument);
  if (json.failed())
    return failure();
  auto constant = [&](Type type, Attribute value) {
    input.type = type;
    attributes.set("script.value", value);
  };
  auto symbol = [&](StringRef values, Type type) {
    auto [kind, name] = json.tagged(payload);
    if (json.failed())
      return;
    input.type = type;
    if (kind != "as_name")
      return json.fail(payload, "expected the name of an input");
    if (!type.isInteger(64))
      return;
    int64_t value = 0;
    FailureOr<std::optional<SymbolicExpression>> size =
        readSize(json.member(json.member(graph, values), json.string(name)), value);
    if (failed(size))
      return;
    AffineExpr expression = *size ? symbols.resolve(**size) : getAffineConstantExpr(value, &context);
    input.expressions.push_back(expression);
    if (auto position = dyn_cast<AffineSymbolExpr>(expression))
      attributes.set("script.symbol", builder.getI64IntegerAttr(position.getPosition()));
  };
  if (tag == "as_tensor") {
    input.type = emit.tensorType();
    const Json *meta = json.member(json.member(graph, "tensor_values"), json.string(payload, "name"));
    int64_t dtype = convertScalarType(json.integer(meta, "dtype"));
    int64_t layout = convertLayout(json.integer(meta, "layout"));
    for (const Json &size : json.array(meta, "sizes")) {
      int64_t value = 0;
      FailureOr<std::optional<SymbolicExpression>> expression = readSize(&size, value);
      if (failed(expression))
        return failure();
      input.expressions.push_back(*expression ? symbols.resolve(**expression) : getAffineConstantExpr(value, &context));
    }
    if (json.failed())
      return failure();
    if (!isKnownDType(dtype))
      json.fail(meta, "input '" + spec.name + "' has dtype code " + Twine(json.integer(meta, "dtype")) +
                          ", which is not supported");
    if (layout != 0)
      json.fail(meta, "input '" + spec.name + "' is not strided, which is not supported");
    attributes.set("script.dtype", builder.getI64IntegerAttr(dtype));
  } else if (tag == "as_sym_int") {
    symbol("sym_int_values", emit.intType());
  } else if (tag == "as_sym_float") {
    symbol("sym_float_values", emit.floatType());
  } else if (tag == "as_sym_bool") {
    symbol("sym_bool_values", emit.boolType());
  } else if (tag == "as_int") {
    constant(emit.intType(), builder.getI64IntegerAttr(json.integer(payload)));
  } else if (tag == "as_float") {
    constant(emit.floatType(), builder.getF64FloatAttr(json.number(payload)));
  } else if (tag == "as_bool") {
    constant(emit.boolType(), builder.getBoolAttr(json.boolean(payload)));
  } else if (tag == "as_string") {
    constant(emit.strType(), builder.getStringAttr(json.string(payload)));
  } else if (tag == "as_none") {
    constant(emit.noneType(), builder.getUnitAttr());
  } else {
    json.fail(payload, "an input of kind '" + tag + "' is not supported");
  }
  input.attributes = attributes.getDictionary(&context);
  return json.failed() ? FailureOr<UserInput>(failure()) : input;
}

FailureOr<std::vector<Importer::UserInput>> Importer::readUserInputs(ArrayRef<const InputSpec *> specs,
                                                                     const Json *graph) {
  // Sizes that are bare symbols come first, in the order of the inputs: sizes
  // that are computed from them are then expressions of these.
  auto declare = [&](const Json *size) {
    int64_t value = 0;
    FailureOr<std::optional<SymbolicExpression>> expression = readSize(size, value);
    if (succeeded(expression) && *expression && (*expression)->isSymbol())
      symbols.declare((*expression)->symbol);
  };
  for (const InputSpec *spec : specs) {
    if (!spec->argument)
      continue;
    auto [tag, payload] = json.tagged(spec->argument);
    if (tag == "as_tensor") {
      const Json *meta = json.member(json.member(graph, "tensor_values"), json.string(payload, "name"));
      for (const Json &size : json.array(meta, "sizes"))
        declare(&size);
    } else if (tag == "as_sym_int") {
      auto [kind, name] = json.tagged(payload);
      if (kind == "as_name")
        declare(json.member(json.member(graph, "sym_int_values"), json.string(name)));
    }
    if (json.failed())
      return failure();
  }
  std::vector<UserInput> inputs;
  for (const InputSpec *spec : specs) {
    FailureOr<UserInput> input = readUserInput(*spec, graph);
    if (failed(input))
      return failure();
    inputs.push_back(std::move(*input));
  }
  // Every map has all symbols, now that their number is known.
  for (UserInput &input : inputs) {
    if (!isa<script::TensorType>(input.type))
      continue;
    NamedAttrList attributes(input.attributes);
    attributes.set("script.sizes",
                   graph::SizesAttr::get(&context, AffineMap::get(0, symbols.count(), input.expressions, &context)));
    input.attributes = attributes.getDictionary(&context);
  }
  return inputs;
}

/// The graph lists its inputs a second time; the two must agree.
LogicalResult Importer::checkGraphInputs(ArrayRef<InputSpec> specs, const Json *graph) {
  ArrayRef<Json> inputs = json.array(graph, "inputs");
  if (json.failed())
    return failure();
  if (inputs.size() != specs.size())
    json.fail(graph, "the graph has " + Twine(inputs.size()) + " inputs, its signature has " + Twine(specs.size()));
  return failure(json.failed());
}

LogicalResult Importer::importGuards(ArrayRef<std::string> paths, ValueRange arguments, ArrayRef<UserInput> inputs) {
  const Json *guards = json.optional(json.root(), "guards_code");
  if (!guards)
    return failure(json.failed());
  StringMap<GuardInput> byPath;
  for (auto [position, path, value, input] : enumerate(paths, arguments, inputs)) {
    GuardInput entry{path, value, input.expressions};
    byPath[path] = entry;
    // The tracer's own name of a flat input.
    byPath["['flat_args'][" + std::to_string(position) + "]"] = entry;
    // A parameter of a variadic signature: ep.module() names a[0] a_0.
    StringRef name = path;
    if (name.consume_front("['") && name.consume_back("']")) {
      auto [base, index] = name.rsplit('_');
      unsigned number;
      if (!index.getAsInteger(10, number))
        byPath.try_emplace("['" + base.str() + "'][" + index.str() + "]", entry);
    }
  }
  GuardEmitter emitter(emit, byPath);
  emit.loc = fileLoc;
  for (const Json &guard : json.array(guards)) {
    Expected<GuardExpression> expression = parseGuard(json.string(&guard));
    if (json.failed())
      return failure();
    Error error = expression ? emitter.emit(*expression) : expression.takeError();
    if (!error)
      continue;
    std::string message = toString(std::move(error));
    json.fail(&guard, message);
    return failure();
  }
  return failure(json.failed());
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

LogicalResult Importer::importForward() {
  const Json *graphModule = json.member(json.root(), "graph_module");
  const Json *graph = json.member(graphModule, "graph");
  const Json *signature = json.member(graphModule, "signature");
  std::vector<InputSpec> specs = readInputSpecs(signature);
  if (json.failed() || failed(checkGraphInputs(specs, graph)) || failed(readRanges()))
    return failure();

  // The call signature of the whole program is that of the module "".
  const Json *call = nullptr;
  for (const Json &entry : json.array(graphModule, "module_call_graph"))
    if (json.string(&entry, "fqn").empty())
      call = json.member(&entry, "signature");
  if (json.failed())
    return failure();
  if (!call) {
    json.fail(graphModule, "module_call_graph has no entry of the root module");
    return failure();
  }
  std::vector<std::string> names;
  if (const Json *list = json.optional(call, "forward_arg_names"))
    for (const Json &name : json.array(list))
      names.push_back(json.string(&name).str());
  StringRef inSpec = json.string(call, "in_spec");
  StringRef outSpec = json.string(call, "out_spec");
  if (json.failed())
    return failure();
  Expected<TreeLeaves> inTree = readTreeSpec(inSpec, true, names);
  Expected<TreeLeaves> outTree = readTreeSpec(outSpec, false, {});
  if (!inTree || !outTree) {
    Error error = joinErrors(inTree.takeError(), outTree.takeError());
    json.fail(call, toString(std::move(error)));
    return failure();
  }

  SmallVector<const InputSpec *> users;
  for (auto [position, spec] : enumerate(specs)) {
    if (spec.kind != InputSpec::Kind::User)
      continue;
    if (spec.argument && spec.name.empty()) {
      auto [tag, payload] = json.tagged(spec.argument);
      if (tag == "as_tensor" || tag == "as_custom_obj")
        spec.name = json.string(payload, "name").str();
      else if (StringRef(tag).starts_with("as_sym_") && payload->getAsObject() &&
               payload->getAsObject()->get("as_name"))
        spec.name = json.string(payload, "as_name").str();
      else
        spec.name = "input_" + std::to_string(users.size());
    }
    users.push_back(&spec);
  }
  if (json.failed())
    return failure();
  if (inTree->paths.size() != users.size()) {
    json.fail(call, "in_spec has " + Twine(inTree->paths.size()) + " leaves, the graph has " + Twine(users.size()) +
                        " inputs");
    return failure();
  }
  FailureOr<std::vector<UserInput>> inputs = readUserInputs(users, graph);
  if (failed(inputs))
    return failure();

  // The function: its results are known once its body is.
  SmallVector<Type> argumentTypes = {selfType};
  SmallVector<DictionaryAttr> argumentAttributes = {builder.getDictionaryAttr({})};
  for (const UserInput &input : *inputs) {
    argumentTypes.push_back(input.type);
    argumentAttributes.push_back(input.attributes);
  }
  auto function =
      func::FuncOp::create(builder, fileLoc, "forward", builder.getFunctionType(argumentTypes, TypeRange()));
  Block *entry = function.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  self = entry->getArgument(0);
  ValueRange arguments = entry->getArguments().drop_front();
  if (failed(importGuards(inTree->paths, arguments, *inputs)))
    return failure();

  Scope scope;
  scope.graph = graph;
  unsigned next = 0;
  for (const InputSpec &spec : specs) {
    emit.loc = NameLoc::get(builder.getStringAttr(spec.name), fileLoc);
    Value value;
    if (spec.kind == InputSpec::Kind::User) {
      value = arguments[next++];
    } else if (spec.kind == InputSpec::Kind::Token) {
      // Program order is the order of effects; a token carries nothing.
      value = emit.none();
    } else {
      Type type = spec.kind == InputSpec::Kind::Object ? scriptObjectType(spec.className) : emit.tensorType();
      value = script::GetAttrOp::create(builder, emit.loc, type, self, spec.target);
    }
    if (failed(define(signature, spec.name, value, scope)))
      return failure();
  }
  if (failed(importNodes(graph, scope)) || json.failed())
    return failure();
  SmallVector<Value> results;
  SmallVector<Attribute> kinds;
  emit.loc = fileLoc;
  if (failed(importOutputs(signature, graph, scope, outTree->paths.size(), results, kinds)))
    return failure();
  func::ReturnOp::create(builder, fileLoc, results);
  function.setFunctionType(builder.getFunctionType(argumentTypes, ValueRange(results).getTypes()));
  function.setAllArgAttrs(argumentAttributes);
  function->setAttr("script.method", builder.getStringAttr("forward"));
  function->setAttr("script.in_spec", builder.getStringAttr(inSpec));
  function->setAttr("script.out_spec", builder.getStringAttr(outSpec));
  SmallVector<StringRef> nameRefs(names.begin(), names.end());
  function->setAttr("script.arg_names", builder.getStrArrayAttr(nameRefs));
  function->setAttr("graph.symbols", symbols.attribute());
  if (!kinds.empty())
    function->setAttr("script.outputs", builder.getArrayAttr(kinds));
  builder.setInsertionPointToEnd(module->getBody());
  return success();
}

FailureOr<OwningOpRef<ModuleOp>> ingot::importExport(StringRef path, MLIRContext &context) {
  context.loadDialect<script::ScriptDialect, graph::GraphDialect, func::FuncDialect>();
  Expected<std::unique_ptr<Archive>> archive = Archive::open(path);
  if (!archive)
    return emitError(UnknownLoc::get(&context)) << toString(archive.takeError());
  Expected<ModelEntries> entries = findModel(**archive);
  if (!entries)
    return emitError(UnknownLoc::get(&context)) << toString(entries.takeError());
  return Importer(context, **archive, entries->model).run(*entries);
}
