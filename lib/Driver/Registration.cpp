//===- Registration.cpp - what a tool of ours knows -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Driver/Registration.h"

#include "dialects/Graph/Graph.h"
#include "dialects/Script/Script.h"
#include "dialects/Task/Task.h"
#include "ingot/Codegen/CPU/Codegen.h"
#include "ingot/Conversion/GraphToLinalg.h"
#include "ingot/Conversion/TaskToLLVM.h"
#include "ingot/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/DLTI/DLTI.h"
#include "mlir/Dialect/Func/Extensions/AllExtensions.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Index/IR/IndexDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/X86Vector/X86VectorDialect.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"

using namespace mlir;

void ingot::registerCompileDialects(DialectRegistry &registry) {
  registry
      .insert<script::ScriptDialect, graph::GraphDialect, task::TaskDialect, affine::AffineDialect, arith::ArithDialect,
              complex::ComplexDialect, cf::ControlFlowDialect, DLTIDialect, func::FuncDialect, index::IndexDialect,
              LLVM::LLVMDialect, linalg::LinalgDialect, math::MathDialect, memref::MemRefDialect, scf::SCFDialect,
              tensor::TensorDialect, ub::UBDialect, vector::VectorDialect, x86vector::X86VectorDialect>();
  func::registerAllExtensions(registry);
}

void ingot::registerAllDialects(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registerCompileDialects(registry);
}

void ingot::registerAllPasses() {
  mlir::registerAllPasses();
  registerTransformsPasses();
  registerGraphToLinalgPasses();
  registerCodegenPasses();
  registerTaskToLLVMPasses();
}
