// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s --ingot-graph-to-linalg --split-input-file --verify-diagnostics

// What has no lowering is refused by name, at its place.

func.func @sort(%x: tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>> {
  // expected-error@+1 {{'graph.sort' op has no lowering on 'complex<f32>'}}
  %v, %i = graph.sort %x dim 0 descending false : tensor<4xcomplex<f32>> -> tensor<4xcomplex<f32>>, tensor<4xi64>
  return %v : tensor<4xcomplex<f32>>
}

// -----

func.func @amax(%x: tensor<4xcomplex<f32>>) -> tensor<complex<f32>> {
  // expected-error@+1 {{'graph.amax' op has no lowering on 'complex<f32>'}}
  %v = graph.amax %x dims [0] keepdim false : tensor<4xcomplex<f32>> -> tensor<complex<f32>>
  return %v : tensor<complex<f32>>
}

// -----

func.func @argmax(%x: tensor<4xcomplex<f32>>) -> tensor<i64> {
  // expected-error@+1 {{'graph.argmax' op has no lowering on 'complex<f32>'}}
  %v = graph.argmax %x dim 0 keepdim false : tensor<4xcomplex<f32>> -> tensor<i64>
  return %v : tensor<i64>
}

// -----

func.func @cummax(%x: tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>> {
  // expected-error@+1 {{'graph.cummax' op has no lowering on 'complex<f32>'}}
  %v = graph.cummax %x dim 0 : tensor<4xcomplex<f32>>
  return %v : tensor<4xcomplex<f32>>
}

// -----

func.func @matmul(%x: tensor<2x2xi1>) -> tensor<2x2xi1> {
  // expected-error@+1 {{'graph.matmul' op has no lowering on bool}}
  %v = graph.matmul %x, %x : tensor<2x2xi1>, tensor<2x2xi1> -> tensor<2x2xi1>
  return %v : tensor<2x2xi1>
}

// -----

func.func @avg_pool(%x: tensor<1x1x4x4xi1>) -> tensor<1x1x2x2xi1> {
  // expected-error@+1 {{'graph.avg_pool' op has no lowering on 'i1'}}
  %v = graph.avg_pool %x {count_include_pad = true, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : tensor<1x1x4x4xi1> -> tensor<1x1x2x2xi1>
  return %v : tensor<1x1x2x2xi1>
}

// -----

func.func @elementwise(%x: tensor<4xi64>) -> tensor<4xi64> {
  // expected-error@+1 {{'graph.exp' op has no lowering on element type 'i64' with result 'i64'}}
  %v = graph.exp %x : tensor<4xi64>
  return %v : tensor<4xi64>
}

// -----

func.func @resize_mode(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x8x8xf32> {
  // expected-error@+1 {{'graph.resize' op mode must be nearest, nearest-exact, linear or cubic, not area}}
  %v = graph.resize %x {align_corners = false, mode = "area", scales = array<f64: 0.0, 0.0>} : tensor<1x1x4x4xf32> -> tensor<1x1x8x8xf32>
  return %v : tensor<1x1x8x8xf32>
}

// -----

func.func @resize_dtype(%x: tensor<1x1x4x4xi32>) -> tensor<1x1x8x8xi32> {
  // expected-error@+1 {{'graph.resize' op has no lowering of mode linear on 'i32'}}
  %v = graph.resize %x {align_corners = false, mode = "linear", scales = array<f64: 0.0, 0.0>} : tensor<1x1x4x4xi32> -> tensor<1x1x8x8xi32>
  return %v : tensor<1x1x8x8xi32>
}

// -----

func.func @pad_mode(%x: tensor<4xf32>, %v: tensor<f32>) -> tensor<6xf32> {
  // expected-error@+1 {{'graph.pad' op mode must be constant, reflect, replicate or circular, not wrap}}
  %y = graph.pad %x, %v low [1] high [1] "wrap" : tensor<4xf32>, tensor<f32> -> tensor<6xf32>
  return %y : tensor<6xf32>
}

// -----

func.func @scatter(%x: tensor<4xf32>, %i: tensor<2xi64>, %s: tensor<2xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'graph.scatter' op reduction must be none, sum, prod, amax or amin, not mean}}
  %y = graph.scatter %x, %i, %s dim 0 "mean" : tensor<4xf32>, tensor<2xi64>, tensor<2xf32> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @effect(%x: tensor<4xf32>) {
  %t = graph.make_token "ordered"
  // expected-error@+1 {{'graph.with_effects' op effectful operator my::log has no lowering}}
  %n = graph.with_effects %t, "my::log"(%x) : (tensor<4xf32>) -> ()
  graph.sink_tokens %n
  return
}

// -----

// A size that nobody has bound, and one that is not written at all.
func.func @unbound(%x: tensor<4xf32>) -> tensor<?xf32, #graph.sizes<()[s0] -> (s0)>> {
  // expected-error@+1 {{'graph.expand' op size 0 of result 0 uses a symbol that graph.bind_symbol has not bound here}}
  %y = graph.expand %x : tensor<4xf32> -> tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>
  return %y : tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>
}

// -----

func.func @unwritten(%v: tensor<f32>) -> tensor<?xf32> {
  // expected-error@+1 {{'graph.full' op size 0 of result 0 is dynamic and has no expression in #graph.sizes}}
  %y = graph.full %v : tensor<f32> -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

func.func @dim(%x: tensor<4x?xf32, #graph.sizes<()[s0] -> (4, s0)>>, %i: index) -> index {
  // expected-error@+1 {{'tensor.dim' op must be of a constant dimension}}
  %d = tensor.dim %x, %i : tensor<4x?xf32, #graph.sizes<()[s0] -> (4, s0)>>
  return %d : index
}

// -----

// All of them are told, not the first one only.
func.func @all(%x: tensor<4xi64>, %y: tensor<2x2xi1>) -> (tensor<4xi64>, tensor<2x2xi1>) {
  // expected-error@+1 {{'graph.exp' op has no lowering on element type 'i64'}}
  %v = graph.exp %x : tensor<4xi64>
  // expected-error@+1 {{'graph.matmul' op has no lowering on bool}}
  %w = graph.matmul %y, %y : tensor<2x2xi1>, tensor<2x2xi1> -> tensor<2x2xi1>
  return %v, %w : tensor<4xi64>, tensor<2x2xi1>
}
