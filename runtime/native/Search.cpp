//===- Search.cpp - binary search, unique, mode, log sums, histograms -*- C++ -*-//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keys are int64, float or double: the compiler widens the other dtypes.
#include "native/Native.h"

#include <algorithm>
#include <limits>
#include <type_traits>
#include <utility>

using namespace ingot::native;

namespace {
constexpr int64_t kInt64 = 4;

template <typename Body>
void byKey(int64_t dtype, Body body) {
  if (dtype == kInt64)
    body(int64_t());
  else if (dtype == kFloat32)
    body(float());
  else
    body(double());
}

/// As torch sorts: a NaN is above every number.
template <typename T>
bool keyLess(T x, T y) {
  return x < y || (y != y && x == x);
}
} // namespace

/// Sorted sequence [.., n] or [n], values -> places [..]. Parameters: right, whether
/// the sequence is one for all values. An optional third tensor orders the sequence.
INGOT_NATIVE(searchsorted) {
  bool right = a.integer(0), one = a.integer(1), sorted = a.integer(2);
  const Tensor &sequence = a[0], &values = a[1], &sorter = a[2], &out = a[sorted ? 3 : 2];
  int64_t n = sequence.size(1), step = sequence.stride(1);
  byKey(sequence.dtype, [&](auto zero) {
    using T = decltype(zero);
    for (int64_t i = begin; i < end; ++i) {
      int64_t line = one ? 0 : i / values.size(1);
      int64_t base = sequence.offsetOf(line, one ? 0 : sequence.rank - 1);
      int64_t order = sorted ? sorter.offsetOf(line, one ? 0 : sorter.rank - 1) : 0;
      T x = *values.at<T>(values.offsetOf(i, values.rank));
      int64_t low = 0, high = n;
      while (low < high) {
        int64_t middle = low + (high - low) / 2;
        int64_t place = sorted ? *sorter.at<int64_t>(order + middle * sorter.stride(1)) : middle;
        T y = *sequence.at<T>(base + place * step);
        if (right ? !(y > x) : !(y >= x))
          low = middle + 1;
        else
          high = middle;
      }
      *out.at<int64_t>(i) = low;
    }
  });
}

/// Greatest common divisors of two int64 tensors, element by element. Parameter:
/// least common multiples.
INGOT_NATIVE(gcd) {
  for (int64_t i = begin; i < end; ++i) {
    auto load = [&](int t) { return *a[t].at<int64_t>(a[t].offsetOf(i, a[t].rank)); };
    // Unsigned: the smallest number has no positive opposite.
    auto positive = [](int64_t n) { return n < 0 ? 0 - uint64_t(n) : uint64_t(n); };
    uint64_t x = positive(load(0)), y = positive(load(1)), product = y;
    while (x) {
      uint64_t rest = y % x;
      y = x;
      x = rest;
    }
    if (a.integer(0))
      y = y ? positive(load(0)) / y * product : 0;
    *a[2].at<int64_t>(a[2].offsetOf(i, a[2].rank)) = int64_t(y);
  }
}

/// Rows [n, m] -> of each group its first row [n], each row's group [n], sizes of
/// the groups [n], their number []. Parameter: only neighbours make a group.
INGOT_NATIVE(unique) {
  const Tensor &in = a[0];
  bool consecutive = a.integer(0);
  int64_t n = in.sizes[0], m = in.sizes[1];
  int64_t *first = a[1].at<int64_t>(0), *group = a[2].at<int64_t>(0), *count = a[3].at<int64_t>(0);
  byKey(in.dtype, [&](auto zero) {
    using T = decltype(zero);
    auto at = [&](int64_t i, int64_t j) { return *in.at<T>(i * in.strides[0] + j * in.strides[1]); };
    Buffer<int64_t> order(n);
    for (int64_t i = 0; i < n; ++i)
      order[i] = i;
    if (!consecutive)
      std::sort(order.data(), order.data() + n, [&](int64_t x, int64_t y) {
        for (int64_t j = 0; j < m; ++j) {
          if (keyLess(at(x, j), at(y, j)))
            return true;
          if (keyLess(at(y, j), at(x, j)))
            return false;
        }
        return x < y;
      });
    int64_t groups = 0;
    for (int64_t i = 0; i < n; ++i) {
      bool same = i > 0;
      for (int64_t j = 0; same && j < m; ++j)
        same = at(order[i], j) == at(order[i - 1], j);
      if (!same) {
        first[groups] = order[i];
        count[groups++] = 0;
      }
      group[order[i]] = groups - 1;
      ++count[groups - 1];
    }
    *a[4].at<int64_t>(0) = groups;
  });
}

/// Lines [.., n] -> the exclusive or of their words.
INGOT_NATIVE(xor_last) {
  const Tensor &in = a[0];
  int64_t n = in.size(1), step = in.stride(1);
  for (int64_t line = begin; line < end; ++line) {
    int64_t base = in.offsetOf(line, in.rank - 1), sum = 0;
    for (int64_t i = 0; i < n; ++i)
      sum ^= *in.at<int64_t>(base + i * step);
    *a[1].at<int64_t>(line) = sum;
  }
}

/// Lines [.., n] -> the place [..] of the most frequent key: of several the smallest,
/// and of that the one which torch's sort, which is not stable, puts last.
INGOT_NATIVE(mode) {
  const Tensor &in = a[0];
  int64_t n = in.size(1), step = in.stride(1);
  byKey(in.dtype, [&](auto zero) {
    using T = decltype(zero);
    Buffer<std::pair<T, int64_t>> order(n);
    for (int64_t line = begin; line < end; ++line) {
      int64_t base = in.offsetOf(line, in.rank - 1);
      for (int64_t i = 0; i < n; ++i)
        order[i] = {*in.at<T>(base + i * step), i};
      std::sort(order.data(), order.data() + n, [](const auto &x, const auto &y) { return keyLess(x.first, y.first); });
      int64_t best = 0, frequency = 0, run = 0;
      for (int64_t i = 0; i < n; ++i) {
        ++run;
        if (i + 1 < n && order[i].first == order[i + 1].first)
          continue;
        if (run > frequency) {
          frequency = run;
          best = order[i].second;
        }
        run = 0;
      }
      *a[1].at<int64_t>(line) = best;
    }
  });
}

/// Lines [.., n] -> the place [..] of the k-th smallest key, tensor 1. Among equal
/// keys it is the one that torch's quickselect (median of three, both pointers
/// stopping at equal keys) ends with.
INGOT_NATIVE(kthvalue) {
  const Tensor &in = a[0];
  int64_t n = in.size(1), step = in.stride(1), k = *a[1].at<int64_t>(0) - 1;
  if (k < 0 || k >= n)
    return;
  byKey(in.dtype, [&](auto zero) {
    using T = decltype(zero);
    Buffer<T> keys(n);
    Buffer<int64_t> places(n);
    auto above = [&](T x, T y) { return (x != x && y == y) || x > y; };
    auto exchange = [&](int64_t i, int64_t j) {
      std::swap(keys[i], keys[j]);
      std::swap(places[i], places[j]);
    };
    for (int64_t line = begin; line < end; ++line) {
      int64_t base = in.offsetOf(line, in.rank - 1);
      for (int64_t i = 0; i < n; ++i) {
        keys[i] = *in.at<T>(base + i * step);
        places[i] = i;
      }
      for (int64_t low = 0, high = n - 1; low < high;) {
        if (high == low + 1) {
          if (above(keys[low], keys[high]))
            exchange(low, high);
          break;
        }
        exchange(low + (high - low) / 2, low + 1);
        if (above(keys[low + 1], keys[high]))
          exchange(low + 1, high);
        if (above(keys[low], keys[high]))
          exchange(low, high);
        if (above(keys[low + 1], keys[low]))
          exchange(low + 1, low);
        int64_t i = low + 1, j = high;
        T pivot = keys[low];
        for (;;) {
          do
            ++i;
          while (above(pivot, keys[i]));
          do
            --j;
          while (above(keys[j], pivot));
          if (j < i)
            break;
          exchange(i, j);
        }
        exchange(low, j);
        if (j <= k)
          low = i;
        if (j >= k)
          high = j - 1;
      }
      *a[2].at<int64_t>(line) = places[k];
    }
  });
}

/// log(exp(x) + exp(y)).
static Complex<double> logAddExp(Complex<double> x, Complex<double> y) {
  auto isNaN = [](Complex<double> z) { return std::isnan(z.re) || std::isnan(z.im); };
  if (isNaN(x) || isNaN(y))
    return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  Complex<double> low = x.re < y.re ? x : y, high = x.re < y.re ? y : x;
  if (std::isinf(low.re) && low.re == high.re && low.re < 0)
    return low;
  Complex<double> gap = low - high;
  double size = std::exp(gap.re); // where there is none, the angle does not matter
  Complex<double> z(size == 0 ? 0 : size * std::cos(gap.im), size == 0 ? 0 : size * std::sin(gap.im));
  return high + Complex<double>(std::log1p(z.re * (2 + z.re) + z.im * z.im) / 2, std::atan2(z.im, 1 + z.re));
}

/// log(sum(exp(x[0..i]))) of lines.
INGOT_NATIVE(logcumsumexp) {
  const Tensor &in = a[0], &out = a[1];
  int64_t n = in.size(1), step = in.stride(1);
  if (in.dtype == kComplex64 || in.dtype == kComplex128)
    return byType(in.dtype, [&](auto zero) {
      using R = typename Numbers<decltype(zero)>::Real;
      for (int64_t line = begin; line < end; ++line) {
        int64_t base = in.offsetOf(line, in.rank - 1);
        Complex<double> sum(-std::numeric_limits<double>::infinity());
        for (int64_t i = 0; i < n; ++i) {
          Complex<R> x = *in.at<Complex<R>>(base + i * step);
          sum = logAddExp(sum, {x.re, x.im});
          *out.at<Complex<R>>(line * n + i) = {R(sum.re), R(sum.im)};
        }
      }
    });
  byKey(in.dtype, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_floating_point_v<T>)
      for (int64_t line = begin; line < end; ++line) {
        int64_t base = in.offsetOf(line, in.rank - 1);
        double sum = -std::numeric_limits<double>::infinity();
        for (int64_t i = 0; i < n; ++i) {
          double x = *in.at<T>(base + i * step);
          double low = std::isnan(x) ? x : std::fmin(sum, x), high = std::isnan(x) ? x : std::fmax(sum, x);
          if (std::isnan(sum))
            low = high = sum;
          sum = low != high || std::isfinite(low) ? std::log1p(std::exp(low - high)) + high : x;
          *out.at<T>(line * n + i) = T(sum);
        }
      }
  });
}

/// Connectionist temporal classification: log-probabilities [T, N, C], targets [N, S] or those of all one after
/// another, lengths of inputs and of targets [N] -> negative log-likelihoods [N]. Parameter: the blank's class. The
/// lengths are within the sizes, which the compiled program has checked; a target that is no class has no likelihood.
INGOT_NATIVE(ctc_loss) {
  const Tensor &input = a[0], &targets = a[1];
  int64_t blank = a.integer(0);
  byType(input.dtype, [&](auto zero) {
    using T = typename Numbers<decltype(zero)>::Real;
    constexpr T nothing = -std::numeric_limits<T>::infinity();
    auto lengthOf = [&](int t, int64_t i) { return *a[t].at<int64_t>(i * a[t].strides[0]); };
    for (int64_t i = begin; i < end; ++i) {
      int64_t steps = lengthOf(2, i), count = lengthOf(3, i), states = 2 * count + 1, first = 0;
      if (targets.rank == 2)
        first = i * targets.strides[0];
      else
        for (int64_t j = 0; j < i; ++j)
          first += lengthOf(3, j) * targets.strides[0];
      // A blank lies before, between and behind the targets.
      auto classOf = [&](int64_t s) { return s % 2 ? *targets.at<int64_t>(first + s / 2 * targets.stride(1)) : blank; };
      auto at = [&](int64_t t, int64_t s) {
        int64_t c = classOf(s);
        if (c < 0 || c >= input.sizes[2])
          return std::numeric_limits<T>::quiet_NaN();
        return *input.at<T>(t * input.strides[0] + i * input.strides[1] + c * input.strides[2]);
      };
      T &loss = *a[4].at<T>(i);
      if (steps == 0) {
        loss = count == 0 ? T(0) : -nothing;
        continue;
      }
      Buffer<T> before(states), now(states);
      for (int64_t s = 0; s < states; ++s)
        before[s] = s < 2 ? at(0, s) : nothing;
      for (int64_t t = 1; t < steps; ++t) {
        for (int64_t s = 0; s < states; ++s) {
          T same = before[s], next = s > 0 ? before[s - 1] : nothing;
          T skipped = s > 1 && classOf(s - 2) != classOf(s) ? before[s - 2] : nothing;
          T most = std::fmax(std::fmax(same, next), skipped);
          if (most == nothing)
            most = 0;
          now[s] = std::log(std::exp(same - most) + std::exp(next - most) + std::exp(skipped - most)) + most + at(t, s);
        }
        for (int64_t s = 0; s < states; ++s)
          before[s] = now[s];
      }
      if (count == 0) {
        loss = -before[0];
        continue;
      }
      T last = before[states - 1], other = before[states - 2], most = std::fmax(last, other);
      if (most == nothing)
        most = 0;
      loss = -(std::log(std::exp(last - most) + std::exp(other - most)) + most);
    }
  });
}

/// Samples [n, d], weights [n] and d vectors of edges -> counts [..]. Parameter:
/// places by 0 interpolation, 1 interpolation and a look at the neighbours, 2 search.
INGOT_NATIVE(histogram) {
  const Tensor &in = a[0], &weights = a[1];
  int64_t n = in.sizes[0], d = in.sizes[1], method = a.integer(0);
  const Tensor &out = a[int(2 + d)];
  byKey(in.dtype, [&](auto zero) {
    using T = decltype(zero);
    T *counts = out.at<T>(0);
    for (int64_t i = 0, all = out.numel(); i < all; ++i)
      counts[i] = 0;
    for (int64_t i = 0; i < n; ++i) {
      int64_t bin = 0;
      bool inside = true;
      for (int64_t k = 0; inside && k < d; ++k) {
        const Tensor &edges = a[int(2 + k)];
        int64_t edgeCount = edges.sizes[0], place = 0;
        auto edge = [&](int64_t e) { return *edges.at<T>(e * edges.strides[0]); };
        T x = *in.at<T>(i * in.strides[0] + k * in.strides[1]), left = edge(0), right = edge(edgeCount - 1);
        if (!(x >= left && x <= right)) {
          inside = false;
          break;
        }
        auto search = [&](int64_t low, int64_t high) { // the last edge that is not above
          while (low < high) {
            int64_t middle = low + (high - low) / 2;
            if (x < edge(middle))
              high = middle;
            else
              low = middle + 1;
          }
          return low - 1;
        };
        if (method == 2) {
          place = search(0, edgeCount);
        } else {
          place = int64_t((x - left) * T(edgeCount - 1) / (right - left));
          if (method == 1)
            place = search(place > 0 ? place - 1 : 0, place + 2 < edgeCount ? place + 2 : edgeCount);
        }
        if (place == edgeCount - 1)
          --place;
        bin = bin * (edgeCount - 1) + place;
      }
      if (inside)
        counts[bin] += *weights.at<T>(i * weights.strides[0]);
    }
  });
}
