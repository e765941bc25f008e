//===- Schema.h - operator schemas of torch ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The schemas of torch's operators (namespaces aten, prim, prims, profiler), as
// torch 2.13 registers them. The table is sorted text inside the binary; a
// schema is parsed when it is first looked up and then kept, so start-up costs
// nothing. Look-ups are thread-safe.
#ifndef INGOT_SUPPORT_SCHEMA_H
#define INGOT_SUPPORT_SCHEMA_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ingot::schema {

/// What a type of a schema is at its outermost level.
enum class TypeKind {
  Tensor,
  Int,    // int
  SymInt, // SymInt: an int that may be symbolic
  Float,
  Bool,
  Complex,
  Scalar, // Scalar, number: int, float, bool or complex
  Str,
  ScalarType,   // an int, torch's dtype code
  Layout,       // an int
  MemoryFormat, // an int
  Device,
  Generator,
  Storage,
  Stream,
  None,     // NoneType
  Any,      // Any, AnyEnumType, AnyClassType
  Var,      // t, tVal, key: a type variable
  List,     // element[0]; fixedSize for int[2]
  Optional, // element[0]
  Dict,     // element[0] -> element[1]
  Tuple,    // elements
  Future,   // element[0]
  Await,    // element[0]
  RRef,     // element[0]
  Class,    // __torch__.*
};

struct Type {
  TypeKind kind = TypeKind::Any;
  /// "int[2]": a single int is repeated; 0 when the list has any length.
  int64_t fixedSize = 0;
  /// Elements of List, Optional, Dict, Tuple, Future, Await, RRef.
  std::vector<Type> elements;
  /// Name of a type variable or a class.
  std::string name;

  bool isOptional() const { return kind == TypeKind::Optional; }
  bool isList() const { return kind == TypeKind::List; }
  /// The type without an outer Optional.
  const Type &stripOptional() const { return isOptional() ? elements[0] : *this; }
  /// A tensor, an optional one, or a list of those.
  bool holdsTensor() const;
  std::string str() const;
};

/// A default value. None is monostate.
struct Default {
  std::variant<std::monostate, int64_t, double, bool, std::string, std::vector<int64_t>, std::vector<double>,
               std::vector<bool>>
      value;
  bool isNone() const { return std::holds_alternative<std::monostate>(value); }
};

/// `(a!)`, `(a -> *)`, `(a|b)`.
struct AliasInfo {
  bool isWrite = false;
  /// Sets before the arrow; "*" is the wildcard (inside of a container).
  llvm::SmallVector<std::string, 1> before;
  /// Sets after the arrow; equal to `before` without an arrow.
  llvm::SmallVector<std::string, 1> after;
  bool isWildcardAfter() const {
    for (const std::string &set : after)
      if (set == "*")
        return true;
    return false;
  }
};

struct Argument {
  std::string name; // empty for most results
  Type type;
  std::optional<Default> defaultValue;
  bool kwargOnly = false;
  std::optional<AliasInfo> alias;

  bool isWrite() const { return alias && alias->isWrite; }
};

class OperatorSchema {
public:
  /// "aten::add.Tensor"; "aten::relu" when the overload is empty.
  std::string fullName;
  std::string ns;       // "aten"
  std::string name;     // "add"
  std::string overload; // "Tensor" or ""
  std::vector<Argument> arguments;
  std::vector<Argument> results;
  bool isVararg = false; // arguments end in "..."
  bool isVarret = false; // results are "..."

  /// -1 when there is no such argument.
  int argumentIndex(llvm::StringRef argument) const;
  /// Whether any argument is written to: in-place and out= operators.
  bool isMutable() const;
  /// Whether any result aliases an argument: views, in-place, out=.
  bool aliasesInputs() const;
  /// A functional operator whose result may share storage with an argument.
  bool isView() const { return aliasesInputs() && !isMutable(); }
  /// Index of the first argument whose alias set result `result` shares, or -1.
  int aliasedArgument(unsigned result) const;
};

/// The schema of "aten::add.Tensor"; null when the table has none. The pointer
/// stays valid until the process ends.
const OperatorSchema *lookup(llvm::StringRef fullName);

/// The full names of all overloads of "aten::add", in the table's order.
llvm::SmallVector<llvm::StringRef> overloads(llvm::StringRef operatorName);

/// Every schema's text, sorted by full name; one entry per overload.
llvm::ArrayRef<llvm::StringRef> allSchemaTexts();

/// Parses the text of one schema; null and a message in `error` when it is
/// none.
std::unique_ptr<OperatorSchema> parse(llvm::StringRef text, std::string *error = nullptr);

} // namespace ingot::schema

#endif
