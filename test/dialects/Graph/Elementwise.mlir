// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// Every operator of the family is printed as it is read: as text, in generic form, as bytecode.
// CHECK-LABEL: func.func @unary(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.abs %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.neg %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.sign %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.ceil %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.floor %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.round %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.trunc %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.sqrt %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.rsqrt %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.reciprocal %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.exp %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.exp2 %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.expm1 %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.log %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.log2 %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.log10 %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.log1p %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.sin %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.cos %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.tan %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.asin %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.acos %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.atan %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.sinh %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.cosh %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.tanh %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.asinh %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.acosh %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.atanh %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.erf %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.erfc %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.lgamma %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.digamma %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.sigmoid %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.relu %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.bitwise_not %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.conj %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: return
func.func @unary(%x: tensor<2x3xf32>) {
  %abs = graph.abs %x : tensor<2x3xf32>
  %neg = graph.neg %x : tensor<2x3xf32>
  %sign = graph.sign %x : tensor<2x3xf32>
  %ceil = graph.ceil %x : tensor<2x3xf32>
  %floor = graph.floor %x : tensor<2x3xf32>
  %round = graph.round %x : tensor<2x3xf32>
  %trunc = graph.trunc %x : tensor<2x3xf32>
  %sqrt = graph.sqrt %x : tensor<2x3xf32>
  %rsqrt = graph.rsqrt %x : tensor<2x3xf32>
  %reciprocal = graph.reciprocal %x : tensor<2x3xf32>
  %exp = graph.exp %x : tensor<2x3xf32>
  %exp2 = graph.exp2 %x : tensor<2x3xf32>
  %expm1 = graph.expm1 %x : tensor<2x3xf32>
  %log = graph.log %x : tensor<2x3xf32>
  %log2 = graph.log2 %x : tensor<2x3xf32>
  %log10 = graph.log10 %x : tensor<2x3xf32>
  %log1p = graph.log1p %x : tensor<2x3xf32>
  %sin = graph.sin %x : tensor<2x3xf32>
  %cos = graph.cos %x : tensor<2x3xf32>
  %tan = graph.tan %x : tensor<2x3xf32>
  %asin = graph.asin %x : tensor<2x3xf32>
  %acos = graph.acos %x : tensor<2x3xf32>
  %atan = graph.atan %x : tensor<2x3xf32>
  %sinh = graph.sinh %x : tensor<2x3xf32>
  %cosh = graph.cosh %x : tensor<2x3xf32>
  %tanh = graph.tanh %x : tensor<2x3xf32>
  %asinh = graph.asinh %x : tensor<2x3xf32>
  %acosh = graph.acosh %x : tensor<2x3xf32>
  %atanh = graph.atanh %x : tensor<2x3xf32>
  %erf = graph.erf %x : tensor<2x3xf32>
  %erfc = graph.erfc %x : tensor<2x3xf32>
  %lgamma = graph.lgamma %x : tensor<2x3xf32>
  %digamma = graph.digamma %x : tensor<2x3xf32>
  %sigmoid = graph.sigmoid %x : tensor<2x3xf32>
  %relu = graph.relu %x : tensor<2x3xf32>
  %bitwise_not = graph.bitwise_not %x : tensor<2x3xf32>
  %conj = graph.conj %x : tensor<2x3xf32>
  return
}

// CHECK-LABEL: func.func @binary(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.add %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.sub %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.mul %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.div %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.floor_divide %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.trunc_divide %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.remainder %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.fmod %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.pow %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.atan2 %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.maximum %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.minimum %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.fmax %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.fmin %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.hypot %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.copysign %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.nextafter %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.bitwise_and %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.bitwise_or %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.bitwise_xor %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.shift_left %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.shift_right %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: return
func.func @binary(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) {
  %add = graph.add %x, %y : tensor<2x3xf32>
  %sub = graph.sub %x, %y : tensor<2x3xf32>
  %mul = graph.mul %x, %y : tensor<2x3xf32>
  %div = graph.div %x, %y : tensor<2x3xf32>
  %floor_divide = graph.floor_divide %x, %y : tensor<2x3xf32>
  %trunc_divide = graph.trunc_divide %x, %y : tensor<2x3xf32>
  %remainder = graph.remainder %x, %y : tensor<2x3xf32>
  %fmod = graph.fmod %x, %y : tensor<2x3xf32>
  %pow = graph.pow %x, %y : tensor<2x3xf32>
  %atan2 = graph.atan2 %x, %y : tensor<2x3xf32>
  %maximum = graph.maximum %x, %y : tensor<2x3xf32>
  %minimum = graph.minimum %x, %y : tensor<2x3xf32>
  %fmax = graph.fmax %x, %y : tensor<2x3xf32>
  %fmin = graph.fmin %x, %y : tensor<2x3xf32>
  %hypot = graph.hypot %x, %y : tensor<2x3xf32>
  %copysign = graph.copysign %x, %y : tensor<2x3xf32>
  %nextafter = graph.nextafter %x, %y : tensor<2x3xf32>
  %bitwise_and = graph.bitwise_and %x, %y : tensor<2x3xf32>
  %bitwise_or = graph.bitwise_or %x, %y : tensor<2x3xf32>
  %bitwise_xor = graph.bitwise_xor %x, %y : tensor<2x3xf32>
  %shift_left = graph.shift_left %x, %y : tensor<2x3xf32>
  %shift_right = graph.shift_right %x, %y : tensor<2x3xf32>
  return
}

// CHECK-LABEL: func.func @compare(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.eq %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<2x3xi1>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.ne %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<2x3xi1>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.lt %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<2x3xi1>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.le %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<2x3xi1>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.gt %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<2x3xi1>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.ge %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<2x3xi1>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.complex %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<2x3xcomplex<f32>>
// CHECK-NEXT: return
func.func @compare(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) {
  %eq = graph.eq %x, %y : tensor<2x3xf32> -> tensor<2x3xi1>
  %ne = graph.ne %x, %y : tensor<2x3xf32> -> tensor<2x3xi1>
  %lt = graph.lt %x, %y : tensor<2x3xf32> -> tensor<2x3xi1>
  %le = graph.le %x, %y : tensor<2x3xf32> -> tensor<2x3xi1>
  %gt = graph.gt %x, %y : tensor<2x3xf32> -> tensor<2x3xi1>
  %ge = graph.ge %x, %y : tensor<2x3xf32> -> tensor<2x3xi1>
  %complex = graph.complex %x, %y : tensor<2x3xf32> -> tensor<2x3xcomplex<f32>>
  return
}

// CHECK-LABEL: func.func @other_element_type(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.isnan %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<2x3xi1>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.isinf %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<2x3xi1>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.signbit %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<2x3xi1>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.cast %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<2x3xbf16>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.bitcast %{{[a-z0-9_]+}} : tensor<2x3xf32> -> tensor<2x3xi32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.real %{{[a-z0-9_]+}} : tensor<2x3xcomplex<f32>> -> tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.imag %{{[a-z0-9_]+}} : tensor<2x3xcomplex<f32>> -> tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.complex_abs %{{[a-z0-9_]+}} : tensor<2x3xcomplex<f32>> -> tensor<2x3xf32>
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.angle %{{[a-z0-9_]+}} : tensor<2x3xcomplex<f32>> -> tensor<2x3xf32>
// CHECK-NEXT: return
func.func @other_element_type(%x: tensor<2x3xf32>, %z: tensor<2x3xcomplex<f32>>) {
  %isnan = graph.isnan %x : tensor<2x3xf32> -> tensor<2x3xi1>
  %isinf = graph.isinf %x : tensor<2x3xf32> -> tensor<2x3xi1>
  %signbit = graph.signbit %x : tensor<2x3xf32> -> tensor<2x3xi1>
  %cast = graph.cast %x : tensor<2x3xf32> -> tensor<2x3xbf16>
  %bitcast = graph.bitcast %x : tensor<2x3xf32> -> tensor<2x3xi32>
  %real = graph.real %z : tensor<2x3xcomplex<f32>> -> tensor<2x3xf32>
  %imag = graph.imag %z : tensor<2x3xcomplex<f32>> -> tensor<2x3xf32>
  %complex_abs = graph.complex_abs %z : tensor<2x3xcomplex<f32>> -> tensor<2x3xf32>
  %angle = graph.angle %z : tensor<2x3xcomplex<f32>> -> tensor<2x3xf32>
  return
}

// CHECK-LABEL: func.func @where(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.where %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xi1>, tensor<2x3xf32>
// CHECK-NEXT: return %{{[a-z0-9_]+}} : tensor<2x3xf32>
func.func @where(%c: tensor<2x3xi1>, %x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %where = graph.where %c, %x, %y : tensor<2x3xi1>, tensor<2x3xf32>
  return %where : tensor<2x3xf32>
}

// Sizes are expressions of the function's symbols.
// CHECK-LABEL: func.func @symbolic(
// CHECK-NEXT: %{{[a-z0-9_]+}} = graph.exp %{{[a-z0-9_]+}} : tensor<?x4xf32, #graph.sizes<()[s0] -> (s0, 4)>>
// CHECK-NEXT: return
func.func @symbolic(%x: tensor<?x4xf32, #graph.sizes<()[s0] -> (s0, 4)>>) {
  %y = graph.exp %x : tensor<?x4xf32, #graph.sizes<()[s0] -> (s0, 4)>>
  return
}
