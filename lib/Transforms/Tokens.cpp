//===- Tokens.cpp - chains of effects: verified, lifted, unlifted -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Unlifted, a function begins its chains (graph.make_token) and ends them
// (graph.sink_tokens). Lifted, its tokens are arguments and results, as torch's
// lowered graphs have them: one a key, behind the others, so that the leaves of
// the signature keep their numbers. `graph.token` on the argument names the key.
#include "ingot/Transforms/Passes.h"

#include "dialects/Graph/Graph.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace ingot;

static constexpr StringLiteral tokenAttrName = "graph.token";

static bool isToken(Value value) { return isa<graph::TokenType>(value.getType()); }

//===----------------------------------------------------------------------===//
// Verifying
//===----------------------------------------------------------------------===//

/// The loop that `user` repeats in and that `token` is outside of.
static Operation *repeatedIn(Operation *user, Value token) {
  Region *home = token.getParentRegion();
  for (Operation *op = user->getParentOp(); op && home->isAncestor(op->getParentRegion()); op = op->getParentOp())
    if (isa<LoopLikeOpInterface>(op))
      return op;
  return nullptr;
}

/// A branch on some side of which the token is not used, though on another.
static Operation *lostIn(Value token) {
  llvm::SetVector<Operation *> branches;
  for (Operation *user : token.getUsers()) {
    Operation *top = token.getParentBlock()->findAncestorOpInBlock(*user);
    if (!top || top == user)
      return nullptr; // used on every path
    branches.insert(top);
  }
  for (Operation *branch : branches) {
    if (!isa<RegionBranchOpInterface>(branch))
      continue;
    for (Region &region : branch->getRegions())
      if (llvm::none_of(token.getUsers(), [&](Operation *user) { return region.isAncestor(user->getParentRegion()); }))
        return branch;
  }
  return nullptr;
}

static LogicalResult verifyToken(Value token, Location loc) {
  if (token.use_empty())
    return emitError(loc) << "a token is lost: its chain of effects does not end in graph.sink_tokens";
  SmallVector<Operation *> users;
  for (OpOperand &use : token.getUses())
    users.push_back(use.getOwner());
  // Uses are listed last to first.
  std::reverse(users.begin(), users.end());
  SmallVector<Operation *> extra;
  for (auto [i, user] : llvm::enumerate(users))
    if (llvm::any_of(ArrayRef(users).take_front(i), [&](Operation *earlier) {
          return earlier == user || !insideMutuallyExclusiveRegions(earlier, user);
        }))
      extra.push_back(user);
  if (!extra.empty()) {
    InFlightDiagnostic error = emitError(loc) << "a token is used more than once: a token is used exactly once";
    error.attachNote(users.front()->getLoc()) << "used here";
    for (Operation *user : extra)
      error.attachNote(user->getLoc()) << "used here too";
    return error;
  }
  for (Operation *user : users)
    if (Operation *loop = repeatedIn(user, token)) {
      InFlightDiagnostic error = emitError(loc) << "a token is used in each iteration of a loop that it is outside of";
      error.attachNote(loop->getLoc()) << "the loop must carry it";
      return error;
    }
  if (Operation *branch = lostIn(token)) {
    InFlightDiagnostic error = emitError(loc) << "a token is lost on one side of a branch";
    error.attachNote(branch->getLoc()) << "each side must use it";
    return error;
  }
  return success();
}

LogicalResult ingot::verifyTokens(ModuleOp module) {
  bool ok = true;
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    for (Value result : op->getResults())
      if (isToken(result))
        ok &= succeeded(verifyToken(result, op->getLoc()));
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (BlockArgument argument : block.getArguments())
          if (isToken(argument))
            ok &= succeeded(verifyToken(argument, op->getLoc()));
  });
  return success(ok);
}

//===----------------------------------------------------------------------===//
// Lifting
//===----------------------------------------------------------------------===//

/// Functions that nobody calls: their signature is free to change.
static SmallVector<func::FuncOp> entryPoints(ModuleOp module) {
  SmallVector<func::FuncOp> functions;
  for (auto function : module.getOps<func::FuncOp>())
    if (!function.isExternal() && SymbolTable::symbolKnownUseEmpty(function, module))
      functions.push_back(function);
  return functions;
}

static void setResults(func::FuncOp function) {
  auto end = cast<func::ReturnOp>(function.getBody().back().getTerminator());
  function.setFunctionType(FunctionType::get(function.getContext(), function.getBody().getArgumentTypes(),
                                             ValueRange(end.getOperands()).getTypes()));
}

static void lift(func::FuncOp function) {
  if (!function.getBody().hasOneBlock())
    return;
  Block &entry = function.getBody().front();
  auto sinks = llvm::to_vector(entry.getOps<graph::SinkTokensOp>());
  auto chains = llvm::to_vector(entry.getOps<graph::MakeTokenOp>());
  size_t ends = 0;
  for (graph::SinkTokensOp sink : sinks)
    ends += sink.getTokens().size();
  // A chain that ends elsewhere, as where a branch ends the program, has no
  // result of its own.
  if (ends != chains.size())
    return;
  Builder b(function.getContext());
  SmallVector<Attribute> attributes;
  if (ArrayAttr known = function.getAllArgAttrs())
    llvm::append_range(attributes, known);
  attributes.resize(entry.getNumArguments(), b.getDictionaryAttr({}));
  for (graph::MakeTokenOp chain : chains) {
    BlockArgument token = entry.addArgument(chain.getToken().getType(), chain.getLoc());
    attributes.push_back(b.getDictionaryAttr(b.getNamedAttr(tokenAttrName, chain.getKeyAttr())));
    chain.getToken().replaceAllUsesWith(token);
    chain.erase();
  }
  auto end = cast<func::ReturnOp>(entry.getTerminator());
  SmallVector<Value> results(end.getOperands());
  for (graph::SinkTokensOp sink : sinks) {
    llvm::append_range(results, sink.getTokens());
    sink.erase();
  }
  end->setOperands(results);
  setResults(function);
  function.setAllArgAttrs(ArrayAttr::get(function.getContext(), attributes));
}

static void unlift(func::FuncOp function) {
  if (!function.getBody().hasOneBlock())
    return;
  Block &entry = function.getBody().front();
  auto end = cast<func::ReturnOp>(entry.getTerminator());
  OpBuilder b = OpBuilder::atBlockBegin(&entry);
  SmallVector<Attribute> attributes;
  BitVector lifted(entry.getNumArguments());
  for (BlockArgument argument : entry.getArguments()) {
    if (!isToken(argument)) {
      attributes.push_back(function.getArgAttrDict(argument.getArgNumber())
                               ? function.getArgAttrDict(argument.getArgNumber())
                               : b.getDictionaryAttr({}));
      continue;
    }
    lifted.set(argument.getArgNumber());
    auto key = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), tokenAttrName);
    Value token =
        graph::MakeTokenOp::create(b, argument.getLoc(), argument.getType(), key ? key : b.getStringAttr("ordered"));
    argument.replaceAllUsesWith(token);
  }
  SmallVector<Value> results, tokens;
  for (Value result : end.getOperands())
    (isToken(result) ? tokens : results).push_back(result);
  if (lifted.none() && tokens.empty())
    return;
  b.setInsertionPoint(end);
  graph::SinkTokensOp::create(b, end.getLoc(), tokens);
  end->setOperands(results);
  entry.eraseArguments(lifted);
  setResults(function);
  function.setAllArgAttrs(ArrayAttr::get(function.getContext(), attributes));
}

namespace {
struct LiftTokens : PassWrapper<LiftTokens, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(LiftTokens)
  StringRef getArgument() const override { return "ingot-lift-tokens"; }
  StringRef getDescription() const override { return "Tokens become arguments and results of the functions"; }
  void runOnOperation() override {
    for (func::FuncOp function : entryPoints(getOperation()))
      lift(function);
  }
};
struct UnliftTokens : PassWrapper<UnliftTokens, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(UnliftTokens)
  StringRef getArgument() const override { return "ingot-unlift-tokens"; }
  StringRef getDescription() const override { return "Functions begin and end their chains of effects themselves"; }
  void runOnOperation() override {
    for (func::FuncOp function : entryPoints(getOperation()))
      unlift(function);
  }
};
struct VerifyTokens : PassWrapper<VerifyTokens, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(VerifyTokens)
  StringRef getArgument() const override { return "ingot-verify-tokens"; }
  StringRef getDescription() const override { return "Each token is used exactly once on each path, none is lost"; }
  void runOnOperation() override {
    if (failed(verifyTokens(getOperation())))
      signalPassFailure();
  }
};
} // namespace

std::unique_ptr<Pass> ingot::createLiftTokensPass() { return std::make_unique<LiftTokens>(); }
std::unique_ptr<Pass> ingot::createUnliftTokensPass() { return std::make_unique<UnliftTokens>(); }
std::unique_ptr<Pass> ingot::createVerifyTokensPass() { return std::make_unique<VerifyTokens>(); }
