//===- KernelEmitter.cpp - kernels, launches, bodies ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Codegen/Common/KernelEmitter.h"

#include "dialects/Task/Task.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;

KernelContext::~KernelContext() = default;
KernelEmitter::~KernelEmitter() = default;
Target::~Target() = default;

Type codegen::getMemoryType(Type type) {
  if (type.isInteger(1))
    return IntegerType::get(type.getContext(), 8);
  if (auto integer = dyn_cast<IntegerType>(type); integer && !integer.isSignless())
    return IntegerType::get(type.getContext(), integer.getWidth());
  return type;
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

func::FuncOp KernelContext::createKernel(StringRef name, TypeRange operands) {
  Type index = host.getIndexType();
  SmallVector<Type> types = {index, index};
  llvm::append_range(types, operands);
  OpBuilder b(module.getContext());
  b.setInsertionPointToEnd(module.getBody());
  auto kernel = func::FuncOp::create(b, host.loc, name, b.getFunctionType(types, {}));
  kernel.setPrivate();
  kernel->setAttr("task.kernel", b.getUnitAttr());
  Block *body = kernel.addEntryBlock();
  b.setInsertionPointToEnd(body);
  func::ReturnOp::create(b, host.loc);
  // A kernel's memories overlap only when both are read.
  for (auto [i, type] : llvm::enumerate(types))
    if (isa<MemRefType>(type))
      kernel.setArgAttr(i, "llvm.noalias", b.getUnitAttr());
  std::string unique = name.str();
  while (Operation *other = module.lookupSymbol(unique)) {
    if (other == kernel)
      break;
    unique = (name + "_" + Twine(++kernelCount)).str();
  }
  kernel.setName(unique);
  return kernel;
}

void KernelContext::launch(func::FuncOp kernel, AffineExpr count, AffineExpr grain, ValueRange operands) {
  launch(kernel, host.value(count), host.value(grain), operands);
}

void KernelContext::launch(func::FuncOp kernel, Value count, Value grain, ValueRange operands) {
  task::PollOp::create(host, host.loc);
  task::LaunchOp::create(host, host.loc, FlatSymbolRefAttr::get(kernel.getSymNameAttr()), count, grain, operands);
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

SmallVector<AffineExpr> KernelContext::rowMajorStrides(ArrayRef<AffineExpr> sizes) {
  SmallVector<AffineExpr> strides(sizes.size());
  AffineExpr stride = host.expr(1);
  for (int64_t d = int64_t(sizes.size()) - 1; d >= 0; --d) {
    strides[d] = stride;
    stride = host.simplify(stride * sizes[d]);
  }
  return strides;
}

bool KernelContext::isDense(const Buffer &buffer, bool anyOffset) {
  if (!anyOffset && !HostBuilder::isConstant(buffer.offset, 0))
    return false;
  for (auto [size, stride, dense] : llvm::zip(buffer.sizes, buffer.strides, rowMajorStrides(buffer.sizes)))
    if (!HostBuilder::isConstant(size, 1) && stride != dense)
      return false;
  return true;
}

Value KernelContext::asMemRef(const Buffer &buffer) {
  SmallVector<OpFoldResult> sizes, strides;
  SmallVector<int64_t> staticSizes, staticStrides;
  auto add = [&](AffineExpr e, SmallVector<OpFoldResult> &values, SmallVector<int64_t> &statics) {
    values.push_back(host.foldResult(e));
    statics.push_back(HostBuilder::constant(e).value_or(ShapedType::kDynamic));
  };
  for (AffineExpr size : buffer.sizes)
    add(size, sizes, staticSizes);
  for (AffineExpr stride : buffer.strides)
    add(stride, strides, staticStrides);
  // A memref's own row-major layout needs no strides.
  MemRefLayoutAttrInterface layout;
  if (!isDense(buffer))
    layout = StridedLayoutAttr::get(host.getContext(),
                                    HostBuilder::constant(buffer.offset).value_or(ShapedType::kDynamic), staticStrides);
  auto type = MemRefType::get(staticSizes, buffer.getElementType(), layout);
  if (!layout) {
    // The op's static strides must equal those of the identity layout.
    SmallVector<int64_t> expected;
    int64_t offset;
    if (succeeded(type.getStridesAndOffset(expected, offset)))
      for (auto [value, stride, e] : llvm::zip(strides, expected, buffer.strides))
        value = ShapedType::isDynamic(stride) ? OpFoldResult(host.value(e)) : OpFoldResult(host.getIndexAttr(stride));
  }
  return memref::ReinterpretCastOp::create(host, host.loc, type, buffer.memory, host.foldResult(buffer.offset), sizes,
                                           strides);
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

static bool isConstantLike(Value v) {
  Operation *op = v.getDefiningOp();
  return op && op->hasTrait<OpTrait::ConstantLike>() && !isa<ShapedType>(v.getType());
}

SmallVector<Value> codegen::getCaptured(linalg::LinalgOp op) {
  llvm::SetVector<Value> values;
  getUsedValuesDefinedAbove(op->getRegions(), values);
  SmallVector<Value> result;
  for (Value v : values)
    if (!isConstantLike(v))
      result.push_back(v);
  return result;
}

SmallVector<Value> codegen::cloneBody(OpBuilder &b, linalg::LinalgOp op, ValueRange arguments, ValueRange indices,
                                      llvm::function_ref<Value(Value)> captured, ExtractFn extract) {
  Block *body = op.getBlock();
  IRMapping mapping;
  for (auto [from, to] : llvm::zip(body->getArguments(), arguments))
    if (to)
      mapping.map(from, to);
  llvm::SetVector<Value> above;
  getUsedValuesDefinedAbove(op->getRegions(), above);
  for (Value v : above) {
    if (isConstantLike(v))
      mapping.map(v, b.clone(*v.getDefiningOp())->getResult(0));
    else if (!isa<TensorType>(v.getType()))
      mapping.map(v, captured(v));
  }
  auto rewrite = [&](OpBuilder &at, Operation *inner) -> Value {
    if (auto index = dyn_cast<linalg::IndexOp>(inner))
      return indices[index.getDim()];
    if (auto read = dyn_cast<tensor::ExtractOp>(inner)) {
      SmallVector<Value> where;
      for (Value i : read.getIndices())
        where.push_back(mapping.lookupOrDefault(i));
      return extract(at, read.getTensor(), where);
    }
    return {};
  };
  for (Operation &inner : body->without_terminator()) {
    if (Value v = rewrite(b, &inner)) {
      mapping.map(inner.getResult(0), v);
      continue;
    }
    Operation *copy = b.clone(inner, mapping);
    // Nested regions (scf.if in a body): the same, inside.
    SmallVector<Operation *> nested;
    copy->walk([&](Operation *x) {
      if (x != copy && isa<linalg::IndexOp, tensor::ExtractOp>(x))
        nested.push_back(x);
    });
    for (Operation *x : nested) {
      OpBuilder at(x);
      Value v;
      if (auto index = dyn_cast<linalg::IndexOp>(x)) {
        v = indices[index.getDim()];
      } else {
        auto read = cast<tensor::ExtractOp>(x);
        v = extract(at, read.getTensor(), read.getIndices());
      }
      x->getResult(0).replaceAllUsesWith(v);
      x->erase();
    }
  }
  SmallVector<Value> yielded;
  for (Value v : body->getTerminator()->getOperands())
    yielded.push_back(mapping.lookupOrDefault(v));
  return yielded;
}

Value codegen::loadElement(OpBuilder &b, Location loc, Value memory, Value index, Type elementType) {
  Value v = memref::LoadOp::create(b, loc, memory, index);
  if (elementType.isInteger(1) && !v.getType().isInteger(1))
    v = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, v,
                              arith::ConstantOp::create(b, loc, b.getIntegerAttr(v.getType(), 0)));
  return v;
}

void codegen::storeElement(OpBuilder &b, Location loc, Value value, Value memory, Value index) {
  Type type = cast<MemRefType>(memory.getType()).getElementType();
  if (value.getType().isInteger(1) && !type.isInteger(1))
    value = arith::ExtUIOp::create(b, loc, type, value);
  memref::StoreOp::create(b, loc, value, memory, index);
}
