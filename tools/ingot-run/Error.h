//===- Error.h - errors of ingot-run ----------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUN_ERROR_H
#define INGOT_RUN_ERROR_H

#include <stdexcept>
#include <string>

namespace ingot::run {

/// The user's mistake: one line on stderr, exit code 1.
struct UserError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A wrong command line: one line and the usage's hint on stderr, exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The call ended with an exception of the program, or an argument was refused
/// by the method's schema. A result where `--out` asks for one.
struct Raised {
  std::string type, message;
  bool atArguments = false;
  std::string where; ///< "model.py:12", or ""
};

[[noreturn]] inline void fail(const std::string &message) { throw UserError(message); }

} // namespace ingot::run

#endif
