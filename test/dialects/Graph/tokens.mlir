// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s --cse --canonicalize --loop-invariant-code-motion --inline --symbol-dce --cse --canonicalize | FileCheck %s

// No generic pass loses, doubles, merges or moves an effect.

// Two chains of one key, with equal operators, stay two.
// CHECK-LABEL: func.func @chains(
// CHECK-NEXT: %[[A:.*]] = graph.make_token "ordered"
// CHECK-NEXT: %[[B:.*]] = graph.make_token "ordered"
// CHECK-NEXT: %[[A1:.*]] = graph.with_effects %[[A]], "aten::_print"(%arg0)
// CHECK-NEXT: %[[B1:.*]] = graph.with_effects %[[B]], "aten::_print"(%arg0)
// CHECK-NEXT: graph.sink_tokens %[[A1]], %[[B1]]
// CHECK-NEXT: return
func.func @chains(%x: i64) {
  %a = graph.make_token "ordered"
  %b = graph.make_token "ordered"
  %a1 = graph.with_effects %a, "aten::_print"(%x) : (i64) -> ()
  %b1 = graph.with_effects %b, "aten::_print"(%x) : (i64) -> ()
  graph.sink_tokens %a1, %b1
  return
}

// The results that nobody reads do not make the effect dead; nor is a chain
// without effects.
// CHECK-LABEL: func.func @unread(
// CHECK-NEXT: %[[T:.*]] = graph.make_token "ordered"
// CHECK-NEXT: %[[R:.*]] = graph.make_token "random"
// CHECK-NEXT: %[[T1:.*]], %{{.*}} = graph.with_effects %[[T]], "my::read"() : () -> i64
// CHECK-NEXT: %[[T2:.*]], %{{.*}} = graph.with_effects %[[T1]], "my::read"() : () -> i64
// CHECK-NEXT: graph.sink_tokens %[[T2]], %[[R]]
// CHECK-NEXT: return
func.func @unread() {
  %t = graph.make_token "ordered"
  %r = graph.make_token "random"
  %t1, %a = graph.with_effects %t, "my::read"() : () -> i64
  %t2, %b = graph.with_effects %t1, "my::read"() : () -> i64
  graph.sink_tokens %t2, %r
  return
}

// An effect runs once an iteration, whether or not it reads what the loop changes;
// what is pure leaves the loop.
// CHECK-LABEL: func.func @loop(
// CHECK: %[[T:.*]] = graph.make_token "ordered"
// CHECK-NEXT: graph.exp
// CHECK-NEXT: %[[L:.*]] = scf.for {{.*}} iter_args(%[[I:.*]] = %[[T]]) -> (!graph.token) {
// CHECK-NEXT: %[[U:.*]] = graph.make_token "own"
// CHECK-NEXT: %[[U1:.*]] = graph.with_effects %[[U]], "my::other"()
// CHECK-NEXT: graph.sink_tokens %[[U1]]
// CHECK-NEXT: %[[N:.*]] = graph.with_effects %[[I]], "aten::_print"(
// CHECK-NEXT: scf.yield %[[N]]
// CHECK: graph.sink_tokens %[[L]]
func.func @loop(%x: tensor<2xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = graph.make_token "ordered"
  %l = scf.for %i = %c0 to %n step %c1 iter_args(%k = %t) -> (!graph.token) {
    %u = graph.make_token "own"
    %u1 = graph.with_effects %u, "my::other"() : () -> ()
    graph.sink_tokens %u1
    %e = graph.exp %x : tensor<2xf32>
    %next = graph.with_effects %k, "aten::_print"(%e) : (tensor<2xf32>) -> ()
    scf.yield %next : !graph.token
  }
  graph.sink_tokens %l
  return
}

// CHECK-LABEL: func.func @branch(
// CHECK: %[[T:.*]] = graph.make_token
// CHECK-NEXT: %[[R:.*]] = scf.if %arg0 -> (!graph.token) {
// CHECK-NEXT: %[[A:.*]] = graph.with_effects %[[T]], "aten::_print"(%arg1)
// CHECK-NEXT: scf.yield %[[A]]
// CHECK-NEXT: } else {
// CHECK-NEXT: scf.yield %[[T]]
// CHECK-NEXT: }
// CHECK-NEXT: graph.sink_tokens %[[R]]
func.func @branch(%c: i1, %x: i64) {
  %t = graph.make_token "ordered"
  %r = scf.if %c -> (!graph.token) {
    %a = graph.with_effects %t, "aten::_print"(%x) : (i64) -> ()
    scf.yield %a : !graph.token
  } else {
    scf.yield %t : !graph.token
  }
  graph.sink_tokens %r
  return
}

// Calls of what has effects stay, each in its place, and so does the callee.
// CHECK-LABEL: func.func private @callee(
// CHECK-NEXT: graph.with_effects %arg0, "my::callee"(%arg1)
// CHECK-LABEL: func.func @calls(
// CHECK-NEXT: %[[T:.*]] = graph.make_token "ordered"
// CHECK-NEXT: %[[A:.*]] = call @callee(%[[T]], %arg0)
// CHECK-NEXT: %[[B:.*]] = graph.with_effects %[[A]], "my::between"(
// CHECK-NEXT: %[[C:.*]] = call @callee(%[[B]], %arg0)
// CHECK-NEXT: graph.sink_tokens %[[C]]
// CHECK-NEXT: return
func.func private @callee(%t: !graph.token, %x: i64) -> !graph.token {
  %n = graph.with_effects %t, "my::callee"(%x) : (i64) -> ()
  return %n : !graph.token
}
func.func @calls(%x: i64) {
  %t = graph.make_token "ordered"
  %a = call @callee(%t, %x) : (!graph.token, i64) -> !graph.token
  %b = graph.with_effects %a, "my::between"() : () -> ()
  %c = call @callee(%b, %x) : (!graph.token, i64) -> !graph.token
  graph.sink_tokens %c
  return
}
