/*===- foreign.c - a library whose runtime has another ABI --------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "ingot.h"

static const ingot_export runtime = {
    sizeof(ingot_export), INGOT_EXPORT_MAGIC, 9, 4, NULL, NULL, "this library is too new for the program"};

__attribute__((visibility("default"))) const ingot_export *ingot_query(uint32_t api_major) {
  (void)api_major;
  return &runtime;
}
