//===- Pooling.td - pooling and resampling -----------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_GRAPH_POOLING
#define INGOT_GRAPH_POOLING
include "dialects/Graph/GraphBase.td"

class Graph_PoolOp<string mnemonic, string sum> : Graph_PureOp<mnemonic> {
  let summary = sum;
  let description = [{
    [N, C, spatial...]; `channels_last`: [N, spatial..., C]. Padding counts as
    -inf for max. The result's sizes (ceil_mode) are in its type.
  }];
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}
def Graph_MaxPoolOp : Graph_PoolOp<"max_pool", "Largest element of each window"> {
  let arguments = (ins Graph_Tensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$padding,
                       DenseI64ArrayAttr:$dilation, UnitAttr:$channels_last);
}
def Graph_MaxPoolIndicesOp : Graph_PoolOp<"max_pool_indices", "Flat spatial index (i64) of each window's largest element"> {
  let arguments = (ins Graph_Tensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$padding,
                       DenseI64ArrayAttr:$dilation, UnitAttr:$channels_last);
}
def Graph_AvgPoolOp : Graph_PoolOp<"avg_pool", "Mean of each window"> {
  let arguments = (ins Graph_Tensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$padding,
                       BoolAttr:$count_include_pad, OptionalAttr<I64Attr>:$divisor, UnitAttr:$channels_last);
}
def Graph_AdaptiveAvgPoolOp : Graph_PoolOp<"adaptive_avg_pool", "Mean of windows that divide the input evenly; output sizes from the result type"> {
  let arguments = (ins Graph_Tensor:$input, UnitAttr:$channels_last);
}
def Graph_AdaptiveMaxPoolOp : Graph_PoolOp<"adaptive_max_pool", "Largest of windows that divide the input evenly"> {
  let arguments = (ins Graph_Tensor:$input, UnitAttr:$channels_last);
}
def Graph_ResizeOp : Graph_PoolOp<"resize", "Resampling to the sizes of the result type (nearest, linear, cubic)"> {
  let description = [{
    `mode`: "nearest", "nearest-exact", "linear" (bi-/trilinear by rank),
    "cubic". `scales` holds the factors given by the user, or 0 where the ratio of
    sizes counts, as PyTorch's upsample operators distinguish.
  }];
  let arguments = (ins Graph_Tensor:$input, StrAttr:$mode, BoolAttr:$align_corners, DenseF64ArrayAttr:$scales, UnitAttr:$channels_last);
}
#endif
