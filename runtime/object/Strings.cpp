//===- Strings.cpp - functions over strings --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bytes, as TorchScript has them: indices, widths and classes of letters know
// nothing of UTF-8.
#include "base/Locale.h"
#include "object/Declarations.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>

namespace ingot::rt::object {

/// Bytes of a string; owns none.
struct View {
  const char *data;
  int64_t size;

  View(const char *data, int64_t size) : data(data), size(size) {}
  View(Object *object) : data(stringOf(object).data()), size(object->count) {}
  /// First place of `part` at or after `from`, or -1.
  int64_t find(View part, int64_t from = 0) const {
    if (part.size == 0)
      return from <= size ? from : -1;
    if (from < 0 || from > size)
      return -1;
    auto *at = static_cast<const char *>(memmem(data + from, size_t(size - from), part.data, size_t(part.size)));
    return at ? at - data : -1;
  }
  int64_t findLast(View part) const {
    for (int64_t at = size - part.size; at >= 0; --at)
      if (memcmp(data + at, part.data, size_t(part.size)) == 0)
        return at;
    return -1;
  }
  bool holds(char c) const { return size && memchr(data, c, size_t(size)); }
};
static Object *make(Call *call, View view) { return ownString(call, view.data, size_t(view.size)); }
static bool pushView(List *list, View view) {
  String *part = newString(view.data, size_t(view.size));
  return part && push(*list, slotOf(part));
}
static List *newStringList() { return newList(INGOT_ABI_SLOT_OBJECT, 0); }

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

Object *str_concat(Call *call, Object *a, Object *b) {
  String *both = newString(nullptr, size_t(a->count + b->count));
  if (both) {
    memcpy(both->data(), stringOf(a).data(), size_t(a->count));
    memcpy(both->data() + a->count, stringOf(b).data(), size_t(b->count));
  }
  return own(contextOf(call), both);
}
Object *str_get(Call *call, Object *object, int64_t index) {
  int64_t at = index < 0 ? index + object->count : index;
  if (at < 0 || at >= object->count) {
    Text text;
    raise(contextOf(call), "RuntimeError",
          text << "basic_string::at: __n (which is " << uint64_t(at) << ") >= this->size() (which is " << object->count
               << ")");
    return nullptr;
  }
  return make(call, {stringOf(object).data() + at, 1});
}
Object *str_slice(Call *call, Object *object, int64_t start, int64_t end, int64_t step) {
  int64_t count = sliceRange(call, object->count, start, end, step);
  if (count < 0)
    return nullptr;
  String *part = newString(nullptr, size_t(count));
  for (int64_t i = 0; part && i < count; ++i)
    part->data()[i] = stringOf(object).data()[start + i * step];
  return own(contextOf(call), part);
}
Object *str_letters(Call *call, Object *object) {
  List *out = newStringList();
  bool good = out;
  for (int64_t i = 0; good && i < object->count; ++i)
    good = pushView(out, {stringOf(object).data() + i, 1});
  return ownIf(call, good, out);
}

//===----------------------------------------------------------------------===//
// Searching
//===----------------------------------------------------------------------===//

/// TorchScript's bounds: -1 is the end, and negative ones count from past it.
static void searchBounds(int64_t size, int64_t &start, int64_t &end) {
  if (start < 0)
    start = maxOf<int64_t>(0, size + start);
  if (end < 0)
    end = maxOf<int64_t>(0, size + end + 1);
}

int64_t str_contains(Call *, Object *object, Object *part) { return View(object).find(part) >= 0; }
int64_t str_find(Call *, Object *object, Object *part, int64_t start, int64_t end, int64_t last) {
  searchBounds(object->count, start, end);
  View all(object);
  View searched(all.data, 0);
  if (end > start && start <= all.size)
    searched = {all.data + start, minOf(end, all.size) - start};
  int64_t at = last ? searched.findLast(part) : searched.find(part);
  return at < 0 ? -1 : at + start;
}
int64_t str_index(Call *call, Object *object, Object *part, int64_t start, int64_t end, int64_t last) {
  int64_t at = str_find(call, object, part, start, end, last);
  if (at < 0)
    raise(contextOf(call), "RuntimeError", "ValueError: substring not found");
  return at;
}
int64_t str_count(Call *, Object *object, Object *part, int64_t start, int64_t end) {
  if (start > object->count)
    return 0;
  searchBounds(object->count, start, end);
  View all(object), wanted(part);
  int64_t n = 0;
  if (!wanted.size) // one in each gap
    return maxOf<int64_t>(0, minOf(end, all.size + 1) - start);
  for (int64_t at = start; (at = all.find(wanted, at)) >= 0 && at < end; at += wanted.size)
    ++n;
  return n;
}
/// The part between the bounds; false when it raised.
static bool between(Call *call, Object *object, int64_t start, int64_t end, View &part) {
  searchBounds(object->count, start, end);
  if (start > object->count) {
    Text text;
    text << "basic_string::substr: __pos (which is " << start << ") > this->size() (which is " << object->count << ")";
    raise(contextOf(call), "RuntimeError", text);
    return false;
  }
  // A length that is negative is taken as without bound.
  int64_t rest = object->count - start;
  part = {stringOf(object).data() + start, end < start ? rest : minOf(end - start, rest)};
  return true;
}
int64_t str_starts(Call *call, Object *object, Object *part, int64_t start, int64_t end) {
  View all(nullptr, 0), wanted(part);
  return between(call, object, start, end, all) && all.size >= wanted.size &&
         memcmp(all.data, wanted.data, size_t(wanted.size)) == 0;
}
int64_t str_ends(Call *call, Object *object, Object *part, int64_t start, int64_t end) {
  View all(nullptr, 0), wanted(part);
  return between(call, object, start, end, all) && all.size >= wanted.size &&
         memcmp(all.data + all.size - wanted.size, wanted.data, size_t(wanted.size)) == 0;
}

//===----------------------------------------------------------------------===//
// Classes and cases of letters
//===----------------------------------------------------------------------===//

static bool isAlpha(char c) { return isalpha_l(uint8_t(c), cLocale()); }
static bool isDigit(char c) { return c >= '0' && c <= '9'; }
static bool isSpace(char c) { return isspace_l(uint8_t(c), cLocale()); }
static bool isUpper(char c) { return isupper_l(uint8_t(c), cLocale()); }
static bool isLower(char c) { return islower_l(uint8_t(c), cLocale()); }
static char upper(char c) { return char(toupper_l(uint8_t(c), cLocale())); }
static char lower(char c) { return char(tolower_l(uint8_t(c), cLocale())); }

static bool isTitle(View s) {
  bool result = false, afterLetter = false;
  for (int64_t i = 0; i < s.size; ++i) {
    char c = s.data[i];
    if (c != (afterLetter ? lower(c) : upper(c)))
      return false;
    result |= !afterLetter && isAlpha(c);
    afterLetter = isAlpha(c);
  }
  return result;
}

int64_t str_is(Call *, Object *object, int64_t what) {
  View s(object);
  if (what == INGOT_ABI_STR_TITLE)
    return isTitle(s);
  if (what == INGOT_ABI_STR_UPPER || what == INGOT_ABI_STR_LOWER) {
    bool letters = false;
    for (int64_t i = 0; i < s.size; ++i) {
      char c = s.data[i];
      letters |= isAlpha(c);
      if (isAlpha(c) && !(what == INGOT_ABI_STR_UPPER ? isUpper(c) : isLower(c)))
        return 0;
    }
    return letters;
  }
  if (what == INGOT_ABI_STR_IDENTIFIER && s.size && isDigit(*s.data))
    return 0;
  for (int64_t i = 0; i < s.size; ++i) {
    char c = s.data[i];
    bool is = what == INGOT_ABI_STR_ALPHA       ? isAlpha(c)
              : what == INGOT_ABI_STR_DIGIT     ? isDigit(c)
              : what == INGOT_ABI_STR_SPACE     ? isSpace(c)
              : what == INGOT_ABI_STR_PRINTABLE ? c >= ' ' && c <= '~'
                                                : isAlpha(c) || isDigit(c);
    if (!is)
      return 0;
  }
  return s.size || what == INGOT_ABI_STR_PRINTABLE;
}

Object *str_case(Call *call, Object *object, int64_t what) {
  View s(object);
  String *out = newString(s.data, size_t(s.size));
  bool afterLetter = false;
  for (int64_t i = 0; out && i < s.size; ++i) {
    char &c = out->data()[i];
    bool letter = isAlpha(c), up = false;
    switch (what) {
    case INGOT_ABI_STR_UPPER:
      up = true;
      break;
    case INGOT_ABI_STR_CAPITALIZE:
      up = i == 0;
      break;
    case INGOT_ABI_STR_TITLE:
      up = !afterLetter;
      break;
    case INGOT_ABI_STR_SWAPCASE:
      up = isLower(c);
      break;
    default:
      break;
    }
    c = up ? upper(c) : lower(c);
    afterLetter = letter;
  }
  return own(contextOf(call), out);
}

//===----------------------------------------------------------------------===//
// Stripping, padding, replacing
//===----------------------------------------------------------------------===//

Object *str_strip(Call *call, Object *object, Object *chars, int64_t side) {
  View s(object), set(chars);
  if (side != INGOT_ABI_STR_RIGHT)
    while (s.size && set.holds(*s.data))
      ++s.data, --s.size;
  if (side != INGOT_ABI_STR_LEFT)
    while (s.size && set.holds(s.data[s.size - 1]))
      --s.size;
  return make(call, s);
}

Object *str_pad(Call *call, Object *object, int64_t width, Object *fill, int64_t side) {
  View s(object);
  if (fill->count != 1) {
    raise(contextOf(call), "RuntimeError", "TypeError: The fill character must be exactly one character long");
    return nullptr;
  }
  int64_t padding = maxOf<int64_t>(0, width - s.size);
  int64_t left = side == INGOT_ABI_STR_LEFT ? 0 : padding;
  if (side == INGOT_ABI_STR_BOTH)
    left = width % 2 ? (padding + 1) / 2 : padding / 2;
  String *out = newString(nullptr, size_t(s.size + padding));
  if (out) {
    char c = *stringOf(fill).data();
    memset(out->data(), c, size_t(out->count));
    memcpy(out->data() + left, s.data, size_t(s.size));
  }
  return own(contextOf(call), out);
}

Object *str_replace(Call *call, Object *object, Object *from, Object *to, int64_t most) {
  View s(object), old(from), with(to);
  Text out;
  int64_t at = 0, done = 0;
  while (most < 0 || done < most) {
    int64_t next = s.find(old, at);
    // An empty pattern stands between all letters; torch never ends there.
    if (next < 0 || (!old.size && next >= s.size))
      break;
    out.add(s.data + at, size_t(next - at)).add(with.data, size_t(with.size));
    at = next + old.size;
    if (!old.size)
      out.add(s.data + at++, 1);
    ++done;
  }
  out.add(s.data + at, size_t(s.size - at));
  return ownText(call, out);
}

Object *str_expand_tabs(Call *call, Object *object, int64_t size) {
  View s(object);
  Text out;
  size_t column = 0;
  for (int64_t i = 0; i < s.size; ++i) {
    if (s.data[i] != '\t') {
      out.add(s.data + i, 1);
      ++column;
    } else if (size > 0) {
      do {
        out.add(" ", 1);
      } while (++column % size_t(size));
    }
  }
  return ownText(call, out);
}

//===----------------------------------------------------------------------===//
// Splitting and joining
//===----------------------------------------------------------------------===//

static bool emptySeparator(Call *call, Object *separator) {
  if (separator->count)
    return false;
  raise(contextOf(call), "RuntimeError", "ValueError: empty separator");
  return true;
}

/// `separator` None: at white space.
Object *str_split(Call *call, Object *object, Object *separator, int64_t most) {
  View s(object);
  List *out = newStringList();
  bool good = out;
  int64_t from = 0;
  if (separator->kind == INGOT_NONE) {
    // torch's list of white space, the bytes of its wide characters too.
    View space(" \t\n\r\v\f\x1c\x1d\x1e\x85", 10);
    for (int64_t at = 0; good && at <= s.size; ++at) {
      if (at < s.size && !space.holds(s.data[at]))
        continue;
      if (at > from)
        good = pushView(out, {s.data + from, at - from});
      from = at + 1;
    }
    return ownIf(call, good, out);
  }
  if (emptySeparator(call, separator)) {
    if (out)
      release(out);
    return nullptr;
  }
  View cut(separator);
  for (int64_t n = 0, at; good && (most < 0 || n < most); ++n) {
    if ((at = s.find(cut, from)) < 0)
      break;
    good = pushView(out, {s.data + from, at - from});
    from = at + cut.size;
  }
  return ownIf(call, good && pushView(out, {s.data + from, s.size - from}), out);
}

Object *str_rsplit(Call *call, Object *object, Object *separator, int64_t most) {
  View s(object), cut(separator);
  if (emptySeparator(call, separator))
    return nullptr;
  List *out = newStringList();
  bool good = out;
  for (int64_t n = 0, at; good && (most < 0 || n < most); ++n) {
    if ((at = s.findLast(cut)) < 0)
      break;
    good = pushView(out, {s.data + at + cut.size, s.size - at - cut.size});
    s.size = at;
  }
  good = good && pushView(out, s);
  if (good)
    for (int64_t i = 0, k = out->count - 1; i < k; ++i, --k) {
      Slot slot = out->slots[i];
      out->slots[i] = out->slots[k];
      out->slots[k] = slot;
    }
  return ownIf(call, good, out);
}

Object *str_lines(Call *call, Object *object, int64_t keepEnds) {
  View s(object), ends("\n\r\v\f\x1c\x1d\x1e\x85", 8);
  List *out = newStringList();
  bool good = out;
  int64_t from = 0;
  for (int64_t at = 0; good && at < s.size; ++at) {
    if (!ends.holds(s.data[at]))
      continue;
    good = pushView(out, {s.data + from, at - from});
    if (good && keepEnds) // a line of its own, as torch has it
      good = pushView(out, {s.data + at, 1});
    from = at + 1;
  }
  if (good && from < s.size)
    good = pushView(out, {s.data + from, s.size - from});
  return ownIf(call, good, out);
}

Object *str_partition(Call *call, Object *object, Object *separator, int64_t last) {
  View s(object), cut(separator);
  int64_t at = last ? s.findLast(cut) : s.find(cut);
  if (at < 0) {
    at = last ? 0 : s.size;
    cut.size = 0;
  }
  View parts[] = {{s.data, at}, cut, {s.data + at + cut.size, s.size - at - cut.size}};
  Tuple *out = newTuple(3);
  bool good = out;
  for (int i = 0; good && i < 3; ++i)
    good = (out->items()[i] = newString(parts[i].data, size_t(parts[i].size)));
  return ownIf(call, good, out);
}

Object *str_join(Call *call, Object *object, Object *parts) {
  const List &l = listOf(parts);
  View between(object);
  int64_t size = l.count ? (l.count - 1) * between.size : 0;
  for (int64_t i = 0; i < l.count; ++i)
    size += objectOf(l.slots[i])->count;
  String *out = newString(nullptr, size_t(size));
  char *at = out ? out->data() : nullptr;
  auto add = [&](View part) {
    memcpy(at, part.data, size_t(part.size));
    at += part.size;
  };
  for (int64_t i = 0; out && i < l.count; ++i) {
    if (i)
      add(between);
    add(objectOf(l.slots[i]));
  }
  return own(contextOf(call), out);
}

//===----------------------------------------------------------------------===//
// Formatting
//===----------------------------------------------------------------------===//

/// `{}` stands for the next value, and nothing else is special.
Object *str_format(Call *call, Object *object, Object *values) {
  View pattern(object);
  const List &l = listOf(values);
  Text out;
  int64_t from = 0, next = 0, at;
  while ((at = pattern.find({"{}", 2}, from)) >= 0) {
    if (next == l.count) {
      Text text;
      text << "Too few arguments for format string: ";
      raise(contextOf(call), "RuntimeError", text.add(pattern.data, size_t(pattern.size)));
      return nullptr;
    }
    out.add(pattern.data + from, size_t(at - from));
    printObject(out, objectOf(l.slots[next++]));
    from = at + 2;
  }
  out.add(pattern.data + from, size_t(pattern.size - from));
  return ownText(call, out);
}

/// A number as a %-conversion wants it.
static void convert(Text &out, char what, const Object *value) {
  auto *number = static_cast<const Number *>(value);
  bool whole = value->kind == INGOT_INT || value->kind == INGOT_BOOL;
  bool real = value->kind == INGOT_FLOAT;
  char digits[512];
  int n = -1;
  if ((what == 'd' || what == 'i') && (whole || real))
    n = snprintf(digits, sizeof digits, "%lld",
                 whole ? static_cast<long long>(number->integer) : static_cast<long long>(number->real));
  else if (strchr("eEfF", what) && (whole || real)) {
    char format[] = {'%', what, 0};
    CLocale locale;
    // torch prints single precision.
    n = snprintf(digits, sizeof digits, format, double(whole ? float(number->integer) : float(number->real)));
  } else if (what == 'c' && whole) {
    digits[0] = char(number->integer);
    n = 1;
  }
  if (n >= 0)
    out.add(digits, minOf(size_t(n), sizeof digits - 1));
  else
    printObject(out, value);
}

Object *str_percent(Call *call, Object *object, Object *values) {
  View pattern(object);
  const List &l = listOf(values);
  Text out;
  int64_t next = 0;
  auto wrong = [&](const char *message) {
    raise(contextOf(call), "RuntimeError", message);
    return nullptr;
  };
  for (int64_t i = 0; i < pattern.size; ++i) {
    if (pattern.data[i] != '%') {
      out.add(pattern.data + i, 1);
      continue;
    }
    if (++i == pattern.size)
      return wrong("Incomplete format specifier");
    char what = pattern.data[i];
    if (what == '%') {
      out.add("%", 1);
      continue;
    }
    if (!strchr("dieEfFcs", what)) {
      Text message;
      message << "The specifier %";
      message.add(&what, 1) << " is not supported in TorchScript format strings";
      return wrong(message.str());
    }
    if (next == l.count)
      return wrong("Too few arguments for format string");
    Object *value = objectOf(l.slots[next++]);
    bool text = what == 's' || (what == 'c' && value->kind == INGOT_STRING);
    bool number = value->kind == INGOT_INT || value->kind == INGOT_BOOL || value->kind == INGOT_FLOAT;
    if (!text && !number) {
      Text message;
      message << "%";
      message.add(&what, 1) << " requires a number for formatting, but got " << kindName(value->kind);
      raise(contextOf(call), "RuntimeError", message);
      return nullptr;
    }
    text ? printObject(out, value) : convert(out, what, value);
  }
  if (next < l.count)
    return wrong("Too many arguments for format string");
  return ownText(call, out);
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

int64_t str_ord(Call *call, Object *object) {
  if (object->count == 1)
    return uint8_t(*stringOf(object).data());
  Text text;
  raise(contextOf(call), "RuntimeError", text << "String for ord() must be 1 character, found " << object->count);
  return 0;
}
Object *str_chr(Call *call, int64_t code) {
  if (code < 0 || code > 0x10FFFF) {
    raise(contextOf(call), "RuntimeError", "chr() arg not in range(0x110000)");
    return nullptr;
  }
  char c = char(code);
  return ownString(call, &c, 1);
}
int64_t str_int(Call *call, Object *object) {
  const char *data = stringOf(object).data();
  char *end;
  errno = 0;
  long long value = strtoll(data, &end, 10);
  if (end == data || errno == ERANGE) {
    raise(contextOf(call), "RuntimeError", "stoll");
    return 0;
  }
  if (end != data + object->count) {
    Text text;
    raise(contextOf(call), "RuntimeError", text << "invalid literal for int() with base 10: '" << data << "'");
  }
  return value;
}
double str_float(Call *call, Object *object) {
  const char *data = stringOf(object).data();
  char *end;
  errno = 0;
  double value = strtod_l(data, &end, cLocale());
  if (end == data || errno == ERANGE) {
    raise(contextOf(call), "RuntimeError", "stod");
    return 0;
  }
  if (end != data + object->count) {
    Text text;
    raise(contextOf(call), "RuntimeError", text << "could not convert string to float: '" << data << "'");
  }
  return value;
}
/// hex, oct, bin.
Object *str_base(Call *call, int64_t number, int64_t base) {
  char digits[72], *at = digits + sizeof digits;
  uint64_t rest = number < 0 ? 0 - uint64_t(number) : uint64_t(number);
  do {
    *--at = "0123456789abcdef"[rest % uint64_t(base)];
    rest /= uint64_t(base);
  } while (rest);
  *--at = base == 16 ? 'x' : base == 8 ? 'o' : 'b';
  *--at = '0';
  if (number < 0)
    *--at = '-';
  return ownString(call, at, size_t(digits + sizeof digits - at));
}

} // namespace ingot::rt::object
