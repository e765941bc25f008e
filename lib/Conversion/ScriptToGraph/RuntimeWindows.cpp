//===- RuntimeWindows.cpp - windows known at run time only ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RuntimeWindows.h"
#include "Padding.h"

#include <limits>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Predicate = arith::CmpIPredicate;

constexpr int64_t kLong = int64_t(DType::Int64);

bool eval::areKnown(OpCall &c, ArrayRef<StringRef> names) {
  return llvm::all_of(names, [&](StringRef name) {
    return llvm::all_of(c.integers(name), [](Int i) { return known(i).has_value(); });
  });
}

Sizes eval::openInts(OpCall &c, StringRef name, int64_t count) {
  Sizes out = c.integers(name);
  if (out.size() == 1)
    out.assign(count, out[0]);
  if (int64_t(out.size()) == count)
    return out;
  c.b.raise("RuntimeError", "expected " + name + " to be a single integer value or a list of " + Twine(count) +
                                " values to match the convolution dimensions, but got " + name + " of size " +
                                Twine(out.size()));
  return Sizes(count, c.b.size(1));
}

Value eval::slidingWindows(GraphBuilder &b, Value v, const OpenWindow &w, ArrayRef<Int> counts) {
  auto number = [&](Int i) { return b.scalar(AV::integer(i), kLong); };
  for (size_t d = 0; d < counts.size(); ++d) { // dimension 2 + 2 d becomes two
    Value inside = b.mul(b.iota({w.kernel[d], b.size(1)}, 0, kLong), number(w.dilation[d]));
    Value at = b.add(inside, b.mul(b.iota({b.size(1), counts[d]}, 1, kLong), number(w.stride[d])));
    v = b.indexSelect(v, at, 2 + 2 * d);
  }
  return v;
}

/// Raises where an element is below `least`.
static void checkLeast(GraphBuilder &b, ArrayRef<Int> values, int64_t least, const Twine &message) {
  for (Int v : values)
    b.check(b.compareInt(Predicate::sge, v, b.size(least)), "RuntimeError", message);
}

/// Amounts for `padded`: from the last dimension to the first.
static Sizes amountsOf(ArrayRef<Int> low, ArrayRef<Int> high) {
  Sizes out;
  for (size_t d = low.size(); d-- > 0;) {
    out.push_back(low[d]);
    out.push_back(high[d]);
  }
  return out;
}

Result eval::convAtRunTime(OpCall &c) {
  GraphBuilder &b = c.b;
  Value input = c.value("input"), weight = c.value("weight");
  int64_t spatial = b.rank(weight) - 2, groups = c.constInt("groups", 1);
  bool unbatched = b.rank(input) == spatial + 1;
  if (unbatched)
    input = b.unsqueeze(input, 0);
  if (spatial < 1 || b.rank(input) != spatial + 2)
    b.raise("RuntimeError", "Expected " + Twine(spatial + 1) + "D (unbatched) or " + Twine(spatial + 2) +
                                "D (batched) input to conv" + Twine(spatial) + "d, but got an input of rank " +
                                Twine(b.rank(input)));
  if (b.dtype(input) != b.dtype(weight))
    b.raise("RuntimeError", "Input type (" + b.scalarTypeName(b.dtype(input)) + ") and weight type (" +
                                b.scalarTypeName(b.dtype(weight)) + ") should be the same");
  if (groups < 1)
    b.raise("RuntimeError", "non-positive groups is not supported");
  if (b.failed())
    return {};
  OpenWindow w;
  w.kernel = b.sizes(weight);
  w.kernel.erase(w.kernel.begin(), w.kernel.begin() + 2);
  w.stride = openInts(c, "stride", spatial);
  w.padding = openInts(c, "padding", spatial);
  w.dilation = openInts(c, "dilation", spatial);
  checkLeast(b, w.stride, 1, "non-positive stride is not supported");
  checkLeast(b, w.padding, 0, "negative padding is not supported");
  checkLeast(b, w.dilation, 1, "dilation should be greater than zero");
  Int channels = mul(b.size(weight, 1), b.size(groups)), outputs = b.size(weight, 0);
  b.checkEqual(b.size(input, 1), channels, "RuntimeError",
               "Given groups=" + Twine(groups) + ", expected input to have {0} channels, but got {1} channels instead",
               {channels, b.size(input, 1)});
  if (b.failed())
    return {};
  input = padded(c, b.refine(input), amountsOf(w.padding, w.padding), "constant", AV::real(0));
  Sizes counts;
  Int reach = b.size(1), positions = b.size(1);
  for (int64_t d = 0; d < spatial; ++d) {
    Int span = add(mul(sub(w.kernel[d], b.size(1)), w.dilation[d]), b.size(1)), size = b.size(input, 2 + d);
    b.check(b.compareInt(Predicate::sge, size, span), "RuntimeError",
            "Calculated padded input size per channel: {0}. Kernel size: {1}. Kernel size can't be greater than actual "
            "input size",
            {size, span});
    counts.push_back(add(b.floorDivInt(sub(size, span), w.stride[d]), b.size(1)));
    reach = mul(reach, w.kernel[d]);
    positions = mul(positions, counts[d]);
  }
  // [N, C, kernel..., count...]; a product for each group.
  Value v = slidingWindows(b, input, w, counts);
  Dims order{0, 1};
  for (int64_t part : {0, 1})
    for (int64_t d = 0; d < spatial; ++d)
      order.push_back(2 + 2 * d + part);
  Int inner = mul(b.size(weight, 1), reach), each = floorDiv(outputs, groups);
  v = b.reshape(b.permute(v, order), {b.size(input, 0), b.size(groups), inner, positions});
  Value y = b.matmul(b.reshape(weight, {b.size(1), b.size(groups), each, inner}), v);
  Sizes out{b.size(input, 0), outputs};
  llvm::append_range(out, counts);
  y = b.reshape(y, out);
  if (c.has("bias")) {
    Sizes sizes(spatial + 2, b.size(1));
    sizes[1] = outputs;
    y = b.add(y, b.reshape(c.value("bias"), sizes));
  }
  return unbatched ? b.squeeze(y, 0) : y;
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// All windows, [N, C, kernel..., count...] with the kernel's dimensions in `inside`; `fill` is what is around.
static Value pooledWindows(OpCall &c, Value input, const OpenWindow &w, ArrayRef<Int> sizes, const AV &fill,
                           Dims &inside) {
  GraphBuilder &b = c.b;
  int64_t spatial = w.kernel.size();
  checkLeast(b, w.kernel, 1, "kernel size should be greater than zero");
  checkLeast(b, w.stride, 1, "stride should not be zero");
  checkLeast(b, w.dilation, 1, "dilation should be greater than zero");
  checkLeast(b, w.padding, 0, "pad must be non-negative");
  Sizes high, counts(sizes.begin() + 2, sizes.end());
  for (int64_t d = 0; d < spatial; ++d) {
    b.check(b.compareInt(Predicate::sle, mul(w.padding[d], b.size(2)), w.kernel[d]), "RuntimeError",
            "pad should be at most half of effective kernel size, but got pad={0}, kernel_size={1} and dilation={2}",
            {w.padding[d], w.kernel[d], w.dilation[d]});
    // Rounded up, the last window ends behind the padding.
    Int reach = add(mul(sub(w.kernel[d], b.size(1)), w.dilation[d]), b.size(1));
    Int end = add(mul(sub(counts[d], b.size(1)), w.stride[d]), reach);
    high.push_back(b.maxInt(sub(end, add(b.size(input, 2 + d), w.padding[d])), b.size(0)));
    inside.push_back(2 + 2 * d);
  }
  if (b.failed())
    return input;
  return slidingWindows(b, padded(c, input, amountsOf(w.padding, high), "constant", fill), w, counts);
}

Value eval::maxPoolAtRunTime(OpCall &c, Value input, const OpenWindow &w, ArrayRef<Int> sizes) {
  GraphBuilder &b = c.b;
  if (!b.isFloating(b.dtype(input))) {
    b.unsupported("of integers, where the window is known at run time only");
    return input;
  }
  Dims inside;
  Value v = pooledWindows(c, input, w, sizes, AV::real(-std::numeric_limits<double>::infinity()), inside);
  return b.failed() ? v : b.reduce<graph::AmaxOp>(v, inside, false);
}

Value eval::avgPoolAtRunTime(OpCall &c, Value input, const OpenWindow &w, ArrayRef<Int> sizes) {
  GraphBuilder &b = c.b;
  Dims inside;
  Value v = pooledWindows(c, input, w, sizes, AV::real(0), inside);
  if (b.failed())
    return v;
  Value sum = b.reduce<graph::SumOp>(v, inside, false);
  if (c.has("divisor_override")) {
    Int divisor = c.integer("divisor_override");
    b.check(b.compareInt(Predicate::ne, divisor, b.size(0)), "RuntimeError", "divisor must be not zero");
    return b.div(sum, b.scalar(AV::integer(divisor), b.dtype(input)));
  }
  // How many elements a window has: of the padding those that count.
  bool padding = c.flag("count_include_pad", true);
  auto number = [&](Int i) { return b.scalar(AV::integer(i), kLong); };
  Value elements;
  for (size_t d = 0; d < w.kernel.size(); ++d) {
    Sizes along(w.kernel.size(), b.size(1));
    along[d] = sizes[2 + d];
    Int size = b.size(input, 2 + d);
    Value start = b.sub(b.mul(b.iota(along, d, kLong), number(w.stride[d])), number(w.padding[d]));
    Value end = b.binary<graph::MinimumOp>(b.add(start, number(w.kernel[d])), number(add(size, w.padding[d])));
    if (!padding) {
      start = b.binary<graph::MaximumOp>(start, 0.0);
      end = b.binary<graph::MinimumOp>(end, number(size));
    }
    Value count = b.sub(end, start);
    elements = elements ? b.mul(elements, count) : count;
  }
  return b.div(sum, b.cast(elements, b.dtype(input)));
}
