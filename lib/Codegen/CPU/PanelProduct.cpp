//===- PanelProduct.cpp - products with packed panels -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PanelProduct.h"

#include "TileEpilogue.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;
using namespace ingot::cpu;

namespace {

/// Steps of the reduction from which on it pays to prefetch for the epilogue.
constexpr int64_t kPrefetchFrom = 64;

class PanelKernel {
public:
  PanelKernel(PanelProduct &product, const Dispatch &dispatch, KernelContext &context, const MicrokernelShape &shape)
      : product(product), dispatch(dispatch), context(context), host(context.host), shape(shape) {}

  LogicalResult emit(StringRef name);

private:
  // Host part.
  void foldRows();
  void chooseOrder();
  bool canMergeRows(int64_t outer, int64_t inner);

  // Kernel part.
  void emitUnit(Value unit);
  void emitTile(Value m0, Value rows, Value p0, Value pEnd, ValueRange batchIndex);
  void emitPrefetch(Value m0, Value rows, Value p0, Value pEnd, Value aAt, ValueRange batchIndex);
  void emitEpilogue(Value m0, Value rows, Value p, Value panels, ValueRange batchIndex);

  PanelProduct &product;
  const Dispatch &dispatch;
  KernelContext &context;
  HostBuilder &host;
  const MicrokernelShape &shape;

  PanelDim row;
  Buffer packed;
  SmallVector<AffineExpr> packedBatchStrides;
  AffineExpr panels, panelStride;
  std::optional<TileEpilogue> epilogue;
  AffineExpr groupPanels; // panels of one unit of work
  // The outermost dimension of the rows is split: all of it passes by one group
  // of panels (`inside`), or all groups pass by each of its elements (`outside`).
  AffineExpr outside, inside;

  KernelBuilder *kernel = nullptr;
  Location loc = UnknownLoc::get(context.module.getContext());
  Value tile;
};

//===----------------------------------------------------------------------===//
// Host part
//===----------------------------------------------------------------------===//

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

//===----------------------------------------------------------------------===//
// Kernel part
//===----------------------------------------------------------------------===//

void PanelKernel::emitEpilogue(Value m0, Value rows, Value p, Value panelCount, ValueRange batchIndex) {
  KernelBuilder &b = *kernel;
  Value panel = b.size(kPanel);
  b.loop(b.size(0), rows, [&](Value i) {
    TileEpilogue::Row row = epilogue->row(b, batchIndex, b.add(m0, i));
    Value tileRow = b.mul(b.mul(i, panelCount), panel);
    b.loop(b.size(0), panelCount, [&](Value v) {
      Value column = b.mul(b.add(p, v), panel);
      Value at = b.add(tileRow, b.mul(v, panel));
      Value product16 = vector::LoadOp::create(b, loc, VectorType::get({kPanel}, b.getF32Type()), tile, ValueRange{at});
      epilogue->emitEdge(b, product16, row, column, product.columns);
    });
  });
}

/// While a tile is computed, what comes after it arrives in the second cache: the
/// rows that the epilogue reads and writes, and of a convolution's input the row
/// below, which the next row of outputs is the first to read.
void PanelKernel::emitPrefetch(Value m0, Value rows, Value p0, Value pEnd, Value aAt, ValueRange batchIndex) {
  KernelBuilder &b = *kernel;
  Value panel = b.size(kPanel);
  b.loop(b.size(0), rows, [&](Value i) {
    epilogue->emitPrefetch(b, epilogue->row(b, batchIndex, b.add(m0, i)), b.mul(p0, panel), b.mul(pEnd, panel));
  });
  if (HostBuilder::isConstant(product.outer, 1))
    return;
  // Once is enough: the first group of panels brings it for all.
  Value first = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, p0, b.size(0));
  auto branch = scf::IfOp::create(b, loc, first);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  Value below = b.add(aAt, b.mul(b.size(product.outer), b.size(product.outerStride)));
  Value lines = b.ceilDiv(b.mul(rows, b.size(row.aStride)), kPanel);
  b.loop(b.size(0), lines, [&](Value line) { b.prefetch(product.a, b.add(below, b.mul(line, panel))); });
}

void PanelKernel::emitTile(Value m0, Value rows, Value p0, Value pEnd, ValueRange batchIndex) {
  KernelBuilder &b = *kernel;
  Value aAt = b.advance(b.size(product.a.offset), m0, row.aStride);
  Value bBatch = b.size(packed.offset);
  for (auto [i, dim, stride] : llvm::zip(batchIndex, product.batch, packedBatchStrides)) {
    aAt = b.advance(aAt, i, dim.aStride);
    bBatch = b.advance(bBatch, i, stride);
  }
  MicrokernelCall call;
  call.a = b.pointer(b.memory(product.a), aAt);
  call.tile = b.pointer(tile, b.size(0));

  // A short reduction is over before anything has come.
  auto steps = HostBuilder::constant(panelStride);
  if (!steps || *steps >= kPrefetchFrom * kPanel)
    emitPrefetch(m0, rows, p0, pEnd, aAt, batchIndex);
  call.rows = rows;
  call.rowStride = b.i64(b.size(row.aStride));
  call.outer = b.i64(b.size(product.outer));
  call.outerStride = b.i64(b.size(product.outerStride));
  call.middle = b.i64(b.size(product.middle));
  call.middleStride = b.i64(b.size(product.middleStride));
  call.inner = b.i64(b.size(product.inner));
  call.panelStride = b.i64(b.size(panelStride));
  forPanels(b, loc, shape, rows, p0, pEnd, [&](Value p, Value count) {
    call.panels = count;
    call.b = b.pointer(b.memory(packed), b.advance(bBatch, p, panelStride));
    callMicrokernel(b, loc, context.module, shape, call);
    emitEpilogue(m0, rows, p, count, batchIndex);
  });
}

void PanelKernel::emitUnit(Value unit) {
  // Columns stand outside rows, so that a group of panels stays in the cache while
  // the rows pass by: unit = (((B's batch * outside + o) * groups + group) * inside
  // + rows' batch) * blocks + block.
  KernelBuilder &b = *kernel;
  Value group = b.size(groupPanels);
  Value total = b.size(panels), m = b.size(row.size), block = b.size(16 * shape.maxRows);
  Value groups = arith::CeilDivUIOp::create(b, loc, total, group);
  Value blocks = arith::CeilDivUIOp::create(b, loc, m, block);
  Value blockIndex = arith::RemUIOp::create(b, loc, unit, blocks);
  Value rest = arith::DivUIOp::create(b, loc, unit, blocks);
  auto next = [&](Value size) -> Value {
    Value index = arith::RemUIOp::create(b, loc, rest, size);
    rest = arith::DivUIOp::create(b, loc, rest, size);
    return index;
  };
  SmallVector<Value> batchIndex(product.batch.size());
  int64_t first = product.bBatch.size(), dims = product.batch.size();
  for (int64_t i = dims - 1; i > first; --i)
    batchIndex[i] = next(b.size(product.batch[i].size));
  if (first < dims)
    batchIndex[first] = next(b.size(inside));
  Value groupIndex = next(groups);
  if (first < dims)
    batchIndex[first] = b.add(b.mul(next(b.size(outside)), b.size(inside)), batchIndex[first]);
  for (int64_t i = first - 1; i >= 0; --i)
    batchIndex[i] = i ? next(b.size(product.batch[i].size)) : rest;
  Value p0 = b.mul(groupIndex, group);
  Value pEnd = arith::MinUIOp::create(b, loc, b.add(p0, group), total);
  Value m0 = b.mul(blockIndex, block);
  Value mEnd = arith::MinUIOp::create(b, loc, b.add(m0, block), m);
  // Balanced row tiles: no tile is left with a single row while others are full.
  Value count = b.sub(mEnd, m0);
  Value tiles = b.ceilDiv(count, shape.maxRows);
  b.loop(b.size(0), tiles, [&](Value t) {
    KernelBuilder::Share rows = b.share(count, tiles, t);
    emitTile(b.add(m0, rows.start), rows.size, p0, pEnd, batchIndex);
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
  auto dims =
      llvm::map_to_vector(product.batch, [](const PanelDim &dim) { return OutputDim{dim.outputDim, dim.outputStep}; });
  epilogue.emplace(dispatch, context, dims, OutputDim{row.outputDim}, product.columnDim);
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
  int64_t tileSize = 0;
  for (int64_t r = 1; r <= shape.maxRows; ++r)
    tileSize = std::max(tileSize, r * shape.maxPanels(r) * kPanel);
  tile = memref::AllocaOp::create(builder, loc, MemRefType::get({tileSize}, builder.getF32Type()), ValueRange{},
                                  builder.getI64IntegerAttr(64));
  builder.loop(builder.begin, builder.end, [&](Value unit) { emitUnit(unit); });
  builder.finish(host.product(counts), work);
  return success();
}

} // namespace

LogicalResult cpu::emitPanelProduct(PanelProduct product, const Dispatch &dispatch, KernelContext &context,
                                    const MicrokernelShape &shape, StringRef name) {
  return PanelKernel(product, dispatch, context, shape).emit(name);
}
