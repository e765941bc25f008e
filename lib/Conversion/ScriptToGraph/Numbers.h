//===- Numbers.h - arithmetic of host numbers -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_NUMBERS_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_NUMBERS_H

#include "Operators.h"

namespace ingot::eval {

/// int(v): a float is truncated, a bool is 0 or 1.
AV truncatedNumber(GraphBuilder &b, const AV &v);
/// bool(v).
AV truthOfNumber(GraphBuilder &b, const AV &v);
/// A number in the kind that the schema's result has.
AV coercedNumber(OpCall &c, AV v);

} // namespace ingot::eval

#endif
