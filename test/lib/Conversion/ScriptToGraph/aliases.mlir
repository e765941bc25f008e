// RUN: ingotc %s --stop-after=normalize --input 'x=f32[?,?]' -o %t.mlir && FileCheck %s < %t.mlir
// RUN: ingotc %s --stop-after=tiled --input 'x=f32[?,?]' -o %t.tiled.mlir && FileCheck %s --check-prefix=TILED < %t.tiled.mlir

// A reshape of an argument is returned as a view of it: no elements move.
// CHECK-LABEL: func.func @forward
// CHECK: graph.alias %arg0 at %{{.*}} sizes(%{{.*}}) strides(%{{.*}})
// TILED-LABEL: func.func @forward
// TILED-NOT: task.launch
// TILED: %[[M:.*]] = task.contiguous 0 : memref<1xf32>
// TILED: memref.reinterpret_cast %[[M]]
// TILED: task.return_value 0
func.func @forward(%x: !script.tensor {script.name = "x"}) -> !script.tensor attributes {script.method = "forward"} {
  %first = script.constant(0 : i64) : i64
  %last = script.constant(-1 : i64) : i64
  %y = script.aten "aten::flatten.using_ints"(%x, %first, %last) : (!script.tensor, i64, i64) -> !script.tensor
  return %y : !script.tensor
}
