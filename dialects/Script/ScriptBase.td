//===- ScriptBase.td - the script dialect and its types ----*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef INGOT_SCRIPT_BASE
#define INGOT_SCRIPT_BASE

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"

def Script_Dialect : Dialect {
  let name = "script";
  let cppNamespace = "::ingot::script";
  let summary = "PyTorch programs as they were saved";
  let description = [{
    The program as TorchScript or torch.export wrote it: reference tensors,
    containers, objects, exceptions, futures and awaits. Every operator that has
    a schema is one op, `script.aten`, which carries the operator's name; only
    structure (control flow, attributes, calls, containers) has ops of its own.
    See README.md for the rationale.
  }];
  let useDefaultTypePrinterParser = 1;
}

class Script_Type<string typeName, string typeMnemonic, string sum> : TypeDef<Script_Dialect, typeName> {
  let mnemonic = typeMnemonic;
  let summary = sum;
}

class Script_ElementType<string typeName, string typeMnemonic, string sum> : Script_Type<typeName, typeMnemonic, sum> {
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
  let builders = [TypeBuilderWithInferredContext<(ins "::mlir::Type":$elementType), [{
    return $_get(elementType.getContext(), elementType);
  }]>];
}

class Script_ClassType<string typeName, string typeMnemonic, string sum> : Script_Type<typeName, typeMnemonic, sum> {
  let parameters = (ins "::mlir::StringAttr":$name);
  let assemblyFormat = "`<` $name `>`";
}

def Script_TensorType : Script_Type<"Tensor", "tensor", "A reference to a tensor; rank and dtype are found by normalisation">;
def Script_StrType : Script_Type<"Str", "str", "A Python string">;
def Script_NoneType : Script_Type<"None", "none", "None">;
def Script_DeviceType : Script_Type<"Device", "device", "A torch.device">;
def Script_GeneratorType : Script_Type<"Generator", "generator", "A torch.Generator">;
def Script_ComplexType : Script_Type<"Complex", "complex", "A Python complex">;
def Script_NumberType : Script_Type<"Number", "number", "An int, float, bool or complex (Scalar)">;
def Script_AnyType : Script_Type<"Any", "any", "Any value, with its type at run time">;
def Script_AnyListType : Script_Type<"AnyList", "any_list", "Any list (of `isinstance(x, list)`)">;
def Script_AnyTupleType : Script_Type<"AnyTuple", "any_tuple", "Any tuple (of `isinstance(x, tuple)`)">;
def Script_FunctionType : Script_Type<"Function", "function", "A function as a value">;
def Script_CapsuleType : Script_Type<"Capsule", "capsule", "An opaque C++ value">;
def Script_ListType : Script_ElementType<"List", "list", "A mutable list, by reference">;
def Script_OptionalType : Script_ElementType<"Optional", "optional", "A value or None">;
def Script_FutureType : Script_ElementType<"Future", "future", "The result of a fork">;
def Script_AwaitType : Script_ElementType<"Await", "await", "A lazy value">;
def Script_ObjectType : Script_ClassType<"Object", "object", "A module or an instance of a class or interface, by reference">;
def Script_EnumType : Script_ClassType<"Enum", "enum", "A member of a Python enum">;
def Script_DictType : Script_Type<"Dict", "dict", "A mutable dict in insertion order, by reference"> {
  let parameters = (ins "::mlir::Type":$keyType, "::mlir::Type":$valueType);
  let assemblyFormat = "`<` $keyType `,` $valueType `>`";
}
def Script_TupleType : Script_Type<"Tuple", "tuple", "A tuple; with `names` a namedtuple"> {
  let parameters = (ins OptionalArrayRefParameter<"::mlir::Type">:$types, DefaultValuedParameter<"::mlir::ArrayAttr", "nullptr">:$names,
                        DefaultValuedParameter<"::mlir::StringAttr", "nullptr">:$className);
  let hasCustomAssemblyFormat = 1;
  let builders = [TypeBuilder<(ins "::llvm::ArrayRef<::mlir::Type>":$types), [{
    return $_get($_ctxt, types, nullptr, nullptr);
  }]>];
}
def Script_UnionType : Script_Type<"Union", "union", "One of several types"> {
  let parameters = (ins ArrayRefParameter<"::mlir::Type">:$types);
  let assemblyFormat = "`<` $types `>`";
}

#endif
