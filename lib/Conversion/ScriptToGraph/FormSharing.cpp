//===- FormSharing.cpp - what joined tensors may be -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A tensor that a branch or loop gives may be one from outside. Where each of
// those can be named there, the tensor knows them, each with a condition; else
// it may share memory with them, and neither is written.
#include "Forms.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

bool Forms::isOuter(const ViewNode &node) const {
  if (before.contains(node))
    return true;
  auto outer = [&](Int i) { return !i || isOuter(b.resolve(i)); };
  return node.parent && outer(node.step.start) && llvm::all_of(node.step.strides, outer) &&
         llvm::all_of(node.sizes, outer) && (!node.strides || llvm::all_of(*node.strides, outer)) &&
         outer(node.storageOffset) && isOuter(*node.parent);
}

bool eval::sameView(const ViewNode &x, const ViewNode &y) {
  if (&x == &y)
    return true;
  auto same = [](ArrayRef<Int> a, ArrayRef<Int> b) {
    return llvm::equal(a, b, [](Int i, Int j) { return equal(i, j); });
  };
  return x.parent && y.parent && x.step.kind == y.step.kind && x.step.permutation == y.step.permutation &&
         x.step.dim == y.step.dim && x.step.step == y.step.step && !x.step.start == !y.step.start &&
         (!x.step.start || equal(x.step.start, y.step.start)) && same(x.step.strides, y.step.strides) &&
         same(x.sizes, y.sizes) && x.elementType == y.elementType && sameView(*x.parent, *y.parent);
}

bool Forms::choose(const Form &form, SmallVectorImpl<Storage::Choice> &out) {
  if (form.unnamed)
    return false;
  if (condition) {
    Value otherwise;
    for (auto &[way, node] : form.nodes) {
      if (!before.contains(*node->storage))
        continue; // made on this way
      if (!isOuter(*node))
        return false;
      Value isIt = condition;
      if (way != 1) {
        if (!otherwise)
          otherwise = b.toI1(b.notBool(AV::runtime(condition)));
        isIt = otherwise;
      }
      out.push_back({node, isIt});
    }
  }
  // Views made on a way have kept values of that way.
  for (const Storage::Choice &choice : out)
    for (ViewNode *n = choice.node.get(); n && !before.contains(*n); n = n->parent.get())
      n->cached = {};
  return true;
}

bool Forms::findOuter(const std::shared_ptr<ViewNode> &node, SmallVectorImpl<std::shared_ptr<ViewNode>> &out) {
  Storage &storage = *node->storage;
  if (before.contains(storage)) {
    if (!isOuter(*node))
      return false;
    if (llvm::none_of(out, [&](auto &known) { return sameView(*known, *node); })) {
      out.push_back(node);
      changed = true;
    }
    return true;
  }
  auto living = [](const std::weak_ptr<Storage> &s) { return !s.expired(); };
  bool all = !llvm::any_of(storage.mayShare, living) && (storage.choices.empty() || !node->parent);
  for (const Storage::Choice &choice : storage.choices)
    all &= findOuter(choice.node, out);
  return all;
}

Value Forms::isOuterOne(const ViewNode &node, const ViewNode &candidate) {
  if (before.contains(*node.storage) || node.parent)
    return b.toI1(AV::boolean(sameView(node, candidate)));
  Value out;
  for (const Storage::Choice &choice : node.storage->choices) {
    AV isIt = b.andBool(b.fromI1(choice.isIt), b.fromI1(isOuterOne(*choice.node, candidate)));
    out = b.toI1(out ? b.orBool(b.fromI1(out), isIt) : isIt);
  }
  return out ? out : b.toI1(AV::boolean(false));
}

/// All storages that a tensor of the storage may be one with.
static void sharers(const std::shared_ptr<Storage> &storage, llvm::SmallVectorImpl<std::shared_ptr<Storage>> &out) {
  if (llvm::is_contained(out, storage))
    return;
  out.push_back(storage);
  for (const Storage::Choice &choice : storage->choices)
    sharers(choice.node->storage, out);
  for (auto *more : {&storage->mayShare, &storage->chosenBy})
    for (const std::weak_ptr<Storage> &weak : *more)
      if (std::shared_ptr<Storage> other = weak.lock())
        sharers(other, out);
}

/// What the tensor or container was on this way: two forms that meet the same
/// one, or one that others still reach, must not be changed in place.
void Forms::meet(Form &form, const AV &value) {
  const void *id = value.identity();
  if (value.isTensor()) {
    const std::shared_ptr<Storage> &storage = value.getTensor()->node->storage;
    if (form.contents)
      return;
    const std::shared_ptr<ViewNode> &node = value.getTensor()->node;
    if (condition)
      form.nodes.push_back({way, node});
    sharers(storage, form.sources);
    form.own |= !before.contains(*storage);
    if (!condition)
      form.unnamed |= !findOuter(node, form.candidates);
    else if (!before.contains(*storage))
      form.unnamed |= !findOuter(node, form.inner);
    id = storage.get();
  } else if (live.contains(id)) {
    form.frozen = true;
  }
  auto [it, isNew] = seen.try_emplace(id, &form);
  if (isNew || it->second == &form)
    return;
  if (value.isTensor()) {
    const ViewNode &node = *value.getTensor()->node;
    bool outside = before.contains(*node.storage);
    // Through a tensor from outside each of them writes to that one.
    if (condition && outside && isOuter(node))
      return;
    if (llvm::none_of(form.linked, [&](const Form::Link &l) { return l.form == it->second && !l.through; })) {
      std::shared_ptr<Storage> through = outside ? node.storage : nullptr;
      form.linked.push_back({it->second, through});
      it->second->linked.push_back({&form, through});
    }
  } else {
    form.frozen = it->second->frozen = true;
  }
}

static void visit(const FormPtr &form, DenseSet<const Form *> &done, llvm::function_ref<void(Form &)> f) {
  if (!done.insert(form.get()).second)
    return;
  f(*form);
  for (const FormPtr &part : form->parts)
    visit(part, done, f);
}

void Forms::findSharing(ArrayRef<FormPtr> roots, ArrayRef<CellForm> cells) {
  DenseSet<const Form *> done;
  DenseSet<const void *> same;
  auto all = [&](llvm::function_ref<void(Form &)> f) {
    done.clear();
    for (const FormPtr &root : roots)
      visit(root, done, f);
    for (const CellForm &cell : cells)
      for (const FormPtr &part : cell.parts)
        visit(part, done, f);
  };
  all([&](Form &form) {
    if (form.kind == Form::Kind::Same)
      reach(form.same, same);
  });
  // What other forms may be, too, or the program still reaches.
  DenseMap<const Storage *, unsigned> forms;
  all([&](Form &form) {
    DenseSet<const Storage *> mine;
    for (const std::shared_ptr<ViewNode> &node : form.candidates)
      if (mine.insert(node->storage.get()).second)
        ++forms[node->storage.get()];
  });
  auto outlives = [&](const std::shared_ptr<Storage> &s) {
    return s->origin != Storage::Origin::Fresh || live.contains(s.get()) || same.contains(s.get());
  };
  all([&](Form &form) {
    form.mayShare.clear();
    for (const std::shared_ptr<Storage> &s : form.sources)
      if (before.contains(*s) && outlives(s))
        form.mayShare.push_back(s);
    if (condition)
      return;
    form.inner.clear();
    for (const std::shared_ptr<ViewNode> &node : form.candidates) {
      SmallVector<std::shared_ptr<Storage>> others;
      sharers(node->storage, others);
      if (!form.unnamed && (forms[node->storage.get()] > 1 || llvm::any_of(others, outlives)))
        form.inner.push_back(node);
    }
  });
}
