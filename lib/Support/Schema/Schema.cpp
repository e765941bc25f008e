//===- Schema.cpp - operator schemas of torch -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Support/CustomOperators.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"
#include <mutex>

using namespace llvm;
using namespace ingot;
using namespace ingot::schema;

static constexpr char kTable[] =
#include "ATenSchemas.inc"
    ;

//===----------------------------------------------------------------------===//
// Facts of a schema
//===----------------------------------------------------------------------===//

bool schema::Type::holdsTensor() const {
  if (kind == TypeKind::Tensor)
    return true;
  if (kind == TypeKind::List || kind == TypeKind::Optional)
    return elements[0].holdsTensor();
  return false;
}

static StringRef kindName(TypeKind kind) {
  switch (kind) {
  case TypeKind::Tensor:
    return "Tensor";
  case TypeKind::Int:
    return "int";
  case TypeKind::SymInt:
    return "SymInt";
  case TypeKind::Float:
    return "float";
  case TypeKind::Bool:
    return "bool";
  case TypeKind::Complex:
    return "complex";
  case TypeKind::Scalar:
    return "Scalar";
  case TypeKind::Str:
    return "str";
  case TypeKind::ScalarType:
    return "ScalarType";
  case TypeKind::Layout:
    return "Layout";
  case TypeKind::MemoryFormat:
    return "MemoryFormat";
  case TypeKind::Device:
    return "Device";
  case TypeKind::Generator:
    return "Generator";
  case TypeKind::Storage:
    return "Storage";
  case TypeKind::Stream:
    return "Stream";
  case TypeKind::None:
    return "NoneType";
  case TypeKind::Any:
    return "Any";
  case TypeKind::Dict:
    return "Dict";
  case TypeKind::Future:
    return "Future";
  case TypeKind::Await:
    return "Await";
  case TypeKind::RRef:
    return "RRef";
  default:
    return "";
  }
}

std::string schema::Type::str() const {
  switch (kind) {
  case TypeKind::List:
    return elements[0].str() + "[" + (fixedSize ? std::to_string(fixedSize) : "") + "]";
  case TypeKind::Optional:
    return elements[0].str() + "?";
  case TypeKind::Var:
  case TypeKind::Class:
    return name;
  default:
    break;
  }
  std::string result = kindName(kind).str();
  if (!elements.empty() || kind == TypeKind::Tuple)
    result += "(" + join(map_range(elements, [](const Type &type) { return type.str(); }), ", ") + ")";
  return result;
}

int OperatorSchema::argumentIndex(StringRef argument) const {
  for (auto [index, candidate] : enumerate(arguments))
    if (candidate.name == argument)
      return index;
  return -1;
}

bool OperatorSchema::isMutable() const {
  return any_of(arguments, [](const Argument &argument) { return argument.isWrite(); });
}

bool OperatorSchema::aliasesInputs() const {
  return any_of(results, [](const Argument &result) { return result.alias.has_value(); });
}

int OperatorSchema::aliasedArgument(unsigned result) const {
  if (result >= results.size() || !results[result].alias)
    return -1;
  for (auto [index, argument] : enumerate(arguments)) {
    if (!argument.alias)
      continue;
    for (const std::string &set : results[result].alias->before)
      if (set != "*" && (is_contained(argument.alias->before, set) || is_contained(argument.alias->after, set)))
        return index;
  }
  return -1;
}

//===----------------------------------------------------------------------===//
// Parser
//===----------------------------------------------------------------------===//

namespace {
class Parser {
public:
  Parser(StringRef text) : rest(text) {}

  std::unique_ptr<OperatorSchema> parse(std::string *error) {
    auto schema = std::make_unique<OperatorSchema>();
    if (parseSchema(*schema) && rest.empty())
      return schema;
    if (error)
      *error = message.empty() ? "text after the schema: '" + rest.str() + "'" : message;
    return nullptr;
  }

private:
  StringRef rest;
  std::string message;

  bool fail(const Twine &what) {
    if (message.empty())
      message = ("expected " + what + " before '" + rest.take_front(40) + "'").str();
    return false;
  }
  void skipSpace() { rest = rest.ltrim(' '); }
  bool consume(StringRef token) {
    skipSpace();
    return rest.consume_front(token);
  }
  bool expect(StringRef token) { return consume(token) || fail("'" + token + "'"); }
  StringRef identifier() {
    skipSpace();
    StringRef result = rest.take_while([](char c) { return isAlnum(c) || c == '_'; });
    rest = rest.drop_front(result.size());
    return result;
  }
  StringRef qualified() {
    skipSpace();
    StringRef result = rest.take_while([](char c) { return isAlnum(c) || c == '_' || c == '.' || c == ':'; });
    rest = rest.drop_front(result.size());
    return result;
  }

  bool parseAlias(std::optional<AliasInfo> &alias) {
    AliasInfo info;
    auto sets = [&](SmallVectorImpl<std::string> &into) {
      do {
        if (consume("*"))
          into.push_back("*");
        else if (StringRef set = identifier(); !set.empty())
          into.push_back(set.str());
        else if (!into.empty() || !rest.starts_with("!"))
          return fail("an alias set");
        if (consume("!"))
          info.isWrite = true;
      } while (consume("|"));
      return true;
    };
    if (!sets(info.before))
      return false;
    if (consume("->")) {
      if (!sets(info.after))
        return false;
    } else {
      info.after = info.before;
    }
    if (!expect(")"))
      return false;
    if (!alias) {
      alias = std::move(info);
      return true;
    }
    // An alias set on the list and one on its elements: the union.
    alias->isWrite |= info.isWrite;
    alias->before.append(info.before);
    alias->after.append(info.after);
    return true;
  }

  bool parseType(Type &type, std::optional<AliasInfo> &alias) {
    if (consume("(")) {
      type.kind = TypeKind::Tuple;
      if (!parseTypes(type.elements, alias))
        return false;
    } else {
      StringRef name = qualified();
      if (name.empty())
        return fail("a type");
      type.kind = StringSwitch<TypeKind>(name)
                      .Case("Tensor", TypeKind::Tensor)
                      .Case("int", TypeKind::Int)
                      .Case("SymInt", TypeKind::SymInt)
                      .Cases({"float", "SymFloat"}, TypeKind::Float)
                      .Cases({"bool", "SymBool"}, TypeKind::Bool)
                      .Case("complex", TypeKind::Complex)
                      .Cases({"Scalar", "number"}, TypeKind::Scalar)
                      .Case("str", TypeKind::Str)
                      .Case("ScalarType", TypeKind::ScalarType)
                      .Case("Layout", TypeKind::Layout)
                      .Case("MemoryFormat", TypeKind::MemoryFormat)
                      .Case("Device", TypeKind::Device)
                      .Case("Generator", TypeKind::Generator)
                      .Case("Storage", TypeKind::Storage)
                      .Case("Stream", TypeKind::Stream)
                      .Cases({"NoneType", "None"}, TypeKind::None)
                      .Cases({"Any", "AnyEnumType", "AnyClassType", "AnyListType", "AnyTupleType"}, TypeKind::Any)
                      .Case("Dict", TypeKind::Dict)
                      .Case("Future", TypeKind::Future)
                      .Case("Await", TypeKind::Await)
                      .Case("RRef", TypeKind::RRef)
                      .Default(name.contains('.') ? TypeKind::Class : TypeKind::Var);
      if (type.kind == TypeKind::Var || type.kind == TypeKind::Class)
        type.name = name.str();
      bool takesTypes = is_contained({TypeKind::Dict, TypeKind::Future, TypeKind::Await, TypeKind::RRef}, type.kind);
      if (takesTypes && (!expect("(") || !parseTypes(type.elements, alias)))
        return false;
      size_t wanted = type.kind == TypeKind::Dict ? 2 : 1;
      if (takesTypes && type.elements.size() != wanted)
        return fail(Twine(wanted) + " type arguments of " + name);
    }
    // Suffixes bind to what stands before them, with no space in between.
    for (;;) {
      if (rest.consume_front("[")) {
        int64_t size = 0;
        if (!rest.starts_with("]") && rest.consumeInteger(10, size))
          return fail("a list's size");
        if (!expect("]"))
          return false;
        wrap(type, TypeKind::List).fixedSize = size;
      } else if (rest.consume_front("?")) {
        wrap(type, TypeKind::Optional);
      } else if (rest.consume_front("(")) {
        if (!parseAlias(alias))
          return false;
      } else {
        return true;
      }
    }
  }

  static Type &wrap(Type &type, TypeKind kind) {
    Type outer;
    outer.kind = kind;
    outer.elements.push_back(std::move(type));
    type = std::move(outer);
    return type;
  }

  bool parseTypes(std::vector<Type> &types, std::optional<AliasInfo> &alias) {
    if (consume(")"))
      return true;
    do {
      if (!parseType(types.emplace_back(), alias))
        return false;
    } while (consume(","));
    return expect(")");
  }

  bool parseString(std::string &value) {
    while (!rest.empty() && rest.front() != '"') {
      char c = rest.front();
      rest = rest.drop_front();
      if (c == '\\' && !rest.empty()) {
        c = rest.front();
        rest = rest.drop_front();
        switch (c) {
        case 'n':
          c = '\n';
          break;
        case 't':
          c = '\t';
          break;
        case 'f':
          c = '\f';
          break;
        case 'v':
          c = '\v';
          break;
        case 'r':
          c = '\r';
          break;
        default:
          break;
        }
      }
      value += c;
    }
    return expect("\"");
  }

  bool parseScalar(const Type &type, Default &into) {
    skipSpace();
    StringRef token =
        rest.take_while([](char c) { return isAlnum(c) || c == '.' || c == '-' || c == '+' || c == '_'; });
    rest = rest.drop_front(token.size());
    int64_t integer;
    double real;
    if (token == "None")
      into.value = std::monostate();
    else if (token == "True" || token == "False")
      into.value = token == "True";
    else if (!token.getAsInteger(10, integer)) {
      if (type.kind == TypeKind::Float)
        into.value = double(integer);
      else
        into.value = integer;
    } else if (!token.getAsDouble(real))
      into.value = real;
    else
      return fail("a default value, found '" + token + "',");
    return true;
  }

  bool parseDefault(const Type &declared, Default &into) {
    const Type &type = declared.stripOptional();
    skipSpace();
    if (rest.consume_front("\"")) {
      std::string value;
      if (!parseString(value))
        return false;
      into.value = std::move(value);
      return true;
    }
    const Type &element = type.isList() ? type.elements[0] : type;
    if (!rest.consume_front("["))
      return parseScalar(element, into);
    std::vector<Default> values;
    if (!consume("]")) {
      do {
        if (!parseScalar(element, values.emplace_back()))
          return false;
      } while (consume(","));
      if (!expect("]"))
        return false;
    }
    auto collect = [&](auto list) {
      using Value = typename decltype(list)::value_type;
      for (const Default &value : values)
        if (const Value *held = std::get_if<Value>(&value.value))
          list.push_back(*held);
      bool same = list.size() == values.size();
      into.value = std::move(list);
      return same || fail("list elements of one type");
    };
    if (element.kind == TypeKind::Float)
      return collect(std::vector<double>());
    if (element.kind == TypeKind::Bool)
      return collect(std::vector<bool>());
    return collect(std::vector<int64_t>());
  }

  bool parseSchema(OperatorSchema &schema) {
    schema.fullName = qualified().str();
    auto [ns, rest2] = StringRef(schema.fullName).split("::");
    auto [name, overload] = rest2.split('.');
    if (ns.empty() || name.empty())
      return fail("namespace::operator");
    schema.ns = ns.str();
    schema.name = name.str();
    schema.overload = overload.str();
    if (!expect("("))
      return false;
    bool kwargOnly = false;
    if (!consume(")")) {
      do {
        if (consume("...")) {
          schema.isVararg = true;
          break;
        }
        if (consume("*")) {
          kwargOnly = true;
          continue;
        }
        Argument &argument = schema.arguments.emplace_back();
        argument.kwargOnly = kwargOnly;
        if (!parseType(argument.type, argument.alias))
          return false;
        argument.name = identifier().str();
        if (consume("=") && !parseDefault(argument.type, argument.defaultValue.emplace()))
          return false;
      } while (consume(","));
      if (!expect(")"))
        return false;
    }
    if (!expect("->"))
      return false;
    return parseResults(schema);
  }

  bool parseResults(OperatorSchema &schema) {
    if (consume("...")) {
      schema.isVarret = true;
      return true;
    }
    auto one = [&] {
      Argument &result = schema.results.emplace_back();
      if (!parseType(result.type, result.alias))
        return false;
      result.name = identifier().str();
      return true;
    };
    if (!consume("("))
      return one();
    if (consume(")"))
      return true;
    do {
      if (consume("...")) {
        schema.isVarret = true;
        break;
      }
      if (!one())
        return false;
    } while (consume(","));
    return expect(")");
  }
};
} // namespace

std::unique_ptr<OperatorSchema> schema::parse(StringRef text, std::string *error) { return Parser(text).parse(error); }

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

static StringRef fullNameOf(StringRef text) { return text.take_front(text.find('(')); }

ArrayRef<StringRef> schema::allSchemaTexts() {
  static const std::vector<StringRef> lines = [] {
    std::vector<StringRef> result;
    result.reserve(5000);
    StringRef rest(kTable, sizeof(kTable) - 1);
    while (!rest.empty()) {
      auto [line, tail] = rest.split('\n');
      result.push_back(line);
      rest = tail;
    }
    assert(is_sorted(result, [](StringRef a, StringRef b) { return fullNameOf(a) < fullNameOf(b); }) &&
           "ATenSchemas.inc is not sorted: run scripts/generate_schemas.py");
    return result;
  }();
  return lines;
}

static const StringRef *lowerBound(StringRef fullName) {
  ArrayRef<StringRef> lines = allSchemaTexts();
  return std::lower_bound(lines.begin(), lines.end(), fullName,
                          [](StringRef line, StringRef name) { return fullNameOf(line) < name; });
}

const OperatorSchema *schema::lookup(StringRef fullName) {
  static std::mutex mutex;
  static StringMap<std::unique_ptr<OperatorSchema>> parsed;
  std::lock_guard<std::mutex> lock(mutex);
  auto [entry, isNew] = parsed.try_emplace(fullName);
  if (isNew) {
    const StringRef *line = lowerBound(fullName);
    if (line != allSchemaTexts().end() && fullNameOf(*line) == fullName) {
      entry->second = parse(*line);
      assert(entry->second && "a schema of the table does not parse");
    }
  }
  if (!entry->second)
    if (const CustomOperator *custom = lookupCustom(fullName))
      return custom->schema.get();
  return entry->second.get();
}

SmallVector<StringRef> schema::overloads(StringRef operatorName) {
  SmallVector<StringRef> result;
  // '.' sorts before every character of an operator's name, so the overloads
  // of one operator stand together.
  for (const StringRef *line = lowerBound(operatorName); line != allSchemaTexts().end(); ++line) {
    StringRef name = fullNameOf(*line), tail = name;
    if (!tail.consume_front(operatorName) || !(tail.empty() || tail.starts_with(".")))
      break;
    result.push_back(name);
  }
  return result;
}
