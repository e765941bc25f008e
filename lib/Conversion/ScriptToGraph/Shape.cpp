//===- Shape.cpp - concatenation, padding, copies, scatters -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Native.h"
#include "Operators.h"
#include "Padding.h"
#include "ShapeSupport.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

constexpr int64_t longDType = int64_t(DType::Int64);

//===----------------------------------------------------------------------===//
// Concatenation
//===----------------------------------------------------------------------===//

Value concatenate(OpCall &c, Values in, int64_t dim) {
  GraphBuilder &b = c.b;
  if (in.empty()) {
    b.raise("RuntimeError", "torch.cat(): expected a non-empty list of Tensors");
    return b.placeholder({}, b.defaultDType);
  }
  std::vector<Operand> operands;
  for (Value v : in)
    operands.push_back({v, false});
  int64_t d = b.promote(operands);
  // A tensor of sizes [0] fits everywhere; one of rank 1 beside others must be that.
  Values kept;
  int64_t most = 0;
  for (Value v : in)
    most = std::max(most, b.rank(v));
  for (Value v : in) {
    if (b.rank(v) == 1 && most > 1)
      b.check(b.compareInt(arith::CmpIPredicate::eq, b.size(v, 0), b.size(0)), "RuntimeError",
              "Tensors must have same number of dimensions: got " + Twine(most) + " and 1");
    else if (!(b.rank(v) == 1 && isKnown(b.size(v, 0), 0)))
      kept.push_back(b.cast(v, d));
  }
  if (kept.empty())
    return b.cast(in[0], d);
  int64_t rank = b.rank(kept[0]);
  if (rank == 0) {
    b.raise("RuntimeError", "zero-dimensional tensor (at position 0) cannot be concatenated");
    return kept[0];
  }
  dim = b.wrapDim(dim, rank);
  Sizes first = b.sizes(kept[0]);
  for (auto [i, v] : llvm::enumerate(kept)) {
    if (b.rank(v) != rank) {
      b.raise("RuntimeError",
              "Tensors must have same number of dimensions: got " + Twine(rank) + " and " + Twine(b.rank(v)));
      return kept[0];
    }
    Sizes s = b.sizes(v);
    for (int64_t k = 0; k < rank; ++k)
      if (k != dim)
        b.checkEqual(first[k], s[k], "RuntimeError",
                     "Sizes of tensors must match except in dimension " + Twine(dim) +
                         ". Expected size {0} but got size {1} for tensor number " + Twine(i) + " in the list.",
                     {first[k], s[k]});
  }
  for (Value &v : kept)
    v = b.refine(v);
  return b.failed() ? kept[0] : b.concat(kept, dim);
}

Result cat(OpCall &c) {
  return concatenate(c, c.values("tensors"), c.constInt(c.schema.argumentIndex("axis") >= 0 ? "axis" : "dim"));
}
Result stack(OpCall &c) {
  GraphBuilder &b = c.b;
  Values in = c.values("tensors");
  if (in.empty()) {
    b.raise("RuntimeError", "stack expects a non-empty TensorList");
    return b.placeholder({}, b.defaultDType);
  }
  int64_t dim = b.wrapDim(c.constInt("dim"), b.rank(in[0]) + 1);
  SmallVector<Int> holes;
  std::string first = b.sizesText(b.sizes(in[0]), holes);
  for (auto [i, v] : llvm::enumerate(in)) {
    SmallVector<Int> values = holes;
    std::string message = "stack expects each tensor to be equal size, but got " + first + " at entry 0 and " +
                          b.sizesText(b.sizes(v), values) + " at entry " + std::to_string(i);
    if (b.rank(v) != b.rank(in[0])) {
      b.raise("RuntimeError", message);
      return in[0];
    }
    for (auto [x, y] : llvm::zip(b.sizes(in[0]), b.sizes(v)))
      b.checkEqual(x, y, "RuntimeError", message, values);
  }
  for (Value &v : in)
    v = b.unsqueeze(b.refine(v), dim);
  return concatenate(c, in, dim);
}
/// hstack, vstack, dstack, column_stack: concatenation of widened tensors.
Result stackOf(OpCall &c) {
  GraphBuilder &b = c.b;
  StringRef name = c.schema.name;
  Values in = c.values("tensors");
  bool oneDimensional = !in.empty() && b.rank(in[0]) <= 1;
  for (Value &v : in) {
    int64_t r = b.rank(v);
    if (r == 0)
      v = b.unsqueeze(v, 0);
    if (name == "column_stack" && r <= 1)
      v = b.unsqueeze(v, 1);
    if ((name == "vstack" || name == "row_stack" || name == "dstack") && r <= 1)
      v = b.unsqueeze(v, 0);
    if (name == "dstack" && b.rank(v) == 2)
      v = b.unsqueeze(v, 2);
  }
  int64_t dim = name == "dstack" ? 2 : name == "column_stack" ? 1 : name == "hstack" ? (oneDimensional ? 0 : 1) : 0;
  return concatenate(c, in, dim);
}
/// Each tensor in as many equal parts, the last padded with zeros, as rows of
/// their own; the rows of all tensors behind each other.
Result chunkCat(OpCall &c) {
  GraphBuilder &b = c.b;
  Values in = c.values("tensors");
  int64_t chunks = c.constInt("num_chunks", 1);
  if (in.empty() || chunks < 1)
    b.raise("RuntimeError",
            in.empty() ? "_chunk_cat expects a non-empty input tensor list" : "_chunk_cat expects positive num_chunks");
  int64_t dim = b.failed() ? 0 : c.constInt("dim");
  if (dim < 0) {
    if (llvm::any_of(in, [&](Value v) { return b.rank(v) != b.rank(in[0]); }))
      b.raise("RuntimeError", "_chunk_cat expects non-negative dim when input tensors have different ndims");
    else
      dim = b.wrapDim(dim, b.rank(in[0]));
  }
  for (Value &v : in) {
    if (!b.failed() && b.rank(v) <= dim)
      b.raise("RuntimeError", "_chunk_cat expects dim < ndim for all input tensors");
    if (b.failed())
      return {};
    b.check(b.compareInt(arith::CmpIPredicate::sgt, b.numel(v), b.size(0)), "RuntimeError",
            "_chunk_cat expects non-empty tensor");
    Sizes s = b.sizes(v);
    Int each = b.ceilDivInt(s[dim], chunks), whole = mul(each, b.size(chunks));
    if (!equal(whole, s[dim])) {
      Sizes rest = s;
      rest[dim] = sub(whole, s[dim]);
      v = b.concat({v, b.full(rest, 0.0, b.dtype(v))}, dim);
    }
    Sizes rows(s.begin(), s.begin() + dim);
    rows.append({b.size(chunks), each});
    for (Int size : llvm::drop_begin(s, dim + 1))
      rows.back() = mul(rows.back(), size);
    v = b.reshape(v, rows);
  }
  return concatenate(c, in, dim + 1);
}
Result blockDiagonal(OpCall &c) {
  GraphBuilder &b = c.b;
  Values in = c.values("tensors"), rows;
  Int width = b.size(0);
  std::vector<Operand> operands;
  for (Value &v : in) {
    operands.push_back({v, false});
    while (b.rank(v) < 2)
      v = b.unsqueeze(v, 0);
    width = add(width, b.size(v, 1));
  }
  int64_t d = b.promote(operands);
  Int at = b.size(0);
  for (Value v : in) {
    Int h = b.size(v, 0), w = b.size(v, 1);
    Value left = b.full({h, at}, 0.0, d), right = b.full({h, sub(sub(width, at), w)}, 0.0, d);
    rows.push_back(b.concat({left, b.cast(v, d), right}, 1));
    at = add(at, w);
  }
  return b.concat(rows, 0);
}

//===----------------------------------------------------------------------===//
// Repetition and rearrangement
//===----------------------------------------------------------------------===//

Value repeated(GraphBuilder &b, Value v, Sizes times) {
  while (b.rank(v) < int64_t(times.size()))
    v = b.unsqueeze(v, 0);
  // [r0, s0, r1, s1, ...] expanded, then pairs merged.
  Sizes s = b.sizes(v), wide, to, out;
  for (auto [r, n] : llvm::zip(times, s)) {
    wide.append({b.size(1), n});
    to.append({r, n});
    out.push_back(mul(r, n));
  }
  return b.reshape(b.expand(b.reshape(v, wide), to), out);
}
Result repeat(OpCall &c) {
  Sizes times = c.integers("repeats");
  Value v = c.value("self");
  if (int64_t(times.size()) < c.b.rank(v)) {
    c.b.raise("RuntimeError",
              "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
    return v;
  }
  return repeated(c.b, v, times);
}
Result tile(OpCall &c) {
  Sizes times = c.integers("dims");
  Value v = c.value("self");
  while (int64_t(times.size()) < c.b.rank(v))
    times.insert(times.begin(), c.b.size(1));
  return repeated(c.b, v, times);
}
Result repeatInterleave(OpCall &c) {
  GraphBuilder &b = c.b;
  bool each = c.arg("repeats").isTensor();
  bool positions = c.schema.argumentIndex("self") < 0; // of the repeats alone
  Value v = positions ? b.iota({b.numel(c.value("repeats"))}, 0, longDType) : c.value("self");
  int64_t d = 0;
  if (c.has("dim"))
    d = c.dim("dim", b.rank(v));
  else
    v = b.flatten(v);
  if (b.failed())
    return {};
  if (b.rank(v) == 0)
    v = b.unsqueeze(v, 0);
  if (each) {
    Value repeats = c.value("repeats");
    if (b.rank(repeats) > 1)
      b.raise("RuntimeError", "repeats must be 0-dim or 1-dim tensor");
    else if (b.dtype(repeats) != longDType && b.dtype(repeats) != int64_t(DType::Int32))
      b.raise("RuntimeError",
              "\"repeat_interleave_cpu\" not implemented for '" + b.scalarTypeName(b.dtype(repeats)) + "'");
    if (b.failed())
      return {};
    repeats = b.cast(repeats, longDType);
    Value negative = b.compare<graph::LtOp>(repeats, b.scalarInt(0, longDType));
    b.check(b.notBool(b.item(b.reduce<graph::AnyOp>(negative, b.wrapDims({}, b.rank(repeats)), false))), "RuntimeError",
            "repeats can not be negative");
    Int n = b.size(v, d);
    Int given = b.rank(repeats) ? b.size(repeats, 0) : b.size(1);
    auto is = [&](Int size) { return b.compareInt(arith::CmpIPredicate::eq, given, size); };
    b.check(b.orBool(is(n), is(b.size(1))), "RuntimeError",
            "repeats must have the same size as input along dim, but got repeats.size(0) = {0} and input.size(" +
                Twine(d) + ") = {1}",
            {given, n});
    if (b.failed())
      return {};
    repeats = b.expand(b.reshape(repeats, {given}), {n});
    // A place of the result is of the first element whose end is behind it.
    Value ends = graph::CumsumOp::create(b.b, b.loc, repeats.getType(), repeats, b.b.getI64IntegerAttr(0));
    Value sum = b.toI64(b.item(b.reduce<graph::SumOp>(repeats, {0}, false)).getInt());
    Int total = b.fromSSA(sum, {0, INT64_MAX - 1});
    if (c.has("output_size")) {
      b.checkEqual(total, c.integer("output_size"), "RuntimeError", "allocated size does not match required size", {});
      total = b.resolve(total);
    }
    Value source =
        native(b, "searchsorted", {ends, b.iota({total}, 0, longDType)}, {{{total}, longDType}}, 1, {1, 0, 0})[0];
    return b.indexSelect(v, source, d);
  }
  Int times = c.integer("repeats");
  b.check(b.compareInt(arith::CmpIPredicate::sge, times, b.size(0)), "RuntimeError", "repeats can not be negative");
  Sizes s = b.sizes(v), wide = s, out = s;
  wide.insert(wide.begin() + d + 1, times);
  out[d] = mul(s[d], times);
  return b.reshape(b.expand(b.unsqueeze(v, d + 1), wide), out);
}
Result flip(OpCall &c) {
  Value v = c.value("self");
  StringRef name = c.schema.name;
  if (name == "fliplr" || name == "flipud") {
    int64_t d = name == "fliplr" ? 1 : 0;
    if (c.b.rank(v) <= d) {
      c.b.raise("RuntimeError", "Input must be >= " + Twine(d + 1) + "-d.");
      return v;
    }
    return c.b.flip(v, {d});
  }
  return c.b.flip(v, c.b.wrapDims(c.constInts("dims"), c.b.rank(v), false));
}
Value rolled(GraphBuilder &b, Value v, int64_t d, Int shift) {
  Int n = b.size(v, d);
  if (isKnown(n, 0))
    return v;
  Int k; // how many elements come to the front
  if (known(n) && known(shift))
    k = b.size(((*known(shift) % *known(n)) + *known(n)) % *known(n));
  else if (known(n))
    k = b.modInt(shift, n);
  else {
    k = b.modInt(shift, b.maxInt(n, b.size(1)));
    k = b.minInt(k, n);
  }
  Value tail = b.slice(v, d, sub(n, k), k), head = b.slice(v, d, b.size(0), sub(n, k));
  Value out = b.concat({tail, head}, d);
  return b.expand(out, b.sizes(v));
}
Result roll(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  Sizes shifts = c.integers("shifts");
  Dims dims = c.constInts("dims");
  if (shifts.empty())
    b.raise("RuntimeError", "`shifts` required");
  else if (shifts.size() != dims.size() && !(dims.empty() && shifts.size() == 1))
    b.raise("RuntimeError",
            "shifts and dimensions must align. shifts: " + Twine(shifts.size()) + ", dims:" + Twine(dims.size()));
  else if (dims.empty())
    return b.reshape(rolled(b, b.flatten(v), 0, shifts[0]), b.sizes(v));
  for (auto [s, d] : llvm::zip(shifts, dims)) {
    if (b.failed() || raisedWithoutDims(b, b.rank(v), d))
      return v;
    int64_t dim = b.wrapDim(d, b.rank(v));
    v = rolled(b, v, dim, s);
  }
  return v;
}
Result rot90(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  Dims dims = c.constInts("dims");
  int64_t k = ((c.constInt("k", 1) % 4) + 4) % 4;
  if (dims.size() != 2)
    b.raise("RuntimeError", "expected total rotation dims == 2, but got dims = " + Twine(dims.size()));
  else if (b.rank(v) < 2)
    b.raise("RuntimeError", "expected total dims >= 2, but got total dims = " + Twine(b.rank(v)));
  else if (dims[0] == dims[1] || std::abs(dims[0] - dims[1]) == b.rank(v))
    b.raise("RuntimeError", "expected rotation dims to be different, but got dim0 = " + Twine(dims[0]) +
                                " and dim1 = " + Twine(dims[1]));
  else
    dims = b.wrapDims(dims, b.rank(v), false);
  if (b.failed())
    return v;
  if (k == 2)
    return b.flip(v, dims);
  if (k == 1)
    return b.transpose(b.flip(v, {dims[1]}), dims[0], dims[1]);
  if (k == 3)
    return b.flip(b.transpose(v, dims[0], dims[1]), {dims[1]});
  return v;
}

//===----------------------------------------------------------------------===//
// Padding
//===----------------------------------------------------------------------===//

AV padValue(OpCall &c) { return c.has("value") ? c.number("value") : AV::real(0); }
Result constantPad(OpCall &c) { return padded(c, c.value("self"), c.integers("pad"), "constant", padValue(c)); }
Result pad(OpCall &c) {
  std::string mode = c.string("mode", "constant");
  return padded(c, c.value("self"), c.integers("pad"), mode, mode == "constant" ? padValue(c) : AV::real(0));
}
Result modePad(OpCall &c) { // reflection_pad1d, replication_pad2d, ...
  StringRef mode = StringRef(c.schema.name).starts_with("reflection") ? "reflect"
                   : StringRef(c.schema.name).contains("circular")    ? "circular"
                                                                      : "replicate";
  return padded(c, c.value("self"), c.integers("padding"), mode, AV::real(0));
}

//===----------------------------------------------------------------------===//
// Writes as values, and in-place fills
//===----------------------------------------------------------------------===//

/// A copy of `self` in which the view that `make` gives is overwritten by `src`.
template <typename Make>
Result scatterInto(OpCall &c, Make make) {
  GraphBuilder &b = c.b;
  AV base = b.fresh(c.value("self"));
  AV part = make(base);
  if (b.failed())
    return base;
  Value v = b.cast(c.value("src"), b.dtype(c.value("self")));
  b.write(part, b.expand(v, part.getTensor()->node->sizes));
  return b.fresh(b.read(base));
}
AV viewBy(OpCall &c, StringRef name, const AV &base, ArrayRef<StringRef> arguments) {
  std::vector<AV> args{base};
  for (StringRef a : arguments)
    args.push_back(c.arg(a));
  std::vector<AV> out = runOperator(c.b, name, args);
  return out.empty() ? base : out[0];
}
Result selectScatter(OpCall &c) {
  return scatterInto(c, [&](const AV &t) { return viewBy(c, "aten::select.int", t, {"dim", "index"}); });
}
Result sliceScatter(OpCall &c) {
  return scatterInto(c,
                     [&](const AV &t) { return viewBy(c, "aten::slice.Tensor", t, {"dim", "start", "end", "step"}); });
}
Result diagonalScatter(OpCall &c) {
  return scatterInto(c, [&](const AV &t) { return viewBy(c, "aten::diagonal", t, {"offset", "dim1", "dim2"}); });
}
Result asStridedScatter(OpCall &c) {
  return scatterInto(
      c, [&](const AV &t) { return viewBy(c, "aten::as_strided", t, {"size", "stride", "storage_offset"}); });
}

/// Writes a value that broadcasts to the tensor into it.
Result overwrite(OpCall &c, Value v) {
  GraphBuilder &b = c.b;
  AV self = c.tensor("self");
  Value old = b.read(self);
  v = b.cast(v, b.dtype(old));
  Sizes to = b.sizes(old);
  Sizes both = b.broadcastSizes(to, b.sizes(v));
  SmallVector<Int> holes;
  std::string message = "output with shape " + b.sizesText(to, holes);
  message += " doesn't match the broadcast shape " + b.sizesText(both, holes);
  if (both.size() != to.size())
    b.raise("RuntimeError", message);
  else
    for (auto [x, y] : llvm::zip(to, both))
      b.checkEqual(x, y, "RuntimeError", message, holes);
  if (!b.failed())
    b.write(self, b.expand(v, to));
  return self;
}
/// Whether both show the same elements by the same strides: then torch copies nothing, and refuses nothing.
bool isSameMemory(const ViewNode &x, const ViewNode &y) {
  auto same = [](ArrayRef<Int> a, ArrayRef<Int> b) {
    return llvm::equal(a, b, [](Int i, Int j) { return equal(i, j); });
  };
  auto plain = [](const ViewNode &node) {
    using Kind = ViewStep::Kind;
    for (const ViewNode *n = &node; n->parent; n = n->parent.get())
      if (!llvm::is_contained({Kind::Reshape, Kind::Permute, Kind::Slice, Kind::Expand, Kind::AsStrided}, n->step.kind))
        return false;
    return true;
  };
  return &x == &y ||
         (x.storage == y.storage && plain(x) && plain(y) && x.strides && y.strides && same(x.sizes, y.sizes) &&
          same(*x.strides, *y.strides) && equal(x.storageOffset, y.storageOffset));
}
Result copyInPlace(OpCall &c) {
  AV self = c.tensor("self"), from = c.tensor(c.schema.arguments[1].name);
  if (isSameMemory(*self.getTensor()->node, *from.getTensor()->node))
    return self;
  return overwrite(c, c.b.read(from));
}
Result fillInPlace(OpCall &c) { return overwrite(c, c.value("value")); }
Result zeroInPlace(OpCall &c) { return overwrite(c, c.b.scalar(0.0, c.b.dtype(c.value("self")))); }
Result copy(OpCall &c) {
  Value old = c.value("self");
  return c.b.expand(c.b.cast(c.value("src"), c.b.dtype(old)), c.b.sizes(old));
}
Result fill(OpCall &c) {
  Value old = c.value("self");
  return c.b.expand(c.b.cast(c.value("value"), c.b.dtype(old)), c.b.sizes(old));
}

//===----------------------------------------------------------------------===//
// Diagonals, grids, pixels
//===----------------------------------------------------------------------===//

Value embedDiagonal(GraphBuilder &b, Value v, Int offset, int64_t d0, int64_t d1) {
  int64_t last = b.rank(v) - 1;
  Int extra = b.maxInt(offset, mul(offset, b.size(-1)));
  Int n = add(b.size(v, last), extra);
  Sizes square{n, n};
  Value row = b.iota(square, 0, longDType), column = b.iota(square, 1, longDType);
  Value on = b.compare<graph::EqOp>(b.add(row, b.scalar(AV::integer(offset), longDType)), column);
  // The element at (i, j) is v[min(i, j)]: v along the rows (or columns), cut.
  Value line = v;
  if (std::optional<int64_t> k = known(extra); k.value_or(0)) {
    Dims low(b.rank(v), 0), high(b.rank(v), 0);
    high[last] = *k;
    line = b.pad(line, low, high, 0);
  } else if (!k) {
    Sizes rest = b.sizes(v);
    rest[last] = extra;
    line = b.concat({line, b.full(rest, 0.0, b.dtype(v))}, last);
  }
  AV right = b.compareInt(arith::CmpIPredicate::sge, offset, b.size(0));
  auto lines = [&](bool rows) { return b.unsqueeze(line, b.rank(line) - (rows ? 0 : 1)); };
  Sizes to = b.sizes(v);
  to.pop_back();
  to.append({n, n});
  Value wide = right.knownBool() ? b.expand(lines(*right.knownBool()), to)
                                 : b.where(b.scalar(right, int64_t(DType::Bool)), b.expand(lines(true), to),
                                           b.expand(lines(false), to));
  Value out = b.where(on, wide, b.full(to, 0.0, b.dtype(v)));
  int64_t rank = b.rank(out);
  if (d0 == rank - 2 && d1 == rank - 1)
    return out;
  Dims p(rank, -1);
  p[d0] = rank - 2;
  p[d1] = rank - 1;
  int64_t next = 0;
  for (int64_t &d : p)
    if (d < 0)
      d = next++;
  return b.permute(out, p);
}
Result diagEmbed(OpCall &c) {
  Value v = c.value("self");
  int64_t rank = c.b.rank(v) + 1, d1 = c.dim("dim1", rank, -2), d2 = c.dim("dim2", rank, -1);
  if (d1 == d2 && !c.b.failed())
    c.b.raise("RuntimeError", "diagonal dimensions cannot be identical " + Twine(c.constInt("dim1", -2)) + ", " +
                                  Twine(c.constInt("dim2", -1)));
  return c.b.failed() ? v : embedDiagonal(c.b, v, c.integer("offset"), d1, d2);
}
Result diag(OpCall &c) {
  Value v = c.value("self");
  Int offset = c.integer(c.schema.argumentIndex("diagonal") >= 0 ? "diagonal" : "offset");
  if (c.schema.name == "diagflat")
    v = c.b.flatten(v);
  if (c.b.rank(v) == 1)
    return embedDiagonal(c.b, v, offset, 0, 1);
  if (c.b.rank(v) != 2) {
    c.b.raise("RuntimeError", "diag(): Supports 1D or 2D tensors. Got " + Twine(c.b.rank(v)) + "D");
    return v;
  }
  MLIRContext *context = c.b.context();
  std::vector<AV> out = runOperator(
      c.b, "aten::diagonal", {c.b.fresh(v), AV::integer(offset), AV::integer(0, context), AV::integer(1, context)});
  return c.b.failed() ? v : c.b.read(out[0]);
}
Result meshgrid(OpCall &c) {
  GraphBuilder &b = c.b;
  std::vector<AV> in = c.tensors("tensors"), out;
  bool xy = c.string("indexing", "ij") == "xy" && in.size() >= 2;
  if (xy)
    std::swap(in[0], in[1]);
  Sizes grid;
  for (const AV &t : in) {
    Value v = b.read(t);
    if (b.rank(v) > 1)
      b.raise("RuntimeError", "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got a tensor with " +
                                  Twine(b.rank(v)) + " dimensions");
    grid.push_back(b.rank(v) ? b.size(v, 0) : b.size(1));
  }
  for (auto [i, t] : llvm::enumerate(in)) {
    Sizes line(grid.size(), b.size(1));
    line[i] = grid[i];
    out.push_back(b.viewExpand(b.viewReshape(t, line), grid));
  }
  if (xy)
    std::swap(out[0], out[1]);
  return AV::list(std::move(out));
}
Result pixelShuffle(OpCall &c) {
  GraphBuilder &b = c.b;
  bool undo = c.schema.name == "pixel_unshuffle";
  Value v = c.value("self");
  int64_t r = c.constInt(undo ? "downscale_factor" : "upscale_factor", 1), rank = b.rank(v);
  if (rank < 3) {
    b.raise("RuntimeError", c.schema.name + " expects input to have at least 3 dimensions, but got input with " +
                                Twine(rank) + " dimension(s)");
    return v;
  }
  Sizes s = b.sizes(v), lead(s.begin(), s.end() - 3);
  Int C = s[rank - 3], h = s[rank - 2], w = s[rank - 1], R = b.size(r);
  Sizes wide = lead, out = lead;
  Dims p;
  for (int64_t d = 0; d < rank - 3; ++d)
    p.push_back(d);
  int64_t n = rank - 3;
  if (undo) {
    Int h2 = floorDiv(h, r), w2 = floorDiv(w, r);
    wide.append({C, h2, R, w2, R});
    p.append({n, n + 2, n + 4, n + 1, n + 3});
    out.append({mul(C, b.size(r * r)), h2, w2});
  } else {
    Int c2 = floorDiv(C, r * r);
    wide.append({c2, R, R, h, w});
    p.append({n, n + 3, n + 1, n + 4, n + 2});
    out.append({c2, mul(h, R), mul(w, R)});
  }
  return b.reshape(b.permute(b.reshape(v, wide), p), out);
}
Result channelShuffle(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t g = c.constInt("groups", 1);
  Sizes s = b.sizes(v), wide = s;
  wide[1] = floorDiv(s[1], g);
  wide.insert(wide.begin() + 1, b.size(g));
  return b.reshape(b.transpose(b.reshape(v, wide), 1, 2), s);
}

const OperatorRow rows[] = {
    {"aten::cat", cat},
    {"aten::concat", cat},
    {"aten::concatenate", cat},
    {"aten::stack", stack},
    {"prim::VarConcat", cat},
    {"aten::hstack", stackOf},
    {"aten::vstack", stackOf},
    {"aten::row_stack", stackOf},
    {"aten::dstack", stackOf},
    {"aten::column_stack", stackOf},
    {"aten::block_diag", blockDiagonal},
    {"aten::_chunk_cat", chunkCat},
    {"aten::repeat", repeat},
    {"aten::tile", tile},
    {"aten::repeat_interleave.self_int", repeatInterleave},
    {"aten::repeat_interleave.self_Tensor", repeatInterleave},
    {"aten::repeat_interleave.Tensor", repeatInterleave},
    {"aten::flip", flip},
    {"aten::fliplr", flip},
    {"aten::flipud", flip},
    {"aten::roll", roll},
    {"aten::rot90", rot90},
    {"aten::constant_pad_nd", constantPad},
    {"aten::pad_sequence", padSequence},
    {"aten::pad", pad},
    {"aten::reflection_pad1d", modePad},
    {"aten::reflection_pad2d", modePad},
    {"aten::reflection_pad3d", modePad},
    {"aten::replication_pad1d", modePad},
    {"aten::replication_pad2d", modePad},
    {"aten::replication_pad3d", modePad},
    {"aten::_pad_circular",
     [](OpCall &c) -> Result { return padded(c, c.value("self"), c.integers("pad"), "circular", AV::real(0)); }},
    {"aten::select_scatter", selectScatter},
    {"aten::slice_scatter", sliceScatter},
    {"aten::diagonal_scatter", diagonalScatter},
    {"aten::as_strided_scatter", asStridedScatter},
    {"aten::copy_", copyInPlace},
    {"aten::copy_.Tensor", copyInPlace},
    {"aten::copy_.int", copyInPlace},
    {"aten::copy_.float", copyInPlace},
    {"aten::copy", copy},
    {"aten::fill_.Scalar", fillInPlace},
    {"aten::fill_.Tensor", fillInPlace},
    {"aten::fill.Scalar", fill},
    {"aten::fill.Tensor", fill},
    {"aten::zero_", zeroInPlace},
    {"aten::diag_embed", diagEmbed},
    {"aten::diag", diag},
    {"aten::diagflat", diag},
    {"aten::meshgrid", meshgrid},
    {"aten::meshgrid.indexing", meshgrid},
    {"aten::pixel_shuffle", pixelShuffle},
    {"aten::pixel_unshuffle", pixelShuffle},
    {"aten::channel_shuffle", channelShuffle},
};

} // namespace

ArrayRef<OperatorRow> eval::shapeOperators() { return rows; }
