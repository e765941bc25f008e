// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --task-to-llvm %s | FileCheck %s

// A kernel that asks for scratch gets the call; without memory, which the runtime has
// made the call's error, its chunk ends.

// CHECK: llvm.func internal @kernel({{.*}} %[[CALL:arg[0-9]+]]: !llvm.ptr) attributes
// CHECK: %[[TABLE:.*]] = llvm.load %[[CALL]]
// CHECK: %[[SLOT:.*]] = llvm.getelementptr {{.*}}%[[TABLE]]
// CHECK: %[[FUNCTION:.*]] = llvm.load %[[SLOT]]
// CHECK: %[[MEMORY:.*]] = llvm.call %[[FUNCTION]](%[[CALL]], %{{.*}}) : !llvm.ptr, (!llvm.ptr, i64) -> !llvm.ptr
// CHECK: %[[SOME:.*]] = llvm.icmp "ne" %[[MEMORY]]
// CHECK: llvm.cond_br %[[SOME]] weights([2000, 1]), ^{{.*}}, ^[[NONE:bb[0-9]+]]
// CHECK: llvm.store
// CHECK: ^[[NONE]]:
// CHECK-NEXT: llvm.return
func.func private @kernel(%begin: index, %end: index, %y: memref<?xi8>) attributes {task.kernel} {
  %n = arith.constant 64 : index
  %c1 = arith.constant 1 : index
  %byte = arith.constant 7 : i8
  %x = task.worker_scratch %n : memref<?xi8>
  scf.for %i = %begin to %end step %c1 {
    memref.store %byte, %x[%i] : memref<?xi8>
    memref.store %byte, %y[%i] : memref<?xi8>
  }
  return
}

// CHECK: llvm.func hidden @forward(%[[OWN:arg[0-9]+]]: !llvm.ptr
// CHECK: llvm.store %[[OWN]], 
func.func @forward() attributes {ingot.method = "forward"} {
  %c8 = arith.constant 8 : index
  %c1 = arith.constant 1 : index
  %y = task.arena %c8 : memref<?xi8>
  task.launch @kernel[%c8 grain %c1](%y) : memref<?xi8>
  return
}
