//===- Json.h - checked access to the archive's JSON ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_IMPORT_EXPORT_JSON_H
#define INGOT_LIB_IMPORT_EXPORT_JSON_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <utility>

namespace ingot::exported {

/// One JSON document and checked access to it. An accessor that meets something
/// else than it expects reports one error, which names the archive, the entry
/// and the JSON path, and returns a neutral value; so does every accessor after
/// it. Callers test `failed()` where it matters.
class JsonReader {
public:
  using Value = llvm::json::Value;

  JsonReader(mlir::Location location, std::string document) : location(location), document(std::move(document)) {}

  /// Parses `text`. Deep nesting is refused: the parser is recursive.
  mlir::LogicalResult parse(llvm::StringRef text);

  const Value *root() const { return &value; }
  bool failed() const { return hasFailed; }

  /// A required member that is not null.
  const Value *member(const Value *object, llvm::StringRef key);
  /// Null when the member is missing or null.
  const Value *optional(const Value *object, llvm::StringRef key);
  llvm::StringRef string(const Value *value);
  int64_t integer(const Value *value);
  bool boolean(const Value *value);
  /// A number, or torch's "Infinity", "-Infinity" or "NaN".
  double number(const Value *value);
  llvm::ArrayRef<Value> array(const Value *value);
  const llvm::json::Object &object(const Value *value);
  /// The one member of a tagged union.
  std::pair<llvm::StringRef, const Value *> tagged(const Value *value);

  llvm::StringRef string(const Value *object, llvm::StringRef key) { return string(member(object, key)); }
  int64_t integer(const Value *object, llvm::StringRef key) { return integer(member(object, key)); }
  llvm::ArrayRef<Value> array(const Value *object, llvm::StringRef key) { return array(member(object, key)); }

  /// Reports an error about `value`, at `where` instead of the archive when it
  /// is given; only the first structural error of a document is shown.
  void fail(const Value *value, const llvm::Twine &message);
  /// The path of a value in the document: "$.graph_module.graph.nodes[3]".
  std::string pathOf(const Value *value) const;
  llvm::StringRef name() const { return document; }

private:
  mlir::Location location;
  std::string document;
  Value value = nullptr;
  bool hasFailed = false;
};

} // namespace ingot::exported

#endif
