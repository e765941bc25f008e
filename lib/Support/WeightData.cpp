//===- WeightData.cpp - bytes of saved weights ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Support/WeightData.h"

using namespace llvm;
using namespace ingot;

Expected<ArrayRef<char>> WeightData::bytes(StringRef path, uint64_t offset, uint64_t size) {
  auto &region = files[path];
  if (!region) {
    auto file = sys::fs::openNativeFileForRead(path);
    if (!file)
      return file.takeError();
    sys::fs::file_status status;
    std::error_code ec = sys::fs::status(*file, status);
    if (!ec)
      region = std::make_unique<sys::fs::mapped_file_region>(*file, sys::fs::mapped_file_region::readonly,
                                                             status.getSize(), 0, ec);
    sys::fs::closeFile(*file);
    if (ec) {
      region.reset();
      return createStringError(ec, "cannot map '" + path + "'");
    }
  }
  if (offset > region->size() || size > region->size() - offset)
    return createStringError("'" + path + "' is shorter than when it was read");
  return ArrayRef<char>(region->const_data() + offset, size);
}
