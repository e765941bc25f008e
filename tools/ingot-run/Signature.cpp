//===- Signature.cpp - what a library offers ------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Signature.h"
#include "DType.h"
#include "Element.h"

#include <cinttypes>
#include <nlohmann/json.hpp>

using namespace ingot;
using namespace ingot::run;
using json = nlohmann::ordered_json;

static ingot_type_info child(const ingot_type *type, int32_t index, const ingot_type *&out) {
  out = ingot_type_child(type, size_t(index));
  return ingot_type_get_info(out);
}

static const char *kindName(int32_t kind) {
  switch (kind) {
  case INGOT_TENSOR:
    return "tensor";
  case INGOT_INT:
    return "int";
  case INGOT_FLOAT:
    return "float";
  case INGOT_BOOL:
    return "bool";
  case INGOT_COMPLEX:
    return "complex";
  case INGOT_STRING:
    return "str";
  case INGOT_NONE:
    return "none";
  case INGOT_DTYPE:
    return "dtype";
  case INGOT_DEVICE:
    return "device";
  case INGOT_LIST:
    return "list";
  case INGOT_TUPLE:
    return "tuple";
  case INGOT_DICT:
    return "dict";
  case INGOT_OBJECT:
    return "object";
  case INGOT_OPTIONAL:
    return "optional";
  case INGOT_ANY:
    return "any";
  case INGOT_FUTURE:
    return "future";
  case INGOT_AWAIT:
    return "await";
  case INGOT_ENUM:
    return "enum";
  default:
    return "value";
  }
}

static std::string sizeText(const Method &method, int64_t size) {
  if (size >= 0)
    return std::to_string(size);
  if (size == INGOT_SIZE_ANY)
    return "?";
  return method.symbol(size_t(INGOT_SIZE_SYMBOL(size))).name;
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

static std::string constantText(const ingot_type_info &info) {
  switch (info.kind) {
  case INGOT_INT:
    return std::to_string(info.constant_int);
  case INGOT_BOOL:
    return info.constant_int ? "True" : "False";
  case INGOT_FLOAT:
    return doubleText(info.constant_float);
  case INGOT_DTYPE:
    return "torch." + dtypeName(int32_t(info.constant_int));
  case INGOT_STRING:
  case INGOT_DEVICE:
    return json(info.constant_string ? info.constant_string : "").dump();
  default:
    return kindName(info.kind);
  }
}

std::string ingot::run::typeText(const Method &method, const ingot_type *type) {
  ingot_type_info info = ingot_type_get_info(type);
  if (info.kind == INGOT_TENSOR) {
    std::string text = dtypeShortName(info.dtype) + "[";
    for (int32_t d = 0; d < info.rank; ++d)
      text += (d ? "," : "") + sizeText(method, info.sizes ? info.sizes[d] : INGOT_SIZE_ANY);
    return text + "]";
  }
  if (info.kind == INGOT_NONE)
    return "None";
  if (info.kind < INGOT_LIST)
    return info.is_constant ? constantText(info) : kindName(info.kind);
  auto typeOf = [&](int32_t i) { return typeText(method, ingot_type_child(type, size_t(i))); };
  // As --input of ingotc has them.
  if (info.kind == INGOT_OPTIONAL)
    return "Optional[" + typeOf(0) + "]";
  if (info.kind == INGOT_LIST && info.any_length)
    return "List[" + typeOf(0) + "]";
  if (info.kind == INGOT_DICT && info.any_length)
    return "Dict[" + typeOf(0) + ", " + typeOf(1) + "]";
  if (info.kind == INGOT_ANY)
    return "Any";
  bool isDict = info.kind == INGOT_DICT;
  std::string text = info.name ? info.name : "";
  if (info.kind == INGOT_FUTURE || info.kind == INGOT_AWAIT)
    text = kindName(info.kind);
  text += info.kind == INGOT_LIST ? "[" : isDict ? "{" : "(";
  for (int32_t i = 0; i < info.child_count; ++i) {
    if (i)
      text += isDict && i % 2 ? ": " : ", ";
    if (info.child_names && info.child_names[i])
      text += std::string(info.child_names[i]) + ": ";
    text += typeOf(i);
  }
  if (info.kind == INGOT_TUPLE && info.child_count == 1 && !info.child_names)
    text += ",";
  return text + (info.kind == INGOT_LIST ? "]" : isDict ? "}" : ")");
}

static std::string symbolsText(const Method &method) {
  std::string text;
  for (int32_t i = 0, n = method.info().symbol_count; i < n; ++i) {
    ingot_symbol_info s = method.symbol(size_t(i));
    text += text.empty() ? "  sizes: " : ", ";
    text += std::string(s.name) + " " + std::to_string(s.min) + "..";
    if (s.max != INT64_MAX)
      text += std::to_string(s.max);
  }
  return text.empty() ? "" : text + "\n";
}

std::string ingot::run::signatureText(const Library &library) {
  ingot_library_info info = library.info();
  std::string cpu = info.cpu ? info.cpu : "any CPU"; // name;features
  std::string text = std::string(info.producer ? info.producer : "unknown") + ", ABI " +
                     std::to_string(info.abi_major) + "." + std::to_string(info.abi_minor) + ", code for " +
                     cpu.substr(0, cpu.find(';')) + ", " + std::to_string(info.constants_size) +
                     " bytes of constants\n";
  for (const Method &m : library.methods()) {
    text += "method " + std::string(m.name()) + "\n";
    for (size_t i = 0; i < m.inputCount(); ++i) {
      ingot_input_info in = m.input(i);
      text += "  " + std::string(in.name) + ": ";
      ingot_type_info type = ingot_type_get_info(in.type);
      // A plain input's constant is its default.
      if (in.has_default && type.is_constant && type.kind != INGOT_NONE)
        text += std::string(kindName(type.kind)) + " = " + constantText(type);
      else
        text += typeText(m, in.type) + (in.has_default ? " (optional)" : "");
      text += in.mutated ? " (changed by the call)\n" : "\n";
    }
    text += "  -> " + typeText(m, m.info().output) + "\n" + symbolsText(m);
  }
  for (int32_t i = 0; i < info.state_count; ++i) {
    ingot_state_info s = library.state(size_t(i));
    text += "state " + std::string(s.name) + ": " + dtypeShortName(s.dtype) + "[";
    for (int32_t d = 0; d < s.rank; ++d)
      text += (d ? "," : "") + std::to_string(s.sizes[d]);
    text += s.is_mutable ? "] (mutable)\n" : "]\n";
  }
  return text;
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

static json typeJson(const Method &method, const ingot_type *type);

static json childrenJson(const Method &method, const ingot_type *type, int32_t count) {
  json v = json::array();
  for (int32_t i = 0; i < count; ++i)
    v.push_back(typeJson(method, ingot_type_child(type, size_t(i))));
  return v;
}

static json namesJson(const ingot_type_info &info) {
  json names = json::array();
  for (int32_t i = 0; i < info.child_count; ++i)
    names.push_back(info.child_names && info.child_names[i] ? info.child_names[i] : std::to_string(i));
  return names;
}

static json typeJson(const Method &method, const ingot_type *type) {
  ingot_type_info info = ingot_type_get_info(type);
  json node = {{"t", kindName(info.kind)}};
  switch (info.kind) {
  case INGOT_TENSOR: {
    node["dtype"] = dtypeName(info.dtype);
    json shape = json::array();
    for (int32_t d = 0; d < info.rank; ++d) {
      int64_t size = info.sizes ? info.sizes[d] : INGOT_SIZE_ANY;
      if (size >= 0)
        shape.push_back(size);
      else if (size == INGOT_SIZE_ANY)
        shape.push_back(nullptr);
      else
        shape.push_back(sizeText(method, size));
    }
    node["shape"] = shape;
    break;
  }
  case INGOT_LIST:
    node["v"] = childrenJson(method, type, info.child_count);
    break;
  case INGOT_TUPLE:
    if (info.child_names || info.name) {
      node["t"] = "namedtuple";
      node["class"] = info.name ? info.name : "";
      node["fields"] = namesJson(info);
    }
    node["v"] = childrenJson(method, type, info.child_count);
    break;
  case INGOT_DICT: {
    json entries = json::array();
    for (int32_t i = 0; i + 1 < info.child_count; i += 2) {
      const ingot_type *key, *value;
      child(type, i, key);
      child(type, i + 1, value);
      entries.push_back({typeJson(method, key), typeJson(method, value)});
    }
    node["v"] = entries;
    break;
  }
  case INGOT_OPTIONAL:
  case INGOT_FUTURE:
  case INGOT_AWAIT:
    node["v"] = typeJson(method, ingot_type_child(type, 0));
    break;
  case INGOT_OBJECT: {
    node["class"] = info.name ? info.name : "";
    json attrs = json::object(), names = namesJson(info);
    for (int32_t i = 0; i < info.child_count; ++i)
      attrs[names[i].get<std::string>()] = typeJson(method, ingot_type_child(type, size_t(i)));
    node["attrs"] = attrs;
    break;
  }
  default:
    if (!info.is_constant)
      break;
    if (info.kind == INGOT_INT)
      node["v"] = info.constant_int;
    else if (info.kind == INGOT_BOOL)
      node["v"] = info.constant_int != 0;
    else if (info.kind == INGOT_FLOAT)
      node = floatNode(info.constant_float);
    else if (info.kind == INGOT_DTYPE)
      node["v"] = "torch." + dtypeName(int32_t(info.constant_int));
    else if (info.kind == INGOT_STRING || info.kind == INGOT_DEVICE)
      node["v"] = info.constant_string ? info.constant_string : "";
  }
  if (info.any_length)
    node["any_length"] = true;
  if (info.is_input)
    node["input"] = true;
  return node;
}

std::string ingot::run::signatureJson(const Library &library) {
  ingot_library_info info = library.info();
  json methods = json::array(), state = json::array();
  for (const Method &m : library.methods()) {
    json inputs = json::array(), symbols = json::array();
    for (size_t i = 0; i < m.inputCount(); ++i) {
      ingot_input_info in = m.input(i);
      json type = typeJson(m, in.type), input = {{"name", in.name}};
      if (in.has_default && type.contains("v") && !type["v"].is_array()) {
        // A plain input's constant is its default.
        input["type"] = {{"t", type["t"]}};
        input["default"] = type;
      } else
        input["type"] = type;
      input["optional"] = in.has_default != 0;
      input["mutated"] = in.mutated != 0;
      inputs.push_back(input);
    }
    for (int32_t i = 0, n = m.info().symbol_count; i < n; ++i) {
      ingot_symbol_info s = m.symbol(size_t(i));
      symbols.push_back({{"name", s.name}, {"min", s.min}});
      if (s.max != INT64_MAX)
        symbols.back()["max"] = s.max;
    }
    methods.push_back(
        {{"name", m.name()}, {"symbols", symbols}, {"inputs", inputs}, {"output", typeJson(m, m.info().output)}});
  }
  for (int32_t i = 0; i < info.state_count; ++i) {
    ingot_state_info s = library.state(size_t(i));
    state.push_back({{"name", s.name},
                     {"dtype", dtypeName(s.dtype)},
                     {"shape", std::vector<int64_t>(s.sizes, s.sizes + s.rank)},
                     {"mutable", s.is_mutable != 0},
                     {"parameter", s.is_parameter != 0}});
  }
  json out = {{"producer", info.producer ? info.producer : ""},
              {"abi", std::to_string(info.abi_major) + "." + std::to_string(info.abi_minor)},
              {"cpu", info.cpu ? info.cpu : ""},
              {"constants", info.constants_size},
              {"methods", methods},
              {"state", state}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}
