//===- Election.cpp - one runtime for the process --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every library brings a runtime; the one of the library that was loaded first
// serves all, so that there is one pool. Libraries are opened with RTLD_LOCAL
// and do not see each other's symbols, so the loader's list is walked: its
// order is the order of loading, all libraries see the same, and no lock of
// ours is needed. The symbol is looked up in the file's own hash table, as
// dlopen must not be called inside dl_iterate_phdr (the loader's locks are
// taken in another order).
#include "library/Election.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

namespace ingot::rt {

namespace {

constexpr const char *kQueryName = "ingot_query";

struct Dynamic {
  const ElfW(Sym) *symbols = nullptr;
  const char *strings = nullptr;
  const uint32_t *gnuHash = nullptr;
  const uint32_t *hash = nullptr;
};

Dynamic readDynamic(const dl_phdr_info &info) {
  Dynamic dynamic;
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    if (info.dlpi_phdr[i].p_type != PT_DYNAMIC)
      continue;
    auto *entry = reinterpret_cast<const ElfW(Dyn) *>(info.dlpi_addr + info.dlpi_phdr[i].p_vaddr);
    for (; entry->d_tag != DT_NULL; ++entry) {
      // The loader has made these absolute, except in files it does not write
      // to.
      ElfW(Addr) address = entry->d_un.d_ptr;
      if (address < info.dlpi_addr)
        address += info.dlpi_addr;
      if (entry->d_tag == DT_SYMTAB)
        dynamic.symbols = reinterpret_cast<const ElfW(Sym) *>(address);
      else if (entry->d_tag == DT_STRTAB)
        dynamic.strings = reinterpret_cast<const char *>(address);
      else if (entry->d_tag == DT_GNU_HASH)
        dynamic.gnuHash = reinterpret_cast<const uint32_t *>(address);
      else if (entry->d_tag == DT_HASH)
        dynamic.hash = reinterpret_cast<const uint32_t *>(address);
    }
  }
  return dynamic;
}

bool isQuery(const Dynamic &dynamic, uint32_t index) {
  const ElfW(Sym) &symbol = dynamic.symbols[index];
  return symbol.st_shndx != SHN_UNDEF && symbol.st_value && strcmp(dynamic.strings + symbol.st_name, kQueryName) == 0;
}

/// The address of ingot_query where the file defines it, else 0.
ElfW(Addr) findQuery(const dl_phdr_info &info) {
  Dynamic dynamic = readDynamic(info);
  if (!dynamic.symbols || !dynamic.strings)
    return 0;
  if (dynamic.gnuHash) {
    uint32_t hash = 5381;
    for (const char *c = kQueryName; *c; ++c)
      hash = hash * 33 + static_cast<unsigned char>(*c);
    uint32_t bucketCount = dynamic.gnuHash[0], first = dynamic.gnuHash[1], bloomWords = dynamic.gnuHash[2];
    const uint32_t *buckets = dynamic.gnuHash + 4 + bloomWords * (sizeof(ElfW(Addr)) / 4);
    const uint32_t *chains = buckets + bucketCount;
    uint32_t index = bucketCount ? buckets[hash % bucketCount] : 0;
    if (index < first || !index)
      return 0;
    for (;; ++index) {
      uint32_t entry = chains[index - first];
      if ((entry | 1) == (hash | 1) && isQuery(dynamic, index))
        return info.dlpi_addr + dynamic.symbols[index].st_value;
      if (entry & 1)
        return 0;
    }
  }
  if (dynamic.hash)
    for (uint32_t index = 1; index < dynamic.hash[1]; ++index)
      if (isQuery(dynamic, index))
        return info.dlpi_addr + dynamic.symbols[index].st_value;
  return 0;
}

struct Candidate {
  ElfW(Addr) query = 0;
  char path[4096];
};

int firstCandidate(dl_phdr_info *info, size_t, void *data) {
  auto *candidate = static_cast<Candidate *>(data);
  const char *name = info->dlpi_name ? info->dlpi_name : "";
  if (strncmp(name, "linux-vdso", 10) == 0 || strlen(name) >= sizeof candidate->path)
    return 0;
  candidate->query = findQuery(*info);
  if (!candidate->query)
    return 0;
  strcpy(candidate->path, name);
  return 1;
}

} // namespace

const ingot_export *electRuntime() {
  Candidate candidate;
  for (;;) {
    candidate.query = 0;
    if (!dl_iterate_phdr(firstCandidate, &candidate))
      return nullptr;
    // The main program has no name and is never unloaded.
    if (candidate.path[0]) {
      // Waits for a dlopen of it that is still going on; fails when it was
      // closed meanwhile. The handle is never closed.
      if (!dlopen(candidate.path, RTLD_LAZY | RTLD_LOCAL | RTLD_NOLOAD | RTLD_NODELETE))
        continue;
      // It may have been closed and opened again, and stand behind another now.
      Candidate again;
      again.query = 0;
      if (!dl_iterate_phdr(firstCandidate, &again) || again.query != candidate.query)
        continue;
    }
    auto query = reinterpret_cast<ingot_query_fn>(candidate.query);
    return query(kQueryOwnRuntime);
  }
}

} // namespace ingot::rt
