//===- StressTest.cpp - many threads, many calls ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Support.h"

#include <atomic>
#include <cstdlib>
#include <thread>
#include <unistd.h>

static std::atomic<long> allocations;

#if !SANITIZED
// glibc's own, so that what is asked of the system can be counted.
extern "C" {
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void *malloc(size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_calloc(count, size);
}
void *realloc(void *memory, size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_realloc(memory, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_memalign(alignment, size);
}
}
#endif

using namespace ingot::test;

namespace {

long residentKb() {
  long total = 0, resident = 0;
  if (FILE *file = fopen("/proc/self/statm", "r")) {
    if (fscanf(file, "%ld %ld", &total, &resident) != 2)
      resident = 0;
    fclose(file);
  }
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

TEST(Stress, SixtyFourThreadsCallOneLibrary) {
  Fake fake(FAKE_A), stateless(FAKE_STATELESS);
  ASSERT_OK(ingot_set_num_threads(4));
  const ingot_method *affine = stateless.method("affine"), *parallel = stateless.method("parallel"),
                     *count = fake.method("count"), *views = fake.method("views");
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  const int rounds = SANITIZED ? 30 : 200;
  for (int t = 0; t < 64; ++t)
    threads.emplace_back([&, t] {
      for (int round = 0; round < rounds; ++round) {
        int64_t n = 1 + (t * 37 + round * 11) % 5000;
        std::vector<float> data(size_t(n) * 2);
        for (size_t i = 0; i < data.size(); ++i)
          data[i] = float(t + int(i));
        Value x = floats(data, {n}), matrix = floats(data, {2, n}), y, z, c, v;
        ingot_value *first = x.get(), *second = matrix.get();
        Error a(ingot_call(stateless.instance, affine, &first, 1, nullptr, y.out()));
        Error b(ingot_call(stateless.instance, parallel, &second, 1, nullptr, z.out()));
        Error d(ingot_call(fake.instance, count, nullptr, 0, nullptr, c.out()));
        Error e(ingot_call(fake.instance, views, &first, 1, nullptr, v.out()));
        if (a.code || b.code || d.code || e.code) {
          ++wrong;
          continue;
        }
        wrong += static_cast<float *>(y.tensor().data)[n - 1] != data[size_t(n) - 1] * 2 + 1;
        wrong += static_cast<float *>(z.tensor().data)[2 * n - 1] != data[size_t(2 * n) - 1] + 1;
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
  Value state;
  ASSERT_OK(ingot_instance_get_state(fake.instance, "counter", state.out()));
  EXPECT_EQ(state.elements<int64_t>()[0], 5 + 64 * rounds) << "mutating calls run one after another";
}

TEST(Stress, SteadyStateAllocatesNothing) {
  Fake fake(FAKE_A);
  ASSERT_OK(ingot_set_num_threads(2));
  const ingot_method *affine = fake.method("affine"), *views = fake.method("views"),
                     *parallel = fake.method("parallel"), *shared = fake.method("shared"),
                     *exhaust = fake.method("exhaust");
  std::vector<float> data(90000);
  const int64_t sizes[] = {90000}, small[] = {8}, square[] = {300, 300};
  auto round = [&] {
    ingot_value *x = nullptr, *flat = nullptr, *matrix = nullptr, *n = nullptr, *result = nullptr;
    ingot_status *s = nullptr;
    s = s ? s : ingot_value_create_tensor(data.data(), INGOT_FLOAT32, 1, sizes, nullptr, nullptr, nullptr, &x);
    s = s ? s : ingot_value_create_tensor(data.data(), INGOT_FLOAT32, 1, small, nullptr, nullptr, nullptr, &flat);
    s = s ? s : ingot_value_create_tensor(data.data(), INGOT_FLOAT32, 2, square, nullptr, nullptr, nullptr, &matrix);
    s = s ? s : ingot_value_create_int(300000, &n);
    struct {
      const ingot_method *method;
      ingot_value *input;
    } calls[] = {{affine, x}, {affine, flat}, {views, flat}, {parallel, matrix}, {exhaust, n}, {shared, n}};
    for (auto &call : calls) {
      s = s ? s : ingot_call(fake.instance, call.method, &call.input, 1, nullptr, &result);
      ingot_value_release(result);
      result = nullptr;
    }
    for (ingot_value *value : {x, flat, matrix, n})
      ingot_value_release(value);
    ASSERT_EQ(s, nullptr) << ingot_status_message(s);
  };
  // The state is steady once each worker has had its first chunk, which on a
  // busy machine may take a while.
  long before = 0, resident = 0;
  for (int attempt = 0; attempt < 20; ++attempt) {
    resident = residentKb(); // allocates
    before = allocations;
    for (int i = 0; i < (SANITIZED ? 10 : 100); ++i)
      round();
    if (allocations == before)
      break;
  }
  EXPECT_EQ(allocations - before, 0);
  if (!SANITIZED)
    EXPECT_LT(residentKb() - resident, 1024);
}

TEST(Stress, HundredThousandCallsDoNotGrow) {
  Fake fake(FAKE_A);
  const ingot_method *affine = fake.method("affine"), *raises = fake.method("raises");
  std::vector<float> data(8);
  auto calls = [&](int count) {
    for (int i = 0; i < count; ++i) {
      Value x = floats(data, {8}), n = integer(i), y;
      ingot_value *first = x.get(), *second = n.get();
      ASSERT_OK(ingot_call(fake.instance, affine, &first, 1, nullptr, y.out()));
      if (i % 10 == 0)
        EXPECT_ERROR(ingot_call(fake.instance, raises, &second, 1, nullptr, y.out()), INGOT_PROGRAM_ERROR, "");
      if (i % 1000 == 0) {
        ingot_instance *instance;
        ASSERT_OK(ingot_instance_clone(fake.instance, &instance));
        ingot_instance_release(instance);
        std::thread([&] { ASSERT_OK(ingot_call(fake.instance, affine, &first, 1, nullptr, y.out())); }).join();
      }
    }
  };
  calls(10000);
  long before = residentKb();
  calls(100000);
  if (!SANITIZED)
    EXPECT_LT(residentKb() - before, 1024);
}

TEST(Stress, ResultsReleasedByAnotherThread) {
  Fake fake(FAKE_STATELESS);
  const ingot_method *affine = fake.method("affine");
  std::vector<float> data(10000);
  std::atomic<ingot_value *> slot{nullptr};
  std::atomic<bool> stop{false};
  std::thread consumer([&] {
    while (!stop || slot.load())
      if (ingot_value *value = slot.exchange(nullptr))
        ingot_value_release(value);
      else
        std::this_thread::yield();
  });
  auto calls = [&](int count) {
    for (int i = 0; i < count; ++i) {
      Value x = floats(data, {10000});
      ingot_value *first = x.get(), *y = nullptr;
      ASSERT_OK(ingot_call(fake.instance, affine, &first, 1, nullptr, &y));
      ingot_value_release(slot.exchange(y));
    }
  };
  calls(2000);
  long before = residentKb();
  calls(SANITIZED ? 2000 : 20000);
  stop = true;
  consumer.join();
  if (!SANITIZED)
    EXPECT_LT(residentKb() - before, 4096);
}

TEST(Stress, TrimGivesBack) {
  Fake fake(FAKE_STATELESS);
  Value n = integer(100 << 20), y;
  ASSERT_EQ(fake.call("exhaust", {&n}, y).message, "");
  memset(y.tensor().data, 1, size_t(y.tensor().numel));
  long with = residentKb();
  y = Value();
  ingot_trim_memory();
  if (!SANITIZED)
    EXPECT_LT(residentKb(), with - (90 << 10));
  ASSERT_EQ(fake.call("exhaust", {&n}, y).message, "");
}

TEST(Stress, OpenAndCloseWhileOthersCall) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int round = 0; round < 50; ++round) {
        ingot_library *library = nullptr;
        ingot_instance *instance = nullptr;
        const ingot_method *method = nullptr;
        Error a(ingot_library_open(t % 2 ? FAKE_A : FAKE_B, &library));
        if (a.code) {
          ++wrong;
          continue;
        }
        Error b(ingot_instance_create(library, &instance));
        Error c(ingot_library_method(library, "count", &method));
        ingot_library_release(library);
        Value y;
        Error d(ingot_call(instance, method, nullptr, 0, nullptr, y.out()));
        wrong += b.code || c.code || d.code || y.integer() != 5;
        ingot_instance_release(instance);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
}

} // namespace
