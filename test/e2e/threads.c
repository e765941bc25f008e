/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Many threads over several libraries: threads THREADS CALLS EXPECTED LIB...
 * EXPECTED has a line for each library: its results for 0, 1, 2, ...; `raises`
 * where the program raises. Each thread walks through libraries and arguments in
 * an order of its own. Prints how many calls went wrong, the most pools that the
 * process had (by the name of a pool's first worker), and the memory (KiB) after CALLS calls and after five times as
 * many more. */
#define _GNU_SOURCE
#include "ingot.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_LIBRARIES = 64, MAX_ARGUMENTS = 64 };

static struct {
  ingot_library *library;
  ingot_instance *instance;
  const ingot_method *forward;
  int64_t expected[MAX_ARGUMENTS];
  int raises[MAX_ARGUMENTS];
} libraries[MAX_LIBRARIES];
static int library_count, argument_count, thread_count;
static long calls_each, wrong, running;

static int check(ingot_status *s) {
  if (s)
    fprintf(stderr, "%s\n", ingot_status_message(s));
  return !s;
}

static long status_of(const char *name) {
  char line[256];
  long value = -1;
  FILE *f = fopen("/proc/self/status", "r");
  while (f && fgets(line, sizeof line, f))
    if (!strncmp(line, name, strlen(name)))
      value = strtol(line + strlen(name), NULL, 10);
  if (f)
    fclose(f);
  return value;
}

/* Pools whose first worker runs. */
static long pools(void) {
  long count = 0;
  DIR *folder = opendir("/proc/self/task");
  for (struct dirent *entry; folder && (entry = readdir(folder));) {
    char path[300], name[32] = "";
    snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
    FILE *f = fopen(path, "r"); /* the thread may have ended */
    if (f && fgets(name, sizeof name, f))
      count += !strcmp(name, "ingot-1\n");
    if (f)
      fclose(f);
  }
  if (folder)
    closedir(folder);
  return count;
}

static int call(int library, int argument) {
  ingot_value *x = NULL, *y = NULL;
  int64_t result = 0;
  if (!check(ingot_value_create_int(argument, &x)))
    return 0;
  ingot_status *s = ingot_call(libraries[library].instance, libraries[library].forward, &x, 1, NULL, &y);
  ingot_value_release(x);
  if (libraries[library].raises[argument]) {
    int right = ingot_status_code(s) == INGOT_PROGRAM_ERROR;
    ingot_status_release(s);
    ingot_value_release(y);
    return right;
  }
  int right = check(s) && check(ingot_value_get_int(y, &result)) && result == libraries[library].expected[argument];
  ingot_status_release(s);
  ingot_value_release(y);
  return right;
}

static void *run(void *number) {
  unsigned state = (unsigned)(size_t)number * 2654435761u + 1;
  for (long i = 0; i < calls_each; ++i) {
    state = state * 1664525u + 1013904223u;
    if (!call((int)((state >> 8) % (unsigned)library_count), (int)((state >> 20) % (unsigned)argument_count)))
      __atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED);
  }
  __atomic_fetch_sub(&running, 1, __ATOMIC_RELEASE);
  return NULL;
}

/* Makes `calls` calls from all threads; the most pools that were seen. */
static long phase(long calls) {
  pthread_t threads[256];
  long most = 0;
  calls_each = calls / thread_count;
  running = thread_count;
  for (int t = 0; t < thread_count; ++t)
    if (pthread_create(&threads[t], NULL, run, (void *)(size_t)t))
      exit(2);
  while (__atomic_load_n(&running, __ATOMIC_ACQUIRE)) {
    long now = pools();
    most = now > most ? now : most;
    usleep(1000);
  }
  for (int t = 0; t < thread_count; ++t)
    pthread_join(threads[t], NULL);
  return most;
}

int main(int argc, char **argv) {
  if (argc < 5 || argc - 4 > MAX_LIBRARIES)
    return 2;
  thread_count = atoi(argv[1]);
  long calls = atol(argv[2]);
  FILE *f = fopen(argv[3], "r");
  library_count = argc - 4;
  char line[4096];
  for (int i = 0; f && i < library_count && fgets(line, sizeof line, f); ++i) {
    argument_count = 0;
    for (char *word = strtok(line, " \n"); word && argument_count < MAX_ARGUMENTS; word = strtok(NULL, " \n")) {
      libraries[i].raises[argument_count] = !strcmp(word, "raises");
      libraries[i].expected[argument_count++] = strtoll(word, NULL, 10);
    }
    if (!check(ingot_library_open(argv[4 + i], &libraries[i].library)) ||
        !check(ingot_instance_create(libraries[i].library, &libraries[i].instance)) ||
        !check(ingot_library_method(libraries[i].library, "forward", &libraries[i].forward)))
      return 1;
  }
  if (!f || !argument_count || thread_count < 1 || thread_count > 256)
    return 2;
  fclose(f);
  phase(calls);
  long before = status_of("VmRSS:"), most = phase(5 * calls), after = status_of("VmRSS:");
  printf("%ld wrong, %ld pools, %ld KiB, %ld KiB\n", wrong, most, before, after);
  for (int i = 0; i < library_count; ++i) {
    ingot_instance_release(libraries[i].instance);
    ingot_library_release(libraries[i].library);
  }
  return 0;
}
