//===- Pytree.h - containers of torch.export's signatures -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An exported program takes and gives flat leaves; the archive keeps the
// containers they came from as the JSON of a TreeSpec.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_PYTREE_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_PYTREE_H

#include "AbstractValue.h"
#include "llvm/Support/JSON.h"

namespace ingot::eval {

/// Puts leaves back into their containers; nullopt: there are too few.
std::optional<AV> unflatten(const llvm::json::Value &spec, llvm::ArrayRef<AV> leaves, size_t &next);
/// The signature's type of a tree whose leaves have these types.
mlir::Attribute treeType(const llvm::json::Value &spec, llvm::ArrayRef<mlir::Attribute> leaves, size_t &next,
                         mlir::MLIRContext *context);
/// How Python reaches the leaves from the value called `path`: "d['a'][0]".
void leafPaths(const llvm::json::Value &spec, const std::string &path, mlir::MLIRContext *context,
               std::vector<std::string> &paths);

} // namespace ingot::eval

#endif
