//===- Indexing.td - elements chosen by index tensors ------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Indices are i64 tensors. Negative ones have been wrapped by the builder where
// the operator allows them; an index out of range raises IndexError at run time.
#ifndef INGOT_GRAPH_INDEXING
#define INGOT_GRAPH_INDEXING
include "dialects/Graph/GraphBase.td"

def Graph_IndexSelectOp : Graph_PureOp<"index_select"> {
  let summary = "Replaces dimension `dim` by the dimensions of `index` (index_select, embedding, take on a flat input)";
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$index, I64Attr:$dim);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `,` $index `dim` $dim attr-dict `:` type($input) `,` type($index) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_GatherOp : Graph_PureOp<"gather"> {
  let summary = "result[i][j][k] = input[index[i][j][k]][j][k] for dim 0 (aten::gather)";
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$index, I64Attr:$dim);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `,` $index `dim` $dim attr-dict `:` type($input) `,` type($index) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_ScatterOp : Graph_PureOp<"scatter"> {
  let summary = "input with source written at the gathered places, in row-major order (aten::scatter; reduction: none, sum, prod, amax, amin)";
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$index, Graph_Tensor:$source, I64Attr:$dim, StrAttr:$reduction);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `,` $index `,` $source `dim` $dim $reduction attr-dict `:` type($input) `,` type($index) `,` type($source) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_IndexOp : Graph_PureOp<"index"> {
  let summary = "Advanced indexing (aten::index.Tensor with integer indices)";
  let description = [{
    `indices`, broadcast to one shape by the builder, index the input's
    dimensions `dims` (sorted). The indexed dimensions are replaced by the
    indices' dimensions at position `position` of the result.
  }];
  let arguments = (ins Graph_Tensor:$input, Variadic<Graph_Tensor>:$indices, DenseI64ArrayAttr:$dims, I64Attr:$position);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `[` $indices `]` `dims` $dims `position` $position attr-dict `:` type($input) `,` type($indices) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_IndexPutOp : Graph_PureOp<"index_put"> {
  let summary = "input with source written (or, with `accumulate`, added) at the indexed places; later ones win";
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$source, Variadic<Graph_Tensor>:$indices, DenseI64ArrayAttr:$dims,
                       I64Attr:$position, BoolAttr:$accumulate);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `,` $source `[` $indices `]` `dims` $dims `position` $position `accumulate` $accumulate attr-dict `:` type($input) `,` type($source) `,` type($indices) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_NonzeroOp : Graph_PureOp<"nonzero"> {
  let summary = "Indices [count, rank] (i64) of the non-zero elements in row-major order, and their count";
  let description = [{ The rows past `count` are unspecified: the result has one row per element of the input, and a slice of `count` rows is the answer. }];
  let arguments = (ins Graph_Tensor:$input);
  let results = (outs Graph_Tensor:$indices, Index:$count);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($indices)";
  let hasVerifier = 1;
}
#endif
