//===- EvaluatorBranch.cpp - branches on run-time data ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Both sides are evaluated, each into a region of its own and from the same
// heap. What differs after them, results as well as contents of cells, becomes
// results of an scf.if; where both sides are a few cheap operations they are
// computed in front instead, and selects choose.
#include "Evaluator.h"
#include "Forms.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Flow = Evaluator::Flow;

/// At most this many operations are computed on both sides of a condition.
static constexpr unsigned maxSpeculated = 24;
/// Elements of a tensor that is chosen by a select.
static constexpr int64_t maxSelected = 16;

struct Evaluator::Way {
  Block *block = nullptr;
  Flow flow = Flow::Normal;
  std::vector<AV> out;
  HeapState heap;
  GraphBuilder::Facts facts;
  bool mayRaise = false;
  // Of a way that raises.
  std::string exception, message;
  Operation *raisePoint = nullptr;
};

//===----------------------------------------------------------------------===//
// What evaluation leaves behind
//===----------------------------------------------------------------------===//

Evaluator::Notes Evaluator::saveNotes() const {
  return {offenders.size(), options.report ? options.report->uses.size() : 0, weights.attributeWrites.size(),
          b.symbols.size(), iterations};
}

void Evaluator::restoreNotes(const Notes &notes) {
  offenders.truncate(notes.offenders);
  if (options.report)
    options.report->uses.resize(notes.uses);
  weights.attributeWrites.erase(weights.attributeWrites.begin() + notes.writes, weights.attributeWrites.end());
  b.symbols.erase(b.symbols.begin() + notes.symbols, b.symbols.end());
  iterations = notes.iterations;
  b.unsupportedReason.reset();
  b.raised = false;
}

/// Whether the value is read after `at`; `inside`: or within it.
static bool isUsed(Value v, Operation *at, bool inside) {
  Block *block = v.getParentBlock();
  Operation *here = block->findAncestorOpInBlock(*at);
  if (!here)
    return false; // of a block that has ended
  for (Operation *user : v.getUsers()) {
    Operation *there = block->findAncestorOpInBlock(*user);
    if (!there)
      return true;
    if (there == here) {
      // Operands of the operation itself are consumed already.
      if (user != here && user != at && (here != at || inside))
        return true;
    } else if (here->isBeforeInBlock(there)) {
      return true;
    }
  }
  return false;
}

llvm::DenseSet<const void *> Evaluator::reachable(bool repeats) {
  DenseSet<const void *> out;
  for (auto [i, frame] : llvm::enumerate(frames)) {
    bool running = repeats || i + 1 < frames.size();
    for (auto &[value, av] : *frame.env)
      if ((av.identity() || av.is(AV::Kind::Tuple)) && isUsed(value, frame.op, running))
        reach(av, out);
  }
  return out;
}

//===----------------------------------------------------------------------===//
// Ways
//===----------------------------------------------------------------------===//

void Evaluator::runWay(Way &way, Side side) {
  OpBuilder::InsertionGuard guard(b.b);
  b.b.setInsertionPointToEnd(way.block);
  bool outside = b.raises;
  b.raises = false;
  way.flow = side(way.out);
  way.mayRaise = b.raises;
  b.raises |= outside;
  if (way.flow == Flow::Raised) {
    way.exception = b.raisedException;
    way.message = b.raisedMessage;
    way.raisePoint = b.raisePoint;
    b.raised = false;
  }
  way.facts = b.saveFacts();
  way.heap = HeapState::save();
}

static Value tokenOf(const GraphBuilder::Tokens &tokens, StringRef key) {
  for (auto &[name, token] : tokens)
    if (name == key)
      return token;
  return {};
}

/// Chains that a way began begin in front of the branch; returns the keys of
/// the chains that some way has gone on with.
static SmallVector<std::string> joinChains(GraphBuilder &b, Operation *draft,
                                           ArrayRef<std::pair<Block *, GraphBuilder::Facts *>> ways,
                                           GraphBuilder::Facts &before) {
  SmallVector<std::string> keys;
  for (auto &[block, facts] : ways)
    for (auto &[key, token] : facts->tokens) {
      Value first = tokenOf(before.tokens, key);
      if (!first) {
        OpBuilder::InsertionGuard guard(b.b);
        b.b.setInsertionPoint(draft);
        b.tokens = before.tokens;
        first = b.token(key);
        before.tokens = b.tokens;
      }
      for (auto begun : llvm::make_early_inc_range(block->getOps<graph::MakeTokenOp>()))
        if (begun.getKey() == key) {
          if (token == begun.getToken())
            token = first;
          begun.getToken().replaceAllUsesWith(first);
          begun.erase();
        }
      if (token != first && !llvm::is_contained(keys, key))
        keys.push_back(key);
    }
  b.tokens = before.tokens;
  return keys;
}

static bool isSmall(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return !tensor || (tensor.hasStaticShape() && tensor.getNumElements() <= maxSelected);
}

/// Whether the block is so cheap, and safe, that it may run for nothing.
static bool isCheap(Block &block) {
  unsigned count = 0;
  for (Operation &op : block) {
    if (isa<graph::BindSymbolOp>(op))
      continue;
    if (++count > maxSpeculated || op.getNumRegions() || !isMemoryEffectFree(&op))
      return false;
    if (isa<arith::FloorDivSIOp, arith::CeilDivSIOp, arith::DivSIOp, arith::RemSIOp>(op)) {
      auto divisor = op.getOperand(1).getDefiningOp<arith::ConstantOp>();
      auto value = divisor ? dyn_cast<IntegerAttr>(divisor.getValue()) : IntegerAttr();
      if (!value || value.getInt() <= 0)
        return false;
    } else if (!isa<arith::ArithDialect, graph::GraphDialect>(op.getDialect()) &&
               !isa<UnrealizedConversionCastOp>(op)) {
      return false;
    }
    if (!llvm::all_of(op.getOperandTypes(), isSmall) || !llvm::all_of(op.getResultTypes(), isSmall))
      return false;
  }
  return true;
}

/// Moves a block's operations in front of `op`.
static void inlineBefore(Block &block, Operation *op) {
  op->getBlock()->getOperations().splice(op->getIterator(), block.getOperations());
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

Flow Evaluator::runIfRegions(script::IfOp op, const AV &condition, Env &env) {
  auto side = [&](Region &region) {
    return [&](std::vector<AV> &out) {
      Env inner = env;
      return runBlock(region.front(), inner, out);
    };
  };
  std::vector<AV> out;
  Flow flow = runBranch(op, condition, side(op.getThenRegion()), side(op.getElseRegion()), out);
  set(op.getResults(), out, env);
  return flow;
}

Flow Evaluator::runBranch(Operation *op, const AV &condition, Side yesSide, Side noSide, std::vector<AV> &out) {
  out.clear();
  Notes notes = saveNotes();
  HeapState before = HeapState::save();
  Value flag = b.toI1(condition);
  GraphBuilder::Facts facts = b.saveFacts();
  unsigned firstSymbol = b.symbols.size();
  auto draft = scf::IfOp::create(b.b, op->getLoc(), TypeRange(), flag,
                                 /*addThenBlock=*/true, /*addElseBlock=*/true);
  Way ways[2];
  for (unsigned i = 0; i < 2; ++i) {
    ways[i].block = i ? draft.elseBlock() : draft.thenBlock();
    ways[i].block->clear();
    runWay(ways[i], i ? noSide : yesSide);
    before.restore();
    b.restoreFacts(facts);
    b.loc = op->getLoc();
    if (ways[i].flow == Flow::Failed) {
      draft.erase();
      return Flow::Failed;
    }
  }
  Way &yes = ways[0], &no = ways[1];
  SmallVector<std::string> keys = joinChains(b, draft, {{yes.block, &yes.facts}, {no.block, &no.facts}}, facts);
  auto yieldTokens = [&](Way &way, Values &values) {
    for (const std::string &key : keys) {
      Value token = tokenOf(way.facts.tokens, key);
      values.push_back(token ? token : tokenOf(facts.tokens, key));
    }
  };
  // The branch with its results; the draft goes.
  auto build = [&](ArrayRef<Type> types, ArrayRef<Values> yields) {
    OpBuilder::InsertionGuard guard(b.b);
    b.b.setInsertionPoint(draft);
    auto branch = scf::IfOp::create(b.b, op->getLoc(), TypeRange(types), flag,
                                    /*addThenBlock=*/false,
                                    /*addElseBlock=*/false);
    for (unsigned i = 0; i < 2; ++i) {
      b.b.setInsertionPointToEnd(ways[i].block);
      scf::YieldOp::create(b.b, op->getLoc(), yields[i]);
    }
    branch.getThenRegion().takeBody(draft.getThenRegion());
    branch.getElseRegion().takeBody(draft.getElseRegion());
    draft.erase();
    return branch;
  };
  SmallVector<Type> tokenTypes(keys.size(), graph::TokenType::get(b.context()));
  auto takeTokens = [&](ValueRange values) {
    for (auto [key, value] : llvm::zip_equal(keys, values))
      b.token(key) = value;
  };

  if (yes.flow == Flow::Raised && no.flow == Flow::Raised) {
    Values yields[2];
    yieldTokens(yes, yields[0]);
    yieldTokens(no, yields[1]);
    takeTokens(build(tokenTypes, yields).getResults());
    b.raised = true;
    b.raisePoint = nullptr;
    b.raisedException = no.exception;
    b.raisedMessage = no.message;
    return Flow::Raised;
  }
  if (yes.flow == Flow::Raised || no.flow == Flow::Raised) {
    // A check; the other way is then the program.
    Way &raising = yes.flow == Flow::Raised ? yes : no, &other = &raising == &yes ? no : yes;
    auto check = dyn_cast_or_null<graph::CheckOp>(raising.raisePoint);
    bool plain = check && check->getBlock() == raising.block && check.getValues().empty() &&
                 llvm::all_of(*raising.block, [&](Operation &inner) {
                   return &inner == check || isa<graph::BindSymbolOp>(inner) || isMemoryEffectFree(&inner);
                 });
    std::unique_ptr<Block> rest = std::make_unique<Block>();
    rest->getOperations().splice(rest->end(), other.block->getOperations());
    GraphBuilder::Facts after = other.facts;
    {
      OpBuilder::InsertionGuard guard(b.b);
      b.b.setInsertionPoint(draft);
      if (plain) {
        b.loc = check.getLoc();
        b.check(&raising == &yes ? b.notBool(AV::runtime(flag)) : AV::runtime(flag), raising.exception,
                raising.message);
        inlineBefore(*rest, draft);
        draft.erase();
      } else {
        Values yields[2];
        yieldTokens(raising, yields[&raising == &no]);
        for (const std::string &key : keys)
          yields[&other == &no].push_back(tokenOf(facts.tokens, key));
        scf::IfOp branch = build(tokenTypes, yields);
        // The other way's effects come after: its chains go on from the
        // results.
        for (auto [key, value] : llvm::zip_equal(keys, branch.getResults())) {
          Value first = tokenOf(facts.tokens, key);
          for (Operation &inner : *rest)
            inner.walk([&](Operation *user) { user->replaceUsesOfWith(first, value); });
          for (auto &[name, token] : after.tokens)
            if (name == key && token == first)
              token = value;
          if (!tokenOf(after.tokens, key))
            after.tokens.push_back({key, value});
        }
        b.b.setInsertionPointAfter(branch);
        branch->getBlock()->getOperations().splice(std::next(branch->getIterator()), rest->getOperations());
      }
    }
    other.heap.restore();
    for (auto &[key, token] : facts.tokens)
      if (!tokenOf(after.tokens, key))
        after.tokens.push_back({key, token});
    b.restoreFacts(after);
    out = other.out;
    return Flow::Normal;
  }

  //===--- both go on: join
  //--------------------------------------------------===//
  Forms forms(b, before, firstSymbol, draft->getBlock(), op);
  forms.condition = flag;
  forms.live = reachable(/*repeats=*/false);
  std::vector<FormPtr> results;
  std::vector<CellForm> cells;
  std::vector<unsigned> joined; // results that have a form
  auto refuse = [&] {
    offenders.add(op->getLoc(), "data-dependent control flow is not compiled yet: the branches give " + forms.problem);
    forms.problem.clear();
  };
  forms.beginWay();
  for (const AV &v : yes.out)
    results.push_back(forms.of(v));
  SmallVector<const HeapState::Entry *> changed;
  for (const HeapState::Entry &e : before.all()) {
    const HeapState::Entry *l = yes.heap.find(e.cell.get()), *r = no.heap.find(e.cell.get());
    if (!l || !r || (!HeapState::differ(e, *l) && !HeapState::differ(e, *r)))
      continue;
    // Where both ways give it one structure, new or not, it can keep one.
    if (!Forms::fitsCell(*l, *r)) {
      if (!forms.wantCell(e, *l, *r) && forms.live.contains(e.cell.get()))
        refuse();
      forms.problem.clear();
      continue;
    }
    changed.push_back(&e);
    cells.push_back(forms.cellOf(*l));
  }
  forms.beginWay();
  for (auto [form, v] : llvm::zip_equal(results, no.out))
    if (!forms.widen(form, v)) {
      refuse();
      form = forms.of(AV::unknown());
    }
  std::vector<CellForm> kept;
  for (auto [cell, e] : llvm::zip_equal(cells, changed)) {
    if (forms.widenCell(cell, *yes.heap.find(e->cell.get()), *no.heap.find(e->cell.get()))) {
      kept.push_back(cell);
      continue;
    }
    if (forms.live.contains(e->cell.get()))
      refuse();
    forms.problem.clear();
  }
  cells = std::move(kept);
  for (Way *way : {&yes, &no}) {
    std::vector<FormPtr> all(results);
    std::vector<AV> values(way->out);
    for (const CellForm &cell : cells) {
      llvm::append_range(all, cell.parts);
      llvm::append_range(values, forms.contentsOf(*way->heap.find(cell.cell.get())));
    }
    forms.reconcile(all, values);
  }
  if (!forms.wanted.empty()) {
    // They are objects in front of the branch, and it is evaluated again.
    draft.erase();
    restoreNotes(notes);
    b.loc = op->getLoc();
    if (forms.materializeWanted())
      return runBranch(op, condition, yesSide, noSide, out);
    refuse();
    return Flow::Normal;
  }
  forms.findSharing(results, cells);
  Forms::Walk declared, typed;
  SmallVector<Type> types;
  for (const FormPtr &form : results)
    forms.declare(form, declared), forms.types(form, typed, types);
  for (const CellForm &cell : cells)
    for (const FormPtr &part : cell.parts)
      forms.declare(part, declared), forms.types(part, typed, types);
  Values yields[2];
  for (unsigned i = 0; i < 2; ++i) {
    OpBuilder::InsertionGuard guard(b.b);
    b.b.setInsertionPointToEnd(ways[i].block);
    ways[i].heap.restore();
    b.restoreFacts(ways[i].facts);
    Forms::Walk walk;
    for (auto [form, v] : llvm::zip_equal(results, ways[i].out))
      forms.flatten(form, v, walk, yields[i]);
    for (const CellForm &cell : cells)
      forms.flattenCell(cell, walk, yields[i]);
    ways[i].heap = HeapState::save();
  }
  before.restore();
  for (const Way &way : ways)
    way.heap.keepBoxed();
  b.restoreFacts(facts);

  Values values;
  if (keys.empty() && !yes.mayRaise && !no.mayRaise && isCheap(*yes.block) && isCheap(*no.block) &&
      llvm::all_of(types, isSmall)) {
    inlineBefore(*yes.block, draft);
    inlineBefore(*no.block, draft);
    draft.erase();
    Value tensorFlag;
    for (auto [l, r] : llvm::zip_equal(yields[0], yields[1])) {
      if (l == r) {
        values.push_back(l);
      } else if (!isa<RankedTensorType>(l.getType())) {
        values.push_back(b.b.createOrFold<arith::SelectOp>(op->getLoc(), flag, l, r));
      } else {
        if (!tensorFlag)
          tensorFlag = graph::FromScalarOp::create(b.b, b.loc, b.tensorType({}, int64_t(DType::Bool)), flag);
        values.push_back(b.where(tensorFlag, l, r));
      }
    }
  } else {
    SmallVector<Type> all(types);
    all.append(tokenTypes);
    yieldTokens(yes, yields[0]);
    yieldTokens(no, yields[1]);
    scf::IfOp branch = build(all, yields);
    values.append(branch.getResults().begin(), branch.getResults().begin() + types.size());
    takeTokens(branch.getResults().drop_front(types.size()));
  }
  size_t taken = 0;
  auto next = [&](Type) { return values[taken++]; };
  Forms::Walk walk;
  for (const FormPtr &form : results)
    out.push_back(forms.instantiate(form, walk, next));
  for (const CellForm &cell : cells)
    forms.instantiateCell(cell, walk, next);
  return Flow::Normal;
}
