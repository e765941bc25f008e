//===- PanelProduct.cpp - products with packed panels -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PanelProduct.h"

#include "VectorBody.h"
#include "lib/Codegen/CPU/KernelBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
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

namespace {

/// Steps of the reduction from which on it pays to prefetch for the epilogue.
constexpr int64_t kPrefetchFrom = 64;

/// A tensor that the epilogue reads or writes, addressed by batch, row, column.
struct TileTensor {
  Buffer buffer;
  Type elementType;              // in the program (i1 for bool)
  SmallVector<AffineExpr> batch; // strides along the batch dimensions
  AffineExpr row, column;
};

class PanelKernel {
public:
  PanelKernel(PanelProduct &product, const Dispatch &dispatch, KernelContext &context, const MicrokernelShape &shape)
      : product(product), dispatch(dispatch), context(context), host(context.host), shape(shape) {}

  LogicalResult emit(StringRef name);

private:
  // Host part.
  void collectTensors();
  void foldRows();
  void chooseOrder();
  bool canMergeRows(int64_t outer, int64_t inner);
  TileTensor makeTensor(const Buffer &buffer, Type elementType, AffineMap map);

  // Kernel part.
  Value index(int64_t v) { return arith::ConstantIndexOp::create(*b, loc, v); }
  Value in(AffineExpr e) { return kernel->size(e); }
  Value memory(const Buffer &buffer) { return kernel->memory(buffer); }
  Value mul(Value x, Value y) { return b->createOrFold<arith::MulIOp>(loc, x, y); }
  Value add(Value x, Value y) { return b->createOrFold<arith::AddIOp>(loc, x, y); }
  Value sub(Value x, Value y) { return b->createOrFold<arith::SubIOp>(loc, x, y); }
  Value i64(Value x) { return arith::IndexCastOp::create(*b, loc, b->getI64Type(), x); }
  Value pointer(const Buffer &buffer, Value element);
  void forLoop(Value from, Value to, llvm::function_ref<void(Value)> body);
  void emitUnit(Value unit);
  void emitTile(Value m0, Value rows, Value p0, Value pEnd, ValueRange batchIndex);
  void emitPrefetch(Value m0, Value rows, Value p0, Value pEnd, Value aAt, ValueRange batchIndex);
  void emitEpilogue(Value m0, Value rows, Value p, Value panels, ValueRange batchIndex);
  void emitVector(Value tileOffset, Value row, Value column, Value left, ValueRange batchIndex,
                  ArrayRef<Value> rowBases, bool masked);
  Value loadTensor(const TileTensor &t, Value base, Value column, Value mask);
  void storeTensor(const TileTensor &t, Value value, Value base, Value column, Value mask);
  Value base(const TileTensor &t, ValueRange batchIndex, Value row);

  PanelProduct &product;
  const Dispatch &dispatch;
  KernelContext &context;
  HostBuilder &host;
  const MicrokernelShape &shape;

  PanelDim row;
  Buffer packed;
  SmallVector<AffineExpr> packedBatchStrides;
  AffineExpr panels, panelStride;
  SmallVector<std::optional<TileTensor>> inputs; // empty: the product itself
  SmallVector<TileTensor> outputs;
  AffineExpr groupPanels; // panels of one unit of work
  // The outermost dimension of the rows is split: all of it passes by one group
  // of panels (`inside`), or all groups pass by each of its elements (`outside`).
  AffineExpr outside, inside;

  KernelBuilder *kernel = nullptr;
  OpBuilder *b = nullptr; // where code goes: the kernel's or a nested builder
  Location loc = UnknownLoc::get(context.module.getContext());
  Value tile;
};

//===----------------------------------------------------------------------===//
// Host part
//===----------------------------------------------------------------------===//

TileTensor PanelKernel::makeTensor(const Buffer &buffer, Type elementType, AffineMap map) {
  TileTensor t{buffer, elementType, {}, {}, {}};
  auto strideOf = [&](int64_t dim) {
    AffineExpr stride = host.expr(0);
    for (auto [i, result] : llvm::enumerate(map.getResults()))
      if (auto d = dyn_cast<AffineDimExpr>(result); d && int64_t(d.getPosition()) == dim)
        stride = host.simplify(stride + buffer.strides[i]);
    return stride;
  };
  for (const PanelDim &dim : product.batch)
    t.batch.push_back(host.simplify(strideOf(dim.outputDim) * dim.outputStep));
  t.row = strideOf(row.outputDim);
  t.column = strideOf(product.columnDim);
  return t;
}

/// Whether the two row dimensions are one: every tensor that sees them steps over
/// the outer one as if it were more of the inner one.
bool PanelKernel::canMergeRows(int64_t outer, int64_t inner) {
  const PanelDim &o = product.rows[outer], &i = product.rows[inner];
  auto merges = [&](AffineExpr outerStride, AffineExpr innerStride) {
    return host.simplify(outerStride - innerStride * i.size) == host.expr(0);
  };
  if (!merges(o.aStride, i.aStride) || !context.isResultRowMajor(dispatch.last()->getResult(0)))
    return false;
  linalg::GenericOp epilogue = dispatch.epilogue();
  if (!epilogue)
    return true; // results are row-major
  for (OpOperand *operand : epilogue.getDpsInputOperands()) {
    if (operand->get() == dispatch.root()->getResult(0) || !isa<RankedTensorType>(operand->get().getType()))
      continue;
    Buffer buffer = context.getBuffer(operand->get());
    AffineMap map = epilogue.getMatchingIndexingMap(operand);
    AffineExpr outerStride = host.expr(0), innerStride = host.expr(0);
    for (auto [k, result] : llvm::enumerate(map.getResults())) {
      auto d = dyn_cast<AffineDimExpr>(result);
      if (d && int64_t(d.getPosition()) == o.outputDim)
        outerStride = buffer.strides[k];
      if (d && int64_t(d.getPosition()) == i.outputDim)
        innerStride = buffer.strides[k];
    }
    if (!merges(outerStride, innerStride))
      return false;
  }
  return true;
}

void PanelKernel::foldRows() {
  auto &rows = product.rows;
  while (rows.size() > 1) {
    int64_t inner = rows.size() - 1, outer = inner - 1;
    if (product.collapseRows && canMergeRows(outer, inner)) {
      rows[outer] = {host.product({rows[outer].size, rows[inner].size}), rows[inner].aStride, host.expr(0),
                     rows[inner].outputDim};
      rows.pop_back();
      continue;
    }
    // Outer rows become batch dimensions on which B does not depend.
    for (int64_t i = 0; i < inner; ++i) {
      product.batch.push_back(rows[i]);
      packedBatchStrides.push_back(host.expr(0));
    }
    rows.erase(rows.begin(), rows.begin() + inner);
  }
  row = rows.empty() ? PanelDim{host.expr(1), host.expr(0), host.expr(0), -1} : rows.front();
}

void PanelKernel::collectTensors() {
  linalg::GenericOp epilogue = dispatch.epilogue();
  linalg::LinalgOp last = dispatch.last();
  if (epilogue)
    for (OpOperand *operand : epilogue.getDpsInputOperands()) {
      Value v = operand->get();
      auto type = dyn_cast<RankedTensorType>(v.getType());
      if (v == dispatch.root()->getResult(0))
        inputs.push_back(std::nullopt);
      else if (type)
        inputs.push_back(
            makeTensor(context.getBuffer(v), type.getElementType(), epilogue.getMatchingIndexingMap(operand)));
      else {
        TileTensor t;
        t.buffer.memory = context.getScalar(v);
        inputs.push_back(t);
      }
    }
  for (OpResult result : last->getResults())
    outputs.push_back(makeTensor(context.createResult(result),
                                 cast<RankedTensorType>(result.getType()).getElementType(),
                                 last.getIndexingMapMatchingResult(result)));
}

//===----------------------------------------------------------------------===//
// Kernel part
//===----------------------------------------------------------------------===//

Value PanelKernel::pointer(const Buffer &buffer, Value element) {
  Value address = memref::ExtractAlignedPointerAsIndexOp::create(*b, loc, memory(buffer));
  Type ptr = LLVM::LLVMPointerType::get(b->getContext());
  Value base = LLVM::IntToPtrOp::create(*b, loc, ptr, i64(address));
  return LLVM::GEPOp::create(*b, loc, ptr, b->getF32Type(), base, ValueRange{i64(element)});
}

void PanelKernel::forLoop(Value from, Value to, llvm::function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(*b, loc, from, to, index(1));
  OpBuilder::InsertionGuard guard(*b);
  b->setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

Value PanelKernel::base(const TileTensor &t, ValueRange batchIndex, Value rowIndex) {
  Value at = t.buffer.offset ? in(t.buffer.offset) : index(0);
  for (auto [i, stride] : llvm::zip(batchIndex, t.batch))
    at = add(at, mul(i, in(stride)));
  return add(at, mul(rowIndex, in(t.row)));
}

Value PanelKernel::loadTensor(const TileTensor &t, Value base, Value column, Value mask) {
  Value memory = this->memory(t.buffer);
  Type stored = t.buffer.getElementType();
  auto type = VectorType::get({kPanel}, stored);
  auto step = host.constant(t.column);
  if (step == 0)
    return loadElement(*b, loc, memory, base, t.elementType);
  Value at = add(base, mul(column, in(t.column)));
  Value value;
  auto zero = [&]() -> Value { return arith::ConstantOp::create(*b, loc, type, b->getZeroAttr(type)); };
  if (step == 1 && !mask)
    value = vector::LoadOp::create(*b, loc, type, memory, ValueRange{at});
  else if (step == 1)
    value = vector::MaskedLoadOp::create(*b, loc, type, memory, ValueRange{at}, mask, zero());
  else {
    Value lanes = vector::StepOp::create(*b, loc, VectorType::get({kPanel}, b->getIndexType()));
    Value strides = vector::BroadcastOp::create(*b, loc, lanes.getType(), in(t.column));
    Value offsets = arith::MulIOp::create(*b, loc, lanes, strides);
    Value all = mask ? mask
                     : arith::ConstantOp::create(
                           *b, loc, DenseElementsAttr::get(VectorType::get({kPanel}, b->getI1Type()), true))
                           .getResult();
    value = vector::GatherOp::create(*b, loc, type, memory, ValueRange{at}, offsets, all, zero());
  }
  if (t.elementType.isInteger(1) && !stored.isInteger(1))
    value = arith::CmpIOp::create(*b, loc, arith::CmpIPredicate::ne, value, zero());
  return value;
}

void PanelKernel::storeTensor(const TileTensor &t, Value value, Value base, Value column, Value mask) {
  Type stored = t.buffer.getElementType();
  auto type = VectorType::get({kPanel}, stored);
  if (!isa<VectorType>(value.getType()))
    value = vector::BroadcastOp::create(*b, loc, VectorType::get({kPanel}, value.getType()), value);
  if (t.elementType.isInteger(1) && !stored.isInteger(1))
    value = arith::ExtUIOp::create(*b, loc, type, value);
  Value memory = this->memory(t.buffer);
  Value at = add(base, column);
  if (mask)
    vector::MaskedStoreOp::create(*b, loc, memory, ValueRange{at}, mask, value);
  else
    vector::StoreOp::create(*b, loc, value, memory, ValueRange{at});
}

void PanelKernel::emitVector(Value tileOffset, Value rowIndex, Value column, Value left, ValueRange batchIndex,
                             ArrayRef<Value> rowBases, bool masked) {
  Value mask;
  if (masked)
    mask = vector::CreateMaskOp::create(*b, loc, VectorType::get({kPanel}, b->getI1Type()), ValueRange{left});
  Value product16 =
      vector::LoadOp::create(*b, loc, VectorType::get({kPanel}, b->getF32Type()), tile, ValueRange{tileOffset});
  SmallVector<Value> results{product16};
  if (linalg::GenericOp epilogue = dispatch.epilogue()) {
    SmallVector<Value> arguments;
    for (auto [i, t] : llvm::enumerate(inputs)) {
      if (!t)
        arguments.push_back(product16);
      else if (!t->row)
        arguments.push_back(kernel->scalar(t->buffer.memory));
      else
        arguments.push_back(loadTensor(*t, rowBases[i], column, mask));
    }
    arguments.resize(epilogue.getBody()->getNumArguments()); // outputs are not read
    SmallVector<Value> indices(epilogue.getNumLoops(), index(0));
    for (auto [dim, i] : llvm::zip(product.batch, batchIndex))
      indices[dim.outputDim] = add(indices[dim.outputDim], mul(i, index(dim.outputStep)));
    if (row.outputDim >= 0)
      indices[row.outputDim] = rowIndex;
    Value lanes = vector::StepOp::create(*b, loc, VectorType::get({kPanel}, b->getIndexType()));
    Value first = add(indices[product.columnDim], column);
    indices[product.columnDim] =
        arith::AddIOp::create(*b, loc, lanes, vector::BroadcastOp::create(*b, loc, lanes.getType(), first));
    results = cloneBodyOnVectors(*b, epilogue, kPanel, arguments, indices,
                                 [&](Value v) { return kernel->scalar(context.getScalar(v)); });
  }
  for (auto [i, t] : llvm::enumerate(outputs))
    storeTensor(t, results[i], rowBases[inputs.size() + i], column, mask);
}

void PanelKernel::emitEpilogue(Value m0, Value rows, Value p, Value panelCount, ValueRange batchIndex) {
  forLoop(index(0), rows, [&](Value i) {
    Value rowIndex = add(m0, i);
    SmallVector<Value> rowBases;
    for (auto &t : inputs)
      rowBases.push_back(t && t->row ? base(*t, batchIndex, rowIndex) : Value());
    for (auto &t : outputs)
      rowBases.push_back(base(t, batchIndex, rowIndex));
    Value tileRow = mul(mul(i, panelCount), index(kPanel));
    forLoop(index(0), panelCount, [&](Value v) {
      Value column = mul(add(p, v), index(kPanel));
      Value tileOffset = add(tileRow, mul(v, index(kPanel)));
      Value left = sub(in(product.columns), column);
      auto emit = [&](bool masked) { emitVector(tileOffset, rowIndex, column, left, batchIndex, rowBases, masked); };
      if (auto n = host.constant(product.columns); n && *n % kPanel == 0)
        return emit(false);
      Value full = arith::CmpIOp::create(*b, loc, arith::CmpIPredicate::sge, left, index(kPanel));
      auto branch = scf::IfOp::create(*b, loc, full, /*withElse=*/true);
      OpBuilder::InsertionGuard guard(*b);
      b->setInsertionPointToStart(branch.thenBlock());
      emit(false);
      b->setInsertionPointToStart(branch.elseBlock());
      emit(true);
    });
  });
}

/// While a tile is computed, what comes after it arrives in the second cache: the
/// rows that the epilogue reads and writes, and of a convolution's input the row
/// below, which the next row of outputs is the first to read.
void PanelKernel::emitPrefetch(Value m0, Value rows, Value p0, Value pEnd, Value aAt, ValueRange batchIndex) {
  auto prefetch = [&](const Buffer &buffer, Value element) {
    memref::PrefetchOp::create(*b, loc, memory(buffer), ValueRange{element}, /*isWrite=*/false, /*localityHint=*/2,
                               /*isDataCache=*/true);
  };
  SmallVector<const TileTensor *> touched;
  for (auto &t : inputs)
    if (t && t->row && !HostBuilder::isConstant(t->row, 0) && HostBuilder::isConstant(t->column, 1))
      touched.push_back(&*t);
  for (const TileTensor &t : outputs)
    touched.push_back(&t);
  forLoop(index(0), rows, [&](Value i) {
    SmallVector<Value> bases;
    for (const TileTensor *t : touched)
      bases.push_back(base(*t, batchIndex, add(m0, i)));
    forLoop(p0, pEnd, [&](Value p) {
      for (auto [t, at] : llvm::zip(touched, bases))
        prefetch(t->buffer, add(at, mul(p, index(kPanel))));
    });
  });
  if (HostBuilder::isConstant(product.outer, 1))
    return;
  // Once is enough: the first group of panels brings it for all.
  Value first = arith::CmpIOp::create(*b, loc, arith::CmpIPredicate::eq, p0, index(0));
  auto branch = scf::IfOp::create(*b, loc, first);
  OpBuilder::InsertionGuard guard(*b);
  b->setInsertionPointToStart(branch.thenBlock());
  Value below = add(aAt, mul(in(product.outer), in(product.outerStride)));
  Value lines = b->createOrFold<arith::CeilDivUIOp>(loc, mul(rows, in(row.aStride)), index(kPanel));
  forLoop(index(0), lines, [&](Value line) { prefetch(product.a, add(below, mul(line, index(kPanel)))); });
}

void PanelKernel::emitTile(Value m0, Value rows, Value p0, Value pEnd, ValueRange batchIndex) {
  Value aAt = add(in(product.a.offset), mul(m0, in(row.aStride)));
  Value bBatch = in(packed.offset);
  for (auto [i, dim, stride] : llvm::zip(batchIndex, product.batch, packedBatchStrides)) {
    aAt = add(aAt, mul(i, in(dim.aStride)));
    bBatch = add(bBatch, mul(i, in(stride)));
  }
  Value aPointer = pointer(product.a, aAt);
  Value tileAddress = memref::ExtractAlignedPointerAsIndexOp::create(*b, loc, tile);
  Value tilePointer = LLVM::IntToPtrOp::create(*b, loc, LLVM::LLVMPointerType::get(b->getContext()), i64(tileAddress));

  // A short reduction is over before anything has come.
  auto steps = HostBuilder::constant(panelStride);
  if (!steps || *steps >= kPrefetchFrom * kPanel)
    emitPrefetch(m0, rows, p0, pEnd, aAt, batchIndex);
  auto loop = scf::WhileOp::create(
      *b, loc, TypeRange{b->getIndexType()}, ValueRange{p0},
      [&](OpBuilder &builder, Location loc, ValueRange args) {
        Value more = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, args[0], pEnd);
        scf::ConditionOp::create(builder, loc, more, args);
      },
      [&](OpBuilder &builder, Location, ValueRange args) {
        OpBuilder *outside = b;
        b = &builder;
        Value p = args[0];
        Value count = choosePanels(builder, loc, shape, rows, sub(pEnd, p));
        MicrokernelCall call;
        call.rows = rows;
        call.panels = count;
        call.a = aPointer;
        call.b = pointer(packed, add(bBatch, mul(p, in(panelStride))));
        call.tile = tilePointer;
        call.rowStride = i64(in(row.aStride));
        call.outer = i64(in(product.outer));
        call.outerStride = i64(in(product.outerStride));
        call.middle = i64(in(product.middle));
        call.middleStride = i64(in(product.middleStride));
        call.inner = i64(in(product.inner));
        call.panelStride = i64(in(panelStride));
        callMicrokernel(builder, loc, context.module, shape, call);
        emitEpilogue(m0, rows, p, count, batchIndex);
        scf::YieldOp::create(builder, loc, add(p, count));
        b = outside;
      });
  (void)loop;
}

void PanelKernel::emitUnit(Value unit) {
  // Columns stand outside rows, so that a group of panels stays in the cache while
  // the rows pass by: unit = (((B's batch * outside + o) * groups + group) * inside
  // + rows' batch) * blocks + block.
  Value group = in(groupPanels);
  Value total = in(panels), m = in(row.size), block = index(16 * shape.maxRows);
  Value groups = arith::CeilDivUIOp::create(*b, loc, total, group);
  Value blocks = arith::CeilDivUIOp::create(*b, loc, m, block);
  Value blockIndex = arith::RemUIOp::create(*b, loc, unit, blocks);
  Value rest = arith::DivUIOp::create(*b, loc, unit, blocks);
  auto next = [&](Value size) -> Value {
    Value index = arith::RemUIOp::create(*b, loc, rest, size);
    rest = arith::DivUIOp::create(*b, loc, rest, size);
    return index;
  };
  SmallVector<Value> batchIndex(product.batch.size());
  int64_t first = product.bBatch.size(), dims = product.batch.size();
  for (int64_t i = dims - 1; i > first; --i)
    batchIndex[i] = next(in(product.batch[i].size));
  if (first < dims)
    batchIndex[first] = next(in(inside));
  Value groupIndex = next(groups);
  if (first < dims)
    batchIndex[first] = add(mul(next(in(outside)), in(inside)), batchIndex[first]);
  for (int64_t i = first - 1; i >= 0; --i)
    batchIndex[i] = i ? next(in(product.batch[i].size)) : rest;
  Value p0 = mul(groupIndex, group);
  Value pEnd = arith::MinUIOp::create(*b, loc, add(p0, group), total);
  Value m0 = mul(blockIndex, block);
  Value mEnd = arith::MinUIOp::create(*b, loc, add(m0, block), m);
  // Balanced row tiles: with t tiles each has floor or ceil of rows / t, so no
  // tile is left with a single row while others are full.
  Value count = sub(mEnd, m0);
  Value tiles = arith::CeilDivUIOp::create(*b, loc, count, index(shape.maxRows));
  Value least = arith::DivUIOp::create(*b, loc, count, tiles);
  Value larger = arith::RemUIOp::create(*b, loc, count, tiles);
  forLoop(index(0), tiles, [&](Value t) {
    Value start = add(m0, add(mul(t, least), arith::MinUIOp::create(*b, loc, t, larger)));
    Value isLarger = arith::CmpIOp::create(*b, loc, arith::CmpIPredicate::ult, t, larger);
    Value rows = add(least, arith::SelectOp::create(*b, loc, isLarger, index(1), index(0)));
    emitTile(start, rows, p0, pEnd, batchIndex);
  });
}

/// Elements that stay in a core's second cache (of 512 KB or more) while others
/// pass by.
static constexpr int64_t kCachedElements = 1 << 16;
/// Rows that B may pass by once for each: fewer leave the time to its loads.
static constexpr int64_t kLeastRows = 64;

void PanelKernel::chooseOrder() {
  auto constant = [&](int64_t v) -> Value { return host.value(v); };
  auto select = [&](arith::CmpIPredicate predicate, Value x, Value y, Value a, Value other) {
    return host.createOrFold<arith::SelectOp>(loc, host.createOrFold<arith::CmpIOp>(loc, predicate, x, y), a, other);
  };
  // Few rows leave the time to the loads of B: wider groups then.
  Value m = host.value(row.size);
  auto atMost = [&](int64_t rows, Value a, Value other) {
    return select(arith::CmpIPredicate::ule, m, constant(rows), a, other);
  };
  int64_t least = std::max<int64_t>(2, shape.maxPanels(shape.maxRows));
  Value few = atMost(1, constant(std::max(least, shape.maxPanels(1))),
                     atMost(6, constant(std::max<int64_t>(least, 4)), constant(least)));

  // An A that the second cache has no room for is to pass by seldom: as many
  // panels as have room there together, in groups of nearly one size.
  SmallVector<AffineExpr> room{host.expr(kCachedElements)};
  for (const PackedDim &dim : product.bBatch)
    room.push_back(dim.size);
  auto divide = [&](Value x, Value y) { // y may be 0 where nothing is to be done
    y = host.createOrFold<arith::MaxUIOp>(loc, y, constant(1));
    return host.createOrFold<arith::CeilDivUIOp>(loc, x, y);
  };
  Value all = host.value(panels);
  Value groups = divide(host.value(host.product({panels, panelStride})), constant(kCachedElements));
  Value wide = host.createOrFold<arith::MulIOp>(loc, divide(divide(all, groups), constant(least)), constant(least));
  wide = host.createOrFold<arith::MaxUIOp>(loc, wide, few);
  groupPanels = host.expr(select(arith::CmpIPredicate::ugt, host.value(host.product(product.a.sizes)),
                                 host.value(host.product(room)), wide, few));

  // Images each of which has rows enough go one by one past all groups: what was
  // read of an image for one group is in the cache for the next.
  int64_t first = product.bBatch.size(), dims = product.batch.size();
  inside = outside = host.expr(1);
  if (first == dims)
    return;
  AffineExpr images = product.batch[first].size, rows = row.size;
  for (int64_t i = first + 1; i < dims; ++i)
    rows = host.product({rows, product.batch[i].size});
  auto pick = [&](AffineExpr enough, AffineExpr other) {
    return host.expr(select(arith::CmpIPredicate::uge, host.value(rows), constant(kLeastRows), host.value(enough),
                            host.value(other)));
  };
  outside = pick(images, host.expr(1));
  inside = pick(host.expr(1), images);
}

LogicalResult PanelKernel::emit(StringRef name) {
  loc = dispatch.root()->getLoc();
  FailureOr<Buffer> b16 = packPanels(product, context, loc, packedBatchStrides);
  if (failed(b16))
    return failure();
  packed = *b16;
  foldRows();
  collectTensors();
  panels = host.simplify(product.columns.ceilDiv(kPanel));
  panelStride = host.product({product.outer, product.middle, product.inner, host.expr(kPanel)});

  chooseOrder();
  AffineExpr groups =
      host.expr(host.createOrFold<arith::CeilDivUIOp>(loc, host.value(panels), host.value(groupPanels)));
  AffineExpr blocks = host.simplify(row.size.ceilDiv(16 * shape.maxRows));
  SmallVector<AffineExpr> counts{groups, blocks};
  for (const PanelDim &dim : product.batch)
    counts.push_back(dim.size);
  Value blockRows = host.createOrFold<arith::MinUIOp>(loc, host.value(row.size), host.value(16 * shape.maxRows));
  AffineExpr work = host.product({host.expr(blockRows), panelStride, groupPanels});

  KernelBuilder builder(context, name);
  kernel = &builder;
  b = &builder;
  int64_t tileSize = 0;
  for (int64_t r = 1; r <= shape.maxRows; ++r)
    tileSize = std::max(tileSize, r * shape.maxPanels(r) * kPanel);
  tile = memref::AllocaOp::create(builder, loc, MemRefType::get({tileSize}, builder.getF32Type()), ValueRange{},
                                  builder.getI64IntegerAttr(64));
  forLoop(builder.begin, builder.end, [&](Value unit) { emitUnit(unit); });
  builder.finish(host.product(counts), work);
  return success();
}

} // namespace

LogicalResult cpu::emitPanelProduct(PanelProduct product, const Dispatch &dispatch, KernelContext &context,
                                    const MicrokernelShape &shape, StringRef name) {
  return PanelKernel(product, dispatch, context, shape).emit(name);
}
