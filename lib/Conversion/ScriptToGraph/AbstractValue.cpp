//===- AbstractValue.cpp - values of the partial evaluator ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "AbstractValue.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/ErrorHandling.h"
#include <cassert>

using namespace ingot;
using namespace ingot::eval;

AV AV::tensor(std::shared_ptr<TensorObject> t) {
  AV v(Kind::Tensor);
  v.tensorPtr = std::move(t);
  return v;
}
AV AV::list(std::vector<AV> elements) {
  AV v(Kind::List);
  v.listPtr = std::make_shared<ListObject>();
  v.listPtr->elements = std::move(elements);
  return v;
}
AV AV::tuple(std::vector<AV> elements) {
  AV v(Kind::Tuple);
  v.tuplePtr = std::make_shared<TupleObject>();
  v.tuplePtr->elements = std::move(elements);
  return v;
}
AV AV::tuple(std::shared_ptr<TupleObject> t) {
  AV v(Kind::Tuple);
  v.tuplePtr = std::move(t);
  return v;
}
AV AV::dict() {
  AV v(Kind::Dict);
  v.dictPtr = std::make_shared<DictObject>();
  return v;
}
AV AV::container(const std::shared_ptr<HeapCell> &cell) {
  if (cell->cellKind == HeapCell::CellKind::Object)
    return object(std::static_pointer_cast<InstanceObject>(cell));
  bool isList = cell->cellKind == HeapCell::CellKind::List;
  AV v(isList ? Kind::List : Kind::Dict);
  if (isList)
    v.listPtr = std::static_pointer_cast<ListObject>(cell);
  else
    v.dictPtr = std::static_pointer_cast<DictObject>(cell);
  return v;
}
AV AV::enumMember(std::string className, std::string name, AV value) {
  AV v = tuple(std::vector<AV>{str(std::move(name)), std::move(value)});
  v.k = Kind::Enum;
  v.string = std::move(className);
  return v;
}
AV AV::object(std::shared_ptr<InstanceObject> o) {
  AV v(Kind::Object);
  v.objectPtr = std::move(o);
  return v;
}
AV AV::task(std::shared_ptr<TaskObject> t) {
  AV v(Kind::Task);
  v.taskPtr = std::move(t);
  return v;
}
AV AV::doneTask(AV value, bool isAwait) {
  auto t = std::make_shared<TaskObject>();
  t->isAwait = isAwait;
  t->done = true;
  t->value = std::move(value);
  return task(std::move(t));
}

AV AV::object(std::shared_ptr<RuntimeObject> o) {
  AV v(Kind::Runtime);
  v.runtimePtr = std::move(o);
  return v;
}
AV::Kind AV::containerKind() const {
  bool isRuntime = k == Kind::List   ? listPtr->runtime != nullptr
                   : k == Kind::Dict ? dictPtr->runtime != nullptr
                                     : objectPtr->runtime != nullptr;
  return isRuntime ? Kind::Runtime : k;
}
RuntimeObject &AV::getRuntime() const {
  assert(is(Kind::Runtime));
  return k == Kind::List     ? *listPtr->runtime
         : k == Kind::Dict   ? *dictPtr->runtime
         : k == Kind::Object ? *objectPtr->runtime
                             : *runtimePtr;
}

const std::shared_ptr<TensorObject> &AV::getTensor() const {
  assert(k == Kind::Tensor);
  return tensorPtr;
}
ListObject &AV::getList() const {
  assert(k == Kind::List);
  return *listPtr;
}
TupleObject &AV::getTuple() const {
  assert(k == Kind::Tuple || k == Kind::Enum);
  return *tuplePtr;
}
DictObject &AV::getDict() const {
  assert(k == Kind::Dict);
  return *dictPtr;
}
const std::shared_ptr<InstanceObject> &AV::getObject() const {
  assert(k == Kind::Object);
  return objectPtr;
}
TaskObject &AV::getTask() const {
  assert(k == Kind::Task);
  return *taskPtr;
}
std::vector<AV> &AV::elements() const { return k == Kind::List ? getList().elements : getTuple().elements; }

const void *AV::identity() const {
  switch (k) {
  case Kind::Tensor:
    return tensorPtr.get();
  case Kind::List:
    return listPtr.get();
  case Kind::Tuple:
    return tuplePtr.get();
  case Kind::Dict:
    return dictPtr.get();
  case Kind::Object:
    return objectPtr.get();
  case Kind::Task:
    return taskPtr.get();
  case Kind::Runtime:
    return runtimePtr.get();
  default:
    return nullptr;
  }
}

bool AV::same(const AV &other) const {
  if (k != other.k)
    return false;
  if (const void *id = identity())
    return id == other.identity();
  // Members are boxed where a constant, an argument or an attribute gives them: equal ones are several objects.
  if (k == Kind::Enum)
    return tuplePtr == other.tuplePtr;
  return k == Kind::None || constantEqual(*this, other).value_or(false);
}

bool AV::identical(const AV &other) const {
  if (k != other.k)
    return false;
  if (k == Kind::Tuple || k == Kind::Enum) {
    if (tuplePtr == other.tuplePtr)
      return true;
    return llvm::equal(tuplePtr->elements, other.tuplePtr->elements,
                       [](const AV &a, const AV &b) { return a.identical(b); });
  }
  if (const void *id = identity())
    return id == other.identity();
  if (k == Kind::Int)
    return equal(expr, other.expr);
  auto bits = [](double x) { return llvm::bit_cast<uint64_t>(x); };
  return ssa == other.ssa && imaginarySSA == other.imaginarySSA && bits(number) == bits(other.number) &&
         bits(imaginary) == bits(other.imaginary) && string == other.string;
}

int DictObject::find(const AV &key) const {
  for (size_t i = 0; i < entries.size(); ++i) {
    const AV &k = entries[i].first;
    if (k.isTensor() || key.isTensor() ? k.same(key) : constantEqual(k, key).value_or(false))
      return int(i);
  }
  return -1;
}

bool DictObject::decides(const AV &key) const {
  for (auto &[k, value] : entries)
    if (!(k.isTensor() || key.isTensor()) && !constantEqual(k, key))
      return false;
  return true;
}

std::string eval::typeName(const AV &value) {
  switch (value.kind()) {
  case AV::Kind::Unknown:
    return "unknown";
  case AV::Kind::None:
    return "NoneType";
  case AV::Kind::Int:
    return "int";
  case AV::Kind::Float:
    return "float";
  case AV::Kind::Bool:
    return "bool";
  case AV::Kind::Complex:
    return "complex";
  case AV::Kind::Str:
    return "str";
  case AV::Kind::Device:
    return "Device";
  case AV::Kind::Generator:
    return "Generator";
  case AV::Kind::Tensor:
    return "Tensor";
  case AV::Kind::List:
    return "List";
  case AV::Kind::Tuple:
    return "Tuple";
  case AV::Kind::Dict:
    return "Dict";
  case AV::Kind::Object:
    return value.getObject()->className;
  case AV::Kind::Function:
    return "function";
  case AV::Kind::Task:
    return value.getTask().isAwait ? "Await" : "Future";
  case AV::Kind::Enum:
    return value.getString();
  case AV::Kind::Runtime:
    switch (value.getRuntime().type.kind) {
    case TypeSpec::Kind::Str:
      return "str";
    case TypeSpec::Kind::List:
      return "List";
    case TypeSpec::Kind::Dict:
      return "Dict";
    case TypeSpec::Kind::Optional:
      return "Optional";
    case TypeSpec::Kind::Object:
      return value.getRuntime().type.className;
    case TypeSpec::Kind::Tensor:
      return "Tensor of unknown rank";
    default:
      return "value";
    }
  }
  llvm_unreachable("all kinds are listed");
}

std::optional<bool> eval::constantEqual(const AV &a, const AV &b) {
  using Kind = AV::Kind;
  if (a.isUnknown() || b.isUnknown())
    return std::nullopt;
  if (a.isRuntime() || b.isRuntime())
    return a.identity() == b.identity() ? std::optional<bool>(true) : std::nullopt;
  if (a.isNumber() && b.isNumber()) {
    if (a.is(Kind::Complex) || b.is(Kind::Complex)) {
      auto part = [](const AV &v, bool im) -> std::optional<double> {
        if (v.is(Kind::Complex))
          return v.getSSA() ? std::nullopt : std::optional<double>(im ? v.im() : v.re());
        return im ? 0.0 : v.knownDouble();
      };
      auto ar = part(a, false), br = part(b, false);
      if (!ar || !br)
        return std::nullopt;
      return *ar == *br && *part(a, true) == *part(b, true);
    }
    if (a.is(Kind::Int) && b.is(Kind::Int)) {
      if (equal(a.getInt(), b.getInt()))
        return true;
      if (known(a.getInt()) && known(b.getInt()))
        return false;
      return std::nullopt;
    }
    auto x = a.knownDouble(), y = b.knownDouble();
    if (!x || !y)
      return std::nullopt;
    return *x == *y;
  }
  if (a.kind() != b.kind())
    return false;
  switch (a.kind()) {
  case Kind::None:
    return true;
  case Kind::Str:
  case Kind::Device:
  case Kind::Function:
    return a.getString() == b.getString();
  case Kind::Enum:
    return a.getString() == b.getString() && a.elements()[0].getString() == b.elements()[0].getString();
  case Kind::List:
  case Kind::Tuple: {
    auto &x = a.elements(), &y = b.elements();
    if (x.size() != y.size())
      return false;
    bool decided = true;
    for (size_t i = 0; i < x.size(); ++i) {
      auto e = constantEqual(x[i], y[i]);
      if (e && !*e)
        return false;
      decided &= e.has_value();
    }
    if (!decided)
      return std::nullopt;
    return true;
  }
  case Kind::Dict: {
    auto &x = a.getDict(), &y = b.getDict();
    if (x.entries.size() != y.entries.size())
      return false;
    for (auto &[key, value] : x.entries) {
      int i = y.find(key);
      if (i < 0)
        return false;
      auto e = constantEqual(value, y.entries[i].second);
      if (!e || !*e)
        return e;
    }
    return true;
  }
  case Kind::Object:
  case Kind::Task:
    return a.identity() == b.identity();
  default:
    return std::nullopt;
  }
}
