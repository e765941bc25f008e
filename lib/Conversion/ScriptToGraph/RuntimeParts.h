//===- RuntimeParts.h - lists of parts and tensors of lists -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_RUNTIMEPARTS_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_RUNTIMEPARTS_H

#include "RuntimeValue.h"

namespace ingot::eval {

// Parts of a tensor whose number is known at run time only, as a list.
Result unbindAtRunTime(OpCall &c);
Result splitAtRunTime(OpCall &c);
Result chunkAtRunTime(OpCall &c);
Result tensorSplitAtRunTime(OpCall &c);
/// torch.tensor of a list of numbers whose length is known at run time only.
Result tensorOfList(OpCall &c);
/// prim::tolist: the elements as lists in lists.
Result listOfTensor(OpCall &c);

} // namespace ingot::eval

#endif
