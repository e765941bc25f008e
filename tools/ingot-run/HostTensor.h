//===- HostTensor.h - a tensor in the tool's own memory ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUN_HOSTTENSOR_H
#define INGOT_RUN_HOSTTENSOR_H

#include "DType.h"
#include "Strided.h"

#include <memory>
#include <string>

namespace ingot::run {

struct HostTensor {
  const DTypeInfo *dtype = nullptr;
  Dims sizes, strides;
  int64_t offset = 0; ///< in elements from the storage's begin
  std::shared_ptr<Storage> storage;

  char *data() const { return storage->data() + offset * dtype->size; }
  int64_t nbytes() const { return elementCount(sizes, dtype->size) * dtype->size; }
  /// The logical elements, row-major.
  std::string bytes() const {
    std::string out(nbytes(), 0);
    gather(out.data(), data(), sizes.data(), strides.data(), int(sizes.size()), dtype->size);
    return out;
  }
};

/// A row-major tensor of zeros.
HostTensor makeTensor(const DTypeInfo &dtype, Dims sizes);
/// From a file of NumPy's format.
HostTensor readNpy(const std::string &path);
/// "f32[1,3,224,224]" filled with random numbers, the same for each `seed`:
/// floats in [0, 1), integers in [0, 10), bools. `where` begins messages.
HostTensor randomTensor(const std::string &spec, uint64_t seed, const std::string &where);

} // namespace ingot::run

#endif
