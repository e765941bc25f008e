// RUN: ingot-opt --ingot-graph-to-linalg %s | FileCheck %s

// Channels of a weight that is an argument are known at run time only. One group:
// the same product as ever.
// CHECK-LABEL: func.func @one_group
// CHECK: linalg.generic
// CHECK-SAME: ingot.convolution
func.func @one_group(%x: tensor<1x5x5x4xf32>, %w: tensor<?x?x3x3xf32, #graph.sizes<()[s0, s1] -> (s0, s1, 3, 3)>>) -> tensor<1x3x3x?xf32, #graph.sizes<()[s0, s1] -> (1, 3, 3, s0)>> attributes {ingot.method = "one_group"} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tensor.dim %w, %c0 : tensor<?x?x3x3xf32, #graph.sizes<()[s0, s1] -> (s0, s1, 3, 3)>>
  %n = tensor.dim %w, %c1 : tensor<?x?x3x3xf32, #graph.sizes<()[s0, s1] -> (s0, s1, 3, 3)>>
  graph.bind_symbol %m symbol 0
  graph.bind_symbol %n symbol 1
  %y = graph.convolution %x, %w {channels_last, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : tensor<1x5x5x4xf32>, tensor<?x?x3x3xf32, #graph.sizes<()[s0, s1] -> (s0, s1, 3, 3)>> -> tensor<1x3x3x?xf32, #graph.sizes<()[s0, s1] -> (1, 3, 3, s0)>>
  return %y : tensor<1x3x3x?xf32, #graph.sizes<()[s0, s1] -> (1, 3, 3, s0)>>
}

// Two groups: the group of an output channel is found by division.
// CHECK-LABEL: func.func @two_groups
// CHECK: linalg.generic
// CHECK: arith.divui
// CHECK: tensor.extract
func.func @two_groups(%x: tensor<1x5x5x4xf32>, %w: tensor<?x?x3x3xf32, #graph.sizes<()[s0, s1] -> (s0, s1, 3, 3)>>) -> tensor<1x3x3x?xf32, #graph.sizes<()[s0, s1] -> (1, 3, 3, s0)>> attributes {ingot.method = "two_groups"} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tensor.dim %w, %c0 : tensor<?x?x3x3xf32, #graph.sizes<()[s0, s1] -> (s0, s1, 3, 3)>>
  %n = tensor.dim %w, %c1 : tensor<?x?x3x3xf32, #graph.sizes<()[s0, s1] -> (s0, s1, 3, 3)>>
  graph.bind_symbol %m symbol 0
  graph.bind_symbol %n symbol 1
  %y = graph.convolution %x, %w {channels_last, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 2 : i64} : tensor<1x5x5x4xf32>, tensor<?x?x3x3xf32, #graph.sizes<()[s0, s1] -> (s0, s1, 3, 3)>> -> tensor<1x3x3x?xf32, #graph.sizes<()[s0, s1] -> (1, 3, 3, s0)>>
  return %y : tensor<1x3x3x?xf32, #graph.sizes<()[s0, s1] -> (1, 3, 3, s0)>>
}
