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
using Predicate = arith::CmpIPredicate;

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

/// total / size, rounded up; a size of 0 stands for 1.
static Int partsOf(GraphBuilder &b, Int total, Int size) {
  size = b.maxInt(size, b.size(1));
  return b.floorDivInt(add(total, sub(size, b.size(1))), size);
}

/// `count` parts of a size, one after the other; the last may be smaller.
static Result consecutive(GraphBuilder &b, Value v, int64_t dim, Int size, Int count) {
  Int total = b.size(v, dim);
  Value list = listOfTensors(b, count, [&](Int i) {
    Int start = mul(i, size);
    return b.slice(v, dim, start, b.minInt(size, sub(total, start)));
  });
  return tensorList(list, b.dtype(v), b.rank(v));
}

Result eval::splitAtRunTime(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dim = c.dim("dim", b.rank(v));
  Int size = c.integer("split_size");
  if (b.failed())
    return {};
  Int total = b.size(v, dim), zero = b.size(0);
  b.check(b.compareInt(Predicate::sge, size, zero), "RuntimeError",
          "split expects split_size be non-negative, but got split_size={0}", {size});
  AV some = b.compareInt(Predicate::ne, size, zero), none = b.compareInt(Predicate::eq, total, zero);
  b.check(b.orBool(some, none), "RuntimeError",
          "split_size can only be 0 if dimension size is 0, but got dimension size of {0}", {total});
  if (b.failed())
    return {};
  // A tensor without elements there is one part.
  return consecutive(b, v, dim, size, b.maxInt(partsOf(b, total, size), b.size(1)));
}

Result eval::chunkAtRunTime(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dim = c.dim("dim", b.rank(v));
  Int chunks = c.integer("chunks");
  if (b.failed())
    return {};
  Int total = b.size(v, dim), zero = b.size(0);
  b.check(b.compareInt(Predicate::sgt, chunks, zero), "RuntimeError",
          "chunk expects `chunks` to be greater than 0, got: {0}", {chunks});
  if (b.failed())
    return {};
  // Perhaps fewer parts than asked for; but of nothing, as many.
  Int size = partsOf(b, total, chunks);
  Int count = b.selectInt(b.compareInt(Predicate::eq, total, zero), chunks, partsOf(b, total, size));
  return consecutive(b, v, dim, size, count);
}

Result eval::tensorSplitAtRunTime(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dim = c.dim("dim", b.rank(v));
  Int n = c.integer("sections");
  b.check(b.compareInt(Predicate::sgt, n, b.size(0)), "RuntimeError",
          "number of sections must be larger than 0, got {0}", {n});
  if (b.failed())
    return {};
  // The first `more` parts have one element more.
  Int total = b.size(v, dim), each = b.floorDivInt(total, n), more = b.modInt(total, n);
  Value list = listOfTensors(b, n, [&](Int i) {
    Int longer = b.selectInt(b.compareInt(Predicate::slt, i, more), b.size(1), b.size(0));
    return b.slice(v, dim, add(mul(i, each), b.minInt(i, more)), add(each, longer));
  });
  return tensorList(list, b.dtype(v), b.rank(v));
}

Result eval::tensorOfList(OpCall &c) {
  GraphBuilder &b = c.b;
  const AV &data = c.args[0];
  if (!data.isRuntime() || data.getRuntime().type.kind != Spec::List)
    return c.unsupported("an argument whose structure is known at run time only");
  int64_t rank = 0;
  const TypeSpec *element = &data.getRuntime().type;
  for (; element->kind == Spec::List; element = &element->children[0])
    ++rank;
  // What the numbers are in memory, and as torch makes a tensor of them.
  int64_t complex = b.defaultDType == int64_t(DType::Float64) ? int64_t(DType::Complex128) : int64_t(DType::Complex64);
  auto [stored, dtype] = element->kind == Spec::Int       ? std::pair(int64_t(DType::Int64), int64_t(DType::Int64))
                         : element->kind == Spec::Bool    ? std::pair(int64_t(DType::Bool), int64_t(DType::Bool))
                         : element->kind == Spec::Float   ? std::pair(int64_t(DType::Float64), b.defaultDType)
                         : element->kind == Spec::Complex ? std::pair(int64_t(DType::Complex128), complex)
                                                          : std::pair(int64_t(-1), int64_t(-1));
  if (dtype < 0)
    return c.unsupported("a tensor of a list of other values than numbers, of run-time length");
  dtype = c.dtype("dtype", dtype);
  if (b.failed())
    return {};
  Value object =
      callRuntime(b, "tensor_of_list", {data.getRuntime().handle, constantI64(b, stored), constantI64(b, rank)},
                  task::ObjectType::get(b.context()));
  TypeSpec tensor = simple(Spec::Tensor);
  tensor.dtype = stored;
  tensor.dims.resize(rank);
  // Nobody else has the tensor: it may be written.
  return b.cast(b.read(fromObject(b, object, tensor)), dtype);
}

Result eval::listOfTensor(OpCall &c) {
  GraphBuilder &b = c.b;
  std::optional<int64_t> dims = c.args[1].knownInt(), code = c.args[2].knownInt();
  if (!dims || !code || *code < 0 || *code > 3)
    return c.unsupported("a list of a type that is not known");
  constexpr Spec kinds[] = {Spec::Int, Spec::Float, Spec::Bool, Spec::Complex};
  TypeSpec element = simple(kinds[*code]), list = element;
  for (int64_t d = 0; d < *dims; ++d)
    list = listOf(std::move(list));
  const AV &v = c.args[0];
  // The elements as they are now: what is written later is not seen.
  Value tensor = toObject(b, v.isTensor() ? b.fresh(b.read(v)) : v);
  if (b.failed())
    return {};
  Value object = callRuntime(b, "tensor_list", {tensor, constantI64(b, *dims), constantI64(b, slotKind(element))},
                             task::ObjectType::get(b.context()));
  return fromObject(b, object, list);
}
