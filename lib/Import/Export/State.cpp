//===- State.cpp - weights, constants and the archive's layout --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Importer.h"

#include "ingot/Support/DType.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlir;
using namespace ingot;
using namespace ingot::exported;

/// The text of a small entry without the white space around it.
static Expected<StringRef> readWord(const Archive &archive, StringRef name) {
  Expected<StringRef> text = archive.read(name);
  if (!text)
    return text.takeError();
  return text->trim();
}

Expected<ModelEntries> exported::findModel(const Archive &archive) {
  if (!archive.find("archive_format")) {
    if (archive.find("data.pkl") && archive.find("constants.pkl"))
      return archiveError(archive.path(), "this is a TorchScript archive; name it .pt");
    if (archive.find("serialized_exported_program.json"))
      return archiveError(archive.path(), "written by an old torch.export.save; expected the "
                                          "archive format of torch 2.8 or newer");
    return archiveError(archive.path(), "not a torch.export archive: it has no entry "
                                        "'archive_format'");
  }
  for (auto [name, expected] :
       {std::pair("archive_format", "pt2"), std::pair("archive_version", "0"), std::pair("byteorder", "little")}) {
    Expected<StringRef> found = readWord(archive, name);
    if (!found)
      return found.takeError();
    if (*found != expected)
      return archiveError(archive.path(), Twine(name) + " is '" + *found + "', expected '" + expected + "'");
  }
  SmallVector<StringRef> models;
  for (const ArchiveEntry &entry : archive.entries()) {
    StringRef name = entry.name;
    if (name.consume_front("models/") && name.consume_back(".json") && !name.contains('/'))
      models.push_back(name);
  }
  if (models.empty())
    return archiveError(archive.path(), "the archive has no model: no entry 'models/*.json'");
  if (models.size() > 1)
    return archiveError(archive.path(),
                        "the archive has " + Twine(models.size()) + " models; only archives of one are supported");
  StringRef model = models.front();
  return ModelEntries{("models/" + model + ".json").str(), ("data/weights/" + model + "_weights_config.json").str(),
                      ("data/constants/" + model + "_constants_config.json").str()};
}

/// Bytes that the view needs of its storage; nothing when that overflows.
static std::optional<uint64_t> neededBytes(const StateTensor &tensor) {
  int64_t last = tensor.storageOffset;
  for (auto [size, stride] : zip(tensor.sizes, tensor.strides)) {
    int64_t extent;
    if (size == 0)
      return 0;
    if (MulOverflow(size - 1, stride, extent) || AddOverflow(last, extent, last))
      return std::nullopt;
  }
  int64_t bytes;
  if (AddOverflow(last, int64_t(1), last) || MulOverflow(last, dtypeSize(tensor.dtype), bytes))
    return std::nullopt;
  return bytes;
}

/// A list of {"as_int": n}, none of them negative.
static SmallVector<int64_t> readInts(JsonReader &json, const json::Value *meta, StringRef key) {
  SmallVector<int64_t> result;
  for (const json::Value &item : json.array(meta, key)) {
    int64_t value = json.integer(&item, "as_int");
    if (value < 0)
      json.fail(&item, "expected a number that is not negative, found " + Twine(value));
    result.push_back(value);
  }
  return result;
}

static void readTensor(const Archive &archive, JsonReader &json, const json::Value *payload, StateTensor &tensor) {
  const json::Value *meta = json.member(payload, "tensor_meta");
  tensor.dtype = convertScalarType(json.integer(meta, "dtype"));
  tensor.sizes = readInts(json, meta, "sizes");
  tensor.strides = readInts(json, meta, "strides");
  tensor.storageOffset = json.integer(json.member(meta, "storage_offset"), "as_int");
  tensor.requiresGrad = json.boolean(json.member(meta, "requires_grad"));
  int64_t layout = json.integer(meta, "layout");
  if (json.failed())
    return;
  if (!isKnownDType(tensor.dtype))
    return json.fail(meta, "tensor '" + tensor.name + "' has dtype code " + Twine(json.integer(meta, "dtype")) +
                               ", which is not supported");
  if (convertLayout(layout) != 0)
    return json.fail(meta, "tensor '" + tensor.name + "' is not strided (layout code " + Twine(layout) +
                               "), which is not supported");
  if (tensor.sizes.size() != tensor.strides.size())
    return json.fail(meta, "tensor '" + tensor.name + "' has " + Twine(tensor.sizes.size()) + " sizes but " +
                               Twine(tensor.strides.size()) + " strides");
  Expected<const ArchiveEntry *> entry = archive.get("data/" + tensor.storage);
  if (!entry)
    return json.fail(payload, toString(entry.takeError()));
  tensor.offset = (*entry)->offset;
  tensor.nbytes = (*entry)->size;
  std::optional<uint64_t> needed = neededBytes(tensor);
  if (tensor.storageOffset < 0 || !needed || *needed > tensor.nbytes)
    return json.fail(payload, "tensor '" + tensor.name + "' needs " + (needed ? Twine(*needed) : Twine("too many")) +
                                  " bytes of entry 'data/" + tensor.storage + "', which has " + Twine(tensor.nbytes));
}

LogicalResult exported::readState(const Archive &archive, StringRef entry, StringRef folder, Location location,
                                  std::vector<StateTensor> &tensors) {
  Expected<StringRef> text = archive.read(entry);
  if (!text)
    return emitError(location) << toString(text.takeError());
  JsonReader json(location, (archive.path() + ": " + entry).str());
  if (failed(json.parse(*text)))
    return failure();
  const json::Value *config = json.member(json.root(), "config");
  // The order of a JSON object's members is that of a hash table.
  SmallVector<StringRef> names;
  for (const auto &[name, payload] : json.object(config))
    names.push_back(name);
  sort(names);
  for (StringRef name : names) {
    const json::Value *payload = json.member(config, name);
    if (json.boolean(json.member(payload, "use_pickle")))
      continue;
    StateTensor tensor;
    tensor.name = name.str();
    StringRef path = json.string(payload, "path_name");
    tensor.storage = (folder + "/" + path).str();
    if (path.empty() || path.contains('/') || path.contains(".."))
      json.fail(payload, "'" + path + "' is not the name of an entry");
    readTensor(archive, json, payload, tensor);
    if (json.failed())
      return failure();
    tensors.push_back(std::move(tensor));
  }
  return failure(json.failed());
}
