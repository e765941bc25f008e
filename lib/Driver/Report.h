//===- Report.h - what became of each operator ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_DRIVER_REPORT_H
#define INGOT_LIB_DRIVER_REPORT_H

#include "ingot/Conversion/ScriptToGraph.h"

namespace ingot {

/// {"version": 1, "totals": {how: n}, "operators": [{"name", "how", "count",
/// "reason"?, "lines": [{"location", "count"}]}]}, sorted: stable from run to run.
bool writeReport(const std::string &path, const NormalizeReport &report, std::string &error);

} // namespace ingot

#endif
