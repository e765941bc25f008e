// RUN: split-file %s %t
// RUN: ingot-opt %t/good.mlir --cse --canonicalize | FileCheck %t/good.mlir
// RUN: not ingot-opt %t/name.mlir 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not ingot-opt %t/operand.mlir 2>&1 | FileCheck %s --check-prefix=OPERAND
// RUN: not ingot-opt %t/count.mlir 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: not ingot-opt %t/text.mlir 2>&1 | FileCheck %s --check-prefix=TEXT

// NAME: calls "list_grow", which the runtime does not have
// OPERAND: operand 1 of "list_get" must be of type 'i' of (o, i)
// COUNT: "length" takes 1 operands
// TEXT: needs a text

//--- good.mlir
// Reads are one; an unused object goes; what can raise stays, in its place.
// CHECK-LABEL: func.func @f
// CHECK: %[[N:.*]] = task.call_runtime "length"(%arg0)
// CHECK-NEXT: task.call_runtime "list_append"(%arg0, %[[N]])
// CHECK-NEXT: task.call_runtime "list_get"(%arg0, %[[N]])
// CHECK-NEXT: %[[M:.*]] = task.call_runtime "length"(%arg0)
// CHECK-NEXT: %[[S:.*]] = arith.addi %[[N]], %[[M]]
// CHECK-NEXT: return %[[S]]
func.func @f(%l: !task.object) -> i64 {
  %n = task.call_runtime "length"(%l) : (!task.object) -> i64
  %t = task.call_runtime "text"() {text = "abc"} : () -> !task.object
  %m = task.call_runtime "length"(%l) : (!task.object) -> i64
  task.call_runtime "list_append"(%l, %m) : (!task.object, i64) -> ()
  %e = task.call_runtime "list_get"(%l, %n) : (!task.object, i64) -> f64
  %k = task.call_runtime "length"(%l) : (!task.object) -> i64
  %s = arith.addi %n, %k : i64
  return %s : i64
}

//--- name.mlir
func.func @f(%l: !task.object) {
  task.call_runtime "list_grow"(%l) : (!task.object) -> ()
  return
}

//--- operand.mlir
func.func @f(%l: !task.object, %i: f64) {
  %e = task.call_runtime "list_get"(%l, %i) : (!task.object, f64) -> i64
  return
}

//--- count.mlir
func.func @f(%l: !task.object) {
  %n = task.call_runtime "length"(%l, %l) : (!task.object, !task.object) -> i64
  return
}

//--- text.mlir
func.func @f() {
  %n = task.call_runtime "text"() : () -> !task.object
  return
}
