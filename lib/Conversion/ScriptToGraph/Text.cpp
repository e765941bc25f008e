//===- Text.cpp - strings, and the text of values ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Text.h"
#include "Operators.h"

#include "llvm/ADT/StringExtras.h"
#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;

std::optional<std::string> eval::displayText(const AV &v) {
  auto list = [&](const std::vector<AV> &elements, const char *open, const char *close) -> std::optional<std::string> {
    std::string out = open;
    for (size_t i = 0; i < elements.size(); ++i) {
      std::optional<std::string> e = displayText(elements[i]);
      if (!e)
        return std::nullopt;
      out += (i ? ", " : "") + *e;
    }
    return out + close;
  };
  switch (v.kind()) {
  case Kind::None:
    return "None";
  case Kind::Int:
    if (auto k = v.knownInt())
      return std::to_string(*k);
    return std::nullopt;
  case Kind::Bool:
    if (auto k = v.knownBool())
      return *k ? "True" : "False";
    return std::nullopt;
  case Kind::Float: {
    auto k = v.knownDouble();
    if (!k)
      return std::nullopt;
    if (std::isnan(*k))
      return "nan";
    if (std::isinf(*k))
      return *k > 0 ? "inf" : "-inf";
    std::ostringstream out;
    if (std::fabs(*k) < 9.2e18 && double(int64_t(*k)) == *k)
      out << int64_t(*k) << ".";
    else
      out << std::setprecision(std::numeric_limits<double>::max_digits10) << *k;
    return out.str();
  }
  case Kind::Str:
    return v.getString();
  case Kind::Device:
    return v.getString();
  case Kind::List:
    return list(v.elements(), "[", "]");
  case Kind::Tuple:
    return list(v.elements(), "(", v.elements().size() == 1 ? ",)" : ")");
  case Kind::Dict: {
    std::string out = "{";
    for (auto &[key, value] : v.getDict().entries) {
      auto a = displayText(key), c = displayText(value);
      if (!a || !c)
        return std::nullopt;
      out += (out.size() > 1 ? ", " : "") + *a + ": " + *c;
    }
    return out + "}";
  }
  default:
    return std::nullopt;
  }
}

namespace {

AV intOf(OpCall &c, int64_t i) { return AV::integer(i, c.b.context()); }

Result textOf(OpCall &c) {
  std::optional<std::string> s = displayText(c.args[0]);
  return s ? Result(AV::str(*s)) : c.unsupported("of a " + typeName(c.args[0]) + " that depends on data");
}
Result format(OpCall &c) {
  StringRef pattern = c.args[0].getString();
  std::string out;
  size_t next = 1;
  while (true) {
    size_t at = pattern.find("{}");
    out += pattern.take_front(at);
    if (at == StringRef::npos)
      break;
    if (next >= c.args.size())
      return c.unsupported("with too few arguments");
    std::optional<std::string> s = displayText(c.args[next++]);
    if (!s)
      return c.unsupported("of a " + typeName(c.args[next - 1]) + " that depends on data");
    out += *s;
    pattern = pattern.drop_front(at + 2);
  }
  return AV::str(out);
}
Result join(OpCall &c) {
  std::string out;
  for (auto [i, v] : llvm::enumerate(c.args[1].elements()))
    out += (i ? c.args[0].getString() : "") + v.getString();
  return AV::str(out);
}
Result splitText(OpCall &c) {
  std::vector<AV> out;
  StringRef s = c.args[0].getString();
  std::string separator = c.args.size() > 1 && c.args[1].is(Kind::Str) ? c.args[1].getString() : "";
  SmallVector<StringRef> parts;
  if (separator.empty())
    llvm::SplitString(s, parts, " \t\n\r\f\v");
  else
    s.split(parts, separator, int(c.args.size() > 2 ? c.args[2].knownInt().value_or(-1) : -1));
  for (StringRef p : parts)
    out.push_back(AV::str(p.str()));
  return AV::list(std::move(out));
}
template <int Operation> // 0 upper, 1 lower, 2 strip, 3 lstrip, 4 rstrip
Result changeText(OpCall &c) {
  StringRef s = c.args[0].getString();
  StringRef chars = c.args.size() > 1 && c.args[1].is(Kind::Str) ? StringRef(c.args[1].getString()) : " \t\n\r\f\v";
  switch (Operation) {
  case 0:
    return AV::str(s.upper());
  case 1:
    return AV::str(s.lower());
  case 2:
    return AV::str(s.trim(chars).str());
  case 3:
    return AV::str(s.ltrim(chars).str());
  default:
    return AV::str(s.rtrim(chars).str());
  }
}
Result replaceText(OpCall &c) {
  std::string s = c.args[0].getString(), from = c.args[1].getString(), to = c.args[2].getString();
  for (size_t at = 0; !from.empty() && (at = s.find(from, at)) != std::string::npos; at += to.size())
    s.replace(at, from.size(), to);
  return AV::str(s);
}
Result startsWith(OpCall &c) {
  return AV::boolean(StringRef(c.args[0].getString()).starts_with(c.args[1].getString()));
}
Result endsWith(OpCall &c) { return AV::boolean(StringRef(c.args[0].getString()).ends_with(c.args[1].getString())); }
Result findText(OpCall &c) { return intOf(c, int64_t(StringRef(c.args[0].getString()).find(c.args[1].getString()))); }
Result ordinal(OpCall &c) { return intOf(c, c.args[0].getString().empty() ? 0 : uint8_t(c.args[0].getString()[0])); }
Result character(OpCall &c) { return AV::str(std::string(1, char(c.args[0].knownInt().value_or(0)))); }

/// Functions on constants; the rest is done at run time.
bool isConstant(const AV &v) {
  if (v.is(Kind::List))
    return llvm::all_of(v.elements(), isConstant);
  return v.isNumber() ? v.isKnownNumber() : v.is(Kind::Str) || v.isNone();
}
template <OperatorFn Function>
Result known(OpCall &c) {
  if (!llvm::all_of(c.args, isConstant))
    return c.unsupported("of text that depends on data");
  // Bounds and limits of a search.
  if (c.args.size() == 4 && (c.args[2].knownInt().value_or(0) != 0 || c.args[3].knownInt() != -1))
    return c.unsupported("of a part of a text");
  return Function(c);
}

const OperatorRow rows[] = {
    {"aten::str", textOf},
    {"aten::format", format},
    {"aten::join", known<join>},
    {"aten::split.str", known<splitText>},
    {"aten::upper", known<changeText<0>>},
    {"aten::lower", known<changeText<1>>},
    {"aten::strip", known<changeText<2>>},
    {"aten::lstrip", known<changeText<3>>},
    {"aten::rstrip", known<changeText<4>>},
    {"aten::replace", known<replaceText>},
    {"aten::startswith", known<startsWith>},
    {"aten::endswith", known<endsWith>},
    {"aten::find", known<findText>},
    {"aten::ord", known<ordinal>},
    {"aten::chr", known<character>},
};

} // namespace

ArrayRef<OperatorRow> eval::textOperators() { return rows; }
