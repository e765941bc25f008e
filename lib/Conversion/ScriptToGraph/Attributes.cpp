//===- Attributes.cpp - attributes of the instance as state -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Attributes.h"
#include "RuntimeValue.h"

#include "ingot/ABI/object.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;

/// The state whose lock lets one call at a time have the instance's objects.
static constexpr const char *objectsLock = "ingot.objects";

std::string AttributeTable::keyOf(const InstanceObject &object, StringRef name) {
  return object.path.empty() ? name.str() : object.path + "." + name.str();
}

Type AttributeTable::typeOf(const InstanceObject &object, StringRef name) const {
  auto classes = script->getAttrOfType<DictionaryAttr>("script.classes");
  auto fields = classes ? classes.getAs<DictionaryAttr>(object.className) : DictionaryAttr();
  if (!fields)
    return {};
  for (auto [n, t] : llvm::zip(fields.getAs<ArrayAttr>("names"), fields.getAs<ArrayAttr>("types")))
    if (cast<StringAttr>(n).getValue() == name)
      return cast<TypeAttr>(t).getValue();
  return {};
}

/// Which attribute each container belongs to.
void AttributeTable::visit(const AV &value, const std::string &owner) {
  if (value.is(Kind::Object)) {
    const auto &object = value.getObject();
    if (!seen.insert(object.get()).second)
      return;
    holders[object->path] = object;
    for (auto &[name, v] : object->attributes) {
      std::string key = keyOf(*object, name);
      firsts[key] = v;
      visit(v, key);
    }
    return;
  }
  if (value.is(Kind::List) || value.is(Kind::Dict)) {
    auto [it, isNew] = owners.try_emplace(value.identity(), owner);
    if (!isNew && it->second != owner)
      ambiguous.insert(value.identity());
  }
  if (value.is(Kind::List) || value.is(Kind::Tuple))
    for (const AV &e : value.elements())
      visit(e, owner);
  else if (value.is(Kind::Dict))
    for (auto &[key, v] : value.getDict().entries)
      visit(v, owner);
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// The type of a value of which an empty container says nothing.
static TypeSpec openSpec(const AV &v) {
  TypeSpec s = specOf(v);
  if (v.is(Kind::List) && v.elements().empty())
    s.children.assign(1, TypeSpec());
  if (v.is(Kind::Dict) && v.getDict().entries.empty())
    s.children.assign(2, TypeSpec());
  return s;
}

static TypeSpec merged(const TypeSpec &a, const TypeSpec &b) {
  if (a.kind == Spec::Unknown || b.kind == Spec::Unknown)
    return a.kind == Spec::Unknown ? b : a;
  if (a.kind != b.kind || a.children.size() != b.children.size())
    return unify(a, b);
  TypeSpec out = unify(a, b);
  for (size_t i = 0; out.kind == a.kind && i < a.children.size(); ++i)
    out.children[i] = merged(a.children[i], b.children[i]);
  return out;
}

/// What values leave open, the script type says.
static TypeSpec completed(const TypeSpec &s, const TypeSpec &declared) {
  if (s.kind == Spec::Unknown)
    return declared;
  TypeSpec out = s;
  if (declared.kind == Spec::Optional && s.kind != Spec::Optional) {
    out = completed(s.kind == Spec::None ? TypeSpec() : s, declared.children[0]);
    return unify(out, simple(Spec::None));
  }
  if (declared.kind == s.kind && declared.children.size() == s.children.size())
    for (size_t i = 0; i < s.children.size(); ++i)
      out.children[i] = completed(s.children[i], declared.children[i]);
  return out;
}

/// Whether objects of type `a` are kept as those of `b`: with slots of one
/// kind.
static bool sameSlots(const TypeSpec &a, const TypeSpec &b) {
  if (b.kind == Spec::Optional)
    return sameSlots(a.kind == Spec::Optional ? a.children[0] : a, b.children[0]) || a.kind == Spec::None;
  if (a.kind != b.kind || (a.kind != Spec::List && a.kind != Spec::Dict && a.kind != Spec::Tuple))
    return a.kind == b.kind || a.kind == Spec::Unknown;
  if (a.children.size() != b.children.size())
    return false;
  for (auto [x, y] : llvm::zip(a.children, b.children))
    if ((a.kind != Spec::Tuple && x.kind != Spec::Unknown && slotKind(x) != slotKind(y)) || !sameSlots(x, y))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

void AttributeTable::loadNumber(State &state, AV &slot, GraphBuilder &b) {
  Type element = dtypeToType(state.dtype, b.context());
  auto type = RankedTensorType::get({}, element);
  if (state.symbol.empty() || !graph.lookupSymbol(state.symbol)) {
    if (state.symbol.empty())
      for (state.symbol = keyOf(*state.holder, state.name); graph.lookupSymbol(state.symbol);)
        state.symbol += "_";
    Builder &builder = b.b;
    Attribute value = slot.is(Kind::Int)    ? Attribute(builder.getI64IntegerAttr(slot.knownInt().value_or(0)))
                      : slot.is(Kind::Bool) ? Attribute(builder.getBoolAttr(slot.knownBool().value_or(false)))
                                            : builder.getF64FloatAttr(slot.knownDouble().value_or(0));
    weights.declareState(state.symbol, DenseElementsAttr::get(type, value), state.loc);
  }
  slot = b.item(graph::LoadStateOp::create(b.b, b.loc, type, FlatSymbolRefAttr::get(b.context(), state.symbol)));
}

/// What the method has is no longer the instance's: containers within containers too.
static void disown(const AV &v) {
  if (v.is(Kind::List))
    v.getList().persistent = false;
  if (v.is(Kind::List) || v.is(Kind::Tuple))
    for (const AV &e : v.elements())
      disown(e);
  if (!v.is(Kind::Dict))
    return;
  v.getDict().persistent = false;
  for (auto &[key, value] : v.getDict().entries)
    disown(value);
}

void AttributeTable::loadObject(State &state, AV &slot, GraphBuilder &b) {
  AV first = slot;
  if (first.is(Kind::List) || first.is(Kind::Dict)) {
    // A container of its own: what the instance has stays as it was saved.
    disown(first);
    first = materialize(b, first, &state.type);
  }
  Value index = constantI64(b, state.index);
  Value object = callRuntime(b, "state_object", {index, toObject(b, first)}, task::ObjectType::get(b.context()));
  state.loaded = object;
  slot = fromObject(b, object, state.type);
}

void AttributeTable::load(const AV &root, GraphBuilder &b) {
  holders.clear();
  firsts.clear();
  owners.clear();
  seen.clear();
  ambiguous.clear();
  visit(root, "");
  for (auto &[key, state] : states) {
    auto it = holders.find(state->object);
    if (it == holders.end())
      continue;
    state->holder = it->second;
    AV *slot = state->holder->find(state->name);
    if (!slot)
      continue;
    state->first = *slot;
    state->loaded = Value();
    if (state->form == State::Number)
      loadNumber(*state, *slot, b);
    else if (state->form == State::Object)
      loadObject(*state, *slot, b);
  }
}

//===----------------------------------------------------------------------===//
// Noting
//===----------------------------------------------------------------------===//

bool AttributeTable::add(const std::shared_ptr<InstanceObject> &object, StringRef name, Location loc) {
  std::string key = keyOf(*object, name);
  AV *now = object->find(name.str());
  auto first = firsts.find(key);
  if (!now || first == firsts.end())
    return false;
  auto it = states.find(key);
  if (it != states.end()) {
    State &state = *it->second;
    if (state.form != State::Object)
      return false;
    TypeSpec type = merged(state.type, openSpec(*now));
    type = completed(type, specOfType(typeOf(*object, name)));
    if (isSame(type, state.type) || isOpen(type))
      return false;
    state.type = type;
    return true;
  }
  auto state = std::make_unique<State>(loc);
  state->object = object->path;
  state->name = name.str();
  Type declared = typeOf(*object, name);
  if (declared && (declared.isSignlessInteger(64) || declared.isF64() || declared.isSignlessInteger(1))) {
    state->form = State::Number;
    state->dtype = int64_t(declared.isF64()                ? DType::Float64
                           : declared.isSignlessInteger(1) ? DType::Bool
                                                           : DType::Int64);
  } else if (first->second.isTensor() && now->isTensor() && weights.canReplace(first->second, *now)) {
    state->form = State::Tensor;
    weights.makeState(first->second);
  } else {
    state->type = completed(merged(openSpec(first->second), openSpec(*now)), specOfType(declared));
    if (isOpen(state->type))
      return false;
    state->index = objects++;
  }
  names.push_back(std::make_unique<std::string>(key));
  states.insert({StringRef(*names.back()), std::move(state)});
  return true;
}

bool AttributeTable::note(GraphBuilder &b) {
  bool found = false;
  for (const WeightTable::AttributeWrite &w : weights.attributeWrites)
    found |= add(w.object, w.name, w.loc);
  for (auto &[loc, identity] : b.persistentWrites) {
    auto owner = owners.find(identity);
    if (owner == owners.end() || ambiguous.contains(identity))
      continue;
    auto [path, name] = StringRef(owner->second).rsplit('.');
    if (name.empty())
      std::swap(path, name);
    if (auto holder = holders.find(path); holder != holders.end())
      found |= add(holder->second, name, loc);
  }
  for (auto &[key, state] : states) // what is changed in place
    if (state->form == State::Object && state->loaded && state->holder)
      found |= add(state->holder, state->name, state->loc);
  return found;
}

//===----------------------------------------------------------------------===//
// Storing
//===----------------------------------------------------------------------===//

void AttributeTable::store(GraphBuilder &b, Refuse refuse) {
  for (const WeightTable::AttributeWrite &w : weights.attributeWrites)
    if (!states.contains(keyOf(*w.object, w.name)))
      refuse(w.loc, "attribute '" + w.name + "' of the module is set to a value that cannot be state yet");
  for (auto &[loc, identity] : b.persistentWrites)
    refuse(loc, "it changes a list or dict of the module that cannot be state yet");
  bool any = false;
  for (auto &[key, state] : states) {
    AV *now = state->holder ? state->holder->find(state->name) : nullptr;
    if (!now)
      continue;
    any |= state->form == State::Object;
    if (state->form == State::Number) {
      if (!now->isNumber() || now->is(Kind::Complex)) {
        refuse(state->loc, "attribute '" + state->name + "' of the module is set to a " + typeName(*now));
        continue;
      }
      graph::StoreStateOp::create(b.b, b.loc, b.scalar(*now, state->dtype),
                                  FlatSymbolRefAttr::get(b.context(), state->symbol));
      continue;
    }
    if (state->form == State::Tensor) {
      if (now->identity() != state->first.identity() && (!now->isTensor() || !weights.replace(b, state->first, *now)))
        refuse(state->loc, "attribute '" + state->name + "' of the module is set to a tensor of another form");
      continue;
    }
    if (now->isRuntime() && now->getRuntime().handle == state->loaded)
      continue;
    TypeSpec type = specOf(*now);
    AV value = *now;
    if (value.is(Kind::List) || value.is(Kind::Dict)) {
      (value.is(Kind::List) ? value.getList().persistent : value.getDict().persistent) = false;
      value = materialize(b, value, &state->type);
      type = specOf(value);
    }
    if (!sameSlots(type, state->type)) {
      refuse(state->loc, "attribute '" + state->name + "' of the module is set to values of several types");
      continue;
    }
    Value index = constantI64(b, state->index);
    callRuntime(b, "set_state_object", {index, toObject(b, value)});
    if (b.unsupportedReason) {
      refuse(state->loc, "attribute '" + state->name + "' of the module is set: " + *b.unsupportedReason);
      b.unsupportedReason.reset();
    }
  }
  if (any)
    lockObjects(b);
}

void AttributeTable::lockObjects(GraphBuilder &b) {
  auto type = RankedTensorType::get({1}, dtypeToType(int64_t(DType::UInt8), b.context()));
  auto zero = DenseElementsAttr::get(type, b.b.getIntegerAttr(type.getElementType(), 0));
  if (!graph.lookupSymbol(objectsLock))
    weights.declareState(objectsLock, zero, b.loc);
  graph::StoreStateOp::create(b.b, b.loc, b.constant(zero), FlatSymbolRefAttr::get(b.context(), objectsLock));
}
