//===- Microkernel.cpp - register-tiled products of packed panels -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Microkernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace ingot::cpu;

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

MicrokernelShape MicrokernelShape::get(int64_t vectorBits) {
  // Accumulators plus one row of B plus one broadcast must fit the registers:
  // 32 zmm: 14 x 2 + 2 + 1; 16 ymm (a panel is two): 6 x 2 + 2 + 1; 16 xmm (a
  // panel is four): 2 x 4 + 4 + 1.
  if (vectorBits >= 512)
    return {14, 512};
  if (vectorBits >= 256)
    return {6, 256};
  return {2, 128};
}

int64_t MicrokernelShape::maxPanels(int64_t rows) const {
  if (vectorBits < 512)
    return rows == 1 && vectorBits == 256 ? 4 : (rows <= 2 && vectorBits == 256 ? 2 : 1);
  // Few rows need more columns to have at least 8 independent accumulators, the
  // product of two FMA pipes and a latency of four.
  if (rows == 1)
    return 8;
  return rows <= 6 ? 4 : 2;
}

//===----------------------------------------------------------------------===//
// One kernel
//===----------------------------------------------------------------------===//

namespace {

struct Emitter {
  OpBuilder &b;
  Location loc;
  int64_t rows, panels;
  Type f32 = b.getF32Type();
  Type ptr = LLVM::LLVMPointerType::get(b.getContext());
  VectorType vector = VectorType::get({kPanel}, f32);

  Value gep(Value base, Value elements) { return LLVM::GEPOp::create(b, loc, ptr, f32, base, ValueRange{elements}); }
  Value constant(int64_t value) { return arith::ConstantIntOp::create(b, loc, value, 64); }
  Value toIndex(Value i64) { return arith::IndexCastOp::create(b, loc, b.getIndexType(), i64); }

  // Rows are addressed from every third one: x86 adds an index register times 1
  // or 2 to a base for free, and a pointer per row would not fit 16 registers.
  static constexpr int64_t kRowsPerBase = 3;

  // With so few rows the time is that of B's way from memory: it is asked for this
  // many steps ahead (measured: 8 to 32 are alike, 64 is slower than none).
  static constexpr int64_t kStreamingRows = 2, kStreamingDistance = 16;

  /// One step of the reduction: acc += A[:, k] x B[k, :].
  void step(ArrayRef<Value> rowBases, Value bBase, Value panelStride, Value rowStride, Value rowStride2,
            SmallVectorImpl<Value> &acc) {
    SmallVector<Value> bVectors;
    Value p = bBase;
    for (int64_t v = 0; v < panels; ++v) {
      if (v)
        p = gep(p, panelStride);
      bVectors.push_back(LLVM::LoadOp::create(b, loc, vector, p, /*alignment=*/64));
      if (rows <= kStreamingRows)
        LLVM::Prefetch::create(b, loc, gep(p, constant(kPanel * kStreamingDistance)), /*rw=*/0, /*hint=*/3,
                               /*cache=*/1);
    }
    for (int64_t i = 0; i < rows; ++i) {
      Value p = rowBases[i / kRowsPerBase];
      if (i % kRowsPerBase == 1)
        p = gep(p, rowStride);
      else if (i % kRowsPerBase == 2)
        p = gep(p, rowStride2);
      Value a = LLVM::LoadOp::create(b, loc, f32, p, /*alignment=*/4);
      Value splat = vector::BroadcastOp::create(b, loc, vector, a);
      for (int64_t v = 0; v < panels; ++v)
        acc[i * panels + v] = vector::FMAOp::create(b, loc, splat, bVectors[v], acc[i * panels + v]);
    }
  }

  void body(func::FuncOp fn) {
    auto args = fn.getArguments();
    Value a = args[0], rowStride = args[1], outer = args[2], outerStride = args[3], middle = args[4],
          middleStride = args[5], inner = args[6], bPanels = args[7], panelStride = args[8], tile = args[9];
    Value one = constant(1), two = constant(2), zero = constant(0);
    Value rowStride2 = arith::MulIOp::create(b, loc, rowStride, two);
    Value rowStride3 = arith::AddIOp::create(b, loc, rowStride2, rowStride);
    Value panelWidth = constant(kPanel);
    Value innerB = arith::MulIOp::create(b, loc, inner, panelWidth);

    SmallVector<Value> state;
    Value init = arith::ConstantOp::create(b, loc, vector, DenseElementsAttr::get(vector, APFloat(0.0f)));
    state.assign(rows * panels, init);
    state.push_back(a);       // A at this run
    state.push_back(bPanels); // B at this run
    int64_t nAcc = rows * panels;

    auto loop = [&](Value count, auto bodyFn) {
      auto forOp = scf::ForOp::create(b, loc, zero, count, one, state);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(forOp.getBody());
      SmallVector<Value> carried(forOp.getRegionIterArgs());
      state = carried;
      bodyFn(carried);
      scf::YieldOp::create(b, loc, state);
      return forOp;
    };
    auto outerLoop = loop(outer, [&](ArrayRef<Value> atOuter) {
      Value aOuter = atOuter[nAcc];
      auto middleLoop = loop(middle, [&](ArrayRef<Value> atMiddle) {
        Value aMiddle = atMiddle[nAcc], bMiddle = atMiddle[nAcc + 1];
        // The innermost loop carries its own row pointers.
        SmallVector<Value> inits(atMiddle.take_front(nAcc));
        Value base = aMiddle;
        for (int64_t i = 0; i < rows; i += kRowsPerBase) {
          inits.push_back(base);
          if (i + kRowsPerBase < rows)
            base = gep(base, rowStride3);
        }
        inits.push_back(bMiddle);
        auto innerLoop = scf::ForOp::create(b, loc, zero, inner, one, inits);
        {
          OpBuilder::InsertionGuard guard(b);
          b.setInsertionPointToStart(innerLoop.getBody());
          auto carried = innerLoop.getRegionIterArgs();
          SmallVector<Value> acc(carried.take_front(nAcc));
          SmallVector<Value> bases(carried.drop_front(nAcc).drop_back());
          step(bases, carried.back(), panelStride, rowStride, rowStride2, acc);
          SmallVector<Value> next(acc);
          for (Value base : bases)
            next.push_back(gep(base, one));
          next.push_back(gep(carried.back(), panelWidth));
          scf::YieldOp::create(b, loc, next);
        }
        state.assign(innerLoop.getResults().begin(), innerLoop.getResults().begin() + nAcc);
        state.push_back(gep(aMiddle, middleStride));
        state.push_back(gep(bMiddle, innerB));
      });
      state.assign(middleLoop.getResults().begin(), middleLoop.getResults().begin() + nAcc);
      state.push_back(gep(aOuter, outerStride));
      state.push_back(middleLoop.getResults().back());
    });

    for (int64_t i = 0; i < nAcc; ++i)
      LLVM::StoreOp::create(b, loc, outerLoop.getResult(i), gep(tile, constant(i * kPanel)), /*alignment=*/64);
    func::ReturnOp::create(b, loc);
  }
};

SmallVector<Type> signature(OpBuilder &b) {
  Type ptr = LLVM::LLVMPointerType::get(b.getContext()), i64 = b.getI64Type();
  return {ptr, i64, i64, i64, i64, i64, i64, ptr, i64, ptr};
}

/// Shared kernels come from no line of the program; profiles show this name. (LLVM
/// wants a line for each call inside a function that has line tables.)
Location sharedLoc(OpBuilder &b) { return FileLineColLoc::get(b.getStringAttr("microkernel"), 1, 1); }

func::FuncOp beginFunction(OpBuilder &b, Location loc, ModuleOp module, StringRef name, ArrayRef<Type> types) {
  b.setInsertionPointToEnd(module.getBody());
  auto fn = func::FuncOp::create(b, loc, name, b.getFunctionType(types, {}));
  fn.setPrivate();
  fn->setAttr("task.kernel", b.getUnitAttr());
  fn->setAttr("task.shared", b.getUnitAttr());
  b.setInsertionPointToStart(fn.addEntryBlock());
  return fn;
}

func::FuncOp getMicrokernel(OpBuilder &b, ModuleOp module, int64_t rows, int64_t panels) {
  std::string name = ("microkernel_f32_" + Twine(rows) + "x" + Twine(panels * kPanel)).str();
  if (auto fn = module.lookupSymbol<func::FuncOp>(name))
    return fn;
  OpBuilder::InsertionGuard guard(b);
  Location loc = sharedLoc(b);
  func::FuncOp fn = beginFunction(b, loc, module, name, signature(b));
  // The tile is scratch of the caller: nothing else points at it.
  fn.setArgAttr(9, LLVM::LLVMDialect::getNoAliasAttrName(), b.getUnitAttr());
  Emitter{b, loc, rows, panels}.body(fn);
  return fn;
}

/// The function that chooses a kernel by rows and panels.
func::FuncOp getDispatcher(OpBuilder &b, ModuleOp module, const MicrokernelShape &shape) {
  if (auto fn = module.lookupSymbol<func::FuncOp>("microkernel_f32"))
    return fn;
  OpBuilder::InsertionGuard guard(b);
  Location loc = sharedLoc(b);
  SmallVector<Type> types{b.getIndexType(), b.getIndexType()};
  llvm::append_range(types, signature(b));
  func::FuncOp fn = beginFunction(b, loc, module, "microkernel_f32", types);
  SmallVector<Value> args(llvm::drop_begin(fn.getArguments(), 2));

  auto switchOn = [&](Value value, ArrayRef<int64_t> cases, auto emitCase) {
    // The last case is the default: values are in range by construction.
    auto op = scf::IndexSwitchOp::create(b, loc, TypeRange(), value, cases.drop_back(), cases.size() - 1);
    OpBuilder::InsertionGuard guard(b);
    for (auto [i, c] : llvm::enumerate(cases)) {
      Region &region = i + 1 == cases.size() ? op.getDefaultRegion() : op.getCaseRegions()[i];
      b.createBlock(&region);
      emitCase(c);
      scf::YieldOp::create(b, loc);
    }
  };
  auto rowCases = llvm::to_vector(llvm::seq_inclusive<int64_t>(1, shape.maxRows));
  switchOn(fn.getArgument(0), rowCases, [&](int64_t rows) {
    SmallVector<int64_t> panelCases;
    for (int64_t p = 1; p <= shape.maxPanels(rows); p *= 2)
      panelCases.push_back(p);
    switchOn(fn.getArgument(1), panelCases,
             [&](int64_t panels) { func::CallOp::create(b, loc, getMicrokernel(b, module, rows, panels), args); });
  });
  func::ReturnOp::create(b, loc);
  return fn;
}

} // namespace

void ingot::cpu::callMicrokernel(OpBuilder &b, Location loc, ModuleOp module, const MicrokernelShape &shape,
                                 const MicrokernelCall &call) {
  func::FuncOp dispatcher = getDispatcher(b, module, shape);
  func::CallOp::create(b, loc, dispatcher,
                       ValueRange{call.rows, call.panels, call.a, call.rowStride, call.outer, call.outerStride,
                                  call.middle, call.middleStride, call.inner, call.b, call.panelStride, call.tile});
}

/// The largest number of panels, at most `left`, of one tile of `rows` rows.
static Value choosePanels(OpBuilder &b, Location loc, const MicrokernelShape &shape, Value rows, Value left) {
  auto index = [&](int64_t v) -> Value { return arith::ConstantIndexOp::create(b, loc, v); };
  // most(rows), as a chain of selects over the rows where it changes.
  Value most = index(shape.maxPanels(shape.maxRows));
  for (int64_t r = shape.maxRows - 1; r >= 1; --r)
    if (shape.maxPanels(r) != shape.maxPanels(r + 1))
      most = arith::SelectOp::create(b, loc, arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ule, rows, index(r)),
                                     index(shape.maxPanels(r)), most);
  Value limit = arith::MinUIOp::create(b, loc, most, left);
  // The largest power of two that is at most `limit`.
  Value chosen = index(1);
  for (int64_t p = 2; p <= shape.maxPanels(1); p *= 2)
    chosen = arith::SelectOp::create(b, loc, arith::CmpIOp::create(b, loc, arith::CmpIPredicate::uge, limit, index(p)),
                                     index(p), chosen);
  return chosen;
}

void ingot::cpu::forPanels(OpBuilder &b, Location loc, const MicrokernelShape &shape, Value rows, Value from, Value to,
                           llvm::function_ref<void(Value, Value)> body) {
  auto loop = scf::WhileOp::create(b, loc, TypeRange{b.getIndexType()}, ValueRange{from}, nullptr, nullptr);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBeforeBody());
  Value at = loop.getBeforeArguments()[0];
  Value more = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, at, to);
  scf::ConditionOp::create(b, loc, more, at);
  b.setInsertionPointToStart(loop.getAfterBody());
  Value first = loop.getAfterArguments()[0];
  Value left = arith::SubIOp::create(b, loc, to, first);
  Value count = choosePanels(b, loc, shape, rows, left);
  body(first, count);
  scf::YieldOp::create(b, loc, ValueRange{arith::AddIOp::create(b, loc, first, count)});
}
