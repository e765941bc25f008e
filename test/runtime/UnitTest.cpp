//===- UnitTest.cpp - copies, digests, CPU features, memory ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/Cpu.h"
#include "base/Memory.h"
#include "base/Sha256.h"
#include "value/Value.h"

#include <gtest/gtest.h>
#include <random>
#include <set>
#include <vector>

using namespace ingot::rt;

namespace {

uint64_t prefix(std::initializer_list<uint8_t> bytes) {
  uint64_t number = 0;
  int shift = 0;
  for (uint8_t byte : bytes)
    number |= uint64_t(byte) << (8 * shift++);
  return number;
}

TEST(Sha256, KnownDigests) {
  // FIPS 180-4's examples.
  EXPECT_EQ(sha256Prefix("", 0), prefix({0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14}));
  EXPECT_EQ(sha256Prefix("abc", 3), prefix({0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea}));
  const char *two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  EXPECT_EQ(sha256Prefix(two, 56), prefix({0x24, 0x8d, 0x6a, 0x61, 0xd2, 0x06, 0x38, 0xb8}));
  std::vector<char> million(1000000, 'a');
  EXPECT_EQ(sha256Prefix(million.data(), million.size()), prefix({0xcd, 0xc7, 0x6e, 0x5c, 0x99, 0x14, 0xfb, 0x92}));
}

TEST(Cpu, NamesAndFeatures) {
  Text missing;
  EXPECT_TRUE(cpuSupports("x86-64", missing));
  EXPECT_TRUE(cpuSupports("anything;", missing));
  EXPECT_TRUE(cpuSupports("anything;no-such-feature", missing));
  EXPECT_FALSE(cpuSupports("no-such-cpu", missing));
  EXPECT_GE(cpuLevel(), 1);
  EXPECT_LE(cpuLevel(), 4);
#if defined(__x86_64__)
  __builtin_cpu_init();
  Text text;
  EXPECT_EQ(cpuSupports("x;+avx2", text), __builtin_cpu_supports("avx2") != 0);
  EXPECT_EQ(cpuSupports("x;avx512f,avx512vnni", text),
            __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni"));
  EXPECT_EQ(cpuLevel() >= 3, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"));
  Text needs;
  if (!__builtin_cpu_supports("xop")) {
    EXPECT_FALSE(cpuSupports("bdver2;sse3,xop", needs));
    EXPECT_STREQ(needs.str(), "xop");
  }
#endif
}

TEST(Memory, BlocksAreAlignedAndApart) {
  std::vector<std::pair<char *, size_t>> blocks;
  for (size_t size : {size_t(1), size_t(64), size_t(65), size_t(129), size_t(65536), size_t(65537), size_t(1) << 20,
                      (size_t(5) << 20) + 1})
    for (int i = 0; i < 3; ++i) {
      auto *block = static_cast<char *>(allocateBlock(size));
      ASSERT_NE(block, nullptr);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % kAlignment, 0u);
      memset(block, int(blocks.size()), size);
      blocks.push_back({block, size});
    }
  for (size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_EQ(blocks[i].first[0], char(i));
    EXPECT_EQ(blocks[i].first[blocks[i].second - 1], char(i));
    freeBlock(blocks[i].first, blocks[i].second);
  }
  EXPECT_EQ(allocateBlock(size_t(1) << 60), nullptr);
  trimSharedBlocks();
}

TEST(Memory, ArenaMergesItsSlabs) {
  Arena arena;
  std::vector<char *> pieces;
  for (int i = 0; i < 100; ++i) {
    auto *piece = static_cast<char *>(arena.allocate(1000));
    ASSERT_NE(piece, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(piece) % kAlignment, 0u);
    memset(piece, i, 1000);
    pieces.push_back(piece);
  }
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(pieces[size_t(i)][999], char(i));
  arena.reset();
  // One slab now: the pieces follow each other.
  auto *first = static_cast<char *>(arena.allocate(1000));
  for (int i = 1; i < 100; ++i)
    EXPECT_EQ(static_cast<char *>(arena.allocate(1000)), first + i * 1024);
  EXPECT_TRUE(arena.contains(first));
  EXPECT_FALSE(arena.contains(&arena));
  EXPECT_EQ(arena.allocate(UINT64_MAX), nullptr);
  EXPECT_EQ(arena.allocate(UINT64_MAX / 2), nullptr);
  EXPECT_NE(arena.allocate(0), nullptr);
  arena.destroy();
}

/// Element by element.
void reference(char *dst, const std::vector<int64_t> &dstStrides, const char *src,
               const std::vector<int64_t> &srcStrides, const std::vector<int64_t> &sizes, int32_t elementSize) {
  std::vector<int64_t> at(sizes.size(), 0);
  for (int64_t size : sizes)
    if (size == 0)
      return;
  for (;;) {
    int64_t to = 0, from = 0;
    for (size_t d = 0; d < sizes.size(); ++d) {
      to += at[d] * dstStrides[d];
      from += at[d] * srcStrides[d];
    }
    memcpy(dst + to * elementSize, src + from * elementSize, size_t(elementSize));
    size_t d = sizes.size();
    while (d > 0 && ++at[d - 1] == sizes[d - 1])
      at[--d] = 0;
    if (d == 0)
      return;
  }
}

TEST(Copy, AnyStridesAgreeWithTheReference) {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    auto rank = int32_t(random() % 6);
    int32_t elementSize = std::vector<int32_t>{1, 2, 4, 8, 16}[random() % 5];
    std::vector<int64_t> sizes, dstStrides(size_t(rank), 0), srcStrides(size_t(rank), 0);
    for (int32_t d = 0; d < rank; ++d)
      sizes.push_back(random() % 20 == 0 ? 0 : int64_t(1 + random() % (rank > 3 ? 5 : 40)));
    // Strides of a random permutation with random gaps; the source may be
    // expanded or turned around.
    auto lay = [&](std::vector<int64_t> &strides, bool source) {
      std::vector<size_t> order(sizes.size());
      for (size_t d = 0; d < order.size(); ++d)
        order[d] = d;
      std::shuffle(order.begin(), order.end(), random);
      int64_t stride = 1 + int64_t(random() % 2), base = 0;
      for (size_t d : order) {
        strides[d] = stride;
        stride *= std::max<int64_t>(sizes[d], 1) + int64_t(random() % 2);
        if (source && random() % 8 == 0)
          strides[d] = 0;
        if (source && random() % 8 == 0) {
          base += strides[d] * std::max<int64_t>(sizes[d] - 1, 0);
          strides[d] = -strides[d];
        }
      }
      return std::pair(stride, base);
    };
    auto [dstExtent, dstBase] = lay(dstStrides, false);
    auto [srcExtent, srcBase] = lay(srcStrides, true);
    std::vector<char> src(size_t(srcExtent * elementSize)), got(size_t(dstExtent * elementSize), 7), want = got;
    for (char &byte : src)
      byte = char(random());
    const char *from = src.data() + srcBase * elementSize;
    copyStrided(got.data(), dstStrides.data(), from, srcStrides.data(), sizes.data(), rank, elementSize);
    reference(want.data(), dstStrides, from, srcStrides, sizes, elementSize);
    ASSERT_EQ(got, want) << "round " << round;
  }
}

TEST(Copy, LargeTransposeInParallel) {
  constexpr int64_t n = 1500, m = 900;
  std::vector<float> src(n * m), dst(n * m);
  for (size_t i = 0; i < src.size(); ++i)
    src[i] = float(i);
  int64_t sizes[] = {n, m}, dstStrides[] = {m, 1}, srcStrides[] = {1, n};
  copyStrided(dst.data(), dstStrides, src.data(), srcStrides, sizes, 2, 4);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t k = 0; k < m; ++k)
      ASSERT_EQ(dst[size_t(i * m + k)], float(k * n + i));
}

TEST(Shape, DenseAndOverflow) {
  int64_t sizes[] = {2, 3, 1}, strides[] = {3, 1, 99};
  EXPECT_TRUE(isDense(sizes, strides, 3));
  strides[0] = 4;
  EXPECT_FALSE(isDense(sizes, strides, 3));
  int64_t huge[] = {INT64_MAX / 2, 4}, none[] = {0, 5}, out[2];
  uint64_t nbytes;
  EXPECT_FALSE(rowMajor(huge, 2, 4, out, nbytes));
  EXPECT_TRUE(rowMajor(none, 2, 4, out, nbytes));
  EXPECT_EQ(nbytes, 0u);
}

} // namespace
