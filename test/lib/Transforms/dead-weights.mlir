// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-remove-dead-weights %s | FileCheck %s

// What a method reads stays, also in a region; a state is a caller's to read and
// write by name, though no method does.
// CHECK-NOT: @unread
// CHECK: graph.weight @read
// CHECK: graph.weight @inside
// CHECK: graph.weight @state
// CHECK-NOT: graph.weight
graph.weight @unread : tensor<2xf32> (dense<1.0> : tensor<2xf32>) {parameter}
graph.weight @read : tensor<2xf32> (dense<1.0> : tensor<2xf32>)
graph.weight @inside : tensor<2xf32> (dense<1.0> : tensor<2xf32>)
graph.weight @state : tensor<2xf32> (dense<1.0> : tensor<2xf32>) {state}
graph.weight @unread_too : tensor<2xf32> (dense<1.0> : tensor<2xf32>)

func.func @f(%c: i1) -> tensor<2xf32> {
  %w = graph.get_weight @read : tensor<2xf32>
  %r = scf.if %c -> tensor<2xf32> {
    %i = graph.get_weight @inside : tensor<2xf32>
    scf.yield %i : tensor<2xf32>
  } else {
    scf.yield %w : tensor<2xf32>
  }
  return %r : tensor<2xf32>
}
