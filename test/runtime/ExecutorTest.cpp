//===- ExecutorTest.cpp - the contract of both executors -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "task/Executor.h"

#include "Support.h"
#include "base/Futex.h"
#include "base/Thread.h"

#include <atomic>
#include <functional>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <thread>
#include <vector>

using namespace ingot::rt;

namespace {

void forEach(Executor &executor, int64_t n, int64_t grain, std::function<void(int64_t, int64_t)> body) {
  executor.parallelFor(
      [](void *context, int64_t begin, int64_t end) {
        (*static_cast<std::function<void(int64_t, int64_t)> *>(context))(begin, end);
      },
      &body, n, grain);
}

/// Threads of the process, the test's own included; 0: the inline executor.
class ExecutorTest : public testing::TestWithParam<int> {
protected:
  void SetUp() override {
    if (GetParam())
      setNumThreads(GetParam());
  }
  Executor &executor() { return GetParam() ? poolExecutor() : inlineExecutor(); }
};

TEST_P(ExecutorTest, CoversEachIterationOnce) {
  for (int64_t n : {0, 1, 2, 7, 64, 1000, 4097})
    for (int64_t grain : {0, 1, 3, 64, 5000}) {
      std::vector<std::atomic<int>> seen(static_cast<size_t>(n));
      std::atomic<int> small{0};
      forEach(executor(), n, grain, [&](int64_t begin, int64_t end) {
        small += end - begin < grain && end != n;
        for (int64_t i = begin; i < end; ++i)
          ++seen[size_t(i)];
      });
      EXPECT_EQ(small, 0);
      for (auto &count : seen)
        EXPECT_EQ(count, 1);
    }
}

TEST_P(ExecutorTest, WritesAreSeenAfterTheJoin) {
  std::vector<int64_t> data(10000);
  for (int round = 0; round < 300; ++round) {
    forEach(executor(), 10000, 100, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        data[size_t(i)] += i;
    });
    ASSERT_EQ(data[9999], 9999 * (round + 1));
  }
}

TEST_P(ExecutorTest, LoopsInsideLoops) {
  std::atomic<int64_t> sum{0};
  forEach(executor(), 8, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      forEach(executor(), 16, 1, [&](int64_t b, int64_t e) {
        for (int64_t k = b; k < e; ++k)
          forEach(executor(), 4, 1, [&](int64_t x, int64_t y) { sum += y - x; });
      });
  });
  EXPECT_EQ(sum, 8 * 16 * 4);
}

TEST_P(ExecutorTest, LoopsOfManyThreadsAtOnce) {
  // More than there are slots.
  std::vector<std::thread> threads;
  std::atomic<int64_t> sum{0};
  for (int t = 0; t < 48; ++t)
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round)
        forEach(executor(), 100, 5, [&](int64_t begin, int64_t end) { sum += end - begin; });
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(sum, 48 * 50 * 100);
}

/// At its join a thread runs nothing but its own loop, or one loop's time would
/// depend on the others'.
TEST_P(ExecutorTest, JoinTakesOnlyItsLoop) {
  thread_local int mine = -1;
  std::atomic<int> strangers{0};
  std::vector<std::thread> threads;
  std::atomic<int> ids{0};
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      int id = ids++;
      mine = id;
      for (int round = 0; round < 100; ++round)
        forEach(executor(), 32, 1, [&](int64_t, int64_t) {
          if (mine >= 0 && mine != id)
            ++strangers;
        });
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(strangers, 0);
}

struct CountingJob : Job {
  std::atomic<int> *counter = nullptr;
  std::atomic<uint32_t> done{0};
};

TEST_P(ExecutorTest, JobsRunOnceWithoutBeingWaitedFor) {
  std::atomic<int> counter{0};
  std::vector<CountingJob> jobs(500);
  for (CountingJob &job : jobs) {
    job.counter = &counter;
    job.run = [](Job *base) {
      auto *self = static_cast<CountingJob *>(base);
      ++*self->counter;
      self->done.store(1);
    };
    executor().submit(&job);
  }
  for (CountingJob &job : jobs) {
    if (executor().claim(&job))
      job.run(&job);
    while (!job.done.load())
      std::this_thread::yield();
  }
  EXPECT_EQ(counter, 500);
}

TEST_P(ExecutorTest, ClaimedJobRunsNowhereElse) {
  std::atomic<int> counter{0};
  int claimed = 0;
  for (int i = 0; i < 2000; ++i) {
    CountingJob job;
    job.counter = &counter;
    job.run = [](Job *base) {
      auto *self = static_cast<CountingJob *>(base);
      ++*self->counter;
      self->done.store(1);
    };
    executor().submit(&job);
    if (executor().claim(&job)) {
      ++claimed;
      ++*job.counter;
    } else {
      while (!job.done.load())
        std::this_thread::yield();
    }
    ASSERT_EQ(counter, i + 1);
  }
  if (!GetParam())
    EXPECT_EQ(claimed, 0);
}

TEST_P(ExecutorTest, JobsMayRunLoops) {
  std::atomic<int> counter{0};
  std::vector<CountingJob> jobs(50);
  static Executor *current;
  current = &executor();
  for (CountingJob &job : jobs) {
    job.counter = &counter;
    job.run = [](Job *base) {
      auto *self = static_cast<CountingJob *>(base);
      forEach(*current, 64, 1, [&](int64_t begin, int64_t end) { *self->counter += int(end - begin); });
      self->done.store(1);
    };
    executor().submit(&job);
  }
  for (CountingJob &job : jobs)
    while (!job.done.load())
      if (executor().claim(&job))
        job.run(&job);
      else
        std::this_thread::yield();
  EXPECT_EQ(counter, 50 * 64);
}

INSTANTIATE_TEST_SUITE_P(Executors, ExecutorTest, testing::Values(0, 1, 2, 4, 9),
                         [](const testing::TestParamInfo<int> &info) {
                           return info.param ? "Pool" + std::to_string(info.param) : std::string("Inline");
                         });

TEST(Pool, UsesSeveralThreads) {
  setNumThreads(4);
  EXPECT_EQ(numThreads(), 4);
  EXPECT_EQ(&executor(), &poolExecutor());
  // Four chunks that wait for each other need four threads.
  std::atomic<int> arrived{0};
  forEach(executor(), 4, 1, [&](int64_t, int64_t) {
    ++arrived;
    while (arrived < 4)
      std::this_thread::yield();
  });
  EXPECT_EQ(arrived, 4);
}

TEST(Pool, OneThreadIsTheInlineExecutor) {
  setNumThreads(1);
  EXPECT_EQ(&executor(), &inlineExecutor());
  auto self = std::this_thread::get_id();
  forEach(executor(), 100, 1, [&](int64_t, int64_t) { EXPECT_EQ(std::this_thread::get_id(), self); });
}

TEST(Pool, QueueIsDrainedWhenTheWorkersGo) {
  std::atomic<int> counter{0};
  std::vector<CountingJob> jobs(200);
  setNumThreads(2);
  for (CountingJob &job : jobs) {
    job.counter = &counter;
    job.run = [](Job *base) {
      auto *self = static_cast<CountingJob *>(base);
      ++*self->counter;
      self->done.store(1);
    };
    poolExecutor().submit(&job);
  }
  setNumThreads(1);
  for (CountingJob &job : jobs)
    while (!job.done.load())
      std::this_thread::yield();
  EXPECT_EQ(counter, 200);
}

TEST(Pool, ChangesSizeUnderLoad) {
  std::atomic<bool> stop{false};
  std::thread loops([&] {
    while (!stop)
      forEach(poolExecutor(), 64, 1, [](int64_t, int64_t) {});
  });
  for (int i = 0; i < 200; ++i)
    setNumThreads(1 + i % 6);
  stop = true;
  loops.join();
}

TEST(Pool, WakesUpFromParking) {
  setNumThreads(3);
  for (int i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2)); // longer than the spinning
    std::atomic<int> arrived{0};
    forEach(executor(), 3, 1, [&](int64_t, int64_t) {
      ++arrived;
      while (arrived < 3)
        std::this_thread::yield();
    });
  }
}

#if !SANITIZED // a fork of several threads is not theirs to follow
TEST(Pool, WorksInTheChildOfAFork) {
  setNumThreads(3);
  forEach(executor(), 100, 1, [](int64_t, int64_t) {});
  pid_t child = fork();
  if (child == 0) {
    std::atomic<int64_t> sum{0};
    forEach(executor(), 100, 1, [&](int64_t begin, int64_t end) { sum += end - begin; });
    _exit(sum == 100 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
#endif

} // namespace
