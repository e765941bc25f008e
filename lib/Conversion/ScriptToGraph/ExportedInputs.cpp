//===- ExportedInputs.cpp - inputs of torch.export programs -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Pytree.h"
#include "Signature.h"
#include "ingot/Support/Json.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Spec = TypeSpec::Kind;

namespace {
/// An argument of the exported function: one leaf of the tree of inputs.
struct Leaf {
  std::string name, path;
  Type type;
  Attribute value;                // a constant of the export: the call does not read it
  std::optional<unsigned> symbol; // an int that is a size by itself
  int64_t dtype = -1;
  Sizes sizes;
  BlockArgument arg;

  bool isTensor() const { return dtype >= 0 && !value; }
};

/// One input of the method: a leaf or a container of leaves.
struct Root {
  std::string name;
  const llvm::json::Value *tree;
};

/// Two sizes that the user gave one name, or one value.
struct Equation {
  const Leaf *leaf;
  size_t dimension;
  Int size, wanted;
};

/// What the user's types say of an exported program's inputs.
class ExportedSpecs {
public:
  ExportedSpecs(std::vector<Leaf> &leaves, ArrayRef<Interval> symbols, StringRef method, Location loc)
      : leaves(leaves), symbols(symbols), fixed(symbols.size()), method(method), loc(loc) {}

  LogicalResult add(const std::string &path, const TypeSpec &given);
  /// Sizes that were given as numbers are numbers from here on.
  void substitute();
  std::optional<int64_t> sizeOf(unsigned symbol) const { return fixed[symbol]; }
  std::vector<Equation> equations;

private:
  std::vector<Leaf> &leaves;
  ArrayRef<Interval> symbols;
  std::vector<std::optional<int64_t>> fixed;
  llvm::StringMap<Int> named;
  StringRef method;
  Location loc;

  LogicalResult check(const Leaf &leaf, const TypeSpec &given);
  LogicalResult fix(const Leaf &leaf, size_t dimension, int64_t size);
  LogicalResult contradicts(const Leaf &leaf, const Twine &have, const Twine &given) {
    return emitError(loc) << "input '" << leaf.path << "' has " << have
                          << " in the exported program, but its type was given with " << given;
  }
};
} // namespace

LogicalResult ExportedSpecs::fix(const Leaf &leaf, size_t d, int64_t size) {
  Int e = leaf.sizes[d];
  Interval range = bounds(e, symbols);
  std::string where = " in dimension " + std::to_string(d), given = "size " + std::to_string(size);
  if (auto k = known(e))
    return *k == size ? success() : contradicts(leaf, "size " + Twine(*k) + where, given);
  if (size < range.min || size > range.max)
    return contradicts(leaf,
                       (range.max == INT64_MAX ? "a size of at least " + Twine(range.min)
                                               : "a size of " + Twine(range.min) + " to " + Twine(range.max)) +
                           where,
                       given);
  // a * s + c is solved for s; what has more symbols is checked at the call.
  MLIRContext *context = e.getContext();
  std::optional<unsigned> only;
  for (unsigned k = 0; k < symbols.size(); ++k) {
    Int symbol = getAffineSymbolExpr(k, context);
    if (!e.isFunctionOfSymbol(k))
      continue;
    Int c = canonical(e.replace(symbol, getAffineConstantExpr(0, context)));
    Int a = sub(canonical(e.replace(symbol, getAffineConstantExpr(1, context))), c);
    if (only || !known(c) || !known(a) || *known(a) == 0 || eval::add(mul(a, symbol), c) != e) {
      only.reset();
      break;
    }
    if ((size - *known(c)) % *known(a))
      return contradicts(leaf, "a size of " + Twine(*known(a)) + " * n + " + Twine(*known(c)) + where, given);
    int64_t value = (size - *known(c)) / *known(a);
    if (fixed[k] && *fixed[k] != value)
      return contradicts(
          leaf, "the same size" + Twine(where) + " as an input of " + Twine(*fixed[k] * *known(a) + *known(c)), given);
    only = k;
    fixed[k] = value;
  }
  if (!only)
    equations.push_back({&leaf, d, e, getAffineConstantExpr(size, context)});
  return success();
}

LogicalResult ExportedSpecs::check(const Leaf &leaf, const TypeSpec &given) {
  auto isKind = [&](Spec kind) {
    if (given.kind == kind || given.kind == Spec::Unknown || leaf.value)
      return success();
    return LogicalResult(emitError(loc) << "input '" << leaf.path << "' is " << kindName(kind)
                                        << " in the exported program, but its type was given as "
                                        << kindName(given.kind));
  };
  if (!leaf.isTensor())
    return isKind(leaf.type.isF64() ? Spec::Float : leaf.type.isInteger(1) ? Spec::Bool : Spec::Int);
  if (failed(isKind(Spec::Tensor)))
    return failure();
  if (given.kind != Spec::Tensor || given.dtype < 0)
    return success();
  if (given.dtype != leaf.dtype)
    return contradicts(leaf, "dtype " + dtypeName(leaf.dtype), "dtype " + dtypeName(given.dtype));
  if (given.dims.size() != leaf.sizes.size())
    return contradicts(leaf, "rank " + Twine(leaf.sizes.size()), "rank " + Twine(given.dims.size()));
  for (auto [d, dim] : llvm::enumerate(given.dims)) {
    if (dim.isFixed() && failed(fix(leaf, d, dim.size)))
      return failure();
    if (dim.symbol.empty())
      continue;
    auto [entry, first] = named.try_emplace(dim.symbol, leaf.sizes[d]);
    if (first || entry->second == leaf.sizes[d])
      continue;
    if (known(entry->second) && known(leaf.sizes[d]))
      return contradicts(leaf, "size " + Twine(*known(leaf.sizes[d])) + " in dimension " + Twine(d),
                         dim.symbol + ", which is " + Twine(*known(entry->second)) + " elsewhere");
    equations.push_back({&leaf, d, leaf.sizes[d], entry->second});
  }
  return success();
}

LogicalResult ExportedSpecs::add(const std::string &path, const TypeSpec &given) {
  for (Leaf &leaf : leaves)
    if (path == leaf.path || path == leaf.name)
      return check(leaf, given);
  if (given.kind == Spec::Optional)
    return add(path, given.children[0]);
  bool parts = false; // whether a container of that path exists
  for (Leaf &leaf : leaves)
    parts |= StringRef(leaf.path).starts_with(path + "[") || StringRef(leaf.path).starts_with(path + ".");
  if (parts && !given.anyLength && !given.children.empty()) {
    for (auto [i, child] : llvm::enumerate(given.children)) {
      std::string step = "[" + std::to_string(i) + "]";
      if (i < given.names.size())
        step = given.kind != Spec::Dict ? "." + given.names[i]
               : given.intKeys          ? "[" + given.names[i] + "]"
                                        : "['" + given.names[i] + "']";
      if (failed(add(path + step, child)))
        return failure();
    }
    return success();
  }
  InFlightDiagnostic error = emitError(loc)
                             << "method '" << method << "' has no input '" << path << "'" << (parts ? " of type " : "")
                             << (parts ? kindName(given.kind) : "") << "; it has ";
  llvm::interleaveComma(leaves, error, [&](const Leaf &leaf) { error << "'" << leaf.path << "'"; });
  return error;
}

void ExportedSpecs::substitute() {
  for (auto [k, size] : llvm::enumerate(fixed))
    for (Leaf &leaf : leaves)
      for (Int &e : leaf.sizes)
        if (size)
          e = canonical(
              e.replace(getAffineSymbolExpr(k, e.getContext()), getAffineConstantExpr(*size, e.getContext())));
}

/// The inputs of an exported method, with the paths of the leaves below them;
/// the leaves themselves where the archive has no tree. `tree` keeps the JSON.
static std::vector<Root> readRoots(func::FuncOp method, std::vector<Leaf> &leaves, llvm::json::Value &tree) {
  MLIRContext *context = method.getContext();
  auto parse = [](StringRef text) {
    llvm::Expected<llvm::json::Value> value = parseJson(text);
    if (value)
      return std::move(*value);
    llvm::consumeError(value.takeError());
    return llvm::json::Value(nullptr);
  };
  std::vector<Root> roots;
  std::vector<std::string> paths;
  auto add = [&](std::string name, const llvm::json::Value *node) {
    if (node)
      leafPaths(*node, name, context, paths);
    roots.push_back({std::move(name), node});
  };
  // [version, {children_spec: [args, kwargs]}]
  auto spec = method->getAttrOfType<StringAttr>("script.in_spec");
  tree = parse(spec ? spec.getValue() : "null");
  const llvm::json::Array *children = nullptr;
  if (auto *versioned = tree.getAsArray(); versioned && versioned->size() == 2)
    if (auto *root = (*versioned)[1].getAsObject())
      children = root->getArray("children_spec");
  auto childrenOf = [](const llvm::json::Value &node) -> const llvm::json::Array * {
    const llvm::json::Object *o = node.getAsObject();
    return o ? o->getArray("children_spec") : nullptr;
  };
  if (!children || children->size() != 2 || !childrenOf((*children)[0]) || !childrenOf((*children)[1])) {
    for (Leaf &leaf : leaves)
      add(leaf.name, nullptr);
    return roots;
  }
  auto argNames = method->getAttrOfType<ArrayAttr>("script.arg_names");
  for (auto [i, child] : llvm::enumerate(*childrenOf((*children)[0])))
    add(argNames && i < argNames.size() ? cast<StringAttr>(argNames[i]).str()
        : paths.size() < leaves.size()  ? leaves[paths.size()].name
                                        : "arg" + std::to_string(i),
        &child);
  llvm::json::Value keys = parse((*children)[1].getAsObject()->getString("context").value_or("[]"));
  const llvm::json::Array *keyList = keys.getAsArray();
  for (auto [i, child] : llvm::enumerate(*childrenOf((*children)[1])))
    add(keyList && i < keyList->size() ? (*keyList)[i].getAsString().value_or("").str() : "", &child);
  for (auto [leaf, path] : llvm::zip(leaves, paths))
    leaf.path = path;
  return roots;
}

/// The value of a symbol: an int input, or a size of an input that shows it;
/// null where none does.
static Value symbolIndex(GraphBuilder &b, ArrayRef<Leaf> leaves, unsigned k) {
  Int symbol = getAffineSymbolExpr(k, b.context());
  auto dim = [&](const Leaf &leaf, size_t d) -> Value {
    return graph::DimOp::create(b.b, b.loc, leaf.arg, b.b.getI64IntegerAttr(d));
  };
  for (const Leaf &leaf : leaves) {
    if (leaf.arg && leaf.symbol == k)
      return arith::IndexCastOp::create(b.b, b.loc, b.b.getIndexType(), leaf.arg);
    for (auto [d, e] : llvm::enumerate(leaf.sizes))
      if (e == symbol)
        return dim(leaf, d);
  }
  // Only in a * s + c: solved for s.
  for (const Leaf &leaf : leaves)
    for (auto [d, e] : llvm::enumerate(leaf.sizes)) {
      if (numSymbols(e) == 0)
        continue;
      Int c = canonical(e.replace(symbol, b.size(0))), a = sub(canonical(e.replace(symbol, b.size(1))), c);
      if (!known(c) || !known(a) || *known(a) == 0)
        continue;
      Value shifted = arith::SubIOp::create(b.b, b.loc, dim(leaf, d), b.toIndex(c));
      return arith::DivSIOp::create(b.b, b.loc, shifted, b.toIndex(a));
    }
  return {};
}

LogicalResult InputBuilder::buildExported(func::FuncOp method, unsigned firstArgument, StringRef methodName,
                                          ArrayRef<InputSpec> specs, std::vector<AV> &args) {
  MLIRContext *context = b.context();
  std::vector<Leaf> exported;
  for (unsigned a = firstArgument; a < method.getNumArguments(); ++a) {
    Leaf leaf;
    auto name = method.getArgAttrOfType<StringAttr>(a, "script.name");
    leaf.name = leaf.path = name ? name.str() : "";
    leaf.type = method.getArgument(a).getType();
    leaf.value = method.getArgAttr(a, "script.value");
    if (auto own = method.getArgAttrOfType<IntegerAttr>(a, "script.symbol"))
      leaf.symbol = own.getInt();
    auto dtype = method.getArgAttrOfType<IntegerAttr>(a, "script.dtype");
    auto sizes = method.getArgAttrOfType<graph::SizesAttr>(a, "script.sizes");
    if (dtype && sizes) {
      leaf.dtype = dtype.getInt();
      for (AffineExpr e : sizes.getMap().getResults())
        leaf.sizes.push_back(canonical(e));
    }
    exported.push_back(leaf);
  }
  llvm::json::Value tree = nullptr;
  std::vector<Root> roots = readRoots(method, exported, tree);

  // Symbols keep the positions that the archive gave them.
  auto table = method->getAttrOfType<ArrayAttr>("graph.symbols");
  std::vector<Interval> ranges;
  for (Attribute attribute : table) {
    auto bound = [&](StringRef name, int64_t otherwise) {
      auto i = cast<DictionaryAttr>(attribute).getAs<IntegerAttr>(name);
      return i ? i.getInt() : otherwise;
    };
    ranges.push_back({bound("min", 0), bound("max", INT64_MAX)});
  }
  ExportedSpecs given(exported, ranges, methodName, loc);
  for (const InputSpec &spec : specs) {
    // The archive is complete: a recorded call adds nothing.
    if (spec.recorded || !isCallOf(spec.method, methodName))
      continue;
    std::string path = spec.path;
    llvm::replace(path, '"', '\'');
    if (failed(given.add(path, spec.type)))
      return failure();
  }
  given.substitute();

  for (Leaf &leaf : exported) {
    if (leaf.value)
      continue;
    Type type = leaf.type;
    if (leaf.isTensor()) {
      Type element = dtypeToType(leaf.dtype, context);
      if (!element)
        return emitError(loc) << "input '" << leaf.path << "': dtype " << dtypeName(leaf.dtype) << " is not supported";
      type = graph::getTensorType(leaf.sizes, element);
    } else if (!type.isSignlessInteger(64) && !type.isF64() && !type.isSignlessInteger(1)) {
      return emitError(loc) << "input '" << leaf.path << "' of type " << type << " is not compiled yet";
    }
    leaf.arg = addLeaf(type);
  }
  for (auto [k, range] : llvm::enumerate(ranges)) {
    Value index = symbolIndex(b, exported, k);
    std::optional<int64_t> fixed = given.sizeOf(k);
    bool shown = bool(index);
    if (!shown) // a number, or no input shows it
      index = b.toIndex(b.size(fixed.value_or(0)));
    auto name = cast<DictionaryAttr>(table[k]).getAs<StringAttr>("name");
    b.newSymbol(index, range, name ? name.getValue() : "");
    Int symbol = getAffineSymbolExpr(k, context);
    if (fixed && shown)
      b.checkEqual(symbol, b.size(*fixed), "RuntimeError", "this program was compiled for a size of {0}",
                   {b.size(*fixed)});
    else if (fixed)
      b.learnEqual(symbol, b.size(*fixed));
  }
  auto mustHave = [](const Leaf &leaf, size_t d) {
    return "input '" + leaf.path + "': dimension " + std::to_string(d) + " must have size {0}";
  };
  for (const Equation &e : given.equations)
    b.checkEqual(e.size, e.wanted, "RuntimeError", mustHave(*e.leaf, e.dimension), {b.resolve(e.wanted)});

  SmallVector<Attribute> types;
  for (Leaf &leaf : exported) {
    Attribute type;
    AV v;
    if (leaf.value) {
      if (auto s = dyn_cast<StringAttr>(leaf.value))
        v = AV::str(s.str());
      else if (auto flag = dyn_cast<BoolAttr>(leaf.value))
        v = AV::boolean(flag.getValue());
      else if (auto n = dyn_cast<IntegerAttr>(leaf.value))
        v = AV::integer(n.getInt(), context);
      else if (auto f = dyn_cast<FloatAttr>(leaf.value))
        v = AV::real(f.getValueAsDouble());
      else
        v = AV::none();
      type = constantType(v, b);
    } else if (leaf.isTensor()) {
      v = leafTensor(leaf.arg, leaf.sizes);
      type = tensorType(leaf.sizes, leaf.dtype, leaf.arg.getArgNumber());
      for (auto [d, e] : llvm::enumerate(leaf.sizes)) {
        if (isa<AffineConstantExpr, AffineSymbolExpr>(e))
          continue; // checked at the call, with the signature
        Value size = graph::DimOp::create(b.b, loc, leaf.arg, b.b.getI64IntegerAttr(d));
        Value same = arith::CmpIOp::create(b.b, loc, arith::CmpIPredicate::eq, size, b.toIndex(e));
        b.check(AV::runtime(same), "RuntimeError", mustHave(leaf, d), {e});
      }
    } else {
      leaves.resize(leaf.arg.getArgNumber() + 1);
      Type t = leaf.arg.getType();
      type = leafType(t.isF64() ? "float" : t.isInteger(1) ? "bool" : "int", leaf.arg.getArgNumber());
      if (leaf.symbol)
        v = AV::integer(getAffineSymbolExpr(*leaf.symbol, context));
      else
        v = t.isInteger(64) ? AV::integer(b.fromSSA(leaf.arg)) : AV::runtime(leaf.arg);
    }
    args.push_back(v);
    types.push_back(type);
  }
  size_t next = 0;
  for (const Root &root : roots) {
    InputEntry e;
    e.name = root.name;
    e.type = root.tree ? treeType(*root.tree, types, next, context) : types[next++];
    entries.push_back(e);
  }
  return success();
}
