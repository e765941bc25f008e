//===- MethodEffects.cpp - inputs, results, states --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Codegen/Common/MethodLowering.h"

#include "ingot/Support/DType.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

/// Input `leaf` as the caller gave it, or as row-major memory (a copy unless it
/// is row-major already).
Buffer MethodLowering::getInput(unsigned leaf, bool dense) {
  if (auto it = inputBuffers[dense].find(leaf); it != inputBuffers[dense].end())
    return it->second;
  auto type = cast<RankedTensorType>(source.getArgument(leaf).getType());
  Type element = getMemoryType(type.getElementType());
  SmallVector<int64_t> dynamic(type.getRank(), ShapedType::kDynamic);
  Buffer buffer;
  buffer.offset = host.expr(0);
  Storage storage;
  storage.kind = Storage::Input;
  storage.leaf = leaf;
  buffer.storage = addStorage(std::move(storage));
  OpBuilder::InsertionGuard guard(host);
  Location loc = host.loc;
  host.loc = source.getArgument(leaf).getLoc();
  auto flat = [&](Value memory, AffineExpr count) {
    return host.inPrologue([&]() -> Value {
      auto flatType = MemRefType::get({ShapedType::kDynamic}, element);
      return memref::ReinterpretCastOp::create(host, host.loc, flatType, memory, OpFoldResult(host.getIndexAttr(0)),
                                               ArrayRef<OpFoldResult>{host.value(count)},
                                               ArrayRef<OpFoldResult>{host.getIndexAttr(1)});
    });
  };
  if (dense) {
    Buffer original = getInput(leaf, false);
    auto memoryType = MemRefType::get(type.getShape(), element);
    Value memory =
        host.inPrologue([&]() -> Value { return task::ContiguousOp::create(host, host.loc, memoryType, leaf); });
    buffer.sizes = original.sizes;
    buffer.strides = rowMajorStrides(buffer.sizes);
    buffer.memory = flat(memory, host.product(buffer.sizes));
  } else {
    // Sizes are dynamic even where they are known: MLIR takes a reinterpret_cast
    // between equal static types for no change, though dynamic strides differ.
    auto memoryType = MemRefType::get(dynamic, element, StridedLayoutAttr::get(host.getContext(), 0, dynamic));
    Value memory = host.inPrologue([&]() -> Value { return task::InputOp::create(host, host.loc, memoryType, leaf); });
    for (int64_t d = 0; d < type.getRank(); ++d)
      buffer.sizes.push_back(type.isDynamicDim(d) ? host.expr(host.inPrologue([&]() -> Value {
        return memref::DimOp::create(host, host.loc, memory, host.value(d));
      }))
                                                  : host.expr(type.getDimSize(d)));
    memref::ExtractStridedMetadataOp metadata;
    if (type.getRank())
      host.inPrologue([&]() -> Value {
        metadata = memref::ExtractStridedMetadataOp::create(host, host.loc, memory);
        return metadata.getBaseBuffer();
      });
    for (int64_t d = 0; d < type.getRank(); ++d)
      buffer.strides.push_back(host.expr(host.inPrologue([&]() -> Value { return metadata.getStrides()[d]; })));
    buffer.memory = flat(memory, host.product(buffer.sizes));
  }
  host.loc = loc;
  inputBuffers[dense][leaf] = buffer;
  return buffer;
}

/// The memory of a pure view of an input, through the caller's own strides.
std::optional<Buffer> MethodLowering::getOriginal(Value tensor) {
  if (saved.contains(tensor))
    return std::nullopt;
  if (auto arg = dyn_cast<BlockArgument>(tensor)) {
    if (arg.getOwner() != &source.getBody().front())
      return std::nullopt;
    return getInput(arg.getArgNumber(), false);
  }
  Operation *op = tensor.getDefiningOp();
  if (!viewSource(op))
    return std::nullopt;
  std::optional<Buffer> from = getOriginal(viewSource(op));
  return from ? view(op, *from) : std::nullopt;
}

/// Tensors that show the memory of `tensor`, itself included.
static void collectViews(Value tensor, llvm::function_ref<Value(Operation *)> viewSource,
                         SmallVectorImpl<Value> &views) {
  views.push_back(tensor);
  for (Operation *user : tensor.getUsers())
    if (user->getNumResults() == 1 && viewSource(user) == tensor)
      collectViews(user->getResult(0), viewSource, views);
}

/// The tensor keeps its contents, though the memory it came from is overwritten.
void MethodLowering::save(Value tensor) {
  if (!saved.insert(tensor).second)
    return;
  Buffer fresh = copyToFresh(getBuffer(tensor), current->getParentRegion());
  setBuffer(tensor, fresh);
}

LogicalResult MethodLowering::lowerWriteBack(graph::WriteBackOp op) {
  auto target = dyn_cast<BlockArgument>(op.getInput());
  if (!target || target.getOwner() != &source.getBody().front() || op->getParentRegion() != &source.getBody())
    return op.emitError("only inputs are written back, at the method's top level");
  SmallVector<Value> views;
  collectViews(target, viewSource, views);
  for (Value v : views) {
    // Views made after this point are taken of what is saved here.
    if (Operation *def = v.getDefiningOp()) {
      Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*def);
      if (!ancestor || op->isBeforeInBlock(ancestor))
        continue;
    }
    bool needed = v == op.getValue();
    for (OpOperand &use : v.getUses()) {
      auto writeBack = dyn_cast<graph::WriteBackOp>(use.getOwner());
      if (writeBack && &use == &writeBack.getInputMutable())
        continue;
      if (v == target && isa<graph::AliasOp>(use.getOwner())) // shows the new contents
        continue;
      Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*use.getOwner());
      needed |= !ancestor || op->isBeforeInBlock(ancestor);
    }
    if (needed)
      save(v);
  }
  copy(getBuffer(op.getValue()), getInput(target.getArgNumber(), false));
  return success();
}

/// A result that shares memory with an argument or with another result.
LogicalResult MethodLowering::lowerAlias(graph::AliasOp op) {
  Type element = getMemoryType(cast<RankedTensorType>(op.getType()).getElementType());
  Buffer buffer;
  auto arg = dyn_cast<BlockArgument>(op.getBase());
  if (arg && arg.getOwner() == &source.getBody().front()) {
    // Asked for here, after all writes: of an argument that is not row-major it is
    // a copy, which the runtime copies again into a result's block.
    auto type = MemRefType::get({1}, element);
    Value memory = task::ContiguousOp::create(host, host.loc, type, arg.getArgNumber());
    buffer.memory = memory;
    Storage storage;
    storage.kind = Storage::Input;
    storage.leaf = arg.getArgNumber();
    buffer.storage = addStorage(std::move(storage));
  } else {
    buffer = getDense(op.getBase());
    if (buffer.getElementType() != element)
      return op.emitError("code generation cannot take this view");
  }
  AffineExpr offset = host.expr(getScalar(op.getOffset()));
  buffer.offset = arg ? offset : host.simplify(buffer.offset + offset);
  buffer.sizes.clear();
  buffer.strides.clear();
  for (Value size : op.getSizes())
    buffer.sizes.push_back(host.expr(getScalar(size)));
  for (Value stride : op.getStrides())
    buffer.strides.push_back(host.expr(getScalar(stride)));
  setBuffer(op.getResult(), buffer);
  return success();
}

//===----------------------------------------------------------------------===//
// Objects
//===----------------------------------------------------------------------===//

LogicalResult MethodLowering::lowerBox(task::BoxOp op) {
  std::optional<Buffer> buffer = getOriginal(op.getTensor());
  if (!buffer)
    buffer = getBuffer(op.getTensor());
  auto box = task::BoxOp::create(host, host.loc, op.getObject().getType(), asMemRef(*buffer), op.getDtype());
  box->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  setScalar(op.getObject(), box);
  return success();
}

LogicalResult MethodLowering::lowerUnbox(task::UnboxOp op) {
  auto type = cast<RankedTensorType>(op.getTensor().getType());
  Type element = getMemoryType(type.getElementType());
  Value memory = task::UnboxOp::create(host, host.loc, MemRefType::get(type.getShape(), element),
                                       getScalar(op.getObject()), op.getDtypeAttr());
  Buffer buffer;
  for (int64_t d = 0; d < type.getRank(); ++d)
    buffer.sizes.push_back(type.isDynamicDim(d)
                               ? host.expr(memref::DimOp::create(host, host.loc, memory, host.value(d)).getResult())
                               : host.expr(type.getDimSize(d)));
  buffer.strides = rowMajorStrides(buffer.sizes);
  buffer.offset = host.expr(0);
  buffer.memory = memref::ReinterpretCastOp::create(
      host, host.loc, MemRefType::get({ShapedType::kDynamic}, element), memory, OpFoldResult(host.getIndexAttr(0)),
      ArrayRef<OpFoldResult>{host.value(host.product(buffer.sizes))}, ArrayRef<OpFoldResult>{host.getIndexAttr(1)});
  // The caller's memory: never written in place.
  Storage storage;
  storage.kind = Storage::Constant;
  buffer.storage = addStorage(std::move(storage));
  tensorSizes[op.getTensor()] = buffer.sizes;
  setBuffer(op.getTensor(), buffer);
  return success();
}

//===----------------------------------------------------------------------===//
// States
//===----------------------------------------------------------------------===//

LogicalResult MethodLowering::lowerLoadState(graph::LoadStateOp op) {
  auto type = cast<RankedTensorType>(op.getType());
  Type element = getMemoryType(type.getElementType());
  Buffer buffer;
  buffer.memory = host.inPrologue([&]() -> Value {
    auto flat = MemRefType::get({type.getNumElements()}, element);
    Value memory = task::StateOp::create(host, host.loc, flat, op.getNameAttr());
    return memref::CastOp::create(host, host.loc, MemRefType::get({ShapedType::kDynamic}, element), memory);
  });
  buffer.offset = host.expr(0);
  for (int64_t size : type.getShape())
    buffer.sizes.push_back(host.expr(size));
  buffer.strides = rowMajorStrides(buffer.sizes);
  Storage storage;
  storage.kind = Storage::State;
  storage.state = op.getName();
  buffer.storage = addStorage(std::move(storage));
  // Read inside a region: a store may follow before the value's last use.
  if (op->getParentRegion() != &source.getBody())
    buffer = copyToFresh(buffer, op->getParentRegion());
  setBuffer(op.getResult(), buffer);
  return success();
}

LogicalResult MethodLowering::lowerStoreState(graph::StoreStateOp op) {
  if (op->getParentRegion() != &source.getBody())
    return op.emitError("states are stored at the method's top level");
  SmallVector<Value> save_;
  for (Storage &storage : storages)
    if (storage.kind == Storage::State && storage.state == op.getName())
      for (Value v : storage.tensors)
        if (buffers.contains(v) && &storages[buffers[v].storage] == &storage &&
            (v == op.getValue() || isUsedAfter(v, op)))
          save_.push_back(v);
  for (Value v : save_)
    save(v);
  auto type = cast<RankedTensorType>(op.getValue().getType());
  Type element = getMemoryType(type.getElementType());
  Buffer from = getBuffer(op.getValue()), to = from;
  to.memory = host.inPrologue([&]() -> Value {
    auto flat = MemRefType::get({type.getNumElements()}, element);
    Value memory = task::StateOp::create(host, host.loc, flat, op.getNameAttr());
    return memref::CastOp::create(host, host.loc, MemRefType::get({ShapedType::kDynamic}, element), memory);
  });
  to.offset = host.expr(0);
  to.strides = rowMajorStrides(to.sizes);
  copy(from, to);
  return success();
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/// The signature's entry for the tensor of a result; null where it is an argument itself or no tensor.
static DictionaryAttr findResult(DictionaryAttr type, int64_t slot) {
  if (!type)
    return {};
  auto kind = type.getAs<StringAttr>("kind");
  if (kind && kind.getValue() == "tensor") {
    auto leaf = type.getAs<IntegerAttr>("leaf");
    auto source = type.getAs<StringAttr>("source");
    if (leaf && leaf.getInt() == slot && (!source || source.getValue() != "input"))
      return type;
  }
  if (auto children = type.getAs<ArrayAttr>("children"))
    for (Attribute child : children)
      if (DictionaryAttr found = findResult(dyn_cast<DictionaryAttr>(child), slot))
        return found;
  return {};
}

DictionaryAttr MethodLowering::resultType(unsigned slot) {
  auto signature = source->getAttrOfType<DictionaryAttr>("ingot.signature");
  return signature ? findResult(signature.getAs<DictionaryAttr>("output"), slot) : DictionaryAttr();
}

/// The torch code of a result: the signature knows what the element type does not
/// (signless integers may be unsigned).
int64_t MethodLowering::resultDType(unsigned slot, Type elementType) {
  DictionaryAttr type = resultType(slot);
  auto dtype = type ? type.getAs<IntegerAttr>("dtype") : IntegerAttr();
  return dtype ? dtype.getInt() : typeToDType(elementType);
}

LogicalResult MethodLowering::lowerReturn(func::ReturnOp op) {
  host.loc = op.getLoc();
  current = op;
  for (auto [slot, value] : llvm::enumerate(op.getOperands())) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type) {
      Value number = getScalar(value);
      if (number.getType().isIndex())
        number = arith::IndexCastOp::create(host, host.loc, host.getI64Type(), number);
      task::ReturnValueOp::create(host, host.loc, slot, number, 0);
      continue;
    }
    std::optional<Buffer> buffer = getOriginal(value);
    // A new tensor has memory of its own, also where its value is an argument's: x.clone().
    DictionaryAttr result = resultType(slot);
    auto from = result ? result.getAs<StringAttr>("source") : StringAttr();
    if (!buffer || (from && from.getValue() == "value")) {
      if (!buffer)
        buffer = getBuffer(value);
      auto alloc = buffer->memory.getDefiningOp<memref::AllocOp>();
      bool shares = value.getDefiningOp<graph::AliasOp>() && buffer->memory.getDefiningOp<task::ContiguousOp>();
      // What the instance or a loop owns is copied out.
      if (!shares && (!alloc || alloc->getBlock() != host.getInsertionBlock())) {
        buffer = copyToFresh(*buffer, op->getParentRegion());
        alloc = buffer->memory.getDefiningOp<memref::AllocOp>();
      }
      if (alloc && !alloc->hasAttr("task.slot"))
        alloc->setAttr("task.slot", host.getI64IntegerAttr(slot));
    }
    task::ReturnValueOp::create(host, host.loc, slot, asMemRef(*buffer), resultDType(slot, type.getElementType()));
  }
  return success();
}
