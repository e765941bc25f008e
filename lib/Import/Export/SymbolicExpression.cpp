//===- SymbolicExpression.cpp - sizes as sympy writes them ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "SymbolicExpression.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlir;
using namespace ingot::exported;

namespace {
class Parser {
public:
  Parser(StringRef text) : text(text), rest(text) {}

  Expected<SymbolicExpression> parse() {
    SymbolicExpression result;
    if (parseExpression(result, 0) && rest.ltrim().empty())
      return result;
    return createStringError(inconvertibleErrorCode(), "cannot read the size expression \"" + text.str() + "\"");
  }

private:
  StringRef text, rest;

  bool consume(char c) {
    rest = rest.ltrim();
    return rest.consume_front(StringRef(&c, 1));
  }

  bool parseExpression(SymbolicExpression &into, unsigned depth) {
    // The parser is recursive and the text comes from a file.
    if (depth > 200)
      return false;
    rest = rest.ltrim();
    StringRef token = rest.take_while([](char c) { return isAlnum(c) || c == '_'; });
    if (token.empty() && !rest.starts_with("-"))
      return false;
    int64_t value;
    if (rest.starts_with("-") || isDigit(token.front())) {
      into.head = "Integer";
      if (rest.consumeInteger(10, value))
        return false;
      into.value = value;
      return true;
    }
    rest = rest.drop_front(token.size());
    into.head = token.str();
    if (!consume('('))
      return true; // true, false, oo
    if (consume(')'))
      return true;
    if (token == "Symbol" || token == "Dummy" || token == "Float")
      return parseQuoted(into) && skipKeywords();
    if (token == "Integer") {
      rest = rest.ltrim();
      if (rest.consumeInteger(10, into.value))
        return false;
      return consume(')');
    }
    do {
      if (!parseExpression(into.operands.emplace_back(), depth + 1))
        return false;
    } while (consume(','));
    return consume(')');
  }

  bool parseQuoted(SymbolicExpression &into) {
    rest = rest.ltrim();
    char quote = rest.empty() ? '\0' : rest.front();
    if (quote != '\'' && quote != '"')
      return false;
    rest = rest.drop_front();
    size_t end = rest.find(quote);
    if (end == StringRef::npos || end == 0)
      return false;
    into.symbol = rest.take_front(end).str();
    rest = rest.drop_front(end + 1);
    return true;
  }

  /// ", positive=True, integer=True)"
  bool skipKeywords() {
    while (consume(',')) {
      rest = rest.ltrim();
      StringRef keyword = rest.take_while([](char c) { return isAlnum(c) || c == '_' || c == '='; });
      if (!keyword.contains('='))
        return false;
      rest = rest.drop_front(keyword.size());
    }
    return consume(')');
  }
};
} // namespace

Expected<SymbolicExpression> ingot::exported::parseSymbolicExpression(StringRef text) { return Parser(text).parse(); }

std::string SymbolicExpression::str() const {
  if (head == "Symbol" || head == "Float" || head == "Dummy")
    return symbol;
  if (head == "Integer")
    return std::to_string(value);
  auto infix = [&](StringRef op, bool parens) {
    std::string result;
    for (const SymbolicExpression &operand : operands) {
      if (!result.empty())
        result += op.str();
      bool nested = parens && operand.operands.size() > 1;
      result += nested ? "(" + operand.str() + ")" : operand.str();
    }
    return result;
  };
  if (head == "Add")
    return infix(" + ", false);
  if (head == "Mul")
    return infix("*", true);
  if (head == "FloorDiv" && operands.size() == 2)
    return infix("//", true);
  if (head == "Mod" && operands.size() == 2)
    return infix("%", true);
  std::string result = head;
  if (!operands.empty()) {
    result += "(";
    for (const SymbolicExpression &operand : operands)
      result += (&operand == operands.data() ? "" : ", ") + operand.str();
    result += ")";
  }
  return result;
}

std::optional<LinearForm> ingot::exported::toLinear(const SymbolicExpression &expression) {
  LinearForm form;
  if (expression.isSymbol()) {
    form.coefficients[expression.symbol] = 1;
    return form;
  }
  if (expression.head == "Integer") {
    form.constant = expression.value;
    return form;
  }
  if (expression.head == "Identity" && expression.operands.size() == 1)
    return toLinear(expression.operands[0]);
  if (expression.head == "Add") {
    for (const SymbolicExpression &operand : expression.operands) {
      std::optional<LinearForm> part = toLinear(operand);
      if (!part || AddOverflow(form.constant, part->constant, form.constant))
        return std::nullopt;
      for (auto &[symbol, coefficient] : part->coefficients) {
        int64_t &sum = form.coefficients[symbol];
        if (AddOverflow(sum, coefficient, sum))
          return std::nullopt;
      }
    }
    return form;
  }
  if (expression.head == "Mul") {
    form.constant = 1;
    for (const SymbolicExpression &operand : expression.operands) {
      std::optional<LinearForm> part = toLinear(operand);
      if (!part)
        return std::nullopt;
      // At most one factor may hold symbols.
      if (!part->coefficients.empty()) {
        if (!form.coefficients.empty())
          return std::nullopt;
        std::swap(form, *part);
      }
      int64_t factor = part->constant;
      if (MulOverflow(form.constant, factor, form.constant))
        return std::nullopt;
      for (auto &[symbol, coefficient] : form.coefficients)
        if (MulOverflow(coefficient, factor, coefficient))
          return std::nullopt;
    }
    return form;
  }
  return std::nullopt;
}

AffineExpr ingot::exported::toAffine(const SymbolicExpression &expression, MLIRContext *context,
                                     llvm::function_ref<AffineExpr(StringRef)> symbol) {
  auto operand = [&](size_t i) { return toAffine(expression.operands[i], context, symbol); };
  StringRef head = expression.head;
  if (expression.isSymbol())
    return symbol(expression.symbol);
  if (head == "Integer")
    return getAffineConstantExpr(expression.value, context);
  if (head == "Identity" && expression.operands.size() == 1)
    return operand(0);
  if (head == "Add" || head == "Mul") {
    AffineExpr result = getAffineConstantExpr(head == "Add" ? 0 : 1, context);
    for (size_t i = 0; i < expression.operands.size(); ++i) {
      AffineExpr next = operand(i);
      if (!next)
        return nullptr;
      if (head == "Mul" && !next.isSymbolicOrConstant())
        return nullptr;
      bool bothVary = !isa<AffineConstantExpr>(result) && !isa<AffineConstantExpr>(next);
      if (head == "Mul" && bothVary)
        return nullptr;
      result = head == "Add" ? result + next : result * next;
    }
    return result;
  }
  bool divides = head == "FloorDiv" || head == "CleanDiv";
  bool remains = head == "Mod" || head == "PythonMod";
  if ((divides || remains) && expression.operands.size() == 2) {
    AffineExpr left = operand(0), right = operand(1);
    if (!left || !right)
      return nullptr;
    auto divisor = dyn_cast<AffineConstantExpr>(right);
    if (!divisor || divisor.getValue() <= 0)
      return nullptr;
    return divides ? left.floorDiv(divisor.getValue()) : left % divisor.getValue();
  }
  return nullptr;
}
