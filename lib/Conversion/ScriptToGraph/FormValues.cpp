//===- FormValues.cpp - forms to and from SSA values ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Forms.h"
#include "RuntimeValue.h"
#include "dialects/Task/Task.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;
using CellKind = HeapCell::CellKind;

void Forms::declare(const FormPtr &form, Walk &walk) {
  if (!walk.done.try_emplace(form.get()).second)
    return;
  if (form->kind == Form::Kind::Int)
    form->symbol = b.declareSymbol(form->range);
  if (form->kind == Form::Kind::Tensor) {
    for (auto [size, open] : llvm::zip(form->sizes, form->open))
      if (open)
        size = b.declareSymbol({0, INT64_MAX});
    form->type = b.tensorType(form->sizes, form->elementType);
  }
  for (const FormPtr &part : form->parts)
    declare(part, walk);
}

void Forms::types(const FormPtr &form, Walk &walk, SmallVectorImpl<Type> &out) {
  if (!walk.done.try_emplace(form.get()).second)
    return;
  switch (form->kind) {
  case Form::Kind::Int:
    out.push_back(b.b.getIndexType());
    break;
  case Form::Kind::Float:
    out.push_back(b.b.getF64Type());
    break;
  case Form::Kind::Bool:
    out.push_back(b.b.getI1Type());
    break;
  case Form::Kind::Runtime:
    out.push_back(task::ObjectType::get(b.context()));
    break;
  case Form::Kind::Tensor:
    out.append(llvm::count(form->open, true), b.b.getIndexType());
    out.push_back(form->type);
    out.append(form->inner.size(), b.b.getI1Type());
    break;
  default:
    break;
  }
  for (const FormPtr &part : form->parts)
    types(part, walk, out);
}

void Forms::flatten(const FormPtr &form, const AV &v, Walk &walk, Values &out) {
  if (!walk.done.try_emplace(form.get()).second)
    return;
  bool unset = v.isUnknown(); // never read: any value will do
  switch (form->kind) {
  case Form::Kind::Same:
    return;
  case Form::Kind::Int:
    out.push_back(b.toIndex(unset ? b.size(0) : v.getInt()));
    return;
  case Form::Kind::Float:
    out.push_back(b.toF64(unset ? AV::real(0) : v));
    return;
  case Form::Kind::Bool:
    out.push_back(b.toI1(unset ? AV::boolean(false) : v));
    return;
  case Form::Kind::Runtime:
    if (v.is(Kind::List) || v.is(Kind::Dict) || v.is(Kind::Object))
      materialize(b, v, &form->spec);
    materializeParts(b, v);
    out.push_back(toObject(b, unset ? AV::none() : v));
    return;
  case Form::Kind::Tensor: {
    Value value;
    if (unset) {
      Sizes sizes = form->sizes;
      for (auto [size, open] : llvm::zip(sizes, form->open))
        if (open)
          size = b.size(0);
      value = b.placeholder(sizes, typeToDType(form->elementType));
    } else {
      value = b.read(v);
    }
    for (auto [size, open] : llvm::zip(b.sizes(value), form->open))
      if (open)
        out.push_back(b.toIndex(size));
    // Its sizes have other names outside; the tensor is the same.
    if (value.getType() != form->type)
      value = UnrealizedConversionCastOp::create(b.b, b.loc, form->type, value).getResult(0);
    out.push_back(value);
    for (const std::shared_ptr<ViewNode> &node : form->inner)
      out.push_back(unset ? b.toI1(AV::boolean(false)) : isOuterOne(*v.getTensor()->node, *node));
    return;
  }
  case Form::Kind::List:
  case Form::Kind::Tuple:
    for (auto [i, part] : llvm::enumerate(form->parts))
      flatten(part, unset ? v : v.elements()[i], walk, out);
    return;
  case Form::Kind::Dict:
    for (auto [i, part] : llvm::enumerate(form->parts))
      flatten(part, unset ? v : v.getDict().entries[i].second, walk, out);
    return;
  case Form::Kind::Object:
    for (auto [i, part] : llvm::enumerate(form->parts))
      flatten(part, unset ? v : v.getObject()->attributes[i].second, walk, out);
    return;
  case Form::Kind::Task:
    flatten(form->parts[0], unset ? v : v.getTask().value, walk, out);
    flatten(form->parts[1], unset ? v : v.getTask().failure, walk, out);
    return;
  }
}

AV Forms::instantiate(const FormPtr &form, Walk &walk, llvm::function_ref<Value(Type)> next) {
  auto it = walk.done.find(form.get());
  if (it != walk.done.end())
    return it->second;
  auto parts = [&] {
    std::vector<AV> out;
    for (const FormPtr &part : form->parts)
      out.push_back(instantiate(part, walk, next));
    return out;
  };
  AV v;
  switch (form->kind) {
  case Form::Kind::Same:
    v = form->same;
    if (v.isTensor()) // views made on a way have kept values of that way
      for (ViewNode *n = v.getTensor()->node.get(); n && !before.contains(*n); n = n->parent.get())
        n->cached = {};
    break;
  case Form::Kind::Int:
    b.bindSymbol(form->symbol, next(b.b.getIndexType()));
    v = AV::integer(form->symbol);
    break;
  case Form::Kind::Float:
    v = AV::runtime(next(b.b.getF64Type()));
    break;
  case Form::Kind::Bool:
    v = b.fromI1(next(b.b.getI1Type()));
    break;
  case Form::Kind::Runtime: {
    Value object = next(task::ObjectType::get(b.context()));
    v = form->spec.kind == Spec::Complex ? fromObject(b, object, form->spec) : runtimeValue(object, form->spec);
    break;
  }
  case Form::Kind::Tensor: {
    for (auto [size, open] : llvm::zip(form->sizes, form->open))
      if (open)
        b.bindSymbol(size, next(b.b.getIndexType()));
    v = b.fresh(next(form->type));
    TensorObject &t = *v.getTensor();
    t.requiresGrad = form->requiresGrad;
    t.hasHistory = form->hasHistory;
    t.wrappedNumber = form->wrappedNumber;
    t.isJoined = true;
    t.node->strides = form->order ? std::optional(denseStrides(*form->order, t.node->sizes)) : std::nullopt;
    t.node->storage->liesAs = form->liesAs;
    t.node->storage->boxed = form->boxed;
    SmallVector<Storage::Choice> choices;
    for (const std::shared_ptr<ViewNode> &node : form->inner)
      choices.push_back({node, next(b.b.getI1Type())});
    const std::shared_ptr<Storage> &own = t.node->storage;
    auto share = [&](const std::shared_ptr<Storage> &other) {
      own->mayShare.push_back(other);
      other->mayShare.push_back(own);
    };
    bool chosen = !form->contents && choose(*form, choices);
    if (chosen) {
      llvm::erase_if(choices, [](const Storage::Choice &c) { return matchPattern(c.isIt, m_Zero()); });
      for (const Storage::Choice &c : choices)
        c.node->storage->chosenBy.push_back(own);
      own->choices.assign(choices.begin(), choices.end());
    }
    for (const std::weak_ptr<Storage> &s : form->mayShare)
      if (auto other = s.lock(); other && !chosen)
        share(other);
    // Forms that meet in a tensor from outside rely on their choices.
    if (!chosen && !form->contents)
      for (const std::shared_ptr<Storage> &s : form->sources)
        if (before.contains(*s))
          share(s);
    for (const Form::Link &link : form->linked)
      if (auto other = walk.done.find(link.form); other != walk.done.end() && other->second.isTensor() &&
                                                  !form->contents && !link.form->contents &&
                                                  (!link.through || form->unnamed || link.form->unnamed))
        share(other->second.getTensor()->node->storage);
    break;
  }
  case Form::Kind::List:
    v = AV::list(parts());
    v.getList().frozen = form->frozen ? site : nullptr;
    v.getList().elementType = form->elementType;
    break;
  case Form::Kind::Tuple:
    v = AV::tuple(parts());
    v.getTuple().names = form->names;
    v.getTuple().className = form->className;
    break;
  case Form::Kind::Dict: {
    v = AV::dict();
    v.getDict().frozen = form->frozen ? site : nullptr;
    v.getDict().keyType = form->keyType;
    v.getDict().valueType = form->elementType;
    for (auto [key, value] : llvm::zip_equal(form->keys, parts()))
      v.getDict().entries.push_back({key, value});
    break;
  }
  case Form::Kind::Object: {
    auto object = std::make_shared<InstanceObject>();
    object->className = form->className;
    object->frozen = form->frozen ? site : nullptr;
    for (auto [name, value] : llvm::zip_equal(form->names, parts()))
      object->attributes.push_back({name, value});
    v = AV::object(std::move(object));
    break;
  }
  case Form::Kind::Task:
    v = AV::doneTask(AV::none(), form->isAwait);
    v.getTask().value = instantiate(form->parts[0], walk, next);
    v.getTask().failure = instantiate(form->parts[1], walk, next);
    break;
  }
  walk.done[form.get()] = v;
  return v;
}

void Forms::flattenCell(const CellForm &cell, Walk &walk, Values &out) {
  HeapState::Entry now;
  now.cell = cell.cell;
  switch (cell.cell->cellKind) {
  case CellKind::Storage:
    now.value = b.load(static_cast<Storage &>(*cell.cell));
    break;
  case CellKind::List:
    now.elements = static_cast<ListObject &>(*cell.cell).elements;
    break;
  case CellKind::Dict:
    now.entries = static_cast<DictObject &>(*cell.cell).entries;
    break;
  case CellKind::Object:
    now.attributes = static_cast<InstanceObject &>(*cell.cell).attributes;
    break;
  case CellKind::Task: {
    auto &task = static_cast<TaskObject &>(*cell.cell);
    now.done = task.done;
    now.ran = task.ran;
    now.result = task.value;
    break;
  }
  default:
    return;
  }
  for (auto [part, value] : llvm::zip_equal(cell.parts, contentsOf(now)))
    flatten(part, value, walk, out);
}

void Forms::instantiateCell(const CellForm &cell, Walk &walk, llvm::function_ref<Value(Type)> next) {
  std::vector<AV> values;
  for (const FormPtr &part : cell.parts)
    values.push_back(instantiate(part, walk, next));
  switch (cell.cell->cellKind) {
  case CellKind::Storage: {
    auto &s = static_cast<Storage &>(*cell.cell);
    s.base = values[0].getTensor()->node->storage->base;
    s.version = b.nextVersion();
    break;
  }
  case CellKind::List:
    static_cast<ListObject &>(*cell.cell).elements = std::move(values);
    break;
  case CellKind::Dict: {
    auto &entries = static_cast<DictObject &>(*cell.cell).entries;
    entries.clear();
    for (auto [key, value] : llvm::zip_equal(cell.keys, values))
      entries.push_back({key, value});
    break;
  }
  case CellKind::Object: {
    auto &attributes = static_cast<InstanceObject &>(*cell.cell).attributes;
    attributes.clear();
    for (auto [name, value] : llvm::zip_equal(cell.names, values))
      attributes.push_back({name, value});
    break;
  }
  case CellKind::Task: {
    auto &task = static_cast<TaskObject &>(*cell.cell);
    std::optional<bool> known = values[0].knownBool();
    task.done = known.value_or(false);
    task.ran = known ? AV() : values[0];
    task.value = values[1];
    break;
  }
  default:
    break;
  }
}
