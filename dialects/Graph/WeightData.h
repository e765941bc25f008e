//===- WeightData.h - the bytes of graph.weight -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_DIALECTS_GRAPH_WEIGHTDATA_H
#define INGOT_DIALECTS_GRAPH_WEIGHTDATA_H

#include "dialects/Graph/Graph.h"

namespace ingot::graph {

/// The bytes of a weight, row-major, bool as one byte; `splatBytes` holds them
/// where the attribute has only one element's. Files are mapped, not read, and
/// stay mapped. Fails with a diagnostic when the file is missing or too short.
mlir::FailureOr<llvm::ArrayRef<char>> getWeightBytes(WeightOp weight, llvm::SmallVectorImpl<char> &splatBytes);

/// A new weight whose data is a resource that owns `bytes`. Named `name`, made
/// unique in the module.
WeightOp createWeight(mlir::ModuleOp module, mlir::Location loc, llvm::StringRef name, mlir::RankedTensorType type,
                      std::vector<char> bytes);

/// Bytes of a tensor in memory (bool: one byte an element).
int64_t getByteSize(mlir::RankedTensorType type);

} // namespace ingot::graph

#endif
