//===- Replay.cpp - one call and all that came of it ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Replay.h"
#include "Element.h"

#include <cstdio>
#include <cstring>

using namespace ingot;
using namespace ingot::run;
using json = nlohmann::ordered_json;

static void append(void *context, const char *text, size_t size) {
  static_cast<std::string *>(context)->append(text, size);
}

static void drop(void *, const char *, size_t) {}

Replay::Replay(const Library &library, const Instance &instance, Method method, Arguments given, bool record)
    : library(library), instance(instance), method(method), arguments(std::move(given)), record(record),
      reader(arguments.tensors) {
  bound = bindInputs(method, arguments, reader);
  for (const Value &v : bound.values)
    raw.push_back(v.get());
}

ingot_value *Replay::call(ingot_status *&status) {
  ingot_value *value = nullptr;
  status = ingot_call(instance.get(), method.get(), raw.data(), raw.size(), nullptr, &value);
  return value;
}

void Replay::remember() {
  for (auto &[n, t] : arguments.tensors)
    bytesBefore.emplace(n, t.bytes());
  for (int32_t i = 0, n = library.info().state_count; i < n; ++i)
    if (ingot_state_info s = library.state(size_t(i)); s.is_mutable)
      statesBefore.emplace(s.name, instance.state(s.name));
}

void Replay::run(Times &times) {
  if (record) {
    remember();
    ingot_set_print_callback(append, &printed);
  }
  if (bound.refused)
    raised = bound.refused;
  else {
    ingot_status *status = nullptr;
    int64_t begin = wallClock();
    ingot_value *value = call(status);
    times.first = double(wallClock() - begin) * 1e-9;
    result = Value(value);
    if (status) {
      Error error(status);
      if (error.code() != INGOT_PROGRAM_ERROR && error.code() != INGOT_INVALID_ARGUMENT)
        fail(error.what());
      raised = Raised{error.type().empty() ? "RuntimeError" : error.type(), error.message(),
                      error.code() == INGOT_INVALID_ARGUMENT, error.where()};
    }
  }
  if (record)
    report();
}

void Replay::time(const Options &options, Times &times) {
  ingot_set_print_callback(drop, nullptr);
  times.repeat(options, [&] {
    ingot_status *status = nullptr;
    ingot_value *value = call(status);
    check(status);
    ingot_value_release(value);
  });
}

//===----------------------------------------------------------------------===//
// The record
//===----------------------------------------------------------------------===//

bool Replay::inputsChanged() const {
  for (auto &[n, before] : bytesBefore)
    if (arguments.tensors.at(n).bytes() != before)
      return true;
  return false;
}

json Replay::changedStates(TreeWriter &writer) const {
  json changed = json::object();
  for (auto &[name, before] : statesBefore) {
    Value after = instance.state(name);
    ingot_tensor_info a = before.tensorInfo(), b = after.tensorInfo();
    size_t size = size_t(a.numel) * ingot_dtype_size(a.dtype);
    if (size && std::memcmp(a.data, b.data, size))
      changed[name] = writer.write(after);
  }
  return changed;
}

void Replay::report() {
  TreeWriter writer(arguments.tensors, reader.values());
  answer = json::object();
  if (raised) {
    json what = {{"type", raised->type}, {"message", raised->message}};
    if (!raised->where.empty())
      what["where"] = raised->where;
    what["at"] = raised->atArguments ? "arguments" : "run";
    answer["raises"] = what;
  } else
    answer["outputs"] = writer.write(result);
  // Each argument's tree beside its value of now.
  std::vector<std::pair<std::string, std::pair<const json *, const Value *>>> given;
  bool changed = inputsChanged();
  auto look = [&](const std::string &name, const json &node, size_t index) {
    static const Value none;
    const Value *value = index < bound.values.size() ? &bound.values[index] : &none;
    changed |= !writer.holds(node, *value);
    given.push_back({name, {&node, value}});
  };
  for (size_t i = 0; i < arguments.args.size(); ++i)
    look("", arguments.args[i], i);
  for (auto &[name, node] : arguments.kwargs.items()) {
    size_t i = 0;
    while (i < method.inputCount() && name != method.input(i).name)
      ++i;
    look(name, node, i);
  }
  if (changed) {
    json args = json::array(), kwargs = json::object();
    for (auto &[name, argument] : given) {
      json after = writer.rewrite(*argument.first, *argument.second);
      if (name.empty())
        args.push_back(after);
      else
        kwargs[name] = after;
    }
    answer["args_after"] = {{"args", args}, {"kwargs", kwargs}};
  }
  if (json changed = changedStates(writer); !changed.empty())
    answer["state_after"] = changed;
  if (!printed.empty())
    answer["stdout"] = printed;
  bytes = std::move(writer.bytes);
}

//===----------------------------------------------------------------------===//
// For people
//===----------------------------------------------------------------------===//

static std::string tensorText(const Value &value) {
  constexpr int64_t most = 8;
  ingot_tensor_info t = value.tensorInfo();
  const DTypeInfo *dtype = findDType(t.dtype);
  std::string text = dtypeShortName(t.dtype) + "[";
  for (int32_t d = 0; d < t.rank; ++d)
    text += (d ? "," : "") + std::to_string(t.sizes[d]);
  text += "]";
  if (!dtype)
    return text;
  for (int64_t i = 0; i < t.numel && i < most; ++i) {
    // Element i in row-major order.
    int64_t rest = i, at = 0;
    for (int32_t d = t.rank; d-- > 0;) {
      at += rest % t.sizes[d] * t.strides[d];
      rest /= t.sizes[d];
    }
    text += (i ? " " : "  ") + elementText(*dtype, static_cast<char *>(t.data) + at * dtype->size);
  }
  return text + (t.numel > most ? " ..." : "");
}

static void describe(const Value &v, const std::string &path, std::string &out) {
  auto line = [&](const std::string &text) { out += path + ": " + text + "\n"; };
  switch (v.kind()) {
  case INGOT_TENSOR:
    return line(tensorText(v));
  case INGOT_NONE:
    return line("None");
  case INGOT_INT:
    return line(std::to_string(v.toInt()));
  case INGOT_BOOL:
    return line(v.toInt() ? "True" : "False");
  case INGOT_DTYPE:
    return line("torch." + dtypeName(int32_t(v.toInt())));
  case INGOT_FLOAT:
    return line(doubleText(v.toFloat()));
  case INGOT_COMPLEX:
    return line(doubleText(v.toComplex().real()) + "+" + doubleText(v.toComplex().imag()) + "j");
  case INGOT_STRING:
  case INGOT_DEVICE:
    return line(json(std::string(v.toString())).dump(-1, ' ', false, json::error_handler_t::replace));
  default:
    break;
  }
  if (!v.size())
    line(v.kind() == INGOT_DICT ? "{}" : v.kind() == INGOT_LIST ? "[]" : "()");
  for (size_t i = 0, n = v.size(); i < n; ++i) {
    const char *name = ingot_value_name(v.get(), i);
    std::string at = name ? "." + std::string(name) : "[" + std::to_string(i) + "]";
    if (v.kind() == INGOT_DICT) {
      Value key = v.key(i);
      at = key.kind() == INGOT_STRING  ? "['" + std::string(key.toString()) + "']"
           : key.kind() == INGOT_FLOAT ? "[" + doubleText(key.toFloat()) + "]"
                                       : "[" + std::to_string(key.toInt()) + "]";
    }
    describe(v[i], path + at, out);
  }
}

std::string Replay::text() const {
  std::string out;
  if (result)
    describe(result, "out", out);
  return out;
}
