//===- Recurrent.cpp - recurrent layers -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// scf.for over time; a step is one contraction with the recurrent matrix and
// one elementwise generic.
#include "Contraction.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

namespace {

/// Sizes and the slices of one step.
struct Steps {
  Steps(Lowering &l, Value graphGates, Value graphHidden, Value graphCell) : l(l), gates(l.get(graphGates)) {
    SmallVector<OpFoldResult> g = l.sizes(graphGates);
    time = g[0];
    batch = g[1];
    width = g[2];
    hidden = l.size(graphHidden, 1);
    cell = l.size(graphCell, 1);
    element = cast<RankedTensorType>(gates.getType()).getElementType();
  }

  /// [1, rows, columns] at `t` of a [T, rows, all] tensor, from column `from`.
  Value sliceAt(Value tensor, Value t, OpFoldResult from, OpFoldResult columns) {
    auto type = cast<RankedTensorType>(tensor.getType());
    OpFoldResult one = l.b.getIndexAttr(1), zero = l.b.getIndexAttr(0);
    int64_t rows = type.getDimSize(1), count = getConstantIntValue(columns).value_or(ShapedType::kDynamic);
    if (auto known = getConstantIntValue(batch))
      rows = *known;
    auto result = RankedTensorType::get({rows, count}, type.getElementType());
    return tensor::ExtractSliceOp::create(l.b, result, tensor, {OpFoldResult(t), zero, from}, {one, batch, columns},
                                          {one, one, one});
  }

  Value insertAt(Value step, Value all, Value t) {
    OpFoldResult one = l.b.getIndexAttr(1), zero = l.b.getIndexAttr(0);
    return tensor::InsertSliceOp::create(l.b, step, all, {OpFoldResult(t), zero, zero}, {one, batch, hidden},
                                         {one, one, one});
  }

  /// Column block k of a [N, width] tensor.
  Value block(Value tensor, int64_t k) {
    OpFoldResult one = l.b.getIndexAttr(1), zero = l.b.getIndexAttr(0);
    OpFoldResult from = zero;
    if (auto h = getConstantIntValue(cell))
      from = l.b.getIndexAttr(k * *h);
    else
      from = getAsOpFoldResult(l.b.createOrFold<arith::MulIOp>(l.toValue(cell), l.index(k)));
    auto type = cast<RankedTensorType>(tensor.getType());
    auto result =
        RankedTensorType::get({type.getDimSize(0), getConstantIntValue(cell).value_or(ShapedType::kDynamic)}, element);
    return tensor::ExtractSliceOp::create(l.b, result, tensor, {zero, from}, {batch, cell}, {one, one});
  }

  /// h [N, H] times weight [columns, H] transposed.
  Value product(Value h, Value weight, OpFoldResult columns) {
    ImplicitLocOpBuilder &b = l.b;
    AffineExpr n = b.getAffineDimExpr(0), g = b.getAffineDimExpr(1), k = b.getAffineDimExpr(2);
    MLIRContext *c = b.getContext();
    return contract(l, {h, weight}, {batch, columns},
                    {AffineMap::get(3, 0, {n, k}, c), AffineMap::get(3, 0, {g, k}, c), AffineMap::get(3, 0, {n, g}, c)},
                    {utils::IteratorType::parallel, utils::IteratorType::parallel, utils::IteratorType::reduction},
                    "ingot.contraction", b.getUnitAttr());
  }
  /// All gates' parts that the hidden state gives.
  Value recur(Value h, Value weight) { return product(h, weight, width); }

  /// The loop; `body` gives the states after step t, the first of them h.
  SmallVector<Value> run(bool reverse, ValueRange states,
                         llvm::function_ref<SmallVector<Value>(Value t, ValueRange states)> body) {
    ImplicitLocOpBuilder &b = l.b;
    Value count = l.toValue(time);
    SmallVector<Value> init{l.empty({time, batch, hidden}, element)};
    llvm::append_range(init, states);
    auto loop = scf::ForOp::create(b, l.index(0), count, l.index(1), init);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Value t = loop.getInductionVar();
    if (reverse) {
      Value last = arith::SubIOp::create(b, count, l.index(1));
      t = arith::SubIOp::create(b, last, t);
    }
    SmallVector<Value> next = body(t, loop.getRegionIterArgs().drop_front());
    for (auto [value, state] : llvm::zip(next, states))
      value = l.castTo(value, cast<RankedTensorType>(state.getType()));
    SmallVector<Value> yields{insertAt(next[0], loop.getRegionIterArgs()[0], t)};
    llvm::append_range(yields, next);
    scf::YieldOp::create(b, yields);
    return llvm::to_vector_of<Value>(loop.getResults());
  }

  Lowering &l;
  Value gates;
  Type element;
  OpFoldResult time, batch, width, hidden, cell; // cell: one gate's elements
};

} // namespace

static LogicalResult lowerLstm(graph::LstmCellsOp op, Lowering &l) {
  Steps steps(l, op.getGates(), op.getH0(), op.getC0());
  Value weight = l.get(op.getWeight()), projection = op.getProjection() ? l.get(op.getProjection()) : Value();
  Type own = steps.element, wide = computeType(own);
  SmallVector<Value> results =
      steps.run(op.getReverse(), {l.get(op.getH0()), l.get(op.getC0())}, [&](Value t, ValueRange state) {
        Value recurrent = steps.recur(state[0], weight);
        Value gates = steps.sliceAt(steps.gates, t, l.b.getIndexAttr(0), steps.width);
        SmallVector<Value> inputs;
        for (int64_t k = 0; k < 4; ++k) {
          inputs.push_back(steps.block(gates, k));
          inputs.push_back(steps.block(recurrent, k));
        }
        inputs.push_back(state[1]);
        SmallVector<AffineMap> maps(inputs.size(), l.identity(2));
        SmallVector<Value> next =
            l.parallel({steps.batch, steps.cell}, TypeRange{own, own}, inputs, maps,
                       [&](ImplicitLocOpBuilder &b, ValueRange args) {
                         Scalar s(b);
                         auto gate = [&](unsigned k) {
                           return s.add(s.cast(args[2 * k], own, wide), s.cast(args[2 * k + 1], own, wide));
                         };
                         Value i = s.sigmoid(gate(0)), f = s.sigmoid(gate(1));
                         Value g = math::TanhOp::create(b, gate(2));
                         Value o = s.sigmoid(gate(3));
                         Value c = s.add(s.mul(f, s.cast(args[8], own, wide)), s.mul(i, g));
                         Value h = s.mul(o, math::TanhOp::create(b, c));
                         return SmallVector<Value>{s.cast(h, wide, own), s.cast(c, wide, own)};
                       });
        if (projection)
          next[0] = steps.product(next[0], projection, steps.hidden);
        return next;
      });
  for (auto [result, value] : llvm::zip(op.getResults(), results))
    l.set(result, value);
  return success();
}

static LogicalResult lowerGru(graph::GruCellsOp op, Lowering &l) {
  Steps steps(l, op.getGates(), op.getH0(), op.getH0());
  Value weight = l.get(op.getWeight()), bias = l.get(op.getBias());
  Type own = steps.element, wide = computeType(own);
  Value biases[3];
  for (int64_t k = 0; k < 3; ++k) {
    OpFoldResult from = l.b.getIndexAttr(0), one = l.b.getIndexAttr(1);
    if (k)
      from = getAsOpFoldResult(l.b.createOrFold<arith::MulIOp>(l.toValue(steps.hidden), l.index(k)));
    if (auto h = getConstantIntValue(steps.hidden))
      from = l.b.getIndexAttr(k * *h);
    biases[k] = tensor::ExtractSliceOp::create(l.b, bias, from, steps.hidden, one);
  }
  SmallVector<Value> results = steps.run(op.getReverse(), l.get(op.getH0()), [&](Value t, ValueRange state) {
    Value recurrent = steps.recur(state[0], weight);
    Value gates = steps.sliceAt(steps.gates, t, l.b.getIndexAttr(0), steps.width);
    SmallVector<Value> inputs;
    SmallVector<AffineMap> maps;
    AffineMap row = AffineMap::get(2, 0, {l.b.getAffineDimExpr(1)}, l.b.getContext());
    for (int64_t k = 0; k < 3; ++k) {
      inputs.append({steps.block(gates, k), steps.block(recurrent, k), biases[k]});
      maps.append({l.identity(2), l.identity(2), row});
    }
    inputs.push_back(state[0]);
    maps.push_back(l.identity(2));
    return l.parallel({steps.batch, steps.hidden}, TypeRange{own}, inputs, maps,
                      [&](ImplicitLocOpBuilder &b, ValueRange args) {
                        Scalar s(b);
                        auto at = [&](unsigned i) { return s.cast(args[i], own, wide); };
                        auto recurrentGate = [&](unsigned k) { return s.add(at(3 * k + 1), at(3 * k + 2)); };
                        Value r = s.sigmoid(s.add(at(0), recurrentGate(0)));
                        Value z = s.sigmoid(s.add(at(3), recurrentGate(1)));
                        Value n = math::TanhOp::create(b, s.add(at(6), s.mul(r, recurrentGate(2))));
                        // (h - n) * z + n
                        Value h = s.add(s.mul(s.sub(at(9), n), z), n);
                        return SmallVector<Value>{s.cast(h, wide, own)};
                      });
  });
  for (auto [result, value] : llvm::zip(op.getResults(), results))
    l.set(result, value);
  return success();
}

static LogicalResult lowerRnn(graph::RnnCellsOp op, Lowering &l) {
  Steps steps(l, op.getGates(), op.getH0(), op.getH0());
  Value weight = l.get(op.getWeight());
  Type own = steps.element, wide = computeType(own);
  SmallVector<Value> results = steps.run(op.getReverse(), l.get(op.getH0()), [&](Value t, ValueRange state) {
    SmallVector<Value> inputs{steps.sliceAt(steps.gates, t, l.b.getIndexAttr(0), steps.width),
                              steps.recur(state[0], weight)};
    SmallVector<AffineMap> maps(2, l.identity(2));
    return l.parallel({steps.batch, steps.hidden}, TypeRange{own}, inputs, maps,
                      [&](ImplicitLocOpBuilder &b, ValueRange args) {
                        Scalar s(b);
                        Value x = s.add(s.cast(args[0], own, wide), s.cast(args[1], own, wide));
                        Value h = op.getRelu() ? s.maximum(x, s.zero(wide), false) : Value(math::TanhOp::create(b, x));
                        return SmallVector<Value>{s.cast(h, wide, own)};
                      });
  });
  for (auto [result, value] : llvm::zip(op.getResults(), results))
    l.set(result, value);
  return success();
}

void lowering::addRecurrentRules(RuleTable &table) {
  table.add<graph::RnnCellsOp>(lowerRnn);
  table.add<graph::LstmCellsOp>(lowerLstm);
  table.add<graph::GruCellsOp>(lowerGru);
}
