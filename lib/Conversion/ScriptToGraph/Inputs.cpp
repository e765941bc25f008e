//===- Inputs.cpp - abstract values of typed inputs -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RuntimeValue.h"
#include "Signature.h"
#include "dialects/Task/Task.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

//===----------------------------------------------------------------------===//
// Objects
//===----------------------------------------------------------------------===//

/// The type of objects that hold all values of a script type that the spec tells
/// of; nullopt: there are none.
static std::optional<TypeSpec> resolve(Type type, const TypeSpec &spec) {
  if (auto o = dyn_cast<script::OptionalType>(type)) {
    const TypeSpec inner = spec.kind == Spec::Optional && !spec.children.empty() ? spec.children[0] : spec;
    std::optional<TypeSpec> some = resolve(o.getElementType(), inner.kind == Spec::None ? TypeSpec() : inner);
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
                       {B.getNamedAttr("dtype", B.getI64IntegerAttr(dtype)),
                        B.getNamedAttr("sizes", sizesAttr(sizes, b)), B.getNamedAttr("leaf", B.getI64IntegerAttr(leaf)),
                        B.getNamedAttr("source", B.getStringAttr("value"))});
}

Attribute InputBuilder::leafType(StringRef kind, unsigned leaf) {
  Builder &B = b.b;
  return signatureType(
      b.context(), kind,
      {B.getNamedAttr("leaf", B.getI64IntegerAttr(leaf)), B.getNamedAttr("source", B.getStringAttr("value"))});
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

/// Whether what was given can be of the script type; containers by what they hold.
static bool mayBe(const TypeSpec &spec, Type type) {
  auto all = [&](Type element) {
    return llvm::all_of(spec.children, [&](const TypeSpec &c) { return c.kind == Spec::Unknown || mayBe(c, element); });
  };
  if (auto o = dyn_cast<script::OptionalType>(type))
    return spec.kind == Spec::None || mayBe(spec, o.getElementType());
  if (auto u = dyn_cast<script::UnionType>(type))
    return llvm::any_of(u.getTypes(), [&](Type member) { return mayBe(spec, member); });
  if (isa<script::AnyType>(type))
    return true;
  switch (spec.kind) {
  case Spec::Tensor:
    return isa<script::TensorType>(type);
  case Spec::Int:
    return type.isSignlessInteger(64);
  case Spec::Float:
    return type.isF64();
  case Spec::Bool:
    return type.isSignlessInteger(1);
  case Spec::Complex:
    return isa<script::ComplexType>(type);
  case Spec::Str:
    return isa<script::StrType>(type);
  case Spec::None:
    return isa<script::NoneType>(type);
  case Spec::Device:
    return isa<script::DeviceType>(type);
  case Spec::List: {
    auto list = dyn_cast<script::ListType>(type);
    return list && all(list.getElementType());
  }
  case Spec::Dict: {
    auto dict = dyn_cast<script::DictType>(type);
    bool keys = dict && (spec.names.empty() || dict.getKeyType().isSignlessInteger(64) == spec.intKeys);
    return keys && all(dict.getValueType());
  }
  case Spec::Tuple: {
    auto tuple = dyn_cast<script::TupleType>(type);
    return tuple && tuple.getTypes().size() == spec.children.size() &&
           llvm::all_of(llvm::zip(spec.children, tuple.getTypes()),
                        [](auto pair) { return mayBe(std::get<0>(pair), std::get<1>(pair)); });
  }
  case Spec::Object:
    return isa<script::ObjectType>(type);
  case Spec::Enum:
    return isa<script::EnumType>(type);
  default:
    return false;
  }
}

/// What a Union or Any is, by the kind of the value that was given; null: left to
/// the value.
static Type memberOf(Type type, const TypeSpec &spec) {
  if (auto u = dyn_cast_or_null<script::UnionType>(type)) {
    for (Type member : u.getTypes())
      if (mayBe(spec, member))
        return member;
    return {};
  }
  if (isa_and_nonnull<script::AnyType>(type))
    return spec.kind == Spec::Str ? Type(script::StrType::get(type.getContext())) : Type();
  return type;
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
  type = memberOf(type, spec);
  std::optional<TypeSpec> object = runtimeSpec(type, spec);
  if (!object && (spec.kind == Spec::Complex || spec.kind == Spec::Device || spec.kind == Spec::Str))
    object = simple(spec.kind); // these have no other form
  if (auto e = dyn_cast_or_null<script::EnumType>(type); !object && e && spec.kind == Spec::Enum)
    object = specOfType(e);
  if (object) {
    BlockArgument leaf = addLeaf(task::ObjectType::get(context));
    leaves.resize(leaf.getArgNumber() + 1);
    hasObjects = true;
    out = runtimeType(b, *object, leaf.getArgNumber());
    if (object->kind == Spec::Complex)
      return fromObject(b, leaf, *object);
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
      b.symbols[symbol].recorded = dim.recorded;
    }
    out = tensorType(sizes, spec.dtype, leaf.getArgNumber());
    AV tensor = leafTensor(leaf, sizes);
    tensor.getTensor()->requiresGrad = spec.requiresGrad;
    return tensor;
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
    if (!spec.children.empty() && spec.children[0].dtype >= 0)
      return emitError(loc) << "input '" << path
                            << "': an optional tensor's sizes are known at run time only: expected "
                            << "Optional[" << dtypeName(spec.children[0].dtype) << "["
                            << llvm::join(SmallVector<StringRef>(spec.children[0].dims.size(), "?"), ",") << "]]";
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
    emitError(loc) << "input '" << path << "' is " << kindName(spec.kind)
                   << ": inputs of this type are not compiled yet";
    return failure();
  }
}

//===----------------------------------------------------------------------===//
// Methods
//===----------------------------------------------------------------------===//

LogicalResult InputBuilder::readSpecs(func::FuncOp method, StringRef methodName, ArrayRef<InputSpec> specs,
                                      ArrayRef<std::string> names, std::vector<TypeSpec> &trees,
                                      std::vector<Given> &given) {
  /// The input that the path begins with, and what follows.
  auto find = [&](const InputSpec &spec) {
    StringRef path = spec.path;
    unsigned at = names.size();
    if (path.consume_front("#")) {
      StringRef digits = path.take_while(llvm::isDigit);
      digits.getAsInteger(10, at);
      return std::pair(at, path.drop_front(digits.size()));
    }
    StringRef first = path.take_while([](char c) { return c != '.' && c != '['; });
    at = llvm::find(names, first.str()) - names.begin();
    return std::pair(at, path.drop_front(first.size()));
  };
  auto ours = [&](const InputSpec &spec) { return isCallOf(spec.method, methodName); };
  for (const InputSpec &spec : specs) {
    if (!ours(spec))
      continue;
    auto [at, below] = find(spec);
    if (at >= names.size()) {
      if (spec.recorded)
        continue; // more arguments than the method takes: the call raises
      InFlightDiagnostic error = emitError(loc) << "method '" << methodName << "' has no input '"
                                                << StringRef(spec.path).drop_back(below.size()) << "'; it has ";
      llvm::interleaveComma(names, error, [&](auto &n) { error << "'" << n << "'"; });
      return error;
    }
    // What the user says of the whole input is worth more than a recorded call.
    if (spec.recorded && llvm::any_of(specs, [&](const InputSpec &other) {
          return ours(other) && !other.recorded && find(other) == std::pair(at, StringRef());
        }))
      continue;
    given[at] = spec.recorded ? Given::Recorded : Given::ByUser;
    recorded = spec.recorded;
    if (failed(apply(trees[at], below, spec.type, spec.path)) && !contradiction)
      return failure();
  }
  return success();
}

LogicalResult InputBuilder::build(func::FuncOp method, unsigned firstArgument, StringRef methodName,
                                  ArrayRef<InputSpec> specs, std::vector<AV> &args) {
  loc = method.getLoc();
  b.loc = loc;
  if (method->hasAttr("graph.symbols"))
    return buildExported(method, firstArgument, methodName, specs, args);

  unsigned count = method.getNumArguments() - firstArgument;
  std::vector<TypeSpec> trees;
  std::vector<std::string> names;
  std::vector<Given> given(count, Given::Nothing);
  for (unsigned i = 0; i < count; ++i) {
    unsigned a = firstArgument + i;
    trees.push_back(fromType(method.getArgument(a).getType()));
    auto name = method.getArgAttrOfType<StringAttr>(a, "script.name");
    names.push_back(name ? name.str() : "arg" + std::to_string(i));
  }
  if (failed(readSpecs(method, methodName, specs, names, trees, given)))
    return failure();

  for (unsigned i = 0; i < count; ++i) {
    Type type = method.getArgument(firstArgument + i).getType();
    bool hasDefault = bool(method.getArgAttr(firstArgument + i, "script.default"));
    argument = i;
    recorded = given[i] == Given::Recorded;
    InputEntry e;
    e.name = names[i];
    if (contradiction) {
      // The call raises at its arguments; only their kinds matter.
      e.hasDefault = hasDefault;
      e.type = runtimeType(b, specOfType(type), addLeaf(task::ObjectType::get(b.context())).getArgNumber());
      leaves.resize(entry->getNumArguments());
      args.push_back(AV::unknown());
    } else if (hasDefault && given[i] == Given::Nothing) {
      // The caller leaves it out: the default is part of the program.
      e.hasDefault = true;
      args.push_back(AV::unknown());
    } else {
      // An input of a given type is read from its leaves: no default stands in them.
      FailureOr<AV> v = value(type, trees[i], names[i], e.type);
      if (failed(v))
        return failure();
      args.push_back(*v);
      // But None in an Optional.
      e.hasDefault = v->isRuntime() && trees[i].kind == Spec::Optional &&
                     isa_and_nonnull<UnitAttr>(method.getArgAttr(firstArgument + i, "script.default"));
    }
    entries.push_back(e);
  }
  if (missing.empty())
    return success();
  InFlightDiagnostic error = emitError(loc) << "the type of input" << (missing.size() > 1 ? "s " : " ");
  llvm::interleaveComma(missing, error, [&](auto &n) { error << "'" << n << "'"; });
  error << " of method '" << methodName << "' is not in the file: give it with ";
  llvm::interleave(missing, [&](auto &n) { error << "--input '" << n << "=f32[?,3,224,224]'"; }, [&] { error << " "; });
  error << " (dtype f32, i64, bool, ...; a size may be a number, a name such as N, or ?), or with --case";
  return error;
}
