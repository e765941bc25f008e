//===- LinkedTest.cpp - a program linked to two libraries ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Support.h"

using namespace ingot::test;

extern "C" {
const ingot_export *ingot_query_linked_a(uint32_t api_major);
const ingot_export *ingot_query_linked_b(uint32_t api_major);
}

TEST(Linked, TwoLibrariesShareOneRuntimeAndDoNotClash) {
  const ingot_export *a = ingot_query_linked_a(INGOT_API_MAJOR), *b = ingot_query_linked_b(INGOT_API_MAJOR);
  ASSERT_NE(a->api, nullptr);
  EXPECT_EQ(a->api, b->api);
  EXPECT_NE(a->artifact, b->artifact);
  ingot_library *first, *second;
  ASSERT_OK(ingot_library_from_query(ingot_query_linked_a, &first));
  ASSERT_OK(ingot_library_from_query(ingot_query_linked_b, &second));
  EXPECT_STREQ(ingot_library_get_info(first).producer, "linked_a");
  EXPECT_STREQ(ingot_library_get_info(second).producer, "linked_b");
  // And a third one, opened.
  Fake third(FAKE_A);
  ASSERT_OK(ingot_set_num_threads(2));
  EXPECT_EQ(b->api->get_num_threads(), 2);
  for (ingot_library *library : {first, second}) {
    ingot_instance *instance;
    const ingot_method *method;
    ASSERT_OK(ingot_instance_create(library, &instance));
    ASSERT_OK(ingot_library_method(library, "count", &method));
    Value y;
    ASSERT_OK(ingot_call(instance, method, nullptr, 0, nullptr, y.out()));
    EXPECT_EQ(y.integer(), 5);
    ingot_instance_release(instance);
    ingot_library_release(library);
  }
}
