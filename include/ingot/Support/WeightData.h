//===- WeightData.h - bytes of saved weights --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_SUPPORT_WEIGHTDATA_H
#define INGOT_SUPPORT_WEIGHTDATA_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include <memory>

namespace ingot {

/// Read-only mappings of files, each file mapped once. The bytes stay valid as
/// long as the object lives.
class WeightData {
public:
  /// `size` bytes at `offset`; an error when the file cannot be mapped or is
  /// shorter.
  llvm::Expected<llvm::ArrayRef<char>> bytes(llvm::StringRef path, uint64_t offset, uint64_t size);

private:
  llvm::StringMap<std::unique_ptr<llvm::sys::fs::mapped_file_region>> files;
};

} // namespace ingot

#endif
