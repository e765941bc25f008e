//===- ObjectTest.cpp - lists, dicts and strings of a call ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "object/Declarations.h"
#include "value/Api.h"

#include <gtest/gtest.h>
#include <string>

using namespace ingot::rt;
namespace rt = ingot::rt::object;

namespace {

/// A call without a library: what it owns goes with it, as after a real one.
class Objects : public ::testing::Test {
protected:
  ~Objects() override {
    for (Object *object : call.objects)
      release(object);
    call.objects.destroy();
    call.imports.destroy();
    if (Status *status = call.error.load())
      ingot_status_release(status);
  }
  /// The error's type and message; the call goes on.
  std::string error() {
    Status *status = call.error.exchange(nullptr);
    call.abi.failed = 0;
    if (!status)
      return "none";
    std::string text = std::string(status->type ? status->type : "") + ": " + status->message;
    ingot_status_release(status);
    return text;
  }
  Object *text(const char *s) { return rt::text(abi, {s, int64_t(strlen(s))}); }
  std::string show(Object *object) {
    Text out;
    printObject(out, object);
    return out.str();
  }
  Object *ints(std::initializer_list<int64_t> values) {
    Object *list = rt::list(abi, INGOT_ABI_SLOT_INT);
    for (int64_t v : values)
      rt::list_append(abi, list, v);
    return list;
  }

  CallContext call = {};
  ingot_abi_call *abi = &call.abi;
};

TEST_F(Objects, ListsKeepNumbersInPlace) {
  Object *list = ints({});
  for (int64_t i = 0; i < 1000; ++i)
    rt::list_append(abi, list, i);
  EXPECT_EQ(list->count, 1000);
  EXPECT_EQ(rt::list_get(abi, list, -1), 999);
  EXPECT_EQ(rt::list_sum(abi, list), 499500);
  rt::list_insert(abi, list, 0, 77);
  EXPECT_EQ(rt::list_pop(abi, list, 0), 77);
  EXPECT_EQ(show(rt::list_slice(abi, list, 998, INGOT_ABI_OPEN, 1)), "[998, 999]");
  EXPECT_EQ(show(rt::list_slice(abi, list, 4, 0, -2)), "[4, 2]");
  EXPECT_EQ(call.objects.size, 3u); // numbers are no objects
}

TEST_F(Objects, ListsRaiseAsTorchDoes) {
  Object *list = ints({1});
  rt::list_get(abi, list, 1);
  EXPECT_EQ(error(), "IndexError: list index out of range");
  rt::list_remove(abi, list, 5);
  EXPECT_EQ(error(), "RuntimeError: list.remove(x): x not in list");
  rt::list_index(abi, list, 5);
  EXPECT_EQ(error(), "RuntimeError: '5' is not in list");
  rt::list_pop(abi, list, 0);
  rt::list_pop(abi, list, 0);
  EXPECT_EQ(error(), "IndexError: pop from empty list");
  EXPECT_EQ(error(), "none");
}

TEST_F(Objects, ElementsOutliveTheirList) {
  Object *list = rt::list(abi, INGOT_ABI_SLOT_OBJECT);
  rt::list_append(abi, list, slotOf(text("a")));
  Object *a = objectOf(rt::list_get(abi, list, 0));
  rt::list_set(abi, list, 0, slotOf(text("b")));
  rt::list_clear(abi, list);
  EXPECT_EQ(show(a), "a");
}

TEST_F(Objects, SortingIsStable) {
  Object *list = rt::list(abi, INGOT_ABI_SLOT_OBJECT);
  for (int i = 0; i < 100; ++i) {
    Object *pair = rt::tuple(abi, 2);
    rt::tuple_set(abi, pair, 0, rt::box(abi, INGOT_INT, i % 7));
    rt::tuple_set(abi, pair, 1, rt::box(abi, INGOT_INT, i));
    rt::list_append(abi, list, slotOf(pair));
  }
  rt::list_sort(abi, list, 1);
  EXPECT_EQ(show(objectOf(rt::list_get(abi, list, 0))), "(6, 97)");
  EXPECT_EQ(show(objectOf(rt::list_get(abi, list, 99))), "(0, 0)");
  EXPECT_EQ(error(), "none");
}

TEST_F(Objects, DictsKeepTheOrderOfInsertion) {
  Object *dict = rt::dict(abi, INGOT_ABI_SLOT_OBJECT, INGOT_ABI_SLOT_INT);
  for (int i = 0; i < 500; ++i)
    rt::dict_set(abi, dict, slotOf(text(std::to_string(i * 37 % 500).c_str())), i);
  EXPECT_EQ(dict->count, 500);
  EXPECT_EQ(rt::dict_get(abi, dict, slotOf(text("37"))), 1);
  for (int i = 0; i < 490; ++i)
    rt::dict_delete(abi, dict, slotOf(text(std::to_string(i * 37 % 500).c_str())));
  EXPECT_EQ(dict->count, 10);
  EXPECT_EQ(show(rt::dict_keys(abi, dict)), "[130, 167, 204, 241, 278, 315, 352, 389, 426, 463]");
  rt::dict_get(abi, dict, slotOf(text("x")));
  EXPECT_EQ(error(), "KeyError: x");
  EXPECT_EQ(show(rt::dict_get_optional(abi, dict, slotOf(text("x")))), "None");
}

TEST_F(Objects, FloatKeysCompareByValue) {
  Object *dict = rt::dict(abi, INGOT_ABI_SLOT_FLOAT, INGOT_ABI_SLOT_BOOL);
  for (int i = 0; i < 20; ++i)
    rt::dict_set(abi, dict, slotOf(double(i)), 1);
  rt::dict_set(abi, dict, slotOf(-0.0), 0);
  EXPECT_EQ(dict->count, 20);
  EXPECT_EQ(rt::dict_get(abi, dict, slotOf(0.0)), 0);
}

TEST_F(Objects, Strings) {
  EXPECT_EQ(show(rt::str_split(abi, text("a,b,,c"), text(","), 2)), "[a, b, ,c]");
  EXPECT_EQ(show(rt::str_split(abi, text("  a  b "), rt::none(abi), -1)), "[a, b]");
  EXPECT_EQ(show(rt::str_replace(abi, text("aaa"), text("a"), text("bb"), 2)), "bbbba");
  EXPECT_EQ(show(rt::str_pad(abi, text("abc"), 8, text("*"), INGOT_ABI_STR_BOTH)), "**abc***");
  EXPECT_EQ(rt::str_find(abi, text("banana"), text("an"), 0, -1, 1), 3);
  EXPECT_EQ(rt::str_find(abi, text("banana"), text("an"), 9, -1, 0), -1);
  EXPECT_EQ(show(rt::str_base(abi, INT64_MIN, 16)), "-0x8000000000000000");
  rt::str_int(abi, text("12x"));
  EXPECT_EQ(error(), "RuntimeError: invalid literal for int() with base 10: '12x'");
}

TEST_F(Objects, ErrorsAreTakenAndRaisedAgain) {
  rt::str_int(abi, text("12x"));
  ASSERT_NE(abi->failed, 0);
  Object *kept = rt::take_error(abi);
  ASSERT_NE(kept, nullptr);
  EXPECT_EQ(abi->failed, 0);
  EXPECT_EQ(call.error.load(), nullptr);
  for (int wait = 0; wait < 2; ++wait) {
    rt::raise_error(abi, kept);
    EXPECT_NE(abi->failed, 0);
    EXPECT_EQ(error(), "RuntimeError: invalid literal for int() with base 10: '12x'");
  }
  rt::raise_error(abi, rt::none(abi));
  EXPECT_EQ(abi->failed, 0);
  // The line of the body stays.
  call.fail(makeStatus(INGOT_PROGRAM_ERROR, "no", "ValueError", "m.py:3"));
  kept = rt::take_error(abi);
  rt::raise_error(abi, kept);
  EXPECT_STREQ(call.error.load()->where, "m.py:3");
  EXPECT_EQ(error(), "ValueError: no");
  // A future outside has the error, or a value.
  Value *failed = createFuture(nullptr, kept);
  EXPECT_EQ(valueSize(failed), 0u);
  Status *status = valueError(failed);
  ASSERT_NE(status, nullptr);
  EXPECT_STREQ(status->type, "ValueError");
  EXPECT_STREQ(status->where, "m.py:3");
  ingot_status_release(status);
  releaseValue(failed);
  Value *fine = createFuture(createInt(INGOT_INT, 3), rt::none(abi));
  EXPECT_EQ(valueError(fine), nullptr);
  EXPECT_EQ(valueItem(fine, 0)->integer, 3);
  releaseValue(fine);
  // What ends a call is not kept.
  call.fail(makeStatus(INGOT_CANCELLED, "the call was cancelled"));
  EXPECT_EQ(rt::take_error(abi), nullptr);
  EXPECT_NE(abi->failed, 0);
  EXPECT_EQ(call.error.load()->code, INGOT_CANCELLED);
}

TEST_F(Objects, ChangedArgumentsAreWrittenBack) {
  Value *items[] = {createInt(INGOT_INT, 1), createInt(INGOT_INT, 2)};
  Value *list = createContainer(INGOT_LIST, 2, nullptr);
  list->items[0] = items[0];
  list->items[1] = items[1];
  ingot_abi_type element = {};
  element.kind = INGOT_ABI_KIND_INT;
  ingot_abi_type type = {};
  type.kind = INGOT_ABI_KIND_LIST;
  type.children = &element;
  type.n_children = 1;
  Slot first, second;
  ASSERT_TRUE(importSlot(call, type, list, first));
  ASSERT_TRUE(importSlot(call, type, list, second));
  EXPECT_EQ(first, second); // one list of the caller is one list here
  for (int64_t i = 0; i < 20; ++i)
    rt::list_append(abi, objectOf(first), i);
  ASSERT_TRUE(writeBackImports(call));
  ASSERT_EQ(list->count, 22u);
  EXPECT_EQ(list->items[21]->integer, 19);
  Value *out = exportObject(call, &type, objectOf(first));
  EXPECT_EQ(out, list);
  releaseValue(out);
  rt::list_clear(abi, objectOf(first));
  ASSERT_TRUE(writeBackImports(call));
  EXPECT_EQ(list->count, 0u);
  releaseValue(list);
}

} // namespace
