// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s --canonicalize | FileCheck %s

!n = tensor<?x4xf32, #graph.sizes<()[s0] -> (s0, 4)>>
!flat = tensor<?xf32, #graph.sizes<()[s0] -> (s0 * 4)>>

// CHECK-LABEL: func.func @reshape_same(
// CHECK-NEXT: return %arg0
func.func @reshape_same(%x: !n) -> !n {
  %y = graph.reshape %x : !n -> !n
  return %y : !n
}

// CHECK-LABEL: func.func @reshape_and_back(
// CHECK-NEXT: return %arg0
func.func @reshape_and_back(%x: !n) -> !n {
  %y = graph.reshape %x : !n -> !flat
  %z = graph.reshape %y : !flat -> !n
  return %z : !n
}

// CHECK-LABEL: func.func @reshape_twice(
// CHECK-NEXT: %[[Y:.*]] = graph.reshape %arg0 : tensor<2x6xf32> -> tensor<4x3xf32>
// CHECK-NEXT: return %[[Y]]
func.func @reshape_twice(%x: tensor<2x6xf32>) -> tensor<4x3xf32> {
  %y = graph.reshape %x : tensor<2x6xf32> -> tensor<12xf32>
  %z = graph.reshape %y : tensor<12xf32> -> tensor<4x3xf32>
  return %z : tensor<4x3xf32>
}

// The value between is still somebody's.
// CHECK-LABEL: func.func @reshape_shared(
// CHECK-DAG: %[[Y:.*]] = graph.reshape %arg0 : tensor<2x6xf32> -> tensor<12xf32>
// CHECK-DAG: %[[Z:.*]] = graph.reshape %arg0 : tensor<2x6xf32> -> tensor<4x3xf32>
// CHECK: return %[[Y]], %[[Z]]
func.func @reshape_shared(%x: tensor<2x6xf32>) -> (tensor<12xf32>, tensor<4x3xf32>) {
  %y = graph.reshape %x : tensor<2x6xf32> -> tensor<12xf32>
  %z = graph.reshape %y : tensor<12xf32> -> tensor<4x3xf32>
  return %y, %z : tensor<12xf32>, tensor<4x3xf32>
}

// CHECK-LABEL: func.func @permute_identity(
// CHECK-NEXT: return %arg0
func.func @permute_identity(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.permute %x [0, 1] : tensor<2x3xf32> -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @permute_and_back(
// CHECK-NEXT: return %arg0
func.func @permute_and_back(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %y = graph.permute %x [1, 2, 0] : tensor<2x3x4xf32> -> tensor<3x4x2xf32>
  %z = graph.permute %y [2, 0, 1] : tensor<3x4x2xf32> -> tensor<2x3x4xf32>
  return %z : tensor<2x3x4xf32>
}

// result[i] is input[p1[p2[i]]]: of [1, 2, 0] and [0, 2, 1], in that order.
// CHECK-LABEL: func.func @permute_twice(
// CHECK-NEXT: %[[Y:.*]] = graph.permute %arg0 [1, 0, 2] : tensor<2x3x4xf32> -> tensor<3x2x4xf32>
// CHECK-NEXT: return %[[Y]]
func.func @permute_twice(%x: tensor<2x3x4xf32>) -> tensor<3x2x4xf32> {
  %y = graph.permute %x [1, 2, 0] : tensor<2x3x4xf32> -> tensor<3x4x2xf32>
  %z = graph.permute %y [0, 2, 1] : tensor<3x4x2xf32> -> tensor<3x2x4xf32>
  return %z : tensor<3x2x4xf32>
}

// A permute with equal sizes moves elements all the same.
// CHECK-LABEL: func.func @permute_square(
// CHECK-NEXT: graph.permute %arg0 [1, 0]
func.func @permute_square(%x: tensor<3x3xf32>) -> tensor<3x3xf32> {
  %y = graph.permute %x [1, 0] : tensor<3x3xf32> -> tensor<3x3xf32>
  return %y : tensor<3x3xf32>
}

// CHECK-LABEL: func.func @expand_same(
// CHECK-NEXT: return %arg0
func.func @expand_same(%x: !n) -> !n {
  %y = graph.expand %x : !n -> !n
  return %y : !n
}

// Of sizes without an expression one side may be 1 at run time.
// CHECK-LABEL: func.func @expand_unknown(
// CHECK-NEXT: graph.expand %arg0
func.func @expand_unknown(%x: tensor<?xf32>) -> tensor<?xf32> {
  %y = graph.expand %x : tensor<?xf32> -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// CHECK-LABEL: func.func @expand_one(
// CHECK-NEXT: graph.expand %arg0
func.func @expand_one(%x: tensor<1xf32>) -> tensor<3xf32> {
  %y = graph.expand %x : tensor<1xf32> -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// Equal constants are one; constants of other types are not.
// CHECK-LABEL: func.func @constants(
// CHECK-DAG: %[[A:.*]] = graph.constant(dense<1> : tensor<i64>) : tensor<i64>
// CHECK-DAG: %[[C:.*]] = graph.constant(dense<1> : tensor<i32>) : tensor<i32>
// CHECK-NOT: graph.constant
// CHECK: return %[[A]], %[[A]], %[[C]]
func.func @constants() -> (tensor<i64>, tensor<i64>, tensor<i32>) {
  %a = graph.constant(dense<1> : tensor<i64>) : tensor<i64>
  %b = graph.constant(dense<1> : tensor<i64>) : tensor<i64>
  %c = graph.constant(dense<1> : tensor<i32>) : tensor<i32>
  return %a, %b, %c : tensor<i64>, tensor<i64>, tensor<i32>
}

// What nobody reads goes if it is pure; checks, states and inputs written stay.
// CHECK-LABEL: func.func @dead(
// CHECK-NOT: graph.exp
// CHECK-NOT: graph.load_state
// CHECK: graph.bind_symbol
// CHECK-NEXT: graph.check
// CHECK-NEXT: graph.store_state
// CHECK-NEXT: graph.write_back
// CHECK-NEXT: return
graph.weight @s : tensor<2xf32> (dense<0.0> : tensor<2xf32>) {state}
func.func @dead(%x: tensor<2xf32>, %c: i1, %n: index) {
  %e = graph.exp %x : tensor<2xf32>
  %s = graph.load_state @s : tensor<2xf32>
  graph.bind_symbol %n symbol 0
  graph.check %c, "RuntimeError" "no"()
  graph.store_state %x, @s : tensor<2xf32>
  graph.write_back %x, %x : tensor<2xf32>, tensor<2xf32>
  return
}
