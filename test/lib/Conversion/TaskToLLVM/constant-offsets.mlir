// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --assign-constant-offsets %s | FileCheck %s

// Places are multiples of 64 bytes, in the order of the module; equal bytes have
// one place if they have one size; bools are bytes; states stay, read or not.
// CHECK: module attributes {ingot.constants_size = [[SIZE:[0-9]+]] : i64}
// CHECK: graph.weight @a : {{.*}}ingot.offset = 0 : i64
// CHECK: graph.weight @same : {{.*}}ingot.offset = 0 : i64
// CHECK: graph.weight @b : {{.*}}ingot.offset = 128 : i64
// CHECK: graph.weight @c : {{.*}}ingot.offset = 192 : i64
// CHECK-NOT: @unread
// CHECK: graph.weight @s : {{.*}}ingot.offset = 256 : i64
graph.weight @a : tensor<17xf32> (dense<1.0> : tensor<17xf32>)
graph.weight @same : tensor<17xf32> (dense<1.0> : tensor<17xf32>)
graph.weight @b : tensor<64xi1> (dense<true> : tensor<64xi1>)
graph.weight @c : tensor<2xf64> (dense<1.0> : tensor<2xf64>)
graph.weight @unread : tensor<17xf32> (dense<2.0> : tensor<17xf32>)
graph.weight @s : tensor<3xcomplex<f32>> (dense<(0.0, 1.0)> : tensor<3xcomplex<f32>>) {state}

func.func @f() {
  %a = task.constant @a : memref<17xf32>
  %d = task.constant @same : memref<17xf32>
  %b = task.constant @b : memref<64xi1>
  %c = task.constant @c : memref<2xf64>
  return
}
