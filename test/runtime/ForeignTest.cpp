//===- ForeignTest.cpp - a runtime of another ABI came first ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Support.h"

#include "ingot/ABI/artifact.h"

using namespace ingot::test;

TEST(Foreign, LibraryIsRefusedWhenTheElectedRuntimeIsOfAnotherAbi) {
  ASSERT_NE(dlopen(FAKE_FOREIGN, RTLD_NOW | RTLD_LOCAL), nullptr) << dlerror();
  ingot_library *library;
  EXPECT_ERROR(ingot_library_open(FAKE_A, &library), INGOT_INCOMPATIBLE,
               "compiled for ABI " + std::to_string(INGOT_ABI_MAJOR) + "." + std::to_string(INGOT_ABI_MINOR) +
                   ", the runtime that this process already has is of ABI 9.4");
  EXPECT_EQ(library, nullptr);
}
