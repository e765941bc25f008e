// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-assign-layout %s | FileCheck %s

// Two convolutions and what stands between them: one permute before, one behind.
// CHECK-LABEL: func.func @network(
// CHECK-NEXT: %[[X:.*]] = graph.permute %arg0 [0, 2, 3, 1] : tensor<1x2x5x6xf32> -> tensor<1x5x6x2xf32>
// CHECK-NEXT: %[[A:.*]] = graph.convolution %[[X]], %arg1 {channels_last, {{.*}} -> tensor<1x5x6x3xf32>
// CHECK-NEXT: %[[B:.*]] = graph.relu %[[A]] : tensor<1x5x6x3xf32>
// CHECK-NEXT: %[[C:.*]] = graph.max_pool %[[B]] {channels_last, {{.*}} -> tensor<1x5x6x3xf32>
// CHECK-NEXT: %[[D:.*]] = graph.convolution %[[C]], %arg2 {channels_last, {{.*}} -> tensor<1x5x6x4xf32>
// CHECK-NEXT: %[[Y:.*]] = graph.permute %[[D]] [0, 3, 1, 2] : tensor<1x5x6x4xf32> -> tensor<1x4x5x6xf32>
// CHECK-NEXT: return %[[Y]]
func.func @network(%x: tensor<1x2x5x6xf32>, %w: tensor<3x2x1x1xf32>, %v: tensor<4x3x1x1xf32>) -> tensor<1x4x5x6xf32> {
  %a = graph.convolution %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : tensor<1x2x5x6xf32>, tensor<3x2x1x1xf32> -> tensor<1x3x5x6xf32>
  %b = graph.relu %a : tensor<1x3x5x6xf32>
  %c = graph.max_pool %b {kernel = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : tensor<1x3x5x6xf32> -> tensor<1x3x5x6xf32>
  %d = graph.convolution %c, %v {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : tensor<1x3x5x6xf32>, tensor<4x3x1x1xf32> -> tensor<1x4x5x6xf32>
  return %d : tensor<1x4x5x6xf32>
}

// Dimensions that an operator names are named anew: 1 (channels) is 3, 2 is 1, 3 is 2.
// CHECK-LABEL: func.func @dimensions(
// CHECK-DAG: graph.concat %arg0, %arg0 dim 3 : {{.*}} -> tensor<1x5x6x4xf32>
// CHECK-DAG: graph.pad %arg0, %arg1 low [0, 3, 4, 2] high [0, 7, 8, 6] "constant" : {{.*}} -> tensor<1x15x18x10xf32>
// CHECK-DAG: graph.slice %arg0[%arg2] dim 1 step 2 : {{.*}} -> tensor<1x2x6x2xf32>
// CHECK-DAG: graph.sum %arg0 dims [1, 3] keepdim true : {{.*}} -> tensor<1x1x6x1xf32>
// CHECK: return
!last = tensor<1x5x6x2xf32>
!first = tensor<1x2x5x6xf32>
func.func @dimensions(%x: !last, %v: tensor<f32>, %i: index) -> (tensor<1x4x5x6xf32>, tensor<1x10x15x18xf32>, tensor<1x2x2x6xf32>, tensor<1x1x1x6xf32>) {
  %f = graph.permute %x [0, 3, 1, 2] : !last -> !first
  %a = graph.concat %f, %f dim 1 : !first, !first -> tensor<1x4x5x6xf32>
  %b = graph.pad %f, %v low [0, 2, 3, 4] high [0, 6, 7, 8] "constant" : !first, tensor<f32> -> tensor<1x10x15x18xf32>
  %c = graph.slice %f[%i] dim 2 step 2 : !first -> tensor<1x2x2x6xf32>
  %d = graph.sum %f dims [1, 2] keepdim true : !first -> tensor<1x1x1x6xf32>
  return %a, %b, %c, %d : tensor<1x4x5x6xf32>, tensor<1x10x15x18xf32>, tensor<1x2x2x6xf32>, tensor<1x1x1x6xf32>
}

// What is left of a reduction keeps its order: of [N, C] the channels were last.
// CHECK-LABEL: func.func @reduced(
// CHECK-NEXT: %[[S:.*]] = graph.amax %arg0 dims [1, 2] keepdim false : tensor<3x5x6x2xf32> -> tensor<3x2xf32>
// CHECK-NEXT: return %[[S]]
func.func @reduced(%x: tensor<3x5x6x2xf32>) -> tensor<3x2xf32> {
  %f = graph.permute %x [0, 3, 1, 2] : tensor<3x5x6x2xf32> -> tensor<3x2x5x6xf32>
  %s = graph.amax %f dims [2, 3] keepdim false : tensor<3x2x5x6xf32> -> tensor<3x2xf32>
  return %s : tensor<3x2xf32>
}

// Of [C, H] the channels come first again: here a permute is left.
// CHECK-LABEL: func.func @reduced_order(
// CHECK-NEXT: %[[S:.*]] = graph.amin %arg0 dims [0, 2] keepdim false : tensor<3x5x6x2xf32> -> tensor<5x2xf32>
// CHECK-NEXT: %[[R:.*]] = graph.permute %[[S]] [1, 0] : tensor<5x2xf32> -> tensor<2x5xf32>
// CHECK-NEXT: return %[[R]]
func.func @reduced_order(%x: tensor<3x5x6x2xf32>) -> tensor<2x5xf32> {
  %f = graph.permute %x [0, 3, 1, 2] : tensor<3x5x6x2xf32> -> tensor<3x2x5x6xf32>
  %s = graph.amin %f dims [0, 3] keepdim false : tensor<3x2x5x6xf32> -> tensor<2x5xf32>
  return %s : tensor<2x5xf32>
}

// Height and width merge before the permute; channels and height are no neighbours
// there, so that this reshape stays behind it.
// CHECK-LABEL: func.func @flat(
// CHECK-DAG: %[[R:.*]] = graph.reshape %arg0 : tensor<3x5x6x2xf32> -> tensor<3x30x2xf32>
// CHECK-DAG: graph.permute %[[R]] [0, 2, 1] : tensor<3x30x2xf32> -> tensor<3x2x30xf32>
// CHECK-DAG: %[[F:.*]] = graph.permute %arg0 [0, 3, 1, 2]
// CHECK-DAG: graph.reshape %[[F]] : tensor<3x2x5x6xf32> -> tensor<3x10x6xf32>
// CHECK: return
func.func @flat(%x: tensor<3x5x6x2xf32>) -> (tensor<3x2x30xf32>, tensor<3x10x6xf32>) {
  %f = graph.permute %x [0, 3, 1, 2] : tensor<3x5x6x2xf32> -> tensor<3x2x5x6xf32>
  %r = graph.reshape %f : tensor<3x2x5x6xf32> -> tensor<3x2x30xf32>
  %s = graph.reshape %f : tensor<3x2x5x6xf32> -> tensor<3x10x6xf32>
  return %r, %s : tensor<3x2x30xf32>, tensor<3x10x6xf32>
}

// A permute that moves only 1s is a reshape; one that moves more is none.
// CHECK-LABEL: func.func @units(
// CHECK-DAG: graph.reshape %arg0 : tensor<3x1x4xf32> -> tensor<1x3x4xf32>
// CHECK-DAG: graph.permute %arg0 [2, 1, 0]
// CHECK: return
func.func @units(%x: tensor<3x1x4xf32>) -> (tensor<1x3x4xf32>, tensor<4x1x3xf32>) {
  %a = graph.permute %x [1, 0, 2] : tensor<3x1x4xf32> -> tensor<1x3x4xf32>
  %b = graph.permute %x [2, 1, 0] : tensor<3x1x4xf32> -> tensor<4x1x3xf32>
  return %a, %b : tensor<1x3x4xf32>, tensor<4x1x3xf32>
}

// Two tensors would have to move to save one permute: nothing changes.
// CHECK-LABEL: func.func @not_worth_it(
// CHECK-NEXT: %[[F:.*]] = graph.permute %arg0 [0, 3, 1, 2]
// CHECK-NEXT: graph.where %arg1, %[[F]], %arg2
// CHECK-NEXT: return
func.func @not_worth_it(%x: tensor<3x5x6x2xf32>, %c: tensor<3x2x5x6xi1>, %y: tensor<3x2x5x6xf32>) -> tensor<3x2x5x6xf32> {
  %f = graph.permute %x [0, 3, 1, 2] : tensor<3x5x6x2xf32> -> tensor<3x2x5x6xf32>
  %z = graph.where %c, %f, %y : tensor<3x2x5x6xi1>, tensor<3x2x5x6xf32>
  return %z : tensor<3x2x5x6xf32>
}

// Lines, volumes and sizes without expressions are left alone.
// CHECK-LABEL: func.func @others(
// CHECK-NOT: channels_last
// CHECK-NOT: graph.permute
// CHECK: return
func.func @others(%x: tensor<1x2x4x4x4xf32>, %w: tensor<3x2x1x1x1xf32>, %y: tensor<1x2x?x4xf32>) -> (tensor<1x3x4x4x4xf32>, tensor<1x2x?x4xf32>) {
  %a = graph.convolution %x, %w {stride = array<i64: 1, 1, 1>, padding = array<i64: 0, 0, 0>, dilation = array<i64: 1, 1, 1>, groups = 1 : i64} : tensor<1x2x4x4x4xf32>, tensor<3x2x1x1x1xf32> -> tensor<1x3x4x4x4xf32>
  %b = graph.max_pool %y {kernel = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : tensor<1x2x?x4xf32> -> tensor<1x2x?x4xf32>
  return %a, %b : tensor<1x3x4x4x4xf32>, tensor<1x2x?x4xf32>
}
