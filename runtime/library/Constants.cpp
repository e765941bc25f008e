//===- Constants.cpp - constants in a file of their own --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/Sha256.h"
#include "library/Library.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ingot::rt {

/// Path of `name` beside the file that holds `artifact`.
static void pathBeside(const ingot_abi_artifact &artifact, const char *name, Text &path) {
  Dl_info info;
  if (name[0] != '/' && dladdr(&artifact, &info) && info.dli_fname)
    if (const char *slash = strrchr(info.dli_fname, '/'))
      path.add(info.dli_fname, size_t(slash + 1 - info.dli_fname));
  path << name;
}

Status *mapConstants(const ingot_abi_artifact &artifact, void *&mapping) {
  mapping = nullptr;
  Text path, text;
  pathBeside(artifact, artifact.constants_file, path);
  text << "constants file '" << path.str() << "': ";
  int file = open(path.str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return makeStatus(errno == ENOENT ? INGOT_NOT_FOUND : INGOT_IO_ERROR, text << strerror(errno));
  struct stat facts;
  if (fstat(file, &facts) != 0) {
    text << strerror(errno);
    close(file);
    return makeStatus(INGOT_IO_ERROR, text);
  }
  if (uint64_t(facts.st_size) != artifact.constants_size) {
    close(file);
    return makeStatus(INGOT_IO_ERROR,
                      text << "it has " << int64_t(facts.st_size) << " bytes, expected " << artifact.constants_size);
  }
  void *memory = mmap(nullptr, artifact.constants_size, PROT_READ, MAP_PRIVATE, file, 0);
  int error = errno;
  close(file);
  if (memory == MAP_FAILED)
    return error == ENOMEM ? outOfMemory() : makeStatus(INGOT_IO_ERROR, text << strerror(error));
  if (sha256Prefix(memory, artifact.constants_size) != artifact.constants_digest) {
    munmap(memory, artifact.constants_size);
    return makeStatus(INGOT_IO_ERROR, text << "its contents are not those that the library was compiled with "
                                              "(the digest differs)");
  }
  mapping = memory;
  return nullptr;
}

} // namespace ingot::rt
