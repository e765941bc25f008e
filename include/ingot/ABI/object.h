/*===- object.h - containers and strings at run time --------------*- C -*-===*/
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                     */
/*===----------------------------------------------------------------------===*/
/* Functions over values of the host language whose length or content is known
 * at run time only. One table, INGOT_OBJECT_FUNCTIONS, is read three times: it
 * declares the function table here, it is defined in runtime/object, and the
 * compiler takes names, types and effects of task.call_runtime from it.
 *
 * An object is reference-counted. What a function returns is borrowed: the call
 * owns it until it ends. Functions that can raise set the call's error and
 * return 0; generated code looks at ingot_abi_call.failed after each of them.
 */
#ifndef INGOT_ABI_OBJECT_H
#define INGOT_ABI_OBJECT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ingot_abi_call;

/* Kinds are INGOT_ABI_KIND_*. */
typedef struct ingot_abi_object {
  int32_t refs; /* atomic */
  uint8_t kind;
  uint8_t element; /* list: kind of its slots; dict: of its values */
  uint8_t key;     /* dict: kind of its keys */
  uint8_t changed; /* since it came in */
  int64_t count;   /* list, tuple, dict: entries; string: bytes */
} ingot_abi_object;

/* What generated code knows of a list: element i is slots[i]. A slot of kind
 * INT, FLOAT or BOOL holds the number's bits; of kind INGOT_ABI_SLOT_OBJECT the
 * address of an object. */
typedef struct ingot_abi_list {
  ingot_abi_object head;
  int64_t capacity;
  int64_t *slots;
} ingot_abi_list;

enum { INGOT_ABI_SLOT_OBJECT = 0, INGOT_ABI_SLOT_INT = 1, INGOT_ABI_SLOT_FLOAT = 2, INGOT_ABI_SLOT_BOOL = 3 };

/* An open bound of a slice. */
#define INGOT_ABI_OPEN INT64_MAX

/* F(name, result, operands, effects)
 * Types: o object, i int64, d double, s slot (any of int, float, bool, object),
 * b bool (int64 0 or 1), n nothing, t a constant text (pointer and bytes).
 * Effects: 'r' reads objects, 'm' makes an object, 'w' writes objects, 'x' can
 * raise (and may write); only 'x' can raise, but for want of memory.
 */
#define INGOT_OBJECT_FUNCTIONS(F)                                                                                      \
  /* values */                                                                                                         \
  F(text, o, m, t)                                                                                                     \
  F(device, o, m, t)                                                                                                   \
  F(none, o, m)                                                                                                        \
  F(box, o, m, i, s)                                                                                                   \
  F(box_complex, o, m, d, d)                                                                                           \
  F(unbox, s, x, o, i)                                                                                                 \
  F(is_none, b, r, o)                                                                                                  \
  F(kind_of, i, r, o)                                                                                                  \
  F(same, b, r, o, o)                                                                                                  \
  F(equal, b, x, o, o)                                                                                                 \
  F(compare, i, x, o, o)                                                                                               \
  F(length, i, r, o)                                                                                                   \
  F(str_of, o, x, o)                                                                                                   \
  F(print, n, x, o)                                                                                                    \
  F(check_text, n, x, b, t, o)                                                                                         \
  /* lists and tuples */                                                                                               \
  F(list, o, m, i)                                                                                                     \
  F(tuple, o, m, i)                                                                                                    \
  F(tuple_set, n, w, o, i, o)                                                                                          \
  F(tuple_get, o, x, o, i)                                                                                             \
  F(list_get, s, x, o, i)                                                                                              \
  F(list_set, n, x, o, i, s)                                                                                           \
  F(list_append, n, x, o, s)                                                                                           \
  F(list_insert, n, x, o, i, s)                                                                                        \
  F(list_pop, s, x, o, i)                                                                                              \
  F(list_delete, n, x, o, i)                                                                                           \
  F(list_remove, n, x, o, s)                                                                                           \
  F(list_index, i, x, o, s)                                                                                            \
  F(list_count, i, x, o, s)                                                                                            \
  F(list_contains, b, x, o, s)                                                                                         \
  F(list_extend, n, x, o, o)                                                                                           \
  F(list_clear, n, w, o)                                                                                               \
  F(list_reverse, n, w, o)                                                                                             \
  F(list_copy, o, x, o)                                                                                                \
  F(list_slice, o, x, o, i, i, i)                                                                                      \
  F(list_concat, o, x, o, o)                                                                                           \
  F(list_repeat, o, x, o, i)                                                                                           \
  F(list_repeat_in_place, n, x, o, i)                                                                                  \
  F(list_sort, n, x, o, i)                                                                                             \
  F(list_sum, s, r, o)                                                                                                 \
  F(list_extreme, s, x, o, i)                                                                                          \
  F(list_pick, o, x, o, o, i)                                                                                          \
  F(list_any, b, r, o)                                                                                                 \
  F(list_all, b, r, o)                                                                                                 \
  F(list_range, o, x, i)                                                                                               \
  F(expect_length, n, x, o, i)                                                                                         \
  /* dicts */                                                                                                          \
  F(dict, o, m, i, i)                                                                                                  \
  F(dict_get, s, x, o, s)                                                                                              \
  F(dict_get_default, s, x, o, s, s)                                                                                   \
  F(dict_get_optional, o, x, o, s)                                                                                     \
  F(dict_contains, b, r, o, s)                                                                                         \
  F(dict_set, n, x, o, s, s)                                                                                           \
  F(dict_pop, s, x, o, s)                                                                                              \
  F(dict_pop_default, s, x, o, s, s)                                                                                   \
  F(dict_popitem, o, x, o)                                                                                             \
  F(dict_delete, n, x, o, s)                                                                                           \
  F(dict_setdefault, s, x, o, s, s)                                                                                    \
  F(dict_update, n, x, o, o)                                                                                           \
  F(dict_keys, o, x, o)                                                                                                \
  F(dict_values, o, x, o)                                                                                              \
  F(dict_items, o, x, o)                                                                                               \
  F(dict_copy, o, x, o)                                                                                                \
  F(dict_clear, n, w, o)                                                                                               \
  F(dict_from_items, o, x, o, i, i)                                                                                    \
  /* strings */                                                                                                        \
  F(str_concat, o, x, o, o)                                                                                            \
  F(str_get, o, x, o, i)                                                                                               \
  F(str_slice, o, x, o, i, i, i)                                                                                       \
  F(str_contains, b, r, o, o)                                                                                          \
  F(str_find, i, r, o, o, i, i, i)                                                                                     \
  F(str_index, i, x, o, o, i, i, i)                                                                                    \
  F(str_count, i, r, o, o, i, i)                                                                                       \
  F(str_starts, b, x, o, o, i, i)                                                                                      \
  F(str_ends, b, x, o, o, i, i)                                                                                        \
  F(str_is, b, r, o, i)                                                                                                \
  F(str_case, o, x, o, i)                                                                                              \
  F(str_strip, o, x, o, o, i)                                                                                          \
  F(str_pad, o, x, o, i, o, i)                                                                                         \
  F(str_replace, o, x, o, o, o, i)                                                                                     \
  F(str_split, o, x, o, o, i)                                                                                          \
  F(str_rsplit, o, x, o, o, i)                                                                                         \
  F(str_lines, o, x, o, i)                                                                                             \
  F(str_partition, o, x, o, o, i)                                                                                      \
  F(str_join, o, x, o, o)                                                                                              \
  F(str_expand_tabs, o, x, o, i)                                                                                       \
  F(str_letters, o, x, o)                                                                                              \
  F(str_format, o, x, o, o)                                                                                            \
  F(str_percent, o, x, o, o)                                                                                           \
  F(str_ord, i, x, o)                                                                                                  \
  F(str_chr, o, x, i)                                                                                                  \
  F(str_int, i, x, o)                                                                                                  \
  F(str_float, d, x, o)                                                                                                \
  F(str_base, o, x, i, i)                                                                                              \
  /* numbers: a code of INGOT_ABI_MATH_* and operands */                                                               \
  F(real_math, d, r, i, d, d)                                                                                          \
  F(int_math, i, r, i, i, i)                                                                                           \
  F(complex_math, o, m, i, d, d, d, d)                                                                                 \
  F(complex_part, d, r, o, i)                                                                                          \
  F(hash, i, x, o)                                                                                                     \
  /* attributes of the instance: number, first value */                                                                \
  F(state_object, o, x, i, o)                                                                                          \
  F(set_state_object, n, x, i, o)                                                                                      \
  /* a tuple of class, member and value becomes an enum's member */                                                    \
  F(enum_member, o, x, o)                                                                                              \
  /* tensors: dtype * 64 + rank, a size, lists of them as one (along a new                                             \
   * dimension where the last operand is 1) */                                                                         \
  F(tensor_kind, i, x, o)                                                                                              \
  F(tensor_size, i, x, o, i)                                                                                           \
  F(tensor_concat, o, x, o, i, i)                                                                                      \
  /* custom operators: the schema and a tuple of the arguments to the result, a                                        \
   * tuple of several, or None; a script object of the instance: number, class,                                        \
   * saved state; a warning: "CATEGORY\nplace", message */                                                             \
  F(call_operator, o, x, t, o)                                                                                         \
  F(script_object, o, x, i, t, o)                                                                                      \
  F(warn, n, x, t, o)                                                                                                  \
  /* nested lists of a tensor's elements: dimensions, kind of the numbers; a tensor of nested lists: dtype, dimensions \
   */                                                                                                                  \
  F(tensor_list, o, x, o, i, i)                                                                                        \
  F(tensor_of_list, o, x, o, i, i)                                                                                     \
  /* errors that futures keep: the call's error as a tuple of class, text and line; raised again unless None */        \
  F(take_error, o, x)                                                                                                  \
  F(raise_error, n, x, o)

/* Codes of str_is, str_case, str_strip, str_pad, str_base. */
enum {
  INGOT_ABI_STR_ALPHA,
  INGOT_ABI_STR_ALNUM,
  INGOT_ABI_STR_DIGIT,
  INGOT_ABI_STR_SPACE,
  INGOT_ABI_STR_UPPER,
  INGOT_ABI_STR_LOWER,
  INGOT_ABI_STR_TITLE,
  INGOT_ABI_STR_PRINTABLE,
  INGOT_ABI_STR_IDENTIFIER,
  INGOT_ABI_STR_CAPITALIZE,
  INGOT_ABI_STR_SWAPCASE,
  INGOT_ABI_STR_BOTH,
  INGOT_ABI_STR_LEFT,
  INGOT_ABI_STR_RIGHT,
  INGOT_ABI_STR_ZEROS
};

/* Codes of real_math, int_math and complex_math. */
enum {
  INGOT_ABI_MATH_POW,
  INGOT_ABI_MATH_ATAN2,
  INGOT_ABI_MATH_COPYSIGN,
  INGOT_ABI_MATH_FMOD,
  INGOT_ABI_MATH_REMAINDER, /* Python's % */
  INGOT_ABI_MATH_LOG,       /* of a float: to a base */
  INGOT_ABI_MATH_GAMMA,
  INGOT_ABI_MATH_LDEXP,
  INGOT_ABI_MATH_FRACTION, /* of modf */
  INGOT_ABI_MATH_WHOLE,
  INGOT_ABI_MATH_MANTISSA, /* of frexp */
  INGOT_ABI_MATH_EXPONENT,
  INGOT_ABI_MATH_HYPOT,
  INGOT_ABI_MATH_FACTORIAL,
  INGOT_ABI_MATH_GCD,
  INGOT_ABI_MATH_SQRT,
  INGOT_ABI_MATH_EXP,
  INGOT_ABI_MATH_SIN,
  INGOT_ABI_MATH_COS,
  INGOT_ABI_MATH_TAN,
  INGOT_ABI_MATH_ASIN,
  INGOT_ABI_MATH_ACOS,
  INGOT_ABI_MATH_ATAN,
  INGOT_ABI_MATH_SINH,
  INGOT_ABI_MATH_COSH,
  INGOT_ABI_MATH_TANH,
  INGOT_ABI_MATH_ASINH,
  INGOT_ABI_MATH_ACOSH,
  INGOT_ABI_MATH_ATANH,
  INGOT_ABI_MATH_LOG10,
  INGOT_ABI_MATH_DIV,              /* of complex numbers */
  INGOT_ABI_MATH_NEAREST_REMAINDER /* IEEE 754's: x - n y for the n nearest to x / y */
};

/* The functions' types are as the operands say, with the call before them. */
typedef void (*ingot_abi_object_fn)(void);
typedef struct ingot_abi_objects {
  uint32_t size; /* sizeof of this struct as the runtime knows it */
  uint32_t reserved;
#define INGOT_OBJECT_FIELD(name, ...) ingot_abi_object_fn name;
  INGOT_OBJECT_FUNCTIONS(INGOT_OBJECT_FIELD)
#undef INGOT_OBJECT_FIELD
} ingot_abi_objects;

#ifdef __cplusplus
}
#endif
#endif
