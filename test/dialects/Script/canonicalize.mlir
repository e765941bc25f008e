// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s --cse --canonicalize --loop-invariant-code-motion --symbol-dce | FileCheck %s

// Equal constants of one type are one; None of two types, and 1 and True, are two.
// CHECK-LABEL: func.func @constants(
// CHECK-DAG: %[[I:.*]] = script.constant(1 : i64) : i64
// CHECK-DAG: %[[B:.*]] = script.constant(true) : i1
// CHECK-DAG: %[[N:.*]] = script.constant(unit) : !script.none
// CHECK-DAG: %[[O:.*]] = script.constant(unit) : !script.optional<i64>
// CHECK-NOT: script.constant
// CHECK: return %[[I]], %[[I]], %[[B]], %[[N]], %[[O]]
func.func @constants() -> (i64, i64, i1, !script.none, !script.optional<i64>) {
  %i = script.constant(1 : i64) : i64
  %j = script.constant(1 : i64) : i64
  %b = script.constant(true) : i1
  %n = script.constant(unit) : !script.none
  %o = script.constant(unit) : !script.optional<i64>
  return %i, %j, %b, %n, %o : i64, i64, i1, !script.none, !script.optional<i64>
}

// What is only a view of a value goes when nobody reads it.
// CHECK-LABEL: func.func @dead(
// CHECK-NEXT: return
func.func @dead(%t: !script.tuple<i64, f64>, %i: i64) {
  %a = script.tuple_index %t[%i] : (!script.tuple<i64, f64>, i64) -> i64
  %b = script.tuple_slice %t {begin = 0 : i64, end = 1 : i64} : (!script.tuple<i64, f64>) -> !script.tuple<i64>
  %c = script.cast %i : i64 to !script.any
  %d = script.isinstance %c {types = [i64]} : !script.any
  %e = script.uninitialized : i64
  %f = script.awaitable_nowait %i : (i64) -> !script.await<i64>
  %w = script.weight "0" {dtype = 6 : i64, nbytes = 4 : i64, offset = 0 : i64, sizes = array<i64: 1>, storage_offset = 0 : i64, strides = array<i64: 1>} : !script.tensor
  return
}

// Every operator may read, write and raise, for all that MLIR knows: twice is
// twice, unread is not dead, nothing changes places.
// CHECK-LABEL: func.func @effects(
// CHECK-NEXT: script.aten "aten::relu"(%arg0)
// CHECK-NEXT: script.aten "aten::relu"(%arg0)
// CHECK-NEXT: script.aten "aten::add_.Tensor"(%arg0, %arg0)
// CHECK-NEXT: script.get_attr %arg1["a"]
// CHECK-NEXT: script.set_attr %arg1["a"], %arg0
// CHECK-NEXT: script.get_attr %arg1["a"]
// CHECK-NEXT: script.new
// CHECK-NEXT: script.new
// CHECK-NEXT: script.list(%arg0)
// CHECK-NEXT: script.list(%arg0)
// CHECK-NEXT: script.to_value %arg0
// CHECK-NEXT: %[[V:.*]] = script.to_value %arg0
// CHECK-NEXT: script.overwrite %[[V]], %arg0
// CHECK-NEXT: script.raise
// CHECK-NEXT: return
func.func @effects(%t: !script.tensor, %o: !script.object<"M">, %m: !script.str) {
  %a = script.aten "aten::relu"(%t) : (!script.tensor) -> !script.tensor
  %b = script.aten "aten::relu"(%t) : (!script.tensor) -> !script.tensor
  %c = script.aten "aten::add_.Tensor"(%t, %t) : (!script.tensor, !script.tensor) -> !script.tensor
  %d = script.get_attr %o["a"] : (!script.object<"M">) -> !script.tensor
  script.set_attr %o["a"], %t : !script.object<"M">, !script.tensor
  %e = script.get_attr %o["a"] : (!script.object<"M">) -> !script.tensor
  %f = script.new : !script.object<"M">
  %g = script.new : !script.object<"M">
  %h = script.list(%t) : (!script.tensor) -> !script.list<!script.tensor>
  %i = script.list(%t) : (!script.tensor) -> !script.list<!script.tensor>
  %v = script.to_value %t : tensor<2xf32>
  %w = script.to_value %t : tensor<2xf32>
  script.overwrite %w, %t : tensor<2xf32>
  script.raise %m : !script.str
  return
}

// A fork that nobody waits on runs; one and the same call twice are two tasks; two
// waits are two, the first of which may raise. The callee stays.
// CHECK-LABEL: func.func private @task(
// CHECK-LABEL: func.func @tasks(
// CHECK-NEXT: %[[F:.*]] = script.fork @task(%arg0)
// CHECK-NEXT: script.fork @task(%arg0)
// CHECK-NEXT: script.awaitable @task(%arg0)
// CHECK-NEXT: script.awaitable @task(%arg0)
// CHECK-NEXT: script.wait %[[F]]
// CHECK-NEXT: script.wait %[[F]]
// CHECK-NEXT: return
func.func private @task(%i: i64) -> i64 {
  return %i : i64
}
func.func @tasks(%i: i64) {
  %f = script.fork @task(%i) : (i64) -> !script.future<i64>
  %g = script.fork @task(%i) : (i64) -> !script.future<i64>
  %a = script.awaitable @task(%i) : (i64) -> !script.await<i64>
  %b = script.awaitable @task(%i) : (i64) -> !script.await<i64>
  %w = script.wait %f : (!script.future<i64>) -> i64
  %x = script.wait %f : (!script.future<i64>) -> i64
  return
}

// A loop and a branch without results still run.
// CHECK-LABEL: func.func @control(
// CHECK-NEXT: script.loop %arg1 while %arg0() : (i64, i1) -> () {
// CHECK-NEXT: ^bb0
// CHECK-NEXT: script.if %arg0 : (i1) -> () {
// CHECK-NEXT: script.aten "prim::Print"()
// CHECK: script.aten "aten::relu"(%arg2)
// CHECK-NEXT: script.yield %arg0 : i1
func.func @control(%c: i1, %n: i64, %t: !script.tensor) {
  script.loop %n while %c() : (i64, i1) -> () {
  ^bb0(%i: i64):
    script.if %c : (i1) -> () {
      script.aten "prim::Print"() : () -> ()
      script.yield
    } else {
      script.yield
    }
    %r = script.aten "aten::relu"(%t) : (!script.tensor) -> !script.tensor
    script.yield %c : i1
  }
  return
}
