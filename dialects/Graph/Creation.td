//===- Creation.td - tensors from nothing, weights, symbols -*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_GRAPH_CREATION
#define INGOT_GRAPH_CREATION
include "dialects/Graph/GraphBase.td"

def Graph_ConstantOp : Graph_PureOp<"constant", [ConstantLike]> {
  let summary = "A small tensor constant";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "`(` $value `)` attr-dict `:` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}
def Graph_FullOp : Graph_PureOp<"full"> {
  let summary = "A tensor of the result's sizes with every element equal to a rank-0 tensor";
  let arguments = (ins Graph_Tensor:$value);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$value attr-dict `:` type($value) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_IotaOp : Graph_PureOp<"iota"> {
  let summary = "0, 1, 2, ... along `dim`, in the result's element type";
  let arguments = (ins I64Attr:$dim);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "`dim` $dim attr-dict `:` type($result)";
  let hasVerifier = 1;
}
def Graph_FromScalarOp : Graph_PureOp<"from_scalar"> {
  let summary = "A rank-0 tensor from a host number (index, i64, f64 or i1), converted to the element type";
  let arguments = (ins AnyType:$value);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$value attr-dict `:` type($value) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_ItemOp : Graph_PureOp<"item"> {
  let summary = "The only element of a tensor as a host number (i64, f64 or i1)";
  let arguments = (ins Graph_Tensor:$input);
  let results = (outs AnyType:$value);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($value)";
  let hasVerifier = 1;
}
def Graph_BindSymbolOp : Graph_Op<"bind_symbol"> {
  let summary = "Gives a symbol of the function's sizes its run-time value";
  let arguments = (ins Index:$value, I64Attr:$symbol);
  let assemblyFormat = "$value `symbol` $symbol attr-dict";
  let hasVerifier = 1;
}
def Graph_DimOp : Graph_PureOp<"dim"> {
  let summary = "A size of a tensor at run time";
  let arguments = (ins Graph_Tensor:$input, I64Attr:$dim);
  let results = (outs Index:$size);
  let assemblyFormat = "$input `,` $dim attr-dict `:` type($input)";
  let hasVerifier = 1;
}
def Graph_CheckOp : Graph_Op<"check"> {
  let summary = "Raises the error unless the condition (i1) holds";
  let description = [{ `exception` is the Python exception's name; `message` may hold {0}, {1}, ... for the operands `values` (index). }];
  let arguments = (ins I1:$condition, StrAttr:$exception, StrAttr:$message, Variadic<Index>:$values);
  let assemblyFormat = "$condition `,` $exception $message `(` $values `)` attr-dict";
}

//===----------------------------------------------------------------------===//
// Weights and state
//===----------------------------------------------------------------------===//

def Graph_WeightOp : Graph_Op<"weight", [Symbol, HasParent<"::mlir::ModuleOp">]> {
  let summary = "A constant tensor of the program, or the first contents of a state";
  let description = [{
    `data`: #graph.file_data (row-major bytes in a file), dense elements or a
    dense resource. `original_name`: the qualified name in the model. `state`: it
    is mutable state of an instance (read and written by load_state and
    store_state). `layout` says how packed data is laid out.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Graph_Tensor>:$type, AnyAttr:$data, OptionalAttr<StrAttr>:$original_name,
                       UnitAttr:$state, UnitAttr:$parameter);
  let assemblyFormat = "$sym_name `:` $type `(` $data `)` attr-dict";
}
def Graph_GetWeightOp : Graph_PureOp<"get_weight"> {
  let summary = "The value of a graph.weight that is not state";
  let arguments = (ins FlatSymbolRefAttr:$name);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$name attr-dict `:` type($result)";
}
def Graph_LoadStateOp : Graph_Op<"load_state", [MemoryEffects<[MemRead]>]> {
  let summary = "The present contents of a state";
  let arguments = (ins FlatSymbolRefAttr:$name);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$name attr-dict `:` type($result)";
}
def Graph_StoreStateOp : Graph_Op<"store_state"> {
  let summary = "New contents of a state";
  let arguments = (ins Graph_Tensor:$value, FlatSymbolRefAttr:$name);
  let assemblyFormat = "$value `,` $name attr-dict `:` type($value)";
}
def Graph_WriteBackOp : Graph_Op<"write_back"> {
  let summary = "New contents of an input, written through its strides for the caller";
  let arguments = (ins Graph_Tensor:$value, Graph_Tensor:$input);
  let assemblyFormat = "$value `,` $input attr-dict `:` type($value) `,` type($input)";
  let hasVerifier = 1;
}
def Graph_AliasOp : Graph_Op<"alias", [AttrSizedOperandSegments, Pure]> {
  let summary = "A method's result that shares its storage with an input or another result";
  let description = [{
    The elements of `base`, a row-major tensor, from `offset` on, seen with `sizes` and `strides` (in elements of
    the result's dtype). Only returned, never computed with. Of an argument that is not row-major the storage
    cannot be shared: the caller gets a copy.
  }];
  let arguments = (ins Graph_Tensor:$base, Index:$offset, Variadic<Index>:$sizes, Variadic<Index>:$strides);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$base `at` $offset `sizes` `(` $sizes `)` `strides` `(` $strides `)` attr-dict `:` type($base) `->` type($result)";
  let hasVerifier = 1;
}
#endif
