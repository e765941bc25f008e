//===- GraphRewrite.h - small makers of graph ops ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_TRANSFORMS_GRAPHREWRITE_H
#define INGOT_LIB_TRANSFORMS_GRAPHREWRITE_H

#include "dialects/Graph/Graph.h"

#include "mlir/IR/PatternMatch.h"

namespace ingot::transforms {

using namespace mlir;

inline RankedTensorType typeOf(Value v) { return cast<RankedTensorType>(v.getType()); }

/// All sizes as expressions; nothing when one is open.
std::optional<SmallVector<AffineExpr>> knownSizes(Value v);

Value reshapeTo(OpBuilder &b, Location loc, Value v, ArrayRef<AffineExpr> sizes);
Value permute(OpBuilder &b, Location loc, Value v, ArrayRef<int64_t> permutation);
Value expandTo(OpBuilder &b, Location loc, Value v, ArrayRef<AffineExpr> sizes);
SmallVector<int64_t> inverse(ArrayRef<int64_t> permutation);
/// values[permutation[i]] for all i.
template <typename T>
SmallVector<T> permuted(ArrayRef<T> values, ArrayRef<int64_t> permutation) {
  SmallVector<T> result;
  for (int64_t i : permutation)
    result.push_back(values[i]);
  return result;
}
bool isOne(AffineExpr size);

/// `v` (an operand that repeats few elements: a constant, a full, an expand)
/// rearranged without moving elements; null when it is none of these.
Value permuteBroadcast(OpBuilder &b, Location loc, Value v, ArrayRef<int64_t> permutation);
/// The same without the dimensions for which `dropped` holds (all of size 1).
Value dropFromBroadcast(OpBuilder &b, Location loc, Value v, ArrayRef<bool> dropped);

bool isElementwise(Operation *op);
/// The op on other operands, of other sizes.
Value cloneElementwise(OpBuilder &b, Operation *op, ArrayRef<Value> operands, ArrayRef<AffineExpr> sizes);

void addDecomposePatterns(RewritePatternSet &patterns);
void addLayoutPatterns(RewritePatternSet &patterns);
void addSimplifyPatterns(RewritePatternSet &patterns);

} // namespace ingot::transforms

#endif
