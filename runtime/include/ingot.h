/*===- ingot.h - the C API of compiled models ---------------------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*===----------------------------------------------------------------------===*/
/* A library made by `ingotc` exports one function, `ingot_query`, which gives a
 * table of functions. This header wraps the table in static inline functions:
 * a program includes it, opens a library and links nothing (before glibc 2.34:
 * -ldl). The first Ingot library of a process serves the whole process; its
 * table is kept in one hidden variable per program or shared object.
 *
 *   ingot_library *library;
 *   ingot_instance *instance;
 *   const ingot_method *forward;
 *   ingot_value *x, *y;
 *   ingot_status *s = ingot_library_open("./model.so", &library);
 *   if (!s) s = ingot_instance_create(library, &instance);
 *   if (!s) s = ingot_library_method(library, "forward", &forward);
 *   if (!s) s = ingot_value_create_tensor(data, INGOT_FLOAT32, 2, sizes, NULL,
 *                                         NULL, NULL, &x);
 *   if (!s) s = ingot_call(instance, forward, &x, 1, NULL, &y);
 *   if (s) { fprintf(stderr, "%s\n", ingot_status_message(s)); ... }
 *
 * Rules
 * - Every function that can fail returns `ingot_status *`: NULL is success,
 * else the caller owns it and releases it. On failure out parameters become
 * NULL.
 * - `x_create` and `out_x` of an object give the caller one reference;
 *   `x_release` drops it (NULL is allowed), `x_retain` adds one.
 * - No pointer may be NULL unless its comment says so. Paths, names and inputs
 *   that are NULL are errors; anything else that is NULL ends the process.
 * - "Borrowed" results stay valid as long as the object they came from.
 * - Sizes and strides count elements; nbytes count bytes; times are
 * nanoseconds.
 * - All functions may be called from any thread at once. Values are immutable
 *   but for the contents of tensors, which the caller must not race on.
 * - Reading functions (kind, info) never allocate.
 */
#ifndef INGOT_H
#define INGOT_H

#include "ingot/types.h"

#include <dlfcn.h>

#ifdef __cplusplus
extern "C" {
#endif

/*===----------------------------------------------------------------------===*/
/* The function table */
/*===----------------------------------------------------------------------===*/

/* Use the functions below, not the table, unless you bind another language. */
typedef struct ingot_api {
  uint32_t size; /* bytes of this table, to tell which functions are there */
  uint32_t api_major, api_minor;
  uint32_t reserved;

  ingot_status *(*library_create)(const void *artifact, void *dl_handle, ingot_library **out_library);
  void (*library_retain)(ingot_library *library);
  void (*library_release)(ingot_library *library);
  void (*library_info)(const ingot_library *library, ingot_library_info *out_info, size_t size);
  ingot_status *(*library_method)(const ingot_library *library, const char *name, const ingot_method **out_method);
  const ingot_method *(*library_method_at)(const ingot_library *library, size_t index);
  ingot_status *(*library_state_info)(const ingot_library *library, size_t index, ingot_state_info *out_info,
                                      size_t size);

  void (*method_info)(const ingot_method *method, ingot_method_info *out_info, size_t size);
  ingot_status *(*method_input_info)(const ingot_method *method, size_t index, ingot_input_info *out_info, size_t size);
  ingot_status *(*method_symbol_info)(const ingot_method *method, size_t index, ingot_symbol_info *out_info,
                                      size_t size);
  void (*type_info)(const ingot_type *type, ingot_type_info *out_info, size_t size);
  const ingot_type *(*type_child)(const ingot_type *type, size_t index);

  ingot_status *(*instance_create)(ingot_library *library, ingot_instance **out_instance);
  ingot_status *(*instance_clone)(ingot_instance *instance, ingot_instance **out_instance);
  void (*instance_retain)(ingot_instance *instance);
  void (*instance_release)(ingot_instance *instance);
  ingot_library *(*instance_library)(const ingot_instance *instance);
  ingot_status *(*instance_get_state)(ingot_instance *instance, const char *name, ingot_value **out_value);
  ingot_status *(*instance_set_state)(ingot_instance *instance, const char *name, const ingot_value *value);
  ingot_status *(*instance_state_dict)(ingot_instance *instance, ingot_value **out_dict);
  ingot_status *(*instance_load_state_dict)(ingot_instance *instance, const ingot_value *dict);

  ingot_status *(*value_create_none)(ingot_value **out_value);
  ingot_status *(*value_create_int)(int64_t number, ingot_value **out_value);
  ingot_status *(*value_create_float)(double number, ingot_value **out_value);
  ingot_status *(*value_create_bool)(int32_t truth, ingot_value **out_value);
  ingot_status *(*value_create_complex)(double re, double im, ingot_value **out_value);
  ingot_status *(*value_create_string)(const char *data, size_t size, ingot_value **out_value);
  ingot_status *(*value_create_dtype)(int32_t dtype, ingot_value **out_value);
  ingot_status *(*value_create_device)(const char *name, ingot_value **out_value);
  ingot_status *(*value_create_sequence)(int32_t kind, const char *class_name, const char *const *names,
                                         ingot_value *const *items, size_t count, ingot_value **out_value);
  ingot_status *(*value_create_dict)(ingot_value *const *keys, ingot_value *const *items, size_t count,
                                     ingot_value **out_value);
  ingot_status *(*value_create_tensor)(void *data, int32_t dtype, int32_t rank, const int64_t *sizes,
                                       const int64_t *strides, void (*deleter)(void *context), void *context,
                                       ingot_value **out_value);
  ingot_status *(*value_create_empty)(int32_t dtype, int32_t rank, const int64_t *sizes,
                                      const ingot_allocator *allocator, ingot_value **out_value);
  ingot_status *(*value_create_view)(const ingot_value *base, int64_t offset, int32_t rank, const int64_t *sizes,
                                     const int64_t *strides, ingot_value **out_value);
  ingot_status *(*value_from_dlpack)(struct DLManagedTensorVersioned *tensor, ingot_value **out_value);
  ingot_status *(*value_to_dlpack)(ingot_value *value, struct DLManagedTensorVersioned **out_tensor);
  ingot_status *(*value_from_dlpack_unversioned)(struct DLManagedTensor *tensor, ingot_value **out_value);
  ingot_status *(*value_to_dlpack_unversioned)(ingot_value *value, struct DLManagedTensor **out_tensor);
  void (*value_retain)(ingot_value *value);
  void (*value_release)(ingot_value *value);
  int32_t (*value_kind)(const ingot_value *value);
  ingot_status *(*value_get_int)(const ingot_value *value, int64_t *out_number);
  ingot_status *(*value_get_float)(const ingot_value *value, double *out_number);
  ingot_status *(*value_get_complex)(const ingot_value *value, double *out_re, double *out_im);
  ingot_status *(*value_get_string)(const ingot_value *value, const char **out_data, size_t *out_size);
  ingot_status *(*value_get_tensor)(const ingot_value *value, ingot_tensor_info *out_info, size_t size);
  size_t (*value_size)(const ingot_value *value);
  ingot_value *(*value_item)(const ingot_value *value, size_t index);
  ingot_value *(*value_key)(const ingot_value *value, size_t index);
  const char *(*value_name)(const ingot_value *value, size_t index);
  const char *(*value_class_name)(const ingot_value *value);

  ingot_status *(*call)(ingot_instance *instance, const ingot_method *method, ingot_value *const *inputs,
                        size_t input_count, const ingot_call_options *options, ingot_value **out_value);
  ingot_status *(*async_start)(ingot_instance *instance, const ingot_method *method, ingot_value *const *inputs,
                               size_t input_count, const ingot_call_options *options, ingot_async **out_call);
  ingot_status *(*async_wait)(ingot_async *call, ingot_value **out_value);
  int32_t (*async_wait_until)(ingot_async *call, int64_t time);
  void (*async_cancel)(ingot_async *call);
  void (*async_retain)(ingot_async *call);
  void (*async_release)(ingot_async *call);

  ingot_status *(*set_num_threads)(int32_t count);
  int32_t (*get_num_threads)(void);
  void (*set_print_callback)(ingot_print_callback callback, void *context);
  void (*trim_memory)(void);
  const char *(*dtype_name)(int32_t dtype);
  size_t (*dtype_size)(int32_t dtype);
  /* Since minor 1. */
  ingot_status *(*instance_manual_seed)(ingot_instance *instance, uint64_t seed);
  /* Since minor 2. */
  ingot_status *(*status_create)(int32_t code, const char *type, const char *message);
  ingot_status *(*register_operator)(const char *schema, ingot_operator_fn function, void *context);
  ingot_status *(*register_class)(const ingot_class *description);
  const char *(*library_operator)(const ingot_library *library, size_t index);
  ingot_status *(*value_create_script_object)(const char *class_name, void *object, ingot_value **out_value);
  ingot_status *(*value_get_script_object)(const ingot_value *value, const char *class_name, void **out_object);
  void (*set_warning_callback)(ingot_warning_callback callback, void *context);
  /* Since minor 3. */
  ingot_status *(*value_error)(const ingot_value *value);
} ingot_api;

/* What `ingot_query` returns. */
typedef struct ingot_export {
  uint32_t size;
  uint32_t magic;                /* INGOT_EXPORT_MAGIC */
  uint32_t abi_major, abi_minor; /* of the runtime that answers */
  const ingot_api *api;          /* NULL: refused, see error */
  const void *artifact;          /* identity of the library that was asked */
  const char *error;             /* why it was refused; static text */
} ingot_export;
#define INGOT_EXPORT_MAGIC 0x746f676eu

/* The one exported function of a library: asks for the API of a major. A
 * library NAME.so exports it as ingot_query_NAME too, for programs linked to
 * several. */
typedef const ingot_export *(*ingot_query_fn)(uint32_t api_major);

/* The table of the process, set when the first library is opened. */
INGOT_WEAK_ const ingot_api *ingot_api_pointer_;

INGOT_INLINE_ const ingot_api *ingot_api_(void) { return __atomic_load_n(&ingot_api_pointer_, __ATOMIC_ACQUIRE); }

/*===----------------------------------------------------------------------===*/
/* Status */
/*===----------------------------------------------------------------------===*/

/* INGOT_OK for NULL. */
INGOT_INLINE_ ingot_code ingot_status_code(const ingot_status *status) {
  return status ? (ingot_code)status->code : INGOT_OK;
}
/* One line of text, borrowed; "" for NULL. */
INGOT_INLINE_ const char *ingot_status_message(const ingot_status *status) { return status ? status->message : ""; }
/* Name of the Python exception ("ValueError"), borrowed; NULL when there is
 * none. */
INGOT_INLINE_ const char *ingot_status_type(const ingot_status *status) { return status ? status->type : NULL; }
/* Line of the user's source ("model.py:12"), borrowed; NULL when unknown. */
INGOT_INLINE_ const char *ingot_status_where(const ingot_status *status) { return status ? status->where : NULL; }
/* Frees the status; NULL is allowed. */
INGOT_INLINE_ void ingot_status_release(ingot_status *status) {
  if (status && status->release)
    status->release(status);
}

INGOT_INLINE_ void ingot_status_free_(ingot_status *status) { free(status); }

/* A status made without a runtime. */
INGOT_INLINE_ ingot_status *ingot_status_make_(ingot_code code, const char *a, const char *b) {
  static ingot_status out_of_memory = {INGOT_OUT_OF_MEMORY, 0, NULL, "out of memory", NULL, NULL};
  size_t n = strlen(a), m = strlen(b);
  ingot_status *s = (ingot_status *)malloc(sizeof(ingot_status) + n + m + 1);
  char *text;
  if (!s)
    return &out_of_memory;
  text = (char *)(s + 1);
  memcpy(text, a, n);
  memcpy(text + n, b, m + 1);
  s->code = code;
  s->reserved = 0;
  s->type = NULL;
  s->message = text;
  s->where = NULL;
  s->release = ingot_status_free_;
  return s;
}
INGOT_INLINE_ ingot_status *ingot_status_no_library_(void) {
  return ingot_status_make_(INGOT_INVALID_ARGUMENT, "no Ingot library has been opened yet", "");
}
#define INGOT_API_OR_RETURN_()                                                                                         \
  const ingot_api *api = ingot_api_();                                                                                 \
  if (!api)                                                                                                            \
  return ingot_status_no_library_()

/* Whether the process's runtime has a function that a later minor added: it may
 * be an older library's. */
#define INGOT_HAS_(api, member) ((api)->size >= offsetof(ingot_api, member) + sizeof((api)->member))
INGOT_INLINE_ ingot_status *ingot_status_too_old_(const char *function) {
  return ingot_status_make_(INGOT_UNSUPPORTED, "the runtime of this process is older than ", function);
}

/*===----------------------------------------------------------------------===*/
/* Libraries */
/*===----------------------------------------------------------------------===*/

INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_library_from_query_(ingot_query_fn query, void *handle,
                                                                     ingot_library **out_library) {
  const ingot_export *e = query(INGOT_API_MAJOR);
  *out_library = NULL;
  if (!e || e->magic != INGOT_EXPORT_MAGIC)
    return ingot_status_make_(INGOT_INCOMPATIBLE, "not an Ingot library: ", "ingot_query gives something else");
  if (!e->api)
    return ingot_status_make_(INGOT_INCOMPATIBLE, e->error ? e->error : "the library refuses this program", "");
  __atomic_store_n(&ingot_api_pointer_, e->api, __ATOMIC_RELEASE);
  return e->api->library_create(e->artifact, handle, out_library);
}

/* Opens a compiled model's file (a path with no '/' is looked up as dlopen
 * does). Opening one file twice gives two handles on the same code and
 * constants. Errors: NOT_FOUND, INCOMPATIBLE (ABI or CPU), IO_ERROR (constants
 * file), OUT_OF_MEMORY. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_library_open(const char *path, ingot_library **out_library) {
  /* dlopen gives the program itself for NULL and "". */
  int named = path && *path;
  void *handle = named ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL, *symbol;
  ingot_query_fn query;
  ingot_status *status;
  *out_library = NULL;
  if (!named)
    return ingot_status_make_(INGOT_INVALID_ARGUMENT, "the path is empty", "");
  if (!handle) {
    const char *why = dlerror();
    return ingot_status_make_(INGOT_NOT_FOUND, "cannot open the library: ", why ? why : path);
  }
  symbol = dlsym(handle, "ingot_query");
  if (!symbol) {
    dlclose(handle);
    return ingot_status_make_(INGOT_INCOMPATIBLE, "not an Ingot library (it has no ingot_query): ", path);
  }
  memcpy(&query, &symbol, sizeof query);
  status = ingot_library_from_query_(query, handle, out_library);
  if (status)
    dlclose(handle);
  return status;
}

/* A library that the program is linked to: pass `ingot_query_NAME` (or
 * `ingot_query` where there is only one). Errors as ingot_library_open. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_library_from_query(ingot_query_fn query, ingot_library **out_library) {
  return ingot_library_from_query_(query, NULL, out_library);
}

INGOT_INLINE_ void ingot_library_retain(ingot_library *library) { ingot_api_()->library_retain(library); }
/* Drops a reference; the file is unloaded when no instance, started call or
 * value needs it any more. */
INGOT_INLINE_ void ingot_library_release(ingot_library *library) {
  if (library)
    ingot_api_()->library_release(library);
}
/* Facts of the library; pointers are borrowed. */
INGOT_INLINE_ ingot_library_info ingot_library_get_info(const ingot_library *library) {
  ingot_library_info info;
  ingot_api_()->library_info(library, &info, sizeof info);
  return info;
}
/* Finds a method by name; borrowed. Errors: NOT_FOUND, which lists the methods.
 */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_library_method(const ingot_library *library, const char *name,
                                                                const ingot_method **out_method) {
  return ingot_api_()->library_method(library, name, out_method);
}
/* Method `index` of ingot_library_info.method_count; borrowed; NULL past the
 * end. */
INGOT_INLINE_ const ingot_method *ingot_library_method_at(const ingot_library *library, size_t index) {
  return ingot_api_()->library_method_at(library, index);
}
/* State `index` of ingot_library_info.state_count. Errors: NOT_FOUND. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_library_state_info(const ingot_library *library, size_t index,
                                                                    ingot_state_info *out_info) {
  return ingot_api_()->library_state_info(library, index, out_info, sizeof *out_info);
}

/*===----------------------------------------------------------------------===*/
/* Signatures */
/*===----------------------------------------------------------------------===*/

/* Facts of a method; pointers are borrowed from the library. */
INGOT_INLINE_ ingot_method_info ingot_method_get_info(const ingot_method *method) {
  ingot_method_info info;
  ingot_api_()->method_info(method, &info, sizeof info);
  return info;
}
/* Errors: NOT_FOUND when index is past the inputs. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_method_input(const ingot_method *method, size_t index,
                                                              ingot_input_info *out_info) {
  return ingot_api_()->method_input_info(method, index, out_info, sizeof *out_info);
}
/* Symbol k, as INGOT_SIZE_SYMBOL gives it. Errors: NOT_FOUND. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_method_symbol(const ingot_method *method, size_t index,
                                                               ingot_symbol_info *out_info) {
  return ingot_api_()->method_symbol_info(method, index, out_info, sizeof *out_info);
}
INGOT_INLINE_ ingot_type_info ingot_type_get_info(const ingot_type *type) {
  ingot_type_info info;
  ingot_api_()->type_info(type, &info, sizeof info);
  return info;
}
/* Child `index`; borrowed; NULL past the end. */
INGOT_INLINE_ const ingot_type *ingot_type_child(const ingot_type *type, size_t index) {
  return ingot_api_()->type_child(type, index);
}

/*===----------------------------------------------------------------------===*/
/* Instances */
/*===----------------------------------------------------------------------===*/

/* A fresh instance with the saved state; it retains the library. Calls on one
 * instance of a library with mutable state run one after another; other calls
 * run at the same time. Errors: OUT_OF_MEMORY. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_instance_create(ingot_library *library,
                                                                 ingot_instance **out_instance) {
  return ingot_api_()->instance_create(library, out_instance);
}
/* An instance with a copy of the state as it is now. Errors: OUT_OF_MEMORY. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_instance_clone(ingot_instance *instance,
                                                                ingot_instance **out_instance) {
  return ingot_api_()->instance_clone(instance, out_instance);
}
INGOT_INLINE_ void ingot_instance_retain(ingot_instance *instance) { ingot_api_()->instance_retain(instance); }
INGOT_INLINE_ void ingot_instance_release(ingot_instance *instance) {
  if (instance)
    ingot_api_()->instance_release(instance);
}
/* Borrowed. */
INGOT_INLINE_ ingot_library *ingot_instance_library(const ingot_instance *instance) {
  return ingot_api_()->instance_library(instance);
}
/* A copy of a buffer or parameter, as a dense tensor. Errors: NOT_FOUND,
 * OUT_OF_MEMORY. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_instance_get_state(ingot_instance *instance, const char *name,
                                                                    ingot_value **out_value) {
  return ingot_api_()->instance_get_state(instance, name, out_value);
}
/* Copies a tensor of the state's dtype and sizes into a mutable state. Errors:
 * NOT_FOUND, INVALID_ARGUMENT, UNSUPPORTED (the state is compiled in). */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_instance_set_state(ingot_instance *instance, const char *name,
                                                                    const ingot_value *value) {
  return ingot_api_()->instance_set_state(instance, name, value);
}
/* Seeds the instance's random generator as torch.manual_seed does: draws are then
 * those of PyTorch's CPU generator. Without random operators nothing happens. The
 * generator's state is the state "rng_state", with the bytes of
 * torch.get_rng_state(). */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_manual_seed(ingot_instance *instance, uint64_t seed) {
  const ingot_api *api = ingot_api_();
  if (!INGOT_HAS_(api, instance_manual_seed))
    return ingot_status_too_old_("ingot_manual_seed");
  return api->instance_manual_seed(instance, seed);
}
/* Dict of name to a copy of each state, in the module's order. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_instance_state_dict(ingot_instance *instance, ingot_value **out_dict) {
  return ingot_api_()->instance_state_dict(instance, out_dict);
}
/* Sets the mutable states named in the dict; all entries are checked before the
 * first is written. An immutable state may be named when its bytes are equal.
 * Errors as ingot_instance_set_state. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_instance_load_state_dict(ingot_instance *instance,
                                                                          const ingot_value *dict) {
  return ingot_api_()->instance_load_state_dict(instance, dict);
}

/*===----------------------------------------------------------------------===*/
/* Values */
/*===----------------------------------------------------------------------===*/

/* Errors of all ingot_value_create_*: OUT_OF_MEMORY, and INVALID_ARGUMENT where
 * said. They need an opened library. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_none(ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_none(out_value);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_int(int64_t number, ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_int(number, out_value);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_float(double number, ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_float(number, out_value);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_bool(int32_t truth, ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_bool(truth, out_value);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_complex(double re, double im, ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_complex(re, im, out_value);
}
/* Copies `size` bytes of UTF-8. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_string(const char *data, size_t size,
                                                                     ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_string(data, size, out_value);
}
/* INVALID_ARGUMENT when there is no such dtype. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_dtype(ingot_dtype dtype, ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_dtype((int32_t)dtype, out_value);
}
/* "cpu", "cuda:0"; copied. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_device(const char *name, ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_device(name, out_value);
}
/* Containers retain their items; names are copied. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_list(ingot_value *const *items, size_t count,
                                                                   ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_sequence(INGOT_LIST, NULL, NULL, items, count, out_value);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_tuple(ingot_value *const *items, size_t count,
                                                                    ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_sequence(INGOT_TUPLE, NULL, NULL, items, count, out_value);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_namedtuple(const char *class_name,
                                                                         const char *const *names,
                                                                         ingot_value *const *items, size_t count,
                                                                         ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_sequence(INGOT_TUPLE, class_name, names, items, count, out_value);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_object(const char *class_name, const char *const *names,
                                                                     ingot_value *const *items, size_t count,
                                                                     ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_sequence(INGOT_OBJECT, class_name, names, items, count, out_value);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_enum(const char *class_name, const char *member,
                                                                   ingot_value *value, ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_sequence(INGOT_ENUM, class_name, &member, &value, 1, out_value);
}
/* Keys are strings, ints, floats or bools; INVALID_ARGUMENT for another kind or
 * a key given twice. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_dict(ingot_value *const *keys, ingot_value *const *items,
                                                                   size_t count, ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_dict(keys, items, count, out_value);
}
/* A tensor over the caller's memory, which must stay valid until `deleter` is
 * called (when the last value over it is released; NULL: the caller keeps it
 * until then). `strides` NULL: row-major. Sizes are copied. INVALID_ARGUMENT
 * for a bad dtype, rank or size. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_tensor(void *data, ingot_dtype dtype, int32_t rank,
                                                                     const int64_t *sizes, const int64_t *strides,
                                                                     void (*deleter)(void *context), void *context,
                                                                     ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_tensor(data, (int32_t)dtype, rank, sizes, strides, deleter, context, out_value);
}
/* A row-major tensor over fresh, uninitialised, 64-byte-aligned memory, from
 * `allocator` or, when it is NULL, the runtime's. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_empty(ingot_dtype dtype, int32_t rank,
                                                                    const int64_t *sizes,
                                                                    const ingot_allocator *allocator,
                                                                    ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_empty((int32_t)dtype, rank, sizes, allocator, out_value);
}
/* Another tensor over the same memory: `offset` elements after base's element 0
 * (as as_strided). The caller answers for the bounds. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_view(const ingot_value *base, int64_t offset,
                                                                   int32_t rank, const int64_t *sizes,
                                                                   const int64_t *strides, ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_create_view(base, offset, rank, sizes, strides, out_value);
}
/* Takes over a DLPack tensor on the CPU without a copy; on success it is
 * deleted when the last value over it is released, on failure it stays the
 * caller's. UNSUPPORTED for another device, dtype, or sub-byte lanes. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_from_dlpack(struct DLManagedTensorVersioned *tensor,
                                                                   ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_from_dlpack(tensor, out_value);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_from_dlpack_unversioned(struct DLManagedTensor *tensor,
                                                                               ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  return api->value_from_dlpack_unversioned(tensor, out_value);
}
/* The tensor for DLPack, without a copy; it retains the value until its deleter
 * is called. INVALID_ARGUMENT when the value is no tensor. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_to_dlpack(ingot_value *value,
                                                                 struct DLManagedTensorVersioned **out_tensor) {
  return ingot_api_()->value_to_dlpack(value, out_tensor);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_to_dlpack_unversioned(ingot_value *value,
                                                                             struct DLManagedTensor **out_tensor) {
  return ingot_api_()->value_to_dlpack_unversioned(value, out_tensor);
}

INGOT_INLINE_ void ingot_value_retain(ingot_value *value) { ingot_api_()->value_retain(value); }
INGOT_INLINE_ void ingot_value_release(ingot_value *value) {
  if (value)
    ingot_api_()->value_release(value);
}
INGOT_INLINE_ ingot_kind ingot_value_kind(const ingot_value *value) {
  return (ingot_kind)ingot_api_()->value_kind(value);
}
/* Of an int, bool (0 or 1) or dtype. Errors of the getters: INVALID_ARGUMENT
 * when the value is of another kind. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_get_int(const ingot_value *value, int64_t *out_number) {
  return ingot_api_()->value_get_int(value, out_number);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_get_float(const ingot_value *value, double *out_number) {
  return ingot_api_()->value_get_float(value, out_number);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_get_complex(const ingot_value *value, double *out_re,
                                                                   double *out_im) {
  return ingot_api_()->value_get_complex(value, out_re, out_im);
}
/* Of a string or device: bytes, borrowed, NUL-terminated past `out_size`. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_get_string(const ingot_value *value, const char **out_data,
                                                                  size_t *out_size) {
  return ingot_api_()->value_get_string(value, out_data, out_size);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_get_tensor(const ingot_value *value,
                                                                  ingot_tensor_info *out_info) {
  return ingot_api_()->value_get_tensor(value, out_info, sizeof *out_info);
}
/* Elements of a list or tuple, entries of a dict, attributes of an object; else
 * 0. */
INGOT_INLINE_ size_t ingot_value_size(const ingot_value *value) { return ingot_api_()->value_size(value); }
/* Element, entry's value or attribute; borrowed; NULL past the end. */
INGOT_INLINE_ ingot_value *ingot_value_item(const ingot_value *value, size_t index) {
  return ingot_api_()->value_item(value, index);
}
/* Key of a dict's entry; borrowed; NULL past the end or for another kind. */
INGOT_INLINE_ ingot_value *ingot_value_key(const ingot_value *value, size_t index) {
  return ingot_api_()->value_key(value, index);
}
/* Name of a namedtuple's field or an object's attribute; borrowed; NULL
 * without. */
INGOT_INLINE_ const char *ingot_value_name(const ingot_value *value, size_t index) {
  return ingot_api_()->value_name(value, index);
}
/* What a wait for this future raises: its function did, and it has no item 0. A
 * status of the caller's; NULL for a future with a value and for other kinds. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_error(const ingot_value *value) {
  const ingot_api *api = ingot_api_();
  return api->size > offsetof(ingot_api, value_error) ? api->value_error(value) : NULL;
}
/* Class of a namedtuple or object; borrowed; NULL without. */
INGOT_INLINE_ const char *ingot_value_class_name(const ingot_value *value) {
  return ingot_api_()->value_class_name(value);
}

/*===----------------------------------------------------------------------===*/
/* Calls */
/*===----------------------------------------------------------------------===*/

/* Runs a method and gives its result, a tree as the program returns it. Inputs
 * are borrowed during the call; trailing ones with a default may be left out or
 * be NULL. An output that is an input, or a view of it, comes back as that very
 * value, or shares its memory. `options` may be NULL.
 * Errors: PROGRAM_ERROR (type, message and source line), INVALID_ARGUMENT
 * (names the input, what was found and what is expected), CANCELLED,
 * DEADLINE_EXCEEDED, OUT_OF_MEMORY, UNSUPPORTED. After an error mutated inputs
 * and states may have been written in part. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_call(ingot_instance *instance, const ingot_method *method,
                                                      ingot_value *const *inputs, size_t input_count,
                                                      const ingot_call_options *options, ingot_value **out_value) {
  return ingot_api_()->call(instance, method, inputs, input_count, options, out_value);
}
/* Starts a call on the pool and returns at once; inputs, outputs and the
 * instance are retained, their tensors must not be written meanwhile. With one
 * thread (ingot_set_num_threads(1)) the call runs before this returns. Errors:
 * OUT_OF_MEMORY; all others come from the wait. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_async_start(ingot_instance *instance, const ingot_method *method,
                                                             ingot_value *const *inputs, size_t input_count,
                                                             const ingot_call_options *options,
                                                             ingot_async **out_call) {
  return ingot_api_()->async_start(instance, method, inputs, input_count, options, out_call);
}
/* Waits for the call and gives its result or its error; may be asked many times
 * and gives the same each time. A call that no thread has begun is run here. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_async_wait(ingot_async *call, ingot_value **out_value) {
  return ingot_api_()->async_wait(call, out_value);
}
/* Waits until the call is done or CLOCK_MONOTONIC shows `time` (0: only asks).
 * Returns 1 when it is done. */
INGOT_INLINE_ int32_t ingot_async_wait_until(ingot_async *call, int64_t time) {
  return ingot_api_()->async_wait_until(call, time);
}
/* Asks the call to stop: it ends with CANCELLED unless it ends before it
 * notices. */
INGOT_INLINE_ void ingot_async_cancel(ingot_async *call) { ingot_api_()->async_cancel(call); }
INGOT_INLINE_ void ingot_async_retain(ingot_async *call) { ingot_api_()->async_retain(call); }
/* Drops the handle; a call that is running goes on to its end. */
INGOT_INLINE_ void ingot_async_release(ingot_async *call) {
  if (call)
    ingot_api_()->async_release(call);
}

/*===----------------------------------------------------------------------===*/
/* The process */
/*===----------------------------------------------------------------------===*/

/* Threads that work on one call, the caller included; 1: no thread is used but
 * the caller's. Default: $INGOT_NUM_THREADS, else the cores this process may
 * use. INVALID_ARGUMENT below 1 or above 1024. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_set_num_threads(int32_t count) {
  INGOT_API_OR_RETURN_();
  return api->set_num_threads(count);
}
/* 0 before the first library is opened. */
INGOT_INLINE_ int32_t ingot_get_num_threads(void) { return ingot_api_() ? ingot_api_()->get_num_threads() : 0; }
/* Where text that programs print goes; NULL: stdout. Called under a lock, from
 * the thread that prints. Ignored before the first library is opened. */
INGOT_INLINE_ void ingot_set_print_callback(ingot_print_callback callback, void *context) {
  if (ingot_api_())
    ingot_api_()->set_print_callback(callback, context);
}
/* Gives memory kept for later calls (this thread's, and the process's shared
 * cache) back to the system. */
INGOT_INLINE_ void ingot_trim_memory(void) {
  if (ingot_api_())
    ingot_api_()->trim_memory();
}
/* "float32"; NULL when there is no such dtype or no library was opened. */
INGOT_INLINE_ const char *ingot_dtype_name(int32_t dtype) {
  return ingot_api_() ? ingot_api_()->dtype_name(dtype) : NULL;
}
/* Bytes of one element; 0 when there is no such dtype or no library was opened.
 */
INGOT_INLINE_ size_t ingot_dtype_size(int32_t dtype) { return ingot_api_() ? ingot_api_()->dtype_size(dtype) : 0; }

#include "ingot/operators.h"

#ifdef __cplusplus
}
#endif
#endif
