//===- CallTest.cpp - libraries, instances, calls --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Support.h"

#include <atomic>
#include <cstdio>
#include <fstream>
#include <future>
#include <thread>
#include <time.h>

using namespace ingot::test;

namespace {

int64_t now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return int64_t(t.tv_sec) * 1000000000 + t.tv_nsec;
}

class CallTest : public testing::Test {
protected:
  Fake fake{FAKE_A};
};

//===----------------------------------------------------------------------===//
// Signatures
//===----------------------------------------------------------------------===//

TEST_F(CallTest, LibraryFacts) {
  ingot_library_info info = ingot_library_get_info(fake.library);
  EXPECT_STREQ(info.producer, "a");
  EXPECT_STREQ(info.cpu, "baseline");
  EXPECT_EQ(info.method_count, 13);
  EXPECT_EQ(info.state_count, 3);
  const ingot_method *method;
  EXPECT_ERROR(ingot_library_method(fake.library, "nothing", &method), INGOT_NOT_FOUND, "'affine', 'raises'");
  EXPECT_EQ(ingot_library_method_at(fake.library, 13), nullptr);
  EXPECT_STREQ(ingot_method_get_info(ingot_library_method_at(fake.library, 1)).name, "raises");
}

TEST_F(CallTest, MethodSignature) {
  const ingot_method *tree = fake.method("tree");
  ingot_method_info info = ingot_method_get_info(tree);
  EXPECT_EQ(info.input_count, 3);
  EXPECT_EQ(info.symbol_count, 2);
  EXPECT_EQ(info.result_tensor_count, 0);
  ingot_input_info input;
  ASSERT_OK(ingot_method_input(tree, 0, &input));
  EXPECT_STREQ(input.name, "d");
  ingot_type_info dict = ingot_type_get_info(input.type);
  EXPECT_EQ(dict.kind, INGOT_DICT);
  EXPECT_EQ(dict.child_count, 4);
  ingot_type_info key = ingot_type_get_info(ingot_type_child(input.type, 0));
  EXPECT_TRUE(key.is_constant);
  EXPECT_STREQ(key.constant_string, "a");
  ingot_type_info tensor = ingot_type_get_info(ingot_type_child(ingot_type_child(input.type, 1), 1));
  EXPECT_EQ(tensor.dtype, INGOT_FLOAT32);
  ASSERT_EQ(tensor.rank, 2);
  EXPECT_TRUE(INGOT_SIZE_IS_SYMBOL(tensor.sizes[1]));
  ingot_symbol_info symbol;
  ASSERT_OK(ingot_method_symbol(tree, size_t(INGOT_SIZE_SYMBOL(tensor.sizes[1])), &symbol));
  EXPECT_STREQ(symbol.name, "M");
  EXPECT_EQ(symbol.max, 8);
  ASSERT_OK(ingot_method_input(tree, 1, &input));
  EXPECT_STREQ(ingot_type_get_info(input.type).name, "Point");
  EXPECT_ERROR(ingot_method_input(tree, 3, &input), INGOT_NOT_FOUND, "no such input");
  ASSERT_OK(ingot_method_input(fake.method("adds_in_place"), 0, &input));
  EXPECT_TRUE(input.mutated);
  EXPECT_EQ(ingot_method_get_info(fake.method("views")).result_tensor_count, 4);
}

//===----------------------------------------------------------------------===//
// Inputs and outputs
//===----------------------------------------------------------------------===//

TEST_F(CallTest, Affine) {
  for (int64_t n : {0, 1, 2, 3, 17, 64, 100000}) {
    std::vector<float> data(size_t(n) + 1);
    for (size_t i = 0; i < data.size(); ++i)
      data[i] = float(i);
    Value x = floats(data, {n}), y;
    ASSERT_OK(ingot_call(fake.instance, fake.method("affine"), Items{x.get()}.data(), 1, nullptr, y.out()));
    std::vector<float> result = y.elements<float>();
    ASSERT_EQ(result.size(), size_t(n));
    for (int64_t i = 0; i < n; ++i)
      ASSERT_EQ(result[size_t(i)], float(i) * 2 + 1);
    EXPECT_NE(y.tensor().storage, x.tensor().storage);
  }
}

TEST_F(CallTest, StridedInput) {
  std::vector<float> data = {0, 1, 2, 3, 4, 5, 6, 7};
  std::vector<int64_t> stride = {3};
  Value x = tensorOf(data, INGOT_FLOAT32, {3}, &stride), y;
  EXPECT_EQ(fake.call("affine", {&x}, y).code, INGOT_OK);
  EXPECT_EQ(y.elements<float>(), (std::vector<float>{1, 7, 13}));
}

TEST_F(CallTest, WrongInputs) {
  std::vector<float> data(12);
  std::vector<int64_t> ints(4);
  Value y, one = integer(1), flat = floats(data, {4}), square = floats(data, {3, 4});
  Value wrongType = tensorOf(ints, INGOT_INT64, {4});
  auto expect = [&](const char *method, std::vector<const Value *> inputs, const char *message) {
    Error error = fake.call(method, inputs, y);
    EXPECT_EQ(error.code, INGOT_INVALID_ARGUMENT);
    EXPECT_EQ(error.message, message);
    EXPECT_EQ(y.get(), nullptr);
  };
  expect("affine", {&one}, "input 'x': expected float32[N], found int 1");
  expect("affine", {&square}, "input 'x': expected float32[N], found float32[3, 4]: the rank differs");
  expect("affine", {&wrongType}, "input 'x': expected float32[N], found int64[4]: the dtype differs");
  expect("affine", {}, "input 'x': expected float32[N], found nothing");
  expect("affine", {nullptr}, "input 'x': expected float32[N], found nothing");
  expect("affine", {&flat, &flat}, "the method 'affine' takes 1 inputs, 2 are given");
  expect("raises", {&flat}, "input 'n': expected int, found float32[4]");
}

TEST_F(CallTest, TreeOfInputsAndOutputs) {
  std::vector<float> data(64);
  Value a = floats(data, {5, 3}), b = floats(data, {5, 4}), list, tuple, dict, point, y;
  Value number = real(1.5), name = text("hi"), keyA = text("a"), key2 = integer(2), truth, complex, seven = integer(7);
  ASSERT_OK(ingot_value_create_bool(1, truth.out()));
  ASSERT_OK(ingot_value_create_complex(1, 2, complex.out()));
  auto build = [&](Value &first, Value &second) {
    EXPECT_OK(ingot_value_create_list(Items{first.get(), second.get()}.data(), 2, list.out()));
    EXPECT_OK(ingot_value_create_tuple(Items{number.get(), name.get()}.data(), 2, tuple.out()));
    // In another order than the type's: dicts are matched by key.
    EXPECT_OK(ingot_value_create_dict(Items{key2.get(), keyA.get()}.data(), Items{tuple.get(), list.get()}.data(), 2,
                                      dict.out()));
  };
  const char *attributes[] = {"y", "x"};
  ASSERT_OK(ingot_value_create_object("Point", attributes, Items{complex.get(), truth.get()}.data(), 2, point.out()));
  build(a, b);
  ASSERT_EQ(fake.call("tree", {&dict, &point, &seven}, y).message, "");
  ASSERT_EQ(y.kind(), INGOT_DICT);
  ASSERT_EQ(ingot_value_size(y.get()), 7u);
  ingot_value *pair = ingot_value_item(y.get(), 0);
  EXPECT_STREQ(ingot_value_class_name(pair), "Pair");
  EXPECT_STREQ(ingot_value_name(pair, 0), "number");
  double re, im;
  EXPECT_OK(ingot_value_get_float(ingot_value_item(pair, 0), &re));
  EXPECT_EQ(re, 1.5);
  const char *string;
  size_t size;
  EXPECT_OK(ingot_value_get_string(ingot_value_item(pair, 1), &string, &size));
  EXPECT_EQ(std::string(string, size), "hi");
  EXPECT_EQ(ingot_value_kind(ingot_value_item(y.get(), 1)), INGOT_BOOL);
  EXPECT_OK(ingot_value_get_complex(ingot_value_item(y.get(), 2), &re, &im));
  EXPECT_EQ(im, 2);
  int64_t n = 0;
  EXPECT_OK(ingot_value_get_int(ingot_value_item(y.get(), 3), &n));
  EXPECT_EQ(n, 5);
  EXPECT_EQ(ingot_value_kind(ingot_value_item(y.get(), 5)), INGOT_NONE);
  EXPECT_OK(ingot_value_get_float(ingot_value_item(y.get(), 6), &re));
  EXPECT_EQ(re, 0.5);

  auto expect = [&](const char *message) {
    Error error = fake.call("tree", {&dict, &point, &seven}, y);
    EXPECT_EQ(error.code, INGOT_INVALID_ARGUMENT);
    EXPECT_EQ(error.message, message);
  };
  Value longer = floats(data, {6, 4}), narrow = floats(data, {5, 1}), wide = floats(data, {5, 9}),
        four = floats(data, {5, 4});
  build(a, longer);
  expect("input 'd['a'][1]': expected float32[N, M], found float32[6, 4]: size "
         "0 is 6, expected N = 5, as in input "
         "'d'");
  build(a, narrow);
  expect("input 'd['a'][1]': expected float32[N, M], found float32[5, 1]: size "
         "1 is 1, expected M >= 2");
  build(a, wide);
  expect("input 'd['a'][1]': expected float32[N, M], found float32[5, 9]: size "
         "1 is 9, expected M <= 8");
  build(four, b);
  expect("input 'd['a'][0]': expected float32[N, 3], found float32[5, 4]: size "
         "1 is 4, expected 3");
  key2 = integer(3);
  build(a, b);
  expect("input 'd': expected dict of 2, found dict of 2: there is no key 2");
  key2 = integer(2);
  name = integer(0);
  build(a, b);
  expect("input 'd[2][1]': expected str, found int 0");
  name = text("hi");
  build(a, b);
  seven = integer(8);
  expect("input 'c': expected the constant 7, found int 8: the library was "
         "compiled for this value");
  seven = integer(7);
  const char *wrong[] = {"y", "z"};
  ASSERT_OK(ingot_value_create_object("Point", wrong, Items{complex.get(), truth.get()}.data(), 2, point.out()));
  expect("input 'p.x': expected bool, found nothing");
}

TEST_F(CallTest, Aliases) {
  std::vector<float> data = {0, 1, 2, 3};
  Value x = floats(data, {4}), y;
  ASSERT_EQ(fake.call("views", {&x}, y).message, "");
  ingot_value *rest = ingot_value_item(y.get(), 0);
  ingot_tensor_info info;
  ASSERT_OK(ingot_value_get_tensor(rest, &info));
  EXPECT_EQ(info.storage, x.tensor().storage);
  EXPECT_EQ(info.data, data.data() + 1);
  EXPECT_EQ(ingot_value_item(y.get(), 1), x.get()) << "the very same object";
  // The state itself: what the next call would write is seen.
  ASSERT_OK(ingot_value_get_tensor(ingot_value_item(y.get(), 2), &info));
  static_cast<float *>(info.data)[3] = 40;
  Value state;
  ASSERT_OK(ingot_instance_get_state(fake.instance, "buffer", state.out()));
  EXPECT_EQ(state.elements<float>(), (std::vector<float>{1, 2, 3, 40}));
  EXPECT_NE(state.tensor().storage, info.storage);
  // A constant and the arena are copied: writable, and still there.
  ASSERT_OK(ingot_value_get_tensor(ingot_value_item(y.get(), 3), &info));
  EXPECT_EQ(static_cast<float *>(info.data)[3], 4);
  static_cast<float *>(info.data)[3] = 5;
  ASSERT_OK(ingot_value_get_tensor(ingot_value_item(y.get(), 4), &info));
  EXPECT_EQ(static_cast<float *>(info.data)[3], 3);
}

TEST_F(CallTest, ResultsOutliveTheirLibrary) {
  Value y;
  {
    std::vector<float> data = {0, 1, 2, 3};
    Fake other(FAKE_B);
    Value x = floats(data, {4});
    ASSERT_EQ(other.call("affine", {&x}, y).message, "");
  }
  EXPECT_EQ(y.elements<float>(), (std::vector<float>{1, 3, 5, 7}));
}

TEST_F(CallTest, TwoResultsInOneBlock) {
  Value n = integer(6), y;
  ASSERT_EQ(fake.call("shared", {&n}, y).message, "");
  ingot_tensor_info whole, half;
  ASSERT_OK(ingot_value_get_tensor(ingot_value_item(y.get(), 0), &whole));
  ASSERT_OK(ingot_value_get_tensor(ingot_value_item(y.get(), 1), &half));
  EXPECT_EQ(whole.storage, half.storage);
  EXPECT_EQ(half.strides[0], 2);
  EXPECT_EQ(static_cast<int64_t *>(half.data)[2], 3);
  EXPECT_EQ(ingot_value_item(y.get(), 0), ingot_value_item(y.get(), 2));
}

TEST_F(CallTest, CallersOutputs) {
  std::vector<float> data = {0, 1, 2, 3};
  alignas(64) float target[4] = {};
  int64_t size = 4, two = 2, half = 2;
  Value x = floats(data, {4}), out, y;
  ASSERT_OK(ingot_value_create_tensor(target, INGOT_FLOAT32, 1, &size, nullptr, nullptr, nullptr, out.out()));
  ingot_value *outputs[] = {out.get()};
  ingot_call_options options = INGOT_CALL_OPTIONS_INIT;
  options.outputs = outputs;
  options.output_count = 1;
  ASSERT_EQ(fake.call("affine", {&x}, y, &options).message, "");
  EXPECT_EQ(y.get(), out.get());
  EXPECT_EQ(target[3], 7);
  // Strided, unaligned: written by a copy.
  float spread[9] = {};
  ASSERT_OK(ingot_value_create_tensor(spread + 1, INGOT_FLOAT32, 1, &size, &two, nullptr, nullptr, out.out()));
  outputs[0] = out.get();
  ASSERT_EQ(fake.call("affine", {&x}, y, &options).message, "");
  EXPECT_EQ(y.get(), out.get());
  EXPECT_EQ(spread[7], 7);
  EXPECT_EQ(spread[2], 0);
  // The input's own memory.
  outputs[0] = x.get();
  ASSERT_EQ(fake.call("affine", {&x}, y, &options).message, "");
  EXPECT_EQ(data, (std::vector<float>{1, 3, 5, 7}));
  // Wrong sizes.
  ASSERT_OK(ingot_value_create_tensor(target, INGOT_FLOAT32, 1, &half, nullptr, nullptr, nullptr, out.out()));
  outputs[0] = out.get();
  Error error = fake.call("affine", {&x}, y, &options);
  EXPECT_EQ(error.code, INGOT_INVALID_ARGUMENT);
  EXPECT_EQ(error.message, "output 0: found float32[2], the result is float32[4]");
  // Expanded: there is no place for each element.
  int64_t zero = 0;
  ASSERT_OK(ingot_value_create_tensor(target, INGOT_FLOAT32, 1, &size, &zero, nullptr, nullptr, out.out()));
  outputs[0] = out.get();
  error = fake.call("affine", {&x}, y, &options);
  EXPECT_EQ(error.code, INGOT_INVALID_ARGUMENT);
  EXPECT_EQ(error.message, "output 0: several elements of the tensor have one place in memory");
  options.output_count = 2;
  EXPECT_EQ(fake.call("affine", {&x}, y, &options).code, INGOT_INVALID_ARGUMENT);
  outputs[0] = nullptr;
  options.output_count = 1;
  EXPECT_EQ(fake.call("affine", {&x}, y, &options).code, INGOT_OK);
}

TEST_F(CallTest, CallersAllocator) {
  static std::atomic<int> live;
  live = 0;
  ingot_allocator allocator = {nullptr,
                               [](void *, size_t nbytes, size_t alignment) {
                                 ++live;
                                 return aligned_alloc(alignment, (nbytes + 63) / 64 * 64);
                               },
                               [](void *, void *memory, size_t) {
                                 --live;
                                 free(memory);
                               }};
  ingot_call_options options = INGOT_CALL_OPTIONS_INIT;
  options.allocator = &allocator;
  std::vector<float> data = {0, 1};
  Value x = floats(data, {2}), y;
  ASSERT_EQ(fake.call("affine", {&x}, y, &options).message, "");
  EXPECT_EQ(live, 1);
  y = Value();
  EXPECT_EQ(live, 0);
  allocator.allocate = [](void *, size_t, size_t) -> void * { return nullptr; };
  EXPECT_EQ(fake.call("affine", {&x}, y, &options).code, INGOT_OUT_OF_MEMORY);
}

TEST_F(CallTest, MutatedInputs) {
  std::vector<float> a = {1, 2, 3}, b = {10, 20, 30};
  Value x = floats(a, {3}), y = floats(b, {3}), result;
  ASSERT_EQ(fake.call("adds_in_place", {&x, &y}, result).message, "");
  EXPECT_EQ(a, (std::vector<float>{11, 22, 33}));
  Error error = fake.call("adds_in_place", {&x, &x}, result);
  EXPECT_EQ(error.code, INGOT_UNSUPPORTED);
  std::vector<int64_t> zero = {0};
  Value expanded = tensorOf(a, INGOT_FLOAT32, {3}, &zero);
  error = fake.call("adds_in_place", {&expanded, &y}, result);
  EXPECT_EQ(error.type, "RuntimeError");
  EXPECT_NE(error.message.find("single memory location"), std::string::npos);
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

TEST_F(CallTest, ProgramErrors) {
  Value n = integer(4), y;
  Error error = fake.call("raises", {&n}, y);
  EXPECT_EQ(error.code, INGOT_PROGRAM_ERROR);
  EXPECT_EQ(error.type, "ValueError");
  EXPECT_EQ(error.message, "4 is not -3, {x} {2}");
  EXPECT_EQ(error.where, "model.py:12");
  EXPECT_EQ(fake.call("fails_silently", {&n}, y).code, INGOT_PROGRAM_ERROR);
  EXPECT_EQ(fake.call("count", {&n}, y).code, INGOT_OK) << "the instance is not left locked";
}

TEST_F(CallTest, OutOfMemoryIsAStatus) {
  Value y;
  for (int64_t nbytes : {int64_t(1) << 50, INT64_MAX, int64_t(-1), int64_t(-100)}) {
    Value n = integer(nbytes);
    EXPECT_EQ(fake.call("exhaust", {&n}, y).code, INGOT_OUT_OF_MEMORY) << nbytes;
  }
  Value n = integer(1 << 20);
  EXPECT_EQ(fake.call("exhaust", {&n}, y).code, INGOT_OK);
}

TEST_F(CallTest, MethodOfAnotherLibrary) {
  Fake other(FAKE_B);
  Value n = integer(1), y;
  EXPECT_ERROR(ingot_call(fake.instance, other.method("count"), Items{n.get()}.data(), 1, nullptr, y.out()),
               INGOT_INVALID_ARGUMENT, "not one of the instance's library");
}

TEST_F(CallTest, DeadlineAndCancel) {
  Value y;
  ingot_call_options options = INGOT_CALL_OPTIONS_INIT;
  int64_t start = now();
  options.deadline = start + 20000000;
  EXPECT_EQ(fake.call("waits", {}, y, &options).code, INGOT_DEADLINE_EXCEEDED);
  EXPECT_GE(now(), options.deadline);
  EXPECT_LT(now() - start, 5000000000);
  options.deadline = 1;
  EXPECT_EQ(fake.call("count", {}, y, &options).code, INGOT_DEADLINE_EXCEEDED);
  options.deadline = 0;
  int32_t cancel = 0;
  options.cancel = &cancel;
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    __atomic_store_n(&cancel, 1, __ATOMIC_RELEASE);
  });
  EXPECT_EQ(fake.call("waits", {}, y, &options).code, INGOT_CANCELLED);
  other.join();
}

TEST_F(CallTest, DeadlineWhileAnotherCallHoldsTheInstance) {
  ingot_async *holder;
  ASSERT_OK(ingot_set_num_threads(2));
  std::promise<void> entered; // a busy machine may start the call late
  ingot_set_print_callback([](void *promise, const char *, size_t) { ((std::promise<void> *)promise)->set_value(); },
                           &entered);
  ASSERT_OK(ingot_async_start(fake.instance, fake.method("waits"), nullptr, 0, nullptr, &holder));
  std::future_status status = entered.get_future().wait_for(std::chrono::seconds(20));
  ingot_set_print_callback(nullptr, nullptr);
  ASSERT_EQ(status, std::future_status::ready) << "the pool never took the call";
  Value y;
  ingot_call_options options = INGOT_CALL_OPTIONS_INIT;
  options.deadline = now() + 20000000;
  EXPECT_EQ(fake.call("count", {}, y, &options).code, INGOT_DEADLINE_EXCEEDED);
  ingot_async_cancel(holder);
  EXPECT_ERROR(ingot_async_wait(holder, y.out()), INGOT_CANCELLED, "cancelled");
  ingot_async_release(holder);
}

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

TEST_F(CallTest, StateAndDefaults) {
  Value y, ten = integer(10);
  ASSERT_EQ(fake.call("count", {&ten}, y).message, "");
  EXPECT_EQ(y.integer(), 5);
  ASSERT_EQ(fake.call("count", {}, y).message, ""); // n = 1 by default
  EXPECT_EQ(y.integer(), 15);
  ingot_instance *copy;
  ASSERT_OK(ingot_instance_clone(fake.instance, &copy));
  ASSERT_EQ(fake.call("count", {}, y).message, "");
  EXPECT_EQ(y.integer(), 16);
  Value state;
  ASSERT_OK(ingot_instance_get_state(copy, "counter", state.out()));
  EXPECT_EQ(state.elements<int64_t>(), std::vector<int64_t>{16});
  ASSERT_OK(ingot_instance_get_state(fake.instance, "counter", state.out()));
  EXPECT_EQ(state.elements<int64_t>(), std::vector<int64_t>{17});
  ingot_instance_release(copy);
  ingot_instance *fresh;
  ASSERT_OK(ingot_instance_create(fake.library, &fresh));
  ASSERT_OK(ingot_instance_get_state(fresh, "counter", state.out()));
  EXPECT_EQ(state.elements<int64_t>(), std::vector<int64_t>{5});
  ingot_instance_release(fresh);
}

TEST_F(CallTest, StatesByName) {
  std::vector<float> data = {5, 6, 7, 8, 9};
  std::vector<int64_t> transposed = {1, 2}, counter = {100};
  Value buffer = tensorOf(data, INGOT_FLOAT32, {2, 2}, &transposed), wrong = floats(data, {4}), y;
  ASSERT_OK(ingot_instance_set_state(fake.instance, "buffer", buffer.get()));
  Value state;
  ASSERT_OK(ingot_instance_get_state(fake.instance, "buffer", state.out()));
  EXPECT_EQ(state.elements<float>(), (std::vector<float>{5, 7, 6, 8}));
  EXPECT_ERROR(ingot_instance_set_state(fake.instance, "buffer", wrong.get()), INGOT_INVALID_ARGUMENT,
               "state 'buffer': expected float32[2, 2], found float32[4]");
  EXPECT_ERROR(ingot_instance_set_state(fake.instance, "weight", wrong.get()), INGOT_UNSUPPORTED, "compiled in");
  EXPECT_ERROR(ingot_instance_set_state(fake.instance, "none", wrong.get()), INGOT_NOT_FOUND, "no state 'none'");

  Value dict;
  ASSERT_OK(ingot_instance_state_dict(fake.instance, dict.out()));
  ASSERT_EQ(ingot_value_size(dict.get()), 3u);
  // A whole state dict goes in again: what is compiled in is unchanged.
  ASSERT_OK(ingot_instance_load_state_dict(fake.instance, dict.get()));
  // One bad entry, and nothing is written.
  Value a = text("counter"), b = text("buffer"), number = tensorOf(counter, INGOT_INT64, {}), loaded;
  ingot_value *keys[] = {a.get(), b.get()}, *items[] = {number.get(), wrong.get()};
  ASSERT_OK(ingot_value_create_dict(keys, items, 2, loaded.out()));
  EXPECT_ERROR(ingot_instance_load_state_dict(fake.instance, loaded.get()), INGOT_INVALID_ARGUMENT, "buffer");
  ASSERT_EQ(fake.call("count", {}, y).message, "");
  EXPECT_EQ(y.integer(), 5);
  items[1] = buffer.get();
  ASSERT_OK(ingot_value_create_dict(keys, items, 2, loaded.out()));
  ASSERT_OK(ingot_instance_load_state_dict(fake.instance, loaded.get()));
  ASSERT_EQ(fake.call("count", {}, y).message, "");
  EXPECT_EQ(y.integer(), 100);
  ingot_state_info info;
  ASSERT_OK(ingot_library_state_info(fake.library, 0, &info));
  EXPECT_STREQ(info.name, "weight");
  EXPECT_TRUE(info.is_parameter);
  EXPECT_FALSE(info.is_mutable);
}

//===----------------------------------------------------------------------===//
// Started calls, threads, printing
//===----------------------------------------------------------------------===//

TEST_F(CallTest, AsyncCalls) {
  for (int threads : {1, 2, 4}) {
    ASSERT_OK(ingot_set_num_threads(threads));
    std::vector<std::vector<float>> data(40, std::vector<float>(1000));
    std::vector<ingot_async *> calls;
    for (size_t i = 0; i < data.size(); ++i) {
      data[i][7] = float(i);
      Value x = floats(data[i], {1000});
      ingot_async *call;
      ASSERT_OK(ingot_async_start(fake.instance, fake.method("affine"), Items{x.get()}.data(), 1, nullptr, &call));
      calls.push_back(call);
    }
    for (size_t i = 0; i < calls.size(); ++i) {
      Value y, again;
      ASSERT_OK(ingot_async_wait(calls[i], y.out()));
      ASSERT_OK(ingot_async_wait(calls[i], again.out()));
      EXPECT_EQ(y.get(), again.get());
      EXPECT_EQ(y.elements<float>()[7], float(i) * 2 + 1);
      EXPECT_EQ(ingot_async_wait_until(calls[i], 0), 1);
      ingot_async_release(calls[i]);
    }
  }
}

TEST_F(CallTest, AsyncErrorsAndAbandonedCalls) {
  ASSERT_OK(ingot_set_num_threads(3));
  Value n = integer(4), y;
  ingot_async *call;
  ASSERT_OK(ingot_async_start(fake.instance, fake.method("raises"), Items{n.get()}.data(), 1, nullptr, &call));
  for (int i = 0; i < 2; ++i)
    EXPECT_ERROR(ingot_async_wait(call, y.out()), INGOT_PROGRAM_ERROR, "4 is not -3");
  ingot_async_release(call);
  for (int i = 0; i < 20; ++i) {
    ASSERT_OK(ingot_async_start(fake.instance, fake.method("count"), nullptr, 0, nullptr, &call));
    ingot_async_release(call); // runs all the same
  }
  for (int i = 0; i < 1000; ++i) {
    Value state;
    ASSERT_OK(ingot_instance_get_state(fake.instance, "counter", state.out()));
    if (state.elements<int64_t>()[0] == 25)
      return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  FAIL() << "a started call never ran";
}

TEST_F(CallTest, AsyncWaitUntil) {
  ASSERT_OK(ingot_set_num_threads(2));
  ingot_async *call;
  ASSERT_OK(ingot_async_start(fake.instance, fake.method("waits"), nullptr, 0, nullptr, &call));
  int64_t until = now() + 20000000;
  EXPECT_EQ(ingot_async_wait_until(call, until), 0);
  EXPECT_GE(now(), until);
  ingot_async_cancel(call);
  Value y;
  EXPECT_ERROR(ingot_async_wait(call, y.out()), INGOT_CANCELLED, "");
  ingot_async_release(call);
}

TEST(Call, ForksEndWithTheirCall) {
  Fake fake(FAKE_STATELESS);
  for (int threads : {1, 2, 8}) {
    EXPECT_OK(ingot_set_num_threads(threads));
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 4; ++caller)
      callers.emplace_back([&] {
        Value y, many = integer(100), failing = integer(-100), none = integer(0);
        for (int round = 0; round < 50; ++round) {
          ASSERT_EQ(fake.call("forks", {&many}, y).message, "");
          ASSERT_EQ(y.integer(), 2500);
          ASSERT_EQ(fake.call("forks", {&failing}, y).type, "ValueError");
          ASSERT_EQ(fake.call("forks", {&none}, y).message, "");
          ASSERT_EQ(y.integer(), 0);
        }
      });
    for (std::thread &caller : callers)
      caller.join();
  }
}

TEST_F(CallTest, ParallelLoops) {
  std::vector<float> data(64 * 300);
  for (size_t i = 0; i < data.size(); ++i)
    data[i] = float(i);
  for (int threads : {1, 2, 5}) {
    ASSERT_OK(ingot_set_num_threads(threads));
    EXPECT_EQ(ingot_get_num_threads(), threads);
    Value x = floats(data, {64, 300}), y;
    ASSERT_EQ(fake.call("parallel", {&x}, y).message, "");
    std::vector<float> result = y.elements<float>();
    for (size_t i = 0; i < data.size(); ++i)
      ASSERT_EQ(result[i], data[i] + 1);
  }
  EXPECT_ERROR(ingot_set_num_threads(0), INGOT_INVALID_ARGUMENT, "expected 1 to 1024");
}

TEST_F(CallTest, PrintCallbackAndCallsFromInside) {
  struct Seen {
    std::string text;
    Fake *fake;
    ingot_code inner = INGOT_OK;
  } seen{"", &fake};
  ingot_set_print_callback(
      [](void *context, const char *data, size_t size) {
        auto *self = static_cast<Seen *>(context);
        self->text.append(data, size);
        Value y;
        self->inner = self->fake->call("count", {}, y).code;
      },
      &seen);
  Value line = text("hello\n"), y;
  ASSERT_EQ(fake.call("prints", {&line}, y).message, "");
  ingot_set_print_callback(nullptr, nullptr);
  EXPECT_EQ(seen.text, "hello\n");
  EXPECT_EQ(seen.inner, INGOT_INVALID_ARGUMENT) << "the instance is in a call of this thread: no deadlock";
}

//===----------------------------------------------------------------------===//
// Files that are refused
//===----------------------------------------------------------------------===//

TEST_F(CallTest, RefusedLibraries) {
  ingot_library *library;
  EXPECT_ERROR(ingot_library_open("./no-such-file.so", &library), INGOT_NOT_FOUND, "no-such-file.so");
  EXPECT_EQ(library, nullptr);
  EXPECT_ERROR(ingot_library_open("libm.so.6", &library), INGOT_INCOMPATIBLE, "not an Ingot library");
  EXPECT_ERROR(ingot_library_open(FAKE_OLD, &library), INGOT_INCOMPATIBLE, "compiled for ABI 0.");
  EXPECT_ERROR(ingot_library_open(FAKE_NEWER, &library), INGOT_INCOMPATIBLE, "open the newest library first");
  EXPECT_ERROR(ingot_library_open(FAKE_OTHER_CPU, &library), INGOT_INCOMPATIBLE, "missing: fma4, xop, tbm");
  EXPECT_ERROR(ingot_library_open(FAKE_FOREIGN, &library), INGOT_INCOMPATIBLE, "too new for the program");
}

TEST_F(CallTest, ConstantsFile) {
  std::string path = FAKE_FILE;
  path = path.substr(0, path.rfind('/')) + "/fake_file.constants";
  remove(path.c_str());
  ingot_library *library;
  EXPECT_ERROR(ingot_library_open(FAKE_FILE, &library), INGOT_NOT_FOUND, "fake_file.constants");
  auto write = [&](int bytes, int last) {
    std::ofstream file(path, std::ios::binary);
    for (int i = 0; i < bytes; ++i)
      file.put(char(i + 1 == bytes ? last : i));
  };
  write(39, 38);
  EXPECT_ERROR(ingot_library_open(FAKE_FILE, &library), INGOT_IO_ERROR, "it has 39 bytes, expected 40");
  write(40, 0);
  EXPECT_ERROR(ingot_library_open(FAKE_FILE, &library), INGOT_IO_ERROR, "the digest differs");
  write(40, 39);
  ASSERT_OK(ingot_library_open(FAKE_FILE, &library));
  ingot_instance *instance;
  ASSERT_OK(ingot_instance_create(library, &instance));
  Value state;
  ASSERT_OK(ingot_instance_get_state(instance, "counter", state.out()));
  EXPECT_EQ(state.elements<int64_t>()[0], 0x1716151413121110);
  ingot_instance_release(instance);
  ingot_library_release(library);
  remove(path.c_str());
}

} // namespace
