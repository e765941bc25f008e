//===- ingotc.cpp - the compiler's command line -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Driver/Options.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

int main(int argc, char **argv) {
  llvm::sys::PrintStackTraceOnErrorSignal(argv[0]);
  ingot::DriverOptions options;
  std::string error;
  bool userError = false;
  options.executable = llvm::sys::fs::getMainExecutable(argv[0], (void *)&main);
  llvm::ArrayRef<const char *> args(argv + 1, argc - 1);
  if (!ingot::parseOptions(args, options, error, userError)) {
    llvm::errs() << "error: " << error << "\n";
    if (userError)
      return 1;
    llvm::errs() << "Try 'ingotc --help'.\n";
    return 2;
  }
  if (options.help || options.version) {
    llvm::outs() << (options.help ? ingot::helpText() : ingot::versionText());
    return 0;
  }
  int code = ingot::compile(options);
  llvm::outs().flush();
  llvm::errs().flush();
  return code;
}
