// RUN: ingot-opt --ingot-graph-to-linalg --canonicalize --cse -split-input-file -verify-diagnostics %s | FileCheck %s

// Unsigned integers are signless from here on; the operations know.
// CHECK-LABEL: func.func @unsigned(%arg0: tensor<4xi8>, %arg1: tensor<4xi8>) -> tensor<4xi8>
// CHECK: arith.maxui
func.func @unsigned(%x: tensor<4xui8>, %y: tensor<4xui8>) -> tensor<4xui8> {
  %z = graph.maximum %x, %y : tensor<4xui8>
  return %z : tensor<4xui8>
}

// -----

// An integer division asks once, on the host, for zero divisors.
// CHECK-LABEL: func.func @divide
// CHECK: linalg.generic {{.*}}"reduction"
// CHECK: graph.check {{.*}} "RuntimeError" "ZeroDivisionError"
// CHECK: arith.divsi
func.func @divide(%x: tensor<4xi64>, %y: tensor<4xi64>) -> tensor<4xi64> {
  %z = graph.floor_divide %x, %y : tensor<4xi64>
  return %z : tensor<4xi64>
}

// -----

// Not by a constant.
// CHECK-LABEL: func.func @divide_by_constant
// CHECK-NOT: graph.check
// CHECK: return
func.func @divide_by_constant(%x: tensor<4xi64>) -> tensor<4xi64> {
  %two = graph.constant(dense<2> : tensor<i64>) : tensor<i64>
  %y = graph.expand %two : tensor<i64> -> tensor<4xi64>
  %z = graph.floor_divide %x, %y : tensor<4xi64>
  return %z : tensor<4xi64>
}

// -----

// A size that may be 1 at run time is checked and read modulo that.
// CHECK-LABEL: func.func @maybe_one
// CHECK: graph.check {{.*}} "RuntimeError" "The size of tensor a ({0}) must match the size of tensor b ({1}) at non-singleton dimension 0"
// CHECK: tensor.extract
func.func @maybe_one(%x: tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>, %y: tensor<?xf32, #graph.sizes<()[s0, s1] -> (s1)>>) -> tensor<?xf32, #graph.sizes<()[s0] -> (s0)>> {
  %n = graph.dim %x, 0 : tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>
  graph.bind_symbol %n symbol 0
  %m = graph.dim %y, 0 : tensor<?xf32, #graph.sizes<()[s0, s1] -> (s1)>>
  graph.bind_symbol %m symbol 1
  %e = graph.expand %y : tensor<?xf32, #graph.sizes<()[s0, s1] -> (s1)>> -> tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>
  %z = graph.add %x, %e : tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>
  return %z : tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>
}

// -----

// All that has no lowering is told.
func.func @unsupported(%x: tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>> {
  // expected-error @+1 {{'graph.erf' op has no lowering on element type 'complex<f32>'}}
  %y = graph.erf %x : tensor<4xcomplex<f32>>
  // expected-error @+1 {{'graph.floor' op has no lowering on element type 'complex<f32>'}}
  %z = graph.floor %x : tensor<4xcomplex<f32>>
  %w = graph.add %y, %z : tensor<4xcomplex<f32>>
  return %w : tensor<4xcomplex<f32>>
}

// -----

func.func @unbound(%x: tensor<4xf32>) -> tensor<?xf32, #graph.sizes<()[s0] -> (s0)>> {
  // expected-error @+1 {{size 0 of result 0 uses a symbol that graph.bind_symbol has not bound here}}
  %y = graph.reshape %x : tensor<4xf32> -> tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>
  return %y : tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>
}
