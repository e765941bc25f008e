//===- Archive.cpp - loads a TorchScript archive ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LibTorch reads the archive through an adapter of ours over the mapped file.
// The adapter notes which buffer a storage's record is read into: that is how a
// loaded tensor is found again in the file. Weights are not even copied into
// those buffers, unless code of the archive runs while loading (__setstate__)
// and may look at them.
#include "Archive.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <caffe2/serialize/inline_container.h>
#include <caffe2/serialize/read_adapter_interface.h>
#include <map>
#include <mutex>
#include <set>
#include <torch/csrc/jit/runtime/operator.h>

using caffe2::serialize::PyTorchStreamReader;
using llvm::StringRef;

namespace ingot::torchscript {

class FileAdapter : public caffe2::serialize::ReadAdapterInterface {
public:
  explicit FileAdapter(const std::string &path) {
    auto handle = llvm::sys::fs::openNativeFileForRead(path);
    if (!handle) {
      throw ArchiveError("'" + path + "' cannot be read: " + llvm::toString(handle.takeError()));
    }
    llvm::sys::fs::file_status status;
    std::error_code error = llvm::sys::fs::status(*handle, status);
    if (!error && status.getSize())
      region = llvm::sys::fs::mapped_file_region(*handle, llvm::sys::fs::mapped_file_region::readonly, status.getSize(),
                                                 0, error);
    llvm::sys::fs::closeFile(*handle);
    if (error)
      throw ArchiveError("'" + path + "' cannot be read: " + error.message());
    if (!region)
      throw ArchiveError("'" + path +
                         "' is empty, expected a TorchScript "
                         "archive (torch.jit.save)");
  }

  size_t size() const override { return region.size(); }
  const char *data() const { return region.const_data(); }

  size_t read(uint64_t pos, void *buffer, size_t n, const char *what = "") const override {
    if (pos >= size())
      return 0;
    n = std::min<uint64_t>(n, size() - pos);
    auto record = records.find(pos);
    if (record != records.end() && record->second.nbytes == n) {
      std::lock_guard<std::mutex> lock(mutex);
      buffers[buffer] = &record->second;
      if (lazy && StringRef(record->second.name).starts_with("data/"))
        return n;
    }
    memcpy(buffer, data() + pos, n);
    return n;
  }

  /// Records of storages, by file offset.
  std::map<uint64_t, StorageRecord> records;
  /// Whether weights may stay unread.
  bool lazy = false;
  mutable std::mutex mutex;
  mutable std::map<const void *, const StorageRecord *> buffers;

private:
  llvm::sys::fs::mapped_file_region region;
};

static std::string readRecord(PyTorchStreamReader &reader, const std::string &name) {
  auto [pointer, size] = reader.getRecord(name);
  return std::string(static_cast<const char *>(pointer.get()), size);
}

/// Says what the archive is when it is no TorchScript archive.
static void checkKind(PyTorchStreamReader &reader, const std::string &path) {
  std::string expected = ", expected a TorchScript archive (torch.jit.save)";
  if (reader.hasRecord("constants.pkl") && reader.hasRecord("data.pkl"))
    return;
  if (reader.hasRecord("models/model.json") || reader.hasRecord("archive_format"))
    throw ArchiveError("'" + path + "' is a torch.export archive" + expected + "; name it .pt2");
  if (reader.hasRecord("model.json"))
    throw ArchiveError("'" + path +
                       "' was saved by a PyTorch older than 1.3; load it with "
                       "torch.jit.load and save it again");
  if (reader.hasRecord("data.pkl"))
    throw ArchiveError("'" + path + "' is a Python pickle (torch.save)" + expected);
  throw ArchiveError("'" + path + "' is a zip archive without data.pkl and constants.pkl" + expected);
}

static std::vector<std::string> codeRecords(PyTorchStreamReader &reader) {
  std::vector<std::string> result;
  for (const std::string &name : reader.getAllRecords())
    if (StringRef(name).starts_with("code/") && StringRef(name).ends_with(".py"))
      result.push_back(name);
  return result;
}

/// Finds the storages' records; only those that stand uncompressed.
static void collectRecords(PyTorchStreamReader &reader, FileAdapter &file) {
  for (const std::string &name : reader.getAllRecords()) {
    StringRef tail = name;
    if (!(tail.consume_front("data/") || tail.consume_front("constants/")) || tail.empty())
      continue;
    uint64_t header = reader.getRecordHeaderOffset(name);
    if (header + 30 > file.size() || llvm::support::endian::read16le(file.data() + header + 8) != 0)
      continue;
    StorageRecord record;
    record.name = name;
    record.offset = reader.getRecordOffset(name);
    record.nbytes = reader.getRecordSize(name);
    if (record.offset > file.size() || record.nbytes > file.size() - record.offset)
      throw ArchiveError("the archive is truncated: '" + name + "' ends at " +
                         std::to_string(record.offset + record.nbytes) + ", the file has " +
                         std::to_string(file.size()) + " bytes");
    if (record.nbytes)
      file.records[record.offset] = std::move(record);
  }
}

/// Whether LibTorch reads weights while loading: a class restores its own
/// state, or a tensor's kind checks its contents.
static bool readsWeights(PyTorchStreamReader &reader) {
  std::string pickle = readRecord(reader, "data.pkl");
  for (const char *kind : {"_rebuild_sparse", "_rebuild_qtensor", "_rebuild_tensor_from_type"})
    if (pickle.find(kind) != std::string::npos)
      return true;
  for (const std::string &name : codeRecords(reader))
    if (readRecord(reader, name).find("__setstate__") != std::string::npos)
      return true;
  return false;
}

/// LibTorch stops at the first operator that it does not know: this finds all.
static std::vector<ArchiveError::Note> findUnknownOperators(PyTorchStreamReader &reader) {
  std::vector<ArchiveError::Note> notes;
  for (const std::string &name : codeRecords(reader)) {
    std::string text = readRecord(reader, name);
    llvm::SmallVector<StringRef> lines;
    StringRef(text).split(lines, '\n');
    for (auto [number, line] : llvm::enumerate(lines)) {
      size_t at = 0;
      while ((at = line.find("ops.", at)) != StringRef::npos) {
        bool startsWord = at == 0 || (!llvm::isAlnum(line[at - 1]) && line[at - 1] != '_' && line[at - 1] != '.');
        at += 4;
        auto isWord = [](char c) { return llvm::isAlnum(c) || c == '_'; };
        StringRef space = line.substr(at).take_while(isWord);
        StringRef rest = line.substr(at + space.size());
        if (!startsWord || space.empty() || !rest.consume_front("."))
          continue;
        StringRef op = rest.take_while(isWord);
        if (op.empty())
          continue;
        std::string qualified = (space + "::" + op).str();
        if (torch::jit::getAllOperatorsFor(c10::Symbol::fromQualString(qualified)).empty())
          notes.push_back({"unknown operator '" + qualified + "'", qualified, name, unsigned(number + 1)});
      }
    }
  }
  return notes;
}

/// Lets LibTorch parse calls of operators that it does not know: their results
/// count as tensors. The importer refuses each call, at its own source line.
static void declareUnknown(const std::set<std::string> &names) {
  for (const std::string &name : names)
    torch::jit::registerOperator(torch::jit::Operator(
        name + "(...) -> Tensor",
        [](torch::jit::Stack &) -> void { throw ArchiveError("an unknown operator is called while loading"); },
        c10::AliasAnalysisKind::CONSERVATIVE));
}

void Archive::load() {
  unit = std::make_shared<torch::jit::CompilationUnit>();
  torch::jit::ExtraFilesMap extra;
  module = std::make_unique<torch::jit::Module>(
      torch::jit::import_ir_module(unit, std::shared_ptr<caffe2::serialize::ReadAdapterInterface>(file), at::kCPU,
                                   extra, /*load_debug_files=*/true));
}

/// Custom operators as the user declares them: their schemas alone.
static void declareCustom(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    throw ArchiveError("'" + path + "' cannot be read: " + buffer.getError().message());
  llvm::SmallVector<StringRef> lines;
  (*buffer)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (StringRef line : lines) {
    for (StringRef key : {" effect=", " results="})
      line = line.split(key).first;
    // A class that LibTorch does not know: it does not load such an archive.
    if (line.contains("__torch__."))
      continue;
    torch::jit::registerOperator(torch::jit::Operator(
        line.trim().str(),
        [](torch::jit::Stack &) -> void { throw ArchiveError("a custom operator is called while loading"); },
        c10::AliasAnalysisKind::FROM_SCHEMA));
  }
}

Archive::Archive(const std::string &path, const std::string &operators) : file(std::make_shared<FileAdapter>(path)) {
  if (!operators.empty())
    declareCustom(operators);
  PyTorchStreamReader reader(file);
  checkKind(reader, path);
  collectRecords(reader, *file);
  file->lazy = !readsWeights(reader);
  try {
    load();
    return;
  } catch (const std::exception &error) {
    if (!StringRef(error.what()).contains("Unknown builtin op"))
      throw;
  }
  std::vector<ArchiveError::Note> notes = findUnknownOperators(reader);
  for (const ArchiveError::Note &note : notes)
    unknown.insert(note.subject);
  declareUnknown(unknown);
  try {
    load();
  } catch (const std::exception &error) {
    // One that is no tensor: then the lines of the archive's own code must do.
    if (notes.empty())
      throw;
    throw ArchiveError("'" + path + "' calls operators that this build does not know", std::move(notes));
  }
}

Archive::~Archive() = default;

const StorageRecord *Archive::recordOf(const at::Storage &storage) const {
  auto found = file->buffers.find(storage.data());
  if (found == file->buffers.end())
    return nullptr;
  const StorageRecord *record = found->second;
  // The pickle says how large a storage is, the archive how many bytes it has.
  if (storage.nbytes() > record->nbytes)
    throw ArchiveError("the archive is corrupted: '" + record->name + "' has " + std::to_string(record->nbytes) +
                       " bytes, its tensor's storage claims " + std::to_string(storage.nbytes()));
  bool unread = file->lazy && StringRef(record->name).starts_with("data/");
  if (!unread && memcmp(storage.data(), file->data() + record->offset, storage.nbytes()) != 0)
    return nullptr;
  return record;
}

void Archive::fill(const at::Storage &storage) const {
  if (const StorageRecord *record = recordOf(storage))
    memcpy(storage.mutable_data(), file->data() + record->offset, storage.nbytes());
}

} // namespace ingot::torchscript
