//===- Fourier.cpp - Fourier transforms -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ComplexFunctions.h"
#include "IndexingSupport.h"
#include "Native.h"
#include "Operators.h"
#include "ShapeSupport.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

enum Norm : int64_t { None, ByLength, ByRoot };

/// torch's norm for the direction: the forward transform of norm="backward" is not
/// scaled, its inverse by 1/n.
Norm normOf(OpCall &c, bool forward) {
  std::string norm = c.string("norm", "backward");
  if (norm == "ortho")
    return ByRoot;
  if (norm != "backward" && norm != "forward")
    c.b.raise("RuntimeError", "Invalid normalization mode: \"" + norm + "\"");
  return (norm == "forward") == forward ? ByLength : None;
}

/// The input, floating; raises torch's error for dtypes it has no transform of.
Value input(OpCall &c, bool complex, StringRef name = "self") {
  GraphBuilder &b = c.b;
  Operand a = c.operand(name);
  int64_t d = b.promoteToFloat({a});
  if (isHalf(d) || d == int64_t(DType::ComplexHalf))
    b.raise("RuntimeError", "Unsupported dtype " + b.scalarTypeName(d));
  return b.cast(a.value, complex && !b.isComplex(d) ? b.complexOf(d) : d);
}

/// One-dimensional transforms along `dim`: `length` points, of which `count` are
/// wanted, in `dtype`. `half`: the input is the first half of a line with
/// conjugate symmetry.
Value transform(GraphBuilder &b, Value v, int64_t dim, Int length, Int count, int64_t dtype, bool inverse, bool half,
                Norm norm) {
  int64_t last = b.rank(v) - 1;
  v = b.transpose(v, dim, last);
  Sizes sizes = b.sizes(v);
  sizes[last] = count;
  b.check(b.compareInt(arith::CmpIPredicate::sge, length, b.size(1)), "RuntimeError",
          "Invalid number of data points ({0}) specified", {length});
  Value n = b.scalar(AV::integer(length), int64_t(DType::Int64));
  Value out = native(b, "fft", {v, n}, {{sizes, dtype}}, last, {inverse, half, norm})[0];
  return b.transpose(out, dim, last);
}

struct Plan {
  Value v;
  Dims dims;
  Sizes lengths; // of the transforms, as given or of the input
  bool lastGiven = false;
};

/// The arguments s and dim of the transforms of several dimensions, or n and dim.
Plan plan(OpCall &c, Value v, bool lastHalf) {
  GraphBuilder &b = c.b;
  Plan p{v, {}, {}};
  int64_t rank = b.rank(v);
  StringRef name = c.schema.argumentIndex("n") >= 0 ? "n" : "s";
  bool given = c.has(name);
  Sizes s = given ? c.integers(name) : Sizes();
  if (c.has("dim")) {
    for (int64_t d : c.constInts("dim"))
      if (raisedWithoutDims(b, rank, d))
        return p;
    p.dims = c.dims("dim", rank, /*emptyMeansAll=*/false);
  } else {
    int64_t count = given ? int64_t(s.size()) : rank;
    if (count > rank)
      b.raise("RuntimeError",
              "Got shape with " + Twine(count) + " values but input tensor only has " + Twine(rank) + " dimensions.");
    for (int64_t d = rank - count; d < rank; ++d)
      p.dims.push_back(d);
  }
  if (b.failed())
    return p;
  if (given && s.size() != p.dims.size()) {
    b.raise("RuntimeError", "When given, dim and shape arguments must have the same length");
    return p;
  }
  for (auto [i, d] : llvm::enumerate(p.dims)) {
    Int have = b.size(v, d);
    bool useGiven = given && !isKnown(s[i], -1);
    bool last = i + 1 == p.dims.size();
    if (last)
      p.lastGiven = useGiven;
    p.lengths.push_back(useGiven ? s[i] : last && lastHalf ? sub(mul(have, b.size(2)), b.size(2)) : have);
  }
  if (p.dims.empty() && lastHalf)
    b.raise("RuntimeError", "at least one dimension is needed for the transform");
  return p;
}

Value complexAlong(GraphBuilder &b, Value v, const Plan &p, size_t count, bool inverse, Norm norm) {
  for (size_t i = 0; i < count; ++i)
    v = transform(b, v, p.dims[i], p.lengths[i], p.lengths[i], b.dtype(v), inverse, false, norm);
  return v;
}
Int halfOf(GraphBuilder &b, Int n) { return add(floorDiv(n, 2), b.size(1)); }

template <bool Inverse>
Result complexToComplex(OpCall &c) { // fft, ifft, and of several dimensions
  GraphBuilder &b = c.b;
  Plan p = plan(c, input(c, true), false);
  Norm norm = normOf(c, !Inverse);
  if (b.failed())
    return {};
  return complexAlong(b, p.v, p, p.dims.size(), Inverse, norm);
}

/// rfft and, with conjugates, ihfft.
template <bool Inverse>
Result realToComplex(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = input(c, false);
  if (b.isComplex(b.dtype(v)))
    b.raise("RuntimeError", c.schema.name + " expects a real input tensor, but got " + b.scalarTypeName(b.dtype(v)));
  if (b.failed())
    return {};
  Plan p = plan(c, v, false);
  Norm norm = normOf(c, !Inverse);
  if (p.dims.empty() && !b.failed())
    b.raise("RuntimeError", c.schema.name + " must transform at least one axis");
  if (b.failed())
    return {};
  Int n = p.lengths.back();
  v = transform(b, v, p.dims.back(), n, halfOf(b, n), b.complexOf(b.dtype(v)), false, false, norm);
  if (Inverse)
    v = b.unary<graph::ConjOp>(v);
  return complexAlong(b, v, p, p.dims.size() - 1, Inverse, norm);
}

/// irfft and, with conjugates, hfft.
template <bool Forward>
Result complexToReal(OpCall &c) {
  GraphBuilder &b = c.b;
  Plan p = plan(c, input(c, true), true);
  Norm norm = normOf(c, Forward);
  if (p.dims.empty() && !b.failed())
    b.raise("RuntimeError", c.schema.name + " must transform at least one axis");
  if (b.failed())
    return {};
  Value v = complexAlong(b, p.v, p, p.dims.size() - 1, !Forward, norm);
  if (Forward)
    v = b.unary<graph::ConjOp>(v);
  Int n = p.lengths.back();
  return transform(b, v, p.dims.back(), n, n, b.realOf(b.dtype(v)), true, true, norm);
}

/// The operators that all of the above end in.
Norm normalization(OpCall &c) { return Norm(std::array{0, 2, 1}[c.constInt("normalization")]); }
/// Complex to complex along each of the dimensions.
Value transformAlong(GraphBuilder &b, Value v, ArrayRef<int64_t> dims, bool inverse, Norm norm) {
  for (int64_t d : dims)
    v = transform(b, v, d, b.size(v, d), b.size(v, d), b.dtype(v), inverse, false, norm);
  return v;
}
Result fftC2C(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  return transformAlong(b, v, c.dims("dim", b.rank(v), false), !c.flag("forward"), normalization(c));
}
Result fftR2C(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  Norm norm = normalization(c);
  Dims dims = c.dims("dim", b.rank(v), false);
  Int n = b.size(v, dims.back());
  v = transform(b, v, dims.back(), n, c.flag("onesided") ? halfOf(b, n) : n, b.complexOf(b.dtype(v)), false, false,
                norm);
  return transformAlong(b, v, ArrayRef(dims).drop_back(), false, norm);
}
Result fftC2R(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  Norm norm = normalization(c);
  Dims dims = c.dims("dim", b.rank(v), false);
  v = transformAlong(b, v, ArrayRef(dims).drop_back(), true, norm);
  Int n = c.integer("last_dim_size");
  return transform(b, v, dims.back(), n, n, b.realOf(b.dtype(v)), true, true, norm);
}

/// Halves of dimensions swapped: by n / 2, or (n + 1) / 2 back.
template <bool Inverse>
Result shift(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  for (int64_t d : c.dims("dim", b.rank(v))) {
    Int n = b.size(v, d), first = Inverse ? floorDiv(n, 2) : floorDiv(add(n, b.size(1)), 2);
    Value front = b.slice(v, d, b.size(0), first), back = b.slice(v, d, first, sub(n, first));
    v = b.refine(b.reshape(b.concat({back, front}, d), b.sizes(v)));
  }
  return v;
}

/// Sample frequencies: 0, 1, .. then the negative ones (fftfreq), over n * d.
template <bool Half>
Result frequencies(OpCall &c) {
  GraphBuilder &b = c.b;
  Int n = c.integer("n");
  int64_t dtype = c.dtype("dtype", b.defaultDType);
  Int count = Half ? halfOf(b, n) : n;
  Value k = b.iota({count}, 0, int64_t(DType::Int64));
  if (!Half) {
    Value half = b.scalar(AV::integer(floorDiv(sub(n, b.size(1)), 2)), int64_t(DType::Int64));
    Value whole = b.scalar(AV::integer(n), int64_t(DType::Int64));
    k = b.where(b.compare<graph::GtOp>(k, half), b.sub(k, whole), k);
  }
  // As torch: multiplied by 1 / (n d).
  Value step = b.div(b.scalar(1.0, int64_t(DType::Float64)),
                     b.mul(b.scalar(AV::integer(n), int64_t(DType::Float64)), c.constFloat("d", 1)));
  return b.mul(b.cast(k, dtype), b.cast(step, dtype));
}

/// Frames of a signal, windowed and transformed: [.., frequencies, frames].
Result stft(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t fft = c.constInt("n_fft"), hop = c.constInt("hop_length", fft / 4), window = c.constInt("win_length", fft);
  bool real = !b.isComplex(b.dtype(v));
  int64_t rank = b.rank(v);
  if (rank != 1 && rank != 2)
    b.raise("RuntimeError", "stft: expected a 1D or 2D tensor");
  if (fft <= 0 || hop <= 0 || window <= 0 || window > fft)
    b.raise("RuntimeError", "stft: n_fft, hop_length and 0 < win_length <= n_fft must be positive");
  if (b.failed())
    return {};
  Value weights = c.has("window") ? c.value("window") : b.full({b.size(window)}, 1.0, b.realOf(b.dtype(v)));
  b.checkEqual(b.size(weights, 0), b.size(window), "RuntimeError", "stft: the window has another size than win_length");
  weights = b.refine(weights);
  if (window < fft) {
    int64_t left = (fft - window) / 2;
    weights = b.pad(weights, {left}, {fft - window - left}, 0);
  }
  if (rank == 1)
    v = b.unsqueeze(v, 0);
  if (c.flag("center")) { // pad_mode as torch.nn.functional.pad
    std::string mode = c.string("pad_mode", "reflect");
    if (mode != "reflect" && mode != "constant" && mode != "replicate" && mode != "circular")
      b.raise("RuntimeError", "Unrecognised padding mode " + mode);
    if (b.failed())
      return {};
    int64_t half = fft / 2;
    if (mode == "reflect")
      b.check(b.compareInt(arith::CmpIPredicate::sgt, b.size(v, 1), b.size(half)), "RuntimeError",
              "Argument #4: Padding size should be less than the corresponding input dimension");
    Sizes padded = b.sizes(v);
    padded[1] = add(padded[1], b.size(2 * half));
    v = graph::PadOp::create(b.b, b.loc, b.tensorType(padded, b.dtype(v)), v, b.scalar(0.0, b.dtype(v)),
                             b.b.getDenseI64ArrayAttr({0, half}), b.b.getDenseI64ArrayAttr({0, half}),
                             b.b.getStringAttr(mode));
  }
  Int length = b.size(v, 1);
  b.check(b.compareInt(arith::CmpIPredicate::sge, length, b.size(fft)), "RuntimeError",
          "stft: expected 0 < n_fft <= the signal's length");
  Int frames = add(floorDiv(sub(length, b.size(fft)), hop), b.size(1));
  // [batch, frames, n_fft] of overlapping windows.
  Value starts = b.mul(b.iota({frames, b.size(1)}, 0, int64_t(DType::Int64)), hop);
  Value at = b.add(starts, b.iota({b.size(1), b.size(fft)}, 1, int64_t(DType::Int64)));
  Value framed = b.indexSelect(v, at, 1);
  framed = b.mul(framed, b.cast(weights, b.dtype(framed)));
  bool onesided = c.has("onesided") ? c.flag("onesided") : real && !b.isComplex(b.dtype(weights));
  Norm norm = c.flag("normalized") ? ByRoot : None;
  int64_t complex = real ? b.complexOf(b.dtype(v)) : b.dtype(v);
  Value out = transform(b, framed, 2, b.size(fft), b.size(onesided ? fft / 2 + 1 : fft), complex, false, false, norm);
  out = b.transpose(out, 1, 2);
  if (rank == 1)
    out = b.squeeze(out, 0);
  if (c.has("return_complex") && c.flag("return_complex"))
    return out;
  if (!c.has("return_complex") && !real)
    return out;
  return b.stack(
      {b.predicate<graph::RealOp>(out, b.realOf(complex)), b.predicate<graph::ImagOp>(out, b.realOf(complex))},
      b.rank(out));
}

/// The sum of frames [batch, frames, n] that begin `hop` apart, in `length` places.
Value overlapped(GraphBuilder &b, Value framed, int64_t hop, Int length) {
  Sizes sizes = b.sizes(framed);
  constexpr int64_t kInt64 = int64_t(DType::Int64);
  Int places = mul(sizes[1], sizes[2]);
  Value at =
      b.add(b.mul(b.iota({sizes[1], b.size(1)}, 0, kInt64), double(hop)), b.iota({b.size(1), sizes[2]}, 1, kInt64));
  at = b.expand(b.reshape(at, {b.size(1), places}), {sizes[0], places});
  return scatterOf(b, b.full({sizes[0], length}, 0.0, b.dtype(framed)), at, b.reshape(framed, {sizes[0], places}), 1,
                   "sum");
}

/// The signal whose frames have these transforms, [.., frequencies, frames].
Result istft(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t fft = c.constInt("n_fft"), hop = c.constInt("hop_length", fft / 4), window = c.constInt("win_length", fft);
  int64_t rank = b.rank(v), half = fft / 2;
  bool center = c.flag("center", true), complex = c.flag("return_complex");
  if (b.failed())
    return {};
  if (!b.isComplex(b.dtype(v)))
    b.raise("RuntimeError", "istft requires a complex-valued input tensor matching the output from stft with "
                            "return_complex=True.");
  else if (rank != 2 && rank != 3)
    b.raise("RuntimeError", "istft: expected a tensor with 2 or 3 dimensions, but got " + Twine(rank));
  else if (window <= 0 || window > fft || hop <= 0 || hop > window)
    b.raise("RuntimeError", "istft: expected 0 < hop_length <= win_length <= n_fft");
  if (b.failed())
    return {};
  if (rank == 2)
    v = b.unsqueeze(v, 0);
  Int frequencies = b.size(v, 1), frames = b.size(v, 2);
  b.check(b.compareInt(arith::CmpIPredicate::sge, numElements(b.sizes(v), b.context()), b.size(1)), "RuntimeError",
          "istft: input tensor cannot be empty.");
  bool onesided = c.has("onesided") ? c.flag("onesided") : false;
  if (complex && onesided)
    b.raise("RuntimeError", "cannot have onesided output if window or input is complex");
  if (b.failed())
    return {};
  auto frequenciesAre = [&](int64_t n) { return b.compareInt(arith::CmpIPredicate::eq, frequencies, b.size(n)); };
  AV fits = frequenciesAre(onesided ? half + 1 : fft);
  if (!c.has("onesided") && !complex) // of either the first half is read
    fits = b.orBool(fits, frequenciesAre(half + 1));
  b.check(fits, "RuntimeError",
          "istft: expected the frequency dimension (3rd to the last) of the input tensor to match n_fft, but got {0}",
          {frequencies});
  int64_t real = b.realOf(b.dtype(v));
  Value weights = c.has("window") ? c.value("window") : b.full({b.size(window)}, 1.0, real);
  if (b.rank(weights) != 1)
    b.raise("RuntimeError", "istft: expected a 1-dimensional window");
  if (b.failed())
    return {};
  b.checkEqual(b.size(weights, 0), b.size(window), "RuntimeError",
               "istft: Invalid window shape. window has to be 1D and length of `win_length`");
  weights = b.refine(weights);
  if (window < fft) {
    int64_t left = (fft - window) / 2;
    weights = b.pad(weights, {left}, {fft - window - left}, 0);
  }
  Norm norm = c.flag("normalized") ? ByRoot : ByLength;
  v = b.transpose(b.refine(v), 1, 2);
  Int points = b.size(fft);
  if (complex)
    v = transform(b, v, 2, points, points, b.dtype(v), true, false, norm);
  else
    v = transform(b, b.slice(v, 2, b.size(0), b.size(half + 1)), 2, points, points, real, true, true, norm);
  int64_t dtype = b.promoteTypes(b.dtype(v), b.dtype(weights));
  v = b.mul(b.cast(v, dtype), b.cast(weights, dtype));
  // What lies behind the last frame is zero.
  Int length = add(b.size(fft), mul(b.size(hop), sub(frames, b.size(1)))), start = b.size(center ? half : 0);
  Int end = c.has("length") ? add(start, c.integer("length")) : center ? sub(length, b.size(half)) : length;
  Int whole = b.maxInt(length, end), count = sub(end, start);
  b.check(b.compareInt(arith::CmpIPredicate::sge, count, b.size(0)), "RuntimeError",
          "istft: the length must not be negative");
  if (b.failed())
    return {};
  Value squares = b.expand(b.mul(weights, weights), {b.size(1), frames, b.size(fft)});
  auto part = [&](Value x) { return b.slice(overlapped(b, x, hop, whole), 1, start, count); };
  Value envelope = part(squares), y = part(v);
  Value place = b.iota({b.size(1), count}, 1, int64_t(DType::Int64));
  Value behind = b.compare<graph::GeOp>(place, b.scalar(AV::integer(sub(length, start)), int64_t(DType::Int64)));
  envelope = b.where(behind, b.full(b.sizes(envelope), 1.0, b.dtype(envelope)), envelope);
  Value small = magnitude(b, envelope);
  small = b.compare<graph::LtOp>(small, b.scalar(1e-11, b.dtype(small)));
  Value any = b.reshape(b.reduce<graph::AnyOp>(small, {0, 1}, true), {});
  b.check(b.notBool(b.item(any)), "RuntimeError", "window overlap add min: 1");
  y = b.div(y, b.cast(envelope, dtype));
  return rank == 2 ? b.squeeze(y, 0) : y;
}

const OperatorRow rows[] = {
    {"aten::fft_fft", complexToComplex<false>},
    {"aten::fft_ifft", complexToComplex<true>},
    {"aten::fft_fft2", complexToComplex<false>},
    {"aten::fft_ifft2", complexToComplex<true>},
    {"aten::fft_fftn", complexToComplex<false>},
    {"aten::fft_ifftn", complexToComplex<true>},
    {"aten::fft_rfft", realToComplex<false>},
    {"aten::fft_ihfft", realToComplex<true>},
    {"aten::fft_rfft2", realToComplex<false>},
    {"aten::fft_ihfft2", realToComplex<true>},
    {"aten::fft_rfftn", realToComplex<false>},
    {"aten::fft_ihfftn", realToComplex<true>},
    {"aten::fft_irfft", complexToReal<false>},
    {"aten::fft_hfft", complexToReal<true>},
    {"aten::fft_irfft2", complexToReal<false>},
    {"aten::fft_hfft2", complexToReal<true>},
    {"aten::fft_irfftn", complexToReal<false>},
    {"aten::fft_hfftn", complexToReal<true>},
    {"aten::_fft_c2c", fftC2C},
    {"aten::_fft_r2c", fftR2C},
    {"aten::_fft_c2r", fftC2R},
    {"aten::fft_fftshift", shift<false>},
    {"aten::fft_ifftshift", shift<true>},
    {"aten::fft_fftfreq", frequencies<false>},
    {"aten::fft_rfftfreq", frequencies<true>},
    {"aten::stft", stft},
    {"aten::stft.center", stft},
    {"aten::istft", istft},
};

} // namespace

ArrayRef<OperatorRow> eval::fourierOperators() { return rows; }
