// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// CHECK: graph.weight @w : tensor<2xf32>(dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>) {original_name = "layer.bias", parameter}
graph.weight @w : tensor<2xf32> (dense<[1.0, 2.0]> : tensor<2xf32>) {original_name = "layer.bias", parameter}
// CHECK: graph.weight @s : tensor<2xf32>(dense<0.000000e+00> : tensor<2xf32>) {state}
graph.weight @s : tensor<2xf32> (dense<0.0> : tensor<2xf32>) {state}
// CHECK: graph.weight @f : tensor<2x3xbf16>(#graph.file_data<"model.pt", 64, 12>)
graph.weight @f : tensor<2x3xbf16> (#graph.file_data<"model.pt", 64, 12>)

// CHECK-LABEL: func.func @created(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.constant(dense<[1, 2]> : tensor<2xi64>) : tensor<2xi64>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.full %{{[a-z0-9_]+}} : tensor<f32> -> tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.iota dim 1 : tensor<2x3xi64>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.from_scalar %{{[a-z0-9_]+}} : index -> tensor<i64>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.from_scalar %{{[a-z0-9_]+}} : i64 -> tensor<i64>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.from_scalar %{{[a-z0-9_]+}} : f64 -> tensor<f32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.from_scalar %{{[a-z0-9_]+}} : i1 -> tensor<i1>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.item %{{[a-z0-9_]+}} : tensor<f32> -> f64
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.dim %{{[a-z0-9_]+}}, 1 : tensor<2x3xf32>
// CHECK-NEXT: return
func.func @created(%v: tensor<f32>, %i: index, %k: i64, %d: f64, %b: i1, %x: tensor<2x3xf32>) {
  %constant = graph.constant(dense<[1, 2]> : tensor<2xi64>) : tensor<2xi64>
  %full = graph.full %v : tensor<f32> -> tensor<2x3xf32>
  %iota = graph.iota dim 1 : tensor<2x3xi64>
  %from_index = graph.from_scalar %i : index -> tensor<i64>
  %from_int = graph.from_scalar %k : i64 -> tensor<i64>
  %from_float = graph.from_scalar %d : f64 -> tensor<f32>
  %from_bool = graph.from_scalar %b : i1 -> tensor<i1>
  %item = graph.item %v : tensor<f32> -> f64
  %dim = graph.dim %x, 1 : tensor<2x3xf32>
  return
}

// CHECK-LABEL: func.func @symbols(
// CHECK-NEXT: graph.bind_symbol %{{[a-z0-9_]+}} symbol 0
// CHECK-NEXT: graph.check %{{[a-z0-9_]+}}, "RuntimeError" "sizes {0} and {1} differ"(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}})
// CHECK-NEXT: graph.check %{{[a-z0-9_]+}}, "AssertionError" "no values"()
// CHECK-NEXT: return
func.func @symbols(%n: index, %c: i1) {
  graph.bind_symbol %n symbol 0
  graph.check %c, "RuntimeError" "sizes {0} and {1} differ"(%n, %n)
  graph.check %c, "AssertionError" "no values"()
  return
}

// CHECK-LABEL: func.func @state(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.get_weight @w : tensor<2xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.load_state @s : tensor<2xf32>
// CHECK-NEXT: graph.store_state %{{[a-z0-9_]+}}, @s : tensor<2xf32>
// CHECK-NEXT: graph.write_back %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2xf32>, tensor<2xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.alias %{{[a-z0-9_]+}} at %{{[a-z0-9_]+}} sizes(%{{[a-z0-9_]+}}) strides(%{{[a-z0-9_]+}}) : tensor<2xf32> -> tensor<1xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.alias %{{[a-z0-9_]+}} at %{{[a-z0-9_]+}} sizes() strides() : tensor<2xf32> -> tensor<f32>
// CHECK-NEXT: return
func.func @state(%x: tensor<2xf32>, %i: index) {
  %get_weight = graph.get_weight @w : tensor<2xf32>
  %load_state = graph.load_state @s : tensor<2xf32>
  graph.store_state %x, @s : tensor<2xf32>
  graph.write_back %load_state, %x : tensor<2xf32>, tensor<2xf32>
  %alias = graph.alias %x at %i sizes(%i) strides(%i) : tensor<2xf32> -> tensor<1xf32>
  %scalar = graph.alias %x at %i sizes() strides() : tensor<2xf32> -> tensor<f32>
  return
}
