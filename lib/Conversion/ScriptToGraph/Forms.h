//===- Forms.h - values that branches and iterations give -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A form says what a value is behind a branch on run-time data, or at the head
// of a loop: the same on all ways, or built from SSA values that each way
// yields. Forms are joined from the values of the ways; a loop widens them
// until one more iteration fits.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_FORMS_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_FORMS_H

#include "GraphBuilder.h"
#include "HeapState.h"
#include "llvm/ADT/DenseSet.h"

namespace ingot::eval {

struct Form;
using FormPtr = std::shared_ptr<Form>;

struct Form {
  enum class Kind { Same, Int, Float, Bool, Tensor, List, Tuple, Dict, Object, Task, Runtime };

  Kind kind = Kind::Same;
  AV same; // of Same: a value from outside; Unknown: no way has set it yet

  Int symbol; // of Int
  Interval range{INT64_MAX, INT64_MIN};

  // Of Tensor. Sizes that the ways disagree on are symbols of the form.
  mlir::Type elementType; // of a container: the script type, where it is known
  Sizes sizes;
  llvm::SmallVector<bool> open;
  mlir::RankedTensorType type;
  bool requiresGrad = false, hasHistory = false, wrappedNumber = true;
  /// The dimensions from the slowest to the fastest in memory, where the tensor is dense on all ways and they agree.
  std::optional<Dims> order;
  /// See Storage.
  llvm::SmallSetVector<unsigned, 2> liesAs;
  /// The form is a storage's contents, no tensor of its own.
  bool contents = false;
  /// What the tensor is on each way.
  llvm::SmallVector<std::pair<unsigned, std::shared_ptr<ViewNode>>> nodes;
  /// What the tensor may share its storage with, depending on data.
  llvm::SmallVector<std::shared_ptr<Storage>> sources;
  llvm::SmallVector<std::weak_ptr<Storage>> mayShare;
  /// Forms that may be the same tensor; `through`: one from outside, where both can tell whether they are it.
  struct Link {
    Form *form;
    std::shared_ptr<Storage> through;
  };
  llvm::SmallVector<Link> linked;
  /// Tensors from outside that this one may be, which data decides: each with a flag that the form carries. Of a branch
  /// those that a tensor made on a way may be; of a loop all.
  llvm::SmallVector<std::shared_ptr<ViewNode>> inner;
  /// Of a loop: all that `inner` is taken from.
  llvm::SmallVector<std::shared_ptr<ViewNode>> candidates;
  /// Some way's tensor was made there.
  bool own = false;
  /// Some way's tensor may be one that cannot be named outside.
  bool unnamed = false;
  /// Some way's tensor is one that an object of the runtime holds behind the join.
  bool boxed = false;

  TypeSpec spec; // of Runtime: an object of the runtime

  // Of containers.
  std::vector<FormPtr> parts;
  std::vector<AV> keys;
  mlir::Type keyType;
  std::vector<std::string> names;
  std::string className;
  bool frozen = false;
  bool isAwait = false; // of a future or await whose value is there, the only part
};

/// The contents of a cell that the ways changed.
struct CellForm {
  std::shared_ptr<HeapCell> cell;
  std::vector<FormPtr> parts;
  std::vector<AV> keys;           // of a dict
  std::vector<std::string> names; // of an object
};

/// Whether the form has room for the value; else it becomes an object of the
/// runtime.
bool fits(const Form &form, const AV &value);
/// The parts of a value that a form of known structure has.
std::vector<AV> partsOf(const Form &form, const AV &value);

/// Whether both are the same view of one storage.
bool sameView(const ViewNode &x, const ViewNode &y);
/// All tensors' storages and containers within a value.
void reach(const AV &value, llvm::DenseSet<const void *> &out);

/// The join of one branch or loop.
class Forms {
public:
  /// `before`: the heap in front of it; symbols from `firstSymbol` on, and SSA
  /// values of blocks inside `outer`, are of a way.
  /// The values are joined at `site`, an operation of the program.
  Forms(GraphBuilder &b, const HeapState &before, unsigned firstSymbol, mlir::Block *outer, mlir::Operation *site)
      : b(b), before(before), firstSymbol(firstSymbol), outer(outer), site(site) {}

  /// Of a branch: whether the first way was taken.
  Value condition;

  /// The second way is reached from anywhere within the first one, and what it gives is not read.
  bool isAttempt = false;

  /// Storages and containers that the program can still reach without the
  /// joined values.
  llvm::DenseSet<const void *> live;
  /// Whether a form became wider.
  bool changed = false;
  /// Why the ways cannot be joined.
  std::string problem;
  /// Containers from in front of the ways that must be objects of the runtime
  /// there, and what they must be able to hold: then the ways are evaluated
  /// again.
  std::vector<std::pair<AV, TypeSpec>> wanted;

  /// The form of a value on the first way.
  FormPtr of(const AV &value);
  /// The form that holds the next way's value too; false: `problem` says why.
  bool widen(FormPtr &form, const AV &next);
  /// Begins with the values of another way.
  void beginWay() {
    ++way;
    nextOf.clear();
    asTensor.clear();
    seen.clear();
  }

  /// Contents of a cell, one value per part.
  std::vector<AV> contentsOf(const HeapState::Entry &entry);
  bool widenCell(CellForm &cell, const HeapState::Entry &was, const HeapState::Entry &is);
  /// Whether a container has the same structure in both; else it is wanted as
  /// an object of the runtime.
  static bool fitsCell(const HeapState::Entry &was, const HeapState::Entry &is);
  /// Whether it is a container that can be an object of the runtime.
  static bool canWantCell(const HeapState::Entry &entry);
  bool wantCell(const HeapState::Entry &before, const HeapState::Entry &was, const HeapState::Entry &is);
  CellForm cellOf(const HeapState::Entry &entry);
  /// A container that is an object of the runtime in one form is one in all.
  /// `values` are a way's, in the order of the forms.
  void reconcile(llvm::ArrayRef<FormPtr> forms, llvm::ArrayRef<AV> values);
  /// Makes the wanted containers objects, here; false: one cannot be.
  bool materializeWanted();

  /// Finds tensors that may share memory; after all values were joined.
  void findSharing(llvm::ArrayRef<FormPtr> roots, llvm::ArrayRef<CellForm> cells);

  /// One walk over forms: each is visited once, so that sharing stays.
  struct Walk {
    llvm::DenseMap<const Form *, AV> done;
  };
  /// Gives the symbols of the forms their numbers, and the types.
  void declare(const FormPtr &form, Walk &walk);
  void types(const FormPtr &form, Walk &walk, llvm::SmallVectorImpl<mlir::Type> &out);
  /// The SSA values of a value in this form, built here.
  void flatten(const FormPtr &form, const AV &value, Walk &walk, Values &out);
  /// The value in this form that `next` gives SSA values for.
  AV instantiate(const FormPtr &form, Walk &walk, llvm::function_ref<Value(mlir::Type)> next);
  void flattenCell(const CellForm &cell, Walk &walk, Values &out);
  void instantiateCell(const CellForm &cell, Walk &walk, llvm::function_ref<Value(mlir::Type)> next);

private:
  GraphBuilder &b;
  const HeapState &before;
  unsigned firstSymbol;
  mlir::Block *outer;
  mlir::Operation *site;
  unsigned way = 0;
  llvm::DenseMap<const void *, FormPtr> structures; // by payload
  llvm::DenseMap<const Form *, const void *> nextOf;
  /// What a tensor's form was before this way's value made it an object: another name of the tensor keeps that.
  llvm::DenseMap<const Form *, FormPtr> asTensor;
  llvm::DenseMap<const void *, Form *> seen;
  /// Payloads that keys above stand for.
  std::vector<AV> kept;

  bool isOuter(const AV &value) const;
  bool isOuter(Int value) const { return numSymbols(value) <= firstSymbol; }
  FormPtr structure(const AV &value);
  bool refuse(const AV &a, const AV &c);
  /// The form as an object of the runtime that can hold `next` too.
  bool widenToObject(Form &form, const TypeSpec &was, const AV &next);
  TypeSpec specOfForm(const Form &form) const;
  /// An object shares the value: what it holds of containers is objects too.
  void want(const AV &value, llvm::DenseSet<const void *> *inside = nullptr);
  bool widenInt(Form &form, Int next);
  void meet(Form &form, const AV &value);
  /// Whether the node can be named outside the ways.
  bool isOuter(const ViewNode &node) const;
  /// Which tensors the form is, depending on the condition; false: they cannot
  /// be told.
  bool choose(const Form &form, llvm::SmallVectorImpl<Storage::Choice> &out);
  /// Adds what the tensor may be of those outside; false: some cannot be named.
  bool findOuter(const std::shared_ptr<ViewNode> &node, llvm::SmallVectorImpl<std::shared_ptr<ViewNode>> &out);
  /// Whether the tensor is the one from outside.
  Value isOuterOne(const ViewNode &node, const ViewNode &candidate);
  /// Whether two names of different containers must be objects of the runtime,
  /// because one is written to.
  bool isThawed(const AV &value) const;
};

} // namespace ingot::eval

#endif
