//===- Main.cpp - ingot-import-torchscript ----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The child process that loads LibTorch. Started by ingotc; by hand it prints
// the imported module:  ingot-import-torchscript model.pt --text
#include "Plugin.h"

#include "dialects/Script/Script.h"
#include "ingot/Import/TorchScript.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/raw_ostream.h"
#include <unistd.h>

using namespace mlir;
using namespace ingot::torchscript;

static const char *usage = "usage: ingot-import-torchscript MODEL.pt [-o FILE] [--text] "
                           "[--locations] [--diagnostics FILE.json] [--operators FILE]\n"
                           "Imports a TorchScript archive as MLIR bytecode (--text: as text) of the\n"
                           "script dialect. --diagnostics writes errors as JSON instead of to "
                           "stderr. --operators declares custom operators, a schema a line.\n";

/// The innermost file position of a location: what a user can look up.
static FileLineColLoc positionOf(Location loc) {
  if (auto file = dyn_cast<FileLineColLoc>(loc))
    return file;
  if (auto name = dyn_cast<NameLoc>(loc))
    return positionOf(name.getChildLoc());
  if (auto call = dyn_cast<CallSiteLoc>(loc))
    return positionOf(call.getCallee());
  return {};
}

static void writeDiagnostics(const ImportResult &result, raw_ostream &os) {
  llvm::json::Array notes;
  for (const Offender &offender : result.offenders) {
    llvm::json::Object note{{"message", llvm::json::fixUTF8(offender.message)}};
    if (FileLineColLoc position = positionOf(offender.loc)) {
      note["file"] = llvm::json::fixUTF8(position.getFilename().strref());
      note["line"] = int64_t(position.getLine());
      note["column"] = int64_t(position.getColumn());
    }
    notes.push_back(std::move(note));
  }
  os << llvm::json::Value(llvm::json::Object{{"error", llvm::json::fixUTF8(result.error)}, {"notes", std::move(notes)}})
     << "\n";
}

static void printDiagnostics(const ImportResult &result, raw_ostream &os) {
  os << "error: " << llvm::json::fixUTF8(result.error) << "\n";
  for (const Offender &offender : result.offenders) {
    if (FileLineColLoc position = positionOf(offender.loc))
      os << position.getFilename().strref() << ":" << position.getLine() << ":" << position.getColumn() << ": ";
    os << "note: " << llvm::json::fixUTF8(offender.message) << "\n";
  }
}

int main(int argc, char **argv) {
  std::string input, output = "-", diagnostics, operators;
  bool text = false, locations = false;
  for (int i = 1; i < argc; ++i) {
    StringRef argument = argv[i];
    if (argument == "--help") {
      llvm::outs() << usage;
      return 0;
    }
    if (argument == "--text")
      text = true;
    else if (argument == "--locations")
      text = locations = true;
    else if (argument == "-o" && i + 1 < argc)
      output = argv[++i];
    else if (argument == "--diagnostics" && i + 1 < argc)
      diagnostics = argv[++i];
    else if (argument == "--operators" && i + 1 < argc)
      operators = argv[++i];
    else if (input.empty() && !argument.starts_with("-"))
      input = argument;
    else {
      llvm::errs() << "error: unexpected argument '" << argument << "'\n" << usage;
      return 2;
    }
  }
  if (input.empty()) {
    llvm::errs() << usage;
    return 2;
  }

  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<ingot::script::ScriptDialect, func::FuncDialect>();
  ImportResult result;
  if (std::string problem = ingot::checkTorchScriptFile(input); !problem.empty())
    result.error = "'" + input + "' " + problem;
  else
    result = importArchive(input, context, operators);

  // LibTorch's static destructors cost more than they give: leave without them.
  auto leave = [](int rc) {
    llvm::outs().flush();
    llvm::errs().flush();
#ifdef INGOT_COVERAGE
    exit(rc); // the counts are written by destructors
#else
    _exit(rc);
#endif
  };
  std::error_code ec;
  if (!result.module) {
    if (diagnostics.empty()) {
      printDiagnostics(result, llvm::errs());
    } else {
      llvm::raw_fd_ostream os(diagnostics, ec);
      if (!ec)
        writeDiagnostics(result, os);
    }
    leave(1);
  }
  llvm::ToolOutputFile file(output, ec, llvm::sys::fs::OF_None);
  if (ec) {
    llvm::errs() << "error: cannot write '" << output << "': " << ec.message() << "\n";
    leave(1);
  }
  if (text) {
    OpPrintingFlags flags;
    if (locations)
      flags.enableDebugInfo(true, false);
    result.module->print(file.os(), flags.useLocalScope());
  } else if (failed(writeBytecodeToFile(*result.module, file.os()))) {
    llvm::errs() << "error: cannot write bytecode\n";
    leave(1);
  }
  file.os().flush();
  if (file.os().has_error()) {
    llvm::errs() << "error: cannot write '" << output << "': " << file.os().error().message() << "\n";
    leave(1);
  }
  file.keep();
  leave(0);
}
