//===- Json.cpp - JSON of hostile files -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Support/Json.h"

using namespace llvm;

// Every level of nested control flow takes about ten levels of JSON.
static constexpr unsigned kMaxDepth = 400;

/// Whether brackets outside of strings nest deeper than `limit`.
static bool nestsDeeperThan(StringRef text, unsigned limit) {
  unsigned depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      if (++depth > limit)
        return true;
    } else if ((c == ']' || c == '}') && depth) {
      --depth;
    }
  }
  return false;
}

Expected<json::Value> ingot::parseJson(StringRef text) {
  if (nestsDeeperThan(text, kMaxDepth))
    return createStringError("nested deeper than " + Twine(kMaxDepth) + " levels");
  return json::parse(text);
}
