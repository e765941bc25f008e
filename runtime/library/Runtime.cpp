//===- Runtime.cpp - what generated code calls -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions of ingot_abi_runtime; artifact.h says what each promises.
#include "base/Futex.h"
#include "base/Thread.h"
#include "library/Call.h"
#include "object/Object.h"
#include "task/Executor.h"
#include "value/DType.h"

#include <stdio.h>

namespace ingot::rt {

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

static void *abiArena(ingot_abi_call *abi, uint64_t nbytes) {
  CallContext *call = CallContext::of(abi);
  void *memory = call->arena.allocate(nbytes);
  if (INGOT_UNLIKELY(!memory))
    call->fail(outOfMemory());
  return memory;
}

/// Whether a result of `nbytes` can be computed in the caller's tensor: dense,
/// aligned, and apart from all that the method reads.
static bool canWriteInto(const CallContext &call, const Value *output, uint64_t nbytes, int32_t slot) {
  if (output->kind != INGOT_TENSOR)
    return false;
  const ingot_abi_tensor &tensor = output->tensor;
  if (tensor.dtype != call.method->dtypeOfSlot[slot] || !isDense(tensor.sizes, tensor.strides, tensor.rank) ||
      reinterpret_cast<uintptr_t>(tensor.data) % kAlignment ||
      uint64_t(elementCount(tensor.sizes, tensor.rank)) * dtypeSize(tensor.dtype) != nbytes)
    return false;
  Extent extent = extentOf(tensor);
  for (int32_t i = 0; i < call.method->abi->n_input_leaves; ++i) {
    const Value *input = call.leafValues[size_t(i)];
    if (input && input->kind == INGOT_TENSOR && extent.overlaps(extentOf(input->tensor)))
      return false;
  }
  const Library &library = *call.instance->library;
  for (int32_t i = 0; i < library.artifact->n_mutable_states; ++i) {
    const Storage *state = call.instance->storages[i];
    if (extent.overlaps({state->base, state->end()}))
      return false;
  }
  // Nor the place of another result.
  for (size_t i = 0; i < call.blocks.size; ++i)
    if (extent.overlaps({call.blocks[i]->base, call.blocks[i]->end()}))
      return false;
  return true;
}

static void *abiResultBlock(ingot_abi_call *abi, uint64_t nbytes, int32_t slot) {
  CallContext *call = CallContext::of(abi);
  Storage *storage = nullptr;
  char *memory = nullptr;
  if (Value *output = callerOutput(*call, slot); INGOT_UNLIKELY(output && canWriteInto(*call, output, nbytes, slot))) {
    storage = static_cast<Storage *>(output->tensor.storage);
    storage->refs.retain();
    memory = static_cast<char *>(output->tensor.data);
  } else {
    storage = createStorage(nbytes, call->allocator);
    memory = storage ? storage->base : nullptr;
  }
  if (INGOT_UNLIKELY(!storage || !call->blocks.push(storage))) {
    if (storage)
      releaseStorage(storage);
    call->fail(outOfMemory());
    return nullptr;
  }
  return memory;
}

static void *abiWorkerScratch(uint64_t nbytes) {
  ThreadContext *thread = threadContext();
  if (!thread)
    return nullptr;
  // A kernel's loop inside another kernel's chunk must not take that one's
  // block.
  int depth = thread->loopDepth < kScratchDepth ? thread->loopDepth : kScratchDepth - 1;
  void *&block = thread->scratch[depth];
  size_t &size = thread->scratchSize[depth];
  if (INGOT_LIKELY(nbytes <= size))
    return block;
  if (block)
    freeBlock(block, size);
  uint64_t wanted = maxOf<uint64_t>(nbytes, 4096);
  block = allocateBlock(wanted);
  size = block ? wanted : 0;
  return block;
}

static void *abiKernelScratch(ingot_abi_call *abi, uint64_t nbytes) {
  void *block = abiWorkerScratch(nbytes);
  if (INGOT_UNLIKELY(!block))
    CallContext::of(abi)->fail(outOfMemory());
  return block;
}

static void *abiContiguous(ingot_abi_call *abi, const ingot_abi_tensor *tensor) {
  // Without elements there may be no memory; null would be an error.
  alignas(64) static char nothing[64];
  if (INGOT_LIKELY(isDense(tensor->sizes, tensor->strides, tensor->rank)))
    return INGOT_LIKELY(tensor->data != nullptr) ? tensor->data : nothing;
  size_t elementSize = dtypeSize(tensor->dtype);
  int64_t strides[kMaxRank];
  uint64_t nbytes = 0;
  rowMajor(tensor->sizes, tensor->rank, elementSize, strides, nbytes);
  void *memory = abiArena(abi, nbytes);
  if (memory)
    copyStrided(memory, strides, tensor->data, tensor->strides, tensor->sizes, tensor->rank, int32_t(elementSize));
  return memory;
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

static void setResult(CallContext &call, int32_t slot, Value *value) {
  if (INGOT_UNLIKELY(!value)) {
    call.fail(outOfMemory());
    return;
  }
  ResultSlot &result = call.results[size_t(slot)];
  if (INGOT_UNLIKELY(result.state == ResultSlot::Object))
    releaseValue(result.value);
  result.state = ResultSlot::Object;
  result.value = value;
}

static bool inside(const Storage *storage, const void *data) {
  return data >= static_cast<const void *>(storage->base) && data < static_cast<const void *>(storage->end());
}

/// The storage whose memory begins at `base`, or that holds `data`; a
/// reference, null when there is none: memory of the arena or a constant.
static Storage *findStorage(CallContext &call, const void *base, const void *data) {
  auto take = [](Storage *storage) {
    storage->refs.retain();
    return storage;
  };
  const Library &library = *call.instance->library;
  int32_t leaves = call.method->abi->n_input_leaves, states = library.artifact->n_mutable_states;
  for (size_t i = call.blocks.size; i-- > 0;)
    if (INGOT_LIKELY(call.blocks[i]->base == base))
      return take(call.blocks[i]);
  auto isTensor = [](const Value *value) { return value && value->kind == INGOT_TENSOR; };
  for (int32_t i = 0; i < leaves; ++i)
    if (Value *value = call.leafValues[size_t(i)]; isTensor(value) && value->tensor.data == base && base)
      return take(static_cast<Storage *>(value->tensor.storage));
  for (int32_t i = 0; i < states; ++i)
    if (call.instance->storages[i]->base == base)
      return take(call.instance->storages[i]);
  for (size_t i = call.blocks.size; i-- > 0;)
    if (inside(call.blocks[i], data))
      return take(call.blocks[i]);
  for (int32_t i = 0; i < leaves; ++i)
    if (Value *value = call.leafValues[size_t(i)];
        isTensor(value) && inside(static_cast<Storage *>(value->tensor.storage), data))
      return take(static_cast<Storage *>(value->tensor.storage));
  for (int32_t i = 0; i < states; ++i)
    if (inside(call.instance->storages[i], data))
      return take(call.instance->storages[i]);
  // Tensors within lists and dicts.
  for (Object *object : call.objects)
    if (object->kind == INGOT_TENSOR)
      if (auto *storage = static_cast<Storage *>(static_cast<TensorBox *>(object)->value->tensor.storage);
          inside(storage, data))
        return take(storage);
  return nullptr;
}

/// Writes the result where the caller wants it. Null: the error is set.
static Value *writeCallerOutput(CallContext &call, int32_t slot, Value *output, const ingot_abi_tensor &result,
                                bool sameStorage) {
  bool fits =
      output->kind == INGOT_TENSOR && output->tensor.dtype == result.dtype && output->tensor.rank == result.rank;
  for (int32_t d = 0; fits && d < result.rank; ++d)
    fits = output->tensor.sizes[d] == result.sizes[d];
  if (!fits) {
    Text text;
    text << "output " << call.method->outputOfSlot[slot] << ": found ";
    describeValue(output, text);
    text << ", the result is " << dtypeName(result.dtype);
    call.fail(makeStatus(INGOT_INVALID_ARGUMENT, text.addSizes(result.sizes, result.rank)));
    return nullptr;
  }
  const ingot_abi_tensor &target = output->tensor;
  if (isExpanded(target)) {
    Text text;
    text << "output " << call.method->outputOfSlot[slot] << ": several elements of the tensor have one place in memory";
    call.fail(makeStatus(INGOT_INVALID_ARGUMENT, text));
    return nullptr;
  }
  output->refs.retain();
  if (target.data == result.data && sameStorage) {
    bool same = true;
    for (int32_t d = 0; d < result.rank; ++d)
      same &= target.sizes[d] <= 1 || target.strides[d] == result.strides[d];
    if (same)
      return output;
  }
  const void *source = result.data;
  const int64_t *sourceStrides = result.strides;
  auto elementSize = int32_t(dtypeSize(result.dtype));
  int64_t strides[kMaxRank];
  if (extentOf(target).overlaps(extentOf(result))) {
    uint64_t nbytes = 0;
    rowMajor(result.sizes, result.rank, size_t(elementSize), strides, nbytes);
    void *copy = abiArena(&call.abi, nbytes);
    if (!copy) {
      releaseValue(output);
      return nullptr;
    }
    copyStrided(copy, strides, source, sourceStrides, result.sizes, result.rank, elementSize);
    source = copy;
    sourceStrides = strides;
  }
  copyStrided(target.data, target.strides, source, sourceStrides, result.sizes, result.rank, elementSize);
  return output;
}

/// The tensor as a value of its storage; memory of the arena and constants are
/// copied. Null: out of memory.
static Value *makeTensor(CallContext &call, Storage *storage, void *data, const ingot_abi_tensor &result) {
  if (INGOT_UNLIKELY(!storage)) {
    // The arena ends with the call, and constants are read-only: a copy.
    Extent extent = extentOf(result);
    auto nbytes = uint64_t(extent.end - extent.begin);
    storage = createStorage(nbytes, call.allocator);
    if (!storage)
      return nullptr;
    if (nbytes)
      memcpy(storage->base, extent.begin, nbytes);
    data = storage->base + (static_cast<char *>(data) - extent.begin);
  }
  return createTensor(storage, data, result.dtype, result.rank, result.sizes, result.strides);
}

static void abiReturnTensor(ingot_abi_call *abi, int32_t slot, void *base, void *data, int32_t dtype, int32_t rank,
                            const int64_t *sizes, const int64_t *strides) {
  CallContext *call = CallContext::of(abi);
  Storage *storage = findStorage(*call, base, data);
  ingot_abi_tensor result = {data, sizes, strides, storage, dtype, rank};
  if (Value *output = callerOutput(*call, slot); INGOT_UNLIKELY(output != nullptr)) {
    Value *value = writeCallerOutput(*call, slot, output, result,
                                     output->kind == INGOT_TENSOR && output->tensor.storage == storage);
    if (storage)
      releaseStorage(storage);
    if (value)
      setResult(*call, slot, value);
    return;
  }
  setResult(*call, slot, makeTensor(*call, storage, data, result));
}

static void setNumber(ingot_abi_call *abi, int32_t slot, ResultSlot::State state, int64_t integer, double real) {
  ResultSlot &result = CallContext::of(abi)->results[size_t(slot)];
  if (result.state == ResultSlot::Object)
    releaseValue(result.value);
  result.state = state;
  result.integer = integer;
  result.real = real;
}
static void abiReturnInt(ingot_abi_call *abi, int32_t slot, int64_t value) {
  setNumber(abi, slot, ResultSlot::Integer, value, 0);
}
static void abiReturnFloat(ingot_abi_call *abi, int32_t slot, double value) {
  setNumber(abi, slot, ResultSlot::Real, 0, value);
}
static void abiReturnComplex(ingot_abi_call *abi, int32_t slot, double re, double im) {
  setResult(*CallContext::of(abi), slot, createComplex(re, im));
}
static void abiReturnString(ingot_abi_call *abi, int32_t slot, const char *data, int64_t size) {
  setResult(*CallContext::of(abi), slot, createText(INGOT_STRING, data, size_t(size)));
}

//===----------------------------------------------------------------------===//
// Objects
//===----------------------------------------------------------------------===//

static void abiReturnObject(ingot_abi_call *abi, int32_t slot, Object *object) {
  CallContext *call = CallContext::of(abi);
  ResultSlot &result = call->results[size_t(slot)];
  if (result.state == ResultSlot::Object)
    releaseValue(result.value);
  // Borrowed: the call keeps it until its output is built.
  result.state = ResultSlot::Borrowed;
  result.object = object;
}

static Object *abiBoxTensor(ingot_abi_call *abi, void *base, void *data, int32_t dtype, int32_t rank,
                            const int64_t *sizes, const int64_t *strides) {
  CallContext *call = CallContext::of(abi);
  // An argument as it came in is that very tensor.
  size_t dims = size_t(rank) * sizeof(int64_t);
  for (int32_t i = 0; base && i < call->method->abi->n_input_leaves; ++i)
    if (Value *given = call->leafValues[size_t(i)];
        given && given->kind == INGOT_TENSOR && given->tensor.data == data && given->tensor.dtype == dtype &&
        given->tensor.rank == rank && memcmp(given->tensor.sizes, sizes, dims) == 0 &&
        memcmp(given->tensor.strides, strides, dims) == 0)
      return own(*call, newTensorBox(given));
  Storage *storage = base ? findStorage(*call, base, data) : nullptr;
  // A copy that is written: no two of its elements are one.
  int64_t dense[kMaxRank];
  for (int32_t d = 0; !base && d < rank; ++d)
    if (strides[d] == 0 && sizes[d] > 1) {
      auto elementSize = int32_t(dtypeSize(dtype));
      uint64_t nbytes = 0;
      rowMajor(sizes, rank, size_t(elementSize), dense, nbytes);
      void *copy = abiArena(abi, nbytes);
      if (!copy)
        return nullptr;
      copyStrided(copy, dense, data, strides, sizes, rank, elementSize);
      data = copy;
      strides = dense;
    }
  Value *value = makeTensor(*call, storage, data, {data, sizes, strides, storage, dtype, rank});
  Object *box = value ? newTensorBox(value) : nullptr;
  if (value)
    releaseValue(value);
  return own(*call, box);
}

static const ingot_abi_tensor *abiUnboxTensor(ingot_abi_call *abi, Object *object, int32_t dtype, int32_t rank) {
  CallContext *call = CallContext::of(abi);
  Text text;
  if (INGOT_UNLIKELY(object->kind != INGOT_TENSOR)) {
    raise(*call, "RuntimeError",
          text << "expected a tensor, found " << (object->kind == INGOT_NONE ? "None" : kindName(object->kind)));
    return nullptr;
  }
  const Value *value = static_cast<TensorBox *>(object)->value;
  if (INGOT_LIKELY(value->tensor.dtype == dtype && value->tensor.rank == rank))
    return &value->tensor;
  text << "the program was compiled for a tensor of dtype " << dtypeName(dtype) << " and rank " << rank
       << " here, found ";
  describeValue(value, text);
  call->fail(makeStatus(INGOT_INVALID_ARGUMENT, text));
  return nullptr;
}

static int32_t abiLocate(ingot_abi_call *abi, const char *where) {
  CallContext *call = CallContext::of(abi);
  Status *status = call->error.load(std::memory_order_acquire);
  if (!status)
    return INGOT_PROGRAM_ERROR;
  int32_t code = status->code;
  if (status->where || status == outOfMemory())
    return code;
  Status *located = makeStatus(ingot_code(code), status->message, status->type, where);
  if (call->error.compare_exchange_strong(status, located, std::memory_order_acq_rel))
    ingot_status_release(status);
  else
    ingot_status_release(located);
  return code;
}

//===----------------------------------------------------------------------===//
// Loops, errors, printing
//===----------------------------------------------------------------------===//

static void abiParallelFor(ingot_abi_call *, ingot_abi_kernel kernel, void *context, int64_t n, int64_t grain) {
  if (INGOT_LIKELY(n <= grain)) {
    if (n > 0)
      runChunk(kernel, context, 0, n);
    return;
  }
  executor().parallelFor(kernel, context, n, grain);
}

static int32_t abiRaise(ingot_abi_call *abi, int32_t kind, const char *type, const char *message, const char *where,
                        const int64_t *args, int32_t argCount) {
  Text text;
  for (const char *at = message; *at;) {
    if (*at == '{') {
      char *end;
      long index = at[1] >= '0' && at[1] <= '9' ? strtol(at + 1, &end, 10) : -1;
      if (index >= 0 && *end == '}' && index < argCount) {
        text << args[index];
        at = end + 1;
        continue;
      }
    }
    size_t plain = 1 + strcspn(at + 1, "{");
    text.add(at, plain);
    at += plain;
  }
  auto code = kind == INGOT_ABI_RAISE_ARGUMENT ? INGOT_INVALID_ARGUMENT : INGOT_PROGRAM_ERROR;
  CallContext::of(abi)->fail(makeStatus(code, text.str(), type, where));
  return code;
}

static pthread_mutex_t printLock = PTHREAD_MUTEX_INITIALIZER;
static ingot_print_callback printCallback;
static void *printContext;

void setPrintCallback(ingot_print_callback callback, void *context) {
  LockGuard guard(printLock);
  printCallback = callback;
  printContext = context;
}

static void abiPrint(ingot_abi_call *, const char *text, int64_t size) {
  LockGuard guard(printLock);
  if (printCallback)
    printCallback(printContext, text, size_t(size));
  else
    fwrite(text, 1, size_t(size), stdout);
}

static int32_t abiCancelled(ingot_abi_call *abi) {
  CallContext *call = CallContext::of(abi);
  if (INGOT_LIKELY(!abi->watched) || !call->cancelled())
    return 0;
  Status *status = call->error.load(std::memory_order_acquire);
  return status->code;
}

const ingot_abi_runtime abiRuntime = {sizeof(ingot_abi_runtime),
                                      INGOT_ABI_MAJOR,
                                      INGOT_ABI_MINOR,
                                      0,
                                      abiArena,
                                      abiResultBlock,
                                      abiReturnTensor,
                                      abiReturnInt,
                                      abiReturnFloat,
                                      abiParallelFor,
                                      abiWorkerScratch,
                                      abiRaise,
                                      abiContiguous,
                                      copyStrided,
                                      abiPrint,
                                      abiCancelled,
                                      abiReturnComplex,
                                      abiReturnString,
                                      &objectTable,
                                      abiReturnObject,
                                      abiBoxTensor,
                                      abiUnboxTensor,
                                      abiLocate,
                                      abiFork,
                                      abiJoin,
                                      abiKernelScratch};

} // namespace ingot::rt
