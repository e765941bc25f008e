//===- RuntimeParts.cpp - lists of parts and tensors of lists ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RuntimeParts.h"

#include "dialects/Task/Task.h"
#include "ingot/ABI/object.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = AV::Kind;

/// A list of `count` tensors, made one after the other.
static Value listOfTensors(GraphBuilder &b, Int count, llvm::function_ref<Value(Int)> part) {
  Type object = task::ObjectType::get(b.context());
  Value list = callRuntime(b, "list", {constantI64(b, INGOT_ABI_SLOT_OBJECT)}, object);
  Value zero = b.toIndex(b.size(0)), one = b.toIndex(b.size(1)), end = b.toIndex(count);
  auto loop = scf::ForOp::create(b.b, b.loc, zero, end, one);
  GraphBuilder::Facts facts = b.saveFacts();
  {
    OpBuilder::InsertionGuard guard(b.b);
    b.b.setInsertionPoint(loop.getBody()->getTerminator());
    Int number = b.newSymbol(loop.getInductionVar(), {0, INT64_MAX - 1});
    callRuntime(b, "list_append", {list, toObject(b, b.fresh(part(number)))});
  }
  b.restoreFacts(facts);
  return list;
}

static Result tensorList(Value list, int64_t dtype, int64_t rank) {
  TypeSpec tensor = simple(Spec::Tensor);
  tensor.dtype = dtype;
  tensor.dims.resize(rank);
  return runtimeValue(list, listOf(tensor));
}

Result eval::unbindAtRunTime(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dim = c.dim("dim", b.rank(v));
  if (b.failed())
    return {};
  Value list = listOfTensors(b, b.size(v, dim), [&](Int i) { return b.select(v, dim, i); });
  return tensorList(list, b.dtype(v), b.rank(v) - 1);
}

Result eval::splitAtRunTime(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dim = c.dim("dim", b.rank(v));
  int64_t size = c.constInt("split_size");
  if (b.failed())
    return {};
  if (size <= 0)
    return c.unsupported("a split size that is not positive");
  Int total = b.size(v, dim);
  // A tensor without elements there is one part.
  Int count = b.maxInt(b.ceilDivInt(total, size), b.size(1));
  Value list = listOfTensors(b, count, [&](Int i) {
    Int start = mul(i, b.size(size));
    return b.slice(v, dim, start, b.minInt(b.size(size), sub(total, start)));
  });
  return tensorList(list, b.dtype(v), b.rank(v));
}

Result eval::tensorOfList(OpCall &c) {
  GraphBuilder &b = c.b;
  const AV &data = c.args[0];
  if (!data.isRuntime() || data.getRuntime().type.kind != Spec::List)
    return c.unsupported("an argument whose structure is known at run time only");
  const TypeSpec element = data.getRuntime().type.children[0];
  int64_t dtype = element.kind == Spec::Int     ? int64_t(DType::Int64)
                  : element.kind == Spec::Bool  ? int64_t(DType::Bool)
                  : element.kind == Spec::Float ? b.defaultDType
                                                : -1;
  if (dtype < 0)
    return c.unsupported("a tensor of a list of other values than numbers, of run-time length");
  dtype = c.dtype("dtype", dtype);
  Type object = task::ObjectType::get(b.context());
  Value handle = data.getRuntime().handle;
  Int count = b.fromSSA(callRuntime(b, "length", {handle}, b.b.getI64Type()), {0, INT64_MAX - 1});
  Value parts = listOfTensors(b, count, [&](Int i) {
    Value slot = callRuntime(b, "list_get", {handle, b.toI64(i)}, slotType(b, element));
    return b.scalar(fromSlot(b, slot, element), dtype);
  });
  // Nothing cannot be stacked.
  Value some = b.toI1(b.compareInt(arith::CmpIPredicate::sgt, count, b.size(0)));
  auto choice = scf::IfOp::create(b.b, b.loc, object, some,
                                  /*withElseRegion=*/true);
  GraphBuilder::Facts facts = b.saveFacts();
  for (Block *block : {choice.thenBlock(), choice.elseBlock()}) {
    OpBuilder::InsertionGuard guard(b.b);
    b.b.setInsertionPointToStart(block);
    Value made = block == choice.thenBlock()
                     ? callRuntime(b, "tensor_concat", {parts, constantI64(b, 0), constantI64(b, 1)}, object)
                     : toObject(b, b.fresh(b.full({b.size(0)}, 0.0, dtype)));
    scf::YieldOp::create(b.b, b.loc, made);
    b.restoreFacts(facts);
  }
  TypeSpec tensor = simple(Spec::Tensor);
  tensor.dtype = dtype;
  tensor.dims.resize(1);
  AV out = fromObject(b, choice.getResult(0), tensor);
  // Nobody else has the tensor: it may be written.
  return b.read(out);
}
