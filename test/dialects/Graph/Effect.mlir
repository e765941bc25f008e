// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// CHECK-LABEL: func.func @chain(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.make_token "ordered"
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.make_token "random"
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.with_effects %{{[a-z0-9_]+}}, "aten::_print"() : () -> ()
// CHECK-NEXT: %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}:2 = graph.with_effects %{{[a-z0-9_]+}}, "my::pair"(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) : (tensor<2xf32>, tensor<2xf32>) -> (tensor<2xf32>, i64)
// CHECK-NEXT: graph.sink_tokens %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}
// CHECK-NEXT: return %{{[a-z0-9_]+}}#0 : tensor<2xf32>
func.func @chain(%x: tensor<2xf32>) -> tensor<2xf32> {
  %t = graph.make_token "ordered"
  %r = graph.make_token "random"
  %print = graph.with_effects %t, "aten::_print"() : () -> ()
  %next, %outputs:2 = graph.with_effects %print, "my::pair"(%x, %x) : (tensor<2xf32>, tensor<2xf32>) -> (tensor<2xf32>, i64)
  graph.sink_tokens %next, %r
  return %outputs#0 : tensor<2xf32>
}

// The lifted form: tokens come and go as arguments and results.
// CHECK-LABEL: func.func @lifted(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.with_effects %{{[a-z0-9_]+}}, "aten::_print"() : () -> ()
// CHECK-NEXT: return %{{[a-z0-9_]+}} : !graph.token
func.func @lifted(%t: !graph.token) -> !graph.token {
  %next = graph.with_effects %t, "aten::_print"() : () -> ()
  return %next : !graph.token
}
