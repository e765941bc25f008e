//===- Winograd.cpp - 3x3 convolutions by fewer products --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A unit of work is a block of 4x4 input tiles (neighbours overlap by two) and a part of
// the output channels. What it keeps between its steps fits the second cache:
//
//   inputs [16][block][C]            all tiles, transformed
//   sums   [16][block][panels * 16]  of the few panels that one tile spans
//
// The weights are transformed while compiling, to [panel][16][C][16]: a panel is
// read from its start to its end.
#include "Winograd.h"

#include "PanelProduct.h"
#include "TileEpilogue.h"
#include "dialects/Task/Task.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;
using namespace ingot::cpu;

namespace {

/// Side of an input tile, of its outputs, of the filter, and multiplications a tile.
constexpr int64_t kTile = 4, kOutputs = 2, kWindow = 3, kProducts = kTile * kTile;

/// Fewer channels leave the time to the transforms, and of more a block does not fit
/// the second cache (measured: 512 x 512 weights still gain for one image of 7x7
/// outputs, though 16/9 of their bytes come from memory; larger ones were not measured).
constexpr int64_t kLeastChannels = 32, kMostChannels = 512, kMostWeights = 512 * 512;

/// Elements of the transformed tiles of a block.
constexpr int64_t kBlockElements = 1 << 17;
/// Panels of the output channels for which tiles are transformed once.
constexpr int64_t kSplitPanels = 8;

/// Floats between two rows of 16 or more lines each, so that the same line of all of
/// them does not fall into one set of the first cache.
constexpr int64_t kStagger = 16;

class WinogradKernel {
public:
  WinogradKernel(const Buffer &input, const Buffer &weight, ArrayRef<AffineExpr> result, const Dispatch &dispatch,
                 KernelContext &context, const MicrokernelShape &shape)
      : input(input), weight(weight), result(result), context(context), host(context.host), shape(shape),
        epilogue(dispatch, context, {OutputDim{0}, OutputDim{1}}, OutputDim{2}, 3), loc(dispatch.root()->getLoc()) {}

  LogicalResult emit();

private:
  using InputTile = std::array<std::array<Value, kTile>, kTile>;
  using TileFn = llvm::function_ref<void(Value i, ValueRange index)>;

  FailureOr<Buffer> packWeight();
  void emitUnit(KernelBuilder &b, Value unit);
  void forTiles(KernelBuilder &b, Value first, Value count, TileFn body);
  void transformInput(KernelBuilder &b, Value i, ValueRange index);
  void multiply(KernelBuilder &b, Value count, Value panel, Value panelCount);
  void transformOutput(KernelBuilder &b, Value i, ValueRange index, Value panel, Value panelCount);

  Value addf(KernelBuilder &b, Value x, Value y) { return arith::AddFOp::create(b, loc, x, y); }
  Value subf(KernelBuilder &b, Value x, Value y) { return arith::SubFOp::create(b, loc, x, y); }

  const Buffer &input, &weight;
  SmallVector<AffineExpr> result;
  KernelContext &context;
  HostBuilder &host;
  const MicrokernelShape &shape;
  TileEpilogue epilogue;
  Location loc;

  Buffer packed;
  int64_t channels = 0, columns = 0, panels = 0; // of the input, of the output, in 16s
  int64_t block = 0, splits = 0, tilePanels = 0; // input tiles; parts of the panels; panels of a product's tile
  int64_t inputStride = 0, sumStride = 0;        // between two of the 16 products
  SmallVector<AffineExpr> tileCounts;            // images, rows and columns of tiles
  AffineExpr tileCount, blocks;
  Value inputs, sums; // scratch of the kernel
};

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// u = G w G^T of one filter, in double precision.
void transformFilter(const float *w, int64_t strideH, int64_t strideW, float *u, int64_t stride) {
  static constexpr double g[kTile][kWindow] = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};
  double half[kTile][kWindow] = {};
  for (int64_t i = 0; i < kTile; ++i)
    for (int64_t j = 0; j < kWindow; ++j)
      for (int64_t k = 0; k < kWindow; ++k)
        half[i][j] += g[i][k] * w[k * strideH + j * strideW];
  for (int64_t i = 0; i < kTile; ++i)
    for (int64_t j = 0; j < kTile; ++j) {
      double sum = 0;
      for (int64_t k = 0; k < kWindow; ++k)
        sum += half[i][k] * g[j][k];
      u[(i * kTile + j) * stride] = float(sum);
    }
}

FailureOr<Buffer> WinogradKernel::packWeight() {
  SmallVector<int64_t> strides;
  for (AffineExpr stride : weight.strides)
    strides.push_back(*HostBuilder::constant(stride));
  int64_t offset = *HostBuilder::constant(weight.offset);
  std::string name = (weight.weight.getValue() + ".winograd_" + Twine(offset)).str();
  for (auto [size, stride] : llvm::zip(weight.sizes, strides))
    name += "_" + std::to_string(*HostBuilder::constant(size)) + "x" + std::to_string(stride);
  return cpu::packWeight(weight.weight, name, context, [&](ArrayRef<char> bytes) {
    const float *source = reinterpret_cast<const float *>(bytes.data()) + offset;
    std::vector<char> data(panels * kProducts * channels * kPanel * sizeof(float));
    float *target = reinterpret_cast<float *>(data.data());
    for (int64_t f = 0; f < columns; ++f)
      for (int64_t c = 0; c < channels; ++c)
        transformFilter(source + f * strides[0] + c * strides[1], strides[2], strides[3],
                        target + ((f / kPanel * kProducts) * channels + c) * kPanel + f % kPanel, channels * kPanel);
    return data;
  });
}

//===----------------------------------------------------------------------===//
// Kernel
//===----------------------------------------------------------------------===//

/// body(i, {image, row, column of the tile}) for `count` tiles from `first` on.
void WinogradKernel::forTiles(KernelBuilder &b, Value first, Value count, TileFn body) {
  SmallVector<Value> sizes = llvm::map_to_vector(tileCounts, [&](AffineExpr e) { return b.size(e); });
  SmallVector<Value> start = b.delinearize(first, sizes);
  auto loop = scf::ForOp::create(b, loc, b.size(0), count, b.size(1), start);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> index(loop.getRegionIterArgs());
  body(loop.getInductionVar(), index);
  // One further; a division would cost as much as a dozen vectors.
  Value carry;
  for (size_t d = index.size(); d-- > 0;) {
    Value next = arith::AddIOp::create(b, loc, index[d], b.size(1));
    if (carry)
      next = arith::SelectOp::create(b, loc, carry, next, index[d]);
    if (d) {
      carry = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, next, sizes[d]);
      next = arith::SelectOp::create(b, loc, carry, b.size(0), next);
    }
    index[d] = next;
  }
  scf::YieldOp::create(b, loc, index);
}

/// inputs[:, i, :] = B^T d B of the 4x4 inputs d.
void WinogradKernel::transformInput(KernelBuilder &b, Value i, ValueRange index) {
  auto vector = VectorType::get({kPanel}, b.getF32Type());
  Value memory = b.memory(input);
  std::array<Value, kTile> rows, offsets;
  Value image = b.advance(b.size(input.offset), index[0], input.strides[0]);
  auto along = [&](int64_t d, int64_t k) {
    // An odd number of outputs: what is beyond only enters outputs that are dropped.
    Value at = b.add(b.mul(index[d], b.size(kOutputs)), b.size(k));
    bool inside = k < kWindow || host.simplify(result[d] % kOutputs) == host.expr(0);
    if (!inside)
      at = arith::MinUIOp::create(b, loc, at, b.sub(b.size(input.sizes[d]), b.size(1)));
    return b.mul(at, b.size(input.strides[d]));
  };
  for (int64_t k = 0; k < kTile; ++k) {
    rows[k] = b.add(image, along(1, k));
    offsets[k] = along(2, k);
  }
  Value to = b.mul(i, b.size(channels));
  b.loop(
      b.size(0), b.size(channels),
      [&](Value c) {
        InputTile d, half;
        for (int64_t r = 0; r < kTile; ++r) {
          for (int64_t k = 0; k < kTile; ++k)
            d[r][k] = vector::LoadOp::create(b, loc, vector, memory, ValueRange{b.add(b.add(rows[r], offsets[k]), c)});
          half[r] = {subf(b, d[r][0], d[r][2]), addf(b, d[r][1], d[r][2]), subf(b, d[r][2], d[r][1]),
                     subf(b, d[r][1], d[r][3])};
        }
        Value at = b.add(to, c);
        for (int64_t k = 0; k < kTile; ++k) {
          std::array<Value, kTile> column = {subf(b, half[0][k], half[2][k]), addf(b, half[1][k], half[2][k]),
                                             subf(b, half[2][k], half[1][k]), subf(b, half[1][k], half[3][k])};
          for (int64_t r = 0; r < kTile; ++r)
            vector::StoreOp::create(b, loc, column[r], inputs,
                                    ValueRange{b.add(at, b.size((r * kTile + k) * inputStride))});
        }
      },
      kPanel);
}

/// sums[k] = inputs[k] x weights[k], for all 16 and the panels [panel, + panelCount).
void WinogradKernel::multiply(KernelBuilder &b, Value count, Value panel, Value panelCount) {
  Value weights = b.memory(packed), one = b.i64(b.size(1));
  Value rowTiles = b.ceilDiv(count, shape.maxRows);
  Value first = b.add(b.size(packed.offset), b.mul(panel, b.size(kProducts * channels * kPanel)));
  b.loop(b.size(0), b.size(kProducts), [&](Value k) {
    MicrokernelCall call;
    call.panels = panelCount;
    call.b = b.pointer(weights, b.add(first, b.mul(k, b.size(channels * kPanel))));
    call.rowStride = call.inner = b.i64(b.size(channels));
    call.outer = call.middle = one;
    call.outerStride = call.middleStride = b.i64(b.size(0));
    call.panelStride = b.i64(b.size(kProducts * channels * kPanel));
    b.loop(b.size(0), rowTiles, [&](Value t) {
      KernelBuilder::Share rows = b.share(count, rowTiles, t);
      call.rows = rows.size;
      call.a = b.pointer(inputs, b.add(b.mul(k, b.size(inputStride)), b.mul(rows.start, b.size(channels))));
      Value row = b.mul(rows.start, b.mul(panelCount, b.size(kPanel)));
      call.tile = b.pointer(sums, b.add(b.mul(k, b.size(sumStride)), row));
      callMicrokernel(b, loc, context.module, shape, call);
    });
  });
}

/// y = A^T m A of the 16 sums m, through the epilogue.
void WinogradKernel::transformOutput(KernelBuilder &b, Value i, ValueRange index, Value panel, Value panelCount) {
  auto vector = VectorType::get({kPanel}, b.getF32Type());
  std::array<std::array<TileEpilogue::Row, kOutputs>, kOutputs> rows;
  std::array<Value, kOutputs> isRow, isColumn; // null: there always is one
  for (int64_t y = 0; y < kOutputs; ++y) {
    auto along = [&](int64_t d, Value &exists) {
      Value at = b.add(b.mul(index[d], b.size(kOutputs)), b.size(y));
      if (y && host.simplify(result[d] % kOutputs) != host.expr(0))
        exists = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, at, b.size(result[d]));
      return at;
    };
    Value row = along(1, isRow[y]);
    for (int64_t x = 0; x < kOutputs; ++x) {
      Value column = b.add(b.mul(index[2], b.size(kOutputs)), b.size(x));
      rows[y][x] = epilogue.row(b, {index[0], row}, column);
    }
    along(2, isColumn[y]);
  }
  Value from = b.mul(i, b.mul(panelCount, b.size(kPanel)));
  b.loop(b.size(0), panelCount, [&](Value v) {
    Value at = b.add(from, b.mul(v, b.size(kPanel)));
    std::array<std::array<Value, kTile>, kOutputs> half;
    for (int64_t k = 0; k < kTile; ++k) {
      std::array<Value, kTile> m;
      for (int64_t r = 0; r < kTile; ++r)
        m[r] = vector::LoadOp::create(b, loc, vector, sums, ValueRange{b.add(at, b.size((r * kTile + k) * sumStride))});
      half[0][k] = addf(b, addf(b, m[0], m[1]), m[2]);
      half[1][k] = subf(b, subf(b, m[1], m[2]), m[3]);
    }
    Value column = b.mul(b.add(panel, v), b.size(kPanel));
    for (int64_t y = 0; y < kOutputs; ++y) {
      std::array<Value, kOutputs> values = {addf(b, addf(b, half[y][0], half[y][1]), half[y][2]),
                                            subf(b, subf(b, half[y][1], half[y][2]), half[y][3])};
      for (int64_t x = 0; x < kOutputs; ++x) {
        OpBuilder::InsertionGuard guard(b);
        for (Value exists : {isRow[y], isColumn[x]})
          if (exists)
            b.setInsertionPointToStart(scf::IfOp::create(b, loc, exists).thenBlock());
        epilogue.emitEdge(b, values[x], rows[y][x], column, host.expr(columns));
      }
    }
  });
}

void WinogradKernel::emitUnit(KernelBuilder &b, Value unit) {
  // Parts of the panels stand outside: their weights are in a cache for the next block.
  Value count = b.size(blocks);
  Value split = arith::DivUIOp::create(b, loc, unit, count);
  KernelBuilder::Share here = b.share(b.size(tileCount), count, arith::RemUIOp::create(b, loc, unit, count));
  KernelBuilder::Share part = b.share(b.size(panels), b.size(splits), split);
  forTiles(b, here.start, here.size, [&](Value i, ValueRange index) { transformInput(b, i, index); });
  auto group = scf::ForOp::create(b, loc, part.start, b.add(part.start, part.size), b.size(tilePanels));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(group.getBody());
  Value panel = group.getInductionVar();
  Value left = b.sub(b.add(part.start, part.size), panel);
  Value panelCount = arith::MinUIOp::create(b, loc, left, b.size(tilePanels));
  multiply(b, here.size, panel, panelCount);
  forTiles(b, here.start, here.size,
           [&](Value i, ValueRange index) { transformOutput(b, i, index, panel, panelCount); });
}

LogicalResult WinogradKernel::emit() {
  columns = *HostBuilder::constant(weight.sizes[0]);
  channels = *HostBuilder::constant(weight.sizes[1]);
  panels = llvm::divideCeil(columns, kPanel);
  FailureOr<Buffer> weights = packWeight();
  if (failed(weights))
    return failure();
  packed = *weights;

  int64_t rows = kBlockElements / (kProducts * channels);
  block = std::clamp<int64_t>(rows / shape.maxRows, 1, 2) * shape.maxRows;
  splits = llvm::divideCeil(panels, kSplitPanels);
  tilePanels = shape.maxPanels(shape.maxRows);
  inputStride = block * channels + kStagger;
  sumStride = block * tilePanels * kPanel + kStagger;
  tileCounts = {result[0], host.simplify(result[1].ceilDiv(kOutputs)), host.simplify(result[2].ceilDiv(kOutputs))};
  tileCount = host.product(tileCounts);
  blocks = host.simplify(tileCount.ceilDiv(block));

  KernelBuilder b(context, "winograd_f32");
  int64_t elements = kProducts * (inputStride + sumStride);
  auto bytes = MemRefType::get({ShapedType::kDynamic}, b.getI8Type());
  auto floats = MemRefType::get({ShapedType::kDynamic}, b.getF32Type());
  Value scratch = task::WorkerScratchOp::create(b, loc, bytes, b.size(elements * int64_t(sizeof(float))));
  auto view = [&](int64_t at, int64_t size) -> Value {
    return memref::ViewOp::create(b, loc, floats, scratch, b.size(at * int64_t(sizeof(float))), b.size(size));
  };
  inputs = view(0, kProducts * inputStride);
  sums = view(kProducts * inputStride, kProducts * sumStride);
  b.loop(b.begin, b.end, [&](Value unit) { emitUnit(b, unit); });
  b.finish(host.product({blocks, host.expr(splits)}), host.expr(block * kProducts * channels * columns / splits));
  return success();
}

} // namespace

bool cpu::gainsByWinograd(const Buffer &input, const Buffer &weight, ArrayRef<AffineExpr> resultSizes) {
  auto isConstant = [](AffineExpr e) { return HostBuilder::constant(e).has_value(); };
  if (!weight.weight || !llvm::all_of(weight.strides, isConstant) || !isConstant(weight.offset))
    return false;
  // Of a tile's 2x2 outputs a single row or column has half at most.
  if (HostBuilder::isConstant(resultSizes[1], 1) || HostBuilder::isConstant(resultSizes[2], 1))
    return false;
  auto columns = HostBuilder::constant(weight.sizes[0]), channels = HostBuilder::constant(weight.sizes[1]);
  return columns && channels && HostBuilder::isConstant(weight.sizes[2], kWindow) &&
         HostBuilder::isConstant(weight.sizes[3], kWindow) && HostBuilder::isConstant(input.strides[3], 1) &&
         *channels % kPanel == 0 && *channels >= kLeastChannels && *channels <= kMostChannels &&
         *columns >= kLeastChannels && *channels * *columns <= kMostWeights;
}

LogicalResult cpu::emitWinograd(const Buffer &input, const Buffer &weight, ArrayRef<AffineExpr> resultSizes,
                                const Dispatch &dispatch, KernelContext &context, const MicrokernelShape &shape) {
  return WinogradKernel(input, weight, resultSizes, dispatch, context, shape).emit();
}
