// RUN: ingot-opt --ingot-graph-to-linalg --ingot-fusion-pipeline %s | FileCheck %s

// A chain is one loop nest.
// CHECK-LABEL: func.func @chain
// CHECK: linalg.generic
// CHECK: math.exp
// CHECK: arith.mulf
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @chain(%x: tensor<8xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  %a = graph.exp %x : tensor<8xf32>
  %b = graph.mul %a, %y : tensor<8xf32>
  return %b : tensor<8xf32>
}

// exp is computed once though two read it.
// CHECK-LABEL: func.func @shared
// CHECK-COUNT-1: math.exp
// CHECK-NOT: math.exp
// CHECK: return
func.func @shared(%x: tensor<4x8xf32>) -> (tensor<4xf32>, tensor<4x8xf32>) {
  %a = graph.exp %x : tensor<4x8xf32>
  %s = graph.sum %a dims [1] keepdim false : tensor<4x8xf32> -> tensor<4xf32>
  %b = graph.neg %a : tensor<4x8xf32>
  return %s, %b : tensor<4xf32>, tensor<4x8xf32>
}

// A reduction takes its producer in.
// CHECK-LABEL: func.func @reduce
// CHECK: linalg.generic {{.*}}"reduction"
// CHECK-NEXT: ^bb0
// CHECK-NEXT: arith.mulf
// CHECK-NEXT: arith.addf
func.func @reduce(%x: tensor<4x8xf32>) -> tensor<4xf32> {
  %a = graph.mul %x, %x : tensor<4x8xf32>
  %s = graph.sum %a dims [1] keepdim false : tensor<4x8xf32> -> tensor<4xf32>
  return %s : tensor<4xf32>
}

// The epilogue of a product stays its epilogue.
// CHECK-LABEL: func.func @epilogue
// CHECK: ingot.contraction
// CHECK: linalg.generic {{.*}}"parallel", "parallel"
// CHECK: linalg.generic {{.*}}"reduction"
func.func @epilogue(%x: tensor<4x8xf32>, %w: tensor<8x8xf32>) -> tensor<4xf32> {
  %p = graph.matmul %x, %w : tensor<4x8xf32>, tensor<8x8xf32> -> tensor<4x8xf32>
  %a = graph.relu %p : tensor<4x8xf32>
  %s = graph.sum %a dims [1] keepdim false : tensor<4x8xf32> -> tensor<4xf32>
  return %s : tensor<4xf32>
}
