//===- ArenaPlanning.cpp - memory of a host program -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A lifetime is an interval of the host program's operations, in program order;
// a use inside a loop that does not contain the memory lasts to the loop's end.
// Memory made inside a loop is hoisted: every iteration uses the same piece.
#include "lib/Codegen/Common/ArenaPlanning.h"

#include "dialects/Task/Task.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;

namespace {

constexpr int64_t kAlignment = 64;

/// bytes = factor * product of `values`: equal symbolic parts compare.
struct Bytes {
  int64_t factor = 1;
  SmallVector<Value> values;
};

struct Allocation {
  memref::AllocOp op;
  Bytes bytes;
  unsigned begin, end; // first and last operation that needs it
  Operation *anchor;   // its ancestor in the entry block
};

struct Slot {
  SmallVector<Bytes> sizes; // one per symbolic part
  unsigned busyUntil;
  SmallVector<unsigned> members;
};

struct Arena {
  Operation *position;
  SmallVector<Slot> slots;
};

class Planner {
public:
  explicit Planner(func::FuncOp host) : host(host), entry(&host.getBody().front()) {}
  void run();

private:
  void number(Block *block);
  std::optional<unsigned> lastUse(memref::AllocOp op);
  Bytes bytesOf(memref::AllocOp op);
  Arena *arenaFor(Allocation &allocation);
  void place(Arena &arena, unsigned index);
  void emit(Arena &arena);
  void replace(memref::AllocOp op, Value memory, Value offset);
  int64_t elementBytes(memref::AllocOp op);

  func::FuncOp host;
  Block *entry;
  DenseMap<Operation *, unsigned> positions, ends;
  unsigned next = 0;
  std::vector<Allocation> allocations;
  std::vector<std::unique_ptr<Arena>> arenas;
};

} // namespace

/// The runtime has no memory of 0 bytes.
static Value makeArena(OpBuilder &b, Location loc, Value bytes) {
  Value least = arith::ConstantIndexOp::create(b, loc, kAlignment);
  bytes = b.createOrFold<arith::MaxSIOp>(loc, bytes, least);
  return task::ArenaOp::create(b, loc, MemRefType::get({ShapedType::kDynamic}, b.getI8Type()), bytes);
}

void Planner::number(Block *block) {
  for (Operation &op : *block) {
    positions[&op] = next++;
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        number(&inner);
    ends[&op] = next++;
  }
}

/// The last operation that needs the memory; none when the memory leaves an
/// iteration of a loop, and so may not be used again by the next one.
std::optional<unsigned> Planner::lastUse(memref::AllocOp op) {
  unsigned last = positions[op];
  SmallVector<Value> aliases = {op.getMemref()};
  DenseSet<Value> seen(aliases.begin(), aliases.end());
  auto follow = [&](Value v) {
    if (isa<MemRefType>(v.getType()) && seen.insert(v).second)
      aliases.push_back(v);
  };
  while (!aliases.empty()) {
    for (OpOperand &use : aliases.pop_back_val().getUses()) {
      Operation *user = use.getOwner();
      unsigned end = ends[user];
      for (Operation *parent = user->getParentOp(); parent && parent != host; parent = parent->getParentOp())
        if (isa<scf::ForOp, scf::WhileOp>(parent) && !parent->isProperAncestor(op))
          end = std::max(end, ends[parent]);
      last = std::max(last, end);
      if (auto loop = dyn_cast<scf::ForOp>(user)) {
        follow(loop.getTiedLoopResult(&use));
        follow(loop.getTiedLoopRegionIterArg(&use));
      } else if (auto loop = dyn_cast<scf::WhileOp>(user)) {
        for (ValueRange values : {ValueRange(loop.getBeforeArguments()), ValueRange(loop.getAfterArguments()),
                                  ValueRange(loop.getResults())})
          llvm::for_each(values, follow);
      } else if (isa<scf::ConditionOp>(user)) {
        auto loop = cast<scf::WhileOp>(user->getParentOp());
        if (loop->isProperAncestor(op))
          return std::nullopt;
        follow(loop.getAfterArguments()[use.getOperandNumber() - 1]);
        follow(loop.getResult(use.getOperandNumber() - 1));
      } else if (isa<scf::YieldOp>(user)) {
        Operation *parent = user->getParentOp();
        if (!isa<scf::IfOp>(parent) && parent->isProperAncestor(op))
          return std::nullopt;
        if (isa<scf::IfOp, scf::ForOp>(parent))
          follow(parent->getResult(use.getOperandNumber()));
      } else if (user->getNumResults() && isa<MemRefType>(user->getResult(0).getType())) {
        follow(user->getResult(0));
      }
    }
  }
  return last;
}

int64_t Planner::elementBytes(memref::AllocOp op) {
  Type type = op.getType().getElementType();
  if (type.isIndex())
    return 8;
  if (auto complex = dyn_cast<ComplexType>(type))
    return 2 * llvm::divideCeil(complex.getElementType().getIntOrFloatBitWidth(), 8);
  return llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

Bytes Planner::bytesOf(memref::AllocOp op) {
  Bytes bytes;
  bytes.factor = elementBytes(op);
  SmallVector<Value> factors = {op.getDynamicSizes()[0]};
  while (!factors.empty()) {
    Value v = factors.pop_back_val();
    APInt constant;
    if (matchPattern(v, m_ConstantInt(&constant)))
      bytes.factor *= constant.getSExtValue();
    else if (auto mul = v.getDefiningOp<arith::MulIOp>())
      llvm::append_range(factors, mul.getOperands());
    else
      bytes.values.push_back(v);
  }
  llvm::sort(bytes.values, [&](Value a, Value b) {
    auto place = [&](Value v) {
      auto result = dyn_cast<OpResult>(v);
      return result ? std::pair(positions.lookup(result.getOwner()), result.getResultNumber())
                    : std::pair(0u, cast<BlockArgument>(v).getArgNumber());
    };
    return place(a) < place(b);
  });
  return bytes;
}

/// The first arena in which the size is known when the arena is made.
Arena *Planner::arenaFor(Allocation &allocation) {
  Operation *size = allocation.op.getDynamicSizes()[0].getDefiningOp();
  // What a loop carries has no operation.
  auto known = [&](Operation *at) { return size && size->getBlock() == entry && size->isBeforeInBlock(at); };
  for (auto &arena : arenas)
    if (known(arena->position))
      return arena.get();
  if (!known(allocation.anchor))
    return nullptr;
  arenas.push_back(std::make_unique<Arena>(Arena{allocation.anchor, {}}));
  return arenas.back().get();
}

void Planner::place(Arena &arena, unsigned index) {
  Allocation &a = allocations[index];
  Slot *best = nullptr;
  int64_t bestCost = INT64_MAX;
  for (Slot &slot : arena.slots) {
    if (slot.busyUntil >= a.begin)
      continue;
    // Cost: by how much the slot grows; unknown growth only if nothing else is free.
    int64_t cost = INT64_MAX - 1;
    for (Bytes &bytes : slot.sizes)
      if (bytes.values == a.bytes.values)
        cost = a.bytes.factor <= bytes.factor ? 0 : a.bytes.factor - bytes.factor;
    if (cost < bestCost) {
      bestCost = cost;
      best = &slot;
    }
  }
  if (!best) {
    arena.slots.push_back({{a.bytes}, a.end, {index}});
    return;
  }
  best->busyUntil = a.end;
  best->members.push_back(index);
  for (Bytes &bytes : best->sizes)
    if (bytes.values == a.bytes.values) {
      bytes.factor = std::max(bytes.factor, a.bytes.factor);
      return;
    }
  best->sizes.push_back(a.bytes);
}

void Planner::replace(memref::AllocOp op, Value memory, Value offset) {
  OpBuilder b(op);
  b.setInsertionPointAfterValue(memory);
  if (Operation *def = offset.getDefiningOp(); def && !def->isBeforeInBlock(memory.getDefiningOp()))
    b.setInsertionPointAfter(def);
  Value view = memref::ViewOp::create(b, op.getLoc(), op.getType(), memory, offset, op.getDynamicSizes());
  op.replaceAllUsesWith(view);
  op.erase();
}

void Planner::emit(Arena &arena) {
  OpBuilder b(arena.position);
  Location loc = host.getLoc();
  auto constant = [&](int64_t c) -> Value { return arith::ConstantIndexOp::create(b, loc, c); };
  auto add = [&](Value x, Value y) -> Value { return b.createOrFold<arith::AddIOp>(loc, x, y); };
  auto mul = [&](Value x, Value y) -> Value { return b.createOrFold<arith::MulIOp>(loc, x, y); };
  SmallVector<Value> offsets;
  Value total = constant(0);
  for (Slot &slot : arena.slots) {
    Value bytes;
    for (Bytes &part : slot.sizes) {
      Value size = constant(part.factor);
      for (Value v : part.values)
        size = mul(v, size);
      bytes = bytes ? b.createOrFold<arith::MaxSIOp>(loc, bytes, size) : size;
    }
    bytes = add(bytes, constant(kAlignment - 1));
    bytes = b.createOrFold<arith::AndIOp>(loc, bytes, constant(-kAlignment));
    offsets.push_back(total);
    total = add(total, bytes);
  }
  Value memory = makeArena(b, loc, total);
  for (auto [slot, offset] : llvm::zip(arena.slots, offsets))
    for (unsigned index : slot.members)
      replace(allocations[index].op, memory, offset);
}

void Planner::run() {
  number(entry);
  SmallVector<memref::AllocOp> allocs;
  host.walk<WalkOrder::PreOrder>([&](memref::AllocOp op) { allocs.push_back(op); });
  auto bytes = MemRefType::get({ShapedType::kDynamic}, IntegerType::get(host.getContext(), 8));
  SmallVector<memref::AllocOp> own;
  for (memref::AllocOp op : allocs) {
    if (auto slot = op->getAttrOfType<IntegerAttr>("task.slot")) {
      OpBuilder b(op);
      Value size = b.createOrFold<arith::MulIOp>(op.getLoc(), op.getDynamicSizes()[0],
                                                 arith::ConstantIndexOp::create(b, op.getLoc(), elementBytes(op)));
      Value block = task::ResultBlockOp::create(b, op.getLoc(), bytes, size, slot.getInt());
      Value zero = arith::ConstantIndexOp::create(b, op.getLoc(), 0);
      Value view = memref::ViewOp::create(b, op.getLoc(), op.getType(), block, zero, op.getDynamicSizes());
      op.replaceAllUsesWith(view);
      op.erase();
      continue;
    }
    std::optional<unsigned> last = lastUse(op);
    if (!last) {
      own.push_back(op);
      continue;
    }
    allocations.push_back({op, bytesOf(op), positions[op], *last, entry->findAncestorOpInBlock(*op)});
  }
  for (unsigned i = 0; i < allocations.size(); ++i) {
    if (Arena *arena = arenaFor(allocations[i]))
      place(*arena, i);
    else
      own.push_back(allocations[i].op);
  }
  for (auto &arena : arenas)
    emit(*arena);
  // Sizes found out inside a region: an arena of its own each time.
  for (memref::AllocOp op : own) {
    OpBuilder b(op);
    Value size = b.createOrFold<arith::MulIOp>(op.getLoc(), op.getDynamicSizes()[0],
                                               arith::ConstantIndexOp::create(b, op.getLoc(), elementBytes(op)));
    Value memory = makeArena(b, op.getLoc(), size);
    Value zero = arith::ConstantIndexOp::create(b, op.getLoc(), 0);
    Value view = memref::ViewOp::create(b, op.getLoc(), op.getType(), memory, zero, op.getDynamicSizes());
    op.replaceAllUsesWith(view);
    op.erase();
  }
}

void codegen::planArena(func::FuncOp host) { Planner(host).run(); }
