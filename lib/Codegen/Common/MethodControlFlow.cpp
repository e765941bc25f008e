//===- MethodControlFlow.cpp - loops and branches ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A loop-carried tensor stays in one memory: each iteration ends by moving the
// next contents there (or has computed them there). Tensors that change their
// size from iteration to iteration are carried as memory and sizes instead.
#include "lib/Codegen/Common/MethodLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;

/// Builds into the end of `block`; what is found out inside is forgotten after.
struct MethodLowering::RegionScope {
  RegionScope(MethodLowering &l, Block *block) : l(l), guard(l.host), scope(l.host), first(l.locals.size()) {
    l.host.setInsertionPointToEnd(block);
  }
  ~RegionScope() {
    while (l.locals.size() > first) {
      auto [tensor, before] = l.locals.pop_back_val();
      if (before)
        l.buffers[tensor] = *before;
      else
        l.buffers.erase(tensor);
    }
  }
  MethodLowering &l;
  OpBuilder::InsertionGuard guard;
  HostBuilder::Scope scope;
  size_t first;
};

bool MethodLowering::sameSizes(ArrayRef<AffineExpr> a, ArrayRef<AffineExpr> b) {
  return llvm::equal(a, b, [&](AffineExpr x, AffineExpr y) { return host.simplify(x) == host.simplify(y); });
}

void MethodLowering::rebind(Value tensor, Buffer buffer, Region *region) {
  Storage storage;
  storage.region = region;
  buffer.storage = addStorage(std::move(storage));
  buffer.weight = {};
  setBuffer(tensor, buffer);
}

void MethodLowering::flatten(HostBuilder &host, const Buffer &buffer, SmallVectorImpl<Value> &values) {
  values.push_back(buffer.memory);
  for (AffineExpr size : buffer.sizes)
    if (!HostBuilder::constant(size))
      values.push_back(host.value(size));
}

/// The memory and those sizes that `like` does not fix.
static void pass(HostBuilder &host, const Buffer &buffer, ArrayRef<AffineExpr> like, SmallVectorImpl<Value> &values) {
  values.push_back(buffer.memory);
  for (auto [size, fixed] : llvm::zip(buffer.sizes, like))
    if (!fixed)
      values.push_back(host.value(size));
}

Buffer MethodLowering::unflatten(const Sizes &like, ValueRange values) {
  Buffer buffer;
  buffer.memory = values[0];
  buffer.offset = host.expr(0);
  unsigned next = 1;
  for (AffineExpr size : like)
    buffer.sizes.push_back(HostBuilder::constant(size) ? size : host.expr(values[next++]));
  buffer.strides = rowMajorStrides(buffer.sizes);
  return buffer;
}

//===----------------------------------------------------------------------===//
// Carried memory
//===----------------------------------------------------------------------===//

Buffer MethodLowering::beginCarried(Value init, Operation *loop) {
  auto lazy = lazies.find(init);
  if ((lazy != lazies.end() && !buffers.contains(init)))
    return takeOver(init, loop);
  Buffer buffer = getBuffer(init);
  // The loop may take the memory over when nothing but its operand sees it.
  bool own = isDense(buffer) && diesAt(buffer.storage, loop) && buffer.memory.getDefiningOp<memref::AllocOp>();
  unsigned operands = 0;
  for (Value v : storages[buffer.storage].tensors)
    for (Operation *user : v.getUsers()) {
      operands += user == loop;
      own &= user == loop || !loop->isProperAncestor(user);
    }
  if (own && operands == 1)
    return buffer;
  return copyToFresh(buffer, loop->getParentRegion());
}

bool MethodLowering::coalesce(const Buffer &value, const Buffer &target, Block *block) {
  auto alloc = value.memory.getDefiningOp<memref::AllocOp>();
  if (!alloc || alloc->getBlock() != block || !isDense(value) || !target.memory.getDefiningOp<memref::AllocOp>())
    return false;
  // The old contents' last use comes before the new contents' first.
  Operation *lastOld = nullptr, *firstNew = nullptr;
  for (Operation *user : target.memory.getUsers())
    if (Operation *ancestor = block->findAncestorOpInBlock(*user))
      if (!lastOld || lastOld->isBeforeInBlock(ancestor))
        lastOld = ancestor;
  for (Operation *user : value.memory.getUsers()) {
    Operation *ancestor = block->findAncestorOpInBlock(*user);
    if (!ancestor)
      return false;
    if (!firstNew || ancestor->isBeforeInBlock(firstNew))
      firstNew = ancestor;
  }
  if (lastOld && firstNew && !lastOld->isBeforeInBlock(firstNew))
    return false;
  for (auto &entry : buffers)
    if (entry.second.memory == value.memory)
      entry.second.memory = target.memory;
  Value memory = value.memory;
  memory.replaceAllUsesWith(target.memory);
  alloc->erase();
  return true;
}

void MethodLowering::endCarried(ArrayRef<Buffer> values, ArrayRef<Buffer> carried, Block *block,
                                MutableArrayRef<Buffer> passed) {
  // What is handed on as memory must not be where a carried tensor gets its next contents.
  for (Buffer &buffer : passed)
    if (llvm::any_of(carried, [&](const Buffer &to) { return to.memory == buffer.memory; }))
      buffer = copyToFresh(buffer, current->getParentRegion());
  auto stays = [&](unsigned i) {
    const Buffer &from = values[i], &to = carried[i];
    return from.memory == to.memory && from.offset == to.offset && from.strides == to.strides;
  };
  // A value in memory that is overwritten for another carried tensor moves first.
  SmallVector<Buffer> sources(values);
  for (unsigned i = 0; i < sources.size(); ++i) {
    bool conflict = false;
    for (unsigned j = 0; j < carried.size(); ++j)
      conflict |= sources[i].memory == carried[j].memory && !stays(i);
    if (conflict)
      sources[i] = copyToFresh(sources[i], current->getParentRegion());
  }
  for (unsigned i = 0; i < sources.size(); ++i) {
    if (stays(i))
      continue;
    // One memory may be the next value of two carried tensors.
    bool shared = llvm::any_of(passed, [&](const Buffer &b) { return b.memory == sources[i].memory; });
    for (unsigned j = 0; j < sources.size(); ++j)
      shared |= j != i && sources[j].memory == sources[i].memory;
    if (!shared && coalesce(sources[i], carried[i], block))
      continue;
    copy(sources[i], carried[i]);
  }
}

//===----------------------------------------------------------------------===//
// for
//===----------------------------------------------------------------------===//

LogicalResult MethodLowering::lowerFor(scf::ForOp op) {
  llvm::SmallBitVector resized(op.getNumResults());
  bool retry = true;
  LogicalResult result = failure();
  while (retry) {
    retry = false;
    result = lowerFor(op, resized, retry);
  }
  return result;
}

/// `resized`: the carried tensors whose sizes change. Found out by lowering the
/// body with equal sizes; when that was wrong, `retry` asks for another go.
LogicalResult MethodLowering::lowerFor(scf::ForOp op, llvm::SmallBitVector &resized, bool &retry) {
  SmallVector<Value> inits;
  SmallVector<Buffer> carried;
  SmallVector<Sizes> like(op.getNumResults());
  for (auto [i, init] : llvm::enumerate(op.getInitArgs())) {
    auto type = dyn_cast<RankedTensorType>(init.getType());
    if (!type) {
      inits.push_back(getScalar(init));
    } else if (resized[i]) {
      // Memory and sizes; only those that the type fixes are constants.
      for (auto [d, size] : llvm::enumerate(type.getShape()))
        like[i].push_back(ShapedType::isDynamic(size) ? AffineExpr() : host.expr(size));
      pass(host, getDense(init), like[i], inits);
    } else {
      carried.push_back(beginCarried(init, op));
    }
  }
  auto loop = scf::ForOp::create(host, host.loc, getScalar(op.getLowerBound()), getScalar(op.getUpperBound()),
                                 getScalar(op.getStep()), inits);
  Block *body = loop.getBody();
  if (!body->empty())
    body->getTerminator()->erase();
  auto bind = [&](ValueRange tensors, ValueRange values, Region *region) {
    unsigned nextCarried = 0, nextValue = 0;
    for (auto [i, tensor] : llvm::enumerate(tensors)) {
      if (!isa<RankedTensorType>(tensor.getType())) {
        setScalar(tensor, values[nextValue++]);
      } else if (resized[i]) {
        unsigned count = 1 + llvm::count(like[i], AffineExpr());
        rebind(tensor, unflatten(like[i], values.slice(nextValue, count)), region);
        storages.back().region = nullptr; // may be the memory before the loop
        nextValue += count;
      } else {
        rebind(tensor, carried[nextCarried++], region);
      }
    }
  };
  {
    RegionScope scope(*this, body);
    setScalar(op.getInductionVar(), loop.getInductionVar());
    bind(op.getRegionIterArgs(), loop.getRegionIterArgs(), &op.getRegion());
    task::PollOp::create(host, host.loc);
    if (failed(lowerBlock(*op.getBody())))
      return failure();
    SmallVector<Buffer> next, passed;
    unsigned nextCarried = 0;
    for (auto [i, value] : llvm::enumerate(op.getYieldedValues())) {
      if (!isa<RankedTensorType>(value.getType()))
        continue;
      if (!resized[i]) {
        next.push_back(getBuffer(value));
        if (!sameSizes(next.back().sizes, carried[nextCarried].sizes)) {
          resized.set(i);
          retry = true;
        }
        ++nextCarried;
        continue;
      }
      passed.push_back(getDense(value));
    }
    if (!retry) {
      endCarried(next, carried, body, passed);
      SmallVector<Value> yields;
      unsigned nextPassed = 0;
      for (auto [i, value] : llvm::enumerate(op.getYieldedValues())) {
        if (!isa<RankedTensorType>(value.getType()))
          yields.push_back(getScalar(value));
        else if (resized[i])
          pass(host, passed[nextPassed++], like[i], yields);
      }
      scf::YieldOp::create(host, host.loc, yields);
    }
  }
  if (retry) {
    host.forget(loop);
    loop->dropAllReferences();
    loop->erase();
    return failure();
  }
  host.loc = op.getLoc();
  current = op;
  bind(op.getResults(), loop.getResults(), op->getParentRegion());
  return success();
}

//===----------------------------------------------------------------------===//
// if
//===----------------------------------------------------------------------===//

LogicalResult MethodLowering::lowerIf(scf::IfOp op) {
  auto draft = scf::IfOp::create(host, host.loc, TypeRange(), getScalar(op.getCondition()),
                                 /*addThenBlock=*/true, /*addElseBlock=*/true);
  SmallVector<Buffer> tensors[2];
  SmallVector<Value> numbers[2];
  for (unsigned branch = 0; branch < 2; ++branch) {
    Block *block = branch ? draft.elseBlock() : draft.thenBlock();
    if (!block->empty())
      block->clear();
    RegionScope scope(*this, block);
    Region &region = branch ? op.getElseRegion() : op.getThenRegion();
    if (region.empty())
      continue;
    if (failed(lowerBlock(region.front())))
      return failure();
    for (Value v : region.front().getTerminator()->getOperands()) {
      if (isa<RankedTensorType>(v.getType()))
        tensors[branch].push_back(getDense(v));
      else
        numbers[branch].push_back(getScalar(v));
    }
  }
  host.loc = op.getLoc();
  current = op;
  // A tensor whose sizes are known before the branch gets memory there; others
  // come out as memory and sizes.
  SmallVector<Buffer> results;
  SmallVector<Sizes> like;
  SmallVector<bool> fixed;
  for (auto [a, b] : llvm::zip(tensors[0], tensors[1])) {
    bool known = sameSizes(a.sizes, b.sizes) &&
                 llvm::all_of(a.sizes, [&](AffineExpr e) { return host.isAvailableBefore(e, draft); });
    fixed.push_back(known);
    like.emplace_back();
    if (known) {
      OpBuilder::InsertionGuard guard(host);
      host.setInsertionPoint(draft);
      results.push_back(allocate(a.sizes, a.getElementType(), op->getParentRegion()));
      continue;
    }
    results.push_back(Buffer());
    for (auto [x, y] : llvm::zip(a.sizes, b.sizes))
      like.back().push_back(HostBuilder::constant(x) && x == y ? x : AffineExpr());
  }
  for (unsigned branch = 0; branch < 2; ++branch) {
    Block *block = branch ? draft.elseBlock() : draft.thenBlock();
    RegionScope scope(*this, block);
    SmallVector<Value> yields = numbers[branch];
    SmallVector<Buffer> from, to, passed;
    for (unsigned i = 0; i < results.size(); ++i) {
      if (fixed[i]) {
        from.push_back(tensors[branch][i]);
        to.push_back(results[i]);
        continue;
      }
      passed.push_back(tensors[branch][i]);
    }
    endCarried(from, to, block, passed);
    unsigned nextPassed = 0;
    for (unsigned i = 0; i < results.size(); ++i)
      if (!fixed[i])
        pass(host, passed[nextPassed++], like[i], yields);
    scf::YieldOp::create(host, host.loc, yields);
  }
  auto types = draft.thenBlock()->getTerminator()->getOperandTypes();
  auto branch = scf::IfOp::create(host, host.loc, TypeRange(types), draft.getCondition(),
                                  /*addThenBlock=*/false, /*addElseBlock=*/false);
  branch.getThenRegion().takeBody(draft.getThenRegion());
  branch.getElseRegion().takeBody(draft.getElseRegion());
  draft->erase();
  unsigned nextValue = 0, nextTensor = 0;
  for (Value v : op.getResults())
    if (!isa<RankedTensorType>(v.getType()))
      setScalar(v, branch.getResult(nextValue++));
  for (Value v : op.getResults()) {
    if (!isa<RankedTensorType>(v.getType()))
      continue;
    unsigned i = nextTensor++;
    if (fixed[i]) {
      rebind(v, results[i], op->getParentRegion());
      continue;
    }
    unsigned count = 1 + llvm::count(like[i], AffineExpr());
    rebind(v, unflatten(like[i], branch.getResults().slice(nextValue, count)), op->getParentRegion());
    storages.back().region = nullptr; // may be memory from before the branch
    nextValue += count;
  }
  return success();
}

/// A select of two tensors is a branch that only copies.
void MethodLowering::expandSelects() {
  SmallVector<arith::SelectOp> selects;
  source.walk([&](arith::SelectOp op) {
    if (isa<RankedTensorType>(op.getType()) && op.getCondition().getType().isInteger(1))
      selects.push_back(op);
  });
  for (arith::SelectOp op : selects) {
    OpBuilder b(op);
    auto branch = scf::IfOp::create(b, op.getLoc(), TypeRange(op.getType()), op.getCondition(), /*addThenBlock=*/true,
                                    /*addElseBlock=*/true);
    for (bool yes : {true, false}) {
      Block *block = yes ? branch.thenBlock() : branch.elseBlock();
      block->clear();
      b.setInsertionPointToEnd(block);
      scf::YieldOp::create(b, op.getLoc(), ValueRange{yes ? op.getTrueValue() : op.getFalseValue()});
    }
    op.replaceAllUsesWith(branch.getResult(0));
    op.erase();
  }
}

//===----------------------------------------------------------------------===//
// while
//===----------------------------------------------------------------------===//

LogicalResult MethodLowering::lowerWhile(scf::WhileOp op) {
  llvm::SmallBitVector resized(op.getInits().size());
  bool retry = true;
  LogicalResult result = failure();
  while (retry) {
    retry = false;
    result = lowerWhile(op, resized, retry);
  }
  return result;
}

/// As lowerFor. What the condition forwards goes to the body in place where its
/// sizes and memory are known in front of the loop, else as memory and sizes.
LogicalResult MethodLowering::lowerWhile(scf::WhileOp op, llvm::SmallBitVector &resized, bool &retry) {
  auto fixedSizes = [&](RankedTensorType type) {
    Sizes like;
    for (int64_t size : type.getShape())
      like.push_back(ShapedType::isDynamic(size) ? AffineExpr() : host.expr(size));
    return like;
  };
  SmallVector<Value> inits;
  SmallVector<Buffer> carried;
  for (auto [i, init] : llvm::enumerate(op.getInits())) {
    auto type = dyn_cast<RankedTensorType>(init.getType());
    if (!type)
      inits.push_back(getScalar(init));
    else if (resized[i])
      pass(host, getDense(init), fixedSizes(type), inits);
    else
      carried.push_back(beginCarried(init, op));
  }
  // The results' types are known once the condition is built.
  auto draft = scf::WhileOp::create(host, host.loc, TypeRange(), inits);
  SmallVector<Location> locs(inits.size(), host.loc);
  Block *before = host.createBlock(&draft.getBefore(), {}, ValueRange(inits).getTypes(), locs);
  host.setInsertionPointAfter(draft);

  SmallVector<std::optional<Buffer>> forwarded; // one per tensor; none: by value
  SmallVector<Value> values;
  {
    RegionScope scope(*this, before);
    unsigned nextCarried = 0, nextValue = 0;
    for (auto [i, arg] : llvm::enumerate(op.getBeforeArguments())) {
      auto type = dyn_cast<RankedTensorType>(arg.getType());
      if (!type) {
        setScalar(arg, before->getArgument(nextValue++));
      } else if (resized[i]) {
        Sizes like = fixedSizes(type);
        unsigned count = 1 + llvm::count(like, AffineExpr());
        rebind(arg, unflatten(like, ValueRange(before->getArguments()).slice(nextValue, count)), &op.getBefore());
        storages.back().region = nullptr; // may be the memory before the loop
        nextValue += count;
      } else {
        rebind(arg, carried[nextCarried++], &op.getBefore());
      }
    }
    task::PollOp::create(host, host.loc);
    if (failed(lowerBlock(*op.getBeforeBody())))
      return failure();
    scf::ConditionOp condition = op.getConditionOp();
    for (Value v : condition.getArgs()) {
      auto type = dyn_cast<RankedTensorType>(v.getType());
      if (!type) {
        values.push_back(getScalar(v));
        continue;
      }
      Buffer buffer = getDense(v);
      Operation *maker = buffer.memory.getDefiningOp();
      bool inside = maker ? draft->isProperAncestor(maker)
                          : draft->isProperAncestor(buffer.memory.getParentBlock()->getParentOp()) ||
                                buffer.memory.getParentBlock() == before;
      bool known = llvm::all_of(buffer.sizes, [&](AffineExpr e) { return host.isAvailableBefore(e, draft); });
      if (known && (!inside || isa_and_nonnull<memref::AllocOp>(maker))) {
        // Memory made before the condition is used after it too.
        if (inside) {
          OpBuilder::InsertionGuard guard(host);
          host.setInsertionPoint(draft);
          maker->moveBefore(draft);
          HostBuilder::Scope outside(host);
          cast<memref::AllocOp>(maker).getDynamicSizesMutable().assign(
              ValueRange{host.value(host.product(buffer.sizes))});
          maker->moveBefore(draft);
        }
        forwarded.push_back(buffer);
        continue;
      }
      forwarded.push_back(std::nullopt);
      pass(host, buffer, fixedSizes(type), values);
    }
    scf::ConditionOp::create(host, host.loc, getScalar(condition.getCondition()), values);
  }
  host.loc = op.getLoc();
  current = op;
  auto loop = scf::WhileOp::create(host, host.loc, ValueRange(values).getTypes(), inits);
  loop.getBefore().takeBody(draft.getBefore());
  draft->erase();
  SmallVector<Location> afterLocs(values.size(), host.loc);
  Block *after = host.createBlock(&loop.getAfter(), {}, ValueRange(values).getTypes(), afterLocs);
  host.setInsertionPointAfter(loop);
  auto bind = [&](ValueRange to, ValueRange from, Region *region) {
    unsigned nextTensor = 0, nextValue = 0;
    for (Value v : to) {
      auto type = dyn_cast<RankedTensorType>(v.getType());
      if (!type) {
        setScalar(v, from[nextValue++]);
        continue;
      }
      std::optional<Buffer> &buffer = forwarded[nextTensor++];
      if (buffer) {
        bool alone = llvm::count_if(forwarded, [&](const std::optional<Buffer> &b) {
                       return b && b->memory == buffer->memory;
                     }) == 1;
        rebind(v, *buffer, alone ? region : nullptr);
        continue;
      }
      Sizes like = fixedSizes(type);
      unsigned count = 1 + llvm::count(like, AffineExpr());
      rebind(v, unflatten(like, from.slice(nextValue, count)), region);
      storages.back().region = nullptr; // may be the memory before the loop
      nextValue += count;
    }
  };
  {
    RegionScope scope(*this, after);
    bind(op.getAfterArguments(), after->getArguments(), &op.getAfter());
    if (failed(lowerBlock(*op.getAfterBody())))
      return failure();
    SmallVector<Buffer> next, passed;
    unsigned nextCarried = 0;
    for (auto [i, v] : llvm::enumerate(op.getYieldOp().getOperands())) {
      if (!isa<RankedTensorType>(v.getType()))
        continue;
      if (resized[i]) {
        passed.push_back(getDense(v));
      } else {
        next.push_back(getBuffer(v));
        if (!sameSizes(next.back().sizes, carried[nextCarried++].sizes)) {
          resized.set(i);
          retry = true;
        }
      }
    }
    if (!retry) {
      endCarried(next, carried, after, passed);
      SmallVector<Value> yields;
      unsigned nextPassed = 0;
      for (auto [i, v] : llvm::enumerate(op.getYieldOp().getOperands())) {
        auto type = dyn_cast<RankedTensorType>(v.getType());
        if (!type)
          yields.push_back(getScalar(v));
        else if (resized[i])
          pass(host, passed[nextPassed++], fixedSizes(type), yields);
      }
      scf::YieldOp::create(host, host.loc, yields);
    }
  }
  if (retry) {
    host.forget(loop);
    loop->dropAllReferences();
    loop->erase();
    return failure();
  }
  host.loc = op.getLoc();
  current = op;
  bind(op.getResults(), loop.getResults(), op->getParentRegion());
  return success();
}
