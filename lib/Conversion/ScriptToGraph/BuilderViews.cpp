//===- BuilderViews.cpp - reads and writes through views --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "GraphBuilder.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include <map>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = ViewStep::Kind;

AV GraphBuilder::fresh(Value v) {
  auto node = std::make_shared<ViewNode>();
  node->storage = std::make_shared<Storage>();
  node->storage->base = v;
  node->sizes = sizes(v);
  node->elementType = type(v).getElementType();
  node->strides = contiguousStrides(node->sizes, context());
  node->storageOffset = size(0);
  node->cached = v;
  auto t = std::make_shared<TensorObject>();
  t->node = std::move(node);
  return AV::tensor(std::move(t));
}

Value GraphBuilder::read(ViewNode &node) {
  if (node.cached && node.cachedVersion == node.storage->version)
    return node.cached;
  if (!node.parent) {
    node.cached = load(*node.storage);
  } else
    node.cached = emit(node.step, read(*node.parent), node.sizes, node.elementType);
  node.cachedVersion = node.storage->version;
  return node.cached;
}

Value GraphBuilder::load(Storage &storage) {
  if (storage.base)
    return storage.base;
  // Loaded before the outermost branch or loop: its value serves everywhere.
  OpBuilder::InsertionGuard guard(b);
  Operation *outermost = nullptr;
  for (Operation *op = b.getInsertionBlock()->getParentOp(); op && !isa<FunctionOpInterface>(op);
       op = op->getParentOp())
    outermost = op;
  if (outermost)
    b.setInsertionPoint(outermost);
  return storage.base = &storage == generator.get() ? loadGenerator() : loadWeight(storage);
}

Value GraphBuilder::emit(const ViewStep &step, Value parent, ArrayRef<Int> to, Type element) {
  switch (step.kind) {
  case Kind::Root:
    return parent;
  case Kind::Reshape:
    return reshape(parent, to);
  case Kind::Permute:
    return permute(parent, step.permutation);
  case Kind::Slice:
    return slice(parent, step.dim, step.start, to[step.dim], step.step);
  case Kind::Expand:
    return expand(parent, to);
  case Kind::AsStrided: {
    Values strides;
    for (Int s : step.strides)
      strides.push_back(toIndex(s));
    return graph::AsStridedOp::create(b, loc, tensorType(to, element), flatten(parent), strides, toIndex(step.start));
  }
  case Kind::Real:
    return predicate<graph::RealOp>(parent, typeToDType(element));
  case Kind::Imag:
    return predicate<graph::ImagOp>(parent, typeToDType(element));
  case Kind::ViewAsReal: {
    int64_t real = typeToDType(element);
    return stack({predicate<graph::RealOp>(parent, real), predicate<graph::ImagOp>(parent, real)}, rank(parent));
  }
  case Kind::ViewAsComplex: {
    Value re = select(parent, rank(parent) - 1, size(0)), im = select(parent, rank(parent) - 1, size(1));
    return graph::ComplexOp::create(b, loc, tensorType(sizes(re), element), re, im);
  }
  case Kind::Bitcast:
    return graph::BitcastOp::create(b, loc, tensorType(to, element), parent);
  case Kind::Conj:
    return unary<graph::ConjOp>(parent);
  case Kind::Neg:
    return unary<graph::NegOp>(parent);
  }
  llvm_unreachable("all views are listed");
}

/// The parent's new value after `value` was written to the view.
Value GraphBuilder::invert(const ViewNode &node, Value parent, Value value) {
  const ViewStep &step = node.step;
  switch (step.kind) {
  case Kind::Root:
    return value;
  case Kind::Reshape:
    return reshape(value, sizes(parent));
  case Kind::Permute: {
    Dims inverse(step.permutation.size());
    for (auto [i, d] : llvm::enumerate(step.permutation))
      inverse[d] = i;
    return permute(value, inverse);
  }
  case Kind::Slice:
    return graph::SliceScatterOp::create(b, loc, parent.getType(), parent, value, toIndex(step.start),
                                         b.getI64IntegerAttr(step.dim), b.getI64IntegerAttr(step.step));
  case Kind::Expand: // shows no element twice: writeNode
    return reshape(value, sizes(parent));
  case Kind::AsStrided: {
    Values strides;
    for (Int s : step.strides)
      strides.push_back(toIndex(s));
    Value flat = flatten(parent);
    Value out = graph::AsStridedScatterOp::create(b, loc, flat.getType(), flat, value, strides, toIndex(step.start));
    return reshape(out, sizes(parent));
  }
  case Kind::Real:
    return graph::ComplexOp::create(b, loc, parent.getType(), value, predicate<graph::ImagOp>(parent, dtype(value)));
  case Kind::Imag:
    return graph::ComplexOp::create(b, loc, parent.getType(), predicate<graph::RealOp>(parent, dtype(value)), value);
  case Kind::ViewAsReal: {
    int64_t last = rank(value) - 1;
    return graph::ComplexOp::create(b, loc, parent.getType(), select(value, last, size(0)),
                                    select(value, last, size(1)));
  }
  case Kind::ViewAsComplex: {
    int64_t real = dtype(parent);
    return stack({predicate<graph::RealOp>(value, real), predicate<graph::ImagOp>(value, real)}, rank(value));
  }
  case Kind::Bitcast:
    return graph::BitcastOp::create(b, loc, parent.getType(), value);
  case Kind::Conj:
    return unary<graph::ConjOp>(value);
  case Kind::Neg:
    return unary<graph::NegOp>(value);
  }
  llvm_unreachable("all views are listed");
}

void GraphBuilder::write(const AV &tensor, Value value) {
  std::shared_ptr<ViewNode> node = tensor.getTensor()->node;
  if (node->storage->boxed)
    unsupported("it writes a tensor that a list or dict of run-time length holds");
  for (std::weak_ptr<Storage> &other : node->storage->mayShare)
    if (!other.expired())
      unsupported("it writes a tensor that may share memory with another one, depending on data");
  if (failed())
    return;
  writeNode(*node, value);
  if (failed())
    return;
  writeChoices(node->storage);
}

void GraphBuilder::writeNode(ViewNode &target, Value value) {
  // The path's new values, from the view to the root.
  SmallVector<std::pair<ViewNode *, Value>> path;
  value = expand(value, target.sizes);
  for (ViewNode *node = &target; node; node = node->parent.get())
    if (!node->step.showsOnce)
      return writeStrided(target, value);
  for (ViewNode *node = &target; node; node = node->parent.get()) {
    path.push_back({node, value});
    if (node->parent)
      value = invert(*node, read(*node->parent), value);
    if (failed())
      return;
  }
  Storage &storage = *path.back().first->storage;
  storage.base = path.back().second;
  rewritten(storage);
  for (auto &[n, v] : path) {
    n->cached = v;
    n->cachedVersion = storage.version;
  }
}

Value GraphBuilder::chooseValue(Value isIt, Value yes, Value no) {
  bool same = llvm::equal(sizes(yes), sizes(no), [&](Int x, Int y) { return equal(resolve(x), resolve(y)); });
  if (same) {
    Value flag = graph::FromScalarOp::create(b, loc, tensorType({}, int64_t(DType::Bool)), isIt);
    return where(flag, yes, no);
  }
  // A tensor of other sizes is not that one.
  for (auto [x, y] : llvm::zip(sizes(yes), sizes(no)))
    if (auto s = known(resolve(x)), t = known(resolve(y)); s && t && *s != *t)
      return no;
  // Their sizes are equal only where it is that tensor.
  auto choice = mlir::scf::IfOp::create(b, loc, no.getType(), isIt,
                                        /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(choice.thenBlock());
  Value cast = UnrealizedConversionCastOp::create(b, loc, no.getType(), yes).getResult(0);
  mlir::scf::YieldOp::create(b, loc, cast);
  b.setInsertionPointToStart(choice.elseBlock());
  mlir::scf::YieldOp::create(b, loc, no);
  return choice.getResult(0);
}

void GraphBuilder::writeChoices(const std::shared_ptr<Storage> &written) {
  // A joined tensor is younger than what it may be. On the way down each is met after all that may be it, on the way up
  // after all that it may be: what it then takes is their last value.
  std::map<uint64_t, std::shared_ptr<Storage>> down{{written->serial, written}}, up;
  llvm::SmallPtrSet<Storage *, 8> changed;
  llvm::SmallDenseMap<Storage *, Value> reached; // whether the write did, which depends on data
  auto change = [&](const std::shared_ptr<Storage> &storage) {
    changed.insert(storage.get());
    for (const std::weak_ptr<Storage> &weak : storage->chosenBy)
      if (std::shared_ptr<Storage> other = weak.lock())
        up[other->serial] = other;
  };
  for (; !down.empty() && !failed(); down.erase(std::prev(down.end()))) {
    std::shared_ptr<Storage> storage = down.rbegin()->second;
    change(storage);
    // A joined tensor is a root: its storage's contents are it.
    for (const Storage::Choice &choice : SmallVector<Storage::Choice, 0>(storage->choices)) {
      for (std::weak_ptr<Storage> &other : choice.node->storage->mayShare)
        if (!other.expired())
          return unsupported("it writes a tensor that may share memory with another one, depending on data");
      const std::shared_ptr<Storage> &next = choice.node->storage;
      Value isIt = choice.isIt;
      if (Value way = reached.lookup(storage.get()))
        isIt = arith::AndIOp::create(b, loc, way, isIt);
      writeNode(*choice.node, chooseValue(isIt, refine(load(*storage)), refine(read(*choice.node))));
      Value &before = reached[next.get()];
      before = before ? arith::OrIOp::create(b, loc, before, isIt) : isIt;
      down[next->serial] = next;
    }
  }
  for (; !up.empty() && !failed(); up.erase(up.begin())) {
    std::shared_ptr<Storage> storage = up.begin()->second;
    Value value = refine(load(*storage));
    for (const Storage::Choice &choice : storage->choices)
      if (changed.contains(choice.node->storage.get()))
        value = chooseValue(choice.isIt, refine(read(*choice.node)), value);
    storage->base = value;
    rewritten(*storage);
    change(storage);
  }
}

/// Whether the view shows all of the parent as it is.
static bool isIdentity(const ViewNode &parent, const ViewStep &step, ArrayRef<Int> to, Type element) {
  if (to.size() != parent.sizes.size() || (element && element != parent.elementType))
    return false;
  for (auto [i, size] : llvm::enumerate(to))
    if (!equal(parent.sizes[i], canonical(size)))
      return false;
  switch (step.kind) {
  case Kind::Reshape: {
    // Dimensions of size 1 may get other strides.
    if (!parent.strides)
      return true;
    auto strides = reshapeStrides(parent.sizes, *parent.strides, to);
    return strides && llvm::all_of(llvm::zip(*strides, *parent.strides),
                                   [](auto p) { return equal(std::get<0>(p), std::get<1>(p)); });
  }
  case Kind::Permute:
    return llvm::is_sorted(step.permutation);
  case Kind::Slice:
    return isKnown(step.start, 0) && step.step == 1;
  case Kind::Expand:
    return true;
  default:
    return false;
  }
}

std::shared_ptr<ViewNode> GraphBuilder::viewNode(std::shared_ptr<ViewNode> parent, ViewStep step, ArrayRef<Int> to,
                                                 Type element) {
  if (isIdentity(*parent, step, to, element))
    return parent;
  auto node = std::make_shared<ViewNode>();
  node->storage = parent->storage;
  for (Int s : to)
    node->sizes.push_back(canonical(s));
  node->elementType = element ? element : parent->elementType;
  node->storageOffset = parent->storageOffset;
  if (parent->strides) {
    const Sizes &old = *parent->strides;
    Sizes strides;
    switch (step.kind) {
    case Kind::Reshape:
      if (auto s = reshapeStrides(parent->sizes, old, node->sizes))
        node->strides = std::move(s);
      break;
    case Kind::Permute:
      for (int64_t d : step.permutation)
        strides.push_back(old[d]);
      node->strides = strides;
      break;
    case Kind::Slice:
      strides = old;
      node->storageOffset = eval::add(node->storageOffset, eval::mul(step.start, old[step.dim]));
      strides[step.dim] = eval::mul(old[step.dim], size(step.step));
      node->strides = strides;
      break;
    case Kind::Expand: {
      // torch's inferExpandGeometry: 0 where a dimension was 1 and is not any more, which may show at run time only.
      size_t lead = to.size() - old.size();
      strides.assign(to.size(), size(0));
      for (size_t i = to.size(); i-- > 0;) {
        Int have = i < lead ? size(1) : parent->sizes[i - lead];
        Int stride = i >= lead ? old[i - lead] : i + 1 < to.size() ? eval::mul(to[i + 1], strides[i + 1]) : size(0);
        if (equal(have, to[i]))
          strides[i] = stride;
        else if (!isKnown(have, 1))
          strides[i] = selectInt(compareInt(arith::CmpIPredicate::eq, have, to[i]), stride, size(0));
      }
      node->strides = strides;
      break;
    }
    case Kind::AsStrided:
      // Strides of the view count in the parent's row-major elements.
      if (isContiguous(parent->sizes, old)) {
        node->storageOffset = eval::add(node->storageOffset, step.start);
        node->strides = step.strides;
      }
      break;
    case Kind::Conj:
    case Kind::Neg:
    case Kind::Bitcast:
      node->strides = old;
      break;
    case Kind::Real:
    case Kind::Imag:
    case Kind::ViewAsReal:
      // Counted in halves of the complex elements.
      for (Int s : old)
        strides.push_back(eval::mul(s, size(2)));
      if (step.kind == Kind::ViewAsReal)
        strides.push_back(size(1));
      node->storageOffset = eval::add(eval::mul(node->storageOffset, size(2)), size(step.kind == Kind::Imag));
      node->strides = strides;
      break;
    case Kind::ViewAsComplex:
      if (isContiguous(parent->sizes, old) && isKnown(node->storageOffset, 0))
        node->strides = contiguousStrides(node->sizes, context());
      break;
    case Kind::Root:
      break;
    }
  }
  if (step.kind == Kind::Expand)
    for (auto [i, size] : llvm::enumerate(llvm::reverse(to))) {
      Int have = i < parent->sizes.size() ? parent->sizes[parent->sizes.size() - 1 - i] : this->size(1);
      step.showsOnce &= equal(have, size);
    }
  node->step = std::move(step);
  node->parent = std::move(parent);
  return node;
}

AV GraphBuilder::view(const AV &tensor, ViewStep step, ArrayRef<Int> to, Type element) {
  auto t = std::make_shared<TensorObject>();
  t->requiresGrad = tensor.getTensor()->requiresGrad;
  t->node = viewNode(tensor.getTensor()->node, std::move(step), to, element);
  return AV::tensor(std::move(t));
}

void GraphBuilder::assumeRowMajor(const AV &tensor, bool ifWritten) {
  // What is one of several lies as the one it is.
  SmallVector<Storage *> all{tensor.getTensor()->node->storage.get()};
  for (size_t i = 0; i < all.size(); ++i) {
    for (const Storage::Choice &choice : all[i]->choices)
      if (!llvm::is_contained(all, choice.node->storage.get()))
        all.push_back(choice.node->storage.get());
    if (all[i]->origin == Storage::Origin::Input) {
      Layout &layout = layouts[all[i]->inputLeaf];
      layout = std::max(layout, ifWritten ? Layout::RowMajorIfWritten : Layout::RowMajor);
    } else if (ifWritten) {
      all[i]->writesSeeLayout = true;
    } else {
      for (unsigned leaf : all[i]->liesAs)
        layouts[leaf] = Layout::RowMajor;
    }
  }
}

void GraphBuilder::rewritten(Storage &storage) {
  storage.version = nextVersion();
  if (storage.writesSeeLayout)
    for (unsigned leaf : storage.liesAs)
      layouts[leaf] = Layout::RowMajor;
}

void GraphBuilder::lieAs(const AV &fresh, const AV &other) {
  fresh.getTensor()->node->storage->liesAs.insert_range(layoutSources(*other.getTensor()->node));
}

AV GraphBuilder::viewReshape(const AV &t, ArrayRef<Int> to) { return view(t, ViewStep::of(Kind::Reshape), to); }

AV GraphBuilder::viewPermute(const AV &t, ArrayRef<int64_t> permutation) {
  ViewStep step = ViewStep::of(Kind::Permute);
  step.permutation.assign(permutation.begin(), permutation.end());
  Sizes to;
  for (int64_t d : permutation)
    to.push_back(t.getTensor()->node->sizes[d]);
  return view(t, step, to);
}

AV GraphBuilder::viewSlice(const AV &t, int64_t dim, Int start, Int count, int64_t step) {
  ViewStep s = ViewStep::of(Kind::Slice);
  s.dim = dim;
  s.start = start;
  s.step = step;
  Sizes to = t.getTensor()->node->sizes;
  to[dim] = count;
  return view(t, s, to);
}

AV GraphBuilder::viewSelect(const AV &t, int64_t dim, Int index) {
  AV row = viewSlice(t, dim, index, size(1));
  Sizes to = row.getTensor()->node->sizes;
  to.erase(to.begin() + dim);
  AV out = viewReshape(row, to);
  if (auto &strides = row.getTensor()->node->strides) {
    Sizes s = *strides;
    s.erase(s.begin() + dim);
    out.getTensor()->node->strides = s;
  }
  return out;
}

AV GraphBuilder::viewExpand(const AV &t, ArrayRef<Int> to) { return view(t, ViewStep::of(Kind::Expand), to); }

//===----------------------------------------------------------------------===//
// Effects
//===----------------------------------------------------------------------===//

Operation *GraphBuilder::effect(StringRef name, StringRef key, ValueRange operands, TypeRange types) {
  ++effectCount;
  Value &chain = token(key);
  SmallVector<Type> results(types);
  auto op = graph::WithEffectsOp::create(b, loc, graph::TokenType::get(context()), results, chain,
                                         b.getStringAttr(name), operands);
  chain = op.getNext();
  return op;
}

Value &GraphBuilder::token(StringRef key) {
  for (auto &[name, value] : tokens)
    if (name == key)
      return value;
  Value begun = graph::MakeTokenOp::create(b, loc, graph::TokenType::get(context()), b.getStringAttr(key));
  tokens.push_back({key.str(), begun});
  return tokens.back().second;
}

void GraphBuilder::sinkTokens() {
  Values ends;
  for (auto &[key, token] : tokens)
    ends.push_back(token);
  if (!ends.empty())
    graph::SinkTokensOp::create(b, loc, ends);
  tokens.clear();
}
