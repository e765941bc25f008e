//===- MemoryOrder.cpp - how a tensor lies in memory ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "MemoryOrder.h"
#include "ShapeSupport.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

MemoryOrder::MemoryOrder(GraphBuilder &b, const AV &tensor) {
  const ViewNode &node = *tensor.getTensor()->node;
  for (int64_t d = 0; d < int64_t(node.sizes.size()); ++d)
    order.push_back(d);
  if (!node.strides)
    return;
  const auto &strides = *node.strides;
  contiguous = isContiguous(node.sizes, strides);
  if (contiguous)
    return;
  if (llvm::all_of(strides, [](Int s) { return known(s).has_value(); })) {
    llvm::stable_sort(order, [&](int64_t l, int64_t r) { return *known(strides[l]) > *known(strides[r]); });
    return;
  }
  // Sizes of the call: a permutation of row-major memory is found by its strides.
  Dims found, left = order;
  for (Int expected = b.size(1); !left.empty();) {
    auto next = llvm::find_if(llvm::reverse(left), [&](int64_t d) { return equal(strides[d], expected); });
    if (next == left.rend())
      return;
    expected = mul(expected, node.sizes[*next]);
    found.insert(found.begin(), *next);
    left.erase(std::next(next).base());
  }
  order = found;
}

MemoryOrder MemoryOrder::like(OpCall &c, StringRef name) {
  MemoryOrder m(c, name);
  int64_t format = c.constInt("memory_format", Preserved);
  if (format != Preserved)
    llvm::sort(m.order);
  if (int64_t rank = formatRank(format)) {
    if (int64_t(m.order.size()) == rank)
      std::rotate(m.order.begin() + 1, m.order.begin() + 2, m.order.end());
    else
      c.b.raise("RuntimeError",
                "required rank " + Twine(rank) + " tensor to use channels_last" + (rank == 5 ? "_3d" : "") + " format");
  }
  // Where it does not matter (dimensions of size 1), it is row-major all the same.
  const Sizes &sizes = c.tensor(name).getTensor()->node->sizes;
  Sizes stored = contiguousStrides(m.storedSizes(sizes), c.b.context()), strides(sizes.size());
  for (auto [place, d] : llvm::enumerate(m.order))
    strides[d] = stored[place];
  m.contiguous = isContiguous(sizes, strides);
  return m;
}

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
  Value v = body(storedSizes(sizes));
  return inOrder() ? v : b.permute(v, inverse());
}

AV MemoryOrder::make(GraphBuilder &b, ArrayRef<Int> sizes, llvm::function_ref<Value(const Sizes &)> body) const {
  AV whole = b.fresh(body(storedSizes(sizes)));
  return inOrder() ? whole : b.viewPermute(whole, inverse());
}
