//===- Operators.h - one C++ function per operator --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An operator is a function from its arguments, found by the schema's names, to
// graph values. A row of a family's table gives it its names; in-place, out= and
// _copy variants are derived from the functional row through the schema.
// README.md tells how to add one.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_OPERATORS_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_OPERATORS_H

#include "GraphBuilder.h"
#include "ingot/Support/Schema.h"
#include "llvm/ADT/StringRef.h"

namespace ingot::eval {

/// What an operator returns: tensor values (fresh tensors) or abstract values
/// (views, numbers, containers).
struct Result {
  struct Item {
    Value value;
    AV abstract;
  };
  llvm::SmallVector<Item, 1> items;

  Result() = default;
  Result(Value v) { items.push_back({v, {}}); }
  Result(AV v) { items.push_back({{}, std::move(v)}); }
  Result(std::initializer_list<Value> values) {
    for (Value v : values)
      items.push_back({v, {}});
  }
  static Result several(std::vector<AV> values) {
    Result r;
    for (AV &v : values)
      r.items.push_back({{}, std::move(v)});
    return r;
  }
};

class OpCall {
public:
  OpCall(GraphBuilder &b, const schema::OperatorSchema &schema, llvm::ArrayRef<AV> args)
      : b(b), schema(schema), args(args.begin(), args.end()) {}

  GraphBuilder &b;
  const schema::OperatorSchema &schema;
  llvm::SmallVector<AV> args;

  /// The argument; None when the schema has none of that name.
  const AV &arg(llvm::StringRef name) const;
  /// Whether there is such an argument and it is not None.
  bool has(llvm::StringRef name) const { return !arg(name).isNone(); }

  /// A tensor's present value; a number stands for a rank-0 tensor.
  Value value(llvm::StringRef name);
  Operand operand(llvm::StringRef name);
  /// A tensor reference, for views and writes.
  AV tensor(llvm::StringRef name);
  Values values(llvm::StringRef name);
  std::vector<AV> tensors(llvm::StringRef name);

  /// An int, perhaps symbolic.
  Int integer(llvm::StringRef name);
  Sizes integers(llvm::StringRef name);
  /// Ints and floats that must be known at compile time.
  int64_t constInt(llvm::StringRef name, int64_t otherwise = 0);
  Dims constInts(llvm::StringRef name, int64_t count = 0);
  double constFloat(llvm::StringRef name, double otherwise = 0);
  bool flag(llvm::StringRef name, bool otherwise = false);
  std::string string(llvm::StringRef name, llvm::StringRef otherwise = "");
  /// A dtype argument, or `otherwise` when it is None.
  int64_t dtype(llvm::StringRef name, int64_t otherwise);
  /// A number as a host value.
  AV number(llvm::StringRef name);
  /// A dimension argument, wrapped for the rank.
  int64_t dim(llvm::StringRef name, int64_t rank, int64_t otherwise = 0);
  /// A list of dimensions (or one, or None: all).
  Dims dims(llvm::StringRef name, int64_t rank, bool emptyMeansAll = true);
  Result unsupported(const llvm::Twine &reason);
};

using OperatorFn = Result (*)(OpCall &);

struct OperatorRow {
  /// "aten::add.Tensor", or "aten::add.*" for every overload of it.
  llvm::StringRef name;
  OperatorFn function;
};

// The tables of the families.
llvm::ArrayRef<OperatorRow> elementwiseOperators();
llvm::ArrayRef<OperatorRow> activationOperators();
llvm::ArrayRef<OperatorRow> reductionOperators();
llvm::ArrayRef<OperatorRow> linearOperators();
llvm::ArrayRef<OperatorRow> lossOperators();
llvm::ArrayRef<OperatorRow> convolutionOperators();
llvm::ArrayRef<OperatorRow> poolingOperators();
llvm::ArrayRef<OperatorRow> normalizationOperators();
llvm::ArrayRef<OperatorRow> attentionOperators();
llvm::ArrayRef<OperatorRow> viewOperators();
llvm::ArrayRef<OperatorRow> reshapeOperators();
llvm::ArrayRef<OperatorRow> partOperators();
llvm::ArrayRef<OperatorRow> contractionOperators();
llvm::ArrayRef<OperatorRow> specialOperators();
llvm::ArrayRef<OperatorRow> shapeOperators();
llvm::ArrayRef<OperatorRow> indexingOperators();
llvm::ArrayRef<OperatorRow> creationOperators();
llvm::ArrayRef<OperatorRow> sortingOperators();
llvm::ArrayRef<OperatorRow> randomOperators();
llvm::ArrayRef<OperatorRow> recurrentOperators();
llvm::ArrayRef<OperatorRow> scalarOperators();
llvm::ArrayRef<OperatorRow> numberOperators();
llvm::ArrayRef<OperatorRow> numberFunctions();
llvm::ArrayRef<OperatorRow> containerOperators();
llvm::ArrayRef<OperatorRow> textOperators();
llvm::ArrayRef<OperatorRow> effectOperators();
llvm::ArrayRef<OperatorRow> fourierOperators();
llvm::ArrayRef<OperatorRow> factorizationOperators();
llvm::ArrayRef<OperatorRow> spectralOperators();
llvm::ArrayRef<OperatorRow> searchOperators();
llvm::ArrayRef<OperatorRow> samplingOperators();
llvm::ArrayRef<OperatorRow> windowOperators();
llvm::ArrayRef<OperatorRow> statisticsOperators();
// Operators of backward graphs.
llvm::ArrayRef<OperatorRow> activationGradients();
llvm::ArrayRef<OperatorRow> normalizationGradients();
llvm::ArrayRef<OperatorRow> indexingGradients();
llvm::ArrayRef<OperatorRow> windowGradients();

/// The function of an operator, from its row or a row "ns::name.*"; null when
/// there is none. Derived variants (in-place, out=, _copy) have none of their own.
OperatorFn findOperator(llvm::StringRef fullName);
/// Whether the operator, or what it is derived from, has a row.
bool isOperatorSupported(llvm::StringRef fullName);

/// Runs an operator on all its arguments in schema order (missing trailing ones
/// are the schema's defaults). Flags of the builder tell of failure; results are
/// then unknown values.
std::vector<AV> runOperator(GraphBuilder &b, llvm::StringRef fullName, llvm::ArrayRef<AV> args);

} // namespace ingot::eval

#endif
