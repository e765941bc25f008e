//===- Guard.h - the input checks of a torch.export archive -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A guard is a Python expression on the program's inputs, such as
//   "2*(L['x'].size()[3] // 2) < 1 + L['x'].size()[3]"
// that `ep.module()` asserts before it runs the program.
#ifndef INGOT_LIB_IMPORT_EXPORT_GUARD_H
#define INGOT_LIB_IMPORT_EXPORT_GUARD_H

#include "Emitter.h"
#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <map>
#include <string>
#include <vector>

namespace ingot::exported {

/// A node of a guard's syntax tree.
struct GuardExpression {
  enum class Kind {
    Integer,
    Float,
    Boolean,
    String,
    None,
    /// An input, by its Python path: "['x'][0]".
    Input,
    /// size(input, dimension) and its like: `text` is "size", "stride",
    /// "storage_offset"; operand 0 is the input.
    Property,
    /// `text` is an operator of Emitter::python, or "ite".
    Operator,
  };
  Kind kind = Kind::Integer;
  std::string text;
  int64_t integer = 0;
  double real = 0;
  std::vector<GuardExpression> operands;

  /// The text that torch puts into "Guard failed: ...".
  std::string str() const;
};

llvm::Expected<GuardExpression> parseGuard(llvm::StringRef text);

/// An input that guards can name.
struct GuardInput {
  /// Its path in the program's signature; the tracer may have used another.
  std::string path;
  mlir::Value value;
  /// Sizes of a tensor, or the one expression of a symbolic int.
  llvm::SmallVector<mlir::AffineExpr> expressions;
};

/// Emits guards as assertions. A guard that the inputs' declared sizes already
/// imply is left out.
class GuardEmitter {
public:
  GuardEmitter(Emitter &emitter, const llvm::StringMap<GuardInput> &inputs) : emitter(emitter), inputs(inputs) {}

  llvm::Error emit(GuardExpression guard) {
    rename(guard);
    return emit(guard, "Guard failed: " + guard.str());
  }

private:
  Emitter &emitter;
  const llvm::StringMap<GuardInput> &inputs;
  std::map<std::string, mlir::Value> properties;

  /// Names inputs by their paths in the signature.
  void rename(GuardExpression &expression) const;
  mlir::AffineExpr fold(const GuardExpression &expression) const;
  /// Whether the expression is true for any inputs; only what is evident.
  bool isImplied(const GuardExpression &guard) const;
  llvm::Expected<mlir::Value> value(const GuardExpression &expression);
  llvm::Error emit(const GuardExpression &guard, const std::string &message);
};

} // namespace ingot::exported

#endif
