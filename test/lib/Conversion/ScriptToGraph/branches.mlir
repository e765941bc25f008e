// RUN: ingotc %s --stop-after=normalize --method=numbers --method=writes --method=effects --input 'writes:x=f32[N]' -o %t.mlir && FileCheck %s < %t.mlir

// Numbers of cheap sides are selected: no blocks.
// CHECK-LABEL: func.func @numbers
// CHECK-NOT: scf.if
// CHECK: arith.select
// CHECK: return
func.func @numbers(%n: i64 {script.name = "n"}, %p: i1 {script.name = "p"}) -> i64 attributes {script.method = "numbers"} {
  %c1 = script.constant(1 : i64) : i64
  %r = script.if %p : (i1) -> i64 {
    %a = script.aten "aten::add.int"(%n, %c1) : (i64, i64) -> i64
    script.yield %a : i64
  } else {
    %a = script.aten "aten::sub.int"(%n, %c1) : (i64, i64) -> i64
    script.yield %a : i64
  }
  return %r : i64
}

// What one side writes is a result of the branch, seen through other names too;
// the argument is written back once.
// CHECK-LABEL: func.func @writes
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK: %[[NEW:.*]] = scf.if
// CHECK: %[[SUM:.*]] = graph.add
// CHECK: scf.yield %[[SUM]]
// CHECK: else
// CHECK: scf.yield %[[X]]
// CHECK: graph.exp %[[NEW]]
// CHECK: graph.write_back %[[NEW]], %[[X]]
func.func @writes(%x: !script.tensor {script.name = "x"}, %p: i1 {script.name = "p"}) -> !script.tensor attributes {script.method = "writes"} {
  %c1 = script.constant(1 : i64) : i64
  script.if %p : (i1) -> () {
    %a = script.aten "aten::add_.Scalar"(%x, %c1, %c1) : (!script.tensor, i64, i64) -> !script.tensor
    script.yield
  } else {
    script.yield
  }
  %e = script.aten "aten::exp"(%x) : (!script.tensor) -> !script.tensor
  return %e : !script.tensor
}

// One chain of effects goes through the branch, though it begins on one side.
// CHECK-LABEL: func.func @effects
// CHECK: %[[T0:.*]] = graph.make_token
// CHECK: %[[T1:.*]] = scf.if
// CHECK: %[[T2:.*]] = graph.with_effects %[[T0]], "prim::Print"
// CHECK: scf.yield %[[T2]]
// CHECK: else
// CHECK: scf.yield %[[T0]]
// CHECK: %[[T3:.*]] = scf.for {{.*}} iter_args(%[[T:.*]] = %[[T1]])
// CHECK: %[[T4:.*]] = graph.with_effects %[[T]], "prim::Print"
// CHECK: scf.yield %[[T4]]
// CHECK: graph.sink_tokens %[[T3]]
func.func @effects(%n: i64 {script.name = "n"}, %p: i1 {script.name = "p"}) -> i64 attributes {script.method = "effects"} {
  %text = script.constant("yes") : !script.str
  %true = script.constant(true) : i1
  script.if %p : (i1) -> () {
    script.aten "prim::Print"(%text) : (!script.str) -> ()
    script.yield
  } else {
    script.yield
  }
  script.loop %n while %true () : (i64, i1) -> () {
  ^bb0(%i: i64):
    script.aten "prim::Print"(%text) : (!script.str) -> ()
    script.yield %true : i1
  }
  return %n : i64
}
