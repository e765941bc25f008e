//===- Views.cpp - operators that share their input's storage ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Assume.h"
#include "MemoryOrder.h"
#include "Operators.h"
#include "ShapeSupport.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Predicate = arith::CmpIPredicate;
using Kind = ViewStep::Kind;

namespace {

//===----------------------------------------------------------------------===//
// Permutations
//===----------------------------------------------------------------------===//

AV swapped(GraphBuilder &b, const AV &t, int64_t d0, int64_t d1) {
  Dims p;
  for (int64_t d = 0; d < rankOf(t); ++d)
    p.push_back(d == d0 ? d1 : d == d1 ? d0 : d);
  return b.viewPermute(t, p);
}
Result transpose(OpCall &c) {
  AV t = c.tensor("self");
  StringRef d0 = c.schema.argumentIndex("dim0") >= 0 ? "dim0" : "axis0";
  StringRef d1 = c.schema.argumentIndex("dim1") >= 0 ? "dim1" : "axis1";
  return swapped(c.b, t, c.dim(d0, rankOf(t)), c.dim(d1, rankOf(t)));
}
Result matrixTranspose(OpCall &c) { // t, numpy_T, mT
  AV t = c.tensor("self");
  int64_t rank = rankOf(t);
  if (c.schema.name == "t") {
    if (rank > 2)
      c.b.raise("RuntimeError", "t() expects a tensor with <= 2 dimensions, but self is " + Twine(rank) + "D");
    return rank < 2 ? aliasOf(c.b, t) : swapped(c.b, t, 0, 1);
  }
  if (c.schema.name == "mT" || c.schema.name == "adjoint" || c.schema.name == "mH" || c.schema.name == "matrix_H") {
    if (rank < 2) {
      c.b.raise("RuntimeError", "tensor." + c.schema.name +
                                    " is only supported on matrices or batches of matrices. "
                                    "Got " +
                                    Twine(rank) + "-D tensor.");
      return t;
    }
    AV out = swapped(c.b, t, rank - 2, rank - 1);
    bool conj = c.schema.name != "mT" && isa<ComplexType>(t.getTensor()->node->elementType);
    return conj ? c.b.view(out, ViewStep::of(Kind::Conj), out.getTensor()->node->sizes) : out;
  }
  Dims p;
  for (int64_t d = rank; d-- > 0;)
    p.push_back(d);
  return c.b.viewPermute(t, p);
}
Result permute(OpCall &c) {
  AV t = c.tensor("self");
  Dims p = c.constInts("dims");
  if (int64_t(p.size()) != rankOf(t)) {
    c.b.raise("RuntimeError", "permute(sparse_coo): number of dimensions in the tensor input does not match the length "
                              "of the desired ordering of dimensions i.e. input.dim() = " +
                                  Twine(rankOf(t)) + " is not equal to len(dims) = " + Twine(p.size()));
    return t;
  }
  p = c.b.wrapDims(p, rankOf(t), false);
  return c.b.failed() ? t : c.b.viewPermute(t, p);
}
Result movedim(OpCall &c) {
  GraphBuilder &b = c.b;
  AV t = c.tensor("self");
  int64_t rank = rankOf(t);
  Dims source = c.constInts("source"), destination = c.constInts("destination");
  if (source.size() != destination.size())
    b.raise("RuntimeError", "movedim: Invalid source or destination dims: source (" + listText(source) +
                                " dims) should contain the same number of dims as destination (" +
                                listText(destination) + " dims)");
  auto wrapped = [&](ArrayRef<int64_t> dims, StringRef name) {
    Dims out;
    for (int64_t d : dims) {
      int64_t w = b.wrapDim(d, rank);
      if (llvm::is_contained(out, w) && !b.failed())
        b.raise("RuntimeError", "movedim: repeated dim in `" + name + "` (" + listText(dims) + ")");
      out.push_back(w);
    }
    return out;
  };
  Dims from = wrapped(source, "source"), to = wrapped(destination, "destination");
  if (b.failed() || rank == 0)
    return rank ? t : aliasOf(b, t);
  Dims p(rank, -1);
  for (auto [f, d] : llvm::zip(from, to))
    p[d] = f;
  int64_t next = 0;
  for (int64_t &d : p) {
    while (d < 0 && llvm::is_contained(from, next))
      ++next;
    if (d < 0)
      d = next++;
  }
  return c.b.viewPermute(t, p);
}

//===----------------------------------------------------------------------===//
// Broadcasts and strided views
//===----------------------------------------------------------------------===//

AV expandTo(GraphBuilder &b, const AV &t, ArrayRef<Int> to) {
  Sizes from = sizesOf(b, t), out;
  if (to.size() < from.size()) {
    b.raise("RuntimeError", "expand: the number of sizes provided (" + Twine(to.size()) +
                                ") must be greater or equal to the number of dimensions in the tensor (" +
                                Twine(from.size()) + ")");
    return t;
  }
  size_t lead = to.size() - from.size();
  for (auto [i, target] : llvm::enumerate(to)) {
    bool keep = isKnown(target, -1);
    if (i < lead) {
      if (keep)
        b.raise("RuntimeError", "The expanded size of the tensor (-1) isn't allowed in a leading, non-existing "
                                "dimension " +
                                    Twine(i));
      out.push_back(target);
      continue;
    }
    Int have = from[i - lead];
    if (keep) {
      out.push_back(have);
      continue;
    }
    out.push_back(b.resolve(target));
    if (isKnown(have, 1) || equal(have, b.resolve(target)))
      continue;
    SmallVector<Int> holes{target, have};
    std::string targets = b.sizesText(to, holes), sizes = b.sizesText(from, holes);
    std::string message = "The expanded size of the tensor ({0}) must match the existing size ({1}) at non-singleton "
                          "dimension " +
                          std::to_string(i) + ".  Target sizes: " + targets + ".  Tensor sizes: " + sizes;
    // A constant other than 1 can only be equal.
    if (known(have))
      b.checkEqual(have, target, "RuntimeError", message, holes);
    else
      b.check(b.orBool(b.compareInt(Predicate::eq, have, target), b.compareInt(Predicate::eq, have, b.size(1))),
              "RuntimeError", message, holes);
  }
  return b.failed() ? t : b.viewExpand(t, out);
}
Result expand(OpCall &c) { return expandTo(c.b, c.tensor("self"), c.integers("size")); }
Result expandAs(OpCall &c) { return expandTo(c.b, c.tensor("self"), sizesOf(c.b, c.tensor("other"))); }
Result broadcastTensors(OpCall &c) {
  std::vector<AV> in = c.tensors("tensors"), out;
  if (in.empty())
    return AV::list({});
  Sizes common = sizesOf(c.b, in[0]);
  for (const AV &t : in)
    common = c.b.broadcastSizes(common, sizesOf(c.b, t));
  for (const AV &t : in)
    out.push_back(c.b.viewExpand(t, common));
  return AV::list(std::move(out));
}

AV strided(GraphBuilder &b, const AV &t, ArrayRef<Int> sizes, ArrayRef<Int> strides, Int offset, bool showsOnce) {
  ViewStep step = ViewStep::of(Kind::AsStrided);
  step.strides.assign(strides.begin(), strides.end());
  step.start = offset;
  step.showsOnce = showsOnce;
  return b.view(t, step, sizes);
}
/// The view with torch's strides, which those of a row-major tensor are only where it is one.
AV withStrides(const AV &view, std::optional<Sizes> strides, Int offset) {
  ViewNode &node = *view.getTensor()->node;
  node.strides = std::move(strides);
  node.storageOffset = offset;
  return view;
}
Result asStrided(OpCall &c) {
  GraphBuilder &b = c.b;
  AV t = c.tensor("self");
  b.assumeRowMajor(t, /*ifWritten=*/false);
  std::shared_ptr<ViewNode> root = t.getTensor()->node;
  Int offset = c.has("storage_offset") ? c.integer("storage_offset") : root->storageOffset;
  while (root->parent)
    root = root->parent;
  if (!root->strides || !isContiguous(root->sizes, *root->strides))
    return c.unsupported("the strides of the tensor's storage are not known");
  Sizes sizes = c.integers("size"), strides = c.integers("stride");
  if (sizes.size() != strides.size()) {
    b.raise("RuntimeError", "mismatch in length of strides and shape");
    return t;
  }
  // The last element that is seen is one of the storage; nothing is seen of a view without elements.
  Int last = offset, storage = add(numElements(root->sizes, b.context()), root->storageOffset);
  AV empty = AV::boolean(false), positive = b.compareInt(Predicate::sge, offset, b.size(0));
  for (auto [size, stride] : llvm::zip(sizes, strides)) {
    last = add(last, mul(sub(size, b.size(1)), stride));
    empty = b.orBool(empty, b.compareInt(Predicate::eq, size, b.size(0)));
    positive = b.andBool(positive, b.compareInt(Predicate::sge, stride, b.size(0)));
  }
  b.check(positive, "RuntimeError", "as_strided: Negative strides are not supported at the moment");
  b.check(b.orBool(empty, b.compareInt(Predicate::slt, last, storage)), "RuntimeError",
          "setStorage: sizes, strides and storage offset {0} are out of bounds for storage of {1} elements",
          {offset, storage});
  auto object = std::make_shared<TensorObject>();
  object->node = root;
  return strided(b, AV::tensor(object), sizes, strides, sub(offset, root->storageOffset),
                 b.showsOnce(sizes, strides).knownBool() == true);
}
Result diagonal(OpCall &c) {
  GraphBuilder &b = c.b;
  AV t = c.tensor(c.schema.arguments[0].name);
  int64_t rank = rankOf(t), d0 = c.dim("dim1", rank, 0), d1 = c.dim("dim2", rank, 1);
  Int offset = c.has("offset") ? c.integer("offset") : b.size(0);
  if (rank < 2 || d0 == d1) {
    b.raise("RuntimeError", "diagonal dimensions cannot be identical " + Twine(d0) + ", " + Twine(d1));
    return t;
  }
  Sizes s = sizesOf(b, t), strides = contiguousStrides(s, b.context()), to, by;
  Int right = b.maxInt(offset, b.size(0)), down = b.maxInt(mul(offset, b.size(-1)), b.size(0));
  Int length = b.maxInt(b.minInt(sub(s[d0], down), sub(s[d1], right)), b.size(0));
  // No element is far outside where the offset is known at run time only: the start of nothing is 0.
  auto start = [&](ArrayRef<Int> by) {
    Int place = add(mul(right, by[d1]), mul(down, by[d0]));
    AV nothing = b.compareInt(Predicate::eq, length, b.size(0));
    return known(offset) && !isKnown(length, 0) ? place : b.selectInt(nothing, b.size(0), place);
  };
  for (int64_t d = 0; d < rank; ++d)
    if (d != d0 && d != d1) {
      to.push_back(s[d]);
      by.push_back(strides[d]);
    }
  to.push_back(length);
  by.push_back(add(strides[d0], strides[d1]));
  AV out = strided(b, t, to, by, start(strides), /*showsOnce=*/true);
  const ViewNode &parent = *t.getTensor()->node;
  if (!parent.strides)
    return out;
  Sizes old = *parent.strides, real;
  for (int64_t d = 0; d < rank; ++d)
    if (d != d0 && d != d1)
      real.push_back(old[d]);
  real.push_back(add(old[d0], old[d1]));
  return withStrides(out, real, add(parent.storageOffset, start(old)));
}
Result unfold(OpCall &c) {
  GraphBuilder &b = c.b;
  AV t = c.tensor("self");
  int64_t rank = rankOf(t), d = c.dim("dimension", rank), step = c.constInt("step", 1);
  Int window = c.integer("size");
  if (rank == 0)
    return strided(b, t, {window}, {b.size(1)}, b.size(0), /*showsOnce=*/true);
  Sizes s = sizesOf(b, t), strides = contiguousStrides(s, b.context());
  b.check(b.compareInt(Predicate::sle, window, s[d]), "RuntimeError",
          "maximum size for tensor at dimension " + Twine(d) + " is {0} but size is {1}", {s[d], window});
  s[d] = add(floorDiv(sub(s[d], window), std::max<int64_t>(step, 1)), b.size(1));
  s.push_back(window);
  // The windows' dimension, and the one within a window.
  auto unfolded = [&](Sizes by) {
    by.push_back(by[d]);
    by[d] = mul(by[d], b.size(step));
    return by;
  };
  AV out = strided(b, t, s, unfolded(strides), b.size(0), /*showsOnce=*/known(window) && *known(window) <= step);
  const ViewNode &parent = *t.getTensor()->node;
  return parent.strides ? withStrides(out, unfolded(*parent.strides), parent.storageOffset) : out;
}

//===----------------------------------------------------------------------===//
// The same elements in another form
//===----------------------------------------------------------------------===//

Result alias(OpCall &c) {
  AV out = aliasOf(c.b, c.tensor(c.schema.arguments[0].name));
  if (StringRef(c.schema.name).starts_with("detach"))
    out.getTensor()->requiresGrad = out.getTensor()->hasHistory = false;
  return out;
}
Result setRequiresGrad(OpCall &c) {
  GraphBuilder &b = c.b;
  AV self = c.tensor("self");
  TensorObject &t = *self.getTensor();
  bool wanted = c.flag("requires_grad", true);
  int64_t dtype = typeToDType(t.node->elementType);
  if (wanted && !b.isFloating(dtype) && !b.isComplex(dtype))
    b.raise("RuntimeError", "Only Tensors of floating point and complex dtype can require gradients");
  else if (!wanted && t.hasHistory)
    b.raise("RuntimeError", "you can only change requires_grad flags of leaf variables.");
  else if (!t.hasHistory)
    t.requiresGrad = wanted;
  return self;
}
Result same(OpCall &c) { return c.tensor(c.schema.arguments[0].name); }
/// A copy where the views of the storage conjugate, or negate, an odd number of times.
template <Kind Step>
Result resolved(OpCall &c) {
  AV t = c.tensor("self");
  bool odd = false;
  for (const ViewNode *n = t.getTensor()->node.get(); n->parent; n = n->parent.get())
    odd ^= n->step.kind == Step;
  return odd ? MemoryOrder(t).make(c.b, c.b.read(t)) : t;
}
Result realPart(OpCall &c) {
  AV t = c.tensor("self");
  auto type = dyn_cast<ComplexType>(t.getTensor()->node->elementType);
  if (!type)
    return t;
  return c.b.view(t, ViewStep::of(c.schema.name == "imag" ? Kind::Imag : Kind::Real), sizesOf(c.b, t),
                  type.getElementType());
}
Result viewAsReal(OpCall &c) {
  AV t = c.tensor("self");
  auto type = dyn_cast<ComplexType>(t.getTensor()->node->elementType);
  if (!type) {
    c.b.raise("RuntimeError", "view_as_real is only supported for complex tensors");
    return t;
  }
  Sizes s = sizesOf(c.b, t);
  s.push_back(c.b.size(2));
  return c.b.view(t, ViewStep::of(Kind::ViewAsReal), s, type.getElementType());
}
Result viewAsComplex(OpCall &c) {
  AV t = c.tensor("self");
  Sizes s = sizesOf(c.b, t);
  if (s.empty() || (known(s.back()) && !isKnown(s.back(), 2))) {
    c.b.raise("RuntimeError", "Tensor must have a last dimension of size 2");
    return t;
  }
  c.b.checkEqual(s.back(), c.b.size(2), "RuntimeError", "Tensor must have a last dimension of size 2");
  s.pop_back();
  return c.b.view(t, ViewStep::of(Kind::ViewAsComplex), s, ComplexType::get(t.getTensor()->node->elementType));
}
Result conj(OpCall &c) {
  AV t = c.tensor("self");
  if (!isa<ComplexType>(t.getTensor()->node->elementType))
    return t;
  return c.b.view(t, ViewStep::of(Kind::Conj), sizesOf(c.b, t));
}
Result viewDType(OpCall &c) {
  AV t = c.tensor("self");
  int64_t have = typeToDType(t.getTensor()->node->elementType), want = c.constInt("dtype");
  if (have == want)
    return aliasOf(c.b, t);
  if (dtypeSize(have) != dtypeSize(want))
    return c.unsupported("dtypes of different widths");
  return c.b.view(t, ViewStep::of(Kind::Bitcast), sizesOf(c.b, t), c.b.elementType(want));
}

const OperatorRow rows[] = {
    {"aten::view.dtype", viewDType},
    {"aten::transpose.int", transpose},
    {"aten::swapaxes", transpose},
    {"aten::swapdims", transpose},
    {"aten::t", matrixTranspose},
    {"aten::numpy_T", matrixTranspose},
    {"aten::mT", matrixTranspose},
    {"aten::mH", matrixTranspose},
    {"aten::matrix_H", matrixTranspose},
    {"aten::adjoint", matrixTranspose},
    {"aten::permute", permute},
    {"aten::movedim.int", movedim},
    {"aten::movedim.intlist", movedim},
    {"aten::moveaxis.int", movedim},
    {"aten::moveaxis.intlist", movedim},
    {"aten::expand", expand},
    {"aten::broadcast_to", expand},
    {"aten::expand_as", expandAs},
    {"aten::broadcast_tensors", broadcastTensors},
    {"aten::as_strided", asStrided},
    {"aten::diagonal", diagonal},
    {"aten::linalg_diagonal", diagonal},
    {"aten::unfold", unfold},
    {"aten::alias", alias},
    {"aten::detach", alias},
    {"prim::data", alias},
    {"aten::lift_fresh", same},
    {"aten::lift", same},
    {"aten::real", realPart},
    {"aten::imag", realPart},
    {"aten::view_as_real", viewAsReal},
    {"aten::view_as_complex", viewAsComplex},
    {"aten::conj", conj},
    {"aten::_conj", conj},
    {"aten::resolve_conj", resolved<Kind::Conj>},
    {"aten::resolve_neg", resolved<Kind::Neg>},
    {"aten::cpu", same},
    {"aten::requires_grad_", setRequiresGrad},
};

} // namespace

ArrayRef<OperatorRow> eval::viewOperators() { return rows; }
