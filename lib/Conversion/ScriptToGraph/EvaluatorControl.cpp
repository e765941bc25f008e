//===- EvaluatorControl.cpp - ifs, loops, isinstance ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Evaluator.h"
#include "RuntimeValue.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Flow = Evaluator::Flow;

/// Whether a region raises whatever happens before.
static bool alwaysRaises(Region &region) {
  return llvm::any_of(region.front(), [](Operation &op) { return isa<script::RaiseOp>(op); });
}

/// Evaluates a region that runs only where the condition holds.
Flow Evaluator::runBranch(Region &region, const AV &condition, Env &env, std::vector<AV> &out) {
  Value outer = b.guard;
  unsigned outerSerial = b.branchSerial;
  AV guard = outer ? b.andBool(AV::runtime(outer), condition) : condition;
  b.guard = b.toI1(guard);
  if (!outer)
    b.branchSerial = b.nextSerial;
  Env inner = env;
  Flow flow = runBlock(region.front(), inner, out);
  b.guard = outer;
  b.branchSerial = outerSerial;
  if (flow == Flow::Raised) {
    // The error is raised only under the condition.
    b.raisePoint->erase();
    b.raised = false;
    b.check(b.notBool(condition), b.raisedException, b.raisedMessage);
  }
  return flow;
}

Flow Evaluator::runIf(script::IfOp op, Env &env) {
  AV condition = get(op.getCondition(), env);
  std::vector<AV> out;
  if (condition.isTensor())
    condition = b.item(b.read(condition));
  if (condition.is(AV::Kind::Int)) // a one-element integer tensor
    condition = b.compareInt(arith::CmpIPredicate::ne, condition.getInt(), b.size(0));
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

  // A branch that always raises is a check; the other one is then the program.
  for (bool then : {true, false}) {
    Region &raising = then ? op.getThenRegion() : op.getElseRegion();
    Region &other = then ? op.getElseRegion() : op.getThenRegion();
    if (!alwaysRaises(raising))
      continue;
    Flow flow = runBranch(raising, then ? condition : b.notBool(condition), env, out);
    if (flow == Flow::Failed)
      return flow;
    if (b.raised)
      return Flow::Raised;
    out.clear();
    flow = runBlock(other.front(), env, out);
    set(op.getResults(), out, env);
    return flow;
  }

  std::vector<AV> other;
  Flow thenFlow = runBranch(op.getThenRegion(), condition, env, out);
  if (thenFlow == Flow::Failed || b.raised)
    return b.raised ? Flow::Raised : thenFlow;
  b.loc = op.getLoc();
  Flow elseFlow = thenFlow == Flow::Raised ? runBlock(op.getElseRegion().front(), env, other)
                                           : runBranch(op.getElseRegion(), b.notBool(condition), env, other);
  if (elseFlow == Flow::Failed || b.raised)
    return b.raised ? Flow::Raised : elseFlow;
  if (thenFlow == Flow::Raised || elseFlow == Flow::Raised) {
    set(op.getResults(), thenFlow == Flow::Raised ? other : out, env);
    return Flow::Normal;
  }
  b.loc = op.getLoc();
  std::vector<AV> merged;
  for (auto [x, y] : llvm::zip(out, other)) {
    if (x.isUnknown() || y.isUnknown()) {
      merged.push_back(x.isUnknown() ? y : x); // uninitialised on one side
      continue;
    }
    std::optional<AV> v = merge(condition, x, y);
    if (!v)
      return unsupported(*op, "data-dependent control flow is not compiled yet: the branches give a " + typeName(x) +
                                  " and a " + typeName(y) + " that cannot be merged", env);
    merged.push_back(*v);
  }
  set(op.getResults(), merged, env);
  return Flow::Normal;
}

std::optional<AV> Evaluator::merge(const AV &condition, const AV &x, const AV &y) {
  using Kind = AV::Kind;
  if (x.same(y) || (!x.identity() && constantEqual(x, y).value_or(false)))
    return x;
  // Texts, and values that may be None, are objects of the runtime.
  auto isObject = [](const AV &v) { return v.isRuntime() || v.is(Kind::Str); };
  if (isObject(x) || isObject(y) || (x.isNone() != y.isNone() && (x.isNumber() || y.isNumber()))) {
    TypeSpec type = unify(specOf(x), specOf(y));
    if (type.kind == Spec::Unknown || x.is(Kind::List) || x.is(Kind::Dict) || y.is(Kind::List) || y.is(Kind::Dict))
      return std::nullopt;
    return runtimeValue(
        arith::SelectOp::create(b.b, b.loc, b.toI1(condition), toObject(b, x), toObject(b, y)), type);
  }
  if (x.kind() != y.kind())
    return std::nullopt;
  Value c = b.toI1(condition);
  switch (x.kind()) {
  case Kind::Int:
    return AV::integer(b.selectInt(condition, x.getInt(), y.getInt()));
  case Kind::Float:
    return AV::runtime(arith::SelectOp::create(b.b, b.loc, c, b.toF64(x), b.toF64(y)));
  case Kind::Bool:
    return AV::runtime(arith::SelectOp::create(b.b, b.loc, c, b.toI1(x), b.toI1(y)));
  case Kind::Tensor: {
    Value l = b.read(x), r = b.read(y);
    if (b.dtype(l) != b.dtype(r) || b.rank(l) != b.rank(r))
      return std::nullopt;
    for (auto [m, n] : llvm::zip(b.sizes(l), b.sizes(r)))
      if (!equal(m, n))
        return std::nullopt;
    Value flag = graph::FromScalarOp::create(b.b, b.loc, b.tensorType({}, int64_t(DType::Bool)), c);
    return b.fresh(b.where(flag, l, r));
  }
  case Kind::Tuple: {
    auto &l = x.elements(), &r = y.elements();
    if (l.size() != r.size())
      return std::nullopt;
    auto merged = std::make_shared<TupleObject>(x.getTuple());
    for (size_t i = 0; i < l.size(); ++i) {
      std::optional<AV> e = merge(condition, l[i], r[i]);
      if (!e)
        return std::nullopt;
      merged->elements[i] = *e;
    }
    return AV::tuple(merged);
  }
  case Kind::List: {
    auto &l = x.elements(), &r = y.elements();
    if (l.size() != r.size())
      return std::nullopt;
    std::vector<AV> merged;
    for (size_t i = 0; i < l.size(); ++i) {
      std::optional<AV> e = merge(condition, l[i], r[i]);
      if (!e)
        return std::nullopt;
      merged.push_back(*e);
    }
    return AV::list(std::move(merged));
  }
  default:
    return std::nullopt;
  }
}

Flow Evaluator::runLoop(script::LoopOp op, Env &env) {
  std::optional<int64_t> trips = get(op.getMaxTrip(), env).knownInt();
  AV condition = get(op.getCondition(), env);
  SmallVector<AV> carried = getAll(op.getInits(), env);
  if (get(op.getMaxTrip(), env).isUnknown()) {
    set(op.getResults(), {}, env);
    return Flow::Normal;
  }
  if (!trips)
    return unsupported(*op, "a loop whose number of iterations depends on sizes or data is not compiled yet", env);
  Block &body = op.getBody().front();
  for (int64_t i = 0; i < *trips; ++i) {
    if (condition.isUnknown())
      break;
    std::optional<bool> go = condition.knownBool();
    if (!go)
      return unsupported(*op, "data-dependent control flow is not compiled yet: the loop's condition depends on data",
                         env);
    if (!*go)
      break;
    if (++iterations > options.maxUnrolledIterations) {
      offenders.add(op.getLoc(), "the loop has too many iterations to be unrolled (more than " +
                                     Twine(options.maxUnrolledIterations) + " in the method)");
      return Flow::Failed;
    }
    env[body.getArgument(0)] = AV::integer(i, b.context());
    for (auto [arg, value] : llvm::zip(body.getArguments().drop_front(), carried))
      env[arg] = value;
    std::vector<AV> out;
    if (Flow flow = runBlock(body, env, out); flow != Flow::Normal)
      return flow;
    condition = out[0];
    carried.assign(out.begin() + 1, out.end());
  }
  set(op.getResults(), carried, env);
  return Flow::Normal;
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
