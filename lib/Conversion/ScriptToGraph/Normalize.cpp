//===- Normalize.cpp - methods to functions of graph ops --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Attributes.h"
#include "Custom.h"
#include "Evaluator.h"
#include "Pytree.h"
#include "Signature.h"
#include "dialects/Task/Task.h"
#include "ingot/Conversion/Signature.h"
#include "ingot/Support/Json.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Transforms/CSE.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {
class Normalizer {
public:
  Normalizer(ModuleOp script, ModuleOp graph, const NormalizeOptions &options)
      : script(script), graph(graph), options(options), specs(options.inputs), weights(script, graph),
        attributes(script, graph, weights) {
    for (InputSpec &spec : specs)
      if (spec.method.empty())
        spec.method = options.methods.size() == 1 ? options.methods[0] : "forward";
  }

  LogicalResult run();

private:
  ModuleOp script, graph;
  const NormalizeOptions &options;
  std::vector<InputSpec> specs; // with their methods
  WeightTable weights;
  AttributeTable attributes;
  bool stateFound = false;

  FailureOr<SmallVector<func::FuncOp>> chooseMethods();
  LogicalResult checkSpecs(ArrayRef<func::FuncOp> methods);
  /// How inputs whose length or content may be known at run time only come in.
  struct InputForm {
    llvm::SmallSet<unsigned, 4> staticInputs;
    bool allStatic = false;
    /// Branches and loops whose containers are written to later.
    llvm::SmallPtrSet<Operation *, 4> thawed;
    /// Set where another form is worth a try: nothing has been reported then.
    bool retry = false;
  };
  LogicalResult build(func::FuncOp method, StringRef name);
  LogicalResult build(func::FuncOp method, StringRef name, InputForm &form);
};
} // namespace

/// The message of what always raises; numbers that only a call would know are "?".
static std::string raisedText(GraphBuilder &b) {
  auto check = dyn_cast_or_null<graph::CheckOp>(b.raisePoint);
  if (!check)
    return b.raisedMessage;
  return fillHoles(b.raisedMessage, check.getValues().size(), [&](unsigned i) {
    auto known = getConstantIntValue(check.getValues()[i]);
    return known ? std::to_string(*known) : "?";
  });
}

static StringRef nameOf(func::FuncOp method) { return method->getAttrOfType<StringAttr>("script.method").getValue(); }

/// Every type that the user gave belongs to a method that is compiled, and to
/// an input of its own.
LogicalResult Normalizer::checkSpecs(ArrayRef<func::FuncOp> methods) {
  llvm::StringSet<> seen;
  for (const InputSpec &spec : specs) {
    if (spec.recorded)
      continue;
    if (!seen.insert(spec.method + ":" + spec.path).second)
      return emitError(script.getLoc()) << "the type of input '" << spec.path << "' of method '" << spec.method
                                        << "' was given twice";
    if (llvm::any_of(methods, [&](func::FuncOp fn) { return isCallOf(spec.method, nameOf(fn)); }))
      continue;
    InFlightDiagnostic error = emitError(script.getLoc())
                               << "the type of input '" << spec.path << "' was given for method '" << spec.method
                               << "', which is not compiled; compiled are ";
    llvm::interleaveComma(methods, error, [&](func::FuncOp fn) { error << "'" << nameOf(fn) << "'"; });
    return error << " (--method NAME chooses, --input 'METHOD:" << spec.path << "=TYPE' says whose input it is)";
  }
  return success();
}

FailureOr<SmallVector<func::FuncOp>> Normalizer::chooseMethods() {
  SmallVector<func::FuncOp> all, chosen;
  for (auto fn : script.getOps<func::FuncOp>())
    if (fn->hasAttr("script.method"))
      all.push_back(fn);
  std::vector<std::string> wanted = options.methods;
  if (wanted.empty()) {
    bool forward = llvm::any_of(all, [&](func::FuncOp fn) { return nameOf(fn) == "forward"; });
    if (!forward)
      chosen = all;
    else
      wanted.push_back("forward");
  }
  for (const std::string &name : wanted) {
    auto it = llvm::find_if(all, [&](func::FuncOp fn) { return nameOf(fn) == name; });
    // A module without hooks has no __call__ of its own.
    if (it == all.end() && name == "__call__")
      it = llvm::find_if(all, [&](func::FuncOp fn) { return nameOf(fn) == "forward"; });
    if (it == all.end()) {
      InFlightDiagnostic error = emitError(script.getLoc()) << "the program has no method '" << name << "'; it has ";
      llvm::interleaveComma(all, error, [&](func::FuncOp fn) { error << "'" << nameOf(fn) << "'"; });
      return error;
    }
    chosen.push_back(*it);
  }
  if (chosen.empty())
    return emitError(script.getLoc()) << "the program has no method to compile";
  return chosen;
}

/// Removes what nothing uses, users before what they use.
static void removeDead(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        removeDead(inner);
    if (isOpTriviallyDead(&op))
      op.erase();
  }
}

static bool mentionsLeaf(Attribute type, int64_t leaf) {
  auto t = dyn_cast_or_null<DictionaryAttr>(type);
  if (!t)
    return false;
  if (auto l = t.getAs<IntegerAttr>("leaf"); l && l.getInt() == leaf)
    return true;
  if (auto children = t.getAs<ArrayAttr>("children"))
    return llvm::any_of(children, [&](Attribute c) { return mentionsLeaf(c, leaf); });
  return false;
}

/// Lists, dicts, strings and optionals come in as objects of the runtime; those
/// that an operator must know at compile time, and all of them where that is not
/// enough, have the structure of the types that were given.
LogicalResult Normalizer::build(func::FuncOp method, StringRef name) {
  InputForm form;
  size_t uses = options.report ? options.report->uses.size() : 0;
  while (true) {
    form.retry = false;
    LogicalResult built = build(method, name, form);
    if (succeeded(built) || !form.retry)
      return built;
    for (auto fn : llvm::make_early_inc_range(graph.getOps<func::FuncOp>()))
      if (fn.getSymName() == name)
        fn.erase();
    if (options.report)
      options.report->uses.resize(uses);
  }
}

LogicalResult Normalizer::build(func::FuncOp method, StringRef name, InputForm &form) {
  MLIRContext *context = script.getContext();
  Location loc = method.getLoc();
  OpBuilder builder = OpBuilder::atBlockEnd(graph.getBody());
  auto fn = func::FuncOp::create(builder, loc, name, builder.getFunctionType({}, {}));
  Block *entry = fn.addEntryBlock();
  GraphBuilder b(OpBuilder::atBlockEnd(entry), loc);
  b.modes.gradients = llvm::all_of(options.inputs, [](const InputSpec &spec) { return spec.gradients; });
  b.defaultDType = options.defaultDType;
  b.thawed = form.thawed;
  Offenders offenders;
  weights.beginMethod();
  b.loadWeight = [&](Storage &storage) { return weights.load(storage, b); };
  Evaluator evaluator(script, b, weights, offenders, options);

  bool exported = method->hasAttr("script.in_spec");
  bool takesSelf = method.getNumArguments() > 0 && isa<script::ObjectType>(method.getArgument(0).getType()) &&
                   !script.getOps<script::InstanceOp>().empty();
  InputBuilder inputs(b, entry, script);
  inputs.staticInputs = form.staticInputs;
  inputs.allStatic = form.allStatic;
  std::vector<AV> args, results;
  if (failed(inputs.build(method, takesSelf ? 1 : 0, name, specs, args)))
    return failure();
  // Defaults that the caller leaves out are filled in by the call.
  for (auto [i, e] : llvm::enumerate(inputs.entries))
    if (!e.type)
      if (Attribute value = method.getArgAttr(i + takesSelf, "script.default"))
        args[i] = evaluator.constantOf(value, method.getArgument(i + takesSelf).getType());
  if (takesSelf) {
    args.insert(args.begin(), evaluator.evaluateInstance());
    attributes.load(args[0], b);
  }
  evaluator.prepare();
  Evaluator::Flow flow = Evaluator::Flow::Raised;
  if (inputs.contradiction)
    b.raise("RuntimeError", "the method does not take the arguments that it was compiled for");
  else
    flow = evaluator.callFunction(method.getSymName(), loc, args, results);
  // Built again with the new state: what was refused may be compiled then.
  if (takesSelf && attributes.note(b)) {
    stateFound = true;
    return success();
  }
  // Another form of the inputs, before anything is reported.
  auto retry = [&] {
    bool thaws = false;
    for (Operation *op : b.toThaw)
      thaws |= form.thawed.insert(op).second;
    if (thaws)
      return form.retry = true;
    if (!inputs.hasObjects || form.allStatic)
      return false;
    bool more = false;
    for (unsigned i : b.staticInputs)
      more |= form.staticInputs.insert(i).second;
    form.allStatic = !more;
    return form.retry = true;
  };

  AV output = results.size() == 1 && !exported ? results[0] : AV::tuple(results);
  auto kinds = method->getAttrOfType<ArrayAttr>("script.outputs");
  if (flow == Evaluator::Flow::Normal && kinds) {
    // A joint program: flat, as its signature has it, each result by its spec.
    for (StringAttr kind : kinds.getAsRange<StringAttr>())
      output.getTuple().names.push_back(kind.str());
    output.getTuple().className = "JointOutput";
  } else if (flow == Evaluator::Flow::Normal && exported) {
    auto spec = method->getAttrOfType<StringAttr>("script.out_spec");
    llvm::Expected<llvm::json::Value> tree = parseJson(spec ? spec.getValue() : "null");
    size_t next = 0;
    if (!tree)
      llvm::consumeError(tree.takeError());
    else if (auto *versioned = tree->getAsArray(); versioned && versioned->size() == 2)
      if (std::optional<AV> v = unflatten((*versioned)[1], results, next))
        output = *v;
  }
  if (flow == Evaluator::Flow::Normal)
    flow = evaluator.finishTasks(loc, output);
  if (!offenders.empty()) {
    if (!retry())
      offenders.emit(loc);
    return failure();
  }
  assert(flow != Evaluator::Flow::Failed && "a failure has an offender");

  if (flow == Evaluator::Flow::Raised && options.refuseAlwaysRaising)
    return emitError(b.raisePoint ? b.raisePoint->getLoc() : loc)
           << "with inputs of these types the program always raises " << b.raisedException << ": " << raisedText(b);

  Builder &B = b.b;
  b.loc = loc;
  OutputBuilder outputs(b, inputs.leaves);
  Attribute outputType = signatureType(context, "none");
  if (flow == Evaluator::Flow::Normal) {
    // Mutations are written back once. Results that are views show what was written: they are
    // aliases of the argument.
    for (AV &leaf : inputs.leaves) {
      if (!leaf.isTensor())
        continue;
      Storage &storage = *leaf.getTensor()->node->storage;
      using Layout = GraphBuilder::Layout;
      Layout layout = b.layouts.lookup(storage.inputLeaf);
      if (layout == Layout::RowMajor || (layout == Layout::RowMajorIfWritten && storage.mutated()))
        for (InputEntry &e : inputs.entries)
          e.rowMajor |= mentionsLeaf(e.type, storage.inputLeaf);
      if (!storage.mutated())
        continue;
      BlockArgument arg = entry->getArgument(storage.inputLeaf);
      graph::WriteBackOp::create(b.b, loc, b.expand(storage.base, graph::getSizes(b.type(arg))), arg);
      for (InputEntry &e : inputs.entries)
        e.mutated |= mentionsLeaf(e.type, storage.inputLeaf);
    }
    auto refuse = [&](Location where, const Twine &what) { offenders.add(where, what); };
    if (takesSelf)
      attributes.store(b, refuse);
    if (usesScriptObjects(fn))
      attributes.lockObjects(b);
    stateFound |= weights.storeAll(b, [&](Location where, const Twine &what) { offenders.add(where, what); });
    b.sinkTokens();
    outputType = outputs.build(output);
    if (!outputType)
      offenders.add(loc, outputs.problem);
    if (!offenders.empty()) {
      if (!retry())
        offenders.emit(loc);
      return failure();
    }
  } else {
    b.raised = false;
    b.sinkTokens();
  }
  func::ReturnOp::create(b.b, loc, outputs.results);
  fn.setFunctionType(B.getFunctionType(entry->getArgumentTypes(), ValueRange(outputs.results).getTypes()));

  SmallVector<Attribute> entries, symbols;
  for (auto [i, e] : llvm::enumerate(inputs.entries)) {
    SmallVector<NamedAttribute> fields{B.getNamedAttr("name", B.getStringAttr(e.name))};
    if (!e.type) {
      e.type = constantType(args[i + takesSelf], b);
      if (!e.type)
        e.type = signatureType(context, "none");
    }
    fields.push_back(B.getNamedAttr("type", e.type));
    if (e.mutated)
      fields.push_back(B.getNamedAttr("mutated", B.getBoolAttr(true)));
    if (e.rowMajor)
      fields.push_back(B.getNamedAttr("row_major", B.getUnitAttr()));
    if (e.hasDefault)
      fields.push_back(B.getNamedAttr("default", B.getBoolAttr(true)));
    entries.push_back(B.getDictionaryAttr(fields));
  }
  for (const SymbolInfo &s : b.symbols)
    symbols.push_back(B.getDictionaryAttr({B.getNamedAttr("name", B.getStringAttr(s.name)),
                                           B.getNamedAttr("min", B.getI64IntegerAttr(s.range.min)),
                                           B.getNamedAttr("max", B.getI64IntegerAttr(s.range.max))}));
  fn->setAttr(signature::methodAttr, B.getStringAttr(name));
  fn->setAttr(signature::symbolsAttr, B.getArrayAttr(symbols));
  fn->setAttr(
      signature::signatureAttr,
      B.getDictionaryAttr({B.getNamedAttr("inputs", B.getArrayAttr(entries)), B.getNamedAttr("output", outputType),
                           B.getNamedAttr("input_leaves", B.getI64IntegerAttr(entry->getNumArguments())),
                           B.getNamedAttr("results", B.getI64IntegerAttr(outputs.results.size()))}));
  removeDead(*entry);
  IRRewriter rewriter(context);
  DominanceInfo dominance(fn);
  eliminateCommonSubExpressions(rewriter, dominance, fn);
  return success();
}

LogicalResult Normalizer::run() {
  FailureOr<SmallVector<func::FuncOp>> methods = chooseMethods();
  if (failed(methods) || failed(checkSpecs(*methods)))
    return failure();
  for (NamedAttribute a : script->getAttrs())
    if (a.getName() == "script.source" || a.getName() == "script.format")
      graph->setAttr(a.getName(), a.getValue());
  // A weight that turns out to be state is loaded as such by every method.
  do {
    stateFound = false;
    for (auto fn : llvm::make_early_inc_range(graph.getOps<func::FuncOp>()))
      fn.erase();
    if (options.report)
      options.report->uses.clear();
    bool ok = true;
    for (func::FuncOp method : *methods)
      ok &= succeeded(build(method, nameOf(method)));
    if (!ok)
      return failure();
  } while (stateFound);
  // Weights of a first round that are constants or unused now.
  SymbolTable symbols(graph);
  for (auto weight : llvm::make_early_inc_range(graph.getOps<graph::WeightOp>()))
    if (SymbolTable::symbolKnownUseEmpty(weight, graph))
      weight.erase();
  return verify(graph);
}

LogicalResult ingot::normalize(ModuleOp scriptModule, const NormalizeOptions &options,
                               OwningOpRef<ModuleOp> &graphModule) {
  MLIRContext *context = scriptModule.getContext();
  context
      ->loadDialect<graph::GraphDialect, task::TaskDialect, arith::ArithDialect, func::FuncDialect, scf::SCFDialect>();
  OwningOpRef<ModuleOp> module = ModuleOp::create(scriptModule.getLoc());
  if (failed(Normalizer(scriptModule, *module, options).run()))
    return failure();
  graphModule = std::move(module);
  return success();
}

bool ingot::isOperatorCompiled(StringRef fullName) { return isOperatorSupported(fullName); }
