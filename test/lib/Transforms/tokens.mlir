// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s --ingot-lift-tokens --ingot-verify-tokens | FileCheck %s --check-prefix=LIFTED
// RUN: ingot-opt %s --ingot-lift-tokens --ingot-unlift-tokens --ingot-verify-tokens | FileCheck %s --check-prefix=UNLIFTED
// RUN: ingot-opt %s --ingot-lift-tokens --cse --canonicalize --loop-invariant-code-motion --cse --ingot-verify-tokens | FileCheck %s --check-prefix=LIFTED

// Two keys are two chains: behind the other arguments and results, so that the
// leaves of the signature keep their numbers.
// LIFTED-LABEL: func.func @two_keys(
// LIFTED-SAME: %[[X:.*]]: tensor<2xf32>, %{{.*}}: index, %[[T:.*]]: !graph.token {graph.token = "ordered"}, %[[O:.*]]: !graph.token {graph.token = "log"}) -> (tensor<2xf32>, !graph.token, !graph.token)
// LIFTED-NOT: graph.make_token
// LIFTED: %[[A:.*]] = graph.with_effects %[[T]], "my::print"(%[[X]])
// LIFTED: %[[L:.*]] = scf.for {{.*}} iter_args(%[[K:.*]] = %[[A]]) -> (!graph.token) {
// LIFTED-NEXT: %[[N:.*]] = graph.with_effects %[[K]], "my::print"(%[[X]])
// LIFTED-NEXT: scf.yield %[[N]]
// LIFTED: %[[P:.*]] = graph.with_effects %[[O]], "my::log"()
// LIFTED-NEXT: return %[[X]], %[[L]], %[[P]]
// UNLIFTED-LABEL: func.func @two_keys(
// UNLIFTED-SAME: %[[X:.*]]: tensor<2xf32>, %{{.*}}: index) -> tensor<2xf32>
// UNLIFTED-NEXT: %[[T:.*]] = graph.make_token "ordered"
// UNLIFTED-NEXT: %[[O:.*]] = graph.make_token "log"
// UNLIFTED: graph.with_effects %[[T]], "my::print"
// UNLIFTED: %[[L:.*]] = scf.for
// UNLIFTED: %[[P:.*]] = graph.with_effects %[[O]], "my::log"()
// UNLIFTED-NEXT: graph.sink_tokens %[[L]], %[[P]]
// UNLIFTED-NEXT: return %[[X]]
func.func @two_keys(%x: tensor<2xf32>, %n: index) -> tensor<2xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = graph.make_token "ordered"
  %o = graph.make_token "log"
  %a = graph.with_effects %t, "my::print"(%x) : (tensor<2xf32>) -> ()
  %l = scf.for %i = %c0 to %n step %c1 iter_args(%k = %a) -> (!graph.token) {
    %next = graph.with_effects %k, "my::print"(%x) : (tensor<2xf32>) -> ()
    scf.yield %next : !graph.token
  }
  %o1 = graph.with_effects %o, "my::log"() : () -> ()
  graph.sink_tokens %l, %o1
  return %x : tensor<2xf32>
}

// What is called keeps its signature: its callers pass the tokens.
// LIFTED-LABEL: func.func private @callee(%{{.*}}: !graph.token) -> !graph.token
// LIFTED-LABEL: func.func @caller(
// LIFTED-SAME: %[[T:.*]]: !graph.token {graph.token = "ordered"}) -> !graph.token
// LIFTED-NEXT: %[[A:.*]] = call @callee(%[[T]])
// LIFTED-NEXT: return %[[A]]
// UNLIFTED-LABEL: func.func private @callee(%{{.*}}: !graph.token) -> !graph.token
// UNLIFTED-LABEL: func.func @caller()
// UNLIFTED-NEXT: %[[T:.*]] = graph.make_token "ordered"
// UNLIFTED-NEXT: %[[A:.*]] = call @callee(%[[T]])
// UNLIFTED-NEXT: graph.sink_tokens %[[A]]
func.func private @callee(%t: !graph.token) -> !graph.token {
  %a = graph.with_effects %t, "my::f"() : () -> ()
  return %a : !graph.token
}
func.func @caller() {
  %t = graph.make_token "ordered"
  %a = call @callee(%t) : (!graph.token) -> !graph.token
  graph.sink_tokens %a
  return
}

// A chain of a region of its own stays there.
// LIFTED-LABEL: func.func @own(
// LIFTED-SAME: %{{.*}}: i1)
// LIFTED: graph.make_token "own"
// LIFTED: graph.sink_tokens
func.func @own(%c: i1) {
  scf.if %c {
    %t = graph.make_token "own"
    %a = graph.with_effects %t, "my::f"() : () -> ()
    graph.sink_tokens %a
  }
  return
}
