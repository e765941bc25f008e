// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-graph-to-linalg %s | FileCheck %s

// f16 is added in f32 and rounded once, at the end.
// CHECK-LABEL: func.func @half(
// CHECK: linalg.generic {{.*}}["parallel", "reduction"]} {{.*}} outs(%{{.*}} : tensor<2xf32>)
// CHECK: arith.extf %{{.*}} : f16 to f32
// CHECK-NEXT: arith.addf %{{.*}} : f32
// CHECK: linalg.generic {{.*}}["parallel"]}
// CHECK: arith.truncf %{{.*}} : f32 to f16
func.func @half(%x: tensor<2x3xf16>) -> tensor<2xf16> {
  %s = graph.sum %x dims [1] keepdim false : tensor<2x3xf16> -> tensor<2xf16>
  return %s : tensor<2xf16>
}

// Each begins with what changes nothing; NaN wins a maximum of floats.
// CHECK-LABEL: func.func @neutral(
// CHECK: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK: linalg.fill ins(%[[ONE]] : f32)
// CHECK: arith.mulf
// CHECK: %[[MINUS:.*]] = arith.constant 0xFF800000 : f32
// CHECK: linalg.fill ins(%[[MINUS]] : f32)
// CHECK: arith.maximumf
// CHECK: %[[LEAST:.*]] = arith.constant -9223372036854775808 : i64
// CHECK: linalg.fill ins(%[[LEAST]] : i64)
// CHECK: arith.maxsi
// CHECK: %[[MOST:.*]] = arith.constant -1 : i8
// CHECK: linalg.fill ins(%[[MOST]] : i8)
// CHECK: arith.minui
// CHECK: %[[TRUE:.*]] = arith.constant true
// CHECK: linalg.fill ins(%[[TRUE]] : i1)
// CHECK: arith.andi
func.func @neutral(%x: tensor<4xf32>, %i: tensor<4xi64>, %u: tensor<4xui8>, %p: tensor<4xi1>) -> (tensor<f32>, tensor<f32>, tensor<i64>, tensor<ui8>, tensor<i1>) {
  %a = graph.prod %x dims [0] keepdim false : tensor<4xf32> -> tensor<f32>
  %b = graph.amax %x dims [0] keepdim false : tensor<4xf32> -> tensor<f32>
  %c = graph.amax %i dims [0] keepdim false : tensor<4xi64> -> tensor<i64>
  %d = graph.amin %u dims [0] keepdim false : tensor<4xui8> -> tensor<ui8>
  %e = graph.all %p dims [0] keepdim false : tensor<4xi1> -> tensor<i1>
  return %a, %b, %c, %d, %e : tensor<f32>, tensor<f32>, tensor<i64>, tensor<ui8>, tensor<i1>
}

// The first of equal elements, by a strict comparison, and the first NaN.
// CHECK-LABEL: func.func @first(
// CHECK: linalg.generic {{.*}}"reduction"
// CHECK: arith.cmpf olt, %[[BEST:.*]], %[[X:.*]] : f32
// CHECK: arith.cmpf uno, %[[X]], %[[X]]
// CHECK: arith.cmpf uno, %[[BEST]], %[[BEST]]
// CHECK: linalg.index 0
func.func @first(%x: tensor<4xf32>) -> tensor<i64> {
  %i = graph.argmax %x dim 0 keepdim false : tensor<4xf32> -> tensor<i64>
  return %i : tensor<i64>
}

// CHECK-LABEL: func.func @kept(
// CHECK: linalg.generic
// CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0, 1]] output_shape [2, 1] : tensor<2xf32> into tensor<2x1xf32>
func.func @kept(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %s = graph.sum %x dims [1] keepdim true : tensor<2x3xf32> -> tensor<2x1xf32>
  return %s : tensor<2x1xf32>
}
