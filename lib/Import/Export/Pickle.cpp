//===- Pickle.cpp - the saved state of a script object ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The opcodes that torch's pickler writes (torch/csrc/jit/serialization/
// pickler.h). An archive is hostile: every read is checked against the end.
#include "Pickle.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace ingot::exported;

namespace {
using Item = std::shared_ptr<Pickled>;
using Kind = Pickled::Kind;

class Reader {
public:
  explicit Reader(StringRef bytes) : rest(bytes) {}

  Expected<Item> read() {
    while (problem.empty() && !result)
      step();
    if (problem.empty())
      return result;
    return createStringError(inconvertibleErrorCode(), problem);
  }

private:
  StringRef rest;
  std::vector<Item> stack;
  DenseMap<uint32_t, Item> memo;
  Item result;
  std::string problem;

  void fail(const Twine &message) {
    if (problem.empty())
      problem = message.str();
  }
  StringRef take(size_t size) {
    if (size > rest.size()) {
      fail("the pickle is truncated");
      return StringRef();
    }
    StringRef bytes = rest.take_front(size);
    rest = rest.drop_front(size);
    return bytes;
  }
  uint64_t number(size_t size) {
    uint64_t value = 0;
    for (auto [i, byte] : enumerate(take(size)))
      value |= uint64_t(uint8_t(byte)) << (8 * i);
    return value;
  }
  StringRef line() {
    size_t end = rest.find('\n');
    StringRef text = take(end == StringRef::npos ? rest.size() + 1 : end + 1);
    return text.empty() ? text : text.drop_back();
  }

  void push(Item item) { stack.push_back(std::move(item)); }
  static Item make(Kind kind) {
    auto item = std::make_shared<Pickled>();
    item->kind = kind;
    return item;
  }
  void pushInt(int64_t value) {
    push(make(Kind::Int));
    stack.back()->integer = value;
  }
  void pushText(StringRef text) {
    push(make(Kind::Str));
    stack.back()->text = text.str();
  }
  Item pop() {
    if (stack.empty()) {
      fail("the pickle is corrupted: it takes a value that is not there");
      return make(Kind::None);
    }
    Item item = std::move(stack.back());
    stack.pop_back();
    return item;
  }
  /// The values above the last mark.
  std::vector<Item> popToMark() {
    std::vector<Item> items;
    while (true) {
      Item item = pop();
      if (!problem.empty() || item->kind == Kind::Mark)
        break;
      items.push_back(std::move(item));
    }
    std::reverse(items.begin(), items.end());
    return items;
  }
  void pushTuple(std::vector<Item> items) {
    push(make(Kind::Tuple));
    stack.back()->items = std::move(items);
  }
  void pushTuple(size_t size) {
    std::vector<Item> items(size);
    for (size_t i = size; i > 0; --i)
      items[i - 1] = pop();
    pushTuple(std::move(items));
  }
  /// Appends to the container below.
  void extend(Kind kind, std::vector<Item> items) {
    if (stack.empty() || stack.back()->kind != kind)
      return fail("the pickle is corrupted: it appends to no container");
    for (Item &item : items) {
      // No container holds itself: what is read ends.
      if (item == stack.back() || item->kind == Kind::List || item->kind == Kind::Dict)
        if (contains(*item, stack.back().get(), 0))
          return fail("a container that holds itself is not supported");
      stack.back()->items.push_back(std::move(item));
    }
  }
  static bool contains(const Pickled &item, const Pickled *wanted, unsigned depth) {
    return &item == wanted || depth > 32 ||
           any_of(item.items, [&](const Item &part) { return contains(*part, wanted, depth + 1); });
  }
  void remember(uint32_t slot) {
    if (!stack.empty())
      memo[slot] = stack.back();
  }
  void recall(uint32_t slot) {
    auto found = memo.find(slot);
    if (found == memo.end())
      return fail("the pickle is corrupted: it recalls a value that is not there");
    push(found->second);
  }
  void call();
  void step();
};
} // namespace

/// The functions that torch's pickler names stand for their arguments.
void Reader::call() {
  Item arguments = pop(), callee = pop();
  if (callee->kind != Kind::Global || arguments->kind != Kind::Tuple)
    return fail("the pickle is corrupted: it calls no function");
  StringRef name = callee->text;
  auto &items = arguments->items;
  bool isList = name.consume_front("torch.jit._pickle.build_") && name.ends_with("list");
  if ((isList && items.size() == 1) || (callee->text == "torch.jit._pickle.restore_type_tag" && items.size() == 2))
    return push(items[0]);
  if (callee->text == "collections.OrderedDict" && items.empty())
    return push(make(Kind::Dict));
  fail("the state of a script object holds '" + callee->text + "', which is not supported");
}

void Reader::step() {
  char code = take(1).empty() ? '.' : rest.data()[-1];
  if (!problem.empty())
    return;
  switch (code) {
  case '\x80': // PROTO
    take(1);
    break;
  case '.': // STOP
    result = pop();
    break;
  case '(': // MARK
    push(make(Kind::Mark));
    break;
  case 'N':
    push(make(Kind::None));
    break;
  case '\x88': // NEWTRUE
  case '\x89': // NEWFALSE
    push(make(Kind::Bool));
    stack.back()->integer = code == '\x88';
    break;
  case 'K': // BININT1
    pushInt(int64_t(number(1)));
    break;
  case 'M': // BININT2
    pushInt(int64_t(number(2)));
    break;
  case 'J': // BININT
    pushInt(int32_t(number(4)));
    break;
  case '\x8a': { // LONG1
    uint64_t size = number(1);
    if (size > 8)
      return fail("an int of the script object's state has more than 64 bits");
    uint64_t value = number(size);
    if (size && size < 8 && (value >> (8 * size - 1)))
      value |= ~uint64_t(0) << (8 * size);
    pushInt(int64_t(value));
    break;
  }
  case 'G': { // BINFLOAT, big-endian
    StringRef bytes = take(8);
    if (bytes.size() != 8)
      return;
    push(make(Kind::Float));
    stack.back()->real = bit_cast<double>(support::endian::read64be(bytes.data()));
    break;
  }
  case 'X': // BINUNICODE
    pushText(take(number(4)));
    break;
  case ')': // EMPTY_TUPLE
    pushTuple(size_t(0));
    break;
  case '\x85': // TUPLE1
  case '\x86':
  case '\x87':
    pushTuple(size_t(uint8_t(code) - 0x84));
    break;
  case 't': // TUPLE
    pushTuple(popToMark());
    break;
  case ']': // EMPTY_LIST
    push(make(Kind::List));
    break;
  case '}': // EMPTY_DICT
    push(make(Kind::Dict));
    break;
  case 'a': { // APPEND
    Item item = pop();
    extend(Kind::List, {item});
    break;
  }
  case 'e': { // APPENDS
    std::vector<Item> items = popToMark();
    extend(Kind::List, std::move(items));
    break;
  }
  case 's': { // SETITEM
    Item value = pop(), key = pop();
    extend(Kind::Dict, {key, value});
    break;
  }
  case 'u': { // SETITEMS
    std::vector<Item> items = popToMark();
    if (items.size() % 2)
      return fail("the pickle is corrupted: a dict's key has no value");
    extend(Kind::Dict, std::move(items));
    break;
  }
  case 'q': // BINPUT
    remember(uint32_t(number(1)));
    break;
  case 'r': // LONG_BINPUT
    remember(uint32_t(number(4)));
    break;
  case 'h': // BINGET
    recall(uint32_t(number(1)));
    break;
  case 'j': // LONG_BINGET
    recall(uint32_t(number(4)));
    break;
  case 'c': { // GLOBAL
    StringRef module = line(), name = line();
    push(make(Kind::Global));
    stack.back()->text = (module + "." + name).str();
    break;
  }
  case '\x81': { // NEWOBJ
    pop();
    Item callee = pop();
    push(make(Kind::Object));
    stack.back()->text = callee->text;
    break;
  }
  case 'R': // REDUCE
    call();
    break;
  case 'b': { // BUILD
    Item state = pop();
    if (stack.empty() || stack.back()->kind != Kind::Object || !stack.back()->items.empty())
      return fail("the pickle is corrupted: it gives a state to no object");
    stack.back()->items.push_back(state);
    break;
  }
  case 'Q': // BINPERSID: a storage
    return fail("the state of a script object holds tensors, which is not supported");
  default:
    fail("the pickle has an opcode that torch does not write: 0x" + utohexstr(uint8_t(code)));
  }
}

Expected<std::shared_ptr<Pickled>> ingot::exported::readPickle(StringRef bytes) { return Reader(bytes).read(); }
