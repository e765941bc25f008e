//===- Signature.cpp - input symbols and pytrees ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Importer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include <limits>

using namespace llvm;
using namespace mlir;
using namespace ingot;
using namespace ingot::exported;

//===----------------------------------------------------------------------===//
// Symbols
//===----------------------------------------------------------------------===//

static constexpr int64_t kNoMax = std::numeric_limits<int64_t>::max();

void InputSymbols::setRange(StringRef symbol, std::optional<int64_t> min, std::optional<int64_t> max) {
  ranges[symbol] = {min.value_or(0), max.value_or(kNoMax)};
}

InputSymbols::Range InputSymbols::rangeOf(StringRef symbol) const {
  auto found = ranges.find(symbol);
  return found == ranges.end() ? Range{0, kNoMax} : found->second;
}

AffineExpr InputSymbols::add(StringRef name, Range range) {
  // torch.export gives every dynamic size a lower bound of 2, because it treats
  // 0 and 1 as special while it traces; the exported module accepts both.
  if (range.min <= 2)
    range.min = 0;
  symbols.push_back({name.str(), range});
  return getAffineSymbolExpr(symbols.size() - 1, context);
}

void InputSymbols::declare(StringRef symbol) {
  if (positions.count(symbol))
    return;
  positions[symbol] = symbols.size();
  add(symbol, rangeOf(symbol));
}

AffineExpr InputSymbols::resolve(const SymbolicExpression &size) {
  auto lookup = [&](StringRef symbol) -> AffineExpr {
    auto found = positions.find(symbol);
    return found == positions.end() ? AffineExpr() : getAffineSymbolExpr(found->second, context);
  };
  if (AffineExpr known = toAffine(size, context, lookup))
    return known;
  std::optional<LinearForm> form = toLinear(size);
  if (!form || form->coefficients.size() != 1)
    return add(size.str(), Range{0, kNoMax});
  auto [symbol, coefficient] = *form->coefficients.begin();
  auto first = derived.find(symbol);
  if (first != derived.end()) {
    // a*t + b where s = c*t + d is known is (a/c)*(s - d) + b.
    const Derived &source = first->second;
    if (source.coefficient == 0 || coefficient % source.coefficient != 0)
      return add(size.str(), Range{0, kNoMax});
    AffineExpr expr = getAffineSymbolExpr(source.position, context);
    return (expr - source.constant) * (coefficient / source.coefficient) + form->constant;
  }
  Range range = rangeOf(symbol), scaled = {0, kNoMax};
  int64_t bound;
  if (coefficient > 0) {
    if (!MulOverflow(range.min, coefficient, bound) && !AddOverflow(bound, form->constant, bound))
      scaled.min = bound;
    if (range.max != kNoMax && !MulOverflow(range.max, coefficient, bound) &&
        !AddOverflow(bound, form->constant, bound))
      scaled.max = bound;
  }
  derived[symbol] = {unsigned(symbols.size()), coefficient, form->constant};
  return add(size.str(), scaled);
}

ArrayAttr InputSymbols::attribute() const {
  Builder builder(context);
  SmallVector<Attribute> list;
  for (const Symbol &symbol : symbols)
    list.push_back(
        builder.getDictionaryAttr({builder.getNamedAttr("name", builder.getStringAttr(symbol.name)),
                                   builder.getNamedAttr("min", builder.getI64IntegerAttr(symbol.range.min)),
                                   builder.getNamedAttr("max", builder.getI64IntegerAttr(symbol.range.max))}));
  return builder.getArrayAttr(list);
}

//===----------------------------------------------------------------------===//
// Pytrees
//===----------------------------------------------------------------------===//

namespace {
class TreeReader {
public:
  std::vector<std::string> paths;
  std::string problem;

  bool read(const json::Value &node, const std::string &path) {
    const json::Object *object = node.getAsObject();
    if (!object)
      return fail("a node is not an object");
    const json::Value *type = object->get("type");
    const json::Array *children = object->getArray("children_spec");
    if (!type || !children)
      return fail("a node lacks 'type' or 'children_spec'");
    if (!type->getAsString()) {
      paths.push_back(path);
      return true;
    }
    std::vector<std::string> keys;
    if (!childKeys(*type->getAsString(), object->getString("context"), children->size(), keys))
      return false;
    for (auto [child, key] : zip_equal(*children, keys))
      if (!read(child, path + key))
        return false;
    return true;
  }

  /// What leads from a node to each of its children, as Python's keystr writes
  /// it.
  bool childKeys(StringRef type, std::optional<StringRef> context, size_t count, std::vector<std::string> &keys) {
    if (!type.contains("dict") && !type.contains("Dict")) {
      for (size_t i = 0; i < count; ++i)
        keys.push_back("[" + std::to_string(i) + "]");
      return true;
    }
    Expected<json::Value> parsed = json::parse(context.value_or(""));
    if (!parsed) {
      consumeError(parsed.takeError());
      return fail("a dict's keys are not readable");
    }
    const json::Array *list = parsed->getAsArray();
    // A defaultdict's context is [default factory, keys].
    if (list && list->size() == 2 && (*list)[1].getAsArray())
      list = (*list)[1].getAsArray();
    if (!list || list->size() != count)
      return fail("a dict's keys do not match its values");
    for (const json::Value &key : *list) {
      if (std::optional<StringRef> text = key.getAsString())
        keys.push_back(("['" + *text + "']").str());
      else if (std::optional<int64_t> number = key.getAsInteger())
        keys.push_back("[" + std::to_string(*number) + "]");
      else
        keys.push_back("[?]");
    }
    return true;
  }

  bool fail(const Twine &message) {
    problem = message.str();
    return false;
  }
};
} // namespace

Expected<TreeLeaves> exported::readTreeSpec(StringRef text, bool isInput, ArrayRef<std::string> names) {
  auto error = [&](const Twine &message) {
    return createStringError(inconvertibleErrorCode(),
                             "cannot read the pytree \"" + text.take_front(80) + "\": " + message);
  };
  // The same limit as that of the document that holds this text.
  if (text.count('{') > 100000 || text.size() > (1u << 24))
    return error("it is too large");
  unsigned depth = 0, deepest = 0;
  for (char c : text) {
    depth += c == '{' || c == '[';
    depth -= (c == '}' || c == ']') && depth;
    deepest = std::max(deepest, depth);
  }
  if (deepest > 400)
    return error("it is nested too deep");
  Expected<json::Value> parsed = json::parse(text);
  if (!parsed)
    return error(toString(parsed.takeError()));
  const json::Array *versioned = parsed->getAsArray();
  if (!versioned || versioned->size() != 2 || (*versioned)[0].getAsInteger() != 1)
    return error("expected [1, tree]");
  TreeReader reader;
  const json::Value &tree = (*versioned)[1];
  TreeLeaves leaves;
  if (!isInput) {
    if (!reader.read(tree, ""))
      return error(reader.problem);
    leaves.paths = std::move(reader.paths);
    return leaves;
  }
  const json::Object *pair = tree.getAsObject();
  const json::Array *children = pair ? pair->getArray("children_spec") : nullptr;
  const json::Object *args = children && children->size() == 2 ? (*children)[0].getAsObject() : nullptr;
  const json::Array *positional = args ? args->getArray("children_spec") : nullptr;
  if (!positional)
    return error("expected a tuple of (args, kwargs)");
  for (auto [position, argument] : enumerate(*positional)) {
    std::string path =
        position < names.size() ? "['" + names[position] + "']" : "['args'][" + std::to_string(position) + "]";
    if (!reader.read(argument, path))
      return error(reader.problem);
  }
  // Keyword arguments are named by their dict's keys.
  if (!reader.read((*children)[1], ""))
    return error(reader.problem);
  leaves.paths = std::move(reader.paths);
  return leaves;
}
