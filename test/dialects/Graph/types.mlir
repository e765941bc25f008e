// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: split-file %s %t
// RUN: ingot-opt %t/good.mlir | ingot-opt | FileCheck %t/good.mlir
// RUN: ingot-opt %t/good.mlir --emit-bytecode | ingot-opt | FileCheck %t/good.mlir
// RUN: ingot-opt %t/invalid.mlir --split-input-file --verify-diagnostics

//--- good.mlir
// Each symbol has a number; every size is an expression of them.
// CHECK-LABEL: func.func private @sizes(
// CHECK-SAME: tensor<?x4xf32, #graph.sizes<()[s0] -> (s0, 4)>>
// CHECK-SAME: tensor<?x?xf32, #graph.sizes<()[s0, s1] -> (s1, s0 * 2 + 1)>>
// CHECK-SAME: tensor<?xf32, #graph.sizes<()[s0] -> (s0 floordiv 3)>>
// CHECK-SAME: tensor<2x3xf32, #graph.sizes<() -> (2, 3)>>
// CHECK-SAME: tensor<f32, #graph.sizes<() -> ()>>
func.func private @sizes(
  tensor<?x4xf32, #graph.sizes<()[s0] -> (s0, 4)>>,
  tensor<?x?xf32, #graph.sizes<()[s0, s1] -> (s1, s0 * 2 + 1)>>,
  tensor<?xf32, #graph.sizes<()[s0] -> (s0 floordiv 3)>>,
  tensor<2x3xf32, #graph.sizes<() -> (2, 3)>>,
  tensor<f32, #graph.sizes<() -> ()>>)

// CHECK-LABEL: func.func private @others(
// CHECK-SAME: !graph.token
// CHECK-SAME: {test.data = #graph.file_data<"a file.pt", 4294967296, 8>}
func.func private @others(!graph.token {test.data = #graph.file_data<"a file.pt", 4294967296, 8>})

//--- invalid.mlir
// expected-error@+1 {{#graph.sizes has 1 sizes for a tensor of rank 2}}
func.func private @rank(tensor<?x4xf32, #graph.sizes<()[s0] -> (s0)>>)

// -----

// expected-error@+1 {{#graph.sizes takes symbols only, no dimensions}}
func.func private @dimensions(tensor<?xf32, #graph.sizes<(d0) -> (d0)>>)

// -----

// expected-error@+1 {{#graph.sizes affine_map<()[s0] -> (s0)> contradicts the type's 4}}
func.func private @symbol_of_static(tensor<4xf32, #graph.sizes<()[s0] -> (s0)>>)

// -----

// expected-error@+1 {{#graph.sizes affine_map<() -> (4)> contradicts the type's ?}}
func.func private @constant_of_dynamic(tensor<?xf32, #graph.sizes<() -> (4)>>)

// -----

// expected-error@+1 {{#graph.sizes affine_map<() -> (4)> contradicts the type's 5}}
func.func private @other_constant(tensor<5xf32, #graph.sizes<() -> (4)>>)
