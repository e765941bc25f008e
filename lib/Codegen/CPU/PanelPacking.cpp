//===- PanelPacking.cpp - B of a product as panels of 16 --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PanelProduct.h"

#include "dialects/Graph/WeightData.h"
#include "lib/Codegen/CPU/KernelBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;
using namespace ingot::cpu;

namespace {

/// The packing of one weight, all numbers.
struct ConstantPacking {
  int64_t offset, columns, columnStride;
  SmallVector<std::pair<int64_t, int64_t>> batch, reduction; // size, stride

  int64_t reductionSize() const {
    int64_t size = 1;
    for (auto [n, stride] : reduction)
      size *= n;
    return size;
  }
  int64_t panels() const { return llvm::divideCeil(columns, kPanel); }

  std::string name(StringRef weight) const {
    std::string name = (weight + ".panels_" + Twine(offset)).str();
    for (auto &dims : {batch, reduction})
      for (auto [size, stride] : dims)
        name += "_" + std::to_string(size) + "x" + std::to_string(stride);
    return name + "_" + std::to_string(columns) + "x" + std::to_string(columnStride);
  }

  std::vector<char> pack(ArrayRef<char> bytes) const;
};

std::vector<char> ConstantPacking::pack(ArrayRef<char> bytes) const {
  // Offsets of every reduction element, in packed order.
  SmallVector<int64_t> offsets{0}, batchOffsets{0};
  auto multiply = [](SmallVector<int64_t> &list, ArrayRef<std::pair<int64_t, int64_t>> dims) {
    for (auto [size, stride] : dims) {
      SmallVector<int64_t> next;
      next.reserve(list.size() * size);
      for (int64_t at : list)
        for (int64_t i = 0; i < size; ++i)
          next.push_back(at + i * stride);
      list = std::move(next);
    }
  };
  multiply(offsets, reduction);
  multiply(batchOffsets, batch);
  const float *source = reinterpret_cast<const float *>(bytes.data()) + offset;
  std::vector<char> result(batchOffsets.size() * panels() * offsets.size() * kPanel * sizeof(float));
  float *target = reinterpret_cast<float *>(result.data());
  for (int64_t b : batchOffsets)
    for (int64_t p = 0; p < panels(); ++p) {
      int64_t width = std::min(kPanel, columns - p * kPanel);
      for (int64_t j = 0; j < width; ++j) {
        const float *column = source + b + (p * kPanel + j) * columnStride;
        for (size_t k = 0; k < offsets.size(); ++k)
          target[k * kPanel + j] = column[offsets[k]];
      }
      target += offsets.size() * kPanel;
    }
  return result;
}

std::optional<ConstantPacking> getConstantPacking(const PanelProduct &product) {
  if (!product.b.weight)
    return std::nullopt;
  auto constant = [](AffineExpr e) { return HostBuilder::constant(e); };
  auto offset = constant(product.b.offset), columns = constant(product.columns),
       columnStride = constant(product.bColumnStride);
  if (!offset || !columns || !columnStride)
    return std::nullopt;
  ConstantPacking packing{*offset, *columns, *columnStride, {}, {}};
  for (auto [from, to] :
       {std::pair(&product.bBatch, &packing.batch), std::pair(&product.bReduction, &packing.reduction)})
    for (const PackedDim &dim : *from) {
      auto size = constant(dim.size), stride = constant(dim.stride);
      if (!size || !stride)
        return std::nullopt;
      to->push_back({*size, *stride});
    }
  return packing;
}

/// Packs at run time, one panel an iteration.
void emitPacking(const PanelProduct &product, const Buffer &packed, KernelContext &context) {
  HostBuilder &host = context.host;
  KernelBuilder b(context, "pack_panels_f32");
  Location loc = b.loc;
  AffineExpr panels = host.simplify(product.columns.ceilDiv(kPanel));
  SmallVector<AffineExpr> counts{panels}, reduction;
  for (const PackedDim &dim : product.bBatch)
    counts.insert(counts.end() - 1, dim.size);
  for (const PackedDim &dim : product.bReduction)
    reduction.push_back(dim.size);
  AffineExpr k = host.product(reduction);
  Value source = b.memory(product.b), target = b.memory(packed);
  Value panelElements = b.size(host.product({k, host.expr(kPanel)}));

  b.loop(b.begin, b.end, [&](Value unit) {
    SmallVector<Value> sizes = llvm::map_to_vector(counts, [&](AffineExpr e) { return b.size(e); });
    SmallVector<Value> index = b.delinearize(unit, sizes);
    Value from = b.size(product.b.offset);
    for (auto [i, dim] : llvm::zip(index, product.bBatch))
      from = b.advance(from, i, dim.stride);
    Value first = b.mul(index.back(), b.size(kPanel));
    Value to = b.mul(unit, panelElements);
    auto overReduction = [&](llvm::function_ref<void(Value, Value)> body) {
      std::function<void(size_t, Value, Value)> nest = [&](size_t i, Value row, Value rowFrom) {
        if (i == product.bReduction.size())
          return body(row, rowFrom);
        const PackedDim &dim = product.bReduction[i];
        b.loop(b.size(0), b.size(dim.size), [&](Value iv) {
          nest(i + 1, b.add(b.mul(row, b.size(dim.size)), iv), b.advance(rowFrom, iv, dim.stride));
        });
      };
      nest(0, b.size(0), from);
    };
    auto targetAt = [&](Value row, Value column) { return b.add(to, b.add(b.mul(row, b.size(kPanel)), column)); };
    auto copyColumn = [&](Value column) {
      overReduction([&](Value row, Value rowFrom) {
        Value at = b.advance(rowFrom, b.add(first, column), product.bColumnStride);
        Value value = memref::LoadOp::create(b, loc, source, ValueRange{at});
        memref::StoreOp::create(b, loc, value, target, ValueRange{targetAt(row, column)});
      });
    };
    Value left = arith::SubIOp::create(b, loc, b.size(product.columns), first);
    Value full = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sge, left, b.size(kPanel));
    auto branch = scf::IfOp::create(b, loc, full, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    if (HostBuilder::isConstant(product.bColumnStride, 1)) {
      auto type = VectorType::get({kPanel}, b.getF32Type());
      overReduction([&](Value row, Value rowFrom) {
        Value at = b.add(rowFrom, first);
        Value value = vector::LoadOp::create(b, loc, type, source, ValueRange{at});
        vector::StoreOp::create(b, loc, value, target, ValueRange{targetAt(row, b.size(0))});
      });
    } else {
      b.loop(b.size(0), b.size(kPanel), copyColumn);
    }
    // The last panel: columns that are there, then zeros.
    b.setInsertionPointToStart(branch.elseBlock());
    b.loop(b.size(0), left, copyColumn);
    Value zero = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(0));
    b.loop(left, b.size(kPanel), [&](Value column) {
      b.loop(b.size(0), b.size(k),
             [&](Value row) { memref::StoreOp::create(b, loc, zero, target, ValueRange{targetAt(row, column)}); });
    });
  });
  b.finish(host.product(counts), host.product({k, host.expr(kPanel)}));
}

} // namespace

FailureOr<Buffer> cpu::packWeight(FlatSymbolRefAttr weight, StringRef name, KernelContext &context,
                                  llvm::function_ref<std::vector<char>(ArrayRef<char>)> pack) {
  if (!context.module.lookupSymbol(name)) {
    auto op = context.module.lookupSymbol<graph::WeightOp>(weight.getValue());
    SmallVector<char> splat;
    FailureOr<ArrayRef<char>> bytes = graph::getWeightBytes(op, splat);
    if (failed(bytes))
      return failure();
    std::vector<char> packed = pack(*bytes);
    auto type = RankedTensorType::get({int64_t(packed.size() / sizeof(float))}, context.host.getF32Type());
    graph::createWeight(context.module, op.getLoc(), name, type, std::move(packed));
  }
  return context.getWeight(FlatSymbolRefAttr::get(context.host.getContext(), name));
}

FailureOr<Buffer> cpu::packPanels(const PanelProduct &product, KernelContext &context, Location loc,
                                  SmallVectorImpl<AffineExpr> &batchStrides) {
  HostBuilder &host = context.host;
  AffineExpr panels = host.simplify(product.columns.ceilDiv(kPanel));
  SmallVector<AffineExpr> reduction{host.expr(kPanel)};
  for (const PackedDim &dim : product.bReduction)
    reduction.push_back(dim.size);
  AffineExpr stride = host.product({host.product(reduction), panels});
  SmallVector<AffineExpr> sizes;
  for (const PackedDim &dim : product.bBatch)
    sizes.push_back(dim.size);
  sizes.push_back(stride);
  batchStrides.assign(product.bBatch.size(), host.expr(0));
  for (int64_t i = product.bBatch.size() - 1; i >= 0; --i) {
    if (!host.isConstant(product.bBatch[i].size, 1))
      batchStrides[i] = stride;
    stride = host.product({stride, product.bBatch[i].size});
  }

  std::optional<ConstantPacking> packing = getConstantPacking(product);
  if (!packing) {
    Buffer packed = context.createScratch(sizes, host.getF32Type());
    emitPacking(product, packed, context);
    return packed;
  }
  std::string name = packing->name(product.b.weight.getValue());
  return packWeight(product.b.weight, name, context, [&](ArrayRef<char> bytes) { return packing->pack(bytes); });
}
