// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s --ingot-hoist-objects | FileCheck %s

// A text and a dict that is only read are made once.
// CHECK-LABEL: func.func @read(
// CHECK: %[[DICT:.*]] = task.call_runtime "dict"
// CHECK-NEXT: task.call_runtime "dict_set"(%[[DICT]],
// CHECK-NOT: task.call_runtime
// CHECK: scf.for
// CHECK-NEXT: scf.if
// CHECK-NEXT: task.call_runtime "dict_get"(%[[DICT]],
func.func @read(%n: index, %b: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %kind = arith.constant 0 : i64
    %int = arith.constant 1 : i64
    %d = task.call_runtime "dict"(%kind, %int) : (i64, i64) -> !task.object
    %k = task.call_runtime "text"() {text = "a"} : () -> !task.object
    task.call_runtime "dict_set"(%d, %k, %int) : (!task.object, !task.object, i64) -> ()
    scf.if %b {
      %v = task.call_runtime "dict_get"(%d, %k) : (!task.object, !task.object) -> i64
    }
  }
  return
}

// Out of the outermost loop.
// CHECK-LABEL: func.func @nested(
// CHECK: task.call_runtime "text"
// CHECK: scf.for
func.func @nested(%n: index, %l: !task.object) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    scf.for %j = %c0 to %n step %c1 {
      %k = task.call_runtime "text"() {text = "a"} : () -> !task.object
      task.call_runtime "list_append"(%l, %k) : (!task.object, !task.object) -> ()
    }
  }
  return
}

// Each iteration has a list of its own where it is changed, or kept elsewhere, or
// holds what may change.
// CHECK-LABEL: func.func @changed(
// CHECK-NOT: task.call_runtime
// CHECK: scf.for
// CHECK: task.call_runtime "list"
// CHECK: task.call_runtime "list"
// CHECK: task.call_runtime "list"
func.func @changed(%n: index, %outer: !task.object) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %int = arith.constant 1 : i64
  %object = arith.constant 0 : i64
  scf.for %i = %c0 to %n step %c1 {
    %changed = task.call_runtime "list"(%int) : (i64) -> !task.object
    %length = task.call_runtime "length"(%changed) : (!task.object) -> i64
    task.call_runtime "list_append"(%changed, %int) : (!task.object, i64) -> ()
    %kept = task.call_runtime "list"(%int) : (i64) -> !task.object
    task.call_runtime "list_append"(%outer, %kept) : (!task.object, !task.object) -> ()
    %holds = task.call_runtime "list"(%object) : (i64) -> !task.object
    task.call_runtime "list_append"(%holds, %outer) : (!task.object, !task.object) -> ()
    %first = task.call_runtime "list_get"(%holds, %object) : (!task.object, i64) -> !task.object
  }
  return
}
