// RUN: ingot-opt --ingot-graph-to-linalg --canonicalize --cse %s | FileCheck %s

// CHECK-DAG: #[[IN:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 * 2 + d4, d2 * 2 + d5, d6)>
// CHECK-DAG: #[[WEIGHT:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d3, d6, d4, d5)>
// CHECK-DAG: #[[DEEP:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d3, 0, d4, d5)>

// CHECK-LABEL: func.func @convolution
// CHECK: tensor.pad %arg0 low[0, 1, 1, 0] high[0, 1, 1, 0]
// CHECK: linalg.generic {indexing_maps = [#[[IN]], #[[WEIGHT]]
// CHECK-SAME: ingot.convolution = {dilation = array<i64: 1, 1>, groups = 1 : i64, stride = array<i64: 2, 2>}
func.func @convolution(%x: tensor<1x8x8x3xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x4x4x4xf32> {
  %y = graph.convolution %x, %w {stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, channels_last} : tensor<1x8x8x3xf32>, tensor<4x3x3x3xf32> -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: func.func @depthwise
// CHECK: linalg.generic {indexing_maps = [{{.*}}, #[[DEEP]]
func.func @depthwise(%x: tensor<1x8x8x3xf32>, %w: tensor<3x1x3x3xf32>) -> tensor<1x6x6x3xf32> {
  %y = graph.convolution %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 3 : i64, channels_last} : tensor<1x8x8x3xf32>, tensor<3x1x3x3xf32> -> tensor<1x6x6x3xf32>
  return %y : tensor<1x6x6x3xf32>
}

// NaN wins in max_pool; padding never does.
// CHECK-LABEL: func.func @max_pool
// CHECK: %[[LOW:.*]] = arith.constant 0xFF800000 : f32
// CHECK: tensor.yield %[[LOW]]
// CHECK: arith.maximumf
func.func @max_pool(%x: tensor<1x8x8x3xf32>) -> tensor<1x4x4x3xf32> {
  %y = graph.max_pool %x {kernel = array<i64: 3, 3>, stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, channels_last} : tensor<1x8x8x3xf32> -> tensor<1x4x4x3xf32>
  return %y : tensor<1x4x4x3xf32>
}
