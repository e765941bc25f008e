//===- Locale.h - the C locale ---------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program's texts and numbers are the same whatever the process chose with
// setlocale: Python has no locale.
#ifndef INGOT_RUNTIME_BASE_LOCALE_H
#define INGOT_RUNTIME_BASE_LOCALE_H

#include <locale.h>

namespace ingot::rt {

/// libc keeps one: nothing is allocated, nothing is to be freed.
inline locale_t cLocale() { return newlocale(LC_ALL_MASK, "C", locale_t()); }

/// This thread's locale is C while it lives.
class CLocale {
public:
  CLocale() : before(uselocale(cLocale())) {}
  ~CLocale() { uselocale(before); }
  CLocale(const CLocale &) = delete;
  CLocale &operator=(const CLocale &) = delete;

private:
  locale_t before;
};

} // namespace ingot::rt

#endif
