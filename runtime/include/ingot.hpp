//===- ingot.hpp - C++ over the C API of compiled models --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Header-only, C++17. Each class owns one reference of its C object; copies
// retain, moves take over. A status becomes an exception of type ingot::Error.
//
//   ingot::Library library("./model.so");
//   ingot::Instance model(library);
//   std::vector<float> pixels(3 * 224 * 224);
//   ingot::Value y = model("forward", ingot::Value::tensor(pixels.data(),
//                                                          {1, 3, 224, 224}));
//   const float *scores = y.data<float>();
//
// Every class gives its C object with get(), so that the two APIs mix.
#ifndef INGOT_HPP
#define INGOT_HPP

#include "ingot.h"

#include <complex>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ingot {

/// What a C function's status said.
class Error : public std::runtime_error {
public:
  /// Takes the status over.
  explicit Error(ingot_status *status)
      : std::runtime_error(text(status)), code_(ingot_status_code(status)), type_(orEmpty(ingot_status_type(status))),
        message_(ingot_status_message(status)), where_(orEmpty(ingot_status_where(status))) {
    ingot_status_release(status);
  }

  ingot_code code() const noexcept { return code_; }
  /// Name of the Python exception, or "".
  const std::string &type() const noexcept { return type_; }
  /// Without the type and the place that what() has.
  const std::string &message() const noexcept { return message_; }
  /// Line of the user's source, or "".
  const std::string &where() const noexcept { return where_; }

private:
  static std::string orEmpty(const char *s) { return s ? s : ""; }
  static std::string text(const ingot_status *s) {
    std::string out;
    if (const char *where = ingot_status_where(s))
      out += std::string(where) + ": ";
    if (const char *type = ingot_status_type(s))
      out += std::string(type) + ": ";
    return out + ingot_status_message(s);
  }

  ingot_code code_;
  std::string type_, message_, where_;
};

/// Throws when the status is an error.
inline void check(ingot_status *status) {
  if (status)
    throw Error(status);
}

namespace detail {
/// How references of a C object are counted.
template <typename T>
struct Counting;
#define INGOT_COUNTING_(type)                                                                                          \
  template <>                                                                                                          \
  struct Counting<ingot_##type> {                                                                                      \
    static void retain(ingot_##type *p) { ingot_##type##_retain(p); }                                                  \
    static void release(ingot_##type *p) { ingot_##type##_release(p); }                                                \
  };
INGOT_COUNTING_(value)
INGOT_COUNTING_(library)
INGOT_COUNTING_(instance)
INGOT_COUNTING_(async)
#undef INGOT_COUNTING_

/// One reference of a C object.
template <typename T>
class Handle {
public:
  Handle() noexcept = default;
  /// Takes over the reference.
  explicit Handle(T *object) noexcept : object_(object) {}
  Handle(const Handle &o) : object_(o.object_) {
    if (object_)
      Counting<T>::retain(object_);
  }
  Handle(Handle &&o) noexcept : object_(std::exchange(o.object_, nullptr)) {}
  Handle &operator=(Handle o) noexcept {
    std::swap(object_, o.object_);
    return *this;
  }
  ~Handle() {
    if (object_)
      Counting<T>::release(object_);
  }

  T *get() const noexcept { return object_; }
  /// Gives the reference away.
  T *release() noexcept { return std::exchange(object_, nullptr); }
  explicit operator bool() const noexcept { return object_ != nullptr; }

protected:
  T **out() noexcept { return &object_; }
  T *object_ = nullptr;
};

template <typename T>
struct DTypeOf;
#define INGOT_DTYPE_OF_(type, code)                                                                                    \
  template <>                                                                                                          \
  struct DTypeOf<type> {                                                                                               \
    static constexpr ingot_dtype value = code;                                                                         \
  };
INGOT_DTYPE_OF_(uint8_t, INGOT_UINT8)
INGOT_DTYPE_OF_(int8_t, INGOT_INT8)
INGOT_DTYPE_OF_(int16_t, INGOT_INT16)
INGOT_DTYPE_OF_(int32_t, INGOT_INT32)
INGOT_DTYPE_OF_(int64_t, INGOT_INT64)
INGOT_DTYPE_OF_(uint16_t, INGOT_UINT16)
INGOT_DTYPE_OF_(uint32_t, INGOT_UINT32)
INGOT_DTYPE_OF_(uint64_t, INGOT_UINT64)
INGOT_DTYPE_OF_(float, INGOT_FLOAT32)
INGOT_DTYPE_OF_(double, INGOT_FLOAT64)
INGOT_DTYPE_OF_(bool, INGOT_BOOL8)
INGOT_DTYPE_OF_(std::complex<float>, INGOT_COMPLEX64)
INGOT_DTYPE_OF_(std::complex<double>, INGOT_COMPLEX128)
#undef INGOT_DTYPE_OF_
} // namespace detail

/// A tensor, number, string, list, tuple, dict or object.
class Value : public detail::Handle<ingot_value> {
public:
  using Handle::Handle;
  /// Adds a reference to a borrowed value.
  static Value borrow(ingot_value *value) {
    if (value)
      ingot_value_retain(value);
    return Value(value);
  }

  static Value none() { return make(ingot_value_create_none); }
  static Value integer(int64_t v) { return make(ingot_value_create_int, v); }
  static Value real(double v) { return make(ingot_value_create_float, v); }
  static Value boolean(bool v) { return make(ingot_value_create_bool, int32_t(v)); }
  static Value complex(double re, double im) { return make(ingot_value_create_complex, re, im); }
  static Value string(std::string_view s) { return make(ingot_value_create_string, s.data(), s.size()); }
  static Value dtype(ingot_dtype d) { return make(ingot_value_create_dtype, d); }
  static Value device(const char *name) { return make(ingot_value_create_device, name); }

  static Value list(const std::vector<Value> &items) {
    auto raw = pointers(items);
    return make(ingot_value_create_list, raw.data(), raw.size());
  }
  static Value tuple(const std::vector<Value> &items) {
    auto raw = pointers(items);
    return make(ingot_value_create_tuple, raw.data(), raw.size());
  }
  static Value namedtuple(const char *className, const std::vector<std::string> &fields,
                          const std::vector<Value> &items) {
    auto raw = pointers(items);
    auto names = pointers(fields);
    return make(ingot_value_create_namedtuple, className, names.data(), raw.data(), raw.size());
  }
  static Value object(const char *className, const std::vector<std::string> &attributes,
                      const std::vector<Value> &items) {
    auto raw = pointers(items);
    auto names = pointers(attributes);
    return make(ingot_value_create_object, className, names.data(), raw.data(), raw.size());
  }
  static Value enumMember(const char *className, const char *member, const Value &value) {
    return make(ingot_value_create_enum, className, member, value.get());
  }
  static Value dict(const std::vector<std::pair<Value, Value>> &entries) {
    std::vector<ingot_value *> keys, items;
    for (auto &[key, item] : entries) {
      keys.push_back(key.get());
      items.push_back(item.get());
    }
    return make(ingot_value_create_dict, keys.data(), items.data(), keys.size());
  }

  /// A tensor over the caller's memory, which must outlive every value over
  /// it; without strides it is row-major.
  static Value tensor(void *data, ingot_dtype dtype, const std::vector<int64_t> &sizes,
                      const std::vector<int64_t> &strides = {}) {
    if (!strides.empty() && strides.size() != sizes.size())
      throw std::invalid_argument("as many strides as sizes are expected");
    return make(ingot_value_create_tensor, data, dtype, int32_t(sizes.size()), sizes.data(),
                strides.empty() ? nullptr : strides.data(), static_cast<void (*)(void *)>(nullptr),
                static_cast<void *>(nullptr));
  }
  template <typename T>
  static Value tensor(T *data, const std::vector<int64_t> &sizes, const std::vector<int64_t> &strides = {}) {
    // A model writes only into inputs that its signature calls mutated.
    using Element = std::remove_const_t<T>;
    return tensor(const_cast<Element *>(data), detail::DTypeOf<Element>::value, sizes, strides);
  }
  /// Row-major and uninitialised, in memory of its own.
  static Value empty(ingot_dtype dtype, const std::vector<int64_t> &sizes) {
    return make(ingot_value_create_empty, dtype, int32_t(sizes.size()), sizes.data(),
                static_cast<const ingot_allocator *>(nullptr));
  }
  /// Another tensor over this one's memory, as torch's as_strided.
  Value view(int64_t offset, const std::vector<int64_t> &sizes, const std::vector<int64_t> &strides) const {
    return make(ingot_value_create_view, get(), offset, int32_t(sizes.size()), sizes.data(), strides.data());
  }
  /// Takes the DLPack tensor over; when it throws, it stays the caller's.
  static Value fromDLPack(DLManagedTensorVersioned *tensor) { return make(ingot_value_from_dlpack, tensor); }
  DLManagedTensorVersioned *toDLPack() const {
    DLManagedTensorVersioned *tensor = nullptr;
    check(ingot_value_to_dlpack(get(), &tensor));
    return tensor;
  }

  ingot_kind kind() const { return ingot_value_kind(get()); }
  bool isNone() const { return kind() == INGOT_NONE; }
  bool isTensor() const { return kind() == INGOT_TENSOR; }

  /// Of an int, bool or dtype.
  int64_t toInt() const {
    int64_t v = 0;
    check(ingot_value_get_int(get(), &v));
    return v;
  }
  double toFloat() const {
    double v = 0;
    check(ingot_value_get_float(get(), &v));
    return v;
  }
  std::complex<double> toComplex() const {
    double re = 0, im = 0;
    check(ingot_value_get_complex(get(), &re, &im));
    return {re, im};
  }
  /// Of a string or device; valid as long as the value.
  std::string_view toString() const {
    const char *data = nullptr;
    size_t size = 0;
    check(ingot_value_get_string(get(), &data, &size));
    return {data, size};
  }

  /// Pointers in it are valid as long as the value.
  ingot_tensor_info tensorInfo() const {
    ingot_tensor_info info;
    check(ingot_value_get_tensor(get(), &info));
    return info;
  }
  std::vector<int64_t> sizes() const {
    ingot_tensor_info t = tensorInfo();
    return {t.sizes, t.sizes + t.rank};
  }
  std::vector<int64_t> strides() const {
    ingot_tensor_info t = tensorInfo();
    return {t.strides, t.strides + t.rank};
  }
  /// Element 0; throws when the tensor's dtype is not T's. A view has strides.
  template <typename T>
  T *data() const {
    ingot_tensor_info t = tensorInfo();
    if (t.dtype != detail::DTypeOf<std::remove_const_t<T>>::value)
      throw std::invalid_argument(std::string("the tensor's dtype is ") + ingot_dtype_name(t.dtype));
    return static_cast<T *>(t.data);
  }

  /// Elements of a list or tuple, entries of a dict, attributes of an object.
  size_t size() const { return ingot_value_size(get()); }
  Value operator[](size_t index) const {
    ingot_value *item = ingot_value_item(get(), index);
    if (!item)
      throw std::out_of_range("a value has no element " + std::to_string(index));
    return borrow(item);
  }
  Value key(size_t index) const {
    ingot_value *key = ingot_value_key(get(), index);
    if (!key)
      throw std::out_of_range("a value has no key " + std::to_string(index));
    return borrow(key);
  }
  /// A namedtuple's field, an object's attribute, or a dict's entry whose key
  /// is this string; an empty handle when there is none.
  Value find(std::string_view name) const {
    for (size_t i = 0, n = size(); i < n; ++i) {
      const char *field = ingot_value_name(get(), i);
      if (field && name == field)
        return (*this)[i];
      ingot_value *k = ingot_value_key(get(), i);
      if (k && ingot_value_kind(k) == INGOT_STRING && borrow(k).toString() == name)
        return (*this)[i];
    }
    return Value();
  }
  /// The value of a future or await; throws what a future's function raised.
  Value wait() const {
    if (ingot_status *status = ingot_value_error(get()))
      throw Error(status);
    return (*this)[0];
  }
  /// Of a namedtuple or object, else "".
  std::string_view className() const {
    const char *name = ingot_value_class_name(get());
    return name ? name : "";
  }

private:
  template <typename Create, typename... Args>
  static Value make(Create create, Args... args) {
    ingot_value *v = nullptr;
    check(create(args..., &v));
    return Value(v);
  }
  static std::vector<ingot_value *> pointers(const std::vector<Value> &items) {
    std::vector<ingot_value *> raw;
    raw.reserve(items.size());
    for (const Value &v : items)
      raw.push_back(v.get());
    return raw;
  }
  static std::vector<const char *> pointers(const std::vector<std::string> &names) {
    std::vector<const char *> raw;
    raw.reserve(names.size());
    for (const std::string &n : names)
      raw.push_back(n.c_str());
    return raw;
  }
};

/// A method of a library; valid as long as the library.
class Method {
public:
  Method() = default;
  explicit Method(const ingot_method *method) : method_(method) {}
  const ingot_method *get() const noexcept { return method_; }

  ingot_method_info info() const { return ingot_method_get_info(method_); }
  std::string_view name() const { return info().name; }
  size_t inputCount() const { return size_t(info().input_count); }
  ingot_input_info input(size_t index) const {
    ingot_input_info i;
    check(ingot_method_input(method_, index, &i));
    return i;
  }
  ingot_symbol_info symbol(size_t index) const {
    ingot_symbol_info s;
    check(ingot_method_symbol(method_, index, &s));
    return s;
  }

private:
  const ingot_method *method_ = nullptr;
};

/// Code and constants of a compiled model.
class Library : public detail::Handle<ingot_library> {
public:
  using Handle::Handle;
  explicit Library(const std::string &path) { check(ingot_library_open(path.c_str(), out())); }
  /// A library that the program is linked to: pass ingot_query_NAME.
  explicit Library(ingot_query_fn query) { check(ingot_library_from_query(query, out())); }

  ingot_library_info info() const { return ingot_library_get_info(get()); }
  Method method(const std::string &name) const {
    const ingot_method *m = nullptr;
    check(ingot_library_method(get(), name.c_str(), &m));
    return Method(m);
  }
  std::vector<Method> methods() const {
    std::vector<Method> all;
    for (int32_t i = 0, n = info().method_count; i < n; ++i)
      all.emplace_back(ingot_library_method_at(get(), size_t(i)));
    return all;
  }
  ingot_state_info state(size_t index) const {
    ingot_state_info s;
    check(ingot_library_state_info(get(), index, &s));
    return s;
  }
};

/// Options of a call; see ingot_call_options.
struct CallOptions : ingot_call_options {
  CallOptions() : ingot_call_options(INGOT_CALL_OPTIONS_INIT) {}
};

/// A call that was started.
class AsyncCall : public detail::Handle<ingot_async> {
public:
  using Handle::Handle;
  Value wait() const {
    ingot_value *v = nullptr;
    check(ingot_async_wait(get(), &v));
    return Value(v);
  }
  /// Whether it is done at this time of CLOCK_MONOTONIC, in ns; 0 only asks.
  bool waitUntil(int64_t time) const { return ingot_async_wait_until(get(), time); }
  void cancel() const { ingot_async_cancel(get()); }
};

/// A model with its state.
class Instance : public detail::Handle<ingot_instance> {
public:
  using Handle::Handle;
  explicit Instance(const Library &library) { check(ingot_instance_create(library.get(), out())); }
  Instance clone() const {
    ingot_instance *i = nullptr;
    check(ingot_instance_clone(get(), &i));
    return Instance(i);
  }

  Value state(const std::string &name) const {
    ingot_value *v = nullptr;
    check(ingot_instance_get_state(get(), name.c_str(), &v));
    return Value(v);
  }
  void setState(const std::string &name, const Value &value) const {
    check(ingot_instance_set_state(get(), name.c_str(), value.get()));
  }
  Value stateDict() const {
    ingot_value *v = nullptr;
    check(ingot_instance_state_dict(get(), &v));
    return Value(v);
  }
  void manualSeed(uint64_t seed) const { check(ingot_manual_seed(get(), seed)); }
  void loadStateDict(const Value &dict) const { check(ingot_instance_load_state_dict(get(), dict.get())); }

  Value call(Method method, const std::vector<Value> &inputs, const ingot_call_options *options = nullptr) const {
    // Handles hold one pointer each, but a vector of them is no array of C.
    constexpr size_t few = 8;
    ingot_value *local[few];
    std::vector<ingot_value *> many;
    ingot_value **raw = local;
    if (inputs.size() > few) {
      many.resize(inputs.size());
      raw = many.data();
    }
    for (size_t i = 0; i < inputs.size(); ++i)
      raw[i] = inputs[i].get();
    ingot_value *result = nullptr;
    check(ingot_call(get(), method.get(), raw, inputs.size(), options, &result));
    return Value(result);
  }
  AsyncCall start(Method method, const std::vector<Value> &inputs, const ingot_call_options *options = nullptr) const {
    std::vector<ingot_value *> raw;
    for (const Value &v : inputs)
      raw.push_back(v.get());
    ingot_async *c = nullptr;
    check(ingot_async_start(get(), method.get(), raw.data(), raw.size(), options, &c));
    return AsyncCall(c);
  }
  /// By name: looks the method up at each call.
  template <typename... Inputs>
  Value operator()(const std::string &method, const Inputs &...inputs) const {
    const ingot_method *m = nullptr;
    check(ingot_library_method(ingot_instance_library(get()), method.c_str(), &m));
    return call(Method(m), std::vector<Value>{inputs...});
  }
};

inline void setNumThreads(int32_t count) { check(ingot_set_num_threads(count)); }

} // namespace ingot

#endif
