// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-simplify-dims %s | FileCheck %s

// A linear layer of a batch, flattened and back: a product of batches.
// CHECK-LABEL: func.func @linear(
// CHECK-NEXT: %[[W:.*]] = graph.expand %arg1 : tensor<4x5xf32> -> tensor<2x4x5xf32>
// CHECK-NEXT: %[[Y:.*]] = graph.matmul %arg0, %[[W]] : tensor<2x3x4xf32>, tensor<2x4x5xf32> -> tensor<2x3x5xf32>
// CHECK-NEXT: return %[[Y]]
func.func @linear(%x: tensor<2x3x4xf32>, %w: tensor<4x5xf32>) -> tensor<2x3x5xf32> {
  %f = graph.reshape %x : tensor<2x3x4xf32> -> tensor<6x4xf32>
  %y = graph.matmul %f, %w : tensor<6x4xf32>, tensor<4x5xf32> -> tensor<6x5xf32>
  %z = graph.reshape %y : tensor<6x5xf32> -> tensor<2x3x5xf32>
  return %z : tensor<2x3x5xf32>
}

// Another split of the rows is another arrangement.
// CHECK-LABEL: func.func @other_split(
// CHECK: graph.reshape
// CHECK: graph.matmul {{.*}} -> tensor<6x5xf32>
// CHECK: graph.reshape
func.func @other_split(%x: tensor<2x3x4xf32>, %w: tensor<4x5xf32>) -> tensor<3x2x5xf32> {
  %f = graph.reshape %x : tensor<2x3x4xf32> -> tensor<6x4xf32>
  %y = graph.matmul %f, %w : tensor<6x4xf32>, tensor<4x5xf32> -> tensor<6x5xf32>
  %z = graph.reshape %y : tensor<6x5xf32> -> tensor<3x2x5xf32>
  return %z : tensor<3x2x5xf32>
}

// The flat product has another reader.
// CHECK-LABEL: func.func @shared(
// CHECK: %[[Y:.*]] = graph.matmul {{.*}} -> tensor<6x5xf32>
// CHECK: graph.reshape %[[Y]]
func.func @shared(%x: tensor<2x3x4xf32>, %w: tensor<4x5xf32>) -> (tensor<2x3x5xf32>, tensor<6x5xf32>) {
  %f = graph.reshape %x : tensor<2x3x4xf32> -> tensor<6x4xf32>
  %y = graph.matmul %f, %w : tensor<6x4xf32>, tensor<4x5xf32> -> tensor<6x5xf32>
  %z = graph.reshape %y : tensor<6x5xf32> -> tensor<2x3x5xf32>
  return %z, %y : tensor<2x3x5xf32>, tensor<6x5xf32>
}

// Rows 0, 1, 2 of a table are a slice of it, from 0 or from where the positions were cut.
// CHECK-LABEL: func.func @positions(
// CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG: graph.slice %arg0[%[[C0]]] dim 0 step 1 : tensor<8x4xf32> -> tensor<3x4xf32>
// CHECK-DAG: graph.slice %arg0[%arg1] dim 0 step 1 : tensor<8x4xf32> -> tensor<2x4xf32>
// CHECK-NOT: graph.index_select
// CHECK: return
func.func @positions(%t: tensor<8x4xf32>, %i: index) -> (tensor<3x4xf32>, tensor<2x4xf32>) {
  %p = graph.iota dim 0 : tensor<3xi64>
  %a = graph.index_select %t, %p dim 0 : tensor<8x4xf32>, tensor<3xi64> -> tensor<3x4xf32>
  %c = graph.constant(dense<[0, 1, 2, 3, 4, 5]> : tensor<6xi64>) : tensor<6xi64>
  %s = graph.slice %c[%i] dim 0 step 1 : tensor<6xi64> -> tensor<2xi64>
  %b = graph.index_select %t, %s dim 0 : tensor<8x4xf32>, tensor<2xi64> -> tensor<2x4xf32>
  return %a, %b : tensor<3x4xf32>, tensor<2x4xf32>
}

// Rows in another order are chosen one by one; positions past the table must raise.
// CHECK-LABEL: func.func @chosen(
// CHECK-NOT: graph.slice
// CHECK: graph.index_select
// CHECK: graph.index_select
// CHECK-NOT: graph.slice
// CHECK: return
func.func @chosen(%t: tensor<2x4xf32>) -> (tensor<3x4xf32>, tensor<2x4xf32>) {
  %p = graph.iota dim 0 : tensor<3xi64>
  %a = graph.index_select %t, %p dim 0 : tensor<2x4xf32>, tensor<3xi64> -> tensor<3x4xf32>
  %c = graph.constant(dense<[1, 0]> : tensor<2xi64>) : tensor<2xi64>
  %b = graph.index_select %t, %c dim 0 : tensor<2x4xf32>, tensor<2xi64> -> tensor<2x4xf32>
  return %a, %b : tensor<3x4xf32>, tensor<2x4xf32>
}

// The kept dimension comes back where it is asked for, after the reduction.
// CHECK-LABEL: func.func @kept(
// CHECK-NEXT: %[[S:.*]] = graph.amax %arg0 dims [0, 2] keepdim false : tensor<2x3x4xf32> -> tensor<3xf32>
// CHECK-NEXT: %[[R:.*]] = graph.reshape %[[S]] : tensor<3xf32> -> tensor<1x3x1xf32>
// CHECK-NEXT: return %[[R]]
func.func @kept(%x: tensor<2x3x4xf32>) -> tensor<1x3x1xf32> {
  %s = graph.amax %x dims [0, 2] keepdim true : tensor<2x3x4xf32> -> tensor<1x3x1xf32>
  return %s : tensor<1x3x1xf32>
}
