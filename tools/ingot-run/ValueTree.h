//===- ValueTree.h - values from and to the trees of cases ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUN_VALUETREE_H
#define INGOT_RUN_VALUETREE_H

#include "HostTensor.h"

#include "ingot.hpp"
#include <map>
#include <nlohmann/json.hpp>

namespace ingot::run {

/// Makes values of trees. Nodes of one number are one value, and tensors that
/// share a storage here share it for the runtime, too.
class TreeReader {
public:
  explicit TreeReader(const std::map<int64_t, HostTensor> &tensors) : tensors(tensors) {}

  /// Throws UserError for a kind that the C API has not.
  Value read(const nlohmann::ordered_json &node);
  /// The value made for a tensor number, if any.
  const std::map<int64_t, Value> &values() const { return made; }

private:
  Value tensor(const nlohmann::ordered_json &node);
  std::vector<Value> items(const nlohmann::ordered_json &node);

  const std::map<int64_t, HostTensor> &tensors;
  std::map<int64_t, Value> made;
  /// By storage and dtype: the tensor over all of it.
  std::map<std::pair<const Storage *, int32_t>, Value> bases;
};

/// Makes trees of values, and the bytes of out.bin. Numbers and finds the
/// tensors that are one, or share a storage.
class TreeWriter {
public:
  /// The tensors given to the call keep their numbers; results go on after.
  TreeWriter(const std::map<int64_t, HostTensor> &tensors, const std::map<int64_t, Value> &values);

  nlohmann::ordered_json write(const Value &value);
  /// An argument's tree with the tensors' bytes of now.
  nlohmann::ordered_json rewrite(const nlohmann::ordered_json &argument);
  /// The same of an argument whose containers may have other elements now.
  nlohmann::ordered_json rewrite(const nlohmann::ordered_json &argument, const Value &value) {
    return holds(argument, value) ? rewrite(argument) : write(value);
  }
  /// Whether the value's containers, numbers and strings are still the tree's,
  /// and its tensors the same objects.
  bool holds(const nlohmann::ordered_json &argument, const Value &value) const;
  std::string bytes;

private:
  struct Known {
    int64_t n;
    const ingot_value *value;
    const void *storage;
  };

  nlohmann::ordered_json tensor(const Value &value);
  /// Appends the elements and describes where they are.
  void payload(nlohmann::ordered_json &node, std::string_view data);
  const Storage *storageOf(const void *data) const;

  const std::map<int64_t, HostTensor> &tensors;
  std::vector<Known> known;
  int64_t next = 0;
};

} // namespace ingot::run

#endif
