//===- GraphBuilder.h - builds typed graph ops ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds graph ops and infers their types as they are built: dtypes by torch's
// promotion, symbolic sizes, broadcasting with its run-time checks. What
// operators of all families share stands here; README.md tells how to write one.
//
// Nothing here returns a null value. A program that always raises, and an
// operator that is not supported, set a flag and return a placeholder of a
// sensible type; the evaluator looks at the flags after each operator.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_GRAPHBUILDER_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_GRAPHBUILDER_H

#include "AbstractValue.h"
#include "Tensor.h"
#include "dialects/Graph/Graph.h"
#include "ingot/Support/DType.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/ADT/Twine.h"
#include <functional>

namespace ingot::eval {

using mlir::Value;
using Values = llvm::SmallVector<Value>;
using Sizes = llvm::SmallVector<Int>;
using Dims = llvm::SmallVector<int64_t>;

/// An operand of an operator that promotes: a tensor, or a Python number.
struct Operand {
  Value value;
  bool wrapped = false;
};

struct SymbolInfo {
  std::string name;
  Interval range;
  Value value; // index
  /// What it was in the recorded call whose types are compiled for; -1: not known.
  int64_t recorded = -1;
  /// A size of a tensor in an object of the runtime.
  bool ofObject = false;
};

/// The message of a check with "{0}" and so on filled in; where the text of a
/// value is empty its hole stays.
std::string fillHoles(llvm::StringRef message, unsigned count, llvm::function_ref<std::string(unsigned)> text);

class GraphBuilder {
public:
  GraphBuilder(mlir::OpBuilder builder, mlir::Location loc) : b(builder), loc(loc) {}

  mlir::MLIRContext *context() const { return b.getContext(); }
  mlir::OpBuilder b;
  mlir::Location loc;
  int64_t defaultDType = int64_t(DType::Float32);

  /// What the program relies on about an argument's memory, by its leaf.
  enum class Layout { Any, RowMajorIfWritten, RowMajor };
  llvm::DenseMap<unsigned, Layout> layouts;
  /// The program sees the strides of a tensor, or (`ifWritten`) whether a view
  /// of other sizes is a copy: an argument's are those of row-major memory.
  void assumeRowMajor(const AV &tensor, bool ifWritten);
  /// The new tensor lies in memory as the other does, or with it decides how.
  void lieAs(const AV &fresh, const AV &other);

  //===--- what went wrong --------------------------------------------------===//

  /// The program raises here, whatever its inputs.
  void raise(llvm::StringRef exception, const llvm::Twine &message);
  /// This use of the operator is not compiled yet.
  void unsupported(const llvm::Twine &reason);
  bool raised = false;
  std::string raisedException, raisedMessage;
  mlir::Operation *raisePoint = nullptr;
  std::optional<std::string> unsupportedReason;
  bool failed() const { return raised || unsupportedReason; }
  /// Inputs of run-time structure that an operator needs with a known one.
  llvm::SmallSet<unsigned, 4> staticInputs;
  /// Lists and dicts of the instance that were changed as if they were the
  /// method's own: they become state, and the method is built again.
  std::vector<std::pair<mlir::Location, const void *>> persistentWrites;
  /// Branches and loops after which containers may be one of several are
  /// written to: there they are objects of the runtime. `toThaw`: found out
  /// now.
  llvm::SmallPtrSet<mlir::Operation *, 4> thawed, toThaw;
  /// How often an object of the runtime was found to hold more than was known.
  unsigned widenings = 0;

  /// Raises at run time unless the condition holds. `{0}` in the message stands
  /// for the first of `values`.
  void check(const AV &condition, llvm::StringRef exception, const llvm::Twine &message,
             llvm::ArrayRef<Int> values = {});
  /// Checks equal sizes; from here on they are provably equal.
  void checkEqual(Int lhs, Int rhs, llvm::StringRef exception, const llvm::Twine &message,
                  llvm::ArrayRef<Int> values = {});
  /// What is known to be equal without a check.
  void learnEqual(Int lhs, Int rhs);
  /// Exception of the next assertion operator, where the importer knows it.
  std::string assertException;
  /// To be called by operators whose lowering raises (indices, integer division):
  /// they must not be computed where the program would not.
  void mayRaise();
  bool raises = false;
  /// Told of each operation that may raise, in front of it.
  std::function<void()> onMayRaise;
  /// How many elements a list that the operator gives is unpacked to, where that
  /// is all that becomes of it; 0: not known. Parts whose number is known at run
  /// time only are as many, checked, and stay views.
  int64_t unpackedTo = 0;

  /// What `with` blocks and their functions set for the operators behind them.
  struct Modes {
    bool gradients = true;
    /// The dtype of products in the autocast blocks around, the innermost last; none: a block that is switched off.
    llvm::SmallVector<std::optional<int64_t>, 1> autocast;
  };
  Modes modes;

  //===--- ints ---------------------------------------------------------------===//

  std::vector<SymbolInfo> symbols;

  Int size(int64_t value) const { return mlir::getAffineConstantExpr(value, context()); }
  /// A new symbol whose value is `index`.
  Int newSymbol(Value index, Interval range, llvm::StringRef name = "");
  /// The same in two steps: the symbol of a value that a branch or loop is still
  /// to give. It may be bound once in each of several regions.
  Int declareSymbol(Interval range, llvm::StringRef name = "");
  void bindSymbol(Int symbol, Value index);
  /// An int expression for an SSA int (i64 or index).
  Int fromSSA(Value value, Interval range = {});
  Value toIndex(Int value);
  Value toI64(Int value);
  Interval range(Int value) const;
  /// What the int is where the inputs are as recorded, if that is known.
  std::optional<int64_t> recorded(Int value) const;
  /// With what checkEqual has found out.
  Int resolve(Int value) const;

  Int maxInt(Int lhs, Int rhs);
  Int minInt(Int lhs, Int rhs);
  /// Python's // and %; a zero divisor raises ZeroDivisionError.
  Int floorDivInt(Int lhs, Int rhs);
  Int modInt(Int lhs, Int rhs);
  /// Division rounded up by a positive constant.
  Int ceilDivInt(Int lhs, int64_t rhs) { return eval::floorDiv(eval::add(lhs, size(rhs - 1)), rhs); }
  Int selectInt(const AV &condition, Int lhs, Int rhs);
  /// `value` + `size` where it is negative.
  Int wrapInt(Int value, Int size);
  AV compareInt(mlir::arith::CmpIPredicate predicate, Int lhs, Int rhs);

  //===--- host floats and bools ------------------------------------------------===//

  Value toF64(const AV &number);
  Value toI1(const AV &boolean);
  AV fromF64(Value value);
  AV fromI1(Value value);
  AV notBool(const AV &a);
  AV andBool(const AV &a, const AV &b);
  AV orBool(const AV &a, const AV &b);

  //===--- types ------------------------------------------------------------------===//

  static mlir::RankedTensorType type(Value v) { return llvm::cast<mlir::RankedTensorType>(v.getType()); }
  static int64_t rank(Value v) { return type(v).getRank(); }
  Sizes sizes(Value v) const { return graph::getSizes(type(v)); }
  Int size(Value v, int64_t dim) const { return sizes(v)[dim]; }
  Int numel(Value v) const { return numElements(sizes(v), context()); }
  static int64_t dtype(Value v) { return typeToDType(type(v).getElementType()); }
  mlir::Type elementType(int64_t dtype);
  mlir::RankedTensorType tensorType(llvm::ArrayRef<Int> sizes, int64_t dtype);
  mlir::RankedTensorType tensorType(llvm::ArrayRef<Int> sizes, mlir::Type element);
  /// A dimension, negative ones from the end; raises torch's IndexError.
  int64_t wrapDim(int64_t dim, int64_t rank);
  Dims wrapDims(llvm::ArrayRef<int64_t> dims, int64_t rank, bool emptyMeansAll = true);
  /// "[2, 3, 4]" with placeholders of `values` for symbolic sizes.
  std::string sizesText(llvm::ArrayRef<Int> sizes, llvm::SmallVectorImpl<Int> &values);

  //===--- promotion ----------------------------------------------------------------===//

  int64_t promote(llvm::ArrayRef<Operand> operands);
  static int64_t promoteTypes(int64_t a, int64_t b);
  static bool isFloating(int64_t d);
  static bool isComplex(int64_t d);
  static bool isIntegral(int64_t d, bool includeBool);
  static bool isUnsigned(int64_t d);
  /// As promote, with ints and bools made the default float.
  int64_t promoteToFloat(llvm::ArrayRef<Operand> operands);
  static int64_t realOf(int64_t complexDType);
  static int64_t complexOf(int64_t realDType);
  static bool canCast(int64_t from, int64_t to);
  /// torch's name in messages: "Float", "Long".
  static llvm::StringRef scalarTypeName(int64_t d);

  //===--- tensors --------------------------------------------------------------------===//

  Value placeholder(llvm::ArrayRef<Int> sizes, int64_t dtype);
  /// A rank-0 tensor of a number.
  Value scalar(const AV &number, int64_t dtype);
  Value scalar(double number, int64_t dtype) { return scalar(AV::real(number), dtype); }
  Value scalarInt(int64_t number, int64_t dtype) { return scalar(AV::integer(number, context()), dtype); }
  /// A number as a wrapped tensor of its default dtype.
  Operand wrap(const AV &number);
  Value full(llvm::ArrayRef<Int> sizes, const AV &number, int64_t dtype);
  Value full(llvm::ArrayRef<Int> sizes, double number, int64_t dtype) { return full(sizes, AV::real(number), dtype); }
  Value iota(llvm::ArrayRef<Int> sizes, int64_t dim, int64_t dtype);
  Value constant(mlir::DenseElementsAttr value);
  /// A 1-dimensional i64 constant.
  Value constantInts(llvm::ArrayRef<int64_t> values);

  Value cast(Value v, int64_t dtype);
  Value reshape(Value v, llvm::ArrayRef<Int> sizes);
  Value permute(Value v, llvm::ArrayRef<int64_t> permutation);
  Value transpose(Value v, int64_t dim0, int64_t dim1);
  Value slice(Value v, int64_t dim, Int start, Int size, int64_t step = 1);
  Value select(Value v, int64_t dim, Int index);
  Value unsqueeze(Value v, int64_t dim);
  Value squeeze(Value v, int64_t dim);
  Value flatten(Value v);
  Value concat(llvm::ArrayRef<Value> values, int64_t dim);
  Value stack(llvm::ArrayRef<Value> values, int64_t dim);
  Value indexSelect(Value v, Value index, int64_t dim);
  Value flip(Value v, llvm::ArrayRef<int64_t> dims);
  Value pad(Value v, llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high, double value);

  /// Broadcasts to sizes it is known, or checked, to broadcast to.
  Value expand(Value v, llvm::ArrayRef<Int> sizes);
  Int broadcastSize(Int a, Int b, int64_t dim, int64_t totalRank);
  Sizes broadcastSizes(llvm::ArrayRef<Int> a, llvm::ArrayRef<Int> b);
  /// All values expanded to their common sizes.
  Values broadcast(llvm::ArrayRef<Value> values);

  template <typename Op>
  Value unary(Value v) {
    return note(Op::create(b, loc, v.getType(), v));
  }
  /// An op with the same dtype on both sides, broadcasting.
  template <typename Op>
  Value binary(Value lhs, Value rhs) {
    Values v = broadcast({lhs, rhs});
    return note(Op::create(b, loc, v[0].getType(), v[0], v[1]));
  }
  template <typename Op>
  Value compare(Value lhs, Value rhs) {
    Values v = broadcast({lhs, rhs});
    return note(Op::create(b, loc, tensorType(sizes(v[0]), int64_t(DType::Bool)), v[0], v[1]));
  }
  /// An op whose result has the input's sizes and another dtype.
  template <typename Op>
  Value predicate(Value v, int64_t dtype = int64_t(DType::Bool)) {
    return note(Op::create(b, loc, tensorType(sizes(v), dtype), v));
  }
  template <typename Op>
  Value reduce(Value v, llvm::ArrayRef<int64_t> dims, bool keepdim) {
    Dims sorted(dims);
    llvm::sort(sorted);
    if (sorted.empty())
      return v;
    return note(Op::create(b, loc, tensorType(reducedSizes(v, sorted, keepdim), dtype(v)), v,
                           b.getDenseI64ArrayAttr(sorted), b.getBoolAttr(keepdim)));
  }
  template <typename Op>
  Value argReduce(Value v, int64_t dim, bool keepdim) {
    return note(Op::create(b, loc, tensorType(reducedSizes(v, {dim}, keepdim), int64_t(DType::Int64)), v,
                           b.getI64IntegerAttr(dim), b.getBoolAttr(keepdim)));
  }
  Sizes reducedSizes(Value v, llvm::ArrayRef<int64_t> dims, bool keepdim);
  Value where(Value condition, Value lhs, Value rhs);
  /// With a number as the other operand, in the tensor's dtype.
  template <typename Op>
  Value binary(Value lhs, double rhs) {
    return binary<Op>(lhs, scalar(rhs, dtype(lhs)));
  }
  Value add(Value a, Value c) { return binary<graph::AddOp>(a, c); }
  Value sub(Value a, Value c) { return binary<graph::SubOp>(a, c); }
  Value mul(Value a, Value c) { return binary<graph::MulOp>(a, c); }
  Value div(Value a, Value c) { return binary<graph::DivOp>(a, c); }
  Value add(Value a, double c) { return binary<graph::AddOp>(a, c); }
  Value mul(Value a, double c) { return binary<graph::MulOp>(a, c); }

  /// [B..., M, K] x [B..., K, N] with broadcast batch dimensions.
  Value matmul(Value lhs, Value rhs);
  /// torch.matmul of any ranks.
  Value matmulAny(Value lhs, Value rhs);

  /// The number that a rank-0 tensor holds, where the host knows it.
  std::optional<AV> knownScalar(Value v) const;
  void setKnownScalar(Value v, const AV &number);
  /// A one-element tensor's element as a host number.
  AV item(Value v);

  //===--- tensor references -------------------------------------------------------------===//

  AV fresh(Value v);
  Value read(ViewNode &node);
  Value read(const AV &tensor) { return refine(read(*tensor.getTensor()->node)); }
  /// A view of a tensor; sizes and element type are the result's.
  AV view(const AV &tensor, ViewStep step, llvm::ArrayRef<Int> sizes, mlir::Type element = {});
  std::shared_ptr<ViewNode> viewNode(std::shared_ptr<ViewNode> parent, ViewStep step, llvm::ArrayRef<Int> sizes,
                                     mlir::Type element = {});
  /// Overwrites the tensor's elements; the value has its sizes and dtype.
  void write(const AV &tensor, Value value);
  /// What a write to a tensor that shows an element twice is.
  enum class Repeats {
    Raise,   // torch refuses it where a stride is 0
    Fill,    // one number everywhere
    Replace, // one number at some places, the others stay
    Order,   // the order of the elements decides
  };
  /// Of the operator that runs now.
  Repeats repeats = Repeats::Raise;
  /// Whether no element is shown twice; false also where that cannot be told from the strides alone.
  AV showsOnce(llvm::ArrayRef<Int> sizes, llvm::ArrayRef<Int> strides);
  /// The same tensor with sizes as checkEqual has found them.
  Value refine(Value v);

  AV viewReshape(const AV &t, llvm::ArrayRef<Int> sizes);
  AV viewPermute(const AV &t, llvm::ArrayRef<int64_t> permutation);
  AV viewSlice(const AV &t, int64_t dim, Int start, Int size, int64_t step = 1);
  AV viewSelect(const AV &t, int64_t dim, Int index);
  AV viewExpand(const AV &t, llvm::ArrayRef<Int> sizes);

  Value note(Value v);

  /// The random generator: its contents change with every draw.
  std::shared_ptr<Storage> generator = std::make_shared<Storage>();
  Value generatorState() { return load(*generator); }
  void setGenerator(Value state) {
    generator->base = state;
    generator->version = nextVersion();
  }

  /// Numbers of writes: kept values of different contents never look alike.
  unsigned nextVersion() { return ++versions; }

  /// The storage's contents; a weight's are loaded at the first use.
  Value load(Storage &storage);
  Value loadGenerator();
  /// Gives the first value of a weight's storage.
  std::function<Value(Storage &)> loadWeight;

  /// Runs an effectful operator on the chain of its key; results are as `types` say.
  mlir::Operation *effect(llvm::StringRef name, llvm::StringRef key, mlir::ValueRange operands, mlir::TypeRange types);
  unsigned effectCount = 0;
  /// The last token of a chain, which begins here if it has not yet.
  Value &token(llvm::StringRef key);
  /// Ends all chains, in the order they began.
  void sinkTokens();
  using Tokens = std::vector<std::pair<std::string, Value>>;
  Tokens tokens;

  /// What is known at a point of the program: values and equations that were
  /// found out inside a region do not hold outside.
  struct Facts {
    llvm::DenseMap<Int, Value> indices;
    llvm::DenseMap<Int, Int> minimumOf;
    llvm::DenseMap<std::pair<unsigned, std::pair<Int, Int>>, Int> memo;
    llvm::SmallVector<std::pair<unsigned, Int>> equalities;
    llvm::DenseMap<Value, AV> scalars;
    Tokens tokens;
    Modes modes;
  };
  Facts saveFacts() const;
  void restoreFacts(const Facts &facts);

private:
  unsigned versions = 0;
  /// The storage's contents are other ones now.
  void rewritten(Storage &storage);
  mlir::Operation *constantOf(Value v) const { return v.getDefiningOp<mlir::arith::ConstantOp>(); }
  Value emit(const ViewStep &step, Value parent, llvm::ArrayRef<Int> sizes, mlir::Type element);
  Value invert(const ViewNode &node, Value parent, Value value);
  Int memoized(unsigned op, Int lhs, Int rhs, llvm::function_ref<Int()> build);

  void writeNode(ViewNode &node, Value value);
  /// A write to, or within, a view that shows elements twice: by the strides, into the storage.
  void writeStrided(ViewNode &node, Value value);
  /// The elements that `value` changes, written into `flat` where the places say.
  Value replaceStrided(Value flat, ViewNode &node, Value value);
  /// After a write: what may be the same tensor changes with it.
  void writeChoices(const std::shared_ptr<Storage> &written);
  Value chooseValue(Value isIt, Value yes, Value no);

  llvm::DenseMap<Int, Value> indices;
  /// Symbols that are min(value, limit) with a constant limit of at least 2.
  llvm::DenseMap<Int, Int> minimumOf;
  llvm::DenseMap<std::pair<unsigned, std::pair<Int, Int>>, Int> memo;
  llvm::SmallVector<std::pair<unsigned, Int>> equalities; // symbol -> expression
  llvm::DenseMap<Value, AV> scalars;
};

} // namespace ingot::eval

#endif
