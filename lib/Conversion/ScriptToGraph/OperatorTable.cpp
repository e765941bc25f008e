//===- OperatorTable.cpp - look-up, in-place and out= variants --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "MemoryOrder.h"
#include "RuntimeValue.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using schema::OperatorSchema;

static const llvm::StringMap<OperatorFn> &table() {
  static const llvm::StringMap<OperatorFn> rows = [] {
    llvm::StringMap<OperatorFn> map;
    for (ArrayRef<OperatorRow> family :
         {elementwiseOperators(),   activationOperators(), reductionOperators(),     linearOperators(),
          contractionOperators(),   lossOperators(),       convolutionOperators(),   poolingOperators(),
          normalizationOperators(), attentionOperators(),  viewOperators(),          reshapeOperators(),
          partOperators(),          shapeOperators(),      indexingOperators(),      creationOperators(),
          sortingOperators(),       randomOperators(),     recurrentOperators(),     specialOperators(),
          scalarOperators(),        numberOperators(),     numberFunctions(),        containerOperators(),
          textOperators(),          effectOperators(),     fourierOperators(),       factorizationOperators(),
          spectralOperators(),      searchOperators(),     samplingOperators(),      windowOperators(),
          statisticsOperators(),    activationGradients(), normalizationGradients(), indexingGradients(),
          windowGradients()})
      for (const OperatorRow &row : family) {
        [[maybe_unused]] bool isNew = map.insert({row.name, row.function}).second;
        assert(isNew && "an operator has two rows");
      }
    return map;
  }();
  return rows;
}

OperatorFn eval::findOperator(StringRef fullName) {
  if (OperatorFn f = table().lookup(fullName))
    return f;
  return table().lookup((fullName.split('.').first + ".*").str());
}

namespace {
/// How a variant is made from a functional operator.
struct Derived {
  enum Kind { None, InPlace, Out, Copy } kind = None;
  const OperatorSchema *functional = nullptr;
};
} // namespace

static std::string qualified(StringRef ns, StringRef name, StringRef overload) {
  std::string s = (ns + "::" + name).str();
  return overload.empty() ? s : s + "." + overload.str();
}

/// The functional overload that takes the arguments which are not written.
static const OperatorSchema *functionalOf(const OperatorSchema &s) {
  for (StringRef candidate : schema::overloads(qualified(s.ns, s.name, ""))) {
    const OperatorSchema *f = schema::lookup(candidate);
    if (!f || f->isMutable())
      continue;
    size_t i = 0;
    bool same = true;
    for (const schema::Argument &a : s.arguments) {
      if (a.isWrite())
        continue;
      same &= i < f->arguments.size() && f->arguments[i].name == a.name && f->arguments[i].type.str() == a.type.str();
      ++i;
    }
    // Factories take dtype, layout, ... where their out= forms take a tensor.
    for (; same && i < f->arguments.size(); ++i)
      same = f->arguments[i].kwargOnly && f->arguments[i].defaultValue;
    if (same)
      return f;
  }
  return nullptr;
}

static Derived derive(const OperatorSchema &s) {
  Derived d;
  if (s.isMutable()) {
    bool inPlace = !s.arguments.empty() && s.arguments[0].isWrite();
    if (inPlace && (StringRef(s.name).ends_with("_") || StringRef(s.name).starts_with("__i"))) {
      std::string base = StringRef(s.name).starts_with("__i") && StringRef(s.name).ends_with("__")
                             ? s.name.substr(3, s.name.size() - 5)
                             : s.name.substr(0, s.name.size() - 1);
      for (std::string name : {qualified(s.ns, base, s.overload), qualified(s.ns, "__" + base + "__", s.overload)})
        // ldexp of a float and an int is no form of ldexp_.
        if ((d.functional = schema::lookup(name)) && findOperator(name) &&
            d.functional->argumentIndex(s.arguments[0].name) >= 0) {
          d.kind = Derived::InPlace;
          return d;
        }
      // An overload of another name with these arguments: pow_.Tensor, pow.Tensor_Tensor.
      for (StringRef o : schema::overloads(qualified(s.ns, base, ""))) {
        const OperatorSchema *f = schema::lookup(o);
        auto same = [](const schema::Argument &x, const schema::Argument &y) {
          return x.name == y.name && x.type.str() == y.type.str();
        };
        if (f && !f->isMutable() && findOperator(o) && llvm::equal(f->arguments, s.arguments, same)) {
          d.functional = f;
          d.kind = Derived::InPlace;
          return d;
        }
      }
      return {};
    }
    d.functional = functionalOf(s); // which may be derived itself: permute_copy.out
    if (d.functional && isOperatorSupported(d.functional->fullName))
      d.kind = Derived::Out;
    return d.kind ? d : Derived();
  }
  if (StringRef(s.name).ends_with("_copy")) {
    std::string base = s.name.substr(0, s.name.size() - 5);
    d.functional = schema::lookup(qualified(s.ns, base, s.overload));
    if (!d.functional)
      for (StringRef o : schema::overloads(qualified(s.ns, base, "")))
        if (StringRef(o).ends_with(s.overload) && findOperator(o))
          d.functional = schema::lookup(o);
    if (d.functional && d.functional->arguments.size() == s.arguments.size() && findOperator(d.functional->fullName)) {
      d.kind = Derived::Copy;
      return d;
    }
  }
  return {};
}

/// The function that runs for the operator as it stands.
static OperatorFn directFunction(StringRef fullName, const OperatorSchema &s) {
  if (OperatorFn f = table().lookup(fullName))
    return f;
  return s.isMutable() ? nullptr : findOperator(fullName);
}

bool eval::isOperatorSupported(StringRef fullName) {
  if (table().contains(fullName) || isRuntimeOperator(fullName))
    return true;
  const OperatorSchema *s = schema::lookup(fullName);
  return s && (directFunction(fullName, *s) || derive(*s).kind != Derived::None);
}

static AV defaultValue(const schema::Argument &arg, MLIRContext *context) {
  if (!arg.defaultValue)
    return AV::none();
  const auto &v = arg.defaultValue->value;
  auto ints = [&](int64_t i) { return AV::integer(i, context); };
  if (auto *i = std::get_if<int64_t>(&v))
    return ints(*i);
  if (auto *f = std::get_if<double>(&v))
    return AV::real(*f);
  if (auto *flag = std::get_if<bool>(&v))
    return AV::boolean(*flag);
  if (auto *s = std::get_if<std::string>(&v))
    return AV::str(*s);
  std::vector<AV> list;
  if (auto *l = std::get_if<std::vector<int64_t>>(&v))
    for (int64_t i : *l)
      list.push_back(ints(i));
  else if (auto *l = std::get_if<std::vector<double>>(&v))
    for (double f : *l)
      list.push_back(AV::real(f));
  else if (auto *l = std::get_if<std::vector<bool>>(&v))
    for (bool f : *l)
      list.push_back(AV::boolean(f));
  else
    return AV::none();
  return AV::list(std::move(list));
}

static std::vector<AV> unknownResults(const OperatorSchema &s) {
  return std::vector<AV>(std::max<size_t>(1, s.results.size()), AV::unknown());
}

/// Operators of several steps that round once, as ATen's kernels do, which
/// compute f16 and bf16 in f32.
static bool roundsOnce(StringRef name) {
  static constexpr StringRef names[] = {"addbmm",
                                        "addcdiv",
                                        "addcmul",
                                        "addmm",
                                        "addmv",
                                        "addr",
                                        "baddbmm",
                                        "binary_cross_entropy",
                                        "binary_cross_entropy_with_logits",
                                        "conv1d",
                                        "conv2d",
                                        "conv3d",
                                        "conv_transpose1d",
                                        "conv_transpose2d",
                                        "conv_transpose3d",
                                        "_convolution",
                                        "convolution",
                                        "_convolution_mode",
                                        "cosine_embedding_loss",
                                        "cross_entropy_loss",
                                        "deg2rad",
                                        "dist",
                                        "hinge_embedding_loss",
                                        "huber_loss",
                                        "kl_div",
                                        "l1_loss",
                                        "lerp",
                                        "linear",
                                        "logaddexp",
                                        "logaddexp2",
                                        "logit",
                                        "logsumexp",
                                        "margin_ranking_loss",
                                        "mse_loss",
                                        "multi_margin_loss",
                                        "multilabel_margin_loss",
                                        "mvlgamma",
                                        "nll_loss",
                                        "nll_loss2d",
                                        "nll_loss_nd",
                                        "pairwise_distance",
                                        "poisson_nll_loss",
                                        "prod",
                                        "rad2deg",
                                        "renorm",
                                        "scaled_dot_product_attention",
                                        "sinc",
                                        "smooth_l1_loss",
                                        "special_logit",
                                        "special_multigammaln",
                                        "special_sinc",
                                        "special_xlog1py",
                                        "special_xlogy",
                                        "std",
                                        "std_mean",
                                        "triplet_margin_loss",
                                        "var_mean",
                                        "xlogy"};
  return llvm::is_contained(names, name);
}

/// The one 16-bit float dtype of all tensors that are floats; -1 where there is none.
static int64_t halfDType(ArrayRef<AV> args) {
  int64_t half = -1;
  for (const AV &a : args) {
    if (!a.isTensor() || a.getTensor()->wrappedNumber)
      continue;
    int64_t d = typeToDType(a.getTensor()->node->elementType);
    if (!GraphBuilder::isFloating(d))
      continue;
    if (dtypeSize(d) != 2 || (half >= 0 && half != d))
      return -1;
    half = d;
  }
  return half;
}

static bool needsGrad(const AV &v) {
  if (v.isTensor())
    return v.getTensor()->needsGrad();
  return (v.is(AV::Kind::List) || v.is(AV::Kind::Tuple)) && llvm::any_of(v.elements(), needsGrad);
}

/// Whether what the operator computes of a tensor that needs gradients does not need them.
static bool endsHistory(StringRef name) {
  return name.starts_with("detach") || name.starts_with("new_") || name.ends_with("_like") ||
         name == "requires_grad_" || name == "as_tensor" || name == "tensor" || name == "data";
}

static void noteHistory(const AV &v, ArrayRef<AV> args) {
  if (v.is(AV::Kind::List) || v.is(AV::Kind::Tuple))
    for (const AV &e : v.elements())
      noteHistory(e, args);
  if (!v.isTensor() || llvm::any_of(args, [&](const AV &a) { return a.identity() == v.identity(); }))
    return;
  int64_t dtype = typeToDType(v.getTensor()->node->elementType);
  v.getTensor()->hasHistory |= GraphBuilder::isFloating(dtype) || GraphBuilder::isComplex(dtype);
}

static std::vector<AV> call(GraphBuilder &b, OperatorFn f, const OperatorSchema &s, ArrayRef<AV> args) {
  int64_t half = roundsOnce(s.name) ? halfDType(args) : -1;
  SmallVector<AV> wide(args);
  if (half >= 0)
    for (AV &a : wide)
      if (a.isTensor() && typeToDType(a.getTensor()->node->elementType) == half)
        a = b.fresh(b.cast(b.read(a), int64_t(DType::Float32)));
  OpCall c(b, s, wide);
  Result r = f(c);
  if (half >= 0 && !b.failed())
    for (Result::Item &item : r.items)
      if (item.value && b.dtype(item.value) == int64_t(DType::Float32))
        item.value = b.cast(item.value, half);
  if (b.failed())
    return unknownResults(s);
  std::vector<AV> out;
  for (Result::Item &item : r.items)
    out.push_back(item.value ? laidOut(b, s, args, item.value) : std::move(item.abstract));
  if (b.modes.gradients && !endsHistory(s.name) && llvm::any_of(args, needsGrad))
    for (const AV &v : out)
      noteHistory(v, args);
  return out;
}

/// A view operator in place (transpose_, unsqueeze_) changes the object and not
/// its elements.
static std::vector<AV> runInPlace(GraphBuilder &b, const OperatorSchema &s, const OperatorSchema &f,
                                  ArrayRef<AV> given) {
  const AV self = given[0];
  SmallVector<AV> args(given); // polygamma's are in another order than polygamma_'s
  for (auto [i, a] : llvm::enumerate(f.arguments))
    if (int64_t from = s.argumentIndex(a.name); from >= 0 && i < args.size())
      args[i] = given[from];
  if (!self.isTensor()) {
    b.unsupported("its first argument is " + typeName(self) + ", not a tensor");
    return unknownResults(s);
  }
  if (f.isView()) {
    std::vector<AV> out = call(b, findOperator(f.fullName), f, args);
    if (b.failed())
      return unknownResults(s);
    TensorObject &t = *self.getTensor();
    if (t.isInput)
      b.unsupported("it changes the sizes of an input in place");
    t.node = out[0].getTensor()->node;
    return {self};
  }
  if (self.getTensor()->isInput && self.getTensor()->requiresGrad && b.modes.gradients)
    b.raise("RuntimeError", "a leaf Variable that requires grad is being used in an in-place operation.");
  std::vector<AV> out = call(b, findOperator(f.fullName), f, args);
  if (b.failed())
    return unknownResults(s);
  Value v = b.read(out[0]), old = b.read(self);
  int64_t have = b.dtype(v), want = b.dtype(old);
  if (!b.canCast(have, want)) {
    b.raise("RuntimeError", "result type " + b.scalarTypeName(have) + " can't be cast to the desired output type " +
                                b.scalarTypeName(want));
    return unknownResults(s);
  }
  Sizes from = b.sizes(v), to = b.sizes(old);
  SmallVector<Int> holes;
  std::string message = "output with shape " + b.sizesText(to, holes);
  message += " doesn't match the broadcast shape " + b.sizesText(from, holes);
  if (from.size() != to.size())
    b.check(AV::boolean(false), "RuntimeError", message, holes);
  else
    for (auto [x, y] : llvm::zip(to, from))
      b.checkEqual(x, y, "RuntimeError", message, holes);
  if (!b.failed())
    b.write(self, b.cast(v, want));
  self.getTensor()->hasHistory |= out[0].isTensor() && out[0].getTensor()->hasHistory;
  return {self};
}

static std::vector<AV> runOut(GraphBuilder &b, const OperatorSchema &s, const OperatorSchema &f, ArrayRef<AV> args) {
  SmallVector<AV> inputs, outputs;
  for (auto [a, v] : llvm::zip(s.arguments, args))
    (a.isWrite() ? outputs : inputs).push_back(v);
  if (outputs.size() == 1 && outputs[0].is(AV::Kind::List)) {
    std::vector<AV> list = outputs[0].elements();
    outputs.assign(list.begin(), list.end());
  }
  for (size_t i = inputs.size(); i < f.arguments.size(); ++i)
    inputs.push_back(f.arguments[i].name == "dtype" && !outputs.empty() && outputs[0].isTensor()
                         ? AV::integer(b.dtype(b.read(outputs[0])), b.context())
                         : defaultValue(f.arguments[i], b.context()));
  OperatorFn own = findOperator(f.fullName);
  std::vector<AV> out = own ? call(b, own, f, inputs) : runOperator(b, f.fullName, inputs);
  if (b.failed())
    return unknownResults(s);
  if (out.size() == 1 && out[0].is(AV::Kind::List))
    out = out[0].elements();
  if (out.size() != outputs.size()) {
    b.unsupported("its out= arguments are not compiled yet");
    return unknownResults(s);
  }
  for (auto [to, value] : llvm::zip(outputs, out)) {
    if (!to.isTensor() || !value.isTensor()) {
      b.unsupported("its out= arguments are not compiled yet");
      return unknownResults(s);
    }
    Value v = b.read(value), old = b.read(to);
    if (!b.canCast(b.dtype(v), b.dtype(old))) {
      b.raise("RuntimeError", "result type " + b.scalarTypeName(b.dtype(v)) +
                                  " can't be cast to the desired output type " + b.scalarTypeName(b.dtype(old)));
      return unknownResults(s);
    }
    v = b.cast(v, b.dtype(old));
    bool same = b.rank(v) == b.rank(old);
    if (same)
      for (auto [x, y] : llvm::zip(b.sizes(v), b.sizes(old)))
        same &= equal(b.resolve(x), b.resolve(y));
    if (same) {
      b.write(to, v);
      continue;
    }
    // torch resizes the out= tensor.
    TensorObject &t = *to.getTensor();
    if (t.isInput || t.node->storage->origin != Storage::Origin::Fresh || t.node->parent) {
      b.unsupported("it resizes an out= argument that is an input or a view");
      return unknownResults(s);
    }
    t.node = b.fresh(v).getTensor()->node;
  }
  return std::vector<AV>(outputs.begin(), outputs.end());
}

static bool holdsUnknown(const AV &v) {
  if (v.isUnknown())
    return true;
  if (v.is(AV::Kind::List) || v.is(AV::Kind::Tuple))
    return llvm::any_of(v.elements(), holdsUnknown);
  return false;
}

/// Inputs that must have their structure known for the operator.
static void blame(GraphBuilder &b, const AV &v) {
  if (v.isRuntime() && v.getRuntime().input >= 0)
    b.staticInputs.insert(v.getRuntime().input);
}

/// The operator on objects of the runtime; nullopt: it has no such form.
static std::optional<std::vector<AV>> runOnObjects(GraphBuilder &b, StringRef fullName, const OperatorSchema &s,
                                                   ArrayRef<AV> args) {
  // What is refused already spreads silently.
  if (llvm::any_of(args, [](const AV &a) { return a.isUnknown(); }))
    return isRuntimeOperator(fullName) ? std::optional(unknownResults(s)) : std::nullopt;
  OpCall c(b, s, args);
  std::optional<Result> r = runRuntimeOperator(c, fullName);
  if (!r)
    return std::nullopt;
  if (b.failed())
    return unknownResults(s);
  std::vector<AV> out;
  for (Result::Item &item : r->items) {
    out.push_back(item.value ? b.fresh(item.value) : std::move(item.abstract));
    if (out.back().isRuntime() && out.back().getRuntime().input < 0 && args[0].isRuntime())
      out.back().getRuntime().input = args[0].getRuntime().input;
  }
  return out;
}

/// What ATen does where an element is written twice: these operators do not refuse it.
static GraphBuilder::Repeats repeatsOf(GraphBuilder &b, const OperatorSchema &s, ArrayRef<AV> args) {
  using Repeats = GraphBuilder::Repeats;
  StringRef name = s.name;
  if (name == "zero_" || (name == "fill_" && s.overload == "Scalar"))
    return Repeats::Fill;
  static constexpr StringRef replacing[] = {"masked_fill_",   "index_fill_", "threshold_",
                                            "fill_diagonal_", "tril_",       "triu_"};
  if (llvm::is_contained(replacing, name))
    return Repeats::Replace;
  if (name != "index_put_" && name != "_index_put_impl_")
    return Repeats::Raise;
  bool one = args[2].isTensor() && isKnown(numElements(args[2].getTensor()->node->sizes, b.context()), 1);
  return one && args[3].knownBool() == false ? Repeats::Replace : Repeats::Order;
}

std::vector<AV> eval::runOperator(GraphBuilder &b, StringRef fullName, ArrayRef<AV> given) {
  // A few interpreter operators (prim::*) are registered without a schema.
  static const OperatorSchema noSchema;
  const OperatorSchema *s = schema::lookup(fullName);
  if (!s && table().contains(fullName))
    s = &noSchema;
  if (!s) {
    StringRef space = fullName.split("::").first;
    b.unsupported(space == "aten" || space == "prim" || space == "prims"
                      ? "there is no such operator"
                      : "it is no operator of torch: a custom operator needs its schema, --operators FILE");
    return {AV::unknown()};
  }
  // Poison spreads silently; containers may hold what they like.
  bool container = s->isVararg || s == &noSchema;
  for (const schema::Argument &a : s->arguments)
    container |= a.type.stripOptional().kind == schema::TypeKind::Var ||
                 (a.type.isList() && a.type.elements[0].kind == schema::TypeKind::Var);
  if (!container && llvm::any_of(given, holdsUnknown))
    return unknownResults(*s);
  SmallVector<AV> args(given.begin(), given.end());
  for (size_t i = args.size(); i < s->arguments.size(); ++i)
    args.push_back(defaultValue(s->arguments[i], b.context()));
  llvm::SaveAndRestore writes(b.repeats, repeatsOf(b, *s, args));
  // A library computes on the CPU.
  for (auto [i, a] : llvm::enumerate(args))
    if (a.isRuntime() && a.getRuntime().type.kind == Spec::Device && i < s->arguments.size() && i > 0 &&
        s->arguments[i].type.stripOptional().kind == schema::TypeKind::Device) {
      Value cpu = toObject(b, AV::text(AV::Kind::Device, "cpu"));
      Value same = callRuntime(b, "equal", {a.getRuntime().handle, cpu}, b.b.getI1Type());
      b.check(AV::runtime(same), "RuntimeError", "the library computes on the CPU only");
      a = AV::text(AV::Kind::Device, "cpu");
    }
  bool objects = llvm::any_of(args, [](const AV &a) { return a.isRuntime(); });
  bool known = !args.empty() && (args[0].is(AV::Kind::List) || args[0].is(AV::Kind::Dict));
  if (objects && !known) {
    if (auto out = runOnObjects(b, fullName, *s, args))
      return *out;
    b.unsupported("an argument whose structure is known at run time only");
    llvm::for_each(args, [&](const AV &a) { blame(b, a); });
    return unknownResults(*s);
  }
  if (OperatorFn f = directFunction(fullName, *s)) {
    std::vector<AV> out = call(b, f, *s, args);
    if (!b.unsupportedReason || b.raised)
      return out;
    // What the values at compile time do not decide is decided at run time.
    std::string reason = std::move(*b.unsupportedReason);
    b.unsupportedReason.reset();
    if (auto later = runOnObjects(b, fullName, *s, args)) {
      if (b.unsupportedReason)
        llvm::for_each(args, [&](const AV &a) { blame(b, a); });
      return *later;
    }
    b.unsupportedReason = std::move(reason);
    llvm::for_each(args, [&](const AV &a) { blame(b, a); });
    return out;
  }
  if (auto out = runOnObjects(b, fullName, *s, args))
    return *out;
  Derived d = derive(*s);
  switch (d.kind) {
  case Derived::None:
    b.unsupported("");
    return unknownResults(*s);
  case Derived::InPlace:
    return runInPlace(b, *s, *d.functional, args);
  case Derived::Out:
    return runOut(b, *s, *d.functional, args);
  case Derived::Copy: {
    std::vector<AV> out = call(b, findOperator(d.functional->fullName), *d.functional, args);
    auto copy = [&](AV &v) {
      if (v.isTensor())
        v = b.fresh(b.read(v));
    };
    for (AV &v : out) {
      if (v.is(AV::Kind::List))
        for (AV &e : v.elements())
          copy(e);
      copy(v);
    }
    return out;
  }
  }
  llvm_unreachable("all kinds are listed");
}
