//===- Forms.cpp - values that branches and iterations give -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Forms.h"
#include "MemoryOrder.h"
#include "RuntimeValue.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;
using CellKind = HeapCell::CellKind;

//===----------------------------------------------------------------------===//
// Joining
//===----------------------------------------------------------------------===//

bool Forms::isOuter(const AV &v) const {
  switch (v.kind()) {
  case Kind::Int:
    return isOuter(v.getInt());
  case Kind::Float:
  case Kind::Bool:
  case Kind::Complex:
    return (!v.getSSA() || v.getSSA().getParentRegion()->isAncestor(outer->getParent())) &&
           (!v.getImaginarySSA() || v.getImaginarySSA().getParentRegion()->isAncestor(outer->getParent()));
  case Kind::Runtime:
    return v.getRuntime().handle.getParentRegion()->isAncestor(outer->getParent());
  case Kind::Tensor:
    return before.contains(*v.getTensor()->node);
  case Kind::List:
    return before.contains(v.getList());
  case Kind::Dict:
    return before.contains(v.getDict());
  case Kind::Object:
    return before.contains(*v.getObject());
  case Kind::Task:
    return before.contains(v.getTask());
  case Kind::Tuple:
  case Kind::Enum:
    return llvm::all_of(v.elements(), [&](const AV &e) { return isOuter(e); });
  default:
    return true;
  }
}

FormPtr Forms::of(const AV &value) {
  // A view of a tensor from outside is taken there as here.
  bool isView = isAttempt && value.isTensor() && before.contains(*value.getTensor()->node->storage) &&
                isOuter(*value.getTensor()->node);
  if (!isOuter(value) && !isView)
    return structure(value);
  auto form = std::make_shared<Form>();
  form->same = value;
  return form;
}

bool eval::fits(const Form &form, const AV &v) {
  switch (form.kind) {
  case Form::Kind::Same:
  case Form::Kind::Runtime:
    return true;
  case Form::Kind::Int:
    return v.is(Kind::Int);
  case Form::Kind::Float:
    return v.is(Kind::Float);
  case Form::Kind::Bool:
    return v.is(Kind::Bool);
  case Form::Kind::Tensor:
    return v.isTensor() && v.getTensor()->node->elementType == form.elementType &&
           v.getTensor()->node->sizes.size() == form.sizes.size();
  case Form::Kind::List:
  case Form::Kind::Tuple:
    return v.is(form.kind == Form::Kind::List ? Kind::List : Kind::Tuple) && v.elements().size() == form.parts.size();
  case Form::Kind::Dict:
    return v.is(Kind::Dict) && v.getDict().entries.size() == form.keys.size() &&
           llvm::all_of(llvm::zip(form.keys, v.getDict().entries),
                        [](auto pair) { return std::get<0>(pair).identical(std::get<1>(pair).first); });
  case Form::Kind::Object:
    return v.is(Kind::Object) && v.getObject()->className == form.className &&
           v.getObject()->attributes.size() == form.names.size() &&
           llvm::all_of(llvm::zip(form.names, v.getObject()->attributes),
                        [](auto pair) { return std::get<0>(pair) == std::get<1>(pair).first; });
  case Form::Kind::Task:
    return v.is(Kind::Task) && v.getTask().done && v.getTask().isAwait == form.isAwait;
  }
  llvm_unreachable("all kinds are listed");
}

std::vector<AV> eval::partsOf(const Form &form, const AV &v) {
  std::vector<AV> out;
  switch (form.kind) {
  case Form::Kind::List:
  case Form::Kind::Tuple:
    return v.elements();
  case Form::Kind::Dict:
    for (auto &[key, value] : v.getDict().entries)
      out.push_back(value);
    return out;
  case Form::Kind::Object:
    for (auto &[name, value] : v.getObject()->attributes)
      out.push_back(value);
    return out;
  case Form::Kind::Task:
    return {v.getTask().value, v.getTask().failure};
  default:
    return out;
  }
}

/// Whether values of both can have one form of known structure; their parts are
/// joined for themselves.
static bool joinByStructure(const AV &a, const AV &c) {
  if (a.kind() != c.kind())
    return false;
  switch (a.kind()) {
  case Kind::Str:
  case Kind::Complex:
  case Kind::Device:
  case Kind::Enum:
  case Kind::Runtime:
    return false;
  case Kind::Tensor: {
    const ViewNode &x = *a.getTensor()->node, &y = *c.getTensor()->node;
    return x.elementType == y.elementType && x.sizes.size() == y.sizes.size();
  }
  case Kind::List:
  case Kind::Tuple:
    return a.elements().size() == c.elements().size();
  case Kind::Dict:
    return llvm::equal(a.getDict().entries, c.getDict().entries,
                       [](auto &x, auto &y) { return x.first.identical(y.first); });
  case Kind::Object:
    return false; // which one it is decides where writes go
  case Kind::Task:
    return a.getTask().done && c.getTask().done && a.getTask().isAwait == c.getTask().isAwait;
  default:
    return true;
  }
}

bool Forms::refuse(const AV &a, const AV &c) {
  if (problem.empty())
    problem = "a " + typeName(a) + " and a " + typeName(c) + " that cannot be merged";
  return false;
}

bool Forms::isThawed(const AV &v) const {
  return b.thawed.contains(site) && (v.is(Kind::List) || v.is(Kind::Dict) || v.is(Kind::Object));
}

FormPtr Forms::structure(const AV &v) {
  if (const void *id = v.identity(); id && !v.is(Kind::Tuple))
    if (FormPtr known = structures.lookup(id))
      return known;
  auto form = std::make_shared<Form>();
  if (const void *id = v.identity()) {
    structures[id] = form;
    kept.push_back(v);
  }
  auto parts = [&](ArrayRef<AV> values) {
    for (const AV &e : values) {
      form->parts.push_back(of(e));
      if (!form->parts.back())
        return false;
    }
    return true;
  };
  switch (v.kind()) {
  case Kind::Unknown:
    form->same = v;
    return form;
  case Kind::Int: {
    form->kind = Form::Kind::Int;
    form->range = b.range(v.getInt());
    return form;
  }
  case Kind::Complex:
  case Kind::Enum:
  case Kind::Runtime:
    form->kind = Form::Kind::Runtime;
    form->spec = specOf(v);
    return form;
  case Kind::Float:
    form->kind = Form::Kind::Float;
    return form;
  case Kind::Bool:
    form->kind = Form::Kind::Bool;
    return form;
  case Kind::Tensor: {
    form->kind = Form::Kind::Tensor;
    TensorObject &t = *v.getTensor();
    form->elementType = t.node->elementType;
    for (Int s : t.node->sizes) {
      Int size = b.resolve(s);
      form->open.push_back(!isOuter(size));
      form->sizes.push_back(size);
    }
    form->requiresGrad = t.requiresGrad;
    form->hasHistory = t.hasHistory;
    form->wrappedNumber = t.wrappedNumber;
    form->order = MemoryOrder::ofDense(v);
    form->liesAs = layoutSources(*t.node);
    meet(*form, v);
    return form;
  }
  case Kind::List:
    form->kind = Form::Kind::List;
    form->elementType = v.getList().elementType;
    meet(*form, v);
    return parts(v.elements()) ? form : nullptr;
  case Kind::Tuple:
    form->kind = Form::Kind::Tuple;
    form->names = v.getTuple().names;
    form->className = v.getTuple().className;
    return parts(v.elements()) ? form : nullptr;
  case Kind::Dict: {
    form->kind = Form::Kind::Dict;
    form->keyType = v.getDict().keyType;
    form->elementType = v.getDict().valueType;
    meet(*form, v);
    std::vector<AV> values;
    for (auto &[key, value] : v.getDict().entries) {
      form->keys.push_back(key);
      values.push_back(value);
    }
    return parts(values) ? form : nullptr;
  }
  case Kind::Object: {
    InstanceObject &o = *v.getObject();
    if (before.contains(o)) // which object it is decides where writes go
      break;
    form->kind = Form::Kind::Object;
    form->className = o.className;
    meet(*form, v);
    std::vector<AV> values;
    for (auto &[name, value] : o.attributes) {
      form->names.push_back(name);
      values.push_back(value);
    }
    return parts(values) ? form : nullptr;
  }
  case Kind::Task:
    if (!v.getTask().done)
      break;
    form->kind = Form::Kind::Task;
    form->isAwait = v.getTask().isAwait;
    return parts({v.getTask().value, v.getTask().failure}) ? form : nullptr;
  default:
    break;
  }
  refuse(v, v);
  return nullptr;
}

/// Bounds grow at most twice. A value that only ever grows by small steps keeps
/// its lower bound: it cannot wrap around.
bool Forms::widenInt(Form &form, Int next) {
  Interval r = b.range(next);
  if (r.min >= form.range.min && r.max <= form.range.max)
    return true;
  changed = true;
  if (form.range.min > form.range.max) {
    form.range = r;
    return true;
  }
  bool counts = false;
  if (form.symbol) {
    Interval step = b.range(eval::sub(next, form.symbol));
    counts = step.min >= 0 && step.max < (int64_t(1) << 32);
  }
  bool lower = r.min<form.range.min, upper = r.max> form.range.max;
  if (upper)
    form.range.max = INT64_MAX;
  if (lower || (upper && form.symbol && !counts))
    form.range.min = INT64_MIN;
  return true;
}

bool Forms::widen(FormPtr &form, const AV &next) {
  if (!form)
    return false;
  if (next.isUnknown())
    return true;
  if (form->kind == Form::Kind::Same) {
    if (form->same.identical(next) && isOuter(next))
      return true;
    AV was = form->same;
    if (was.isTensor() && next.isTensor() && isOuter(was) &&
        sameView(*was.getTensor()->node, *next.getTensor()->node)) {
      // The same elements, of another object on some way.
      const TensorObject &x = *was.getTensor(), &y = *next.getTensor();
      auto both = std::make_shared<TensorObject>(x);
      both->isInput = false;
      both->object = {};
      both->isJoined = true;
      both->requiresGrad |= y.requiresGrad;
      both->hasHistory |= y.hasHistory;
      both->wrappedNumber &= y.wrappedNumber;
      if (x.isJoined && !x.isInput && x.requiresGrad == both->requiresGrad && x.hasHistory == both->hasHistory &&
          x.wrappedNumber == both->wrappedNumber)
        return true;
      form->same = AV::tensor(both);
      changed = true;
      return true;
    }
    changed = true;
    if (was.isUnknown()) {
      form = of(next);
      return form != nullptr;
    }
    if (!joinByStructure(was, next) || isThawed(was)) {
      form = std::make_shared<Form>();
      return widenToObject(*form, specOf(was), next);
    }
    unsigned present = std::exchange(way, 1); // all ways before had this value
    form = structure(was);
    way = present;
    if (!form)
      return false;
    if (form->kind == Form::Kind::Same)
      return refuse(was, next);
  }
  if (const void *id = next.identity(); id && !next.is(Kind::Tuple)) {
    auto [it, isNew] = nextOf.try_emplace(form.get(), id);
    if (!isNew && it->second == id)
      return true; // another name of the same value
    if (!isNew) {
      // One object on some ways, two on others.
      FormPtr narrow = asTensor.lookup(form.get());
      auto other = std::make_shared<Form>(narrow ? *narrow : *form);
      other->boxed |= narrow != nullptr;
      std::shared_ptr<Storage> through = form->own || form->sources.empty() ? nullptr : form->sources.front();
      other->linked.push_back({form.get(), through});
      form->linked.push_back({other.get(), through});
      other->frozen = form->frozen = true;
      nextOf[other.get()] = id;
      form = other;
      changed = true;
    }
  }
  auto widenParts = [&](ArrayRef<AV> values) {
    for (auto [part, value] : llvm::zip_equal(form->parts, values))
      if (!widen(part, value))
        return false;
    return true;
  };
  if (!fits(*form, next)) {
    if (form->kind == Form::Kind::Tensor)
      asTensor[form.get()] = std::make_shared<Form>(*form);
    return widenToObject(*form, specOfForm(*form), next);
  }
  switch (form->kind) {
  case Form::Kind::Same:
    break;
  case Form::Kind::Runtime:
    return widenToObject(*form, form->spec, next);
  case Form::Kind::Int:
    return widenInt(*form, next.getInt());
  case Form::Kind::Float:
  case Form::Kind::Bool:
    return true;
  case Form::Kind::Tensor: {
    TensorObject &t = *next.getTensor();
    for (auto [size, open, s] : llvm::zip_equal(form->sizes, form->open, t.node->sizes)) {
      if (open || (equal(size, b.resolve(s))))
        continue;
      open = true;
      changed = true;
    }
    form->requiresGrad |= t.requiresGrad;
    form->hasHistory |= t.hasHistory;
    form->wrappedNumber &= t.wrappedNumber;
    if (form->order && form->order != MemoryOrder::ofDense(next)) {
      form->order.reset();
      changed = true;
    }
    for (unsigned leaf : layoutSources(*t.node))
      changed |= form->liesAs.insert(leaf);
    meet(*form, next);
    return true;
  }
  case Form::Kind::List:
  case Form::Kind::Dict:
  case Form::Kind::Object:
    meet(*form, next);
    return widenParts(partsOf(*form, next));
  case Form::Kind::Tuple:
  case Form::Kind::Task:
    return widenParts(partsOf(*form, next));
  }
  return refuse(form->same, next);
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

std::vector<AV> Forms::contentsOf(const HeapState::Entry &e) {
  std::vector<AV> out;
  switch (e.cell->cellKind) {
  case CellKind::Storage: {
    // The whole storage as a tensor.
    auto storage = std::static_pointer_cast<Storage>(e.cell);
    auto node = std::make_shared<ViewNode>();
    Value value = e.value ? e.value : b.load(*storage);
    node->storage = storage;
    node->sizes = b.sizes(value);
    node->elementType = b.type(value).getElementType();
    node->strides = contiguousStrides(node->sizes, b.context());
    auto t = std::make_shared<TensorObject>();
    t->node = std::move(node);
    out.push_back(AV::tensor(std::move(t)));
    break;
  }
  case CellKind::List:
    out = e.elements;
    break;
  case CellKind::Dict:
    for (auto &[key, value] : e.entries)
      out.push_back(value);
    break;
  case CellKind::Object:
    for (auto &[name, value] : e.attributes)
      out.push_back(value);
    break;
  case CellKind::Task:
    // Whether it has run, and what it gave.
    out = {e.ran.is(Kind::Bool) ? e.ran : AV::boolean(e.done), e.result};
    break;
  default:
    break;
  }
  return out;
}

CellForm Forms::cellOf(const HeapState::Entry &e) {
  CellForm cell{e.cell, {}, {}, {}};
  for (auto &[key, value] : e.entries)
    cell.keys.push_back(key);
  for (auto &[name, value] : e.attributes)
    cell.names.push_back(name);
  for (const AV &v : contentsOf(e)) {
    FormPtr form = e.cell->cellKind == CellKind::Storage ? structure(v) : of(v);
    if (form && e.cell->cellKind == CellKind::Storage) {
      form->contents = true;
      form->sources.clear();
      form->nodes.clear();
      form->inner.clear();
      form->candidates.clear();
    }
    cell.parts.push_back(form);
  }
  return cell;
}

bool Forms::widenCell(CellForm &cell, const HeapState::Entry &was, const HeapState::Entry &is) {
  for (auto [part, value] : llvm::zip_equal(cell.parts, contentsOf(is)))
    if (!widen(part, value))
      return false;
  return true;
}

void eval::reach(const AV &v, DenseSet<const void *> &out) {
  if (v.isTensor()) {
    out.insert(v.getTensor()->node->storage.get());
    return;
  }
  const void *id = v.identity();
  if (id && !v.is(Kind::Tuple) && !out.insert(id).second)
    return;
  if (v.is(Kind::List) || v.is(Kind::Tuple) || v.is(Kind::Enum))
    for (const AV &e : v.elements())
      reach(e, out);
  else if (v.is(Kind::Dict))
    for (auto &[key, value] : v.getDict().entries)
      reach(value, out);
  else if (v.is(Kind::Object))
    for (auto &[name, value] : v.getObject()->attributes)
      reach(value, out);
  else if (v.is(Kind::Task)) {
    reach(v.getTask().value, out);
    reach(v.getTask().failure, out);
    for (const AV &a : v.getTask().arguments)
      reach(a, out);
  }
}
