//===- Case.h - a recorded call ---------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUN_CASE_H
#define INGOT_RUN_CASE_H

#include "File.h"
#include "HostTensor.h"
#include "ingot.hpp"

#include <map>
#include <nlohmann/json.hpp>

namespace ingot::run {

/// The tensors of the arguments, by the case's number `n`. Those that share a
/// storage in the case share one here.
using TensorTable = std::map<int64_t, HostTensor>;

/// case.json and data.bin. Everything in them is checked before use.
class Case {
public:
  /// `path`: the case's folder or its case.json.
  explicit Case(const std::string &path);

  nlohmann::ordered_json record;
  nlohmann::ordered_json args = nlohmann::ordered_json::array();
  nlohmann::ordered_json kwargs = nlohmann::ordered_json::object();
  std::string_view data() const { return dataFile.view(); }
  /// The method called; `__call__` is forward, with hooks around it where the library has it.
  std::string method(const Library &library) const;

private:
  MappedFile dataFile;
};

/// Visits the tensor nodes of a value tree in the order of their numbers.
template <typename Json, typename Visit>
void forEachTensor(Json &node, const Visit &visit) {
  if (node.is_array()) {
    for (auto &child : node)
      forEachTensor(child, visit);
    return;
  }
  if (!node.is_object())
    return;
  if (auto it = node.find("t"); it != node.end() && *it == "tensor")
    return visit(node);
  for (const char *field : {"v", "attrs"})
    if (auto it = node.find(field); it != node.end()) {
      if (field[0] == 'v')
        forEachTensor(*it, visit);
      else
        for (auto &child : *it)
          forEachTensor(child, visit);
    }
}

/// Rebuilds the tensors of `args` and `kwargs` with their strides, offsets and
/// sharing. Tensor nodes without a number get one.
TensorTable buildTensors(nlohmann::ordered_json &args, nlohmann::ordered_json &kwargs, std::string_view data);

} // namespace ingot::run

#endif
