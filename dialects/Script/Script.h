//===- Script.h - the script dialect ----------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_DIALECTS_SCRIPT_SCRIPT_H
#define INGOT_DIALECTS_SCRIPT_SCRIPT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/Script/ScriptDialect.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Script/ScriptTypes.h.inc"
#define GET_OP_CLASSES
#include "dialects/Script/ScriptOps.h.inc"

#endif
