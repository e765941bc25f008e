//===- Native.h - kernels in C++: their arguments ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators whose loops are better written in C++ than generated (factorisations,
// Fourier transforms, random numbers) are functions of this folder. They are
// members of the runtime's archive, so a library holds those that it calls.
//
// Generated code calls `ingot_native_NAME(words, begin, end)`: iterations
// [begin, end) of a parallel loop. `words` holds, one after another: the number of
// tensors; of each its data, dtype code, rank, sizes and strides (in elements);
// the number of parameters and the parameters. lib/Conversion/GraphToLinalg/
// Native.cpp writes them.
#ifndef INGOT_RUNTIME_NATIVE_NATIVE_H
#define INGOT_RUNTIME_NATIVE_NATIVE_H

#include "base/Base.h"
#include "base/Memory.h"

#include <cmath>
#include <cstdint>
#include <cstring>

namespace ingot::native {

struct Tensor {
  char *data;
  int64_t dtype, rank;
  const int64_t *sizes, *strides;

  int64_t numel() const {
    int64_t n = 1;
    for (int64_t d = 0; d < rank; ++d)
      n *= sizes[d];
    return n;
  }
  template <typename T>
  T *at(int64_t element) const {
    return reinterpret_cast<T *>(data) + element;
  }
  /// Offset in elements of item `index` of the first `dims` dimensions.
  int64_t offsetOf(int64_t index, int64_t dims) const {
    int64_t offset = 0;
    for (int64_t d = dims; d-- > 0;) {
      offset += index % sizes[d] * strides[d];
      index /= sizes[d];
    }
    return offset;
  }
  int64_t size(int64_t fromEnd) const { return sizes[rank - fromEnd]; }
  int64_t stride(int64_t fromEnd) const { return strides[rank - fromEnd]; }
};

/// The arguments of a call.
struct Arguments {
  static constexpr int kMaxTensors = 12;
  Tensor tensors[kMaxTensors];
  const int64_t *parameters;

  explicit Arguments(const int64_t *words) {
    int64_t count = *words++;
    for (int64_t i = 0; i < count; ++i) {
      Tensor &t = tensors[i];
      t.data = reinterpret_cast<char *>(words[0]);
      t.dtype = words[1];
      t.rank = words[2];
      t.sizes = words + 3;
      t.strides = words + 3 + t.rank;
      words += 3 + 2 * t.rank;
    }
    parameters = words + 1;
  }
  const Tensor &operator[](int i) const { return tensors[i]; }
  int64_t integer(int i) const { return parameters[i]; }
  double real(int i) const {
    double x;
    std::memcpy(&x, parameters + i, sizeof x);
    return x;
  }
};

/// Memory of a kernel, freed at its end. Out of memory ends the process: kernels
/// have no way to fail, and the blocks are as large as their operands.
template <typename T>
class Buffer {
public:
  explicit Buffer(int64_t count)
      : bytes(size_t(count > 0 ? count : 1) * sizeof(T)), memory(static_cast<T *>(rt::allocateBlock(bytes))) {
    if (!memory)
      __builtin_trap();
  }
  ~Buffer() { rt::freeBlock(memory, bytes); }
  Buffer(const Buffer &) = delete;
  Buffer &operator=(const Buffer &) = delete;
  T &operator[](int64_t i) { return memory[i]; }
  const T &operator[](int64_t i) const { return memory[i]; }
  T *data() { return memory; }

private:
  size_t bytes;
  T *memory;
};

/// Complex numbers without the library's calls for products of infinities.
template <typename R>
struct Complex {
  R re, im;
  Complex() = default;
  constexpr Complex(R re, R im = 0) : re(re), im(im) {}
  friend Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
  friend Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
  friend Complex operator-(Complex a) { return {-a.re, -a.im}; }
  friend Complex operator*(Complex a, Complex b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
  friend Complex operator*(Complex a, R b) { return {a.re * b, a.im * b}; }
  friend Complex operator/(Complex a, R b) { return {a.re / b, a.im / b}; }
  friend Complex operator/(Complex a, Complex b) { // Smith's
    if (std::fabs(b.re) >= std::fabs(b.im)) {
      R r = b.im / b.re, d = b.re + b.im * r;
      return {(a.re + a.im * r) / d, (a.im - a.re * r) / d};
    }
    R r = b.re / b.im, d = b.re * r + b.im;
    return {(a.re * r + a.im) / d, (a.im * r - a.re) / d};
  }
  Complex &operator+=(Complex b) { return *this = *this + b; }
  Complex &operator-=(Complex b) { return *this = *this - b; }
  Complex &operator*=(Complex b) { return *this = *this * b; }
  Complex &operator/=(Complex b) { return *this = *this / b; }
  friend bool operator==(Complex a, Complex b) { return a.re == b.re && a.im == b.im; }
  friend bool operator!=(Complex a, Complex b) { return !(a == b); }
};

/// What differs between real and complex numbers.
template <typename T>
struct Numbers {
  using Real = T;
  static T conj(T x) { return x; }
  static Real re(T x) { return x; }
  static Real abs(T x) { return std::fabs(x); }
  static Real norm(T x) { return x * x; }
};
template <typename R>
struct Numbers<Complex<R>> {
  using Real = R;
  static Complex<R> conj(Complex<R> x) { return {x.re, -x.im}; }
  static R re(Complex<R> x) { return x.re; }
  static R norm(Complex<R> x) { return x.re * x.re + x.im * x.im; }
  static R abs(Complex<R> x) {
    R a = std::fabs(x.re), b = std::fabs(x.im), m = a > b ? a : b;
    if (m == 0 || !(m <= std::numeric_limits<R>::max()))
      return a + b;
    R u = a / m, v = b / m;
    return m * std::sqrt(u * u + v * v);
  }
};

enum : int64_t { kFloat32 = 6, kFloat64 = 7, kComplex64 = 9, kComplex128 = 10 };

/// Calls `body` with a value of the tensor's element type.
template <typename Body>
void byType(int64_t dtype, Body body) {
  switch (dtype) {
  case kFloat32:
    return body(float());
  case kFloat64:
    return body(double());
  case kComplex64:
    return body(Complex<float>());
  case kComplex128:
    return body(Complex<double>());
  default:
    __builtin_trap(); // the compiler calls with these only
  }
}

} // namespace ingot::native

/// Declares kernel NAME: `a` its arguments, [begin, end) its iterations.
#define INGOT_NATIVE(NAME)                                                                                             \
  static void run_##NAME(const ::ingot::native::Arguments &a, int64_t begin, int64_t end);                             \
  extern "C" void ingot_native_##NAME(const int64_t *words, int64_t begin, int64_t end) {                              \
    run_##NAME(::ingot::native::Arguments(words), begin, end);                                                         \
  }                                                                                                                    \
  static void run_##NAME([[maybe_unused]] const ::ingot::native::Arguments &a, [[maybe_unused]] int64_t begin,         \
                         [[maybe_unused]] int64_t end)

#endif
