// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// CHECK-LABEL: func.func @windows(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.max_pool %{{[a-z0-9_]+}} {dilation = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : tensor<1x2x8x8xf32> -> tensor<1x2x4x4xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.max_pool_indices %{{[a-z0-9_]+}} {dilation = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : tensor<1x2x8x8xf32> -> tensor<1x2x4x4xi64>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.avg_pool %{{[a-z0-9_]+}} {count_include_pad = false, kernel = array<i64: 2, 2>, padding = array<i64: 1, 1>, stride = array<i64: 2, 2>} : tensor<1x2x8x8xf32> -> tensor<1x2x5x5xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.avg_pool %{{[a-z0-9_]+}} {count_include_pad = true, divisor = 3 : i64, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : tensor<1x2x8x8xf32> -> tensor<1x2x4x4xf32>
// CHECK-NEXT: return
func.func @windows(%x: tensor<1x2x8x8xf32>) {
  %max = graph.max_pool %x {dilation = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : tensor<1x2x8x8xf32> -> tensor<1x2x4x4xf32>
  %where = graph.max_pool_indices %x {dilation = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : tensor<1x2x8x8xf32> -> tensor<1x2x4x4xi64>
  %mean = graph.avg_pool %x {count_include_pad = false, kernel = array<i64: 2, 2>, padding = array<i64: 1, 1>, stride = array<i64: 2, 2>} : tensor<1x2x8x8xf32> -> tensor<1x2x5x5xf32>
  %by = graph.avg_pool %x {count_include_pad = true, divisor = 3 : i64, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : tensor<1x2x8x8xf32> -> tensor<1x2x4x4xf32>
  return
}

// CHECK-LABEL: func.func @adaptive(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.adaptive_avg_pool %{{[a-z0-9_]+}} {channels_last} : tensor<1x8x8x2xf32> -> tensor<1x3x3x2xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.adaptive_max_pool %{{[a-z0-9_]+}} {channels_last} : tensor<1x8x8x2xf32> -> tensor<1x1x1x2xf32>
// CHECK-NEXT: return
func.func @adaptive(%x: tensor<1x8x8x2xf32>) {
  %mean = graph.adaptive_avg_pool %x {channels_last} : tensor<1x8x8x2xf32> -> tensor<1x3x3x2xf32>
  %max = graph.adaptive_max_pool %x {channels_last} : tensor<1x8x8x2xf32> -> tensor<1x1x1x2xf32>
  return
}

// CHECK-LABEL: func.func @resize(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.resize %{{[a-z0-9_]+}} {align_corners = false, mode = "nearest", scales = array<f64: 2.000000e+00, 0.000000e+00>} : tensor<1x2x8x8xf32> -> tensor<1x2x16x4xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.resize %{{[a-z0-9_]+}} {align_corners = true, channels_last, mode = "linear", scales = array<f64: 0.000000e+00, 0.000000e+00>} : tensor<1x2x8x8xf32> -> tensor<1x4x16x8xf32>
// CHECK-NEXT: return
func.func @resize(%x: tensor<1x2x8x8xf32>) {
  %nearest = graph.resize %x {align_corners = false, mode = "nearest", scales = array<f64: 2.000000e+00, 0.000000e+00>} : tensor<1x2x8x8xf32> -> tensor<1x2x16x4xf32>
  %linear = graph.resize %x {align_corners = true, channels_last, mode = "linear", scales = array<f64: 0.000000e+00, 0.000000e+00>} : tensor<1x2x8x8xf32> -> tensor<1x4x16x8xf32>
  return
}
