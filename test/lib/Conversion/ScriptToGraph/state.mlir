// RUN: ingotc %s --stop-after=normalize --input 'x=f32[4]' -o %t.mlir && FileCheck %s < %t.mlir

// A buffer that is written is state, loaded and stored; a weight whose dimensions
// are permuted in memory is loaded in memory order.
// CHECK: graph.weight @count : tensor<4xf32>({{.*}}) {original_name = "count", state}
// CHECK: graph.weight @weight : tensor<4x2xf32>({{.*}}) {original_name = "weight", parameter}
// CHECK: %[[OLD:.*]] = graph.load_state @count
// CHECK: %[[NEW:.*]] = graph.add %[[OLD]], %arg0
// CHECK: %[[W:.*]] = graph.get_weight @weight : tensor<4x2xf32>
// CHECK: graph.store_state %[[NEW]], @count
module {
script.instance {
  %w = script.weight "w" {dtype = 6, sizes = array<i64: 2, 4>, strides = array<i64: 1, 2>, storage_offset = 0, offset = 0, nbytes = 32} : !script.tensor
  %c = script.weight "c" {dtype = 6, sizes = array<i64: 4>, strides = array<i64: 1>, storage_offset = 0, offset = 32, nbytes = 16} : !script.tensor
  %r = script.object(%w, %c) {names = ["weight", "count"], is_module, parameters = ["weight"], buffers = ["count"]} : (!script.tensor, !script.tensor) -> !script.object<"M">
  script.yield %r : !script.object<"M">
}
func.func @forward(%self: !script.object<"M">, %x: !script.tensor {script.name = "x"}) -> !script.tensor attributes {script.method = "forward"} {
  %c1 = script.constant(1 : i64) : i64
  %c = script.get_attr %self["count"] : (!script.object<"M">) -> !script.tensor
  %d = script.aten "aten::add_.Tensor"(%c, %x, %c1) : (!script.tensor, !script.tensor, i64) -> !script.tensor
  %w = script.get_attr %self["weight"] : (!script.object<"M">) -> !script.tensor
  %r = script.aten "aten::mv"(%w, %d) : (!script.tensor, !script.tensor) -> !script.tensor
  return %r : !script.tensor
}
}
