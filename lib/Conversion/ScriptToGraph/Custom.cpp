//===- Custom.cpp - operators of the user's own -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A call of a C function: arguments become objects of the runtime, results are
// taken out of theirs, guarded to have the dtype and rank that the program was
// compiled for. A tensor that the operator writes is a copy, and written back.
#include "Custom.h"
#include "Effect.h"
#include "RuntimeValue.h"

#include "ingot/ABI/artifact.h"
#include "ingot/ABI/object.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;
using schema::TypeKind;

namespace {
class CustomCall {
public:
  CustomCall(GraphBuilder &b, const schema::CustomOperator &op, ArrayRef<AV> args, ArrayAttr known)
      : b(b), op(op), s(*op.schema), args(args), known(known) {}

  std::vector<AV> run();

private:
  Type objectType() { return task::ObjectType::get(b.context()); }
  /// The chain that the operator is on; empty: it is ordered by what it reads
  /// and writes, as aliasing operators are.
  StringRef effectKey() const;
  Value box(const AV &tensor);
  Value argument(const AV &v, const schema::Type &type);
  void boxWritten(const AV &v);
  void takeWritten();
  AV result(unsigned index, Value object);
  std::optional<TypeSpec> specOfResult(unsigned index, const schema::Type &type);
  AV tensor(Value object, unsigned index, const TypeSpec &spec);
  /// dtype and sizes of result `index`: declared, known to the importer, or as
  /// the first tensor among the arguments has them.
  std::optional<TypeSpec> tensorSpec(unsigned index);

  GraphBuilder &b;
  const schema::CustomOperator &op;
  const schema::OperatorSchema &s;
  ArrayRef<AV> args;
  ArrayAttr known;
  struct Written {
    AV tensor;
    Value box;
  };
  SmallVector<Written> written;
};
} // namespace

StringRef CustomCall::effectKey() const {
  if (!op.effect.empty())
    return op.effect;
  if (s.isMutable())
    return "";
  bool takesObject = llvm::any_of(
      s.arguments, [](const schema::Argument &a) { return a.type.stripOptional().kind == TypeKind::Class; });
  // Without a result it can have nothing but an effect.
  return takesObject || s.results.empty() ? "ordered" : "";
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

Value CustomCall::box(const AV &v) {
  ViewNode *node = v.getTensor()->node.get();
  for (Written &w : written) {
    ViewNode *other = w.tensor.getTensor()->node.get();
    if (other == node)
      return w.box;
    if (other->storage == node->storage)
      b.unsupported("an argument shares memory with one that it writes");
  }
  return boxTensor(b, b.read(v), /*fresh=*/false);
}

void CustomCall::boxWritten(const AV &v) {
  if (v.is(Kind::List)) {
    for (const AV &e : v.elements())
      boxWritten(e);
    return;
  }
  if (v.isNone())
    return;
  if (!v.isTensor())
    return b.unsupported("it writes a " + typeName(v));
  if (llvm::any_of(written, [&](Written &w) { return w.tensor.getTensor()->node == v.getTensor()->node; }))
    return;
  Value made = box(v);
  made.getDefiningOp()->setAttr("task.fresh", b.b.getUnitAttr());
  written.push_back({v, made});
}

Value CustomCall::argument(const AV &v, const schema::Type &declared) {
  const schema::Type &type = declared.stripOptional();
  auto number = [&](int64_t kind, Value bits) {
    return callRuntime(b, "box", {constantI64(b, kind), bits}, objectType());
  };
  if (v.isTensor())
    return box(v);
  if (type.kind == TypeKind::Tensor && v.isNumber())
    return box(b.fresh(b.wrap(v).value));
  if (v.is(Kind::List)) {
    const schema::Type *element = type.isList() ? &type.elements[0] : nullptr;
    TypeSpec slots = element && (element->kind == TypeKind::Int || element->kind == TypeKind::SymInt)
                         ? simple(Spec::Int)
                     : element && element->kind == TypeKind::Float ? simple(Spec::Float)
                     : element && element->kind == TypeKind::Bool  ? simple(Spec::Bool)
                                                                   : TypeSpec();
    Value list = callRuntime(b, "list", {constantI64(b, slotKind(slots))}, objectType());
    for (const AV &e : std::vector<AV>(v.elements()))
      callRuntime(
          b, "list_append",
          {list, slots.kind == Spec::Unknown ? argument(e, element ? *element : schema::Type()) : toSlot(b, e, slots)});
    return list;
  }
  if (type.kind == TypeKind::Float && (v.is(Kind::Int) || v.is(Kind::Float)))
    return number(INGOT_ABI_KIND_FLOAT, b.toF64(v));
  if (type.kind == TypeKind::ScalarType && v.is(Kind::Int))
    return number(INGOT_ABI_KIND_DTYPE, b.toI64(v.getInt()));
  return toObject(b, v);
}

void CustomCall::takeWritten() {
  for (Written &w : written) {
    Value old = b.read(w.tensor);
    b.write(w.tensor,
            task::UnboxOp::create(b.b, b.loc, old.getType(), w.box, b.b.getI64IntegerAttr(GraphBuilder::dtype(old))));
  }
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

static TypeSpec specOfTensor(int64_t dtype, ArrayRef<int64_t> sizes) {
  TypeSpec spec = simple(Spec::Tensor);
  spec.dtype = dtype;
  spec.dims.resize(sizes.size());
  for (auto [dim, size] : llvm::zip(spec.dims, sizes))
    dim.size = size;
  return spec;
}

/// The first tensor among values, in lists too.
static const AV *firstTensor(ArrayRef<AV> values) {
  for (const AV &v : values) {
    if (v.isTensor())
      return &v;
    if (v.is(Kind::List))
      if (const AV *found = firstTensor(v.elements()))
        return found;
  }
  return nullptr;
}

std::optional<TypeSpec> CustomCall::tensorSpec(unsigned index) {
  unsigned position = 0;
  for (unsigned i = 0; i < index; ++i)
    position += s.results[i].type.holdsTensor();
  if (position < op.results.size())
    return specOfTensor(op.results[position].dtype, op.results[position].sizes);
  Attribute from = known && index < known.size() ? known[index] : Attribute();
  if (auto list = dyn_cast_or_null<ArrayAttr>(from))
    from = list.empty() ? Attribute() : list[0];
  if (auto type = dyn_cast_or_null<TypeAttr>(from))
    if (auto tensor = dyn_cast<RankedTensorType>(type.getValue())) {
      SmallVector<int64_t> sizes;
      for (int64_t size : tensor.getShape())
        sizes.push_back(ShapedType::isDynamic(size) ? -1 : size);
      return specOfTensor(typeToDType(tensor.getElementType()), sizes);
    }
  if (const AV *like = firstTensor(args)) {
    const ViewNode &node = *like->getTensor()->node;
    return specOfTensor(typeToDType(node.elementType), SmallVector<int64_t>(node.sizes.size(), -1));
  }
  return std::nullopt;
}

std::optional<TypeSpec> CustomCall::specOfResult(unsigned index, const schema::Type &type) {
  TypeSpec out;
  auto children = [&](Spec kind) {
    out = simple(kind);
    for (const schema::Type &element : type.elements) {
      std::optional<TypeSpec> child = specOfResult(index, element);
      if (!child)
        return false;
      out.children.push_back(*child);
    }
    return true;
  };
  switch (type.kind) {
  case TypeKind::Tensor:
    return tensorSpec(index);
  case TypeKind::Int:
  case TypeKind::SymInt:
    return simple(Spec::Int);
  case TypeKind::ScalarType:
    return simple(Spec::DType);
  case TypeKind::Float:
    return simple(Spec::Float);
  case TypeKind::Bool:
    return simple(Spec::Bool);
  case TypeKind::Complex:
    return simple(Spec::Complex);
  case TypeKind::Str:
    return simple(Spec::Str);
  case TypeKind::Device:
    return simple(Spec::Device);
  case TypeKind::Class:
    out = simple(Spec::Object);
    out.className = type.name;
    return out;
  case TypeKind::List:
    return children(Spec::List) ? std::optional(out) : std::nullopt;
  case TypeKind::Optional:
    return children(Spec::Optional) ? std::optional(out) : std::nullopt;
  case TypeKind::Dict:
    return children(Spec::Dict) ? std::optional(out) : std::nullopt;
  case TypeKind::Tuple:
    return children(Spec::Tuple) ? std::optional(out) : std::nullopt;
  default:
    return std::nullopt;
  }
}

/// The tensor is the program's alone: nothing else has the object.
AV CustomCall::tensor(Value object, unsigned index, const TypeSpec &spec) {
  AV t = fromObject(b, object, spec);
  Value value = b.read(t);
  for (auto [d, dim] : llvm::enumerate(spec.dims))
    if (dim.isFixed())
      b.checkEqual(b.size(value, d), b.size(dim.size), "RuntimeError",
                   s.fullName + ": result " + Twine(index) + " has size {0} in dimension " + Twine(d) +
                       ", the program was compiled for " + Twine(dim.size),
                   {b.size(value, d)});
  return b.fresh(b.refine(value));
}

AV CustomCall::result(unsigned index, Value object) {
  const schema::Argument &r = s.results[index];
  if (r.alias)
    return args[s.aliasedArgument(index)];
  std::optional<TypeSpec> spec = specOfResult(index, r.type);
  if (!spec) {
    b.unsupported(r.type.holdsTensor() ? "the dtype and rank of its result are not known: --operators can say results="
                                       : "a result of type " + r.type.str());
    return AV::unknown();
  }
  if (r.type.kind == TypeKind::Tensor)
    return tensor(object, index, *spec);
  auto types = known && index < known.size() ? dyn_cast<ArrayAttr>(known[index]) : ArrayAttr();
  if (!types || r.type.kind != TypeKind::List || r.type.elements[0].kind != TypeKind::Tensor)
    return fromObject(b, object, *spec);
  // As many tensors as the program was exported with.
  callRuntime(b, "expect_length", {object, constantI64(b, int64_t(types.size()))});
  std::vector<AV> elements;
  for (auto [i, type] : llvm::enumerate(types)) {
    auto tensorType = cast<RankedTensorType>(cast<TypeAttr>(type).getValue());
    SmallVector<int64_t> sizes;
    for (int64_t size : tensorType.getShape())
      sizes.push_back(ShapedType::isDynamic(size) ? -1 : size);
    Value element = callRuntime(b, "list_get", {object, constantI64(b, int64_t(i))}, objectType());
    elements.push_back(tensor(element, index, specOfTensor(typeToDType(tensorType.getElementType()), sizes)));
  }
  return AV::list(std::move(elements));
}

//===----------------------------------------------------------------------===//
// The call
//===----------------------------------------------------------------------===//

std::vector<AV> CustomCall::run() {
  std::vector<AV> unknown(std::max<size_t>(1, s.results.size()), AV::unknown());
  if (llvm::any_of(args, [](const AV &a) { return a.isUnknown(); }))
    return unknown;
  if (args.size() != s.arguments.size()) {
    b.unsupported("it has " + Twine(args.size()) + " arguments, its schema " + Twine(s.arguments.size()));
    return unknown;
  }
  for (auto [a, v] : llvm::zip(s.arguments, args))
    if (a.isWrite())
      boxWritten(v);
  SmallVector<Value> objects;
  for (auto [a, v] : llvm::zip(s.arguments, args))
    objects.push_back(argument(v, a.type));
  if (b.failed())
    return unknown;
  Value tuple = callRuntime(b, "tuple", {constantI64(b, int64_t(objects.size()))}, objectType());
  for (auto [i, object] : llvm::enumerate(objects))
    callRuntime(b, "tuple_set", {tuple, constantI64(b, int64_t(i)), object});
  b.mayRaise();
  Value out;
  if (StringRef key = effectKey(); !key.empty()) {
    out = runtimeEffect(b, s.fullName, key, "call_operator", tuple, objectType(), StringRef(op.text))->getResult(1);
  } else {
    out = callRuntime(b, "call_operator", {tuple}, objectType(), StringRef(op.text));
  }
  takeWritten();
  std::vector<AV> results;
  for (unsigned i = 0; i < s.results.size() && !b.failed(); ++i)
    results.push_back(
        result(i, s.results.size() == 1 ? out : callRuntime(b, "tuple_get", {out, constantI64(b, i)}, objectType())));
  return b.failed() ? unknown : results;
}

std::vector<AV> eval::runCustomOperator(GraphBuilder &b, const schema::CustomOperator &op, ArrayRef<AV> args,
                                        ArrayAttr known) {
  return CustomCall(b, op, args, known).run();
}

bool eval::usesScriptObjects(func::FuncOp function) {
  return function
      .walk([](task::CallRuntimeOp call) {
        return call.getCallee() == "script_object" ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}
