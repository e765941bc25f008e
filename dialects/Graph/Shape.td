//===- Shape.td - the same elements in another arrangement -*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_GRAPH_SHAPE
#define INGOT_GRAPH_SHAPE
include "dialects/Graph/GraphBase.td"

class Graph_ViewOp<string mnemonic, string sum> : Graph_PureOp<mnemonic> {
  let summary = sum;
  let results = (outs Graph_Tensor:$result);
}
def Graph_ReshapeOp : Graph_ViewOp<"reshape", "The same elements in row-major order under the result's sizes"> {
  let description = [{ Covers view, reshape, flatten, squeeze and unsqueeze. The element counts are equal (checked before where not provable). }];
  let arguments = (ins Graph_Tensor:$input);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}
def Graph_PermuteOp : Graph_ViewOp<"permute", "Dimension i of the result is dimension permutation[i] of the input"> {
  let arguments = (ins Graph_Tensor:$input, DenseI64ArrayAttr:$permutation);
  let assemblyFormat = "$input $permutation attr-dict `:` type($input) `->` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}
def Graph_ExpandOp : Graph_ViewOp<"expand", "Broadcasts to the result's sizes"> {
  let description = [{
    The input's dimensions align with the result's last ones. A dimension of
    static size 1 is repeated; one that is not provably equal is 1 or equal at
    run time, else the call raises torch's error.
  }];
  let arguments = (ins Graph_Tensor:$input);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}
def Graph_SliceOp : Graph_ViewOp<"slice", "result[i] = input[start + i * step] along one dimension"> {
  let description = [{
    `start` is already clamped to [0, size]; the result's size along `dim` is in
    its type (bound to a symbol when not affine). A static start is an attribute
    of a constant index.
  }];
  let arguments = (ins Graph_Tensor:$input, Index:$start, I64Attr:$dim, I64Attr:$step);
  let assemblyFormat = "$input `[` $start `]` `dim` $dim `step` $step attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_SliceScatterOp : Graph_PureOp<"slice_scatter"> {
  let summary = "The input with a slice replaced by `source`";
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$source, Index:$start, I64Attr:$dim, I64Attr:$step);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `,` $source `[` $start `]` `dim` $dim `step` $step attr-dict `:` type($input) `,` type($source) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_AsStridedOp : Graph_ViewOp<"as_strided", "Elements at offset + sum(i * stride) of the flat input"> {
  let arguments = (ins Graph_Tensor:$input, Variadic<Index>:$strides, Index:$offset);
  let assemblyFormat = "$input `[` $offset `]` `strides` `(` $strides `)` attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_AsStridedScatterOp : Graph_PureOp<"as_strided_scatter"> {
  let summary = "The flat input with the elements of a strided view replaced";
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$source, Variadic<Index>:$strides, Index:$offset);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `,` $source `[` $offset `]` `strides` `(` $strides `)` attr-dict `:` type($input) `,` type($source) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_ConcatOp : Graph_PureOp<"concat"> {
  let summary = "Concatenates along a dimension (aten::cat)";
  let arguments = (ins Variadic<Graph_Tensor>:$inputs, I64Attr:$dim);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$inputs `dim` $dim attr-dict `:` type($inputs) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_FlipOp : Graph_PureOp<"flip", [SameOperandsAndResultType]> {
  let summary = "Reverses dimensions";
  let arguments = (ins Graph_Tensor:$input, DenseI64ArrayAttr:$dims);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `dims` $dims attr-dict `:` type($result)";
  let hasVerifier = 1;
}
def Graph_PadOp : Graph_PureOp<"pad"> {
  let summary = "Pads (or, with negative amounts, crops); mode constant, reflect, replicate or circular";
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$value, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high, StrAttr:$mode);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `,` $value `low` $low `high` $high $mode attr-dict `:` type($input) `,` type($value) `->` type($result)";
  let hasVerifier = 1;
}
#endif
