// RUN: ingot-opt --ingot-graph-to-linalg --canonicalize --cse -split-input-file %s | FileCheck %s

// CHECK-LABEL: func.func @embedding
// CHECK: graph.check {{.*}} "IndexError" "index out of range in self"
// CHECK: tensor.extract %arg0
func.func @embedding(%table: tensor<10x4xf32>, %ids: tensor<2x3xi64>) -> tensor<2x3x4xf32> {
  %y = graph.index_select %table, %ids dim 0 : tensor<10x4xf32>, tensor<2x3xi64> -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// -----

// Indices that are known to be inside are not checked.
// CHECK-LABEL: func.func @positions
// CHECK-NOT: graph.check
// CHECK: return
func.func @positions(%table: tensor<10x4xf32>) -> tensor<5x4xf32> {
  %i = graph.iota dim 0 : tensor<5xi64>
  %y = graph.index_select %table, %i dim 0 : tensor<10x4xf32>, tensor<5xi64> -> tensor<5x4xf32>
  return %y : tensor<5x4xf32>
}

// -----

// Writes are a kernel of loops; bools are bytes in memory.
// CHECK-LABEL: func.func @put
// CHECK: graph.check {{.*}} "IndexError" "index {0} is out of bounds for dimension 0 with size {1}"
// CHECK: task.compute
// CHECK: memref<3xi8>
func.func @put(%x: tensor<3xi1>, %v: tensor<2xi1>, %i: tensor<2xi64>) -> tensor<3xi1> {
  %y = graph.index_put %x, %v[%i] dims [0] position 0 accumulate false : tensor<3xi1>, tensor<2xi1>, tensor<2xi64> -> tensor<3xi1>
  return %y : tensor<3xi1>
}
