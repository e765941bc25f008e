//===- Compile.cpp - from a model to a library ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Output.h"
#include "Progress.h"
#include "Report.h"
#include "ingot/Driver/Options.h"
#include "ingot/Driver/Registration.h"
#include "ingot/Import/Export.h"
#include "ingot/Import/TorchScript.h"
#include "ingot/Support/CustomOperators.h"
#include "ingot/Support/SourceLine.h"
#include "ingot/Transforms/Passes.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/Threading.h"

using namespace mlir;
using namespace ingot;

/// On a script module: the declarations of custom operators.
static constexpr const char *operatorsAttrName = "script.operators";

namespace {

/// "dir/model.py:12:3: "; nothing for places that are not in the user's source.
std::string placeOf(Location loc) {
  std::string place = sourceLine(loc);
  return place.empty() ? place : place + ": ";
}

void printDiagnostic(Diagnostic &diagnostic) {
  raw_ostream &os = llvm::errs();
  const char *kind = diagnostic.getSeverity() == DiagnosticSeverity::Error     ? "error: "
                     : diagnostic.getSeverity() == DiagnosticSeverity::Warning ? "warning: "
                                                                               : "note: ";
  os << placeOf(diagnostic.getLocation()) << kind << diagnostic.str() << "\n";
  for (Diagnostic &note : diagnostic.getNotes())
    os << "  " << placeOf(note.getLocation()) << "note: " << note.str() << "\n";
}

class Compilation {
public:
  explicit Compilation(const DriverOptions &options) : options(options), progress(phases().size()) {}
  int run();

private:
  bool setUp();
  bool checkPaths(StringRef outputPath);
  bool import();
  bool runPhases();
  bool object();
  bool dump(Phase phase);
  bool writeText();
  std::string defaultOutput() const;
  std::string stem() const { return llvm::sys::path::stem(options.input).str(); }
  bool fail(const Twine &message) {
    progress.clear();
    llvm::errs() << "error: " << message << "\n";
    return false;
  }
  void enter(Phase phase) { progress.enter(unsigned(phase), phaseInfo(phase).name); }

  const DriverOptions &options;
  Progress progress;
  PipelineOptions pipeline;
  NormalizeReport report;
  std::unique_ptr<llvm::DefaultThreadPool> threads;
  std::unique_ptr<MLIRContext> context;
  OwningOpRef<ModuleOp> module;
  Phase next = Phase::Import;
  unsigned jobs = 1;
};

} // namespace

bool Compilation::setUp() {
  std::string error;
  pipeline.cpus = resolveCpu(options.cpu, error);
  if (pipeline.cpus.empty())
    return fail(error);
  if (options.emit != Emit::SharedLibrary && options.emit != Emit::Object && pipeline.cpus.size() > 1)
    return fail("--emit=asm and --emit=llvm print one CPU variant: choose one "
                "with --cpu");
  pipeline.optLevel = options.optLevel;
  pipeline.elideForks = options.elideForks;
  pipeline.winograd = options.winograd;
  pipeline.normalize.methods = options.methods;
  pipeline.normalize.inputs = options.inputs;
  // A recorded call may be one that raises; what the user writes is to work.
  pipeline.normalize.refuseAlwaysRaising =
      llvm::any_of(options.inputs, [](const InputSpec &spec) { return !spec.recorded; });
  pipeline.normalize.report = &report;

  jobs = options.jobs ? options.jobs : llvm::hardware_concurrency().compute_thread_count();
  DialectRegistry registry;
  registerCompileDialects(registry);
  context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  if (jobs > 1) {
    threads = std::make_unique<llvm::DefaultThreadPool>(llvm::hardware_concurrency(jobs));
    context->setThreadPool(*threads);
  }
  context->getDiagEngine().registerHandler([this](Diagnostic &diagnostic) {
    progress.clear();
    printDiagnostic(diagnostic);
    return success();
  });
  return true;
}

/// Where the constants go: found at load by their name, beside the library.
static std::string constantsPath(const DriverOptions &options, StringRef outputPath) {
  if (options.constantsFile.empty() || llvm::sys::path::is_absolute(options.constantsFile))
    return options.constantsFile;
  llvm::SmallString<256> path(llvm::sys::path::parent_path(outputPath));
  llvm::sys::path::append(path, options.constantsFile);
  return path.str().str();
}

/// No file is read and written, or written twice.
bool Compilation::checkPaths(StringRef outputPath) {
  std::pair<StringRef, std::string> files[] = {{"the model", options.input},
                                               {"the output", outputPath.str()},
                                               {"--constants", constantsPath(options, outputPath)},
                                               {"--report", options.reportFile}};
  auto same = [](StringRef a, StringRef b) {
    llvm::SmallString<256> x(a), y(b);
    llvm::sys::fs::make_absolute(x);
    llvm::sys::fs::make_absolute(y);
    llvm::sys::path::remove_dots(x, true);
    llvm::sys::path::remove_dots(y, true);
    bool equivalent = false;
    return x == y || (!llvm::sys::fs::equivalent(x, y, equivalent) && equivalent);
  };
  for (size_t i = 0; i < std::size(files); ++i)
    for (size_t j = 0; j < i; ++j)
      if (!files[i].second.empty() && files[i].second != "-" && !files[j].second.empty() &&
          same(files[i].second, files[j].second))
        return fail(files[i].first + " and " + files[j].first + " are one file, '" + files[i].second +
                    "': each needs its own");
  return true;
}

bool Compilation::import() {
  StringRef path = options.input;
  llvm::sys::fs::file_status status;
  if (std::error_code ec = llvm::sys::fs::status(path, status))
    return fail("cannot read '" + path + "': " + ec.message());
  if (llvm::sys::fs::is_directory(status))
    return fail("'" + path + "' is a folder: expected a .pt, .pt2 or .mlir file");
  StringRef extension = llvm::sys::path::extension(path);
  if (extension == ".mlir" || extension == ".mlirbc") {
    ParserConfig config(context.get());
    module = parseSourceFile<ModuleOp>(path, config);
    if (!module)
      return false;
    if (auto declared = (*module)->getAttrOfType<StringAttr>(operatorsAttrName))
      if (std::string problem = schema::declareOperators(declared.getValue()); !problem.empty())
        return fail("'" + path + "', " + operatorsAttrName + ", " + problem);
    next = options.startFrom ? *options.startFrom : firstPhaseFor(*module);
    if (next == Phase::Import)
      next = Phase::Normalize;
    return true;
  }
  if (options.startFrom && *options.startFrom != Phase::Import)
    return fail("--start-from=" + phaseInfo(*options.startFrom).name + " takes a .mlir file, found '" + path + "'");
  enter(Phase::Import);
  FailureOr<OwningOpRef<ModuleOp>> imported = failure();
  if (extension == ".pt2") {
    imported = importExport(path, *context);
  } else if (extension == ".pt" || extension == ".pth" || extension == ".ts") {
    TorchScriptImportOptions import;
    import.importerExecutable = findTorchScriptImporter(options.executable);
    if (import.importerExecutable.empty())
      return fail("'" + path + "' needs the TorchScript importer (" + torchScriptImporterName +
                  "), which is not beside ingotc");
    imported = importTorchScript(path, *context, import);
  } else {
    return fail("'" + path + "': unknown kind of file '" + extension + "': expected .pt, .pt2 or .mlir");
  }
  if (failed(imported))
    return false;
  module = std::move(*imported);
  // So that a dump can be resumed.
  if (std::string declared = schema::declaredOperators(); !declared.empty())
    (*module)->setAttr(operatorsAttrName, StringAttr::get(context.get(), declared));
  next = Phase::Normalize;
  return dump(Phase::Import);
}

bool Compilation::dump(Phase phase) {
  if (options.dumpDirectory.empty())
    return true;
  if (std::error_code ec = llvm::sys::fs::create_directories(options.dumpDirectory))
    return fail("cannot create '" + options.dumpDirectory + "': " + ec.message());
  llvm::SmallString<256> path(options.dumpDirectory);
  llvm::sys::path::append(path, Twine(unsigned(phase)) + "-" + phaseInfo(phase).name + ".mlir");
  Output output(path.str().str());
  if (!output.open())
    return fail(output.error());
  module->print(output.os(), OpPrintingFlags().enableDebugInfo());
  return output.commit() || fail(output.error());
}

bool Compilation::writeText() {
  if (options.tokens != DriverOptions::Tokens::AsTheyAre) {
    PassManager pm(context.get());
    pm.addPass(options.tokens == DriverOptions::Tokens::Lifted ? createLiftTokensPass() : createUnliftTokensPass());
    pm.addPass(createVerifyTokensPass());
    if (mlir::failed(pm.run(*module)))
      return false;
  }
  if (options.output.empty() || options.output == "-") {
    module->print(llvm::outs(), OpPrintingFlags().enableDebugInfo());
    llvm::outs() << "\n";
    return true;
  }
  Output output(options.output);
  if (!output.open())
    return fail(output.error());
  module->print(output.os(), OpPrintingFlags().enableDebugInfo());
  return output.commit() || fail(output.error());
}

bool Compilation::runPhases() {
  for (; next < Phase::Object; next = Phase(unsigned(next) + 1)) {
    if (options.stopAfter && *options.stopAfter < next)
      break;
    enter(next);
    bool done = succeeded(runPhase(next, module, pipeline));
    // The report names what was refused, so it is written either way.
    if (next == Phase::Normalize && !options.reportFile.empty()) {
      std::string error;
      if (!writeReport(options.reportFile, report, error))
        return fail(error);
    }
    if (!done || !dump(next))
      return false;
  }
  return true;
}

std::string Compilation::defaultOutput() const {
  const char *extensions[] = {".so", ".o", ".s", ".ll"};
  return options.output.empty() ? stem() + extensions[unsigned(options.emit)] : options.output;
}

bool Compilation::object() {
  enter(Phase::Object);
  SmallVector<ModuleOp> variants = variantModules(*module);
  if (variants.size() != pipeline.cpus.size())
    return fail("the program holds " + Twine(variants.size()) + " CPU variants, --cpu=" + options.cpu + " means " +
                Twine(pipeline.cpus.size()));
  std::string outputPath = defaultOutput();
  Output output(outputPath);
  if (!output.open())
    return fail(output.error());

  ObjectOptions object;
  object.optLevel = options.optLevel;
  object.threads = jobs;
  object.split = options.emit == Emit::SharedLibrary && options.optLevel > 0;
  object.format = options.emit == Emit::Assembly ? CodeFormat::Assembly
                  : options.emit == Emit::LLVMIR ? CodeFormat::LLVMIR
                                                 : CodeFormat::Object;
  object.sanitizer = options.sanitizer;
  object.progress = [&](unsigned done, unsigned all) { progress.part(done, all); };
  llvm::SmallVector<CodeBuffer> code;
  for (auto [variant, cpu] : llvm::zip(variants, pipeline.cpus))
    if (failed(compileVariant(variant, cpu, object, code)))
      return false;

  DescriptorOptions descriptor;
  descriptor.producer = "ingotc " INGOT_VERSION;
  descriptor.linksOperators = !options.operatorObjects.empty();
  descriptor.constantsSize = constantsSize(*module);
  std::optional<Output> constantsOutput;
  bool external = !options.constantsFile.empty() && descriptor.constantsSize;
  if (external) {
    std::string path = constantsPath(options, outputPath);
    descriptor.constantsFile = llvm::sys::path::filename(path).str();
    constantsOutput.emplace(path);
    if (!constantsOutput->open())
      return fail(constantsOutput->error());
    if (failed(writeConstants(variants, constantsOutput->os(), descriptor.constantsSize, &descriptor.constantsDigest)))
      return false;
  }
  code.emplace_back();
  if (failed(compileDescriptor(variants.front(), pipeline.cpus, descriptor, object.format, code.back())))
    return false;

  if (options.emit == Emit::Assembly || options.emit == Emit::LLVMIR) {
    for (CodeBuffer &buffer : code)
      output.os() << buffer;
  } else {
    TemporaryFolder folder;
    if (!folder.create())
      return fail(folder.error());
    LinkOptions link;
    for (auto [i, buffer] : llvm::enumerate(code)) {
      std::string path = folder.file("code" + std::to_string(i) + ".o");
      Output file(path);
      if (!file.open())
        return fail(file.error());
      file.os() << buffer;
      if (!file.commit())
        return fail(file.error());
      link.objects.push_back(path);
      buffer = CodeBuffer();
    }
    if (!external && descriptor.constantsSize) {
      std::string path = folder.file("constants.o");
      Output file(path);
      if (!file.open())
        return fail(file.error());
      if (failed(writeConstantsObject(variants, file.os())))
        return false;
      if (!file.commit())
        return fail(file.error());
      link.objects.push_back(path);
    }
    // The module has done its work; the linker needs the memory.
    module = nullptr;
    // A device has no temporary name that the linker could write.
    std::string copied = output.temporaryPath().empty() ? folder.file("linked") : std::string();
    link.operators = options.operatorObjects;
    link.output = copied.empty() ? std::string(output.temporaryPath()) : copied;
    link.resources = resourceFolder(options.executable);
    link.stem = llvm::sys::path::stem(outputPath).str();
    link.threads = jobs;
    link.relocatable = options.emit == Emit::Object;
    if (!link.relocatable && link.resources.empty())
      return fail("the runtime (lib/ingot/libingot_rt.a) is not beside ingotc");
    link.sanitizer = options.sanitizer;
    if (std::string archive = runtimeArchive(options.sanitizer);
        !link.relocatable && !llvm::sys::fs::exists(link.resources + "/" + archive))
      return fail("--sanitize: this ingotc was built without its runtime, lib/ingot/" + archive +
                  " (build the target sanitizers)");
    if (copied.empty())
      output.closeStream();
    std::string error;
    if (!ingot::link(link, error))
      return fail("linking failed:\n" + error);
    if (!copied.empty()) {
      auto bytes = llvm::MemoryBuffer::getFile(copied);
      if (!bytes)
        return fail("cannot read '" + copied + "': " + bytes.getError().message());
      output.os() << (*bytes)->getBuffer();
    }
  }
  if (external && !constantsOutput->commit())
    return fail(constantsOutput->error());
  return output.commit() || fail(output.error());
}

int Compilation::run() {
  bool stops = options.stopAfter && *options.stopAfter < Phase::Object;
  bool done = setUp() && checkPaths(stops ? options.output : defaultOutput()) && import() &&
              (!options.stopAfter || *options.stopAfter != Phase::Import ? runPhases() : true);
  if (done) {
    if (options.stopAfter && *options.stopAfter < Phase::Object)
      done = writeText();
    else
      done = object();
  }
  progress.clear();
  // The context dies with its threads; freeing 100 MB of operations one by one
  // at the end of a process helps nobody.
  (void)module.release();
  (void)context.release();
  (void)threads.release();
  return done ? 0 : 1;
}

int ingot::compile(const DriverOptions &options) { return Compilation(options).run(); }
