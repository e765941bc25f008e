/*===- artifact.h - contract of generated code and runtime --------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                     */
/*===----------------------------------------------------------------------===*/
/* The only contact of the compiler's output and the runtime. Plain C, no
 * includes but the C library's, read by three parties: the runtime (C++), the
 * compiler's TaskToLLVM lowering (which mirrors the layouts as LLVM structs and
 * static_asserts them), and tests.
 *
 * Versioned like a schema: a field is only ever added at the end of a struct
 * and raises INGOT_ABI_MINOR; anything else raises INGOT_ABI_MAJOR, and files of
 * another major are refused at load.
 */
#ifndef INGOT_ABI_ARTIFACT_H
#define INGOT_ABI_ARTIFACT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define INGOT_ABI_MAJOR 1u
#define INGOT_ABI_MINOR 7u

typedef struct ingot_abi_call ingot_abi_call;

/* A strided tensor. `data` points at element 0 (storage offset applied);
 * strides count elements. dtype: torch ScalarType code. bool is one byte. */
typedef struct ingot_abi_tensor {
  void *data;
  const int64_t *sizes;
  const int64_t *strides;
  void *storage; /* identity of the storage; opaque to generated code */
  int32_t dtype;
  int32_t rank;
} ingot_abi_tensor;

/* One flattened argument. Which member holds is fixed by the input's type. */
typedef union ingot_abi_leaf {
  ingot_abi_tensor tensor;
  int64_t i; /* int, bool, dtype */
  double f;
  struct {
    double re, im;
  } c;
  struct {
    const char *data;
    int64_t size;
  } s;
  struct ingot_abi_object *object; /* of INGOT_ABI_LEAF_OBJECT */
} ingot_abi_leaf;

/* Runs iterations [begin, end) of a kernel's parallel loop. */
typedef void (*ingot_abi_kernel)(void *context, int64_t begin, int64_t end);

/* What raise() needs beyond its call: enum value is the C API's status code. */
enum {
  INGOT_ABI_RAISE_RUNTIME = 1, /* the program raised (assert, raise, operator) */
  INGOT_ABI_RAISE_ARGUMENT = 2 /* an input contradicts what was compiled for */
};

/* The runtime's functions, reached through the call so that a file always uses
 * the elected runtime of the process, not the copy inside itself. */
typedef struct ingot_abi_runtime {
  uint32_t size; /* sizeof of this struct as the runtime knows it */
  uint32_t abi_major, abi_minor;
  uint32_t reserved;
  /* Scratch of this call, 64-byte aligned, valid until the call returns.
   * Null when out of memory: the error is then set, and the method must return
   * non-zero. */
  void *(*arena)(ingot_abi_call *call, uint64_t nbytes);
  /* A fresh 64-byte-aligned storage block that results may point into; null
   * when out of memory (the error is then set). */
  void *(*result_block)(ingot_abi_call *call, uint64_t nbytes, int32_t slot);
  /* Result `slot` is the tensor at `data` inside the storage that begins at
   * `base`: a result_block of this call, an input's data, a state or constant. */
  void (*return_tensor)(ingot_abi_call *call, int32_t slot, void *base, void *data, int32_t dtype, int32_t rank,
                        const int64_t *sizes, const int64_t *strides);
  void (*return_int)(ingot_abi_call *call, int32_t slot, int64_t value);
  void (*return_float)(ingot_abi_call *call, int32_t slot, double value);
  /* Splits [0, n) in chunks of at least `grain` over the pool and the caller;
   * returns when all are done. n <= grain runs inline on the caller. */
  void (*parallel_for)(ingot_abi_call *call, ingot_abi_kernel kernel, void *context, int64_t n, int64_t grain);
  /* Called by files of minor 5 and less only: kernel_scratch has its place.
   * Thread-local scratch for a kernel's chunk; valid until the chunk ends;
   * each call may return the same block, so ask once per chunk. Null when out
   * of memory. */
  void *(*worker_scratch)(uint64_t nbytes);
  /* Marks the call failed and returns the non-zero status that the method must
   * return. `message` may hold {0}, {1}, ... replaced by args. `type` is the
   * Python exception's name; `where` "file.py:12" or null. */
  int32_t (*raise)(ingot_abi_call *call, int32_t kind, const char *type, const char *message, const char *where,
                   const int64_t *args, int32_t n_args);
  /* Data of a row-major copy in the arena, or tensor->data when it is dense. */
  void *(*contiguous)(ingot_abi_call *call, const ingot_abi_tensor *tensor);
  /* Element-wise strided copy of equal shapes; element_size in bytes. */
  void (*copy_strided)(void *dst, const int64_t *dst_strides, const void *src, const int64_t *src_strides,
                       const int64_t *sizes, int32_t rank, int32_t element_size);
  /* Text for stdout, through the process's print callback. */
  void (*print)(ingot_abi_call *call, const char *text, int64_t size);
  /* Non-zero when the call was cancelled or is past its deadline; the error is
   * then set and the method must return this status. */
  int32_t (*cancelled)(ingot_abi_call *call);
  /* Since minor 1. Bytes of a string are copied. return_int gives ints, bools
   * and dtypes: which, the output's type says. */
  void (*return_complex)(ingot_abi_call *call, int32_t slot, double re, double im);
  void (*return_string)(ingot_abi_call *call, int32_t slot, const char *data, int64_t size);
  /* Since minor 2: values of run-time structure, object.h. */
  const struct ingot_abi_objects *objects;
  void (*return_object)(ingot_abi_call *call, int32_t slot, struct ingot_abi_object *object);
  /* An object that is the tensor, as return_tensor takes it; null: failed. */
  struct ingot_abi_object *(*box_tensor)(ingot_abi_call *call, void *base, void *data, int32_t dtype, int32_t rank,
                                         const int64_t *sizes, const int64_t *strides);
  /* The tensor in an object, which must have this dtype and rank; null: the
   * call has failed. */
  const ingot_abi_tensor *(*unbox_tensor)(ingot_abi_call *call, struct ingot_abi_object *object, int32_t dtype,
                                          int32_t rank);
  /* Says where in the source the call has failed, and gives the status that
   * the method must return. */
  int32_t (*locate)(ingot_abi_call *call, const char *where);
  /* Since minor 4. Starts kernel(words, 0, 1) as a task of the call and gives
   * what join takes; `words` are copied. `name` is for traces and lives as long
   * as the library. By the method's own thread only. A call whose method has
   * returned, with an error too, waits for its tasks before anything of it goes.
   * Since minor 7 a task may fork, too: it adds INGOT_ABI_FORK_NESTED to `n_words`, joins all that it forks, and gives
   * no call to join. */
  void *(*fork)(ingot_abi_call *call, ingot_abi_kernel kernel, const int64_t *words, int32_t n_words, const char *name);
  /* Waits for the task, or runs it here if no thread has begun it. Once. */
  void (*join)(ingot_abi_call *call, void *task);
  /* Since minor 6. As worker_scratch; null: the call has failed, and the chunk
   * is to return without a result. */
  void *(*kernel_scratch)(ingot_abi_call *call, uint64_t nbytes);
} ingot_abi_runtime;

/* The head of the runtime's call object, read by generated code. */
struct ingot_abi_call {
  const ingot_abi_runtime *runtime;
  const char *constants; /* base of the constants, 4096-aligned */
  void *const *states;   /* data of each mutable state of the instance */
  int64_t failed;        /* since minor 2: non-zero once an error is set */
  int64_t watched;       /* since minor 3: non-zero when the call has a deadline
                            or can be cancelled; the same for the whole call */
};

typedef int32_t (*ingot_abi_method_fn)(ingot_abi_call *call, const ingot_abi_leaf *inputs);

enum {
  INGOT_ABI_KIND_TENSOR = 0,
  INGOT_ABI_KIND_INT = 1,
  INGOT_ABI_KIND_FLOAT = 2,
  INGOT_ABI_KIND_BOOL = 3,
  INGOT_ABI_KIND_COMPLEX = 4,
  INGOT_ABI_KIND_STRING = 5,
  INGOT_ABI_KIND_NONE = 6,
  INGOT_ABI_KIND_DTYPE = 7,
  INGOT_ABI_KIND_DEVICE = 8,
  INGOT_ABI_KIND_LIST = 16,     /* children: one per element */
  INGOT_ABI_KIND_TUPLE = 17,    /* children: one per element; names: namedtuple */
  INGOT_ABI_KIND_DICT = 18,     /* children alternate key, value; keys are constants */
  INGOT_ABI_KIND_OBJECT = 19,   /* names: attributes; name: class */
  INGOT_ABI_KIND_FUTURE = 24,   /* complete; a child: its value; where it may have failed a second: its error or None.
                                   Within LEAF_OBJECT two children say that the object is a tuple of both */
  INGOT_ABI_KIND_AWAIT = 25,    /* complete; one child: its value */
  INGOT_ABI_KIND_ENUM = 26,     /* within LEAF_OBJECT; name: class */
  INGOT_ABI_KIND_OPTIONAL = 22, /* within LEAF_OBJECT; child: when not None */
  INGOT_ABI_KIND_ANY = 23       /* within LEAF_OBJECT: any value */
};

enum {
  INGOT_ABI_LEAF_VALUE = 0,    /* input: leaf k; output: result slot k */
  INGOT_ABI_LEAF_INPUT = 1,    /* output only: the very object of input leaf k */
  INGOT_ABI_LEAF_CONSTANT = 2, /* a constant: payload in i / f / text */
  /* One leaf for the whole tree, whose structure is known at run time: a list
   * has one child, its elements' type; a dict two, the key's and the value's; a
   * tensor's dtype and rank are -1 where any will do. Nodes below have this
   * source too, and no leaf. */
  INGOT_ABI_LEAF_OBJECT = 3
};

/* A node of an input's or output's type tree. */
typedef struct ingot_abi_type {
  int32_t kind;
  int32_t leaf_source; /* INGOT_ABI_LEAF_* */
  int32_t leaf;        /* index of the flattened leaf, where it has one */
  int32_t dtype;       /* tensor */
  int32_t rank;        /* tensor */
  int32_t n_children;
  const int64_t *sizes; /* tensor: >= 0 fixed; -1 - k: symbol k; INT64_MIN: any */
  const struct ingot_abi_type *children;
  const char *const *names; /* tuple fields, object attributes; or null */
  const char *name;         /* class or namedtuple name; string constant */
  int64_t i;                /* int/bool/dtype constant */
  double f;                 /* float constant */
} ingot_abi_type;

enum { INGOT_ABI_FORK_NESTED = 1 << 30 };

/* Bits of ingot_abi_input.access. */
enum {
  INGOT_ABI_INPUT_MUTATED = 1,  /* the method writes this input */
  INGOT_ABI_INPUT_ROW_MAJOR = 2 /* since minor 3: its tensors must be row-major */
};

typedef struct ingot_abi_input {
  const char *name;
  const ingot_abi_type *type;
  int32_t has_default; /* type's leaf_source constants give the default */
  int32_t access;      /* INGOT_ABI_INPUT_* */
} ingot_abi_input;

typedef struct ingot_abi_symbol {
  const char *name;
  int64_t min, max;
} ingot_abi_symbol;

typedef struct ingot_abi_method {
  const char *name;
  const ingot_abi_input *inputs;
  const ingot_abi_type *output;
  const ingot_abi_symbol *symbols;
  const ingot_abi_method_fn *variants; /* one entry point per CPU variant */
  int32_t n_inputs, n_input_leaves, n_results, n_symbols;
} ingot_abi_method;

/* Buffer or parameter of the instance. Immutable ones live in the constants
 * only and may be absent from this table when packed. */
typedef struct ingot_abi_state {
  const char *name;
  const int64_t *sizes;
  uint64_t constants_offset; /* initial bytes, row-major */
  uint64_t nbytes;
  int32_t dtype, rank;
  int32_t is_mutable; /* index order of mutable states = call->states order */
  int32_t is_parameter;
} ingot_abi_state;

enum { /* CPU variants, best last; a file lists those it holds */
       INGOT_ABI_CPU_BASELINE = 0,
       INGOT_ABI_CPU_X86_64_V3 = 3,
       INGOT_ABI_CPU_X86_64_V4 = 4,
       INGOT_ABI_CPU_NATIVE = 100 /* compiled for one named CPU: features checked */
};

typedef struct ingot_abi_artifact {
  uint32_t abi_major, abi_minor;
  const char *producer; /* "ingotc 0.1.0" */
  const ingot_abi_method *methods;
  const ingot_abi_state *states;
  const int32_t *variants; /* INGOT_ABI_CPU_* */
  /* For NATIVE: the CPU's LLVM name and, after ';', the features that the code
   * uses, as LLVM names them: "znver5;avx512f,avx512bw,bmi2". Those that the
   * runtime knows are checked; without ';' the name's x86-64 level is. */
  const char *cpu;
  const char *constants;      /* embedded constants, or null */
  const char *constants_file; /* or the name of the file beside the library */
  uint64_t constants_size;
  uint64_t constants_digest; /* first 8 bytes of SHA-256 as a little-endian
                                number, checked for a FILE */
  int32_t n_methods, n_states, n_variants, n_mutable_states;
  /* Since minor 5. Schemas of the custom operators that the methods call, and
   * "class space::Class" for each class of script objects. */
  const char *const *operators;
  /* The registration of operators that were linked into the library, given the
   * runtime's ingot_api; gives an ingot_status. Null: none were. */
  void *(*register_operators)(const void *api);
  int32_t n_operators;
  int32_t reserved;
} ingot_abi_artifact;

/* Defined once by the compiler in each library, hidden. The runtime's archive
 * exports `ingot_query`, which hands it out; link with `-u ingot_query`, as
 * nothing in generated code refers to it. */
extern const ingot_abi_artifact ingot_artifact __attribute__((visibility("hidden")));

#ifdef __cplusplus
}
#endif
#endif
