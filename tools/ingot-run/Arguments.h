//===- Arguments.h - what a method is called with ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUN_ARGUMENTS_H
#define INGOT_RUN_ARGUMENTS_H

#include "Case.h"
#include "Error.h"
#include "Options.h"
#include "ValueTree.h"

#include <optional>

namespace ingot::run {

/// Arguments as trees and tensors, from a case or from --input.
struct Arguments {
  nlohmann::ordered_json args = nlohmann::ordered_json::array();
  nlohmann::ordered_json kwargs = nlohmann::ordered_json::object();
  TensorTable tensors;
};

Arguments argumentsOf(const Case &recorded);
/// Throws UserError for an unknown or a missing input.
Arguments argumentsOf(const Options &options, const Method &method);

/// The method's inputs in order; an empty handle stands for a default. As
/// Python binds positional arguments and keywords; what does not fit the
/// schema gives `refused` instead.
struct BoundInputs {
  std::vector<Value> values;
  std::optional<Raised> refused;
};
BoundInputs bindInputs(const Method &method, const Arguments &arguments, TreeReader &reader);

} // namespace ingot::run

#endif
