//===- Check.h - an answer against the recorded one -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUN_CHECK_H
#define INGOT_RUN_CHECK_H

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace ingot::run {

/// First difference of `answer` (as in out.json, its tensors in
/// `answerData`) from what `recorded` (a case.json) expects, or "".
/// Tolerances are torch.testing's, by dtype.
std::string checkAnswer(const nlohmann::ordered_json &recorded, std::string_view recordedData,
                        const nlohmann::ordered_json &answer, std::string_view answerData);

} // namespace ingot::run

#endif
