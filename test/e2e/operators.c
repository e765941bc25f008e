/*===- operators.c - operators of the tests, in C -----------------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* test_custom.py has the same ones in Python. */
#include "ingot.h"

#include <math.h>
#include <stdio.h>

#define OPERATOR(name)                                                                                                 \
  static ingot_status *name(void *context, ingot_value *const *arguments, size_t argument_count,                       \
                            ingot_value **results, size_t result_count)
#define UNUSED (void)context, (void)arguments, (void)argument_count, (void)results, (void)result_count
#define TRY(expression)                                                                                                \
  do {                                                                                                                 \
    ingot_status *s_ = (expression);                                                                                   \
    if (s_)                                                                                                            \
      return s_;                                                                                                       \
  } while (0)

static int64_t offset_of(const ingot_tensor_info *t, int64_t i) {
  int64_t at = 0;
  for (int32_t d = t->rank; d-- > 0; i /= t->sizes[d])
    at += i % t->sizes[d] * t->strides[d];
  return at;
}
static float *at(const ingot_tensor_info *t, int64_t i) { return (float *)t->data + offset_of(t, i); }
static ingot_status *floats(const ingot_value *value, ingot_tensor_info *t) {
  TRY(ingot_value_get_tensor(value, t));
  return t->dtype == INGOT_FLOAT32 ? NULL : ingot_operator_error("TypeError", "expected a float32 tensor");
}
static ingot_status *like(const ingot_tensor_info *t, ingot_value **out, ingot_tensor_info *info) {
  TRY(ingot_value_create_empty(INGOT_FLOAT32, t->rank, t->sizes, NULL, out));
  return ingot_value_get_tensor(*out, info);
}

OPERATOR(scale) {
  ingot_tensor_info x, y;
  double by;
  UNUSED;
  TRY(floats(arguments[0], &x));
  TRY(ingot_value_get_float(arguments[1], &by));
  TRY(like(&x, &results[0], &y));
  for (int64_t i = 0; i < x.numel; ++i)
    *at(&y, i) = (float)(*at(&x, i) * by);
  return NULL;
}

OPERATOR(accumulate) { /* total += x, in place */
  ingot_tensor_info x, total;
  UNUSED;
  TRY(floats(arguments[0], &x));
  TRY(floats(arguments[1], &total));
  if (x.numel != total.numel)
    return ingot_operator_error("ValueError", "accumulate: the tensors have different sizes");
  for (int64_t i = 0; i < x.numel; ++i)
    *at(&total, i) += *at(&x, i);
  return NULL;
}

OPERATOR(negate_) { /* gives its argument back */
  ingot_tensor_info x;
  UNUSED;
  TRY(floats(arguments[0], &x));
  for (int64_t i = 0; i < x.numel; ++i)
    *at(&x, i) = -*at(&x, i);
  return NULL;
}

OPERATOR(parts) { /* the rows, as many tensors as there are */
  ingot_tensor_info x, row;
  ingot_value *rows[16];
  ingot_status *s = NULL;
  int64_t n, width;
  UNUSED;
  TRY(floats(arguments[0], &x));
  n = x.sizes[0];
  width = x.sizes[1];
  for (int64_t k = 0; k < n && k < 16; ++k) {
    TRY(ingot_value_create_empty(INGOT_FLOAT32, 1, &width, NULL, &rows[k]));
    TRY(ingot_value_get_tensor(rows[k], &row));
    for (int64_t i = 0; i < width; ++i)
      *at(&row, i) = *at(&x, k * width + i);
  }
  s = ingot_value_create_list(rows, (size_t)n, &results[0]);
  for (int64_t k = 0; k < n && k < 16; ++k)
    ingot_value_release(rows[k]);
  return s;
}

OPERATOR(total_of) { /* the sum over a list of tensors, weighted; None counts as nothing */
  ingot_tensor_info out;
  double sum = 0;
  UNUSED;
  for (size_t k = 0; k < ingot_value_size(arguments[0]); ++k) {
    ingot_value *item = ingot_value_item(arguments[0], k);
    ingot_tensor_info x;
    double weight;
    if (ingot_value_kind(item) == INGOT_NONE)
      continue;
    TRY(floats(item, &x));
    TRY(ingot_value_get_float(ingot_value_item(arguments[1], k), &weight));
    for (int64_t i = 0; i < x.numel; ++i)
      sum += weight * *at(&x, i);
  }
  TRY(ingot_value_create_empty(INGOT_FLOAT32, 0, NULL, NULL, &results[0]));
  TRY(ingot_value_get_tensor(results[0], &out));
  *at(&out, 0) = (float)sum;
  return NULL;
}

OPERATOR(stats) { /* (Tensor, int, float, bool) */
  ingot_tensor_info x, y;
  float largest = -INFINITY;
  UNUSED;
  TRY(floats(arguments[0], &x));
  TRY(like(&x, &results[0], &y));
  for (int64_t i = 0; i < x.numel; ++i) {
    *at(&y, i) = *at(&x, i) * *at(&x, i);
    largest = fmaxf(largest, *at(&x, i));
  }
  TRY(ingot_value_create_int(x.numel, &results[1]));
  TRY(ingot_value_create_float(largest, &results[2]));
  return ingot_value_create_bool(largest > 0, &results[3]);
}

OPERATOR(label) { /* (str text, int[] sizes) -> str */
  const char *text;
  size_t size;
  char out[256];
  int n;
  UNUSED;
  TRY(ingot_value_get_string(arguments[0], &text, &size));
  n = snprintf(out, sizeof out, "%.*s", (int)size, text);
  for (size_t k = 0; k < ingot_value_size(arguments[1]); ++k) {
    int64_t value;
    TRY(ingot_value_get_int(ingot_value_item(arguments[1], k), &value));
    n += snprintf(out + n, sizeof out - (size_t)n, "%s%lld", k ? "x" : ":", (long long)value);
  }
  return ingot_value_create_string(out, (size_t)n, &results[0]);
}

OPERATOR(check_positive) {
  ingot_tensor_info x;
  UNUSED;
  TRY(floats(arguments[0], &x));
  for (int64_t i = 0; i < x.numel; ++i)
    if (*at(&x, i) <= 0)
      return ingot_operator_error("ValueError", "check_positive: an element is not positive");
  return NULL;
}

OPERATOR(wrong_kind) { /* its schema says Tensor */
  UNUSED;
  return ingot_value_create_int(1, &results[0]);
}

OPERATOR(nothing) { /* its schema says Tensor */
  UNUSED;
  return NULL;
}

static int64_t ticks;
OPERATOR(tick) { /* counts its calls; an effect */
  UNUSED;
  return ingot_value_create_int(++ticks, &results[0]);
}

/*===----------------------------------------------------------------------===*/
/* The class of torchbind.cpp */
/*===----------------------------------------------------------------------===*/

#define CLASS "demo_objects::Counter"
#define SELF "__torch__.torch.classes.demo_objects.Counter"

typedef struct counter {
  int64_t start, step;
  char name[32];
} counter;

static ingot_status *counter_create(void *context, const ingot_value *state, void **out_object) {
  counter made = {0, 0, ""};
  const char *name;
  size_t size;
  (void)context;
  if (ingot_value_size(state) != 3)
    return ingot_operator_error("ValueError", CLASS ": expected a state of three");
  TRY(ingot_value_get_int(ingot_value_item(state, 0), &made.start));
  TRY(ingot_value_get_int(ingot_value_item(state, 1), &made.step));
  TRY(ingot_value_get_string(ingot_value_item(state, 2), &name, &size));
  snprintf(made.name, sizeof made.name, "%.*s", (int)size, name);
  *out_object = malloc(sizeof made);
  if (!*out_object)
    return ingot_status_create(INGOT_OUT_OF_MEMORY, NULL, "out of memory");
  memcpy(*out_object, &made, sizeof made);
  return NULL;
}
static void counter_destroy(void *context, void *object) {
  (void)context;
  free(object);
}
static ingot_status *self_of(const ingot_value *value, counter **out) {
  void *object;
  TRY(ingot_value_get_script_object(value, CLASS, &object));
  *out = (counter *)object;
  return NULL;
}
OPERATOR(scaled) {
  counter *self;
  ingot_tensor_info x, y;
  UNUSED;
  TRY(self_of(arguments[0], &self));
  TRY(floats(arguments[1], &x));
  TRY(like(&x, &results[0], &y));
  for (int64_t i = 0; i < x.numel; ++i)
    *at(&y, i) = *at(&x, i) * (float)self->start;
  return NULL;
}
OPERATOR(bump) { /* x + c.next(1) */
  counter *self;
  ingot_tensor_info x, y;
  UNUSED;
  TRY(self_of(arguments[0], &self));
  TRY(floats(arguments[1], &x));
  TRY(like(&x, &results[0], &y));
  self->start += self->step;
  for (int64_t i = 0; i < x.numel; ++i)
    *at(&y, i) = *at(&x, i) + (float)self->start;
  return NULL;
}

__attribute__((visibility("default"))) ingot_status *ingot_register_operators(const ingot_api *api) {
  static const ingot_class class = {sizeof(ingot_class), CLASS, NULL, counter_create, NULL, counter_destroy};
  ingot_use_api(api);
  TRY(ingot_register_class(&class));
  TRY(ingot_register_operator("demo_objects::bump(" SELF " c, Tensor x) -> Tensor", bump, NULL));
  TRY(ingot_register_operator(CLASS ".scaled(" SELF " self, Tensor x) -> Tensor", scaled, NULL));
  TRY(ingot_register_operator("demo::scale(Tensor x, float by=2.0) -> Tensor", scale, NULL));
  TRY(ingot_register_operator("demo::accumulate(Tensor x, Tensor(a!) total) -> ()", accumulate, NULL));
  TRY(ingot_register_operator("demo::negate_(Tensor(a!) x) -> Tensor(a!)", negate_, NULL));
  TRY(ingot_register_operator("demo::parts(Tensor x) -> Tensor[]", parts, NULL));
  TRY(ingot_register_operator("demo::total_of(Tensor?[] xs, float[] weights) -> Tensor", total_of, NULL));
  TRY(ingot_register_operator("demo::stats(Tensor x) -> (Tensor squares, int n, float largest, bool positive)", stats,
                              NULL));
  TRY(ingot_register_operator("demo::label(str text, int[] sizes) -> str", label, NULL));
  TRY(ingot_register_operator("demo::check_positive(Tensor x) -> ()", check_positive, NULL));
  TRY(ingot_register_operator("demo::wrong_kind(Tensor x) -> Tensor", wrong_kind, NULL));
  TRY(ingot_register_operator("demo::nothing(Tensor x) -> Tensor", nothing, NULL));
  return ingot_register_operator("demo::tick() -> int", tick, NULL);
}
