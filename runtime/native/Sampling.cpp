//===- Sampling.cpp - grids of samples and pooling windows ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native/Native.h"

#include <limits>

using namespace ingot::native;

namespace {

enum Padding { Zeros, Border, Reflection };
enum Interpolation { Linear, Nearest, Cubic };

template <typename T>
T clampPlace(T x, int64_t size) {
  return std::fmin(T(size - 1), std::fmax(x, T(0)));
}
template <typename T>
T reflect(T x, int64_t twiceLow, int64_t twiceHigh) {
  if (twiceLow == twiceHigh)
    return 0;
  T low = T(twiceLow) / 2, span = T(twiceHigh - twiceLow) / 2;
  x = std::fabs(x - low);
  T extra = std::fmod(x, span);
  int64_t flips = int64_t(std::floor(x / span));
  return flips % 2 == 0 ? extra + low : span - extra + low;
}
template <typename T>
T pad(T x, int64_t size, int64_t padding, bool align) {
  if (padding == Border)
    return clampPlace(x, size);
  if (padding == Reflection) {
    x = align ? reflect(x, 0, 2 * (size - 1)) : reflect(x, -1, 2 * size - 1);
    return clampPlace(x, size);
  }
  return x;
}
template <typename T>
T safe(T x) { // what no int holds lies outside
  return x > T(INT32_MAX - 1) || x < T(INT32_MIN) || !std::isfinite(x) ? T(-100) : x;
}
template <typename T>
T unnormalise(T x, int64_t size, bool align) {
  return align ? (x + 1) / 2 * T(size - 1) : ((x + 1) * T(size) - 1) / 2;
}
template <typename T>
void cubicWeights(T t, T *w) {
  constexpr T A = -0.75;
  auto inner = [](T x) { return ((A + 2) * x - (A + 3)) * x * x + 1; };
  auto outer = [](T x) { return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A; };
  w[0] = outer(t + 1);
  w[1] = inner(t);
  w[2] = inner(1 - t);
  w[3] = outer(2 - t);
}

template <typename T>
class Sampler {
public:
  Sampler(const Arguments &a) : in(a[0]), dims(in.rank - 2), padding(a.integer(1)), align(a.integer(2)) {}

  /// The input's element at whole places of image `n`, channel `c`; 0 outside.
  T at(int64_t n, int64_t c, const int64_t *place) const {
    int64_t offset = n * in.strides[0] + c * in.strides[1];
    for (int64_t d = 0; d < dims; ++d) {
      if (place[d] < 0 || place[d] >= in.sizes[2 + d])
        return 0;
      offset += place[d] * in.strides[2 + d];
    }
    return *in.at<T>(offset);
  }
  T source(T x, int64_t d) const {
    return safe(pad(unnormalise(x, in.sizes[2 + d], align), in.sizes[2 + d], padding, align));
  }

  T linear(int64_t n, int64_t c, const T *x) const {
    int64_t low[3], place[3];
    T fraction[3];
    for (int64_t d = 0; d < dims; ++d) {
      T f = std::floor(x[d]);
      low[d] = int64_t(f);
      fraction[d] = x[d] - f;
    }
    T sum = 0;
    for (int corner = 0; corner < 1 << dims; ++corner) {
      T weight = 1;
      for (int64_t d = 0; d < dims; ++d) {
        int bit = corner >> d & 1;
        place[d] = low[d] + bit;
        weight *= bit ? fraction[d] : 1 - fraction[d];
      }
      sum += weight * at(n, c, place);
    }
    return sum;
  }
  T nearest(int64_t n, int64_t c, const T *x) const {
    int64_t place[3];
    for (int64_t d = 0; d < dims; ++d)
      place[d] = int64_t(std::nearbyint(x[d]));
    return at(n, c, place);
  }
  /// Of two dimensions; the places around are padded each by itself.
  T cubic(int64_t n, int64_t c, const T *plain) const {
    T x[2], fraction[2], weights[2][4];
    for (int d = 0; d < 2; ++d) {
      x[d] = std::floor(plain[d]);
      fraction[d] = plain[d] - x[d];
      cubicWeights(fraction[d], weights[d]);
    }
    T sum = 0;
    for (int i = 0; i < 4; ++i) {
      T row = 0;
      for (int j = 0; j < 4; ++j) {
        T y[2] = {x[0] - 1 + i, x[1] - 1 + j};
        int64_t place[2];
        for (int d = 0; d < 2; ++d)
          place[d] = int64_t(safe(pad(y[d], in.sizes[2 + d], padding, align)));
        row += weights[1][j] * at(n, c, place);
      }
      sum += weights[0][i] * row;
    }
    return sum;
  }
  int64_t size(int64_t d) const { return in.sizes[2 + d]; }

private:
  const Tensor &in;
  int64_t dims, padding;
  bool align;
};

} // namespace

/// Input [N, C, ..], grid [N, .., D] -> [N, C, ..]; iterations over N and C.
/// Parameters: interpolation, padding, align corners.
INGOT_NATIVE(grid_sample) {
  const Tensor &grid = a[1], &out = a[2];
  int64_t dims = out.rank - 2, channels = out.sizes[1], points = 1, mode = a.integer(0);
  for (int64_t d = 0; d < dims; ++d)
    points *= out.sizes[2 + d];
  byType(out.dtype, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (sizeof(T) == sizeof(typename Numbers<T>::Real)) {
      Sampler<T> sampler(a);
      for (int64_t item = begin; item < end; ++item) {
        int64_t n = item / channels, c = item % channels;
        for (int64_t p = 0; p < points; ++p) {
          int64_t at = n * grid.strides[0], rest = p;
          for (int64_t d = dims; d-- > 0;) {
            at += rest % out.sizes[2 + d] * grid.strides[1 + d];
            rest /= out.sizes[2 + d];
          }
          T x[3]; // the grid's last coordinate is the first dimension's
          for (int64_t d = 0; d < dims; ++d) {
            T g = *grid.at<T>(at + (dims - 1 - d) * grid.strides[grid.rank - 1]);
            x[d] = mode == Cubic ? unnormalise(g, sampler.size(d), a.integer(2)) : sampler.source(g, d);
          }
          *out.at<T>(item * points + p) = mode == Linear    ? sampler.linear(n, c, x)
                                          : mode == Nearest ? sampler.nearest(n, c, x)
                                                            : sampler.cubic(n, c, x);
        }
      }
    }
  });
}

/// Windows of images [B, ..]: the largest element and its flat place. `starts` [B, D,
/// positions] (or [1, ..]) and `ends` hold where each dimension's windows lie, for as
/// many positions as the longest dimension of the result has.
INGOT_NATIVE(max_of_windows) {
  const Tensor &in = a[0], &starts = a[1], &ends = a[2], &values = a[3], &places = a[4];
  int64_t dims = in.rank - 1, points = 1;
  for (int64_t d = 0; d < dims; ++d)
    points *= values.sizes[1 + d];
  byType(in.dtype, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (sizeof(T) == sizeof(typename Numbers<T>::Real)) {
      for (int64_t image = begin; image < end; ++image)
        for (int64_t p = 0; p < points; ++p) {
          int64_t from[3], to[3], at[3], rest = p;
          for (int64_t d = dims; d-- > 0;) {
            int64_t position = rest % values.sizes[1 + d];
            rest /= values.sizes[1 + d];
            auto edge = [&](const Tensor &t) {
              int64_t row = t.sizes[0] == 1 ? 0 : image;
              return *t.at<int64_t>(row * t.strides[0] + d * t.strides[1] + position * t.strides[2]);
            };
            from[d] = at[d] = edge(starts);
            to[d] = edge(ends);
          }
          T best = -std::numeric_limits<T>::infinity();
          int64_t where = -1;
          for (bool more = true; more;) {
            int64_t offset = image * in.strides[0], flat = 0;
            for (int64_t d = 0; d < dims; ++d) {
              offset += at[d] * in.strides[1 + d];
              flat = flat * in.sizes[1 + d] + at[d];
            }
            T x = *in.at<T>(offset);
            if (where < 0 || x > best || x != x) {
              best = x;
              where = flat;
            }
            more = false;
            for (int64_t d = dims; d-- > 0 && !more;) {
              more = ++at[d] < to[d];
              if (!more)
                at[d] = from[d];
            }
          }
          *values.at<T>(image * points + p) = best;
          *places.at<int64_t>(image * points + p) = where;
        }
    }
  });
}
