//===- Containers.cpp - lists and dicts -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Operators.h"
#include "Text.h"

#include <algorithm>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;

namespace {

AV intOf(OpCall &c, int64_t i) { return AV::integer(i, c.b.context()); }

/// Whether the container may be changed here; refuses otherwise.
bool mayChange(OpCall &c, bool persistent) {
  if (persistent)
    c.b.persistentWrites.push_back({c.b.loc, c.args[0].identity()});
  if (Operation *join = c.args[0].is(Kind::List)   ? c.args[0].getList().frozen
                        : c.args[0].is(Kind::Dict) ? c.args[0].getDict().frozen
                                                   : nullptr) {
    c.b.toThaw.insert(join);
    c.b.unsupported("it changes a container that may be another one too, depending on data");
  }
  return !c.b.failed();
}
/// A list argument, by position; a dummy when it is none.
std::vector<AV> &listArg(OpCall &c, unsigned i) {
  static thread_local std::vector<AV> dummy;
  dummy.clear();
  if (i >= c.args.size() || (!c.args[i].is(Kind::List) && !c.args[i].is(Kind::Tuple))) {
    c.b.unsupported("on a " + (i < c.args.size() ? typeName(c.args[i]) : std::string("missing argument")));
    return dummy;
  }
  return c.args[i].elements();
}
bool persistentList(OpCall &c) { return c.args[0].is(Kind::List) && c.args[0].getList().persistent; }
DictObject &dictArg(OpCall &c, unsigned i = 0) {
  static thread_local std::shared_ptr<DictObject> dummy;
  dummy = std::make_shared<DictObject>();
  if (i >= c.args.size() || !c.args[i].is(Kind::Dict)) {
    c.b.unsupported("its argument is not a dict");
    return *dummy;
  }
  return c.args[i].getDict();
}

std::optional<int64_t> knownIndex(OpCall &c, unsigned i) {
  std::optional<int64_t> k = c.args[i].knownInt();
  if (!k)
    c.b.unsupported("an index that is not known at compile time");
  return k;
}
/// A wrapped index into `size` elements; raises IndexError.
std::optional<size_t> position(OpCall &c, unsigned i, size_t size) {
  std::optional<int64_t> k = knownIndex(c, i);
  if (!k)
    return std::nullopt;
  int64_t at = *k < 0 ? *k + int64_t(size) : *k;
  if (at < 0 || at >= int64_t(size)) {
    c.b.raise("IndexError", "list index out of range");
    return std::nullopt;
  }
  return at;
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

Result length(OpCall &c) {
  if (c.args[0].is(Kind::Dict))
    return intOf(c, c.args[0].getDict().entries.size());
  if (c.args[0].is(Kind::Str))
    return intOf(c, c.args[0].getString().size());
  return intOf(c, listArg(c, 0).size());
}
Result getItem(OpCall &c) {
  if (c.args[0].is(Kind::Str)) {
    std::string s = c.args[0].getString();
    std::optional<int64_t> k = knownIndex(c, 1);
    if (int64_t n = s.size(); k && (*k < -n || *k >= n))
      return c.unsupported("an index out of range");
    auto at = position(c, 1, s.size());
    return AV::str(at ? s.substr(*at, 1) : "");
  }
  auto &l = listArg(c, 0);
  auto at = position(c, 1, l.size());
  return at ? l[*at] : AV::unknown();
}
Result setItem(OpCall &c) {
  auto &l = listArg(c, 0);
  auto at = position(c, 1, l.size());
  if (at && mayChange(c, persistentList(c)))
    l[*at] = c.args[2];
  return c.args[0];
}
Result append(OpCall &c) {
  auto &l = listArg(c, 0);
  if (mayChange(c, persistentList(c)))
    l.push_back(c.args[1]);
  return c.args[0];
}
Result extend(OpCall &c) {
  std::vector<AV> more = listArg(c, 1);
  auto &l = listArg(c, 0);
  if (mayChange(c, persistentList(c)))
    l.insert(l.end(), more.begin(), more.end());
  return c.schema.results.empty() ? Result::several({}) : Result(c.args[0]);
}
Result insert(OpCall &c) {
  auto &l = listArg(c, 0);
  std::optional<int64_t> at = knownIndex(c, 1);
  if (at && mayChange(c, persistentList(c))) {
    int64_t n = l.size(), i = std::clamp<int64_t>(*at < 0 ? *at + n : *at, 0, n);
    l.insert(l.begin() + i, c.args[2]);
  }
  return Result::several({});
}
Result popItem(OpCall &c) {
  auto &l = listArg(c, 0);
  if (l.empty() && !c.b.failed())
    c.b.raise("IndexError", "pop from empty list");
  auto at = c.b.failed() ? std::nullopt : position(c, 1, l.size());
  if (!at || !mayChange(c, persistentList(c)))
    return AV::unknown();
  AV v = l[*at];
  l.erase(l.begin() + *at);
  return v;
}
Result removeAt(OpCall &c) { // aten::Delete.t
  auto &l = listArg(c, 0);
  auto at = position(c, 1, l.size());
  if (at && mayChange(c, persistentList(c)))
    l.erase(l.begin() + *at);
  return Result::several({});
}
/// Index of the argument's equal; -1 when there is none.
int64_t find(OpCall &c, const std::vector<AV> &l, const AV &v) {
  for (size_t i = 0; i < l.size(); ++i) {
    if (l[i].isTensor() && v.isTensor() && l[i].same(v))
      return i;
    std::optional<bool> same = constantEqual(l[i], v);
    if (!same) {
      c.b.unsupported("a comparison of elements that depends on data");
      return -1;
    }
    if (*same)
      return i;
  }
  return -1;
}
Result remove(OpCall &c) {
  auto &l = listArg(c, 0);
  int64_t at = find(c, l, c.args[1]);
  if (at < 0 && !c.b.failed())
    c.b.raise("ValueError", "list.remove(x): x not in list");
  if (!c.b.failed() && mayChange(c, persistentList(c)))
    l.erase(l.begin() + at);
  return Result::several({});
}
Result indexOf(OpCall &c) {
  int64_t at = find(c, listArg(c, 0), c.args[1]);
  if (at < 0 && !c.b.failed())
    c.b.raise("ValueError", "'" + displayText(c.args[1]).value_or("value") + "' is not in list");
  return intOf(c, at);
}
Result contains(OpCall &c) {
  if (c.args[0].is(Kind::Dict) && !c.args[0].getDict().decides(c.args[1]))
    return c.unsupported("a key that depends on data");
  if (c.args[0].is(Kind::Dict))
    return AV::boolean(c.args[0].getDict().find(c.args[1]) >= 0);
  if (c.args[0].is(Kind::Str))
    return AV::boolean(StringRef(c.args[0].getString()).contains(c.args[1].getString()));
  return AV::boolean(find(c, listArg(c, 0), c.args[1]) >= 0);
}
Result count(OpCall &c) {
  if (c.args[0].is(Kind::Str))
    return intOf(c, StringRef(c.args[0].getString()).count(c.args[1].getString()));
  int64_t n = 0;
  for (const AV &v : listArg(c, 0)) {
    std::optional<bool> same = constantEqual(v, c.args[1]);
    if (!same)
      return c.unsupported("a comparison of elements that depends on data");
    n += *same;
  }
  return intOf(c, n);
}
Result clear(OpCall &c) {
  if (c.args[0].is(Kind::Dict)) {
    if (mayChange(c, c.args[0].getDict().persistent))
      c.args[0].getDict().entries.clear();
  } else if (auto &l = listArg(c, 0); mayChange(c, persistentList(c))) {
    l.clear();
  }
  return Result::several({});
}
Result reverse(OpCall &c) {
  auto &l = listArg(c, 0);
  if (mayChange(c, persistentList(c)))
    std::reverse(l.begin(), l.end());
  return Result::several({});
}
Result copyOf(OpCall &c) {
  if (c.args[0].is(Kind::Dict)) {
    AV d = AV::dict();
    d.getDict().entries = c.args[0].getDict().entries;
    return d;
  }
  if (c.args[0].is(Kind::Str)) {
    std::vector<AV> letters;
    for (char x : c.args[0].getString())
      letters.push_back(AV::str(std::string(1, x)));
    return AV::list(letters);
  }
  return AV::list(listArg(c, 0));
}
Result concatenation(OpCall &c) {
  std::vector<AV> l = listArg(c, 0), r = listArg(c, 1);
  l.insert(l.end(), r.begin(), r.end());
  return AV::list(std::move(l));
}
Result repetition(OpCall &c) { // list * n, n * list
  bool right = !c.args[0].is(Kind::List);
  std::optional<int64_t> n = knownIndex(c, right ? 0 : 1);
  std::vector<AV> l = listArg(c, right ? 1 : 0), out;
  for (int64_t i = 0; i < n.value_or(0); ++i)
    out.insert(out.end(), l.begin(), l.end());
  return AV::list(std::move(out));
}
Result slice(OpCall &c) {
  auto bound = [&](unsigned i, int64_t otherwise) {
    return c.args[i].isNone() ? otherwise : knownIndex(c, i).value_or(otherwise);
  };
  bool text = c.args[0].is(Kind::Str);
  std::string s = text ? c.args[0].getString() : "";
  std::vector<AV> l = text ? std::vector<AV>() : listArg(c, 0), out;
  int64_t n = text ? s.size() : l.size(), step = bound(3, 1);
  if (step == 0) {
    c.b.raise("ValueError", "slice step cannot be zero");
    return c.args[0];
  }
  auto clamp = [&](int64_t i, int64_t low, int64_t high) { return std::clamp<int64_t>(i < 0 ? i + n : i, low, high); };
  bool forward = step > 0;
  int64_t start =
      c.args[1].isNone() ? (forward ? 0 : n - 1) : clamp(bound(1, 0), forward ? 0 : -1, forward ? n : n - 1);
  int64_t end = c.args[2].isNone() ? (forward ? n : -1) : clamp(bound(2, 0), forward ? 0 : -1, forward ? n : n - 1);
  std::string part;
  for (int64_t i = start; forward ? i < end : i > end; i += step)
    text ? (void)(part += s[i]) : out.push_back(l[i]);
  return text ? AV::str(part) : AV::list(std::move(out));
}
/// Sorts known numbers or strings.
bool sortElements(OpCall &c, std::vector<AV> &l, bool descending) {
  for (const AV &v : l)
    if (!v.is(Kind::Str) && !v.knownDouble()) {
      c.b.unsupported("of values that are not known at compile time");
      return false;
    }
  SmallVector<size_t> order;
  for (size_t i = 0; i < l.size(); ++i)
    order.push_back(i);
  llvm::sort(order, [&](size_t a, size_t d) { // stable: equal ones by position
    const AV &x = l[descending ? d : a], &y = l[descending ? a : d];
    bool less = x.is(Kind::Str) ? x.getString() < y.getString() : *x.knownDouble() < *y.knownDouble();
    return less || (constantEqual(x, y).value_or(false) && a < d);
  });
  std::vector<AV> sorted;
  for (size_t i : order)
    sorted.push_back(l[i]);
  l = std::move(sorted);
  return true;
}
Result sort(OpCall &c) {
  auto &l = listArg(c, 0);
  if (mayChange(c, persistentList(c)))
    sortElements(c, l, c.args.size() > 1 && c.args[1].knownBool().value_or(false));
  return Result::several({});
}
Result sorted(OpCall &c) {
  std::vector<AV> l = listArg(c, 0);
  sortElements(c, l, c.args.size() > 1 && c.args[1].knownBool().value_or(false));
  return AV::list(std::move(l));
}
Result sumOf(OpCall &c) {
  bool real = c.schema.overload == "float";
  Int n = c.b.size(0);
  double f = 0;
  for (const AV &v : listArg(c, 0)) {
    if (v.is(Kind::Int))
      n = add(n, v.getInt());
    else if (auto k = v.knownDouble(); k && v.is(Kind::Bool))
      n = add(n, c.b.size(*k != 0));
    else if (k)
      f += *k;
    else
      return c.unsupported("of values that depend on data");
  }
  return real ? AV::real(f) : AV::integer(n);
}
template <bool All>
Result truth(OpCall &c) {
  AV out = AV::boolean(All);
  for (const AV &v : listArg(c, 0)) {
    if (!v.is(Kind::Bool) && !v.is(Kind::Int) && !v.is(Kind::Str) && !v.knownDouble())
      return c.unsupported("of values that depend on data");
    AV t = v.is(Kind::Bool)  ? v
           : v.is(Kind::Int) ? c.b.compareInt(arith::CmpIPredicate::ne, v.getInt(), c.b.size(0))
           : v.is(Kind::Str) ? AV::boolean(!v.getString().empty())
                             : AV::boolean(v.knownDouble().value_or(0) != 0);
    out = All ? c.b.andBool(out, t) : c.b.orBool(out, t);
  }
  return out;
}

//===----------------------------------------------------------------------===//
// Dicts
//===----------------------------------------------------------------------===//

std::string keyText(const AV &key) { return displayText(key).value_or("key"); }
/// Whether the dict's entry for operand 1 is known at compile time.
bool decided(OpCall &c) {
  if (!c.args[0].is(Kind::Dict) || c.args[0].getDict().decides(c.args[1]))
    return true;
  c.b.unsupported("a key that depends on data");
  return false;
}

Result dictGetItem(OpCall &c) {
  if (!decided(c))
    return AV::unknown();
  DictObject &d = dictArg(c);
  int at = d.find(c.args[1]);
  if (at < 0) {
    if (!c.b.failed())
      c.b.raise("KeyError", keyText(c.args[1]));
    return AV::unknown();
  }
  return d.entries[at].second;
}
Result dictSetItem(OpCall &c) {
  if (!decided(c))
    return AV::unknown();
  DictObject &d = dictArg(c);
  if (mayChange(c, d.persistent)) {
    int at = d.find(c.args[1]);
    if (at >= 0)
      d.entries[at].second = c.args[2];
    else
      d.entries.push_back({c.args[1], c.args[2]});
  }
  return Result::several({});
}
Result dictGet(OpCall &c) {
  if (!decided(c))
    return AV::unknown();
  DictObject &d = dictArg(c);
  int at = d.find(c.args[1]);
  return at >= 0 ? d.entries[at].second : c.args.size() > 2 ? c.args[2] : AV::none();
}
Result dictSetDefault(OpCall &c) {
  if (!decided(c))
    return AV::unknown();
  DictObject &d = dictArg(c);
  int at = d.find(c.args[1]);
  if (at < 0 && mayChange(c, d.persistent)) {
    d.entries.push_back({c.args[1], c.args[2]});
    at = d.entries.size() - 1;
  }
  return at >= 0 ? d.entries[at].second : AV::unknown();
}
Result dictPop(OpCall &c) {
  if (!decided(c))
    return AV::unknown();
  DictObject &d = dictArg(c);
  int at = d.find(c.args[1]);
  if (at < 0) {
    if (c.args.size() > 2)
      return c.args[2];
    if (!c.b.failed())
      c.b.raise("KeyError", keyText(c.args[1]));
    return AV::unknown();
  }
  AV v = d.entries[at].second;
  if (mayChange(c, d.persistent))
    d.entries.erase(d.entries.begin() + at);
  return v;
}
Result dictPopItem(OpCall &c) {
  DictObject &d = dictArg(c);
  if (d.entries.empty()) {
    c.b.raise("KeyError", "popitem(): dictionary is empty");
    return AV::unknown();
  }
  // TorchScript takes the first entry, where Python takes the last.
  AV v = AV::tuple({d.entries.front().first, d.entries.front().second});
  if (mayChange(c, d.persistent))
    d.entries.erase(d.entries.begin());
  return v;
}
Result dictDelete(OpCall &c) {
  if (!decided(c))
    return AV::unknown();
  DictObject &d = dictArg(c);
  int at = d.find(c.args[1]);
  if (at < 0 && !c.b.failed())
    c.b.raise("KeyError", keyText(c.args[1]));
  if (at >= 0 && mayChange(c, d.persistent))
    d.entries.erase(d.entries.begin() + at);
  return Result::several({});
}
Result dictUpdate(OpCall &c) {
  auto more = dictArg(c, 1).entries;
  DictObject &d = dictArg(c);
  for (auto &[key, value] : more)
    if (!d.decides(key))
      return c.unsupported("a key that depends on data");
  if (mayChange(c, d.persistent))
    for (auto &[key, value] : more) {
      int at = d.find(key);
      if (at >= 0)
        d.entries[at].second = value;
      else
        d.entries.push_back({key, value});
    }
  return Result::several({});
}
template <int Part> // 0 keys, 1 values, 2 items
Result dictParts(OpCall &c) {
  std::vector<AV> out;
  for (auto &[key, value] : dictArg(c).entries)
    out.push_back(Part == 0 ? key : Part == 1 ? value : AV::tuple({key, value}));
  return AV::list(std::move(out));
}
Result makeDict(OpCall &c) {
  AV d = AV::dict();
  if (c.args.empty())
    return d;
  if (c.args[0].is(Kind::Dict)) {
    d.getDict().entries = c.args[0].getDict().entries;
    return d;
  }
  for (const AV &pair : listArg(c, 0)) {
    if (!pair.is(Kind::Tuple) || !d.getDict().decides(pair.elements()[0]))
      return c.unsupported("a key that depends on data");
    int at = d.getDict().find(pair.elements()[0]);
    if (at >= 0)
      d.getDict().entries[at].second = pair.elements()[1];
    else
      d.getDict().entries.push_back({pair.elements()[0], pair.elements()[1]});
  }
  return d;
}

//===----------------------------------------------------------------------===//
// Identity, optionals, ranges, enums
//===----------------------------------------------------------------------===//

Result is(OpCall &c) { return AV::boolean(c.args[0].same(c.args[1])); }
Result isNot(OpCall &c) { return AV::boolean(!c.args[0].same(c.args[1])); }
Result unwrapOptional(OpCall &c) {
  if (c.args[0].isNone())
    c.b.raise("RuntimeError", "Unwrapping null optional");
  return c.args[0];
}
Result first(OpCall &c) { return c.args[0]; }
Result rangeLength(OpCall &c) {
  GraphBuilder &b = c.b;
  Int low = c.integer("lo"), high = c.integer("hi");
  Int given = c.integer("step");
  if (std::optional<int64_t> known = eval::known(given); !known) {
    AV zero = b.compareInt(arith::CmpIPredicate::eq, given, b.size(0)),
       up = b.compareInt(arith::CmpIPredicate::sgt, given, b.size(0));
    b.check(b.notBool(zero), "RuntimeError", "range() arg 3 must not be zero");
    Int size = b.selectInt(up, given, b.selectInt(zero, b.size(1), mul(given, b.size(-1))));
    Int span = b.selectInt(up, sub(high, low), sub(low, high));
    // Rounded up; nothing where it is empty.
    Int n = b.floorDivInt(add(b.maxInt(span, b.size(0)), sub(size, b.size(1))), size);
    return AV::integer(n);
  }
  int64_t step = *eval::known(given);
  if (step == 0) {
    b.raise("ValueError", "range() arg 3 must not be zero");
    return intOf(c, 0);
  }
  Int n = step > 0 ? b.ceilDivInt(sub(high, low), step) : b.ceilDivInt(sub(low, high), -step);
  return AV::integer(b.maxInt(n, b.size(0)));
}
Result deriveIndex(OpCall &c) {
  return AV::integer(add(c.integer("start"), mul(c.integer("index"), c.integer("step"))));
}
Result enumName(OpCall &c) { return c.args[0].is(Kind::Enum) ? c.args[0].elements()[0] : AV::unknown(); }
Result enumValue(OpCall &c) { return c.args[0].is(Kind::Enum) ? c.args[0].elements()[1] : AV::unknown(); }
/// A module of a ModuleList or ModuleDict, behind an interface.
Result moduleAt(OpCall &c) {
  if (!c.args[0].is(Kind::Object))
    return c.unsupported("of a " + typeName(c.args[0]));
  InstanceObject &modules = *c.args[0].getObject();
  std::string name = c.args[1].is(Kind::Str) ? c.args[1].getString() : "";
  if (std::optional<int64_t> i = c.args[1].knownInt()) {
    int64_t count = llvm::count_if(modules.attributes, [](auto &a) { return a.second.is(Kind::Object); });
    name = std::to_string(*i < 0 ? *i + count : *i);
  }
  AV *module = modules.find(name);
  return module ? Result(*module) : c.unsupported("of a place that is not known at compile time");
}
Result ifThenElse(OpCall &c) {
  auto k = c.args[0].knownBool();
  return k ? Result(c.args[*k ? 1 : 2]) : c.unsupported("a condition that depends on data");
}

const OperatorRow rows[] = {
    {"aten::len.*", length},
    {"prim::len", length},
    {"aten::__getitem__.t", getItem},
    {"aten::__getitem__.str", getItem},
    {"aten::select.t", getItem},
    {"prim::StringIndex", getItem},
    {"aten::_set_item.t", setItem},
    {"aten::append.t", append},
    {"aten::extend.t", extend},
    {"aten::add_.t", extend},
    {"aten::insert.t", insert},
    {"aten::pop.t", popItem},
    {"aten::Delete.t", removeAt},
    {"aten::remove.int", remove},
    {"aten::remove.float", remove},
    {"aten::remove.bool", remove},
    {"aten::remove.str", remove},
    {"aten::remove.Tensor", remove},
    {"aten::index.list_int", indexOf},
    {"aten::index.list_float", indexOf},
    {"aten::index.list_bool", indexOf},
    {"aten::index.list_str", indexOf},
    {"aten::index.list_Tensor", indexOf},
    {"aten::__contains__.*", contains},
    {"aten::count.*", count},
    {"aten::clear.t", clear},
    {"aten::clear.str", clear},
    {"aten::clear.int", clear},
    {"aten::clear.bool", clear},
    {"aten::clear.float", clear},
    {"aten::clear.complex", clear},
    {"aten::clear.Tensor", clear},
    {"aten::reverse.t", reverse},
    {"aten::copy.t", copyOf},
    {"aten::copy.Dict_str", copyOf},
    {"aten::copy.Dict_int", copyOf},
    {"aten::copy.Dict_float", copyOf},
    {"aten::copy.Dict_bool", copyOf},
    {"aten::copy.Dict_Tensor", copyOf},
    {"aten::list", copyOf},
    {"aten::list.t", copyOf},
    {"aten::add.t", concatenation},
    {"aten::mul.left_t", repetition},
    {"aten::mul.right_", repetition},
    {"aten::slice.t", slice},
    {"aten::slice.str", slice},
    {"aten::sort.int", sort},
    {"aten::sort.float", sort},
    {"aten::sort.bool", sort},
    {"aten::sort.str", sort},
    {"aten::sorted.*", sorted},
    {"aten::sum.int", sumOf},
    {"aten::sum.float", sumOf},
    {"aten::sum.bool", sumOf},
    {"prim::sum", sumOf},
    {"aten::any.int", truth<false>},
    {"aten::any.float", truth<false>},
    {"aten::any.bool", truth<false>},
    {"aten::any.str", truth<false>},
    {"aten::all.int", truth<true>},
    {"aten::all.float", truth<true>},
    {"aten::all.bool", truth<true>},

    {"aten::__getitem__.*", dictGetItem},
    {"aten::get.*", dictGet},
    {"aten::keys.*", dictParts<0>},
    {"aten::values.*", dictParts<1>},
    {"aten::items.*", dictParts<2>},
    {"aten::dict.*", makeDict},
#define KEYED(overload)                                                                                                \
  {"aten::_set_item." overload, dictSetItem}, {"aten::setdefault." overload, dictSetDefault},                          \
      {"aten::pop.Dict_" overload, dictPop}, {"aten::pop.Dict_default_" overload, dictPop},                            \
      {"aten::popitem." overload, dictPopItem}, {"aten::Delete.Dict_" overload, dictDelete}, {                         \
    "aten::update." overload, dictUpdate                                                                               \
  }
    KEYED("str"),
    KEYED("int"),
    KEYED("float"),
    KEYED("bool"),
    KEYED("complex"),
    KEYED("Tensor"),
#undef KEYED

    {"aten::__is__", is},
    {"aten::__isnot__", isNot},
    {"aten::_unwrap_optional", unwrapOptional},
    {"prim::unchecked_unwrap_optional", unwrapOptional},
    {"prim::unchecked_cast", first},
    {"aten::__range_length", rangeLength},
    {"aten::__derive_index", deriveIndex},
    {"prim::EnumName", enumName},
    {"prim::EnumValue.*", enumValue},
    {"prim::IfThenElse", ifThenElse},
    {"prim::ModuleContainerIndex.list", moduleAt},
    {"prim::ModuleContainerIndex.dict", moduleAt},
};

} // namespace

ArrayRef<OperatorRow> eval::containerOperators() { return rows; }
