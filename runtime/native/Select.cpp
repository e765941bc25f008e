//===- Select.cpp - the largest or smallest of each line --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which of equal elements are chosen, and in which order, is what torch's
// algorithms leave: the standard library's partial sort where few are wanted, its
// selection and sort otherwise, over pairs of value and index.
#include "native/Native.h"

#include <algorithm>
#include <utility>

using namespace ingot::native;

namespace {

/// Largest first; a NaN is larger than any number.
struct Larger {
  template <typename P>
  bool operator()(const P &x, const P &y) const {
    return (x.first != x.first && y.first == y.first) || x.first > y.first;
  }
};
struct Smaller {
  template <typename P>
  bool operator()(const P &x, const P &y) const {
    return (x.first == x.first && y.first != y.first) || x.first < y.first;
  }
};

template <typename T, typename Order>
void select(const Arguments &a, int64_t begin, int64_t end, Order order) {
  const Tensor &in = a[0], &values = a[1], &indices = a[2];
  int64_t n = in.size(1), k = values.size(1);
  bool sorted = a.integer(1);
  Buffer<std::pair<T, int64_t>> line(n);
  auto *first = line.data(), *last = first + n;
  for (int64_t i = begin; i < end && k > 0; ++i) {
    const T *from = in.at<T>(in.offsetOf(i, in.rank - 1));
    for (int64_t j = 0; j < n; ++j)
      line[j] = {from[j * in.stride(1)], j};
    if (k * 64 <= n) {
      std::partial_sort(first, first + k, last, order);
    } else {
      std::nth_element(first, first + k - 1, last, order);
      if (sorted)
        std::sort(first, first + k - 1, order);
    }
    T *toValues = values.at<T>(i * k);
    int64_t *toIndices = indices.at<int64_t>(i * k);
    for (int64_t j = 0; j < k; ++j) {
      toValues[j] = line[j].first;
      toIndices[j] = line[j].second;
    }
  }
}

template <typename T>
void select(const Arguments &a, int64_t begin, int64_t end) {
  if (a.integer(0))
    select<T>(a, begin, end, Larger());
  else
    select<T>(a, begin, end, Smaller());
}

} // namespace

/// Tensors: input [.., n] of f32, f64 or i64; results: values and indices [.., k].
/// Parameters: the largest, sorted.
INGOT_NATIVE(topk) {
  if (a[0].dtype == kFloat32)
    select<float>(a, begin, end);
  else if (a[0].dtype == kFloat64)
    select<double>(a, begin, end);
  else
    select<int64_t>(a, begin, end);
}
