//===- LowerTask.cpp - task ops to loads and runtime calls ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs after scf became cf (a check ends a block) and before func, memref and
// arith are lowered: memrefs are made and taken apart behind casts, which the
// memref lowering then meets and cancels.
#include "LowerTask.h"

#include "dialects/Graph/Graph.h"
#include "ingot/ABI/artifact.h"
#include "ingot/ABI/object.h"
#include "ingot/Conversion/TaskToLLVM.h"
#include "ingot/Support/SourceLine.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ingot;

//===----------------------------------------------------------------------===//
// Frame, checks
//===----------------------------------------------------------------------===//

Value TaskLowering::scratch(Location loc, int64_t words) {
  frameWords = std::max<int64_t>(frameWords, std::max<int64_t>(words, 1));
  if (!frame) {
    OpBuilder::InsertionGuard guard(calls.b());
    // Before every use; its size is known when the method is done.
    calls.b().setInsertionPointToStart(&method.getBody().front());
    Value size = calls.i64(method.getLoc(), 1);
    frame =
        LLVM::AllocaOp::create(calls.b(), method.getLoc(), calls.ptrType(), calls.i64Type(), size, /*alignment=*/16);
  }
  return frame;
}

void TaskLowering::unless(Operation *op, Value condition, llvm::function_ref<Value(Location)> cold) {
  OpBuilder &b = calls.b();
  Location loc = op->getLoc();
  Block *head = op->getBlock();
  Block *rest = head->splitBlock(op);
  Block *failed = b.createBlock(head->getParent(), head->getParent()->end());
  Value status = cold(loc);
  auto handler = op->getAttrOfType<IntegerAttr>(handlerAttrName);
  if (handler)
    cf::BranchOp::create(b, loc, handlers.at(handler.getInt()));
  else
    func::ReturnOp::create(b, loc, status ? ValueRange(status) : ValueRange());
  b.setInsertionPointToEnd(head);
  // A cf branch: simplification merges equal cold blocks, whose differing
  // values become block arguments, and only cf's branches have them converted.
  auto branch = cf::CondBranchOp::create(b, loc, condition, rest, ValueRange(), failed, ValueRange());
  branch.setBranchWeights(ArrayRef<int32_t>{2000, 1});
  b.setInsertionPoint(op);
}

/// A call without a deadline that nobody can cancel pays one load and a branch,
/// which LLVM takes out of loops.
void TaskLowering::lowerPoll(task::PollOp op) {
  OpBuilder &b = calls.b();
  Location loc = op.getLoc();
  Value watched = calls.load(loc, calls.i64Type(), call, offsetof(ingot_abi_call, watched), true);
  Value alone = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::eq, watched, calls.i64(loc, 0));
  Block *head = op->getBlock();
  Block *rest = head->splitBlock(op);
  Block *ask = b.createBlock(&method.getBody(), method.getBody().end());
  Value status = calls.callTable(loc, table, offsetof(ingot_abi_runtime, cancelled), b.getI32Type(), {call});
  Value goOn = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::eq, status, calls.i32(loc, 0));
  Block *stop = b.createBlock(&method.getBody(), method.getBody().end());
  func::ReturnOp::create(b, loc, status);
  b.setInsertionPointToEnd(ask);
  cf::CondBranchOp::create(b, loc, goOn, rest, ValueRange(), stop, ValueRange());
  b.setInsertionPointToEnd(head);
  auto branch = cf::CondBranchOp::create(b, loc, alone, rest, ValueRange(), ask, ValueRange());
  branch.setBranchWeights(ArrayRef<int32_t>{2000, 1});
  b.setInsertionPoint(rest, rest->begin());
  op.erase();
}

void TaskLowering::failWhenNull(Operation *op, Value pointer) {
  Location loc = op->getLoc();
  Value some = LLVM::ICmpOp::create(calls.b(), loc, LLVM::ICmpPredicate::ne, pointer, calls.nullPtr(loc));
  // The runtime has the error already.
  unless(op, some, [&](Location loc) { return calls.i32(loc, INGOT_ABI_RAISE_RUNTIME); });
}

void TaskLowering::lowerCheck(task::CheckOp op) {
  unless(op, op.getCondition(), [&](Location loc) -> Value {
    Value args = calls.nullPtr(loc);
    if (!op.getValues().empty()) {
      args = scratch(loc, op.getValues().size());
      for (auto [i, value] : llvm::enumerate(op.getValues()))
        calls.store(loc, calls.toI64(loc, value), args, 8 * i);
    }
    std::string where = shortSourceLine(op.getLoc());
    bool argument = op.getException().empty();
    Value type = argument ? calls.nullPtr(loc) : calls.text(loc, op.getException());
    Value place = where.empty() ? calls.nullPtr(loc) : calls.text(loc, where);
    return calls.callTable(loc, table, offsetof(ingot_abi_runtime, raise), calls.b().getI32Type(),
                           {call, calls.i32(loc, argument ? INGOT_ABI_RAISE_ARGUMENT : INGOT_ABI_RAISE_RUNTIME), type,
                            calls.text(loc, op.getMessage()), place, args, calls.i32(loc, op.getValues().size())});
  });
}

//===----------------------------------------------------------------------===//
// Inputs, memory, results
//===----------------------------------------------------------------------===//

LogicalResult TaskLowering::lowerInput(task::InputOp op) {
  Location loc = op.getLoc();
  int64_t base = op.getLeaf() * sizeof(ingot_abi_leaf);
  Type type = op.getValue().getType();
  Value value;
  if (auto memref = dyn_cast<MemRefType>(type)) {
    auto [strides, offset] = memref.getStridesAndOffset();
    if (!ShapedType::isDynamic(offset) && offset != 0)
      return op.emitOpError("has a static offset that an input cannot have");
    Value sizes, steps;
    MemRefParts parts;
    parts.aligned = parts.allocated =
        calls.load(loc, calls.ptrType(), inputs, base + offsetof(ingot_abi_tensor, data), true);
    parts.offset = calls.i64(loc, 0);
    auto word = [&](Value &array, size_t member, unsigned i) {
      if (!array)
        array = calls.load(loc, calls.ptrType(), inputs, base + member, true);
      return calls.load(loc, calls.i64Type(), array, 8 * i, true);
    };
    for (auto [i, size] : llvm::enumerate(memref.getShape()))
      parts.sizes.push_back(ShapedType::isDynamic(size) ? word(sizes, offsetof(ingot_abi_tensor, sizes), i)
                                                        : calls.i64(loc, size));
    for (auto [i, stride] : llvm::enumerate(strides))
      parts.strides.push_back(ShapedType::isDynamic(stride) ? word(steps, offsetof(ingot_abi_tensor, strides), i)
                                                            : calls.i64(loc, stride));
    value = calls.pack(loc, memref, parts);
  } else if (type.isF64() || isa<LLVM::LLVMPointerType>(type)) {
    value = calls.load(loc, type, inputs, base, true);
  } else if (type.isInteger(64) || type.isIndex()) {
    value = calls.load(loc, calls.i64Type(), inputs, base, true);
    if (type.isIndex())
      value = calls.toIndex(loc, value);
  } else if (type.isInteger(1)) {
    value = LLVM::ICmpOp::create(calls.b(), loc, LLVM::ICmpPredicate::ne,
                                 calls.load(loc, calls.i64Type(), inputs, base, true), calls.i64(loc, 0));
  } else if (type == ComplexType::get(calls.b().getF64Type())) {
    Type f64 = calls.b().getF64Type();
    value = complex::CreateOp::create(calls.b(), loc, cast<ComplexType>(type), calls.load(loc, f64, inputs, base, true),
                                      calls.load(loc, f64, inputs, base + 8, true));
  } else {
    return op.emitOpError("cannot be an input of type ") << type;
  }
  op.getValue().replaceAllUsesWith(value);
  op.erase();
  return success();
}

/// The result of an op that gave `pointer` to `bytes` bytes.
void TaskLowering::lowerBytes(Operation *op, Value bytes, Value pointer, Type type) {
  Location loc = op->getLoc();
  MemRefParts parts{pointer, pointer, calls.i64(loc, 0), {bytes}, {calls.i64(loc, 1)}};
  op->getResult(0).replaceAllUsesWith(calls.pack(loc, cast<MemRefType>(type), parts));
  op->erase();
}

LogicalResult TaskLowering::lowerConstant(task::ConstantOp op) {
  auto weight = symbols.lookup<graph::WeightOp>(op.getName());
  if (!weight)
    return op.emitOpError("names no graph.weight: ") << op.getNameAttr();
  auto offset = weight->getAttrOfType<IntegerAttr>(constantOffsetAttrName);
  if (!offset)
    return op.emitOpError("has no place in the constants yet");
  Location loc = op.getLoc();
  auto type = cast<MemRefType>(op.getMemory().getType());
  Value base = calls.load(loc, calls.ptrType(), call, offsetof(ingot_abi_call, constants), true);
  Value pointer = calls.at(loc, base, calls.i64(loc, offset.getInt()));
  MemRefParts parts{pointer, pointer, calls.i64(loc, 0), {}, {}};
  for (int64_t size : type.getShape())
    parts.sizes.push_back(calls.i64(loc, size));
  parts.strides = calls.denseStrides(loc, type, parts.sizes);
  op.getMemory().replaceAllUsesWith(calls.pack(loc, type, parts));
  op.erase();
  return success();
}

LogicalResult TaskLowering::lowerState(task::StateOp op) {
  // Index order of mutable states is the order of the graph.weights.
  int64_t index = 0;
  bool found = false;
  for (auto weight : module.getOps<graph::WeightOp>()) {
    if (!weight.getState())
      continue;
    if (weight.getSymName() == op.getName()) {
      found = true;
      break;
    }
    ++index;
  }
  if (!found)
    return op.emitOpError("names no state: ") << op.getNameAttr();
  Location loc = op.getLoc();
  auto type = cast<MemRefType>(op.getMemory().getType());
  Value states = calls.load(loc, calls.ptrType(), call, offsetof(ingot_abi_call, states), true);
  Value pointer = calls.load(loc, calls.ptrType(), states, 8 * index, true);
  MemRefParts parts{pointer, pointer, calls.i64(loc, 0), {}, {}};
  for (int64_t size : type.getShape())
    parts.sizes.push_back(calls.i64(loc, size));
  parts.strides = calls.denseStrides(loc, type, parts.sizes);
  op.getMemory().replaceAllUsesWith(calls.pack(loc, type, parts));
  op.erase();
  return success();
}

void TaskLowering::lowerContiguous(task::ContiguousOp op) {
  Location loc = op.getLoc();
  int64_t base = op.getLeaf() * sizeof(ingot_abi_leaf);
  auto type = cast<MemRefType>(op.getMemory().getType());
  Value pointer = calls.callTable(loc, table, offsetof(ingot_abi_runtime, contiguous), calls.ptrType(),
                                  {call, calls.at(loc, inputs, base)});
  failWhenNull(op, pointer);
  MemRefParts parts{pointer, pointer, calls.i64(loc, 0), {}, {}};
  Value sizes;
  for (auto [i, size] : llvm::enumerate(type.getShape())) {
    if (!ShapedType::isDynamic(size)) {
      parts.sizes.push_back(calls.i64(loc, size));
      continue;
    }
    if (!sizes)
      sizes = calls.load(loc, calls.ptrType(), inputs, base + offsetof(ingot_abi_tensor, sizes), true);
    parts.sizes.push_back(calls.load(loc, calls.i64Type(), sizes, 8 * i, true));
  }
  parts.strides = calls.denseStrides(loc, type, parts.sizes);
  op.getMemory().replaceAllUsesWith(calls.pack(loc, type, parts));
  op.erase();
}

LogicalResult TaskLowering::lowerReturn(task::ReturnValueOp op) {
  Location loc = op.getLoc();
  Value value = op.getValue(), slot = calls.i32(loc, op.getSlot());
  Type type = value.getType();
  if (auto memref = dyn_cast<MemRefType>(type)) {
    MemRefParts parts = calls.unpack(loc, value);
    int64_t rank = memref.getRank();
    Value sizes = scratch(loc, 2 * rank), strides = calls.at(loc, sizes, 8 * rank);
    for (int64_t i = 0; i < rank; ++i) {
      calls.store(loc, parts.sizes[i], sizes, 8 * i);
      calls.store(loc, parts.strides[i], strides, 8 * i);
    }
    calls.callTable(loc, table, offsetof(ingot_abi_runtime, return_tensor), Type(),
                    {call, slot, parts.allocated, calls.dataPtr(loc, memref, parts), calls.i32(loc, op.getDtype()),
                     calls.i32(loc, rank), sizes, strides});
  } else if (isa<LLVM::LLVMPointerType>(type)) {
    calls.callTable(loc, table, offsetof(ingot_abi_runtime, return_object), Type(), {call, slot, value});
  } else if (isa<FloatType>(type)) {
    if (!type.isF64())
      value = LLVM::FPExtOp::create(calls.b(), loc, calls.b().getF64Type(), value);
    calls.callTable(loc, table, offsetof(ingot_abi_runtime, return_float), Type(), {call, slot, value});
  } else if (type == ComplexType::get(calls.b().getF64Type())) {
    calls.callTable(
        loc, table, offsetof(ingot_abi_runtime, return_complex), Type(),
        {call, slot, complex::ReOp::create(calls.b(), loc, value), complex::ImOp::create(calls.b(), loc, value)});
  } else if (type.isIntOrIndex()) {
    value = calls.toI64(loc, value);
    if (type.isInteger(1))
      value = LLVM::ZExtOp::create(calls.b(), loc, calls.i64Type(), value);
    else if (!value.getType().isInteger(64))
      value = LLVM::SExtOp::create(calls.b(), loc, calls.i64Type(), value);
    calls.callTable(loc, table, offsetof(ingot_abi_runtime, return_int), Type(), {call, slot, value});
  } else {
    return op.emitOpError("cannot return a value of type ") << type;
  }
  op.erase();
  return success();
}

void TaskLowering::lowerCopy(task::CopyOp op) {
  Location loc = op.getLoc();
  auto type = cast<MemRefType>(op.getTarget().getType());
  auto from = cast<MemRefType>(op.getSource().getType());
  MemRefParts target = calls.unpack(loc, op.getTarget());
  MemRefParts source = calls.unpack(loc, op.getSource());
  int64_t rank = type.getRank();
  Value to = scratch(loc, 3 * rank), back = calls.at(loc, to, 8 * rank), sizes = calls.at(loc, to, 16 * rank);
  for (int64_t i = 0; i < rank; ++i) {
    calls.store(loc, target.strides[i], to, 8 * i);
    calls.store(loc, source.strides[i], back, 8 * i);
    calls.store(loc, target.sizes[i], sizes, 8 * i);
  }
  calls.callTable(loc, table, offsetof(ingot_abi_runtime, copy_strided), Type(),
                  {calls.dataPtr(loc, type, target), to, calls.dataPtr(loc, from, source), back, sizes,
                   calls.i32(loc, rank), calls.i32(loc, RuntimeCalls::elementBytes(type.getElementType()))});
  op.erase();
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

LogicalResult TaskLowering::lower(Operation *op) {
  calls.b().setInsertionPoint(op);
  Location loc = op->getLoc();
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](task::LaunchOp o) { return lowerLaunch(o); })
      .Case([&](task::ForkOp o) { return lowerFork(o); })
      .Case([&](task::JoinOp o) {
        lowerJoin(o);
        return success();
      })
      .Case([&](task::InputOp o) { return lowerInput(o); })
      .Case([&](task::ReturnValueOp o) { return lowerReturn(o); })
      .Case([&](task::ConstantOp o) { return lowerConstant(o); })
      .Case([&](task::StateOp o) { return lowerState(o); })
      .Case([&](task::CheckOp o) {
        lowerCheck(o);
        o.erase();
        return success();
      })
      .Case([&](task::ContiguousOp o) {
        lowerContiguous(o);
        return success();
      })
      .Case([&](task::CopyOp o) {
        lowerCopy(o);
        return success();
      })
      .Case([&](task::ArenaOp o) {
        Value bytes = calls.toI64(loc, o.getBytes());
        Value pointer = calls.callTable(loc, table, offsetof(ingot_abi_runtime, arena), calls.ptrType(), {call, bytes});
        failWhenNull(o, pointer);
        lowerBytes(o, bytes, pointer, o.getMemory().getType());
        return success();
      })
      .Case([&](task::ResultBlockOp o) {
        Value bytes = calls.toI64(loc, o.getBytes());
        Value pointer = calls.callTable(loc, table, offsetof(ingot_abi_runtime, result_block), calls.ptrType(),
                                        {call, bytes, calls.i32(loc, o.getSlot())});
        failWhenNull(o, pointer);
        lowerBytes(o, bytes, pointer, o.getMemory().getType());
        return success();
      })
      .Case([&](task::PrintOp o) {
        calls.callTable(loc, table, offsetof(ingot_abi_runtime, print), Type(),
                        {call, calls.text(loc, o.getText()), calls.i64(loc, o.getText().size())});
        o.erase();
        return success();
      })
      .Case([&](task::CallRuntimeOp o) {
        lowerCallRuntime(o);
        return success();
      })
      .Case([&](task::BoxOp o) {
        lowerBox(o);
        return success();
      })
      .Case([&](task::UnboxOp o) {
        lowerUnbox(o);
        return success();
      })
      .Case([&](task::AttemptOp o) {
        o.getBegun().replaceAllUsesWith(LLVM::ConstantOp::create(calls.b(), loc, calls.b().getBoolAttr(true)));
        o.erase();
        return success();
      })
      .Case([&](task::KeepOp o) {
        o.getResult().replaceAllUsesWith(o.getValue());
        o.erase();
        return success();
      })
      .Case([&](task::PollOp o) {
        lowerPoll(o);
        return success();
      })
      .Default([](Operation *o) { return o->emitOpError("cannot stand in a method at this phase"); });
}

LogicalResult TaskLowering::lowerMethod(func::FuncOp function) {
  method = function;
  // Objects are pointers from here on, in loops and branches too.
  auto asPointer = [&](Value v) {
    if (isa<task::ObjectType, task::FutureType>(v.getType()))
      v.setType(calls.ptrType());
  };
  method.walk([&](Block *block) {
    llvm::for_each(block->getArguments(), asPointer);
    for (Operation &op : *block)
      llvm::for_each(op.getResults(), asPointer);
  });
  if (method.getNumArguments() || method.getNumResults())
    return method.emitOpError("is a method with arguments or results: code generation replaces them "
                              "by task.input and task.return_value");
  OpBuilder &b = calls.b();
  auto type = b.getFunctionType({calls.ptrType(), calls.ptrType()}, {b.getI32Type()});
  method.setType(type);
  Block &entry = method.getBody().front();
  call = entry.addArgument(calls.ptrType(), method.getLoc());
  inputs = entry.addArgument(calls.ptrType(), method.getLoc());
  for (unsigned i : {0u, 1u}) {
    method.setArgAttr(i, "llvm.noundef", b.getUnitAttr());
    method.setArgAttr(i, "llvm.nonnull", b.getUnitAttr());
  }

  method.walk([&](func::ReturnOp op) {
    b.setInsertionPoint(op);
    op->setOperands({calls.i32(op->getLoc(), 0)});
  });
  return lowerOps(method);
}

LogicalResult TaskLowering::lowerOps(func::FuncOp function) {
  method = function;
  frame = nullptr;
  frameWords = 0;
  objects = nullptr;
  OpBuilder &b = calls.b();
  SmallVector<Operation *> work;
  handlers.clear();
  method.walk([&](Operation *op) {
    if (isa<task::TaskDialect>(op->getDialect()))
      work.push_back(op);
    if (auto attempt = op->getAttrOfType<IntegerAttr>(attemptAttrName))
      handlers[attempt.getInt()] = op->getBlock();
  });
  b.setInsertionPointToStart(&method.getBody().front());
  table = calls.tableOf(method.getLoc(), call);
  for (Operation *op : work)
    if (failed(lower(op)))
      return failure();
  if (frame)
    frame.getArraySize().getDefiningOp<LLVM::ConstantOp>().setValueAttr(b.getI64IntegerAttr(frameWords));
  return success();
}

/// Upstream's lowering drops llvm.noalias of memrefs: keeps which parameters of
/// the llvm.func (a memref is two pointers, offset, sizes, strides) are
/// noalias.
static void keepNoalias(func::FuncOp kernel) {
  SmallVector<int64_t> noalias;
  int64_t index = 0;
  for (BlockArgument argument : kernel.getArguments()) {
    auto memref = dyn_cast<MemRefType>(argument.getType());
    if (memref && kernel.getArgAttr(argument.getArgNumber(), LLVM::LLVMDialect::getNoAliasAttrName())) {
      kernel.removeArgAttr(argument.getArgNumber(), LLVM::LLVMDialect::getNoAliasAttrName());
      noalias.push_back(index + 1); // the aligned pointer: the one that is used
    }
    index += memref ? 3 + 2 * memref.getRank() : 1;
  }
  kernel->setAttr(noaliasAttrName, DenseI64ArrayAttr::get(kernel.getContext(), noalias));
}

LogicalResult TaskLowering::lowerKernel(func::FuncOp kernel) {
  kernel.setPrivate();
  keepNoalias(kernel);
  if (!usesScratch(kernel))
    return success();
  OpBuilder &b = calls.b();
  Location loc = kernel.getLoc();
  unsigned last = kernel.getNumArguments();
  if (failed(kernel.insertArgument(last, calls.ptrType(), {}, loc)))
    return failure();
  Value call = kernel.getArgument(last);
  SmallVector<task::WorkerScratchOp> asks;
  kernel.walk([&](task::WorkerScratchOp op) { asks.push_back(op); });
  for (task::WorkerScratchOp op : asks) {
    // Without memory the chunk ends, which a nested region cannot do.
    if (op->getParentOp() != kernel)
      return op.emitOpError("stands in a region inside its kernel");
    loc = op.getLoc();
    b.setInsertionPoint(op);
    Value runtime = calls.load(loc, calls.ptrType(), call, offsetof(ingot_abi_call, runtime), true);
    Value bytes = calls.toI64(loc, op.getBytes());
    Value pointer =
        calls.callTable(loc, runtime, offsetof(ingot_abi_runtime, kernel_scratch), calls.ptrType(), {call, bytes});
    Value some = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne, pointer, calls.nullPtr(loc));
    unless(op, some, [](Location) { return Value(); });
    lowerBytes(op, bytes, pointer, op.getMemory().getType());
  }
  return success();
}

LogicalResult TaskLowering::run() {
  SmallVector<func::FuncOp> kernels, forks, methods;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function->hasAttr(kernelAttrName))
      kernels.push_back(function);
    else if (function->hasAttr("task.fork"))
      forks.push_back(function);
    else if (function->hasAttr("ingot.method"))
      methods.push_back(function);
  }
  bool ok = true;
  // Kernels first: a launch asks for their parameters.
  for (func::FuncOp kernel : kernels)
    ok &= succeeded(lowerKernel(kernel));
  // All have their parameter before one of them starts another.
  for (func::FuncOp fork : forks)
    ok &= succeeded(addCallParameter(fork));
  for (func::FuncOp fork : forks)
    ok &= ok && succeeded(lowerForkKernel(fork));
  for (func::FuncOp method : methods)
    ok &= succeeded(lowerMethod(method));
  return success(ok);
}

namespace {
struct LowerTask : PassWrapper<LowerTask, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(LowerTask)
  StringRef getArgument() const override { return "lower-task"; }
  StringRef getDescription() const override {
    return "Lowers task ops to loads from the call and calls of the runtime";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<LLVM::LLVMDialect, arith::ArithDialect, cf::ControlFlowDialect, complex::ComplexDialect,
                    func::FuncDialect>();
  }
  void runOnOperation() override {
    if (failed(TaskLowering(getOperation()).run()))
      signalPassFailure();
  }
};
} // namespace

std::unique_ptr<Pass> ingot::createLowerTaskPass() { return std::make_unique<LowerTask>(); }
