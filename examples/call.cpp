//===- call.cpp - a compiled model called from C++ ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls `forward` of a library with a float32 tensor for each of its inputs,
// every unknown size 2, and says what comes out:
//
//   c++ -std=c++17 -I runtime/include examples/call.cpp -o call -ldl
//   ./call ./model.so
#include "ingot.hpp"

#include <cstdio>
#include <numeric>

static void print(const ingot::Value &value, const std::string &name) {
  if (!value.isTensor()) {
    for (size_t i = 0; i < value.size(); ++i)
      print(value[i], name + "[" + std::to_string(i) + "]");
    return;
  }
  std::printf("%s:", name.c_str());
  for (int64_t size : value.sizes())
    std::printf(" %lld", static_cast<long long>(size));
  std::printf(" elements of %s\n", ingot_dtype_name(value.tensorInfo().dtype));
}

int main(int argc, char **argv) try {
  if (argc != 2) {
    std::fprintf(stderr, "usage: call MODEL.so\n");
    return 2;
  }
  ingot::Library library(argv[1]);
  ingot::Instance model(library);
  ingot::Method forward = library.method("forward");

  std::vector<ingot::Value> inputs;
  for (size_t i = 0; i < forward.inputCount(); ++i) {
    ingot_type_info type = ingot_type_get_info(forward.input(i).type);
    if (type.kind != INGOT_TENSOR || type.dtype != INGOT_FLOAT32) {
      std::fprintf(stderr, "input '%s' is no float32 tensor\n", forward.input(i).name);
      return 1;
    }
    std::vector<int64_t> sizes;
    for (int32_t d = 0; d < type.rank; ++d)
      sizes.push_back(type.sizes && type.sizes[d] >= 0 ? type.sizes[d] : 2);
    ingot::Value x = ingot::Value::empty(INGOT_FLOAT32, sizes);
    float *data = x.data<float>();
    std::iota(data, data + x.tensorInfo().numel, 0.f);
    inputs.push_back(std::move(x));
  }
  print(model.call(forward, inputs), "out");
  return 0;
} catch (const ingot::Error &error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
