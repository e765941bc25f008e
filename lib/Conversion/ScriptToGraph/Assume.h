//===- Assume.h - structure that depends on sizes ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_ASSUME_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_ASSUME_H

#include "GraphBuilder.h"

namespace ingot::eval {

/// Whether a condition on sizes holds on which the rank of a result depends. Ranks are fixed while
/// compiling: where the condition is open it is taken to be as `recorded` (in the recorded call),
/// else as `otherwise`, and a call in which it is not so raises. `what` is the condition as text,
/// with holes for `values`.
inline bool assume(GraphBuilder &b, llvm::StringRef name, const AV &condition, std::optional<bool> recorded,
                   bool otherwise, const llvm::Twine &what, llvm::ArrayRef<Int> values) {
  if (std::optional<bool> known = condition.knownBool())
    return *known;
  bool yes = recorded.value_or(otherwise);
  b.check(yes ? condition : b.notBool(condition), "RuntimeError",
          name + ": the form of the result depends on whether " + what +
              ", and the program was compiled for calls where it is " + (yes ? "so" : "not so") +
              "; --input with fixed sizes compiles it for this one",
          values);
  return yes;
}

/// The same for equal sizes, which are provably equal then.
inline bool assumeEqual(GraphBuilder &b, llvm::StringRef name, Int lhs, Int rhs, const llvm::Twine &what,
                        bool otherwise = false) {
  std::optional<int64_t> x = b.recorded(lhs), y = b.recorded(rhs);
  bool yes = assume(b, name, b.compareInt(mlir::arith::CmpIPredicate::eq, lhs, rhs),
                    x && y ? std::optional(*x == *y) : std::nullopt, otherwise, what, {lhs, rhs});
  if (yes)
    b.learnEqual(lhs, rhs);
  return yes;
}

} // namespace ingot::eval

#endif
