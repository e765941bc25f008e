//===- EvaluatorBranch.cpp - branches on run-time data ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Both sides are evaluated, each into a region of its own and from the same
// heap. What differs after them, results as well as contents of cells, becomes
// results of an scf.if; where both sides are a few cheap operations they are
// computed in front instead, and selects choose.
#include "Evaluator.h"
#include "Forms.h"
#include "RuntimeValue.h"

#include "ingot/Support/SourceLine.h"

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

/// A branch that is being built.
struct Evaluator::Branch {
  /// From here on the program's branch `op` is built.
  Branch(Evaluator &e, Operation *op, Value flag, bool isAttempt = false)
      : op(op), flag(flag), before(HeapState::save()), facts(e.b.saveFacts()), firstSymbol(e.b.symbols.size()),
        notes(e.saveNotes()), isAttempt(isAttempt) {
    draft = scf::IfOp::create(e.b.b, op->getLoc(), TypeRange(), flag, /*addThenBlock=*/true, /*addElseBlock=*/true);
    ways[0].block = draft.thenBlock();
    ways[1].block = draft.elseBlock();
    for (Way &way : ways)
      way.block->clear();
  }

  Operation *op;
  Value flag;
  HeapState before;
  GraphBuilder::Facts facts;
  unsigned firstSymbol;
  Notes notes;
  /// The second way is gone to from anywhere within the first one.
  bool isAttempt;
  scf::IfOp draft;
  Way ways[2];
  SmallVector<std::string> keys; // of the chains of effects that a way goes on with
  std::string problem;

  void yieldTokens(Way &way, Values &values) const;
  void takeTokens(GraphBuilder &b, ValueRange values) const {
    for (auto [key, value] : llvm::zip_equal(keys, values))
      b.token(key) = value;
  }
  /// The branch with its results; the draft goes.
  scf::IfOp build(GraphBuilder &b, ArrayRef<Type> types, ArrayRef<Values> yields);
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

void Evaluator::Branch::yieldTokens(Way &way, Values &values) const {
  for (const std::string &key : keys) {
    Value token = tokenOf(way.facts.tokens, key);
    values.push_back(token ? token : tokenOf(facts.tokens, key));
  }
}

scf::IfOp Evaluator::Branch::build(GraphBuilder &b, ArrayRef<Type> types, ArrayRef<Values> yields) {
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
}

Flow Evaluator::runBranch(Operation *op, const AV &condition, Side yesSide, Side noSide, std::vector<AV> &out) {
  out.clear();
  Value flag = b.toI1(condition);
  Branch branch(*this, op, flag);
  scf::IfOp draft = branch.draft;
  GraphBuilder::Facts &facts = branch.facts;
  Way(&ways)[2] = branch.ways;
  for (unsigned i = 0; i < 2; ++i) {
    runWay(ways[i], i ? noSide : yesSide);
    branch.before.restore();
    b.restoreFacts(facts);
    b.loc = op->getLoc();
    if (ways[i].flow == Flow::Failed) {
      draft.erase();
      return Flow::Failed;
    }
  }
  Way &yes = ways[0], &no = ways[1];
  branch.keys = joinChains(b, draft, {{yes.block, &yes.facts}, {no.block, &no.facts}}, facts);
  const SmallVector<std::string> &keys = branch.keys;
  if (yes.flow == Flow::Raised && no.flow == Flow::Raised) {
    Values yields[2];
    branch.yieldTokens(yes, yields[0]);
    branch.yieldTokens(no, yields[1]);
    SmallVector<Type> types(keys.size(), graph::TokenType::get(b.context()));
    branch.takeTokens(b, branch.build(b, types, yields).getResults());
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
        branch.yieldTokens(raising, yields[&raising == &no]);
        for (const std::string &key : keys)
          yields[&other == &no].push_back(tokenOf(facts.tokens, key));
        SmallVector<Type> types(keys.size(), graph::TokenType::get(b.context()));
        scf::IfOp built = branch.build(b, types, yields);
        // The other way's effects come after: its chains go on from the
        // results.
        for (auto [key, value] : llvm::zip_equal(keys, built.getResults())) {
          Value first = tokenOf(facts.tokens, key);
          for (Operation &inner : *rest)
            inner.walk([&](Operation *user) { user->replaceUsesOfWith(first, value); });
          for (auto &[name, token] : after.tokens)
            if (name == key && token == first)
              token = value;
          if (!tokenOf(after.tokens, key))
            after.tokens.push_back({key, value});
        }
        b.b.setInsertionPointAfter(built);
        built->getBlock()->getOperations().splice(std::next(built->getIterator()), rest->getOperations());
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

  return join(branch, out) == Joined::Again ? runBranch(op, condition, yesSide, noSide, out) : Flow::Normal;
}

//===----------------------------------------------------------------------===//
// Attempts
//===----------------------------------------------------------------------===//

Flow Evaluator::attempt(Operation *op, Side body, Attempt &attempt, std::vector<AV> &out) {
  out.clear();
  attempt = Attempt();
  auto begin = task::AttemptOp::create(b.b, op->getLoc(), b.b.getI1Type());
  Branch branch(*this, op, begin, /*isAttempt=*/true);
  scf::IfOp draft = branch.draft;
  const HeapState &before = branch.before;
  GraphBuilder::Facts &facts = branch.facts;
  Way &yes = branch.ways[0], &no = branch.ways[1];
  // An error must leave tensors and attributes as they were in front: those that are values have no other.
  unsigned errors = 0;
  bool isDirty = false;
  auto outside = std::exchange(b.onMayRaise, [&] {
    ++errors;
    isDirty = isDirty || before.isChanged();
  });
  size_t known = offenders.size();
  runWay(yes, body);
  b.onMayRaise = outside;
  auto discard = [&] {
    begin.erase();
    before.restore();
    b.restoreFacts(facts);
    b.loc = op->getLoc();
  };
  auto inPlace = [&] {
    inlineBefore(*yes.block, draft);
    draft.erase();
    begin.erase();
    out = yes.out;
  };
  if (yes.flow == Flow::Failed) {
    draft.erase();
    discard();
    return Flow::Failed;
  }
  if (!errors) {
    inPlace();
    return yes.flow;
  }
  auto check = dyn_cast_or_null<graph::CheckOp>(yes.raisePoint);
  if (yes.flow == Flow::Raised && errors == 1 && check && check.getValues().empty()) {
    attempt.failure =
        AV::tuple({AV::str(yes.exception), AV::str(yes.message), AV::str(shortSourceLine(check.getLoc()))});
    attempt.always = true;
    check.erase();
    inPlace();
    return Flow::Normal;
  }
  // What follows works on joined values; without them it is evaluated again, and the error is raised where it stands.
  Joined joined = Joined::Refused;
  if (isDirty || offenders.size() != known) {
    draft.erase();
    restoreNotes(branch.notes);
    discard();
  } else {
    attempt.always = yes.flow == Flow::Raised;
    if (attempt.always)
      yes.out = {AV::unknown()};
    yes.out.resize(1, AV::none());
    yes.out.push_back(AV::none());
    before.restore();
    b.restoreFacts(facts);
    b.loc = op->getLoc();
    runWay(no, [&](std::vector<AV> &given) {
      const AV text = AV::str("");
      Value error = callRuntime(b, "take_error", {}, task::ObjectType::get(b.context()));
      given = {AV::unknown(), runtimeValue(error, specOf(AV::tuple({text, text, text})))};
      return Flow::Normal;
    });
    before.restore();
    b.restoreFacts(facts);
    b.loc = op->getLoc();
    branch.keys = joinChains(b, draft, {{yes.block, &yes.facts}, {no.block, &no.facts}}, facts);
    joined = join(branch, out);
    if (joined == Joined::Built) {
      attempt.failure = out[1];
      out.resize(1);
      return Flow::Normal;
    }
    begin.erase();
  }
  if (joined == Joined::Again)
    return this->attempt(op, body, attempt, out);
  attempt = Attempt();
  out.clear();
  return body(out);
}

//===----------------------------------------------------------------------===//
// Joining
//===----------------------------------------------------------------------===//

Evaluator::Joined Evaluator::join(Branch &branch, std::vector<AV> &out) {
  Operation *op = branch.op;
  scf::IfOp draft = branch.draft;
  const HeapState &before = branch.before;
  Way(&ways)[2] = branch.ways;
  Way &yes = ways[0], &no = ways[1];
  Forms forms(b, before, branch.firstSymbol, draft->getBlock(), op);
  forms.isAttempt = branch.isAttempt;
  // Nobody reads what an attempt that failed gives.
  forms.condition = branch.isAttempt ? b.toI1(AV::boolean(true)) : branch.flag;
  forms.live = reachable(/*repeats=*/false);
  std::vector<FormPtr> results;
  std::vector<CellForm> cells;
  std::vector<unsigned> joined; // results that have a form
  auto refuse = [&] {
    branch.problem = std::exchange(forms.problem, "");
    if (!branch.isAttempt)
      offenders.add(op->getLoc(),
                    "data-dependent control flow is not compiled yet: the branches give " + branch.problem);
  };
  forms.beginWay();
  for (const AV &v : yes.out)
    results.push_back(forms.of(v));
  SmallVector<const HeapState::Entry *> changed;
  for (const HeapState::Entry &e : before.all()) {
    const HeapState::Entry *l = yes.heap.find(e.cell.get()), *r = no.heap.find(e.cell.get());
    if (!l || !r || (!HeapState::differ(e, *l) && !HeapState::differ(e, *r)))
      continue;
    // Where both ways give it one structure, new or not, it can keep one. An attempt may fail behind the change: an
    // object of the runtime has it then.
    bool fits = Forms::fitsCell(*l, *r);
    if (!fits || (branch.isAttempt && Forms::canWantCell(e))) {
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
    restoreNotes(branch.notes);
    b.loc = op->getLoc();
    if (forms.materializeWanted())
      return Joined::Again;
    refuse();
    return Joined::Refused;
  }
  if (branch.isAttempt && !branch.problem.empty()) {
    draft.erase();
    restoreNotes(branch.notes);
    return Joined::Refused;
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
    size_t given = yields[i].size();
    for (const CellForm &cell : cells)
      forms.flattenCell(cell, walk, yields[i]);
    if (branch.isAttempt && i == 1)
      for (Value &v : MutableArrayRef(yields[i]).drop_front(given))
        v = task::KeepOp::create(b.b, op->getLoc(), v.getType(), v);
    ways[i].heap = HeapState::save();
  }
  before.restore();
  for (const Way &way : ways)
    way.heap.keepBoxed();
  b.restoreFacts(branch.facts);

  Values values;
  if (!branch.isAttempt && branch.keys.empty() && !yes.mayRaise && !no.mayRaise && isCheap(*yes.block) &&
      isCheap(*no.block) && llvm::all_of(types, isSmall)) {
    inlineBefore(*yes.block, draft);
    inlineBefore(*no.block, draft);
    draft.erase();
    Value tensorFlag;
    for (auto [l, r] : llvm::zip_equal(yields[0], yields[1])) {
      if (l == r) {
        values.push_back(l);
      } else if (!isa<RankedTensorType>(l.getType())) {
        values.push_back(b.b.createOrFold<arith::SelectOp>(op->getLoc(), branch.flag, l, r));
      } else {
        if (!tensorFlag)
          tensorFlag = graph::FromScalarOp::create(b.b, b.loc, b.tensorType({}, int64_t(DType::Bool)), branch.flag);
        values.push_back(b.where(tensorFlag, l, r));
      }
    }
  } else {
    SmallVector<Type> all(types);
    all.append(branch.keys.size(), graph::TokenType::get(b.context()));
    branch.yieldTokens(yes, yields[0]);
    branch.yieldTokens(no, yields[1]);
    scf::IfOp built = branch.build(b, all, yields);
    values.append(built.getResults().begin(), built.getResults().begin() + types.size());
    branch.takeTokens(b, built.getResults().drop_front(types.size()));
  }
  size_t taken = 0;
  auto next = [&](Type) { return values[taken++]; };
  Forms::Walk walk;
  for (const FormPtr &form : results)
    out.push_back(forms.instantiate(form, walk, next));
  for (const CellForm &cell : cells)
    forms.instantiateCell(cell, walk, next);
  return Joined::Built;
}
