//===- Guard.cpp - the input checks of a torch.export archive ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Guard.h"

#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace mlir;
using namespace ingot::exported;
using Kind = GuardExpression::Kind;

static Error unsupported(const GuardExpression &guard, const Twine &why) {
  return createStringError(inconvertibleErrorCode(), "cannot check the guard \"" + guard.str() + "\": " + why);
}

void GuardEmitter::rename(GuardExpression &expression) const {
  if (expression.kind == Kind::Input) {
    auto input = inputs.find(expression.text);
    if (input != inputs.end())
      expression.text = input->second.path;
  }
  for (GuardExpression &operand : expression.operands)
    rename(operand);
}

AffineExpr GuardEmitter::fold(const GuardExpression &expression) const {
  MLIRContext *context = emitter.context;
  if (expression.kind == Kind::Integer)
    return getAffineConstantExpr(expression.integer, context);
  if (expression.kind == Kind::Input || (expression.kind == Kind::Property && expression.text == "size")) {
    bool isSize = expression.kind == Kind::Property;
    auto input = inputs.find(isSize ? expression.operands[0].text : expression.text);
    size_t position = isSize ? expression.integer : 0;
    if (input == inputs.end() || input->second.expressions.size() <= position)
      return nullptr;
    // An input itself is a number only where it is a symbolic int.
    if (!isSize && !input->second.value.getType().isInteger(64))
      return nullptr;
    return input->second.expressions[position];
  }
  if (expression.kind != Kind::Operator || expression.operands.size() != 2)
    return nullptr;
  AffineExpr a = fold(expression.operands[0]), b = fold(expression.operands[1]);
  if (!a || !b)
    return nullptr;
  StringRef op = expression.text;
  auto constant = dyn_cast<AffineConstantExpr>(b);
  if (op == "add")
    return a + b;
  if (op == "sub")
    return a - b;
  if (op == "mul" && (constant || isa<AffineConstantExpr>(a)))
    return a * b;
  if (op == "floordiv" && constant && constant.getValue() > 0)
    return a.floorDiv(constant.getValue());
  if (op == "mod" && constant && constant.getValue() > 0)
    return a % constant.getValue();
  return nullptr;
}

bool GuardEmitter::isImplied(const GuardExpression &guard) const {
  if (guard.kind != Kind::Operator || guard.operands.size() != 2)
    return false;
  if (guard.text == "and_")
    return isImplied(guard.operands[0]) && isImplied(guard.operands[1]);
  if (guard.text == "or_")
    return isImplied(guard.operands[0]) || isImplied(guard.operands[1]);
  AffineExpr a = fold(guard.operands[0]), b = fold(guard.operands[1]);
  if (!a || !b)
    return false;
  StringRef op = guard.text;
  auto difference = dyn_cast<AffineConstantExpr>(a - b);
  if (!difference)
    return false;
  int64_t d = difference.getValue();
  return llvm::StringSwitch<bool>(op)
      .Case("eq", d == 0)
      .Case("ne", d != 0)
      .Case("le", d <= 0)
      .Case("lt", d < 0)
      .Case("ge", d >= 0)
      .Case("gt", d > 0)
      .Default(false);
}

Expected<Value> GuardEmitter::value(const GuardExpression &expression) {
  switch (expression.kind) {
  case Kind::Integer:
    return emitter.integer(expression.integer);
  case Kind::Float:
    return emitter.real(expression.real);
  case Kind::Boolean:
    return emitter.boolean(expression.integer);
  case Kind::String:
  case Kind::None:
    return unsupported(expression, "a string or None is not compared here");
  case Kind::Input: {
    auto input = inputs.find(expression.text);
    if (input == inputs.end())
      return unsupported(expression, "there is no such input");
    return input->second.value;
  }
  case Kind::Property: {
    std::string key = expression.str();
    if (Value known = properties[key])
      return known;
    auto input = inputs.find(expression.operands[0].text);
    if (input == inputs.end() || !isa<script::TensorType>(input->second.value.getType()))
      return unsupported(expression, "there is no such input tensor");
    if (expression.text == "size" &&
        (expression.integer < 0 || size_t(expression.integer) >= input->second.expressions.size()))
      return unsupported(expression, "the input has no such dimension");
    SmallVector<Value> operands = {input->second.value};
    if (expression.text != "storage_offset")
      operands.push_back(emitter.integer(expression.integer));
    StringRef name = llvm::StringSwitch<StringRef>(expression.text)
                         .Case("size", "aten::size.int")
                         .Case("stride", "aten::stride.int")
                         .Default("aten::storage_offset");
    Value result = emitter.aten(name, operands, emitter.intType());
    properties[key] = result;
    return result;
  }
  case Kind::Operator: {
    SmallVector<Value> operands;
    for (const GuardExpression &operand : expression.operands) {
      Expected<Value> part = value(operand);
      if (!part)
        return part.takeError();
      operands.push_back(*part);
    }
    if (Value result = emitter.python(expression.text, operands))
      return result;
    return unsupported(expression, "the operator '" + expression.text + "' is not supported on its operands");
  }
  }
  llvm_unreachable("unknown kind of guard expression");
}

Error GuardEmitter::emit(const GuardExpression &guard, const std::string &message) {
  if (isImplied(guard))
    return Error::success();
  if (guard.kind == Kind::Operator && guard.text == "and_" && guard.operands.size() == 2) {
    // Each part by itself: the second must not run when the first fails.
    if (Error error = emit(guard.operands[0], message))
      return error;
    return emit(guard.operands[1], message);
  }
  Expected<Value> condition = value(guard);
  if (!condition)
    return condition.takeError();
  if (!condition->getType().isInteger(1))
    return unsupported(guard, "it is not a condition");
  Operation *check = emitter.aten("aten::_assert_scalar", {*condition, emitter.string(message)}, TypeRange());
  check->setAttr("script.exception", emitter.builder.getStringAttr("AssertionError"));
  return Error::success();
}
