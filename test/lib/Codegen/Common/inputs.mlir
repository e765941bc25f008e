// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingotc %s --start-from=tiled --stop-after=tiled -o - | FileCheck %s

// A view of an input is returned through the caller's own strides: no copy.
// CHECK-LABEL: func.func @transposed()
// CHECK: %[[INPUT:.*]] = task.input 0
// CHECK-NOT: task.contiguous
// CHECK-NOT: task.launch
// CHECK-NOT: task.result_block
// CHECK: task.return_value 0, %{{.*}} dtype 6 : memref<?x4xf32, strided<[?, ?]>>
func.func @transposed(%x: tensor<4x?xf32>) -> tensor<?x4xf32> attributes {ingot.method = "transposed"} {
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c1 : tensor<4x?xf32>
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %t = linalg.transpose ins(%x : tensor<4x?xf32>) outs(%e : tensor<?x4xf32>) permutation = [1, 0]
  return %t : tensor<?x4xf32>
}

// The old contents are returned: they are saved before the input is overwritten.
// CHECK-LABEL: func.func @swapped()
// CHECK: task.result_block
// CHECK: task.launch @copy_f32
// CHECK: task.launch @copy_f32
// CHECK: task.return_value 0
func.func @swapped(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> attributes {ingot.method = "swapped"} {
  graph.write_back %y, %x : tensor<4xf32>, tensor<4xf32>
  return %x : tensor<4xf32>
}

// CHECK-LABEL: func.func @state()
// CHECK: %[[STATE:.*]] = task.state @s
// CHECK: task.return_value
graph.weight @s : tensor<4xf32> (dense<1.0> : tensor<4xf32>) {state}
func.func @state(%x: tensor<4xf32>) -> tensor<4xf32> attributes {ingot.method = "state"} {
  %s = graph.load_state @s : tensor<4xf32>
  graph.store_state %x, @s : tensor<4xf32>
  return %s : tensor<4xf32>
}
