//===- EvaluatorControl.cpp - ifs, loops, isinstance ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Evaluator.h"
#include "RuntimeValue.h"

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
      condition = b.fromI1(arith::CmpFOp::create(b.b, b.loc, arith::CmpFPredicate::UNE, b.toF64(condition),
                                                 b.toF64(AV::real(0))));
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

  return runBranch(op, condition, env);
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
      return false;
    if (v.elements().empty())
      return true;
    return isInstance(v.elements()[0], l.getElementType());
  }
  case Kind::Tuple: {
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
    const TypeSpec &have = v.getRuntime().type;
    switch (have.kind) {
    case Spec::Str:
      return isa<script::StrType>(type);
    case Spec::List:
      return isa<script::ListType>(type);
    case Spec::Dict:
      return isa<script::DictType>(type);
    case Spec::Tensor:
      return isa<script::TensorType>(type);
    default:
      b.unsupported("a type that is known at run time only");
      return std::nullopt;
    }
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
