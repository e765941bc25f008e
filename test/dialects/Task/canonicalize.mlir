// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s --cse --canonicalize --loop-invariant-code-motion | FileCheck %s

// Memory asked for twice is two memories; places that do not change are one.
// CHECK-LABEL: func.func @memory(
// CHECK-NEXT: %[[A:.*]] = task.arena %arg0
// CHECK-NEXT: %[[B:.*]] = task.arena %arg0
// CHECK-NEXT: %[[C:.*]] = task.constant @w
// CHECK-NEXT: return %[[A]], %[[B]], %[[C]], %[[C]]
func.func @memory(%n: index) -> (memref<?xi8>, memref<?xi8>, memref<4xf32>, memref<4xf32>) {
  %a = task.arena %n : memref<?xi8>
  %b = task.arena %n : memref<?xi8>
  %c = task.constant @w : memref<4xf32>
  %d = task.constant @w : memref<4xf32>
  %i = task.input 0 : memref<4xf32>
  return %a, %b, %c, %d : memref<?xi8>, memref<?xi8>, memref<4xf32>, memref<4xf32>
}

// What is told to the runtime is told as often as it is written, in its order.
// CHECK-LABEL: func.func @effects(
// CHECK-NEXT: task.print "a"
// CHECK-NEXT: task.print "a"
// CHECK-NEXT: task.check %arg1
// CHECK-NEXT: task.check %arg1
// CHECK-NEXT: task.poll
// CHECK-NEXT: task.poll
// CHECK-NEXT: task.contiguous 0
// CHECK-NEXT: task.launch @kernel
// CHECK-NEXT: task.launch @kernel
// CHECK-NEXT: task.copy
// CHECK-NEXT: task.return_value 0
// CHECK-NEXT: return
func.func private @kernel(index, index, memref<4xf32>)
func.func @effects(%n: index, %c: i1, %x: memref<4xf32>) {
  task.print "a"
  task.print "a"
  task.check %c, "ValueError" "no"()
  task.check %c, "ValueError" "no"()
  task.poll
  task.poll
  %d = task.contiguous 0 : memref<4xf32>
  task.launch @kernel[%n grain %n](%x) : memref<4xf32>
  task.launch @kernel[%n grain %n](%x) : memref<4xf32>
  task.copy %x, %x : memref<4xf32>, memref<4xf32>
  task.return_value 0, %x dtype 6 : memref<4xf32>
  return
}

// Reads of the runtime are not moved over writes, also not out of a loop.
// CHECK-LABEL: func.func @loop(
// CHECK: scf.for
// CHECK-NEXT: %[[N:.*]] = task.call_runtime "length"(%arg0)
// CHECK-NEXT: task.call_runtime "list_append"(%arg0, %[[N]])
// CHECK-NEXT: task.poll
// CHECK-NEXT: }
func.func @loop(%o: !task.object, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %l = task.call_runtime "length"(%o) : (!task.object) -> i64
    task.call_runtime "list_append"(%o, %l) : (!task.object, i64) -> ()
    task.poll
  }
  return
}

// Objects are made anew each time; a tensor in an object is looked at when somebody
// reads it.
// CHECK-LABEL: func.func @objects(
// CHECK-NEXT: %[[A:.*]] = task.call_runtime "list"(%arg1)
// CHECK-NEXT: %[[B:.*]] = task.call_runtime "list"(%arg1)
// CHECK-NEXT: %[[X:.*]] = task.box %arg2
// CHECK-NEXT: %[[Y:.*]] = task.box %arg2
// CHECK-NEXT: return %[[A]], %[[B]], %[[X]], %[[Y]]
func.func @objects(%o: !task.object, %k: i64, %x: memref<4xf32>) -> (!task.object, !task.object, !task.object, !task.object) {
  %a = task.call_runtime "list"(%k) : (i64) -> !task.object
  %b = task.call_runtime "list"(%k) : (i64) -> !task.object
  %c = task.box %x dtype 6 : memref<4xf32>
  %d = task.box %x dtype 6 : memref<4xf32>
  %u = task.unbox %o dtype 6 : memref<4xf32>
  return %a, %b, %c, %d : !task.object, !task.object, !task.object, !task.object
}
