// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingotc %s --start-from=tiled --stop-after=tiled -o - | FileCheck %s

#in = affine_map<(n, h, w, f, c, i, j) -> (n, h + i, w + j, c)>
#weight = affine_map<(n, h, w, f, c, i, j) -> (f, c, i, j)>
#out = affine_map<(n, h, w, f, c, i, j) -> (n, h, w, f)>

// A convolution whose result gets a border is written inside it: the border alone
// is filled, nothing is copied.
// CHECK-LABEL: func.func @chain()
// CHECK: task.launch @pad
// CHECK: task.launch @conv2d_f32
// CHECK-NOT: task.launch @pad
// CHECK: task.launch @border
// CHECK-NOT: task.launch @pad
// CHECK: task.launch @conv2d_f32
func.func @chain(%x: tensor<2x4x4x16xf32>, %w: tensor<16x16x3x3xf32>) -> tensor<2x4x4x16xf32> attributes {ingot.method = "chain"} {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x4x4x16xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<2x4x4x16xf32>) -> tensor<2x4x4x16xf32>
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<2x4x4x16xf32> to tensor<2x6x6x16xf32>
  %c = linalg.generic {indexing_maps = [#in, #weight, #out], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%p, %w : tensor<2x6x6x16xf32>, tensor<16x16x3x3xf32>) outs(%z : tensor<2x4x4x16xf32>)
      attrs = {ingot.convolution = {stride = [1, 1], dilation = [1, 1], groups = 1 : i64}} {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<2x4x4x16xf32>
  %q = tensor.pad %c low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<2x4x4x16xf32> to tensor<2x6x6x16xf32>
  %d = linalg.generic {indexing_maps = [#in, #weight, #out], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%q, %w : tensor<2x6x6x16xf32>, tensor<16x16x3x3xf32>) outs(%z : tensor<2x4x4x16xf32>)
      attrs = {ingot.convolution = {stride = [1, 1], dilation = [1, 1], groups = 1 : i64}} {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<2x4x4x16xf32>
  return %d : tensor<2x4x4x16xf32>
}

// What is a result of the method too stays dense.
// CHECK-LABEL: func.func @returned()
// CHECK-NOT: task.launch @border
// CHECK: task.return
func.func @returned(%x: tensor<2x4x4x16xf32>, %w: tensor<16x16x3x3xf32>) -> (tensor<2x4x4x16xf32>, tensor<2x4x4x16xf32>) attributes {ingot.method = "returned"} {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x4x4x16xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<2x4x4x16xf32>) -> tensor<2x4x4x16xf32>
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<2x4x4x16xf32> to tensor<2x6x6x16xf32>
  %c = linalg.generic {indexing_maps = [#in, #weight, #out], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%p, %w : tensor<2x6x6x16xf32>, tensor<16x16x3x3xf32>) outs(%z : tensor<2x4x4x16xf32>)
      attrs = {ingot.convolution = {stride = [1, 1], dilation = [1, 1], groups = 1 : i64}} {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<2x4x4x16xf32>
  %q = tensor.pad %c low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<2x4x4x16xf32> to tensor<2x6x6x16xf32>
  %d = linalg.generic {indexing_maps = [#in, #weight, #out], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%q, %w : tensor<2x6x6x16xf32>, tensor<16x16x3x3xf32>) outs(%z : tensor<2x4x4x16xf32>)
      attrs = {ingot.convolution = {stride = [1, 1], dilation = [1, 1], groups = 1 : i64}} {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<2x4x4x16xf32>
  return %c, %d : tensor<2x4x4x16xf32>, tensor<2x4x4x16xf32>
}
