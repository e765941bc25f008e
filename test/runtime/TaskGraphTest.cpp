//===- TaskGraphTest.cpp - random graphs of tasks --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Programs of forks, waits, awaits and errors, run in parallel and by a
// sequential evaluator that runs a fork where it stands. Seed and number of
// graphs: INGOT_TASK_SEED, INGOT_TASK_GRAPHS.
#include "Support.h"
#include "TaskSupport.h"
#include "base/Status.h"
#include "task/Executor.h"

#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace ingot::rt;
using ingot::test::forkOf;
using ingot::test::makeTask;

namespace {

struct Op {
  enum Kind { Fork, Wait, WaitAndCatch, Await, Raise, Work } kind;
  int what; // node, await or constant
};
struct Node {
  std::vector<Op> ops;
  int64_t constant = 0;
};
struct Graph {
  std::vector<Node> nodes; // the first one is the program
  std::vector<int> awaits; // failures before the first success
  // Used by other nodes than the one that forked it: needs more references.
  std::vector<bool> shared, sharedAwaits;
};
struct Result {
  int64_t value = 0;
  int raised = -1; // the node whose Raise it is
  bool operator==(const Result &) const = default;
};

class Generator {
public:
  explicit Generator(uint64_t seed) : random(seed) {}
  Graph make() {
    graph = {};
    for (int i = 0, n = below(4); i < n; ++i)
      graph.awaits.push_back(below(3));
    budget = 1 + below(60);
    node({}, 0);
    std::vector<int> forker(graph.nodes.size()), user(graph.awaits.size(), -1);
    graph.shared.resize(graph.nodes.size());
    graph.sharedAwaits.resize(graph.awaits.size());
    for (size_t id = 0; id < graph.nodes.size(); ++id)
      for (const Op &op : graph.nodes[id].ops) {
        auto what = size_t(op.what);
        if (op.kind == Op::Fork) {
          forker[what] = int(id);
        } else if (op.kind == Op::Await) {
          if (user[what] >= 0 && user[what] != int(id))
            graph.sharedAwaits[what] = true;
          user[what] = int(id);
        }
      }
    for (size_t id = 0; id < graph.nodes.size(); ++id)
      for (const Op &op : graph.nodes[id].ops)
        if ((op.kind == Op::Wait || op.kind == Op::WaitAndCatch) && forker[size_t(op.what)] != int(id))
          graph.shared[size_t(op.what)] = true;
    return std::move(graph);
  }

private:
  int below(int n) { return int(random() % uint64_t(n)); }
  /// `visible`: nodes that its creator could pass on.
  int node(std::vector<int> visible, int depth) {
    int id = int(graph.nodes.size());
    graph.nodes.emplace_back();
    graph.nodes[size_t(id)].constant = below(1000);
    std::vector<Op> ops;
    for (int i = 0, n = 1 + below(8); i < n; ++i) {
      int dice = below(20);
      if (dice < 8 && budget > 0 && depth < 12) {
        --budget;
        int child = node(visible, depth + 1);
        ops.push_back({Op::Fork, child});
        visible.push_back(child);
      } else if (dice < 14 && !visible.empty()) {
        ops.push_back({dice < 12 ? Op::Wait : Op::WaitAndCatch, visible[size_t(below(int(visible.size())))]});
      } else if (dice < 16 && !graph.awaits.empty()) {
        ops.push_back({Op::Await, below(int(graph.awaits.size()))});
      } else if (dice == 16 && below(4) == 0) {
        ops.push_back({Op::Raise, id});
      } else {
        ops.push_back({Op::Work, below(200)});
      }
    }
    graph.nodes[size_t(id)].ops = std::move(ops);
    return id;
  }

  std::mt19937_64 random;
  Graph graph;
  int budget = 0;
};

Result evaluate(const Graph &graph, int id, std::vector<Result> &results) {
  const Node &node = graph.nodes[size_t(id)];
  Result result{node.constant, -1};
  for (const Op &op : node.ops) {
    switch (op.kind) {
    case Op::Fork:
      results[size_t(op.what)] = evaluate(graph, op.what, results);
      break;
    case Op::Wait:
    case Op::WaitAndCatch: {
      const Result &other = results[size_t(op.what)];
      if (other.raised < 0)
        result.value += 3 * other.value + 1;
      else if (op.kind == Op::Wait)
        return {0, other.raised};
      else
        result.value += 7 * other.raised;
      break;
    }
    case Op::Await:
      result.value += 1000 + op.what;
      break;
    case Op::Raise:
      return {0, id};
    case Op::Work:
      result.value ^= op.what;
      break;
    }
  }
  return result;
}

class Execution {
public:
  explicit Execution(const Graph &graph)
      : graph(graph), tasks(graph.nodes.size()), successes(graph.awaits.size()), failures(graph.awaits.size()) {
    for (size_t i = 0; i < graph.awaits.size(); ++i) {
      awaits.push_back(makeTask([this, i](Task *self) -> Status * {
        if (failures[i] < this->graph.awaits[i]) {
          ++failures[i];
          return makeStatus(INGOT_PROGRAM_ERROR, "again");
        }
        ++successes[i];
        self->words[0] = 1000 + int64_t(i);
        return nullptr;
      }));
      if (graph.sharedAwaits[i])
        retainTask(awaits[i]);
    }
  }
  Result program() {
    int64_t value = 0;
    Status *error = body(0, value);
    Result result = resultOf(error, value);
    ingot_status_release(error);
    scope.join();
    return result;
  }
  void check(const std::vector<Result> &expected) {
    for (size_t i = 1; i < tasks.size(); ++i)
      if (tasks[i]) {
        Status *error = waitTask(tasks[i]);
        EXPECT_EQ(resultOf(error, tasks[i]->words[0]), expected[i]);
        releaseTask(tasks[i]);
        if (graph.shared[i])
          releaseTask(tasks[i]);
      }
    for (size_t i = 0; i < awaits.size(); ++i) {
      EXPECT_LE(successes[i], 1);
      EXPECT_EQ(successes[i] == 1, awaits[i]->finished());
      releaseTask(awaits[i]);
      if (graph.sharedAwaits[i])
        releaseTask(awaits[i]);
    }
  }

private:
  static Result resultOf(Status *error, int64_t value) {
    return error ? Result{0, atoi(error->message)} : Result{value, -1};
  }
  Status *body(int id, int64_t &value) {
    const Node &node = graph.nodes[size_t(id)];
    value = node.constant;
    for (const Op &op : node.ops) {
      switch (op.kind) {
      case Op::Fork:
        tasks[size_t(op.what)] = makeTask([this, id = op.what](Task *self) {
          int64_t result = 0;
          Status *error = body(id, result);
          self->words[0] = result;
          return error;
        });
        if (graph.shared[size_t(op.what)])
          retainTask(tasks[size_t(op.what)]);
        forkTask(scope, tasks[size_t(op.what)]);
        break;
      case Op::Wait:
      case Op::WaitAndCatch: {
        Task *task = tasks[size_t(op.what)];
        Status *error = waitTask(task);
        if (!error)
          value += 3 * task->words[0] + 1;
        else if (op.kind == Op::Wait)
          return copyStatus(error);
        else
          value += 7 * atoi(error->message);
        break;
      }
      case Op::Await: {
        Task *task = awaits[size_t(op.what)];
        while (Status *error = forceTask(task))
          ingot_status_release(error);
        value += task->words[0];
        break;
      }
      case Op::Raise:
        return makeStatus(INGOT_PROGRAM_ERROR, std::to_string(id).c_str(), "RuntimeError", "graph.py:1");
      case Op::Work:
        value ^= op.what;
        for (int i = 0; i < op.what % 8 * 20; ++i)
          cpuRelax();
        break;
      }
    }
    return nullptr;
  }

  const Graph &graph;
  Scope scope;
  std::vector<Task *> tasks, awaits;
  // Plain: the runs of one await exclude each other, as the sanitizer sees.
  std::vector<int> successes, failures;
};

uint64_t fromEnvironment(const char *name, uint64_t otherwise) {
  const char *text = getenv(name);
  return text ? strtoull(text, nullptr, 10) : otherwise;
}

class TaskGraphTest : public testing::TestWithParam<int> {};

TEST_P(TaskGraphTest, AsTheSequentialEvaluator) {
  setNumThreads(GetParam());
  uint64_t seed = fromEnvironment("INGOT_TASK_SEED", 1);
  uint64_t graphs = fromEnvironment("INGOT_TASK_GRAPHS", SANITIZED ? 500 : 3000);
  for (uint64_t i = 0; i < graphs; ++i) {
    uint64_t here = seed * 1000003 + uint64_t(GetParam()) * 7919 + i;
    Graph graph = Generator(here).make();
    std::vector<Result> expected(graph.nodes.size());
    expected[0] = evaluate(graph, 0, expected);
    Execution run(graph);
    ASSERT_EQ(run.program(), expected[0]) << "graph " << here;
    run.check(expected);
    ASSERT_FALSE(HasFailure()) << "graph " << here;
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, TaskGraphTest, testing::Values(1, 2, 8, 64),
                         [](const testing::TestParamInfo<int> &info) { return "Of" + std::to_string(info.param); });

} // namespace
