//===- MemoryAccess.cpp - what a host program reads and writes --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Codegen/Common/MemoryAccess.h"

#include "dialects/Task/Task.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;

//===----------------------------------------------------------------------===//
// Sets
//===----------------------------------------------------------------------===//

static void merge(AccessSet::Access &to, const AccessSet::Access &from) {
  to.read |= from.read;
  to.write |= from.write;
}

static bool clash(const AccessSet::Access &a, const AccessSet::Access &b) {
  return (a.write && (b.read || b.write)) || (b.write && a.read);
}

void AccessSet::add(const AccessSet &other) {
  for (auto &[memory, access] : other.allocations)
    merge(allocations[memory], access);
  merge(outside, other.outside);
  merge(unknown, other.unknown);
}

bool AccessSet::conflicts(const AccessSet &other) const {
  auto all = [](const AccessSet &set) {
    Access access = set.outside;
    merge(access, set.unknown);
    for (auto &[memory, a] : set.allocations)
      merge(access, a);
    return access;
  };
  if (clash(outside, other.outside) || clash(unknown, all(other)) || clash(other.unknown, all(*this)))
    return true;
  for (auto &[memory, access] : allocations)
    if (auto it = other.allocations.find(memory); it != other.allocations.end() && clash(access, it->second))
      return true;
  return false;
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

/// Whether an address may be made of the value.
static bool mayCarryAddress(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    type = vector.getElementType();
  return isa<MemRefType, LLVM::LLVMPointerType, IndexType, IntegerType>(type) && !type.isInteger(1);
}

const llvm::BitVector &MemoryAccess::writtenArguments(func::FuncOp function) {
  auto [it, isNew] = written.try_emplace(function, llvm::BitVector(function.getNumArguments(), true));
  if (!isNew || function.isExternal())
    return it->second; // where a function calls itself: all
  llvm::BitVector result(function.getNumArguments());
  for (BlockArgument argument : function.getArguments()) {
    if (!mayCarryAddress(argument.getType()))
      continue;
    // Everything that is computed from the argument, but for what is loaded
    // through it, may be an address in its memory.
    SmallVector<Value> work{argument};
    DenseSet<Value> seen{argument};
    auto follow = [&](Value v) {
      if (mayCarryAddress(v.getType()) && seen.insert(v).second)
        work.push_back(v);
    };
    bool writes = false;
    while (!work.empty() && !writes) {
      for (OpOperand &use : work.pop_back_val().getUses()) {
        Operation *user = use.getOwner();
        if (isa<memref::DimOp, memref::LoadOp, memref::PrefetchOp, LLVM::LoadOp, LLVM::Prefetch, func::ReturnOp>(user))
          continue;
        if (auto call = dyn_cast<func::CallOp>(user)) {
          auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr());
          writes |= !callee || writtenArguments(callee).test(use.getOperandNumber());
        } else if (isa<task::LaunchOp, task::ForkOp>(user)) {
          // Count and grain stand where the kernel has begin and end.
          bool launch = isa<task::LaunchOp>(user);
          auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
              user, launch ? cast<task::LaunchOp>(user).getKernelAttr() : cast<task::ForkOp>(user).getKernelAttr());
          writes |= !callee || writtenArguments(callee).test(use.getOperandNumber() + (launch ? 0 : 2));
        } else if (isa<task::JoinOp>(user)) {
          continue; // its fork tells
        } else if (isa<task::CopyOp>(user)) {
          writes |= use.getOperandNumber() == 1;
        } else if (auto loop = dyn_cast<scf::ForOp>(user)) {
          if (use.getOperandNumber() >= loop.getNumControlOperands()) {
            follow(loop.getTiedLoopRegionIterArg(&use));
            follow(loop.getTiedLoopResult(&use));
          }
        } else if (auto loop = dyn_cast<scf::WhileOp>(user)) {
          for (ValueRange values : {ValueRange(loop.getBeforeArguments()), ValueRange(loop.getAfterArguments()),
                                    ValueRange(loop.getResults())})
            llvm::for_each(values, follow);
        } else if (isa<scf::YieldOp, scf::ConditionOp>(user)) {
          Operation *parent = user->getParentOp();
          llvm::for_each(parent->getResults(), follow);
          for (Region &region : parent->getRegions())
            if (!isa<scf::ForOp>(parent))
              llvm::for_each(region.getArguments(), follow);
            else
              llvm::for_each(region.getArguments().drop_front(), follow);
        } else if (isa<scf::IfOp, scf::IndexSwitchOp>(user)) {
          continue; // decides only
        } else if (isMemoryEffectFree(user) && user->getNumRegions() == 0) {
          llvm::for_each(user->getResults(), follow);
        } else if (auto effects = dyn_cast<MemoryEffectOpInterface>(user)) {
          // A load reads data; whatever else touches memory may write there.
          bool reads = effects.onlyHasEffect<MemoryEffects::Read>();
          writes |= !reads;
        } else {
          writes = true;
        }
      }
    }
    if (writes)
      result.set(argument.getArgNumber());
  }
  return written[function] = result;
}

//===----------------------------------------------------------------------===//
// Host operations
//===----------------------------------------------------------------------===//

void MemoryAccess::touch(Value memref, bool read, bool write, AccessSet &set) {
  if (!isa<MemRefType>(memref.getType()))
    return;
  AccessSet::Access access{read, write};
  while (Operation *def = memref.getDefiningOp()) {
    if (isa<memref::AllocOp>(def))
      return merge(set.allocations[memref], access);
    if (isa<task::ConstantOp>(def))
      return; // nobody writes it
    if (isa<task::InputOp, task::ContiguousOp, task::StateOp>(def))
      return merge(set.outside, access);
    if (!isa<memref::CastOp, memref::ReinterpretCastOp, memref::ViewOp, memref::SubViewOp, memref::ExpandShapeOp,
             memref::CollapseShapeOp, memref::TransposeOp>(def))
      break;
    memref = def->getOperand(0);
  }
  merge(set.unknown, access);
}

void MemoryAccess::collect(Operation *op, AccessSet &set) {
  if (op->getNumRegions()) {
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (Operation &inner : block)
          collect(&inner, set);
    // What it hands on is looked at where it is used.
    return;
  }
  auto kernel = [&](FlatSymbolRefAttr name, ValueRange operands) {
    auto function = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(op, name);
    const llvm::BitVector &writes = writtenArguments(function);
    for (auto [i, operand] : llvm::enumerate(operands))
      touch(operand, true, writes.test(i + 2), set);
  };
  if (auto launch = dyn_cast<task::LaunchOp>(op))
    return kernel(launch.getKernelAttr(), launch.getOperands_());
  auto fork = dyn_cast<task::ForkOp>(op);
  if (auto join = dyn_cast<task::JoinOp>(op)) {
    fork = join.getFuture().getDefiningOp<task::ForkOp>();
    for (Value v : fork ? ValueRange() : join.getMemory())
      touch(v, true, true, set);
  }
  if (fork)
    return kernel(fork.getKernelAttr(), fork.getOperands_());
  if (isa<task::JoinOp>(op))
    return;
  if (auto copy = dyn_cast<task::CopyOp>(op)) {
    touch(copy.getSource(), true, false, set);
    return touch(copy.getTarget(), false, true, set);
  }
  if (auto load = dyn_cast<memref::LoadOp>(op))
    return touch(load.getMemref(), true, false, set);
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return touch(store.getMemref(), false, true, set);
  // Marks, memory and what the runtime does touch no memory of kernels.
  if (isa<task::ForkBeginOp, task::ForkEndOp, task::AttemptOp, task::KeepOp, task::PollOp, task::CheckOp, task::PrintOp,
          task::ArenaOp, task::ResultBlockOp, task::CallRuntimeOp, memref::AllocOp>(op))
    return;
  if (isa<task::ContiguousOp>(op))
    return merge(set.outside, {true, false});
  if (isa<task::UnboxOp>(op))
    return merge(set.unknown, {true, false});
  if (isa<task::ReturnValueOp, task::BoxOp>(op)) {
    for (Value v : op->getOperands())
      touch(v, true, false, set);
    return;
  }
  if (isMemoryEffectFree(op))
    return;
  merge(set.unknown, {true, true});
}
