/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What a server asks of a library, one task a run:
 *   embed LIB empty            a tensor without elements and without memory
 *   embed LIB deadline|cancel  a call of `forward(x, n)` that would run for years
 *   embed LIB locale NAME      prints forward's two texts in the process's locale
 *   embed LIB null             pointers that are not there
 * The last line is what happened. */
#define _GNU_SOURCE
#include "ingot.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000 + t.tv_nsec;
}

static int report(ingot_status *s) {
  printf("%d %s\n", (int)ingot_status_code(s), ingot_status_message(s));
  ingot_status_release(s);
  return 0;
}

static ingot_status *tensor(float *data, int64_t size, ingot_value **out) {
  return ingot_value_create_tensor(data, INGOT_FLOAT32, 1, &size, NULL, NULL, NULL, out);
}

int main(int argc, char **argv) {
  ingot_library *library = NULL;
  ingot_instance *instance = NULL;
  const ingot_method *forward = NULL;
  ingot_value *inputs[2] = {NULL, NULL}, *y = NULL;
  ingot_tensor_info info;
  float data[4] = {1, 2, 3, 4};
  if (argc < 3)
    return 2;
  const char *task = argv[2];
  if (!strcmp(task, "null")) {
    report(ingot_library_open(NULL, &library));
    report(ingot_library_open("", &library));
  }
  ingot_status *s = ingot_library_open(argv[1], &library);
  if (!s)
    s = ingot_instance_create(library, &instance);
  if (!s)
    s = ingot_library_method(library, "forward", &forward);
  if (s)
    return report(s);
  if (!strcmp(task, "null"))
    return report(ingot_library_method(library, NULL, &forward));
  if (!strcmp(task, "empty")) {
    s = tensor(NULL, 0, &inputs[0]);
    if (!s)
      s = ingot_call(instance, forward, inputs, 1, NULL, &y);
    if (!s)
      s = ingot_value_get_tensor(y, &info);
    if (s)
      return report(s);
    printf("size %d\n", (int)info.sizes[0]);
  } else if (!strcmp(task, "locale")) {
    const char *text;
    size_t size;
    if (argc < 4 || !setlocale(LC_ALL, argv[3]))
      return 2;
    s = ingot_value_create_string("1.5", 3, &inputs[0]);
    if (!s)
      s = ingot_call(instance, forward, inputs, 1, NULL, &y);
    if (!s)
      s = ingot_value_get_string(y, &text, &size);
    if (s)
      return report(s);
    printf("%.1f %.*s\n", 0.5, (int)size, text);
  } else {
    ingot_call_options options = INGOT_CALL_OPTIONS_INIT;
    ingot_async *call = NULL;
    s = tensor(data, 4, &inputs[0]);
    if (!s)
      s = ingot_value_create_int(INT64_MAX, &inputs[1]);
    if (!strcmp(task, "deadline"))
      options.deadline = now() + 20000000;
    if (!s)
      s = ingot_async_start(instance, forward, inputs, 2, &options, &call);
    if (!s && !strcmp(task, "cancel")) {
      usleep(20000);
      ingot_async_cancel(call);
    }
    if (!s)
      s = ingot_async_wait(call, &y);
    ingot_async_release(call);
    if (s)
      return report(s);
    printf("it came back\n");
  }
  ingot_value_release(y);
  ingot_value_release(inputs[0]);
  ingot_instance_release(instance);
  ingot_library_release(library);
  return 0;
}
