//===- Timing.h - times of repeated calls -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUN_TIMING_H
#define INGOT_RUN_TIMING_H

#include "Options.h"

#include <functional>
#include <string>
#include <vector>

namespace ingot::run {

/// Nanoseconds of the monotonic clock.
int64_t wallClock();

struct Times {
  double load = 0, first = 0;   ///< seconds
  std::vector<int64_t> ns, cpu; ///< wall and process-CPU time of each call

  /// Warms up, then times `call` as the options ask: at most --repeat calls,
  /// and with --min-time until these seconds are over, but at least 2.
  void repeat(const Options &options, const std::function<void()> &call);
  /// {"load_s", "first_s", "ns", "cpu", "peak_rss_kb"} in one line.
  std::string json() const;
  /// For people: "load 1.2 ms, first call 3.4 ms" and the calls' statistics.
  std::string text() const;
};

/// Largest resident set of this process so far, in KiB.
int64_t peakResidentKiB();

} // namespace ingot::run

#endif
