//===- Constants.cpp - the constants as bytes and as an object --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// 90 MB of weights as an LLVM constant cost gigabytes and minutes: they are
// streamed from their files (mapped, piece by piece) into an ELF object that is
// written here.
#include "ingot/Codegen/CPU/Object.h"

#include "dialects/Graph/Graph.h"
#include "ingot/Support/DType.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SHA256.h"
#include <map>

using namespace mlir;
using namespace ingot;

namespace {

/// Where the bytes go; counts them and sums them up when asked to.
class Sink {
public:
  Sink(llvm::raw_ostream &os, bool hashed) : os(os), hashed(hashed) {}
  void write(ArrayRef<char> bytes) {
    os.write(bytes.data(), bytes.size());
    if (hashed)
      hash.update(ArrayRef<uint8_t>(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()));
    written += bytes.size();
  }
  void padTo(uint64_t offset) {
    static const char zeros[4096] = {};
    while (written < offset)
      write({zeros, size_t(std::min<uint64_t>(offset - written, sizeof(zeros)))});
  }
  uint64_t size() const { return written; }
  uint64_t digest() {
    auto full = hash.final();
    return llvm::support::endian::read64le(full.data());
  }

private:
  llvm::raw_ostream &os;
  bool hashed;
  llvm::SHA256 hash;
  uint64_t written = 0;
};

LogicalResult writeFile(graph::WeightOp weight, graph::FileDataAttr data, Sink &sink) {
  auto file = llvm::sys::fs::openNativeFileForRead(data.getPath());
  if (!file) {
    return weight.emitError() << "cannot read '" << data.getPath() << "': " << llvm::toString(file.takeError());
  }
  LogicalResult result = success();
  llvm::sys::fs::file_status status;
  uint64_t begin = data.getOffset(), size = data.getSize();
  if (std::error_code ec = llvm::sys::fs::status(*file, status))
    result = weight.emitError() << "cannot read '" << data.getPath() << "': " << ec.message();
  else if (begin > status.getSize() || size > status.getSize() - begin)
    // It was checked when it was imported: the file has changed since.
    result = weight.emitError() << "'" << data.getPath() << "' is shorter than when it was read";
  // A mapping must begin at a multiple of the page size; pieces keep the peak small.
  const uint64_t page = 4096, piece = 64u << 20;
  for (uint64_t done = 0; succeeded(result) && done < size;) {
    uint64_t at = begin + done, base = at / page * page;
    uint64_t length = std::min(size - done, piece);
    std::error_code ec;
    llvm::sys::fs::mapped_file_region region(*file, llvm::sys::fs::mapped_file_region::readonly, at - base + length,
                                             base, ec);
    if (ec) {
      result = weight.emitError() << "cannot map '" << data.getPath() << "': " << ec.message();
      break;
    }
    sink.write({region.const_data() + (at - base), size_t(length)});
    done += length;
  }
  llvm::sys::fs::closeFile(*file);
  return result;
}

LogicalResult writeWeight(graph::WeightOp weight, Sink &sink) {
  Attribute data = weight.getDataAttr();
  if (auto file = dyn_cast<graph::FileDataAttr>(data))
    return writeFile(weight, file, sink);
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(data)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return weight.emitError() << "its resource has no data";
    sink.write(blob->getData());
    return success();
  }
  auto dense = dyn_cast<DenseElementsAttr>(data);
  if (!dense)
    return weight.emitError() << "cannot write data of this kind: " << data;
  if (dense.getElementType().isInteger(1)) { // one byte each in memory
    for (bool value : dense.getValues<bool>()) {
      char byte = value;
      sink.write({&byte, 1});
    }
    return success();
  }
  ArrayRef<char> raw = dense.getRawData();
  if (!dense.isSplat()) {
    sink.write(raw);
    return success();
  }
  SmallVector<char, 0> block;
  const size_t perBlock = std::max<size_t>(1, 65536 / std::max<size_t>(raw.size(), 1));
  for (size_t i = 0; i < perBlock; ++i)
    block.append(raw.begin(), raw.end());
  for (uint64_t left = dense.getNumElements(); left;) {
    uint64_t n = std::min<uint64_t>(left, perBlock);
    sink.write(ArrayRef<char>(block).take_front(n * raw.size()));
    left -= n;
  }
  return success();
}

LogicalResult stream(ArrayRef<ModuleOp> modules, Sink &sink) {
  std::map<uint64_t, graph::WeightOp> places;
  for (ModuleOp module : modules)
    for (auto weight : module.getOps<graph::WeightOp>())
      if (auto offset = weight->getAttrOfType<IntegerAttr>("ingot.offset"))
        places.try_emplace(offset.getInt(), weight);
  for (auto &[offset, weight] : places) {
    // Empty tensors share the place of what follows.
    if (cast<RankedTensorType>(weight.getType()).getNumElements() == 0)
      continue;
    sink.padTo(offset);
    uint64_t begin = sink.size();
    if (failed(writeWeight(weight, sink)))
      return failure();
    auto type = cast<RankedTensorType>(weight.getType());
    uint64_t needed = type.getNumElements() * dtypeSize(typeToDType(type.getElementType()));
    if (sink.size() - begin != needed)
      return weight.emitOpError("has ") << sink.size() - begin << " bytes of data, its type needs " << needed;
  }
  return success();
}

} // namespace

uint64_t ingot::constantsSize(ModuleOp module) {
  for (Operation *op = module; op; op = op->getParentOp())
    if (auto size = op->getAttrOfType<IntegerAttr>("ingot.constants_size"))
      return size.getInt();
  return 0;
}

LogicalResult ingot::writeConstants(ArrayRef<ModuleOp> modules, llvm::raw_ostream &os, uint64_t &size,
                                    uint64_t *digest) {
  Sink sink(os, digest != nullptr);
  if (failed(stream(modules, sink)))
    return failure();
  sink.padTo(constantsSize(modules.front()));
  size = sink.size();
  if (digest)
    *digest = sink.digest();
  return success();
}

LogicalResult ingot::writeConstantsObject(ArrayRef<ModuleOp> modules, llvm::raw_pwrite_stream &os) {
  using namespace llvm::ELF;
  const uint64_t page = 4096;
  uint64_t size = std::max<uint64_t>(constantsSize(modules.front()), 1);
  static constexpr char strings[] = "\0.ingot_constants\0.symtab\0.strtab\0ingot_constants";
  const uint64_t sectionName = 1, symtabName = 18, strtabName = 26, symbolName = 34;
  uint64_t symtabAt = llvm::alignTo(page + size, 8);
  uint64_t strtabAt = symtabAt + 2 * sizeof(Elf64_Sym);
  uint64_t headersAt = llvm::alignTo(strtabAt + sizeof(strings), 8);

  Elf64_Ehdr header = {};
  std::memcpy(header.e_ident, ElfMagic, 4);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_REL;
  header.e_machine = EM_X86_64;
  header.e_version = EV_CURRENT;
  header.e_shoff = headersAt;
  header.e_ehsize = sizeof(Elf64_Ehdr);
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 4;
  header.e_shstrndx = 3;

  Elf64_Shdr sections[4] = {};
  sections[1].sh_name = sectionName;
  sections[1].sh_type = SHT_PROGBITS;
  // Large: code and data stay within 2 GiB of each other, however big it is.
  sections[1].sh_flags = SHF_ALLOC | SHF_X86_64_LARGE;
  sections[1].sh_offset = page;
  sections[1].sh_size = size;
  sections[1].sh_addralign = page;
  sections[2].sh_name = symtabName;
  sections[2].sh_type = SHT_SYMTAB;
  sections[2].sh_offset = symtabAt;
  sections[2].sh_size = 2 * sizeof(Elf64_Sym);
  sections[2].sh_link = 3;
  sections[2].sh_info = 1; // first symbol that is not local
  sections[2].sh_addralign = 8;
  sections[2].sh_entsize = sizeof(Elf64_Sym);
  sections[3].sh_name = strtabName;
  sections[3].sh_type = SHT_STRTAB;
  sections[3].sh_offset = strtabAt;
  sections[3].sh_size = sizeof(strings);
  sections[3].sh_addralign = 1;

  Elf64_Sym symbols[2] = {};
  symbols[1].st_name = symbolName;
  symbols[1].setBindingAndType(STB_GLOBAL, STT_OBJECT);
  symbols[1].st_other = STV_HIDDEN;
  symbols[1].st_shndx = 1;
  symbols[1].st_size = size;

  auto put = [&](const void *data, size_t bytes) { os.write(static_cast<const char *>(data), bytes); };
  uint64_t start = os.tell();
  put(&header, sizeof(header));
  os.write_zeros(page - sizeof(header));
  uint64_t written = 0;
  if (failed(writeConstants(modules, os, written, nullptr)))
    return failure();
  os.write_zeros(symtabAt - page - written);
  put(symbols, sizeof(symbols));
  put(strings, sizeof(strings));
  os.write_zeros(headersAt - strtabAt - sizeof(strings));
  put(sections, sizeof(sections));
  assert(os.tell() - start == headersAt + sizeof(sections));
  (void)start;
  return success();
}
