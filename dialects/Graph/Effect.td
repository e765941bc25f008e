//===- Effect.td - effect tokens ---------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_GRAPH_EFFECT
#define INGOT_GRAPH_EFFECT
include "dialects/Graph/GraphBase.td"

def Graph_MakeTokenOp : Graph_Op<"make_token", [MemoryEffects<[MemAlloc]>]> {
  let summary = "Begins a chain of effects";
  let description = [{ Has a memory effect, so that two chains are never merged by CSE. `key` names the chain. }];
  let arguments = (ins DefaultValuedAttr<StrAttr, "\"ordered\"">:$key);
  let results = (outs Graph_TokenType:$token);
  let assemblyFormat = "$key attr-dict";
}
def Graph_WithEffectsOp : Graph_Op<"with_effects"> {
  let summary = "Runs an effectful operator after the token's effects";
  let description = [{
    `name` is the operator, "aten::_print". A tuple result is spread, a list stays
    one element, no result gives the token alone. Operators that alias their
    inputs are refused.
  }];
  let arguments = (ins Graph_TokenType:$token, StrAttr:$name, Variadic<AnyType>:$arguments);
  let results = (outs Graph_TokenType:$next, Variadic<AnyType>:$outputs);
  let assemblyFormat = "$token `,` $name `(` $arguments `)` attr-dict `:` functional-type($arguments, $outputs)";
  let hasVerifier = 1;
}
def Graph_SinkTokensOp : Graph_Op<"sink_tokens"> {
  let summary = "Ends chains of effects; never dead";
  let arguments = (ins Variadic<Graph_TokenType>:$tokens);
  let assemblyFormat = "$tokens attr-dict";
}
#endif
