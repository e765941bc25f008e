//===- Element.cpp - single elements and numbers --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Element.h"
#include "Error.h"

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>

using namespace ingot::run;
using json = nlohmann::ordered_json;

template <typename T>
static T load(const char *p) {
  T v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

static float halfToFloat(uint16_t h) {
  uint32_t sign = uint32_t(h & 0x8000) << 16;
  uint32_t exponent = (h >> 10) & 31, mantissa = h & 0x3ff;
  if (exponent == 0) // zero and subnormals
    return std::copysign(std::ldexp(float(mantissa), -24), sign ? -1.f : 1.f);
  if (exponent == 31)
    return std::bit_cast<float>(sign | 0x7f800000 | mantissa << 13);
  return std::bit_cast<float>(sign | (exponent + 112) << 23 | mantissa << 13);
}

static uint16_t floatToHalf(float f) {
  uint32_t bits = std::bit_cast<uint32_t>(f);
  uint16_t sign = bits >> 16 & 0x8000;
  float a = std::fabs(f);
  if (std::isnan(f))
    return sign | 0x7e00;
  if (a >= 65520.f)
    return sign | 0x7c00;
  if (a < 0x1p-14f)
    return sign | uint16_t(std::nearbyint(std::ldexp(a, 24)));
  uint32_t m = bits & 0x7fffffff;
  m += 0xfff + (m >> 13 & 1);
  return sign | uint16_t((m >> 13) - (112 << 10));
}

static uint16_t floatToBFloat(float f) {
  uint32_t bits = std::bit_cast<uint32_t>(f);
  if (std::isnan(f))
    return uint16_t(bits >> 16 | 0x40);
  return uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

Number ingot::run::readNumber(const DTypeInfo &d, const char *p) {
  switch (d.code) {
  case 0:
    return {double(load<uint8_t>(p))};
  case 1:
    return {double(load<int8_t>(p))};
  case 2:
    return {double(load<int16_t>(p))};
  case 3:
    return {double(load<int32_t>(p))};
  case 4:
    return {double(load<int64_t>(p))};
  case 5:
    return {halfToFloat(load<uint16_t>(p))};
  case 6:
    return {load<float>(p)};
  case 7:
    return {load<double>(p)};
  case 9:
    return {load<float>(p), load<float>(p + 4)};
  case 10:
    return {load<double>(p), load<double>(p + 8)};
  case 11:
    return {double(load<uint8_t>(p) != 0)};
  case 15:
    return {std::bit_cast<float>(uint32_t(load<uint16_t>(p)) << 16)};
  case 27:
    return {double(load<uint16_t>(p))};
  case 28:
    return {double(load<uint32_t>(p))};
  case 29:
    return {double(load<uint64_t>(p))};
  }
  return {};
}

template <typename T>
static void store(char *p, T v) {
  std::memcpy(p, &v, sizeof v);
}

void ingot::run::writeNumber(const DTypeInfo &d, char *p, double v) {
  switch (d.code) {
  case 0:
    return store(p, uint8_t(v));
  case 1:
    return store(p, int8_t(v));
  case 2:
    return store(p, int16_t(v));
  case 3:
    return store(p, int32_t(v));
  case 4:
    return store(p, int64_t(v));
  case 5:
    return store(p, floatToHalf(float(v)));
  case 6:
    return store(p, float(v));
  case 7:
    return store(p, v);
  case 9:
    return store(p, float(v)), store(p + 4, 0.f);
  case 10:
    return store(p, v), store(p + 8, 0.);
  case 11:
    return store(p, uint8_t(v != 0));
  case 15:
    return store(p, floatToBFloat(float(v)));
  case 27:
    return store(p, uint16_t(v));
  case 28:
    return store(p, uint32_t(v));
  case 29:
    return store(p, uint64_t(v));
  }
}

std::string ingot::run::doubleText(double value, int digits) {
  if (std::isnan(value))
    return "nan";
  if (std::isinf(value))
    return value < 0 ? "-inf" : "inf";
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

std::string ingot::run::elementText(const DTypeInfo &d, const char *p) {
  if (d.kind == DTypeClass::Bool)
    return *p ? "true" : "false";
  if (d.code == 4)
    return std::to_string(load<int64_t>(p));
  if (d.code == 29)
    return std::to_string(load<uint64_t>(p));
  Number n = readNumber(d, p);
  int digits = d.code == 7 || d.code == 10 ? 17 : d.size == 2 ? 5 : 9;
  std::string text = doubleText(n.re, digits);
  if (d.kind == DTypeClass::Complex)
    text += (n.im < 0 ? "" : "+") + doubleText(n.im, digits) + "j";
  return text;
}

bool ingot::run::isClose(Number y, Number x, double rtol, double atol) {
  auto nan = [](Number n) { return std::isnan(n.re) || std::isnan(n.im); };
  if (nan(x) || nan(y))
    return nan(x) && nan(y);
  if (x.re == y.re && x.im == y.im)
    return true;
  double magnitude = std::hypot(x.re, x.im);
  if (std::isinf(magnitude))
    return false;
  return std::hypot(y.re - x.re, y.im - x.im) <= atol + rtol * magnitude;
}

double ingot::run::floatOf(const json &node) {
  if (auto it = node.find("bits"); it != node.end() && it->is_string()) {
    const std::string text = *it;
    char *end = nullptr;
    uint64_t bits = std::strtoull(text.c_str(), &end, 16);
    if (text.size() != 16 || *end)
      fail("a float's \"bits\" are not 16 hex digits: '" + text + "'");
    return std::bit_cast<double>(bits);
  }
  auto it = node.find("v");
  if (it != node.end() && it->is_number())
    return it->get<double>();
  if (it != node.end() && it->is_string()) {
    const std::string v = *it;
    if (v == "nan")
      return NAN;
    if (v == "inf" || v == "-inf")
      return v == "inf" ? INFINITY : -INFINITY;
  }
  fail("a float has no value");
}

json ingot::run::floatNode(double value) {
  char bits[17];
  std::snprintf(bits, sizeof bits, "%016llx", static_cast<unsigned long long>(std::bit_cast<uint64_t>(value)));
  json node = {{"t", "float"}, {"bits", bits}};
  if (std::isfinite(value))
    node["v"] = value;
  else
    node["v"] = doubleText(value);
  return node;
}
