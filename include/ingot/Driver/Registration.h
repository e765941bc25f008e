//===- Registration.h - what a tool of ours knows ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_DRIVER_REGISTRATION_H
#define INGOT_DRIVER_REGISTRATION_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace ingot {

/// The dialects that a compile passes through, and nothing else: it is done at
/// each start of ingotc.
void registerCompileDialects(mlir::DialectRegistry &registry);

/// Those and all of upstream, for ingot-opt, ingot-lsp-server and ingot-reduce.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Our passes and pipelines, and all of upstream's.
void registerAllPasses();

} // namespace ingot

#endif
