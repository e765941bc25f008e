//===- Weights.cpp - weights and mutable state ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Weights.h"

#include "ingot/ABI/generator.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/MemoryBuffer.h"
#include <cstring>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

/// Tensors of the code (not parameters or buffers) up to this many elements are
/// constants of the graph, so that sizes and indices made of them can fold.
static constexpr int64_t maxInlineElements = 64;

WeightTable::WeightTable(ModuleOp script, ModuleOp graph) : script(script), graph(graph) {
  std::set<std::string> keys;
  script.walk([&](script::WeightOp op) {
    if (keys.insert(keyOf(op)).second)
      ++views[op.getStorage().str()];
  });
}

std::string WeightTable::keyOf(script::WeightOp op) {
  std::string key;
  llvm::raw_string_ostream out(key);
  out << op.getStorage() << '|' << op.getDtype() << '|' << op.getStorageOffset();
  for (auto [n, s] : llvm::zip(op.getSizes(), op.getStrides()))
    out << '|' << n << ',' << s;
  return key;
}

void WeightTable::beginMethod() {
  for (auto &[key, e] : entries) {
    e.node = nullptr;
    e.references = 0;
    e.replaced = false;
  }
  attributeWrites.clear();
  seen.clear();
}

WeightTable::Entry &WeightTable::entry(script::WeightOp op) {
  auto [it, isNew] = entries.try_emplace(keyOf(op));
  Entry &e = it->second;
  if (!isNew)
    return e;
  e.op = op;
  e.shared = views[op.getStorage().str()] > 1;
  ArrayRef<int64_t> sizes = op.getSizes(), strides = op.getStrides();
  // Memory order: dimensions by falling stride; those of size 1 stay in place.
  Dims order;
  for (size_t i = 0; i < sizes.size(); ++i)
    order.push_back(i);
  bool empty = llvm::is_contained(sizes, 0);
  auto weight = [&](int64_t d) { return sizes[d] == 1 ? -1 : strides[d]; };
  Dims large;
  for (int64_t d : order)
    if (weight(d) >= 0)
      large.push_back(d);
  llvm::sort(large, [&](int64_t a, int64_t c) { return std::pair(-strides[a], a) < std::pair(-strides[c], c); });
  size_t next = 0;
  for (int64_t &d : order)
    if (weight(d) >= 0)
      d = large[next++];
  int64_t expected = 1;
  for (int64_t d : llvm::reverse(order)) {
    if (sizes[d] == 1)
      continue;
    if (strides[d] != expected && !empty)
      e.gathered = true;
    expected *= sizes[d];
  }
  if (e.gathered || empty)
    for (size_t i = 0; i < order.size(); ++i)
      order[i] = i;
  SmallVector<int64_t> shape;
  for (int64_t d : order)
    shape.push_back(sizes[d]);
  e.permutation.resize(order.size());
  for (auto [i, d] : llvm::enumerate(order))
    e.permutation[d] = i;
  if (Type element = dtypeToType(op.getDtype(), op.getContext()))
    e.type = RankedTensorType::get(shape, element);
  return e;
}

AV WeightTable::get(script::WeightOp op, GraphBuilder &b) {
  if (op.getLayout()) {
    b.unsupported("tensors of layout " + *op.getLayout() + " are not supported");
    return AV::unknown();
  }
  Entry &e = entry(op);
  if (!e.type) {
    b.unsupported("tensors of dtype " + dtypeName(op.getDtype()) + " are not supported");
    return AV::unknown();
  }
  if (!e.node) {
    auto root = std::make_shared<ViewNode>();
    root->storage = std::make_shared<Storage>();
    root->storage->origin = Storage::Origin::Weight;
    root->storage->weight = keyOf(op);
    for (int64_t s : e.type.getShape())
      root->sizes.push_back(b.size(s));
    root->elementType = e.type.getElementType();
    root->strides = contiguousStrides(root->sizes, b.context());
    root->storageOffset = b.size(op.getStorageOffset());
    ViewStep step = ViewStep::of(ViewStep::Kind::Permute);
    step.permutation = e.permutation;
    bool identity = true;
    Sizes sizes;
    for (auto [i, d] : llvm::enumerate(e.permutation)) {
      identity &= int64_t(i) == d;
      sizes.push_back(root->sizes[d]);
    }
    e.node = identity ? root : b.viewNode(root, step, sizes);
    Sizes strides;
    for (int64_t s : op.getStrides())
      strides.push_back(b.size(s));
    e.node->strides = strides;
  }
  auto t = std::make_shared<TensorObject>();
  t->node = e.node;
  t->requiresGrad = op.getRequiresGrad();
  return AV::tensor(std::move(t));
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

void WeightTable::nameFrom(const AV &root) {
  if (root.is(AV::Kind::Object))
    root.getObject()->path = "";
  name(root, "", false, false);
}

void WeightTable::name(const AV &value, const std::string &path, bool parameter, bool buffer) {
  auto child = [&](const std::string &attribute) { return path.empty() ? attribute : path + "." + attribute; };
  if (value.isTensor()) {
    Storage &storage = *value.getTensor()->node->storage;
    auto it = entries.find(storage.weight);
    if (storage.origin != Storage::Origin::Weight || it == entries.end())
      return;
    Entry &e = it->second;
    if (e.name.empty())
      e.name = path;
    ++e.references;
    e.parameter |= parameter;
    if (parameter || buffer)
      e.constant = false;
    storage.isParameter = e.parameter;
    return;
  }
  if (const void *id = value.identity())
    if (!seen.insert(id).second)
      return;
  if (value.is(AV::Kind::Object)) {
    InstanceObject &o = *value.getObject();
    o.path = path;
    o.persistent = true;
    for (auto &[attribute, v] : o.attributes)
      name(v, child(attribute), llvm::is_contained(o.parameters, attribute), llvm::is_contained(o.buffers, attribute));
  } else if (value.is(AV::Kind::List) || value.is(AV::Kind::Tuple)) {
    for (auto [i, v] : llvm::enumerate(value.elements()))
      name(v, child(std::to_string(i)), parameter, buffer);
  } else if (value.is(AV::Kind::Dict)) {
    for (auto [i, entry] : llvm::enumerate(value.getDict().entries))
      name(entry.second, child(entry.first.is(AV::Kind::Str) ? entry.first.getString() : std::to_string(i)), parameter,
           buffer);
  }
}

//===----------------------------------------------------------------------===//
// Data
//===----------------------------------------------------------------------===//

std::optional<std::vector<char>> WeightTable::bytes(Entry &e, Location loc) {
  script::WeightOp op = e.op;
  auto source = script->getAttrOfType<StringAttr>("script.source");
  int64_t width = dtypeSize(op.getDtype());
  auto buffer = llvm::MemoryBuffer::getFileSlice(source ? source.getValue() : "", op.getNbytes(), op.getOffset());
  if (!buffer || (*buffer)->getBufferSize() < uint64_t(op.getNbytes())) {
    emitError(loc) << "cannot read the weight '" << op.getStorage() << "' of '" << (source ? source.getValue() : "")
                   << "'";
    return std::nullopt;
  }
  const char *from = (*buffer)->getBufferStart();
  ArrayRef<int64_t> sizes = op.getSizes(), strides = op.getStrides();
  int64_t count = 1;
  for (int64_t s : sizes)
    count *= s;
  std::vector<char> out(count * width);
  SmallVector<int64_t> index(sizes.size(), 0);
  // Row-major over the tensor's dimensions in memory order.
  Dims inverse(e.permutation.size());
  for (auto [d, i] : llvm::enumerate(e.permutation))
    inverse[i] = d;
  for (int64_t n = 0; n < count; ++n) {
    int64_t at = op.getStorageOffset();
    for (size_t i = 0; i < index.size(); ++i)
      at += index[i] * strides[inverse[i]];
    std::memcpy(out.data() + n * width, from + at * width, width);
    for (size_t i = index.size(); i-- > 0;) {
      if (++index[i] < sizes[inverse[i]])
        break;
      index[i] = 0;
    }
  }
  return out;
}

static DenseElementsAttr denseOf(RankedTensorType type, ArrayRef<char> raw) {
  if (type.getElementType().isInteger(1)) {
    SmallVector<bool> bits;
    for (char c : raw)
      bits.push_back(c != 0);
    return DenseElementsAttr::get(type, bits);
  }
  return DenseElementsAttr::getFromRawBuffer(type, raw);
}

Attribute WeightTable::data(Entry &e, Location loc) {
  script::WeightOp op = e.op;
  int64_t width = dtypeSize(op.getDtype());
  auto source = script->getAttrOfType<StringAttr>("script.source");
  if (e.type.getNumElements() == 0)
    return DenseElementsAttr::get(e.type, ArrayRef<Attribute>());
  if (!e.gathered)
    return graph::FileDataAttr::get(script.getContext(), source ? source.getValue() : "",
                                    op.getOffset() + op.getStorageOffset() * width, e.type.getNumElements() * width);
  std::optional<std::vector<char>> raw = bytes(e, loc);
  if (!raw)
    return {};
  if (e.type.getElementType().isInteger(1) || raw->size() < 4096)
    return denseOf(e.type, *raw);
  return DenseResourceElementsAttr::get(e.type, e.name, HeapAsmResourceBlob::allocateAndCopyWithAlign(*raw, 64));
}

const std::string &WeightTable::symbolOf(Entry &e, Location loc) {
  if (!e.symbol.empty())
    return e.symbol;
  if (e.name.empty())
    e.name = "constant";
  std::string symbol = e.name;
  for (unsigned i = 1; !usedNames.insert(symbol).second; ++i)
    symbol = e.name + "_" + std::to_string(i);
  e.symbol = symbol;
  OpBuilder builder = OpBuilder::atBlockBegin(graph.getBody());
  // Weights stand in the order of their first use, before the methods.
  for (Operation &op : *graph.getBody()) {
    if (!isa<graph::WeightOp>(op))
      break;
    builder.setInsertionPointAfter(&op);
  }
  Attribute contents = data(e, loc);
  if (!contents)
    contents = builder.getUnitAttr();
  auto op = graph::WeightOp::create(builder, e.op.getLoc(), builder.getStringAttr(symbol), TypeAttr::get(e.type),
                                    contents, builder.getStringAttr(e.name), UnitAttr(),
                                    e.parameter ? builder.getUnitAttr() : UnitAttr());
  (void)op;
  return e.symbol;
}

Value WeightTable::load(Storage &storage, GraphBuilder &b) {
  Entry &e = entries.at(storage.weight);
  bool state = states.count(storage.weight);
  // A value of a branch on data dominates the rest too: there are no blocks.
  if (e.constant && !state && e.type.getNumElements() <= maxInlineElements) {
    std::vector<char> empty;
    std::optional<std::vector<char>> raw = e.type.getNumElements() == 0 ? std::optional(empty) : bytes(e, b.loc);
    if (!raw) {
      b.unsupported("its data cannot be read");
      raw = std::vector<char>(e.type.getNumElements() * dtypeSize(e.op.getDtype()));
    }
    return b.constant(denseOf(e.type, *raw));
  }
  FlatSymbolRefAttr name = FlatSymbolRefAttr::get(b.context(), symbolOf(e, b.loc));
  if (state)
    return graph::LoadStateOp::create(b.b, b.loc, e.type, name);
  return graph::GetWeightOp::create(b.b, b.loc, e.type, name);
}

void WeightTable::declareState(StringRef name, DenseElementsAttr first, Location loc) {
  OpBuilder builder = OpBuilder::atBlockBegin(graph.getBody());
  graph::WeightOp::create(builder, loc, builder.getStringAttr(name), TypeAttr::get(first.getType()), first,
                          builder.getStringAttr(name), builder.getUnitAttr(), UnitAttr());
}

//===----------------------------------------------------------------------===//
// The random generator
//===----------------------------------------------------------------------===//

static constexpr const char *generatorName = INGOT_ABI_GENERATOR_STATE;

Value GraphBuilder::loadGenerator() {
  auto bytes = RankedTensorType::get({INGOT_ABI_GENERATOR_BYTES}, dtypeToType(int64_t(DType::UInt8), context()));
  return graph::LoadStateOp::create(b, loc, bytes, FlatSymbolRefAttr::get(context(), generatorName));
}

void WeightTable::storeGenerator(GraphBuilder &b) {
  if (!b.generator->mutated())
    return;
  if (!graph.lookupSymbol(generatorName)) {
    ingot_abi_generator first;
    ingot_abi_generator_seed(&first, INGOT_ABI_GENERATOR_SEED);
    auto type = cast<RankedTensorType>(b.generator->base.getType());
    ArrayRef<char> raw(reinterpret_cast<const char *>(&first), sizeof first);
    declareState(
        generatorName,
        DenseElementsAttr::getFromRawBuffer(RankedTensorType::get(type.getShape(), type.getElementType()), raw), b.loc);
  }
  graph::StoreStateOp::create(b.b, b.loc, b.generator->base, FlatSymbolRefAttr::get(b.context(), generatorName));
}

bool WeightTable::canReplace(const AV &first, const AV &now) const {
  const ViewNode &old = *first.getTensor()->node, &next = *now.getTensor()->node;
  auto it = entries.find(old.storage->weight);
  if (old.storage->origin != Storage::Origin::Weight || old.parent || it == entries.end() || it->second.shared ||
      it->second.references != 1 || old.elementType != next.elementType || old.sizes.size() != next.sizes.size())
    return false;
  return llvm::all_of(llvm::zip(old.sizes, next.sizes),
                      [](auto pair) { return equal(std::get<0>(pair), std::get<1>(pair)); });
}

void WeightTable::makeState(const AV &first) { states.insert(first.getTensor()->node->storage->weight); }

bool WeightTable::replace(GraphBuilder &b, const AV &first, const AV &now) {
  if (!canReplace(first, now))
    return false;
  Entry &e = entries.at(first.getTensor()->node->storage->weight);
  e.replaced = true;
  const std::string &symbol = symbolOf(e, b.loc);
  graph.lookupSymbol<graph::WeightOp>(symbol).setState(true);
  graph::StoreStateOp::create(b.b, b.loc, b.read(now), FlatSymbolRefAttr::get(b.context(), symbol));
  return true;
}

bool WeightTable::storeAll(GraphBuilder &b, llvm::function_ref<void(Location, const Twine &)> refuse) {
  bool found = false;
  storeGenerator(b);
  for (auto &[key, e] : entries) {
    if (!e.node || !e.node->storage->mutated() || e.replaced)
      continue;
    if (e.shared) {
      refuse(e.op.getLoc(), "'" + e.name +
                                "' is changed in place and shares its storage with another tensor of the "
                                "module: not compiled yet");
      continue;
    }
    found |= states.insert(key).second;
    const std::string &symbol = symbolOf(e, b.loc);
    auto weight = graph.lookupSymbol<graph::WeightOp>(symbol);
    weight.setState(true);
    graph::StoreStateOp::create(b.b, b.loc, e.node->storage->base, FlatSymbolRefAttr::get(b.context(), symbol));
  }
  return found;
}
