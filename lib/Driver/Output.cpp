//===- Output.cpp - files that are whole or not there -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Output.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"

#include <sys/stat.h>

using namespace ingot;
using llvm::StringRef;

bool Output::failed(StringRef what, const std::string &why) {
  message = ("cannot " + what + " '" + path + "': " + why).str();
  return false;
}

bool Output::open() {
  if (llvm::sys::fs::is_directory(path))
    return failed("write", "it is a folder");
  int file;
  // A device or a pipe is written, never replaced.
  if (llvm::sys::fs::exists(path) && !llvm::sys::fs::is_regular_file(path)) {
    if (std::error_code ec = llvm::sys::fs::openFileForWrite(path, file, llvm::sys::fs::CD_OpenExisting))
      return failed("write", ec.message());
    stream = std::make_unique<llvm::raw_fd_ostream>(file, /*shouldClose=*/true);
    return true;
  }
  llvm::SmallString<256> made;
  // 0666: the user's umask decides, as for any compiler's output.
  if (std::error_code ec = llvm::sys::fs::createUniqueFile(path + ".%%%%%%.tmp", file, made, llvm::sys::fs::OF_None,
                                                           llvm::sys::fs::all_read | llvm::sys::fs::all_write))
    return failed("write", ec.message());
  temporary = made.str().str();
  llvm::sys::RemoveFileOnSignal(temporary);
  stream = std::make_unique<llvm::raw_fd_ostream>(file, /*shouldClose=*/true);
  return true;
}

void Output::closeStream() {
  if (!stream)
    return;
  stream->close();
  if (stream->has_error()) {
    writeError = stream->error().message();
    stream->clear_error();
  }
  stream = nullptr;
}

bool Output::commit() {
  closeStream();
  if (!writeError.empty())
    return failed("write", writeError);
  if (temporary.empty())
    return true;
  if (std::error_code ec = llvm::sys::fs::rename(temporary, path))
    return failed("write", ec.message());
  llvm::sys::DontRemoveFileOnSignal(temporary);
  temporary.clear();
  return true;
}

Output::~Output() {
  closeStream();
  if (temporary.empty())
    return;
  llvm::sys::fs::remove(temporary);
  llvm::sys::DontRemoveFileOnSignal(temporary);
}

bool TemporaryFolder::create() {
  if (std::error_code ec = llvm::sys::fs::createUniqueDirectory("ingotc", path)) {
    message = "cannot create a temporary folder: " + ec.message();
    return false;
  }
  return true;
}

std::string TemporaryFolder::file(StringRef name) const {
  llvm::SmallString<128> full(path);
  llvm::sys::path::append(full, name);
  return full.str().str();
}

TemporaryFolder::~TemporaryFolder() {
  if (!path.empty())
    llvm::sys::fs::remove_directories(path);
}

std::string ingot::resourceFolder(StringRef executable) {
  llvm::SmallString<256> path(llvm::sys::path::parent_path(executable));
  llvm::sys::path::append(path, "..", "lib", "ingot");
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  llvm::SmallString<256> runtime(path);
  llvm::sys::path::append(runtime, "libingot_rt.a");
  return llvm::sys::fs::exists(runtime) ? path.str().str() : std::string();
}
