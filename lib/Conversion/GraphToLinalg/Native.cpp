//===- Native.cpp - calls of the runtime's kernels --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A task.compute that writes its operands' addresses, sizes and strides into a
// block of words (runtime/native/Native.h) and calls the kernel.
#include "Loops.h"
#include "Scalar.h"

#include "ingot/Support/DType.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

static int64_t elementBytes(Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    return 2 * elementBytes(complex.getElementType());
  return (type.getIntOrFloatBitWidth() + 7) / 8;
}

static void declareKernel(ModuleOp module, StringRef name, ImplicitLocOpBuilder &b) {
  if (module.lookupSymbol(name))
    return;
  OpBuilder top = OpBuilder::atBlockEnd(module.getBody());
  Type index = b.getIndexType();
  func::FuncOp::create(top, b.getLoc(), name, b.getFunctionType({index, index, index}, {})).setPrivate();
}

static LogicalResult lowerNative(graph::NativeOp op, Lowering &l) {
  SmallVector<Value> outs;
  SmallVector<int64_t> dtypes;
  OpFoldResult count = l.b.getIndexAttr(1);
  for (Value in : op.getInputs())
    dtypes.push_back(typeToDType(l.elementType(in)));
  for (auto [i, result] : llvm::enumerate(op.getResults())) {
    FailureOr<SmallVector<OpFoldResult>> sizes = l.resultSizes(op, i);
    if (failed(sizes))
      return failure();
    outs.push_back(l.empty(*sizes, plainType(l.resultType(op, i)).getElementType()));
    dtypes.push_back(typeToDType(l.elementType(result)));
    if (i == 0)
      count = getAsOpFoldResult(l.product(ArrayRef(*sizes).take_front(op.getBatch())));
  }
  std::string name = ("ingot_native_" + op.getKernel()).str();
  declareKernel(op->getParentOfType<ModuleOp>(), name, l.b);
  unsigned inputs = op.getInputs().size();
  SmallVector<Value> results = compute(l, l.toValue(count), 1, l.get(op.getInputs()), outs, [&](ComputeBody &body) {
    ImplicitLocOpBuilder &b = body.b;
    SmallVector<Value> words;
    auto literal = [&](int64_t n) { words.push_back(arith::ConstantIndexOp::create(b, n)); };
    literal(dtypes.size());
    for (auto [i, dtype] : llvm::enumerate(dtypes)) {
      Value memory = i < inputs ? body.input(i) : body.output(i - inputs);
      auto metadata = memref::ExtractStridedMetadataOp::create(b, memory);
      Value address = memref::ExtractAlignedPointerAsIndexOp::create(b, memory);
      int64_t bytes = elementBytes(cast<MemRefType>(memory.getType()).getElementType());
      Value offset = arith::MulIOp::create(b, metadata.getOffset(), arith::ConstantIndexOp::create(b, bytes));
      words.push_back(arith::AddIOp::create(b, address, offset));
      literal(dtype);
      literal(metadata.getSizes().size());
      llvm::append_range(words, metadata.getSizes());
      llvm::append_range(words, metadata.getStrides());
    }
    literal(op.getParameters().size());
    for (int64_t parameter : op.getParameters())
      literal(parameter);
    auto block = memref::AllocaOp::create(b, MemRefType::get({int64_t(words.size())}, b.getIndexType()));
    for (auto [i, word] : llvm::enumerate(words))
      memref::StoreOp::create(b, word, block, ValueRange{arith::ConstantIndexOp::create(b, i)});
    Value address = memref::ExtractAlignedPointerAsIndexOp::create(b, block);
    func::CallOp::create(b, name, TypeRange(), ValueRange{address, body.begin(), body.end()});
  });
  for (auto [result, value] : llvm::zip(op.getResults(), results))
    l.set(result, value);
  return success();
}

void lowering::addNativeRules(RuleTable &table) { table.add<graph::NativeOp>(lowerNative); }
