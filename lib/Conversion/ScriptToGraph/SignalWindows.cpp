//===- SignalWindows.cpp - window functions of signals ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "OperatorCalls.h"

#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

/// The places 0, 1, ... of a window and what is computed of them: a periodic one is the first `length` numbers of a
/// symmetric one of `length` + 1.
struct Window {
  GraphBuilder &b;
  int64_t dtype;
  Value places; // [length]
  Value last;   // the last place of the symmetric window, a scalar

  Value cosine(double turns) const { // cos(2 pi turns n / last)
    return b.unary<graph::CosOp>(b.div(b.mul(places, 2 * M_PI * turns), last));
  }
};

/// `body` gives the window's numbers; one of a single place is 1.
Result windowOf(OpCall &c, llvm::function_ref<Value(const Window &)> body) {
  GraphBuilder &b = c.b;
  Int length = c.integer("window_length");
  bool periodic = c.flag("periodic", true);
  int64_t dtype = c.dtype("dtype", b.defaultDType);
  if (!GraphBuilder::isFloating(dtype))
    b.raise("RuntimeError",
            Twine(c.schema.name) + " expects floating point dtypes, got: " + GraphBuilder::scalarTypeName(dtype));
  b.check(b.compareInt(arith::CmpIPredicate::sge, length, b.size(0)), "RuntimeError",
          Twine(c.schema.name) + " requires non-negative window_length, got window_length={0}", {length});
  if (b.failed())
    return {};
  int64_t computed = dtypeSize(dtype) < 4 ? int64_t(DType::Float32) : dtype;
  Int last = periodic ? length : b.maxInt(sub(length, b.size(1)), b.size(1));
  Window window{b, computed, b.iota({length}, 0, computed), b.scalar(AV::integer(last), computed)};
  Value single = b.compare<graph::EqOp>(b.scalar(AV::integer(length), int64_t(DType::Int64)),
                                        b.scalarInt(1, int64_t(DType::Int64)));
  return b.cast(b.where(single, b.full({length}, 1.0, computed), body(window)), dtype);
}

/// alpha - beta cos(2 pi n / last): hann and hamming.
template <bool Hamming>
Result cosineWindow(OpCall &c) {
  double alpha = c.constFloat("alpha", Hamming ? 0.54 : 0.5), beta = c.constFloat("beta", Hamming ? 0.46 : 0.5);
  return windowOf(c, [&](const Window &w) { return w.b.add(w.b.mul(w.cosine(1), -beta), alpha); });
}
Result blackmanWindow(OpCall &c) {
  return windowOf(c, [&](const Window &w) {
    return w.b.add(w.b.sub(w.b.mul(w.cosine(2), 0.08), w.b.mul(w.cosine(1), 0.5)), 0.42);
  });
}
/// A triangle.
Result bartlettWindow(OpCall &c) {
  return windowOf(c, [&](const Window &w) {
    Value rising = w.b.div(w.b.mul(w.places, 2.0), w.last);
    return w.b.binary<graph::MinimumOp>(rising, w.b.add(w.b.mul(rising, -1.0), 2.0));
  });
}
/// I0(beta sqrt(1 - (2 n / last - 1)^2)) / I0(beta)
Result kaiserWindow(OpCall &c) {
  double beta = c.constFloat("beta", 12);
  return windowOf(c, [&](const Window &w) {
    GraphBuilder &b = w.b;
    Value x = b.add(b.div(b.mul(w.places, 2.0), w.last), -1.0);
    Value inside = b.add(b.mul(b.mul(x, x), -1.0), 1.0);
    Value root = b.unary<graph::SqrtOp>(b.binary<graph::MaximumOp>(inside, 0.0));
    auto bessel = [&](Value v) { return callOperator(b, "aten::i0", {b.fresh(v)}); };
    return b.div(bessel(b.mul(root, beta)), bessel(b.scalar(beta, w.dtype)));
  });
}

const OperatorRow rows[] = {
    {"aten::hann_window.*", cosineWindow<false>}, {"aten::hamming_window.*", cosineWindow<true>},
    {"aten::blackman_window.*", blackmanWindow},  {"aten::bartlett_window.*", bartlettWindow},
    {"aten::kaiser_window.*", kaiserWindow},
};

} // namespace

ArrayRef<OperatorRow> eval::windowOperators() { return rows; }
