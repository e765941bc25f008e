//===- Query.cpp - the one exported function -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/Futex.h"
#include "base/Text.h"
#include "library/Election.h"

#include <stdio.h>

namespace ingot::rt {
namespace {

/// This file's own runtime, elected or not.
const ingot_export ownRuntime = {
    sizeof(ingot_export), INGOT_EXPORT_MAGIC, INGOT_ABI_MAJOR, INGOT_ABI_MINOR, &apiTable, &ingot_artifact, nullptr};

const ingot_export otherApi = {sizeof(ingot_export),
                               INGOT_EXPORT_MAGIC,
                               INGOT_ABI_MAJOR,
                               INGOT_ABI_MINOR,
                               nullptr,
                               &ingot_artifact,
                               "the program was built with an ingot.h of "
                               "another major version than the library's: "
                               "build both with one release of Ingot"};

ingot_export answer = {sizeof(ingot_export), INGOT_EXPORT_MAGIC, 0, 0, nullptr, &ingot_artifact, nullptr};
char refusal[200];
pthread_once_t once = PTHREAD_ONCE_INIT;

void elect() {
  const ingot_export *elected = electRuntime();
  if (!elected) // stripped of its hash table; serve alone
    elected = &ownRuntime;
  answer.abi_major = elected->abi_major;
  answer.abi_minor = elected->abi_minor;
  if (elected->magic == INGOT_EXPORT_MAGIC && elected->api && elected->abi_major == ingot_artifact.abi_major) {
    answer.api = elected->api;
    return;
  }
  snprintf(refusal, sizeof refusal,
           "the library was compiled for ABI %u.%u, the runtime that this "
           "process already has is of ABI %u.%u; "
           "compile all its libraries with one release of ingotc",
           ingot_artifact.abi_major, ingot_artifact.abi_minor, elected->abi_major, elected->abi_minor);
  answer.error = refusal;
}

} // namespace
} // namespace ingot::rt

extern "C" __attribute__((visibility("default"))) const ingot_export *ingot_query(uint32_t apiMajor) {
  using namespace ingot::rt;
  if (apiMajor == kQueryOwnRuntime)
    return &ownRuntime;
  if (apiMajor != INGOT_API_MAJOR)
    return &otherApi;
  pthread_once(&once, elect);
  return &answer;
}
