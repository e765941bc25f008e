//===- PadKernel.cpp - a tensor with a border -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows are walked whole: of the last padded dimension and what follows it, a row
// is a piece of border, a piece of the source, a piece of border. Where the
// source is dense inside a row, each piece is one contiguous loop.
#include "lib/Codegen/CPU/KernelBuilder.h"
#include "lib/Codegen/CPU/LoopKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::cpu;
using codegen::Buffer;
using codegen::HostBuilder;

void cpu::emitPadLoops(const Buffer &from, ArrayRef<AffineExpr> low, Value value, const Buffer &to,
                       codegen::KernelContext &context, bool borderOnly) {
  HostBuilder &host = context.host;
  int64_t rank = to.getRank();
  auto padded = [&](int64_t d) { return !HostBuilder::isConstant(low[d], 0) || from.sizes[d] != to.sizes[d]; };
  int64_t row = rank - 1;
  while (row > 0 && !padded(row))
    --row;
  if (rank == 0)
    return emitCopyLoops(from, to, context);

  KernelBuilder k(context, borderOnly ? "border" : "pad");
  Value in = borderOnly ? Value() : k.memory(from), out = k.memory(to);
  Value padding = k.constantOrScalar(value);
  // Elements of one step along the row, contiguous in the result.
  AffineExpr pixel = host.product(ArrayRef(to.sizes).drop_front(row + 1));
  AffineExpr rowLength = host.simplify(pixel * to.sizes[row]);
  bool dense = from.strides[row] == pixel;
  auto dims = llvm::seq<int64_t>(row + 1, rank);
  auto expected = context.rowMajorStrides(to.sizes);
  for (int64_t d : dims)
    dense &= HostBuilder::isConstant(to.sizes[d], 1) || from.strides[d] == expected[d];

  SmallVector<Value> outerSizes;
  AffineExpr count = host.expr(1);
  for (int64_t d = 0; d < row; ++d) {
    outerSizes.push_back(k.size(to.sizes[d]));
    count = host.simplify(count * to.sizes[d]);
  }
  auto fill = [&](Value lower, Value upper) {
    k.loop(lower, upper, [&](Value i) { memref::StoreOp::create(k, k.loc, padding, out, i); });
  };
  auto copyPixels = [&](Value source, Value target) {
    if (dense) {
      Value length = k.size(host.simplify(pixel * from.sizes[row]));
      k.loop(k.size(0), length, [&](Value i) {
        Value v = memref::LoadOp::create(k, k.loc, in, k.add(source, i));
        memref::StoreOp::create(k, k.loc, v, out, k.add(target, i));
      });
      return;
    }
    std::function<void(int64_t, Value, Value)> nest = [&](int64_t d, Value s, Value t) {
      if (d == rank) {
        Value v = memref::LoadOp::create(k, k.loc, in, s);
        memref::StoreOp::create(k, k.loc, v, out, t);
        return;
      }
      k.loop(k.size(0), k.size(from.sizes[d]),
             [&](Value i) { nest(d + 1, k.advance(s, i, from.strides[d]), k.advance(t, i, to.strides[d])); });
    };
    nest(row, source, target);
  };
  k.loop(k.begin, k.end, [&](Value index) {
    SmallVector<Value> at = k.delinearize(index, outerSizes);
    Value start = k.add(k.size(to.offset), k.mul(index, k.size(rowLength)));
    Value stop = k.add(start, k.size(rowLength));
    // The row's place in the source, and whether it has one.
    Value source = k.size(from.offset), inside;
    for (int64_t d = 0; d < row; ++d) {
      Value i = at[d];
      if (padded(d)) {
        i = arith::SubIOp::create(k, k.loc, i, k.size(low[d]));
        Value ok = arith::CmpIOp::create(k, k.loc, arith::CmpIPredicate::ult, i, k.size(from.sizes[d]));
        inside = inside ? Value(arith::AndIOp::create(k, k.loc, inside, ok)) : ok;
      }
      source = k.advance(source, i, from.strides[d]);
    }
    auto copyRow = [&] {
      Value first = k.advance(start, k.size(low[row]), pixel);
      Value past = k.add(first, k.size(host.simplify(pixel * from.sizes[row])));
      fill(start, first);
      if (!borderOnly)
        copyPixels(source, first);
      fill(past, stop);
    };
    if (!inside)
      return copyRow();
    auto branch = scf::IfOp::create(k, k.loc, inside, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(k);
    k.setInsertionPoint(branch.thenYield());
    copyRow();
    k.setInsertionPoint(branch.elseYield());
    fill(start, stop);
  });
  k.finish(count, rowLength);
}
