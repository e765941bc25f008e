// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s --split-input-file --verify-diagnostics

//===----------------------------------------------------------------------===//
// Launches
//===----------------------------------------------------------------------===//

func.func @unknown(%n: index, %x: memref<4xf32>) {
  // expected-error@+1 {{'task.launch' op launches unknown kernel @nowhere}}
  task.launch @nowhere[%n grain %n](%x) : memref<4xf32>
  return
}

// -----

// A weight is a symbol, but no kernel.
graph.weight @w : tensor<2xf32> (dense<1.0> : tensor<2xf32>)
func.func @no_function(%n: index, %x: memref<4xf32>) {
  // expected-error@+1 {{'task.launch' op launches unknown kernel @w}}
  task.launch @w[%n grain %n](%x) : memref<4xf32>
  return
}

// -----

func.func private @kernel(index, index, memref<4xf32>)
func.func @count(%n: index, %x: memref<4xf32>) {
  // expected-error@+1 {{'task.launch' op passes 2 operands to @kernel, which takes 1}}
  task.launch @kernel[%n grain %n](%x, %x) : memref<4xf32>, memref<4xf32>
  return
}

// -----

func.func private @kernel(index)
func.func @no_range(%n: index, %x: memref<4xf32>) {
  // expected-error@+1 {{'task.launch' op passes 1 operands to @kernel, which takes -1}}
  task.launch @kernel[%n grain %n](%x) : memref<4xf32>
  return
}

// -----

func.func private @kernel(index, index, memref<4xf32>, i64)
func.func @type(%n: index, %x: memref<4xf32>) {
  // expected-error@+1 {{'task.launch' op operand 1 has type 'memref<4xf32>', the kernel takes 'i64'}}
  task.launch @kernel[%n grain %n](%x, %x) : memref<4xf32>, memref<4xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Computations
//===----------------------------------------------------------------------===//

func.func @capture(%n: index, %x: tensor<4xf32>, %k: i64) {
  // expected-note@+1 {{required by region isolation constraints}}
  %r = task.compute[%n grain %n] ins() outs(%x : tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%begin: index, %end: index, %c: memref<4xf32>):
    // expected-error@+1 {{'arith.addi' op using value defined outside the region}}
    %s = arith.addi %k, %k : i64
    task.yield
  }
  return
}

// -----

func.func @yield() {
  // expected-error@+1 {{'task.yield' op expects parent op 'task.compute'}}
  task.yield
}

// -----

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

func.func @arena(%n: index) {
  // expected-error@+1 {{'task.arena' op result #0 must be memref of 8-bit signless integer values, but got 'memref<?xf32>'}}
  %a = task.arena %n : memref<?xf32>
  return
}

// -----

func.func @constant() {
  // expected-error@+1 {{'task.constant' op result #0 must be memref of any type values, but got 'tensor<2xf32>'}}
  %a = "task.constant"() {name = @w} : () -> tensor<2xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Calls of the runtime
//===----------------------------------------------------------------------===//

func.func @name(%o: !task.object) {
  // expected-error@+1 {{'task.call_runtime' op calls "list_grow", which the runtime does not have}}
  task.call_runtime "list_grow"(%o) : (!task.object) -> ()
  return
}

// -----

func.func @object(%i: i64) {
  // expected-error@+1 {{'task.call_runtime' op operand 0 of "length" must be of type 'o' of (o)}}
  %n = task.call_runtime "length"(%i) : (i64) -> i64
  return
}

// -----

func.func @index(%o: !task.object, %i: index) {
  // expected-error@+1 {{'task.call_runtime' op operand 1 of "list_get" must be of type 'i' of (o, i)}}
  %n = task.call_runtime "list_get"(%o, %i) : (!task.object, index) -> i64
  return
}

// -----

// A slot holds numbers of 64 bits, bools and objects.
func.func @slot(%o: !task.object, %f: f32) {
  // expected-error@+1 {{'task.call_runtime' op operand 1 of "list_append" must be of type 's' of (o, s)}}
  task.call_runtime "list_append"(%o, %f) : (!task.object, f32) -> ()
  return
}

// -----

func.func @double(%i: i64) {
  // expected-error@+1 {{'task.call_runtime' op operand 0 of "box_complex" must be of type 'd' of (d, d)}}
  %c = task.call_runtime "box_complex"(%i, %i) : (i64, i64) -> !task.object
  return
}

// -----

// What comes after a text has its own number.
func.func @bool(%o: !task.object) {
  // expected-error@+1 {{'task.call_runtime' op operand 0 of "check_text" must be of type 'b' of (b, t, o)}}
  task.call_runtime "check_text"(%o, %o) {text = "ValueError"} : (!task.object, !task.object) -> ()
  return
}

// -----

func.func @few(%o: !task.object) {
  // expected-error@+1 {{'task.call_runtime' op operand 1 of "list_get" must be of type 'i' of (o, i)}}
  %n = task.call_runtime "list_get"(%o) : (!task.object) -> i64
  return
}

// -----

func.func @many(%o: !task.object) {
  // expected-error@+1 {{'task.call_runtime' op "length" takes 1 operands}}
  %n = task.call_runtime "length"(%o, %o) : (!task.object, !task.object) -> i64
  return
}

// -----

func.func @no_text() {
  // expected-error@+1 {{'task.call_runtime' op needs a text}}
  %n = task.call_runtime "text"() : () -> !task.object
  return
}

// -----

func.func @text(%o: !task.object) {
  // expected-error@+1 {{'task.call_runtime' op takes no text}}
  %n = task.call_runtime "length"(%o) {text = "a"} : (!task.object) -> i64
  return
}

// -----

func.func @result(%o: !task.object) {
  // expected-error@+1 {{'task.call_runtime' op result of "length" must be of type 'i'}}
  %n = task.call_runtime "length"(%o) : (!task.object) -> f64
  return
}

// -----

func.func @no_result(%o: !task.object) {
  // expected-error@+1 {{'task.call_runtime' op result of "length" must be of type 'i'}}
  task.call_runtime "length"(%o) : (!task.object) -> ()
  return
}

// -----

func.func @result_of_nothing(%o: !task.object) {
  // expected-error@+1 {{'task.call_runtime' op result of "list_clear" must be of type 'n'}}
  %n = task.call_runtime "list_clear"(%o) : (!task.object) -> i64
  return
}
