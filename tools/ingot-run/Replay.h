//===- Replay.h - one call and all that came of it --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_RUN_REPLAY_H
#define INGOT_RUN_REPLAY_H

#include "Arguments.h"
#include "Timing.h"

namespace ingot::run {

/// A call of a method with given arguments.
class Replay {
public:
  /// Makes the inputs' values. `record`: an answer with everything in it is
  /// wanted, so what the call may change is kept and prints are caught.
  Replay(const Library &library, const Instance &instance, Method method, Arguments arguments, bool record);

  /// The first call. Afterwards `raised`, or `answer` and `bytes` when a record
  /// is wanted. Throws UserError for errors that are no result.
  void run(Times &times);
  /// Further calls; prints go nowhere.
  void time(const Options &options, Times &times);

  std::optional<Raised> raised;
  /// out.json and out.bin.
  nlohmann::ordered_json answer;
  std::string bytes;
  /// The answer for people.
  std::string text() const;

private:
  void remember();
  void report();
  bool inputsChanged() const;
  nlohmann::ordered_json changedStates(TreeWriter &writer) const;
  ingot_value *call(ingot_status *&status);

  const Library &library;
  const Instance &instance;
  Method method;
  Arguments arguments;
  bool record;
  TreeReader reader;
  BoundInputs bound;
  std::vector<ingot_value *> raw; ///< borrowed from `bound`
  Value result;
  std::string printed;
  std::map<int64_t, std::string> bytesBefore;
  std::map<std::string, Value> statesBefore;
};

} // namespace ingot::run

#endif
