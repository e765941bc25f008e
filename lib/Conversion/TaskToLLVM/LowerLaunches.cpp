//===- LowerLaunches.cpp - kernels launched and forked ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A launch and a fork pass their kernel's operands as words in memory, which a
// trampoline reads back.
#include "LowerTask.h"

#include "ingot/ABI/artifact.h"
#include "ingot/Conversion/TaskToLLVM.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace ingot;

bool TaskLowering::usesScratch(func::FuncOp kernel) {
  return kernel.walk([](task::WorkerScratchOp) { return WalkResult::interrupt(); }).wasInterrupted();
}

SmallVector<Value> TaskLowering::contextValues(Location loc, Value operand) {
  if (auto complex = dyn_cast<ComplexType>(operand.getType())) {
    Type part = complex.getElementType();
    return {complex::ReOp::create(calls.b(), loc, part, operand), complex::ImOp::create(calls.b(), loc, part, operand)};
  }
  if (!isa<MemRefType>(operand.getType()))
    return {calls.toI64(loc, operand)};
  auto type = cast<MemRefType>(operand.getType());
  MemRefParts parts = calls.unpack(loc, operand);
  auto [strides, offset] = type.getStridesAndOffset();
  SmallVector<Value> values{parts.aligned};
  if (ShapedType::isDynamic(offset))
    values.push_back(parts.offset);
  for (auto [i, size] : llvm::enumerate(type.getShape()))
    if (ShapedType::isDynamic(size))
      values.push_back(parts.sizes[i]);
  for (auto [i, stride] : llvm::enumerate(strides))
    if (ShapedType::isDynamic(stride))
      values.push_back(parts.strides[i]);
  return values;
}

Value TaskLowering::fromContext(Location loc, Type type, Value context, int64_t &slot) {
  auto next = [&](Type t) { return calls.load(loc, t, context, 8 * slot++, false); };
  if (auto complex = dyn_cast<ComplexType>(type)) {
    Value re = next(complex.getElementType()), im = next(complex.getElementType());
    return complex::CreateOp::create(calls.b(), loc, complex, re, im);
  }
  auto memref = dyn_cast<MemRefType>(type);
  if (!memref)
    return type.isIndex() ? calls.toIndex(loc, next(calls.i64Type())) : next(type);
  auto [strides, offset] = memref.getStridesAndOffset();
  MemRefParts parts;
  parts.aligned = parts.allocated = next(calls.ptrType());
  parts.offset = ShapedType::isDynamic(offset) ? next(calls.i64Type()) : calls.i64(loc, offset);
  for (int64_t size : memref.getShape())
    parts.sizes.push_back(ShapedType::isDynamic(size) ? next(calls.i64Type()) : calls.i64(loc, size));
  for (int64_t stride : strides)
    parts.strides.push_back(ShapedType::isDynamic(stride) ? next(calls.i64Type()) : calls.i64(loc, stride));
  return calls.pack(loc, memref, parts);
}

func::FuncOp TaskLowering::chunkOf(func::FuncOp kernel) {
  func::FuncOp &chunk = chunks[kernel];
  if (chunk)
    return chunk;
  OpBuilder &b = calls.b();
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointAfter(kernel);
  Location loc = kernel.getLoc();
  auto type = b.getFunctionType({calls.ptrType(), calls.i64Type(), calls.i64Type()}, {});
  chunk = func::FuncOp::create(b, loc, (kernel.getSymName() + ".chunk").str(), type);
  chunk.setPrivate();
  chunk->setAttr(chunkAttrName, b.getUnitAttr());
  Block *body = chunk.addEntryBlock();
  b.setInsertionPointToStart(body);
  Value context = body->getArgument(0);
  SmallVector<Value> operands{calls.toIndex(loc, body->getArgument(1)), calls.toIndex(loc, body->getArgument(2))};
  int64_t slot = 0;
  for (Type argument : kernel.getArgumentTypes().drop_front(2))
    operands.push_back(fromContext(loc, argument, context, slot));
  func::CallOp::create(b, loc, kernel, operands);
  func::ReturnOp::create(b, loc);
  return chunk;
}

Value TaskLowering::addressOf(Location loc, func::FuncOp chunk) {
  Value function =
      func::ConstantOp::create(calls.b(), loc, chunk.getFunctionType(), FlatSymbolRefAttr::get(chunk.getSymNameAttr()));
  return UnrealizedConversionCastOp::create(calls.b(), loc, calls.ptrType(), function).getResult(0);
}

Value TaskLowering::storeContext(Operation *op, ValueRange operands, Value last, int64_t &words) {
  Location loc = op->getLoc();
  SmallVector<Value> values;
  for (Value operand : operands)
    llvm::append_range(values, contextValues(loc, operand));
  if (last)
    values.push_back(last);
  for (Value value : values)
    if (value.getType().isIntOrFloat() && value.getType().getIntOrFloatBitWidth() > 64) {
      op->emitOpError("passes a number wider than 8 bytes to its kernel");
      return {};
    }
  words = values.size();
  Value context = scratch(loc, words);
  for (auto [i, value] : llvm::enumerate(values))
    calls.store(loc, value, context, 8 * i);
  return context;
}

LogicalResult TaskLowering::lowerLaunch(task::LaunchOp op) {
  auto kernel = symbols.lookup<func::FuncOp>(op.getKernel());
  Location loc = op.getLoc();
  OpBuilder &b = calls.b();
  // Kernels that ask for scratch have the call as last parameter.
  bool asks = kernel.getNumArguments() == op.getOperands_().size() + 3;
  int64_t words = 0;
  Value context = storeContext(op, op.getOperands_(), asks ? call : Value(), words);
  if (!context)
    return failure();

  func::FuncOp chunk = chunkOf(kernel);
  auto direct = [&] {
    func::CallOp::create(b, loc, chunk, ValueRange{context, calls.i64(loc, 0), calls.toI64(loc, op.getCount())});
  };
  auto parallel = [&] {
    calls.callTable(
        loc, table, offsetof(ingot_abi_runtime, parallel_for), Type(),
        {call, addressOf(loc, chunk), context, calls.toI64(loc, op.getCount()), calls.toI64(loc, op.getGrain())});
  };
  auto constant = [](Value value) -> std::optional<int64_t> {
    APInt number;
    if (matchPattern(value, m_ConstantInt(&number)))
      return number.getSExtValue();
    return std::nullopt;
  };
  auto count = constant(op.getCount()), grain = constant(op.getGrain());
  if (count && grain) {
    if (*count <= *grain)
      direct();
    else
      parallel();
  } else {
    Block *head = op->getBlock();
    Block *rest = head->splitBlock(op);
    Block *small = b.createBlock(rest);
    direct();
    cf::BranchOp::create(b, loc, rest);
    Block *large = b.createBlock(rest);
    parallel();
    cf::BranchOp::create(b, loc, rest);
    b.setInsertionPointToEnd(head);
    Value fits = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sle, op.getCount(), op.getGrain());
    cf::CondBranchOp::create(b, loc, fits, small, large);
  }
  op.erase();
  return success();
}

//===----------------------------------------------------------------------===//
// Forks
//===----------------------------------------------------------------------===//

LogicalResult TaskLowering::lowerFork(task::ForkOp op) {
  auto kernel = symbols.lookup<func::FuncOp>(op.getKernel());
  Location loc = op.getLoc();
  int64_t words = 0;
  // The runtime copies the words: they outlive a method that ends with an
  // error.
  Value context = storeContext(op, op.getOperands_(), call, words);
  if (!context)
    return failure();
  Value future =
      calls.callTable(loc, table, offsetof(ingot_abi_runtime, fork), calls.ptrType(),
                      {call, addressOf(loc, chunkOf(kernel)), context,
                       calls.i32(loc, inputs ? words : words | INGOT_ABI_FORK_NESTED), calls.text(loc, op.getName())});
  op.getFuture().replaceAllUsesWith(future);
  op.erase();
  return success();
}

void TaskLowering::lowerJoin(task::JoinOp op) {
  calls.callTable(op.getLoc(), table, offsetof(ingot_abi_runtime, join), Type(),
                  {inputs ? call : calls.nullPtr(op.getLoc()), op.getFuture()});
  op.erase();
}

LogicalResult TaskLowering::addCallParameter(func::FuncOp kernel) {
  kernel.setPrivate();
  return kernel.insertArgument(kernel.getNumArguments(), calls.ptrType(), {}, kernel.getLoc());
}

LogicalResult TaskLowering::lowerForkKernel(func::FuncOp kernel) {
  call = kernel.getArguments().back();
  inputs = nullptr;
  return lowerOps(kernel);
}
