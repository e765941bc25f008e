//===- Support.h - what the runtime's tests share --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_TEST_RUNTIME_SUPPORT_H
#define INGOT_TEST_RUNTIME_SUPPORT_H

#include "ingot.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

namespace ingot::test {

/// Code and message of a status, which is released.
struct Error {
  ingot_code code = INGOT_OK;
  std::string message, type, where;
  Error() = default;
  Error(ingot_status *status) : code(ingot_status_code(status)), message(ingot_status_message(status)) {
    if (status && status->type)
      type = status->type;
    if (status && status->where)
      where = status->where;
    ingot_status_release(status);
  }
};

#define EXPECT_OK(expression)                                                                                          \
  do {                                                                                                                 \
    ::ingot::test::Error error_(expression);                                                                           \
    EXPECT_EQ(error_.code, INGOT_OK) << error_.message;                                                                \
  } while (0)
#define ASSERT_OK(expression)                                                                                          \
  do {                                                                                                                 \
    ::ingot::test::Error error_(expression);                                                                           \
    ASSERT_EQ(error_.code, INGOT_OK) << error_.message;                                                                \
  } while (0)
#define EXPECT_ERROR(expression, expected, text)                                                                       \
  do {                                                                                                                 \
    ::ingot::test::Error error_(expression);                                                                           \
    EXPECT_EQ(error_.code, expected) << error_.message;                                                                \
    EXPECT_NE(error_.message.find(text), std::string::npos) << error_.message;                                         \
  } while (0)

/// A reference to a value.
class Value {
public:
  Value() = default;
  explicit Value(ingot_value *value) : value(value) {}
  Value(Value &&other) noexcept : value(std::exchange(other.value, nullptr)) {}
  Value &operator=(Value &&other) noexcept {
    std::swap(value, other.value);
    return *this;
  }
  ~Value() { ingot_value_release(value); }

  ingot_value *get() const { return value; }
  /// For an out parameter.
  ingot_value **out() {
    ingot_value_release(std::exchange(value, nullptr));
    return &value;
  }
  ingot_kind kind() const { return ingot_value_kind(value); }
  ingot_tensor_info tensor() const {
    ingot_tensor_info info = {};
    EXPECT_OK(ingot_value_get_tensor(value, &info));
    return info;
  }
  int64_t integer() const {
    int64_t number = 0;
    EXPECT_OK(ingot_value_get_int(value, &number));
    return number;
  }
  /// Elements of a tensor in row-major order.
  template <typename T>
  std::vector<T> elements() const {
    ingot_tensor_info info = tensor();
    std::vector<T> result;
    std::vector<int64_t> at(size_t(info.rank), 0);
    for (int64_t i = 0; i < info.numel; ++i) {
      int64_t offset = 0;
      for (int32_t d = 0; d < info.rank; ++d)
        offset += at[size_t(d)] * info.strides[d];
      result.push_back(static_cast<const T *>(info.data)[offset]);
      for (int32_t d = info.rank - 1; d >= 0 && ++at[size_t(d)] == info.sizes[d]; --d)
        at[size_t(d)] = 0;
    }
    return result;
  }

private:
  ingot_value *value = nullptr;
};

template <typename T>
Value tensorOf(std::vector<T> &data, ingot_dtype dtype, std::vector<int64_t> sizes,
               const std::vector<int64_t> *strides = nullptr) {
  Value value;
  EXPECT_OK(ingot_value_create_tensor(data.data(), dtype, int32_t(sizes.size()), sizes.data(),
                                      strides ? strides->data() : nullptr, nullptr, nullptr, value.out()));
  return value;
}
inline Value floats(std::vector<float> &data, std::vector<int64_t> sizes) {
  return tensorOf(data, INGOT_FLOAT32, std::move(sizes));
}
inline Value integer(int64_t number) {
  Value value;
  EXPECT_OK(ingot_value_create_int(number, value.out()));
  return value;
}
inline Value real(double number) {
  Value value;
  EXPECT_OK(ingot_value_create_float(number, value.out()));
  return value;
}
inline Value text(const std::string &data) {
  Value value;
  EXPECT_OK(ingot_value_create_string(data.data(), data.size(), value.out()));
  return value;
}

/// Values in a row, for the call that they are written in.
using Items = std::vector<ingot_value *>;

/// A library with one instance.
class Fake {
public:
  explicit Fake(const char *path) {
    Error error(ingot_library_open(path, &library));
    EXPECT_EQ(error.code, INGOT_OK) << error.message;
    if (library)
      EXPECT_OK(ingot_instance_create(library, &instance));
  }
  ~Fake() {
    ingot_instance_release(instance);
    ingot_library_release(library);
  }
  const ingot_method *method(const char *name) const {
    const ingot_method *found = nullptr;
    EXPECT_OK(ingot_library_method(library, name, &found));
    return found;
  }
  Error call(const char *name, std::vector<const Value *> inputs, Value &result,
             const ingot_call_options *options = nullptr) const {
    std::vector<ingot_value *> raw;
    for (const Value *value : inputs)
      raw.push_back(value ? value->get() : nullptr);
    return ingot_call(instance, method(name), raw.data(), raw.size(), options, result.out());
  }

  ingot_library *library = nullptr;
  ingot_instance *instance = nullptr;
};

} // namespace ingot::test

#endif
