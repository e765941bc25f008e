//===- Shape.cpp - the same elements in another arrangement -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Views stay recognisable: permute and expand are generics that yield their one
// input, slices are extract_slice, reshapes expand_shape and collapse_shape.
#include "Loops.h"
#include "Scalar.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

static SmallVector<Value> forward(ImplicitLocOpBuilder &, ValueRange args) { return {args[0]}; }

static LogicalResult lowerReshape(graph::ReshapeOp op, Lowering &l) {
  if (failed(l.resultSizes(op)))
    return failure();
  l.set(op.getResult(), l.reshape(l.get(op.getInput()), l.graphType(op.getInput()), l.resultType(op)));
  return success();
}

static LogicalResult lowerPermute(graph::PermuteOp op, Lowering &l) {
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  unsigned rank = sizes->size();
  SmallVector<AffineExpr> exprs(rank);
  for (auto [i, dim] : llvm::enumerate(op.getPermutation()))
    exprs[dim] = l.b.getAffineDimExpr(i);
  Value input = l.get(op.getInput());
  l.set(op.getResult(), l.parallel(*sizes, cast<RankedTensorType>(input.getType()).getElementType(), input,
                                   AffineMap::get(rank, 0, exprs, l.b.getContext()), forward));
  return success();
}

static LogicalResult lowerExpand(graph::ExpandOp op, Lowering &l) {
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  Operand operand = l.resolve(op.getResult(), /*throughPermute=*/false);
  Type element = plainType(l.resultType(op)).getElementType();
  if (operand.splat) {
    l.set(op.getResult(), l.filled(*sizes, operand.splat));
    return success();
  }
  // resolve() stops at once where a size may be 1 at run time.
  if (operand.tensor != op.getResult()) {
    l.set(op.getResult(), l.parallel(*sizes, element, operand.tensor, operand.map, forward));
    return success();
  }
  ImplicitLocOpBuilder &b = l.b;
  SmallVector<OpFoldResult> inSizes = l.sizes(op.getInput());
  SmallVector<AffineExpr> in = graph::getSizes(l.graphType(op.getInput()));
  SmallVector<AffineExpr> out = graph::getSizes(l.resultType(op));
  size_t offset = out.size() - in.size();
  SmallVector<Value> isOne(in.size());
  Scalar host(b);
  for (size_t i = 0; i < in.size(); ++i) {
    if (in[i] && in[i] == out[i + offset])
      continue;
    Value have = l.toValue(inSizes[i]), want = l.toValue((*sizes)[i + offset]);
    isOne[i] = host.compare(arith::CmpIPredicate::eq, have, l.index(1));
    Value equal = host.compare(arith::CmpIPredicate::eq, have, want);
    l.check(host.ori(isOne[i], equal), "RuntimeError",
            "The size of tensor a ({0}) must match the size of tensor b ({1}) at non-singleton "
            "dimension " +
                std::to_string(i + offset),
            {want, have});
  }
  Value input = l.get(op.getInput());
  l.set(op.getResult(), l.parallel(*sizes, element, {}, {}, [&](ImplicitLocOpBuilder &b, ValueRange) {
    Scalar s(b);
    SmallVector<Value> at;
    for (size_t i = 0; i < in.size(); ++i) {
      Value here = linalg::IndexOp::create(b, i + offset);
      at.push_back(isOne[i] ? s.select(isOne[i], s.index(0), here) : here);
    }
    return SmallVector<Value>{tensor::ExtractOp::create(b, input, at)};
  }));
  return success();
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

static LogicalResult lowerSlice(graph::SliceOp op, Lowering &l) {
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  unsigned rank = sizes->size();
  SmallVector<OpFoldResult> offsets(rank, l.b.getIndexAttr(0)), strides(rank, l.b.getIndexAttr(1));
  offsets[op.getDim()] = getAsOpFoldResult(l.get(op.getStart()));
  strides[op.getDim()] = l.b.getIndexAttr(op.getStep());
  // Nothing is taken from anywhere: the verifier knows no place behind the last element.
  auto lengths = l.resultType(op).getShape();
  if (llvm::is_contained(lengths, 0))
    for (OpFoldResult &offset : offsets)
      offset = l.b.getIndexAttr(0);
  l.set(op.getResult(), tensor::ExtractSliceOp::create(l.b, plainType(l.resultType(op)), l.get(op.getInput()), offsets,
                                                       *sizes, strides));
  return success();
}

static LogicalResult lowerSliceScatter(graph::SliceScatterOp op, Lowering &l) {
  SmallVector<OpFoldResult> sizes = l.sizes(op.getSource());
  unsigned rank = sizes.size();
  SmallVector<OpFoldResult> offsets(rank, l.b.getIndexAttr(0)), strides(rank, l.b.getIndexAttr(1));
  offsets[op.getDim()] = getAsOpFoldResult(l.get(op.getStart()));
  strides[op.getDim()] = l.b.getIndexAttr(op.getStep());
  l.set(op.getResult(),
        tensor::InsertSliceOp::create(l.b, l.get(op.getSource()), l.get(op.getInput()), offsets, sizes, strides));
  return success();
}

static LogicalResult lowerConcat(graph::ConcatOp op, Lowering &l) {
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  unsigned rank = sizes->size();
  int64_t dim = op.getDim();
  Value result = l.empty(*sizes, plainType(l.resultType(op)).getElementType());
  SmallVector<OpFoldResult> offsets(rank, l.b.getIndexAttr(0)), strides(rank, l.b.getIndexAttr(1));
  for (Value input : op.getInputs()) {
    SmallVector<OpFoldResult> part = l.sizes(input);
    result = tensor::InsertSliceOp::create(l.b, l.get(input), result, offsets, part, strides);
    Value next = l.b.createOrFold<arith::AddIOp>(l.toValue(offsets[dim]), l.toValue(part[dim]));
    offsets[dim] = getAsOpFoldResult(next);
  }
  l.set(op.getResult(), result);
  return success();
}

//===----------------------------------------------------------------------===//
// Strided views
//===----------------------------------------------------------------------===//

static Value flatten(Lowering &l, Value graphValue) {
  Value tensor = l.get(graphValue);
  auto type = cast<RankedTensorType>(tensor.getType());
  if (type.getRank() == 1)
    return tensor;
  if (type.getRank() == 0) {
    auto one = RankedTensorType::get({1}, type.getElementType());
    return tensor::ExpandShapeOp::create(l.b, one, tensor, ArrayRef<ReassociationIndices>{},
                                         ArrayRef<OpFoldResult>{l.b.getIndexAttr(1)});
  }
  ReassociationIndices all;
  for (int64_t i = 0; i < type.getRank(); ++i)
    all.push_back(i);
  return tensor::CollapseShapeOp::create(l.b, tensor, ArrayRef<ReassociationIndices>{all});
}

static LogicalResult lowerAsStrided(graph::AsStridedOp op, Lowering &l) {
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  Value flat = flatten(l, op.getInput()), offset = l.get(op.getOffset());
  SmallVector<Value> strides = l.get(op.getStrides());
  l.set(op.getResult(), l.parallel(*sizes, plainType(l.resultType(op)).getElementType(), {}, {},
                                   [&](ImplicitLocOpBuilder &b, ValueRange) {
                                     Scalar s(b);
                                     Value place = offset;
                                     for (auto [i, stride] : llvm::enumerate(strides))
                                       place = s.add(place, s.mul(linalg::IndexOp::create(b, i), stride));
                                     return SmallVector<Value>{tensor::ExtractOp::create(b, flat, place)};
                                   }));
  return success();
}

static LogicalResult lowerAsStridedScatter(graph::AsStridedScatterOp op, Lowering &l) {
  // Places may repeat (the last write wins): one sequential iteration.
  Value flat = flatten(l, op.getInput());
  Type element = cast<RankedTensorType>(flat.getType()).getElementType();
  SmallVector<Value> inputs{l.get(op.getSource()), l.get(op.getOffset())};
  llvm::append_range(inputs, l.get(op.getStrides()));
  unsigned rank = l.graphType(op.getSource()).getRank();
  Value result = compute(l, l.index(1), 1, inputs, flat, [&](ComputeBody &body) {
                   Scalar s(body.b);
                   SmallVector<Value> dims = body.dims(body.input(0)), at;
                   std::function<void(unsigned, Value)> nest = [&](unsigned d, Value place) {
                     if (d == rank) {
                       body.store(body.load(body.input(0), at, element), body.output(0), place);
                       return;
                     }
                     body.loop(s.index(0), dims[d], {}, [&](Value i, ValueRange) {
                       at.push_back(i);
                       nest(d + 1, s.add(place, s.mul(i, body.input(2 + d))));
                       at.pop_back();
                       return SmallVector<Value>{};
                     });
                   };
                   nest(0, body.input(1));
                 }).front();
  RankedTensorType type = l.resultType(op);
  AffineExpr count = l.b.getAffineConstantExpr(1);
  for (AffineExpr e : graph::getSizes(type)) {
    if (!l.isBound(e))
      return op.emitOpError("needs an expression for every size");
    count = count * e;
  }
  auto flatType = graph::getTensorType({count}, type.getElementType());
  l.set(op.getResult(), l.reshape(l.castTo(result, plainType(flatType)), flatType, type));
  return success();
}

//===----------------------------------------------------------------------===//
// Reading elsewhere
//===----------------------------------------------------------------------===//

static LogicalResult lowerFlip(graph::FlipOp op, Lowering &l) {
  SmallVector<OpFoldResult> sizes = l.sizes(op.getInput());
  Value input = l.get(op.getInput());
  SmallVector<Value> bounds;
  for (OpFoldResult size : sizes)
    bounds.push_back(l.toValue(size));
  l.set(
      op.getResult(),
      l.parallel(sizes, plainType(l.resultType(op)).getElementType(), {}, {}, [&](ImplicitLocOpBuilder &b, ValueRange) {
        Scalar s(b);
        SmallVector<Value> at;
        for (unsigned i = 0; i < sizes.size(); ++i) {
          Value here = linalg::IndexOp::create(b, i);
          at.push_back(llvm::is_contained(op.getDims(), int64_t(i)) ? s.sub(s.sub(bounds[i], s.index(1)), here) : here);
        }
        return SmallVector<Value>{tensor::ExtractOp::create(b, input, at)};
      }));
  return success();
}

static LogicalResult lowerPad(graph::PadOp op, Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  unsigned rank = sizes->size();
  StringRef mode = op.getMode();
  Value input = l.get(op.getInput());
  RankedTensorType plain = plainType(l.resultType(op));
  SmallVector<OpFoldResult> inSizes = l.sizes(op.getInput());
  if (mode == "constant") {
    // Negative amounts crop first.
    SmallVector<OpFoldResult> offsets(rank, b.getIndexAttr(0)), ones(rank, b.getIndexAttr(1));
    SmallVector<OpFoldResult> low, high, cropped = inSizes;
    bool crops = false;
    for (unsigned i = 0; i < rank; ++i) {
      int64_t lo = op.getLow()[i], hi = op.getHigh()[i];
      int64_t cut = std::max<int64_t>(-lo, 0) + std::max<int64_t>(-hi, 0);
      low.push_back(b.getIndexAttr(std::max<int64_t>(lo, 0)));
      high.push_back(b.getIndexAttr(std::max<int64_t>(hi, 0)));
      if (!cut)
        continue;
      crops = true;
      offsets[i] = b.getIndexAttr(std::max<int64_t>(-lo, 0));
      Value left = b.createOrFold<arith::SubIOp>(l.toValue(inSizes[i]), l.index(cut));
      // More cropped than there is, which later padding makes up for: reads nothing.
      cropped[i] = getAsOpFoldResult(left);
    }
    if (crops)
      input = tensor::ExtractSliceOp::create(b, input, offsets, cropped, ones);
    Operand value = l.resolve(op.getValue(), true);
    Value scalar = value.splat ? l.constantOf(value.splat)
                               : Value(tensor::ExtractOp::create(b, l.get(op.getValue()), ValueRange{}));
    auto isZero = [](OpFoldResult ofr) { return isConstantIntValue(ofr, 0); };
    if (!llvm::all_of(low, isZero) || !llvm::all_of(high, isZero))
      input = tensor::PadOp::create(b, Type(), input, low, high, scalar).getResult();
    l.set(op.getResult(), l.castTo(input, plain));
    return success();
  }
  if (mode != "reflect" && mode != "replicate" && mode != "circular")
    return op.emitOpError("mode must be constant, reflect, replicate or circular, not ") << mode;
  SmallVector<Value> bounds;
  for (OpFoldResult size : inSizes)
    bounds.push_back(l.toValue(size));
  l.set(op.getResult(), l.parallel(*sizes, plain.getElementType(), {}, {}, [&](ImplicitLocOpBuilder &b, ValueRange) {
    using I = arith::CmpIPredicate;
    Scalar s(b);
    SmallVector<Value> at;
    for (unsigned i = 0; i < rank; ++i) {
      Value here = linalg::IndexOp::create(b, i);
      if (op.getLow()[i] == 0 && op.getHigh()[i] == 0) {
        at.push_back(here);
        continue;
      }
      Value x = s.sub(here, s.index(op.getLow()[i]));
      Value last = s.sub(bounds[i], s.index(1)), zero = s.index(0);
      Value below = s.compare(I::slt, x, zero), above = s.compare(I::sgt, x, last);
      if (mode == "reflect") {
        x = s.select(below, s.sub(zero, x), s.select(above, s.sub(s.add(last, last), x), x));
      } else if (mode == "replicate") {
        x = s.select(below, zero, s.select(above, last, x));
      } else {
        x = s.select(below, s.add(x, bounds[i]), s.select(above, s.sub(x, bounds[i]), x));
      }
      at.push_back(x);
    }
    return SmallVector<Value>{tensor::ExtractOp::create(b, input, at)};
  }));
  return success();
}

void lowering::addShapeRules(RuleTable &table) {
  table.add<graph::ReshapeOp>(lowerReshape);
  table.add<graph::PermuteOp>(lowerPermute);
  table.add<graph::ExpandOp>(lowerExpand);
  table.add<graph::SliceOp>(lowerSlice);
  table.add<graph::SliceScatterOp>(lowerSliceScatter);
  table.add<graph::ConcatOp>(lowerConcat);
  table.add<graph::AsStridedOp>(lowerAsStrided);
  table.add<graph::AsStridedScatterOp>(lowerAsStridedScatter);
  table.add<graph::FlipOp>(lowerFlip);
  table.add<graph::PadOp>(lowerPad);
}
