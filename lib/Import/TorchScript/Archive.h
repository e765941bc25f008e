//===- Archive.h - a TorchScript archive in memory --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_IMPORT_TORCHSCRIPT_ARCHIVE_H
#define INGOT_LIB_IMPORT_TORCHSCRIPT_ARCHIVE_H

#include <ATen/core/Tensor.h>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/serialization/import.h>
#include <utility>
#include <vector>

namespace ingot::torchscript {

/// The archive as a whole cannot be loaded.
struct ArchiveError : std::runtime_error {
  struct Note {
    std::string message, subject, file;
    unsigned line = 0;
  };
  std::vector<Note> notes;
  ArchiveError(const std::string &message, std::vector<Note> notes = {})
      : std::runtime_error(message), notes(std::move(notes)) {}
};

/// A file entry that holds a whole storage.
struct StorageRecord {
  std::string name;    // "data/3", "constants/0"
  uint64_t offset = 0; // of its first byte in the file
  uint64_t nbytes = 0;
};

class FileAdapter;

class Archive {
public:
  /// Loads `path`. `operators`: a file of declarations of custom operators
  /// (ingot/Support/CustomOperators.h), or empty. Throws ArchiveError, or what
  /// LibTorch throws.
  Archive(const std::string &path, const std::string &operators);
  ~Archive();

  const torch::jit::Module &root() const { return *module; }

  /// The record that a storage's bytes came from, unchanged; null when they
  /// were computed while loading (__setstate__) or stand compressed.
  const StorageRecord *recordOf(const at::Storage &storage) const;

  /// Reads a storage's bytes that were left in the file.
  void fill(const at::Storage &storage) const;

  /// Operators ("ns::name") that LibTorch does not know either.
  const std::set<std::string> &unknownOperators() const { return unknown; }

private:
  void load();
  std::set<std::string> unknown;
  std::shared_ptr<FileAdapter> file;
  std::shared_ptr<torch::jit::CompilationUnit> unit;
  std::unique_ptr<torch::jit::Module> module;
};

} // namespace ingot::torchscript

#endif
