//===- Cpu.cpp - what this machine's CPU can do ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Asks cpuid itself: the compilers' __builtin_cpu_supports needs their runtime
// library and knows fewer features.
#include "base/Cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace ingot::rt {

#if defined(__x86_64__)
namespace {
enum Word { L1C, L1D, L7B, L7C, L7D, L71A, L71D, X1C, X1D, kWords };
/// What the system must save on a switch before the feature can be used.
enum State : uint64_t { kNone = 0, kAvx = 0x6, kAvx512 = 0xe6, kAmx = 0x60000 };

struct Feature {
  const char *name; // LLVM's
  uint8_t word, bit, level;
  State state;
};

// `level`: the x86-64 level that requires it; 9: none does.
constexpr Feature features[] = {
    {"sse3", L1C, 0, 2, kNone},
    {"ssse3", L1C, 9, 2, kNone},
    {"cx16", L1C, 13, 2, kNone},
    {"sse4.1", L1C, 19, 2, kNone},
    {"sse4.2", L1C, 20, 2, kNone},
    {"popcnt", L1C, 23, 2, kNone},
    {"sahf", X1C, 0, 2, kNone},
    {"fma", L1C, 12, 3, kAvx},
    {"movbe", L1C, 22, 3, kNone},
    {"avx", L1C, 28, 3, kAvx},
    {"f16c", L1C, 29, 3, kAvx},
    {"lzcnt", X1C, 5, 3, kNone},
    {"bmi", L7B, 3, 3, kNone},
    {"avx2", L7B, 5, 3, kAvx},
    {"bmi2", L7B, 8, 3, kNone},
    {"avx512f", L7B, 16, 4, kAvx512},
    {"avx512dq", L7B, 17, 4, kAvx512},
    {"avx512cd", L7B, 28, 4, kAvx512},
    {"avx512bw", L7B, 30, 4, kAvx512},
    {"avx512vl", L7B, 31, 4, kAvx512},
    {"pclmul", L1C, 1, 9, kNone},
    {"aes", L1C, 25, 9, kNone},
    {"rdrnd", L1C, 30, 9, kNone},
    {"adx", L7B, 19, 9, kNone},
    {"rdseed", L7B, 18, 9, kNone},
    {"sha", L7B, 29, 9, kNone},
    {"avx512ifma", L7B, 21, 9, kAvx512},
    {"avx512vbmi", L7C, 1, 9, kAvx512},
    {"avx512vbmi2", L7C, 6, 9, kAvx512},
    {"gfni", L7C, 8, 9, kNone},
    {"vaes", L7C, 9, 9, kAvx},
    {"vpclmulqdq", L7C, 10, 9, kAvx},
    {"avx512vnni", L7C, 11, 9, kAvx512},
    {"avx512bitalg", L7C, 12, 9, kAvx512},
    {"avx512vpopcntdq", L7C, 14, 9, kAvx512},
    {"movdiri", L7C, 27, 9, kNone},
    {"movdir64b", L7C, 28, 9, kNone},
    {"avx512vp2intersect", L7D, 8, 9, kAvx512},
    {"serialize", L7D, 14, 9, kNone},
    {"amx-bf16", L7D, 22, 9, kAmx},
    {"avx512fp16", L7D, 23, 9, kAvx512},
    {"amx-tile", L7D, 24, 9, kAmx},
    {"amx-int8", L7D, 25, 9, kAmx},
    {"avxvnni", L71A, 4, 9, kAvx},
    {"avx512bf16", L71A, 5, 9, kAvx512},
    {"amx-fp16", L71A, 21, 9, kAmx},
    {"avxifma", L71A, 23, 9, kAvx},
    {"avxvnniint8", L71D, 4, 9, kAvx},
    {"avxneconvert", L71D, 5, 9, kAvx},
    {"avxvnniint16", L71D, 10, 9, kAvx},
    {"xop", X1C, 11, 9, kAvx},
    {"fma4", X1C, 16, 9, kAvx},
    {"tbm", X1C, 21, 9, kNone},
    {"sse4a", X1C, 6, 9, kNone},
    {"prfchw", X1C, 8, 9, kNone},
};

struct Cpuid {
  uint32_t words[kWords] = {};
  uint64_t state = 0;

  Cpuid() {
    uint32_t a, b, c, d;
    if (__get_cpuid(1, &a, &b, &c, &d)) {
      words[L1C] = c;
      words[L1D] = d;
      if (c & (1u << 27)) { // OSXSAVE
        uint32_t low, high;
        asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
        state = uint64_t(high) << 32 | low;
      }
    }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
      uint32_t subleaves = a;
      words[L7B] = b;
      words[L7C] = c;
      words[L7D] = d;
      if (subleaves >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) {
        words[L71A] = a;
        words[L71D] = d;
      }
    }
    if (__get_cpuid(0x80000001, &a, &b, &c, &d)) {
      words[X1C] = c;
      words[X1D] = d;
    }
  }
  bool has(const Feature &feature) const {
    return (words[feature.word] >> feature.bit & 1) && (state & feature.state) == feature.state;
  }
};

struct Name {
  const char *prefix;
  int level;
};
// Prefixes of LLVM's names of CPUs; the first that fits counts.
constexpr Name names[] = {
    {"x86-64-v4", 4},     {"x86-64-v3", 3},      {"x86-64-v2", 2},     {"znver4", 4},           {"znver5", 4},
    {"znver", 3},         {"skylake-avx512", 4}, {"skylake", 3},       {"cascadelake", 4},      {"cooperlake", 4},
    {"cannonlake", 4},    {"icelake", 4},        {"tigerlake", 4},     {"rocketlake", 4},       {"sapphirerapids", 4},
    {"emeraldrapids", 4}, {"graniterapids", 4},  {"diamondrapids", 4}, {"haswell", 3},          {"broadwell", 3},
    {"alderlake", 3},     {"raptorlake", 3},     {"meteorlake", 3},    {"arrowlake", 3},        {"lunarlake", 3},
    {"pantherlake", 3},   {"sierraforest", 3},   {"grandridge", 3},    {"clearwaterforest", 3}, {"gracemont", 3},
    {"bdver4", 3},        {"nehalem", 2},        {"westmere", 2},      {"sandybridge", 2},      {"ivybridge", 2},
    {"bdver", 2},         {"btver2", 2},         {"silvermont", 2},    {"goldmont", 2},         {"tremont", 2},
    {"x86-64", 1},        {"generic", 1}};
} // namespace

int cpuLevel() {
  Cpuid cpu;
  int level = 4;
  for (const Feature &feature : features)
    if (feature.level <= level && !cpu.has(feature))
      level = feature.level - 1;
  return level;
}

bool cpuSupports(const char *text, Text &missing) {
  if (!text)
    return true;
  const char *list = strchr(text, ';');
  if (!list) {
    for (const Name &name : names) {
      if (strncmp(text, name.prefix, strlen(name.prefix)) != 0)
        continue;
      if (name.level <= cpuLevel())
        return true;
      missing << "x86-64-v" << name.level;
      return false;
    }
    missing << "a CPU that this runtime knows as '" << text << "'";
    return false;
  }
  Cpuid cpu;
  bool fits = true;
  for (const char *at = list + 1; *at;) {
    size_t n = strcspn(at, ",");
    const char *name = at + (*at == '+');
    size_t length = n - size_t(*at == '+');
    for (const Feature &feature : features) {
      if (strlen(feature.name) != length || memcmp(feature.name, name, length) != 0 || cpu.has(feature))
        continue;
      missing << (fits ? "" : ", ") << feature.name;
      fits = false;
    }
    at += n + (at[n] == ',');
  }
  return fits;
}

#else

int cpuLevel() { return 0; }

bool cpuSupports(const char *, Text &) { return true; }

#endif

} // namespace ingot::rt
