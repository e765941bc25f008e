// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --mark-attempts %s | FileCheck %s --check-prefix=MARK
// RUN: ingot-opt --task-to-llvm %s | FileCheck %s

// What can raise goes to the innermost attempt around it; what takes an error, to the next one.
// MARK-LABEL: func.func @forward
// MARK: task.check {{.*}} "outside"(){{$}}
// MARK: task.check {{.*}} "outer"() {task.handler = 0 : i64}
// MARK: task.check {{.*}} "inner"() {task.handler = 1 : i64}
// MARK: else
// MARK: "take_error"() {task.attempt = 1 : i64, task.handler = 0 : i64}
// MARK: "raise_error"({{.*}}) {task.handler = 0 : i64}
// MARK: else
// MARK: "take_error"() {task.attempt = 0 : i64}

// CHECK-LABEL: llvm.func hidden @forward
// CHECK: %[[TRUE:.*]] = llvm.mlir.constant(true) : i1
// CHECK: llvm.cond_br %[[TRUE]], ^{{bb[0-9]+}}, ^[[OUTER:bb[0-9]+]]
// CHECK: llvm.cond_br %{{.*}} weights([2000, 1]), ^{{bb[0-9]+}}, ^[[OUTER_CHECK:bb[0-9]+]]
// CHECK: llvm.cond_br %[[TRUE]], ^{{bb[0-9]+}}, ^[[INNER:bb[0-9]+]]
// CHECK: llvm.cond_br %{{.*}} weights([2000, 1]), ^{{bb[0-9]+}}, ^[[INNER_CHECK:bb[0-9]+]]
// CHECK: ^[[OUTER_CHECK]]:
// CHECK: llvm.call
// CHECK-NEXT: llvm.br ^[[OUTER]]
// CHECK: ^[[INNER_CHECK]]:
// CHECK: llvm.call
// CHECK-NEXT: llvm.br ^[[INNER]]
func.func @forward() attributes {ingot.method = "forward"} {
  %a = task.input 0 : i1
  %b = task.input 1 : i1
  %c = task.input 2 : i1
  task.check %a, "ValueError" "outside" ()
  %try = task.attempt
  %error = scf.if %try -> (!task.object) {
    task.check %b, "ValueError" "outer" ()
    %again = task.attempt
    %1 = scf.if %again -> (!task.object) {
      task.check %c, "ValueError" "inner" ()
      %none = task.call_runtime "none"() : () -> !task.object
      scf.yield %none : !task.object
    } else {
      %kept = task.call_runtime "take_error"() : () -> !task.object
      scf.yield %kept : !task.object
    }
    task.call_runtime "raise_error"(%1) : (!task.object) -> ()
    scf.yield %1 : !task.object
  } else {
    %kept = task.call_runtime "take_error"() : () -> !task.object
    %same = task.keep %kept : !task.object
    scf.yield %same : !task.object
  }
  task.return_value 0, %error dtype 0 : !task.object
  return
}
