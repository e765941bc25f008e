//===- Select.cpp - lines in order and their largest --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which of equal elements are chosen, and in which order, is what torch's
// algorithms leave: the standard library's partial sort where few are wanted, its
// selection and sort otherwise, over pairs of value and index. So is the order of a
// sort that need not be stable.
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

template <typename Body>
void byKey(const Tensor &in, Body body) {
  if (in.dtype == kFloat32)
    body(float());
  else if (in.dtype == kFloat64)
    body(double());
  else
    body(int64_t());
}

template <typename T, typename Order>
void sortLines(const Arguments &a, int64_t begin, int64_t end, Order order) {
  constexpr int64_t kRadix = 32768; // elements from which on torch sorts by digits
  const Tensor &in = a[0];
  int64_t n = in.size(1);
  bool stable = a.integer(1) && n >= kRadix;
  Buffer<std::pair<T, int64_t>> line(n);
  auto *first = line.data(), *last = first + n;
  for (int64_t i = begin; i < end; ++i) {
    const T *from = in.at<T>(in.offsetOf(i, in.rank - 1));
    for (int64_t j = 0; j < n; ++j)
      line[j] = {from[j * in.stride(1)], j};
    if (stable)
      std::sort(first, last,
                [&](const auto &x, const auto &y) { return order(x, y) || (!order(y, x) && x.second < y.second); });
    else
      std::sort(first, last, order);
    int64_t *places = a[1].at<int64_t>(i * n);
    for (int64_t j = 0; j < n; ++j)
      places[j] = line[j].second;
  }
}

} // namespace

/// Lines [.., n] of f32, f64 or i64 -> places [.., n] in order. Parameters: descending, whether large lines are sorted
/// stably.
INGOT_NATIVE(sort) {
  byKey(a[0], [&](auto zero) {
    if (a.integer(0))
      sortLines<decltype(zero)>(a, begin, end, Larger());
    else
      sortLines<decltype(zero)>(a, begin, end, Smaller());
  });
}

/// Tensors: input [.., n] of f32, f64 or i64; results: values and indices [.., k].
/// Parameters: the largest, sorted.
INGOT_NATIVE(topk) {
  byKey(a[0], [&](auto zero) { select<decltype(zero)>(a, begin, end); });
}
