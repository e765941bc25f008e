//===- GraphBase.td - the graph dialect, its types and attributes -*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef INGOT_GRAPH_BASE
#define INGOT_GRAPH_BASE

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/TensorEncoding.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Graph_Dialect : Dialect {
  let name = "graph";
  let cppNamespace = "::ingot::graph";
  let summary = "Value-semantic tensor operators and effect tokens";
  let description = [{
    Operators on tensor values, by family, with ranks, dtypes and symbolic sizes
    in their types. Types are builtin ranked tensors whose encoding,
    `#graph.sizes`, writes every size as an expression of the function's symbols.
    See README.md for the rationale.
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
}

def Graph_SizesAttr : AttrDef<Graph_Dialect, "Sizes", [DeclareAttrInterfaceMethods<VerifiableTensorEncoding>]> {
  let mnemonic = "sizes";
  let summary = "A tensor's sizes as expressions of the function's symbols";
  let description = [{
    `#graph.sizes<affine_map<()[s0] -> (s0, 384)>>`: one result per dimension.
    Symbol k of the map is symbol k of the function (`graph.symbols`), whose
    run-time value `graph.bind_symbol` gives.
  }];
  let parameters = (ins AttrParameter<"::mlir::AffineMap", "one result per dimension">:$map);
  let assemblyFormat = "`<` $map `>`";
}

def Graph_FileDataAttr : AttrDef<Graph_Dialect, "FileData"> {
  let mnemonic = "file_data";
  let summary = "Bytes of a file: path, offset, size in bytes";
  let parameters = (ins StringRefParameter<"file">:$path, "int64_t":$offset, "int64_t":$size);
  let assemblyFormat = "`<` $path `,` $offset `,` $size `>`";
}

def Graph_TokenType : TypeDef<Graph_Dialect, "Token"> {
  let mnemonic = "token";
  let summary = "Orders effects: used exactly once";
}

/// A tensor of one of the dtypes that programs compute in.
def Graph_Element : Type<CPred<"::ingot::graph::isElementType($_self)">, "a dtype">;
def Graph_Tensor : RankedTensorOf<[Graph_Element]>;

class Graph_Op<string mnemonic, list<Trait> traits = []> : Op<Graph_Dialect, mnemonic, traits>;
class Graph_PureOp<string mnemonic, list<Trait> traits = []> : Graph_Op<mnemonic, !listconcat([Pure], traits)>;

#endif
