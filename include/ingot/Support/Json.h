//===- Json.h - JSON of hostile files ---------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_SUPPORT_JSON_H
#define INGOT_SUPPORT_JSON_H

#include "llvm/Support/JSON.h"

namespace ingot {

/// As llvm::json::parse, whose recursion a deeply nested text would turn into a
/// stack overflow: such texts are errors.
llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text);

} // namespace ingot

#endif
