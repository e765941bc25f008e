//===- SchemaTest.cpp - the schema table ------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Support/Schema.h"
#include "llvm/Support/raw_ostream.h"

using namespace ingot::schema;

static int failures = 0;
static void expect(bool condition, const char *what, int line) {
  if (condition)
    return;
  llvm::errs() << "SchemaTest.cpp:" << line << ": expected " << what << "\n";
  ++failures;
}
#define EXPECT(condition) expect(condition, #condition, __LINE__)

int main() {
  llvm::ArrayRef<llvm::StringRef> all = allSchemaTexts();
  EXPECT(all.size() > 3500);
  for (size_t i = 1; i < all.size(); ++i)
    EXPECT(all[i - 1].take_front(all[i - 1].find('(')) < all[i].take_front(all[i].find('(')));
  for (llvm::StringRef text : all) {
    std::string error;
    auto schema = parse(text, &error);
    if (!schema) {
      llvm::errs() << text << ": " << error << "\n";
      ++failures;
    } else if (lookup(schema->fullName) == nullptr) {
      llvm::errs() << text << ": not found by name\n";
      ++failures;
    }
  }

  const OperatorSchema *add = lookup("aten::add.Tensor");
  EXPECT(add && add == lookup("aten::add.Tensor"));
  EXPECT(add->arguments.size() == 3 && add->argumentIndex("alpha") == 2);
  EXPECT(add->arguments[2].kwargOnly && !add->arguments[1].kwargOnly);
  EXPECT(std::get<int64_t>(add->arguments[2].defaultValue->value) == 1);
  EXPECT(!add->isMutable() && !add->aliasesInputs());

  const OperatorSchema *inplace = lookup("aten::add_.Tensor");
  EXPECT(inplace->isMutable() && inplace->arguments[0].isWrite() && inplace->aliasedArgument(0) == 0);
  const OperatorSchema *split = lookup("aten::split.Tensor");
  EXPECT(split->isView() && split->aliasedArgument(0) == 0);
  EXPECT(split->arguments[0].alias->isWildcardAfter());
  EXPECT(split->results[0].type.str() == "Tensor[]");
  const OperatorSchema *maxOut = lookup("aten::max.dim_max");
  EXPECT(maxOut->results.size() == 2 && maxOut->results[1].name == "indices" && maxOut->aliasedArgument(1) == 4);
  const OperatorSchema *conv = lookup("aten::conv2d");
  EXPECT(conv->arguments[3].type.fixedSize == 2);
  EXPECT(std::get<std::vector<int64_t>>(conv->arguments[3].defaultValue->value) == (std::vector<int64_t>{1, 1}));
  EXPECT(conv->arguments[2].type.isOptional() && conv->arguments[2].defaultValue->isNone());
  EXPECT(std::get<std::string>(lookup("aten::gelu")->arguments[1].defaultValue->value) == "none");
  EXPECT(std::get<double>(lookup("aten::scaled_dot_product_attention")->arguments[4].defaultValue->value) == 0.0);
  EXPECT(lookup("aten::format")->isVararg && lookup("prim::ConstantChunk")->isVarret);
  EXPECT(lookup("aten::items.str")->results[0].type.str() == "(str, t)[]");
  EXPECT(lookup("aten::index.Tensor")->arguments[1].type.str() == "Tensor?[]");
  EXPECT(lookup("aten::_foreach_add_.List")->arguments[0].isWrite());
  EXPECT(lookup("aten::no_such_operator") == nullptr);
  EXPECT(lookup("") == nullptr && lookup("aten::add.Tens") == nullptr);

  auto names = overloads("aten::relu");
  EXPECT(names.size() == 2 && names[0] == "aten::relu" && names[1] == "aten::relu.out");
  EXPECT(overloads("aten::add").size() > 10 && overloads("aten::ad").empty());

  for (const char *bad :
       {"", "add(Tensor a) -> Tensor", "aten::f", "aten::f(", "aten::f(Tensor a", "aten::f(Tensor a) ->",
        "aten::f(Tensor a) -> Tensor x y", "aten::f(int[ a) -> ()", "aten::f(int a=) -> ()", "aten::f(str a=\"x) -> ()",
        "aten::f(Tensor(a a) -> ()", "aten::f(Dict(int) d) -> ()"}) {
    std::string error;
    if (parse(bad, &error) || error.empty()) {
      llvm::errs() << "accepted: " << bad << "\n";
      ++failures;
    }
  }
  return failures != 0;
}
