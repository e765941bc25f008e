//===- Native.td - functions of the runtime's library ------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators whose inside is C++ of runtime/native: nothing fuses into them, so
// they are for what no loop nest says well (factorisations, Fourier transforms,
// random numbers) and for special functions.
#ifndef INGOT_GRAPH_NATIVE
#define INGOT_GRAPH_NATIVE
include "dialects/Graph/GraphBase.td"

def Graph_SpecialOp : Graph_PureOp<"special", [SameOperandsAndResultType, Elementwise]> {
  let summary = "A special function of one or two numbers, ingot_FUNCTION_f32 or _f64 of the runtime";
  let arguments = (ins StrAttr:$function, Variadic<Graph_Tensor>:$operands_);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$function `(` $operands_ `)` attr-dict `:` type($result)";
}
def Graph_NativeOp : Graph_PureOp<"native"> {
  let summary = "A kernel of the runtime, ingot_native_KERNEL";
  let description = [{
    Iterations over the first `batch` dimensions of the first result run in
    parallel (0: one iteration). Results have the sizes of their types and begin
    with anything. `parameters` are handed to the kernel as they are.
  }];
  let arguments = (ins StrAttr:$kernel, Variadic<Graph_Tensor>:$inputs, DenseI64ArrayAttr:$parameters, I64Attr:$batch);
  let results = (outs Variadic<Graph_Tensor>:$results);
  let assemblyFormat = "$kernel `(` $inputs `)` $parameters `batch` $batch attr-dict `:` type($inputs) `->` type($results)";
  let hasVerifier = 1;
}
#endif
