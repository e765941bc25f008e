//===- Locations.cpp - source ranges to locations ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Importer.h"

#include "llvm/ADT/StringExtras.h"
#include <torch/csrc/jit/ir/scope.h>

using namespace mlir;

namespace ingot::torchscript {

void Offenders::add(Location loc, const llvm::Twine &message) { list.push_back({loc, message.str()}); }

/// nn.Module's own frames stand between a call and the callee's forward.
static bool isModuleFrame(StringRef file) { return file.ends_with("/torch/nn/modules/module.py"); }
/// What called the tracer is not part of the traced program.
static bool isTracerFrame(StringRef file) { return file.ends_with("/torch/jit/_trace.py"); }

/// A traced node's source is its Python stack, innermost frame first:
///   /path/file.py(12): forward
std::optional<Location> Locations::fromStackText(StringRef text) {
  SmallVector<StringRef> lines;
  text.split(lines, '\n', -1, false);
  SmallVector<Location> frames;
  for (StringRef line : lines) {
    size_t open = line.rfind('('), close = line.rfind("): ");
    unsigned number;
    if (open == StringRef::npos || close == StringRef::npos || close < open ||
        line.slice(open + 1, close).getAsInteger(10, number))
      return std::nullopt;
    StringRef file = line.take_front(open);
    StringRef function = line.drop_front(close + 3);
    if (isTracerFrame(file) && !frames.empty())
      break;
    if (isModuleFrame(file))
      continue;
    frames.push_back(NameLoc::get(StringAttr::get(context, function), FileLineColLoc::get(context, file, number, 0)));
  }
  if (frames.empty())
    return std::nullopt;
  Location result = frames.back();
  for (Location frame : llvm::drop_begin(llvm::reverse(frames)))
    result = CallSiteLoc::get(frame, result);
  return result;
}

Location Locations::of(const torch::jit::SourceRange &range, StringRef function) {
  if (!range.source())
    return UnknownLoc::get(context);
  LocationAttr &cached = cache[{range.source().get(), range.start()}];
  if (!cached) {
    torch::jit::SourceRange origin = range;
    if (auto found = range.findSourceRangeThatGenerated())
      origin = *found;
    std::optional<Location> stack;
    if (origin.source() && origin.start() == 0 && origin.end() == origin.source()->size())
      stack = fromStackText(origin.source()->text_str().str());
    auto position = origin.file_line_col();
    // Source without a file: the archive's own code is a better place.
    if (!position || std::get<0>(*position).empty() || std::get<1>(*position) == 0)
      position = range.file_line_col();
    if (stack)
      cached = *stack;
    else if (position)
      cached = FileLineColLoc::get(context, std::get<0>(*position), std::get<1>(*position), std::get<2>(*position) + 1);
    else
      cached = UnknownLoc::get(context);
  }
  if (isa<FileLineColLoc>(cached) && !function.empty())
    return NameLoc::get(StringAttr::get(context, function), Location(cached));
  return cached;
}

Location Locations::of(const torch::jit::Node *node, StringRef function) {
  Location loc = of(node->sourceRange(), function);
  // An inlined node: [call site in this function] -> ... -> the node itself.
  if (auto stack = node->callstack()) {
    SmallVector<std::pair<std::string, Location>> frames;
    std::string caller = function.str();
    for (const auto &[callee, range, instance] : (*stack)->vec()) {
      frames.push_back({caller, of(range, caller)});
      caller = callee ? callee->name() : "";
    }
    loc = of(node->sourceRange(), caller);
    for (auto &frame : llvm::reverse(frames))
      loc = CallSiteLoc::get(loc, frame.second);
  }
  return loc;
}

} // namespace ingot::torchscript
