// RUN: ingot-opt --ingot-graph-to-linalg --canonicalize --cse %s | FileCheck %s

// One contraction and one elementwise generic for each step.
// CHECK-LABEL: func.func @lstm
// CHECK: scf.for
// CHECK: linalg.generic {{.*}}ingot.contraction
// CHECK: linalg.generic
// CHECK-COUNT-2: math.tanh
// CHECK: tensor.insert_slice
// CHECK: scf.yield
func.func @lstm(%g: tensor<?x2x20xf32, #graph.sizes<()[s0] -> (s0, 2, 20)>>, %w: tensor<20x5xf32>, %h: tensor<2x5xf32>, %c: tensor<2x5xf32>) -> tensor<?x2x5xf32, #graph.sizes<()[s0] -> (s0, 2, 5)>> {
  %n = graph.dim %g, 0 : tensor<?x2x20xf32, #graph.sizes<()[s0] -> (s0, 2, 20)>>
  graph.bind_symbol %n symbol 0
  %y:3 = graph.lstm_cells %g, %w, %h, %c : (tensor<?x2x20xf32, #graph.sizes<()[s0] -> (s0, 2, 20)>>, tensor<20x5xf32>, tensor<2x5xf32>, tensor<2x5xf32>) -> (tensor<?x2x5xf32, #graph.sizes<()[s0] -> (s0, 2, 5)>>, tensor<2x5xf32>, tensor<2x5xf32>)
  return %y#0 : tensor<?x2x5xf32, #graph.sizes<()[s0] -> (s0, 2, 5)>>
}
