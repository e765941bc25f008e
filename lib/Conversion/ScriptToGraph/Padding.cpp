//===- Padding.cpp - padded tensors -----------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Padding.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Predicate = arith::CmpIPredicate;

static Value paddedByConstants(GraphBuilder &b, Value v, ArrayRef<int64_t> low, ArrayRef<int64_t> high, StringRef mode,
                               const AV &value) {
  Sizes out;
  for (auto [d, s] : llvm::enumerate(b.sizes(v))) {
    Int n = add(s, b.size(low[d] + high[d]));
    if (mode == "constant" && (low[d] < 0 || high[d] < 0))
      b.check(b.compareInt(Predicate::sge, add(s, b.size(std::min<int64_t>(low[d], 0) + std::min<int64_t>(high[d], 0))),
                           b.size(0)),
              "RuntimeError", "narrow(): length must be non-negative.");
    else if (low[d] + high[d] < 0)
      b.check(b.compareInt(Predicate::sge, n, b.size(0)), "RuntimeError",
              "The input size {0}, plus negative padding " + Twine(low[d]) + " and " + Twine(high[d]) +
                  " resulted in a negative output size, which is invalid. Check dimension " + Twine(d) +
                  " of your input.",
              {s});
    if (mode == "reflect" && (low[d] || high[d]))
      b.check(b.compareInt(Predicate::sgt, s, b.size(std::max(low[d], high[d]))), "RuntimeError",
              "Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (" +
                  Twine(low[d]) + ", " + Twine(high[d]) + ") at dimension " + Twine(d) + " of input",
              {});
    out.push_back(n);
  }
  if (b.failed())
    return v;
  if (llvm::all_of(llvm::concat<const int64_t>(low, high), [](int64_t a) { return a == 0; }))
    return v;
  return graph::PadOp::create(b.b, b.loc, b.tensorType(out, b.dtype(v)), v, b.scalar(value, b.dtype(v)),
                              b.b.getDenseI64ArrayAttr(low), b.b.getDenseI64ArrayAttr(high), b.b.getStringAttr(mode));
}

/// A copy in the middle of a tensor of one number.
static Value paddedByNumber(GraphBuilder &b, Value v, ArrayRef<Int> low, ArrayRef<Int> high, const AV &value) {
  Int zero = b.size(0);
  Sizes sizes = b.sizes(v), out, from, kept, to;
  for (auto [d, s] : llvm::enumerate(sizes)) {
    // Negative amounts cut.
    from.push_back(b.maxInt(sub(zero, low[d]), zero));
    kept.push_back(sub(sub(s, from[d]), b.maxInt(sub(zero, high[d]), zero)));
    b.check(b.compareInt(Predicate::sge, kept[d], zero), "RuntimeError", "narrow(): length must be non-negative.");
    to.push_back(b.maxInt(low[d], zero));
    out.push_back(add(add(s, low[d]), high[d]));
  }
  if (b.failed())
    return v;
  AV whole = b.fresh(b.full(out, value, b.dtype(v))), part = whole;
  for (size_t d = 0; d < sizes.size(); ++d) {
    v = b.slice(v, d, from[d], kept[d]);
    part = b.viewSlice(part, d, to[d], kept[d]);
  }
  b.write(part, v);
  return b.read(whole);
}

/// Every place of the result is one of the tensor's.
static Value paddedByPlaces(GraphBuilder &b, Value v, ArrayRef<Int> low, ArrayRef<Int> high, StringRef mode) {
  constexpr int64_t kInt64 = int64_t(DType::Int64);
  auto number = [&](Int n) { return b.scalar(AV::integer(n), kInt64); };
  const Sizes sizes = b.sizes(v);
  for (int64_t d = 0; d < b.rank(v); ++d) {
    if (isKnown(low[d], 0) && isKnown(high[d], 0))
      continue;
    Int size = b.size(v, d), n = add(add(size, low[d]), high[d]), most = b.maxInt(low[d], high[d]);
    b.check(b.compareInt(Predicate::sge, n, b.size(0)), "RuntimeError", "a padded size is negative");
    SmallVector<Int> holes{low[d], high[d]};
    std::string text = b.sizesText(sizes, holes);
    if (mode == "reflect")
      b.check(b.compareInt(Predicate::sgt, size, most), "RuntimeError",
              "Argument #4: Padding size should be less than the corresponding input dimension, but got: padding ({0}, "
              "{1}) at dimension " +
                  Twine(d) + " of input " + text,
              holes);
    if (b.failed())
      return v;
    Value place = b.sub(b.iota({n}, 0, kInt64), number(low[d])), last = number(sub(size, b.size(1)));
    if (mode == "reflect")
      place = b.sub(last, b.unary<graph::AbsOp>(b.sub(last, b.unary<graph::AbsOp>(place))));
    else if (mode == "circular")
      place = b.binary<graph::RemainderOp>(place, number(size));
    else
      place = b.binary<graph::MinimumOp>(b.binary<graph::MaximumOp>(place, number(b.size(0))), last);
    b.mayRaise();
    v = b.indexSelect(v, place, d);
  }
  return v;
}

Value eval::padded(OpCall &c, Value v, ArrayRef<Int> amounts, StringRef mode, const AV &value) {
  GraphBuilder &b = c.b;
  int64_t rank = b.rank(v);
  if (amounts.size() % 2 || int64_t(amounts.size()) > 2 * rank) {
    b.raise("RuntimeError", "Length of pad should be no more than twice the number of dimensions of the input. Pad "
                            "length is " +
                                Twine(amounts.size()) + " while the input has " + Twine(rank) + " dimensions.");
    return v;
  }
  if (mode == "reflect" || mode == "replicate") { // of a batch there may be none
    int64_t spatial = amounts.size() / 2;
    SmallVector<Int> holes;
    std::string text = b.sizesText(b.sizes(v), holes);
    for (int64_t d = rank - spatial - 1; d < rank; ++d)
      if (d >= 0)
        b.check(b.compareInt(Predicate::sgt, b.size(v, d), b.size(0)), "RuntimeError",
                "Expected " + Twine(spatial + 1) + "D or " + Twine(spatial + 2) +
                    "D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but "
                    "got: " +
                    text,
                holes);
  }
  Sizes low(rank, b.size(0)), high = low;
  for (size_t i = 0; i < amounts.size() / 2; ++i) {
    low[rank - 1 - i] = amounts[2 * i];
    high[rank - 1 - i] = amounts[2 * i + 1];
  }
  if (mode == "circular") { // what negative amounts leave is what repeats
    Int zero = b.size(0);
    for (int64_t d = 0; d < rank; ++d) {
      Int size = b.size(v, d), most = b.maxInt(low[d], high[d]);
      if (isKnown(low[d], 0) && isKnown(high[d], 0))
        continue;
      b.check(b.compareInt(Predicate::sge, size, most), "RuntimeError",
              "Padding value causes wrapping around more than once.");
      b.check(b.compareInt(Predicate::sge, add(add(size, low[d]), high[d]), zero), "RuntimeError",
              "Negative padding value is resulting in an empty dimension");
      Int from = b.maxInt(sub(zero, low[d]), zero), kept = sub(sub(size, from), b.maxInt(sub(zero, high[d]), zero));
      low[d] = b.maxInt(low[d], zero);
      high[d] = b.maxInt(high[d], zero);
      b.check(b.compareInt(Predicate::sge, kept, b.maxInt(low[d], high[d])), "RuntimeError",
              "Padding value causes wrapping around more than once.");
      if (b.failed())
        return v;
      v = b.slice(v, d, from, kept);
    }
  }
  if (llvm::all_of(llvm::concat<Int>(low, high), [](Int a) { return known(a).has_value(); })) {
    auto numbers = [](ArrayRef<Int> list) { return llvm::map_to_vector<6>(list, [](Int i) { return *known(i); }); };
    return paddedByConstants(b, v, numbers(low), numbers(high), mode, value);
  }
  return mode == "constant" ? paddedByNumber(b, v, low, high, value) : paddedByPlaces(b, v, low, high, mode);
}

Result eval::padSequence(OpCall &c) {
  GraphBuilder &b = c.b;
  Values in = c.values("sequences");
  bool batchFirst = c.flag("batch_first"), left = c.string("padding_side", "right") == "left";
  AV value = c.has("padding_value") ? c.number("padding_value") : AV::real(0);
  if (b.failed())
    return {};
  if (in.empty())
    b.raise("RuntimeError", "received an empty list of sequences");
  else if (llvm::any_of(in, [&](Value v) { return b.rank(v) != b.rank(in[0]) || b.rank(v) == 0; }))
    return c.unsupported("sequences of different ranks");
  if (b.failed())
    return {};
  Int longest = b.size(in[0], 0);
  for (Value v : in)
    longest = b.maxInt(longest, b.size(v, 0));
  Sizes out = b.sizes(in[0]), rest(llvm::drop_begin(out));
  out[0] = longest;
  out.insert(out.begin() + !batchFirst, b.size(in.size()));
  AV whole = b.fresh(b.full(out, value, b.dtype(in[0])));
  for (auto [i, v] : llvm::enumerate(in)) {
    Sizes sizes = b.sizes(v);
    for (auto [d, s] : llvm::enumerate(rest))
      b.checkEqual(sizes[d + 1], s, "RuntimeError",
                   "The expanded size of the tensor ({0}) must match the existing size ({1}) at non-singleton "
                   "dimension " +
                       Twine(d + 1),
                   {s, sizes[d + 1]});
    if (b.failed())
      return {};
    Int start = left ? sub(longest, sizes[0]) : b.size(0);
    AV row = b.viewSlice(b.viewSelect(whole, !batchFirst, b.size(i)), 0, start, sizes[0]);
    b.write(row, b.expand(b.cast(b.refine(v), b.dtype(in[0])), row.getTensor()->node->sizes));
  }
  return b.read(whole);
}
