// RUN: not ingotc %s --stop-after=normalize --input 'x=f32[3]' -o %t.mlir 2>&1 | FileCheck %s

// All operators that cannot be compiled are told at once, with their places; what
// follows from their results is not.
// CHECK: error: 2 things in the program cannot be compiled yet
// CHECK: model.py:7:3
// CHECK: 'mylib::other'
// CHECK: model.py:9:5
// CHECK: 'mylib::thing'
// CHECK-NOT: relu
func.func @forward(%x: !script.tensor {script.name = "x"}) -> !script.tensor attributes {script.method = "forward"} {
  %a, %b = script.aten "mylib::other"(%x) : (!script.tensor) -> (!script.tensor, !script.tensor) loc("model.py":7:3)
  %c = script.aten "aten::relu"(%a) : (!script.tensor) -> !script.tensor loc("model.py":8:3)
  %d = script.aten "mylib::thing"(%x) : (!script.tensor) -> !script.tensor loc("model.py":9:5)
  return %c : !script.tensor
}
