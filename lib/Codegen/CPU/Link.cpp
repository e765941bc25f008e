//===- Link.cpp - objects and the runtime to one library --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lld runs inside the compiler; the user's machine needs neither a compiler nor
// libc's development files: the link is against stubs that carry libc's names
// and symbol versions (lib/Codegen/CPU/stubs).
#include "ingot/Codegen/CPU/Object.h"

#include "lld/Common/CommonLinkerContext.h"
#include "lld/Common/Driver.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

LLD_HAS_DRIVER(elf)

using namespace ingot;

/// "My model-1" -> "My_model_1".
static std::string identifier(llvm::StringRef stem) {
  std::string name;
  for (char c : stem)
    name.push_back(llvm::isAlnum(c) ? c : '_');
  return name;
}

std::string ingot::runtimeArchive(Sanitizer sanitizer) {
  return sanitizer == Sanitizer::Address  ? "libingot_rt.address.a"
         : sanitizer == Sanitizer::Thread ? "libingot_rt.thread.a"
                                          : "libingot_rt.a";
}

bool ingot::link(const LinkOptions &options, std::string &error) {
  std::vector<std::string> args = {"ld.lld"};
  llvm::SmallString<128> script;
  auto removeScript = llvm::scope_exit([&] {
    if (!script.empty())
      llvm::sys::fs::remove(script);
  });
  args.insert(args.end(), {"-m", "elf_x86_64", "--build-id=none",
                           "--threads=" + std::to_string(std::max(1u, options.threads)), "-o", options.output});
  if (options.relocatable) {
    args.push_back("-r");
    llvm::append_range(args, options.objects);
    llvm::append_range(args, options.operators);
  } else {
    std::string query = "ingot_query_" + identifier(options.stem);
    int file;
    if (std::error_code ec = llvm::sys::fs::createTemporaryFile("ingot", "map", file, script)) {
      error = "cannot create a temporary file: " + ec.message();
      return false;
    }
    {
      llvm::raw_fd_ostream os(file, /*shouldClose=*/true);
      os << "{ global: ingot_query; " << query << "; local: *; };\n";
    }
    args.insert(args.end(), {"-shared", "--gc-sections", "-Bsymbolic", "--hash-style=gnu", "-z", "relro", "-z", "now",
                             "-z", "noexecstack", "--as-needed",
                             // Our own runtime answers: the entry is in the archive.
                             "--undefined=ingot_query", "--defsym=" + query + "=ingot_query",
                             "--version-script=" + std::string(script)});
    // The sanitizer's runtime is the program's.
    if (options.sanitizer == Sanitizer::None)
      args.push_back("--no-undefined");
    llvm::append_range(args, options.objects);
    llvm::append_range(args, options.operators);
    args.push_back(options.resources + "/" + runtimeArchive(options.sanitizer));
    for (const char *optional : {"/libingot_builtins.a"})
      if (llvm::sys::fs::exists(options.resources + optional))
        args.push_back(options.resources + optional);
    for (const char *stub : {"/stubs/libc.so.6", "/stubs/libm.so.6", "/stubs/ld-linux-x86-64.so.2"})
      args.push_back(options.resources + stub);
  }
  std::vector<const char *> argv;
  for (const std::string &arg : args)
    argv.push_back(arg.c_str());
  std::string words;
  llvm::raw_string_ostream os(words);
  lld::Result result = lld::lldMain(argv, os, os, {{lld::Gnu, &lld::elf::link}});
  lld::CommonLinkerContext::destroy();
  if (result.retCode != 0) {
    error = words.empty() ? "the linker failed" : words;
    return false;
  }
  return true;
}
