//===- Emitter.cpp - builds script ops --------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Emitter.h"

#include "ingot/Support/DType.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace mlir;
using namespace ingot;
using namespace ingot::exported;

//===----------------------------------------------------------------------===//
// Enumerations of the archive
//===----------------------------------------------------------------------===//

// torch/_export/serde/schema.py numbers dtypes, layouts and memory formats its
// own way; ours are those of c10.

int64_t exported::convertScalarType(int64_t code) {
  // Index is the archive's code; 0 is UNKNOWN, 16 to 27 do not exist.
  static constexpr int64_t codes[] = {-1, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 15, -1, -1, -1, -1,
                                      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 27, 24, 23, 26, 25, 44, 28, 29};
  if (code < 0 || code >= int64_t(std::size(codes)))
    return -1;
  return codes[code];
}

int64_t exported::convertLayout(int64_t code) {
  // Unknown, SparseCoo, SparseCsr, SparseCsc, SparseBsr, SparseBsc, mkldnn,
  // Strided.
  static constexpr int64_t codes[] = {-1, 1, 2, 4, 5, 6, 3, 0};
  return code < 0 || code >= int64_t(std::size(codes)) ? -1 : codes[code];
}

int64_t exported::convertMemoryFormat(int64_t code) {
  // Unknown, Contiguous, ChannelsLast, ChannelsLast3d, Preserve.
  static constexpr int64_t codes[] = {-1, 0, 2, 3, 1};
  return code < 0 || code >= int64_t(std::size(codes)) ? -1 : codes[code];
}

//===----------------------------------------------------------------------===//
// Types and constants
//===----------------------------------------------------------------------===//

mlir::Type Emitter::convert(const schema::Type &type) {
  using schema::TypeKind;
  switch (type.kind) {
  case TypeKind::Tensor:
    return tensorType();
  case TypeKind::Int:
  case TypeKind::SymInt:
  case TypeKind::ScalarType:
  case TypeKind::Layout:
  case TypeKind::MemoryFormat:
    return intType();
  case TypeKind::Float:
    return floatType();
  case TypeKind::Bool:
    return boolType();
  case TypeKind::Complex:
    return script::ComplexType::get(context);
  case TypeKind::Scalar:
    return script::NumberType::get(context);
  case TypeKind::Str:
    return strType();
  case TypeKind::Device:
    return script::DeviceType::get(context);
  case TypeKind::Generator:
    return script::GeneratorType::get(context);
  case TypeKind::None:
    return noneType();
  case TypeKind::List:
    return listOf(convert(type.elements[0]));
  case TypeKind::Optional:
    return optionalOf(convert(type.elements[0]));
  case TypeKind::Future:
    return script::FutureType::get(context, convert(type.elements[0]));
  case TypeKind::Await:
    return script::AwaitType::get(context, convert(type.elements[0]));
  case TypeKind::Dict:
    return script::DictType::get(context, convert(type.elements[0]), convert(type.elements[1]));
  case TypeKind::Tuple: {
    SmallVector<mlir::Type> types;
    for (const schema::Type &element : type.elements)
      types.push_back(convert(element));
    return script::TupleType::get(context, types);
  }
  case TypeKind::Class:
    return script::ObjectType::get(context, StringAttr::get(context, type.name));
  case TypeKind::Storage:
  case TypeKind::Stream:
  case TypeKind::RRef:
  case TypeKind::Var:
  case TypeKind::Any:
    return script::AnyType::get(context);
  }
  llvm_unreachable("unknown kind of schema type");
}

Value Emitter::constant(mlir::Type type, Attribute value) {
  return script::ConstantOp::create(builder, loc, type, value);
}
Value Emitter::none() { return constant(noneType(), builder.getUnitAttr()); }
Value Emitter::integer(int64_t value) { return constant(intType(), builder.getI64IntegerAttr(value)); }
Value Emitter::real(double value) { return constant(floatType(), builder.getF64FloatAttr(value)); }
Value Emitter::boolean(bool value) { return constant(boolType(), builder.getBoolAttr(value)); }
Value Emitter::string(StringRef value) { return constant(strType(), builder.getStringAttr(value)); }
Value Emitter::device(StringRef value) {
  return constant(script::DeviceType::get(context), builder.getStringAttr(value));
}
Value Emitter::complex(double real, double imaginary) {
  return constant(script::ComplexType::get(context),
                  builder.getArrayAttr({builder.getF64FloatAttr(real), builder.getF64FloatAttr(imaginary)}));
}
Value Emitter::list(mlir::Type element, ValueRange values) {
  return script::ListOp::create(builder, loc, listOf(element), values);
}

Value Emitter::defaultValue(const schema::Argument &argument) {
  const schema::Type &type = argument.type.stripOptional();
  return std::visit(
      [&](const auto &value) -> Value {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>)
          return none();
        else if constexpr (std::is_same_v<T, int64_t>)
          return type.kind == schema::TypeKind::Float ? real(value) : integer(value);
        else if constexpr (std::is_same_v<T, double>)
          return real(value);
        else if constexpr (std::is_same_v<T, bool>)
          return boolean(value);
        else if constexpr (std::is_same_v<T, std::string>)
          return string(value);
        else {
          SmallVector<Value> values;
          for (auto element : value) {
            if constexpr (std::is_same_v<T, std::vector<int64_t>>)
              values.push_back(integer(element));
            else if constexpr (std::is_same_v<T, std::vector<double>>)
              values.push_back(real(element));
            else
              values.push_back(boolean(element));
          }
          mlir::Type element = type.isList() ? convert(type.elements[0]) : intType();
          return list(element, values);
        }
      },
      argument.defaultValue->value);
}

Operation *Emitter::aten(StringRef name, ValueRange operands, TypeRange results) {
  return script::AtenOp::create(builder, loc, results, name, operands);
}

//===----------------------------------------------------------------------===//
// Python's operators on symbolic numbers
//===----------------------------------------------------------------------===//

Value Emitter::toFloat(Value value) {
  if (value.getType().isF64())
    return value;
  bool isBool = value.getType().isInteger(1);
  return aten(isBool ? "aten::Float.bool" : "aten::Float.int", {value}, floatType());
}

Value Emitter::python(StringRef op, ArrayRef<Value> operands) {
  auto isNumber = [](Value value) {
    return value.getType().isInteger(64) || value.getType().isF64() || value.getType().isInteger(1);
  };
  if (!all_of(operands, isNumber))
    return nullptr;
  if (operands.size() == 1)
    return pythonUnary(op, operands[0]);
  if (operands.size() == 2)
    return pythonBinary(op, operands[0], operands[1]);
  if (operands.size() == 3 && op == "sym_ite" && operands[0].getType().isInteger(1)) {
    Value a = operands[1], b = operands[2];
    if (a.getType() != b.getType()) {
      a = toFloat(a);
      b = toFloat(b);
    }
    auto choice = script::IfOp::create(builder, loc, TypeRange(a.getType()), operands[0]);
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&choice.getThenRegion());
    script::YieldOp::create(builder, loc, a);
    builder.createBlock(&choice.getElseRegion());
    script::YieldOp::create(builder, loc, b);
    return choice.getResult(0);
  }
  return nullptr;
}

Value Emitter::pythonUnary(StringRef op, Value operand) {
  mlir::Type type = operand.getType();
  bool isFloat = type.isF64();
  if (op == "sym_not" || op == "not_")
    return type.isInteger(1) ? aten("aten::__not__", {operand}, boolType()) : nullptr;
  if (op == "sym_float")
    return toFloat(operand);
  if (op == "sym_sqrt" || op == "_sym_sqrt" || op == "sqrt")
    return aten("aten::sqrt.float", {toFloat(operand)}, floatType());
  if (type.isInteger(1))
    operand = aten("aten::Int.bool", {operand}, intType());
  if (op == "pos")
    return operand;
  if (op == "neg")
    return aten(isFloat ? "aten::neg.float" : "aten::neg.int", {operand}, operand.getType());
  if (op == "abs")
    return aten(isFloat ? "prim::abs.float" : "prim::abs.int", {operand}, operand.getType());
  // The rest turn a float into an int, and leave an int as it is.
  StringRef name = llvm::StringSwitch<StringRef>(op)
                       .Cases({"sym_int", "trunc"}, "aten::Int.float")
                       .Case("floor", "aten::floor.float")
                       .Case("ceil", "aten::ceil.float")
                       .Default("");
  if (name.empty())
    return nullptr;
  return isFloat ? aten(name, {operand}, intType()) : operand;
}

Value Emitter::pythonBinary(StringRef op, Value a, Value b) {
  bool bothBool = a.getType().isInteger(1) && b.getType().isInteger(1);
  StringRef logical = llvm::StringSwitch<StringRef>(op)
                          .Case("and_", "aten::__and__.bool")
                          .Case("or_", "aten::__or__.bool")
                          .Case("xor", "aten::__xor__.bool")
                          .Case("eq", "aten::eq.bool")
                          .Case("ne", "aten::ne.bool")
                          .Default("");
  if (bothBool && !logical.empty())
    return aten(logical, {a, b}, boolType());
  auto toNumber = [&](Value value) {
    return value.getType().isInteger(1) ? aten("aten::Int.bool", {value}, intType()) : value;
  };
  a = toNumber(a);
  b = toNumber(b);
  bool isFloat = a.getType().isF64() || b.getType().isF64();
  if (isFloat) {
    a = toFloat(a);
    b = toFloat(b);
  }
  if (op == "truediv")
    return aten(isFloat ? "aten::div.float" : "aten::div.int", {a, b}, floatType());
  if (op == "pow")
    return aten(isFloat ? "aten::pow.float" : "aten::pow.int_to_int", {a, b}, a.getType());
  StringRef base = llvm::StringSwitch<StringRef>(op)
                       .Case("add", "aten::add")
                       .Case("sub", "aten::sub")
                       .Case("mul", "aten::mul")
                       .Case("floordiv", "aten::floordiv")
                       .Case("mod", "aten::remainder")
                       .Cases({"sym_max", "max"}, "prim::max")
                       .Cases({"sym_min", "min"}, "prim::min")
                       .Case("eq", "aten::eq")
                       .Case("ne", "aten::ne")
                       .Case("lt", "aten::lt")
                       .Case("le", "aten::le")
                       .Case("gt", "aten::gt")
                       .Case("ge", "aten::ge")
                       .Default("");
  bool compares = llvm::StringSwitch<bool>(op).Cases({"eq", "ne", "lt", "le", "gt", "ge"}, true).Default(false);
  if (!base.empty())
    return aten((base + (isFloat ? ".float" : ".int")).str(), {a, b}, compares ? boolType() : a.getType());
  StringRef bits = llvm::StringSwitch<StringRef>(op)
                       .Case("and_", "aten::__and__.int")
                       .Case("or_", "aten::__or__.int")
                       .Case("xor", "aten::__xor__.int")
                       .Case("lshift", "aten::__lshift__.int")
                       .Case("rshift", "aten::__rshift__.int")
                       .Default("");
  return bits.empty() || isFloat ? nullptr : aten(bits, {a, b}, intType());
}
