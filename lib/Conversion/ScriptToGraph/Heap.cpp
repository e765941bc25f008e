//===- Heap.cpp - payloads with identity, saved and restored ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "HeapState.h"

#include "llvm/ADT/STLExtras.h"

using namespace ingot;
using namespace ingot::eval;
using CellKind = HeapCell::CellKind;

static thread_local HeapCell *newestCell = nullptr;
static thread_local uint64_t nextCell = 1;

HeapCell::HeapCell(CellKind kind) : cellKind(kind), serial(nextCell++), previous(newestCell) {
  if (previous)
    previous->next = this;
  newestCell = this;
}

HeapCell::~HeapCell() {
  if (previous)
    previous->next = next;
  if (next)
    next->previous = previous;
  else
    newestCell = previous;
}

uint64_t HeapCell::nextSerial() { return nextCell; }
HeapCell *HeapCell::newest() { return newestCell; }

HeapState HeapState::save() {
  HeapState state;
  state.end = HeapCell::nextSerial();
  for (HeapCell *cell = HeapCell::newest(); cell; cell = cell->older()) {
    std::shared_ptr<HeapCell> owner = cell->weak_from_this().lock();
    if (!owner)
      continue;
    Entry e;
    switch (cell->cellKind) {
    case CellKind::Storage: {
      auto &s = static_cast<Storage &>(*cell);
      e.version = s.version;
      e.value = s.base;
      e.boxed = s.boxed;
      e.mayShare.assign(s.mayShare.begin(), s.mayShare.end());
      e.chosenBy.assign(s.chosenBy.begin(), s.chosenBy.end());
      break;
    }
    case CellKind::Node: {
      auto &n = static_cast<ViewNode &>(*cell);
      e.version = n.cachedVersion;
      e.value = n.cached;
      break;
    }
    case CellKind::List:
      e.elements = static_cast<ListObject &>(*cell).elements;
      e.runtime = static_cast<ListObject &>(*cell).runtime;
      break;
    case CellKind::Dict:
      e.entries = static_cast<DictObject &>(*cell).entries;
      e.runtime = static_cast<DictObject &>(*cell).runtime;
      break;
    case CellKind::Object:
      e.attributes = static_cast<InstanceObject &>(*cell).attributes;
      e.runtime = static_cast<InstanceObject &>(*cell).runtime;
      break;
    case CellKind::Task: {
      auto &t = static_cast<TaskObject &>(*cell);
      e.done = t.done;
      e.ran = t.ran;
      e.result = t.value;
      e.arguments = t.arguments;
      break;
    }
    }
    e.cell = std::move(owner);
    state.entries.push_back(std::move(e));
  }
  std::reverse(state.entries.begin(), state.entries.end());
  for (auto [i, e] : llvm::enumerate(state.entries))
    state.index[e.cell.get()] = i;
  return state;
}

void HeapState::restore() const {
  for (const Entry &e : entries) {
    switch (e.cell->cellKind) {
    case CellKind::Storage: {
      auto &s = static_cast<Storage &>(*e.cell);
      // A weight that was loaded meanwhile stays loaded: load() hoists.
      if (e.value || s.version != e.version)
        s.base = e.value;
      s.version = e.version;
      s.boxed = e.boxed;
      // What another way made is none of this one's, nor are its conditions.
      s.mayShare.assign(e.mayShare.begin(), e.mayShare.end());
      s.chosenBy.assign(e.chosenBy.begin(), e.chosenBy.end());
      break;
    }
    case CellKind::Node: {
      auto &n = static_cast<ViewNode &>(*e.cell);
      n.cachedVersion = e.version;
      n.cached = e.value;
      break;
    }
    case CellKind::List:
      static_cast<ListObject &>(*e.cell).elements = e.elements;
      static_cast<ListObject &>(*e.cell).runtime = e.runtime;
      break;
    case CellKind::Dict:
      static_cast<DictObject &>(*e.cell).entries = e.entries;
      static_cast<DictObject &>(*e.cell).runtime = e.runtime;
      break;
    case CellKind::Object:
      static_cast<InstanceObject &>(*e.cell).attributes = e.attributes;
      static_cast<InstanceObject &>(*e.cell).runtime = e.runtime;
      break;
    case CellKind::Task: {
      auto &t = static_cast<TaskObject &>(*e.cell);
      t.done = e.done;
      t.ran = e.ran;
      t.value = e.result;
      t.arguments = e.arguments;
      break;
    }
    }
  }
}

bool HeapState::takeBoxed() {
  bool found = false;
  for (Entry &e : entries)
    if (!e.boxed && e.cell->cellKind == CellKind::Storage && static_cast<Storage &>(*e.cell).boxed)
      found = e.boxed = true;
  return found;
}

void HeapState::keepBoxed() const {
  for (const Entry &e : entries)
    if (e.boxed)
      static_cast<Storage &>(*e.cell).boxed = true;
}

bool HeapState::isChanged() const {
  return llvm::any_of(entries, [](const Entry &e) {
    if (e.cell->cellKind == CellKind::Storage)
      return static_cast<Storage &>(*e.cell).version != e.version;
    if (e.cell->cellKind != CellKind::Object)
      return false;
    auto &object = static_cast<InstanceObject &>(*e.cell);
    return (object.isModule || object.persistent) &&
           !llvm::equal(object.attributes, e.attributes, [](const auto &x, const auto &y) {
             return x.first == y.first && x.second.identical(y.second);
           });
  });
}

bool HeapState::differ(const Entry &a, const Entry &b) {
  auto same = [](const AV &x, const AV &y) { return x.identical(y); };
  switch (a.cell->cellKind) {
  case CellKind::Storage:
    return a.version != b.version;
  case CellKind::Node:
    return false;
  case CellKind::List:
    return a.runtime != b.runtime || !llvm::equal(a.elements, b.elements, same);
  case CellKind::Dict:
    return a.runtime != b.runtime || !llvm::equal(a.entries, b.entries, [&](auto &x, auto &y) {
             return same(x.first, y.first) && same(x.second, y.second);
           });
  case CellKind::Object:
    return a.runtime != b.runtime || !llvm::equal(a.attributes, b.attributes, [&](auto &x, auto &y) {
             return x.first == y.first && same(x.second, y.second);
           });
  case CellKind::Task:
    return a.done != b.done || !a.ran.identical(b.ran) || !a.result.identical(b.result);
  }
  return true;
}
