//===- Target.cpp - CPUs as a target of the lowering ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Codegen/CPU/Target.h"
#include "lib/Codegen/CPU/Emitters.h"
#include "lib/Codegen/CPU/LoopKernel.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;

namespace {

class CPUTarget : public Target {
public:
  explicit CPUTarget(const CodegenOptions &options) : emitters(cpu::createKernelEmitters(options)) {}

  LogicalResult emit(const Dispatch &dispatch, KernelContext &context) override {
    for (auto &emitter : emitters)
      if (emitter->matches(dispatch))
        return emitter->emit(dispatch, context);
    assert(dispatch.ops.size() == 1 && "only special emitters fuse");
    return cpu::emitLoops(dispatch.last(), context);
  }
  bool fusesEpilogue(const Dispatch &dispatch) override {
    for (auto &emitter : emitters)
      if (emitter->matches(dispatch))
        return true;
    return false;
  }
  void emitCopy(const Buffer &from, const Buffer &to, KernelContext &context) override {
    cpu::emitCopyLoops(from, to, context);
  }
  void emitFill(Value value, const Buffer &to, KernelContext &context) override {
    cpu::emitFillLoops(value, to, context);
  }
  void emitPad(const Buffer &from, ArrayRef<AffineExpr> low, Value value, const Buffer &to,
               KernelContext &context) override {
    cpu::emitPadLoops(from, low, value, to, context);
  }
  void emitBorder(const Buffer &from, ArrayRef<AffineExpr> low, Value value, const Buffer &to,
                  KernelContext &context) override {
    cpu::emitPadLoops(from, low, value, to, context, /*borderOnly=*/true);
  }

private:
  std::vector<std::unique_ptr<KernelEmitter>> emitters;
};

} // namespace

std::unique_ptr<Target> cpu::createTarget(const CodegenOptions &options) {
  return std::make_unique<CPUTarget>(options);
}

std::vector<std::unique_ptr<KernelEmitter>> cpu::createKernelEmitters(const CodegenOptions &options) {
  std::vector<std::unique_ptr<KernelEmitter>> emitters;
  emitters.push_back(createContractionEmitter(options));
  emitters.push_back(createConvolutionEmitter(options));
  return emitters;
}
