//===- Emitter.h - builds script ops ----------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_IMPORT_EXPORT_EMITTER_H
#define INGOT_LIB_IMPORT_EXPORT_EMITTER_H

#include "dialects/Script/Script.h"
#include "ingot/Support/Schema.h"
#include "mlir/IR/Builders.h"

namespace ingot::exported {

/// Types and constants of the script dialect, at the builder's place.
class Emitter {
public:
  Emitter(mlir::OpBuilder &builder) : builder(builder), context(builder.getContext()) {}

  mlir::OpBuilder &builder;
  mlir::MLIRContext *context;
  /// The location of what is built.
  mlir::Location loc = mlir::UnknownLoc::get(context);

  mlir::Type tensorType() { return script::TensorType::get(context); }
  mlir::Type noneType() { return script::NoneType::get(context); }
  mlir::Type strType() { return script::StrType::get(context); }
  mlir::Type intType() { return builder.getI64Type(); }
  mlir::Type floatType() { return builder.getF64Type(); }
  mlir::Type boolType() { return builder.getI1Type(); }
  mlir::Type listOf(mlir::Type element) { return script::ListType::get(context, element); }
  mlir::Type optionalOf(mlir::Type element) { return script::OptionalType::get(context, element); }
  mlir::Type convert(const schema::Type &type);

  mlir::Value constant(mlir::Type type, mlir::Attribute value);
  mlir::Value none();
  mlir::Value integer(int64_t value);
  mlir::Value real(double value);
  mlir::Value boolean(bool value);
  mlir::Value string(llvm::StringRef value);
  mlir::Value device(llvm::StringRef value);
  mlir::Value complex(double real, double imaginary);
  mlir::Value list(mlir::Type element, mlir::ValueRange values);
  /// The value of a schema's default.
  mlir::Value defaultValue(const schema::Argument &argument);

  mlir::Operation *aten(llvm::StringRef name, mlir::ValueRange operands, mlir::TypeRange results);
  mlir::Value aten(llvm::StringRef name, mlir::ValueRange operands, mlir::Type result) {
    return aten(name, operands, mlir::TypeRange(result))->getResult(0);
  }

  /// An int, float or bool as a float.
  mlir::Value toFloat(mlir::Value value);
  /// Python's operators on ints, floats and bools: "add", "floordiv", "lt",
  /// "and_", "sym_max", ...; null when there is no such operator or the operand
  /// types do not fit it.
  mlir::Value python(llvm::StringRef op, llvm::ArrayRef<mlir::Value> operands);

private:
  mlir::Value pythonUnary(llvm::StringRef op, mlir::Value operand);
  mlir::Value pythonBinary(llvm::StringRef op, mlir::Value a, mlir::Value b);
};

/// torch's codes for those of the archive's schema; -1 for none of ours.
int64_t convertScalarType(int64_t code);
int64_t convertLayout(int64_t code);
int64_t convertMemoryFormat(int64_t code);

} // namespace ingot::exported

#endif
