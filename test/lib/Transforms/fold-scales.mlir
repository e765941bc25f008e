// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-fold-scales %s | FileCheck %s

graph.weight @w : tensor<3x2xf32> (dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>)
graph.weight @scale : tensor<2xf32> (dense<[2.0, 4.0]> : tensor<2xf32>)
graph.weight @state : tensor<2xf32> (dense<[2.0, 4.0]> : tensor<2xf32>) {state}

// x W * s = x (W * s): the scale of the columns goes into the weight.
// CHECK-LABEL: func.func @scaled(
// CHECK: %[[W:.*]] = graph.get_weight @w
// CHECK: %[[V:.*]] = graph.mul %[[W]], %{{.*}} : tensor<3x2xf32>
// CHECK: %[[Y:.*]] = graph.matmul %arg0, %[[V]]
// CHECK-NOT: graph.mul
// CHECK: return %[[Y]]
func.func @scaled(%x: tensor<5x3xf32>) -> tensor<5x2xf32> {
  %w = graph.get_weight @w : tensor<3x2xf32>
  %y = graph.matmul %x, %w : tensor<5x3xf32>, tensor<3x2xf32> -> tensor<5x2xf32>
  %s = graph.get_weight @scale : tensor<2xf32>
  %e = graph.expand %s : tensor<2xf32> -> tensor<5x2xf32>
  %z = graph.mul %y, %e : tensor<5x2xf32>
  return %z : tensor<5x2xf32>
}

// (y - c) / s: a negated shift and a reciprocal scale, the scale into the weight and
// into the shift.
// CHECK-LABEL: func.func @normalized(
// CHECK: graph.matmul
// CHECK: graph.neg
// CHECK: graph.reciprocal
// CHECK-NOT: graph.sub
// CHECK-NOT: graph.div
// CHECK: %[[Z:.*]] = graph.add
// CHECK-NEXT: return %[[Z]]
func.func @normalized(%x: tensor<5x3xf32>) -> tensor<5x2xf32> {
  %w = graph.get_weight @w : tensor<3x2xf32>
  %y = graph.matmul %x, %w : tensor<5x3xf32>, tensor<3x2xf32> -> tensor<5x2xf32>
  %s = graph.get_weight @scale : tensor<2xf32>
  %e = graph.expand %s : tensor<2xf32> -> tensor<5x2xf32>
  %a = graph.sub %y, %e : tensor<5x2xf32>
  %z = graph.div %a, %e : tensor<5x2xf32>
  return %z : tensor<5x2xf32>
}

// A scale of the rows is none of the weight's columns.
// CHECK-LABEL: func.func @rows(
// CHECK: %[[Y:.*]] = graph.matmul %arg0, %{{.*}}
// CHECK: graph.mul %[[Y]],
func.func @rows(%x: tensor<2x3xf32>) -> tensor<2x2xf32> {
  %w = graph.get_weight @w : tensor<3x2xf32>
  %y = graph.matmul %x, %w : tensor<2x3xf32>, tensor<3x2xf32> -> tensor<2x2xf32>
  %s = graph.get_weight @scale : tensor<2xf32>
  %c = graph.reshape %s : tensor<2xf32> -> tensor<2x1xf32>
  %e = graph.expand %c : tensor<2x1xf32> -> tensor<2x2xf32>
  %z = graph.mul %y, %e : tensor<2x2xf32>
  return %z : tensor<2x2xf32>
}

// Somebody else reads the product without its scale.
// CHECK-LABEL: func.func @shared(
// CHECK: %[[Y:.*]] = graph.matmul %arg0, %{{.*}}
// CHECK: %[[Z:.*]] = graph.mul %[[Y]],
// CHECK: return %[[Y]], %[[Z]]
func.func @shared(%x: tensor<5x3xf32>) -> (tensor<5x2xf32>, tensor<5x2xf32>) {
  %w = graph.get_weight @w : tensor<3x2xf32>
  %y = graph.matmul %x, %w : tensor<5x3xf32>, tensor<3x2xf32> -> tensor<5x2xf32>
  %s = graph.get_weight @scale : tensor<2xf32>
  %e = graph.expand %s : tensor<2xf32> -> tensor<5x2xf32>
  %z = graph.mul %y, %e : tensor<5x2xf32>
  return %y, %z : tensor<5x2xf32>, tensor<5x2xf32>
}

// A state is no constant; nor is a weight that comes as an argument.
// CHECK-LABEL: func.func @not_constant(
// CHECK: %[[Y:.*]] = graph.matmul %arg0, %{{.*}}
// CHECK: graph.mul %[[Y]],
// CHECK: %[[V:.*]] = graph.matmul %arg0, %arg1
// CHECK: graph.mul %[[V]],
func.func @not_constant(%x: tensor<5x3xf32>, %v: tensor<3x2xf32>) -> (tensor<5x2xf32>, tensor<5x2xf32>) {
  %w = graph.get_weight @w : tensor<3x2xf32>
  %y = graph.matmul %x, %w : tensor<5x3xf32>, tensor<3x2xf32> -> tensor<5x2xf32>
  %s = graph.load_state @state : tensor<2xf32>
  %e = graph.expand %s : tensor<2xf32> -> tensor<5x2xf32>
  %z = graph.mul %y, %e : tensor<5x2xf32>
  %a = graph.matmul %x, %v : tensor<5x3xf32>, tensor<3x2xf32> -> tensor<5x2xf32>
  %t = graph.get_weight @scale : tensor<2xf32>
  %f = graph.expand %t : tensor<2xf32> -> tensor<5x2xf32>
  %b = graph.mul %a, %f : tensor<5x2xf32>
  return %z, %b : tensor<5x2xf32>, tensor<5x2xf32>
}

// Integers do not divide by multiplying with a reciprocal.
// CHECK-LABEL: func.func @integers(
// CHECK: graph.matmul
// CHECK-NOT: graph.reciprocal
// CHECK: graph.sub
func.func @integers(%x: tensor<5x3xi64>) -> tensor<5x2xi64> {
  %w = graph.constant(dense<2> : tensor<3x2xi64>) : tensor<3x2xi64>
  %y = graph.matmul %x, %w : tensor<5x3xi64>, tensor<3x2xi64> -> tensor<5x2xi64>
  %s = graph.constant(dense<3> : tensor<5x2xi64>) : tensor<5x2xi64>
  %z = graph.sub %y, %s : tensor<5x2xi64>
  return %z : tensor<5x2xi64>
}
