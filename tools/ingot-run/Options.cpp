//===- Options.cpp - command line of ingot-run ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Options.h"
#include "Error.h"

#include <cerrno>
#include <cmath>
#include <cstdlib>

using namespace ingot::run;

const char *ingot::run::usageText() {
  return R"(usage:
  ingot-run LIB.so --signature [--json]
  ingot-run LIB.so [--method M] (--case CASE | --input NAME=VALUE ...) [options]

Loads a library made by ingotc, calls one of its methods and reports the answer.

  --signature        print the methods, their inputs and outputs, and the state
  --method M         the method to call (default: the case's, or forward)
  --case CASE        a recorded case: its folder, or the case.json in it
  --input NAME=VALUE one input, by name or position; VALUE is one of
                       FILE.npy               an array in NumPy's format
                       rand:f32[1,3,224,224]  random numbers, the same each time
                       int:7  float:0.5  bool:true  str:TEXT  none
  --check            compare with the case's expected outputs; exit 1 if they differ
  --out DIR          write out.json and out.bin there
  --repeat N         then time N calls (at most N, with --min-time)
  --min-time SECONDS time calls until SECONDS are over, at least 2
  --warmup N         calls before the timed ones (default 0)
  --operators LIB.so a library of custom operators, repeatable: its
                     ingot_register_operators is called
  --threads N        threads of the worker pool
  --json             one line of JSON instead of text
  --help, --version

Exit codes: 0 done, 1 the user's mistake, an error of the program, or a failed
check (one line on stderr), 2 wrong usage. With --out, an exception of the
program and an argument that its schema refuses are results: exit code 0 and
"raises" in out.json.
)";
}

static int64_t parseCount(const std::string &flag, const std::string &text, int64_t min) {
  errno = 0;
  char *end = nullptr;
  long long v = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || *end || errno || v < min)
    throw UsageError(flag + ": expected a whole number of at least " + std::to_string(min) + ", found '" + text + "'");
  return v;
}

static double parseSeconds(const std::string &flag, const std::string &text) {
  char *end = nullptr;
  double v = std::strtod(text.c_str(), &end);
  if (text.empty() || *end || !std::isfinite(v) || v < 0)
    throw UsageError(flag + ": expected seconds, found '" + text + "'");
  return v;
}

Options ingot::run::parseOptions(int argc, char **argv) {
  Options o;
  for (int i = 1; i < argc; ++i) {
    std::string arg = argv[i], value;
    bool hasValue = false;
    if (arg.rfind("--", 0) == 0) {
      if (size_t eq = arg.find('='); eq != std::string::npos) {
        value = arg.substr(eq + 1);
        arg.resize(eq);
        hasValue = true;
      }
    }
    auto take = [&]() -> const std::string & {
      if (!hasValue) {
        if (i + 1 >= argc)
          throw UsageError(arg + " needs a value");
        value = argv[++i];
      }
      hasValue = false;
      return value;
    };
    if (arg == "--signature")
      o.signature = true;
    else if (arg == "--json")
      o.json = true;
    else if (arg == "--check")
      o.check = true;
    else if (arg == "--help" || arg == "-h")
      o.help = true;
    else if (arg == "--version")
      o.version = true;
    else if (arg == "--case")
      o.casePath = take();
    else if (arg == "--operators")
      o.operators.push_back(take());
    else if (arg == "--method")
      o.method = take();
    else if (arg == "--out")
      o.outDir = take();
    else if (arg == "--repeat")
      o.repeat = parseCount(arg, take(), 1);
    else if (arg == "--warmup")
      o.warmup = parseCount(arg, take(), 0);
    else if (arg == "--threads") {
      int64_t n = parseCount(arg, take(), 1);
      if (n > 1024)
        throw UsageError("--threads: at most 1024, found " + std::to_string(n));
      o.threads = static_cast<int32_t>(n);
    } else if (arg == "--min-time")
      o.minTime = parseSeconds(arg, take());
    else if (arg == "--input") {
      const std::string &text = take();
      size_t eq = text.find('=');
      if (eq == std::string::npos || eq == 0)
        throw UsageError("--input: expected NAME=VALUE, found '" + text + "'");
      o.inputs.emplace_back(text.substr(0, eq), text.substr(eq + 1));
    } else if (arg.size() > 1 && arg[0] == '-')
      throw UsageError("unknown option '" + arg + "'");
    else if (o.library.empty())
      o.library = arg;
    else
      throw UsageError("more than one library: '" + o.library + "' and '" + arg + "'");
    if (hasValue)
      throw UsageError(arg + " takes no value");
  }
  if (o.help || o.version)
    return o;
  if (o.library.empty())
    throw UsageError("no library given");
  if (o.casePath && !o.inputs.empty())
    throw UsageError("--case and --input exclude each other");
  if (o.check && !o.casePath)
    throw UsageError("--check needs --case");
  if (o.signature && (o.casePath || !o.inputs.empty() || o.outDir || o.timed()))
    throw UsageError("--signature takes no --case, --input, --out or timing");
  if (o.warmup && !o.timed())
    throw UsageError("--warmup needs --repeat or --min-time");
  return o;
}
