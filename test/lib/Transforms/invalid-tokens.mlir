// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not ingot-opt %s --ingot-verify-tokens 2>&1 | FileCheck %s

// All that is wrong is told, each extra user in a note.

// CHECK: :[[@LINE+5]]:8: error: a token is used more than once: a token is used exactly once
// CHECK: :[[@LINE+5]]:8: note: used here
// CHECK: :[[@LINE+5]]:8: note: used here too
// CHECK: :[[@LINE+5]]:8: note: used here too
func.func @twice() {
  %t = graph.make_token "ordered"
  %a = graph.with_effects %t, "my::f"() : () -> ()
  %b = graph.with_effects %t, "my::f"() : () -> ()
  %c = graph.with_effects %t, "my::f"() : () -> ()
  graph.sink_tokens %a, %b, %c
  return
}
// CHECK: :[[@LINE+3]]:8: error: a token is lost: its chain of effects does not end in graph.sink_tokens
func.func @lost() {
  %t = graph.make_token "ordered"
  %a = graph.with_effects %t, "my::f"() : () -> ()
  return
}
// CHECK: :[[@LINE+5]]:8: error: a token is used in each iteration of a loop that it is outside of
// CHECK: :[[@LINE+5]]:3: note: the loop must carry it
func.func @loop(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = graph.make_token "ordered"
  scf.for %i = %c0 to %n step %c1 {
    %a = graph.with_effects %t, "my::f"() : () -> ()
    graph.sink_tokens %a
  }
  return
}
// CHECK: :[[@LINE+3]]:8: error: a token is lost on one side of a branch
// CHECK: :[[@LINE+3]]:3: note: each side must use it
func.func @side(%c: i1) {
  %t = graph.make_token "ordered"
  scf.if %c {
    %a = graph.with_effects %t, "my::f"() : () -> ()
    graph.sink_tokens %a
  }
  return
}
// Both sides may use it.
// CHECK-NOT: error
func.func @both(%c: i1) {
  %t = graph.make_token "ordered"
  %r = scf.if %c -> (!graph.token) {
    %a = graph.with_effects %t, "my::f"() : () -> ()
    scf.yield %a : !graph.token
  } else {
    scf.yield %t : !graph.token
  }
  graph.sink_tokens %r
  return
}
// CHECK: :[[@LINE+1]]:1: error: a token is lost
func.func @argument(%t: !graph.token) {
  return
}
