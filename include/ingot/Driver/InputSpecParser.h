//===- InputSpecParser.h - --input and --case -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_DRIVER_INPUTSPECPARSER_H
#define INGOT_DRIVER_INPUTSPECPARSER_H

#include "ingot/Support/InputSpec.h"
#include "llvm/ADT/StringRef.h"
#include <vector>

namespace ingot {

/// Parses `[METHOD:]PATH=TYPE`. False and one message on a mistake.
///   TYPE: f32[?,3,N] | i64 | f64 | bool | complex | str | device | dtype | None
///       | Optional[T] | List[T] | [T, ...] | (T, ...) | Tuple[T, ...]
///       | {'key': T, 3: T}
bool parseInputSpec(llvm::StringRef text, InputSpec &spec, std::string &error);

/// The types of a case's arguments (`path`: case.json or its folder), in the
/// format of a recorded case: every size becomes `?`. `method` is the method it calls.
bool parseCase(llvm::StringRef path, std::vector<InputSpec> &specs, std::string &method, std::string &error);

} // namespace ingot

#endif
