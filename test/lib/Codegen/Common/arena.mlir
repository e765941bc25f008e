// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingotc %s --start-from=tiled --stop-after=tiled -o - | FileCheck %s

#id = affine_map<(d0) -> (d0)>

// A chain of three products of equal size: %a is dead when %c is made, so that one
// arena of two pieces serves; the result has a block of its own.
// CHECK-LABEL: func.func @chain()
// CHECK: %[[INPUT:.*]] = task.input 0 : memref<?xf32, strided<[?]>>
// CHECK: %[[N:.*]] = memref.dim %[[INPUT]]
// CHECK: %[[ARENA:.*]] = task.arena
// CHECK-NOT: task.arena
// CHECK-DAG: memref.view %[[ARENA]][%c0][%[[N]]]
// CHECK-DAG: memref.view %[[ARENA]][%[[SECOND:[0-9]+]]][%[[N]]]
// CHECK: task.launch @[[KERNEL:mulf_f32]][
// CHECK: task.launch @[[KERNEL]][
// CHECK: task.launch @[[KERNEL]][
// CHECK: task.result_block {{.*}} slot 0
// CHECK: task.launch @[[KERNEL]][
// CHECK: task.return_value 0, {{.*}} dtype 6
func.func @chain(%x: tensor<?xf32>) -> tensor<?xf32> attributes {ingot.method = "chain"} {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %a = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) {
  ^bb0(%p: f32, %o: f32):
    %q = arith.mulf %p, %p : f32
    linalg.yield %q : f32
  } -> tensor<?xf32>
  %b = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%a : tensor<?xf32>) outs(%e : tensor<?xf32>) {
  ^bb0(%p: f32, %o: f32):
    %q = arith.mulf %p, %p : f32
    linalg.yield %q : f32
  } -> tensor<?xf32>
  %c = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%b : tensor<?xf32>) outs(%e : tensor<?xf32>) {
  ^bb0(%p: f32, %o: f32):
    %q = arith.mulf %p, %p : f32
    linalg.yield %q : f32
  } -> tensor<?xf32>
  %d = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%c : tensor<?xf32>) outs(%e : tensor<?xf32>) {
  ^bb0(%p: f32, %o: f32):
    %q = arith.mulf %p, %p : f32
    linalg.yield %q : f32
  } -> tensor<?xf32>
  return %d : tensor<?xf32>
}
// Four launches, one kernel.
// CHECK: func.func private @mulf_f32(
// CHECK-NOT: func.func private

