//===- GraphVerifiers.cpp - what ranks, sizes and types must be -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Programs come as text too: what a lowering takes for granted (ranks, dims
// within them, one element type, counts of attributes) is verified here. Sizes
// are compared where both are static; equal expressions are the builder's task.
#include "dialects/Graph/Graph.h"

#include "ingot/Support/DType.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::graph;

bool graph::isElementType(Type type) { return typeToDType(type) >= 0; }

//===----------------------------------------------------------------------===//
// What many operators ask for
//===----------------------------------------------------------------------===//

static RankedTensorType typeOf(Value v) { return cast<RankedTensorType>(v.getType()); }

/// Whether sizes may be equal at run time.
static bool mayEqual(int64_t a, int64_t b) { return ShapedType::isDynamic(a) || ShapedType::isDynamic(b) || a == b; }

static bool mayEqual(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  return a.size() == b.size() &&
         llvm::all_of(llvm::zip(a, b), [](auto pair) { return mayEqual(std::get<0>(pair), std::get<1>(pair)); });
}

static std::string text(ArrayRef<int64_t> shape) {
  std::string s = "[";
  for (auto [i, size] : llvm::enumerate(shape)) {
    s += i ? ", " : "";
    s += ShapedType::isDynamic(size) ? "?" : std::to_string(size);
  }
  return s + "]";
}

static LogicalResult verifyRank(Operation *op, Value v, StringRef name, int64_t rank) {
  if (typeOf(v).getRank() == rank)
    return success();
  return op->emitOpError() << name << " must have rank " << rank << ", not " << typeOf(v).getRank();
}

static LogicalResult verifyElement(Operation *op, Value v, StringRef name, Type element) {
  if (typeOf(v).getElementType() == element)
    return success();
  return op->emitOpError() << name << " must have the element type " << element << ", not "
                           << typeOf(v).getElementType();
}

/// The sizes that follow from the operands.
static LogicalResult verifyShape(Operation *op, Value v, StringRef name, ArrayRef<int64_t> shape) {
  if (mayEqual(typeOf(v).getShape(), shape))
    return success();
  return op->emitOpError() << name << " must have the sizes " << text(shape) << ", not " << text(typeOf(v).getShape());
}

static LogicalResult verifyLike(Operation *op, Value v, StringRef name, Value as) {
  if (failed(verifyElement(op, v, name, typeOf(as).getElementType())))
    return failure();
  return verifyShape(op, v, name, typeOf(as).getShape());
}

/// A dimension of a tensor of that rank. `ofScalars`: 0 names the one element
/// of a tensor of rank 0.
static LogicalResult verifyDim(Operation *op, int64_t dim, int64_t rank, bool ofScalars = false) {
  if (dim >= 0 && (dim < rank || (ofScalars && rank == 0 && dim == 0)))
    return success();
  return op->emitOpError() << "dim " << dim << " is not below the rank " << rank;
}

static LogicalResult verifyCount(Operation *op, size_t have, int64_t want, StringRef what) {
  if (int64_t(have) == want)
    return success();
  return op->emitOpError() << "needs " << want << " " << what << ", not " << have;
}

static LogicalResult verifyAtLeast(Operation *op, ArrayRef<int64_t> values, int64_t least, StringRef what) {
  for (int64_t v : values)
    if (v < least)
      return op->emitOpError() << what << " must be at least " << least << ", not " << v;
  return success();
}

/// Sorted, distinct, below the rank.
static LogicalResult verifyDims(Operation *op, ArrayRef<int64_t> dims, int64_t rank) {
  int64_t last = -1;
  for (int64_t dim : dims) {
    if (dim <= last || dim >= rank)
      return op->emitOpError("dims must be sorted, distinct and below the rank ") << rank;
    last = dim;
  }
  return success();
}

static LogicalResult verifyIndices(Operation *op, ValueRange indices) {
  for (Value index : indices)
    if (!typeOf(index).getElementType().isSignlessInteger(64))
      return op->emitOpError("indices must be i64, not ") << typeOf(index).getElementType();
  return success();
}

static LogicalResult verifyHostNumber(Operation *op, Type type) {
  if (type.isIndex() || type.isSignlessInteger(64) || type.isF64() || type.isSignlessInteger(1))
    return success();
  return op->emitOpError("a host number is index, i64, f64 or i1, not ") << type;
}

//===----------------------------------------------------------------------===//
// Creation
//===----------------------------------------------------------------------===//

LogicalResult ConstantOp::verify() {
  ShapedType type = getValue().getShapedType();
  if (type.getElementType() != typeOf(getResult()).getElementType() ||
      type.getShape() != typeOf(getResult()).getShape())
    return emitOpError("value is of another type than the result: ") << type;
  return success();
}

LogicalResult FullOp::verify() {
  if (failed(verifyRank(*this, getValue(), "value", 0)))
    return failure();
  return verifyElement(*this, getResult(), "result", typeOf(getValue()).getElementType());
}

LogicalResult IotaOp::verify() { return verifyDim(*this, getDim(), typeOf(getResult()).getRank()); }

LogicalResult FromScalarOp::verify() {
  if (failed(verifyHostNumber(*this, getValue().getType())))
    return failure();
  return verifyRank(*this, getResult(), "result", 0);
}

LogicalResult ItemOp::verify() {
  for (int64_t size : typeOf(getInput()).getShape())
    if (!mayEqual(size, 1))
      return emitOpError("input must have one element, not the sizes ") << text(typeOf(getInput()).getShape());
  return verifyHostNumber(*this, getValue().getType());
}

LogicalResult BindSymbolOp::verify() { return verifyAtLeast(*this, {int64_t(getSymbol())}, 0, "symbol"); }

LogicalResult DimOp::verify() { return verifyDim(*this, getDim(), typeOf(getInput()).getRank()); }

LogicalResult WriteBackOp::verify() { return verifyLike(*this, getValue(), "value", getInput()); }

LogicalResult AliasOp::verify() {
  int64_t rank = typeOf(getResult()).getRank();
  if (failed(verifyCount(*this, getSizes().size(), rank, "sizes")))
    return failure();
  return verifyCount(*this, getStrides().size(), rank, "strides");
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

LogicalResult WhereOp::verify() {
  auto type = cast<RankedTensorType>(getType());
  if (getLhs().getType() != type || getRhs().getType() != type)
    return emitOpError("branches must have the result's type ") << type;
  auto condition = cast<RankedTensorType>(getCondition().getType());
  if (!condition.getElementType().isInteger(1) || condition.getShape() != type.getShape())
    return emitOpError("condition must be a bool tensor of the result's sizes");
  return success();
}

static unsigned bitsOf(Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    return 2 * bitsOf(complex.getElementType());
  return type.getIntOrFloatBitWidth();
}

LogicalResult BitcastOp::verify() {
  Type from = typeOf(getInput()).getElementType();
  Type to = typeOf(getResult()).getElementType();
  if (bitsOf(from) != bitsOf(to))
    return emitOpError("element types have different widths: ") << from << " and " << to;
  return success();
}

//===----------------------------------------------------------------------===//
// Reduction
//===----------------------------------------------------------------------===//

/// The input's sizes without `dims`, or with 1 in their places.
static LogicalResult verifyReduced(Operation *op, Value in, Value out, ArrayRef<int64_t> dims, bool keepdim) {
  SmallVector<int64_t> shape;
  for (auto [i, size] : llvm::enumerate(typeOf(in).getShape())) {
    if (!llvm::is_contained(dims, int64_t(i)))
      shape.push_back(size);
    else if (keepdim)
      shape.push_back(1);
  }
  if (failed(verifyRank(op, out, "result", shape.size())))
    return failure();
  return verifyShape(op, out, "result", shape);
}

template <typename Op>
static LogicalResult verifyReduction(Op op) {
  Type element = typeOf(op.getInput()).getElementType();
  if (failed(verifyDims(op, op.getDims(), typeOf(op.getInput()).getRank())) ||
      failed(verifyElement(op, op.getResult(), "result", element)))
    return failure();
  return verifyReduced(op, op.getInput(), op.getResult(), op.getDims(), op.getKeepdim());
}
LogicalResult SumOp::verify() { return verifyReduction(*this); }
LogicalResult ProdOp::verify() { return verifyReduction(*this); }
LogicalResult AmaxOp::verify() { return verifyReduction(*this); }
LogicalResult AminOp::verify() { return verifyReduction(*this); }
LogicalResult AnyOp::verify() { return verifyReduction(*this); }
LogicalResult AllOp::verify() { return verifyReduction(*this); }

template <typename Op>
static LogicalResult verifyArgReduction(Op op) {
  int64_t dim = op.getDim(), rank = typeOf(op.getInput()).getRank();
  if (failed(verifyDim(op, dim, rank)) || failed(verifyIndices(op, op.getResult())))
    return failure();
  return verifyReduced(op, op.getInput(), op.getResult(), dim, op.getKeepdim());
}
LogicalResult ArgmaxOp::verify() { return verifyArgReduction(*this); }
LogicalResult ArgminOp::verify() { return verifyArgReduction(*this); }

template <typename Op>
static LogicalResult verifyScan(Op op) {
  return verifyDim(op, op.getDim(), typeOf(op.getInput()).getRank(),
                   /*ofScalars=*/true);
}
LogicalResult CumsumOp::verify() { return verifyScan(*this); }
LogicalResult CumprodOp::verify() { return verifyScan(*this); }
LogicalResult CummaxOp::verify() { return verifyScan(*this); }
LogicalResult CumminOp::verify() { return verifyScan(*this); }

LogicalResult SortOp::verify() {
  if (failed(verifyDim(*this, getDim(), typeOf(getInput()).getRank(),
                       /*ofScalars=*/true)) ||
      failed(verifyLike(*this, getValues(), "values", getInput())) || failed(verifyIndices(*this, getIndices())))
    return failure();
  return verifyShape(*this, getIndices(), "indices", typeOf(getInput()).getShape());
}

//===----------------------------------------------------------------------===//
// Linear, Convolution, Pooling
//===----------------------------------------------------------------------===//

LogicalResult MatmulOp::verify() {
  RankedTensorType a = typeOf(getLhs()), b = typeOf(getRhs());
  int64_t rank = a.getRank();
  if (rank < 2 || b.getRank() != rank || typeOf(getResult()).getRank() != rank)
    return emitOpError("operands and result must have one rank of at least 2");
  int64_t ka = a.getDimSize(rank - 1), kb = b.getDimSize(rank - 2);
  if (!mayEqual(ka, kb))
    return emitOpError("contracts ") << ka << " with " << kb << " elements";
  SmallVector<int64_t> shape(a.getShape());
  shape.back() = b.getShape().back();
  for (int64_t i = 0; i < rank - 2; ++i) {
    if (!mayEqual(a.getDimSize(i), b.getDimSize(i)))
      return emitOpError("batches of ") << a.getDimSize(i) << " and " << b.getDimSize(i) << " elements";
    if (ShapedType::isDynamic(shape[i]))
      shape[i] = b.getDimSize(i);
  }
  if (failed(verifyElement(*this, getRhs(), "rhs", a.getElementType())) ||
      failed(verifyElement(*this, getResult(), "result", a.getElementType())))
    return failure();
  return verifyShape(*this, getResult(), "result", shape);
}

/// What a convolution and a transposed one have in common.
template <typename Op>
static LogicalResult verifyFilter(Op op, int64_t inputSide, int64_t resultSide) {
  RankedTensorType in = typeOf(op.getInput()), weight = typeOf(op.getWeight());
  int64_t rank = in.getRank(), spatial = rank - 2;
  if (rank < 3 || weight.getRank() != rank)
    return op.emitOpError("input and weight must have one rank of at least 3");
  if (int64_t(op.getStride().size()) != spatial || int64_t(op.getPadding().size()) != spatial ||
      int64_t(op.getDilation().size()) != spatial)
    return op.emitOpError("needs ") << spatial << " strides, paddings and dilations";
  int64_t groups = op.getGroups(); // the getter is unsigned
  if (groups < 1)
    return op.emitOpError("groups must be positive");
  if (failed(verifyAtLeast(op, op.getStride(), 1, "stride")) ||
      failed(verifyAtLeast(op, op.getDilation(), 1, "dilation")) ||
      failed(verifyAtLeast(op, op.getPadding(), 0, "padding")) ||
      failed(verifyRank(op, op.getResult(), "result", rank)) ||
      failed(verifyElement(op, op.getWeight(), "weight", in.getElementType())) ||
      failed(verifyElement(op, op.getResult(), "result", in.getElementType())))
    return failure();
  // The side of the weight that has all channels, not a group's.
  int64_t all = weight.getDimSize(0);
  if (!ShapedType::isDynamic(all) && all % groups)
    return op.emitOpError() << groups << " groups do not divide " << all << " channels of the weight";
  int64_t channel = op.getChannelsLast() ? rank - 1 : 1;
  auto channels = [&](int64_t side) {
    int64_t size = weight.getDimSize(side);
    return side == 0 || ShapedType::isDynamic(size) ? size : size * groups;
  };
  for (auto [v, side, name] : {std::tuple(op.getInput(), inputSide, StringRef("input")),
                               std::tuple(op.getResult(), resultSide, StringRef("result"))})
    if (!mayEqual(typeOf(v).getDimSize(channel), channels(side)))
      return op.emitOpError() << name << " has " << typeOf(v).getDimSize(channel) << " channels, the weight "
                              << channels(side);
  if (!mayEqual(in.getDimSize(0), typeOf(op.getResult()).getDimSize(0)))
    return op.emitOpError("input and result have different batches");
  return success();
}

LogicalResult ConvolutionOp::verify() { return verifyFilter(*this, 1, 0); }

LogicalResult ConvTransposeOp::verify() {
  if (failed(verifyFilter(*this, 0, 1)) ||
      failed(verifyCount(*this, getOutputPadding().size(), typeOf(getInput()).getRank() - 2, "output paddings")))
    return failure();
  return verifyAtLeast(*this, getOutputPadding(), 0, "output padding");
}

/// Images in, images out, of equally many channels.
template <typename Op>
static LogicalResult verifyImages(Op op) {
  RankedTensorType in = typeOf(op.getInput()), out = typeOf(op.getResult());
  int64_t rank = in.getRank();
  if (rank < 3 || out.getRank() != rank)
    return op.emitOpError("input and result must have one rank of at least 3");
  for (int64_t dim : {int64_t(0), op.getChannelsLast() ? rank - 1 : 1})
    if (!mayEqual(in.getDimSize(dim), out.getDimSize(dim)))
      return op.emitOpError("input and result must have equal batches and channels");
  return success();
}

template <typename Op>
static LogicalResult verifyWindows(Op op) {
  if (failed(verifyImages(op)))
    return failure();
  int64_t spatial = typeOf(op.getInput()).getRank() - 2;
  if (failed(verifyCount(op, op.getKernel().size(), spatial, "kernel sizes")) ||
      failed(verifyCount(op, op.getStride().size(), spatial, "strides")) ||
      failed(verifyCount(op, op.getPadding().size(), spatial, "paddings")) ||
      failed(verifyAtLeast(op, op.getKernel(), 1, "kernel")) ||
      failed(verifyAtLeast(op, op.getStride(), 1, "stride")) ||
      failed(verifyAtLeast(op, op.getPadding(), 0, "padding")))
    return failure();
  if constexpr (!std::is_same_v<Op, AvgPoolOp>) {
    if (failed(verifyCount(op, op.getDilation().size(), spatial, "dilations")) ||
        failed(verifyAtLeast(op, op.getDilation(), 1, "dilation")))
      return failure();
  }
  return success();
}

LogicalResult MaxPoolOp::verify() {
  if (failed(verifyWindows(*this)))
    return failure();
  return verifyElement(*this, getResult(), "result", typeOf(getInput()).getElementType());
}
LogicalResult MaxPoolIndicesOp::verify() {
  if (failed(verifyWindows(*this)))
    return failure();
  return verifyIndices(*this, getResult());
}
LogicalResult AvgPoolOp::verify() {
  if (failed(verifyWindows(*this)))
    return failure();
  if (getDivisor() && *getDivisor() == 0)
    return emitOpError("divisor must not be 0");
  return verifyElement(*this, getResult(), "result", typeOf(getInput()).getElementType());
}
LogicalResult AdaptiveAvgPoolOp::verify() {
  if (failed(verifyImages(*this)))
    return failure();
  return verifyElement(*this, getResult(), "result", typeOf(getInput()).getElementType());
}
LogicalResult AdaptiveMaxPoolOp::verify() {
  if (failed(verifyImages(*this)))
    return failure();
  return verifyElement(*this, getResult(), "result", typeOf(getInput()).getElementType());
}
LogicalResult ResizeOp::verify() {
  if (failed(verifyImages(*this)) ||
      failed(verifyCount(*this, getScales().size(), typeOf(getInput()).getRank() - 2, "scales")))
    return failure();
  return verifyElement(*this, getResult(), "result", typeOf(getInput()).getElementType());
}

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::verify() {
  RankedTensorType in = typeOf(getInput()), out = typeOf(getResult());
  if (in.hasStaticShape() && out.hasStaticShape() && in.getNumElements() != out.getNumElements())
    return emitOpError("sizes ") << text(in.getShape()) << " and " << text(out.getShape())
                                 << " hold different numbers of elements";
  return verifyElement(*this, getResult(), "result", in.getElementType());
}

LogicalResult PermuteOp::verify() {
  RankedTensorType in = typeOf(getInput());
  SmallVector<bool> seen(in.getRank());
  if (int64_t(getPermutation().size()) != in.getRank())
    return emitOpError("permutation must name ") << in.getRank() << " dimensions";
  SmallVector<int64_t> shape;
  for (int64_t dim : getPermutation()) {
    if (dim < 0 || dim >= in.getRank() || seen[dim])
      return emitOpError("permutation must name each dimension once");
    seen[dim] = true;
    shape.push_back(in.getDimSize(dim));
  }
  if (failed(verifyElement(*this, getResult(), "result", in.getElementType())))
    return failure();
  return verifyShape(*this, getResult(), "result", shape);
}

LogicalResult ExpandOp::verify() {
  RankedTensorType in = typeOf(getInput()), out = typeOf(getResult());
  int64_t lead = out.getRank() - in.getRank();
  bool fits = lead >= 0;
  for (int64_t i = 0; fits && i < in.getRank(); ++i)
    fits = in.getDimSize(i) == 1 || mayEqual(in.getDimSize(i), out.getDimSize(lead + i));
  if (!fits)
    return emitOpError("sizes ") << text(in.getShape()) << " do not broadcast to " << text(out.getShape());
  return verifyElement(*this, getResult(), "result", in.getElementType());
}

/// A slice of `whole` along a dimension has the sizes of `part` elsewhere.
static LogicalResult verifySlice(Operation *op, Value whole, Value part, StringRef name, int64_t dim, int64_t step) {
  if (failed(verifyDim(op, dim, typeOf(whole).getRank())) || failed(verifyAtLeast(op, step, 1, "step")))
    return failure();
  SmallVector<int64_t> shape(typeOf(whole).getShape());
  if (failed(verifyRank(op, part, name, shape.size())))
    return failure();
  shape[dim] = typeOf(part).getDimSize(dim);
  if (failed(verifyElement(op, part, name, typeOf(whole).getElementType())))
    return failure();
  return verifyShape(op, part, name, shape);
}

LogicalResult SliceOp::verify() { return verifySlice(*this, getInput(), getResult(), "result", getDim(), getStep()); }

LogicalResult SliceScatterOp::verify() {
  if (failed(verifySlice(*this, getInput(), getSource(), "source", getDim(), getStep())))
    return failure();
  return verifyLike(*this, getResult(), "result", getInput());
}

LogicalResult AsStridedOp::verify() {
  if (failed(verifyCount(*this, getStrides().size(), typeOf(getResult()).getRank(), "strides")))
    return failure();
  return verifyElement(*this, getResult(), "result", typeOf(getInput()).getElementType());
}

LogicalResult AsStridedScatterOp::verify() {
  if (failed(verifyCount(*this, getStrides().size(), typeOf(getSource()).getRank(), "strides")) ||
      failed(verifyElement(*this, getSource(), "source", typeOf(getInput()).getElementType())))
    return failure();
  return verifyLike(*this, getResult(), "result", getInput());
}

LogicalResult ConcatOp::verify() {
  if (getInputs().empty())
    return emitOpError("needs an input");
  SmallVector<int64_t> shape(typeOf(getInputs()[0]).getShape());
  int64_t dim = getDim();
  if (failed(verifyDim(*this, dim, shape.size())))
    return failure();
  Type element = typeOf(getResult()).getElementType();
  int64_t total = 0;
  for (Value v : getInputs()) {
    if (failed(verifyRank(*this, v, "every input", shape.size())) ||
        failed(verifyElement(*this, v, "every input", element)))
      return failure();
    int64_t size = typeOf(v).getDimSize(dim);
    total = ShapedType::isDynamic(size) || ShapedType::isDynamic(total) ? ShapedType::kDynamic : total + size;
    shape[dim] = size;
    if (failed(verifyShape(*this, v, "every input", shape)))
      return failure();
  }
  shape[dim] = total;
  return verifyShape(*this, getResult(), "result", shape);
}

LogicalResult FlipOp::verify() {
  SmallVector<int64_t> dims(getDims());
  llvm::sort(dims);
  if (llvm::adjacent_find(dims) != dims.end())
    return emitOpError("dims must be distinct");
  for (int64_t dim : dims)
    if (failed(verifyDim(*this, dim, typeOf(getInput()).getRank())))
      return failure();
  return success();
}

LogicalResult PadOp::verify() {
  RankedTensorType in = typeOf(getInput());
  int64_t rank = in.getRank();
  if (failed(verifyCount(*this, getLow().size(), rank, "low amounts")) ||
      failed(verifyCount(*this, getHigh().size(), rank, "high amounts")) ||
      failed(verifyRank(*this, getValue(), "value", 0)) ||
      failed(verifyElement(*this, getValue(), "value", in.getElementType())) ||
      failed(verifyElement(*this, getResult(), "result", in.getElementType())))
    return failure();
  SmallVector<int64_t> shape(in.getShape());
  for (auto [size, low, high] : llvm::zip(shape, getLow(), getHigh()))
    size = ShapedType::isDynamic(size) ? size : size + low + high;
  return verifyShape(*this, getResult(), "result", shape);
}

//===----------------------------------------------------------------------===//
// Indexing
//===----------------------------------------------------------------------===//

LogicalResult IndexSelectOp::verify() {
  RankedTensorType in = typeOf(getInput()), index = typeOf(getIndex());
  int64_t dim = getDim();
  if (failed(verifyDim(*this, dim, in.getRank())) || failed(verifyIndices(*this, getIndex())) ||
      failed(verifyElement(*this, getResult(), "result", in.getElementType())))
    return failure();
  SmallVector<int64_t> shape(in.getShape().take_front(dim));
  llvm::append_range(shape, index.getShape());
  llvm::append_range(shape, in.getShape().drop_front(dim + 1));
  return verifyShape(*this, getResult(), "result", shape);
}

/// Every index's place is one of the other: equal ranks, `dim` below them. A
/// tensor of rank 0 is one of one element.
static LogicalResult verifyGathered(Operation *op, Value whole, Value index, int64_t dim) {
  int64_t rank = typeOf(whole).getRank();
  if (failed(verifyDim(op, dim, rank, /*ofScalars=*/true)) || failed(verifyRank(op, index, "index", rank)))
    return failure();
  return verifyIndices(op, index);
}

LogicalResult GatherOp::verify() {
  if (failed(verifyGathered(*this, getInput(), getIndex(), getDim())) ||
      failed(verifyElement(*this, getResult(), "result", typeOf(getInput()).getElementType())))
    return failure();
  return verifyShape(*this, getResult(), "result", typeOf(getIndex()).getShape());
}

LogicalResult ScatterOp::verify() {
  Type element = typeOf(getInput()).getElementType();
  if (failed(verifyGathered(*this, getInput(), getIndex(), getDim())) ||
      failed(verifyRank(*this, getSource(), "source", typeOf(getInput()).getRank())) ||
      failed(verifyElement(*this, getSource(), "source", element)))
    return failure();
  return verifyLike(*this, getResult(), "result", getInput());
}

/// The sizes of input[indices]; fails where the attributes do not fit.
template <typename Op>
static LogicalResult indexedShape(Op op, SmallVector<int64_t> &shape) {
  RankedTensorType in = typeOf(op.getInput());
  if (op.getIndices().empty())
    return op.emitOpError("needs an index");
  if (failed(verifyCount(op, op.getDims().size(), op.getIndices().size(), "dims")) ||
      failed(verifyDims(op, op.getDims(), in.getRank())) || failed(verifyIndices(op, op.getIndices())))
    return failure();
  ArrayRef<int64_t> first = typeOf(op.getIndices()[0]).getShape();
  for (Value index : op.getIndices())
    if (failed(verifyShape(op, index, "every index", first)))
      return failure();
  for (auto [i, size] : llvm::enumerate(in.getShape()))
    if (!llvm::is_contained(op.getDims(), int64_t(i)))
      shape.push_back(size);
  int64_t position = op.getPosition();
  if (position < 0 || position > int64_t(shape.size()))
    return op.emitOpError("position ") << position << " is beyond the " << shape.size()
                                       << " dimensions that are not indexed";
  shape.insert(shape.begin() + position, first.begin(), first.end());
  return success();
}

LogicalResult IndexOp::verify() {
  SmallVector<int64_t> shape;
  if (failed(indexedShape(*this, shape)) ||
      failed(verifyElement(*this, getResult(), "result", typeOf(getInput()).getElementType())))
    return failure();
  return verifyShape(*this, getResult(), "result", shape);
}

LogicalResult IndexPutOp::verify() {
  SmallVector<int64_t> shape;
  if (failed(indexedShape(*this, shape)) ||
      failed(verifyElement(*this, getSource(), "source", typeOf(getInput()).getElementType())) ||
      failed(verifyShape(*this, getSource(), "source", shape)))
    return failure();
  return verifyLike(*this, getResult(), "result", getInput());
}

LogicalResult NonzeroOp::verify() {
  if (failed(verifyIndices(*this, getIndices())))
    return failure();
  return verifyShape(*this, getIndices(), "indices", {ShapedType::kDynamic, typeOf(getInput()).getRank()});
}

//===----------------------------------------------------------------------===//
// Recurrent
//===----------------------------------------------------------------------===//

/// `gates` gates of one recurrent direction of `cell` elements each, over hidden
/// states as wide as the weight.
template <typename Op>
static LogicalResult verifyCells(Op op, int64_t gates, int64_t cell) {
  if (failed(verifyRank(op, op.getGates(), "gates", 3)) || failed(verifyRank(op, op.getWeight(), "weight", 2)))
    return failure();
  ArrayRef<int64_t> in = typeOf(op.getGates()).getShape();
  int64_t hidden = typeOf(op.getWeight()).getDimSize(1);
  int64_t all = ShapedType::isDynamic(cell) ? cell : gates * cell;
  if (failed(verifyShape(op, op.getGates(), "gates", {in[0], in[1], all})) ||
      failed(verifyShape(op, op.getWeight(), "weight", {all, hidden})) ||
      failed(verifyShape(op, op.getOutput(), "output", {in[0], in[1], hidden})) ||
      failed(verifyShape(op, op.getH0(), "h0", {in[1], hidden})) ||
      failed(verifyShape(op, op.getHn(), "hn", {in[1], hidden})))
    return failure();
  Type element = typeOf(op.getGates()).getElementType();
  if (!isa<FloatType>(element))
    return op.emitOpError("needs a floating element type, not ") << element;
  for (Value v : op->getOperands())
    if (failed(verifyElement(op, v, "every operand", element)))
      return failure();
  for (Value v : op->getResults())
    if (failed(verifyElement(op, v, "every result", element)))
      return failure();
  return success();
}

LogicalResult LstmCellsOp::verify() {
  if (failed(verifyRank(*this, getC0(), "c0", 2)))
    return failure();
  int64_t cell = typeOf(getC0()).getDimSize(1);
  if (failed(verifyCells(*this, 4, cell)))
    return failure();
  int64_t batch = typeOf(getGates()).getDimSize(1), hidden = typeOf(getWeight()).getDimSize(1);
  if (failed(verifyShape(*this, getC0(), "c0", {batch, cell})) ||
      failed(verifyShape(*this, getCn(), "cn", {batch, cell})))
    return failure();
  if (getProjection())
    return verifyShape(*this, getProjection(), "projection", {hidden, cell});
  if (!mayEqual(hidden, cell))
    return emitOpError("hidden states of ") << hidden << " and cells of " << cell << " elements need a projection";
  return success();
}

LogicalResult GruCellsOp::verify() {
  if (failed(verifyRank(*this, getH0(), "h0", 2)) || failed(verifyCells(*this, 3, typeOf(getH0()).getDimSize(1))))
    return failure();
  return verifyShape(*this, getBias(), "bias", typeOf(getWeight()).getShape().take_front(1));
}

LogicalResult RnnCellsOp::verify() {
  if (failed(verifyRank(*this, getH0(), "h0", 2)))
    return failure();
  return verifyCells(*this, 1, typeOf(getH0()).getDimSize(1));
}

//===----------------------------------------------------------------------===//
// Native
//===----------------------------------------------------------------------===//

LogicalResult NativeOp::verify() {
  if (getResults().empty())
    return emitOpError("needs a result");
  int64_t batch = getBatch(), rank = typeOf(getResults()[0]).getRank();
  if (batch < 0 || batch > rank)
    return emitOpError("batch ") << batch << " is beyond the rank " << rank << " of the first result";
  return success();
}
