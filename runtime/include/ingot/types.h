/*===- ingot/types.h - types of the C API --------------------------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*===----------------------------------------------------------------------===*/
/* Included by ingot.h, which has the functions. */
#ifndef INGOT_TYPES_H
#define INGOT_TYPES_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this API: a library of another major refuses the program; a
 * minor only adds functions at the end of the table. */
#define INGOT_API_MAJOR 1u
#define INGOT_API_MINOR 3u

#if defined(__GNUC__)
#define INGOT_MUST_USE __attribute__((warn_unused_result))
#define INGOT_WEAK_ __attribute__((weak, visibility("hidden")))
#else
#error "ingot.h needs GCC or Clang"
#endif
#define INGOT_INLINE_ static inline __attribute__((unused))

/*===----------------------------------------------------------------------===*/
/* Types */
/*===----------------------------------------------------------------------===*/

typedef struct ingot_library ingot_library;   /* immutable code and constants */
typedef struct ingot_instance ingot_instance; /* owns the mutable state */
typedef struct ingot_method ingot_method;     /* borrowed from its library */
typedef struct ingot_type ingot_type;         /* borrowed from its library */
typedef struct ingot_value ingot_value;       /* reference-counted */
typedef struct ingot_async ingot_async;       /* a call that was started */

/* From DLPack's dlpack.h; include that to look inside. */
struct DLManagedTensor;
struct DLManagedTensorVersioned;

typedef enum ingot_code {
  INGOT_OK = 0,
  INGOT_PROGRAM_ERROR = 1,    /* the program raised: see ingot_status_type */
  INGOT_INVALID_ARGUMENT = 2, /* an argument contradicts the signature or API */
  INGOT_NOT_FOUND = 3,        /* no such file, method, state, ... */
  INGOT_OUT_OF_MEMORY = 4,
  INGOT_CANCELLED = 5,
  INGOT_DEADLINE_EXCEEDED = 6,
  INGOT_INCOMPATIBLE = 7, /* version or CPU does not fit */
  INGOT_IO_ERROR = 8,     /* a file can't be read or is damaged */
  INGOT_UNSUPPORTED = 9   /* valid, but this library cannot do it */
} ingot_code;

/* An error. Public so that it can be made where no runtime is loaded; use the
 * functions below. */
typedef struct ingot_status {
  int32_t code; /* ingot_code, never INGOT_OK */
  int32_t reserved;
  const char *type;    /* Python's exception name, "RuntimeError", or NULL */
  const char *message; /* never NULL */
  const char *where;   /* "model.py:12" of the user's source, or NULL */
  void (*release)(struct ingot_status *status);
} ingot_status;

typedef enum ingot_kind {
  INGOT_TENSOR = 0,
  INGOT_INT = 1,
  INGOT_FLOAT = 2,
  INGOT_BOOL = 3,
  INGOT_COMPLEX = 4,
  INGOT_STRING = 5,
  INGOT_NONE = 6,
  INGOT_DTYPE = 7,
  INGOT_DEVICE = 8,
  INGOT_LIST = 16,
  INGOT_TUPLE = 17, /* a namedtuple has a class name and field names */
  INGOT_DICT = 18,  /* in insertion order */
  INGOT_OBJECT = 19,
  INGOT_OPTIONAL = 22, /* of types only: None or the one child */
  INGOT_ANY = 23,      /* of types only */
  /* Results only, and complete: item 0 is the value that a wait gives; a future
   * whose function raised has none (ingot_value_error). */
  INGOT_FUTURE = 24,
  INGOT_AWAIT = 25,
  INGOT_ENUM = 26,         /* a class name, the member's name; item 0 is its value */
  INGOT_SCRIPT_OBJECT = 27 /* of a registered class: ingot/operators.h */
} ingot_kind;

/* torch's ScalarType numbers. */
typedef enum ingot_dtype {
  INGOT_UINT8 = 0,
  INGOT_INT8 = 1,
  INGOT_INT16 = 2,
  INGOT_INT32 = 3,
  INGOT_INT64 = 4,
  INGOT_FLOAT16 = 5,
  INGOT_FLOAT32 = 6,
  INGOT_FLOAT64 = 7,
  INGOT_COMPLEX64 = 9,
  INGOT_COMPLEX128 = 10,
  INGOT_BOOL8 = 11, /* one byte */
  INGOT_BFLOAT16 = 15,
  INGOT_UINT16 = 27,
  INGOT_UINT32 = 28,
  INGOT_UINT64 = 29
} ingot_dtype;

/* What a tensor value is. Pointers are borrowed from the value. */
typedef struct ingot_tensor_info {
  void *data;             /* element 0; NULL only when there are no elements */
  const int64_t *sizes;   /* rank of them */
  const int64_t *strides; /* rank of them, in elements */
  const void *storage;    /* equal for two tensors that share their memory */
  int64_t numel;
  int32_t dtype; /* ingot_dtype */
  int32_t rank;
  const void *storage_data; /* where that memory begins */
} ingot_tensor_info;

/* Size of a dimension in a type: fixed when >= 0, symbol k when it is -1 - k,
 * INGOT_SIZE_ANY when nothing is known. */
#define INGOT_SIZE_ANY INT64_MIN
#define INGOT_SIZE_IS_SYMBOL(size) ((size) < 0 && (size) != INGOT_SIZE_ANY)
#define INGOT_SIZE_SYMBOL(size) ((int32_t)(-1 - (size)))

/* A node of an input's or output's type. All pointers are borrowed. */
typedef struct ingot_type_info {
  int32_t kind;                   /* ingot_kind */
  int32_t dtype;                  /* tensor: ingot_dtype */
  int32_t rank;                   /* tensor */
  int32_t child_count;            /* list, tuple: elements; dict: 2 per entry (key, value);
                                     object: attributes */
  const int64_t *sizes;           /* tensor: rank of them, or NULL: all unknown */
  const char *name;               /* class of a namedtuple or object, or NULL */
  const char *const *child_names; /* fields, attributes; or NULL */
  int32_t is_constant;            /* the value is fixed: constant_* holds it */
  int32_t is_input;               /* output only: it is the very object of an input */
  int64_t constant_int;           /* int, bool, dtype */
  double constant_float;          /* float */
  const char *constant_string;    /* string, device; NUL-terminated */
  int32_t any_length;             /* list, dict: any number of entries, of the types that
                                     the one child, or the two (key, value), give */
} ingot_type_info;

typedef struct ingot_input_info {
  const char *name;
  const ingot_type *type;
  int32_t has_default; /* may be left out, or given as NULL */
  int32_t mutated;     /* the call writes into this input's tensors */
} ingot_input_info;

typedef struct ingot_method_info {
  const char *name;
  int32_t input_count;
  int32_t symbol_count;
  int32_t result_tensor_count; /* entries of ingot_call_options.outputs */
  int32_t reserved;
  const ingot_type *output;
} ingot_method_info;

typedef struct ingot_symbol_info {
  const char *name; /* "N" */
  int64_t min, max; /* inclusive */
} ingot_symbol_info;

typedef struct ingot_state_info {
  const char *name; /* "layers.0.weight" */
  const int64_t *sizes;
  uint64_t nbytes;
  int32_t dtype;
  int32_t rank;
  int32_t is_mutable; /* can be set, and methods may change it */
  int32_t is_parameter;
} ingot_state_info;

typedef struct ingot_library_info {
  const char *producer;          /* "ingotc 0.1.0" */
  const char *cpu;               /* the chosen CPU variant: "x86-64-v4", ... */
  uint64_t constants_size;       /* bytes */
  uint32_t abi_major, abi_minor; /* of the library's code */
  int32_t method_count, state_count;
} ingot_library_info;

/* Where results' memory comes from. `allocate` returns NULL when it has none;
 * called from the thread of the call. `deallocate` may be called from any
 * thread when the last value over the memory is released: `context` must live
 * on. */
typedef struct ingot_allocator {
  void *context;
  void *(*allocate)(void *context, size_t nbytes, size_t alignment);
  void (*deallocate)(void *context, void *memory, size_t nbytes);
} ingot_allocator;

/* Initialise with INGOT_CALL_OPTIONS_INIT; every field may stay zero. */
typedef struct ingot_call_options {
  size_t size; /* sizeof(ingot_call_options) */
  /* Tensors that results are written into, one entry per tensor that the method
   * computes (ingot_method_info.result_tensor_count; order of the flattened
   * output), entries may be NULL. dtype and sizes must be the result's; the
   * value given is then the very one that the output holds. Results that are an
   * input itself take no entry. No copy when the tensor is dense, 64-byte
   * aligned and overlaps no input. */
  ingot_value *const *outputs;
  size_t output_count;
  const ingot_allocator *allocator; /* of results; copied */
  /* Time of CLOCK_MONOTONIC in ns after which the call gives up; 0: none.
   * Looked at when the call starts, before each kernel and in each iteration of
   * the program's loops. */
  int64_t deadline;
  /* Non-zero cancels the call; written by any thread with an atomic store. Must
   * outlive the call. NULL: none. */
  const int32_t *cancel;
} ingot_call_options;
#ifdef __cplusplus
#define INGOT_CALL_OPTIONS_INIT {sizeof(ingot_call_options), nullptr, 0, nullptr, 0, nullptr}
#else
#define INGOT_CALL_OPTIONS_INIT {sizeof(ingot_call_options), NULL, 0, NULL, 0, NULL}
#endif

typedef void (*ingot_print_callback)(void *context, const char *text, size_t size);

/* A custom operator: see ingot/operators.h. NULL: it has filled its results. */
typedef ingot_status *(*ingot_operator_fn)(void *context, ingot_value *const *arguments, size_t argument_count,
                                           ingot_value **results, size_t result_count);

/* A class of script objects. */
typedef struct ingot_class {
  size_t size;      /* sizeof(ingot_class) */
  const char *name; /* "space::Class" */
  void *context;    /* handed to each function */
  /* Makes an object from its saved state (what __getstate__ gave). */
  ingot_status *(*create)(void *context, const ingot_value *state, void **out_object);
  /* The object's state, for ingot_instance_clone; NULL: it cannot be cloned. */
  ingot_status *(*get_state)(void *context, void *object, ingot_value **out_state);
  /* NULL: nothing is to be done. */
  void (*destroy)(void *context, void *object);
} ingot_class;

/* `category` is Python's name of it ("UserWarning"), `where` "model.py:12" of the
 * user's source or NULL. */
typedef void (*ingot_warning_callback)(void *context, const char *category, const char *message, const char *where);

#ifdef __cplusplus
}
#endif
#endif
