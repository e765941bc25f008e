//===- Parts.cpp - selecting, slicing and splitting views -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Operators.h"
#include "ShapeSupport.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Predicate = arith::CmpIPredicate;

namespace {

AV selected(GraphBuilder &b, const AV &t, int64_t d, Int index) {
  Int size = sizesOf(b, t)[d];
  SmallVector<Int> holes{index};
  std::string text = b.sizesText(sizesOf(b, t), holes);
  AV low = b.compareInt(Predicate::sge, index, mul(size, b.size(-1)));
  AV high = b.compareInt(Predicate::slt, index, size);
  b.check(b.andBool(low, high), "IndexError",
          "select(): index {0} out of range for tensor of size " + text + " at dimension " + Twine(d), holes);
  return b.failed() ? t : b.viewSelect(t, d, b.wrapInt(index, size));
}
Result select(OpCall &c) {
  AV t = c.tensor("self");
  if (rankOf(t) == 0) {
    c.b.raise("IndexError", "select() cannot be applied to a 0-dim tensor.");
    return t;
  }
  return selected(c.b, t, c.dim("dim", rankOf(t)), c.integer("index"));
}

/// A slice whose step is known at run time only: a view by strides.
AV steppedView(GraphBuilder &b, const AV &t, int64_t d, SliceRange range, Int stepSize) {
  Sizes sizes = sizesOf(b, t), strides = contiguousStrides(sizes, b.context());
  stepSize = b.maxInt(stepSize, b.size(1));
  sizes[d] = b.floorDivInt(add(range.size, sub(stepSize, b.size(1))), stepSize);
  ViewStep step = ViewStep::of(ViewStep::Kind::AsStrided);
  // Nothing is seen of no elements, wherever they would begin.
  Int none = b.size(0);
  step.start = b.selectInt(b.compareInt(Predicate::eq, range.size, none), none, mul(range.start, strides[d]));
  strides[d] = mul(strides[d], stepSize);
  step.strides.assign(strides.begin(), strides.end());
  return b.view(t, step, sizes);
}

Result slice(OpCall &c) {
  AV t = c.tensor("self");
  if (rankOf(t) == 0) {
    c.b.raise("RuntimeError", "slice() cannot be applied to a 0-dim tensor.");
    return t;
  }
  int64_t d = c.dim("dim", rankOf(t), 0);
  Int step = c.has("step") ? c.integer("step") : c.b.size(1);
  c.b.check(c.b.compareInt(Predicate::sgt, step, c.b.size(0)), "RuntimeError", "slice step must be positive");
  if (c.b.failed())
    return t;
  std::optional<int64_t> by = known(step);
  SliceRange r = sliceRange(c.b, sizesOf(c.b, t)[d], c.has("start") ? c.integer("start") : Int(),
                            c.has("end") ? c.integer("end") : Int(), by.value_or(1));
  return by ? c.b.viewSlice(t, d, r.start, r.size, *by) : steppedView(c.b, t, d, r, step);
}
Result narrow(OpCall &c) {
  GraphBuilder &b = c.b;
  AV t = c.tensor("self");
  if (rankOf(t) == 0)
    b.raise("RuntimeError", "narrow() cannot be applied to a 0-dim tensor.");
  int64_t d = c.dim("dim", rankOf(t));
  if (b.failed())
    return t;
  if (const AV &start = c.arg("start"); start.isTensor()) {
    Value v = b.read(start);
    if (b.rank(v) != 0 || !b.isIntegral(b.dtype(v), false)) {
      b.raise("RuntimeError", "start must be an 0-dim integral Tensor.");
      return t;
    }
  }
  Int size = sizesOf(b, t)[d], given = c.integer("start"), length = c.integer("length");
  b.check(b.compareInt(Predicate::sge, length, b.size(0)), "RuntimeError", "narrow(): length must be non-negative.");
  b.check(
      b.andBool(b.compareInt(Predicate::sge, add(given, size), b.size(0)), b.compareInt(Predicate::sle, given, size)),
      "RuntimeError", "start out of range (expected to be in range of [-{0}, {0}], but got {1})", {size, given});
  Int start = b.wrapInt(given, size);
  b.check(b.compareInt(Predicate::sle, add(start, length), size), "RuntimeError",
          "start ({0}) + length ({1}) exceeds dimension size ({2}).", {start, length, size});
  return b.viewSlice(t, d, start, length);
}

/// The number of parts is what the list is unpacked to; false where nobody says that.
bool expectParts(GraphBuilder &b, Int count) {
  if (b.unpackedTo)
    b.checkEqual(count, b.size(b.unpackedTo), "RuntimeError",
                 "Expected " + Twine(b.unpackedTo) + " elements in a list but found {0}", {count});
  return b.unpackedTo;
}

/// Consecutive parts of the given sizes along a dimension.
AV parts(GraphBuilder &b, const AV &t, int64_t d, ArrayRef<Int> sizes) {
  std::vector<AV> out;
  Int start = b.size(0);
  for (Int s : sizes) {
    out.push_back(b.viewSlice(t, d, start, s));
    start = add(start, s);
  }
  return AV::list(std::move(out));
}
AV splitBy(GraphBuilder &b, const AV &t, int64_t d, Int step) {
  Int size = sizesOf(b, t)[d];
  Sizes sizes;
  Int count = exactDiv(size, step);
  std::optional<int64_t> n = known(size), k = known(step), whole = count ? known(count) : std::nullopt;
  if (k && *k < 0)
    b.raise("RuntimeError", "split expects split_size be non-negative, but got split_size=" + Twine(*k));
  if (n && k && *k > 0) {
    for (int64_t at = 0; at < std::max<int64_t>(*n, 1); at += *k)
      sizes.push_back(b.size(std::min(*k, *n - at)));
  } else if (n && k && *n == 0) {
    sizes.push_back(b.size(0));
  } else if (whole && *whole > 0 && *whole < 4096) {
    sizes.assign(*whole, step);
  } else if (b.unpackedTo && (!k || *k > 0)) {
    Int rounded = add(size, sub(step, b.size(1)));
    Int n = k ? floorDiv(rounded, *k) : b.floorDivInt(rounded, b.maxInt(step, b.size(1)));
    expectParts(b, b.maxInt(n, b.size(1)));
    sizes.assign(b.unpackedTo - 1, step);
    sizes.push_back(sub(size, mul(step, b.size(b.unpackedTo - 1))));
  } else {
    b.unsupported("the number of parts depends on sizes");
  }
  return parts(b, t, d, sizes);
}
Result split(OpCall &c) {
  AV t = c.tensor("self");
  int64_t d = c.dim("dim", rankOf(t), 0);
  StringRef argument = c.schema.argumentIndex("split_size") >= 0 ? "split_size" : "split_sizes";
  if (!c.arg(argument).is(AV::Kind::List))
    return splitBy(c.b, t, d, c.integer(argument));
  Sizes sizes = c.integers(argument);
  Int total = c.b.size(0);
  for (Int s : sizes)
    total = add(total, s);
  SmallVector<Int> holes{sizesOf(c.b, t)[d]};
  std::string text = c.b.sizesText(sizes, holes);
  c.b.checkEqual(total, sizesOf(c.b, t)[d], "RuntimeError",
                 "split_with_sizes expects split_sizes to sum exactly to {0} (input tensor's size at dimension " +
                     Twine(d) + "), but got split_sizes=" + text,
                 holes);
  return parts(c.b, t, d, sizes);
}
Result chunk(OpCall &c) {
  AV t = c.tensor("self");
  int64_t d = c.dim("dim", rankOf(t), 0), n = c.constInt("chunks", 1);
  if (n <= 0) {
    c.b.raise("RuntimeError", "chunk expects `chunks` to be greater than 0, got: " + Twine(n));
    return t;
  }
  Int size = sizesOf(c.b, t)[d];
  if (isKnown(size, 0))
    return parts(c.b, t, d, Sizes(n, c.b.size(0)));
  if (Int each = exactDiv(size, c.b.size(n)))
    return parts(c.b, t, d, Sizes(n, each));
  Int each = c.b.ceilDivInt(size, n);
  if (known(size) || (c.b.unpackedTo && c.b.unpackedTo < n))
    return splitBy(c.b, t, d, each);
  if (std::optional<int64_t> now = c.b.recorded(size);
      now && *now > 0 && llvm::divideCeil(*now, llvm::divideCeil(*now, n)) < n)
    return c.unsupported("the number of parts depends on sizes");
  // As many parts as asked for, where they are not fewer at run time.
  Int last = sub(size, mul(c.b.size(n - 1), each));
  AV all = c.b.compareInt(arith::CmpIPredicate::sgt, last, c.b.size(0)),
     none = c.b.compareInt(arith::CmpIPredicate::eq, size, c.b.size(0));
  c.b.check(AV::runtime(arith::OrIOp::create(c.b.b, c.b.loc, c.b.toI1(all), c.b.toI1(none))), "RuntimeError",
            "chunk: this program was compiled for " + Twine(n) + " parts, size {0} of dimension " + Twine(d) +
                " gives fewer",
            {size});
  Sizes sizes(n - 1, each);
  sizes.push_back(last);
  return parts(c.b, t, d, sizes);
}
Result tensorSplit(OpCall &c) { // and hsplit, vsplit, dsplit
  GraphBuilder &b = c.b;
  AV t = c.tensor("self");
  int64_t rank = rankOf(t), d = c.schema.name == "hsplit"   ? (rank == 1 ? 0 : 1)
                                : c.schema.name == "vsplit" ? 0
                                : c.schema.name == "dsplit" ? 2
                                                            : c.dim("dim", rank, 0);
  bool byName = c.schema.name != "tensor_split";
  int64_t least = !byName ? 1 : c.schema.name == "dsplit" ? 3 : c.schema.name == "vsplit" ? 2 : 1;
  if (rank < least) {
    b.raise("RuntimeError", byName ? "torch." + c.schema.name + " requires a tensor with at least " + Twine(least) +
                                         " dimension, but got a tensor with " + Twine(rank) + " dimensions!"
                                   : "tensor_split expected at least a 1-dimensional tensor, but got a tensor with " +
                                         Twine(rank) + " dims");
    return t;
  }
  Int size = sizesOf(b, t)[d];
  bool byIndices = c.schema.argumentIndex("indices") >= 0;
  Sizes ends = byIndices ? c.integers("indices") : Sizes();
  Int sections;
  if (c.schema.argumentIndex("tensor_indices_or_sections") >= 0) {
    Value given = c.value("tensor_indices_or_sections");
    int64_t dims = b.rank(given);
    if (b.dtype(given) != int64_t(DType::Int64))
      b.raise("RuntimeError", "tensor_split expected tensor_indices_or_sections to have dtype of long, but got " +
                                  b.scalarTypeName(b.dtype(given)));
    else if (dims > 1)
      b.raise("RuntimeError", "tensor_split expected tensor_indices_or_sections to be a zero-dimensional or "
                              "one-dimensional tensor, but got a tensor with " +
                                  Twine(dims) + " dims");
    if (b.failed())
      return t;
    byIndices = dims == 1;
    Int parts = byIndices ? add(b.size(given, 0), b.size(1)) : b.item(given).getInt();
    std::optional<int64_t> count = known(parts);
    if (!count && expectParts(b, parts))
      count = b.unpackedTo;
    if (!count)
      return c.unsupported("the number of parts depends on data");
    sections = b.size(*count);
    for (int64_t i = 0; byIndices && i + 1 < *count; ++i)
      ends.push_back(b.item(b.select(given, 0, b.size(i))).getInt());
  }
  if (byIndices) {
    std::vector<AV> out;
    Int start = b.size(0);
    ends.push_back(size);
    for (Int end : ends) {
      SliceRange r = sliceRange(b, size, start, end, 1);
      out.push_back(b.viewSlice(t, d, r.start, r.size));
      start = end;
    }
    return AV::list(std::move(out));
  }
  if (!sections)
    sections = c.integer("sections");
  if (std::optional<int64_t> count = known(sections); !count && expectParts(b, sections))
    sections = b.size(b.unpackedTo);
  if (!known(sections))
    return c.unsupported("the number of parts depends on data");
  int64_t n = *known(sections);
  if (byName) {
    std::string text = ("torch." + c.schema.name + " attempted to split along dimension " + Twine(d) +
                        ", but the size of the dimension {0} is not divisible by the split_size " + Twine(n) + "!")
                           .str();
    b.check(n > 0 ? b.compareInt(Predicate::eq, b.modInt(size, b.size(n)), b.size(0)) : AV::boolean(false),
            "RuntimeError", text, {size});
    return b.failed() ? AV(t) : parts(b, t, d, Sizes(n, floorDiv(size, n)));
  }
  if (n <= 0) {
    b.raise("RuntimeError", "number of sections must be larger than 0, got " + Twine(n));
    return t;
  }
  if (Int each = exactDiv(size, b.size(n)))
    return parts(b, t, d, Sizes(n, each));
  Sizes sizes; // the first ones have one more
  for (int64_t i = 0; i < n; ++i)
    sizes.push_back(floorDiv(add(size, b.size(n - 1 - i)), n));
  return parts(b, t, d, sizes);
}
Result unbind(OpCall &c) {
  AV t = c.tensor("self");
  int64_t d = c.dim("dim", rankOf(t), 0);
  if (c.b.failed() || raisedWithoutDims(c.b, rankOf(t), c.constInt("dim")))
    return t;
  std::optional<int64_t> n = known(sizesOf(c.b, t)[d]);
  if (!n && expectParts(c.b, sizesOf(c.b, t)[d]))
    n = c.b.unpackedTo;
  if (!n)
    return c.unsupported("the number of parts depends on sizes");
  std::vector<AV> out;
  for (int64_t i = 0; i < *n; ++i)
    out.push_back(c.b.viewSelect(t, d, c.b.size(i)));
  return AV::list(std::move(out));
}

const OperatorRow rows[] = {
    {"aten::select.int", select},
    {"aten::slice.Tensor", slice},
    {"aten::narrow", narrow},
    {"aten::narrow.Tensor", narrow},
    {"aten::split.Tensor", split},
    {"aten::split.sizes", split},
    {"aten::split", split},
    {"aten::split_with_sizes", split},
    {"aten::unsafe_split.Tensor", split},
    {"aten::unsafe_split_with_sizes", split},
    {"aten::chunk", chunk},
    {"aten::unsafe_chunk", chunk},
    {"aten::tensor_split.sections", tensorSplit},
    {"aten::tensor_split.indices", tensorSplit},
    {"aten::tensor_split.tensor_indices_or_sections", tensorSplit},
    {"aten::hsplit.int", tensorSplit},
    {"aten::hsplit.array", tensorSplit},
    {"aten::vsplit.int", tensorSplit},
    {"aten::vsplit.array", tensorSplit},
    {"aten::dsplit.int", tensorSplit},
    {"aten::dsplit.array", tensorSplit},
    {"aten::unbind.int", unbind},
};

} // namespace

ArrayRef<OperatorRow> eval::partOperators() { return rows; }

SliceRange eval::sliceRange(GraphBuilder &b, Int size, Int start, Int end, int64_t step) {
  Int zero = b.size(0);
  // Python: negative ones count from the end, then both are cut to the size.
  auto clamp = [&](Int i, Int low) { return b.minInt(b.maxInt(b.wrapInt(i, size), low), size); };
  Int from = start ? clamp(start, zero) : zero;
  Int to = size;
  // A huge end is "to the end".
  if (end && known(end).value_or(0) < INT64_MAX / 2)
    to = b.maxInt(clamp(end, zero), from);
  Int length = sub(to, from);
  if (step > 1)
    length = b.ceilDivInt(length, step);
  return {from, b.resolve(length)};
}
