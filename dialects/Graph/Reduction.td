//===- Reduction.td - operators along dimensions -----------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_GRAPH_REDUCTION
#define INGOT_GRAPH_REDUCTION
include "dialects/Graph/GraphBase.td"

class Graph_ReduceOp<string mnemonic, string sum> : Graph_PureOp<mnemonic> {
  let summary = sum;
  let description = [{
    Reduces the dimensions `dims` (sorted, non-negative), which stay with size 1
    when `keepdim`. The element type stays: casts stand before and after. f16 and
    bf16 accumulate in f32, f32 in f32.
  }];
  let arguments = (ins Graph_Tensor:$input, DenseI64ArrayAttr:$dims, BoolAttr:$keepdim);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `dims` $dims `keepdim` $keepdim attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_SumOp : Graph_ReduceOp<"sum", "Sum; 0 of nothing">;
def Graph_ProdOp : Graph_ReduceOp<"prod", "Product; 1 of nothing">;
def Graph_AmaxOp : Graph_ReduceOp<"amax", "Largest element; NaN wins">;
def Graph_AminOp : Graph_ReduceOp<"amin", "Smallest element; NaN wins">;
def Graph_AnyOp : Graph_ReduceOp<"any", "Whether any bool is true">;
def Graph_AllOp : Graph_ReduceOp<"all", "Whether every bool is true">;

class Graph_ArgReduceOp<string mnemonic, string sum> : Graph_PureOp<mnemonic> {
  let summary = sum;
  let arguments = (ins Graph_Tensor:$input, I64Attr:$dim, BoolAttr:$keepdim);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `dim` $dim `keepdim` $keepdim attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_ArgmaxOp : Graph_ArgReduceOp<"argmax", "First index (i64) of the largest element; NaN wins">;
def Graph_ArgminOp : Graph_ArgReduceOp<"argmin", "First index (i64) of the smallest element; NaN wins">;

class Graph_ScanOp<string mnemonic, string sum> : Graph_PureOp<mnemonic, [SameOperandsAndResultType]> {
  let summary = sum;
  let arguments = (ins Graph_Tensor:$input, I64Attr:$dim);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `dim` $dim attr-dict `:` type($result)";
  let hasVerifier = 1;
}
def Graph_CumsumOp : Graph_ScanOp<"cumsum", "Running sum">;
def Graph_CumprodOp : Graph_ScanOp<"cumprod", "Running product">;
def Graph_CummaxOp : Graph_ScanOp<"cummax", "Running maximum">;
def Graph_CumminOp : Graph_ScanOp<"cummin", "Running minimum">;

#endif
