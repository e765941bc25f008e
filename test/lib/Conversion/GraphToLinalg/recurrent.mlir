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

// The hidden state is a second contraction of what the cell gives.
// CHECK-LABEL: func.func @projected
// CHECK: scf.for
// CHECK: linalg.generic {{.*}}ingot.contraction
// CHECK-COUNT-2: math.tanh
// CHECK: linalg.generic {{.*}}ingot.contraction
// CHECK: scf.yield
func.func @projected(%g: tensor<4x2x20xf32>, %w: tensor<20x3xf32>, %h: tensor<2x3xf32>, %c: tensor<2x5xf32>, %p: tensor<3x5xf32>) -> tensor<4x2x3xf32> {
  %y:3 = graph.lstm_cells %g, %w, %h, %c, %p : (tensor<4x2x20xf32>, tensor<20x3xf32>, tensor<2x3xf32>, tensor<2x5xf32>, tensor<3x5xf32>) -> (tensor<4x2x3xf32>, tensor<2x3xf32>, tensor<2x5xf32>)
  return %y#0 : tensor<4x2x3xf32>
}

// CHECK-LABEL: func.func @rnn
// CHECK: scf.for
// CHECK: linalg.generic {{.*}}ingot.contraction
// CHECK: arith.maximumf
// CHECK: scf.yield
func.func @rnn(%g: tensor<4x2x5xf32>, %w: tensor<5x5xf32>, %h: tensor<2x5xf32>) -> tensor<4x2x5xf32> {
  %y:2 = graph.rnn_cells %g, %w, %h {relu} : (tensor<4x2x5xf32>, tensor<5x5xf32>, tensor<2x5xf32>) -> (tensor<4x2x5xf32>, tensor<2x5xf32>)
  return %y#0 : tensor<4x2x5xf32>
}
