/*===- similarity.c - how alike two sentences are -----------------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*===----------------------------------------------------------------------===*/
/* Runs a compiled sentence encoder (MiniLM and its like) on two sentences and
 * prints the cosine of the angle between their embeddings:
 *
 *   cc -I runtime/include examples/similarity.c -o similarity -ldl -lm
 *   ./similarity minilm.so a.txt b.txt
 *
 * A sentence is a text file of its token ids, separated by white space, as the
 * model's tokenizer gives them. The model takes int64 tensors of 1 x length:
 * the ids, and, when it has such inputs, a mask of ones and token types of
 * zeros. Its first float32 result is the embedding, or one vector a token,
 * which are averaged here.
 */
#include "ingot.h"

#include <math.h>
#include <stdio.h>

enum { MAX_TOKENS = 4096, MAX_INPUTS = 3 };

typedef struct model {
  ingot_library *library;
  ingot_instance *instance;
  const ingot_method *forward;
} model;

/* Reads the ids of a file; -1 after a message when that fails. */
static int64_t read_tokens(const char *path, int64_t *ids) {
  FILE *file = fopen(path, "r");
  int64_t count = 0;
  long long id;
  int found;
  if (!file) {
    fprintf(stderr, "cannot open %s\n", path);
    return -1;
  }
  while ((found = fscanf(file, "%lld", &id)) == 1 && count < MAX_TOKENS)
    ids[count++] = id;
  fclose(file);
  if (found != EOF || !count) {
    fprintf(stderr, "%s: 1 to %d token ids are expected\n", path, MAX_TOKENS);
    return -1;
  }
  return count;
}

/* The first float32 tensor of at least two dimensions in a result. */
static int find_tensor(const ingot_value *value, ingot_tensor_info *info) {
  if (ingot_value_kind(value) == INGOT_TENSOR) {
    ingot_status *s = ingot_value_get_tensor(value, info);
    ingot_status_release(s);
    return !s && info->dtype == INGOT_FLOAT32 && info->rank >= 2;
  }
  for (size_t i = 0, n = ingot_value_size(value); i < n; ++i)
    if (find_tensor(ingot_value_item(value, i), info))
      return 1;
  return 0;
}

/* Averages all but the last dimension. NULL when out of memory. */
static double *average(const ingot_tensor_info *t, int64_t *width) {
  int64_t n = *width = t->sizes[t->rank - 1];
  int64_t rows = n ? t->numel / n : 0;
  double *mean = calloc((size_t)n + 1, sizeof *mean);
  if (!mean)
    return NULL;
  for (int64_t r = 0; r < rows; ++r) {
    int64_t rest = r, at = 0;
    for (int32_t d = t->rank - 1; d-- > 0; rest /= t->sizes[d])
      at += rest % t->sizes[d] * t->strides[d];
    for (int64_t i = 0; i < n; ++i)
      mean[i] += ((const float *)t->data)[at + i * t->strides[t->rank - 1]] / (double)rows;
  }
  return mean;
}

/* The embedding of a sentence; NULL after a message when that fails. */
static double *embed(const model *m, const char *path, int64_t *width) {
  /* What the inputs hold, in their usual order: ids, mask, token types. */
  static int64_t data[MAX_INPUTS][MAX_TOKENS];
  ingot_value *inputs[MAX_INPUTS] = {NULL}, *output = NULL;
  ingot_tensor_info info;
  ingot_status *s = NULL;
  double *result = NULL;
  int32_t count = ingot_method_get_info(m->forward).input_count;
  int64_t sizes[2] = {1, read_tokens(path, data[0])};

  if (sizes[1] < 0)
    return NULL;
  for (int64_t i = 0; i < sizes[1]; ++i)
    data[1][i] = 1;
  if (count < 1 || count > MAX_INPUTS) {
    fprintf(stderr, "the model has %d inputs, 1 to 3 are expected\n", count);
    return NULL;
  }
  for (int32_t i = 0; i < count && !s; ++i)
    s = ingot_value_create_tensor(data[i], INGOT_INT64, 2, sizes, NULL, NULL, NULL, &inputs[i]);
  if (!s)
    s = ingot_call(m->instance, m->forward, inputs, (size_t)count, NULL, &output);
  if (s)
    fprintf(stderr, "error: %s\n", ingot_status_message(s));
  else if (!find_tensor(output, &info))
    fprintf(stderr, "the model gives no float32 matrix\n");
  else
    result = average(&info, width);
  ingot_status_release(s);
  ingot_value_release(output);
  for (int32_t i = 0; i < count; ++i)
    ingot_value_release(inputs[i]);
  return result;
}

int main(int argc, char **argv) {
  model m = {NULL, NULL, NULL};
  ingot_status *s;
  int failed = 1;

  if (argc != 4) {
    fprintf(stderr, "usage: similarity MODEL.so A.txt B.txt\n");
    return 2;
  }
  s = ingot_library_open(argv[1], &m.library);
  if (!s)
    s = ingot_instance_create(m.library, &m.instance);
  if (!s)
    s = ingot_library_method(m.library, "forward", &m.forward);
  if (s) {
    fprintf(stderr, "error: %s\n", ingot_status_message(s));
  } else {
    int64_t n = 0, width = 0;
    double *a = embed(&m, argv[2], &n), *b = a ? embed(&m, argv[3], &width) : a;
    if (a && b && n == width) {
      double ab = 0, aa = 0, bb = 0;
      for (int64_t i = 0; i < n; ++i) {
        ab += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
      }
      printf("%.6f\n", ab / sqrt(aa * bb));
      failed = 0;
    }
    free(a);
    free(b);
  }
  ingot_status_release(s);
  ingot_instance_release(m.instance);
  ingot_library_release(m.library);
  return failed;
}
