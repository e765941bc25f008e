//===- Json.cpp - checked access to the archive's JSON ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Json.h"

#include "ingot/Support/Json.h"

#include "llvm/ADT/StringExtras.h"
#include <cmath>
#include <limits>

using namespace llvm;
using namespace ingot::exported;

mlir::LogicalResult JsonReader::parse(StringRef text) {
  auto error = [&](const Twine &message) {
    hasFailed = true;
    return mlir::emitError(location) << document << ": " << message;
  };
  Expected<json::Value> parsed = ingot::parseJson(text);
  if (!parsed)
    return error("not valid JSON: " + toString(parsed.takeError()));
  value = std::move(*parsed);
  return mlir::success();
}

/// Depth-first search for the value at `wanted`; only errors pay for it.
static bool findPath(const json::Value &at, const json::Value *wanted, std::string &path) {
  if (&at == wanted)
    return true;
  size_t length = path.size();
  if (const json::Array *array = at.getAsArray()) {
    for (size_t i = 0; i < array->size(); ++i) {
      path += "[" + std::to_string(i) + "]";
      if (findPath((*array)[i], wanted, path))
        return true;
      path.resize(length);
    }
  } else if (const json::Object *object = at.getAsObject()) {
    for (const auto &[key, member] : *object) {
      path += "." + key.str();
      if (findPath(member, wanted, path))
        return true;
      path.resize(length);
    }
  }
  return false;
}

std::string JsonReader::pathOf(const Value *wanted) const {
  std::string path = "$";
  return findPath(value, wanted, path) ? path : "$";
}

void JsonReader::fail(const Value *where, const Twine &message) {
  if (hasFailed)
    return;
  hasFailed = true;
  mlir::emitError(location) << document << ": at " << pathOf(where) << ": " << message;
}

static const json::Value kNull = nullptr;
static const json::Object kNoObject;

static StringRef kindOf(const json::Value *value) {
  switch (value->kind()) {
  case json::Value::Null:
    return "null";
  case json::Value::Boolean:
    return "a boolean";
  case json::Value::Number:
    return "a number";
  case json::Value::String:
    return "a string";
  case json::Value::Array:
    return "an array";
  case json::Value::Object:
    return "an object";
  }
  return "nothing";
}

const json::Value *JsonReader::member(const Value *container, StringRef key) {
  if (hasFailed)
    return &kNull;
  const json::Object *object = container->getAsObject();
  if (!object) {
    fail(container, "expected an object, found " + kindOf(container));
    return &kNull;
  }
  const Value *found = object->get(key);
  if (!found || found->kind() == Value::Null) {
    fail(container, "the key '" + key + "' is missing");
    return &kNull;
  }
  return found;
}

const json::Value *JsonReader::optional(const Value *container, StringRef key) {
  if (hasFailed)
    return nullptr;
  const json::Object *object = container->getAsObject();
  if (!object) {
    fail(container, "expected an object, found " + kindOf(container));
    return nullptr;
  }
  const Value *found = object->get(key);
  return found && found->kind() != Value::Null ? found : nullptr;
}

StringRef JsonReader::string(const Value *value) {
  if (std::optional<StringRef> text = value->getAsString())
    return *text;
  fail(value, "expected a string, found " + kindOf(value));
  return "";
}

int64_t JsonReader::integer(const Value *value) {
  if (std::optional<int64_t> number = value->getAsInteger())
    return *number;
  fail(value, "expected an integer, found " + kindOf(value));
  return 0;
}

bool JsonReader::boolean(const Value *value) {
  if (std::optional<bool> flag = value->getAsBoolean())
    return *flag;
  fail(value, "expected a boolean, found " + kindOf(value));
  return false;
}

double JsonReader::number(const Value *value) {
  if (std::optional<double> number = value->getAsNumber())
    return *number;
  if (std::optional<StringRef> text = value->getAsString()) {
    if (*text == "Infinity")
      return std::numeric_limits<double>::infinity();
    if (*text == "-Infinity")
      return -std::numeric_limits<double>::infinity();
    if (*text == "NaN")
      return std::numeric_limits<double>::quiet_NaN();
  }
  fail(value, "expected a number, found " + kindOf(value));
  return 0;
}

ArrayRef<json::Value> JsonReader::array(const Value *value) {
  if (const json::Array *array = value->getAsArray())
    return ArrayRef<Value>(array->data(), array->size());
  fail(value, "expected an array, found " + kindOf(value));
  return {};
}

const json::Object &JsonReader::object(const Value *value) {
  if (const json::Object *object = value->getAsObject())
    return *object;
  fail(value, "expected an object, found " + kindOf(value));
  return kNoObject;
}

std::pair<StringRef, const json::Value *> JsonReader::tagged(const Value *value) {
  const json::Object &fields = object(value);
  if (fields.size() == 1)
    return {fields.begin()->first, &fields.begin()->second};
  fail(value, "expected an object with one member, its tag; found " + Twine(fields.size()));
  return {"", &kNull};
}
