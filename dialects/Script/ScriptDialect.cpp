//===- ScriptDialect.cpp - the script dialect and its types -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/Script/Script.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::script;

#include "dialects/Script/ScriptDialect.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Script/ScriptTypes.cpp.inc"

void ScriptDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/Script/ScriptTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/Script/ScriptOps.cpp.inc"
      >();
}

// !script.tuple<i64, f64> or, for a namedtuple,
// !script.tuple<"Point" ["x", "y"] i64, f64>.
Type script::TupleType::parse(AsmParser &parser) {
  StringAttr className;
  ArrayAttr names;
  SmallVector<Type> types;
  if (parser.parseLess())
    return {};
  if (succeeded(parser.parseOptionalGreater()))
    return script::TupleType::get(parser.getContext(), types, names, className);
  if (parser.parseOptionalAttribute(className).has_value() && parser.parseAttribute(names))
    return {};
  if (parser.parseTypeList(types) || parser.parseGreater())
    return {};
  return script::TupleType::get(parser.getContext(), types, names, className);
}

void script::TupleType::print(AsmPrinter &printer) const {
  printer << "<";
  if (getNames()) {
    printer << (getClassName() ? getClassName() : StringAttr::get(getContext(), ""));
    printer << " " << getNames() << " ";
  }
  llvm::interleaveComma(getTypes(), printer);
  printer << ">";
}
