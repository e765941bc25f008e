//===- Progress.h - one line on a terminal, nothing in a pipe ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_DRIVER_PROGRESS_H
#define INGOT_LIB_DRIVER_PROGRESS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <mutex>
#include <string>

namespace ingot {

class Progress {
public:
  explicit Progress(unsigned phases) : shown(llvm::sys::Process::StandardErrIsDisplayed()), phases(phases) {}

  void enter(unsigned phase, llvm::StringRef name) {
    head = ("[" + llvm::Twine(phase + 1) + "/" + llvm::Twine(phases) + "] " + name).str();
    show(head);
  }
  /// `done` of `all` parts of the phase; from any thread.
  void part(unsigned done, unsigned all) { show((head + " " + llvm::Twine(done) + "/" + llvm::Twine(all)).str()); }
  void clear() {
    if (shown && !line.empty())
      llvm::errs() << "\r\033[K";
    line.clear();
  }

private:
  void show(std::string text) {
    if (!shown)
      return;
    std::lock_guard lock(mutex);
    line = std::move(text);
    llvm::errs() << "\r\033[K" << line;
    llvm::errs().flush();
  }

  bool shown;
  unsigned phases;
  std::string head, line;
  std::mutex mutex;
};

} // namespace ingot

#endif
