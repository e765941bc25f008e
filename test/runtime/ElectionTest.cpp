//===- ElectionTest.cpp - one runtime for the process ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Support.h"

#include <atomic>
#include <thread>

using namespace ingot::test;

namespace {

const ingot_export *query(void *handle) {
  auto function = reinterpret_cast<ingot_query_fn>(dlsym(handle, "ingot_query"));
  return function ? function(INGOT_API_MAJOR) : nullptr;
}

/// First in this process: opened by several threads at once, they agree.
TEST(Election, RaceOfFirstLoads) {
  const char *files[] = {FAKE_A, FAKE_B, FAKE_STATELESS};
  std::vector<std::thread> threads;
  std::atomic<const ingot_api *> tables[24] = {};
  std::atomic<int> ready{0};
  for (int t = 0; t < 24; ++t)
    threads.emplace_back([&, t] {
      ++ready;
      while (ready < 24)
        std::this_thread::yield();
      void *handle = dlopen(files[t % 3], RTLD_NOW | RTLD_LOCAL);
      ASSERT_NE(handle, nullptr) << dlerror();
      tables[t] = query(handle)->api;
    });
  for (std::thread &thread : threads)
    thread.join();
  for (auto &table : tables) {
    EXPECT_NE(table, nullptr);
    EXPECT_EQ(table, tables[0].load());
  }
}

TEST(Election, LibrariesShareOneRuntimeAndPool) {
  Fake a(FAKE_A), b(FAKE_B);
  EXPECT_STREQ(ingot_library_get_info(a.library).producer, "a");
  EXPECT_STREQ(ingot_library_get_info(b.library).producer, "b");
  // Set through one, seen through the other: the tables are one.
  ASSERT_OK(ingot_set_num_threads(3));
  void *handle = dlopen(FAKE_B, RTLD_NOW | RTLD_LOCAL);
  EXPECT_EQ(query(handle)->api->get_num_threads(), 3);
  dlclose(handle);
  // Values go from one to the other; each has its own state.
  std::vector<float> data = {1, 2};
  Value x = floats(data, {2}), y, z;
  ASSERT_EQ(a.call("affine", {&x}, y).message, "");
  ASSERT_EQ(b.call("affine", {&y}, z).message, "");
  EXPECT_EQ(z.elements<float>(), (std::vector<float>{7, 11}));
  ASSERT_EQ(a.call("count", {}, y).message, "");
  ASSERT_EQ(b.call("count", {}, y).message, "");
  EXPECT_EQ(y.integer(), 5);
}

TEST(Election, ElectedLibraryStaysLoaded) {
  Value y;
  std::vector<float> data = {1, 2};
  {
    Fake a(FAKE_A), b(FAKE_B);
    Value x = floats(data, {2});
    ASSERT_EQ(b.call("affine", {&x}, y).message, "");
  }
  // All libraries are closed, and still:
  EXPECT_EQ(y.elements<float>(), (std::vector<float>{3, 5}));
  Fake b(FAKE_B);
  Value z;
  ASSERT_EQ(b.call("affine", {&y}, z).message, "");
}

TEST(Election, OpeningTwiceSharesTheLibrary) {
  Fake first(FAKE_A), second(FAKE_A);
  EXPECT_EQ(first.library, second.library);
  EXPECT_NE(first.instance, second.instance);
}

TEST(Election, ProgramOfAnotherApiIsRefused) {
  void *handle = dlopen(FAKE_A, RTLD_NOW | RTLD_LOCAL);
  auto function = reinterpret_cast<ingot_query_fn>(dlsym(handle, "ingot_query"));
  const ingot_export *answer = function(INGOT_API_MAJOR + 1);
  EXPECT_EQ(answer->api, nullptr);
  EXPECT_NE(std::string(answer->error).find("another major version"), std::string::npos);
  dlclose(handle);
}

} // namespace
