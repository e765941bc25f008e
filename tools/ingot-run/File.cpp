//===- File.cpp - files read and written by ingot-run ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "File.h"
#include "Error.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace ingot::run;

static std::string reason() { return std::strerror(errno); }

MappedFile::MappedFile(const std::string &path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    fail("cannot open '" + path + "': " + reason());
  struct stat st;
  if (::fstat(fd, &st) || !S_ISREG(st.st_mode)) {
    ::close(fd);
    fail("cannot read '" + path + "': not a file");
  }
  length = static_cast<size_t>(st.st_size);
  if (length) {
    void *p = ::mmap(nullptr, length, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED) {
      std::string why = reason();
      ::close(fd);
      length = 0;
      fail("cannot read '" + path + "': " + why);
    }
    base = static_cast<char *>(p);
  }
  ::close(fd);
}

MappedFile::~MappedFile() {
  if (base)
    ::munmap(base, length);
}

bool ingot::run::fileExists(const std::string &path) {
  struct stat st;
  return !::stat(path.c_str(), &st);
}

bool ingot::run::isDirectory(const std::string &path) {
  struct stat st;
  return !::stat(path.c_str(), &st) && S_ISDIR(st.st_mode);
}

void ingot::run::makeDirectory(const std::string &path) {
  for (size_t at = 1; at != std::string::npos;) {
    at = path.find('/', at);
    std::string part = path.substr(0, at);
    if (at != std::string::npos)
      ++at;
    if (!isDirectory(part) && ::mkdir(part.c_str(), 0777) && errno != EEXIST)
      fail("cannot make the folder '" + part + "': " + reason());
  }
  if (!isDirectory(path))
    fail("cannot make the folder '" + path + "': a file has this name");
}

void ingot::run::writeFile(const std::string &path, std::string_view bytes) {
  std::string temporary = path + "." + std::to_string(::getpid()) + ".tmp";
  int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0)
    fail("cannot write '" + path + "': " + reason());
  bool good = true;
  for (size_t at = 0; good && at < bytes.size();) {
    ssize_t n = ::write(fd, bytes.data() + at, bytes.size() - at);
    if (n < 0 && errno == EINTR)
      continue;
    good = n > 0;
    at += good ? static_cast<size_t>(n) : 0;
  }
  std::string why = good ? "" : reason();
  if (::close(fd) && good) {
    good = false;
    why = reason();
  }
  if (good && ::rename(temporary.c_str(), path.c_str())) {
    good = false;
    why = reason();
  }
  if (!good) {
    ::unlink(temporary.c_str());
    fail("cannot write '" + path + "': " + why);
  }
}

std::string ingot::run::directoryOf(const std::string &path) {
  size_t at = path.rfind('/');
  if (at == std::string::npos)
    return ".";
  return at ? path.substr(0, at) : "/";
}
