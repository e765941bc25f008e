//===- Generator.h - PyTorch's CPU random generator -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Its bytes are a state of the instance, and can be exchanged with PyTorch's.
#ifndef INGOT_RUNTIME_NATIVE_GENERATOR_H
#define INGOT_RUNTIME_NATIVE_GENERATOR_H

#include "ingot/ABI/generator.h"

#include <cmath>
#include <cstdint>

namespace ingot::native {

struct Generator : ingot_abi_generator {
  uint32_t random() {
    if (--left == 0)
      nextState();
    uint32_t y = uint32_t(words[next++]);
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }
  uint64_t random64() {
    uint64_t high = random();
    return high << 32 | random();
  }
  /// [0, 1) with 24 and 53 bits.
  float uniformFloat() { return float(random() & ((1u << 24) - 1)) * (1.0f / (1u << 24)); }
  double uniformDouble() { return double(random64() & ((uint64_t(1) << 53) - 1)) * (1.0 / double(uint64_t(1) << 53)); }
  /// A normal of mean 0 and deviation 1.
  double normalDouble() {
    if (normal_valid) {
      normal_valid = 0;
      return normal;
    }
    double u1 = uniformDouble(), u2 = uniformDouble();
    double radius = std::sqrt(-2.0 * std::log1p(-u2)), theta = 2.0 * M_PI * u1;
    normal = radius * std::sin(theta);
    normal_valid = 1;
    return radius * std::cos(theta);
  }

private:
  static uint32_t twist(uint64_t u, uint64_t v) {
    uint32_t mixed = (uint32_t(u) & 0x80000000u) | (uint32_t(v) & 0x7fffffffu);
    return (mixed >> 1) ^ ((v & 1) ? 0x9908b0dfu : 0u);
  }
  void nextState() {
    uint64_t *p = words;
    left = 624;
    next = 0;
    for (int j = 624 - 397 + 1; --j; p++)
      *p = p[397] ^ twist(p[0], p[1]);
    for (int j = 397; --j; p++)
      *p = p[397 - 624] ^ twist(p[0], p[1]);
    *p = p[397 - 624] ^ twist(p[0], words[0]);
  }
};
static_assert(sizeof(Generator) == INGOT_ABI_GENERATOR_BYTES);

} // namespace ingot::native

#endif
