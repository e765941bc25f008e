//===- Scatter.cpp - writing by index tensors -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sequential: places may repeat, and the order of writes and of floating sums is
// row-major, as ATen's CPU kernels have it. Lines that cannot meet run in
// parallel where the operator has such (scatter's other dimensions).
#include "Indexing.h"
#include "Loops.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

static Value combine(Scalar &s, StringRef reduction, Value old, Value x, bool isUnsigned) {
  if (reduction == "sum")
    return s.add(old, x);
  if (reduction == "prod")
    return s.mul(old, x);
  if (reduction == "amax")
    return s.maximum(old, x, isUnsigned);
  if (reduction == "amin")
    return s.minimum(old, x, isUnsigned);
  return x;
}

/// f16 and bf16 are combined in f32.
static Value combineWide(Scalar &s, StringRef reduction, Value old, Value x, bool isUnsigned) {
  Type own = x.getType(), wide = computeType(own);
  Value result = combine(s, reduction, s.cast(old, own, wide), s.cast(x, own, wide), isUnsigned);
  return s.cast(result, wide, own);
}

static LogicalResult lowerScatter(graph::ScatterOp op, Lowering &l) {
  StringRef reduction = op.getReduction();
  if (!llvm::is_contained({"none", "sum", "prod", "amax", "amin"}, reduction))
    return op.emitOpError("reduction must be none, sum, prod, amax or amin, not ") << reduction;
  int64_t dim = op.getDim();
  RankedTensorType type = l.resultType(op);
  unsigned rank = type.getRank();
  bool isUnsigned = type.getElementType().isUnsignedInteger();
  Type element = plainType(type).getElementType();
  OpFoldResult bound = rank ? l.size(op.getInput(), dim) : OpFoldResult(l.b.getIndexAttr(1));
  checkIndices(l, op.getIndex(), bound, "RuntimeError",
               "index {0} is out of bounds for dimension " + std::to_string(dim) + " with size {1}", false);
  SmallVector<OpFoldResult> lines = l.sizes(op.getIndex());
  if (rank)
    lines.erase(lines.begin() + dim);
  Value result = compute(l, l.product(lines), 64, {l.get(op.getIndex()), l.get(op.getSource())}, l.get(op.getInput()),
                         [&](ComputeBody &body) {
                           Scalar s(body.b);
                           auto write = [&](ArrayRef<Value> at) {
                             SmallVector<Value> target(at);
                             Value place = s.toIndex(body.load(body.input(0), at, body.b.getI64Type()));
                             if (rank)
                               target[dim] = place;
                             Value x = body.load(body.input(1), at, element);
                             if (reduction != "none")
                               x = combineWide(s, reduction, body.load(body.output(0), target, element), x, isUnsigned);
                             body.store(x, body.output(0), target);
                           };
                           body.forEachIteration([&](Value line) {
                             if (!rank)
                               return write({});
                             SmallVector<Value> index = body.delinearize(line, body.dims(body.input(0)), dim);
                             body.loop(s.index(0), body.dim(body.input(0), dim), {}, [&](Value i, ValueRange) {
                               index[dim] = i;
                               write(index);
                               return SmallVector<Value>{};
                             });
                           });
                         })
                     .front();
  l.set(op.getResult(), result);
  return success();
}

static LogicalResult lowerIndexPut(graph::IndexPutOp op, Lowering &l) {
  ArrayRef<int64_t> dims = op.getDims();
  RankedTensorType type = l.resultType(op);
  Type element = plainType(type).getElementType();
  unsigned rank = type.getRank(), indexRank = l.graphType(op.getIndices()[0]).getRank();
  int64_t position = op.getPosition();
  for (auto [index, dim] : llvm::zip(op.getIndices(), dims))
    checkIndices(l, index, l.size(op.getInput(), dim), "IndexError",
                 "index {0} is out of bounds for dimension " + std::to_string(dim) + " with size {1}", true);
  SmallVector<Value> inputs{l.get(op.getSource())};
  llvm::append_range(inputs, l.get(op.getIndices()));
  unsigned sourceRank = l.graphType(op.getSource()).getRank();
  Value result = compute(l, l.index(1), 1, inputs, l.get(op.getInput()), [&](ComputeBody &body) {
                   Scalar s(body.b);
                   SmallVector<Value> sizes = body.dims(body.input(0)), at;
                   std::function<void(unsigned)> nest = [&](unsigned d) {
                     if (d < sourceRank) {
                       body.loop(s.index(0), sizes[d], {}, [&](Value i, ValueRange) {
                         at.push_back(i);
                         nest(d + 1);
                         at.pop_back();
                         return SmallVector<Value>{};
                       });
                       return;
                     }
                     SmallVector<Value> place(at.begin() + position, at.begin() + position + indexRank), target;
                     int64_t plain = 0;
                     for (unsigned i = 0; i < rank; ++i) {
                       const auto *it = llvm::find(dims, int64_t(i));
                       if (it != dims.end()) {
                         unsigned which = it - dims.begin();
                         target.push_back(s.toIndex(body.load(body.input(1 + which), place, body.b.getI64Type())));
                         continue;
                       }
                       target.push_back(at[plain < position ? plain : plain + indexRank]);
                       ++plain;
                     }
                     Value x = body.load(body.input(0), at, element);
                     if (op.getAccumulate())
                       x = combineWide(s, "sum", body.load(body.output(0), target, element), x, false);
                     body.store(x, body.output(0), target);
                   };
                   nest(0);
                 }).front();
  l.set(op.getResult(), result);
  return success();
}

static LogicalResult lowerNonzero(graph::NonzeroOp op, Lowering &l) {
  RankedTensorType inputType = l.graphType(op.getInput());
  unsigned rank = inputType.getRank();
  Type element = plainType(inputType).getElementType(), i64 = l.b.getI64Type();
  SmallVector<OpFoldResult> inSizes = l.sizes(op.getInput());
  Value capacity = l.product(inSizes);
  Value indices = l.empty({getAsOpFoldResult(capacity), l.b.getIndexAttr(rank)}, i64);
  Value count = l.empty({}, i64);
  SmallVector<Value> results =
      compute(l, l.index(1), 1, l.get(op.getInput()), {indices, count}, [&](ComputeBody &body) {
        Scalar s(body.b);
        SmallVector<Value> sizes = body.dims(body.input(0)), at;
        std::function<SmallVector<Value>(unsigned, ValueRange)> nest = [&](unsigned d,
                                                                           ValueRange state) -> SmallVector<Value> {
          if (d < rank)
            return body.loop(s.index(0), sizes[d], state, [&](Value i, ValueRange inner) {
              at.push_back(i);
              SmallVector<Value> next = nest(d + 1, inner);
              at.pop_back();
              return next;
            });
          Value hit = s.nonZero(body.load(body.input(0), at, element));
          body.ifThen(hit, [&] {
            for (unsigned k = 0; k < rank; ++k)
              body.store(s.fromIndex(at[k], i64), body.output(0), {state[0], s.index(k)});
          });
          return {s.select(hit, s.add(state[0], s.index(1)), state[0])};
        };
        Value total = nest(0, s.index(0)).front();
        body.store(s.fromIndex(total, i64), body.output(1), {});
      });
  l.set(op.getIndices(), results[0]);
  Value number = tensor::ExtractOp::create(l.b, results[1], ValueRange{});
  l.set(op.getCount(), Scalar(l.b).toIndex(number));
  return success();
}

void lowering::addScatterRules(RuleTable &table) {
  table.add<graph::ScatterOp>(lowerScatter);
  table.add<graph::IndexPutOp>(lowerIndexPut);
  table.add<graph::NonzeroOp>(lowerNonzero);
}
