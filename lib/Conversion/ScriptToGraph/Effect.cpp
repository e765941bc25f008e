//===- Effect.cpp - printing, assertions, operators of no value -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Effect.h"
#include "RuntimeValue.h"
#include "Text.h"
#include "ingot/Support/SourceLine.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

Operation *eval::runtimeEffect(GraphBuilder &b, StringRef name, StringRef key, StringRef function, ValueRange operands,
                               TypeRange results, std::optional<StringRef> text) {
  Operation *op = b.effect(name, key, operands, results);
  op->setAttr("runtime", b.b.getStringAttr(function));
  if (text)
    op->setAttr("text", b.b.getStringAttr(*text));
  return op;
}

namespace {

/// Prints a text on the chain of ordered effects.
Result printText(OpCall &c, StringRef name, const std::string &text) {
  Operation *op = c.b.effect(name, "ordered", {}, {});
  op->setAttr("text", c.b.b.getStringAttr(text));
  return Result::several({});
}
Result print(OpCall &c) { // prim::Print(...)
  std::string text;
  for (auto [i, v] : llvm::enumerate(c.args)) {
    std::optional<std::string> part = displayText(v);
    if (!part)
      return c.unsupported("of a " + typeName(v) + " that depends on data");
    text += (i ? " " : "") + *part;
  }
  return printText(c, "prim::Print", text + "\n");
}
Result printString(OpCall &c) { return printText(c, "aten::_print", c.string("s") + "\n"); }

Result warn(OpCall &c) { // the runtime knows which sites have warned
  std::string site = "UserWarning\n" + shortSourceLine(c.b.loc);
  runtimeEffect(c.b, "aten::warn", "ordered", "warn", toObject(c.b, c.arg("message")), {}, StringRef(site));
  return Result::several({});
}

/// A script object of the instance: class, number, saved state.
Result scriptObject(OpCall &c) {
  std::optional<int64_t> number = c.args.size() == 3 ? c.args[1].knownInt() : std::nullopt;
  if (!number || !c.args[0].is(AV::Kind::Str))
    return c.unsupported("expected a class, a number and a state");
  GraphBuilder &b = c.b;
  const std::string &name = c.args[0].getString();
  Value object = callRuntime(b, "script_object", {constantI64(b, *number), toObject(b, c.args[2])},
                             task::ObjectType::get(b.context()), StringRef(name));
  TypeSpec type = simple(Spec::Object);
  type.className = name;
  return runtimeValue(object, type);
}

Result nothing(OpCall &) { return Result::several({}); }
Result setGradients(OpCall &c) {
  c.b.modes.gradients = c.flag(c.schema.arguments[0].name);
  return Result::several({});
}
Result noValue(OpCall &) { return AV::none(); }

Result assertScalar(OpCall &c) {
  GraphBuilder &b = c.b;
  AV n = c.number("self");
  AV holds = n.is(AV::Kind::Bool)  ? n
             : n.is(AV::Kind::Int) ? b.compareInt(arith::CmpIPredicate::ne, n.getInt(), b.size(0))
             : n.knownDouble()     ? AV::boolean(*n.knownDouble() != 0)
                                   : AV::boolean(true);
  b.check(holds, b.assertException.empty() ? "RuntimeError" : b.assertException, c.string("assert_msg"));
  return Result::several({});
}
Result assertTensor(OpCall &c) {
  GraphBuilder &b = c.b;
  AV n = b.item(b.cast(c.value("self"), int64_t(DType::Bool)));
  std::string message = c.string("assert_msg", "Expected Tensor with single nonzero value, but got zero");
  b.check(n, b.assertException.empty() ? "RuntimeError" : b.assertException, message);
  return Result::several({});
}
Result assertMetadata(OpCall &c) {
  if (c.has("dtype")) {
    int64_t have = c.b.dtype(c.value("a")), want = c.constInt("dtype");
    if (have != want)
      c.b.raise("RuntimeError",
                "Tensor dtype mismatch! Expected: " + c.b.scalarTypeName(want) + " Got: " + c.b.scalarTypeName(have));
  }
  return Result::several({});
}

const OperatorRow rows[] = {
    {"prim::Print", print},
    {"aten::_print", printString},
    {"aten::warn", warn},
    {"ingot::script_object", scriptObject},
    {"aten::_assert_scalar", assertScalar},
    {"aten::_assert_async", assertTensor},
    {"aten::_assert_async.msg", assertTensor},
    {"aten::_assert_tensor_metadata", assertMetadata},
    {"aten::sym_constrain_range", nothing},
    {"aten::sym_constrain_range_for_size", nothing},
    {"aten::set_grad_enabled", setGradients},
    {"aten::_set_grad_enabled", setGradients},
    {"profiler::_record_function_enter", noValue},
    {"profiler::_record_function_exit", nothing},
};

} // namespace

ArrayRef<OperatorRow> eval::effectOperators() { return rows; }
