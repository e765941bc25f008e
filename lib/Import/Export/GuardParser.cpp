//===- GuardParser.cpp - Python expressions of guards -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Guard.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace ingot::exported;
using Kind = GuardExpression::Kind;

namespace {
/// Recursive descent over Python's expression grammar, as far as torch's
/// printer uses it.
class Parser {
public:
  Parser(StringRef text) : text(text), rest(text) {}

  Expected<GuardExpression> parse() {
    GuardExpression result;
    bool ok = ternary(result);
    skipSpace();
    if (ok && rest.empty())
      return result;
    return createStringError(inconvertibleErrorCode(), "cannot read the guard \"" + text.str() + "\"");
  }

private:
  StringRef text, rest;
  unsigned depth = 0;

  void skipSpace() { rest = rest.ltrim(" \t\r\n"); }
  bool symbol(StringRef token) {
    skipSpace();
    return rest.consume_front(token);
  }
  /// A word, not the beginning of a longer one.
  bool keyword(StringRef word) {
    skipSpace();
    if (!rest.starts_with(word))
      return false;
    StringRef tail = rest.drop_front(word.size());
    if (!tail.empty() && (isAlnum(tail.front()) || tail.front() == '_'))
      return false;
    rest = tail;
    return true;
  }
  bool peekSymbol(StringRef token) {
    skipSpace();
    return rest.starts_with(token);
  }

  static GuardExpression make(StringRef op, std::vector<GuardExpression> operands) {
    GuardExpression result;
    result.kind = Kind::Operator;
    result.text = op.str();
    result.operands = std::move(operands);
    return result;
  }
  static void combine(GuardExpression &left, StringRef op, GuardExpression right) {
    std::vector<GuardExpression> operands;
    operands.push_back(std::move(left));
    operands.push_back(std::move(right));
    left = make(op, std::move(operands));
  }

  bool ternary(GuardExpression &into) {
    // The parser is recursive and the text comes from a file.
    if (++depth > 200)
      return false;
    bool ok = disjunction(into);
    if (ok && keyword("if")) {
      GuardExpression condition, other;
      ok = disjunction(condition) && keyword("else") && ternary(other);
      std::vector<GuardExpression> operands;
      operands.push_back(std::move(condition));
      operands.push_back(std::move(into));
      operands.push_back(std::move(other));
      into = make("sym_ite", std::move(operands));
    }
    --depth;
    return ok;
  }

  bool disjunction(GuardExpression &into) {
    if (!conjunction(into))
      return false;
    while (keyword("or")) {
      GuardExpression right;
      if (!conjunction(right))
        return false;
      combine(into, "or_", std::move(right));
    }
    return true;
  }

  bool conjunction(GuardExpression &into) {
    if (!negation(into))
      return false;
    while (keyword("and")) {
      GuardExpression right;
      if (!negation(right))
        return false;
      combine(into, "and_", std::move(right));
    }
    return true;
  }

  bool negation(GuardExpression &into) {
    if (!keyword("not"))
      return comparison(into);
    if (++depth > 200 || !negation(into))
      return false;
    --depth;
    into = make("sym_not", {std::move(into)});
    return true;
  }

  StringRef comparator() {
    for (auto [token, op] : {std::pair("==", "eq"), std::pair("!=", "ne"), std::pair("<=", "le"), std::pair(">=", "ge"),
                             std::pair("<", "lt"), std::pair(">", "gt")})
      if (!peekSymbol("<<") && !peekSymbol(">>") && symbol(token))
        return op;
    return "";
  }

  bool comparison(GuardExpression &into) {
    if (!sum(into))
      return false;
    // a < b < c is (a < b) and (b < c).
    GuardExpression chain, left = into;
    bool isChain = false;
    for (StringRef op = comparator(); !op.empty(); op = comparator()) {
      GuardExpression right;
      if (!sum(right))
        return false;
      GuardExpression link = make(op, {std::move(left), right});
      left = std::move(right);
      if (isChain)
        combine(chain, "and_", std::move(link));
      else
        chain = std::move(link);
      isChain = true;
    }
    if (isChain)
      into = std::move(chain);
    return true;
  }

  bool sum(GuardExpression &into) {
    if (!product(into))
      return false;
    for (;;) {
      StringRef op = symbol("+") ? "add" : symbol("-") ? "sub" : "";
      if (op.empty())
        return true;
      GuardExpression right;
      if (!product(right))
        return false;
      combine(into, op, std::move(right));
    }
  }

  bool product(GuardExpression &into) {
    if (!unary(into))
      return false;
    for (;;) {
      StringRef op = peekSymbol("**") ? ""
                     : symbol("*")    ? "mul"
                     : symbol("//")   ? "floordiv"
                     : symbol("/")    ? "truediv"
                     : symbol("%")    ? "mod"
                                      : "";
      if (op.empty())
        return true;
      GuardExpression right;
      if (!unary(right))
        return false;
      combine(into, op, std::move(right));
    }
  }

  bool unary(GuardExpression &into) {
    if (symbol("-")) {
      if (++depth > 200 || !unary(into))
        return false;
      --depth;
      if (into.kind == Kind::Integer)
        into.integer = int64_t(-uint64_t(into.integer));
      else if (into.kind == Kind::Float)
        into.real = -into.real;
      else
        into = make("neg", {std::move(into)});
      return true;
    }
    if (!postfix(into))
      return false;
    if (!symbol("**"))
      return true;
    GuardExpression exponent;
    if (++depth > 200 || !unary(exponent))
      return false;
    --depth;
    combine(into, "pow", std::move(exponent));
    return true;
  }

  bool quoted(std::string &into) {
    skipSpace();
    if (rest.empty() || (rest.front() != '\'' && rest.front() != '"'))
      return false;
    char quote = rest.front();
    rest = rest.drop_front();
    while (!rest.empty() && rest.front() != quote) {
      if (rest.front() == '\\')
        rest = rest.drop_front();
      if (rest.empty())
        return false;
      into += rest.front();
      rest = rest.drop_front();
    }
    return symbol(StringRef(&quote, 1));
  }

  /// L['x'][0].field.size()[1]
  bool input(GuardExpression &into) {
    into.kind = Kind::Input;
    for (;;) {
      if (symbol("[")) {
        std::string key;
        int64_t position;
        skipSpace();
        if (quoted(key))
          into.text += "['" + key + "']";
        else if (!rest.consumeInteger(10, position))
          into.text += "[" + std::to_string(position) + "]";
        else
          return false;
        if (!symbol("]"))
          return false;
        continue;
      }
      if (!peekSymbol("."))
        return !into.text.empty();
      symbol(".");
      StringRef name = word();
      if (name.empty())
        return false;
      if (!symbol("(")) {
        into.text += "." + name.str();
        continue;
      }
      if (!symbol(")") || (name != "size" && name != "stride" && name != "storage_offset"))
        return false;
      GuardExpression property;
      property.kind = Kind::Property;
      property.text = name.str();
      property.operands.push_back(std::move(into));
      into = std::move(property);
      if (name == "storage_offset")
        return true;
      skipSpace();
      return symbol("[") && !rest.consumeInteger(10, into.integer) && symbol("]");
    }
  }

  StringRef word() {
    skipSpace();
    StringRef result = rest.take_while([](char c) { return isAlnum(c) || c == '_'; });
    rest = rest.drop_front(result.size());
    return result;
  }

  bool number(GuardExpression &into) {
    StringRef token = rest.take_while([](char c) { return isAlnum(c) || c == '.' || c == '_'; });
    // 1e-05
    StringRef tail = rest.drop_front(token.size());
    if ((token.ends_with("e") || token.ends_with("E")) && (tail.starts_with("-") || tail.starts_with("+"))) {
      size_t digits = tail.drop_front().take_while([](char c) { return isDigit(c); }).size();
      token = rest.take_front(token.size() + 1 + digits);
    }
    rest = rest.drop_front(token.size());
    if (!token.getAsInteger(10, into.integer)) {
      into.kind = Kind::Integer;
      return true;
    }
    into.kind = Kind::Float;
    return !token.getAsDouble(into.real);
  }

  bool call(StringRef name, GuardExpression &into) {
    std::vector<GuardExpression> operands;
    if (!symbol(")")) {
      do {
        if (!ternary(operands.emplace_back()))
          return false;
      } while (symbol(","));
      if (!symbol(")"))
        return false;
    }
    StringRef op = llvm::StringSwitch<StringRef>(name)
                       .Cases({"max", "Max", "torch.sym_max"}, "sym_max")
                       .Cases({"min", "Min", "torch.sym_min"}, "sym_min")
                       .Cases({"FloorDiv", "CleanDiv"}, "floordiv")
                       .Cases({"Mod", "PythonMod"}, "mod")
                       .Cases({"IntTrueDiv", "FloatTrueDiv"}, "truediv")
                       .Cases({"PowByNatural", "FloatPow", "pow"}, "pow")
                       .Case("abs", "abs")
                       .Cases({"math.floor", "FloorToInt", "floor"}, "floor")
                       .Cases({"math.ceil", "CeilToInt", "ceiling"}, "ceil")
                       .Cases({"math.trunc", "TruncToInt", "int"}, "trunc")
                       .Cases({"float", "ToFloat"}, "sym_float")
                       .Cases({"math.sqrt", "torch._sym_sqrt"}, "sqrt")
                       .Cases({"Eq", "Equality"}, "eq")
                       .Cases({"Ne", "Unequality"}, "ne")
                       .Cases({"Where", "torch.sym_ite"}, "sym_ite")
                       .Case("Identity", "pos")
                       .Default("");
    if (op.empty() || operands.empty())
      return false;
    if ((op == "sym_max" || op == "sym_min") && operands.size() > 1) {
      into = std::move(operands[0]);
      for (size_t i = 1; i < operands.size(); ++i)
        combine(into, op, std::move(operands[i]));
      return true;
    }
    into = make(op, std::move(operands));
    return true;
  }

  bool postfix(GuardExpression &into) {
    skipSpace();
    if (rest.empty())
      return false;
    if (symbol("("))
      return ternary(into) && symbol(")");
    if (rest.front() == '\'' || rest.front() == '"') {
      into.kind = Kind::String;
      return quoted(into.text);
    }
    if (isDigit(rest.front()) || rest.front() == '.')
      return number(into);
    std::string name = word().str();
    if (name.empty())
      return false;
    if (name == "L" && peekSymbol("["))
      return input(into);
    if (name == "True" || name == "False") {
      into.kind = Kind::Boolean;
      into.integer = name == "True";
      return true;
    }
    if (name == "None") {
      into.kind = Kind::None;
      return true;
    }
    while (peekSymbol(".")) {
      symbol(".");
      name += "." + word().str();
    }
    if (name == "int_oo" || name == "inf" || name == "math.inf") {
      into.kind = Kind::Float;
      into.real = std::numeric_limits<double>::infinity();
      return true;
    }
    return symbol("(") && call(name, into);
  }
};
} // namespace

Expected<GuardExpression> ingot::exported::parseGuard(StringRef text) { return Parser(text).parse(); }

//===----------------------------------------------------------------------===//
// Printing, as Python's ast.unparse does
//===----------------------------------------------------------------------===//

namespace {
struct Infix {
  StringRef token;
  unsigned precedence;
};
} // namespace

static Infix infixOf(StringRef op) {
  return llvm::StringSwitch<Infix>(op)
      .Case("or_", {" or ", 1})
      .Case("and_", {" and ", 2})
      .Case("eq", {" == ", 4})
      .Case("ne", {" != ", 4})
      .Case("lt", {" < ", 4})
      .Case("le", {" <= ", 4})
      .Case("gt", {" > ", 4})
      .Case("ge", {" >= ", 4})
      .Case("add", {" + ", 5})
      .Case("sub", {" - ", 5})
      .Case("mul", {" * ", 6})
      .Case("floordiv", {" // ", 6})
      .Case("truediv", {" / ", 6})
      .Case("mod", {" % ", 6})
      .Case("pow", {" ** ", 8})
      .Default({"", 0});
}

static std::string print(const GuardExpression &expression, unsigned context) {
  switch (expression.kind) {
  case Kind::Integer: {
    std::string text = std::to_string(expression.integer);
    return expression.integer < 0 && context > 7 ? "(" + text + ")" : text;
  }
  case Kind::Float: {
    std::string text;
    raw_string_ostream(text) << format("%.17g", expression.real);
    return text;
  }
  case Kind::Boolean:
    return expression.integer ? "True" : "False";
  case Kind::String:
    return "'" + expression.text + "'";
  case Kind::None:
    return "None";
  case Kind::Input: {
    // "['x'][0]" is x[0].
    auto [name, tail] = StringRef(expression.text).drop_front(2).split("']");
    return (name + tail).str();
  }
  case Kind::Property: {
    std::string text = print(expression.operands[0], 9) + "." + expression.text + "()";
    if (expression.text != "storage_offset")
      text += "[" + std::to_string(expression.integer) + "]";
    return text;
  }
  case Kind::Operator:
    break;
  }
  const std::vector<GuardExpression> &operands = expression.operands;
  StringRef op = expression.text;
  Infix infix = infixOf(op);
  std::string text;
  unsigned precedence = infix.precedence;
  if (precedence && operands.size() == 2) {
    text = print(operands[0], precedence) + infix.token.str() + print(operands[1], precedence + 1);
  } else if (op == "sym_not") {
    precedence = 3;
    text = "not " + print(operands[0], 3);
  } else if (op == "neg") {
    precedence = 7;
    text = "-" + print(operands[0], 7);
  } else {
    precedence = 9;
    op.consume_front("sym_");
    text = op.str() + "(";
    for (const GuardExpression &operand : operands)
      text += (&operand == operands.data() ? "" : ", ") + print(operand, 0);
    text += ")";
  }
  return precedence < context ? "(" + text + ")" : text;
}

std::string GuardExpression::str() const { return print(*this, 0); }
