//===- Signature.cpp - what a method takes and gives -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "library/Library.h"

#include "value/Api.h"

namespace ingot::rt {

//===----------------------------------------------------------------------===//
// Preparation
//===----------------------------------------------------------------------===//

namespace {
/// Walks an output's type in preorder: once to count, once to fill.
struct OutputWalk {
  Method &method;
  bool fill;
  int32_t names = 0, outputs = 0;
  bool failed = false;

  void visit(const ingot_abi_type &type) {
    if (type.leaf_source == INGOT_ABI_LEAF_OBJECT)
      return; // of run-time structure: named as it is built
    if (type.kind == INGOT_ABI_KIND_TUPLE || type.kind == INGOT_ABI_KIND_OBJECT) {
      if (fill && (type.name || type.names)) {
        method.names[names] = createNames(type.name, type.names, size_t(type.n_children));
        failed |= !method.names[names];
      }
      ++names;
    }
    if (type.kind == INGOT_ABI_KIND_TENSOR && type.leaf_source == INGOT_ABI_LEAF_VALUE && fill &&
        method.outputOfSlot[type.leaf] < 0) {
      method.outputOfSlot[type.leaf] = outputs++;
      method.dtypeOfSlot[type.leaf] = type.dtype;
    }
    for (int32_t i = 0; i < type.n_children; ++i)
      visit(type.children[i]);
  }
};

void markLeaves(const ingot_abi_type &type, bool *marks) {
  if (type.kind == INGOT_ABI_KIND_TENSOR && type.leaf_source == INGOT_ABI_LEAF_VALUE)
    marks[type.leaf] = true;
  for (int32_t i = 0; i < type.n_children; ++i)
    markLeaves(type.children[i], marks);
}
} // namespace

bool prepareMethod(Method &method, const ingot_abi_method &abi, int32_t variant) {
  method.abi = &abi;
  method.function = abi.variants[variant];
  bool mutates = false;
  for (int32_t i = 0; i < abi.n_inputs; ++i)
    mutates |= (abi.inputs[i].access & INGOT_ABI_INPUT_MUTATED) != 0;
  if (mutates) {
    method.leafMutated = static_cast<bool *>(calloc(size_t(abi.n_input_leaves) + 1, sizeof(bool)));
    if (!method.leafMutated)
      return false;
    for (int32_t i = 0; i < abi.n_inputs; ++i)
      if (abi.inputs[i].access & INGOT_ABI_INPUT_MUTATED)
        markLeaves(*abi.inputs[i].type, method.leafMutated);
  }
  OutputWalk count{method, false};
  count.visit(*abi.output);
  method.outputOfSlot = static_cast<int32_t *>(malloc((size_t(abi.n_results) + 1) * 2 * sizeof(int32_t)));
  method.names = static_cast<Names **>(calloc(size_t(count.names) + 1, sizeof(Names *)));
  if (!method.outputOfSlot || !method.names)
    return false;
  method.dtypeOfSlot = method.outputOfSlot + abi.n_results + 1;
  for (int32_t i = 0; i < abi.n_results; ++i)
    method.outputOfSlot[i] = method.dtypeOfSlot[i] = -1;
  method.nameCount = count.names;
  OutputWalk fill{method, true};
  fill.visit(*abi.output);
  method.outputCount = fill.outputs;
  return !fill.failed;
}

void destroyMethod(Method &method) {
  for (int32_t i = 0; method.names && i < method.nameCount; ++i)
    if (method.names[i])
      releaseNames(method.names[i]);
  free(method.names);
  free(method.outputOfSlot);
  free(method.leafMutated);
}

//===----------------------------------------------------------------------===//
// Facts
//===----------------------------------------------------------------------===//

static const ingot_type *wrap(const ingot_abi_type *type) { return reinterpret_cast<const ingot_type *>(type); }
static const ingot_abi_type &unwrap(const ingot_type *type) { return *reinterpret_cast<const ingot_abi_type *>(type); }

void methodInfo(const Method *method, ingot_method_info *out, size_t size) {
  const ingot_abi_method &abi = *method->abi;
  fillInfo(out, size, {abi.name, abi.n_inputs, abi.n_symbols, method->outputCount, 0, wrap(abi.output)});
}

Status *methodInput(const Method *method, size_t index, ingot_input_info *out, size_t size) {
  if (index >= size_t(method->abi->n_inputs)) {
    memset(out, 0, size);
    return makeStatus(INGOT_NOT_FOUND, "no such input");
  }
  const ingot_abi_input &input = method->abi->inputs[index];
  fillInfo(out, size, {input.name, wrap(input.type), input.has_default, input.access & INGOT_ABI_INPUT_MUTATED});
  return nullptr;
}

Status *methodSymbol(const Method *method, size_t index, ingot_symbol_info *out, size_t size) {
  if (index >= size_t(method->abi->n_symbols)) {
    memset(out, 0, size);
    return makeStatus(INGOT_NOT_FOUND, "no such symbol");
  }
  const ingot_abi_symbol &symbol = method->abi->symbols[index];
  fillInfo(out, size, {symbol.name, symbol.min, symbol.max});
  return nullptr;
}

void typeInfo(const ingot_type *handle, ingot_type_info *out, size_t size) {
  const ingot_abi_type &type = unwrap(handle);
  bool constant = type.leaf_source == INGOT_ABI_LEAF_CONSTANT;
  bool named = type.kind == INGOT_ABI_KIND_TUPLE || type.kind == INGOT_ABI_KIND_OBJECT;
  ingot_type_info info = {};
  info.kind = type.kind;
  info.dtype = type.dtype;
  info.rank = type.rank;
  info.child_count = type.kind == INGOT_ABI_KIND_FUTURE ? 1 : type.n_children; // behind it is the error
  info.sizes = type.sizes;
  info.name = named ? type.name : nullptr;
  info.child_names = type.names;
  info.is_constant = constant;
  info.is_input = type.leaf_source == INGOT_ABI_LEAF_INPUT;
  info.constant_int = type.i;
  info.constant_float = type.f;
  info.constant_string = constant && !named ? type.name : nullptr;
  info.any_length = type.leaf_source == INGOT_ABI_LEAF_OBJECT &&
                    (type.kind == INGOT_ABI_KIND_LIST || type.kind == INGOT_ABI_KIND_DICT);
  fillInfo(out, size, info);
}

const ingot_type *typeChild(const ingot_type *handle, size_t index) {
  const ingot_abi_type &type = unwrap(handle);
  return index < size_t(type.n_children) ? wrap(&type.children[index]) : nullptr;
}

} // namespace ingot::rt
