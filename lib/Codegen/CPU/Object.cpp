//===- Object.cpp - LLVM dialect to object code -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Codegen/CPU/Object.h"
#include "TargetMachine.h"

#include "dialects/Graph/Graph.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/Transforms/Instrumentation/AddressSanitizer.h"
#include "llvm/Transforms/Instrumentation/ThreadSanitizer.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include <atomic>
#include <mutex>

using namespace mlir;
using namespace ingot;

std::string ingot::methodSymbol(const CpuVariant &variant, StringRef method) {
  return ("ingot." + variant.name + "." + method).str();
}

namespace {

/// Chunk functions of one part: enough that start-up costs of a part are small.
constexpr unsigned chunksPerPart = 6;

void optimize(llvm::Module &module, llvm::TargetMachine &machine, unsigned level, Sanitizer sanitizer) {
  llvm::LoopAnalysisManager lam;
  llvm::FunctionAnalysisManager fam;
  llvm::CGSCCAnalysisManager cgam;
  llvm::ModuleAnalysisManager mam;
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = level >= 2;
  tuning.LoopInterleaving = level >= 2;
  tuning.SLPVectorization = level >= 2;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(mam);
  builder.registerCGSCCAnalyses(cgam);
  builder.registerFunctionAnalyses(fam);
  builder.registerLoopAnalyses(lam);
  builder.crossRegisterProxies(lam, fam, cgam, mam);
  llvm::OptimizationLevel levels[] = {llvm::OptimizationLevel::O0, llvm::OptimizationLevel::O1,
                                      llvm::OptimizationLevel::O2, llvm::OptimizationLevel::O3};
  llvm::OptimizationLevel o = levels[std::min(level, 3u)];
  llvm::ModulePassManager passes =
      level == 0 ? builder.buildO0DefaultPipeline(o) : builder.buildPerModuleDefaultPipeline(o);
  if (sanitizer == Sanitizer::Address) {
    passes.addPass(llvm::AddressSanitizerPass(llvm::AddressSanitizerOptions()));
  } else if (sanitizer == Sanitizer::Thread) {
    passes.addPass(llvm::ModuleThreadSanitizerPass());
    passes.addPass(llvm::createModuleToFunctionPassAdaptor(llvm::ThreadSanitizerPass()));
  }
  passes.run(module, mam);
}

/// Optimises and prints one part. Everything here is the thread's own.
bool compilePart(llvm::Module &module, const CpuVariant &variant, const ObjectOptions &options, CodeBuffer &out,
                 std::string &error) {
  auto machine = createTargetMachine(variant, options.optLevel, error);
  if (!machine)
    return false;
  module.setDataLayout(machine->createDataLayout());
  module.setTargetTriple(machine->getTargetTriple());
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    if (options.sanitizer == Sanitizer::Address)
      function.addFnAttr(llvm::Attribute::SanitizeAddress);
    if (options.sanitizer == Sanitizer::Thread)
      function.addFnAttr(llvm::Attribute::SanitizeThread);
    function.addFnAttr("target-cpu", machine->getTargetCPU());
    function.addFnAttr("target-features", machine->getTargetFeatureString());
    if (variant.vectorBits >= 512)
      function.addFnAttr("prefer-vector-width", "512");
    if (options.optLevel == 0 && !function.hasFnAttribute(llvm::Attribute::AlwaysInline)) {
      function.addFnAttr(llvm::Attribute::NoInline);
      function.addFnAttr(llvm::Attribute::OptimizeNone);
    }
  }
  optimize(module, *machine, options.optLevel, options.sanitizer);
  llvm::raw_svector_ostream os(out);
  if (options.format == CodeFormat::LLVMIR) {
    module.print(os, nullptr);
    return true;
  }
  llvm::legacy::PassManager passes;
  auto type =
      options.format == CodeFormat::Assembly ? llvm::CodeGenFileType::AssemblyFile : llvm::CodeGenFileType::ObjectFile;
  if (machine->addPassesToEmitFile(passes, os, nullptr, type)) {
    error = "the target cannot emit this kind of file";
    return false;
  }
  passes.run(module);
  return true;
}

/// The chunk functions, each with the kernels it calls, split into parts.
SmallVector<SmallVector<std::string>> planParts(ModuleOp module, bool split) {
  SmallVector<std::string> chunks;
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    if (function->hasAttr("task.chunk"))
      chunks.push_back(function.getSymName().str());
  SmallVector<SmallVector<std::string>> parts;
  if (!split || chunks.size() <= 2 * chunksPerPart)
    return parts;
  for (size_t i = 0; i < chunks.size(); i += chunksPerPart)
    parts.emplace_back(chunks.begin() + i, chunks.begin() + std::min<size_t>(i + chunksPerPart, chunks.size()));
  return parts;
}

/// What `function` calls inside the module, itself included.
void addCallees(llvm::Function *function, llvm::DenseSet<const llvm::GlobalValue *> &keep) {
  if (!keep.insert(function).second)
    return;
  for (llvm::BasicBlock &block : *function)
    for (llvm::Instruction &instruction : block)
      for (llvm::Value *operand : instruction.operands())
        if (auto *callee = dyn_cast<llvm::Function>(operand->stripPointerCasts()))
          if (!callee->isDeclaration() && callee->hasLocalLinkage())
            addCallees(callee, keep);
}

llvm::SmallVector<char, 0> toBitcode(const llvm::Module &module) {
  llvm::SmallVector<char, 0> bitcode;
  llvm::raw_svector_ostream os(bitcode);
  llvm::WriteBitcodeToFile(module, os);
  return bitcode;
}

} // namespace

LogicalResult ingot::compileVariant(ModuleOp module, const CpuVariant &variant, const ObjectOptions &options,
                                    llvm::SmallVectorImpl<CodeBuffer> &code) {
  MLIRContext *context = module.getContext();
  // Only here: ingotc -h and the earlier phases need no translation.
  DialectRegistry registry;
  registerAllToLLVMIRTranslations(registry);
  context->appendDialectRegistry(registry);

  SmallVector<SmallVector<std::string>> parts = planParts(module, options.split);
  auto llvmContext = std::make_unique<llvm::LLVMContext>();
  std::unique_ptr<llvm::Module> whole;
  {
    OwningOpRef<ModuleOp> code = module.clone();
    for (auto weight : llvm::make_early_inc_range(code->getOps<graph::WeightOp>()))
      weight.erase();
    SmallVector<NamedAttribute> kept;
    for (NamedAttribute attr : (*code)->getAttrs())
      if (attr.getName().getValue().starts_with("llvm."))
        kept.push_back(attr);
    (*code)->setAttrs(DictionaryAttr::get(context, kept));
    SmallVector<std::pair<std::string, std::string>> methods;
    for (auto function : code->getOps<LLVM::LLVMFuncOp>()) {
      if (auto name = function->getAttrOfType<StringAttr>("ingot.method"))
        methods.push_back({function.getSymName().str(), methodSymbol(variant, name)});
      SmallVector<StringAttr> ours;
      for (NamedAttribute attr : function->getDiscardableAttrs())
        if (!attr.getName().getValue().starts_with("llvm."))
          ours.push_back(attr.getName());
      for (StringAttr name : ours)
        function->removeDiscardableAttr(name);
    }
    whole = translateModuleToLLVMIR(*code, *llvmContext, "ingot");
    if (!whole)
      return failure();
    for (auto &[from, to] : methods)
      whole->getFunction(from)->setName(to);
  }
  // Chunk functions are called over parts: hidden, and named by their variant,
  // because the objects of all variants meet in one link.
  for (auto &part : parts)
    for (std::string &name : part) {
      llvm::Function *function = whole->getFunction(name);
      name = "ingot." + variant.name + "." + name;
      function->setName(name);
      function->setLinkage(llvm::GlobalValue::ExternalLinkage);
      function->setVisibility(llvm::GlobalValue::HiddenVisibility);
    }

  // Part 0 is the host: all that no other part holds.
  unsigned count = parts.size() + 1;
  std::vector<llvm::SmallVector<char, 0>> bitcode(count);
  if (parts.empty()) {
    bitcode[0] = toBitcode(*whole);
  } else {
    llvm::DenseSet<const llvm::GlobalValue *> elsewhere;
    for (auto [i, part] : llvm::enumerate(parts)) {
      llvm::DenseSet<const llvm::GlobalValue *> keep;
      for (const std::string &name : part)
        addCallees(whole->getFunction(name), keep);
      elsewhere.insert(keep.begin(), keep.end());
      llvm::ValueToValueMapTy map;
      auto clone = llvm::CloneModule(*whole, map, [&](const llvm::GlobalValue *value) {
        return isa<llvm::GlobalVariable>(value) || keep.contains(value);
      });
      bitcode[i + 1] = toBitcode(*clone);
    }
    llvm::ValueToValueMapTy map;
    auto clone =
        llvm::CloneModule(*whole, map, [&](const llvm::GlobalValue *value) { return !elsewhere.contains(value); });
    bitcode[0] = toBitcode(*clone);
  }
  whole.reset();
  llvmContext.reset();

  size_t first = code.size();
  code.resize(first + count);
  std::vector<std::string> errors(count);
  std::atomic<unsigned> done{0};
  std::mutex progressMutex;
  {
    llvm::StdThreadPool pool(llvm::hardware_concurrency(std::max(options.threads, 1u)));
    for (unsigned i = 0; i < count; ++i)
      pool.async([&, i] {
        llvm::LLVMContext own;
        auto part = llvm::parseBitcodeFile(
            llvm::MemoryBufferRef(StringRef(bitcode[i].data(), bitcode[i].size()), "ingot"), own);
        if (!part) {
          errors[i] = llvm::toString(part.takeError());
          return;
        }
        (*part)->setModuleIdentifier("ingot");
        (*part)->setSourceFileName("ingot");
        compilePart(**part, variant, options, code[first + i], errors[i]);
        bitcode[i] = {};
        unsigned now = ++done;
        if (options.progress) {
          std::lock_guard lock(progressMutex);
          options.progress(now, count);
        }
      });
    pool.wait();
  }
  for (const std::string &error : errors)
    if (!error.empty())
      return module.emitError() << "code generation for " << variant.name << " failed: " << error;
  return success();
}
