//===- Types.cpp - TorchScript's types in the script dialect ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Importer.h"

#include <ATen/core/jit_type.h>

using namespace mlir;
namespace s = ingot::script;

namespace ingot::torchscript {

StringAttr Types::name(const c10::NamedType &type) {
  return StringAttr::get(context, type.name() ? type.name()->qualifiedName() : std::string("?"));
}

Type Types::of(const c10::TypePtr &type, Location loc) {
  auto found = cache.find(type.get());
  if (found != cache.end())
    return found->second;
  Type result = convert(type, loc);
  cache[type.get()] = result;
  keepAlive.push_back(type);
  return result;
}

Type Types::convert(const c10::TypePtr &type, Location loc) {
  using Kind = c10::TypeKind;
  auto element = [&](size_t i) { return of(type->containedType(i), loc); };
  switch (type->kind()) {
  case Kind::TensorType:
    return s::TensorType::get(context);
  case Kind::IntType:
  case Kind::SymIntType:
  // TorchScript's values of these are ints.
  case Kind::ScalarTypeType:
  case Kind::LayoutType:
  case Kind::MemoryFormatType:
  case Kind::QSchemeType:
    return IntegerType::get(context, 64);
  case Kind::FloatType:
  case Kind::SymFloatType:
    return Float64Type::get(context);
  case Kind::BoolType:
  case Kind::SymBoolType:
    return IntegerType::get(context, 1);
  case Kind::StringType:
    return s::StrType::get(context);
  case Kind::NoneType:
    return s::NoneType::get(context);
  case Kind::ComplexType:
    return s::ComplexType::get(context);
  case Kind::NumberType:
    return s::NumberType::get(context);
  case Kind::DeviceObjType:
    return s::DeviceType::get(context);
  case Kind::GeneratorType:
    return s::GeneratorType::get(context);
  case Kind::CapsuleType:
    return s::CapsuleType::get(context);
  case Kind::AnyType:
  case Kind::AnyClassType:
  case Kind::AnyEnumType:
    return s::AnyType::get(context);
  case Kind::AnyListType:
    return s::AnyListType::get(context);
  case Kind::AnyTupleType:
    return s::AnyTupleType::get(context);
  case Kind::FunctionType:
    return s::FunctionType::get(context);
  case Kind::ListType:
    return s::ListType::get(element(0));
  case Kind::OptionalType:
    return s::OptionalType::get(element(0));
  case Kind::FutureType:
    return s::FutureType::get(element(0));
  case Kind::AwaitType:
    return s::AwaitType::get(element(0));
  case Kind::DictType: {
    Type key = element(0);
    return s::DictType::get(context, key, element(1));
  }
  case Kind::UnionType: {
    SmallVector<Type> members;
    for (const c10::TypePtr &member : type->containedTypes())
      members.push_back(of(member, loc));
    return s::UnionType::get(context, members);
  }
  case Kind::TupleType: {
    auto tuple = type->expect<c10::TupleType>();
    SmallVector<Type> members;
    for (const c10::TypePtr &member : tuple->elements())
      members.push_back(of(member, loc));
    if (!tuple->schema())
      return s::TupleType::get(context, members);
    SmallVector<Attribute> fields;
    for (const c10::Argument &field : tuple->schema()->arguments())
      fields.push_back(StringAttr::get(context, field.name()));
    return s::TupleType::get(context, members, ArrayAttr::get(context, fields), name(*tuple));
  }
  case Kind::ClassType: {
    auto classType = type->expect<c10::ClassType>();
    StringAttr qualified = name(*classType);
    // The handle of a profiler's region (`with record_function(...)`), which
    // means nothing in native code: an int stands for it, see NodeImporter.
    if (qualified.strref() == "__torch__.torch.classes.profiler._RecordFunction")
      return IntegerType::get(context, 64);
    if (qualified.strref().starts_with("__torch__.torch.classes."))
      offenders.add(loc, "a C++ class (torchbind), '" + qualified.strref() + "', cannot be imported");
    else
      classes.insert({qualified.strref(), classType});
    return s::ObjectType::get(context, qualified);
  }
  case Kind::InterfaceType: {
    auto interface = type->expect<c10::InterfaceType>();
    StringAttr qualified = name(*interface);
    interfaces.insert({qualified.strref(), interface});
    return s::ObjectType::get(context, qualified);
  }
  case Kind::EnumType: {
    auto enumType = type->expect<c10::EnumType>();
    StringAttr qualified = StringAttr::get(context, enumType->qualifiedClassName().qualifiedName());
    if (enums.insert({qualified.strref(), enumType}).second)
      of(enumType->getValueType(), loc);
    return s::EnumType::get(context, qualified);
  }
  default:
    offenders.add(loc, "the type " + type->repr_str() + " cannot be imported");
    return s::AnyType::get(context);
  }
}

} // namespace ingot::torchscript
