//===- Table.cpp - the function table --------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/Thread.h"
#include "library/Call.h"
#include "library/Election.h"
#include "library/Operators.h"
#include "task/Executor.h"
#include "value/Api.h"
#include "value/DType.h"

namespace ingot::rt {

static Status *checkedSetNumThreads(int32_t count) {
  if (count >= 1 && count <= kMaxThreads) {
    setNumThreads(count);
    return nullptr;
  }
  Text text;
  return makeStatus(INGOT_INVALID_ARGUMENT,
                    text << "the number of threads is " << count << ", expected 1 to " << kMaxThreads);
}

static Status *createStatus(int32_t code, const char *type, const char *message) {
  return makeStatus(ingot_code(code), message, type);
}

static void trimMemory() {
  trimThread();
  trimSharedBlocks();
}

// Designated, so that a function can't land in another's place.
constinit const ingot_api apiTable = {
    .size = sizeof(ingot_api),
    .api_major = INGOT_API_MAJOR,
    .api_minor = INGOT_API_MINOR,
    .reserved = 0,
    .library_create = libraryCreate,
    .library_retain = libraryRetain,
    .library_release = libraryRelease,
    .library_info = libraryInfo,
    .library_method = libraryMethod,
    .library_method_at = libraryMethodAt,
    .library_state_info = libraryStateInfo,
    .method_info = methodInfo,
    .method_input_info = methodInput,
    .method_symbol_info = methodSymbol,
    .type_info = typeInfo,
    .type_child = typeChild,
    .instance_create = instanceCreate,
    .instance_clone = instanceClone,
    .instance_retain = instanceRetain,
    .instance_release = instanceRelease,
    .instance_library = instanceLibrary,
    .instance_get_state = instanceGetState,
    .instance_set_state = instanceSetState,
    .instance_state_dict = instanceStateDict,
    .instance_load_state_dict = instanceLoadStateDict,
    .value_create_none = valueNone,
    .value_create_int = valueInt,
    .value_create_float = valueFloat,
    .value_create_bool = valueBool,
    .value_create_complex = valueComplex,
    .value_create_string = valueString,
    .value_create_dtype = valueDType,
    .value_create_device = valueDevice,
    .value_create_sequence = valueSequence,
    .value_create_dict = valueDict,
    .value_create_tensor = valueTensor,
    .value_create_empty = valueEmpty,
    .value_create_view = valueView,
    .value_from_dlpack = valueFromDLPack,
    .value_to_dlpack = valueToDLPack,
    .value_from_dlpack_unversioned = valueFromDLPackUnversioned,
    .value_to_dlpack_unversioned = valueToDLPackUnversioned,
    .value_retain = valueRetain,
    .value_release = valueRelease,
    .value_kind = valueKind,
    .value_get_int = valueGetInt,
    .value_get_float = valueGetFloat,
    .value_get_complex = valueGetComplex,
    .value_get_string = valueGetString,
    .value_get_tensor = valueGetTensor,
    .value_size = valueSize,
    .value_item = valueItem,
    .value_key = valueKey,
    .value_name = valueName,
    .value_class_name = valueClassName,
    .call = callMethod,
    .async_start = asyncStart,
    .async_wait = asyncWait,
    .async_wait_until = asyncWaitUntil,
    .async_cancel = asyncCancel,
    .async_retain = asyncRetain,
    .async_release = asyncRelease,
    .set_num_threads = checkedSetNumThreads,
    .get_num_threads = numThreads,
    .set_print_callback = setPrintCallback,
    .trim_memory = trimMemory,
    .dtype_name = dtypeName,
    .dtype_size = dtypeSize,
    .instance_manual_seed = instanceManualSeed,
    .status_create = createStatus,
    .register_operator = registerOperator,
    .register_class = registerClass,
    .library_operator = libraryOperator,
    .value_create_script_object = scriptObjectCreate,
    .value_get_script_object = scriptObjectGet,
    .set_warning_callback = setWarningCallback,
    .value_error = valueError,
};

} // namespace ingot::rt
