//===- Special.cpp - special functions of one or two numbers ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generated code calls ingot_NAME_f32 and ingot_NAME_f64. Boost.Math computes what
// it has, in double for both; the edges (poles, infinities, arguments outside of the
// domain) are torch's.
#include "native/Polynomials.h"

#include <cmath>
#include <limits>

// Boost.Math reports errors by exceptions or errno: neither exists here. Its own
// promotion to long double would cost more than it gives.
#define BOOST_MATH_NO_EXCEPTIONS
#define BOOST_NO_EXCEPTIONS
#define BOOST_MATH_DOMAIN_ERROR_POLICY ignore_error
#define BOOST_MATH_POLE_ERROR_POLICY ignore_error
#define BOOST_MATH_OVERFLOW_ERROR_POLICY ignore_error
#define BOOST_MATH_EVALUATION_ERROR_POLICY ignore_error
#define BOOST_MATH_ROUNDING_ERROR_POLICY ignore_error
#define BOOST_MATH_PROMOTE_DOUBLE_POLICY false
#define BOOST_MATH_NO_LONG_DOUBLE_MATH_FUNCTIONS
#include <boost/math/special_functions/airy.hpp>
#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

using namespace ingot::native;
namespace math = boost::math;

namespace boost {
// Named by Boost's headers; the policies above leave no caller.
void throw_exception(const std::exception &) { __builtin_trap(); }
void throw_exception(const std::exception &, const boost::source_location &) { __builtin_trap(); }
} // namespace boost

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kPi = 3.14159265358979323846, kRootHalf = 0.70710678118654752440;

double erfinv(double x) {
  if (!(std::fabs(x) < 1))
    return std::fabs(x) == 1 ? x * kInfinity : kNaN;
  return math::erf_inv(x);
}

/// exp(x^2) erfc(x): the product where it keeps its digits, else the asymptotic
/// series (DLMF 7.12.1).
double erfcx(double x) {
  if (std::isnan(x))
    return x;
  if (x < -26.7)
    return kInfinity;
  if (x < 12) {
    // x^2 in two parts, so that its rounding is not magnified by exp.
    double square = x * x;
    return std::exp(square) * std::erfc(x) * (1 + std::fma(x, x, -square));
  }
  double t = 1 / (2 * x * x), sum = 1, term = 1;
  for (int k = 1; k <= 8; ++k)
    sum += term *= -(2 * k - 1) * t;
  return sum / (x * std::sqrt(kPi));
}

double ndtri(double p) {
  if (p == 0 || p == 1)
    return p == 0 ? -kInfinity : kInfinity;
  if (!(p > 0 && p < 1))
    return kNaN;
  return -math::erfc_inv(2 * p) / kRootHalf;
}

double logNdtr(double x) {
  double t = x * kRootHalf;
  return x < -1 ? std::log(erfcx(-t) / 2) - t * t : std::log1p(-std::erfc(t) / 2);
}

// At infinity torch's series have no value, though the functions do.
double airy(double x) {
  if (std::isinf(x))
    return kNaN;
  return x > 103.892 ? 0 : math::airy_ai(x);
}
double besselJ0(double x) { return std::isinf(x) ? kNaN : math::cyl_bessel_j(0, std::fabs(x)); }
double besselJ1(double x) { return std::isinf(x) ? kNaN : std::copysign(1.0, x) * math::cyl_bessel_j(1, std::fabs(x)); }
/// Second kind, of order n: -inf at 0, no value below.
double besselY(int n, double x) {
  if (!(x > 0))
    return x == 0 ? -kInfinity : kNaN;
  return std::isinf(x) ? kNaN : math::cyl_neumann(n, x);
}
double besselI0(double x) { return std::isinf(x) ? kNaN : math::cyl_bessel_i(0, std::fabs(x)); }
double besselI1(double x) { return std::isinf(x) ? kNaN : std::copysign(1.0, x) * math::cyl_bessel_i(1, std::fabs(x)); }
/// exp(x) K_n(x); the asymptotic series where K_n is about to underflow (DLMF
/// 10.40.2).
double scaledBesselK(int n, double x) {
  if (!(x > 0))
    return x == 0 ? kInfinity : kNaN;
  if (x < 600)
    return std::exp(x) * math::cyl_bessel_k(n, x);
  double sum = 1, term = 1, mu = 4.0 * n * n;
  for (int k = 1; k <= 6; ++k)
    sum += term *= (mu - (2 * k - 1) * (2 * k - 1)) / (k * 8 * x);
  return std::sqrt(kPi / (2 * x)) * sum;
}
double besselK(int n, double x) {
  if (!(x > 0))
    return x == 0 ? kInfinity : kNaN;
  return x > 740 ? 0 : math::cyl_bessel_k(n, x);
}
double sphericalBesselJ0(double x) {
  if (std::isinf(x))
    return 0;
  return std::fabs(x) < 1e-4 ? 1 - x * x / 6 : std::sin(x) / x;
}

/// Below 1/2 by reflection in the argument's own precision, as torch: at a pole it is
/// as large as the rounding of pi makes it.
template <typename T>
T trigammaOf(T x) {
  if (!(x < T(0.5)))
    return T(math::trigamma(double(x)));
  T sine = std::sin(T(kPi) * x);
  return T(kPi * kPi) / (sine * sine) - T(math::trigamma(double(1 - x)));
}

/// Hurwitz's zeta by Euler-Maclaurin summation (DLMF 25.11.43), where torch has it:
/// x > 1, and q < 0 for whole x.
double zeta(double x, double q) {
  if (x == 1)
    return kInfinity;
  if (std::isnan(x) || std::isnan(q) || x < 1)
    return kNaN;
  if (q <= 0) {
    if (q == std::floor(q))
      return kInfinity;
    if (x != std::floor(x))
      return kNaN;
  }
  // B(2j) / (2j)!
  static const double kBernoulli[] = {1.0 / 12,
                                      -1.0 / 720,
                                      1.0 / 30240,
                                      -1.0 / 1209600,
                                      1.0 / 47900160,
                                      -691.0 / 1307674368000.0,
                                      1.0 / 74724249600.0,
                                      -3617.0 / 10670622842880000.0};
  double sum = 0;
  for (int k = 0; k < 12 || q < 12; ++k, q += 1)
    sum += std::pow(q, -x);
  double power = std::pow(q, -x);
  sum += power * q / (x - 1) + power / 2;
  double factor = x, scale = power / q;
  for (int j = 0; j < 8; ++j) {
    sum += kBernoulli[j] * factor * scale;
    factor *= (x + 2 * j + 1) * (x + 2 * j + 2);
    scale /= q * q;
  }
  return sum;
}

/// The regularised incomplete gamma function, lower or upper.
double incompleteGamma(double a, double x, bool upper) {
  double none = upper ? 1 : 0, all = upper ? 0 : 1;
  if (std::isnan(a) || std::isnan(x) || x < 0 || a < 0)
    return kNaN;
  if (a == 0)
    return x > 0 ? all : kNaN;
  if (x == 0)
    return none;
  if (std::isinf(a))
    return std::isinf(x) ? kNaN : none;
  if (std::isinf(x))
    return all;
  return upper ? math::gamma_q(a, x) : math::gamma_p(a, x);
}

/// Derivative of order n of digamma.
template <typename T>
T polygamma(int n, T x) {
  if (n == 1)
    return trigammaOf(x);
  return T((n % 2 ? 1 : -1) * std::exp(std::lgamma(n + 1.0)) * zeta(n + 1, double(x)));
}

} // namespace

#define INGOT_FUNCTION1(NAME, ...)                                                                                     \
  template <typename T>                                                                                                \
  static inline T NAME##_of(T x) {                                                                                     \
    return std::isnan(x) ? x : T(__VA_ARGS__);                                                                         \
  }                                                                                                                    \
  extern "C" float ingot_##NAME##_f32(float x) { return NAME##_of(x); }                                                \
  extern "C" double ingot_##NAME##_f64(double x) { return NAME##_of(x); }
#define INGOT_FUNCTION2(NAME, ...)                                                                                     \
  template <typename T>                                                                                                \
  static inline T NAME##_of(T x, T y) {                                                                                \
    return T(__VA_ARGS__);                                                                                             \
  }                                                                                                                    \
  extern "C" float ingot_##NAME##_f32(float x, float y) { return NAME##_of(x, y); }                                    \
  extern "C" double ingot_##NAME##_f64(double x, double y) { return NAME##_of(x, y); }

/// glibc's own is newer than the oldest one that a library runs on.
static double hypotOf(double x, double y) {
  x = std::fabs(x);
  y = std::fabs(y);
  if (std::isinf(x) || std::isinf(y))
    return std::numeric_limits<double>::infinity();
  if (x < y) {
    double t = x;
    x = y;
    y = t;
  }
  if (!(y > 0)) // zero, or a NaN
    return x + y;
  int exponent;
  std::frexp(x, &exponent);
  double a = std::ldexp(x, -exponent), b = std::ldexp(y, -exponent), h = std::sqrt(a * a + b * b);
  // One Newton step on the exact residual a^2 + b^2 - h^2.
  double aa = a * a, bb = b * b, hh = h * h;
  double rest = (aa - hh) + bb + std::fma(a, a, -aa) + std::fma(b, b, -bb) - std::fma(h, h, -hh);
  return std::ldexp(h + rest / (2 * h), exponent);
}
extern "C" double ingot_hypot_f64(double x, double y) { return hypotOf(x, y); }
extern "C" float ingot_hypot_f32(float x, float y) {
  if (std::isinf(x) || std::isinf(y))
    return std::numeric_limits<float>::infinity();
  return float(std::sqrt(double(x) * x + double(y) * y));
}

INGOT_FUNCTION1(erfinv, erfinv(x))
INGOT_FUNCTION1(erfcx, erfcx(x))
INGOT_FUNCTION1(ndtri, ndtri(x))
INGOT_FUNCTION1(log_ndtr, logNdtr(x))
INGOT_FUNCTION1(airy_ai, airy(x))
INGOT_FUNCTION1(bessel_j0, besselJ0(x))
INGOT_FUNCTION1(bessel_j1, besselJ1(x))
INGOT_FUNCTION1(bessel_y0, besselY(0, x))
INGOT_FUNCTION1(bessel_y1, besselY(1, x))
INGOT_FUNCTION1(modified_bessel_i0, besselI0(x))
INGOT_FUNCTION1(modified_bessel_i1, besselI1(x))
INGOT_FUNCTION1(modified_bessel_k0, besselK(0, x))
INGOT_FUNCTION1(modified_bessel_k1, besselK(1, x))
INGOT_FUNCTION1(scaled_modified_bessel_k0, scaledBesselK(0, x))
INGOT_FUNCTION1(scaled_modified_bessel_k1, scaledBesselK(1, x))
INGOT_FUNCTION1(spherical_bessel_j0, sphericalBesselJ0(x))
template <typename T>
static T mantissaOf(T x, bool mantissa) {
  int exponent = 0;
  T m = std::frexp(x, &exponent);
  if (!std::isfinite(x))
    exponent = 0;
  return mantissa ? m : T(exponent);
}
INGOT_FUNCTION1(frexp_mantissa, mantissaOf<T>(x, true))
INGOT_FUNCTION1(frexp_exponent, mantissaOf<T>(x, false))
INGOT_FUNCTION1(trigamma, trigammaOf(x))
INGOT_FUNCTION2(zeta, zeta(x, y))
INGOT_FUNCTION2(igamma, incompleteGamma(x, y, false))
INGOT_FUNCTION2(igammac, incompleteGamma(x, y, true))
INGOT_FUNCTION2(polygamma, polygamma(int(x), y))
INGOT_FUNCTION2(chebyshev_polynomial_t, chebyshevT<T>(x, degree(y)))
INGOT_FUNCTION2(chebyshev_polynomial_u, chebyshevU<T>(x, degree(y)))
INGOT_FUNCTION2(chebyshev_polynomial_v, chebyshevV<T>(x, degree(y)))
INGOT_FUNCTION2(chebyshev_polynomial_w, chebyshevW<T>(x, degree(y)))
INGOT_FUNCTION2(shifted_chebyshev_polynomial_t, shiftedChebyshevT<T>(x, degree(y)))
INGOT_FUNCTION2(shifted_chebyshev_polynomial_u, shiftedChebyshevU<T>(x, degree(y)))
INGOT_FUNCTION2(shifted_chebyshev_polynomial_v, shiftedChebyshevV<T>(x, degree(y)))
INGOT_FUNCTION2(shifted_chebyshev_polynomial_w, shiftedChebyshevW<T>(x, degree(y)))
INGOT_FUNCTION2(hermite_polynomial_h, hermiteH<T>(x, degree(y)))
INGOT_FUNCTION2(hermite_polynomial_he, hermiteHe<T>(x, degree(y)))
INGOT_FUNCTION2(laguerre_polynomial_l, laguerreL<T>(x, degree(y)))
INGOT_FUNCTION2(legendre_polynomial_p, legendreP<T>(x, degree(y)))
