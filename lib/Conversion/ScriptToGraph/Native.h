//===- Native.h - building calls of the runtime's kernels -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_NATIVE_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_NATIVE_H

#include "GraphBuilder.h"

namespace ingot::eval {

struct NativeResult {
  Sizes sizes;
  int64_t dtype;
};

/// Kernel ingot_native_NAME of the runtime; iterations over the first `batch`
/// dimensions of the first result.
inline Values native(GraphBuilder &b, llvm::StringRef kernel, llvm::ArrayRef<Value> inputs,
                     llvm::ArrayRef<NativeResult> results, int64_t batch = 0, llvm::ArrayRef<int64_t> parameters = {}) {
  llvm::SmallVector<mlir::Type> types;
  for (const NativeResult &r : results)
    types.push_back(b.tensorType(r.sizes, r.dtype));
  auto op = graph::NativeOp::create(b.b, b.loc, types, b.b.getStringAttr(kernel), inputs,
                                    b.b.getDenseI64ArrayAttr(parameters), b.b.getI64IntegerAttr(batch));
  return Values(op.getResults().begin(), op.getResults().end());
}

/// A number as a parameter of a kernel.
inline int64_t bitsOf(double x) {
  int64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

/// A special function of runtime/native, element by element; broadcasts.
inline Value special(GraphBuilder &b, llvm::StringRef function, llvm::ArrayRef<Value> operands) {
  Values v = b.broadcast(operands);
  return graph::SpecialOp::create(b.b, b.loc, v[0].getType(), b.b.getStringAttr(function), v);
}

inline bool isHalf(int64_t dtype) { return dtype == int64_t(DType::Float16) || dtype == int64_t(DType::BFloat16); }

/// The dtype that kernels compute `dtype` in: f16 and bf16 in f32.
inline int64_t computeDType(int64_t dtype) { return isHalf(dtype) ? int64_t(DType::Float32) : dtype; }

} // namespace ingot::eval

#endif
