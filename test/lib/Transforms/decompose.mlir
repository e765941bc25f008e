// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-decompose %s | FileCheck %s

// A convolution of lines is one of images of height 1: strides and dilations get a
// 1 in front, paddings a 0.
// CHECK-LABEL: func.func @line(
// CHECK-DAG: %[[X:.*]] = graph.reshape %arg0 : tensor<2x4x9xf32> -> tensor<2x4x1x9xf32>
// CHECK-DAG: %[[W:.*]] = graph.reshape %arg1 : tensor<6x2x3xf32> -> tensor<6x2x1x3xf32>
// CHECK: %[[Y:.*]] = graph.convolution %[[X]], %[[W]] {dilation = array<i64: 1, 2>, groups = 2 : i64, padding = array<i64: 0, 1>, stride = array<i64: 1, 3>} : tensor<2x4x1x9xf32>, tensor<6x2x1x3xf32> -> tensor<2x6x1x3xf32>
// CHECK-NEXT: %[[R:.*]] = graph.reshape %[[Y]] : tensor<2x6x1x3xf32> -> tensor<2x6x3xf32>
// CHECK-NEXT: return %[[R]]
func.func @line(%x: tensor<2x4x9xf32>, %w: tensor<6x2x3xf32>) -> tensor<2x6x3xf32> {
  %y = graph.convolution %x, %w {dilation = array<i64: 2>, groups = 2 : i64, padding = array<i64: 1>, stride = array<i64: 3>} : tensor<2x4x9xf32>, tensor<6x2x3xf32> -> tensor<2x6x3xf32>
  return %y : tensor<2x6x3xf32>
}

// Images and volumes stay what they are.
// CHECK-LABEL: func.func @image(
// CHECK-NEXT: %[[Y:.*]] = graph.convolution %arg0, %arg1
// CHECK-NEXT: return %[[Y]]
func.func @image(%x: tensor<2x4x9x9xf32>, %w: tensor<6x4x3x3xf32>) -> tensor<2x6x7x7xf32> {
  %y = graph.convolution %x, %w {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>} : tensor<2x4x9x9xf32>, tensor<6x4x3x3xf32> -> tensor<2x6x7x7xf32>
  return %y : tensor<2x6x7x7xf32>
}

// A size without an expression cannot be put into a reshape's type.
// CHECK-LABEL: func.func @unknown_line(
// CHECK-NEXT: %[[Y:.*]] = graph.convolution %arg0, %arg1
// CHECK-NEXT: return %[[Y]]
func.func @unknown_line(%x: tensor<2x4x?xf32>, %w: tensor<6x4x1xf32>) -> tensor<2x6x?xf32> {
  %y = graph.convolution %x, %w {dilation = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x?xf32>, tensor<6x4x1xf32> -> tensor<2x6x?xf32>
  return %y : tensor<2x6x?xf32>
}

// Windows that do not overlap: a product of matrices, no convolution.
// CHECK-LABEL: func.func @transposed_apart(
// CHECK-NOT: conv
// CHECK: graph.matmul
// CHECK-NOT: conv
// CHECK: return
func.func @transposed_apart(%x: tensor<2x4x8x8xf32>, %w: tensor<4x3x2x2xf32>) -> tensor<2x3x16x16xf32> {
  %y = graph.conv_transpose %x, %w {dilation = array<i64: 1, 1>, groups = 1 : i64, output_padding = array<i64: 0, 0>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : tensor<2x4x8x8xf32>, tensor<4x3x2x2xf32> -> tensor<2x3x16x16xf32>
  return %y : tensor<2x3x16x16xf32>
}

// Windows that overlap: a convolution by the kernel turned round, of the padded input.
// CHECK-LABEL: func.func @transposed(
// CHECK-NOT: conv_transpose
// CHECK: graph.pad {{.*}} low [0, 1, 1, 0] high [0, 1, 1, 0] "constant"
// CHECK: graph.flip {{.*}} dims [2, 3]
// CHECK: graph.convolution {{.*}}channels_last{{.*}}groups = 1
// CHECK-NOT: conv_transpose
// CHECK: return
func.func @transposed(%x: tensor<2x4x8x8xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<2x3x8x8xf32> {
  %y = graph.conv_transpose %x, %w {dilation = array<i64: 1, 1>, groups = 1 : i64, output_padding = array<i64: 0, 0>, padding = array<i64: 1, 1>, stride = array<i64: 1, 1>} : tensor<2x4x8x8xf32>, tensor<4x3x3x3xf32> -> tensor<2x3x8x8xf32>
  return %y : tensor<2x3x8x8xf32>
}

// A line turned round is an image turned round.
// CHECK-LABEL: func.func @transposed_line(
// CHECK-NOT: conv_transpose
// CHECK: graph.convolution
// CHECK: graph.reshape {{.*}} -> tensor<2x3x8xf32>
// CHECK-NEXT: return
func.func @transposed_line(%x: tensor<2x4x8xf32>, %w: tensor<4x3x3xf32>) -> tensor<2x3x8xf32> {
  %y = graph.conv_transpose %x, %w {dilation = array<i64: 1>, groups = 1 : i64, output_padding = array<i64: 0>, padding = array<i64: 1>, stride = array<i64: 1>} : tensor<2x4x8xf32>, tensor<4x3x3xf32> -> tensor<2x3x8xf32>
  return %y : tensor<2x3x8xf32>
}

// Pooling to one element is a mean.
// CHECK-LABEL: func.func @mean(
// CHECK-DAG: %[[N:.*]] = graph.constant(dense<5.600000e+01> : tensor<f32>)
// CHECK-DAG: %[[S:.*]] = graph.sum %arg0 dims [2, 3] keepdim true
// CHECK-DAG: %[[E:.*]] = graph.expand %[[N]] : tensor<f32> -> tensor<2x4x1x1xf32>
// CHECK: %[[Y:.*]] = graph.div %[[S]], %[[E]]
// CHECK-NEXT: return %[[Y]]
func.func @mean(%x: tensor<2x4x7x8xf32>) -> tensor<2x4x1x1xf32> {
  %y = graph.adaptive_avg_pool %x : tensor<2x4x7x8xf32> -> tensor<2x4x1x1xf32>
  return %y : tensor<2x4x1x1xf32>
}

// The channels may be last; the count of run-time sizes is a run-time number.
// CHECK-LABEL: func.func @mean_last(
// CHECK-DAG: graph.sum %arg0 dims [1, 2] keepdim true
// CHECK-DAG: %[[D:.*]] = graph.dim %arg0, 1
// CHECK-DAG: %[[E:.*]] = graph.dim %arg0, 2
// CHECK: graph.from_scalar
// CHECK: graph.div
func.func @mean_last(%x: tensor<2x?x?x4xf32, #graph.sizes<()[s0] -> (2, s0, s0 + 1, 4)>>) -> tensor<2x1x1x4xf32> {
  %y = graph.adaptive_avg_pool %x {channels_last} : tensor<2x?x?x4xf32, #graph.sizes<()[s0] -> (2, s0, s0 + 1, 4)>> -> tensor<2x1x1x4xf32>
  return %y : tensor<2x1x1x4xf32>
}

// Windows of equal sizes are an ordinary pooling.
// CHECK-LABEL: func.func @even(
// CHECK-NEXT: %[[Y:.*]] = graph.avg_pool %arg0 {count_include_pad = true, kernel = array<i64: 2, 3>, padding = array<i64: 0, 0>, stride = array<i64: 2, 3>} : tensor<2x4x8x9xf32> -> tensor<2x4x4x3xf32>
// CHECK-NEXT: return %[[Y]]
func.func @even(%x: tensor<2x4x8x9xf32>) -> tensor<2x4x4x3xf32> {
  %y = graph.adaptive_avg_pool %x : tensor<2x4x8x9xf32> -> tensor<2x4x4x3xf32>
  return %y : tensor<2x4x4x3xf32>
}

// Windows that are not equal stay; so does f16, whose sums could overflow.
// CHECK-LABEL: func.func @uneven(
// CHECK-NEXT: graph.adaptive_avg_pool %arg0
// CHECK-NEXT: graph.adaptive_avg_pool %arg1
// CHECK-NEXT: return
func.func @uneven(%x: tensor<2x4x8x9xf32>, %h: tensor<2x4x8x8xf16>) -> (tensor<2x4x3x3xf32>, tensor<2x4x1x1xf16>) {
  %y = graph.adaptive_avg_pool %x : tensor<2x4x8x9xf32> -> tensor<2x4x3x3xf32>
  %z = graph.adaptive_avg_pool %h : tensor<2x4x8x8xf16> -> tensor<2x4x1x1xf16>
  return %y, %z : tensor<2x4x3x3xf32>, tensor<2x4x1x1xf16>
}
