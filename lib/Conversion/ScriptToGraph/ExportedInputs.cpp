//===- ExportedInputs.cpp - inputs of torch.export programs -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Signature.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Spec = TypeSpec::Kind;

LogicalResult InputBuilder::buildExported(func::FuncOp method, unsigned firstArgument, ArrayRef<TypeSpec> specs,
                                          std::vector<AV> &args) {
  MLIRContext *context = b.context();
  struct Leaf {
    BlockArgument arg;
    Sizes sizes;
  };
  std::vector<Leaf> leavesOf;
  for (unsigned i = 0; i < specs.size(); ++i) {
    unsigned a = firstArgument + i;
    Leaf leaf;
    auto name = method.getArgAttrOfType<StringAttr>(a, "script.name");
    auto dtype = method.getArgAttrOfType<IntegerAttr>(a, "script.dtype");
    auto sizes = method.getArgAttrOfType<graph::SizesAttr>(a, "script.sizes");
    Type type = method.getArgument(a).getType();
    if (method.getArgAttr(a, "script.value")) {
      // a constant of the export: no leaf
    } else if (dtype && sizes) {
      for (AffineExpr e : sizes.getMap().getResults())
        leaf.sizes.push_back(canonical(e));
      Type element = dtypeToType(dtype.getInt(), context);
      if (!element)
        return emitError(loc) << "input '" << name.getValue() << "': dtype " << dtypeName(dtype.getInt())
                              << " is not supported";
      const TypeSpec &spec = specs[i];
      if (spec.kind == Spec::Tensor && spec.dtype >= 0) {
        auto contradicts = [&](const Twine &have, const Twine &given) {
          return emitError(loc) << "input '" << name.getValue() << "' has " << have
                                << " in the exported program, but its type was given with " << given;
        };
        if (spec.dtype != dtype.getInt())
          return contradicts("dtype " + dtypeName(dtype.getInt()), "dtype " + dtypeName(spec.dtype));
        if (spec.dims.size() != leaf.sizes.size())
          return contradicts("rank " + Twine(leaf.sizes.size()), "rank " + Twine(spec.dims.size()));
        for (auto [d, dim] : llvm::enumerate(spec.dims))
          if (auto k = known(leaf.sizes[d]); k && dim.isFixed() && *k != dim.size)
            return contradicts("size " + Twine(*k) + " in dimension " + Twine(d), "size " + Twine(dim.size));
      }
      leaf.arg = addLeaf(graph::getTensorType(leaf.sizes, element));
    } else if (type.isSignlessInteger(64) || type.isF64() || type.isSignlessInteger(1)) {
      leaf.arg = addLeaf(type);
    } else {
      return emitError(loc) << "input '" << (name ? name.getValue() : "") << "' of type " << type
                            << " is not compiled yet";
    }
    leavesOf.push_back(leaf);
  }
  // Symbols keep the positions that the archive gave them.
  auto table = method->getAttrOfType<ArrayAttr>("graph.symbols");
  for (auto [k, attribute] : llvm::enumerate(table)) {
    auto info = cast<DictionaryAttr>(attribute);
    auto bound = [&](StringRef name, int64_t otherwise) {
      auto i = info.getAs<IntegerAttr>(name);
      return i ? i.getInt() : otherwise;
    };
    Int symbol = getAffineSymbolExpr(k, context);
    Value index;
    for (auto [i, leaf] : llvm::enumerate(leavesOf)) {
      auto own = method.getArgAttrOfType<IntegerAttr>(firstArgument + i, "script.symbol");
      if (!index && leaf.arg && own && own.getInt() == int64_t(k))
        index = arith::IndexCastOp::create(b.b, loc, b.b.getIndexType(), leaf.arg);
      for (auto [d, e] : llvm::enumerate(leaf.sizes))
        if (!index && e == symbol)
          index = graph::DimOp::create(b.b, loc, leaf.arg, b.b.getI64IntegerAttr(d));
    }
    // Only in a * s + c: solved for s.
    for (Leaf &leaf : leavesOf)
      for (auto [d, e] : llvm::enumerate(leaf.sizes)) {
        if (index || numSymbols(e) == 0)
          continue;
        Int c = canonical(e.replace(symbol, b.size(0))), a = sub(canonical(e.replace(symbol, b.size(1))), c);
        if (!known(c) || !known(a) || *known(a) == 0)
          continue;
        Value size = graph::DimOp::create(b.b, loc, leaf.arg, b.b.getI64IntegerAttr(d));
        Value shifted = arith::SubIOp::create(b.b, loc, size, b.toIndex(c));
        index = arith::DivSIOp::create(b.b, loc, shifted, b.toIndex(a));
      }
    if (!index)
      index = b.toIndex(b.size(0)); // no input shows it
    auto name = info.getAs<StringAttr>("name");
    b.newSymbol(index, {bound("min", 0), bound("max", INT64_MAX)}, name ? name.getValue() : "");
  }
  SmallVector<Attribute> types;
  std::vector<std::string> names;
  for (auto [i, leaf] : llvm::enumerate(leavesOf)) {
    unsigned a = firstArgument + i;
    auto name = method.getArgAttrOfType<StringAttr>(a, "script.name");
    names.push_back(name ? name.str() : "");
    Attribute type;
    AV v;
    if (Attribute fixed = method.getArgAttr(a, "script.value")) {
      if (auto s = dyn_cast<StringAttr>(fixed))
        v = AV::str(s.str());
      else if (auto flag = dyn_cast<BoolAttr>(fixed))
        v = AV::boolean(flag.getValue());
      else if (auto n = dyn_cast<IntegerAttr>(fixed))
        v = AV::integer(n.getInt(), context);
      else if (auto f = dyn_cast<FloatAttr>(fixed))
        v = AV::real(f.getValueAsDouble());
      else
        v = AV::none();
      type = constantType(v, b);
    } else if (isa<RankedTensorType>(leaf.arg.getType())) {
      v = leafTensor(leaf.arg, leaf.sizes);
      type = tensorType(leaf.sizes, GraphBuilder::dtype(leaf.arg), leaf.arg.getArgNumber());
      for (auto [d, e] : llvm::enumerate(leaf.sizes)) {
        if (isa<AffineConstantExpr, AffineSymbolExpr>(e))
          continue; // checked at the call, with the signature
        Value size = graph::DimOp::create(b.b, loc, leaf.arg, b.b.getI64IntegerAttr(d));
        Value same = arith::CmpIOp::create(b.b, loc, arith::CmpIPredicate::eq, size, b.toIndex(e));
        b.check(AV::runtime(same), "RuntimeError",
                "input '" + names.back() + "': dimension " + Twine(d) + " must have size {0}", {e});
      }
    } else {
      leaves.resize(leaf.arg.getArgNumber() + 1);
      Type t = leaf.arg.getType();
      type = leafType(t.isF64() ? "float" : t.isInteger(1) ? "bool" : "int", leaf.arg.getArgNumber());
      auto own = method.getArgAttrOfType<IntegerAttr>(a, "script.symbol");
      if (own)
        v = AV::integer(getAffineSymbolExpr(own.getInt(), context));
      else
        v = t.isInteger(64) ? AV::integer(b.fromSSA(leaf.arg)) : AV::runtime(leaf.arg);
    }
    args.push_back(v);
    types.push_back(type);
  }
  // The tree of the archive: (args, kwargs).
  auto add = [&](const std::string &name, Attribute type) {
    InputEntry e;
    e.name = name;
    e.type = type;
    e.lastLeaf = entry->getNumArguments();
    entries.push_back(e);
  };
  auto spec = method->getAttrOfType<StringAttr>("script.in_spec");
  auto argNames = method->getAttrOfType<ArrayAttr>("script.arg_names");
  llvm::Expected<llvm::json::Value> tree = llvm::json::parse(spec ? spec.getValue() : "null");
  const llvm::json::Array *children = nullptr;
  if (!tree)
    llvm::consumeError(tree.takeError());
  else if (auto *versioned = tree->getAsArray(); versioned && versioned->size() == 2)
    if (auto *root = (*versioned)[1].getAsObject())
      children = root->getArray("children_spec");
  if (!children || children->size() != 2) {
    for (auto [name, type] : llvm::zip(names, types))
      add(name, type);
    return success();
  }
  size_t next = 0, position = 0;
  auto *positional = (*children)[0].getAsObject()->getArray("children_spec");
  for (const llvm::json::Value &child : *positional) {
    std::string name = argNames && position < argNames.size() ? cast<StringAttr>(argNames[position]).str()
                       : next < names.size()                  ? names[next]
                                                              : "arg" + std::to_string(position);
    add(name, treeType(child, types, next, context));
    ++position;
  }
  auto *kwargs = (*children)[1].getAsObject();
  llvm::Expected<llvm::json::Value> keys = llvm::json::parse(kwargs->getString("context").value_or("[]"));
  const llvm::json::Array *keyList = keys ? keys->getAsArray() : nullptr;
  if (!keys)
    llvm::consumeError(keys.takeError());
  size_t k = 0;
  for (const llvm::json::Value &child : *kwargs->getArray("children_spec")) {
    std::string name = keyList && k < keyList->size() ? (*keyList)[k].getAsString().value_or("").str() : "";
    ++k;
    add(name, treeType(child, types, next, context));
  }
  return success();
}
