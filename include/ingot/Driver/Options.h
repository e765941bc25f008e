//===- Options.h - ingotc's command line ------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_DRIVER_OPTIONS_H
#define INGOT_DRIVER_OPTIONS_H

#include "ingot/Pipeline/Phases.h"

namespace ingot {

enum class Emit { SharedLibrary, Object, Assembly, LLVMIR };

struct DriverOptions {
  std::string executable; // path of ingotc: its resources stand beside it
  std::string input;
  std::string output; // empty: the input's stem in the current folder
  std::vector<InputSpec> inputs;
  std::vector<std::string> methods;
  std::string cpu = "native";
  std::string constantsFile; // empty: embedded
  /// Objects and archives with ingot_register_operators.
  std::vector<std::string> operatorObjects;
  /// Of the text that --stop-after writes.
  enum class Tokens { AsTheyAre, Lifted, Unlifted } tokens = Tokens::AsTheyAre;
  std::string reportFile;
  std::string dumpDirectory;
  Emit emit = Emit::SharedLibrary;
  std::optional<Phase> stopAfter, startFrom;
  unsigned optLevel = 2;
  bool elideForks = true, winograd = true;
  Sanitizer sanitizer = Sanitizer::None;
  unsigned jobs = 0; // 0: one for each core
  bool help = false, version = false;
};

/// False and one message: wrong usage (exit code 2). `userError`: the usage is
/// right, what it names is wrong (a case that cannot be read: exit code 1).
bool parseOptions(llvm::ArrayRef<const char *> args, DriverOptions &options, std::string &error, bool &userError);

std::string helpText();
std::string versionText();

/// Compiles. 0: done; 1: the user's mistake, already reported on stderr.
int compile(const DriverOptions &options);

} // namespace ingot

#endif
