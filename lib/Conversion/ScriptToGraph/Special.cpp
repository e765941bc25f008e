//===- Special.cpp - special functions --------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ComplexFunctions.h"
#include "Native.h"
#include "Operators.h"

#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

/// The first argument (x or self), floating; of polygamma(n, self) the second.
Value floating(OpCall &c) {
  Operand a = c.operand(c.schema.argumentIndex("self") >= 0 ? "self" : "x");
  return c.b.cast(a.value, c.b.promoteToFloat({a}));
}
/// Runs in f32 where the dtype is f16 or bf16, as ATen does.
template <typename Body>
Result inFloat(OpCall &c, Body body) {
  Value v = floating(c);
  int64_t d = c.b.dtype(v);
  bool half = d == int64_t(DType::Float16) || d == int64_t(DType::BFloat16);
  Value y = body(half ? c.b.cast(v, int64_t(DType::Float32)) : v);
  return half ? c.b.cast(y, d) : y;
}
Value filled(GraphBuilder &b, Value like, double n) { return b.full(b.sizes(like), n, b.dtype(like)); }
Value constant(GraphBuilder &b, Value like, double n) { return b.scalar(n, b.dtype(like)); }

/// A function of the runtime's library.
template <const char *Function>
Result library(OpCall &c) {
  return inFloat(c, [&](Value v) { return special(c.b, Function, {v}); });
}
template <const char *Function>
Result libraryOfTwo(OpCall &c) {
  GraphBuilder &b = c.b;
  Operand x = c.operand(c.schema.arguments[0].name), y = c.operand(c.schema.arguments[1].name);
  int64_t d = b.promoteToFloat({x, y});
  Value out = special(b, Function, {b.cast(x.value, computeDType(d)), b.cast(y.value, computeDType(d))});
  return b.cast(out, d);
}

Result ndtr(OpCall &c) { // the normal distribution function
  // As torch, with the zeros that it has far to the left.
  return inFloat(c,
                 [&](Value x) { return c.b.mul(c.b.add(c.b.unary<graph::ErfOp>(c.b.mul(x, M_SQRT1_2)), 1.0), 0.5); });
}
Result entropy(OpCall &c) {
  GraphBuilder &b = c.b;
  Value x = floating(c), zero = constant(b, x, 0);
  Value inside = b.unary<graph::NegOp>(b.mul(x, b.unary<graph::LogOp>(x)));
  Value out = b.where(b.compare<graph::EqOp>(x, zero), filled(b, x, 0), filled(b, x, -INFINITY));
  out = b.where(b.compare<graph::GtOp>(x, zero), inside, out);
  return b.where(b.predicate<graph::IsNanOp>(x), x, out);
}

//===----------------------------------------------------------------------===//
// Modified Bessel functions (Cephes' Chebyshev series)
//===----------------------------------------------------------------------===//

Value chebyshev(GraphBuilder &b, Value x, ArrayRef<double> coefficients) {
  Value b0 = filled(b, x, coefficients[0]), b1 = filled(b, x, 0), b2 = b1;
  for (double k : coefficients.drop_front()) {
    b2 = b1;
    b1 = b0;
    b0 = b.add(b.sub(b.mul(x, b1), b2), k);
  }
  return b.mul(b.sub(b0, b2), 0.5);
}

const double i0Small[] = {
    -4.41534164647933937950E-18, 3.33079451882223809783E-17, -2.43127984654795469359E-16, 1.71539128555513303061E-15,
    -1.16853328779934516808E-14, 7.67618549860493561688E-14, -4.85644678311192946090E-13, 2.95505266312963983461E-12,
    -1.72682629144155570723E-11, 9.67580903537323691224E-11, -5.18979560163526290666E-10, 2.65982372468238665035E-9,
    -1.30002500998624804212E-8,  6.04699502254191894932E-8,  -2.67079385394061173391E-7,  1.11738753912010371815E-6,
    -4.41673835845875056359E-6,  1.64484480707288970893E-5,  -5.75419501008210370398E-5,  1.88502885095841655729E-4,
    -5.76375574538582365885E-4,  1.63947561694133579842E-3,  -4.32430999505057594430E-3,  1.05464603945949983183E-2,
    -2.37374148058994688156E-2,  4.93052842396707084878E-2,  -9.49010970480476444210E-2,  1.71620901522208775349E-1,
    -3.04682672343198398683E-1,  6.76795274409476084995E-1};
const double i0Large[] = {
    -7.23318048787475395456E-18, -4.83050448594418207126E-18, 4.46562142029675999901E-17,  3.46122286769746109310E-17,
    -2.82762398051658348494E-16, -3.42548561967721913462E-16, 1.77256013305652638360E-15,  3.81168066935262242075E-15,
    -9.55484669882830764870E-15, -4.15056934728722208663E-14, 1.54008621752140982691E-14,  3.85277838274214270114E-13,
    7.18012445138366623367E-13,  -1.79417853150680611778E-12, -1.32158118404477131188E-11, -3.14991652796324136454E-11,
    1.18891471078464383424E-11,  4.94060238822496958910E-10,  3.39623202570838634515E-9,   2.26666899049817806459E-8,
    2.04891858946906374183E-7,   2.89137052083475648297E-6,   6.88975834691682398426E-5,   3.36911647825569408990E-3,
    8.04490411014108831608E-1};
const double i1Small[] = {
    2.77791411276104639959E-18, -2.11142121435816608115E-17, 1.55363195773620046921E-16, -1.10559694773538630805E-15,
    7.60068429473540693410E-15, -5.04218550472791168711E-14, 3.22379336594557470981E-13, -1.98397439776494371520E-12,
    1.17361862988909016308E-11, -6.66348972350202774223E-11, 3.62559028155211703701E-10, -1.88724975172282928790E-9,
    9.38153738649577178388E-9,  -4.44505912879632808065E-8,  2.00329475355213526229E-7,  -8.56872026469545474066E-7,
    3.47025130813767847674E-6,  -1.32731636560394358279E-5,  4.78156510755005422638E-5,  -1.61760815825896745588E-4,
    5.12285956168575772895E-4,  -1.51357245063125314899E-3,  4.15642294431288815669E-3,  -1.05640848946261981558E-2,
    2.47264490306265168283E-2,  -5.29459812080949914269E-2,  1.02643658689847095384E-1,  -1.76416518357834055153E-1,
    2.52587186443633654823E-1};
const double i1Large[] = {
    7.51729631084210481353E-18,  4.41434832307170791151E-18,  -4.65030536848935832153E-17, -3.20952592199342395980E-17,
    2.96262899764595013876E-16,  3.30820231092092828324E-16,  -1.88035477551078244854E-15, -3.81440307243700780478E-15,
    1.04202769841288027642E-14,  4.27244001671195135429E-14,  -2.10154184277266431302E-14, -4.08355111109219731823E-13,
    -7.19855177624590851209E-13, 2.03562854414708950722E-12,  1.41258074366137813316E-11,  3.25260358301548823856E-11,
    -1.89749581235054123450E-11, -5.58974346219658380687E-10, -3.83538038596423702205E-9,  -2.63146884688951950684E-8,
    -2.51223623787020892529E-7,  -3.88256480887769039346E-6,  -1.10588938762623716291E-4,  -9.76109749136146840777E-3,
    7.78576235018280120474E-1};

template <int Order, bool Scaled>
Result besselI(OpCall &c) { // i0, i0e, i1, i1e
  return inFloat(c, [&](Value v) {
    GraphBuilder &b = c.b;
    Value x = b.unary<graph::AbsOp>(v);
    Value small = chebyshev(b, b.add(b.mul(x, 0.5), -2), Order ? ArrayRef(i1Small) : ArrayRef(i0Small));
    if (Order)
      small = b.mul(small, x);
    Value large = chebyshev(b, b.add(b.div(constant(b, x, 32), x), -2), Order ? ArrayRef(i1Large) : ArrayRef(i0Large));
    large = b.div(large, b.unary<graph::SqrtOp>(x));
    Value y = b.where(b.compare<graph::LeOp>(x, constant(b, x, 8)), small, large);
    if (!Scaled)
      y = b.mul(y, b.unary<graph::ExpOp>(x));
    if (Order)
      y = b.where(b.compare<graph::LtOp>(v, constant(b, v, 0)), b.unary<graph::NegOp>(y), y);
    return y;
  });
}

Result polygamma(OpCall &c) {
  int64_t n = c.constInt("n");
  if (n < 0) {
    c.b.raise("RuntimeError", "polygamma(n, x) does not support negative n.");
    return {};
  }
  if (n == 0)
    return c.b.unary<graph::DigammaOp>(floating(c));
  return inFloat(c, [&](Value x) {
    if (n == 1)
      return special(c.b, "trigamma", {x});
    return special(c.b, "polygamma", {filled(c.b, x, n), x});
  });
}
Result multigamma(OpCall &c) { // mvlgamma
  GraphBuilder &b = c.b;
  Value x = floating(c);
  int64_t p = c.constInt("p", 1);
  b.check(
      b.fromI1(graph::ItemOp::create(b.b, b.loc, b.b.getI1Type(),
                                     b.reduce<graph::AllOp>(b.compare<graph::GtOp>(x, constant(b, x, (p - 1) / 2.0)),
                                                            b.wrapDims({}, b.rank(x)), false))),
      "RuntimeError", "All elements must be greater than (p-1)/2");
  Value sum = filled(b, x, p * (p - 1) / 4.0 * std::log(M_PI));
  for (int64_t i = 0; i < p; ++i)
    sum = b.add(sum, b.unary<graph::LgammaOp>(b.add(x, -i / 2.0)));
  return sum;
}

constexpr char erfinvName[] = "erfinv";
constexpr char erfcxName[] = "erfcx";
constexpr char ndtriName[] = "ndtri";
constexpr char log_ndtrName[] = "log_ndtr";
constexpr char airy_aiName[] = "airy_ai";
constexpr char bessel_j0Name[] = "bessel_j0";
constexpr char bessel_j1Name[] = "bessel_j1";
constexpr char bessel_y0Name[] = "bessel_y0";
constexpr char bessel_y1Name[] = "bessel_y1";
constexpr char modified_bessel_k0Name[] = "modified_bessel_k0";
constexpr char modified_bessel_k1Name[] = "modified_bessel_k1";
constexpr char modified_bessel_i0Name[] = "modified_bessel_i0";
constexpr char modified_bessel_i1Name[] = "modified_bessel_i1";
constexpr char scaled_modified_bessel_k0Name[] = "scaled_modified_bessel_k0";
constexpr char scaled_modified_bessel_k1Name[] = "scaled_modified_bessel_k1";
constexpr char spherical_bessel_j0Name[] = "spherical_bessel_j0";
constexpr char zetaName[] = "zeta";
constexpr char igammaName[] = "igamma";
constexpr char igammacName[] = "igammac";
constexpr char chebyshev_polynomial_tName[] = "chebyshev_polynomial_t";
constexpr char chebyshev_polynomial_uName[] = "chebyshev_polynomial_u";
constexpr char chebyshev_polynomial_vName[] = "chebyshev_polynomial_v";
constexpr char chebyshev_polynomial_wName[] = "chebyshev_polynomial_w";
constexpr char shifted_chebyshev_polynomial_tName[] = "shifted_chebyshev_polynomial_t";
constexpr char shifted_chebyshev_polynomial_uName[] = "shifted_chebyshev_polynomial_u";
constexpr char shifted_chebyshev_polynomial_vName[] = "shifted_chebyshev_polynomial_v";
constexpr char shifted_chebyshev_polynomial_wName[] = "shifted_chebyshev_polynomial_w";
constexpr char hermite_polynomial_hName[] = "hermite_polynomial_h";
constexpr char hermite_polynomial_heName[] = "hermite_polynomial_he";
constexpr char laguerre_polynomial_lName[] = "laguerre_polynomial_l";
constexpr char legendre_polynomial_pName[] = "legendre_polynomial_p";

/// log(e^a + e^b), and to base 2, without overflow.
Result logAddExp(OpCall &c) {
  GraphBuilder &b = c.b;
  Operand x = c.operand("self"), y = c.operand("other");
  int64_t dtype = b.promoteToFloat({x, y});
  bool two = c.schema.name == "logaddexp2";
  Values v = b.broadcast({b.cast(x.value, dtype), b.cast(y.value, dtype)});
  if (b.isComplex(dtype)) { // the one of the larger real part comes out
    int64_t real = b.realOf(dtype);
    Value first =
        b.compare<graph::GeOp>(b.predicate<graph::RealOp>(v[0], real), b.predicate<graph::RealOp>(v[1], real));
    Value high = b.where(first, v[0], v[1]), low = b.where(first, v[1], v[0]);
    Value tail = b.unary<graph::ExpOp>(b.mul(b.sub(low, high), two ? M_LN2 : 1.0));
    tail = complexFunction(b, "graph.log1p", tail);
    return b.add(high, two ? b.mul(tail, M_LOG2E) : tail);
  }
  Value high = b.binary<graph::MaximumOp>(v[0], v[1]);
  Value gap = b.unary<graph::NegOp>(b.unary<graph::AbsOp>(b.sub(v[0], v[1])));
  Value tail = two ? b.mul(b.unary<graph::Log1pOp>(b.unary<graph::Exp2Op>(gap)), M_LOG2E)
                   : b.unary<graph::Log1pOp>(b.unary<graph::ExpOp>(gap));
  // Equal infinities have no gap.
  Value same = b.compare<graph::EqOp>(v[0], v[1]);
  Value infinite = b.binary<graph::BitwiseAndOp>(same, b.predicate<graph::IsInfOp>(v[0]));
  return b.where(infinite, v[0], b.add(high, tail));
}

const OperatorRow rows[] = {
    {"aten::logaddexp", logAddExp},
    {"aten::logaddexp2", logAddExp},
    {"aten::special_ndtr", ndtr},
    {"aten::special_entr", entropy},
    {"aten::i0", besselI<0, false>},
    {"aten::special_i0", besselI<0, false>},
    {"aten::special_i0e", besselI<0, true>},
    {"aten::special_i1", besselI<1, false>},
    {"aten::special_i1e", besselI<1, true>},
    {"aten::polygamma", polygamma},
    {"aten::special_polygamma", polygamma},
    {"aten::mvlgamma", multigamma},
    {"aten::special_multigammaln", multigamma},
    {"aten::erfinv", library<erfinvName>},
    {"aten::special_erfinv", library<erfinvName>},
    {"aten::special_erfcx", library<erfcxName>},
    {"aten::special_ndtri", library<ndtriName>},
    {"aten::special_log_ndtr", library<log_ndtrName>},
    {"aten::special_airy_ai", library<airy_aiName>},
    {"aten::special_bessel_j0", library<bessel_j0Name>},
    {"aten::special_bessel_j1", library<bessel_j1Name>},
    {"aten::special_bessel_y0", library<bessel_y0Name>},
    {"aten::special_bessel_y1", library<bessel_y1Name>},
    {"aten::special_modified_bessel_k0", library<modified_bessel_k0Name>},
    {"aten::special_modified_bessel_k1", library<modified_bessel_k1Name>},
    {"aten::special_modified_bessel_i0", library<modified_bessel_i0Name>},
    {"aten::special_modified_bessel_i1", library<modified_bessel_i1Name>},
    {"aten::special_scaled_modified_bessel_k0", library<scaled_modified_bessel_k0Name>},
    {"aten::special_scaled_modified_bessel_k1", library<scaled_modified_bessel_k1Name>},
    {"aten::special_spherical_bessel_j0", library<spherical_bessel_j0Name>},
    {"aten::special_zeta.*", libraryOfTwo<zetaName>},
    {"aten::special_chebyshev_polynomial_t.*", libraryOfTwo<chebyshev_polynomial_tName>},
    {"aten::special_chebyshev_polynomial_u.*", libraryOfTwo<chebyshev_polynomial_uName>},
    {"aten::special_chebyshev_polynomial_v.*", libraryOfTwo<chebyshev_polynomial_vName>},
    {"aten::special_chebyshev_polynomial_w.*", libraryOfTwo<chebyshev_polynomial_wName>},
    {"aten::special_shifted_chebyshev_polynomial_t.*", libraryOfTwo<shifted_chebyshev_polynomial_tName>},
    {"aten::special_shifted_chebyshev_polynomial_u.*", libraryOfTwo<shifted_chebyshev_polynomial_uName>},
    {"aten::special_shifted_chebyshev_polynomial_v.*", libraryOfTwo<shifted_chebyshev_polynomial_vName>},
    {"aten::special_shifted_chebyshev_polynomial_w.*", libraryOfTwo<shifted_chebyshev_polynomial_wName>},
    {"aten::special_hermite_polynomial_h.*", libraryOfTwo<hermite_polynomial_hName>},
    {"aten::special_hermite_polynomial_he.*", libraryOfTwo<hermite_polynomial_heName>},
    {"aten::special_laguerre_polynomial_l.*", libraryOfTwo<laguerre_polynomial_lName>},
    {"aten::special_legendre_polynomial_p.*", libraryOfTwo<legendre_polynomial_pName>},
    {"aten::igamma", libraryOfTwo<igammaName>},
    {"aten::igammac", libraryOfTwo<igammacName>},
    {"aten::special_gammainc", libraryOfTwo<igammaName>},
    {"aten::special_gammaincc", libraryOfTwo<igammacName>},
    {"aten::special_zeta", libraryOfTwo<zetaName>},
    {"aten::special_chebyshev_polynomial_t", libraryOfTwo<chebyshev_polynomial_tName>},
    {"aten::special_chebyshev_polynomial_u", libraryOfTwo<chebyshev_polynomial_uName>},
    {"aten::special_chebyshev_polynomial_v", libraryOfTwo<chebyshev_polynomial_vName>},
    {"aten::special_chebyshev_polynomial_w", libraryOfTwo<chebyshev_polynomial_wName>},
    {"aten::special_shifted_chebyshev_polynomial_t", libraryOfTwo<shifted_chebyshev_polynomial_tName>},
    {"aten::special_shifted_chebyshev_polynomial_u", libraryOfTwo<shifted_chebyshev_polynomial_uName>},
    {"aten::special_shifted_chebyshev_polynomial_v", libraryOfTwo<shifted_chebyshev_polynomial_vName>},
    {"aten::special_shifted_chebyshev_polynomial_w", libraryOfTwo<shifted_chebyshev_polynomial_wName>},
    {"aten::special_hermite_polynomial_h", libraryOfTwo<hermite_polynomial_hName>},
    {"aten::special_hermite_polynomial_he", libraryOfTwo<hermite_polynomial_heName>},
    {"aten::special_laguerre_polynomial_l", libraryOfTwo<laguerre_polynomial_lName>},
    {"aten::special_legendre_polynomial_p", libraryOfTwo<legendre_polynomial_pName>},
};

} // namespace

ArrayRef<OperatorRow> eval::specialOperators() { return rows; }
