//===- EvaluatorChoices.cpp - arguments of a few possible values -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an operator needs at compile time (a dtype, a flag, a dimension, how many
// sizes a list has) may be known at run time only. There are few such values: the
// operator is evaluated for each of them, behind a test.
#include "Evaluator.h"
#include "RuntimeValue.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Flow = Evaluator::Flow;
using Kind = AV::Kind;
using Predicate = arith::CmpIPredicate;

/// The dtypes that a program may choose at run time; any other raises.
static constexpr DType chosenDTypes[] = {DType::UInt8,   DType::Int32,   DType::Int64, DType::Float16,
                                         DType::Float32, DType::Float64, DType::Bool,  DType::BFloat16};
/// A list of sizes has at most this many.
static constexpr int64_t maxChosenSizes = 5;

/// Rank of the operator's first tensor.
static std::optional<int64_t> rankOf(ArrayRef<AV> args) {
  for (const AV &a : args) {
    if (a.isTensor())
      return int64_t(a.getTensor()->node->sizes.size());
    if (a.is(Kind::List) && !a.elements().empty() && a.elements()[0].isTensor())
      return int64_t(a.elements()[0].getTensor()->node->sizes.size());
  }
  return std::nullopt;
}

/// Whether an int argument, or those of a list, are dimensions of the operator's tensor.
static bool isDimension(StringRef operatorName, StringRef argument) {
  if (operatorName.starts_with("aten::movedim") || operatorName.starts_with("aten::moveaxis"))
    return argument != "self";
  return argument.contains("dim") || argument.starts_with("axis");
}

std::optional<Evaluator::Choice> Evaluator::findChoice(StringRef name, ArrayRef<AV> args) {
  const schema::OperatorSchema *s = schema::lookup(name);
  if (!s)
    return std::nullopt;
  for (auto [i, argument] : llvm::enumerate(s->arguments)) {
    if (i >= args.size())
      break;
    const AV &v = args[i];
    const schema::Type &type = argument.type.stripOptional();
    Choice c;
    c.argument = i;
    bool open = v.is(Kind::Int) && !v.knownInt();
    if (open && type.kind == schema::TypeKind::ScalarType) {
      c.tag = v.getInt();
      for (DType d : chosenDTypes)
        c.options.push_back({int64_t(d), [this, d] { return AV::integer(int64_t(d), b.context()); }});
      c.otherwise = "a dtype that is chosen at run time is one of uint8, int32, int64, float16, bfloat16, float32, "
                    "float64 and bool in a compiled program";
      return c;
    }
    if (v.is(Kind::Bool) && !v.knownBool() && type.kind == schema::TypeKind::Bool) {
      c.tag = b.selectInt(v, b.size(1), b.size(0));
      for (int64_t flag : {0, 1})
        c.options.push_back({flag, [flag] { return AV::boolean(flag); }});
      return c;
    }
    // A dimension, alone or in a list of them.
    if (isDimension(name, argument.name)) {
      std::optional<int64_t> rank = rankOf(args);
      bool inList = v.is(Kind::List) || v.is(Kind::Tuple);
      size_t at = 0;
      if (inList) {
        auto &e = v.elements();
        at = llvm::find_if(e, [](const AV &x) { return x.is(Kind::Int) && !x.knownInt(); }) - e.begin();
        open = at < e.size();
      }
      if (open && rank && (type.kind == schema::TypeKind::Int || inList)) {
        Int dim = inList ? v.elements()[at].getInt() : v.getInt();
        int64_t count = std::max<int64_t>(*rank + (name == "aten::unsqueeze" || name == "aten::stack"), 1);
        AV fits = b.andBool(b.compareInt(Predicate::sge, dim, b.size(-count)),
                            b.compareInt(Predicate::slt, dim, b.size(count)));
        b.check(fits, "IndexError",
                "Dimension out of range (expected to be in range of [" + Twine(-count) + ", " + Twine(count - 1) +
                    "], but got {0})",
                {dim});
        c.tag = b.selectInt(b.compareInt(Predicate::slt, dim, b.size(0)), eval::add(dim, b.size(count)), dim);
        for (int64_t d = 0; d < count; ++d)
          c.options.push_back({d, [this, v, at, inList, d] {
                                 AV known = AV::integer(d, b.context());
                                 if (!inList)
                                   return known;
                                 std::vector<AV> dims = v.elements();
                                 dims[at] = known;
                                 return AV::list(std::move(dims));
                               }});
        return c;
      }
      if (open)
        return std::nullopt;
    }
    // Sizes, of a number that is not known.
    const bool ofInts = type.isList() && (type.elements[0].kind == schema::TypeKind::Int ||
                                          type.elements[0].kind == schema::TypeKind::SymInt);
    if (ofInts && v.isRuntime() && v.getRuntime().type.kind == Spec::List &&
        v.getRuntime().type.children[0].kind == Spec::Int) {
      Value list = v.getRuntime().handle;
      c.tag = b.fromSSA(callRuntime(b, "length", {list}, b.b.getI64Type()), {0, INT64_MAX - 1});
      for (int64_t n = 0; n <= maxChosenSizes; ++n)
        c.options.push_back({n, [this, list, n] {
                               std::vector<AV> sizes;
                               for (int64_t k = 0; k < n; ++k)
                                 sizes.push_back(AV::integer(b.fromSSA(
                                     callRuntime(b, "list_get", {list, constantI64(b, k)}, b.b.getI64Type()))));
                               return AV::list(std::move(sizes));
                             }});
      c.otherwise = "a list of sizes that is made at run time has at most " + std::to_string(maxChosenSizes) +
                    " elements in a compiled program";
      return c;
    }
  }
  return std::nullopt;
}

Flow Evaluator::runOnChoices(script::AtenOp op, ArrayRef<AV> args, const Choice &choice, std::vector<AV> &results) {
  std::function<Flow(size_t, std::vector<AV> &)> from = [&](size_t k, std::vector<AV> &out) -> Flow {
    const Choice::Option &option = choice.options[k];
    auto use = [&](std::vector<AV> &values) -> Flow {
      SmallVector<AV> one(args);
      one[choice.argument] = option.value();
      Flow flow = runOperatorOn(op, one, values);
      if (b.unsupportedReason) {
        offenders.add(op.getLoc(), "'" + op.getName() + "' is not supported here yet: " + *b.unsupportedReason);
        b.unsupportedReason.reset();
      }
      return flow;
    };
    AV isIt = b.compareInt(Predicate::eq, choice.tag, b.size(option.tag));
    if (k + 1 < choice.options.size())
      return runBranch(op, isIt, use, [&](std::vector<AV> &values) { return from(k + 1, values); }, out);
    if (!choice.otherwise.empty())
      b.check(isIt, "RuntimeError", choice.otherwise);
    return use(out);
  };
  return from(0, results);
}
