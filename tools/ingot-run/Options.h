//===- Options.h - command line of ingot-run --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUN_OPTIONS_H
#define INGOT_RUN_OPTIONS_H

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ingot::run {

struct Options {
  std::string library;
  std::optional<std::string> casePath;
  std::optional<std::string> method;
  std::optional<std::string> outDir;
  std::vector<std::pair<std::string, std::string>> inputs; ///< NAME, value
  std::vector<std::string> operators;                      ///< libraries of custom operators
  bool signature = false;
  bool json = false;
  bool check = false;
  bool help = false;
  bool version = false;
  std::optional<int64_t> repeat;
  std::optional<double> minTime;
  int64_t warmup = 0;
  std::optional<int32_t> threads;

  /// Whether more calls than the first are wanted.
  bool timed() const { return repeat || minTime; }
};

/// Throws UsageError.
Options parseOptions(int argc, char **argv);
const char *usageText();

} // namespace ingot::run

#endif
