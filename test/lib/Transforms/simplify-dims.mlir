// RUN: ingot-opt --ingot-simplify-dims %s | FileCheck %s

// The mean of a normalisation is computed without its kept dimension.
// CHECK-LABEL: func.func @mean
// CHECK: %[[S:.*]] = graph.sum %arg0 dims [1] keepdim false
// CHECK: %[[M:.*]] = graph.div %[[S]], %{{.*}} : tensor<2xf32>
// CHECK: %[[V:.*]] = graph.reshape %[[M]] : tensor<2xf32> -> tensor<2x1xf32>
// CHECK: graph.expand %[[V]]
func.func @mean(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %s = graph.sum %x dims [1] keepdim true : tensor<2x8xf32> -> tensor<2x1xf32>
  %n = graph.constant(dense<8.0> : tensor<f32>) : tensor<f32>
  %ne = graph.expand %n : tensor<f32> -> tensor<2x1xf32>
  %m = graph.div %s, %ne : tensor<2x1xf32>
  %e = graph.expand %m : tensor<2x1xf32> -> tensor<2x8xf32>
  %y = graph.sub %x, %e : tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}
