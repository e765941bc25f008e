// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s --split-input-file --verify-diagnostics

// Text whose ranks, sizes, element types or counts do not fit is refused here: the
// lowerings take them for granted.

func.func @constant() {
  // expected-error@+1 {{'graph.constant' op value is of another type than the result: 'tensor<2xf32>'}}
  %out = graph.constant(dense<1.0> : tensor<2xf32>) : tensor<3xf32>
  return
}

// -----

func.func @full(%x: tensor<2xf32>) {
  // expected-error@+1 {{'graph.full' op value must have rank 0, not 1}}
  %out = graph.full %x : tensor<2xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @full_element(%x: tensor<f32>) {
  // expected-error@+1 {{'graph.full' op result must have the element type 'f32', not 'f64'}}
  %out = graph.full %x : tensor<f32> -> tensor<2x3xf64>
  return
}

// -----

func.func @iota() {
  // expected-error@+1 {{'graph.iota' op dim 1 is not below the rank 1}}
  %out = graph.iota dim 1 : tensor<4xi64>
  return
}

// -----

func.func @from_scalar(%x: f32) {
  // expected-error@+1 {{'graph.from_scalar' op a host number is index, i64, f64 or i1, not 'f32'}}
  %out = graph.from_scalar %x : f32 -> tensor<f32>
  return
}

// -----

func.func @from_scalar_rank(%x: f64) {
  // expected-error@+1 {{'graph.from_scalar' op result must have rank 0, not 1}}
  %out = graph.from_scalar %x : f64 -> tensor<1xf32>
  return
}

// -----

func.func @item(%x: tensor<2xf32>) {
  // expected-error@+1 {{'graph.item' op input must have one element, not the sizes [2]}}
  %out = graph.item %x : tensor<2xf32> -> f64
  return
}

// -----

func.func @item_type(%x: tensor<f32>) {
  // expected-error@+1 {{'graph.item' op a host number is index, i64, f64 or i1, not 'i32'}}
  %out = graph.item %x : tensor<f32> -> i32
  return
}

// -----

func.func @bind_symbol(%n: index) {
  // expected-error@+1 {{'graph.bind_symbol' op symbol must be at least 0, not -1}}
  graph.bind_symbol %n symbol -1
  return
}

// -----

func.func @dim(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.dim' op dim 2 is not below the rank 2}}
  %out = graph.dim %x, 2 : tensor<2x3xf32>
  return
}

// -----

func.func @write_back(%x: tensor<2x3xf32>, %y: tensor<3x2xf32>) {
  // expected-error@+1 {{'graph.write_back' op value must have the sizes [3, 2], not [2, 3]}}
  graph.write_back %x, %y : tensor<2x3xf32>, tensor<3x2xf32>
  return
}

// -----

func.func @alias(%x: tensor<2x3xf32>, %n: index) {
  // expected-error@+1 {{'graph.alias' op needs 2 sizes, not 1}}
  %out = graph.alias %x at %n sizes(%n) strides(%n, %n) : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @alias_strides(%x: tensor<2x3xf32>, %n: index) {
  // expected-error@+1 {{'graph.alias' op needs 2 strides, not 1}}
  %out = graph.alias %x at %n sizes(%n, %n) strides(%n) : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @bitcast(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.bitcast' op element types have different widths: 'f32' and 'f64'}}
  %out = graph.bitcast %x : tensor<2x3xf32> -> tensor<2x3xf64>
  return
}

// -----

func.func @element(%x: tensor<2xindex>) {
  // expected-error@+1 {{'graph.neg' op operand #0 must be ranked tensor of a dtype values, but got 'tensor<2xindex>'}}
  %out = "graph.neg"(%x) : (tensor<2xindex>) -> tensor<2xindex>
  return
}

// -----

func.func @reduced(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.sum' op result must have the sizes [2], not [3]}}
  %out = graph.sum %x dims [1] keepdim false : tensor<2x3xf32> -> tensor<3xf32>
  return
}

// -----

func.func @reduced_element(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.sum' op result must have the element type 'f32', not 'f64'}}
  %out = graph.sum %x dims [1] keepdim false : tensor<2x3xf32> -> tensor<2xf64>
  return
}

// -----

func.func @argmax(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.argmax' op dim 2 is not below the rank 2}}
  %out = graph.argmax %x dim 2 keepdim false : tensor<2x3xf32> -> tensor<2xi64>
  return
}

// -----

func.func @argmax_element(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.argmax' op indices must be i64, not 'i32'}}
  %out = graph.argmax %x dim 1 keepdim false : tensor<2x3xf32> -> tensor<2xi32>
  return
}

// -----

func.func @argmin_rank(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.argmin' op result must have rank 2, not 1}}
  %out = graph.argmin %x dim 1 keepdim true : tensor<2x3xf32> -> tensor<2xi64>
  return
}

// -----

func.func @cumsum(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.cumsum' op dim 2 is not below the rank 2}}
  %out = graph.cumsum %x dim 2 : tensor<2x3xf32>
  return
}

// -----

func.func @sort(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.sort' op dim 2 is not below the rank 2}}
  %out:2 = graph.sort %x dim 2 descending false : tensor<2x3xf32> -> tensor<2x3xf32>, tensor<2x3xi64>
  return
}

// -----

func.func @sort_indices(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.sort' op indices must have the sizes [2, 3], not [3, 2]}}
  %out:2 = graph.sort %x dim 1 descending false : tensor<2x3xf32> -> tensor<2x3xf32>, tensor<3x2xi64>
  return
}

// -----

func.func @matmul_batch(%x: tensor<2x3x4xf32>, %y: tensor<5x4x3xf32>) {
  // expected-error@+1 {{'graph.matmul' op batches of 2 and 5 elements}}
  %out = graph.matmul %x, %y : tensor<2x3x4xf32>, tensor<5x4x3xf32> -> tensor<2x3x3xf32>
  return
}

// -----

func.func @matmul_result(%x: tensor<2x3xf32>, %y: tensor<3x4xf32>) {
  // expected-error@+1 {{'graph.matmul' op result must have the sizes [2, 4], not [4, 2]}}
  %out = graph.matmul %x, %y : tensor<2x3xf32>, tensor<3x4xf32> -> tensor<4x2xf32>
  return
}

// -----

func.func @matmul_element(%x: tensor<2x3xf32>, %y: tensor<3x4xf64>) {
  // expected-error@+1 {{'graph.matmul' op rhs must have the element type 'f32', not 'f64'}}
  %out = graph.matmul %x, %y : tensor<2x3xf32>, tensor<3x4xf64> -> tensor<2x4xf32>
  return
}

// -----

func.func @stride(%x: tensor<2x4x9xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error@+1 {{'graph.convolution' op stride must be at least 1, not 0}}
  %out = graph.convolution %x, %w {dilation = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0>, stride = array<i64: 0>} : tensor<2x4x9xf32>, tensor<6x4x3xf32> -> tensor<2x6x7xf32>
  return
}

// -----

func.func @dilation(%x: tensor<2x4x9xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error@+1 {{'graph.convolution' op dilation must be at least 1, not 0}}
  %out = graph.convolution %x, %w {dilation = array<i64: 0>, groups = 1 : i64, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x9xf32>, tensor<6x4x3xf32> -> tensor<2x6x7xf32>
  return
}

// -----

func.func @conv_groups(%x: tensor<2x4x9xf32>, %w: tensor<6x1x3xf32>) {
  // expected-error@+1 {{'graph.convolution' op 4 groups do not divide 6 channels of the weight}}
  %out = graph.convolution %x, %w {dilation = array<i64: 1>, groups = 4 : i64, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x9xf32>, tensor<6x1x3xf32> -> tensor<2x6x7xf32>
  return
}

// -----

func.func @conv_channels(%x: tensor<2x4x9xf32>, %w: tensor<6x3x3xf32>) {
  // expected-error@+1 {{'graph.convolution' op input has 4 channels, the weight 3}}
  %out = graph.convolution %x, %w {dilation = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x9xf32>, tensor<6x3x3xf32> -> tensor<2x6x7xf32>
  return
}

// -----

func.func @conv_result(%x: tensor<2x4x9xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error@+1 {{'graph.convolution' op result has 5 channels, the weight 6}}
  %out = graph.convolution %x, %w {dilation = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x9xf32>, tensor<6x4x3xf32> -> tensor<2x5x7xf32>
  return
}

// -----

func.func @conv_rank(%x: tensor<2x4x9xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error@+1 {{'graph.convolution' op result must have rank 3, not 2}}
  %out = graph.convolution %x, %w {dilation = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x9xf32>, tensor<6x4x3xf32> -> tensor<2x6xf32>
  return
}

// -----

func.func @conv_element(%x: tensor<2x4x9xf32>, %w: tensor<6x4x3xf64>) {
  // expected-error@+1 {{'graph.convolution' op weight must have the element type 'f32', not 'f64'}}
  %out = graph.convolution %x, %w {dilation = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x9xf32>, tensor<6x4x3xf64> -> tensor<2x6x7xf32>
  return
}

// -----

func.func @transpose_channels(%x: tensor<2x4x9xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error@+1 {{'graph.conv_transpose' op input has 4 channels, the weight 6}}
  %out = graph.conv_transpose %x, %w {dilation = array<i64: 1>, groups = 1 : i64, output_padding = array<i64: 0>, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x9xf32>, tensor<6x4x3xf32> -> tensor<2x4x11xf32>
  return
}

// -----

func.func @transpose_output(%x: tensor<2x6x9xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error@+1 {{'graph.conv_transpose' op needs 1 output paddings, not 0}}
  %out = graph.conv_transpose %x, %w {dilation = array<i64: 1>, groups = 1 : i64, output_padding = array<i64>, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x6x9xf32>, tensor<6x4x3xf32> -> tensor<2x4x11xf32>
  return
}

// -----

func.func @pool_kernel(%x: tensor<2x4x9xf32>) {
  // expected-error@+1 {{'graph.max_pool' op needs 1 kernel sizes, not 2}}
  %out = graph.max_pool %x {dilation = array<i64: 1>, kernel = array<i64: 3, 3>, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x9xf32> -> tensor<2x4x7xf32>
  return
}

// -----

func.func @pool_stride(%x: tensor<2x4x9xf32>) {
  // expected-error@+1 {{'graph.max_pool' op stride must be at least 1, not 0}}
  %out = graph.max_pool %x {dilation = array<i64: 1>, kernel = array<i64: 3>, padding = array<i64: 0>, stride = array<i64: 0>} : tensor<2x4x9xf32> -> tensor<2x4x7xf32>
  return
}

// -----

func.func @pool_padding(%x: tensor<2x4x9xf32>) {
  // expected-error@+1 {{'graph.max_pool' op padding must be at least 0, not -1}}
  %out = graph.max_pool %x {dilation = array<i64: 1>, kernel = array<i64: 3>, padding = array<i64: -1>, stride = array<i64: 1>} : tensor<2x4x9xf32> -> tensor<2x4x7xf32>
  return
}

// -----

func.func @pool_dilation(%x: tensor<2x4x9xf32>) {
  // expected-error@+1 {{'graph.max_pool' op needs 1 dilations, not 2}}
  %out = graph.max_pool %x {dilation = array<i64: 1, 1>, kernel = array<i64: 3>, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x9xf32> -> tensor<2x4x7xf32>
  return
}

// -----

func.func @pool_rank(%x: tensor<2x4x9xf32>) {
  // expected-error@+1 {{'graph.max_pool' op input and result must have one rank of at least 3}}
  %out = graph.max_pool %x {dilation = array<i64: 1>, kernel = array<i64: 3>, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x9xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @pool_channels(%x: tensor<2x4x9xf32>) {
  // expected-error@+1 {{'graph.max_pool' op input and result must have equal batches and channels}}
  %out = graph.max_pool %x {dilation = array<i64: 1>, kernel = array<i64: 3>, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x9xf32> -> tensor<2x5x7xf32>
  return
}

// -----

func.func @pool_indices(%x: tensor<2x4x9xf32>) {
  // expected-error@+1 {{'graph.max_pool_indices' op indices must be i64, not 'f32'}}
  %out = graph.max_pool_indices %x {dilation = array<i64: 1>, kernel = array<i64: 3>, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x9xf32> -> tensor<2x4x7xf32>
  return
}

// -----

func.func @avg_divisor(%x: tensor<2x4x9xf32>) {
  // expected-error@+1 {{'graph.avg_pool' op divisor must not be 0}}
  %out = graph.avg_pool %x {count_include_pad = true, divisor = 0 : i64, kernel = array<i64: 3>, padding = array<i64: 0>, stride = array<i64: 1>} : tensor<2x4x9xf32> -> tensor<2x4x7xf32>
  return
}

// -----

func.func @adaptive(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.adaptive_avg_pool' op input and result must have one rank of at least 3}}
  %out = graph.adaptive_avg_pool %x : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @resize(%x: tensor<2x4x9xf32>) {
  // expected-error@+1 {{'graph.resize' op needs 1 scales, not 0}}
  %out = graph.resize %x {align_corners = false, mode = "nearest", scales = array<f64>} : tensor<2x4x9xf32> -> tensor<2x4x18xf32>
  return
}

// -----

func.func @reshape(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.reshape' op sizes [2, 3] and [7] hold different numbers of elements}}
  %out = graph.reshape %x : tensor<2x3xf32> -> tensor<7xf32>
  return
}

// -----

func.func @reshape_element(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.reshape' op result must have the element type 'f32', not 'i32'}}
  %out = graph.reshape %x : tensor<2x3xf32> -> tensor<6xi32>
  return
}

// -----

func.func @permute_result(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.permute' op result must have the sizes [3, 2], not [2, 3]}}
  %out = graph.permute %x [1, 0] : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @expand(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.expand' op sizes [2, 3] do not broadcast to [4, 2, 4]}}
  %out = graph.expand %x : tensor<2x3xf32> -> tensor<4x2x4xf32>
  return
}

// -----

func.func @expand_rank(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.expand' op sizes [2, 3] do not broadcast to [3]}}
  %out = graph.expand %x : tensor<2x3xf32> -> tensor<3xf32>
  return
}

// -----

func.func @slice(%x: tensor<2x3xf32>, %n: index) {
  // expected-error@+1 {{'graph.slice' op dim 2 is not below the rank 2}}
  %out = graph.slice %x[%n] dim 2 step 1 : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @slice_step(%x: tensor<2x3xf32>, %n: index) {
  // expected-error@+1 {{'graph.slice' op step must be at least 1, not 0}}
  %out = graph.slice %x[%n] dim 1 step 0 : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @slice_result(%x: tensor<2x3xf32>, %n: index) {
  // expected-error@+1 {{'graph.slice' op result must have the sizes [2, 2], not [1, 2]}}
  %out = graph.slice %x[%n] dim 1 step 1 : tensor<2x3xf32> -> tensor<1x2xf32>
  return
}

// -----

func.func @slice_scatter(%x: tensor<2x3xf32>, %y: tensor<2xf32>, %n: index) {
  // expected-error@+1 {{'graph.slice_scatter' op source must have rank 2, not 1}}
  %out = graph.slice_scatter %x, %y[%n] dim 1 step 1 : tensor<2x3xf32>, tensor<2xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @slice_scatter_result(%x: tensor<2x3xf32>, %y: tensor<2x1xf32>, %n: index) {
  // expected-error@+1 {{'graph.slice_scatter' op result must have the sizes [2, 3], not [2, 4]}}
  %out = graph.slice_scatter %x, %y[%n] dim 1 step 1 : tensor<2x3xf32>, tensor<2x1xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @as_strided(%x: tensor<2x3xf32>, %n: index) {
  // expected-error@+1 {{'graph.as_strided' op needs 2 strides, not 1}}
  %out = graph.as_strided %x[%n] strides(%n) : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @as_strided_scatter(%x: tensor<2x3xf32>, %y: tensor<2xf32>, %n: index) {
  // expected-error@+1 {{'graph.as_strided_scatter' op needs 1 strides, not 2}}
  %out = graph.as_strided_scatter %x, %y[%n] strides(%n, %n) : tensor<2x3xf32>, tensor<2xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @concat_none() {
  // expected-error@+1 {{'graph.concat' op needs an input}}
  %out = "graph.concat"() {dim = 0 : i64} : () -> tensor<2xf32>
  return
}

// -----

func.func @concat_rank(%x: tensor<2x3xf32>, %y: tensor<2xf32>) {
  // expected-error@+1 {{'graph.concat' op every input must have rank 2, not 1}}
  %out = graph.concat %x, %y dim 0 : tensor<2x3xf32>, tensor<2xf32> -> tensor<4x3xf32>
  return
}

// -----

func.func @concat_sizes(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) {
  // expected-error@+1 {{'graph.concat' op every input must have the sizes [2, 3], not [2, 4]}}
  %out = graph.concat %x, %y dim 0 : tensor<2x3xf32>, tensor<2x4xf32> -> tensor<4x3xf32>
  return
}

// -----

func.func @concat_result(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.concat' op result must have the sizes [4, 3], not [5, 3]}}
  %out = graph.concat %x, %x dim 0 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<5x3xf32>
  return
}

// -----

func.func @flip(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.flip' op dim 2 is not below the rank 2}}
  %out = graph.flip %x dims [2] : tensor<2x3xf32>
  return
}

// -----

func.func @flip_twice(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.flip' op dims must be distinct}}
  %out = graph.flip %x dims [1, 1] : tensor<2x3xf32>
  return
}

// -----

func.func @pad_low(%x: tensor<2x3xf32>, %v: tensor<f32>) {
  // expected-error@+1 {{'graph.pad' op needs 2 low amounts, not 1}}
  %out = graph.pad %x, %v low [1] high [1, 1] "constant" : tensor<2x3xf32>, tensor<f32> -> tensor<4x5xf32>
  return
}

// -----

func.func @pad_value(%x: tensor<2x3xf32>, %v: tensor<1xf32>) {
  // expected-error@+1 {{'graph.pad' op value must have rank 0, not 1}}
  %out = graph.pad %x, %v low [1, 1] high [1, 1] "constant" : tensor<2x3xf32>, tensor<1xf32> -> tensor<4x5xf32>
  return
}

// -----

func.func @pad_result(%x: tensor<2x3xf32>, %v: tensor<f32>) {
  // expected-error@+1 {{'graph.pad' op result must have the sizes [4, 5], not [4, 4]}}
  %out = graph.pad %x, %v low [1, 1] high [1, 1] "constant" : tensor<2x3xf32>, tensor<f32> -> tensor<4x4xf32>
  return
}

// -----

func.func @index_select(%x: tensor<2x3xf32>, %i: tensor<5xi64>) {
  // expected-error@+1 {{'graph.index_select' op dim 2 is not below the rank 2}}
  %out = graph.index_select %x, %i dim 2 : tensor<2x3xf32>, tensor<5xi64> -> tensor<2x5xf32>
  return
}

// -----

func.func @index_select_dtype(%x: tensor<2x3xf32>, %i: tensor<5xi32>) {
  // expected-error@+1 {{'graph.index_select' op indices must be i64, not 'i32'}}
  %out = graph.index_select %x, %i dim 1 : tensor<2x3xf32>, tensor<5xi32> -> tensor<2x5xf32>
  return
}

// -----

func.func @index_select_result(%x: tensor<2x3xf32>, %i: tensor<5xi64>) {
  // expected-error@+1 {{'graph.index_select' op result must have the sizes [5, 3], not [2, 5]}}
  %out = graph.index_select %x, %i dim 0 : tensor<2x3xf32>, tensor<5xi64> -> tensor<2x5xf32>
  return
}

// -----

func.func @gather(%x: tensor<2x3xf32>, %i: tensor<5xi64>) {
  // expected-error@+1 {{'graph.gather' op index must have rank 2, not 1}}
  %out = graph.gather %x, %i dim 0 : tensor<2x3xf32>, tensor<5xi64> -> tensor<5xf32>
  return
}

// -----

func.func @gather_dim(%x: tensor<2x3xf32>, %i: tensor<2x2xi64>) {
  // expected-error@+1 {{'graph.gather' op dim -1 is not below the rank 2}}
  %out = graph.gather %x, %i dim -1 : tensor<2x3xf32>, tensor<2x2xi64> -> tensor<2x2xf32>
  return
}

// -----

func.func @scatter_source(%x: tensor<2x3xf32>, %i: tensor<2x2xi64>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'graph.scatter' op source must have rank 2, not 1}}
  %out = graph.scatter %x, %i, %s dim 0 "none" : tensor<2x3xf32>, tensor<2x2xi64>, tensor<2xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @scatter_result(%x: tensor<2x3xf32>, %i: tensor<2x2xi64>) {
  // expected-error@+1 {{'graph.scatter' op result must have the sizes [2, 3], not [2, 2]}}
  %out = graph.scatter %x, %i, %x dim 0 "none" : tensor<2x3xf32>, tensor<2x2xi64>, tensor<2x3xf32> -> tensor<2x2xf32>
  return
}

// -----

func.func @index_none(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.index' op needs an index}}
  %out = "graph.index"(%x) {dims = array<i64>, position = 0 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @index_dims(%x: tensor<2x3xf32>, %i: tensor<5xi64>) {
  // expected-error@+1 {{'graph.index' op needs 1 dims, not 2}}
  %out = graph.index %x[%i] dims [0, 1] position 0 : tensor<2x3xf32>, tensor<5xi64> -> tensor<5xf32>
  return
}

// -----

func.func @index_position(%x: tensor<2x3xf32>, %i: tensor<5xi64>) {
  // expected-error@+1 {{'graph.index' op position 2 is beyond the 1 dimensions that are not indexed}}
  %out = graph.index %x[%i] dims [0] position 2 : tensor<2x3xf32>, tensor<5xi64> -> tensor<3x5xf32>
  return
}

// -----

func.func @index_shapes(%x: tensor<2x3xf32>, %i: tensor<5xi64>, %j: tensor<4xi64>) {
  // expected-error@+1 {{'graph.index' op every index must have the sizes [5], not [4]}}
  %out = graph.index %x[%i, %j] dims [0, 1] position 0 : tensor<2x3xf32>, tensor<5xi64>, tensor<4xi64> -> tensor<5xf32>
  return
}

// -----

func.func @index_put(%x: tensor<2x3xf32>, %i: tensor<5xi64>, %s: tensor<5xf32>) {
  // expected-error@+1 {{'graph.index_put' op source must have the sizes [5, 3], not [5]}}
  %out = graph.index_put %x, %s[%i] dims [0] position 0 accumulate false : tensor<2x3xf32>, tensor<5xf32>, tensor<5xi64> -> tensor<2x3xf32>
  return
}

// -----

func.func @nonzero(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.nonzero' op indices must have the sizes [?, 2], not [6, 3]}}
  %out:2 = "graph.nonzero"(%x) : (tensor<2x3xf32>) -> (tensor<6x3xi64>, index)
  return
}

// -----

func.func @lstm(%g: tensor<5x2x12xf32>, %w: tensor<12x4xf32>, %h: tensor<2x4xf32>) {
  // expected-error@+1 {{'graph.lstm_cells' op gates must have the sizes [5, 2, 16], not [5, 2, 12]}}
  %out:3 = graph.lstm_cells %g, %w, %h, %h : (tensor<5x2x12xf32>, tensor<12x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @gru(%g: tensor<5x2x12xf32>, %w: tensor<12x4xf32>, %b: tensor<4xf32>, %h: tensor<2x4xf32>) {
  // expected-error@+1 {{'graph.gru_cells' op bias must have the sizes [12], not [4]}}
  %out:2 = graph.gru_cells %g, %w, %b, %h : (tensor<5x2x12xf32>, tensor<12x4xf32>, tensor<4xf32>, tensor<2x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @lstm_state(%g: tensor<5x2x16xf32>, %w: tensor<16x4xf32>, %h: tensor<3x4xf32>) {
  // expected-error@+1 {{'graph.lstm_cells' op h0 must have the sizes [2, 4], not [3, 4]}}
  %out:3 = graph.lstm_cells %g, %w, %h, %h : (tensor<5x2x16xf32>, tensor<16x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>) -> (tensor<5x2x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>)
  return
}

// -----

func.func @native_none(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.native' op needs a result}}
  "graph.native"(%x) {kernel = "searchsorted", parameters = array<i64>, batch = 0 : i64} : (tensor<2x3xf32>) -> ()
  return
}

// -----

func.func @native_batch(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'graph.native' op batch 3 is beyond the rank 2 of the first result}}
  %out = graph.native "searchsorted"(%x) [] batch 3 : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}
