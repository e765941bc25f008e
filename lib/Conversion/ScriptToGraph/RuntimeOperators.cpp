//===- RuntimeOperators.cpp - operators on objects ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One row an operator: the runtime's function, its operands and its result. An
// operator comes here when an operand is an object of the runtime, or when its
// form on values known at compile time cannot decide.
#include "Effect.h"
#include "RuntimeParts.h"

#include "dialects/Task/Task.h"
#include "ingot/ABI/object.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;

namespace {

/// `operands`, separated by spaces: "0" the operator's operand 0 as the
/// function wants it; "0!" the same, which is changed; "e1" operand 1 as an
/// element of operand 0 (a list); "k1", "v1" as a key or value of operand 0 (a
/// dict);
/// "#5" a constant; "n1" an int, or an open bound where operand 1 is None.
/// `result`: i int, b bool, d float, s str, S list of str, I list of ints, e an
/// element of operand 0, v a value, o an optional value, T the type of operand
/// 0, K list of keys, V list of values, E list of entries, P one entry, 3 three
/// strings, = operand 0 itself, ! the negation of a bool, - nothing.
struct Row {
  StringLiteral name, function, operands;
  char result;
};

const Row rows[] = {
    {"aten::len.t", "length", "0", 'i'},
    {"aten::len.str", "length", "0", 'i'},
    {"prim::len", "length", "0", 'i'},
    // Lists.
    {"aten::__getitem__.t", "list_get", "0 1", 'e'},
    {"aten::select.t", "list_get", "0 1", 'e'},
    {"aten::_set_item.t", "list_set", "0! 1 e2", '='},
    {"aten::append.t", "list_append", "0! e1", '='},
    {"aten::extend.t", "list_extend", "0! 1", '-'},
    {"aten::add_.t", "list_extend", "0! 1", '='},
    {"aten::insert.t", "list_insert", "0! 1 e2", '-'},
    {"aten::pop.t", "list_pop", "0! 1", 'e'},
    {"aten::Delete.t", "list_delete", "0! 1", '-'},
    {"aten::clear.t", "list_clear", "0!", '-'},
    {"aten::reverse.t", "list_reverse", "0!", '-'},
    {"aten::copy.t", "list_copy", "0", 'T'},
    {"aten::list.t", "list_copy", "0", 'T'},
    {"aten::add.t", "list_concat", "0 1", 'T'},
    {"aten::mul.left_t", "list_repeat", "0 1", 'T'},
    {"aten::mul_.t", "list_repeat_in_place", "0! 1", '='},
    {"aten::slice.t", "list_slice", "0 n1 n2 3", 'T'},
    {"prim::rangelist", "list_range", "0", 'I'},
#define ELEMENTS(type, index)                                                                                          \
  {"aten::remove." type, "list_remove", "0! e1", '-'}, {"aten::index." index, "list_index", "0 e1", 'i'},              \
      {"aten::count." type, "list_count", "0 e1", 'i'},                                                                \
      {"aten::__contains__." type "_list", "list_contains", "0 e1", 'b'},                                              \
      {"aten::eq." type "_list", "equal", "0 1", 'b'}, {"aten::ne." type "_list", "equal", "0 1", '!'},                \
      {"aten::sort." type, "list_sort", "0! b1", '-'}, {"aten::sorted." type, "sorted", "0", 'T'},                     \
      {"aten::any." type, "list_any", "0", 'b'}, {"aten::all." type, "list_all", "0", 'b'},                            \
      {"aten::sum." type, "list_sum", "0", 'n'}, {"prim::max." type "_list", "list_pick", "0 1 #1", 'T'},              \
      {"prim::min." type "_list", "list_pick", "0 1 #0", 'T'}, {"prim::max.self_" type, "list_extreme", "0 #1", 'e'},  \
      {"prim::min.self_" type, "list_extreme", "0 #0", 'e'}
    ELEMENTS("int", "list_int"),
    ELEMENTS("float", "list_float"),
    ELEMENTS("bool", "list_bool"),
    ELEMENTS("str", "list_str"),
#undef ELEMENTS
    // Tensors are compared by value.
    {"aten::remove.Tensor", "list_remove", "0! e1", '-'},
    {"aten::index.list_Tensor", "list_index", "0 e1", 'i'},
    {"aten::count.Tensor", "list_count", "0 e1", 'i'},
    {"aten::eq.Tensor_list", "equal", "0 1", 'b'},
    {"aten::ne.Tensor_list", "equal", "0 1", '!'},
    {"aten::sort.Tensor", "list_sort", "0! b1", '-'},
    {"aten::sorted.Tensor", "sorted", "0", 'T'},
    {"aten::sort.any", "list_sort", "0! b1", '-'},
    {"aten::sorted.any", "sorted", "0", 'T'},
// Dicts.
#define KEYED(type)                                                                                                    \
  {"aten::len.Dict_" type, "length", "0", 'i'}, {"aten::__getitem__.Dict_" type, "dict_get", "0 k1", 'v'},             \
      {"aten::__contains__." type, "dict_contains", "0 k1", 'b'},                                                      \
      {"aten::get." type, "dict_get_optional", "0 k1", 'o'},                                                           \
      {"aten::get.default_" type, "dict_get_default", "0 k1 v2", 'v'},                                                 \
      {"aten::_set_item." type, "dict_set", "0! k1 v2", '-'},                                                          \
      {"aten::setdefault." type, "dict_setdefault", "0! k1 v2", 'v'},                                                  \
      {"aten::pop.Dict_" type, "dict_pop", "0! k1", 'v'},                                                              \
      {"aten::pop.Dict_default_" type, "dict_pop_default", "0! k1 v2", 'v'},                                           \
      {"aten::popitem." type, "dict_popitem", "0!", 'P'}, {"aten::Delete.Dict_" type, "dict_delete", "0! k1", '-'},    \
      {"aten::update." type, "dict_update", "0! 1", '-'}, {"aten::clear." type, "dict_clear", "0!", '-'},              \
      {"aten::copy.Dict_" type, "dict_copy", "0", 'T'}, {"aten::dict.Dict_" type, "dict_copy", "0", 'T'},              \
      {"aten::keys." type, "dict_keys", "0", 'K'}, {"aten::values." type, "dict_values", "0", 'V'},                    \
      {"aten::items." type, "dict_items", "0", 'E'}, {"aten::dict." type, "dict_from_items", "0 p0", 'D'}
    KEYED("str"),
    KEYED("int"),
    KEYED("float"),
    KEYED("bool"),
    KEYED("complex"),
#undef KEYED
    // Strings.
    {"aten::str", "str_of", "0", 's'},
    {"aten::add.str", "str_concat", "0 1", 's'},
    {"aten::eq.str", "equal", "0 1", 'b'},
    {"aten::ne.str", "equal", "0 1", '!'},
    {"aten::__getitem__.str", "str_get", "0 1", 's'},
    {"prim::StringIndex", "str_get", "0 1", 's'},
    {"aten::slice.str", "str_slice", "0 n1 n2 3", 's'},
    {"aten::list", "str_letters", "0", 'S'},
    {"aten::upper", "str_case", "0 #4", 's'},
    {"aten::lower", "str_case", "0 #5", 's'},
    {"aten::title", "str_case", "0 #6", 's'},
    {"aten::capitalize", "str_case", "0 #9", 's'},
    {"aten::swapcase", "str_case", "0 #10", 's'},
    {"aten::isalpha", "str_is", "0 #0", 'b'},
    {"aten::isalnum", "str_is", "0 #1", 'b'},
    {"aten::isdigit", "str_is", "0 #2", 'b'},
    {"aten::isdecimal", "str_is", "0 #2", 'b'},
    {"aten::isnumeric", "str_is", "0 #2", 'b'},
    {"aten::isspace", "str_is", "0 #3", 'b'},
    {"aten::isupper", "str_is", "0 #4", 'b'},
    {"aten::islower", "str_is", "0 #5", 'b'},
    {"aten::istitle", "str_is", "0 #6", 'b'},
    {"aten::isprintable", "str_is", "0 #7", 'b'},
    {"aten::isidentifier", "str_is", "0 #8", 'b'},
    {"aten::strip", "str_strip", "0 1 #11", 's'},
    {"aten::lstrip", "str_strip", "0 1 #12", 's'},
    {"aten::rstrip", "str_strip", "0 1 #13", 's'},
    {"aten::center", "str_pad", "0 1 2 #11", 's'},
    {"aten::ljust", "str_pad", "0 1 2 #12", 's'},
    {"aten::rjust", "str_pad", "0 1 2 #13", 's'},
    {"aten::zfill", "str_pad", "0 1 'z #13", 's'},
    {"aten::expandtabs", "str_expand_tabs", "0 1", 's'},
    {"aten::replace", "str_replace", "0 1 2 3", 's'},
    {"aten::find", "str_find", "0 1 2 3 #0", 'i'},
    {"aten::rfind", "str_find", "0 1 2 3 #1", 'i'},
    {"aten::index.str", "str_index", "0 1 2 3 #0", 'i'},
    {"aten::rindex", "str_index", "0 1 2 3 #1", 'i'},
    {"aten::count", "str_count", "0 1 2 3", 'i'},
    {"aten::startswith", "str_starts", "0 1 2 3", 'b'},
    {"aten::endswith", "str_ends", "0 1 2 3", 'b'},
    {"aten::split.str", "str_split", "0 1 2", 'S'},
    {"aten::rsplit", "str_rsplit", "0 1 2", 'S'},
    {"aten::splitlines", "str_lines", "0 b1", 'S'},
    {"aten::partition", "str_partition", "0 1 #0", '3'},
    {"aten::rpartition", "str_partition", "0 1 #1", '3'},
    {"aten::join", "str_join", "0 1", 's'},
    {"aten::ord", "str_ord", "0", 'i'},
    {"aten::chr", "str_chr", "0", 's'},
    {"aten::hex", "str_base", "0 #16", 's'},
    {"aten::oct", "str_base", "0 #8", 's'},
    {"aten::bin", "str_base", "0 #2", 's'},
    {"aten::Int.str", "str_int", "0", 'i'},
    {"aten::Float.str", "str_float", "0", 'd'},
};
static_assert(INGOT_ABI_STR_UPPER == 4 && INGOT_ABI_STR_LOWER == 5 && INGOT_ABI_STR_TITLE == 6 &&
              INGOT_ABI_STR_PRINTABLE == 7 && INGOT_ABI_STR_IDENTIFIER == 8 && INGOT_ABI_STR_CAPITALIZE == 9 &&
              INGOT_ABI_STR_SWAPCASE == 10 && INGOT_ABI_STR_BOTH == 11 && INGOT_ABI_STR_LEFT == 12 &&
              INGOT_ABI_STR_RIGHT == 13);

class Call {
public:
  Call(OpCall &c, const Row &row) : c(c), b(c.b), row(row) {
    if (!c.args.empty())
      self = specOf(c.args[0]);
  }
  Result run();

private:
  Type object() { return task::ObjectType::get(b.context()); }
  Value constant(int64_t value) { return constantI64(b, value); }
  Value operand(StringRef token, char letter);
  /// Widens what the container holds by an element that goes into it.
  void widen(unsigned child, const AV &element);
  void learn();
  const TypeSpec &child(unsigned i) {
    static const TypeSpec unknown;
    return i < self.children.size() ? self.children[i] : unknown;
  }
  Result result(Value value);

  OpCall &c;
  GraphBuilder &b;
  const Row &row;
  TypeSpec self; // of operand 0
};

void Call::widen(unsigned i, const AV &element) {
  if (element.isUnknown())
    return;
  TypeSpec given = specOf(element);
  TypeSpec wide = child(i).kind == Spec::Unknown ? given : unify(child(i), given);
  if (i < self.children.size() && slotKind(wide) == slotKind(self.children[i]))
    self.children[i] = wide;
  else if (i < self.children.size() && !c.args[0].isRuntime())
    self.children[i] = wide;
  else
    b.unsupported("a " + typeName(element) + " in a container of another type");
  if (c.args[0].isRuntime())
    learn();
}

/// What the container holds, as it is known now.
void Call::learn() {
  TypeSpec &known = c.args[0].getRuntime().type;
  if (isSame(known, self))
    return;
  ++b.widenings;
  known = self;
}

Value Call::operand(StringRef token, char letter) {
  if (token.consume_front("#")) {
    int64_t number = 0;
    token.getAsInteger(10, number);
    return constant(number);
  }
  if (token == "'z")
    return toObject(b, AV::str("0"));
  char how = llvm::isDigit(token[0]) ? 0 : token[0];
  if (how)
    token = token.drop_front();
  unsigned index = token[0] - '0';
  if (index >= c.args.size()) {
    b.unsupported("an argument is missing");
    return constant(0);
  }
  AV &v = c.args[index];
  // What goes into a container is shared with it, and what comes out of it too.
  bool keeps = StringRef(row.operands).contains('!') || StringRef("evoTDPVE").contains(row.result);
  if (keeps && how && how != 'n' && how != 'b')
    materializeParts(b, v);
  if (keeps && letter == 'o' && v.is(Kind::List))
    for (const AV &part : v.elements())
      materializeParts(b, part);
  if (keeps && letter == 'o' && v.is(Kind::Dict))
    for (auto &[key, part] : v.getDict().entries)
      materializeParts(b, part);
  switch (how) {
  case 'e':
  case 'k':
    return toSlot(b, v, child(0));
  case 'v':
    return toSlot(b, v, child(1));
  case 'n':
    return v.isNone() ? constant(INGOT_ABI_OPEN) : operand(token, 'i');
  case 'b':
    return b.toI64(b.selectInt(v, b.size(1), b.size(0)));
  default:
    break;
  }
  switch (letter) {
  case 'i':
    if (v.is(Kind::Int))
      return b.toI64(b.resolve(v.getInt()));
    if (v.is(Kind::Bool))
      return b.toI64(b.selectInt(v, b.size(1), b.size(0)));
    b.unsupported("an argument is a " + typeName(v) + ", not an int");
    return constant(0);
  case 'o':
    return toObject(b, v);
  default:
    b.unsupported("an argument is a " + typeName(v));
    return constant(0);
  }
}

Result Call::result(Value value) {
  switch (row.result) {
  case 'i':
    return AV::integer(b.fromSSA(value));
  case 'b':
  case 'd':
    return AV::runtime(value);
  case '!':
    return b.notBool(AV::runtime(value));
  case 's':
    return runtimeValue(value, simple(Spec::Str));
  case 'S':
    return runtimeValue(value, listOf(simple(Spec::Str)));
  case 'I':
    return runtimeValue(value, listOf(simple(Spec::Int)));
  case 'n':
    return child(0).kind == Spec::Float ? AV::runtime(value) : AV::integer(b.fromSSA(value));
  case 'e':
    return fromSlot(b, value, child(0));
  case 'v':
    return fromSlot(b, value, child(1));
  case 'o': {
    TypeSpec s = optionalOf(child(1));
    if (isOpen(s) && !isOpen(child(1)))
      b.unsupported("a dict's future whose value may be None, looked up by a key that may be missing");
    return runtimeValue(value, s);
  }
  case 'T':
  case 'D':
    return runtimeValue(value, self);
  case 'K':
    return runtimeValue(value, listOf(child(0)));
  case 'V':
    return runtimeValue(value, listOf(child(1)));
  case 'P':
  case 'E': {
    TypeSpec pair = simple(Spec::Tuple);
    pair.children = {child(0), child(1)};
    return row.result == 'P' ? fromObject(b, value, pair) : runtimeValue(value, listOf(pair));
  }
  case '3': {
    TypeSpec parts = simple(Spec::Tuple);
    parts.children.assign(3, simple(Spec::Str));
    return Result::several(fromObject(b, value, parts).elements());
  }
  case '=':
    return c.args[0];
  default:
    return Result::several({});
  }
}

Result Call::run() {
  // sorted(l) is a sorted copy.
  if (row.function == "sorted") {
    Value copy = callRuntime(b, "list_copy", {toObject(b, c.args[0])}, object());
    Value order = operand(c.args.size() > 1 ? "b1" : "#0", 'i');
    callRuntime(b, "list_sort", {copy, order});
    return runtimeValue(copy, self);
  }
  const task::RuntimeFunction &f = *task::findRuntimeFunction(row.function);
  SmallVector<StringRef> tokens;
  StringRef(row.operands).split(tokens, ' ', -1, /*KeepEmpty=*/false);
  // What goes in decides how wide the container is made.
  for (StringRef t : tokens) {
    bool changes = row.operands.contains('!') || row.result == 'v';
    if ((t[0] == 'e' || t[0] == 'k' || t[0] == 'v') && unsigned(t[1] - '0') < c.args.size() && changes)
      widen(t[0] == 'v', c.args[t[1] - '0']);
  }
  if ((row.function == "list_extend" || row.function == "list_concat") && c.args.size() > 1) {
    TypeSpec other = specOf(c.args[1]);
    if (!other.children.empty() && child(0).kind == Spec::Unknown)
      self = other;
    else if (!other.children.empty() && other.children[0].kind != Spec::Unknown)
      self = unify(self, other);
    if (c.args[0].isRuntime() && row.result != 'T')
      learn();
  }
  if (b.failed())
    return {};
  SmallVector<Value> operands;
  StringRef letters = f.operands;
  for (StringRef t : tokens) {
    letters = letters.ltrim(", ");
    char letter = letters.empty() ? 'o' : letters[0];
    letters = letters.drop_front(!letters.empty());
    if (t == "p0") { // the slots of a dict from pairs
      TypeSpec pair = child(0);
      self = simple(Spec::Dict);
      self.anyLength = true;
      self.children = pair.children;
      self.children.resize(2);
      operands.push_back(constant(slotKind(child(0))));
      operands.push_back(constant(slotKind(child(1))));
      continue;
    }
    if (t.consume_back("!")) {
      AV &v = c.args[t[0] - '0'];
      if (!v.isRuntime())
        materialize(b, v, &self);
      if (!v.isRuntime()) {
        b.unsupported("it changes a " + typeName(v));
        return {};
      }
      operands.push_back(v.getRuntime().handle);
      continue;
    }
    operands.push_back(operand(t, letter));
  }
  if (b.failed())
    return {};
  Type type;
  switch (f.result) {
  case 'o':
    type = object();
    break;
  case 'i':
    type = b.b.getI64Type();
    break;
  case 'b':
    type = b.b.getI1Type();
    break;
  case 'd':
    type = b.b.getF64Type();
    break;
  case 's':
    type = row.result == 'n' ? (child(0).kind == Spec::Float ? Type(b.b.getF64Type()) : b.b.getI64Type())
                             : slotType(b, child(row.result == 'v'));
    break;
  default:
    break;
  }
  Value value = callRuntime(b, row.function, operands, type);
  if (b.failed())
    return {};
  return result(value);
}

//===----------------------------------------------------------------------===//
// Operators with a form of their own
//===----------------------------------------------------------------------===//

Type objectType(OpCall &c) { return task::ObjectType::get(c.b.context()); }

Value listOfObjects(OpCall &c, ArrayRef<AV> values) {
  GraphBuilder &b = c.b;
  Value kind = arith::ConstantOp::create(b.b, b.loc, b.b.getI64IntegerAttr(INGOT_ABI_SLOT_OBJECT));
  Value list = callRuntime(b, "list", {kind}, objectType(c));
  for (const AV &v : values) {
    if (v.is(Kind::Task) || v.is(Kind::Object))
      b.unsupported("the text of a " + typeName(v) + " that depends on data");
    // The text is of the present value: what is written later is not seen.
    AV shown = v.isTensor() ? b.fresh(b.read(v)) : v;
    callRuntime(b, "list_append", {list, toObject(b, shown)});
  }
  return list;
}
template <bool Percent>
Result format(OpCall &c) {
  SmallVector<AV> values(c.args.begin() + 1, c.args.end());
  // '%s %s' % (a, b) comes with its tuple.
  if (Percent && values.size() == 1 && values[0].is(Kind::Tuple)) {
    auto elements = values[0].elements();
    values.assign(elements.begin(), elements.end());
  }
  Value text = callRuntime(c.b, Percent ? "str_percent" : "str_format",
                           {toObject(c.b, c.args[0]), listOfObjects(c, values)}, objectType(c));
  return runtimeValue(text, simple(Spec::Str));
}
Result print(OpCall &c) {
  std::string pattern;
  for (size_t i = 0; i < c.args.size(); ++i)
    pattern += i ? " {}" : "{}";
  Value text =
      callRuntime(c.b, "str_format", {toObject(c.b, AV::str(pattern + "\n")), listOfObjects(c, c.args)}, objectType(c));
  runtimeEffect(c.b, "prim::Print", "ordered", "print", text, {});
  return Result::several({});
}
template <arith::CmpIPredicate Predicate>
Result compare(OpCall &c) {
  Value order = callRuntime(c.b, "compare", {toObject(c.b, c.args[0]), toObject(c.b, c.args[1])}, c.b.b.getI64Type());
  return c.b.compareInt(Predicate, c.b.fromSSA(order), c.b.size(0));
}
template <bool Not>
Result equalObjects(OpCall &c) {
  AV same =
      AV::runtime(callRuntime(c.b, "equal", {toObject(c.b, c.args[0]), toObject(c.b, c.args[1])}, c.b.b.getI1Type()));
  return Not ? c.b.notBool(same) : same;
}
template <bool Not>
Result is(OpCall &c) {
  const AV &x = c.args[0].isNone() ? c.args[1] : c.args[0];
  const AV &y = c.args[0].isNone() ? c.args[0] : c.args[1];
  AV same;
  if (x.isRuntime() && y.isNone()) {
    Spec kind = x.getRuntime().type.kind;
    same = kind == Spec::Optional || kind == Spec::Unknown
               ? AV::runtime(callRuntime(c.b, "is_none", {x.getRuntime().handle}, c.b.b.getI1Type()))
               : AV::boolean(kind == Spec::None);
  } else if (x.identity() && x.identity() == y.identity()) {
    same = AV::boolean(true);
  } else {
    same = AV::runtime(callRuntime(c.b, "same", {toObject(c.b, x), toObject(c.b, y)}, c.b.b.getI1Type()));
  }
  return Not ? c.b.notBool(same) : same;
}
/// A member's name (part 1) or value (part 2).
template <int Part, Spec ValueKind>
Result memberPart(OpCall &c) {
  if (!c.args[0].isRuntime() || c.args[0].getRuntime().type.kind != Spec::Enum)
    return c.unsupported("of a " + typeName(c.args[0]));
  Value part = arith::ConstantOp::create(c.b.b, c.b.loc, c.b.b.getI64IntegerAttr(Part));
  Value object = callRuntime(c.b, "tuple_get", {c.args[0].getRuntime().handle, part}, objectType(c));
  return fromObject(c.b, object, simple(ValueKind));
}
/// torch.device of a text: a library computes on the CPU.
Result deviceOf(OpCall &c) {
  GraphBuilder &b = c.b;
  Value same = callRuntime(b, "equal", {toObject(b, c.args[0]), toObject(b, AV::str("cpu"))}, b.b.getI1Type());
  b.check(AV::runtime(same), "RuntimeError", "the library computes on the CPU only");
  return AV::text(Kind::Device, "cpu");
}
Result deviceType(OpCall &c) {
  if (!c.args[0].isRuntime() || c.args[0].getRuntime().type.kind != Spec::Device)
    return c.unsupported("of a " + typeName(c.args[0]));
  auto number = [&](int64_t i) -> Value {
    return arith::ConstantOp::create(c.b.b, c.b.loc, c.b.b.getI64IntegerAttr(i));
  };
  Value parts = callRuntime(c.b, "str_partition",
                            {c.args[0].getRuntime().handle, toObject(c.b, AV::str(":")), number(0)}, objectType(c));
  Value first = callRuntime(c.b, "tuple_get", {parts, number(0)}, objectType(c));
  return runtimeValue(first, simple(Spec::Str));
}
Result hashOf(OpCall &c) {
  return AV::integer(c.b.fromSSA(callRuntime(c.b, "hash", {toObject(c.b, c.args[0])}, c.b.b.getI64Type())));
}
/// `n * l` is `l * n`.
Result repeatRight(OpCall &c) {
  std::swap(c.args[0], c.args[1]);
  std::optional<Result> result = runRuntimeOperator(c, "aten::mul.left_t");
  std::swap(c.args[0], c.args[1]);
  return *result;
}
/// A text that is put together at run time.
Result warn(OpCall &c) { return findOperator("aten::warn")(c); }
Result unwrap(OpCall &c) { return unwrapOptional(c.b, c.args[0]); }

/// Tensors of a list as one: all of one dtype and rank.
template <bool Stack>
Result concat(OpCall &c) {
  const TypeSpec list = specOf(c.args[0]);
  std::optional<int64_t> given = c.args.size() > 1 && c.args[1].is(Kind::Int) ? c.args[1].knownInt() : std::nullopt;
  if (!c.args[0].isRuntime() || list.children.empty() || list.children[0].kind != Spec::Tensor || !given)
    return c.unsupported("an argument whose structure is known at run time only");
  TypeSpec tensor = list.children[0];
  if (tensor.dtype == noTensorYet) // read before the loop has put one in
    return AV::unknown();
  if (tensor.dtype < 0)
    return c.unsupported("a list of tensors whose dtypes or ranks differ, or are not given");
  tensor.dims.assign(tensor.dims.size() + Stack, DimSpec());
  auto constant = [&](int64_t i) -> Value {
    return arith::ConstantOp::create(c.b.b, c.b.loc, c.b.b.getI64IntegerAttr(i));
  };
  Value object = callRuntime(c.b, "tensor_concat", {c.args[0].getRuntime().handle, constant(*given), constant(Stack)},
                             objectType(c));
  return fromObject(c.b, object, tensor);
}
/// Questions about a tensor of any dtype and rank.
Result dim(OpCall &c) {
  if (!c.args[0].isRuntime() || c.args[0].getRuntime().type.kind != Spec::Tensor)
    return c.unsupported("an argument whose structure is known at run time only");
  Value kind = callRuntime(c.b, "tensor_kind", {c.args[0].getRuntime().handle}, c.b.b.getI64Type());
  return AV::integer(c.b.modInt(c.b.fromSSA(kind, {0, 64 * 64}), c.b.size(64)));
}

struct Special {
  StringLiteral name;
  OperatorFn function;
};
const Special specials[] = {
    {"aten::format", format<false>},
    {"aten::percentFormat", format<true>},
    {"prim::Print", print},
    {"aten::warn", warn},
    {"aten::hash.generic", hashOf},
    {"aten::mul.right_", repeatRight},
    {"aten::eq.enum", equalObjects<false>},
    {"aten::ne.enum", equalObjects<true>},
    {"aten::eq.device", equalObjects<false>},
    {"aten::ne.device", equalObjects<true>},
    {"aten::device", deviceOf},
    {"prim::type", deviceType},
    {"prim::EnumName", memberPart<1, Spec::Str>},
    {"prim::EnumValue.int", memberPart<2, Spec::Int>},
    {"prim::EnumValue.float", memberPart<2, Spec::Float>},
    {"prim::EnumValue.str", memberPart<2, Spec::Str>},
    {"aten::lt.str", compare<arith::CmpIPredicate::slt>},
    {"aten::le.str", compare<arith::CmpIPredicate::sle>},
    {"aten::gt.str", compare<arith::CmpIPredicate::sgt>},
    {"aten::ge.str", compare<arith::CmpIPredicate::sge>},
    {"aten::__is__", is<false>},
    {"aten::__isnot__", is<true>},
    {"aten::_unwrap_optional", unwrap},
    {"prim::unchecked_unwrap_optional", unwrap},
    {"prim::unchecked_cast", unwrap},
    {"aten::cat", concat<false>},
    {"aten::stack", concat<true>},
    {"aten::dim", dim},
    {"aten::unbind.int", unbindAtRunTime},
    {"aten::split.Tensor", splitAtRunTime},
    {"aten::chunk", chunkAtRunTime},
    {"aten::tensor_split.sections", tensorSplitAtRunTime},
    {"aten::tensor", tensorOfList},
    {"prim::tolist", listOfTensor},
};

} // namespace

static const Row *findRow(StringRef fullName) {
  static const auto *byName = [] {
    auto *map = new llvm::StringMap<const Row *>();
    for (const Row &r : rows)
      map->insert({r.name, &r});
    return map;
  }();
  return byName->lookup(fullName);
}

bool eval::isRuntimeOperator(StringRef fullName) {
  return findRow(fullName) || llvm::any_of(specials, [&](const Special &s) { return s.name == fullName; });
}

std::optional<Result> eval::runRuntimeOperator(OpCall &c, StringRef fullName) {
  for (const Special &s : specials)
    if (s.name == fullName)
      return s.function(c);
  const Row *row = findRow(fullName);
  if (!row)
    return std::nullopt;
  return Call(c, *row).run();
}
