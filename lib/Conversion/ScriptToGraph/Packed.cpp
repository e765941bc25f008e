//===- Packed.cpp - sequences of several lengths --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Packed.h"
#include "OperatorCalls.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Predicate = arith::CmpIPredicate;

static constexpr int64_t Long = int64_t(DType::Int64);

PackedSteps::PackedSteps(GraphBuilder &b, Value batchSizes) : b(b) {
  steps = b.size(batchSizes, 0);
  batch = b.item(b.select(batchSizes, 0, b.size(0))).getInt();
  b.check(b.compareInt(Predicate::sgt, batch, b.size(0)), "RuntimeError",
          "a packed sequence needs a batch size of at least 1");
  sizes = b.unsqueeze(b.cast(batchSizes, Long), 1);
  mask = b.compare<graph::LtOp>(b.iota({steps, batch}, 1, Long), sizes);
}

Value PackedSteps::pad(Value data) const {
  Value ends = callOperator(b, "aten::cumsum", {b.fresh(sizes), AV::integer(0, b.context())});
  Value row = b.add(b.sub(ends, sizes), b.iota({steps, batch}, 1, Long));
  Value index = b.flatten(b.where(mask, row, b.scalarInt(0, Long)));
  Sizes to{steps, batch};
  llvm::append_range(to, ArrayRef<Int>(b.sizes(data)).drop_front());
  Value padded = b.reshape(b.indexSelect(data, index, 0), to);
  Value keep = mask;
  for (int64_t i = 2, rank = int64_t(to.size()); i < rank; ++i)
    keep = b.unsqueeze(keep, i);
  return b.where(keep, padded, b.scalar(0.0, b.dtype(data)));
}

Value PackedSteps::pack(Value padded) const {
  return callOperator(b, "aten::index.Tensor", {b.fresh(padded), AV::list({b.fresh(mask)})});
}

Value PackedSteps::take(Value padded, Value index) const {
  Sizes to = b.sizes(padded);
  to[0] = b.size(index, 0);
  Value at = b.expand(b.unsqueeze(index, 2), to);
  return callOperator(b, "aten::gather", {b.fresh(padded), AV::integer(0, b.context()), b.fresh(at)});
}

Value PackedSteps::reverse(Value padded) const {
  Value step = b.iota({steps, batch}, 0, Long);
  Value mirrored = b.add(b.sub(b.unsqueeze(lengths(), 0), step), b.scalarInt(-1, Long));
  return take(padded, b.where(mask, mirrored, step));
}

Value PackedSteps::last(Value padded) const {
  return b.squeeze(take(padded, b.unsqueeze(b.add(lengths(), b.scalarInt(-1, Long)), 0)), 0);
}

Value PackedSteps::lengths() const { return b.reduce<graph::SumOp>(b.cast(mask, Long), {0}, false); }

Result eval::packPadded(OpCall &c) {
  GraphBuilder &b = c.b;
  Value input = c.value("input"), lengths = b.cast(c.value("lengths"), Long);
  if (b.rank(input) < 2 || b.rank(lengths) != 1)
    return c.unsupported("packing needs an input of at least two dimensions and a list of lengths");
  if (c.flag("batch_first"))
    input = b.transpose(input, 0, 1);
  Int batch = b.size(input, 1), given = b.size(lengths, 0);
  b.checkEqual(given, batch, "RuntimeError",
               "Expected `len(lengths)` to be equal to batch_size, but got {0} (batch_size={1})", {given, batch});
  if (b.failed())
    return {};
  lengths = b.refine(lengths);
  b.check(b.compareInt(Predicate::sgt, batch, b.size(0)), "RuntimeError", "Cannot pack empty tensors.");
  auto at = [&](Int i) { return b.item(b.select(lengths, 0, i)).getInt(); };
  b.check(b.compareInt(Predicate::sgt, at(eval::add(batch, b.size(-1))), b.size(0)), "RuntimeError",
          "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0");
  Int rest = eval::add(batch, b.size(-1));
  Value descends = b.compare<graph::GeOp>(b.slice(lengths, 0, b.size(0), rest), b.slice(lengths, 0, b.size(1), rest));
  Value all = callOperator(b, "aten::all", {b.fresh(descends)});
  b.check(b.item(all), "RuntimeError",
          "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass "
          "`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you "
          "do not need ONNX exportability.");
  Int longest = at(b.size(0)), have = b.size(input, 0);
  b.check(b.compareInt(Predicate::sle, longest, have), "RuntimeError",
          "start (0) + length ({0}) exceeds dimension size ({1}).", {longest, have});
  Value step = b.iota({longest, batch}, 0, Long);
  Value sizes = b.reduce<graph::SumOp>(b.cast(b.compare<graph::LtOp>(step, b.unsqueeze(lengths, 0)), Long), {1}, false);
  PackedSteps packed(b, sizes);
  b.learnEqual(packed.batch, batch);
  Value used = b.slice(input, 0, b.size(0), longest);
  return {packed.pack(used), sizes};
}

Result eval::padPacked(OpCall &c) {
  GraphBuilder &b = c.b;
  PackedSteps packed(b, c.value("batch_sizes"));
  if (b.failed())
    return {};
  Value data = c.value("data"), padded = packed.pad(data);
  Value keep = packed.mask;
  for (int64_t i = 2, rank = b.rank(padded); i < rank; ++i)
    keep = b.unsqueeze(keep, i);
  Value filler = b.scalar(c.number("padding_value"), b.dtype(data));
  padded = b.where(keep, padded, filler);
  Int total = c.integer("total_length");
  // A length of 0 or less stands for the longest sequence's.
  AV given = b.compareInt(Predicate::sgt, total, b.size(0));
  if (given.knownBool().value_or(true) && !equal(b.resolve(total), b.resolve(packed.steps))) {
    AV enough = b.compareInt(Predicate::sge, total, packed.steps);
    b.check(b.orBool(b.notBool(given), enough), "RuntimeError",
            "Expected total_length to be at least the length of the longest sequence in input, but got "
            "total_length={0} and max sequence length being {1}",
            {total, packed.steps});
    if (b.failed())
      return {};
    Sizes more = b.sizes(padded);
    more[0] = b.maxInt(eval::sub(total, packed.steps), b.size(0));
    padded = b.concat({padded, b.expand(filler, more)}, 0);
  }
  return {c.flag("batch_first") ? b.transpose(padded, 0, 1) : padded, packed.lengths()};
}
