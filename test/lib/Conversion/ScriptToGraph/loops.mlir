// RUN: ingotc %s --stop-after=normalize --method=counts --method=fills --method=steps -o %t.mlir && FileCheck %s < %t.mlir

// A loop on data carries plain numbers.
// CHECK-LABEL: func.func @counts
// CHECK: scf.while (%{{.*}}) : (index, i1, index, index) -> (index, index, index)
// CHECK-NOT: tensor
// CHECK: return
func.func @counts(%n: i64 {script.name = "n"}) -> i64 attributes {script.method = "counts"} {
  %c0 = script.constant(0 : i64) : i64
  %c1 = script.constant(1 : i64) : i64
  %c2 = script.constant(2 : i64) : i64
  %forever = script.constant(9223372036854775807 : i64) : i64
  %go = script.aten "aten::gt.int"(%n, %c1) : (i64, i64) -> i1
  %r:2 = script.loop %forever while %go (%n, %c0) : (i64, i1, i64, i64) -> (i64, i64) {
  ^bb0(%i: i64, %v: i64, %count: i64):
    %h = script.aten "aten::floordiv.int"(%v, %c2) : (i64, i64) -> i64
    %k = script.aten "aten::add.int"(%count, %c1) : (i64, i64) -> i64
    %more = script.aten "aten::gt.int"(%h, %c1) : (i64, i64) -> i1
    script.yield %more, %h, %k : i1, i64, i64
  }
  return %r#1 : i64
}

// A list of outside that the body changes is carried element by element.
// CHECK-LABEL: func.func @fills
// CHECK: %[[R:.*]] = scf.for %{{.*}} iter_args(%[[E:.*]] = %{{.*}}) -> (index)
// CHECK: %[[CAST:.*]] = arith.index_cast %[[R]]
// CHECK: return %[[CAST]]
func.func @fills(%n: i64 {script.name = "n"}) -> i64 attributes {script.method = "fills"} {
  %c0 = script.constant(0 : i64) : i64
  %c1 = script.constant(1 : i64) : i64
  %true = script.constant(true) : i1
  %l = script.list(%c0, %c1) : (i64, i64) -> !script.list<i64>
  script.loop %n while %true () : (i64, i1) -> () {
  ^bb0(%i: i64):
    %e = script.aten "aten::__getitem__.t"(%l, %c0) : (!script.list<i64>, i64) -> i64
    %s = script.aten "aten::add.int"(%e, %i) : (i64, i64) -> i64
    %set = script.aten "aten::_set_item.t"(%l, %c0, %s) : (!script.list<i64>, i64, i64) -> !script.list<i64>
    script.yield %true : i1
  }
  %r = script.aten "aten::__getitem__.t"(%l, %c0) : (!script.list<i64>, i64) -> i64
  return %r : i64
}

// Many known iterations are a loop, few are not.
// CHECK-LABEL: func.func @steps
// CHECK: scf.for
// CHECK-NOT: scf.for
// CHECK: return
func.func @steps(%n: i64 {script.name = "n"}) -> i64 attributes {script.method = "steps"} {
  %c3 = script.constant(3 : i64) : i64
  %many = script.constant(1000 : i64) : i64
  %true = script.constant(true) : i1
  %a = script.loop %many while %true (%n) : (i64, i1, i64) -> i64 {
  ^bb0(%i: i64, %v: i64):
    %m = script.aten "aten::mul.int"(%v, %c3) : (i64, i64) -> i64
    script.yield %true, %m : i1, i64
  }
  %b = script.loop %c3 while %true (%a) : (i64, i1, i64) -> i64 {
  ^bb0(%i: i64, %v: i64):
    %m = script.aten "aten::add.int"(%v, %i) : (i64, i64) -> i64
    script.yield %true, %m : i1, i64
  }
  return %b : i64
}
