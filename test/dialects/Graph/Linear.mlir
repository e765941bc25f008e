// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// CHECK-LABEL: func.func @products(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.matmul %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>, tensor<3x4xf32> -> tensor<2x4xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.matmul %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<5x2x3xbf16>, tensor<5x3x4xbf16> -> tensor<5x2x4xbf16>
// CHECK-NEXT: return
func.func @products(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>, %c: tensor<5x2x3xbf16>, %d: tensor<5x3x4xbf16>) {
  %m = graph.matmul %a, %b : tensor<2x3xf32>, tensor<3x4xf32> -> tensor<2x4xf32>
  %n = graph.matmul %c, %d : tensor<5x2x3xbf16>, tensor<5x3x4xbf16> -> tensor<5x2x4xbf16>
  return
}

// What is not known is not contradicted: the contracted size of one side only.
// CHECK-LABEL: func.func @open(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.matmul %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x?xf32>, tensor<3x4xf32> -> tensor<2x4xf32>
// CHECK-NEXT: return
func.func @open(%a: tensor<2x?xf32>, %b: tensor<3x4xf32>) {
  %m = graph.matmul %a, %b : tensor<2x?xf32>, tensor<3x4xf32> -> tensor<2x4xf32>
  return
}
