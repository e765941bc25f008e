//===- Random.cpp - random numbers as ATen's generic path draws them -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensor 0 is the generator, the first result the generator after the draw (a copy
// that is drawn from), the second the numbers: float or double, or int64.
#include "native/Generator.h"
#include "native/Native.h"

using namespace ingot::native;

namespace {
Generator &next(const Arguments &a, int result) {
  auto *to = reinterpret_cast<Generator *>(a[result].data);
  std::memcpy(static_cast<void *>(to), a[0].data, sizeof(Generator));
  return *to;
}

template <typename Draw>
void fill(const Tensor &out, Draw draw) {
  int64_t n = out.numel();
  if (out.dtype == kFloat32) {
    for (int64_t i = 0; i < n; ++i)
      *out.at<float>(i) = float(draw());
  } else {
    for (int64_t i = 0; i < n; ++i)
      *out.at<double>(i) = double(draw());
  }
}

template <typename T>
T uniform(Generator &g) {
  if constexpr (sizeof(T) == 4)
    return g.uniformFloat();
  else
    return g.uniformDouble();
}

template <typename T>
void normal16(T *data, T mean, T deviation) {
  for (int j = 0; j < 8; ++j) {
    T u1 = 1 - data[j], u2 = data[j + 8];
    T radius = std::sqrt(-2 * std::log(u1)), theta = T(2.0f * M_PI * u2);
    data[j] = std::fma(radius * std::cos(theta), deviation, mean);
    data[j + 8] = std::fma(radius * std::sin(theta), deviation, mean);
  }
}

/// From 16 numbers on, pairs from blocks of 16 uniforms; the last block anew.
template <typename T>
void normals(Generator &g, T *data, int64_t n, double mean, double deviation, bool half, bool one) {
  if (one || n < 16) {
    for (int64_t i = 0; i < n; ++i)
      data[i] = T(g.normalDouble() * deviation + mean);
    return;
  }
  // f16 and bf16 draw no numbers for the incomplete block but those it gets.
  for (int64_t i = 0, drawn = half ? n - n % 16 : n; i < drawn; ++i)
    data[i] = uniform<T>(g);
  for (int64_t i = 0; i + 15 < n; i += 16)
    normal16<T>(data + i, T(mean), T(deviation));
  if (n % 16) {
    data += n - 16;
    for (int i = 0; i < 16; ++i)
      data[i] = uniform<T>(g);
    normal16<T>(data, T(mean), T(deviation));
  }
}
} // namespace

/// Parameters: from, to.
INGOT_NATIVE(random_uniform) {
  Generator &g = next(a, 1);
  if (a[2].dtype == kFloat32) {
    float from = float(a.real(0)), to = float(a.real(1));
    fill(a[2], [&] {
      float x = g.uniformFloat() * (to - from) + from;
      return x == to ? from : x;
    });
  } else {
    double from = a.real(0), to = a.real(1);
    fill(a[2], [&] {
      double x = g.uniformDouble() * (to - from) + from;
      return x == to ? from : x;
    });
  }
}

/// Parameters: mean, standard deviation, and 1: one number after the other; 2: numbers for f16 or bf16.
INGOT_NATIVE(random_normal) {
  Generator &g = next(a, 1);
  double mean = a.real(0), deviation = a.real(1);
  bool one = a.integer(2) == 1, half = a.integer(2) == 2;
  if (a[2].dtype == kFloat32)
    normals(g, a[2].at<float>(0), a[2].numel(), mean, deviation, half, one);
  else
    normals(g, a[2].at<double>(0), a[2].numel(), mean, deviation, half, one);
}

INGOT_NATIVE(random_log_normal) {
  Generator &g = next(a, 1);
  fill(a[2], [&] { return std::exp(g.normalDouble() * a.real(1) + a.real(0)); });
}
INGOT_NATIVE(random_exponential) {
  Generator &g = next(a, 1);
  fill(a[2], [&] { return -1.0 / a.real(0) * std::log1p(-g.uniformDouble()); });
}
INGOT_NATIVE(random_cauchy) {
  Generator &g = next(a, 1);
  fill(a[2], [&] { return a.real(0) + a.real(1) * std::tan(M_PI * (g.uniformDouble() - 0.5)); });
}
INGOT_NATIVE(random_geometric) {
  Generator &g = next(a, 1);
  double scale = std::log1p(-a.real(0));
  fill(a[2], [&] { return std::ceil(std::log(g.uniformDouble()) / scale); });
}
/// Parameter: the probability.
INGOT_NATIVE(random_bernoulli) {
  Generator &g = next(a, 1);
  fill(a[2], [&] { return g.uniformDouble() < a.real(0) ? 1 : 0; });
}
/// Tensor 1: the probabilities, of the result's sizes.
INGOT_NATIVE(random_bernoulli_each) {
  Generator &g = next(a, 2);
  const Tensor &p = a[1];
  int64_t n = a[3].numel();
  for (int64_t i = 0; i < n; ++i) {
    int64_t at = p.offsetOf(i, p.rank);
    bool one = p.dtype == kFloat64 ? g.uniformDouble() < *p.at<double>(at) : g.uniformFloat() < *p.at<float>(at);
    if (a[3].dtype == kFloat32)
      *a[3].at<float>(i) = one;
    else
      *a[3].at<double>(i) = one;
  }
}
/// Tensor 1: the argument; 1 where it is positive, else a number between the parameters.
INGOT_NATIVE(random_rrelu) {
  Generator &g = next(a, 2);
  const Tensor &x = a[1];
  double from = a.real(0), to = a.real(1);
  int64_t n = a[3].numel();
  for (int64_t i = 0; i < n; ++i) {
    int64_t at = x.offsetOf(i, x.rank);
    bool wide = x.dtype == kFloat64, positive = !(wide ? *x.at<double>(at) <= 0 : *x.at<float>(at) <= 0);
    double slope = positive ? 1 : g.uniformDouble() * (to - from) + from;
    if (wide)
      *a[3].at<double>(i) = slope;
    else
      *a[3].at<float>(i) = float(slope);
  }
}
/// Tensors 1 and 2: the first number and how many there are.
INGOT_NATIVE(random_integers) {
  Generator &g = next(a, 3);
  int64_t base = *a[1].at<int64_t>(0), n = a[4].numel();
  uint64_t range = uint64_t(*a[2].at<int64_t>(0));
  for (int64_t i = 0; i < n; ++i) {
    uint64_t draw = range >= (uint64_t(1) << 28) || range == 0 ? g.random64() : g.random();
    *a[4].at<int64_t>(i) = int64_t(range ? draw % range : draw) + base;
  }
}
/// Parameters: the modulus (0: 2^64) and whether 64 bits are drawn.
INGOT_NATIVE(random_bits) {
  Generator &g = next(a, 1);
  uint64_t modulus = uint64_t(a.integer(0));
  int64_t n = a[2].numel();
  for (int64_t i = 0; i < n; ++i) {
    uint64_t draw = a.integer(1) ? g.random64() : g.random();
    *a[2].at<int64_t>(i) = int64_t(modulus ? draw % modulus : draw);
  }
}
INGOT_NATIVE(random_permutation) {
  Generator &g = next(a, 1);
  int64_t n = a[2].numel(), *r = a[2].at<int64_t>(0);
  for (int64_t i = 0; i < n; ++i)
    r[i] = i;
  for (int64_t i = 0; i < n - 1; ++i) {
    int64_t z =
        n >= INT64_C(214748364) ? int64_t(g.random64() % uint64_t(n - i)) : int64_t(g.random() % uint64_t(n - i));
    int64_t kept = r[i];
    r[i] = r[z + i];
    r[z + i] = kept;
  }
}
/// A new generator of a seed: tensor 1.
INGOT_NATIVE(random_seed) { ingot_abi_generator_seed(&next(a, 2), uint64_t(*a[1].at<int64_t>(0))); }
/// Draws with replacement: tensor 1 holds probabilities [rows, categories].
INGOT_NATIVE(random_multinomial) {
  Generator &g = next(a, 2);
  const Tensor &p = a[1], &out = a[3];
  int64_t categories = p.size(1), samples = out.size(1), rows = out.rank == 2 ? out.sizes[0] : 1;
  byType(p.dtype, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (sizeof(T) == sizeof(typename Numbers<T>::Real)) {
      Buffer<T> sums(categories);
      for (int64_t row = 0; row < rows; ++row) {
        int64_t base = p.rank == 2 ? row * p.strides[0] : 0;
        T sum = 0;
        for (int64_t j = 0; j < categories; ++j)
          sums[j] = sum += *p.at<T>(base + j * p.stride(1));
        if (sum > 0)
          for (int64_t j = 0; j < categories; ++j)
            sums[j] /= sum;
        if (categories)
          sums[categories - 1] = 1;
        for (int64_t j = 0; j < samples; ++j) {
          double draw = g.uniformDouble();
          int64_t low = 0, high = categories;
          while (high - low > 0) {
            int64_t middle = low + (high - low) / 2;
            if (double(sums[middle]) < draw)
              low = middle + 1;
            else
              high = middle;
          }
          *out.at<int64_t>(row * samples + j) = low;
        }
      }
    }
  });
}
