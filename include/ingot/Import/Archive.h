//===- Archive.h - memory-mapped archives of torch --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the zip container of `.pt2` and `.pt` files. Archives are hostile:
// every offset and size is checked before it is used, and an entry whose place
// is wrong is an error of the whole archive, not of its first reader.
#ifndef INGOT_IMPORT_ARCHIVE_H
#define INGOT_IMPORT_ARCHIVE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>
#include <vector>

namespace ingot {

/// One entry of an archive. `offset` and `size` locate its bytes in the file.
struct ArchiveEntry {
  /// Without the archive's root folder: "models/model.json".
  std::string name;
  uint64_t offset = 0;
  uint64_t size = 0;
  uint32_t crc = 0;
  /// 0 is stored, 8 is deflated, which we do not read.
  uint16_t method = 0;
};

/// A memory-mapped zip archive whose entries share one root folder, as torch
/// writes them. Compressed entries are listed but refused when they are read.
class Archive {
public:
  static llvm::Expected<std::unique_ptr<Archive>> open(llvm::StringRef path);

  /// An archive within an archive; `bytes` must stay. `name` is for messages.
  static llvm::Expected<std::unique_ptr<Archive>> openBytes(llvm::StringRef bytes, llvm::StringRef name);

  llvm::StringRef path() const { return filePath; }
  llvm::ArrayRef<ArchiveEntry> entries() const { return table; }
  /// Null when there is no such entry.
  const ArchiveEntry *find(llvm::StringRef name) const;
  /// As `find`; a missing or compressed entry is an error.
  llvm::Expected<const ArchiveEntry *> get(llvm::StringRef name) const;
  /// The bytes of a stored entry, mapped and not copied.
  llvm::StringRef data(const ArchiveEntry &entry) const;
  /// The bytes of a small entry, with its checksum verified.
  llvm::Expected<llvm::StringRef> read(llvm::StringRef name) const;

private:
  std::string filePath;
  std::unique_ptr<llvm::MemoryBuffer> buffer;
  std::vector<ArchiveEntry> table;
  llvm::StringMap<size_t> index;

  static llvm::Expected<std::unique_ptr<Archive>> read(llvm::StringRef path,
                                                       std::unique_ptr<llvm::MemoryBuffer> buffer);
  llvm::Error readDirectory();
};

/// An error that names the archive: "<path>: <message>".
llvm::Error archiveError(llvm::StringRef path, const llvm::Twine &message);

} // namespace ingot

#endif
