// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-graph-to-linalg --canonicalize %s | FileCheck %s

!n = tensor<?x4xf32, #graph.sizes<()[s0] -> (s0, 4)>>

// Numbers of the host become tensors: f16 by way of f32 as torch does, i1 as x != 0.
// CHECK-LABEL: func.func @scalars(
// CHECK: %[[I:.*]] = arith.index_cast %arg0 : index to i64
// CHECK: arith.trunci %[[I]] : i64 to i32
// CHECK: %[[F:.*]] = arith.truncf %arg2 : f64 to f32
// CHECK: arith.truncf %[[F]] : f32 to f16
// CHECK: arith.cmpi ne, %arg1, %c0_i64
// CHECK: arith.uitofp %arg3 : i1 to f32
func.func @scalars(%i: index, %k: i64, %d: f64, %b: i1) -> (tensor<i32>, tensor<f16>, tensor<i1>, tensor<f32>) {
  %a = graph.from_scalar %i : index -> tensor<i32>
  %c = graph.from_scalar %d : f64 -> tensor<f16>
  %e = graph.from_scalar %k : i64 -> tensor<i1>
  %f = graph.from_scalar %b : i1 -> tensor<f32>
  return %a, %c, %e, %f : tensor<i32>, tensor<f16>, tensor<i1>, tensor<f32>
}

// And back; unsigned bytes grow without a sign.
// CHECK-LABEL: func.func @items(
// CHECK: %[[X:.*]] = tensor.extract %arg0[%c0, %c0]
// CHECK: arith.extf %[[X]] : f32 to f64
// CHECK: %[[Y:.*]] = tensor.extract %arg1[] : tensor<i8>
// CHECK: arith.extui %[[Y]] : i8 to i64
// CHECK-NOT: arith.extsi
// CHECK: return
func.func @items(%x: tensor<1x1xf32>, %y: tensor<ui8>) -> (f64, i64) {
  %a = graph.item %x : tensor<1x1xf32> -> f64
  %b = graph.item %y : tensor<ui8> -> i64
  return %a, %b : f64, i64
}

// A size is its symbol's value, not another question to the tensor.
// CHECK-LABEL: func.func @sizes(
// CHECK-NOT: tensor.dim
// CHECK: tensor.empty(%arg2) : tensor<?x4xf32>
// CHECK: return %arg2, %c4
func.func @sizes(%x: !n, %v: tensor<f32>, %n: index) -> (index, index, !n) {
  graph.bind_symbol %n symbol 0
  %a = graph.dim %x, 0 : !n
  %b = graph.dim %x, 1 : !n
  %c = graph.full %v : tensor<f32> -> !n
  return %a, %b, %c : index, index, !n
}

// CHECK-LABEL: func.func @iota(
// CHECK: linalg.index 1
// CHECK: arith.sitofp
func.func @iota() -> tensor<2x3xf32> {
  %a = graph.iota dim 1 : tensor<2x3xf32>
  return %a : tensor<2x3xf32>
}

// Weights and states stay what they are: memory is for code generation to find.
// CHECK-LABEL: func.func @state(
// CHECK-NEXT: %[[W:.*]] = graph.get_weight @w
// CHECK-NEXT: %[[S:.*]] = graph.load_state @s
// CHECK-NEXT: graph.store_state %arg0, @s
// CHECK-NEXT: graph.write_back %[[S]], %arg0
// CHECK-NEXT: return %[[W]], %[[S]]
graph.weight @w : tensor<2xf32> (dense<1.0> : tensor<2xf32>)
graph.weight @s : tensor<2xf32> (dense<1.0> : tensor<2xf32>) {state}
func.func @state(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %w = graph.get_weight @w : tensor<2xf32>
  %s = graph.load_state @s : tensor<2xf32>
  graph.store_state %x, @s : tensor<2xf32>
  graph.write_back %s, %x : tensor<2xf32>, tensor<2xf32>
  return %w, %s : tensor<2xf32>, tensor<2xf32>
}
