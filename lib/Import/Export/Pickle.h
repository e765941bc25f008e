//===- Pickle.h - the saved state of a script object ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_IMPORT_EXPORT_PICKLE_H
#define INGOT_LIB_IMPORT_EXPORT_PICKLE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <vector>

namespace ingot::exported {

/// A value in a pickle that torch's own pickler wrote.
struct Pickled {
  enum class Kind { None, Bool, Int, Float, Str, List, Tuple, Dict, Global, Object, Mark };
  Kind kind = Kind::None;
  int64_t integer = 0;
  double real = 0;
  std::string text; // Str; Global: "module.name"; Object: its class
  /// Elements; a dict's keys and values in turn; an object's state.
  std::vector<std::shared_ptr<Pickled>> items;
};

/// Reads a pickle as data: nothing in it is called. What is not a number, a
/// string, a container of those or an object of a class is refused.
llvm::Expected<std::shared_ptr<Pickled>> readPickle(llvm::StringRef bytes);

} // namespace ingot::exported

#endif
