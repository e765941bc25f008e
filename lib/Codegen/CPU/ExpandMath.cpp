//===- ExpandMath.cpp - elementary functions that vectorise -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ingot/Codegen/CPU/Codegen.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace ingot;

namespace {

/// The polynomial for log is wrong on denormals: log(x) = log(x * 2^23) - 23 ln 2
/// there. At most once per operation; `scaled` marks those done.
struct ScaleLog : OpRewritePattern<math::LogOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::LogOp op, PatternRewriter &b) const override {
    Type type = op.getType();
    if (!getElementTypeOrSelf(type).isF32() || op->hasAttr("scaled"))
      return failure();
    auto constant = [&](double value) -> Value {
      TypedAttr attr = b.getF32FloatAttr(value);
      if (auto vector = dyn_cast<VectorType>(type))
        attr = DenseElementsAttr::get(vector, cast<Attribute>(attr));
      return arith::ConstantOp::create(b, op.getLoc(), attr);
    };
    Location loc = op.getLoc();
    Value x = op.getOperand();
    Value small = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, x, constant(0x1p-126));
    Value scaled = arith::MulFOp::create(b, loc, x, constant(0x1p23));
    x = arith::SelectOp::create(b, loc, small, scaled, x);
    auto log = math::LogOp::create(b, loc, x);
    log->setAttr("scaled", b.getUnitAttr());
    Value lower = arith::SubFOp::create(b, loc, log, constant(15.942385152878742));
    b.replaceOpWithNewOp<arith::SelectOp>(op, small, lower, log);
    return success();
  }
};

/// The maximum that passes NaN on, as LLVM's intrinsic: comparisons and selects in
/// its place would keep reductions scalar.
template <typename From, typename To>
struct UseIntrinsic : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Type element = getElementTypeOrSelf(op.getType());
    if (!element.isF32() && !element.isF64())
      return failure();
    b.replaceOpWithNewOp<To>(op, op.getLhs(), op.getRhs());
    return success();
  }
};

struct ExpandMathPass : PassWrapper<ExpandMathPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ExpandMathPass)

  StringRef getArgument() const override { return "ingot-expand-math"; }
  StringRef getDescription() const override {
    return "Replace exp, tanh, erf and log of f32 in kernels by polynomials that vectorise";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<arith::ArithDialect, LLVM::LLVMDialect, math::MathDialect, vector::VectorDialect>();
  }

  void runOnOperation() override {
    // At most 0.9 ulp (exp), 4.0 (tanh), 4.1 (erf), 0.8 (log).
    auto expanded = [](StringRef name) {
      return llvm::is_contained({math::ExpOp::getOperationName(), math::TanhOp::getOperationName(),
                                 math::ErfOp::getOperationName(), math::LogOp::getOperationName()},
                                name);
    };
    RewritePatternSet scale(&getContext());
    scale.add<ScaleLog, UseIntrinsic<arith::MaximumFOp, LLVM::MaximumOp>,
              UseIntrinsic<arith::MinimumFOp, LLVM::MinimumOp>>(&getContext());
    RewritePatternSet expand(&getContext());
    populateMathF32ExpansionPatterns(expand, expanded);
    populateMathPolynomialApproximationPatterns(expand, expanded);
    // Division of sizes; not all of arith's expansions: LLVM vectorises the
    // maximum of floats as an intrinsic, not as the comparisons it stands for.
    arith::populateCeilFloorDivExpandOpsPatterns(expand);
    FrozenRewritePatternSet first(std::move(scale)), second(std::move(expand));
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isDeclaration())
        continue;
      if (failed(applyPatternsGreedily(func, first)) || failed(applyPatternsGreedily(func, second)))
        return signalPassFailure();
    }
  }
};

} // namespace

std::unique_ptr<Pass> ingot::createExpandMathPass() { return std::make_unique<ExpandMathPass>(); }
