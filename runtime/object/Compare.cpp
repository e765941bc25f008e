//===- Compare.cpp - equality, order and text of objects -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/Locale.h"
#include "object/Object.h"

#include <math.h>
#include <stdio.h>

namespace ingot::rt {

//===----------------------------------------------------------------------===//
// Comparing
//===----------------------------------------------------------------------===//

int compareStrings(const String &a, const String &b) {
  size_t common = minOf(a.size(), b.size());
  if (int order = common ? memcmp(a.data(), b.data(), common) : 0)
    return order < 0 ? -1 : 1;
  return a.size() < b.size() ? -1 : a.size() > b.size();
}

bool equalSlots(uint8_t kind, Slot a, Slot b) {
  if (kind == INGOT_ABI_SLOT_FLOAT)
    return realOf(a) == realOf(b);
  if (kind != INGOT_ABI_SLOT_OBJECT)
    return a == b;
  return equalObjects(objectOf(a), objectOf(b));
}

bool equalObjects(const Object *a, const Object *b) {
  if (a->kind != b->kind)
    return false;
  switch (a->kind) {
  case INGOT_NONE:
    return true;
  case INGOT_STRING:
  case INGOT_DEVICE:
    return compareStrings(*static_cast<const String *>(a), *static_cast<const String *>(b)) == 0;
  case INGOT_FLOAT:
    return static_cast<const Number *>(a)->real == static_cast<const Number *>(b)->real;
  case INGOT_COMPLEX:
    return static_cast<const Number *>(a)->re == static_cast<const Number *>(b)->re &&
           static_cast<const Number *>(a)->im == static_cast<const Number *>(b)->im;
  case INGOT_TENSOR:
    return static_cast<const TensorBox *>(a)->value == static_cast<const TensorBox *>(b)->value;
  case INGOT_LIST: {
    if (a->count != b->count || a->element != b->element)
      return a->count == 0 && b->count == 0;
    auto *x = static_cast<const List *>(a), *y = static_cast<const List *>(b);
    for (int64_t i = 0; i < a->count; ++i)
      if (!equalSlots(a->element, x->slots[i], y->slots[i]))
        return false;
    return true;
  }
  case INGOT_TUPLE:
  case INGOT_ENUM: {
    auto *x = static_cast<Tuple *>(const_cast<Object *>(a));
    auto *y = static_cast<Tuple *>(const_cast<Object *>(b));
    for (int64_t i = 0; a->count == b->count && i < a->count; ++i)
      if (!equalObjects(x->items()[i], y->items()[i]))
        return false;
    return a->count == b->count;
  }
  case INGOT_DICT: {
    auto *x = static_cast<Dict *>(const_cast<Object *>(a));
    auto *y = static_cast<Dict *>(const_cast<Object *>(b));
    if (a->count != b->count)
      return false;
    for (int64_t i = 0; i < a->count; ++i) {
      int64_t at = findKey(*y, x->keys[i]);
      if (at < 0 || !equalSlots(a->element, x->values[i], y->values[at]))
        return false;
    }
    return true;
  }
  default:
    return static_cast<const Number *>(a)->integer == static_cast<const Number *>(b)->integer;
  }
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

void printFloat(Text &text, double number) {
  if (isnan(number)) {
    text << "nan";
    return;
  }
  if (isinf(number)) {
    text << (number > 0 ? "inf" : "-inf");
    return;
  }
  char digits[48];
  if (fabs(number) < 9.2e18 && double(int64_t(number)) == number)
    snprintf(digits, sizeof digits, "%lld.", static_cast<long long>(number));
  else {
    CLocale locale;
    snprintf(digits, sizeof digits, "%.17g", number);
  }
  text << digits;
}

void printSlot(Text &text, uint8_t kind, Slot slot) {
  switch (kind) {
  case INGOT_ABI_SLOT_INT:
    text << slot;
    return;
  case INGOT_ABI_SLOT_FLOAT:
    printFloat(text, realOf(slot));
    return;
  case INGOT_ABI_SLOT_BOOL:
    text << (slot ? "True" : "False");
    return;
  default:
    printObject(text, objectOf(slot));
  }
}

void printObject(Text &text, const Object *object) {
  switch (object->kind) {
  case INGOT_NONE:
    text << "None";
    return;
  case INGOT_INT:
  case INGOT_DTYPE:
    text << static_cast<const Number *>(object)->integer;
    return;
  case INGOT_BOOL:
    text << (static_cast<const Number *>(object)->integer ? "True" : "False");
    return;
  case INGOT_FLOAT:
    printFloat(text, static_cast<const Number *>(object)->real);
    return;
  case INGOT_COMPLEX: {
    auto *number = static_cast<const Number *>(object);
    printFloat(text, number->re);
    if (number->im >= 0 || isnan(number->im))
      text << "+";
    printFloat(text, number->im);
    text << "j";
    return;
  }
  case INGOT_STRING: {
    auto *string = static_cast<const String *>(object);
    text.add(string->data(), string->size());
    return;
  }
  case INGOT_DEVICE:
    text.add(static_cast<const String *>(object)->data(), static_cast<const String *>(object)->size());
    return;
  case INGOT_LIST: {
    auto *list = static_cast<const List *>(object);
    text << "[";
    for (int64_t i = 0; i < list->count; ++i) {
      if (i)
        text << ", ";
      printSlot(text, list->element, list->slots[i]);
    }
    text << "]";
    return;
  }
  case INGOT_TUPLE: {
    auto *tuple = static_cast<Tuple *>(const_cast<Object *>(object));
    text << "(";
    for (int64_t i = 0; i < tuple->count; ++i) {
      if (i)
        text << ", ";
      printObject(text, tuple->items()[i]);
    }
    text << (tuple->count == 1 ? ",)" : ")");
    return;
  }
  case INGOT_ENUM: {
    auto *member = static_cast<Tuple *>(const_cast<Object *>(object));
    auto *cls = static_cast<String *>(member->items()[0]);
    const char *dot = strrchr(cls->data(), '.');
    text << "Enum<" << (dot ? dot + 1 : cls->data()) << ".";
    printObject(text, member->items()[1]);
    text << ">";
    return;
  }
  case INGOT_DICT: {
    auto *dict = static_cast<const Dict *>(object);
    text << "{";
    for (int64_t i = 0; i < dict->count; ++i) {
      if (i)
        text << ", ";
      printSlot(text, dict->key, dict->keys[i]);
      text << ": ";
      printSlot(text, dict->element, dict->values[i]);
    }
    text << "}";
    return;
  }
  case INGOT_TENSOR:
    if (printTensor(text, static_cast<const TensorBox *>(object)->value->tensor))
      return;
    [[fallthrough]];
  default:
    text << "<" << kindName(object->kind) << ">";
  }
}

} // namespace ingot::rt
