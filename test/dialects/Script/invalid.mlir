// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s --split-input-file --verify-diagnostics

//===----------------------------------------------------------------------===//
// Module state
//===----------------------------------------------------------------------===//

// expected-error@+1 {{'script.instance' op must end by yielding the root object}}
script.instance {
}

// -----

// expected-error@+1 {{'script.instance' op must end by yielding the root object}}
script.instance {
  %o = script.new : !script.object<"M">
}

// -----

// expected-error@+1 {{'script.instance' op must end by yielding the root object}}
script.instance {
  script.yield
}

// -----

// expected-error@+1 {{'script.instance' op must end by yielding the root object}}
script.instance {
  %n = script.constant(1 : i64) : i64
  script.yield %n : i64
}

// -----

script.instance {
  %o = script.new : !script.object<"M">
  %c = script.constant(true) : i1
  // expected-error@+1 {{'script.if' op with a region cannot stand in script.instance, which is straight-line}}
  script.if %c : (i1) -> () {
    script.yield
  } else {
    script.yield
  }
  script.yield %o : !script.object<"M">
}

// -----

func.func @place() {
  // expected-error@+1 {{'script.instance' op expects parent op 'builtin.module'}}
  script.instance {
    %o = script.new : !script.object<"M">
    script.yield %o : !script.object<"M">
  }
  return
}

// -----

func.func @dtype() {
  // expected-error@+1 {{'script.weight' op has unknown dtype code 99}}
  %w = script.weight "0" {dtype = 99 : i64, nbytes = 8 : i64, offset = 0 : i64, sizes = array<i64: 2>, storage_offset = 0 : i64, strides = array<i64: 1>} : !script.tensor
  return
}

// -----

func.func @rank() {
  // expected-error@+1 {{'script.weight' op has 2 sizes but 1 strides}}
  %w = script.weight "0" {dtype = 6 : i64, nbytes = 8 : i64, offset = 0 : i64, sizes = array<i64: 1, 2>, storage_offset = 0 : i64, strides = array<i64: 1>} : !script.tensor
  return
}

// -----

func.func @storage_offset() {
  // expected-error@+1 {{'script.weight' op has a negative offset or size}}
  %w = script.weight "0" {dtype = 6 : i64, nbytes = 8 : i64, offset = 0 : i64, sizes = array<i64: 2>, storage_offset = -1 : i64, strides = array<i64: 1>} : !script.tensor
  return
}

// -----

func.func @size() {
  // expected-error@+1 {{'script.weight' op has a negative size or stride}}
  %w = script.weight "0" {dtype = 6 : i64, nbytes = 8 : i64, offset = 0 : i64, sizes = array<i64: -2>, storage_offset = 0 : i64, strides = array<i64: 1>} : !script.tensor
  return
}

// -----

func.func @stride() {
  // expected-error@+1 {{'script.weight' op has a negative size or stride}}
  %w = script.weight "0" {dtype = 6 : i64, nbytes = 8 : i64, offset = 0 : i64, sizes = array<i64: 2>, storage_offset = 0 : i64, strides = array<i64: -1>} : !script.tensor
  return
}

// -----

// Products and sums that do not fit 64 bits are told, not wrapped to something small.
func.func @product() {
  // expected-error@+1 {{'script.weight' op is larger than memory can be}}
  %w = script.weight "0" {dtype = 6 : i64, nbytes = 8 : i64, offset = 0 : i64, sizes = array<i64: 4611686018427387905>, storage_offset = 0 : i64, strides = array<i64: 4>} : !script.tensor
  return
}

// -----

func.func @sum() {
  // expected-error@+1 {{'script.weight' op is larger than memory can be}}
  %w = script.weight "0" {dtype = 6 : i64, nbytes = 8 : i64, offset = 0 : i64, sizes = array<i64: 2>, storage_offset = 9223372036854775807 : i64, strides = array<i64: 1>} : !script.tensor
  return
}

// -----

func.func @last_element() {
  // expected-error@+1 {{'script.weight' op reads past the end of its storage: it needs element 5 of float32, the storage has 20 bytes}}
  %w = script.weight "0" {dtype = 6 : i64, nbytes = 20 : i64, offset = 0 : i64, sizes = array<i64: 2, 3>, storage_offset = 0 : i64, strides = array<i64: 3, 1>} : !script.tensor
  return
}

// -----

func.func @last_by_offset() {
  // expected-error@+1 {{'script.weight' op reads past the end of its storage: it needs element 3 of float64, the storage has 24 bytes}}
  %w = script.weight "0" {dtype = 7 : i64, nbytes = 24 : i64, offset = 0 : i64, sizes = array<i64: 2>, storage_offset = 2 : i64, strides = array<i64: 1>} : !script.tensor
  return
}

// -----

func.func @names(%x: !script.tensor) {
  // expected-error@+1 {{'script.object' op has 1 values but 2 names}}
  %o = script.object(%x) {names = ["a", "b"]} : (!script.tensor) -> !script.object<"M">
  return
}

// -----

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

func.func @int() {
  // expected-error@+1 {{'script.constant' op of type 'i64' cannot hold 1.000000e+00 : f64}}
  %c = script.constant(1.0 : f64) : i64
  return
}

// -----

func.func @int_width() {
  // expected-error@+1 {{'script.constant' op of type 'i64' cannot hold 1 : i32}}
  %c = script.constant(1 : i32) : i64
  return
}

// -----

func.func @bool() {
  // expected-error@+1 {{'script.constant' op of type 'i1' cannot hold 1 : i64}}
  %c = script.constant(1 : i64) : i1
  return
}

// -----

func.func @float() {
  // expected-error@+1 {{'script.constant' op of type 'f64' cannot hold 1 : i64}}
  %c = script.constant(1 : i64) : f64
  return
}

// -----

func.func @str() {
  // expected-error@+1 {{'script.constant' op of type '!script.str' cannot hold 1 : i64}}
  %c = script.constant(1 : i64) : !script.str
  return
}

// -----

func.func @device() {
  // expected-error@+1 {{'script.constant' op of type '!script.device' cannot hold unit}}
  %c = script.constant(unit) : !script.device
  return
}

// -----

func.func @none() {
  // expected-error@+1 {{'script.constant' op of type '!script.none' cannot hold "None"}}
  %c = script.constant("None") : !script.none
  return
}

// -----

func.func @function() {
  // expected-error@+1 {{'script.constant' op of type '!script.function' cannot hold "f"}}
  %c = script.constant("f") : !script.function
  return
}

// -----

//===----------------------------------------------------------------------===//
// Containers
//===----------------------------------------------------------------------===//

func.func @list(%i: i64) {
  // expected-error@+1 {{'script.list' op must produce a !script.list, not '!script.tuple<i64>'}}
  %l = script.list(%i) : (i64) -> !script.tuple<i64>
  return
}

// -----

func.func @tuple_count(%i: i64) {
  // expected-error@+1 {{'script.tuple' op must produce a !script.tuple of 1 types, not '!script.tuple<i64, i64>'}}
  %l = script.tuple(%i) : (i64) -> !script.tuple<i64, i64>
  return
}

// -----

func.func @tuple_type(%i: i64) {
  // expected-error@+1 {{'script.tuple' op must produce a !script.tuple of 1 types, not '!script.list<i64>'}}
  %l = script.tuple(%i) : (i64) -> !script.list<i64>
  return
}

// -----

func.func @dict_type(%i: i64) {
  // expected-error@+1 {{'script.dict' op must produce a !script.dict, not '!script.list<i64>'}}
  %l = script.dict(%i, %i) : (i64, i64) -> !script.list<i64>
  return
}

// -----

func.func @dict_odd(%i: i64) {
  // expected-error@+1 {{'script.dict' op takes keys and values in turn, but got an odd number, 3, of operands}}
  %l = script.dict(%i, %i, %i) : (i64, i64, i64) -> !script.dict<i64, i64>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Operators and calls
//===----------------------------------------------------------------------===//

func.func @aten(%t: !script.tensor) {
  // expected-error@+1 {{'script.aten' op name must be "namespace::operator.overload", not "relu"}}
  %r = script.aten "relu"(%t) : (!script.tensor) -> !script.tensor
  return
}

// -----

func.func @unknown_callee(%t: !script.tensor) {
  // expected-error@+1 {{'script.call' op calls unknown function @nowhere}}
  %r = script.call @nowhere(%t) : (!script.tensor) -> !script.tensor
  return
}

// -----

func.func private @callee(!script.tensor) -> !script.tensor
func.func @call_count(%t: !script.tensor) {
  // expected-error@+1 {{'script.call' op passes 2 arguments to @callee, which takes 1}}
  %r = script.call @callee(%t, %t) : (!script.tensor, !script.tensor) -> !script.tensor
  return
}

// -----

func.func @get_attr(%t: !script.tensor) {
  // expected-error@+1 {{'script.get_attr' op operand #0 must be A module or an instance of a class or interface, by reference, but got '!script.tensor'}}
  %r = "script.get_attr"(%t) {name = "a"} : (!script.tensor) -> i64
  return
}

// -----

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

func.func @then_end(%c: i1) {
  // expected-error@+1 {{'script.if' op the then branch must end in script.yield}}
  script.if %c : (i1) -> () {
    %o = script.new : !script.object<"M">
  } else {
    script.yield
  }
  return
}

// -----

func.func @else_end(%c: i1) {
  // expected-error@+1 {{'script.if' op the else branch must end in script.yield}}
  script.if %c : (i1) -> () {
    script.yield
  } else {
    func.return
  }
  return
}

// -----

func.func @then_count(%c: i1, %i: i64) {
  // expected-error@+1 {{'script.if' op the then branch yields 0 values, expected 1}}
  %r = script.if %c : (i1) -> i64 {
    script.yield
  } else {
    script.yield %i : i64
  }
  return
}

// -----

func.func @else_count(%c: i1, %i: i64) {
  // expected-error@+1 {{'script.if' op the else branch yields 2 values, expected 1}}
  %r = script.if %c : (i1) -> i64 {
    script.yield %i : i64
  } else {
    script.yield %i, %i : i64, i64
  }
  return
}

// -----

func.func @empty(%c: i1) {
  // expected-error@+1 {{'script.if' op expects a non-empty block}}
  script.if %c : (i1) -> () {
  } else {
    script.yield
  }
  return
}

// -----

func.func @carried(%n: i64, %c: i1) {
  // expected-error@+1 {{'script.loop' op carries 1 values but has 0 results}}
  script.loop %n while %c(%n) : (i64, i1, i64) -> () {
  ^bb0(%i: i64, %a: i64):
    script.yield %c, %a : i1, i64
  }
  return
}

// -----

func.func @body_arguments(%n: i64, %c: i1) {
  // expected-error@+1 {{'script.loop' op body must take the iteration number and 1 carried values}}
  %r = script.loop %n while %c(%n) : (i64, i1, i64) -> i64 {
  ^bb0(%i: i64):
    script.yield %c, %i : i1, i64
  }
  return
}

// -----

func.func @body_yield(%n: i64, %c: i1) {
  // expected-error@+1 {{'script.loop' op the body yields 1 values, expected 2}}
  %r = script.loop %n while %c(%n) : (i64, i1, i64) -> i64 {
  ^bb0(%i: i64, %a: i64):
    script.yield %a : i64
  }
  return
}

// -----

func.func @body_end(%n: i64, %c: i1) {
  // expected-error@+1 {{'script.loop' op the body must end in script.yield}}
  script.loop %n while %c() : (i64, i1) -> () {
  ^bb0(%i: i64):
    %o = script.new : !script.object<"M">
  }
  return
}

// -----

//===----------------------------------------------------------------------===//
// Forks and the border
//===----------------------------------------------------------------------===//

func.func @nowait(%t: !script.tensor) {
  // expected-error@+1 {{'script.awaitable_nowait' op result #0 must be A lazy value, but got '!script.tensor'}}
  %r = "script.awaitable_nowait"(%t) : (!script.tensor) -> !script.tensor
  return
}

// -----

func.func @overwrite(%t: !script.tensor) {
  // expected-error@+1 {{'script.overwrite' op operand #1 must be ranked tensor of any type values, but got '!script.tensor'}}
  "script.overwrite"(%t, %t) : (!script.tensor, !script.tensor) -> ()
  return
}

// -----

func.func @negative_bytes() {
  // expected-error@+1 {{'script.weight' op has a negative offset or size}}
  %w = script.weight "0" {dtype = 6 : i64, nbytes = -8 : i64, offset = 0 : i64, sizes = array<i64: 1000000>, storage_offset = 0 : i64, strides = array<i64: 1>} : !script.tensor
  return
}
