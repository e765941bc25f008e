//===- LowerObjects.cpp - calls of the object table -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "LowerTask.h"

#include "ingot/ABI/artifact.h"
#include "ingot/ABI/object.h"
#include "ingot/Support/SourceLine.h"

using namespace mlir;
using namespace ingot;

void TaskLowering::failWhen(Operation *op, Value failed) {
  Location loc = op->getLoc();
  Value fine = LLVM::ICmpOp::create(calls.b(), loc, LLVM::ICmpPredicate::eq, failed,
                                    LLVM::ZeroOp::create(calls.b(), loc, failed.getType()));
  unless(op, fine, [&](Location loc) -> Value {
    std::string where = shortSourceLine(op->getLoc());
    return calls.callTable(loc, table, offsetof(ingot_abi_runtime, locate), calls.b().getI32Type(),
                           {call, where.empty() ? calls.nullPtr(loc) : calls.text(loc, where)});
  });
}

/// The library says which custom operators and classes it needs.
static void noteNeeded(task::CallRuntimeOp op) {
  bool isClass = op.getCallee() == "script_object";
  if (!isClass && op.getCallee() != "call_operator")
    return;
  auto module = op->getParentOfType<ModuleOp>();
  Builder b(op.getContext());
  SmallVector<Attribute> needed;
  if (auto known = module->getAttrOfType<ArrayAttr>("ingot.operators"))
    llvm::append_range(needed, known);
  Attribute name = b.getStringAttr((isClass ? "class " : "") + *op.getText());
  if (!llvm::is_contained(needed, name))
    needed.push_back(name);
  module->setAttr("ingot.operators", b.getArrayAttr(needed));
}

void TaskLowering::lowerCallRuntime(task::CallRuntimeOp op) {
  Location loc = op.getLoc();
  noteNeeded(op);
  OpBuilder &b = calls.b();
  const task::RuntimeFunction &f = *task::findRuntimeFunction(op.getCallee());
  Type i64 = calls.i64Type();
  auto bits = [&](Value v) -> Value {
    if (v.getType().isF64())
      return LLVM::BitcastOp::create(b, loc, i64, v);
    if (v.getType().isInteger(1))
      return LLVM::ZExtOp::create(b, loc, i64, v);
    if (isa<LLVM::LLVMPointerType>(v.getType()))
      return LLVM::PtrToIntOp::create(b, loc, i64, v);
    return v;
  };
  SmallVector<Value> operands{call};
  unsigned next = 0;
  for (char letter : f.operands) {
    if (letter == ',' || letter == ' ')
      continue;
    if (letter == 't') {
      StringRef text = *op.getText();
      operands.push_back(calls.text(loc, text));
      operands.push_back(calls.i64(loc, text.size()));
      continue;
    }
    Value v = op.getOperands_()[next++];
    operands.push_back(letter == 's' || letter == 'b' ? bits(v) : v);
  }
  Value result = op.getResult();
  Type type = result ? result.getType() : Type();
  Type plain = f.result == 's' || f.result == 'b' ? i64 : type;
  if (!objects) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointAfterValue(table);
    objects = calls.load(method.getLoc(), calls.ptrType(), table, offsetof(ingot_abi_runtime, objects), true);
  }
  Value value = op.getCallee() == "length"
                    ? calls.load(loc, i64, op.getOperands_()[0], offsetof(ingot_abi_object, count), false)
                    : calls.callTable(loc, objects, f.offset, plain, operands);
  if (f.canRaise() || f.effects == 'm')
    failWhen(op, calls.load(loc, i64, call, offsetof(ingot_abi_call, failed), false));
  if (result) {
    if (type.isInteger(1))
      value = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne, value, calls.i64(loc, 0));
    else if (f.result == 's' && type.isF64())
      value = LLVM::BitcastOp::create(b, loc, type, value);
    else if (f.result == 's' && isa<LLVM::LLVMPointerType>(type))
      value = LLVM::IntToPtrOp::create(b, loc, type, value);
    result.replaceAllUsesWith(value);
  }
  op.erase();
}

void TaskLowering::lowerBox(task::BoxOp op) {
  Location loc = op.getLoc();
  auto type = cast<MemRefType>(op.getTensor().getType());
  MemRefParts parts = calls.unpack(loc, op.getTensor());
  int64_t rank = type.getRank();
  Value sizes = scratch(loc, 2 * rank), strides = calls.at(loc, sizes, 8 * rank);
  for (int64_t i = 0; i < rank; ++i) {
    calls.store(loc, parts.sizes[i], sizes, 8 * i);
    calls.store(loc, parts.strides[i], strides, 8 * i);
  }
  Value object = calls.callTable(loc, table, offsetof(ingot_abi_runtime, box_tensor), calls.ptrType(),
                                 {call, op->hasAttr("task.fresh") ? calls.nullPtr(loc) : parts.allocated,
                                  calls.dataPtr(loc, type, parts), calls.i32(loc, op.getDtype()), calls.i32(loc, rank),
                                  sizes, strides});
  failWhenNull(op, object);
  op.getObject().replaceAllUsesWith(object);
  op.erase();
}

void TaskLowering::lowerUnbox(task::UnboxOp op) {
  Location loc = op.getLoc();
  auto type = cast<MemRefType>(op.getTensor().getType());
  Value tensor = calls.callTable(loc, table, offsetof(ingot_abi_runtime, unbox_tensor), calls.ptrType(),
                                 {call, op.getObject(), calls.i32(loc, op.getDtype()), calls.i32(loc, type.getRank())});
  auto isNull = [&](Value pointer) -> Value {
    Value null = LLVM::ICmpOp::create(calls.b(), loc, LLVM::ICmpPredicate::eq, pointer, calls.nullPtr(loc));
    return LLVM::ZExtOp::create(calls.b(), loc, calls.i64Type(), null);
  };
  failWhen(op, isNull(tensor));
  Value data = calls.callTable(loc, table, offsetof(ingot_abi_runtime, contiguous), calls.ptrType(), {call, tensor});
  // A tensor without elements may have no memory; a failed copy sets the error.
  failWhen(op, calls.load(loc, calls.i64Type(), call, offsetof(ingot_abi_call, failed), false));
  MemRefParts parts{data, data, calls.i64(loc, 0), {}, {}};
  Value sizes = calls.load(loc, calls.ptrType(), tensor, offsetof(ingot_abi_tensor, sizes), false);
  for (auto [i, size] : llvm::enumerate(type.getShape()))
    parts.sizes.push_back(ShapedType::isDynamic(size) ? calls.load(loc, calls.i64Type(), sizes, 8 * i, false)
                                                      : calls.i64(loc, size));
  parts.strides = calls.denseStrides(loc, type, parts.sizes);
  op.getTensor().replaceAllUsesWith(calls.pack(loc, type, parts));
  op.erase();
}
