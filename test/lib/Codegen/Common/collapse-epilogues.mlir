// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-collapse-epilogues %s | FileCheck %s

#a = affine_map<(d0, d1, d2) -> (d0, d2)>
#b = affine_map<(d0, d1, d2) -> (d2, d1)>
#c = affine_map<(d0, d1, d2) -> (d0, d1)>
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#bias = affine_map<(d0, d1, d2) -> (d2)>

// The bias is added to the flat product; the expansion comes after it.
// CHECK-LABEL: func.func @linear(
// CHECK: %[[P:.*]] = linalg.generic {{.*}}"reduction"{{.*}} ins(%arg0, %arg1
// CHECK: %[[S:.*]] = linalg.generic {{.*}}["parallel", "parallel"]} ins(%[[P]], %arg2 : tensor<6x5xf32>, tensor<5xf32>)
// CHECK: arith.addf
// CHECK: %[[E:.*]] = tensor.expand_shape %[[S]] {{\[\[}}0, 1], [2]] output_shape [2, 3, 5] : tensor<6x5xf32> into tensor<2x3x5xf32>
// CHECK-NEXT: return %[[E]]
func.func @linear(%x: tensor<6x4xf32>, %w: tensor<4x5xf32>, %bias: tensor<5xf32>, %z: tensor<6x5xf32>, %o: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  %p = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<6x4xf32>, tensor<4x5xf32>) outs(%z : tensor<6x5xf32>) attrs = {ingot.contraction} {
  ^bb0(%l: f32, %r: f32, %acc: f32):
    %m = arith.mulf %l, %r : f32
    %s = arith.addf %acc, %m : f32
    linalg.yield %s : f32
  } -> tensor<6x5xf32>
  %e = tensor.expand_shape %p [[0, 1], [2]] output_shape [2, 3, 5] : tensor<6x5xf32> into tensor<2x3x5xf32>
  %s = linalg.generic {indexing_maps = [#id, #bias, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%e, %bias : tensor<2x3x5xf32>, tensor<5xf32>) outs(%o : tensor<2x3x5xf32>) {
  ^bb0(%l: f32, %r: f32, %out: f32):
    %t = arith.addf %l, %r : f32
    linalg.yield %t : f32
  } -> tensor<2x3x5xf32>
  return %s : tensor<2x3x5xf32>
}

// What is no product has no epilogue: the reshape stays where it was.
// CHECK-LABEL: func.func @no_product(
// CHECK: linalg.generic
// CHECK: %[[E:.*]] = tensor.expand_shape
// CHECK: %[[S:.*]] = linalg.generic {{.*}} ins(%[[E]], %arg2 : tensor<2x3x5xf32>, tensor<5xf32>)
// CHECK: return %[[S]]
func.func @no_product(%x: tensor<6x4xf32>, %w: tensor<4x5xf32>, %bias: tensor<5xf32>, %z: tensor<6x5xf32>, %o: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  %p = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<6x4xf32>, tensor<4x5xf32>) outs(%z : tensor<6x5xf32>) {
  ^bb0(%l: f32, %r: f32, %acc: f32):
    %m = arith.mulf %l, %r : f32
    %s = arith.addf %acc, %m : f32
    linalg.yield %s : f32
  } -> tensor<6x5xf32>
  %e = tensor.expand_shape %p [[0, 1], [2]] output_shape [2, 3, 5] : tensor<6x5xf32> into tensor<2x3x5xf32>
  %s = linalg.generic {indexing_maps = [#id, #bias, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%e, %bias : tensor<2x3x5xf32>, tensor<5xf32>) outs(%o : tensor<2x3x5xf32>) {
  ^bb0(%l: f32, %r: f32, %out: f32):
    %t = arith.addf %l, %r : f32
    linalg.yield %t : f32
  } -> tensor<2x3x5xf32>
  return %s : tensor<2x3x5xf32>
}

// The expanded product has another reader, and would be there twice.
// CHECK-LABEL: func.func @shared(
// CHECK: %[[E:.*]] = tensor.expand_shape
// CHECK: %[[S:.*]] = linalg.generic {{.*}} ins(%[[E]], %arg2 : tensor<2x3x5xf32>, tensor<5xf32>)
// CHECK: return %[[E]], %[[S]]
func.func @shared(%x: tensor<6x4xf32>, %w: tensor<4x5xf32>, %bias: tensor<5xf32>, %z: tensor<6x5xf32>, %o: tensor<2x3x5xf32>) -> (tensor<2x3x5xf32>, tensor<2x3x5xf32>) {
  %p = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<6x4xf32>, tensor<4x5xf32>) outs(%z : tensor<6x5xf32>) attrs = {ingot.contraction} {
  ^bb0(%l: f32, %r: f32, %acc: f32):
    %m = arith.mulf %l, %r : f32
    %s = arith.addf %acc, %m : f32
    linalg.yield %s : f32
  } -> tensor<6x5xf32>
  %e = tensor.expand_shape %p [[0, 1], [2]] output_shape [2, 3, 5] : tensor<6x5xf32> into tensor<2x3x5xf32>
  %s = linalg.generic {indexing_maps = [#id, #bias, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%e, %bias : tensor<2x3x5xf32>, tensor<5xf32>) outs(%o : tensor<2x3x5xf32>) {
  ^bb0(%l: f32, %r: f32, %out: f32):
    %t = arith.addf %l, %r : f32
    linalg.yield %t : f32
  } -> tensor<2x3x5xf32>
  return %e, %s : tensor<2x3x5xf32>, tensor<2x3x5xf32>
}
