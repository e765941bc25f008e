//===- Evaluator.cpp - runs script ops at compile time ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Evaluator.h"
#include "Custom.h"
#include "EvaluatorModes.h"
#include "RuntimeValue.h"

#include "ingot/Support/SourceLine.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Flow = Evaluator::Flow;

/// Calls nest at most this deep: TorchScript allows recursion.
static constexpr unsigned maxDepth = 200;

void Offenders::add(Location loc, const Twine &what) {
  auto entry = std::make_pair(loc, what.str());
  if (!llvm::is_contained(entries, entry))
    entries.push_back(std::move(entry));
}

void Offenders::emit(Location loc) const {
  if (entries.size() == 1) {
    emitError(entries[0].first) << entries[0].second;
    return;
  }
  InFlightDiagnostic error = emitError(loc) << entries.size() << " things in the program cannot be compiled yet";
  for (auto &[where, what] : entries)
    error.attachNote(where) << what;
}

AV &Evaluator::get(Value v, Env &env) {
  auto it = env.find(v);
  assert(it != env.end() && "operands are evaluated before their users");
  return it->second;
}

SmallVector<AV> Evaluator::getAll(ValueRange values, Env &env) {
  SmallVector<AV> out;
  for (Value v : values)
    out.push_back(get(v, env));
  return out;
}

void Evaluator::set(ValueRange results, ArrayRef<AV> values, Env &env) {
  for (auto [i, r] : llvm::enumerate(results)) {
    AV v = i < values.size() ? values[i] : AV::unknown();
    noteType(v, r.getType());
    env[r] = v;
  }
}

void Evaluator::noteType(AV &v, Type type) {
  if (auto list = dyn_cast<script::ListType>(type); list && v.is(AV::Kind::List)) {
    if (!v.getList().elementType)
      v.getList().elementType = list.getElementType();
  } else if (auto dict = dyn_cast<script::DictType>(type); dict && v.is(AV::Kind::Dict)) {
    if (!v.getDict().keyType) {
      v.getDict().keyType = dict.getKeyType();
      v.getDict().valueType = dict.getValueType();
    }
  }
}

Flow Evaluator::unsupported(Operation &op, const Twine &what, Env &env) {
  offenders.add(op.getLoc(), what);
  set(op.getResults(), {}, env);
  return Flow::Normal;
}

Flow Evaluator::settle(Operation &op, StringRef what, Env &env) {
  if (b.unsupportedReason) {
    std::string reason = std::move(*b.unsupportedReason);
    b.unsupportedReason.reset();
    return unsupported(
        op, what + (reason.empty() ? Twine(" is not supported yet") : Twine(" is not supported here yet: ") + reason),
        env);
  }
  return b.raised ? Flow::Raised : Flow::Normal;
}

AV Evaluator::constant(Attribute value, Type type) {
  if (auto optional = dyn_cast<script::OptionalType>(type)) {
    if (isa<UnitAttr>(value))
      return AV::none();
    return constant(value, optional.getElementType());
  }
  if (auto list = dyn_cast<script::ListType>(type)) {
    std::vector<AV> elements;
    if (auto array = dyn_cast<ArrayAttr>(value))
      for (Attribute e : array)
        elements.push_back(constant(e, list.getElementType()));
    return AV::list(std::move(elements));
  }
  if (auto tuple = dyn_cast<script::TupleType>(type)) {
    std::vector<AV> elements;
    if (auto array = dyn_cast<ArrayAttr>(value))
      for (auto [e, t] : llvm::zip(array, tuple.getTypes()))
        elements.push_back(constant(e, t));
    return AV::tuple(std::move(elements));
  }
  if (auto e = dyn_cast<script::EnumType>(type)) {
    auto pair = cast<ArrayAttr>(value);
    return AV::enumMember(e.getName().str(), cast<StringAttr>(pair[0]).str(),
                          constant(pair[1], NoneType::get(type.getContext())));
  }
  if (isa<script::GeneratorType>(type))
    if (auto seed = dyn_cast<IntegerAttr>(value))
      return runOperator(b, "aten::Generator", {AV::none(), AV::integer(seed.getInt(), b.context())})[0];
    else
      return AV::none();
  if (auto s = dyn_cast<StringAttr>(value))
    return AV::text(isa<script::DeviceType>(type) ? AV::Kind::Device : AV::Kind::Str, s.str());
  if (isa<UnitAttr>(value))
    return AV::none();
  if (auto flag = dyn_cast<BoolAttr>(value))
    return AV::boolean(flag.getValue());
  if (auto i = dyn_cast<IntegerAttr>(value))
    return AV::integer(i.getInt(), b.context());
  if (auto f = dyn_cast<FloatAttr>(value))
    return AV::real(f.getValueAsDouble());
  if (auto f = dyn_cast<FlatSymbolRefAttr>(value))
    return AV::text(AV::Kind::Function, f.getValue().str());
  if (auto dense = dyn_cast<DenseElementsAttr>(value))
    return b.fresh(b.constant(dense));
  if (auto pair = dyn_cast<ArrayAttr>(value); pair && pair.size() == 2 && isa<FloatAttr>(pair[0]))
    return AV::complexNumber(cast<FloatAttr>(pair[0]).getValueAsDouble(), cast<FloatAttr>(pair[1]).getValueAsDouble());
  return AV::unknown();
}

AV Evaluator::constant(script::ConstantOp op) {
  b.loc = op.getLoc();
  AV v = constant(op.getValue(), op.getType());
  if (v.isUnknown())
    offenders.add(op.getLoc(), "a constant of this kind is not supported yet");
  return v;
}

AV Evaluator::evaluateInstance() {
  for (auto instance : script.getOps<script::InstanceOp>()) {
    Env env;
    std::vector<AV> out;
    weights.inInstance = true;
    Flow flow = runBlock(instance.getBody().front(), env, out);
    weights.inInstance = false;
    if (flow == Flow::Normal && !out.empty()) {
      weights.nameFrom(out[0]);
      return out[0];
    }
  }
  return AV::none();
}

Flow Evaluator::callFunction(StringRef symbol, Location loc, ArrayRef<AV> args, std::vector<AV> &results) {
  auto fn = symbols.lookup<func::FuncOp>(symbol);
  if (!fn || fn.isExternal()) {
    offenders.add(loc, "function '" + symbol + "' is not in the program");
    return Flow::Failed;
  }
  if (depth >= maxDepth) {
    offenders.add(loc, "calls nest deeper than " + Twine(maxDepth) +
                           ": recursion that does not end at compile time is not compiled yet");
    return Flow::Failed;
  }
  Env env;
  for (auto [i, arg] : llvm::enumerate(fn.getArguments())) {
    if (i < args.size())
      env[arg] = args[i];
    else if (Attribute value = fn.getArgAttr(i, "script.default"))
      env[arg] = constant(value, arg.getType());
    else
      env[arg] = AV::unknown();
  }
  ++depth;
  Flow flow = runBlock(fn.getBody().front(), env, results);
  --depth;
  return flow;
}

void Evaluator::prepare() {
  // Weights of the code exist before any branch, whichever meets them first.
  script.walk([&](script::WeightOp op) {
    weights.get(op, b);
    b.unsupportedReason.reset();
  });
}

Flow Evaluator::runBlock(Block &block, Env &env, std::vector<AV> &yielded) {
  frames.push_back({&env, nullptr});
  auto leave = llvm::make_scope_exit([&] { frames.pop_back(); });
  for (Operation &op : block) {
    frames.back().op = &op;
    if (isa<script::YieldOp, func::ReturnOp>(op)) {
      SmallVector<AV> values = getAll(op.getOperands(), env);
      yielded.assign(values.begin(), values.end());
      return Flow::Normal;
    }
    if (Flow flow = run(op, env); flow != Flow::Normal)
      return flow;
  }
  return Flow::Normal;
}

Flow Evaluator::run(Operation &op, Env &env) {
  b.loc = op.getLoc();
  std::vector<AV> results;
  return llvm::TypeSwitch<Operation *, Flow>(&op)
      .Case([&](script::AtenOp aten) { return runAten(aten, env); })
      .Case([&](script::ConstantOp c) {
        env[c.getResult()] = constant(c);
        return Flow::Normal;
      })
      .Case([&](script::WeightOp w) {
        AV weight = weights.get(w, b);
        // A tensor without dimensions in TorchScript's code is a number that tracing met.
        auto format = script->getAttrOfType<StringAttr>("script.format");
        if (weight.isTensor() && !weights.inInstance && w.getSizes().empty() && format && format == "pt")
          weight.getTensor()->wrappedNumber = true;
        env[w.getResult()] = std::move(weight);
        return settle(op, "a weight", env);
      })
      .Case([&](script::ObjectOp o) {
        auto object = std::make_shared<InstanceObject>();
        object->className = o.getType().getName().str();
        object->isModule = o.getIsModule();
        object->persistent = weights.inInstance;
        for (auto [name, value] : llvm::zip(o.getNames(), o.getValues()))
          object->attributes.push_back({cast<StringAttr>(name).str(), get(value, env)});
        auto strings = [](std::optional<ArrayAttr> names, std::vector<std::string> &out) {
          if (names)
            for (Attribute n : *names)
              out.push_back(cast<StringAttr>(n).str());
        };
        strings(o.getParameters(), object->parameters);
        strings(o.getBuffers(), object->buffers);
        env[o.getResult()] = AV::object(std::move(object));
        return Flow::Normal;
      })
      .Case([&](script::NewOp n) {
        auto object = std::make_shared<InstanceObject>();
        object->className = n.getType().getName().str();
        env[n.getResult()] = AV::object(std::move(object));
        return Flow::Normal;
      })
      .Case([&](script::ListOp l) {
        SmallVector<AV> e = getAll(l.getElements(), env);
        AV list = AV::list({e.begin(), e.end()});
        list.getList().persistent = weights.inInstance;
        noteType(list, l.getType());
        env[l.getResult()] = list;
        return Flow::Normal;
      })
      .Case([&](script::TupleOp t) {
        SmallVector<AV> e = getAll(t.getElements(), env);
        AV tuple = AV::tuple(std::vector<AV>(e.begin(), e.end()));
        auto type = cast<script::TupleType>(t.getType());
        if (type.getNames())
          for (Attribute n : type.getNames())
            tuple.getTuple().names.push_back(cast<StringAttr>(n).str());
        if (type.getClassName())
          tuple.getTuple().className = type.getClassName().str();
        env[t.getResult()] = tuple;
        return Flow::Normal;
      })
      .Case([&](script::DictOp d) {
        AV dict = AV::dict();
        SmallVector<AV> e = getAll(d.getElements(), env);
        for (size_t i = 0; i + 1 < e.size(); i += 2) {
          if (!dict.getDict().decides(e[i])) {
            // Which entries are one, is decided at run time.
            noteType(dict, d.getType());
            TypeSpec type = specOf(dict);
            for (size_t k = i; k + 1 < e.size(); k += 2) {
              type.children[0] = dict.getDict().entries.empty() ? specOf(e[k]) : unify(type.children[0], specOf(e[k]));
              type.children[1] =
                  dict.getDict().entries.empty() ? specOf(e[k + 1]) : unify(type.children[1], specOf(e[k + 1]));
            }
            materialize(b, dict, &type);
            for (size_t k = i; dict.isRuntime() && k + 1 < e.size(); k += 2)
              callRuntime(
                  b, "dict_set",
                  {dict.getRuntime().handle, toSlot(b, e[k], type.children[0]), toSlot(b, e[k + 1], type.children[1])});
            env[d.getResult()] = dict;
            return settle(op, "a dict", env);
          }
          int at = dict.getDict().find(e[i]);
          if (at >= 0)
            dict.getDict().entries[at].second = e[i + 1];
          else
            dict.getDict().entries.push_back({e[i], e[i + 1]});
        }
        dict.getDict().persistent = weights.inInstance;
        noteType(dict, d.getType());
        env[d.getResult()] = dict;
        return Flow::Normal;
      })
      .Case([&](script::UnpackOp u) { return runUnpack(u, env); })
      .Case([&](script::TupleIndexOp t) {
        AV &tuple = get(t.getTuple(), env);
        std::optional<int64_t> i = get(t.getIndex(), env).knownInt();
        if (!tuple.is(AV::Kind::Tuple) || !i)
          return unsupported(op, "a tuple index that depends on data is not supported", env);
        int64_t size = tuple.elements().size(), at = *i < 0 ? *i + size : *i;
        if (at < 0 || at >= size) {
          b.raise("IndexError", "Tuple index out of range");
          return Flow::Raised;
        }
        AV e = tuple.elements()[at];
        env[t.getResult()] = e;
        return Flow::Normal;
      })
      .Case([&](script::TupleSliceOp t) {
        AV tuple = get(t.getTuple(), env);
        std::vector<AV> part;
        if (!tuple.is(AV::Kind::Tuple) && !tuple.isUnknown())
          return unsupported(op, "a part of a " + typeName(tuple) + " is not supported", env);
        if (!tuple.isUnknown())
          part.assign(tuple.elements().begin() + t.getBegin(), tuple.elements().begin() + t.getEnd());
        env[t.getResult()] = AV::tuple(std::move(part));
        return Flow::Normal;
      })
      .Case([&](script::GetAttrOp g) {
        AV object = get(g.getObject(), env);
        if (Flow flow = waitIfTask(op.getLoc(), object); flow != Flow::Normal)
          return flow;
        if (object.isRuntime()) {
          env[g.getResult()] = readAttribute(object, g.getName(), g.getType());
          return settle(op, ("attribute '" + g.getName() + "'").str(), env);
        }
        AV *value = object.is(AV::Kind::Object) ? object.getObject()->find(g.getName().str()) : nullptr;
        if (!value && object.isUnknown())
          set(op.getResults(), {}, env);
        else if (!value)
          return unsupported(op, "the object has no attribute '" + g.getName() + "'", env);
        else
          env[g.getResult()] = AV(*value);
        return Flow::Normal;
      })
      .Case([&](script::SetAttrOp s) {
        AV object = get(s.getObject(), env);
        if (Flow flow = waitIfTask(op.getLoc(), object); flow != Flow::Normal)
          return flow;
        if (object.isRuntime()) {
          writeAttribute(object, s.getName(), get(s.getValue(), env));
          return settle(op, ("attribute '" + s.getName() + "'").str(), env);
        }
        if (!object.is(AV::Kind::Object))
          return Flow::Normal;
        InstanceObject &o = *object.getObject();
        if (o.frozen) {
          b.toThaw.insert(o.frozen);
          return unsupported(op, "it changes an object that may be another one too, depending on data", env);
        }
        AV value = get(s.getValue(), env);
        if (o.persistent)
          weights.attributeWrites.push_back({op.getLoc(), object.getObject(), s.getName().str()});
        if (AV *slot = o.find(s.getName().str()))
          *slot = value;
        else
          o.attributes.push_back({s.getName().str(), value});
        return Flow::Normal;
      })
      .Case([&](script::CallOp c) {
        SmallVector<AV> args = getAll(c.getArguments(), env);
        Flow flow = callFunction(c.getCallee(), op.getLoc(), args, results);
        set(op.getResults(), results, env);
        return flow;
      })
      .Case([&](script::CallMethodOp c) {
        SmallVector<AV> args = getAll(c.getArguments(), env);
        Flow flow = callMethod(op.getLoc(), get(c.getObject(), env), c.getMethod(), args, results);
        set(op.getResults(), results, env);
        return flow;
      })
      .Case([&](script::CallValueOp c) {
        AV callee = get(c.getCallee(), env);
        if (!callee.is(AV::Kind::Function))
          return unsupported(op, "calls a value that is not known to be a function", env);
        SmallVector<AV> args = getAll(c.getArguments(), env);
        Flow flow = callFunction(callee.getString(), op.getLoc(), args, results);
        set(op.getResults(), results, env);
        return flow;
      })
      .Case([&](script::IfOp i) { return runIf(i, env); })
      .Case([&](script::LoopOp l) { return runLoop(l, env); })
      .Case([&](script::RaiseOp r) { return runRaise(r, env); })
      .Case([&](script::UninitializedOp u) {
        env[u.getResult()] = AV::unknown();
        return Flow::Normal;
      })
      .Case([&](script::CastOp c) {
        AV v = get(c.getValue(), env);
        std::optional<AV> narrowed = narrow(b, v, [&](const TypeSpec &one) { return isInstanceOf(one, c.getType()); });
        if (!narrowed)
          return unsupported(op, "a cast to a type that is known at run time only is not supported", env);
        v = *narrowed;
        // Known not to be None from here on.
        if (!isa<script::OptionalType, script::AnyType, script::UnionType, NoneType>(c.getType()))
          v = unwrapOptional(b, v);
        env[c.getResult()] = v;
        return settle(op, "a cast", env);
      })
      .Case([&](script::IsInstanceOp i) { return runIsInstance(i, env); })
      .Case([&](script::EnterOp e) {
        AV object = get(e.getObject(), env);
        if (isAutocast(object))
          return enterAutocast(op, object, env);
        Flow flow = callMethod(op.getLoc(), object, "__enter__", {}, results);
        set(op.getResults(), results, env);
        return flow;
      })
      .Case([&](script::ExitOp e) {
        SmallVector<AV> nones(3, AV::none());
        if (isAutocast(get(e.getObject(), env)))
          b.modes.autocast.pop_back();
        return callMethod(op.getLoc(), get(e.getObject(), env), "__exit__", nones, results);
      })
      .Case([&](script::ForkOp f) { return runFork(f, env); })
      .Case([&](script::AwaitableOp a) {
        auto task = std::make_shared<TaskObject>();
        task->isAwait = true;
        task->callee = a.getCallee().str();
        SmallVector<AV> args = getAll(a.getArguments(), env);
        task->arguments.assign(args.begin(), args.end());
        env[a.getResult()] = AV::task(std::move(task));
        return Flow::Normal;
      })
      .Case([&](script::AwaitableNowaitOp a) {
        env[a.getResult()] = AV::doneTask(get(a.getValue(), env), /*isAwait=*/true);
        return Flow::Normal;
      })
      .Case([&](script::WaitOp w) {
        AV result;
        AV task = get(w.getTask(), env);
        Flow flow = wait(op.getLoc(), task, result);
        env[w.getResult()] = result;
        return flow;
      })
      .Default([&](Operation *) {
        return unsupported(op, "'" + op.getName().getStringRef() + "' is not supported yet", env);
      });
}

Flow Evaluator::runAten(script::AtenOp op, Env &env) {
  StringRef name = op.getName();
  SmallVector<AV> args = getAll(op.getArguments(), env);
  // Awaits stand for their values as arguments of operators.
  if (name != "aten::wait" && name != "prim::awaitable_wait")
    for (AV &a : args)
      if (a.is(AV::Kind::Task) && a.getTask().isAwait)
        if (Flow flow = waitIfTask(op.getLoc(), a); flow != Flow::Normal)
          return flow;
  if (name == "aten::wait" || name == "prim::awaitable_wait") {
    AV result;
    Flow flow = wait(op.getLoc(), args[0], result);
    set(op.getResults(), {result}, env);
    return flow;
  }
  if (name == "prim::awaitable_nowait") {
    set(op.getResults(), {AV::doneTask(args[0], /*isAwait=*/true)}, env);
    return Flow::Normal;
  }
  bool sorts = name == "aten::sort.any" || name == "aten::sorted.any";
  if (sorts && args[0].is(AV::Kind::List) && !args[0].elements().empty() &&
      llvm::all_of(args[0].elements(), [](const AV &e) { return e.is(AV::Kind::Object); })) {
    AV list = name == "aten::sort.any" ? args[0] : AV::list(args[0].elements());
    Flow flow = sortObjects(*op, list, args.size() > 1 ? args[1] : AV::boolean(false));
    if (name != "aten::sort.any")
      set(op.getResults(), {list}, env);
    return flow;
  }
  std::vector<AV> results;
  if (name.starts_with("prim::ModuleContainerIndex"))
    if (std::optional<AV> module = chooseModule(args)) {
      set(op.getResults(), {*module}, env);
      return settle(*op, ("'" + name + "'").str(), env);
    }
  Flow flow = runOperatorOn(op, args, results);
  set(op.getResults(), results, env);
  return flow == Flow::Normal ? settle(*op, ("'" + name + "'").str(), env) : flow;
}

Flow Evaluator::runOperatorOn(script::AtenOp op, ArrayRef<AV> given, std::vector<AV> &results) {
  StringRef name = op.getName();
  SmallVector<AV> args(given);
  autocastArguments(b, name, args);
  const schema::CustomOperator *custom = schema::lookupCustom(name);
  if (!custom && (!isRuntimeOperator(name) || name.starts_with("aten::_unwrap") || name.starts_with("prim::unchecked")))
    for (auto [i, arg] : llvm::enumerate(args))
      if (arg.isRuntime() && arg.getRuntime().type.kind == Spec::Tensor && !arg.getRuntime().type.children.empty() &&
          name != "prim::unchecked_cast")
        return runOnVariants(op, args, i, results);
  if (auto exception = op->getAttrOfType<StringAttr>("script.exception"))
    b.assertException = exception.str();
  if (op->getNumResults() == 1 && op->getResult(0).hasOneUse())
    if (auto unpack = dyn_cast<script::UnpackOp>(*op->getResult(0).user_begin()))
      b.unpackedTo = unpack.getNumResults();
  auto blamed = b.staticInputs;
  results = custom ? runCustomOperator(b, *custom, args, op->getAttrOfType<ArrayAttr>("script.result_types"))
                   : runOperator(b, name, args);
  b.assertException.clear();
  b.unpackedTo = 0;
  if (b.unsupportedReason && !b.raised) {
    std::string reason = std::move(*b.unsupportedReason);
    b.unsupportedReason.reset();
    // What a choice decides needs no input of known structure, unless the choice is refused.
    std::swap(blamed, b.staticInputs);
    if (std::optional<Choice> choice = findChoice(name, args)) {
      size_t before = offenders.size();
      Flow flow = runOnChoices(op, args, *choice, results);
      if (offenders.size() != before)
        b.staticInputs.insert(blamed.begin(), blamed.end());
      return flow;
    }
    std::swap(blamed, b.staticInputs);
    b.unsupportedReason = std::move(reason);
  }
  if (options.report) {
    options.report->uses.push_back({name.str(), sourceLine(op.getLoc()),
                                    b.unsupportedReason ? "refused"
                                    : custom            ? "custom"
                                                        : "native",
                                    b.unsupportedReason.value_or("")});
  }
  return b.raised && !b.unsupportedReason ? Flow::Raised : Flow::Normal;
}

Flow Evaluator::runUnpack(script::UnpackOp op, Env &env) {
  AV container = get(op.getContainer(), env);
  if (container.isUnknown()) {
    set(op.getResults(), {}, env);
    return Flow::Normal;
  }
  if (container.isRuntime() && container.getRuntime().type.kind == Spec::List) {
    Value handle = container.getRuntime().handle;
    auto number = [&](int64_t i) -> Value { return arith::ConstantOp::create(b.b, b.loc, b.b.getI64IntegerAttr(i)); };
    const TypeSpec element = container.getRuntime().type.children[0];
    callRuntime(b, "expect_length", {handle, number(op.getNumResults())});
    SmallVector<AV> values;
    for (unsigned i = 0; i < op.getNumResults(); ++i)
      values.push_back(fromSlot(b, callRuntime(b, "list_get", {handle, number(i)}, slotType(b, element)), element));
    set(op.getResults(), values, env);
    return settle(*op, "unpacking a list", env);
  }
  if (!container.is(AV::Kind::List) && !container.is(AV::Kind::Tuple))
    return unsupported(*op, "a " + typeName(container) + " cannot be unpacked", env);
  auto &elements = container.elements();
  if (elements.size() != op.getNumResults()) {
    b.raise("RuntimeError",
            "Expected " + Twine(op.getNumResults()) + " elements in a list but found " + Twine(elements.size()));
    return Flow::Raised;
  }
  set(op.getResults(), elements, env);
  return Flow::Normal;
}

Flow Evaluator::runRaise(script::RaiseOp op, Env &env) {
  AV message = get(op.getMessage(), env);
  std::string type = "Exception";
  if (auto e = op.getException())
    type = e->str();
  else if (op.getClassName() && get(op.getClassName(), env).is(AV::Kind::Str))
    type = get(op.getClassName(), env).getString();
  // "builtins.ValueError" is ValueError; a class of the program keeps its name.
  type = StringRef(type).rsplit('.').second.empty() ? type : StringRef(type).rsplit('.').second.str();
  if (message.isRuntime()) {
    // The text is known at run time; the error below is never reached.
    callRuntime(b, "check_text", {b.toI1(AV::boolean(false)), toObject(b, message)}, {}, StringRef(type));
  }
  b.raise(type, message.is(AV::Kind::Str) ? message.getString() : "");
  return Flow::Raised;
}

Flow Evaluator::sortObjects(Operation &op, AV &list, const AV &descending) {
  std::optional<bool> reverse = descending.knownBool();
  std::vector<AV> sorted;
  for (const AV &element : std::vector<AV>(list.elements())) {
    size_t at = sorted.size();
    for (; reverse && at > 0; --at) { // behind its equals
      const AV &before = sorted[at - 1];
      std::vector<AV> less;
      Flow flow = callMethod(op.getLoc(), *reverse ? before : element, "__lt__", {*reverse ? element : before}, less);
      if (flow != Flow::Normal)
        return flow;
      std::optional<bool> known = less.empty() ? std::nullopt : less[0].knownBool();
      if (!known) {
        reverse.reset();
        break;
      }
      if (!*known)
        break;
    }
    sorted.insert(sorted.begin() + at, element);
  }
  if (!reverse) {
    offenders.add(op.getLoc(), "sorting objects by what depends on data is not compiled yet");
    return Flow::Normal;
  }
  if (list.getList().frozen)
    offenders.add(op.getLoc(), "it changes a container that may be another one too, depending on data");
  if (list.getList().persistent)
    b.persistentWrites.push_back({op.getLoc(), list.identity()});
  list.elements() = std::move(sorted);
  return Flow::Normal;
}

Flow Evaluator::callMethod(Location loc, AV object, StringRef method, ArrayRef<AV> args, std::vector<AV> &results) {
  if (Flow flow = waitIfTask(loc, object); flow != Flow::Normal)
    return flow;
  if (object.isUnknown())
    return Flow::Normal;
  if (object.isRuntime())
    if (auto choice = moduleChoices.find(object.getRuntime().handle); choice != moduleChoices.end())
      return callOnChoice(loc, choice->second, method, args, results);
  if (object.isRuntime() && object.getRuntime().type.kind == Spec::Object &&
      !object.getRuntime().type.className.empty()) {
    SmallVector<AV> all{object};
    all.append(args.begin(), args.end());
    return callFunction(object.getRuntime().type.className + "." + method.str(), loc, all, results);
  }
  if (!object.is(AV::Kind::Object)) {
    offenders.add(loc, "calls method '" + method.str() + "' of a " + typeName(object));
    return Flow::Failed;
  }
  SmallVector<AV> all{object};
  all.append(args.begin(), args.end());
  return callFunction(object.getObject()->className + "." + method.str(), loc, all, results);
}
