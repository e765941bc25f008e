//===- Recurrent.cpp - LSTM, GRU and RNN layers and cells -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The input's projection is one product over all steps; graph.lstm_cells,
// graph.gru_cells and graph.rnn_cells do what is left, step by step.
#include "OperatorCalls.h"
#include "Packed.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

/// x W^T + bias, the last dimension of x contracted.
Value project(GraphBuilder &b, Value x, Value weight, Value bias) {
  Value y = b.matmulAny(x, b.transpose(weight, 0, 1));
  return bias ? b.add(y, bias) : y;
}

/// One layer's parameters of one direction.
struct Parameters {
  Value inputWeight, hiddenWeight, inputBias, hiddenBias, projection; // but the weights null: none
};

/// One direction of one layer.
struct Direction {
  Parameters parameters;
  int64_t state;
  bool reverse;
  const PackedSteps *packed; // null: all sequences have all steps

  /// The last output, which a packed sequence has at its own end.
  Value final(Value output, Value ofAll) const { return packed ? packed->last(output) : ofAll; }
};

/// A multi-layer, perhaps bidirectional, network over the input [T, N, I], or the rows of a packed sequence.
/// `run` runs one direction of one layer and appends its final states.
Value runLayers(OpCall &c, llvm::function_ref<Value(Value, const Direction &)> run) {
  GraphBuilder &b = c.b;
  Value input = c.value(c.schema.arguments[0].name);
  bool biases = c.flag("has_biases"), both = c.flag("bidirectional");
  int64_t layers = c.constInt("num_layers");
  Values parameters = c.values("params");
  int64_t each = biases ? 4 : 2, count = layers * (both ? 2 : 1);
  bool projects = int64_t(parameters.size()) == (each + 1) * count;
  if (projects)
    ++each;
  if (int64_t(parameters.size()) != each * count) {
    b.raise("RuntimeError", "got an incorrect number of RNN parameters");
    return input;
  }
  double dropout = c.flag("train") ? c.constFloat("dropout") : 0;
  std::optional<PackedSteps> packed;
  if (c.has("batch_sizes"))
    packed.emplace(b, c.value("batch_sizes"));
  bool batchFirst = !packed && c.flag("batch_first");
  if (batchFirst)
    input = b.transpose(input, 0, 1);
  b.check(b.compareInt(arith::CmpIPredicate::sgt, b.size(input, 0), b.size(0)), "RuntimeError",
          "Expected sequence length to be larger than 0 in RNN");
  if (b.failed())
    return input;
  for (int64_t layer = 0; layer < layers; ++layer) {
    Values outputs;
    // What is packed is padded here, and packed again below, because dropout draws for real rows only.
    if (packed)
      input = packed->pad(input);
    for (int64_t reverse = 0; reverse < (both ? 2 : 1); ++reverse) {
      int64_t state = layer * (both ? 2 : 1) + reverse;
      Value *p = &parameters[state * each];
      Parameters own{p[0], p[1], biases ? p[2] : Value(), biases ? p[3] : Value(), projects ? p[each - 1] : Value()};
      if (!packed) {
        outputs.push_back(run(input, {own, state, bool(reverse), nullptr}));
        continue;
      }
      Value x = reverse ? packed->reverse(input) : input;
      Value y = run(x, {own, state, false, &*packed});
      outputs.push_back(reverse ? packed->reverse(y) : y);
    }
    input = both ? b.concat(outputs, 2) : outputs[0];
    if (packed)
      input = packed->pack(input);
    if (dropout && layer + 1 < layers && !b.failed())
      input = callOperator(b, "aten::dropout", {b.fresh(input), AV::real(dropout), AV::boolean(true)});
  }
  return batchFirst ? b.transpose(input, 0, 1) : input;
}

Value zerosLike(GraphBuilder &b, Value v, llvm::ArrayRef<Int> sizes) { return b.full(sizes, 0.0, b.dtype(v)); }

/// One layer's state out of all layers', of the batch and width that its direction takes.
Value stateOf(GraphBuilder &b, Value all, int64_t state, Value x, Int width) {
  for (auto [dim, wanted] : {std::pair(int64_t(1), b.size(x, 1)), std::pair(int64_t(2), width)})
    b.checkEqual(b.size(all, dim), wanted, "RuntimeError",
                 "Expected hidden size {0} in dimension " + Twine(dim) + ", got {1}", {wanted, b.size(all, dim)});
  return b.select(b.refine(all), 0, b.size(state));
}

/// Gates that leave an LSTM's cells as they are where the mask [T, N] does not hold: nothing goes in, all is kept.
Value keepCells(GraphBuilder &b, Value gates, Value mask) {
  constexpr double shut = 3e4; // its exponential is 0 or infinite in every dtype, as f16 can hold it
  Int width = eval::floorDiv(b.size(gates, 2), 4);
  auto block = [&](double value) { return b.full({width}, value, b.dtype(gates)); };
  return b.where(b.unsqueeze(mask, 2), gates, b.concat({block(-shut), block(shut), block(0), block(0)}, 0));
}

Result lstm(OpCall &c) {
  GraphBuilder &b = c.b;
  Values hx = c.values("hx");
  if (hx.size() != 2 || b.rank(hx[0]) != 3 || b.rank(hx[1]) != 3)
    return c.unsupported("an LSTM's hx must be two tensors of three dimensions");
  Values hn, cn;
  Value y = runLayers(c, [&](Value x, const Direction &d) {
    const Parameters &p = d.parameters;
    Value bias = p.inputBias ? b.add(p.inputBias, p.hiddenBias) : Value();
    Value gates = project(b, x, p.inputWeight, bias);
    if (d.packed)
      gates = keepCells(b, gates, d.packed->mask);
    Int hidden = b.size(p.hiddenWeight, 1);
    Value h0 = stateOf(b, hx[0], d.state, x, hidden);
    Value c0 = stateOf(b, hx[1], d.state, x, p.projection ? b.size(p.projection, 1) : hidden);
    Sizes sizes{b.size(x, 0), b.size(x, 1), hidden};
    auto op =
        graph::LstmCellsOp::create(b.b, b.loc, TypeRange{b.tensorType(sizes, b.dtype(x)), h0.getType(), c0.getType()},
                                   gates, p.hiddenWeight, h0, c0, p.projection, d.reverse);
    hn.push_back(d.final(op.getOutput(), op.getHn()));
    cn.push_back(op.getCn());
    return b.note(op.getOutput());
  });
  if (b.failed())
    return {};
  return {y, b.stack(hn, 0), b.stack(cn, 0)};
}

/// GRU and plain layers, whose state is one tensor; `cells` gives the operator of one direction.
Result oneState(OpCall &c,
                llvm::function_ref<Operation *(Value x, const Parameters &, Value h0, TypeRange, bool reverse)> cells) {
  GraphBuilder &b = c.b;
  Value hx = c.value("hx");
  if (b.rank(hx) != 3)
    return c.unsupported("a recurrent layer's hx must have three dimensions");
  Values hn;
  Value y = runLayers(c, [&](Value x, const Direction &d) {
    const Parameters &p = d.parameters;
    Int hidden = b.size(p.hiddenWeight, 1);
    Value h0 = stateOf(b, hx, d.state, x, hidden);
    Sizes sizes{b.size(x, 0), b.size(x, 1), hidden};
    Operation *op = cells(x, p, h0, {b.tensorType(sizes, b.dtype(x)), h0.getType()}, d.reverse);
    hn.push_back(d.final(op->getResult(0), op->getResult(1)));
    return b.note(op->getResult(0));
  });
  if (b.failed())
    return {};
  return {y, b.stack(hn, 0)};
}

Result gru(OpCall &c) {
  GraphBuilder &b = c.b;
  return oneState(c, [&](Value x, const Parameters &p, Value h0, TypeRange types, bool reverse) {
    Value gates = project(b, x, p.inputWeight, p.inputBias);
    Value hiddenBias = p.hiddenBias ? p.hiddenBias : zerosLike(b, x, {b.size(p.hiddenWeight, 0)});
    return graph::GruCellsOp::create(b.b, b.loc, types, gates, p.hiddenWeight, hiddenBias, h0, reverse);
  });
}

template <bool relu>
Result rnn(OpCall &c) {
  GraphBuilder &b = c.b;
  return oneState(c, [&](Value x, const Parameters &p, Value h0, TypeRange types, bool reverse) {
    Value bias = p.inputBias ? b.add(p.inputBias, p.hiddenBias) : Value();
    return graph::RnnCellsOp::create(b.b, b.loc, types, project(b, x, p.inputWeight, bias), p.hiddenWeight, h0, relu,
                                     reverse);
  });
}

/// Column block `i` of `count` equal ones.
Value block(GraphBuilder &b, Value v, int64_t i, Int width) { return b.slice(v, 1, mul(width, b.size(i)), width); }

Value optionalBias(OpCall &c, StringRef name) { return c.has(name) ? c.value(name) : Value(); }

Result lstmCell(OpCall &c) {
  GraphBuilder &b = c.b;
  Values hx = c.values("hx");
  if (hx.size() != 2)
    return c.unsupported("an LSTM cell's hx must be two tensors");
  Value gates = b.add(project(b, c.value("input"), c.value("w_ih"), optionalBias(c, "b_ih")),
                      project(b, hx[0], c.value("w_hh"), optionalBias(c, "b_hh")));
  Int width = b.size(hx[0], 1);
  Value i = b.unary<graph::SigmoidOp>(block(b, gates, 0, width)),
        f = b.unary<graph::SigmoidOp>(block(b, gates, 1, width)), g = b.unary<graph::TanhOp>(block(b, gates, 2, width)),
        o = b.unary<graph::SigmoidOp>(block(b, gates, 3, width));
  Value cell = b.add(b.mul(f, hx[1]), b.mul(i, g));
  return {b.mul(o, b.unary<graph::TanhOp>(cell)), cell};
}

Result gruCell(OpCall &c) {
  GraphBuilder &b = c.b;
  Value h = c.value("hx");
  Value x = project(b, c.value("input"), c.value("w_ih"), optionalBias(c, "b_ih"));
  Value y = project(b, h, c.value("w_hh"), optionalBias(c, "b_hh"));
  Int width = b.size(h, 1);
  Value r = b.unary<graph::SigmoidOp>(b.add(block(b, x, 0, width), block(b, y, 0, width)));
  Value z = b.unary<graph::SigmoidOp>(b.add(block(b, x, 1, width), block(b, y, 1, width)));
  Value n = b.unary<graph::TanhOp>(b.add(block(b, x, 2, width), b.mul(r, block(b, y, 2, width))));
  // n + z (h - n), as ATen computes it.
  return b.add(n, b.mul(z, b.sub(h, n)));
}

template <typename Activation>
Result rnnCell(OpCall &c) {
  GraphBuilder &b = c.b;
  return b.unary<Activation>(b.add(project(b, c.value("input"), c.value("w_ih"), optionalBias(c, "b_ih")),
                                   project(b, c.value("hx"), c.value("w_hh"), optionalBias(c, "b_hh"))));
}

constexpr OperatorRow rows[] = {
    {"aten::lstm.input", lstm},
    {"aten::lstm.data", lstm},
    {"aten::gru.input", gru},
    {"aten::gru.data", gru},
    {"aten::rnn_tanh.input", rnn<false>},
    {"aten::rnn_tanh.data", rnn<false>},
    {"aten::rnn_relu.input", rnn<true>},
    {"aten::rnn_relu.data", rnn<true>},
    {"aten::_pack_padded_sequence", packPadded},
    {"aten::_pad_packed_sequence", padPacked},
    {"aten::lstm_cell", lstmCell},
    {"aten::gru_cell", gruCell},
    {"aten::rnn_tanh_cell", rnnCell<graph::TanhOp>},
    {"aten::rnn_relu_cell", rnnCell<graph::ReluOp>},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::recurrentOperators() { return rows; }
