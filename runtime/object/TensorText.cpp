//===- TensorText.cpp - the text of a tensor -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As PyTorch's C++ streams show a tensor: one number format for all elements,
// columns of one width, a scale in front where that is shorter, and the type and
// sizes behind.
#include "base/Locale.h"
#include "object/Elements.h"
#include "value/DType.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

namespace ingot::rt {

namespace {

/// How all elements of a part are written.
struct Format {
  const char *conversion = "%*.6g";
  double scale = 1;
  int width = 0;
};

class Printer {
public:
  Printer(Text &text, const ingot_abi_tensor &tensor) : text(text), tensor(tensor) {}

  void print() {
    int32_t rank = tensor.rank;
    int64_t count = 1;
    for (int32_t d = 0; d < rank; ++d)
      count *= tensor.sizes[d];
    if (rank == 0) {
      shortest(elementAt(tensor, 0));
      text << "\n";
    } else if (count && rank == 1) {
      Format f = formatOf(0, 0);
      scaleLine(f);
      for (int64_t i = 0; i < tensor.sizes[0]; ++i) {
        number(f, elementAt(tensor, i * tensor.strides[0]));
        text << "\n";
      }
    } else if (count && rank == 2) {
      matrix(0, 0);
    } else if (count) {
      parts();
    }
    text << "[ CPU" << typeText(tensor.dtype) << "Type{";
    for (int32_t d = 0; d < rank; ++d)
      text << (d ? "," : "") << tensor.sizes[d];
    text << "} ]";
  }

private:
  Text &text;
  const ingot_abi_tensor &tensor;

  void number(const Format &f, double value) {
    char digits[64];
    snprintf(digits, sizeof digits, f.conversion, f.width, value / f.scale);
    text << digits;
  }
  /// A single element: the fewest digits that say which double it is.
  void shortest(double value) {
    if (!isfinite(value)) {
      text << (isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
      return;
    }
    char digits[64];
    int decimals = 0; // of the mantissa
    do
      snprintf(digits, sizeof digits, "%.*e", decimals, value);
    while (strtod(digits, nullptr) != value && ++decimals < 17);
    int exponent = atoi(strchr(digits, 'e') + 1);
    if (exponent >= -4 && exponent < 16)
      snprintf(digits, sizeof digits, "%.*f", decimals > exponent ? decimals - exponent : 0, value);
    text << digits;
  }
  void indent(int spaces) {
    for (int i = 0; i < spaces; ++i)
      text << " ";
  }
  void scaleLine(const Format &f) {
    if (f.scale == 1)
      return;
    number({}, f.scale);
    text << " *\n";
  }

  /// Calls `visit` with each element of the dimensions from `first` on.
  template <typename Visit>
  void forEach(int64_t offset, int32_t dim, Visit visit) {
    if (dim == tensor.rank)
      return visit(elementAt(tensor, offset));
    for (int64_t i = 0; i < tensor.sizes[dim]; ++i)
      forEach(offset + i * tensor.strides[dim], dim + 1, visit);
  }

  Format formatOf(int64_t offset, int32_t dim) {
    bool whole = true, any = false;
    double least = 1, most = 1;
    forEach(offset, dim, [&](double x) {
      if (!isfinite(x))
        return;
      whole &= x == ceil(x);
      x = fabs(x);
      least = any && least < x ? least : x;
      most = any && most > x ? most : x;
      any = true;
    });
    if (any) {
      least = least != 0 ? floor(log10(least)) + 1 : 1;
      most = most != 0 ? floor(log10(most)) + 1 : 1;
    }
    Format f;
    if (whole) {
      f.width = most > 9 ? 11 : int(most) + 1;
      if (most > 9)
        f.conversion = "%*.4e";
    } else if (most - least > 4) {
      f.width = fabs(most) > 99 || fabs(least) > 99 ? 12 : 11;
      f.conversion = "%*.4e";
    } else {
      f.conversion = "%*.4f";
      bool scaled = most > 5 || most < 0;
      f.width = scaled || most == 0 ? 7 : int(most) + 6;
      if (scaled)
        f.scale = pow(10, most - 1);
    }
    return f;
  }

  /// The last two dimensions, at most 80 columns of text side by side.
  void matrix(int64_t offset, int indentation) {
    int32_t row = tensor.rank - 2, column = tensor.rank - 1;
    int64_t rows = tensor.sizes[row], columns = tensor.sizes[column];
    Format f = formatOf(offset, row);
    indent(indentation);
    int64_t perLine = (80 - indentation) / (f.width + 1);
    for (int64_t first = 0, last; first < columns; first = last + 1) {
      last = first + perLine <= columns ? first + perLine - 1 : columns - 1;
      if (perLine < columns) {
        if (first)
          text << "\n";
        text << "Columns " << first + 1 << " to " << last + 1;
        indent(indentation);
      }
      scaleLine(f);
      if (f.scale != 1)
        indent(indentation);
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t c = first; c <= last; ++c) {
          number(f, elementAt(tensor, offset + r * tensor.strides[row] + c * tensor.strides[column]));
          if (c < last) {
            text << " ";
            continue;
          }
          text << "\n";
          if (r + 1 < rows) {
            indent(indentation);
            if (f.scale != 1)
              text << " ";
          }
        }
    }
  }

  /// One matrix after the other; the first dimension runs fastest.
  void parts() {
    int32_t outer = tensor.rank - 2;
    int64_t index[64] = {};
    if (outer > 64)
      return;
    for (bool first = true;; first = false) {
      if (!first)
        text << "\n";
      text << "(";
      int64_t offset = 0;
      for (int32_t d = 0; d < outer; ++d) {
        text << index[d] + 1 << ",";
        offset += index[d] * tensor.strides[d];
      }
      text << ".,.) = \n";
      matrix(offset, 1);
      int32_t d = 0;
      while (d < outer && ++index[d] == tensor.sizes[d])
        index[d++] = 0;
      if (d == outer)
        return;
    }
  }
};

} // namespace

bool printTensor(Text &text, const ingot_abi_tensor &tensor) {
  if (!typeText(tensor.dtype))
    return false;
  CLocale locale;
  Printer(text, tensor).print();
  return true;
}

} // namespace ingot::rt
