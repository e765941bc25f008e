//===- Convolution.cpp - convolutions and transposed ones -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Convolution.h"
#include "Operators.h"
#include "RuntimeWindows.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

Value eval::convolve(GraphBuilder &b, Value input, Value weight, Value bias, Geometry g) {
  int64_t spatial = b.rank(weight) - 2;
  bool unbatched = b.rank(input) == spatial + 1;
  if (unbatched)
    input = b.unsqueeze(input, 0);
  if (spatial < 1 || b.rank(input) != spatial + 2) {
    b.raise("RuntimeError", "Expected " + Twine(spatial + 1) + "D (unbatched) or " + Twine(spatial + 2) +
                                "D (batched) input to conv" + Twine(spatial) + "d, but got an input of rank " +
                                Twine(b.rank(input)));
    return input;
  }
  if (b.dtype(input) != b.dtype(weight)) {
    b.raise("RuntimeError", "Input type (" + b.scalarTypeName(b.dtype(input)) + ") and weight type (" +
                                b.scalarTypeName(b.dtype(weight)) + ") should be the same");
    return input;
  }
  auto below = [](ArrayRef<int64_t> values, int64_t least) {
    return llvm::any_of(values, [&](int64_t v) { return v < least; });
  };
  if (bias && b.dtype(bias) != b.dtype(input))
    b.raise("RuntimeError", "Input type (" + b.scalarTypeName(b.dtype(input)) + ") and bias type (" +
                                b.scalarTypeName(b.dtype(bias)) + ") should be the same");
  else if (below(g.stride, 1))
    b.raise("RuntimeError", "non-positive stride is not supported");
  else if (below(g.padding, 0) || below(g.outputPadding, 0))
    b.raise("RuntimeError", "negative padding is not supported");
  else if (below(g.dilation, 1))
    b.raise("RuntimeError", "dilation should be greater than zero");
  else if (g.groups < 1)
    b.raise("RuntimeError", "non-positive groups is not supported");
  if (b.failed())
    return input;
  // A 1-dimensional convolution is a 2-dimensional one of height 1: one kernel.
  if (spatial == 1) {
    auto widen = [](Dims &d, int64_t first) { d.insert(d.begin(), first); };
    widen(g.stride, 1);
    widen(g.padding, 0);
    widen(g.dilation, 1);
    if (g.transposed)
      widen(g.outputPadding, 0);
    Value y = convolve(b, b.unsqueeze(input, 2), b.unsqueeze(weight, 2), bias, g);
    y = b.squeeze(y, 2);
    return unbatched ? b.squeeze(y, 0) : y;
  }

  Sizes in = b.sizes(input), kernel = b.sizes(weight);
  Int channels = mul(kernel[g.transposed ? 0 : 1], b.size(g.transposed ? 1 : g.groups));
  b.checkEqual(in[1], channels, "RuntimeError",
               "Given groups=" + Twine(g.groups) +
                   ", expected input to have {0} channels, but got {1} channels instead",
               {channels, in[1]});
  Sizes out{in[0], g.transposed ? mul(kernel[1], b.size(g.groups)) : kernel[0]};
  for (int64_t i = 0; i < spatial; ++i) {
    Int reach = mul(sub(kernel[i + 2], b.size(1)), b.size(g.dilation[i]));
    if (g.transposed) {
      Int size = add(mul(sub(in[i + 2], b.size(1)), b.size(g.stride[i])),
                     add(reach, b.size(g.outputPadding[i] + 1 - 2 * g.padding[i])));
      out.push_back(size);
      continue;
    }
    Int room = sub(add(in[i + 2], b.size(2 * g.padding[i] - 1)), reach);
    b.check(b.compareInt(arith::CmpIPredicate::sge, room, b.size(0)), "RuntimeError",
            "Calculated padded input size per channel: {0}. Kernel size: {1}. Kernel size can't be greater than actual "
            "input size",
            {add(in[i + 2], b.size(2 * g.padding[i])), add(reach, b.size(1))});
    out.push_back(add(floorDiv(room, g.stride[i]), b.size(1)));
  }
  Type type = b.tensorType(out, b.dtype(input));
  Value y;
  if (g.transposed)
    y = graph::ConvTransposeOp::create(b.b, b.loc, type, input, weight, g.stride, g.padding, g.dilation,
                                       g.outputPadding, g.groups, false);
  else
    y = graph::ConvolutionOp::create(b.b, b.loc, type, input, weight, g.stride, g.padding, g.dilation, g.groups, false);
  y = b.note(y);
  if (bias) {
    Sizes sizes(spatial + 2, b.size(1));
    sizes[1] = b.size(bias, 0);
    y = b.add(y, b.reshape(bias, sizes));
  }
  return unbatched ? b.squeeze(y, 0) : y;
}

namespace {

Value biasOf(OpCall &c) { return c.has("bias") ? c.value("bias") : Value(); }

Geometry geometry(OpCall &c, int64_t spatial) {
  Geometry g;
  g.stride = c.constInts("stride", spatial);
  g.padding = c.constInts("padding", spatial);
  g.dilation = c.constInts("dilation", spatial);
  g.groups = c.constInt("groups", 1);
  return g;
}

Result conv(OpCall &c) {
  if (!areKnown(c, {"stride", "padding", "dilation"}))
    return convAtRunTime(c);
  Value weight = c.value("weight");
  Geometry g = geometry(c, c.b.rank(weight) - 2);
  if (c.b.failed())
    return {};
  return convolve(c.b, c.value("input"), weight, biasOf(c), g);
}

/// Of [time, batch, channels], with a weight of [time, channels, outputs].
Result convOfTimes(OpCall &c) {
  GraphBuilder &b = c.b;
  Value input = c.value("self"), weight = c.value("weight");
  if (b.rank(input) != 3 || b.rank(weight) != 3) {
    b.raise("RuntimeError", b.rank(input) != 3
                                ? "Input must have 3 dims: time, batch, in_channel"
                                : "Weight tensor must have 3 dims: kernel_width, in_channels, out_channels.");
    return {};
  }
  Geometry g{{1}, {c.constInt("pad")}, {1}, {0}};
  return b.permute(convolve(b, b.permute(input, {1, 2, 0}), b.permute(weight, {2, 1, 0}), c.value("bias"), g),
                   {2, 0, 1});
}

/// padding = "same" or "valid".
Result convPaddedByName(OpCall &c) {
  GraphBuilder &b = c.b;
  Value input = c.value("input"), weight = c.value("weight");
  int64_t spatial = b.rank(weight) - 2;
  Geometry g;
  g.stride = c.constInts("stride", spatial);
  g.dilation = c.constInts("dilation", spatial);
  g.groups = c.constInt("groups", 1);
  g.padding.assign(spatial, 0);
  if (c.string("padding") == "same") {
    if (llvm::any_of(g.stride, [](int64_t s) { return s != 1; })) {
      b.raise("RuntimeError", "padding='same' is not supported for strided convolutions");
      return {};
    }
    Dims low(b.rank(input), 0), high(b.rank(input), 0);
    bool uneven = false;
    for (int64_t i = 0; i < spatial; ++i) {
      int64_t dim = b.rank(input) - spatial + i;
      Int size = b.size(weight, i + 2);
      auto kernel = known(size);
      if (!kernel) { // zeros of as many rows as the call's kernel needs
        Int total = mul(b.size(g.dilation[i]), sub(size, b.size(1))), left = floorDiv(total, 2);
        b.check(b.compareInt(arith::CmpIPredicate::sge, total, b.size(0)), "RuntimeError",
                "non-positive kernel size is not supported");
        auto zeros = [&](Int rows) {
          Sizes sizes = b.sizes(input);
          sizes[dim] = rows;
          return b.full(sizes, 0.0, b.dtype(input));
        };
        input = b.concat({zeros(left), input, zeros(sub(total, left))}, dim);
        continue;
      }
      int64_t total = g.dilation[i] * (*kernel - 1);
      g.padding[i] = total / 2;
      high[dim] = total % 2;
      uneven |= total % 2;
    }
    if (uneven)
      input = b.pad(input, low, high, 0);
  }
  if (b.failed())
    return {};
  return convolve(b, input, weight, biasOf(c), g);
}

Result convTranspose(OpCall &c) {
  Value weight = c.value("weight");
  int64_t spatial = c.b.rank(weight) - 2;
  Geometry g = geometry(c, spatial);
  g.transposed = true;
  g.outputPadding = c.constInts("output_padding", spatial);
  if (c.b.failed())
    return {};
  return convolve(c.b, c.value("input"), weight, biasOf(c), g);
}

/// aten::convolution and aten::_convolution.
Result convolution(OpCall &c) {
  Value weight = c.value("weight");
  int64_t spatial = c.b.rank(weight) - 2;
  Geometry g = geometry(c, spatial);
  g.transposed = c.flag("transposed");
  if (g.transposed)
    g.outputPadding = c.constInts("output_padding", spatial);
  if (c.b.failed())
    return {};
  return convolve(c.b, c.value("input"), weight, biasOf(c), g);
}

constexpr OperatorRow rows[] = {
    {"aten::conv_tbc", convOfTimes},
    {"aten::conv1d", conv},
    {"aten::conv2d", conv},
    {"aten::conv3d", conv},
    {"aten::conv1d.padding", convPaddedByName},
    {"aten::conv2d.padding", convPaddedByName},
    {"aten::conv3d.padding", convPaddedByName},
    {"aten::conv_transpose1d", convTranspose},
    {"aten::conv_transpose2d.input", convTranspose},
    {"aten::conv_transpose3d.input", convTranspose},
    {"aten::convolution", convolution},
    {"aten::_convolution", convolution},
    {"aten::_convolution.deprecated", convolution},
    {"aten::_convolution_mode", convPaddedByName},
};

} // namespace

llvm::ArrayRef<OperatorRow> eval::convolutionOperators() { return rows; }
