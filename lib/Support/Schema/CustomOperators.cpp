//===- CustomOperators.cpp - operators of the user's own --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Support/CustomOperators.h"

#include "ingot/Support/DType.h"
#include "llvm/ADT/StringExtras.h"
#include <map>
#include <mutex>

using namespace llvm;
using namespace ingot;
using namespace ingot::schema;

namespace {
struct Registry {
  std::mutex mutex;
  std::map<std::string, std::unique_ptr<CustomOperator>, std::less<>> operators;
};
} // namespace

static Registry &registry() {
  static Registry instance;
  return instance;
}

/// "f32[?,3]"
static bool parseResultType(StringRef text, ResultType &type) {
  auto [name, sizes] = text.trim().split('[');
  std::optional<int64_t> dtype = parseDType(name.trim());
  if (!dtype || !sizes.consume_back("]"))
    return false;
  type.dtype = *dtype;
  SmallVector<StringRef> parts;
  if (!sizes.trim().empty())
    sizes.split(parts, ',');
  for (StringRef part : parts) {
    int64_t size = -1;
    if (part.trim() != "?" && (part.trim().getAsInteger(10, size) || size < 0))
      return false;
    type.sizes.push_back(size);
  }
  return true;
}

/// Types are separated by commas, and so are sizes.
static bool parseResultTypes(StringRef text, std::vector<ResultType> &types) {
  while (!text.empty()) {
    size_t end = text.find(']');
    if (end == StringRef::npos || !parseResultType(text.take_front(end + 1), types.emplace_back()))
      return false;
    text = text.drop_front(end + 1).ltrim();
    if (!text.empty() && !text.consume_front(","))
      return false;
  }
  return true;
}

static std::string declare(StringRef line, CustomOperator &op) {
  op.declaration = line.str();
  std::string rest = line.str();
  StringRef text = rest;
  if (size_t at = text.find(" effect="); at != StringRef::npos) {
    auto [key, tail] = text.drop_front(at + strlen(" effect=")).split(' ');
    op.effect = key.str();
    if (key.empty())
      return "effect= needs a key";
    rest = (text.take_front(at) + " " + tail).str();
    text = StringRef(rest).rtrim();
  }
  if (size_t at = text.find(" results="); at != StringRef::npos) {
    StringRef types = text.drop_front(at + strlen(" results="));
    if (!parseResultTypes(types.trim(), op.results))
      return ("results=: expected types such as f32[?,3], found '" + types + "'").str();
    text = text.take_front(at).rtrim();
  }
  op.text = text.str();
  std::string error;
  op.schema = parse(text, &error);
  if (!op.schema)
    return error;
  const OperatorSchema &s = *op.schema;
  if (s.isVararg || s.isVarret)
    return "an operator of any number of arguments cannot be called from C";
  for (auto [i, result] : enumerate(s.results))
    if (result.alias && (s.aliasedArgument(i) < 0 || !s.arguments[s.aliasedArgument(i)].isWrite()))
      return "a result that is a view of an argument is not supported";
  return "";
}

std::string schema::declareOperators(StringRef text) {
  SmallVector<StringRef> lines;
  text.split(lines, '\n');
  for (auto [number, line] : enumerate(lines)) {
    line = line.split('#').first.trim();
    if (line.empty())
      continue;
    auto op = std::make_unique<CustomOperator>();
    std::string error = declare(line, *op);
    if (error.empty()) {
      const CustomOperator *known = lookupCustom(op->schema->fullName);
      if (known && known->declaration == op->declaration)
        continue;
      if (known)
        error = "'" + op->schema->fullName + "' is declared twice";
      else if (lookup(op->schema->fullName))
        error = "'" + op->schema->fullName + "' is an operator of torch";
    }
    if (!error.empty())
      return "line " + std::to_string(number + 1) + ": " + error;
    Registry &all = registry();
    std::lock_guard<std::mutex> lock(all.mutex);
    std::string name = op->schema->fullName;
    all.operators[name] = std::move(op);
  }
  return "";
}

const CustomOperator *schema::lookupCustom(StringRef fullName) {
  Registry &all = registry();
  std::lock_guard<std::mutex> lock(all.mutex);
  auto found = all.operators.find(std::string_view(fullName));
  return found == all.operators.end() ? nullptr : found->second.get();
}

std::string schema::declaredOperators() {
  Registry &all = registry();
  std::lock_guard<std::mutex> lock(all.mutex);
  std::string text;
  for (auto &[name, op] : all.operators)
    text += op->declaration + "\n";
  return text;
}
