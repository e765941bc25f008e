//===- ScriptOps.td - operations of the script dialect -----*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef INGOT_SCRIPT_OPS
#define INGOT_SCRIPT_OPS

include "dialects/Script/ScriptBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"

class Script_Op<string mnemonic, list<Trait> traits = []> : Op<Script_Dialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// Module state
//===----------------------------------------------------------------------===//

def Script_InstanceOp : Script_Op<"instance", [SingleBlock, NoTerminator, HasParent<"::mlir::ModuleOp">]> {
  let summary = "Builds the program's initial state";
  let description = [{
    A straight-line region that builds the root object and yields it. Sharing is
    expressed by using the same SSA value twice. At most one in a module.
  }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def Script_WeightOp : Script_Op<"weight", [Pure]> {
  let summary = "A tensor whose bytes lie in the archive";
  let description = [{
    `offset` and `nbytes` locate the whole storage in the file of the module's
    `script.source`; `sizes`, `strides` and `storage_offset` (in elements) view
    it. Two weights with the same `storage` share it. `dtype` is a torch
    ScalarType code. A weight of `nbytes` 0 needs no data.
  }];
  let arguments = (ins StrAttr:$storage, I64Attr:$dtype, DenseI64ArrayAttr:$sizes, DenseI64ArrayAttr:$strides,
                       I64Attr:$storage_offset, I64Attr:$offset, I64Attr:$nbytes, UnitAttr:$requires_grad,
                       OptionalAttr<StrAttr>:$layout);
  let results = (outs Script_TensorType:$result);
  let assemblyFormat = "$storage attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Script_ObjectOp : Script_Op<"object"> {
  let summary = "A new object of a class with its attributes";
  let description = [{
    `names` are the attribute names, in the order of the operands. `parameters`
    and `buffers` list those that are a module's parameters and buffers.
    `is_module` tells an nn.Module from a class instance.
  }];
  let arguments = (ins Variadic<AnyType>:$values, StrArrayAttr:$names, UnitAttr:$is_module,
                       OptionalAttr<StrArrayAttr>:$parameters, OptionalAttr<StrArrayAttr>:$buffers);
  let results = (outs Script_ObjectType:$result);
  let assemblyFormat = "`(` $values `)` attr-dict `:` functional-type($values, $result)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Values and containers
//===----------------------------------------------------------------------===//

def Script_ConstantOp : Script_Op<"constant", [Pure, ConstantLike]> {
  let summary = "A constant: int, float, bool, str, None, device, complex, enum, function";
  let description = [{
    int: IntegerAttr i64. float: FloatAttr f64. bool: BoolAttr. str, device:
    StringAttr. None: UnitAttr. complex: ArrayAttr of two f64. function: a flat
    symbol reference. enum: [name, value]. dtype, layout, memory_format: the
    int that TorchScript uses. generator: an IntegerAttr seed or UnitAttr.
  }];
  let arguments = (ins AnyAttr:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "`(` $value `)` attr-dict `:` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

class Script_ConstructOp<string mnemonic, string sum> : Script_Op<mnemonic> {
  let summary = sum;
  let arguments = (ins Variadic<AnyType>:$elements);
  let results = (outs AnyType:$result);
  let assemblyFormat = "`(` $elements `)` attr-dict `:` functional-type($elements, $result)";
  let hasVerifier = 1;
}
def Script_ListOp : Script_ConstructOp<"list", "A new list of the operands (prim::ListConstruct)">;
def Script_TupleOp : Script_ConstructOp<"tuple", "A tuple or namedtuple (prim::TupleConstruct)">;
def Script_DictOp : Script_ConstructOp<"dict", "A new dict; operands alternate key, value (prim::DictConstruct)">;

def Script_UnpackOp : Script_Op<"unpack"> {
  let summary = "All elements of a tuple or a list (prim::TupleUnpack, prim::ListUnpack)";
  let description = [{ A list of another length raises, as TorchScript does. }];
  let arguments = (ins AnyType:$container);
  let results = (outs Variadic<AnyType>:$elements);
  let assemblyFormat = "$container attr-dict `:` functional-type($container, $elements)";
}

def Script_TupleIndexOp : Script_Op<"tuple_index", [Pure]> {
  let summary = "One element of a tuple (prim::TupleIndex)";
  let arguments = (ins AnyType:$tuple, AnyType:$index);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$tuple `[` $index `]` attr-dict `:` functional-type(operands, $result)";
}

def Script_TupleSliceOp : Script_Op<"tuple_slice", [Pure]> {
  let summary = "Elements [begin, end) of a tuple (prim::TupleSlice)";
  let arguments = (ins AnyType:$tuple, I64Attr:$begin, I64Attr:$end);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$tuple attr-dict `:` functional-type(operands, $result)";
}

//===----------------------------------------------------------------------===//
// Operators, attributes and calls
//===----------------------------------------------------------------------===//

def Script_AtenOp : Script_Op<"aten"> {
  let summary = "A call of an operator that has a schema";
  let description = [{
    `name` is "namespace::operator.overload" (no dot when the overload is
    empty). Operands are all arguments in schema order, with defaults filled in;
    variadic operators (prim::Print, aten::format) take what they are given. A
    list result is one !script.list. What the operator reads, writes and aliases
    is in its schema.
  }];
  let arguments = (ins StrAttr:$name, Variadic<AnyType>:$arguments);
  let results = (outs Variadic<AnyType>:$outputs);
  let assemblyFormat = "$name `(` $arguments `)` attr-dict `:` functional-type($arguments, $outputs)";
  let hasVerifier = 1;
}

def Script_GetAttrOp : Script_Op<"get_attr"> {
  let summary = "Reads an attribute of an object (prim::GetAttr)";
  let arguments = (ins Script_ObjectType:$object, StrAttr:$name);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$object `[` $name `]` attr-dict `:` functional-type($object, $result)";
}

def Script_SetAttrOp : Script_Op<"set_attr"> {
  let summary = "Writes an attribute of an object (prim::SetAttr)";
  let arguments = (ins Script_ObjectType:$object, StrAttr:$name, AnyType:$value);
  let assemblyFormat = "$object `[` $name `]` `,` $value attr-dict `:` type($object) `,` type($value)";
}

def Script_NewOp : Script_Op<"new"> {
  let summary = "An object without attributes yet (prim::CreateObject)";
  let results = (outs Script_ObjectType:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}

def Script_CallOp : Script_Op<"call", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Calls a function of the module";
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<AnyType>:$arguments);
  let results = (outs Variadic<AnyType>:$outputs);
  let assemblyFormat = "$callee `(` $arguments `)` attr-dict `:` functional-type($arguments, $outputs)";
}

def Script_CallMethodOp : Script_Op<"call_method"> {
  let summary = "Calls a method of an object or interface (prim::CallMethod)";
  let description = [{
    The callee is the function "<class of the object>.<method>"; where the static
    type is an interface the object's own class decides. The object is the first
    argument of the callee.
  }];
  let arguments = (ins AnyType:$object, StrAttr:$method, Variadic<AnyType>:$arguments);
  let results = (outs Variadic<AnyType>:$outputs);
  let assemblyFormat = "$object `[` $method `]` `(` $arguments `)` attr-dict `:` functional-type(operands, $outputs)";
}

def Script_CallValueOp : Script_Op<"call_value"> {
  let summary = "Calls a function value (prim::CallFunction on a value)";
  let arguments = (ins AnyType:$callee, Variadic<AnyType>:$arguments);
  let results = (outs Variadic<AnyType>:$outputs);
  let assemblyFormat = "$callee `(` $arguments `)` attr-dict `:` functional-type(operands, $outputs)";
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

def Script_YieldOp : Script_Op<"yield", [Terminator, Pure]> {
  let summary = "Ends a region with its values";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

def Script_IfOp : Script_Op<"if", [SingleBlock]> {
  let summary = "Runs one of two regions (prim::If)";
  let arguments = (ins AnyType:$condition);
  let results = (outs Variadic<AnyType>:$outputs);
  let regions = (region SizedRegion<1>:$then_region, SizedRegion<1>:$else_region);
  let assemblyFormat = "$condition attr-dict `:` functional-type($condition, $outputs) $then_region `else` $else_region";
  let hasVerifier = 1;
}

def Script_LoopOp : Script_Op<"loop", [SingleBlock]> {
  let summary = "A loop (prim::Loop)";
  let description = [{
    Runs the body while the condition holds, `max_trip` times at most. The body
    takes the iteration number (i64) and the carried values and yields the next
    condition and the carried values.
  }];
  let arguments = (ins AnyType:$max_trip, AnyType:$condition, Variadic<AnyType>:$inits);
  let results = (outs Variadic<AnyType>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$max_trip `while` $condition `(` $inits `)` attr-dict `:` functional-type(operands, $outputs) $body";
  let hasVerifier = 1;
}

def Script_RaiseOp : Script_Op<"raise"> {
  let summary = "Raises an exception (prim::RaiseException)";
  let arguments = (ins AnyType:$message, OptionalAttr<StrAttr>:$exception, Optional<AnyType>:$class_name);
  let assemblyFormat = "$message (`class` $class_name^)? attr-dict `:` type(operands)";
}

def Script_UninitializedOp : Script_Op<"uninitialized", [Pure]> {
  let summary = "A value that is never read (prim::Uninitialized)";
  let results = (outs AnyType:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}

def Script_CastOp : Script_Op<"cast", [Pure]> {
  let summary = "The same value under a refined or widened static type (prim::unchecked_cast)";
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` type($value) `to` type($result)";
}

def Script_IsInstanceOp : Script_Op<"isinstance", [Pure]> {
  let summary = "Whether the value's type is one of `types` (prim::isinstance)";
  let arguments = (ins AnyType:$value, TypeArrayAttr:$types);
  let results = (outs I1:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

def Script_EnterOp : Script_Op<"enter"> {
  let summary = "Calls __enter__ of a `with` object (prim::Enter)";
  let arguments = (ins AnyType:$object);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$object attr-dict `:` functional-type($object, $result)";
}

def Script_ExitOp : Script_Op<"exit"> {
  let summary = "Calls __exit__ of a `with` object (prim::Exit)";
  let arguments = (ins AnyType:$object);
  let assemblyFormat = "$object attr-dict `:` type($object)";
}

//===----------------------------------------------------------------------===//
// Forks and awaits
//===----------------------------------------------------------------------===//

class Script_TaskOp<string mnemonic, string sum> : Script_Op<mnemonic> {
  let summary = sum;
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<AnyType>:$arguments);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$callee `(` $arguments `)` attr-dict `:` functional-type($arguments, $result)";
}
def Script_ForkOp : Script_TaskOp<"fork", "Starts a function at once; may run in parallel (prim::fork)">;
def Script_AwaitableOp : Script_TaskOp<"awaitable", "A lazy call: runs at its first wait (prim::awaitable)">;
def Script_AwaitableNowaitOp : Script_Op<"awaitable_nowait", [Pure]> {
  let summary = "An await that is complete from the start (prim::awaitable_nowait)";
  let arguments = (ins AnyType:$value);
  let results = (outs Script_AwaitType:$result);
  let assemblyFormat = "$value attr-dict `:` functional-type($value, $result)";
}
def Script_WaitOp : Script_Op<"wait"> {
  let summary = "The value of a future or an await (aten::wait, prim::awaitable_wait)";
  let arguments = (ins AnyType:$task);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$task attr-dict `:` functional-type($task, $result)";
}

//===----------------------------------------------------------------------===//
// The border to the graph dialect
//===----------------------------------------------------------------------===//

def Script_ToValueOp : Script_Op<"to_value"> {
  let summary = "The present contents of a reference tensor, as a value";
  let arguments = (ins Script_TensorType:$reference);
  let results = (outs AnyRankedTensor:$value);
  let assemblyFormat = "$reference attr-dict `:` type($value)";
}
def Script_OverwriteOp : Script_Op<"overwrite"> {
  let summary = "Writes a value into a reference tensor of the same sizes";
  let arguments = (ins Script_TensorType:$reference, AnyRankedTensor:$value);
  let assemblyFormat = "$value `,` $reference attr-dict `:` type($value)";
}

#endif
