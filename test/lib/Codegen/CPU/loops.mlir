// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingotc %s --start-from=tiled --stop-after=tiled -o - | FileCheck %s

#id2 = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#col = affine_map<(d0, d1) -> (d1)>
#t = affine_map<(d0, d1) -> (d1, d0)>

func.func @all(%x: tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?x?xf32>) attributes {ingot.method = "all"} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %ninf = arith.constant 0xFF800000 : f32
  %n = tensor.dim %x, %c0 : tensor<?x?xf32>
  %m = tensor.dim %x, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%n, %m) : tensor<?x?xf32>
  %en = tensor.empty(%n) : tensor<?xf32>
  %em = tensor.empty(%m) : tensor<?xf32>
  %et = tensor.empty(%m, %n) : tensor<?x?xf32>
  %neg = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>) {
  ^bb0(%a: f32, %o: f32):
    %q = arith.negf %a : f32
    linalg.yield %q : f32
  } -> tensor<?x?xf32>
  %zn = linalg.fill ins(%ninf : f32) outs(%en : tensor<?xf32>) -> tensor<?xf32>
  %max = linalg.generic {indexing_maps = [#id2, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<?x?xf32>) outs(%zn : tensor<?xf32>) {
  ^bb0(%a: f32, %o: f32):
    %q = arith.maximumf %a, %o : f32
    linalg.yield %q : f32
  } -> tensor<?xf32>
  %zm = linalg.fill ins(%zero : f32) outs(%em : tensor<?xf32>) -> tensor<?xf32>
  %sum = linalg.generic {indexing_maps = [#id2, #col], iterator_types = ["reduction", "parallel"]} ins(%x : tensor<?x?xf32>) outs(%zm : tensor<?xf32>) {
  ^bb0(%a: f32, %o: f32):
    %q = arith.addf %a, %o : f32
    linalg.yield %q : f32
  } -> tensor<?xf32>
  %sq = linalg.generic {indexing_maps = [#t, #id2], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<?x?xf32>) outs(%et : tensor<?x?xf32>) {
  ^bb0(%a: f32, %o: f32):
    %q = arith.mulf %a, %a : f32
    linalg.yield %q : f32
  } -> tensor<?x?xf32>
  return %neg, %max, %sum, %sq : tensor<?x?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?x?xf32>
}

// Contiguous in both operands: one loop over all elements.
// CHECK-LABEL: func.func private @negf_f32
// CHECK-SAME: (%[[B:arg0]]: index {{.*}}, %[[E:arg1]]: index {{.*}}, %arg2: memref<?xf32> {llvm.noalias} {{.*}}, %arg3: memref<?xf32> {llvm.noalias}
// CHECK: scf.for %{{.*}} = %[[B]] to %[[E]]
// CHECK-NOT: scf.for
// CHECK: return

// Along the rows: the accumulator is a value, and NaN passes on.
// CHECK-LABEL: func.func private @reduce_maximumf_f32
// CHECK: scf.for
// CHECK: scf.for {{.*}} iter_args
// CHECK: llvm.intr.maximum
// CHECK: memref.store

// Across the rows: accumulators in memory, the innermost loop is contiguous.
// CHECK-LABEL: func.func private @reduce_addf_f32
// CHECK-NOT: iter_args
// CHECK: arith.addf {{.*}} fastmath<reassoc,contract>
// CHECK: memref.store

// Transposed: blocks of 16 by 16.
// CHECK-LABEL: func.func private @mulf_f32
// CHECK: arith.constant 16 : index
// CHECK-COUNT-4: scf.for
