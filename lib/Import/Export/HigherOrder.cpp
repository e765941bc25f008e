//===- HigherOrder.cpp - operators that carry graphs ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Importer.h"

#include <limits>

using namespace llvm;
using namespace mlir;
using namespace ingot;
using namespace ingot::exported;

const json::Value *Importer::nodeInput(const Json *node, unsigned position) {
  ArrayRef<Json> inputs = json.array(node, "inputs");
  if (position < inputs.size())
    return json.member(&inputs[position], "arg");
  json.fail(node, "the node has only " + Twine(inputs.size()) + " inputs");
  return node;
}

const json::Value *Importer::graphInput(const Json *node, unsigned position) {
  const Json *arg = nodeInput(node, position);
  auto [tag, payload] = json.tagged(arg);
  if (!json.failed() && tag != "as_graph")
    json.fail(arg, "expected a graph, found '" + tag + "'");
  return json.member(payload, "graph");
}

/// The values of an argument, a list's one by one.
LogicalResult Importer::flatten(const Json *arg, Scope &scope, SmallVectorImpl<Value> &values) {
  Value value = argument(arg, nullptr, scope);
  if (!value)
    return failure();
  auto list = value.getDefiningOp<script::ListOp>();
  if (!list) {
    values.push_back(value);
    return success();
  }
  llvm::append_range(values, list.getElements());
  list.erase();
  return success();
}

LogicalResult Importer::flattenFrom(const Json *node, unsigned first, Scope &scope, SmallVectorImpl<Value> &values) {
  for (const Json &input :
       json.array(node, "inputs").drop_front(std::min<size_t>(first, json.array(node, "inputs").size())))
    if (failed(flatten(json.member(&input, "arg"), scope, values)))
      return failure();
  return failure(json.failed());
}

FailureOr<SmallVector<Value>> Importer::inlineGraph(const Json *graph, ValueRange operands) {
  ArrayRef<Json> inputs = json.array(graph, "inputs");
  if (json.failed())
    return failure();
  if (inputs.size() != operands.size()) {
    json.fail(graph, "the graph takes " + Twine(inputs.size()) + " inputs, but is given " + Twine(operands.size()));
    return failure();
  }
  Scope scope;
  scope.graph = graph;
  for (auto [input, operand] : zip(inputs, operands)) {
    auto [tag, payload] = json.tagged(&input);
    StringRef name;
    if (tag == "as_tensor") {
      name = json.string(payload, "name");
    } else if (tag.starts_with("as_sym_")) {
      auto [form, inner] = json.tagged(payload);
      if (form == "as_name")
        name = json.string(inner);
    }
    // A constant input is written out where the graph uses it.
    if (json.failed() || (!name.empty() && failed(define(&input, name, operand, scope))))
      return failure();
  }
  Location outer = emit.loc;
  if (failed(importNodes(graph, scope)))
    return failure();
  emit.loc = outer;
  SmallVector<Value> results;
  for (const Json &output : json.array(graph, "outputs"))
    if (failed(flatten(&output, scope, results)))
      return failure();
  if (json.failed())
    return failure();
  return results;
}

/// Binds flat results to a node's outputs, which may be one list.
LogicalResult Importer::bindFlat(const Json *node, ValueRange values, Scope &scope) {
  ArrayRef<Json> outputs = json.array(node, "outputs");
  if (outputs.size() == 1 && !json.failed()) {
    auto [tag, payload] = json.tagged(&outputs[0]);
    if (tag == "as_tensors") {
      ArrayRef<Json> items = json.array(payload);
      if (items.size() > values.size()) {
        json.fail(node, "the node has more outputs than its graphs");
        return failure();
      }
      for (auto [item, value] : zip(items, values))
        if (failed(define(&item, json.string(&item, "name"), value, scope)))
          return failure();
      return failure(json.failed());
    }
  }
  return json.failed() ? failure() : bindOutputs(node, outputs, values, scope);
}

Value Importer::toCondition(Value value) {
  if (isa<script::TensorType>(value.getType()))
    return emit.aten("aten::Bool.Tensor", {value}, emit.boolType());
  return value;
}

static bool isCondition(Value value) { return value.getType().isInteger(1); }

//===----------------------------------------------------------------------===//
// Effects
//===----------------------------------------------------------------------===//

LogicalResult Importer::importWithEffects(const Json *node, Scope &scope) {
  ArrayRef<Json> inputs = json.array(node, "inputs");
  ArrayRef<Json> outputs = json.array(node, "outputs");
  const Json *which = nodeInput(node, 1);
  auto [tag, target] = json.tagged(which);
  if (json.failed())
    return failure();
  if (tag != "as_operator" || outputs.empty()) {
    json.fail(node, "with_effects must name an operator and return a token");
    return failure();
  }
  // The order of the nodes is the order of the effects: the token goes, and the
  // normaliser threads tokens again from the operators' effects.
  if (!argument(nodeInput(node, 0), nullptr, scope) ||
      failed(bindOutputs(node, outputs.take_front(1), emit.none(), scope)))
    return failure();
  outputs = outputs.drop_front();
  if (outputs.size() == 1 && json.tagged(&outputs[0]).first == "as_none")
    outputs = {};
  return importOperator(node, json.string(target), inputs.drop_front(2), outputs, /*inEffects=*/true, scope);
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

LogicalResult Importer::importCond(const Json *node, Scope &scope) {
  Value predicate = argument(nodeInput(node, 0), nullptr, scope);
  const Json *graphs[] = {graphInput(node, 1), graphInput(node, 2)};
  SmallVector<Value> operands;
  if (!predicate || json.failed() || failed(flattenFrom(node, 3, scope, operands)))
    return failure();
  predicate = toCondition(predicate);
  if (!isCondition(predicate)) {
    json.fail(node, "the condition of cond must be a tensor or a bool");
    return failure();
  }
  // The types of the results are known once a branch is built.
  Location loc = emit.loc;
  std::unique_ptr<Block> blocks[2];
  SmallVector<Value> results[2];
  for (unsigned i = 0; i < 2; ++i) {
    blocks[i] = std::make_unique<Block>();
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(blocks[i].get());
    FailureOr<SmallVector<Value>> branch = inlineGraph(graphs[i], operands);
    if (failed(branch)) {
      // Blocks without a parent are destroyed in order of use.
      for (auto &block : blocks)
        if (block)
          block->dropAllDefinedValueUses();
      return failure();
    }
    results[i] = std::move(*branch);
    emit.loc = loc;
    script::YieldOp::create(builder, loc, results[i]);
  }
  auto choice = script::IfOp::create(builder, loc, ValueRange(results[0]).getTypes(), predicate);
  choice.getThenRegion().push_back(blocks[0].release());
  choice.getElseRegion().push_back(blocks[1].release());
  if (results[0].size() != results[1].size()) {
    json.fail(node, "the branches of cond give " + Twine(results[0].size()) + " and " + Twine(results[1].size()) +
                        " results");
    return failure();
  }
  return bindFlat(node, choice.getOutputs(), scope);
}

LogicalResult Importer::importWhileLoop(const Json *node, Scope &scope) {
  const Json *condGraph = graphInput(node, 0);
  const Json *bodyGraph = graphInput(node, 1);
  SmallVector<Value> carried, extra;
  if (json.failed() || failed(flatten(nodeInput(node, 2), scope, carried)) ||
      failed(flattenFrom(node, 3, scope, extra)))
    return failure();
  Location loc = emit.loc;
  auto condition = [&](ValueRange values) -> Value {
    SmallVector<Value> operands(values);
    operands.append(extra);
    FailureOr<SmallVector<Value>> results = inlineGraph(condGraph, operands);
    emit.loc = loc;
    if (failed(results))
      return nullptr;
    Value value = results->size() == 1 ? toCondition(results->front()) : Value();
    if (!value || !isCondition(value)) {
      json.fail(node, "the condition of while_loop must give one bool");
      return nullptr;
    }
    return value;
  };
  Value first = condition(carried);
  if (!first)
    return failure();
  Value forever = emit.integer(std::numeric_limits<int64_t>::max());
  auto loop = script::LoopOp::create(builder, loc, ValueRange(carried).getTypes(), forever, first, carried);
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Type> types = {emit.intType()};
  for (Value value : carried)
    types.push_back(value.getType());
  SmallVector<Location> locs(types.size(), loc);
  Block *body = builder.createBlock(&loop.getBody(), {}, types, locs);
  SmallVector<Value> operands(body->getArguments().drop_front());
  operands.append(extra);
  FailureOr<SmallVector<Value>> next = inlineGraph(bodyGraph, operands);
  if (failed(next))
    return failure();
  emit.loc = loc;
  if (next->size() != carried.size()) {
    json.fail(node, "the body of while_loop gives " + Twine(next->size()) + " values for " + Twine(carried.size()));
    return failure();
  }
  Value again = condition(*next);
  if (!again)
    return failure();
  SmallVector<Value> yielded = {again};
  yielded.append(*next);
  script::YieldOp::create(builder, loc, yielded);
  builder.setInsertionPointAfter(loop);
  return bindFlat(node, loop.getOutputs(), scope);
}

/// map(body, xs, extra): a scan that carries nothing.
LogicalResult Importer::importMap(const Json *node, Scope &scope) {
  SmallVector<Value> xs, extra;
  const Json *body = graphInput(node, 0);
  if (json.failed() || failed(flatten(nodeInput(node, 1), scope, xs)) || failed(flattenFrom(node, 2, scope, extra)))
    return failure();
  return importLoopOverFirst(node, body, {}, xs, extra, scope);
}

/// scan(combine, init, xs, extra): carries first, then one result per step,
/// stacked.
LogicalResult Importer::importScan(const Json *node, Scope &scope) {
  SmallVector<Value> inits, xs, extra;
  const Json *body = graphInput(node, 0);
  if (json.failed() || failed(flatten(nodeInput(node, 1), scope, inits)) ||
      failed(flatten(nodeInput(node, 2), scope, xs)) || failed(flattenFrom(node, 3, scope, extra)))
    return failure();
  return importLoopOverFirst(node, body, inits, xs, extra, scope);
}

LogicalResult Importer::importLoopOverFirst(const Json *node, const Json *graph, ArrayRef<Value> inits,
                                            ArrayRef<Value> xs, ArrayRef<Value> extra, Scope &scope) {
  size_t outputs = json.array(graph, "outputs").size();
  if (json.failed())
    return failure();
  auto isTensor = [](Value value) { return isa<script::TensorType>(value.getType()); };
  if (xs.empty() || outputs < inits.size() || !all_of(xs, isTensor)) {
    json.fail(node, "a loop over tensors needs at least one, and as many "
                    "results as it carries");
    return failure();
  }
  Location loc = emit.loc;
  Type listType = emit.listOf(emit.tensorType());
  SmallVector<Value> lists;
  for (size_t i = inits.size(); i < outputs; ++i)
    lists.push_back(emit.list(emit.tensorType(), {}));
  Value count = emit.aten("aten::size.int", {xs[0], emit.integer(0)}, emit.intType());
  auto loop = script::LoopOp::create(builder, loc, ValueRange(inits).getTypes(), count, emit.boolean(true), inits);
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Type> types = {emit.intType()};
  for (Value value : inits)
    types.push_back(value.getType());
  SmallVector<Location> locs(types.size(), loc);
  Block *body = builder.createBlock(&loop.getBody(), {}, types, locs);
  SmallVector<Value> operands(body->getArguments().drop_front());
  for (Value x : xs)
    operands.push_back(emit.aten("aten::select.int", {x, emit.integer(0), body->getArgument(0)}, emit.tensorType()));
  operands.append(extra.begin(), extra.end());
  FailureOr<SmallVector<Value>> results = inlineGraph(graph, operands);
  if (failed(results))
    return failure();
  emit.loc = loc;
  if (results->size() != outputs) {
    json.fail(graph, "the graph's outputs must be single values");
    return failure();
  }
  for (auto [list, value] : zip(lists, ArrayRef(*results).drop_front(inits.size())))
    emit.aten("aten::append.t", {list, value}, listType);
  SmallVector<Value> yielded = {emit.boolean(true)};
  llvm::append_range(yielded, ArrayRef(*results).take_front(inits.size()));
  script::YieldOp::create(builder, loc, yielded);
  builder.setInsertionPointAfter(loop);
  SmallVector<Value> values(loop.getOutputs());
  for (Value list : lists)
    values.push_back(emit.aten("aten::stack", {list, emit.integer(0)}, emit.tensorType()));
  return bindFlat(node, values, scope);
}

/// Wrappers whose body runs once, as it is.
LogicalResult Importer::importInlined(const Json *node, unsigned graphPosition, unsigned firstOperand, Scope &scope) {
  const Json *graph = graphInput(node, graphPosition);
  SmallVector<Value> operands;
  if (json.failed() || failed(flattenFrom(node, firstOperand, scope, operands)))
    return failure();
  FailureOr<SmallVector<Value>> results = inlineGraph(graph, operands);
  if (failed(results))
    return failure();
  return bindFlat(node, *results, scope);
}

LogicalResult Importer::importHigherOrder(const Json *node, StringRef name, Scope &scope) {
  if (name == "with_effects")
    return importWithEffects(node, scope);
  if (name == "cond")
    return importCond(node, scope);
  if (name == "while_loop")
    return importWhileLoop(node, scope);
  if (name == "map_impl" || name == "map")
    return importMap(node, scope);
  if (name == "scan")
    return importScan(node, scope);
  if (name == "auto_functionalized_v2" || name == "auto_functionalized")
    return importFunctionalized(node, /*byBases=*/name == "auto_functionalized_v2", scope);
  if (name == "call_torchbind")
    return importMethodOfObject(node, json.array(node, "inputs"), json.array(node, "outputs"), false, scope);
  // Gradients are not recorded at run time.
  if (name == "wrap_with_set_grad_enabled")
    return importInlined(node, 1, 2, scope);
  if (name == "invoke_subgraph")
    return importInlined(node, 0, 2, scope);
  if (name == "tag_activation_checkpoint" || name == "wrap" || name == "wrap_activation_checkpoint")
    return importInlined(node, 0, 1, scope);
  if (name == "wrap_with_autocast")
    unsupported("an autocast region is not supported before "
                "run_decompositions() has written its casts out");
  else
    unsupported("the higher-order operator '" + name + "' is not supported");
  return json.failed() ? failure() : bindUnsupported(node, scope);
}
