//===- Activation.cpp - activation functions --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ComplexFunctions.h"
#include "Operators.h"

#include <cmath>

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

namespace {

/// Runs `body` on the value in f32 when it is f16 or bf16, as ATen's kernels do.
template <typename Body>
Result inFloat(OpCall &c, StringRef name, Body body) {
  GraphBuilder &b = c.b;
  Value v = c.value(name);
  int64_t dtype = b.dtype(v);
  bool half = dtype == int64_t(DType::Float16) || dtype == int64_t(DType::BFloat16);
  Value y = body(half ? b.cast(v, int64_t(DType::Float32)) : v);
  return half ? b.cast(y, dtype) : y;
}

Value constantLike(GraphBuilder &b, Value v, double number) { return b.scalar(number, b.dtype(v)); }

/// A float argument, which may be known at run time only.
AV real(OpCall &c, StringRef name, double otherwise) { return c.has(name) ? c.number(name) : AV::real(otherwise); }
Value like(GraphBuilder &b, Value v, const AV &number) { return b.scalar(number, b.dtype(v)); }
AV product(GraphBuilder &b, const AV &x, const AV &y) {
  if (x.knownDouble() && y.knownDouble())
    return AV::real(*x.knownDouble() * *y.knownDouble());
  return AV::runtime(arith::MulFOp::create(b.b, b.loc, b.toF64(x), b.toF64(y)));
}

Value minimum(GraphBuilder &b, Value v, double bound) { return b.binary<graph::MinimumOp>(v, bound); }
Value maximum(GraphBuilder &b, Value v, double bound) { return b.binary<graph::MaximumOp>(v, bound); }

Value less(GraphBuilder &b, Value v, double bound) { return b.compare<graph::LtOp>(v, constantLike(b, v, bound)); }
Value greater(GraphBuilder &b, Value v, double bound) { return b.compare<graph::GtOp>(v, constantLike(b, v, bound)); }
Value zeros(GraphBuilder &b, Value v, double number = 0) { return b.full(b.sizes(v), number, b.dtype(v)); }

Value sigmoid(GraphBuilder &b, Value v) { return functionOf<graph::SigmoidOp>(b, v); }

/// log(1 + e^x) without overflow: max(x, 0) + log1p(e^-|x|).
Value softplusOf(GraphBuilder &b, Value v) {
  Value tail = b.unary<graph::Log1pOp>(b.unary<graph::ExpOp>(b.unary<graph::NegOp>(b.unary<graph::AbsOp>(v))));
  return b.add(maximum(b, v, 0), tail);
}

Result relu(OpCall &c) { return c.b.unary<graph::ReluOp>(c.value("self")); }
Result relu6(OpCall &c) { return minimum(c.b, maximum(c.b, c.value("self"), 0), 6); }

Result hardtanh(OpCall &c) {
  Value v = c.value("self"), low = like(c.b, v, real(c, "min_val", -1)), high = like(c.b, v, real(c, "max_val", 1));
  return c.b.binary<graph::MinimumOp>(c.b.binary<graph::MaximumOp>(v, low), high);
}

Result leakyRelu(OpCall &c) {
  GraphBuilder &b = c.b;
  AV slope = real(c, "negative_slope", 0.01);
  return inFloat(c, "self", [&](Value v) { return b.where(greater(b, v, 0), v, b.mul(v, like(b, v, slope))); });
}

/// x > 0 ? x * scale : (e^(x * inputScale) - 1) * negative.
Result eluOf(OpCall &c, const AV &scale, const AV &inputScale, const AV &negative) {
  GraphBuilder &b = c.b;
  return inFloat(c, "self", [&](Value v) {
    Value below = b.mul(b.unary<graph::Expm1Op>(b.mul(v, like(b, v, inputScale))), like(b, v, negative));
    return b.where(greater(b, v, 0), b.mul(v, like(b, v, scale)), below);
  });
}
Result elu(OpCall &c) {
  AV scale = real(c, "scale", 1);
  return eluOf(c, scale, real(c, "input_scale", 1), product(c.b, real(c, "alpha", 1), scale));
}
Result selu(OpCall &c) {
  const double alpha = 1.6732632423543772848170429916717, scale = 1.0507009873554804934193349852946;
  return eluOf(c, AV::real(scale), AV::real(1), AV::real(alpha * scale));
}
Result celu(OpCall &c) {
  GraphBuilder &b = c.b;
  AV alpha = real(c, "alpha", 1);
  if (std::optional<double> a = alpha.knownDouble())
    return eluOf(c, AV::real(1), AV::real(1 / *a), alpha);
  Value inverse = arith::DivFOp::create(b.b, b.loc, b.toF64(AV::real(1)), b.toF64(alpha));
  return eluOf(c, AV::real(1), AV::runtime(inverse), alpha);
}

Result gelu(OpCall &c) {
  GraphBuilder &b = c.b;
  std::string approximate = c.string("approximate", "none");
  bool tanh = approximate == "tanh";
  if (!tanh && approximate != "none") {
    b.raise("RuntimeError", "approximate argument must be either none or tanh.");
    return {};
  }
  return inFloat(c, "self", [&](Value v) {
    Value inner;
    if (tanh) {
      Value cube = b.mul(b.mul(v, v), v);
      inner = b.unary<graph::TanhOp>(b.mul(b.add(v, b.mul(cube, 0.044715)), std::sqrt(2.0 / M_PI)));
    } else {
      inner = b.unary<graph::ErfOp>(b.mul(v, M_SQRT1_2));
    }
    return b.mul(b.mul(v, 0.5), b.add(inner, 1.0));
  });
}

Result silu(OpCall &c) {
  return inFloat(c, "self", [&](Value v) { return c.b.mul(v, sigmoid(c.b, v)); });
}
Result mish(OpCall &c) {
  return inFloat(c, "self", [&](Value v) { return c.b.mul(v, c.b.unary<graph::TanhOp>(softplusOf(c.b, v))); });
}

Result hardsigmoid(OpCall &c) {
  GraphBuilder &b = c.b;
  return inFloat(c, "self",
                 [&](Value v) { return b.div(minimum(b, maximum(b, b.add(v, 3.0), 0), 6), constantLike(b, v, 6)); });
}
Result hardswish(OpCall &c) {
  GraphBuilder &b = c.b;
  return inFloat(c, "self", [&](Value v) {
    return b.div(b.mul(v, minimum(b, maximum(b, b.add(v, 3.0), 0), 6)), constantLike(b, v, 6));
  });
}

Result softplus(OpCall &c) {
  GraphBuilder &b = c.b;
  AV beta = real(c, "beta", 1), threshold = real(c, "threshold", 20);
  return inFloat(c, "self", [&](Value v) {
    Value by = like(b, v, beta), scaled = b.mul(v, by);
    Value above = b.compare<graph::GtOp>(scaled, like(b, v, threshold));
    return b.where(above, v, b.div(softplusOf(b, scaled), by));
  });
}

Value logSigmoidOf(GraphBuilder &b, Value v) {
  Value tail = b.unary<graph::Log1pOp>(b.unary<graph::ExpOp>(b.unary<graph::NegOp>(b.unary<graph::AbsOp>(v))));
  return b.sub(minimum(b, v, 0), tail);
}
Result logSigmoid(OpCall &c) {
  return inFloat(c, "self", [&](Value v) { return logSigmoidOf(c.b, v); });
}

Result threshold(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  Value below = b.compare<graph::LeOp>(v, like(b, v, real(c, "threshold", 0)));
  return b.where(below, b.full(b.sizes(v), real(c, "value", 0), b.dtype(v)), v);
}

Result hardshrink(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  double lambda = c.constFloat("lambd", 0.5);
  Value inside = b.binary<graph::BitwiseAndOp>(b.compare<graph::GeOp>(v, constantLike(b, v, -lambda)),
                                               b.compare<graph::LeOp>(v, constantLike(b, v, lambda)));
  return b.where(inside, zeros(b, v), v);
}

Result softshrink(OpCall &c) {
  GraphBuilder &b = c.b;
  double lambda = c.constFloat("lambd", 0.5);
  if (lambda < 0)
    b.raise("RuntimeError",
            "lambda must be greater or equal to 0, but found to be " + Twine(std::to_string(lambda)) + ".");
  return inFloat(c, "self", [&](Value v) {
    Value above = b.add(v, -lambda), below = b.add(v, lambda);
    // x * 0 keeps a NaN.
    return b.where(greater(b, v, lambda), above, b.where(less(b, v, -lambda), below, b.mul(v, 0.0)));
  });
}

Result glu(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self");
  int64_t dim = c.dim("dim", b.rank(v), -1);
  if (b.failed())
    return {};
  if (b.rank(v) == 0)
    b.raise("RuntimeError", "glu does not support 0-dimensional tensors");
  if (b.failed())
    return {};
  Int size = b.size(v, dim);
  b.check(b.compareInt(arith::CmpIPredicate::eq, b.modInt(size, b.size(2)), b.size(0)), "RuntimeError",
          "Halving dimension must be even, but dimension " + Twine(dim) + " is size {0}", {size});
  if (b.failed())
    return {};
  Int half = floorDiv(b.size(v, dim), 2);
  return inFloat(c, "self", [&](Value x) {
    return b.mul(b.slice(x, dim, b.size(0), half), sigmoid(b, b.slice(x, dim, half, half)));
  });
}

Result prelu(OpCall &c) {
  GraphBuilder &b = c.b;
  Value v = c.value("self"), weight = c.value("weight");
  // One slope for all, or one a channel (dimension 1).
  if (c.schema.name == "prelu") {
    Int slopes = b.numel(weight), one = b.size(1);
    if (b.rank(weight) > 1)
      b.raise("RuntimeError",
              "prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = " + Twine(b.rank(weight)));
    else if (b.rank(v) == 0)
      b.check(b.compareInt(arith::CmpIPredicate::eq, slopes, one), "RuntimeError", "Not allow zero-dim input tensor.");
    Int channels = b.rank(v) > 1 ? b.size(v, 1) : one;
    AV fits = b.orBool(b.compareInt(arith::CmpIPredicate::eq, slopes, one),
                       b.compareInt(arith::CmpIPredicate::eq, slopes, channels));
    b.check(fits, "RuntimeError",
            "Mismatch of parameter numbers and input channel size. Found parameter numbers = {0} and channel size = "
            "{1}.",
            {slopes, channels});
    if (b.failed())
      return {};
  }
  if (b.rank(weight) == 1 && b.rank(v) == 0)
    weight = b.select(weight, 0, b.size(0));
  if (b.rank(weight) == 1 && b.rank(v) > 1) {
    Sizes sizes(b.rank(v), b.size(1));
    sizes[1] = b.size(weight, 0);
    weight = b.reshape(weight, sizes);
  }
  return b.where(greater(b, v, 0), v, b.mul(v, weight));
}

constexpr OperatorRow rows[] = {
    {"aten::relu", relu},
    {"aten::relu6", relu6},
    {"aten::hardtanh", hardtanh},
    {"aten::leaky_relu", leakyRelu},
    {"aten::elu", elu},
    {"aten::selu", selu},
    {"aten::celu", celu},
    {"aten::gelu", gelu},
    {"aten::silu", silu},
    {"aten::mish", mish},
    {"aten::hardsigmoid", hardsigmoid},
    {"aten::hardswish", hardswish},
    {"aten::softplus", softplus},
    {"aten::log_sigmoid", logSigmoid},
    {"aten::threshold", threshold},
    {"aten::hardshrink", hardshrink},
    {"aten::softshrink", softshrink},
    {"aten::glu", glu},
    {"aten::prelu", prelu},
    {"aten::_prelu_kernel", prelu},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::activationOperators() { return rows; }
