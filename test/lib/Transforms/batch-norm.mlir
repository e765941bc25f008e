// RUN: ingot-opt --ingot-decompose-pipeline %s | FileCheck %s

// A convolution, its batch norm and a relu: one convolution with folded weights,
// one addition; the permutes stand at the ends only.
graph.weight @w : tensor<4x2x1x1xf32> (dense<[[[[1.0]],[[2.0]]],[[[1.0]],[[2.0]]],[[[1.0]],[[2.0]]],[[[1.0]],[[2.0]]]]> : tensor<4x2x1x1xf32>)
graph.weight @mean : tensor<4xf32> (dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>)
graph.weight @scale : tensor<4xf32> (dense<[1.0, 2.0, 0.5, 4.0]> : tensor<4xf32>)

// CHECK-NOT: graph.weight @mean
// CHECK-LABEL: func.func @conv_bn
// CHECK-DAG: graph.constant(dense<{{.*}}[1.000000e+00]{{.*}}[2.000000e+00]{{.*}}[4.000000e+00]{{.*}}> : tensor<4x2x1x1xf32>)
// CHECK-DAG: graph.constant(dense<{{.*}}[-1.000000e+00]{{.*}}[-4.000000e+00]{{.*}}[-1.500000e+00]{{.*}}[-1.600000e+01]{{.*}}> : tensor<1x4x1x1xf32>)
// CHECK: graph.permute %arg0 [0, 2, 3, 1]
// CHECK: graph.convolution
// CHECK-SAME: channels_last
// CHECK-NOT: graph.mul
// CHECK: graph.add
// CHECK-NEXT: graph.relu
// CHECK-NEXT: graph.permute {{.*}} [0, 3, 1, 2]
// CHECK-NEXT: return
func.func @conv_bn(%x: tensor<1x2x5x5xf32>) -> tensor<1x4x5x5xf32> {
  %w = graph.get_weight @w : tensor<4x2x1x1xf32>
  %y = graph.convolution %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : tensor<1x2x5x5xf32>, tensor<4x2x1x1xf32> -> tensor<1x4x5x5xf32>
  %m0 = graph.get_weight @mean : tensor<4xf32>
  %m1 = graph.reshape %m0 : tensor<4xf32> -> tensor<4x1x1xf32>
  %m = graph.expand %m1 : tensor<4x1x1xf32> -> tensor<1x4x5x5xf32>
  %s0 = graph.get_weight @scale : tensor<4xf32>
  %s1 = graph.reshape %s0 : tensor<4xf32> -> tensor<4x1x1xf32>
  %s = graph.expand %s1 : tensor<4x1x1xf32> -> tensor<1x4x5x5xf32>
  %a = graph.sub %y, %m : tensor<1x4x5x5xf32>
  %b = graph.mul %a, %s : tensor<1x4x5x5xf32>
  %c = graph.relu %b : tensor<1x4x5x5xf32>
  return %c : tensor<1x4x5x5xf32>
}
