//===- FormObjects.cpp - forms that are objects of the runtime --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Forms.h"
#include "RuntimeValue.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;
using CellKind = HeapCell::CellKind;

TypeSpec Forms::specOfForm(const Form &form) const {
  auto join = [&](Type scriptType, std::vector<AV> keys = {}) {
    TypeSpec s = specOfEmpty(scriptType);
    for (const FormPtr &part : form.parts)
      s = &part == &form.parts.front() ? specOfForm(*part) : unify(s, specOfForm(*part));
    return s;
  };
  switch (form.kind) {
  case Form::Kind::Same:
    return specOf(form.same);
  case Form::Kind::Runtime:
    return form.spec;
  case Form::Kind::Int:
    return simple(Spec::Int);
  case Form::Kind::Float:
    return simple(Spec::Float);
  case Form::Kind::Bool:
    return simple(Spec::Bool);
  case Form::Kind::Tensor: {
    TypeSpec s = simple(Spec::Tensor);
    s.dtype = typeToDType(form.elementType);
    s.dims.resize(form.sizes.size());
    return s;
  }
  case Form::Kind::List:
    return listOf(join(form.elementType));
  case Form::Kind::Tuple: {
    TypeSpec s = simple(Spec::Tuple);
    for (const FormPtr &part : form.parts)
      s.children.push_back(specOfForm(*part));
    s.names = form.names;
    s.className = form.className;
    return s;
  }
  case Form::Kind::Dict: {
    TypeSpec s = simple(Spec::Dict), key = specOfEmpty(form.keyType);
    for (auto [i, k] : llvm::enumerate(form.keys))
      key = i ? unify(key, specOf(k)) : specOf(k);
    s.anyLength = true;
    s.children = {key, join(form.elementType)};
    return s;
  }
  case Form::Kind::Object: {
    TypeSpec s = simple(Spec::Object);
    s.className = form.className;
    s.names = form.names;
    for (const FormPtr &part : form.parts)
      s.children.push_back(specOfForm(*part));
    return s;
  }
  case Form::Kind::Task:
    return taskOf(specOfForm(*form.parts[0]), form.isAwait);
  }
  llvm_unreachable("all kinds are listed");
}

bool Forms::widenToObject(Form &form, const TypeSpec &was, const AV &next) {
  TypeSpec spec = unify(was, specOf(next));
  if (isOpen(spec)) {
    if (problem.empty())
      problem = "a " + typeName(next) + " and another value that cannot be merged";
    return false;
  }
  changed |= form.kind != Form::Kind::Runtime || !isSame(form.spec, spec);
  form.kind = Form::Kind::Runtime;
  form.spec = std::move(spec);
  form.same = AV();
  form.frozen = false;
  for (const Form::Link &other : form.linked)
    other.form->boxed = true; // what is written there would not be seen in the object
  form.parts.clear();
  form.keys.clear();
  form.names.clear();
  form.sources.clear();
  form.nodes.clear();
  form.inner.clear();
  form.candidates.clear();
  form.mayShare.clear();
  form.linked.clear();
  form.open.clear();
  form.sizes.clear();
  return true;
}

void Forms::want(const AV &v, DenseSet<const void *> *inside) {
  if (v.is(Kind::Tuple)) {
    for (const AV &e : v.elements())
      want(e, inside);
    return;
  }
  if (v.is(Kind::Task) && v.getTask().done)
    return want(v.getTask().value, inside);
  if (!v.is(Kind::List) && !v.is(Kind::Dict) && !v.is(Kind::Object))
    return;
  if (inside && !inside->insert(v.identity()).second)
    return;
  if (isOuter(v))
    wanted.push_back({v, specOf(v)});
  if (v.is(Kind::List))
    for (const AV &e : v.elements())
      want(e, inside);
  else if (v.is(Kind::Object))
    for (auto &[name, value] : v.getObject()->attributes)
      want(value, inside);
  else
    for (auto &[key, value] : v.getDict().entries)
      want(value, inside);
}

static void walkForms(Form &form, const AV &v, DenseSet<std::pair<Form *, const void *>> &done,
                      llvm::function_ref<void(Form &, const AV &)> f) {
  if (v.isUnknown())
    return;
  if (const void *id = v.identity(); id && !done.insert({&form, id}).second)
    return;
  f(form, v);
  // `f` may have made it an object.
  if (form.parts.empty() || !fits(form, v))
    return;
  for (auto [part, value] : llvm::zip(form.parts, partsOf(form, v)))
    if (part)
      walkForms(*part, value, done, f);
}

void Forms::reconcile(ArrayRef<FormPtr> forms, ArrayRef<AV> values) {
  for (bool again = true; again;) {
    again = false;
    DenseSet<const void *> inside;
    auto walk = [&](llvm::function_ref<void(Form &, const AV &)> f) {
      DenseSet<std::pair<Form *, const void *>> done;
      for (auto [form, v] : llvm::zip(forms, values))
        if (form)
          walkForms(*form, v, done, f);
    };
    walk([&](Form &form, const AV &v) {
      if (form.kind == Form::Kind::Runtime)
        want(v, &inside);
    });
    walk([&](Form &form, const AV &v) {
      bool isContainer =
          form.kind == Form::Kind::List || form.kind == Form::Kind::Dict || form.kind == Form::Kind::Object;
      if (isContainer && (v.isRuntime() || inside.contains(v.identity())))
        again |= widenToObject(form, specOfForm(form), v);
    });
  }
}

bool Forms::materializeWanted() {
  for (auto &[value, spec] : wanted)
    materialize(b, value, &spec);
  if (!b.unsupportedReason)
    return true;
  problem = std::move(*b.unsupportedReason);
  b.unsupportedReason.reset();
  return false;
}

/// The type of a list's or dict's contents.
static TypeSpec specOfContents(const HeapState::Entry &e) {
  if (e.runtime)
    return e.runtime->type;
  if (e.cell->cellKind == CellKind::List) {
    AV list = AV::list(e.elements);
    list.getList().elementType = static_cast<ListObject &>(*e.cell).elementType;
    return specOf(list);
  }
  if (e.cell->cellKind == CellKind::Object) {
    auto object = std::make_shared<InstanceObject>();
    auto &cell = static_cast<InstanceObject &>(*e.cell);
    object->className = cell.className;
    object->isModule = cell.isModule;
    object->persistent = cell.persistent;
    object->attributes = e.attributes;
    return specOf(AV::object(std::move(object)));
  }
  AV dict = AV::dict();
  dict.getDict().entries = e.entries;
  dict.getDict().keyType = static_cast<DictObject &>(*e.cell).keyType;
  dict.getDict().valueType = static_cast<DictObject &>(*e.cell).valueType;
  return specOf(dict);
}

bool Forms::fitsCell(const HeapState::Entry &was, const HeapState::Entry &is) {
  switch (was.cell->cellKind) {
  case CellKind::List:
    return was.runtime == is.runtime && was.elements.size() == is.elements.size();
  case CellKind::Dict:
    return was.runtime == is.runtime &&
           llvm::equal(was.entries, is.entries, [](auto &x, auto &y) { return x.first.identical(y.first); });
  case CellKind::Object:
    return was.runtime == is.runtime &&
           llvm::equal(was.attributes, is.attributes, [](auto &x, auto &y) { return x.first == y.first; });
  default:
    return true;
  }
}

bool Forms::canWantCell(const HeapState::Entry &e) {
  switch (e.cell->cellKind) {
  case CellKind::List:
  case CellKind::Dict:
    return !e.runtime;
  case CellKind::Object: {
    auto &object = static_cast<InstanceObject &>(*e.cell);
    return !e.runtime && !object.isModule && !object.persistent;
  }
  default:
    return false;
  }
}

bool Forms::wantCell(const HeapState::Entry &first, const HeapState::Entry &was, const HeapState::Entry &is) {
  TypeSpec spec = unify(specOfContents(first), unify(specOfContents(was), specOfContents(is)));
  if (isOpen(spec)) {
    if (problem.empty() && was.cell->cellKind == CellKind::Object)
      problem = "an object whose attributes depend on data is not compiled yet";
    if (problem.empty())
      problem = was.cell->cellKind == CellKind::List ? "a List whose length depends on data, with elements of a type "
                                                       "that has no form at run time yet"
                                                     : "a Dict whose keys depend on data, with entries of a type that "
                                                       "has no form at run time yet";
    return false;
  }
  if (!first.runtime)
    wanted.push_back({AV::container(was.cell), std::move(spec)});
  return true;
}
