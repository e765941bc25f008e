// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// CHECK-LABEL: func.func @chosen(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.index_select %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} dim 0 : tensor<4x3xf32>, tensor<2xi64> -> tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.gather %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} dim 0 : tensor<4x3xf32>, tensor<2x3xi64> -> tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.index %{{[a-z0-9_]+}}[%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}] dims [0, 1] position 0 : tensor<4x3xf32>, tensor<2xi64>, tensor<2xi64> -> tensor<2xf32>
// CHECK-NEXT: return
func.func @chosen(%x: tensor<4x3xf32>, %i: tensor<2xi64>, %j: tensor<2x3xi64>) {
  %select = graph.index_select %x, %i dim 0 : tensor<4x3xf32>, tensor<2xi64> -> tensor<2x3xf32>
  %gather = graph.gather %x, %j dim 0 : tensor<4x3xf32>, tensor<2x3xi64> -> tensor<2x3xf32>
  %index = graph.index %x[%i, %i] dims [0, 1] position 0 : tensor<4x3xf32>, tensor<2xi64>, tensor<2xi64> -> tensor<2xf32>
  return
}

// CHECK-LABEL: func.func @written(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.scatter %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} dim 0 "none" : tensor<4x3xf32>, tensor<2x3xi64>, tensor<2x3xf32> -> tensor<4x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.scatter %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} dim 0 "amax" : tensor<4x3xf32>, tensor<2x3xi64>, tensor<2x3xf32> -> tensor<4x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.index_put %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}[%{{[a-z0-9_]+}}] dims [0] position 0 accumulate false : tensor<4x3xf32>, tensor<2x3xf32>, tensor<2xi64> -> tensor<4x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.index_put %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}[%{{[a-z0-9_]+}}] dims [0] position 0 accumulate true : tensor<4x3xf32>, tensor<2x3xf32>, tensor<2xi64> -> tensor<4x3xf32>
// CHECK-NEXT: return
func.func @written(%x: tensor<4x3xf32>, %s: tensor<2x3xf32>, %i: tensor<2xi64>, %j: tensor<2x3xi64>) {
  %none = graph.scatter %x, %j, %s dim 0 "none" : tensor<4x3xf32>, tensor<2x3xi64>, tensor<2x3xf32> -> tensor<4x3xf32>
  %amax = graph.scatter %x, %j, %s dim 0 "amax" : tensor<4x3xf32>, tensor<2x3xi64>, tensor<2x3xf32> -> tensor<4x3xf32>
  %put = graph.index_put %x, %s[%i] dims [0] position 0 accumulate false : tensor<4x3xf32>, tensor<2x3xf32>, tensor<2xi64> -> tensor<4x3xf32>
  %add = graph.index_put %x, %s[%i] dims [0] position 0 accumulate true : tensor<4x3xf32>, tensor<2x3xf32>, tensor<2xi64> -> tensor<4x3xf32>
  return
}

// CHECK-LABEL: func.func @nonzero(
// CHECK-NEXT: %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} = graph.nonzero %{{[a-z0-9_]+}} : tensor<4x3xf32> -> tensor<12x2xi64>
// CHECK-NEXT: return %{{[a-z0-9_]+}} : index
func.func @nonzero(%x: tensor<4x3xf32>) -> index {
  %indices, %count = graph.nonzero %x : tensor<4x3xf32> -> tensor<12x2xi64>
  return %count : index
}
