// RUN: ingotc %s --stop-after=normalize --input 'x=f32[N,4]' --input 'y=i64[M,1]' -o %t.mlir && FileCheck %s < %t.mlir

// A size that may be 1 only at run time: the result's size is a new symbol, and
// the mismatch raises torch's error. i64 joins f32 in f32.
// CHECK-LABEL: func.func @forward
// CHECK: graph.cast %arg1 {{.*}} -> tensor<?x1xf32
// CHECK: graph.check %{{.*}}, "RuntimeError" "The size of tensor a ({0}) must match the size of tensor b ({1}) at non-singleton dimension 0"
// CHECK: %[[SIZE:.*]] = arith.select %{{.*}}, %{{.*}}, %{{.*}} : index
// CHECK: graph.bind_symbol %[[SIZE]] symbol 2
// CHECK: graph.mul {{.*}} : tensor<?x4xf32, #graph.sizes<()[s0, s1, s2] -> (s2, 4)>>
func.func @forward(%x: !script.tensor {script.name = "x"}, %y: !script.tensor {script.name = "y"}) -> !script.tensor attributes {script.method = "forward"} {
  %r = script.aten "aten::mul.Tensor"(%x, %y) : (!script.tensor, !script.tensor) -> !script.tensor
  return %r : !script.tensor
}
