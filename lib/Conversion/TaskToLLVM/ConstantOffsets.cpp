//===- ConstantOffsets.cpp - places of constants ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Conversion/TaskToLLVM.h"

#include "dialects/Graph/Graph.h"
#include "dialects/Task/Task.h"
#include "ingot/Support/DType.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/SHA256.h"
#include <map>

using namespace mlir;
using namespace ingot;

namespace {
/// One cache line, one AVX-512 register.
constexpr uint64_t alignment = 64;

uint64_t byteSize(graph::WeightOp weight) {
  auto type = cast<RankedTensorType>(weight.getType());
  int64_t code = typeToDType(type.getElementType());
  // Packed data may have element types that torch has not (i4 and the like do
  // not occur): whole bytes.
  uint64_t element = code >= 0 ? dtypeSize(code) : (type.getElementTypeBitWidth() + 7) / 8;
  return type.getNumElements() * element;
}

/// Data with equal keys is the same. Attributes are unique in their context,
/// so all but resources (which may be equal under two names) are their own key.
std::pair<std::string, uint64_t> dataKey(graph::WeightOp weight) {
  uint64_t size = byteSize(weight);
  Attribute data = weight.getDataAttr();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(data))
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob()) {
      ArrayRef<char> bytes = blob->getData();
      auto hash = llvm::SHA256::hash({reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()});
      return {std::string(hash.begin(), hash.end()), size};
    }
  const void *pointer = data.getAsOpaquePointer();
  return {std::string(reinterpret_cast<const char *>(&pointer), sizeof(pointer)), size};
}

struct AssignConstantOffsets : PassWrapper<AssignConstantOffsets, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(AssignConstantOffsets)
  StringRef getArgument() const override { return "assign-constant-offsets"; }
  StringRef getDescription() const override { return "Gives each graph.weight in use its place in the constants"; }
  void runOnOperation() override {
    if (failed(assignConstantOffsets(getOperation())))
      signalPassFailure();
  }
};
} // namespace

LogicalResult ingot::assignConstantOffsets(ModuleOp module) {
  // A name is looked up in the module that holds the user: per variant.
  llvm::DenseSet<std::pair<Operation *, StringAttr>> used;
  module.walk([&](Operation *op) {
    FlatSymbolRefAttr name;
    if (auto constant = dyn_cast<task::ConstantOp>(op))
      name = constant.getNameAttr();
    else if (auto state = dyn_cast<task::StateOp>(op))
      name = state.getNameAttr();
    else
      return;
    Operation *table = SymbolTable::getNearestSymbolTable(op);
    used.insert({table, name.getAttr()});
  });

  Builder builder(module.getContext());
  std::map<std::pair<std::string, uint64_t>, uint64_t> places;
  SmallVector<graph::WeightOp> unused;
  uint64_t end = 0;
  module.walk([&](graph::WeightOp weight) {
    if (!weight.getState() && !used.contains({weight->getParentOp(), weight.getSymNameAttr()})) {
      unused.push_back(weight);
      return;
    }
    auto [place, inserted] = places.try_emplace(dataKey(weight), end);
    if (inserted)
      end = llvm::alignTo(end + place->first.second, alignment);
    weight->setAttr(constantOffsetAttrName, builder.getI64IntegerAttr(place->second));
  });
  for (graph::WeightOp weight : unused)
    weight.erase();
  module->setAttr(constantsSizeAttrName, builder.getI64IntegerAttr(end));
  return success();
}

std::unique_ptr<Pass> ingot::createAssignConstantOffsetsPass() { return std::make_unique<AssignConstantOffsets>(); }
