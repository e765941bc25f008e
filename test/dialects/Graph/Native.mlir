// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// CHECK-LABEL: func.func @native(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.special "igamma"(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) : tensor<2x3xf64>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.special "i0e"(%{{[a-z0-9_]+}}) : tensor<2x3xf64>
// CHECK-NEXT: %{{[a-z0-9_]+}}:2 = graph.native "lu"(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) [3, -1] batch 1 : tensor<4x3x3xf32>, tensor<2x3xf64> -> tensor<4x3x3xf32>, tensor<4x3xi32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.native "lu"(%{{[a-z0-9_]+}}) [] batch 0 : tensor<4x3x3xf32> -> tensor<4x3x3xf32>
// CHECK-NEXT: return
func.func @native(%x: tensor<2x3xf64>, %m: tensor<4x3x3xf32>) {
  %one = graph.special "igamma"(%x, %x) : tensor<2x3xf64>
  %two = graph.special "i0e"(%x) : tensor<2x3xf64>
  %kernel:2 = graph.native "lu"(%m, %x) [3, -1] batch 1 : tensor<4x3x3xf32>, tensor<2x3xf64> -> tensor<4x3x3xf32>, tensor<4x3xi32>
  %bare = graph.native "lu"(%m) [] batch 0 : tensor<4x3x3xf32> -> tensor<4x3x3xf32>
  return
}
