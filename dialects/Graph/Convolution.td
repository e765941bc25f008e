//===- Convolution.td - convolutions -----------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_GRAPH_CONVOLUTION
#define INGOT_GRAPH_CONVOLUTION
include "dialects/Graph/GraphBase.td"

def Graph_ConvolutionOp : Graph_PureOp<"convolution"> {
  let summary = "1-, 2- or 3-dimensional convolution (cross-correlation) without bias";
  let description = [{
    input [N, C, spatial...], weight [Cout, C/groups, kernel...] ->
    [N, Cout, spatial...]; with `channels_last` the input and the result are
    [N, spatial..., C] and the weight stays as it is. `padding` is zeros added on
    both sides. (aten::convolution; the bias is an add.)
  }];
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$weight, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$padding,
                       DenseI64ArrayAttr:$dilation, I64Attr:$groups, UnitAttr:$channels_last);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `,` $weight attr-dict `:` type($input) `,` type($weight) `->` type($result)";
  let hasVerifier = 1;
}

def Graph_ConvTransposeOp : Graph_PureOp<"conv_transpose"> {
  let summary = "Transposed convolution without bias";
  let description = [{ weight [C, Cout/groups, kernel...]. (aten::convolution with transposed = true.) }];
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$weight, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$padding,
                       DenseI64ArrayAttr:$dilation, DenseI64ArrayAttr:$output_padding, I64Attr:$groups, UnitAttr:$channels_last);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `,` $weight attr-dict `:` type($input) `,` type($weight) `->` type($result)";
  let hasVerifier = 1;
}
#endif
