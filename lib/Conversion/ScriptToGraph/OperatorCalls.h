//===- OperatorCalls.h - operators made of others ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_OPERATORCALLS_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_OPERATORCALLS_H

#include "Operators.h"

namespace ingot::eval {

/// The first result of an operator, a tensor's value; where it failed (the builder's flags tell), a
/// placeholder.
inline Value callOperator(GraphBuilder &b, llvm::StringRef name, llvm::ArrayRef<AV> args) {
  std::vector<AV> results = runOperator(b, name, args);
  if (b.failed() || results.empty() || !results[0].isTensor())
    return b.placeholder({}, b.defaultDType);
  return b.read(results[0]);
}

} // namespace ingot::eval

#endif
