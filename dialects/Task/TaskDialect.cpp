//===- TaskDialect.cpp - the task dialect -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/Task/Task.h"

#include "ingot/ABI/object.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ingot::task;

#include "dialects/Task/TaskDialect.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Task/TaskTypes.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/Task/TaskOps.cpp.inc"

void TaskDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/Task/TaskTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/Task/TaskOps.cpp.inc"
      >();
}

static LogicalResult verifyKernel(Operation *op, FlatSymbolRefAttr name, ValueRange operands,
                                  SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<func::FuncOp>(op, name);
  if (!kernel)
    return op->emitOpError("launches unknown kernel ") << name;
  auto expected = kernel.getArgumentTypes();
  if (expected.size() != operands.size() + 2)
    return op->emitOpError("passes ") << operands.size() << " operands to " << name << ", which takes "
                                      << int64_t(expected.size()) - 2;
  for (auto [i, types] : llvm::enumerate(llvm::zip(expected.drop_front(2), operands.getTypes())))
    if (std::get<0>(types) != std::get<1>(types))
      return op->emitOpError("operand ") << i << " has type " << std::get<1>(types) << ", the kernel takes "
                                         << std::get<0>(types);
  return success();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyKernel(*this, getKernelAttr(), getOperands_(), symbols);
}

LogicalResult ForkOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyKernel(*this, getKernelAttr(), getOperands_(), symbols);
}

//===----------------------------------------------------------------------===//
// Calls of the runtime
//===----------------------------------------------------------------------===//

const RuntimeFunction *ingot::task::findRuntimeFunction(llvm::StringRef name) {
#define INGOT_FUNCTION(name, result, effects, ...)                                                                     \
  {#name, #result[0], #effects[0], #__VA_ARGS__, offsetof(ingot_abi_objects, name)},
  static const RuntimeFunction functions[] = {INGOT_OBJECT_FUNCTIONS(INGOT_FUNCTION)};
#undef INGOT_FUNCTION
  static const auto *byName = [] {
    auto *map = new llvm::StringMap<const RuntimeFunction *>();
    for (const RuntimeFunction &f : functions)
      map->insert({f.name, &f});
    return map;
  }();
  return byName->lookup(name);
}

static bool fits(char letter, Type type) {
  switch (letter) {
  case 'o':
    return isa<ObjectType>(type);
  case 'i':
    return type.isSignlessInteger(64);
  case 'b':
    return type.isSignlessInteger(1);
  case 'd':
    return type.isF64();
  default: // a slot
    return isa<ObjectType>(type) || type.isSignlessInteger(64) || type.isSignlessInteger(1) || type.isF64();
  }
}

LogicalResult CallRuntimeOp::verify() {
  const RuntimeFunction *f = findRuntimeFunction(getCallee());
  if (!f)
    return emitOpError("calls \"") << getCallee() << "\", which the runtime does not have";
  unsigned next = 0;
  bool text = false;
  for (char letter : f->operands) {
    if (letter == ',' || letter == ' ')
      continue;
    if (letter == 't') {
      text = true;
      continue;
    }
    if (next >= getOperands_().size() || !fits(letter, getOperands_()[next].getType()))
      return emitOpError("operand ") << next << " of \"" << getCallee() << "\" must be of type '"
                                     << StringRef(&letter, 1) << "' of (" << f->operands << ")";
    ++next;
  }
  if (next != getOperands_().size())
    return emitOpError("\"") << getCallee() << "\" takes " << next << " operands";
  if (text != getText().has_value())
    return emitOpError(text ? "needs a text" : "takes no text");
  if ((f->result == 'n') != !getResult() || (getResult() && !fits(f->result, getResult().getType())))
    return emitOpError("result of \"") << getCallee() << "\" must be of type '" << StringRef(&f->result, 1) << "'";
  return success();
}

void CallRuntimeOp::getEffects(SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  const RuntimeFunction *f = findRuntimeFunction(getCallee());
  char kind = f ? f->effects : 'x';
  if (kind == 'm') {
    effects.emplace_back(MemoryEffects::Allocate::get(), getOperation()->getOpResult(0));
    return;
  }
  effects.emplace_back(MemoryEffects::Read::get());
  // An error is an effect: the call stays, in its place.
  if (kind != 'r')
    effects.emplace_back(MemoryEffects::Write::get());
}
