//===- Signature.h - the signature of a method ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A method's function takes one argument per input leaf and returns one result
// per result slot. Its attribute `ingot.signature` tells how trees of values map
// to them:
//
//   {inputs = [{name = "x", type = T, mutated = true?, row_major?, default = true?}, ...],
//    output = T, input_leaves = N : i64, results = M : i64}
//
//   T = {kind = "tensor", dtype = <ScalarType code> : i64,
//        sizes = array<i64: ...>, leaf = k : i64, source = S, requires_grad = true?}
//     | {kind = "int"|"float"|"bool"|"complex"|"str"|"none"|"dtype"|"device"|"enum",
//        leaf = k : i64, source = S, value = <attribute>?}
//     | {kind = "list"|"tuple"|"dict"|"object"|"future"|"await",
//        children = [T, ...], names = ["field", ...]?, name = "class"?}
//
// sizes: >= 0 fixed; -1 - k: symbol k of the function; INT64_MIN: any size.
// dict: children alternate key (a constant) and value. list, tuple: elements.
// source, of an output:
//   "value"    a fresh value in result slot `leaf`: its memory is shared with no
//              input, state or other slot, whatever op produced it (clone of an
//              argument is the argument's SSA value, to be copied)
//   "view"     result slot `leaf` holds a view: the slot's ops (slice, permute,
//              reshape, expand on an argument, a weight or another slot's value)
//              tell of what; torch shares the memory
//   "input"    the very object given as input leaf `leaf`; no result slot
//   "constant" `value` holds it; no leaf
//   "object"   of inputs too: one leaf or slot of type !task.object for the whole
//              tree, whose structure is known at run time; the nodes below have
//              this source and no leaf. A list has one child, its elements' type; a
//              dict two, the key's and the value's; "optional" one; "any" none. A
//              tensor of any dtype and rank has neither dtype nor sizes.
// Two outputs with the same `leaf` (and source) are the same object.
// `mutated` inputs are written by graph.write_back.
#ifndef INGOT_CONVERSION_SIGNATURE_H
#define INGOT_CONVERSION_SIGNATURE_H

#include "llvm/ADT/StringRef.h"

namespace ingot::signature {

inline constexpr llvm::StringLiteral methodAttr = "ingot.method";
inline constexpr llvm::StringLiteral signatureAttr = "ingot.signature";
inline constexpr llvm::StringLiteral symbolsAttr = "graph.symbols";

} // namespace ingot::signature

#endif
