//===- Text.h - Python's and TorchScript's text of values -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_TEXT_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_TEXT_H

#include "AbstractValue.h"

namespace ingot::eval {

/// The text that TorchScript's print, str and format give a value (floats with
/// 17 digits, whole ones as "2."); nothing when it depends on data.
std::optional<std::string> displayText(const AV &value);

} // namespace ingot::eval

#endif
