//===- OpCall.cpp - arguments of an operator by name ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Operators.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

const AV &OpCall::arg(StringRef name) const {
  static const AV none = AV::none();
  int i = schema.argumentIndex(name);
  return i < 0 || size_t(i) >= args.size() ? none : args[i];
}

Result OpCall::unsupported(const Twine &reason) {
  b.unsupported(reason);
  return {};
}

Operand OpCall::operand(StringRef name) {
  const AV &a = arg(name);
  if (a.isTensor())
    return {b.read(a), a.getTensor()->wrappedNumber};
  if (a.isNumber())
    return b.wrap(a);
  b.unsupported("argument '" + name + "' is " + typeName(a) + ", not a tensor");
  return {b.placeholder({}, b.defaultDType), false};
}

Value OpCall::value(StringRef name) { return operand(name).value; }

AV OpCall::tensor(StringRef name) {
  const AV &a = arg(name);
  if (a.isTensor())
    return a;
  return b.fresh(value(name));
}

std::vector<AV> OpCall::tensors(StringRef name) {
  const AV &a = arg(name);
  std::vector<AV> out;
  if (!a.is(AV::Kind::List) && !a.is(AV::Kind::Tuple)) {
    b.unsupported("argument '" + name + "' is " + typeName(a) + ", not a list of tensors");
    return out;
  }
  for (const AV &e : a.elements()) {
    if (e.isTensor())
      out.push_back(e);
    else if (e.isNumber())
      out.push_back(b.fresh(b.wrap(e).value));
    else
      b.unsupported("argument '" + name + "' holds " + typeName(e) + ", not tensors");
  }
  return out;
}

Values OpCall::values(StringRef name) {
  Values out;
  for (const AV &t : tensors(name))
    out.push_back(b.read(t));
  return out;
}

Int OpCall::integer(StringRef name) {
  const AV &a = arg(name);
  if (a.is(AV::Kind::Int))
    return b.resolve(a.getInt());
  if (a.is(AV::Kind::Bool)) {
    if (auto k = a.knownBool())
      return b.size(*k);
    return b.fromSSA(arith::ExtUIOp::create(b.b, b.loc, b.b.getI64Type(), a.getSSA()), {0, 1});
  }
  if (a.isTensor()) {
    AV n = b.item(b.read(a));
    if (n.is(AV::Kind::Int))
      return n.getInt();
  }
  if (a.is(AV::Kind::Float))
    if (auto k = a.knownDouble())
      return b.size(int64_t(*k));
  b.unsupported("argument '" + name + "' is " + typeName(a) + ", not an int");
  return b.size(0);
}

int64_t OpCall::constInt(StringRef name, int64_t otherwise) {
  if (!has(name))
    return otherwise;
  Int i = integer(name);
  if (std::optional<int64_t> k = known(i))
    return *k;
  b.unsupported("argument '" + name + "' is not known at compile time");
  return otherwise;
}

Sizes OpCall::integers(StringRef name) {
  const AV &a = arg(name);
  int index = schema.argumentIndex(name);
  Sizes out;
  if (a.isNone())
    return out;
  if (a.is(AV::Kind::List) || a.is(AV::Kind::Tuple)) {
    for (const AV &e : a.elements()) {
      if (e.is(AV::Kind::Int)) {
        out.push_back(b.resolve(e.getInt()));
        continue;
      }
      if (e.isTensor()) {
        AV n = b.item(b.read(e));
        if (n.is(AV::Kind::Int)) {
          out.push_back(n.getInt());
          continue;
        }
      }
      b.unsupported("argument '" + name + "' holds " + typeName(e) + ", not ints");
      out.push_back(b.size(1));
    }
    return out;
  }
  int64_t repeat = 1;
  if (index >= 0)
    repeat = std::max<int64_t>(1, schema.arguments[index].type.stripOptional().fixedSize);
  out.assign(repeat, integer(name));
  return out;
}

Dims OpCall::constInts(StringRef name, int64_t count) {
  Dims out;
  for (Int i : integers(name)) {
    std::optional<int64_t> k = known(i);
    if (!k)
      b.unsupported("argument '" + name + "' is not known at compile time");
    out.push_back(k.value_or(1));
  }
  if (count && out.size() == 1)
    out.assign(count, out[0]);
  if (count && int64_t(out.size()) != count && !out.empty()) {
    b.raise("RuntimeError", "expected " + name + " to be a single integer value or a list of " + Twine(count) +
                                " values to match the convolution dimensions, but got " + name + " of size " +
                                Twine(out.size()));
    out.assign(count, 1);
  }
  return out;
}

double OpCall::constFloat(StringRef name, double otherwise) {
  const AV &a = arg(name);
  if (a.isNone())
    return otherwise;
  if (auto k = a.knownDouble())
    return *k;
  if (a.is(AV::Kind::Complex) && !a.getSSA() && a.im() == 0)
    return a.re();
  b.unsupported("argument '" + name + "' is not known at compile time");
  return otherwise;
}

bool OpCall::flag(StringRef name, bool otherwise) {
  const AV &a = arg(name);
  if (a.isNone())
    return otherwise;
  if (auto k = a.knownDouble())
    return *k != 0;
  b.unsupported("argument '" + name + "' is not known at compile time");
  return otherwise;
}

std::string OpCall::string(StringRef name, StringRef otherwise) {
  const AV &a = arg(name);
  if (a.isNone())
    return otherwise.str();
  if (a.is(AV::Kind::Str) || a.is(AV::Kind::Device))
    return a.getString();
  b.unsupported("argument '" + name + "' is " + typeName(a) + ", not a string");
  return otherwise.str();
}

int64_t OpCall::dtype(StringRef name, int64_t otherwise) { return has(name) ? constInt(name) : otherwise; }

AV OpCall::number(StringRef name) {
  const AV &a = arg(name);
  if (a.isNumber())
    return a;
  if (a.isTensor())
    return b.item(b.read(a));
  b.unsupported("argument '" + name + "' is " + typeName(a) + ", not a number");
  return AV::integer(1, b.context());
}

int64_t OpCall::dim(StringRef name, int64_t rank, int64_t otherwise) {
  return b.wrapDim(has(name) ? constInt(name) : otherwise, rank);
}

Dims OpCall::dims(StringRef name, int64_t rank, bool emptyMeansAll) {
  return b.wrapDims(constInts(name), rank, emptyMeansAll);
}
