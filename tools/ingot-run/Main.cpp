//===- Main.cpp - ingot-run -----------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads a compiled library, calls a method and reports. docs/ingot-run.md is
// the manual.
#include "Arguments.h"
#include "Check.h"
#include "Replay.h"
#include "Signature.h"

#include <cstdio>
#include <cstring>
#include <elf.h>

using namespace ingot;
using namespace ingot::run;
using json = nlohmann::ordered_json;

/// Messages are one line, whatever stands in them.
static std::string oneLine(std::string text) {
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  for (char &c : text)
    if (c == '\n' || c == '\r')
      c = ' ';
  return text;
}

static void put(const std::string &text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    fail("cannot write to stdout");
}

static Library openLibrary(const std::string &given) {
  // dlopen searches the system's folders for a name without a slash.
  std::string path = given.find('/') == std::string::npos ? "./" + given : given;
  MappedFile file(path);
  Elf64_Ehdr header;
  if (file.size() < sizeof header || file.view().substr(0, SELFMAG) != ELFMAG)
    fail("'" + given + "' is no library: not an ELF file");
  // A segment that the file lacks would be a fault at its first use.
  std::memcpy(&header, file.view().data(), sizeof header);
  for (size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    size_t at = header.e_phoff + i * sizeof segment;
    if (at > file.size() || file.size() - at < sizeof segment)
      fail("'" + given + "' is truncated");
    std::memcpy(&segment, file.view().data() + at, sizeof segment);
    if (segment.p_type == PT_LOAD &&
        (segment.p_offset > file.size() || segment.p_filesz > file.size() - segment.p_offset))
      fail("'" + given + "' is truncated: it has " + std::to_string(file.size()) + " bytes, expected at least " +
           std::to_string(segment.p_offset + segment.p_filesz));
  }
  return Library(path);
}

/// A library of custom operators: it registers them for the whole process.
static void registerOperators(const std::string &given) {
  std::string path = given.find('/') == std::string::npos ? "./" + given : given;
  void *handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char *why = dlerror();
    fail("cannot open the operators: " + std::string(why ? why : given));
  }
  void *symbol = dlsym(handle, "ingot_register_operators");
  if (!symbol)
    fail("'" + given + "' has no ingot_register_operators");
  ingot_status *(*registration)(const ingot_api *);
  std::memcpy(&registration, &symbol, sizeof registration);
  if (ingot_status *status = registration(ingot_api_()))
    fail("'" + given + "': " + ingot_status_message(status));
}

static std::string raisedText(const Raised &raised) {
  if (raised.atArguments)
    return raised.message;
  std::string where = raised.where.empty() ? "" : raised.where + ": ";
  return where + raised.type + ": " + raised.message;
}

/// Gives the program's generator the state that the recorded call began with.
static void seedGenerator(const Instance &instance, const Library &library, const Case &recorded) {
  if (auto seed = recorded.record.find("seed"); seed != recorded.record.end() && seed->is_number_integer())
    instance.manualSeed(uint64_t(seed->get<int64_t>()));
  auto state = recorded.record.find("rng_state");
  if (state == recorded.record.end() || !state->is_object())
    return;
  for (int32_t i = 0, n = library.info().state_count; i < n; ++i) {
    if (library.state(size_t(i)).name != std::string_view("rng_state"))
      continue;
    size_t offset = state->value("offset", size_t(0)), size = state->value("nbytes", size_t(0));
    std::string_view data = recorded.data();
    if (offset > data.size() || size > data.size() - offset)
      fail("the case's rng_state lies outside its data.bin");
    std::string bytes(data.substr(offset, size));
    instance.setState("rng_state", Value::tensor(bytes.data(), INGOT_UINT8, {int64_t(size)}));
  }
}

static void execute(const Options &options) {
  std::optional<Case> recorded;
  if (options.casePath)
    recorded.emplace(*options.casePath);
  if (options.outDir)
    makeDirectory(*options.outDir);

  Times times;
  int64_t begin = wallClock();
  Library library = openLibrary(options.library);
  if (options.signature) {
    put(options.json ? signatureJson(library) + "\n" : signatureText(library));
    return;
  }
  for (const std::string &path : options.operators)
    registerOperators(path);
  if (options.threads)
    setNumThreads(*options.threads);
  Instance instance(library);
  if (recorded)
    seedGenerator(instance, library, *recorded);
  times.load = double(wallClock() - begin) * 1e-9;

  Method method = library.method(options.method ? *options.method
                                 : recorded     ? recorded->method(library)
                                                : std::string("forward"));
  Arguments arguments = recorded ? argumentsOf(*recorded) : argumentsOf(options, method);
  Replay replay(library, instance, method, std::move(arguments), options.outDir || options.check);
  replay.run(times);

  if (replay.raised && !options.outDir && !options.check)
    fail(raisedText(*replay.raised));
  if (options.outDir) {
    // out.json last: where it stands, the answer is whole.
    writeFile(*options.outDir + "/out.bin", replay.bytes);
    writeFile(*options.outDir + "/out.json", replay.answer.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
  } else if (!options.json && !options.check)
    put(replay.text());
  if (options.check) {
    std::string difference = checkAnswer(recorded->record, recorded->data(), replay.answer, replay.bytes);
    if (!difference.empty())
      fail("check failed: " + difference);
    if (!options.json)
      put("check passed\n");
  }
  if (options.timed() && !replay.raised)
    replay.time(options, times);
  if (options.json)
    put(times.json() + "\n");
  else if (options.timed())
    put(times.text());
}

int main(int argc, char **argv) {
  try {
    Options options = parseOptions(argc, argv);
    if (options.help)
      put(usageText());
    else if (options.version)
      put("ingot-run " INGOT_VERSION "\n");
    else
      execute(options);
    if (std::fflush(stdout))
      fail("cannot write to stdout");
    return 0;
  } catch (const UsageError &e) {
    std::fprintf(stderr, "ingot-run: %s; see ingot-run --help\n", oneLine(e.what()).c_str());
    return 2;
  } catch (const std::bad_alloc &) {
    std::fprintf(stderr, "ingot-run: error: out of memory\n");
  } catch (const json::exception &e) {
    std::fprintf(stderr, "ingot-run: error: the case is damaged: %s\n", oneLine(e.what()).c_str());
  } catch (const std::exception &e) {
    std::fprintf(stderr, "ingot-run: error: %s\n", oneLine(e.what()).c_str());
  }
  std::fflush(stdout);
  return 1;
}
