/*===- call.c - a compiled model called from C --------------------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*===----------------------------------------------------------------------===*/
/* Calls `forward` of a library whose one input is a float32 tensor:
 *
 *   cc -I runtime/include examples/call.c -o call -ldl
 *   ./call ./model.so 2 784        # a tensor of 2 x 784, filled with 0, 0.01,
 * ...
 */
#include "ingot.h"

#include <inttypes.h>
#include <stdio.h>

enum { MAX_RANK = 8 };

/* Prints an error, the model's own exceptions with their type and line. */
static int report(ingot_status *status) {
  const char *type = ingot_status_type(status);
  const char *where = ingot_status_where(status);
  fprintf(stderr, "error: %s%s%s%s%s\n", where ? where : "", where ? ": " : "", type ? type : "", type ? ": " : "",
          ingot_status_message(status));
  ingot_status_release(status);
  return 1;
}

/* Prints the first elements of a float32 tensor, wherever its strides lead. */
static void print_tensor(const ingot_tensor_info *t) {
  printf("%s[", ingot_dtype_name(t->dtype));
  for (int32_t d = 0; d < t->rank; ++d)
    printf("%s%" PRId64, d ? "," : "", t->sizes[d]);
  printf("]");
  for (int64_t i = 0; t->dtype == INGOT_FLOAT32 && i < t->numel && i < 10; ++i) {
    int64_t rest = i, at = 0;
    for (int32_t d = t->rank; d-- > 0; rest /= t->sizes[d])
      at += rest % t->sizes[d] * t->strides[d];
    printf(" %g", ((const float *)t->data)[at]);
  }
  printf("\n");
}

int main(int argc, char **argv) {
  ingot_library *library = NULL;
  ingot_instance *instance = NULL;
  const ingot_method *forward = NULL;
  ingot_value *x = NULL, *y = NULL;
  ingot_tensor_info result;
  ingot_status *s;
  int64_t sizes[MAX_RANK], count = 1;
  int32_t rank = argc - 2;

  if (rank < 1 || rank > MAX_RANK) {
    fprintf(stderr, "usage: call MODEL.so SIZE...\n");
    return 2;
  }
  for (int32_t d = 0; d < rank; ++d)
    count *= sizes[d] = strtoll(argv[d + 2], NULL, 10);
  if (count < 0 || count > 100000000) {
    fprintf(stderr, "these sizes are too large\n");
    return 2;
  }
  float *data = malloc(((size_t)count + 1) * sizeof *data);
  if (!data)
    return 1;
  for (int64_t i = 0; i < count; ++i)
    data[i] = (float)(i % 100) / 100;

  s = ingot_library_open(argv[1], &library);
  if (!s)
    s = ingot_instance_create(library, &instance);
  if (!s)
    s = ingot_library_method(library, "forward", &forward);
  if (!s)
    s = ingot_value_create_tensor(data, INGOT_FLOAT32, rank, sizes, NULL, NULL, NULL, &x);
  if (!s)
    s = ingot_call(instance, forward, &x, 1, NULL, &y);
  if (!s)
    s = ingot_value_get_tensor(y, &result);
  if (!s)
    print_tensor(&result);

  ingot_value_release(y);
  ingot_value_release(x);
  ingot_instance_release(instance);
  ingot_library_release(library);
  free(data);
  return s ? report(s) : 0;
}
