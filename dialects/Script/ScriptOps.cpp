//===- ScriptOps.cpp - verifiers and folds of script ops --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/Script/Script.h"

#include "ingot/Support/DType.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::script;

#define GET_OP_CLASSES
#include "dialects/Script/ScriptOps.cpp.inc"

LogicalResult InstanceOp::verify() {
  Block &block = getBody().front();
  auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back());
  if (!yield || yield.getValues().size() != 1 || !isa<ObjectType>(yield.getValues()[0].getType()))
    return emitOpError("must end by yielding the root object");
  for (Operation &op : block.without_terminator())
    if (op.getNumRegions())
      return op.emitOpError("with a region cannot stand in script.instance, "
                            "which is straight-line");
  return success();
}

LogicalResult WeightOp::verify() {
  if (!isKnownDType(getDtype()))
    return emitOpError("has unknown dtype code ") << getDtype();
  if (getLayout())
    return success();
  if (getSizes().size() != getStrides().size())
    return emitOpError("has ") << getSizes().size() << " sizes but " << getStrides().size() << " strides";
  int64_t last = getStorageOffset();
  bool empty = false;
  // The getters are unsigned.
  int64_t nbytes = getNbytes(), offset = getOffset();
  if (last < 0 || nbytes < 0 || offset < 0)
    return emitOpError("has a negative offset or size");
  for (auto [size, stride] : llvm::zip(getSizes(), getStrides())) {
    if (size < 0 || stride < 0)
      return emitOpError("has a negative size or stride");
    empty |= size == 0;
    int64_t extent;
    if (size > 0 && (llvm::MulOverflow(size - 1, stride, extent) || llvm::AddOverflow(last, extent, last)))
      return emitOpError("is larger than memory can be");
  }
  int64_t bytes;
  if (!empty && (llvm::AddOverflow(last, int64_t(1), last) || llvm::MulOverflow(last, dtypeSize(getDtype()), bytes) ||
                 bytes > nbytes))
    return emitOpError("reads past the end of its storage: it needs element ")
           << last - 1 << " of " << dtypeName(getDtype()) << ", the storage has " << nbytes << " bytes";
  return success();
}

LogicalResult ObjectOp::verify() {
  if (getNames().size() != getValues().size())
    return emitOpError("has ") << getValues().size() << " values but " << getNames().size() << " names";
  return success();
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

LogicalResult ConstantOp::verify() {
  Type type = getType();
  Attribute value = getValue();
  bool ok = true;
  if (type.isSignlessInteger(64))
    ok = isa<IntegerAttr>(value) && cast<IntegerAttr>(value).getType().isSignlessInteger(64);
  else if (type.isSignlessInteger(1))
    ok = isa<BoolAttr>(value);
  else if (type.isF64())
    ok = isa<FloatAttr>(value);
  else if (isa<StrType, DeviceType>(type))
    ok = isa<StringAttr>(value);
  else if (isa<script::NoneType>(type))
    ok = isa<UnitAttr>(value);
  else if (isa<script::FunctionType>(type))
    ok = isa<FlatSymbolRefAttr>(value);
  if (!ok)
    return emitOpError("of type ") << type << " cannot hold " << value;
  return success();
}

LogicalResult ListOp::verify() {
  auto list = dyn_cast<ListType>(getType());
  if (!list)
    return emitOpError("must produce a !script.list, not ") << getType();
  return success();
}

LogicalResult TupleOp::verify() {
  auto tuple = dyn_cast<script::TupleType>(getType());
  if (!tuple || tuple.getTypes().size() != getElements().size())
    return emitOpError("must produce a !script.tuple of ") << getElements().size() << " types, not " << getType();
  return success();
}

LogicalResult DictOp::verify() {
  if (!isa<DictType>(getType()))
    return emitOpError("must produce a !script.dict, not ") << getType();
  if (getElements().size() % 2)
    return emitOpError("takes keys and values in turn, but got an odd number, ")
           << getElements().size() << ", of operands";
  return success();
}

LogicalResult AtenOp::verify() {
  if (!getName().contains("::"))
    return emitOpError("name must be \"namespace::operator.overload\", not \"") << getName() << "\"";
  return success();
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto fn = symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, getCalleeAttr());
  if (!fn)
    return emitOpError("calls unknown function ") << getCalleeAttr();
  if (fn.getNumArguments() != getArguments().size())
    return emitOpError("passes ") << getArguments().size() << " arguments to " << getCalleeAttr() << ", which takes "
                                  << fn.getNumArguments();
  return success();
}

static LogicalResult verifyYield(Operation *op, Region &region, size_t count, StringRef what) {
  auto yield = dyn_cast<YieldOp>(region.front().getTerminator());
  if (!yield)
    return op->emitOpError() << what << " must end in script.yield";
  if (yield.getValues().size() != count)
    return op->emitOpError() << what << " yields " << yield.getValues().size() << " values, expected " << count;
  return success();
}

LogicalResult IfOp::verify() {
  if (failed(verifyYield(*this, getThenRegion(), getNumResults(), "the then branch")))
    return failure();
  return verifyYield(*this, getElseRegion(), getNumResults(), "the else branch");
}

LogicalResult LoopOp::verify() {
  if (getInits().size() != getNumResults())
    return emitOpError("carries ") << getInits().size() << " values but has " << getNumResults() << " results";
  if (getBody().getNumArguments() != getNumResults() + 1)
    return emitOpError("body must take the iteration number and ") << getNumResults() << " carried values";
  return verifyYield(*this, getBody(), getNumResults() + 1, "the body");
}
