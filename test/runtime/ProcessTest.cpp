//===- ProcessTest.cpp - what the environment sets -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each test runs a child test of this program in a process of its own.
#include "Support.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <unistd.h>

using namespace ingot::test;

namespace {

std::string self() {
  char path[4096];
  ssize_t n = readlink("/proc/self/exe", path, sizeof path);
  return std::string(path, size_t(n > 0 ? n : 0));
}

/// Exit code of the child test, and what it wrote.
int runChild(const std::string &environment, const char *child, std::string &output) {
  std::string command =
      environment + " " + self() + " --gtest_also_run_disabled_tests --gtest_filter=" + child + " 2>&1";
  FILE *pipe = popen(command.c_str(), "r");
  char buffer[4096];
  output.clear();
  while (size_t n = fread(buffer, 1, sizeof buffer, pipe))
    output.append(buffer, n);
  return pclose(pipe);
}

TEST(DISABLED_Child, Calls) {
  Fake fake(FAKE_A);
  std::vector<float> data(64 * 300);
  for (int i = 0; i < 3; ++i) {
    Value x = floats(data, {64, 300}), y;
    ASSERT_EQ(fake.call("parallel", {&x}, y).message, "");
  }
  printf("threads=%d\n", ingot_get_num_threads());
  Value line = text("printed by the program\n"), y;
  ASSERT_EQ(fake.call("prints", {&line}, y).message, "");
}

TEST(Process, NumberOfThreads) {
  std::string output;
  EXPECT_EQ(runChild("INGOT_NUM_THREADS=3", "DISABLED_Child.Calls", output), 0) << output;
  EXPECT_NE(output.find("threads=3\n"), std::string::npos) << output;
  EXPECT_NE(output.find("printed by the program\n"), std::string::npos) << output;
  EXPECT_EQ(runChild("INGOT_NUM_THREADS=many", "DISABLED_Child.Calls", output), 0) << output;
  EXPECT_NE(output.find("INGOT_NUM_THREADS is 'many'"), std::string::npos) << output;
}

TEST(Process, Trace) {
  std::string path = testing::TempDir() + "ingot-trace-" + std::to_string(getpid()) + ".json", output;
  ASSERT_EQ(runChild("INGOT_NUM_THREADS=2 INGOT_TRACE=" + path, "DISABLED_Child.Calls", output), 0) << output;
  std::ifstream file(path);
  std::stringstream buffer;
  buffer << file.rdbuf();
  std::string trace = buffer.str();
  remove(path.c_str());
  EXPECT_EQ(trace.front(), '[');
  EXPECT_EQ(trace.substr(trace.size() - 3), "\n]\n");
  auto count = [&](const std::string &what) {
    size_t found = 0;
    for (size_t at = trace.find(what); at != std::string::npos; at = trace.find(what, at + 1))
      ++found;
    return found;
  };
  EXPECT_EQ(count("\"cat\":\"call\",\"name\":\"parallel\""), 3u);
  EXPECT_EQ(count("\"cat\":\"call\",\"name\":\"prints\""), 1u);
  EXPECT_GE(count("\"cat\":\"loop\""), 3u);
  EXPECT_EQ(count("\n{"), count("\"ph\":\"X\""));
  EXPECT_EQ(runChild("INGOT_TRACE=/no/such/folder/t.json", "DISABLED_Child.Calls", output), 0) << output;
  EXPECT_NE(output.find("cannot write INGOT_TRACE"), std::string::npos) << output;
}

} // namespace
