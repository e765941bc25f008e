// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingotc %s --start-from=linalg --stop-after=tiled --cpu=x86-64-v3 -o - | FileCheck %s
// RUN: ingotc %s --start-from=linalg --stop-after=tiled --cpu=x86-64-v3 --winograd=off -o - | FileCheck %s --check-prefix=OFF
// RUN: not ingotc %s --start-from=linalg --stop-after=tiled --winograd=maybe -o - 2>&1 | FileCheck %s --check-prefix=MAYBE
// MAYBE: --winograd is on or off, not 'maybe'

// A 3x3 convolution of stride 1: 16 products of 32 x 64 channels, their weights made
// while compiling.
// CHECK-DAG: graph.weight @[[PACKED:w.winograd[a-z0-9_.]+]] : tensor<32768xf32>
// CHECK-LABEL: func.func @forward()
// CHECK: task.constant @[[PACKED]]
// CHECK: task.launch @[[KERNEL:winograd_f32]]
// CHECK-NOT: task.launch @winograd
// CHECK: return
// OFF-NOT: winograd_f32

// The kernel asks for scratch once, transforms, multiplies, transforms back; the
// epilogue is on the results.
// CHECK: func.func private @[[KERNEL]](
// CHECK: task.worker_scratch
// CHECK-NOT: task.worker_scratch
// CHECK: scf.for
// CHECK: arith.subf
// CHECK: call @microkernel_f32
// CHECK: math.sqrt

graph.weight @w : tensor<64x32x3x3xf32> (dense<0.5> : tensor<64x32x3x3xf32>)
graph.weight @few : tensor<64x16x3x3xf32> (dense<0.5> : tensor<64x16x3x3xf32>)
func.func @forward(%x: tensor<2x9x9x32xf32>, %y: tensor<1x9x9x16xf32>, %v: tensor<64x32x3x3xf32>) -> (tensor<2x9x9x64xf32>, tensor<2x4x4x64xf32>, tensor<1x7x7x64xf32>, tensor<2x7x7x64xf32>) attributes {ingot.method = "forward"} {
  %w = graph.get_weight @w : tensor<64x32x3x3xf32>
  %a = graph.convolution %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, channels_last} : tensor<2x9x9x32xf32>, tensor<64x32x3x3xf32> -> tensor<2x9x9x64xf32>
  %b = graph.sqrt %a : tensor<2x9x9x64xf32>

  // Two steps at once, few channels, weights that come with the call: as they are.
  %c = graph.convolution %x, %w {stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64, channels_last} : tensor<2x9x9x32xf32>, tensor<64x32x3x3xf32> -> tensor<2x4x4x64xf32>
  %few = graph.get_weight @few : tensor<64x16x3x3xf32>
  %d = graph.convolution %y, %few {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64, channels_last} : tensor<1x9x9x16xf32>, tensor<64x16x3x3xf32> -> tensor<1x7x7x64xf32>
  %e = graph.convolution %x, %v {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64, channels_last} : tensor<2x9x9x32xf32>, tensor<64x32x3x3xf32> -> tensor<2x7x7x64xf32>
  return %b, %c, %d, %e : tensor<2x9x9x64xf32>, tensor<2x4x4x64xf32>, tensor<1x7x7x64xf32>, tensor<2x7x7x64xf32>
}
