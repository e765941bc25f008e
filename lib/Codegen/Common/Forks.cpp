//===- Forks.cpp - the marks of forks become tasks --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A fork was evaluated in program order; its marks stand around its launches.
// Of these operations the launches, copies and loops of them may run beside the
// operations after the closing mark, unless a check, a number on the host or an
// effect that stays in program order needs their results. Arithmetic on sizes
// and memory stay with the host: the task gets them as operands. Of a body that
// may raise (an attempt) they go behind all that does.
//
// The task is joined before the first operation that touches memory that it
// writes, or writes memory that it reads, and at the latest at the end of its
// block. So the program's values cannot depend on the schedule; where a call
// ends early with an error, the runtime waits for its tasks.
#include "lib/Codegen/Common/Forks.h"

#include "dialects/Task/Task.h"
#include "lib/Codegen/Common/MemoryAccess.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;

namespace {

/// Smallest chunks that a parallel loop may have (some ten microseconds each)
/// that are worth starting a task for.
constexpr int64_t kWorthATask = 2;

class Forks {
public:
  Forks(func::FuncOp host, bool elide) : host(host), elide(elide) {}
  void run();

private:
  void form(task::ForkBeginOp begin, task::ForkEndOp end);
  void splitAttempt(scf::IfOp attempt);
  /// Whether all that the operation needs can be had behind the block that it stands in.
  bool canBeBehind(Operation *op, Block &body);
  bool isMovable(Operation *op);
  /// Memory that a loop makes for its body is made in front of it, as memory
  /// planning would; false: some of it depends on the iteration.
  bool hoistMemory(Operation *op);
  int64_t workOf(Operation *op);
  task::ForkOp outline(ArrayRef<Operation *> ops, task::ForkEndOp end, StringRef name);

  func::FuncOp host;
  bool elide;
  MemoryAccess memory;
};

} // namespace

//===----------------------------------------------------------------------===//
// What may move
//===----------------------------------------------------------------------===//

bool Forks::isMovable(Operation *op) {
  if (isa<task::LaunchOp, task::CopyOp, memref::StoreOp>(op))
    return true;
  // Loops and branches that give nothing but memory contents.
  if (!isa<scf::ForOp, scf::IfOp>(op) || op->getNumResults())
    return false;
  auto isMemory = [](Type type) { return isa<MemRefType>(type); };
  bool fine = !op->walk([&](Operation *inner) {
                   bool fine = isa<task::LaunchOp, task::CopyOp, task::PollOp, memref::StoreOp, memref::AllocOp,
                                   scf::ForOp, scf::IfOp, scf::YieldOp>(inner) ||
                               (inner->getNumRegions() == 0 && isMemoryEffectFree(inner));
                   // Memory that goes from iteration to iteration is not looked
                   // through.
                   fine &= !inner->getNumRegions() || llvm::none_of(inner->getResultTypes(), isMemory);
                   return fine ? WalkResult::advance() : WalkResult::interrupt();
                 }).wasInterrupted();
  return fine && hoistMemory(op);
}

bool Forks::hoistMemory(Operation *op) {
  SmallVector<memref::AllocOp> allocs;
  bool fine = true;
  op->walk([&](memref::AllocOp alloc) {
    allocs.push_back(alloc);
    // Results of the call are made where they are.
    fine &= !alloc->hasAttr("task.slot");
    for (Value size : alloc.getDynamicSizes())
      fine &= !op->isAncestor(size.getParentBlock()->getParentOp());
  });
  if (!fine)
    return false;
  for (memref::AllocOp alloc : allocs)
    alloc->moveBefore(op);
  return true;
}

static std::optional<int64_t> constantOf(Value v) {
  APInt number;
  if (matchPattern(v, m_ConstantInt(&number)))
    return number.getSExtValue();
  return std::nullopt;
}

/// In smallest chunks; sizes that are known at run time only count as large.
int64_t Forks::workOf(Operation *op) {
  int64_t work = 0;
  op->walk([&](Operation *inner) {
    auto launch = dyn_cast<task::LaunchOp>(inner);
    if (!launch) {
      work += isa<scf::ForOp>(inner) ? kWorthATask : 0;
      return;
    }
    auto count = constantOf(launch.getCount()), grain = constantOf(launch.getGrain());
    work += count && grain ? *count / std::max<int64_t>(*grain, 1) : kWorthATask;
  });
  return work;
}

//===----------------------------------------------------------------------===//
// Attempts
//===----------------------------------------------------------------------===//

/// What the operation and those within it use of a block around it.
static SmallVector<Value> usedOf(Operation *op, Block &body) {
  llvm::SetVector<Value> used;
  op->walk([&](Operation *inner) {
    for (Value v : inner->getOperands())
      if (v.getParentBlock() == &body)
        used.insert(v);
  });
  return used.takeVector();
}

bool Forks::canBeBehind(Operation *op, Block &body) {
  return llvm::all_of(usedOf(op, body), [&](Value v) {
    Operation *def = v.getDefiningOp();
    if (auto alloc = dyn_cast_or_null<memref::AllocOp>(def))
      return llvm::all_of(alloc.getDynamicSizes(), [&](Value size) { return size.getParentBlock() != &body; });
    return def && isPure(def) && !def->getNumRegions() && canBeBehind(def, body);
  });
}

/// A body that may raise: what raises stays, and the work goes behind it, where
/// nothing was raised. No error is in that, so it can be a task.
void Forks::splitAttempt(scf::IfOp attempt) {
  Value error;
  for (auto [result, kept] : llvm::zip(attempt.getResults(), attempt.elseYield().getOperands()))
    if (auto call = kept.getDefiningOp<task::CallRuntimeOp>(); call && call.getCallee() == "take_error")
      error = result;
  if (!error)
    return;
  Block &body = *attempt.thenBlock();
  SmallVector<Operation *> moved;
  AccessSet stays;
  for (Operation &op : llvm::reverse(body.without_terminator())) {
    AccessSet set;
    memory.collect(&op, set);
    if (isMovable(&op) && canBeBehind(&op, body) && !set.conflicts(stays))
      moved.push_back(&op);
    else
      stays.add(set);
  }
  if (moved.empty())
    return;
  OpBuilder b(attempt->getContext());
  b.setInsertionPointAfter(attempt);
  Value fine =
      task::CallRuntimeOp::create(b, attempt.getLoc(), b.getI1Type(), "is_none", error, StringAttr()).getResult();
  auto rest = scf::IfOp::create(b, attempt.getLoc(), fine, /*withElseRegion=*/false);
  b.setInsertionPoint(rest.thenBlock()->getTerminator());
  IRMapping mapping;
  std::function<void(Operation *)> bring = [&](Operation *op) {
    for (Value v : usedOf(op, body)) {
      Operation *def = v.getDefiningOp();
      if (mapping.contains(v))
        continue;
      if (isa<memref::AllocOp>(def)) {
        def->moveBefore(attempt);
      } else {
        bring(def);
        b.clone(*def, mapping);
      }
    }
  };
  for (Operation *op : llvm::reverse(moved)) {
    bring(op);
    b.clone(*op, mapping);
  }
  for (Operation *op : moved)
    op->erase();
}

//===----------------------------------------------------------------------===//
// Tasks
//===----------------------------------------------------------------------===//

task::ForkOp Forks::outline(ArrayRef<Operation *> ops, task::ForkEndOp end, StringRef name) {
  // Operands: what the operations use from outside. Constants go along.
  llvm::SetVector<Value> captured;
  DenseSet<Operation *> inside(ops.begin(), ops.end());
  auto isInside = [&](Value v) {
    Operation *parent = v.getParentBlock()->getParentOp();
    if (Operation *def = v.getDefiningOp(); def && inside.contains(def))
      return true;
    for (; parent && parent != host; parent = parent->getParentOp())
      if (inside.contains(parent))
        return true;
    return false;
  };
  llvm::SetVector<Operation *> constants;
  for (Operation *op : ops)
    op->walk([&](Operation *inner) {
      for (Value v : inner->getOperands()) {
        if (isInside(v))
          continue;
        if (auto constant = v.getDefiningOp<arith::ConstantOp>())
          constants.insert(constant);
        else
          captured.insert(v);
      }
    });
  OpBuilder b(host.getContext());
  b.setInsertionPointAfter(host);
  SmallVector<Type> types(2, b.getIndexType());
  for (Value v : captured)
    types.push_back(v.getType());
  auto kernel = func::FuncOp::create(b, end.getLoc(), "fork", b.getFunctionType(types, {}));
  kernel.setPrivate();
  kernel->setAttr("task.fork", b.getUnitAttr());
  auto module = host->getParentOfType<ModuleOp>();
  std::string unique = (host.getName() + "_fork").str();
  for (unsigned i = 0; module.lookupSymbol(unique); ++i)
    unique = (host.getName() + "_fork_" + Twine(i)).str();
  kernel.setName(unique);
  Block *body = kernel.addEntryBlock();
  b.setInsertionPointToStart(body);
  IRMapping mapping;
  for (auto [v, argument] : llvm::zip(captured, body->getArguments().drop_front(2)))
    mapping.map(v, argument);
  for (Operation *constant : constants)
    b.clone(*constant, mapping);
  func::ReturnOp::create(b, end.getLoc());
  b.setInsertionPoint(body->getTerminator());
  for (Operation *op : ops) {
    b.clone(*op, mapping);
    op->erase();
  }
  SmallVector<Operation *> polls;
  kernel.walk([&](task::PollOp poll) { polls.push_back(poll); });
  for (Operation *poll : polls)
    poll->erase(); // the host asks
  b.setInsertionPoint(end);
  return task::ForkOp::create(b, end.getLoc(), task::FutureType::get(b.getContext()), unique, name,
                              captured.getArrayRef());
}

void Forks::form(task::ForkBeginOp begin, task::ForkEndOp end) {
  SmallVector<scf::IfOp> attempts;
  for (Operation *op = begin->getNextNode(); op != end; op = op->getNextNode())
    if (auto branch = dyn_cast<scf::IfOp>(op); branch && branch.getCondition().getDefiningOp<task::AttemptOp>())
      attempts.push_back(branch);
  llvm::for_each(attempts, [&](scf::IfOp attempt) { splitAttempt(attempt); });
  SmallVector<Operation *> moved;
  AccessSet stays, moves;
  int64_t work = 0;
  for (Operation *op = end->getPrevNode(); op != begin; op = op->getPrevNode()) {
    AccessSet set;
    memory.collect(op, set);
    if (isMovable(op) && !set.conflicts(stays)) {
      moved.push_back(op);
      moves.add(set);
      work += workOf(op);
    } else {
      stays.add(set);
    }
  }
  std::reverse(moved.begin(), moved.end());
  if (moved.empty() || (elide && work < kWorthATask))
    return;
  // The first operation that has to wait, and whether there is anything to do
  // before it.
  Operation *join = end->getNextNode();
  int64_t beside = 0;
  for (; !join->hasTrait<OpTrait::IsTerminator>(); join = join->getNextNode()) {
    AccessSet set;
    memory.collect(join, set);
    if (set.conflicts(moves))
      break;
    beside += isa<task::ForkOp>(join) ? kWorthATask : workOf(join);
  }
  if (elide && beside < kWorthATask)
    return;
  task::ForkOp fork = outline(moved, end, begin.getName());
  OpBuilder b(join);
  SmallVector<Value> memories;
  for (Value v : fork.getOperands_())
    if (isa<MemRefType>(v.getType()))
      memories.push_back(v);
  task::JoinOp::create(b, fork.getLoc(), fork.getFuture(), memories);
}

void Forks::run() {
  SmallVector<std::pair<task::ForkBeginOp, task::ForkEndOp>> pairs;
  SmallVector<Operation *> marks;
  host.walk([&](Block *block) {
    SmallVector<task::ForkBeginOp> open;
    for (Operation &op : *block) {
      if (auto begin = dyn_cast<task::ForkBeginOp>(op)) {
        open.push_back(begin);
        marks.push_back(begin);
      } else if (auto end = dyn_cast<task::ForkEndOp>(op)) {
        marks.push_back(end);
        // Forks within a fork run in order, as part of it.
        if (open.size() == 1)
          pairs.push_back({open.back(), end});
        if (!open.empty())
          open.pop_back();
      }
    }
  });
  for (auto [begin, end] : pairs)
    form(begin, end);
  for (Operation *mark : marks)
    mark->erase();
}

void codegen::formForks(func::FuncOp host, bool elide) { Forks(host, elide).run(); }
