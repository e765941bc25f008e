// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s --split-input-file --verify-diagnostics

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

func.func @unary_type(%x: tensor<2xf32>) {
  // expected-error@+1 {{'graph.exp' op requires the same type for all operands and results}}
  %y = "graph.exp"(%x) : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

// Nothing is promoted or broadcast in silence.
func.func @binary_dtype(%x: tensor<2xf32>, %y: tensor<2xf64>) {
  // expected-error@+1 {{'graph.add' op requires the same type for all operands and results}}
  %z = "graph.add"(%x, %y) : (tensor<2xf32>, tensor<2xf64>) -> tensor<2xf32>
  return
}

// -----

func.func @binary_broadcast(%x: tensor<2xf32>, %y: tensor<1xf32>) {
  // expected-error@+1 {{'graph.mul' op requires the same type for all operands and results}}
  %z = "graph.mul"(%x, %y) : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  return
}

// -----

// Sizes that have one shape but not one expression are not equal.
func.func @binary_symbols(%x: tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>, %y: tensor<?xf32, #graph.sizes<()[s0, s1] -> (s1)>>) {
  // expected-error@+1 {{'graph.add' op requires the same encoding for all operands and results}}
  %z = "graph.add"(%x, %y) : (tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>, tensor<?xf32, #graph.sizes<()[s0, s1] -> (s1)>>) -> tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>
  return
}

// -----

func.func @compare_operands(%x: tensor<2xf32>, %y: tensor<2xi64>) {
  // expected-error@+1 {{'graph.lt' op requires all operands to have the same type}}
  %z = "graph.lt"(%x, %y) : (tensor<2xf32>, tensor<2xi64>) -> tensor<2xi1>
  return
}

// -----

func.func @where_branches(%c: tensor<2xi1>, %x: tensor<2xf32>, %y: tensor<2xf64>) {
  // expected-error@+1 {{'graph.where' op failed to verify that all of {lhs, rhs, result} have same type}}
  %z = "graph.where"(%c, %x, %y) : (tensor<2xi1>, tensor<2xf32>, tensor<2xf64>) -> tensor<2xf32>
  return
}

// -----

func.func @where_dtype(%c: tensor<2xi8>, %x: tensor<2xf32>) {
  // expected-error@+1 {{'graph.where' op condition must be a bool tensor of the result's sizes}}
  %z = graph.where %c, %x, %x : tensor<2xi8>, tensor<2xf32>
  return
}

// -----

// Static and dynamic sizes may be equal at run time, but are not known to be.
func.func @where_sizes(%c: tensor<?xi1>, %x: tensor<2xf32>) {
  // expected-error@+1 {{'graph.where' op condition must be a bool tensor of the result's sizes}}
  %z = graph.where %c, %x, %x : tensor<?xi1>, tensor<2xf32>
  return
}

// -----

func.func @where_broadcast(%c: tensor<1xi1>, %x: tensor<2xf32>) {
  // expected-error@+1 {{'graph.where' op all non-scalar operands/results must have the same shape and base type}}
  %z = graph.where %c, %x, %x : tensor<1xi1>, tensor<2xf32>
  return
}

// -----

func.func @compare_result(%x: tensor<2xf32>) {
  // expected-error@+1 {{'graph.eq' op all non-scalar operands/results must have the same shape and base type}}
  %z = graph.eq %x, %x : tensor<2xf32> -> tensor<3xi1>
  return
}

// -----

func.func @cast_result(%x: tensor<2xf32>) {
  // expected-error@+1 {{'graph.cast' op all non-scalar operands/results must have the same shape and base type}}
  %z = graph.cast %x : tensor<2xf32> -> tensor<3xf64>
  return
}

// -----

func.func @vector(%x: vector<2xf32>) {
  // expected-error@+1 {{'graph.exp' op operand #0 must be ranked tensor of a dtype values, but got 'vector<2xf32>'}}
  %y = "graph.exp"(%x) : (vector<2xf32>) -> vector<2xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Reduction
//===----------------------------------------------------------------------===//

func.func @dims_order(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.sum' op dims must be sorted, distinct and below the rank 2}}
  %y = graph.sum %x dims [1, 0] keepdim false : tensor<2x3xf32> -> tensor<f32>
  return
}

// -----

func.func @dims_twice(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.prod' op dims must be sorted, distinct and below the rank 2}}
  %y = graph.prod %x dims [1, 1] keepdim false : tensor<2x3xf32> -> tensor<f32>
  return
}

// -----

func.func @dims_beyond(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.amax' op dims must be sorted, distinct and below the rank 2}}
  %y = graph.amax %x dims [2] keepdim false : tensor<2x3xf32> -> tensor<2xf32>
  return
}

// -----

func.func @dims_negative(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.amin' op dims must be sorted, distinct and below the rank 2}}
  %y = graph.amin %x dims [-1] keepdim false : tensor<2x3xf32> -> tensor<2xf32>
  return
}

// -----

func.func @rank_without(%x: tensor<2x3xi1>) {
  // expected-error@+1 {{'graph.any' op result must have rank 1}}
  %y = graph.any %x dims [1] keepdim false : tensor<2x3xi1> -> tensor<2x1xi1>
  return
}

// -----

func.func @rank_kept(%x: tensor<2x3xi1>) {
  // expected-error@+1 {{'graph.all' op result must have rank 2}}
  %y = graph.all %x dims [1] keepdim true : tensor<2x3xi1> -> tensor<2xi1>
  return
}

// -----

func.func @scan_type(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.cumsum' op requires the same type for all operands and results}}
  %y = "graph.cumsum"(%x) {dim = 0 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf64>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Linear
//===----------------------------------------------------------------------===//

func.func @vectors(%x: tensor<2xf32>) {
  // expected-error@+1 {{'graph.matmul' op operands and result must have one rank of at least 2}}
  %y = graph.matmul %x, %x : tensor<2xf32>, tensor<2xf32> -> tensor<f32>
  return
}

// -----

func.func @batch_of_one_side(%x: tensor<5x2x3xf32>, %y: tensor<3x4xf32>) {
  // expected-error@+1 {{'graph.matmul' op operands and result must have one rank of at least 2}}
  %z = graph.matmul %x, %y : tensor<5x2x3xf32>, tensor<3x4xf32> -> tensor<5x2x4xf32>
  return
}

// -----

func.func @result_rank(%x: tensor<2x3xf32>, %y: tensor<3x4xf32>) {
  // expected-error@+1 {{'graph.matmul' op operands and result must have one rank of at least 2}}
  %z = graph.matmul %x, %y : tensor<2x3xf32>, tensor<3x4xf32> -> tensor<1x2x4xf32>
  return
}

// -----

func.func @contracted(%x: tensor<2x3xf32>, %y: tensor<4x5xf32>) {
  // expected-error@+1 {{'graph.matmul' op contracts 3 with 4 elements}}
  %z = graph.matmul %x, %y : tensor<2x3xf32>, tensor<4x5xf32> -> tensor<2x5xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

func.func @no_spatial(%x: tensor<2x3xf32>, %w: tensor<4x3xf32>) {
  // expected-error@+1 {{'graph.convolution' op input and weight must have one rank of at least 3}}
  %y = graph.convolution %x, %w {dilation = array<i64>, groups = 1 : i64, padding = array<i64>, stride = array<i64>} : tensor<2x3xf32>, tensor<4x3xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @weight_rank(%x: tensor<2x3x8xf32>, %w: tensor<4x3x1x1xf32>) {
  // expected-error@+1 {{'graph.convolution' op input and weight must have one rank of at least 3}}
  %y = graph.convolution %x, %w {dilation = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x3x8xf32>, tensor<4x3x1x1xf32> -> tensor<2x4x8xf32>
  return
}

// -----

func.func @strides(%x: tensor<2x3x8x8xf32>, %w: tensor<4x3x1x1xf32>) {
  // expected-error@+1 {{'graph.convolution' op needs 2 strides, paddings and dilations}}
  %y = graph.convolution %x, %w {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0>, stride = array<i64: 1>} : tensor<2x3x8x8xf32>, tensor<4x3x1x1xf32> -> tensor<2x4x8x8xf32>
  return
}

// -----

func.func @paddings(%x: tensor<2x3x8x8xf32>, %w: tensor<4x3x1x1xf32>) {
  // expected-error@+1 {{'graph.convolution' op needs 2 strides, paddings and dilations}}
  %y = graph.convolution %x, %w {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0>, stride = array<i64: 1, 1>} : tensor<2x3x8x8xf32>, tensor<4x3x1x1xf32> -> tensor<2x4x8x8xf32>
  return
}

// -----

func.func @dilations(%x: tensor<2x3x8x8xf32>, %w: tensor<4x3x1x1xf32>) {
  // expected-error@+1 {{'graph.convolution' op needs 2 strides, paddings and dilations}}
  %y = graph.convolution %x, %w {dilation = array<i64>, groups = 1 : i64, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>} : tensor<2x3x8x8xf32>, tensor<4x3x1x1xf32> -> tensor<2x4x8x8xf32>
  return
}

// -----

func.func @groups(%x: tensor<2x3x8xf32>, %w: tensor<4x3x1xf32>) {
  // expected-error@+1 {{'graph.convolution' op groups must be positive}}
  %y = graph.convolution %x, %w {dilation = array<i64: 1>, groups = 0 : i64, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x3x8xf32>, tensor<4x3x1xf32> -> tensor<2x4x8xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

func.func @permute_few(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.permute' op permutation must name 2 dimensions}}
  %y = graph.permute %x [0] : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @permute_twice(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.permute' op permutation must name each dimension once}}
  %y = graph.permute %x [1, 1] : tensor<2x3xf32> -> tensor<3x3xf32>
  return
}

// -----

func.func @permute_beyond(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.permute' op permutation must name each dimension once}}
  %y = graph.permute %x [0, 2] : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @permute_negative(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.permute' op permutation must name each dimension once}}
  %y = graph.permute %x [-1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
  return
}

// -----

func.func @flip_type(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.flip' op requires the same type for all operands and results}}
  %y = "graph.flip"(%x) {dims = array<i64: 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Creation
//===----------------------------------------------------------------------===//

func.func @weight_place() {
  // expected-error@+1 {{'graph.weight' op expects parent op 'builtin.module'}}
  graph.weight @w : tensor<2xf32> (dense<1.0> : tensor<2xf32>)
  return
}

// -----

// expected-note@+1 {{see existing symbol definition here}}
graph.weight @w : tensor<2xf32> (dense<1.0> : tensor<2xf32>)
// expected-error@+1 {{redefinition of symbol named 'w'}}
graph.weight @w : tensor<2xf32> (dense<2.0> : tensor<2xf32>)

// -----

// expected-error@+1 {{'graph.weight' op attribute 'type' failed to satisfy constraint: type attribute of ranked tensor of a dtype values}}
"graph.weight"() {sym_name = "w", type = tensor<*xf32>, data = dense<1.0> : tensor<2xf32>} : () -> ()

// -----

//===----------------------------------------------------------------------===//
// Native
//===----------------------------------------------------------------------===//

func.func @special_type(%x: tensor<2xf32>) {
  // expected-error@+1 {{'graph.special' op requires the same type for all operands and results}}
  %y = "graph.special"(%x) {function = "i0e"} : (tensor<2xf32>) -> tensor<2xf64>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Effect
//===----------------------------------------------------------------------===//

func.func @effect_name(%t: !graph.token) -> !graph.token {
  // expected-error@+1 {{'graph.with_effects' op name must be "namespace::operator.overload"}}
  %next = graph.with_effects %t, "_print"() : () -> ()
  return %next : !graph.token
}

// -----

func.func @no_token(%x: tensor<2xf32>) {
  // expected-error@+1 {{'graph.sink_tokens' op operand #0 must be variadic of Orders effects: used exactly once, but got 'tensor<2xf32>'}}
  "graph.sink_tokens"(%x) : (tensor<2xf32>) -> ()
  return
}

// -----

func.func @aliasing(%x: tensor<2xf32>) {
  %t = graph.make_token "ordered"
  // expected-error@+1 {{'graph.with_effects' op Ops with aliasing is not supported}}
  %u, %y = graph.with_effects %t, "aten::view"(%x) : (tensor<2xf32>) -> tensor<2xf32>
  graph.sink_tokens %u
  return
}

// -----

func.func @groups(%x: tensor<2x3x8xf32>, %w: tensor<4x3x1xf32>) {
  // expected-error@+1 {{'graph.convolution' op groups must be positive}}
  %y = graph.convolution %x, %w {dilation = array<i64: 1>, groups = -1 : i64, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x3x8xf32>, tensor<4x3x1xf32> -> tensor<2x4x8xf32>
  return
}
