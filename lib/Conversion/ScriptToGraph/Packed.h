//===- Packed.h - sequences of several lengths ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A packed sequence is the rows of a padded one [T, B, ...] that are not
// padding, step by step, and how many rows each step has. Recurrent layers
// compute on the padded form: what they do past a sequence's end is cut off.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_PACKED_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_PACKED_H

#include "Operators.h"

namespace ingot::eval {

class PackedSteps {
public:
  /// Of the steps' numbers of rows [T]; T is at least 1.
  PackedSteps(GraphBuilder &b, Value batchSizes);

  Value pad(Value data) const; // rows [S, ...] to [T, B, ...], with zeros
  Value pack(Value padded) const;
  /// Every sequence [T, B, F] from its own last step to its first.
  Value reverse(Value padded) const;
  /// A sequence's last step of [T, B, F], of all sequences: [B, F].
  Value last(Value padded) const;
  Value lengths() const; // [B]

  Value mask; // [T, B]: what is no padding
  Int steps, batch;

private:
  /// Rows of [T, B, F] at `index` [N, B] of the steps.
  Value take(Value padded, Value index) const;

  GraphBuilder &b;
  Value sizes; // [T, 1]
};

/// aten::_pack_padded_sequence and aten::_pad_packed_sequence.
Result packPadded(OpCall &c);
Result padPacked(OpCall &c);

} // namespace ingot::eval

#endif
