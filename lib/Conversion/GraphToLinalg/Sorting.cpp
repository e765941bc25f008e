//===- Sorting.cpp - order --------------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bottom-up merge sort of each line in place of the results, with the second
// pair of buffers as further outputs: stable, n log n, no recursion.
#include "Loops.h"
#include "Scalar.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

/// Whether y must stand before x (strictly). NaN is the largest number.
static Value before(Scalar &s, Value y, Value x, bool descending, bool isUnsigned) {
  Value less = descending ? s.less(x, y, isUnsigned) : s.less(y, x, isUnsigned);
  if (!isa<FloatType>(x.getType()))
    return less;
  Value nanX = s.isNan(x), nanY = s.isNan(y);
  Value byNan = descending ? s.andi(nanY, s.notBool(nanX)) : s.andi(nanX, s.notBool(nanY));
  return s.ori(less, byNan);
}

static LogicalResult lowerSort(graph::SortOp op, Lowering &l) {
  RankedTensorType type = l.graphType(op.getInput());
  Type element = plainType(type).getElementType(), i64 = l.b.getI64Type();
  if (isa<ComplexType>(element))
    return op.emitOpError("has no lowering on ") << element;
  bool isUnsigned = type.getElementType().isUnsignedInteger();
  if (type.getRank() == 0) {
    l.set(op.getValues(), l.get(op.getInput()));
    l.set(op.getIndices(), l.zeros({}, i64));
    return success();
  }
  int64_t dim = op.getDim();
  bool descending = op.getDescending();
  SmallVector<OpFoldResult> sizes = l.sizes(op.getInput()), lines = sizes;
  lines.erase(lines.begin() + dim);
  SmallVector<Value> outs{l.empty(sizes, element), l.empty(sizes, i64), l.empty(sizes, element), l.empty(sizes, i64)};
  SmallVector<Value> results = compute(l, l.product(lines), 1, l.get(op.getInput()), outs, [&](ComputeBody &body) {
    Scalar s(body.b);
    using I = arith::CmpIPredicate;
    Value n = body.dim(body.input(0), dim), zero = s.index(0), one = s.index(1);
    Value values = body.output(0), indices = body.output(1);
    Value otherValues = body.output(2), otherIndices = body.output(3);
    SmallVector<Value> dims = body.dims(body.input(0));
    body.forEachIteration([&](Value line) {
      SmallVector<Value> base = body.delinearize(line, dims, dim);
      auto at = [&](Value i) {
        SmallVector<Value> index = base;
        index[dim] = i;
        return index;
      };
      body.loop(zero, n, {}, [&](Value i, ValueRange) {
        body.store(body.load(body.input(0), at(i), element), values, at(i));
        body.store(s.fromIndex(i, i64), indices, at(i));
        return SmallVector<Value>{};
      });
      // Runs of `width` become runs of twice the width in the other buffers,
      // which are copied back.
      body.whileLoop(
          ValueRange{one}, [&](ValueRange state) { return s.compare(I::ult, state[0], n); },
          [&](ValueRange state) {
            Value width = state[0], twice = s.add(width, width);
            body.loop(
                zero, n, {},
                [&](Value start, ValueRange) {
                  Value middle = arith::MinUIOp::create(body.b, s.add(start, width), n);
                  Value end = arith::MinUIOp::create(body.b, s.add(start, twice), n);
                  body.loop(start, end, {start, middle}, [&](Value k, ValueRange heads) {
                    Value i = heads[0], j = heads[1];
                    Value haveLeft = s.compare(I::ult, i, middle), haveRight = s.compare(I::ult, j, end);
                    // Clamped reads: an exhausted run's head is not used.
                    Value safeI = s.select(haveLeft, i, start), safeJ = s.select(haveRight, j, start);
                    Value x = body.load(values, at(safeI), element);
                    Value y = body.load(values, at(safeJ), element);
                    Value rightFirst =
                        s.andi(haveRight, s.ori(s.notBool(haveLeft), before(s, y, x, descending, isUnsigned)));
                    Value from = s.select(rightFirst, safeJ, safeI);
                    body.store(s.select(rightFirst, y, x), otherValues, at(k));
                    body.store(body.load(indices, at(from), i64), otherIndices, at(k));
                    return SmallVector<Value>{s.select(rightFirst, i, s.add(i, one)),
                                              s.select(rightFirst, s.add(j, one), j)};
                  });
                  return SmallVector<Value>{};
                },
                twice);
            body.loop(zero, n, {}, [&](Value i, ValueRange) {
              body.store(body.load(otherValues, at(i), element), values, at(i));
              body.store(body.load(otherIndices, at(i), i64), indices, at(i));
              return SmallVector<Value>{};
            });
            return SmallVector<Value>{twice};
          });
    });
  });
  l.set(op.getValues(), results[0]);
  l.set(op.getIndices(), results[1]);
  return success();
}

void lowering::addSortingRules(RuleTable &table) { table.add<graph::SortOp>(lowerSort); }
