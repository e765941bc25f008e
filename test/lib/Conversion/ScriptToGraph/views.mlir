// RUN: ingotc %s --stop-after=normalize --input 'x=f32[N,4]' -o %t.mlir && FileCheck %s < %t.mlir

// A write through a view is seen by its storage and by every other view of it,
// and an input that is written is written back once.
// CHECK-LABEL: func.func @forward(%arg0: tensor<?x4xf32
// CHECK-SAME: mutated = true
// CHECK-SAME: source = "view"
// CHECK-SAME: source = "input"
// CHECK: %[[ROW:.*]] = graph.slice %arg0[%{{.*}}] dim 1 step 1
// CHECK: %[[FLAT:.*]] = graph.reshape %[[ROW]]
// CHECK: %[[SUM:.*]] = graph.add %[[FLAT]]
// CHECK: %[[BACK:.*]] = graph.reshape %[[SUM]]
// CHECK: %[[NEW:.*]] = graph.slice_scatter %arg0, %[[BACK]]
// CHECK: graph.write_back %[[NEW]], %arg0
// The other view is taken of the input after the write.
// CHECK: %[[T:.*]] = graph.alias %arg0 at
// CHECK: return %[[T]]
func.func @forward(%x: !script.tensor {script.name = "x"}) -> !script.tuple<!script.tensor, !script.tensor> attributes {script.method = "forward"} {
  %c1 = script.constant(1 : i64) : i64
  %two = script.constant(2.0 : f64) : f64
  %t = script.aten "aten::t"(%x) : (!script.tensor) -> !script.tensor
  %v = script.aten "aten::select.int"(%x, %c1, %c1) : (!script.tensor, i64, i64) -> !script.tensor
  %w = script.aten "aten::add_.Scalar"(%v, %two, %c1) : (!script.tensor, f64, i64) -> !script.tensor
  %r = script.tuple(%t, %x) : (!script.tensor, !script.tensor) -> !script.tuple<!script.tensor, !script.tensor>
  return %r : !script.tuple<!script.tensor, !script.tensor>
}
