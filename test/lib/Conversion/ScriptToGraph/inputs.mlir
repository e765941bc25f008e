// RUN: not ingotc %s --stop-after=normalize -o %t.mlir 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not ingotc %s --stop-after=normalize --input 'z=f32[3]' -o %t.mlir 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not ingotc %s --stop-after=normalize --input 'x=f32[3]' --input 'n=f32[3]' -o %t.mlir 2>&1 | FileCheck %s --check-prefix=KIND
// RUN: ingotc %s --stop-after=normalize --input 'x=f32[3]' -o %t.mlir && FileCheck %s < %t.mlir

// MISSING: the type of input 'x' of method 'forward' is not in the file: give it with --input 'x=f32[?,3,224,224]'
// NAME: method 'forward' has no input 'z'; it has 'x', 'n', 'scale'
// KIND: input 'n' is an int in the program, but its type was given as a Tensor

// CHECK: func.func @forward(%arg0: tensor<3xf32>{{.*}}, %arg1: i64{{.*}}) -> tensor<3xf32>
// CHECK-SAME: default = true, name = "scale"
// CHECK-SAME: value = 5.000000e-01
func.func @forward(%x: !script.tensor {script.name = "x"}, %n: i64 {script.name = "n"}, %scale: f64 {script.name = "scale", script.default = 0.5 : f64}) -> !script.tensor attributes {script.method = "forward"} {
  %a = script.aten "aten::mul.Scalar"(%x, %n) : (!script.tensor, i64) -> !script.tensor
  %b = script.aten "aten::mul.Scalar"(%a, %scale) : (!script.tensor, f64) -> !script.tensor
  return %b : !script.tensor
}
