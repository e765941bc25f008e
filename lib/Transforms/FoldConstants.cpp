//===- FoldConstants.cpp - what weights alone decide ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two passes. FoldScales moves per-channel scales and shifts behind
// convolutions and matrix products into their weights (batch norm at inference
// is that); FoldConstants then computes everything that weights alone decide.
#include "ConstantTensor.h"
#include "ingot/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Iterators.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::transforms;

//===----------------------------------------------------------------------===//
// Scales into weights
//===----------------------------------------------------------------------===//

namespace {

/// A product with weights, whose output channels one dimension of the result holds.
struct WeightedProduct {
  Operation *op = nullptr;
  int64_t channel; // dimension of the result
  int64_t weightChannel;

  static WeightedProduct get(Value v) {
    WeightedProduct result;
    Operation *op = v.getDefiningOp();
    if (!op || !v.hasOneUse())
      return result;
    int64_t rank = cast<RankedTensorType>(v.getType()).getRank();
    if (auto conv = dyn_cast<graph::ConvolutionOp>(op))
      return {op, conv.getChannelsLast() ? rank - 1 : 1, 0};
    if (auto conv = dyn_cast<graph::ConvTransposeOp>(op); conv && conv.getGroups() == 1)
      return {op, conv.getChannelsLast() ? rank - 1 : 1, 1};
    if (isa<graph::MatmulOp>(op))
      return {op, rank - 1, rank - 1};
    return result;
  }
  Value weight() const { return op->getOperand(1); }
};

class FoldScales {
public:
  explicit FoldScales(ModuleOp module) : reader(module) {}

  void run(func::FuncOp function) {
    // Program order: a chain of scales and shifts moves up one by one.
    function.walk([&](Operation *op) {
      if (op->getNumResults() != 1)
        return;
      auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
      if (!type || !(type.getElementType().isF32() || type.getElementType().isF64()))
        return;
      if (isa<graph::SubOp>(op))
        rewriteSub(op);
      else if (isa<graph::DivOp>(op))
        rewriteDiv(op);
    });
    bool changed = true;
    while (changed) {
      changed = false;
      for (Operation *op : collect(function)) {
        if (isa<graph::MulOp>(op))
          changed |= rewriteMul(op);
        else
          changed |= rewriteAdd(op);
      }
    }
  }

private:
  static SmallVector<Operation *> collect(func::FuncOp function) {
    SmallVector<Operation *> ops;
    function.walk([&](Operation *op) {
      if (isa<graph::MulOp, graph::AddOp>(op))
        ops.push_back(op);
    });
    return ops;
  }

  /// The product that scales and shifts before `v` came from.
  static WeightedProduct behind(Value v) {
    if (WeightedProduct product = WeightedProduct::get(v); product.op)
      return product;
    auto add = v.getDefiningOp<graph::AddOp>();
    if (!add || !v.hasOneUse())
      return {};
    return WeightedProduct::get(add.getLhs());
  }

  std::optional<ConstantTensor> perChannel(Value v, int64_t channel) {
    const ConstantTensor *tensor = reader.read(v);
    if (!tensor)
      return std::nullopt;
    return ConstantReader::along(*tensor, channel);
  }

  // x - c = x + (-c), exactly.
  void rewriteSub(Operation *op) {
    WeightedProduct product = behind(op->getOperand(0));
    if (!product.op || !perChannel(op->getOperand(1), product.channel))
      return;
    ImplicitLocOpBuilder b(op->getLoc(), op);
    Value negative = graph::NegOp::create(b, op->getOperand(1).getType(), op->getOperand(1));
    replace(op, graph::AddOp::create(b, op->getResult(0).getType(), op->getOperand(0), negative));
  }

  void rewriteDiv(Operation *op) {
    WeightedProduct product = behind(op->getOperand(0));
    if (!product.op || !perChannel(op->getOperand(1), product.channel))
      return;
    ImplicitLocOpBuilder b(op->getLoc(), op);
    Value inverse = graph::ReciprocalOp::create(b, op->getOperand(1).getType(), op->getOperand(1));
    replace(op, graph::MulOp::create(b, op->getResult(0).getType(), op->getOperand(0), inverse));
  }

  bool rewriteMul(Operation *op) {
    for (int side = 0; side < 2; ++side) {
      Value x = op->getOperand(side), factor = op->getOperand(1 - side);
      WeightedProduct product = behind(x);
      if (!product.op)
        continue;
      auto scale = perChannel(factor, product.channel);
      const ConstantTensor *weight = reader.read(product.weight());
      if (!scale || !weight || !weight->isStatic())
        continue;
      auto type = cast<RankedTensorType>(op->getResult(0).getType());
      ImplicitLocOpBuilder b(op->getLoc(), op);
      if (auto add = x.getDefiningOp<graph::AddOp>()) {
        // (p + c) * s = p * s + c * s
        if (!perChannel(add.getRhs(), product.channel))
          continue;
        Value scaled = graph::MulOp::create(b, type, add.getLhs(), factor);
        Value shift = graph::MulOp::create(b, type, add.getRhs(), factor);
        replace(op, graph::AddOp::create(b, type, scaled, shift));
        return true;
      }
      // p(x, W) * s = p(x, W * s)
      auto weightType = cast<RankedTensorType>(product.weight().getType());
      b.setInsertionPoint(product.op);
      Value s = broadcast(b, *scale, weightType, product.weightChannel);
      product.op->setOperand(1, graph::MulOp::create(b, weightType, product.weight(), s));
      // The product's value and its users' are others now.
      replace(op, x);
      return true;
    }
    return false;
  }

  // (p + c1) + c2 = p + (c1 + c2); the constant stands on the right.
  bool rewriteAdd(Operation *op) {
    Value lhs = op->getOperand(0), rhs = op->getOperand(1);
    if (WeightedProduct product = WeightedProduct::get(rhs); product.op && perChannel(lhs, product.channel)) {
      op->setOperands({rhs, lhs});
      return true;
    }
    auto inner = lhs.getDefiningOp<graph::AddOp>();
    if (!inner || !lhs.hasOneUse())
      return false;
    WeightedProduct product = WeightedProduct::get(inner.getLhs());
    if (!product.op || !perChannel(rhs, product.channel) || !perChannel(inner.getRhs(), product.channel))
      return false;
    ImplicitLocOpBuilder b(op->getLoc(), op);
    Value sum = graph::AddOp::create(b, rhs.getType(), inner.getRhs(), rhs);
    replace(op, graph::AddOp::create(b, op->getResult(0).getType(), inner.getLhs(), sum));
    return true;
  }

  Value broadcast(ImplicitLocOpBuilder &b, const ConstantTensor &scale, RankedTensorType type, int64_t dim) {
    Value v = reader.materialize(b, b.getLoc(), scale);
    SmallVector<int64_t> sizes(type.getRank(), 1);
    sizes[dim] = scale.sizes[0];
    auto shaped = RankedTensorType::get(sizes, type.getElementType());
    v = graph::ReshapeOp::create(b, shaped, v);
    return graph::ExpandOp::create(b, type, v);
  }

  void replace(Operation *op, Value v) {
    for (Value operand : op->getOperands())
      reader.forget(operand);
    reader.forget(op->getResult(0));
    op->getResult(0).replaceAllUsesWith(v);
    SmallVector<Operation *> inputs;
    for (Value operand : op->getOperands())
      if (Operation *def = operand.getDefiningOp())
        inputs.push_back(def);
    op->erase();
    for (Operation *def : inputs)
      if (isa<graph::AddOp>(def) && def->use_empty())
        def->erase();
  }

  ConstantReader reader;
};

//===----------------------------------------------------------------------===//
// Constant folding
//===----------------------------------------------------------------------===//

/// In reverse program order, so that of a chain only the last value is stored.
class FoldConstants {
public:
  explicit FoldConstants(ModuleOp module) : reader(module) {}

  void run(func::FuncOp function) {
    function.walk<WalkOrder::PostOrder, ReverseIterator>([&](Operation *op) {
      if (isOpTriviallyDead(op)) {
        erase(op);
        return;
      }
      if (op->getNumResults() != 1 || !isa<graph::GraphDialect>(op->getDialect()) ||
          !isa<RankedTensorType>(op->getResult(0).getType()))
        return;
      if (auto reshape = dyn_cast<graph::ReshapeOp>(op); reshape && retype(reshape))
        return;
      if (!isWorthwhile(op))
        return;
      const ConstantTensor *tensor = reader.read(op->getResult(0));
      if (!tensor || !isSmallEnough(op, *tensor))
        return;
      OpBuilder b(op);
      op->getResult(0).replaceAllUsesWith(store(b, op, *tensor));
      erase(op);
    });
  }

private:
  void erase(Operation *op) {
    for (Value result : op->getResults())
      reader.forget(result);
    op->erase();
  }

  /// Without repetitions: those are an expand of what differs.
  Value store(OpBuilder &b, Operation *op, const ConstantTensor &tensor) {
    ConstantTensor core = tensor;
    bool repeats = false;
    for (size_t d = 0; d < core.sizes.size(); ++d)
      if (core.strides[d] == 0 && core.sizes[d] != 1 && core.sizes[d] != 0) {
        core.sizes[d] = 1;
        repeats = true;
      }
    if (repeats && core.count() == 1) {
      core.sizes.clear();
      core.strides.clear();
    }
    Value v = reader.materialize(b, op->getLoc(), core);
    if (repeats)
      v = graph::ExpandOp::create(b, op->getLoc(), op->getResult(0).getType(), v);
    return v;
  }

  /// A weight under other sizes: the same bytes.
  bool retype(graph::ReshapeOp op) {
    auto get = op.getInput().getDefiningOp<graph::GetWeightOp>();
    auto type = cast<RankedTensorType>(op.getType());
    if (!get || !type.hasStaticShape() || !get->hasOneUse())
      return false;
    auto weight = reader.symbols.lookup<graph::WeightOp>(get.getName());
    if (!weight || weight.getState() || !isa<graph::FileDataAttr, DenseResourceElementsAttr>(weight.getDataAttr()))
      return false;
    Attribute data = weight.getDataAttr();
    if (auto resource = dyn_cast<DenseResourceElementsAttr>(data))
      data = DenseResourceElementsAttr::get(type, resource.getRawHandle());
    OpBuilder top(weight);
    auto other = graph::WeightOp::create(top, weight.getLoc(), weight.getSymNameAttr(), TypeAttr::get(type), data,
                                         StringAttr(), UnitAttr(), UnitAttr());
    reader.symbols.insert(other);
    OpBuilder b(op);
    op.getResult().replaceAllUsesWith(graph::GetWeightOp::create(b, op.getLoc(), type, other.getSymName()));
    erase(op);
    return true;
  }

  static bool isWorthwhile(Operation *op) {
    if (canEvaluate(op) || isa<graph::ConcatOp, graph::SliceOp, graph::FlipOp, graph::PermuteOp>(op))
      return true;
    if (isa<graph::ReshapeOp>(op))
      return llvm::any_of(op->getUsers(),
                          [](Operation *user) { return isa<graph::ConvolutionOp, graph::MatmulOp>(user); });
    return false;
  }

  bool isSmallEnough(Operation *op, const ConstantTensor &tensor) {
    int64_t distinct = tensor.distinct();
    if (distinct == 1)
      return true;
    // Products and elementwise operators read transposed weights in place.
    if (isa<graph::PermuteOp>(op) && distinct > 4096 && llvm::all_of(op->getUsers(), [](Operation *user) {
          return isa<graph::MatmulOp, graph::PermuteOp, graph::ReshapeOp, graph::ExpandOp>(user) || canEvaluate(user);
        }))
      return false;
    int64_t sources = 4096;
    for (Value operand : op->getOperands())
      if (isa<RankedTensorType>(operand.getType()))
        if (const ConstantTensor *in = reader.read(operand))
          sources += in->distinct();
    return distinct <= sources;
  }

  ConstantReader reader;
};

class FoldConstantsPass : public PassWrapper<FoldConstantsPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FoldConstantsPass)
  StringRef getArgument() const override { return "ingot-fold-constants"; }
  StringRef getDescription() const override { return "Compute what depends on weights and constants only"; }
  void runOnOperation() override {
    FoldConstants fold(getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>())
      fold.run(function);
  }
};

class FoldScalesPass : public PassWrapper<FoldScalesPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FoldScalesPass)
  StringRef getArgument() const override { return "ingot-fold-scales"; }
  StringRef getDescription() const override {
    return "Fold per-channel scales and shifts into the weights before them";
  }
  void runOnOperation() override {
    FoldScales fold(getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>())
      fold.run(function);
  }
};

/// Weights that nothing reads and that are no state go.
class RemoveDeadWeightsPass : public PassWrapper<RemoveDeadWeightsPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(RemoveDeadWeightsPass)
  StringRef getArgument() const override { return "ingot-remove-dead-weights"; }
  StringRef getDescription() const override { return "Remove weights that nothing reads"; }
  void runOnOperation() override {
    llvm::DenseSet<StringAttr> used;
    getOperation().walk([&](Operation *op) {
      if (auto get = dyn_cast<graph::GetWeightOp>(op))
        used.insert(get.getNameAttr().getAttr());
    });
    for (auto weight : llvm::make_early_inc_range(getOperation().getOps<graph::WeightOp>()))
      if (!weight.getState() && !used.contains(weight.getSymNameAttr()))
        weight.erase();
  }
};

} // namespace

std::unique_ptr<Pass> ingot::createFoldConstantsPass() { return std::make_unique<FoldConstantsPass>(); }
std::unique_ptr<Pass> ingot::createFoldScalesPass() { return std::make_unique<FoldScalesPass>(); }
std::unique_ptr<Pass> ingot::createRemoveDeadWeightsPass() { return std::make_unique<RemoveDeadWeightsPass>(); }
