// RUN: ingotc %s --stop-after=normalize --input 'x=f32[3]' -o %t.mlir && FileCheck %s < %t.mlir

// Effects stand on one chain, in program order; an await runs at its first wait
// and once; a fork runs at once.
// CHECK-LABEL: func.func @forward
// CHECK: %[[T:.*]] = graph.make_token "ordered"
// CHECK: %[[A:.*]] = graph.with_effects %[[T]], "prim::Print"() {text = "start 1 2.\0A"}
// CHECK: %[[B:.*]] = graph.with_effects %[[A]], "prim::Print"() {text = "awaited\0A"}
// CHECK: graph.relu
// CHECK-NOT: with_effects
// CHECK: graph.sink_tokens %[[B]]
func.func @forward(%x: !script.tensor {script.name = "x"}) -> !script.tensor attributes {script.method = "forward"} {
  %c1 = script.constant(1 : i64) : i64
  %two = script.constant(2.0 : f64) : f64
  %start = script.constant("start") : !script.str
  %w = script.awaitable @body(%x) : (!script.tensor) -> !script.await<!script.tensor>
  %f = script.fork @silent(%x) : (!script.tensor) -> !script.future<!script.tensor>
  script.aten "prim::Print"(%start, %c1, %two) : (!script.str, i64, f64) -> ()
  %a = script.wait %w : (!script.await<!script.tensor>) -> !script.tensor
  %b = script.wait %w : (!script.await<!script.tensor>) -> !script.tensor
  %c = script.wait %f : (!script.future<!script.tensor>) -> !script.tensor
  %s = script.aten "aten::add.Tensor"(%a, %b, %c1) : (!script.tensor, !script.tensor, i64) -> !script.tensor
  %r = script.aten "aten::add.Tensor"(%s, %c, %c1) : (!script.tensor, !script.tensor, i64) -> !script.tensor
  return %r : !script.tensor
}
func.func private @body(%x: !script.tensor) -> !script.tensor {
  %m = script.constant("awaited") : !script.str
  script.aten "prim::Print"(%m) : (!script.str) -> ()
  %r = script.aten "aten::relu"(%x) : (!script.tensor) -> !script.tensor
  return %r : !script.tensor
}
func.func private @silent(%x: !script.tensor) -> !script.tensor {
  %r = script.aten "aten::neg"(%x) : (!script.tensor) -> !script.tensor
  return %r : !script.tensor
}
