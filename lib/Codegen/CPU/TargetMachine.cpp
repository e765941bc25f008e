//===- TargetMachine.cpp - CPUs by name, LLVM's machine ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "TargetMachine.h"

#include "ingot/ABI/artifact.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include <mutex>

using namespace ingot;

static constexpr llvm::StringLiteral tripleText = "x86_64-unknown-linux-gnu";

static const llvm::Target *target() {
  static const llvm::Target *found = [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86AsmParser();
    std::string error;
    return llvm::TargetRegistry::lookupTarget(llvm::Triple(tripleText), error);
  }();
  return found;
}

/// Widest registers worth using, from what the CPU has.
static int64_t vectorBitsOf(llvm::StringRef cpu, llvm::StringRef features) {
  std::unique_ptr<llvm::MCSubtargetInfo> info(target()->createMCSubtargetInfo(llvm::Triple(tripleText), cpu, features));
  if (info->checkFeatures("+avx512f,+avx512vl,+avx512bw,+avx512dq"))
    return 512;
  return info->checkFeatures("+avx2,+fma") ? 256 : 128;
}

llvm::SmallVector<CpuVariant> ingot::resolveCpu(llvm::StringRef spec, std::string &error) {
  llvm::SmallVector<CpuVariant> variants;
  auto level = [&](llvm::StringRef name, int32_t abi) {
    variants.push_back({name.str(), name.str(), "", vectorBitsOf(name, ""), abi});
  };
  if (spec == "portable") {
    level("x86-64", INGOT_ABI_CPU_BASELINE);
    level("x86-64-v3", INGOT_ABI_CPU_X86_64_V3);
    level("x86-64-v4", INGOT_ABI_CPU_X86_64_V4);
    return variants;
  }
  if (spec == "x86-64" || spec == "x86-64-v3" || spec == "x86-64-v4") {
    level(spec, spec == "x86-64"      ? INGOT_ABI_CPU_BASELINE
                : spec == "x86-64-v3" ? INGOT_ABI_CPU_X86_64_V3
                                      : INGOT_ABI_CPU_X86_64_V4);
    return variants;
  }
  CpuVariant variant;
  variant.abiVariant = INGOT_ABI_CPU_NATIVE;
  if (spec == "native") {
    variant.name = variant.cpu = llvm::sys::getHostCPUName().str();
    llvm::SubtargetFeatures features;
    // Sorted: the map's order is no property of the machine.
    auto host = llvm::sys::getHostCPUFeatures();
    std::vector<std::string> names;
    for (const auto &entry : host)
      names.push_back((entry.second ? "+" : "-") + entry.first().str());
    llvm::sort(names, [](const std::string &a, const std::string &b) { return a.substr(1) < b.substr(1); });
    for (const std::string &name : names)
      features.AddFeature(name.substr(1), name[0] == '+');
    variant.features = features.getString();
  } else {
    std::unique_ptr<llvm::MCSubtargetInfo> info(
        target()->createMCSubtargetInfo(llvm::Triple(tripleText), "x86-64", ""));
    std::unique_ptr<llvm::MCSubtargetInfo> chosen;
    if (info->isCPUStringValid(spec))
      chosen.reset(target()->createMCSubtargetInfo(llvm::Triple(tripleText), spec, ""));
    if (!chosen || !chosen->checkFeatures("+64bit")) {
      error = ("unknown CPU '" + spec +
               "': expected native, portable, x86-64, x86-64-v3, x86-64-v4 or a "
               "name that LLVM knows, such as skylake-avx512 or znver4")
                  .str();
      return {};
    }
    variant.name = variant.cpu = spec.str();
  }
  variant.vectorBits = vectorBitsOf(variant.cpu, variant.features);
  variants.push_back(variant);
  return variants;
}

std::unique_ptr<llvm::TargetMachine> ingot::createTargetMachine(const CpuVariant &variant, unsigned optLevel,
                                                                std::string &error) {
  const llvm::Target *found = target();
  if (!found) {
    error = "LLVM was built without X86";
    return nullptr;
  }
  llvm::TargetOptions options;
  // x*y + z is one rounding, not two: never less accurate.
  options.AllowFPOpFusion = llvm::FPOpFusion::Fast;
  options.FunctionSections = true; // for --gc-sections
  options.DataSections = true;
  llvm::CodeGenOptLevel levels[] = {llvm::CodeGenOptLevel::None, llvm::CodeGenOptLevel::Less,
                                    llvm::CodeGenOptLevel::Default, llvm::CodeGenOptLevel::Aggressive};
  return std::unique_ptr<llvm::TargetMachine>(
      found->createTargetMachine(llvm::Triple(tripleText), variant.cpu, variant.features, options, llvm::Reloc::PIC_,
                                 llvm::CodeModel::Small, levels[std::min(optLevel, 3u)]));
}
