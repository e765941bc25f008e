//===- Fourier.cpp - discrete Fourier transforms of lines -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Mixed radix, decimation in time; a prime factor above kLargestRadix goes by
// Bluestein's convolution, so every length takes O(n log n). All in f64, whatever
// the tensors are: torch's own single-precision error is then the larger one.
#include "native/Native.h"

using namespace ingot::native;

namespace {

using C = Complex<double>;
constexpr int64_t kLargestRadix = 61;

/// exp(-2 pi i k / n), exact at quarters.
C unit(int64_t k, int64_t n) {
  k %= n;
  double angle = 2 * M_PI * double(k) / double(n);
  if (4 * k == n)
    return {0, -1};
  if (2 * k == n)
    return {-1, 0};
  if (4 * k == 3 * n)
    return {0, 1};
  return {std::cos(angle), -std::sin(angle)};
}

class Plan {
public:
  explicit Plan(int64_t n) : n(n), twiddles(n), scratch(kLargestRadix) {
    for (int64_t k = 0; k < n; ++k)
      twiddles[k] = unit(k, n);
    int64_t rest = n;
    for (int64_t p = 4; rest > 1;) {
      while (rest % p) {
        p = p == 4 ? 2 : p == 2 ? 3 : p + 2;
        if (p * p > rest && p > 4)
          p = rest;
      }
      factors[count++] = p;
      rest /= p;
    }
  }
  static bool smooth(int64_t n) {
    for (int64_t p = 2; p <= kLargestRadix; ++p)
      while (n % p == 0)
        n /= p;
    return n == 1;
  }
  void run(const C *in, C *out) { work(out, in, 1, 0, n); }

private:
  void work(C *out, const C *in, int64_t stride, int level, int64_t length) {
    if (length == 1) {
      *out = *in;
      return;
    }
    int64_t p = factors[level], m = length / p;
    for (int64_t q = 0; q < p; ++q)
      work(out + q * m, in + q * stride, stride * p, level + 1, m);
    if (p == 2) {
      for (int64_t k = 0; k < m; ++k) {
        C t = out[k + m] * twiddles[k * stride];
        out[k + m] = out[k] - t;
        out[k] += t;
      }
      return;
    }
    if (p == 4) {
      for (int64_t k = 0; k < m; ++k) {
        C x0 = out[k], x1 = out[k + m] * twiddles[k * stride], x2 = out[k + 2 * m] * twiddles[2 * k * stride],
          x3 = out[k + 3 * m] * twiddles[3 * k * stride];
        C s0 = x0 + x2, s1 = x0 - x2, s2 = x1 + x3, s3 = x1 - x3;
        out[k] = s0 + s2;
        out[k + 2 * m] = s0 - s2;
        out[k + m] = {s1.re + s3.im, s1.im - s3.re};
        out[k + 3 * m] = {s1.re - s3.im, s1.im + s3.re};
      }
      return;
    }
    for (int64_t k = 0; k < m; ++k) {
      for (int64_t q = 0; q < p; ++q)
        scratch[q] = out[k + q * m];
      for (int64_t r = 0; r < p; ++r) {
        int64_t at = k + r * m, step = at * stride % n, turn = 0;
        C sum = scratch[0];
        for (int64_t q = 1; q < p; ++q) {
          turn += step;
          if (turn >= n)
            turn -= n;
          sum += scratch[q] * twiddles[turn];
        }
        out[at] = sum;
      }
    }
  }

  int64_t n;
  Buffer<C> twiddles, scratch;
  int64_t factors[64];
  int count = 0;
};

/// Lengths with a large prime factor: a convolution with a chirp, of a power of 2.
class Bluestein {
public:
  explicit Bluestein(int64_t n)
      : n(n), size(powerAbove(2 * n - 1)), plan(size), chirp(n), kernel(size), x(size), y(size) {
    for (int64_t k = 0, square = 0; k < n; ++k) { // k^2 modulo 2n
      chirp[k] = unit(square, 2 * n);
      square = (square + 2 * k + 1) % (2 * n);
    }
    for (int64_t k = 0; k < size; ++k)
      x[k] = {0, 0};
    x[0] = {chirp[0].re, -chirp[0].im};
    for (int64_t k = 1; k < n; ++k)
      x[k] = x[size - k] = {chirp[k].re, -chirp[k].im};
    plan.run(x.data(), kernel.data());
  }
  void run(const C *in, C *out) {
    for (int64_t k = 0; k < n; ++k)
      x[k] = in[k] * chirp[k];
    for (int64_t k = n; k < size; ++k)
      x[k] = {0, 0};
    plan.run(x.data(), y.data());
    // Inverse transform as the conjugate of the transform of the conjugate.
    for (int64_t k = 0; k < size; ++k) {
      C z = y[k] * kernel[k];
      x[k] = {z.re, -z.im};
    }
    plan.run(x.data(), y.data());
    for (int64_t k = 0; k < n; ++k)
      out[k] = C{y[k].re, -y[k].im} * chirp[k] / double(size);
  }

private:
  static int64_t powerAbove(int64_t n) {
    int64_t p = 1;
    while (p < n)
      p *= 2;
    return p;
  }
  int64_t n, size;
  Plan plan;
  Buffer<C> chirp, kernel, x, y;
};

template <typename Transform>
void lines(const Arguments &a, int64_t n, int64_t begin, int64_t end) {
  const Tensor &in = a[0], &out = a[2];
  bool inverse = a.integer(0), half = a.integer(1), toReal = out.dtype == kFloat32 || out.dtype == kFloat64;
  double scale = a.integer(2) == 1 ? 1 / double(n) : a.integer(2) == 2 ? 1 / std::sqrt(double(n)) : 1;
  Transform transform(n);
  Buffer<C> x(n), y(n);
  int64_t have = in.size(1), step = in.stride(1), length = out.size(1);
  for (int64_t line = begin; line < end; ++line) {
    int64_t base = in.offsetOf(line, in.rank - 1);
    auto element = [&](int64_t i) -> C {
      int64_t at = base + i * step;
      switch (in.dtype) {
      case kFloat32:
        return {double(*in.at<float>(at)), 0};
      case kFloat64:
        return {*in.at<double>(at), 0};
      case kComplex64: {
        Complex<float> z = *in.at<Complex<float>>(at);
        return {z.re, z.im};
      }
      default:
        return *in.at<C>(at);
      }
    };
    // Half: the input is the first half of a line with conjugate symmetry.
    int64_t given = half ? n / 2 + 1 : n;
    for (int64_t i = 0; i < n; ++i)
      x[i] = i < given && i < have ? element(i) : C{0, 0};
    if (half) {
      x[0].im = 0;
      if (n % 2 == 0)
        x[n / 2].im = 0;
      for (int64_t i = given; i < n; ++i)
        x[i] = {x[n - i].re, -x[n - i].im};
    }
    if (inverse)
      for (int64_t i = 0; i < n; ++i)
        x[i].im = -x[i].im;
    transform.run(x.data(), y.data());
    for (int64_t i = 0; i < length; ++i) {
      C z = y[i] * scale;
      if (inverse)
        z.im = -z.im;
      int64_t at = line * length + i;
      if (toReal && out.dtype == kFloat32)
        *out.at<float>(at) = float(z.re);
      else if (toReal)
        *out.at<double>(at) = z.re;
      else if (out.dtype == kComplex64)
        *out.at<Complex<float>>(at) = {float(z.re), float(z.im)};
      else
        *out.at<C>(at) = z;
    }
  }
}

} // namespace

/// Tensors: input, length of the transform; result: [.., as many as wanted]. Lines
/// are cut or padded with zeros. Parameters: inverse, the input is half of a line
/// with conjugate symmetry, scale (0: none, 1: 1/n, 2: 1/sqrt(n)).
INGOT_NATIVE(fft) {
  int64_t n = *a[1].at<int64_t>(0);
  if (n < 1 || begin >= end)
    return;
  if (Plan::smooth(n))
    lines<Plan>(a, n, begin, end);
  else
    lines<Bluestein>(a, n, begin, end);
}
