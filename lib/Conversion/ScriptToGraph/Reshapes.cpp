//===- Reshapes.cpp - views of other sizes, copies --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A reshape is a view where the strides let it be one, and a copy elsewhere; so is contiguous(). Where a call only
// decides, the copy knows when it is the view (Storage::choices).
#include "Assume.h"
#include "MemoryOrder.h"
#include "Operators.h"
#include "ShapeSupport.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Predicate = arith::CmpIPredicate;

Sizes eval::inferReshape(GraphBuilder &b, ArrayRef<Int> from, ArrayRef<Int> to) {
  Int numel = b.resolve(numElements(from, b.context())), others = b.size(1);
  int64_t open = -1;
  SmallVector<Int> holes;
  std::string text = b.sizesText(to, holes);
  std::string message = "shape '" + text + "' is invalid for input of size {" + std::to_string(holes.size()) + "}";
  holes.push_back(numel);
  for (auto [i, s] : llvm::enumerate(to)) {
    if (isKnown(s, -1)) {
      if (open >= 0)
        b.raise("RuntimeError", "only one dimension can be inferred");
      open = i;
      continue;
    }
    if (known(s).value_or(0) < 0)
      b.raise("RuntimeError", "invalid shape dimension " + Twine(*known(s)));
    others = mul(others, s);
  }
  others = b.resolve(others);
  Sizes out(to);
  if (open < 0) {
    b.checkEqual(numel, others, "RuntimeError", message, holes);
    return out;
  }
  b.check(b.compareInt(Predicate::ne, others, b.size(0)), "RuntimeError",
          "cannot reshape tensor of 0 elements into shape " + text +
              " because the unspecified dimension size -1 can be any value and is ambiguous",
          holes);
  Int inferred = exactDiv(numel, others);
  if (!inferred) {
    if (isKnown(others, 0)) {
      inferred = b.size(0);
    } else {
      inferred = b.floorDivInt(numel, others);
      b.check(b.compareInt(Predicate::eq, numel, mul(inferred, others)), "RuntimeError", message, holes);
    }
  }
  out[open] = inferred;
  return out;
}

namespace {

//===----------------------------------------------------------------------===//
// Reshapes
//===----------------------------------------------------------------------===//

/// Whether the memory of sizes of the call is row-major without gaps.
AV isRowMajor(GraphBuilder &b, ArrayRef<Int> sizes, ArrayRef<Int> strides) {
  AV out = AV::boolean(true), empty = AV::boolean(false);
  Int expected = b.size(1);
  for (size_t i = sizes.size(); i-- > 0; expected = mul(expected, sizes[i])) {
    AV one = b.compareInt(Predicate::eq, sizes[i], b.size(1));
    empty = b.orBool(empty, b.compareInt(Predicate::eq, sizes[i], b.size(0)));
    out = b.andBool(out, b.orBool(one, b.compareInt(Predicate::eq, strides[i], expected)));
  }
  return b.orBool(out, empty);
}

/// A view with other sizes: where it exists, and its strides there.
struct OtherSizes {
  AV exists;
  Sizes strides;
};
/// ATen's computeStride for sizes of the call: the view exists where each two dimensions that are not one run of memory
/// have a place between dimensions of the view at their boundary.
OtherSizes viewOf(GraphBuilder &b, ArrayRef<Int> sizes, ArrayRef<Int> strides, ArrayRef<Int> to) {
  // How many elements the dimensions behind each place have.
  auto behind = [&](ArrayRef<Int> dims) {
    Sizes out(dims.size() + 1, b.size(1));
    for (size_t i = dims.size(); i-- > 0;)
      out[i] = mul(out[i + 1], dims[i]);
    return out;
  };
  Sizes inner = behind(sizes), places = behind(to);
  AV exists = AV::boolean(true), empty = AV::boolean(false), begun = AV::boolean(false);
  Int expected = b.size(1);
  Sizes out(to.size(), b.size(1));
  for (size_t i = sizes.size(); i-- > 0;) {
    AV one = b.compareInt(Predicate::eq, sizes[i], b.size(1));
    empty = b.orBool(empty, b.compareInt(Predicate::eq, sizes[i], b.size(0)));
    if (one.knownBool() == true)
      continue;
    AV fits = b.orBool(b.orBool(one, b.notBool(begun)), b.compareInt(Predicate::eq, strides[i], expected));
    for (Int place : places)
      if (fits.knownBool() != true)
        fits = b.orBool(fits, b.compareInt(Predicate::eq, place, inner[i + 1]));
    exists = b.andBool(exists, fits);
    expected = b.selectInt(one, expected, mul(sizes[i], strides[i]));
    begun = b.orBool(begun, b.notBool(one));
    // The outermost dimension whose elements a step of the view's covers gives it the stride.
    Int steps = b.maxInt(inner[i + 1], b.size(1));
    for (size_t d = 0; d < to.size(); ++d) {
      AV covers = b.andBool(b.notBool(one), b.compareInt(Predicate::sge, places[d + 1], inner[i + 1]));
      if (covers.knownBool() != false)
        out[d] = b.selectInt(covers, mul(b.floorDivInt(places[d + 1], steps), strides[i]), out[d]);
    }
  }
  return {b.orBool(exists, empty), out};
}

/// A copy that may share memory with what it is of: neither is written while both live.
AV copyThatMayShare(GraphBuilder &b, const AV &of, Value copy) {
  AV out = b.fresh(copy);
  std::shared_ptr<Storage> own = out.getTensor()->node->storage, other = of.getTensor()->node->storage;
  own->mayShare.push_back(other);
  other->mayShare.push_back(own);
  return out;
}

/// What a copy is where the sizes of the call make torch give the view: that one, which writes reach. Branches and
/// loops could not always name it behind them.
AV viewWhere(GraphBuilder &b, const AV &isView, std::shared_ptr<ViewNode> view, const AV &of, Value copy) {
  if (!isa<FunctionOpInterface>(b.b.getInsertionBlock()->getParentOp()))
    return copyThatMayShare(b, of, copy);
  AV out = b.fresh(copy);
  std::shared_ptr<Storage> storage = out.getTensor()->node->storage;
  view->storage->chosenBy.push_back(storage);
  storage->choices.push_back({std::move(view), b.toI1(isView)});
  out.getTensor()->isJoined = true;
  return out;
}

AV reshapeTo(GraphBuilder &b, const AV &t, ArrayRef<Int> to, bool mustView) {
  Sizes from = sizesOf(b, t);
  Sizes sizes = inferReshape(b, from, to);
  if (b.failed())
    return t;
  auto &strides = t.getTensor()->node->strides;
  bool viewable = strides && reshapeStrides(from, *strides, sizes);
  if (viewable || (!strides && mustView)) {
    b.assumeRowMajor(t, /*ifWritten=*/true);
    return b.viewReshape(t, sizes);
  }
  if (!strides)
    return copyThatMayShare(b, t, b.reshape(b.read(t), sizes));
  // Dimensions in front and behind that stay do not matter.
  ArrayRef<Int> old(from), all(*strides), steps(all), made(sizes);
  while (!old.empty() && !made.empty() && equal(old.front(), made.front()))
    old = old.drop_front(), steps = steps.drop_front(), made = made.drop_front();
  while (!old.empty() && !made.empty() && equal(old.back(), made.back()))
    old = old.drop_back(), steps = steps.drop_back(), made = made.drop_back();
  OtherSizes other = viewOf(b, old, steps, made);
  if (mustView)
    b.check(other.exists, "RuntimeError",
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
            "contiguous subspaces). Use .reshape(...) instead.");
  if (b.failed())
    return t;
  if (other.exists.knownBool() == false)
    return b.fresh(b.reshape(b.read(t), sizes));
  b.assumeRowMajor(t, /*ifWritten=*/true);
  AV view = b.viewReshape(t, sizes);
  size_t front = steps.data() - all.data();
  Sizes seen(all.take_front(front));
  llvm::append_range(seen, other.strides);
  llvm::append_range(seen, all.drop_front(front + steps.size()));
  view.getTensor()->node->strides = seen;
  if (mustView)
    return view;
  return viewWhere(b, other.exists, view.getTensor()->node, t, b.reshape(b.read(t), sizes));
}

Result view(OpCall &c) { return reshapeTo(c.b, c.tensor("self"), c.integers("size"), true); }
Result reshape(OpCall &c) {
  return reshapeTo(c.b, c.tensor("self"), c.integers(c.schema.argumentIndex("shape") >= 0 ? "shape" : "size"), false);
}
Result reshapeAs(OpCall &c) {
  return reshapeTo(c.b, c.tensor("self"), sizesOf(c.b, c.tensor("other")), c.schema.name == "view_as");
}
Result flatten(OpCall &c) {
  AV t = c.tensor("self");
  int64_t rank = rankOf(t), start = c.dim("start_dim", rank, 0), end = c.dim("end_dim", rank, -1);
  if (rank == 0)
    return reshapeTo(c.b, t, {c.b.size(1)}, false);
  if (start > end)
    c.b.raise("RuntimeError", "flatten() has invalid args: start_dim cannot come after end_dim");
  if (start >= end)
    return t;
  Sizes s = sizesOf(c.b, t), to(s.begin(), s.begin() + start);
  Int merged = c.b.size(1);
  for (int64_t d = start; d <= end; ++d)
    merged = mul(merged, s[d]);
  to.push_back(merged);
  to.append(s.begin() + end + 1, s.end());
  return reshapeTo(c.b, t, to, false);
}
Result ravel(OpCall &c) {
  AV t = c.tensor("self");
  return reshapeTo(c.b, t, {numElements(sizesOf(c.b, t), c.b.context())}, false);
}
Result unflatten(OpCall &c) {
  AV t = c.tensor("self");
  Sizes s = sizesOf(c.b, t), parts = c.integers("sizes");
  int64_t d = c.dim("dim", rankOf(t));
  parts = inferReshape(c.b, {s[d]}, parts);
  Sizes to(s.begin(), s.begin() + d);
  llvm::append_range(to, parts);
  to.append(s.begin() + d + 1, s.end());
  return c.b.viewReshape(t, to);
}
Result unsqueeze(OpCall &c) {
  AV t = c.tensor("self");
  int64_t d = c.b.wrapDim(c.constInt("dim"), rankOf(t) + 1);
  Sizes s = sizesOf(c.b, t);
  s.insert(s.begin() + d, c.b.size(1));
  return c.b.viewReshape(t, s);
}
/// resize_ and resize_as_: the object gets other sizes over its first elements.
Result resizeInPlace(OpCall &c) {
  GraphBuilder &b = c.b;
  AV t = c.tensor("self");
  Sizes from = sizesOf(b, t),
        to = c.schema.name == "resize_" ? c.integers("size") : sizesOf(b, c.tensor("the_template"));
  if (b.failed())
    return {};
  const auto &strides = t.getTensor()->node->strides;
  if (t.getTensor()->isInput)
    return c.unsupported("it changes the sizes of an input in place");
  if (c.has("memory_format") || !strides || !isContiguous(from, *strides))
    return c.unsupported("of or to tensors that are not row-major");
  Int have = numElements(from, b.context()), want = numElements(to, b.context());
  AV fits = b.compareInt(arith::CmpIPredicate::sle, want, have);
  if (fits.knownBool() == std::optional(false))
    return c.unsupported("to more elements than there are");
  b.check(fits, "RuntimeError", "resize_ to {0} elements, which are more than the {1} that there are, is not compiled",
          {want, have});
  AV flat = b.viewSlice(b.viewReshape(t, {have}), 0, b.size(0), want);
  t.getTensor()->node = b.viewReshape(flat, to).getTensor()->node;
  return t;
}
/// Whether it is a size of a tensor that an object of the runtime gave: one made of a list, for example.
bool isOfObject(GraphBuilder &b, Int size) {
  auto symbol = dyn_cast<AffineSymbolExpr>(size);
  return symbol && b.symbols[symbol.getPosition()].ofObject;
}
Result squeeze(OpCall &c) {
  GraphBuilder &b = c.b;
  AV t = c.tensor("self");
  Sizes s = sizesOf(b, t), to;
  bool all = c.schema.argumentIndex("dim") < 0;
  Dims dims = all ? b.wrapDims({}, rankOf(t)) : b.wrapDims(c.constInts("dim"), rankOf(t), false);
  for (auto [i, size] : llvm::enumerate(s)) {
    if (!llvm::is_contained(dims, int64_t(i))) {
      to.push_back(size);
      continue;
    }
    if (isKnown(size, 1))
      continue;
    // What a program stacks and then squeezes by name is of size 1 there.
    bool named = !all && isOfObject(b, size);
    if (!assumeEqual(b, "squeeze", size, b.size(1), "the size {0} of dimension " + Twine(i) + " is 1", named))
      to.push_back(size);
  }
  return to.size() == s.size() ? aliasOf(b, t) : b.viewReshape(t, to);
}
/// At least as many dimensions, as a view.
AV raisedTo(GraphBuilder &b, const AV &t, int64_t rank) {
  Sizes s = sizesOf(b, t);
  if (int64_t(s.size()) >= rank)
    return t;
  Int one = b.size(1);
  if (s.empty())
    s.assign(rank, one);
  else if (s.size() == 1)
    rank == 3 ? (s.insert(s.begin(), one), s.push_back(one)) : (void)s.insert(s.begin(), one);
  else
    s.push_back(one);
  return b.viewReshape(t, s);
}
template <int Rank>
Result atLeast(OpCall &c) {
  if (c.schema.argumentIndex("tensors") < 0)
    return raisedTo(c.b, c.tensor("self"), Rank);
  std::vector<AV> out;
  for (const AV &t : c.tensors("tensors"))
    out.push_back(raisedTo(c.b, t, Rank));
  return AV::list(std::move(out));
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

/// A new tensor with these elements and the layout of `self`, or of the memory format asked for.
AV copied(OpCall &c, Value v) { return MemoryOrder::like(c, "self").make(c.b, v); }

Result contiguous(OpCall &c) {
  AV t = c.tensor("self");
  int64_t format = c.constInt("memory_format", 0);
  if (isInFormat(*t.getTensor()->node, format)) {
    c.b.assumeRowMajor(t, /*ifWritten=*/true);
    return t;
  }
  AV copy = copied(c, c.b.read(t));
  const ViewNode &node = *t.getTensor()->node;
  if (format != 0)
    return copy;
  if (!node.strides)
    return copyThatMayShare(c.b, t, c.b.read(copy));
  // Of sizes of the call it may be row-major all the same.
  AV same = isRowMajor(c.b, node.sizes, *node.strides);
  if (same.knownBool() == false)
    return copy;
  c.b.assumeRowMajor(t, /*ifWritten=*/true);
  return viewWhere(c.b, same, t.getTensor()->node, t, c.b.read(copy));
}

Result to(OpCall &c) {
  AV t = c.tensor("self");
  int64_t have = typeToDType(t.getTensor()->node->elementType);
  int64_t want = c.dtype("dtype", have);
  if (c.has("other"))
    want = c.b.dtype(c.value("other"));
  if (c.has("device")) {
    std::string device = c.string("device");
    if (!device.empty() && !StringRef(device).starts_with("cpu"))
      return c.unsupported("device " + device);
  }
  int64_t format = c.constInt("memory_format", Preserved);
  // Without a format of its own, and where the format is torch's guess of it, the tensor is kept.
  bool kept = format == Preserved;
  if (int64_t rank = rankOf(t); !kept) {
    const ViewNode &node = *t.getTensor()->node;
    int64_t guess = 0;
    for (int64_t other : {2, 3})
      if (formatRank(other) == rank && isInFormat(node, other) && !isInFormat(node, 0))
        guess = other;
    kept = guess == format;
  }
  if (want == have && kept && !c.flag("copy"))
    return t;
  return copied(c, c.b.cast(c.b.read(t), want));
}
template <DType To>
Result castTo(OpCall &c) { // _cast_Float and the like
  AV t = c.tensor("self");
  if (typeToDType(t.getTensor()->node->elementType) == int64_t(To))
    return t;
  return copied(c, c.b.cast(c.b.read(t), int64_t(To)));
}
Result clone(OpCall &c) { return copied(c, c.value("self")); }

const OperatorRow rows[] = {
    {"aten::view", view},
    {"aten::reshape", reshape},
    {"aten::_unsafe_view", reshape},
    {"aten::_reshape_alias", reshape},
    {"aten::view_as", reshapeAs},
    {"aten::reshape_as", reshapeAs},
    {"aten::flatten.using_ints", flatten},
    {"aten::ravel", ravel},
    {"aten::unflatten.int", unflatten},
    {"aten::unsqueeze", unsqueeze},
    {"aten::resize_", resizeInPlace},
    {"aten::resize_as_", resizeInPlace},
    {"aten::squeeze", squeeze},
    {"aten::squeeze.dim", squeeze},
    {"aten::squeeze.dims", squeeze},
    {"aten::atleast_1d", atLeast<1>},
    {"aten::atleast_1d.Sequence", atLeast<1>},
    {"aten::atleast_2d", atLeast<2>},
    {"aten::atleast_2d.Sequence", atLeast<2>},
    {"aten::atleast_3d", atLeast<3>},
    {"aten::atleast_3d.Sequence", atLeast<3>},
    {"aten::lift_fresh_copy", clone},
    {"aten::contiguous", contiguous},
    {"aten::to.dtype", to},
    {"aten::to.dtype_layout", to},
    {"aten::to.device", to},
    {"aten::to.other", to},
    {"aten::to.prim_dtype", to},
    {"aten::to.prim_Device", to},
    {"aten::to.prim_other", to},
    {"aten::_to_copy", to},
    {"prims::convert_element_type", to},
    {"aten::type_as", to},
    {"aten::_cast_Float", castTo<DType::Float32>},
    {"aten::_cast_Double", castTo<DType::Float64>},
    {"aten::_cast_Half", castTo<DType::Float16>},
    {"aten::_cast_Int", castTo<DType::Int32>},
    {"aten::_cast_Long", castTo<DType::Int64>},
    {"aten::_cast_Short", castTo<DType::Int16>},
    {"aten::_cast_Char", castTo<DType::Int8>},
    {"aten::_cast_Byte", castTo<DType::UInt8>},
    {"aten::clone", clone},
};

} // namespace

ArrayRef<OperatorRow> eval::reshapeOperators() { return rows; }
