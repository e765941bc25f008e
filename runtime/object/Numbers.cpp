//===- Numbers.cpp - functions of numbers ----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is not one instruction: the C library's functions, and those of complex
// numbers. Codes are checked by the compiler.
#include "object/Declarations.h"

#include <math.h>

extern "C" {
using ingot_complex = _Complex double;
ingot_complex cpow(ingot_complex, ingot_complex);
double cabs(ingot_complex); // hypot's symbol is of a newer C library
#define INGOT_COMPLEX_FUNCTION(name) ingot_complex name(ingot_complex);
#define INGOT_COMPLEX_FUNCTIONS(F)                                                                                     \
  F(csqrt)                                                                                                             \
  F(cexp)                                                                                                              \
  F(clog) F(csin) F(ccos) F(ctan) F(casin) F(cacos) F(catan) F(csinh) F(ccosh) F(ctanh) F(casinh) F(cacosh) F(catanh)
INGOT_COMPLEX_FUNCTIONS(INGOT_COMPLEX_FUNCTION)
}

namespace ingot::rt::object {

static double modulus(double re, double im) {
  ingot_complex x;
  __real__ x = re;
  __imag__ x = im;
  return cabs(x);
}

double real_math(Call *, int64_t code, double x, double y) {
  switch (code) {
  case INGOT_ABI_MATH_POW:
    return pow(x, y);
  case INGOT_ABI_MATH_ATAN2:
    return atan2(x, y);
  case INGOT_ABI_MATH_COPYSIGN:
    return copysign(x, y);
  case INGOT_ABI_MATH_FMOD:
    return fmod(x, y);
  case INGOT_ABI_MATH_NEAREST_REMAINDER:
    return std::remainder(x, y);
  case INGOT_ABI_MATH_REMAINDER:
    return fmod(y + fmod(x, y), y);
  case INGOT_ABI_MATH_LOG:
    return log(x) / log(y);
  case INGOT_ABI_MATH_GAMMA:
    return tgamma(x);
  case INGOT_ABI_MATH_LDEXP:
    return ldexp(x, int(y));
  case INGOT_ABI_MATH_HYPOT:
    return modulus(x, y);
  case INGOT_ABI_MATH_FRACTION: {
    double whole;
    return modf(x, &whole);
  }
  case INGOT_ABI_MATH_WHOLE: {
    double whole;
    modf(x, &whole);
    return whole;
  }
  case INGOT_ABI_MATH_MANTISSA: {
    int exponent;
    return frexp(x, &exponent);
  }
  case INGOT_ABI_MATH_EXPONENT: {
    int exponent = 0;
    frexp(x, &exponent);
    return exponent;
  }
  default:
    return 0;
  }
}

int64_t int_math(Call *, int64_t code, int64_t x, int64_t y) {
  switch (code) {
  case INGOT_ABI_MATH_FACTORIAL: {
    uint64_t product = 1;
    for (int64_t i = 1; i <= x && product; ++i)
      product *= uint64_t(i);
    return int64_t(product);
  }
  case INGOT_ABI_MATH_GCD: {
    uint64_t a = x < 0 ? 0 - uint64_t(x) : uint64_t(x);
    uint64_t b = y < 0 ? 0 - uint64_t(y) : uint64_t(y);
    while (b) {
      uint64_t rest = a % b;
      a = b;
      b = rest;
    }
    return int64_t(a);
  }
  case INGOT_ABI_MATH_POW: // as torch has it: through double
    return int64_t(pow(double(x), double(y)));
  default:
    return 0;
  }
}

Object *complex_math(Call *call, int64_t code, double re, double im, double otherRe, double otherIm) {
  ingot_complex x, y, z;
  __real__ x = re;
  __imag__ x = im;
  __real__ y = otherRe;
  __imag__ y = otherIm;
  switch (code) {
  case INGOT_ABI_MATH_POW:
    z = cpow(x, y);
    break;
  case INGOT_ABI_MATH_DIV: { // as c10::complex divides: by the larger part
    double a = re, b = im, c = otherRe, d = otherIm;
    double scale = 1 / (fabs(c) >= fabs(d) ? c : d);
    if (c == 0 && d == 0) {
      __real__ z = a / fabs(c);
      __imag__ z = b / fabs(d);
    } else if (fabs(c) >= fabs(d)) {
      double ratio = d / c;
      scale = 1 / (c + d * ratio);
      __real__ z = (a + b * ratio) * scale;
      __imag__ z = (b - a * ratio) * scale;
    } else {
      double ratio = c / d;
      scale = 1 / (d + c * ratio);
      __real__ z = (a * ratio + b) * scale;
      __imag__ z = (b * ratio - a) * scale;
    }
    break;
  }
  case INGOT_ABI_MATH_SQRT:
    z = csqrt(x);
    break;
  case INGOT_ABI_MATH_EXP:
    z = cexp(x);
    break;
  case INGOT_ABI_MATH_LOG:
    z = clog(x);
    break;
  case INGOT_ABI_MATH_LOG10: {
    constexpr double kLog10 = 2.302585092994045684;
    z = clog(x);
    __real__ z = __real__ z / kLog10;
    __imag__ z = __imag__ z / kLog10;
    break;
  }
  case INGOT_ABI_MATH_SIN:
    z = csin(x);
    break;
  case INGOT_ABI_MATH_COS:
    z = ccos(x);
    break;
  case INGOT_ABI_MATH_TAN:
    z = ctan(x);
    break;
  case INGOT_ABI_MATH_ASIN:
    z = casin(x);
    break;
  case INGOT_ABI_MATH_ACOS:
    z = cacos(x);
    break;
  case INGOT_ABI_MATH_ATAN:
    z = catan(x);
    break;
  case INGOT_ABI_MATH_SINH:
    z = csinh(x);
    break;
  case INGOT_ABI_MATH_COSH:
    z = ccosh(x);
    break;
  case INGOT_ABI_MATH_TANH:
    z = ctanh(x);
    break;
  case INGOT_ABI_MATH_ASINH:
    z = casinh(x);
    break;
  case INGOT_ABI_MATH_ACOSH:
    z = cacosh(x);
    break;
  case INGOT_ABI_MATH_ATANH:
    z = catanh(x);
    break;
  default:
    z = x;
    break;
  }
  return own(contextOf(call), newComplex(__real__ z, __imag__ z));
}

double complex_part(Call *, Object *object, int64_t imaginary) {
  auto *number = static_cast<Number *>(object);
  switch (object->kind) {
  case INGOT_COMPLEX:
    return imaginary ? number->im : number->re;
  case INGOT_FLOAT:
    return imaginary ? 0 : number->real;
  default:
    return imaginary ? 0 : double(number->integer);
  }
}

//===----------------------------------------------------------------------===//
// Hashes
//===----------------------------------------------------------------------===//

/// A mix of bytes, eight at a time. The numbers are those of PyTorch's builds
/// on Linux, so that a program that shows a hash shows the same one.
static uint64_t hashBytes(const char *data, size_t size) {
  constexpr uint64_t kFactor = 0xc6a4a7935bd1e995ull, kSeed = 0xc70f6907ull;
  auto shift = [](uint64_t v) { return v ^ (v >> 47); };
  uint64_t hash = kSeed ^ (size * kFactor);
  for (; size >= 8; data += 8, size -= 8) {
    uint64_t part;
    memcpy(&part, data, 8);
    hash = (hash ^ (shift(part * kFactor) * kFactor)) * kFactor;
  }
  if (size) {
    uint64_t part = 0;
    memcpy(&part, data, size);
    hash = (hash ^ part) * kFactor;
  }
  return shift(shift(hash) * kFactor);
}

/// As std::hash<c10::Device>: the type's number and the index, -1 where there is none.
static uint64_t hashDevice(const String &device) {
  static const char *const types[] = {"cpu",  "cuda", "mkldnn", "opengl", "opencl", "ideep", "hip", "fpga",
                                      "maia", "xla",  "vulkan", "metal",  "xpu",    "mps",   "meta"};
  const char *colon = static_cast<const char *>(memchr(device.data(), ':', device.size()));
  size_t length = colon ? size_t(colon - device.data()) : device.size();
  uint32_t type = 0;
  while (type + 1 < sizeof types / sizeof *types &&
         (strlen(types[type]) != length || memcmp(types[type], device.data(), length)))
    ++type;
  uint32_t index = 0;
  for (const char *p = colon; p && ++p < device.data() + device.size();)
    index = index * 10 + uint32_t(*p - '0');
  return type << 16 | ((colon ? index : ~0u) & 255);
}

static bool hashOf(const Object *object, uint64_t &hash) {
  auto *number = static_cast<const Number *>(object);
  switch (object->kind) {
  case INGOT_NONE:
    hash = 0;
    return true;
  case INGOT_DEVICE: // a program may hold the number that PyTorch has computed
    hash = hashDevice(*static_cast<const String *>(object));
    return true;
  case INGOT_STRING:
    hash = hashBytes(static_cast<const String *>(object)->data(), size_t(object->count));
    return true;
  case INGOT_FLOAT: {
    char bytes[8];
    memcpy(bytes, &number->real, 8);
    hash = number->real == 0 ? 0 : hashBytes(bytes, 8);
    return true;
  }
  case INGOT_COMPLEX: {
    char bytes[16];
    memcpy(bytes, &number->re, 16);
    hash = hashBytes(bytes, 16);
    return true;
  }
  case INGOT_TENSOR: // by identity, as far as a program can tell
    hash = uint64_t(reinterpret_cast<uintptr_t>(static_cast<const TensorBox *>(object)->value->tensor.data));
    return true;
  case INGOT_TUPLE: {
    auto *tuple = static_cast<Tuple *>(const_cast<Object *>(object));
    hash = 0;
    for (int64_t i = 0; i < tuple->count; ++i) {
      uint64_t part;
      if (!hashOf(tuple->items()[i], part))
        return false;
      hash ^= part + 0x9e3779b9 + (hash << 6) + (hash >> 2);
    }
    return true;
  }
  case INGOT_INT:
  case INGOT_BOOL:
  case INGOT_DTYPE:
    hash = uint64_t(number->integer);
    return true;
  default:
    return false;
  }
}

int64_t hash(Call *call, Object *object) {
  uint64_t value = 0;
  if (!hashOf(object, value)) {
    Text text;
    raise(contextOf(call), "RuntimeError", text << "Can't hash a value of type " << kindName(object->kind));
  }
  return int64_t(value);
}

} // namespace ingot::rt::object
