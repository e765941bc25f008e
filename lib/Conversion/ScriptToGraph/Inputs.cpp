//===- Inputs.cpp - abstract values of typed inputs -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RuntimeValue.h"
#include "Signature.h"
#include "dialects/Task/Task.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

static StringRef kindName(Spec kind) {
  switch (kind) {
  case Spec::Tensor: return "a Tensor";
  case Spec::Int: return "an int";
  case Spec::Float: return "a float";
  case Spec::Bool: return "a bool";
  case Spec::Complex: return "a complex";
  case Spec::Str: return "a str";
  case Spec::None: return "None";
  case Spec::Device: return "a device";
  case Spec::DType: return "a dtype";
  case Spec::List: return "a list";
  case Spec::Tuple: return "a tuple";
  case Spec::Dict: return "a dict";
  case Spec::Object: return "an object";
  case Spec::Optional: return "an Optional";
  case Spec::Enum: return "an enum";
  case Spec::Unknown: return "unknown";
  }
  return "unknown";
}

/// What the schema's type says by itself.
TypeSpec InputBuilder::fromType(Type type) {
  TypeSpec s;
  auto child = [&](Type t) { s.children.push_back(fromType(t)); };
  llvm::TypeSwitch<Type>(type)
      .Case<script::TensorType>([&](auto) { s.kind = Spec::Tensor; })
      .Case<script::StrType>([&](auto) { s.kind = Spec::Str; })
      .Case<script::NoneType>([&](auto) { s.kind = Spec::None; })
      .Case<script::DeviceType>([&](auto) { s.kind = Spec::Device; })
      .Case<script::ComplexType>([&](auto) { s.kind = Spec::Complex; })
      .Case([&](script::ListType l) { s.kind = Spec::List, s.anyLength = true, child(l.getElementType()); })
      .Case([&](script::OptionalType o) { s.kind = Spec::Optional, child(o.getElementType()); })
      .Case([&](script::DictType d) {
        s.kind = Spec::Dict, s.anyLength = true;
        child(d.getKeyType());
        child(d.getValueType());
      })
      .Case([&](script::TupleType t) {
        s.kind = Spec::Tuple;
        for (Type e : t.getTypes())
          child(e);
        if (t.getNames())
          for (Attribute n : t.getNames())
            s.names.push_back(cast<StringAttr>(n).str());
        if (t.getClassName())
          s.className = t.getClassName().str();
      })
      .Case([&](script::ObjectType o) {
        s.kind = Spec::Object;
        s.className = o.getName().str();
        auto classes = script->getAttrOfType<DictionaryAttr>("script.classes");
        auto fields = classes ? classes.getAs<DictionaryAttr>(o.getName()) : DictionaryAttr();
        if (!fields)
          return;
        for (auto [n, t] : llvm::zip(fields.getAs<ArrayAttr>("names"), fields.getAs<ArrayAttr>("types"))) {
          s.names.push_back(cast<StringAttr>(n).str());
          child(cast<TypeAttr>(t).getValue());
        }
      })
      .Default([&](Type t) {
        if (t.isSignlessInteger(64))
          s.kind = Spec::Int;
        else if (t.isF64())
          s.kind = Spec::Float;
        else if (t.isSignlessInteger(1))
          s.kind = Spec::Bool;
      });
  return s;
}

LogicalResult InputBuilder::merge(TypeSpec &tree, const TypeSpec &given, StringRef path) {
  if (given.kind == Spec::Unknown)
    return success();
  if (tree.kind == Spec::Unknown) {
    tree = given;
    return success();
  }
  if (tree.kind == Spec::Optional) {
    if (given.kind == Spec::Optional)
      return given.children.empty() ? success() : merge(tree, given.children[0], path);
    if (given.kind == Spec::None) {
      tree = given;
      return success();
    }
    TypeSpec inner = tree.children[0];
    tree = inner;
    return merge(tree, given, path);
  }
  auto fits = [&] {
    if (tree.kind == given.kind)
      return true;
    // A dtype is an int to the program; int arguments become floats.
    if (tree.kind == Spec::Int)
      return given.kind == Spec::DType;
    return (tree.kind == Spec::Float && given.kind == Spec::Int) ||
           (tree.kind == Spec::List && given.kind == Spec::Tuple);
  };
  if (!fits() && recorded) {
    contradiction = true;
    return failure();
  }
  if (!fits())
    return emitError(loc) << "input '" << path << "' is " << kindName(tree.kind) << " in the program, but its type "
                          << "was given as " << kindName(given.kind);
  if (tree.kind == Spec::Tensor) {
    tree.dtype = given.dtype;
    tree.dims = given.dims;
    return success();
  }
  if (tree.kind == Spec::Tuple || tree.kind == Spec::Object) {
    if (tree.kind == Spec::Tuple && tree.children.size() != given.children.size() && recorded) {
      contradiction = true;
      return failure();
    }
    if (tree.kind == Spec::Tuple && tree.children.size() != given.children.size())
      return emitError(loc) << "input '" << path << "' is a tuple of " << tree.children.size()
                            << " in the program, but its type was given with " << given.children.size();
    for (auto [i, c] : llvm::enumerate(given.children)) {
      size_t at = i;
      if (tree.kind == Spec::Object && i < given.names.size()) {
        at = llvm::find(tree.names, given.names[i]) - tree.names.begin();
        if (at == tree.names.size())
          continue;
      }
      if (at < tree.children.size() && failed(merge(tree.children[at], c, path)))
        return failure();
    }
    return success();
  }
  if (tree.kind == Spec::List || tree.kind == Spec::Dict) {
    TypeSpec element = tree.children.empty() ? TypeSpec() : tree.children.back();
    if (given.anyLength) {
      if (given.children.empty() || tree.children.empty())
        return success();
      return merge(tree.children.back(), given.children.back(), path);
    }
    std::vector<TypeSpec> children;
    for (const TypeSpec &c : given.children) {
      TypeSpec e = element;
      if (failed(merge(e, c, path)))
        return failure();
      children.push_back(e);
    }
    tree.children = children;
    tree.names = given.names;
    tree.intKeys = given.intKeys;
    tree.anyLength = false;
    return success();
  }
  return success();
}

/// Follows ".attr", "['key']" and "[i]" below an argument.
LogicalResult InputBuilder::apply(TypeSpec &tree, StringRef path, const TypeSpec &given, StringRef whole) {
  if (path.empty())
    return merge(tree, given, whole);
  auto unknown = [&](StringRef what) {
    return emitError(loc) << "--input path '" << whole << "': " << what;
  };
  if (tree.kind == Spec::Optional) {
    TypeSpec inner = tree.children[0];
    tree = inner;
  }
  if (path.consume_front(".")) {
    StringRef name = path.take_while([](char c) { return c != '.' && c != '['; });
    size_t at = llvm::find(tree.names, name.str()) - tree.names.begin();
    if (at >= tree.names.size() || at >= tree.children.size())
      return unknown(("there is no attribute '" + name + "'").str());
    return apply(tree.children[at], path.drop_front(name.size()), given, whole);
  }
  if (!path.consume_front("["))
    return unknown("expected '.' or '['");
  size_t close = path.find(']');
  if (close == StringRef::npos)
    return unknown("']' is missing");
  StringRef key = path.take_front(close).trim();
  path = path.drop_front(close + 1);
  if (key == "*") {
    if ((tree.kind != Spec::List && tree.kind != Spec::Dict) || !tree.anyLength || tree.children.empty())
      return unknown("'[*]' stands for all elements of a list or dict");
    return apply(tree.children.back(), path, given, whole);
  }
  if (tree.kind == Spec::Dict) {
    bool isInt = !key.starts_with("'") && !key.starts_with("\"");
    key = key.trim("'\"");
    tree.intKeys = isInt;
    TypeSpec element; // the schema's value type is checked by the program
    if (tree.anyLength) {
      tree.children.clear();
      tree.anyLength = false;
    }
    size_t at = llvm::find(tree.names, key.str()) - tree.names.begin();
    if (at == tree.names.size()) {
      tree.names.push_back(key.str());
      tree.children.push_back(element);
    }
    return apply(tree.children[at], path, given, whole);
  }
  int64_t index;
  if (key.getAsInteger(10, index) || index < 0)
    return unknown("an index must be a number");
  if (tree.kind == Spec::List) {
    TypeSpec element = tree.children.empty() ? TypeSpec() : tree.children[0];
    if (tree.anyLength) {
      element = tree.children.empty() ? TypeSpec() : tree.children[0];
      tree.children.clear();
      tree.anyLength = false;
    }
    if (index > int64_t(tree.children.size()))
      return unknown("elements of a list are given in order");
    if (index == int64_t(tree.children.size()))
      tree.children.push_back(element);
    return apply(tree.children[index], path, given, whole);
  }
  if (tree.kind != Spec::Tuple || index >= int64_t(tree.children.size()))
    return unknown("there is no such element");
  return apply(tree.children[index], path, given, whole);
}

//===----------------------------------------------------------------------===//
// Objects
//===----------------------------------------------------------------------===//

/// The type of objects that hold all values of a script type that the spec tells
/// of; nullopt: there are none.
static std::optional<TypeSpec> resolve(Type type, const TypeSpec &spec) {
  if (auto o = dyn_cast<script::OptionalType>(type)) {
    const TypeSpec inner = spec.kind == Spec::Optional && !spec.children.empty() ? spec.children[0] : spec;
    std::optional<TypeSpec> some =
        resolve(o.getElementType(), inner.kind == Spec::None ? TypeSpec() : inner);
    if (!some)
      return std::nullopt;
    return unify(*some, simple(Spec::None));
  }
  if (isa<script::TensorType>(type)) {
    TypeSpec s = simple(Spec::Tensor);
    if (spec.kind != Spec::Tensor || spec.dtype < 0)
      return s;
    // Sizes that the user gives are worth more than a length that is open.
    if (!llvm::all_of(spec.dims, [](const DimSpec &d) { return d.isAny(); }))
      return std::nullopt;
    s.dtype = spec.dtype;
    s.dims.resize(spec.dims.size());
    return s;
  }
  /// One type for elements that are told one by one.
  auto common = [](Type element, ArrayRef<TypeSpec> children) -> std::optional<TypeSpec> {
    std::optional<TypeSpec> all;
    for (const TypeSpec &c : children) {
      std::optional<TypeSpec> one = resolve(element, c);
      if (!one)
        return std::nullopt;
      TypeSpec both = all ? unify(*all, *one) : *one;
      if (both.kind == Spec::Unknown || (both.kind == Spec::Tensor && both.dtype < 0 && one->dtype >= 0))
        return std::nullopt; // of different dtypes or ranks
      all = both;
    }
    return all ? all : resolve(element, TypeSpec());
  };
  if (auto l = dyn_cast<script::ListType>(type)) {
    std::optional<TypeSpec> element = common(l.getElementType(), spec.children);
    return element ? std::optional(listOf(*element)) : std::nullopt;
  }
  if (auto d = dyn_cast<script::DictType>(type)) {
    bool open = spec.anyLength && spec.children.size() == 2;
    std::optional<TypeSpec> key = resolve(d.getKeyType(), TypeSpec());
    std::optional<TypeSpec> value =
        common(d.getValueType(), open ? ArrayRef(spec.children).drop_front() : ArrayRef(spec.children));
    if (!key || !value)
      return std::nullopt;
    TypeSpec s = simple(Spec::Dict);
    s.anyLength = true;
    s.children = {*key, *value};
    return s;
  }
  if (auto t = dyn_cast<script::TupleType>(type)) {
    TypeSpec s = specOfType(t);
    for (auto [i, e] : llvm::enumerate(t.getTypes())) {
      std::optional<TypeSpec> child = resolve(e, i < spec.children.size() ? spec.children[i] : TypeSpec());
      if (!child)
        return std::nullopt;
      s.children[i] = *child;
    }
    return s;
  }
  TypeSpec s = specOfType(type);
  return s.kind == Spec::Unknown || s.kind == Spec::Optional ? std::nullopt : std::optional(s);
}

std::optional<TypeSpec> InputBuilder::runtimeSpec(Type type, const TypeSpec &spec) {
  if (type && isa<script::StrType>(type)) // has no other form
    return simple(Spec::Str);
  if (allStatic || staticInputs.contains(argument) || !type)
    return std::nullopt;
  if (isa<script::OptionalType>(type)) // what the user gives without Optional is there
    return recorded || spec.kind == Spec::Optional ? resolve(type, spec) : std::nullopt;
  if (!isa<script::ListType, script::DictType>(type) || !(recorded || spec.anyLength))
    return std::nullopt;
  return resolve(type, spec);
}

//===----------------------------------------------------------------------===//
// Leaves
//===----------------------------------------------------------------------===//

BlockArgument InputBuilder::addLeaf(Type type) { return entry->addArgument(type, loc); }

Attribute InputBuilder::tensorType(ArrayRef<Int> sizes, int64_t dtype, unsigned leaf) {
  Builder &B = b.b;
  return signatureType(b.context(), "tensor",
                       {B.getNamedAttr("dtype", B.getI64IntegerAttr(dtype)), B.getNamedAttr("sizes", sizesAttr(sizes, b)),
                        B.getNamedAttr("leaf", B.getI64IntegerAttr(leaf)),
                        B.getNamedAttr("source", B.getStringAttr("value"))});
}

Attribute InputBuilder::leafType(StringRef kind, unsigned leaf) {
  Builder &B = b.b;
  return signatureType(b.context(), kind, {B.getNamedAttr("leaf", B.getI64IntegerAttr(leaf)),
                                           B.getNamedAttr("source", B.getStringAttr("value"))});
}

AV InputBuilder::leafTensor(BlockArgument leaf, ArrayRef<Int> sizes) {
  AV t = b.fresh(leaf);
  TensorObject &object = *t.getTensor();
  object.isInput = true;
  object.inputLeaf = leaf.getArgNumber();
  object.node->storage->origin = Storage::Origin::Input;
  object.node->storage->inputLeaf = leaf.getArgNumber();
  leaves.resize(leaf.getArgNumber() + 1);
  leaves[leaf.getArgNumber()] = t;
  return t;
}

FailureOr<AV> InputBuilder::value(Type type, const TypeSpec &spec, const std::string &path, Attribute &out) {
  Builder &B = b.b;
  MLIRContext *context = b.context();
  auto child = [&](const TypeSpec &s, Type t, const std::string &where, std::vector<AV> &values,
                   SmallVectorImpl<Attribute> &types) {
    Attribute attribute;
    FailureOr<AV> v = value(t, s, where, attribute);
    if (failed(v))
      return false;
    values.push_back(*v);
    types.push_back(attribute);
    return true;
  };
  if (std::optional<TypeSpec> object = runtimeSpec(type, spec)) {
    BlockArgument leaf = addLeaf(task::ObjectType::get(context));
    leaves.resize(leaf.getArgNumber() + 1);
    hasObjects = true;
    out = runtimeType(b, *object, leaf.getArgNumber());
    AV v = runtimeValue(leaf, *object);
    v.getRuntime().input = argument;
    return v;
  }
  if (auto o = dyn_cast_or_null<script::OptionalType>(type))
    type = o.getElementType();
  switch (spec.kind) {
  case Spec::Tensor: {
    if (spec.dtype < 0) {
      missing.push_back(path);
      return AV::unknown();
    }
    Type element = dtypeToType(spec.dtype, context);
    if (!element) {
      emitError(loc) << "input '" << path << "': dtype " << dtypeName(spec.dtype) << " is not supported";
      return failure();
    }
    // The symbols of `?` are made first: their values come from the argument,
    // whose type names them.
    Sizes sizes;
    SmallVector<std::pair<unsigned, unsigned>> bind; // dimension, symbol
    unsigned next = b.symbols.size();
    for (auto [d, dim] : llvm::enumerate(spec.dims)) {
      if (dim.isFixed()) {
        sizes.push_back(b.size(dim.size));
        continue;
      }
      if (!dim.symbol.empty()) {
        auto it = namedSymbols.find(dim.symbol);
        if (it != namedSymbols.end()) {
          sizes.push_back(it->second);
          continue;
        }
      }
      Int symbol = getAffineSymbolExpr(next, context);
      if (!dim.symbol.empty())
        namedSymbols[dim.symbol] = symbol;
      bind.push_back({d, next++});
      sizes.push_back(symbol);
    }
    BlockArgument leaf = addLeaf(graph::getTensorType(sizes, element));
    for (auto [d, symbol] : bind) {
      Value size = graph::DimOp::create(b.b, loc, leaf, B.getI64IntegerAttr(d));
      const DimSpec &dim = spec.dims[d];
      b.newSymbol(size, {0, INT64_MAX}, dim.symbol.empty() ? path + "." + std::to_string(d) : dim.symbol);
    }
    out = tensorType(sizes, spec.dtype, leaf.getArgNumber());
    return leafTensor(leaf, sizes);
  }
  case Spec::Int:
  case Spec::DType: {
    BlockArgument leaf = addLeaf(B.getI64Type());
    leaves.resize(leaf.getArgNumber() + 1);
    out = leafType(spec.kind == Spec::DType ? "dtype" : "int", leaf.getArgNumber());
    return AV::integer(b.fromSSA(leaf));
  }
  case Spec::Float: {
    BlockArgument leaf = addLeaf(B.getF64Type());
    leaves.resize(leaf.getArgNumber() + 1);
    out = leafType("float", leaf.getArgNumber());
    return AV::runtime(leaf);
  }
  case Spec::Bool: {
    BlockArgument leaf = addLeaf(B.getI1Type());
    leaves.resize(leaf.getArgNumber() + 1);
    out = leafType("bool", leaf.getArgNumber());
    return AV::runtime(leaf);
  }
  case Spec::None:
    out = signatureType(context, "none");
    return AV::none();
  case Spec::Optional:
    // Nothing was given: None, as a call without the argument has it.
    out = signatureType(context, "none");
    return AV::none();
  case Spec::List:
  case Spec::Tuple: {
    if (spec.anyLength) {
      missing.push_back(path);
      return AV::unknown();
    }
    auto tuple = dyn_cast_or_null<script::TupleType>(type);
    auto list = dyn_cast_or_null<script::ListType>(type);
    std::vector<AV> values;
    SmallVector<Attribute> types;
    for (auto [i, c] : llvm::enumerate(spec.children)) {
      Type t = list ? list.getElementType() : tuple && i < tuple.getTypes().size() ? tuple.getTypes()[i] : Type();
      if (!child(c, t, path + "[" + std::to_string(i) + "]", values, types))
        return failure();
    }
    if (spec.kind == Spec::List || list) {
      out = containerType(context, "list", types);
      return AV::list(std::move(values));
    }
    out = containerType(context, "tuple", types, spec.names, spec.className);
    AV t = AV::tuple(std::move(values));
    t.getTuple().names = spec.names;
    t.getTuple().className = spec.className;
    return t;
  }
  case Spec::Dict: {
    if (spec.anyLength) {
      missing.push_back(path);
      return AV::unknown();
    }
    AV dict = AV::dict();
    SmallVector<Attribute> types;
    auto dictType = dyn_cast_or_null<script::DictType>(type);
    for (auto [i, c] : llvm::enumerate(spec.children)) {
      AV key = AV::str(spec.names[i]);
      int64_t number;
      if (spec.intKeys && !StringRef(spec.names[i]).getAsInteger(10, number))
        key = AV::integer(number, context);
      types.push_back(constantType(key, b));
      std::vector<AV> one;
      if (!child(c, dictType ? dictType.getValueType() : Type(), path + "['" + spec.names[i] + "']", one, types))
        return failure();
      dict.getDict().entries.push_back({key, one[0]});
    }
    out = containerType(context, "dict", types);
    return dict;
  }
  case Spec::Object: {
    auto object = std::make_shared<InstanceObject>();
    object->className = spec.className;
    std::vector<AV> values;
    SmallVector<Attribute> types;
    auto classes = script->getAttrOfType<DictionaryAttr>("script.classes");
    auto fields = classes ? classes.getAs<DictionaryAttr>(spec.className) : DictionaryAttr();
    for (auto [i, c] : llvm::enumerate(spec.children)) {
      Type t = fields ? cast<TypeAttr>(fields.getAs<ArrayAttr>("types")[i]).getValue() : Type();
      if (!child(c, t, path + "." + spec.names[i], values, types))
        return failure();
      object->attributes.push_back({spec.names[i], values.back()});
    }
    out = containerType(context, "object", types, spec.names, spec.className);
    return AV::object(std::move(object));
  }
  default:
    emitError(loc) << "input '" << path << "' is " << kindName(spec.kind) << ": inputs of this type are not compiled yet";
    return failure();
  }
}

//===----------------------------------------------------------------------===//
// Methods
//===----------------------------------------------------------------------===//

LogicalResult InputBuilder::build(func::FuncOp method, unsigned firstArgument, StringRef methodName,
                                  ArrayRef<InputSpec> specs, std::vector<AV> &args) {
  loc = method.getLoc();
  b.loc = loc;
  unsigned count = method.getNumArguments() - firstArgument;
  std::vector<TypeSpec> trees;
  std::vector<std::string> names;
  std::vector<bool> given(count), fromCall(count);
  for (unsigned i = 0; i < count; ++i) {
    unsigned a = firstArgument + i;
    trees.push_back(fromType(method.getArgument(a).getType()));
    auto name = method.getArgAttrOfType<StringAttr>(a, "script.name");
    names.push_back(name ? name.str() : "arg" + std::to_string(i));
  }
  for (const InputSpec &spec : specs) {
    if (spec.method != methodName && !(spec.method == "forward" && methodName == "__call__"))
      continue;
    StringRef path = spec.path, first;
    unsigned at = count;
    if (path.consume_front("#")) {
      first = path.take_while(llvm::isDigit);
      unsigned number;
      if (!first.getAsInteger(10, number))
        at = number;
      if (at >= count)
        continue; // more arguments than the method takes: the call raises
    } else {
      first = path.take_while([](char c) { return c != '.' && c != '['; });
      at = llvm::find(names, first.str()) - names.begin();
      if (at >= count && method->hasAttr("script.in_spec"))
        continue; // a name within the tree of an exported program
      if (at >= count) {
        InFlightDiagnostic error = emitError(loc) << "method '" << methodName << "' has no input '" << first << "'; it has ";
        llvm::interleaveComma(names, error, [&](auto &n) { error << "'" << n << "'"; });
        return error;
      }
    }
    given[at] = true;
    fromCall[at] = recorded = spec.recorded;
    if (method->hasAttr("script.in_spec") && spec.type.kind != Spec::Tensor)
      continue; // the archive's tree is complete
    if (failed(apply(trees[at], path.drop_front(first.size()), spec.type, spec.path))) {
      if (contradiction)
        continue;
      return failure();
    }
  }
  if (method->hasAttr("graph.symbols"))
    return buildExported(method, firstArgument, trees, args);

  for (unsigned i = 0; i < count; ++i) {
    unsigned a = firstArgument + i;
    argument = i;
    recorded = fromCall[i];
    if (contradiction) {
      // The call raises at its arguments; only their kinds matter.
      InputEntry e;
      e.name = names[i];
      e.hasDefault = bool(method.getArgAttr(a, "script.default"));
      e.type = runtimeType(b, specOfType(method.getArgument(a).getType()),
                           addLeaf(task::ObjectType::get(b.context())).getArgNumber());
      leaves.resize(entry->getNumArguments());
      entries.push_back(e);
      args.push_back(AV::unknown());
      continue;
    }
    InputEntry e;
    e.name = names[i];
    e.firstLeaf = entry->getNumArguments();
    e.hasDefault = bool(method.getArgAttr(a, "script.default"));
    if (e.hasDefault && !given[i]) {
      // The caller leaves it out: the default is part of the program.
      args.push_back(AV::unknown());
      e.lastLeaf = e.firstLeaf;
      e.type = Attribute();
      entries.push_back(e);
      continue;
    }
    // An input of a given type is read from its leaves: no default stands in them.
    e.hasDefault = false;
    FailureOr<AV> v = value(method.getArgument(a).getType(), trees[i], names[i], e.type);
    if (failed(v))
      return failure();
    args.push_back(*v);
    e.lastLeaf = entry->getNumArguments();
    entries.push_back(e);
  }
  if (missing.empty())
    return success();
  InFlightDiagnostic error = emitError(loc) << "the type of input" << (missing.size() > 1 ? "s " : " ");
  llvm::interleaveComma(missing, error, [&](auto &n) { error << "'" << n << "'"; });
  error << " of method '" << methodName << "' is not in the file: give it with ";
  llvm::interleave(
      missing, [&](auto &n) { error << "--input '" << n << "=f32[?,3,224,224]'"; }, [&] { error << " "; });
  error << " (dtype f32, i64, bool, ...; a size may be a number, a name such as N, or ?), or with --case";
  return error;
}
