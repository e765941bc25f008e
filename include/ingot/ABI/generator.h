/*===- generator.h - the random generator's state -----------------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                     */
/*===----------------------------------------------------------------------===*/
/* A library whose programs draw random numbers has one mutable state more, whose
 * bytes are those of torch.get_rng_state() on the CPU: mt19937 and the second
 * normal of a pair. Plain C, read by the compiler (first contents) and the
 * runtime (draws, seeding).
 */
#ifndef INGOT_ABI_GENERATOR_H
#define INGOT_ABI_GENERATOR_H

#include <stdint.h>
#include <string.h>

#define INGOT_ABI_GENERATOR_STATE "rng_state" /* the state's name; dtype uint8 */
#define INGOT_ABI_GENERATOR_BYTES 5056
#define INGOT_ABI_GENERATOR_SEED 67280421310721u /* of one nobody has seeded */

typedef struct ingot_abi_generator {
  uint64_t seed;
  int32_t left, seeded;
  uint64_t next;
  uint64_t words[624];
  double normal_x, normal, normal_rho; /* only `normal` is used */
  int32_t normal_valid;
  int32_t reserved;
  float float_normal;
  int32_t float_normal_valid;
} ingot_abi_generator;

static inline void ingot_abi_generator_seed(ingot_abi_generator *g, uint64_t seed) {
  uint32_t word = (uint32_t)seed, j;
  memset(g, 0, sizeof *g);
  g->seed = seed;
  g->words[0] = word;
  for (j = 1; j < 624; ++j) {
    word = 1812433253u * (word ^ (word >> 30)) + j;
    g->words[j] = word;
  }
  g->left = 1;
  g->seeded = 1;
}

#endif
