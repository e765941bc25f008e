//===- Values.cpp - attributes and constants --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Importer.h"

#include "ingot/Support/DType.h"
#include "mlir/IR/BuiltinAttributes.h"
#include <ATen/core/ivalue.h>

using namespace mlir;
namespace s = ingot::script;

namespace ingot::torchscript {

Value Values::refuse(Location loc, const llvm::Twine &message) {
  offenders.add(loc, message);
  return {};
}

std::pair<Attribute, Type> Values::constant(const c10::IValue &value, Location loc) {
  MLIRContext *context = builder.getContext();
  if (value.isNone())
    return {builder.getUnitAttr(), s::NoneType::get(context)};
  if (value.isBool())
    return {builder.getBoolAttr(value.toBool()), builder.getI1Type()};
  if (value.isInt())
    return {builder.getI64IntegerAttr(value.toInt()), builder.getI64Type()};
  if (value.isDouble())
    return {builder.getF64FloatAttr(value.toDouble()), builder.getF64Type()};
  if (value.isString())
    return {builder.getStringAttr(value.toStringRef()), s::StrType::get(context)};
  if (value.isDevice())
    return {builder.getStringAttr(value.toDevice().str()), s::DeviceType::get(context)};
  if (value.isComplexDouble()) {
    c10::complex<double> number = value.toComplexDouble();
    return {builder.getArrayAttr({builder.getF64FloatAttr(number.real()), builder.getF64FloatAttr(number.imag())}),
            s::ComplexType::get(context)};
  }
  if (value.isEnum()) {
    auto holder = value.toEnumHolder();
    Type type = types.of(holder->type(), loc);
    Attribute member = constant(holder->value(), loc).first;
    if (!member)
      return {};
    return {builder.getArrayAttr({builder.getStringAttr(holder->name()), member}), type};
  }
  if (value.isGenerator())
    return {builder.getI64IntegerAttr(value.toGenerator().current_seed()), s::GeneratorType::get(context)};
  return {};
}

Attribute Values::asAttribute(const c10::IValue &value, Location loc) {
  SmallVector<Attribute> elements;
  auto add = [&](const c10::IValue &element) {
    elements.push_back(asAttribute(element, loc));
    return bool(elements.back());
  };
  if (value.isList()) {
    for (const c10::IValue &element : value.toListRef())
      if (!add(element))
        return {};
    return builder.getArrayAttr(elements);
  }
  if (value.isTuple()) {
    for (const c10::IValue &element : value.toTupleRef().elements())
      if (!add(element))
        return {};
    return builder.getArrayAttr(elements);
  }
  return constant(value, loc).first;
}

/// A tensor that the file does not hold (a class computed it while loading).
static Attribute contentsOf(const at::Tensor &tensor, MLIRContext *context) {
  at::Tensor dense = tensor.detach().resolve_conj().resolve_neg().contiguous();
  int64_t code = static_cast<int64_t>(dense.scalar_type());
  Type element = dtypeToType(code, context);
  if (!element)
    return {};
  SmallVector<int64_t> sizes(dense.sizes().begin(), dense.sizes().end());
  auto type = RankedTensorType::get(sizes, element);
  if (element.isInteger(1)) {
    SmallVector<bool> bits(dense.const_data_ptr<bool>(), dense.const_data_ptr<bool>() + dense.numel());
    return DenseElementsAttr::get(type, bits);
  }
  return DenseElementsAttr::getFromRawBuffer(
      type, ArrayRef<char>(static_cast<const char *>(dense.const_data_ptr()), dense.nbytes()));
}

Value Values::buildTensor(const at::Tensor &tensor, Location loc, const std::string &path) {
  MLIRContext *context = builder.getContext();
  if (!tensor.defined())
    return s::ConstantOp::create(builder, loc, s::NoneType::get(context), builder.getUnitAttr());
  if (tensor.is_quantized())
    return refuse(loc, "'" + path + "' is a quantized tensor");
  if (tensor.layout() != c10::kStrided)
    return refuse(loc, "'" + path + "' is not a strided tensor");
  if (!tensor.device().is_cpu() || !tensor.has_storage())
    return refuse(loc, "'" + path + "' is a tensor without data (device " + tensor.device().str() + ")");
  int64_t code = static_cast<int64_t>(tensor.scalar_type());
  if (!isKnownDType(code))
    return refuse(loc, "'" + path + "' has the dtype " + std::string(c10::toString(tensor.scalar_type())));

  const at::Storage &storage = tensor.storage();
  const StorageRecord *record = storage.nbytes() ? archive.recordOf(storage) : nullptr;
  bool lazyBits = tensor.is_conj() || tensor.is_neg();
  if (lazyBits || (storage.nbytes() && !record)) {
    // Sharing between such tensors has no form here.
    const void *impl = storage.unsafeGetStorageImpl();
    const void *&owner = inlineStorages[impl];
    if (owner && owner != tensor.unsafeGetTensorImpl())
      return refuse(loc, "'" + path +
                             "' shares the storage of another tensor "
                             "that was computed while loading");
    owner = tensor.unsafeGetTensorImpl();
    archive.fill(storage);
    Attribute contents = contentsOf(tensor, context);
    if (!contents)
      return refuse(loc, "'" + path + "' of dtype " + dtypeName(code) + " is computed while loading");
    auto op = s::ConstantOp::create(builder, loc, s::TensorType::get(context), contents);
    if (tensor.requires_grad())
      op->setAttr("requires_grad", builder.getUnitAttr());
    return op;
  }

  std::string key = record ? record->name : "empty/" + path;
  return s::WeightOp::create(
      builder, loc, s::TensorType::get(context), builder.getStringAttr(key), builder.getI64IntegerAttr(code),
      builder.getDenseI64ArrayAttr(SmallVector<int64_t>(tensor.sizes().begin(), tensor.sizes().end())),
      builder.getDenseI64ArrayAttr(SmallVector<int64_t>(tensor.strides().begin(), tensor.strides().end())),
      builder.getI64IntegerAttr(tensor.storage_offset()), builder.getI64IntegerAttr(record ? record->offset : 0),
      builder.getI64IntegerAttr(record ? storage.nbytes() : 0),
      tensor.requires_grad() ? builder.getUnitAttr() : UnitAttr(),
      /*layout=*/StringAttr());
}

Value Values::buildObject(const c10::IValue &value, Location loc, const std::string &path) {
  const c10::ivalue::Object &object = value.toObjectRef();
  c10::ClassTypePtr type = object.type();
  std::string name = type->name() ? type->name()->qualifiedName() : "?";
  if (StringRef(name).starts_with("__torch__.torch.classes."))
    return refuse(loc, "'" + path + "' is a C++ object (torchbind), '" + name + "'");
  SmallVector<Value> attributes;
  SmallVector<Attribute> names, parameters, buffers;
  bool complete = true;
  for (size_t i = 0; i < type->numAttributes(); ++i) {
    std::string slot = type->getAttributeName(i);
    StringAttr attribute = builder.getStringAttr(slot);
    Value built = build(object.getSlot(i), loc, path + "." + slot);
    complete &= bool(built);
    attributes.push_back(built);
    names.push_back(attribute);
    if (!type->is_module())
      continue;
    if (type->is_parameter(i))
      parameters.push_back(attribute);
    if (type->is_buffer(i))
      buffers.push_back(attribute);
  }
  if (!complete)
    return {};
  auto list = [&](ArrayRef<Attribute> of) { return of.empty() ? ArrayAttr() : builder.getArrayAttr(of); };
  return s::ObjectOp::create(builder, loc, types.of(type, loc), attributes, builder.getArrayAttr(names),
                             type->is_module() ? builder.getUnitAttr() : UnitAttr(), list(parameters), list(buffers));
}

Value Values::buildContainer(const c10::IValue &value, Location loc, const std::string &path) {
  SmallVector<Value> elements;
  bool complete = true;
  auto add = [&](const c10::IValue &element, const std::string &where) {
    elements.push_back(build(element, loc, path + "[" + where + "]"));
    complete &= bool(elements.back());
  };
  Type type = types.of(value.type(), loc);
  if (value.isGenericDict()) {
    for (const auto &entry : value.toGenericDict()) {
      add(entry.key(), "key");
      add(entry.value(), entry.key().isString() ? "'" + entry.key().toStringRef() + "'" : "...");
    }
    return complete ? s::DictOp::create(builder, loc, type, elements) : Value();
  }
  if (value.isTuple()) {
    for (const c10::IValue &element : value.toTupleRef().elements())
      add(element, std::to_string(elements.size()));
    return complete ? s::TupleOp::create(builder, loc, type, elements) : Value();
  }
  for (const c10::IValue &element : value.toListRef())
    add(element, std::to_string(elements.size()));
  return complete ? s::ListOp::create(builder, loc, type, elements) : Value();
}

/// What makes two values the same one: null for values without identity.
static const void *identityOf(const c10::IValue &value) {
  if (value.isTensor())
    return value.toTensor().unsafeGetTensorImpl();
  if (value.isObject() || value.isTuple() || value.isList() || value.isGenericDict())
    return value.internalToPointer();
  return nullptr;
}

Value Values::build(const c10::IValue &value, Location loc, const std::string &path) {
  if (auto [attribute, type] = constant(value, loc); attribute)
    return s::ConstantOp::create(builder, loc, type, attribute);
  const void *identity = identityOf(value);
  if (!identity)
    return refuse(loc, "'" + path + "' is a " + value.tagKind() + ", which has no saved form");
  auto [entry, fresh] = built.try_emplace(identity, Value());
  if (!fresh) {
    if (!entry->second && beingBuilt.count(identity))
      return refuse(loc, "'" + path + "' contains itself");
    return entry->second;
  }
  beingBuilt.insert(identity);
  Value result;
  if (value.isTensor())
    result = buildTensor(value.toTensor(), loc, path);
  else if (value.isObject())
    result = buildObject(value, loc, path);
  else
    result = buildContainer(value, loc, path);
  beingBuilt.erase(identity);
  entry->second = result;
  return result;
}

} // namespace ingot::torchscript
