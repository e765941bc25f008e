// RUN: ingotc %s --stop-after=normalize --input 'x=f32[N]' -o %t.mlir && FileCheck %s < %t.mlir

// A branch that raises is a check, a known loop is unrolled, a branch on data
// that computes tensors computes one side only.
// CHECK-LABEL: func.func @forward
// CHECK: graph.check %{{.*}}, "ValueError" "too few"
// CHECK-COUNT-3: graph.exp
// CHECK: %[[SUM:.*]] = graph.sum
// CHECK: %[[ITEM:.*]] = graph.item %[[SUM]]
// CHECK: %[[C:.*]] = arith.cmpf ogt, %[[ITEM]]
// CHECK: %[[R:.*]] = scf.if %[[C]]
// CHECK: graph.neg
// CHECK: else
// CHECK: graph.abs
// CHECK: return %[[R]]
func.func @forward(%x: !script.tensor {script.name = "x"}) -> !script.tensor attributes {script.method = "forward"} {
  %c0 = script.constant(0 : i64) : i64
  %c2 = script.constant(2 : i64) : i64
  %c3 = script.constant(3 : i64) : i64
  %true = script.constant(true) : i1
  %none = script.constant(unit) : !script.none
  %zero = script.constant(0.0 : f64) : f64
  %message = script.constant("too few") : !script.str
  %n = script.aten "aten::size.int"(%x, %c0) : (!script.tensor, i64) -> i64
  %few = script.aten "aten::lt.int"(%n, %c2) : (i64, i64) -> i1
  script.if %few : (i1) -> () {
    script.raise %message {exception = "builtins.ValueError"} : !script.str
    script.yield
  } else {
    script.yield
  }
  %y = script.loop %c3 while %true (%x) : (i64, i1, !script.tensor) -> !script.tensor {
  ^bb0(%i: i64, %v: !script.tensor):
    %e = script.aten "aten::exp"(%v) : (!script.tensor) -> !script.tensor
    script.yield %true, %e : i1, !script.tensor
  }
  %s = script.aten "aten::sum"(%y, %none) : (!script.tensor, !script.none) -> !script.tensor
  %f = script.aten "aten::Float.Tensor"(%s) : (!script.tensor) -> f64
  %positive = script.aten "aten::gt.float"(%f, %zero) : (f64, f64) -> i1
  %r = script.if %positive : (i1) -> !script.tensor {
    %a = script.aten "aten::neg"(%y) : (!script.tensor) -> !script.tensor
    script.yield %a : !script.tensor
  } else {
    %a = script.aten "aten::abs"(%y) : (!script.tensor) -> !script.tensor
    script.yield %a : !script.tensor
  }
  return %r : !script.tensor
}
