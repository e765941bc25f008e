//===- Sorting.td - order ----------------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_GRAPH_SORTING
#define INGOT_GRAPH_SORTING
include "dialects/Graph/GraphBase.td"

def Graph_SortOp : Graph_PureOp<"sort"> {
  let summary = "Sorted values and their indices (i64) along a dimension; stable, NaN last";
  let arguments = (ins Graph_Tensor:$input, I64Attr:$dim, BoolAttr:$descending);
  let results = (outs Graph_Tensor:$values, Graph_Tensor:$indices);
  let assemblyFormat = "$input `dim` $dim `descending` $descending attr-dict `:` type($input) `->` type($values) `,` type($indices)";
  let hasVerifier = 1;
}
#endif
