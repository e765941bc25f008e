// RUN: ingot-opt --ingot-graph-to-linalg --canonicalize --cse %s | FileCheck %s

// The transposed weight is read through the map, straight from the weight.
// CHECK-DAG: #[[A:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[B:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (d1)>
graph.weight @w : tensor<16x8xf32> (dense<1.0> : tensor<16x8xf32>)
graph.weight @b : tensor<16xf32> (dense<1.0> : tensor<16xf32>)

// CHECK-LABEL: func.func @linear(%arg0: tensor<?x8xf32>) -> tensor<?x16xf32>
// CHECK: %[[N:.*]] = tensor.dim %arg0, %c0
// CHECK: %[[W:.*]] = graph.get_weight @w : tensor<16x8xf32>
// CHECK: linalg.generic {indexing_maps = [#[[A]], #[[B]], {{.*}}ins(%arg0, %[[W]]
// CHECK-SAME: ingot.contraction
// CHECK: linalg.generic {{.*}}#[[ROW]]
// CHECK: arith.addf
func.func @linear(%x: tensor<?x8xf32, #graph.sizes<()[s0] -> (s0, 8)>>) -> tensor<?x16xf32, #graph.sizes<()[s0] -> (s0, 16)>> {
  %n = graph.dim %x, 0 : tensor<?x8xf32, #graph.sizes<()[s0] -> (s0, 8)>>
  graph.bind_symbol %n symbol 0
  %w = graph.get_weight @w : tensor<16x8xf32>
  %wt = graph.permute %w [1, 0] : tensor<16x8xf32> -> tensor<8x16xf32>
  %y = graph.matmul %x, %wt : tensor<?x8xf32, #graph.sizes<()[s0] -> (s0, 8)>>, tensor<8x16xf32> -> tensor<?x16xf32, #graph.sizes<()[s0] -> (s0, 16)>>
  %b = graph.get_weight @b : tensor<16xf32>
  %be = graph.expand %b : tensor<16xf32> -> tensor<?x16xf32, #graph.sizes<()[s0] -> (s0, 16)>>
  %z = graph.add %y, %be : tensor<?x16xf32, #graph.sizes<()[s0] -> (s0, 16)>>
  return %z : tensor<?x16xf32, #graph.sizes<()[s0] -> (s0, 16)>>
}

// Half precision accumulates in f32 and rounds once.
// CHECK-LABEL: func.func @half
// CHECK: arith.extf {{.*}} : f16 to f32
// CHECK: arith.mulf {{.*}} : f32
// CHECK: -> tensor<2x4xf32>
// CHECK: arith.truncf {{.*}} : f32 to f16
func.func @half(%x: tensor<2x3xf16>, %y: tensor<3x4xf16>) -> tensor<2x4xf16> {
  %z = graph.matmul %x, %y : tensor<2x3xf16>, tensor<3x4xf16> -> tensor<2x4xf16>
  return %z : tensor<2x4xf16>
}
