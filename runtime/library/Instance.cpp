//===- Instance.cpp - mutable state ----------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "library/Operators.h"

#include "ingot/ABI/generator.h"

#include "base/Futex.h"
#include "value/Api.h"
#include "value/DType.h"

#include <errno.h>

namespace ingot::rt {

//===----------------------------------------------------------------------===//
// Life
//===----------------------------------------------------------------------===//

static void destroyInstance(Instance *instance) {
  int32_t count = instance->library->artifact->n_mutable_states;
  for (int32_t i = 0; instance->storages && i < count; ++i)
    if (instance->storages[i])
      releaseStorage(instance->storages[i]);
  free(instance->storages);
  free(instance->states);
  releaseStateObjects(*instance);
  instance->objects.destroy();
  releaseScriptObjects(*instance);
  pthread_mutex_destroy(&instance->lock);
  Library *library = instance->library;
  free(instance);
  libraryRelease(library);
}

/// `from`: the instance whose state is copied; null: the library's constants.
static Status *makeInstance(Library *library, const Instance *from, Instance **out) {
  const ingot_abi_artifact &artifact = *library->artifact;
  auto *instance = static_cast<Instance *>(calloc(1, sizeof(Instance)));
  if (!instance)
    return outOfMemory();
  new (&instance->refs) RefCount;
  libraryRetain(library);
  instance->library = library;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  // So that a call from inside a call (a print callback) is an error, no
  // deadlock.
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&instance->lock, &attributes);
  pthread_mutexattr_destroy(&attributes);
  auto count = size_t(artifact.n_mutable_states);
  instance->states = static_cast<void **>(calloc(count + 1, sizeof(void *)));
  instance->storages = static_cast<Storage **>(calloc(count + 1, sizeof(Storage *)));
  bool made = instance->states && instance->storages;
  size_t index = 0;
  for (int32_t i = 0; made && i < artifact.n_states; ++i) {
    const ingot_abi_state &state = artifact.states[i];
    if (!state.is_mutable)
      continue;
    Storage *storage = createStorage(state.nbytes, nullptr);
    made = storage;
    if (!made)
      break;
    const void *bytes = from ? from->states[index] : library->constants + state.constants_offset;
    if (state.nbytes)
      memcpy(storage->base, bytes, state.nbytes);
    instance->storages[index] = storage;
    instance->states[index++] = storage->base;
  }
  Status *status = made && (!from || copyStateObjects(*instance, *from)) ? nullptr : outOfMemory();
  if (!status && from)
    status = copyScriptObjects(*instance, *from);
  if (status) {
    destroyInstance(instance);
    return status;
  }
  *out = instance;
  return nullptr;
}

Status *instanceCreate(Library *library, Instance **out) {
  *out = nullptr;
  if (Status *status = checkOperators(*library->artifact))
    return status;
  return makeInstance(library, nullptr, out);
}

Status *instanceClone(Instance *instance, Instance **out) {
  *out = nullptr;
  bool locked;
  if (Status *status = lockInstance(instance, 0, nullptr, nullptr, locked))
    return status;
  Status *status = makeInstance(instance->library, instance, out);
  if (locked)
    pthread_mutex_unlock(&instance->lock);
  return status;
}

void instanceRetain(Instance *instance) { instance->refs.retain(); }

void instanceRelease(Instance *instance) {
  if (instance->refs.release())
    destroyInstance(instance);
}

Library *instanceLibrary(const Instance *instance) { return instance->library; }

Status *lockInstance(Instance *instance, int64_t deadline, const int32_t *cancel, const int32_t *otherCancel,
                     bool &locked) {
  auto cancelled = [](const int32_t *flag) { return flag && __atomic_load_n(flag, __ATOMIC_ACQUIRE); };
  locked = false;
  if (INGOT_LIKELY(instance->library->artifact->n_mutable_states == 0))
    return nullptr;
  int error;
  if (INGOT_LIKELY(!deadline && !cancel && !otherCancel)) {
    error = pthread_mutex_lock(&instance->lock);
  } else {
    // In slices, so that a cancellation is seen.
    constexpr int64_t kSlice = 5000000;
    do {
      int64_t until = nowNs() + kSlice;
      if (deadline)
        until = minOf(until, deadline);
      timespec time = {until / 1000000000, long(until % 1000000000)};
      error = pthread_mutex_clocklock(&instance->lock, CLOCK_MONOTONIC, &time);
      if (error == ETIMEDOUT && deadline && nowNs() >= deadline)
        return makeStatus(INGOT_DEADLINE_EXCEEDED, "the deadline passed while another call held the instance");
      if (error == ETIMEDOUT && (cancelled(cancel) || cancelled(otherCancel)))
        return makeStatus(INGOT_CANCELLED, "the call was cancelled");
    } while (error == ETIMEDOUT);
  }
  if (error == EDEADLK)
    return makeStatus(INGOT_INVALID_ARGUMENT, "this thread is already inside a call on this instance");
  locked = true;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// States by name
//===----------------------------------------------------------------------===//

namespace {
struct Lock {
  Instance *instance;
  bool locked;
  Status *status;
  explicit Lock(Instance *instance) : instance(instance) {
    status = lockInstance(instance, 0, nullptr, nullptr, locked);
  }
  ~Lock() {
    if (locked)
      pthread_mutex_unlock(&instance->lock);
  }
};

struct Found {
  const ingot_abi_state *state;
  void *data; // null for constants
  const char *bytes;
};
} // namespace

static Found stateAt(const Instance *instance, int32_t wanted) {
  const ingot_abi_artifact &artifact = *instance->library->artifact;
  int32_t index = 0;
  for (int32_t i = 0; i < wanted; ++i)
    index += artifact.states[i].is_mutable != 0;
  const ingot_abi_state &state = artifact.states[wanted];
  void *data = state.is_mutable ? instance->states[index] : nullptr;
  return {&state, data, data ? static_cast<const char *>(data) : instance->library->constants + state.constants_offset};
}

static Status *findState(const Instance *instance, const char *name, size_t size, Found &found) {
  if (!name)
    return makeStatus(INGOT_INVALID_ARGUMENT, "the name is NULL");
  const ingot_abi_artifact &artifact = *instance->library->artifact;
  for (int32_t i = 0; i < artifact.n_states; ++i)
    if (strlen(artifact.states[i].name) == size && memcmp(artifact.states[i].name, name, size) == 0) {
      found = stateAt(instance, i);
      return nullptr;
    }
  Text text;
  text << "no state '";
  text.add(name, size) << "'";
  return makeStatus(INGOT_NOT_FOUND, text);
}

static Value *copyState(const Found &found) {
  const ingot_abi_state &state = *found.state;
  Value *value = nullptr;
  // The sizes were compiled in; what is left to fail is memory.
  ingot_status_release(valueEmpty(state.dtype, state.rank, state.sizes, nullptr, &value));
  if (value && state.nbytes)
    memcpy(value->tensor.data, found.bytes, state.nbytes);
  return value;
}

Status *instanceGetState(Instance *instance, const char *name, Value **out) {
  *out = nullptr;
  Lock lock(instance);
  if (lock.status)
    return lock.status;
  Found found;
  if (Status *status = findState(instance, name, name ? strlen(name) : 0, found))
    return status;
  *out = copyState(found);
  return *out ? nullptr : outOfMemory();
}

static Status *checkState(const Found &found, const Value *value) {
  const ingot_abi_state &state = *found.state;
  bool same = value->kind == INGOT_TENSOR && value->tensor.dtype == state.dtype && value->tensor.rank == state.rank;
  for (int32_t d = 0; same && d < state.rank; ++d)
    same = value->tensor.sizes[d] == state.sizes[d];
  if (same)
    return nullptr;
  Text text;
  text << "state '" << state.name << "': expected " << dtypeName(state.dtype);
  text.addSizes(state.sizes, state.rank) << ", found ";
  describeValue(value, text);
  return makeStatus(INGOT_INVALID_ARGUMENT, text);
}

static void writeRowMajor(void *target, const Value *value) {
  const ingot_abi_tensor &tensor = value->tensor;
  int64_t strides[kMaxRank];
  uint64_t nbytes;
  size_t elementSize = dtypeSize(tensor.dtype);
  rowMajor(tensor.sizes, tensor.rank, elementSize, strides, nbytes);
  copyStrided(target, strides, tensor.data, tensor.strides, tensor.sizes, tensor.rank, int32_t(elementSize));
}

/// Checks that the value may be written; an immutable state takes its own
/// bytes.
static Status *checkWrite(const Found &found, const Value *value) {
  if (Status *status = checkState(found, value))
    return status;
  if (found.data)
    return nullptr;
  void *copy = allocateBlock(maxOf<size_t>(found.state->nbytes, 1));
  if (!copy)
    return outOfMemory();
  writeRowMajor(copy, value);
  bool equal = memcmp(copy, found.bytes, found.state->nbytes) == 0;
  freeBlock(copy, maxOf<size_t>(found.state->nbytes, 1));
  if (equal)
    return nullptr;
  Text text;
  return makeStatus(INGOT_UNSUPPORTED, text << "state '" << found.state->name
                                            << "' is compiled in and can't be changed: no method changes it");
}

Status *instanceSetState(Instance *instance, const char *name, const Value *value) {
  Lock lock(instance);
  if (lock.status)
    return lock.status;
  Found found;
  if (Status *status = findState(instance, name, name ? strlen(name) : 0, found))
    return status;
  if (Status *status = checkWrite(found, value))
    return status;
  if (found.data)
    writeRowMajor(found.data, value);
  return nullptr;
}

Status *instanceManualSeed(Instance *instance, uint64_t seed) {
  Lock lock(instance);
  if (lock.status)
    return lock.status;
  const ingot_abi_artifact &artifact = *instance->library->artifact;
  for (int32_t i = 0; i < artifact.n_states; ++i) {
    Found found = stateAt(instance, i);
    if (!strcmp(artifact.states[i].name, INGOT_ABI_GENERATOR_STATE) && found.data &&
        artifact.states[i].nbytes == INGOT_ABI_GENERATOR_BYTES)
      ingot_abi_generator_seed(static_cast<ingot_abi_generator *>(static_cast<void *>(found.data)), seed);
  }
  return nullptr;
}

Status *instanceStateDict(Instance *instance, Value **out) {
  *out = nullptr;
  Lock lock(instance);
  if (lock.status)
    return lock.status;
  const ingot_abi_artifact &artifact = *instance->library->artifact;
  Value *dict = createContainer(INGOT_DICT, size_t(artifact.n_states), nullptr);
  if (!dict)
    return outOfMemory();
  for (int32_t i = 0; i < artifact.n_states; ++i) {
    const char *name = artifact.states[i].name;
    dict->keys[i] = createText(INGOT_STRING, name, strlen(name));
    dict->items[i] = copyState(stateAt(instance, i));
    if (!dict->keys[i] || !dict->items[i]) {
      releaseValue(dict);
      return outOfMemory();
    }
  }
  *out = dict;
  return nullptr;
}

Status *instanceLoadStateDict(Instance *instance, const Value *dict) {
  if (dict->kind != INGOT_DICT)
    return wrongKind("a dict", dict);
  Lock lock(instance);
  if (lock.status)
    return lock.status;
  for (bool write : {false, true}) // all are checked before the first is written
    for (size_t i = 0; i < dict->count; ++i) {
      if (dict->keys[i]->kind != INGOT_STRING)
        return wrongKind("a str as key", dict->keys[i]);
      Found found;
      if (Status *status = findState(instance, dict->keys[i]->text, dict->keys[i]->textSize, found))
        return status;
      if (!write) {
        if (Status *status = checkWrite(found, dict->items[i]))
          return status;
      } else if (found.data) {
        writeRowMajor(found.data, dict->items[i]);
      }
    }
  return nullptr;
}

} // namespace ingot::rt
