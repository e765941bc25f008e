// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: split-file %s %t
// RUN: ingot-opt --finish-llvm %t/good.mlir | FileCheck %t/good.mlir
// RUN: ingot-opt --finish-llvm %t/invalid.mlir --split-input-file --verify-diagnostics

//--- good.mlir
// Methods are seen by the descriptor, in the file; all else by its own module only.
// CHECK: llvm.func hidden @method() attributes {dso_local, ingot.method = "m", no_unwind}
llvm.func @method() attributes {ingot.method = "m"} {
  llvm.return
}
// CHECK: llvm.func internal @helper() attributes {dso_local, no_unwind}
llvm.func @helper() {
  llvm.return
}
// CHECK: llvm.func internal @kernel() attributes {always_inline, dso_local, no_unwind, task.kernel}
llvm.func @kernel() attributes {task.kernel} {
  llvm.return
}
// A kernel that others share stays out of line.
// CHECK: llvm.func internal @shared() attributes {dso_local, no_inline, no_unwind, task.kernel, task.shared}
llvm.func @shared() attributes {task.kernel, task.shared} {
  llvm.return
}
// CHECK: llvm.func @expf(f32) -> f32
llvm.func @expf(f32) -> f32

// An alloca of a loop is the function's, else the stack would grow.
// CHECK-LABEL: llvm.func internal @loop(
// CHECK-NEXT: %[[N:.*]] = llvm.mlir.constant(4 : i64)
// CHECK-NEXT: llvm.alloca %[[N]] x f32
// CHECK: llvm.br ^bb1
// CHECK: ^bb1:
// CHECK-NOT: llvm.alloca
llvm.func @loop(%c: i1) {
  llvm.br ^bb1
^bb1:
  %n = llvm.mlir.constant(4 : i64) : i64
  %p = llvm.alloca %n x f32 : (i64) -> !llvm.ptr
  llvm.cond_br %c, ^bb1, ^bb2
^bb2:
  llvm.return
}

//--- invalid.mlir
// Memory comes from the arena.
// expected-error@+1 {{'llvm.func' op is called, but generated code has no such function: memory comes from the arena}}
llvm.func @malloc(i64) -> !llvm.ptr

// -----

llvm.func @inside(%x: i64) -> i64 {
  // expected-error@+1 {{'arith.addi' op was not lowered to LLVM}}
  %a = arith.addi %x, %x : i64
  // All of them are told.
  // expected-error@+1 {{'arith.muli' op was not lowered to LLVM}}
  %b = arith.muli %a, %x : i64
  llvm.return %b : i64
}
