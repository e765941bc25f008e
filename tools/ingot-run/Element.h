//===- Element.h - single elements and numbers ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUN_ELEMENT_H
#define INGOT_RUN_ELEMENT_H

#include "DType.h"

#include <nlohmann/json.hpp>
#include <string>

namespace ingot::run {

/// An element as doubles; im is 0 but for complex dtypes.
struct Number {
  double re = 0, im = 0;
};

Number readNumber(const DTypeInfo &dtype, const char *element);
/// Stores `re` (0 or 1 for bool), rounded to nearest even.
void writeNumber(const DTypeInfo &dtype, char *element, double re);
/// As a person reads it: 1.5, true, 3+4j.
std::string elementText(const DTypeInfo &dtype, const char *element);
/// numpy.isclose with equal_nan.
bool isClose(Number found, Number expected, double rtol, double atol);

/// A float node {"v", "bits"}; throws UserError when it is none.
double floatOf(const nlohmann::ordered_json &node);
nlohmann::ordered_json floatNode(double value);
std::string doubleText(double value, int digits = 17);

} // namespace ingot::run

#endif
