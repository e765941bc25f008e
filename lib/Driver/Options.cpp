//===- Options.cpp - ingotc's command line ----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// By hand: llvm::cl would list the hundreds of options that libLLVM registers.
#include "ingot/Driver/Options.h"

#include "ingot/Driver/InputSpecParser.h"
#include "ingot/Support/CustomOperators.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace ingot;
using llvm::StringRef;
using llvm::Twine;

std::string ingot::versionText() { return "ingotc " INGOT_VERSION " (LLVM " LLVM_VERSION_STRING ", PyTorch 2.13)\n"; }

std::string ingot::helpText() {
  std::string text = R"(Usage: ingotc MODEL(.pt|.pt2|.mlir) [options]
Compiles a saved PyTorch program to one shared library with a plain C API.

  -o FILE                  the output; default: MODEL's name with .so, in this folder
  --input [METHOD:]NAME=TYPE
                           type of an input, repeatable. TYPE: f32[?,3,N], i64, f64, bool,
                           str, None, Optional[T], List[T], (T, T), {'key': T}; a size is a
                           number, a name (equal names, equal sizes) or ?
  --case CASE              types of the inputs from a recorded case (folder or case.json)
  --method NAME            a method to compile, repeatable; default: forward
  --cpu=native|portable|NAME
                           this machine, any x86-64 (three variants in one file), or a CPU
  --constants=embed|FILE   weights inside the library, or in FILE (relative to its folder)
  --operators FILE         schemas of custom operators, one a line, repeatable:
                           space::name(Tensor x, int n) -> Tensor [effect=KEY] [results=f32[?]]
  --link FILE              an object or archive with ingot_register_operators, for the library
  --elide-forks=on|off     off: every fork with work of its own becomes a task, however small
  --winograd=on|off        off: 3x3 convolutions multiply as they are written: smaller file, slower
  --sanitize=address|thread
                           checks accesses to memory, or races; for programs built with that sanitizer
  --report FILE.json       what became of each operator
  --emit=so|obj|asm|llvm   a shared library, an object, assembly or LLVM IR
  --stop-after=PHASE       write the program as it is after PHASE (to -o, default: stdout)
  --tokens=lifted|unlifted tokens of effects in that text: arguments and results, or inside
  --start-from=PHASE       MODEL is a .mlir whose next phase is PHASE
  --dump-phases=DIR        write the program after each phase to DIR
  -O0, -O1, -O2, -O3       optimisation level; default: -O2
  -j N                     threads; default: one for each core
  --help, --version

Phases, and what is true when they end:
)";
  for (const PhaseInfo &info : phases())
    text += ("  " + info.name + std::string(12 - info.name.size(), ' ') + info.description + "\n").str();
  text += R"(
Exit codes: 0 done, 1 the program or a file is wrong (one message on stderr), 2 wrong usage.
)";
  return text;
}

namespace {

/// Takes `--name value` and `--name=value`.
class Arguments {
public:
  Arguments(llvm::ArrayRef<const char *> args, std::string &error) : args(args), error(error) {}
  bool done() const { return next == args.size(); }
  StringRef take() { return args[next++]; }
  /// Whether `arg` is the option `name`; then `value` is its value, from the
  /// argument itself or from the next one. Check `error` after.
  bool is(StringRef arg, StringRef name, StringRef &value) {
    if (!arg.consume_front(name))
      return false;
    if (!arg.empty() && arg.front() != '=')
      return false;
    if (arg.consume_front("="))
      value = arg;
    else if (!done())
      value = take();
    if (value.empty() && error.empty())
      error = (name + " needs a value").str();
    return true;
  }

private:
  llvm::ArrayRef<const char *> args;
  size_t next = 0;
  std::string &error;
};

} // namespace

static bool readOperators(StringRef path, std::string &error) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    error = ("cannot read '" + path + "': " + buffer.getError().message()).str();
  else if (std::string problem = schema::declareOperators((*buffer)->getBuffer()); !problem.empty())
    error = ("'" + path + "', " + problem).str();
  return error.empty();
}

static constexpr unsigned kMaxJobs = 1024;

bool ingot::parseOptions(llvm::ArrayRef<const char *> args, DriverOptions &options, std::string &error,
                         bool &userError) {
  Arguments arguments(args, error);
  userError = false;
  auto phase = [&](StringRef name, StringRef option) -> std::optional<Phase> {
    auto found = parsePhase(name);
    if (!found) {
      error = (option + ": unknown phase '" + name + "'; the phases are").str();
      for (const PhaseInfo &info : phases())
        error += (" " + info.name).str();
    }
    return found;
  };
  std::string caseMethod;
  while (!arguments.done() && error.empty()) {
    StringRef arg = arguments.take(), value;
    if (arg == "--help" || arg == "-h") {
      options.help = true;
    } else if (arg == "--version") {
      options.version = true;
    } else if (arg == "-O0" || arg == "-O1" || arg == "-O2" || arg == "-O3") {
      options.optLevel = arg.back() - '0';
    } else if (arguments.is(arg, "-o", value)) {
      options.output = value.str();
    } else if (arguments.is(arg, "--input", value)) {
      InputSpec spec;
      std::string why;
      if (error.empty() && !parseInputSpec(value, spec, why))
        error = "--input: " + why;
      options.inputs.push_back(std::move(spec));
    } else if (arguments.is(arg, "--case", value)) {
      if (error.empty() && !parseCase(value, options.inputs, caseMethod, error))
        userError = true;
    } else if (arguments.is(arg, "--method", value)) {
      if (!llvm::is_contained(options.methods, value))
        options.methods.push_back(value.str());
    } else if (arguments.is(arg, "--cpu", value)) {
      options.cpu = value.str();
    } else if (arguments.is(arg, "--constants", value)) {
      options.constantsFile = value == "embed" ? "" : value.str();
    } else if (arguments.is(arg, "--operators", value)) {
      if (error.empty() && !readOperators(value, error))
        userError = true;
    } else if (arguments.is(arg, "--tokens", value)) {
      options.tokens = value == "lifted" ? DriverOptions::Tokens::Lifted : DriverOptions::Tokens::Unlifted;
      if (error.empty() && value != "lifted" && value != "unlifted")
        error = ("--tokens is lifted or unlifted, not '" + value + "'").str();
    } else if (arguments.is(arg, "--link", value)) {
      options.operatorObjects.push_back(value.str());
    } else if (arguments.is(arg, "--elide-forks", value) || arguments.is(arg, "--winograd", value)) {
      StringRef name = arg.take_until([](char c) { return c == '='; });
      (name == "--winograd" ? options.winograd : options.elideForks) = value != "off";
      if (error.empty() && value != "on" && value != "off")
        error = (name + " is on or off, not '" + value + "'").str();
    } else if (arguments.is(arg, "--sanitize", value)) {
      options.sanitizer = value == "thread" ? Sanitizer::Thread : Sanitizer::Address;
      if (error.empty() && value != "address" && value != "thread")
        error = ("--sanitize is address or thread, not '" + value + "'").str();
    } else if (arguments.is(arg, "--report", value)) {
      options.reportFile = value.str();
    } else if (arguments.is(arg, "--emit", value)) {
      if (value == "so")
        options.emit = Emit::SharedLibrary;
      else if (value == "obj")
        options.emit = Emit::Object;
      else if (value == "asm")
        options.emit = Emit::Assembly;
      else if (value == "llvm")
        options.emit = Emit::LLVMIR;
      else if (error.empty())
        error = ("--emit: expected so, obj, asm or llvm, found '" + value + "'").str();
    } else if (arguments.is(arg, "--stop-after", value)) {
      if (error.empty())
        options.stopAfter = phase(value, "--stop-after");
    } else if (arguments.is(arg, "--start-from", value)) {
      if (error.empty())
        options.startFrom = phase(value, "--start-from");
    } else if (arguments.is(arg, "--dump-phases", value)) {
      options.dumpDirectory = value.str();
    } else if (arg.starts_with("-j")) {
      StringRef number = arg.drop_front(2);
      if (number.empty() && !arguments.done())
        number = arguments.take();
      if (number.getAsInteger(10, options.jobs) || options.jobs == 0 || options.jobs > kMaxJobs)
        error = ("-j: expected a number of 1 to " + Twine(kMaxJobs) + ", found '" + number + "'").str();
    } else if (arg.starts_with("-") && arg != "-") {
      error = ("unknown option '" + arg + "'").str();
    } else if (options.input.empty()) {
      options.input = arg.str();
    } else {
      error = ("two models are given, '" + Twine(options.input) + "' and '" + arg + "'").str();
    }
  }
  if (!error.empty())
    return false;
  if (options.help || options.version)
    return true;
  if (options.input.empty()) {
    error = "no model is given";
    return false;
  }
  if (options.stopAfter && options.startFrom && *options.stopAfter < *options.startFrom) {
    error = "--stop-after comes before --start-from";
    return false;
  }
  if (options.tokens != DriverOptions::Tokens::AsTheyAre && options.stopAfter != Phase::Normalize &&
      options.stopAfter != Phase::Decompose) {
    error = "--tokens is for --stop-after=normalize and --stop-after=decompose: later there are no tokens";
    return false;
  }
  // A case says which method it calls.
  if (options.methods.empty() && !caseMethod.empty())
    options.methods.push_back(caseMethod);
  return true;
}
