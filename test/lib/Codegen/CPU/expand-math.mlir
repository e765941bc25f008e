// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt --ingot-expand-math %s | FileCheck %s

// f32 becomes arithmetic, of scalars and of vectors.
// CHECK-LABEL: func.func @expanded(
// CHECK-NOT: math.exp
// CHECK-NOT: math.tanh
// CHECK-NOT: math.erf
// CHECK-NOT: math.log
// CHECK: return
func.func @expanded(%x: f32, %v: vector<8xf32>) -> (f32, f32, f32, f32, vector<8xf32>, vector<8xf32>) {
  %a = math.exp %x : f32
  %b = math.tanh %x : f32
  %c = math.erf %x : f32
  %d = math.log %x : f32
  %e = math.exp %v : vector<8xf32>
  %f = math.log %v : vector<8xf32>
  return %a, %b, %c, %d, %e, %f : f32, f32, f32, f32, vector<8xf32>, vector<8xf32>
}

// A denormal's logarithm is that of 2^23 times it, less 23 ln 2.
// CHECK-LABEL: func.func @denormal(
// CHECK-DAG: %[[MIN:.*]] = arith.constant 1.17549435E-38 : f32
// CHECK-DAG: %[[SCALE:.*]] = arith.constant 0x4B000000 : f32
// CHECK-DAG: %[[LESS:.*]] = arith.constant 15.9423847 : f32
// CHECK: %[[SMALL:.*]] = arith.cmpf olt, %arg0, %[[MIN]] : f32
// CHECK: %[[SCALED:.*]] = arith.mulf %arg0, %[[SCALE]] : f32
// CHECK: arith.select %[[SMALL]], %[[SCALED]], %arg0
// CHECK: %[[LOWER:.*]] = arith.subf %[[LOG:.*]], %[[LESS]]
// CHECK: %[[R:.*]] = arith.select %[[SMALL]], %[[LOWER]], %[[LOG]]
// CHECK: return %[[R]]
func.func @denormal(%x: f32) -> f32 {
  %y = math.log %x : f32
  return %y : f32
}

// The polynomials are made for f32: f64 keeps the library's functions, and so do
// the functions of f32 that have no polynomial of ours.
// CHECK-LABEL: func.func @kept(
// CHECK-NEXT: math.exp %arg0 : f64
// CHECK-NEXT: math.log %arg0 : f64
// CHECK-NEXT: math.tanh %arg0 : f64
// CHECK-NEXT: math.sin %arg1 : f32
// CHECK-NEXT: math.log2 %arg1 : f32
// CHECK-NEXT: return
func.func @kept(%x: f64, %y: f32) -> (f64, f64, f64, f32, f32) {
  %a = math.exp %x : f64
  %b = math.log %x : f64
  %c = math.tanh %x : f64
  %d = math.sin %y : f32
  %e = math.log2 %y : f32
  return %a, %b, %c, %d, %e : f64, f64, f64, f32, f32
}

// The maximum that passes NaN on is LLVM's intrinsic; f16 has none on every CPU,
// and the maximum that drops NaN is another.
// CHECK-LABEL: func.func @maximum(
// CHECK-NEXT: llvm.intr.maximum(%arg0, %arg1) : (f32, f32) -> f32
// CHECK-NEXT: llvm.intr.minimum(%arg2, %arg3) : (vector<4xf64>, vector<4xf64>) -> vector<4xf64>
// CHECK-NEXT: arith.maximumf %arg4, %arg5 : f16
// CHECK-NEXT: arith.maxnumf %arg0, %arg1 : f32
// CHECK-NEXT: return
func.func @maximum(%x: f32, %y: f32, %v: vector<4xf64>, %w: vector<4xf64>, %h: f16, %i: f16) -> (f32, vector<4xf64>, f16, f32) {
  %a = arith.maximumf %x, %y : f32
  %b = arith.minimumf %v, %w : vector<4xf64>
  %c = arith.maximumf %h, %i : f16
  %d = arith.maxnumf %x, %y : f32
  return %a, %b, %c, %d : f32, vector<4xf64>, f16, f32
}

// Python's division of sizes, by comparisons; a declaration has no body to look at.
// CHECK-LABEL: func.func @division(
// CHECK-NOT: arith.floordivsi
// CHECK-NOT: arith.ceildivsi
// CHECK: arith.divsi
// CHECK: return
func.func @division(%n: index, %m: index) -> (index, index) {
  %a = arith.floordivsi %n, %m : index
  %b = arith.ceildivsi %n, %m : index
  return %a, %b : index, index
}
// CHECK: func.func private @declared(f32) -> f32
func.func private @declared(f32) -> f32
