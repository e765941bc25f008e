//===- OperatorTest.cpp - custom operators, script objects, warnings *- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "library/Operators.h"
#include "object/Declarations.h"
#include "value/Api.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ingot::rt;
namespace rt = ingot::rt::object;

namespace {

std::string textOf(Status *status) {
  if (!status)
    return "";
  std::string text = std::string(status->type ? std::string(status->type) + ": " : "") + status->message;
  ingot_status_release(status);
  return text;
}

class Operators : public ::testing::Test {
protected:
  void SetUp() override { call.instance = &instance; }
  void TearDown() override {
    for (Object *object : call.objects)
      release(object);
    call.objects.destroy();
    call.imports.destroy();
    call.warned.destroy();
    call.arena.destroy();
    releaseScriptObjects(instance);
    if (Status *status = call.error.load())
      ingot_status_release(status);
  }
  std::string error() {
    call.abi.failed = 0;
    Status *status = call.error.exchange(nullptr);
    return status ? textOf(status) : "none";
  }
  Object *tuple(std::initializer_list<Object *> items) {
    Object *made = rt::tuple(abi, int64_t(items.size()));
    int64_t i = 0;
    for (Object *item : items)
      rt::tuple_set(abi, made, i++, item);
    return made;
  }
  Object *number(int64_t value) { return rt::box(abi, INGOT_INT, value); }
  Object *text(const std::string &s) { return rt::text(abi, {s.data(), int64_t(s.size())}); }
  Object *run(const std::string &schema, Object *arguments) {
    return rt::call_operator(abi, {schema.data(), int64_t(schema.size())}, arguments);
  }
  std::string show(Object *object) {
    Text out;
    printObject(out, object);
    return out.str();
  }

  Instance instance = {};
  CallContext call = {};
  ingot_abi_call *abi = &call.abi;
};

Status *addInts(void *context, ingot_value *const *arguments, size_t count, ingot_value **results, size_t) {
  int64_t sum = *static_cast<int64_t *>(context);
  for (size_t i = 0; i < count; ++i) {
    int64_t value = 0;
    if (Status *status = valueGetInt(arguments[i], &value))
      return status;
    sum += value;
  }
  return valueInt(sum, &results[0]);
}

TEST_F(Operators, TheSchemaIsTheName) {
  static int64_t base = 100;
  ASSERT_EQ(textOf(registerOperator("t1::add(int a, int b=2) -> int", addInts, &base)), "");
  EXPECT_EQ(show(run("t1::add(int a, int b=2) -> int", tuple({number(3), number(4)}))), "107");
  // Spaces do not matter, the rest does.
  EXPECT_EQ(show(run("t1::add(int a,int b=2)->int", tuple({number(1), number(1)}))), "102");
  EXPECT_EQ(run("t1::add(int a, int c=2) -> int", tuple({number(1), number(1)})), nullptr);
  EXPECT_EQ(error(), "RuntimeError: custom operator 't1::add(int a, int c=2) -> int' is not registered");
  EXPECT_EQ(textOf(registerOperator("t1::add(int a) -> int", addInts, &base)),
            "operator 't1::add(int a, int b=2) -> int' is registered already");
}

TEST_F(Operators, SchemasThatAreNone) {
  for (const char *schema : {"", "add(int a) -> int", "::add() -> int", "t::add(int a)", "t::add(int a) -> what",
                             "t::add(int a) -> (int", "t::add(int a) -> int int int", "t:: (int a) -> int"})
    EXPECT_NE(textOf(registerOperator(schema, addInts, nullptr)), "") << schema;
  EXPECT_NE(textOf(registerOperator(nullptr, addInts, nullptr)), "");
  EXPECT_NE(textOf(registerOperator("t::f() -> ()", nullptr, nullptr)), "");
}

TEST_F(Operators, ErrorsKeepTheirTypeAndOthersGetTheName) {
  auto python = [](void *, ingot_value *const *, size_t, ingot_value **, size_t) -> Status * {
    return makeStatus(INGOT_PROGRAM_ERROR, "bad", "ValueError");
  };
  auto plain = [](void *, ingot_value *const *arguments, size_t, ingot_value **, size_t) -> Status * {
    double number;
    return valueGetFloat(arguments[0], &number);
  };
  ASSERT_EQ(textOf(registerOperator("t2::python() -> ()", python, nullptr)), "");
  ASSERT_EQ(textOf(registerOperator("t2::plain(int a) -> ()", plain, nullptr)), "");
  EXPECT_EQ(run("t2::python() -> ()", tuple({})), nullptr);
  EXPECT_EQ(error(), "ValueError: bad");
  EXPECT_EQ(run("t2::plain(int a) -> ()", tuple({number(1)})), nullptr);
  EXPECT_EQ(error().rfind("RuntimeError: t2::plain: ", 0), 0u);
}

TEST_F(Operators, ResultsAreWhatTheSchemaSays) {
  auto several = [](void *, ingot_value *const *, size_t, ingot_value **results, size_t count) -> Status * {
    if (count != 4)
      return makeStatus(INGOT_INVALID_ARGUMENT, "four results expected");
    ingot_value *items[2] = {};
    Status *s = valueInt(1, &items[0]);
    s = s ? s : valueInt(2, &items[1]);
    s = s ? s : valueSequence(INGOT_LIST, nullptr, nullptr, items, 2, &results[0]);
    releaseValue(items[0]);
    releaseValue(items[1]);
    s = s ? s : valueString("ok", 2, &results[1]);
    return s ? s : valueNone(&results[3]); // result 2 is an argument
  };
  auto nothing = [](void *, ingot_value *const *, size_t, ingot_value **, size_t) -> Status * { return nullptr; };
  const char *schema = "t3::several(Tensor(a!) x) -> (int[] sizes, str, Tensor(a!), Tensor?)";
  ASSERT_EQ(textOf(registerOperator(schema, several, nullptr)), "");
  ASSERT_EQ(textOf(registerOperator("t3::wrong(Tensor(a!) x) -> (float[], str, Tensor(a!), int)", several, nullptr)),
            "");
  ASSERT_EQ(textOf(registerOperator("t3::nothing() -> Tensor", nothing, nullptr)), "");
  EXPECT_EQ(show(run(schema, tuple({number(0)}))), "([1, 2], ok, None, None)");
  EXPECT_EQ(run("t3::wrong(Tensor(a!) x) -> (float[], str, Tensor(a!), int)", tuple({number(0)})), nullptr);
  EXPECT_EQ(error(), "RuntimeError: t3::wrong gave a result 3 that its schema does not allow: None");
  EXPECT_EQ(run("t3::nothing() -> Tensor", tuple({})), nullptr);
  EXPECT_EQ(error(), "RuntimeError: t3::nothing gave no result 0");
}

TEST_F(Operators, ListsAreSeenAsTheyAreNow) {
  auto length = [](void *, ingot_value *const *arguments, size_t, ingot_value **results, size_t) -> Status * {
    return valueInt(int64_t(valueSize(arguments[0])), &results[0]);
  };
  ASSERT_EQ(textOf(registerOperator("t4::length(int[] xs) -> int", length, nullptr)), "");
  Object *list = rt::list(abi, INGOT_ABI_SLOT_INT);
  for (int64_t n = 1; n < 4; ++n) {
    rt::list_append(abi, list, n);
    EXPECT_EQ(show(run("t4::length(int[] xs) -> int", tuple({list}))), std::to_string(n));
  }
}

//===----------------------------------------------------------------------===//
// Script objects
//===----------------------------------------------------------------------===//

int alive;
const ingot_class counter = {
    sizeof(ingot_class),
    "t5::Counter",
    nullptr,
    [](void *, const ingot_value *state, void **out) -> Status * {
      int64_t first = 0;
      if (Status *status = valueGetInt(state, &first))
        return status;
      *out = new int64_t(first);
      ++alive;
      return nullptr;
    },
    [](void *, void *object, ingot_value **out) { return valueInt(*static_cast<int64_t *>(object), out); },
    [](void *, void *object) {
      delete static_cast<int64_t *>(object);
      --alive;
    }};

TEST_F(Operators, ObjectsAreTheInstances) {
  ASSERT_EQ(textOf(registerClass(&counter)), "");
  EXPECT_EQ(textOf(registerClass(&counter)), "class 't5::Counter' is registered already");
  auto count = [](void *, ingot_value *const *arguments, size_t, ingot_value **results, size_t) -> Status * {
    void *object;
    if (Status *status = scriptObjectGet(arguments[0], "t5::Counter", &object))
      return status;
    return valueInt(++*static_cast<int64_t *>(object), &results[0]);
  };
  const char *schema = "t5::Counter.count(__torch__.torch.classes.t5.Counter self) -> int";
  ASSERT_EQ(textOf(registerOperator(schema, count, nullptr)), "");
  std::string name = "t5::Counter";
  auto object = [&] { return rt::script_object(abi, 1, {name.data(), int64_t(name.size())}, number(10)); };
  EXPECT_EQ(show(run(schema, tuple({object()}))), "11");
  EXPECT_EQ(show(run(schema, tuple({object()}))), "12");
  EXPECT_EQ(alive, 1);
  // A clone begins with the state of now, and goes on by itself.
  Instance clone = {};
  ASSERT_EQ(textOf(copyScriptObjects(clone, instance)), "");
  EXPECT_EQ(alive, 2);
  EXPECT_EQ(show(run(schema, tuple({object()}))), "13");
  call.instance = &clone;
  EXPECT_EQ(show(run(schema, tuple({object()}))), "13");
  EXPECT_EQ(run(schema, tuple({number(1)})), nullptr);
  EXPECT_EQ(error(), "RuntimeError: t5::Counter.count: expected an object of class t5::Counter, found int 1");
  name = "t5::Unknown";
  EXPECT_EQ(rt::script_object(abi, 2, {name.data(), int64_t(name.size())}, number(10)), nullptr);
  EXPECT_EQ(error(), "RuntimeError: class 't5::Unknown' is not registered");
  for (Object *kept : call.objects)
    release(kept);
  call.objects.size = 0;
  releaseScriptObjects(clone);
  releaseScriptObjects(instance);
  EXPECT_EQ(alive, 0);
}

//===----------------------------------------------------------------------===//
// Warnings
//===----------------------------------------------------------------------===//

TEST_F(Operators, WarnsOncePerSiteInACallAndPerTextInAProcess) {
  std::vector<std::string> said;
  setWarningCallback(
      [](void *context, const char *category, const char *message, const char *where) {
        static_cast<std::vector<std::string> *>(context)->push_back(std::string(category) + "|" + message + "|" +
                                                                    (where ? where : "-"));
      },
      &said);
  std::string here = "UserWarning\nm.py:3", there = "UserWarning\n";
  auto warn = [&](const std::string &site, const char *message) {
    rt::warn(abi, {site.data(), int64_t(site.size())}, text(message));
  };
  warn(here, "a");
  warn(here, "a");
  warn(here, "b"); // the site has warned in this call
  warn(there, "a");
  EXPECT_EQ(said, (std::vector<std::string>{"UserWarning|a|m.py:3", "UserWarning|a|-"}));
  call.warned.size = 0; // the next call
  warn(here, "a");
  EXPECT_EQ(said.size(), 2u);
  call.warned.size = 0;
  warn(here, "b");
  EXPECT_EQ(said.back(), "UserWarning|b|m.py:3");
  setWarningCallback(nullptr, nullptr);
}

} // namespace
