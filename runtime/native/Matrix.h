//===- Matrix.h - matrices of a batch ---------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels load a matrix into f64 (or complex f64), compute there and store it back:
// one instantiation for both precisions, and no worse than single precision's own.
#ifndef INGOT_RUNTIME_NATIVE_MATRIX_H
#define INGOT_RUNTIME_NATIVE_MATRIX_H

#include "native/Native.h"

#include <limits>

namespace ingot::native {

using Z = Complex<double>;

template <typename T>
T convert(double re, double im) {
  if constexpr (sizeof(T) == sizeof(double))
    return re;
  else
    return T{re, im};
}

template <typename T>
T loadElement(const Tensor &t, int64_t at) {
  switch (t.dtype) {
  case kFloat32:
    return convert<T>(*t.at<float>(at), 0);
  case kFloat64:
    return convert<T>(*t.at<double>(at), 0);
  case kComplex64: {
    auto z = *t.at<Complex<float>>(at);
    return convert<T>(z.re, z.im);
  }
  case kComplex128: {
    auto z = *t.at<Z>(at);
    return convert<T>(z.re, z.im);
  }
  default:
    return convert<T>(double(*t.at<int64_t>(at)), 0);
  }
}
inline double realPart(double x) { return x; }
inline double realPart(Z x) { return x.re; }
inline double imaginaryPart(double) { return 0; }
inline double imaginaryPart(Z x) { return x.im; }

template <typename T>
void storeElement(const Tensor &t, int64_t at, T x) {
  switch (t.dtype) {
  case kFloat32:
    *t.at<float>(at) = float(realPart(x));
    break;
  case kFloat64:
    *t.at<double>(at) = realPart(x);
    break;
  case kComplex64:
    *t.at<Complex<float>>(at) = {float(realPart(x)), float(imaginaryPart(x))};
    break;
  default:
    *t.at<Z>(at) = {realPart(x), imaginaryPart(x)};
  }
}

/// Row-major.
template <typename T>
class Matrix {
public:
  Matrix(int64_t rows, int64_t columns) : rows(rows), columns(columns), elements(rows * columns) {
    for (int64_t i = 0; i < rows * columns; ++i)
      elements[i] = T(0);
  }
  /// Matrix `batch` of the tensor's last two dimensions.
  Matrix(const Tensor &t, int64_t batch) : rows(t.size(2)), columns(t.size(1)), elements(rows * columns) {
    int64_t base = t.offsetOf(batch, t.rank - 2);
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j)
        (*this)(i, j) = loadElement<T>(t, base + i * t.stride(2) + j * t.stride(1));
  }
  T &operator()(int64_t i, int64_t j) { return elements[i * columns + j]; }
  const T &operator()(int64_t i, int64_t j) const { return elements[i * columns + j]; }
  /// Writes the first rows and columns that the tensor has.
  void store(const Tensor &t, int64_t batch) const {
    int64_t base = t.offsetOf(batch, t.rank - 2);
    for (int64_t i = 0; i < t.size(2); ++i)
      for (int64_t j = 0; j < t.size(1); ++j)
        storeElement(t, base + i * t.stride(2) + j * t.stride(1), (*this)(i, j));
  }
  void assign(const Matrix &other) {
    for (int64_t i = 0; i < rows * columns; ++i)
      elements[i] = other.elements[i];
  }
  const int64_t rows, columns;

private:
  Buffer<T> elements;
};

template <typename T>
void storeVector(const Tensor &t, int64_t batch, const T *x, int64_t count) {
  int64_t base = t.offsetOf(batch, t.rank - 1);
  for (int64_t i = 0; i < count; ++i)
    storeElement(t, base + i * t.stride(1), x[i]);
}

/// Calls body(T) with f64 or complex f64 for the tensor.
template <typename Body>
void byKind(const Tensor &t, Body body) {
  if (t.dtype == kComplex64 || t.dtype == kComplex128)
    body(Z());
  else
    body(double());
}

/// A Householder reflection of x[0..n) to a multiple of e0: H = 1 - tau v v^H with
/// v[0] = 1, H^H x = beta e0, beta real (LAPACK's larfg).
template <typename T>
T reflector(int64_t n, T &alpha, T *x, int64_t step) {
  double tail = 0, scale = 0;
  for (int64_t i = 0; i < n - 1; ++i)
    scale = std::fmax(scale, Numbers<T>::abs(x[i * step]));
  if (scale > 0)
    for (int64_t i = 0; i < n - 1; ++i)
      tail += Numbers<T>::norm(x[i * step] / scale);
  tail = scale * std::sqrt(tail);
  double re = realPart(alpha), im = imaginaryPart(alpha);
  if (tail == 0 && im == 0)
    return T(0);
  double beta = -std::copysign(std::sqrt(re * re + im * im + tail * tail), re);
  T tau = convert<T>((beta - re) / beta, -im / beta);
  T divisor = alpha - T(beta);
  for (int64_t i = 0; i < n - 1; ++i)
    x[i * step] = x[i * step] / divisor;
  alpha = T(beta);
  return tau;
}

/// In place: R above the diagonal, the reflectors' v below (LAPACK's geqrf).
template <typename T>
void householder(Matrix<T> &a, T *tau) {
  int64_t m = a.rows, n = a.columns;
  for (int64_t k = 0; k < (m < n ? m : n); ++k) {
    tau[k] = reflector(m - k, a(k, k), k + 1 < m ? &a(k + 1, k) : nullptr, n);
    T factor = Numbers<T>::conj(tau[k]);
    for (int64_t j = k + 1; j < n; ++j) {
      T sum = a(k, j);
      for (int64_t i = k + 1; i < m; ++i)
        sum += Numbers<T>::conj(a(i, k)) * a(i, j);
      sum = sum * factor;
      a(k, j) -= sum;
      for (int64_t i = k + 1; i < m; ++i)
        a(i, j) -= a(i, k) * sum;
    }
  }
}

/// c := H(k) c or H(k)^H c, or from the right.
template <typename T>
void applyReflector(const Matrix<T> &a, int64_t k, T tau, Matrix<T> &c, bool left) {
  auto v = [&](int64_t i) { return i == k ? T(1) : a(i, k); };
  int64_t m = a.rows;
  for (int64_t j = 0; j < (left ? c.columns : c.rows); ++j) {
    T sum = T(0);
    for (int64_t i = k; i < m; ++i)
      sum += left ? Numbers<T>::conj(v(i)) * c(i, j) : c(j, i) * v(i);
    sum = sum * tau;
    for (int64_t i = k; i < m; ++i)
      (left ? c(i, j) : c(j, i)) -= left ? v(i) * sum : sum * Numbers<T>::conj(v(i));
  }
}

} // namespace ingot::native

#endif
