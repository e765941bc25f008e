//===- Attention.h - what forms of attention share --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_ATTENTION_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_ATTENTION_H

#include "GraphBuilder.h"

namespace ingot::eval {

/// [rows, columns]: position i sees positions up to i.
Value causalMask(GraphBuilder &b, Int rows, Int columns);

} // namespace ingot::eval

#endif
