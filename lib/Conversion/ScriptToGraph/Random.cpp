//===- Random.cpp - operators that draw random numbers ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The generator is a state of the instance, "rng_state", whose bytes are those of
// torch.get_rng_state(): a draw takes it and gives the next one, so draws are
// ordered as the program has them by their data alone.
#include "MemoryOrder.h"
#include "Native.h"
#include "OperatorCalls.h"
#include "ingot/ABI/generator.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

constexpr int64_t kFloat = int64_t(DType::Float32), kDouble = int64_t(DType::Float64), kLong = int64_t(DType::Int64);
constexpr int64_t kGeneratorBytes = INGOT_ABI_GENERATOR_BYTES;

/// Runs a kernel that draws: its results after the generator.
Value draw(OpCall &c, StringRef kernel, ArrayRef<Value> inputs, ArrayRef<Int> sizes, int64_t dtype,
           ArrayRef<int64_t> parameters = {}) {
  GraphBuilder &b = c.b;
  bool own = c.has("generator");
  if (own && !c.arg("generator").isTensor())
    b.unsupported("with a generator that the program does not make");
  if (b.failed())
    return b.placeholder(sizes, dtype);
  Values operands{own ? c.value("generator") : b.generatorState()};
  llvm::append_range(operands, inputs);
  Values out = native(b, kernel, operands, {{{b.size(kGeneratorBytes)}, int64_t(DType::UInt8)}, {Sizes(sizes), dtype}},
                      0, parameters);
  if (own)
    b.write(c.tensor("generator"), out[0]);
  else
    b.setGenerator(out[0]);
  return out[1];
}

bool drawable(OpCall &c, int64_t dtype) {
  if (c.b.isFloating(dtype))
    return true;
  c.b.raise("RuntimeError", "\"" + c.schema.name + "\" not implemented for '" + c.b.scalarTypeName(dtype) + "'");
  return false;
}

Value uniform(OpCall &c, ArrayRef<Int> sizes, int64_t dtype, double from, double to) {
  GraphBuilder &b = c.b;
  Value v = b.cast(draw(c, "random_uniform", {}, sizes, computeDType(dtype), {bitsOf(from), bitsOf(to)}), dtype);
  if (!isHalf(dtype)) // rounded up to the end: the beginning
    return v;
  return b.where(b.compare<graph::EqOp>(v, b.scalar(to, dtype)), b.full(b.sizes(v), from, dtype), v);
}
/// Blocks of 16 go to contiguous memory only.
Value normal(OpCall &c, ArrayRef<Int> sizes, int64_t dtype, double mean, double deviation, bool contiguous = true) {
  int64_t mode = !contiguous ? 1 : isHalf(dtype) ? 2 : 0;
  return c.b.cast(draw(c, "random_normal", {}, sizes, computeDType(dtype), {bitsOf(mean), bitsOf(deviation), mode}),
                  dtype);
}

/// Complex numbers are drawn as pairs.
template <typename Draw>
Value ofKind(OpCall &c, ArrayRef<Int> sizes, int64_t dtype, Draw body) {
  GraphBuilder &b = c.b;
  if (!b.isComplex(dtype))
    return drawable(c, dtype) ? body(Sizes(sizes), dtype, false) : b.placeholder(sizes, dtype);
  Sizes pairs(sizes);
  pairs.push_back(b.size(2));
  Value v = body(pairs, b.realOf(dtype), true);
  int64_t last = sizes.size();
  return graph::ComplexOp::create(b.b, b.loc, b.tensorType(sizes, dtype), b.select(v, last, b.size(0)),
                                  b.select(v, last, b.size(1)));
}
Value unitUniform(OpCall &c, ArrayRef<Int> sizes, int64_t dtype) {
  return ofKind(c, sizes, dtype, [&](const Sizes &s, int64_t d, bool) { return uniform(c, s, d, 0, 1); });
}
Value unitNormal(OpCall &c, ArrayRef<Int> sizes, int64_t dtype, bool contiguous = true) {
  return ofKind(c, sizes, dtype, [&](const Sizes &s, int64_t d, bool pair) {
    return normal(c, s, d, 0, pair ? M_SQRT1_2 : 1, contiguous);
  });
}

Result rand(OpCall &c) { return unitUniform(c, c.integers("size"), c.dtype("dtype", c.b.defaultDType)); }
Result randn(OpCall &c) { return unitNormal(c, c.integers("size"), c.dtype("dtype", c.b.defaultDType)); }
Result randLike(OpCall &c) {
  Value v = c.value("self");
  int64_t dtype = c.dtype("dtype", c.b.dtype(v));
  return MemoryOrder::like(c, "self").makeFilled(c.b, c.b.sizes(v),
                                                 [&](const Sizes &s) { return unitUniform(c, s, dtype); });
}
Result randnLike(OpCall &c) {
  Value v = c.value("self");
  int64_t dtype = c.dtype("dtype", c.b.dtype(v));
  MemoryOrder order = MemoryOrder::like(c, "self");
  return order.makeFilled(c.b, c.b.sizes(v), [&](const Sizes &s) { return unitNormal(c, s, dtype, order.contiguous); });
}

Value integers(OpCall &c, ArrayRef<Int> sizes, int64_t dtype, Int low, Int high) {
  GraphBuilder &b = c.b;
  b.check(b.compareInt(arith::CmpIPredicate::slt, low, high), "RuntimeError",
          "random_ expects 'from' to be less than 'to', but got from={0} >= to={1}", {low, high});
  Value first = b.scalar(AV::integer(low), kLong), count = b.scalar(AV::integer(sub(high, low)), kLong);
  return b.cast(draw(c, "random_integers", {first, count}, sizes, kLong), dtype);
}
Result randint(OpCall &c) {
  Int low = c.schema.argumentIndex("low") >= 0 ? c.integer("low") : c.b.size(0);
  return integers(c, c.integers("size"), c.dtype("dtype", kLong), low, c.integer("high"));
}
Result randintLike(OpCall &c) {
  Value v = c.value("self");
  Int low = c.schema.argumentIndex("low") >= 0 ? c.integer("low") : c.b.size(0);
  int64_t dtype = c.dtype("dtype", c.b.dtype(v));
  return MemoryOrder::like(c, "self").makeFilled(
      c.b, c.b.sizes(v), [&](const Sizes &s) { return integers(c, s, dtype, low, c.integer("high")); });
}
Result randperm(OpCall &c) {
  GraphBuilder &b = c.b;
  Int n = c.integer("n");
  b.check(b.compareInt(arith::CmpIPredicate::sge, n, b.size(0)), "RuntimeError", "n must be non-negative, got {0}",
          {n});
  return b.cast(draw(c, "random_permutation", {}, {n}, kLong), c.dtype("dtype", kLong));
}

Result uniformInPlace(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  double from = c.constFloat("from"), to = c.constFloat("to", 1);
  if (!(from <= to))
    b.raise("RuntimeError", "uniform_ expects to return a [from, to) range, but found from > to");
  return MemoryOrder(c, "self").fill(b, b.sizes(v), [&](const Sizes &sizes) {
    return ofKind(c, sizes, b.dtype(v), [&](const Sizes &s, int64_t d, bool) { return uniform(c, s, d, from, to); });
  });
}
bool deviationIsGood(OpCall &c, double deviation) {
  if (deviation >= 0)
    return true;
  c.b.raise("RuntimeError", "normal expects std >= 0.0, but found std " + std::to_string(deviation));
  return false;
}
/// normal_ has a functional form of another name, normal_functional.
Result normalInPlace(OpCall &c) {
  GraphBuilder &b = c.b;
  AV self = c.tensor("self");
  Value v = b.read(self);
  double mean = c.constFloat("mean"), deviation = c.constFloat("std", 1);
  if (!deviationIsGood(c, deviation))
    return {};
  MemoryOrder order(c, "self");
  Value out = order.fill(b, b.sizes(v), [&](const Sizes &sizes) {
    return ofKind(c, sizes, b.dtype(v), [&](const Sizes &s, int64_t d, bool pair) {
      return normal(c, s, d, mean, pair ? deviation * M_SQRT1_2 : deviation, order.contiguous);
    });
  });
  if (c.schema.name != "normal_")
    return out;
  if (!b.failed())
    b.write(self, out);
  return self;
}
Result normalOf(OpCall &c) {
  GraphBuilder &b = c.b;
  if (c.has("size")) {
    double deviation = c.constFloat("std");
    if (!deviationIsGood(c, deviation))
      return {};
    return normal(c, c.integers("size"), c.dtype("dtype", b.defaultDType), c.constFloat("mean"), deviation);
  }
  bool means = c.arg("mean").isTensor(), deviations = c.arg("std").isTensor();
  Value mean = means ? c.value("mean") : Value(), deviation = deviations ? c.value("std") : Value();
  Values both;
  if (means && deviations)
    both = b.broadcast({mean, deviation});
  Value like = means && deviations ? both[0] : means ? mean : deviation;
  int64_t dtype = b.dtype(like);
  if (!drawable(c, dtype) || (!deviations && !deviationIsGood(c, c.constFloat("std", 1))))
    return {};
  Value v = normal(c, b.sizes(like), dtype, 0, deviations ? 1 : c.constFloat("std", 1));
  if (deviations)
    v = b.mul(v, b.cast(both.empty() ? deviation : both[1], dtype));
  return means ? b.add(v, both.empty() ? mean : both[0]) : b.add(v, c.constFloat("mean"));
}

/// Distributions of real numbers drawn one after another, in f64.
template <const char *Kernel, bool Integers = false>
Result distribution(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dtype = b.dtype(v);
  if (!Integers && !drawable(c, dtype))
    return {};
  SmallVector<int64_t> parameters;
  for (const schema::Argument &a : c.schema.arguments)
    if (a.name != "self" && a.name != "generator")
      parameters.push_back(bitsOf(c.constFloat(a.name)));
  int64_t drawn = dtype == kFloat || isHalf(dtype) ? kFloat : kDouble;
  Value out = MemoryOrder(c, "self").fill(b, b.sizes(v),
                                          [&](const Sizes &s) { return draw(c, Kernel, {}, s, drawn, parameters); });
  return b.cast(out, dtype);
}
constexpr char exponentialKernel[] = "random_exponential", cauchyKernel[] = "random_cauchy";
constexpr char geometricKernel[] = "random_geometric", logNormalKernel[] = "random_log_normal";

/// random_: all that the dtype holds exactly, or [from, to).
Result random(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dtype = b.dtype(v);
  MemoryOrder order(c, "self");
  if (c.has("to"))
    return order.fill(b, b.sizes(v), [&](const Sizes &s) {
      return integers(c, s, dtype, c.has("from") ? c.integer("from") : b.size(0), c.integer("to"));
    });
  if (c.has("from"))
    return c.unsupported("without an upper end");
  int64_t modulus = 0;
  bool wide = dtype == kDouble || dtype == kLong;
  switch (DType(dtype)) {
  case DType::Float32:
    modulus = (1 << 24) + 1;
    break;
  case DType::Float64:
    modulus = (int64_t(1) << 53) + 1;
    break;
  case DType::Float16:
    modulus = (1 << 11) + 1;
    break;
  case DType::BFloat16:
    modulus = (1 << 8) + 1;
    break;
  case DType::Bool:
    modulus = 2;
    break;
  case DType::UInt8:
    modulus = 1 << 8;
    break;
  case DType::Int8:
    modulus = 1 << 7;
    break;
  case DType::Int16:
    modulus = 1 << 15;
    break;
  case DType::Int32:
    modulus = int64_t(1) << 31;
    break;
  case DType::Int64:
    modulus = INT64_MIN;
    break; // 2^63, unsigned
  default:
    return c.unsupported("of dtype " + dtypeName(dtype));
  }
  Value bits =
      order.fill(b, b.sizes(v), [&](const Sizes &s) { return draw(c, "random_bits", {}, s, kLong, {modulus, wide}); });
  return b.cast(bits, dtype);
}

Value bernoulliOf(OpCall &c, ArrayRef<Int> sizes, int64_t dtype, double p) {
  if (!(p >= 0 && p <= 1))
    c.b.raise("RuntimeError", "bernoulli_ expects p to be in [0, 1], but got p=" + std::to_string(p));
  return c.b.cast(draw(c, "random_bernoulli", {}, sizes, kFloat, {bitsOf(p)}), dtype);
}
Result bernoulli(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  if (c.has("p") && !c.arg("p").isTensor())
    return bernoulliOf(c, b.sizes(v), b.dtype(v), c.constFloat("p", 0.5));
  // What is filled in place lies as it does; a new tensor is row-major.
  bool filled = c.schema.overload == "Tensor";
  Value p = c.has("p") ? c.value("p") : v;
  if (!drawable(c, b.dtype(p)))
    return {};
  p = b.expand(b.cast(p, computeDType(b.dtype(p))), b.sizes(v));
  Values all{b.compare<graph::GeOp>(p, b.scalar(0.0, b.dtype(p))),
             b.compare<graph::LeOp>(p, b.scalar(1.0, b.dtype(p)))};
  Value good = b.binary<graph::BitwiseAndOp>(all[0], all[1]);
  b.check(b.item(b.reduce<graph::AllOp>(good, b.wrapDims({}, b.rank(good)), false)), "RuntimeError",
          "Expected p_in >= 0 && p_in <= 1 to be true, but got false.");
  Value out = filled ? MemoryOrder(c, "self").fill(b, b.sizes(v),
                                                   [&](const Sizes &s) {
                                                     return draw(c, "random_bernoulli_each",
                                                                 {MemoryOrder(c, "self").stored(b, p)}, s, kFloat);
                                                   })
                     : draw(c, "random_bernoulli_each", {p}, b.sizes(v), kFloat);
  return b.cast(out, b.dtype(v));
}
/// bernoulli_.float has no functional form.
Result bernoulliInPlace(OpCall &c) {
  GraphBuilder &b = c.b;
  AV self = c.tensor("self");
  Value v = b.read(self);
  Value out = MemoryOrder(c, "self").fill(
      b, b.sizes(v), [&](const Sizes &s) { return bernoulliOf(c, s, b.dtype(v), c.constFloat("p", 0.5)); });
  if (!b.failed())
    b.write(self, out);
  return self;
}

Result multinomial(OpCall &c) {
  GraphBuilder &b = c.b;
  Value p = c.value("self");
  Int samples = c.integer("num_samples");
  bool replacement = c.flag("replacement");
  if (b.rank(p) != 1 && b.rank(p) != 2)
    b.raise("RuntimeError", "prob_dist must be 1 or 2 dim");
  if (b.failed() || !drawable(c, b.dtype(p)))
    return {};
  int64_t last = b.rank(p) - 1, dtype = b.dtype(p);
  b.check(b.compareInt(arith::CmpIPredicate::sgt, samples, b.size(0)), "RuntimeError",
          "cannot sample n_sample <= 0 samples");
  if (!replacement)
    b.check(b.compareInt(arith::CmpIPredicate::sle, samples, b.size(p, last)), "RuntimeError",
            "cannot sample n_sample > prob_dist.size(-1) samples without replacement");
  Value zero = b.scalar(0.0, dtype);
  Value bad = b.unary<graph::BitwiseNotOp>(b.binary<graph::BitwiseAndOp>(
      b.compare<graph::GeOp>(p, zero), b.compare<graph::LtOp>(p, b.scalar(INFINITY, dtype))));
  b.check(b.notBool(b.item(b.reduce<graph::AnyOp>(bad, b.wrapDims({}, b.rank(p)), false))), "RuntimeError",
          "probability tensor contains either `inf`, `nan` or element < 0");
  b.check(b.compareInt(arith::CmpIPredicate::sle, b.size(p, last), b.size(int64_t(1) << 24)), "RuntimeError",
          "number of categories cannot exceed 2^24");
  Value sums = b.reduce<graph::SumOp>(b.cast(p, computeDType(dtype)), {last}, false);
  Value none = b.compare<graph::EqOp>(sums, b.scalar(0.0, b.dtype(sums)));
  b.check(b.notBool(b.item(b.reduce<graph::AnyOp>(none, b.wrapDims({}, b.rank(none)), false))), "RuntimeError",
          "invalid multinomial distribution (sum of probabilities <= 0)");
  Sizes sizes = b.sizes(p);
  if (replacement && !isKnown(samples, 1)) {
    sizes[last] = samples;
    return draw(c, "random_multinomial", {b.cast(p, computeDType(dtype))}, sizes, kLong);
  }
  // The largest of p over exponentials.
  Value q = b.cast(draw(c, "random_exponential", {}, sizes, isHalf(dtype) ? kFloat : dtype, {bitsOf(1)}), dtype);
  Value ratio = b.div(p, q);
  if (isKnown(samples, 1))
    return b.argReduce<graph::ArgmaxOp>(ratio, last, true);
  auto sort = graph::SortOp::create(b.b, b.loc, TypeRange{ratio.getType(), b.tensorType(sizes, kLong)}, ratio,
                                    b.b.getI64IntegerAttr(last), b.b.getBoolAttr(true));
  return b.slice(sort.getIndices(), last, b.size(0), samples);
}

//===----------------------------------------------------------------------===//
// Dropout
//===----------------------------------------------------------------------===//

bool drawsNothing(OpCall &c) {
  auto training = c.arg("train").isNone() ? std::optional<bool>(true) : c.arg("train").knownBool();
  return (training && !*training) || c.arg("p").knownDouble() == 0;
}

/// Whole channels (feature), or with the mean and deviation of a SELU kept (alpha).
template <bool Feature, bool Alpha>
Result dropout(OpCall &c) {
  GraphBuilder &b = c.b;
  StringRef name = c.schema.argumentIndex("input") >= 0 ? "input" : "self";
  if (drawsNothing(c)) // torch returns the very same tensor
    return c.tensor(name);
  c.flag("train");
  Value v = c.value(name);
  double p = c.constFloat("p");
  if (!(p >= 0 && p <= 1))
    b.raise("RuntimeError", "dropout probability has to be between 0 and 1, but got " + std::to_string(p));
  if (b.failed())
    return {};
  int64_t dtype = b.dtype(v);
  if (p == 1)
    return b.mul(v, b.scalar(0.0, dtype));
  Sizes sizes = b.sizes(v);
  if (Feature) {
    if (sizes.size() < 2) {
      b.raise("RuntimeError", "Feature dropout requires at least 2 dimensions in the input");
      return {};
    }
    for (size_t d = 2; d < sizes.size(); ++d)
      sizes[d] = b.size(1);
  }
  auto drawn = [&](const Sizes &s) { return bernoulliOf(c, s, dtype, 1 - p); };
  Value noise = Feature ? drawn(sizes) : MemoryOrder::like(c, name).fill(b, sizes, drawn);
  if (!Alpha)
    return b.mul(v, b.binary<graph::DivOp>(noise, 1 - p));
  constexpr double alpha = 1.7580993408473766;
  double a = 1 / std::sqrt((alpha * alpha * p + 1) * (1 - p));
  Value shift = b.add(b.mul(b.add(noise, -1.0), alpha * a), alpha * a * p);
  return b.add(b.mul(v, b.mul(noise, a)), shift);
}

Result nativeDropout(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("input");
  double p = c.constFloat("p");
  if (c.has("train") && !c.flag("train"))
    return {v, b.full(b.sizes(v), 1.0, int64_t(DType::Bool))};
  Value mask = MemoryOrder::like(c, "input").fill(b, b.sizes(v), [&](const Sizes &s) {
    return bernoulliOf(c, s, int64_t(DType::Bool), 1 - p);
  });
  return {b.mul(b.mul(v, b.cast(mask, b.dtype(v))), p == 1 ? 0 : 1 / (1 - p)), mask};
}
Result nativeDropoutBackward(OpCall &c) {
  Value v = c.value("grad_output");
  // A tensor of ints times the scale is one of floats.
  v = c.b.cast(v, c.b.isIntegral(c.b.dtype(v), true) ? c.b.defaultDType : c.b.dtype(v));
  return c.b.mul(c.b.mul(v, c.b.cast(c.value("mask"), c.b.dtype(v))), c.constFloat("scale"));
}

/// The result and the slopes, which are 1 of what is positive; of no training the slopes are null.
std::optional<std::pair<Value, Value>> rreluOf(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  double lower = c.constFloat("lower", 0.125), upper = c.constFloat("upper", 1.0 / 3), slope = (lower + upper) / 2;
  if (lower > upper)
    b.raise("RuntimeError", "Lower bound should be less than or equal to the upper bound");
  if (b.failed())
    return std::nullopt;
  if (!c.flag("training"))
    return std::pair(b.where(b.compare<graph::GtOp>(v, b.scalar(0.0, b.dtype(v))), v, b.mul(v, slope)), Value());
  if (!drawable(c, b.dtype(v)))
    return std::nullopt;
  Value x = b.cast(v, computeDType(b.dtype(v)));
  Value slopes = draw(c, "random_rrelu", {x}, b.sizes(v), b.dtype(x), {bitsOf(lower), bitsOf(upper)});
  return std::pair(b.cast(b.mul(x, slopes), b.dtype(v)), b.cast(slopes, b.dtype(v)));
}
Result rrelu(OpCall &c) {
  auto r = rreluOf(c);
  return r ? Result(r->first) : Result();
}
Result rreluWithNoise(OpCall &c) {
  auto r = rreluOf(c);
  return r ? Result{r->first, r->second ? r->second : c.value("noise")} : Result();
}

/// The state of a generator with a seed, whatever it was before.
Value seeded(GraphBuilder &b, Value state, const AV &seed) {
  return native(b, "random_seed", {state, b.scalar(seed, kLong)},
                {{{b.size(kGeneratorBytes)}, int64_t(DType::UInt8)}})[0];
}
Result manualSeed(OpCall &c) {
  c.b.setGenerator(seeded(c.b, c.b.generatorState(), c.number("seed")));
  return Result::several({});
}

// A torch.Generator of the program is a tensor of the generator's bytes: draws write it.
Result generator(OpCall &c) {
  GraphBuilder &b = c.b;
  AV seed = c.has("seed") ? c.number("seed") : AV::integer(int64_t(INGOT_ABI_GENERATOR_SEED), b.context());
  return seeded(b, b.full({b.size(kGeneratorBytes)}, 0.0, int64_t(DType::UInt8)), seed);
}
Result generatorSeed(OpCall &c) {
  AV self = c.tensor("self");
  c.b.write(self, seeded(c.b, c.b.read(self), c.number("seed")));
  return self;
}
Result initialSeed(OpCall &c) { // the first of its words
  GraphBuilder &b = c.b;
  AV bytes = b.viewSlice(c.tensor("self"), 0, b.size(0), b.size(8));
  Value word = callOperator(b, "aten::view.dtype", {bytes, AV::integer(kLong, b.context())});
  return b.failed() ? AV::unknown() : b.item(b.select(word, 0, b.size(0)));
}

constexpr OperatorRow rows[] = {
    {"aten::manual_seed", manualSeed},
    {"aten::Generator", generator},
    {"aten::manual_seed.generator", generatorSeed},
    {"aten::initial_seed", initialSeed},
    {"aten::rand.generator", rand},
    {"aten::randn.generator", randn},
    {"aten::randint.generator", randint},
    {"aten::randint.low_generator", randint},
    {"aten::randperm.generator", randperm},
    {"aten::rand", rand},
    {"aten::randn", randn},
    {"aten::rand_like", randLike},
    {"aten::randn_like", randnLike},
    {"aten::randint", randint},
    {"aten::randint.low", randint},
    {"aten::randint_like", randintLike},
    {"aten::randint_like.low_dtype", randintLike},
    {"aten::randperm", randperm},
    {"aten::uniform", uniformInPlace},
    {"aten::normal_", normalInPlace},
    {"aten::normal_functional", normalInPlace},
    {"aten::normal.Tensor_Tensor", normalOf},
    {"aten::normal.Tensor_float", normalOf},
    {"aten::normal.float_Tensor", normalOf},
    {"aten::normal.float_float", normalOf},
    {"aten::exponential", distribution<exponentialKernel>},
    {"aten::cauchy", distribution<cauchyKernel>},
    {"aten::log_normal", distribution<logNormalKernel>},
    {"aten::geometric", distribution<geometricKernel, true>},
    {"aten::random", random},
    {"aten::random.from", random},
    {"aten::random.to", random},
    {"aten::bernoulli", bernoulli},
    {"aten::bernoulli.p", bernoulli},
    {"aten::bernoulli.Tensor", bernoulli},
    {"aten::bernoulli_.float", bernoulliInPlace},
    {"aten::multinomial", multinomial},
    {"aten::dropout", dropout<false, false>},
    {"aten::feature_dropout", dropout<true, false>},
    {"aten::alpha_dropout", dropout<false, true>},
    {"aten::feature_alpha_dropout", dropout<true, true>},
    {"aten::native_dropout", nativeDropout},
    {"aten::native_dropout_backward", nativeDropoutBackward},
    {"aten::rrelu", rrelu},
    {"aten::rrelu_with_noise_functional", rreluWithNoise},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::randomOperators() { return rows; }
