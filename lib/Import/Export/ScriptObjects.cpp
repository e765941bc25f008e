//===- ScriptObjects.cpp - objects of C++ classes ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A script object (torchbind) is saved as the state that its class gave:
// `ingot::script_object(class, number, state)` stands for it in the instance, and
// makes it again from that state where the class is registered.
#include "Importer.h"
#include "Pickle.h"

using namespace llvm;
using namespace mlir;
using namespace ingot;
using namespace ingot::exported;
using Kind = Pickled::Kind;

std::string Importer::scriptClass(StringRef fqn) {
  // "__torch__.torch.classes.space.Class"
  if (!fqn.consume_front("__torch__.torch.classes.") || fqn.count('.') != 1)
    return "";
  auto [space, name] = fqn.split('.');
  return (space + "::" + name).str();
}

/// A state as values of the script dialect; null after an error.
static Value emitState(Emitter &emit, OpBuilder &builder, const Pickled &state, std::string &problem) {
  MLIRContext *context = builder.getContext();
  SmallVector<Value> items;
  if (state.kind != Kind::Object)
    for (const auto &item : state.items) {
      items.push_back(emitState(emit, builder, *item, problem));
      if (!items.back())
        return nullptr;
    }
  auto elementType = [&](size_t first, size_t step) -> Type {
    Type type = items.empty() ? script::AnyType::get(context) : items[first].getType();
    for (size_t i = first; i < items.size(); i += step)
      if (items[i].getType() != type)
        return script::AnyType::get(context);
    return type;
  };
  switch (state.kind) {
  case Kind::None:
    return emit.none();
  case Kind::Bool:
    return emit.boolean(state.integer);
  case Kind::Int:
    return emit.integer(state.integer);
  case Kind::Float:
    return emit.real(state.real);
  case Kind::Str:
    return emit.string(state.text);
  case Kind::List:
    return emit.list(elementType(0, 1), items);
  case Kind::Tuple:
    return script::TupleOp::create(
        builder, emit.loc, script::TupleType::get(context, llvm::to_vector(ValueRange(items).getTypes())), items);
  case Kind::Dict:
    return script::DictOp::create(builder, emit.loc,
                                  script::DictType::get(context, elementType(0, 2), elementType(1, 2)), items);
  default:
    problem = "the state of a script object holds " +
              (state.kind == Kind::Object ? "another object, of " + state.text : std::string("a function"));
    return nullptr;
  }
}

LogicalResult Importer::importScriptObjects(StringRef constantsConfig, SmallVectorImpl<Value> &values,
                                            SmallVectorImpl<Attribute> &names) {
  if (scriptObjects.empty())
    return success();
  Location loc = UnknownLoc::get(&context);
  auto fail = [&](const Twine &message) { return emitError(loc) << archive.path() << ": " << message; };
  Expected<StringRef> text = archive.read(constantsConfig);
  if (!text)
    return emitError(loc) << toString(text.takeError());
  JsonReader config(loc, (archive.path() + ": " + constantsConfig).str());
  if (failed(config.parse(*text)))
    return failure();
  for (auto [number, object] : enumerate(scriptObjects)) {
    auto &[name, className] = object;
    const Json *payload = config.member(config.member(config.root(), "config"), name);
    StringRef file = config.string(payload, "path_name");
    if (config.failed())
      return failure();
    if (file.empty() || file.contains('/') || file.contains(".."))
      return fail("'" + file + "' is not the name of an entry");
    Expected<StringRef> bytes = archive.read(("data/constants/" + file).str());
    if (!bytes)
      return emitError(loc) << toString(bytes.takeError());
    Expected<std::unique_ptr<Archive>> inner = Archive::openBytes(*bytes, (archive.path() + ": " + file).str());
    if (!inner)
      return emitError(loc) << toString(inner.takeError());
    Expected<StringRef> pickle = (*inner)->read("data.pkl");
    if (!pickle)
      return emitError(loc) << toString(pickle.takeError());
    Expected<std::shared_ptr<Pickled>> saved = readPickle(*pickle);
    if (!saved)
      return fail("script object '" + name + "': " + toString(saved.takeError()));
    if ((*saved)->kind != Kind::Object || scriptClass((*saved)->text) != className || (*saved)->items.size() != 1)
      return fail("script object '" + name + "' is no saved object of class " + className);
    std::string problem;
    Value state = emitState(emit, builder, *(*saved)->items[0], problem);
    if (!state)
      return fail("script object '" + name + "': " + problem + ", which is not supported");
    Value made = emit.aten("ingot::script_object", {emit.string(className), emit.integer(int64_t(number)), state},
                           scriptObjectType(className));
    values.push_back(made);
    names.push_back(builder.getStringAttr(name));
  }
  return success();
}

LogicalResult Importer::importMethodOfObject(const Json *node, ArrayRef<Json> inputs, ArrayRef<Json> outputs,
                                             bool inEffects, Scope &scope) {
  if (inputs.size() < 2) {
    json.fail(node, "call_torchbind needs an object and a method");
    return failure();
  }
  auto [tag, object] = json.tagged(json.member(&inputs[0], "arg"));
  auto [methodTag, method] = json.tagged(json.member(&inputs[1], "arg"));
  if (json.failed())
    return failure();
  if (tag != "as_custom_obj" || methodTag != "as_string") {
    json.fail(node, "call_torchbind needs an object and a method");
    return failure();
  }
  std::string className = scriptClass(json.string(object, "class_fqn"));
  // The object is the first argument, then the method's own: none has a name.
  SmallVector<Json> operands = {inputs[0]};
  for (const Json &input : inputs.drop_front(2))
    operands.push_back(input);
  return importCall(node, className + "." + json.string(method).str(), operands, outputs, inEffects,
                    /*byPosition=*/true, scope);
}
