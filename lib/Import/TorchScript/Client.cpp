//===- Client.cpp - starts the TorchScript importer -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Import/TorchScript.h"

#include "dialects/Script/Script.h"
#include "ingot/Support/CustomOperators.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace ingot;

std::string ingot::findTorchScriptImporter(StringRef toolPath) {
  std::string tool =
      llvm::sys::fs::getMainExecutable(toolPath.str().c_str(), reinterpret_cast<void *>(&findTorchScriptImporter));
  StringRef folder = llvm::sys::path::parent_path(tool);
  for (StringRef relative : {"", "../libexec/ingot", "../bin"}) {
    SmallString<256> candidate(folder);
    llvm::sys::path::append(candidate, relative, torchScriptImporterName);
    if (llvm::sys::fs::can_execute(candidate))
      return std::string(candidate);
  }
  return "";
}

std::string ingot::checkTorchScriptFile(StringRef path) {
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status))
    return "cannot be read: " + error.message();
  if (llvm::sys::fs::is_directory(status))
    return "is a folder, expected a TorchScript archive (torch.jit.save)";
  if (!llvm::sys::fs::is_regular_file(status))
    return "is no regular file, expected a TorchScript archive";
  if (status.getSize() == 0)
    return "is empty, expected a TorchScript archive (torch.jit.save)";
  auto buffer = llvm::MemoryBuffer::getFileSlice(path, std::min<uint64_t>(status.getSize(), 16), 0);
  if (!buffer)
    return "cannot be read: " + buffer.getError().message();
  StringRef magic = (*buffer)->getBuffer();
  // A pickle of protocol 2 and later starts with PROTO; torch.save wrote bare
  // pickles before PyTorch 1.6.
  if (magic.size() >= 2 && magic[0] == '\x80' && magic[1] >= 2 && magic[1] <= 5)
    return "is a Python pickle (torch.save), expected a TorchScript archive "
           "(torch.jit.save)";
  if (magic.size() >= 8 && magic.substr(4, 4) == "PTMF")
    return "is a mobile flatbuffer model, expected a TorchScript archive "
           "(torch.jit.save)";
  if (!magic.starts_with("PK"))
    return "is no zip archive, expected a TorchScript archive (torch.jit.save)";
  return "";
}

/// The last line that says something: what LibTorch said before it died.
static std::string lastLine(StringRef text) {
  SmallVector<StringRef> lines;
  text.split(lines, '\n', -1, false);
  for (StringRef line : llvm::reverse(lines))
    if (!line.trim().empty())
      return line.trim().take_front(300).str();
  return "";
}

static Location locationOf(const llvm::json::Object &object, MLIRContext &context) {
  auto file = object.getString("file");
  if (!file)
    return UnknownLoc::get(&context);
  return FileLineColLoc::get(&context, *file, object.getInteger("line").value_or(0),
                             object.getInteger("column").value_or(0));
}

/// Reports what the child wrote: {"error": TEXT, "notes": [{message, file,
/// ...}]}.
static bool reportDiagnostics(StringRef path, StringRef file, MLIRContext &context) {
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer || (*buffer)->getBufferSize() == 0)
    return false;
  auto value = llvm::json::parse((*buffer)->getBuffer());
  if (!value) {
    llvm::consumeError(value.takeError());
    return false;
  }
  const llvm::json::Object *object = value->getAsObject();
  if (!object || !object->getString("error"))
    return false;
  InFlightDiagnostic diagnostic = emitError(FileLineColLoc::get(&context, path, 0, 0)) << *object->getString("error");
  if (const llvm::json::Array *notes = object->getArray("notes"))
    for (const llvm::json::Value &note : *notes)
      if (const llvm::json::Object *entry = note.getAsObject())
        diagnostic.attachNote(locationOf(*entry, context)) << entry->getString("message").value_or("");
  return true;
}

FailureOr<OwningOpRef<ModuleOp>> ingot::importTorchScript(StringRef path, MLIRContext &context,
                                                          const TorchScriptImportOptions &options) {
  Location loc = FileLineColLoc::get(&context, path, 0, 0);
  auto fail = [&](const Twine &message) {
    emitError(loc) << "'" << path << "' " << message;
    return failure();
  };
  if (std::string problem = checkTorchScriptFile(path); !problem.empty())
    return fail(problem);
  if (options.importerExecutable.empty() || !llvm::sys::fs::can_execute(options.importerExecutable))
    return fail("needs the TorchScript importer, '" +
                (options.importerExecutable.empty() ? StringRef(torchScriptImporterName)
                                                    : StringRef(options.importerExecutable)) +
                "', which was not found; build with INGOT_TORCH_PREFIX");

  SmallString<128> folder;
  if (std::error_code error = llvm::sys::fs::createUniqueDirectory("ingot-import", folder))
    return fail("cannot be imported: no temporary folder: " + error.message());
  llvm::scope_exit cleanup([&] { llvm::sys::fs::remove_directories(folder); });
  auto inFolder = [&](StringRef name) {
    SmallString<128> result(folder);
    llvm::sys::path::append(result, name);
    return std::string(result);
  };
  std::string output = inFolder("module.mlirbc"), diagnostics = inFolder("diagnostics.json"),
              errors = inFolder("stderr"), prints = inFolder("stdout");

  std::string operators = inFolder("operators");
  SmallVector<StringRef> arguments = {options.importerExecutable, path, "-o", output, "--diagnostics", diagnostics};
  if (std::string declared = schema::declaredOperators(); !declared.empty()) {
    std::error_code error;
    llvm::raw_fd_ostream os(operators, error);
    os << declared;
    if (os.close(); error || os.has_error())
      return fail("cannot be imported: no temporary file");
    arguments.append({"--operators", operators});
  }
  std::optional<StringRef> redirects[] = {StringRef(""), StringRef(prints), StringRef(errors)};
  std::string message;
  bool failedToStart = false;
  int rc = llvm::sys::ExecuteAndWait(options.importerExecutable, arguments, std::nullopt, redirects,
                                     options.timeoutSeconds, /*MemoryLimit=*/0, &message, &failedToStart);
  if (failedToStart)
    return fail("cannot be imported: '" + Twine(options.importerExecutable) + "' does not start: " + message);
  if (rc != 0) {
    if (rc > 0 && reportDiagnostics(path, diagnostics, context))
      return failure();
    std::string said;
    if (auto buffer = llvm::MemoryBuffer::getFile(errors))
      said = lastLine((*buffer)->getBuffer());
    std::string how = rc == -2 ? (message.empty() ? "a crash" : message) : ("exit code " + Twine(rc)).str();
    return fail("cannot be imported: LibTorch's process ended with " + how + (said.empty() ? "" : " (" + said + ")") +
                "; the archive is corrupted, or not one of torch.jit.save");
  }

  context.loadDialect<script::ScriptDialect, func::FuncDialect>();
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(output, ParserConfig(&context));
  if (!module)
    return fail("cannot be imported: the importer's output is broken; are "
                "ingotc and ingot-import-torchscript of one build?");
  return module;
}
