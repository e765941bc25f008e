// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// CHECK-LABEL: func.func @images(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.convolution %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} {dilation = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 1, 1>, stride = array<i64: 1, 1>} : tensor<2x4x8x8xf32>, tensor<6x2x3x3xf32> -> tensor<2x6x8x8xf32>
// CHECK-NEXT: return
func.func @images(%x: tensor<2x4x8x8xf32>, %w: tensor<6x2x3x3xf32>) {
  %y = graph.convolution %x, %w {dilation = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 1, 1>, stride = array<i64: 1, 1>} : tensor<2x4x8x8xf32>, tensor<6x2x3x3xf32> -> tensor<2x6x8x8xf32>
  return
}

// The weight stays [out, in / groups, kernel...] when the channels are last.
// CHECK-LABEL: func.func @channels_last(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.convolution %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} {channels_last, dilation = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 1, 1>, stride = array<i64: 1, 1>} : tensor<2x8x8x4xf32>, tensor<6x2x3x3xf32> -> tensor<2x8x8x6xf32>
// CHECK-NEXT: return
func.func @channels_last(%x: tensor<2x8x8x4xf32>, %w: tensor<6x2x3x3xf32>) {
  %y = graph.convolution %x, %w {channels_last, dilation = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 1, 1>, stride = array<i64: 1, 1>} : tensor<2x8x8x4xf32>, tensor<6x2x3x3xf32> -> tensor<2x8x8x6xf32>
  return
}

// CHECK-LABEL: func.func @line_and_volume(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.convolution %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} {dilation = array<i64: 2>, groups = 1 : i64, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x8xf32>, tensor<6x4x3xf32> -> tensor<2x6x4xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.convolution %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} {dilation = array<i64: 1, 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0>, stride = array<i64: 2, 2, 2>} : tensor<1x1x4x4x4xf32>, tensor<1x1x2x2x2xf32> -> tensor<1x1x2x2x2xf32>
// CHECK-NEXT: return
func.func @line_and_volume(%x: tensor<2x4x8xf32>, %w: tensor<6x4x3xf32>, %v: tensor<1x1x4x4x4xf32>, %u: tensor<1x1x2x2x2xf32>) {
  %y = graph.convolution %x, %w {dilation = array<i64: 2>, groups = 1 : i64, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x8xf32>, tensor<6x4x3xf32> -> tensor<2x6x4xf32>
  %z = graph.convolution %v, %u {dilation = array<i64: 1, 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0>, stride = array<i64: 2, 2, 2>} : tensor<1x1x4x4x4xf32>, tensor<1x1x2x2x2xf32> -> tensor<1x1x2x2x2xf32>
  return
}

// CHECK-LABEL: func.func @transposed(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.conv_transpose %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} {dilation = array<i64: 1, 1>, groups = 1 : i64, output_padding = array<i64: 0, 0>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : tensor<2x4x8x8xf32>, tensor<4x3x2x2xf32> -> tensor<2x3x16x16xf32>
// CHECK-NEXT: return
func.func @transposed(%x: tensor<2x4x8x8xf32>, %w: tensor<4x3x2x2xf32>) {
  %y = graph.conv_transpose %x, %w {dilation = array<i64: 1, 1>, groups = 1 : i64, output_padding = array<i64: 0, 0>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : tensor<2x4x8x8xf32>, tensor<4x3x2x2xf32> -> tensor<2x3x16x16xf32>
  return
}
