//===- Check.cpp - an answer against the recorded one ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Check.h"
#include "Element.h"
#include "Error.h"

#include <cmath>
#include <cstdio>
#include <map>
#include <set>

using namespace ingot::run;
using json = nlohmann::ordered_json;

namespace {

/// Compares value trees. Where the case draws random numbers that it does not
/// seed, dtypes and shapes only.
class Comparison {
public:
  Comparison(std::string_view expectedData, std::string_view foundData, bool shapesOnly)
      : expectedData(expectedData), foundData(foundData), shapesOnly(shapesOnly) {}

  std::string compare(const json &a, const json &b, const std::string &path);

private:
  std::string tensor(const json &a, const json &b, const std::string &path);
  std::string elements(const json &a, const json &b, const std::string &path);

  std::string_view expectedData, foundData;
  bool shapesOnly;
};

} // namespace

static std::string expectedFound(const std::string &path, const std::string &expected, const std::string &found) {
  return path + ": " + expected + " expected, got " + found;
}

static std::string_view payload(const json &tensor, std::string_view data) {
  auto number = [&](const char *field) -> uint64_t {
    auto it = tensor.find(field);
    if (it == tensor.end() || !it->is_number_unsigned())
      fail("an expected tensor of the case has no good " + std::string(field));
    return it->get<uint64_t>();
  };
  uint64_t offset = number("offset"), nbytes = number("nbytes");
  if (offset > data.size() || nbytes > data.size() - offset)
    fail("the case's data.bin ends before a tensor's data");
  return data.substr(offset, nbytes);
}

std::string Comparison::elements(const json &a, const json &b, const std::string &path) {
  std::string_view x = payload(a, expectedData), y = payload(b, foundData);
  if (x.size() != y.size())
    return expectedFound(path, std::to_string(x.size()) + " bytes", std::to_string(y.size()));
  const DTypeInfo *dtype = findDType(a.at("dtype").get<std::string>());
  if (!dtype || (dtype->rtol == 0 && dtype->atol == 0)) {
    if (x == y)
      return "";
    size_t size = dtype ? dtype->size : 1, at = 0;
    while (x[at] == y[at])
      ++at;
    at /= size;
    std::string e = dtype ? elementText(*dtype, x.data() + at * size) : "other";
    std::string f = dtype ? elementText(*dtype, y.data() + at * size) : "bytes";
    return path + ": values differ, first at element " + std::to_string(at) + ": " + e + " expected, got " + f;
  }
  size_t n = x.size() / dtype->size, first = n, wrong = 0;
  double largest = 0;
  for (size_t i = 0; i < n; ++i) {
    Number p = readNumber(*dtype, x.data() + i * dtype->size);
    Number q = readNumber(*dtype, y.data() + i * dtype->size);
    if (isClose(q, p, dtype->rtol, dtype->atol))
      continue;
    if (!wrong++)
      first = i;
    double d = std::hypot(p.re - q.re, p.im - q.im);
    if (d > largest)
      largest = d;
  }
  if (!wrong)
    return "";
  char text[64];
  std::snprintf(text, sizeof text, "%.3g", largest);
  return path + ": values differ in " + std::to_string(wrong) + " of " + std::to_string(n) + " elements, largest " +
         text + ", first at element " + std::to_string(first) + ": " +
         elementText(*dtype, x.data() + first * dtype->size) + " expected, got " +
         elementText(*dtype, y.data() + first * dtype->size);
}

std::string Comparison::tensor(const json &a, const json &b, const std::string &path) {
  for (const char *field : {"dtype", "shape", "layout", "qscheme"}) {
    json e = a.value(field, json()), f = b.value(field, json());
    if (e != f)
      return path + ": " + field + " " + e.dump() + " expected, got " + f.dump();
  }
  for (const char *part : {"indices", "values", "crow", "col", "ccol", "row", "value", "int_repr"})
    if (a.contains(part) && a[part].is_object()) {
      json f = b.value(part, json::object());
      if (std::string d = tensor(a[part], f, path + "." + part); !d.empty())
        return d;
    }
  if (!a.contains("nbytes") || shapesOnly)
    return "";
  return elements(a, b, path);
}

std::string Comparison::compare(const json &a, const json &b, const std::string &path) {
  if (!b.is_object() || !b.contains("t"))
    return path + ": no value";
  std::string t = a.at("t"), u = b.at("t");
  auto isTuple = [](const std::string &k) { return k == "tuple" || k == "namedtuple"; };
  if (t != u && !(isTuple(t) && isTuple(u)))
    return expectedFound(path, t, u);
  if (t == "none")
    return "";
  if (t == "tensor")
    return tensor(a, b, path);
  if (t == "list" || isTuple(t) || t == "range") {
    const json &x = a.at("v"), &y = b.at("v");
    if (x.size() != y.size())
      return expectedFound(path, std::to_string(x.size()) + " elements", std::to_string(y.size()));
    if (t == "range")
      return x == y ? "" : path + ": range";
    for (size_t i = 0; i < x.size(); ++i)
      if (std::string d = compare(x[i], y[i], path + "[" + std::to_string(i) + "]"); !d.empty())
        return d;
    return "";
  }
  if (t == "dict") {
    const json &x = a.at("v"), &y = b.at("v");
    if (x.size() != y.size())
      return expectedFound(path, std::to_string(x.size()) + " entries", std::to_string(y.size()));
    for (size_t i = 0; i < x.size(); ++i) {
      std::string d = compare(x[i].at(0), y[i].at(0), path + ".key");
      std::string key = x[i].at(0).value("v", json()).dump();
      if (d.empty())
        d = compare(x[i].at(1), y[i].at(1), path + "[" + key + "]");
      if (!d.empty())
        return d;
    }
    return "";
  }
  if (t == "object") {
    json attrs = b.value("attrs", json::object());
    for (auto &[name, value] : a.at("attrs").items())
      if (std::string d = compare(value, attrs.value(name, json::object()), path + "." + name); !d.empty())
        return d;
    return "";
  }
  if (b.contains("raises"))
    return expectedFound(path, "a value", b.at("raises").value("message", std::string()));
  if (t == "future" || t == "await")
    return compare(a.at("v"), b.at("v"), path + ".wait()");
  if (shapesOnly)
    return "";
  if (t == "float") {
    double x = floatOf(a), y = floatOf(b);
    if (x == y || (std::isnan(x) && std::isnan(y)) || std::fabs(x - y) <= 1e-7 + 1e-7 * std::fabs(x))
      return "";
    return expectedFound(path, a.at("v").dump(), b.at("v").dump());
  }
  if (t == "complex") {
    std::string d = compare(a.at("re"), b.at("re"), path + ".re");
    return d.empty() ? compare(a.at("im"), b.at("im"), path + ".im") : d;
  }
  const char *field = t == "enum" ? "name" : "v";
  json x = a.value(field, json()), y = b.value(field, json());
  return x == y ? "" : expectedFound(path, x.dump(), y.dump());
}

namespace {
/// Which outputs are the same object as, or share storage with, which inputs
/// or earlier outputs, as pairs of paths.
class Sharing {
public:
  std::set<std::pair<std::string, std::string>> pairs;

  Sharing(const json &args, const json &kwargs, const json &after, const json &outputs) {
    inputs(args, kwargs);
    if (after.is_object())
      inputs(after.value("args", json()), json());
    walk(outputs, "out", true);
  }

private:
  std::map<int64_t, std::string> paths;

  void inputs(const json &args, const json &kwargs) {
    for (size_t i = 0; args.is_array() && i < args.size(); ++i)
      walk(args[i], "arg" + std::to_string(i), false);
    if (kwargs.is_object())
      for (auto &[name, value] : kwargs.items())
        walk(value, "arg." + name, false);
  }

  void walk(const json &v, const std::string &path, bool note) {
    if (!v.is_object())
      return;
    if (v.value("t", "") == "tensor") {
      auto number = [&](const char *field) -> const int64_t * {
        auto it = v.find(field);
        return it == v.end() ? nullptr : it->get_ptr<const int64_t *>();
      };
      if (const int64_t *n = number("n"))
        paths[*n] = path;
      for (const char *k : {"same", "shares"})
        if (const int64_t *other = note ? number(k) : nullptr)
          if (auto it = paths.find(*other); it != paths.end())
            pairs.insert({path, it->second});
    }
    if (auto it = v.find("v"); it != v.end() && it->is_array())
      for (size_t i = 0; i < it->size(); ++i) {
        std::string p = path + "[" + std::to_string(i) + "]";
        const json &child = (*it)[i];
        if (child.is_array())
          for (size_t j = 0; j < child.size(); ++j)
            walk(child[j], p + "." + std::to_string(j), note);
        else
          walk(child, p, note);
      }
    if (auto it = v.find("attrs"); it != v.end() && it->is_object())
      for (auto &[name, value] : it->items())
        walk(value, path + "." + name, note);
  }
};
} // namespace

static std::string checkRaised(const json &expected, const json &answer) {
  if (!answer.contains("raises"))
    return "did not raise " + expected.value("type", std::string("an error"));
  if (expected.value("at", "") != "run")
    return "";
  std::string want = expected.value("last", std::string());
  if (size_t at = want.rfind(": "); at != std::string::npos)
    want = want.substr(at + 2);
  std::string found = answer["raises"].value("message", std::string());
  if (found.find(want) == std::string::npos)
    return "raised '" + found + "', '" + want + "' expected";
  return "";
}

std::string ingot::run::checkAnswer(const json &recorded, std::string_view recordedData, const json &answer,
                                    std::string_view answerData) {
  auto field = [](const json &o, const char *name) {
    auto it = o.find(name);
    return it == o.end() ? json() : *it;
  };
  json raises = field(recorded, "raises");
  json text = field(recorded, "stdout");
  if (!raises.is_null()) {
    if (std::string d = checkRaised(raises, answer); !d.empty())
      return d;
  } else {
    if (answer.contains("raises"))
      return "raised " + answer["raises"].value("type", std::string()) + ": " +
             answer["raises"].value("message", std::string());
    json random = field(recorded, "random");
    bool drawn =
        (random.is_array() && !random.empty()) && !recorded.contains("seed") && !recorded.contains("rng_state");
    Comparison c(recordedData, answerData, drawn);
    json outputs = field(recorded, "outputs");
    if (outputs.is_null())
      fail("the case has no expected outputs to check against");
    if (std::string d = c.compare(outputs, field(answer, "outputs"), "out"); !d.empty())
      return d;
    json after = field(recorded, "args_after");
    json foundAfter = field(answer, "args_after");
    if (after.is_object() && !drawn) {
      if (!foundAfter.is_object())
        return "args_after not reported: an input should have changed";
      const json args = after.value("args", json::array());
      for (size_t i = 0; i < args.size(); ++i)
        if (std::string d = c.compare(args[i], foundAfter.at("args").at(i), "arg" + std::to_string(i) + " after");
            !d.empty())
          return d;
      const json kwargs = after.value("kwargs", json::object());
      for (auto &[name, value] : kwargs.items())
        if (std::string d = c.compare(value, foundAfter.at("kwargs").value(name, json::object()), name + " after");
            !d.empty())
          return d;
    }
    json state = field(recorded, "state_after");
    if (state.is_object() && !drawn) {
      json found = field(answer, "state_after");
      for (auto &[name, value] : state.items())
        if (std::string d = c.compare(value, found.is_object() ? field(found, name.c_str()) : json(), name + " after");
            !d.empty())
          return d;
    }
    if (!drawn) {
      json args = field(recorded, "args"), kwargs = field(recorded, "kwargs");
      Sharing want(args, kwargs, after, outputs);
      Sharing have(args, kwargs, foundAfter, field(answer, "outputs"));
      for (auto &pair : want.pairs)
        if (!have.pairs.count(pair))
          return "storage not shared: " + pair.first + " with " + pair.second;
    }
  }
  if (text.is_string() && !text.get<std::string>().empty()) {
    json printed = field(answer, "stdout");
    if (printed != text)
      return "stdout " + text.dump() + " expected, got " + (printed.is_null() ? "nothing" : printed.dump());
  }
  return "";
}
