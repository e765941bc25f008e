/*===- ingot/operators.h - custom operators and script objects ----*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*===----------------------------------------------------------------------===*/
/* Operators of the user's own, written in C, and objects of classes of the
 * user's own ("torchbind"). Included by ingot.h; its types stand in
 * ingot/types.h.
 *
 * A program that calls `mylib::scale` is compiled with the operator's schema
 * (ingotc --operators FILE) and finds the function by that schema when an
 * instance is created:
 *
 *   static ingot_status *scale(void *context, ingot_value *const *arguments,
 *                              size_t argument_count, ingot_value **results,
 *                              size_t result_count) {
 *     ingot_tensor_info x;
 *     double by;
 *     ingot_status *s = ingot_value_get_tensor(arguments[0], &x);
 *     if (!s) s = ingot_value_get_float(arguments[1], &by);
 *     if (!s) s = ingot_value_create_empty(INGOT_FLOAT32, x.rank, x.sizes, NULL,
 *                                          &results[0]);
 *     ...
 *     return s;
 *   }
 *   ingot_register_operator("mylib::scale(Tensor x, float by) -> Tensor", scale,
 *                           NULL);
 *
 * A library of operators exports `ingot_register_operators`, which is given the
 * table of functions: `ingot-run --operators LIB.so` calls it, and `ingotc
 * --link FILE` puts the library's object or archive into the compiled one.
 *
 *   ingot_status *ingot_register_operators(const ingot_api *api) {
 *     ingot_use_api(api);
 *     return ingot_register_operator(...);
 *   }
 *
 * Rules
 * - An operator may be called from several threads at once, and must not call
 *   back into an instance whose call it is part of.
 * - Arguments are in the schema's order, defaults filled in. Tensors have any
 *   strides; only those that the schema marks `(a!)` may be written.
 * - Results begin as NULL; each gets a reference that the caller takes over. A
 *   result that the schema marks as an argument itself, `Tensor(a!)`, is left
 *   NULL. Results must not share memory with arguments.
 * - A method of a class is the operator `space::Class.method`; its first
 *   argument is the object.
 */
#ifndef INGOT_OPERATORS_H
#define INGOT_OPERATORS_H

#ifndef INGOT_H
#error "include ingot.h"
#endif

/* Makes this program or shared object use a table that it was given. */
INGOT_INLINE_ void ingot_use_api(const ingot_api *api) { __atomic_store_n(&ingot_api_pointer_, api, __ATOMIC_RELEASE); }

/* An error of an operator: `type` is a Python exception's name ("ValueError").
 * The caller of the program gets it with the line of the program's source. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_status_create(ingot_code code, const char *type, const char *message) {
  const ingot_api *api = ingot_api_();
  if (!api || !INGOT_HAS_(api, status_create))
    return ingot_status_make_(code, message, "");
  return api->status_create((int32_t)code, type, message);
}
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_operator_error(const char *type, const char *message) {
  return ingot_status_create(INGOT_PROGRAM_ERROR, type, message);
}

/* Registers an operator for the whole process, for good; `context` is handed to
 * each call. Errors: INVALID_ARGUMENT (no schema, or one of that name is
 * registered already), OUT_OF_MEMORY. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_register_operator(const char *schema, ingot_operator_fn function,
                                                                   void *context) {
  INGOT_API_OR_RETURN_();
  if (!INGOT_HAS_(api, register_operator))
    return ingot_status_too_old_("ingot_register_operator");
  return api->register_operator(schema, function, context);
}
/* Schema `index` of the operators that the library needs; borrowed; NULL past the
 * end. */
INGOT_INLINE_ const char *ingot_library_operator(const ingot_library *library, size_t index) {
  const ingot_api *api = ingot_api_();
  return INGOT_HAS_(api, library_operator) ? api->library_operator(library, index) : NULL;
}

/* Registers a class of script objects, "space::Class"; the struct is copied.
 * Errors as ingot_register_operator. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_register_class(const ingot_class *description) {
  INGOT_API_OR_RETURN_();
  if (!INGOT_HAS_(api, register_class))
    return ingot_status_too_old_("ingot_register_class");
  return api->register_class(description);
}
/* A value that owns `object` of a registered class: it is destroyed with the last
 * reference. On failure it stays the caller's. Errors: NOT_FOUND,
 * OUT_OF_MEMORY. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_create_script_object(const char *class_name, void *object,
                                                                            ingot_value **out_value) {
  INGOT_API_OR_RETURN_();
  *out_value = NULL;
  if (!INGOT_HAS_(api, value_create_script_object))
    return ingot_status_too_old_("ingot_value_create_script_object");
  return api->value_create_script_object(class_name, object, out_value);
}
/* The object in a value; borrowed. INVALID_ARGUMENT when the value is of another
 * kind or class. */
INGOT_MUST_USE INGOT_INLINE_ ingot_status *ingot_value_get_script_object(const ingot_value *value,
                                                                         const char *class_name, void **out_object) {
  const ingot_api *api = ingot_api_();
  *out_object = NULL;
  if (!INGOT_HAS_(api, value_get_script_object))
    return ingot_status_too_old_("ingot_value_get_script_object");
  return api->value_get_script_object(value, class_name, out_object);
}

/* Where warnings go; NULL: one line each on stderr. Called under a lock, from the
 * thread that warns. Ignored before the first library is opened. */
INGOT_INLINE_ void ingot_set_warning_callback(ingot_warning_callback callback, void *context) {
  const ingot_api *api = ingot_api_();
  if (api && INGOT_HAS_(api, set_warning_callback))
    api->set_warning_callback(callback, context);
}

#endif
