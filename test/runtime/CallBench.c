/*===- CallBench.c - ns per call of a tiny method -----------------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*===----------------------------------------------------------------------===*/
/* x * 2 + 1 on 8 elements: wraps the input, calls, releases result and input.
 */
#define _POSIX_C_SOURCE 200809L
#include "ingot.h"

#include <stdio.h>
#include <time.h>

/* CPU time, so that a busy machine does not count. */
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int check(ingot_status *status) {
  if (!status)
    return 1;
  fprintf(stderr, "%s\n", ingot_status_message(status));
  ingot_status_release(status);
  return 0;
}

static void run(const char *name, const char *path, int wrap) {
  ingot_library *library;
  ingot_instance *instance;
  const ingot_method *method;
  if (!check(ingot_library_open(path, &library)) || !check(ingot_instance_create(library, &instance)) ||
      !check(ingot_library_method(library, "affine", &method)))
    return;
  float data[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  const int64_t size = 8;
  double best = 1e30, sum = 0;
  ingot_value *x = NULL, *y = NULL;
  if (!wrap && !check(ingot_value_create_tensor(data, INGOT_FLOAT32, 1, &size, NULL, NULL, NULL, &x)))
    return;
  for (int round = 0; round < 20; ++round) {
    const int n = 100000;
    double start = now();
    for (int i = 0; i < n; ++i) {
      if (wrap && !check(ingot_value_create_tensor(data, INGOT_FLOAT32, 1, &size, NULL, NULL, NULL, &x)))
        return;
      if (!check(ingot_call(instance, method, &x, 1, NULL, &y)))
        return;
      ingot_value_release(y);
      if (wrap)
        ingot_value_release(x);
    }
    double each = (now() - start) / n;
    best = each < best ? each : best;
    sum += each;
  }
  printf("%-40s best %6.1f ns, mean %6.1f ns per call\n", name, best, sum / 20);
  if (!wrap)
    ingot_value_release(x);
  ingot_instance_release(instance);
  ingot_library_release(library);
}

int main(void) {
  run("wrap, call, release", FAKE_STATELESS, 1);
  run("call, release", FAKE_STATELESS, 0);
  run("wrap, call, release; mutable state", FAKE_A, 1);
  return 0;
}
