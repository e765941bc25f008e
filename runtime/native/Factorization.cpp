//===- Factorization.cpp - LU, Cholesky, QR, triangular solves --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Results are in LAPACK's form (pivots from 1, reflectors below the diagonal).
// `info` is 0, or the place from 1 where a factorisation broke down.
#include "native/Matrix.h"

using namespace ingot::native;

namespace {
int32_t &int32At(const Tensor &t, int64_t i) { return *t.at<int32_t>(i); }

/// x := op(a)^-1 x for a triangle of a; unit: its diagonal is 1.
template <typename T, typename Get>
void substitute(int64_t n, Matrix<T> &x, bool upper, bool unit, Get a) {
  for (int64_t step = 0; step < n; ++step) {
    int64_t i = upper ? n - 1 - step : step;
    int64_t from = upper ? i + 1 : 0, to = upper ? n : i;
    for (int64_t j = 0; j < x.columns; ++j) {
      T sum = x(i, j);
      for (int64_t k = from; k < to; ++k)
        sum -= a(i, k) * x(k, j);
      x(i, j) = unit ? sum : sum / a(i, i);
    }
  }
}
} // namespace

/// A -> LU, pivots, info. Parameter: whether rows are exchanged.
INGOT_NATIVE(lu) {
  byKind(a[0], [&](auto zero) {
    using T = decltype(zero);
    for (int64_t batch = begin; batch < end; ++batch) {
      Matrix<T> m(a[0], batch);
      int64_t count = m.rows < m.columns ? m.rows : m.columns;
      int32_t info = 0;
      for (int64_t k = 0; k < count; ++k) {
        int64_t pivot = k;
        if (a.integer(0)) {
          double largest = Numbers<T>::abs(m(k, k));
          for (int64_t i = k + 1; i < m.rows; ++i)
            if (double x = Numbers<T>::abs(m(i, k)); x > largest) {
              largest = x;
              pivot = i;
            }
        }
        int32At(a[2], batch * count + k) = int32_t(pivot + 1);
        if (pivot != k)
          for (int64_t j = 0; j < m.columns; ++j) {
            T kept = m(k, j);
            m(k, j) = m(pivot, j);
            m(pivot, j) = kept;
          }
        if (m(k, k) == T(0)) {
          if (!info)
            info = int32_t(k + 1);
          continue;
        }
        for (int64_t i = k + 1; i < m.rows; ++i) {
          T factor = m(i, k) = m(i, k) / m(k, k);
          for (int64_t j = k + 1; j < m.columns; ++j)
            m(i, j) -= factor * m(k, j);
        }
      }
      m.store(a[1], batch);
      int32At(a[3], batch) = info;
    }
  });
}

/// A -> triangle, info. Parameter: upper.
INGOT_NATIVE(cholesky) {
  bool upper = a.integer(0);
  byKind(a[0], [&](auto zero) {
    using T = decltype(zero);
    for (int64_t batch = begin; batch < end; ++batch) {
      Matrix<T> m(a[0], batch), l(m.rows, m.rows);
      int32_t info = 0;
      for (int64_t j = 0; j < m.rows && !info; ++j) {
        double d = Numbers<T>::re(m(j, j));
        for (int64_t k = 0; k < j; ++k)
          d -= Numbers<T>::norm(l(j, k));
        if (!(d > 0)) {
          info = int32_t(j + 1);
          break;
        }
        d = std::sqrt(d);
        l(j, j) = T(d);
        for (int64_t i = j + 1; i < m.rows; ++i) {
          T sum = upper ? Numbers<T>::conj(m(j, i)) : m(i, j);
          for (int64_t k = 0; k < j; ++k)
            sum -= l(i, k) * Numbers<T>::conj(l(j, k));
          l(i, j) = sum / d;
        }
      }
      if (upper) {
        Matrix<T> u(m.rows, m.rows);
        for (int64_t i = 0; i < m.rows; ++i)
          for (int64_t j = 0; j <= i; ++j)
            u(j, i) = Numbers<T>::conj(l(i, j));
        u.store(a[1], batch);
      } else {
        l.store(a[1], batch);
      }
      int32At(a[2], batch) = info;
    }
  });
}

/// A, B -> X with A X = B. Parameters: upper, unit diagonal, 1 transposed or 2
/// conjugated and transposed.
INGOT_NATIVE(solve_triangular) {
  bool unit = a.integer(1);
  int64_t mode = a.integer(2);
  bool upper = bool(a.integer(0)) != (mode != 0);
  byKind(a[0], [&](auto zero) {
    using T = decltype(zero);
    for (int64_t batch = begin; batch < end; ++batch) {
      Matrix<T> m(a[0], batch), x(a[1], batch);
      substitute(m.rows, x, upper, unit, [&](int64_t i, int64_t j) {
        return mode == 0 ? m(i, j) : mode == 1 ? m(j, i) : Numbers<T>::conj(m(j, i));
      });
      x.store(a[2], batch);
    }
  });
}

/// LU, pivots, B -> X. Parameter: 0 A X = B, 1 A^T X = B, 2 A^H X = B.
INGOT_NATIVE(lu_solve) {
  int64_t mode = a.integer(0);
  const Tensor &pivots = a[1];
  byKind(a[0], [&](auto zero) {
    using T = decltype(zero);
    for (int64_t batch = begin; batch < end; ++batch) {
      Matrix<T> m(a[0], batch), x(a[2], batch);
      int64_t base = pivots.offsetOf(batch, pivots.rank - 1), n = m.rows;
      auto exchange = [&](int64_t k) {
        int64_t other = int32At(pivots, base + k * pivots.stride(1)) - 1;
        if (other != k && other >= 0 && other < n)
          for (int64_t j = 0; j < x.columns; ++j) {
            T kept = x(k, j);
            x(k, j) = x(other, j);
            x(other, j) = kept;
          }
      };
      auto plain = [&](int64_t i, int64_t j) { return m(i, j); };
      auto turned = [&](int64_t i, int64_t j) { return mode == 1 ? m(j, i) : Numbers<T>::conj(m(j, i)); };
      if (mode == 0) {
        for (int64_t k = 0; k < n; ++k)
          exchange(k);
        substitute(n, x, false, true, plain);
        substitute(n, x, true, false, plain);
      } else {
        substitute(n, x, false, false, turned);
        substitute(n, x, true, true, turned);
        for (int64_t k = n; k-- > 0;)
          exchange(k);
      }
      x.store(a[3], batch);
    }
  });
}

/// Pivots -> the permutation matrix P of A = P L U, real, as the result's type.
INGOT_NATIVE(lu_permutation) {
  const Tensor &pivots = a[0], &out = a[1];
  int64_t n = out.size(2), count = pivots.size(1);
  for (int64_t batch = begin; batch < end; ++batch) {
    Buffer<int64_t> order(n);
    for (int64_t i = 0; i < n; ++i)
      order[i] = i;
    int64_t base = pivots.offsetOf(batch, pivots.rank - 1);
    for (int64_t k = 0; k < count; ++k) {
      int64_t other = int32At(pivots, base + k * pivots.stride(1)) - 1;
      if (other < 0 || other >= n)
        continue;
      int64_t kept = order[k];
      order[k] = order[other];
      order[other] = kept;
    }
    Matrix<double> p(n, n);
    for (int64_t i = 0; i < n; ++i)
      p(order[i], i) = 1;
    byKind(out, [&](auto zero) {
      using T = decltype(zero);
      int64_t at = out.offsetOf(batch, out.rank - 2);
      for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < n; ++j)
          storeElement(out, at + i * out.stride(2) + j * out.stride(1), T(p(i, j)));
    });
  }
}

/// A -> R and reflectors, tau.
INGOT_NATIVE(geqrf) {
  byKind(a[0], [&](auto zero) {
    using T = decltype(zero);
    for (int64_t batch = begin; batch < end; ++batch) {
      Matrix<T> m(a[0], batch);
      int64_t count = m.rows < m.columns ? m.rows : m.columns;
      Buffer<T> tau(count);
      householder(m, tau.data());
      m.store(a[1], batch);
      storeVector(a[2], batch, tau.data(), count);
    }
  });
}

/// Reflectors, tau -> the first columns of their product.
INGOT_NATIVE(householder_product) {
  const Tensor &taus = a[1];
  byKind(a[0], [&](auto zero) {
    using T = decltype(zero);
    for (int64_t batch = begin; batch < end; ++batch) {
      Matrix<T> m(a[0], batch), q(m.rows, a[2].size(1));
      for (int64_t i = 0; i < q.rows && i < q.columns; ++i)
        q(i, i) = T(1);
      int64_t base = taus.offsetOf(batch, taus.rank - 1);
      for (int64_t k = taus.size(1); k-- > 0;)
        applyReflector(m, k, loadElement<T>(taus, base + k * taus.stride(1)), q, true);
      q.store(a[2], batch);
    }
  });
}

/// Reflectors, tau, C -> Q C and so on. Parameters: left, conjugated and transposed.
INGOT_NATIVE(ormqr) {
  const Tensor &taus = a[1];
  bool left = a.integer(0), adjoint = a.integer(1);
  byKind(a[0], [&](auto zero) {
    using T = decltype(zero);
    for (int64_t batch = begin; batch < end; ++batch) {
      Matrix<T> m(a[0], batch), c(a[2], batch);
      int64_t base = taus.offsetOf(batch, taus.rank - 1), count = taus.size(1);
      for (int64_t step = 0; step < count; ++step) {
        int64_t k = left == adjoint ? step : count - 1 - step;
        T tau = loadElement<T>(taus, base + k * taus.stride(1));
        applyReflector(m, k, adjoint ? Numbers<T>::conj(tau) : tau, c, left);
      }
      c.store(a[3], batch);
    }
  });
}

/// e^A by scaling, a Taylor polynomial and squaring.
INGOT_NATIVE(matrix_exp) {
  byKind(a[0], [&](auto zero) {
    using T = decltype(zero);
    for (int64_t batch = begin; batch < end; ++batch) {
      Matrix<T> m(a[0], batch), term(m.rows, m.rows), sum(m.rows, m.rows), next(m.rows, m.rows);
      int64_t n = m.rows;
      double norm = 0;
      for (int64_t j = 0; j < n; ++j) {
        double column = 0;
        for (int64_t i = 0; i < n; ++i)
          column += Numbers<T>::abs(m(i, j));
        norm = std::fmax(norm, column);
      }
      int squarings = norm > 0.5 && norm < 1e300 ? int(std::ceil(std::log2(norm / 0.5))) : 0;
      double scale = std::ldexp(1.0, -squarings);
      for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < n; ++j) {
          m(i, j) = m(i, j) * scale;
          term(i, j) = sum(i, j) = T(i == j ? 1 : 0);
        }
      auto product = [&](Matrix<T> &x, Matrix<T> &y, double factor) { // next = x y factor
        for (int64_t i = 0; i < n; ++i)
          for (int64_t j = 0; j < n; ++j) {
            T s = T(0);
            for (int64_t k = 0; k < n; ++k)
              s += x(i, k) * y(k, j);
            next(i, j) = s * factor;
          }
      };
      for (int k = 1; k <= 18; ++k) { // 0.5^19 / 19! is below 2^-53
        product(term, m, 1.0 / k);
        term.assign(next);
        for (int64_t i = 0; i < n; ++i)
          for (int64_t j = 0; j < n; ++j)
            sum(i, j) += term(i, j);
      }
      for (int k = 0; k < squarings; ++k) {
        product(sum, sum, 1);
        sum.assign(next);
      }
      sum.store(a[1], batch);
    }
  });
}
