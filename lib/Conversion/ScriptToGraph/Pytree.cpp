//===- Pytree.cpp - containers of torch.export's signatures -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Pytree.h"
#include "Signature.h"
#include "ingot/Support/Json.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;

namespace {
struct Node {
  enum Kind { Leaf, List, Tuple, Dict, None } kind = Leaf;
  const llvm::json::Array *children = nullptr;
  std::vector<AV> keys;           // of a dict
  std::vector<std::string> names; // of a namedtuple
  std::string className;
};
} // namespace

static Node readNode(const llvm::json::Value &spec, MLIRContext *context) {
  Node n;
  const llvm::json::Object *o = spec.getAsObject();
  if (!o)
    return n;
  std::optional<StringRef> type = o->getString("type");
  n.children = o->getArray("children_spec");
  if (!type || !n.children)
    return n;
  llvm::Expected<llvm::json::Value> parsed = parseJson(o->getString("context").value_or("null"));
  llvm::json::Value info = nullptr;
  if (parsed)
    info = std::move(*parsed);
  else
    llvm::consumeError(parsed.takeError());
  if (type->contains("dict") || type->contains("Dict")) {
    n.kind = Node::Dict;
    const llvm::json::Array *keys = info.getAsArray();
    if (keys && keys->size() == 2 && (*keys)[1].getAsArray())
      keys = (*keys)[1].getAsArray(); // defaultdict: [factory, keys]
    if (keys)
      for (const llvm::json::Value &k : *keys)
        n.keys.push_back(k.getAsInteger() ? AV::integer(*k.getAsInteger(), context)
                                          : AV::str(k.getAsString().value_or("").str()));
    return n;
  }
  n.kind = type->ends_with("list") || type->ends_with("deque") ? Node::List : Node::Tuple;
  if (type->ends_with("NoneType"))
    n.kind = Node::None;
  if (type->contains("namedtuple")) {
    if (const llvm::json::Object *c = info.getAsObject()) {
      for (StringRef key : {"class_name", "class_type", "name"})
        if (auto s = c->getString(key); s && n.className.empty())
          n.className = s->str();
      for (StringRef key : {"fields", "field_names"})
        if (const llvm::json::Array *fields = c->getArray(key))
          for (const llvm::json::Value &f : *fields)
            n.names.push_back(f.getAsString().value_or("").str());
    } else if (auto s = info.getAsString()) {
      n.className = s->str();
    }
  }
  return n;
}

std::optional<AV> eval::unflatten(const llvm::json::Value &spec, ArrayRef<AV> leaves, size_t &next) {
  MLIRContext *context = nullptr;
  for (const AV &leaf : leaves) // only ints of dict keys need one
    if (leaf.is(Kind::Int))
      context = leaf.getInt().getContext();
  if (!context)
    for (const AV &leaf : leaves)
      if (leaf.isTensor())
        context = leaf.getTensor()->node->elementType.getContext();
  Node n = readNode(spec, context);
  if (n.kind == Node::Leaf) {
    if (next >= leaves.size())
      return std::nullopt;
    return leaves[next++];
  }
  if (n.kind == Node::None)
    return AV::none();
  std::vector<AV> parts;
  for (const llvm::json::Value &child : *n.children) {
    std::optional<AV> v = unflatten(child, leaves, next);
    if (!v)
      return std::nullopt;
    parts.push_back(std::move(*v));
  }
  if (n.kind == Node::Dict) {
    AV dict = AV::dict();
    for (auto [i, v] : llvm::enumerate(parts))
      dict.getDict().entries.push_back({i < n.keys.size() ? n.keys[i] : AV::none(), v});
    return dict;
  }
  if (n.kind == Node::List)
    return AV::list(std::move(parts));
  AV t = AV::tuple(std::move(parts));
  t.getTuple().names = n.names;
  t.getTuple().className = n.className;
  return t;
}

Attribute eval::treeType(const llvm::json::Value &spec, ArrayRef<Attribute> leaves, size_t &next,
                         MLIRContext *context) {
  Node n = readNode(spec, context);
  if (n.kind == Node::Leaf)
    return next < leaves.size() ? leaves[next++] : signatureType(context, "none");
  if (n.kind == Node::None)
    return signatureType(context, "none");
  SmallVector<Attribute> parts;
  for (auto [i, child] : llvm::enumerate(*n.children)) {
    if (n.kind == Node::Dict) {
      Builder B(context);
      bool isInt = i < n.keys.size() && n.keys[i].is(Kind::Int);
      Attribute key = isInt ? Attribute(B.getI64IntegerAttr(*n.keys[i].knownInt()))
                            : B.getStringAttr(i < n.keys.size() ? n.keys[i].getString() : "");
      parts.push_back(
          signatureType(context, isInt ? "int" : "str",
                        {B.getNamedAttr("source", B.getStringAttr("constant")), B.getNamedAttr("value", key)}));
    }
    parts.push_back(treeType(child, leaves, next, context));
  }
  StringRef kind = n.kind == Node::Dict ? "dict" : n.kind == Node::List ? "list" : "tuple";
  return containerType(context, kind, parts, n.names, n.className);
}

void eval::leafPaths(const llvm::json::Value &spec, const std::string &path, MLIRContext *context,
                     std::vector<std::string> &paths) {
  Node n = readNode(spec, context);
  if (n.kind == Node::Leaf)
    paths.push_back(path);
  if (n.kind == Node::Leaf || n.kind == Node::None)
    return;
  for (auto [i, child] : llvm::enumerate(*n.children)) {
    std::string step = "[" + std::to_string(i) + "]";
    if (n.kind == Node::Dict && i < n.keys.size())
      step = n.keys[i].is(Kind::Int) ? "[" + std::to_string(*n.keys[i].knownInt()) + "]"
                                     : "['" + n.keys[i].getString() + "']";
    else if (i < n.names.size())
      step = "." + n.names[i];
    leafPaths(child, path + step, context, paths);
  }
}
