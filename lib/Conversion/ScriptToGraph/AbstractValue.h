//===- AbstractValue.h - values of the partial evaluator --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a value of the script program is at compile time: a constant, a symbolic
// number, a tensor (storage and views), or a container or object with Python's
// reference semantics (shared payloads are the identity).
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_ABSTRACTVALUE_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_ABSTRACTVALUE_H

#include "Heap.h"
#include "SymbolicInt.h"
#include "ingot/Support/InputSpec.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/Value.h"
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ingot::eval {

struct TensorObject;
struct ListObject;
struct TupleObject;
struct DictObject;
struct InstanceObject;
struct TaskObject;
struct RuntimeObject;

class AbstractValue {
public:
  enum class Kind {
    Unknown, // result of an operator that is not supported: already reported
    None,
    Int,
    Float,
    Bool,
    Complex,
    Str,
    Device,
    Generator,
    Tensor,
    List,
    Tuple,
    Dict,
    Object,
    Function, // text: the symbol
    Task,     // a future or an await
    Enum,     // text: the class; elements: name, value
    Runtime,  // an object of the runtime: a list, dict, string or optional whose
              // length or content is known at run time only
  };

  AbstractValue() = default;
  static AbstractValue none() { return AbstractValue(Kind::None); }
  static AbstractValue unknown() { return AbstractValue(Kind::Unknown); }
  static AbstractValue integer(Int value) {
    AbstractValue v(Kind::Int);
    v.expr = value;
    return v;
  }
  static AbstractValue integer(int64_t value, mlir::MLIRContext *context) {
    return integer(mlir::getAffineConstantExpr(value, context));
  }
  static AbstractValue real(double value) {
    AbstractValue v(Kind::Float);
    v.number = value;
    return v;
  }
  static AbstractValue boolean(bool value) {
    AbstractValue v(Kind::Bool);
    v.number = value;
    return v;
  }
  /// A run-time number: f64 is a float, i1 a bool. (An int is an expression.)
  static AbstractValue runtime(mlir::Value value) {
    AbstractValue v(value.getType().isF64() ? Kind::Float : Kind::Bool);
    v.ssa = value;
    return v;
  }
  static AbstractValue complexNumber(double re, double im) {
    AbstractValue v(Kind::Complex);
    v.number = re;
    v.imaginary = im;
    return v;
  }
  static AbstractValue runtimeComplex(mlir::Value re, mlir::Value im) {
    AbstractValue v(Kind::Complex);
    v.ssa = re;
    v.imaginarySSA = im;
    return v;
  }
  static AbstractValue text(Kind kind, std::string text) {
    AbstractValue v(kind);
    v.string = std::move(text);
    return v;
  }
  static AbstractValue str(std::string s) { return text(Kind::Str, std::move(s)); }
  static AbstractValue tensor(std::shared_ptr<TensorObject> t);
  static AbstractValue list(std::vector<AbstractValue> elements);
  static AbstractValue tuple(std::vector<AbstractValue> elements);
  static AbstractValue dict();
  static AbstractValue object(std::shared_ptr<InstanceObject> o);
  static AbstractValue task(std::shared_ptr<TaskObject> t);
  /// A future or await whose value is there.
  static AbstractValue doneTask(AbstractValue value, bool isAwait);
  /// A tuple sharing the payload (namedtuples keep names there).
  static AbstractValue tuple(std::shared_ptr<TupleObject> t);

  static AbstractValue object(std::shared_ptr<RuntimeObject> o);
  /// The list, dict or object that a cell is.
  static AbstractValue container(const std::shared_ptr<HeapCell> &cell);

  static AbstractValue enumMember(std::string className, std::string name, AbstractValue value);

  /// A list, dict or object that has been materialized is Runtime, wherever it
  /// is seen.
  Kind kind() const { return k == Kind::List || k == Kind::Dict || k == Kind::Object ? containerKind() : k; }
  bool is(Kind other) const { return kind() == other; }
  bool isNone() const { return k == Kind::None; }
  bool isUnknown() const { return k == Kind::Unknown; }
  bool isTensor() const { return k == Kind::Tensor; }
  bool isRuntime() const { return is(Kind::Runtime); }
  bool isNumber() const { return k == Kind::Int || k == Kind::Float || k == Kind::Bool || k == Kind::Complex; }

  Int getInt() const { return expr; }
  std::optional<int64_t> knownInt() const { return k == Kind::Int ? known(expr) : std::nullopt; }
  /// Value of a bool or a float known at compile time.
  bool isKnownNumber() const { return k == Kind::Int ? known(expr).has_value() : isNumber() && !ssa; }
  std::optional<bool> knownBool() const {
    if (k == Kind::Bool && !ssa)
      return number != 0;
    return std::nullopt;
  }
  /// A known int, float or bool as a double.
  std::optional<double> knownDouble() const {
    if (k == Kind::Int) {
      if (auto i = known(expr))
        return double(*i);
      return std::nullopt;
    }
    if ((k == Kind::Float || k == Kind::Bool) && !ssa)
      return number;
    return std::nullopt;
  }
  mlir::Value getSSA() const { return ssa; }
  /// The imaginary part of a complex number whose real part is getSSA().
  mlir::Value getImaginarySSA() const { return imaginarySSA; }
  double re() const { return number; }
  double im() const { return imaginary; }
  const std::string &getString() const { return string; }

  const std::shared_ptr<TensorObject> &getTensor() const;
  ListObject &getList() const;
  TupleObject &getTuple() const;
  DictObject &getDict() const;
  const std::shared_ptr<InstanceObject> &getObject() const;
  TaskObject &getTask() const;
  RuntimeObject &getRuntime() const;
  /// Elements of a list or a tuple.
  std::vector<AbstractValue> &elements() const;
  /// Whether both are the same object (Python's `is`).
  bool same(const AbstractValue &other) const;
  /// The shared payload: identity of a container, tensor or object.
  const void *identity() const;
  /// Whether both are one value: the same payload, expression, SSA value or
  /// constant (NaN equals itself here).
  bool identical(const AbstractValue &other) const;

private:
  explicit AbstractValue(Kind kind) : k(kind) {}
  Kind containerKind() const;

  Kind k = Kind::Unknown;
  Int expr;
  mlir::Value ssa, imaginarySSA;
  double number = 0, imaginary = 0;
  std::string string;
  // Exactly one of these is set for kinds with identity.
  std::shared_ptr<TensorObject> tensorPtr;
  std::shared_ptr<ListObject> listPtr;
  std::shared_ptr<TupleObject> tuplePtr;
  std::shared_ptr<DictObject> dictPtr;
  std::shared_ptr<InstanceObject> objectPtr;
  std::shared_ptr<TaskObject> taskPtr;
  std::shared_ptr<RuntimeObject> runtimePtr;
};

using AV = AbstractValue;

/// An object of the runtime.
struct RuntimeObject {
  /// Its type: lists and dicts are of any length (a dict's children are the
  /// key's and the value's type), a tensor's rank is known where its dtype is.
  TypeSpec type;
  mlir::Value handle; // !task.object
  /// The input that it came in with, or -1.
  int input = -1;
};
struct ListObject : HeapCell {
  ListObject() : HeapCell(CellKind::List) {}
  std::vector<AV> elements;
  /// The script type of the elements, where it is known; a list that is empty
  /// has no other.
  mlir::Type elementType;
  /// Set once the list has been materialized: the elements are there then.
  std::shared_ptr<RuntimeObject> runtime;
  /// The branch or loop after which the list may be another one too, depending
  /// on data: it must not change. Null: it is itself.
  mlir::Operation *frozen = nullptr;
  /// A container of the instance's state, which outlives the call.
  bool persistent = false;
};
struct TupleObject {
  std::vector<AV> elements;
  std::vector<std::string> names; // of a namedtuple
  std::string className;
};
struct DictObject : HeapCell {
  DictObject() : HeapCell(CellKind::Dict) {}
  std::vector<std::pair<AV, AV>> entries; // in insertion order
  mlir::Type keyType, valueType;          // as ListObject::elementType
  std::shared_ptr<RuntimeObject> runtime;
  mlir::Operation *frozen = nullptr; // as a list's
  bool persistent = false;

  /// Index of a key (ints, strings, floats and bools by value, tensors by
  /// identity); -1 when absent or not decidable (`decides`).
  int find(const AV &key) const;
  /// Whether it is known at compile time if the key is there.
  bool decides(const AV &key) const;
};
struct InstanceObject : HeapCell {
  InstanceObject() : HeapCell(CellKind::Object) {}
  std::string className;
  std::vector<std::pair<std::string, AV>> attributes;
  std::string path; // qualified name from the root, "" for the root
  bool isModule = false;
  bool persistent = false;
  mlir::Operation *frozen = nullptr; // as a list's
  std::shared_ptr<RuntimeObject> runtime;
  std::vector<std::string> parameters, buffers;

  AV *find(const std::string &name) {
    for (auto &[key, value] : attributes)
      if (key == name)
        return &value;
    return nullptr;
  }
};
/// A future (its body has run) or an await (lazy).
struct TaskObject : HeapCell {
  TaskObject() : HeapCell(CellKind::Task) {}
  bool isAwait = false;
  bool done = false;
  /// Of an await that has run on some way only: whether it has (a bool of the program); else unknown.
  AV ran;
  AV value;
  std::string callee; // of an await that has not run
  std::vector<AV> arguments;
  /// The error that the body raised, which every wait raises: None, or a tuple of three texts (class, message and
  /// line), an optional one of the runtime where data decides.
  AV failure = AV::none();
  /// The body raises whatever its inputs are: `value` is unknown.
  bool alwaysFails = false;
};

/// Python's name of the type, for messages: "int", "Tensor", "List".
std::string typeName(const AV &value);
/// Equality of constants and containers of constants; nullopt: not decidable.
std::optional<bool> constantEqual(const AV &a, const AV &b);

} // namespace ingot::eval

#endif
