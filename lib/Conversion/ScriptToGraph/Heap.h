//===- Heap.h - payloads with identity, saved and restored ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whatever a program can change has a cell: storages, lists, dicts, objects,
// tasks (and view nodes, which keep values). Cells know each other, so that the
// heap before a branch on run-time data can be saved, given to both sides and
// compared after them, however a side came by what it changed.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_HEAP_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_HEAP_H

#include <cstdint>
#include <memory>

namespace ingot::eval {

class HeapCell : public std::enable_shared_from_this<HeapCell> {
public:
  enum class CellKind { Storage, Node, List, Dict, Object, Task };

  HeapCell(const HeapCell &) = delete;
  HeapCell &operator=(const HeapCell &) = delete;

  const CellKind cellKind;
  /// Order of creation.
  const uint64_t serial;

  /// Serial of the next cell to be made.
  static uint64_t nextSerial();
  /// The newest living cell; `older` leads to the others.
  static HeapCell *newest();
  HeapCell *older() const { return previous; }

protected:
  explicit HeapCell(CellKind kind);
  ~HeapCell();

private:
  HeapCell *previous = nullptr, *next = nullptr;
};

} // namespace ingot::eval

#endif
