// RUN: ingot-opt --task-to-llvm %s | FileCheck %s

// A method with one input, a check, a kernel and a constant.

// CHECK: llvm.func internal @scale(
// CHECK-SAME: llvm.noalias
// CHECK-SAME: always_inline
// CHECK: llvm.func internal @scale.chunk(%{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: i64)
// CHECK-SAME: no_inline
// CHECK: llvm.call @scale(
// CHECK-NOT: memref.
func.func private @scale(%begin: index, %end: index, %x: memref<?xf32, strided<[?], offset: ?>> {llvm.noalias}, %w: memref<4xf32>, %y: memref<?xf32> {llvm.noalias}, %k: f32) attributes {task.kernel} {
  %c1 = arith.constant 1 : index
  %c0 = arith.constant 0 : index
  %b = memref.load %w[%c0] : memref<4xf32>
  scf.for %i = %begin to %end step %c1 {
    %0 = memref.load %x[%i] : memref<?xf32, strided<[?], offset: ?>>
    %1 = arith.mulf %0, %k : f32
    %2 = arith.addf %1, %b : f32
    memref.store %2, %y[%i] : memref<?xf32>
  }
  return
}

graph.weight @unused : tensor<4xf32> (dense<0.0> : tensor<4xf32>)
// CHECK-NOT: @unused
// CHECK: graph.weight @w {{.*}}ingot.offset = 0
graph.weight @w : tensor<4xf32> (dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>)
// The same data, the same place.
// CHECK: graph.weight @w2 {{.*}}ingot.offset = 0
graph.weight @w2 : tensor<4xf32> (dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>)
// CHECK: graph.weight @v {{.*}}ingot.offset = 64
graph.weight @v : tensor<2xf32> (dense<[1.0, 2.0]> : tensor<2xf32>) {state}

// CHECK: llvm.func hidden @forward(%[[CALL:.*]]: !llvm.ptr {{.*}}, %[[IN:.*]]: !llvm.ptr {{.*}}) -> i32
// CHECK-SAME: ingot.method = "forward"
func.func @forward() attributes {ingot.method = "forward"} {
  // The one place of arguments in memory; the runtime's table.
  // CHECK: llvm.alloca
  // CHECK-NOT: llvm.alloca
  %x = task.input 0 : memref<?xf32, strided<[?], offset: ?>>
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1024 = arith.constant 1024 : index
  %n = memref.dim %x, %c0 : memref<?xf32, strided<[?], offset: ?>>
  %some = arith.cmpi sgt, %n, %c0 : index
  // CHECK: llvm.cond_br %{{.*}} weights([2000, 1])
  task.check %some, "RuntimeError" "expected a size above 0, got {0}"(%n)
  %bytes = arith.muli %n, %c4 : index
  %block = task.result_block %bytes slot 0 : memref<?xi8>
  %y = memref.view %block[%c0][%n] : memref<?xi8> to memref<?xf32>
  %w = task.constant @w : memref<4xf32>
  %w2 = task.constant @w2 : memref<4xf32>
  %k = arith.constant 2.0 : f32
  // Small loops are direct calls, others go to the pool.
  // CHECK: llvm.call @scale.chunk
  // CHECK: llvm.call %{{[0-9]+}}(%[[CALL]], %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}) : !llvm.ptr, (!llvm.ptr, !llvm.ptr, !llvm.ptr, i64, i64) -> ()
  task.launch @scale[%n grain %c1024](%x, %w, %y, %k) : memref<?xf32, strided<[?], offset: ?>>, memref<4xf32>, memref<?xf32>, f32
  task.launch @scale[%c4 grain %c1024](%x, %w2, %y, %k) : memref<?xf32, strided<[?], offset: ?>>, memref<4xf32>, memref<?xf32>, f32
  task.return_value 0, %y dtype 6 : memref<?xf32>
  return
}
