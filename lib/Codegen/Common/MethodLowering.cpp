//===- MethodLowering.cpp - a method becomes host and kernels ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Codegen/Common/MethodLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;

//===----------------------------------------------------------------------===//
// Dispatches
//===----------------------------------------------------------------------===//

/// An elementwise operation that reads `producer`'s only result where it is written.
static bool isEpilogueOf(linalg::GenericOp consumer, linalg::LinalgOp producer) {
  if (consumer.getNumParallelLoops() != consumer.getNumLoops() || consumer->getNumResults() != 1 ||
      !consumer.getMatchingIndexingMap(consumer.getDpsInitOperand(0)).isIdentity())
    return false;
  Value value = producer->getResult(0);
  for (OpOperand *input : consumer.getDpsInputOperands()) {
    AffineMap map = consumer.getMatchingIndexingMap(input);
    if (input->get() == value ? !map.isIdentity() : !map.isProjectedPermutation())
      return false;
  }
  // Gathers and reads of the old contents stay outside.
  for (OpOperand &init : consumer.getDpsInitsMutable())
    if (init.get() == value || !consumer.getMatchingBlockArgument(&init).use_empty())
      return false;
  return llvm::none_of(getCaptured(consumer), [](Value v) { return isa<TensorType>(v.getType()); });
}

void MethodLowering::formDispatches() {
  IRRewriter rewriter(source.getContext());
  SmallVector<linalg::LinalgOp> named;
  source.walk([&](linalg::LinalgOp op) {
    if (!isa<linalg::GenericOp, linalg::FillOp, linalg::TransposeOp, linalg::BroadcastOp>(op.getOperation()))
      named.push_back(op);
  });
  for (linalg::LinalgOp op : named) {
    rewriter.setInsertionPoint(op);
    (void)linalg::generalizeNamedOp(rewriter, op);
  }
  SmallVector<linalg::GenericOp> roots;
  source.walk([&](linalg::GenericOp op) {
    if (op->hasAttr("ingot.contraction") || op->hasAttr("ingot.convolution"))
      roots.push_back(op);
  });
  for (linalg::GenericOp root : roots) {
    if (root->getNumResults() != 1 || !root->getResult(0).hasOneUse())
      continue;
    auto consumer = dyn_cast<linalg::GenericOp>(*root->getResult(0).getUsers().begin());
    // The sum of two products is the epilogue of one of them only.
    if (!consumer || dispatches.contains(consumer) || consumer->getBlock() != root->getBlock() ||
        !isEpilogueOf(consumer, root))
      continue;
    Dispatch dispatch{{cast<linalg::LinalgOp>(root.getOperation()), cast<linalg::LinalgOp>(consumer.getOperation())}};
    if (!target.fusesEpilogue(dispatch))
      continue;
    // The root runs where its epilogue stands: that is where its operands die.
    root->moveBefore(consumer);
    fused.insert(root);
    dispatches[consumer] = dispatch;
  }
}

LogicalResult MethodLowering::lowerLinalg(linalg::LinalgOp op) {
  if (auto fill = dyn_cast<linalg::FillOp>(op.getOperation());
      fill && fill->getNumResults() == 1 && !isa<TensorType>(fill.getInputs()[0].getType())) {
    Lazy lazy{Lazy::Fill, {fill.getInputs()[0]}, {}};
    if (auto constant = fill.getInputs()[0].getDefiningOp<arith::ConstantOp>())
      lazy.constant = cast<TypedAttr>(constant.getValue());
    tensorSizes[op->getResult(0)] = getSizes(fill.getOutputs()[0]);
    lazies[op->getResult(0)] = lazy;
    return success();
  }
  auto it = dispatches.find(op);
  Dispatch dispatch = it == dispatches.end() ? Dispatch{{op}} : it->second;
  for (linalg::LinalgOp part : dispatch.ops)
    for (auto [result, init] : llvm::zip(part->getResults(), part.getDpsInits()))
      tensorSizes[result] = getSizes(init);
  return target.emit(dispatch, *this);
}

/// The region of a task.compute becomes the kernel as it is.
LogicalResult MethodLowering::lowerCompute(task::ComputeOp op) {
  Block &body = op.getBody().front();
  SmallVector<Value> operands;
  for (Value in : op.getInputs()) {
    if (!isa<RankedTensorType>(in.getType())) {
      operands.push_back(getScalar(in));
      continue;
    }
    operands.push_back(asMemRef(getBuffer(in)));
  }
  for (auto [result, init] : llvm::zip(op.getResults(), op.getOuts())) {
    tensorSizes[result] = getSizes(init);
    auto lazy = lazies.find(init);
    bool empty = !buffers.contains(init) && lazy != lazies.end() && lazy->second.kind == Lazy::Empty;
    Buffer out = empty ? createResult(cast<OpResult>(result)) : takeOver(init, op);
    setBuffer(result, out);
    operands.push_back(asMemRef(out));
  }
  // The region says how it wants to see its memories.
  for (auto [i, operand] : llvm::enumerate(operands)) {
    Type wanted = body.getArgument(i + 2).getType();
    if (operand.getType() == wanted)
      continue;
    if (!isa<MemRefType>(wanted) || !isa<MemRefType>(operand.getType()) ||
        !memref::CastOp::areCastCompatible(operand.getType(), wanted))
      return op.emitError("task.compute's argument ")
             << i + 2 << " is " << wanted << ", its operand is " << operand.getType();
    operand = memref::CastOp::create(host, host.loc, wanted, operand);
  }
  std::string name = "compute";
  if (auto attr = op->getAttrOfType<StringAttr>("name"))
    name = attr.str();
  func::FuncOp kernel = createKernel(name, ValueRange(operands).getTypes());
  IRMapping mapping;
  for (auto [from, to] : llvm::zip(body.getArguments(), kernel.getArguments()))
    mapping.map(from, to);
  OpBuilder b(kernel.getBody().front().getTerminator());
  for (Operation &inner : body.without_terminator())
    b.clone(inner, mapping);
  launch(kernel, getScalar(op.getCount()), getScalar(op.getGrain()), operands);
  return success();
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

LogicalResult MethodLowering::lowerConstant(Operation *op) {
  Value result = op->getResult(0);
  auto type = dyn_cast<RankedTensorType>(result.getType());
  if (!type) {
    lowerScalar(op);
    return success();
  }
  auto value = cast<ElementsAttr>(cast<arith::ConstantOp>(op).getValue());
  tensorSizes[result] = typeSizes(type, {});
  if (value.isSplat() && !isa<ComplexType>(type.getElementType())) {
    lazies[result] = Lazy{Lazy::Fill, {}, cast<TypedAttr>(value.getSplatValue<Attribute>())};
    return success();
  }
  // Equal constants are one weight.
  graph::WeightOp weight;
  for (auto other : module.getOps<graph::WeightOp>())
    if (other.getData() == value && !other.getState())
      weight = other;
  if (!weight) {
    OpBuilder b(module.getContext());
    b.setInsertionPointToStart(module.getBody());
    std::string name;
    for (unsigned i = 0;; ++i)
      if (!module.lookupSymbol(name = "constant_" + std::to_string(i)))
        break;
    weight = graph::WeightOp::create(b, host.loc, StringRef(name), type, value, StringAttr());
  }
  setBuffer(result, getWeight(FlatSymbolRefAttr::get(weight.getSymNameAttr())));
  return success();
}

void MethodLowering::lowerScalar(Operation *op) {
  SmallVector<Value> operands;
  for (Value v : op->getOperands())
    operands.push_back(getScalar(v));
  for (auto [from, to] : llvm::zip(op->getResults(), host.cloneScalar(op, operands)))
    setScalar(from, to);
}

LogicalResult MethodLowering::lowerOp(Operation *op) {
  host.loc = op->getLoc();
  current = op;
  if (fused.contains(op))
    return success();
  if (viewSource(op))
    return lowerView(op);
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return lowerLinalg(linalgOp);
  if (op->hasTrait<OpTrait::ConstantLike>())
    return lowerConstant(op);
  if (auto dim = dyn_cast<tensor::DimOp>(op)) {
    auto index = dim.getConstantIndex();
    if (!index)
      return op->emitError("tensor.dim of a dimension that is not constant");
    setScalar(dim.getResult(), host.value(getSizes(dim.getSource())[*index]));
    return success();
  }
  if (auto empty = dyn_cast<tensor::EmptyOp>(op)) {
    tensorSizes[empty.getResult()] = typeSizes(empty.getType(), empty.getDynamicSizes());
    lazies[empty.getResult()] = Lazy{};
    return success();
  }
  if (auto splat = dyn_cast<tensor::SplatOp>(op)) {
    tensorSizes[splat.getResult()] = typeSizes(cast<RankedTensorType>(splat.getType()), splat.getDynamicSizes());
    Lazy lazy{Lazy::Fill, {splat.getInput()}, {}};
    if (auto constant = splat.getInput().getDefiningOp<arith::ConstantOp>())
      lazy.constant = cast<TypedAttr>(constant.getValue());
    lazies[splat.getResult()] = lazy;
    return success();
  }
  if (auto elements = dyn_cast<tensor::FromElementsOp>(op)) {
    tensorSizes[elements.getResult()] = typeSizes(cast<RankedTensorType>(elements.getType()), {});
    lazies[elements.getResult()] = Lazy{Lazy::Elements, llvm::to_vector(elements.getElements()), {}};
    return success();
  }
  if (auto x = dyn_cast<tensor::ExtractOp>(op))
    return lowerExtract(x);
  if (auto x = dyn_cast<tensor::InsertOp>(op))
    return lowerInsert(x);
  if (auto x = dyn_cast<tensor::InsertSliceOp>(op))
    return lowerInsertSlice(x);
  if (auto x = dyn_cast<tensor::PadOp>(op))
    return lowerPad(x);
  if (auto x = dyn_cast<tensor::ConcatOp>(op))
    return lowerConcat(x);
  if (auto x = dyn_cast<task::ComputeOp>(op))
    return lowerCompute(x);
  if (auto x = dyn_cast<task::BoxOp>(op))
    return lowerBox(x);
  if (auto x = dyn_cast<task::UnboxOp>(op))
    return lowerUnbox(x);
  if (auto x = dyn_cast<graph::GetWeightOp>(op)) {
    tensorSizes[x.getResult()] = typeSizes(cast<RankedTensorType>(x.getType()), {});
    setBuffer(x.getResult(), getWeight(x.getNameAttr()));
    return success();
  }
  if (auto x = dyn_cast<graph::LoadStateOp>(op))
    return lowerLoadState(x);
  if (auto x = dyn_cast<graph::StoreStateOp>(op))
    return lowerStoreState(x);
  if (auto x = dyn_cast<graph::WriteBackOp>(op))
    return lowerWriteBack(x);
  if (auto x = dyn_cast<graph::AliasOp>(op))
    return lowerAlias(x);
  if (auto x = dyn_cast<graph::CheckOp>(op)) {
    SmallVector<Value> values;
    for (Value v : x.getValues())
      values.push_back(getScalar(v));
    task::CheckOp::create(host, host.loc, getScalar(x.getCondition()), x.getExceptionAttr(), x.getMessageAttr(),
                          values);
    return success();
  }
  if (auto x = dyn_cast<task::KeepOp>(op); x && isa<RankedTensorType>(x.getType())) {
    setBuffer(x.getResult(), getBuffer(x.getValue()));
    return success();
  }
  if (auto x = dyn_cast<task::ForkBeginOp>(op)) {
    task::ForkBeginOp::create(host, host.loc, x.getNameAttr());
    return success();
  }
  if (auto x = dyn_cast<task::ForkEndOp>(op)) {
    // What the fork gives is computed within it, not where it is used.
    for (Value v : x.getResults_())
      (void)getBuffer(v);
    task::ForkEndOp::create(host, host.loc, ValueRange());
    return success();
  }
  if (auto x = dyn_cast<scf::ForOp>(op))
    return lowerFor(x);
  if (auto x = dyn_cast<scf::WhileOp>(op))
    return lowerWhile(x);
  if (auto x = dyn_cast<scf::IfOp>(op))
    return lowerIf(x);
  if (auto x = dyn_cast<func::ReturnOp>(op))
    return lowerReturn(x);
  auto isTensor = [](Type t) { return isa<TensorType>(t); };
  if (op->getNumRegions() || llvm::any_of(op->getOperandTypes(), isTensor) ||
      llvm::any_of(op->getResultTypes(), isTensor))
    return op->emitError("code generation has no lowering for this operation");
  lowerScalar(op);
  return success();
}

LogicalResult MethodLowering::lowerBlock(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(lowerOp(&op)))
      return failure();
  host.loc = block.getTerminator()->getLoc();
  current = block.getTerminator();
  return success();
}

LogicalResult MethodLowering::run() {
  expandSelects();
  formDispatches();
  for (BlockArgument arg : source.getArguments()) {
    unsigned leaf = arg.getArgNumber();
    if (isa<RankedTensorType>(arg.getType())) {
      Buffer original = getInput(leaf, /*dense=*/false);
      tensorSizes[arg] = original.sizes;
      continue;
    }
    setScalar(arg,
              host.inPrologue([&]() -> Value { return task::InputOp::create(host, host.loc, arg.getType(), leaf); }));
  }
  Block &body = source.getBody().front();
  if (failed(lowerBlock(body)))
    return failure();
  if (failed(lowerReturn(cast<func::ReturnOp>(body.getTerminator()))))
    return failure();
  host.loc = source.getLoc();
  func::ReturnOp::create(host, host.loc);
  return success();
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

void MethodLowering::setScalar(Value v, Value hostValue) { scalars[v] = hostValue; }

Value MethodLowering::getScalar(Value v) {
  Value hostValue = scalars.lookup(v);
  assert(hostValue && "a number is used before it is lowered");
  return hostValue;
}

void MethodLowering::setBuffer(Value tensor, const Buffer &buffer) {
  buffers[tensor] = buffer;
  tensorSizes[tensor] = buffer.sizes;
  storages[buffer.storage].tensors.push_back(tensor);
}

MethodLowering::Sizes MethodLowering::typeSizes(RankedTensorType type, ValueRange dynamicSizes) {
  Sizes sizes;
  unsigned next = 0;
  for (int64_t size : type.getShape())
    sizes.push_back(ShapedType::isDynamic(size) ? host.expr(getScalar(dynamicSizes[next++])) : host.expr(size));
  return sizes;
}

MethodLowering::Sizes MethodLowering::getSizes(Value tensor) {
  auto it = tensorSizes.find(tensor);
  assert(it != tensorSizes.end() && "a tensor is used before it is lowered");
  return it->second;
}

TypedAttr MethodLowering::getFillValue(Value tensor) {
  auto it = lazies.find(tensor);
  if (it != lazies.end() && it->second.kind == Lazy::Fill)
    return it->second.constant;
  return {};
}

Buffer MethodLowering::allocate(ArrayRef<AffineExpr> sizes, Type memoryType, Region *region) {
  Buffer buffer;
  AffineExpr count = host.product(sizes);
  auto type = MemRefType::get({ShapedType::kDynamic}, memoryType);
  buffer.memory = memref::AllocOp::create(host, host.loc, type, ValueRange{host.value(count)});
  buffer.offset = host.expr(0);
  buffer.sizes.assign(sizes.begin(), sizes.end());
  buffer.strides = rowMajorStrides(sizes);
  Storage storage;
  storage.region = region;
  buffer.storage = addStorage(std::move(storage));
  return buffer;
}

Buffer MethodLowering::copyToFresh(const Buffer &from, Region *region) {
  Buffer to = allocate(from.sizes, from.getElementType(), region);
  copy(from, to);
  return to;
}

Buffer MethodLowering::createResult(OpResult result) {
  auto type = cast<RankedTensorType>(result.getType());
  Type element = getMemoryType(type.getElementType());
  if (linalg::GenericOp reader = permutedReader(result)) {
    // Input dimension i is the reader's loop map[i].
    AffineMap map = reader.getMatchingIndexingMap(reader.getDpsInputOperand(0));
    Sizes sizes = getSizes(result), permuted(sizes.size());
    for (auto [i, size] : llvm::enumerate(sizes))
      permuted[map.getDimPosition(i)] = size;
    Buffer buffer = allocate(permuted, element, regionOf(result));
    Sizes strides = buffer.strides;
    buffer.sizes = sizes;
    for (unsigned i = 0; i < sizes.size(); ++i)
      buffer.strides[i] = strides[map.getDimPosition(i)];
    setBuffer(result, buffer);
    return buffer;
  }
  if (tensor::PadOp reader = paddedReader(result)) {
    Sizes low, sizes = getSizes(result);
    Buffer buffer = allocate(paddedSizes(reader, low), element, regionOf(result));
    bordered[reader] = buffer;
    buffer.sizes = sizes;
    for (auto [lo, stride] : llvm::zip(low, buffer.strides))
      buffer.offset = host.simplify(buffer.offset + lo * stride);
    setBuffer(result, buffer);
    return buffer;
  }
  Buffer buffer = allocate(getSizes(result), element, regionOf(result));
  setBuffer(result, buffer);
  return buffer;
}

Buffer MethodLowering::createScratch(ArrayRef<AffineExpr> sizes, Type elementType) {
  return allocate(sizes, elementType, current->getParentRegion());
}

Buffer MethodLowering::getWeight(FlatSymbolRefAttr name) {
  auto weight = module.lookupSymbol<graph::WeightOp>(name.getAttr());
  auto type = cast<RankedTensorType>(weight.getType());
  Type element = getMemoryType(type.getElementType());
  Value memory = host.inPrologue([&]() -> Value {
    auto flat = MemRefType::get({type.getNumElements()}, element);
    Value constant = task::ConstantOp::create(host, host.loc, flat, name);
    return memref::CastOp::create(host, host.loc, MemRefType::get({ShapedType::kDynamic}, element), constant);
  });
  Buffer buffer;
  buffer.memory = memory;
  buffer.offset = host.expr(0);
  for (int64_t size : type.getShape())
    buffer.sizes.push_back(host.expr(size));
  buffer.strides = rowMajorStrides(buffer.sizes);
  buffer.weight = name;
  Storage storage;
  storage.kind = Storage::Constant;
  buffer.storage = addStorage(std::move(storage));
  return buffer;
}

Buffer MethodLowering::getBuffer(Value tensor) {
  if (auto it = buffers.find(tensor); it != buffers.end())
    return it->second;
  if (auto arg = dyn_cast<BlockArgument>(tensor); arg && arg.getOwner() == &source.getBody().front()) {
    Buffer buffer = getInput(arg.getArgNumber(), /*dense=*/true);
    setBuffer(tensor, buffer);
    return buffer;
  }
  // A view of an argument that only pure views and results have used so far.
  Operation *op = tensor.getDefiningOp();
  if (op && viewSource(op) && !lazies.contains(tensor)) {
    Buffer from = getBuffer(viewSource(op));
    std::optional<Buffer> seen = view(op, from);
    if (!seen)
      seen = view(op, getDense(viewSource(op)));
    assert(seen && "every view of dense memory is memory");
    setLocal(tensor, *seen);
    return *seen;
  }
  Lazy lazy = lazies.lookup(tensor);
  auto type = cast<RankedTensorType>(tensor.getType());
  Type memoryType = getMemoryType(type.getElementType());
  // The region of the use: the memory is made there.
  Buffer buffer = allocate(getSizes(tensor), memoryType, current->getParentRegion());
  auto inMemory = [&](Value v) -> Value {
    if (v.getType() == memoryType)
      return v;
    if (v.getType().isInteger(1))
      return arith::ExtUIOp::create(host, host.loc, memoryType, v);
    return v;
  };
  if (lazy.kind == Lazy::Fill) {
    Value v;
    if (!lazy.constant)
      v = inMemory(getScalar(lazy.values[0]));
    else if (type.getElementType().isInteger(1))
      v = arith::ConstantOp::create(
          host, host.loc, host.getIntegerAttr(memoryType, cast<IntegerAttr>(lazy.constant).getValue().getZExtValue()));
    else
      v = arith::ConstantOp::create(host, host.loc, lazy.constant);
    target.emitFill(v, buffer, *this);
  } else if (lazy.kind == Lazy::Elements) {
    for (auto [i, v] : llvm::enumerate(lazy.values))
      memref::StoreOp::create(host, host.loc, inMemory(getScalar(v)), buffer.memory,
                              ValueRange{host.value(int64_t(i))});
  }
  setLocal(tensor, buffer);
  return buffer;
}

void MethodLowering::setLocal(Value tensor, const Buffer &buffer) {
  auto it = buffers.find(tensor);
  locals.push_back({tensor, it == buffers.end() ? std::nullopt : std::optional(it->second)});
  setBuffer(tensor, buffer);
}

Buffer MethodLowering::getDense(Value tensor) {
  Buffer buffer = getBuffer(tensor);
  if (isDense(buffer))
    return buffer;
  Buffer dense = copyToFresh(buffer, current->getParentRegion());
  // Further uses in this region read the copy.
  setLocal(tensor, dense);
  return dense;
}

Value MethodLowering::linearIndex(const Buffer &buffer, ValueRange indices) {
  AffineExpr index = buffer.offset;
  for (auto [i, stride] : llvm::zip(indices, buffer.strides))
    index = host.simplify(index + host.expr(getScalar(i)) * stride);
  return host.value(index);
}

//===----------------------------------------------------------------------===//
// Liveness
//===----------------------------------------------------------------------===//

bool MethodLowering::isUsedAfter(Value tensor, Operation *op) {
  for (Operation *user : tensor.getUsers()) {
    Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*user);
    if (!ancestor || op->isBeforeInBlock(ancestor))
      return true;
  }
  return false;
}

bool MethodLowering::diesAt(unsigned number, Operation *op) {
  Storage &storage = storages[number];
  if (storage.kind != Storage::Fresh || storage.region != op->getParentRegion())
    return false;
  return llvm::none_of(storage.tensors, [&](Value v) { return isUsedAfter(v, op); });
}
