//===- BuilderTypes.cpp - dtypes, promotion, sizes --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "GraphBuilder.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

Type GraphBuilder::elementType(int64_t dtype) {
  if (Type t = dtypeToType(dtype, context()))
    return t;
  unsupported("dtype " + dtypeName(dtype) + " is not supported yet");
  return b.getF32Type();
}

RankedTensorType GraphBuilder::tensorType(ArrayRef<Int> sizes, int64_t dtype) {
  return tensorType(sizes, elementType(dtype));
}
RankedTensorType GraphBuilder::tensorType(ArrayRef<Int> sizes, Type element) {
  Sizes normal;
  for (Int s : sizes) {
    Int c = canonical(s);
    // A size that is provably negative belongs to code after a raise.
    if (known(c).value_or(0) < 0)
      c = size(0);
    normal.push_back(c);
  }
  return graph::getTensorType(normal, element);
}

int64_t GraphBuilder::wrapDim(int64_t dim, int64_t rank) {
  int64_t range = std::max<int64_t>(rank, 1);
  if (dim < -range || dim >= range) {
    raise("IndexError", "Dimension out of range (expected to be in range of [" + Twine(-range) + ", " +
                            Twine(range - 1) + "], but got " + Twine(dim) + ")");
    return 0;
  }
  return dim < 0 ? dim + range : dim;
}

Dims GraphBuilder::wrapDims(ArrayRef<int64_t> dims, int64_t rank, bool emptyMeansAll) {
  Dims out;
  if (dims.empty() && emptyMeansAll) {
    for (int64_t d = 0; d < rank; ++d)
      out.push_back(d);
    return out;
  }
  for (int64_t d : dims) {
    int64_t w = wrapDim(d, rank);
    if (llvm::is_contained(out, w)) {
      raise("RuntimeError", "dim " + Twine(w) + " appears multiple times in the list of dims");
      continue;
    }
    if (rank > 0)
      out.push_back(w);
  }
  return out;
}

std::string GraphBuilder::sizesText(ArrayRef<Int> sizes, SmallVectorImpl<Int> &values) {
  std::string text = "[";
  for (auto [i, s] : llvm::enumerate(sizes)) {
    if (i)
      text += ", ";
    if (std::optional<int64_t> k = known(s)) {
      text += std::to_string(*k);
    } else {
      text += "{" + std::to_string(values.size()) + "}";
      values.push_back(s);
    }
  }
  return text + "]";
}

Sizes GraphBuilder::reducedSizes(Value v, ArrayRef<int64_t> dims, bool keepdim) {
  Sizes out;
  for (auto [i, s] : llvm::enumerate(sizes(v))) {
    if (!llvm::is_contained(dims, int64_t(i)))
      out.push_back(s);
    else if (keepdim)
      out.push_back(size(1));
  }
  return out;
}

//===----------------------------------------------------------------------===//
// Dtypes
//===----------------------------------------------------------------------===//

static constexpr int64_t code(DType d) { return int64_t(d); }

bool GraphBuilder::isFloating(int64_t d) {
  return d == code(DType::Float16) || d == code(DType::Float32) || d == code(DType::Float64) ||
         d == code(DType::BFloat16) || d == code(DType::Float8E5M2) || d == code(DType::Float8E4M3FN);
}
bool GraphBuilder::isComplex(int64_t d) {
  return d == code(DType::ComplexHalf) || d == code(DType::Complex64) || d == code(DType::Complex128);
}
bool GraphBuilder::isIntegral(int64_t d, bool includeBool) {
  if (d == code(DType::Bool))
    return includeBool;
  return !isFloating(d) && !isComplex(d);
}
bool GraphBuilder::isUnsigned(int64_t d) {
  return d == code(DType::UInt8) || d == code(DType::UInt16) || d == code(DType::UInt32) || d == code(DType::UInt64);
}
int64_t GraphBuilder::realOf(int64_t d) {
  if (d == code(DType::ComplexHalf))
    return code(DType::Float16);
  if (d == code(DType::Complex64))
    return code(DType::Float32);
  return d == code(DType::Complex128) ? code(DType::Float64) : d;
}
int64_t GraphBuilder::complexOf(int64_t d) {
  if (d == code(DType::Float16))
    return code(DType::ComplexHalf);
  return d == code(DType::Float64) ? code(DType::Complex128) : code(DType::Complex64);
}

StringRef GraphBuilder::scalarTypeName(int64_t d) {
  switch (DType(d)) {
  case DType::UInt8:
    return "Byte";
  case DType::Int8:
    return "Char";
  case DType::Int16:
    return "Short";
  case DType::Int32:
    return "Int";
  case DType::Int64:
    return "Long";
  case DType::Float16:
    return "Half";
  case DType::Float32:
    return "Float";
  case DType::Float64:
    return "Double";
  case DType::ComplexHalf:
    return "ComplexHalf";
  case DType::Complex64:
    return "ComplexFloat";
  case DType::Complex128:
    return "ComplexDouble";
  case DType::Bool:
    return "Bool";
  case DType::BFloat16:
    return "BFloat16";
  case DType::UInt16:
    return "UInt16";
  case DType::UInt32:
    return "UInt32";
  case DType::UInt64:
    return "UInt64";
  default:
    return "UNKNOWN_SCALAR";
  }
}

bool GraphBuilder::canCast(int64_t from, int64_t to) {
  if (isComplex(from) && !isComplex(to))
    return false;
  if (isFloating(from) && isIntegral(to, true))
    return false;
  return from == code(DType::Bool) || to != code(DType::Bool);
}

int64_t GraphBuilder::promoteTypes(int64_t a, int64_t b) {
  if (a == b)
    return a;
  if (isComplex(a) || isComplex(b)) {
    auto part = [](int64_t d) { return isComplex(d) ? realOf(d) : isFloating(d) ? d : code(DType::Bool); };
    int64_t real = promoteTypes(part(a), part(b));
    return real == code(DType::BFloat16) ? code(DType::Complex64) : complexOf(real);
  }
  if (isFloating(a) || isFloating(b)) {
    if (!isFloating(a))
      return b;
    if (!isFloating(b))
      return a;
    int64_t wa = dtypeSize(a), wb = dtypeSize(b);
    if (wa == wb)
      return code(DType::Float32); // f16 with bf16
    return wa > wb ? a : b;
  }
  if (a == code(DType::Bool))
    return b;
  if (b == code(DType::Bool))
    return a;
  int64_t wa = dtypeSize(a), wb = dtypeSize(b);
  if (isUnsigned(a) == isUnsigned(b))
    return wa > wb ? a : b;
  int64_t s = isUnsigned(a) ? b : a, ws = std::min<int64_t>(8, isUnsigned(a) ? wb : wa);
  int64_t wu = isUnsigned(a) ? wa : wb;
  if (ws > wu)
    return s;
  if (wu == 1)
    return code(DType::Int16);
  return wu == 2 ? code(DType::Int32) : code(DType::Int64);
}

int64_t GraphBuilder::promote(ArrayRef<Operand> operands) {
  constexpr int64_t undefined = -1;
  int64_t dim = undefined, zero = undefined, wrapped = undefined;
  auto skip = [](int64_t a, int64_t b) { return a == undefined ? b : b == undefined ? a : promoteTypes(a, b); };
  for (const Operand &o : operands) {
    int64_t d = dtype(o.value);
    if (o.wrapped) {
      if (isComplex(d))
        d = complexOf(defaultDType);
      else if (isFloating(d))
        d = defaultDType;
    }
    int64_t &category = rank(o.value) > 0 ? dim : o.wrapped ? wrapped : zero;
    category = skip(category, d);
  }
  auto combine = [&](int64_t higher, int64_t lower) {
    if (higher != undefined && isComplex(higher))
      return higher;
    if (higher != undefined && isFloating(higher)) {
      if (lower != undefined && isComplex(lower))
        return higher == code(DType::BFloat16) ? code(DType::Complex64) : complexOf(higher);
      return higher;
    }
    if (higher == code(DType::Bool) || (lower != undefined && (isFloating(lower) || isComplex(lower))))
      return skip(higher, lower);
    return higher != undefined ? higher : lower;
  };
  return combine(dim, combine(zero, wrapped));
}

int64_t GraphBuilder::promoteToFloat(ArrayRef<Operand> operands) {
  int64_t d = promote(operands);
  return isIntegral(d, true) ? defaultDType : d;
}
