// Bytes that are not the type's would be read as something else.
// RUN: not ingotc %s -o %t.so 2>&1 | FileCheck %s
// RUN: not ls %t.so

// CHECK: 'graph.weight' op has 8 bytes of data, its type needs 16000
graph.weight @v : tensor<4000xf32> (dense<[7.0, 8.0]> : tensor<2xf32>)
func.func @forward(%x: tensor<4000xf32>) -> tensor<4000xf32> attributes {
    ingot.method = "forward", graph.symbols = [],
    ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: 4000>, leaf = 0 : i64, source = "value"}}],
      output = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: 4000>, leaf = 0 : i64, source = "value"}, input_leaves = 1 : i64, results = 1 : i64}} {
  %v = graph.get_weight @v : tensor<4000xf32>
  %y = graph.add %x, %v : tensor<4000xf32>
  return %y : tensor<4000xf32>
}
