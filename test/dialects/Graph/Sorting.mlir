// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// CHECK-LABEL: func.func @sorted(
// CHECK-NEXT: %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} = graph.sort %{{[a-z0-9_]+}} dim 1 descending false : tensor<4x3xf32> -> tensor<4x3xf32>, tensor<4x3xi64>
// CHECK-NEXT: %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} = graph.sort %{{[a-z0-9_]+}} dim 0 descending true : tensor<4x3xf32> -> tensor<4x3xf32>, tensor<4x3xi64>
// CHECK-NEXT: return
func.func @sorted(%x: tensor<4x3xf32>) {
  %values, %indices = graph.sort %x dim 1 descending false : tensor<4x3xf32> -> tensor<4x3xf32>, tensor<4x3xi64>
  %down, %places = graph.sort %x dim 0 descending true : tensor<4x3xf32> -> tensor<4x3xf32>, tensor<4x3xi64>
  return
}
