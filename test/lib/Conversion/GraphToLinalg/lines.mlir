// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-graph-to-linalg --canonicalize %s | FileCheck %s

// Work along one dimension is a task for each line; the lines are independent.

// Merging takes the later element only where it must stand before: equal ones stay
// in their order.
// CHECK-LABEL: func.func @sort(
// CHECK: task.compute[%c3 grain
// CHECK: %[[A:.*]] = memref.load %[[FROM:.*]][%{{.*}}, %{{.*}}] : memref<4x3xf32>
// CHECK-NEXT: %[[B:.*]] = memref.load %[[FROM]][
// CHECK: arith.cmpf olt, %[[A]], %[[B]]
// CHECK: arith.cmpf uno, %[[A]], %[[A]]
// CHECK: arith.cmpf uno, %[[B]], %[[B]]
func.func @sort(%x: tensor<4x3xf32>) -> (tensor<4x3xf32>, tensor<4x3xi64>) {
  %v, %i = graph.sort %x dim 0 descending true : tensor<4x3xf32> -> tensor<4x3xf32>, tensor<4x3xi64>
  return %v, %i : tensor<4x3xf32>, tensor<4x3xi64>
}

// A running sum of f32 is carried in f64, and rounded where it is written.
// CHECK-LABEL: func.func @cumsum(
// CHECK: task.compute[%c4 grain
// CHECK: scf.for {{.*}} iter_args(%[[SUM:.*]] = %cst) -> (f64)
// CHECK: %[[NEXT:.*]] = arith.addf %[[SUM]], %{{.*}} : f64
// CHECK: %[[OUT:.*]] = arith.truncf %[[NEXT]] : f64 to f32
// CHECK: memref.store %[[OUT]]
// CHECK: scf.yield %[[NEXT]] : f64
func.func @cumsum(%x: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %v = graph.cumsum %x dim 1 : tensor<4x3xf32>
  return %v : tensor<4x3xf32>
}

// Pieces stand one after the other.
// CHECK-LABEL: func.func @concat(
// CHECK: %[[A:.*]] = tensor.insert_slice %arg0 into %{{.*}}[0, 0] [4, 3] [1, 1]
// CHECK-NEXT: %[[B:.*]] = tensor.insert_slice %arg1 into %[[A]][0, 3] [4, 2] [1, 1]
// CHECK-NEXT: return %[[B]]
func.func @concat(%x: tensor<4x3xf32>, %y: tensor<4x2xf32>) -> tensor<4x5xf32> {
  %v = graph.concat %x, %y dim 1 : tensor<4x3xf32>, tensor<4x2xf32> -> tensor<4x5xf32>
  return %v : tensor<4x5xf32>
}
