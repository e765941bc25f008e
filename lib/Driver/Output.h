//===- Output.h - files that are whole or not there -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_DRIVER_OUTPUT_H
#define INGOT_LIB_DRIVER_OUTPUT_H

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>
#include <string>

namespace ingot {

/// A file under a temporary name beside its own, renamed by commit(). Without
/// commit nothing of it is left.
class Output {
public:
  explicit Output(std::string path) : path(std::move(path)) {}
  Output(const Output &) = delete;
  Output &operator=(const Output &) = delete;
  ~Output();

  bool open();
  llvm::raw_fd_ostream &os() { return *stream; }
  /// For those who write the temporary file themselves.
  void closeStream();
  std::string temporaryPath() const { return temporary; }
  bool commit();
  const std::string &error() const { return message; }

private:
  bool failed(llvm::StringRef what, const std::string &why);

  std::string path, temporary, message, writeError;
  std::unique_ptr<llvm::raw_fd_ostream> stream;
};

/// A folder in the system's place for temporary files, removed at the end.
class TemporaryFolder {
public:
  ~TemporaryFolder();
  bool create();
  std::string file(llvm::StringRef name) const;
  const std::string &error() const { return message; }

private:
  llvm::SmallString<128> path;
  std::string message;
};

/// The folder with the runtime and the stubs: lib/ingot beside the executable's
/// folder; empty when there is none.
std::string resourceFolder(llvm::StringRef executable);

} // namespace ingot

#endif
