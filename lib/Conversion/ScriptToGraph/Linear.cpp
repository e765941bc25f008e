//===- Linear.cpp - matrix products -----------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Operators.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

bool sameDTypes(OpCall &c, Value x, Value y) {
  GraphBuilder &b = c.b;
  if (b.dtype(x) == b.dtype(y))
    return true;
  b.raise("RuntimeError", "expected m1 and m2 to have the same dtype, but got: " + b.scalarTypeName(b.dtype(x)) +
                              " != " + b.scalarTypeName(b.dtype(y)));
  return false;
}

Result linear(OpCall &c) {
  GraphBuilder &b = c.b;
  Value x = c.value("input"), w = c.value("weight");
  if (!sameDTypes(c, x, w))
    return {};
  Value y = b.matmulAny(x, b.rank(w) == 2 ? b.transpose(w, 0, 1) : w);
  return c.has("bias") ? b.add(y, c.value("bias")) : y;
}

Result matmul(OpCall &c) {
  Value x = c.value("self"), y = c.value(c.schema.argumentIndex("other") >= 0 ? "other" : "mat2");
  if (!sameDTypes(c, x, y))
    return {};
  return c.b.matmulAny(x, y);
}

template <int64_t left, int64_t right>
Result product(OpCall &c, StringRef second) {
  GraphBuilder &b = c.b;
  Value x = c.value("self"), y = c.value(second);
  if (!sameDTypes(c, x, y))
    return {};
  if (b.rank(x) != left || b.rank(y) != right) {
    b.raise("RuntimeError", Twine(left == 3 ? "batch1" : "self") + " must be a " + Twine(left) + "D tensor and " +
                                second + " a " + Twine(right) + "D tensor");
    return {};
  }
  if (left == 3)
    b.checkEqual(b.size(x, 0), b.size(y, 0), "RuntimeError",
                 "Expected size for first two dimensions of batch2 tensor to be: [{0}] but got: [{1}].",
                 {b.size(x, 0), b.size(y, 0)});
  return b.matmulAny(x, y);
}

Result mm(OpCall &c) { return product<2, 2>(c, "mat2"); }
Result bmm(OpCall &c) { return product<3, 3>(c, "mat2"); }
Result mv(OpCall &c) { return product<2, 1>(c, "vec"); }
Result dot(OpCall &c) { return product<1, 1>(c, c.schema.argumentIndex("other") >= 0 ? "other" : "tensor"); }

/// beta * self + alpha * product; a beta of 0 leaves self out, NaNs and all.
Result scaledSum(OpCall &c, Value product) {
  GraphBuilder &b = c.b;
  if (b.failed())
    return {};
  auto isNumber = [](const AV &a, double value) { return a.isNone() ? value == 1 : a.knownDouble() == value; };
  auto scaled = [&](Value v, const AV &factor) {
    return isNumber(factor, 1) ? v : b.mul(v, b.scalar(factor, b.dtype(v)));
  };
  Value y = scaled(product, c.arg("alpha"));
  if (isNumber(c.arg("beta"), 0))
    return y;
  return b.add(scaled(b.cast(c.value("self"), b.dtype(product)), c.arg("beta")), y);
}

Result addmm(OpCall &c) { return scaledSum(c, c.b.matmulAny(c.value("mat1"), c.value("mat2"))); }
Result addmv(OpCall &c) { return scaledSum(c, c.b.matmulAny(c.value("mat"), c.value("vec"))); }
Result baddbmm(OpCall &c) { return scaledSum(c, c.b.matmulAny(c.value("batch1"), c.value("batch2"))); }
Result addbmm(OpCall &c) {
  Value p = c.b.matmulAny(c.value("batch1"), c.value("batch2"));
  return scaledSum(c, c.b.reduce<graph::SumOp>(p, {0}, false));
}

Value outerOf(GraphBuilder &b, Value x, Value y) { return b.mul(b.unsqueeze(x, 1), b.unsqueeze(y, 0)); }
Result outer(OpCall &c) {
  GraphBuilder &b = c.b;
  Operand x = c.operand("self"), y = c.operand("vec2");
  int64_t dtype = b.promote({x, y});
  return outerOf(b, b.cast(x.value, dtype), b.cast(y.value, dtype));
}
Result addr(OpCall &c) { return scaledSum(c, outerOf(c.b, c.value("vec1"), c.value("vec2"))); }

constexpr OperatorRow rows[] = {
    {"aten::linear", linear},
    {"aten::matmul", matmul},
    {"aten::linalg_matmul", matmul},
    {"aten::__matmul__", matmul},
    {"aten::mm", mm},
    {"aten::bmm", bmm},
    {"aten::mv", mv},
    {"aten::dot", dot},
    {"aten::addmm", addmm},
    {"aten::addmv", addmv},
    {"aten::baddbmm", baddbmm},
    {"aten::addbmm", addbmm},
    {"aten::outer", outer},
    {"aten::ger", outer},
    {"aten::addr", addr},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::linearOperators() { return rows; }
