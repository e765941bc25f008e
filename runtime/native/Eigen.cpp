//===- Eigen.cpp - eigenvalues and singular values --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hermitian matrices by cyclic Jacobi, singular values by one-sided Jacobi (both
// accurate for small values too), general ones by the shifted QR algorithm on a
// complex Hessenberg matrix.
#include "native/Matrix.h"

using namespace ingot::native;

namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

/// The rotation [c, s; -conj(s), c] that makes the off-diagonal element `b` of the
/// Hermitian [p, b; conj(b), q] zero.
template <typename T>
void rotation(double p, double q, T b, double &c, T &s) {
  double size = Numbers<T>::abs(b), theta = (q - p) / (2 * size);
  double t = std::fabs(theta) > 1e150 ? 1 / (2 * theta)
                                      : std::copysign(1 / (std::fabs(theta) + std::sqrt(theta * theta + 1)), theta);
  c = 1 / std::sqrt(t * t + 1);
  s = b / size * (t * c);
}

/// Columns p and q of m from the right.
template <typename T>
void rotateColumns(Matrix<T> &m, int64_t p, int64_t q, double c, T s) {
  for (int64_t i = 0; i < m.rows; ++i) {
    T x = m(i, p), y = m(i, q);
    m(i, p) = x * c - y * Numbers<T>::conj(s);
    m(i, q) = x * s + y * c;
  }
}

/// Eigenvalues rise; columns of v are the vectors. `a` is destroyed.
template <typename T>
void hermitian(Matrix<T> &a, double *values, Matrix<T> &v) {
  int64_t n = a.rows;
  for (int64_t i = 0; i < n; ++i)
    v(i, i) = T(1);
  double norm = 0;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j)
      norm += Numbers<T>::norm(a(i, j));
  for (int sweep = 0; sweep < 60; ++sweep) {
    double off = 0;
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = i + 1; j < n; ++j)
        off += Numbers<T>::norm(a(i, j));
    if (!(off > norm * kEpsilon * kEpsilon * 1e-4))
      break;
    for (int64_t p = 0; p < n; ++p)
      for (int64_t q = p + 1; q < n; ++q) {
        T b = a(p, q);
        if (Numbers<T>::abs(b) == 0)
          continue;
        double c;
        T s;
        rotation(Numbers<T>::re(a(p, p)), Numbers<T>::re(a(q, q)), b, c, s);
        rotateColumns(a, p, q, c, s);
        for (int64_t j = 0; j < n; ++j) { // the rows, with the adjoint
          T x = a(p, j), y = a(q, j);
          a(p, j) = x * c - y * s;
          a(q, j) = x * Numbers<T>::conj(s) + y * c;
        }
        a(p, q) = a(q, p) = T(0);
        rotateColumns(v, p, q, c, s);
      }
  }
  for (int64_t i = 0; i < n; ++i)
    values[i] = Numbers<T>::re(a(i, i));
  for (int64_t i = 0; i < n; ++i) { // selection: n exchanges of columns
    int64_t least = i;
    for (int64_t j = i + 1; j < n; ++j)
      if (values[j] < values[least])
        least = j;
    if (least == i)
      continue;
    double kept = values[i];
    values[i] = values[least];
    values[least] = kept;
    for (int64_t r = 0; r < n; ++r) {
      T x = v(r, i);
      v(r, i) = v(r, least);
      v(r, least) = x;
    }
  }
}

/// Orthonormal columns from `first` on, orthogonal to those before.
template <typename T>
void complete(Matrix<T> &u, int64_t first) {
  for (int64_t k = first; k < u.columns; ++k) {
    double best = -1;
    int64_t axis = 0;
    for (int64_t e = 0; e < u.rows; ++e) { // the axis that is farthest from their span
      double inside = 0;
      for (int64_t j = 0; j < k; ++j)
        inside += Numbers<T>::norm(u(e, j));
      if (1 - inside > best) {
        best = 1 - inside;
        axis = e;
      }
    }
    for (int64_t i = 0; i < u.rows; ++i)
      u(i, k) = T(i == axis ? 1 : 0);
    for (int twice = 0; twice < 2; ++twice)
      for (int64_t j = 0; j < k; ++j) {
        T dot = T(0);
        for (int64_t i = 0; i < u.rows; ++i)
          dot += Numbers<T>::conj(u(i, j)) * u(i, k);
        for (int64_t i = 0; i < u.rows; ++i)
          u(i, k) -= u(i, j) * dot;
      }
    double length = 0;
    for (int64_t i = 0; i < u.rows; ++i)
      length += Numbers<T>::norm(u(i, k));
    for (int64_t i = 0; i < u.rows; ++i)
      u(i, k) = u(i, k) / std::sqrt(length);
  }
}

/// rows >= columns: a becomes U diag(s), v the right vectors; s falls.
template <typename T>
void oneSided(Matrix<T> &a, double *s, Matrix<T> &v) {
  int64_t m = a.rows, n = a.columns;
  for (int64_t i = 0; i < n; ++i)
    v(i, i) = T(1);
  for (int sweep = 0; sweep < 60; ++sweep) {
    bool rotated = false;
    for (int64_t p = 0; p < n; ++p)
      for (int64_t q = p + 1; q < n; ++q) {
        double x = 0, y = 0;
        T b = T(0);
        for (int64_t i = 0; i < m; ++i) {
          x += Numbers<T>::norm(a(i, p));
          y += Numbers<T>::norm(a(i, q));
          b += Numbers<T>::conj(a(i, p)) * a(i, q);
        }
        double size = Numbers<T>::abs(b);
        if (!(size > kEpsilon * std::sqrt(x) * std::sqrt(y)) || size < std::numeric_limits<double>::min())
          continue;
        rotated = true;
        double c;
        T turn;
        rotation(x, y, b, c, turn);
        rotateColumns(a, p, q, c, turn);
        rotateColumns(v, p, q, c, turn);
      }
    if (!rotated)
      break;
  }
  for (int64_t j = 0; j < n; ++j) {
    double sum = 0, scale = 0;
    for (int64_t i = 0; i < m; ++i)
      scale = std::fmax(scale, Numbers<T>::abs(a(i, j)));
    if (scale > 0)
      for (int64_t i = 0; i < m; ++i)
        sum += Numbers<T>::norm(a(i, j) / scale);
    s[j] = scale * std::sqrt(sum);
  }
  for (int64_t i = 0; i < n; ++i) {
    int64_t most = i;
    for (int64_t j = i + 1; j < n; ++j)
      if (s[j] > s[most])
        most = j;
    if (most == i)
      continue;
    double kept = s[i];
    s[i] = s[most];
    s[most] = kept;
    for (Matrix<T> *x : {&a, &v})
      for (int64_t r = 0; r < x->rows; ++r) {
        T e = (*x)(r, i);
        (*x)(r, i) = (*x)(r, most);
        (*x)(r, most) = e;
      }
  }
}

//===----------------------------------------------------------------------===//
// General matrices
//===----------------------------------------------------------------------===//

Z squareRoot(Z x) {
  double r = Numbers<Z>::abs(x);
  double re = std::sqrt((r + std::fabs(x.re)) / 2);
  if (r == 0)
    return {0, 0};
  double im = std::fabs(x.im) / (2 * re);
  return x.re >= 0 ? Z{re, std::copysign(im, x.im)} : Z{im, std::copysign(re, x.im)};
}

/// h := Q^H h Q upper Hessenberg, q := Q.
void hessenberg(Matrix<Z> &h, Matrix<Z> &q) {
  int64_t n = h.rows;
  for (int64_t i = 0; i < n; ++i)
    q(i, i) = Z(1);
  Buffer<Z> v(n);
  for (int64_t k = 0; k + 2 < n; ++k) {
    for (int64_t i = k + 2; i < n; ++i)
      v[i] = h(i, k);
    Z alpha = h(k + 1, k), tau = reflector<Z>(n - k - 1, alpha, &v[k + 2], 1);
    v[k + 1] = Z(1);
    auto fromLeft = [&](Matrix<Z> &m, Z factor) {
      for (int64_t j = 0; j < n; ++j) {
        Z sum(0);
        for (int64_t i = k + 1; i < n; ++i)
          sum += Numbers<Z>::conj(v[i]) * m(i, j);
        sum = sum * factor;
        for (int64_t i = k + 1; i < n; ++i)
          m(i, j) -= v[i] * sum;
      }
    };
    auto fromRight = [&](Matrix<Z> &m, Z factor) {
      for (int64_t i = 0; i < n; ++i) {
        Z sum(0);
        for (int64_t j = k + 1; j < n; ++j)
          sum += m(i, j) * v[j];
        sum = sum * factor;
        for (int64_t j = k + 1; j < n; ++j)
          m(i, j) -= sum * Numbers<Z>::conj(v[j]);
      }
    };
    fromLeft(h, Numbers<Z>::conj(tau));
    fromRight(h, tau);
    fromRight(q, tau);
    for (int64_t i = k + 2; i < n; ++i)
      h(i, k) = Z(0);
  }
}

/// Schur form by single-shift QR steps: h becomes upper triangular.
bool schur(Matrix<Z> &h, Matrix<Z> &q) {
  int64_t n = h.rows;
  Buffer<double> cosines(n);
  Buffer<Z> sines(n);
  int64_t high = n - 1;
  for (int iterations = 0; high > 0;) {
    int64_t low = high;
    for (; low > 0; --low) {
      double around = Numbers<Z>::abs(h(low, low)) + Numbers<Z>::abs(h(low - 1, low - 1));
      if (Numbers<Z>::abs(h(low, low - 1)) <= kEpsilon * (around > 0 ? around : 1)) {
        h(low, low - 1) = Z(0);
        break;
      }
    }
    if (low == high) {
      --high;
      iterations = 0;
      continue;
    }
    if (++iterations > 300)
      return false;
    // Wilkinson's shift: the eigenvalue of the last 2 x 2 nearer to its corner.
    Z p = h(high - 1, high - 1), b = h(high - 1, high), c = h(high, high - 1), d = h(high, high);
    Z half = (p - d) / 2.0, root = squareRoot(half * half + b * c);
    Z plus = half + root, minus = half - root;
    Z larger = Numbers<Z>::norm(plus) > Numbers<Z>::norm(minus) ? plus : minus;
    Z shift = Numbers<Z>::norm(larger) > 0 ? d - b * c / larger : d;
    if (iterations % 10 == 0) // an exceptional shift breaks cycles
      shift = d + Z(Numbers<Z>::abs(c));
    for (int64_t i = low; i <= high; ++i)
      h(i, i) -= shift;
    for (int64_t k = low; k < high; ++k) {
      Z x = h(k, k), y = h(k + 1, k);
      double length = std::sqrt(Numbers<Z>::norm(x) + Numbers<Z>::norm(y));
      double size = Numbers<Z>::abs(x);
      double cosine = length > 0 ? size / length : 1;
      Z phase = size > 0 ? x / size : Z(1);
      Z sine = length > 0 ? phase * Numbers<Z>::conj(y) / length : Z(0);
      cosines[k] = cosine;
      sines[k] = sine;
      for (int64_t j = k; j < n; ++j) {
        Z e = h(k, j), f = h(k + 1, j);
        h(k, j) = e * cosine + sine * f;
        h(k + 1, j) = f * cosine - Numbers<Z>::conj(sine) * e;
      }
    }
    for (int64_t k = low; k < high; ++k) {
      double cosine = cosines[k];
      Z sine = sines[k];
      auto turn = [&](Matrix<Z> &m, int64_t rows) {
        for (int64_t i = 0; i < rows; ++i) {
          Z e = m(i, k), f = m(i, k + 1);
          m(i, k) = e * cosine + f * Numbers<Z>::conj(sine);
          m(i, k + 1) = f * cosine - e * sine;
        }
      };
      turn(h, k + 2 <= high ? k + 2 : high + 1);
      turn(q, n);
    }
    for (int64_t i = low; i <= high; ++i)
      h(i, i) += shift;
  }
  return true;
}

} // namespace

/// A -> values, vectors. Parameter: the upper triangle counts.
INGOT_NATIVE(eigh) {
  bool upper = a.integer(0);
  byKind(a[0], [&](auto zero) {
    using T = decltype(zero);
    for (int64_t batch = begin; batch < end; ++batch) {
      Matrix<T> m(a[0], batch), v(m.rows, m.rows);
      for (int64_t i = 0; i < m.rows; ++i) {
        m(i, i) = T(Numbers<T>::re(m(i, i)));
        for (int64_t j = 0; j < i; ++j)
          if (upper)
            m(i, j) = Numbers<T>::conj(m(j, i));
          else
            m(j, i) = Numbers<T>::conj(m(i, j));
      }
      Buffer<double> values(m.rows);
      hermitian(m, values.data(), v);
      storeVector(a[1], batch, values.data(), m.rows);
      v.store(a[2], batch);
    }
  });
}

/// A -> U, S, Vh; U and Vh may be reduced or full.
INGOT_NATIVE(svd) {
  byKind(a[0], [&](auto zero) {
    using T = decltype(zero);
    for (int64_t batch = begin; batch < end; ++batch) {
      Matrix<T> given(a[0], batch);
      bool wide = given.rows < given.columns;
      int64_t m = wide ? given.columns : given.rows, n = wide ? given.rows : given.columns;
      Matrix<T> x(m, n), v(n, n), u(m, wide ? a[3].size(2) : a[1].size(1));
      for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < n; ++j)
          x(i, j) = wide ? Numbers<T>::conj(given(j, i)) : given(i, j);
      Buffer<double> s(n);
      oneSided(x, s.data(), v);
      int64_t rank = 0;
      while (rank < n && s[rank] > std::numeric_limits<double>::min())
        ++rank;
      for (int64_t j = 0; j < rank; ++j)
        for (int64_t i = 0; i < m; ++i)
          u(i, j) = x(i, j) / s[j];
      complete(u, rank);
      storeVector(a[2], batch, s.data(), n);
      // A = u s v^H, or of the adjoint: A = v s u^H.
      Matrix<T> &left = wide ? v : u, &right = wide ? u : v;
      left.store(a[1], batch);
      Matrix<T> adjoint(right.columns, right.rows);
      for (int64_t i = 0; i < adjoint.rows; ++i)
        for (int64_t j = 0; j < adjoint.columns; ++j)
          adjoint(i, j) = Numbers<T>::conj(right(j, i));
      adjoint.store(a[3], batch);
    }
  });
}

/// A -> values, vectors (complex, of length 1), info.
INGOT_NATIVE(eig) {
  for (int64_t batch = begin; batch < end; ++batch) {
    Matrix<Z> h(a[0], batch), q(h.rows, h.rows);
    int64_t n = h.rows;
    hessenberg(h, q);
    *a[3].at<int32_t>(batch) = schur(h, q) ? 0 : 1;
    Buffer<Z> values(n);
    double norm = 0;
    for (int64_t i = 0; i < n; ++i) {
      values[i] = h(i, i);
      for (int64_t j = i; j < n; ++j)
        norm = std::fmax(norm, Numbers<Z>::abs(h(i, j)));
    }
    Matrix<Z> vectors(n, n);
    Buffer<Z> x(n);
    for (int64_t k = 0; k < n; ++k) { // back substitution, then back to A's basis
      x[k] = Z(1);
      for (int64_t i = k; i-- > 0;) {
        Z sum(0);
        for (int64_t j = i + 1; j <= k; ++j)
          sum += h(i, j) * x[j];
        Z gap = h(i, i) - values[k];
        if (Numbers<Z>::abs(gap) < kEpsilon * norm)
          gap = Z(kEpsilon * norm);
        x[i] = -sum / gap;
      }
      double length = 0;
      for (int64_t i = 0; i < n; ++i) {
        Z sum(0);
        for (int64_t j = 0; j <= k; ++j)
          sum += q(i, j) * x[j];
        vectors(i, k) = sum;
        length += Numbers<Z>::norm(sum);
      }
      for (int64_t i = 0; i < n && length > 0; ++i)
        vectors(i, k) = vectors(i, k) / std::sqrt(length);
    }
    storeVector(a[1], batch, values.data(), n);
    vectors.store(a[2], batch);
  }
}
