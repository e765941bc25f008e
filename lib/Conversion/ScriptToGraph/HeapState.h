//===- HeapState.h - the heap at one point of the program -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_HEAPSTATE_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_HEAPSTATE_H

#include "AbstractValue.h"
#include "Tensor.h"
#include "llvm/ADT/DenseMap.h"

namespace ingot::eval {

/// The contents of all cells that live. Restoring puts contents back in place:
/// identities stay.
class HeapState {
public:
  struct Entry {
    std::shared_ptr<HeapCell> cell;
    /// Storage: version and contents; node: the kept value and its version.
    unsigned version = 0;
    mlir::Value value;
    bool boxed = false; // storage: an object holds it
    std::vector<std::weak_ptr<Storage>> mayShare, chosenBy;
    std::vector<AV> elements;                           // of a list
    std::vector<std::pair<AV, AV>> entries;             // of a dict
    std::vector<std::pair<std::string, AV>> attributes; // of an object
    std::shared_ptr<RuntimeObject> runtime;             // of what is an object at run time
    bool done = false;                                  // of a task
    AV ran, result;
    std::vector<AV> arguments;
  };

  static HeapState save();
  void restore() const;
  /// Takes over which storages objects hold now; whether that is news.
  bool takeBoxed();
  /// Storages that an object holds on some way are held.
  void keepBoxed() const;

  /// Whether the cell was made before this state was saved.
  bool contains(const HeapCell &cell) const { return cell.serial < end; }
  /// Whether tensors, or attributes of the instance, have changed since.
  bool isChanged() const;
  const Entry *find(const HeapCell *cell) const {
    auto it = index.find(cell);
    return it == index.end() ? nullptr : &entries[it->second];
  }
  /// In the order of creation.
  llvm::ArrayRef<Entry> all() const { return entries; }

  /// Whether the program can tell the contents apart (kept values do not
  /// count).
  static bool differ(const Entry &a, const Entry &b);

private:
  std::vector<Entry> entries;
  llvm::DenseMap<const HeapCell *, size_t> index;
  uint64_t end = 0;
};

} // namespace ingot::eval

#endif
