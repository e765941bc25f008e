//===- LoopKernel.cpp - linalg operations as loops --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Codegen/CPU/LoopKernel.h"
#include "lib/Codegen/CPU/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::cpu;
using codegen::Buffer;
using codegen::HostBuilder;

//===----------------------------------------------------------------------===//
// Costs and names
//===----------------------------------------------------------------------===//

static int64_t costOf(Operation *op) {
  if (isa<math::ExpOp, math::TanhOp, math::ErfOp, math::LogOp>(op))
    return 10;
  if (isa<math::MathDialect>(op->getDialect()))
    return 20;
  if (isa<arith::DivFOp, arith::RemFOp, arith::DivSIOp, arith::RemSIOp>(op))
    return 4;
  return op->hasTrait<OpTrait::ConstantLike>() ? 0 : 1;
}

static std::string typeName(Type type) {
  std::string name;
  llvm::raw_string_ostream out(name);
  if (auto complex = dyn_cast<ComplexType>(type))
    out << "complex_" << complex.getElementType();
  else
    out << type;
  return name;
}

/// What a kernel does, for profiles and error messages: sum_f32, exp_mulf_f32.
static std::string nameOf(linalg::LinalgOp op) {
  bool reduces = op.getNumReductionLoops() > 0;
  SmallVector<StringRef> parts;
  if (op->hasAttr("ingot.contraction"))
    parts.push_back("contraction");
  else if (op->hasAttr("ingot.convolution"))
    parts.push_back("convolution");
  else {
    if (reduces)
      parts.push_back("reduce");
    for (Operation &inner : op.getBlock()->without_terminator()) {
      StringRef name = inner.getName().stripDialect();
      if (inner.hasTrait<OpTrait::ConstantLike>() || isa<linalg::IndexOp>(inner) ||
          inner.getName().getDialectNamespace() == "scf" || parts.size() > 3 || llvm::is_contained(parts, name))
        continue;
      parts.push_back(isa<tensor::ExtractOp>(inner) ? StringRef("gather") : name);
    }
  }
  if (parts.empty())
    parts.push_back("copy");
  return llvm::join(parts, "_") + "_" + typeName(cast<ShapedType>(op->getResult(0).getType()).getElementType());
}

//===----------------------------------------------------------------------===//
// linalg
//===----------------------------------------------------------------------===//

/// `map`'s results as coefficients of the loops; false when one is not linear.
static bool linearize(AffineMap map, const Buffer &buffer, HostBuilder &host, AffineExpr &offset,
                      SmallVector<AffineExpr> &coefficients) {
  offset = buffer.offset;
  coefficients.assign(map.getNumDims(), host.expr(0));
  for (auto [result, stride] : llvm::zip(map.getResults(), buffer.strides)) {
    SmallVector<int64_t> row(map.getNumDims() + 1, 0);
    std::function<bool(AffineExpr, int64_t)> collect = [&](AffineExpr e, int64_t factor) {
      if (auto d = dyn_cast<AffineDimExpr>(e)) {
        row[d.getPosition()] += factor;
        return true;
      }
      if (auto c = dyn_cast<AffineConstantExpr>(e)) {
        row.back() += factor * c.getValue();
        return true;
      }
      auto binary = dyn_cast<AffineBinaryOpExpr>(e);
      if (!binary)
        return false;
      if (e.getKind() == AffineExprKind::Add)
        return collect(binary.getLHS(), factor) && collect(binary.getRHS(), factor);
      auto c = dyn_cast<AffineConstantExpr>(binary.getRHS());
      return e.getKind() == AffineExprKind::Mul && c && collect(binary.getLHS(), factor * c.getValue());
    };
    if (!collect(result, 1))
      return false;
    for (unsigned d = 0; d < map.getNumDims(); ++d)
      if (row[d])
        coefficients[d] = host.simplify(coefficients[d] + stride * row[d]);
    if (row.back())
      offset = host.simplify(offset + stride * row.back());
  }
  return true;
}

/// An affine expression of the loops' indices.
static Value affineIndex(KernelBuilder &k, AffineExpr e, ArrayRef<Value> indices) {
  if (auto d = dyn_cast<AffineDimExpr>(e))
    return indices[d.getPosition()];
  if (auto c = dyn_cast<AffineConstantExpr>(e))
    return k.size(c.getValue());
  auto binary = cast<AffineBinaryOpExpr>(e);
  Value a = affineIndex(k, binary.getLHS(), indices);
  Value b = affineIndex(k, binary.getRHS(), indices);
  switch (e.getKind()) {
  case AffineExprKind::Add:
    return k.add(a, b);
  case AffineExprKind::Mul:
    return k.mul(a, b);
  case AffineExprKind::FloorDiv:
    return arith::FloorDivSIOp::create(k, k.loc, a, b);
  case AffineExprKind::CeilDiv:
    return arith::CeilDivSIOp::create(k, k.loc, a, b);
  default:
    return arith::SubIOp::create(k, k.loc, a, k.mul(arith::FloorDivSIOp::create(k, k.loc, a, b), b));
  }
}

/// Sums may be taken in lanes, which is also more accurate; nothing else of the
/// program's float arithmetic is changed.
static void relaxReduction(OpBuilder &b, Operation *before, ArrayRef<Value> accumulators) {
  llvm::SmallDenseSet<Value> recurrence(accumulators.begin(), accumulators.end());
  Block *block = b.getInsertionBlock();
  auto it = before ? std::next(Block::iterator(before)) : block->begin();
  for (; it != b.getInsertionPoint(); ++it) {
    Operation *op = &*it;
    if (llvm::none_of(op->getOperands(), [&](Value v) { return recurrence.contains(v); }))
      continue;
    recurrence.insert(op->result_begin(), op->result_end());
    if (!isa<arith::AddFOp, arith::MulFOp>(op))
      continue;
    auto flags = [&](arith::FastMathFlags f) { return arith::FastMathFlagsAttr::get(b.getContext(), f); };
    op->setAttr("fastmath", flags(arith::FastMathFlags::reassoc | arith::FastMathFlags::contract));
    for (Value v : op->getOperands())
      if (auto mul = v.getDefiningOp<arith::MulFOp>(); mul && mul->hasOneUse())
        mul->setAttr("fastmath", flags(arith::FastMathFlags::contract));
  }
}

/// The sizes of the loops, from the operands whose maps name a loop alone.
static LogicalResult loopSizes(linalg::LinalgOp op, codegen::KernelContext &context, SmallVector<AffineExpr> &sizes) {
  sizes.assign(op.getNumLoops(), AffineExpr());
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<RankedTensorType>(operand.get().getType()))
      continue;
    AffineMap map = op.getMatchingIndexingMap(&operand);
    auto operandSizes = context.getSizes(operand.get());
    for (auto [result, size] : llvm::zip(map.getResults(), operandSizes))
      if (auto d = dyn_cast<AffineDimExpr>(result)) {
        AffineExpr &known = sizes[d.getPosition()];
        if (!known || (!HostBuilder::constant(known) && HostBuilder::constant(size)))
          known = size;
      }
  }
  if (llvm::is_contained(sizes, AffineExpr()))
    return op->emitError("a loop's size follows from no operand");
  return success();
}

LogicalResult cpu::emitLoops(linalg::LinalgOp op, codegen::KernelContext &context) {
  HostBuilder &host = context.host;
  LoopNest nest;
  nest.name = nameOf(op);
  SmallVector<AffineExpr> sizes;
  if (failed(loopSizes(op, context, sizes)))
    return failure();
  for (auto [size, kind] : llvm::zip(sizes, op.getIteratorTypesArray()))
    nest.addLoop(size, kind == utils::IteratorType::reduction);
  op.getBlock()->walk([&](linalg::IndexOp index) { nest.indexUsed[index.getDim()] = true; });

  // Inputs that the body reads. One with an index that is not linear in the
  // loops is read by the body itself.
  Block *body = op.getBlock();
  SmallVector<int> inputNumber(body->getNumArguments(), -1);
  struct Indexed {
    unsigned argument;
    AffineMap map;
    Buffer buffer;
    Type elementType;
  };
  SmallVector<Indexed> indexed;
  SmallVector<std::pair<unsigned, Value>> scalars;
  auto addInput = [&](OpOperand &operand) {
    BlockArgument argument = op.getMatchingBlockArgument(&operand);
    if (argument.use_empty())
      return;
    auto type = dyn_cast<RankedTensorType>(operand.get().getType());
    if (!type) {
      scalars.push_back({argument.getArgNumber(), context.getScalar(operand.get())});
      return;
    }
    // A filled tensor is its number.
    if (TypedAttr fill = context.getFillValue(operand.get())) {
      Value constant = arith::ConstantOp::create(host, host.loc, fill);
      scalars.push_back({argument.getArgNumber(), constant});
      return;
    }
    LoopOperand in{context.getBuffer(operand.get()), type.getElementType(), {}, {}};
    AffineMap map = op.getMatchingIndexingMap(&operand);
    if (!linearize(map, in.buffer, host, in.offset, in.coefficients)) {
      indexed.push_back({argument.getArgNumber(), map, in.buffer, type.getElementType()});
      map.walkExprs([&](AffineExpr e) {
        if (auto d = dyn_cast<AffineDimExpr>(e))
          nest.indexUsed[d.getPosition()] = true;
      });
      return;
    }
    inputNumber[argument.getArgNumber()] = nest.inputs.size();
    nest.inputs.push_back(std::move(in));
  };
  for (OpOperand *operand : op.getDpsInputOperands())
    addInput(*operand);

  // Outputs: with reduction loops accumulators, else results, which may read the
  // output's first contents like any input.
  bool reduces = op.getNumReductionLoops() > 0;
  for (OpOperand &init : op.getDpsInitsMutable()) {
    BlockArgument argument = op.getMatchingBlockArgument(&init);
    if (!reduces) {
      addInput(init);
      continue;
    }
    LoopNest::Initial initial;
    Type elementType = getElementTypeOrSelf(init.get().getType());
    if (TypedAttr fill = context.getFillValue(init.get())) {
      initial.value = [fill](KernelBuilder &k) -> Value { return arith::ConstantOp::create(k, k.loc, fill); };
    } else if (argument.use_empty()) {
      initial.value = [elementType](KernelBuilder &k) -> Value {
        return arith::ConstantOp::create(k, k.loc, k.getZeroAttr(elementType));
      };
    } else {
      LoopOperand in{context.getBuffer(init.get()), elementType, {}, {}};
      if (!linearize(op.getMatchingIndexingMap(&init), in.buffer, host, in.offset, in.coefficients))
        return op->emitError("an output's index is not linear in the loops");
      initial.memory = std::move(in);
    }
    nest.initial.push_back(std::move(initial));
  }

  // What the body reads from outside.
  llvm::SmallDenseMap<Value, Buffer> tensors;
  llvm::SmallDenseMap<Value, Value> captured;
  for (Value v : codegen::getCaptured(op)) {
    if (isa<RankedTensorType>(v.getType()))
      tensors[v] = context.getBuffer(v);
    else
      captured[v] = context.getScalar(v);
  }

  for (auto [result, init] : llvm::zip(op->getResults(), op.getDpsInitsMutable())) {
    LoopOperand out{context.createResult(result), cast<ShapedType>(result.getType()).getElementType(), {}, {}};
    if (!linearize(op.getMatchingIndexingMap(&init), out.buffer, host, out.offset, out.coefficients))
      return op->emitError("an output's index is not linear in the loops");
    nest.outputs.push_back(std::move(out));
  }
  for (Operation &inner : body->without_terminator())
    nest.bodyCost += costOf(&inner);

  nest.body = [&](KernelBuilder &k, const LoopNest::Body &at) {
    SmallVector<Value> arguments(body->getNumArguments());
    for (auto [argument, number] : llvm::enumerate(inputNumber))
      if (number >= 0)
        arguments[argument] = at.inputs[number];
    for (auto [argument, value] : scalars)
      arguments[argument] = k.constantOrScalar(value);
    if (reduces)
      for (auto [i, v] : llvm::enumerate(at.accumulators))
        arguments[op.getNumDpsInputs() + i] = v;
    auto read = [&](OpBuilder &b, const Buffer &buffer, ValueRange indices, Type type) {
      OpBuilder::InsertionGuard guard(k);
      k.setInsertionPoint(b.getInsertionBlock(), b.getInsertionPoint());
      Value index = k.size(buffer.offset);
      for (auto [i, stride] : llvm::zip(indices, buffer.strides))
        index = k.advance(index, i, stride);
      return codegen::loadElement(k, k.loc, k.memory(buffer), index, type);
    };
    for (Indexed &in : indexed) {
      SmallVector<Value> where;
      for (AffineExpr e : in.map.getResults())
        where.push_back(affineIndex(k, e, at.indices));
      arguments[in.argument] = read(k, in.buffer, where, in.elementType);
    }
    Operation *before =
        k.getInsertionPoint() == k.getInsertionBlock()->begin() ? nullptr : &*std::prev(k.getInsertionPoint());
    SmallVector<Value> results = codegen::cloneBody(
        k, op, arguments, at.indices, [&](Value v) { return k.scalar(captured.lookup(v)); },
        [&](OpBuilder &b, Value tensor, ValueRange indices) {
          return read(b, tensors[tensor], indices, getElementTypeOrSelf(tensor.getType()));
        });
    if (reduces)
      relaxReduction(k, before, at.accumulators);
    return results;
  };
  emitLoopNest(std::move(nest), context);
  return success();
}

//===----------------------------------------------------------------------===//
// Copies and fills
//===----------------------------------------------------------------------===//

void cpu::emitCopyLoops(const Buffer &from, const Buffer &to, codegen::KernelContext &context) {
  LoopNest nest;
  nest.name = "copy_" + typeName(from.getElementType());
  for (AffineExpr size : to.sizes)
    nest.addLoop(size, false);
  nest.inputs.push_back(identityOperand(from));
  nest.outputs.push_back(identityOperand(to));
  nest.body = [](KernelBuilder &, const LoopNest::Body &at) { return at.inputs; };
  emitLoopNest(std::move(nest), context);
}

void cpu::emitFillLoops(Value value, const Buffer &to, codegen::KernelContext &context) {
  LoopNest nest;
  nest.name = "fill_" + typeName(to.getElementType());
  for (AffineExpr size : to.sizes)
    nest.addLoop(size, false);
  nest.outputs.push_back(identityOperand(to));
  nest.body = [&](KernelBuilder &k, const LoopNest::Body &) { return SmallVector<Value>{k.constantOrScalar(value)}; };
  emitLoopNest(std::move(nest), context);
}
