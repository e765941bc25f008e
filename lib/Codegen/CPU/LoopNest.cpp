//===- LoopNest.cpp - loops over strided memory -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Codegen/CPU/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::cpu;
using codegen::HostBuilder;

namespace {

// Side of the square blocks in which transposed accesses are walked: 16 lines of
// 64 bytes are read while 16 are written.
constexpr int64_t kTransposeBlock = 16;
// Accumulators in memory (reductions over outer loops) stay in the L1 cache.
constexpr int64_t kAccumulatorBlock = 1024;
// Rows longer than this are cut so that they can be shared by threads.
constexpr int64_t kRowBlock = 8192;
// Reductions of at most this many steps (pooling windows) are unrolled.
constexpr int64_t kUnrolledReduction = 16;
// Stands for a size that is not known when costs are estimated.
constexpr int64_t kTypicalSize = 64;

struct Loop {
  AffineExpr size;
  bool reduction;
  bool indexUsed;
  unsigned dim;                         // of the nest, when not merged
  SmallVector<AffineExpr> coefficients; // inputs, outputs, initial operands
  int64_t block = 0;                    // 0: not blocked
};

/// Where the emission stands inside the loops.
struct State {
  SmallVector<Value> bases;      // element index per operand
  SmallVector<Value> loaded;     // per input, once its index is complete
  SmallVector<unsigned> open;    // per operand, loops to come that move it
  SmallVector<Value> indices;    // per loop of the nest
  SmallVector<Value> blockStart; // per entry of `loops`
};

class Emitter {
public:
  Emitter(LoopNest &nest, codegen::KernelContext &context) : nest(nest), host(context.host), k(context, nest.name) {}
  void emit();

private:
  void collectLoops();
  unsigned chooseInnermost();
  void mergeLoops();
  void chooseBlocks();
  bool isSmall(const Loop &loop, int64_t bound) {
    auto c = HostBuilder::constant(loop.size);
    return c && *c <= bound;
  }
  int64_t estimate(AffineExpr e) { return HostBuilder::constant(e).value_or(kTypicalSize); }

  void enter(State &state, unsigned loop, Value iv);
  void loadComplete(State &state);
  void forFull(State state, unsigned loop, llvm::function_ref<void(State)> body);
  void forPoints(State state, unsigned loop, llvm::function_ref<void(State)> body);
  void forAll(State state, ArrayRef<unsigned> order, llvm::function_ref<void(State)> body);
  void range(State state, llvm::function_ref<void(State)> body);
  AffineExpr rangeSize(unsigned loop);

  void points(State state);
  void reduceInner(State state);
  void reduceOuter(State state);
  SmallVector<Value> reduce(State state, ArrayRef<unsigned> order, SmallVector<Value> accumulators);
  SmallVector<Value> runBody(State &state, ArrayRef<Value> accumulators);
  SmallVector<Value> initialValues(State &state);
  void store(State &state, ArrayRef<Value> values);
  SmallVector<Value> loadOutputs(State &state);

  const LoopOperand &operand(unsigned i) { return *operands[i]; }

  LoopNest &nest;
  HostBuilder &host;
  KernelBuilder k;
  SmallVector<const LoopOperand *> operands;
  SmallVector<Loop> loops;                        // outermost first
  SmallVector<unsigned> outer, inner, reductions; // indices into loops
  SmallVector<unsigned> inRange;                  // prefix of outer
};

} // namespace

LoopOperand cpu::identityOperand(const codegen::Buffer &buffer) {
  return {buffer, buffer.getElementType(), buffer.offset, buffer.strides};
}

//===----------------------------------------------------------------------===//
// Shape of the loops
//===----------------------------------------------------------------------===//

void Emitter::collectLoops() {
  for (LoopOperand &o : nest.inputs)
    operands.push_back(&o);
  for (LoopOperand &o : nest.outputs)
    operands.push_back(&o);
  for (LoopNest::Initial &i : nest.initial)
    if (i.memory)
      operands.push_back(&*i.memory);
  for (unsigned d = 0; d < nest.sizes.size(); ++d) {
    if (HostBuilder::isConstant(nest.sizes[d], 1))
      continue;
    Loop loop{nest.sizes[d], nest.reduction[d], nest.indexUsed[d], d, {}, 0};
    for (const LoopOperand *o : operands)
      loop.coefficients.push_back(o->coefficients[d]);
    loops.push_back(std::move(loop));
  }
}

/// The loop that vectorises best when it is innermost: the outputs' and most
/// inputs' elements are then neighbours, or do not move at all.
unsigned Emitter::chooseInnermost() {
  unsigned best = 0;
  int64_t bestScore = INT64_MIN;
  for (auto [i, loop] : llvm::enumerate(loops)) {
    int64_t score = 0;
    for (unsigned o = 0; o < nest.inputs.size(); ++o) {
      auto c = HostBuilder::constant(loop.coefficients[o]);
      score += c == 1 ? 3 : c == 0 ? 1 : -3;
    }
    for (unsigned o = 0; o < nest.outputs.size(); ++o) {
      auto c = HostBuilder::constant(loop.coefficients[nest.inputs.size() + o]);
      score += loop.reduction ? 4 : c == 1 ? 8 : -4;
    }
    if (isSmall(loop, 3))
      score -= 6;
    else if (isSmall(loop, 15))
      score -= 2;
    if (score >= bestScore) {
      bestScore = score;
      best = i;
    }
  }
  return best;
}

/// Neighbouring loops become one where every operand moves evenly through both.
void Emitter::mergeLoops() {
  for (unsigned i = 0; i + 1 < loops.size();) {
    Loop &a = loops[i], &b = loops[i + 1];
    bool merge = a.reduction == b.reduction && !a.indexUsed && !b.indexUsed;
    for (auto [x, y] : llvm::zip(a.coefficients, b.coefficients))
      merge = merge && x == host.simplify(y * b.size);
    if (!merge) {
      ++i;
      continue;
    }
    b.size = host.simplify(a.size * b.size);
    loops.erase(loops.begin() + i);
    if (i)
      --i;
  }
}

void Emitter::chooseBlocks() {
  bool hasReduction = llvm::any_of(loops, [](Loop &l) { return l.reduction; });
  unsigned last = loops.size() - 1;
  if (loops[last].reduction)
    return;
  if (hasReduction) {
    if (!isSmall(loops[last], kAccumulatorBlock))
      loops[last].block = kAccumulatorBlock;
    return;
  }
  // An input whose elements are neighbours along another loop is transposed.
  for (unsigned o = 0; o < nest.inputs.size(); ++o) {
    if (HostBuilder::constant(loops[last].coefficients[o]).value_or(2) <= 1)
      continue;
    for (unsigned i = 0; i < last; ++i)
      if (HostBuilder::isConstant(loops[i].coefficients[o], 1) && !isSmall(loops[i], kTransposeBlock) &&
          !isSmall(loops[last], kTransposeBlock)) {
        loops[i].block = loops[last].block = kTransposeBlock;
        return;
      }
  }
  if (last > 0 && !isSmall(loops[last], 2 * kRowBlock))
    loops[last].block = kRowBlock;
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

void Emitter::loadComplete(State &state) {
  for (unsigned o = 0; o < nest.inputs.size(); ++o)
    if (!state.loaded[o] && state.open[o] == 0)
      state.loaded[o] =
          codegen::loadElement(k, k.loc, k.memory(operand(o).buffer), state.bases[o], operand(o).elementType);
}

void Emitter::enter(State &state, unsigned i, Value iv) {
  const Loop &loop = loops[i];
  for (unsigned o = 0; o < operands.size(); ++o) {
    if (HostBuilder::isConstant(loop.coefficients[o], 0))
      continue;
    state.bases[o] = k.advance(state.bases[o], iv, loop.coefficients[o]);
    --state.open[o];
  }
  if (loop.indexUsed)
    state.indices[loop.dim] = iv;
  loadComplete(state);
}

/// The whole loop, or the loop over its blocks.
void Emitter::forFull(State state, unsigned i, llvm::function_ref<void(State)> body) {
  Value size = k.size(loops[i].size);
  if (loops[i].block) {
    k.loop(k.size(0), k.ceilDiv(size, loops[i].block), [&](Value block) {
      State inner = state;
      inner.blockStart[i] = k.mul(block, k.size(loops[i].block));
      body(inner);
    });
    return;
  }
  k.loop(k.size(0), size, [&](Value iv) {
    State inner = state;
    enter(inner, i, iv);
    body(inner);
  });
}

/// The points of the current block of a loop.
void Emitter::forPoints(State state, unsigned i, llvm::function_ref<void(State)> body) {
  if (!loops[i].block)
    return forFull(state, i, body);
  Value lower = state.blockStart[i];
  Value upper = arith::MinSIOp::create(k, k.loc, k.add(lower, k.size(loops[i].block)), k.size(loops[i].size));
  k.loop(lower, upper, [&](Value iv) {
    State inner = state;
    enter(inner, i, iv);
    body(inner);
  });
}

void Emitter::forAll(State state, ArrayRef<unsigned> order, llvm::function_ref<void(State)> body) {
  if (order.empty())
    return body(state);
  forFull(state, order.front(), [&](State s) { forAll(s, order.drop_front(), body); });
}

AffineExpr Emitter::rangeSize(unsigned i) {
  if (loops[i].block)
    return host.simplify(loops[i].size.ceilDiv(loops[i].block));
  return loops[i].size;
}

/// The kernel's iterations [begin, end), which stand for the loops of inRange.
/// The last of them runs as a loop of its own, so that an index is split by
/// division only when it wraps.
void Emitter::range(State state, llvm::function_ref<void(State)> body) {
  auto place = [&](State &s, unsigned i, Value iv) {
    if (loops[i].block)
      s.blockStart[i] = k.mul(iv, k.size(loops[i].block));
    else
      enter(s, i, iv);
  };
  // A kernel without parallel loops runs once: its range is [0, 1).
  if (inRange.empty())
    return k.loop(k.begin, k.end, [&](Value) { body(state); });
  unsigned last = inRange.back();
  if (inRange.size() == 1) {
    k.loop(k.begin, k.end, [&](Value iv) {
      State s = state;
      place(s, last, iv);
      body(s);
    });
    return;
  }
  SmallVector<Value> prefixSizes;
  for (unsigned i : ArrayRef(inRange).drop_back())
    prefixSizes.push_back(k.size(rangeSize(i)));
  Value size = k.size(rangeSize(last)), divisor = size;
  // An empty range must neither divide by zero nor wrap.
  if (!HostBuilder::constant(rangeSize(last)))
    divisor = arith::MaxSIOp::create(k, k.loc, size, k.size(1));
  Value first = arith::DivUIOp::create(k, k.loc, k.begin, divisor);
  Value lastIndex = arith::SubIOp::create(k, k.loc, k.end, k.size(1));
  Value past = arith::AddIOp::create(k, k.loc, arith::DivSIOp::create(k, k.loc, lastIndex, divisor), k.size(1));
  k.loop(first, past, [&](Value prefix) {
    State s = state;
    Value start = k.mul(prefix, size);
    Value lower = arith::MaxSIOp::create(k, k.loc, arith::SubIOp::create(k, k.loc, k.begin, start), k.size(0));
    Value upper = arith::MinSIOp::create(k, k.loc, arith::SubIOp::create(k, k.loc, k.end, start), size);
    for (auto [i, iv] : llvm::zip(ArrayRef(inRange).drop_back(), k.delinearize(prefix, prefixSizes)))
      place(s, i, iv);
    k.loop(lower, upper, [&](Value iv) {
      State inner = s;
      place(inner, last, iv);
      body(inner);
    });
  });
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

SmallVector<Value> Emitter::runBody(State &state, ArrayRef<Value> accumulators) {
  LoopNest::Body body;
  body.indices = state.indices;
  body.inputs = state.loaded;
  body.accumulators.assign(accumulators.begin(), accumulators.end());
  return nest.body(k, body);
}

void Emitter::store(State &state, ArrayRef<Value> values) {
  for (auto [i, v] : llvm::enumerate(values)) {
    unsigned o = nest.inputs.size() + i;
    codegen::storeElement(k, k.loc, v, k.memory(operand(o).buffer), state.bases[o]);
  }
}

SmallVector<Value> Emitter::loadOutputs(State &state) {
  SmallVector<Value> values;
  for (unsigned i = 0; i < nest.outputs.size(); ++i) {
    unsigned o = nest.inputs.size() + i;
    values.push_back(
        codegen::loadElement(k, k.loc, k.memory(operand(o).buffer), state.bases[o], operand(o).elementType));
  }
  return values;
}

SmallVector<Value> Emitter::initialValues(State &state) {
  SmallVector<Value> values;
  unsigned o = nest.inputs.size() + nest.outputs.size();
  for (LoopNest::Initial &initial : nest.initial) {
    if (!initial.memory) {
      values.push_back(initial.value(k));
      continue;
    }
    values.push_back(
        codegen::loadElement(k, k.loc, k.memory(initial.memory->buffer), state.bases[o], initial.memory->elementType));
    ++o;
  }
  return values;
}

SmallVector<Value> Emitter::reduce(State state, ArrayRef<unsigned> order, SmallVector<Value> accumulators) {
  if (order.empty())
    return runBody(state, accumulators);
  auto forOp = scf::ForOp::create(k, k.loc, k.size(0), k.size(loops[order.front()].size), k.size(1), accumulators);
  OpBuilder::InsertionGuard guard(k);
  k.setInsertionPointToEnd(forOp.getBody());
  enter(state, order.front(), forOp.getInductionVar());
  SmallVector<Value> next = reduce(state, order.drop_front(), llvm::to_vector_of<Value>(forOp.getRegionIterArgs()));
  scf::YieldOp::create(k, k.loc, next);
  return llvm::to_vector_of<Value>(forOp.getResults());
}

/// No reduction, or the reduction innermost with its accumulators in registers.
void Emitter::points(State state) {
  if (inner.empty())
    return reduceInner(state);
  // Blocks: their points, in order.
  std::function<void(State, ArrayRef<unsigned>)> go = [&](State s, ArrayRef<unsigned> order) {
    if (order.empty())
      return reduceInner(s);
    forPoints(s, order.front(), [&](State next) { go(next, order.drop_front()); });
  };
  go(state, inner);
}

void Emitter::reduceInner(State state) {
  if (nest.initial.empty())
    return store(state, runBody(state, {}));
  SmallVector<Value> accumulators = initialValues(state);
  int64_t steps = 1;
  for (unsigned r : reductions)
    steps *= HostBuilder::constant(loops[r].size).value_or(kUnrolledReduction + 1);
  if (steps > kUnrolledReduction || loops.empty() || loops.back().reduction)
    return store(state, reduce(state, reductions, accumulators));
  // A window: unrolled, the loop around it vectorises.
  for (int64_t step = 0; step < steps; ++step) {
    State s = state;
    int64_t rest = step;
    SmallVector<int64_t> at(reductions.size());
    for (size_t i = reductions.size(); i-- > 0;) {
      int64_t size = *HostBuilder::constant(loops[reductions[i]].size);
      at[i] = rest % size;
      rest /= size;
    }
    for (auto [r, iv] : llvm::zip(reductions, at))
      enter(s, r, k.size(iv));
    accumulators = runBody(s, accumulators);
  }
  store(state, accumulators);
}

/// The reduction outside, accumulators in the output's memory.
void Emitter::reduceOuter(State state) {
  unsigned last = inner.front();
  forPoints(state, last, [&](State s) { store(s, initialValues(s)); });
  forAll(state, reductions,
         [&](State r) { forPoints(r, last, [&](State s) { store(s, runBody(s, loadOutputs(s))); }); });
}

void Emitter::emit() {
  collectLoops();
  bool outerReduction = false;
  if (!loops.empty()) {
    // Parallel loops first, then reductions, the innermost last.
    unsigned best = chooseInnermost();
    Loop last = loops[best];
    loops.erase(loops.begin() + best);
    llvm::stable_sort(loops, [](const Loop &a, const Loop &b) { return a.reduction < b.reduction; });
    loops.push_back(last);
    mergeLoops();
    int64_t steps = 1;
    for (Loop &loop : loops)
      if (loop.reduction)
        steps *= HostBuilder::constant(loop.size).value_or(kUnrolledReduction + 1);
    outerReduction = !loops.back().reduction && steps > kUnrolledReduction &&
                     llvm::any_of(loops, [](Loop &l) { return l.reduction; });
    chooseBlocks();
  }
  for (unsigned i = 0; i < loops.size(); ++i) {
    bool isLast = i + 1 == loops.size();
    if (loops[i].reduction) {
      reductions.push_back(i);
      continue;
    }
    if (!isLast || loops[i].block)
      outer.push_back(i);
    if (isLast || loops[i].block)
      inner.push_back(i);
  }
  // One parallel loop alone is the range itself (unless accumulators run along it).
  if (outer.empty() && inner.size() == 1 && !outerReduction)
    outer.swap(inner);

  // As many outer loops as give the threads enough to share.
  int64_t known = 1;
  for (unsigned i : outer) {
    if (known >= 32)
      break;
    inRange.push_back(i);
    known *= HostBuilder::constant(rangeSize(i)).value_or(1);
  }
  AffineExpr count = host.expr(1), work = host.expr(nest.bodyCost);
  for (unsigned i : inRange)
    count = host.simplify(count * rangeSize(i));
  for (unsigned i = 0; i < loops.size(); ++i)
    if (!llvm::is_contained(inRange, i))
      work = host.simplify(work * loops[i].size);
    else if (loops[i].block)
      work = host.simplify(work * loops[i].block);

  State state;
  for (const LoopOperand *o : operands) {
    state.bases.push_back(k.size(o->offset));
    state.open.push_back(0);
  }
  for (Loop &loop : loops)
    for (unsigned o = 0; o < operands.size(); ++o)
      state.open[o] += !HostBuilder::isConstant(loop.coefficients[o], 0);
  state.loaded.resize(nest.inputs.size());
  state.indices.assign(nest.sizes.size(), Value());
  for (unsigned d = 0; d < nest.sizes.size(); ++d)
    if (nest.indexUsed[d])
      state.indices[d] = k.size(0); // unit loops; others are set on entry
  state.blockStart.resize(loops.size());
  loadComplete(state);

  ArrayRef<unsigned> rest = ArrayRef(outer).drop_front(inRange.size());
  range(state, [&](State s) {
    forAll(s, rest, [&](State p) {
      if (outerReduction)
        reduceOuter(p);
      else
        points(p);
    });
  });
  k.finish(count, work);
}

void cpu::emitLoopNest(LoopNest nest, codegen::KernelContext &context) { Emitter(nest, context).emit(); }
