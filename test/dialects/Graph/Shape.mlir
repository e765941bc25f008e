// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// CHECK-LABEL: func.func @arrangement(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.reshape %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<3x1x2xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.permute %{{[a-z0-9_]+}} [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.expand %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<4x2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.slice %{{[a-z0-9_]+}}[%{{[a-z0-9_]+}}] dim 1 step 2 : tensor<2x3xf32> -> tensor<2x1xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.concat %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} dim 1 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x6xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.flip %{{[a-z0-9_]+}} dims [0, 1] : tensor<2x3xf32>
// CHECK-NEXT: return
func.func @arrangement(%x: tensor<2x3xf32>, %i: index) {
  %reshape = graph.reshape %x : tensor<2x3xf32> -> tensor<3x1x2xf32>
  %permute = graph.permute %x [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
  %expand = graph.expand %x : tensor<2x3xf32> -> tensor<4x2x3xf32>
  %slice = graph.slice %x[%i] dim 1 step 2 : tensor<2x3xf32> -> tensor<2x1xf32>
  %concat = graph.concat %x, %x dim 1 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x6xf32>
  %flip = graph.flip %x dims [0, 1] : tensor<2x3xf32>
  return
}

// CHECK-LABEL: func.func @scatters(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.slice_scatter %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}[%{{[a-z0-9_]+}}] dim 1 step 1 : tensor<2x3xf32>, tensor<2x1xf32> -> tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.as_strided_scatter %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}[%{{[a-z0-9_]+}}] strides(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) : tensor<2x3xf32>, tensor<2x1xf32> -> tensor<2x3xf32>
// CHECK-NEXT: return
func.func @scatters(%x: tensor<2x3xf32>, %s: tensor<2x1xf32>, %i: index) {
  %slice = graph.slice_scatter %x, %s[%i] dim 1 step 1 : tensor<2x3xf32>, tensor<2x1xf32> -> tensor<2x3xf32>
  %strided = graph.as_strided_scatter %x, %s[%i] strides(%i, %i) : tensor<2x3xf32>, tensor<2x1xf32> -> tensor<2x3xf32>
  return
}

// CHECK-LABEL: func.func @strided(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.as_strided %{{[a-z0-9_]+}}[%{{[a-z0-9_]+}}] strides(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) : tensor<2x3xf32> -> tensor<3x2xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.as_strided %{{[a-z0-9_]+}}[%{{[a-z0-9_]+}}] strides() : tensor<2x3xf32> -> tensor<f32>
// CHECK-NEXT: return
func.func @strided(%x: tensor<2x3xf32>, %i: index, %j: index) {
  %y = graph.as_strided %x[%i] strides(%j, %i) : tensor<2x3xf32> -> tensor<3x2xf32>
  %z = graph.as_strided %x[%i] strides() : tensor<2x3xf32> -> tensor<f32>
  return
}

// Negative amounts crop.
// CHECK-LABEL: func.func @pads(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.pad %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} low [0, 1] high [0, -2] "constant" : tensor<2x3xf32>, tensor<f32> -> tensor<2x2xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.pad %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} low [1, 0] high [0, 0] "reflect" : tensor<2x3xf32>, tensor<f32> -> tensor<3x3xf32>
// CHECK-NEXT: return
func.func @pads(%x: tensor<2x3xf32>, %v: tensor<f32>) {
  %constant = graph.pad %x, %v low [0, 1] high [0, -2] "constant" : tensor<2x3xf32>, tensor<f32> -> tensor<2x2xf32>
  %reflect = graph.pad %x, %v low [1, 0] high [0, 0] "reflect" : tensor<2x3xf32>, tensor<f32> -> tensor<3x3xf32>
  return
}
