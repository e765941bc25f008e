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
    state [N, H]. `reverse` runs from the last step to the first. With a
    `projection` [P, H] the hidden state is its product with what the cell gives:
    [N, P], and `weight` is [4H, P].
  }];
  let arguments = (ins Graph_Tensor:$gates, Graph_Tensor:$weight, Graph_Tensor:$h0, Graph_Tensor:$c0,
                       Optional<Graph_Tensor>:$projection, UnitAttr:$reverse);
  let results = (outs Graph_Tensor:$output, Graph_Tensor:$hn, Graph_Tensor:$cn);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Graph_GruCellsOp : Graph_PureOp<"gru_cells"> {
  let summary = "The recurrent part of one GRU direction";
  let description = [{
    `gates` [T, N, 3H]: input projection with the input bias, order r, z, n;
    `weight` [3H, H] and `bias` [3H] of the recurrent projection.
  }];
  let arguments = (ins Graph_Tensor:$gates, Graph_Tensor:$weight, Graph_Tensor:$bias, Graph_Tensor:$h0, UnitAttr:$reverse);
  let results = (outs Graph_Tensor:$output, Graph_Tensor:$hn);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Graph_RnnCellsOp : Graph_PureOp<"rnn_cells"> {
  let summary = "The recurrent part of one direction of a plain recurrent layer";
  let description = [{
    `gates` [T, N, H]: input projection with both biases; `weight` [H, H]. The
    states go through tanh, or with `relu` through max(x, 0).
  }];
  let arguments = (ins Graph_Tensor:$gates, Graph_Tensor:$weight, Graph_Tensor:$h0, UnitAttr:$relu, UnitAttr:$reverse);
  let results = (outs Graph_Tensor:$output, Graph_Tensor:$hn);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
#endif
