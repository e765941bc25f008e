//===- Warnings.cpp - what programs warn of --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As PyTorch and Python's default filter together: a site warns once a call, and
// one text of one site once a process.
#include "library/Operators.h"

#include "base/Futex.h"
#include "object/Declarations.h"

#include <stdio.h>

namespace ingot::rt {

static pthread_mutex_t warningLock = PTHREAD_MUTEX_INITIALIZER;
static ingot_warning_callback warningCallback;
static void *warningContext;
/// Hashes of what was said.
static Array<uint64_t> said;
/// More texts than that are said again.
static constexpr size_t maxSaid = 1 << 16;

void setWarningCallback(ingot_warning_callback callback, void *context) {
  LockGuard guard(warningLock);
  warningCallback = callback;
  warningContext = context;
}

static uint64_t hashOf(const char *text, size_t size, uint64_t hash) {
  for (size_t i = 0; i < size; ++i)
    hash = (hash ^ uint8_t(text[i])) * 1099511628211u;
  return hash;
}

/// Whether it was not said before.
static bool note(uint64_t hash) {
  for (uint64_t known : said)
    if (known == hash)
      return false;
  if (said.size >= maxSaid)
    said.size = 0;
  (void)!said.push(hash); // without memory it may be said again
  return true;
}

namespace object {

/// `site`: "UserWarning\nmodel.py:12", without a place where there is none.
void warn(Call *abi, ConstantText site, Object *message) {
  CallContext &call = contextOf(abi);
  for (const char *warned : call.warned)
    if (warned == site.data)
      return;
  (void)!call.warned.push(site.data);
  Text text;
  printObject(text, message);
  LockGuard guard(warningLock);
  if (!note(hashOf(text.str(), text.size(), hashOf(site.data, size_t(site.size), 14695981039346656037u))))
    return;
  const auto *end = static_cast<const char *>(memchr(site.data, '\n', size_t(site.size)));
  auto categorySize = end ? size_t(end - site.data) : size_t(site.size);
  Text category, where;
  category.add(site.data, categorySize);
  if (end)
    where.add(end + 1, size_t(site.size) - categorySize - 1);
  if (warningCallback)
    warningCallback(warningContext, category.str(), text.str(), where.size() ? where.str() : nullptr);
  else
    fprintf(stderr, "%s%s%s: %s\n", where.str(), where.size() ? ": " : "", category.str(), text.str());
}

} // namespace object
} // namespace ingot::rt
