// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// CHECK-LABEL: func.func @reductions(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.sum %{{[a-z0-9_]+}} dims [0, 2] keepdim false : tensor<2x3x4xf32> -> tensor<3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.prod %{{[a-z0-9_]+}} dims [1] keepdim true : tensor<2x3x4xf32> -> tensor<2x1x4xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.amax %{{[a-z0-9_]+}} dims [0, 1, 2] keepdim false : tensor<2x3x4xf32> -> tensor<f32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.amin %{{[a-z0-9_]+}} dims [0, 1, 2] keepdim true : tensor<2x3x4xf32> -> tensor<1x1x1xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.any %{{[a-z0-9_]+}} dims [2] keepdim false : tensor<2x3x4xi1> -> tensor<2x3xi1>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.all %{{[a-z0-9_]+}} dims [2] keepdim true : tensor<2x3x4xi1> -> tensor<2x3x1xi1>
// CHECK-NEXT: return
func.func @reductions(%x: tensor<2x3x4xf32>, %p: tensor<2x3x4xi1>) {
  %sum = graph.sum %x dims [0, 2] keepdim false : tensor<2x3x4xf32> -> tensor<3xf32>
  %prod = graph.prod %x dims [1] keepdim true : tensor<2x3x4xf32> -> tensor<2x1x4xf32>
  %amax = graph.amax %x dims [0, 1, 2] keepdim false : tensor<2x3x4xf32> -> tensor<f32>
  %amin = graph.amin %x dims [0, 1, 2] keepdim true : tensor<2x3x4xf32> -> tensor<1x1x1xf32>
  %any = graph.any %p dims [2] keepdim false : tensor<2x3x4xi1> -> tensor<2x3xi1>
  %all = graph.all %p dims [2] keepdim true : tensor<2x3x4xi1> -> tensor<2x3x1xi1>
  return
}

// No dimension is reduced by none: not all, as in torch.
// CHECK-LABEL: func.func @none(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.sum %{{[a-z0-9_]+}} dims [] keepdim false : tensor<2x3xf32> -> tensor<2x3xf32>
// CHECK-NEXT: return
func.func @none(%x: tensor<2x3xf32>) {
  %sum = graph.sum %x dims [] keepdim false : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// CHECK-LABEL: func.func @places(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.argmax %{{[a-z0-9_]+}} dim 1 keepdim false : tensor<2x3xf32> -> tensor<2xi64>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.argmin %{{[a-z0-9_]+}} dim 0 keepdim true : tensor<2x3xf32> -> tensor<1x3xi64>
// CHECK-NEXT: return
func.func @places(%x: tensor<2x3xf32>) {
  %argmax = graph.argmax %x dim 1 keepdim false : tensor<2x3xf32> -> tensor<2xi64>
  %argmin = graph.argmin %x dim 0 keepdim true : tensor<2x3xf32> -> tensor<1x3xi64>
  return
}

// CHECK-LABEL: func.func @scans(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.cumsum %{{[a-z0-9_]+}} dim 1 : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.cumprod %{{[a-z0-9_]+}} dim 0 : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.cummax %{{[a-z0-9_]+}} dim 1 : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.cummin %{{[a-z0-9_]+}} dim 0 : tensor<2x3xf32>
// CHECK-NEXT: return
func.func @scans(%x: tensor<2x3xf32>) {
  %cumsum = graph.cumsum %x dim 1 : tensor<2x3xf32>
  %cumprod = graph.cumprod %x dim 0 : tensor<2x3xf32>
  %cummax = graph.cummax %x dim 1 : tensor<2x3xf32>
  %cummin = graph.cummin %x dim 0 : tensor<2x3xf32>
  return
}
