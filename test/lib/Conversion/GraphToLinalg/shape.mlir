// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-graph-to-linalg --canonicalize --cse %s | FileCheck %s

// CHECK: #[[FROM:map[0-9]*]] = affine_map<(d0, d1, d2) -> (d2, d0, d1)>

!n = tensor<?x4xf32, #graph.sizes<()[s0] -> (s0, 4)>>
!flat = tensor<?xf32, #graph.sizes<()[s0] -> (s0 * 4)>>

// CHECK-LABEL: func.func @reshape(
// CHECK-NEXT: tensor.collapse_shape %arg0 {{\[\[}}0, 1]] : tensor<?x4xf32> into tensor<?xf32>
// CHECK-NEXT: return
func.func @reshape(%x: !n, %n: index) -> !flat {
  graph.bind_symbol %n symbol 0
  %y = graph.reshape %x : !n -> !flat
  return %y : !flat
}

// Dimension i of the result is dimension permutation[i] of the input.
// CHECK-LABEL: func.func @permute(
// CHECK: linalg.generic {indexing_maps = [#[[FROM]], #{{.*}} ins(%arg0 : tensor<2x3x4xf32>) outs(%{{.*}} : tensor<3x4x2xf32>)
func.func @permute(%x: tensor<2x3x4xf32>) -> tensor<3x4x2xf32> {
  %y = graph.permute %x [1, 2, 0] : tensor<2x3x4xf32> -> tensor<3x4x2xf32>
  return %y : tensor<3x4x2xf32>
}

// A size that is not provably equal is 1 or equal, or the call ends with torch's
// error; one that is provably 1 or equal is not checked.
// CHECK-LABEL: func.func @expand(
// CHECK: graph.check %{{.*}}, "RuntimeError"
// CHECK: linalg.generic
func.func @expand(%x: tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>, %n: index) -> tensor<4xf32> {
  graph.bind_symbol %n symbol 0
  %y = graph.expand %x : tensor<?xf32, #graph.sizes<()[s0] -> (s0)>> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK-LABEL: func.func @expand_known(
// CHECK-NOT: graph.check
// CHECK: linalg.generic
// CHECK: return
func.func @expand_known(%x: tensor<1x?xf32, #graph.sizes<()[s0] -> (1, s0)>>, %n: index) -> tensor<4x?xf32, #graph.sizes<()[s0] -> (4, s0)>> {
  graph.bind_symbol %n symbol 0
  %y = graph.expand %x : tensor<1x?xf32, #graph.sizes<()[s0] -> (1, s0)>> -> tensor<4x?xf32, #graph.sizes<()[s0] -> (4, s0)>>
  return %y : tensor<4x?xf32, #graph.sizes<()[s0] -> (4, s0)>>
}

// CHECK-LABEL: func.func @slice(
// CHECK-NEXT: tensor.extract_slice %arg0[0, %arg1] [2, 2] [1, 3] : tensor<2x8xf32> to tensor<2x2xf32>
// CHECK-NEXT: return
func.func @slice(%x: tensor<2x8xf32>, %i: index) -> tensor<2x2xf32> {
  %y = graph.slice %x[%i] dim 1 step 3 : tensor<2x8xf32> -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @slice_scatter(
// CHECK: tensor.insert_slice %arg1 into %{{.*}}[0, %arg2] [2, 2] [1, 3] : tensor<2x2xf32> into tensor<2x8xf32>
func.func @slice_scatter(%x: tensor<2x8xf32>, %s: tensor<2x2xf32>, %i: index) -> tensor<2x8xf32> {
  %y = graph.slice_scatter %x, %s[%i] dim 1 step 3 : tensor<2x8xf32>, tensor<2x2xf32> -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}
