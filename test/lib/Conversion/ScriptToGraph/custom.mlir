// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingotc %s --stop-after=normalize --input 'x=f32[3]' -o %t.mlir && FileCheck %s < %t.mlir
// RUN: ingotc %s --stop-after=linalg --input 'x=f32[3]' -o %t.mlir && FileCheck %s --check-prefix=LINALG < %t.mlir

// An operator that writes an argument gets a copy, read back behind the call, and no
// token; one without results, and one of a declared key, is on a chain; a result is
// guarded to be of the declared type.
// CHECK-LABEL: func.func @forward(
// CHECK: %[[BOX:.*]] = task.box %{{.*}} dtype 6 {task.fresh}
// CHECK: task.call_runtime "call_operator"({{.*}}) {text = "my::accumulate(Tensor x, Tensor(a!) total) -> ()"}
// CHECK-NEXT: %{{.*}} = task.unbox %[[BOX]] dtype 6
// CHECK: %[[LOG:.*]] = graph.make_token "log"
// CHECK-NEXT: %[[NEXT:.*]], %{{.*}} = graph.with_effects %[[LOG]], "my::log"(%{{.*}}) {runtime = "call_operator", text = "my::log(str text) -> ()"}
// CHECK: %[[WIDE:.*]] = task.call_runtime "call_operator"({{.*}}) {text = "my::widen(Tensor x) -> Tensor"}
// CHECK-NEXT: %{{.*}} = task.unbox %[[WIDE]] dtype 7
// CHECK: graph.check %{{.*}}, "RuntimeError" "my::widen: result 0 has size {0} in dimension 1, the program was compiled for 2"
// CHECK: graph.sink_tokens %[[NEXT]]

// LINALG-LABEL: func.func @forward(
// LINALG: task.call_runtime "call_operator"({{.*}}) {text = "my::accumulate
// LINALG: task.call_runtime "call_operator"({{.*}}) {text = "my::log
// LINALG: task.call_runtime "call_operator"({{.*}}) {text = "my::widen
// LINALG-NOT: graph.token
module attributes {script.operators = "my::accumulate(Tensor x, Tensor(a!) total) -> ()\0Amy::log(str text) -> () effect=log\0Amy::widen(Tensor x) -> Tensor results=f64[?,2]\0A"} {
  func.func @forward(%x: !script.tensor {script.name = "x"}) -> (!script.tensor, !script.tensor) attributes {script.method = "forward"} {
    %c1 = script.constant(1 : i64) : i64
    %text = script.constant("here") : !script.str
    %total = script.aten "aten::add.Scalar"(%x, %c1, %c1) : (!script.tensor, i64, i64) -> !script.tensor
    script.aten "my::accumulate"(%x, %total) : (!script.tensor, !script.tensor) -> ()
    script.aten "my::log"(%text) : (!script.str) -> ()
    %wide = script.aten "my::widen"(%total) : (!script.tensor) -> !script.tensor
    return %total, %wide : !script.tensor, !script.tensor
  }
}
