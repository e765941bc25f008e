//===- Outputs.cpp - results and the signature's types ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RuntimeValue.h"
#include "Signature.h"
#include "dialects/Task/Task.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;

DictionaryAttr eval::signatureType(MLIRContext *context, StringRef kind, ArrayRef<NamedAttribute> more) {
  Builder B(context);
  SmallVector<NamedAttribute> all(more);
  all.push_back(B.getNamedAttr("kind", B.getStringAttr(kind)));
  return B.getDictionaryAttr(all);
}

DictionaryAttr eval::containerType(MLIRContext *context, StringRef kind, ArrayRef<Attribute> children,
                                   ArrayRef<std::string> names, StringRef name) {
  Builder B(context);
  SmallVector<NamedAttribute> more{B.getNamedAttr("children", B.getArrayAttr(children))};
  if (!names.empty()) {
    SmallVector<StringRef> refs(names.begin(), names.end());
    more.push_back(B.getNamedAttr("names", B.getStrArrayAttr(refs)));
  }
  if (!name.empty())
    more.push_back(B.getNamedAttr("name", B.getStringAttr(name)));
  return signatureType(context, kind, more);
}

Attribute eval::runtimeType(GraphBuilder &b, const TypeSpec &type, std::optional<int64_t> leaf) {
  Builder &B = b.b;
  static const std::pair<Spec, StringRef> kinds[] = {
      {Spec::Tensor, "tensor"},     {Spec::Int, "int"},       {Spec::Float, "float"}, {Spec::Bool, "bool"},
      {Spec::Complex, "complex"},   {Spec::Str, "str"},       {Spec::None, "none"},   {Spec::Device, "device"},
      {Spec::DType, "dtype"},       {Spec::List, "list"},     {Spec::Tuple, "tuple"}, {Spec::Dict, "dict"},
      {Spec::Optional, "optional"}, {Spec::Object, "object"}, {Spec::Enum, "enum"},   {Spec::Future, "future"},
      {Spec::Await, "await"},
  };
  StringRef kind = "any";
  for (auto &[k, name] : kinds)
    if (k == type.kind)
      kind = name;
  SmallVector<NamedAttribute> more{B.getNamedAttr("source", B.getStringAttr("object"))};
  if (leaf)
    more.push_back(B.getNamedAttr("leaf", B.getI64IntegerAttr(*leaf)));
  if (type.kind == Spec::Tensor && type.dtype >= 0) {
    more.push_back(B.getNamedAttr("dtype", B.getI64IntegerAttr(type.dtype)));
    more.push_back(B.getNamedAttr("sizes", B.getDenseI64ArrayAttr(SmallVector<int64_t>(type.dims.size(), INT64_MIN))));
  }
  if (kind == "any")
    return signatureType(b.context(), kind, more);
  SmallVector<Attribute> children;
  if (type.kind != Spec::Tensor)
    for (const TypeSpec &c : type.children)
      children.push_back(runtimeType(b, c));
  if (type.kind == Spec::Future) // beside its value stands its error or None
    children.push_back(runtimeType(b, simple(Spec::None)));
  if (!children.empty())
    more.push_back(B.getNamedAttr("children", B.getArrayAttr(children)));
  if (!type.names.empty() && (type.kind == Spec::Tuple || type.kind == Spec::Object)) {
    SmallVector<StringRef> names(type.names.begin(), type.names.end());
    more.push_back(B.getNamedAttr("names", B.getStrArrayAttr(names)));
  }
  if (!type.className.empty())
    more.push_back(B.getNamedAttr("name", B.getStringAttr(type.className)));
  return signatureType(b.context(), kind, more);
}

DenseI64ArrayAttr eval::sizesAttr(ArrayRef<Int> sizes, GraphBuilder &b) {
  SmallVector<int64_t> out;
  for (Int s : sizes) {
    Int e = canonical(s);
    if (std::optional<int64_t> k = known(e))
      out.push_back(*k);
    else if (auto symbol = dyn_cast<AffineSymbolExpr>(e))
      out.push_back(-1 - int64_t(symbol.getPosition()));
    else
      out.push_back(INT64_MIN);
  }
  return b.b.getDenseI64ArrayAttr(out);
}

Attribute eval::constantType(const AV &v, GraphBuilder &b) {
  Builder &B = b.b;
  auto make = [&](StringRef kind, Attribute value) -> Attribute {
    SmallVector<NamedAttribute> more{B.getNamedAttr("source", B.getStringAttr("constant"))};
    if (value)
      more.push_back(B.getNamedAttr("value", value));
    return signatureType(b.context(), kind, more);
  };
  switch (v.kind()) {
  case Kind::None:
    return make("none", {});
  case Kind::Int:
    if (std::optional<int64_t> k = v.knownInt())
      return make("int", B.getI64IntegerAttr(*k));
    return {};
  case Kind::Float:
    return v.getSSA() ? Attribute() : make("float", B.getF64FloatAttr(v.re()));
  case Kind::Bool:
    return v.getSSA() ? Attribute() : make("bool", B.getBoolAttr(v.re() != 0));
  case Kind::Complex:
    return v.getSSA() ? Attribute() : make("complex", B.getF64ArrayAttr({v.re(), v.im()}));
  case Kind::Str:
    return make("str", B.getStringAttr(v.getString()));
  case Kind::Device:
    return make("device", B.getStringAttr(v.getString()));
  case Kind::Enum: {
    Attribute member = constantType(v.elements()[1], b);
    return make("enum", B.getArrayAttr({B.getStringAttr(v.getString()), B.getStringAttr(v.elements()[0].getString()),
                                        member ? cast<DictionaryAttr>(member).get("value") : B.getUnitAttr()}));
  }
  case Kind::List:
  case Kind::Tuple: {
    SmallVector<Attribute> children;
    for (const AV &e : v.elements())
      if (Attribute c = constantType(e, b))
        children.push_back(c);
      else
        return {};
    return containerType(b.context(), v.is(Kind::List) ? "list" : "tuple", children);
  }
  default:
    return {};
  }
}

/// Whether code generation finds the view's memory by itself, through strides
/// that need not be row-major.
static bool isPlainView(const ViewNode &node) {
  if (!node.parent)
    return true;
  const ViewNode &parent = *node.parent;
  switch (node.step.kind) {
  case ViewStep::Kind::Permute:
  case ViewStep::Kind::Slice:
    break;
  case ViewStep::Kind::Expand: {
    size_t lead = node.sizes.size() - parent.sizes.size();
    for (auto [have, want] : llvm::zip(parent.sizes, ArrayRef(node.sizes).drop_front(lead)))
      if (!isKnown(have, 1) && !equal(have, want))
        return false;
    break;
  }
  case ViewStep::Kind::Reshape: { // of dimensions of size 1 only
    auto other = [](ArrayRef<Int> sizes) {
      SmallVector<Int> kept;
      for (Int s : sizes)
        if (!isKnown(s, 1))
          kept.push_back(s);
      return kept;
    };
    SmallVector<Int> from = other(parent.sizes), to = other(node.sizes);
    if (from.size() != to.size() ||
        !llvm::all_of(llvm::zip(from, to), [](auto pair) { return equal(std::get<0>(pair), std::get<1>(pair)); }))
      return false;
    break;
  }
  default:
    return false;
  }
  return isPlainView(parent);
}

/// The result as a view of its storage's root; null where the strides are not
/// known, or the values are not the storage's own.
Value OutputBuilder::alias(ViewNode &node, Value base) {
  ViewNode *root = &node;
  for (ViewNode *n = &node; n->parent; n = n->parent.get()) {
    if (n->step.kind == ViewStep::Kind::Conj || n->step.kind == ViewStep::Kind::Neg)
      return {};
    root = n->parent.get();
  }
  if (!node.strides)
    return {};
  if (!root->strides || !isContiguous(root->sizes, *root->strides))
    return {};
  // Memory of the method's own has one element type: view_as_real of it is a copy.
  if (root->storage->origin != Storage::Origin::Input && root->elementType != node.elementType)
    return {};
  SmallVector<Value> sizes, steps;
  for (Int s : node.sizes)
    sizes.push_back(b.toIndex(s));
  for (Int s : *node.strides)
    steps.push_back(b.toIndex(s));
  if (base)
    ;
  else if (root->storage->origin == Storage::Origin::Input)
    base = b.b.getInsertionBlock()->getParent()->getArgument(root->storage->inputLeaf);
  else
    base = b.read(*root);
  // A new tensor may hold an argument's contents (copy_): it is no view of the argument's memory.
  if (root->storage->origin != Storage::Origin::Input && isa<BlockArgument>(base))
    return {};
  return graph::AliasOp::create(b.b, b.loc, b.tensorType(node.sizes, typeToDType(node.elementType)), base,
                                b.toIndex(node.storageOffset), sizes, steps);
}

static ViewNode &rootOf(ViewNode &node) {
  ViewNode *root = &node;
  while (root->parent)
    root = root->parent.get();
  return *root;
}

static Value chooseObject(GraphBuilder &b, Value isIt, llvm::function_ref<Value()> yes,
                          llvm::function_ref<Value()> no) {
  auto choice = scf::IfOp::create(b.b, b.loc, task::ObjectType::get(b.context()), isIt, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b.b);
  b.b.setInsertionPointToStart(choice.thenBlock());
  scf::YieldOp::create(b.b, b.loc, yes());
  b.b.setInsertionPointToStart(choice.elseBlock());
  scf::YieldOp::create(b.b, b.loc, no());
  return choice.getResult(0);
}

Value OutputBuilder::chosenObject(ViewNode &node, bool isView) {
  Storage &storage = *node.storage;
  bool plain = storage.choices.empty(), fresh = storage.origin == Storage::Origin::Fresh;
  if (plain && (!fresh || tensorsOf.contains(&storage))) {
    Value shared = storage.origin == Storage::Origin::Weight ? Value() : alias(node);
    return shared ? boxTensor(b, shared, /*fresh=*/false) : Value();
  }
  // Memory that no other result shows needs no object.
  if (plain && chosenBy[&storage] < 2)
    return {};
  auto [known, isNew] = joined.try_emplace(&storage);
  if (isNew) {
    Value own = b.read(rootOf(node)), chosen, any;
    if (plain)
      chosen = boxTensor(b, own, /*fresh=*/true);
    for (const Storage::Choice &choice : storage.choices) {
      Value object = chosenObject(*choice.node, choice.node->parent != nullptr);
      if (!object)
        continue;
      chosen = chosen ? chooseObject(b, choice.isIt, [&] { return object; }, [&] { return chosen; }) : object;
      any = any ? arith::OrIOp::create(b.b, b.loc, any, choice.isIt) : choice.isIt;
    }
    if (any)
      chosen = chooseObject(b, any, [&] { return chosen; }, [&] { return boxTensor(b, own, /*fresh=*/true); });
    joined[&storage] = chosen;
  }
  Value object = joined[&storage];
  if (!object || !isView)
    return object;
  // Views of it are all of the object's memory.
  ViewNode &root = rootOf(node);
  Value memory = task::UnboxOp::create(b.b, b.loc, b.read(root).getType(), object,
                                       b.b.getI64IntegerAttr(typeToDType(root.elementType)));
  Value shared = alias(node, memory);
  return shared ? boxTensor(b, shared, /*fresh=*/false) : Value();
}

Attribute OutputBuilder::tensor(const AV &v) {
  Builder &B = b.b;
  TensorObject &t = *v.getTensor();
  if (Attribute same = slots.lookup(&t))
    return same;
  ViewNode &node = *t.node;
  if (t.object && !t.isInput && !node.storage->mutated()) {
    results.push_back(t.object);
    return slots[&t] = runtimeType(b, specOf(v), results.size() - 1);
  }
  // What is one of several tensors shares memory with the one it is.
  if (!node.storage->choices.empty() && !t.requiresGrad)
    if (Value object = chosenObject(node, node.parent || !t.isJoined)) {
      results.push_back(object);
      return slots[&t] = runtimeType(b, specOf(v), results.size() - 1);
    }
  Value value = b.read(node);
  StringRef source = "value";
  int64_t leaf;
  if (t.isInput) {
    source = "input";
    leaf = t.inputLeaf;
  } else {
    bool first = storages.insert(node.storage.get()).second;
    if (node.storage->origin != Storage::Origin::Fresh || !first)
      source = "view";
    leaf = results.size();
    Value shared;
    // A written argument's value is not what a view of it would be taken of.
    bool written = node.storage->origin == Storage::Origin::Input && node.storage->mutated();
    // Several results of one storage are all views of its root: code generation may
    // compute the value of a cheap root once for each.
    bool several = node.parent && tensorsOf[node.storage.get()].size() > 1;
    bool constant = node.storage->origin == Storage::Origin::Weight && !node.storage->mutated();
    if (!constant && (written || several || !isPlainView(node)))
      shared = alias(node);
    results.push_back(shared ? shared : value);
  }
  SmallVector<NamedAttribute> more{B.getNamedAttr("dtype", B.getI64IntegerAttr(GraphBuilder::dtype(value))),
                                   B.getNamedAttr("sizes", sizesAttr(b.sizes(value), b)),
                                   B.getNamedAttr("leaf", B.getI64IntegerAttr(leaf)),
                                   B.getNamedAttr("source", B.getStringAttr(source))};
  if (t.requiresGrad)
    more.push_back(B.getNamedAttr("requires_grad", B.getBoolAttr(true)));
  return slots[&t] = signatureType(b.context(), "tensor", more);
}

void OutputBuilder::countChoices(const Storage &storage) {
  for (const Storage::Choice &choice : storage.choices) {
    ++chosenBy[choice.node->storage.get()];
    countChoices(*choice.node->storage);
  }
}

void OutputBuilder::count(const AV &v) {
  switch (v.kind()) {
  case Kind::Tensor:
    if (tensorsOf[v.getTensor()->node->storage.get()].insert(v.getTensor().get()).second)
      countChoices(*v.getTensor()->node->storage);
    break;
  case Kind::List:
  case Kind::Tuple:
    for (const AV &e : v.elements())
      count(e);
    break;
  case Kind::Dict:
    for (auto &[key, value] : v.getDict().entries)
      count(key), count(value);
    break;
  case Kind::Object:
    for (auto &[name, value] : v.getObject()->attributes)
      count(value);
    break;
  case Kind::Task:
    count(v.getTask().value);
    break;
  default:
    break;
  }
}

Attribute OutputBuilder::visit(const AV &v) {
  Builder &B = b.b;
  if (Attribute constant = v.is(Kind::List) || v.is(Kind::Tuple) || v.is(Kind::Enum) ? Attribute() : constantType(v, b))
    return constant;
  auto number = [&](StringRef kind, Value value) -> Attribute {
    results.push_back(value);
    return signatureType(b.context(), kind,
                         {B.getNamedAttr("leaf", B.getI64IntegerAttr(results.size() - 1)),
                          B.getNamedAttr("source", B.getStringAttr("value"))});
  };
  auto children = [&](ArrayRef<AV> elements, SmallVectorImpl<Attribute> &out) {
    for (const AV &e : elements) {
      Attribute a = visit(e);
      if (!a)
        return false;
      out.push_back(a);
    }
    return true;
  };
  SmallVector<Attribute> parts;
  switch (v.kind()) {
  case Kind::Tensor:
    return tensor(v);
  case Kind::Int:
    return number("int", b.toI64(v.getInt()));
  case Kind::Runtime:
    results.push_back(v.getRuntime().handle);
    return runtimeType(b, v.getRuntime().type, results.size() - 1);
  case Kind::Complex:
  case Kind::Enum:
    results.push_back(toObject(b, v));
    return runtimeType(b, specOf(v), results.size() - 1);
  case Kind::Float:
    return number("float", v.getSSA());
  case Kind::Bool:
    return number("bool", v.getSSA());
  case Kind::List:
    return children(v.elements(), parts) ? containerType(b.context(), "list", parts) : Attribute();
  case Kind::Tuple:
    return children(v.elements(), parts)
               ? containerType(b.context(), "tuple", parts, v.getTuple().names, v.getTuple().className)
               : Attribute();
  case Kind::Dict:
    for (auto &[key, value] : v.getDict().entries)
      if (!children({key, value}, parts))
        return {};
    return containerType(b.context(), "dict", parts);
  case Kind::Object: {
    InstanceObject &o = *v.getObject();
    if (o.isModule) {
      problem = "a module cannot be returned";
      return {};
    }
    std::vector<std::string> names;
    for (auto &[name, value] : o.attributes) {
      names.push_back(name);
      if (!children({value}, parts))
        return {};
    }
    return containerType(b.context(), "object", parts, names, o.className);
  }
  case Kind::Task: {
    const TaskObject &task = v.getTask();
    if (!children({task.alwaysFails ? AV::none() : task.value}, parts))
      return {};
    if (!task.failure.isNone()) {
      results.push_back(toObject(b, task.failure));
      parts.push_back(runtimeType(b, optionalOf(specOf(task.failure)), results.size() - 1));
    }
    return containerType(b.context(), task.isAwait ? "await" : "future", parts);
  }
  case Kind::Unknown:
    problem = "an output is not known";
    return {};
  default:
    problem = "an output of type " + typeName(v) + " is not compiled yet";
    return {};
  }
}
