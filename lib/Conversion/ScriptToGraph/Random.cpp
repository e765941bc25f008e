//===- Random.cpp - operators that draw random numbers ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dropout in evaluation draws nothing. Operators that do draw are refused: they
// have no row yet.
#include "Operators.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

bool drawsNothing(OpCall &c) {
  auto training = c.arg("train").isNone() ? std::optional<bool>(true) : c.arg("train").knownBool();
  return (training && !*training) || c.arg("p").knownDouble() == 0;
}

Result dropout(OpCall &c) {
  if (!drawsNothing(c))
    return c.unsupported("dropout in training mode");
  // torch returns the very same tensor.
  return c.tensor(c.schema.argumentIndex("input") >= 0 ? "input" : "self");
}

Result nativeDropout(OpCall &c) {
  GraphBuilder &b = c.b;
  if (!drawsNothing(c))
    return c.unsupported("dropout in training mode");
  Value v = c.value("input");
  return {v, b.full(b.sizes(v), 1.0, int64_t(DType::Bool))};
}

constexpr OperatorRow rows[] = {
    {"aten::dropout", dropout},         {"aten::feature_dropout", dropout},
    {"aten::alpha_dropout", dropout},   {"aten::feature_alpha_dropout", dropout},
    {"aten::native_dropout", nativeDropout},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::randomOperators() { return rows; }
