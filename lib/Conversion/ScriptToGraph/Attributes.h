//===- Attributes.h - attributes of the instance as state -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An attribute that some method sets, or whose list or dict it changes, is
// state of the instance, for all methods: they are built again when one turns
// out to be. Ints, floats and bools are states of rank 0; a tensor of fixed
// form has its weight's place; anything else is an object that the instance
// keeps.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_ATTRIBUTES_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_ATTRIBUTES_H

#include "Weights.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"

namespace ingot::eval {

class AttributeTable {
public:
  AttributeTable(mlir::ModuleOp script, mlir::ModuleOp graph, WeightTable &weights)
      : script(script), graph(graph), weights(weights) {}

  using Refuse = llvm::function_ref<void(mlir::Location, const llvm::Twine &)>;

  /// Puts present values where the instance has its first ones.
  void load(const AV &root, GraphBuilder &b);
  /// Notes what the method sets and changes. True: something is state, or of
  /// another type, only now, and the methods have to be built again.
  bool note(GraphBuilder &b);
  /// Stores the attributes' last values.
  void store(GraphBuilder &b, Refuse refuse);
  /// The method uses objects of the instance: one call at a time.
  void lockObjects(GraphBuilder &b);

private:
  struct State {
    enum Form { Number, Tensor, Object } form = Object;
    std::string object, name; // the object's path, the attribute
    std::string symbol;       // of a Number's graph.weight
    int64_t dtype = -1;
    int64_t index = 0; // among the instance's objects
    TypeSpec type;     // of an Object
    mlir::Location loc;
    // Of the present method.
    std::shared_ptr<InstanceObject> holder;
    AV first;
    Value loaded;

    explicit State(mlir::Location loc) : loc(loc) {}
  };

  mlir::ModuleOp script, graph;
  WeightTable &weights;
  llvm::MapVector<llvm::StringRef, std::unique_ptr<State>> states; // by path
  std::vector<std::unique_ptr<std::string>> names;
  int64_t objects = 0;
  /// Of the present method: objects by path, owners of containers.
  llvm::StringMap<std::shared_ptr<InstanceObject>> holders;
  llvm::StringMap<AV> firsts;
  llvm::DenseMap<const void *, std::string> owners;
  llvm::DenseSet<const void *> seen, ambiguous;

  static std::string keyOf(const InstanceObject &object, llvm::StringRef name);
  mlir::Type typeOf(const InstanceObject &object, llvm::StringRef name) const;
  void visit(const AV &value, const std::string &owner);
  bool add(const std::shared_ptr<InstanceObject> &object, llvm::StringRef name, mlir::Location loc);
  void loadNumber(State &state, AV &slot, GraphBuilder &b);
  void loadObject(State &state, AV &slot, GraphBuilder &b);
};

} // namespace ingot::eval

#endif
