/*===- encoder.c - a sentence encoder, by hand --------------------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                     */
/*===----------------------------------------------------------------------===*/
/* forward(ids: i64[N,S], mask: i64[N,S]) -> (f32[N,S,4],): the vector of token
 * t has a 1 at t modulo 4, where the mask is set. For examples/similarity.c.
 */
#include "ingot/ABI/artifact.h"

static int32_t forward(ingot_abi_call *call, const ingot_abi_leaf *in) {
  const ingot_abi_tensor *ids = &in[0].tensor, *mask = &in[1].tensor;
  int64_t n = ids->sizes[0], s = ids->sizes[1];
  int64_t sizes[] = {n, s, 4}, strides[] = {s * 4, 4, 1};
  float *y = call->runtime->result_block(call, (uint64_t)(n * s) * 16, 0);
  if (!y)
    return 1;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < s; ++j) {
      const int64_t *id = (const int64_t *)ids->data + i * ids->strides[0];
      const int64_t *m = (const int64_t *)mask->data + i * mask->strides[0];
      for (int64_t k = 0; k < 4; ++k)
        y[(i * s + j) * 4 + k] = m[j * mask->strides[1]] && (id[j * ids->strides[1]] & 3) == k;
    }
  call->runtime->return_tensor(call, 0, y, y, 6, 3, sizes, strides);
  return 0;
}

static const int64_t tokens[] = {-1, -2}, vectors[] = {-1, -2, 4};
static const ingot_abi_type idsType = {
    .kind = INGOT_ABI_KIND_TENSOR, .leaf = 0, .dtype = 4, .rank = 2, .sizes = tokens};
static const ingot_abi_type maskType = {
    .kind = INGOT_ABI_KIND_TENSOR, .leaf = 1, .dtype = 4, .rank = 2, .sizes = tokens};
static const ingot_abi_type vectorsType = {
    .kind = INGOT_ABI_KIND_TENSOR, .leaf = 0, .dtype = 6, .rank = 3, .sizes = vectors};
static const ingot_abi_type output = {.kind = INGOT_ABI_KIND_TUPLE, .n_children = 1, .children = &vectorsType};
static const ingot_abi_input inputs[] = {{"ids", &idsType, 0, 0}, {"mask", &maskType, 0, 0}};
static const ingot_abi_symbol symbols[] = {{"N", 0, INT64_MAX}, {"S", 0, INT64_MAX}};
static const ingot_abi_method_fn code[] = {forward};
static const ingot_abi_method methods[] = {{"forward", inputs, &output, symbols, code, 2, 2, 1, 2}};
static const int32_t variants[] = {INGOT_ABI_CPU_BASELINE};

const ingot_abi_artifact ingot_artifact = {.abi_major = INGOT_ABI_MAJOR,
                                           .abi_minor = INGOT_ABI_MINOR,
                                           .producer = "by hand",
                                           .methods = methods,
                                           .variants = variants,
                                           .n_methods = 1,
                                           .n_variants = 1};
