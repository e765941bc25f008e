//===- Object.h - LLVM-level modules to a shared library --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The `object` phase. Each CPU variant is one module of the `llvm` phase; the
// library holds the code of all, one copy of the constants, and static tables
// that describe it (ingot_abi_artifact).
#ifndef INGOT_CODEGEN_CPU_OBJECT_H
#define INGOT_CODEGEN_CPU_OBJECT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/raw_ostream.h"
#include <functional>
#include <string>

namespace ingot {

/// One CPU that code is generated for.
struct CpuVariant {
  std::string name;     // "x86-64-v3", "znver5"
  std::string cpu;      // LLVM's name
  std::string features; // "+avx2,...", empty: those of the name
  int64_t vectorBits = 256;
  int32_t abiVariant = 0; // INGOT_ABI_CPU_*
};

/// `native`, `portable` or a CPU's name; an empty list and an error otherwise.
llvm::SmallVector<CpuVariant> resolveCpu(llvm::StringRef spec, std::string &error);

enum class CodeFormat { Object, Assembly, LLVMIR };

/// Checks in generated code and in the runtime beside it, of accesses to memory
/// or of races. The process that loads the library has the sanitizer's runtime.
enum class Sanitizer { None, Address, Thread };

struct ObjectOptions {
  unsigned optLevel = 2;
  unsigned threads = 1;
  CodeFormat format = CodeFormat::Object;
  /// Parts compiled on their own, in parallel. The bytes depend on the module,
  /// never on `threads`.
  bool split = true;
  Sanitizer sanitizer = Sanitizer::None;
  /// Told after each part: (done, all).
  std::function<void(unsigned, unsigned)> progress;
};

using CodeBuffer = llvm::SmallString<0>;

/// Compiles one variant. Its methods become hidden functions named by
/// `methodSymbol`. `code` gets one buffer a part, in a fixed order.
mlir::LogicalResult compileVariant(mlir::ModuleOp module, const CpuVariant &variant, const ObjectOptions &options,
                                   llvm::SmallVectorImpl<CodeBuffer> &code);

/// Symbol of a method's entry point in a variant.
std::string methodSymbol(const CpuVariant &variant, llvm::StringRef method);

struct DescriptorOptions {
  std::string producer;
  /// Empty: the constants are embedded.
  std::string constantsFile;
  uint64_t constantsSize = 0;
  uint64_t constantsDigest = 0;
  /// `ingot_register_operators` is among what is linked.
  bool linksOperators = false;
};

/// The tables of the library, `ingot_artifact`, from the methods' signatures in
/// `module` (any variant's: they are equal).
mlir::LogicalResult compileDescriptor(mlir::ModuleOp module, llvm::ArrayRef<CpuVariant> variants,
                                      const DescriptorOptions &options, CodeFormat format, CodeBuffer &code);

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Writes the constants of all `modules`, in the order of their offsets.
mlir::LogicalResult writeConstants(llvm::ArrayRef<mlir::ModuleOp> modules, llvm::raw_ostream &os, uint64_t &size,
                                   uint64_t *digest);

/// The same as a relocatable ELF object with the hidden symbol
/// `ingot_constants`; the bytes never pass through LLVM.
mlir::LogicalResult writeConstantsObject(llvm::ArrayRef<mlir::ModuleOp> modules, llvm::raw_pwrite_stream &os);

/// Bytes that assignConstantOffsets planned.
uint64_t constantsSize(mlir::ModuleOp module);

//===----------------------------------------------------------------------===//
// Link
//===----------------------------------------------------------------------===//

struct LinkOptions {
  std::string output;
  std::vector<std::string> objects;
  /// Objects and archives of the user's operators.
  std::vector<std::string> operators;
  /// Folder with the runtime archive and the stubs of libc, libm and the loader.
  std::string resources;
  /// Exported as ingot_query_<stem> too.
  std::string stem;
  unsigned threads = 1;
  /// `ld -r`: one object file, without the runtime.
  bool relocatable = false;
  Sanitizer sanitizer = Sanitizer::None;
};

/// "libingot_rt.a", or the archive that was built for the sanitizer.
std::string runtimeArchive(Sanitizer sanitizer);

/// Links in-process. On failure the linker's words are in `error`.
bool link(const LinkOptions &options, std::string &error);

} // namespace ingot

#endif
