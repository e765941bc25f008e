// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// CHECK-LABEL: func.func @cells(
// CHECK-NEXT: %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} = graph.lstm_cells %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : (tensor<5x2x16xf32>, tensor<16x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
// CHECK-NEXT: %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} = graph.lstm_cells %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} {reverse} : (tensor<5x2x16xf32>, tensor<16x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
// CHECK-NEXT: %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} = graph.gru_cells %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} {reverse} : (tensor<5x2x12xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<2x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
// CHECK-NEXT: %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} = graph.lstm_cells %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : (tensor<5x2x16xf32>, tensor<16x3xf32>, tensor<2x3xf32>, tensor<2x4xf32>, tensor<3x4xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>, tensor<2x4xf32>)
// CHECK-NEXT: %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} = graph.rnn_cells %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} {relu, reverse} : (tensor<5x2x4xf32>, tensor<4x4xf32>, tensor<2x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
// CHECK-NEXT: return
func.func @cells(%g: tensor<5x2x16xf32>, %w: tensor<16x4xf32>, %h: tensor<2x4xf32>, %k: tensor<5x2x12xf32>, %v: tensor<12x4xf32>, %b: tensor<12xf32>, %p: tensor<3x4xf32>, %q: tensor<16x3xf32>, %s: tensor<2x3xf32>, %x: tensor<5x2x4xf32>, %u: tensor<4x4xf32>) {
  %output, %hn, %cn = graph.lstm_cells %g, %w, %h, %h : (tensor<5x2x16xf32>, tensor<16x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  %back, %first, %cell = graph.lstm_cells %g, %w, %h, %h {reverse} : (tensor<5x2x16xf32>, tensor<16x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  %gru, %last = graph.gru_cells %k, %v, %b, %h {reverse} : (tensor<5x2x12xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<2x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  %projected, %pn, %pc = graph.lstm_cells %g, %q, %s, %h, %p : (tensor<5x2x16xf32>, tensor<16x3xf32>, tensor<2x3xf32>, tensor<2x4xf32>, tensor<3x4xf32>) -> (tensor<5x2x3xf32>, tensor<2x3xf32>, tensor<2x4xf32>)
  %rnn, %end = graph.rnn_cells %x, %u, %h {relu, reverse} : (tensor<5x2x4xf32>, tensor<4x4xf32>, tensor<2x4xf32>) -> (tensor<5x2x4xf32>, tensor<2x4xf32>)
  return
}
