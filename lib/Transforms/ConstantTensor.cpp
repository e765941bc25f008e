//===- ConstantTensor.cpp - tensors known at compile time -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ConstantTensor.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::transforms;

/// Larger tensors are not computed for a use that only reads part of them.
static constexpr int64_t kEvaluationLimit = int64_t(1) << 28;

int64_t transforms::elementWidth(Type element) {
  if (auto complex = dyn_cast<ComplexType>(element))
    return 2 * elementWidth(complex.getElementType());
  return std::max<int64_t>(1, element.getIntOrFloatBitWidth() / 8);
}

int64_t ConstantTensor::width() const { return elementWidth(element); }

int64_t ConstantTensor::count() const {
  int64_t n = 1;
  for (int64_t size : sizes)
    n *= size;
  return n;
}

int64_t ConstantTensor::distinct() const {
  int64_t n = 1;
  for (auto [size, stride] : llvm::zip(sizes, strides))
    n *= stride == 0 ? 1 : size;
  return n;
}

bool ConstantTensor::isContiguous() const {
  int64_t expected = 1;
  for (size_t i = sizes.size(); i-- > 0;) {
    if (sizes[i] == 1)
      continue;
    if (strides[i] != expected)
      return false;
    expected *= sizes[i];
  }
  return true;
}

static SmallVector<int64_t> rowMajor(ArrayRef<int64_t> sizes) {
  SmallVector<int64_t> strides(sizes.size(), 1);
  for (size_t i = sizes.size(); i-- > 1;)
    strides[i - 1] = strides[i] * sizes[i];
  return strides;
}

ConstantTensor transforms::allocateTensor(Type element, ArrayRef<int64_t> sizes) {
  ConstantTensor result{element, llvm::to_vector(sizes), rowMajor(sizes), nullptr, nullptr};
  size_t bytes = size_t(result.count()) * result.width();
  auto memory = std::shared_ptr<char>(static_cast<char *>(llvm::allocate_buffer(bytes + 64, 64)),
                                      [bytes](char *p) { llvm::deallocate_buffer(p, bytes + 64, 64); });
  result.data = memory.get();
  result.owner = memory;
  return result;
}

ConstantTensor ConstantReader::contiguous(const ConstantTensor &tensor) {
  if (tensor.isContiguous())
    return tensor;
  ConstantTensor result = allocateTensor(tensor.element, tensor.sizes);
  int64_t width = tensor.width(), rank = tensor.sizes.size();
  char *out = const_cast<char *>(result.data);
  SmallVector<int64_t> at(rank);
  for (int64_t n = 0, count = result.count(); n < count; ++n) {
    int64_t place = 0;
    for (int64_t d = 0; d < rank; ++d)
      place += at[d] * tensor.strides[d];
    std::memcpy(out + n * width, tensor.data + place * width, width);
    for (int64_t d = rank; d-- > 0;) {
      if (++at[d] < tensor.sizes[d])
        break;
      at[d] = 0;
    }
  }
  return result;
}

std::optional<ConstantTensor> ConstantReader::along(const ConstantTensor &tensor, int64_t dim) {
  for (auto [i, size] : llvm::enumerate(tensor.sizes))
    if (int64_t(i) != dim && tensor.strides[i] != 0 && size != 1)
      return std::nullopt;
  if (ShapedType::isDynamic(tensor.sizes[dim]))
    return std::nullopt;
  ConstantTensor result = tensor;
  result.sizes = {tensor.sizes[dim]};
  result.strides = {tensor.strides[dim]};
  return result;
}

//===----------------------------------------------------------------------===//
// From attributes and back
//===----------------------------------------------------------------------===//

std::optional<ConstantTensor> ConstantReader::fromAttribute(Attribute data, RankedTensorType type) {
  if (!type.hasStaticShape())
    return std::nullopt;
  Type element = type.getElementType();
  ConstantTensor result{element, llvm::to_vector(type.getShape()), rowMajor(type.getShape()), nullptr, nullptr};
  int64_t bytes = result.count() * result.width();
  if (auto file = dyn_cast<graph::FileDataAttr>(data)) {
    if (int64_t(file.getSize()) != bytes)
      return std::nullopt;
    // What cannot be read is told by the phase that writes the constants.
    auto mapped = files.bytes(file.getPath(), file.getOffset(), file.getSize());
    if (!mapped) {
      llvm::consumeError(mapped.takeError());
      return std::nullopt;
    }
    result.data = mapped->data();
    return result;
  }
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(data)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || int64_t(blob->getData().size()) != bytes)
      return std::nullopt;
    result.data = blob->getData().data();
    return result;
  }
  auto dense = dyn_cast<DenseElementsAttr>(data);
  if (!dense)
    return std::nullopt;
  if (dense.isSplat())
    std::fill(result.strides.begin(), result.strides.end(), 0);
  if (!element.isInteger(1)) {
    result.data = dense.getRawData().data();
    return result;
  }
  ConstantTensor bools = allocateTensor(element, dense.isSplat() ? ArrayRef<int64_t>() : type.getShape());
  char *out = const_cast<char *>(bools.data);
  if (dense.isSplat())
    *out = dense.getSplatValue<bool>();
  else
    for (bool value : dense.getValues<bool>())
      *out++ = value;
  result.data = bools.data;
  result.owner = bools.owner;
  return result;
}

Value ConstantReader::materialize(OpBuilder &b, Location loc, const ConstantTensor &view) {
  auto type = RankedTensorType::get(view.sizes, view.element);
  bool splat = view.distinct() == 1;
  ConstantTensor tensor = splat ? view : contiguous(view);
  int64_t bytes = (splat ? 1 : tensor.count()) * tensor.width();
  ArrayRef<char> raw(tensor.data, bytes);
  if (splat || bytes <= 1024) {
    DenseElementsAttr dense;
    if (view.element.isInteger(1)) {
      SmallVector<bool> bits;
      for (char c : raw)
        bits.push_back(c != 0);
      dense = DenseElementsAttr::get(type, bits);
    } else {
      dense = DenseElementsAttr::getFromRawBuffer(type, raw);
    }
    return graph::ConstantOp::create(b, loc, type, dense);
  }
  AsmResourceBlob blob = HeapAsmResourceBlob::allocateAndCopyWithAlign(raw, 64);
  auto data = DenseResourceElementsAttr::get(type, "folded", std::move(blob));
  OpBuilder top = OpBuilder::atBlockBegin(module.getBody());
  auto weight = graph::WeightOp::create(top, loc, top.getStringAttr("folded"), TypeAttr::get(type), data, StringAttr(),
                                        UnitAttr(), UnitAttr());
  symbols.insert(weight);
  return graph::GetWeightOp::create(b, loc, type, weight.getSymName());
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

const ConstantTensor *ConstantReader::read(Value value) {
  auto it = known.find(value);
  if (it != known.end())
    return it->second.get();
  Operation *op = value.getDefiningOp();
  std::optional<ConstantTensor> result;
  if (op && op->getNumResults() == 1 && isa<RankedTensorType>(value.getType()))
    result = compute(op);
  std::unique_ptr<ConstantTensor> kept;
  if (result)
    kept = std::make_unique<ConstantTensor>(std::move(*result));
  return (known[value] = std::move(kept)).get();
}

std::optional<ConstantTensor> ConstantReader::computeView(Operation *op) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  const ConstantTensor *in = read(op->getOperand(0));
  if (!in)
    return std::nullopt;
  ConstantTensor result = *in;
  if (isa<graph::ExpandOp>(op) || isa<graph::FullOp>(op)) {
    size_t offset = type.getRank() - in->sizes.size();
    result.sizes = llvm::to_vector(type.getShape());
    result.strides.assign(type.getRank(), 0);
    for (size_t i = 0; i < in->sizes.size(); ++i) {
      bool repeated = in->sizes[i] == 1 && type.getDimSize(i + offset) != 1;
      if (!repeated && in->sizes[i] != type.getDimSize(i + offset))
        return std::nullopt;
      if (!repeated)
        result.strides[i + offset] = in->strides[i];
    }
    return result;
  }
  if (auto permute = dyn_cast<graph::PermuteOp>(op)) {
    for (auto [i, dim] : llvm::enumerate(permute.getPermutation())) {
      result.sizes[i] = in->sizes[dim];
      result.strides[i] = in->strides[dim];
    }
    return result;
  }
  if (auto flip = dyn_cast<graph::FlipOp>(op)) {
    for (int64_t dim : flip.getDims()) {
      result.data += std::max<int64_t>(in->sizes[dim] - 1, 0) * in->strides[dim] * in->width();
      result.strides[dim] = -in->strides[dim];
    }
    return result;
  }
  if (auto slice = dyn_cast<graph::SliceOp>(op)) {
    int64_t dim = slice.getDim();
    APInt start;
    if (type.isDynamicDim(dim) || !matchPattern(slice.getStart(), m_ConstantInt(&start)))
      return std::nullopt;
    result.data += start.getSExtValue() * in->strides[dim] * in->width();
    result.sizes[dim] = type.getDimSize(dim);
    result.strides[dim] *= slice.getStep();
    return result;
  }
  // Reshape: 1s come and go in any view; the rest of a contiguous one.
  auto isOne = [](int64_t size) { return size == 1; };
  SmallVector<int64_t> from(in->sizes), to(type.getShape());
  llvm::erase_if(from, isOne);
  llvm::erase_if(to, isOne);
  if (from == to) {
    SmallVector<int64_t> strides;
    for (auto [size, stride] : llvm::zip(in->sizes, in->strides))
      if (size != 1)
        strides.push_back(stride);
    result.sizes = llvm::to_vector(type.getShape());
    result.strides.clear();
    size_t next = 0;
    for (int64_t size : type.getShape())
      result.strides.push_back(size == 1 ? 0 : strides[next++]);
    return result;
  }
  if (!type.hasStaticShape() || !in->isStatic())
    return std::nullopt;
  if (in->distinct() == 1) {
    result.strides.assign(type.getRank(), 0);
  } else {
    if (!in->isContiguous() && in->count() > kEvaluationLimit)
      return std::nullopt;
    result = contiguous(*in);
    result.strides = rowMajor(type.getShape());
  }
  result.sizes = llvm::to_vector(type.getShape());
  return result;
}

std::optional<ConstantTensor> ConstantReader::computeConcat(graph::ConcatOp op) {
  auto type = cast<RankedTensorType>(op.getType());
  if (!type.hasStaticShape())
    return std::nullopt;
  int64_t dim = op.getDim(), inner = elementWidth(type.getElementType()), outer = 1;
  for (int64_t i = 0; i < type.getRank(); ++i)
    (i < dim ? outer : inner) *= i == dim ? 1 : type.getDimSize(i);
  ConstantTensor result = allocateTensor(type.getElementType(), type.getShape());
  char *out = const_cast<char *>(result.data);
  int64_t row = inner * type.getDimSize(dim), offset = 0;
  for (Value input : op.getInputs()) {
    const ConstantTensor *in = read(input);
    if (!in || !in->isStatic())
      return std::nullopt;
    ConstantTensor dense = contiguous(*in);
    int64_t part = inner * in->sizes[dim];
    for (int64_t i = 0; i < outer; ++i)
      std::memcpy(out + i * row + offset, dense.data + i * part, part);
    offset += part;
  }
  return result;
}

std::optional<ConstantTensor> ConstantReader::compute(Operation *op) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  if (auto constant = dyn_cast<graph::ConstantOp>(op))
    return fromAttribute(constant.getValue(), type);
  if (auto get = dyn_cast<graph::GetWeightOp>(op)) {
    auto weight = symbols.lookup<graph::WeightOp>(get.getName());
    if (!weight || weight.getState())
      return std::nullopt;
    return fromAttribute(weight.getDataAttr(), type);
  }
  if (isa<graph::ExpandOp, graph::FullOp, graph::PermuteOp, graph::SliceOp, graph::ReshapeOp, graph::FlipOp>(op))
    return computeView(op);
  if (auto concat = dyn_cast<graph::ConcatOp>(op))
    return computeConcat(concat);
  if (auto iota = dyn_cast<graph::IotaOp>(op)) {
    if (type.getRank() != 1 || !type.hasStaticShape() || !type.getElementType().isInteger(64) ||
        type.getNumElements() > kEvaluationLimit)
      return std::nullopt;
    ConstantTensor result = allocateTensor(type.getElementType(), type.getShape());
    auto *out = reinterpret_cast<int64_t *>(const_cast<char *>(result.data));
    for (int64_t i = 0; i < type.getNumElements(); ++i)
      out[i] = i;
    return result;
  }
  if (auto fromScalar = dyn_cast<graph::FromScalarOp>(op)) {
    Attribute attr;
    if (!matchPattern(fromScalar.getValue(), m_Constant(&attr)))
      return std::nullopt;
    ConstantTensor result = allocateTensor(type.getElementType(), {});
    char *out = const_cast<char *>(result.data);
    auto put = [&](auto x) { std::memcpy(out, &x, sizeof(x)); };
    Type element = type.getElementType();
    if (auto number = dyn_cast<FloatAttr>(attr)) {
      if (element.isF32())
        put(float(number.getValueAsDouble()));
      else if (element.isF64())
        put(number.getValueAsDouble());
      else
        return std::nullopt;
    } else if (auto number = dyn_cast<IntegerAttr>(attr)) {
      int64_t x = number.getType().isInteger(1) ? number.getValue().getZExtValue() : number.getValue().getSExtValue();
      if (element.isF32())
        put(float(x));
      else if (element.isF64())
        put(double(x));
      else if (element.isSignlessInteger(64))
        put(x);
      else if (element.isInteger(1))
        put(char(x != 0));
      else
        return std::nullopt;
    } else {
      return std::nullopt;
    }
    return result;
  }
  if (!canEvaluate(op))
    return std::nullopt;
  SmallVector<ConstantTensor> views;
  for (Value operand : op->getOperands()) {
    if (!isa<RankedTensorType>(operand.getType()))
      return std::nullopt;
    const ConstantTensor *in = read(operand);
    if (!in)
      return std::nullopt;
    views.push_back(*in);
  }
  // Dimensions along which no operand changes are computed once; their sizes
  // may be dynamic.
  SmallVector<bool> repeated(type.getRank());
  for (int64_t d = 0; d < type.getRank(); ++d) {
    repeated[d] = type.getDimSize(d) != 0 &&
                  llvm::all_of(views, [&](const ConstantTensor &view) { return view.strides[d] == 0; });
    if (repeated[d])
      for (ConstantTensor &view : views)
        view.sizes[d] = 1;
  }
  if (!views[0].isStatic() || views[0].count() > kEvaluationLimit)
    return std::nullopt;
  SmallVector<const ConstantTensor *> inputs;
  for (ConstantTensor &view : views)
    inputs.push_back(&view);
  std::optional<ConstantTensor> result = evaluateElementwise(op, inputs);
  if (!result)
    return std::nullopt;
  for (int64_t d = 0; d < type.getRank(); ++d)
    if (repeated[d])
      result->strides[d] = 0;
  result->sizes = llvm::to_vector(type.getShape());
  return result;
}
