// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: split-file %s %t
// RUN: ingot-opt %t/good.mlir | ingot-opt | FileCheck %t/good.mlir
// RUN: ingot-opt %t/good.mlir --emit-bytecode | ingot-opt | FileCheck %t/good.mlir
// RUN: ingot-opt %t/invalid.mlir --split-input-file --verify-diagnostics

//--- good.mlir
// CHECK: func.func private @plain(!script.tensor, !script.str, !script.none, !script.device, !script.generator, !script.complex, !script.number)
func.func private @plain(!script.tensor, !script.str, !script.none, !script.device, !script.generator, !script.complex, !script.number)
// CHECK: func.func private @any(!script.any, !script.any_list, !script.any_tuple, !script.function, !script.capsule)
func.func private @any(!script.any, !script.any_list, !script.any_tuple, !script.function, !script.capsule)
// CHECK: func.func private @element(!script.list<i64>, !script.optional<!script.str>, !script.future<!script.tensor>, !script.await<!script.list<f64>>)
func.func private @element(!script.list<i64>, !script.optional<!script.str>, !script.future<!script.tensor>, !script.await<!script.list<f64>>)
// CHECK: func.func private @named(!script.object<"__torch__.my.Module">, !script.enum<"Color">)
func.func private @named(!script.object<"__torch__.my.Module">, !script.enum<"Color">)
// CHECK: func.func private @dict(!script.dict<!script.str, !script.dict<i64, !script.tensor>>)
func.func private @dict(!script.dict<!script.str, !script.dict<i64, !script.tensor>>)
// CHECK: func.func private @tuple(!script.tuple<>, !script.tuple<i64>, !script.tuple<i64, !script.tuple<f64, i1>>)
func.func private @tuple(!script.tuple<>, !script.tuple<i64>, !script.tuple<i64, !script.tuple<f64, i1>>)
// CHECK: func.func private @namedtuple(!script.tuple<"Point" ["x", "y"] i64, f64>)
func.func private @namedtuple(!script.tuple<"Point" ["x", "y"] i64, f64>)
// CHECK: func.func private @union(!script.union<i64>, !script.union<i64, !script.str, !script.none>)
func.func private @union(!script.union<i64>, !script.union<i64, !script.str, !script.none>)

//--- invalid.mlir
// expected-error@+1 {{expected '<'}}
func.func private @list(!script.list)

// -----

// A namedtuple has its class's name and its fields' names.
// expected-error@+1 {{invalid kind of attribute specified}}
func.func private @no_names(!script.tuple<"Point" i64>)

// -----

// expected-error@+1 {{expected ','}}
func.func private @dict(!script.dict<i64>)

// -----

// expected-error@+1 {{unknown  type `bag` in dialect `script`}}
func.func private @unknown(!script.bag)
