//===- MethodViews.cpp - views, slices and elements -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Codegen/Common/MethodLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

/// A generic that yields its one input, permuted or broadcast. With the identity
/// map it is a copy that the program asked for.
static bool isPermutingGeneric(linalg::GenericOp op) {
  if (op.getNumDpsInputs() != 1 || op.getNumDpsInits() != 1 || op->getNumResults() != 1 ||
      op.getNumParallelLoops() != op.getNumLoops() || op.getBody()->getOperations().size() != 1 ||
      op.getBody()->getTerminator()->getOperand(0) != op.getBody()->getArgument(0))
    return false;
  AffineMap in = op.getMatchingIndexingMap(op.getDpsInputOperand(0));
  return isa<RankedTensorType>(op.getDpsInputOperand(0)->get().getType()) && in.isProjectedPermutation() &&
         !in.isIdentity() && op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isIdentity();
}

Value MethodLowering::viewSource(Operation *op) {
  if (isa<tensor::ExtractSliceOp, tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::ReshapeOp, tensor::CastOp>(
          op))
    return op->getOperand(0);
  if (auto x = dyn_cast<linalg::TransposeOp>(op))
    return x.getInput();
  if (auto x = dyn_cast<linalg::BroadcastOp>(op))
    return x.getInput();
  if (auto x = dyn_cast<linalg::GenericOp>(op); x && isPermutingGeneric(x))
    return x.getInputs()[0];
  return {};
}

linalg::GenericOp MethodLowering::permutedReader(OpResult result) {
  Operation *op = result.getOwner();
  // Of a dispatch, the contraction comes first.
  auto it = dispatches.find(op);
  Operation *root = it == dispatches.end() ? op : it->second.root().getOperation();
  if (!root->hasAttr("ingot.contraction") || !result.hasOneUse())
    return {};
  auto reader = dyn_cast<linalg::GenericOp>(*result.getUsers().begin());
  if (!reader || !isPermutingGeneric(reader))
    return {};
  AffineMap map = reader.getMatchingIndexingMap(reader.getDpsInputOperand(0));
  unsigned last = map.getNumDims() - 1;
  if (!map.isPermutation() || map.getDimPosition(last) != last)
    return {};
  return reader;
}

tensor::PadOp MethodLowering::paddedReader(OpResult result) {
  Operation *op = result.getOwner();
  auto it = dispatches.find(op);
  auto last = dyn_cast<linalg::LinalgOp>(op);
  if (it == dispatches.end() && !last)
    return {};
  Dispatch dispatch = it == dispatches.end() ? Dispatch{{last}} : it->second;
  // Of one tap, the rows of all images are one run, which a border would cut.
  linalg::LinalgOp root = dispatch.root();
  auto hasWindow = [&] {
    ArrayRef<int64_t> weight = cast<RankedTensorType>(root.getDpsInputs()[1].getType()).getShape();
    return weight.size() == 4 && (weight[2] != 1 || weight[3] != 1);
  };
  if (!root->hasAttr("ingot.convolution") || !hasWindow() || !target.fusesEpilogue(dispatch))
    return {};
  tensor::PadOp found;
  for (Operation *user : result.getUsers()) {
    auto pad = dyn_cast<tensor::PadOp>(user);
    if (pad && !found && pad->getBlock() == op->getBlock() && pad.getLow().empty() && pad.getHigh().empty() &&
        llvm::all_of(pad.getStaticLow(), [](int64_t n) { return n >= 0; }) &&
        llvm::all_of(pad.getStaticHigh(), [](int64_t n) { return n >= 0; }))
      found = pad;
    else if (!pad && (!isa<linalg::LinalgOp>(user) || viewSource(user)))
      return {};
  }
  return found;
}

AffineExpr MethodLowering::exprOf(OpFoldResult v) {
  if (auto attr = dyn_cast<Attribute>(v))
    return host.expr(cast<IntegerAttr>(attr).getInt());
  return host.expr(getScalar(cast<Value>(v)));
}

/// Sizes that the type fixes are constants, whatever they were computed from.
static void applyStatic(SmallVectorImpl<AffineExpr> &sizes, RankedTensorType type, HostBuilder &host) {
  for (auto [size, fixed] : llvm::zip(sizes, type.getShape()))
    if (!ShapedType::isDynamic(fixed))
      size = host.expr(fixed);
}

MethodLowering::Sizes MethodLowering::viewSizes(Operation *op) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  Sizes sizes;
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    auto dropped = slice.getDroppedDims();
    for (auto [d, size] : llvm::enumerate(slice.getMixedSizes()))
      if (!dropped[d])
        sizes.push_back(exprOf(size));
  } else if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
    for (OpFoldResult size : expand.getMixedOutputShape())
      sizes.push_back(exprOf(size));
  } else if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op)) {
    Sizes from = getSizes(collapse.getSrc());
    for (auto &group : collapse.getReassociationIndices()) {
      AffineExpr size = host.expr(1);
      for (int64_t d : group)
        size = host.simplify(size * from[d]);
      sizes.push_back(size);
    }
  } else if (auto reshape = dyn_cast<tensor::ReshapeOp>(op)) {
    auto lazy = lazies.find(reshape.getShape());
    for (int64_t d = 0; d < type.getRank(); ++d) {
      Value size;
      if (lazy != lazies.end() && lazy->second.kind == Lazy::Elements)
        size = getScalar(lazy->second.values[d]);
      else if (type.isDynamicDim(d))
        size = memref::LoadOp::create(host, host.loc, getBuffer(reshape.getShape()).memory, ValueRange{host.value(d)});
      sizes.push_back(size ? host.expr(size) : host.expr(type.getDimSize(d)));
    }
  } else if (isa<tensor::CastOp>(op)) {
    sizes = getSizes(op->getOperand(0));
  } else {
    sizes = getSizes(cast<DestinationStyleOpInterface>(op).getDpsInits()[0]);
  }
  applyStatic(sizes, type, host);
  return sizes;
}

std::optional<Buffer> MethodLowering::sliceOf(const Buffer &from, ArrayRef<OpFoldResult> offsets,
                                              ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> strides,
                                              const llvm::SmallBitVector &dropped) {
  Buffer to = from;
  to.sizes.clear();
  to.strides.clear();
  for (unsigned d = 0; d < offsets.size(); ++d) {
    to.offset = host.simplify(to.offset + exprOf(offsets[d]) * from.strides[d]);
    if (dropped[d])
      continue;
    to.sizes.push_back(exprOf(sizes[d]));
    to.strides.push_back(host.simplify(from.strides[d] * exprOf(strides[d])));
  }
  return to;
}

std::optional<Buffer> MethodLowering::view(Operation *op, const Buffer &from) {
  Buffer to = from;
  to.sizes = getSizes(op->getResult(0));
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    auto result =
        sliceOf(from, slice.getMixedOffsets(), slice.getMixedSizes(), slice.getMixedStrides(), slice.getDroppedDims());
    if (result)
      result->sizes = to.sizes;
    return result;
  }
  to.strides.assign(to.sizes.size(), host.expr(0));
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
    auto groups = expand.getReassociationIndices();
    if (groups.empty()) { // from rank 0
      to.strides = rowMajorStrides(to.sizes);
      return to;
    }
    for (auto [g, group] : llvm::enumerate(groups)) {
      AffineExpr stride = from.strides[g];
      for (int64_t d : llvm::reverse(group)) {
        to.strides[d] = stride;
        stride = host.simplify(stride * to.sizes[d]);
      }
    }
    return to;
  }
  if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op)) {
    for (auto [g, group] : llvm::enumerate(collapse.getReassociationIndices())) {
      AffineExpr stride, next; // of the group; of the next dimension outwards
      for (int64_t d : llvm::reverse(group)) {
        if (HostBuilder::isConstant(from.sizes[d], 1))
          continue;
        if (!stride)
          stride = from.strides[d];
        else if (from.strides[d] != next)
          return std::nullopt;
        next = host.simplify(from.strides[d] * from.sizes[d]);
      }
      to.strides[g] = stride ? stride : host.expr(1);
    }
    return to;
  }
  if (isa<tensor::ReshapeOp>(op)) {
    if (!isDense(from, /*anyOffset=*/true))
      return std::nullopt;
    to.strides = rowMajorStrides(to.sizes);
    return to;
  }
  if (isa<tensor::CastOp>(op)) {
    to.strides = from.strides;
    return to;
  }
  if (auto transpose = dyn_cast<linalg::TransposeOp>(op)) {
    for (auto [d, s] : llvm::enumerate(transpose.getPermutation()))
      to.strides[d] = from.strides[s];
    return to;
  }
  if (auto broadcast = dyn_cast<linalg::BroadcastOp>(op)) {
    unsigned next = 0;
    for (int64_t d = 0; d < to.getRank(); ++d)
      if (!llvm::is_contained(broadcast.getDimensions(), d))
        to.strides[d] = from.strides[next++];
    return to;
  }
  auto generic = cast<linalg::GenericOp>(op);
  AffineMap in = generic.getMatchingIndexingMap(generic.getDpsInputOperand(0));
  for (auto [d, result] : llvm::enumerate(in.getResults()))
    if (auto dim = dyn_cast<AffineDimExpr>(result))
      to.strides[dim.getPosition()] = from.strides[d];
  return to;
}

LogicalResult MethodLowering::lowerView(Operation *op) {
  Value from = viewSource(op), result = op->getResult(0);
  tensorSizes[result] = viewSizes(op);
  bool reorders = !isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::ReshapeOp, tensor::CastOp>(op);
  if (auto lazy = lazies.find(from);
      lazy != lazies.end() && !buffers.contains(from) && (lazy->second.kind != Lazy::Elements || !reorders)) {
    Lazy copy = lazy->second;
    lazies[result] = copy;
    return success();
  }
  // A view of an argument gets memory when a computation wants it.
  if (!buffers.contains(from) && !lazies.contains(from))
    return success();
  std::optional<Buffer> seen = view(op, getBuffer(from));
  if (!seen)
    seen = view(op, getDense(from));
  if (!seen)
    return op->emitError("code generation cannot take this view");
  setBuffer(result, *seen);
  return success();
}

//===----------------------------------------------------------------------===//
// Writing into a tensor
//===----------------------------------------------------------------------===//

Buffer MethodLowering::takeOver(Value tensor, Operation *op) {
  auto lazy = lazies.find(tensor);
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!buffers.contains(tensor) && lazy != lazies.end() && lazy->second.kind == Lazy::Empty)
    return allocate(getSizes(tensor), getMemoryType(type.getElementType()), op->getParentRegion());
  if (!buffers.contains(tensor) && lazy != lazies.end()) {
    // Filled for this operation alone; others fill memory of their own.
    Buffer buffer = getBuffer(tensor);
    buffers.erase(tensor);
    locals.pop_back();
    return buffer;
  }
  Buffer buffer = getBuffer(tensor);
  unsigned uses = 0;
  for (Value operand : op->getOperands())
    if (auto it = buffers.find(operand); it != buffers.end())
      uses += it->second.storage == buffer.storage;
  if (uses == 1 && isDense(buffer) && diesAt(buffer.storage, op))
    return buffer;
  return copyToFresh(buffer, op->getParentRegion());
}

LogicalResult MethodLowering::lowerInsertSlice(tensor::InsertSliceOp op) {
  tensorSizes[op.getResult()] = getSizes(op.getDest());
  Buffer from = getBuffer(op.getSource());
  Buffer to = takeOver(op.getDest(), op);
  setBuffer(op.getResult(), to);
  auto slice = sliceOf(to, op.getMixedOffsets(), op.getMixedSizes(), op.getMixedStrides(), op.getDroppedDims());
  slice->sizes = from.sizes;
  copy(from, *slice);
  return success();
}

LogicalResult MethodLowering::lowerInsert(tensor::InsertOp op) {
  Buffer to = takeOver(op.getDest(), op);
  setBuffer(op.getResult(), to);
  Value scalar = getScalar(op.getScalar());
  storeElement(host, host.loc, scalar, to.memory, linearIndex(to, op.getIndices()));
  return success();
}

LogicalResult MethodLowering::lowerExtract(tensor::ExtractOp op) {
  auto lazy = lazies.find(op.getTensor());
  if (lazy != lazies.end()) {
    if (lazy->second.constant) {
      setScalar(op.getResult(), arith::ConstantOp::create(host, host.loc, lazy->second.constant));
      return success();
    }
    if (lazy->second.kind == Lazy::Fill) {
      setScalar(op.getResult(), getScalar(lazy->second.values[0]));
      return success();
    }
    if (lazy->second.kind == Lazy::Elements && lazy->second.values.size() == 1) {
      setScalar(op.getResult(), getScalar(lazy->second.values[0]));
      return success();
    }
  }
  Buffer from = getBuffer(op.getTensor());
  setScalar(op.getResult(),
            loadElement(host, host.loc, from.memory, linearIndex(from, op.getIndices()), op.getResult().getType()));
  return success();
}

MethodLowering::Sizes MethodLowering::paddedSizes(tensor::PadOp op, Sizes &low) {
  Sizes sizes;
  for (auto [size, lo, hi] : llvm::zip(getSizes(op.getSource()), op.getMixedLowPad(), op.getMixedHighPad())) {
    low.push_back(exprOf(lo));
    sizes.push_back(host.simplify(size + low.back() + exprOf(hi)));
  }
  applyStatic(sizes, op.getResultType(), host);
  return sizes;
}

LogicalResult MethodLowering::lowerPad(tensor::PadOp op) {
  Value value = op.getConstantPaddingValue();
  if (!value)
    return op.emitError("padding must be one value for the whole border");
  Value padding;
  if (auto constant = value.getDefiningOp<arith::ConstantOp>())
    padding = host.clone(*constant)->getResult(0);
  else
    padding = getScalar(value);
  if (padding.getType().isInteger(1))
    padding = arith::ExtUIOp::create(host, host.loc, host.getI8Type(), padding);
  Sizes low;
  tensorSizes[op.getResult()] = paddedSizes(op, low);
  Buffer from = getBuffer(op.getSource());
  if (auto it = bordered.find(op); it != bordered.end() && it->second.storage == from.storage) {
    setBuffer(op.getResult(), it->second);
    target.emitBorder(from, low, padding, it->second, *this);
    return success();
  }
  Buffer to = createResult(cast<OpResult>(op.getResult()));
  target.emitPad(from, low, padding, to, *this);
  return success();
}

LogicalResult MethodLowering::lowerConcat(tensor::ConcatOp op) {
  unsigned dim = op.getDim();
  Sizes sizes = getSizes(op.getInputs()[0]);
  for (Value input : op.getInputs().drop_front())
    sizes[dim] = host.simplify(sizes[dim] + getSizes(input)[dim]);
  applyStatic(sizes, op.getResultType(), host);
  tensorSizes[op.getResult()] = sizes;
  Buffer to = createResult(cast<OpResult>(op.getResult()));
  AffineExpr offset = to.offset;
  for (Value input : op.getInputs()) {
    Buffer part = to, from = getBuffer(input);
    part.sizes = from.sizes;
    part.offset = offset;
    copy(from, part);
    offset = host.simplify(offset + from.sizes[dim] * to.strides[dim]);
  }
  return success();
}
