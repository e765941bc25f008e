/*===- operators.c - custom operators and a class of objects ------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*===----------------------------------------------------------------------===*/
/* A library of operators that are not torch's own: one that writes an argument
 * and returns nothing, one that takes a script object, and the object's class
 * with a method that changes it. Their schemas stand in operators.txt.
 *
 *   cc -shared -fPIC -I runtime/include examples/operators.c -o liboperators.so
 *   ingotc model.pt2 -o model.so --operators examples/operators.txt
 *   ingot-run model.so --operators ./liboperators.so --input x=rand:f32[2,3]
 *
 * or inside the compiled library, which then needs nothing else:
 *
 *   cc -c -fPIC -I runtime/include examples/operators.c -o operators.o
 *   ingotc model.pt2 -o model.so --operators examples/operators.txt --link operators.o
 */
#include "ingot.h"

#define CLASS "_TorchScriptTesting::_Foo"
#define SELF "__torch__.torch.classes._TorchScriptTesting._Foo"

/* Element `i` of a float32 tensor in row-major order, wherever its strides lead. */
static float *element(const ingot_tensor_info *t, int64_t i) {
  int64_t at = 0;
  for (int32_t d = t->rank; d-- > 0; i /= t->sizes[d])
    at += i % t->sizes[d] * t->strides[d];
  return (float *)t->data + at;
}

static ingot_status *get_floats(const ingot_value *value, ingot_tensor_info *info) {
  ingot_status *s = ingot_value_get_tensor(value, info);
  if (!s && info->dtype != INGOT_FLOAT32)
    return ingot_operator_error("TypeError", "expected a float32 tensor");
  return s;
}

/*===----------------------------------------------------------------------===*/
/* mylib::inplace_add(Tensor input, Tensor(a!) output) -> () */
/*===----------------------------------------------------------------------===*/

static ingot_status *inplace_add(void *context, ingot_value *const *arguments, size_t argument_count,
                                 ingot_value **results, size_t result_count) {
  ingot_tensor_info input, output;
  ingot_status *s = get_floats(arguments[0], &input);
  (void)context, (void)argument_count, (void)results, (void)result_count;
  if (!s)
    s = get_floats(arguments[1], &output);
  if (s)
    return s;
  if (input.rank != output.rank || memcmp(input.sizes, output.sizes, (size_t)input.rank * sizeof *input.sizes))
    return ingot_operator_error("RuntimeError", "inplace_add: the tensors must have equal sizes");
  for (int64_t i = 0; i < output.numel; ++i)
    *element(&output, i) += *element(&input, i);
  return NULL;
}

/*===----------------------------------------------------------------------===*/
/* The class */
/*===----------------------------------------------------------------------===*/

typedef struct foo {
  int64_t x, y;
} foo;

/* Saved as [x, y]. */
static ingot_status *foo_create(void *context, const ingot_value *state, void **out_object) {
  foo *object;
  ingot_status *s = NULL;
  (void)context;
  if (ingot_value_size(state) != 2)
    return ingot_operator_error("ValueError", CLASS ": expected a state of two ints");
  object = (foo *)malloc(sizeof *object);
  if (!object)
    return ingot_status_create(INGOT_OUT_OF_MEMORY, NULL, "out of memory");
  s = ingot_value_get_int(ingot_value_item(state, 0), &object->x);
  if (!s)
    s = ingot_value_get_int(ingot_value_item(state, 1), &object->y);
  if (s)
    free(object);
  else
    *out_object = object;
  return s;
}

static ingot_status *foo_get_state(void *context, void *object, ingot_value **out_state) {
  const foo *self = (const foo *)object;
  ingot_value *items[2] = {NULL, NULL};
  ingot_status *s = ingot_value_create_int(self->x, &items[0]);
  (void)context;
  if (!s)
    s = ingot_value_create_int(self->y, &items[1]);
  if (!s)
    s = ingot_value_create_list(items, 2, out_state);
  ingot_value_release(items[0]);
  ingot_value_release(items[1]);
  return s;
}

static void foo_destroy(void *context, void *object) {
  (void)context;
  free(object);
}

static ingot_status *get_foo(const ingot_value *value, foo **out) {
  void *object;
  ingot_status *s = ingot_value_get_script_object(value, CLASS, &object);
  *out = (foo *)object;
  return s;
}

/* _TorchScriptTesting::takes_foo(_Foo foo, Tensor x) -> Tensor, and the method
 * add_tensor(Tensor z) -> Tensor: (x + y) * z. */
static ingot_status *add_tensor(void *context, ingot_value *const *arguments, size_t argument_count,
                                ingot_value **results, size_t result_count) {
  foo *self;
  ingot_tensor_info z, out;
  ingot_status *s = get_foo(arguments[0], &self);
  (void)context, (void)argument_count, (void)result_count;
  if (!s)
    s = get_floats(arguments[1], &z);
  if (!s)
    s = ingot_value_create_empty(INGOT_FLOAT32, z.rank, z.sizes, NULL, &results[0]);
  if (!s)
    s = ingot_value_get_tensor(results[0], &out);
  for (int64_t i = 0; !s && i < z.numel; ++i)
    *element(&out, i) = (float)(self->x + self->y) * *element(&z, i);
  return s;
}

/* info() -> int: x * y. */
static ingot_status *info(void *context, ingot_value *const *arguments, size_t argument_count, ingot_value **results,
                          size_t result_count) {
  foo *self;
  ingot_status *s = get_foo(arguments[0], &self);
  (void)context, (void)argument_count, (void)result_count;
  return s ? s : ingot_value_create_int(self->x * self->y, &results[0]);
}

/* increment(int z): both grow, for all later calls. */
static ingot_status *increment(void *context, ingot_value *const *arguments, size_t argument_count,
                               ingot_value **results, size_t result_count) {
  foo *self;
  int64_t z;
  ingot_status *s = get_foo(arguments[0], &self);
  (void)context, (void)argument_count, (void)results, (void)result_count;
  if (!s)
    s = ingot_value_get_int(arguments[1], &z);
  if (s)
    return s;
  self->x += z;
  self->y += z;
  return NULL;
}

/*===----------------------------------------------------------------------===*/
/* Registration */
/*===----------------------------------------------------------------------===*/

__attribute__((visibility("default"))) ingot_status *ingot_register_operators(const ingot_api *api) {
  static const struct {
    const char *schema;
    ingot_operator_fn function;
  } operators[] = {
      {"mylib::inplace_add(Tensor input, Tensor(a!) output) -> ()", inplace_add},
      {"_TorchScriptTesting::takes_foo(" SELF " foo, Tensor x) -> Tensor", add_tensor},
      {CLASS ".add_tensor(" SELF " self, Tensor z) -> Tensor", add_tensor},
      {CLASS ".info(" SELF " self) -> int", info},
      {CLASS ".increment(" SELF " self, int z) -> ()", increment},
  };
  static const ingot_class foo_class = {sizeof(ingot_class), CLASS, NULL, foo_create, foo_get_state, foo_destroy};
  ingot_status *s;
  ingot_use_api(api);
  s = ingot_register_class(&foo_class);
  for (size_t i = 0; !s && i < sizeof operators / sizeof *operators; ++i)
    s = ingot_register_operator(operators[i].schema, operators[i].function, NULL);
  return s;
}
