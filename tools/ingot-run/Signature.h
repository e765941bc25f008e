//===- Signature.h - what a library offers ----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUN_SIGNATURE_H
#define INGOT_RUN_SIGNATURE_H

#include "ingot.hpp"
#include <string>

namespace ingot::run {

/// "f32[N,3]", "(int, {'a': f32[?]})": a type as --input writes it.
std::string typeText(const Method &method, const ingot_type *type);
/// For people, ends with a newline.
std::string signatureText(const Library &library);
/// One line, without a newline; docs/ingot-run.md describes it.
std::string signatureJson(const Library &library);

} // namespace ingot::run

#endif
