//===- WeightData.cpp - the bytes of graph.weight ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/Graph/WeightData.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"
#include <mutex>

using namespace mlir;
using namespace ingot;
using namespace ingot::graph;

// Archives stay mapped for the process's life: weights point into them from the
// first phase to the last, and the page cache shares them.
static FailureOr<StringRef> mapFile(StringRef path, Location loc) {
  static std::mutex mutex;
  static llvm::StringMap<std::unique_ptr<llvm::MemoryBuffer>> files;
  std::lock_guard<std::mutex> lock(mutex);
  auto &file = files[path];
  if (!file) {
    auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                              /*RequiresNullTerminator=*/false);
    if (!buffer) {
      files.erase(path);
      return emitError(loc) << "cannot read the weights in '" << path << "': " << buffer.getError().message();
    }
    file = std::move(*buffer);
  }
  return file->getBuffer();
}

int64_t graph::getByteSize(RankedTensorType type) {
  Type element = type.getElementType();
  int64_t bits = isa<ComplexType>(element) ? 2 * cast<ComplexType>(element).getElementType().getIntOrFloatBitWidth()
                                           : element.getIntOrFloatBitWidth();
  return type.getNumElements() * llvm::divideCeil(bits, 8);
}

FailureOr<ArrayRef<char>> graph::getWeightBytes(WeightOp weight, SmallVectorImpl<char> &splatBytes) {
  auto type = cast<RankedTensorType>(weight.getType());
  int64_t size = getByteSize(type);
  Attribute data = weight.getData();
  auto checked = [&](ArrayRef<char> bytes) -> FailureOr<ArrayRef<char>> {
    if (int64_t(bytes.size()) != size)
      return weight.emitOpError("has ") << bytes.size() << " bytes of data, its type needs " << size;
    return bytes;
  };
  if (auto file = dyn_cast<FileDataAttr>(data)) {
    FailureOr<StringRef> contents = mapFile(file.getPath(), weight.getLoc());
    if (failed(contents))
      return failure();
    if (file.getOffset() < 0 || file.getSize() < 0 || uint64_t(file.getOffset()) > contents->size() ||
        uint64_t(file.getSize()) > contents->size() - file.getOffset())
      return weight.emitOpError("lies outside of '") << file.getPath() << "': bytes " << file.getOffset() << " to "
                                                     << file.getOffset() + file.getSize() << " of " << contents->size();
    StringRef bytes = contents->substr(file.getOffset(), file.getSize());
    return checked(ArrayRef<char>(bytes.data(), bytes.size()));
  }
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(data)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return weight.emitOpError("names a resource that is not in the file");
    return checked(blob->getData());
  }
  auto dense = dyn_cast<DenseElementsAttr>(data);
  if (!dense)
    return weight.emitOpError("has data of an unknown kind");
  bool isBool = type.getElementType().isInteger(1);
  if (!dense.isSplat() && !isBool)
    return checked(dense.getRawData());
  splatBytes.clear();
  splatBytes.reserve(size);
  if (isBool) {
    for (bool value : dense.getValues<bool>())
      splatBytes.push_back(value);
  } else {
    ArrayRef<char> element = dense.getRawData();
    for (int64_t i = 0; i < type.getNumElements(); ++i)
      splatBytes.append(element.begin(), element.end());
  }
  return checked(splatBytes);
}

WeightOp graph::createWeight(ModuleOp module, Location loc, StringRef name, RankedTensorType type,
                             std::vector<char> bytes) {
  auto *owned = new std::vector<char>(std::move(bytes));
  AsmResourceBlob blob(
      ArrayRef<char>(owned->data(), owned->size()), /*dataAlignment=*/64,
      [owned](void *, size_t, size_t) { delete owned; }, /*dataIsMutable=*/false);
  std::string symbol = name.str();
  for (unsigned i = 0; module.lookupSymbol(symbol); ++i)
    symbol = (name + "_" + Twine(i)).str();
  auto plain = RankedTensorType::get(type.getShape(), type.getElementType());
  auto data = DenseResourceElementsAttr::get(plain, symbol, std::move(blob));
  OpBuilder b = OpBuilder::atBlockBegin(module.getBody());
  return WeightOp::create(b, loc, symbol, plain, data, StringAttr(), false, false);
}
