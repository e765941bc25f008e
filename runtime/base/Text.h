//===- Text.h - text that is put together for messages ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUNTIME_BASE_TEXT_H
#define INGOT_RUNTIME_BASE_TEXT_H

#include "base/Base.h"

namespace ingot::rt {

/// Appends pieces; what no longer fits in memory is cut off silently, as an
/// error message that is cut beats one that is lost.
class Text {
public:
  Text() { buffer[0] = 0; }
  ~Text() {
    if (data != buffer)
      free(data);
  }
  Text(const Text &) = delete;
  Text &operator=(const Text &) = delete;

  Text &add(const char *text, size_t n);
  Text &operator<<(const char *text) { return add(text, strlen(text)); }
  Text &operator<<(int64_t number);
  Text &operator<<(int32_t number) { return *this << int64_t(number); }
  Text &operator<<(uint32_t number) { return *this << int64_t(number); }
  Text &operator<<(uint64_t number);
  /// Shortest of %g's precisions that reads back the same.
  Text &operator<<(double number);
  /// "[2, 3]"
  Text &addSizes(const int64_t *sizes, int32_t rank);

  const char *str() const { return data; }
  size_t size() const { return length; }

private:
  char buffer[256];
  char *data = buffer;
  size_t length = 0, capacity = sizeof buffer;
};

} // namespace ingot::rt

#endif
