//===- Text.cpp - text that is put together for messages -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/Text.h"
#include "base/Locale.h"

#include <stdio.h>

namespace ingot::rt {

Text &Text::add(const char *text, size_t n) {
  if (length + n + 1 > capacity) {
    size_t wanted = maxOf(capacity * 2, length + n + 1);
    char *grown = static_cast<char *>(malloc(wanted));
    if (!grown)
      n = capacity - length - 1;
    else {
      memcpy(grown, data, length + 1);
      if (data != buffer)
        free(data);
      data = grown;
      capacity = wanted;
    }
  }
  memcpy(data + length, text, n);
  length += n;
  data[length] = 0;
  return *this;
}

Text &Text::operator<<(int64_t number) {
  char digits[32];
  int n = snprintf(digits, sizeof digits, "%lld", static_cast<long long>(number));
  return add(digits, size_t(n));
}

Text &Text::operator<<(uint64_t number) {
  char digits[32];
  int n = snprintf(digits, sizeof digits, "%llu", static_cast<unsigned long long>(number));
  return add(digits, size_t(n));
}

Text &Text::operator<<(double number) {
  CLocale locale;
  char digits[40];
  int n = 0;
  for (int precision : {6, 15, 17}) {
    n = snprintf(digits, sizeof digits, "%.*g", precision, number);
    if (strtod(digits, nullptr) == number)
      break;
  }
  return add(digits, size_t(n));
}

Text &Text::addSizes(const int64_t *sizes, int32_t rank) {
  *this << "[";
  for (int32_t d = 0; d < rank; ++d) {
    if (d)
      *this << ", ";
    *this << sizes[d];
  }
  return *this << "]";
}

} // namespace ingot::rt
