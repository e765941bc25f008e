//===- EvaluatorControl.cpp - ifs, loops, isinstance ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Evaluator.h"
#include "RuntimeValue.h"

#include "ingot/ABI/artifact.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Flow = Evaluator::Flow;

Flow Evaluator::runIf(script::IfOp op, Env &env) {
  AV condition = get(op.getCondition(), env);
  std::vector<AV> out;
  if (condition.isTensor())
    condition = b.item(b.read(condition));
  if (condition.is(AV::Kind::Int)) // a one-element integer tensor
    condition = b.compareInt(arith::CmpIPredicate::ne, condition.getInt(), b.size(0));
  if (condition.is(AV::Kind::Float)) {
    if (std::optional<double> known = condition.knownDouble())
      condition = AV::boolean(*known != 0);
    else
      condition = b.fromI1(
          arith::CmpFOp::create(b.b, b.loc, arith::CmpFPredicate::UNE, b.toF64(condition), b.toF64(AV::real(0))));
  }
  if (condition.isUnknown()) {
    set(op.getResults(), {}, env);
    return Flow::Normal;
  }
  if (std::optional<bool> known = condition.knownBool()) {
    Region &region = *known ? op.getThenRegion() : op.getElseRegion();
    Flow flow = runBlock(region.front(), env, out);
    set(op.getResults(), out, env);
    return flow;
  }
  if (!condition.is(AV::Kind::Bool))
    return unsupported(*op, "a condition of type " + typeName(condition) + " is not compiled yet", env);

  return runIfRegions(op, condition, env);
}

/// INGOT_ABI_KIND_* of an object of the type.
static int64_t objectKind(const TypeSpec &type) {
  switch (type.kind) {
  case Spec::Int:
    return INGOT_ABI_KIND_INT;
  case Spec::Float:
    return INGOT_ABI_KIND_FLOAT;
  case Spec::Bool:
    return INGOT_ABI_KIND_BOOL;
  case Spec::Complex:
    return INGOT_ABI_KIND_COMPLEX;
  case Spec::Str:
    return INGOT_ABI_KIND_STRING;
  case Spec::Device:
    return INGOT_ABI_KIND_DEVICE;
  case Spec::Tensor:
    return INGOT_ABI_KIND_TENSOR;
  case Spec::List:
    return INGOT_ABI_KIND_LIST;
  case Spec::Dict:
    return INGOT_ABI_KIND_DICT;
  case Spec::Enum:
    return INGOT_ABI_KIND_ENUM;
  case Spec::Tuple:
    return INGOT_ABI_KIND_TUPLE;
  default:
    llvm_unreachable("no alternative of a union");
  }
}

std::optional<bool> Evaluator::isInstanceOf(const TypeSpec &have, Type type) {
  if (isa<script::AnyType>(type))
    return true;
  if (auto o = dyn_cast<script::OptionalType>(type))
    return have.kind == Spec::None ? std::optional(true) : isInstanceOf(have, o.getElementType());
  if (auto u = dyn_cast<script::UnionType>(type)) {
    for (Type t : u.getTypes()) {
      std::optional<bool> is = isInstanceOf(have, t);
      if (!is || *is)
        return is;
    }
    return false;
  }
  switch (have.kind) {
  case Spec::None:
    return isa<NoneType>(type);
  case Spec::Int:
    return type.isSignlessInteger(64) || isa<script::NumberType>(type);
  case Spec::Float:
    return type.isF64() || isa<script::NumberType>(type);
  case Spec::Bool:
    return type.isSignlessInteger(1);
  case Spec::Complex:
    return isa<script::ComplexType, script::NumberType>(type);
  case Spec::Str:
    return isa<script::StrType>(type);
  case Spec::Future:
    return isa<script::FutureType>(type);
  case Spec::Device:
    return isa<script::DeviceType>(type);
  case Spec::Tensor:
    return isa<script::TensorType>(type);
  case Spec::Enum:
    return isa<script::EnumType>(type) && cast<script::EnumType>(type).getName() == have.className;
  case Spec::List:
    if (auto l = dyn_cast<script::ListType>(type))
      return isInstanceOf(have.children[0], l.getElementType());
    return isa<script::AnyListType>(type);
  case Spec::Dict:
    if (auto d = dyn_cast<script::DictType>(type))
      return isInstanceOf(have.children[1], d.getValueType());
    return false;
  case Spec::Tuple: {
    if (isa<script::AnyTupleType>(type))
      return true;
    auto t = dyn_cast<script::TupleType>(type);
    if (!t || t.getTypes().size() != have.children.size())
      return false;
    for (auto [e, et] : llvm::zip(have.children, t.getTypes())) {
      std::optional<bool> is = isInstanceOf(e, et);
      if (!is || !*is)
        return is;
    }
    return true;
  }
  case Spec::Object: {
    auto object = dyn_cast<script::ObjectType>(type);
    if (!object)
      return false;
    return object.getName() == have.className ? std::optional(true) : std::nullopt; // else perhaps an interface
  }
  default:
    return std::nullopt;
  }
}

std::optional<bool> Evaluator::isInstance(const AV &v, Type type) {
  using Kind = AV::Kind;
  if (isa<script::AnyType>(type))
    return true;
  if (auto o = dyn_cast<script::OptionalType>(type)) {
    if (v.isNone())
      return true;
    return isInstance(v, o.getElementType());
  }
  if (auto u = dyn_cast<script::UnionType>(type)) {
    for (Type t : u.getTypes()) {
      std::optional<bool> is = isInstance(v, t);
      if (!is || *is)
        return is;
    }
    return false;
  }
  switch (v.kind()) {
  case Kind::Unknown:
    return std::nullopt;
  case Kind::None:
    return isa<script::NoneType>(type);
  case Kind::Int:
    return type.isSignlessInteger(64) || isa<script::NumberType>(type);
  case Kind::Float:
    return type.isF64() || isa<script::NumberType>(type);
  case Kind::Bool:
    return type.isSignlessInteger(1);
  case Kind::Complex:
    return isa<script::ComplexType, script::NumberType>(type);
  case Kind::Str:
    return isa<script::StrType>(type);
  case Kind::Device:
    return isa<script::DeviceType>(type);
  case Kind::Generator:
    return isa<script::GeneratorType>(type);
  case Kind::Tensor:
    return isa<script::TensorType>(type);
  case Kind::Function:
    return isa<script::FunctionType>(type);
  case Kind::Enum:
    return isa<script::EnumType>(type) && cast<script::EnumType>(type).getName() == v.getString();
  case Kind::Object: {
    auto o = dyn_cast<script::ObjectType>(type);
    if (!o)
      return false;
    if (o.getName() == v.getObject()->className)
      return true;
    // An interface: has the object its methods?
    auto interfaces = script->getAttrOfType<DictionaryAttr>("script.interfaces");
    auto methods = interfaces ? interfaces.getAs<ArrayAttr>(o.getName()) : ArrayAttr();
    if (!methods)
      return false;
    return llvm::all_of(methods, [&](Attribute m) {
      return symbols.lookup(v.getObject()->className + "." + cast<StringAttr>(m).str()) != nullptr;
    });
  }
  case Kind::Task: {
    if (auto a = dyn_cast<script::AwaitType>(type))
      return v.getTask().isAwait;
    return isa<script::FutureType>(type) && !v.getTask().isAwait;
  }
  case Kind::List: {
    auto l = dyn_cast<script::ListType>(type);
    if (!l)
      return isa<script::AnyListType>(type);
    if (Type element = v.getList().elementType; element && v.elements().empty())
      return element == l.getElementType();
    if (v.elements().empty())
      return true;
    return isInstance(v.elements()[0], l.getElementType());
  }
  case Kind::Tuple: {
    if (isa<script::AnyTupleType>(type))
      return true;
    auto t = dyn_cast<script::TupleType>(type);
    if (!t || t.getTypes().size() != v.elements().size())
      return false;
    for (auto [e, et] : llvm::zip(v.elements(), t.getTypes())) {
      std::optional<bool> is = isInstance(e, et);
      if (!is || !*is)
        return is;
    }
    return true;
  }
  case Kind::Runtime: {
    std::optional<bool> is = isInstanceOf(v.getRuntime().type, type);
    if (!is)
      b.unsupported("a type that is known at run time only");
    return is;
  }
  case Kind::Dict: {
    auto d = dyn_cast<script::DictType>(type);
    if (!d)
      return false;
    if (v.getDict().entries.empty())
      return true;
    return isInstance(v.getDict().entries[0].second, d.getValueType());
  }
  }
  return std::nullopt;
}

Flow Evaluator::runIsInstance(script::IsInstanceOp op, Env &env) {
  AV v = get(op.getValue(), env);
  const TypeSpec have = v.isRuntime() ? v.getRuntime().type : TypeSpec();
  if (have.kind == Spec::Optional || have.kind == Spec::Union) {
    // None, or a value of a few types: the object's kind tells.
    Value handle = v.getRuntime().handle;
    const TypeSpec &some = have.kind == Spec::Optional ? have.children[0] : have;
    AV kind = some.kind == Spec::Union ? AV::integer(b.fromSSA(callRuntime(b, "kind_of", {handle}, b.b.getI64Type())))
                                       : AV::unknown();
    AV holds = AV::boolean(false);
    auto alternative = [&](const TypeSpec &one, const AV &isIt) {
      bool fits = false;
      for (Attribute t : op.getTypes()) {
        std::optional<bool> is = isInstanceOf(one, cast<TypeAttr>(t).getValue());
        if (!is)
          b.unsupported("a type that is known at run time only");
        fits |= is.value_or(false);
      }
      if (fits)
        holds = b.orBool(holds, isIt);
    };
    AV none = have.kind == Spec::Optional ? AV::runtime(callRuntime(b, "is_none", {handle}, b.b.getI1Type()))
                                          : AV::boolean(false);
    if (have.kind == Spec::Optional)
      alternative(simple(Spec::None), none);
    if (some.kind == Spec::Union)
      for (const TypeSpec &one : some.children)
        alternative(one, b.compareInt(arith::CmpIPredicate::eq, kind.getInt(), b.size(objectKind(one))));
    else
      alternative(some, b.notBool(none));
    if (b.unsupportedReason) {
      set(op->getResults(), {}, env);
      return settle(*op, "isinstance", env);
    }
    env[op.getResult()] = holds;
    return Flow::Normal;
  }
  bool any = false;
  for (Attribute t : op.getTypes()) {
    std::optional<bool> is = isInstance(v, cast<TypeAttr>(t).getValue());
    if (!is) {
      set(op->getResults(), {}, env);
      return settle(*op, "isinstance", env);
    }
    any |= *is;
  }
  env[op.getResult()] = AV::boolean(any);
  return Flow::Normal;
}
