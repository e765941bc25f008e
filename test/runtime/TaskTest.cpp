//===- TaskTest.cpp - forks and awaits -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "task/Task.h"

#include "Support.h"
#include "TaskSupport.h"
#include "base/Status.h"
#include "task/Executor.h"

#include <atomic>
#include <functional>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <thread>
#include <vector>

using namespace ingot::rt;
using ingot::test::forkOf;
using ingot::test::Handle;
using ingot::test::makeTask;

#if !SANITIZED
// Counts what the runtime asks of the system.
static std::atomic<int64_t> allocations{0};
extern "C" {
void *__libc_malloc(size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void *malloc(size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(size);
}
void *aligned_alloc(size_t alignment, size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_memalign(alignment, size);
}
}
#endif

namespace {

Status *failure(const char *message) { return makeStatus(INGOT_PROGRAM_ERROR, message, "ValueError", "model.py:7"); }

/// Threads, the test's own included; one is the inline executor.
class TaskTest : public testing::TestWithParam<int> {
protected:
  void SetUp() override { setNumThreads(GetParam()); }
};

TEST_P(TaskTest, ValuesComeBack) {
  Scope scope;
  for (int64_t i = 0; i < 1000; ++i) {
    Task *task = forkOf(scope, [i](Task *self) {
      self->words[0] = i;
      self->words[1] = -i;
      return nullptr;
    });
    EXPECT_EQ(waitTask(task), nullptr);
    EXPECT_EQ(task->words[0], i);
    EXPECT_EQ(waitTask(task), nullptr);
    EXPECT_EQ(task->words[1], -i);
    releaseTask(task);
  }
  scope.join();
}

TEST_P(TaskTest, FanOutAndWaitInAnyOrder) {
  for (int order = 0; order < 3; ++order) {
    Scope scope;
    std::vector<Task *> tasks;
    int64_t sum = 0;
    for (int64_t i = 0; i < 5000; ++i)
      tasks.push_back(forkOf(scope, [i](Task *self) {
        self->words[0] = i;
        return nullptr;
      }));
    for (size_t i = 0; i < tasks.size(); ++i) {
      size_t at = order == 0 ? i : order == 1 ? tasks.size() - 1 - i : i * 1009 % tasks.size();
      ASSERT_EQ(waitTask(tasks[at]), nullptr);
      sum += tasks[at]->words[0];
    }
    scope.join();
    EXPECT_EQ(sum, 5000 * 4999 / 2);
    for (Task *task : tasks)
      releaseTask(task);
  }
}

TEST_P(TaskTest, EveryWaitSeesTheError) {
  Scope scope;
  Task *task = forkOf(scope, [](Task *) { return failure("boom"); });
  std::vector<Task *> waiters;
  std::atomic<int> seen{0};
  for (int i = 0; i < 20; ++i)
    waiters.push_back(forkOf(scope, [&, task = Handle(task)](Task *) -> Status * {
      Status *error = waitTask(task);
      seen += error && std::string(error->message) == "boom" && std::string(error->type) == "ValueError" &&
              std::string(error->where) == "model.py:7";
      return error ? copyStatus(error) : nullptr;
    }));
  for (int i = 0; i < 3; ++i)
    ASSERT_NE(waitTask(task), nullptr);
  for (Task *waiter : waiters) {
    Status *error = waitTask(waiter);
    ASSERT_NE(error, nullptr);
    EXPECT_STREQ(error->where, "model.py:7");
  }
  scope.join();
  EXPECT_EQ(seen, 20);
  releaseTask(task);
  for (Task *waiter : waiters)
    releaseTask(waiter);
}

TEST_P(TaskTest, ForksThatNobodyWaitsForRunBeforeTheJoinReturns) {
  Scope scope;
  std::atomic<int> ran{0};
  std::function<void(int)> tree = [&](int depth) {
    ++ran;
    for (int i = 0; depth && i < 3; ++i)
      releaseTask(forkOf(scope, [&, depth](Task *) -> Status * {
        tree(depth - 1);
        return depth % 2 ? failure("seen by nobody") : nullptr;
      }));
  };
  tree(6);
  scope.join();
  EXPECT_EQ(ran, (3 * 729 - 1) / 2);
}

TEST_P(TaskTest, ManyWaitForOne) {
  Scope scope;
  Task *slow = forkOf(scope, [](Task *self) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    self->words[0] = 42;
    return nullptr;
  });
  std::vector<Task *> waiters;
  for (int i = 0; i < 100; ++i)
    waiters.push_back(forkOf(scope, [slow = Handle(slow)](Task *self) {
      Status *error = waitTask(slow);
      self->words[0] = slow->words[0] + 1;
      return error;
    }));
  for (Task *waiter : waiters) {
    EXPECT_EQ(waitTask(waiter), nullptr);
    EXPECT_EQ(waiter->words[0], 43);
    releaseTask(waiter);
  }
  releaseTask(slow);
  scope.join();
}

int64_t fibonacci(Scope &scope, int64_t n) {
  if (n < 2)
    return n;
  Task *left = forkOf(scope, [&scope, n](Task *self) {
    self->words[0] = fibonacci(scope, n - 1);
    return nullptr;
  });
  int64_t right = fibonacci(scope, n - 2);
  EXPECT_EQ(waitTask(left), nullptr);
  int64_t sum = left->words[0] + right;
  releaseTask(left);
  return sum;
}
TEST_P(TaskTest, ForksInForks) {
  Scope scope;
  EXPECT_EQ(fibonacci(scope, 18), 2584);
  scope.join();
}

/// A million forks, each of which waits for the next: more than any stack.
TEST_P(TaskTest, DeepChain) {
  constexpr int64_t kDepth = SANITIZED ? 5000 : 1000000;
  Scope scope;
  struct Link {
    Scope &scope;
    int64_t left;
    Status *operator()(Task *self) const {
      if (left == 0) {
        self->words[0] = 0;
        return nullptr;
      }
      Task *next = forkOf(scope, Link{scope, left - 1});
      Status *error = waitTask(next);
      self->words[0] = next->words[0] + 1;
      releaseTask(next);
      return error;
    }
  };
  Task *task = forkOf(scope, Link{scope, kDepth});
  EXPECT_EQ(waitTask(task), nullptr);
  EXPECT_EQ(task->words[0], kDepth);
  releaseTask(task);
  scope.join();
}

TEST_P(TaskTest, TreeOfAMillion) {
  constexpr int kDepth = SANITIZED ? 12 : 19;
  Scope scope;
  struct Node {
    Scope &scope;
    int depth;
    Status *operator()(Task *self) const {
      self->words[0] = 1;
      if (depth == 0)
        return nullptr;
      Task *children[2];
      for (Task *&child : children)
        child = forkOf(scope, Node{scope, depth - 1});
      int64_t sum = 1;
      for (Task *child : children) {
        waitTask(child);
        sum += child->words[0];
        releaseTask(child);
      }
      self->words[0] = sum;
      return nullptr;
    }
  };
  Task *root = forkOf(scope, Node{scope, kDepth});
  waitTask(root);
  EXPECT_EQ(root->words[0], (int64_t(2) << kDepth) - 1);
  releaseTask(root);
  scope.join();
}

TEST_P(TaskTest, LoopsInsideTasks) {
  Scope scope;
  std::atomic<int64_t> sum{0};
  std::vector<Task *> tasks;
  for (int i = 0; i < 100; ++i)
    tasks.push_back(forkOf(scope, [&](Task *) {
      executor().parallelFor([](void *context, int64_t begin,
                                int64_t end) { *static_cast<std::atomic<int64_t> *>(context) += end - begin; },
                             &sum, 64, 4);
      return nullptr;
    }));
  for (Task *task : tasks) {
    waitTask(task);
    releaseTask(task);
  }
  scope.join();
  EXPECT_EQ(sum, 6400);
}

TEST_P(TaskTest, StoppedScopeSkipsWhatHasNotBegun) {
  Scope scope;
  scope.stop();
  std::atomic<int> ran{0};
  Task *task = forkOf(scope, [&](Task *) {
    ++ran;
    return nullptr;
  });
  EXPECT_NE(waitTask(task), nullptr);
  releaseTask(task);
  scope.join();
  EXPECT_EQ(ran, 0);
}

/// At its join a call runs nothing of another call, or one call's time would
/// depend on the others'.
TEST_P(TaskTest, CallersRunOnlyTheirOwnTasks) {
  thread_local int mine = -1;
  std::atomic<int> strangers{0}, ran{0};
  std::vector<std::thread> threads;
  for (int id = 0; id < 16; ++id)
    threads.emplace_back([&, id] {
      mine = id;
      for (int round = 0; round < 50; ++round) {
        Scope scope;
        std::vector<Task *> tasks;
        for (int i = 0; i < 20; ++i)
          tasks.push_back(forkOf(scope, [&, id](Task *) {
            strangers += mine >= 0 && mine != id;
            ++ran;
            return nullptr;
          }));
        for (int i = 0; i < 10; ++i)
          waitTask(tasks[size_t(i)]);
        scope.join();
        for (Task *task : tasks)
          releaseTask(task);
      }
      mine = -1;
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(strangers, 0);
  EXPECT_EQ(ran, 16 * 50 * 20);
}

TEST_P(TaskTest, DeterministicForksRunInProgramOrder) {
  setDeterministic(true);
  Scope scope;
  std::vector<int> order;
  std::vector<Task *> tasks;
  for (int i = 0; i < 5; ++i) {
    order.push_back(2 * i);
    tasks.push_back(forkOf(scope, [&order, i](Task *) {
      order.push_back(2 * i + 1);
      return nullptr;
    }));
  }
  scope.join();
  setDeterministic(false);
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  for (Task *task : tasks)
    releaseTask(task);
}

//===----------------------------------------------------------------------===//
// Awaits
//===----------------------------------------------------------------------===//

TEST_P(TaskTest, AwaitsAreLazyAndKeepTheirValue) {
  int runs = 0;
  auto body = [&](Task *self) -> Status * {
    self->words[0] = ++runs;
    return nullptr;
  };
  releaseTask(makeTask(body)); // nobody waits
  EXPECT_EQ(runs, 0);
  Task *task = makeTask(body);
  EXPECT_EQ(forceTask(task), nullptr);
  EXPECT_EQ(forceTask(task), nullptr);
  EXPECT_EQ(task->words[0], 1);
  EXPECT_EQ(runs, 1);
  releaseTask(task);
}

TEST_P(TaskTest, AwaitRunsAgainAfterAnError) {
  int runs = 0;
  Task *task = makeTask([&](Task *self) -> Status * {
    if (++runs < 3)
      return failure("not yet");
    self->words[0] = runs;
    return nullptr;
  });
  for (int i = 0; i < 2; ++i) {
    Status *error = forceTask(task);
    ASSERT_NE(error, nullptr);
    EXPECT_STREQ(error->message, "not yet");
    ingot_status_release(error);
  }
  EXPECT_EQ(forceTask(task), nullptr);
  EXPECT_EQ(forceTask(task), nullptr);
  EXPECT_EQ(task->words[0], 3);
  releaseTask(task);
}

TEST_P(TaskTest, OneRunOfAnAwaitSucceeds) {
  for (int round = 0; round < 50; ++round) {
    Scope scope;
    std::atomic<int> runs{0}, errors{0};
    Task *await = makeTask([&](Task *self) -> Status * {
      if (runs++ < 3)
        return failure("not yet");
      self->words[0] = 9;
      return nullptr;
    });
    std::vector<Task *> waiters;
    for (int i = 0; i < 16; ++i)
      waiters.push_back(forkOf(scope, [&, await = Handle(await)](Task *self) {
        while (Status *error = forceTask(await)) {
          ++errors;
          ingot_status_release(error);
        }
        self->words[0] = await->words[0];
        return nullptr;
      }));
    for (Task *waiter : waiters) {
      waitTask(waiter);
      EXPECT_EQ(waiter->words[0], 9);
      releaseTask(waiter);
    }
    scope.join();
    EXPECT_EQ(runs, 4);
    EXPECT_EQ(errors, 3);
    releaseTask(await);
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, TaskTest, testing::Values(1, 2, 8, 64), [](const testing::TestParamInfo<int> &info) {
  return info.param == 1 ? std::string("Inline") : "Pool" + std::to_string(info.param);
});

//===----------------------------------------------------------------------===//
// Threads and memory
//===----------------------------------------------------------------------===//

/// A wait for a task that another worker runs costs no parallelism.
TEST(Task, SleepersAreReplaced) {
  setNumThreads(2);
  Scope scope;
  std::atomic<int> arrived{0};
  std::atomic<bool> go{false};
  // Both threads sleep in waits for a task that ends only when others ran.
  Task *gate = forkOf(scope, [&](Task *) {
    while (!go)
      std::this_thread::yield();
    return nullptr;
  });
  while (gate->now() == Task::Queued)
    std::this_thread::yield();
  for (int i = 0; i < 4; ++i)
    releaseTask(forkOf(scope, [&, gate = Handle(gate)](Task *) {
      if (++arrived == 4)
        go = true;
      return waitTask(gate);
    }));
  EXPECT_EQ(waitTask(gate), nullptr); // sleeps: only substitutes can run them
  EXPECT_EQ(arrived, 4);
  scope.join();
  releaseTask(gate);
}

/// Each of several busy threads has forked one task: a thief that left lone entries
/// to their owners for as long as it saw others meanwhile would take none.
TEST(Task, LoneForksOfSeveralThreadsAreTaken) {
  setNumThreads(2);
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> arrived{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t)
      threads.emplace_back([&] {
        Scope scope;
        releaseTask(forkOf(scope, [&](Task *) -> Status * {
          ++arrived;
          return nullptr;
        }));
        while (arrived < 3)
          std::this_thread::yield();
        scope.join();
      });
    for (std::thread &thread : threads)
      thread.join();
  }
}

TEST(Task, ForksOfManyThreadsWhileThePoolChanges) {
  std::atomic<bool> stop{false};
  std::thread resizer([&] {
    for (int i = 0; !stop; ++i) {
      setNumThreads(1 + i % 5);
      std::this_thread::yield();
    }
  });
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int round = 0; round < (SANITIZED ? 5 : 50); ++round) {
        Scope scope;
        EXPECT_EQ(fibonacci(scope, 11), 89);
        scope.join();
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  stop = true;
  resizer.join();
}

#if !SANITIZED
TEST(Task, SteadyStateAllocatesNothing) {
  for (int threads : {1, 2}) {
    setNumThreads(threads);
    std::vector<Task *> tasks(20000);
    auto round = [&] {
      Scope scope;
      for (Task *&task : tasks) {
        task = createTask(
            [](Task *self) -> Status * {
              self->words[0] = 1;
              return nullptr;
            },
            nullptr);
        forkTask(scope, task);
      }
      for (Task *task : tasks) {
        waitTask(task);
        releaseTask(task);
      }
      scope.join();
    };
    for (int i = 0; i < 20; ++i)
      round();
    int64_t before = allocations;
    for (int i = 0; i < 20; ++i)
      round();
    // Of 400,000 forks; with two threads, records may meet new places.
    EXPECT_LE(allocations - before, threads == 1 ? 0 : 2000);
  }
}

TEST(Task, WorksInTheChildOfAFork) {
  setNumThreads(3);
  Scope scope;
  EXPECT_EQ(fibonacci(scope, 12), 144);
  scope.join();
  pid_t child = fork();
  if (child == 0) {
    Scope inner;
    bool right = fibonacci(inner, 12) == 144;
    inner.join();
    _exit(right ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
#endif

} // namespace
