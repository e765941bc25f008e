//===- Polynomials.h - orthogonal polynomials -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// By their recurrences, or within (-1, 1) by the trigonometric form from the degree
// on at which torch changes over, so that results agree.
#ifndef INGOT_RUNTIME_NATIVE_POLYNOMIALS_H
#define INGOT_RUNTIME_NATIVE_POLYNOMIALS_H

#include <cmath>
#include <cstdint>
#include <limits>

namespace ingot::native {

/// A degree given as a number: truncated; none for what is no number.
template <typename T>
int64_t degree(T n) {
  return std::fabs(n) < T(9e18) ? int64_t(n) : -1;
}

/// r = step * q - p from the first two on.
template <typename T>
T chebyshevRecurrence(T step, T first, int64_t n) {
  if (n == 0)
    return 1;
  T p = 1, q = first;
  for (int64_t k = 2; k <= n && !std::isnan(q); ++k) {
    T r = step * q - p;
    p = q;
    q = r;
  }
  return q;
}

template <typename T>
T chebyshevT(T x, int64_t n, int64_t limit = 6) {
  if (n < 0)
    return 0;
  if (std::fabs(x) == 1)
    return x > 0 || n % 2 == 0 ? 1 : -1;
  if (n > limit && std::fabs(x) < 1)
    return std::cos(n * std::acos(x));
  return chebyshevRecurrence<T>(x + x, x, n);
}
template <typename T>
T chebyshevU(T x, int64_t n, int64_t limit = 8) {
  if (n < 0)
    return 0;
  if (std::fabs(x) == 1)
    return T(x > 0 || n % 2 == 0 ? n + 1 : -(n + 1));
  if (n > limit && std::fabs(x) < 1) {
    T angle = std::acos(x);
    if (std::sin(angle) != 0)
      return std::sin((n + 1) * angle) / std::sin(angle);
    return (n + 1) * std::cos((n + 1) * angle) / x;
  }
  return chebyshevRecurrence<T>(x + x, x + x, n);
}
template <typename T>
T chebyshevV(T x, int64_t n, int64_t limit = 8) {
  if (n < 0)
    return 0;
  T atMinusOne = T(n % 2 == 0 ? n + n + 1 : -(n + n + 1));
  if (std::fabs(x) == 1)
    return x > 0 ? 1 : atMinusOne;
  if (n > limit && std::fabs(x) < 1) {
    T angle = std::acos(x);
    if (std::sin(angle / 2) != 1)
      return std::cos((n + T(0.5)) * angle) / std::cos(angle / 2);
    return atMinusOne;
  }
  return chebyshevRecurrence<T>(x + x, x + x - 1, n);
}
template <typename T>
T chebyshevW(T x, int64_t n, int64_t limit = 8) {
  if (n < 0)
    return 0;
  T atMinusOne = n % 2 == 0 ? 1 : -1;
  if (std::fabs(x) == 1)
    return x > 0 ? T(n + n + 1) : atMinusOne;
  if (n > limit && std::fabs(x) < 1) {
    T angle = std::acos(x);
    if (std::cos(angle / 2) != 1)
      return std::sin((n + T(0.5)) * angle) / std::sin(angle / 2);
    return x > 0 ? T(n + n + 1) : atMinusOne;
  }
  return chebyshevRecurrence<T>(x + x, x + x + 1, n);
}
template <typename T>
T shiftedChebyshevT(T x, int64_t n) {
  return chebyshevT<T>(x + x - 1, n, 6);
}
template <typename T>
T shiftedChebyshevU(T x, int64_t n) {
  return chebyshevU<T>(x + x - 1, n, 6);
}
template <typename T>
T shiftedChebyshevV(T x, int64_t n) {
  return chebyshevV<T>(x + x - 1, n, 6);
}
template <typename T>
T shiftedChebyshevW(T x, int64_t n) {
  return chebyshevW<T>(x + x - 1, n, 4);
}

/// Degrees above this overflow, and are NaN in torch.
template <typename T>
constexpr int64_t hermiteLimit = sizeof(T) == 4 ? 128 : 512;

/// The polynomial of degree n of a family in which
///   p[k + 1] = next(k, p[k], p[k - 1]), p[0] = 1, p[1] = first;
/// 0 for negative degrees, as torch has it.
template <typename T, typename Next>
T threeTermRecurrence(int64_t n, T first, Next next) {
  if (n <= 0)
    return n == 0;
  T before = 1, last = first;
  for (int64_t k = 1; k < n && !std::isnan(last); ++k) {
    T following = next(k, last, before);
    before = last;
    last = following;
  }
  return last;
}

template <typename T>
T hermiteH(T x, int64_t n) {
  if (n > hermiteLimit<T>)
    return std::numeric_limits<T>::quiet_NaN();
  return threeTermRecurrence<T>(n, x + x,
                                [x](int64_t k, T last, T before) { return (x + x) * last - (k + k) * before; });
}
template <typename T>
T hermiteHe(T x, int64_t n) {
  if (n > hermiteLimit<T>)
    return std::numeric_limits<T>::quiet_NaN();
  return threeTermRecurrence<T>(n, x, [x](int64_t k, T last, T before) { return x * last - k * before; });
}
template <typename T>
T laguerreL(T x, int64_t n) {
  if (x == 0)
    return n >= 0;
  return threeTermRecurrence<T>(
      n, 1 - x, [x](int64_t k, T last, T before) { return ((k + k + (1 - x)) * last - k * before) / (k + 1); });
}
template <typename T>
T legendreP(T x, int64_t n) {
  if (std::fabs(x) == 1 && n >= 0)
    return x > 0 || n % 2 == 0 ? 1 : -1;
  return threeTermRecurrence<T>(
      n, x, [x](int64_t k, T last, T before) { return ((k + k + 1) * x * last - k * before) / (k + 1); });
}

} // namespace ingot::native

#endif
