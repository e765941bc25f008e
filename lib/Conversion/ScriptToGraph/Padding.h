//===- Padding.h - padded tensors -------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_PADDING_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_PADDING_H

#include "Operators.h"

namespace ingot::eval {

/// torch.nn.functional.pad: amounts in front of and behind the last dimension, then of the one before, and so on.
Value padded(OpCall &c, Value v, llvm::ArrayRef<Int> amounts, llvm::StringRef mode, const AV &value);

/// aten::pad_sequence of a list of known length.
Result padSequence(OpCall &c);

} // namespace ingot::eval

#endif
