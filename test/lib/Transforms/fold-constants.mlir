// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-fold-constants %s | FileCheck %s

graph.weight @w : tensor<2x3xf32> (dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>)
graph.weight @s : tensor<2xf32> (dense<1.0> : tensor<2xf32>) {state}

// Of a chain only the last value is stored.
// CHECK-LABEL: func.func @chain(
// CHECK-NEXT: %[[C:.*]] = graph.constant(dense<{{\[\[}}-2.000000e+00, -8.000000e+00], [-4.000000e+00, -1.000000e+01], [-6.000000e+00, -1.200000e+01]]> : tensor<3x2xf32>) : tensor<3x2xf32>
// CHECK-NEXT: return %[[C]]
func.func @chain() -> tensor<3x2xf32> {
  %w = graph.get_weight @w : tensor<2x3xf32>
  %a = graph.add %w, %w : tensor<2x3xf32>
  %n = graph.neg %a : tensor<2x3xf32>
  %t = graph.permute %n [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
  return %t : tensor<3x2xf32>
}

// Repetitions are not stored: an expand of what differs.
// CHECK-LABEL: func.func @repeated(
// CHECK-NEXT: %[[C:.*]] = graph.constant(dense<3.000000e+00> : tensor<f32>) : tensor<f32>
// CHECK-NEXT: %[[E:.*]] = graph.expand %[[C]] : tensor<f32> -> tensor<1000x1000xf32>
// CHECK-NEXT: return %[[E]]
func.func @repeated() -> tensor<1000x1000xf32> {
  %a = graph.constant(dense<1.0> : tensor<f32>) : tensor<f32>
  %b = graph.constant(dense<2.0> : tensor<f32>) : tensor<f32>
  %x = graph.expand %a : tensor<f32> -> tensor<1000x1000xf32>
  %y = graph.expand %b : tensor<f32> -> tensor<1000x1000xf32>
  %z = graph.add %x, %y : tensor<1000x1000xf32>
  return %z : tensor<1000x1000xf32>
}

// Also of a size that only the call knows.
// CHECK-LABEL: func.func @symbolic(
// CHECK: %[[C:.*]] = graph.constant(dense<-1.000000e+00> : tensor<f32>)
// CHECK-NEXT: %[[E:.*]] = graph.expand %[[C]] : tensor<f32> -> tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>
// CHECK-NEXT: return %[[E]]
func.func @symbolic() -> tensor<?xf32, #graph.sizes<()[s0] -> (s0)>> {
  %a = graph.constant(dense<1.0> : tensor<f32>) : tensor<f32>
  %x = graph.expand %a : tensor<f32> -> tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>
  %z = graph.neg %x : tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>
  return %z : tensor<?xf32, #graph.sizes<()[s0] -> (s0)>>
}

// A state is what the last call left there; an argument is what the caller gives.
// CHECK-LABEL: func.func @unknown(
// CHECK: %[[S:.*]] = graph.load_state @s
// CHECK-NEXT: %[[N:.*]] = graph.neg %[[S]]
// CHECK-NEXT: %[[M:.*]] = graph.neg %arg0
// CHECK-NEXT: return %[[N]], %[[M]]
func.func @unknown(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %s = graph.load_state @s : tensor<2xf32>
  %n = graph.neg %s : tensor<2xf32>
  %m = graph.neg %x : tensor<2xf32>
  return %n, %m : tensor<2xf32>, tensor<2xf32>
}

// Effects stay, dead values go.
// CHECK-LABEL: func.func @effects(
// CHECK-NOT: graph.exp
// CHECK: graph.check
// CHECK: graph.store_state
func.func @effects(%x: tensor<2xf32>, %c: i1) {
  %d = graph.exp %x : tensor<2xf32>
  graph.check %c, "RuntimeError" "no"()
  graph.store_state %x, @s : tensor<2xf32>
  return
}

// Integers wrap as torch's do; a comparison gives bools.
// CHECK-LABEL: func.func @integers(
// CHECK-DAG: graph.constant(dense<-128> : tensor<1xi8>)
// CHECK-DAG: graph.constant(dense<[true, false]> : tensor<2xi1>)
func.func @integers() -> (tensor<1xi8>, tensor<2xi1>) {
  %a = graph.constant(dense<127> : tensor<1xi8>) : tensor<1xi8>
  %b = graph.constant(dense<1> : tensor<1xi8>) : tensor<1xi8>
  %s = graph.add %a, %b : tensor<1xi8>
  %c = graph.constant(dense<[1, 5]> : tensor<2xi64>) : tensor<2xi64>
  %d = graph.constant(dense<[2, 4]> : tensor<2xi64>) : tensor<2xi64>
  %l = graph.lt %c, %d : tensor<2xi64> -> tensor<2xi1>
  return %s, %l : tensor<1xi8>, tensor<2xi1>
}

// 8192 numbers from 128 are more than they save.
// CHECK-LABEL: func.func @too_large(
// CHECK: graph.add
func.func @too_large() -> tensor<64x128xf32> {
  %w = graph.get_weight @column : tensor<64xf32>
  %c = graph.reshape %w : tensor<64xf32> -> tensor<64x1xf32>
  %x = graph.expand %c : tensor<64x1xf32> -> tensor<64x128xf32>
  %v = graph.get_weight @row : tensor<128xf32>
  %y = graph.expand %v : tensor<128xf32> -> tensor<64x128xf32>
  %z = graph.add %x, %y : tensor<64x128xf32>
  return %z : tensor<64x128xf32>
}
graph.weight @column : tensor<64xf32> (dense_resource<column> : tensor<64xf32>)
graph.weight @row : tensor<128xf32> (dense_resource<row> : tensor<128xf32>)

{-#
  dialect_resources: {
    builtin: {
      column: "0x04000000000000000000803F0000004000004040000080400000A0400000C0400000E0400000004100001041000020410000304100004041000050410000604100007041000080410000884100009041000098410000A0410000A8410000B0410000B8410000C0410000C8410000D0410000D8410000E0410000E8410000F0410000F84100000042000004420000084200000C4200001042000014420000184200001C4200002042000024420000284200002C4200003042000034420000384200003C4200004042000044420000484200004C4200005042000054420000584200005C4200006042000064420000684200006C4200007042000074420000784200007C42",
      row: "0x04000000000000000000803F0000004000004040000080400000A0400000C0400000E0400000004100001041000020410000304100004041000050410000604100007041000080410000884100009041000098410000A0410000A8410000B0410000B8410000C0410000C8410000D0410000D8410000E0410000E8410000F0410000F84100000042000004420000084200000C4200001042000014420000184200001C4200002042000024420000284200002C4200003042000034420000384200003C4200004042000044420000484200004C4200005042000054420000584200005C4200006042000064420000684200006C4200007042000074420000784200007C42000080420000824200008442000086420000884200008A4200008C4200008E42000090420000924200009442000096420000984200009A4200009C4200009E420000A0420000A2420000A4420000A6420000A8420000AA420000AC420000AE420000B0420000B2420000B4420000B6420000B8420000BA420000BC420000BE420000C0420000C2420000C4420000C6420000C8420000CA420000CC420000CE420000D0420000D2420000D4420000D6420000D8420000DA420000DC420000DE420000E0420000E2420000E4420000E6420000E8420000EA420000EC420000EE420000F0420000F2420000F4420000F6420000F8420000FA420000FC420000FE42"
    }
  }
#-}
