//===- TileEpilogue.cpp - elementwise ends of products ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "TileEpilogue.h"

#include "Microkernel.h"
#include "VectorBody.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;
using namespace ingot::cpu;

bool cpu::isTileEpilogue(const Dispatch &dispatch) {
  linalg::GenericOp epilogue = dispatch.epilogue();
  if (!epilogue)
    return dispatch.ops.size() == 1;
  auto isNumber = [](Type type) { return getElementTypeOrSelf(type).isIntOrFloat(); };
  return dispatch.ops.size() == 2 && canVectorizeBody(epilogue) && llvm::all_of(epilogue->getOperandTypes(), isNumber);
}

//===----------------------------------------------------------------------===//
// Host part
//===----------------------------------------------------------------------===//

TileEpilogue::TileEpilogue(const Dispatch &dispatch, KernelContext &context, ArrayRef<OutputDim> batch, OutputDim row,
                           int64_t columnDim)
    : dispatch(dispatch), context(context), batch(batch), rowDim(row), columnDim(columnDim) {
  linalg::GenericOp epilogue = dispatch.epilogue();
  linalg::LinalgOp last = dispatch.last();
  if (epilogue)
    for (OpOperand *operand : epilogue.getDpsInputOperands()) {
      Value v = operand->get();
      auto type = dyn_cast<RankedTensorType>(v.getType());
      if (v == dispatch.root()->getResult(0)) {
        inputs.push_back(std::nullopt);
      } else if (type) {
        inputs.push_back(
            makeTensor(context.getBuffer(v), type.getElementType(), epilogue.getMatchingIndexingMap(operand)));
      } else {
        Tensor number;
        number.scalar = context.getScalar(v);
        inputs.push_back(number);
      }
    }
  for (OpResult result : last->getResults())
    outputs.push_back(makeTensor(context.createResult(result),
                                 cast<RankedTensorType>(result.getType()).getElementType(),
                                 last.getIndexingMapMatchingResult(result)));
}

TileEpilogue::Tensor TileEpilogue::makeTensor(const Buffer &buffer, Type elementType, AffineMap map) const {
  HostBuilder &host = context.host;
  Tensor t{buffer, elementType, {}, {}, {}, {}};
  auto strideOf = [&](int64_t dim) {
    AffineExpr stride = host.expr(0);
    for (auto [i, result] : llvm::enumerate(map.getResults()))
      if (auto d = dyn_cast<AffineDimExpr>(result); d && int64_t(d.getPosition()) == dim)
        stride = host.simplify(stride + buffer.strides[i]);
    return stride;
  };
  for (const OutputDim &dim : batch)
    t.batch.push_back(host.simplify(strideOf(dim.dim) * dim.step));
  t.row = strideOf(rowDim.dim);
  t.column = strideOf(columnDim);
  return t;
}

//===----------------------------------------------------------------------===//
// Kernel part
//===----------------------------------------------------------------------===//

Value TileEpilogue::base(KernelBuilder &b, const Tensor &t, ValueRange batch, Value row) const {
  Value at = t.buffer.offset ? b.size(t.buffer.offset) : b.size(0);
  for (auto [i, stride] : llvm::zip(batch, t.batch))
    at = b.advance(at, i, stride);
  return b.advance(at, row, t.row);
}

TileEpilogue::Row TileEpilogue::row(KernelBuilder &b, ValueRange batch, Value index) const {
  Row row{SmallVector<Value>(batch), {}, index};
  for (auto &t : inputs)
    row.bases.push_back(t && !t->scalar ? base(b, *t, batch, index) : Value());
  for (auto &t : outputs)
    row.bases.push_back(base(b, t, batch, index));
  return row;
}

Value TileEpilogue::load(KernelBuilder &b, const Tensor &t, Value base, Value column, Value mask) const {
  Location loc = b.loc;
  Value memory = b.memory(t.buffer);
  Type stored = t.buffer.getElementType();
  auto type = VectorType::get({kPanel}, stored);
  auto step = HostBuilder::constant(t.column);
  if (step == 0)
    return loadElement(b, loc, memory, base, t.elementType);
  Value at = b.advance(base, column, t.column);
  Value value;
  auto zero = [&]() -> Value { return arith::ConstantOp::create(b, loc, type, b.getZeroAttr(type)); };
  if (step == 1 && !mask) {
    value = vector::LoadOp::create(b, loc, type, memory, ValueRange{at});
  } else if (step == 1) {
    value = vector::MaskedLoadOp::create(b, loc, type, memory, ValueRange{at}, mask, zero());
  } else {
    Value lanes = vector::StepOp::create(b, loc, VectorType::get({kPanel}, b.getIndexType()));
    Value strides = vector::BroadcastOp::create(b, loc, lanes.getType(), b.size(t.column));
    Value offsets = arith::MulIOp::create(b, loc, lanes, strides);
    Value all =
        mask ? mask
             : arith::ConstantOp::create(b, loc, DenseElementsAttr::get(VectorType::get({kPanel}, b.getI1Type()), true))
                   .getResult();
    value = vector::GatherOp::create(b, loc, type, memory, ValueRange{at}, offsets, all, zero());
  }
  if (t.elementType.isInteger(1) && !stored.isInteger(1))
    value = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, value, zero());
  return value;
}

void TileEpilogue::store(KernelBuilder &b, const Tensor &t, Value value, Value base, Value column, Value mask) const {
  Location loc = b.loc;
  Type stored = t.buffer.getElementType();
  auto type = VectorType::get({kPanel}, stored);
  if (!isa<VectorType>(value.getType()))
    value = vector::BroadcastOp::create(b, loc, VectorType::get({kPanel}, value.getType()), value);
  if (t.elementType.isInteger(1) && !stored.isInteger(1))
    value = arith::ExtUIOp::create(b, loc, type, value);
  Value memory = b.memory(t.buffer);
  Value at = b.add(base, column);
  if (mask)
    vector::MaskedStoreOp::create(b, loc, memory, ValueRange{at}, mask, value);
  else
    vector::StoreOp::create(b, loc, value, memory, ValueRange{at});
}

void TileEpilogue::emit(KernelBuilder &b, Value product, const Row &row, Value column, Value left) const {
  Location loc = b.loc;
  Value mask;
  if (left)
    mask = vector::CreateMaskOp::create(b, loc, VectorType::get({kPanel}, b.getI1Type()), ValueRange{left});
  SmallVector<Value> results{product};
  if (linalg::GenericOp epilogue = dispatch.epilogue()) {
    SmallVector<Value> arguments;
    for (auto [i, t] : llvm::enumerate(inputs)) {
      if (!t)
        arguments.push_back(product);
      else if (t->scalar)
        arguments.push_back(b.scalar(t->scalar));
      else
        arguments.push_back(load(b, *t, row.bases[i], column, mask));
    }
    arguments.resize(epilogue.getBody()->getNumArguments()); // outputs are not read
    SmallVector<Value> indices(epilogue.getNumLoops(), b.size(0));
    for (auto [dim, i] : llvm::zip(batch, row.batch))
      indices[dim.dim] = b.add(indices[dim.dim], b.mul(i, b.size(dim.step)));
    if (rowDim.dim >= 0)
      indices[rowDim.dim] = row.index;
    Value lanes = vector::StepOp::create(b, loc, VectorType::get({kPanel}, b.getIndexType()));
    Value first = b.add(indices[columnDim], column);
    indices[columnDim] =
        arith::AddIOp::create(b, loc, lanes, vector::BroadcastOp::create(b, loc, lanes.getType(), first));
    results = cloneBodyOnVectors(b, epilogue, kPanel, arguments, indices,
                                 [&](Value v) { return b.scalar(context.getScalar(v)); });
  }
  for (auto [i, t] : llvm::enumerate(outputs))
    store(b, t, results[i], row.bases[inputs.size() + i], column, mask);
}

void TileEpilogue::emitEdge(KernelBuilder &b, Value product, const Row &row, Value column, AffineExpr columns) const {
  if (auto n = HostBuilder::constant(columns); n && *n % kPanel == 0)
    return emit(b, product, row, column, Value());
  Value left = arith::SubIOp::create(b, b.loc, b.size(columns), column);
  Value full = arith::CmpIOp::create(b, b.loc, arith::CmpIPredicate::sge, left, b.size(kPanel));
  auto branch = scf::IfOp::create(b, b.loc, full, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  emit(b, product, row, column, Value());
  b.setInsertionPointToStart(branch.elseBlock());
  emit(b, product, row, column, left);
}

void TileEpilogue::emitPrefetch(KernelBuilder &b, const Row &row, Value from, Value to) const {
  auto each = [&](Value column) {
    for (auto [i, t] : llvm::enumerate(inputs))
      if (t && !t->scalar && !HostBuilder::isConstant(t->row, 0) && HostBuilder::isConstant(t->column, 1))
        b.prefetch(t->buffer, b.add(row.bases[i], column));
    for (auto [i, t] : llvm::enumerate(outputs))
      b.prefetch(t.buffer, b.add(row.bases[inputs.size() + i], column));
  };
  b.loop(from, to, each, kPanel);
}
