// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: split-file %s %t && cd %t
// RUN: not ingotc missing.mlir --start-from=linalg --stop-after=tiled -o out.mlir 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not ingotc outside.mlir --start-from=linalg --stop-after=tiled -o out.mlir 2>&1 | FileCheck %s --check-prefix=OUTSIDE
// RUN: not ingotc negative.mlir --start-from=linalg --stop-after=tiled -o out.mlir 2>&1 | FileCheck %s --check-prefix=NEGATIVE
// RUN: not ingotc few.mlir --start-from=linalg --stop-after=tiled -o out.mlir 2>&1 | FileCheck %s --check-prefix=FEW
// RUN: not ingotc dense.mlir --start-from=linalg --stop-after=tiled -o out.mlir 2>&1 | FileCheck %s --check-prefix=DENSE
// RUN: not ingotc resource.mlir --start-from=linalg --stop-after=tiled -o out.mlir 2>&1 | FileCheck %s --check-prefix=RESOURCE
// RUN: not ingotc kind.mlir --start-from=linalg --stop-after=tiled -o out.mlir 2>&1 | FileCheck %s --check-prefix=KIND
// RUN: ingotc good.mlir --start-from=linalg --stop-after=tiled -o out.mlir && FileCheck %s < out.mlir

// Weights of a product are packed at compile time, so that their bytes are read, and
// checked, here. Nothing is read beyond a file or beside it.
// MISSING: {{^}}missing.mlir:1:1: error: cannot read the weights in 'nothing.bin': 
// OUTSIDE: {{^}}outside.mlir:1:1: error: 'graph.weight' op lies outside of 'bytes.bin': bytes 8 to 49160 of 17
// NEGATIVE: 'graph.weight' op lies outside of 'bytes.bin': bytes -8 to 0 of 17
// FEW: 'graph.weight' op has 16 bytes of data, its type needs 49152
// DENSE: 'graph.weight' op has 8 bytes of data, its type needs 49152
// RESOURCE: 'graph.weight' op names a resource that is not in the file
// KIND: 'graph.weight' op has data of an unknown kind

// CHECK: graph.weight @[[PACKED:w[a-z0-9_.]+]] : tensor<12288xf32>(dense_resource<
// CHECK: task.constant @[[PACKED]]

//--- missing.mlir
graph.weight @w : tensor<128x96xf32> (#graph.file_data<"nothing.bin", 0, 49152>)
func.func @forward(%x: tensor<64x128xf32>) -> tensor<64x96xf32> attributes {ingot.method = "forward"} {
  %w = graph.get_weight @w : tensor<128x96xf32>
  %y = graph.matmul %x, %w : tensor<64x128xf32>, tensor<128x96xf32> -> tensor<64x96xf32>
  return %y : tensor<64x96xf32>
}

//--- outside.mlir
graph.weight @w : tensor<128x96xf32> (#graph.file_data<"bytes.bin", 8, 49152>)
func.func @forward(%x: tensor<64x128xf32>) -> tensor<64x96xf32> attributes {ingot.method = "forward"} {
  %w = graph.get_weight @w : tensor<128x96xf32>
  %y = graph.matmul %x, %w : tensor<64x128xf32>, tensor<128x96xf32> -> tensor<64x96xf32>
  return %y : tensor<64x96xf32>
}

//--- negative.mlir
graph.weight @w : tensor<128x96xf32> (#graph.file_data<"bytes.bin", -8, 8>)
func.func @forward(%x: tensor<64x128xf32>) -> tensor<64x96xf32> attributes {ingot.method = "forward"} {
  %w = graph.get_weight @w : tensor<128x96xf32>
  %y = graph.matmul %x, %w : tensor<64x128xf32>, tensor<128x96xf32> -> tensor<64x96xf32>
  return %y : tensor<64x96xf32>
}

//--- few.mlir
graph.weight @w : tensor<128x96xf32> (#graph.file_data<"bytes.bin", 0, 16>)
func.func @forward(%x: tensor<64x128xf32>) -> tensor<64x96xf32> attributes {ingot.method = "forward"} {
  %w = graph.get_weight @w : tensor<128x96xf32>
  %y = graph.matmul %x, %w : tensor<64x128xf32>, tensor<128x96xf32> -> tensor<64x96xf32>
  return %y : tensor<64x96xf32>
}

//--- dense.mlir
graph.weight @w : tensor<128x96xf32> (dense<[1.0, 2.0]> : tensor<2xf32>)
func.func @forward(%x: tensor<64x128xf32>) -> tensor<64x96xf32> attributes {ingot.method = "forward"} {
  %w = graph.get_weight @w : tensor<128x96xf32>
  %y = graph.matmul %x, %w : tensor<64x128xf32>, tensor<128x96xf32> -> tensor<64x96xf32>
  return %y : tensor<64x96xf32>
}

//--- resource.mlir
graph.weight @w : tensor<128x96xf32> (dense_resource<nothing> : tensor<128x96xf32>)
func.func @forward(%x: tensor<64x128xf32>) -> tensor<64x96xf32> attributes {ingot.method = "forward"} {
  %w = graph.get_weight @w : tensor<128x96xf32>
  %y = graph.matmul %x, %w : tensor<64x128xf32>, tensor<128x96xf32> -> tensor<64x96xf32>
  return %y : tensor<64x96xf32>
}

//--- kind.mlir
graph.weight @w : tensor<128x96xf32> ("text")
func.func @forward(%x: tensor<64x128xf32>) -> tensor<64x96xf32> attributes {ingot.method = "forward"} {
  %w = graph.get_weight @w : tensor<128x96xf32>
  %y = graph.matmul %x, %w : tensor<64x128xf32>, tensor<128x96xf32> -> tensor<64x96xf32>
  return %y : tensor<64x96xf32>
}

//--- good.mlir
graph.weight @w : tensor<128x96xf32> (dense<1.0> : tensor<128x96xf32>)
func.func @forward(%x: tensor<64x128xf32>) -> tensor<64x96xf32> attributes {ingot.method = "forward"} {
  %w = graph.get_weight @w : tensor<128x96xf32>
  %y = graph.matmul %x, %w : tensor<64x128xf32>, tensor<128x96xf32> -> tensor<64x96xf32>
  return %y : tensor<64x96xf32>
}

//--- bytes.bin
0123456789abcdef
