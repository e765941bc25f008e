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
// A fork within a fork goes into the outer one's task with its join.
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
  void form(task::ForkBeginOp begin, task::ForkEndOp end, task::ForkEndOp outer);
  /// Of the operations from `first` up to `end` those that may move behind the others, in order.
  SmallVector<Operation *> select(Operation *first, Operation *end, llvm::function_ref<bool(Operation *)> may);
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
  if (isa<task::LaunchOp, task::CopyOp, memref::StoreOp, task::ForkOp, task::JoinOp>(op))
    return true;
  // Loops and branches that give nothing but memory contents.
  if (!isa<scf::ForOp, scf::IfOp>(op) || op->getNumResults())
    return false;
  auto isMemory = [](Type type) { return isa<MemRefType>(type); };
  bool fine = !op->walk([&](Operation *inner) {
                   bool fine = isa<task::LaunchOp, task::CopyOp, task::ForkOp, task::JoinOp, task::PollOp,
                                   memref::StoreOp, memref::AllocOp, scf::ForOp, scf::IfOp, scf::YieldOp>(inner) ||
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

SmallVector<Operation *> Forks::select(Operation *first, Operation *end, llvm::function_ref<bool(Operation *)> may) {
  // A fork and its join go together, or stay together.
  DenseSet<Operation *> pinned, range;
  for (Operation *op = first; op != end; op = op->getNextNode())
    range.insert(op);
  while (true) {
    SmallVector<Operation *> moved;
    AccessSet stays;
    Operation *torn = nullptr;
    DenseSet<Operation *> in;
    for (Operation *op = end->getPrevNode(), *stop = first->getPrevNode(); op != stop; op = op->getPrevNode()) {
      AccessSet set;
      memory.collect(op, set);
      auto join = dyn_cast<task::JoinOp>(op);
      bool moves = !pinned.contains(op) && isMovable(op) && may(op) && !set.conflicts(stays) &&
                   (!join || range.contains(join.getFuture().getDefiningOp()));
      if (auto fork = dyn_cast<task::ForkOp>(op)) {
        Operation *join = *fork->user_begin();
        if (in.contains(join) != moves) {
          torn = op;
          break;
        }
      }
      if (moves) {
        moved.push_back(op);
        in.insert(op);
      } else {
        stays.add(set);
      }
    }
    if (!torn) {
      std::reverse(moved.begin(), moved.end());
      return moved;
    }
    pinned.insert(torn);
    pinned.insert(*torn->user_begin());
  }
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
      work += isa<scf::ForOp, task::ForkOp>(inner) ? kWorthATask : 0;
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
    if (isa<task::FutureType>(v.getType()) || v.getType().isIntOrIndexOrFloat())
      return true; // goes along, or is a result
    if (auto alloc = dyn_cast_or_null<memref::AllocOp>(def))
      return llvm::all_of(alloc.getDynamicSizes(), [&](Value size) { return size.getParentBlock() != &body; });
    return def && isPure(def) && !def->getNumRegions() && canBeBehind(def, body);
  });
}

/// The branch with these numbers of its first region as further results, which are zero behind the second one.
static scf::IfOp addResults(scf::IfOp branch, ArrayRef<Value> numbers) {
  OpBuilder b(branch);
  SmallVector<Type> types(branch.getResultTypes());
  llvm::append_range(types, ValueRange(numbers).getTypes());
  auto wider = scf::IfOp::create(b, branch.getLoc(), types, branch.getCondition(), /*addThenBlock=*/false,
                                 /*addElseBlock=*/false);
  for (bool first : {true, false}) {
    Region &region = first ? branch.getThenRegion() : branch.getElseRegion();
    Operation *yield = region.front().getTerminator();
    b.setInsertionPoint(yield);
    for (Value v : numbers)
      yield->insertOperands(
          yield->getNumOperands(),
          first ? v : arith::ConstantOp::create(b, branch.getLoc(), v.getType(), b.getZeroAttr(v.getType())));
    (first ? wider.getThenRegion() : wider.getElseRegion()).takeBody(region);
  }
  for (auto [from, to] : llvm::zip(branch.getResults(), wider.getResults()))
    from.replaceAllUsesWith(to);
  branch.erase();
  return wider;
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
  SmallVector<Operation *> moved =
      select(&body.front(), body.getTerminator(), [&](Operation *op) { return canBeBehind(op, body); });
  if (moved.empty())
    return;
  // Numbers that what stays has found out come out as results.
  llvm::SetVector<Value> numbers;
  DenseSet<Operation *> looked;
  std::function<void(Operation *)> look = [&](Operation *op) {
    for (Value v : usedOf(op, body)) {
      Operation *def = v.getDefiningOp();
      if (!v.getType().isIntOrIndexOrFloat() || (isPure(def) && !def->getNumRegions())) {
        if (isPure(def) && looked.insert(def).second)
          look(def);
      } else {
        numbers.insert(v);
      }
    }
  };
  llvm::for_each(moved, look);
  size_t plain = attempt.getNumResults();
  unsigned errorNumber = cast<OpResult>(error).getResultNumber();
  if (!numbers.empty())
    attempt = addResults(attempt, numbers.getArrayRef());
  error = attempt.getResult(errorNumber);
  OpBuilder b(attempt->getContext());
  b.setInsertionPointAfter(attempt);
  Value fine =
      task::CallRuntimeOp::create(b, attempt.getLoc(), b.getI1Type(), "is_none", error, StringAttr()).getResult();
  auto rest = scf::IfOp::create(b, attempt.getLoc(), fine, /*withElseRegion=*/false);
  b.setInsertionPoint(rest.thenBlock()->getTerminator());
  IRMapping mapping;
  mapping.map(numbers.getArrayRef(), attempt.getResults().drop_front(plain));
  std::function<void(Operation *)> bring = [&](Operation *op) {
    for (Value v : usedOf(op, body)) {
      Operation *def = v.getDefiningOp();
      if (mapping.contains(v)) // a future's fork too
        continue;
      if (isa<memref::AllocOp>(def)) {
        def->moveBefore(attempt);
      } else {
        bring(def);
        b.clone(*def, mapping);
      }
    }
  };
  for (Operation *op : moved) {
    bring(op);
    b.clone(*op, mapping);
  }
  for (Operation *op : llvm::reverse(moved))
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
  for (Operation *op : ops)
    b.clone(*op, mapping);
  for (Operation *op : llvm::reverse(ops))
    op->erase();
  SmallVector<Operation *> polls;
  kernel.walk([&](task::PollOp poll) { polls.push_back(poll); });
  for (Operation *poll : polls)
    poll->erase(); // the host asks
  b.setInsertionPoint(end);
  return task::ForkOp::create(b, end.getLoc(), task::FutureType::get(b.getContext()), unique, name,
                              captured.getArrayRef());
}

void Forks::form(task::ForkBeginOp begin, task::ForkEndOp end, task::ForkEndOp outer) {
  SmallVector<scf::IfOp> attempts;
  for (Operation *op = begin->getNextNode(); op != end; op = op->getNextNode())
    if (auto branch = dyn_cast<scf::IfOp>(op); branch && branch.getCondition().getDefiningOp<task::AttemptOp>())
      attempts.push_back(branch);
  llvm::for_each(attempts, [&](scf::IfOp attempt) { splitAttempt(attempt); });
  SmallVector<Operation *> moved = select(begin->getNextNode(), end, [](Operation *) { return true; });
  AccessSet moves;
  int64_t work = 0;
  for (Operation *op : moved) {
    memory.collect(op, moves);
    work += workOf(op);
  }
  if (moved.empty() || (elide && work < kWorthATask))
    return;
  // The first operation that has to wait, and whether there is anything to do
  // before it. A fork within a fork ends within it: both may be one task's.
  Operation *join = end->getNextNode();
  int64_t beside = 0;
  for (; !join->hasTrait<OpTrait::IsTerminator>() && join != outer; join = join->getNextNode()) {
    AccessSet set;
    memory.collect(join, set);
    if (set.conflicts(moves))
      break;
    beside += workOf(join);
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
  struct Pair {
    task::ForkBeginOp begin;
    task::ForkEndOp end, outer;
  };
  // Inner ones first: what becomes of them may be a part of the outer one's work.
  SmallVector<Pair> pairs;
  SmallVector<Operation *> marks;
  host.walk([&](Block *block) {
    SmallVector<task::ForkBeginOp> open;
    SmallVector<size_t> closed; // pairs whose outer one is still open
    for (Operation &op : *block) {
      if (auto begin = dyn_cast<task::ForkBeginOp>(op)) {
        open.push_back(begin);
        marks.push_back(begin);
      } else if (auto end = dyn_cast<task::ForkEndOp>(op)) {
        marks.push_back(end);
        if (open.empty())
          continue;
        while (!closed.empty() && open.back()->isBeforeInBlock(pairs[closed.back()].begin))
          pairs[closed.pop_back_val()].outer = end;
        closed.push_back(pairs.size());
        pairs.push_back({open.pop_back_val(), end, {}});
      }
    }
  });
  for (auto [begin, end, outer] : pairs)
    form(begin, end, outer);
  for (Operation *mark : marks)
    mark->erase();
}

void codegen::formForks(func::FuncOp host, bool elide) { Forks(host, elide).run(); }
