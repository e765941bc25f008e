//===- Recurrent.td - recurrent layers ---------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_GRAPH_RECURRENT
#define INGOT_GRAPH_RECURRENT
include "dialects/Graph/GraphBase.td"

def Graph_LstmCellsOp : Graph_PureOp<"lstm_cells"> {
  let summary = "The recurrent part of one LSTM direction";
  let description = [{
    `gates` [T, N, 4H] hold the input's projection with both biases added (one
    matmul outside the loop), in torch's order i, f, g, o; `weight` [4H, H] is
    the recurrent matrix. Result: hidden states [T, N, H], last hidden and cell
    state [N, H]. `reverse` runs from the last step to the first.
  }];
  let arguments = (ins AnyRankedTensor:$gates, AnyRankedTensor:$weight, AnyRankedTensor:$h0, AnyRankedTensor:$c0, UnitAttr:$reverse);
  let results = (outs AnyRankedTensor:$output, AnyRankedTensor:$hn, AnyRankedTensor:$cn);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Graph_GruCellsOp : Graph_PureOp<"gru_cells"> {
  let summary = "The recurrent part of one GRU direction";
  let description = [{
    `gates` [T, N, 3H]: input projection with the input bias, order r, z, n;
    `weight` [3H, H] and `bias` [3H] of the recurrent projection.
  }];
  let arguments = (ins AnyRankedTensor:$gates, AnyRankedTensor:$weight, AnyRankedTensor:$bias, AnyRankedTensor:$h0, UnitAttr:$reverse);
  let results = (outs AnyRankedTensor:$output, AnyRankedTensor:$hn);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
#endif
