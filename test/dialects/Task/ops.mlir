// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// CHECK-LABEL: func.func private @kernel(
// CHECK-NEXT: return
func.func private @kernel(%begin: index, %end: index, %x: memref<?xf32>, %n: i64) {
  return
}

// CHECK-LABEL: func.func @launch(
// CHECK-NEXT: task.launch @kernel[%{{[a-z0-9_]+}} grain %{{[a-z0-9_]+}}] (%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) : memref<?xf32>, i64
// CHECK-NEXT: return
func.func @launch(%n: index, %x: memref<?xf32>, %k: i64) {
  task.launch @kernel[%n grain %n] (%x, %k) : memref<?xf32>, i64
  return
}

// CHECK-LABEL: func.func @memory(
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.arena %{{[a-z0-9_]+}} : memref<?xi8>
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.result_block %{{[a-z0-9_]+}} slot 1 : memref<?xi8>
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.worker_scratch %{{[a-z0-9_]+}} : memref<?xi8>
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.constant @w : memref<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.state @s : memref<4xi64>
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.contiguous 0 : memref<?x4xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.input 0 : memref<?x4xf32, strided<[?, ?], offset: ?>>
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.input 1 : i64
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.input 2 : f64
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.input 3 : i1
// CHECK-NEXT: return
func.func @memory(%n: index) {
  %arena = task.arena %n : memref<?xi8>
  %block = task.result_block %n slot 1 : memref<?xi8>
  %scratch = task.worker_scratch %n : memref<?xi8>
  %constant = task.constant @w : memref<2x3xf32>
  %state = task.state @s : memref<4xi64>
  %dense = task.contiguous 0 : memref<?x4xf32>
  %strided = task.input 0 : memref<?x4xf32, strided<[?, ?], offset: ?>>
  %int = task.input 1 : i64
  %float = task.input 2 : f64
  %bool = task.input 3 : i1
  return
}

// CHECK-LABEL: func.func @results(
// CHECK-NEXT: task.copy %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : memref<?x4xf32, strided<[?, ?]>>, memref<?x4xf32>
// CHECK-NEXT: task.return_value 0, %{{[a-z0-9_]+}} dtype 6 : memref<?x4xf32, strided<[?, ?]>>
// CHECK-NEXT: task.return_value 1, %{{[a-z0-9_]+}} dtype 4 : i64
// CHECK-NEXT: return
func.func @results(%x: memref<?x4xf32, strided<[?, ?]>>, %y: memref<?x4xf32>, %i: i64) {
  task.copy %x, %y : memref<?x4xf32, strided<[?, ?]>>, memref<?x4xf32>
  task.return_value 0, %x dtype 6 : memref<?x4xf32, strided<[?, ?]>>
  task.return_value 1, %i dtype 4 : i64
  return
}

// CHECK-LABEL: func.func @errors(
// CHECK-NEXT: task.check %{{[a-z0-9_]+}}, "ValueError" "sizes {0} and {1}"(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}})
// CHECK-NEXT: task.check %{{[a-z0-9_]+}}, "AssertionError" ""()
// CHECK-NEXT: task.poll
// CHECK-NEXT: task.print "line\0A"
// CHECK-NEXT: return
func.func @errors(%c: i1, %n: index) {
  task.check %c, "ValueError" "sizes {0} and {1}"(%n, %n)
  task.check %c, "AssertionError" ""()
  task.poll
  task.print "line\0A"
  return
}

// CHECK-LABEL: func.func @objects(
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.call_runtime "text"() {text = "abc"} : () -> !task.object
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.call_runtime "list_get"(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) : (!task.object, i64) -> f64
// CHECK-NEXT: task.call_runtime "list_append"(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) : (!task.object, !task.object) -> ()
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.box %{{[a-z0-9_]+}} dtype 6 : memref<?xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.unbox %{{[a-z0-9_]+}} dtype 6 : memref<?xf32>
// CHECK-NEXT: return
func.func @objects(%o: !task.object, %i: i64, %x: memref<?xf32>) {
  %text = task.call_runtime "text"() {text = "abc"} : () -> !task.object
  %get = task.call_runtime "list_get"(%o, %i) : (!task.object, i64) -> f64
  task.call_runtime "list_append"(%o, %text) : (!task.object, !task.object) -> ()
  %box = task.box %x dtype 6 : memref<?xf32>
  %unbox = task.unbox %box dtype 6 : memref<?xf32>
  return
}

// CHECK-LABEL: func.func @compute(
// CHECK-NEXT: %{{[a-z0-9_]+}} = tensor.empty(%{{[a-z0-9_]+}}) : tensor<?xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}}:2 = task.compute[%{{[a-z0-9_]+}} grain %{{[a-z0-9_]+}}] ins(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<?xf32>, i64) outs(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>, tensor<?xf32> {
// CHECK-NEXT: ^bb0(%{{[a-z0-9_]+}}: index, %{{[a-z0-9_]+}}: index, %{{[a-z0-9_]+}}: memref<?xf32, strided<[?]>>, %{{[a-z0-9_]+}}: i64, %{{[a-z0-9_]+}}: memref<?xf32>, %{{[a-z0-9_]+}}: memref<?xf32>):
// CHECK-NEXT: task.yield
// CHECK-NEXT: }
// CHECK-NEXT: %{{[a-z0-9_]+}} = task.compute[%{{[a-z0-9_]+}} grain %{{[a-z0-9_]+}}] ins() outs(%{{[a-z0-9_]+}} : tensor<?xf32>) -> tensor<?xf32> {
// CHECK-NEXT: ^bb0(%{{[a-z0-9_]+}}: index, %{{[a-z0-9_]+}}: index, %{{[a-z0-9_]+}}: memref<?xf32>):
// CHECK-NEXT: task.yield
// CHECK-NEXT: }
// CHECK-NEXT: return
func.func @compute(%n: index, %x: tensor<?xf32>, %k: i64) {
  %e = tensor.empty(%n) : tensor<?xf32>
  %two:2 = task.compute[%n grain %n] ins(%x, %k : tensor<?xf32>, i64) outs(%e, %x : tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>, tensor<?xf32> {
  ^bb0(%begin: index, %end: index, %a: memref<?xf32, strided<[?]>>, %b: i64, %c: memref<?xf32>, %d: memref<?xf32>):
    task.yield
  }
  %one = task.compute[%n grain %n] ins() outs(%e : tensor<?xf32>) -> tensor<?xf32> {
  ^bb0(%begin: index, %end: index, %c: memref<?xf32>):
    task.yield
  }
  return
}
