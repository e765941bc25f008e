//===- Case.cpp - a recorded call -----------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Case.h"
#include "Error.h"

#include <algorithm>

using namespace ingot::run;
using json = nlohmann::ordered_json;

/// Deepest nesting of lists and objects; what follows recurses over them.
static int nesting(std::string_view text) {
  int depth = 0, most = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quoted) {
      i += c == '\\';
      quoted = c != '"';
    } else if (c == '"')
      quoted = true;
    else if (c == '[' || c == '{')
      most = std::max(most, ++depth);
    else if (c == ']' || c == '}')
      --depth;
  }
  return most;
}

Case::Case(const std::string &given) {
  std::string path = isDirectory(given) ? given + "/case.json" : given;
  MappedFile text(path);
  if (nesting(text.view()) > 1000)
    fail("'" + path + "' is nested too deeply");
  record = json::parse(text.view(), nullptr, /*allow_exceptions=*/false);
  if (record.is_discarded())
    fail("'" + path + "' is not JSON");
  if (!record.is_object())
    fail("'" + path + "' is no case: an object is expected");
  if (auto it = record.find("format"); it != record.end() && *it != 1)
    fail("'" + path + "' is of case format " + it->dump() + "; 1 is known");
  if (auto it = record.find("args"); it != record.end() && !it->is_null())
    args = *it;
  if (auto it = record.find("kwargs"); it != record.end() && !it->is_null())
    kwargs = *it;
  if (!args.is_array() || !kwargs.is_object())
    fail("'" + path + "' is no case: args is a list and kwargs an object");
  std::string data = directoryOf(path) + "/data.bin";
  if (fileExists(data))
    dataFile = MappedFile(data);
}

std::string Case::method(const Library &library) const {
  auto it = record.find("method");
  std::string name = it == record.end() || !it->is_string() ? "forward" : std::string(*it);
  if (name != "__call__")
    return name;
  // What has no hooks has no __call__ of its own.
  for (const Method &m : library.methods())
    if (m.name() == name)
      return name;
  return "forward";
}

static Dims dims(const json &node, const char *field) {
  auto it = node.find(field);
  if (it == node.end() || !it->is_array())
    fail(std::string("a tensor of the case has no ") + field);
  Dims out;
  for (const json &v : *it) {
    if (!v.is_number_integer())
      fail(std::string("a tensor of the case has a bad ") + field + ": " + it->dump());
    out.push_back(v.get<int64_t>());
  }
  return out;
}

static int64_t integer(const json &node, const char *field, int64_t absent) {
  auto it = node.find(field);
  if (it == node.end())
    return absent;
  if (!it->is_number_integer())
    fail(std::string("a tensor of the case has a bad ") + field + ": " + it->dump());
  return it->get<int64_t>();
}

/// All but the storage.
static HostTensor readTensor(const json &node) {
  for (const char *special : {"layout", "qscheme"})
    if (auto it = node.find(special); it != node.end())
      fail("an input has the " + std::string(special) + " " + it->dump() + ", which is not supported");
  HostTensor t;
  auto it = node.find("dtype");
  std::string name = it != node.end() && it->is_string() ? it->get<std::string>() : "";
  if (!(t.dtype = findDType(name)))
    fail("an input has the dtype '" + name + "', which is not supported");
  t.sizes = dims(node, "shape");
  t.strides = node.contains("strides") ? dims(node, "strides") : rowMajorStrides(t.sizes);
  if (t.strides.size() != t.sizes.size())
    fail("a tensor of the case has " + std::to_string(t.sizes.size()) + " sizes and " +
         std::to_string(t.strides.size()) + " strides");
  t.offset = integer(node, "storage_offset", 0);
  return t;
}

TensorTable ingot::run::buildTensors(json &args, json &kwargs, std::string_view data) {
  int64_t next = 0;
  auto forEach = [&](auto visit) {
    forEachTensor(args, visit);
    for (auto &value : kwargs)
      forEachTensor(value, visit);
  };
  std::vector<json *> nodes;
  forEach([&](json &node) {
    nodes.push_back(&node);
    int64_t n = integer(node, "n", 0);
    if (n < 0 || n > INT32_MAX)
      fail("a tensor of the case has the bad number " + std::to_string(n));
    next = std::max(next, n + 1);
  });
  TensorTable table;
  std::map<int64_t, int64_t> owner;  // n -> whose storage it is
  std::map<int64_t, int64_t> extent; // owner -> bytes
  for (json *node : nodes) {
    if (!node->contains("n"))
      (*node)["n"] = next++;
    int64_t n = (*node)["n"];
    HostTensor t = readTensor(*node);
    int64_t other = integer(*node, "shares", integer(*node, "same", n));
    auto it = owner.find(other);
    if (other != n && it == owner.end())
      fail("tensor " + std::to_string(n) + " of the case shares with " + std::to_string(other) +
           ", which does not come before it");
    int64_t root = it == owner.end() ? n : it->second;
    if (!owner.emplace(n, root).second)
      fail("two tensors of the case have the number " + std::to_string(n));
    int64_t &bytes = extent[root];
    bytes = std::max(bytes, storageExtent(t.sizes, t.strides, t.offset, t.dtype->size));
    // Before anything is allocated: the data must be there.
    uint64_t at = integer(*node, "offset", 0), size = t.nbytes();
    if (uint64_t(integer(*node, "nbytes", 0)) != size || at > data.size() || data.size() - at < size)
      fail("data of tensor " + std::to_string(n) + " of the case is not in data.bin: " + std::to_string(size) +
           " bytes at " + std::to_string(at) + " of " + std::to_string(data.size()));
    table.emplace(n, std::move(t));
  }
  for (json *node : nodes) {
    int64_t n = (*node)["n"];
    HostTensor &t = table.at(n);
    int64_t root = owner.at(n);
    if (root == n)
      t.storage = std::make_shared<Storage>(extent.at(root));
    else
      t.storage = table.at(root).storage;
    scatter(t.data(), t.strides.data(), data.data() + integer(*node, "offset", 0), t.sizes.data(), int(t.sizes.size()),
            t.dtype->size);
  }
  return table;
}
