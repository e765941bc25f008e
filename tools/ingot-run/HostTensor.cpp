//===- HostTensor.cpp - tensors from specs and NumPy files ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "HostTensor.h"
#include "Element.h"
#include "Error.h"
#include "File.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

using namespace ingot::run;

HostTensor ingot::run::makeTensor(const DTypeInfo &dtype, Dims sizes) {
  HostTensor t;
  t.dtype = &dtype;
  t.sizes = std::move(sizes);
  t.strides = rowMajorStrides(t.sizes);
  t.storage = std::make_shared<Storage>(t.nbytes());
  return t;
}

//===----------------------------------------------------------------------===//
// NumPy's format: magic, version, header length, a Python dict literal, data.
//===----------------------------------------------------------------------===//

namespace {
/// Reads the header {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}.
class NpyHeader {
public:
  NpyHeader(std::string_view text, const std::string &path) : rest(text), path(path) {
    expect('{');
    while (peek() != '}') {
      std::string key = quoted();
      expect(':');
      if (key == "descr")
        descr = quoted();
      else if (key == "fortran_order")
        fortranOrder = boolean();
      else if (key == "shape")
        shape();
      else
        bad();
      if (peek() == ',')
        expect(',');
    }
    if (descr.empty() || !hasShape)
      bad();
  }

  std::string descr;
  bool fortranOrder = false;
  Dims sizes;

private:
  [[noreturn]] void bad() { fail("'" + path + "' is no array in NumPy's format: bad header"); }
  char peek() {
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\n'))
      rest.remove_prefix(1);
    return rest.empty() ? '\0' : rest[0];
  }
  void expect(char c) {
    if (peek() != c)
      bad();
    rest.remove_prefix(1);
  }
  std::string quoted() {
    char quote = peek();
    if (quote == '[')
      fail("'" + path + "' holds records; plain numbers are expected");
    if (quote != '\'' && quote != '"')
      bad();
    rest.remove_prefix(1);
    size_t end = rest.find(quote);
    if (end == std::string_view::npos)
      bad();
    std::string s(rest.substr(0, end));
    rest.remove_prefix(end + 1);
    return s;
  }
  bool boolean() {
    peek();
    for (auto [word, value] : {std::pair{"True", true}, {"False", false}})
      if (rest.substr(0, std::strlen(word)) == word) {
        rest.remove_prefix(std::strlen(word));
        return value;
      }
    bad();
  }
  void shape() {
    hasShape = true;
    expect('(');
    while (peek() != ')') {
      int64_t n = 0;
      bool any = false;
      while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
        if (__builtin_mul_overflow(n, int64_t(10), &n) || __builtin_add_overflow(n, int64_t(rest[0] - '0'), &n))
          bad();
        rest.remove_prefix(1);
        any = true;
      }
      if (!any)
        bad();
      sizes.push_back(n);
      if (peek() == ',')
        expect(',');
    }
    expect(')');
  }

  std::string_view rest;
  const std::string &path;
  bool hasShape = false;
};
} // namespace

static const DTypeInfo &npyDType(const std::string &descr, const std::string &path) {
  static constexpr struct {
    const char *descr, *dtype;
  } known[] = {{"f2", "float16"}, {"f4", "float32"}, {"f8", "float64"},   {"i1", "int8"},       {"i2", "int16"},
               {"i4", "int32"},   {"i8", "int64"},   {"u1", "uint8"},     {"u2", "uint16"},     {"u4", "uint32"},
               {"u8", "uint64"},  {"b1", "bool"},    {"c8", "complex64"}, {"c16", "complex128"}};
  if (!descr.empty() && descr[0] == '>')
    fail("'" + path + "' is big-endian (" + descr + "); little-endian data is expected");
  if (descr.size() > 1 && (descr[0] == '<' || descr[0] == '|'))
    for (auto &k : known)
      if (descr.substr(1) == k.descr)
        return *findDType(k.dtype);
  fail("'" + path + "' holds elements of the unsupported type '" + descr + "'");
}

HostTensor ingot::run::readNpy(const std::string &path) {
  MappedFile file(path);
  std::string_view all = file.view();
  if (all.size() < 10 || all.substr(0, 6) != "\x93NUMPY")
    fail("'" + path + "' is no array in NumPy's format");
  auto byte = [&](size_t at) { return size_t(uint8_t(all[at])); };
  size_t major = byte(6), begin = 10, length = byte(8) | byte(9) << 8;
  if (major < 1 || major > 3)
    fail("'" + path + "' is of version " + std::to_string(major) + " of NumPy's format; 1 to 3 are known");
  if (major > 1) {
    if (all.size() < 12)
      fail("'" + path + "' ends within its header");
    begin = 12;
    length |= byte(10) << 16 | byte(11) << 24;
  }
  if (length > all.size() - begin)
    fail("'" + path + "' ends within its header");
  NpyHeader header(all.substr(begin, length), path);
  const DTypeInfo &dtype = npyDType(header.descr, path);
  // Checked against the file before anything of that size is allocated.
  int64_t nbytes = elementCount(header.sizes, dtype.size) * dtype.size;
  if (all.size() - begin - length < size_t(nbytes))
    fail("'" + path + "' ends within its data: " + std::to_string(nbytes) + " bytes expected, found " +
         std::to_string(all.size() - begin - length));
  HostTensor t = makeTensor(dtype, header.sizes);
  if (nbytes)
    std::memcpy(t.storage->data(), all.data() + begin + length, nbytes);
  if (header.fortranOrder) {
    int64_t stride = 1;
    for (size_t d = 0; d < t.sizes.size(); ++d) {
      t.strides[d] = stride;
      stride *= t.sizes[d] ? t.sizes[d] : 1;
    }
  }
  return t;
}

//===----------------------------------------------------------------------===//
// Random tensors
//===----------------------------------------------------------------------===//

/// splitmix64
static uint64_t nextRandom(uint64_t &state) {
  uint64_t z = state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

HostTensor ingot::run::randomTensor(const std::string &spec, uint64_t seed, const std::string &where) {
  auto bad = [&]() { fail(where + ": expected DTYPE[SIZE,...] such as f32[1,3,224,224], found '" + spec + "'"); };
  size_t open = spec.find('[');
  if (open == std::string::npos || spec.back() != ']')
    bad();
  const DTypeInfo *dtype = findDType(std::string_view(spec).substr(0, open));
  if (!dtype)
    fail(where + ": unknown dtype '" + spec.substr(0, open) + "'");
  Dims sizes;
  for (size_t at = open + 1; at + 1 < spec.size();) {
    errno = 0;
    char *end = nullptr;
    int64_t n = std::strtoll(spec.c_str() + at, &end, 10);
    if (end == spec.c_str() + at || errno || n < 0)
      bad();
    sizes.push_back(n);
    at = end - spec.c_str();
    if (spec[at] == ',')
      ++at;
    else if (at + 1 != spec.size())
      bad();
  }
  HostTensor t = makeTensor(*dtype, sizes);
  int64_t n = elementCount(t.sizes, dtype->size);
  for (int64_t i = 0; i < n; ++i) {
    uint64_t r = nextRandom(seed);
    double v = double(r >> 11) * 0x1p-53;
    char *p = t.storage->data() + i * dtype->size;
    if (dtype->kind == DTypeClass::Complex) {
      writeNumber(*dtype, p, v);
      double im = double(nextRandom(seed) >> 11) * 0x1p-53;
      writeNumber(*findDType(dtype->size == 8 ? 6 : 7), p + dtype->size / 2, im);
    } else if (dtype->kind == DTypeClass::Float)
      writeNumber(*dtype, p, v);
    else
      writeNumber(*dtype, p, double(r % (dtype->code == 11 ? 2 : 10)));
  }
  return t;
}
