//===- Status.cpp - errors -------------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/Status.h"

namespace ingot::rt {

static void freeStatus(Status *status) { free(status); }

static Status noMemory = {INGOT_OUT_OF_MEMORY, 0, nullptr, "out of memory", nullptr, nullptr};

Status *outOfMemory() { return &noMemory; }

Status *makeStatus(ingot_code code, const char *message, const char *type, const char *where) {
  size_t sizes[3] = {strlen(message) + 1, type ? strlen(type) + 1 : 0, where ? strlen(where) + 1 : 0};
  auto *status = static_cast<Status *>(malloc(sizeof(Status) + sizes[0] + sizes[1] + sizes[2]));
  if (!status)
    return outOfMemory();
  char *text = reinterpret_cast<char *>(status + 1);
  auto copy = [&](const char *from, size_t size) -> const char * {
    if (!from)
      return nullptr;
    char *to = text;
    memcpy(to, from, size);
    text += size;
    return to;
  };
  status->code = code;
  status->reserved = 0;
  status->message = copy(message, sizes[0]);
  status->type = copy(type, sizes[1]);
  status->where = copy(where, sizes[2]);
  status->release = freeStatus;
  return status;
}

Status *copyStatus(const Status *status) {
  return makeStatus(ingot_code(status->code), status->message, status->type, status->where);
}

} // namespace ingot::rt
