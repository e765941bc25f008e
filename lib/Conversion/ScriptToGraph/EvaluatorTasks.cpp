//===- EvaluatorTasks.cpp - forks and awaits --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A fork's body is evaluated where it stands: program order is a legal
// schedule, and effects keep their places. What it raises ends the body only and
// is raised again by every wait. Marks around what it computes let code
// generation run the pure work beside what follows.
#include "Evaluator.h"
#include "RuntimeValue.h"

#include "dialects/Task/Task.h"
#include "ingot/Support/SourceLine.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Flow = Evaluator::Flow;

/// Contents of the tensors in a value that were computed in `block` after
/// `begin`.
static void resultsOf(const AV &v, Operation *begin, SmallVectorImpl<Value> &results, unsigned depth = 0) {
  if (depth > 8)
    return;
  if (v.isTensor()) {
    Value base = v.getTensor()->node->storage->base;
    Operation *def = base ? base.getDefiningOp() : nullptr;
    if (def && def->getBlock() == begin->getBlock() && begin->isBeforeInBlock(def) &&
        !llvm::is_contained(results, base))
      results.push_back(base);
  } else if (v.is(AV::Kind::List) || v.is(AV::Kind::Tuple)) {
    for (const AV &e : v.elements())
      resultsOf(e, begin, results, depth + 1);
  } else if (v.is(AV::Kind::Dict)) {
    for (auto &[key, e] : v.getDict().entries)
      resultsOf(e, begin, results, depth + 1);
  }
}

Flow Evaluator::runFork(script::ForkOp op, Env &env) {
  auto task = std::make_shared<TaskObject>();
  std::vector<AV> results;
  SmallVector<AV> args = getAll(op.getArguments(), env);
  // "__torch__.Model.forward$fork0" in line 7: "forward (model.py:7)".
  std::string where = shortSourceLine(op.getLoc());
  StringRef function = op.getCallee().split('$').first.rsplit('.').second;
  std::string name = (function.empty() ? op.getCallee() : function).str();
  if (!where.empty())
    name += " (" + where + ")";
  auto begin = task::ForkBeginOp::create(b.b, op.getLoc(), b.b.getStringAttr(name));
  Attempt attempt;
  auto body = [&](std::vector<AV> &out) {
    out.clear();
    return callFunction(op.getCallee(), op.getLoc(), args, out);
  };
  Flow flow = this->attempt(op, body, attempt, results);
  bool marks = flow == Flow::Normal && begin->getBlock() == b.b.getInsertionBlock() && begin->getNextNode() != nullptr;
  task->done = true;
  task->failure = attempt.failure;
  task->alwaysFails = attempt.always;
  task->value = attempt.always ? AV::unknown() : results.empty() ? AV::none() : results[0];
  if (marks) {
    SmallVector<Value> values;
    resultsOf(task->value, begin, values);
    task::ForkEndOp::create(b.b, op.getLoc(), values);
  } else {
    begin->erase();
  }
  env[op.getResult()] = AV::task(std::move(task));
  return flow;
}

/// Raises the error unless it is None.
static void raiseAgain(GraphBuilder &b, const AV &failure) {
  if (!failure.isNone())
    callRuntime(b, "raise_error", {toObject(b, failure)});
}

Flow Evaluator::wait(Location loc, const AV &value, AV &result) {
  b.loc = loc;
  if (value.isRuntime() && value.getRuntime().type.kind == Spec::Future) {
    // Its value is looked at where there is one only.
    const TypeSpec type = value.getRuntime().type;
    auto part = [&](int64_t i) {
      return callRuntime(b, "tuple_get", {value.getRuntime().handle, constantI64(b, i)},
                         task::ObjectType::get(b.context()));
    };
    callRuntime(b, "raise_error", {part(1)});
    result = fromObject(b, part(0), type.children[0]);
    return Flow::Normal;
  }
  if (!value.is(AV::Kind::Task)) { // aten::wait of a plain value
    result = value;
    return Flow::Normal;
  }
  TaskObject &task = value.getTask();
  if (!task.done) {
    std::vector<AV> results;
    auto run = [&](std::vector<AV> &out) {
      out.clear();
      Flow flow = callFunction(task.callee, loc, task.arguments, out);
      out.resize(1, AV::none());
      return flow;
    };
    auto keep = [&](std::vector<AV> &out) {
      out = {task.value};
      return Flow::Normal;
    };
    Flow flow = task.ran.is(AV::Kind::Bool) ? runBranch(frames.back().op, task.ran, keep, run, results) : run(results);
    if (flow != Flow::Normal)
      return flow; // nothing is kept: the next wait runs it again
    task.done = true;
    task.ran = AV();
    task.value = results[0];
  }
  raiseAgain(b, task.failure);
  if (task.alwaysFails) {
    // Where the line is known: nothing goes on from here.
    bool told = task.failure.is(AV::Kind::Tuple);
    b.raise(told ? task.failure.elements()[0].getString() : "RuntimeError",
            told ? task.failure.elements()[1].getString() : "");
    return Flow::Raised;
  }
  result = task.value;
  return Flow::Normal;
}

Flow Evaluator::waitIfTask(Location loc, AV &value) {
  if (!value.is(AV::Kind::Task) || !value.getTask().isAwait)
    return Flow::Normal;
  AV result;
  Flow flow = wait(loc, value, result);
  value = result;
  return flow;
}

Flow Evaluator::finishTasks(Location loc, const AV &value) {
  if (value.is(AV::Kind::List) || value.is(AV::Kind::Tuple)) {
    for (const AV &e : value.elements())
      if (Flow flow = finishTasks(loc, e); flow != Flow::Normal)
        return flow;
  } else if (value.is(AV::Kind::Dict)) {
    for (auto &[key, v] : value.getDict().entries)
      if (Flow flow = finishTasks(loc, v); flow != Flow::Normal)
        return flow;
  } else if (value.is(AV::Kind::Task) && value.getTask().ran.is(AV::Kind::Bool)) {
    offenders.add(loc, "an await is returned that has run or not, depending on data: not compiled yet");
    return Flow::Failed;
  } else if (value.is(AV::Kind::Task) && !value.getTask().done) {
    unsigned effects = b.effectCount;
    AV result;
    Flow flow = wait(loc, value, result);
    if (flow == Flow::Raised || b.effectCount != effects) {
      offenders.add(loc, "an await that has effects or raises is returned "
                         "before it is waited on: not compiled yet");
      return Flow::Failed;
    }
    return flow;
  }
  return Flow::Normal;
}
