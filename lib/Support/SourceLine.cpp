//===- SourceLine.cpp - lines of the user's program -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Support/SourceLine.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Path.h"

using namespace mlir;

static FileLineColLoc innermost(Location location) {
  FileLineColLoc found;
  location->walk([&](Location inner) {
    found = dyn_cast<FileLineColLoc>(inner);
    return found ? WalkResult::interrupt() : WalkResult::advance();
  });
  return found;
}

std::string ingot::sourceLine(Location location) {
  FileLineColLoc file = innermost(location);
  if (!file)
    return "";
  std::string text = (file.getFilename().getValue() + ":" + Twine(file.getLine())).str();
  if (file.getColumn())
    text += ":" + std::to_string(file.getColumn());
  return text;
}

std::string ingot::shortSourceLine(Location location) {
  FileLineColLoc file = innermost(location);
  if (!file)
    return "";
  return (llvm::sys::path::filename(file.getFilename()) + ":" + Twine(file.getLine())).str();
}
