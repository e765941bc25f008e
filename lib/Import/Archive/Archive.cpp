//===- Archive.cpp - memory-mapped archives of torch ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Import/Archive.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace ingot;
using support::endian::read16le;
using support::endian::read32le;
using support::endian::read64le;

Error ingot::archiveError(StringRef path, const Twine &message) {
  return createStringError(inconvertibleErrorCode(), path + ": " + message);
}

namespace {
// Fixed parts of the records of APPNOTE.TXT, 4.3.
constexpr uint64_t kEndSize = 22;
constexpr uint64_t kLocatorSize = 20;
constexpr uint64_t kEnd64Size = 56;
constexpr uint64_t kCentralSize = 46;
constexpr uint64_t kLocalSize = 30;
constexpr uint32_t kEndMagic = 0x06054b50;
constexpr uint32_t kLocatorMagic = 0x07064b50;
constexpr uint32_t kEnd64Magic = 0x06064b50;
constexpr uint32_t kCentralMagic = 0x02014b50;
constexpr uint32_t kLocalMagic = 0x04034b50;
constexpr uint16_t kFlagEncrypted = 1;

/// Where the central directory is.
struct Directory {
  uint64_t offset = 0;
  uint64_t size = 0;
  uint64_t count = 0;
};

/// Reads the records of one mapped file; every access is checked.
class Reader {
public:
  Reader(StringRef path, StringRef bytes) : path(path), bytes(bytes) {}

  Error fail(const Twine &message) const { return archiveError(path, message); }
  bool inside(uint64_t offset, uint64_t size) const { return offset <= bytes.size() && size <= bytes.size() - offset; }
  const char *at(uint64_t offset) const { return bytes.data() + offset; }

  Expected<Directory> findDirectory() const;
  Expected<Directory> readEnd64(uint64_t end, const Directory &narrow) const;
  Error readEntries(const Directory &directory, std::vector<ArchiveEntry> &table) const;

private:
  StringRef path, bytes;

  Error readZip64Extra(StringRef name, StringRef extra, uint64_t &size, uint64_t &packed, uint64_t &header) const;
  Error checkLocalHeader(ArchiveEntry &entry, uint64_t header, const Directory &directory) const;
};
} // namespace

Expected<Directory> Reader::findDirectory() const {
  if (bytes.empty())
    return fail("the file is empty");
  if (bytes.size() < kEndSize || (!bytes.starts_with("PK\x03\x04") && !bytes.starts_with("PK\x05\x06")))
    return fail("not a zip archive; expected a file of torch.export.save or "
                "torch.jit.save");
  // The end record stands last, followed by a comment of at most 64 KiB.
  uint64_t lowest = bytes.size() > kEndSize + 0xffff ? bytes.size() - kEndSize - 0xffff : 0;
  for (uint64_t end = bytes.size() - kEndSize + 1; end-- > lowest;) {
    if (read32le(at(end)) != kEndMagic || end + kEndSize + read16le(at(end + 20)) != bytes.size())
      continue;
    if (read16le(at(end + 4)) != 0 && read16le(at(end + 4)) != 0xffff)
      return fail("archives of several volumes are not supported");
    Directory directory;
    directory.count = read16le(at(end + 10));
    directory.size = read32le(at(end + 12));
    directory.offset = read32le(at(end + 16));
    bool isWide = end >= kLocatorSize && read32le(at(end - kLocatorSize)) == kLocatorMagic;
    if (isWide) {
      Expected<Directory> wide = readEnd64(end, directory);
      if (!wide)
        return wide.takeError();
      directory = *wide;
      end -= kLocatorSize;
    }
    if (!inside(directory.offset, directory.size) || directory.offset + directory.size > end)
      return fail("damaged archive: its directory lies outside of the file");
    if (directory.count > directory.size / kCentralSize)
      return fail("damaged archive: its directory is too small for its " + Twine(directory.count) + " entries");
    return directory;
  }
  return fail("truncated archive: it has no end record");
}

Expected<Directory> Reader::readEnd64(uint64_t end, const Directory &narrow) const {
  uint64_t offset = read64le(at(end - kLocatorSize + 8));
  if (!inside(offset, kEnd64Size) || offset + kEnd64Size > end - kLocatorSize || read32le(at(offset)) != kEnd64Magic)
    return fail("damaged archive: its zip64 end record is not where its "
                "locator says");
  Directory directory;
  directory.count = read64le(at(offset + 32));
  directory.size = read64le(at(offset + 40));
  directory.offset = read64le(at(offset + 48));
  bool agrees = (narrow.count == 0xffff || narrow.count == directory.count) &&
                (narrow.size == 0xffffffff || narrow.size == directory.size) &&
                (narrow.offset == 0xffffffff || narrow.offset == directory.offset);
  if (!agrees)
    return fail("damaged archive: its two end records disagree");
  return directory;
}

Error Reader::readZip64Extra(StringRef name, StringRef extra, uint64_t &size, uint64_t &packed,
                             uint64_t &header) const {
  while (extra.size() >= 4) {
    uint16_t tag = read16le(extra.data());
    uint16_t length = read16le(extra.data() + 2);
    extra = extra.drop_front(4);
    if (length > extra.size())
      break;
    if (tag == 1) {
      StringRef field = extra.take_front(length);
      for (uint64_t *value : {&size, &packed, &header}) {
        if (*value != 0xffffffff)
          continue;
        if (field.size() < 8)
          return fail("damaged archive: entry '" + name + "' has a short zip64 field");
        *value = read64le(field.data());
        field = field.drop_front(8);
      }
      return Error::success();
    }
    extra = extra.drop_front(length);
  }
  return fail("damaged archive: entry '" + name + "' lacks its zip64 field");
}

Error Reader::checkLocalHeader(ArchiveEntry &entry, uint64_t header, const Directory &directory) const {
  if (header > directory.offset || !inside(header, kLocalSize) || header + kLocalSize > directory.offset ||
      read32le(at(header)) != kLocalMagic)
    return fail("damaged archive: entry '" + entry.name + "' has no header at its offset " + Twine(header));
  uint64_t nameLength = read16le(at(header + 26));
  entry.offset = header + kLocalSize + nameLength + read16le(at(header + 28));
  if (entry.offset > directory.offset || entry.size > directory.offset - entry.offset)
    return fail("damaged archive: entry '" + entry.name + "' (" + Twine(entry.size) + " bytes at " +
                Twine(entry.offset) + ") reaches past the archive's data");
  if (StringRef(at(header + kLocalSize), nameLength) != entry.name)
    return fail("damaged archive: entry '" + entry.name + "' has another name in its own header");
  return Error::success();
}

/// A name that stays below the root folder wherever it is written.
static bool isSafeName(StringRef name) {
  if (!json::isUTF8(name) || any_of(name, [](char c) { return c >= 0 && c < ' '; }))
    return false;
  if (name.empty() || name.starts_with("/") || name.contains('\\'))
    return false;
  SmallVector<StringRef> parts;
  name.split(parts, '/');
  return none_of(parts, [](StringRef part) { return part == ".."; });
}

Error Reader::readEntries(const Directory &directory, std::vector<ArchiveEntry> &table) const {
  uint64_t position = directory.offset;
  const uint64_t limit = directory.offset + directory.size;
  // [header, end of data) of every entry, to find overlaps.
  std::vector<std::pair<uint64_t, uint64_t>> spans;
  for (uint64_t i = 0; i < directory.count; ++i) {
    if (limit - position < kCentralSize || read32le(at(position)) != kCentralMagic)
      return fail("damaged archive: entry " + Twine(i) + " of its directory is broken");
    const char *record = at(position);
    uint16_t flags = read16le(record + 8);
    uint64_t nameLength = read16le(record + 28);
    uint64_t extraLength = read16le(record + 30);
    uint64_t length = kCentralSize + nameLength + extraLength + read16le(record + 32);
    if (limit - position < length)
      return fail("damaged archive: entry " + Twine(i) + " of its directory reaches past the directory's end");
    ArchiveEntry entry;
    entry.name = StringRef(record + kCentralSize, nameLength).str();
    entry.method = read16le(record + 10);
    entry.crc = read32le(record + 16);
    uint64_t packed = read32le(record + 20);
    entry.size = read32le(record + 24);
    uint64_t header = read32le(record + 42);
    if (!isSafeName(entry.name)) {
      std::string shown;
      raw_string_ostream stream(shown);
      printEscapedString(entry.name, stream);
      return fail("entry name '" + shown + "' is not a path in the archive");
    }
    if (flags & kFlagEncrypted)
      return fail("entry '" + entry.name + "' is encrypted");
    if (packed == 0xffffffff || entry.size == 0xffffffff || header == 0xffffffff)
      if (Error error = readZip64Extra(entry.name, StringRef(record + kCentralSize + nameLength, extraLength),
                                       entry.size, packed, header))
        return error;
    if (entry.method == 0 && packed != entry.size)
      return fail("damaged archive: stored entry '" + entry.name + "' has two sizes, " + Twine(packed) + " and " +
                  Twine(entry.size));
    // What lies in the file of a compressed entry is its packed size.
    uint64_t plain = entry.size;
    entry.size = packed;
    if (Error error = checkLocalHeader(entry, header, directory))
      return error;
    spans.push_back({header, entry.offset + entry.size});
    entry.size = entry.method == 0 ? packed : plain;
    position += length;
    if (!StringRef(entry.name).ends_with("/"))
      table.push_back(std::move(entry));
  }
  sort(spans);
  for (size_t i = 1; i < spans.size(); ++i)
    if (spans[i].first < spans[i - 1].second)
      return fail("damaged archive: two entries share the bytes at offset " + Twine(spans[i].first));
  return Error::success();
}

Error Archive::readDirectory() {
  Reader reader(filePath, buffer->getBuffer());
  Expected<Directory> directory = reader.findDirectory();
  if (!directory)
    return directory.takeError();
  if (Error error = reader.readEntries(*directory, table))
    return error;
  if (table.empty())
    return archiveError(filePath, "the archive has no entries");
  // torch's readers take the first entry's folder as the root of all.
  std::string root = StringRef(table.front().name).split('/').first.str() + "/";
  for (auto [position, entry] : enumerate(table)) {
    StringRef name = entry.name;
    if (!name.consume_front(root) || name.empty())
      return archiveError(filePath, "entry '" + entry.name + "' is not in the archive's folder '" + root + "'");
    entry.name = name.str();
    if (!index.try_emplace(entry.name, position).second)
      return archiveError(filePath, "the archive has two entries '" + entry.name + "'");
  }
  return Error::success();
}

Expected<std::unique_ptr<Archive>> Archive::open(StringRef path) {
  sys::fs::file_status status;
  if (std::error_code error = sys::fs::status(path, status))
    return archiveError(path, error.message());
  if (!sys::fs::is_regular_file(status))
    return archiveError(path, "not a regular file");
  // Without a terminator the file is mapped whatever its size is.
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return archiveError(path, buffer.getError().message());
  return read(path, std::move(*buffer));
}

Expected<std::unique_ptr<Archive>> Archive::openBytes(StringRef bytes, StringRef name) {
  return read(name, MemoryBuffer::getMemBuffer(bytes, name, /*RequiresNullTerminator=*/false));
}

Expected<std::unique_ptr<Archive>> Archive::read(StringRef path, std::unique_ptr<MemoryBuffer> buffer) {
  auto archive = std::make_unique<Archive>();
  archive->filePath = path.str();
  archive->buffer = std::move(buffer);
  if (Error error = archive->readDirectory())
    return error;
  return archive;
}

const ArchiveEntry *Archive::find(StringRef name) const {
  auto found = index.find(name);
  return found == index.end() ? nullptr : &table[found->second];
}

Expected<const ArchiveEntry *> Archive::get(StringRef name) const {
  const ArchiveEntry *entry = find(name);
  if (!entry)
    return archiveError(filePath, "the archive has no entry '" + name + "'");
  if (entry->method != 0)
    return archiveError(filePath, "entry '" + name +
                                      "' is compressed; torch stores its entries, so "
                                      "this archive was packed again by another tool");
  return entry;
}

StringRef Archive::data(const ArchiveEntry &entry) const {
  assert(entry.method == 0 && "a compressed entry has no mapped bytes");
  return buffer->getBuffer().substr(entry.offset, entry.size);
}

Expected<StringRef> Archive::read(StringRef name) const {
  Expected<const ArchiveEntry *> entry = get(name);
  if (!entry)
    return entry.takeError();
  StringRef bytes = data(**entry);
  if (crc32(ArrayRef<uint8_t>(bytes.bytes_begin(), bytes.size())) != (*entry)->crc)
    return archiveError(filePath, "damaged archive: the checksum of entry '" + name + "' is wrong");
  return bytes;
}
