// RUN: ingotc %s -o %t.so && ingot-run %t.so --signature | FileCheck %s
// RUN: llvm-readelf -d %t.so | FileCheck %s --check-prefix=NEEDED
// RUN: llvm-nm -D --defined-only %t.so | FileCheck %s --check-prefix=EXPORTS
// The same input gives the same bytes.
// RUN: ingotc %s -o %t.2.so --cpu=native -j 1 && mv %t.so %t.1.so && ingotc %s -o %t.so -j 2 && cmp %t.so %t.1.so

// A program at the `tiled` phase: x * 2 + w, w = 1 a constant.
// CHECK: forward
// CHECK: x
// CHECK-SAME: f32

// NEEDED-NOT: NEEDED
// NEEDED: NEEDED{{.*}}lib{{c|m}}.so.6
// NEEDED-NOT: libstdc++
// NEEDED-NOT: libgcc

// EXPORTS: T ingot_query
// EXPORTS-NEXT: T ingot_query_scale_mlir_tmp
// EXPORTS-NOT: {{.}}
func.func private @kernel(%begin: index, %end: index, %x: memref<?xf32> {llvm.noalias}, %w: memref<1xf32> {llvm.noalias}, %y: memref<?xf32> {llvm.noalias}) attributes {task.kernel} {
  %c1 = arith.constant 1 : index
  %c0 = arith.constant 0 : index
  %two = arith.constant 2.0 : f32
  %one = memref.load %w[%c0] : memref<1xf32>
  scf.for %i = %begin to %end step %c1 {
    %0 = memref.load %x[%i] : memref<?xf32>
    %1 = arith.mulf %0, %two : f32
    %2 = arith.addf %1, %one : f32
    memref.store %2, %y[%i] : memref<?xf32>
  }
  return
}
graph.weight @w : tensor<1xf32> (dense<1.0> : tensor<1xf32>) {original_name = "w", parameter}
func.func @forward() attributes {
    ingot.method = "forward",
    graph.symbols = [{name = "N", min = 0 : i64, max = 9223372036854775807 : i64}],
    ingot.signature = {
      inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1>, leaf = 0 : i64, source = "value"}}],
      output = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1>, leaf = 0 : i64, source = "value"},
      input_leaves = 1 : i64, results = 1 : i64}} {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %grain = arith.constant 16384 : index
  %x = task.contiguous 0 : memref<?xf32>
  %n = memref.dim %x, %c0 : memref<?xf32>
  %bytes = arith.muli %n, %c4 : index
  %block = task.result_block %bytes slot 0 : memref<?xi8>
  %y = memref.view %block[%c0][%n] : memref<?xi8> to memref<?xf32>
  %w = task.constant @w : memref<1xf32>
  task.launch @kernel[%n grain %grain](%x, %w, %y) : memref<?xf32>, memref<1xf32>, memref<?xf32>
  task.return_value 0, %y dtype 6 : memref<?xf32>
  return
}
