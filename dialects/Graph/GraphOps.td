//===- GraphOps.td - all families of the graph dialect -----*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_GRAPH_OPS
#define INGOT_GRAPH_OPS
include "dialects/Graph/GraphBase.td"
include "dialects/Graph/Creation.td"
include "dialects/Graph/Elementwise.td"
include "dialects/Graph/Reduction.td"
include "dialects/Graph/Linear.td"
include "dialects/Graph/Convolution.td"
include "dialects/Graph/Pooling.td"
include "dialects/Graph/Shape.td"
include "dialects/Graph/Indexing.td"
include "dialects/Graph/Sorting.td"
include "dialects/Graph/Recurrent.td"
include "dialects/Graph/Effect.td"
include "dialects/Graph/Native.td"
#endif
