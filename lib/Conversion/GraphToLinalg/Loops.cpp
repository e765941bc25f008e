//===- Loops.cpp - task.compute: kernels as loops over memrefs --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Loops.h"
#include "Scalar.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

static Type memoryElement(Type element) {
  return element.isInteger(1) ? IntegerType::get(element.getContext(), 8) : element;
}

Value ComputeBody::load(Value memref, ValueRange at, Type element) {
  Value value = memref::LoadOp::create(b, memref, at);
  if (element.isInteger(1))
    return Scalar(b).nonZero(value);
  return value;
}

void ComputeBody::store(Value value, Value memref, ValueRange at) {
  if (value.getType().isInteger(1))
    value = arith::ExtUIOp::create(b, b.getI8Type(), value);
  memref::StoreOp::create(b, value, memref, at);
}

Value ComputeBody::dim(Value memref, int64_t d) { return b.createOrFold<memref::DimOp>(memref, d); }

SmallVector<Value> ComputeBody::dims(Value memref) {
  SmallVector<Value> result;
  for (int64_t d = 0, rank = cast<MemRefType>(memref.getType()).getRank(); d < rank; ++d)
    result.push_back(dim(memref, d));
  return result;
}

SmallVector<Value> ComputeBody::delinearize(Value linear, ArrayRef<Value> sizes, int64_t without) {
  SmallVector<Value> index(sizes.size());
  Value rest = linear;
  for (int64_t d = int64_t(sizes.size()) - 1; d >= 0; --d) {
    if (d == without) {
      index[d] = arith::ConstantIndexOp::create(b, 0);
      continue;
    }
    bool outermost = d == 0 || (d == 1 && without == 0);
    index[d] = outermost ? rest : b.createOrFold<arith::RemUIOp>(rest, sizes[d]);
    if (!outermost)
      rest = b.createOrFold<arith::DivUIOp>(rest, sizes[d]);
  }
  return index;
}

SmallVector<Value> ComputeBody::loop(Value from, Value to, ValueRange init,
                                     llvm::function_ref<SmallVector<Value>(Value, ValueRange)> body, Value step) {
  if (!step)
    step = arith::ConstantIndexOp::create(b, 1);
  auto loop = scf::ForOp::create(b, from, to, step, init);
  OpBuilder::InsertionGuard guard(b);
  // Without results the builder has placed the terminator already.
  if (init.empty())
    b.setInsertionPoint(loop.getBody()->getTerminator());
  else
    b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!init.empty())
    scf::YieldOp::create(b, next);
  return llvm::to_vector_of<Value>(loop.getResults());
}

SmallVector<Value> ComputeBody::whileLoop(ValueRange init, llvm::function_ref<Value(ValueRange)> condition,
                                          llvm::function_ref<SmallVector<Value>(ValueRange)> body) {
  auto op = scf::WhileOp::create(b, TypeRange(init), init);
  OpBuilder::InsertionGuard guard(b);
  SmallVector<Location> locs(init.size(), b.getLoc());
  Block *before = b.createBlock(&op.getBefore(), {}, TypeRange(init), locs);
  Value go = condition(before->getArguments());
  scf::ConditionOp::create(b, go, before->getArguments());
  Block *after = b.createBlock(&op.getAfter(), {}, TypeRange(init), locs);
  SmallVector<Value> next = body(after->getArguments());
  scf::YieldOp::create(b, next);
  return llvm::to_vector_of<Value>(op.getResults());
}

void ComputeBody::ifThen(Value condition, llvm::function_ref<void()> body) {
  auto op = scf::IfOp::create(b, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(op.thenBlock()->getTerminator());
  body();
}

SmallVector<Value> ComputeBody::ifElse(Value condition, llvm::function_ref<SmallVector<Value>()> then,
                                       llvm::function_ref<SmallVector<Value>()> otherwise) {
  auto op = scf::IfOp::create(
      b, condition,
      [&](OpBuilder &nested, Location loc) {
        OpBuilder::InsertionGuard guard(b);
        b.restoreInsertionPoint(nested.saveInsertionPoint());
        SmallVector<Value> values = then();
        scf::YieldOp::create(b, values);
      },
      [&](OpBuilder &nested, Location loc) {
        OpBuilder::InsertionGuard guard(b);
        b.restoreInsertionPoint(nested.saveInsertionPoint());
        SmallVector<Value> values = otherwise();
        scf::YieldOp::create(b, values);
      });
  return llvm::to_vector_of<Value>(op.getResults());
}

SmallVector<Value> lowering::compute(Lowering &l, Value count, int64_t grain, ValueRange inputs, ValueRange outs,
                                     llvm::function_ref<void(ComputeBody &)> body) {
  ImplicitLocOpBuilder &b = l.b;
  auto op = task::ComputeOp::create(b, TypeRange(outs), count, l.index(grain), inputs, outs);
  SmallVector<Type> types{b.getIndexType(), b.getIndexType()};
  for (Value input : inputs) {
    auto tensor = dyn_cast<RankedTensorType>(input.getType());
    if (!tensor) {
      types.push_back(input.getType());
      continue;
    }
    SmallVector<int64_t> strides(tensor.getRank(), ShapedType::kDynamic);
    types.push_back(MemRefType::get(tensor.getShape(), memoryElement(tensor.getElementType()),
                                    StridedLayoutAttr::get(b.getContext(), ShapedType::kDynamic, strides)));
  }
  for (Value out : outs) {
    auto tensor = cast<RankedTensorType>(out.getType());
    types.push_back(MemRefType::get(tensor.getShape(), memoryElement(tensor.getElementType())));
  }
  OpBuilder::InsertionGuard guard(b);
  SmallVector<Location> locs(types.size(), b.getLoc());
  b.createBlock(&op.getBody(), {}, types, locs);
  ComputeBody inside(b, op, inputs.size());
  body(inside);
  task::YieldOp::create(b);
  return llvm::to_vector_of<Value>(op.getResults());
}
