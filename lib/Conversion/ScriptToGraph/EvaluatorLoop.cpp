//===- EvaluatorLoop.cpp - loops at run time --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A loop is unrolled where its iterations are known and few. Else it becomes an
// scf.for or scf.while: the body is evaluated from a head that begins as the
// state in front of the loop and is widened by what an iteration changes, until
// one more iteration fits; only then is it kept.
#include "Evaluator.h"
#include "Forms.h"
#include "RuntimeValue.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Flow = Evaluator::Flow;

/// Loops of at most this many iterations are unrolled.
static constexpr int64_t maxUnrolled = 64;
/// Every round widens something that is finite: more are a bug of ours.
static constexpr unsigned maxRounds = 64;

/// Whether the body always goes on.
static bool neverBreaks(script::LoopOp op) {
  auto go = op.getBody().front().getTerminator()->getOperand(0).getDefiningOp<script::ConstantOp>();
  auto value = go ? dyn_cast<BoolAttr>(go.getValue()) : BoolAttr();
  return value && value.getValue();
}

Flow Evaluator::runLoop(script::LoopOp op, Env &env) {
  AV limit = get(op.getMaxTrip(), env), condition = get(op.getCondition(), env);
  if (limit.isTensor())
    limit = b.item(b.read(limit));
  if (condition.isTensor())
    condition = b.item(b.read(condition));
  if (condition.is(AV::Kind::Int))
    condition = b.compareInt(arith::CmpIPredicate::ne, condition.getInt(), b.size(0));
  if (!limit.is(AV::Kind::Int) || !condition.is(AV::Kind::Bool)) {
    if (!limit.isUnknown() && !condition.isUnknown())
      return unsupported(*op, "a loop with a condition of type " + typeName(condition) + " is not compiled yet", env);
    set(op.getResults(), {}, env);
    return Flow::Normal;
  }
  SmallVector<AV> inits = getAll(op.getInits(), env);
  std::vector<AV> carried(inits.begin(), inits.end());
  std::optional<int64_t> trips = limit.knownInt();
  Block &body = op.getBody().front();
  bool mayBuild = true;
  for (int64_t i = 0; !trips || i < *trips; ++i) {
    if (condition.isUnknown())
      break;
    std::optional<bool> go = condition.knownBool();
    if (go && !*go)
      break;
    bool known = trips && go;
    bool many = known && (i >= maxUnrolled || (*trips > maxUnrolled && neverBreaks(op)));
    bool probe = known && !many && i == 0 && !neverBreaks(op);
    if (!known || ((many || probe) && mayBuild)) {
      Notes notes = saveNotes();
      std::vector<AV> values = carried;
      LoopKind kind;
      while ((kind = buildLoop(op, env, i, condition, values, probe)) == LoopKind::Again) {
        restoreNotes(notes);
        values = carried;
      }
      if (kind == LoopKind::Raised)
        return Flow::Raised;
      if (kind == LoopKind::Built) {
        set(op.getResults(), values, env);
        return Flow::Normal;
      }
      if (!known) {
        set(op.getResults(), {}, env);
        return Flow::Normal;
      }
      // It can still be unrolled.
      restoreNotes(notes);
      mayBuild = probe && kind == LoopKind::Unrolled;
    }
    if (++iterations > options.maxUnrolledIterations) {
      offenders.add(op.getLoc(), "the loop has too many iterations to be unrolled (more than " +
                                     Twine(options.maxUnrolledIterations) + " in the method)");
      return Flow::Failed;
    }
    env[body.getArgument(0)] = AV::integer(i, b.context());
    for (auto [arg, value] : llvm::zip(body.getArguments().drop_front(), carried))
      env[arg] = value;
    std::vector<AV> out;
    if (Flow flow = runBlock(body, env, out); flow != Flow::Normal)
      return flow;
    condition = out[0];
    if (condition.isTensor())
      condition = b.item(b.read(condition));
    carried.assign(out.begin() + 1, out.end());
  }
  set(op.getResults(), carried, env);
  return Flow::Normal;
}

Evaluator::LoopKind Evaluator::buildLoop(script::LoopOp op, Env &env, int64_t first, const AV &condition,
                                         std::vector<AV> &carried, bool probe) {
  Int limit = b.resolve(get(op.getMaxTrip(), env).isTensor() ? b.item(b.read(get(op.getMaxTrip(), env))).getInt()
                                                             : get(op.getMaxTrip(), env).getInt());
  bool forever = known(limit).value_or(0) == INT64_MAX;
  Block &source = op.getBody().front();
  Value start = b.toIndex(b.size(first)), flag = b.toI1(condition);
  Value bound = forever ? Value() : b.toIndex(limit);
  HeapState before = HeapState::save();
  GraphBuilder::Facts facts = b.saveFacts();
  Notes notes = saveNotes();
  // Holds the body until the loop is known.
  auto draft = scf::IfOp::create(b.b, op.getLoc(), TypeRange(), flag,
                                 /*addThenBlock=*/true, /*addElseBlock=*/false);
  Block *body = draft.thenBlock();
  Forms forms(b, before, notes.symbols, draft->getBlock(), op);
  forms.live = reachable(/*repeats=*/true);
  std::vector<FormPtr> heads;
  std::vector<CellForm> cells;
  llvm::DenseMap<HeapCell *, unsigned> cellNumbers;
  SmallVector<std::string> keys; // chains that the body goes on with
  auto restore = [&] {
    before.restore();
    b.restoreFacts(facts);
    b.loc = op.getLoc();
  };
  auto giveUp = [&](LoopKind kind) {
    restore();
    draft.erase();
    return kind;
  };
  auto refuse = [&] {
    offenders.add(op.getLoc(),
                  "data-dependent control flow is not compiled yet: iterations "
                  "of the loop give " +
                      (forms.problem.empty() ? std::string("values that cannot be merged") : forms.problem));
    return giveUp(LoopKind::Refused);
  };
  for (const AV &v : carried)
    heads.push_back(forms.of(v));

  Values yields;
  SmallVector<Type> types;
  AV again;
  for (unsigned round = 0;; ++round) {
    if (round == maxRounds)
      return refuse();
    // The head of this round.
    body->clear();
    body->eraseArguments(0, body->getNumArguments());
    restore();
    bool raisesOutside = b.raises;
    restoreNotes(notes);
    forms.changed = false;
    forms.findSharing(heads, cells);
    OpBuilder::InsertionGuard guard(b.b);
    b.b.setInsertionPointToEnd(body);
    auto argument = [&](Type type) -> Value { return body->addArgument(type, op.getLoc()); };
    Interval range{first, INT64_MAX - 1};
    if (std::optional<int64_t> k = known(limit))
      range.max = *k - 1;
    Int number = b.newSymbol(argument(b.b.getIndexType()), range);
    Forms::Walk declared, typed, walk;
    types.clear();
    for (const FormPtr &form : heads)
      forms.declare(form, declared), forms.types(form, typed, types);
    for (const CellForm &cell : cells)
      for (const FormPtr &part : cell.parts)
        forms.declare(part, declared), forms.types(part, typed, types);
    Env inner = env;
    inner[source.getArgument(0)] = AV::integer(number);
    for (auto [arg, form] : llvm::zip(source.getArguments().drop_front(), heads))
      inner[arg] = forms.instantiate(form, walk, argument);
    for (const CellForm &cell : cells)
      forms.instantiateCell(cell, walk, argument);
    for (const std::string &key : keys)
      b.token(key) = argument(graph::TokenType::get(b.context()));
    HeapState head = HeapState::save();

    std::vector<AV> out;
    unsigned widenings = b.widenings;
    Flow flow = runBlock(source, inner, out);
    b.loc = op.getLoc();
    // The body puts more into an object than it was known to hold.
    for (auto &[form, value] : walk.done)
      if (form->kind == Form::Kind::Runtime && value.isRuntime() && !isSame(form->spec, value.getRuntime().type)) {
        const_cast<Form *>(form)->spec = unify(form->spec, value.getRuntime().type);
        forms.changed = true;
      }
    forms.changed |= b.widenings != widenings;
    if (forms.changed && flow != Flow::Raised && round + 1 < maxRounds && offenders.size() != notes.offenders) {
      b.raises = raisesOutside;
      continue; // what is known now may do
    }
    if (flow == Flow::Normal && offenders.size() != notes.offenders) {
      // A container that the body makes an object may be one in front of it.
      HeapState now = HeapState::save();
      for (const HeapState::Entry &e : before.all())
        if (const HeapState::Entry *is = now.find(e.cell.get()); is && !Forms::fitsCell(e, *is))
          forms.wantCell(e, e, *is);
      if (!forms.wanted.empty()) {
        restore();
        b.b.setInsertionPoint(draft);
        bool done = forms.materializeWanted();
        if (done) {
          draft.erase();
          return LoopKind::Again;
        }
      }
    }
    if (flow == Flow::Failed || offenders.size() != notes.offenders)
      return giveUp(LoopKind::Refused);
    if (flow == Flow::Raised) {
      if (round)
        return refuse();
      // It raises in its first iteration, if there is one.
      std::string exception = b.raisedException, message = b.raisedMessage;
      b.raised = false;
      scf::YieldOp::create(b.b, b.loc);
      restore();
      body->getArgument(0).replaceAllUsesWith(start);
      body->eraseArgument(0);
      b.b.setInsertionPoint(draft);
      AV entered = forever ? AV::boolean(true) : b.compareInt(arith::CmpIPredicate::slt, b.size(first), limit);
      draft.getConditionMutable().assign(b.toI1(b.andBool(entered, condition)));
      return LoopKind::Built;
    }
    HeapState after = HeapState::save();
    GraphBuilder::Facts end = b.saveFacts();

    // What the next iteration begins with. A tensor that the body puts into an
    // object is in it from the second iteration on.
    forms.changed |= before.takeBoxed();
    forms.beginWay();
    again = out[0];
    if (again.isTensor())
      again = b.item(b.read(again));
    if (again.is(AV::Kind::Int))
      again = b.compareInt(arith::CmpIPredicate::ne, again.getInt(), b.size(0));
    if (again.isUnknown())
      return refuse();
    if (probe && round == 0 && again.knownBool())
      return giveUp(LoopKind::Unrolled);
    for (auto [form, v] : llvm::zip_equal(heads, ArrayRef(out).drop_front()))
      if (!forms.widen(form, v))
        return refuse();
    for (const HeapState::Entry &e : before.all()) {
      const HeapState::Entry *was = head.find(e.cell.get()), *is = after.find(e.cell.get());
      if (!was || !is || !HeapState::differ(*was, *is))
        continue;
      if (!Forms::fitsCell(*was, *is)) {
        if (!forms.wantCell(*was, *was, *is))
          return refuse();
        continue;
      }
      auto [it, isNew] = cellNumbers.try_emplace(e.cell.get(), cells.size());
      if (isNew) {
        cells.push_back(forms.cellOf(e));
        forms.changed = true;
      }
      if (!forms.widenCell(cells[it->second], *was, *is))
        return refuse();
    }
    {
      std::vector<FormPtr> all(heads);
      std::vector<AV> entering(carried), leaving(out.begin() + 1, out.end());
      for (const CellForm &cell : cells) {
        llvm::append_range(all, cell.parts);
        llvm::append_range(entering, forms.contentsOf(*before.find(cell.cell.get())));
        llvm::append_range(leaving, forms.contentsOf(*after.find(cell.cell.get())));
      }
      forms.reconcile(all, leaving);
      before.restore();
      forms.reconcile(all, entering);
      after.restore();
    }
    if (!forms.wanted.empty()) {
      // They are objects in front of the loop, and it is evaluated again.
      restore();
      b.b.setInsertionPoint(draft);
      bool done = forms.materializeWanted();
      draft.erase();
      if (done)
        return LoopKind::Again;
      offenders.add(op.getLoc(), "data-dependent control flow is not compiled yet: " + forms.problem);
      return LoopKind::Refused;
    }
    for (auto &[key, token] : end.tokens) {
      bool knownChain = llvm::any_of(facts.tokens, [&](auto &t) { return t.first == key && t.second == token; });
      if (knownChain || llvm::is_contained(keys, key))
        continue;
      // The chain begins in front of the loop.
      b.b.setInsertionPoint(draft);
      b.restoreFacts(facts);
      b.token(key);
      facts = b.saveFacts();
      b.restoreFacts(end);
      b.b.setInsertionPointToEnd(body);
      keys.push_back(key);
      forms.changed = true;
    }
    if (forms.changed) {
      b.raises = raisesOutside;
      continue;
    }
    // One more iteration fits: what it gives the next one.
    yields.clear();
    Forms::Walk yielded;
    for (auto [form, v] : llvm::zip_equal(heads, ArrayRef(out).drop_front()))
      forms.flatten(form, v, yielded, yields);
    for (const CellForm &cell : cells)
      forms.flattenCell(cell, yielded, yields);
    for (const std::string &key : keys)
      yields.push_back(b.token(key));
    types.append(keys.size(), graph::TokenType::get(b.context()));
    if (!condition.knownBool() || !again.knownBool()) {
      Value one = arith::ConstantIndexOp::create(b.b, b.loc, 1);
      Value nextNumber = arith::AddIOp::create(b.b, b.loc, body->getArgument(0), one);
      yields.insert(yields.begin(), {nextNumber, b.toI1(again)});
    }
    break;
  }

  //===--- the loop itself
  //------------------------------------------------------===//
  HeapState last = HeapState::save();
  restore();
  last.keepBoxed();
  OpBuilder::InsertionGuard guard(b.b);
  b.b.setInsertionPoint(draft);
  Values inits;
  Forms::Walk entering;
  for (auto [form, v] : llvm::zip_equal(heads, carried))
    forms.flatten(form, v, entering, inits);
  for (const CellForm &cell : cells)
    forms.flattenCell(cell, entering, inits);
  for (const std::string &key : keys)
    inits.push_back(b.token(key));
  Location loc = op.getLoc();
  bool counted = !forever && condition.knownBool().value_or(false) && again.knownBool().value_or(false);
  ValueRange results;
  if (counted) {
    Value one = arith::ConstantIndexOp::create(b.b, loc, 1);
    auto loop = scf::ForOp::create(b.b, loc, start, bound, one, inits);
    b.b.setInsertionPointToEnd(body);
    scf::YieldOp::create(b.b, loc, yields);
    loop.getRegion().takeBody(draft.getThenRegion());
    results = loop.getResults();
    b.b.setInsertionPoint(draft);
  } else {
    if (condition.knownBool() && again.knownBool()) {
      // It goes on, or ends after one iteration, whatever the data.
      OpBuilder::InsertionGuard inside(b.b);
      b.b.setInsertionPointToEnd(body);
      Value one = arith::ConstantIndexOp::create(b.b, loc, 1);
      Value nextNumber = arith::AddIOp::create(b.b, loc, body->getArgument(0), one);
      Value go = arith::ConstantOp::create(b.b, loc, b.b.getBoolAttr(*again.knownBool()));
      yields.insert(yields.begin(), {nextNumber, go});
    }
    inits.insert(inits.begin(), {start, flag});
    SmallVector<Type> argumentTypes{b.b.getIndexType(), b.b.getI1Type()}, resultTypes{b.b.getIndexType()};
    argumentTypes.append(types);
    resultTypes.append(types);
    auto loop = scf::WhileOp::create(b.b, loc, resultTypes, inits);
    SmallVector<Location> locs(argumentTypes.size(), loc);
    Block *test = b.b.createBlock(&loop.getBefore(), {}, argumentTypes, locs);
    Value go = test->getArgument(1);
    if (bound) {
      Value more = arith::CmpIOp::create(b.b, loc, arith::CmpIPredicate::slt, test->getArgument(0), bound);
      go = arith::AndIOp::create(b.b, loc, more, go);
    }
    Values forwarded{test->getArgument(0)};
    llvm::append_range(forwarded, test->getArguments().drop_front(2));
    scf::ConditionOp::create(b.b, loc, go, forwarded);
    b.b.setInsertionPointToEnd(body);
    scf::YieldOp::create(b.b, loc, yields);
    loop.getAfter().takeBody(draft.getThenRegion());
    results = loop.getResults().drop_front(1);
    b.b.setInsertionPoint(draft);
  }
  restore();
  last.keepBoxed();
  // A tensor that each iteration makes anew is none from in front of a loop that runs at all.
  bool runs = counted && b.compareInt(arith::CmpIPredicate::slt, b.size(first), limit).knownBool().value_or(false);
  size_t taken = 0;
  auto next = [&](Type) -> Value {
    size_t i = taken++;
    return runs && matchPattern(yields[i], m_Zero()) && results[i].getType().isInteger(1) ? b.toI1(AV::boolean(false))
                                                                                          : Value(results[i]);
  };
  Forms::Walk walk;
  for (auto [form, v] : llvm::zip_equal(heads, carried))
    v = forms.instantiate(form, walk, next);
  for (const CellForm &cell : cells)
    forms.instantiateCell(cell, walk, next);
  for (const std::string &key : keys)
    b.token(key) = next({});
  draft.erase();
  return LoopKind::Built;
}
