//===- RuntimeValue.cpp - objects of the runtime ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RuntimeValue.h"

#include "dialects/Script/Script.h"
#include "dialects/Task/Task.h"
#include "ingot/ABI/artifact.h"
#include "ingot/ABI/object.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;

bool eval::mayRaise(StringRef function) {
  // Where nothing but memory can be missing.
  static const llvm::StringSet<> safe = {"print",     "str_of",      "str_concat", "list_append", "list_extend",
                                         "list_copy", "list_concat", "dict_keys",  "dict_values", "dict_items",
                                         "dict_copy", "dict_set",    "warn"};
  return task::findRuntimeFunction(function)->canRaise() && !safe.contains(function);
}

Value eval::callRuntime(GraphBuilder &b, StringRef name, ArrayRef<Value> operands, Type result,
                        std::optional<StringRef> text) {
  assert(task::findRuntimeFunction(name) && "the runtime has no such function");
  if (b.onMayRaise && mayRaise(name))
    b.onMayRaise();
  auto call = task::CallRuntimeOp::create(b.b, b.loc, result ? TypeRange(result) : TypeRange(), name, operands,
                                          text ? b.b.getStringAttr(*text) : StringAttr());
  return call.getResult();
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

TypeSpec eval::simple(Spec kind) {
  TypeSpec s;
  s.kind = kind;
  return s;
}
bool eval::isSame(const TypeSpec &a, const TypeSpec &b) {
  return a.kind == b.kind && a.dtype == b.dtype && a.dims.size() == b.dims.size() &&
         llvm::equal(a.children, b.children, isSame);
}
bool eval::isOpen(const TypeSpec &s) {
  return s.kind == Spec::Unknown || (s.kind != Spec::Tensor && llvm::any_of(s.children, isOpen));
}
TypeSpec eval::listOf(TypeSpec element) {
  TypeSpec s = simple(Spec::List);
  s.anyLength = true;
  s.children.push_back(std::move(element));
  return s;
}
static TypeSpec dictOf(TypeSpec key, TypeSpec value) {
  TypeSpec s = simple(Spec::Dict);
  s.anyLength = true;
  s.children = {std::move(key), std::move(value)};
  return s;
}
TypeSpec eval::taskOf(TypeSpec value, bool isAwait) {
  TypeSpec s = simple(isAwait ? Spec::Await : Spec::Future);
  s.children.push_back(std::move(value));
  return s;
}
static bool isTask(const TypeSpec &s) { return s.kind == Spec::Future || s.kind == Spec::Await; }

/// An await is its value at run time: where that may be None, an optional of it cannot be told from it.
static bool mayBeNone(const TypeSpec &s) {
  return s.kind == Spec::None || s.kind == Spec::Optional || s.kind == Spec::Union || s.kind == Spec::Unknown ||
         (s.kind == Spec::Await && mayBeNone(s.children[0]));
}

TypeSpec eval::optionalOf(TypeSpec inner) {
  if (inner.kind == Spec::Optional || inner.kind == Spec::None || inner.kind == Spec::Unknown)
    return inner;
  if (inner.kind == Spec::Await && mayBeNone(inner.children[0]))
    return {};
  TypeSpec s = simple(Spec::Optional);
  s.children.push_back(std::move(inner));
  return s;
}

/// `objects`: classes are told, their attributes not.
static TypeSpec specOfType(Type type, bool objects) {
  if (!type)
    return {};
  return llvm::TypeSwitch<Type, TypeSpec>(type)
      .Case<script::TensorType>([](auto) { return simple(Spec::Tensor); })
      .Case<script::StrType>([](auto) { return simple(Spec::Str); })
      .Case<script::NoneType>([](auto) { return simple(Spec::None); })
      .Case<script::DeviceType>([](auto) { return simple(Spec::Device); })
      .Case<script::ComplexType>([](auto) { return simple(Spec::Complex); })
      .Case([&](script::ListType l) { return listOf(::specOfType(l.getElementType(), objects)); })
      .Case([&](script::OptionalType o) { return optionalOf(::specOfType(o.getElementType(), objects)); })
      .Case([&](script::DictType d) {
        return dictOf(::specOfType(d.getKeyType(), objects), ::specOfType(d.getValueType(), objects));
      })
      .Case([&](script::FutureType f) { return taskOf(::specOfType(f.getElementType(), objects), false); })
      .Case([&](script::AwaitType a) { return taskOf(::specOfType(a.getElementType(), objects), true); })
      .Case([](script::EnumType e) {
        TypeSpec s = simple(Spec::Enum);
        s.className = e.getName().str();
        return s;
      })
      .Case([&](script::TupleType t) {
        TypeSpec s = simple(Spec::Tuple);
        for (Type e : t.getTypes())
          s.children.push_back(::specOfType(e, objects));
        if (t.getNames())
          for (Attribute n : t.getNames())
            s.names.push_back(cast<StringAttr>(n).str());
        if (t.getClassName())
          s.className = t.getClassName().str();
        return s;
      })
      .Case([&](script::ObjectType o) {
        TypeSpec s = simple(objects ? Spec::Object : Spec::Unknown);
        s.className = o.getName().str();
        return objects ? s : TypeSpec();
      })
      .Default([](Type t) {
        return simple(t.isSignlessInteger(64)  ? Spec::Int
                      : t.isF64()              ? Spec::Float
                      : t.isSignlessInteger(1) ? Spec::Bool
                                               : Spec::Unknown);
      });
}

TypeSpec eval::specOfType(Type type) { return ::specOfType(type, false); }

/// More kinds of tensors than this in one place are any tensor.
static constexpr size_t maxVariants = 8;

static bool isSameTensor(const TypeSpec &a, const TypeSpec &b) {
  return a.dtype == b.dtype && a.dims.size() == b.dims.size();
}

/// Tensors of different dtypes or ranks: the children say which there are;
/// none, that it can be any.
static TypeSpec unifyTensors(const TypeSpec &a, const TypeSpec &b) {
  if (a.dtype == noTensorYet || b.dtype == noTensorYet)
    return a.dtype == noTensorYet ? b : a;
  TypeSpec out = a;
  if (a.dtype >= 0 && isSameTensor(a, b)) {
    for (auto [d, e] : llvm::zip(out.dims, b.dims))
      if (d.size != e.size || d.symbol != e.symbol)
        d = DimSpec();
    return out;
  }
  out = simple(Spec::Tensor);
  for (const TypeSpec *s : {&a, &b}) {
    if (s->dtype < 0 && s->children.empty())
      return simple(Spec::Tensor);
    for (TypeSpec variant : s->dtype < 0 ? ArrayRef(s->children) : ArrayRef(*s)) {
      variant.dims.assign(variant.dims.size(), DimSpec());
      if (llvm::none_of(out.children, [&](const TypeSpec &c) { return isSameTensor(c, variant); }))
        out.children.push_back(std::move(variant));
    }
  }
  llvm::sort(out.children, [](const TypeSpec &x, const TypeSpec &y) {
    return std::make_pair(x.dtype, x.dims.size()) < std::make_pair(y.dtype, y.dims.size());
  });
  return out.children.size() > maxVariants ? simple(Spec::Tensor) : out;
}

/// Values of different kinds in one place: an object's own kind tells which it is. What has no kind of its own at run
/// time (a dtype is an int there, an object a tuple) has no place there.
static TypeSpec unionOf(const TypeSpec &a, const TypeSpec &b) {
  TypeSpec out = simple(Spec::Union);
  for (const TypeSpec *s : {&a, &b})
    for (const TypeSpec &one : s->kind == Spec::Union ? ArrayRef(s->children) : ArrayRef(*s)) {
      if (one.kind == Spec::Unknown || one.kind == Spec::DType || one.kind == Spec::Object || isTask(one))
        return {};
      auto same = llvm::find_if(out.children, [&](const TypeSpec &c) { return c.kind == one.kind; });
      if (same == out.children.end()) {
        out.children.push_back(one);
        continue;
      }
      *same = unify(*same, one);
      if (isOpen(*same))
        return {};
    }
  llvm::sort(out.children, [](const TypeSpec &x, const TypeSpec &y) { return x.kind < y.kind; });
  return out;
}

TypeSpec eval::unify(const TypeSpec &a, const TypeSpec &b) {
  if (a.kind == Spec::None || b.kind == Spec::None)
    return a.kind == b.kind ? a : optionalOf(a.kind == Spec::None ? b : a);
  if (a.kind == Spec::Optional || b.kind == Spec::Optional)
    return optionalOf(
        unify(a.kind == Spec::Optional ? a.children[0] : a, b.kind == Spec::Optional ? b.children[0] : b));
  if (a.kind != b.kind || a.kind == Spec::Union)
    return unionOf(a, b);
  if (a.kind == Spec::Tensor)
    return unifyTensors(a, b);
  TypeSpec out = a;
  if (a.kind == Spec::Object) {
    if (a.className != b.className)
      return {};
    if (a.names.empty() || b.names.empty())
      return a.names.empty() ? b : a;
    if (a.names != b.names)
      return {};
  }
  if (a.children.size() != b.children.size())
    return a.children.empty() ? b : b.children.empty() ? a : TypeSpec();
  for (size_t i = 0; i < a.children.size(); ++i)
    out.children[i] = unify(a.children[i], b.children[i]);
  return out;
}

/// The type of what is not there yet: its tensors can still be of one dtype.
static TypeSpec specOfNothing(TypeSpec s) {
  if (s.kind == Spec::Tensor)
    s.dtype = noTensorYet;
  for (TypeSpec &child : s.children)
    child = specOfNothing(child);
  return s;
}

TypeSpec eval::specOfEmpty(Type type) { return specOfNothing(::specOfType(type, true)); }

/// An element type from the elements; what they leave open, the script type
/// says.
static TypeSpec elementSpec(ArrayRef<AV> elements, Type scriptType) {
  if (elements.empty())
    return specOfEmpty(scriptType);
  TypeSpec s = specOf(elements[0]);
  for (const AV &e : elements.drop_front())
    s = unify(s, specOf(e));
  if (isa_and_nonnull<script::OptionalType>(scriptType))
    return s.kind == Spec::None ? specOfEmpty(scriptType) : optionalOf(s);
  return s;
}

TypeSpec eval::specOf(const AV &v) {
  switch (v.kind()) {
  case Kind::None:
    return simple(Spec::None);
  case Kind::Int:
    return simple(Spec::Int);
  case Kind::Float:
    return simple(Spec::Float);
  case Kind::Bool:
    return simple(Spec::Bool);
  case Kind::Complex:
    return simple(Spec::Complex);
  case Kind::Str:
    return simple(Spec::Str);
  case Kind::Device:
    return simple(Spec::Device);
  case Kind::Tensor: {
    TypeSpec s = simple(Spec::Tensor);
    const ViewNode &node = *v.getTensor()->node;
    s.dtype = typeToDType(node.elementType);
    s.dims.resize(node.sizes.size());
    return s;
  }
  case Kind::List:
    return listOf(elementSpec(v.elements(), v.getList().elementType));
  case Kind::Tuple: {
    TypeSpec s = simple(Spec::Tuple);
    for (const AV &e : v.elements())
      s.children.push_back(specOf(e));
    s.names = v.getTuple().names;
    s.className = v.getTuple().className;
    return s;
  }
  case Kind::Dict: {
    const DictObject &d = v.getDict();
    std::vector<AV> keys, values;
    for (auto &[key, value] : d.entries) {
      keys.push_back(key);
      values.push_back(value);
    }
    return dictOf(elementSpec(keys, d.keyType), elementSpec(values, d.valueType));
  }
  case Kind::Runtime:
    return v.getRuntime().type;
  case Kind::Enum: {
    TypeSpec s = simple(Spec::Enum);
    s.className = v.getString();
    return s;
  }
  case Kind::Task:
    return v.getTask().done ? taskOf(specOf(v.getTask().value), v.getTask().isAwait) : TypeSpec();
  case Kind::Object: {
    const InstanceObject &o = *v.getObject();
    static thread_local unsigned depth = 0;
    if (o.isModule || o.persistent || depth > 16) // an object that holds itself has no end
      return {};
    ++depth;
    TypeSpec s = simple(Spec::Object);
    s.className = o.className;
    for (auto &[name, value] : o.attributes) {
      s.names.push_back(name);
      s.children.push_back(specOf(value));
    }
    --depth;
    return s;
  }
  default:
    return {};
  }
}

int64_t eval::slotKind(const TypeSpec &type) {
  switch (type.kind) {
  case Spec::Int:
  case Spec::DType:
    return INGOT_ABI_SLOT_INT;
  case Spec::Float:
    return INGOT_ABI_SLOT_FLOAT;
  case Spec::Bool:
    return INGOT_ABI_SLOT_BOOL;
  case Spec::Await:
    return slotKind(type.children[0]);
  default:
    return INGOT_ABI_SLOT_OBJECT;
  }
}

static Type objectType(GraphBuilder &b) { return task::ObjectType::get(b.context()); }

Type eval::slotType(GraphBuilder &b, const TypeSpec &type) {
  switch (slotKind(type)) {
  case INGOT_ABI_SLOT_INT:
    return b.b.getI64Type();
  case INGOT_ABI_SLOT_FLOAT:
    return b.b.getF64Type();
  case INGOT_ABI_SLOT_BOOL:
    return b.b.getI1Type();
  default:
    return objectType(b);
  }
}

//===----------------------------------------------------------------------===//
// To objects
//===----------------------------------------------------------------------===//

Value eval::constantI64(GraphBuilder &b, int64_t value) {
  return arith::ConstantOp::create(b.b, b.loc, b.b.getI64IntegerAttr(value));
}

AV eval::runtimeValue(Value handle, TypeSpec type) {
  auto object = std::make_shared<RuntimeObject>();
  object->handle = handle;
  object->type = std::move(type);
  return AV::object(std::move(object));
}

Value eval::toSlot(GraphBuilder &b, const AV &v, const TypeSpec &type) {
  if (type.kind == Spec::Await && v.is(Kind::Task) && v.getTask().done)
    return toSlot(b, v.getTask().value, type.children[0]);
  switch (slotKind(type)) {
  case INGOT_ABI_SLOT_INT:
    if (v.is(Kind::Int))
      return b.toI64(v.getInt());
    break;
  case INGOT_ABI_SLOT_FLOAT:
    if (v.is(Kind::Float) || v.is(Kind::Int))
      return b.toF64(v);
    break;
  case INGOT_ABI_SLOT_BOOL:
    if (v.is(Kind::Bool))
      return b.toI1(v);
    break;
  default:
    return toObject(b, v);
  }
  b.unsupported("a " + typeName(v) + " in a container of another type");
  return arith::ConstantOp::create(b.b, b.loc, slotType(b, type), cast<TypedAttr>(b.b.getZeroAttr(slotType(b, type))));
}

/// Fills a new list or dict.
static Value build(GraphBuilder &b, const AV &v, const TypeSpec &type) {
  if (v.is(Kind::List)) {
    const TypeSpec &element = type.children[0];
    Value list = callRuntime(b, "list", {constantI64(b, slotKind(element))}, objectType(b));
    for (const AV &e : std::vector<AV>(v.elements()))
      callRuntime(b, "list_append", {list, toSlot(b, e, element)});
    return list;
  }
  Value dict =
      callRuntime(b, "dict", {constantI64(b, slotKind(type.children[0])), constantI64(b, slotKind(type.children[1]))},
                  objectType(b));
  for (auto &[key, value] : std::vector<std::pair<AV, AV>>(v.getDict().entries))
    callRuntime(b, "dict_set", {dict, toSlot(b, key, type.children[0]), toSlot(b, value, type.children[1])});
  return dict;
}

/// Whether what is built here is seen by all that follows.
static bool isTopLevel(GraphBuilder &b) {
  Block *block = b.b.getInsertionBlock();
  return block->isEntryBlock() && isa<func::FuncOp>(block->getParentOp());
}

Value eval::boxTensor(GraphBuilder &b, Value tensor, bool fresh) {
  auto box = task::BoxOp::create(b.b, b.loc, objectType(b), tensor, uint64_t(GraphBuilder::dtype(tensor)));
  if (fresh)
    box->setAttr("task.fresh", b.b.getUnitAttr());
  return box;
}

Value eval::toObject(GraphBuilder &b, const AV &v) {
  Type object = objectType(b);
  switch (v.kind()) {
  case Kind::Runtime:
    return v.getRuntime().handle;
  case Kind::None:
    return callRuntime(b, "none", {}, object);
  case Kind::Int:
    return callRuntime(b, "box", {constantI64(b, INGOT_ABI_KIND_INT), b.toI64(v.getInt())}, object);
  case Kind::Float:
    return callRuntime(b, "box", {constantI64(b, INGOT_ABI_KIND_FLOAT), b.toF64(v)}, object);
  case Kind::Bool:
    return callRuntime(b, "box", {constantI64(b, INGOT_ABI_KIND_BOOL), b.toI1(v)}, object);
  case Kind::Complex:
    return callRuntime(b, "box_complex",
                       {v.getSSA() ? v.getSSA() : b.toF64(AV::real(v.re())),
                        v.getSSA() ? v.getImaginarySSA() : b.toF64(AV::real(v.im()))},
                       object);
  case Kind::Str:
    return callRuntime(b, "text", {}, object, StringRef(v.getString()));
  case Kind::Device:
    return callRuntime(b, "device", {}, object, StringRef(v.getString()));
  case Kind::Tensor: {
    TensorObject &t = *v.getTensor();
    Storage &storage = *t.node->storage;
    if (t.object && !storage.mutated())
      return t.object;
    // The object shares no later write with the tensor of the program.
    storage.boxed = true;
    if (storage.mutated() && storage.origin != Storage::Origin::Fresh)
      b.unsupported("a tensor that was changed in place goes into a list or "
                    "dict of run-time length");
    Value value = b.read(v);
    // A clone of an argument is the argument's value: it has memory of its own.
    Value box = boxTensor(b, value, storage.origin == Storage::Origin::Fresh);
    // Met again, it is the same tensor; seen from everywhere only at the top.
    if (!storage.mutated() && isTopLevel(b))
      t.object = box;
    return box;
  }
  case Kind::List:
  case Kind::Dict:
    return build(b, v, specOf(v));
  case Kind::Object: {
    InstanceObject &o = *v.getObject();
    if (specOf(v).kind != Spec::Object)
      b.unsupported("a " + o.className + " goes into a value of run-time structure");
    Value fields = callRuntime(b, "tuple", {constantI64(b, o.attributes.size())}, object);
    for (auto [i, attribute] : llvm::enumerate(o.attributes))
      callRuntime(b, "tuple_set", {fields, constantI64(b, i), toObject(b, attribute.second)});
    return fields;
  }
  case Kind::Enum:
  case Kind::Tuple: {
    auto elements = v.elements();
    if (v.is(Kind::Enum))
      elements.insert(elements.begin(), AV::str(v.getString()));
    Value tuple = callRuntime(b, "tuple", {constantI64(b, elements.size())}, object);
    for (auto [i, e] : llvm::enumerate(elements))
      callRuntime(b, "tuple_set", {tuple, constantI64(b, i), toObject(b, e)});
    if (v.is(Kind::Enum))
      return callRuntime(b, "enum_member", {tuple}, object);
    return tuple;
  }
  case Kind::Task:
    if (v.getTask().done && v.getTask().isAwait)
      return toObject(b, v.getTask().value);
    // A future is its value and its error.
    if (v.getTask().done)
      return toObject(b, AV::tuple({v.getTask().alwaysFails ? AV::none() : v.getTask().value, v.getTask().failure}));
    [[fallthrough]];
  default:
    b.unsupported("a " + typeName(v) + " goes into a value of run-time structure");
    return callRuntime(b, "none", {}, object);
  }
}

void eval::materializeParts(GraphBuilder &b, const AV &v) {
  if (v.is(Kind::Tuple))
    for (const AV &part : v.elements())
      materializeParts(b, part);
  else if (v.is(Kind::Task) && v.getTask().done)
    materializeParts(b, v.getTask().value);
  else if (v.is(Kind::List) || v.is(Kind::Dict) || v.is(Kind::Object))
    materialize(b, v);
}

AV eval::materialize(GraphBuilder &b, const AV &v, const TypeSpec *widened) {
  TypeSpec type = specOf(v);
  if (widened && widened->kind == Spec::Optional) // of a list, say: the list is what has slots
    widened = &widened->children[0];
  if (widened && widened->kind == Spec::Union) {
    auto own = llvm::find_if(widened->children, [&](const TypeSpec &c) { return c.kind == type.kind; });
    widened = own == widened->children.end() ? nullptr : &*own;
  }
  if (widened)
    type = unify(type, *widened);
  if (v.is(Kind::Str))
    return runtimeValue(toObject(b, v), simple(Spec::Str));
  bool isObject = v.is(Kind::Object);
  if (!v.is(Kind::List) && !v.is(Kind::Dict) && !isObject)
    return v;
  bool persistent = v.is(Kind::List)   ? v.getList().persistent
                    : v.is(Kind::Dict) ? v.getDict().persistent
                                       : v.getObject()->persistent;
  Operation *frozen = v.is(Kind::List)   ? v.getList().frozen
                      : v.is(Kind::Dict) ? v.getDict().frozen
                                         : v.getObject()->frozen;
  if (frozen) {
    b.toThaw.insert(frozen);
    b.unsupported("it changes a container that may be another one too, "
                  "depending on data");
  }
  if (persistent)
    b.persistentWrites.push_back({b.loc, v.identity()});
  if (b.unsupportedReason)
    return v;
  if (v.is(Kind::List))
    for (const AV &part : v.elements())
      materializeParts(b, part);
  else if (isObject)
    for (auto &[name, part] : v.getObject()->attributes)
      materializeParts(b, part);
  else
    for (auto &[key, value] : v.getDict().entries)
      materializeParts(b, value);
  auto object = std::make_shared<RuntimeObject>();
  object->handle = isObject ? toObject(b, v) : build(b, v, type);
  object->type = std::move(type);
  if (isObject) {
    v.getObject()->attributes.clear();
    v.getObject()->runtime = std::move(object);
  } else if (v.is(Kind::List)) {
    ListObject &list = v.getList();
    list.elements.clear();
    list.runtime = std::move(object);
  } else {
    DictObject &dict = v.getDict();
    dict.entries.clear();
    dict.runtime = std::move(object);
  }
  return v;
}

//===----------------------------------------------------------------------===//
// From objects
//===----------------------------------------------------------------------===//

/// The tensor in an object, guarded to have the type's dtype and rank.
static AV unboxTensor(GraphBuilder &b, Value object, const TypeSpec &type) {
  b.mayRaise();
  Sizes sizes;
  unsigned next = b.symbols.size();
  for (size_t d = 0; d < type.dims.size(); ++d)
    sizes.push_back(getAffineSymbolExpr(next++, b.context()));
  RankedTensorType tensor = graph::getTensorType(sizes, dtypeToType(type.dtype, b.context()));
  Value value = task::UnboxOp::create(b.b, b.loc, tensor, object, b.b.getI64IntegerAttr(type.dtype));
  for (size_t d = 0; d < type.dims.size(); ++d)
    b.newSymbol(graph::DimOp::create(b.b, b.loc, value, b.b.getI64IntegerAttr(d)), {0, INT64_MAX});
  b.symbols.back().ofObject = true;
  AV t = b.fresh(value);
  t.getTensor()->object = object;
  t.getTensor()->node->storage->boxed = true;
  return t;
}

AV eval::fromObject(GraphBuilder &b, Value object, const TypeSpec &type) {
  auto unbox = [&](int64_t kind) { return callRuntime(b, "unbox", {object, constantI64(b, kind)}, slotType(b, type)); };
  switch (type.kind) {
  case Spec::None:
    return AV::none();
  case Spec::Int:
  case Spec::DType:
    return AV::integer(b.fromSSA(unbox(INGOT_ABI_KIND_INT)));
  case Spec::Float:
    return AV::runtime(unbox(INGOT_ABI_KIND_FLOAT));
  case Spec::Bool:
    return AV::runtime(unbox(INGOT_ABI_KIND_BOOL));
  case Spec::Complex: {
    auto part = [&](int64_t imaginary) {
      return callRuntime(b, "complex_part", {object, constantI64(b, imaginary)}, b.b.getF64Type());
    };
    return AV::runtimeComplex(part(0), part(1));
  }
  case Spec::Tensor:
    if (type.dtype == noTensorYet) // read before the loop has put one in
      return AV::unknown();
    return type.dtype < 0 ? runtimeValue(object, type) : unboxTensor(b, object, type);
  case Spec::Tuple: {
    std::vector<AV> elements;
    for (auto [i, child] : llvm::enumerate(type.children))
      elements.push_back(fromObject(b, callRuntime(b, "tuple_get", {object, constantI64(b, i)}, objectType(b)), child));
    AV t = AV::tuple(std::move(elements));
    t.getTuple().names = type.names;
    t.getTuple().className = type.className;
    return t;
  }
  case Spec::Await:
    return AV::doneTask(fromObject(b, object, type.children[0]), /*isAwait=*/true);
  default:
    return runtimeValue(object, type);
  }
}

AV eval::fromSlot(GraphBuilder &b, Value slot, const TypeSpec &type) {
  if (type.kind == Spec::Await)
    return AV::doneTask(fromSlot(b, slot, type.children[0]), /*isAwait=*/true);
  switch (slotKind(type)) {
  case INGOT_ABI_SLOT_INT:
    return AV::integer(b.fromSSA(slot));
  case INGOT_ABI_SLOT_FLOAT:
  case INGOT_ABI_SLOT_BOOL:
    return AV::runtime(slot);
  default:
    return fromObject(b, slot, type);
  }
}

std::optional<AV> eval::narrow(GraphBuilder &b, const AV &v,
                               llvm::function_ref<std::optional<bool>(const TypeSpec &)> is) {
  const TypeSpec type = specOf(v);
  const TypeSpec &inner = type.kind == Spec::Optional ? type.children[0] : type;
  if (!v.isRuntime() || inner.kind != Spec::Union)
    return v;
  TypeSpec left = simple(Spec::Union);
  for (const TypeSpec &one : inner.children) {
    std::optional<bool> fits = is(one);
    if (!fits)
      return std::nullopt;
    if (*fits)
      left.children.push_back(one);
  }
  if (left.children.empty())
    return std::nullopt;
  TypeSpec now = left.children.size() == 1 ? left.children[0] : left;
  if (type.kind == Spec::Optional && is(simple(Spec::None)).value_or(false))
    now = optionalOf(std::move(now));
  return fromObject(b, v.getRuntime().handle, now);
}

AV eval::unwrapOptional(GraphBuilder &b, const AV &v) {
  if (!v.isRuntime() || v.getRuntime().type.kind != Spec::Optional)
    return v;
  RuntimeObject &o = v.getRuntime();
  const TypeSpec inner = o.type.children[0];
  if (slotKind(inner) == INGOT_ABI_SLOT_OBJECT && inner.kind != Spec::Tensor && inner.kind != Spec::Tuple) {
    Value none = callRuntime(b, "is_none", {o.handle}, b.b.getI1Type());
    b.check(b.notBool(AV::runtime(none)), "RuntimeError", "Unwrapping null optional");
  }
  AV out = fromObject(b, o.handle, inner);
  if (out.isRuntime())
    out.getRuntime().input = o.input;
  return out;
}
