// RUN: ingotc %s --stop-after=normalize --input 'x=f32[N,M,6]' -o %t.mlir && FileCheck %s < %t.mlir

// view(N * M, 6) and back keep provably equal sizes; -1 is inferred, and what
// torch checks is checked at run time with torch's message.
// CHECK-LABEL: func.func @forward
// CHECK: %[[FLAT:.*]] = graph.reshape %arg0 : {{.*}} -> tensor<?x6xf32, #graph.sizes<()[s0, s1] -> (s0 * s1, 6)>>
// CHECK: %[[BACK:.*]] = graph.reshape %{{.*}} : {{.*}} -> tensor<?x?x6xf32, #graph.sizes<()[s0, s1] -> (s0, s1, 6)>>
// CHECK-NOT: graph.expand
// CHECK: graph.add %{{.*}}, %arg0
// CHECK: graph.check %{{.*}}, "IndexError" "select(): index {0} out of range for tensor of size [{1}, {2}, 6] at dimension 1"
func.func @forward(%x: !script.tensor {script.name = "x"}) -> !script.tensor attributes {script.method = "forward"} {
  %c0 = script.constant(0 : i64) : i64
  %c1 = script.constant(1 : i64) : i64
  %m1 = script.constant(-1 : i64) : i64
  %c6 = script.constant(6 : i64) : i64
  %n = script.aten "aten::size.int"(%x, %c0) : (!script.tensor, i64) -> i64
  %m = script.aten "aten::size.int"(%x, %c1) : (!script.tensor, i64) -> i64
  %s = script.list(%m1, %c6) : (i64, i64) -> !script.list<i64>
  %f = script.aten "aten::view"(%x, %s) : (!script.tensor, !script.list<i64>) -> !script.tensor
  %r = script.aten "aten::relu"(%f) : (!script.tensor) -> !script.tensor
  %s2 = script.list(%n, %m, %c6) : (i64, i64, i64) -> !script.list<i64>
  %g = script.aten "aten::view"(%r, %s2) : (!script.tensor, !script.list<i64>) -> !script.tensor
  %h = script.aten "aten::add.Tensor"(%g, %x, %c1) : (!script.tensor, !script.tensor, i64) -> !script.tensor
  %l = script.aten "aten::select.int"(%h, %c1, %m1) : (!script.tensor, i64, i64) -> !script.tensor
  return %l : !script.tensor
}
