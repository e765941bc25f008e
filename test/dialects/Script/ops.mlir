// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --mlir-print-op-generic | ingot-opt | FileCheck %s
// RUN: ingot-opt %s --emit-bytecode | ingot-opt | FileCheck %s

// The program's first state: one object, sharing by values.
// CHECK: script.instance {
// CHECK-NEXT: %[[W:.*]] = script.weight "0" {dtype = 6 : i64, nbytes = 24 : i64, offset = 64 : i64, sizes = array<i64: 2, 3>, storage_offset = 0 : i64, strides = array<i64: 3, 1>} : !script.tensor
// CHECK-NEXT: %[[V:.*]] = script.weight "0" {dtype = 6 : i64, nbytes = 24 : i64, offset = 64 : i64, requires_grad, sizes = array<i64: 3>, storage_offset = 3 : i64, strides = array<i64: 1>} : !script.tensor
// CHECK-NEXT: %[[O:.*]] = script.object(%[[W]], %[[W]], %[[V]]) {buffers = ["c"], is_module, names = ["a", "b", "c"], parameters = ["a", "b"]} : (!script.tensor, !script.tensor, !script.tensor) -> !script.object<"M">
// CHECK-NEXT: script.yield %[[O]] : !script.object<"M">
// CHECK-NEXT: }
script.instance {
  %w = script.weight "0" {dtype = 6 : i64, nbytes = 24 : i64, offset = 64 : i64, sizes = array<i64: 2, 3>, storage_offset = 0 : i64, strides = array<i64: 3, 1>} : !script.tensor
  %v = script.weight "0" {dtype = 6 : i64, nbytes = 24 : i64, offset = 64 : i64, requires_grad, sizes = array<i64: 3>, storage_offset = 3 : i64, strides = array<i64: 1>} : !script.tensor
  %o = script.object(%w, %w, %v) {buffers = ["c"], is_module, names = ["a", "b", "c"], parameters = ["a", "b"]} : (!script.tensor, !script.tensor, !script.tensor) -> !script.object<"M">
  script.yield %o : !script.object<"M">
}

// CHECK-LABEL: func.func @constants(
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.constant(-3 : i64) : i64
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.constant(5.000000e-01 : f64) : f64
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.constant(true) : i1
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.constant("a \22b\22\0A") : !script.str
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.constant("cpu") : !script.device
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.constant(unit) : !script.none
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.constant(unit) : !script.optional<i64>
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.constant([1.000000e+00, -2.000000e+00]) : !script.complex
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.constant(["RED", 1]) : !script.enum<"Color">
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.constant(@callee) : !script.function
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.constant(7 : i64) : !script.generator
// CHECK-NEXT: return
func.func @constants() {
  %int = script.constant(-3 : i64) : i64
  %float = script.constant(5.000000e-01 : f64) : f64
  %bool = script.constant(true) : i1
  %str = script.constant("a \22b\22\0A") : !script.str
  %device = script.constant("cpu") : !script.device
  %none = script.constant(unit) : !script.none
  %optional = script.constant(unit) : !script.optional<i64>
  %complex = script.constant([1.000000e+00, -2.000000e+00]) : !script.complex
  %enum = script.constant(["RED", 1]) : !script.enum<"Color">
  %function = script.constant(@callee) : !script.function
  %generator = script.constant(7 : i64) : !script.generator
  return
}

// CHECK-LABEL: func.func @weights_of_no_elements(
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.weight "1" {dtype = 6 : i64, nbytes = 0 : i64, offset = 0 : i64, sizes = array<i64: 0, 5>, storage_offset = 0 : i64, strides = array<i64: 5, 1>} : !script.tensor
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.weight "2" {dtype = 6 : i64, layout = "sparse_coo", nbytes = 0 : i64, offset = 0 : i64, sizes = array<i64: 2>, storage_offset = 0 : i64, strides = array<i64>} : !script.tensor
// CHECK-NEXT: return
func.func @weights_of_no_elements() {
  %empty = script.weight "1" {dtype = 6 : i64, nbytes = 0 : i64, offset = 0 : i64, sizes = array<i64: 0, 5>, storage_offset = 0 : i64, strides = array<i64: 5, 1>} : !script.tensor
  %sparse = script.weight "2" {dtype = 6 : i64, layout = "sparse_coo", nbytes = 0 : i64, offset = 0 : i64, sizes = array<i64: 2>, storage_offset = 0 : i64, strides = array<i64>} : !script.tensor
  return
}

// CHECK-LABEL: func.func @containers(
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.list() : () -> !script.list<!script.tensor>
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.list(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) : (i64, i64) -> !script.list<i64>
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.tuple() : () -> !script.tuple<>
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.tuple(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) : (i64, !script.str) -> !script.tuple<i64, !script.str>
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.tuple(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) : (i64, !script.str) -> !script.tuple<"Point" ["x", "y"] i64, !script.str>
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.dict(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) : (!script.str, !script.tensor, !script.str, !script.tensor) -> !script.dict<!script.str, !script.tensor>
// CHECK-NEXT: %{{[a-z0-9_]+}}:2 = script.unpack %{{[a-z0-9_]+}} : (!script.tuple<i64, !script.str>) -> (i64, !script.str)
// CHECK-NEXT: script.unpack %{{[a-z0-9_]+}} : (!script.tuple<>) -> ()
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.tuple_index %{{[a-z0-9_]+}}[%{{[a-z0-9_]+}}] : (!script.tuple<i64, !script.str>, i64) -> i64
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.tuple_slice %{{[a-z0-9_]+}} {begin = 1 : i64, end = 2 : i64} : (!script.tuple<i64, !script.str>) -> !script.tuple<!script.str>
// CHECK-NEXT: return
func.func @containers(%i: i64, %s: !script.str, %t: !script.tensor) {
  %none = script.list() : () -> !script.list<!script.tensor>
  %list = script.list(%i, %i) : (i64, i64) -> !script.list<i64>
  %unit = script.tuple() : () -> !script.tuple<>
  %tuple = script.tuple(%i, %s) : (i64, !script.str) -> !script.tuple<i64, !script.str>
  %point = script.tuple(%i, %s) : (i64, !script.str) -> !script.tuple<"Point" ["x", "y"] i64, !script.str>
  %dict = script.dict(%s, %t, %s, %t) : (!script.str, !script.tensor, !script.str, !script.tensor) -> !script.dict<!script.str, !script.tensor>
  %parts:2 = script.unpack %tuple : (!script.tuple<i64, !script.str>) -> (i64, !script.str)
  script.unpack %unit : (!script.tuple<>) -> ()
  %index = script.tuple_index %tuple[%i] : (!script.tuple<i64, !script.str>, i64) -> i64
  %slice = script.tuple_slice %tuple {begin = 1 : i64, end = 2 : i64} : (!script.tuple<i64, !script.str>) -> !script.tuple<!script.str>
  return
}

// CHECK-LABEL: func.func @callee(
// CHECK-NEXT: return %{{[a-z0-9_]+}} : !script.tensor
func.func @callee(%t: !script.tensor) -> !script.tensor {
  return %t : !script.tensor
}

// CHECK-LABEL: func.func @calls(
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.aten "aten::relu"(%{{[a-z0-9_]+}}) : (!script.tensor) -> !script.tensor
// CHECK-NEXT: script.aten "prim::Print"() : () -> ()
// CHECK-NEXT: %{{[a-z0-9_]+}}:2 = script.aten "aten::max.dim"(%{{[a-z0-9_]+}}) : (!script.tensor) -> (!script.tensor, !script.tensor)
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.get_attr %{{[a-z0-9_]+}}["a.b"] : (!script.object<"M">) -> !script.tensor
// CHECK-NEXT: script.set_attr %{{[a-z0-9_]+}}["a.b"], %{{[a-z0-9_]+}} : <"M">, !script.tensor
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.new : <"M">
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.call @callee(%{{[a-z0-9_]+}}) : (!script.tensor) -> !script.tensor
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.call_method %{{[a-z0-9_]+}}["forward"] (%{{[a-z0-9_]+}}) : (!script.object<"M">, !script.tensor) -> !script.tensor
// CHECK-NEXT: script.call_method %{{[a-z0-9_]+}}["reset"] () : (!script.object<"M">) -> ()
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.call_value %{{[a-z0-9_]+}}(%{{[a-z0-9_]+}}) : (!script.function, !script.tensor) -> !script.tensor
// CHECK-NEXT: return
func.func @calls(%t: !script.tensor, %o: !script.object<"M">, %f: !script.function) {
  %add = script.aten "aten::relu"(%t) : (!script.tensor) -> !script.tensor
  script.aten "prim::Print"() : () -> ()
  %pair:2 = script.aten "aten::max.dim"(%t) : (!script.tensor) -> (!script.tensor, !script.tensor)
  %attr = script.get_attr %o["a.b"] : (!script.object<"M">) -> !script.tensor
  script.set_attr %o["a.b"], %attr : <"M">, !script.tensor
  %new = script.new : <"M">
  %call = script.call @callee(%t) : (!script.tensor) -> !script.tensor
  %method = script.call_method %o["forward"] (%t) : (!script.object<"M">, !script.tensor) -> !script.tensor
  script.call_method %o["reset"] () : (!script.object<"M">) -> ()
  %value = script.call_value %f(%t) : (!script.function, !script.tensor) -> !script.tensor
  return
}

// CHECK-LABEL: func.func @control(
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.if %{{[a-z0-9_]+}} : (i1) -> !script.tensor {
// CHECK-NEXT: script.yield %{{[a-z0-9_]+}} : !script.tensor
// CHECK-NEXT: } else {
// CHECK-NEXT: script.raise %{{[a-z0-9_]+}} class %{{[a-z0-9_]+}} {exception = "ValueError"} : !script.str, !script.str
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.uninitialized : !script.tensor
// CHECK-NEXT: script.yield %{{[a-z0-9_]+}} : !script.tensor
// CHECK-NEXT: }
// CHECK-NEXT: script.if %{{[a-z0-9_]+}} : (i1) -> () {
// CHECK-NEXT: script.raise %{{[a-z0-9_]+}} : !script.str
// CHECK-NEXT: script.yield
// CHECK-NEXT: } else {
// CHECK-NEXT: script.yield
// CHECK-NEXT: }
// CHECK-NEXT: %{{[a-z0-9_]+}}:2 = script.loop %{{[a-z0-9_]+}} while %{{[a-z0-9_]+}}(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) : (i64, i1, i64, !script.tensor) -> (i64, !script.tensor) {
// CHECK-NEXT: ^bb0(%{{[a-z0-9_]+}}: i64, %{{[a-z0-9_]+}}: i64, %{{[a-z0-9_]+}}: !script.tensor):
// CHECK-NEXT: script.yield %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : i1, i64, !script.tensor
// CHECK-NEXT: }
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.cast %{{[a-z0-9_]+}} : !script.tensor to !script.optional<!script.tensor>
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.isinstance %{{[a-z0-9_]+}} {types = [!script.tensor, i64]} : !script.optional<!script.tensor>
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.enter %{{[a-z0-9_]+}} : (!script.object<"M">) -> !script.any
// CHECK-NEXT: script.exit %{{[a-z0-9_]+}} : !script.object<"M">
// CHECK-NEXT: return
func.func @control(%c: i1, %n: i64, %t: !script.tensor, %m: !script.str, %o: !script.object<"M">) {
  %if = script.if %c : (i1) -> !script.tensor {
    script.yield %t : !script.tensor
  } else {
    script.raise %m class %m {exception = "ValueError"} : !script.str, !script.str
    %u = script.uninitialized : !script.tensor
    script.yield %u : !script.tensor
  }
  script.if %c : (i1) -> () {
    script.raise %m : !script.str
    script.yield
  } else {
    script.yield
  }
  %loop:2 = script.loop %n while %c(%n, %t) : (i64, i1, i64, !script.tensor) -> (i64, !script.tensor) {
  ^bb0(%i: i64, %a: i64, %b: !script.tensor):
    script.yield %c, %i, %b : i1, i64, !script.tensor
  }
  %cast = script.cast %t : !script.tensor to !script.optional<!script.tensor>
  %is = script.isinstance %cast {types = [!script.tensor, i64]} : !script.optional<!script.tensor>
  %enter = script.enter %o : (!script.object<"M">) -> !script.any
  script.exit %o : !script.object<"M">
  return
}

// CHECK-LABEL: func.func @tasks(
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.fork @callee(%{{[a-z0-9_]+}}) : (!script.tensor) -> !script.future<!script.tensor>
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.awaitable @callee(%{{[a-z0-9_]+}}) : (!script.tensor) -> !script.await<!script.tensor>
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.awaitable_nowait %{{[a-z0-9_]+}} : (!script.tensor) -> !script.await<!script.tensor>
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.wait %{{[a-z0-9_]+}} : (!script.future<!script.tensor>) -> !script.tensor
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.wait %{{[a-z0-9_]+}} : (!script.await<!script.tensor>) -> !script.tensor
// CHECK-NEXT: return
func.func @tasks(%t: !script.tensor) {
  %fork = script.fork @callee(%t) : (!script.tensor) -> !script.future<!script.tensor>
  %lazy = script.awaitable @callee(%t) : (!script.tensor) -> !script.await<!script.tensor>
  %done = script.awaitable_nowait %t : (!script.tensor) -> !script.await<!script.tensor>
  %value = script.wait %fork : (!script.future<!script.tensor>) -> !script.tensor
  %other = script.wait %lazy : (!script.await<!script.tensor>) -> !script.tensor
  return
}

// CHECK-LABEL: func.func @border(
// CHECK-NEXT: %{{[a-z0-9_]+}} = script.to_value %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: script.overwrite %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2x3xf32>
// CHECK-NEXT: return
func.func @border(%t: !script.tensor) {
  %value = script.to_value %t : tensor<2x3xf32>
  script.overwrite %value, %t : tensor<2x3xf32>
  return
}
