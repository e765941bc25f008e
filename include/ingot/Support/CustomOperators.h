//===- CustomOperators.h - operators of the user's own ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Neither archive holds the schema of an operator that is not torch's own: which
// arguments it writes, which may be left out. `ingotc --operators FILE` declares
// them, one a line:
//
//   space::name(TYPE NAME, ...) -> RESULTS [effect=KEY] [results=TYPE,...]
//
// `effect` puts the operator on that chain of effects; `results` gives the dtype
// and the sizes of the tensors among the results ("f32[?,3]"), where the archive
// does not. A method of a script object's class is space::Class.method, the
// object its first argument.
#ifndef INGOT_SUPPORT_CUSTOMOPERATORS_H
#define INGOT_SUPPORT_CUSTOMOPERATORS_H

#include "ingot/Support/Schema.h"

namespace ingot::schema {

struct ResultType {
  int64_t dtype = -1;
  std::vector<int64_t> sizes; // -1: any
};

struct CustomOperator {
  std::string declaration; // the whole line
  std::string text;        // the schema
  std::string effect;      // empty: none was given
  std::vector<ResultType> results;
  std::unique_ptr<OperatorSchema> schema;
};

/// Declares the lines of a text; "#" begins a comment. Empty, or what is wrong
/// with which line. The same declaration twice is one.
std::string declareOperators(llvm::StringRef text);

/// Null when no such operator was declared. schema::lookup finds them too.
const CustomOperator *lookupCustom(llvm::StringRef fullName);

/// All declarations, one a line, sorted.
std::string declaredOperators();

} // namespace ingot::schema

#endif
