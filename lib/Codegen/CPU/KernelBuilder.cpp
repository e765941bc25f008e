//===- KernelBuilder.cpp - operands of a loop kernel ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Codegen/CPU/KernelBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::cpu;
using codegen::Buffer;
using codegen::HostBuilder;

// Indices of elements never wrap: LLVM's loop passes rely on it.
static constexpr auto kNoWrap = arith::IntegerOverflowFlags::nsw;

// Work below this many elementary operations is not worth a second thread.
static constexpr int64_t kGrainWork = 20000;

KernelBuilder::KernelBuilder(codegen::KernelContext &context, StringRef name)
    : OpBuilder(context.module.getContext()), loc(context.host.loc), context(context) {
  kernel = context.createKernel(name, {});
  Block &body = kernel.getBody().front();
  begin = body.getArgument(0);
  end = body.getArgument(1);
  setInsertionPoint(body.getTerminator());
  prefixEnd = arith::ConstantOp::create(*this, loc, getBoolAttr(false));
}

Value KernelBuilder::argument(Value hostValue, Type type) {
  Value &known = arguments[hostValue];
  if (!known) {
    operands.push_back(hostValue);
    known = kernel.getBody().front().addArgument(type, loc);
  }
  return known;
}

Value KernelBuilder::memory(const Buffer &buffer) { return argument(buffer.memory, buffer.memory.getType()); }

Value KernelBuilder::scalar(Value hostValue) { return argument(hostValue, hostValue.getType()); }

Value KernelBuilder::constantOrScalar(Value hostValue) {
  if (auto constant = hostValue.getDefiningOp<arith::ConstantOp>())
    return clone(*constant)->getResult(0);
  return scalar(hostValue);
}

Value KernelBuilder::size(int64_t value) {
  Value &known = constants[value];
  if (!known) {
    InsertionGuard guard(*this);
    setInsertionPoint(prefixEnd);
    known = arith::ConstantIndexOp::create(*this, loc, value);
  }
  return known;
}

Value KernelBuilder::size(AffineExpr e) {
  if (auto c = HostBuilder::constant(e))
    return size(*c);
  return argument(context.host.value(e), getIndexType());
}

static std::optional<int64_t> constantOf(Value v) { return getConstantIntValue(v); }

Value KernelBuilder::add(Value a, Value b) {
  if (constantOf(a) == 0)
    return b;
  if (constantOf(b) == 0)
    return a;
  return arith::AddIOp::create(*this, loc, a, b, kNoWrap);
}

Value KernelBuilder::mul(Value a, Value b) {
  if (constantOf(a) == 1)
    return b;
  if (constantOf(b) == 1)
    return a;
  return arith::MulIOp::create(*this, loc, a, b, kNoWrap);
}

Value KernelBuilder::advance(Value base, Value iv, AffineExpr coefficient) {
  if (HostBuilder::isConstant(coefficient, 0) || constantOf(iv) == 0)
    return base;
  return add(base, mul(iv, size(coefficient)));
}

Value KernelBuilder::ceilDiv(Value a, int64_t b) {
  if (b == 1)
    return a;
  return arith::DivUIOp::create(*this, loc, add(a, size(b - 1)), size(b));
}

Value KernelBuilder::sub(Value a, Value b) {
  if (constantOf(b) == 0)
    return a;
  return arith::SubIOp::create(*this, loc, a, b, kNoWrap);
}

Value KernelBuilder::i64(Value index) { return arith::IndexCastOp::create(*this, loc, getI64Type(), index); }

Value KernelBuilder::pointer(Value memory, Value element) {
  Value address = memref::ExtractAlignedPointerAsIndexOp::create(*this, loc, memory);
  Type ptr = LLVM::LLVMPointerType::get(getContext());
  Value base = LLVM::IntToPtrOp::create(*this, loc, ptr, i64(address));
  Type type = cast<MemRefType>(memory.getType()).getElementType();
  return LLVM::GEPOp::create(*this, loc, ptr, type, base, ValueRange{i64(element)});
}

void KernelBuilder::prefetch(const Buffer &buffer, Value element) {
  memref::PrefetchOp::create(*this, loc, memory(buffer), ValueRange{element}, /*isWrite=*/false, /*localityHint=*/2,
                             /*isDataCache=*/true);
}

KernelBuilder::Share KernelBuilder::share(Value size, Value shares, Value index) {
  Value least = arith::DivUIOp::create(*this, loc, size, shares);
  Value larger = arith::RemUIOp::create(*this, loc, size, shares);
  Value start = add(mul(index, least), arith::MinUIOp::create(*this, loc, index, larger));
  Value isLarger = arith::CmpIOp::create(*this, loc, arith::CmpIPredicate::ult, index, larger);
  return {start, add(least, arith::SelectOp::create(*this, loc, isLarger, this->size(1), this->size(0)))};
}

void KernelBuilder::loop(Value lower, Value upper, llvm::function_ref<void(Value)> body, int64_t step) {
  if (constantOf(lower) == 0 && constantOf(upper) == 1)
    return body(lower);
  auto forOp = scf::ForOp::create(*this, loc, lower, upper, size(step));
  InsertionGuard guard(*this);
  setInsertionPoint(forOp.getBody()->getTerminator());
  body(forOp.getInductionVar());
}

SmallVector<Value> KernelBuilder::delinearize(Value linear, ArrayRef<Value> sizes) {
  SmallVector<Value> result(sizes.size());
  for (size_t i = sizes.size(); i-- > 1;) {
    result[i] = arith::RemUIOp::create(*this, loc, linear, sizes[i]);
    linear = arith::DivUIOp::create(*this, loc, linear, sizes[i]);
  }
  if (!sizes.empty())
    result[0] = linear;
  return result;
}

void KernelBuilder::finish(AffineExpr count, AffineExpr work) {
  prefixEnd->erase();
  Block &body = kernel.getBody().front();
  kernel.setFunctionType(getFunctionType(body.getArgumentTypes(), {}));
  // Function attributes of arguments follow their number.
  SmallVector<Attribute> attrs;
  for (Type type : body.getArgumentTypes())
    attrs.push_back(isa<MemRefType>(type) ? getDictionaryAttr(getNamedAttr("llvm.noalias", getUnitAttr()))
                                          : getDictionaryAttr({}));
  kernel.setAllArgAttrs(attrs);

  HostBuilder &host = context.host;
  if (auto c = HostBuilder::constant(work)) {
    int64_t grain = llvm::divideCeil(kGrainWork, std::max<int64_t>(*c, 1));
    context.launch(kernel, count, host.expr(grain), operands);
    return;
  }
  // ceil(kGrainWork / max(work, 1)) on the host.
  Value w = arith::MaxSIOp::create(host, host.loc, host.value(work), host.value(1));
  Value grain = arith::CeilDivSIOp::create(host, host.loc, host.value(kGrainWork), w);
  context.launch(kernel, host.value(count), grain, operands);
}
