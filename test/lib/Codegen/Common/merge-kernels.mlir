// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-merge-kernels %s | FileCheck %s

// One body, from whatever line of the source: one kernel. Other bodies, other types
// and other attributes: others. What nobody launches goes, what a kernel calls stays,
// and so does what is no kernel.
// CHECK: func.func private @first(
// CHECK-NOT: @same
// CHECK: func.func private @other_body(
// CHECK: func.func private @other_type(
// CHECK: func.func private @other_attribute(
// CHECK-NOT: @unused
// CHECK: func.func private @called(
// CHECK: func.func private @caller(
// CHECK: func.func private @no_kernel(
func.func private @first(%b: index, %e: index, %x: memref<4xf32>) attributes {task.kernel} {
  %v = memref.load %x[%b] : memref<4xf32> loc("a.py":1:1)
  memref.store %v, %x[%b] : memref<4xf32>
  return
}
func.func private @same(%b: index, %e: index, %x: memref<4xf32>) attributes {task.kernel} {
  %v = memref.load %x[%b] : memref<4xf32> loc("b.py":7:2)
  memref.store %v, %x[%b] : memref<4xf32>
  return
}
func.func private @other_body(%b: index, %e: index, %x: memref<4xf32>) attributes {task.kernel} {
  %v = memref.load %x[%e] : memref<4xf32>
  memref.store %v, %x[%b] : memref<4xf32>
  return
}
func.func private @other_type(%b: index, %e: index, %x: memref<4xi32>) attributes {task.kernel} {
  %v = memref.load %x[%b] : memref<4xi32>
  memref.store %v, %x[%b] : memref<4xi32>
  return
}
func.func private @other_attribute(%b: index, %e: index, %x: memref<4xf32> {llvm.noalias}) attributes {task.kernel} {
  %v = memref.load %x[%b] : memref<4xf32>
  memref.store %v, %x[%b] : memref<4xf32>
  return
}
func.func private @unused(%b: index, %e: index) attributes {task.kernel} {
  return
}
func.func private @called(%x: memref<4xf32>) attributes {task.kernel} {
  return
}
func.func private @caller(%b: index, %e: index, %x: memref<4xf32>) attributes {task.kernel} {
  func.call @called(%x) : (memref<4xf32>) -> ()
  return
}
func.func private @no_kernel() {
  return
}

// CHECK-LABEL: func.func @f(
// CHECK-NEXT: task.launch @first[
// CHECK-NEXT: task.launch @first[
// CHECK-NEXT: task.launch @other_body[
// CHECK-NEXT: task.launch @other_type[
// CHECK-NEXT: task.launch @other_attribute[
// CHECK-NEXT: task.launch @caller[
// CHECK-NEXT: return
func.func @f(%n: index, %x: memref<4xf32>, %i: memref<4xi32>) {
  task.launch @first[%n grain %n](%x) : memref<4xf32>
  task.launch @same[%n grain %n](%x) : memref<4xf32>
  task.launch @other_body[%n grain %n](%x) : memref<4xf32>
  task.launch @other_type[%n grain %n](%i) : memref<4xi32>
  task.launch @other_attribute[%n grain %n](%x) : memref<4xf32>
  task.launch @caller[%n grain %n](%x) : memref<4xf32>
  return
}
