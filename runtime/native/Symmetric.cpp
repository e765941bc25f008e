//===- Symmetric.cpp - L D L^T of symmetric matrices ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bunch and Kaufman's diagonal pivoting on the lower triangle, in the form of
// LAPACK's sytf2, hetf2 and sytrs: a pivot from 1 that is positive is of a block of
// one, two equal negative ones are of a block of two.
#include "native/Matrix.h"

using namespace ingot::native;

namespace {

template <typename T>
void exchange(T &x, T &y) {
  T kept = x;
  x = y;
  y = kept;
}

template <typename T>
struct Symmetric {
  Matrix<T> &m;
  int64_t n;
  bool hermitian;

  T turned(T x) const { return hermitian ? Numbers<T>::conj(x) : x; }
  /// What a diagonal element of a Hermitian matrix is.
  T real(T x) const { return hermitian ? T(Numbers<T>::re(x)) : x; }

  /// The row to exchange with row k, and whether the block is one of two.
  int64_t choosePivot(int64_t k, bool &two, bool &zero) const {
    const double alpha = (1 + std::sqrt(17.0)) / 8;
    double own = Numbers<T>::abs(real(m(k, k))), column = 0, row = 0;
    int64_t best = k;
    for (int64_t i = k + 1; i < n; ++i)
      if (double x = Numbers<T>::abs(m(i, k)); x > column) {
        column = x;
        best = i;
      }
    two = false;
    zero = (own == 0 && column == 0) || own != own;
    if (zero || own >= alpha * column)
      return k;
    for (int64_t j = k; j < n; ++j)
      if (j != best)
        if (double x = Numbers<T>::abs(j < best ? m(best, j) : m(j, best)); x > row)
          row = x;
    if (own >= alpha * column * (column / row))
      return k;
    two = Numbers<T>::abs(real(m(best, best))) < alpha * row;
    return best;
  }

  /// Exchanges rows and columns of what is not factored yet, from column k on.
  void exchangeRows(int64_t k, int64_t from, int64_t to) {
    for (int64_t i = to + 1; i < n; ++i)
      exchange(m(i, from), m(i, to));
    for (int64_t j = from + 1; j < to; ++j) {
      T kept = turned(m(j, from));
      m(j, from) = turned(m(to, j));
      m(to, j) = kept;
    }
    m(to, from) = turned(m(to, from));
    exchange(m(from, from), m(to, to));
    if (from > k)
      exchange(m(from, k), m(to, k));
  }

  void eliminateOne(int64_t k) {
    T inverse = T(1) / real(m(k, k));
    m(k, k) = real(m(k, k));
    for (int64_t j = k + 1; j < n; ++j) {
      T factor = inverse * turned(m(j, k));
      for (int64_t i = j; i < n; ++i)
        m(i, j) -= m(i, k) * factor;
      m(j, j) = real(m(j, j));
    }
    for (int64_t i = k + 1; i < n; ++i)
      m(i, k) = m(i, k) * inverse;
  }

  void eliminateTwo(int64_t k) {
    m(k, k) = real(m(k, k));
    m(k + 1, k + 1) = real(m(k + 1, k + 1));
    // [a, c*; c, b]^-1 by its determinant.
    T a = m(k, k), c = m(k + 1, k), b = m(k + 1, k + 1), scale = T(1) / (a * b - c * turned(c));
    for (int64_t j = k + 2; j < n; ++j) {
      T x = m(j, k), y = m(j, k + 1);
      T w = (x * b - y * c) * scale, v = (y * a - x * turned(c)) * scale;
      for (int64_t i = j; i < n; ++i)
        m(i, j) -= m(i, k) * turned(w) + m(i, k + 1) * turned(v);
      m(j, j) = real(m(j, j));
      m(j, k) = w;
      m(j, k + 1) = v;
    }
  }

  /// info: the first place from 1 whose block is 0.
  int32_t factor(const Tensor &pivots, int64_t base) {
    int32_t info = 0;
    auto pivot = [&](int64_t i) -> int32_t & { return *pivots.at<int32_t>(base + i * pivots.stride(1)); };
    for (int64_t k = 0; k < n;) {
      bool two, zero;
      int64_t other = choosePivot(k, two, zero), last = k + two;
      if (zero && !info)
        info = int32_t(k + 1);
      if (other != last)
        exchangeRows(k, last, other);
      if (!zero)
        two ? eliminateTwo(k) : eliminateOne(k);
      pivot(k) = pivot(last) = int32_t(two ? -(other + 1) : other + 1);
      k = last + 1;
    }
    return info;
  }

  void solve(Matrix<T> &x, const Tensor &pivots, int64_t base) const {
    auto pivot = [&](int64_t i) -> int64_t { return *pivots.at<int32_t>(base + i * pivots.stride(1)); };
    auto exchangeOf = [&](int64_t k, int64_t other) {
      if (other != k && other >= 0 && other < n)
        for (int64_t j = 0; j < x.columns; ++j)
          exchange(x(k, j), x(other, j));
    };
    auto subtract = [&](int64_t to, T factor, int64_t from) {
      for (int64_t j = 0; j < x.columns; ++j)
        x(to, j) -= factor * x(from, j);
    };
    for (int64_t k = 0; k < n;) {
      bool two = pivot(k) < 0 && k + 1 < n;
      int64_t last = k + two;
      exchangeOf(last, (two ? -pivot(k) : pivot(k)) - 1);
      for (int64_t i = last + 1; i < n; ++i)
        for (int64_t c = k; c <= last; ++c)
          subtract(i, m(i, c), c);
      T a = m(k, k), c = two ? m(k + 1, k) : T(0), b = m(last, last);
      T scale = two ? T(1) / (a * b - c * turned(c)) : T(1);
      for (int64_t j = 0; j < x.columns; ++j) {
        T u = x(k, j), v = x(last, j);
        x(k, j) = two ? (u * b - v * turned(c)) * scale : u / a;
        if (two)
          x(last, j) = (v * a - u * c) * scale;
      }
      k = last + 1;
    }
    for (int64_t k = n - 1; k >= 0;) {
      bool two = pivot(k) < 0 && k > 0;
      int64_t first = k - two;
      for (int64_t c = first; c <= k; ++c)
        for (int64_t i = k + 1; i < n; ++i)
          subtract(c, turned(m(i, c)), i);
      exchangeOf(k, (two ? -pivot(k) : pivot(k)) - 1);
      k = first - 1;
    }
  }
};

} // namespace

/// A -> LD, pivots, info. Parameter: whether A is Hermitian.
INGOT_NATIVE(ldl_factor) {
  byKind(a[0], [&](auto zero) {
    using T = decltype(zero);
    for (int64_t batch = begin; batch < end; ++batch) {
      Matrix<T> m(a[0], batch);
      for (int64_t i = 0; i < m.rows; ++i)
        for (int64_t j = i + 1; j < m.rows; ++j)
          m(i, j) = T(0);
      Symmetric<T> s{m, m.rows, a.integer(0) != 0};
      *a[3].at<int32_t>(batch) = s.factor(a[2], a[2].offsetOf(batch, a[2].rank - 1));
      m.store(a[1], batch);
    }
  });
}

/// LD, pivots, B -> X. Parameter: whether A is Hermitian.
INGOT_NATIVE(ldl_solve) {
  byKind(a[0], [&](auto zero) {
    using T = decltype(zero);
    for (int64_t batch = begin; batch < end; ++batch) {
      Matrix<T> m(a[0], batch), x(a[2], batch);
      Symmetric<T> s{m, m.rows, a.integer(0) != 0};
      s.solve(x, a[1], a[1].offsetOf(batch, a[1].rank - 1));
      x.store(a[3], batch);
    }
  });
}
