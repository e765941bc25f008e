//===- Linear.td - matrix products -------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_GRAPH_LINEAR
#define INGOT_GRAPH_LINEAR
include "dialects/Graph/GraphBase.td"

def Graph_MatmulOp : Graph_PureOp<"matmul"> {
  let summary = "[B..., M, K] x [B..., K, N] -> [B..., M, N]";
  let description = [{
    Batch dimensions (any number, 0 too) are equal on both sides. f16 and bf16
    accumulate in f32. A transposed operand is a graph.permute before it, which
    the lowering reads through.
  }];
  let arguments = (ins Graph_Tensor:$lhs, Graph_Tensor:$rhs);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->` type($result)";
  let hasVerifier = 1;
}
#endif
