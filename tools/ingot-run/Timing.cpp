//===- Timing.cpp - times of repeated calls -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Timing.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <numeric>
#include <sys/resource.h>
#include <time.h>

using namespace ingot::run;

static int64_t now(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return int64_t(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

int64_t ingot::run::wallClock() { return now(CLOCK_MONOTONIC); }

void Times::repeat(const Options &options, const std::function<void()> &call) {
  for (int64_t i = 0; i < options.warmup; ++i)
    call();
  int64_t most = options.repeat.value_or(std::numeric_limits<int64_t>::max());
  int64_t end = options.minTime ? wallClock() + int64_t(*options.minTime * 1e9) : std::numeric_limits<int64_t>::max();
  size_t room = options.repeat ? std::min<int64_t>(most, 1 << 20) : 4096;
  ns.reserve(room);
  cpu.reserve(room);
  for (int64_t i = 0; i < most;) {
    // The CPU clock is a system call: it stands outside the wall clock's span.
    int64_t cpuBegin = now(CLOCK_PROCESS_CPUTIME_ID), begin = wallClock();
    call();
    int64_t stop = wallClock();
    cpu.push_back(now(CLOCK_PROCESS_CPUTIME_ID) - cpuBegin);
    ns.push_back(stop - begin);
    if (++i >= 2 && stop >= end)
      break;
  }
}

int64_t ingot::run::peakResidentKiB() {
  rusage usage;
  return getrusage(RUSAGE_SELF, &usage) ? 0 : usage.ru_maxrss;
}

static std::string numbers(const std::vector<int64_t> &values) {
  std::string out = "[";
  for (int64_t v : values)
    out += (out.size() > 1 ? "," : "") + std::to_string(v);
  return out + "]";
}

static std::string seconds(double s) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9f", s);
  return text;
}

std::string Times::json() const {
  return "{\"load_s\": " + seconds(load) + ", \"first_s\": " + seconds(first) + ", \"ns\": " + numbers(ns) +
         ", \"cpu\": " + numbers(cpu) + ", \"peak_rss_kb\": " + std::to_string(peakResidentKiB()) + "}";
}

static std::string duration(double ns) {
  char text[32];
  if (ns < 1e3)
    std::snprintf(text, sizeof text, "%.0f ns", ns);
  else if (ns < 1e6)
    std::snprintf(text, sizeof text, "%.2f us", ns / 1e3);
  else if (ns < 1e9)
    std::snprintf(text, sizeof text, "%.2f ms", ns / 1e6);
  else
    std::snprintf(text, sizeof text, "%.3f s", ns / 1e9);
  return text;
}

std::string Times::text() const {
  std::string out = "load " + duration(load * 1e9) + ", first call " + duration(first * 1e9) + ", peak memory " +
                    std::to_string(peakResidentKiB() / 1024) + " MiB\n";
  if (ns.empty())
    return out;
  std::vector<int64_t> sorted = ns;
  std::sort(sorted.begin(), sorted.end());
  double mean = std::accumulate(ns.begin(), ns.end(), 0.0) / double(ns.size());
  double cpuMean = std::accumulate(cpu.begin(), cpu.end(), 0.0) / double(cpu.size());
  return out + std::to_string(ns.size()) + " calls: median " + duration(double(sorted[sorted.size() / 2])) +
         ", fastest " + duration(double(sorted.front())) + ", mean " + duration(mean) + ", slowest " +
         duration(double(sorted.back())) + ", CPU mean " + duration(cpuMean) + "\n";
}
