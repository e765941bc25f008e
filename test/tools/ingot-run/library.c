/*===- library.c - a library as ingotc makes them, by hand --------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*===----------------------------------------------------------------------===*/
/* Generated code of a small program, so that ingot-run is tested without the
 * compiler: every kind of input and output, views, mutation, state, prints and
 * exceptions.
 */
#include "ingot/ABI/artifact.h"

#define F32 6
#define I64 4
#define ANY INT64_MIN
#define SYMBOL(k) (-1 - (k))

static int64_t count(const ingot_abi_tensor *t) {
  int64_t n = 1;
  for (int32_t d = 0; d < t->rank; ++d)
    n *= t->sizes[d];
  return n;
}

/*===- forward(x: f32[N,3]) -> {"y": x*2+1, "tail": x[1:], "same": x}
 * -------===*/
static int32_t forward(ingot_abi_call *call, const ingot_abi_leaf *in) {
  const ingot_abi_runtime *rt = call->runtime;
  const ingot_abi_tensor *x = &in[0].tensor;
  int64_t rows = x->sizes[0], strides[2] = {3, 1};
  float *y = rt->result_block(call, (uint64_t)rows * 12, 0);
  if (!y)
    return 1;
  const float *data = x->data;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < 3; ++j)
      y[i * 3 + j] = data[i * x->strides[0] + j * x->strides[1]] * 2 + 1;
  rt->return_tensor(call, 0, y, y, F32, 2, x->sizes, strides);
  int64_t skip = rows ? 1 : 0, tail[2] = {rows - skip, 3};
  rt->return_tensor(call, 1, x->data, (float *)x->data + skip * x->strides[0], F32, 2, tail, x->strides);
  return 0;
}
static const int64_t rows3[] = {SYMBOL(0), 3};
static const ingot_abi_type matrix = {.kind = INGOT_ABI_KIND_TENSOR, .dtype = F32, .rank = 2, .sizes = rows3};
static const ingot_abi_input forwardInputs[] = {{"x", &matrix, 0, 0}};
static const int64_t anyRows3[] = {ANY, 3};
#define TEXT(value) {.kind = INGOT_ABI_KIND_STRING, .leaf_source = INGOT_ABI_LEAF_CONSTANT, .name = value}
static const ingot_abi_type forwardEntries[] = {
    TEXT("y"),
    {.kind = INGOT_ABI_KIND_TENSOR, .leaf = 0, .dtype = F32, .rank = 2, .sizes = rows3},
    TEXT("tail"),
    {.kind = INGOT_ABI_KIND_TENSOR, .leaf = 1, .dtype = F32, .rank = 2, .sizes = anyRows3},
    TEXT("same"),
    {.kind = INGOT_ABI_KIND_TENSOR,
     .leaf_source = INGOT_ABI_LEAF_INPUT,
     .leaf = 0,
     .dtype = F32,
     .rank = 2,
     .sizes = rows3}};
static const ingot_abi_type forwardOutput = {.kind = INGOT_ABI_KIND_DICT, .n_children = 6, .children = forwardEntries};
static const ingot_abi_symbol forwardSymbols[] = {{"N", 0, 1000}};

/*===- grow(x: f32[?], by: int = 1) -> x: adds in place, prints
 * -------------===*/
static int32_t grow(ingot_abi_call *call, const ingot_abi_leaf *in) {
  const ingot_abi_tensor *x = &in[0].tensor;
  float *data = x->data;
  call->runtime->print(call, "growing\n", 8);
  if (in[1].i < 0) {
    int64_t by = in[1].i;
    return call->runtime->raise(call, INGOT_ABI_RAISE_RUNTIME, "ValueError", "cannot grow by {0}", "model.py:12", &by,
                                1);
  }
  for (int64_t i = 0; i < x->sizes[0]; ++i)
    data[i * x->strides[0]] += (float)in[1].i;
  return 0;
}
static const int64_t anyVector[] = {ANY};
static const ingot_abi_type vector = {.kind = INGOT_ABI_KIND_TENSOR, .dtype = F32, .rank = 1, .sizes = anyVector};
static const ingot_abi_type one = {
    .kind = INGOT_ABI_KIND_INT, .leaf_source = INGOT_ABI_LEAF_CONSTANT, .leaf = 1, .i = 1};
static const ingot_abi_input growInputs[] = {{"x", &vector, 0, 1}, {"by", &one, 1, 0}};
static const ingot_abi_type growOutput = {
    .kind = INGOT_ABI_KIND_TENSOR, .leaf_source = INGOT_ABI_LEAF_INPUT, .dtype = F32, .rank = 1, .sizes = anyVector};

/*===- count() -> int: the calls so far, kept in the state
 * ------------------===*/
static int32_t countCalls(ingot_abi_call *call, const ingot_abi_leaf *in) {
  (void)in;
  int64_t *counter = call->states[0];
  call->runtime->return_int(call, 0, ++*counter);
  return 0;
}
static const ingot_abi_type integer = {.kind = INGOT_ABI_KIND_INT};

/*===- kinds(flag: bool, f: float, pair: (f32[N], f32[N]))
 * ------------------===*/
/*      -> (float, int, None, [f32[N]]): f or 0, N, None, [a + b] */
static int32_t kinds(ingot_abi_call *call, const ingot_abi_leaf *in) {
  const ingot_abi_runtime *rt = call->runtime;
  const ingot_abi_tensor *a = &in[2].tensor, *b = &in[3].tensor;
  int64_t n = count(a), stride = 1;
  float *sum = rt->result_block(call, (uint64_t)n * 4, 2);
  if (!sum)
    return 1;
  for (int64_t i = 0; i < n; ++i)
    sum[i] = ((const float *)a->data)[i * a->strides[0]] + ((const float *)b->data)[i * b->strides[0]];
  rt->return_float(call, 0, in[0].i ? in[1].f : 0);
  rt->return_int(call, 1, n);
  rt->return_tensor(call, 2, sum, sum, F32, 1, &n, &stride);
  return 0;
}
static const int64_t vectorN[] = {SYMBOL(0)};
static const ingot_abi_type boolean = {.kind = INGOT_ABI_KIND_BOOL, .leaf = 0};
static const ingot_abi_type real = {.kind = INGOT_ABI_KIND_FLOAT, .leaf = 1};
static const ingot_abi_type pairItems[] = {
    {.kind = INGOT_ABI_KIND_TENSOR, .leaf = 2, .dtype = F32, .rank = 1, .sizes = vectorN},
    {.kind = INGOT_ABI_KIND_TENSOR, .leaf = 3, .dtype = F32, .rank = 1, .sizes = vectorN}};
static const ingot_abi_type pair = {.kind = INGOT_ABI_KIND_TUPLE, .n_children = 2, .children = pairItems};
static const ingot_abi_input kindsInputs[] = {{"flag", &boolean, 0, 0}, {"f", &real, 0, 0}, {"pair", &pair, 0, 0}};
static const ingot_abi_type listItems[] = {
    {.kind = INGOT_ABI_KIND_TENSOR, .leaf = 2, .dtype = F32, .rank = 1, .sizes = vectorN}};
static const ingot_abi_type kindsItems[] = {{.kind = INGOT_ABI_KIND_FLOAT, .leaf = 0},
                                            {.kind = INGOT_ABI_KIND_INT, .leaf = 1},
                                            {.kind = INGOT_ABI_KIND_NONE},
                                            {.kind = INGOT_ABI_KIND_LIST, .n_children = 1, .children = listItems}};
static const ingot_abi_type kindsOutput = {.kind = INGOT_ABI_KIND_TUPLE, .n_children = 4, .children = kindsItems};

static const ingot_abi_method_fn forwardCode[] = {forward}, growCode[] = {grow}, countCode[] = {countCalls},
                                 kindsCode[] = {kinds};
static const ingot_abi_method methods[] = {
    {"forward", forwardInputs, &forwardOutput, forwardSymbols, forwardCode, 1, 1, 2, 1},
    {"grow", growInputs, &growOutput, 0, growCode, 2, 2, 0, 0},
    {"count", 0, &integer, 0, countCode, 0, 0, 1, 0},
    {"kinds", kindsInputs, &kindsOutput, forwardSymbols, kindsCode, 3, 4, 3, 1}};

static const _Alignas(4096) int64_t constants[512] = {40};
static const ingot_abi_state states[] = {{"counter", 0, 0, 8, I64, 0, 1, 0}};
static const int32_t variants[] = {INGOT_ABI_CPU_BASELINE};

const ingot_abi_artifact ingot_artifact = {.abi_major = INGOT_ABI_MAJOR,
                                           .abi_minor = INGOT_ABI_MINOR,
                                           .producer = "by hand",
                                           .methods = methods,
                                           .states = states,
                                           .variants = variants,
                                           .constants = (const char *)constants,
                                           .constants_size = sizeof constants,
                                           .n_methods = 4,
                                           .n_states = 1,
                                           .n_variants = 1,
                                           .n_mutable_states = 1};
