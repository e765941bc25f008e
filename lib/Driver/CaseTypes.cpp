//===- CaseTypes.cpp - types of a recorded case's arguments -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Driver/InputSpecParser.h"

#include "ingot/Support/DType.h"

#include "ingot/Support/Json.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace ingot;
using llvm::StringRef;
using llvm::Twine;
namespace json = llvm::json;
using Kind = TypeSpec::Kind;

static bool typeOf(const json::Value &value, TypeSpec &spec, std::string &error);

static bool children(const json::Array *values, TypeSpec &spec, std::string &error) {
  if (values)
    for (const json::Value &value : *values) {
      spec.children.emplace_back();
      if (!typeOf(value, spec.children.back(), error))
        return false;
    }
  return true;
}

static void strings(const json::Array *values, std::vector<std::string> &out) {
  if (values)
    for (const json::Value &value : *values)
      out.push_back(value.getAsString().value_or("").str());
}

static bool dictType(const json::Array *entries, TypeSpec &spec, std::string &error) {
  spec.kind = Kind::Dict;
  if (!entries)
    return true;
  for (const json::Value &entry : *entries) {
    const json::Array *pair = entry.getAsArray();
    const json::Object *key = pair && pair->size() == 2 ? (*pair)[0].getAsObject() : nullptr;
    if (!key) {
      error = "a dict's entry is no [key, value]";
      return false;
    }
    if (auto text = key->getString("v")) {
      spec.names.push_back(text->str());
    } else if (auto number = key->getInteger("v")) {
      spec.names.push_back(std::to_string(*number));
      spec.intKeys = true;
    } else {
      // Keys of other types (floats, tensors) have no path: left to the schema.
      spec = TypeSpec();
      return true;
    }
    spec.children.emplace_back();
    if (!typeOf((*pair)[1], spec.children.back(), error))
      return false;
  }
  return true;
}

static bool typeOf(const json::Value &value, TypeSpec &spec, std::string &error) {
  const json::Object *node = value.getAsObject();
  auto tag = node ? node->getString("t") : std::nullopt;
  if (!tag) {
    error = "a value has no \"t\"";
    return false;
  }
  StringRef t = *tag;
  const json::Array *elements = node->getArray("v");
  if (t == "tensor") {
    // Sparse and quantised layouts stay Unknown: no program of ours takes them.
    if (node->get("layout") || node->get("qscheme"))
      return true;
    auto dtype = parseDType(node->getString("dtype").value_or(""));
    const json::Array *shape = node->getArray("shape");
    if (!dtype || !shape)
      return true;
    spec.kind = Kind::Tensor;
    spec.dtype = *dtype;
    spec.requiresGrad = node->getBoolean("requires_grad").value_or(false);
    spec.dims.resize(shape->size()); // every size `?`
    for (auto [dim, size] : llvm::zip(spec.dims, *shape))
      dim.recorded = size.getAsInteger().value_or(-1);
    return true;
  }
  if (t == "none")
    spec.kind = Kind::None;
  else if (t == "int")
    spec.kind = Kind::Int;
  else if (t == "float")
    spec.kind = Kind::Float;
  else if (t == "bool")
    spec.kind = Kind::Bool;
  else if (t == "complex")
    spec.kind = Kind::Complex;
  else if (t == "str")
    spec.kind = Kind::Str;
  else if (t == "device")
    spec.kind = Kind::Device;
  else if (t == "dtype" || t == "layout" || t == "memory_format")
    spec.kind = Kind::DType;
  else if (t == "enum") {
    spec.kind = Kind::Enum;
    spec.className = node->getString("class").value_or("").str();
    spec.names.push_back(node->getString("name").value_or("").str());
  } else if (t == "list") {
    spec.kind = Kind::List;
    return children(elements, spec, error);
  } else if (t == "tuple" || t == "namedtuple") {
    spec.kind = Kind::Tuple;
    spec.className = node->getString("class").value_or("").str();
    strings(node->getArray("fields"), spec.names);
    return children(elements, spec, error);
  } else if (t == "dict") {
    return dictType(elements, spec, error);
  } else if (t == "object") {
    spec.kind = Kind::Object;
    spec.className = node->getString("class").value_or("").str();
    if (const json::Object *attrs = node->getObject("attrs")) {
      // json::Object has no order: the attributes' own order does not matter.
      std::vector<std::string> names;
      for (const auto &entry : *attrs)
        names.push_back(std::string(llvm::StringRef(entry.first)));
      llvm::sort(names);
      for (const std::string &name : names) {
        spec.names.push_back(name);
        spec.children.emplace_back();
        if (!typeOf(*attrs->get(name), spec.children.back(), error))
          return false;
      }
    }
  }
  return true; // future, await, range, generator: Unknown
}

bool ingot::parseCase(StringRef path, std::vector<InputSpec> &specs, std::string &method, std::string &error) {
  llvm::SmallString<256> file(path);
  if (llvm::sys::fs::is_directory(file))
    llvm::sys::path::append(file, "case.json");
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer) {
    error = ("cannot read the case '" + file + "': " + buffer.getError().message()).str();
    return false;
  }
  auto parsed = parseJson((*buffer)->getBuffer());
  if (!parsed) {
    error = ("the case '" + file + "' is no JSON: " + llvm::toString(parsed.takeError())).str();
    return false;
  }
  const json::Object *root = parsed->getAsObject();
  const json::Array *args = root ? root->getArray("args") : nullptr;
  if (!args) {
    error = ("the case '" + file + "' has no \"args\"").str();
    return false;
  }
  method = root->getString("method").value_or("forward").str();
  if (method.empty())
    method = "forward";
  auto add = [&](std::string name, const json::Value &value) {
    InputSpec spec;
    spec.method = method;
    spec.recorded = true;
    spec.gradients = root->getBoolean("grad_enabled").value_or(true);
    spec.path = std::move(name);
    if (!typeOf(value, spec.type, error)) {
      error = ("the case '" + file + "', argument '" + spec.path + "': " + error).str();
      return false;
    }
    specs.push_back(std::move(spec));
    return true;
  };
  for (size_t i = 0; i < args->size(); ++i)
    if (!add("#" + std::to_string(i), (*args)[i]))
      return false;
  if (const json::Object *kwargs = root->getObject("kwargs")) {
    std::vector<std::string> names;
    for (const auto &entry : *kwargs)
      names.push_back(std::string(llvm::StringRef(entry.first)));
    llvm::sort(names);
    for (const std::string &name : names)
      if (!add(name, *kwargs->get(name)))
        return false;
  }
  return true;
}
