//===- TaskSupport.h - tasks whose bodies are lambdas ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_TEST_RUNTIME_TASKSUPPORT_H
#define INGOT_TEST_RUNTIME_TASKSUPPORT_H

#include "task/Task.h"

#include <utility>

namespace ingot::test {

/// `body` takes the task and returns its error or null.
template <typename F>
rt::Task *makeTask(F body, const char *name = nullptr) {
  static_assert(alignof(F) <= 64);
  rt::Task *task =
      rt::createTask([](rt::Task *t) -> rt::Status * { return (*static_cast<F *>(t->payload()))(t); }, name, sizeof(F));
  new (task->payload()) F(std::move(body));
  task->destroy = [](rt::Task *t) { static_cast<F *>(t->payload())->~F(); };
  return task;
}

template <typename F>
rt::Task *forkOf(rt::Scope &scope, F body, const char *name = nullptr) {
  rt::Task *task = makeTask(std::move(body), name);
  rt::forkTask(scope, task);
  return task;
}

/// A reference of its own for each who may wait.
class Handle {
public:
  explicit Handle(rt::Task *task) : task(task) { rt::retainTask(task); }
  Handle(const Handle &other) : Handle(other.task) {}
  Handle &operator=(const Handle &) = delete;
  ~Handle() { rt::releaseTask(task); }
  operator rt::Task *() const { return task; }
  rt::Task *operator->() const { return task; }

private:
  rt::Task *task;
};

} // namespace ingot::test

#endif
