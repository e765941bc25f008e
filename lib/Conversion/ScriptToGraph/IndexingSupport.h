//===- IndexingSupport.h - what operators on indices share ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_INDEXINGSUPPORT_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_INDEXINGSUPPORT_H

#include "GraphBuilder.h"

namespace ingot::eval {

/// i64, with `size` added to negative ones.
Value wrapIndex(GraphBuilder &b, Value index, Int size);
/// Indices [count, rank] of the non-zero elements.
Value nonzeroOf(GraphBuilder &b, Value v);
/// input with source written (or combined) at the places of `index` along `dim`.
Value scatterOf(GraphBuilder &b, Value v, Value index, Value source, int64_t dim, llvm::StringRef reduction);
Value gatherOf(GraphBuilder &b, Value v, Value index, int64_t dim);

} // namespace ingot::eval

#endif
