//===- Report.cpp - --report FILE.json --------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Report.h"
#include "Output.h"

#include "llvm/Support/JSON.h"
#include <map>

using namespace ingot;

bool ingot::writeReport(const std::string &path, const NormalizeReport &report, std::string &error) {
  struct Entry {
    int64_t count = 0;
    std::string reason;
    std::map<std::string, int64_t> lines;
  };
  std::map<std::pair<std::string, std::string>, Entry> operators;
  std::map<std::string, int64_t> totals = {
      {"native", 0}, {"decomposed", 0}, {"custom", 0}, {"fallback", 0}, {"refused", 0}};
  for (const OperatorUse &use : report.uses) {
    Entry &entry = operators[{use.name, use.how}];
    ++entry.count;
    ++totals[use.how];
    if (entry.reason.empty())
      entry.reason = use.reason;
    ++entry.lines[use.location];
  }
  Output output(path);
  if (!output.open()) {
    error = output.error();
    return false;
  }
  llvm::json::OStream json(output.os(), 2);
  json.object([&] {
    json.attribute("version", 1);
    json.attributeObject("totals", [&] {
      for (auto &[how, count] : totals)
        json.attribute(how, count);
    });
    json.attributeArray("operators", [&] {
      for (auto &[key, entry] : operators)
        json.object([&] {
          json.attribute("name", key.first);
          json.attribute("how", key.second);
          json.attribute("count", entry.count);
          if (!entry.reason.empty())
            json.attribute("reason", entry.reason);
          json.attributeArray("lines", [&] {
            for (auto &[location, count] : entry.lines)
              json.object([&] {
                json.attribute("location", location);
                json.attribute("count", count);
              });
          });
        });
    });
  });
  output.os() << "\n";
  if (!output.commit()) {
    error = output.error();
    return false;
  }
  return true;
}
