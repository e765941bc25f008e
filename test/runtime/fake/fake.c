/*===- fake.c - a library as ingotc would make it, by hand --------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*===----------------------------------------------------------------------===*/
/* Methods written against artifact.h, each for one promise of the runtime. The
 * build sets FAKE_* to make the files that must be refused. */
#include "ingot.h"
#include "ingot/ABI/artifact.h"

#include <time.h>

#ifndef FAKE_ABI_MAJOR
#define FAKE_ABI_MAJOR INGOT_ABI_MAJOR
#endif
#ifndef FAKE_ABI_MINOR
#define FAKE_ABI_MINOR INGOT_ABI_MINOR
#endif
#ifndef FAKE_NAME
#define FAKE_NAME "fake"
#endif
#ifndef FAKE_QUERY
#define FAKE_QUERY ingot_query_fake
#endif

const ingot_export *ingot_query(uint32_t api_major);
__attribute__((visibility("default"))) const ingot_export *FAKE_QUERY(uint32_t api_major) {
  return ingot_query(api_major);
}

#define F32 INGOT_FLOAT32
#define I64 INGOT_INT64
#define SYMBOL(k) (-1 - (k))
#define ANY INT64_MIN

/*===----------------------------------------------------------------------===*/
/* Constants and states */
/*===----------------------------------------------------------------------===*/

/* Bytes 0: weight f32[4]; 16: counter i64[]; 24: buffer f32[2, 2]. */
static const struct {
  float weight[4];
  int64_t counter;
  float buffer[4];
} constants __attribute__((aligned(4096), used)) = {{1, 2, 3, 4}, 5, {1, 2, 3, 4}};

static const int64_t sizes_4[] = {4};
static const int64_t sizes_2_2[] = {2, 2};
static const ingot_abi_state states[] = {{"weight", sizes_4, 0, 16, F32, 1, 0, 1},
                                         {"counter", sizes_4, 16, 8, I64, 0, 1, 0},
                                         {"buffer", sizes_2_2, 24, 16, F32, 2, 1, 0}};

/*===----------------------------------------------------------------------===*/
/* Methods */
/*===----------------------------------------------------------------------===*/

/* y = x * 2 + 1 */
static int32_t affine(ingot_abi_call *call, const ingot_abi_leaf *in) {
  const ingot_abi_tensor *x = &in[0].tensor;
  const int64_t n = x->sizes[0], stride = 1;
  const float *from = (const float *)call->runtime->contiguous(call, x);
  float *to = (float *)call->runtime->result_block(call, (uint64_t)n * 4, 0);
  if (!from || !to)
    return 1;
  for (int64_t i = 0; i < n; ++i)
    to[i] = from[i] * 2 + 1;
  call->runtime->return_tensor(call, 0, to, to, F32, 1, &n, &stride);
  return 0;
}

static int32_t raises(ingot_abi_call *call, const ingot_abi_leaf *in) {
  int64_t args[] = {in[0].i, -3};
  return call->runtime->raise(call, INGOT_ABI_RAISE_RUNTIME, "ValueError", "{0} is not {1}, {x} {2}", "model.py:12",
                              args, 2);
}

static int32_t fails_silently(ingot_abi_call *call, const ingot_abi_leaf *in) {
  (void)call, (void)in;
  return 1;
}

/* counter += n; gives the counter before */
static int32_t count(ingot_abi_call *call, const ingot_abi_leaf *in) {
  int64_t *counter = (int64_t *)call->states[0];
  call->runtime->return_int(call, 0, *counter);
  *counter += in[0].i;
  return 0;
}

/* (x[1:], x, the state `buffer` itself, a constant, memory of the arena) */
static int32_t views(ingot_abi_call *call, const ingot_abi_leaf *in) {
  const ingot_abi_runtime *rt = call->runtime;
  const ingot_abi_tensor *x = &in[0].tensor;
  int64_t n = x->sizes[0] - 1, four = 4, one = 1, two_two[] = {2, 2}, strides[] = {2, 1};
  rt->return_tensor(call, 0, x->data, (float *)x->data + x->strides[0], F32, 1, &n, x->strides);
  rt->return_tensor(call, 1, call->states[1], call->states[1], F32, 2, two_two, strides);
  rt->return_tensor(call, 2, (void *)call->constants, (void *)call->constants, F32, 1, &four, &one);
  float *scratch = (float *)rt->arena(call, 16);
  if (!scratch)
    return 1;
  for (int i = 0; i < 4; ++i)
    scratch[i] = (float)i;
  rt->return_tensor(call, 3, scratch, scratch, F32, 1, &four, &one);
  return 0;
}

/* Two results in one block: (block as [N], its reverse half) */
static int32_t shared(ingot_abi_call *call, const ingot_abi_leaf *in) {
  int64_t n = in[0].i, one = 1, half = n / 2, two = 2;
  int64_t *block = (int64_t *)call->runtime->result_block(call, (uint64_t)n * 8, 0);
  if (!block)
    return 1;
  for (int64_t i = 0; i < n; ++i)
    block[i] = i;
  call->runtime->return_tensor(call, 0, block, block, I64, 1, &n, &one);
  call->runtime->return_tensor(call, 1, block, block + 1, I64, 1, &half, &two);
  return 0;
}

/* Gives back what it read from a tree of inputs. */
static int32_t tree(ingot_abi_call *call, const ingot_abi_leaf *in) {
  const ingot_abi_runtime *rt = call->runtime;
  int64_t one = 1, n = in[0].tensor.sizes[0];
  (void)one;
  rt->return_float(call, 0, in[2].f);
  rt->return_string(call, 1, in[3].s.data, in[3].s.size);
  rt->return_int(call, 2, in[4].i);
  rt->return_complex(call, 3, in[5].c.re, in[5].c.im);
  rt->return_int(call, 4, n);
  rt->return_int(call, 5, in[1].tensor.sizes[1]);
  return 0;
}

struct sum_context {
  ingot_abi_call *call;
  const float *from;
  float *to;
  int64_t inner;
};
static void inner_kernel(void *context, int64_t begin, int64_t end) {
  float *row = (float *)context;
  for (int64_t i = begin; i < end; ++i)
    row[i] += 1;
}
static void outer_kernel(void *context, int64_t begin, int64_t end) {
  struct sum_context *c = (struct sum_context *)context;
  float *scratch = (float *)c->call->runtime->worker_scratch((uint64_t)c->inner * 4);
  for (int64_t r = begin; r < end; ++r) {
    for (int64_t i = 0; i < c->inner; ++i)
      scratch[i] = c->from[r * c->inner + i];
    c->call->runtime->parallel_for(c->call, inner_kernel, scratch, c->inner, 16);
    for (int64_t i = 0; i < c->inner; ++i)
      c->to[r * c->inner + i] = scratch[i];
  }
}
/* y = x + 1, rows in parallel, each row in parallel again */
static int32_t parallel(ingot_abi_call *call, const ingot_abi_leaf *in) {
  const ingot_abi_tensor *x = &in[0].tensor;
  int64_t strides[] = {x->sizes[1], 1};
  struct sum_context c = {call, (const float *)call->runtime->contiguous(call, x), NULL, x->sizes[1]};
  c.to = (float *)call->runtime->result_block(call, (uint64_t)(x->sizes[0] * x->sizes[1]) * 4, 0);
  if (!c.from || !c.to)
    return 1;
  call->runtime->parallel_for(call, outer_kernel, &c, x->sizes[0], 1);
  call->runtime->return_tensor(call, 0, c.to, c.to, F32, 2, x->sizes, strides);
  return 0;
}

static void store_word(void *context, int64_t begin, int64_t end) {
  const int64_t *words = (const int64_t *)context;
  (void)begin, (void)end;
  *(int64_t *)words[0] += words[1];
}
/* Starts |n| tasks, joins every second one and gives their sum, or, where n is
 * negative, ends with an error while they may still run */
static int32_t forks(ingot_abi_call *call, const ingot_abi_leaf *in) {
  int64_t n = in[0].i < 0 ? -in[0].i : in[0].i, sum = 0;
  int64_t *to = (int64_t *)call->runtime->arena(call, (uint64_t)n * 8 + 8);
  void **tasks = (void **)call->runtime->arena(call, (uint64_t)n * 8 + 8);
  if (!to || !tasks)
    return 1;
  for (int64_t i = 0; i < n; ++i) {
    int64_t words[] = {(int64_t)&to[i], i};
    to[i] = 0;
    tasks[i] = call->runtime->fork(call, store_word, words, 2, "store");
  }
  if (in[0].i < 0)
    return raises(call, in);
  for (int64_t i = 1; i < n; i += 2) {
    call->runtime->join(call, tasks[i]);
    sum += to[i];
  }
  call->runtime->return_int(call, 0, sum);
  return 0;
}

/* Asks for n bytes of a kernel's scratch, of the arena, and of a result */
static int32_t exhaust(ingot_abi_call *call, const ingot_abi_leaf *in) {
  int64_t one = 1;
  if (!call->runtime->kernel_scratch(call, (uint64_t)in[0].i))
    return 0; /* the error is set */
  if (!call->runtime->arena(call, (uint64_t)in[0].i))
    return 1;
  void *block = call->runtime->result_block(call, (uint64_t)in[0].i, 0);
  if (!block)
    return 1;
  call->runtime->return_tensor(call, 0, block, block, INGOT_UINT8, 1, &in[0].i, &one);
  return 0;
}

/* Says that it runs, then polls until it is told to stop, at most 20 s */
static int32_t waits(ingot_abi_call *call, const ingot_abi_leaf *in) {
  (void)in;
  call->runtime->print(call, "waits", 5);
  for (int i = 0; i < 20000; ++i) {
    int32_t status = call->runtime->cancelled(call);
    if (status)
      return status;
    struct timespec t = {0, 1000000};
    nanosleep(&t, NULL);
  }
  return 0;
}

static int32_t prints(ingot_abi_call *call, const ingot_abi_leaf *in) {
  call->runtime->print(call, in[0].s.data, in[0].s.size);
  return 0;
}

/* x += y in place */
static int32_t adds_in_place(ingot_abi_call *call, const ingot_abi_leaf *in) {
  (void)call;
  const ingot_abi_tensor *x = &in[0].tensor, *y = &in[1].tensor;
  for (int64_t i = 0; i < x->sizes[0]; ++i)
    ((float *)x->data)[i * x->strides[0]] += ((const float *)y->data)[i * y->strides[0]];
  return 0;
}

/*===----------------------------------------------------------------------===*/
/* Types */
/*===----------------------------------------------------------------------===*/

#define TENSOR(leaf, dtype, rank, sizes)                                                                               \
  {INGOT_ABI_KIND_TENSOR, INGOT_ABI_LEAF_VALUE, leaf, dtype, rank, 0, sizes, NULL, NULL, NULL, 0, 0}
#define SCALAR(kind, leaf) {kind, INGOT_ABI_LEAF_VALUE, leaf, 0, 0, 0, NULL, NULL, NULL, NULL, 0, 0}
#define INPUT_LEAF(kind, leaf) {kind, INGOT_ABI_LEAF_INPUT, leaf, 0, 0, 0, NULL, NULL, NULL, NULL, 0, 0}
#define CONSTANT(kind, leaf, text, i, f) {kind, INGOT_ABI_LEAF_CONSTANT, leaf, 0, 0, 0, NULL, NULL, NULL, text, i, f}
#define NODE(kind, children, names, name)                                                                              \
  {kind, INGOT_ABI_LEAF_VALUE, -1, 0, 0, sizeof(children) / sizeof(children[0]), NULL, children, names, name, 0, 0}

static const int64_t sizes_n[] = {SYMBOL(0)};
static const int64_t sizes_n_3[] = {SYMBOL(0), 3};
static const int64_t sizes_n_m[] = {SYMBOL(0), SYMBOL(1)};
static const ingot_abi_symbol symbols[] = {{"N", 0, INT64_MAX}, {"M", 2, 8}};

static const ingot_abi_type f32_n = TENSOR(0, F32, 1, sizes_n);
static const ingot_abi_type f32_n_1 = TENSOR(1, F32, 1, sizes_n);
static const ingot_abi_type f32_any = TENSOR(0, F32, 1, NULL);
static const ingot_abi_type f32_any_2 = TENSOR(0, F32, 2, NULL);
static const ingot_abi_type u8_any = TENSOR(0, INGOT_UINT8, 1, NULL);
static const ingot_abi_type int_0 = SCALAR(INGOT_ABI_KIND_INT, 0);
static const ingot_abi_type string_0 = SCALAR(INGOT_ABI_KIND_STRING, 0);
static const ingot_abi_type none = SCALAR(INGOT_ABI_KIND_NONE, -1);
static const ingot_abi_type int_default = CONSTANT(INGOT_ABI_KIND_INT, 0, NULL, 1, 0);

static const ingot_abi_type views_children[] = {TENSOR(0, F32, 1, NULL), INPUT_LEAF(INGOT_ABI_KIND_TENSOR, 0),
                                                TENSOR(1, F32, 2, sizes_2_2), TENSOR(2, F32, 1, sizes_4),
                                                TENSOR(3, F32, 1, sizes_4)};
static const ingot_abi_type views_output = NODE(INGOT_ABI_KIND_TUPLE, views_children, NULL, NULL);
static const ingot_abi_type shared_children[] = {TENSOR(0, I64, 1, NULL), TENSOR(1, I64, 1, NULL),
                                                 TENSOR(0, I64, 1, NULL)};
static const ingot_abi_type shared_output = NODE(INGOT_ABI_KIND_LIST, shared_children, NULL, NULL);

/* d = {'a': [f32[N, 3], f32[N, M]], 2: (float, str)}, p = Point(x=bool,
 * y=complex), c = 7 */
static const ingot_abi_type tree_list[] = {TENSOR(0, F32, 2, sizes_n_3), TENSOR(1, F32, 2, sizes_n_m)};
static const ingot_abi_type tree_tuple[] = {SCALAR(INGOT_ABI_KIND_FLOAT, 2), SCALAR(INGOT_ABI_KIND_STRING, 3)};
static const ingot_abi_type tree_dict[] = {
    CONSTANT(INGOT_ABI_KIND_STRING, -1, "a", 0, 0), NODE(INGOT_ABI_KIND_LIST, tree_list, NULL, NULL),
    CONSTANT(INGOT_ABI_KIND_INT, -1, NULL, 2, 0), NODE(INGOT_ABI_KIND_TUPLE, tree_tuple, NULL, NULL)};
static const ingot_abi_type tree_point[] = {SCALAR(INGOT_ABI_KIND_BOOL, 4), SCALAR(INGOT_ABI_KIND_COMPLEX, 5)};
static const char *const point_names[] = {"x", "y"};
static const ingot_abi_type tree_inputs[] = {NODE(INGOT_ABI_KIND_DICT, tree_dict, NULL, NULL),
                                             NODE(INGOT_ABI_KIND_OBJECT, tree_point, point_names, "Point"),
                                             CONSTANT(INGOT_ABI_KIND_INT, -1, NULL, 7, 0)};
static const ingot_abi_type pair_children[] = {SCALAR(INGOT_ABI_KIND_FLOAT, 0), SCALAR(INGOT_ABI_KIND_STRING, 1)};
static const char *const pair_names[] = {"number", "text"};
static const ingot_abi_type tree_output_children[] = {CONSTANT(INGOT_ABI_KIND_STRING, -1, "pair", 0, 0),
                                                      NODE(INGOT_ABI_KIND_TUPLE, pair_children, pair_names, "Pair"),
                                                      CONSTANT(INGOT_ABI_KIND_INT, -1, NULL, 2, 0),
                                                      SCALAR(INGOT_ABI_KIND_BOOL, 2),
                                                      CONSTANT(INGOT_ABI_KIND_STRING, -1, "z", 0, 0),
                                                      SCALAR(INGOT_ABI_KIND_COMPLEX, 3),
                                                      CONSTANT(INGOT_ABI_KIND_STRING, -1, "n", 0, 0),
                                                      SCALAR(INGOT_ABI_KIND_INT, 4),
                                                      CONSTANT(INGOT_ABI_KIND_STRING, -1, "m", 0, 0),
                                                      SCALAR(INGOT_ABI_KIND_INT, 5),
                                                      CONSTANT(INGOT_ABI_KIND_STRING, -1, "none", 0, 0),
                                                      SCALAR(INGOT_ABI_KIND_NONE, -1),
                                                      CONSTANT(INGOT_ABI_KIND_STRING, -1, "constant", 0, 0),
                                                      CONSTANT(INGOT_ABI_KIND_FLOAT, -1, NULL, 0, 0.5)};
static const ingot_abi_type tree_output = NODE(INGOT_ABI_KIND_DICT, tree_output_children, NULL, NULL);

static const ingot_abi_input in_x[] = {{"x", &f32_n, 0, 0}};
static const ingot_abi_input in_x_any[] = {{"x", &f32_any, 0, 0}};
static const ingot_abi_input in_x_2[] = {{"x", &f32_any_2, 0, 0}};
static const ingot_abi_input in_n[] = {{"n", &int_0, 0, 0}};
static const ingot_abi_input in_n_default[] = {{"n", &int_default, 1, 0}};
static const ingot_abi_input in_text[] = {{"text", &string_0, 0, 0}};
static const ingot_abi_input in_tree[] = {
    {"d", &tree_inputs[0], 0, 0}, {"p", &tree_inputs[1], 0, 0}, {"c", &tree_inputs[2], 0, 0}};
static const ingot_abi_input in_place[] = {{"x", &f32_n, 0, 1}, {"y", &f32_n_1, 0, 0}};

#define METHOD(name, inputs, leaves, output, results)                                                                  \
  {#name,                                                                                                              \
   inputs,                                                                                                             \
   output,                                                                                                             \
   symbols,                                                                                                            \
   (const ingot_abi_method_fn[]){name},                                                                                \
   inputs == NULL ? 0 : (int32_t)(sizeof(inputs) / sizeof(ingot_abi_input)),                                           \
   leaves,                                                                                                             \
   results,                                                                                                            \
   2}

static const ingot_abi_method methods[] = {
    METHOD(affine, in_x, 1, &f32_n, 1),           METHOD(raises, in_n, 1, &none, 0),
    METHOD(fails_silently, in_n, 1, &none, 0),    METHOD(count, in_n_default, 1, &int_0, 1),
    METHOD(views, in_x_any, 1, &views_output, 4), METHOD(shared, in_n, 1, &shared_output, 2),
    METHOD(tree, in_tree, 6, &tree_output, 6),    METHOD(parallel, in_x_2, 1, &f32_any_2, 1),
    METHOD(exhaust, in_n, 1, &u8_any, 1),         METHOD(forks, in_n, 1, &int_0, 1),
    METHOD(waits, in_n_default, 1, &none, 0),     METHOD(prints, in_text, 1, &none, 0),
    METHOD(adds_in_place, in_place, 2, &none, 0)};

#ifdef FAKE_OTHER_CPU
#define FAKE_CPU "bdver2;fma4,xop,tbm"
static const int32_t variants[] = {INGOT_ABI_CPU_NATIVE};
#else
#define FAKE_CPU NULL
static const int32_t variants[] = {INGOT_ABI_CPU_BASELINE};
#endif

const ingot_abi_artifact ingot_artifact = {.abi_major = FAKE_ABI_MAJOR,
                                           .abi_minor = FAKE_ABI_MINOR,
                                           .producer = FAKE_NAME,
                                           .methods = methods,
                                           .states = states,
                                           .variants = variants,
                                           .cpu = FAKE_CPU,
#ifdef FAKE_CONSTANTS_FILE
                                           .constants_file = FAKE_CONSTANTS_FILE,
                                           .constants_digest = FAKE_CONSTANTS_DIGEST,
#else
                                           .constants = (const char *)&constants,
#endif
                                           .constants_size = sizeof constants,
                                           .n_methods = sizeof methods / sizeof methods[0],
#ifdef FAKE_STATELESS
                                           .n_states = 0,
                                           .n_mutable_states = 0,
#else
                                           .n_states = 3,
                                           .n_mutable_states = 2,
#endif
                                           .n_variants = 1};
