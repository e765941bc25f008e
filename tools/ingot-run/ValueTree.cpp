//===- ValueTree.cpp - values from and to the trees of cases --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ValueTree.h"
#include "Element.h"
#include "Error.h"

#include <algorithm>

using namespace ingot;
using namespace ingot::run;
using json = nlohmann::ordered_json;

//===----------------------------------------------------------------------===//
// Trees to values
//===----------------------------------------------------------------------===//

static const json &field(const json &node, const char *name) {
  auto it = node.find(name);
  if (it == node.end())
    fail("a value of the case has no \"" + std::string(name) + "\": " + node.dump().substr(0, 80));
  return *it;
}

template <typename T>
static T get(const json &node, const char *name) {
  const json &v = field(node, name);
  bool good = std::is_same_v<T, bool>          ? v.is_boolean()
              : std::is_same_v<T, std::string> ? v.is_string()
                                               : v.is_number_integer();
  if (!good)
    fail("a value of the case has a bad \"" + std::string(name) + "\": " + node.dump().substr(0, 80));
  return v.get<T>();
}

/// torch's enums, which TorchScript passes as ints.
static int64_t enumValue(const json &node, const std::string &kind) {
  static constexpr struct {
    const char *name;
    int64_t value;
  } layouts[] = {{"strided", 0}},
    formats[] = {{"contiguous_format", 0}, {"preserve_format", 1}, {"channels_last", 2}, {"channels_last_3d", 3}};
  std::string name = get<std::string>(node, "v");
  if (name.rfind("torch.", 0) == 0)
    name = name.substr(6);
  if (kind == "layout") {
    for (auto &l : layouts)
      if (name == l.name)
        return l.value;
  } else
    for (auto &f : formats)
      if (name == f.name)
        return f.value;
  fail("an input is the " + kind + " '" + name + "', which is not supported");
}

static std::vector<std::string> names(const json &node) {
  std::vector<std::string> out;
  for (const json &name : node)
    if (name.is_string())
      out.push_back(name);
    else
      fail("a field's name is no text: " + name.dump());
  return out;
}

std::vector<Value> TreeReader::items(const json &node) {
  const json &v = field(node, "v");
  if (!v.is_array())
    fail("a value of the case has a bad \"v\": " + node.dump().substr(0, 80));
  std::vector<Value> out;
  for (const json &item : v)
    out.push_back(read(item));
  return out;
}

Value TreeReader::tensor(const json &node) {
  int64_t n = get<int64_t>(node, "n");
  const HostTensor &t = tensors.at(n);
  Value value;
  if (auto it = node.find("same"); it != node.end()) {
    auto other = made.find(get<int64_t>(node, "same"));
    if (other == made.end())
      fail("tensor " + std::to_string(n) + " of the case is the same as one that does not come before it");
    value = other->second;
  } else {
    Value &base = bases[{t.storage.get(), t.dtype->code}];
    if (!base)
      base = Value::tensor(t.storage->data(), ingot_dtype(t.dtype->code), {int64_t(t.storage->size() / t.dtype->size)});
    value = base.view(t.offset, t.sizes, t.strides);
  }
  made.emplace(n, value);
  return value;
}

Value TreeReader::read(const json &node) {
  if (!node.is_object())
    fail("a value of the case is no object: " + node.dump().substr(0, 80));
  std::string t = get<std::string>(node, "t");
  if (t == "tensor")
    return tensor(node);
  if (t == "none")
    return Value::none();
  if (t == "int")
    return Value::integer(get<int64_t>(node, "v"));
  if (t == "bool")
    return Value::boolean(get<bool>(node, "v"));
  if (t == "float")
    return Value::real(floatOf(node));
  if (t == "complex")
    return Value::complex(floatOf(field(node, "re")), floatOf(field(node, "im")));
  if (t == "str")
    return Value::string(get<std::string>(node, "v"));
  if (t == "device")
    return Value::device(get<std::string>(node, "v").c_str());
  if (t == "layout" || t == "memory_format")
    return Value::integer(enumValue(node, t));
  if (t == "dtype") {
    std::string name = get<std::string>(node, "v");
    if (name.rfind("torch.", 0) == 0)
      name = name.substr(6);
    const DTypeInfo *dtype = findDType(name);
    if (!dtype)
      fail("an input is the dtype '" + name + "', which is not supported");
    return Value::dtype(ingot_dtype(dtype->code));
  }
  if (t == "list")
    return Value::list(items(node));
  if (t == "tuple")
    return Value::tuple(items(node));
  if (t == "namedtuple") {
    std::vector<std::string> fields = names(field(node, "fields"));
    std::vector<Value> values = items(node);
    if (fields.size() != values.size())
      fail("a namedtuple of the case has " + std::to_string(fields.size()) + " fields and " +
           std::to_string(values.size()) + " values");
    return Value::namedtuple(get<std::string>(node, "class").c_str(), fields, values);
  }
  if (t == "dict") {
    std::vector<std::pair<Value, Value>> entries;
    for (const json &entry : field(node, "v")) {
      if (!entry.is_array() || entry.size() != 2)
        fail("a dict's entry is no pair: " + entry.dump().substr(0, 80));
      Value key = read(entry[0]);
      entries.emplace_back(std::move(key), read(entry[1]));
    }
    return Value::dict(entries);
  }
  if (t == "enum")
    return Value::enumMember(get<std::string>(node, "class").c_str(), get<std::string>(node, "name").c_str(),
                             read(field(node, "value")));
  if (t == "object") {
    std::vector<std::string> attributes;
    std::vector<Value> values;
    for (auto &[name, value] : field(node, "attrs").items()) {
      attributes.push_back(name);
      values.push_back(read(value));
    }
    return Value::object(get<std::string>(node, "class").c_str(), attributes, values);
  }
  fail("an input is of the kind '" + t + "', which is not supported");
}

//===----------------------------------------------------------------------===//
// Values to trees
//===----------------------------------------------------------------------===//

TreeWriter::TreeWriter(const std::map<int64_t, HostTensor> &tensors, const std::map<int64_t, Value> &values)
    : tensors(tensors) {
  for (auto &[n, value] : values) {
    known.push_back({n, value.get(), tensors.at(n).storage.get()});
    next = std::max(next, n + 1);
  }
}

const Storage *TreeWriter::storageOf(const void *data) const {
  const char *p = static_cast<const char *>(data);
  for (auto &[n, t] : tensors)
    // One past the end, too: a view without elements may begin there.
    if (t.storage && p >= t.storage->data() && p <= t.storage->data() + t.storage->size())
      return t.storage.get();
  return nullptr;
}

void TreeWriter::payload(json &node, std::string_view data) {
  bytes.resize((bytes.size() + 15) / 16 * 16);
  node["offset"] = bytes.size();
  node["nbytes"] = data.size();
  bytes += data;
}

json TreeWriter::tensor(const Value &value) {
  ingot_tensor_info info = value.tensorInfo();
  const DTypeInfo *dtype = findDType(info.dtype);
  if (!dtype)
    fail("an output has the unknown dtype " + std::to_string(info.dtype));
  Dims sizes(info.sizes, info.sizes + info.rank);
  Dims strides(info.strides, info.strides + info.rank);
  json node = {
      {"t", "tensor"}, {"dtype", dtype->name}, {"shape", sizes}, {"strides", strides}, {"requires_grad", false}};

  // An input's storage is known by its addresses: two values over it need not
  // have one identity.
  const Storage *given = info.data ? storageOf(info.data) : nullptr;
  const void *storage = given ? static_cast<const void *>(given) : info.storage;
  const char *begin = given ? given->data() : static_cast<const char *>(info.storage_data);
  int64_t offset = 0;
  if (info.data && begin)
    offset = (static_cast<const char *>(info.data) - begin) / dtype->size;
  node["storage_offset"] = offset;
  node["n"] = next;
  for (const Known &k : known)
    if (k.value == value.get()) {
      node["same"] = k.n;
      break;
    }
  if (storage)
    for (const Known &k : known)
      if (k.storage == storage) {
        node["shares"] = k.n;
        break;
      }
  known.push_back({next++, value.get(), storage});

  std::string data(info.numel * dtype->size, 0);
  gather(data.data(), static_cast<const char *>(info.data), info.sizes, info.strides, info.rank, dtype->size);
  payload(node, data);
  return node;
}

json TreeWriter::rewrite(const json &argument) {
  json node = argument;
  if (node.is_array()) {
    for (json &child : node)
      child = rewrite(child);
    return node;
  }
  if (!node.is_object())
    return node;
  if (auto it = node.find("t"); it != node.end() && *it == "tensor") {
    payload(node, tensors.at(node.at("n")).bytes());
    return node;
  }
  if (auto it = node.find("v"); it != node.end())
    *it = rewrite(*it);
  if (auto it = node.find("attrs"); it != node.end())
    for (json &child : *it)
      child = rewrite(child);
  return node;
}

bool TreeWriter::holds(const json &argument, const Value &value) const {
  if (!value || !argument.is_object() || !argument.contains("t"))
    return true; // left out
  std::string t = argument.at("t");
  if (t == "tensor") {
    int64_t n = argument.value("same", argument.at("n").get<int64_t>());
    for (const Known &k : known)
      if (k.n == n)
        return k.value == value.get();
    return value.kind() == INGOT_TENSOR;
  }
  if (t == "bool")
    return value.kind() == INGOT_BOOL && argument.at("v").get<bool>() == (value.toInt() != 0);
  if (t == "int")
    return value.kind() == INGOT_INT && argument.at("v").get<int64_t>() == value.toInt();
  if (t == "float" && argument.contains("bits"))
    return value.kind() == INGOT_FLOAT && floatNode(value.toFloat()).at("bits") == argument.at("bits");
  if (t == "str")
    return value.kind() == INGOT_STRING && argument.at("v").get<std::string>() == value.toString();
  if (t == "none")
    return value.kind() == INGOT_NONE;
  bool sequence = t == "list" || t == "tuple" || t == "namedtuple";
  if (!sequence && t != "dict")
    return true;
  const json &items = argument.at("v");
  if (items.size() != value.size())
    return false;
  for (size_t i = 0; i < items.size(); ++i)
    if (sequence ? !holds(items[i], value[i]) : !holds(items[i][0], value.key(i)) || !holds(items[i][1], value[i]))
      return false;
  return true;
}

json TreeWriter::write(const Value &value) {
  auto children = [&] {
    json v = json::array();
    for (size_t i = 0, n = value.size(); i < n; ++i)
      v.push_back(write(value[i]));
    return v;
  };
  switch (value.kind()) {
  case INGOT_TENSOR:
    return tensor(value);
  case INGOT_NONE:
    return {{"t", "none"}};
  case INGOT_INT:
    return {{"t", "int"}, {"v", value.toInt()}};
  case INGOT_BOOL:
    return {{"t", "bool"}, {"v", value.toInt() != 0}};
  case INGOT_FLOAT:
    return floatNode(value.toFloat());
  case INGOT_COMPLEX: {
    auto c = value.toComplex();
    return {{"t", "complex"}, {"re", floatNode(c.real())}, {"im", floatNode(c.imag())}};
  }
  case INGOT_STRING:
    return {{"t", "str"}, {"v", std::string(value.toString())}};
  case INGOT_DEVICE:
    return {{"t", "device"}, {"v", std::string(value.toString())}};
  case INGOT_DTYPE:
    return {{"t", "dtype"}, {"v", "torch." + dtypeName(int32_t(value.toInt()))}};
  case INGOT_LIST:
    return {{"t", "list"}, {"v", children()}};
  case INGOT_TUPLE: {
    json node = {{"t", "tuple"}, {"v", children()}};
    if (value.className().empty())
      return node;
    node["t"] = "namedtuple";
    node["class"] = std::string(value.className());
    json fields = json::array();
    for (size_t i = 0, n = value.size(); i < n; ++i) {
      const char *name = ingot_value_name(value.get(), i);
      fields.push_back(name ? name : "");
    }
    node["fields"] = fields;
    return node;
  }
  case INGOT_DICT: {
    json v = json::array();
    for (size_t i = 0, n = value.size(); i < n; ++i) {
      json key = write(value.key(i));
      v.push_back(json::array({key, write(value[i])}));
    }
    return {{"t", "dict"}, {"v", v}};
  }
  case INGOT_ENUM: {
    const char *name = ingot_value_name(value.get(), 0);
    return {{"t", "enum"},
            {"class", std::string(value.className())},
            {"name", name ? name : ""},
            {"value", write(value[0])}};
  }
  case INGOT_FUTURE:
    try {
      return {{"t", "future"}, {"v", write(value.wait())}};
    } catch (const Error &e) {
      return {{"t", "future"}, {"raises", {{"type", e.type()}, {"message", e.message()}, {"where", e.where()}}}};
    }
  case INGOT_AWAIT:
    return {{"t", "await"}, {"v", write(value[0])}};
  case INGOT_OBJECT: {
    json attrs = json::object();
    for (size_t i = 0, n = value.size(); i < n; ++i) {
      const char *name = ingot_value_name(value.get(), i);
      attrs[name ? name : std::to_string(i)] = write(value[i]);
    }
    return {{"t", "object"}, {"class", std::string(value.className())}, {"attrs", attrs}};
  }
  default:
    fail("an output is of the kind " + std::to_string(value.kind()) + ", which is not supported");
  }
}
