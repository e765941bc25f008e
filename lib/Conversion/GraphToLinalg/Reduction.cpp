//===- Reduction.cpp - reductions and scans ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Loops.h"
#include "Scalar.h"

#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

namespace {

/// The iteration space of a reduction over `dims`: the input's dimensions.
struct ReductionNest {
  ReductionNest(Lowering &l, Value input, ArrayRef<int64_t> dims) {
    unsigned rank = l.graphType(input).getRank();
    reduced.resize(rank);
    for (int64_t dim : dims)
      reduced.set(dim);
    SmallVector<OpFoldResult> all = l.sizes(input);
    SmallVector<AffineExpr> exprs;
    for (unsigned i = 0; i < rank; ++i) {
      iterators.push_back(reduced[i] ? utils::IteratorType::reduction : utils::IteratorType::parallel);
      if (reduced[i])
        continue;
      exprs.push_back(l.b.getAffineDimExpr(i));
      sizes.push_back(all[i]);
    }
    out = AffineMap::get(rank, 0, exprs, l.b.getContext());
  }
  llvm::SmallBitVector reduced;
  SmallVector<utils::IteratorType> iterators;
  SmallVector<OpFoldResult> sizes; // of the result without kept dimensions
  AffineMap out;
};

} // namespace

/// Gives the op its result, with the reduced dimensions back as 1s if kept.
static void setReduced(Lowering &l, Operation *op, Value value, bool keepdim, const llvm::SmallBitVector &reduced) {
  RankedTensorType type = l.resultType(op);
  if (keepdim && reduced.any()) {
    SmallVector<AffineExpr> kept;
    for (auto [i, expr] : llvm::enumerate(graph::getSizes(type)))
      if (!reduced[i])
        kept.push_back(expr);
    auto inner = graph::getTensorType(kept, type.getElementType());
    value = l.castTo(value, plainType(inner));
    value = l.reshape(value, inner, type);
  }
  l.set(op->getResult(0), value);
}

template <typename Op>
static LogicalResult lowerReduction(Op op, Lowering &l) {
  Value input = op.getInput();
  Type element = l.elementType(input), own = signless(element);
  bool isUnsigned = element.isUnsignedInteger();
  Type accumulator = accumulatorType(own);
  if (isa<ComplexType>(own) && !isa<graph::SumOp, graph::ProdOp>(op.getOperation()))
    return op.emitOpError("has no lowering on ") << element;
  ReductionNest nest(l, input, op.getDims());
  Scalar host(l.b);
  Value neutral = TypeSwitch<Operation *, Value>(op)
                      .template Case<graph::SumOp, graph::AnyOp>([&](auto) { return host.zero(accumulator); })
                      .template Case<graph::ProdOp>([&](auto) { return host.one(accumulator); })
                      .template Case<graph::AllOp>([&](auto) { return host.constantInt(accumulator, 1); })
                      .template Case<graph::AmaxOp>([&](auto) { return host.lowest(accumulator, isUnsigned); })
                      .template Case<graph::AminOp>([&](auto) { return host.highest(accumulator, isUnsigned); })
                      .Default([](Operation *) { return Value(); });
  Value init =
      linalg::FillOp::create(l.b, ValueRange{neutral}, ValueRange{l.empty(nest.sizes, accumulator)}).getResult(0);
  Operand operand = l.resolveTensor(input, /*throughPermute=*/true);
  // Dimensions behind broadcasts have no operand to take their size from.
  if (!operand.map.isPermutation())
    operand = {{}, l.get(input), l.identity(nest.reduced.size())};
  Value result = l.generic(operand.tensor, init, {operand.map, nest.out}, nest.iterators,
                           [&](ImplicitLocOpBuilder &b, ValueRange args) {
                             Scalar s(b);
                             Value x = s.cast(args[0], own, accumulator), acc = args[1];
                             Value next =
                                 TypeSwitch<Operation *, Value>(op)
                                     .template Case<graph::SumOp>([&](auto) { return s.add(acc, x); })
                                     .template Case<graph::ProdOp>([&](auto) { return s.mul(acc, x); })
                                     .template Case<graph::AnyOp>([&](auto) { return s.ori(acc, x); })
                                     .template Case<graph::AllOp>([&](auto) { return s.andi(acc, x); })
                                     .template Case<graph::AmaxOp>([&](auto) { return s.maximum(acc, x, isUnsigned); })
                                     .template Case<graph::AminOp>([&](auto) { return s.minimum(acc, x, isUnsigned); })
                                     .Default([](Operation *) { return Value(); });
                             return SmallVector<Value>{next};
                           })
                     .getResult(0);
  if (accumulator != own)
    result = l.parallel(nest.sizes, own, result, l.identity(nest.sizes.size()),
                        [&](ImplicitLocOpBuilder &b, ValueRange args) {
                          return SmallVector<Value>{Scalar(b).cast(args[0], accumulator, own)};
                        });
  setReduced(l, op, result, op.getKeepdim(), nest.reduced);
  return success();
}

/// First index of the best element; a NaN is better than every number.
template <typename Op>
static LogicalResult lowerArgReduction(Op op, Lowering &l) {
  constexpr bool wantsMax = std::is_same_v<Op, graph::ArgmaxOp>;
  Value input = op.getInput();
  Type element = l.elementType(input), own = signless(element);
  if (isa<ComplexType>(own))
    return op.emitOpError("has no lowering on ") << element;
  bool isUnsigned = element.isUnsignedInteger();
  int64_t dim = op.getDim();
  ReductionNest nest(l, input, dim);
  Scalar host(l.b);
  Type i64 = l.b.getI64Type();
  Value worst = wantsMax ? host.lowest(own, isUnsigned) : host.highest(own, isUnsigned);
  auto fill = [&](Value v) {
    return linalg::FillOp::create(l.b, ValueRange{v}, ValueRange{l.empty(nest.sizes, v.getType())}).getResult(0);
  };
  Value values = fill(worst), indices = fill(host.constantInt(i64, -1));
  auto generic = l.generic(l.get(input), {values, indices}, {l.identity(nest.reduced.size()), nest.out, nest.out},
                           nest.iterators, [&](ImplicitLocOpBuilder &b, ValueRange args) {
                             Scalar s(b);
                             Value x = args[0], best = args[1], bestIndex = args[2];
                             Value better = wantsMax ? s.less(best, x, isUnsigned) : s.less(x, best, isUnsigned);
                             if (isa<FloatType>(own))
                               better = s.ori(better, s.andi(s.isNan(x), s.notBool(s.isNan(best))));
                             // The first element always counts: it may equal the worst value.
                             better = s.ori(better, s.compare(arith::CmpIPredicate::slt, bestIndex, s.zero(i64)));
                             Value here = s.fromIndex(linalg::IndexOp::create(b, dim), i64);
                             return SmallVector<Value>{s.select(better, x, best), s.select(better, here, bestIndex)};
                           });
  setReduced(l, op, generic.getResult(1), op.getKeepdim(), nest.reduced);
  return success();
}

//===----------------------------------------------------------------------===//
// Scans
//===----------------------------------------------------------------------===//

/// Running combination along `dim`: one iteration per line. Sums and products of
/// floats run in f64, as torch's CPU kernels do.
template <typename Op>
static LogicalResult lowerScan(Op op, Lowering &l) {
  Value input = op.getInput();
  Type element = l.elementType(input), own = signless(element);
  bool isUnsigned = element.isUnsignedInteger();
  constexpr bool isSum = std::is_same_v<Op, graph::CumsumOp>;
  constexpr bool isProduct = std::is_same_v<Op, graph::CumprodOp>;
  if (isa<ComplexType>(own) && !isSum && !isProduct)
    return op.emitOpError("has no lowering on ") << element;
  if (l.graphType(input).getRank() == 0) {
    l.set(op.getResult(), l.get(input));
    return success();
  }
  Type wide = own;
  if ((isSum || isProduct) && isa<FloatType>(own))
    wide = l.b.getF64Type();
  int64_t dim = op.getDim();
  SmallVector<OpFoldResult> sizes = l.sizes(input), lines = sizes;
  lines.erase(lines.begin() + dim);
  Value out = l.empty(sizes, own);
  Value result = compute(l, l.product(lines), 64, {l.get(input)}, {out}, [&](ComputeBody &body) {
                   body.forEachIteration([&](Value iteration) {
                     SmallVector<Value> index = body.delinearize(iteration, body.dims(body.input(0)), dim);
                     Scalar s(body.b);
                     Value neutral = isSum                                 ? s.zero(wide)
                                     : isProduct                           ? s.one(wide)
                                     : std::is_same_v<Op, graph::CummaxOp> ? s.lowest(wide, isUnsigned)
                                                                           : s.highest(wide, isUnsigned);
                     Value count = body.dim(body.input(0), dim);
                     body.loop(s.index(0), count, {neutral}, [&](Value i, ValueRange state) {
                       SmallVector<Value> at = index;
                       at[dim] = i;
                       Value x = s.cast(body.load(body.input(0), at, own), own, wide);
                       Value next = isSum                                 ? s.add(state[0], x)
                                    : isProduct                           ? s.mul(state[0], x)
                                    : std::is_same_v<Op, graph::CummaxOp> ? s.maximum(state[0], x, isUnsigned)
                                                                          : s.minimum(state[0], x, isUnsigned);
                       body.store(s.cast(next, wide, own), body.output(0), at);
                       return SmallVector<Value>{next};
                     });
                   });
                 }).front();
  l.set(op.getResult(), result);
  return success();
}

void lowering::addReductionRules(RuleTable &table) {
  table.add<graph::SumOp>(lowerReduction<graph::SumOp>);
  table.add<graph::ProdOp>(lowerReduction<graph::ProdOp>);
  table.add<graph::AmaxOp>(lowerReduction<graph::AmaxOp>);
  table.add<graph::AminOp>(lowerReduction<graph::AminOp>);
  table.add<graph::AnyOp>(lowerReduction<graph::AnyOp>);
  table.add<graph::AllOp>(lowerReduction<graph::AllOp>);
  table.add<graph::ArgmaxOp>(lowerArgReduction<graph::ArgmaxOp>);
  table.add<graph::ArgminOp>(lowerArgReduction<graph::ArgminOp>);
  table.add<graph::CumsumOp>(lowerScan<graph::CumsumOp>);
  table.add<graph::CumprodOp>(lowerScan<graph::CumprodOp>);
  table.add<graph::CummaxOp>(lowerScan<graph::CummaxOp>);
  table.add<graph::CumminOp>(lowerScan<graph::CumminOp>);
}
