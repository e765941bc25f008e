//===- Inputs.cpp - checks and flattens a call's inputs --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every message names the input (with its path inside containers), what was
// found and what is expected.
#include "library/Call.h"

#include "object/Object.h"
#include "value/Api.h"
#include "value/DType.h"

namespace ingot::rt {

namespace {

/// Where in an input's tree we are; only messages read it.
struct Path {
  const Path *parent;
  const char *name; // of the input, or of an attribute
  const Value *key; // of a dict's entry
  int64_t index;    // of an element

  void print(Text &text) const {
    if (!parent) {
      text << name;
      return;
    }
    parent->print(text);
    if (key && key->kind == INGOT_STRING) {
      text << "['";
      text.add(key->text, key->textSize) << "']";
    } else if (key && key->kind == INGOT_FLOAT) {
      text << "[" << key->real << "]";
    } else if (key) {
      text << "[" << key->integer << "]";
    } else if (name) {
      text << "." << name;
    } else {
      text << "[" << index << "]";
    }
  }
};

class Reader {
public:
  explicit Reader(CallContext &call) : call(call), abi(*call.method->abi) {}

  Status *readInput(int32_t index, Value *value);
  Status *checkOverlaps();

private:
  Status *read(const ingot_abi_type &type, Value *value, const Path &path);
  Status *readTensor(const ingot_abi_type &type, Value *value, const Path &path);
  Status *readNumber(const ingot_abi_type &type, Value *value, const Path &path);
  Status *readChildren(const ingot_abi_type &type, Value *value, const Path &path);
  Status *readDict(const ingot_abi_type &type, Value *value, const Path &path);
  Status *readObject(const ingot_abi_type &type, Value *value, const Path &path);
  Status *checkConstant(const ingot_abi_type &type, Value *value, const Path &path);
  void setDefault(const ingot_abi_type &type);

  INGOT_NOINLINE void describe(const ingot_abi_type &type, Text &text);
  INGOT_NOINLINE Status *mismatch(const ingot_abi_type &type, const Value *value, const Path &path,
                                  const char *detail = nullptr);
  INGOT_NOINLINE Status *badSize(const ingot_abi_type &type, const Value *value, const Path &path, int32_t dim);

  CallContext &call;
  const ingot_abi_method &abi;
  int32_t input = 0;
  bool hasDefault = false;
};

//===----------------------------------------------------------------------===//
// Messages
//===----------------------------------------------------------------------===//

void Reader::describe(const ingot_abi_type &type, Text &text) {
  if (type.leaf_source == INGOT_ABI_LEAF_CONSTANT && !(hasDefault && type.leaf >= 0)) {
    text << "the constant ";
    switch (type.kind) {
    case INGOT_ABI_KIND_INT:
      text << type.i;
      return;
    case INGOT_ABI_KIND_BOOL:
      text << (type.i ? "True" : "False");
      return;
    case INGOT_ABI_KIND_FLOAT:
      text << type.f;
      return;
    case INGOT_ABI_KIND_DTYPE:
      text << dtypeName(int32_t(type.i));
      return;
    case INGOT_ABI_KIND_STRING:
    case INGOT_ABI_KIND_DEVICE:
      text << "'" << type.name << "'";
      return;
    default:
      break;
    }
  }
  if (type.leaf_source == INGOT_ABI_LEAF_OBJECT && (type.kind != INGOT_ABI_KIND_TENSOR || type.dtype < 0)) {
    if (type.kind == INGOT_ABI_KIND_OPTIONAL)
      return describe(type.children[0], text << "None or ");
    text << (type.kind == INGOT_ABI_KIND_ANY ? "any value" : kindName(type.kind));
    if (type.kind == INGOT_ABI_KIND_LIST)
      describe(type.children[0], text << " of ");
    return;
  }
  if (type.kind != INGOT_ABI_KIND_TENSOR) {
    text << kindName(type.kind);
    if (type.kind == INGOT_ABI_KIND_LIST || type.kind == INGOT_ABI_KIND_TUPLE)
      text << " of " << type.n_children;
    if (type.kind == INGOT_ABI_KIND_DICT)
      text << " of " << type.n_children / 2;
    if (type.kind == INGOT_ABI_KIND_OBJECT && type.name)
      text << " of class " << type.name;
    return;
  }
  const char *name = dtypeName(type.dtype);
  text << (name ? name : "tensor") << "[";
  for (int32_t d = 0; d < type.rank; ++d) {
    if (d)
      text << ", ";
    int64_t size = type.sizes ? type.sizes[d] : INT64_MIN;
    if (size >= 0)
      text << size;
    else if (size == INT64_MIN || -1 - size >= abi.n_symbols)
      text << "?";
    else
      text << abi.symbols[-1 - size].name;
  }
  text << "]";
}

Status *Reader::mismatch(const ingot_abi_type &type, const Value *value, const Path &path, const char *detail) {
  Text text;
  text << "input '";
  path.print(text);
  text << "': expected ";
  describe(type, text);
  text << ", found ";
  if (value)
    describeValue(value, text);
  else
    text << "nothing";
  if (detail)
    text << ": " << detail;
  return makeStatus(INGOT_INVALID_ARGUMENT, text);
}

Status *Reader::badSize(const ingot_abi_type &type, const Value *value, const Path &path, int32_t dim) {
  int64_t found = value->tensor.sizes[dim], expected = type.sizes[dim];
  Text text;
  text << "size " << dim << " is " << found << ", expected ";
  if (expected >= 0) {
    text << expected;
  } else {
    int64_t k = -1 - expected;
    const ingot_abi_symbol &symbol = abi.symbols[k];
    int64_t bound = call.symbols[size_t(k)];
    if (bound != CallContext::kUnbound && bound != found) {
      text << symbol.name << " = " << bound << ", as in input '" << abi.inputs[call.symbolInputs[size_t(k)]].name
           << "'";
    } else {
      text << symbol.name;
      if (found < symbol.min)
        text << " >= " << symbol.min;
      else
        text << " <= " << symbol.max;
    }
  }
  return mismatch(type, value, path, text.str());
}

//===----------------------------------------------------------------------===//
// Leaves
//===----------------------------------------------------------------------===//

Status *Reader::readTensor(const ingot_abi_type &type, Value *value, const Path &path) {
  if (INGOT_UNLIKELY(value->kind != INGOT_TENSOR))
    return mismatch(type, value, path);
  const ingot_abi_tensor &tensor = value->tensor;
  if (INGOT_UNLIKELY(tensor.dtype != type.dtype))
    return mismatch(type, value, path, "the dtype differs");
  if (INGOT_UNLIKELY(tensor.rank != type.rank))
    return mismatch(type, value, path, "the rank differs");
  for (int32_t d = 0; type.sizes && d < type.rank; ++d) {
    int64_t expected = type.sizes[d], found = tensor.sizes[d];
    if (expected >= 0) {
      if (INGOT_UNLIKELY(found != expected))
        return badSize(type, value, path, d);
    } else if (expected != INT64_MIN) {
      auto k = size_t(-1 - expected);
      if (call.symbols[k] == CallContext::kUnbound) {
        if (INGOT_UNLIKELY(found < abi.symbols[k].min || found > abi.symbols[k].max))
          return badSize(type, value, path, d);
        call.symbols[k] = found;
        call.symbolInputs[k] = input;
      } else if (INGOT_UNLIKELY(call.symbols[k] != found)) {
        return badSize(type, value, path, d);
      }
    }
  }
  int32_t access = abi.inputs[input].access;
  if (INGOT_UNLIKELY((access & INGOT_ABI_INPUT_ROW_MAJOR) && !isDense(tensor.sizes, tensor.strides, tensor.rank)))
    return mismatch(type, value, path,
                    "the method reads its strides, or writes through a reshape "
                    "of it: it must be row-major");
  if (INGOT_UNLIKELY((access & INGOT_ABI_INPUT_MUTATED) && static_cast<Storage *>(tensor.storage)->readOnly))
    return mismatch(type, value, path, "the method writes this input, and its memory is read-only");
  call.leaves[size_t(type.leaf)].tensor = tensor;
  return nullptr;
}

Status *Reader::readNumber(const ingot_abi_type &type, Value *value, const Path &path) {
  ingot_abi_leaf &leaf = call.leaves[size_t(type.leaf)];
  int32_t kind = value->kind;
  switch (type.kind) {
  case INGOT_ABI_KIND_BOOL:
    if (kind != type.kind)
      return mismatch(type, value, path);
    leaf.i = value->integer;
    return nullptr;
  case INGOT_ABI_KIND_INT: // dtypes are ints in TorchScript
  case INGOT_ABI_KIND_DTYPE:
    if (kind != INGOT_DTYPE && kind != INGOT_INT)
      return mismatch(type, value, path);
    leaf.i = value->integer;
    return nullptr;
  case INGOT_ABI_KIND_FLOAT: // Python's numeric tower
    if (kind != INGOT_FLOAT && kind != INGOT_INT)
      return mismatch(type, value, path);
    leaf.f = kind == INGOT_FLOAT ? value->real : double(value->integer);
    return nullptr;
  case INGOT_ABI_KIND_COMPLEX:
    if (kind != INGOT_COMPLEX && kind != INGOT_FLOAT && kind != INGOT_INT)
      return mismatch(type, value, path);
    if (kind == INGOT_COMPLEX)
      leaf.c = {value->re, value->im};
    else
      leaf.c = {kind == INGOT_FLOAT ? value->real : double(value->integer), 0};
    return nullptr;
  default:
    if (kind != type.kind)
      return mismatch(type, value, path);
    leaf.s = {value->text, int64_t(value->textSize)};
    return nullptr;
  }
}

/// An input that was fixed at compile time must be what it was then.
Status *Reader::checkConstant(const ingot_abi_type &type, Value *value, const Path &path) {
  bool same = value->kind == type.kind;
  if (same) {
    switch (type.kind) {
    case INGOT_ABI_KIND_INT:
    case INGOT_ABI_KIND_BOOL:
    case INGOT_ABI_KIND_DTYPE:
      same = value->integer == type.i;
      break;
    case INGOT_ABI_KIND_FLOAT:
      same = memcmp(&value->real, &type.f, sizeof(double)) == 0 || value->real == type.f;
      break;
    case INGOT_ABI_KIND_COMPLEX: {
      double imaginary;
      memcpy(&imaginary, &type.i, sizeof imaginary);
      same = value->re == type.f && value->im == imaginary;
      break;
    }
    case INGOT_ABI_KIND_STRING:
    case INGOT_ABI_KIND_DEVICE:
      same = strlen(type.name) == value->textSize && memcmp(type.name, value->text, value->textSize) == 0;
      break;
    default:
      break;
    }
  }
  return same ? nullptr : mismatch(type, value, path, "the library was compiled for this value");
}

void Reader::setDefault(const ingot_abi_type &type) {
  for (int32_t i = 0; i < type.n_children; ++i)
    setDefault(type.children[i]);
  if (type.leaf < 0)
    return;
  ingot_abi_leaf &leaf = call.leaves[size_t(type.leaf)];
  if (type.leaf_source == INGOT_ABI_LEAF_OBJECT)
    leaf.object = noneObject(); // the only default of an object
  if (type.leaf_source != INGOT_ABI_LEAF_CONSTANT)
    return;
  switch (type.kind) {
  case INGOT_ABI_KIND_INT:
  case INGOT_ABI_KIND_BOOL:
  case INGOT_ABI_KIND_DTYPE:
    leaf.i = type.i;
    break;
  case INGOT_ABI_KIND_FLOAT:
    leaf.f = type.f;
    break;
  case INGOT_ABI_KIND_COMPLEX:
    leaf.c.re = type.f;
    memcpy(&leaf.c.im, &type.i, sizeof leaf.c.im);
    break;
  case INGOT_ABI_KIND_STRING:
  case INGOT_ABI_KIND_DEVICE:
    leaf.s = {type.name, int64_t(strlen(type.name))};
    break;
  default:
    break;
  }
}

//===----------------------------------------------------------------------===//
// Containers
//===----------------------------------------------------------------------===//

Status *Reader::readChildren(const ingot_abi_type &type, Value *value, const Path &path) {
  // A tuple is taken for a list, as in PyTorch.
  bool fits = value->kind == type.kind || (type.kind == INGOT_ABI_KIND_LIST && value->kind == INGOT_TUPLE);
  if (!fits || value->count != size_t(type.n_children))
    return mismatch(type, value, path);
  for (int32_t i = 0; i < type.n_children; ++i) {
    Path child = {&path, nullptr, nullptr, i};
    if (Status *status = read(type.children[i], value->items[i], child))
      return status;
  }
  return nullptr;
}

static bool isKey(const ingot_abi_type &type, const Value *key) {
  switch (type.kind) {
  case INGOT_ABI_KIND_STRING:
    return key->kind == INGOT_STRING && strlen(type.name) == key->textSize &&
           memcmp(type.name, key->text, key->textSize) == 0;
  case INGOT_ABI_KIND_FLOAT:
    return key->kind != INGOT_STRING && (key->kind == INGOT_FLOAT ? key->real : double(key->integer)) == type.f;
  default:
    return key->kind != INGOT_STRING &&
           (key->kind == INGOT_FLOAT ? key->real == double(type.i) : key->integer == type.i);
  }
}

Status *Reader::readDict(const ingot_abi_type &type, Value *value, const Path &path) {
  auto count = size_t(type.n_children) / 2;
  if (value->kind != INGOT_DICT || value->count != count)
    return mismatch(type, value, path);
  for (size_t i = 0; i < count; ++i) {
    const ingot_abi_type &keyType = type.children[2 * i];
    // Mostly the order is that of the type.
    size_t at = i;
    if (!isKey(keyType, value->keys[at]))
      for (at = 0; at < count && !isKey(keyType, value->keys[at]); ++at)
        ;
    if (at == count) {
      Text text;
      text << "there is no key ";
      if (keyType.kind == INGOT_ABI_KIND_STRING)
        text << "'" << keyType.name << "'";
      else if (keyType.kind == INGOT_ABI_KIND_FLOAT)
        text << keyType.f;
      else
        text << keyType.i;
      return mismatch(type, value, path, text.str());
    }
    Path child = {&path, nullptr, value->keys[at], 0};
    if (Status *status = read(type.children[2 * i + 1], value->items[at], child))
      return status;
  }
  return nullptr;
}

/// Whether a value has the type of a tree of run-time structure.
Status *Reader::readObject(const ingot_abi_type &type, Value *value, const Path &path) {
  int32_t kind = value->kind;
  switch (type.kind) {
  case INGOT_ABI_KIND_ANY:
    return kind == INGOT_OBJECT || kind == INGOT_FUTURE || kind == INGOT_AWAIT ? mismatch(type, value, path) : nullptr;
  case INGOT_ABI_KIND_OPTIONAL:
    return kind == INGOT_NONE ? nullptr : readObject(type.children[0], value, path);
  case INGOT_ABI_KIND_LIST: // a tuple will do, as in PyTorch
    if (kind != INGOT_LIST && kind != INGOT_TUPLE)
      return mismatch(type, value, path);
    for (size_t i = 0; i < value->count; ++i) {
      Path child = {&path, nullptr, nullptr, int64_t(i)};
      if (Status *status = readObject(type.children[0], value->items[i], child))
        return status;
    }
    return nullptr;
  case INGOT_ABI_KIND_TUPLE:
    if (kind != INGOT_TUPLE || value->count != size_t(type.n_children))
      return mismatch(type, value, path);
    for (int32_t i = 0; i < type.n_children; ++i) {
      Path child = {&path, nullptr, nullptr, i};
      if (Status *status = readObject(type.children[i], value->items[i], child))
        return status;
    }
    return nullptr;
  case INGOT_ABI_KIND_DICT:
    if (kind != INGOT_DICT)
      return mismatch(type, value, path);
    for (size_t i = 0; i < value->count; ++i) {
      Path child = {&path, nullptr, value->keys[i], 0};
      if (Status *status = readObject(type.children[0], value->keys[i], child))
        return status;
      if (Status *status = readObject(type.children[1], value->items[i], child))
        return status;
    }
    return nullptr;
  case INGOT_ABI_KIND_TENSOR:
    if (kind != INGOT_TENSOR)
      return mismatch(type, value, path);
    if (type.dtype >= 0 && type.dtype != value->tensor.dtype)
      return mismatch(type, value, path, "the dtype differs");
    if (type.dtype >= 0 && type.rank != value->tensor.rank)
      return mismatch(type, value, path, "the rank differs");
    return nullptr;
  case INGOT_ABI_KIND_FLOAT:
    return kind == INGOT_FLOAT || kind == INGOT_INT ? nullptr : mismatch(type, value, path);
  case INGOT_ABI_KIND_COMPLEX:
    return kind == INGOT_COMPLEX || kind == INGOT_FLOAT || kind == INGOT_INT ? nullptr : mismatch(type, value, path);
  case INGOT_ABI_KIND_INT: // dtypes are ints in TorchScript
  case INGOT_ABI_KIND_DTYPE:
    return kind == INGOT_INT || kind == INGOT_DTYPE ? nullptr : mismatch(type, value, path);
  default:
    return kind == type.kind ? nullptr : mismatch(type, value, path);
  }
}

Status *Reader::read(const ingot_abi_type &type, Value *value, const Path &path) {
  if (type.leaf_source == INGOT_ABI_LEAF_OBJECT) {
    call.leafValues[size_t(type.leaf)] = value;
    if (Status *status = readObject(type, value, path))
      return status;
    Slot slot;
    if (!importSlot(call, type, value, slot))
      return outOfMemory();
    call.leaves[size_t(type.leaf)].object = objectOf(slot);
    return nullptr;
  }
  if (type.leaf_source == INGOT_ABI_LEAF_CONSTANT && !(hasDefault && type.leaf >= 0) && type.n_children == 0)
    return checkConstant(type, value, path);
  switch (type.kind) {
  case INGOT_ABI_KIND_TENSOR:
    call.leafValues[size_t(type.leaf)] = value;
    return readTensor(type, value, path);
  case INGOT_ABI_KIND_NONE:
    return value->kind == INGOT_NONE ? nullptr : mismatch(type, value, path);
  case INGOT_ABI_KIND_LIST:
  case INGOT_ABI_KIND_TUPLE:
    return readChildren(type, value, path);
  case INGOT_ABI_KIND_DICT:
    return readDict(type, value, path);
  case INGOT_ABI_KIND_OBJECT: {
    if (value->kind != INGOT_OBJECT)
      return mismatch(type, value, path);
    for (int32_t i = 0; i < type.n_children; ++i) {
      Value *attribute = nullptr;
      for (size_t k = 0; type.names && k < value->count && !attribute; ++k)
        if (const char *name = valueName(value, k))
          attribute = strcmp(name, type.names[i]) == 0 ? value->items[k] : nullptr;
      Path child = {&path, type.names ? type.names[i] : "?", nullptr, 0};
      if (!attribute)
        return mismatch(type.children[i], nullptr, child);
      if (Status *status = read(type.children[i], attribute, child))
        return status;
    }
    return nullptr;
  }
  default:
    call.leafValues[size_t(type.leaf)] = value;
    return readNumber(type, value, path);
  }
}

Status *Reader::readInput(int32_t index, Value *value) {
  const ingot_abi_input &declared = abi.inputs[index];
  input = index;
  hasDefault = declared.has_default;
  Path path = {nullptr, declared.name, nullptr, 0};
  if (INGOT_LIKELY(value != nullptr))
    return read(*declared.type, value, path);
  if (!hasDefault)
    return mismatch(*declared.type, nullptr, path);
  setDefault(*declared.type);
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Overlaps
//===----------------------------------------------------------------------===//

/// Generated code writes a mutated input at its end and reads the others until
/// then, so their memory must be apart.
Status *Reader::checkOverlaps() {
  const bool *mutated = call.method->leafMutated;
  for (int32_t i = 0; i < abi.n_input_leaves; ++i) {
    if (!mutated[i] || !call.leafValues[size_t(i)])
      continue;
    const ingot_abi_tensor &written = call.leaves[size_t(i)].tensor;
    if (isExpanded(written))
      return makeStatus(INGOT_PROGRAM_ERROR,
                        "unsupported operation: more than one element of the "
                        "written-to tensor refers to a single "
                        "memory location. Please clone() the tensor before "
                        "performing the operation.",
                        "RuntimeError");
    Extent extent = extentOf(written);
    for (int32_t k = 0; k < abi.n_input_leaves; ++k) {
      Value *other = k == i ? nullptr : call.leafValues[size_t(k)];
      if (other && other->kind == INGOT_TENSOR && extent.overlaps(extentOf(other->tensor)))
        return makeStatus(INGOT_UNSUPPORTED, "an input that the method writes shares memory with another input");
    }
  }
  return nullptr;
}

} // namespace

Status *flattenInputs(CallContext &call, Value *const *inputs, size_t count) {
  const ingot_abi_method &abi = *call.method->abi;
  if (INGOT_UNLIKELY(count > size_t(abi.n_inputs))) {
    Text text;
    text << "the method '" << abi.name << "' takes " << abi.n_inputs << " inputs, " << uint64_t(count) << " are given";
    return makeStatus(INGOT_INVALID_ARGUMENT, text);
  }
  if (INGOT_UNLIKELY(count && !inputs))
    return makeStatus(INGOT_INVALID_ARGUMENT, "the inputs are NULL");
  Reader reader(call);
  for (int32_t i = 0; i < abi.n_inputs; ++i)
    if (Status *status = reader.readInput(i, size_t(i) < count ? inputs[i] : nullptr))
      return status;
  return INGOT_UNLIKELY(call.method->leafMutated != nullptr) ? reader.checkOverlaps() : nullptr;
}

} // namespace ingot::rt
