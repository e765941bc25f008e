//===- InputTypes.cpp - what schema and user say of an input ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Signature.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Spec = TypeSpec::Kind;

StringRef eval::kindName(Spec kind) {
  switch (kind) {
  case Spec::Tensor:
    return "a Tensor";
  case Spec::Int:
    return "an int";
  case Spec::Float:
    return "a float";
  case Spec::Bool:
    return "a bool";
  case Spec::Complex:
    return "a complex";
  case Spec::Str:
    return "a str";
  case Spec::None:
    return "None";
  case Spec::Device:
    return "a device";
  case Spec::DType:
    return "a dtype";
  case Spec::List:
    return "a list";
  case Spec::Tuple:
    return "a tuple";
  case Spec::Dict:
    return "a dict";
  case Spec::Object:
    return "an object";
  case Spec::Optional:
    return "an Optional";
  case Spec::Enum:
    return "an enum";
  case Spec::Union:
    return "a Union";
  case Spec::Future:
    return "a future";
  case Spec::Await:
    return "an await";
  case Spec::Unknown:
    return "unknown";
  }
  return "unknown";
}

/// What the schema's type says by itself.
TypeSpec InputBuilder::fromType(Type type) {
  TypeSpec s;
  auto child = [&](Type t) { s.children.push_back(fromType(t)); };
  llvm::TypeSwitch<Type>(type)
      .Case<script::TensorType>([&](auto) { s.kind = Spec::Tensor; })
      .Case<script::StrType>([&](auto) { s.kind = Spec::Str; })
      .Case<script::NoneType>([&](auto) { s.kind = Spec::None; })
      .Case<script::DeviceType>([&](auto) { s.kind = Spec::Device; })
      .Case<script::ComplexType>([&](auto) { s.kind = Spec::Complex; })
      .Case([&](script::EnumType e) { s.kind = Spec::Enum, s.className = e.getName().str(); })
      .Case([&](script::ListType l) { s.kind = Spec::List, s.anyLength = true, child(l.getElementType()); })
      .Case([&](script::OptionalType o) { s.kind = Spec::Optional, child(o.getElementType()); })
      .Case([&](script::DictType d) {
        s.kind = Spec::Dict, s.anyLength = true;
        child(d.getKeyType());
        child(d.getValueType());
      })
      .Case([&](script::TupleType t) {
        s.kind = Spec::Tuple;
        for (Type e : t.getTypes())
          child(e);
        if (t.getNames())
          for (Attribute n : t.getNames())
            s.names.push_back(cast<StringAttr>(n).str());
        if (t.getClassName())
          s.className = t.getClassName().str();
      })
      .Case([&](script::ObjectType o) {
        s.kind = Spec::Object;
        s.className = o.getName().str();
        auto classes = script->getAttrOfType<DictionaryAttr>("script.classes");
        auto fields = classes ? classes.getAs<DictionaryAttr>(o.getName()) : DictionaryAttr();
        if (!fields)
          return;
        for (auto [n, t] : llvm::zip(fields.getAs<ArrayAttr>("names"), fields.getAs<ArrayAttr>("types"))) {
          s.names.push_back(cast<StringAttr>(n).str());
          child(cast<TypeAttr>(t).getValue());
        }
      })
      .Default([&](Type t) {
        if (t.isSignlessInteger(64))
          s.kind = Spec::Int;
        else if (t.isF64())
          s.kind = Spec::Float;
        else if (t.isSignlessInteger(1))
          s.kind = Spec::Bool;
      });
  return s;
}

LogicalResult InputBuilder::merge(TypeSpec &tree, const TypeSpec &given, StringRef path) {
  if (given.kind == Spec::Unknown)
    return success();
  if (tree.kind == Spec::Unknown) {
    tree = given;
    return success();
  }
  if (tree.kind == Spec::Optional) {
    if (given.kind == Spec::Optional)
      return given.children.empty() ? success() : merge(tree.children[0], given.children[0], path);
    if (given.kind == Spec::None) {
      tree = given;
      return success();
    }
    TypeSpec inner = tree.children[0];
    tree = inner;
    return merge(tree, given, path);
  }
  auto fits = [&] {
    if (tree.kind == given.kind)
      return true;
    // A dtype is an int to the program; int arguments become floats.
    if (tree.kind == Spec::Int)
      return given.kind == Spec::DType;
    return (tree.kind == Spec::Float && given.kind == Spec::Int) ||
           (tree.kind == Spec::List && given.kind == Spec::Tuple);
  };
  if (!fits() && recorded) {
    contradiction = true;
    return failure();
  }
  if (!fits())
    return emitError(loc) << "input '" << path << "' is " << kindName(tree.kind) << " in the program, but its type "
                          << "was given as " << kindName(given.kind);
  if (tree.kind == Spec::Tensor) {
    tree.dtype = given.dtype;
    tree.dims = given.dims;
    tree.requiresGrad = given.requiresGrad;
    return success();
  }
  if (tree.kind == Spec::Tuple || tree.kind == Spec::Object) {
    if (tree.kind == Spec::Tuple && tree.children.size() != given.children.size() && recorded) {
      contradiction = true;
      return failure();
    }
    if (tree.kind == Spec::Tuple && tree.children.size() != given.children.size())
      return emitError(loc) << "input '" << path << "' is a tuple of " << tree.children.size()
                            << " in the program, but its type was given with " << given.children.size();
    for (auto [i, c] : llvm::enumerate(given.children)) {
      size_t at = i;
      if (tree.kind == Spec::Object && i < given.names.size()) {
        at = llvm::find(tree.names, given.names[i]) - tree.names.begin();
        if (at == tree.names.size())
          continue;
      }
      if (at < tree.children.size() && failed(merge(tree.children[at], c, path)))
        return failure();
    }
    return success();
  }
  if (tree.kind == Spec::List || tree.kind == Spec::Dict) {
    TypeSpec element = tree.children.empty() ? TypeSpec() : tree.children.back();
    if (given.anyLength) {
      if (given.children.empty() || tree.children.empty())
        return success();
      return merge(tree.children.back(), given.children.back(), path);
    }
    std::vector<TypeSpec> children;
    for (const TypeSpec &c : given.children) {
      TypeSpec e = element;
      if (failed(merge(e, c, path)))
        return failure();
      children.push_back(e);
    }
    tree.children = children;
    tree.names = given.names;
    tree.intKeys = given.intKeys;
    tree.anyLength = false;
    return success();
  }
  return success();
}

/// Follows ".attr", "['key']" and "[i]" below an argument.
LogicalResult InputBuilder::apply(TypeSpec &tree, StringRef path, const TypeSpec &given, StringRef whole) {
  if (path.empty())
    return merge(tree, given, whole);
  auto unknown = [&](StringRef what) { return emitError(loc) << "--input path '" << whole << "': " << what; };
  if (tree.kind == Spec::Optional) {
    TypeSpec inner = tree.children[0];
    tree = inner;
  }
  if (path.consume_front(".")) {
    StringRef name = path.take_while([](char c) { return c != '.' && c != '['; });
    size_t at = llvm::find(tree.names, name.str()) - tree.names.begin();
    if (at >= tree.names.size() || at >= tree.children.size())
      return unknown(("there is no attribute '" + name + "'").str());
    return apply(tree.children[at], path.drop_front(name.size()), given, whole);
  }
  if (!path.consume_front("["))
    return unknown("expected '.' or '['");
  size_t close = path.find(']');
  if (close == StringRef::npos)
    return unknown("']' is missing");
  StringRef key = path.take_front(close).trim();
  path = path.drop_front(close + 1);
  if (key == "*") {
    if ((tree.kind != Spec::List && tree.kind != Spec::Dict) || !tree.anyLength || tree.children.empty())
      return unknown("'[*]' stands for all elements of a list or dict");
    return apply(tree.children.back(), path, given, whole);
  }
  if (tree.kind == Spec::Dict) {
    bool isInt = !key.starts_with("'") && !key.starts_with("\"");
    key = key.trim("'\"");
    tree.intKeys = isInt;
    TypeSpec element; // the schema's value type is checked by the program
    if (tree.anyLength) {
      tree.children.clear();
      tree.anyLength = false;
    }
    size_t at = llvm::find(tree.names, key.str()) - tree.names.begin();
    if (at == tree.names.size()) {
      tree.names.push_back(key.str());
      tree.children.push_back(element);
    }
    return apply(tree.children[at], path, given, whole);
  }
  int64_t index;
  if (key.getAsInteger(10, index) || index < 0)
    return unknown("an index must be a number");
  if (tree.kind == Spec::List) {
    TypeSpec element = tree.children.empty() ? TypeSpec() : tree.children[0];
    if (tree.anyLength) {
      element = tree.children.empty() ? TypeSpec() : tree.children[0];
      tree.children.clear();
      tree.anyLength = false;
    }
    if (index > int64_t(tree.children.size()))
      return unknown("elements of a list are given in order");
    if (index == int64_t(tree.children.size()))
      tree.children.push_back(element);
    return apply(tree.children[index], path, given, whole);
  }
  if (tree.kind != Spec::Tuple || index >= int64_t(tree.children.size()))
    return unknown("there is no such element");
  return apply(tree.children[index], path, given, whole);
}
