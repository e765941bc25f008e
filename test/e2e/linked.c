/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Two libraries in one program: linked (no arguments) or opened with RTLD_LOCAL
 * (their paths). Prints the first element of each one's answer to a tensor of
 * 2 x 4 ones, and how many threads the process has after parallel work. */
#include "ingot.h"

#include <dirent.h>
#include <stdio.h>

#ifdef LINKED
const ingot_export *ingot_query_first(uint32_t);
const ingot_export *ingot_query_second(uint32_t);
#endif

static int threads(void) {
  int count = 0;
  DIR *tasks = opendir("/proc/self/task");
  for (struct dirent *e; tasks && (e = readdir(tasks));)
    count += e->d_name[0] != '.';
  if (tasks)
    closedir(tasks);
  return count;
}

static int report(ingot_status *s) {
  fprintf(stderr, "error: %s\n", ingot_status_message(s));
  return 1;
}

static ingot_status *answer(ingot_library *library, float *out) {
  ingot_instance *instance = NULL;
  const ingot_method *forward = NULL;
  ingot_value *x = NULL, *y = NULL;
  ingot_tensor_info result;
  float ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  int64_t sizes[2] = {2, 4};
  ingot_status *s = ingot_instance_create(library, &instance);
  if (!s)
    s = ingot_library_method(library, "forward", &forward);
  if (!s)
    s = ingot_value_create_tensor(ones, INGOT_FLOAT32, 2, sizes, NULL, NULL, NULL, &x);
  if (!s)
    s = ingot_call(instance, forward, &x, 1, NULL, &y);
  if (!s)
    s = ingot_value_get_tensor(y, &result);
  if (!s)
    *out = ((const float *)result.data)[0];
  ingot_value_release(y);
  ingot_value_release(x);
  ingot_instance_release(instance);
  return s;
}

int main(int argc, char **argv) {
  ingot_library *libraries[2] = {NULL, NULL};
  float values[2];
  for (int i = 0; i < 2; ++i) {
    ingot_status *s;
#ifdef LINKED
    s = ingot_library_from_query(i ? ingot_query_second : ingot_query_first, &libraries[i]);
#else
    s = argc == 3 ? ingot_library_open(argv[i + 1], &libraries[i]) : NULL;
#endif
    (void)argc, (void)argv;
    if (!s && i == 0)
      s = ingot_set_num_threads(2);
    if (!s)
      s = answer(libraries[i], &values[i]);
    if (s)
      return report(s);
  }
  printf("%g %g %d\n", values[0], values[1], ingot_get_num_threads() >= 2 ? threads() : -1);
  ingot_library_release(libraries[1]);
  ingot_library_release(libraries[0]);
  return 0;
}
