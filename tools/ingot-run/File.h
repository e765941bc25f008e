//===- File.h - files read and written by ingot-run -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUN_FILE_H
#define INGOT_RUN_FILE_H

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace ingot::run {

/// A file mapped for reading. A missing or unreadable file is a UserError.
class MappedFile {
public:
  MappedFile() = default;
  explicit MappedFile(const std::string &path);
  MappedFile(MappedFile &&o) noexcept { *this = std::move(o); }
  MappedFile &operator=(MappedFile &&o) noexcept {
    std::swap(base, o.base);
    std::swap(length, o.length);
    return *this;
  }
  MappedFile(const MappedFile &) = delete;
  ~MappedFile();

  const char *data() const { return base; }
  size_t size() const { return length; }
  std::string_view view() const { return {base, length}; }

private:
  char *base = nullptr;
  size_t length = 0;
};

bool fileExists(const std::string &path);
bool isDirectory(const std::string &path);
/// Makes the folder (its parents too) unless it is there.
void makeDirectory(const std::string &path);
/// Writes to a temporary name in the same folder, then renames.
void writeFile(const std::string &path, std::string_view bytes);
/// The part before the last '/', or ".".
std::string directoryOf(const std::string &path);

} // namespace ingot::run

#endif
