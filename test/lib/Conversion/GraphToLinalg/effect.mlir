// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-graph-to-linalg %s | FileCheck %s --implicit-check-not=graph.token
// RUN: ingot-opt --ingot-decompose-pipeline %s | FileCheck %s --check-prefix=CHAIN

// Effects stand in the order of their chain, each as often as it was written; the
// tokens that gave the order are gone from branches and loops, other carried values
// are not.
// CHECK-LABEL: func.func @order(
// CHECK: task.print "first"
// CHECK-NEXT: graph.check %arg1, "RuntimeError" "between"()
// CHECK-NEXT: scf.if %arg1 {
// CHECK-NEXT: task.print "then"
// CHECK-NEXT: } else {
// CHECK-NEXT: }
// CHECK-NEXT: %[[L:.*]] = scf.for {{.*}} iter_args(%[[V:.*]] = %arg0) -> (tensor<4xf32>) {
// CHECK-NEXT: task.print "loop"
// CHECK: math.exp
// CHECK: scf.yield %{{.*}} : tensor<4xf32>
// CHECK: task.print "first"
// CHECK-NEXT: return %[[L]]

// The passes on graph leave the chains as they are.
// CHAIN-LABEL: func.func @order(
// CHAIN: %[[T:.*]] = graph.make_token "ordered"
// CHAIN-NEXT: %[[R:.*]] = graph.make_token "random"
// CHAIN-NEXT: %[[A:.*]] = graph.with_effects %[[T]], "prim::Print"() {text = "first"}
// CHAIN-NEXT: graph.check
// CHAIN-NEXT: %[[B:.*]] = scf.if
// CHAIN-NEXT: %[[I:.*]] = graph.with_effects %[[A]], "prim::Print"() {text = "then"}
// CHAIN-NEXT: scf.yield %[[I]]
// CHAIN-NEXT: } else {
// CHAIN-NEXT: scf.yield %[[A]]
// CHAIN-NEXT: }
// CHAIN-NEXT: %[[L:.*]]:2 = scf.for {{.*}} iter_args(%[[U:.*]] = %[[B]], %{{.*}} = %arg0)
// CHAIN-NEXT: %[[J:.*]] = graph.with_effects %[[U]], "prim::Print"() {text = "loop"}
// CHAIN: scf.yield %[[J]],
// CHAIN-NEXT: }
// CHAIN-NEXT: %[[Z:.*]] = graph.with_effects %[[L]]#0, "prim::Print"() {text = "first"}
// CHAIN-NEXT: graph.sink_tokens %[[Z]], %[[R]]
func.func @order(%x: tensor<4xf32>, %c: i1, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = graph.make_token "ordered"
  %r = graph.make_token "random"
  %a = graph.with_effects %t, "prim::Print"() {text = "first"} : () -> ()
  graph.check %c, "RuntimeError" "between"()
  %b = scf.if %c -> (!graph.token) {
    %i = graph.with_effects %a, "prim::Print"() {text = "then"} : () -> ()
    scf.yield %i : !graph.token
  } else {
    scf.yield %a : !graph.token
  }
  %l:2 = scf.for %k = %c0 to %n step %c1 iter_args(%u = %b, %v = %x) -> (!graph.token, tensor<4xf32>) {
    %i = graph.with_effects %u, "prim::Print"() {text = "loop"} : () -> ()
    %e = graph.exp %v : tensor<4xf32>
    scf.yield %i, %e : !graph.token, tensor<4xf32>
  }
  %z = graph.with_effects %l#0, "prim::Print"() {text = "first"} : () -> ()
  graph.sink_tokens %z, %r
  return %l#1 : tensor<4xf32>
}
