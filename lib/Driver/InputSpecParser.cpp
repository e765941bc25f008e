//===- InputSpecParser.cpp - --input [METHOD:]PATH=TYPE ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Driver/InputSpecParser.h"

#include "ingot/Support/DType.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

using namespace ingot;
using llvm::StringRef;
using llvm::Twine;
using Kind = TypeSpec::Kind;

namespace {

class Parser {
public:
  Parser(StringRef text, std::string &error) : all(text), rest(text), error(error) {}

  bool type(TypeSpec &spec);
  bool atEnd() {
    skip();
    return rest.empty() || fail("expected the end of the type");
  }

private:
  void skip() { rest = rest.ltrim(); }
  bool eat(char c) {
    skip();
    return rest.consume_front(StringRef(&c, 1));
  }
  bool expect(char c) { return eat(c) || fail("expected '" + Twine(c) + "'"); }
  bool fail(const Twine &what) {
    if (error.empty())
      error = ("in the type '" + all.take_front(80) + (all.size() > 80 ? "…" : "") + "' at column " +
               Twine(all.size() - rest.size() + 1) + ": " + what)
                  .str();
    return false;
  }
  StringRef word() {
    skip();
    StringRef taken = rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
    rest = rest.drop_front(taken.size());
    return taken;
  }
  bool typeAt(TypeSpec &spec);
  bool dims(TypeSpec &spec);
  bool list(TypeSpec &spec, char close);
  bool dictionary(TypeSpec &spec);

  StringRef all, rest;
  std::string &error;
  unsigned depth = 0;
};

// A type that nests deeper is a mistake; the parser is recursive.
constexpr unsigned kMaxDepth = 100;
// As ATen and the runtime have it.
constexpr size_t kMaxRank = 64;
// More elements than an address space has bytes.
constexpr int64_t kMaxSize = int64_t(1) << 48;

} // namespace

/// After the '[' of f32[.
bool Parser::dims(TypeSpec &spec) {
  if (eat(']'))
    return true;
  do {
    DimSpec dim;
    if (!eat('?')) {
      StringRef name = word();
      if (name.empty())
        return fail("expected a size: a number, a name or '?'");
      if (llvm::isDigit(name.front())) {
        if (name.getAsInteger(10, dim.size) || dim.size < 0 || dim.size > kMaxSize)
          return fail("'" + name + "' is no size");
      } else {
        dim.symbol = name.str();
      }
    }
    spec.dims.push_back(dim);
    if (spec.dims.size() > kMaxRank)
      return fail("a tensor has at most " + Twine(kMaxRank) + " dimensions");
  } while (eat(','));
  return expect(']');
}

bool Parser::list(TypeSpec &spec, char close) {
  if (eat(close))
    return true;
  do {
    skip();
    if (rest.starts_with(StringRef(&close, 1))) // (T,)
      break;
    spec.children.emplace_back();
    if (!type(spec.children.back()))
      return false;
  } while (eat(','));
  return expect(close);
}

bool Parser::dictionary(TypeSpec &spec) {
  spec.kind = Kind::Dict;
  if (eat('}'))
    return true;
  do {
    skip();
    std::string key;
    if (eat('\'') || eat('"')) {
      char quote = *(rest.data() - 1);
      size_t end = rest.find(quote);
      if (end == StringRef::npos)
        return fail("the key has no closing quote");
      key = rest.take_front(end).str();
      rest = rest.drop_front(end + 1);
    } else {
      bool negative = eat('-');
      StringRef number = word();
      int64_t value;
      if (number.getAsInteger(10, value))
        return fail("expected a key: 'text' or a number");
      key = (negative ? "-" : "") + number.str();
      spec.intKeys = true;
    }
    if (!expect(':'))
      return false;
    spec.names.push_back(key);
    spec.children.emplace_back();
    if (!type(spec.children.back()))
      return false;
  } while (eat(','));
  return expect('}');
}

bool Parser::type(TypeSpec &spec) {
  if (++depth > kMaxDepth)
    return fail("the type nests deeper than " + Twine(kMaxDepth) + " levels");
  bool done = typeAt(spec);
  --depth;
  return done;
}

bool Parser::typeAt(TypeSpec &spec) {
  if (eat('[')) {
    spec.kind = Kind::List;
    return list(spec, ']');
  }
  if (eat('(')) {
    spec.kind = Kind::Tuple;
    return list(spec, ')');
  }
  if (eat('{'))
    return dictionary(spec);
  StringRef name = word();
  if (name.empty())
    return fail("expected a type such as f32[?,3,224,224], i64, Optional[f32[N]] or (f32[N], i64)");
  bool bracket = eat('[');
  if (bracket && name == "Optional") {
    spec.kind = Kind::Optional;
    spec.children.emplace_back();
    return type(spec.children.back()) && expect(']');
  }
  if (bracket && (name == "List" || name == "list")) {
    spec.kind = Kind::List;
    spec.anyLength = true;
    spec.children.emplace_back();
    return type(spec.children.back()) && expect(']');
  }
  if (bracket && (name == "Tuple" || name == "tuple")) {
    spec.kind = Kind::Tuple;
    return list(spec, ']');
  }
  if (bracket) {
    auto code = parseDType(name);
    if (!code)
      return fail(
          "'" + name +
          "' is no dtype: expected f32, f64, f16, bf16, i64, i32, i16, i8, u8, u16, u32, u64, bool, c64 or c128");
    spec.kind = Kind::Tensor;
    spec.dtype = *code;
    return dims(spec);
  }
  if (name == "i64" || name == "int")
    spec.kind = Kind::Int;
  else if (name == "f64" || name == "float")
    spec.kind = Kind::Float;
  else if (name == "bool")
    spec.kind = Kind::Bool;
  else if (name == "complex" || name == "c128")
    spec.kind = Kind::Complex;
  else if (name == "str")
    spec.kind = Kind::Str;
  else if (name == "None" || name == "none")
    spec.kind = Kind::None;
  else if (name == "device")
    spec.kind = Kind::Device;
  else if (name == "dtype" || name == "layout" || name == "memory_format")
    spec.kind = Kind::DType;
  else if (parseDType(name))
    return fail("a tensor needs its sizes, for example " + name + "[?,3]; " + name + "[] is a tensor of rank 0");
  else
    return fail("'" + name + "' is no type");
  return true;
}

bool ingot::parseInputSpec(StringRef text, InputSpec &spec, std::string &error) {
  // The path may hold quoted keys with '=' and ':' in them.
  size_t equals = StringRef::npos, colon = StringRef::npos;
  char quote = 0;
  for (size_t i = 0; i < text.size() && equals == StringRef::npos; ++i) {
    char c = text[i];
    if (quote)
      quote = c == quote ? 0 : quote;
    else if (c == '\'' || c == '"')
      quote = c;
    else if (c == '=')
      equals = i;
    else if (c == ':' && colon == StringRef::npos)
      colon = i;
  }
  if (equals == StringRef::npos) {
    error = ("'" + text + "': expected NAME=TYPE, for example x=f32[?,3,224,224]").str();
    return false;
  }
  StringRef path = text.take_front(equals), type = text.drop_front(equals + 1);
  if (colon != StringRef::npos) {
    spec.method = path.take_front(colon).trim().str();
    path = path.drop_front(colon + 1);
    if (spec.method.empty()) {
      error = ("'" + text + "': the method's name before ':' is empty").str();
      return false;
    }
  }
  spec.path = path.trim().str();
  if (spec.path.empty()) {
    error = ("'" + text + "': the input's name before '=' is empty").str();
    return false;
  }
  Parser parser(type, error);
  return parser.type(spec.type) && parser.atEnd();
}
