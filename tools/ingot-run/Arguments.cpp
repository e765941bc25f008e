//===- Arguments.cpp - what a method is called with -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Arguments.h"
#include "Element.h"
#include "Signature.h"

#include <cerrno>
#include <cstdlib>

using namespace ingot;
using namespace ingot::run;
using json = nlohmann::ordered_json;

Arguments ingot::run::argumentsOf(const Case &recorded) {
  Arguments a;
  a.args = recorded.args;
  a.kwargs = recorded.kwargs;
  a.tensors = buildTensors(a.args, a.kwargs, recorded.data());
  return a;
}

//===----------------------------------------------------------------------===//
// --input NAME=VALUE
//===----------------------------------------------------------------------===//

static json tensorNode(const HostTensor &t, int64_t n) {
  return {{"t", "tensor"},
          {"dtype", t.dtype->name},
          {"shape", t.sizes},
          {"strides", t.strides},
          {"storage_offset", 0},
          {"requires_grad", false},
          {"n", n}};
}

/// The tree of a VALUE; tensors go into the table.
static json inputNode(const std::string &name, const std::string &value, TensorTable &tensors) {
  std::string where = "input '" + name + "'";
  size_t colon = value.find(':');
  std::string form = value.substr(0, colon);
  std::string rest = colon == std::string::npos ? "" : value.substr(colon + 1);
  auto add = [&](HostTensor t) {
    int64_t n = int64_t(tensors.size());
    json node = tensorNode(t, n);
    tensors.emplace(n, std::move(t));
    return node;
  };
  if (value == "none")
    return {{"t", "none"}};
  if (colon != std::string::npos) {
    if (form == "rand")
      return add(randomTensor(rest, 1 + tensors.size(), where));
    if (form == "str")
      return {{"t", "str"}, {"v", rest}};
    if (form == "bool") {
      if (rest == "true" || rest == "True" || rest == "1")
        return {{"t", "bool"}, {"v", true}};
      if (rest == "false" || rest == "False" || rest == "0")
        return {{"t", "bool"}, {"v", false}};
      fail(where + ": expected bool:true or bool:false, found '" + value + "'");
    }
    if (form == "int") {
      errno = 0;
      char *end = nullptr;
      int64_t v = std::strtoll(rest.c_str(), &end, 10);
      if (rest.empty() || *end || errno)
        fail(where + ": expected a 64-bit whole number, found '" + rest + "'");
      return {{"t", "int"}, {"v", v}};
    }
    if (form == "float") {
      char *end = nullptr;
      double v = std::strtod(rest.c_str(), &end);
      if (rest.empty() || *end)
        fail(where + ": expected a number, found '" + rest + "'");
      return floatNode(v);
    }
  }
  if (!fileExists(value))
    fail(where + ": '" + value +
         "' is no file; expected FILE.npy, rand:f32[2,3], int:7, float:0.5, "
         "bool:true, str:TEXT or none");
  return add(readNpy(value));
}

static std::string inputNames(const Method &method) {
  std::string text;
  for (size_t i = 0; i < method.inputCount(); ++i)
    text += (i ? ", '" : "'") + std::string(method.input(i).name) + "'";
  return text.empty() ? "none" : text;
}

Arguments ingot::run::argumentsOf(const Options &options, const Method &method) {
  Arguments a;
  std::vector<bool> given(method.inputCount());
  for (auto &[name, value] : options.inputs) {
    size_t index = 0;
    while (index < given.size() && name != method.input(index).name)
      ++index;
    if (index == given.size() && name.find_first_not_of("0123456789") == std::string::npos)
      index = std::strtoul(name.c_str(), nullptr, 10);
    if (index >= given.size())
      fail("method '" + std::string(method.name()) + "' has no input '" + name +
           "'; its inputs: " + inputNames(method));
    if (given[index])
      fail("input '" + name + "' is given twice");
    given[index] = true;
    a.kwargs[method.input(index).name] = inputNode(name, value, a.tensors);
  }
  for (size_t i = 0; i < given.size(); ++i)
    if (ingot_input_info in = method.input(i); !given[i] && !in.has_default)
      fail("input '" + std::string(in.name) + "' of method '" + std::string(method.name()) + "' is missing: --input " +
           in.name + "=... of type " + typeText(method, in.type));
  return a;
}

//===----------------------------------------------------------------------===//
// Binding
//===----------------------------------------------------------------------===//

BoundInputs ingot::run::bindInputs(const Method &method, const Arguments &arguments, TreeReader &reader) {
  BoundInputs bound;
  size_t count = method.inputCount();
  std::string call = std::string(method.name()) + "() ";
  auto refuse = [&](const std::string &message) {
    if (!bound.refused)
      bound.refused = Raised{"RuntimeError", call + message, true, {}};
  };
  bound.values.resize(count);
  std::vector<bool> given(count);
  if (arguments.args.size() > count)
    refuse("expected at most " + std::to_string(count) + " argument(s) but received " +
           std::to_string(arguments.args.size()) + " argument(s)");
  for (size_t i = 0; i < arguments.args.size() && i < count; ++i) {
    bound.values[i] = reader.read(arguments.args[i]);
    given[i] = true;
  }
  for (auto &[name, node] : arguments.kwargs.items()) {
    size_t i = 0;
    while (i < count && name != method.input(i).name)
      ++i;
    if (i == count)
      refuse("got an unknown keyword argument '" + name + "'");
    else if (given[i])
      refuse("got several values for argument '" + name + "'");
    else {
      bound.values[i] = reader.read(node);
      given[i] = true;
    }
  }
  for (size_t i = 0; i < count; ++i) {
    ingot_input_info in = method.input(i);
    if (!given[i] && !in.has_default)
      refuse("is missing value for argument '" + std::string(in.name) + "'");
  }
  return bound;
}
