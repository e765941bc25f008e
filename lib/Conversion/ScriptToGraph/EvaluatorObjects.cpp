//===- EvaluatorObjects.cpp - objects that data chooses ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An instance of a class that is chosen by data, or that a list or dict of
// run-time length holds, is an object of the runtime: its attributes in order.
// A tensor whose dtype or rank depends on data is one of a few: an operator on
// it is evaluated for each.
#include "Evaluator.h"
#include "RuntimeValue.h"

#include "dialects/Task/Task.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Flow = Evaluator::Flow;

/// The attribute's place; nullopt: it has none.
static std::optional<size_t> placeOf(GraphBuilder &b, const TypeSpec &type, StringRef name) {
  auto it = llvm::find(type.names, name);
  if (type.kind == Spec::Object && it != type.names.end())
    return it - type.names.begin();
  b.unsupported(type.kind == Spec::Object ? "the object that data chooses has no such attribute yet"
                                          : "of a value whose class is known at run time only");
  return std::nullopt;
}

AV Evaluator::readAttribute(const AV &object, StringRef name, Type declared) {
  const RuntimeObject &o = object.getRuntime();
  std::optional<size_t> at = placeOf(b, o.type, name);
  if (!at)
    return AV::unknown();
  // Another name of the object may have put in what is not known here: the
  // declared type has room for it.
  TypeSpec type = o.type.children[*at], wide = specOfEmpty(declared);
  if (!isOpen(wide))
    type = unify(type, wide);
  Value field = callRuntime(b, "tuple_get", {o.handle, constantI64(b, *at)}, task::ObjectType::get(b.context()));
  return fromObject(b, field, type);
}

void Evaluator::writeAttribute(const AV &object, StringRef name, const AV &value) {
  std::optional<size_t> at = placeOf(b, object.getRuntime().type, name);
  if (!at)
    return;
  TypeSpec known = object.getRuntime().type, wide = unify(known.children[*at], specOf(value));
  if (isOpen(wide))
    return b.unsupported("a " + typeName(value) + " becomes an attribute of an object that data chooses");
  if (!isSame(wide, known.children[*at])) {
    ++b.widenings;
    object.getRuntime().type.children[*at] = wide;
  }
  materializeParts(b, value);
  callRuntime(b, "tuple_set", {object.getRuntime().handle, constantI64(b, *at), toObject(b, value)});
}

Flow Evaluator::runOnVariants(script::AtenOp op, ArrayRef<AV> args, unsigned index, std::vector<AV> &results) {
  const RuntimeObject &object = args[index].getRuntime();
  SmallVector<AV> rest(args);
  const std::vector<TypeSpec> variants = object.type.children;
  Value handle = object.handle;
  Int kind = b.fromSSA(callRuntime(b, "tensor_kind", {handle}, b.b.getI64Type()), {0, 64 * 64});
  std::function<Flow(size_t, std::vector<AV> &)> from = [&](size_t k, std::vector<AV> &out) -> Flow {
    auto use = [&](std::vector<AV> &values) -> Flow {
      SmallVector<AV> one(rest);
      one[index] = fromObject(b, handle, variants[k]);
      Flow flow = runOperatorOn(op, one, values);
      if (b.unsupportedReason) {
        offenders.add(op.getLoc(), "'" + op.getName() + "' is not supported here yet: " + *b.unsupportedReason);
        b.unsupportedReason.reset();
      }
      return flow;
    };
    if (k + 1 == variants.size())
      return use(out);
    int64_t code = variants[k].dtype * 64 + int64_t(variants[k].dims.size());
    AV isIt = b.compareInt(arith::CmpIPredicate::eq, kind, b.size(code));
    return runBranch(op, isIt, use, [&](std::vector<AV> &values) { return from(k + 1, values); }, out);
  };
  return from(0, results);
}

std::optional<AV> Evaluator::chooseModule(ArrayRef<AV> args) {
  bool byName = args[1].isRuntime() && args[1].getRuntime().type.kind == Spec::Str;
  bool byPlace = args[1].is(AV::Kind::Int) && !args[1].knownInt();
  if (!args[0].is(AV::Kind::Object) || !(byName || byPlace))
    return std::nullopt;
  ModuleChoice modules;
  AV any = AV::boolean(false);
  Value key = toObject(b, args[1]);
  for (auto &[name, module] : args[0].getObject()->attributes) {
    int64_t place = 0;
    if (!module.is(AV::Kind::Object) || (byPlace && StringRef(name).getAsInteger(10, place)))
      continue;
    AV isIt = byPlace ? b.compareInt(arith::CmpIPredicate::eq, args[1].getInt(), b.size(place))
                      : AV::runtime(callRuntime(b, "equal", {key, toObject(b, AV::str(name))}, b.b.getI1Type()));
    any = b.orBool(any, isIt);
    modules.push_back({isIt, module});
  }
  if (modules.empty())
    return std::nullopt;
  b.check(any, "RuntimeError", "the container does not have a module at this place");
  moduleChoices[key] = std::move(modules);
  return runtimeValue(key, simple(Spec::Object));
}

Flow Evaluator::callOnChoice(Location loc, const ModuleChoice &modules, StringRef method, ArrayRef<AV> args,
                             std::vector<AV> &results) {
  const ModuleChoice all = modules; // calls may choose others
  std::function<Flow(size_t, std::vector<AV> &)> from = [&](size_t k, std::vector<AV> &out) -> Flow {
    auto call = [&](std::vector<AV> &values) { return callMethod(loc, all[k].second, method, args, values); };
    if (k + 1 == all.size())
      return call(out);
    auto rest = [&](std::vector<AV> &values) { return from(k + 1, values); };
    return runBranch(frames.back().op, all[k].first, call, rest, out);
  };
  return from(0, results);
}
