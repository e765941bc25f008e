// RUN: ingot-opt --ingot-graph-to-linalg %s | FileCheck %s

// A kernel of the runtime: iterations over the batch, its operands as a block of
// words (number of tensors; address, dtype, rank, sizes and strides of each; number
// of parameters; parameters).
// CHECK-LABEL: func.func @cholesky
// CHECK: %[[BATCH:.*]] = arith.constant 4 : index
// CHECK: task.compute[%[[BATCH]] grain
// CHECK: ^bb0(%[[BEGIN:.*]]: index, %[[END:.*]]: index,
// CHECK: memref.extract_aligned_pointer_as_index
// CHECK: %[[WORDS:.*]] = memref.alloca() : memref<{{.*}}xindex>
// CHECK: %[[ADDRESS:.*]] = memref.extract_aligned_pointer_as_index %[[WORDS]]
// CHECK: call @ingot_native_cholesky(%[[ADDRESS]], %[[BEGIN]], %[[END]])
func.func @cholesky(%a: tensor<4x3x3xf32>) -> (tensor<4x3x3xf32>, tensor<4xi32>) attributes {ingot.method = "cholesky"} {
  %l, %info = graph.native "cholesky"(%a) [0] batch 1 : tensor<4x3x3xf32> -> tensor<4x3x3xf32>, tensor<4xi32>
  return %l, %info : tensor<4x3x3xf32>, tensor<4xi32>
}

// A special function is a call in the loop, in the precision of its operands.
// CHECK-LABEL: func.func @special
// CHECK: linalg.generic
// CHECK: call @ingot_erfcx_f32({{.*}}) : (f32) -> f32
// CHECK: linalg.generic
// CHECK: call @ingot_zeta_f64({{.*}}) : (f64, f64) -> f64
func.func @special(%x: tensor<5xf32>, %y: tensor<5xf64>) -> (tensor<5xf32>, tensor<5xf64>) attributes {ingot.method = "special"} {
  %0 = graph.special "erfcx"(%x) : tensor<5xf32>
  %1 = graph.special "zeta"(%y, %y) : tensor<5xf64>
  return %0, %1 : tensor<5xf32>, tensor<5xf64>
}
