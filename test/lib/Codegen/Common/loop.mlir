// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingotc %s --start-from=tiled --stop-after=tiled -o - | FileCheck %s

#id = affine_map<(d0) -> (d0)>

// A carried tensor stays in one memory; rows are inserted into the stacked result
// in place; nothing is allocated inside the loop.
// CHECK-LABEL: func.func @scan()
// CHECK: task.arena
// CHECK: task.result_block
// CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step %{{.*}} {
// CHECK-NOT: task.arena
// CHECK-NOT: memref.alloc
// CHECK: task.launch @addf_f32
// CHECK: task.launch @copy_f32
// CHECK: }
func.func @scan(%x: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {ingot.method = "scan"} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %n = tensor.dim %x, %c0 : tensor<?x?xf32>
  %m = tensor.dim %x, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%m) : tensor<?xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %e2 = tensor.empty(%n, %m) : tensor<?x?xf32>
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %z, %out = %e2) -> (tensor<?xf32>, tensor<?x?xf32>) {
    %row = tensor.extract_slice %x[%i, 0] [1, %m] [1, 1] : tensor<?x?xf32> to tensor<?xf32>
    %e3 = tensor.empty(%m) : tensor<?xf32>
    %next = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%row, %acc : tensor<?xf32>, tensor<?xf32>) outs(%e3 : tensor<?xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %s = arith.addf %a, %b : f32
      linalg.yield %s : f32
    } -> tensor<?xf32>
    %o2 = tensor.insert_slice %next into %out[%i, 0] [1, %m] [1, 1] : tensor<?xf32> into tensor<?x?xf32>
    scf.yield %next, %o2 : tensor<?xf32>, tensor<?x?xf32>
  }
  return %r#1 : tensor<?x?xf32>
}
