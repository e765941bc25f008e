//===- MemoryOrder.cpp - how a tensor lies in memory ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "MemoryOrder.h"
#include "ShapeSupport.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

//===----------------------------------------------------------------------===//
// The order in which ATen runs through operands
//===----------------------------------------------------------------------===//

/// The operand's stride of a dimension of the result; null: 0, where it is repeated.
static Int strideOf(const ViewNode &node, ArrayRef<Int> sizes, int64_t dim) {
  int64_t own = dim - int64_t(sizes.size() - node.sizes.size());
  if (own < 0 || (isKnown(node.sizes[own], 1) && !isKnown(sizes[dim], 1)) || isKnown((*node.strides)[own], 0))
    return {};
  return (*node.strides)[own];
}

/// -1, 0 or 1 as the first stride is smaller, equal or greater; sizes are taken to be positive.
static std::optional<int> compareStrides(Int a, Int b) {
  if (equal(a, b))
    return 0;
  if (known(a) && known(b))
    return *known(a) < *known(b) ? -1 : 1;
  if (exactDiv(a, b))
    return 1;
  if (exactDiv(b, a))
    return -1;
  return std::nullopt;
}

/// A stride without its constant factors. Those of slices do not change the order of dimensions: one of more than one
/// element stays within the next outer one.
static Int withoutSteps(Int stride) {
  for (int64_t factor : {2, 3, 5, 7})
    while (Int rest = exactDiv(stride, getAffineConstantExpr(factor, stride.getContext())))
      stride = rest;
  return stride;
}
static bool isPartOfDense(const ViewNode &node) {
  for (const ViewNode *n = &node; n->parent; n = n->parent.get())
    if (n->step.kind == ViewStep::Kind::AsStrided)
      return false;
  return true;
}

/// Whether dimension `fast` is to stand outside of `slow` (1) or as it does (-1); 0: no operand tells.
static std::optional<int> compareDims(ArrayRef<const ViewNode *> nodes, ArrayRef<Int> sizes, int64_t fast,
                                      int64_t slow) {
  for (const ViewNode *node : nodes) {
    Int f = strideOf(*node, sizes, fast), s = strideOf(*node, sizes, slow);
    if (!f || !s)
      continue;
    std::optional<int> order = compareStrides(f, s);
    if (!order && isPartOfDense(*node))
      order = compareStrides(withoutSteps(f), withoutSteps(s));
    if (!order || *order)
      return order;
    // Of equal strides the larger dimension is the outer one.
    std::optional<int64_t> x = eval::known(sizes[fast]), y = eval::known(sizes[slow]);
    if (x && y && *x > *y)
      return 1;
  }
  return 0;
}

// As TensorIteratorBase::reorder_dimensions: an insertion sort, in which dimensions that no operand orders stay.
void MemoryOrder::find(ArrayRef<AV> operands, ArrayRef<Int> sizes) {
  sources.assign(operands.begin(), operands.end());
  for (size_t d = 0; d < sizes.size(); ++d)
    order.push_back(int64_t(d));
  SmallVector<const ViewNode *> nodes;
  bool rowMajor = true;
  for (const AV &v : operands) {
    const ViewNode &node = *v.getTensor()->node;
    if (node.sizes.size() < 2) // one dimension orders no others
      continue;
    if (!node.strides) {
      known = false;
      continue;
    }
    nodes.push_back(&node);
    rowMajor &= isContiguous(node.sizes, *node.strides);
  }
  if (rowMajor || !known)
    return;
  Dims perm(llvm::reverse(order)); // the fastest first
  for (int64_t i = 1; i < int64_t(perm.size()); ++i)
    for (int64_t slow = i, fast = i - 1; fast >= 0; --fast) {
      std::optional<int> swap = compareDims(nodes, sizes, perm[fast], perm[slow]);
      if (!swap) {
        known = false;
        return;
      }
      if (*swap < 0)
        break;
      if (*swap > 0) {
        std::swap(perm[fast], perm[slow]);
        slow = fast;
      }
    }
  order.assign(perm.rbegin(), perm.rend());
}

MemoryOrder::MemoryOrder(const AV &tensor) {
  const ViewNode &node = *tensor.getTensor()->node;
  find(tensor, node.sizes);
  contiguous = !node.strides || isContiguous(node.sizes, *node.strides);
}

std::optional<Dims> MemoryOrder::ofDense(const AV &tensor) {
  const ViewNode &node = *tensor.getTensor()->node;
  MemoryOrder m(tensor);
  if (!node.strides || !m.known)
    return std::nullopt;
  for (auto [size, stride, dense] : llvm::zip(node.sizes, *node.strides, denseStrides(m.order, node.sizes)))
    if (!isKnown(size, 1) && !equal(stride, dense))
      return std::nullopt;
  return m.order;
}

MemoryOrder MemoryOrder::ofElementwise(ArrayRef<AV> operands, ArrayRef<Int> sizes) {
  MemoryOrder m;
  m.find(operands, sizes);
  m.contiguous = isContiguous(sizes, denseStrides(m.order, sizes));
  return m;
}

MemoryOrder MemoryOrder::like(OpCall &c, StringRef name) {
  MemoryOrder m(c, name);
  int64_t format = c.constInt("memory_format", Preserved);
  if (format != Preserved) {
    llvm::sort(m.order);
    m.sources.clear();
    m.known = true;
  }
  if (int64_t rank = formatRank(format)) {
    if (int64_t(m.order.size()) == rank)
      std::rotate(m.order.begin() + 1, m.order.begin() + 2, m.order.end());
    else
      c.b.raise("RuntimeError",
                "required rank " + Twine(rank) + " tensor to use channels_last" + (rank == 5 ? "_3d" : "") + " format");
  }
  // Where it does not matter (dimensions of size 1), it is row-major all the same.
  const Sizes &sizes = c.tensor(name).getTensor()->node->sizes;
  m.contiguous = isContiguous(sizes, denseStrides(m.order, sizes));
  return m;
}

//===----------------------------------------------------------------------===//
// Tensors that lie so
//===----------------------------------------------------------------------===//

Sizes MemoryOrder::storedSizes(ArrayRef<Int> sizes) const {
  Sizes out;
  for (int64_t d : order)
    out.push_back(sizes[d]);
  return out;
}

Dims MemoryOrder::inverse() const {
  Dims back(order.size());
  for (auto [i, d] : llvm::enumerate(order))
    back[d] = i;
  return back;
}

Value MemoryOrder::fill(GraphBuilder &b, ArrayRef<Int> sizes, llvm::function_ref<Value(const Sizes &)> body) const {
  if (!known)
    b.unsupported("the strides that decide the order of its elements are not known at compile time");
  for (const AV &source : sources)
    if (rankOf(source) > 1)
      b.assumeRowMajor(source, /*ifWritten=*/false);
  Value v = body(storedSizes(sizes));
  return inOrder() ? v : b.permute(v, inverse());
}

AV MemoryOrder::makeFilled(GraphBuilder &b, ArrayRef<Int> sizes, llvm::function_ref<Value(const Sizes &)> body) const {
  return make(b, fill(b, sizes, body));
}

AV MemoryOrder::make(GraphBuilder &b, Value v) const {
  AV out = b.fresh(stored(b, v));
  for (const AV &source : sources)
    b.lieAs(out, source);
  if (!known)
    out.getTensor()->node->strides.reset();
  if (inOrder())
    return out;
  AV seen = b.viewPermute(out, inverse());
  ViewNode &node = *seen.getTensor()->node;
  node.cached = v;
  node.cachedVersion = node.storage->version;
  return seen;
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/// Operators whose result lies as their first argument does.
static constexpr StringRef likeSelf[] = {
    "_prelu_kernel", "diagonal_scatter", "flip",          "glu", "index_fill", "index_put",
    "prelu",         "select_scatter",   "slice_scatter", "sort"};
/// Of other families, what ATen computes as it does elementwise operators, where the result has the operands' rank.
static constexpr StringRef elementwise[] = {"alpha_dropout", "binary_cross_entropy", "binary_cross_entropy_with_logits",
                                            "dropout",       "huber_loss",           "l1_loss",
                                            "mse_loss",      "smooth_l1_loss",       "soft_margin_loss"};

AV eval::laidOut(GraphBuilder &b, const schema::OperatorSchema &op, ArrayRef<AV> args, Value result) {
  static const llvm::StringSet<> families = [] {
    llvm::StringSet<> names;
    for (ArrayRef<OperatorRow> family : {elementwiseOperators(), activationOperators(), specialOperators()})
      for (const OperatorRow &row : family)
        names.insert(row.name.split("::").second.split('.').first);
    for (StringRef other : {"mvlgamma", "special_multigammaln"})
      names.erase(other);
    names.insert_range(elementwise);
    return names;
  }();
  SmallVector<AV> operands;
  int64_t rank = b.rank(result);
  if (rank > 1 && op.ns == "aten") {
    if (llvm::is_contained(likeSelf, op.name))
      operands.push_back(args[0]);
    else if (families.contains(op.name))
      operands.assign(args.begin(), args.end());
  }
  llvm::erase_if(operands, [&](const AV &a) { return !a.isTensor() || rankOf(a) > rank; });
  if (operands.empty())
    return b.fresh(result);
  return MemoryOrder::ofElementwise(operands, b.sizes(result)).make(b, result);
}
