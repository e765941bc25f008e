//===- Outputs.cpp - results and mutations of a program ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Importer.h"

using namespace llvm;
using namespace mlir;
using namespace ingot;
using namespace ingot::exported;

LogicalResult Importer::importOutputs(const Json *signature, const Json *graph, Scope &scope, unsigned expectedUsers,
                                      SmallVectorImpl<Value> &results, SmallVectorImpl<Attribute> &kinds) {
  ArrayRef<Json> specs = json.array(signature, "output_specs");
  ArrayRef<Json> outputs = json.array(graph, "outputs");
  if (json.failed())
    return failure();
  if (specs.size() != outputs.size()) {
    json.fail(graph, "the graph has " + Twine(outputs.size()) + " outputs, its signature has " + Twine(specs.size()));
    return failure();
  }
  // A decomposed program returns what it wrote; the exported module copies that
  // back in the order of the signature, and a result that was written is the
  // written tensor itself.
  StringMap<Value> written;
  for (const Json &spec : specs) {
    auto [tag, payload] = json.tagged(&spec);
    if (json.failed())
      return failure();
    StringRef key = tag == "buffer_mutation"       ? "buffer_name"
                    : tag == "parameter_mutation"  ? "parameter_name"
                    : tag == "user_input_mutation" ? "user_input_name"
                                                   : "";
    if (key.empty())
      continue;
    StringRef source = json.string(json.member(payload, "arg"), "name");
    StringRef target = json.string(payload, key);
    Value value = lookup(payload, source, scope), destination;
    if (json.failed())
      return failure();
    if (key == "user_input_name") {
      destination = lookup(payload, target, scope);
    } else if (!stateIndex.count(target)) {
      json.fail(payload, "the archive has no tensor '" + target + "'");
    } else {
      destination = script::GetAttrOp::create(builder, emit.loc, emit.tensorType(), self, target);
    }
    if (json.failed())
      return failure();
    if (!isa<script::TensorType>(value.getType()) || !isa<script::TensorType>(destination.getType())) {
      json.fail(payload, "only tensors can be written back");
      return failure();
    }
    written[source] = emit.aten("aten::copy_", {destination, value, emit.boolean(false)}, emit.tensorType());
  }
  // A joint program returns what forward does, its loss among it, and then
  // gradients; the pytree is that of forward.
  unsigned users = 0;
  bool joint = false;
  for (const Json &spec : specs) {
    auto [tag, payload] = json.tagged(&spec);
    if (tag == "token" || tag.ends_with("_mutation"))
      continue;
    const Json *arg = json.member(payload, "arg");
    std::string kind = tag.str();
    StringRef name;
    Value result;
    users += tag == "user_output" || tag == "loss_output";
    joint |= tag != "user_output";
    if (tag == "user_output") {
      kind += ":" + std::to_string(results.size());
      auto [form, value] = json.tagged(arg);
      if (form == "as_tensor")
        name = json.string(value, "name");
      result = argument(arg, nullptr, scope);
    } else if (tag == "loss_output" || tag == "gradient_to_parameter" || tag == "gradient_to_user_input") {
      name = json.string(arg, "name");
      result = lookup(arg, name, scope);
      if (tag == "gradient_to_parameter")
        kind += ":" + json.string(payload, "parameter_name").str();
      if (tag == "gradient_to_user_input")
        kind += ":" + json.string(payload, "user_input_name").str();
    } else {
      json.fail(&spec, "unknown kind of output '" + tag + "'");
    }
    if (json.failed() || !result)
      return failure();
    if (Value copy = name.empty() ? Value() : written.lookup(name))
      result = copy;
    results.push_back(result);
    kinds.push_back(builder.getStringAttr(kind));
  }
  if (users != expectedUsers) {
    json.fail(signature,
              "out_spec has " + Twine(expectedUsers) + " leaves, the graph has " + Twine(users) + " results");
    return failure();
  }
  if (!joint)
    kinds.clear();
  return success();
}
