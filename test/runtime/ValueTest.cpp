//===- ValueTest.cpp - values through the C API ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Support.h"

using namespace ingot::test;

namespace {

// As in DLPack 1.x.
struct DLTensorLayout {
  void *data;
  int32_t deviceType, deviceId, ndim;
  uint8_t code, bits;
  uint16_t lanes;
  int64_t *shape, *strides;
  uint64_t byteOffset;
};
struct Versioned {
  uint32_t major, minor;
  void *context;
  void (*deleter)(Versioned *);
  uint64_t flags;
  DLTensorLayout tensor;
};
struct Unversioned {
  DLTensorLayout tensor;
  void *context;
  void (*deleter)(Unversioned *);
};

TEST(BeforeOpening, CreatorsAreRefused) {
  ingot_value *value = nullptr;
  EXPECT_ERROR(ingot_value_create_int(1, &value), INGOT_INVALID_ARGUMENT, "no Ingot library");
  EXPECT_ERROR(ingot_set_num_threads(2), INGOT_INVALID_ARGUMENT, "no Ingot library");
  EXPECT_EQ(ingot_get_num_threads(), 0);
}

class ValueTest : public testing::Test {
protected:
  Fake fake{FAKE_A};
};

TEST_F(ValueTest, Scalars) {
  Value number = integer(-5), truth, none, complex, dtype, device;
  EXPECT_EQ(number.kind(), INGOT_INT);
  EXPECT_EQ(number.integer(), -5);
  ASSERT_OK(ingot_value_create_bool(7, truth.out()));
  EXPECT_EQ(truth.integer(), 1);
  ASSERT_OK(ingot_value_create_none(none.out()));
  EXPECT_EQ(none.kind(), INGOT_NONE);
  ASSERT_OK(ingot_value_create_complex(1, -2, complex.out()));
  double re, im;
  EXPECT_OK(ingot_value_get_complex(complex.get(), &re, &im));
  EXPECT_EQ(im, -2);
  EXPECT_ERROR(ingot_value_get_float(number.get(), &re), INGOT_INVALID_ARGUMENT, "expected a float, found int -5");
  ASSERT_OK(ingot_value_create_dtype(INGOT_BFLOAT16, dtype.out()));
  EXPECT_ERROR(ingot_value_create_dtype(ingot_dtype(99), dtype.out()), INGOT_INVALID_ARGUMENT, "no such dtype");
  ASSERT_OK(ingot_value_create_device("cpu", device.out()));
  const char *data;
  size_t size;
  EXPECT_OK(ingot_value_get_string(device.get(), &data, &size));
  EXPECT_STREQ(data, "cpu");
  Value zeros = text(std::string("a\0b", 3));
  EXPECT_OK(ingot_value_get_string(zeros.get(), &data, &size));
  EXPECT_EQ(std::string(data, size), std::string("a\0b", 3));
}

TEST_F(ValueTest, Containers) {
  Value one = integer(1), two = real(2.5), list, tuple, point, dict;
  ingot_value *items[] = {one.get(), two.get()};
  ASSERT_OK(ingot_value_create_list(items, 2, list.out()));
  EXPECT_EQ(ingot_value_size(list.get()), 2u);
  EXPECT_EQ(ingot_value_item(list.get(), 1), two.get());
  EXPECT_EQ(ingot_value_item(list.get(), 2), nullptr);
  const char *names[] = {"x", "y"};
  ASSERT_OK(ingot_value_create_namedtuple("Point", names, items, 2, point.out()));
  EXPECT_STREQ(ingot_value_class_name(point.get()), "Point");
  EXPECT_STREQ(ingot_value_name(point.get(), 1), "y");
  EXPECT_EQ(ingot_value_name(list.get(), 0), nullptr);
  Value a = text("a"), b = text("b");
  ingot_value *keys[] = {a.get(), b.get()};
  ASSERT_OK(ingot_value_create_dict(keys, items, 2, dict.out()));
  EXPECT_EQ(ingot_value_key(dict.get(), 0), a.get());
  EXPECT_EQ(ingot_value_item(dict.get(), 1), two.get());
  keys[1] = a.get();
  Value again;
  EXPECT_ERROR(ingot_value_create_dict(keys, items, 2, again.out()), INGOT_INVALID_ARGUMENT, "twice");
  keys[1] = list.get();
  EXPECT_ERROR(ingot_value_create_dict(keys, items, 2, again.out()), INGOT_INVALID_ARGUMENT, "as key");
  items[0] = nullptr;
  EXPECT_ERROR(ingot_value_create_list(items, 2, again.out()), INGOT_INVALID_ARGUMENT, "NULL");
  // More items than a value holds itself.
  std::vector<ingot_value *> many(100, one.get());
  ASSERT_OK(ingot_value_create_tuple(many.data(), many.size(), tuple.out()));
  EXPECT_EQ(ingot_value_item(tuple.get(), 99), one.get());
  ASSERT_OK(ingot_value_create_tuple(nullptr, 0, tuple.out()));
  EXPECT_EQ(ingot_value_size(tuple.get()), 0u);
}

TEST_F(ValueTest, TensorsBorrowMemory) {
  float data[6] = {0, 1, 2, 3, 4, 5};
  int64_t sizes[] = {2, 3};
  int deleted = 0;
  Value tensor, view;
  ASSERT_OK(ingot_value_create_tensor(
      data, INGOT_FLOAT32, 2, sizes, nullptr, [](void *count) { ++*static_cast<int *>(count); }, &deleted,
      tensor.out()));
  ingot_tensor_info info = tensor.tensor();
  EXPECT_EQ(info.data, data);
  EXPECT_EQ(info.strides[0], 3);
  EXPECT_EQ(info.numel, 6);
  int64_t viewSizes[] = {2}, viewStrides[] = {3};
  ASSERT_OK(ingot_value_create_view(tensor.get(), 1, 1, viewSizes, viewStrides, view.out()));
  EXPECT_EQ(view.elements<float>(), (std::vector<float>{1, 4}));
  EXPECT_EQ(view.tensor().storage, info.storage);
  tensor = Value();
  EXPECT_EQ(deleted, 0);
  view = Value();
  EXPECT_EQ(deleted, 1);
}

TEST_F(ValueTest, BadTensors) {
  float data[1];
  Value tensor;
  int64_t negative[] = {-1}, one[] = {1}, huge[] = {INT64_MAX, 8};
  auto make = [&](int dtype, int32_t rank, int64_t *sizes, void *memory) {
    return ingot_value_create_tensor(memory, ingot_dtype(dtype), rank, sizes, nullptr, nullptr, nullptr, tensor.out());
  };
  EXPECT_ERROR(make(INGOT_FLOAT32, 1, negative, data), INGOT_INVALID_ARGUMENT, "size 0 is -1");
  EXPECT_ERROR(make(77, 1, one, data), INGOT_INVALID_ARGUMENT, "77");
  EXPECT_ERROR(make(INGOT_FLOAT32, 65, one, data), INGOT_INVALID_ARGUMENT, "rank 65");
  EXPECT_ERROR(make(INGOT_FLOAT32, 2, huge, data), INGOT_INVALID_ARGUMENT, "too large");
  EXPECT_ERROR(make(INGOT_FLOAT32, 1, one, nullptr), INGOT_INVALID_ARGUMENT, "NULL");
  EXPECT_EQ(tensor.get(), nullptr);
  int64_t many[1] = {int64_t(1) << 50};
  EXPECT_ERROR(ingot_value_create_empty(INGOT_FLOAT32, 1, many, nullptr, tensor.out()), INGOT_OUT_OF_MEMORY,
               "out of memory");
}

TEST_F(ValueTest, HighRanks) {
  std::vector<int64_t> sizes(20, 1);
  sizes[3] = 2;
  std::vector<float> data = {3, 4};
  Value tensor = floats(data, sizes);
  EXPECT_EQ(tensor.tensor().rank, 20);
  EXPECT_EQ(tensor.elements<float>(), data);
}

TEST_F(ValueTest, AllocatorIsUsedAndGivenBack) {
  struct Count {
    int allocated = 0, freed = 0;
    size_t bytes = 0;
  } count;
  ingot_allocator allocator = {&count,
                               [](void *context, size_t nbytes, size_t alignment) {
                                 auto *self = static_cast<Count *>(context);
                                 ++self->allocated;
                                 self->bytes = nbytes;
                                 return aligned_alloc(alignment, (nbytes + alignment - 1) / alignment * alignment);
                               },
                               [](void *context, void *memory, size_t nbytes) {
                                 auto *self = static_cast<Count *>(context);
                                 self->freed += nbytes == self->bytes;
                                 free(memory);
                               }};
  int64_t sizes[] = {3, 4};
  Value tensor;
  ASSERT_OK(ingot_value_create_empty(INGOT_INT16, 2, sizes, &allocator, tensor.out()));
  EXPECT_EQ(count.bytes, 24u);
  memset(tensor.tensor().data, 1, 24);
  tensor = Value();
  EXPECT_EQ(count.allocated, 1);
  EXPECT_EQ(count.freed, 1);
}

TEST_F(ValueTest, DLPackIn) {
  float data[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  int64_t shape[] = {2, 2}, strides[] = {4, 2};
  static int deleted;
  deleted = 0;
  Versioned managed = {1, 1, nullptr, [](Versioned *) { ++deleted; }, 0, {data, 1, 0, 2, 2, 32, 1, shape, strides, 4}};
  auto *raw = reinterpret_cast<DLManagedTensorVersioned *>(&managed);
  Value tensor;
  ASSERT_OK(ingot_value_from_dlpack(raw, tensor.out()));
  EXPECT_EQ(tensor.elements<float>(), (std::vector<float>{1, 3, 5, 7}));
  EXPECT_EQ(tensor.tensor().data, data + 1);
  tensor = Value();
  EXPECT_EQ(deleted, 1);
  Value refused;
  managed.tensor.deviceType = 2;
  EXPECT_ERROR(ingot_value_from_dlpack(raw, refused.out()), INGOT_UNSUPPORTED, "device type 2");
  managed.tensor.deviceType = 1;
  managed.tensor.bits = 4;
  EXPECT_ERROR(ingot_value_from_dlpack(raw, refused.out()), INGOT_UNSUPPORTED, "4 bits");
  managed.tensor.bits = 32;
  managed.major = 2;
  EXPECT_ERROR(ingot_value_from_dlpack(raw, refused.out()), INGOT_UNSUPPORTED, "version 2");
  EXPECT_EQ(deleted, 1) << "on failure the tensor stays the caller's";
}

TEST_F(ValueTest, DLPackOut) {
  std::vector<double> data = {1, 2, 3, 4, 5, 6};
  Value tensor = tensorOf(data, INGOT_FLOAT64, {2, 3});
  DLManagedTensorVersioned *raw = nullptr;
  ASSERT_OK(ingot_value_to_dlpack(tensor.get(), &raw));
  tensor = Value(); // the export keeps it alive
  auto *managed = reinterpret_cast<Versioned *>(raw);
  EXPECT_EQ(managed->major, 1u);
  EXPECT_EQ(managed->tensor.data, data.data());
  EXPECT_EQ(managed->tensor.bits, 64);
  EXPECT_EQ(managed->tensor.code, 2);
  EXPECT_EQ(managed->tensor.shape[1], 3);
  EXPECT_EQ(managed->tensor.strides[0], 3);
  managed->deleter(managed);

  Value again = tensorOf(data, INGOT_FLOAT64, {6});
  DLManagedTensor *old = nullptr;
  ASSERT_OK(ingot_value_to_dlpack_unversioned(again.get(), &old));
  auto *unversioned = reinterpret_cast<Unversioned *>(old);
  EXPECT_EQ(unversioned->tensor.ndim, 1);
  // And back in.
  Value back;
  ASSERT_OK(ingot_value_from_dlpack_unversioned(old, back.out()));
  EXPECT_EQ(back.elements<double>(), data);
  Value number = integer(1);
  EXPECT_ERROR(ingot_value_to_dlpack(number.get(), &raw), INGOT_INVALID_ARGUMENT, "expected a tensor");
}

TEST_F(ValueTest, DTypes) {
  EXPECT_STREQ(ingot_dtype_name(INGOT_BFLOAT16), "bfloat16");
  EXPECT_EQ(ingot_dtype_size(INGOT_COMPLEX128), 16u);
  EXPECT_EQ(ingot_dtype_name(99), nullptr);
  EXPECT_EQ(ingot_dtype_size(99), 0u);
}

} // namespace
